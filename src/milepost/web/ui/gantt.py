"""Bars over months: the scale, the columns and the numbers of a drawing, in its own units."""

import calendar
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.utils.formats import date_format

from milepost.progress import workplan

LABELS = 260
"""The width of the column of names."""
HEAD, LINE, BAR = 40, 30, 9
WIDEST, NARROWEST, WISHED = 64, 18, 900
"""A month is at most and at least so wide; the months together as wide as wished."""
LETTERS = 36
"""Of a name; the table below has the whole."""


class Month(NamedTuple):
    """A column: where it begins, its number or short name, and the year where one begins."""

    x: str
    middle: str
    name: str
    year: str


class Bar(NamedTuple):
    """From a day to a day."""

    x: str
    width: str


@dataclass(frozen=True)
class Scale:
    """Months side by side, each `wide`."""

    months: list[date]
    wide: int

    @property
    def width(self) -> int:
        """Of the whole drawing, with the names."""
        return LABELS + self.wide * len(self.months) + 12

    def x(self, day: date, *, after: bool = False) -> float:
        """Where a day begins, or ends."""
        month = (day.year - self.months[0].year) * 12 + day.month - self.months[0].month
        length = calendar.monthrange(day.year, day.month)[1]
        return LABELS + self.wide * (month + (day.day - (0 if after else 1)) / length)

    def today(self, day: date) -> str:
        """Where this day stands; empty where it is outside."""
        return number(self.x(day)) if self.months[0] <= day.replace(day=1) <= self.months[-1] else ""

    @property
    def columns(self) -> list[Month]:
        """The months with their names."""
        return [self._column(month, place) for place, month in enumerate(self.months)]

    def _column(self, month: date, place: int) -> Month:
        left = LABELS + self.wide * place
        name = date_format(month, "M") if self.wide >= 40 else str(month.month)
        year = str(month.year) if place == 0 or month.month == 1 else ""
        return Month(number(left), number(left + self.wide / 2), name.rstrip("."), year)


def scale(days: Iterable[date]) -> Scale:
    """The scale from the month of the first of these days to that of the last."""
    there = list(days)
    months = workplan.months(min(there), max(there))
    return Scale(months, max(NARROWEST, min(WIDEST, WISHED // len(months))))


def number(value: float) -> str:
    """A number as SVG wants it, whatever the language."""
    return f"{round(value, 1):g}"


def bar(left: float, right: float) -> Bar:
    """A bar between two places, wide enough to be seen."""
    return Bar(number(left), number(max(right - left, 2)))


def middle(line: int) -> float:
    """The height at which a line has its middle."""
    return HEAD + LINE * (line + 0.5)


def short(words: str) -> str:
    """A name as far as there is room for it."""
    return words if len(words) <= LETTERS else f"{words[: LETTERS - 1].rstrip()}…"
