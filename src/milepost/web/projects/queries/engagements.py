"""Engagements: who may see which, how many took part, what was learnt, and what they count towards."""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import CharField, Count, F, Prefetch, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from milepost import values
from milepost.measure.intervals import t_quantile
from milepost.progress import knowledge
from milepost.progress.results import Contribution, Counted, counted_once
from milepost.values.figures import Amount
from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.projects.cells import key_of
from milepost.web.projects.models import (
    Actual,
    Agreement,
    Attendance,
    Engagement,
    EngagementLink,
    EngagementParty,
    Period,
    Project,
    ResultIndicator,
)
from milepost.web.projects.queries import breakdowns
from milepost.web.projects.queries.scoping import READERS, for_country_of, indicators, taken_part_in
from milepost.web.projects.queries.workplan import Ahead
from milepost.web.stakeholders.models import Institution
from milepost.web.stakeholders.queries import within
from milepost.web.traces.models import Edge
from milepost.web.ui import addresses
from milepost.web.ui.addresses import Address
from milepost.web.ui.templatetags.ui import plain

ABOUT = ("project", "programme", "plan", "assessment", "evaluation", "vnr")
"""The kinds of thing that an engagement can belong to, as far as the installation knows them."""
KINDS: dict[str, Any] = {
    **dict(Institution.Kind.choices),
    "other": lazy("Other, or not known"),
}
"""The kinds of institution that participants come from, in words."""
SEXES: dict[str, Any] = dict(Attendance.Sex.choices)
FEWEST_PAIRS = 5
"""So many pairs of scores are needed before the public is told their mean."""
STATES: dict[str, Promise] = {"open": lazy("Open"), "done": lazy("Done"), "dropped": lazy("Dropped")}
SHAPES = {"open": "○", "done": "●", "dropped": "✕"}


# Who may see which ------------------------------------------------------------------------------------------


def visible_to(user: Any) -> QuerySet[Engagement]:
    """The engagements that a reader may see: those kept where the reader works with projects, those of
    projects for the reader's country, or of which the reader keeps record, and of everything else that the
    reader may see the public ones, once they are accepted.
    """
    mine = Q(about__in=_named("project", for_country_of(user)))
    mine |= Q(about__in=_named("project", taken_part_in(user)))
    for permission in READERS:
        mine |= within(user, permission, institution="institution_id", country="institution__country__code")
    for kind in _known():
        mine |= Q(
            public=True,
            accepted_at__isnull=False,
            about__in=_named(kind, addresses.kinds()[kind].visible_to(user)),
        )
    return Engagement.objects.filter(mine).select_related("institution__country")


def _known() -> list[str]:
    return [kind for kind in ABOUT if kind in addresses.kinds()]


def _named(kind: str, things: QuerySet[Any]) -> Any:
    """The addresses of things, as a subquery."""
    field = addresses.kinds()[kind].field
    named = Concat(Value(f"{kind}:"), Cast(F(field), CharField()))
    return things.order_by().annotate(_address=named).values("_address")


def works_with(user: Any, engagement: Engagement) -> bool:
    """Whether a reader sees more of an engagement than the public: notes, agreements, few scores."""
    if any(may(user, permission, *engagement.places) for permission in READERS):
        return True
    of = _keys([engagement.about], "project")
    return for_country_of(user).filter(pk__in=of).exists() or _takes_part(user, engagement.about)


def may_accept(user: Any, thing: Any) -> bool:
    """Whether a person reports on a thing: accepts engagements of it, and lets them count."""
    return may(user, Permission.REPORT_RESULTS, *thing.places)


def _takes_part(user: Any, about: str) -> bool:
    """Whether a person records engagements for an institution that takes part in this project."""
    return taken_part_in(user).filter(pk__in=_keys([about], "project")).exists()


def may_record(user: Any, thing: Any) -> bool:
    """Whether a person may record engagements of a thing: who reports on it, or takes part in the project."""
    return may_accept(user, thing) or _takes_part(user, thing.address)


def may_change(user: Any, engagement: Engagement) -> bool:
    """Whether a person may change an engagement: who reports on the thing; until then, who takes part."""
    if may_accept(user, engagement):
        return True
    return engagement.accepted_at is None and _takes_part(user, engagement.about)


