"""Reports on a project: written, sent to review, returned, approved by another person, sent."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from milepost.values.states import REPORT, after
from milepost.web.accounts.roles import Permission
from milepost.web.files import actions as files
from milepost.web.projects.actions.conditions import allow, tell
from milepost.web.projects.models import Project, ProjectReport, ReportVersion
from milepost.web.projects.queries import documents, reference, reports
from milepost.web.traces.actions import link
from milepost.web.ui.conditions import fault, need_reason, refuse_if, update


@transaction.atomic
def begin(
    *,
    by: Any,
    project: Project,
    kind: str,
    part: str,
    start: date,
    end: date,
    language: str,
    due: date | None = None,
) -> ProjectReport:
    """A new report as a draft; MilepostError where it ends before it starts or is there already."""
    allow(by, Permission.REPORT_RESULTS, project)
    Project.objects.select_for_update().get(pk=project.pk)
    which: dict[str, Any] = {"kind": kind, "part": part, "start": start, "end": end, "language": language}
    problems = [fault("ends-before-start", "end", start=str(start), end=str(end))] if end < start else []
    if project.reports.filter(**which).exists():
        problems.append(fault("report-known"))
    refuse_if(problems)
    report = ProjectReport.objects.create(project=project, due=due, typed_by=by, **which)
    _tell(by, "project-report.begun", report, details={"kind": kind, "part": part})
    return report


@transaction.atomic
def write(*, by: Any, report: ProjectReport, words: Mapping[str, str], revision: int) -> ProjectReport:
    """Write the parts of a report, {part: words in its language}; a part that is left out stays as it is."""
    allow(by, Permission.REPORT_RESULTS, report)
    refuse_if([] if report.state in reports.OPEN else [fault("no-such-step", state=report.state)])
    known = reports.parts(report)
    sections = {**report.sections, **_written(report, {part: words[part] for part in words if part in known})}
    update(report, revision, {"sections": sections, "typed_by": by})
    _tell(by, "project-report.written", report, details={"parts": sorted(words)})
    return report


def _written(report: ProjectReport, words: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found = {}
    for part, typed in words.items():
        others = {
            code: text for code, text in report.sections.get(part, {}).items() if code != report.language
        }
        found[part] = {**others, **({report.language: typed.strip()} if typed.strip() else {})}
    return found


@transaction.atomic
def submit(*, by: Any, report: ProjectReport, revision: int) -> ProjectReport:
    """Send a report to review; MilepostError names every part that is not written yet."""
    allow(by, Permission.REPORT_RESULTS, report)
    missing = reports.missing(report)
    refuse_if([fault("report-parts-missing", what="; ".join(missing))] if missing else [])
    fields = {"submitted_by": by, "submitted_at": timezone.now(), "reason": ""}
    return _move(by, report, "submit", revision, fields)


@transaction.atomic
def recall(*, by: Any, report: ProjectReport, revision: int) -> ProjectReport:
    """Take a report back before it is reviewed."""
    allow(by, Permission.REPORT_RESULTS, report)
    return _move(by, report, "recall", revision, {})


@transaction.atomic
def give_back(*, by: Any, report: ProjectReport, revision: int, reason: str) -> ProjectReport:
    """Return a report with the reason."""
    allow(by, Permission.APPROVE_RESULTS, report)
    fields = {"reviewed_by": by, "reviewed_at": timezone.now(), "reason": need_reason(reason)}
    return _move(by, report, "return", revision, fields)


@transaction.atomic
def approve(*, by: Any, report: ProjectReport, revision: int) -> ReportVersion:
    """Another person than who wrote or submitted it approves a report: its files are kept as they are now."""
    allow(by, Permission.APPROVE_RESULTS, report)
    if by.pk in (report.submitted_by_id, report.typed_by_id):
        raise PermissionDenied("another person must approve")
    _move(by, report, "approve", revision, {"reviewed_by": by, "reviewed_at": timezone.now(), "reason": ""})
    kept = documents.frozen(report)
    stored = {
        ending: files.keep(ContentFile(content, name=name), by=by, name=name, owner=report.address)
        for ending, (name, content) in kept.files.items()
    }
    number = report.versions.count() + 1
    made = ReportVersion.objects.create(
        report=report, number=number, as_of=kept.as_of, article=kept.article, by=by, **stored
    )
    link(report.address, "rests_on", report.project.address)
    for file in stored.values():
        link(file.address, "rests_on", report.address)
    hashes = {ending: file.sha256 for ending, file in stored.items()}
    office = reference.of(report.project.institution)
    look = {"reference": office.file.sha256} if office else {}
    _tell(by, "project-report.kept", report, details={"version": number, "sha256": hashes, **look})
    return made


@transaction.atomic
def send(*, by: Any, report: ProjectReport, revision: int, sent_on: date, recipient: str) -> ProjectReport:
    """Say that the approved report was sent, when, and to which office or role."""
    allow(by, Permission.REPORT_RESULTS, report)
    version = reports.latest(report)
    approved = timezone.localdate(version.as_of) if version else None
    if approved is not None and not approved <= sent_on <= timezone.localdate():
        refuse_if([fault("sent-before-approved", "sent_on", day=str(sent_on))])
    fields = {"sent_on": sent_on, "recipient": recipient.strip()}
    _move(by, report, "send", revision, fields)
    ReportVersion.objects.filter(pk=version.pk if version else None).update(**fields)
    return report


@transaction.atomic
def reopen(*, by: Any, report: ProjectReport, revision: int, reason: str) -> ProjectReport:
    """Make an approved or sent report a draft again, with the reason; what was approved stays as it was."""
    allow(by, Permission.APPROVE_RESULTS, report)
    fields = {"reason": need_reason(reason), "sent_on": None, "recipient": ""}
    return _move(by, report, "reopen", revision, fields)


def _move(by: Any, report: ProjectReport, deed: str, revision: int, fields: dict[str, Any]) -> ProjectReport:
    before, state = report.state, after(REPORT, report.state, deed)
    if state is None:
        refuse_if([fault("no-such-step", state=before)])
    update(report, revision, {**fields, "state": state})
    _tell(
        by, f"project-report.{deed}", report, why=fields.get("reason", ""), details={"state": [before, state]}
    )
    return report


def _tell(by: Any, verb: str, report: ProjectReport, **more: Any) -> None:
    tell(by, verb, report.project, report.address, **more)
