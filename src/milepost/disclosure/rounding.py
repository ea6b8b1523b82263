"""Rounding instead of hiding: every figure to the nearest multiple of a base, and an attack on the result.

The same figure is rounded the same way wherever it stands; margins are rounded by themselves, so that parts
need not add up to them. Only figures that add up can be rounded: the ratio of two rounded figures would not
be the rounded ratio, and a rounded ratio beside an exact count gives the exact figures away.
"""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from milepost.disclosure.audit import Demand
from milepost.disclosure.primary import EMPTY, Unsafe
from milepost.disclosure.programs import PRIMAL, Program
from milepost.disclosure.protocol import Hidden, Protocol
from milepost.disclosure.rules import Rules
from milepost.disclosure.tables import Tables, unknown
from milepost.errors import refuse
from milepost.values import Estimate, Origin

_FINE = 1e-6


def protect(
    cells: Sequence[Estimate],
    tables: Tables,
    wanted: Mapping[int, Unsafe],
    rules: Rules,
    check: Callable[[], None],
) -> tuple[tuple[Estimate, ...], Protocol]:
    """The cells rounded to the base of the rules, and the protocol of the attack on them.

    Errors of sampling are left out: value and standard error together give back the exact figure. Raises
    MilepostError for ratios and means, and where the margins still give an unsafe figure away.
    """
    base = rules.rounding or 1
    if any(not _adds_up(cell) for cell in cells):
        raise refuse("rounding-of-ratio", Origin("table"), base=base)
    demand = Demand(tables, wanted, rules)
    bounds, programs = _attack(cells, tables, wanted, base, check)
    for quantity, found in bounds.items():
        for column, (low, high) in found.items():
            if not _holds(demand, column, quantity, low, high):
                words = ", ".join(f"{name} {part}" for name, part in tables.breakdown(column).items())
                raise refuse("rounding-not-enough", Origin("table"), base=base, cell=words)
    hidden = tuple(
        Hidden(
            tables.breakdown(column),
            reason.reasons,
            bounds={quantity: found[column] for quantity, found in bounds.items()},
        )
        for column, reason in wanted.items()
    )
    protocol = Protocol(
        rules, len(cells), hidden, programs, 1, finest=tables.finest, loose=tables.loose, rounded=True
    )
    return tuple(_rounded(cell, base) for cell in cells), protocol


def nearest(figure: float, base: int) -> float:
    """The nearest multiple of the base; from the middle, the one above.

    >>> nearest(7, 5), nearest(2.5, 5), nearest(2, 5), nearest(-2.5, 5)
    (5.0, 5.0, 0.0, 0.0)
    """
    return float(base * math.floor(figure / base + 0.5))


def _adds_up(cell: Estimate) -> bool:
    """Whether the value is a count or a total, as its sums show; no value needs no rounding."""
    if cell.value is None:
        return True
    total = cell.sums.get("numerator")
    return total is not None and math.isclose(cell.value, total, rel_tol=1e-9, abs_tol=1e-12)


def _rounded(cell: Estimate, base: int) -> Estimate:
    if unknown(cell):
        return cell
    return Estimate(
        cell.breakdown,
        value=None if cell.value is None else nearest(cell.value, base),
        n=None if cell.n is None else int(nearest(cell.n, base)),
        status=cell.status,
        reason=cell.reason,
    )


def _attack(
    cells: Sequence[Estimate],
    tables: Tables,
    wanted: Mapping[int, Unsafe],
    base: int,
    check: Callable[[], None],
) -> tuple[dict[str, dict[int, tuple[float, float]]], int]:
    """(lowest, highest) of each unsafe figure that rounds as printed while everything adds up.

    The attacker knows the base, and that only figures from half a base below to half a base above (the
    middle itself rounds up) are printed as they are.
    """
    bounds: dict[str, dict[int, tuple[float, float]]] = {}
    programs = 0
    shown = np.array(
        [column < len(cells) and not unknown(cells[column]) for column in range(len(tables.keys))]
    )
    for quantity in ("n", "numerator"):
        if quantity not in tables.figures or not wanted:
            continue
        figures = tables.figures[quantity]
        printed = base * np.floor(figures / base + 0.5)
        low, high = printed - base / 2, printed + base / 2
        if quantity == "n":
            low, high = np.ceil(low - _FINE), np.ceil(high - _FINE) - 1
        low = np.where(shown, low, -np.inf)
        if figures.min() >= 0:
            low = np.maximum(low, 0)
        high = np.where(shown, high, np.inf)
        before = np.array([kind == "previous" for kind in tables.kinds])
        low, high = np.where(before, figures, low), np.where(before, figures, high)
        unit = tables.units[quantity]
        program = Program(
            tables.rows[quantity],
            np.minimum(low - figures, 0) / unit,
            np.maximum(high - figures, 0) / unit,
            np.zeros(len(figures)),
            strategy=PRIMAL,
        )
        bounds[quantity] = {}
        limit = tables.free(quantity)
        for column in wanted:
            check()
            ends = []
            for sign in (1.0, -1.0):
                far = (low if sign > 0 else high)[column]
                if math.isinf(far):
                    program.bound(column, -limit, limit)
                program.price(column, sign)
                moved = program.cheapest()
                program.price(column, 0.0)
                if moved is None:
                    raise ArithmeticError("figures that add up cannot contradict each other")
                ends.append(float(figures[column] + moved[column] * unit))
            bounds[quantity][column] = (ends[0], ends[1])
        programs += program.solved
    return bounds, programs


def _holds(demand: Demand, column: int, quantity: str, low: float, high: float) -> bool:
    """Whether the figure can be none or enough as well as too few, and a total far enough from itself."""
    reason, minimum = demand.wanted[column], demand.rules.minimum
    if quantity == "n":
        least, most = math.ceil(low - _FINE), math.floor(high + _FINE)
        known_to_be_few = minimum is not None and least > 0 and most < minimum
        return most > least and (reason.reasons == (EMPTY,) or not known_to_be_few)
    figure, unit = float(demand.tables.figures[quantity][column]), demand.tables.units[quantity]
    return high - low > _FINE * unit and high - figure >= reason.above.get(quantity, 0.0) * (1 - _FINE)
