"""What was reached in a year under each code of a framework: the projects of a code, and their figures."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milepost import values
from milepost.progress import results as progress
from milepost.progress.words import RESULT_REASONS
from milepost.reports import sentences
from milepost.values.figures import Amount
from milepost.values.observation import Breakdown
from milepost.web.projects.cells import plain as without_zeros
from milepost.web.projects.models import Actual, Beneficiary, Period, Project, ResultIndicator, Tag
from milepost.web.projects.queries import breakdowns, vocabulary
from milepost.web.projects.queries.lifecycle import NOT_FOR_THE_PUBLIC, STATES
from milepost.web.projects.queries.scoping import visible_to
from milepost.web.ui.templatetags.ui import plain
from milepost.web.ui.verdicts import written

BATCH = 500
"""Codes of projects whose figures are read together."""


def in_year(found: QuerySet[Project], year: int) -> QuerySet[Project]:
    """The projects that ran in a year, or report on a period that ends in it; nothing that never began."""
    first, last = date(year, 1, 1), date(year, 12, 31)
    running = Q(first_day__lte=last) & (Q(last_day__gte=first) | Q(last_day=None))
    ends = Exists(Period.objects.filter(project=OuterRef("pk"), end__range=(first, last)))
    return found.exclude(state__in=NOT_FOR_THE_PUBLIC).filter(running | Q(ends))


def tagged(user: Any, framework: str, year: int, code: str = "") -> QuerySet[Tag]:
    """The codes of projects that a reader may see, in the order of the codes; `code` narrows to one."""
    inside = in_year(visible_to(user), year).order_by()
    found = Tag.objects.filter(framework=framework, project__in=inside)
    found = found.filter(code=code) if code else found
    return found.select_related("project__institution__country").order_by(
        "code", "project__project_code", "project"
    )


def years(user: Any, framework: str) -> list[int]:
    """The years in which a period of a project with such a code ends, the latest first."""
    coded = Tag.objects.filter(framework=framework, project=OuterRef("project"))
    ends = Period.objects.filter(Exists(coded), project__in=visible_to(user).order_by()).order_by()
    return [day.year for day in ends.dates("end", "year", order="DESC")]


class Sum(NamedTuple):
    """A code: how many projects have it, and of how many of them something is approved for the year."""

    code: str
    name: values.Text
    projects: int
    reported: int


class Totals(NamedTuple):
    """All codes of a year; `projects` and `reported` count each project once, whatever codes it has."""

    codes: list[Sum]
    projects: int
    reported: int


def totals(tags: QuerySet[Tag], framework: str, year: int) -> Totals:
    """How many projects each code has, and how many there are together."""
    approved = _approved(year).filter(indicator__result__project=OuterRef("project"))
    counts = dict(tags.order_by().values_list("code").annotate(Count("project")))
    with_figures = tags.order_by().filter(Exists(approved))
    reported = dict(with_figures.values_list("code").annotate(Count("project")))
    return Totals(
        [
            Sum(code, vocabulary.tag_name(framework, code), counts[code], reported.get(code, 0))
            for code in sorted(counts)
        ],
        tags.order_by().values("project").distinct().count(),
        with_figures.values("project").distinct().count(),
    )


def _approved(year: int) -> QuerySet[Actual]:
    return Actual.objects.filter(state="approved", period__end__year=year)


# Lines ------------------------------------------------------------------------------------------------------


class Line(NamedTuple):
    """A figure of the year: of one indicator of one project under one code, of one breakdown and place.

    `first` is the code under which the same figure is counted: where it is another one, this line repeats it.
    `total` and `indicator` are None where the project has no indicator. `rests_on` are the approved reports.
    """

    code: str
    first: str
    project: Project
    areas: list[str]
    indicator: ResultIndicator | None = None
    breakdown: Breakdown = ()
    place: str = ""
    total: progress.Total | None = None
    rests_on: tuple[Actual, ...] = ()

    @property
    def amount(self) -> Amount:
        """The figure, or why there is none."""
        return self.total.amount if self.total else Amount(reason="not_reported")

    @property
    def repeated(self) -> bool:
        """Whether the same figure stands under an earlier code of the project."""
        return self.first != self.code

    @property
    def cell(self) -> str:
        """The breakdown in words."""
        return breakdowns.name(self.breakdown)

    @property
    def words(self) -> str:
        """The figure in words."""
        return written(self.amount)

    @property
    def why(self) -> str:
        """Why there is no figure, in words; "" where there is one."""
        if self.indicator is None:
            return _("The project has no indicator.")
        if self.amount.reason is None:
            return ""
        return sentences.translator(get_language() or "en")(RESULT_REASONS[self.amount.reason])

    @property
    def notes(self) -> list[str]:
        """What stands beside the figure."""
        language = get_language() or "en"
        return [sentences.result_note(note, language) for note in self.total.notes] if self.total else []


def lines(tags: Iterable[Tag], framework: str, year: int, code: str = "") -> list[Line]:
    """The figures of these codes in a year, in a fixed number of queries for each BATCH of them.

    A period belongs to the year in which it ends. One figure of the year is made of its periods by the
    indicator's own rules, out of approved reports only. Where one `code` was asked for, nothing is repeated.
    """
    tags = list(tags)
    batches = (tags[start : start + BATCH] for start in range(0, len(tags), BATCH))
    return [line for batch in batches for line in _lines(batch, framework, year, code)]


def _lines(tags: Sequence[Tag], framework: str, year: int, code: str) -> Iterator[Line]:
    keys = {tag.project.pk for tag in tags}
    codes: dict[int, list[str]] = defaultdict(list)
    for pk, each in Tag.objects.filter(framework=framework, project__in=keys).values_list("project", "code"):
        codes[pk].append(each)
    areas: dict[int, list[str]] = defaultdict(list)
    for pk, area in Beneficiary.objects.filter(project__in=keys).values_list("project_id", "area"):
        areas[pk].append(area)
    periods: dict[int, list[Period]] = defaultdict(list)
    for period in Period.objects.filter(project__in=keys, end__year=year).order_by("start"):
        periods[period.project_id].append(period)
    reports = _approved(year).select_related("period").prefetch_related("cells").order_by("period__start")
    found = (
        ResultIndicator.objects.filter(result__project__in=keys)
        .select_related("result")
        .prefetch_related(Prefetch("actuals", reports, to_attr="of_year"))
        .order_by("result__order", "result", "order", "pk")
    )
    indicators: dict[int, list[ResultIndicator]] = defaultdict(list)
    for one in found:
        indicators[one.result.project_id].append(one)
    of_project = {pk: [*_figures(indicators[pk], periods[pk])] for pk in keys}
    for tag in tags:
        pk = tag.project.pk
        base = Line(tag.code, code or min(codes[pk]), tag.project, areas[pk])
        yield from [base._replace(**figure) for figure in of_project[pk]] or [base]


class Group(NamedTuple):
    """The lines of one code and project, to be shown together."""

    code: str
    name: values.Text
    project: Project
    first: str
    lines: list[Line]

    @property
    def repeated(self) -> bool:
        """Whether the same figures stand under an earlier code of the project."""
        return self.first != self.code


def grouped(found: Iterable[Line], framework: str) -> list[Group]:
    """The lines by code and project, in their order."""
    groups: dict[tuple[str, int], list[Line]] = defaultdict(list)
    for line in found:
        groups[line.code, line.project.pk].append(line)
    return [
        Group(code, vocabulary.tag_name(framework, code), some[0].project, some[0].first, some)
        for (code, _pk), some in groups.items()
    ]


def _figures(indicators: Sequence[Any], periods: Sequence[Period]) -> Iterator[dict[str, Any]]:
    """The figures of a project's indicators, each as the fields of a line."""
    for one in indicators:
        by_period = {
            actual.period_id: [cell.as_value() for cell in actual.cells.all()] for actual in one.of_year
        }
        figures = [by_period.get(period.pk, []) for period in periods]
        rests_on = tuple(one.of_year)
        asked = breakdowns.cells(one) if rests_on else [()]
        met = [figure for each in figures for figure in each]
        for breakdown in dict.fromkeys((*asked, *(figure.breakdown for figure in met))):
            total = _of_year(one, figures, breakdown)
            yield {"indicator": one, "breakdown": breakdown, "total": total, "rests_on": rests_on}
        for place, breakdown in dict.fromkeys((each.place, each.breakdown) for each in met if each.place):
            there = [[replace(each, place="") for each in some if each.place == place] for some in figures]
            yield {
                "indicator": one,
                "breakdown": breakdown,
                "place": place,
                "total": _of_year(one, there, breakdown),
                "rests_on": rests_on,
            }


