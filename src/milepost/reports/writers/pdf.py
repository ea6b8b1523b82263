"""A Document as PDF: tagged for screen readers (PDF/UA-1) and made to last (PDF/A-2a).

The text goes to the typesetter as JSON, never as markup. Only the letters in `fonts/` are used; a character
that none of them has is printed as its number, such as [U+4E2D].
"""

import json
import struct
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime, time
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO, Literal

import typst

from milepost.reports.document import Document, furniture, headings, resolved

HERE = Path(__file__).parent
FONTS = HERE / "fonts"
_FONT_PATHS: list[Any] = [FONTS]
STANDARDS = ["ua-1", "a-2a"]
"""Accessible to screen readers, and readable without the fonts and colours of a machine."""

_STEP = 0.25
"""By how many points `fitted` makes the letters smaller at a time."""


def render(document: Document) -> bytes:
    """The document as a PDF file; the same bytes for the same document."""
    return _compile(document, "pdf", pdf_standards=STANDARDS, timestamp=_seconds(document))


def write(document: Document, out: Path | BinaryIO) -> None:
    """Write the PDF to a path or an open file."""
    content = render(document)
    out.write_bytes(content) if isinstance(out, Path) else out.write(content)


def pages(document: Document) -> int:
    """How many A4 pages the document fills."""
    return int(
        typst.query(
            HERE / "document.typ",
            "<pages>",
            field="value",
            one=True,
            root=HERE,
            font_paths=_FONT_PATHS,
            ignore_system_fonts=True,
            sys_inputs=_inputs(document),
        )
    )


def fitted(document: Document, *, most: int, least: float = 9.0) -> tuple[Document, int]:
    """The document in the largest letters, from its own size down to `least` points, that fit `most` pages.

    Returns it with the number of pages it fills: more than `most` where it does not fit even so. Nothing is
    cut; the caller says how much is too much.
    """
    filled = pages(document)
    while filled > most and document.size - _STEP >= least:
        document = replace(document, size=document.size - _STEP)
        filled = pages(document)
    return document, filled


def images(document: Document, *, dots_per_inch: int = 96) -> list[bytes]:
    """The pages as PNG pictures, for a look at them before they are sent."""
    made = _compile(document, "png", ppi=float(dots_per_inch))
    return made if isinstance(made, list) else [made]


def picture(svg: str, *, width: float, dots_per_inch: int = 220) -> bytes:
    """A chart as a PNG of `width` points, for formats that hold no SVG."""
    source = (
        '#set page(width: auto, height: auto, margin: 0pt)\n#set text(font: "Noto Sans", fallback: false)\n'
        '#image(bytes(sys.inputs.svg), format: "svg", width: eval(sys.inputs.width + "pt"))'
    )
    return typst.compile(
        source.encode(),
        font_paths=_FONT_PATHS,
        ignore_system_fonts=True,
        format="png",
        ppi=float(dots_per_inch),
        sys_inputs={"svg": printable(svg), "width": repr(float(width))},
    )


def _compile(document: Document, form: Literal["pdf", "png"], **options: Any) -> Any:
    return typst.compile(
        HERE / "document.typ",
        root=HERE,
        font_paths=_FONT_PATHS,
        ignore_system_fonts=True,
        format=form,
        sys_inputs=_inputs(document),
        **options,
    )


def _seconds(document: Document) -> int:
    return int(datetime.combine(document.day, time(), UTC).timestamp())


# The document as data ---------------------------------------------------------------------------------------


def _inputs(document: Document) -> dict[str, str]:
    ready = resolved(document)
    phrases = furniture(ready)
    data = _data(ready) | {
        "right_to_left": ready.right_to_left,
        "year": ready.day.year,
        "month": ready.day.month,
        "number": ready.day.day,
        "headings": [_data(heading) for heading in headings(ready)],
        "phrases": {
            "contents": phrases.contents,
            "edition": printable(phrases.edition),
            "page": phrases.page,
        },
    }
    return {"document": json.dumps(data, default=str)}


def _data(value: Any) -> Any:
    """Values as JSON has them; each says its kind by the name of its class."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, tuple):
        return [_data(item) for item in value]
    if is_dataclass(value):
        held = {field.name: _data(getattr(value, field.name)) for field in fields(value)}
        return {"what": type(value).__name__} | ({"style": held["kind"]} if "kind" in held else {}) | held
    return value


# Letters ----------------------------------------------------------------------------------------------------


def printable(text: str) -> str:
    """The text with each character that no letter in `fonts/` shows as its number.

    >>> printable("ү ө ½"), printable("中")
    ('ү ө ½', '[U+4E2D]')
    """
    if text.isascii():
        return text
    known = _letters()
    return "".join(
        letter if letter in known or letter in "\n\t" else f"[U+{ord(letter):04X}]" for letter in text
    )


@lru_cache(maxsize=1)
def _letters() -> frozenset[str]:
    """Every character that can be shown: every face of Noto Sans has it, or another family."""
    faces = [set(_codes(path.read_bytes())) for path in sorted(FONTS.glob("NotoSans-*.ttf"))]
    further = [set(_codes(path.read_bytes())) for path in sorted(FONTS.glob("NotoSans[!-]*.ttf"))]
    known = set.intersection(*faces).union(*further)
    return frozenset(chr(code) for code in known if code >= ord(" "))


def _codes(font: bytes) -> Iterator[int]:
    """The characters of a TrueType font, from its `cmap` table (OpenType 1.9, formats 4 and 12)."""
    (tables,) = struct.unpack_from(">H", font, 4)
    entries = (struct.unpack_from(">4sLLL", font, 12 + 16 * number) for number in range(tables))
    start = next(offset for tag, _, offset, _ in entries if tag == b"cmap")
    (count,) = struct.unpack_from(">H", font, start + 2)
    for number in range(count):
        _, _, offset = struct.unpack_from(">HHL", font, start + 4 + 8 * number)
        (form,) = struct.unpack_from(">H", font, start + offset)
        if form == 4:
            yield from _of_segments(font, start + offset)
        elif form == 12:
            yield from _of_groups(font, start + offset)


def _of_segments(font: bytes, at: int) -> Iterator[int]:
    (doubled,) = struct.unpack_from(">H", font, at + 6)
    count = doubled // 2
    ends = struct.unpack_from(f">{count}H", font, at + 14)
    starts = struct.unpack_from(f">{count}H", font, at + 16 + doubled)
    for first, last in zip(starts, ends, strict=True):
        if first != 0xFFFF:
            yield from range(first, last + 1)


def _of_groups(font: bytes, at: int) -> Iterator[int]:
    (count,) = struct.unpack_from(">L", font, at + 12)
    for number in range(count):
        first, last, _ = struct.unpack_from(">LLL", font, at + 16 + 12 * number)
        yield from range(first, last + 1)
