"""From rows to what cells and sampling units hold: the sample, one pass of sums, and the faults of both."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import add
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from milepost.errors import MilepostError, refuse
from milepost.measure import cube as cubes
from milepost.measure import scan
from milepost.measure.cube import Cube
from milepost.measure.engine import Opened
from milepost.measure.methods import METHODS
from milepost.measure.sampling import Sums, Units
from milepost.measure.scan import USED, Prepared
from milepost.measure.task import Design, Source, Task
from milepost.values import Estimate, Origin, Problem

MOST_CELLS = 1_000_000

_AT_ONCE = 200_000_000  # positions of all dimensions crossed, above which each table is measured by itself


@dataclass(frozen=True)
class Part:
    """The cells of some tables, and what was read for them."""

    cells: tuple[Estimate, ...]
    rows: int
    used: int
    excluded: Mapping[str, int]


def parts_of(task: Task, prepared: Prepared) -> list[tuple[tuple[str, ...], ...]]:
    """The tables, in groups that are measured together: all, unless crossing all dimensions is vast."""
    size = math.prod(len(dimension.categories) + 1 for dimension in prepared.dimensions)
    tables = tuple(task.tables) or ((),)
    return [tables] if size <= _AT_ONCE or len(tables) == 1 else [(table,) for table in tables]


@dataclass(frozen=True)
class Sampled:
    """The sample as a design: its units, and by which stored values they are known."""

    units: Units
    strata: pa.Array | None
    psus: pa.Array | None
    psu_of: Mapping[tuple[int, int], int] = field(default_factory=dict)
    """{(stratum, number of the psu): unit}, only where units are told apart by both (`nested`)."""
    unit_of: np.ndarray | None = None
    """The unit of each value of `psus`, where these tell units apart."""
    faults: tuple[Problem, ...] = ()


def read_sample(opened: Opened, prepared: Prepared, task: Task, source: Source) -> Sampled | None:
    """The full design, from one pass over its columns alone; None where rows are no sample.

    Its `faults`: a unit in two strata ("psu-in-two-strata"), a stratum of one unit where the rule is to
    refuse it ("lonely-stratum"), and numbers of units in the population that do not fit ("fpc-varies",
    "fpc-too-small"). They are raised with those of the rows.
    """
    design = scan.design_of(task)
    if not design.has_errors or design.replication:
        return None
    keys = [name for name in ("stratum", "psu") if getattr(design, name)]
    sums = [nw.len().alias("rows")]
    if design.fpc:
        sums += [nw.col("fpc").min().alias("fpc_least"), nw.col("fpc").max().alias("fpc_most")]
    rows = prepared.frame.filter(nw.col("in_sample"))
    if keys:
        filled = rows.drop_nulls(keys)  # blank ones are faults of the rows
        found = table_of(opened, filled.group_by(keys).agg(*sums))
    else:
        found = table_of(opened, rows.select(*sums))
    return _sampled(design, found, Origin(source.place))


def _sampled(design: Design, found: pa.Table, place: Origin) -> Sampled:
    faults: list[Problem] = []
    count = found.num_rows
    strata = found["stratum"].combine_chunks().unique() if design.stratum else None
    stratum = _places(found["stratum"], strata) if strata is not None else np.zeros(count, dtype=np.int64)
    kinds = len(strata) if strata is not None else 1
    rows = numbers(found, "rows").astype(np.int64)
    psus, unit_of, psu_of = None, None, {}
    if design.psu:
        order = np.argsort(stratum, kind="stable")
        psus = found["psu"].combine_chunks().unique()
        number = _places(found["psu"], psus)
        if design.nested:
            psu_of = {(int(stratum[at]), int(number[at])): unit for unit, at in enumerate(order)}
        elif len(psus) < count:
            shared = int((np.bincount(number) > 1).sum())
            details = {"column": design.psu, "stratum": design.stratum, "count": shared}
            faults.append(Problem("psu-in-two-strata", replace(place, column=design.psu), details))
        unit_of = np.zeros(len(psus), dtype=np.int64)
        unit_of[number[order]] = np.arange(count)
        size = np.bincount(stratum, minlength=kinds)
        of_units = stratum[order]
    else:
        size = np.bincount(stratum, weights=rows, minlength=kinds).astype(np.int64)
        of_units = np.arange(kinds)
    drawn = np.zeros(kinds)
    if design.fpc:
        drawn, wrong = _drawn(design, found, stratum, size, place)
        faults += wrong
    units = Units(of_units, size, drawn)
    if design.lonely == "refuse" and design.stratum and units.lonely.any():
        details = {"count": int(units.lonely.sum()), "strata": kinds}
        faults.append(Problem("lonely-stratum", place, details))
    return Sampled(units, strata, psus, psu_of, unit_of, tuple(faults))


def _drawn(
    design: Design, found: pa.Table, stratum: np.ndarray, size: np.ndarray, place: Origin
) -> tuple[np.ndarray, list[Problem]]:
    """(the fraction of the units of each stratum that was drawn, what cannot be)."""
    faults: list[Problem] = []
    least, most = np.full(len(size), np.inf), np.full(len(size), -np.inf)
    np.fmin.at(least, stratum, numbers(found, "fpc_least"))  # a blank one is a fault of its row
    np.fmax.at(most, stratum, numbers(found, "fpc_most"))
    at = replace(place, column=design.fpc)
    if (varying := int((least != most).sum())) > 0:
        faults.append(Problem("fpc-varies", at, {"column": design.fpc, "count": varying}))
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = np.where(least <= 1, least, size / least)
    if (small := int((drawn > 1).sum())) > 0:
        faults.append(Problem("fpc-too-small", at, {"column": design.fpc, "count": small}))
    return np.clip(np.nan_to_num(drawn, nan=0.0), 0.0, 1.0), faults


def _places(values: pa.ChunkedArray | pa.Array, known: pa.Array) -> np.ndarray:
    """The place of every value among the known ones."""
    found = pc.index_in(values, value_set=known)  # pyright: ignore[reportAttributeAccessIssue]
    return _plain(found).astype(np.int64)


@dataclass(frozen=True)
class Counted:
    """The cells of some tables, and for each what its used rows sum up to and what was left out.

    `w`, `wy`, `wx` and the squares and products `wyy`, `wxy`, `wxx` are sums over used rows, one entry
    a cell.
    """

    cube: Cube
    dimensions: tuple[scan.Dimension, ...]
    rows: int
    n: np.ndarray
    persons: np.ndarray
    """Those the rows stand for; as many as there are rows, unless a column says how many."""
    w: np.ndarray
    wy: np.ndarray
    wx: np.ndarray | None
    wyy: np.ndarray
    wxy: np.ndarray | None
    wxx: np.ndarray | None
    excluded: Mapping[str, np.ndarray]
    whole_file: bool
    """Whether every row is used, so that nobody needs to ask again."""

    def excluded_of(self, cell: int) -> dict[str, int]:
        """{reason: rows of a cell left out for it}."""
        return {why: int(rows[cell]) for why, rows in self.excluded.items() if rows[cell]}


def counted_by_unit(
    opened: Opened,
    prepared: Prepared,
    task: Task,
    source: Source,
    tables: Sequence[Sequence[str]],
    *,
    sampled: "Sampled | None",
    by_unit: bool = True,
) -> tuple[Counted, Sums | None]:
    """Sum up the finest cells of the tables in one pass, by sampling unit, and add up all breakdowns.

    MilepostError with every fault that rows and design can have: weights, units and categories, each with the
    number of rows and of the first one.
    """
    named = tuple(dict.fromkeys(name for table in tables for name in table))
    dimensions = tuple(dimension for dimension in prepared.dimensions if dimension.name in named)
    shape = shape_of(dimensions)
    if cubes.size_of(shape) >= 2**62:
        raise refuse("too-many-cells", source.place, most=MOST_CELLS)
    crossed = _crossed(task)
    gathered = _gathered(opened, prepared, task, dimensions, sampled if by_unit else None)
    faults = faults_of(opened, prepared, source, dimensions, gathered.table)
    faults += sampled.faults if sampled else ()
    if faults:
        raise MilepostError(faults)
    found, why = gathered.table, gathered.table["why"]
    finest = found["cell"]
    inside, used = why >= USED, why == USED
    position_of = {dimension.name: at for at, dimension in enumerate(dimensions)}
    numbered = [[position_of[name] for name in table] for table in tables]
    made = cubes.made(shape, numbered, finest[inside])
    if len(made.cells) > MOST_CELLS:
        raise refuse("too-many-cells", source.place, most=MOST_CELLS)

    def total(name: str, rows: np.ndarray) -> np.ndarray:
        values, address = found[name][rows], made.addresses(finest[rows])
        return made.totals(np.zeros(len(address), dtype=np.int64), address, values, 1)[:, 0]

    counted = Counted(
        cube=made,
        dimensions=dimensions,
        rows=int(found["n"].sum()),
        n=np.rint(total("n", used)).astype(np.int64),
        persons=np.rint(total("persons" if task.persons else "n", used)).astype(np.int64),
        w=total("w", used),
        wy=total("wy", used),
        wyy=total("wyy", used),
        wx=total("wx", used) if crossed else None,
        wxy=total("wxy", used) if crossed else None,
        wxx=total("wxx", used) if crossed else None,
        excluded={
            prepared.reasons[int(number)]: np.rint(total("n", why == number)).astype(np.int64)
            for number in sorted(set(why[inside & ~used].tolist()))
        },
        whole_file=bool(used.all()),
    )
    if gathered.units is None:
        return counted, None
    parts = gathered.units
    order = _order(parts["unit"])
    parts = {name: values[order] for name, values in parts.items()}
    address = made.addresses(parts.pop("cell")).astype(np.int64)
    return counted, Sums(address=address, **{"wx": None, **parts})


def count(
    opened: Opened,
    prepared: Prepared,
    task: Task,
    source: Source,
    tables: Sequence[Sequence[str]],
    *,
    sampled: "Sampled | None" = None,
) -> Counted:
    """The cells of the tables without their sampling units; raises the same faults."""
    return counted_by_unit(opened, prepared, task, source, tables, sampled=sampled, by_unit=False)[0]


@dataclass(frozen=True)
class _Gathered:
    """What one pass brings, in columns: `table` has a row for each finest cell and `why`, `units` one for
    each sampling unit and finest cell of used rows."""

    table: dict[str, np.ndarray]
    units: dict[str, np.ndarray] | None


def _gathered(
    opened: Opened,
    prepared: Prepared,
    task: Task,
    dimensions: Sequence[scan.Dimension],
    sampled: "Sampled | None",
) -> _Gathered:
    design, crossed, shape = scan.design_of(task), _crossed(task), shape_of(dimensions)
    by_psu = sampled is not None and design.psu is not None
    keys = keys_of(design) if sampled is not None else []
    w, y, x = nw.col("w"), nw.col("y"), nw.col("x")
    sums = {"n": nw.len(), "w": w.sum(), "wy": (w * y).sum(), "wyy": (w * y * y).sum()}
    if task.persons:
        sums["persons"] = nw.col("p").sum()
    kept = ["wy"]
    if crossed:
        sums |= {"wx": (w * x).sum(), "wxy": (w * x * y).sum(), "wxx": (w * x * x).sum()}
        kept.append("wx")
    if sampled is not None and not by_psu:
        sums["wwyy"] = (w * w * y * y).sum()
        kept += ["n", "wwyy"]
        if crossed:
            sums |= {"wwxy": (w * w * x * y).sum(), "wwxx": (w * w * x * x).sum()}
            kept += ["wwxy", "wwxx"]
    frame = prepared.frame.with_columns(cell=position(prepared, dimensions, shape))
    grouped = frame.group_by(*keys, "cell", "why").agg(**sums)
    merged: dict[tuple[int, int], np.ndarray] = {}
    moments = [name for name in sums if name not in ("wwyy", "wwxy", "wwxx")]
    units: dict[str, list[np.ndarray]] = {name: [] for name in ("unit", "cell", *kept)}
    for batch in opened.stream(grouped):
        cell, why = numbers(batch, "cell").astype(np.int64), numbers(batch, "why").astype(np.int64)
        columns = {name: numbers(batch, name) for name in sums}
        _merge(merged, cell, why, np.stack([columns[name].astype(float) for name in moments]))
        if sampled is not None:
            used = why == USED
            chosen, known = slice(None), batch
            if not used.all():  # the others may have no unit at all
                chosen, known = used, batch.filter(pa.array(used))
            units["unit"].append(units_of(known, sampled, by_psu).astype(np.int32))
            units["cell"].append(cell[chosen])
            for name in kept:
                units[name].append(columns[name][chosen])
    pairs = np.array(list(merged), dtype=np.int64).reshape(-1, 2)
    held = np.array(list(merged.values())).reshape(-1, len(moments))
    table = {"cell": pairs[:, 0], "why": pairs[:, 1]}
    table |= {name: held[:, at] for at, name in enumerate(moments)}
    if sampled is None:
        return _Gathered(table, None)
    return _Gathered(table, {name: joined(parts) for name, parts in units.items()})


def keys_of(design: Design) -> list[str]:
    """The columns that tell sampling units apart; without units, strata."""
    if design.psu and not design.nested:
        return ["psu"]  # alone it tells them apart, and a group by one column less is quicker
    return [name for name in ("stratum", "psu") if getattr(design, name)]


def _merge(
    merged: dict[tuple[int, int], np.ndarray], cell: np.ndarray, why: np.ndarray, sums: np.ndarray
) -> None:
    """Add the sums of one batch to those of the same cell and `why`."""
    width = 4096  # more than all numbers of reasons and faults
    known, place = np.unique(cell * width + (why + 1), return_inverse=True)
    added = np.stack([np.bincount(place, weights=row, minlength=len(known)) for row in sums], axis=1)
    for key, row in zip(known.tolist(), added, strict=True):
        pair = (key // width, key % width - 1)
        if pair in merged:
            merged[pair] += row
        else:
            merged[pair] = row


def _order(units: np.ndarray) -> np.ndarray:
    if len(units) and int(units.max()) < 2**16:
        units = units.astype(np.uint16)  # numpy sorts such numbers by radix
    return np.argsort(units, kind="stable")


def position(prepared: Prepared, dimensions: Sequence[scan.Dimension], shape: Sequence[int]) -> nw.Expr:
    """The position of a row's finest cell in the cube of the dimensions, as an expression."""
    kind = nw.Int32 if cubes.size_of(shape) < 2**31 else nw.Int64
    names = [dimension.name for dimension in prepared.dimensions]
    parts = [
        nw.col(f"d{names.index(dimension.name)}").cast(kind) * nw.lit(stride, dtype=kind)
        for dimension, stride in zip(dimensions, cubes.strides(shape), strict=True)
    ]
    return reduce(add, parts) if parts else nw.lit(0, dtype=kind)


