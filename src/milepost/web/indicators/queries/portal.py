"""What the portal shows: public figures only, in a number of queries that does not grow with them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any, NamedTuple

from django.db.models import Count, Exists, Max, Min, OuterRef, Prefetch, Q, QuerySet, Sum

from milepost import catalogue, values
from milepost.values import Text, Verdict
from milepost.web.frameworks import queries as frameworks
from milepost.web.indicators.models import (
    Coverage,
    Indicator,
    MethodChoice,
    Observation,
    Release,
    Series,
    Target,
    Version,
)
from milepost.web.indicators.queries import names, progress, scoping
from milepost.web.indicators.queries.figures import definition, public_in, title
from milepost.web.indicators.queries.names import AREA, NATIONAL, TOTAL, Quantity
from milepost.web.stakeholders import queries as stakeholders
from milepost.web.stakeholders.models import Country, Institution

SEX = "sex"
_FIRST_DIMENSIONS = (SEX, "age", "migratory_status", "urbanisation", AREA, "disability_status")
PROPOSAL = "proposal"
_DIGITS = re.compile(r"\d+")
_KINDS = ("suppressed", "global", "national")
"""Kinds of coverage, the best last."""


# Countries --------------------------------------------------------------------------------------------------


def countries(user: Any) -> QuerySet[Country]:
    """The countries served, as far as this reader may know of them."""
    return stakeholders.countries(user).order_by("code")


def find_country(user: Any, code: str) -> Country | None:
    """A country by its code, if this reader may see it."""
    return stakeholders.countries(user).filter(code=code).first()


def listed(user: Any, country: Country) -> list[Indicator]:
    """The indicators on the public list of a country, in the order of the list."""
    found = scoping.indicators(user).filter(country=country, listed=True).order_by("framework", "order")
    indicators = list(found.select_related(None).only(*_LISTED))
    for one in indicators:
        one.country = country
    return indicators


_LISTED = ("country", "framework", "code", "slug", "title", "order", "version", "revision")
"""What lists need of an indicator: the rest is long, and hundreds are read at once."""


def releases_of(user: Any, *, country: Country | None = None, most: int = 8) -> list[Version]:
    """The latest versions of figures: releases, corrections, withdrawals."""
    found = Version.objects.filter(
        indicator__in=scoping.indicators(user).filter(listed=True).order_by().values("pk")
    )
    if country is not None:
        found = found.filter(indicator__country=country)
    return list(found.select_related("indicator__country", "institution").order_by("-at", "-pk")[:most])


def calendar(user: Any, country: Country) -> list[Release]:
    """The entries of the release calendar by date, each with its indicators that are on the list."""
    on_the_list = Indicator.objects.filter(listed=True).select_related("country")
    found = scoping.releases(user).filter(country=country)
    return list(found.prefetch_related(Prefetch("indicators", on_the_list)))


def next_release(user: Any, country: Country, *, after: datetime) -> Release | None:
    """The next entry of the calendar that is neither out nor late."""
    planned = scoping.releases(user).filter(country=country, released_at=None, planned_at__gte=after)
    return planned.order_by("planned_at").first()


# Figures ----------------------------------------------------------------------------------------------------


class SeriesRow(NamedTuple):
    """What a series is, as far as pages need it."""

    pk: int
    indicator: int
    code: str
    unit: str
    unit_mult: str
    frequency: str
    reporting_type: str
    area: str
    breakdown: dict[str, str]

    @property
    def quantity(self) -> Quantity:
        """What it measures, wherever and for whomever."""
        return Quantity(self.code, self.unit, self.unit_mult, self.frequency, self.reporting_type)

    @property
    def categories(self) -> tuple[tuple[str, str], ...]:
        """(dimension, category) of its breakdown, the region last."""
        found = tuple(sorted(self.breakdown.items(), key=lambda pair: _rank(pair[0])))
        return (*found, (AREA, self.area)) if self.area else found

    @property
    def by(self) -> str:
        """The dimensions by which it is broken down, joined with "+"; "" for the total."""
        return "+".join(dimension for dimension, _category in self.categories)


_SERIES = (
    "pk",
    "indicator_id",
    "code",
    "unit",
    "unit_mult",
    "frequency",
    "reporting_type",
    "area",
    "breakdown",
)


class Figure(NamedTuple):
    """One public figure."""

    series: int
    pk: int
    period: str
    year: int
    value: float | None
    status: str
    lower: float | None
    upper: float | None
    institution: int

    @property
    def address(self) -> str:
        """How traces name it."""
        return f"observation:{self.pk}"

    @property
    def interval(self) -> tuple[float, float] | None:
        """Lower and upper bound, where there is a value and both are known."""
        if self.value is None or self.lower is None or self.upper is None:
            return None
        return self.lower, self.upper

    def as_value(self) -> values.Observation:
        """The plain value that charts and sentences take."""
        return values.Observation(values.Period.parse(self.period), self.value, self.status)


_FIGURE = ("series_id", "pk", "period", "year", "value", "status", "lower", "upper", "institution_id")


@dataclass(frozen=True)
class Line:
    """A series with its public figures in the order of their periods."""

    series: SeriesRow
    figures: tuple[Figure, ...]

    @cached_property
    def value(self) -> values.Series:
        """The plain value that charts, sentences and progress take."""
        observations = sorted((figure.as_value() for figure in self.figures), key=lambda one: one.period)
        return values.Series(self.series.code, tuple(observations), self.series.unit or None)

    @property
    def latest(self) -> Figure | None:
        """The latest figure that has a value."""
        return next((figure for figure in reversed(self.figures) if figure.value is not None), None)

    @property
    def intervals(self) -> dict[str, tuple[float, float]]:
        """The intervals that are known, by period."""
        return {figure.period: figure.interval for figure in self.figures if figure.interval is not None}

    def at(self, period: str) -> Figure | None:
        """The figure of a period."""
        return next((figure for figure in self.figures if figure.period == period), None)


def _series(condition: Q, version: int | None) -> list[SeriesRow]:
    """The series with a public figure, in one query."""
    public = Observation.objects.filter(public_in(version), series=OuterRef("pk"))
    found = (
        Series.objects.filter(condition).filter(Exists(public)).order_by("code", "unit", "dimensions", "pk")
    )
    return [SeriesRow(*row) for row in found.values_list(*_SERIES)]


def _lines(rows: Sequence[SeriesRow], condition: Q, version: int | None) -> dict[int, Line]:
    """Their public figures, by the key of the series, in one query."""
    found: dict[int, list[Figure]] = {row.pk: [] for row in rows}
    figures = Observation.objects.filter(public_in(version), condition)
    for row in figures.order_by("series_id", "year", "period").values_list(*_FIGURE):
        if row[0] in found:
            found[row[0]].append(Figure(*row))
    return {row.pk: Line(row, tuple(found[row.pk])) for row in rows}


def _rank(dimension: str) -> tuple[int, str]:
    """Dimensions in the order in which people ask for them."""
    known = _FIRST_DIMENSIONS.index(dimension) if dimension in _FIRST_DIMENSIONS else len(_FIRST_DIMENSIONS)
    return known, dimension


def _in_order(row: SeriesRow) -> list[tuple[list[int], str]]:
    """Categories as people count: from 5 to 9 years before from 10 to 14."""
    return [(list(map(int, _DIGITS.findall(code))), code) for _dimension, code in row.categories]


def _quantities(rows: Iterable[SeriesRow], described: catalogue.Indicator | None) -> list[Quantity]:
    """What an indicator measures: national before global, then in the order of its definition."""
    order = [one.code for one in described.series] if described is not None else []

    def rank(quantity: Quantity) -> tuple[Any, ...]:
        place = order.index(quantity.code) if quantity.code in order else len(order)
        return quantity.reporting_type != NATIONAL, place, *quantity

    return sorted({row.quantity for row in rows}, key=rank)


# Lists ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Entry:
    """An indicator in a list: its headline figures, and what is public of it."""

    indicator: Indicator
    title: Text
    definition: catalogue.Indicator | None
    line: Line | None  # the headline of its first quantity
    more: int  # further quantities
    kind: str  # national, global, suppressed or none
    year: int | None  # the latest with a figure of that kind
    verdict: Verdict | None  # only by the method that the office fixed

    @property
    def quantity(self) -> Quantity | None:
        """What the headline measures."""
        return self.line.series.quantity if self.line is not None else None


def entries(user: Any, country: Country) -> list[Entry]:
    """Every indicator of a country's list with its headline, in six queries."""
    found = listed(user, country)
    return described_entries(found, methods=progress.methods_in_force(country))


