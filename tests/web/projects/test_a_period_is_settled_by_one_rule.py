"""A period is due until every indicator has an approved report: the project's page and "My work" agree."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.values import Figure
from milepost.web.projects.actions import matrix, reporting
from milepost.web.projects.queries import deadlines, lifecycle, workplan
from tests.cast import person

pytestmark = pytest.mark.django_db
TODAY = date(2025, 8, 15)


@pytest.fixture
def laws(mary, trained):
    """A second indicator, of which nobody is responsible: the manager's."""
    return matrix.add_indicator(by=mary, result=trained.result, code="1.1.l", title={"en": "Laws"})


def reported(mary, indicator, figure=None, *, fred=None):
    """A report of the first period, in review; with Fred it is approved."""
    period = indicator.result.project.periods.first()
    actual = reporting.report(
        by=mary, indicator=indicator, period=period, figures=[figure or Figure(Decimal(3))]
    )
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    return reporting.approve(by=fred, actual=actual, revision=actual.revision) if fred else actual


def first(project):
    """The deadline of the first period, None where it is settled."""
    period = project.periods.first()
    return next((one for one in deadlines.due(project) if one.period == period), None)


def mine(user):
    """How many indicators "My work" wants of a person for the first period."""
    return [one.unsent for one in deadlines.due_for(user) if one.period.start == date(2025, 1, 1)]


def test_one_approved_indicator_does_not_settle_a_period(mary, fred, active, trained, laws):
    reported(mary, trained, fred=fred)
    found = first(active)
    assert (found.indicators, found.approved, found.missing) == (2, 1, 1)
    assert found.late(TODAY)
    assert mine(mary) == [1]
    said = [one.what for one in lifecycle.due(active, TODAY)]
    assert any("1 of 2 indicators are missing, 0 of these in review" in words for words in said)


def test_what_is_in_review_is_missing_but_not_the_reporters_work(mary, active, trained, laws):
    reported(mary, trained)
    reported(mary, laws)
    found = first(active)
    assert (found.missing, found.in_review, found.unsent) == (2, 2, 0)
    assert mine(mary) == []


def test_a_returned_report_is_work_again(mary, fred, active, trained, laws):
    actual = reported(mary, trained, fred=fred)
    reported(mary, laws, fred=fred)
    assert first(active) is None
    reporting.give_back(by=fred, actual=actual, revision=actual.revision, reason="Count again")
    assert first(active).missing == 1
    assert mine(mary) == [1]


@pytest.mark.parametrize("status", ["O", "M"])
def test_missing_or_not_applicable_settles_once_it_is_approved(mary, fred, active, trained, laws, status):
    reported(mary, trained, fred=fred)
    reported(mary, laws, Figure(status=status))
    assert first(active).missing == 1
    actual = laws.actuals.get()
    reporting.approve(by=fred, actual=actual, revision=actual.revision)
    assert first(active) is None
    assert mine(mary) == []


def test_a_report_of_nothing_is_not_sent(mary, active, trained):
    actual = reporting.report(by=mary, indicator=trained, period=active.periods.first(), figures=[])
    with pytest.raises(MilepostError) as refused:
        reporting.submit(by=mary, actual=actual, revision=actual.revision)
    assert [one.code for one in refused.value.problems] == ["nothing-reported"]


def test_a_locked_period_is_not_due(mary, fred, active, trained):
    period = active.periods.first()
    matrix.lock_period(by=fred, period=period, locked=True, reason="", revision=period.revision)
    assert first(active) is None
    assert mine(mary) == []


def test_a_new_indicator_opens_a_settled_period_again(mary, fred, active, trained):
    reported(mary, trained, fred=fred)
    assert first(active) is None
    matrix.add_indicator(by=mary, result=trained.result, code="1.1.n", title={"en": "New"})
    assert first(active).missing == 1


def test_a_project_without_indicators_owes_no_report(mary, proposal):
    matrix.add_period(by=mary, project=proposal, start=date(2025, 1, 1), end=date(2025, 6, 30))
    assert deadlines.due(proposal) == []


def test_a_period_is_due_on_its_day_or_a_month_after_its_end(mary, active, trained):
    assert first(active).day == date(2025, 7, 30)
    active.periods.update(due=date(2025, 7, 10))
    assert first(active).day == date(2025, 7, 10)
    assert not first(active).late(date(2025, 7, 10))
    assert first(active).late(date(2025, 7, 11))


def test_each_person_is_told_of_their_own_indicators(cast, mary, active, trained, laws):
    rita = person("rita", ("project-manager", cast.ministry.address), works_for=cast.ministry)
    matrix.edit_indicator(by=mary, indicator=trained, revision=trained.revision, responsible=rita)
    assert (mine(rita), mine(mary)) == ([1], [1])
    reported(mary, trained)
    assert (mine(rita), mine(mary)) == ([], [1])
    [entry] = [one for one in workplan.ahead(mary, TODAY) if "Laws" not in one.what]
    assert "1 of your 1 indicator" in entry.what


def test_the_pages_say_the_rule_and_the_same_day(client, mary, active, trained, laws):
    client.force_login(mary)
    reported(mary, trained)
    for name in ("project", "reporting"):
        page = client.get(reverse(name, args=[active.pk])).content.decode()
        assert "A period is settled when the report of every indicator is approved" in page
    period = client.get(reverse("reporting", args=[active.pk])).context["periods"][-1]
    assert (period.deadline.missing, period.deadline.day) == (2, first(active).day)


def test_as_many_queries_for_ten_periods_as_for_two(
    django_assert_max_num_queries, mary, active, trained, laws
):
    for month in range(1, 9):
        start = date(2026, 1, 1) + timedelta(days=31 * month)
        matrix.add_period(by=mary, project=active, start=start, end=start + timedelta(days=20))
    with django_assert_max_num_queries(3):
        assert len(deadlines.due(active)) == 10
