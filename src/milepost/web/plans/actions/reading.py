"""The table of an act: kept until the person who handed it in confirms it, then taken as a draft at once."""

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from milepost.errors import MilepostError
from milepost.values import Text
from milepost.values import plan as values
from milepost.web.files import actions as files
from milepost.web.files.models import StoredFile
from milepost.web.plans.actions.conditions import allow, tell
from milepost.web.plans.actions.measures import free_key
from milepost.web.plans.actions.versions import number_next
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
from milepost.web.plans.queries import reading as queries
from milepost.web.plans.queries.reading import Judged, Line
from milepost.web.traces.actions import link
from milepost.web.ui.conditions import fault, refuse_if
from milepost.web.ui.revisions import Stale

STAYS = [
    field.name
    for field in MeasureIndicator._meta.concrete_fields
    if field.name not in ("id", "entry", "key", "title")
]
"""What a table does not say of an indicator, and an earlier version does."""
KEPT = timedelta(days=1)
"""How long a file waits to be confirmed."""
OWNERS = "plan-table:"


def hand_in(*, by: Any, plan: Plan, upload: Any, name: str) -> StoredFile:
    """Keep the table of an act until it is confirmed; a file that holds no plan is not kept.

    No single transaction: a refused file is dropped again, with its content.
    """
    allow(by, plan)
    if plan.versions.filter(state=PlanVersion.State.DRAFT).exists():
        raise MilepostError([fault("plan-has-a-draft", number=plan.versions.last().number)])
    drop_left(by=by)
    kept = files.keep(upload, by=by, name=name, owner=queries.owner(plan))
    try:
        queries.judge(plan, kept)
    except MilepostError:
        files.drop(kept, by=by)
        raise
    return kept


@transaction.atomic
def withdraw(*, by: Any, plan: Plan, stored: StoredFile) -> None:
    """Take a file back that was not confirmed; nothing of it stays."""
    allow(by, plan)
    if stored.by != by or stored.owner != queries.owner(plan):
        raise PermissionDenied("another person's file")
    files.drop(stored, by=by)


@transaction.atomic
def drop_left(*, by: Any = None) -> int:
    """Take away every file that waited for more than a day; how many."""
    left = StoredFile.objects.filter(owner__startswith=OWNERS, at__lt=timezone.now() - KEPT)
    for stored in (found := list(left)):
        files.drop(stored, by=by)
    return len(found)


@transaction.atomic
def take_in(
    *,
    by: Any,
    plan: Plan,
    stored: StoredFile,
    digest: str,
    decisions: Mapping[str, str],
    new: Iterable[str] = (),
) -> PlanVersion:
    """Make a draft of what the preview showed, all of it or nothing; Stale where it would be another one.

    Every name must have been found in the register, or decided by the person.
    """
    allow(by, plan)
    number = number_next(plan)
    kept = StoredFile.objects.select_for_update(of=("self",)).filter(
        pk=stored.pk, by=by, owner=queries.owner(plan)
    )
    if not kept.exists():
        raise Stale
    judged = queries.judge(plan, stored, decisions=decisions, new=new)
    if judged.digest != digest:
        raise Stale
    problems = [one for one in judged.problems if one.code in queries.BLOCKING]
    problems += [fault("plan-name-undecided", name=one.printed) for one in judged.undecided]
    refuse_if(problems)
    names = {one.printed: one.institution.pk if one.institution else None for one in judged.names}
    version = PlanVersion.objects.create(plan=plan, number=number, file=stored, names=names)
    _write(version, judged)
    kept.update(owner=version.address)
    link(plan.address, "rests_on", stored.address, version=number)
    details = {"file": stored.address, "version": number, "counts": judged.counts}
    tell(by, "plan.taken", plan, details=details)
    return version