def described_entries(found: Sequence[Indicator], *, methods: Mapping[str, MethodChoice]) -> list[Entry]:
    """The same for indicators already found, in four queries."""
    keys = [indicator.pk for indicator in found]
    by_indicator: dict[int, list[SeriesRow]] = {}
    for row in _series(Q(indicator__in=keys, dimensions=TOTAL, area=""), None):
        by_indicator.setdefault(row.indicator, []).append(row)
    definitions = {indicator.pk: definition(indicator) for indicator in found}
    quantities = {key: _quantities(rows, definitions[key]) for key, rows in by_indicator.items()}
    first = [
        next(row for row in rows if row.quantity == quantities[key][0]) for key, rows in by_indicator.items()
    ]
    lines = _lines(first, Q(series__in=[row.pk for row in first]), None)
    headlines = {row.indicator: lines[row.pk] for row in first}
    kinds = _best_kinds(keys)
    targets = progress.current_targets(keys) if methods else {}
    result = []
    for indicator in found:
        described, line = definitions[indicator.pk], headlines.get(indicator.pk)
        kind, year = kinds.get(indicator.pk, ("none", None))
        verdict = _verdict(line, described, methods.get(indicator.framework), targets.get(indicator.pk, ()))
        more = max(len(quantities.get(indicator.pk, ())) - 1, 0)
        result.append(Entry(indicator, title(indicator), described, line, more, kind, year, verdict))
    return result


