"""The public page of a plan's results: what the published report says, with nothing that is internal."""

from typing import NamedTuple

from django.urls import reverse
from django.utils.translation import get_language

from milepost.progress.plan import LIGHTS, percentages
from milepost.reports import plan as written
from milepost.reports import plan_content
from milepost.values import Text
from milepost.web.plans.models import PlanReport, PlanReportFile, PlanReportVersion
from milepost.web.plans.queries import report_content, reports


class Bar(NamedTuple):
    """A light in the words of the report, how many measures have it, and their part of all in per cent."""

    light: str
    word: str
    number: int
    percent: int


class Measure(NamedTuple):
    """A measure with its light, by how many days it is late, and its page."""

    line: plan_content.Line
    word: str
    url: str


class Files(NamedTuple):
    """The files of a version in one language."""

    language: str
    files: tuple[PlanReportFile, ...]


class Row(NamedTuple):
    """An objective or an institution with as many numbers as the table has lights, and their sum."""

    name: Text | None
    counts: tuple[int, ...]
    total: int


class Table(NamedTuple):
    """Lights (code and word) as headings, and rows."""

    heads: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]


class Results(NamedTuple):
    """What the page shows of one published version."""

    report: PlanReport
    version: PlanReportVersion
    content: plan_content.PlanReport
    answer: str
    bars: tuple[Bar, ...]
    objectives: Table
    institutions: Table
    measures: tuple[Measure, ...]
    rules: tuple[tuple[str, str, str], ...]
    silent: tuple[Text, ...] | None
    files: tuple[Files, ...]


def results(version: PlanReportVersion) -> Results:
    """What everybody may read of a published version, in the reader's language."""
    language = get_language() or "en"
    content = plan_content.for_public(report_content.of_version(version))
    counts = plan_content.lights(content)
    return Results(
        version.report,
        version,
        content,
        written.answer(content, language),
        tuple(
            Bar(light, written.light_in_words(light, language), count, share)
            for (light, count), share in zip(counts.items(), percentages([*counts.values()]), strict=True)
        ),
        _table(plan_content.by_objective(content), language),
        _table(plan_content.by_institution(content), language),
        tuple(_measure(line, language) for line in content.lines),
        tuple(written.rules(language)),
        content.silent,
        _files(version),
    )


def _table(parts: list[plan_content.Part], language: str) -> Table:
    used = plan_content.lights_of(parts)
    heads = tuple((LIGHTS[one], written.light_in_words(LIGHTS[one], language)) for one in used)
    return Table(
        heads, tuple(Row(one.name, tuple(one.counts[at] for at in used), one.total) for one in parts)
    )


def _measure(line: plan_content.Line, language: str) -> Measure:
    url = reverse("measure", args=[int(line.trace.partition(":")[2])])
    return Measure(line, written.light_in_words(line.light, language), url)


def _files(version: PlanReportVersion) -> tuple[Files, ...]:
    there: dict[str, list[PlanReportFile]] = {}
    for one in reports.files(version):
        there.setdefault(one.language, []).append(one)
    mine = get_language() or "en"
    ordered = sorted(there, key=lambda code: (code != mine, code))
    order = list(report_content.KINDS)
    return tuple(
        Files(code, tuple(sorted(there[code], key=lambda one: order.index(one.ending)))) for code in ordered
    )
