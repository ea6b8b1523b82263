"""Who may read what happened."""

from datetime import date, datetime, time
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from milepost.web.audit.models import Event
from milepost.web.ui import addresses

# Permissions by their words: the enumeration is on a higher floor.
READ_AUDIT = "read the audit"
WORK_THERE = (READ_AUDIT, "read internal figures", "upload data")
"""Whoever may do one of these in a place may read the history of a thing in that place."""
EVERYWHERE = ""


def visible_to(user: Any) -> "QuerySet[Event]":
    """The events of the places where a reader may read the audit, and all deeds of their own."""
    return _within(user, READ_AUDIT)


def known_to(user: Any) -> "QuerySet[Event]":
    """The events that a reader may meet on the page or in the trace of a thing: where they work, too."""
    return _within(user, *WORK_THERE)


def of(user: Any, address: str) -> "QuerySet[Event]":
    """The history of one thing and its revisions, newest first, for people who may read it."""
    events = known_to(user) if addresses.find(user, address) is not None else visible_to(user)
    return events.filter(_about(address))


def narrowed(
    events: "QuerySet[Event]",
    *,
    by: Any = None,
    verb: str = "",
    address: str = "",
    since: date | None = None,
    until: date | None = None,
) -> "QuerySet[Event]":
    """Events by who did it, what was done, to what, and between two days, both included."""
    if by is not None:
        events = events.filter(by=by)
    if verb:
        events = events.filter(verb=verb)
    if address:
        events = events.filter(_about(address))
    if since:
        events = events.filter(at__gte=_moment(since, time.min))
    if until:
        events = events.filter(at__lte=_moment(until, time.max))
    return events


def _within(user: Any, *permissions: str) -> "QuerySet[Event]":
    if not getattr(user, "is_authenticated", False):
        return Event.objects.none()
    scopes = import_string(settings.PLACES)
    held = frozenset().union(*(scopes(user, permission) for permission in permissions))
    events = Event.objects.select_related("by")
    if EVERYWHERE in held:
        return events
    return events.filter(Q(scope__in=held | _institutions(user, held)) | Q(by=user))


def _institutions(user: Any, held: frozenset[str]) -> frozenset[str]:
    """The institutions of the countries among some scopes."""
    if not any(scope.startswith("country:") for scope in held):
        return frozenset()
    known = addresses.kinds()["institution"].visible_to(user)
    return frozenset(one.address for one in known if not held.isdisjoint(one.places))


def _about(address: str) -> Q:
    """The thing itself, or one revision where the address names it."""
    place = addresses.Address.parse(address)
    exactly = Q(address=str(place))
    return exactly if place.revision is not None else exactly | Q(address__startswith=f"{place}@")


def _moment(day: date, hour: time) -> datetime:
    return timezone.make_aware(datetime.combine(day, hour))
