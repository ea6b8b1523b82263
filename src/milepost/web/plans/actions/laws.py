"""The laws that a policy wants amended: entered, corrected, and how far they are."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction

from milepost.values import Problem
from milepost.values.states import LAW, after
from milepost.web.audit.actions import record
from milepost.web.plans.actions.conditions import allow
from milepost.web.plans.models import Law, Measure, Policy
from milepost.web.stakeholders.fields import merged
from milepost.web.stakeholders.models import Institution
from milepost.web.ui.conditions import fault, need_reason, refuse_if, update


def _tell(by: Any, verb: str, law: Law, **more: Any) -> None:
    record(by=by, verb=verb, address=law.address, scope=law.policy.institution.address, **more)


@transaction.atomic
def enter(
    *,
    by: Any,
    policy: Policy,
    title: Mapping[str, str],
    what: Mapping[str, str],
    why: Mapping[str, str] | None = None,
    number: str = "",
    adopted: date | None = None,
    article: str = "",
    institution: Institution | None = None,
    until: date | None = None,
    measure: Measure | None = None,
) -> Law:
    """An act that must be amended for a policy; what is known of it, the rest later."""
    allow(by, policy)
    refuse_if(_foreign(policy, measure))
    made = Law.objects.create(
        policy=policy,
        title=dict(title),
        what=dict(what),
        why=dict(why or {}),
        number=number.strip(),
        adopted=adopted,
        article=article.strip(),
        institution=institution,
        until=until,
        measure=measure,
    )
    _tell(by, "law.entered", made, details={"name": str(made)[:200]})
    return made


@transaction.atomic
def save(*, by: Any, law: Law, revision: int, **fields: Any) -> Law:
    """Correct what is said of an act; how far it is changes by steps."""
    allow(by, law)
    refuse_if(_foreign(law.policy, fields.get("measure")))
    for name in ("title", "what", "why"):
        if name in fields:
            fields[name] = merged(getattr(law, name), fields[name])
    update(law, revision, fields)
    _tell(by, "law.edited", law)
    return law


def _foreign(policy: Policy, measure: Measure | None) -> list[Problem]:
    foreign = measure is not None and measure.plan.policy_id != policy.pk
    return [fault("not-of-policy", "measure")] if foreign else []


@transaction.atomic
def step(*, by: Any, law: Law, deed: str, revision: int, reason: str = "") -> Law:
    """The next step of an act, as in `states.LAW`; to drop one needs a reason, and so does to take one up."""
    allow(by, law)
    before, state = law.state, after(LAW, law.state, deed)
    refuse_if([] if state is not None else [fault("no-such-step", state=before)])
    why = need_reason(reason) if deed in ("drop", "reopen") else reason.strip()
    update(law, revision, {"state": state, "reason": why})
    _tell(by, f"law.{deed}", law, why=why, details={"state": [before, state]})
    return law
