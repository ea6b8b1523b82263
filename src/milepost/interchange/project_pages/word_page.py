"""A project page saved in Word (.docx): its paragraphs as lines, the cells of its tables parted by tabs."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from milepost.errors import MilepostError
from milepost.values import Origin

HEADING = "\x01"
"""Stands before the line that a page marks as its heading."""
_TITLES = frozenset(["Title", "Heading1", "Titre", "Titre1", "Ttulo", "Ttulo1"])
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def text(data: bytes, file: str) -> str:
    """What a reader sees of a document; words that were deleted with changes tracked are left out.

    MilepostError, naming `file`, where the document is damaged, locked or unpacks to far too much.
    """
    from milepost.interchange import word  # noqa: PLC0415  (few pages are documents)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.docx"
        path.write_bytes(data)
        try:
            with word.opened(path) as main:
                return "\n".join(_lines(word.root(main).find(f"{_W}body")))
        except MilepostError as error:
            raise MilepostError(
                replace(problem, origin=Origin(file)) for problem in error.problems
            ) from error


def _lines(parent: Any) -> Iterator[str]:
    for element in parent:
        if element.tag == f"{_W}p":
            yield _paragraph(element)
        elif element.tag == f"{_W}tbl":
            for row in element.iterchildren(f"{_W}tr"):
                yield "\t".join("\n".join(filter(None, _lines(cell))) for cell in row.iterchildren(f"{_W}tc"))
            yield ""
        elif element.tag == f"{_W}sdt":
            for inside in element.iterchildren(f"{_W}sdtContent"):
                yield from _lines(inside)


def _paragraph(element: Any) -> str:
    words = "".join(_runs(element))
    style = element.find(f"{_W}pPr/{_W}pStyle")
    if style is not None and style.get(f"{_W}val") in _TITLES and words.strip():
        return HEADING + words.strip()
    listed = element.find(f"{_W}pPr/{_W}numPr") is not None
    return f"• {words}" if listed and words.strip() else words


def _runs(element: Any) -> Iterator[str]:
    for part in element.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        if part.tag == f"{_W}t":
            moved = next(part.iterancestors(f"{_W}moveFrom"), None) is not None
            yield "" if moved else part.text or ""
        elif part.tag == f"{_W}noBreakHyphen":
            yield "-"
        elif part.getparent().tag == f"{_W}r":  # a tab stop of the paragraph is no sign
            yield "\t" if part.tag == f"{_W}tab" else "\n"
