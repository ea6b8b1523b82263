"""Days that are known as precisely as the source says: a year, a month or a day."""

import calendar
import re
from datetime import date
from typing import NamedTuple

from django.utils.formats import date_format

_WRITTEN = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


class Bounds(NamedTuple):
    """The first and last day of a moment."""

    first: date
    last: date


def bounds(text: str) -> Bounds:
    """The bounds of "2024", "2024-05" or "2024-05-12"; ValueError for anything else.

    >>> bounds("2024-02")
    Bounds(first=datetime.date(2024, 2, 1), last=datetime.date(2024, 2, 29))
    """
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        raise ValueError(f"not a day, month or year: {text!r}")
    year, month, day = (int(part) if part else None for part in written.groups())
    assert year is not None
    if not 1950 <= year <= 2200:
        raise ValueError(f"not a year of our time: {text!r}")
    if month is None:
        return Bounds(date(year, 1, 1), date(year, 12, 31))
    if day is None:
        return Bounds(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
    return Bounds(date(year, month, day), date(year, month, day))


def written(text: str) -> str:
    """The same in words of the reader's language: 2024, May 2024, 12 May 2024; "" for what is no moment."""
    try:
        first = bounds(text).first
    except ValueError:
        return ""
    if len(text) == len("2024"):
        return text
    return date_format(first, "YEAR_MONTH_FORMAT" if len(text) == len("2024-05") else "DATE_FORMAT")
