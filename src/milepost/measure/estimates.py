"""From what cells and sampling units hold to estimates: values, errors, intervals, and why there is none."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import numpy as np

from milepost.measure import intervals, sampling, scan
from milepost.measure.counting import Counted, Part, Sampled, alone, numbers, position, table_of
from milepost.measure.cube import Cube
from milepost.measure.methods import METHODS
from milepost.measure.sampling import Spread
from milepost.measure.task import Source, Task
from milepost.values import Estimate, Origin, Problem
from milepost.values.estimate import ALL, MISSING, UNRELIABLE

_REPLICATES = 40  # columns of replicate weights summed in one pass


@dataclass(frozen=True)
class Values:
    """The value of every cell (nan: none), and its linearisation: z = a y - b x."""

    value: np.ndarray
    a: np.ndarray
    b: np.ndarray
    reason: np.ndarray
    """Why there is no value, or ""."""


Estimator = Callable[[Task, Counted], Values]
"""How the cells' sums become values."""


def ratio_of_sums(task: Task, counted: Counted) -> Values:
    """Y / X, or Y alone where the method has no x; in the units of the value per 1."""
    return ratio(counted.wy, counted.wx, counted.n)


def ratio(wy: np.ndarray, wx: np.ndarray | None, n: np.ndarray) -> Values:
    """Y / X of every cell, or Y alone without an X."""
    reason = np.where(n == 0, "no-rows", "")
    if wx is None:
        return Values(np.where(n == 0, np.nan, wy), np.ones(len(wy)), np.zeros(len(wy)), reason)
    reason = np.where((n > 0) & (wx == 0), "zero-denominator", reason)
    with np.errstate(invalid="ignore", divide="ignore"):
        value = np.where(reason == "", wy / wx, np.nan)
        a = np.where(reason == "", 1 / wx, 0.0)
    return Values(value, a, np.where(reason == "", a * value, 0.0), reason)


def replicated_by_weights(task: Task, counted: Counted, estimator: Estimator) -> Spread:
    """The spread of every cell by its replicate weights; degrees of freedom: the replicates less one."""
    replication = scan.design_of(task).replication
    assert replication is not None
    made, count_, prepared = counted.cube, len(replication.columns), counted.prepared
    frame = prepared.used
    frame = frame.with_columns(cell=position(prepared, counted.dimensions, made.shape))
    estimates = []
    for first in range(0, count_, _REPLICATES):
        some = range(first, min(count_, first + _REPLICATES))
        sums = {f"y{at}": (nw.col(f"wr{at}") * nw.col("y")).sum() for at in some}
        if counted.wx is not None:
            sums |= {f"x{at}": (nw.col(f"wr{at}") * nw.col("x")).sum() for at in some}
        found = table_of(prepared.opened, frame.group_by("cell").agg(**sums))
        address = made.addresses(numbers(found, "cell").astype(np.int64))
        zeros = np.zeros(len(address), dtype=np.int64)
        for at in some:
            wy = made.totals(zeros, address, numbers(found, f"y{at}").astype(float), 1)[:, 0]
            wx = None
            if counted.wx is not None:
                wx = made.totals(zeros, address, numbers(found, f"x{at}").astype(float), 1)[:, 0]
            estimates.append(estimator(task, replace(counted, wy=wy, wx=wx)).value)
    variance = sampling.replicated(np.array(estimates), replication)
    return Spread(variance, np.full(len(made.cells), count_ - 1))


