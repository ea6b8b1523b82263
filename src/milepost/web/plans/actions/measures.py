"""What a draft says of its measures, and, at any time, who does what."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from milepost.interchange.plan_table import deadlines
from milepost.values import Problem
from milepost.web.audit.actions import changes
from milepost.web.plans.actions.conditions import allow, assigning, editing, tell, touched
from milepost.web.plans.actions.versions import forget_unused
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
from milepost.web.stakeholders.fields import merged
from milepost.web.stakeholders.models import Institution
from milepost.web.ui.conditions import fault, need_reason, refuse_if, update

WORDS = ("title", "expected", "verification")
"""Fields in several languages."""


def free_key(wanted: str, taken: Iterable[str], otherwise: str = "m") -> str:
    """A key that is not taken: what is wanted, as long as it is short, else a number.

    >>> free_key("1.2", {"1.1"}), free_key("1.2", {"1.2", "1.2-2"}), free_key("x" * 90, {"m1"})
    ('1.2', '1.2-3', 'm2')
    """
    known = set(taken)
    first = wanted.strip() if 0 < len(wanted.strip()) <= 40 else ""
    number = 1
    while True:
        key = f"{otherwise}{number}" if not first else first if number == 1 else f"{first}-{number}"
        if key not in known:
            return key
        number += 1


# Sections ---------------------------------------------------------------------------------------------------


@transaction.atomic
def add_section(
    *,
    by: Any,
    version: PlanVersion,
    level: str,
    title: Mapping[str, str],
    code: str = "",
    parent: Section | None = None,
) -> Section:
    """A priority, or an objective, maybe below a priority of the same draft."""
    allow(by, version.plan)
    now = editing(version)
    if parent is not None and (parent.version != now or parent.level != "priority" or level == "priority"):
        refuse_if([fault("plan-section-place", "parent")])
    last = now.sections.aggregate(last=Max("position"))["last"]
    key = free_key(code, now.sections.values_list("key", flat=True), "s")
    made = Section.objects.create(
        version=now,
        parent=parent,
        level=level,
        key=key,
        code=code.strip(),
        title=dict(title),
        position=0 if last is None else last + 1,
    )
    tell(by, "plan.section", now.plan, details={"name": str(made), "version": now.number})
    return made


@transaction.atomic
def save_section(*, by: Any, section: Section, revision: int, code: str, title: Mapping[str, str]) -> Section:
    """Other words for a section of a draft."""
    allow(by, section.version.plan)
    now = editing(section.version)
    update(section, revision, {"code": code.strip(), "title": merged(section.title, title)})
    tell(by, "plan.section", now.plan, details={"name": str(section), "version": now.number})
    return section


@transaction.atomic
def remove_section(*, by: Any, section: Section) -> None:
    """A section that no measure stands in any more."""
    allow(by, section.version.plan)
    now = editing(section.version)
    if section.entries.exists() or section.below.exists():
        refuse_if([fault("plan-section-in-use")])
    name = str(section)
    section.delete()
    tell(by, "plan.section-removed", now.plan, details={"name": name, "version": now.number})


# Measures ---------------------------------------------------------------------------------------------------


@transaction.atomic
def add(*, by: Any, version: PlanVersion, section: Section, code: str = "", **fields: Any) -> Entry:
    """A measure that no earlier version has, at the end of a section of a draft."""
    allow(by, version.plan)
    now = editing(version)
    refuse_if([] if section.version_id == now.pk else [fault("plan-section-place", "section")])
    key = free_key(code, now.plan.measures.values_list("key", flat=True))
    measure = Measure.objects.create(plan=now.plan, key=key)
    last = now.entries.aggregate(last=Max("position"))["last"]
    entry = Entry(
        version=now,
        section=section,
        measure=measure,
        code=code.strip(),
        position=0 if last is None else last + 1,
        **_checked(fields),
    )
    entry.save(force_insert=True)
    tell(by, "measure.added", measure, details={"name": str(entry)[:200], "version": now.number})
    return entry


@transaction.atomic
def save(*, by: Any, entry: Entry, revision: int, **fields: Any) -> Entry:
    """Change what a draft says of a measure; a version in force is not changed."""
    allow(by, entry.version.plan)
    now = editing(entry.version)
    section = fields.get("section")
    if section is not None and section.version_id != now.pk:
        refuse_if([fault("plan-section-place", "section")])
    for name in WORDS:
        if name in fields:
            fields[name] = merged(getattr(entry, name), fields[name])
    before = {name: getattr(entry, name) for name in fields}
    checked = _checked(fields)
    update(entry, revision, checked)
    found = changes(before, {name: getattr(entry, name) for name in fields})
    tell(by, "measure.edited", entry.measure, details={"fields": sorted(found), "version": now.number})
    return entry


def _checked(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as the row keeps them; where no days are given, those that the deadline's words mean.

    What the words leave open stays open, and the pages ask for it.
    """
    found = dict(fields)
    if "code" in found:
        found["code"] = str(found["code"]).strip()
    problems: list[Problem] = []
    start, end = found.get("first_day"), found.get("last_day")
    if found.get("deadline") and not start and not end and not found.get("repeated"):
        read = deadlines.read(found["deadline"])
        if read.doubt == "backwards":
            problems.append(fault("plan-deadline-backwards", "deadline", text=read.deadline.text))
        found |= {"first_day": read.deadline.start, "last_day": read.deadline.end}
        found["repeated"] = read.deadline.repeated
    elif start and end and end < start:
        problems.append(fault("ends-before-start", "last_day", start=str(start), end=str(end)))
    refuse_if(problems)
    return found


