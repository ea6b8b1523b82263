"""Say what an indicator of a project contributes to a national target or a measure, and take it back."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import transaction

from milepost.progress.contributions import WHOLE, same_unit
from milepost.values import Problem
from milepost.web.accounts.roles import Permission
from milepost.web.indicators.models import Target
from milepost.web.plans.models import Measure
from milepost.web.projects.actions.conditions import allow, tell
from milepost.web.projects.models import Contribution, ResultIndicator
from milepost.web.stakeholders.fields import merged
from milepost.web.traces.actions import link, unlink
from milepost.web.ui.conditions import fault, need_reason, refuse_if, update


@transaction.atomic
def contribute(
    *,
    by: Any,
    indicator: ResultIndicator,
    goal: Target | Measure,
    words: Mapping[str, str] | None = None,
    share: Decimal = WHOLE,
    counted_in: Contribution | None = None,
    reason: str = "",
) -> Contribution:
    """An indicator contributes to a target or a measure; a share of less than all, and what is counted
    elsewhere, need a reason. Of a target it is said of the revision in force, and holds for later ones.
    """
    allow(by, Permission.EDIT_PROJECTS, indicator)
    found = _held(goal)
    said = _Said(share, counted_in, reason.strip())
    problems = _problems(indicator, found, said)
    if isinstance(goal, Target) and not goal.current:
        problems.append(fault("target-not-in-force", "goal"))
    if any(one.indicator_id == indicator.pk for one in found.values()):
        problems.append(fault("contributes-already", "goal"))
    refuse_if(problems)
    made = Contribution.objects.create(
        indicator=indicator,
        target=goal if isinstance(goal, Target) else None,
        measure=goal if isinstance(goal, Measure) else None,
        words=dict(words or {}),
        **said._asdict(),
    )
    link(indicator.address, "contributes_to", goal.address)
    _tell(by, "contribution.said", made, why=reason)
    return made


@transaction.atomic
def change(
    *,
    by: Any,
    contribution: Contribution,
    revision: int,
    words: Mapping[str, str],
    share: Decimal,
    counted_in: Contribution | None,
    reason: str = "",
) -> Contribution:
    """Another share, other words, or counted in another contribution or no longer."""
    allow(by, Permission.EDIT_PROJECTS, contribution)
    found = _held(contribution.goal)
    said = _Said(share, counted_in, reason.strip())
    refuse_if(_problems(contribution.indicator, found, said, itself=contribution))
    update(contribution, revision, {**said._asdict(), "words": merged(contribution.words, words)})
    _tell(by, "contribution.changed", contribution, why=reason)
    return contribution


@transaction.atomic
def withdraw(*, by: Any, contribution: Contribution, revision: int, reason: str) -> None:
    """It does not contribute after all; refused while another one is counted in it."""
    allow(by, Permission.EDIT_PROJECTS, contribution)
    why = need_reason(reason)
    found = _held(contribution.goal)
    update(contribution, revision, {})
    if any(one.counted_in_id == contribution.pk for one in found.values()):
        refuse_if([fault("others-counted-in-it")])
    unlink(contribution.indicator.address, "contributes_to", contribution.goal.address)
    _tell(by, "contribution.withdrawn", contribution, why=why)
    contribution.delete()


class _Said(NamedTuple):
    """What a person says of a contribution."""

    share: Decimal
    counted_in: Contribution | None
    reason: str


def _held(goal: Target | Measure) -> dict[int, Contribution]:
    """{key: contribution to a measure, or to any revision of a target}; until the transaction ends nobody
    changes them."""
    if isinstance(goal, Measure):
        Measure.objects.select_for_update(of=("self",), no_key=True).get(pk=goal.pk)
        found = Contribution.objects.filter(measure=goal)
    else:
        found = Contribution.objects.filter(target__in=_revisions(goal))
    return {one.pk: one for one in found.select_related("indicator")}


def _revisions(target: Target) -> list[int]:
    """The keys of a target and of those that it follows or that follow it, of which the first is held."""
    first = target
    while first.follows is not None:
        first = first.follows
    Target.objects.select_for_update(no_key=True).get(pk=first.pk)
    keys, after = [first.pk], Target.objects.filter(follows=first).first()
    while after is not None:
        keys.append(after.pk)
        after = Target.objects.filter(follows=after).first()
    return keys


def _problems(
    indicator: ResultIndicator,
    found: Mapping[int, Contribution],
    said: _Said,
    itself: Contribution | None = None,
) -> list[Problem]:
    share, counted_in, reason = said
    problems = []
    if not 0 < share <= 1:
        problems.append(fault("share-out-of-range", "percent"))
    elif share < 1 and not _is_added(indicator):
        problems.append(fault("share-of-no-number", "percent"))
    if (share != 1 or counted_in is not None) and not reason:
        problems.append(fault("reason-missing", "reason"))
    if counted_in is not None:
        other = found.get(counted_in.pk)
        held_by_others = itself is not None and any(one.counted_in_id == itself.pk for one in found.values())
        itself_too = other is not None and other.indicator_id == indicator.pk
        if other is None or other.counted_in_id is not None or itself_too or held_by_others:
            problems.append(fault("counted-in-a-circle", "counted_in"))
        elif not _is_added(other.indicator) or not same_unit(other.indicator.unit, indicator.unit):
            problems.append(fault("counted-in-another-unit", "counted_in"))
    return problems


def _is_added(indicator: ResultIndicator) -> bool:
    return indicator.measure == "number" and indicator.direction != "maintain"


def _tell(by: Any, verb: str, contribution: Contribution, *, why: str) -> None:
    details = {"indicator": contribution.indicator.code, "target": str(contribution.goal)}
    if contribution.share != 1:
        details["share"] = str(contribution.share)
    project = contribution.indicator.result.project
    tell(by, verb, project, contribution.indicator.address, why=why.strip(), details=details)
