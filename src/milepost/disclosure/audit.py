"""The attack: what somebody who knows every published figure can still find out about each hidden one."""

import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from milepost.disclosure.primary import Unsafe
from milepost.disclosure.programs import PRIMAL, Program, Row
from milepost.disclosure.rules import Rules
from milepost.disclosure.tables import Tables, unknown
from milepost.values import Estimate

RECOVERED = 0.001
"""A total known to within this share of itself (or of one respondent's contribution) is as good as known."""
_MANY = 3_000
"""In a block of more columns than these, the attack on a figure ends when it has failed."""
_FINE = 1e-6


@dataclass(slots=True)
class Found:
    """What the attack found: (lowest, highest) by quantity and column, and how many programs it solved.

    Where a bound is not `exact`, the figure can be at least that far away; None is no bound at all.
    """

    bounds: dict[str, dict[int, tuple[float, float]]] = field(default_factory=dict)
    exact: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    programs: int = 0


@dataclass(frozen=True, slots=True)
class Gap:
    """A hidden figure that is not protected: the least it must be able to go up, in the figure's own unit."""

    column: int
    quantity: str
    need: float


@dataclass(frozen=True, slots=True)
class Demand:
    """How far an attacker must stay from each hidden figure: farther from the unsafe ones (`wanted`)."""

    tables: Tables
    wanted: Mapping[int, Unsafe]
    rules: Rules

    def gap(self, column: int, quantity: str) -> Gap:
        """What would protect a figure whatever it can do downwards: how far up it must be able to go."""
        reason = self.wanted.get(column)
        if quantity == "n":
            return Gap(column, quantity, float(self.rules.least_range if reason else 1))
        share = self.rules.range_percent / 100 if reason else 0.0
        above = reason.above.get(quantity, 0.0) if reason else 0.0
        return Gap(column, quantity, max(above, self._size(column, quantity) * max(share, 2 * RECOVERED)))

    def holds(self, column: int, quantity: str, low: float, high: float) -> bool:
        """Whether an attacker who is left with these bounds is still far enough from the figure."""
        if math.isinf(high):
            return True
        reason = self.wanted.get(column)
        if quantity == "n":
            whole = math.floor(high + _FINE) - math.ceil(low - _FINE)
            return whole >= (self.rules.least_range if reason else 1)
        if high - low < RECOVERED * max(abs(high), self.tables.units[quantity]):
            return False
        if reason is None:
            return True
        least = self.rules.range_percent / 100 * self._size(column, quantity)
        above = float(self.tables.figures[quantity][column]) + reason.above.get(quantity, 0.0)
        return high - low >= least * (1 - _FINE) and high >= above - _FINE * abs(above)

    def _size(self, column: int, quantity: str) -> float:
        return max(abs(float(self.tables.figures[quantity][column])), self.tables.units[quantity])


def attack(
    published: Sequence[Estimate],
    demand: Demand,
    *,
    known: Iterable[int] = (),
    thorough: bool = True,
    check: Callable[[], None] = lambda: None,
) -> Found:
    """The bounds of every hidden figure, from nothing but what is published.

    What is hidden is read from the published cells themselves. The attacker knows n, numerator and
    denominator of all the others, that all add up, that nothing is negative (unless something is), which
    rows do not exist, and the `known` cells of a previous release. Without `thorough` the attack on a figure
    ends once it is clear that it fails.
    """
    tables = demand.tables
    free = {column for column, cell in enumerate(published) if unknown(cell)} - set(known)
    targets = free | {column for column in demand.wanted if tables.kinds[column] == "remainder"}
    unseen = {column for column, kind in enumerate(tables.kinds) if kind in ("remainder", "finest")}
    found = Found()
    for quantity in tables.figures:
        found.bounds[quantity] = dict.fromkeys(sorted(targets), (0.0, 0.0))
        rows, fixed = _open_rows(tables.rows[quantity], free | unseen)
        for column in targets & fixed:
            figure = float(tables.figures[quantity][column])
            found.bounds[quantity][column] = (figure, figure)
            found.exact[quantity].add(column)
        for columns, own in _blocks(rows, (free | unseen) - fixed):
            aims = [column for column in columns if column in targets]
            if aims:
                exact = thorough and len(columns) <= _MANY
                block = _Block(quantity, columns, own, aims)
                bounds, programs = _bound(demand, block, thorough=exact, check=check)
                found.bounds[quantity] |= bounds
                found.exact[quantity] |= set(aims) if exact else set()
                found.programs += programs
    return found


