"""My work of those who decide: projects handed in, figures and reports in review; nobody's own."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from milepost.values import Figure
from milepost.web.projects.actions import lifecycle, reporting, reports
from milepost.web.projects.queries.reports import parts
from milepost.web.projects.queries.review import to_review

pytestmark = pytest.mark.django_db
TODAY = date(2025, 9, 1)


def test_an_endorsed_project_waits_for_the_fund_alone(client, mary, fred, zoe, proposal, trained):
    """From the day it is handed in until it is decided; it is late once it should have started."""
    assert to_review(fred, TODAY) == []
    lifecycle.step(by=mary, project=proposal, deed="endorse", revision=proposal.revision)
    [found] = to_review(fred, TODAY)
    assert (found.url, found.day, found.late) == (proposal.get_absolute_url(), date(2025, 1, 1), True)
    assert to_review(mary, TODAY) == to_review(zoe, TODAY) == []
    client.force_login(fred)
    assert found.url in client.get(reverse("work")).content.decode()
    lifecycle.step(by=fred, project=proposal, deed="approve", revision=proposal.revision)
    assert to_review(fred, TODAY) == []


def test_a_figure_in_review_waits_for_another_person(mary, fred, zoe, active, trained):
    """With its period's day; neither a draft nor what is approved waits."""
    period = active.periods.order_by("start").first()
    figures = [Figure(Decimal(12))]
    actual = reporting.report(by=mary, indicator=trained, period=period, figures=figures, evidence="Lists")
    assert to_review(fred, TODAY) == []
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    [found] = to_review(fred, TODAY)
    assert found.url == reverse("reporting", args=[active.pk])
    assert (found.day, found.late) == (date(2025, 7, 30), True)
    assert "1 figure" in found.what
    assert to_review(mary, TODAY) == to_review(zoe, TODAY) == []
    reporting.approve(by=fred, actual=actual, revision=actual.revision)
    assert to_review(fred, TODAY) == []


def test_who_typed_or_sent_a_figure_does_not_review_it(mary, fred, active, trained):
    """Even with the right to approve."""
    period = active.periods.order_by("start").first()
    actual = reporting.report(by=mary, indicator=trained, period=period, figures=[Figure(Decimal(1))])
    actual = reporting.submit(by=mary, actual=actual, revision=actual.revision)
    for field in ("typed_by", "submitted_by"):
        before = getattr(actual, field)
        type(actual).objects.filter(pk=actual.pk).update(**{field: fred})
        assert to_review(fred, TODAY) == []
        type(actual).objects.filter(pk=actual.pk).update(**{field: before})
    assert len(to_review(fred, TODAY)) == 1


def test_a_report_in_review_waits_with_its_day(mary, fred, active, trained):
    """Thirty days after its last day, if no other day is set."""
    made = reports.begin(
        by=mary,
        project=active,
        kind="interim",
        part="both",
        start=date(2025, 1, 1),
        end=date(2025, 6, 30),
        language="en",
    )
    words = dict.fromkeys(parts(made), "Written.")
    made = reports.write(by=mary, report=made, words=words, revision=made.revision)
    reports.submit(by=mary, report=made, revision=made.revision)
    [found] = to_review(fred, TODAY)
    assert (found.url, found.day) == (made.get_absolute_url(), date(2025, 7, 30))
    assert to_review(mary, TODAY) == []
