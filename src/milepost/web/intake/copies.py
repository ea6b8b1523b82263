"""What one takes along from a delivery: the list of its faults, and a copy in which they are marked."""

import csv
import io
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import override

from milepost.errors import KINDS
from milepost.interchange import marked
from milepost.interchange.csv import shielded
from milepost.recipes import incoming
from milepost.reports import sentences
from milepost.values import Origin, Problem, Table
from milepost.web.intake import queries, reading
from milepost.web.intake.models import Delivery, Row


def marked_copy(delivery: Delivery, language: str) -> bytes:
    """The delivery as a workbook in which every fault is coloured and commented, to be mended and sent again.

    Cells stand as they came, apart from those that were mended here meanwhile.
    """
    tables = _mended(delivery, _as_they_came(delivery))
    places = _places(tables)
    marks = []
    for row, problem in queries.faults_of_rows(queries.faulty(delivery)):
        if row.number in places:
            table, position = places[row.number]
            column = _header(delivery, tables[table], problem.origin.column)
            marks.append(marked.Mark(table, position, column, _words(problem, language, row)))
    of_file = [_words(problem, language) for problem in queries.faults_of_file(delivery)]
    with tempfile.TemporaryDirectory(prefix="milepost-") as folder, override(language):
        path = Path(folder) / "marked.xlsx"
        heading = [_("Faults of {name}").format(name=delivery), *of_file]
        if not marks and not of_file:
            heading.append(_("There is nothing to mend."))
        marked.write(tables, marks, path, heading)
        return path.read_bytes()


def name_of_copy(delivery: Delivery) -> str:
    """The name of the marked copy: as the original's, because a name can say what the figures are about."""
    return f"{Path(str(delivery)).stem}.xlsx"


def _as_they_came(delivery: Delivery) -> list[Table]:
    if delivery.file is None:
        return [reading.form(delivery)]
    return list(reading.read(delivery).tables)


def _places(tables: list[Table]) -> dict[int, tuple[int, int]]:
    """{number of a row: (table, position)}: rows are numbered over all tables."""
    every = ((table, position) for table, found in enumerate(tables) for position in range(len(found.rows)))
    return dict(enumerate(every, 1))


def _mended(delivery: Delivery, tables: list[Table]) -> list[Table]:
    """The tables with the cells that people have changed in the grid."""
    edited = {row.number: row for row in queries.rows(delivery).exclude(edited_by=None)}
    if not edited or delivery.file is None:
        return tables
    how, _unknown = queries.reading(delivery)
    read = incoming.read_rows(
        tables,
        how,
        indicators=queries.indicator_codes(delivery.country),
        country_m49=delivery.country.m49,
        today=queries.today(),
    )
    rows = [list(table.rows) for table in tables]
    for number, (table, position) in _places(tables).items():
        if number in edited:
            before, now = read[number - 1].cells, edited[number].cells
            rows[table][position] = _with_edits(tables[table], position, how.columns, (before, now))
    return [replace(table, rows=mended) for table, mended in zip(tables, rows, strict=True)]


def _with_edits(
    table: Table,
    position: int,
    columns: Mapping[str, str],
    cells: tuple[Mapping[str, str], Mapping[str, str]],
) -> tuple[str, ...]:
    """A row with what was changed: each cell that was read as something else than it is now."""
    before, now = cells
    return tuple(
        now.get(name, "") if (name := columns.get(header, "")) and before.get(name) != now.get(name) else text
        for header, text in zip(table.columns, table.rows[position], strict=True)
    )


def _header(delivery: Delivery, table: Table, column: str | None) -> str | None:
    """The header of a fault's cell, which names a header, or after mending in the grid a concept."""
    if column is None or column in table.columns:
        return column
    columns = delivery.mapping.columns if delivery.mapping else {}
    if column in columns.values():
        return next(header for header, name in columns.items() if name == column)
    found = table.index(column)
    return table.columns[found] if found is not None else None


def _words(problem: Problem, language: str, row: Row | None = None) -> str:
    """What is wrong and how to mend it, with its place where a row is not marked."""
    what, remedy = sentences.fault(problem, language)
    place = ""
    if row is not None and row.line:
        place = f"{row.sheet}, {row.line}: " if row.sheet else f"{row.line}: "
    return f"{place}{what} {remedy}"


def faults_csv(delivery: Delivery, language: str) -> Iterator[str]:
    """Every fault as a line of CSV: sheet, row, column, gravity, what, how to mend it."""
    yield "\ufeff"
    yield _line("sheet", "row", "column", "gravity", "code", "what", "remedy")
    for problem in queries.faults_of_file(delivery):
        yield _fault_line(problem, problem.origin, language)
    for row, problem in queries.faults_of_rows(queries.faulty(delivery)):
        place = Origin("", row.sheet or None, row.line or row.number, problem.origin.column)
        yield _fault_line(problem, place, language)


def _fault_line(problem: Problem, place: Origin, language: str) -> str:
    what, remedy = sentences.fault(problem, language)
    gravity = KINDS[problem.code].gravity
    row = "" if place.row is None else str(place.row)
    return _line(place.sheet or "", row, place.column or "", gravity, problem.code, what, remedy)


def _line(*cells: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerow([shielded(cell) for cell in cells])
    return out.getvalue()
