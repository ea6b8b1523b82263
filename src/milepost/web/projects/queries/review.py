"""What waits for a person who approves or decides: projects handed in, figures and reports sent to review."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from milepost.web.accounts.roles import Permission
from milepost.web.projects.models import Actual, Period, Project, ProjectReport
from milepost.web.projects.queries.deadlines import AFTER_THE_END
from milepost.web.projects.queries.reports import MONTH
from milepost.web.projects.queries.workplan import Ahead
from milepost.web.stakeholders.queries import within
from milepost.web.ui.templatetags.ui import plain, when


def to_review(user: Any, today: date) -> list[Ahead]:
    """What waits for this person's yes or no, for the page "My work".

    A project is to be decided on before it starts; figures and reports by the day on which they are due. What
    a person typed or sent is for another person to review.
    """
    return [*_projects(user, today), *_figures(user, today), *_reports(user, today)]


def _projects(user: Any, today: date) -> Iterable[Ahead]:
    here = within(
        user,
        Permission.DECIDE_PROJECTS,
        institution="institution_id",
        country="institution__country__code",
    )
    for one in Project.objects.filter(here, state="endorsed").order_by("pk"):
        day = one.first_day or today
        what = _("Approve a project, or give it back")
        yield Ahead(what, plain(one.title), day, day < today, one.get_absolute_url())


def _figures(user: Any, today: date) -> Iterable[Ahead]:
    """One entry for all figures of a period."""
    waiting = Actual.objects.filter(
        _others(user, "period__project__"), state="submitted", period__locked=False
    )
    number = Counter(waiting.order_by().values_list("period", flat=True))
    for period in Period.objects.filter(pk__in=number).select_related("project").order_by("pk"):
        said = ngettext(
            "Approve or return {count} figure reported on {period}",
            "Approve or return {count} figures reported on {period}",
            number[period.pk],
        )
        days = f"{strip_tags(when(period.start))} – {strip_tags(when(period.end))}"
        day = period.due or period.end + AFTER_THE_END
        yield Ahead(
            said.format(count=number[period.pk], period=days),
            plain(period.project.title),
            day,
            day < today,
            reverse("reporting", args=[period.project.pk]),
        )


def _reports(user: Any, today: date) -> Iterable[Ahead]:
    waiting = ProjectReport.objects.filter(_others(user, "project__"), state="submitted")
    for one in waiting.select_related("project").order_by("pk"):
        day = one.due or one.end + MONTH
        yield Ahead(
            _("Approve or return: {report}").format(report=one.get_kind_display()),
            plain(one.project.title),
            day,
            day < today,
            one.get_absolute_url(),
        )


def _others(user: Any, project: str) -> Q:
    """Where the person may approve, and neither typed nor sent it."""
    here = within(
        user,
        Permission.APPROVE_RESULTS,
        institution=f"{project}institution_id",
        country=f"{project}institution__country__code",
    )
    sent_by_me = Q(submitted_by__isnull=False, submitted_by=user.pk)
    return here & ~Q(typed_by=user.pk) & ~sent_by_me
