"""Verdicts on public figures: by the one method that the office fixed, and none before it did."""

from collections.abc import Iterable, Sequence
from typing import Any, Literal, cast

from milepost import catalogue, progress, values
from milepost.values import Verdict
from milepost.web.indicators.models import MethodChoice, Target
from milepost.web.stakeholders.models import Country

BASE_YEAR = 2015
"""From where progress is measured where a target names no baseline: the year of the 2030 Agenda."""


def method_in_force(country: Country, framework: str = "sdg") -> MethodChoice | None:
    """The office's choice for a framework; None before it: then nothing is said of progress."""
    return MethodChoice.objects.filter(country=country, framework=framework).order_by("-revision").first()


def methods_in_force(country: Country) -> dict[str, MethodChoice]:
    """The choices for all frameworks, by framework."""
    chosen = MethodChoice.objects.filter(country=country).order_by("revision")
    return {choice.framework: choice for choice in chosen}


def current_targets(indicators: Iterable[int]) -> dict[int, list[Target]]:
    """The targets in force of indicators, by the key of the indicator, the earliest first."""
    found: dict[int, list[Target]] = {}
    rows = Target.objects.filter(indicator__in=indicators, current=True).order_by("year", "pk")
    for target in rows.select_related("indicator"):
        found.setdefault(target.indicator.pk, []).append(target)
    return found


def target_for(series: Any, targets: Sequence[Target], latest_year: int | None = None) -> Target | None:
    """The target that a series goes towards: the first that is not past, else the last there was.

    `series` has code, unit, area and breakdown; `latest_year` is that of its latest value.
    A target is of a series where its series code and unit are the same, or left open, and the breakdown is
    the same. A region's figures have no target.
    """
    if series.area:
        return None
    fitting = [
        target
        for target in targets
        if target.series_code in ("", series.code)
        and target.unit in ("", series.unit)
        and target.breakdown == series.breakdown
    ]
    ahead = [target for target in fitting if latest_year is None or target.year >= latest_year]
    return min(ahead or fitting, key=lambda one: one.year if ahead else -one.year, default=None)


def judge(
    series: values.Series,
    *,
    method: str,
    definition: catalogue.Indicator | None,
    target: Target | None = None,
) -> Verdict:
    """What a method says of a series: by the target's direction and baseline, else by the definition."""
    direction = target.direction if target is not None and target.direction else None
    if direction is None and definition is not None and definition.assessable:
        direction = definition.direction
    limit = definition.bounds(series.code)[0].maximum if definition is not None else None
    wanted = (
        target.as_value() if target is not None else definition.target if definition is not None else None
    )
    base_year = target.baseline_year if target is not None and target.baseline_year else BASE_YEAR
    return progress.towards(
        series,
        method=method,
        direction=cast("Literal['up', 'down'] | None", direction),
        target=wanted,
        limit=limit,
        base_year=base_year,
    )
