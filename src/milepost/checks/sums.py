"""Parts and totals: what is counted by category has to add up, or somebody has to say why not."""

import math
import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from itertools import pairwise
from typing import NamedTuple

from milepost.checks import words
from milepost.checks.sheet import Sheet
from milepost.values import Problem

EXACT_BELOW = 1000
"""Whole numbers below this have to add up exactly; larger ones within the rounding of each."""
NEAR = (0.5, 1.5)
"""Where no group of a column adds up, a sum this near to the total is still meant to be one."""

_AGES = re.compile(
    r"(?P<first>\d{1,3})\s*[-–—]\s*(?P<last>\d{1,3})( years?( old)?| лет| года?)?"
    r"|(?P<over>\d{1,3})( years?| лет)?\s*(\+|and (over|older|above|more)|or (more|over|older)|и старше|"
    r"und (mehr|älter|darüber)|et plus|ou plus|y más)( years?| лет)?"
    r"|(under|до) (?P<under>\d{1,3})( years?| лет)?"
    r"|(?P<single>\d{1,3})( years?( old)?| лет| года?)?"
    r"|y(?P<y_first>\d+)t(?P<y_last>\d+)|y_ge(?P<y_over>\d+)|y(?P<y_single>\d+)"
)


class Sum(NamedTuple):
    """One reported total and the parts that stand beside it."""

    total: int
    parts: tuple[int, ...]
    sum: float
    tolerance: float
    adds_up: bool


def parts_and_totals(sheet: Sheet) -> list[Problem]:
    """For each category column: where the parts do not add up to the reported total. Both are kept.

    Only what is counted is added. Where the unit does not say so, the figures do: an average or a share of
    the whole never exceeds all of its parts.
    """
    if sheet.value is None or not set(sheet.kinds_of_unit.values()) - {"share", "rate"}:
        return []
    problems = []
    for column in sheet.breakdowns:
        totals = {cell for cell in sheet.distinct[column] if sheet.is_total(cell)}
        parts = sheet.distinct[column] - totals
        if not totals or len(parts) < 2 or not _is_partition(parts):
            continue
        meant = [
            found
            for sums in _by_quantity(sheet, _sums(sheet, column, totals))
            if _is_meant(sheet, column, sums)
            for found in sums
        ]
        wrong = [found for found in meant if not found.adds_up]
        if wrong:
            problems.append(_problem(sheet, column, wrong, len(meant)))
    return problems


def _by_quantity(sheet: Sheet, sums: list[Sum]) -> list[list[Sum]]:
    """The sums of each series in each unit: what holds of one quantity need not hold of another."""
    series = sheet.index("series")
    found: dict[tuple[str, str], list[Sum]] = {}
    for one in sums:
        found.setdefault((sheet.cell(one.total, series), sheet.units[one.total]), []).append(one)
    return list(found.values())


def _sums(sheet: Sheet, column: int, totals: set[str]) -> list[Sum]:
    """Every total that is reported once, beside at least two parts, all of them numbers."""
    others = [i for i in sheet.varied if i != column and sheet.names[i].lower() != "geocode"]
    cells, by_sex = sheet.columns[column], _has_both_sexes(sheet.distinct[column])
    by_key: dict[object, tuple[list[int], list[int]]] = {}
    for position, key in enumerate(sheet.keys(others)):
        total, parts = by_key.setdefault(key, ([], []))
        (total if cells[position] in totals else parts).append(position)
    found = []
    for total, parts in by_key.values():
        if (
            len(total) != 1
            or len(parts) < 2
            or sheet.kinds_of_unit[sheet.units[total[0]]] in ("share", "rate")
        ):
            continue
        categories = {cells[p] for p in parts}
        if len(categories) != len(parts) or (by_sex and not _has_both_sexes(categories)):
            continue
        rows = (*total, *parts)
        numbers = [value for p in rows if (value := sheet.values[p]) is not None]
        if len(numbers) < len(rows) or min(numbers) < 0:
            continue
        tolerance = _tolerance([sheet.cell(p, sheet.value) for p in rows], numbers)
        added = math.fsum(numbers[1:])
        adds_up = abs(added - numbers[0]) <= tolerance + 1e-9 * numbers[0]
        found.append(Sum(total[0], tuple(parts), added, tolerance, adds_up))
    return found


