"""What one takes along from a delivery: the list of its faults, and a copy in which they are marked."""

import csv
import io
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from milepost.errors import KINDS
from milepost.interchange import marked
from milepost.interchange.csv import shielded
from milepost.recipes import incoming
from milepost.recipes.incoming import Reading
from milepost.reports import sentences
from milepost.values import Origin, Problem, Table
from milepost.web.intake import queries, reading
from milepost.web.intake.models import Delivery, Row

READING = gettext_noop("Reading the file")
COLLECTING = gettext_noop("Collecting the faults")
WRITING = gettext_noop("Writing the workbook")
"""What a job says while it works."""

Say = Callable[[str, int, int], Any]


def _silent(_step: str, _done: int = 0, _total: int = 0) -> None:
    """Say nothing of how far it is."""


def marked_copy(delivery: Delivery, language: str, say: Say = _silent) -> bytes:
    """The delivery as a workbook in which every fault is coloured and commented, to be mended and sent again.

    Cells stand as they came, apart from those that were mended here meanwhile.
    """
    with incoming.many_rows():
        return _marked(delivery, language, say)


def _marked(delivery: Delivery, language: str, say: Say) -> bytes:
    say(READING, 0, 0)
    tables = _as_they_came(delivery)
    how = queries.reading_used(delivery, tables) if delivery.file else Reading()
    places = dict(enumerate(incoming.places(tables, how), 1))
    tables = _mended(delivery, tables, how, places)
    marks = []
    faulty = queries.faulty(delivery)
    total = faulty.count()
    for row, problem in queries.faults_of_rows(faulty):
        say(COLLECTING, len(marks), total)
        if row.number in places:
            table, position, year = places[row.number]
            column = _header(how, tables[table], problem.origin.column, year)
            marks.append(marked.Mark(table, position, column, _words(problem, language, row)))
    say(WRITING, 0, 0)
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


def _mended(
    delivery: Delivery, tables: list[Table], how: Reading, places: Mapping[int, tuple[int, int, str]]
) -> list[Table]:
    """The tables with the cells that people have changed by hand."""
    rows = [list(table.rows) for table in tables]
    for row in queries.mended(delivery):
        if row.number in places:
            table, position, year = places[row.number]
            rows[table][position] = _with_edits(tables[table].columns, rows[table][position], row, how, year)
    return [replace(table, rows=mended) for table, mended in zip(tables, rows, strict=True)]


def _with_edits(
    headers: Iterable[str], texts: Iterable[str], row: Row, how: Reading, year: str
) -> tuple[str, ...]:
    """A row with what was changed: each cell that was read as something else than it is now."""
    before, now = row.as_it_came or {}, row.cells

    def name_of(header: str) -> str:
        name = how.columns.get(header, "")
        if name == incoming.ACROSS:
            return incoming.VALUE if header == year else ""
        return name

    return tuple(
        now.get(name, "") if (name := name_of(header)) and before.get(name) != now.get(name) else text
        for header, text in zip(headers, texts, strict=True)
    )


def _header(how: Reading, table: Table, column: str | None, year: str) -> str | None:
    """The header of a fault's cell, which names a header, or after mending by hand a concept."""
    if column is None or column in table.columns:
        return column
    if year and column in (incoming.PERIOD, incoming.VALUE):
        return year
    if column in how.columns.values():
        return next(header for header, name in how.columns.items() if name == column)
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
