"""The one safe way to read XML: no entities, no network, no document type; odd bytes do not stop it."""

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs

from milepost.errors import refuse
from milepost.interchange import content, limits
from milepost.values import Origin, Problem

SAFE = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
"""The options of every parser of lxml that opens a file of others."""

_CHUNK = 64 * 1024
_DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_REPLACEMENT = "\ufffd"
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Root(NamedTuple):
    """The outermost element of a document."""

    name: str
    namespace: str
    attributes: dict[str, str]


def root(path: Path | str) -> Root:
    """The outermost element; reads no further. Refuses a DOCTYPE, and what does not begin as XML does."""
    with _opened(path, []) as (stream, encoding):
        return _root(stream, encoding, str(path))


def walk(
    path: Path | str, names: Iterable[str] | None, problems: list[Problem]
) -> Iterator[tuple[str, etree._Element]]:
    """("start" or "end", element) of each element with such a local name (None: all), in the file's order.

    At "start" only its attributes are there; after "end" it is emptied, so memory does not grow with the
    file. Undecodable bytes become U+FFFD, and one Problem is appended. Raises "xml-malformed", with the
    line, at the first place that is not well-formed.
    """
    tags = None if names is None else [f"{{*}}{name}" for name in names]
    with _opened(path, problems) as (stream, encoding):
        _root(stream, encoding, str(path))
        stream.seek(0)
        parser = etree.iterparse(stream, events=("start", "end"), tag=tags, encoding=encoding, **SAFE)
        try:
            for event, element in parser:
                yield event, element
                if event == "end":
                    _empty(element)
        except etree.XMLSyntaxError as error:
            raise _malformed(error, str(path)) from error


def tree(path: Path | str, problems: list[Problem], *, blanks: bool = True) -> etree._Element:
    """The outermost element with all that is in it; undecodable bytes and faults as in `walk`.

    Without `blanks`, what only sets elements apart is left out: half of the nodes of an ordinary file.
    """
    with _opened(path, problems) as (stream, encoding):
        _root(stream, encoding, str(path))
        stream.seek(0)
        try:
            parser = etree.XMLParser(encoding=encoding, remove_blank_text=not blanks, **SAFE)
            return etree.parse(stream, parser).getroot()
        except etree.XMLSyntaxError as error:
            raise _malformed(error, str(path)) from error


def local_name(element: etree._Element) -> str:
    """The name of an element without its namespace.

    >>> local_name(etree.fromstring("<a xmlns='urn:x'/>"))
    'a'
    """
    return element.tag.rpartition("}")[2]


def line(element: etree._Element) -> int:
    """The line of the file on which an element begins.

    libxml2 counts to 65,535. Beyond, it gives the line on which the text after an element without children
    ends, if it has read that far; else 65,535.
    """
    found = element.sourceline or 0
    if found <= 65_535:
        return found
    text = element.text if element.text or len(element) else element.tail
    return found - (text or "").count("\n")


def forbidden(text: str) -> str | None:
    """The first character that XML cannot hold, not even escaped, such as "U+0007"; None if all is well.

    >>> forbidden("one\\ntwo"), forbidden("bell \\a")
    (None, 'U+0007')
    """
    found = _FORBIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


# The beginning of a document


class _Seen(Exception):
    """What the prolog turned out to hold."""


class _Prolog:
    """Stops the parser at the document type or at the outermost element, whichever comes first."""

    def doctype(self, name, public, system):
        raise _Seen(None)

    def start(self, tag, attributes):
        namespace, _, name = tag.rpartition("}")
        raise _Seen(Root(name, namespace.removeprefix("{"), dict(attributes)))

    def close(self):
        return None


def _root(stream: BinaryIO, encoding: str | None, file: str) -> Root:
    parser = etree.XMLParser(target=_Prolog(), encoding=encoding, **SAFE)
    try:
        while chunk := stream.read(_CHUNK):
            parser.feed(chunk)
        parser.close()
    except _Seen as seen:
        if seen.args[0] is None:
            raise refuse("xml-doctype", file) from None
        return seen.args[0]
    except etree.XMLSyntaxError as error:
        raise _malformed(error, file) from error
    raise refuse("xml-malformed", file, why="there is no element")


def _malformed(error: etree.XMLSyntaxError, file: str):
    why = re.sub(r", line \d+, column \d+$", "", error.msg or "no element found")
    return refuse("xml-malformed", Origin(file, row=error.lineno or None), why=why)


def _empty(element: etree._Element) -> None:
    element.clear(keep_tail=False)
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]


# From bytes to text


@contextmanager
def _opened(path: Path | str, problems: list[Problem]) -> Iterator[tuple[BinaryIO, str | None]]:
    """The bytes of a document, and the encoding that overrides the declared one, if it must."""
    found = content.of_file(path)  # checks the size, too
    if found not in ("xml", "text"):  # UTF-16 without a mark looks like neither
        content.expect("xml", found, path, "XML")
    try:
        with Path(path).open("rb") as file:
            encoding, declared = _encoding(file.read(content.HEAD))
            file.seek(0)
            if encoding is None or _is_sound(file, encoding):
                file.seek(0)
                yield file, None if declared or encoding is None else encoding
            else:
                yield _repaired(path, encoding, problems), "utf-8"
    except OSError as error:
        raise refuse("cannot-read", str(path), why=error.strerror or str(error)) from error


def _encoding(head: bytes) -> tuple[str | None, bool]:
    """The encoding (None: leave it to the parser), and whether the parser would see the same."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16", True
    if head.startswith(b"\xef\xbb\xbf"):
        return "utf-8", True
    if b"\0" in head[:4]:
        return None, True
    declared = _DECLARED.match(head)
    name = declared[1].decode("ascii") if declared else "utf-8"
    try:
        name = codecs.lookup(name).name
    except LookupError:
        return None, True
    if not _is_for_text(name):
        return None, True
    if name.startswith(("utf-16", "utf-32")):  # it says so, but is written in one byte per letter
        return "utf-8", False
    return name, True


_ASCII = "".join(map(chr, range(32, 127)))


def _is_for_text(encoding: str) -> bool:
    """Whether an encoding can be that of a document; Python's "hex", "zip" or "idna" cannot."""
    if encoding.startswith(("utf-16", "utf-32")):
        return True
    try:
        return _ASCII.encode("ascii").decode(encoding, "replace") == _ASCII
    except (LookupError, ValueError):
        return False


def _is_sound(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(_CHUNK):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _repaired(path: Path | str, encoding: str, problems: list[Problem]) -> BinaryIO:
    """The document in UTF-8 with U+FFFD for what is no text, and a Problem that says how often and where."""
    text, problem = decoded(limits.contents(path), encoding, str(path))
    if problem:
        problems.append(problem)
    return io.BytesIO(text.encode("utf-8"))


def decoded(data: bytes, encoding: str, file: str) -> tuple[str, Problem | None]:
    """The text of a file; with U+FFFD for bytes that are none, and then a Problem that counts them."""
    try:
        return data.decode(encoding), None
    except UnicodeDecodeError as error:
        line = data[: error.start].decode(encoding, "replace").count("\n") + 1
        text = data.decode(encoding, "replace")
        count = text.count(_REPLACEMENT) - data.decode(encoding, "ignore").count(_REPLACEMENT)
        return text, Problem(
            "xml-undecodable", Origin(file, row=line), {"count": count, "encoding": encoding}
        )
