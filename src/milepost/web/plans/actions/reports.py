"""Consolidated reports: begun, written and edited, reviewed by another person, published, withdrawn."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from milepost.reports import kept
from milepost.values import Problem
from milepost.values.states import PLAN_REPORT, after
from milepost.web.accounts.queries import may, who_may
from milepost.web.accounts.roles import Permission
from milepost.web.files import actions as files
from milepost.web.jobs import actions as jobs
from milepost.web.jobs.models import Job
from milepost.web.notices import actions as notices
from milepost.web.plans.actions.conditions import tell
from milepost.web.plans.models import (
    Answer,
    Plan,
    PlanReport,
    PlanReportFile,
    PlanReportVersion,
    ReportText,
    Round,
)
from milepost.web.plans.queries import report_content, reports
from milepost.web.stakeholders.fields import merged
from milepost.web.traces.actions import link
from milepost.web.ui.conditions import fault, need_reason, refuse_if, update
from milepost.web.ui.revisions import Stale

PUBLISH = "plans.publish-report"
"""The kind of the long work that makes the documents of a report and publishes it."""
MAKING = gettext_noop("Making the documents")
"""What that work says it does."""
Say = Callable[[str, int, int], Any]
"""How work tells how far it is: what it does, how much is done, of how much."""


def silent(_step: str, _done: int, _total: int) -> None:
    """Tell nobody how far it is."""


def _allow(by: Any, thing: Plan | PlanReport) -> None:
    if not may(by, Permission.REVIEW_ROUNDS, *thing.places):
        raise PermissionDenied(Permission.REVIEW_ROUNDS)


def _tell(by: Any, verb: str, report: PlanReport, **more: Any) -> None:
    tell(by, f"plan-report.{verb}", report, **more)


# Writing ----------------------------------------------------------------------------------------------------


@transaction.atomic
def begin(*, by: Any, plan: Plan, start: date, end: date) -> PlanReport:
    """A report on a period as a draft; it must hold a round, and there must be no other one on it."""
    _allow(by, plan)
    Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    refuse_if(list(_faults_of_period(plan, start, end)))
    made = PlanReport.objects.create(plan=plan, start=start, end=end, typed_by=by)
    link(made.address, "rests_on", plan.address)
    _tell(by, "begun", made, details={"period": f"{start} – {end}"})
    return made


def _faults_of_period(plan: Plan, start: date, end: date) -> Iterable[Problem]:
    if end < start:
        yield fault("round-backwards", "end")
    elif plan.reports.filter(start=start, end=end).exists():
        yield fault("plan-report-known")
    elif not plan.rounds.filter(start__gte=start, end__lte=end).exists():
        yield fault("plan-report-no-round")


@transaction.atomic
def write(
    *,
    by: Any,
    report: PlanReport,
    revision: int,
    sections: Mapping[str, Mapping[str, str]],
    silent_shown: bool,
    why: str = "",
) -> PlanReport:
    """Write the lead's own parts, {part: {language: words}}, and decide whether it tells who is silent."""
    _allow(by, report)
    problems = _faults_of_writing(report)
    if report.versions.exists() and not why.strip():
        problems.append(fault("reason-missing", "why"))
    refuse_if(problems)
    known = {
        part: merged(report.sections.get(part, {}), words)
        for part, words in sections.items()
        if part in reports.SECTIONS
    }
    said = {"sections": {**report.sections, **known}, "silent_shown": silent_shown, "why": why.strip()}
    changed = [name for name, inner in said.items() if getattr(report, name) != inner]
    update(report, revision, {**said, "typed_by": by})
    _tell(by, "written", report, details={"fields": changed})
    return report


def _faults_of_writing(report: PlanReport) -> list[Problem]:
    return [] if report.may_be_changed else [fault("no-such-step", state=report.state)]


