"""Consolidated reports on plans: who may see which, of which periods there can be one, what keeps it back."""

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as lazy

from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.jobs.models import Job
from milepost.web.plans.models import (
    Answer,
    Plan,
    PlanReport,
    PlanReportFile,
    PlanReportVersion,
    ReportText,
    Round,
)
from milepost.web.plans.queries.rounds import LEADING, TO_SEND
from milepost.web.stakeholders.models import Country
from milepost.web.stakeholders.queries import within

SECTIONS: dict[str, Promise] = {
    "summary": lazy("Summary"),
    "context": lazy("What happened in the period"),
    "next": lazy("What is to be done next"),
}
"""What the institution in the lead writes of a report: part -> its heading."""


# Who may see ------------------------------------------------------------------------------------------------


def visible_to(user: Any) -> QuerySet[PlanReport]:
    """The reports that a person works with: of plans whose answers they all see."""
    mine = Q(pk__in=[])
    for permission in LEADING:
        mine |= within(
            user,
            permission,
            institution="plan__policy__institution_id",
            country="plan__policy__country__code",
        )
    return _reports().filter(mine)


def may_read(user: Any, plan: Plan) -> bool:
    """Whether a person works with the reports on a plan."""
    return any(may(user, permission, *plan.places) for permission in LEADING)


def may_write(user: Any, thing: Plan | PlanReport) -> bool:
    """Whether a person writes reports on a plan, reviews and publishes them."""
    return may(user, Permission.REVIEW_ROUNDS, *thing.places)


def known_to(user: Any) -> QuerySet[PlanReport]:
    """Those, and the ones that are published."""
    published = Q(pk__in=_published().values("report"))
    return _reports().filter(published | Q(pk__in=visible_to(user).values("pk")))


def _reports() -> QuerySet[PlanReport]:
    return PlanReport.objects.select_related(
        "plan__policy__country",
        "plan__policy__institution__country",
        "typed_by",
        "submitted_by",
        "reviewed_by",
    )


def versions(user: Any) -> QuerySet[PlanReportVersion]:
    """The approved versions that a reader may see: published ones, and those of reports they work with."""
    return _versions().filter(
        Q(pk__in=_published().values("pk")) | Q(report__in=visible_to(user).values("pk"))
    )


def _versions() -> QuerySet[PlanReportVersion]:
    return PlanReportVersion.objects.select_related(
        "report__plan__policy__country", "report__plan__policy__institution__country"
    )


def _published() -> QuerySet[PlanReportVersion]:
    return PlanReportVersion.objects.filter(
        published_at__isnull=False, withdrawn_at=None, report__plan__policy__public=True
    )


def of_plan(user: Any, plan: Plan) -> list[PlanReport]:
    """The reports on a plan that a person works with, the last first."""
    return list(visible_to(user).filter(plan=plan))


# What is public ---------------------------------------------------------------------------------------------


def results(plan: Plan) -> list[PlanReportVersion]:
    """What is published on a plan: of each report the last version, the last period first."""
    found = _versions().filter(pk__in=_published().values("pk"), report__plan=plan)
    return _last_of_each(found.order_by("-report__end", "report__start", "report", "-number"))


def _last_of_each(found: Iterable[PlanReportVersion]) -> list[PlanReportVersion]:
    kept: dict[int, PlanReportVersion] = {}
    for version in found:
        kept.setdefault(version.report_id, version)
    return list(kept.values())


def results_of_country(country: Country) -> list[PlanReportVersion]:
    """What is published of the plans of a country: of each plan the report on the last period."""
    found = _versions().filter(pk__in=_published().values("pk"), report__plan__policy__country=country)
    ordered = found.order_by("-report__plan__end", "report__plan", "-report__end", "-number")
    kept: dict[int, PlanReportVersion] = {}
    for version in ordered:
        kept.setdefault(version.report.plan_id, version)
    return list(kept.values())


def has_results(plan: Plan) -> bool:
    """Whether anything is published on a plan."""
    return _published().filter(report__plan=plan).exists()


def files(version: PlanReportVersion) -> list[PlanReportFile]:
    """The files that everybody may have of a published version."""
    return list(version.files.select_related("file"))


def public_file(pk: int, language: str, ending: str) -> PlanReportFile | None:
    """One file of a published version."""
    found = PlanReportFile.objects.filter(version__in=_published().values("pk")).select_related("file")
    return found.filter(version=pk, language=language, ending=ending).first()


class Count(NamedTuple):
    """A round that a report rests on: its days in ISO, and how many of its answers were accepted."""

    start: str
    end: str
    said: str


def shown_to(user: Any, report: PlanReport) -> PlanReportVersion | None:
    """The last version of a report that a reader may see."""
    return versions(user).filter(report=report).order_by("-number").first()


def counts(report: PlanReport) -> list[Count]:
    """How many answers were accepted in each round, as the last version has it that is public."""
    version = _published().filter(report=report).order_by("-number").first() or latest(report)
    kept = version.content["rounds"] if version is not None else []
    return [Count(one["start"], one["end"], f"{one['accepted']} / {one['asked']}") for one in kept]


# Periods ----------------------------------------------------------------------------------------------------


