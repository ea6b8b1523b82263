"""Two people act at the same moment, each on what was true a moment ago: one of them is told so.

Threads show it on PostgreSQL, where two transactions run beside each other; SQLite has one writer at a time.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal
from threading import Barrier
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from milepost.errors import MilepostError
from milepost.values import Figure
from milepost.web.projects.actions import engagements, matrix, register, reporting
from milepost.web.projects.models import Actual, Agreement, Continuity, Engagement, Party, Period
from milepost.web.ui.revisions import Stale
from tests.cast import person

beside_each_other = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="one transaction writes at a time"
)


def at_once(*deeds: Callable[[], Any]) -> list[Any]:
    """What each deed returns or raises, all begun together, each in a connection of its own."""
    ready = Barrier(len(deeds))

    def one(deed: Callable[[], Any]) -> Any:
        ready.wait()
        try:
            return deed()
        except (MilepostError, Stale, PermissionDenied) as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(len(deeds)) as threads:
        return list(threads.map(one, deeds))


def submitted(mary, indicator) -> Actual:
    """A report of the first period, sent to review by Mary."""
    period = Period.objects.order_by("start")[0]
    made = reporting.report(by=mary, indicator=indicator, period=period, figures=[Figure(Decimal(5))])
    return reporting.submit(by=mary, actual=made, revision=made.revision)


def loaded(actual: Actual) -> Actual:
    """The same report as another request reads it."""
    return Actual.objects.select_related("indicator", "period").get(pk=actual.pk)


@beside_each_other
@pytest.mark.django_db(transaction=True)
def test_links_made_at_once_close_no_circle(cast, mary):
    names = "ABCD"
    a, b, c, d = (register.enter(by=mary, institution=cast.ministry, title={"en": name}) for name in names)
    register.connect(by=mary, first=a, second=b, kind="after")
    register.connect(by=mary, first=c, second=d, kind="after")
    found = at_once(
        lambda: register.connect(by=mary, first=b, second=c, kind="after"),
        lambda: register.connect(by=mary, first=d, second=a, kind="after"),
    )
    assert sorted(type(each).__name__ for each in found) == ["Continuity", "MilepostError"]
    assert Continuity.objects.count() == 3


@beside_each_other
@pytest.mark.django_db(transaction=True)
def test_two_projects_entered_at_once_have_not_the_same_code(cast, mary):
    def enter() -> Any:
        title = {"en": "Twin"}
        return register.enter(by=mary, institution=cast.ministry, title=title, project_code="PO.0218")

    found = at_once(enter, enter, enter)
    assert sorted(type(each).__name__ for each in found) == ["MilepostError", "MilepostError", "Project"]


@beside_each_other
@pytest.mark.django_db(transaction=True)
def test_two_approvals_at_once_are_one(cast, mary, fred, active, trained):
    sent = submitted(mary, trained)
    seen = [loaded(sent), loaded(sent)]
    found = at_once(
        *(lambda one=one: reporting.approve(by=fred, actual=one, revision=sent.revision) for one in seen)
    )
    assert sorted(type(each).__name__ for each in found) == ["Actual", "Stale"]


@beside_each_other
@pytest.mark.django_db(transaction=True)
def test_nothing_is_approved_in_a_period_that_is_being_locked(cast, mary, fred, active, trained):
    sent = loaded(submitted(mary, trained))
    period = Period.objects.get(pk=sent.period_id)

    def lock() -> Any:
        with transaction.atomic():
            done = matrix.lock_period(by=fred, period=period, locked=True, reason="", revision=1)
            locked.wait()
            # the other one asks now, and must wait for this transaction to end
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.5)")
            return done

    def approve() -> Any:
        locked.wait()
        return reporting.approve(by=fred, actual=sent, revision=sent.revision)

    locked = Barrier(2)
    _done, refused = at_once(lock, approve)
    assert isinstance(refused, MilepostError)
    assert loaded(sent).state == "submitted"


@pytest.mark.django_db
def test_a_revision_that_is_yet_to_come_is_refused(mary, fred, active, trained):
    seen = loaded(submitted(mary, trained))
    drafted = reporting.recall(by=mary, actual=loaded(seen), revision=seen.revision)
    sent = reporting.submit(by=mary, actual=drafted, revision=drafted.revision)
    with pytest.raises(Stale):  # whoever typed it last was not asked of what he looked at
        reporting.approve(by=fred, actual=seen, revision=sent.revision)
    assert loaded(sent).state == "submitted"


@pytest.mark.django_db
def test_a_circle_is_refused_without_the_names_of_hidden_projects(cast, mary, zoe):
    mine, other = (register.enter(by=mary, institution=cast.ministry, title={"en": name}) for name in "AB")
    hidden = register.enter(by=zoe, institution=cast.abroad, title={"en": "Nobody here knows of this"})
    register.connect(by=mary, first=mine, second=hidden, kind="after")
    register.connect(by=mary, first=hidden, second=other, kind="after")
    with pytest.raises(MilepostError) as refused:
        register.connect(by=mary, first=other, second=mine, kind="after")
    assert refused.value.problems[0].details["path"] == "A → … → B → A"


# Engagements ------------------------------------------------------------------------------------------------

HELD = {"kind": "workshop", "first_day": date(2025, 3, 4), "topic": {"en": "Fees"}}


def of_a_partner(cast, active) -> tuple[Any, Engagement]:
    """A focal point of a partner, and an engagement that this person recorded."""
    Party.objects.create(project=active, institution=cast.office, role=Party.Role.IMPLEMENTING)
    paul = person("paul", ("focal-point", cast.office.address), works_for=cast.office)
    return paul, engagements.record(by=paul, about=active, **HELD)


@pytest.mark.django_db
def test_an_engagement_accepted_meanwhile_is_no_longer_changed_by_who_still_sees_it_open(cast, mary, active):
    paul, seen = of_a_partner(cast, active)
    agreed = engagements.agree(by=paul, engagement=seen, what={"en": "A guide"})
    assert agreed.engagement.accepted_at is None
    engagements.accept(by=mary, engagement=Engagement.objects.get(pk=seen.pk), revision=1)
    for deed in (
        lambda: engagements.agree(by=paul, engagement=seen, what={"en": "More"}),
        lambda: engagements.settle(by=paul, agreement=agreed, deed="do", revision=1),
        lambda: engagements.edit_agreement(by=paul, agreement=agreed, revision=1, what={"en": "Less"}),
        lambda: engagements.remove(by=paul, engagement=seen, revision=1),
    ):
        with pytest.raises(PermissionDenied):
            deed()
    assert Agreement.objects.get().state == "open"


@pytest.mark.django_db
def test_an_engagement_that_was_changed_or_removed_meanwhile_is_said_to_be(mary, active, trained):
    seen = engagements.record(by=mary, about=active, **HELD)
    again = Engagement.objects.get(pk=seen.pk)
    engagements.edit(by=mary, engagement=again, revision=1, **{**HELD, "place": "Capital"})
    with pytest.raises(Stale):
        engagements.remove(by=mary, engagement=seen, revision=1)
    count = engagements.count_for(by=mary, engagement=seen, indicator=trained, what="events")
    engagements.count_no_more(by=mary, link=type(count).objects.get(pk=count.pk))
    with pytest.raises(Stale):
        engagements.count_no_more(by=mary, link=count)
    engagements.remove(by=mary, engagement=again, revision=2)
    for deed in (
        lambda: engagements.remove(by=mary, engagement=seen, revision=2),
        lambda: engagements.agree(by=mary, engagement=seen, what={"en": "More"}),
        lambda: engagements.count_for(by=mary, engagement=seen, indicator=trained, what="events"),
    ):
        with pytest.raises(Stale):
            deed()


@beside_each_other
@pytest.mark.django_db(transaction=True)
def test_an_engagement_is_not_removed_while_a_report_takes_its_figures(cast, mary, active, trained):
    held = engagements.record(by=mary, about=active, came={("ministry", "F"): 3}, **HELD)
    engagements.count_for(by=mary, engagement=held, indicator=trained, what="participants")
    period = Period.objects.order_by("start")[0]
    taken = Barrier(2)

    def take() -> Any:
        with transaction.atomic():
            done = engagements.take(by=mary, indicator=trained, period=period, revision=0)
            taken.wait()
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_sleep(0.5)")
            return done

    def remove() -> Any:
        taken.wait()
        return engagements.remove(by=mary, engagement=held, revision=1)

    done, refused = at_once(take, remove)
    assert isinstance(done, Actual)
    assert isinstance(refused, MilepostError)
    assert Engagement.objects.filter(pk=held.pk).exists()
