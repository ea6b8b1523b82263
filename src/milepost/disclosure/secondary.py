"""Which safe cells must be hidden as well, so that the margins do not give the unsafe ones away.

For each cell to be protected, a linear program finds the cheapest way to move it as far as wanted while all
margins go on adding up; what moves must be hidden. (Linear programming for complementary suppression: J. P.
Kelly, B. L. Golden, A. A. Assad, "Cell suppression: disclosure protection for sensitive tabular data",
Networks 22, 1992.) Whether the result holds is for the audit alone to say.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

import numpy as np

from milepost.disclosure.audit import Gap
from milepost.disclosure.programs import DUAL, Program
from milepost.disclosure.tables import Tables

_HIDDEN_ALREADY = 1e-3
"""What it costs to move a hidden cell, of what it would cost to hide it."""
_PER_LEVEL = 4.0
"""How much dearer a margin is than the cells it is the margin of."""
_WHOLE = 1000.0
"""How much dearer the figure over everything is."""
_MOVED = 1e-6


class Pattern:
    """The hidden cells, each with the cells it protects, while they are being chosen."""

    def __init__(self, tables: Tables, hidden: Iterable[int], known: Iterable[int]):
        self.tables = tables
        self.protects: dict[int, list[int]] = {column: [] for column in hidden}
        self.known = frozenset(known)
        self._printed = np.array([kind == "cell" for kind in tables.kinds])
        self._weights = _weights(tables)
        self._programs: dict[str, Program] = {}
        self._priced: dict[str, set[int]] = {}

    @property
    def solved(self) -> int:
        """How many linear programs it took."""
        return sum(program.solved for program in self._programs.values())

    def protect(self, gap: Gap) -> bool:
        """Hide what it takes to let a figure move as far as it needs to; False where nothing can do that."""
        moves = self._moves(gap)
        if moves is None:
            return False
        for column in moves:
            protected = self.protects.setdefault(column, [])
            if column != gap.column and gap.column not in protected:
                protected.append(gap.column)
        return True

    def thin_out(self, gaps: Sequence[Gap], first: Iterable[int], check: Callable[[], None]) -> None:
        """Choose once more, last to first, from what is hidden alone: what nobody needs any more is shown."""
        chosen = dict(self.protects)
        self.protects = {column: [] for column in first}
        for quantity in self._programs:
            self._reset(quantity, allowed=chosen)
        for gap in reversed(gaps):
            check()
            if not self.protect(gap):
                self.protects = chosen
                break
        for quantity in self._programs:
            self._reset(quantity, allowed=None)

    def _moves(self, gap: Gap) -> list[int] | None:
        """The printed cells that have to move with a figure: upwards, and downwards for what is left."""
        quantity, column = gap.quantity, gap.column
        program = self._program(quantity)
        width = len(self.tables.keys)
        need = gap.need / self.tables.units[quantity]
        down = max(0.0, -float(self.tables.lowest(quantity)[column]))
        found: set[int] = set()
        for column_of_move, most in ((column, self.tables.free(quantity)), (column + width, down)):
            if need <= _MOVED:
                break
            other = 2 * column + width - column_of_move
            program.bound(other, 0, 0)
            moved, reached = self._move(program, quantity, column_of_move, min(need, most))
            program.bound(column_of_move, 0, most)
            program.bound(other, 0, down if other > column else self.tables.free(quantity))
            if moved is not None:
                sizes = moved[:width] + moved[width:]
                found |= set(np.flatnonzero(self._printed & (sizes > _MOVED * max(reached, _MOVED))).tolist())
                need -= reached
        return sorted(found) if need <= _MOVED else None

    def _move(
        self, program: Program, quantity: str, column: int, need: float
    ) -> tuple[np.ndarray | None, float]:
        """The cheapest movement that brings a column as far as it needs to go, or as far as it can."""
        self._price_hidden(program, quantity)
        program.bound(column, need, need)
        moved = program.cheapest()
        if moved is not None:
            return moved, need
        program.bound(column, 0, need)
        costs = np.zeros(2 * len(self.tables.keys))
        costs[column] = -1
        program.prices(costs)
        farthest = program.cheapest()
        reached = 0.0 if farthest is None else float(farthest[column]) * (1 - _MOVED)
        self._priced[quantity] = set()
        program.prices(np.tile(self._weights, 2))
        self._price_hidden(program, quantity)
        if reached <= _MOVED:
            return None, 0.0
        program.bound(column, reached, reached)
        return program.cheapest(), reached

    def _price_hidden(self, program: Program, quantity: str) -> None:
        """What is hidden already moves at next to no cost."""
        priced = self._priced[quantity]
        width = len(self.tables.keys)
        for column in self.protects.keys() - priced:
            cheap = float(self._weights[column]) * _HIDDEN_ALREADY
            program.price(column, cheap)
            program.price(column + width, cheap)
            priced.add(column)

    def _program(self, quantity: str) -> Program:
        if quantity not in self._programs:
            upper = self._limits(quantity, None)
            self._programs[quantity] = Program(
                self.tables.rows[quantity],
                np.zeros(len(upper)),
                upper,
                np.tile(self._weights, 2),
                strategy=DUAL,
                split=True,
            )
            self._priced[quantity] = set()
        return self._programs[quantity]

    def _limits(self, quantity: str, allowed: Mapping[int, object] | None) -> np.ndarray:
        """How far up, then how far down, each column may move; what is known to the attacker stays."""
        down = np.maximum(0.0, -self.tables.lowest(quantity))
        up = np.full(len(down), self.tables.free(quantity))
        stays = np.array([kind == "previous" for kind in self.tables.kinds])
        stays[list(self.known)] = True
        if allowed is not None:
            stays |= self._printed & ~np.isin(np.arange(len(down)), list(allowed))
        up[stays] = down[stays] = 0
        return np.concatenate([up, down])

    def _reset(self, quantity: str, allowed: Mapping[int, object] | None) -> None:
        program = self._programs[quantity]
        for column, limit in enumerate(self._limits(quantity, allowed)):
            program.bound(column, 0, float(limit))
        program.prices(np.tile(self._weights, 2))
        self._priced[quantity] = set()


def _weights(tables: Tables) -> np.ndarray:
    """What it costs to hide each cell: small and finely broken down cells first, the whole last.

    What nobody prints costs next to nothing; the cost itself keeps the programs from moving it needlessly.
    """
    sizes = np.abs(tables.scaled(next(iter(tables.figures))))
    levels = np.array([len(tables.crossing(column)) for column in range(len(tables.keys))])
    weights = np.log2(2 + sizes) * _PER_LEVEL ** (levels.max(initial=0) - levels)
    weights[levels == 0] *= _WHOLE
    printed = np.array([kind in ("cell", "previous") for kind in tables.kinds])
    weights[~printed] = 1e-3
    return weights
