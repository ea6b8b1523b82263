"""Reports on projects: who may see which, where they stand, what is missing, and what is due."""

from datetime import date, timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext_lazy

from milepost.reports import project as documents
from milepost.reports import sentences
from milepost.web.projects.models import Project, ProjectReport, ReportVersion
from milepost.web.projects.moments import written
from milepost.web.projects.queries.scoping import worked_with
from milepost.web.ui.templatetags.ui import DONE, MARKS

STATES: dict[str, Promise] = {
    **{state: MARKS[state].word for state in ("draft", "submitted", "returned", "approved")},
    "sent": pgettext_lazy("report", "Sent"),
}
"""Where a report stands, in words."""
SHAPES = {**{state: MARKS[state].shape for state in STATES if state in MARKS}, "sent": DONE}
OPEN, KEPT = ("draft", "returned"), ("approved", "sent")
"""States in which people write, and in which the approved version is in force."""
MONTH = timedelta(days=30)
"""A report without a day by which it is due is due so long after its last day."""


def visible_to(user: Any) -> QuerySet[ProjectReport]:
    """The reports that a reader may see: those on projects that they work with."""
    return ProjectReport.objects.filter(project__in=worked_with(user)).select_related(
        "project__institution__country", "typed_by", "submitted_by", "reviewed_by"
    )


def versions(user: Any) -> QuerySet[ReportVersion]:
    """The approved versions of reports that a reader may see."""
    return ReportVersion.objects.filter(report__in=visible_to(user)).select_related(
        "report", "pdf", "docx", "html"
    )


def latest(report: ProjectReport) -> ReportVersion | None:
    """The version in force: the last approved one, while the report is approved or sent."""
    if report.state not in KEPT:
        return None
    return report.versions.select_related("pdf", "docx", "html", "by").first()


def parts(report: ProjectReport) -> dict[str, str]:
    """{part: its title in the report's language} of what people write; each of them is required."""
    say = sentences.translator(report.language)
    found = {"summary": say(documents.SECTIONS["summary"])}
    if report.part == ProjectReport.Part.FINANCIAL:
        return found
    with override(report.language):
        for result in report.project.results.filter(level="outcome"):
            title = result.text.best(report.language)[0]
            found[f"result:{result.pk}"] = _("Progress towards outcome {code}: {title}").format(
                code=result.code, title=title
            )
    return found | {code: say(documents.SECTIONS[code]) for code in documents.PARTS[report.kind]}


def words(report: ProjectReport, part: str) -> str:
    """What was written of a part in the report's language; "" where nothing was."""
    return report.sections.get(part, {}).get(report.language, "")


def missing(report: ProjectReport) -> list[str]:
    """The titles of the parts that nobody wrote yet."""
    return [title for part, title in parts(report).items() if not words(report, part).strip()]


def due(project: Project) -> list[tuple[str, date]]:
    """The reports on a project that are not sent yet, and the final one of a project that is over."""
    mine = list(project.reports.all())
    found = [
        (
            _("{kind}, {start} – {end}").format(
                kind=one.get_kind_display(), start=_day(one.start), end=_day(one.end)
            ),
            one.due or one.end + MONTH,
        )
        for one in mine
        if one.state != "sent"
    ]
    begun = any(one.kind == ProjectReport.Kind.FINAL for one in mine)
    if project.state == "completed" and project.last_day is not None and not begun:
        found.append((str(ProjectReport.Kind.FINAL.label), project.last_day + MONTH))
    return found


def _day(day: date) -> str:
    return written(day.isoformat())