def largest_of(task: Task, counted: Counted) -> dict[int, tuple[float, ...]]:
    """{cell: the largest single contributions |w y| to it, largest first}, as many as the task asks for."""
    made, prepared = counted.cube, counted.prepared
    frame = prepared.used
    frame = frame.select(
        cell=position(prepared, counted.dimensions, made.shape), part=(nw.col("w") * nw.col("y")).abs()
    )
    rank = nw.col("part").rank("ordinal", descending=True).over("cell")
    found = table_of(prepared.opened, frame.with_columns(rank=rank).filter(nw.col("rank") <= task.largest))
    part = numbers(found, "part").astype(float)
    order = np.argsort(-part, kind="stable")
    part, finest = part[order], numbers(found, "cell").astype(np.int64)[order]
    at = np.searchsorted(made.finest, finest)
    largest: dict[int, tuple[float, ...]] = {}
    for target in made.targets:
        cells = target[at]
        together = np.argsort(cells, kind="stable")  # largest first within each cell
        edges = np.flatnonzero(np.diff(cells[together])) + 1
        for group in np.split(together, edges):
            if len(group):
                largest[int(cells[group[0]])] = tuple(part[group[: task.largest]].tolist())
    return largest


@dataclass(frozen=True)
class Made:
    """All that estimates are written from, one entry a cell."""

    counted: Counted
    values: Values
    spread: Spread | None
    largest: Mapping[int, tuple[float, ...]]


def estimates_of(task: Task, made: Made, tables: Sequence[Sequence[str]]) -> tuple[Estimate, ...]:
    """Every cell as an estimate, in the order of the tables and of their categories."""
    counted, simple = made.counted, _simple(made.counted, made.values)
    return tuple(
        _estimate(task, made, breakdown, cell, float(simple[cell]))
        for breakdown, cell in ordered(task, counted.cube, counted.dimensions, tables)
    )


def ordered(
    task: Task, made: Cube, dimensions: Sequence[scan.Dimension], tables: Sequence[Sequence[str]]
) -> list[tuple[dict[str, str], int]]:
    """(breakdown, cell) of every cell: table by table, totals before parts, categories in their order; a
    breakdown names every dimension of the task."""
    codes = made.codes()
    last = np.array([length - 1 for length in made.shape], dtype=np.int64)
    rank = np.where(codes == last, -1, codes) if codes.shape[1] else codes
    broken = codes != last if codes.shape[1] else codes.astype(bool)
    found: list[tuple[dict[str, str], int]] = []
    seen = np.zeros(len(codes), dtype=bool)
    names = [dimension.name for dimension in dimensions]
    base = dict.fromkeys(task.by, ALL)
    for table in tables or ((),):
        axes = [names.index(name) for name in table]
        others = [axis for axis in range(len(names)) if axis not in axes]
        chosen = np.flatnonzero(~seen & ~broken[:, others].any(axis=1))
        seen[chosen] = True
        if axes:
            chosen = chosen[np.lexsort([rank[chosen, axis] for axis in reversed(axes)])]
        for cell in chosen.tolist():
            breakdown = dict(base)
            for axis in axes:
                if broken[cell, axis]:
                    breakdown[names[axis]] = dimensions[axis].categories[codes[cell, axis]]
            found.append((breakdown, cell))
    return found


def _simple(counted: Counted, values: Values) -> np.ndarray:
    """The variance that a simple random sample of the same size, drawn with replacement, would have: what a
    design effect is measured by (Kish's deft squared). It needs no size of the population."""
    a, b = values.a, values.b
    squares, sum_ = a * a * counted.wyy, a * counted.wy
    if counted.wx is not None:
        assert counted.wxy is not None and counted.wxx is not None
        squares = squares - 2 * a * b * counted.wxy + b * b * counted.wxx
        sum_ = sum_ - b * counted.wx
    with np.errstate(invalid="ignore", divide="ignore"):
        about = squares - sum_ * sum_ / counted.w
        return np.where(counted.n > 1, counted.w * about / (counted.n - 1), np.nan)


