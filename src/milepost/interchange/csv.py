"""Tidy CSV: one row per observation, columns named after the SDMX concepts in lower case.

Written files are UTF-8 with a byte order mark (so that spreadsheets show every script), lines end in CRLF (RFC 4180),
cells are separated by commas and quoted where needed. A cell that a spreadsheet would run as a formula gets an
apostrophe in front; reading takes exactly that apostrophe away again, so nothing is changed by writing and reading.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

from milepost.errors import KINDS, MilepostError, refuse
from milepost.interchange import aside, content, limits
from milepost.values import CONCEPTS, Dataset, Origin, Problem, Table, concept

DELIMITERS = ",;\t|"
SAMPLE_ROWS = 50
INDICATOR = "indicator"
"""The column that says which table a row comes from, where one file holds several tables."""

Rows = list[tuple[str, ...]]

# The file's own limit of size is enough: a long cell is no reason to refuse a file.
csv.field_size_limit(2**31 - 1)


def read(path: Path | str) -> Dataset:
    """A dataset of one table from a CSV file, with the faults met; raises MilepostError where there is no table."""
    problems: list[Problem] = []
    table = read_table(path, problems=problems)
    return Dataset(tables=(table,), problems=tuple(problems))


def read_table(path: Path | str, code: str | None = None, problems: list[Problem] | None = None) -> Table:
    """The table in a CSV file, every cell as it is written; `code` names it, else the file's stem does.

    Faults that leave a usable table are appended to `problems`; without such a list the grave ones are raised.
    """
    faults: list[Problem] = []
    file = str(path)
    text, encoding_guessed = _text(limits.contents(path), file)
    if encoding_guessed:
        faults.append(Problem("encoding-guessed", Origin(file), {"encoding": encoding_guessed}))
    columns, rows, lines = _records(text, file, faults)
    if problems is not None:
        problems.extend(faults)
    elif grave := [fault for fault in faults if KINDS[fault.code].gravity == "error"]:
        raise MilepostError(grave)
    return Table(code or code_of(path), columns, rows, Origin(file), lines)


def code_of(path: Path | str) -> str:
    """What the rows of a file are about, from its name: `indicator_10-7-4.csv` is about 10-7-4."""
    return Path(path).stem.removeprefix("indicator_")


# From bytes to text


def _text(data: bytes, file: str) -> tuple[str, str | None]:
    """The text of a file, and the encoding if that was a guess."""
    content.expect("text", content.of(data[: content.HEAD]), file, "CSV")
    text, guess = _decoded(data, file)
    if "\0" in text:
        raise refuse("not-text", Origin(file, row=_line_of(text, "\0")), why="a NUL byte")
    text = text.lstrip("\ufeff")
    if not text.strip():
        raise refuse("empty-file", Origin(file))
    return text, guess


def _decoded(data: bytes, file: str) -> tuple[str, str | None]:
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return _strictly(data, "utf-32", file), None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(data, "utf-16", file), None
    if b"\0" in data[: content.HEAD]:  # no text in one byte per letter
        for encoding, zero in (("utf-16-le", 1), ("utf-16-be", 0)):
            if data[zero:64:2].count(0) > data[1 - zero : 64 : 2].count(0):
                return _strictly(data, encoding, file), encoding.upper()
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        if data.startswith(b"\xef\xbb\xbf") or _is_mostly_utf8(data):
            raise _undecodable(data, error, "UTF-8", file) from error
    encoding = _code_page(data)
    return _strictly(data, encoding, file), encoding


def _strictly(data: bytes, encoding: str, file: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise _undecodable(data, error, encoding.upper(), file) from error


def _undecodable(data: bytes, error: UnicodeDecodeError, encoding: str, file: str) -> MilepostError:
    row = data.count(b"\n", 0, error.start) + 1
    broken = data[error.start : error.start + 1].hex()
    return refuse("not-text", Origin(file, row=row), why=f"byte {broken} cannot be {encoding}")


def _is_mostly_utf8(data: bytes) -> bool:
    """Whether letters of several bytes are more often right UTF-8 than wrong: then it is UTF-8, damaged."""
    text = data.decode("utf-8", "surrogateescape")
    wrong = len(re.findall("[\udc80-\udcff]+", text))
    right = len(re.findall("[\x80-\ud7ff\ue000-\U0010ffff]+", text))
    return right > wrong


def _code_page(data: bytes) -> str:
    """windows-1251, unless its letters then stand inside Latin words (Qubec with a Cyrillic letter): windows-1252."""
    text = data.decode("cp1251", "replace")
    mixed = len(re.findall("[A-Za-z][Ѐ-ӿ]|[Ѐ-ӿ][A-Za-z]", text))
    cyrillic = len(re.findall("[Ѐ-ӿ]{2,}", text))
    return "windows-1252" if mixed > cyrillic else "windows-1251"


def _line_of(text: str, mark: str) -> int:
    return text.count("\n", 0, text.index(mark)) + 1


# From text to records


def _records(text: str, file: str, faults: list[Problem]) -> tuple[tuple[str, ...], Rows, Sequence[int]]:
    """Headers, rows of equal length, and the physical line on which each row begins."""
    delimiter = _declared_delimiter(text) or _delimiter(text)
    records, lines = _split(text, delimiter, file, faults)
    start = _first_record(records, lines, file)
    columns = _headers(records[start], Origin(file, row=lines[start]))
    rows, lines = records[start + 1 :], lines[start + 1 :]
    if set(map(len, rows)) - {len(columns)}:
        rows, lines = _even(rows, lines, len(columns), file, faults)
    rows, lines = _without_blank_rows(rows, lines, file, faults)
    if _GUARDED_SOMEWHERE.search(text):
        columns = tuple(map(unguarded, columns))
        rows = [tuple(map(unguarded, row)) for row in rows]
    return columns, rows, lines


def _declared_delimiter(text: str) -> str | None:
    """The delimiter of a first line such as `sep=;`, which some spreadsheets write."""
    declared = re.match(r"sep=(.)\r?\n", text, re.IGNORECASE)
    return declared[1] if declared else None


def _delimiter(text: str) -> str:
    """The delimiter by which the header and most rows fall into the same number of cells."""
    sample = text[: 64 * 1024]

    def fitness(delimiter: str) -> tuple[bool, float, int, int]:
        records = []
        try:
            for record in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                records.append(record)
                if len(records) > SAMPLE_ROWS:
                    break
        except csv.Error:
            return (False, 0.0, 0, 0)
        records = [record for record in records if record] or [[]]
        header, rows = records[0], records[1:-1] or records[1:]
        even = sum(len(row) == len(header) for row in rows) / len(rows) if rows else 1.0
        known = sum(concept(name) is not None for name in header)
        return (len(header) > 1, round(even, 1), known, len(header))

    return max(DELIMITERS, key=fitness)  # the first of equals: the comma


def _split(text: str, delimiter: str, file: str, faults: list[Problem]) -> tuple[Rows, Sequence[int]]:
    """All records that are not empty lines, and the line each begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        records = list(map(tuple, reader))
    except csv.Error:
        return _split_with_care(text, delimiter, file, faults)
    if reader.line_num != len(records):
        return _split_with_care(text, delimiter, file, faults)
    lines: Sequence[int] = range(1, len(records) + 1)
    if () in records:
        lines = [line for line, record in zip(lines, records, strict=True) if record]
        records = [record for record in records if record]
    return records, lines


