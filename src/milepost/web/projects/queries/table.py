"""Projects as rows of a list and of an export, and as facts of a page: codes told in words."""

import csv
import io
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

import xlsxwriter
from django.db.models import Sum
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from milepost import catalogue
from milepost.checks import fund
from milepost.interchange.csv import shielded
from milepost.progress.results import RollUp
from milepost.values import Origin, Problem, Text
from milepost.web.projects.models import BudgetLine, Document, Project
from milepost.web.projects.moments import written
from milepost.web.projects.queries import vocabulary
from milepost.web.projects.queries.lifecycle import SHAPES, STATES
from milepost.web.projects.queries.portfolio import Money, Totals
from milepost.web.ui.templatetags.ui import figure, plain


class Count(NamedTuple):
    """How many indicators of a project stand alike: `words` hold the number."""

    shape: str
    words: str
    grave: bool


class Row(NamedTuple):
    """A project in a list."""

    project: Project
    state: Any
    shape: str
    type: Text
    areas: list[Text]
    indicators: list[Count]


def rows(projects: Iterable[Project], standings: Mapping[int, RollUp]) -> list[Row]:
    """The projects of a list with their codes in words; beneficiaries are fetched beforehand."""
    types = vocabulary.names("type")
    return [
        Row(
            project,
            STATES[project.state],
            SHAPES[project.state],
            types.get(project.type) or Text(),
            vocabulary.areas(one.area for one in project.beneficiaries.all()),
            counts(standings[project.pk]),
        )
        for project in projects
    ]


def counts(standing: RollUp) -> list[Count]:
    """How the indicators of a project stand, in words; how none of them stands is left out."""
    known = [
        ("●", _("{count} on track"), standing.on_track, False),
        ("▲", _("{count} off track"), standing.off_track, True),
        ("◐", _("{count} under way"), standing.under_way, False),
        ("–", _("{count} not reported"), standing.not_reported, False),
        ("–", _("{count} not judged"), standing.not_judged, False),
    ]
    return [
        Count(shape, words.format(count=figure(number)), grave)
        for shape, words, number, grave in known
        if number
    ]


# Totals -----------------------------------------------------------------------------------------------------


class Bar(NamedTuple):
    """One bar of a chart: `key` is what a click on it asks for, `percent` its length of the longest."""

    key: str
    name: Any
    number: int
    percent: float


class Told(NamedTuple):
    """Totals in words: the chart shows the counts of the table beside it."""

    projects: int
    money: list[Money]
    without_budget: int
    states: list[Bar]
    types: list[Bar]
    years: list[Bar]
    areas: list[Bar]
    further_areas: int


MOST_AREAS = 12


def told(totals: Totals) -> Told:
    """Totals with names and lengths of bars."""
    types = vocabulary.names("type")
    return Told(
        totals.projects,
        totals.money,
        totals.without_budget,
        _bars((code, STATES[code], count) for code, count in totals.by_state),
        _bars((code, types.get(code) or _("not stated"), count) for code, count in totals.by_type),
        _bars((str(year), str(year), count) for year, count in totals.by_year),
        _bars((code, vocabulary.area(code), count) for code, count in totals.by_area[:MOST_AREAS]),
        max(0, len(totals.by_area) - MOST_AREAS),
    )


def _bars(found: Iterable[tuple[str, Any, int]]) -> list[Bar]:
    listed = list(found)
    longest = max((count for *_rest, count in listed), default=1)
    return [Bar(key, name, count, round(100 * count / longest, 1)) for key, name, count in listed]


# Exports ----------------------------------------------------------------------------------------------------


