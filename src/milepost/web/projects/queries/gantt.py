"""The workplan as a picture: where each bar stands, in units of the drawing."""

import calendar
from datetime import date
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from milepost.progress import workplan
from milepost.web.projects.queries.workplan import Group, Row
from milepost.web.ui.templatetags.ui import plain

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


class Line(NamedTuple):
    """A task, or the heading of an activity (without bars); y is its middle."""

    y: str
    label: str
    key: int
    heading: bool
    planned: Bar | None
    actual: Bar | None
    diamond: str
    reached: str
    state: str
    planned_y: str
    actual_y: str


class Gantt(NamedTuple):
    """The whole drawing; `arrows` are lines from the end of a task to the beginning of one that waits."""

    width: str
    height: str
    labels: str
    months: list[Month]
    lines: list[Line]
    arrows: list[str]
    today: str


def drawn(groups: list[Group], *, first: date | None, last: date | None, today: date) -> Gantt | None:
    """The drawing of a plan from its first to its last month; None where there is nothing to draw."""
    rows = [row for group in groups for row in group.rows]
    if not rows:
        return None
    days = [day for row in rows for day in _days(row)] + [day for day in (first, last) if day]
    months = workplan.months(min(days), max(days))
    wide = max(NARROWEST, min(WIDEST, WISHED // len(months)))
    lines: list[Line] = []
    places: dict[int, tuple[float, float, float]] = {}

    def x(day: date, *, after: bool = False) -> float:
        month = (day.year - months[0].year) * 12 + day.month - months[0].month
        length = calendar.monthrange(day.year, day.month)[1]
        return LABELS + wide * (month + (day.day - (0 if after else 1)) / length)

    for group in groups:
        if len(groups) > 1 or group.activity:
            lines.append(_heading(len(lines), group))
        for row in group.rows:
            y = HEAD + LINE * (len(lines) + 0.5)
            left, right = x(row.task.start), x(row.task.end, after=True)
            if row.task.milestone:
                left = right = (left + right) / 2
            places[row.task.pk] = (left, right, y)
            ended = row.task.actual_end if row.task.milestone else None
            reached = None if ended is None else (x(ended) + x(ended, after=True)) / 2
            lines.append(_line(row, y, (left, right), _actual(row, x, today), reached))
    width = LABELS + wide * len(months) + 12
    return Gantt(
        _n(width),
        _n(HEAD + LINE * len(lines) + 8),
        _n(LABELS),
        [_month(month, number, wide) for number, month in enumerate(months)],
        lines,
        [_arrow(places[need.pk], places[row.task.pk]) for row in rows for need in row.needs],
        _n(x(today)) if months[0] <= today.replace(day=1) <= months[-1] else "",
    )


def _n(number: float) -> str:
    """A number as SVG wants it, whatever the language."""
    return f"{round(number, 1):g}"


def _days(row: Row) -> list[date]:
    task = row.task
    return [day for day in (task.start, task.end, task.actual_start, task.actual_end) if day]


def _actual(row: Row, x, today: date) -> Bar | None:  # type: ignore[no-untyped-def]
    start = row.task.actual_start
    if start is None or row.task.milestone:
        return None
    left, right = x(start), x(row.task.actual_end or max(today, start), after=True)
    return Bar(_n(left), _n(max(right - left, 2)))


def _heading(number: int, group: Group) -> Line:
    y = HEAD + LINE * (number + 0.5)
    named = f"{group.activity.code} {plain(group.activity.title)}" if group.activity else ""
    words = _short(named or _("The project as a whole"))
    return Line(_n(y + 4), words, 0, True, None, None, "", "", "", "", "")


def _line(row: Row, y: float, ends: tuple[float, float], actual: Bar | None, reached: float | None) -> Line:
    left, right = ends
    bar = None if row.task.milestone else Bar(_n(left), _n(max(right - left, 2)))
    return Line(
        y=_n(y + 4),
        label=_short(plain(row.task.title)),
        key=row.task.pk,
        heading=False,
        planned=bar,
        actual=actual,
        diamond=_diamond(left, y) if row.task.milestone else "",
        reached=_diamond(reached, y) if reached is not None else "",
        state=row.state,
        planned_y=_n(y - BAR),
        actual_y=_n(y + 1),
    )


def _diamond(x: float, y: float) -> str:
    half = 7
    points = ((x, y - half), (x + half, y), (x, y + half), (x - half, y))
    return " ".join(f"{_n(one)},{_n(other)}" for one, other in points)


def _arrow(before: tuple[float, float, float], after: tuple[float, float, float]) -> str:
    """A path from the end of one bar, down or up, to the beginning of another, with its head."""
    _left, x, y = before
    to, _right, below = after
    bend = max(x + 5, LABELS)
    tip = to - 1
    if bend + 4 > tip:  # it begins before the other ends: the arrow comes from above or below
        edge = below - BAR - 1 if below > y else below + BAR + 1
        side = -4 if below > y else 4
        tip = max(to + 4, x)
        head = f"M{_n(tip - 3)} {_n(edge + side)} L{_n(tip)} {_n(edge)} L{_n(tip + 3)} {_n(edge + side)}"
        return f"M{_n(x)} {_n(y)} H{_n(tip)} V{_n(edge)} {head}"
    head = f"M{_n(tip - 4)} {_n(below - 3)} L{_n(tip)} {_n(below)} L{_n(tip - 4)} {_n(below + 3)}"
    return f"M{_n(x)} {_n(y)} H{_n(bend)} V{_n(below)} H{_n(tip)} {head}"


def _month(month: date, number: int, wide: float) -> Month:
    left = LABELS + wide * number
    name = date_format(month, "M") if wide >= 40 else str(month.month)
    year = str(month.year) if number == 0 or month.month == 1 else ""
    return Month(_n(left), _n(left + wide / 2), name.rstrip("."), year)


def _short(words: str) -> str:
    return words if len(words) <= LETTERS else f"{words[: LETTERS - 1].rstrip()}…"