def _write(version: PlanVersion, judged: Judged) -> None:
    """Sections, measures and what hangs on them, in the order of the table."""
    lines = {one.measure.key: one for one in judged.lines if one.measure is not None}
    taken = set(version.plan.measures.values_list("key", flat=True))
    made: list[tuple[Entry, values.Measure, Line]] = []

    def walk(sections: Iterable[values.Section], parent: Section | None) -> None:
        for section in sections:
            keys = set(version.sections.values_list("key", flat=True))
            here = Section.objects.create(
                version=version,
                parent=parent,
                level=section.level,
                key=free_key(section.code, keys, "s"),
                code=section.code[:40],
                title=dict(section.title),
                position=len(keys),
            )
            for measure in section.measures:
                line = lines[measure.key]
                known = _measure(version.plan, measure, line.before, taken)
                entry = _entry(here, known, measure, line.before)
                entry.position = len(made)
                made.append((entry, measure, line))
            walk(section.below, here)

    walk(judged.file.table.sections, None)
    rows = Entry.objects.bulk_create([entry for entry, _measure, _line in made])
    institutions = {one.printed: one.institution for one in judged.names if one.institution is not None}
    roles, indicators, costs = [], [], []
    for entry, (_same, measure, line) in zip(rows, made, strict=True):
        roles += _roles(entry, measure, institutions)
        indicators += _indicators(entry, measure, line.before)
        costs += _costs(entry, measure, line.before)
    Role.objects.bulk_create(roles)
    MeasureIndicator.objects.bulk_create(indicators)
    Cost.objects.bulk_create(costs)


def _measure(plan: Plan, measure: values.Measure, before: Entry | None, taken: set[str]) -> Measure:
    """The measure that a line of the table goes on with, or a new one."""
    if before is not None:
        return before.measure
    made = Measure.objects.create(plan=plan, key=free_key(measure.code, taken))
    taken.add(made.key)
    return made


def _entry(section: Section, known: Measure, measure: values.Measure, before: Entry | None) -> Entry:
    """What the table says of a measure."""
    due = measure.deadline
    backwards = due.start is not None and due.end is not None and due.end < due.start
    return Entry(
        version=section.version,
        section=section,
        measure=known,
        code=measure.code,
        title=_words(before.title if before else {}, measure.title),
        expected=_words(before.expected if before else {}, measure.expected),
        deadline=due.text,
        first_day=None if backwards else due.start,
        last_day=None if backwards else due.end,
        repeated=due.repeated,
        institutions=measure.institutions,
        funding=measure.funding_text,
        verification=_words(before.verification if before else {}, measure.verification),
        references=before.references if before else [],
        gender=before.gender if before else "",
        gender_reason=before.gender_reason if before else {},
        rights=before.rights if before else {},
        groups=before.groups if before else [],
    )


def _words(before: Mapping[str, str], printed: Text) -> dict[str, str]:
    """What is printed; translations of the same words stay, those of other words would be wrong."""
    kept = before if queries.same_words(before, printed) else {}
    return dict(sorted({**kept, **printed}.items()))


RANKS = (
    ("coordinators", Role.Kind.COORDINATOR),
    ("executors", Role.Kind.EXECUTOR),
    ("partners", Role.Kind.PARTNER),
)
"""Of several roles that a table gives one institution in a measure, the first counts."""


def _roles(entry: Entry, measure: values.Measure, institutions: Mapping[str, Any]) -> list[Role]:
    found: dict[int, Role] = {}
    for field, kind in RANKS:
        for name in getattr(measure, field):
            institution = institutions.get(name)
            if institution is not None and institution.pk not in found:
                found[institution.pk] = Role(entry=entry, institution=institution, kind=kind)
    return list(found.values())


def _indicators(entry: Entry, measure: values.Measure, before: Entry | None) -> list[MeasureIndicator]:
    """The indicators of the table; one with the words of an earlier one goes on with it."""
    there = list(before.indicators.all()) if before is not None else []
    used = set(MeasureIndicator.objects.filter(entry__measure=entry.measure).values_list("key", flat=True))
    made = []
    for one in measure.indicators:
        same = next((old for old in there if queries.same_words(old.title, one.title)), None)
        if same is not None:
            there.remove(same)
        key = same.key if same else free_key("", used, "i")
        used.add(key)
        fields = {name: getattr(same, name) for name in STAYS} if same else {}
        words = _words(same.title if same else {}, one.title)
        made.append(MeasureIndicator(entry=entry, key=key, title=words, **fields))
    return made


def _costs(entry: Entry, measure: values.Measure, before: Entry | None) -> list[Cost]:
    """The money that the table states by source; where it states no amounts, what was entered stays while the
    table prints the same source of funding."""
    if any(one.money for one in measure.funding):
        return [
            Cost(
                entry=entry,
                source=one.source[:300],
                amount=one.money.value if one.money else None,
                currency=one.money.currency if one.money else "",
                committed=one.committed,
            )
            for one in measure.funding
        ]
    if before is None or before.funding != entry.funding:
        return []
    return [
        Cost(
            entry=entry,
            source=one.source,
            amount=one.amount,
            currency=one.currency,
            committed=one.committed,
        )
        for one in before.costs.all()
    ]
