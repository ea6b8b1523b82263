"""Moments as people say them: in the time zone of the country that a page is about, which is named.

A page that is about no country, or about one without a zone of its own, has the zone of the site.
"""

from collections.abc import Callable
from datetime import date, datetime, tzinfo
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.utils import timezone


class Place(Protocol):
    """What may have a time zone of its own: "Asia/Bishkek", or "" for that of the site."""

    @property
    def time_zone(self) -> Any: ...  # noqa: D102


def zone_of(place: Place) -> tzinfo:
    """The time zone of a country."""
    return ZoneInfo(place.time_zone) if place.time_zone else timezone.get_default_timezone()


def follow(place: Place) -> None:
    """From here on, until it is answered, this request types and says moments as they are in a country."""
    timezone.activate(zone_of(place))


class ZoneMiddleware:
    """The time zone that a page followed is that of the site again once it is answered."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer, and follow no country any more."""
        try:
            return self.get_response(request)
        finally:
            timezone.deactivate()


def inside(place: Place) -> timezone.override:
    """While this lasts, moments and days are those of a country: `with moments.inside(country):`."""
    return timezone.override(zone_of(place))


def here(moment: datetime, place: Place | None = None) -> datetime:
    """The same moment by the clocks of a country, else of the page; one without a zone is taken as it is."""
    if not timezone.is_aware(moment):
        return moment
    return timezone.localtime(moment, zone_of(place) if place is not None else None)


def day(moment: datetime, place: Place | None = None) -> date:
    """The day on which it falls there."""
    return here(moment, place).date()


def zone(moment: datetime) -> str:
    """The zone of a moment as everybody understands it: "UTC", "UTC+6", "UTC+5:30"; "" for none.

    >>> from datetime import UTC, datetime, timedelta, timezone
    >>> zone(datetime(2026, 3, 12, tzinfo=timezone(timedelta(hours=6))))
    'UTC+6'
    >>> zone(datetime(2026, 3, 12, tzinfo=UTC))
    'UTC'
    """
    offset = moment.utcoffset()
    if offset is None:
        return ""
    minutes = round(offset.total_seconds() / 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    sign = "+" if minutes > 0 else "\N{MINUS SIGN}"
    return f"UTC{sign}{hours}" + (f":{rest:02}" if rest else "")


def written(moment: datetime, place: Place | None = None) -> str:
    """A moment for a list of facts: "2026-03-12 14:05 UTC"."""
    moment = here(moment, place)
    return f"{moment:%Y-%m-%d %H:%M} {zone(moment)}".strip()


def zone_now(place: Place | None = None) -> str:
    """The zone in which moments are typed, with what it is today: "UTC" or "Asia/Bishkek, UTC+6"."""
    name = (place and place.time_zone) or timezone.get_current_timezone_name()
    said = zone(here(timezone.now(), place))
    return said if name == said else f"{name}, {said}"
