"""The public pages: a country's picture, its lists, the indicator, what is not measured, the calendar."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_safe

from milepost import __version__, catalogue, progress
from milepost.recipes.publish_files import KINDS
from milepost.reports import charts, sentences
from milepost.values import Text, Verdict
from milepost.web.indicators.queries import find_indicator, names, portal, title, work
from milepost.web.indicators.queries.coverage import withdrawn_from
from milepost.web.indicators.queries.portal import Entry, Line, Matrix, Page
from milepost.web.indicators.queries.progress import methods_in_force
from milepost.web.indicators.views.citing import citation, language, stable_address
from milepost.web.indicators.views.panels import Measure, answer, as_drawn, broken, panel
from milepost.web.ui import moments
from milepost.web.ui.memory import cache
from milepost.web.ui.templatetags.ui import MARKS, traced

if TYPE_CHECKING:
    from milepost.web.indicators.models import MethodChoice, Version
    from milepost.web.stakeholders.models import Country

VERSION_KINDS = {
    "release": gettext_lazy("New figures"),
    "correction": gettext_lazy("Correction"),
    "withdrawal": gettext_lazy("Withdrawal"),
    "source": gettext_lazy("Another official source"),
}
FRAMEWORKS = {
    "target": gettext_lazy("By goal and target"),
    "domain": gettext_lazy("By policy domain"),
    "gcm": gettext_lazy("By objective of the Global Compact"),
}
KINDS_OF_COVERAGE = ("national", "global", "suppressed", "none")
KEPT = 60
"""Seconds for which the matrix is kept."""
LINES_ON_A_PAGE = 40
KEY_INDICATORS = 9
MOST_DIMENSIONS_NAMED = 4


def country_or_404(request: HttpRequest, code: str) -> Country:
    """A country that this reader may see."""
    found = portal.find_country(request.user, code)
    if found is None:
        raise Http404(code)
    moments.follow(found)
    return found


def version_asked(request: HttpRequest) -> int | None:
    """The number in ?version=, None for none; what is no number is a version that never was."""
    text = request.GET.get("version", "")
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 9):
        raise Http404(text)
    return int(text)


# Home and about ---------------------------------------------------------------------------------------------


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The countries served; of a single one, its picture."""
    found = list(portal.countries(request.user))
    if len(found) == 1:
        return redirect(found[0])
    releases = portal.releases_of(request.user)
    return render(
        request,
        "indicators/portal/home.html",
        {"countries": found, "releases": [_release(one) for one in releases]},
    )


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """How to read the figures, what the signs and verdicts mean, how to cite."""
    return render(
        request,
        "indicators/portal/about.html",
        {
            "countries": list(portal.countries(request.user)),
            "statuses": [
                (code, sentences.status(code, language())) for code in sentences.OBSERVATION_STATUSES
            ],
            "methods": [
                {
                    "name": sentences.method(code, language()),
                    "weaknesses": sentences.weaknesses(code, language()),
                }
                for code in progress.METHODS
            ],
        },
    )


# A country --------------------------------------------------------------------------------------------------


@require_safe
def country(request: HttpRequest, country: str) -> HttpResponse:
    """The picture of a country: what is measured, where it goes, what is new."""
    found = country_or_404(request, country)
    methods = methods_in_force(found)
    entries = portal.described_entries(portal.listed(request.user, found), methods=methods)
    kinds = Counter(entry.kind for entry in entries)
    return render(
        request,
        "indicators/portal/country.html",
        {
            "country": found,
            "section": "country",
            "entries": entries,
            "kinds": [(kind, kinds[kind]) for kind in KINDS_OF_COVERAGE],
            "national": kinds["national"],
            "tallies": _tallies(entries),
            "methods": [_method(choice) for choice in methods.values()],
            "panels": _key_panels(entries),
            "releases": [_release(one) for one in portal.releases_of(request.user, country=found)],
            "next": portal.next_release(request.user, found, after=timezone.now()),
            "kinds_of_files": [(kind, KINDS[kind].name) for kind in ("csv", "sdmx-csv", "sdmx-ml", "json")],
        },
    )


