"""Everything that changes the record of a project: its fields, partners, programme, continuity, files."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from milepost.errors import MilepostError
from milepost.values import Problem
from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.audit.actions import changes, record
from milepost.web.files import actions as files
from milepost.web.files.models import StoredFile
from milepost.web.projects.actions.conditions import allow, forget_offers, tell
from milepost.web.projects.models import (
    Beneficiary,
    BudgetLine,
    Continuity,
    Document,
    Party,
    Programme,
    Project,
    SavedView,
    Source,
    Tag,
)
from milepost.web.projects.moments import Bounds, bounds
from milepost.web.projects.queries.scoping import visible_to
from milepost.web.stakeholders.fields import merged
from milepost.web.stakeholders.models import Institution
from milepost.web.traces.actions import link
from milepost.web.ui.conditions import fault, need_reason, refuse_if, update

WORDS = ("title", "narrative", "rights_based")
"""Fields in several languages."""
RECORD = (
    "title",
    "narrative",
    "project_code",
    "prima_code",
    "iati_identifier",
    "type",
    "coverage",
    "region",
    "start",
    "end",
    "year",
    "budget",
    "currency",
    "managing_office",
    "fund",
    "funding_line",
    "gender_marker",
    "gender_checks",
    "rights_based",
    "programme",
    "manager",
)
"""The fields of the record, as `save` and the form name them."""
RUNNING = ("active", "completed", "evaluated", "closed")
CODES = ("project_code", "prima_code", "iati_identifier")


# The record -------------------------------------------------------------------------------------------------


@transaction.atomic
def enter(
    *,
    by: Any,
    institution: Institution,
    areas: Iterable[str] = (),
    tags: Mapping[str, Iterable[str]] | None = None,
    **fields: Any,
) -> Project:
    """A new project of an institution, as a proposal; MilepostError names every field that cannot be so."""
    allow(by, Permission.EDIT_PROJECTS, institution)
    project = Project(institution=institution)
    found = _checked(project, fields)
    for name, value in found.items():
        setattr(project, name, value)
    project.save(force_insert=True)
    _say(project, areas, tags or {})
    _index(project)
    tell(by, "project.entered", project)
    return project


@transaction.atomic
def save(
    *,
    by: Any,
    project: Project,
    revision: int,
    areas: Iterable[str] | None = None,
    tags: Mapping[str, Iterable[str]] | None = None,
    why: str = "",
    **fields: Any,
) -> Project:
    """Change fields of the record; those not given stay. A running project is extended instead."""
    allow(by, Permission.EDIT_PROJECTS, project)
    before = {name: _plain(getattr(project, name)) for name in fields}
    for name in WORDS:
        if name in fields:
            fields[name] = merged(getattr(project, name), fields[name])
    found = _checked(project, fields)
    if project.state in RUNNING and found.get("end", project.end) != project.end:
        raise MilepostError([fault("end-is-fixed", "end")])
    update(project, revision, found)
    _say(project, areas, tags)
    _index(project)
    after = {name: _plain(getattr(project, name)) for name in fields}
    forget_offers()
    tell(by, "project.edited", project, why=why, details={"fields": sorted(changes(before, after))})
    return project


def _plain(value: Any) -> Any:
    return getattr(value, "pk", value)


def _checked(project: Project, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields as the row keeps them; MilepostError with every fault."""
    unknown = set(fields) - set(RECORD)
    if unknown:
        raise TypeError(f"not fields of the record: {sorted(unknown)}")
    found: dict[str, Any] = {
        name: str(value or "").strip() if name in CODES else value for name, value in fields.items()
    }
    problems: list[Problem] = []
    days: dict[str, Bounds | None] = {}
    for name in ("start", "end"):
        text = str(fields.get(name, getattr(project, name)) or "").strip()
        if name in found:
            found[name] = text
        try:
            days[name] = bounds(text) if text else None
        except ValueError:
            problems.append(fault("moment-unreadable", name, text=text))
            days[name] = None
    if days["start"] and days["end"] and days["end"].last < days["start"].first:
        details = {"start": found.get("start", project.start), "end": found.get("end", project.end)}
        problems.append(fault("ends-before-start", "end", **details))
    if not problems:
        start, end = days["start"], days["end"]
        found |= {"first_day": start.first if start else None, "last_day": end.last if end else None}
    problems += _taken(project, found)
    refuse_if(problems)
    return found


