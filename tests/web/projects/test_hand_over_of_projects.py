"""Who leaves hands over projects, indicators, tasks and posts; what was done keeps its author."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from milepost.values import Figure
from milepost.web.accounts import actions as accounts
from milepost.web.audit.models import Event
from milepost.web.projects.actions import handover, matrix, reporting, workplan
from milepost.web.projects.models import Post, Project
from milepost.web.stakeholders import actions as stakeholders
from tests.cast import person

pytestmark = pytest.mark.django_db
WORK = ("Projects managed", "Indicators to report on", "Tasks in projects", "Posts in projects")


@pytest.fixture
def nina(cast):
    """The successor: project manager of the same ministry."""
    return person("nina", ("project-manager", cast.ministry.address), works_for=cast.ministry)


@pytest.fixture
def head(cast):
    """The administrator of Sandoria."""
    return person("head", ("administrator", cast.sandoria.address))


@pytest.fixture
def task(mary, active):
    """A task of Mary's that is open, and one that has ended."""
    today = timezone.localdate()
    days = {"start": today - timedelta(days=9), "end": today, "responsible": mary}
    done = workplan.add_task(by=mary, project=active, title={"en": "Done"}, **days)
    workplan.report_task(
        by=mary, task=done, revision=1, actual_start=days["start"], actual_end=today, percent=None
    )
    return workplan.add_task(by=mary, project=active, title={"en": "Open"}, **days)


def test_everything_open_goes_to_the_successor_with_the_role(cast, head, mary, active, trained, task):
    """A person without any role before: the role is given in the same step."""
    matrix.edit_indicator(by=mary, indicator=trained, revision=trained.revision, responsible=mary)
    workplan.set_post(by=mary, project=active, role="Manager", person=mary)
    moved = stakeholders.hand_over(by=head, from_user=mary, to_user=cast.frank, why="Leaves.")
    assert [moved.work[name] for name in WORK] == [1, 1, 1, 1]
    for row, field in ((active, "manager"), (trained, "responsible"), (task, "responsible")):
        revision = row.revision
        row.refresh_from_db()
        assert (getattr(row, field), row.revision) == (cast.frank, revision + 1)
    assert Post.objects.get().person == cast.frank
    done = active.tasks.exclude(pk=task.pk).get()
    assert done.responsible == mary
    told = Event.objects.filter(verb="project.handed-over", address=active.address)
    assert {(one.details["what"], one.details["count"], one.by) for one in told} == {
        (what, 1, head) for what in ("projects", "indicators", "tasks", "posts")
    }
    assert all(one.details["to"] == cast.frank.address for one in told)


def test_months_that_were_spent_stay_with_the_person_who_worked(mary, nina, active):
    this = timezone.localdate().replace(day=1)
    last, following = (this - timedelta(days=1)).replace(day=1), (this + timedelta(days=32)).replace(day=1)
    one = Decimal(1)
    months = {last: (one, one), this: (one, None), following: (one, None)}
    workplan.set_post(by=mary, project=active, role="Expert", person=mary, months=months)
    assert handover.posts(from_user=mary, to_user=nina, by=mary) == 1
    hers, his = Post.objects.get(person=mary), Post.objects.get(person=nina)
    assert (hers.role, his.role) == ("Expert", "Expert")
    assert list(hers.months.values_list("month", "spent")) == [(last, one)]
    assert list(his.months.values_list("month", flat=True)) == [this, following]
    assert handover.posts(from_user=mary, to_user=nina, by=mary) == 0


def test_projects_that_are_over_and_what_was_reported_keep_their_person(mary, nina, fred, active, trained):
    actual = reporting.report(
        by=mary, indicator=trained, period=active.periods.first(), figures=[Figure(Decimal(3))]
    )
    Project.objects.filter(pk=active.pk).update(state="closed")
    assert handover.projects(from_user=mary, to_user=nina, by=mary) == 0
    actual.refresh_from_db()
    assert actual.typed_by == mary
    active.refresh_from_db()
    assert active.manager == mary


def test_what_the_successor_may_not_do_stays(mary, cast, zoe, active, trained, task):
    """Abroad nobody works with it; a reader may see it, but not manage it."""
    reader = person("rosa", ("reader", cast.ministry.address))
    for who in (zoe, reader):
        assert handover.projects(from_user=mary, to_user=who, by=mary) == 0
    assert handover.tasks(from_user=mary, to_user=zoe, by=mary) == 0
    task.refresh_from_db()
    assert task.responsible == mary


def test_only_who_manages_people_hands_over_the_work_of_another(mary, nina, fred, zoe, active):
    for move in (handover.projects, handover.indicators, handover.tasks, handover.posts):
        for by in (fred, zoe, nina):
            with pytest.raises(PermissionDenied):
                move(from_user=mary, to_user=nina, by=by)


def test_who_edits_at_the_same_time_is_told(client, mary, nina, active, task):
    client.force_login(mary)
    seen = task.revision
    handover.tasks(from_user=mary, to_user=nina, by=mary)
    task.refresh_from_db()
    form = {
        "title_en": "Open",
        "start": task.start.isoformat(),
        "end": task.end.isoformat(),
        "responsible": mary.pk,
        "revision": seen,
    }
    answer = client.post(reverse("task-edit", args=[task.pk]), form)
    assert answer.status_code == 200
    task.refresh_from_db()
    assert task.responsible == nina


def test_the_page_shows_what_moves_before_it_moves(client, cast, head, mary, nina, active, task):
    client.force_login(head)
    form = {"how": "person", "to_user": nina.pk, "why": "Leaves the ministry."}
    shown = client.post(reverse("hand-over", args=[mary.pk]), form).content.decode()
    assert all(name in shown for name in WORK)
    task.refresh_from_db()
    assert task.responsible == mary


def test_without_a_successor_everything_stays(head, mary, active, task):
    stakeholders.hand_over(by=head, from_user=mary, to_user=None, why="Left.")
    active.refresh_from_db()
    assert active.manager == mary
    assert not type(mary).objects.get(pk=mary.pk).is_active
    task.refresh_from_db()
    assert task.responsible == mary


def test_the_role_that_the_successor_gets_in_the_same_step_counts(cast, mary, active):
    """Grants that were read before are read again."""
    accounts.grant(by=cast.adam, user=cast.frank, role="project-manager", scope=cast.ministry.address)
    assert handover.projects(from_user=mary, to_user=cast.frank, by=cast.adam) == 1
    assert Project.objects.get(pk=active.pk).manager == cast.frank
