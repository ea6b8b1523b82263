"""A file or folder becomes the list of its faults."""

import datetime
from collections.abc import Iterator
from operator import itemgetter
from pathlib import Path

from milepost import catalogue, checks, interchange
from milepost.errors import MilepostError
from milepost.values import Problem, Table


def check(source: Path, *, from_: str | None = None, today: datetime.date | None = None) -> list[Problem]:
    """Every fault of a file or folder, in the order of its rows; an unreadable file is a fault, not an error."""
    try:
        dataset = interchange.read(source, from_)
    except MilepostError as error:
        return list(error.problems)
    problems = list(dataset.problems)
    for table in dataset.tables:
        problems += faults_of(table, today=today)
    return problems


def faults_of(table: Table, *, today: datetime.date | None = None) -> list[Problem]:
    """The faults of one table, judged by the definition of the indicator it is about, where one ships."""
    today = today or datetime.datetime.now(tz=datetime.UTC).date()
    found = []
    for part, definition in parts(table):
        found += checks.table(part, definition, today=today)
    return found


def parts(table: Table) -> Iterator[tuple[Table, catalogue.Indicator | None]]:
    """The table with its definition; a table of several indicators' SDMX series is split by indicator."""
    definition = definition_of(table.code)
    column = table.index("series")
    if definition is not None or column is None:
        yield table, definition
        return
    series_of = list(map(itemgetter(column), table.rows))
    definitions = {series: catalogue.by_series(series) for series in dict.fromkeys(series_of)}
    by_code = {found.code if found else None: found for found in definitions.values()}
    if len(by_code) < 2:
        yield table, next(iter(by_code.values()), None)
        return
    for code, found in by_code.items():
        chosen = [n for n, s in enumerate(series_of) if (definitions[s].code if definitions[s] else None) == code]  # pyright: ignore[reportOptionalMemberAccess]
        rows = [table.rows[n] for n in chosen]
        yield Table(table.code, table.columns, rows, table.origin, [table.line(n) for n in chosen]), found


def definition_of(code: str) -> catalogue.Indicator | None:
    """The definition that ships for an indicator such as "10-7-2", or None."""
    return catalogue.known().get(code.replace("-", "."))
