"""Estimates as a textbook would make them: loops over rows, no arrays. What every engine must agree with."""

import itertools
import math
from collections.abc import Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
ALL = "_T"


def cube(rows: Sequence[Row], dimensions: Sequence[str]) -> dict[tuple[str, ...], list[Row]]:
    """{categories, one for each dimension and "_T" for all: the rows of that cell}."""
    cells: dict[tuple[str, ...], list[Row]] = {(ALL,) * len(dimensions): list(rows)}
    for kept in itertools.product([True, False], repeat=len(dimensions)):
        for row in rows:
            key = tuple(
                row[name] or "_U" if keep else ALL for name, keep in zip(dimensions, kept, strict=True)
            )
            if any(kept):
                cells.setdefault(key, []).append(row)
    return cells


def ratio(rows: Sequence[Row]) -> float | None:
    """The sum of w y over the sum of w x."""
    below = math.fsum(row["w"] * row["x"] for row in rows)
    return math.fsum(row["w"] * row["y"] for row in rows) / below if below else None


def variance(
    sample: Sequence[Row],
    inside: Sequence[Row],
    *,
    value: float,
    total: bool = False,
    lonely: str = "certainty",
) -> float | None:
    """The variance of a ratio (or a total) of the rows inside a cell, linearised over the whole sample."""
    below = 1.0 if total else math.fsum(row["w"] * row["x"] for row in inside)
    members = {id(row) for row in inside}
    z: dict[Any, dict[Any, float]] = {}
    held: dict[Any, set[Any]] = {}
    for number, row in enumerate(sample):
        unit = row.get("psu", number)
        units = z.setdefault(row.get("stratum"), {})
        units.setdefault(unit, 0.0)
        if id(row) in members:
            residual = row["y"] if total else row["y"] - value * row["x"]
            units[unit] += row["w"] * residual / below
            held.setdefault(row.get("stratum"), set()).add(unit)
    summed, alone = 0.0, 0
    everybody = [total_ for stratum in z.values() for total_ in stratum.values()]
    count = sum(len(units) for units in held.values())
    for stratum, units in z.items():
        n = len(units)
        if n > 1:
            middle = math.fsum(units.values()) / n
            summed += n / (n - 1) * math.fsum((one - middle) ** 2 for one in units.values())
        elif stratum in held:
            alone += 1
            if lonely == "centre":
                [one] = units.values()
                summed += (one - math.fsum(everybody) / count) ** 2
    if lonely == "average" and alone:
        if alone == len(held):
            return None
        summed *= len(held) / (len(held) - alone)
    return summed


def freedom(inside: Sequence[Row]) -> int:
    """Sampling units that the cell has, less the strata that it has."""
    units = {(row.get("stratum"), row.get("psu", id(row))) for row in inside}
    return len(units) - len({row.get("stratum") for row in inside})
