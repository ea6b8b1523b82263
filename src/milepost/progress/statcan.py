"""Statistics Canada's method, as its SDG Data Hub and Open SDG 2.4 apply it.

Source: Open SDG, "Progress Measurement Methodology for the Sustainable Development Goals", and the inputs,
values, scores and statuses that Statistics Canada publishes in its progress data. One departure: a base or
target of 0 is not replaced by 0.001 but not assessed.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Any

from milepost.progress.points import growth, span
from milepost.values import Target, Verdict

WITHOUT_TARGET = (0.015, 0.005, 0.0)
"""Yearly growth in the desired direction from which progress is substantial, moderate, limited."""

WITH_TARGET = (0.95, 0.6, 0.0)
"""Share of the required growth from which progress is substantial, moderate, limited."""

STATUSES = ("substantial_progress", "moderate_progress", "limited_progress", "deterioration")
MEAN_SCORES = (2.5, 0.0, -2.5)
"""Mean score of an indicator's series from which its progress is substantial, moderate, limited."""

BEST, WORST = 5.0, -5.0
STEEPNESS = 4.44
"""Exponent by which the thresholds shrink as the base comes near the natural limit."""


def judge(
    values: Mapping[int, float],
    *,
    direction: str,
    target: Target | None = None,
    limit: float | None = None,
    base_year: int = 2015,
    unit: str | None = None,  # not part of this method
) -> Verdict:
    """The verdict on {year: value}, with a score from -5 to 5.

    Its value is yearly growth in the desired direction, or with a target the share of the growth required.
    """
    figures: dict[str, Any] = {"direction": direction}
    if target is not None:
        figures |= {"target": target.value, "target_year": target.year}
    if limit is not None:
        figures["limit"] = limit
    if len(values) < 2:
        return _not_assessed("too_few_points", figures, count=len(values))
    chosen = span(values, base_year)
    figures |= {"asked_base_year": base_year, **chosen._asdict()}
    reason = _why_not(figures)
    if reason:
        return _not_assessed(reason, figures)

    observed = growth(chosen.base_value, chosen.current_value, chosen.years)
    if not math.isfinite(observed):
        return _not_assessed("too_extreme", figures)
    sign = -1 if chosen.base_value < 0 else 1
    figures |= {"cagr": observed, "sign": sign}
    progress = sign * (1 if direction == "up" else -1) * observed
    return _by_growth(progress, figures) if target is None else _by_target(progress, figures)


def _by_growth(progress: float, figures: dict[str, Any]) -> Verdict:
    factor = 1.0
    if "limit" in figures:
        if figures["base_value"] < 0 and abs(figures["base_value"]) < 2 * figures["limit"]:
            return _not_assessed("negative_base_with_limit", figures)
        factor = nearness(figures["base_value"], figures["limit"])
    high, medium, low = (factor * threshold for threshold in WITHOUT_TARGET)
    figures |= {"rule": "growth", "threshold_factor": factor, "thresholds": [high, medium, low]}
    if progress < low:
        score = max(125 * progress - 2.5, WORST)
    elif factor == 0:
        score = BEST
    elif progress >= high:
        score = min(500 * progress / factor - 5, BEST)
    elif progress >= medium:
        score = 250 * progress / factor - 1.25
    else:
        score = 500 * progress / factor - 2.5
    return Verdict("statcan", _status(progress, (high, medium, low)), progress, score, figures=figures)


def _by_target(progress: float, figures: dict[str, Any]) -> Verdict:
    years = figures["target_year"] - figures["base_year"]
    required = growth(figures["base_value"], figures["target"], years)
    figures |= {"rule": "target", "required_cagr": required, "thresholds": list(WITH_TARGET)}
    value = progress / abs(required) if required else None
    if not math.isfinite(required) or (value is not None and not math.isfinite(value)):
        return _not_assessed("too_extreme", figures)
    current, target = figures["current_value"], figures["target"]
    if current >= target if figures["direction"] == "up" else current <= target:
        return Verdict("statcan", "target_achieved", value, BEST, figures={**figures, "rule": "already_met"})
    if value is None:
        return _not_assessed("target_equals_base", figures)
    if value >= WITH_TARGET[1]:
        score = min(7.1429 * value - 4.2857, BEST)
    else:
        score = max(4.1667 * value - 2.5, WORST)
    return Verdict("statcan", _status(value, WITH_TARGET), value, score, figures=figures)


def nearness(base: float, limit: float) -> float:
    """How far the thresholds of an indicator with a natural limit shrink: 1 far from it, 0 at it.

    >>> nearness(200, 100), nearness(100, 100), round(nearness(50, 100), 4)
    (1.0, 0.0, 0.9539)
    """
    if abs(base) >= 2 * limit:
        return 1.0
    share = base / limit if base <= limit else (2 * limit - base) / limit
    return 1 - share**STEEPNESS


def together(verdicts: Sequence[Verdict]) -> Verdict:
    """The verdict on an indicator: the mean score of its series that could be assessed.

    "Target achieved" only if every one of them achieved it.
    """
    assessed = [verdict for verdict in verdicts if verdict.score is not None and verdict.assessed]
    figures: dict[str, Any] = {"rule": "mean_score", "series": len(verdicts), "assessed": len(assessed)}
    scores = [verdict.score for verdict in assessed if verdict.score is not None]
    if not scores:
        return _not_assessed("no_series_assessed", figures)
    mean = math.fsum(scores) / len(scores)
    met = all(verdict.verdict == "target_achieved" for verdict in assessed)
    status = "target_achieved" if met else _status(mean, MEAN_SCORES)
    return Verdict("statcan", status, None, mean, figures={**figures, "thresholds": list(MEAN_SCORES)})


def _why_not(figures: dict[str, Any]) -> str | None:
    base, current, target = figures["base_value"], figures["current_value"], figures.get("target")
    if base == 0:
        return "base_zero"
    if target == 0:
        return "target_zero"
    if (current < 0) != (base < 0) and current != 0:
        return "opposite_signs"
    if target is not None and (target < 0) != (base < 0):
        return "target_opposite_sign"
    if target is not None and figures["target_year"] <= figures["base_year"]:
        return "target_year_not_after_base"
    return None


def _status(value: float, thresholds: Sequence[float]) -> str:
    for status, threshold in zip(STATUSES, thresholds, strict=False):
        if value >= threshold:
            return status
    return STATUSES[-1]


def _not_assessed(reason: str, figures: dict[str, Any], **more: Any) -> Verdict:
    return Verdict("statcan", "not_assessed", reason=reason, figures={**figures, **more})
