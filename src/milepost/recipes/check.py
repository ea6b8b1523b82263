"""A file or folder becomes the list of its faults."""

import datetime
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from milepost import catalogue, checks, interchange
from milepost.errors import MilepostError
from milepost.values import Problem, Table


def check(source: Path, *, from_: str | None = None, today: datetime.date | None = None) -> list[Problem]:
    """Every fault of a file or folder; that it cannot be read is one, too, and no error.

    A file of IATI is known by its content, whatever its name, and judged as the standard says.
    """
    if from_ is None and interchange.is_iati(source):
        return interchange.check_iati(source, today=today)
    try:
        dataset = interchange.read(source, from_)
    except MilepostError as error:
        return list(error.problems)
    problems = list(dataset.problems)
    for table in dataset.tables:
        problems += faults_of(table, today=today)
    return problems + checks.folder(dataset.tables)


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
    definitions = {series: catalogue.by_series(series) for series in {row[column] for row in table.rows}}
    rows_of: dict[str | None, list[int]] = {}
    for position, row in enumerate(table.rows):
        found = definitions[row[column]]
        rows_of.setdefault(found.code if found else None, []).append(position)
    for code, positions in rows_of.items():
        rows = [table.rows[position] for position in positions]
        lines = [table.line(position) for position in positions]
        yield (
            Table(table.code, table.columns, rows, table.origin, lines),
            definition_of(code) if code else None,
        )


@lru_cache(maxsize=4096)
def definition_of(code: str) -> catalogue.Indicator | None:
    """The definition that ships for an indicator such as "10-7-2", or None."""
    try:
        return catalogue.indicator(code)
    except MilepostError:
        return None
