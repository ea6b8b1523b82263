"""Workbooks: any spreadsheet in, tidy workbooks out; text never becomes a formula, and no macro is ever run.

A written workbook has the sheets "data" (tidy, as in CSV, with values and years as numbers), "metadata",
"codes" (the code lists, to look up; not read back), "tables" (which rows belong together), "as_written"
(numbers whose text a spreadsheet does not keep, such as 8.0) and "about". Read again, it gives the same
tables (columns named as in tidy data), metadata and languages.
"""

import datetime
import html
import io
import json
import math
import re
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby, islice, zip_longest
from pathlib import Path
from typing import Any, NamedTuple

import python_calamine as calamine
import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.utility import xl_col_to_name

from milepost.errors import MilepostError, refuse
from milepost.interchange import aside, content, csv, limits
from milepost.values import Dataset, Origin, Problem, Structure, Table, Text, concept

MAX_ROWS = 1_048_576
MAX_COLUMNS = 16_384
MAX_LETTERS = 32_767
"""What a sheet and a cell can hold."""

HEADER_WITHIN = 50
"""The header is looked for in so many rows."""

NUMERIC = ("time_period", "obs_value", "upper_bound", "lower_bound")
"""The columns whose numbers are written as numbers."""

OURS = "Milepost workbook"
PART = 16_000
"""Long texts of the metadata go on in further rows of so many letters."""

_Row = tuple[str, ...]


# The door in


def read(path: Path | str) -> Dataset:
    """One table for each sheet with a header row; cells as text: numbers at their shortest, dates as ISO.

    Of formulas the value last calculated is read. Formulas, macros, links to other workbooks, error cells and
    sheets without a table are named in `problems`; a file that is no workbook, locked or damaged is refused.
    """
    file = str(path)
    general, cells = _inspected(path)
    with _in_plain_words(file), Path(path).open("rb") as stream:
        workbook = calamine.CalamineWorkbook.from_filelike(stream)
        sheets = [_sheet(workbook, about) for about in workbook.sheets_metadata if _is_grid(about)]
    problems = tuple(_faults(file, general, cells, sheets))
    if any(sheet.name == "about" and sheet.cell(0, 0) == OURS for sheet in sheets):
        return _our_own(path, {sheet.name: sheet for sheet in sheets}, problems)
    return _foreign(path, sheets, problems)


def _is_grid(about: calamine.SheetMetadata) -> bool:
    return about.typ == calamine.SheetTypeEnum.WorkSheet


@contextmanager
def _in_plain_words(file: str) -> Iterator[None]:
    """Say what the library found in the words of this house."""
    try:
        yield
    except calamine.PasswordError as error:
        raise refuse("password", Origin(file)) from error
    except calamine.CalamineError as error:
        raise refuse("damaged", Origin(file), why=str(error)) from error
    except OSError as error:
        raise refuse("cannot-read", Origin(file), why=error.strerror or str(error)) from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":  # the library's own breakdown on a damaged file
            raise refuse("damaged", Origin(file), why=str(error)) from error
        raise


class Workbook(NamedTuple):
    """A workbook as it stands: its sheets as text, faults of the whole (codes), and cells worth naming."""

    sheets: "list[_Sheet]"
    general: "list[str]"
    peculiar: "list[_Found]"


def look(path: Path | str) -> Workbook:
    """Every sheet cell by cell, for layouts that are no tables; refuses what `read` refuses."""
    general, cells = _inspected(path)
    with _in_plain_words(str(path)), Path(path).open("rb") as stream:
        workbook = calamine.CalamineWorkbook.from_filelike(stream)
        return Workbook(
            [_sheet(workbook, about) for about in workbook.sheets_metadata if _is_grid(about)], general, cells
        )


class _Sheet(NamedTuple):
    """A sheet as text: its filled rectangle, where that begins (from 0), and what is merged."""

    name: str
    rows: list[_Row]
    top: int
    left: int
    merged: list[tuple[tuple[int, int], tuple[int, int]]]
    hidden: bool

    def cell(self, row: int, column: int) -> str:
        row, column = row - self.top, column - self.left
        return self.rows[row][column] if 0 <= row < len(self.rows) and 0 <= column < len(self.rows[0]) else ""