def _tallies(entries: list[Entry]) -> list[tuple[Verdict, int]]:
    """How many indicators have each verdict; nothing as long as no method is fixed."""
    found: dict[str, list[Verdict]] = {}
    for entry in entries:
        if entry.verdict is not None:
            found.setdefault(entry.verdict.verdict, []).append(entry.verdict)
    return [(found[code][0], len(found[code])) for code in progress.VERDICTS if code in found]


def _key_panels(entries: list[Entry]) -> list[dict[str, Any]]:
    """Small charts of the indicators about migration that have a trend to show."""
    chosen = [
        entry
        for entry in entries
        if entry.definition is not None
        and entry.line is not None
        and sum(figure.value is not None for figure in entry.line.figures) > 1
    ]
    return [_key_panel(entry, entry.line) for entry in chosen[:KEY_INDICATORS] if entry.line is not None]


def _key_panel(entry: Entry, line: Line) -> dict[str, Any]:
    measure = Measure.of(line.series.quantity, entry.definition)
    sentence = measure.sentence(line)
    drawn = charts.line(
        line.value,
        language=language(),
        width=300,
        height=110,
        title=names.said(entry.title, language()),
        description=sentence,
        intervals={"": line.intervals},
        points=True,
    )
    return {"entry": entry, "answer": answer(measure, line), "chart": as_drawn(drawn)}


def _release(version: Version) -> dict[str, Any]:
    """A version as an item of news."""
    return {
        "version": version,
        "kind": VERSION_KINDS[version.kind],
        "title": title(version.indicator),
        "grave": version.kind in ("correction", "withdrawal"),
    }


def _method(choice: MethodChoice) -> dict[str, Any]:
    return {
        "choice": choice,
        "name": sentences.method(choice.method, language()),
        "weaknesses": sentences.weaknesses(choice.method, language()),
    }


# Lists ------------------------------------------------------------------------------------------------------


@require_safe
def indicators(request: HttpRequest, country: str) -> HttpResponse:
    """The list, by goal and target, by policy domain, or by objective of the Global Compact."""
    found = country_or_404(request, country)
    by = request.GET.get("by", "target")
    if by not in FRAMEWORKS:
        raise Http404(by)
    methods = methods_in_force(found)
    entries = portal.described_entries(portal.listed(request.user, found), methods=methods)
    bearing = None
    if by == "target":
        groups = portal.by_target(entries)
    else:
        bearing = portal.by_framework(found, entries, {"domain": "domains", "gcm": "gcm"}[by])
        groups = bearing.groups
    shown = {entry.indicator.pk: _entry(entry) for entry in entries}
    placed = {entry.indicator.pk for group in groups for entry in group.entries}
    return render(
        request,
        "indicators/portal/indicators.html",
        {
            "country": found,
            "section": "indicators",
            "by": by,
            "ways": [
                {
                    "title": words,
                    "href": "?" + f"by={code}" if code != "target" else ".",
                    "current": code == by,
                }
                for code, words in FRAMEWORKS.items()
            ],
            "groups": [_group(group, shown, bearing) for group in groups],
            "apart": [
                shown[one.indicator.pk]
                for one in entries
                if by != "target" and one.indicator.pk not in placed
            ],
            "bearing": bearing,
            "count": len(entries),
            "with_figures": sum(entry.kind in ("national", "global") for entry in entries),
            "judged": bool(methods),
            "methods": [_method(choice) for choice in methods.values()],
        },
    )


