"""The UN Progress Chart's method of 2023, as implemented by Eustat.

Source: Eustat, "Measuring progress on the Sustainable Development Goals", methodology page of its SDG site,
sections 2.1, 2.2 and 2.4; it states that it follows the Progress Chart Technical Note 2023 of the United
Nations Statistics Division.
"""

import math
from collections.abc import Mapping
from typing import Any

from milepost.progress.points import growth, span
from milepost.values import Target, Verdict

WITH_TARGET = (0.95, 0.10)
"""Shares of the way to the target that are on track, and fair progress."""

WITHOUT_TARGET = (0.02, 0.005)
"""Yearly growth in the desired direction that is on track, and fair progress."""

SCORES = {"target_met": 3.0, "on_track": 3.0, "acceleration_needed": 2.0, "stagnation_or_regression": 1.0}

_PERCENT = frozenset({"pt", "%", "percent", "per cent", "percentage", "процент", "проценты", "процентов"})
_BINARY = frozenset({"bool", "boolean", "binary"})
_ROUNDING = 1e-12  # growth of exactly 0.5 % a year is 0.00499999999999989 in binary floating point


def judge(
    values: Mapping[int, float],
    *,
    direction: str,
    target: Target | None = None,
    limit: float | None = None,  # not part of this method
    base_year: int = 2015,
    unit: str | None = None,
) -> Verdict:
    """The verdict on {year: value}: score 3, 2 or 1; its value is the share of the way, or yearly growth."""
    figures: dict[str, Any] = {"direction": direction}
    if target is not None:
        figures |= {"target": target.value, "target_year": target.year}
    if _is_binary(values, direction, target, unit):
        return _yes_or_no(values, figures)
    if len(values) < 2:
        return _not_assessed("too_few_points", figures, count=len(values))
    chosen = span(values, base_year)
    figures |= {"asked_base_year": base_year, **chosen._asdict()}
    if chosen.base_value == 0:
        return _not_assessed("base_zero", figures)
    if target is None:
        return _by_growth(direction, figures)
    return _by_target(values, base_year, unit, figures)


def _by_growth(direction: str, figures: dict[str, Any]) -> Verdict:
    """Indicators without numerical target (section 2.2)."""
    figures |= {"rule": "growth", "thresholds": list(WITHOUT_TARGET)}
    reason = _why_no_growth(figures)
    if reason:
        return _not_assessed(reason, figures)
    cagr = _growth(figures)
    if not math.isfinite(cagr):
        return _not_assessed("too_extreme", figures)
    figures["cagr"] = cagr
    return _graded(cagr if direction == "up" else -cagr, WITHOUT_TARGET, cagr, figures)


def _by_target(
    values: Mapping[int, float], base_year: int, unit: str | None, figures: dict[str, Any]
) -> Verdict:
    """Indicators with a target value (section 2.1) and the exceptions that go with one (section 2.4)."""
    target = figures["target"]
    near = abs(figures["current_value"] - target) <= 1 and _is_share(values, target, unit)
    if target == 0 and not near:
        return _not_assessed("target_zero", figures)
    if _meets(figures["current_value"], figures):
        return _met("already_met", figures)
    if near:
        return _met("within_a_point", figures)
    if figures["target_year"] < figures["current_year"]:  # it has passed: assessed to that year
        until = {year: value for year, value in values.items() if year <= figures["target_year"]}
        if len(until) < 2:
            return _not_assessed("target_year_passed", figures, count=len(until))
        figures |= {"latest_year": figures["current_year"], **span(until, base_year)._asdict()}
        if figures["base_value"] == 0:
            return _not_assessed("base_zero", figures)
        if _meets(figures["current_value"], figures):
            return _met("met_in_time", figures)
    figures |= {"rule": "target", "thresholds": list(WITH_TARGET)}
    reason = _why_no_way(figures)
    if reason:
        return _not_assessed(reason, figures)
    way = _way(figures)
    return _graded(way["share_of_the_way"], WITH_TARGET, way["share_of_the_way"], figures | way)