def _sheet(workbook: calamine.CalamineWorkbook, about: calamine.SheetMetadata) -> _Sheet:
    sheet = workbook.get_sheet_by_name(about.name)
    once = {}.setdefault  # a text that comes again is kept once
    rows: list[_Row] = []
    for cells in sheet.to_python(skip_empty_area=True):
        row = [cell if isinstance(cell, str) else _as_text(cell) for cell in cells]
        rows.append(tuple(map(once, row, row)))
    top, left = sheet.start or (0, 0)
    hidden = about.visible != calamine.SheetVisibleEnum.Visible
    return _Sheet(about.name, rows, top, left, list(sheet.merged_cell_ranges or ()), hidden)


def _as_text(cell: Any) -> str:
    """A cell that is no text: 3.0 as "3", true as "TRUE", a date without hours as the date."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float | int):
        return shortest(float(cell))
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    if isinstance(cell, datetime.timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"
    return str(cell)


def shortest(number: float) -> str:
    """The shortest text that is this number.

    >>> shortest(3.0), shortest(0.1), shortest(1e22)
    ('3', '0.1', '1e+22')
    """
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)


# Tables in sheets of others


def _foreign(path: Path | str, sheets: Sequence[_Sheet], problems: tuple[Problem, ...]) -> Dataset:
    file = str(path)
    tables: list[Table] = []
    faults: list[Problem] = []
    grave: list[Problem] = []
    for sheet in sheets:
        origin = Origin(file, sheet.name)
        header = _header_row(sheet.rows)
        if header is None:
            if sheet.rows:
                faults.append(Problem("no-table-in-sheet", origin))
            continue
        if sheet.hidden:
            faults.append(Problem("hidden-sheet", origin))
        try:
            tables.append(_table(sheet, header, origin, faults))
        except MilepostError as error:
            grave.extend(error.problems)
    if grave:
        raise MilepostError(grave)
    if not tables:
        raise refuse("no-table", Origin(file))
    if len(tables) == 1:
        (table,) = tables
        tables = [Table(csv.code_of(path), table.columns, table.rows, table.origin, table.lines)]
    return Dataset(tables=tuple(tables), problems=(*problems, *faults))


def _header_row(rows: Sequence[_Row]) -> int | None:
    """The first row that names a value or a time; else the first of several different words above a row.

    Years are words there: some tables have a column for each year.
    """
    for position, row in enumerate(rows[:HEADER_WITHIN]):
        filled = [cell for cell in row if cell.strip()]
        if len(filled) > 1 and any(concept(cell) in ("obs_value", "time_period") for cell in filled):
            return position
    for position, row in enumerate(rows[:HEADER_WITHIN]):
        filled = [cell for cell in row if cell.strip()]
        numbers = [cell for cell in filled if _NUMBER.fullmatch(cell)]
        words = not numbers or (len(numbers) > 1 and all(map(_YEAR.fullmatch, numbers)))
        named = len(numbers) < len(filled) or not row[0].strip()  # years may have a blank corner
        several = len(filled) > 1 and len(set(filled)) == len(filled)
        if several and words and named and position + 1 < len(rows):
            return position
    return None


def _table(sheet: _Sheet, header: int, origin: Origin, faults: list[Problem]) -> Table:
    """The table below a header row, without blank rows and columns that are blank from top to bottom."""
    body = _filled_in(sheet, header, origin, faults)
    heads = sheet.rows[header]
    used = [n for n, head in enumerate(heads) if head.strip() or any(row[n] for row in body)]
    columns = tuple(heads[n] if heads[n].strip() else f"Unnamed: {sheet.left + n}" for n in used)
    columns = csv.unique(columns, Origin(origin.file, origin.sheet, sheet.top + header + 1))
    if len(used) < len(heads):
        body = [tuple([row[n] for n in used]) for row in body]
    numbered = enumerate(body, sheet.top + header + 2)
    kept = [(row, line) for line, row in numbered if any(map(str.strip, row))]
    return Table(sheet.name, columns, [row for row, _ in kept], origin, [line for _, line in kept])


def _filled_in(sheet: _Sheet, header: int, origin: Origin, faults: list[Problem]) -> list[_Row]:
    """The rows below the header, with each merged cell's content in all the cells that it covers."""
    first = sheet.top + header + 1
    merged = [corners for corners in sheet.merged if corners[0][0] >= first and sheet.cell(*corners[0])]
    if not merged:
        return sheet.rows[header + 1 :]
    rows = list(map(list, sheet.rows))
    for (top, left), (bottom, right) in merged:
        words = sheet.cell(top, left)
        for row in rows[top - sheet.top : bottom - sheet.top + 1]:
            for n in range(left - sheet.left, min(right - sheet.left + 1, len(row))):
                row[n] = words
    place = Origin(origin.file, origin.sheet, min(corners[0][0] for corners in merged) + 1)
    faults.append(Problem("merged-cells", place, {"count": len(merged)}))
    return [tuple(row) for row in rows[header + 1 :]]


