"""What a row is about: the same key with different values, or twice; one series in two units."""

from collections import Counter

from milepost.checks.sheet import Sheet
from milepost.values import MISSING_STATUSES, Problem

QUOTED = 12
"""How many of the values for one key a conflict quotes."""


def conflicts(sheet: Sheet) -> list[Problem]:
    """Conflicting values for one key, one fault for each key; exact repeats, one for the table.

    The key is every column but the value, the attributes (the unit is no attribute here) and stray columns.
    Rows without a value and without a status that says why are placeholders: they conflict with nothing.
    """
    if sheet.value is None or len(sheet) < 2:
        return []
    keys = sheet.keys(sheet.varied)
    if len(set(keys)) == len(keys):
        return []
    shared = {key for key, count in Counter(keys).items() if count > 1}
    groups: dict = {}
    for position, key in enumerate(keys):
        if key in shared:
            groups.setdefault(key, []).append(position)
    problems, repeats = [], []
    for positions in groups.values():
        by_value: dict[object, list[int]] = {}
        for position in positions:
            said = _said(sheet, position)
            if said is not None:
                by_value.setdefault(said, []).append(position)
        repeats += [position for same in by_value.values() for position in same[1:]]
        if len(by_value) > 1:
            problems.append(_conflict(sheet, [same[0] for same in by_value.values()], by_value))
    if repeats:
        problems.append(sheet.problem("repeated-rows", sorted(repeats), sheet.value))
    return problems


def _said(sheet: Sheet, position: int) -> object | None:
    """What a row says: a number, a text that is none, or a reason for having no value; None if nothing."""
    value = sheet.values[position]
    if value is not None:
        return value
    text = sheet.cell(position, sheet.value).strip()
    if text:
        return text
    status = sheet.statuses[position]
    return ("no value", status) if status in MISSING_STATUSES else None


def _conflict(sheet: Sheet, firsts: list[int], by_value: dict[object, list[int]]) -> Problem:
    said = []
    for position in firsts:
        text = sheet.cell(position, sheet.value).strip() or f"no value, status {sheet.statuses[position]}"
        said.append(f"{text} (row {sheet.table.line(position)})")
    return Problem(
        "conflicting-values",
        sheet.table.place(firsts[0], sheet.table.columns[sheet.value or 0]),
        {
            "key": sheet.about(firsts[0]),
            "values": ", ".join(said[:QUOTED]) + (", ..." if len(said) > QUOTED else ""),
            "count": len(firsts),
            "rows": sorted(sheet.table.line(p) for same in by_value.values() for p in same),
        },
    )


def units(sheet: Sheet) -> list[Problem]:
    """Two units in one series.

    In Open SDG's layout two units over the same years are a choice offered to the reader; the fault is a
    series that goes over from one unit to another. Elsewhere one series has one unit.
    """
    column = sheet.unit
    if column is None or len(sheet.distinct[column]) < 2:
        return []
    valued = [p for p, value in enumerate(sheet.values) if value is not None]
    if sheet.is_open_sdg:
        changing = [i for i in sheet.varied if i not in (column, sheet.time)]
        found = [
            rows
            for rows in sheet.groups(changing, valued).values()
            if _goes_over(sheet, rows, sheet.columns[column])
        ]
        return [_two_units(sheet, column, [p for rows in found for p in rows], len(found))] if found else []
    series = sheet.index("series")
    by_series = sheet.groups([series] if series is not None else [], valued)
    return [
        _two_units(sheet, column, rows, 1)
        for rows in by_series.values()
        if len({sheet.columns[column][p].strip() for p in rows}) > 1
    ]


def _goes_over(sheet: Sheet, rows: list[int], units: tuple[str, ...]) -> bool:
    """Whether the rows of one breakdown have several units and no time with more than one of them."""
    times = sheet.columns[sheet.time] if sheet.time is not None else units
    by_time: dict[str, set[str]] = {}
    for position in rows:
        by_time.setdefault(times[position], set()).add(units[position].strip())
    return len(set().union(*by_time.values())) > 1 and all(len(found) == 1 for found in by_time.values())


def _two_units(sheet: Sheet, column: int, rows: list[int], series: int) -> Problem:
    first_of: dict[str, int] = {}
    for position in rows:
        first_of.setdefault(sheet.columns[column][position].strip() or "no unit", position)
    said = ", ".join(f"{unit} (row {sheet.table.line(p)})" for unit, p in first_of.items())
    name = sheet.cell(rows[0], sheet.index("series")) or sheet.table.code
    return sheet.problem("two-units", rows, column, units=said, series=series, name=name)