def _group(
    group: portal.Group, shown: dict[int, dict[str, Any]], bearing: portal.Bearing | None
) -> dict[str, Any]:
    """A group of a list; a pair that is only proposed is marked where the country confirmed others."""
    mixed = bearing.proposed if bearing is not None and not bearing.all_proposed else frozenset()
    return {
        "code": group.code,
        "level": group.level,
        "name": group.name,
        "entries": [
            {**shown[entry.indicator.pk], "proposed": (group.code, entry.indicator.pk) in mixed}
            for entry in group.entries
        ],
        "groups": [_group(inner, shown, None) for inner in group.groups],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    """A row of a list."""
    found: dict[str, Any] = {"entry": entry, "kind": entry.kind, "year": entry.year}
    if entry.line is not None:
        measure = Measure.of(entry.line.series.quantity, entry.definition)
        latest = entry.line.latest or entry.line.figures[-1]
        digits = sentences.digits_for([latest.value] if latest.value is not None else [])
        shown = sentences.value(latest.as_value(), language(), digits)
        if sentences.is_percent(measure.code) and latest.value is not None:
            shown = sentences.percent(shown, language())
        found |= {
            "value": traced(shown, latest.address),
            "period": latest.period,
            "unit": "" if sentences.is_percent(measure.code) else _unit(entry, measure),
            "spark": as_drawn(charts.spark(entry.line.value)),
        }
    return found


def _unit(entry: Entry, measure: Measure) -> str:
    """The unit of a headline, or what it counts where the definition says it better."""
    described = entry.definition
    if described is None or not described.label or entry.line is None or not described.series:
        return measure.name
    is_first = entry.line.series.code == described.series[0].code
    return names.said(described.label, language()) if is_first else measure.name


# One indicator ----------------------------------------------------------------------------------------------


@require_safe
def indicator(request: HttpRequest, country: str, code: str) -> HttpResponse:
    """The page of an indicator, now or in the version asked for."""
    found = find_indicator(request.user, country, code)
    if found is None:
        raise Http404(code)
    moments.follow(found.country)
    try:
        page = portal.page(
            request.user,
            found,
            number=version_asked(request),
            quantity=request.GET.get("series", ""),
            by=request.GET.get("by", "").replace(" ", "+"),  # a plus in an address is a blank
        )
    except portal.NoSuchVersion as error:
        raise Http404(code) from error
    return render(request, "indicators/portal/indicator.html", _shown(request, page))


def _shown(request: HttpRequest, page: Page) -> dict[str, Any]:
    """What the page says, in words."""
    found, words = page.indicator, title(page.indicator)
    sources = page.sources
    context: dict[str, Any] = {
        "country": found.country,
        "section": "indicators",
        "indicator": found,
        "title": words,
        "page": page,
        "place": _place(found.code) if found.framework == "sdg" else [],
        "definition": page.definition,
        "metadata": names.metadata(found.metadata),
        "sources": sources,
        "kinds": [(kind, each.name) for kind, each in KINDS.items()],
        "versions": [_release(one) for one in page.versions],
        "latest": page.versions[0] if page.versions else None,
        "latest_figure": _latest(page),
        "unknown": _unknown(page),
        "method": _method(page.choice) if page.choice is not None else None,
        "verdict": page.verdict if page.is_latest else None,
        "chooses": work.chooses_source(request.user, found),
        "why": sentences.explanation(page.verdict, language()) if page.verdict is not None else "",
    }
    if page.version is not None:
        context |= {
            "citation": citation(
                request, found, page.version, [names.said(one.text, language()) for one in sources]
            ),
            "stable": stable_address(request, found, page.version),
            "kind_of_version": VERSION_KINDS[page.version.kind],
            "withdrawn": () if page.is_latest else tuple(withdrawn_from(page.version)),
        }
    if page.quantity is not None:
        context |= _figures(request, page, names.said(words, language()))
    return context


def _figures(request: HttpRequest, page: Page, words: str) -> dict[str, Any]:
    """The sentence, the choices, the chart and the table of what was chosen."""
    assert page.quantity is not None
    measure = Measure.of(page.quantity, page.definition)
    lines = Paginator(page.lines, LINES_ON_A_PAGE).get_page(request.GET.get("page"))
    by = names.breakdown(page.by, page.own_codes) if page.by else ""
    sexes = {
        names.label(line.series.categories, language(), page.own_codes): line.value for line in page.sexes
    }
    lead = page.headline or (page.lines[0] if len(page.lines) == 1 else None)
    return {
        "measure": measure,
        "answer": answer(measure, lead) if lead is not None else "",
        "for_whom": measure.compared(sexes),
        "broken": broken(measure, lead),
        "label": _label(page),
        "by_name": by,
        "by_heading": _("By {breakdown}").format(breakdown=by[0].lower() + by[1:]) if by else "",
        "panel": panel(
            list(lines),
            target=page.target.as_value() if page.target is not None and not page.by else None,
            title=f"{words}. {by}" if by else words,
            measure=measure,
            own=page.own_codes,
        ),
        "lines": lines,
        "choices": [_choice(page, by) for by in page.choices],
        "quantities": [_quantity(page, one) for one in page.quantities],
        "quantity_name": names.quantity_name(page.quantity, page.definition),
        "is_global": page.quantity.reporting_type != names.NATIONAL,
    }


def _label(page: Page) -> Text | None:
    """What the value of an indicator's first series is, where its unit does not tell."""
    described = page.definition
    first = described.series[0].code if described is not None and described.series else ""
    return (
        described.label if described is not None and page.quantity and page.quantity.code == first else None
    )


def _latest(page: Page) -> SafeString | str:
    """The latest figure of the headline, as its table writes it."""
    if page.headline is None or page.headline.latest is None:
        return ""
    values = [figure.value for figure in page.headline.figures if figure.value is not None]
    latest = page.headline.latest
    written = sentences.value(latest.as_value(), language(), sentences.digits_for(values))
    return traced(written, latest.address)


def _address(page: Page, **query: str) -> str:
    """The page with another choice; the version stays."""
    if not page.is_latest and page.version is not None:
        query["version"] = str(page.version.number)
    pairs = urlencode({name: value for name, value in query.items() if value})
    return f"?{pairs}" if pairs else page.indicator.get_absolute_url()


def _series_in_address(page: Page) -> str:
    return page.quantity.key if page.quantity is not None and page.quantity != page.quantities[0] else ""


def _choice(page: Page, by: str) -> dict[str, Any]:
    """A breakdown to choose."""
    return {
        "name": names.breakdown(by, page.own_codes),
        "id": by.replace("+", "-") or "total",
        "href": _address(page, series=_series_in_address(page), by=by),
        "current": by == page.by,
    }


def _quantity(page: Page, quantity: names.Quantity) -> dict[str, Any]:
    """A series to choose, with what tells it apart from the others of the same name."""
    measure = Measure.of(quantity, page.definition)
    same = [one for one in page.quantities if one.code == quantity.code]
    return {
        "name": names.quantity_name(quantity, page.definition),
        "unit": measure.words if len({(one.unit, one.unit_mult) for one in same}) > 1 else "",
        "is_global": quantity.reporting_type != names.NATIONAL,
        "href": _address(page, series=quantity.key if quantity != page.quantities[0] else ""),
        "current": quantity == page.quantity,
    }


def _place(code: str) -> list[dict[str, Any]]:
    """The goal and the target that an indicator stands under."""
    framework = {item.code: item for item in catalogue.framework("sdg").items}
    goal, _dot, rest = code.partition(".")
    target = f"{goal}.{rest.partition('.')[0]}"
    return [
        {"code": one, "level": framework[one].level, "name": framework[one].short or framework[one].name}
        for one in (goal, target)
        if one in framework
    ]


def _unknown(page: Page) -> list[str]:
    """What these figures do not tell, in sentences."""
    said: list[str] = []
    if page.missing_years:
        said.append(_("No figure for {years}.").format(years=years_in_words(page.missing_years)))
    for line in page.shown:
        reasons: dict[str, list[int]] = {}
        for figure in line.figures:
            if figure.value is None:
                reasons.setdefault(figure.status, []).append(figure.year)
        label = names.label(line.series.categories, language(), page.own_codes) or names.dimension(
            names.TOTAL
        )
        for status, years in sorted(reasons.items()):
            said.append(f"{label}: {sentences.status(status, language())}, {years_in_words(years)}.")
    hidden: dict[str, list[int]] = {}
    for dimension, year in page.suppressed:
        hidden.setdefault(dimension, []).append(year)
    for dimension, years in hidden.items():
        if dimension not in (page.by, names.TOTAL):
            words, called = _("Suppressed, {dimension}: {years}."), names.dimension(dimension, page.own_codes)
            said.append(words.format(dimension=called, years=years_in_words(years)))
    if page.absent:
        words = _("The definition asks for breakdowns of which nothing is published: {dimensions}.")
        absent = (names.dimension(one, page.own_codes) for one in page.absent)
        said.append(words.format(dimensions=", ".join(absent)))
    return said


def years_in_words(years: Iterable[int]) -> str:
    """Years with those that follow each other drawn together: "2015, 2018–2021"."""
    runs: list[list[int]] = []
    for year in sorted(set(years)):
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}" for run in runs)


