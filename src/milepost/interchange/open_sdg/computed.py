"""The progress status that an Open SDG platform computes where metadata ask for it.

Source: sdg-build 2.4 and its documentation of `progress_calculation_options`. It is the method of Statistics
Canada as in `progress.statcan`, but for three rules, which are followed here since the status must be the one
that the platform shows: a base or target of 0 becomes 0.001; a target is achieved by one value, too; and the
base is never earlier than the year asked for. Computed is from the data before translation. Where sdg-build
would stop its build, the status is "not_available" and a Problem says why.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from milepost.interchange.open_sdg.derive import NOT_AVAILABLE
from milepost.progress import statcan
from milepost.values import Problem, Table

NOT_COMPUTED = "not_available"
_ACHIEVED = "target_achieved"
_INSTEAD_OF_ZERO = 0.001
_SHARES = ("high", "med", "low")
_BOTH = ("Year", "Value")


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns that a platform's `indicator_options` give a role."""

    non_disaggregation: tuple[str, ...]
    observation_attributes: tuple[str, ...] = ()
    series: str = "Series"
    unit: str = "Units"
    progress: str = "Progress"


class _CannotCompute(Exception):
    """Why sdg-build would stop."""


@dataclass(frozen=True, slots=True)
class _Score:
    """What one series, or a group of equal weight, comes to."""

    score: float | None
    achieved: tuple[bool, ...] = ()


def is_asked_for(meta: Mapping[Any, Any]) -> bool:
    """Whether metadata ask for a computed progress status."""
    return meta.get("auto_progress_calculation") is True


def progress_status(table: Table, meta: Mapping[Any, Any], columns: Columns) -> tuple[str, list[Problem]]:
    """The status from an untranslated table as published, by the `progress_calculation_options` of its
    metadata."""
    asked = meta.get("progress_calculation_options") or [{}]
    try:
        found = _together(_options([asked] if isinstance(asked, Mapping) else asked), table, columns)
    except _CannotCompute as error:
        return NOT_COMPUTED, [Problem("progress-not-computed", table.origin, {"why": str(error)})]
    if found.score is None:
        return NOT_COMPUTED, []
    if all(found.achieved):
        return _ACHIEVED, []
    at_least = zip(statcan.STATUSES, statcan.MEAN_SCORES, strict=False)
    return next((name for name, least in at_least if found.score >= least), statcan.STATUSES[-1]), []


def _together(asked: Iterable[Mapping[str, Any]], table: Table, columns: Columns) -> _Score:
    """The mean score of all that could be scored; a group counts as one."""
    found = [_one(each, table, columns) for each in asked]
    scored = [each for each in found if each.score is not None]
    scores = [each.score for each in scored if each.score is not None]
    if not scores:
        return _Score(None)
    achieved = tuple(each for one in scored for each in one.achieved)
    return _Score(math.fsum(scores) / len(scores), achieved)


def _one(asked: Mapping[str, Any], table: Table, columns: Columns) -> _Score:
    if asked.get("group"):
        return _together(_options(asked["group"]), table, columns)
    values = _values(asked, table, columns)
    return _scored(values, asked) if values else _Score(None)


# The series


def _values(asked: Mapping[str, Any], table: Table, columns: Columns) -> dict[int, float]:
    """{year: value} of the series that options ask for."""
    if not table.rows:
        return {}
    cells = {name: [row[n] for row in table.rows] for n, name in enumerate(table.columns)}
    if columns.progress in cells:
        cells["Value"] = cells.pop(columns.progress)
    rows = (
        _chosen(asked, cells, len(table.rows), columns) if len(table.columns) > 2 else range(len(table.rows))
    )
    found: dict[int, float] = {}
    for row in rows:
        if cells["Value"][row] in NOT_AVAILABLE:
            continue
        year, value = _year(cells["Year"][row]), _number(cells["Value"][row], "value")
        if year in found:
            raise _CannotCompute(f"there are two values for {year}")
        found[year] = value
    return found


