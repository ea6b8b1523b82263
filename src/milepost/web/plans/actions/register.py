"""Enter policies and the plans under them, and let everybody read them."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from milepost.progress.results import MARGIN
from milepost.values import Problem
from milepost.web.plans.actions.conditions import allow, tell
from milepost.web.plans.models import Plan, Policy
from milepost.web.stakeholders.fields import merged
from milepost.web.stakeholders.models import Institution
from milepost.web.ui.conditions import fault, need_reason, refuse_if, update


@transaction.atomic
def enter_policy(
    *,
    by: Any,
    institution: Institution,
    title: Mapping[str, str],
    start: date,
    end: date | None = None,
    act: Mapping[str, str] | None = None,
    vision: Mapping[str, str] | None = None,
) -> Policy:
    """A new policy of the country of the institution in the lead; hidden until it is made public."""
    allow(by, institution)
    problems = _backwards(start, end)
    if institution.country is None:
        problems.append(fault("policy-without-country", "institution"))
    refuse_if(problems)
    policy = Policy.objects.create(
        country=institution.country,
        institution=institution,
        title=dict(title),
        start=start,
        end=end,
        act=dict(act or {}),
        vision=dict(vision or {}),
    )
    tell(by, "policy.entered", policy)
    return policy


@transaction.atomic
def save_policy(
    *,
    by: Any,
    policy: Policy,
    revision: int,
    title: Mapping[str, str],
    start: date,
    end: date | None,
    act: Mapping[str, str],
    vision: Mapping[str, str],
) -> Policy:
    """Other words or another time for a policy."""
    allow(by, policy)
    refuse_if(_backwards(start, end))
    words = {"title": title, "act": act, "vision": vision}
    texts = {name: merged(getattr(policy, name), typed) for name, typed in words.items()}
    update(policy, revision, {**texts, "start": start, "end": end})
    tell(by, "policy.edited", policy)
    return policy


@transaction.atomic
def show_policy(*, by: Any, policy: Policy, revision: int, public: bool, reason: str = "") -> Policy:
    """Let everybody read a policy and what is in force of its plans; or hide it again, for a reason."""
    allow(by, policy)
    why = reason.strip() if public else need_reason(reason)
    update(policy, revision, {"public": public})
    tell(by, "policy.shown" if public else "policy.hidden", policy, why=why)
    return policy


@transaction.atomic
def enter_plan(
    *,
    by: Any,
    policy: Policy,
    title: Mapping[str, str],
    start: date,
    end: date,
    rhythm: str = Plan.Rhythm.QUARTERLY,
    arrears_count: bool = False,
    margin: Decimal = MARGIN,
    escalate_after: int | None = None,
) -> Plan:
    """A new plan under a policy; what it says comes with its first version."""
    allow(by, policy)
    refuse_if([*_backwards(start, end), *_outside(policy, start, end)])
    plan = Plan.objects.create(
        policy=policy,
        title=dict(title),
        start=start,
        end=end,
        rhythm=rhythm,
        arrears_count=arrears_count,
        margin=margin,
        escalate_after=escalate_after,
    )
    tell(by, "plan.entered", plan)
    return plan


@transaction.atomic
def save_plan(
    *,
    by: Any,
    plan: Plan,
    revision: int,
    title: Mapping[str, str],
    start: date,
    end: date,
    rhythm: str,
    arrears_count: bool,
    margin: Decimal = MARGIN,
    escalate_after: int | None = None,
) -> Plan:
    """Other words, another time or other settings for a plan; what measures say is not touched."""
    allow(by, plan)
    refuse_if([*_backwards(start, end), *_outside(plan.policy, start, end)])
    fields = {"title": merged(plan.title, title), "start": start, "end": end, "rhythm": rhythm}
    settings = {
        "arrears_count": [plan.arrears_count, arrears_count],
        "rhythm": [plan.rhythm, rhythm],
        "margin": [f"{plan.margin:.2f}", f"{margin:.2f}"],
        "escalate_after": [plan.escalate_after, escalate_after],
    }
    counted = {"arrears_count": arrears_count, "margin": margin, "escalate_after": escalate_after}
    update(plan, revision, {**fields, **counted})
    changed = {name: pair for name, pair in settings.items() if pair[0] != pair[1]}
    tell(by, "plan.edited", plan, details=changed)
    return plan


def _backwards(start: date, end: date | None) -> list[Problem]:
    if end is None or end >= start:
        return []
    return [fault("ends-before-start", "end", start=str(start), end=str(end))]


def _outside(policy: Policy, start: date, end: date) -> list[Problem]:
    """That a plan begins before its policy, or ends after it."""
    if start >= policy.start and (policy.end is None or end <= policy.end):
        return []
    details = {"start": str(policy.start), "end": str(policy.end or "–")}
    return [fault("plan-outside-policy", "start" if start < policy.start else "end", **details)]