# What stands in a workbook beside its values


class _Found(NamedTuple):
    """A cell that is not what it seems: of which kind of fault, where, and what it shows."""

    code: str
    sheet: str
    row: int | None
    letters: str | None
    what: str = ""


_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLD_STREAMS = ("Workbook".encode("utf-16-le"), "Book".encode("utf-16-le"))
_OLD_MACROS = "_VBA_PROJECT".encode("utf-16-le")
_TAG = rb"<(?:[A-Za-z0-9_]+:)?"


def _inspected(path: Path | str) -> tuple[list[str], list[_Found]]:
    """Faults of the workbook as a whole, and cells worth naming; refuses what is no workbook, or locked."""
    file = str(path)
    kind = content.of_file(path)
    if kind == "ole":
        return _inspected_old(limits.contents(path), file), []
    content.expect("zip", kind, path, "workbook")
    names = limits.check_archive(path)
    if not {"xl/workbook.xml", "content.xml"} & set(names):
        raise refuse(
            "wrong-content", Origin(file), expected="workbook", found="an archive that is no workbook"
        )
    general = []
    if any(name.endswith("vbaProject.bin") or name.startswith(("Basic/", "Scripts/")) for name in names):
        general.append("macros")
    if any(name.startswith("xl/externalLinks/") for name in names):
        general.append("external-links")
    try:
        with zipfile.ZipFile(path) as archive:
            cells = list(_peculiar_cells(archive, names))
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, KeyError, NotImplementedError) as error:
        raise refuse("damaged", Origin(file), why=str(error)) from error
    return general, cells


def _inspected_old(data: bytes, file: str) -> list[str]:
    if _ENCRYPTED in data:
        raise refuse("password", Origin(file))
    if not any(stream in data for stream in _OLD_STREAMS):
        raise refuse("wrong-content", Origin(file), expected="workbook", found=content.WORDS["ole"])
    return ["macros"] if _OLD_MACROS in data else []


def _peculiar_cells(archive: zipfile.ZipFile, names: Sequence[str]) -> Iterator[_Found]:
    """Formulas, formulas without a value, and error cells of every sheet."""
    if "xl/workbook.xml" not in names:  # OpenDocument says it in one file, without telling the cells' places
        text = archive.read("content.xml")
        if b"table:formula=" in text:
            yield _Found("formulas", "", None, None)
        yield from (
            _Found("error-cell", "", None, None, "#") for _ in re.finditer(rb'value-type="error"', text)
        )
        return
    for sheet, part in _sheet_parts(archive, names):
        tail = b""
        with archive.open(part) as stream:
            while chunk := stream.read(limits.MEGABYTE):
                cells, end, tail = (tail + chunk).rpartition(b"</row>")
                yield from _peculiar_in(cells + end, sheet)
        yield from _peculiar_in(tail, sheet)


