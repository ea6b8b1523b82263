"""The versions of a plan: begun, copied for an amendment, put in force by a legal act, thrown away."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from milepost.values import Problem
from milepost.web.plans.actions.conditions import allow, draft, tell
from milepost.web.plans.models import (
    Cost,
    Entry,
    Measure,
    MeasureIndicator,
    Plan,
    PlanVersion,
    Role,
    Section,
)
from milepost.web.ui.conditions import fault, need_reason, refuse_if, update


def number_next(plan: Plan) -> int:
    """The number of the next version; MilepostError while there is a draft. Keeps others from adding one."""
    Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    there = list(plan.versions.all())
    open_ = [one for one in there if one.is_draft]
    refuse_if([fault("plan-has-a-draft", number=open_[0].number)] if open_ else [])
    return max((one.number for one in there), default=0) + 1


@transaction.atomic
def begin(*, by: Any, plan: Plan) -> PlanVersion:
    """A draft: of the version in force, word for word, for an amendment; else an empty one."""
    allow(by, plan)
    number = number_next(plan)
    before = plan.versions.filter(state=PlanVersion.State.IN_FORCE).last()
    made = PlanVersion.objects.create(plan=plan, number=number, names=before.names if before else {})
    if before is not None:
        _copy(before, made)
    tell(by, "plan.begun", plan, details={"version": number})
    return made


def _copy(before: PlanVersion, after: PlanVersion) -> None:
    """Everything of one version, in another one."""
    sections: dict[int, Section] = {}
    for section in before.sections.all():
        old, parent = section.pk, sections.get(section.parent_id or 0)
        section.pk, section.version, section.parent = None, after, parent
        section._state.adding = True
        section.save(force_insert=True)
        sections[old] = section
    entries = list(before.entries.all())
    copies = [_same(entry, version=after, section=sections[entry.section_id]) for entry in entries]
    for copy in copies:
        copy.revision = 1
    made = Entry.objects.bulk_create(copies)
    of = {old.pk: new for old, new in zip(entries, made, strict=True)}
    for model in (Role, Cost, MeasureIndicator):
        rows = model.objects.filter(entry__version=before).order_by("pk")
        model.objects.bulk_create([_same(row, entry=of[row.entry_id]) for row in rows])


def _same(row: Any, **other: Any) -> Any:
    """A row that is not kept yet, like this one but for some fields."""
    fields = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    del fields[row._meta.pk.attname]
    for name in other:
        del fields[row._meta.get_field(name).attname]
    return type(row)(**fields, **other)


@transaction.atomic
def put_in_force(
    *,
    by: Any,
    version: PlanVersion,
    revision: int,
    act: Mapping[str, str],
    act_number: str,
    adopted: date | None,
    since: date,
    reason: Mapping[str, str] | None = None,
) -> PlanVersion:
    """A draft becomes what holds, by a legal act, from a day after that of the version before it.

    An amendment says why. From then on nothing of it changes but who does what.
    """
    allow(by, version.plan)
    now = draft(version)
    before = now.plan.versions.filter(state=PlanVersion.State.IN_FORCE).last()
    refuse_if(_not_yet(now, before, act=act, since=since, reason=reason or {}))
    fields = {
        "state": PlanVersion.State.IN_FORCE,
        "act": dict(act),
        "act_number": act_number.strip(),
        "adopted": adopted,
        "since": since,
        "reason": dict(reason or {}),
    }
    update(version, revision, fields)
    details = {"version": version.number, "since": str(since), "act_number": version.act_number}
    tell(by, "plan.in-force", now.plan, details=details)
    return version


def _not_yet(
    version: PlanVersion,
    before: PlanVersion | None,
    *,
    act: Mapping[str, str],
    since: date,
    reason: Mapping[str, str],
) -> list[Problem]:
    """Why a draft cannot come into force like this."""
    problems = []
    if not version.entries.exists():
        problems.append(fault("plan-without-measures"))
    if not any(words.strip() for words in act.values()):
        problems.append(fault("plan-without-act", "act"))
    if before is not None and before.since is not None and since <= before.since:
        problems.append(fault("plan-not-after", "since", number=before.number, since=str(before.since)))
    if since > version.plan.end:
        problems.append(fault("plan-in-force-too-late", "since", end=str(version.plan.end)))
    if before is not None and not any(words.strip() for words in reason.values()):
        problems.append(fault("reason-missing", "reason"))
    return problems


@transaction.atomic
def discard(*, by: Any, version: PlanVersion, revision: int, reason: str) -> None:
    """Throw a draft away, for a reason, with the measures that no other version has."""
    allow(by, version.plan)
    why = need_reason(reason)
    now = draft(version)
    update(version, revision, {})
    plan, number = now.plan, now.number
    now.delete()
    forget_unused(plan)
    tell(by, "plan.discarded", plan, why=why, details={"version": number})


def forget_unused(plan: Plan, keys: Sequence[int] | None = None) -> None:
    """Delete the measures of a plan that no version has any more."""
    unused = Measure.objects.filter(plan=plan, entries=None)
    (unused if keys is None else unused.filter(pk__in=keys)).delete()