@transaction.atomic
def remove(*, by: Any, entry: Entry, revision: int, reason: str) -> None:
    """Take a measure out of a draft, for a reason; earlier versions keep it."""
    allow(by, entry.version.plan)
    why = need_reason(reason)
    now = editing(entry.version)
    update(entry, revision, {})
    measure, name = entry.measure, str(entry)[:200]
    entry.delete()
    tell(by, "measure.removed", measure, why=why, details={"name": name, "version": now.number})
    forget_unused(now.plan, [measure.pk])


# Costs and indicators ---------------------------------------------------------------------------------------


@transaction.atomic
def add_cost(
    *, by: Any, entry: Entry, source: str, amount: Decimal | None, currency: str, committed: bool
) -> Cost:
    """Money for a measure of a draft from one source; without an amount where the act states none."""
    allow(by, entry.version.plan)
    editing(entry.version)
    code = currency.strip().upper()
    refuse_if([fault("cost-without-currency", "currency")] if amount is not None and not code else [])
    made = Cost.objects.create(
        entry=entry, source=source.strip(), amount=amount, currency=code, committed=committed
    )
    touched(entry)
    tell(by, "measure.cost", entry.measure, details={"name": made.source})
    return made


@transaction.atomic
def remove_cost(*, by: Any, cost: Cost) -> None:
    """Money that is no part of a draft any more."""
    allow(by, cost.entry.version.plan)
    editing(cost.entry.version)
    entry, name = cost.entry, cost.source
    cost.delete()
    touched(entry)
    tell(by, "measure.cost-removed", entry.measure, details={"name": name})


@transaction.atomic
def add_indicator(*, by: Any, entry: Entry, **said: Any) -> MeasureIndicator:
    """By what one sees that a measure of a draft is carried out; the key is one that no version used.

    `said` is what `_indicator` takes.
    """
    allow(by, entry.version.plan)
    editing(entry.version)
    used = MeasureIndicator.objects.filter(entry__measure=entry.measure).values_list("key", flat=True)
    made = MeasureIndicator.objects.create(entry=entry, key=free_key("", used, "i"), **_indicator(**said))
    touched(entry)
    tell(by, "measure.indicator", entry.measure, details={"name": str(made)[:200]})
    return made