def alone(task: Task) -> bool:
    """Whether the rows hold the numerator only: the denominator comes from a second source."""
    return task.second is not None and METHODS[task.method].alone is not None


def _crossed(task: Task) -> bool:
    """Whether there is an x beside y."""
    return METHODS[task.method].x is not None and not alone(task)


def shape_of(dimensions: Sequence[scan.Dimension]) -> tuple[int, ...]:
    """The shape of the cube of some dimensions."""
    return tuple(len(dimension.categories) + 1 for dimension in dimensions)


def faults_of(
    opened: Opened,
    prepared: Prepared,
    source: Source,
    dimensions: Sequence[scan.Dimension],
    found: Mapping[str, np.ndarray],
) -> list[Problem]:
    """What may not occur at all, each with the number of rows and the first of them."""
    why, n = found["why"], found["n"]
    faults = []
    for number, (code, column) in prepared.faults.items():
        if rows := int(n[why == number].sum()):
            first = scan.first_row(opened, prepared, nw.col("why") == number)
            origin = Origin(source.place, row=first, column=column)
            faults.append(Problem(code, origin, {"column": column, "count": rows}))
    codes = cubes.codes_of(found["cell"], shape_of(dimensions))
    names = [dimension.name for dimension in prepared.dimensions]
    for axis, dimension in enumerate(dimensions):
        unknown = (codes[:, axis] == len(dimension.categories)) & (why >= USED) & (why < 1000)
        if rows := int(n[unknown].sum()):
            code = nw.col(f"d{names.index(dimension.name)}")
            wanted = (code == len(dimension.categories)) & (nw.col("why") >= USED) & (nw.col("why") < 1000)
            first = scan.first_row(opened, prepared, wanted)
            details = {"column": dimension.column, "dimension": dimension.name, "count": rows}
            faults.append(
                Problem("category-unknown", Origin(source.place, row=first, column=dimension.column), details)
            )
    return faults