def _split_with_care(text: str, delimiter: str, file: str, faults: list[Problem]) -> tuple[Rows, Sequence[int]]:
    """The same, record by record, where cells hold line ends or quotation marks are out of place."""
    physical = list(io.StringIO(text, newline=""))
    reader = csv.reader(iter(physical), delimiter=delimiter, strict=True)
    records: Rows = []
    lines: list[int] = []
    while True:
        begin = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            record = _lenient(physical[begin - 1 : reader.line_num], delimiter)
            if record is None:
                raise refuse("quote-not-closed", Origin(file, row=begin)) from error
            cell = next((cell for cell in record if '"' in cell), record[0])
            faults.append(Problem("stray-quote", Origin(file, row=begin), {"cell": cell}))
        if record is None:
            return records, lines
        if record:
            records.append(tuple(record))
            lines.append(begin)


def _lenient(physical: list[str], delimiter: str) -> list[str] | None:
    """One line with stray quotation marks, or None if more than a line is in question."""
    if len(physical) != 1 or physical[0].count('"') % 2:
        return None
    return next(csv.reader(physical, delimiter=delimiter))


def _first_record(records: Rows, lines: Sequence[int], file: str) -> int:
    """The position of the header: the first record that is neither blank nor a `sep=` line."""
    for position, record in enumerate(records[:SAMPLE_ROWS]):
        declared = lines[position] == 1 and len(record) <= 2 and record[0].lower().startswith("sep=")
        if any(cell.strip() for cell in record) and not declared:
            return position
    raise refuse("no-header", Origin(file))


