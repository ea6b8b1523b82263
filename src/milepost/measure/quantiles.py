"""Weighted quantiles of every cell with their errors, exact, although nobody sorts the rows.

The value wanted is where the cumulated weight passes a share of the cell's weight; where it meets the share
exactly, the mean of that value and the next (`methods.quantile`). Values are put in bins on a logarithmic
scale, and the engine sums the weights of every finest cell by bin. Sums can be added up over all breakdowns,
which says for every cell in which bin its quantile lies. Those bins are split again, until they hold so few
rows that these can be looked at. So an engine only ever counts, however many rows there are.

The error is Woodruff's: the share p of the cell's weight at or below the quantile has a standard error like
any proportion, by the whole design; the interval is from the quantile at p - t se to that at p + t se, and
the standard error of the quantile is the interval's length over 2 t. A limit whose share lies below 0 or
above 1 does not exist, and without both limits there is no standard error. With replicate weights the
standard error of p is theirs (not that of the replicates' own quantiles, which jackknife weights do not give
rightly). R's survey package does the same (svyquantile, interval.type "mean", qrule "school"). There is no
design effect of a quantile. Woodruff (1952), JASA 47, 635-646.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import narwhals as nw
import numpy as np
import pyarrow as pa

from milepost.measure import intervals, sampling, scan
from milepost.measure.counting import (
    Counted,
    Part,
    Sampled,
    arrow,
    counted_by_unit,
    joined,
    keys_of,
    parts_of,
    position,
    table_of,
    units_of,
)
from milepost.measure.counting import numbers as array_of
from milepost.measure.cube import Cube
from milepost.measure.engine import Opened, Progress
from milepost.measure.estimates import described, error_of, largest_of, notes_of, ordered, status_of, twelve
from milepost.measure.sampling import Spread, Sums
from milepost.measure.scan import Prepared, share_of
from milepost.measure.task import Measured, Source, Task
from milepost.values import Estimate
from milepost.values.estimate import MISSING

MOST_BINS = 2**21
"""How many sums of weights one pass of the engine may yield."""

FEW_ROWS = 8_000_000
"""Bins are split no more once all cells together look at so few rows, each for every subset of dimensions."""

EXACT = 1e-12
"""How near, of the weight wanted, the cumulated weight meets it exactly (as `methods.quantile` says)."""

_FINE = 36  # the finest bins divide a doubling of a value into 2**36 parts
_BITS = 12  # no bin is split into more than 2**12 parts at once
_AT_ONCE = 64  # subsets of dimensions with whose quantiles one pass compares every row
_REPLICATES = 40  # columns of replicate weights summed in one pass

Floats = np.ndarray


def estimate(task: Task, source: Source, prepared: Prepared, *, engine: str, progress: Progress) -> Measured:
    """Measure the quantile that the task asks for, in every cell of its tables; faults are those of `run`."""
    parts = [
        _part(task, source, prepared, tables=tables, progress=progress) for tables in parts_of(task, prepared)
    ]
    progress("measure", 4, 4)
    cells = {estimate.key: estimate for part in reversed(parts) for estimate in part.cells}
    order = dict.fromkeys(estimate.key for part in parts for estimate in part.cells)
    design = described(task, parts[0].sampled)
    return Measured(
        task=task,
        cells=tuple(cells[key] for key in order),
        rows=parts[0].rows,
        used=parts[0].used,
        engine=engine,
        excluded=parts[0].excluded,
        design=design if design["method"] == "none" else {**design, "interval": "woodruff", "deff": "none"},
        notes=notes_of(task, source, parts[0]),
    )


def _part(
    task: Task,
    source: Source,
    prepared: Prepared,
    *,
    tables: Sequence[Sequence[str]],
    progress: Progress,
) -> Part:
    counted = replace(counted_by_unit(prepared, task, source, tables), sums=None)
    prepared, opened = counted.prepared, prepared.opened
    progress("measure", 2, 4)
    share = share_of(task)
    assert share is not None
    rows = opened.aside(_rows(task, prepared, counted))
    finder = _Finder(opened, rows, counted.cube, int(counted.n[counted.cube.whole]))
    values = finder.quantiles(np.where(counted.n > 0, share, np.nan)[None])[0]
    progress("measure", 3, 4)
    errors = _errors(task, opened, rows, counted, finder=finder, values=values)
    largest = largest_of(task, counted) if task.largest else {}
    return Part(
        cells=tuple(
            _estimate(
                task,
                breakdown,
                cell,
                counted,
                value=float(values[cell]),
                errors=errors,
                largest=largest.get(cell, ()),
            )
            for breakdown, cell in ordered(task, counted.cube, counted.dimensions, tables)
        ),
        rows=counted.rows,
        used=int(counted.n[counted.cube.whole]),
        excluded=counted.excluded_of(counted.cube.whole),
        sampled=counted.sampled,
    )


def _rows(task: Task, prepared: Prepared, counted: Counted) -> nw.LazyFrame:
    """The rows that are used, with what a quantile needs of them and no more."""
    design = scan.design_of(task)
    kept = [name for name in ("stratum", "psu") if getattr(design, name) and not design.replication]
    kept += [f"wr{number}" for number in range(len(design.replication.columns) if design.replication else 0)]
    cell = position(prepared, counted.dimensions, counted.cube.shape)
    rows = prepared.frame if counted.whole_file else prepared.used
    return rows.select(*kept, "y", "w", cell=cell)


def _estimate(
    task: Task,
    breakdown: dict[str, str],
    cell: int,
    counted: Counted,
    *,
    value: float,
    errors: "_Errors | None",
    largest: tuple[float, ...],
) -> Estimate:
    n, excluded = int(counted.n[cell]), counted.excluded_of(cell)
    if n == 0:
        return Estimate(breakdown, n=0, status=MISSING, reason="no-rows", excluded=excluded)
    per = float(task.options.get("per", 1))
    low, high, error = (None, None, None) if errors is None else errors.of(cell)
    cv = abs(error / value) if error is not None and value else None
    return Estimate(
        breakdown,
        value=twelve(value * per),
        se=None if error is None else twelve(error * per),
        ci_low=None if low is None else twelve(low * per),
        ci_high=None if high is None else twelve(high * per),
        cv=None if cv is None else twelve(cv),
        n=n,
        status=status_of(task, n, cv),
        excluded=excluded,
        sums={"numerator": twelve(counted.wy[cell]), "denominator": twelve(counted.w[cell])},
        largest=largest,
    )


# Values


@dataclass(frozen=True)
class _Group:
    """One subset of the dimensions: the finest cells in the order of the cells they belong to (`cells`), each
    of which begins at one of `starts`; `of` says for every finest cell, so ordered, to which it belongs."""

    order: np.ndarray
    starts: np.ndarray
    cells: np.ndarray
    of: np.ndarray


def _groups(cube: Cube) -> list[_Group]:
    groups = []
    for target in cube.targets:
        order = np.argsort(target, kind="stable")
        of = target[order]
        starts = np.flatnonzero(np.diff(of, prepend=-1))
        groups.append(_Group(order, starts, of[starts], of))
    return groups


@dataclass(frozen=True)
class _Search:
    """How far the search has come: for what is wanted of every cell (one row for each thing wanted), the bin
    in which it lies, and how much of the cell's weight lies below. A bin is 2**shift of the finest wide."""

    shift: int
    bin: np.ndarray
    below: Floats