@dataclass(frozen=True, slots=True)
class _Block:
    """Unknown columns of one quantity that hang together, their rows, and those whose bounds are sought."""

    quantity: str
    columns: Sequence[int]
    rows: Sequence[Row]
    aims: Sequence[int]


def gaps(demand: Demand, found: Found) -> list[Gap]:
    """The hidden figures that the attack recovered, or came too near to."""
    return [
        demand.gap(column, quantity)
        for quantity, bounds in found.bounds.items()
        for column, (low, high) in bounds.items()
        if not demand.holds(column, quantity, low, high)
    ]


def _open_rows(rows: Iterable[Row], free: set[int]) -> tuple[list[Row], set[int]]:
    """The rows with what is not known in them, and the columns that follow at once, row by row."""
    open_rows = [[column for column in (total, *parts) if column in free] for total, parts in rows]
    totals = [total for total, _ in rows]
    of: dict[int, list[int]] = defaultdict(list)
    counts = [len(columns) for columns in open_rows]
    for at, columns in enumerate(open_rows):
        for column in columns:
            of[column].append(at)
    waiting = [at for at, count in enumerate(counts) if count == 1]
    fixed: set[int] = set()
    while waiting:
        for column in open_rows[waiting.pop()]:
            if column in fixed:
                continue
            fixed.add(column)
            for at in of[column]:
                counts[at] -= 1
                if counts[at] == 1:
                    waiting.append(at)
    left: list[Row] = []
    for total, columns in zip(totals, open_rows, strict=True):
        kept = [column for column in columns if column not in fixed]
        if kept:
            left.append((total, kept))
    return left, fixed


def _blocks(rows: Sequence[Row], free: set[int]) -> list[tuple[list[int], list[Row]]]:
    """The columns that hang together, with their rows; the smallest column of a block decides its place."""
    leader = {column: column for column in free}

    def lead(column: int) -> int:
        while leader[column] != column:
            leader[column] = leader[leader[column]]
            column = leader[column]
        return column

    for _, columns in rows:
        first = lead(columns[0])
        for column in columns[1:]:
            leader[lead(column)] = first
    members: dict[int, list[int]] = defaultdict(list)
    for column in sorted(free):
        members[lead(column)].append(column)
    own: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        own[lead(row[1][0])].append(row)
    return [(columns, own[first]) for first, columns in members.items()]


def _bound(
    demand: Demand, block: _Block, *, thorough: bool, check: Callable[[], None]
) -> tuple[dict[int, tuple[float, float]], int]:
    """Push every hidden figure of a block as far down and up as the published figures let it go.

    Each program moves the whole block, so that one solution shows how far many figures can go. Returns the
    bounds, and how many programs it took.
    """
    tables, quantity, columns = demand.tables, block.quantity, block.columns
    place = {column: at for at, column in enumerate(columns)}
    unit, free = tables.units[quantity], tables.free(quantity)
    figures = tables.figures[quantity][columns]
    lower = tables.lowest(quantity)[columns]
    upper = np.full(len(columns), free)
    nothing = len(columns)  # stands for a total that is published: it does not move
    shape = [
        (place[total], [place[part] for part in parts if part != total])
        if total in place and total in parts
        else (nothing, [place[part] for part in parts])
        for total, parts in block.rows
    ]
    program = Program(
        shape, np.append(lower, 0.0), np.append(upper, 0.0), np.zeros(nothing + 1), strategy=PRIMAL
    )
    down, up = np.zeros(nothing), np.zeros(nothing)
    for column in block.aims:
        at = place[column]
        for sign, ends in ((1.0, down), (-1.0, up)):
            limit = lower[at] if sign > 0 else upper[at]
            if abs(ends[at] - limit) <= _FINE:
                continue
            if not thorough:
                low, high = figures[at] + down[at] * unit, figures[at] + up[at] * unit
                if demand.holds(column, quantity, low, high):
                    break
            check()
            program.price(at, sign)
            moved = program.cheapest()
            program.price(at, 0.0)
            if moved is None:
                raise ArithmeticError("figures that add up cannot contradict each other")
            np.minimum(down, moved[:nothing], out=down)
            np.maximum(up, moved[:nothing], out=up)
    bounds = {}
    for column in block.aims:
        at = place[column]
        highest = math.inf if up[at] >= free * (1 - _FINE) else float(figures[at] + up[at] * unit)
        bounds[column] = (float(figures[at] + down[at] * unit), highest)
    return bounds, program.solved
