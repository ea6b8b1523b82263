"""From the bytes of a saved page, text or HTML, to its lines."""

import re
import unicodedata
from pathlib import Path
from typing import NamedTuple

from milepost.errors import MilepostError, refuse
from milepost.interchange import content, csv, limits
from milepost.values import Origin, Problem

LIMIT = 5 * limits.MEGABYTE
"""Bytes of one page. The longest seen has a hundredth of it."""
HEADING = "\x01"
"""Stands before the line that a web page marks as its heading."""

_WIDTHLESS = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x02-\x08\x0e-\x1f\x7f]")
_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK = re.compile(r"[^\S\n\t]")
_BOLD = re.compile(r"\*\*|__")
_BLANKS = re.compile(" {2,}")
_MARK = re.compile(r"([-–—•·●▪◦‣∙*])(?:\s+|$)")
_SKIPPED = frozenset(
    [
        "script",
        "style",
        "noscript",
        "template",
        "svg",
        "head",
        "nav",
        "header",
        "footer",
        "form",
        "button",
        "select",
    ]
)
_CELLS = frozenset(["td", "th"])
_INLINE = frozenset(
    [
        "a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "label", "mark", "q", "s", "small",
        "span", "strong", "sub", "sup", "time", "u",
    ]
)  # fmt: skip


class Line(NamedTuple):
    """One line that says something: its number, indentation, mark such as "-" or "•", and text.

    `lone` says that the mark stood on a line of its own before it; `gap` that a blank line did.
    """

    number: int
    indent: int
    mark: str
    lone: bool
    gap: bool
    text: str


def contents(path: Path | str) -> bytes:
    """All bytes of a page; refuses one that is missing, empty or larger than a page can be."""
    check_size(limits.check_size(path), str(path))
    return limits.contents(path)


def decoded(data: bytes, file: str, problems: list[Problem]) -> str:
    """The text of a page; of HTML, what a reader sees. Refuses what is no text, such as a PDF."""
    check_size(len(data), file)
    kind = content.of(data[: content.HEAD])
    if kind not in ("text", "html", "xml") or (kind == "xml" and data.lstrip()[:5] == b"<?xml"):
        raise refuse("project-page-kind", file, found=content.WORDS[kind])
    if kind != "text":
        return _shown(data, file)
    try:
        text, guessed = csv.decoded(data, file)
    except MilepostError as error:
        raise refuse("project-page-kind", file, found="bytes that are no text") from error
    if "\0" in text:
        raise refuse("project-page-kind", file, found="bytes that are no text")
    if guessed:
        problems.append(Problem("encoding-guessed", Origin(file), {"encoding": guessed}))
    return text


def check_size(size: int, file: str) -> None:
    """Refuse what is larger than a page can be."""
    if size > LIMIT:
        megabytes = f"{size / limits.MEGABYTE:,.1f}"
        raise refuse("project-page-large", file, size=megabytes, limit=f"{LIMIT / limits.MEGABYTE:g}")


def lines(text: str) -> list[Line]:
    """The lines of a page that say something, without the signs that nobody sees."""
    text = _BREAK.sub("\n", _WIDTHLESS.sub("", text))
    if not text.isascii():
        text = unicodedata.normalize("NFC", text)
    text = _BOLD.sub("", _CONTROL.sub(" ", _BLANK.sub(" ", text)))
    found: list[Line] = []
    waiting = ""  # a mark on a line of its own
    gap = False
    waiting_indent = 0
    for number, raw in enumerate(text.split("\n"), start=1):
        stripped = raw.strip()
        if not stripped:
            gap = True
            continue
        if raw.rstrip(" ")[-1] == "\t" and "\t" not in stripped:
            stripped += "\t"  # an empty cell, which says that the one before it is a label
        if stripped[0] == "|" and stripped[-1] == "|":  # a row of a table as Markdown writes it
            stripped = stripped[1:-1].strip(" ").replace("|", "\t")
            if not stripped.strip("-:\t "):
                continue
        indent = len(raw) - len(raw.lstrip())
        mark, rest = "", stripped
        if marked := _MARK.match(stripped):
            mark, rest = marked[1], stripped[marked.end() :]
        if mark and not rest:
            waiting, waiting_indent, gap = mark, indent, False
            continue
        if not mark and waiting:
            found.append(Line(number, waiting_indent, waiting, True, gap, _BLANKS.sub(" ", rest)))
        else:
            found.append(Line(number, indent, mark, False, gap, _BLANKS.sub(" ", rest)))
        waiting, gap = "", False
    return found


def _shown(data: bytes, file: str) -> str:
    """What a reader sees of a web page: blocks as lines, cells parted by tabs; menus and scripts left out."""
    from lxml import etree, html  # noqa: PLC0415  # pyright: ignore[reportAttributeAccessIssue] - no stubs

    # recovers from what is not well-formed; fetches nothing, knows no entities of its own, limits depth
    parser = html.HTMLParser(
        no_network=True, huge_tree=False, remove_comments=True, remove_pis=True, encoding=_encoding(data)
    )
    try:
        root = html.document_fromstring(data, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError) as error:
        raise refuse("project-page-kind", file, found=f"a damaged web page ({error})") from error
    parts: list[str] = []
    skipped = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _SKIPPED:
                skipped += 1
            if tag == "h1":
                parts.append("\n" + HEADING)
            elif tag in _CELLS:
                parts.append("\t")
            elif tag not in _INLINE:
                parts.append("\n")
            if not skipped and element.text:
                parts.append(_edged(element.text, " ".join(element.text.split())))
        else:
            if tag in _SKIPPED:
                skipped -= 1
            if tag not in _INLINE and tag not in _CELLS:
                parts.append("\n")
            if not skipped and element.tail:
                parts.append(_edged(element.tail, " ".join(element.tail.split())))
    return "".join(parts)


def _edged(text: str, plain: str) -> str:
    """The words with a blank where there was one at either end, so that words of two elements do not join."""
    before = " " if text[:1].isspace() else ""
    after = " " if plain and text[-1:].isspace() else ""
    return f"{before}{plain.strip()}{after}"


def _encoding(data: bytes) -> str | None:
    """UTF-8 where the bytes are that, whatever the page says; else what the page says."""
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"
