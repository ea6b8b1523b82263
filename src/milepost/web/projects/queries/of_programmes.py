"""A programme across its projects: when which of them ran, what they cost, and what was reached."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Max, Min, Prefetch, Q, QuerySet, Sum
from django.utils.translation import get_language, ngettext

from milepost import values
from milepost.progress import results as progress
from milepost.reports import sentences
from milepost.web.projects.models import (
    Actual,
    Continuity,
    Engagement,
    EngagementLink,
    Period,
    Programme,
    Project,
    ResultIndicator,
)
from milepost.web.projects.moments import written as in_words
from milepost.web.projects.queries import engagements, scoping
from milepost.web.projects.queries.lifecycle import NOT_FOR_THE_PUBLIC, SHAPES, STATES
from milepost.web.projects.queries.portfolio import Money
from milepost.web.projects.queries.scoping import visible_to
from milepost.web.ui.gantt import HEAD, LABELS, LINE, Bar, short
from milepost.web.ui.templatetags.ui import figure, plain
from milepost.web.ui.verdicts import written

# The list ---------------------------------------------------------------------------------------------------


@dataclass
class Row:
    """A programme in a list, with what the reader may see of it."""

    programme: Programme
    projects: int = 0
    without_budget: int = 0
    first: date | None = None
    last: date | None = None
    money: list[Money] = field(default_factory=list)


def rows(user: Any, found: Iterable[Programme]) -> list[Row]:
    """Programmes with how many projects they have, from when to when, and their budgets by currency."""
    listed = {one.pk: Row(one) for one in found}
    sums = (
        visible_to(user)
        .filter(programme__in=listed)
        .order_by()
        .values("programme", "currency")
        .annotate(
            count=Count("pk"),
            stated=Count("budget"),
            amount=Sum("budget"),
            first=Min("first_day"),
            last=Max("last_day"),
        )
        .order_by("currency")
    )
    for each in sums:
        row = listed[each["programme"]]
        row.projects += each["count"]
        row.without_budget += each["count"] - each["stated"]
        row.first = min((day for day in (row.first, each["first"]) if day), default=None)
        row.last = max((day for day in (row.last, each["last"]) if day), default=None)
        if each["stated"]:
            row.money.append(Money(each["currency"], each["amount"], each["stated"]))
    return list(listed.values())


# Continuity -------------------------------------------------------------------------------------------------


class Neighbour(NamedTuple):
    """How a project stands to another: "before" (the other came first), "beside" or "after"."""

    how: str
    project: Project
    outside: bool


def neighbours(user: Any, projects: Sequence[Project]) -> dict[int, list[Neighbour]]:
    """{key of a project: its neighbours}, in the programme or outside of it, that the reader may see."""
    inside = {one.pk for one in projects}
    seen = visible_to(user).order_by().values("pk")
    links = Continuity.objects.filter(
        Q(first__in=inside) | Q(second__in=inside), first__in=seen, second__in=seen
    ).select_related("first", "second")
    found: dict[int, list[Neighbour]] = defaultdict(list)
    for link in links:
        beside = link.kind == Continuity.Kind.BESIDE
        for own, other, how in ((link.first, link.second, "after"), (link.second, link.first, "before")):
            if own.pk in inside:
                told = Neighbour("beside" if beside else how, other, other.pk not in inside)
                found[own.pk].append(told)
    return found


# The timeline -----------------------------------------------------------------------------------------------


class Gap(NamedTuple):
    """Days, both within, on which no project of the programme ran; `words` say so."""

    first: date
    last: date
    words: str


def ran(project: Project) -> bool:
    """Whether a project was approved and not dropped: others fill no gap."""
    return project.state not in NOT_FOR_THE_PUBLIC


def gaps(projects: Iterable[Project]) -> list[Gap]:
    """The gaps between projects that ran, reckoned from their bounds.

    Nothing is said of the time after a project whose end is not stated.
    """
    dated = [one for one in projects if ran(one) and one.first_day]
    found: list[Gap] = []
    reached: date | None = None
    for one in sorted(dated, key=lambda one: (one.first_day or date.max, one.pk)):
        assert one.first_day is not None
        if reached is not None and (one.first_day - reached).days > 1:
            first, last = reached + timedelta(1), one.first_day - timedelta(1)
            found.append(Gap(first, last, _gap_in_words(first, last)))
        if one.last_day is None:
            break
        reached = max(reached or one.last_day, one.last_day)
    return found


def _gap_in_words(first: date, last: date) -> str:
    days = (last - first).days + 1
    words = ngettext(
        "From {first} to {last} no project ran: {days} day.",
        "From {first} to {last} no project ran: {days} days.",
        days,
    )
    return words.format(first=in_words(first.isoformat()), last=in_words(last.isoformat()), days=figure(days))


class Strip(NamedTuple):
    """A project on the timeline; `y` is the line of its name, `bar` is None where its start is not stated."""

    project: Project
    state: Any
    shape: str
    ran: bool
    label: str
    y: str
    bar: Bar | None
    top: str
    open: bool
    neighbours: list[Neighbour]


class Year(NamedTuple):
    """Where a year begins, and its number."""

    x: str
    number: int
    told: bool


class Timeline(NamedTuple):
    """The drawing of a programme, and everything that its table says.

    `width` is "" where no project has a start: then there is nothing to draw. `lines` lead from the end of a
    project to the beginning of the one that goes on from it, `beside` from a project to one beside it.
    The years begin at `labels` and are `span` wide together.
    Of those that ran, `undated` have no start and `endless` no end; `whole` says that there is surely no gap.
    """

    width: str
    height: str
    labels: str
    span: str
    years: list[Year]
    strips: list[Strip]
    gaps: list[Gap]
    holes: list[Bar]
    lines: list[str]
    beside: list[str]
    today: str
    undated: int
    endless: int
    whole: bool


WIDEST, NARROWEST, WISHED = 160, 28, 820
"""A year is at most and at least so wide; the years together as wide as wished."""
TALL = 12
"""A bar."""


def timeline(projects: Sequence[Project], around: dict[int, list[Neighbour]], *, today: date) -> Timeline:
    """When which project ran, from the first year to the last; those without start are only told."""
    days = [day for one in projects if one.first_day for day in (one.first_day, one.last_day) if day]
    if any(one.first_day and not one.last_day for one in projects):
        days.append(max([today, *days]))
    first, last = (min(days).year, max(days).year) if days else (today.year, today.year)
    wide = max(NARROWEST, min(WIDEST, WISHED // (last - first + 1)))
    width = LABELS + wide * (last - first + 1)

    def x(day: date, *, after: bool = False) -> float:
        begin = date(day.year, 1, 1)
        length = (date(day.year + 1, 1, 1) - begin).days
        return LABELS + wide * (day.year - first + ((day - begin).days + after) / length)

    strips: list[Strip] = []
    places: dict[int, tuple[float, float, float]] = {}
    for number, one in enumerate(projects):
        y = HEAD + LINE * (number + 0.5)
        bar = None
        if one.first_day:
            left = x(one.first_day)
            right = x(one.last_day, after=True) if one.last_day else float(width)
            places[one.pk] = (left, right, y)
            bar = Bar(_n(left), _n(max(right - left, 2)))
        strips.append(_strip(one, y, bar, around.get(one.pk, [])))
    missing = gaps(projects)
    undated = sum(ran(one) and one.first_day is None for one in projects)
    endless = sum(ran(one) and one.first_day is not None and one.last_day is None for one in projects)
    apart = max(1, -(-40 // wide))
    return Timeline(
        _n(width + 12) if days else "",
        _n(HEAD + LINE * len(projects) + 8),
        _n(LABELS),
        _n(width - LABELS),
        [
            Year(_n(LABELS + wide * (year - first)), year, (year - first) % apart == 0)
            for year in range(first, last + 1)
        ],
        strips,
        missing,
        [Bar(_n(x(gap.first)), _n(x(gap.last, after=True) - x(gap.first))) for gap in missing],
        _joined(projects, around, places, "after"),
        _joined(projects, around, places, "beside"),
        _n(x(today)) if days and first <= today.year <= last else "",
        undated,
        endless,
        bool(places) and not (missing or undated or endless) and any(map(ran, projects)),
    )


def _strip(one: Project, y: float, bar: Bar | None, around: list[Neighbour]) -> Strip:
    name = f"{one.project_code} {plain(one.title)}".strip()
    is_open = one.first_day is not None and one.last_day is None
    state, shape = STATES[one.state], SHAPES[one.state]
    return Strip(one, state, shape, ran(one), short(name), _n(y + 4), bar, _n(y - TALL / 2), is_open, around)


def _joined(
    projects: Iterable[Project],
    around: dict[int, list[Neighbour]],
    places: dict[int, tuple[float, float, float]],
    how: str,
) -> list[str]:
    """The paths between projects that are both drawn, each pair once."""
    pairs = {
        (one.pk, other.project.pk) if how == "after" else tuple(sorted((one.pk, other.project.pk)))
        for one in projects
        for other in around.get(one.pk, [])
        if other.how == how
    }
    path = _line if how == "after" else _upright
    drawn = sorted(pair for pair in pairs if pair[0] in places and pair[1] in places)
    return [path(places[first], places[second]) for first, second in drawn]


def _line(before: tuple[float, float, float], after: tuple[float, float, float]) -> str:
    """From the end of a bar to the edge of another, with the head of an arrow."""
    _left, right, y = before
    to, _right, below = after
    side = -1 if below > y else 1
    tip, edge = to + 5, below + side * (TALL / 2 + 1)
    head = f"M{_n(tip - 3)} {_n(edge + side * 4)} L{_n(tip)} {_n(edge)} L{_n(tip + 3)} {_n(edge + side * 4)}"
    return f"M{_n(right)} {_n(y)} H{_n(tip)} V{_n(edge)} {head}"


def _upright(one: tuple[float, float, float], other: tuple[float, float, float]) -> str:
    """Between two bars, where both run, or else where the later one begins."""
    x = max(one[0], other[0]) + 10
    upper, lower = sorted((one[2], other[2]))
    return f"M{_n(x)} {_n(upper + TALL / 2)} V{_n(lower - TALL / 2)}"


def _n(number: float) -> str:
    """A number as SVG wants it, whatever the language."""
    return f"{round(number, 1):.10g}"


# Money ------------------------------------------------------------------------------------------------------


class InYear(NamedTuple):
    """The projects approved in a year (None: not stated), and their budget in each currency of the table."""

    year: int | None
    projects: int
    amounts: list[Decimal | None]
    without_budget: int


class Budgets(NamedTuple):
    """Budgets by year of approval and currency; `total` is of all years. Currencies are never added up."""

    currencies: list[str]
    years: list[InYear]
    total: InYear


def budgets(projects: Sequence[Project]) -> Budgets:
    """What the projects were to cost; a missing budget is counted as missing, never as zero."""
    currencies = sorted({one.currency for one in projects if one.budget is not None})
    of_year: dict[int | None, list[Project]] = defaultdict(list)
    for one in projects:
        of_year[one.year].append(one)
    order = sorted(of_year, key=lambda year: (year is None, year or 0))
    return Budgets(
        currencies,
        [_in_year(year, of_year[year], currencies) for year in order],
        _in_year(None, projects, currencies),
    )


def _in_year(year: int | None, projects: Sequence[Project], currencies: Iterable[str]) -> InYear:
    stated: dict[str, list[Decimal]] = defaultdict(list)
    for one in projects:
        if one.budget is not None:
            stated[one.currency].append(one.budget)
    amounts = [sum(stated[each], Decimal(0)) if stated[each] else None for each in currencies]
    return InYear(year, len(projects), amounts, sum(one.budget is None for one in projects))


# Results ----------------------------------------------------------------------------------------------------


class Reached(NamedTuple):
    """What one indicator of a project came to, out of approved reports alone, by its own rules."""

    indicator: ResultIndicator
    project: Project
    words: str
    notes: list[str]
    periods: list[Period]


class Alike(NamedTuple):
    """Indicators of the same words, unit and kind of figure, side by side; they are not added up."""

    title: Any
    unit: str
    lines: list[Reached]


class Results(NamedTuple):
    """The indicators with approved figures, and how many have none."""

    groups: list[Alike]
    silent: int


def results(projects: Sequence[Project], *, today: date) -> Results:
    """What was reached, indicator by indicator, in a fixed number of queries."""
    by_key = {one.pk: one for one in projects}
    approved = Actual.objects.filter(state="approved").prefetch_related("cells")
    found = (
        ResultIndicator.objects.filter(result__project__in=by_key)
        .select_related("result")
        .prefetch_related(Prefetch("actuals", approved, to_attr="approved"))
        .order_by("result__order", "result", "order", "pk")
    )
    periods: dict[int, list[Period]] = defaultdict(list)
    for period in Period.objects.filter(project__in=by_key).order_by("start"):
        periods[period.project_id].append(period)
    order = {pk: number for number, pk in enumerate(by_key)}
    groups: dict[tuple[str, str, str], list[Reached]] = defaultdict(list)
    silent = 0
    for one in sorted(found, key=lambda one: order[one.result.project_id]):
        if not one.approved:  # type: ignore[attr-defined]
            silent += 1
            continue
        pk = one.result.project_id
        alike = (one.text.best("en")[0].strip().casefold(), one.unit.strip().casefold(), one.measure)
        groups[alike].append(_reached(one, by_key[pk], periods[pk], today))
    return Results(
        [Alike(some[0].indicator.title, some[0].indicator.unit, some) for some in groups.values()], silent
    )


def _reached(one: Any, project: Project, periods: Sequence[Period], today: date) -> Reached:
    reports = {each.period_id: each for each in one.approved}
    rules = values.ResultIndicator(
        code=one.code,
        title=one.text,
        unit=one.unit,
        measure=one.measure,
        over_time=one.over_time,
        over_places=one.over_places,
        counting=one.counting,
        periods=tuple(
            values.ReportingPeriod(period.start, period.end, (), _figures(reports.get(period.pk)))
            for period in periods
        ),
        dimensions=tuple(tuple(group) for group in one.dimensions),
    )
    total = progress.assess(rules, today=today, categories=one.categories).actual
    language = get_language() or "en"
    notes = [sentences.result_note(note, language) for note in total.notes]
    reported = [period for period in periods if period.pk in reports]
    return Reached(one, project, written(total.amount), notes, reported)


def _figures(report: Actual | None) -> tuple[values.Figure, ...]:
    return tuple(cell.as_value() for cell in report.cells.all()) if report else ()


# People -----------------------------------------------------------------------------------------------------


def engaged(user: Any, programme: Programme, projects: Iterable[Project]) -> QuerySet[Engagement]:
    """The accepted engagements of the programme and its projects, and those that count towards their results,
    as far as the reader may see them.
    """
    inside = {one.pk: one.address for one in projects}
    counting = EngagementLink.objects.filter(indicator__result__project__in=inside).values("engagement")
    about = [programme.address, *inside.values()]
    found = engagements.visible_to(user).filter(accepted_at__isnull=False)
    return found.filter(Q(about__in=about) | Q(pk__in=counting))


class People(NamedTuple):
    """How many were reached, each engagement once, and what its links to results come to."""

    totals: engagements.Totals
    reach: list[engagements.Reach]


def people(user: Any, found: QuerySet[Engagement]) -> People:
    """Whom the engagements reached, by sex where known; each engagement counts once."""
    return People(engagements.totals(found), engagements.reach(user, found))


def inside(user: Any, programme: Programme) -> QuerySet[Project]:
    """The projects of a programme that a reader may see, the earliest first."""
    return visible_to(user).filter(programme=programme).order_by("first_day", "pk")


def listed(user: Any) -> QuerySet[Programme]:
    """The programmes that a reader may see, the newest first."""
    return scoping.programmes(user).order_by("-pk")