def _taken(project: Project, fields: Mapping[str, Any]) -> Iterable[Problem]:
    """That another project has one of these codes; which one is not said, it may be hidden."""
    if any(fields.get(name) for name in CODES):
        _one_at_a_time()
    for name in CODES:
        code = fields.get(name)
        if code and Project.objects.filter(**{name: code}).exclude(pk=project.pk).exists():
            yield fault("project-code-taken", name, code=code)


def _say(project: Project, areas: Iterable[str] | None, tags: Mapping[str, Iterable[str]] | None) -> None:
    """Put the states and the tags of the record in the place of those that were."""
    if areas is not None:
        wanted = {area.lower() for area in areas}
        project.beneficiaries.exclude(area__in=wanted).delete()
        there = set(project.beneficiaries.values_list("area", flat=True))
        Beneficiary.objects.bulk_create(
            Beneficiary(project=project, area=area) for area in sorted(wanted - there)
        )
    for framework, codes in (tags or {}).items():
        wanted = set(codes)
        project.tags.filter(framework=framework).exclude(code__in=wanted).delete()
        there = set(project.tags.filter(framework=framework).values_list("code", flat=True))
        Tag.objects.bulk_create(
            Tag(project=project, framework=framework, code=code) for code in sorted(wanted - there)
        )


def _index(project: Project) -> None:
    """Write down, in small letters, all that the public may search: SQLite knows no case of Cyrillic."""
    parts = [project.project_code, project.prima_code, project.iati_identifier, project.managing_office]
    parts += project.gender_checks.values()
    parts += [text for name in WORDS for text in getattr(project, name).values()]
    parts += [text for party in project.parties.select_related("institution") for text in party.text.values()]
    project.words = " ".join(filter(None, parts)).casefold()
    Project.objects.filter(pk=project.pk).update(words=project.words)


@transaction.atomic
def endorse_for(*, by: Any, project: Project, area: str, day: date | None, authority: str) -> Beneficiary:
    """That a state endorsed the project: the day and the authority, never a person; no day takes it back."""
    allow(by, Permission.EDIT_PROJECTS, project)
    one = project.beneficiaries.select_for_update().get(area=area)
    one.endorsed_on, one.endorsed_by = day, authority.strip() if day else ""
    one.save(update_fields=["endorsed_on", "endorsed_by"])
    tell(by, "project.endorsement", project, details={"area": area, "day": str(day) if day else None})
    return one


@transaction.atomic
def extend(*, by: Any, project: Project, revision: int, end: str, asked_on: date, reason: str) -> Project:
    """Move the end of a running project to a later day, with the day on which it was asked for."""
    allow(by, Permission.DECIDE_PROJECTS, project)
    why = need_reason(reason)
    problems = []
    try:
        last = bounds(end).last
    except ValueError:
        raise MilepostError([fault("moment-unreadable", "end", text=end)]) from None
    if asked_on > timezone.localdate():
        problems.append(fault("extension-not-asked", "asked_on", day=str(asked_on)))
    elif project.last_day is not None and asked_on > project.last_day:
        problems.append(fault("extension-expired", "asked_on", end=str(project.last_day)))
    if project.last_day is not None and last <= project.last_day:
        problems.append(fault("extension-shortens", "end", end=end))
    if project.state != "active":
        problems.append(fault("no-such-step", state=project.state))
    refuse_if(problems)
    details = {"end": [project.end, end.strip()], "asked_on": str(asked_on)}
    update(project, revision, {"end": end.strip(), "last_day": last})
    tell(by, "project.extended", project, why=why, details=details)
    return project


# Partners, budget, continuity, programme --------------------------------------------------------------------