def _sheet_parts(archive: zipfile.ZipFile, names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """The name of each sheet and the part of the archive that holds it."""
    links = archive.read("xl/_rels/workbook.xml.rels") if "xl/_rels/workbook.xml.rels" in names else b""
    targets = {
        _attribute(tag, "Id"): _attribute(tag, "Target")
        for tag in re.findall(_TAG + rb"Relationship\s[^>]*>", links)
    }
    for tag in re.findall(_TAG + rb"sheet\s[^>]*>", archive.read("xl/workbook.xml")):
        target = targets.get(_attribute(tag, r"[A-Za-z0-9_]+:id"), "")
        part = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if part in names:
            yield html.unescape(_attribute(tag, "name")), part


def _attribute(tag: bytes, name: str) -> str:
    found = re.search(rf"""\s{name}\s*=\s*("[^"]*"|'[^']*')""".encode(), tag)
    return found[1][1:-1].decode("utf-8", "replace") if found else ""


_FORMULA_PART = _TAG + rb"f\b(?:[^>]*/>|[^>]*>[^<]*</[^>]*>)\s*"
_FORMULA = re.compile(
    _TAG + rb"c\b([^>]*)>\s*" + _FORMULA_PART + rb"(?:" + _TAG + rb"v>([^<]+)|" + _TAG + rb"is>)?"
)
_ERROR = re.compile(
    _TAG + rb"""c\b([^>]*\bt=["']e["'][^>]*)>\s*(?:""" + _FORMULA_PART + rb")?" + _TAG + rb"v>([^<]*)"
)


def _peculiar_in(cells: bytes, sheet: str) -> Iterator[_Found]:
    if b"<f" in cells or b":f" in cells:
        for found in _FORMULA.finditer(cells):
            row, letters = _place(found[1])
            yield _Found("formulas", sheet, row, letters)
            if found[2] is None and _attribute(found[1], "t") not in ("str", "inlineStr"):
                yield _Found("formula-without-value", sheet, row, letters)
    if b't="e"' in cells or b"t='e'" in cells:
        for found in _ERROR.finditer(cells):
            yield _Found("error-cell", sheet, *_place(found[1]), found[2].decode("utf-8", "replace"))


def _place(attributes: bytes) -> tuple[int | None, str | None]:
    """The row and the letters of the column of a cell, where it names them."""
    named = re.fullmatch(r"([A-Z]+)([0-9]+)", _attribute(b" " + attributes, "r"))
    return (int(named[2]), named[1]) if named else (None, None)


def _faults(
    file: str, general: Iterable[str], cells: Iterable[_Found], sheets: Iterable[_Sheet]
) -> Iterator[Problem]:
    """The findings as faults: one for all formulas of a sheet, one for each other cell."""
    by_name = {sheet.name: sheet for sheet in sheets}
    for code in general:
        yield Problem(code, Origin(file))
    for (code, name), found in groupby(sorted(cells, key=_kind_and_sheet), key=_kind_and_sheet):
        cells = list(found)
        sheet = by_name.get(name)
        if code == "formulas":
            yield Problem(code, Origin(file, name or None, cells[0].row), {"count": len(cells)})
            continue
        for cell in cells:
            column = _header_above(sheet, cell.letters) if sheet and cell.letters else None
            yield Problem(
                code, Origin(file, name or None, cell.row, column or cell.letters), {"what": cell.what}
            )


def _kind_and_sheet(cell: _Found) -> tuple[str, str]:
    return cell.code, cell.sheet


def _header_above(sheet: _Sheet, letters: str) -> str:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - ord("A") + 1
    header = _header_row(sheet.rows)
    return "" if header is None else sheet.cell(sheet.top + header, number - 1)


# Our own workbooks


def _our_own(path: Path | str, sheets: Mapping[str, _Sheet], problems: tuple[Problem, ...]) -> Dataset:
    """What `write` put in, as changed by people since."""
    file = str(path)
    about = dict(row[:2] for row in sheets["about"].rows if len(row) > 1)
    languages = tuple(about.get("languages", "").split())
    metadata = _metadata(sheets["metadata"].rows[1:]) if "metadata" in sheets else {}
    tables: list[Table] = []
    if "data" in sheets and sheets["data"].rows:
        origin = Origin(file, "data")
        table = _as_written(_table(sheets["data"], 0, origin, []), sheets.get("as_written"))
        listed = [_listed(row) for row in sheets["tables"].rows[1:]] if "tables" in sheets else []
        tables = _apart(table, listed, csv.code_of(path))
    return Dataset(tables=tuple(tables), metadata=metadata, languages=languages, problems=problems)


def _as_written(table: Table, sheet: _Sheet | None) -> Table:
    """The table with the texts of its numbers as they were, where nobody has changed the number since."""
    if sheet is None:
        return table
    positions = {line: n for n, line in enumerate(table.lines)}
    rows = list(table.rows)
    for line, column, text in (row[:3] for row in sheet.rows[1:]):
        position = positions.get(int(line)) if line.isdecimal() else None
        if position is None or column not in table.columns or not _NUMBER.fullmatch(text):
            continue
        n = table.columns.index(column)
        row = rows[position]
        if row[n] == shortest(_stored(text)):
            rows[position] = (*row[:n], text, *row[n + 1 :])
    return Table(table.code, table.columns, rows, table.origin, table.lines)


class _Listed(NamedTuple):
    """What the sheet "tables" says of one table."""

    code: str
    length: int
    columns: tuple[str, ...]


def _listed(row: _Row) -> _Listed:
    code, count, _, *columns = (*row, "", "")
    return _Listed(code, int(count) if count.isdecimal() else 0, tuple(filter(None, columns)))


def _apart(table: Table, listed: Sequence[_Listed], code: str) -> list[Table]:
    """The tables that were written together: by numbers of rows, or by indicator if rows were moved since."""
    where = table.columns.index(csv.INDICATOR) if csv.INDICATOR in table.columns else None
    known = {column for one in listed for column in one.columns}
    added = [column for column in table.columns if column not in known and column != csv.INDICATOR]

    def part(one: _Listed, positions: Sequence[int]) -> Table:
        wanted = dict.fromkeys((*one.columns, *added))
        columns = [table.columns.index(name) for name in wanted if name in table.columns]
        return Table(
            one.code,
            tuple(table.columns[n] for n in columns),
            [tuple([table.rows[position][n] for n in columns]) for position in positions],
            table.origin,
            [table.lines[position] for position in positions],
        )

    if sum(one.length for one in listed) == len(table.rows):
        parts, begin = [], 0
        for one in listed:
            positions = range(begin, begin := begin + one.length)
            marks = {table.rows[position][where] for position in positions} if where is not None else set()
            if csv.INDICATOR not in one.columns and marks - {one.code}:
                break
            parts.append(part(one, positions))
        else:
            return parts
    if where is None:
        return [Table(listed[0].code if listed else code, *_rest(table))]
    by_code: dict[str, list[int]] = {}
    for position, row in enumerate(table.rows):
        by_code.setdefault(row[where], []).append(position)
    columns = {one.code: one for one in listed}
    every = tuple(column for column in table.columns if column != csv.INDICATOR)
    return [
        part(columns.get(code, _Listed(code, 0, every)), positions) for code, positions in by_code.items()
    ]


def _rest(table: Table) -> tuple[tuple[str, ...], Sequence[_Row], Origin, Sequence[int]]:
    return table.columns, table.rows, table.origin, table.lines


# Metadata: one row for each field, nested fields by their path


def _metadata_rows(metadata: Mapping[str, Mapping[str, Any]]) -> Iterator[_Row]:
    """(indicator, field, language, value, kind); a value too long for a cell goes on in the rows after."""
    for indicator, fields in metadata.items():
        if not fields:
            yield indicator, "", "", "", "none"
        for field, language, value, kind in _fields(fields, ""):
            for begin in range(0, max(len(value), 1), PART):
                yield indicator, field, language, value[begin : begin + PART], kind


def _fields(fields: Mapping[str, Any], above: str) -> Iterator[tuple[str, str, str, str]]:
    """(path, language, value, kind) of every field; "/" in a name is written "~1", "~" is "~0" (RFC 6901)."""
    for name, value in fields.items():
        path = above + name.replace("~", "~0").replace("/", "~1")
        if isinstance(value, Text) and value:
            yield from ((path, language, words, "words") for language, words in value.items())
        elif isinstance(value, dict) and value and all(isinstance(key, str) for key in value):
            yield from _fields(value, f"{path}/")
        elif isinstance(value, str):
            yield path, "", value, "text"
        elif isinstance(value, datetime.datetime):
            yield path, "", value.isoformat(), "datetime"
        elif isinstance(value, datetime.date):
            yield path, "", value.isoformat(), "date"
        else:
            yield path, "", json.dumps(value, ensure_ascii=False, default=_plain), "json"


def _plain(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else str(value)


_KINDS: dict[str, Callable[[str], Any]] = {
    "text": str,
    "datetime": datetime.datetime.fromisoformat,
    "date": datetime.date.fromisoformat,
    "json": json.loads,
}


def _metadata(rows: Iterable[_Row]) -> dict[str, dict[str, Any]]:
    metadata: dict[str, dict[str, Any]] = {}
    padded = ((*row, *("",) * 5)[:5] for row in rows)
    for (indicator, path, language, kind), parts in groupby(padded, key=lambda row: (*row[:3], row[4])):
        fields = metadata.setdefault(indicator, {})
        if kind == "none":
            continue
        *above, name = (step.replace("~1", "/").replace("~0", "~") for step in path.split("/"))
        for step in above:
            fields = fields.setdefault(step, {})
        value = "".join(part[3] for part in parts)
        if kind == "words":
            fields[name] = Text({**fields.get(name, {}), language: value})
            continue
        try:
            fields[name] = _KINDS.get(kind, str)(value)
        except ValueError:  # changed by hand: then the words stand as they are
            fields[name] = value
    return metadata


# The door out


_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_NOT_STORABLE = re.compile("[\0\ud800-\udfff\ufffe\uffff]")
_ABOUT = (
    ("data", "one row for each observation; columns are named after the SDMX concepts"),
    ("metadata", "one row for each field; a long text goes on in the next rows"),
    ("codes", "the code lists, to look up"),
    ("tables", "which rows of the data belong together, and where they came from"),
    ("as_written", "numbers whose text a spreadsheet would not keep, such as 8.0"),
)


def write(dataset: Dataset, path: Path | str) -> None:
    """Write a tidy workbook; refuses more rows than a sheet holds, and text that a cell cannot hold.

    The same dataset gives the same bytes.
    """
    if not dataset.tables and not dataset.metadata and not dataset.structure:
        raise refuse("no-tables", Origin(dataset.structure.id if dataset.structure else "-"))
    _refuse_what_does_not_fit(dataset)
    grids = list(_grids(dataset))
    with aside.file(path) as temporary:
        try:
            _fill(_frame(grids), grids, temporary)
        except XlsxWriterException as error:
            raise refuse("cannot-write", Origin(str(path)), why=str(error)) from error


def _grids(dataset: Dataset) -> Iterator["_Grid"]:
    """The sheets of a workbook, in their order."""
    if dataset.tables:
        columns, blocks = csv.tidy(dataset)
        yield _grid("data", columns, list(blocks), [n for n, name in enumerate(columns) if name in NUMERIC])
    if dataset.metadata:
        heads = ("indicator", "field", "language", "value", "kind")
        yield _grid("metadata", heads, _by_column(_metadata_rows(dataset.metadata)))
    if dataset.structure:
        heads, rows = _codes(dataset.structure)
        yield _grid("codes", heads, _by_column(rows))
    yield _grid("tables", ("code", "observations", "source", "columns"), _by_column(_tables(dataset)))
    if odd := list(_not_kept(dataset)):
        yield _grid("as_written", ("row", "column", "text"), _by_column(odd))
    yield _grid("about", (OURS, ""), _by_column(_about(dataset)))


def _refuse_what_does_not_fit(dataset: Dataset) -> None:
    columns, blocks = csv.tidy(dataset) if dataset.tables else ((), iter(()))
    too_much = Origin(dataset.tables[0].origin.file if dataset.tables else "-")
    if dataset.count() >= MAX_ROWS or len(columns) > MAX_COLUMNS:
        raise refuse("too-many-rows", too_much, rows=f"{dataset.count():,}", columns=len(columns))
    distinct = set(columns).union(*(set(cells) for block in blocks for cells in block))
    if any(_NOT_STORABLE.search(cell) for cell in distinct):
        place = csv.first_place(dataset, lambda cell: _NOT_STORABLE.search(cell) is not None)
        raise refuse("not-storable", place, what="a character that no workbook can hold")
    if any(map(_is_too_long, distinct)):
        raise refuse(
            "not-storable", csv.first_place(dataset, _is_too_long), what=f"more than {MAX_LETTERS} letters"
        )
    for indicator, *cells in _metadata_rows(dataset.metadata):
        if any(_NOT_STORABLE.search(cell) or _is_too_long(cell) for cell in (indicator, *cells)):
            place = Origin(f"metadata of {indicator}", column=cells[0])
            raise refuse("not-storable", place, what="a character or a name that no workbook can hold")


def _is_too_long(cell: str) -> bool:
    return len(cell) > MAX_LETTERS // 2 and len(cell.encode("utf-16-le", "surrogatepass")) // 2 > MAX_LETTERS


def _not_kept(dataset: Dataset) -> Iterator[_Row]:
    """(row, column, text) of each number whose text a spreadsheet does not keep."""
    if not dataset.tables:
        return
    columns, blocks = csv.tidy(dataset)
    first = 2
    for block in blocks:
        for name, cells in zip(columns, block, strict=True):
            if name in NUMERIC:
                odd = {text for text in set(cells) if _is_number(text) and shortest(_stored(text)) != text}
                yield from ((str(row), name, text) for row, text in enumerate(cells, first) if text in odd)
        first += len(block[0])


def _is_number(text: str) -> bool:
    return _NUMBER.fullmatch(text) is not None and not math.isinf(float(text))


def _stored(text: str) -> float:
    """The number that a workbook keeps: 16 digits of it."""
    return float(f"{float(text):.16G}")


def _pattern(text: str) -> str:
    """How to show a number so that its last zeros are seen; "" where a spreadsheet shows it so by itself."""
    decimals = text.partition(".")[2]
    return (
        f"0.{'0' * len(decimals)}"
        if decimals.isdecimal() and decimals[-1] == "0" and len(decimals) < 16
        else ""
    )


def _tables(dataset: Dataset) -> Iterator[_Row]:
    for table in dataset.tables:
        source = ", ".join(filter(None, (table.origin.file, table.origin.sheet)))
        code, source = (_NOT_STORABLE.sub("\ufffd", text) for text in (table.code, source))  # names of files
        yield code, str(len(table.rows)), source, *table.concepts()


def _codes(structure: Structure) -> tuple[tuple[str, ...], list[_Row]]:
    """Each code of each list, with its name in every language there is."""
    lists = structure.code_lists.items()
    names = [name for _, codes in lists for name in codes.codes.values()]
    languages = tuple(dict.fromkeys(language for name in names for language in name))
    rows = [
        (concept, codes.id, code, *(name.get(language, "") for language in languages))
        for concept, codes in lists
        for code, name in codes.codes.items()
    ]
    return ("concept", "code list", "code", *languages), rows


def _about(dataset: Dataset) -> Iterator[_Row]:
    yield "tables", str(len(dataset.tables))
    yield "observations", str(dataset.count())
    yield "languages", " ".join(dataset.languages)
    yield from _ABOUT


# Sheets: the library makes the frame, the cells are filled in by column, which takes a fifth of its time


class _Grid(NamedTuple):
    """A sheet to write: name, header, and cells as blocks of columns, of which some hold numbers."""

    name: str
    heads: Sequence[str]
    blocks: Sequence[csv.Block]
    length: int
    numeric: frozenset[int]
    patterns: tuple[str, ...]


def _grid(name: str, heads: Sequence[str], blocks: Sequence[csv.Block], numeric: Iterable[int] = ()) -> _Grid:
    length = sum(len(block[0]) for block in blocks)
    if length >= MAX_ROWS:
        raise refuse("too-many-rows", Origin(name), rows=f"{length:,}", columns=len(heads))
    numbers = {text for block in blocks for n in numeric for text in set(block[n]) if _is_number(text)}
    patterns = tuple(sorted({_pattern(text) for text in numbers} - {""}))
    return _Grid(name, heads, blocks, length, frozenset(numeric), patterns)


def _by_column(rows: Iterable[_Row]) -> list[csv.Block]:
    columns = list(zip_longest(*rows, fillvalue="")) if (rows := list(rows)) else []
    return [list(columns)] if columns else []


def _frame(grids: Sequence[_Grid]) -> io.BytesIO:
    """A workbook with the header of every sheet and, below it, a zero in each format of numbers."""
    frame = io.BytesIO()
    with xlsxwriter.Workbook(frame, {"strings_to_formulas": False, "strings_to_urls": False}) as workbook:
        workbook.set_properties({"created": datetime.datetime(2000, 1, 1), "comments": OURS})
        bold = workbook.add_format({"bold": True})
        formats = {p: workbook.add_format({"num_format": p}) for grid in grids for p in grid.patterns}
        for grid in grids:
            sheet = workbook.add_worksheet(grid.name)
            for n, head in enumerate(grid.heads):
                sheet.write_string(0, n, head, bold)
                seen = grid.blocks[0][n][:200] if grid.blocks and n < len(grid.blocks[0]) else ()
                sheet.set_column(n, n, min(max(len(head) + 2, 6, *map(len, seen)), 40) + 2)
            for line, pattern in enumerate(grid.patterns, 1):
                sheet.write_number(line, 0, 0, formats[pattern])
            sheet.freeze_panes(1, 0)
            sheet.autofilter(0, 0, grid.length, len(grid.heads) - 1)
    return frame


_TEXTS = "xl/sharedStrings.xml"
_SAMPLE = re.compile(rb'<c r="A[0-9]+" s="([0-9]+)"><v>0</v></c>')
_DIMENSION = re.compile(rb'<dimension ref="[^"]*"/>')
_COUNTS = re.compile(rb' count="[0-9]+" uniqueCount="[0-9]+"')
_SINCE = (1980, 1, 1, 0, 0, 0)
_ROWS_AT_ONCE = 1000


def _fill(frame: io.BytesIO, grids: Sequence[_Grid], path: Path) -> None:
    """Write the workbook with all cells: numbers in numeric columns, else references to a table of texts."""
    parts = {f"xl/worksheets/sheet{n}.xml": grid for n, grid in enumerate(grids, 1)}
    with zipfile.ZipFile(frame) as given, zipfile.ZipFile(path, "w") as archive:
        shared = given.read(_TEXTS)
        texts: dict[str, int] = {}
        known = shared.count(b"<si>")
        for part in filter(_TEXTS.__ne__, given.namelist()):
            with archive.open(_member(part), "w", force_zip64=True) as out:
                if part in parts:
                    out.writelines(_sheet_with_cells(given.read(part), parts[part], texts, known))
                else:
                    out.write(given.read(part))
        with archive.open(_member(_TEXTS), "w", force_zip64=True) as out:
            total = f' count="{known + len(texts)}" uniqueCount="{known + len(texts)}"'.encode()
            out.write(_COUNTS.sub(total, shared.removesuffix(b"</sst>"), count=1))
            out.writelines(_text_xml(text).encode() for text in texts)
            out.write(b"</sst>")


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, _SINCE)
    member.compress_type = zipfile.ZIP_DEFLATED
    return member


def _sheet_with_cells(frame: bytes, grid: _Grid, texts: dict[str, int], known: int) -> Iterator[bytes]:
    """The sheet of the frame with its rows; texts new to the table get the next numbers after the known."""
    width = max(len(grid.heads), *(len(block) for block in grid.blocks), 1)
    letters = [xl_col_to_name(n) for n in range(width)]
    end_of_header = frame.index(b"</row>") + len(b"</row>")
    dimension = f'<dimension ref="A1:{letters[-1]}{grid.length + 1}"/>'.encode()
    yield _DIMENSION.sub(dimension, frame[:end_of_header], count=1)
    styles = dict(zip(grid.patterns, map(int, _SAMPLE.findall(frame, end_of_header)), strict=True))
    first = 2
    for block in grid.blocks:
        columns = []
        for n, cells in enumerate(block):
            distinct = dict.fromkeys(cells)
            made = {cell: _cell_xml(cell, n in grid.numeric, styles, texts, known) for cell in distinct}
            columns.append([made[cell] for cell in cells])
        rows = enumerate(zip(*columns, strict=True), first)
        while some := list(islice(rows, _ROWS_AT_ONCE)):
            yield "".join([_row_xml(number, letters, cells) for number, cells in some]).encode()
        first += len(block[0])
    yield frame[frame.index(b"</sheetData>") :]


def _row_xml(number: int, letters: Sequence[str], cells: Sequence[str]) -> str:
    filled = [f'<c r="{letter}{number}"{cell}' for letter, cell in zip(letters, cells, strict=False) if cell]
    return f'<row r="{number}">{"".join(filled)}</row>'


def _cell_xml(
    cell: str, may_be_number: bool, styles: Mapping[str, int], texts: dict[str, int], known: int
) -> str:
    """A cell of a sheet after its address; "" for a blank one."""
    if not cell:
        return ""
    if may_be_number and _is_number(cell):
        style = f' s="{styles[pattern]}"' if (pattern := _pattern(cell)) else ""
        return f"{style}><v>{float(cell):.16G}</v></c>"
    return f' t="s"><v>{texts.setdefault(cell, known + len(texts))}</v></c>'


# Characters that XML cannot hold become _xHHHH_; what looks so already is marked (ECMA-376, ST_Xstring).
_LOOKS_ESCAPED = re.compile("(?=_x[0-9A-Fa-f]{4}_)")
_CONTROL = re.compile("[\x01-\x08\x0b-\x1f]")


def _text_xml(text: str) -> str:
    text = _LOOKS_ESCAPED.sub("_x005F", text)
    text = _CONTROL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)
    return f'<si><t xml:space="preserve">{html.escape(text, quote=False)}</t></si>'