def _verdict(
    line: Line | None,
    described: catalogue.Indicator | None,
    choice: MethodChoice | None,
    targets: Sequence[Target],
) -> Verdict | None:
    if line is None or choice is None:
        return None
    latest = line.latest
    target = progress.target_for(line.series, targets, latest.year if latest else None)
    return progress.judge(line.value, method=choice.method, definition=described, target=target)


def _best_kinds(keys: Sequence[int]) -> dict[int, tuple[str, int]]:
    """The best kind of coverage of each indicator, and its latest year."""
    rows = (
        Coverage.objects.filter(indicator__in=keys)
        .order_by()
        .values_list("indicator_id", "kind")
        .annotate(last=Max("year"))
    )
    found: dict[int, tuple[str, int]] = {}
    for key, kind, last in rows:
        if key not in found or _KINDS.index(kind) > _KINDS.index(found[key][0]):
            found[key] = (kind, last)
    return found


# Groups of a list -------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Group:
    """Indicators under one goal, target, domain or objective."""

    code: str
    level: str
    name: Text
    entries: tuple[Entry, ...]
    groups: tuple["Group", ...] = ()


def by_target(found: Sequence[Entry]) -> list[Group]:
    """Under goals and their targets; those of no framework with goals come last, under ""."""
    framework = {item.code: item for item in catalogue.framework("sdg").items}
    goals: dict[str, dict[str, list[Entry]]] = {}
    others: list[Entry] = []
    for entry in found:
        goal, _, rest = entry.indicator.code.partition(".")
        target = f"{goal}.{rest.partition('.')[0]}"
        if entry.indicator.framework == "sdg" and goal in framework:
            goals.setdefault(goal, {}).setdefault(target, []).append(entry)
        else:
            others.append(entry)
    groups = [
        Group(
            goal,
            "goal",
            framework[goal].short or framework[goal].name,
            (),
            tuple(
                Group(
                    target,
                    "target",
                    framework[target].name if target in framework else Text(),
                    tuple(entries),
                )
                for target, entries in targets.items()
            ),
        )
        for goal, targets in sorted(goals.items(), key=lambda pair: int(pair[0]))
    ]
    return [*groups, Group("", "", Text(), tuple(others))] if others else groups