def exported(
    projects: Iterable[Project], standings: Mapping[int, RollUp], *, inside: Collection[int]
) -> tuple[list[str], list[list[Any]]]:
    """(heads, rows) of an export: one row a project, every field of the record, codes in words.

    `inside` are the keys of the projects with which the reader works: only of them the funding line is told.
    """
    heads = [
        _("Project code"), _("Prima ID"), _("IATI identifier"), _("Title"), _("Type of project"), _("State"),
        _("Benefiting states"), _("Coverage"), _("Region"), _("Start"), pgettext("project", "End"),
        _("Year of approval"), _("Budget"), _("Currency"), _("Gender marker"), _("Programme"),
        _("Kept by"), _("Managing office"), _("Funding line"),
        _("Indicators"), _("Indicators on track"), _("Indicators off track"), _("Indicators under way"),
        _("Indicators not reported"), _("Indicators not judged"),
    ]  # fmt: skip
    types, regions = vocabulary.names("type"), vocabulary.names("region")
    coverages = vocabulary.names("coverage")
    lines = []
    for project in projects:
        areas = vocabulary.areas(one.area for one in project.beneficiaries.all())
        stand = standings[project.pk]
        lines.append([
            project.project_code, project.prima_code, project.iati_identifier, plain(project.title),
            plain(types.get(project.type) or Text()), str(STATES[project.state]),
            "; ".join(plain(name) for name in areas), plain(coverages.get(project.coverage) or Text()),
            plain(regions.get(project.region) or Text()), project.start, project.end,
            project.year if project.year is not None else "",
            project.budget if project.budget is not None else "", project.currency, project.gender_marker,
            plain(project.programme.title) if project.programme else "", plain(project.institution.name),
            project.managing_office, project.funding_line if project.pk in inside else "",
            stand.indicators, stand.on_track, stand.off_track, stand.under_way,
            stand.not_reported, stand.not_judged,
        ])  # fmt: skip
    return heads, lines


def workbook(heads: Sequence[str], lines: Iterable[Sequence[Any]], sheet: str = "") -> bytes:
    """The same as a workbook; text stays text; `sheet` is its name where the lines are not of projects."""
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        page = book.add_worksheet((sheet or _("Projects"))[:31])
        bold = book.add_format({"bold": True})
        page.write_row(0, 0, heads, bold)
        for number, line in enumerate(lines, start=1):
            page.write_row(number, 0, [float(cell) if isinstance(cell, Decimal) else cell for cell in line])
        page.freeze_panes(1, 0)
        page.autofit(max_width=400)
    return made.getvalue()


def as_csv(heads: Sequence[str], lines: Iterable[Sequence[Any]], sheet: str = "") -> bytes:
    """The same as CSV, with the mark by which spreadsheets know the letters; no cell becomes a formula.

    A CSV file has no sheets: `sheet` is not written.
    """
    made = io.StringIO(newline="")
    csv.writer(made).writerows([shielded(str(cell)) for cell in line] for line in [heads, *lines])
    return made.getvalue().encode("utf-8-sig")


EXPORTS = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", workbook),
}
"""{ending: (what it is, how it is written)}."""


# One project ------------------------------------------------------------------------------------------------


def facts(project: Project, *, inside: bool) -> list[tuple[str, Any]]:
    """(label, words) of the record, in the order of a project page; what is not known is "–".

    The funding line is for those inside: it says by which rules of the fund a state was eligible, and no
    project page for the public prints it.
    """
    checks = [
        f"{title}: {project.gender_checks[check]}"
        for check, title in vocabulary.GENDER_CHECKS.items()
        if project.gender_checks.get(check)
    ]
    marker = vocabulary.GENDER_MARKERS.get(project.gender_marker, project.gender_marker)
    named = {one.code: one.name for one in catalogue.funds()}
    return [
        (_("Type of project"), vocabulary.name("type", project.type) if project.type else None),
        (_("Coverage"), vocabulary.name("coverage", project.coverage) if project.coverage else None),
        (_("Region"), vocabulary.name("region", project.region) if project.region else None),
        (_("Start"), written(project.start) or None),
        (pgettext("project", "End"), written(project.end) or None),
        (_("Year of approval"), str(project.year) if project.year else None),
        (_("Project code"), project.project_code or None),
        (_("Prima ID"), project.prima_code or None),
        (_("IATI identifier"), project.iati_identifier or None),
        (_("Kept by"), project.institution.text),
        (_("Managing office"), project.managing_office or None),
        (_("Fund"), named.get(project.fund) if project.fund else None),
        *([(_("Funding line"), project.funding_line or None)] if inside else []),
        (_("Gender marker"), "; ".join([str(marker), *checks]) if project.gender_marker else None),
        (_("Rights-based approach"), Text(project.rights_based) if project.rights_based else None),
        (_("Programme"), project.programme.text if project.programme else None),
    ]


