"""Several tables: the same indicator, or the same SDMX series, in more than one of them."""

from collections.abc import Iterable, Sequence

from milepost.checks.sheet import number
from milepost.values import Origin, Problem, Table
from milepost.values.concepts import ATTRIBUTES, MEASURE, TOTAL

_NOT_IN_KEY = (frozenset(ATTRIBUTES) | {MEASURE}) - {"unit_measure"}
SHOWN = 5


def twice(tables: Sequence[Table]) -> list[Problem]:
    """Indicators and series that several files give, and where these say different things.

    Which of them a reader shows then depends on the order in which the files are read.
    """
    by_code: dict[str, list[Table]] = {}
    by_series: dict[str, list[Table]] = {}
    for table in tables:
        by_code.setdefault(table.code, []).append(table)
        for series in _series_codes(table):
            by_series.setdefault(series, []).append(table)
    problems = []
    for code, found in by_code.items():
        if len(found) > 1:
            problems.append(_twice(code, found))
            problems += _differences(code, found, None)
    for series, found in sorted(by_series.items()):
        if len({table.code for table in found}) > 1:
            problems += _differences(series, found, series)
    return problems


def _series_codes(table: Table) -> set[str]:
    """The SDMX series in a table; in Open SDG's layout "Series" holds words that many files share."""
    column = table.index("series")
    if column is None or "Year" in table.columns:
        return set()
    return {row[column] for row in table.rows} - {""}


def _twice(code: str, tables: list[Table]) -> Problem:
    files = ", ".join(f"{_place(table)} ({len(table.rows)} rows)" for table in tables)
    return Problem(
        "indicator-twice", tables[1].origin, {"indicator": code, "count": len(tables), "files": files}
    )


def _differences(name: str, tables: list[Table], series: str | None) -> list[Problem]:
    """One fault for an indicator or series whose files give different values for the same key."""
    seen: dict[frozenset, tuple[str, Table, int]] = {}
    different: list[tuple[Origin, str]] = []
    for table in tables:
        for position, key, value in _observations(table, series):
            before, other, where = seen.setdefault(key, (value, table, position))
            if other is not table and not _same(before, value):
                about = ", ".join(f"{concept} {cell}" for concept, cell in sorted(key))
                here, there = table.place(position), other.place(where)
                different.append((here, f"{about}: {before} ({there}), {value} ({here})"))
    if not different:
        return []
    examples = "; ".join(text for _, text in different[:SHOWN])
    details = {"name": name, "count": len(different), "examples": examples}
    return [Problem("files-conflict", different[0][0], details)]


def _observations(table: Table, series: str | None) -> Iterable[tuple[int, frozenset, str]]:
    """(row, {(concept, cell)} without totals, value) of every row that has a value, of one series or all."""
    names = table.concepts()
    value, of = table.index(MEASURE), table.index("series")
    if value is None:
        return
    for position, row in enumerate(table.rows):
        if row[value].strip() and (series is None or (of is not None and row[of] == series)):
            pairs = zip(names, row, strict=True)
            key = frozenset(
                (n, cell) for n, cell in pairs if n not in _NOT_IN_KEY and cell not in ("", TOTAL)
            )
            yield position, key, row[value].strip()


def _same(first: str, second: str) -> bool:
    numbers = number(first), number(second)
    return first == second if None in numbers else numbers[0] == numbers[1]


def _place(table: Table) -> str:
    return f"{table.origin.file}, sheet {table.origin.sheet}" if table.origin.sheet else table.origin.file
