"""Series and target to verdict, one file per published method."""

from collections.abc import Callable, Sequence
from typing import Literal

from milepost.progress import statcan, un
from milepost.progress.points import by_year
from milepost.progress.words import REASONS, SOURCES, VERDICTS, WEAKNESSES, explain
from milepost.values import Series, Target, Verdict

__all__ = ["METHODS", "REASONS", "SOURCES", "VERDICTS", "WEAKNESSES", "explain", "together", "towards"]

METHODS: dict[str, Callable[..., Verdict]] = {"un": un.judge, "statcan": statcan.judge}
"""The published methods, by the name that the command line uses."""

together = statcan.together


def towards(
    points: Sequence[tuple[int, float | None]] | Series,
    method: str = "un",
    direction: Literal["up", "down"] | None = None,
    target: Target | None = None,
    limit: float | None = None,
    *,
    base_year: int = 2015,
    unit: str | None = None,
) -> Verdict:
    """What a published method says of (year, value) points; "not_assessed" always has a reason.

    `direction` is the desired one; without it nothing is assessed. `limit` is the natural limit of the
    indicator (100 for a share in percent), used by "statcan" only. `unit` is an SDMX code such as "PT" or
    "BOOL", or the word "percent"; a Series brings its own. Points without value are skipped; forecasts
    (status F) of a Series too. KeyError for an unknown method.

    >>> verdict = towards([(2015, 41.242), (2024, 46.930)], method="statcan", direction="down")
    >>> verdict.verdict, round(verdict.value, 4)
    ('deterioration', -0.0145)
    >>> towards([(2015, 0), (2020, 4)], direction="up").reason
    'base_zero'
    """
    judge = METHODS[method]
    if direction not in ("up", "down", None):
        raise ValueError(f"direction is 'up', 'down' or None, not {direction!r}")
    if isinstance(points, Series):
        unit = unit or points.unit
        points = [(o.period.year, o.value) for o in points.observations if o.status != "F"]
    values, reason, figures = by_year(points)
    if reason is None and direction is None:
        reason = "no_direction"
    if reason is not None:
        return Verdict(method, "not_assessed", reason=reason, figures=figures)
    return judge(values, direction=direction, target=target, limit=limit, base_year=base_year, unit=unit)