def key_facts() -> list[str]:
    """The labels of those facts that a page for the public shows."""
    return [
        _("State"),
        _("Start"),
        pgettext("project", "End"),
        _("Coverage"),
        _("Fund"),
        _("Gender marker"),
        _("Programme"),
    ]


def areas(project: Project) -> list[Text]:
    """The states that a project is for."""
    return vocabulary.areas(project.beneficiaries.values_list("area", flat=True))


def endorsements(project: Project) -> list[tuple[Text, Any]]:
    """(name, beneficiary) of each state of the project."""
    found = [(vocabulary.area(one.area), one) for one in project.beneficiaries.all()]
    return sorted(found, key=lambda pair: plain(pair[0]).casefold())


class Tag(NamedTuple):
    """What a project is about."""

    framework: str
    code: str
    name: Text


def tags(project: Project) -> list[Tag]:
    """The tags of a project with their names."""
    return [
        Tag(one.framework, one.code, vocabulary.tag_name(one.framework, one.code))
        for one in project.tags.all()
    ]


def money(project: Project) -> list[tuple[Any, Decimal, Decimal | None]]:
    """(purpose, amount, per cent of the budget) by purpose of the budget's lines."""
    kinds = dict(BudgetLine.Kind.choices)
    found = project.budget_lines.values_list("kind").annotate(total=Sum("amount")).order_by("kind")
    whole = project.budget
    return [
        (kinds[kind], total, (total / whole * 100).quantize(Decimal("0.1")) if whole else None)
        for kind, total in found
    ]


def warnings(project: Project, today: date) -> list[Problem]:
    """What a person should look at: the fund's rules, and whether the record agrees with itself."""
    lines = dict(project.budget_lines.values_list("kind").annotate(total=Sum("amount")))
    found: list[Problem] = []
    place = project.project_code or plain(project.title)
    if known := next((one for one in catalogue.funds() if one.code == project.fund), None):
        about = fund.Facts(
            year=project.year,
            first_day=project.first_day,
            last_day=project.last_day,
            state=project.state,
            budget=project.budget,
            lines=lines,
            regional=project.coverage == "regional",
            endorsements=project.beneficiaries.exclude(endorsed_on=None).count(),
            periods=list(project.periods.values_list("end", flat=True)),
            evaluated=project.documents.filter(kind=Document.Kind.EVALUATION).exists(),
        )
        found += fund.warnings(about, known, today=today, place=place)
    together = sum(lines.values(), Decimal(0))
    if lines and project.budget is not None and together != project.budget:
        details = {"lines": f"{together:f}", "budget": f"{project.budget:f}"}
        found.append(Problem("budget-lines-differ", Origin(place), details))
    prefix = project.project_code.partition(".")[0]
    if (
        "." in project.project_code
        and project.type
        and prefix != project.type
        and prefix in vocabulary.names("type")
    ):
        details = {"code": project.project_code, "expected": plain(vocabulary.name("type", prefix))}
        found.append(Problem("prefix-differs", Origin(place), details))
    return found


def said(value: Any) -> str:
    """A value of a form as one line of words."""
    if isinstance(value, dict):
        return "; ".join(f"{language}: {words}" for language, words in value.items()) or "–"
    if isinstance(value, list | tuple):
        return ", ".join(str(one) for one in value) or "–"
    return str(value) if value not in (None, "") else "–"
