"""Sampling errors: from the totals of sampling units to the variance of every cell.

For a ratio R = Y/X the variance is that of the total of its linearised values z = (y - R x) / X; in general
z = a y - b x with an a and a b of each cell (a total: a = 1, b = 0). Over the strata h, with n_h sampling
units of which the fraction f_h was drawn, V = sum of (1 - f_h) n_h / (n_h - 1) times the sum of squares of
the units' totals of z about their mean. n_h counts every unit of the stratum, also those with nobody in the
cell: their total is 0. Wolter, Introduction to Variance Estimation (2007), 1.4, 6.5; Lumley, Complex Surveys
(2010), 2.

A stratum of one unit has no such sum ("lonely"): "certainty" takes it as 0; "average" as the mean of the
other strata that the cell has; "centre" takes the square of its distance from the mean of all units that
the cell has (R's survey package calls the last two "average" and "adjust").
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from milepost.measure.cube import Cube
from milepost.measure.task import Replication

Floats = np.ndarray

_UNITS_AT_ONCE = 50


@dataclass(frozen=True)
class Units:
    """The sampling units of the whole sample, sorted by stratum: `stratum` gives the stratum of each, `size`
    how many units each stratum has, `drawn` which fraction of its units was drawn (0: of infinitely many)."""

    stratum: np.ndarray
    size: np.ndarray
    drawn: np.ndarray

    @property
    def lonely(self) -> np.ndarray:
        """Which strata have one unit only; one that was drawn completely has no variance anyway."""
        return (self.size == 1) & (self.drawn < 1)


@dataclass(frozen=True)
class Sums:
    """Sums over rows, one entry for each combination of a unit and a finest cell that occurs.

    `wy` and `wx` are sums of w·y and w·x. Where every row is a unit of its own, `unit` is the stratum, and
    `n`, `wwyy`, `wwxy`, `wwxx` hold the number of rows and the sums of their squares and products.
    """

    unit: np.ndarray
    address: np.ndarray
    wy: Floats
    wx: Floats | None
    n: np.ndarray | None = None
    wwyy: Floats | None = None
    wwxy: Floats | None = None
    wwxx: Floats | None = None
    below: Callable[[slice | np.ndarray, Floats, np.ndarray, int], Floats] | None = None
    """Adds up y instead of `Cube.totals`, where y depends on the breakdown: (which entries, their values,
    their columns, how many columns) -> one row a cell. A quantile's y is 1 up to the cell's quantile."""


@dataclass(frozen=True)
class Spread:
    """What a design says of every cell: variance (nan: cannot be said), degrees of freedom (the units that
    the cell has less the strata that it has)."""

    variance: Floats
    freedom: np.ndarray


def taylor(cube: Cube, units: Units, sums: Sums, a: Floats, b: Floats, *, lonely: str) -> Spread:
    """The variance of every cell by linearisation, z = a y - b x, over the full design."""
    with np.errstate(invalid="ignore", divide="ignore"):
        factor = np.where(units.size > 1, (1 - units.drawn) * units.size / (units.size - 1), 0.0)
    work = _Work(cube, units, sums, a[:, None], b[:, None])
    collected = _rows_as_units(work, factor) if sums.n is not None else _units(work, factor)
    variance, held, strata, alone = collected.variance, collected.units, collected.strata, collected.alone
    if lonely == "average":
        others = strata - alone
        with np.errstate(invalid="ignore", divide="ignore"):
            variance = np.where(alone > 0, variance * strata / others, variance)
        variance = np.where((alone > 0) & (others == 0), np.nan, variance)
    elif lonely == "centre" and collected.lonely.any():
        with np.errstate(invalid="ignore", divide="ignore"):
            middle = collected.z / held
        variance = variance + _centred(work, middle)
    return Spread(variance, held - strata)


@dataclass(frozen=True)
class _Work:
    """What an estimation of variance works on; a and b are columns, one row a cell."""

    cube: Cube
    units: Units
    sums: Sums
    a: Floats
    b: Floats
    places: np.ndarray | None = None
    """The places in `cube` of the finest cells that the addresses mean, where it is a part of the whole."""

    def addresses(self, part: slice | np.ndarray) -> np.ndarray:
        """The finest cells of some entries."""
        found = self.sums.address[part]
        return found if self.places is None else self.places[found]


@dataclass
class _Collected:
    variance: Floats
    z: Floats
    """The total of z over all units."""
    units: np.ndarray
    strata: np.ndarray
    alone: np.ndarray
    lonely: np.ndarray


def _nothing(work: _Work) -> _Collected:
    width = len(work.cube.cells)
    one, two, three = (np.zeros(width, dtype=np.int64) for _ in range(3))
    return _Collected(np.zeros(width), np.zeros(width), one, two, three, work.units.lonely)


def _units(work: _Work, factor: Floats) -> _Collected:
    """Units that are clusters: z of each by its totals of y and x, for some strata at a time."""
    units, sums, found = work.units, work.sums, _nothing(work)
    ends = np.cumsum(units.size)
    starts = ends - units.size
    stratum_of = units.stratum[sums.unit]
    told = _told_by(sums)
    for first, last in _strata(work):
        part = _between(stratum_of, first, last)
        near, cells = _narrowed(work, part)
        z, has = _linear(near, part, stratum_of[part] - first, last - first, told)
        found.z[cells] += z.sum(axis=1)
        found.strata[cells] += has.sum(axis=1)
        found.alone[cells] += has[:, units.lonely[first:last]].sum(axis=1)
        middle = z / units.size[first:last]
        begin, end = int(starts[first]), int(ends[last - 1])
        for here, there in near.cube.blocks(end - begin):
            inner = _between(sums.unit, begin + here, begin + there)
            columns = sums.unit[inner] - (begin + here)
            deviation, has = _linear(near, inner, columns, there - here, told)
            found.units[cells] += has.sum(axis=1)
            belongs = units.stratum[begin + here : begin + there]
            deviation -= middle[:, belongs - first]
            np.multiply(deviation, deviation, out=deviation)
            found.variance[cells] += deviation @ factor[belongs]
    return found


def _strata(work: _Work) -> Iterator[tuple[int, int]]:
    """(first, last) of groups of neighbouring strata, each with some tens of units."""
    [*limits] = work.cube.blocks(len(work.units.size))
    most = limits[0][1] if limits else 1
    first, held = 0, 0
    for stratum, size in enumerate(work.units.size.tolist()):
        held += size
        if held >= _UNITS_AT_ONCE or stratum + 1 - first >= most or stratum + 1 == len(work.units.size):
            yield first, stratum + 1
            first, held = stratum + 1, 0


def _narrowed(work: _Work, part: slice) -> "tuple[_Work, np.ndarray]":
    """(the work on the cells alone that these entries belong to, which of all cells these are)."""
    if work.sums.below is not None:  # which knows all cells only
        return work, np.arange(len(work.cube.cells))
    narrow = work.cube.narrowed(work.sums.address[part])
    cells = narrow.cells
    near = replace(work, cube=narrow.cube, a=work.a[cells], b=work.b[cells], places=narrow.places)
    return near, cells


def _rows_as_units(work: _Work, factor: Floats) -> _Collected:
    """Rows that are units of their own: the sum of squares of z follows from those of y and x."""
    cube, units, sums, found = work.cube, work.units, work.sums, _nothing(work)
    a, b = work.a, work.b
    for first, last in cube.blocks(len(units.size)):
        part = _between(sums.unit, first, last)
        strata, address, count = sums.unit[part] - first, sums.address[part], last - first
        z, _ = _linear(work, part, strata, count)
        squares = a * a * _above(work, part, sums.wwyy, strata, count)
        if sums.wwxx is not None:
            squares -= 2 * a * b * _above(work, part, sums.wwxy, strata, count)
            squares += b * b * cube.totals(strata, address, _of(sums.wwxx, part), count)
        rows = cube.totals(strata, address, _of(sums.n, part), count)
        about = np.maximum(squares - z * z / np.maximum(units.size[first:last], 1), 0.0)
        found.variance += about @ factor[first:last]
        found.z += z.sum(axis=1)
        found.units += np.rint(rows.sum(axis=1)).astype(np.int64)
        found.strata += (rows > 0).sum(axis=1)
        found.alone += (rows > 0)[:, units.lonely[first:last]].sum(axis=1)
    return found


def _centred(work: _Work, middle: Floats) -> Floats:
    """What lonely strata add by the rule "centre": the square of z less the mean of all units."""
    cube, units, sums = work.cube, work.units, work.sums
    strata = sums.unit if sums.n is not None else units.stratum[sums.unit]
    chosen = np.flatnonzero(units.lonely)
    added = np.zeros(len(cube.cells))
    for first, last in cube.blocks(len(chosen)):
        part = np.flatnonzero(np.isin(strata, chosen[first:last]))
        columns = np.searchsorted(chosen[first:last], strata[part])
        z, has = _linear(work, part, columns, last - first)
        kept = 1 - units.drawn[chosen[first:last]]
        added += np.where(has, kept * (z - middle[:, None]) ** 2, 0.0).sum(axis=1)
    return added


def _linear(
    work: _Work, part: slice | np.ndarray, columns: np.ndarray, count: int, told: str | None = None
) -> tuple[Floats, np.ndarray]:
    """(a Y - b X, whether there is anybody) of every cell (rows) and `count` units or strata (columns)."""
    cube, sums = work.cube, work.sums
    address = work.addresses(part)
    z, x = _above(work, part, sums.wy, columns, count), None
    if sums.wx is not None:
        x = cube.totals(columns, address, sums.wx[part], count)
    if told is None:
        has = cube.totals(columns, address, None, count) > 0
    else:
        has = (z if told == "wy" or x is None else x) > 0
    z *= work.a
    if x is not None:
        x *= work.b
        z -= x
    return z, has


def _above(
    work: _Work, part: slice | np.ndarray, values: Floats | None, columns: np.ndarray, count: int
) -> Floats:
    """Totals of what is summed up of y."""
    chosen = _of(values, part)
    if work.sums.below is not None:
        return work.sums.below(part, chosen, columns, count)
    return work.cube.totals(columns, work.addresses(part), chosen, count)


def _told_by(sums: Sums) -> str | None:
    """Which sum is above 0 wherever there is anybody, so that nobody need be counted; None if neither is."""
    for name, values in (("wx", sums.wx), ("wy", sums.wy)):
        if values is not None and len(values) and float(values.min()) > 0:
            return name
    return None


def _between(ordered: np.ndarray, first: int, last: int) -> slice:
    """Where an ascending array lies in first <= value < last."""
    return slice(*np.searchsorted(ordered, (first, last)).tolist())


def _of(values: np.ndarray | None, part: slice | np.ndarray) -> Floats:
    assert values is not None  # both are there or neither
    return values[part].astype(float, copy=False)


def replicated(estimates: Floats, replication: Replication) -> Floats:
    """The variance of every cell from its estimates by each replicate weight, one row a replicate.

    Scale times the sum of rscale times the squared distance from the mean of the replicates. Jackknife
    without strata: scale (R - 1) / R; bootstrap and balanced repeated replication: 1 / R; a stratified
    jackknife brings the factor of each replicate. nan where a replicate has no estimate.
    """
    count = len(estimates)
    usual = {"jackknife": (count - 1) / count, "bootstrap": 1 / count, "brr": 1 / count}
    scale = replication.scale if replication.scale is not None else usual.get(replication.kind, 1.0)
    factors: Sequence[float] = replication.rscales or (1.0,) * count
    distance = estimates - estimates.mean(axis=0)
    return scale * (np.asarray(factors)[:, None] * distance * distance).sum(axis=0)
