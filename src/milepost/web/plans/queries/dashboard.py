"""A plan in pictures: its measures over the months, and which institution answered in which round."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

from milepost.web.plans.models import Answer, Entry, Plan, Round
from milepost.web.plans.queries import rounds as queries
from milepost.web.plans.queries.rounds import Share, shares
from milepost.web.plans.queries.standing import Line, objective_of
from milepost.web.stakeholders.models import Institution
from milepost.web.ui.gantt import (
    BAR,
    HEAD,
    LABELS,
    LINE,
    Bar,
    Month,
    Scale,
    bar,
    middle,
    number,
    scale,
    short,
)
from milepost.web.ui.templatetags.ui import plain

# Measures over time -----------------------------------------------------------------------------------------


class Drawn(NamedTuple):
    """A measure in the drawing, or the heading of an objective (without a bar); y is the foot of its name.

    A measure that is never over has a bar to the edge of the plan and is `open`; one without a last day has
    no bar.
    """

    y: str
    label: str
    heading: bool
    bar: Bar | None
    top: str
    light: str
    open: bool


class Timeline(NamedTuple):
    """The whole drawing, and how many measures it cannot draw."""

    width: str
    height: str
    edge: str
    months: list[Month]
    lines: list[Drawn]
    today: str
    undated: int


def timeline(plan: Plan, lines: Sequence[Line], today: date) -> Timeline | None:
    """The measures of a plan by objective, in its own order; None where there are none."""
    if not lines:
        return None
    given = (day for line in lines for day in (line.entry.first_day, line.entry.last_day) if day is not None)
    drawing = scale([plan.start, plan.end, *given])
    drawn: list[Drawn] = []
    for objective, there in groupby(lines, key=lambda line: objective_of(line.entry)):
        y = number(middle(len(drawn)) + 4)
        drawn.append(Drawn(y, short(objective), True, None, "", "", False))
        for line in there:
            drawn.append(_drawn(plan, line, drawing, middle(len(drawn))))
    return Timeline(
        number(drawing.width),
        number(HEAD + LINE * len(drawn) + 8),
        number(LABELS),
        drawing.columns,
        drawn,
        drawing.today(today),
        sum(ends(plan, line.entry) is None for line in lines),
    )


def ends(plan: Plan, entry: Entry) -> tuple[date, date] | None:
    """From when to when a measure runs, an open one as long as its plan; None without a last day."""
    first = entry.first_day or plan.start
    if is_open(entry):
        return first, max(plan.end, first)
    return None if entry.last_day is None else (min(first, entry.last_day), entry.last_day)


def is_open(entry: Entry) -> bool:
    """Whether a measure is never over: continuous, or again and again without a last day."""
    return entry.repeated == Entry.Repeated.CONTINUOUS or (bool(entry.repeated) and entry.last_day is None)


def _drawn(plan: Plan, line: Line, drawing: Scale, y: float) -> Drawn:
    name = short(" ".join(filter(None, (line.entry.code, plain(line.entry.title)))))
    days = ends(plan, line.entry)
    found = bar(drawing.x(days[0]), drawing.x(days[1], after=True)) if days else None
    return Drawn(number(y + 4), name, False, found, number(y - BAR / 2), line.light, is_open(line.entry))


# Answers by institution and round ---------------------------------------------------------------------------


class Cell(NamedTuple):
    """What an institution sent in a round: of so many asked; `mark` is how that looks as a whole."""

    share: Share
    given: int
    mark: str


class Row(NamedTuple):
    """An institution (None: measures on which nobody reports) with a cell for each round."""

    institution: Institution | None
    cells: tuple[Cell | None, ...]


class Column(NamedTuple):
    """A round, and how many of its answers were given, and accepted."""

    round: Round
    asked: int
    given: int
    accepted: int

    @property
    def percent(self) -> int:
        """The answers given, in per cent of those asked."""
        return round(100 * self.given / self.asked)


class Answered(NamedTuple):
    """Rounds, the earliest first, by institution."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


def answered(user: Any, plan: Plan, today: date) -> Answered:
    """Which institution answered in which round, as far as a reader may see the answers."""
    by_round: dict[int, list[queries.Line]] = defaultdict(list)
    for line in queries.lines_of_plan(user, plan, today):
        by_round[line.answer.round_id].append(line)
    rounds = [one for one in reversed(queries.of_plan(user, plan)) if one.pk in by_round]
    found: dict[int | None, dict[int, Share]] = defaultdict(dict)
    for one in rounds:
        for share in shares(by_round[one.pk]):
            found[share.institution.pk if share.institution else None][one.pk] = share
    rows = (
        Row(
            next(iter(there.values())).institution,
            tuple(_cell(there[one.pk], one, today) if one.pk in there else None for one in rounds),
        )
        for there in found.values()
    )
    return Answered(
        tuple(_column(one, by_round[one.pk]) for one in rounds), tuple(sorted(rows, key=_by_name))
    )


def _by_name(row: Row) -> tuple[bool, str]:
    return row.institution is None, plain(row.institution.text) if row.institution else ""


def _column(one: Round, lines: Iterable[queries.Line]) -> Column:
    states = [line.answer.state for line in lines]
    accepted = states.count(Answer.State.ACCEPTED)
    return Column(one, len(states), accepted + states.count(Answer.State.SUBMITTED), accepted)


def _cell(share: Share, one: Round, today: date) -> Cell:
    return Cell(share, share.sent + share.accepted, _mark(share, one, today))


def _mark(share: Share, one: Round, today: date) -> str:
    """The first that holds: all accepted, all sent, something returned, still wanted, nothing sent, late."""
    if share.accepted == share.asked:
        return "accepted"
    if not share.left:
        return "submitted"
    if share.returned:
        return "returned"
    if today <= one.due:
        return "not_due"
    return "late" if share.sent + share.accepted else "no_answer"