def to_accept(user: Any, today: date) -> list[Ahead]:
    """The engagements that partners recorded of projects that a person manages, for the page "My work"."""
    mine = Project.objects.filter(manager=user)
    waiting = Engagement.objects.filter(accepted_at=None, about__in=_named("project", mine))
    found = [one for one in waiting.select_related("institution__country") if may_accept(user, one)]
    about = things(user, (one.about for one in found))
    return [
        Ahead(
            _("Accept an engagement: {topic}").format(topic=plain(one.topic)),
            plain(about[one.about].text) if one.about in about else "",
            one.last_day + TO_BE_ACCEPTED,
            one.last_day + TO_BE_ACCEPTED < today,
            one.get_absolute_url(),
        )
        for one in found
    ]


TO_BE_ACCEPTED = timedelta(days=30)
"""So long after its last day an engagement should be accepted."""


def thing(user: Any, address: str) -> Any | None:
    """What an engagement may belong to, if the reader may see it."""
    try:
        place = Address.parse(address)
    except ValueError:
        return None
    return addresses.find(user, place.whole) if place.kind in ABOUT else None


def project_of(user: Any, engagement: Engagement) -> Project | None:
    """The project that an engagement belongs to, if it does and the reader may see it."""
    found = thing(user, engagement.about)
    return found if isinstance(found, Project) else None


def _keys(abouts: Iterable[str], kind: str) -> list[str]:
    places = (Address.parse(about) for about in abouts)
    return [place.id for place in places if place.kind == kind]


def things(user: Any, abouts: Iterable[str]) -> dict[str, Any]:
    """{address: the thing} of those that the reader may see: one query for each kind."""
    abouts = set(abouts)
    found: dict[str, Any] = {}
    for kind in _known():
        if keys := _keys(abouts, kind):
            known = addresses.kinds()[kind]
            found |= {
                one.address: one for one in known.visible_to(user).filter(**{f"{known.field}__in": keys})
            }
    return found


# Lists ------------------------------------------------------------------------------------------------------


def narrowed(found: QuerySet[Engagement], wanted: Mapping[str, Any]) -> QuerySet[Engagement]:
    """The engagements like this; one that lasts over New Year belongs to the year in which it ended."""
    if kind := wanted.get("kind"):
        found = found.filter(kind=kind)
    if year := wanted.get("year"):
        found = found.filter(last_day__year=year)
    if about := wanted.get("about"):
        found = found.filter(about=about)
    return found


def belongs_to(user: Any, seen: QuerySet[Engagement]) -> dict[str, Any]:
    """{address: the thing} of all that these engagements belong to."""
    return things(user, seen.order_by().values_list("about", flat=True).distinct())


def years(seen: QuerySet[Engagement]) -> list[int]:
    """The years in which there are engagements, the latest first."""
    return [day.year for day in seen.order_by().dates("last_day", "year", order="DESC")]


def of(user: Any, about: Any) -> QuerySet[Engagement]:
    """The engagements of one thing that a reader may see."""
    return visible_to(user).filter(about=about.address)


class People(NamedTuple):
    """How many took part; None where nobody counted, which is not nobody."""

    women: int | None
    men: int | None
    unknown: int | None

    @property
    def total(self) -> int | None:
        """All together."""
        known = [each for each in self if each is not None]
        return sum(known) if known else None


def people(rows: Iterable[Attendance]) -> People:
    """How many of each sex."""
    found: dict[str, int] = {}
    for row in rows:
        found[row.sex] = found.get(row.sex, 0) + row.number
    return People(found.get("F"), found.get("M"), found.get("U"))


class Row(NamedTuple):
    """An engagement in a list."""

    engagement: Engagement
    people: People
    about: Any


def rows(user: Any, found: Iterable[Engagement]) -> list[Row]:
    """Engagements with what a list shows of them, in a fixed number of queries."""
    listed = list(found)
    about = things(user, (one.about for one in listed))
    return [Row(one, people(one.attendance.all()), about.get(one.about)) for one in listed]


def listed(found: QuerySet[Engagement]) -> QuerySet[Engagement]:
    """The engagements with what a list shows of them."""
    return found.prefetch_related("attendance")


class Bar(NamedTuple):
    """One line of a table with its bar; `percent` is its length of the longest."""

    name: Any
    number: int
    percent: float


class Line(NamedTuple):
    """A line of participants: by sex, None where nobody counted; and a bar of all."""

    name: Any
    people: People
    percent: float


class Totals(NamedTuple):
    """What engagements come to: each is counted once, whatever it counts towards."""

    engagements: int
    uncounted: int
    people: People
    kinds: list[Bar]
    institutions: list[Line]


