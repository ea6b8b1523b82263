"""What is mine to do, and what is new."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from milepost.web.notices.models import Letters, Notice
from milepost.web.notices.words import KINDS, NEWS, TO_DO, Words
from milepost.web.traces.nodes import page, title
from milepost.web.traces.queries import visible_things

SOON = 3
"""Days: what is due by then stands in every letter."""
NEWS_SHOWN = 50


@dataclass(frozen=True, slots=True)
class Entry:
    """A notice with the thing it is about, as its reader may see it."""

    notice: Notice
    words: Words
    title: str
    overdue: bool
    new: bool

    @property
    def details(self) -> dict[str, Any]:
        """Who caused it and what they said."""
        return self.notice.details


def visible_to(user: Any) -> "QuerySet[Notice]":
    """One's own."""
    if not getattr(user, "is_authenticated", False):
        return Notice.objects.none()
    return Notice.objects.filter(user=user)


def to_do(user: Any) -> list[Entry]:
    """What waits for a person's deed: overdue first, then by the day it is due."""
    return entries(user, visible_to(user).filter(done_at=None, kind__in=TO_DO))


def news(user: Any) -> list[Entry]:
    """What a person has not read yet, the latest first."""
    latest = visible_to(user).filter(done_at=None, kind__in=NEWS).order_by("-id")[:NEWS_SHOWN]
    return sorted(entries(user, latest), key=lambda entry: -entry.notice.pk)


def ahead(user: Any, today: date) -> list[Any]:
    """What is late or due soon for a person without a notice, in the order of the days.

    `settings.WORK_AHEAD` names functions(user, today) that return entries with `what`, `where`, `day`, `late`
    and `url`.
    """
    places: tuple[Callable[[Any, date], Iterable[Any]], ...] = import_string(settings.WORK_AHEAD)
    return sorted((one for place in places for one in place(user, today)), key=lambda one: one.day)


def for_letter(user: Any, today: date) -> list[Entry]:
    """What the next letter says: what is open and was in no letter yet, or is due within three days."""
    soon = Q(due__gte=today, due__lte=today + timedelta(days=SOON))
    return entries(user, visible_to(user).filter(Q(mailed_at=None) | soon, done_at=None))


def entries(user: Any, notices: Iterable[Notice]) -> list[Entry]:
    """Notices with their things, in the order of urgency; what the person may no longer see is left out."""
    wanted = [notice for notice in notices if notice.kind in KINDS]
    things = visible_things(user, {notice.address for notice in wanted})
    today = timezone.localdate()
    found = [
        Entry(
            notice,
            KINDS[notice.kind],
            title(things[notice.address]),
            overdue=notice.due is not None and notice.due < today,
            new=notice.seen_at is None,
        )
        for notice in wanted
        if notice.address in things
    ]
    return sorted(found, key=lambda entry: (entry.notice.due or date.max, entry.notice.pk))


def people_waited_for() -> list[Any]:
    """Everybody who has something open."""
    opened = Notice.objects.filter(done_at=None)
    people = get_user_model()._default_manager.filter(is_active=True, pk__in=opened.values("user"))
    return list(people.order_by("pk"))


def place(notice: Notice) -> str | None:
    """Where the deed is done, else the page of the thing, at the place the notice is about.

    None where its reader may see none. `settings.NOTICE_PAGES` names the dict of the former: kind of notice
    -> function(user, thing) -> address or None.
    """
    thing = visible_things(notice.user, [notice.address]).get(notice.address)
    if thing is None:
        return None
    deeds: dict[str, Callable[[Any, Any], str | None]] = import_string(settings.NOTICE_PAGES)
    where = deeds[notice.kind](notice.user, thing) if notice.kind in deeds else None
    address, anchor = where or page(thing), notice.details.get("anchor")
    return f"{address}#{anchor}" if address and anchor else address


def letters_of(user: Any) -> Letters:
    """How often letters come; daily where nothing was chosen."""
    return Letters.objects.filter(user=user).first() or Letters(user=user)
