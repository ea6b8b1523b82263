"""Published reports of the demonstration: of each plan the last half-year whose rounds are all closed."""

from collections.abc import Iterable
from typing import Any

from django.utils import timezone

from milepost.web.plans.actions import reports
from milepost.web.plans.models import Plan, PlanReport, PlanReportVersion, Round
from milepost.web.plans.queries import report_content
from milepost.web.plans.queries.reports import Period, periods, texts

SUMMARY = {
    "en": "The law on agencies is the hinge of the plan: what depends on it moves with it.\n\n"
    "- The courses for inspectors have begun; the next ones are announced to women's associations first.\n"
    "- What waits for money is put into the draft budget of the next year.",
    "ru": "Закон об агентствах – ключевое мероприятие плана: вместе с ним сдвигаются и зависящие от него.\n\n"
    "- Курсы для инспекторов начались; о следующих в первую очередь сообщат женским объединениям.\n"
    "- То, что ждёт средств, внесено в проект бюджета на следующий год.",
}
NEXT = {
    "en": "Coordinators of measures without an accepted answer are met before the next round.",
    "ru": "До следующего раунда мероприятия без принятого ответа обсудят с их координаторами.",
}


def load(*, plans: Iterable[Plan], by: Any, approver: Any) -> list[PlanReportVersion]:
    """A report on each of these plans of which a round is closed: see `_published`."""
    made = [_published(plan, by, approver) for plan in plans]
    return [one for one in made if one is not None]


def _published(plan: Plan, by: Any, approver: Any) -> PlanReportVersion | None:
    """Draft, edit, approve and publish a report on the last half-year whose rounds are all closed.

    `by` writes it, `approver` is another person of the institution in the lead. None where no round of the
    plan is closed yet. The policy must be public.
    """
    period = _last_closed(plan)
    if period is None:
        return None
    report = reports.begin(by=by, plan=plan, start=period.start, end=period.end)
    if plan.end > timezone.localdate():  # of a stage that is over there is nothing to look forward to
        sections = {"summary": SUMMARY, "next": NEXT}
        reports.write(by=by, report=report, revision=report.revision, sections=sections, silent_shown=False)
    _shorten(by, report)
    reports.submit(by=by, report=report, revision=report.revision)
    digest = report_content.digest(report_content.draft(report))
    reports.approve(by=approver, report=report, revision=report.revision, digest=digest)
    return reports.publish(by=approver, report=report, revision=report.revision)


def _last_closed(plan: Plan) -> Period | None:
    """The last half-year, else the last round, without an open round in it."""
    there = list(plan.rounds.all())
    found = [
        one
        for one in periods(plan)
        if (one.end - one.start).days < 185
        and all(round_.state == Round.State.CLOSED for round_ in there if _within(round_, one))
        and not any(_overlaps(round_, one) for round_ in there if not _within(round_, one))
    ]
    return max(found, key=lambda one: (one.end, -one.start.toordinal()), default=None)


def _within(one: Round, period: Period) -> bool:
    return period.start <= one.start and one.end <= period.end


def _overlaps(one: Round, period: Period) -> bool:
    return one.start <= period.end and period.start <= one.end


def _shorten(by: Any, report: PlanReport) -> None:
    """Of the first text of two parts the lead prints the first one."""
    for row in texts(report):
        first, _mark, rest = row.answer.text.partition("; ")
        if row.printed and rest:
            reports.edit_text(by=by, report=report, answer=row.answer, part="text", words=f"{first}.")
            return
