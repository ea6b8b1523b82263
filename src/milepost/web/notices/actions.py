"""Tell people what waits for them, and close it when it is done.

What causes a notice is an action with its own event, so telling, seeing and closing write none.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from milepost.web.accounts.queries import forget_grants, manages
from milepost.web.audit.actions import record, refuse_protected
from milepost.web.notices.models import Letters, Notice
from milepost.web.notices.words import KINDS, NEWS, TO_DO
from milepost.web.traces.queries import visible_things
from milepost.web.ui.addresses import Address

REMINDERS = (0, 1, 7)
"""Days before it is due on which somebody is reminded, the most urgent first; 0 stands for overdue."""
DAYS_BETWEEN: dict[str, int] = {Letters.Often.DAILY: 1, Letters.Often.WEEKLY: 7}
"""Days from one letter to the next, at least."""


@transaction.atomic
def tell(
    users: Iterable[Any],
    *,
    kind: str,
    address: str,
    due: date | None = None,
    details: Mapping[str, Any] | None = None,
) -> None:
    """Tell people of a thing; who has the same notice open keeps one, which is new again where it changed.

    `details` may hold "by" (a name), "note" (what that person said) and "anchor" (a place in the thing's
    page); never figures. People who have left are not told. ValueError for an unknown kind.
    """
    if kind not in KINDS:
        raise ValueError(f"not a kind of notice: {kind}")
    refuse_protected(details)
    place, said = str(Address.parse(str(address))), dict(details or {})
    told = {user.pk: user for user in users if user.is_active}
    _renew(Notice.objects.filter(user__in=told, kind=kind, address=place, done_at=None), due, said)
    Notice.objects.bulk_create(
        (
            Notice(user=user, kind=kind, address=place, due=due, details=said, reminded=_stage(due))
            for user in told.values()
        ),
        ignore_conflicts=True,
    )


def _renew(notices: Any, due: date | None, details: dict[str, Any]) -> None:
    for notice in notices.select_for_update():
        if (notice.due, notice.details) != (due, details):
            notice.due, notice.details, notice.reminded = due, details, _stage(due)
            notice.seen_at = notice.mailed_at = None
            notice.save(update_fields=("due", "details", "reminded", "seen_at", "mailed_at"))


def _stage(due: date | None) -> int | None:
    """The reminder that a new notice needs no more, because it is that late already."""
    if due is None:
        return None
    return next((days for days in REMINDERS if due <= _until(days)), None)


def _until(days: int) -> date:
    """The last due date for which this reminder is right today."""
    return timezone.localdate() + timedelta(days=days or -1)


@transaction.atomic
def done(address: str, kind: str, by: Any, *, of: Iterable[Any] | None = None) -> int:
    """Close the notices of one kind about a thing, those `of` these people or whoever has them; how many."""
    found = Notice.objects.filter(address=str(address), kind=kind, done_at=None)
    if of is not None:
        found = found.filter(user__in=[user.pk for user in of])
    return found.update(done_at=timezone.now(), done_by=by)


@transaction.atomic
def mark_seen(notice: Notice, *, by: Any) -> None:
    """One's own notice was opened: it is new no more, and news are done with."""
    if notice.user_id != by.pk:
        raise PermissionDenied
    now = timezone.now()
    Notice.objects.filter(pk=notice.pk, seen_at=None).update(seen_at=now)
    if notice.kind in NEWS:
        Notice.objects.filter(pk=notice.pk, done_at=None).update(done_at=now, done_by=by)


@transaction.atomic
def read_all(*, by: Any) -> int:
    """All of one's own news were read; how many there were. What is to be done stays."""
    now = timezone.now()
    return Notice.objects.filter(user=by, kind__in=NEWS, done_at=None).update(
        seen_at=now, done_at=now, done_by=by
    )


@transaction.atomic
def remind() -> int:
    """Make what is due soon or overdue new again, once for each of REMINDERS; how many there were."""
    waiting = Notice.objects.filter(done_at=None, kind__in=TO_DO)
    return sum(
        waiting.filter(due__lte=_until(days))
        .exclude(reminded__lte=days)
        .update(reminded=days, seen_at=None, mailed_at=None)
        for days in REMINDERS
    )


@transaction.atomic
def choose_letters(*, often: str, by: Any) -> Letters:
    """Set how often letters come; ValueError for a word that is none of Letters.Often."""
    letters, _new = Letters.objects.get_or_create(user=by)
    if Letters.Often(often) != letters.often:
        record(
            by=by, verb="letters.chosen", address=by.address, details={"often": [letters.often, str(often)]}
        )
        Letters.objects.filter(pk=letters.pk).update(often=often)
    letters.refresh_from_db()
    return letters


@transaction.atomic
def claim_letter(user: Any, today: date) -> bool:
    """Take it on to write to this person today; False where it is not the day, or another worker does it."""
    letters, _new = Letters.objects.get_or_create(user=user)
    if letters.often not in DAYS_BETWEEN:
        return False
    last = today - timedelta(days=DAYS_BETWEEN[letters.often])
    mine = Letters.objects.filter(Q(mailed_on=None) | Q(mailed_on__lte=last), pk=letters.pk)
    return mine.update(mailed_on=today, mailed_before=letters.mailed_on) == 1


@transaction.atomic
def give_back_letter(user: Any) -> None:
    """The letter could not be sent: it may be tried again today."""
    Letters.objects.filter(user=user).update(mailed_on=F("mailed_before"))


@transaction.atomic
def mark_mailed(notices: Iterable[Notice]) -> None:
    """These stood in a letter."""
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mailed_at=timezone.now())


@transaction.atomic
def reassign(from_user: Any, to_user: Any, by: Any) -> int:
    """Give what waits for one person to another who may see it, when staff change; how many things.

    What the other person may not see, and news, stay where they are. Needs MANAGE_PEOPLE wherever the person
    has a role; a person may hand over their own.
    """
    if by.pk != from_user.pk and not manages(by, from_user):
        raise PermissionDenied
    forget_grants(to_user)  # they may have been given a moment ago
    waiting = list(Notice.objects.filter(user=from_user, done_at=None, kind__in=TO_DO).select_for_update())
    visible = visible_things(to_user, {notice.address for notice in waiting})
    has = set(Notice.objects.filter(user=to_user, done_at=None).values_list("kind", "address"))
    moved = [notice for notice in waiting if notice.address in visible]
    twice = [notice.pk for notice in moved if (notice.kind, notice.address) in has]
    Notice.objects.filter(pk__in=twice).update(done_at=timezone.now(), done_by=by)
    Notice.objects.filter(pk__in=[notice.pk for notice in moved]).exclude(pk__in=twice).update(
        user=to_user, seen_at=None, mailed_at=None
    )
    record(
        by=by,
        verb="notices.reassigned",
        address=from_user.address,
        details={"to": to_user.address, "count": len(moved), "left": len(waiting) - len(moved)},
    )
    return len(moved)