def _headers(cells: tuple[str, ...], origin: Origin) -> tuple[str, ...]:
    """The names of the columns: an empty one is called "Unnamed: n" (from 0), two of the same name are refused."""
    return unique(tuple(cell if cell.strip() else f"Unnamed: {n}" for n, cell in enumerate(cells)), origin)


def unique(columns: tuple[str, ...], origin: Origin) -> tuple[str, ...]:
    """The columns, refused if two have one name, or name one concept so that tidy data could not tell them apart."""
    tidy = Table("", columns, (), origin).concepts()
    twice = []
    for names in (columns, tidy) if len(set(columns)) < len(columns) else (tidy,):
        first: dict[str, int] = {}
        for n, name in enumerate(names):
            if name in first:
                details = {"first": first[name] + 1, "second": n + 1, "name": columns[n]}
                twice.append(Problem("duplicate-header", origin, details))
            first.setdefault(name, n)
        if twice:
            raise MilepostError(twice)
    return columns


def _even(
    rows: Rows, lines: Sequence[int], width: int, file: str, faults: list[Problem]
) -> tuple[Rows, Sequence[int]]:
    """Rows as long as the header: short ones filled with blanks, long ones cut, each with a fault unless all blank."""
    even: Rows = []
    kept: list[int] = []
    for row, line in zip(rows, lines, strict=True):
        if len(row) != width:
            if len(row) == 1 and not row[0].strip():
                continue  # a line of nothing but spaces
            surplus = row[width:]
            if len(row) < width or any(cell.strip() for cell in surplus):
                effect = f"left out: {', '.join(surplus)}" if surplus else "the rest was taken as blank"
                details = {"found": len(row), "expected": width, "effect": effect}
                faults.append(Problem("ragged-row", Origin(file, row=line), details))
            row = row[:width] + ("",) * (width - len(row))  # noqa: PLW2901
        even.append(row)
        kept.append(line)
    return even, kept


def _without_blank_rows(
    rows: Rows, lines: Sequence[int], file: str, faults: list[Problem]
) -> tuple[Rows, Sequence[int]]:
    """Rows in which some cell holds something; one fault counts the others."""
    blank = {row for row in set(rows) if not "".join(row).strip()}
    if not blank:
        return rows, lines
    counted = Counter(row in blank for row in rows)[True]
    first = next(line for row, line in zip(rows, lines, strict=True) if row in blank)
    faults.append(Problem("blank-rows", Origin(file, row=first), {"count": counted}))
    kept = [(row, line) for row, line in zip(rows, lines, strict=True) if row not in blank]
    return [row for row, _ in kept], [line for _, line in kept]


# Formulas


_GUARDED_SOMEWHERE = re.compile("'[=+\\-@\t\r\n]")
_FORMULA = re.compile("'*[=+\\-@\t\r\n]")
_HARMLESS = re.compile(r"'*[+-]?(?:[0-9][0-9 \u00a0\u202f]*(?:[.,][0-9]*)?(?:[eE][+-]?[0-9]+)?|[.,][0-9]+)? ?%?")


def runs_as_formula(cell: str) -> bool:
    """Whether a spreadsheet would take the cell for a formula; negative numbers and a mere dash are none."""
    return _FORMULA.match(cell) is not None and _HARMLESS.fullmatch(cell) is None


def guarded(cell: str) -> str:
    """The cell with an apostrophe in front if it would run as a formula.

    >>> guarded("=1+1"), guarded("-1.5"), guarded("'=1+1")
    ("'=1+1", '-1.5', "''=1+1")
    """
    return f"'{cell}" if runs_as_formula(cell) else cell


def unguarded(cell: str) -> str:
    """The cell without the apostrophe that `guarded` put in front.

    >>> unguarded("'=1+1"), unguarded("'s-Gravenhage"), unguarded("'-1.5")
    ('=1+1', "'s-Gravenhage", "'-1.5")
    """
    return cell[1:] if cell.startswith("'") and runs_as_formula(cell[1:]) else cell
