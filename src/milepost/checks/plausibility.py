"""Values against the definition of the indicator, and against what a count and a series can be."""

import re

from milepost.catalogue import Range
from milepost.checks import words
from milepost.checks.sheet import Sheet
from milepost.values import Problem

JUMP = 100
"""A value so many times its neighbours is looked at, where the neighbours agree with each other."""
AGREE = 3
"""Neighbours agree if neither is more than so many times the other."""

MIGRATION_POLICY = "10.7.2"


def definition(sheet: Sheet) -> list[Problem]:
    """Values that are no class of the definition, leave its limits, or its plausible range.

    Limits hold in the definition's unit; rows that name another one are not held against them.
    """
    indicator = sheet.indicator
    if indicator is None or sheet.value is None:
        return []
    column = sheet.index("series")
    problems = []
    for series, rows in sheet.groups([column] if column is not None else []).items():
        name = series or None  # without such a column the key is ()
        limits, plausible, codes = indicator.bounds(name)
        if codes:
            code = "not-a-class-10-7-2" if indicator.code == MIGRATION_POLICY else "not-a-class"
            wrong = [p for p in rows if (value := sheet.values[p]) is not None and value not in codes]
            classes = ", ".join(f"{value:g}" for value in codes)
            problems += _found(sheet, code, wrong, indicator=indicator.code, classes=classes)
            continue
        unit = indicator.unit_of(name)
        meant = {text for text in sheet.kinds_of_unit if _is_unit(text, unit.code)}
        in_unit = [p for p in rows if sheet.units[p] in meant]
        outside = _outside(sheet, in_unit, limits)
        odd = [p for p in _outside(sheet, in_unit, plausible) if p not in set(outside)]
        for code, positions, bounds in (("outside-limits", outside, limits), ("implausible", odd, plausible)):
            details = {"indicator": indicator.code, "unit": unit.code, "bounds": _words(bounds)}
            problems += _found(sheet, code, positions, **details)
    return problems


def _outside(sheet: Sheet, rows: list[int], bounds: Range) -> list[int]:
    return [p for p in rows if (value := sheet.values[p]) is not None and not bounds.holds(value)]


def _words(bounds: Range) -> str:
    low, high = bounds.minimum, bounds.maximum
    if low is not None and high is not None:
        return f"{low:g} … {high:g}"
    return f"≥ {low:g}" if low is not None else f"≤ {high:g}" if high is not None else ""


def _is_unit(text: str, code: str) -> bool:
    """Whether a unit, as a table says it, can be that of the definition: same kind, per the same number."""
    if not text:
        return True
    kinds = {words.kind_of_unit(unit) for unit in (text, code)}
    if len(kinds) > 1 and kinds != {"count", "number"}:
        return False
    digits = [re.sub(r"\D", "", unit) for unit in (text, code)]
    return not all(digits) or digits[0] == digits[1]


def negative_counts(sheet: Sheet) -> list[Problem]:
    """Counts of people or things below 0, where the unit says that they are counted."""
    counted = {unit for unit, kind in sheet.kinds_of_unit.items() if kind in ("count", "number")}
    if not counted:
        return []
    negative = [p for p, value in enumerate(sheet.values) if value is not None and value < 0]
    return _found(sheet, "negative-count", [p for p in negative if sheet.units[p] in counted])


def jumps(sheet: Sheet) -> list[Problem]:
    """Values a hundred times above or below their neighbours in the series, which agree with each other.

    Such a value is mostly in another unit, or has lost its decimal point.
    """
    if sheet.time is None or sheet.value is None:
        return []
    years = sheet.years()
    others = [column for column in sheet.varied if column != sheet.time]
    positive = [p for p, value in enumerate(sheet.values) if value is not None and value > 0]
    found: list[int] = []
    for rows in sheet.groups(others, positive).values():
        if len(rows) < 3:
            continue
        values = [sheet.values[p] or 0.0 for p in rows]
        if max(values) < JUMP * min(values):
            continue
        in_order = sorted((years[p], p) for p in rows if years[p] is not None)
        if len({year for year, _ in in_order}) == len(in_order):
            found += _spikes([p for _, p in in_order], sheet)
    return _found(sheet, "jump", sorted(found), factor=JUMP)


def _spikes(rows: list[int], sheet: Sheet) -> list[int]:
    values = [sheet.values[p] or 0.0 for p in rows]
    last = len(values) - 1
    spikes = []
    for i, value in enumerate(values):
        first, second = (i - 1, i + 1) if 0 < i < last else (1, 2) if i == 0 else (last - 1, last - 2)
        if first < 0 or second < 0 or max(first, second) > last:
            continue
        low, high = sorted((values[first], values[second]))
        if high <= AGREE * low and (value >= JUMP * high or value * JUMP <= low):
            spikes.append(rows[i])
    return spikes


def _found(sheet: Sheet, code: str, positions: list[int], **details: object) -> list[Problem]:
    return [sheet.problem(code, positions, sheet.value, **details)] if positions else []
