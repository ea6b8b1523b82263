"""What a version says, as plain values and as rows of a page; which one holds on a day; what is narrowed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, NamedTuple

from django.db.models import QuerySet

from milepost.checks import plan as checks
from milepost.progress import plan as progress
from milepost.values import Money, Origin, Problem, Reference, ResultIndicator, Text
from milepost.values import plan as values
from milepost.values.plan import Deadline, Funding
from milepost.web.plans.models import Entry, Plan, PlanVersion, Role, Section
from milepost.web.plans.queries.scoping import versions
from milepost.web.ui.templatetags.ui import plain


class Period(NamedTuple):
    """A version with its time: from which day to which; no last day while it holds."""

    version: PlanVersion
    since: date | None
    until: date | None


def history(user: Any, plan: Plan) -> list[Period]:
    """The versions that a reader may see, each in force until the day before the next one."""
    return _periods(list(versions(user).filter(plan=plan).order_by("number")))


def _periods(found: Sequence[PlanVersion]) -> list[Period]:
    days: dict[int, date | None] = {
        one.pk: later.since - timedelta(days=1) for one, later in pairwise(found) if later.since is not None
    }
    return [Period(one, one.since, days.get(one.pk)) for one in found]


def in_force(plan: Plan, day: date) -> PlanVersion | None:
    """The version that was in force on a day; None where none was."""
    there = list(plan.versions.filter(state=PlanVersion.State.IN_FORCE).order_by("number"))
    bare = [
        values.PlanVersion(one.version.number, Text(one.version.act), None, one.since, one.until)
        for one in _periods(there)
        if one.since is not None
    ]
    found = progress.in_force(bare, day)
    return next((one for one in there if found is not None and one.number == found.number), None)


# As values --------------------------------------------------------------------------------------------------


def entries(version: PlanVersion) -> QuerySet[Entry]:
    """Every measure of a version with all that hangs on it, in a fixed number of queries."""
    return version.entries.select_related("section__parent", "measure").prefetch_related(
        "roles__institution__country", "indicators", "costs"
    )


def as_value(version: PlanVersion, language: str = "") -> values.PlanVersion:
    """A version as plain values, for what is computed of it and for its files.

    Institutions stand by their names in `language`, or, without one, by their addresses.
    """
    standing: dict[int, list[values.Measure]] = defaultdict(list)
    for entry in entries(version):
        standing[entry.section_id].append(measure_as_value(entry, language))
    below: dict[int | None, list[Section]] = defaultdict(list)
    for section in version.sections.all():
        below[section.parent_id].append(section)

    def whole(section: Section) -> values.Section:
        return values.Section(
            section.key,
            section.code,
            Text(section.title),
            "priority" if section.level == "priority" else "objective",
            measures=tuple(standing[section.pk]),
            below=tuple(whole(one) for one in below[section.pk]),
        )

    return values.PlanVersion(
        version.number,
        Text(version.act),
        version.adopted,
        version.since or date.max,
        None,
        tuple(whole(one) for one in below[None]),
    )


def measure_as_value(entry: Entry, language: str = "") -> values.Measure:
    """One measure as a plain value; see `as_value`."""
    named: dict[str, list[str]] = defaultdict(list)
    for role in entry.roles.all():
        name = role.institution.address
        named[role.kind].append(role.institution.text.best(language)[0] if language else name)
    return values.Measure(
        entry.measure.key,
        entry.code,
        entry.text,
        Text(entry.expected),
        Deadline(entry.deadline, entry.first_day, entry.last_day, entry.repeated),  # type: ignore[arg-type]
        entry.institutions,
        tuple(named[Role.Kind.COORDINATOR]),
        tuple(named[Role.Kind.EXECUTOR]),
        tuple(named[Role.Kind.PARTNER]),
        tuple(
            Funding(
                one.source,
                Money(one.amount, one.currency) if one.amount is not None else None,
                one.committed,
            )
            for one in entry.costs.all()
        ),
        entry.funding,
        tuple(
            ResultIndicator(one.key, Text(one.title), one.unit, dimensions=(("sex",),) if one.by_sex else ())
            for one in entry.indicators.all()
        ),
        verification=Text(entry.verification),
        gender=entry.gender,  # type: ignore[arg-type]
        gender_reason=Text(entry.gender_reason),
        references=tuple(Reference(framework, code) for framework, code in entry.references),
    )


BY_MARKS = ("plan-objective-without-gender",)
"""What is told of a table by its words, and of a plan that is kept here by its marks (`queries.gender`)."""


def faults(version: PlanVersion, language: str) -> list[Problem]:
    """What keeps a version from being followed, as its values show it.

    Roles have checks of their own, and so has gender, which here goes by marks and not by words.
    """
    plan = version.plan
    sections = as_value(version, language).sections
    found = checks.plan(sections, origin=Origin(""), start=plan.start, end=plan.end)
    return [one for one in found if one.code not in BY_MARKS]


# A list of measures -----------------------------------------------------------------------------------------


class Group(NamedTuple):
    """The measures of a section, under the headings that are new with it."""

    headings: tuple[Section, ...]
    entries: tuple[Entry, ...]


def narrowed(found: Iterable[Entry], wanted: Mapping[str, Any]) -> list[Entry]:
    """The measures that are like this: by section, institution, role, deadline and words."""
    kept = list(found)
    if section := wanted.get("section"):
        kept = [one for one in kept if str(section) in (str(one.section_id), str(one.section.parent_id))]
    if institution := wanted.get("institution"):
        roles = wanted.get("role")
        kept = [
            one
            for one in kept
            if any(
                str(role.institution_id) == str(institution) and (not roles or role.kind == roles)
                for role in one.roles.all()
            )
        ]
    if due := wanted.get("due"):
        kept = [one for one in kept if _is_due(one, due)]
    if nobody := wanted.get("nobody"):
        kept = [one for one in kept if nobody and not _coordinators(one)]
    for word in str(wanted.get("words") or "").casefold().split():
        kept = [one for one in kept if word in _letters(one)]
    return kept


def _coordinators(entry: Entry) -> list[Role]:
    return [role for role in entry.roles.all() if role.kind == Role.Kind.COORDINATOR]


def _is_due(entry: Entry, due: str) -> bool:
    """Whether a measure is due in a year, is continuous ("continuous") or has no last day ("undated")."""
    if due == "continuous":
        return entry.repeated == "continuous"
    if due == "undated":
        return entry.last_day is None and entry.repeated != "continuous"
    return entry.last_day is not None and str(entry.last_day.year) == due


def _letters(entry: Entry) -> str:
    texts = [*entry.title.values(), *entry.expected.values()]
    return " ".join([entry.code, entry.institutions, *texts]).casefold()


def grouped(found: Iterable[Entry]) -> list[Group]:
    """Measures by section, in the order of the version; a priority is said once, with its first objective."""
    groups: list[tuple[Section, list[Entry]]] = []
    for entry in found:
        if not groups or groups[-1][0].pk != entry.section_id:
            groups.append((entry.section, []))
        groups[-1][1].append(entry)
    said: set[int] = set()
    made = []
    for section, standing in groups:
        chain = [one for one in (section.parent, section) if one is not None and one.pk not in said]
        said |= {one.pk for one in chain}
        made.append(Group(tuple(one for one in chain if one.title or one.code), tuple(standing)))
    return made


def choices(version: PlanVersion, found: Sequence[Entry]) -> dict[str, list[tuple[str, str]]]:
    """What a list can be narrowed by: sections, institutions with a role, years in which something is due."""
    institutions = {role.institution_id: role.institution for one in found for role in one.roles.all()}
    years = sorted({one.last_day.year for one in found if one.last_day})
    return {
        "section": [
            (str(one.pk), " ".join(filter(None, (one.code, plain(one.title)))))
            for one in version.sections.all()
            if one.title
        ],
        "institution": sorted(
            ((str(pk), plain(one.text)) for pk, one in institutions.items()), key=lambda pair: pair[1]
        ),
        "due": [(str(year), str(year)) for year in years],
    }


def entry_of(version: PlanVersion, measure: Any) -> Entry | None:
    """What a version says of a measure; None where it does not have it."""
    return entries(version).filter(measure=measure).first()


class Standing(NamedTuple):
    """What a version has in numbers: measures, those due in this year, continuous and undated ones, and those
    on which nobody, or more than one institution, reports."""

    measures: int
    due: int
    year: int
    continuous: int
    undated: int
    nobody: int
    several: int


def standing(found: Sequence[Entry], today: date) -> Standing:
    """A version in numbers."""
    reporting = [len(_coordinators(one)) for one in found]
    return Standing(
        len(found),
        sum(_is_due(one, str(today.year)) for one in found),
        today.year,
        sum(_is_due(one, "continuous") for one in found),
        sum(_is_due(one, "undated") for one in found),
        reporting.count(0),
        sum(count > 1 for count in reporting),
    )