@transaction.atomic
def add_party(
    *,
    by: Any,
    project: Project,
    role: str,
    institution: Institution | None = None,
    name: Mapping[str, str] | None = None,
    reference: str = "",
) -> Party:
    """An organisation that takes part: an institution of the register, or one by its name."""
    allow(by, Permission.EDIT_PROJECTS, project)
    Project.objects.select_for_update().get(pk=project.pk)
    named = dict(name or {})
    problems = [] if institution or named else [fault("party-nameless", "name")]
    there = project.parties.filter(role=role)
    if role == Party.Role.ACCOUNTABLE and (first := there.first()):
        problems.append(fault("second-lead", "role", name=str(first)))
    elif institution and there.filter(institution=institution).exists():
        problems.append(fault("party-twice", "institution"))
    elif named and any(one.name == named for one in there):
        problems.append(fault("party-twice", "name"))
    refuse_if(problems)
    party = Party.objects.create(
        project=project,
        role=role,
        institution=institution,
        name={} if institution else named,
        reference=reference.strip(),
        words=" ".join([*named.values(), reference.strip()]).casefold(),
    )
    _index(project)
    tell(by, "project.party-added", project, details={"party": str(party), "role": role})
    return party


@transaction.atomic
def remove_party(*, by: Any, party: Party) -> None:
    """An organisation that takes no part any more."""
    project = party.project
    allow(by, Permission.EDIT_PROJECTS, project)
    details = {"party": str(party), "role": party.role}
    party.delete()
    _index(project)
    forget_offers()
    tell(by, "project.party-removed", project, details=details)


@transaction.atomic
def set_budget_line(
    *,
    by: Any,
    project: Project,
    kind: str,
    title: Mapping[str, str],
    amount: Decimal,
    line: BudgetLine | None = None,
    revision: int = 0,
) -> BudgetLine:
    """A new line of the budget, or other words and another amount of one."""
    allow(by, Permission.EDIT_PROJECTS, project)
    fields = {"kind": kind, "title": dict(title), "amount": amount}
    if line is None:
        line = BudgetLine.objects.create(project=project, **fields)
    else:
        update(line, revision, fields)
    tell(by, "project.budget", project, details={"line": str(line), "kind": kind})
    return line


@transaction.atomic
def remove_budget_line(*, by: Any, line: BudgetLine) -> None:
    """A line that is no part of the budget any more."""
    allow(by, Permission.EDIT_PROJECTS, line.project)
    if line.expenditures.exists():
        refuse_if([fault("budget-line-in-use")])
    details = {"line": str(line), "kind": line.kind}
    line.delete()
    tell(by, "project.budget-removed", line.project, details=details)


@transaction.atomic
def connect(*, by: Any, first: Project, second: Project, kind: str) -> Continuity:
    """Say that `second` goes on from `first`, or that the two stand beside each other; circles are refused.

    Who may edit one of the two may say so.
    """
    _allow_either(by, first, second)
    _one_at_a_time()
    if kind == Continuity.Kind.BESIDE and first.pk > second.pk:
        first, second = second, first
    problems = []
    both = Continuity.objects.filter(first__in=(first, second), second__in=(first, second))
    if first == second:
        problems.append(fault("project-after-itself", "other", path=str(first)))
    elif both.exists():
        problems.append(fault("linked-already", "other"))
    elif kind == Continuity.Kind.AFTER and (path := _path(second, first)):
        problems.append(fault("project-after-itself", "other", path=_told(by, [*path, second])))
    refuse_if(problems)
    made = Continuity.objects.create(first=first, second=second, kind=kind)
    tell(by, "project.connected", second, details={"to": first.address, "kind": kind})
    return made


def _one_at_a_time() -> None:
    """Wait until nobody else writes what must hold across the whole register.

    Of a circle, two people may each close a part that is none yet; of a code, each finds it free. The first
    institution stands for the register; its own row is not changed.
    """
    Institution.objects.select_for_update(no_key=True).order_by("pk").first()


def _told(by: Any, path: Sequence[Project]) -> str:
    """A way from project to project, without the names of those that the person may not see."""
    seen = set(visible_to(by).filter(pk__in=[one.pk for one in path]).values_list("pk", flat=True))
    return " → ".join(str(one) if one.pk in seen else "…" for one in path)