def _is_meant(sheet: Sheet, column: int, sums: list[Sum]) -> bool:
    """Whether the column divides one counted quantity into parts: mostly it does add up, or nearly.

    Categories that overlap or leave some out are no partition, and then nothing has to add up.
    """
    if sheet.kinds_of_unit[sheet.units[sums[0].total]] != "count" and _is_average(sheet, sums):
        return False
    if _has_both_sexes(sheet.distinct[column]):
        return True
    adding = sum(1 for found in sums if found.adds_up and found.sum)
    if adding:
        return 2 * adding >= len(sums)
    return all(_near(sheet, found) for found in sums if not found.adds_up)


def _near(sheet: Sheet, found: Sum) -> bool:
    total = sheet.values[found.total] or 0.0
    return NEAR[0] * total <= found.sum <= NEAR[1] * total


def _is_average(sheet: Sheet, sums: list[Sum]) -> bool:
    """Whether the figures look like averages or shares: mostly the total does not exceed every part."""
    exceeding = sum(
        1 for s in sums if (sheet.values[s.total] or 0.0) > max(sheet.values[p] or 0.0 for p in s.parts)
    )
    return 2 * exceeding <= len(sums)


def _tolerance(cells: Sequence[str], numbers: Sequence[float]) -> float:
    """Half a unit of the last decimal of the total and of each part; whole numbers below 1,000 are exact."""
    if all(number.is_integer() for number in numbers):
        return 0.0 if numbers[0] < EXACT_BELOW else 0.5 * len(numbers)
    return sum(0.5 * 10.0 ** -len(cell.strip().partition(".")[2]) for cell in cells)


def _has_both_sexes(cells: AbstractSet[str]) -> bool:
    return any(map(words.is_female, cells)) and any(map(words.is_male, cells))


def _is_partition(parts: frozenset[str]) -> bool:
    """Whether the categories can be parts of one whole: age groups must not overlap."""
    spans = [_ages(cell) for cell in parts]
    known = sorted(span for span in spans if span is not None)
    if len(known) < 2:
        return True
    return len(known) == len(spans) and all(a[1] < b[0] for a, b in pairwise(known))


def _ages(cell: str) -> tuple[int, int] | None:
    """The first and last age of a group such as 0-14, 65+, "65 and over", Y15T24 or Y_GE65."""
    match = _AGES.fullmatch(cell.strip().lower())
    if not match:
        return None
    said = {name.removeprefix("y_"): int(text) for name, text in match.groupdict().items() if text}
    if "under" in said:
        return 0, said["under"] - 1
    first = said.get("first", said.get("over", said.get("single", 0)))
    return first, said.get("last", 999 if "over" in said else first)


def _problem(sheet: Sheet, column: int, wrong: list[Sum], groups: int) -> Problem:
    first = wrong[0]
    parts = [f"{sheet.cell(p, column).strip()} {sheet.cell(p, sheet.value).strip()}" for p in first.parts]
    shown = " + ".join(parts) if len(parts) <= 12 else " + ".join(parts[:12]) + f" + … ({len(parts)})"
    return sheet.problem(
        "parts-and-total",
        [found.total for found in wrong],
        sheet.value,
        breakdown=sheet.table.columns[column].strip(),
        groups=groups,
        key=sheet.about(first.total),
        total=sheet.cell(first.total, sheet.value).strip(),
        sum=f"{first.sum:.12g}",
        parts=shown,
        part_rows=[sheet.table.line(p) for p in first.parts],
        tolerance=f"{first.tolerance:g}",
    )
