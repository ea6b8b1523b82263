"""From the bytes of a saved page, text or HTML, to its lines."""

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from milepost.errors import MilepostError, refuse
from milepost.interchange import content, csv, limits
from milepost.interchange.project_pages import labels, word_page
from milepost.interchange.project_pages.word_page import HEADING
from milepost.values import Origin, Problem

LIMIT = 5 * limits.MEGABYTE
"""Bytes of one page. The longest seen has a hundredth of it."""

_WIDTHLESS = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile("[\x02-\x08\x0e-\x1f\x7f]")
_BREAK = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK = re.compile(r"[^\S\n\t]")
_BOLD = re.compile(r"\*\*|__|</?(?:b|strong|em|i|u)>", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^()\s]*\)")
_DRAWN = frozenset("-=_*~+|:")
_RULE = re.compile(r"[-=_*~+|:\s]{3,}")
"""A line that is drawn, such as the one between a table's head and its rows."""
_BLANKS = re.compile(" {2,}")
_MARK = re.compile(r"([-–—•·●▪◦‣∙*■□►▸➢➤→✓✔])(?:\s+|$)|(o)[ \t](?=[ \t]*[A-ZÀ-Þ])")
_SKIPPED = frozenset(["script", "style", "noscript", "template", "svg", "head", "nav", "button", "select"])
_AROUND = frozenset(["header", "footer"])
"""Parts of the site, unless they stand within an article."""
_ROLES = frozenset(["navigation", "banner", "contentinfo", "search", "dialog", "alertdialog"])
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_ASIDE = frozenset(
    [
        "footer", "site-footer", "page-footer", "breadcrumb", "breadcrumbs", "menu", "main-menu", "navbar",
        "navigation", "share", "share-links", "social-share", "skip-link",
    ]
)  # fmt: skip
"""What style sheets call the parts of a page that belong to the site."""
_SIGNS = (" — ", " – ", " - ", " | ")
"""Between the name of a page and that of its site."""
_AFTER_HEADING = re.compile(HEADING + r"\s+")
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
    if kind == "zip" and b"word/document.xml" in data:
        text = word_page.text(data, file)
        check_size(len(text), file)
        return text
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
    if "](" in text:
        text = _LINK.sub(r"\1", text)
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
        if stripped[0] == "|" and stripped[-1] == "|" and len(stripped) > 2:  # a row of a table of Markdown
            stripped = stripped[1:-1].strip(" ").replace("|", "\t")
            if not stripped.strip():
                continue
        if stripped[0] in _DRAWN and _RULE.fullmatch(stripped):
            if "|" in stripped and found:  # the names of its columns
                found[-1] = found[-1]._replace(text=found[-1].text.replace("|", "\t"))
            continue
        indent = len(raw) - len(raw.lstrip())
        mark, rest = "", stripped
        if marked := _MARK.match(stripped):
            mark, rest = marked[1] or marked[2], stripped[marked.end() :]
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
    text = _AFTER_HEADING.sub(HEADING, "".join(_parts(root)))
    return text if HEADING in text else _named(root, text)


def _parts(root: Any) -> Iterator[str]:
    from lxml import etree  # noqa: PLC0415  # pyright: ignore[reportAttributeAccessIssue] - no stubs

    skipped = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        out = _is_skipped(element, tag)
        if event == "start":
            skipped += out
            if skipped:
                continue
            if tag == "h1" and "".join(element.itertext()).strip():
                yield "\n" + HEADING
            elif tag in _CELLS:
                yield "\t"
            elif tag not in _INLINE:
                yield "\n"
            if element.text:
                yield _edged(element.text, " ".join(element.text.split()))
        else:
            skipped -= out
            if skipped:
                continue
            if tag not in _INLINE and tag not in _CELLS:
                yield "\n"
            elif tag in _INLINE and _is_glued(element):
                yield "\t"
            if element.tail:
                yield _edged(element.tail, " ".join(element.tail.split()))


def _is_skipped(element: Any, tag: str) -> bool:
    """Whether nobody sees an element, or it belongs to the site and not to what the page tells."""
    if tag in _SKIPPED:
        return True
    if tag in _AROUND:
        return next(element.iterancestors("article", "main", "section"), None) is None
    if not element.attrib:
        return False
    named = f"{element.get('id') or ''} {element.get('class') or ''}".casefold()
    return (
        "hidden" in element.attrib
        or element.get("aria-hidden") == "true"
        or element.get("role") in _ROLES
        or _UNSEEN.search(element.get("style") or "") is not None
        or not _ASIDE.isdisjoint(named.split())
        or "cookie" in named
    )


def _is_glued(element: Any) -> bool:
    """Whether an inline element is a label whose value follows without a blank: style sheets space them."""
    tail = element.tail or ""
    if len(element) or not element.text or tail[:1].isspace() or tail[:1].islower():
        return False
    if not tail and element.getnext() is None:
        return False
    return labels.key(element.text) in labels.known().fields


def _named(root: Any, text: str) -> str:
    """The text of a page that marks no heading, with the line marked that its window is named after."""
    window = " ".join((root.findtext(".//title") or "").split())
    names = [name for name in (window, *(window.split(sign)[0].strip() for sign in _SIGNS)) if name]
    shown = {line.strip(" \t"): line for line in text.split("\n")}
    for name in names:
        if name in shown:
            return text.replace(shown[name], HEADING + name, 1)
    if names and root.find(".//h2") is None:
        return f"{HEADING}{names[-1]}\n{text}"
    return text


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