@dataclass(frozen=True)
class Bearing:
    """Which indicators bear on which entries of another framework: as proposed, or as the country says."""

    groups: tuple[Group, ...]
    proposed: frozenset[tuple[str, int]]  # (code of the group, key of the indicator)
    source: catalogue.Crosswalk | None

    @property
    def all_proposed(self) -> bool:
        """Whether the country has not confirmed any of them."""
        return len(self.proposed) == sum(len(group.entries) for group in self.groups)


def by_framework(country: Country, found: Sequence[Entry], code: str) -> Bearing:
    """Under the entries of "domains" or "gcm", by the crosswalk as the country has it; in one query.

    A pair may name an indicator, its target or its goal.
    """
    bearing = frameworks.towards(country, code, "sdg")
    groups, proposed = [], set()
    for item in catalogue.framework(code).items:
        inside = []
        for entry in found:
            status = _status(entry.indicator, bearing.get(item.code, ()))
            if status is not None:
                inside.append(entry)
                if status == PROPOSAL:
                    proposed.add((item.code, entry.indicator.pk))
        groups.append(Group(item.code, item.level, item.name, tuple(inside)))
    source = next((one for one in catalogue.crosswalks() if {one.origin, one.goal} == {"sdg", code}), None)
    return Bearing(tuple(groups), frozenset(proposed), source)


def _status(indicator: Indicator, pairs: Iterable[tuple[str, str]]) -> str | None:
    """The status of the pair that names an indicator, its target or its goal, the most exact first."""
    if indicator.framework != "sdg":
        return None
    fitting = [
        (len(code), status)
        for code, status in pairs
        if indicator.code == code or indicator.code.startswith(f"{code}.")
    ]
    return max(fitting)[1] if fitting else None


# One indicator ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Page:
    """Everything that the page of an indicator shows, in one version."""

    indicator: Indicator
    definition: catalogue.Indicator | None
    version: Version | None  # None before the first
    versions: tuple[Version, ...]
    quantities: tuple[Quantity, ...]
    quantity: Quantity | None
    choices: tuple[str, ...]  # of `by`, for this quantity
    by: str
    dimensions: frozenset[str]  # by which any quantity is broken down
    headline: Line | None
    lines: tuple[Line, ...]  # by what was chosen
    sexes: tuple[Line, ...]
    target: Target | None
    targets: tuple[Target, ...]
    choice: MethodChoice | None
    verdict: Verdict | None
    institutions: Mapping[int, Institution]
    suppressed: tuple[tuple[str, int], ...]  # (dimension, year) of which nothing else is public
    next_release: Release | None
    own_codes: names.Own

    @property
    def is_latest(self) -> bool:
        """Whether this is what is public now."""
        return self.version is None or self.version.number == self.indicator.version

    @property
    def sources(self) -> list[Institution]:
        """Whose figures these are."""
        keys = dict.fromkeys(figure.institution for line in self.shown for figure in line.figures)
        return [self.institutions[key] for key in keys if key in self.institutions]

    @property
    def shown(self) -> tuple[Line, ...]:
        """The headline, and the lines of what was chosen."""
        apart = self.headline is not None and self.by != TOTAL
        return ((self.headline,) if apart and self.headline is not None else ()) + self.lines

    @property
    def missing_years(self) -> list[int]:
        """Years between the first and the last of the headline of which there is no row at all."""
        years = {figure.year for figure in self.headline.figures} if self.headline is not None else set()
        return [year for year in range(min(years), max(years)) if year not in years] if years else []

    @property
    def absent(self) -> list[str]:
        """Breakdowns that the definition asks for, and of which nothing is public."""
        asked = self.definition.breakdowns if self.definition is not None else ()
        return [dimension for dimension in asked if dimension not in self.dimensions]


class NoSuchVersion(LookupError):
    """There is no such version of an indicator's figures."""


