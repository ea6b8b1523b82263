"""Workplan, people's months, money and risks of a project."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from milepost.errors import MilepostError
from milepost.web.audit.models import Event
from milepost.web.projects.actions import matrix, register, workplan
from milepost.web.projects.models import Risk
from milepost.web.projects.queries import gantt, lifecycle, spending, staffing
from milepost.web.projects.queries import workplan as plans
from milepost.web.ui.revisions import Stale
from tests.cast import person

TODAY = date(2026, 3, 10)


def codes(problems):
    return [problem.code for problem in problems]


def refused(deed, **typed):
    with pytest.raises(MilepostError) as caught:
        deed(**typed)
    return codes(caught.value.problems)


@pytest.fixture
def task(mary, active):
    """Plan a task of the project, by its name, its days and what it waits for."""

    def made(name, start, end, after=(), **more):
        return workplan.add_task(
            by=mary,
            project=active,
            title={"en": name},
            start=date.fromisoformat(start),
            end=date.fromisoformat(end),
            after=after,
            **more,
        )

    return made


def changed(task, by, **fields):
    typed = {"title": task.title, "start": task.start, "end": task.end}
    return workplan.edit_task(by=by, task=task, revision=task.revision, **(typed | fields))


# Workplan


def test_tasks_that_wait_for_each_other_in_a_circle_are_refused(task, mary):
    draft = task("Draft", "2026-01-01", "2026-01-31")
    talk = task("Talk", "2026-02-01", "2026-02-28", [draft])
    sign = task("Sign", "2026-03-01", "2026-03-31", [talk])
    with pytest.raises(MilepostError) as caught:
        changed(draft, mary, after=[sign])
    [problem] = caught.value.problems
    assert (problem.code, problem.details["path"]) == ("task-after-itself", "Draft → Talk → Sign → Draft")
    assert refused(changed, task=draft, by=mary, after=[draft]) == ["task-after-itself"]


def test_a_task_that_starts_before_what_it_waits_for_ends_is_a_warning(task, active):
    draft = task("Draft", "2026-01-01", "2026-01-31")
    task("Talk", "2026-01-15", "2026-02-28", [draft])
    plan = plans.plan(active, today=date(2026, 1, 1))
    assert codes(plan.faults) == ["task-starts-early"]


def test_a_delay_moves_what_waits_and_says_that_the_project_ends_before(task, active, mary):
    draft = task("Draft", "2026-01-01", "2026-01-31")
    talk = task("Talk", "2026-02-01", "2026-06-20", [draft])
    plan = plans.plan(active, today=TODAY)
    assert [row.state for row in plan.rows] == ["late", "ahead"]
    assert plan.rows[1].expected.start == TODAY + timedelta(days=30)  # today, and thirty days for the draft
    assert codes(plan.faults) == ["plan-passes-the-end"]
    assert [need.pk for need in plan.rows[1].needs] == [draft.pk]
    changed(talk, mary, after=[])
    assert plans.plan(active, today=TODAY).rows[1].needs == []


def test_what_is_reported_lies_behind_us_and_an_end_is_all_of_it(task, mary):
    one = task("Draft", "2026-01-01", "2026-01-31")
    typed = {"by": mary, "task": one, "revision": one.revision, "percent": 40}
    ahead = timezone.localdate() + timedelta(days=1)
    assert refused(workplan.report_task, actual_start=ahead, actual_end=None, **typed) == ["day-ahead"]
    ended = {"actual_start": None, "actual_end": date(2026, 1, 20)}
    assert refused(workplan.report_task, **ended, **typed) == ["task-never-began"]
    workplan.report_task(**{**typed, **ended, "actual_start": date(2026, 1, 10)})
    assert one.percent == 100
    with pytest.raises(Stale):
        workplan.report_task(**{**typed, **ended, "actual_start": date(2026, 1, 10)})


def test_a_percentage_that_nobody_said_is_not_zero(task):
    assert task("Draft", "2026-01-01", "2026-01-31").percent is None


def test_the_picture_has_each_task_milestones_arrows_and_today(task, active):
    draft = task("Draft", "2026-01-01", "2026-01-31")
    task("Signed", "2026-04-01", "2026-04-01", [draft], milestone=True)
    plan = plans.plan(active, today=TODAY)
    drawing = gantt.drawn(plan.groups, first=active.first_day, last=active.last_day, today=TODAY)
    assert drawing is not None
    assert len(drawing.months) == 18
    assert [bool(line.diamond) for line in drawing.lines] == [False, True]
    assert len(drawing.arrows) == 1
    assert float(drawing.today) > float(drawing.labels)
    assert gantt.drawn([], first=None, last=None, today=TODAY) is None


def test_late_tasks_join_what_is_due_and_my_work(task, active, mary, client):
    today = timezone.localdate()
    days = {"start": today - timedelta(days=40), "end": today - timedelta(days=3)}
    late = task("Draft", *(day.isoformat() for day in days.values()), responsible=mary)
    far = (today + timedelta(days=31)).isoformat()
    task("Print", today.isoformat(), far, responsible=mary)
    due = {one.what: one.late for one in lifecycle.due(active, today)}
    assert due["Task: Draft"] is True
    assert due["Task: Print"] is False
    mine = [one.what for one in plans.ahead(mary, today)]
    assert "Draft" in mine
    assert "Print" not in mine
    client.force_login(mary)
    page = client.get(reverse("work")).content.decode()
    assert f"#task-{late.pk}" in page


def test_a_report_is_the_responsible_persons_work_until_it_is_sent(active, trained, mary, fred):
    period = active.periods.order_by("start").first()
    there = [one.url for one in plans.ahead(mary, period.end)]
    assert reverse("reporting", args=[active.pk]) in there
    matrix.edit_indicator(by=mary, indicator=trained, revision=trained.revision, responsible=fred)
    assert plans.ahead(mary, period.end) == []
    assert next(one.late for one in plans.ahead(fred, period.end + timedelta(days=31))) is True


# People


def months(planned, spent=None, year=2026, numbers=(1, 2, 3)):
    return {
        date(year, number, 1): (Decimal(planned), None if spent is None else Decimal(spent))
        for number in numbers
    }


@pytest.fixture
def second(cast, mary, fred):
    """Another project of the ministry, approved as far as people are concerned."""
    other = register.enter(
        by=mary, institution=cast.ministry, title={"en": "Visas"}, start="2026", end="2026"
    )
    type(other).objects.filter(pk=other.pk).update(state="active")
    other.refresh_from_db()
    return other


def test_a_person_is_overloaded_over_all_projects_together(active, second, mary):
    for project, part in ((active, "0.6"), (second, "0.5")):
        workplan.set_post(by=mary, project=project, role="Officer", person=mary, months=months(part))
    found = staffing.staff(mary, active, today=date(2026, 1, 1))
    assert codes(found.faults).count("person-overloaded") == 3
    assert [cell.over for cell in found.rows[0].cells if cell.planned] == [True] * 3
    assert found.total.planned == Decimal("1.8")
    type(second).objects.filter(pk=second.pk).update(state="proposal")
    assert "person-overloaded" not in codes(staffing.staff(mary, active, today=date(2026, 1, 1)).faults)


def test_projects_that_a_reader_does_not_work_with_are_in_no_sum(cast, active, second, mary, zoe):
    type(second).objects.filter(pk=second.pk).update(institution=cast.abroad, public=True)
    second.refresh_from_db()
    workplan.set_post(by=mary, project=active, role="Officer", person=mary, months=months("0.6"))
    workplan.set_post(by=zoe, project=second, role="Officer", person=mary, months=months("0.5"))
    assert "person-overloaded" not in codes(staffing.staff(mary, active, today=date(2026, 1, 1)).faults)


def test_months_that_do_not_fit_the_time_that_remains_are_a_warning(active, mary):
    late = months("1", numbers=(1, 2, 3, 4, 5, 6))
    workplan.set_post(by=mary, project=active, role="Officer", person=mary, months=late)
    assert codes(staffing.staff(mary, active, today=date(2026, 1, 1)).faults) == []
    unspent = months("1", "0.2", numbers=(1, 2, 3))
    post = active.posts.get()
    workplan.set_post(
        by=mary, project=active, role="Officer", person=mary, months=unspent, post=post, revision=1
    )
    assert codes(staffing.staff(mary, active, today=date(2026, 4, 1)).faults) == ["months-do-not-fit"]


def test_a_role_that_nobody_has_is_summed_and_months_outside_are_said(active, mary):
    workplan.set_post(by=mary, project=active, role="Assistant", months=months("1.5", numbers=(12,)))
    found = staffing.staff(mary, active, today=date(2026, 7, 2))
    assert codes(found.faults) == ["role-overloaded", "months-outside"]


def test_a_role_with_months_spent_stays(active, mary):
    post = workplan.set_post(by=mary, project=active, role="Officer", months=months("1", "0"))
    assert refused(workplan.remove_post, by=mary, post=post) == ["post-in-use"]


def test_people_across_projects_shows_each_once_with_every_project(active, second, mary, zoe, client):
    today = timezone.localdate()
    month = {today.replace(day=1): (Decimal("0.7"), None)}
    for project in (active, second):
        workplan.set_post(by=mary, project=project, role="Officer", person=mary, months=month)
    workplan.set_post(by=mary, project=second, role="Assistant", months=month)
    window = staffing.window(today)
    [found] = staffing.across(mary, staffing.people(mary, window, over=True), window)
    assert (found.total.planned, len(found.rows)) == (Decimal("1.4"), 2)
    assert [role.planned for role in staffing.roles(mary, window)] == [Decimal("0.7"), Decimal("1.4")]
    assert not staffing.people(zoe, window).exists()
    client.force_login(mary)
    assert client.get(reverse("staff-across")).status_code == 200
    assert "Nobody" not in client.get(reverse("staff-across"), {"over": "1"}).content.decode()


# Money


@pytest.fixture
def line(active, mary):
    """A line of the budget: 60,000 for operations."""
    return register.set_budget_line(
        by=mary, project=active, kind="operational", title={"en": "Trainings"}, amount=Decimal(60000)
    )


def test_spending_is_held_against_the_time_that_passed(active, line, mary):
    found = spending.money(active, today=TODAY)
    assert (found.total.burn.reason, found.faults) == ("nothing_entered", [])
    assert "%" not in found.sentence.split(".")[0]
    workplan.spend(by=mary, line=line, day=date(2025, 5, 1), amount=Decimal(15000))
    found = spending.money(active, today=TODAY)
    assert codes(found.faults) == ["spending-behind"]
    assert "25.0 %" in found.sentence
    assert "434 of 546 days" in found.sentence
    workplan.spend(by=mary, line=line, day=date(2025, 6, 1), amount=Decimal(46000))
    assert codes(spending.money(active, today=TODAY).faults) == ["line-overspent"]
    back = workplan.spend(by=mary, line=line, day=date(2025, 7, 1), amount=Decimal(-11000))
    assert spending.money(active, today=TODAY).faults == []
    assert refused(workplan.remove_expenditure, by=mary, expenditure=back, reason=" ") == ["reason-missing"]


def test_money_cannot_be_spent_tomorrow_nor_be_nothing(line, mary):
    ahead = timezone.localdate() + timedelta(days=1)
    assert refused(workplan.spend, by=mary, line=line, day=ahead, amount=Decimal(0)) == [
        "amount-is-zero",
        "day-ahead",
    ]


def test_a_line_that_money_was_spent_on_stays(active, line, mary, client):
    workplan.spend(by=mary, line=line, day=date(2025, 5, 1), amount=Decimal(1))
    client.force_login(mary)
    answer = client.post(reverse("project-remove", args=[active.pk, "line", line.pk]), follow=True)
    assert "Money is spent on this line" in answer.content.decode()
    assert active.budget_lines.count() == 1


# Risks


def test_a_risk_is_closed_and_opened_again_with_a_reason(active, mary):
    risk = workplan.set_risk(
        by=mary, project=active, statement={"en": "Officials leave"}, likelihood=4, impact=5
    )
    typed = {"by": mary, "risk": risk, "state": Risk.State.CLOSED}
    assert refused(workplan.turn_risk, reason="", revision=1, **typed) == ["reason-missing"]
    workplan.turn_risk(reason="They stayed.", revision=1, **typed)
    found = spending.risks_of(active)
    assert found.sentence == "No risk is open."
    assert not any(cell for row in found.matrix for _score, cell in row.cells)
    assert refused(workplan.turn_risk, reason="Twice.", revision=2, **typed) == ["no-such-step"]
    workplan.turn_risk(reason="One left.", revision=2, **{**typed, "state": Risk.State.OPEN})
    row = spending.risks_of(active).matrix[1]
    assert (row.number, row.cells[4][0], len(row.cells[4][1])) == (4, 20, 1)


# Who may


@pytest.fixture
def kept(active, task, line, mary):
    """One thing of each kind."""
    return {
        "task": task("Draft", "2026-01-01", "2026-01-31"),
        "post": workplan.set_post(by=mary, project=active, role="Officer", months=months("1")),
        "expenditure": workplan.spend(by=mary, line=line, day=date(2025, 5, 1), amount=Decimal(10)),
        "risk": workplan.set_risk(
            by=mary, project=active, statement={"en": "Officials leave"}, likelihood=1, impact=1
        ),
    }


READ = ("workplan", "staff", "money", "risks")
NEW = ("task-new", "post-new", "risk-new")
EDIT = ("task", "post", "expenditure", "risk")


def addresses(project, kept):
    """(address, whether a reader may see it)."""
    yield from ((reverse(name, args=[project.pk]), True) for name in READ)
    yield from ((reverse(name, args=[project.pk]), False) for name in NEW)
    yield from ((reverse(f"{name}-edit", args=[kept[name].pk]), False) for name in EDIT)
    yield reverse("task-report", args=[kept["task"].pk]), False


def test_plans_people_and_money_are_for_those_who_work_with_the_project(
    client, active, kept, mary, fred, zoe
):
    type(active).objects.filter(pk=active.pk).update(public=True)
    for address, readable in addresses(active, kept):
        client.logout()
        assert "login" in client.get(address).headers["Location"]
        client.force_login(zoe)
        assert client.get(address).status_code == (404 if "new" not in address else 403), address
        client.force_login(fred)
        assert client.get(address).status_code == (200 if readable else 403), address
        client.force_login(mary)
        assert client.get(address).status_code == 200, address


def test_the_page_across_projects_is_for_those_who_work_with_projects(client, cast):
    client.force_login(cast.nobody)
    assert client.get(reverse("staff-across")).status_code == 403


def test_only_who_keeps_the_project_changes_its_plan(active, kept, fred):
    with pytest.raises(PermissionDenied):
        workplan.remove_task(by=fred, task=kept["task"])
    with pytest.raises(PermissionDenied):
        workplan.set_post(by=fred, project=active, role="Officer")
    with pytest.raises(PermissionDenied):
        workplan.remove_expenditure(by=fred, expenditure=kept["expenditure"], reason="No")


def test_what_is_typed_goes_in_through_the_pages_and_into_the_audit(client, active, kept, line, mary):
    client.force_login(mary)
    task = kept["task"]
    typed = {"title-en": "Draft anew", "start": "2026-01-02", "end": "2026-01-20", "order": 1, "revision": 1}
    assert client.post(reverse("task-edit", args=[task.pk]), typed).status_code == 302
    again = client.post(reverse("task-edit", args=[task.pk]), {**typed, "title-en": "Mine"})
    assert "Another person changed this" in again.content.decode()
    assert "Draft anew" in again.content.decode()
    new = {"title-en": "Signed", "end": "2026-05-01", "milestone": "on", "after": [task.pk]}
    assert client.post(reverse("task-new", args=[active.pk]), new).status_code == 302
    assert active.tasks.get(milestone=True).start == date(2026, 5, 1)
    report = {"actual_start": "2026-01-03", "actual_end": "", "percent": "30", "revision": 2}
    assert client.post(reverse("task-report", args=[task.pk]), report).status_code == 302
    post = {
        "role": "Officer",
        "person": mary.pk,
        "revision": 1,
        "planned-2026-01": "0.5",
        "spent-2026-01": "0",
    }
    assert client.post(reverse("post-edit", args=[kept["post"].pk]), post).status_code == 302
    assert kept["post"].months.get().spent == 0
    spent = {"line": line.pk, "day": "2025-06-01", "amount": "12.50"}
    assert client.post(reverse("money", args=[active.pk]), spent).status_code == 302
    risk = {"statement-en": "Rain", "likelihood": 2, "impact": 3}
    assert client.post(reverse("risk-new", args=[active.pk]), risk).status_code == 302
    closing = {"reason": "Dry.", "revision": 1}
    turn = client.post(reverse("risk-turn", args=[kept["risk"].pk, "close"]), closing)
    assert (turn.status_code, Risk.objects.get(pk=kept["risk"].pk).state) == (302, "closed")
    verbs = set(Event.objects.filter(address=active.address).values_list("verb", flat=True))
    assert verbs >= {"project.task-edited", "project.task-added", "project.task-reported", "project.post"}
    assert verbs >= {"project.spent", "project.risk", "project.risk-closed"}


def test_the_workplan_asks_a_fixed_number_of_queries(task, active, django_assert_max_num_queries):
    before = None
    for number in range(8):
        before = task(f"Task {number}", "2026-01-01", "2026-01-31", [before] if before else [])
    with django_assert_max_num_queries(2):
        plan = plans.plan(active, today=TODAY)
        [(row.needs, row.task.responsible) for row in plan.rows]


def test_people_who_can_be_chosen_are_of_the_institution(cast, active, mary):
    person("ann", works_for=cast.ministry)
    names = [str(one) for one in plans.people(active)]
    assert any("ann" in name.lower() for name in names)
    assert not any("charlie" in name.lower() for name in names)