def totals(found: QuerySet[Engagement]) -> Totals:
    """How many of each kind, and how many took part by sex and kind of institution."""
    chosen = found.order_by()
    by_kind = dict(chosen.values_list("kind").annotate(count=Count("pk")))
    counted = Attendance.objects.filter(engagement__in=chosen.values("pk")).order_by()
    sums = {
        (row["kind"], row["sex"]): row["sum"]
        for row in counted.values("kind", "sex").annotate(sum=Sum("number"))
    }
    of_kind = {kind: People(*(sums.get((kind, sex)) for sex in SEXES)) for kind in KINDS}
    there = {kind: each for kind, each in of_kind.items() if each.total is not None}
    number = sum(by_kind.values())
    return Totals(
        number,
        number - counted.values("engagement").distinct().count(),
        People(*(_sum(each[place] for each in there.values()) for place in range(len(SEXES)))),
        _bars(
            (Engagement.Kind(kind).label, by_kind[kind]) for kind in Engagement.Kind.values if kind in by_kind
        ),
        _lines(there),
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [each for each in numbers if each is not None]
    return sum(known) if known else None


def _bars(found: Iterable[tuple[Any, int]]) -> list[Bar]:
    pairs = list(found)
    longest = max((number for _name, number in pairs), default=0)
    return [Bar(name, number, _share(number, longest)) for name, number in pairs]


def _lines(there: Mapping[str, People]) -> list[Line]:
    longest = max((each.total or 0 for each in there.values()), default=0)
    return [Line(KINDS[kind], each, _share(each.total or 0, longest)) for kind, each in there.items()]


def _share(number: int, longest: int) -> float:
    return round(100 * number / longest, 1) if longest else 0.0


def exported(user: Any, found: Iterable[Engagement]) -> tuple[list[str], list[list[Any]]]:
    """(heads, rows) of an export: what the list shows, a row an engagement; not counted is left blank."""
    heads = [
        _("Topic"), _("Kind"), _("From"), _("To"), _("Place"), _("Belongs to"),
        *map(str, SEXES.values()), _("Participants"),
    ]  # fmt: skip
    lines = []
    for one, came, about in rows(user, found):
        numbers = ["" if each is None else each for each in (*came, came.total)]
        lines.append([
            plain(one.topic), str(one.get_kind_display()), one.first_day.isoformat(),
            one.last_day.isoformat(), one.place, plain(about.text) if about else "", *numbers,
        ])  # fmt: skip
    return heads, lines


# One engagement ---------------------------------------------------------------------------------------------


def table(engagement: Engagement) -> list[Line]:
    """Who came, by kind of institution and sex; kinds of which nobody was counted are left out."""
    numbers = {(row.kind, row.sex): row.number for row in engagement.attendance.all()}
    of_kind = {kind: People(*(numbers.get((kind, sex)) for sex in SEXES)) for kind in KINDS}
    return _lines({kind: each for kind, each in of_kind.items() if each.total is not None})


class Learnt(NamedTuple):
    """How knowledge changed; `withheld` where there are too few pairs for the public."""

    change: knowledge.Change
    maximum: Decimal | None
    withheld: bool


def learnt(engagement: Engagement, *, inside: bool) -> Learnt | None:
    """The change of knowledge, without any code; None where no score is entered."""
    pairs = [one.as_value() for one in engagement.scores.all()]
    if not pairs:
        return None
    found = knowledge.change(pairs, t_quantile)
    if not inside and found.pairs < FEWEST_PAIRS:
        return None
    return Learnt(found, engagement.maximum_score, found.pairs < FEWEST_PAIRS)


def parties(engagement: Engagement) -> dict[str, list[EngagementParty]]:
    """{role: who had it}."""
    found: dict[str, list[EngagementParty]] = {"organiser": [], "participant": []}
    for one in engagement.parties.select_related("institution"):
        found[one.role].append(one)
    return found


def agreements(user: Any, seen: QuerySet[Engagement]) -> QuerySet[Agreement]:
    """What was agreed at these engagements, of those that a reader works with."""
    mine = Q(engagement__about__in=_named("project", for_country_of(user)))
    mine |= Q(engagement__about__in=_named("project", taken_part_in(user)))
    for permission in READERS:
        mine |= within(
            user,
            permission,
            institution="engagement__institution_id",
            country="engagement__institution__country__code",
        )
    return Agreement.objects.filter(mine, engagement__in=seen.order_by().values("pk")).select_related(
        "engagement__institution__country", "institution"
    )


class Agreed(NamedTuple):
    """What was agreed, with its state in words."""

    agreement: Agreement
    state: Any
    shape: str
    late: bool


def agreed(found: Iterable[Agreement], today: date) -> list[Agreed]:
    """The open ones first, by their day; those without a day after them; then what is settled."""
    told = [
        Agreed(
            one,
            STATES[one.state],
            SHAPES[one.state],
            one.state == "open" and one.due is not None and one.due < today,
        )
        for one in found
    ]
    return sorted(told, key=lambda one: (one.agreement.state != "open", one.agreement.due or date.max))


def agreed_for(user: Any, about: Any, today: date) -> list[Agreed]:
    """What was agreed at all engagements of one thing, for those who work with them."""
    return agreed(agreements(user, of(user, about)), today)


def due(project: Project) -> list[tuple[str, date]]:
    """(what, by when) of the open agreements of a project's engagements, for "What is due"."""
    open_ones = Agreement.objects.filter(
        engagement__about=project.address, engagement__accepted_at__isnull=False, state="open"
    ).exclude(due=None)
    found = []
    for one in open_ones.select_related("institution"):
        who = plain(one.doer) if one.doer else ""
        words = _("Agreed: {what} ({who})") if who else _("Agreed: {what}")
        assert one.due is not None
        found.append((words.format(what=plain(one.what), who=who), one.due))
    return found


# What they count towards ------------------------------------------------------------------------------------

SEX_CODES = {"F": "women", "M": "men", "U": "unknown", "_U": "unknown"}
"""The categories of a dimension "sex" that engagements can fill, and which of People each is."""


class Offer(NamedTuple):
    """What the engagements of a period come to for an indicator, beside what was reported.

    `counted` gave a number, in `uncounted` nobody counted. `figures` are the total and the cells by sex;
    `differs` says that a report has another total.
    """

    figures: tuple[values.Figure, ...]
    counted: list[Engagement]
    uncounted: list[Engagement]
    words: str
    reported: Decimal | None
    differs: bool
    visits: bool

    @property
    def total(self) -> Decimal | None:
        """All of them together."""
        return self.figures[0].value if self.figures else None


def offer(indicator: ResultIndicator, period: Period, report: Actual | None = None) -> Offer | None:
    """What an indicator's engagements of a period come to; None where none is linked.

    An engagement belongs to the period in which it ended. An indicator whose figures hold everything since
    the start takes all that ended before the end of the period.
    """
    links = indicator.engagement_links.filter(engagement__last_day__lte=period.end)
    if indicator.counting != "reported_cumulatively":
        links = links.filter(engagement__last_day__gte=period.start)
    found = list(links.select_related("engagement").prefetch_related("engagement__attendance", _WITH_PARTIES))
    if not found:
        return None
    counted = [link for link in found if amount(link) is not None]
    uncounted = [link.engagement for link in found if amount(link) is None]
    figures = _figures(indicator, counted)
    reported = _reported(report)
    total = figures[0].value if figures else None
    return Offer(
        figures,
        [link.engagement for link in counted],
        uncounted,
        _told(total, len(counted)),
        reported,
        reported is not None and total is not None and reported != total,
        bool(counted) and counted[0].what in ("participants", "women", "men"),
    )


_WITH_PARTIES = Prefetch("engagement__parties", EngagementParty.objects.select_related("institution"))


def _told(total: Decimal | None, count: int) -> str:
    if total is None:
        return ""
    words = ngettext(
        "{total} from {count} engagement in this period",
        "{total} from {count} engagements in this period",
        count,
    )
    return words.format(total=f"{total:f}", count=count)


def _reported(report: Actual | None) -> Decimal | None:
    if report is None:
        return None
    cells = (cell.as_value() for cell in report.cells.all())
    return next((cell.value for cell in cells if not cell.breakdown and not cell.place), None)


def amount(link: EngagementLink) -> int | None:
    """What one engagement counts towards one indicator; None where nobody counted."""
    engagement = link.engagement
    came = people(engagement.attendance.all())
    return _worth(link.what, came, days=engagement.days, institutions=len(_who(engagement)))


def _worth(what: str, came: People, *, days: int, institutions: int) -> int | None:
    known = EngagementLink.What
    return {
        known.PARTICIPANTS: came.total,
        known.WOMEN: came.women,
        known.MEN: came.men,
        known.EVENTS: 1,
        known.INSTITUTIONS: institutions or None,
        known.DAYS: days,
    }[known(what)]


def _who(engagement: Engagement) -> set[Any]:
    """The institutions that took part, or organised it; those of the register by their key."""
    return {one.institution_id or one.name.casefold() for one in engagement.parties.all()}


def _figures(indicator: ResultIndicator, counted: list[EngagementLink]) -> tuple[values.Figure, ...]:
    if not counted:
        return ()
    what = counted[0].what
    if what == EngagementLink.What.INSTITUTIONS:
        return (values.Figure(Decimal(len(set().union(*(_who(one.engagement) for one in counted))))),)
    total = values.Figure(Decimal(sum(amount(one) or 0 for one in counted)))
    if what != EngagementLink.What.PARTICIPANTS:
        return (total,)
    came = people(row for one in counted for row in one.engagement.attendance.all())
    cells = []
    for cell in breakdowns.cells(indicator):
        if len(cell) == 1 and cell[0][0] == "sex" and cell[0][1] in SEX_CODES:
            number = getattr(came, SEX_CODES[cell[0][1]])
            cells += [values.Figure(Decimal(number), breakdown=cell)] if number is not None else []
    return (total, *cells)


def kept_beside(report: Actual | None, offered: Offer) -> list[values.Figure]:
    """The figures of a draft that engagements say nothing of."""
    taken = {key_of(figure.breakdown) for figure in offered.figures}
    cells = (cell.as_value() for cell in report.cells.all()) if report else ()
    return [cell for cell in cells if cell.place or key_of(cell.breakdown) not in taken]


def links(user: Any, engagement: Engagement) -> list[tuple[EngagementLink, int | None]]:
    """What an engagement counts towards, of indicators that the reader may see, with how much it counts."""
    seen = EngagementLink.objects.filter(engagement=engagement, indicator__in=indicators(user))
    found = seen.select_related("engagement", "indicator__result__project")
    return [(one, amount(one)) for one in found.prefetch_related("engagement__attendance", _WITH_PARTIES)]


def link_of(engagement: Engagement, pk: int) -> EngagementLink | None:
    """A link of an engagement to an indicator."""
    return (
        engagement.links.select_related("engagement__institution__country", "indicator").filter(pk=pk).first()
    )


def countable(user: Any, engagement: Engagement) -> list[ResultIndicator]:
    """The indicators towards which a person may let an engagement count: numbers of projects that the person
    reports on, those of the engagement's own project first; without those that it counts towards already.
    """
    there = Q(pk__in=[]) | within(
        user,
        Permission.REPORT_RESULTS,
        institution="result__project__institution_id",
        country="result__project__institution__country__code",
    )
    running = indicators(user).filter(
        there, measure="number", result__project__state__in=["approved", "active", "completed"]
    )
    free = running.exclude(engagement_links__engagement=engagement)
    found = free.order_by("result__project", "result__order", "order")[:MOST_COUNTABLE]
    return sorted(found, key=lambda one: one.result.project.address != engagement.about)


MOST_COUNTABLE = 500
"""Indicators that one list offers."""


class Reach(NamedTuple):
    """What engagements count towards indicators, each engagement once, whatever the number of projects."""

    what: Any
    counted: Counted
    projects: int


def reach(user: Any, found: QuerySet[Engagement]) -> list[Reach]:
    """For each thing that is counted: the total over all projects, and what was linked more than once.

    Institutions are left out: the same one comes to several engagements.
    """
    chosen = found.order_by().values("pk")
    seen = EngagementLink.objects.filter(engagement__in=chosen, indicator__in=indicators(user))
    rows = seen.exclude(what=EngagementLink.What.INSTITUTIONS).values_list(
        "what",
        "indicator",
        "indicator__result__project",
        "engagement",
        "engagement__first_day",
        "engagement__last_day",
    )
    came = _people_of(chosen)
    projects: dict[str, set[int]] = {}
    brought: dict[str, list[Contribution]] = {}
    for what, indicator, project, engagement, first, last in rows:
        number = _worth(what, came.get(engagement, NOBODY), days=(last - first).days + 1, institutions=0)
        amount = Amount(reason="not_reported") if number is None else Amount(Decimal(number))
        projects.setdefault(what, set()).add(project)
        brought.setdefault(what, []).append(
            Contribution(f"result-indicator:{indicator}", f"engagement:{engagement}", amount)
        )
    return [
        Reach(EngagementLink.What(what).label, counted_once(each), len(projects[what]))
        for what, each in sorted(brought.items())
    ]


NOBODY = People(None, None, None)
"""Where nobody counted."""


def _people_of(chosen: Any) -> dict[int, People]:
    """{key of an engagement: how many came}, without a row for each kind of institution."""
    rows = Attendance.objects.filter(engagement__in=chosen).order_by()
    sums: dict[int, dict[str, int]] = {}
    for key, sex, number in rows.values_list("engagement", "sex").annotate(sum=Sum("number")):
        sums.setdefault(key, {})[sex] = number
    return {key: People(*(each.get(sex) for sex in SEXES)) for key, each in sums.items()}


def rests_on(engagement: Engagement) -> bool:
    """Whether something that was reported rests on an engagement."""
    return Edge.objects.filter(target=engagement.address, source__startswith="actual:").exists()
