"""How a plan stands: lights by stated rules, the implementation rate of a year, by objective and institution.

Nothing is counted here that `progress.plan` does not count; here it gets its words.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from milepost.progress import plan as progress
from milepost.values import plan as values
from milepost.web.plans.models import Answer, Entry, Plan, PlanVersion, Role
from milepost.web.plans.queries.versions import as_value, entries, in_force, measure_as_value
from milepost.web.stakeholders.models import Institution
from milepost.web.ui.templatetags.ui import figure, plain

COUNTED = (Answer.State.SUBMITTED, Answer.State.ACCEPTED)
"""Answers that count as given; what is accepted is verified, too."""
RULES: tuple[tuple[str, Promise], ...] = (
    ("done", lazy("It is answered that the measure is carried out in full, however late.")),
    ("cannot", lazy("It is answered that the measure cannot be done.")),
    ("late", lazy("Its last day is over. A continuous measure, or one without a last day, is never late.")),
    ("on_track", lazy("It is answered as under way, or carried out in part.")),
    ("not_due", lazy("Its first day is still to come.")),
    ("not_started", lazy("It is answered as not started.")),
    ("no_answer", lazy("Nobody has answered yet.")),
)
"""When a measure has which light: the first rule that holds counts."""


class Line(NamedTuple):
    """A measure with its light, and by how many days it is late."""

    entry: Entry
    light: str
    days: int | None
    answer: Answer | None
    institutions: tuple[Institution, ...]


class Part(NamedTuple):
    """How many measures of an objective or an institution have each light."""

    name: str
    counts: tuple[int, ...]
    total: int


class Bar(NamedTuple):
    """A light, how many measures have it, and their part of all in percent."""

    light: str
    number: int
    percent: int


class Rate(NamedTuple):
    """The implementation rate of a year in words: self-reported, and verified."""

    year: int
    reported: progress.Rate
    verified: progress.Rate
    sentences: tuple[str, ...]


class Standing(NamedTuple):
    """The whole."""

    version: PlanVersion
    lines: tuple[Line, ...]
    bars: tuple[Bar, ...]
    objectives: tuple[Part, ...]
    institutions: tuple[Part, ...]
    sources: tuple[Part, ...]
    targets: tuple[Part, ...]


def given(plan: Plan) -> dict[int, Answer]:
    """{key of the row: answer} of everything that was sent in the rounds of a plan."""
    found = Answer.objects.filter(round__plan=plan, state__in=COUNTED).select_related("round", "measure")
    return {one.pk: one for one in found}


def as_values(found: Iterable[Answer]) -> list[values.Answer]:
    """Answers as what is counted with."""
    return [
        values.Answer(
            one.measure.key,
            one.round.end,
            one.done,  # type: ignore[arg-type]
            one.state == Answer.State.ACCEPTED,
            one.ended,
        )
        for one in found
    ]


def standing(plan: Plan, today: date) -> Standing | None:
    """How the measures stand today, in the version in force; None where none is."""
    version = in_force(plan, today)
    if version is None:
        return None
    rows = list(given(plan).values())
    latest = progress.latest(as_values(rows), on=today)
    of = {(row.measure.key, row.round.end): row for row in rows}
    lines = tuple(_line(entry, latest.get(entry.measure.key), of, today) for entry in entries(version))
    lights = Counter(line.light for line in lines)
    shares = progress.percentages([lights[one] for one in LIGHTS])
    return Standing(
        version,
        lines,
        tuple(Bar(one, lights[one], share) for one, share in zip(LIGHTS, shares, strict=True)),
        _parts((objective_of(line.entry), line.light) for line in lines),
        _parts((name, line.light) for line in lines for name in _names(line)),
        _parts((name, line.light) for line in lines for name in _sources(line.entry)),
        _parts(sorted((name, line.light) for line in lines for name in _targets(line.entry))),
    )


LIGHTS: Sequence[str] = progress.LIGHTS


def _line(
    entry: Entry, answer: values.Answer | None, of: Mapping[tuple[str, date], Answer], today: date
) -> Line:
    measure = measure_as_value(entry)
    return Line(
        entry,
        progress.light(measure, answer, on=today),
        progress.days_late(measure, answer, on=today),
        of[answer.measure, answer.until] if answer is not None else None,
        tuple(role.institution for role in entry.roles.all() if role.kind == Role.Kind.COORDINATOR),
    )


def objective_of(entry: Entry) -> str:
    """The objective of a measure in words."""
    section = entry.section
    return " ".join(filter(None, (section.code, plain(section.title)))) or "–"


def _names(line: Line) -> list[str]:
    return [plain(one.text) for one in line.institutions] or [_("Nobody is chosen to report")]


def _sources(entry: Entry) -> list[str]:
    """The sources of its money, else those that the act names, one before each semicolon or on each line; a
    measure with several counts in each."""
    printed = (name.strip() for line in entry.funding.splitlines() for name in line.split(";"))
    named = dict.fromkeys(cost.source for cost in entry.costs.all()) or dict.fromkeys(filter(None, printed))
    return list(named) or [_("No source is stated")]


def _targets(entry: Entry) -> list[str]:
    """The targets of the SDGs that it serves, such as "10.7"; a measure with several counts in each."""
    codes = (code for framework, code in entry.references if framework == "sdg")
    return list(dict.fromkeys(".".join(code.split(".")[:2]) for code in codes)) or [_("No target is named")]


def _parts(pairs: Iterable[tuple[str, str]]) -> tuple[Part, ...]:
    """Lights counted by name, in the order in which the names come."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for name, light in pairs:
        found[name][light] += 1
    return tuple(
        Part(name, tuple(one[light] for light in LIGHTS), one.total()) for name, one in found.items()
    )


