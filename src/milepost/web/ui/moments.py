"""Moments as this site says them: in its own time zone, which is named."""

from datetime import date, datetime

from django.utils import timezone


def here(moment: datetime) -> datetime:
    """The same moment by the clocks of this site; one without a zone is taken as it is."""
    return timezone.localtime(moment) if timezone.is_aware(moment) else moment


def day(moment: datetime) -> date:
    """The day on which it falls here."""
    return here(moment).date()


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


def written(moment: datetime) -> str:
    """A moment for a list of facts: "2026-03-12 14:05 UTC"."""
    moment = here(moment)
    return f"{moment:%Y-%m-%d %H:%M} {zone(moment)}".strip()


def zone_now() -> str:
    """The zone in which moments are typed, with what it is today: "UTC" or "Asia/Bishkek, UTC+6"."""
    name = timezone.get_default_timezone_name()
    said = zone(here(timezone.now()))
    return said if name == said else f"{name}, {said}"
