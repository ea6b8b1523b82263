"""How a plan of work stands: its dates, its people's months, its money.

Plain values in, plain values out. What is not known stays unknown: a budget without expenditure entered is
not a budget of which nothing is spent, and a project without an end has no time that elapsed.
"""

import calendar
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

# Tasks ------------------------------------------------------------------------------------------------------


class Task(NamedTuple):
    """A task: the days planned and the days that were, both within; `after` are the keys it waits for."""

    key: int
    start: date
    end: date
    actual_start: date | None = None
    actual_end: date | None = None
    after: tuple[int, ...] = ()


class Expected(NamedTuple):
    """When a task is to be expected as things stand.

    `slack` are the days by which it may end later without the whole plan ending later; None once it is done.
    """

    start: date
    end: date
    slack: int | None

    @property
    def critical(self) -> bool:
        """Whether any further delay delays the end of the plan."""
        return self.slack == 0


def way(after: Mapping[int, Collection[int]], first: int, last: int) -> list[int] | None:
    """The tasks from `first` back to `last`, each waiting for the next one; None where there is no such way.

    >>> way({3: [2], 2: [1]}, 3, 1), way({3: [2], 2: [1]}, 1, 3)
    ([3, 2, 1], None)
    """
    ways, seen = [[first]], {first}
    while ways:
        path = ways.pop()
        if path[-1] == last:
            return path
        for before in after.get(path[-1], ()):
            if before not in seen:
                seen.add(before)
                ways.append([*path, before])
    return None


def in_order(tasks: Sequence[Task]) -> list[Task]:
    """The tasks, each after all that it waits for; ValueError where they wait for each other in a circle."""
    by_key = {task.key: task for task in tasks}
    open_ones = {task.key: sum(key in by_key for key in task.after) for task in tasks}
    waiting: dict[int, list[int]] = defaultdict(list)
    for task in tasks:
        for key in task.after:
            waiting[key].append(task.key)
    free = [task.key for task in tasks if not open_ones[task.key]]
    found = []
    for key in free:
        found.append(by_key[key])
        for later in waiting[key]:
            open_ones[later] -= 1
            if not open_ones[later]:
                free.append(later)
    if len(found) < len(tasks):
        raise ValueError("the tasks wait for each other in a circle")
    return found


def expected(tasks: Sequence[Task], *, today: date) -> dict[int, Expected]:
    """When each task is to be expected, by the method of the critical path (finish to start).

    What is done keeps its days. What has begun takes as long as planned, and ends today at the earliest. What
    has not begun begins neither before its planned start, nor in the past, nor before what it waits for ends.

    >>> plan = [Task(1, date(2026, 1, 1), date(2026, 1, 10)),
    ...         Task(2, date(2026, 1, 10), date(2026, 1, 12), after=(1,))]
    >>> expected(plan, today=date(2026, 1, 4))[2].end  # the first is three days late already
    datetime.date(2026, 1, 15)
    """
    order = in_order(tasks)
    days: dict[int, tuple[date, date]] = {}
    for task in order:
        days[task.key] = _days(task, [days[key][1] for key in task.after if key in days], today)
    if not days:
        return {}
    finish = max(end for _start, end in days.values())
    latest = _latest(order, days, finish)
    return {
        task.key: Expected(
            *days[task.key],
            None if task.actual_end else (latest[task.key] - days[task.key][1]).days,
        )
        for task in tasks
    }


def _days(task: Task, ends: Collection[date], today: date) -> tuple[date, date]:
    length = task.end - task.start
    if task.actual_end is not None:
        return min(task.actual_start or task.start, task.actual_end), task.actual_end
    if task.actual_start is not None:
        return task.actual_start, max(task.actual_start + length, today)
    start = max(task.start, today, *ends)
    return start, start + length


def _latest(order: Sequence[Task], days: Mapping[int, tuple[date, date]], finish: date) -> Mapping[int, date]:
    """The day on which each task may end at the latest; one that has begun holds nobody up any more."""
    latest = dict.fromkeys(days, finish)
    for task in reversed(order):
        if task.actual_start is not None or task.actual_end is not None:
            continue
        start = latest[task.key] - (task.end - task.start)
        for key in task.after:
            if key in latest:
                latest[key] = min(latest[key], start)
    return latest


def too_early(tasks: Sequence[Task]) -> list[tuple[int, int]]:
    """(task, what it waits for) wherever a task is planned to start before that one is planned to end."""
    by_key = {task.key: task for task in tasks}
    return [
        (task.key, key)
        for task in tasks
        for key in task.after
        if key in by_key and task.start < by_key[key].end
    ]


def late(task: Task, today: date) -> bool:
    """Whether the planned end is over and the task is not done."""
    return task.actual_end is None and task.end < today


# People -----------------------------------------------------------------------------------------------------

FULL = Decimal(1)
"""The person-months that one person has in a month."""


class Effort(NamedTuple):
    """The person-months of a post in one month (its first day), planned and spent; None is not said."""

    post: Hashable
    month: date
    planned: Decimal | None
    spent: Decimal | None = None


class Load(NamedTuple):
    """What posts come to in one month; None where none of them says anything."""

    planned: Decimal | None
    spent: Decimal | None

    @property
    def over(self) -> bool:
        """Whether it is more than one person has."""
        return any(months is not None and months > FULL for months in self)


def loads(efforts: Iterable[Effort]) -> dict[Hashable, dict[date, Load]]:
    """For each post and month the sum over all projects.

    >>> march = date(2026, 3, 1)
    >>> loads([Effort("Aida", march, Decimal("0.6")), Effort("Aida", march, Decimal("0.5"))])
    {'Aida': {datetime.date(2026, 3, 1): Load(planned=Decimal('1.1'), spent=None)}}
    """
    found: dict[Hashable, dict[date, Load]] = defaultdict(dict)
    for post, month, planned, spent in efforts:
        before = found[post].get(month, Load(None, None))
        found[post][month] = Load(plus(before.planned, planned), plus(before.spent, spent))
    return dict(found)


