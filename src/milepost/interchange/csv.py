"""Tidy CSV: one row per observation, columns named after the SDMX concepts in lower case.

Written files are UTF-8 with a byte order mark (so that spreadsheets show every script), lines end in CRLF
(RFC 4180), cells are separated by commas and quoted where needed. A cell that a spreadsheet would run as a
formula gets an apostrophe in front; reading takes exactly that apostrophe away again, so nothing changes by
writing and reading.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import chain, islice
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
    """A dataset of one table, with the faults met; raises MilepostError where the file holds no table."""
    problems: list[Problem] = []
    table = read_table(path, problems=problems)
    return Dataset(tables=(table,), problems=tuple(problems))


def read_table(path: Path | str, code: str | None = None, problems: list[Problem] | None = None) -> Table:
    """The table in a CSV file, every cell as it is written; `code` names it, else the file's name does.

    Faults that leave a usable table are appended to `problems`; without such a list the grave are raised.
    Cells beyond the header go to further columns called "Unnamed: n", so that none is lost.
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
    text, guess = decoded(data, file)
    if "\0" in text:
        raise refuse("not-text", Origin(file, row=_line_of(text, "\0")), why="a NUL byte")
    text = text.lstrip("\ufeff")
    if not text.strip():
        raise refuse("empty-file", Origin(file))
    return text, guess


def decoded(data: bytes, file: str) -> tuple[str, str | None]:
    """The text of bytes, and its encoding if that was a guess; refuses ("not-text") what is none."""
    if data.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        return _strictly(data, "utf-32", file), None
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(data, "utf-16", file), None
    if b"\0" in data[: content.HEAD]:  # no text in one byte per letter
        for encoding, zero in (("utf-16-le", 1), ("utf-16-be", 0)):
            high, low = data[zero : content.HEAD : 2], data[1 - zero : content.HEAD : 2]
            if (
                high.count(0) > max(len(high) / 5, 3) and 0 not in low
            ):  # digits and commas; a NUL is no letter
                return _strictly(data, encoding, file), encoding.upper()
    try:
        return data.decode("utf-8-sig"), None
    except UnicodeDecodeError as error:
        if data.startswith(b"\xef\xbb\xbf") or _is_mostly_utf8(data):
            raise _undecodable(data, error, "UTF-8", file) from error
    encoding = code_page(data)
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
    """Whether letters of several bytes are as often right UTF-8 as wrong: then it is UTF-8, damaged."""
    text = data.decode("utf-8", "surrogateescape")
    wrong = len(re.findall("[\udc80-\udcff]+", text))
    right = len(re.findall("[\x80-\ud7ff\ue000-\U0010ffff]+", text))
    return right >= wrong


def code_page(data: bytes) -> str:
    """windows-1251, unless Cyrillic letters then stand inside Latin words (Quйbec): windows-1252."""
    text = data.decode("cp1251", "replace")
    mixed = len(re.findall("[A-Za-z][Ѐ-ӿ]|[Ѐ-ӿ][A-Za-z]", text))
    cyrillic = len(re.findall("[Ѐ-ӿ]{2,}", text))
    return "windows-1252" if mixed > cyrillic else "windows-1251"


def _line_of(text: str, mark: str) -> int:
    return text.count("\n", 0, text.index(mark)) + 1


# From text to records


def _records(text: str, file: str, faults: list[Problem]) -> tuple[tuple[str, ...], Rows, Sequence[int]]:
    """Headers, rows of equal length, and the physical line on which each row begins."""
    if declared := re.match(
        r"sep=(.)\r?\n", text, re.IGNORECASE
    ):  # a first line that some spreadsheets write
        text = "\n" + text[declared.end() :]
    delimiter = declared[1] if declared else delimiter_of(text)
    records, lines = _split(text, delimiter, file, faults)
    start = _first_record(records, file)
    columns, first_line = records[start], lines[start]
    rows, lines = records[start + 1 :], lines[start + 1 :]
    if set(map(len, rows)) - {len(columns)}:
        columns, rows, lines = _even(columns, rows, lines, file, faults)
    columns = _headers(columns, Origin(file, row=first_line))
    rows, lines = _without_blank_rows(rows, lines, file, faults)
    if _SHIELDED_SOMEWHERE.search(text):
        columns = tuple(map(unshielded, columns))
        rows = [tuple(map(unshielded, row)) for row in rows]
    return columns, rows, lines


def delimiter_of(text: str) -> str:
    """The delimiter by which the header and most rows fall into the same number of cells."""
    sample = text[: 64 * 1024]

    def fitness(delimiter: str) -> tuple[bool, float, int, int]:
        reader = csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter, strict=True)
        filled = list(islice(filter(None, _until_fault(reader)), SAMPLE_ROWS)) or [[]]
        header, rows = filled[0], filled[1:-1] or filled[1:]  # the last may be cut
        even = sum(len(row) == len(header) for row in rows) / len(rows) if rows else 1.0
        known = sum(concept(name) is not None for name in header)
        return (len(header) > 1, round(even, 1), known, len(header))

    return max(DELIMITERS, key=fitness)  # the first of equals: the comma