def page(
    user: Any, indicator: Indicator, *, number: int | None = None, quantity: str = "", by: str | None = None
) -> Page:
    """What is public of an indicator, now or in an earlier version, in ten queries or so.

    `quantity` is the key of one, else the first; `by` joins dimensions with "+", else the total. What is not
    there is passed over, so that an old address still opens. NoSuchVersion for a number that never was.
    """
    versions = _versions(indicator)
    version = _chosen_version(versions, indicator, number)
    asked = None if version is None or version.number == indicator.version else version.number
    described = definition(indicator)
    rows = _series(Q(indicator=indicator), asked)
    quantities = _quantities(rows, described)
    chosen = next((one for one in quantities if one.key == quantity), quantities[0] if quantities else None)
    own = [row for row in rows if row.quantity == chosen]
    choices = _choices(own)
    in_order = "+".join(sorted((by or TOTAL).split("+"), key=_rank))
    wanted = in_order if in_order in choices else next(iter(choices), TOTAL)
    shown = [row for row in own if row.by in {TOTAL, SEX, wanted}]
    lines = _lines(shown, Q(series__in=[row.pk for row in shown]), asked)
    headline = next((lines[row.pk] for row in shown if row.by == TOTAL), None)
    targets = tuple(progress.current_targets([indicator.pk]).get(indicator.pk, ()))
    latest = headline.latest if headline is not None else None
    target = (
        progress.target_for(headline.series, targets, latest.year if latest else None) if headline else None
    )
    choice = progress.method_in_force(indicator.country, indicator.framework)
    institutions = {figure.institution for line in lines.values() for figure in line.figures}
    return Page(
        indicator=indicator,
        definition=described,
        version=version,
        versions=versions,
        quantities=tuple(quantities),
        quantity=chosen,
        choices=tuple(choices),
        by=wanted,
        dimensions=frozenset(dimension for row in rows for dimension, _category in row.categories),
        headline=headline,
        lines=tuple(lines[row.pk] for row in sorted(shown, key=_in_order) if row.by == wanted),
        sexes=tuple(lines[row.pk] for row in sorted(shown, key=_in_order) if row.by == SEX),
        target=target,
        targets=targets,
        choice=choice,
        verdict=_verdict(headline, described, choice, targets),
        institutions=Institution.objects.in_bulk(sorted(institutions)),
        suppressed=_suppressed(indicator) if asked is None else (),
        next_release=_next_release(user, indicator),
        own_codes=names.own_codes(indicator.country),
    )


def _versions(indicator: Indicator) -> tuple[Version, ...]:
    found = tuple(
        Version.objects.filter(indicator=indicator).select_related("institution").order_by("-number")
    )
    for one in found:
        one.indicator = indicator
    return found


def _chosen_version(versions: Sequence[Version], indicator: Indicator, number: int | None) -> Version | None:
    wanted = indicator.version if number is None else number
    found = next((one for one in versions if one.number == wanted), None)
    if found is None and number is not None:
        raise NoSuchVersion(number)
    return found


def _choices(rows: Iterable[SeriesRow]) -> list[str]:
    """The breakdowns there are, the total first, one dimension before two."""

    def rank(by: str) -> tuple[Any, ...]:
        names = by.split("+") if by else []
        return len(names), [_rank(name) for name in names]

    return sorted({row.by for row in rows}, key=rank)


def _suppressed(indicator: Indicator) -> tuple[tuple[str, int], ...]:
    found = Coverage.objects.filter(indicator=indicator, kind=Coverage.Kind.SUPPRESSED)
    return tuple(found.order_by("dimension", "year").values_list("dimension", "year"))


def _next_release(user: Any, indicator: Indicator) -> Release | None:
    """The next entry of the calendar with this indicator that is not out yet."""
    planned = scoping.releases(user).filter(indicators=indicator, released_at=None)
    return planned.order_by("planned_at").first()


# Coverage ---------------------------------------------------------------------------------------------------


class Cell(NamedTuple):
    """What is public of an indicator for a dimension: the best kind, its years, and how many they are."""

    kind: str
    first: int
    last: int
    years: int