def latest(report: PlanReport) -> PlanReportVersion | None:
    """The version that holds: the last approved one, while the report is approved or published."""
    if report.state not in ("approved", "published"):
        return None
    return report.versions.select_related("by", "published_by").first()


def being_published(report: PlanReport) -> Job | None:
    """The work that makes the documents of a report and publishes it, while it is not over."""
    ended = (Job.Status.DONE, Job.Status.FAILED, Job.Status.CANCELLED)
    found = Job.objects.filter(kind="plans.publish-report", address=report.address)
    return found.exclude(status__in=ended).first()


def not_published(report: PlanReport) -> Job | None:
    """The last work of that sort where it came to nothing, and the report is still to be published."""
    if report.state != "approved":
        return None
    last = Job.objects.filter(kind="plans.publish-report", address=report.address).first()
    return last if last is not None and last.status in (Job.Status.FAILED, Job.Status.CANCELLED) else None


def rounds_of(report: PlanReport) -> list[Round]:
    """The rounds of the plan that lie in the period of a report, in the order of time."""
    return list(
        Round.objects.filter(plan=report.plan_id, start__gte=report.start, end__lte=report.end).order_by(
            "end"
        )
    )


class Period(NamedTuple):
    """A time for which there can be a report."""

    start: date
    end: date


def periods(plan: Plan) -> list[Period]:
    """Each round, and each half-year and year in which rounds lie, without those that have a report."""
    found: set[Period] = set()
    for one in plan.rounds.all():
        first = date(one.end.year, 1 if one.end.month <= 6 else 7, 1)
        last = date(one.end.year, 6, 30) if one.end.month <= 6 else date(one.end.year, 12, 31)
        found |= {
            Period(one.start, one.end),
            Period(min(first, one.start), last),
            Period(min(date(one.end.year, 1, 1), one.start), date(one.end.year, 12, 31)),
        }
    there = {Period(one.start, one.end) for one in plan.reports.all()}
    return sorted(found - there, key=lambda one: (one.end, one.start), reverse=True)


# The texts of a report --------------------------------------------------------------------------------------


class Words(NamedTuple):
    """One text of an answer: as the institution has it now, and as the lead edited it.

    `outdated` says that the institution has changed its text since.
    """

    part: str
    label: Any
    own: str
    edited: ReportText | None

    @property
    def outdated(self) -> bool:
        """Whether the institution wrote something else after the lead had edited it."""
        return self.edited is not None and self.edited.own != self.own


class Texts(NamedTuple):
    """The texts of an answer in a report; `last` says that no later answer is printed instead."""

    answer: Answer
    words: tuple[Words, ...]
    last: bool = True

    @property
    def printed(self) -> bool:
        """Whether the report prints them: only what is accepted is printed."""
        return self.last and self.answer.state == Answer.State.ACCEPTED

    @property
    def waiting(self) -> bool:
        """Whether the institution has still to send it."""
        return self.answer.state in TO_SEND

    @property
    def outdated(self) -> bool:
        """Whether an edited text is out of date."""
        returned = self.answer.state != Answer.State.ACCEPTED and self.edited
        return self.last and (returned or any(one.outdated for one in self.words))

    @property
    def edited(self) -> bool:
        """Whether the lead edited one of them."""
        return any(one.edited for one in self.words)


def answers_of(report: PlanReport) -> QuerySet[Answer]:
    """The answers that a report may print: of the rounds of the plan that were over by its last day."""
    return (
        Answer.objects.filter(round__plan=report.plan_id, round__end__lte=report.end)
        .select_related("entry", "measure", "round")
        .order_by("round__end")
    )


def texts(report: PlanReport) -> list[Texts]:
    """The texts of each measure: of its last accepted answer, else of the last one that was sent."""
    edited = {(one.answer_id, one.part): one for one in report.texts.select_related("by")}
    last: dict[int, Answer] = {}
    for answer in answers_of(report).exclude(state=Answer.State.DRAFT):
        held = last.get(answer.measure_id)
        if held is None or answer.state == Answer.State.ACCEPTED or held.state != Answer.State.ACCEPTED:
            last[answer.measure_id] = answer
    kept = {key for key, _part in edited}
    shown = {answer.pk: answer for answer in last.values()}
    shown |= {one.pk: one for one in answers_of(report).filter(pk__in=kept)}
    found = sorted(shown.values(), key=lambda one: (one.entry.position, one.round.end))
    return [texts_of(answer, edited, last=last[answer.measure_id].pk == answer.pk) for answer in found]


def texts_of(answer: Answer, edited: dict[tuple[int, str], ReportText], *, last: bool) -> Texts:
    """The texts of one answer beside those that the lead edited."""
    return Texts(
        answer,
        tuple(
            Words(str(part), part.label, getattr(answer, part), edited.get((answer.pk, str(part))))
            for part in ReportText.Part
        ),
        last,
    )


def outdated(report: PlanReport) -> list[Answer]:
    """The answers that their institutions changed after the lead had edited a text of them."""
    return [row.answer for row in texts(report) if row.outdated]


def writers(report: PlanReport) -> set[int]:
    """Who wrote, sent or edited something of a report: none of them approves it."""
    own = {report.typed_by_id, report.submitted_by_id}
    return {key for key in own if key} | set(report.texts.values_list("by_id", flat=True))