@transaction.atomic
def edit_text(
    *, by: Any, report: PlanReport, answer: Answer, part: str, words: str, revision: int = 0
) -> ReportText | None:
    """Print other words than the institution's; both are kept, with who and when.

    `revision` is 0 where the text was not edited yet. The institution's own words drop the edited ones.
    """
    _allow(by, report)
    PlanReport.objects.select_for_update(of=("self",)).get(pk=report.pk)
    answer.refresh_from_db()
    problems = _faults_of_writing(report)
    if answer.state != Answer.State.ACCEPTED:
        problems.append(fault("plan-report-not-accepted", "words"))
    refuse_if(problems)
    own, typed = getattr(answer, ReportText.Part(part)), words.replace("\r\n", "\n").strip()
    there = report.texts.filter(answer=answer, part=part).first()
    if (there.revision if there is not None else 0) != revision:
        raise Stale(there)
    if typed == own.replace("\r\n", "\n").strip():
        return _drop(by, report, there, answer)
    said = {"own": own, "words": typed, "by": by, "at": timezone.now()}
    if there is None:
        there = ReportText.objects.create(report=report, answer=answer, part=part, **said)
    else:
        update(there, revision, said)
    _tell(by, "text-edited", report, details={"what": answer.address, "kind": part})
    return there


def _drop(by: Any, report: PlanReport, there: ReportText | None, answer: Answer) -> None:
    if there is not None:
        there.delete()
        _tell(by, "text-dropped", report, details={"what": answer.address, "kind": there.part})


@transaction.atomic
def drop_text(*, by: Any, report: PlanReport, text: ReportText, revision: int) -> None:
    """Print the institution's own words again, whatever has become of its answer."""
    _allow(by, report)
    refuse_if(_faults_of_writing(report))
    if not report.texts.filter(pk=text.pk, revision=revision).exists():
        raise Stale(report.texts.filter(pk=text.pk).first())
    _drop(by, report, text, text.answer)


# Steps ------------------------------------------------------------------------------------------------------


@transaction.atomic
def submit(*, by: Any, report: PlanReport, revision: int) -> PlanReport:
    """Send a report to review; every round of the period is closed, and no edited text is out of date."""
    _allow(by, report)
    refuse_if(list(_faults(report)))
    fields = {"submitted_by": by, "submitted_at": timezone.now(), "reason": ""}
    moved = _move(by, report, "submit", revision, fields)
    notices.done(report.address, "plan-report-returned", by)
    wrote = reports.writers(report)
    others = [user for user in who_may(Permission.REVIEW_ROUNDS, *report.places) if user.pk not in wrote]
    notices.tell(others, kind="plan-report-review", address=report.address, details={"by": by.name})
    return moved


def _faults(report: PlanReport) -> Iterable[Problem]:
    for one in reports.rounds_of(report):
        if one.state == Round.State.OPEN:
            yield fault("plan-report-round-open", start=one.start.isoformat(), end=one.end.isoformat())
    changed = dict.fromkeys(str(one.entry.code or one.entry) for one in reports.outdated(report))
    if changed:
        yield fault("plan-report-outdated", what=", ".join(changed))


@transaction.atomic
def recall(*, by: Any, report: PlanReport, revision: int) -> PlanReport:
    """Take a report back before it is reviewed."""
    _allow(by, report)
    moved = _move(by, report, "recall", revision, {})
    notices.done(report.address, "plan-report-review", by)
    return moved


@transaction.atomic
def give_back(*, by: Any, report: PlanReport, revision: int, reason: str) -> PlanReport:
    """Return a report with the reason."""
    _allow(by, report)
    why = need_reason(reason)
    fields = {"reviewed_by": by, "reviewed_at": timezone.now(), "reason": why}
    sender = report.submitted_by
    moved = _move(by, report, "return", revision, fields)
    notices.done(report.address, "plan-report-review", by)
    if sender is not None:
        details = {"by": by.name, "note": why}
        notices.tell([sender], kind="plan-report-returned", address=report.address, details=details)
    return moved


@transaction.atomic
def approve(*, by: Any, report: PlanReport, revision: int, digest: str) -> PlanReportVersion:
    """A person who wrote nothing of it approves a report: what it says is kept as it is now.

    `digest` is that of the content which the person has read; the answers may have changed since.
    """
    _allow(by, report)
    if by.pk in reports.writers(report):
        raise PermissionDenied("another person must approve")
    refuse_if(list(_faults(report)))
    content = report_content.draft(report)
    found = report_content.digest(content)
    refuse_if([] if found == digest else [fault("plan-report-changed")])
    _move(by, report, "approve", revision, {"reviewed_by": by, "reviewed_at": timezone.now(), "reason": ""})
    notices.done(report.address, "plan-report-review", by)
    made = PlanReportVersion.objects.create(
        report=report,
        number=content.edition,
        as_of=timezone.now(),
        content=kept.as_json(content),
        sha256=found,
        why=report.why,
        by=by,
    )
    for one in reports.rounds_of(report):
        link(report.address, "rests_on", one.address)
    link(made.address, "rests_on", report.address)
    _tell(by, "kept", report, details={"version": made.number, "sha256": found})
    return made


