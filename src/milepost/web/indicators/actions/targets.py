"""Targets, and the method by which an office judges progress towards them."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

from django.db import IntegrityError, transaction

from milepost import progress
from milepost.errors import MilepostError
from milepost.values import Problem
from milepost.web.accounts.roles import Permission
from milepost.web.audit.actions import changes, record
from milepost.web.indicators.actions.conditions import allow, fault, faults_of_reason, need_reason
from milepost.web.indicators.models import Indicator, MethodChoice, Target
from milepost.web.indicators.queries.figures import definition
from milepost.web.stakeholders.models import Country
from milepost.web.traces.actions import link
from milepost.web.ui.revisions import Stale

DIRECTIONS = ("", "up", "down")
_DESCRIBED = ("value", "year", "baseline_value", "baseline_year", "direction", "source", "source_url")


@transaction.atomic
def set_target(
    *,
    by: Any,
    indicator: Indicator,
    value: float,
    year: int,
    source: Mapping[str, str],
    series_code: str = "",
    unit: str = "",
    breakdown: Mapping[str, str] | None = None,
    baseline_value: float | None = None,
    baseline_year: int | None = None,
    direction: str = "",
    source_url: str = "",
) -> Target:
    """A new target with the act that sets it; MilepostError names every field that cannot be so."""
    _allow(by, indicator)
    target = Target(
        indicator=indicator,
        by=by,
        series_code=series_code,
        unit=unit,
        breakdown=dict(sorted((breakdown or {}).items())),
        value=value,
        year=year,
        baseline_value=baseline_value,
        baseline_year=baseline_year,
        direction=direction,
        source=dict(source),
        source_url=source_url,
    )
    _one_at_a_time(indicator)
    if problems := [*_problems(target), *_problems_of_another(target)]:
        raise MilepostError(problems)
    target.save(force_insert=True)
    _tell(by, "target.set", target)
    return target


@transaction.atomic
def revise_target(*, by: Any, target: Target, reason: str, **fields: Any) -> Target:
    """A new revision in the place of an earlier one, with the reason.

    Stale where that is not current any more: `now` is the revision that is, or the one that was ended.
    """
    indicator = target.indicator
    _allow(by, indicator)
    before = {name: getattr(target, name) for name in _DESCRIBED}
    after = before | fields
    revised = Target(
        indicator=indicator,
        by=by,
        reason=reason.strip(),
        revision=target.revision + 1,
        follows=target,
        series_code=target.series_code,
        unit=target.unit,
        breakdown=target.breakdown,
        **after,
    )
    _one_at_a_time(indicator)
    _need_current(target)
    problems = [*_problems(revised), *faults_of_reason(reason, "reason")]
    problems += _problems_of_another(revised, but=target)
    if problems:
        raise MilepostError(problems)
    _end(target)
    revised.save(force_insert=True)
    changed = {"fields": sorted(changes(before, after))}
    _tell(by, "target.revised", revised, why=revised.reason, details=changed)
    link(revised.address, "supersedes", target.address)
    return revised


@transaction.atomic
def end_target(*, by: Any, target: Target, reason: str) -> None:
    """The target holds no longer; it stays readable with the reason."""
    _allow(by, target.indicator)
    why = need_reason(reason, "reason")
    _end(target)
    _tell(by, "target.ended", target, why=why)


@transaction.atomic
def fix_method(
    *, by: Any, country: Country, framework: str, method: str, reason: str, revision: int
) -> MethodChoice:
    """From now on this method judges all indicators of a framework, and verdicts are public.

    `revision` is that of the choice the person saw, 0 for none; Stale where there is a later one.
    """
    allow(by, Permission.FIX_METHOD, country.address)
    problems = [] if method in progress.METHODS else [fault("method-unknown", "method", name=method)]
    if problems := [*problems, *faults_of_reason(reason, "reason")]:
        raise MilepostError(problems)
    chosen = MethodChoice.objects.filter(country=country, framework=framework).order_by("-revision")
    before = chosen.first()
    if (before.revision if before else 0) != revision:
        raise Stale(before)
    try:
        with transaction.atomic():
            choice = MethodChoice.objects.create(
                country=country,
                framework=framework,
                method=method,
                reason=reason.strip(),
                revision=revision + 1,
                by=by,
            )
    except IntegrityError:  # somebody else fixed one a moment ago
        raise Stale(chosen.first()) from None
    record(
        by=by,
        verb="method.fixed",
        address=country.address,
        scope=country.address,
        why=choice.reason,
        details={"framework": framework, "method": [before.method if before else None, method]},
    )
    return choice


def _allow(by: Any, indicator: Indicator) -> None:
    allow(by, Permission.SET_TARGETS, indicator.address, indicator.country.address)


def _one_at_a_time(indicator: Indicator) -> None:
    """Hold the indicator until the end of the transaction: its targets are compared with each other."""
    Indicator.objects.select_for_update().get(pk=indicator.pk)


def _problems(target: Target) -> Iterator[Problem]:
    """What cannot stand in a target, all at once."""
    for name in ("value", "baseline_value"):
        number = getattr(target, name)
        if number is not None and not math.isfinite(number):
            yield fault("number-unreadable", name, text=str(number))
    yield from _problems_of_limits(target)
    for name in ("year", "baseline_year"):
        year = getattr(target, name)
        if year is not None and not 1900 <= year <= 2200:
            yield fault("period-unreadable", name, text=str(year))
    if (target.baseline_value is None) != (target.baseline_year is None):
        missing = "baseline_value" if target.baseline_value is None else "baseline_year"
        yield fault("baseline-half", missing)
    elif target.baseline_year is not None and target.baseline_year >= target.year:
        yield fault("baseline-late", "baseline_year")
    if target.direction not in DIRECTIONS:
        yield fault("direction-unreadable", "direction", text=target.direction)
    if not any(text.strip() for text in target.source.values()):
        yield fault("source-missing", "source")


def _problems_of_limits(target: Target) -> Iterator[Problem]:
    """A number that the definition makes impossible, such as 120 per cent."""
    described = definition(target.indicator)
    if described is None:
        return
    limits = described.bounds(target.series_code)[0]
    for name in ("value", "baseline_value"):
        number = getattr(target, name)
        if number is not None and math.isfinite(number) and not limits.holds(number):
            lowest = "–" if limits.minimum is None else limits.minimum
            highest = "–" if limits.maximum is None else limits.maximum
            yield fault("target-impossible", name, found=number, lowest=lowest, highest=highest)


def _problems_of_another(target: Target, but: Target | None = None) -> Iterator[Problem]:
    """For a quantity and year one target is in force."""
    same = Target.objects.filter(
        indicator=target.indicator,
        series_code=target.series_code,
        unit=target.unit,
        year=target.year,
        current=True,
    )
    if any(other.breakdown == target.breakdown and other != but for other in same):
        yield fault("target-twice", "year", year=target.year)


def _need_current(target: Target) -> None:
    if not Target.objects.filter(pk=target.pk, current=True).exists():
        raise Stale(_latest(target))


def _end(target: Target) -> None:
    """Take a target out of force, unless somebody else did already."""
    if not Target.objects.filter(pk=target.pk, current=True).update(current=False):
        raise Stale(_latest(target))
    target.current = False


def _latest(target: Target) -> Target:
    """The last revision of a target."""
    following = Target.objects.filter(follows=target).select_related("by", "indicator__country").first()
    return _latest(following) if following is not None else target


def _tell(
    by: Any, verb: str, target: Target, why: str = "", details: Mapping[str, Any] | None = None
) -> None:
    indicator = target.indicator
    record(
        by=by,
        verb=verb,
        address=target.address,
        scope=indicator.country.address,
        why=why,
        details={"indicator": indicator.slug, "year": target.year, **(details or {})},
    )
    link(target.address, "measures", indicator.address)
