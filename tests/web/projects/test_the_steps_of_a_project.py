"""From the proposal to closure: who may take each step, and what must be there before."""

import datetime

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone

from milepost.errors import MilepostError
from milepost.web.projects.actions import lifecycle, register
from milepost.web.projects.queries import lifecycle as steps

pytestmark = pytest.mark.django_db


def told(error):
    """(code, what) of the faults."""
    return {(problem.code, problem.details.get("what")) for problem in error.value.problems}


def test_a_step_names_everything_that_is_missing(cast, mary):
    """All at once."""
    bare = register.enter(by=mary, institution=cast.ministry, title={"en": "An idea"})
    with pytest.raises(MilepostError) as error:
        lifecycle.step(by=mary, project=bare, deed="endorse", revision=1)
    missing = {what for code, what in told(error) if code == "step-needs"}
    assert {"a narrative", "the start", "the budget", "a state that the project is for"} <= missing
    assert "a title" not in missing


def test_who_keeps_it_does_not_approve_it(monkeypatch, mary, fred, proposal, trained):
    """The project manager endorses, the fund manager approves."""
    monkeypatch.setattr(timezone, "localdate", lambda: datetime.date(2025, 2, 1))
    lifecycle.step(by=mary, project=proposal, deed="endorse", revision=proposal.revision)
    with pytest.raises(PermissionDenied):
        lifecycle.step(by=mary, project=proposal, deed="approve", revision=proposal.revision)
    lifecycle.step(by=fred, project=proposal, deed="approve", revision=proposal.revision)
    assert proposal.state == "approved"
    assert proposal.year == 2025


def test_the_year_of_approval_of_a_project_long_over_is_not_made_up(
    monkeypatch, mary, fred, proposal, trained
):
    """It is entered to have it in the register; this year is not the year in which it was approved."""
    monkeypatch.setattr(timezone, "localdate", lambda: datetime.date(2026, 7, 1))
    lifecycle.step(by=mary, project=proposal, deed="endorse", revision=proposal.revision)
    lifecycle.step(by=fred, project=proposal, deed="approve", revision=proposal.revision)
    assert (proposal.state, proposal.year) == ("approved", None)


def test_a_project_is_not_complete_before_its_end(monkeypatch, mary, fred, active):
    """Unless it is ended early, by the fund, with a reason."""
    register.extend(
        by=fred,
        project=active,
        revision=active.revision,
        end=str(datetime.date.today().year + 3),
        asked_on=datetime.date(2025, 5, 1),
        reason="More time",
    )
    with pytest.raises(MilepostError, match="lasts until"):
        lifecycle.step(by=mary, project=active, deed="complete", revision=active.revision)
    with pytest.raises(MilepostError, match="reason"):
        lifecycle.step(by=fred, project=active, deed="end_early", revision=active.revision)
    lifecycle.step(by=fred, project=active, deed="end_early", revision=active.revision, reason="No money")
    assert active.state == "completed"


def test_an_extension_that_comes_too_late_is_refused(monkeypatch, fred, active):
    """Asked for after the end."""
    monkeypatch.setattr(timezone, "localdate", lambda: datetime.date(2026, 7, 2))
    with pytest.raises(MilepostError) as error:
        register.extend(
            by=fred,
            project=active,
            revision=active.revision,
            end="2027",
            asked_on=datetime.date(2026, 7, 1),
            reason="Late",
        )
    assert {code for code, _what in told(error)} == {"extension-expired"}


def test_an_extension_is_not_asked_for_on_a_day_to_come(monkeypatch, fred, active):
    """Whoever asks on the day itself asks in time."""
    monkeypatch.setattr(timezone, "localdate", lambda: datetime.date(2026, 3, 1))
    typed = {"by": fred, "project": active, "revision": active.revision, "end": "2027", "reason": "More"}
    with pytest.raises(MilepostError) as error:
        register.extend(**typed, asked_on=datetime.date(2026, 3, 2))
    assert {code for code, _what in told(error)} == {"extension-not-asked"}
    register.extend(**typed, asked_on=datetime.date(2026, 3, 1))
    assert active.end == "2027"


def test_the_end_of_a_running_project_is_not_typed_over(mary, active):
    """It is extended."""
    with pytest.raises(MilepostError) as error:
        register.save(by=mary, project=active, revision=active.revision, end="2030")
    assert {code for code, _what in told(error)} == {"end-is-fixed"}


def test_closing_without_an_evaluation_needs_a_reason(mary, fred, active):
    """The step names what is due."""
    lifecycle.step(by=mary, project=active, deed="complete", revision=active.revision)
    with pytest.raises(MilepostError) as error:
        lifecycle.step(by=fred, project=active, deed="evaluate", revision=active.revision)
    assert told(error) == {("step-needs", "the evaluation among the documents")}
    with pytest.raises(MilepostError, match="reason"):
        lifecycle.step(by=fred, project=active, deed="close", revision=active.revision)


def test_what_is_due_stands_in_the_order_of_days(active):
    """Reports, the last day for an extension, the end."""
    found = steps.due(active, datetime.date(2025, 8, 15))
    assert [one.day for one in found] == sorted(one.day for one in found)
    assert found[0].late
    assert {"End of the project", "Last day to ask for an extension"} <= {one.what for one in found}


def test_a_step_is_taken_from_the_page(client, mary, active):
    """One form for each step that this person may take."""
    client.force_login(mary)
    page = client.get(active.get_absolute_url())
    assert [step.deed for step in page.context["steps"]] == ["complete"]
    client.post(reverse("project-step", args=[active.pk]), {"deed": "complete", "revision": active.revision})
    active.refresh_from_db()
    assert active.state == "completed"


def test_a_step_on_an_old_page_is_told_so(client, mary, active):
    """Somebody else was quicker."""
    client.force_login(mary)
    typed = {"deed": "complete", "revision": active.revision - 1}
    answer = client.post(reverse("project-step", args=[active.pk]), typed, follow=True)
    assert "Another person changed this meanwhile" in answer.text
    active.refresh_from_db()
    assert active.state == "active"