# What is not measured ---------------------------------------------------------------------------------------


def _cells() -> dict[str, str]:
    """The inside of a cell of each kind: its word; the shape is given by the class of the cell."""
    words = {kind: str(MARKS[kind].word) for kind in KINDS_OF_COVERAGE} | {"unasked": _("not asked for")}
    return {kind: f"<i>{conditional_escape(word)}</i>" for kind, word in words.items()}


@require_safe
def coverage(request: HttpRequest, country: str) -> HttpResponse:
    """The matrix: what can be measured, for whom and when, and what cannot."""
    found = country_or_404(request, country)
    by, goal = request.GET.get("by", ""), request.GET.get("goal", "")
    written = _written_matrix(request, found, by)
    if goal and goal not in written["goals"]:
        raise Http404(goal)
    rows = [row for its_goal, row in written["rows"] if goal in ("", its_goal)]
    context = {"country": found, "section": "coverage", "by": by, "goal": goal, **written}
    return render(request, "indicators/portal/coverage.html", {**context, "body": SafeString("".join(rows))})


def _written_matrix(request: HttpRequest, country: Country, by: str) -> dict[str, Any]:
    """The matrix in the reader's language, kept until something is published or the list changes.

    Thousands of cells are the same for everybody; at the latest it is written again after a minute.
    """
    state = (__version__, country.pk, portal.state_of_coverage(country), language(), by)
    key = f"coverage-{hashlib.blake2b(repr(state).encode(), digest_size=16).hexdigest()}"
    written = cache.get(key)
    if written is None:
        written = _write_matrix(request, country, by)
        cache.set(key, written, KEPT)
    return written