def _estimate(task: Task, made: Made, breakdown: dict[str, str], cell: int, simple: float) -> Estimate:
    """One cell; `simple` is the variance that a simple random sample would have."""
    counted, values, spread, method = made.counted, made.values, made.spread, METHODS[task.method]
    excluded = counted.excluded_of(cell)
    n, per = int(counted.persons[cell]), float(task.options.get("per", 1))
    reason = str(values.reason[cell])
    weight = scan.design_of(task).weight
    if (method.complete or alone(task)) and set(excluded) - {f"not-positive:{weight}"}:
        reason = "incomplete"
    if reason:
        return Estimate(breakdown, n=n, status=MISSING, reason=reason, excluded=excluded)
    share = float(values.value[cell])
    sums = {"numerator": twelve(counted.wy[cell])}
    if counted.wx is not None:
        sums["denominator"] = twelve(counted.wx[cell])
    error = error_of(spread, cell)
    interval = None
    if error is not None and spread is not None:
        between = intervals.logit if method.share else intervals.symmetric
        interval = between(share, error, int(spread.freedom[cell]), task.confidence)
    cv = abs(error / share) if error is not None and share else None
    return Estimate(
        breakdown,
        value=twelve(share * per),
        se=None if error is None else twelve(error * per),
        ci_low=None if interval is None else twelve(interval[0] * per),
        ci_high=None if interval is None else twelve(interval[1] * per),
        cv=None if cv is None else twelve(cv),
        deff=twelve(error * error / simple) if error is not None and simple > 0 else None,
        n=n,
        status=status_of(task, n, cv),
        excluded=excluded,
        sums=sums,
        largest=made.largest.get(cell, ()),
    )


def twelve(number: float) -> float:
    """A number to 12 significant digits: what engines that add in another order agree on."""
    return float(f"{number:.12g}")


def error_of(spread: Spread | None, cell: int) -> float | None:
    """The standard error of a cell; None without a design, and where nothing can be said: a cell that lies in
    one unit of each stratum shows no differences, which is not the same as having none."""
    if spread is None:
        return None
    variance = float(spread.variance[cell])
    if not math.isfinite(variance) or variance < 0:
        return None
    if variance == 0 and spread.freedom[cell] < 1:
        return None
    return math.sqrt(variance)


def status_of(task: Task, n: int, cv: float | None) -> str:
    """ "A", or UNRELIABLE where the office's thresholds say so."""
    least, most = task.reliability.minimum_n, task.reliability.maximum_cv
    if (least is not None and n < least) or (most is not None and cv is not None and cv > most):
        return UNRELIABLE
    return "A"


def described(task: Task, sampled: Sampled | None) -> dict[str, Any]:
    """What the errors rest on, in words and numbers."""
    design = scan.design_of(task)
    if design.replication:
        return {
            "method": design.replication.kind,
            "replicates": len(design.replication.columns),
            "about": "mean of the replicates",
            "confidence": task.confidence,
        }
    if sampled is None:
        return {"method": "none"}
    units = sampled.units
    return {
        "method": "taylor",
        "strata": len(units.size),
        "psus": int(units.size.sum()),
        "units": "psu" if design.psu else "row",
        "lonely": int(units.lonely.sum()),
        "rule": design.lonely,
        "fpc": design.fpc is not None,
        "freedom": int(units.size.sum()) - len(units.size),
        "interval": "logit" if METHODS[task.method].share else "t",
        "deff": "against simple random sampling with replacement",
        "confidence": task.confidence,
    }


def notes_of(task: Task, source: Source, part: Part) -> tuple[Problem, ...]:
    """What a person should know of a measurement that is no fault."""
    place, notes = Origin(source.place), []
    weight = scan.design_of(task).weight
    if part.used == 0:
        notes.append(Problem("domain-empty", place, {"rows": part.rows}))
    for reason, code in ((f"no-{weight}", "weight-blank"), (f"not-positive:{weight}", "weight-zero")):
        if weight and (rows := part.excluded.get(reason)):
            notes.append(
                Problem(code, Origin(source.place, column=weight), {"column": weight, "count": rows})
            )
    if METHODS[task.method].sampled and not task.design.has_errors:
        notes.append(Problem("no-design", place, {}))
    return tuple(notes)
