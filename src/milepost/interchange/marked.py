"""A copy of somebody's tables as a workbook in which every fault is marked where it stands.

Cells stay as they came, under their own headers and on their own rows as far as a sheet has them, so that the
mended copy is read like the original: colours and comments are no content, and the list of faults in front
has one column only, which no reader takes for a table. Text never becomes a formula.
"""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice, pairwise
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.utility import quote_sheetname, xl_rowcol_to_cell

from milepost.errors import refuse
from milepost.interchange import aside
from milepost.interchange.excel import MAX_COLUMNS, MAX_LETTERS, MAX_ROWS, shortest
from milepost.values import Origin, Table

LIST = "Milepost"
"""The sheet with the list of faults."""
MOST_COMMENTS = 10_000
"""More comments than these make a workbook that nobody can open; all faults stand in the list."""

MOST_LINKS = 60_000
"""A sheet has no more."""

_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_NUMBER = re.compile(r"-?(0|[1-9]\d{0,14})(\.\d{1,15})?", re.ASCII)


class Mark(NamedTuple):
    """What is wrong with a cell: the table and the row by their positions, the header, and the words.

    Without header the whole row is meant, without row only the list says it.
    """

    table: int
    row: int | None
    column: str | None
    words: str


def write(tables: Sequence[Table], marks: Sequence[Mark], path: Path | str, heading: Sequence[str]) -> None:
    """Write the tables with the marked cells; the first sheet has the heading's lines and the marks' words.

    MilepostError where a table does not fit into a sheet or the place cannot be written.
    """
    for table in tables:
        if len(table.columns) > MAX_COLUMNS or len(table.rows) >= MAX_ROWS:
            details = {"rows": len(table.rows), "columns": len(table.columns)}
            raise refuse("too-many-rows", table.origin, **details)
    grids = [_grid(table, name) for table, name in zip(tables, _names(tables), strict=True)]
    with aside.file(path) as temporary:
        try:
            _write(grids, marks, temporary, heading)
        except XlsxWriterException as error:
            raise refuse("cannot-write", Origin(str(path)), why=str(error)) from error


def _names(tables: Iterable[Table]) -> list[str]:
    """A name for each sheet: the table's own sheet, else what it is about; at most 31 letters, none twice."""
    taken = {LIST.lower()}
    names = []
    for number, table in enumerate(tables, 1):
        plain = _FORBIDDEN.sub(" ", table.origin.sheet or table.code).strip(" '")[:31] or f"Table {number}"
        name, count = plain, 2
        while name.lower() in taken or name.lower() == "history":  # which Excel keeps for itself
            name, count = f"{plain[:27]} {count}", count + 1
        taken.add(name.lower())
        names.append(name)
    return names


class _Grid(NamedTuple):
    """A table as it goes into its sheet: the row (from 0) of the header, and those of its rows."""

    table: Table
    name: str
    header: int
    lines: Sequence[int]

    def column(self, header: str | None) -> int:
        """Where a header stands; a fault of the whole row is shown in the first column."""
        return self.table.columns.index(header) if header in self.table.columns else 0


def _grid(table: Table, name: str) -> _Grid:
    """Rows stand where they stood, if a sheet has such rows and they are not far apart; else one by one."""
    lines = table.lines or range(2, len(table.rows) + 2)
    near = bool(lines) and lines[0] > 1 and lines[-1] <= 2 * len(lines) + 1000
    if near and all(one < other for one, other in pairwise(lines)):
        return _Grid(table, name, lines[0] - 2, [line - 1 for line in lines])
    return _Grid(table, name, 0, range(1, len(table.rows) + 1))


def _write(grids: Sequence[_Grid], marks: Sequence[Mark], path: Path, heading: Sequence[str]) -> None:
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        _list(workbook, grids, marks, heading)
        comments_left = MOST_COMMENTS
        for number, grid in enumerate(grids):
            here: dict[tuple[int, int], list[str]] = defaultdict(list)
            for mark in marks:
                if mark.table == number and mark.row is not None:
                    here[mark.row, grid.column(mark.column)].append(mark.words)
            sheet = _sheet(workbook, grid, here)
            _comments(sheet, grid, dict(islice(here.items(), comments_left)))
            comments_left -= min(len(here), comments_left)


def _list(workbook: Any, grids: Sequence[_Grid], marks: Sequence[Mark], heading: Sequence[str]) -> None:
    """The list of faults in one column, each a link to its cell."""
    wrapped = {"text_wrap": True, "valign": "top"}
    plain = workbook.add_format(wrapped)
    linked = workbook.add_format({**wrapped, "font_color": "#0B5A73", "underline": 1})
    sheet = workbook.add_worksheet(LIST)
    sheet.set_column(0, 0, 110)
    for row, words in enumerate(heading):
        sheet.write_string(
            row, 0, _storable(words), workbook.add_format({"bold": True}) if not row else plain
        )
    for row, mark in enumerate(marks[: MAX_ROWS - len(heading)], len(heading)):
        words = _storable(mark.words)
        if mark.row is None or row >= MOST_LINKS:
            sheet.write_string(row, 0, words, plain)
        else:
            grid = grids[mark.table]
            cell = xl_rowcol_to_cell(grid.lines[mark.row], grid.column(mark.column))
            sheet.write_url(row, 0, f"internal:{quote_sheetname(grid.name)}!{cell}", linked, words)


def _sheet(workbook: Any, grid: _Grid, marked: Collection[tuple[int, int]]) -> Any:
    """One table, the cells that are marked in another colour."""
    bold = workbook.add_format({"bold": True, "bottom": 1})
    wrong = workbook.add_format({"bg_color": "#FCE4D6", "left": 5, "left_color": "#B4470F"})
    sheet = workbook.add_worksheet(grid.name)
    sheet.set_column(0, max(len(grid.table.columns) - 1, 0), 16)
    sheet.freeze_panes(grid.header + 1, 0)
    for column, text in enumerate(grid.table.columns):
        sheet.write_string(grid.header, column, _storable(text), bold)
    for position, (line, row) in enumerate(zip(grid.lines, grid.table.rows, strict=True)):
        for column, text in enumerate(row):
            form = wrong if (position, column) in marked else None
            if _is_number(text):
                sheet.write_number(line, column, float(text), form)
            elif text:
                sheet.write_string(line, column, _storable(text), form)
            elif form:
                sheet.write_blank(line, column, None, form)
    return sheet


def _comments(sheet: Any, grid: _Grid, marks: Mapping[tuple[int, int], Sequence[str]]) -> None:
    """What is wrong with a cell and how to mend it, at the cell."""
    for (position, column), words in marks.items():
        comment = _storable("\n\n".join(words))[:1500]
        size = {"author": LIST, "width": 320, "height": 40 + 18 * (len(comment) // 45 + len(words))}
        sheet.write_comment(grid.lines[position], column, comment, size)


def _is_number(text: str) -> bool:
    """Whether a text is a number that a spreadsheet gives back as it stands."""
    return bool(_NUMBER.fullmatch(text)) and shortest(float(text)) == text


def _storable(text: str) -> str:
    """The text without signs that a workbook cannot hold, and not longer than a cell."""
    return _INVALID.sub("\ufffd", text)[:MAX_LETTERS]