def _path(start: Project, goal: Project) -> list[Project] | None:
    """The projects from `start` to `goal`, each after the one before; None where there is no such way."""
    ways: list[list[Project]] = [[start]]
    seen = {start.pk}
    while ways:
        way = ways.pop(0)
        if way[-1].pk == goal.pk:
            return way
        later = Continuity.objects.filter(first=way[-1], kind=Continuity.Kind.AFTER).select_related("second")
        for one in later:
            if one.second.pk not in seen:
                seen.add(one.second.pk)
                ways.append([*way, one.second])
    return None


@transaction.atomic
def disconnect(*, by: Any, continuity: Continuity) -> None:
    """Take back that two projects belong together."""
    _allow_either(by, continuity.first, continuity.second)
    second, first = continuity.second, continuity.first
    continuity.delete()
    tell(by, "project.disconnected", second, details={"from": first.address})


def _allow_either(by: Any, *projects: Project) -> None:
    places = [place for project in projects for place in project.places]
    if not may(by, Permission.EDIT_PROJECTS, *places):
        raise PermissionDenied(Permission.EDIT_PROJECTS)


@transaction.atomic
def save_programme(
    *,
    by: Any,
    institution: Institution,
    title: Mapping[str, str],
    description: Mapping[str, str],
    programme: Programme | None = None,
    revision: int = 0,
) -> Programme:
    """A new programme, or other words for one."""
    allow(by, Permission.EDIT_PROJECTS, programme or institution)
    fields = {"title": dict(title), "description": dict(description)}
    if programme is None:
        programme = Programme.objects.create(institution=institution, **fields)
        verb = "programme.added"
    else:
        fields = {name: merged(getattr(programme, name), words) for name, words in fields.items()}
        update(programme, revision, fields)
        forget_offers()
        verb = "programme.edited"
    record(by=by, verb=verb, address=programme.address, scope=programme.institution.address)
    return programme


# Files and where the record came from -----------------------------------------------------------------------


@transaction.atomic
def attach(
    *, by: Any, project: Project, upload: Any, name: str, kind: str, title: Mapping[str, str], public: bool
) -> Document:
    """Keep a document of the project; everybody may have a public one as long as the project is public."""
    allow(by, Permission.EDIT_PROJECTS, project)
    kept = files.keep(upload, by=by, name=name, owner=project.address, public=public and project.public)
    made = Document.objects.create(project=project, file=kept, kind=kind, title=dict(title), public=public)
    tell(by, "project.document", project, details={"file": kept.name, "kind": kind})
    return made


@transaction.atomic
def detach(*, by: Any, document: Document) -> None:
    """Take a document off the project; the file is kept, for those who work with the project."""
    allow(by, Permission.EDIT_PROJECTS, document.project)
    files.open_to_public([document.file], public=False)
    document.delete()
    tell(by, "project.document-removed", document.project, details={"file": document.file.name})


@transaction.atomic
def take_from_page(
    *, by: Any, project: Project, file: StoredFile, words: Mapping[str, str]
) -> Sequence[Source]:
    """Write down from which page which fields were taken, in the page's own words."""
    allow(by, Permission.EDIT_PROJECTS, project)
    made = Source.objects.bulk_create(
        Source(project=project, field=field, file=file, words=said, by=by) for field, said in words.items()
    )
    link(project.address, "rests_on", file.address, fields=sorted(words))
    return made


# What a person keeps ----------------------------------------------------------------------------------------


@transaction.atomic
def keep_view(*, by: Any, name: str, query: str) -> SavedView:
    """Remember a choice of the portfolio under a name of one's own; the same name takes the new choice."""
    view, _new = SavedView.objects.update_or_create(
        user=by, name=name.strip()[:80], defaults={"query": query[:1000]}
    )
    return view


@transaction.atomic
def forget_view(*, by: Any, view: SavedView) -> None:
    """Forget one of one's own choices."""
    if view.user != by:
        raise PermissionDenied
    view.delete()