@dataclass(frozen=True)
class Matrix:
    """What is measured, for whom and when: indicators by dimensions, or by years of one dimension."""

    indicators: tuple[Indicator, ...]
    cells: Mapping[int, Mapping[str, Cell]]  # {indicator: {dimension: …}}
    dimensions: tuple[str, ...]
    breakdowns: Mapping[int, tuple[str, ...] | None]  # that definitions ask for; None without a definition
    years: Mapping[int, Mapping[int, str]] = field(default_factory=dict)  # {indicator: {year: kind}}

    def asked(self, indicator: Indicator, dimension: str) -> bool:
        """Whether a figure is asked for: the total always, a breakdown if the definition names it."""
        breakdowns = self.breakdowns[indicator.pk]
        return dimension == TOTAL or breakdowns is None or dimension in breakdowns

    def cell(self, indicator: Indicator, dimension: str) -> Cell | None:
        """What is public there; None where nothing is."""
        return self.cells.get(indicator.pk, {}).get(dimension)

    @cached_property
    def unmeasured(self) -> list[Indicator]:
        """Indicators without any national figure."""
        return [
            one
            for one in self.indicators
            if all(cell.kind != Coverage.Kind.NATIONAL for cell in self.cells.get(one.pk, {}).values())
        ]

    @cached_property
    def lacking(self) -> list[tuple[str, int, int]]:
        """(dimension, without, of how many that ask for it), for each dimension that definitions ask for."""
        found = []
        for dimension in self.dimensions:
            if dimension == TOTAL:
                continue
            asking = [one for one in self.indicators if dimension in (self.breakdowns[one.pk] or ())]
            without = [
                one
                for one in asking
                if (cell := self.cell(one, dimension)) is None or cell.kind != Coverage.Kind.NATIONAL
            ]
            if without:
                found.append((dimension, len(without), len(asking)))
        return sorted(found, key=lambda one: (-one[1], _rank(one[0])))


def coverage(user: Any, country: Country, *, by: str | None = None) -> Matrix:
    """What is public of a country's indicators; with `by`, also the years of one dimension."""
    found = listed(user, country)
    keys = [one.pk for one in found]
    cells: dict[int, dict[str, Cell]] = {}
    rows = (
        Coverage.objects.filter(indicator__in=keys)
        .order_by()
        .values_list("indicator_id", "dimension", "kind")
        .annotate(first=Min("year"), last=Max("year"), years=Count("pk"))
    )
    for key, dimension, kind, first, last, years in rows:
        own = cells.setdefault(key, {})
        if dimension not in own or _KINDS.index(kind) > _KINDS.index(own[dimension].kind):
            own[dimension] = Cell(kind, first, last, years)
    breakdowns = {one.pk: _asked(one) for one in found}
    asked = {dimension for own in breakdowns.values() for dimension in own or ()}
    present = {dimension for own in cells.values() for dimension in own}
    dimensions = sorted((asked | present) - {TOTAL}, key=_rank)
    by_year: dict[int, dict[int, str]] = {}
    if by is not None:
        wanted = Coverage.objects.filter(indicator__in=keys, dimension=by).order_by()
        for key, year, kind in wanted.values_list("indicator_id", "year", "kind"):
            by_year.setdefault(key, {})[year] = kind
    return Matrix(tuple(found), cells, (TOTAL, *dimensions), breakdowns, by_year)


def state_of_coverage(country: Country) -> tuple[Any, ...]:
    """What changes whenever a country's coverage or its list of indicators does; in two quick queries."""
    latest = Coverage.objects.aggregate(latest=Max("pk"))["latest"]
    found = Indicator.objects.filter(country=country).aggregate(
        count=Count("pk"),
        listed=Count("pk", filter=Q(listed=True)),
        versions=Sum("version"),
        revisions=Sum("revision"),
    )
    return latest, *found.values()


def coverage_rows(user: Any, country: Country) -> list[tuple[str, str, int, str, int]]:
    """(indicator, dimension, year, kind, figures) of every cell."""
    found = Coverage.objects.filter(
        indicator__in=scoping.indicators(user).filter(country=country, listed=True).order_by().values("pk")
    )
    return list(
        found.order_by("indicator__framework", "indicator__order", "dimension", "year").values_list(
            "indicator__code", "dimension", "year", "kind", "cells"
        )
    )


def _asked(indicator: Indicator) -> tuple[str, ...] | None:
    described = definition(indicator)
    return described.breakdowns if described is not None else None
