"""From a draft to an approved figure: by another person, with its reason, never in a locked period."""

from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from milepost.errors import MilepostError
from milepost.values import Figure
from milepost.web.projects.actions import matrix, reporting
from milepost.web.projects.models import Goal
from milepost.web.projects.queries import actuals, standing
from milepost.web.projects.queries.matrix import matrix as read
from milepost.web.traces.models import Edge

pytestmark = pytest.mark.django_db


@pytest.fixture
def period(active):
    """The first half-year."""
    return active.periods.first()


def reported(mary, trained, period, number=12, **more):
    """A draft with one number."""
    return reporting.report(
        by=mary, indicator=trained, period=period, figures=[Figure(Decimal(number))], **more
    )


def told(error):
    """The codes of the faults."""
    return {problem.code for problem in error.value.problems}


def test_only_approved_figures_count(mary, fred, trained, period, active):
    """A draft and a submitted report change nothing of what is shown."""
    actual = reported(mary, trained, period)
    today = timezone.localdate()
    assert standing.of(read(active), trained, today=today).actual == "not reported"
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    assert standing.of(read(active), trained, today=today).actual == "not reported"
    reporting.approve(by=fred, actual=actual, revision=actual.revision)
    found = standing.of(read(active), trained, today=today)
    assert (found.actual, found.verdict.percent) == ("12", Decimal("30.0"))


def test_a_true_zero_is_zero(mary, fred, trained, period, active):
    """Zero is reported; missing and not applicable are not zero, and not each other."""
    actual = reported(mary, trained, period, 0)
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    reporting.approve(by=fred, actual=actual, revision=actual.revision)
    assert standing.of(read(active), trained, today=timezone.localdate()).actual == "0"


@pytest.mark.parametrize(("status", "word"), [("O", "missing"), ("M", "not applicable")])
def test_why_there_is_no_figure_is_said(mary, fred, trained, period, active, status, word):
    """Each in its own words."""
    actual = reporting.report(by=mary, indicator=trained, period=period, figures=[Figure(status=status)])
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    reporting.approve(by=fred, actual=actual, revision=actual.revision)
    [first, _second] = standing.of(read(active), trained, today=timezone.localdate()).periods
    assert first.actual == word


def test_nobody_approves_their_own(cast, mary, trained, period):
    """Not even with both roles."""
    from milepost.web.accounts.models import Grant

    Grant.objects.create(user=mary, role="fund-manager", scope=cast.ministry.address)
    actual = reported(mary, trained, period)
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    with pytest.raises(PermissionDenied):
        reporting.approve(by=mary, actual=actual, revision=actual.revision)


def test_a_returned_report_is_changed_and_sent_again(mary, fred, trained, period):
    """The reason is kept until it is sent again; an approved one is closed to typing."""
    actual = reported(mary, trained, period)
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    with pytest.raises(MilepostError) as error:
        reporting.give_back(by=fred, actual=actual, revision=actual.revision, reason=" ")
    assert told(error) == {"reason-missing"}
    actual = reporting.give_back(by=fred, actual=actual, revision=actual.revision, reason="By sex?")
    assert (actual.state, actual.reason) == ("returned", "By sex?")
    actual = reported(mary, trained, period, 13, revision=actual.revision)
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    actual = reporting.approve(by=fred, actual=actual, revision=actual.revision)
    with pytest.raises(MilepostError) as error:
        reported(mary, trained, period, 14, revision=actual.revision)
    assert told(error) == {"no-such-step"}


def test_a_locked_period_takes_nothing_more(mary, fred, trained, period):
    """Neither figures nor targets nor reviews; to unlock it needs a reason."""
    actual = reported(mary, trained, period)
    matrix.lock_period(by=fred, period=period, locked=True, reason="", revision=period.revision)
    actual.refresh_from_db()
    with pytest.raises(MilepostError) as error:
        reporting.submit(by=mary, actual=actual, revision=actual.revision)
    assert told(error) == {"period-is-locked"}
    with pytest.raises(MilepostError) as error:
        matrix.set_goal(by=mary, indicator=trained, kind="target", figure=Figure(Decimal(5)), period=period)
    assert told(error) == {"period-is-locked"}
    with pytest.raises(MilepostError) as error:
        matrix.lock_period(by=fred, period=period, locked=False, reason="", revision=period.revision)
    assert told(error) == {"reason-missing"}