def _write_matrix(request: HttpRequest, country: Country, by: str) -> dict[str, Any]:
    """Everything that the page of the matrix says, as texts."""
    dimension = (names.TOTAL if by == "total" else by) if by else None
    matrix, own = portal.coverage(request.user, country, by=dimension), names.own_titles(country)
    if dimension is not None and dimension not in matrix.dimensions:
        raise Http404(by)
    heads, rows = _rows(matrix, country, dimension)
    goals = {_goal(one.code) for one in matrix.indicators}
    return {
        "answer": _coverage_answer(matrix, own),
        "unmeasured": [one.code for one in matrix.unmeasured],
        "dimension": names.dimension(dimension, own) if dimension is not None else "",
        "dimensions": [
            {"code": one or "total", "name": names.dimension(one, own)} for one in matrix.dimensions
        ],
        "goals": sorted(goals, key=lambda one: (not one.isdigit(), one.zfill(3))),
        "heads": heads,
        "rows": rows,
    }


def _goal(code: str) -> str:
    return code.partition(".")[0]


def _coverage_answer(matrix: Matrix, own: names.Own) -> list[str]:
    """What cannot be measured yet, and for whom."""
    total, without = len(matrix.indicators), len(matrix.unmeasured)
    if not total:
        return [_("There is no indicator on the list yet.")]
    first = ngettext(
        "Of {total} indicator, {without} cannot be measured with national figures yet.",
        "Of {total} indicators, {without} cannot be measured with national figures yet.",
        total,
    ).format(total=total, without=without)
    if not without:
        first = ngettext(
            "The {total} indicator has national figures.",
            "All {total} indicators have national figures.",
            total,
        ).format(total=total)
    lacking = [
        _("{dimension} ({without} of {asked})").format(
            dimension=names.dimension(dimension, own).lower(), without=missing, asked=asked
        )
        for dimension, missing, asked in matrix.lacking[:MOST_DIMENSIONS_NAMED]
    ]
    if not lacking:
        return [first]
    second = _("Breakdowns that definitions ask for and that are most often missing: {dimensions}.")
    return [first, second.format(dimensions=", ".join(lacking))]