def plus(one: Decimal | None, other: Decimal | None) -> Decimal | None:
    """The sum of what is known; None where nothing is."""
    if one is None or other is None:
        return one if other is None else other
    return one + other


class Fit(NamedTuple):
    """Whether the person-months that are still to be worked fit the time that remains.

    `to_do` are the months planned from today on, and what was planned but not spent in months that were
    reported; `room` is what the person has free until the end. `silent` are the months that passed without a
    report: they are taken as worked as planned, as are the days that passed of the present one.
    """

    to_do: Decimal
    room: Decimal
    silent: int

    @property
    def fits(self) -> bool:
        """Whether there is room for it."""
        return self.to_do <= self.room


def fit(efforts: Iterable[Effort], elsewhere: Mapping[date, Decimal], *, today: date, last_day: date) -> Fit:
    """Whether the efforts of one person in one project fit the time until its last day.

    `elsewhere` are the person-months that other projects plan in a month. Of the present month and the last
    one only the days that remain count.
    """
    this_month = today.replace(day=1)
    to_do, silent = Decimal(0), 0
    for _post, month, planned, spent in efforts:
        if planned is None:
            continue
        if spent is not None:
            to_do += planned - spent
        elif month >= this_month:
            to_do += planned * _part(month, today, date.max)
        else:
            silent += 1
    room = sum(
        (
            max(FULL - elsewhere.get(month, Decimal(0)), Decimal(0)) * _part(month, today, last_day)
            for month in months(this_month, last_day)
        ),
        Decimal(0),
    )
    hundredth = Decimal("0.01")
    return Fit(max(to_do, Decimal(0)).quantize(hundredth), room.quantize(hundredth), silent)


def _part(month: date, today: date, last_day: date) -> Decimal:
    """The part of a month that lies from today to the last day, both within."""
    length = calendar.monthrange(month.year, month.month)[1]
    first = max(month, today)
    last = min(month.replace(day=length), last_day)
    return Decimal(max((last - first).days + 1, 0)) / length


def months(first: date, last: date) -> list[date]:
    """The first days of the months from that of one day to that of another; none where it is earlier.

    >>> [str(month) for month in months(date(2025, 11, 30), date(2026, 1, 1))]
    ['2025-11-01', '2025-12-01', '2026-01-01']
    """
    numbers = range(first.year * 12 + first.month - 1, last.year * 12 + last.month)
    return [date(number // 12, number % 12 + 1, 1) for number in numbers]


# Money ------------------------------------------------------------------------------------------------------

TOLERANCE = 15
"""Percentage points by which spending may run ahead of or behind the time that elapsed; the margin that the
results matrix uses for its targets, too. A project does not spend evenly: this asks for a look, no more."""


@dataclass(frozen=True, slots=True)
class Burn:
    """Money against time. Shares are parts of one; None where they cannot be told.

    `spent` is None where no expenditure was entered. `verdict` is "ahead", "level", "behind", "overspent", or
    "unknown", which `reason` explains: "no_budget", "nothing_entered", "no_dates", "not_begun".
    """

    budget: Decimal | None
    spent: Decimal | None
    spent_share: Decimal | None
    elapsed_days: int | None
    all_days: int | None
    elapsed_share: Decimal | None
    verdict: str
    reason: str = ""

    @property
    def points(self) -> Decimal | None:
        """By how many percentage points spending is ahead of time; below zero where it is behind."""
        if self.spent_share is None or self.elapsed_share is None:
            return None
        return (self.spent_share - self.elapsed_share) * 100

    @property
    def left(self) -> Decimal | None:
        """What is left of the budget; below zero where more was spent."""
        return None if self.budget is None else self.budget - (self.spent or 0)


def burn(
    budget: Decimal | None,
    spent: Decimal | None,
    first_day: date | None,
    last_day: date | None,
    *,
    today: date,
    tolerance: int = TOLERANCE,
) -> Burn:
    """Money spent against the time that elapsed; days count from the first, today within.

    >>> first, last, today = date(2026, 1, 1), date(2026, 4, 10), date(2026, 1, 10)
    >>> found = burn(Decimal(1000), Decimal(300), first, last, today=today)
    >>> found.spent_share, found.elapsed_share, found.verdict
    (Decimal('0.3'), Decimal('0.1'), 'ahead')
    >>> burn(Decimal(1000), None, first, last, today=today).reason
    'nothing_entered'
    """
    elapsed_days, all_days = _elapsed(first_day, last_day, today)
    elapsed = None if elapsed_days is None or all_days is None else Decimal(elapsed_days) / all_days
    share = spent / budget if spent is not None and budget else None

    def told(verdict: str, reason: str = "") -> Burn:
        return Burn(budget, spent, share, elapsed_days, all_days, elapsed, verdict, reason)

    if budget is not None and spent is not None and spent > budget:
        return told("overspent")
    if not budget:
        return told("unknown", "no_budget")
    if spent is None:
        return told("unknown", "nothing_entered")
    if elapsed is None:
        return told("unknown", "no_dates")
    if not elapsed:
        return told("unknown", "not_begun")
    points = (spent / budget - elapsed) * 100
    return told("ahead" if points > tolerance else "behind" if points < -tolerance else "level")


def _elapsed(first_day: date | None, last_day: date | None, today: date) -> tuple[int | None, int | None]:
    if first_day is None or last_day is None:
        return None, None
    return max((min(today, last_day) - first_day).days + 1, 0), (last_day - first_day).days + 1
