"""A table of series becomes verdicts."""

import math
from pathlib import Path

from milepost import interchange, progress
from milepost.errors import MilepostError
from milepost.values import Period, Problem, Table, Target, Verdict

PROGRESS_METHODS = tuple(progress.METHODS)
_DIRECTIONS = {"up": "up", "down": "down", "positive": "up", "negative": "down", "1": "up", "-1": "down"}
_SETTINGS = ("direction", "limit", "target", "target_year", "base_year")


def progress_of(
    source: Path,
    *,
    method: str,
    direction: str | None = None,
    limit: float | None = None,
    target: Target | None = None,
) -> dict[str | None, Verdict]:
    """The verdict on each series of a file; the key is None where the file has no column `series`.

    The file has time_period and obs_value; series, direction, limit, target, target_year and base_year may be columns, and then
    win over the arguments. MilepostError lists every cell that cannot be used.
    """
    dataset = interchange.read(source)
    if not dataset.tables:
        raise MilepostError(dataset.problems)
    problems: list[Problem] = []
    verdicts: dict[str | None, Verdict] = {}
    for table in dataset.tables:
        verdicts |= _verdicts(table, method, (direction, limit, target), problems)
    if problems:
        raise MilepostError(problems)
    return verdicts


def _verdicts(
    table: Table, method: str, defaults: tuple, problems: list[Problem]
) -> dict[str | None, Verdict]:
    columns = {name: table.index(name) for name in ("time_period", "obs_value", "series")}
    columns |= {name: _own_column(table, name) for name in _SETTINGS}
    missing = [name for name in ("time_period", "obs_value") if columns[name] is None]
    if missing:
        problems += [Problem("column-missing", table.origin, {"column": name}) for name in missing]
        return {}
    points: dict[str | None, list[tuple[int, float]]] = {}
    settings: dict[str | None, dict[str, str]] = {}
    for position, row in enumerate(table.rows):
        cells = {name: row[index].strip() for name, index in columns.items() if index is not None}
        series = cells.get("series") if columns["series"] is not None else None
        points.setdefault(series, [])
        kept = settings.setdefault(series, {})
        for name in _SETTINGS:
            text = cells.get(name, "")
            if text and kept.setdefault(name, text) != text:
                details = {"series": series or table.code, "first": kept[name], "second": text}
                problems.append(Problem("setting-varies", table.place(position, name), details))
        point = _point(table, position, cells, problems)
        if point is not None:
            points[series].append(point)
    found: dict[str | None, Verdict] = {}
    for series, series_points in points.items():
        arguments = _arguments(table, settings[series], defaults, problems)
        if arguments is not None:
            found[series] = progress.towards(series_points, method=method, **arguments)
    return found


def _own_column(table: Table, name: str) -> int | None:
    headers = [header.strip().lower() for header in table.columns]
    return headers.index(name) if name in headers else None


def _point(
    table: Table, position: int, cells: dict[str, str], problems: list[Problem]
) -> tuple[int, float] | None:
    if not cells["obs_value"]:
        return None
    try:
        year = Period.parse(cells["time_period"]).year
    except ValueError:
        problems.append(
            Problem("period-unreadable", table.place(position, "time_period"), {"text": cells["time_period"]})
        )
        return None
    value = _number(cells["obs_value"])
    if value is None:
        problems.append(
            Problem("number-unreadable", table.place(position, "obs_value"), {"text": cells["obs_value"]})
        )
        return None
    return year, value


def _arguments(table: Table, texts: dict[str, str], defaults: tuple, problems: list[Problem]) -> dict | None:
    direction, limit, target = defaults
    before = len(problems)
    numbers: dict[str, float | None] = {}
    for name in ("limit", "target", "target_year", "base_year"):
        if name in texts:
            numbers[name] = _number(texts[name])
            if numbers[name] is None:
                problems.append(Problem("number-unreadable", table.place(0, name), {"text": texts[name]}))
    if "direction" in texts:
        direction = _DIRECTIONS.get(texts["direction"].removesuffix(".0").lower())
        if direction is None:
            problems.append(
                Problem("direction-unreadable", table.place(0, "direction"), {"text": texts["direction"]})
            )
    if len(problems) > before:
        return None
    value = numbers.get("target", target.value if target else None)
    year = numbers.get("target_year", target.year if target else None)
    return {
        "direction": direction,
        "limit": numbers.get("limit", limit),
        "target": None if value is None else Target(value, int(year or 2030)),
        **({"base_year": int(numbers["base_year"])} if numbers.get("base_year") else {}),
    }


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