def _until_fault(reader: Iterator[list[str]]) -> Iterator[list[str]]:
    with suppress(csv.Error):
        yield from reader


def _split(text: str, delimiter: str, file: str, faults: list[Problem]) -> tuple[Rows, Sequence[int]]:
    """All records that are not empty lines, and the line each begins on."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    once = {}.setdefault  # a text that comes again is kept once: a tenth of the memory
    try:
        records = [tuple(map(once, record, record)) for record in reader]
    except csv.Error:
        return _split_with_care(text, delimiter, file, faults)
    if reader.line_num != len(records):
        return _split_with_care(text, delimiter, file, faults)
    lines: Sequence[int] = range(1, len(records) + 1)
    if () in records:
        lines = [line for line, record in zip(lines, records, strict=True) if record]
        records = [record for record in records if record]
    return records, lines


def _split_with_care(
    text: str, delimiter: str, file: str, faults: list[Problem]
) -> tuple[Rows, Sequence[int]]:
    """The same, record by record, where cells hold line ends or quotation marks are out of place."""
    physical = list(io.StringIO(text, newline=""))
    reader = csv.reader(iter(physical), delimiter=delimiter, strict=True)
    records: Rows = []
    lines: list[int] = []
    once = {}.setdefault
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
            records.append(tuple(map(once, record, record)))
            lines.append(begin)


def _lenient(physical: list[str], delimiter: str) -> list[str] | None:
    """One line with stray quotation marks, or None if more than a line is in question."""
    if len(physical) != 1 or physical[0].count('"') % 2:
        return None
    return next(csv.reader(physical, delimiter=delimiter))


def _first_record(records: Rows, file: str) -> int:
    """The position of the header: the first record that is not blank."""
    for position, record in enumerate(records):
        if any(cell.strip() for cell in record):
            return position
    raise refuse("no-header", Origin(file))


def _headers(cells: tuple[str, ...], origin: Origin) -> tuple[str, ...]:
    """The names of the columns: an empty one becomes "Unnamed: n" (from 0), two of one name are refused."""
    return unique(tuple(cell if cell.strip() else f"Unnamed: {n}" for n, cell in enumerate(cells)), origin)


def unique(columns: tuple[str, ...], origin: Origin) -> tuple[str, ...]:
    """The columns; refused if two have one name, also if only tidy data would call them the same."""
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
    header: tuple[str, ...], rows: Rows, lines: Sequence[int], file: str, faults: list[Problem]
) -> tuple[tuple[str, ...], Rows, Sequence[int]]:
    """Header and rows of one length: short rows are filled up, long ones widen the header; each is a fault.

    Lines of nothing but spaces are left out, and blanks beyond the header are no fault.
    """
    expected = len(header)
    kept: list[tuple[tuple[str, ...], int]] = []
    for row, line in zip(rows, lines, strict=True):
        if len(row) == 1 and not row[0].strip():
            continue
        surplus = row[expected:]
        if len(row) < expected:
            effect = "the rest was taken as blank"
        elif any(cell.strip() for cell in surplus):
            effect = f"the rest stands in column Unnamed: {expected}"
        else:
            kept.append((row[:expected], line))
            continue
        details = {"found": len(row), "expected": expected, "effect": effect}
        faults.append(Problem("ragged-row", Origin(file, row=line), details))
        kept.append((row, line))
    width = max((len(row) for row, _ in kept), default=expected)
    width = max(width, expected)
    even = [row if len(row) == width else row + ("",) * (width - len(row)) for row, _ in kept]
    return header + ("",) * (width - expected), even, [line for _, line in kept]


def _without_blank_rows(
    rows: Rows, lines: Sequence[int], file: str, faults: list[Problem]
) -> tuple[Rows, Sequence[int]]:
    """Rows in which some cell holds something; one fault counts the others."""
    blank = {row for row in rows if not row[0].strip() and not "".join(row).strip()}
    if not blank:
        return rows, lines
    counted = Counter(row in blank for row in rows)[True]
    first = next(line for row, line in zip(rows, lines, strict=True) if row in blank)
    faults.append(Problem("blank-rows", Origin(file, row=first), {"count": counted}))
    kept = [(row, line) for row, line in zip(rows, lines, strict=True) if row not in blank]
    return [row for row, _ in kept], [line for _, line in kept]


# From tables to one tidy table


Block = list[Sequence[str]]
"""The cells of one table, column by column."""


def tidy(dataset: Dataset) -> tuple[tuple[str, ...], Iterator[Block]]:
    """The columns of all tables together, and for each table its cells in them: no row is lost or merged.

    Columns come in the order of the SDMX concepts, then the files' own in order of appearance. Of several
    tables, the first column is "indicator": their own column of that name, or else their code.
    """
    if not dataset.tables:
        raise refuse("no-tables", Origin(dataset.structure.id if dataset.structure else "-"))
    named = [unique(table.concepts(), table.origin) for table in dataset.tables]
    present = dict.fromkeys(chain.from_iterable(named))
    columns = [name for name in CONCEPTS if name in present]
    columns += [name for name in present if name not in CONCEPTS]
    several = len(dataset.tables) > 1
    if several:
        columns = [INDICATOR, *(name for name in columns if name != INDICATOR)]

    def blocks() -> Iterator[Block]:
        for table, names in zip(dataset.tables, named, strict=True):
            by_column = zip(*table.rows, strict=True) if table.rows else ((),) * len(names)
            cells: dict[str, Sequence[str]] = dict(zip(names, by_column, strict=True))
            if several and INDICATOR not in names:
                cells[INDICATOR] = (table.code,) * len(table.rows)
            blank = ("",) * len(table.rows)
            yield [cells.get(name, blank) for name in columns]

    return tuple(columns), blocks()


def write(dataset: Dataset, path: Path | str) -> None:
    """Write every observation as one row of tidy CSV; refuses characters that a text file cannot hold.

    Metadata and structure have no place in it.
    """
    columns, blocks = tidy(dataset)
    quoting = csv.QUOTE_ALL if any(map(_MISLEADING.search, columns)) else csv.QUOTE_MINIMAL
    try:
        with aside.file(path) as temporary, temporary.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file, quoting=quoting).writerow(_shielded_column(columns))
            to_file = csv.writer(file)
            for block in blocks:
                to_file.writerows(zip(*map(_shielded_column, block), strict=True))
    except UnicodeError as error:
        raise refuse(
            "not-storable", first_place(dataset, _no_text), what="a character that is no text"
        ) from error


def write_table(table: Table, path: Path | str) -> None:
    """Write one table as it stands, under its own headers, with the same guard against formulas."""
    with Path(path).open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_shielded_column(table.columns))
        if table.rows:
            writer.writerows(zip(*map(_shielded_column, zip(*table.rows, strict=True)), strict=True))


# Headers that a reader could take for another delimiter or format are quoted.
_MISLEADING = re.compile("[;\t|\ufeff]|^[<{[%]|^sep=|^[A-Z]+[0-9!]", re.IGNORECASE)


def _shielded_column(cells: Sequence[str]) -> Sequence[str]:
    """The cells, those that would run as a formula with an apostrophe; UnicodeError for what is no text."""
    distinct = set(cells)  # few cells of a column differ: each is judged once
    if any("\0" in cell for cell in distinct):
        raise UnicodeError("NUL")
    suspect = [cell for cell in distinct if cell[:1] in _FORMULA_STARTS]
    changed = {cell: shielded(cell) for cell in suspect if runs_as_formula(cell)}
    return [changed.get(cell, cell) for cell in cells] if changed else cells


def _no_text(cell: str) -> bool:
    return "\0" in cell or any("\ud800" <= letter <= "\udfff" for letter in cell)


def first_place(dataset: Dataset, test: Callable[[str], bool]) -> Origin:
    """The place of the first cell, header or code that passes the test."""
    for table in dataset.tables:
        if test(table.code) or any(map(test, table.columns)):
            return table.origin
        for position, row in enumerate(table.rows):
            for column, cell in zip(table.columns, row, strict=True):
                if test(cell):
                    return table.place(position, column)
    return Origin("-")


# Formulas


_SHIELDED_SOMEWHERE = re.compile("'[=+\\-@\t\r\n]")
_FORMULA_STARTS = frozenset("'=+-@\t\r\n")
_FORMULA = re.compile("'*[=+\\-@\t\r\n]")
_NUMBER = r"(?:[0-9][0-9 \u00a0\u202f]*(?:[.,][0-9]*)?|[.,][0-9]+)(?:[eE][+-]?[0-9]+)? ?%?"
_HARMLESS = re.compile(rf"'*[+-]?(?:{_NUMBER})?")


def runs_as_formula(cell: str) -> bool:
    """Whether a spreadsheet would take the cell for a formula; signed numbers and a mere dash are none."""
    return _FORMULA.match(cell) is not None and _HARMLESS.fullmatch(cell) is None


def shielded(cell: str) -> str:
    """The cell with an apostrophe in front if it would run as a formula.

    >>> shielded("=1+1"), shielded("-1.5"), shielded("'=1+1")
    ("'=1+1", '-1.5', "''=1+1")
    """
    return f"'{cell}" if runs_as_formula(cell) else cell


def unshielded(cell: str) -> str:
    """The cell without the apostrophe that `shielded` put in front.

    >>> unshielded("'=1+1"), unshielded("'s-Gravenhage"), unshielded("'-1.5")
    ('=1+1', "'s-Gravenhage", "'-1.5")
    """
    return cell[1:] if cell.startswith("'") and runs_as_formula(cell[1:]) else cell
