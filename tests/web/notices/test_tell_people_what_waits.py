from datetime import date, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from milepost.web.audit.models import Event
from milepost.web.notices import actions, queries
from milepost.web.notices.models import Notice
from milepost.web.notices.words import KINDS, NEWS, TO_DO

WANTED = (
    "review", "returned", "approved", "published", "request", "request-answered", "conflict", "release-due",
    "mention", "reply", "job-failed", "job-done", "withdrawn",
    "round-open", "answer-returned", "round-review", "round-overdue",
    "plan-report-review", "plan-report-returned",
    "consultation-open", "consultation-comment", "comment-answered",
)  # fmt: skip


@pytest.fixture
def office(cast):
    return cast.office.address


def tell(user, address, kind="review", **more):
    actions.tell([user], kind=kind, address=address, **more)
    return Notice.objects.get(user=user, kind=kind, address=address, done_at=None)


def day(after):
    return timezone.localdate() + timedelta(days=after)


def test_there_are_all_kinds_that_others_need():
    assert set(WANTED) == set(KINDS) == TO_DO | NEWS


def test_everybody_told_has_one_open_notice(cast, office):
    actions.tell([cast.alice, cast.bob, cast.bob], kind="review", address=office, due=day(5))
    actions.tell([cast.bob], kind="review", address=office, due=day(5))
    assert Notice.objects.count() == 2


def test_what_changed_is_new_again_and_what_did_not_is_not(cast, office):
    notice = tell(cast.bob, office, due=day(5))
    actions.mark_seen(notice, by=cast.bob)
    actions.mark_mailed([notice])
    notice = tell(cast.bob, office, due=day(5))
    assert notice.seen_at is not None
    notice = tell(cast.bob, office, due=day(4), details={"by": "Alice"})
    assert (notice.due, notice.details, notice.seen_at, notice.mailed_at) == (
        day(4),
        {"by": "Alice"},
        None,
        None,
    )


def test_who_has_left_is_not_told(cast, office):
    cast.bob.is_active = False
    actions.tell([cast.bob], kind="review", address=office)
    assert not Notice.objects.exists()


def test_a_notice_is_of_a_known_kind_about_an_address_and_holds_no_figures(cast, office):
    wrongs: tuple[dict[str, Any], ...] = (
        {"kind": "party", "address": office},
        {"kind": "review", "address": "the office"},
        {"kind": "review", "address": office, "details": {"value": 3}},
    )
    for wrong in wrongs:
        with pytest.raises(ValueError):
            actions.tell([cast.bob], **wrong)
    assert not Notice.objects.exists()


def test_what_one_has_done_is_done_for_all(cast, office):
    actions.tell([cast.bob, cast.carol], kind="review", address=office)
    actions.tell([cast.carol], kind="conflict", address=office)
    assert actions.done(office, "review", cast.bob) == 2
    assert actions.done(office, "review", cast.bob) == 0
    assert queries.to_do(cast.bob) == []
    assert [entry.notice.kind for entry in queries.to_do(cast.carol)] == ["conflict"]
    actions.tell([cast.bob], kind="review", address=office)
    assert len(queries.to_do(cast.bob)) == 1


def test_news_are_done_with_when_read_and_deeds_are_not(cast, office):
    news, deed = tell(cast.bob, office, "approved"), tell(cast.bob, office, "review")
    for notice in (news, deed):
        with pytest.raises(PermissionDenied):
            actions.mark_seen(notice, by=cast.alice)
        actions.mark_seen(notice, by=cast.bob)
    assert queries.news(cast.bob) == []
    (entry,) = queries.to_do(cast.bob)
    assert not entry.new


def test_all_news_are_read_at_once(cast, office):
    for kind in ("approved", "published", "review"):
        tell(cast.bob, office, kind)
    assert actions.read_all(by=cast.bob) == 2
    assert [entry.notice.kind for entry in queries.to_do(cast.bob)] == ["review"]


def test_what_is_overdue_stands_first_and_what_has_no_day_last(cast, office):
    for address, due in ((office, None), (cast.ministry.address, day(3)), (cast.sandoria.address, day(-1))):
        actions.tell([cast.carol], kind="conflict", address=address, due=due)
    found = queries.to_do(cast.carol)
    assert [entry.notice.address for entry in found] == [cast.sandoria.address, cast.ministry.address, office]
    assert [entry.overdue for entry in found] == [True, False, False]


def test_what_one_may_not_see_any_more_is_left_out(cast):
    cast.norland.open_to_public = False
    cast.norland.save()
    tell(cast.alice, cast.norland.address)
    tell(cast.alice, "moon:1")
    assert queries.to_do(cast.alice) == []


def test_reminders_come_at_seven_days_at_one_and_once_overdue(cast, office):
    notice = tell(cast.bob, office, due=day(20))
    came = []
    for left in range(20, -5, -1):
        Notice.objects.filter(pk=notice.pk).update(
            due=day(left), seen_at=timezone.now(), mailed_at=timezone.now()
        )
        actions.remind()
        assert actions.remind() == 0
        notice.refresh_from_db()
        if notice.mailed_at is None:
            assert notice.seen_at is None
            came.append(left)
    assert came == [7, 1, -1]


@pytest.mark.parametrize("left", [7, 5, 1, 0, -3])
def test_what_is_told_late_is_not_told_and_reminded_of_at_once(cast, office, left):
    actions.mark_mailed([tell(cast.bob, office, due=day(left))])
    assert actions.remind() == 0


def test_nobody_is_reminded_of_what_is_done_or_has_no_day_or_is_news(cast, office):
    tell(cast.bob, office, "review")
    tell(cast.bob, office, "approved", due=day(-1))
    tell(cast.bob, office, "conflict", due=day(20))
    actions.done(office, "conflict", cast.bob)
    Notice.objects.filter(kind="conflict").update(due=day(1))
    assert actions.remind() == 0


def test_work_is_handed_over_to_who_may_see_it(cast, office):
    cast.norland.open_to_public = False
    cast.norland.save()
    tell(cast.alice, office, due=day(2))
    tell(cast.alice, cast.ministry.address)
    tell(cast.alice, cast.norland.address)
    tell(cast.alice, office, "approved")
    tell(cast.bob, cast.ministry.address)
    assert actions.reassign(from_user=cast.alice, to_user=cast.bob, by=cast.adam) == 2
    assert {entry.notice.address for entry in queries.to_do(cast.bob)} == {office, cast.ministry.address}
    left = Notice.objects.filter(user=cast.alice, done_at=None).values_list("kind", "address")
    assert set(left) == {("review", cast.norland.address), ("approved", office)}
    event = Event.objects.get(verb="notices.reassigned")
    assert (event.address, event.by) == (cast.alice.address, cast.adam)
    assert event.details == {"to": cast.bob.address, "count": 2, "left": 1}


def test_only_who_manages_people_there_hands_over_the_work_of_another(cast, office):
    tell(cast.alice, office)
    for by in (cast.bob, cast.charlie, cast.nobody):
        with pytest.raises(PermissionDenied):
            actions.reassign(from_user=cast.alice, to_user=cast.charlie, by=by)
    assert actions.reassign(from_user=cast.alice, to_user=cast.bob, by=cast.alice) == 1


def test_the_due_day_is_a_day(cast, office):
    assert tell(cast.bob, office, due=date(2026, 3, 12)).due == date(2026, 3, 12)
