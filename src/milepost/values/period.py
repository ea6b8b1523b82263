"""The time a figure is about."""

import re
from dataclasses import dataclass
from functools import lru_cache

_SPAN = re.compile(r"^(\d{4})(?: ?[/–-] ?| to )(\d{4}|\d{2})$")  # 2018/19, 2018-2019, 1980 to 1990
_PART = re.compile(r"^(\d{4})(?:-?(?:Q[1-4]|S[12]|T[1-3]|W\d\d|M\d\d|A1)|-\d\d-\d\d|T00:00:00)?$")


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A year, a span of years, or a part of a year; `text` is as written, `year` and `last_year` are bounds.

    >>> Period.parse("2018/19")
    Period(year=2018, last_year=2019, text='2018/19')
    >>> Period.parse("2021").year
    2021
    """

    year: int
    last_year: int
    text: str

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read a period; ValueError where it is none."""
        period = _parse(text.strip())
        if period is None:
            raise ValueError(f"not a year or period: {text!r}")
        return period

    def __str__(self) -> str:
        return self.text


@lru_cache(maxsize=4096)
def _parse(text: str) -> Period | None:
    text = text.removesuffix(".0")  # spreadsheets hand years over as 2015.0
    if span := _SPAN.match(text):
        first, tail = int(span[1]), int(span[2])
        if "-" in text and len(span[2]) == 2 and 1 <= tail <= 12:  # ISO 8601: a month
            return Period(first, first, text)
        last = tail if len(span[2]) == 4 else first - first % 100 + tail
        if len(span[2]) == 2 and last < first:
            last += 100  # 1999/00
        return Period(first, last, text) if last >= first else None
    if part := _PART.match(text):
        return Period(int(part[1]), int(part[1]), text)
    return None