@transaction.atomic
def change_indicator(*, by: Any, indicator: MeasureIndicator, revision: int, **said: Any) -> MeasureIndicator:
    """Another wording, baseline or milestones of an indicator of a draft; it stays the same indicator.

    `revision` is that of the measure, which counts every change of its parts.
    """
    entry = indicator.entry
    allow(by, entry.version.plan)
    editing(entry.version)
    fields = _indicator(**said)
    fields["title"] = merged(indicator.title, fields["title"])
    update(entry, revision, {})
    MeasureIndicator.objects.filter(pk=indicator.pk).update(**fields)
    indicator.refresh_from_db()
    tell(by, "measure.indicator-changed", entry.measure, details={"name": str(indicator)[:200]})
    return indicator


def _indicator(
    *,
    title: Mapping[str, str],
    kind: str,
    unit: str = "",
    by_sex: bool = False,
    of_people: bool | None = None,
    measured: str = MeasureIndicator.Measured.NUMBER,
    direction: str = MeasureIndicator.Direction.UP,
    tolerance: Decimal | None = None,
    baseline: Decimal | None = None,
    baseline_year: int | None = None,
    milestones: Mapping[int, Decimal] | None = None,
) -> dict[str, Any]:
    """The fields of an indicator; MilepostError with everything in them that cannot be followed.

    A baseline has a year before the first milestone. Towards a milestone there must be a way from the
    baseline in the direction stated, except for one that is to be maintained, which has a tolerance instead.
    """
    wanted = dict(milestones or {})
    maintained = direction == MeasureIndicator.Direction.MAINTAIN
    apart = by_sex and measured != MeasureIndicator.Measured.SHARE
    problems = []
    if apart and of_people is False:
        problems.append(fault("plan-by-sex-counts-people", "of_people"))
    if maintained and tolerance is None:
        problems.append(fault("tolerance-missing", "tolerance"))
    if (baseline is None) != (baseline_year is None):
        problems.append(fault("baseline-half", "baseline" if baseline is None else "baseline_year"))
    if baseline_year is not None and wanted and min(wanted) <= baseline_year:
        problems.append(fault("baseline-late", "baseline_year"))
    if baseline is not None and not maintained:
        problems += _faults_of_way(baseline, wanted, direction)
    refuse_if(problems)
    return {
        "title": dict(title),
        "kind": kind,
        "unit": unit.strip(),
        "by_sex": apart,
        "of_people": True if apart else of_people,
        "measured": measured,
        "direction": direction,
        "tolerance": tolerance if maintained else None,
        "baseline": baseline,
        "baseline_year": baseline_year,
        "milestones": {str(year): f"{number:f}" for year, number in sorted(wanted.items())},
    }


def _faults_of_way(baseline: Decimal, wanted: Mapping[int, Decimal], direction: str) -> Iterable[Problem]:
    for year, number in wanted.items():
        if number == baseline:
            yield fault("milestone-is-baseline", "milestones", year=year, number=f"{number:f}")
        elif (number > baseline) != (direction == MeasureIndicator.Direction.UP):
            details = {"year": year, "number": f"{number:f}", "baseline": f"{baseline:f}"}
            yield fault("milestone-backwards", "milestones", **details)


@transaction.atomic
def remove_indicator(*, by: Any, indicator: MeasureIndicator) -> None:
    """An indicator that is no part of a draft any more."""
    allow(by, indicator.entry.version.plan)
    editing(indicator.entry.version)
    entry, name = indicator.entry, str(indicator)[:200]
    indicator.delete()
    touched(entry)
    tell(by, "measure.indicator-removed", entry.measure, details={"name": name})


# Who does what ----------------------------------------------------------------------------------------------


