"""Values to faults: plausibility, conflicts, sums, standards' rules."""

from collections.abc import Callable, Sequence
from datetime import date

from milepost.catalogue import Indicator
from milepost.checks import cells, files, keys, plausibility, shape, sums
from milepost.checks.sheet import Context, Sheet
from milepost.values import Problem, Table

__all__ = ["CHECKS", "Context", "folder", "table"]

CHECKS: dict[str, Callable[[Sheet], list[Problem]]] = {
    "columns": shape.columns,
    "spaces": shape.spaces,
    "spelled_totals": shape.spelled_totals,
    "shifted_cells": shape.shifted_cells,
    "years": cells.years,
    "numbers": cells.numbers,
    "statuses": cells.statuses,
    "conflicts": keys.conflicts,
    "units": keys.units,
    "definition": plausibility.definition,
    "negative_counts": plausibility.negative_counts,
    "jumps": plausibility.jumps,
    "sums": sums.parts_and_totals,
}
"""Every check of one table, in the order in which its faults are listed."""


def table(
    table: Table, indicator: Indicator | None = None, *, today: date, context: Context | None = None
) -> list[Problem]:
    """Every fault of one table, judged by the indicator's definition where there is one.

    Faults of one kind are one Problem with a count and the first rows; conflicting values are one for each
    key. Nothing is changed or left out: a person decides.
    """
    sheet = Sheet.of(table, indicator, today=today, context=context or Context())
    return [problem for check in CHECKS.values() for problem in check(sheet)]


def folder(tables: Sequence[Table]) -> list[Problem]:
    """Faults that only several tables show: the same indicator or series twice, with other values."""
    return files.twice(tables)
