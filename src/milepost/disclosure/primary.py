"""Which cells are unsafe by themselves, and why."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from milepost.disclosure.rules import Rules
from milepost.disclosure.tables import REST, Tables, unknown
from milepost.errors import refuse
from milepost.values import Estimate, Origin

FEW, DOMINANCE_P, DOMINANCE_NK = "few-respondents", "dominance-p", "dominance-nk"
UNANIMOUS, EMPTY, DIFFERENCE = "unanimous", "empty", "difference"


@dataclass(frozen=True, slots=True)
class Unsafe:
    """Why a cell is unsafe, and how far above its figure an attacker must have to look, by quantity."""

    reasons: tuple[str, ...]
    above: dict[str, float] = field(default_factory=dict)


def unsafe(cells: Sequence[Estimate], tables: Tables, rules: Rules) -> dict[int, Unsafe]:
    """The unsafe cells by column, in order; raises MilepostError where a rule lacks the figures it needs.

    A remainder of too few respondents is unsafe too, though nobody prints it: a margin less its printed
    parts gives it away ("difference").
    """
    found = {}
    share = REST in tables.figures
    for column, cell in enumerate(cells):
        if unknown(cell) or (cell.n is None and cell.value is None):  # nothing is printed of either
            continue
        reasons, above = [], {}
        if rules.minimum is not None and 0 < _respondents(cell) < rules.minimum:
            reasons.append(FEW)
        if not rules.show_empty and _respondents(cell) == 0:
            reasons.append(EMPTY)
        if rules.p_percent is not None and (short := _short_of_p(cell, rules.p_percent)) > 0:
            reasons.append(DOMINANCE_P)
            above["numerator"] = short
        if rules.n_k is not None and (short := _short_of_nk(cell, *rules.n_k)) > 0:
            reasons.append(DOMINANCE_NK)
            above["numerator"] = max(short, above.get("numerator", 0.0))
        if rules.unanimous and share and _is_unanimous(cell):
            reasons.append(UNANIMOUS)
        if reasons:
            found[column] = Unsafe(tuple(reasons), above)
    if rules.minimum is not None and "n" in tables.figures:
        for column, kind in enumerate(tables.kinds):
            if kind == "remainder" and 0 < round(tables.figures["n"][column]) < rules.minimum:
                found[column] = Unsafe((DIFFERENCE,))
    return found


def _respondents(cell: Estimate) -> int:
    if cell.n is None:
        raise refuse("respondents-missing", Origin("table"), cell=_in_words(cell))
    return cell.n


def _in_words(cell: Estimate) -> str:
    return ", ".join(f"{name} {category}" for name, category in cell.breakdown.items())


def _contributions(cell: Estimate, count: int) -> tuple[float, np.ndarray] | None:
    """The total of a cell and its largest contributions; None where there is nothing to dominate."""
    total = cell.sums.get("numerator")
    if total is None or total <= 0 or cell.n == 0:
        return None
    enough = len(cell.largest) >= count or (cell.n is not None and len(cell.largest) >= cell.n)
    if not enough:
        raise refuse("largest-missing", Origin("table"), cell=_in_words(cell), count=count)
    return total, np.array(cell.largest[:count])


def _short_of_p(cell: Estimate, percent: float) -> float:
    """How much more the others would have to contribute so that the largest is safe; at most 0 if it is."""
    known = _contributions(cell, 2)
    if known is None:
        return 0.0
    total, largest = known
    return percent / 100 * largest[0] - (total - largest.sum())


def _short_of_nk(cell: Estimate, count: int, percent: float) -> float:
    """How much larger the total would have to be so that the n largest are k % of it; at most 0 if it is."""
    known = _contributions(cell, count)
    if known is None:
        return 0.0
    total, largest = known
    short = largest.sum() * 100 / percent - total
    return short if short > 1e-9 * total else 0.0


def _is_unanimous(cell: Estimate) -> bool:
    numerator, denominator = cell.sums.get("numerator"), cell.sums.get("denominator")
    if numerator is None or not denominator:
        return False
    return numerator == 0 or numerator >= denominator * (1 - 1e-12)