def test_a_target_is_changed_with_a_reason_and_the_old_one_stays(mary, trained):
    """Versions are rows; the same figure again is no change."""
    with pytest.raises(MilepostError) as error:
        matrix.set_goal(by=mary, indicator=trained, kind="end", figure=Figure(Decimal(50)), seen=1)
    assert told(error) == {"reason-missing"}
    matrix.set_goal(
        by=mary, indicator=trained, kind="end", figure=Figure(Decimal(50)), seen=1, reason="More money"
    )
    again = matrix.set_goal(by=mary, indicator=trained, kind="end", figure=Figure(Decimal(50)), seen=2)
    assert again is None
    versions = Goal.objects.filter(indicator=trained, kind="end").order_by("version")
    assert [(one.version, one.value, one.current) for one in versions] == [
        (1, Decimal(40), False),
        (2, Decimal(50), True),
    ]


def test_a_percentage_is_numerator_and_denominator(mary, trained, period):
    """Without a denominator it is refused; with both its value is worked out."""
    share = matrix.add_indicator(
        by=mary, result=trained.result, code="1.1.b", title={"en": "Passed"}, measure="percentage"
    )
    with pytest.raises(MilepostError) as error:
        reporting.report(by=mary, indicator=share, period=period, figures=[Figure(numerator=Decimal(30))])
    assert told(error) == {"percentage-needs-both"}
    figure = Figure(numerator=Decimal(30), denominator=Decimal(100))
    actual = reporting.report(by=mary, indicator=share, period=period, figures=[figure])
    assert actual.cells.get().value == Decimal(30)


def test_a_number_beside_the_word_missing_is_refused(mary, trained, period):
    """One or the other."""
    with pytest.raises(MilepostError) as error:
        reporting.report(by=mary, indicator=trained, period=period, figures=[Figure(Decimal(1), status="O")])
    assert told(error) == {"figure-beside-absence"}


def test_a_report_leads_back_to_its_indicator_and_project(mary, trained, period):
    """The traced graph grows with the report."""
    actual = reported(mary, trained, period)
    assert Edge.objects.filter(source=actual.address, target=trained.address).exists()


def test_drafts_are_for_those_who_work_with_the_project(cast, mary, fred, trained, period, active):
    """The public and other institutions see approved reports of a public project only."""
    from milepost.web.projects.actions import lifecycle

    lifecycle.publish(by=fred, project=active, revision=active.revision)
    actual = reported(mary, trained, period)
    assert actuals(mary).exists()
    assert not actuals(cast.charlie).exists()
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    reporting.approve(by=fred, actual=actual, revision=actual.revision)
    assert actuals(cast.charlie).get() == actual


def test_the_form_keeps_cells_and_sends_them(client, mary, trained, period, active):
    """The total and the cells by sex, in one go."""
    client.force_login(mary)
    address = reverse("report", args=[active.pk, period.pk, trained.pk])
    typed = {
        "cell-0-status": "A",
        "cell-0-value": "12",
        "cell-1-status": "A",
        "cell-1-value": "7",
        "cell-2-status": "O",
        "cell-2-value": "",
        "evidence": "List of participants",
        "revision": "0",
        "send": "1",
    }
    answer = client.post(address, typed)
    actual = actuals(mary).get()
    assert answer["Location"] == actual.get_absolute_url()
    assert actual.state == "submitted"
    assert {cell.key: (cell.value, cell.status) for cell in actual.cells.all()} == {
        "": (Decimal(12), "A"),
        "sex=F": (Decimal(7), "A"),
        "sex=M": (None, "O"),
    }


def test_an_empty_form_says_so(client, mary, trained, period, active):
    """Nothing typed is not a report of nothing."""
    client.force_login(mary)
    address = reverse("report", args=[active.pk, period.pk, trained.pk])
    typed = {f"cell-{number}-status": "A" for number in range(3)} | {"revision": "0"}
    answer = client.post(address, typed)
    assert answer.status_code == 200
    assert answer.context["form"].non_field_errors()
    assert not actuals(mary).exists()