def _rows(matrix: Matrix, country: Country, dimension: str | None) -> tuple[list[str], list[tuple[str, str]]]:
    """The heads of the columns, and (goal, row) of each indicator; a template is too slow for the cells."""
    words = _cells()
    base = reverse("indicators", args=[country.code])
    if dimension is None:
        own = names.own_titles(country)
        heads = [names.dimension(one, own) for one in matrix.dimensions]
        cells = {one.pk: _dimension_cells(matrix, one, words) for one in matrix.indicators}
    else:
        years = sorted({year for own in matrix.years.values() for year in own})
        span = list(range(years[0], years[-1] + 1)) if years else []
        heads = [str(year) for year in span]
        cells = {one.pk: _year_cells(matrix, one, dimension, span, words) for one in matrix.indicators}
    return heads, [(_goal(one.code), _row(one, base, cells[one.pk])) for one in matrix.indicators]


def _row(one: Any, base: str, cells: str) -> str:
    code, words = conditional_escape(one.code), conditional_escape(names.said(title(one), language()))
    head = f'<a href="{base}{quote(one.code)}/">{code}</a> <span class="title">{words}</span>'
    return f'<tr><th scope="row">{head}</th>{cells}</tr>\n'


def _dimension_cells(matrix: Matrix, one: Any, words: dict[str, str]) -> str:
    found = []
    for dimension in matrix.dimensions:
        cell = matrix.cell(one, dimension)
        if cell is None:
            kind = "none" if matrix.asked(one, dimension) else "unasked"
            found.append(f'<td class="{kind}">{words[kind]}</td>')
            continue
        since = "" if cell.first == cell.last else f"<b>{cell.first}–</b>"
        found.append(f'<td class="{cell.kind}">{words[cell.kind]} {since}{cell.last}</td>')
    return "".join(found)


def _year_cells(matrix: Matrix, one: Any, dimension: str, span: list[int], words: dict[str, str]) -> str:
    own = matrix.years.get(one.pk, {})
    blank = "none" if matrix.asked(one, dimension) or own else "unasked"
    kinds = (own.get(year, blank) for year in span)
    return "".join(f'<td class="{kind}">{words[kind]}</td>' for kind in kinds)


# The calendar -----------------------------------------------------------------------------------------------


@require_safe
def calendar(request: HttpRequest, country: str) -> HttpResponse:
    """Which figures come out when, and which came out late."""
    found = country_or_404(request, country)
    entries = portal.calendar(request.user, found)
    now = timezone.now()
    upcoming = [
        {"release": one, "late": one.planned_at < now, "indicators": list(one.indicators.all())}
        for one in entries
        if one.released_at is None
    ]
    past = [
        {"release": one, "indicators": list(one.indicators.all())}
        for one in entries
        if one.released_at is not None
    ]
    return render(
        request,
        "indicators/portal/calendar.html",
        {
            "country": found,
            "section": "calendar",
            "next": next((one["release"] for one in upcoming if not one["late"]), None),
            "upcoming": upcoming,
            "past": past[::-1],
        },
    )