def _chosen(
    asked: Mapping[str, Any], cells: Mapping[str, Sequence[str]], count: int, columns: Columns
) -> Sequence[int]:
    """The rows of the one series that is meant."""
    aside = {*columns.non_disaggregation, *columns.observation_attributes} - {columns.series, columns.unit}
    kept = {name: each for name, each in cells.items() if name not in aside}
    breakdown = kept.keys() - {"Year", "Value", *columns.non_disaggregation}
    wanted = _options(asked.get("disaggregation") or ())
    rows: Sequence[int] = range(count)
    for column, cell in (
        (columns.unit, asked.get("unit")),
        (columns.series, asked.get("series")),
        *((each.get("field"), each.get("value")) for each in wanted),
    ):
        if cell is not None and cell != "":
            rows = _matching(rows, kept, column, cell)
    blank = breakdown - {each.get("field") for each in wanted}
    headline = [row for row in rows if all(kept[name][row] in NOT_AVAILABLE for name in blank)]
    if not headline and not wanted:
        raise _CannotCompute("no row is without breakdown; a disaggregation must be named")
    rows = headline or rows
    several = [name for name in kept if name not in _BOTH and len({kept[name][row] for row in rows}) > 1]
    if several:
        raise _CannotCompute(f"there are several series, by {', '.join(several)}")
    return rows


def _options(given: Any) -> Sequence[Mapping[str, Any]]:
    if not isinstance(given, list | tuple) or not all(isinstance(each, Mapping) for each in given):
        raise _CannotCompute(f"{given!r} is not a list of options")
    return given


def _matching(
    rows: Sequence[int], cells: Mapping[str, Sequence[str]], column: Any, wanted: Any
) -> Sequence[int]:
    """The rows with this cell; all where none has it, as on the platform."""
    matching = [row for row in rows if cells[column][row] == str(wanted)] if column in cells else []
    return matching or rows


def _year(cell: str) -> int:
    """The first year of a period such as 2018/19."""
    try:
        return int(cell[:4])
    except ValueError:
        raise _CannotCompute(f"{cell!r} is not a year") from None


def _number(value: Any, name: str) -> float:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise _CannotCompute(f"the {name} {value!r} is not a number") from None
    if not math.isfinite(number):
        raise _CannotCompute(f"the {name} {value!r} is not a number")
    return number


# The score


def _scored(values: Mapping[int, float], asked: Mapping[str, Any]) -> _Score:
    """The score of a series from -5 to 5; None if too little is known."""
    direction = 1 if asked.get("direction") == "positive" else -1
    target = _given(asked, "target")
    if target == 0:
        target = _INSTEAD_OF_ZERO
    wanted = _given(asked, "base_year", 2015)
    base_year = min((year for year in values if year >= wanted), default=None)
    if base_year is None:
        raise _CannotCompute(f"there is no value in {wanted:g} or later")
    years = max(values) - base_year
    base, current = values[base_year] or _INSTEAD_OF_ZERO, values[base_year + years]
    if target is not None and direction * current >= direction * target:
        return _Score(statcan.BEST, (True,))
    if years == 0 or base * current < 0:
        return _Score(None)
    try:
        growth = (current / base) ** (1 / years) - 1
        progress = math.copysign(1, base) * direction * growth
        if target is None:
            return _Score(_by_growth(progress, values[base_year], asked), (False,))
        required = (target / base) ** (1 / (_given(asked, "target_year", 2030) - base_year)) - 1
        return _Score(_by_target(progress / abs(required), asked), (False,))  # complex where the signs differ
    except ArithmeticError:
        raise _CannotCompute("the growth that is required cannot be computed") from None


def _given(asked: Mapping[str, Any], name: str, default: float | None = None) -> Any:
    value = asked.get(name)
    return default if value is None or value == "" else _number(value, name)


def _by_growth(progress: float, base: float, asked: Mapping[str, Any]) -> float:
    """The score of a series without target, near whose natural limit less is asked for."""
    limit = _given(asked, "limit")
    factor = 1.0 if limit is None else statcan.nearness(abs(base), abs(limit))
    high, medium, low = (share * factor for share in _shares(asked, statcan.WITHOUT_TARGET))
    if progress < low:
        return max(125 * progress - 2.5, statcan.WORST)
    if factor == 0:
        return statcan.BEST
    if progress >= high:
        return min(500 * progress / factor - 5, statcan.BEST)
    return 250 * progress / factor - 1.25 if progress >= medium else 500 * progress / factor - 2.5


def _by_target(share: float, asked: Mapping[str, Any]) -> float:
    """The score of a series by the share of the growth that its target requires."""
    if share >= _shares(asked, statcan.WITH_TARGET)[1]:
        return min(7.1429 * share - 4.2857, statcan.BEST)
    return max(4.1667 * share - 2.5, statcan.WORST)


def _shares(asked: Mapping[str, Any], usual: Sequence[float]) -> list[float]:
    """The shares from which progress is substantial, moderate, limited: a platform may set its own."""
    own = asked.get("progress_thresholds")
    own = own if isinstance(own, Mapping) else {}
    return [_number(own.get(name, share), name) for name, share in zip(_SHARES, usual, strict=True)]
