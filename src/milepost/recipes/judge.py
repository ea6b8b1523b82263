"""A table of series becomes verdicts."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from milepost import interchange, progress
from milepost.checks.cells import FORECAST
from milepost.checks.sheet import number
from milepost.errors import MilepostError
from milepost.values import Origin, Period, Problem, Table, Target, Verdict

PROGRESS_METHODS = tuple(progress.METHODS)
_DIRECTIONS = {"up": "up", "down": "down", "positive": "up", "negative": "down", "1": "up", "-1": "down"}
_YEARS = ("target_year", "base_year")
_UNREADABLE = {
    "direction": "direction-unreadable",
    "limit": "number-unreadable",
    "target": "number-unreadable",
    "target_year": "period-unreadable",
    "base_year": "period-unreadable",
}
SETTINGS = tuple(_UNREADABLE)
"""Columns that say how a series is judged; they hold the same in every row of it."""


@dataclass(slots=True)
class _Series:
    """One series as the rows give it: points, unit, and the settings with the place each was first met at."""

    points: list[tuple[int, float]] = field(default_factory=list)
    unit: str | None = None
    settings: dict[str, tuple[str, Origin]] = field(default_factory=dict)


def progress_of(
    source: Path,
    *,
    method: str,
    direction: str | None = None,
    limit: float | None = None,
    target: Target | None = None,
) -> dict[str | None, Verdict]:
    """The verdict on each series of a file; the key is None where one table has no column `series`.

    The file has time_period and obs_value; series, unit_measure and the SETTINGS may be columns, and settings
    in columns win over the arguments. Forecasts (status F) are no points. Of several tables, one without the
    column is a series called after its sheet or file. MilepostError lists every cell that cannot be used.
    """
    dataset = interchange.read(source)
    if not dataset.tables:
        raise MilepostError(dataset.problems)
    given = {"direction": direction, "limit": limit, "target": target}
    problems: list[Problem] = []
    series: dict[str | None, _Series] = {}
    for table in dataset.tables:
        _gather(table, table.code if len(dataset.tables) > 1 else None, series, problems)
    arguments = {name: given | _arguments(one, target, problems) for name, one in series.items()}
    if problems:
        raise MilepostError(problems)
    return {
        name: progress.towards(one.points, method=method, unit=one.unit, **arguments[name])
        for name, one in series.items()
    }


def _gather(
    table: Table, name: str | None, found: dict[str | None, _Series], problems: list[Problem]
) -> None:
    """Put the rows of a table to their series, with a fault for every cell that is no period or number."""
    concepts = ("time_period", "obs_value", "obs_status", "series", "unit_measure")
    places = {concept: place for concept in concepts if (place := table.index(concept)) is not None}
    headers = [header.strip().lower() for header in table.columns]
    places |= {setting: headers.index(setting) for setting in SETTINGS if setting in headers}
    missing = [concept for concept in ("time_period", "obs_value") if concept not in places]
    if missing:
        problems += [Problem("column-missing", table.origin, {"column": concept}) for concept in missing]
        return
    if "series" not in places:
        found.setdefault(name, _Series())  # also if there is no row
    for position, row in enumerate(table.rows):
        cells = {concept: row[place].strip() for concept, place in places.items()}
        series = found.setdefault(cells.get("series", name), _Series())
        series.unit = series.unit or cells.get("unit_measure")
        _keep_settings(table, position, cells, series, problems)
        if cells["obs_value"] and cells.get("obs_status") != FORECAST:
            series.points += _point(table, position, cells, problems)


def _keep_settings(
    table: Table, position: int, cells: Mapping[str, str], series: _Series, problems: list[Problem]
) -> None:
    for name in SETTINGS:
        text = cells.get(name)
        if text:
            place = table.place(position, name)
            first, _ = series.settings.setdefault(name, (text, place))
            if first != text and _meaning(name, first) != _meaning(name, text):
                details = {"series": cells.get("series") or table.code, "first": first, "second": text}
                problems.append(Problem("setting-varies", place, details))


def _meaning(name: str, text: str) -> str | float | int | None:
    """What a cell sets: "Up" and "positive" are one direction, 3 and 3.0 one number; None for nothing."""
    if name == "direction":
        return _DIRECTIONS.get(text.removesuffix(".0").lower())
    return _year(text) if name in _YEARS else number(text)


def _year(text: str) -> int | None:
    year = number(text)
    return int(year) if year is not None and year.is_integer() and 1000 <= year <= 9999 else None


def _point(
    table: Table, position: int, cells: Mapping[str, str], problems: list[Problem]
) -> list[tuple[int, float]]:
    """The point of a row, or none with the fault."""
    value = number(cells["obs_value"])
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


def _arguments(series: _Series, target: Target | None, problems: list[Problem]) -> dict[str, Any]:
    """The settings of a series as arguments of `progress.towards`."""
    settings: dict[str, Any] = {}
    for name, (text, place) in series.settings.items():
        settings[name] = _meaning(name, text)
        if settings[name] is None:
            problems.append(Problem(_UNREADABLE[name], place, {"text": text}))
    arguments = {name: settings[name] for name in ("direction", "limit", "base_year") if name in settings}
    value = settings.get("target", target.value if target else None)
    if value is not None:
        arguments["target"] = Target(value, settings.get("target_year") or (target.year if target else 2030))
    return arguments