# The rate ---------------------------------------------------------------------------------------------------


def rate(plan: Plan, year: int, until: date = date.max) -> Rate:
    """The implementation rate of a year, self-reported and verified apart, with the numbers it rests on.

    Only rounds that were over by the day `until` count.
    """
    versions = [as_value(one) for one in plan.versions.filter(state=PlanVersion.State.IN_FORCE)]
    found = as_values(one for one in given(plan).values() if one.round.end <= until)
    counts = {"year": year, "arrears_count": plan.arrears_count}
    reported = progress.implementation_rate(versions, found, **counts)
    verified = progress.implementation_rate(versions, found, verified=True, **counts)
    return Rate(year, reported, verified, tuple(_words(plan, reported, verified)))


def _words(plan: Plan, reported: progress.Rate, verified: progress.Rate) -> Iterable[str]:
    if reported.reason == "no_version":
        yield _("Not computable for {year}: no version of the plan was in force on 1 January.").format(
            year=reported.year
        )
        return
    if reported.reason == "nothing_due":
        yield _("Not computable for {year}: no measure of version {version} was due by 31 December.").format(
            year=reported.year, version=reported.version
        )
    else:
        yield _fully(reported)
        yield _(
            "Verified, that is as accepted by the institution in the lead: {full} ÷ {due} = {value} %."
        ).format(full=len(verified.fully), due=len(verified.due), value=_percent(verified))
    yield _(
        "Left out: continuous {continuous}, without a last day {undated}, due later {later}, "
        "carried out before the year {settled}."
    ).format(
        continuous=len(reported.continuous),
        undated=len(reported.undated),
        later=len(reported.later),
        settled=len(reported.settled),
    )
    if reported.arrears:
        count = len(reported.arrears)
        words = (
            ngettext(
                "{count} measure from earlier years is among those due, as the plan is set.",
                "{count} measures from earlier years are among those due, as the plan is set.",
                count,
            )
            if plan.arrears_count
            else ngettext(
                "{count} measure from earlier years is still open and does not count, as the plan is set.",
                "{count} measures from earlier years are still open and do not count, as the plan is set.",
                count,
            )
        )
        yield words.format(count=count)


def _fully(one: progress.Rate) -> str:
    return _(
        "As reported: of the measures that version {version}, in force on 1 January {year}, makes due by "
        "31 December, carried out in full are {full} ÷ {due} = {value} %."
    ).format(version=one.version, year=one.year, full=len(one.fully), due=len(one.due), value=_percent(one))


def _percent(one: progress.Rate) -> str:
    return figure(one.value, 1)


def years(plan: Plan, today: date) -> list[int]:
    """The years for which a rate can be asked: those of the plan, up to this one."""
    return list(range(plan.start.year, max(min(plan.end.year, today.year), plan.start.year) + 1))