def units_of(batch: Any, sampled: Sampled, by_psu: bool) -> np.ndarray:
    """The unit of each row of a batch that is grouped by `keys_of`; without `by_psu` its stratum."""
    names = batch.schema.names
    if not by_psu:
        if sampled.strata is None:
            return np.zeros(batch.num_rows, dtype=np.int64)
        return _places(batch.column(names.index("stratum")), sampled.strata)
    assert sampled.psus is not None and sampled.unit_of is not None
    psu = _places(batch.column(names.index("psu")), sampled.psus)
    if not sampled.psu_of:
        return sampled.unit_of[psu]
    assert sampled.strata is not None
    stratum = _places(batch.column(names.index("stratum")), sampled.strata)
    pairs = zip(stratum.tolist(), psu.tolist(), strict=True)
    return np.fromiter((sampled.psu_of[pair] for pair in pairs), dtype=np.int64, count=len(psu))


def numbers(table: Any, name: str) -> np.ndarray:
    """A column of an Arrow table or batch as an array."""
    return _plain(table.column(table.schema.names.index(name)))


def _plain(values: pa.Array | pa.ChunkedArray) -> np.ndarray:
    """Arrow numbers as an array; where none is null without a copy (and without looking for pandas)."""
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if array.null_count:
        return array.to_numpy(zero_copy_only=False)
    return np.from_dlpack(array)


def joined(parts: list[np.ndarray]) -> np.ndarray:
    """The parts as one array; they are let go, so that memory does not hold both for long."""
    whole = np.concatenate(parts) if parts else np.zeros(0)
    parts.clear()
    return whole


def table_of(opened: Opened, frame: nw.LazyFrame) -> pa.Table:
    """Run a frame whose result is small."""
    parts = list(opened.stream(frame))
    schema = parts[0].schema if parts else None
    if schema is None:
        names = frame.collect_schema().names()
        return pa.table({name: pa.array([], pa.int64()) for name in names})
    return pa.Table.from_batches(parts) if isinstance(parts[0], pa.RecordBatch) else pa.concat_tables(parts)