@transaction.atomic
def set_role(
    *, by: Any, entry: Entry, institution: Institution, kind: str, reason: str = "", revision: int
) -> Role | None:
    """What an institution has to do with a measure; a blank kind: nothing any more.

    This is not the act's to say, so it can be changed in a version in force, too, then with a reason. Who is
    chosen to report takes the place of nobody: several are a fault that the pages show until one is left.
    """
    allow(by, entry.version.plan)
    now = assigning(entry.version)
    why = reason.strip() if now.is_draft else need_reason(reason)
    there = entry.roles.filter(institution=institution).first()
    problems = []
    if kind and not institution.active and (there is None or there.kind != kind):
        problems.append(fault("plan-role-closed", "institution", name=str(institution)))
    if not kind and there is None:
        problems.append(fault("plan-no-such-role", "institution", name=str(institution)))
    refuse_if(problems)
    update(entry, revision, {})
    before = there.kind if there else ""
    made: Role | None = None
    if kind:
        made, _new = Role.objects.update_or_create(
            entry=entry, institution=institution, defaults={"kind": kind}
        )
    elif there is not None:
        there.delete()
    details = {"institution": institution.address, "role": [before, kind], "version": now.number}
    tell(by, "measure.role", entry.measure, why=why, details=details)
    return made


@transaction.atomic
def choose_coordinator(
    *, by: Any, entry: Entry, institution: Institution, revision: int, reason: str = ""
) -> Role:
    """The one institution that reports for all; whoever was to report before carries out, too."""
    allow(by, entry.version.plan)
    now = assigning(entry.version)
    why = reason.strip() if now.is_draft else need_reason(reason)
    refuse_if([] if institution.active else [fault("plan-role-closed", "institution", name=str(institution))])
    update(entry, revision, {})
    coordinators = entry.roles.filter(kind=Role.Kind.COORDINATOR)
    before = list(coordinators.values_list("institution", flat=True))
    coordinators.exclude(institution=institution).update(kind=Role.Kind.EXECUTOR)
    made, _new = Role.objects.update_or_create(
        entry=entry, institution=institution, defaults={"kind": Role.Kind.COORDINATOR}
    )
    details = {
        "institution": institution.address,
        "from": [f"institution:{key}" for key in before],
        "version": now.number,
    }
    tell(by, "measure.coordinator", entry.measure, why=why, details=details)
    return made


@transaction.atomic
def hand_over(
    *,
    by: Any,
    plan: Plan,
    giving: Institution,
    taking: Institution,
    reason: str,
    stays: bool = False,
) -> int:
    """Another institution reports on what one reported on, in the last version in force and the draft.

    With `stays` the first one goes on carrying out; else it has nothing to do with these measures any more,
    as when it is dissolved. How many roles went over.
    """
    allow(by, plan)
    why = need_reason(reason)
    problems = []
    if giving == taking:
        problems.append(fault("plan-same-institution", "taking"))
    if not taking.active:
        problems.append(fault("plan-role-closed", "taking", name=str(taking)))
    refuse_if(problems)
    Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    last = plan.versions.filter(state=PlanVersion.State.IN_FORCE).last()
    open_ = plan.versions.filter(state=PlanVersion.State.DRAFT).last()
    there = [one.pk for one in (last, open_) if one is not None]
    roles = Role.objects.filter(
        entry__version__in=there, institution=giving, kind=Role.Kind.COORDINATOR
    ).select_related("entry__measure")
    found = list(roles)
    for role in found:
        Role.objects.update_or_create(
            entry=role.entry, institution=taking, defaults={"kind": Role.Kind.COORDINATOR}
        )
        if stays:
            Role.objects.filter(pk=role.pk).update(kind=Role.Kind.EXECUTOR)
        else:
            role.delete()
        touched(role.entry)
    details = {
        "from": giving.address,
        "to": taking.address,
        "count": len(found),
        "measures": sorted({role.entry.measure.key for role in found}),
    }
    tell(by, "plan.handed-over", plan, why=why, details=details)
    return len(found)