def _meets(value: float, figures: dict[str, Any]) -> bool:
    return value >= figures["target"] if figures["direction"] == "up" else value <= figures["target"]


def _way(figures: dict[str, Any]) -> dict[str, Any]:
    """The value expected in the target year at the pace so far, and what share of the way that is."""
    cagr = _growth(figures)
    years_left = figures["target_year"] - figures["current_year"]
    try:
        expected = figures["current_value"] * (1 + cagr) ** years_left
    except OverflowError:
        expected = math.inf
    way = (expected - figures["base_value"]) / (figures["target"] - figures["base_value"])
    return {"cagr": cagr, "expected_value": expected, "share_of_the_way": way}


def _why_no_way(figures: dict[str, Any]) -> str | None:
    reason = _why_no_growth(figures)
    if reason:
        return reason
    if figures["base_year"] >= figures["target_year"]:
        return "target_year_not_after_base"
    if _meets(figures["base_value"], figures):  # the ratio would call a fall progress
        return "target_lost"
    return None if all(map(math.isfinite, _way(figures).values())) else "too_extreme"


def _graded(
    measure: float, thresholds: tuple[float, float], value: float, figures: dict[str, Any]
) -> Verdict:
    on_track, fair = thresholds
    if measure >= on_track - _ROUNDING:
        verdict = "on_track"
    elif measure >= fair - _ROUNDING:
        verdict = "acceleration_needed"
    else:
        verdict = "stagnation_or_regression"
    return Verdict("un", verdict, value, SCORES[verdict], figures=figures)


def _met(rule: str, figures: dict[str, Any]) -> Verdict:
    """Score 3 whatever the trend; the share of the way is told where there is one, but decides nothing."""
    figures = {**figures, "rule": rule}
    if figures["target_year"] >= figures["current_year"] and _why_no_way(figures) is None:
        figures |= _way(figures)
    return Verdict("un", "target_met", figures.get("share_of_the_way"), SCORES["target_met"], figures=figures)


def _yes_or_no(values: Mapping[int, float], figures: dict[str, Any]) -> Verdict:
    """Binary indicators: yes is met, no is stagnation, whatever the trend (section 2.4, point 9)."""
    year = max(values)
    verdict = "target_met" if values[year] == 1 else "stagnation_or_regression"
    figures |= {"rule": "binary", "current_year": year, "current_value": values[year]}
    return Verdict("un", verdict, None, SCORES[verdict], figures=figures)


def _is_binary(values: Mapping[int, float], direction: str, target: Target | None, unit: str | None) -> bool:
    """Yes or no, coded 1 and 0: by its unit, or where that is unknown by its figures, if more is better."""
    if not set(values.values()) <= {0, 1}:
        return False
    if unit is not None:
        return unit.strip().lower() in _BINARY
    return len(values) > 1 and direction == "up" and (target is None or target.value == 1)


def _is_share(values: Mapping[int, float], target: float, unit: str | None) -> bool:
    """A target of 0 % or 100 %: by the unit, or by the figures where the unit is not known (100 only)."""
    if unit is not None:
        return target in (0, 100) and unit.strip().lower() in _PERCENT
    return target == 100 and all(0 <= value <= 100 for value in values.values())


def _why_no_growth(figures: dict[str, Any]) -> str | None:
    if figures["base_value"] < 0:
        return "negative_base"
    return "opposite_signs" if figures["current_value"] < 0 else None


def _growth(figures: dict[str, Any]) -> float:
    years = figures["current_year"] - figures["base_year"]
    return growth(figures["base_value"], figures["current_value"], years)


def _not_assessed(reason: str, figures: dict[str, Any], **more: Any) -> Verdict:
    return Verdict("un", "not_assessed", reason=reason, figures={**figures, **more})
