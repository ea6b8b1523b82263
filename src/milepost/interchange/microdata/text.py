"""CSV: UTF-8 stays where it is; other encodings are written aside as UTF-8."""

import codecs
import csv as standard
import io
import re
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from milepost.errors import MilepostError, refuse
from milepost.interchange import csv
from milepost.values import Origin, Problem

SAMPLE = 1_000_000
"""Bytes that tell the encoding, the delimiter and the header."""
_AT_ONCE = 16_000_000
_WIDE = ((codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
         (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))  # fmt: skip
_DECLARED = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_WITH_POINT = re.compile(r"-?[0-9]+\.[0-9]+")
_WITH_COMMA = re.compile(r"-?[0-9]+,([0-9]+)")


class Text(NamedTuple):
    """A CSV as an engine can scan it: a file in UTF-8 whose first line is the header."""

    file: str
    columns: tuple[str, ...]
    settings: dict[str, str]


def read(path: Path | str, aside: Path, problems: list[Problem]) -> Text:
    """The file itself where it is UTF-8 and begins with its header, else a copy in the folder `aside`.

    Refuses ("not-text") what is no text, with the row. That the encoding was guessed goes to `problems`.
    """
    sample, encoding = _sample(path)
    text = sample.lstrip("\ufeff")
    declared = _DECLARED.match(text)
    begin = declared.end() if declared else 0
    above = text[begin : len(text) - len(text[begin:].lstrip())]
    begin += above.rfind("\n") + 1  # blank lines above the header
    text = text[begin:]
    if not text.strip():
        raise refuse("no-header", Origin(str(path)))
    delimiter = declared[1] if declared else csv.delimiter_of(text)
    file = _as_utf_8(Path(path), encoding, begin, aside, problems)
    rows = _rows(text, delimiter)
    columns = tuple(name if name.strip() else f"Unnamed: {at}" for at, name in enumerate(rows[0]))
    settings = {"delimiter": delimiter, "encoding": "utf-8", "quote": '"'}
    if delimiter != "," and _has_decimal_comma(rows[1:]):
        settings["decimal"] = ","
    return Text(str(file), columns, settings)


def _sample(path: Path | str) -> tuple[str, str | None]:
    """(the beginning of the text, its encoding; None for UTF-8 as far as the sample shows)."""
    try:
        with Path(path).open("rb") as file:
            head = file.read(SAMPLE)
    except OSError as error:
        raise refuse("cannot-read", Origin(str(path)), why=error.strerror or str(error)) from error
    for mark, encoding in _WIDE:
        if head.startswith(mark):
            return _decoded_part(head, encoding), encoding
    whole = head if len(head) < SAMPLE else head[: head.rfind(b"\n") + 1] or head
    whole = whole[: len(whole) // 4 * 4] if b"\0" in whole[:4096] else whole
    text, guess = csv.decoded(whole, str(path))
    if "\0" in text:
        raise refuse(
            "not-text", Origin(str(path), row=text.count("\n", 0, text.index("\0")) + 1), why="a NUL byte"
        )
    return text, guess


def _decoded_part(head: bytes, encoding: str) -> str:
    return codecs.getincrementaldecoder(encoding)("replace").decode(head)


def _as_utf_8(path: Path, encoding: str | None, begin: int, aside: Path, problems: list[Problem]) -> Path:
    """The file itself if all of it is UTF-8 and nothing stands above the header, else a copy that is so."""
    if encoding is None:
        encoding = _proved(path)
    if encoding is None and not begin:
        return path
    if encoding is not None and encoding not in ("utf-16", "utf-32"):
        problems.append(Problem("encoding-guessed", Origin(str(path)), {"encoding": encoding}))
    copy = aside / "records.csv"
    _copy(path, copy, encoding or "utf-8-sig", begin)
    return copy


def _proved(path: Path) -> str | None:
    """None if every byte of the file is UTF-8, else the encoding that the place where it is not suggests."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    row = 1
    with path.open("rb") as file:
        before = b""
        while part := file.read(_AT_ONCE):
            try:
                decoder.decode(part, final=len(part) < _AT_ONCE)
            except UnicodeDecodeError:
                before = before[-SAMPLE:]
                return _encoding_around(path, before + part, row - before.count(b"\n"))
            if b"\0" in part:
                at = row + part.count(b"\n", 0, part.index(b"\0"))
                raise refuse("not-text", Origin(str(path), row=at), why="a NUL byte")
            row += part.count(b"\n")
            before = part
    return None


def _encoding_around(path: Path, data: bytes, first_row: int) -> str | None:
    """The encoding of bytes that are not UTF-8; refuses UTF-8 that is damaged, with its row in the file."""
    start = data.find(b"\n") + 1
    try:
        _, guess = csv.decoded(data[start:], str(path))
    except MilepostError as error:
        fault = error.problems[0]
        row = (fault.origin.row or 1) + first_row - 1 + data.count(b"\n", 0, start)
        raise refuse(fault.code, Origin(str(path), row=row), **fault.details) from None
    return guess or "windows-1252"


def _copy(path: Path, copy: Path, encoding: str, skip: int) -> None:
    """Write the text as UTF-8, without its first letters; refuses what is not text in this encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as source, copy.open("wb") as target:
        first, row = True, 1
        while True:
            part = source.read(_AT_ONCE)
            try:
                text = decoder.decode(part, final=not part)
            except UnicodeDecodeError as error:
                broken = error.object[error.start : error.start + 1].hex()
                row += error.object.count(b"\n", 0, error.start)
                why = f"byte {broken} cannot be {encoding.upper()}"
                raise refuse("not-text", Origin(str(path), row=row), why=why) from None
            row += part.count(b"\n")
            if first:
                text, first = text.lstrip("\ufeff")[skip:], False
            target.write(text.encode("utf-8"))
            if not part:
                return


def _rows(text: str, delimiter: str) -> list[list[str]]:
    """The header and the first rows, as far as they can be read."""
    reader = standard.reader(io.StringIO(text[: 64 * 1024], newline=""), delimiter=delimiter)
    rows = []
    with suppress(standard.Error):
        rows.extend(islice(reader, 1000))
    return rows or [[]]


def _has_decimal_comma(rows: list[list[str]]) -> bool:
    """Whether numbers are written 1,5: some are, none has a point, and not all could be thousands."""
    cells = [cell.strip() for row in rows for cell in row]
    if any(_WITH_POINT.fullmatch(cell) for cell in cells):
        return False
    behind = [found[1] for cell in cells if (found := _WITH_COMMA.fullmatch(cell))]
    return any(len(digits) != 3 for digits in behind)
