"""By when a period is to be reported, and what is missing until it is settled: one rule for all pages.

A period is settled when the report of every indicator is approved; one that says "missing" or "not
applicable" is a report. Until then it is due: on its own day, else 30 days after its end. A locked period
takes no more reports, and is no longer due.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.html import strip_tags
from django.utils.translation import ngettext

from milepost.web.projects.models import Actual, Period, Project, ResultIndicator
from milepost.web.projects.queries.scoping import worked_with
from milepost.web.ui.templatetags.ui import when

AFTER_THE_END = timedelta(days=30)
"""A period without a day of its own is due so long after its end."""
IN_HAND = ("submitted", "approved")
"""States of a report in which nothing is left to do for those who report."""


class Deadline(NamedTuple):
    """A period as it stands: of how many indicators reports are wanted, approved, and in review."""

    period: Period
    indicators: int
    approved: int
    in_review: int

    @property
    def day(self) -> date:
        """By when it is to be reported."""
        return self.period.due or self.period.end + AFTER_THE_END

    @property
    def missing(self) -> int:
        """How many indicators have no approved report."""
        return self.indicators - self.approved

    @property
    def unsent(self) -> int:
        """How many have neither an approved report nor one in review."""
        return self.missing - self.in_review

    @property
    def due(self) -> bool:
        """Whether something is still wanted."""
        return self.missing > 0 and not self.period.locked

    def late(self, today: date) -> bool:
        """Whether its day is over and something is still wanted."""
        return self.due and self.day < today

    @property
    def words(self) -> str:
        """What is missing, for those who look at the whole project."""
        said = ngettext(
            "Report on {period}: {missing} of {all} indicator is missing, {review} of these in review",
            "Report on {period}: {missing} of {all} indicators are missing, {review} of these in review",
            self.indicators,
        )
        return said.format(
            period=_days(self.period), missing=self.missing, all=self.indicators, review=self.in_review
        )

    @property
    def words_for_me(self) -> str:
        """What is missing, for those who have to report it."""
        said = ngettext(
            "Report on {period}: {missing} of your {all} indicator is to be sent",
            "Report on {period}: {missing} of your {all} indicators are to be sent",
            self.indicators,
        )
        return said.format(period=_days(self.period), missing=self.unsent, all=self.indicators)


def _days(period: Period) -> str:
    return f"{strip_tags(when(period.start))} – {strip_tags(when(period.end))}"


def wanting(day: date) -> QuerySet[Period]:
    """The periods of a project (the row around) in which something is missing, with a day before this."""
    approved = Actual.objects.filter(
        indicator=OuterRef("pk"), period=OuterRef(OuterRef("pk")), state="approved"
    )
    missing = ResultIndicator.objects.filter(~Exists(approved), result__project=OuterRef("project"))
    before = Q(due__lt=day) | Q(due=None, end__lt=day - AFTER_THE_END)
    return Period.objects.filter(before, Exists(missing), project=OuterRef("pk"), locked=False)


def of(period: Period, states: Iterable[str]) -> Deadline:
    """How a period stands, by the states of its indicators' reports; "" where there is none."""
    known = list(states)
    return Deadline(period, len(known), known.count("approved"), known.count("submitted"))


def due(project: Project) -> list[Deadline]:
    """The periods of a project in which something is missing, by the day."""
    return _due(project.periods.all(), ResultIndicator.objects.filter(result__project=project))


def due_for(user: Any) -> list[Deadline]:
    """The periods in which a person has something to send; an indicator of nobody is the manager's."""
    mine = ResultIndicator.objects.filter(
        Q(responsible=user) | Q(responsible=None, result__project__manager=user)
    )
    there = Actual.objects.filter(
        indicator=OuterRef("pk"), period=OuterRef(OuterRef("pk")), state__in=IN_HAND
    )
    silent = mine.filter(~Exists(there), result__project=OuterRef("project"))
    running = worked_with(user).filter(state="active").order_by()
    wanted = Period.objects.filter(Exists(silent), project__in=running, locked=False)
    return [one for one in _due(wanted.select_related("project"), mine) if one.unsent]


def _due(periods: QuerySet[Period], indicators: QuerySet[ResultIndicator]) -> list[Deadline]:
    """Those of these periods in which one of these indicators is missing: three queries."""
    found = list(periods)
    projects = {period.project_id for period in found}
    wanted = indicators.filter(result__project__in=projects)
    number = dict(wanted.order_by().values_list("result__project").annotate(number=Count("pk")))
    reports = Actual.objects.filter(period__in=found, indicator__in=wanted.values("pk"), state__in=IN_HAND)
    states: Counter[tuple[int, str]] = Counter()
    for period, state, count in reports.order_by().values_list("period", "state").annotate(count=Count("pk")):
        states[period, state] = count
    deadlines = (
        Deadline(
            period,
            number.get(period.project_id, 0),
            states[period.pk, "approved"],
            states[period.pk, "submitted"],
        )
        for period in found
    )
    return sorted((one for one in deadlines if one.due), key=lambda one: one.day)