def ask_to_publish(*, by: Any, report: PlanReport, revision: int) -> Job:
    """Have the approved version published once its documents are made, which takes longer than a page.

    The work can be cancelled until the last document is made; then nothing was published.
    """
    with transaction.atomic():
        _may_be_published(by, report)
        Plan.objects.select_for_update(of=("self",)).get(pk=report.plan_id)
        problems = [] if reports.being_published(report) is None else [fault("plan-report-being-made")]
        if after(PLAN_REPORT, report.state, "publish") is None:
            problems.append(fault("no-such-step", state=report.state))
        refuse_if(problems)
        if not PlanReport.objects.filter(pk=report.pk, revision=revision).exists():
            raise Stale(PlanReport.objects.get(pk=report.pk))
        asked = {"report": report.pk, "revision": revision}
        return jobs.start(PUBLISH, by=by, address=report.address, arguments=asked)


def publish(*, by: Any, report: PlanReport, revision: int, say: Say = silent) -> PlanReportVersion:
    """Let everybody read the approved version, and have its files; only under a public policy.

    The files are made before anything is written, so that nobody waits for the database meanwhile;
    `say(step, done, total)` is told of each, and what it raises leaves everything as it was.
    """
    _may_be_published(by, report)
    version = reports.latest(report)
    made = [] if version is None or version.files.exists() else list(_made(version, say))
    return _publish(by, report, revision, version, made)


def _may_be_published(by: Any, report: PlanReport) -> None:
    _allow(by, report)
    refuse_if([] if report.plan.policy.public else [fault("plan-report-hidden")])


def _made(version: PlanReportVersion, say: Say) -> Iterator[report_content.Made]:
    total = report_content.count_of_public_files()
    say(MAKING, 0, total)
    for done, one in enumerate(report_content.public_files(version), 1):
        yield one
        say(MAKING, done, total)


@transaction.atomic
def _publish(
    by: Any,
    report: PlanReport,
    revision: int,
    version: PlanReportVersion | None,
    made: Iterable[report_content.Made],
) -> PlanReportVersion:
    _move(by, report, "publish", revision, {})
    assert version is not None  # it is approved
    version.published_by, version.published_at, version.withdrawn_at = by, timezone.now(), None
    version.save(update_fields=["published_by", "published_at", "withdrawn_at"])
    for one in made:
        stored = files.keep(
            ContentFile(one.content, name=one.name), by=by, name=one.name, owner=version.address
        )
        PlanReportFile.objects.create(version=version, language=one.language, ending=one.ending, file=stored)
        link(stored.address, "rests_on", version.address)
    return version


@transaction.atomic
def withdraw(*, by: Any, report: PlanReport, revision: int, reason: str) -> PlanReport:
    """Take every version of a report from the public, with the reason; what was approved is kept."""
    _allow(by, report)
    public = report.versions.filter(published_at__isnull=False, withdrawn_at=None)
    refuse_if([] if public.exists() else [fault("no-such-step", state=report.state)])
    _move(by, report, "withdraw", revision, {"reason": need_reason(reason)})
    public.update(withdrawn_at=timezone.now())
    return report


@transaction.atomic
def reopen(*, by: Any, report: PlanReport, revision: int, reason: str) -> PlanReport:
    """Make a draft of it again, with the reason, for a further version.

    What was published stays public until the next version is published.
    """
    _allow(by, report)
    why = need_reason(reason)
    return _move(by, report, "reopen", revision, {"reason": why, "why": why})


def _move(by: Any, report: PlanReport, deed: str, revision: int, fields: dict[str, Any]) -> PlanReport:
    before, state = report.state, after(PLAN_REPORT, report.state, deed)
    refuse_if([] if state is not None else [fault("no-such-step", state=before)])
    update(report, revision, {**fields, "state": state})
    _tell(by, deed, report, why=fields.get("reason", ""), details={"state": [before, state]})
    return report