@dataclass(frozen=True)
class _Bins:
    """The bins in which something is wanted, each in one finest cell: bin i is number `bin[i]` in the finest
    cell `finest[i]`. `numbers[slot][group]` gives i for every finest cell of a group, in its order."""

    finest: np.ndarray
    bin: np.ndarray
    numbers: list[list[np.ndarray]]


class _Finder:
    """Finds the values at which cumulated weights reach what is wanted, for all cells at once."""

    def __init__(self, opened: Opened, rows: nw.LazyFrame, cube: Cube, used: int):
        self._opened, self._cube, self._used = opened, cube, used
        self._groups = _groups(cube)
        self._type = np.int32 if rows.collect_schema()["cell"] == nw.Int32 else np.int64
        self._first: tuple[Floats, np.ndarray] | None = None
        self._all: tuple[np.ndarray, Floats, Floats] | None = None
        if used:
            least, lowest, highest = _ends(opened, rows)
            low, high = _scaled(lowest, least) - 1e-6, _scaled(highest, least) + 1e-6
            self._bits = _FINE + math.ceil(math.log2(high - low + 1))
            self._rows = rows.with_columns(scale=_scale(least) - nw.lit(low))

    def quantiles(self, shares: Floats) -> Floats:
        """The quantiles of every cell (columns) at the shares of its weight given; nan where these are."""
        if not self._used or not np.isfinite(shares).any():
            return np.full(shares.shape, np.nan)
        wanted = np.repeat(np.nan_to_num(shares, nan=0.5), 2, axis=0)
        wanted[0::2] *= 1 - EXACT
        wanted[1::2] *= 1 + EXACT
        values = self._values(wanted)
        reached, passed = values[0::2], values[1::2]
        found = np.where(reached == passed, reached, reached / 2 + passed / 2)
        return np.where(np.isfinite(shares), found, np.nan)

    def _values(self, shares: Floats) -> Floats:
        """The first values at which the cumulated weight of every cell (columns) reaches its share (rows 0,
        2, ...), and passes it (rows 1, 3, ...)."""
        search = _Search(self._bits, np.zeros(shares.shape, dtype=np.int64), np.zeros(shares.shape))
        bins, rows = self._bins(search), self._rows
        if self._used * len(self._groups) <= FEW_ROWS:
            return self._looked_up(rows, search, bins, shares, None)
        wanted, few = None, False
        while not few:
            bits = (MOST_BINS // len(bins.finest)).bit_length() - 1
            bits = min(max(bits, 1), _BITS, search.shift)
            weights, counts = self._histogram(rows, search, bins, bits)
            if wanted is None:
                wanted = shares * self._whole(bins, weights)
            search = self._split(search, bins, bits, weights, wanted)
            looked_at, different = self._inside(search, bins, bits, counts)
            few = looked_at <= FEW_ROWS or search.shift == 0
            bins = self._bins(search)
            if rows is self._rows and not few and different <= self._used / 4:
                rows = self._opened.aside(self._among(rows, search, bins).select("cell", "y", "w", "scale"))
        return self._looked_up(rows, search, bins, shares, wanted)

    def _bins(self, search: _Search) -> _Bins:
        known = np.unique(search.bin)
        rank = np.searchsorted(known, search.bin)
        keys = [[group.order * len(known) + of_cell[group.of] for group in self._groups] for of_cell in rank]
        distinct = np.unique(np.concatenate([np.unique(key) for slot in keys for key in slot]))
        numbers = [[np.searchsorted(distinct, key).astype(np.int32) for key in slot] for slot in keys]
        return _Bins(distinct // len(known), known[distinct % len(known)], numbers)

    def _among(self, rows: nw.LazyFrame, search: _Search, bins: _Bins) -> nw.LazyFrame:
        """The rows that lie in the bins, each with the `number` of its bin."""
        table = pa.table(
            {
                "cell": arrow(self._cube.finest[bins.finest].astype(self._type)),
                "bin": arrow(bins.bin.astype(np.int64)),
                "number": arrow(np.arange(len(bins.bin))),
            }
        )
        binned = rows.with_columns(bin=_binned(search.shift))
        return binned.join(self._opened.table(table), on=["cell", "bin"], how="inner")

    def _histogram(
        self, rows: nw.LazyFrame, search: _Search, bins: _Bins, bits: int
    ) -> tuple[Floats, np.ndarray]:
        """(sums of weights, numbers of rows) of the 2**bits parts of every bin, one row a bin."""
        if search.shift == self._bits and self._first is not None:
            return self._first
        width = 2**bits
        part = _binned(search.shift - bits) - nw.col("bin") * nw.lit(width)
        inside = self._among(rows, search, bins).select("w", place=nw.col("number") * nw.lit(width) + part)
        weights = np.zeros(len(bins.bin) * width)
        counts = np.zeros(len(bins.bin) * width, dtype=np.int64)
        for batch in self._opened.stream(inside.group_by("place").agg(w=nw.col("w").sum(), n=nw.len())):
            places = array_of(batch, "place")
            weights[places] = array_of(batch, "w")
            counts[places] = array_of(batch, "n")
        found = weights.reshape(-1, width), counts.reshape(-1, width)
        if search.shift == self._bits:
            self._first = found
        return found

    def _whole(self, bins: _Bins, weights: Floats) -> Floats:
        """The weight of every cell, from the parts of its only bin."""
        finest, whole = weights.sum(axis=1), np.zeros(len(self._cube.cells))
        for group, numbers in zip(self._groups, bins.numbers[0], strict=True):
            whole[group.cells] = np.add.reduceat(finest[numbers], group.starts)
        return whole

    def _split(self, search: _Search, bins: _Bins, bits: int, weights: Floats, wanted: Floats) -> _Search:
        """The search one step further: for all that is wanted, in which part of its bin it lies."""
        bin_, below = search.bin.copy(), search.below.copy()
        for place, group in enumerate(self._groups):
            cells, numbers, parts = group.cells, None, np.zeros((0, 0))
            for slot in range(len(wanted)):
                if numbers is None or not np.array_equal(bins.numbers[slot][place], numbers):
                    numbers = bins.numbers[slot][place]
                    parts = np.add.reduceat(weights[numbers], group.starts, axis=0)
                reached = parts.cumsum(axis=1) + search.below[slot, cells][:, None]
                goal = wanted[slot, cells][:, None]
                found = _first((parts > 0) & (reached > goal if slot % 2 else reached >= goal), parts > 0)
                before = reached[np.arange(len(cells)), np.maximum(found - 1, 0)]
                below[slot, cells] = np.where(found > 0, before, search.below[slot, cells])
                bin_[slot, cells] = (search.bin[slot, cells] << bits) + found
        return _Search(search.shift - bits, bin_, below)

    def _inside(self, search: _Search, bins: _Bins, bits: int, counts: np.ndarray) -> tuple[int, int]:
        """(how many rows all cells together have to look at now, once for each subset of dimensions; how many
        different ones these are), after bins were split."""
        part, width, flat = search.bin & (2**bits - 1), 2**bits, counts.ravel()
        looked_at, places = 0, [np.zeros(0, dtype=np.int64)]
        for slot, numbers in enumerate(bins.numbers):
            for number, group in zip(numbers, self._groups, strict=True):
                at = number.astype(np.int64) * width + part[slot][group.of]
                looked_at += (
                    int(flat[at].sum()) if slot % 2 == 0 else 0
                )  # the other is nearly always the same
                places.append(np.unique(at))
        return looked_at, int(flat[np.unique(np.concatenate(places))].sum())

    def _looked_up(
        self, rows: nw.LazyFrame, search: _Search, bins: _Bins, shares: Floats, wanted: Floats | None
    ) -> Floats:
        """What is wanted, from the rows of its bins; without `wanted` the bins hold the whole cells."""
        number, y, w = self._distinct(rows, search, bins, whole=wanted is None)
        first = np.searchsorted(number, np.arange(len(bins.bin)))
        length_of = np.searchsorted(number, np.arange(len(bins.bin)), side="right") - first
        found = np.full(shares.shape, np.nan)
        for place, group in enumerate(self._groups):
            numbers, edges, values, weights = None, np.zeros(0), y, w
            for slot in range(len(shares)):
                if numbers is None or not np.array_equal(bins.numbers[slot][place], numbers):
                    numbers = bins.numbers[slot][place]
                    length = length_of[numbers]
                    row = np.repeat(first[numbers] - np.cumsum(length) + length, length)
                    row += np.arange(len(row))
                    cell = np.repeat(group.of, length)
                    row = row[np.lexsort((y[row], cell))]
                    values, weights = y[row], w[row]
                    edges = np.append(np.searchsorted(cell, group.cells), len(cell))
                for at, cell_ in enumerate(group.cells.tolist()):
                    start, stop = edges[at], edges[at + 1]
                    if start == stop:
                        continue
                    reached = search.below[slot, cell_] + np.cumsum(weights[start:stop])
                    goal = shares[slot, cell_] * reached[-1] if wanted is None else wanted[slot, cell_]
                    side = "right" if slot % 2 else "left"
                    nearest = min(int(np.searchsorted(reached, goal, side=side)), stop - start - 1)
                    found[slot, cell_] = values[start + nearest]
        return found

    def _distinct(
        self, rows: nw.LazyFrame, search: _Search, bins: _Bins, whole: bool
    ) -> tuple[np.ndarray, Floats, Floats]:
        """(number of the bin, value, sum of its weights) of every value in the bins, sorted by both."""
        if whole and self._all is not None:
            return self._all
        inside = self._among(rows, search, bins).select("number", "y", "w")
        batches = list(self._opened.stream(inside.group_by("number", "y").agg(w=nw.col("w").sum())))
        number, y, w = (
            np.concatenate([np.zeros(0), *(array_of(batch, name) for batch in batches)])
            for name in ("number", "y", "w")
        )
        order = np.lexsort((y, number))
        found = number[order].astype(np.int64), y[order], w[order]
        if whole:
            self._all = found
        return found


def _ends(opened: Opened, rows: nw.LazyFrame) -> tuple[float, float, float]:
    """(the size of the value next to 0, but not 0, on the scale of log 2; the lowest value; the highest)."""
    y = nw.col("y")
    sizes = nw.when(y != 0).then(y.abs())
    [batch] = [
        batch
        for batch in opened.stream(rows.select(least=sizes.min(), low=y.min(), high=y.max()))
        if batch.num_rows
    ]
    least, low, high = (batch.column(name)[0].as_py() for name in ("least", "low", "high"))
    return (math.log2(least) if least else 0.0), low, high


def _scaled(value: float, least: float) -> float:
    """A value on the scale of the bins: doublings above the least size, with their sign; 0 for 0."""
    return math.copysign(math.log2(abs(value)) - least + 1, value) if value else 0.0


def _scale(least: float) -> nw.Expr:
    """The same of y, as an expression: it never falls while y rises, which is all that is asked of it."""
    y = nw.col("y")
    size = y.abs().log(2) - nw.lit(least) + nw.lit(1.0)
    return nw.when(y > 0).then(size).otherwise(nw.when(y < 0).then(-size).otherwise(nw.lit(0.0)))


def _binned(shift: int) -> nw.Expr:
    """The bin of a row where bins are 2**shift of the finest wide: one scale fits into another."""
    return (nw.col("scale") * nw.lit(2.0 ** (_FINE - shift))).floor().cast(nw.Int64)


def _first(holds: np.ndarray, occupied: np.ndarray) -> np.ndarray:
    """The first place of each row that holds; where none does, a matter of rounding, the last occupied."""
    last = occupied.shape[1] - 1 - occupied[:, ::-1].argmax(axis=1)
    return np.where(holds.any(axis=1), holds.argmax(axis=1), last)


# Errors


@dataclass(frozen=True)
class _Errors:
    """The limits of the interval of every cell and its standard error, nan where they do not exist."""

    low: Floats
    high: Floats
    error: Floats

    def of(self, cell: int) -> tuple[float | None, float | None, float | None]:
        """(lower limit, upper limit, standard error) of a cell."""
        low, high, error = (float(part[cell]) for part in (self.low, self.high, self.error))
        return tuple(number if math.isfinite(number) else None for number in (low, high, error))  # type: ignore[return-value]


def _errors(
    task: Task,
    opened: Opened,
    rows: nw.LazyFrame,
    counted: Counted,
    *,
    finder: _Finder,
    values: Floats,
) -> _Errors | None:
    """Woodruff's intervals of the quantiles; None where the rows are no sample."""
    replication, sampled = scan.design_of(task).replication, counted.sampled
    if (sampled is None and not replication) or not counted.n.any():
        return None
    ranks = [_ranks(counted.cube, values, chunk) for chunk in _chunks(counted.cube)]
    if replication:
        share, spread = _by_replicates(task, opened, rows, counted, ranks)
    else:
        assert sampled is not None
        share, spread = _by_units(task, opened, rows, counted, sampled=sampled, ranks=ranks)
    half = np.array([_half(task, spread, cell) for cell in range(len(values))])
    below, above = share - half[:, 0], share + half[:, 0]
    low, high = finder.quantiles(np.stack([_within(below), _within(above)]))
    with np.errstate(invalid="ignore"):
        return _Errors(low, high, (high - low) / (2 * half[:, 1]))


def _within(shares: Floats) -> Floats:
    """Shares from 0 to 1, but for rounding; nan for others."""
    inside = (shares >= -EXACT) & (shares <= 1 + EXACT)
    return np.where(inside, np.clip(shares, 0.0, 1.0), np.nan)


def _half(task: Task, spread: Spread, cell: int) -> tuple[float, float]:
    """(t times the standard error of the share, t) of a cell; nan where nothing can be said."""
    error, freedom = error_of(spread, cell), int(spread.freedom[cell])
    if error is None or freedom < 1:
        return math.nan, math.nan
    t = intervals.t_quantile((1 + task.confidence) / 2, freedom)
    return t * error, t


@dataclass(frozen=True)
class _Ranks:
    """The quantiles with which the rows of a finest cell are compared, by some subsets of the dimensions.

    `sorted` has one row a finest cell: its different quantiles, ascending. A row of the data has the rank r
    if it lies above r of them; it is at or below the quantile of a subset if its rank is at most `upto` (one
    row a subset, one column a finest cell).
    """

    cube: Cube
    sorted: Floats
    upto: np.ndarray


def _chunks(cube: Cube) -> list[Cube]:
    return [
        replace(cube, targets=cube.targets[first : first + _AT_ONCE])
        for first in range(0, len(cube.targets), _AT_ONCE)
    ]


def _ranks(cube: Cube, values: Floats, chunk: Cube) -> _Ranks:
    compared = np.nan_to_num(np.stack([values[target] for target in chunk.targets]), nan=-np.inf)
    ascending = np.sort(compared, axis=0)
    new = np.ones(ascending.shape, dtype=bool)
    new[1:] = ascending[1:] != ascending[:-1]
    place = np.cumsum(new, axis=0) - 1
    different = np.full((int(place.max()) + 1, compared.shape[1]), np.inf)
    different[place, np.arange(compared.shape[1])] = ascending
    upto = np.zeros(compared.shape, dtype=np.int16)
    for rank in range(1, len(different)):
        upto += compared >= different[rank]
    return _Ranks(chunk, different.T, upto)


def _ranked(opened: Opened, rows: nw.LazyFrame, cube: Cube, ranks: _Ranks) -> nw.LazyFrame:
    """The rows with the `place` of their finest cell among all of them, and their `rank`."""
    kind = np.int32 if rows.collect_schema()["cell"] == nw.Int32 else np.int64
    count = ranks.sorted.shape[1]
    places = np.arange(len(cube.finest), dtype=np.int32)
    table = {"cell": arrow(cube.finest.astype(kind)), "place": arrow(places)}
    table |= {f"q{number}": arrow(ranks.sorted[:, number]) for number in range(count)}
    compared = rows.join(opened.table(pa.table(table)), on="cell", how="inner")
    return compared.with_columns(rank=_rank(0, count).cast(nw.Int16))


def _rank(least: int, most: int) -> nw.Expr:
    """How many of the ascending q0, q1, ... lie below y, known to be from `least` to `most`."""
    if least == most:
        return nw.lit(least)
    middle = (least + most) // 2
    lower, upper = _rank(least, middle), _rank(middle + 1, most)
    return nw.when(nw.col("y") <= nw.col(f"q{middle}")).then(lower).otherwise(upper)


def _by_units(
    task: Task,
    opened: Opened,
    rows: nw.LazyFrame,
    counted: Counted,
    *,
    sampled: Sampled,
    ranks: list[_Ranks],
) -> tuple[Floats, Spread]:
    """(the share of the weight at or below the quantile, its variance by the whole design) of every cell."""
    design, made = scan.design_of(task), counted.cube
    share, variance = np.full(len(made.cells), np.nan), np.full(len(made.cells), np.nan)
    freedom = np.zeros(len(made.cells), dtype=np.int64)
    for chunk in ranks:
        sums = _sums(task, opened, _ranked(opened, rows, made, chunk), made, sampled=sampled, ranks=chunk)
        every = slice(0, len(sums.unit))
        zeros = np.zeros(len(sums.unit), dtype=np.int64)
        assert sums.below is not None and sums.wx is not None
        at_most = sums.below(every, sums.wy, zeros, 1)[:, 0]
        whole = made.totals(zeros, sums.address, sums.wx, 1)[:, 0]
        with np.errstate(invalid="ignore", divide="ignore"):
            p, a = at_most / whole, np.where(whole > 0, 1 / whole, 0.0)
        spread = sampling.taylor(made, sampled.units, sums, a, np.nan_to_num(a * p), lonely=design.lonely)
        cells = np.unique(np.concatenate(chunk.cube.targets))
        share[cells], variance[cells] = p[cells], spread.variance[cells]
        freedom[cells] = spread.freedom[cells]
    return share, Spread(variance, freedom)


def _sums(
    task: Task, opened: Opened, ranked: nw.LazyFrame, made: Cube, *, sampled: Sampled, ranks: _Ranks
) -> Sums:
    """Sums of weights of every unit (or stratum, where rows are units), finest cell and rank."""
    design = scan.design_of(task)
    keys = keys_of(design)
    w = nw.col("w")
    sums = {"w": w.sum()} | ({} if design.psu else {"n": nw.len(), "ww": (w * w).sum()})
    columns: dict[str, list[np.ndarray]] = {name: [] for name in ("unit", "place", "rank", *sums)}
    for batch in opened.stream(ranked.group_by(*keys, "place", "rank").agg(**sums)):
        columns["unit"].append(units_of(batch, sampled, by_psu=design.psu is not None).astype(np.int32))
        for name in ("place", "rank", *sums):
            columns[name].append(array_of(batch, name))
    whole = {name: joined(parts) for name, parts in columns.items()}
    order = np.argsort(whole["unit"], kind="stable")
    unit, place, rank, w = (whole[name][order] for name in ("unit", "place", "rank", "w"))
    n, ww = (whole[name][order] if name in whole else None for name in ("n", "ww"))
    below = _below(made, ranks, place, rank)
    address = made.addresses(made.finest[place])
    return Sums(unit, address, w, w, n=n, wwyy=ww, wwxy=ww, wwxx=ww, below=below)


def _below(
    made: Cube, ranks: _Ranks, place: np.ndarray, rank: np.ndarray
) -> Callable[[slice | np.ndarray, Floats, np.ndarray, int], Floats]:
    """A function that adds up what lies at or below the quantile of each cell, where `Cube.totals` adds up
    all: (which entries, their values, their columns, how many columns) -> one row a cell."""
    count = ranks.sorted.shape[1] + 1

    def totals(part: slice | np.ndarray, values: Floats, columns: np.ndarray, width: int) -> Floats:
        pair = place[part].astype(np.int64) * width + columns
        pairs, at = np.unique(pair, return_inverse=True)
        by_rank = np.bincount(at * count + rank[part], weights=values, minlength=len(pairs) * count)
        upto = by_rank.reshape(len(pairs), count).cumsum(axis=1)
        finest, column = pairs // width, pairs % width
        total = np.zeros(len(made.cells) * width)
        every = np.arange(len(pairs))
        for target, highest in zip(ranks.cube.targets, ranks.upto, strict=True):
            into = target[finest] * width + column
            total += np.bincount(into, weights=upto[every, highest[finest]], minlength=len(total))
        return total.reshape(-1, width)

    return totals


def _by_replicates(
    task: Task, opened: Opened, rows: nw.LazyFrame, counted: Counted, ranks: list[_Ranks]
) -> tuple[Floats, Spread]:
    """(the share of the weight at or below the quantile, its variance by replicate weights) of every cell."""
    replication = scan.design_of(task).replication
    assert replication is not None
    made, count = counted.cube, len(replication.columns)
    names = ["w", *(f"wr{number}" for number in range(count))]
    share, variance = np.full(len(made.cells), np.nan), np.full(len(made.cells), np.nan)
    for chunk in ranks:
        ranked = _ranked(opened, rows, made, chunk)
        shares = []
        for first in range(0, len(names), _REPLICATES):
            some = names[first : first + _REPLICATES]
            sums = {f"sum{number}": nw.col(name).sum() for number, name in enumerate(some)}
            found = table_of(opened, ranked.group_by("place", "rank").agg(**sums))
            place, rank = (found[name].to_numpy().astype(np.int64) for name in ("place", "rank"))
            zeros, every = np.zeros(len(place), dtype=np.int64), slice(0, len(place))
            below, address = _below(made, chunk, place, rank), made.addresses(made.finest[place])
            for name in sums:
                weights = found[name].to_numpy().astype(float)
                at_most = below(every, weights, zeros, 1)[:, 0]
                with np.errstate(invalid="ignore", divide="ignore"):
                    shares.append(at_most / made.totals(zeros, address, weights, 1)[:, 0])
        cells = np.unique(np.concatenate(chunk.cube.targets))
        share[cells] = shares[0][cells]
        variance[cells] = sampling.replicated(np.array(shares[1:]), replication)[cells]
    return share, Spread(variance, np.full(len(made.cells), count - 1))
