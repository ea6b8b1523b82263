"""A table of series becomes verdicts."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from milepost import interchange, progress
from milepost.errors import MilepostError
from milepost.values import Period, Problem, Table, Target, Verdict

PROGRESS_METHODS = tuple(progress.METHODS)
_DIRECTIONS = {"up": "up", "down": "down", "positive": "up", "negative": "down", "1": "up", "-1": "down"}
_NUMBERS = ("limit", "target", "target_year", "base_year")
SETTINGS = ("direction", *_NUMBERS)
"""Columns that say how a series is judged; they hold the same in every row of it."""


@dataclass(slots=True)
class _Series:
    """One series as the rows give it: points, unit, and the settings with the row each was first met in."""

    points: list[tuple[int, float]] = field(default_factory=list)
    unit: str | None = None
    settings: dict[str, tuple[str, int]] = field(default_factory=dict)


def progress_of(
    source: Path,
    *,
    method: str,
    direction: str | None = None,
    limit: float | None = None,
    target: Target | None = None,
) -> dict[str | None, Verdict]:
    """The verdict on each series of a file; the key is None where the file has no column `series`.

    The file has time_period and obs_value; series, unit_measure and the SETTINGS may be columns, and settings
    in columns win over the arguments. MilepostError lists every cell that cannot be used.
    """
    dataset = interchange.read(source)
    if not dataset.tables:
        raise MilepostError(dataset.problems)
    given = {"direction": direction, "limit": limit, "target": target}
    problems: list[Problem] = []
    verdicts: dict[str | None, Verdict] = {}
    for table in dataset.tables:
        for name, series in _series_of(table, problems).items():
            arguments = given | _arguments(table, series, target, problems)
            if not problems:
                verdicts[name] = progress.towards(series.points, method=method, unit=series.unit, **arguments)
    if problems:
        raise MilepostError(problems)
    return verdicts


def _series_of(table: Table, problems: list[Problem]) -> dict[str | None, _Series]:
    """The series of a table, with a fault for every cell that is no period or number."""
    concepts = ("time_period", "obs_value", "series", "unit_measure")
    places = {name: place for name in concepts if (place := table.index(name)) is not None}
    headers = [header.strip().lower() for header in table.columns]
    places |= {name: headers.index(name) for name in SETTINGS if name in headers}
    missing = [name for name in ("time_period", "obs_value") if name not in places]
    if missing:
        problems += [Problem("column-missing", table.origin, {"column": name}) for name in missing]
        return {}
    found: dict[str | None, _Series] = {}
    for position, row in enumerate(table.rows):
        cells = {name: row[place].strip() for name, place in places.items()}
        series = found.setdefault(cells.get("series"), _Series())
        series.unit = series.unit or cells.get("unit_measure")
        _keep_settings(table, position, cells, series, problems)
        if cells["obs_value"]:
            series.points += _point(table, position, cells, problems)
    return found


def _keep_settings(
    table: Table, position: int, cells: Mapping[str, str], series: _Series, problems: list[Problem]
) -> None:
    for name in SETTINGS:
        text = cells.get(name)
        if text:
            first, _ = series.settings.setdefault(name, (text, position))
            if first != text:
                details = {"series": cells.get("series") or table.code, "first": first, "second": text}
                problems.append(Problem("setting-varies", table.place(position, name), details))


def _point(
    table: Table, position: int, cells: Mapping[str, str], problems: list[Problem]
) -> list[tuple[int, float]]:
    """The point of a row, or none with the fault."""
    value = _number(cells["obs_value"])
    if value is None:
        place = table.place(position, "obs_value")
        problems.append(Problem("number-unreadable", place, {"text": cells["obs_value"]}))
    try:
        year = Period.parse(cells["time_period"]).year
    except ValueError:
        place = table.place(position, "time_period")
        problems.append(Problem("period-unreadable", place, {"text": cells["time_period"]}))
        return []
    return [] if value is None else [(year, value)]


def _arguments(
    table: Table, series: _Series, target: Target | None, problems: list[Problem]
) -> dict[str, Any]:
    """The settings of a series as arguments of `progress.towards`."""
    numbers: dict[str, float] = {}
    arguments: dict[str, Any] = {}
    for name, (text, position) in series.settings.items():
        place = table.place(position, name)
        if name == "direction":
            arguments["direction"] = _DIRECTIONS.get(text.removesuffix(".0").lower())
            if arguments["direction"] is None:
                problems.append(Problem("direction-unreadable", place, {"text": text}))
        elif (number := _number(text)) is None:
            problems.append(Problem("number-unreadable", place, {"text": text}))
        else:
            numbers[name] = number
    if "limit" in numbers:
        arguments["limit"] = numbers["limit"]
    if "base_year" in numbers:
        arguments["base_year"] = int(numbers["base_year"])
    value = numbers.get("target", target.value if target else None)
    if value is not None:
        year = numbers.get("target_year", target.year if target else 2030)
        arguments["target"] = Target(value, int(year))
    return arguments


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