def _of_year(
    one: ResultIndicator, figures: Sequence[Sequence[values.Figure]], breakdown: Breakdown
) -> progress.Total:
    """One figure of the periods of the year, by the indicator's rules over places and over time."""
    rules = values.ResultIndicator(
        code=one.code,
        title=one.text,
        measure=one.measure,  # type: ignore[arg-type]
        over_time=one.over_time,  # type: ignore[arg-type]
        over_places=one.over_places,  # type: ignore[arg-type]
        counting=one.counting,  # type: ignore[arg-type]
        dimensions=tuple(tuple(group) for group in one.dimensions),
    )
    places = tuple(dict.fromkeys(each.place for some in figures for each in some if each.place))
    of_periods = [
        progress.total(some, rules, breakdown=breakdown, places=places, categories=one.categories)
        for some in figures
    ]
    if not of_periods:
        return progress.NOTHING
    made = progress.over_time(of_periods, rules)
    notes = dict.fromkeys(
        (note.code, *sorted(note.details.items())) for each in of_periods for note in each.notes
    )
    kept = [progress.Note(code, dict(details)) for code, *details in notes]  # type: ignore[arg-type]
    return replace(made, notes=(*made.notes, *kept))


# Export -----------------------------------------------------------------------------------------------------


def exported(found: Iterable[Line], framework: str, year: int) -> tuple[list[str], list[list[Any]]]:
    """(heads, rows) of an export: one row a figure, with the reports that it rests on."""
    heads = [
        _("Year"), _("Code"), _("Name of the code"), _("Counted"), _("Project code"), _("Title"), _("State"),
        _("Benefiting states"), _("Kept by"), _("Result"), _("Indicator"), _("What is counted"), _("Unit"),
        _("Breakdown"), _("Place"), _("Figure"), _("Numerator"), _("Denominator"), _("In words"),
        _("Why there is no figure"), _("Notes"), _("What a reported figure holds"), _("Of several periods"),
        _("Periods reported on"), _("Approved on"), _("Rests on"),
    ]  # fmt: skip
    counting, over_time = dict(vocabulary.COUNTING), dict(vocabulary.OVER_TIME)
    rows = []
    for line in found:
        project, one, amount = line.project, line.indicator, line.amount
        about = [
            year, line.code, plain(vocabulary.tag_name(framework, line.code)), _counted(line),
            project.project_code, plain(project.title), str(STATES[project.state]),
            "; ".join(plain(name) for name in vocabulary.areas(line.areas)), plain(project.institution.name),
        ]  # fmt: skip
        if one is None:
            rows.append([*about, *[""] * 10, line.why, *[""] * 6])
            continue
        approved = [f"{each.reviewed_at:%Y-%m-%d}" for each in line.rests_on if each.reviewed_at]
        rows.append([
            *about, one.result.code, one.code, plain(one.title), one.unit, line.cell, line.place,
            _short(amount.value), _short(amount.numerator), _short(amount.denominator), amount.text,
            line.why, " ".join(line.notes), str(counting[one.counting]), str(over_time[one.over_time]),
            "; ".join(str(each.period) for each in line.rests_on), "; ".join(approved),
            "; ".join(f"{each.address}@{each.revision}" for each in line.rests_on),
        ])  # fmt: skip
    return heads, rows


def _counted(line: Line) -> str:
    return _("repeats {code}").format(code=line.first) if line.repeated else _("yes")


def _short(number: Decimal | None) -> Decimal | str:
    """A number with at most ten decimals; "" for none."""
    return "" if number is None else without_zeros(round(number, 10)) or Decimal(0)
