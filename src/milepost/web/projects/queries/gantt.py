"""The workplan as a picture: where each bar stands, in units of the drawing."""

from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from milepost.web.projects.queries.workplan import Group, Row
from milepost.web.ui.gantt import BAR, HEAD, LABELS, LINE, Bar, Month, Scale, bar, middle, scale, short
from milepost.web.ui.gantt import number as _n
from milepost.web.ui.templatetags.ui import plain


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
    drawing = scale(days)
    x = drawing.x
    lines: list[Line] = []
    places: dict[int, tuple[float, float, float]] = {}
    for group in groups:
        if len(groups) > 1 or group.activity:
            lines.append(_heading(len(lines), group))
        for row in group.rows:
            y = middle(len(lines))
            left, right = x(row.task.start), x(row.task.end, after=True)
            if row.task.milestone:
                left = right = (left + right) / 2
            places[row.task.pk] = (left, right, y)
            ended = row.task.actual_end if row.task.milestone else None
            reached = None if ended is None else (x(ended) + x(ended, after=True)) / 2
            lines.append(_line(row, y, (left, right), _actual(row, drawing, today), reached))
    return Gantt(
        _n(drawing.width),
        _n(HEAD + LINE * len(lines) + 8),
        _n(LABELS),
        drawing.columns,
        lines,
        [_arrow(places[need.pk], places[row.task.pk]) for row in rows for need in row.needs],
        drawing.today(today),
    )


def _days(row: Row) -> list[date]:
    task = row.task
    return [day for day in (task.start, task.end, task.actual_start, task.actual_end) if day]


def _actual(row: Row, drawing: Scale, today: date) -> Bar | None:
    start = row.task.actual_start
    if start is None or row.task.milestone:
        return None
    return bar(drawing.x(start), drawing.x(row.task.actual_end or max(today, start), after=True))


def _heading(number: int, group: Group) -> Line:
    y = middle(number)
    named = f"{group.activity.code} {plain(group.activity.title)}" if group.activity else ""
    words = short(named or _("The project as a whole"))
    return Line(_n(y + 4), words, 0, True, None, None, "", "", "", "", "")


def _line(row: Row, y: float, ends: tuple[float, float], actual: Bar | None, reached: float | None) -> Line:
    left, right = ends
    return Line(
        y=_n(y + 4),
        label=short(plain(row.task.title)),
        key=row.task.pk,
        heading=False,
        planned=None if row.task.milestone else bar(left, right),
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
