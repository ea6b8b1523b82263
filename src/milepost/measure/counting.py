"""From rows to what cells and sampling units hold: the sample, one pass of sums, and the faults of both."""

import math
from collections.abc import Collection, Mapping, Sequence
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
from milepost.measure.scan import OUTSIDE, UNSAMPLED, USED, Prepared
from milepost.measure.task import Design, Source, Task
from milepost.values import Estimate, Origin, Problem

MOST_CELLS = 1_000_000

_AT_ONCE = 200_000_000  # positions of all dimensions crossed, above which each table is measured by itself


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


@dataclass(frozen=True)
class Part:
    """The cells of some tables, and what was read for them."""

    cells: tuple[Estimate, ...]
    rows: int
    used: int
    excluded: Mapping[str, int]
    sampled: Sampled | None


def _drawn(
    design: Design, found: "_Sample", stratum: np.ndarray, size: np.ndarray, place: Origin
) -> tuple[np.ndarray, list[Problem]]:
    """(the fraction of the units of each stratum that was drawn, what cannot be)."""
    faults: list[Problem] = []
    least, most = np.full(len(size), np.inf), np.full(len(size), -np.inf)
    np.fmin.at(least, stratum, found.least)
    np.fmax.at(most, stratum, found.most)
    at = replace(place, column=design.fpc)
    if (varying := int((least != most).sum())) > 0:
        faults.append(Problem("fpc-varies", at, {"column": design.fpc, "count": varying}))
    with np.errstate(invalid="ignore", divide="ignore"):
        drawn = np.where(least <= 1, least, size / least)
    if (small := int((drawn > 1).sum())) > 0:
        faults.append(Problem("fpc-too-small", at, {"column": design.fpc, "count": small}))
    return np.clip(np.nan_to_num(drawn, nan=0.0), 0.0, 1.0), faults


def _places(values: pa.Array, known: pa.Array) -> np.ndarray:
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
    prepared: Prepared
    """The rows; every dimension has its words."""
    sampled: Sampled | None
    """The full design, where errors come from its units."""
    sums: Sums | None
    """The same sums by sampling unit, where there is a design."""

    def excluded_of(self, cell: int) -> dict[str, int]:
        """{reason: rows of a cell left out for it}."""
        return {why: int(rows[cell]) for why, rows in self.excluded.items() if rows[cell]}


def counted_by_unit(
    prepared: Prepared, task: Task, source: Source, tables: Sequence[Sequence[str]]
) -> Counted:
    """Sum up the finest cells of the tables in one pass, by sampling unit, and add up all breakdowns.

    MilepostError with every fault that rows and design can have: weights, units and categories, each with the
    number of rows and of the first one; a unit in two strata ("psu-in-two-strata"), a stratum of one unit
    where the rule is to refuse it ("lonely-stratum"), and numbers of units in the population that do not fit
    ("fpc-varies", "fpc-too-small").
    """
    gathered = _gathered(prepared, task, source, dict.fromkeys(name for table in tables for name in table))
    prepared, sampled, found = gathered.prepared, gathered.sampled, gathered.table
    dimensions, finest, why = gathered.dimensions, found["cell"], found["why"]
    faults = faults_of(prepared, source, dimensions, found)
    faults += sampled.faults if sampled else ()
    if faults:
        raise MilepostError(faults)
    inside, used = why >= USED, why == USED
    position_of = {dimension.name: at for at, dimension in enumerate(dimensions)}
    numbered = [[position_of[name] for name in table] for table in tables]
    made = cubes.made(shape_of(dimensions), numbered, finest[inside])
    if len(made.cells) > MOST_CELLS:
        raise refuse("too-many-cells", source.place, most=MOST_CELLS)
    crossed = _crossed(task)

    def total(name: str, rows: np.ndarray) -> np.ndarray:
        values, address = found[name][rows], made.addresses(finest[rows])
        return made.totals(np.zeros(len(address), dtype=np.int64), address, values, 1)[:, 0]

    return Counted(
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
        prepared=prepared,
        sampled=sampled,
        sums=_by_unit(gathered, made),
    )


def _by_unit(gathered: "_Gathered", made: Cube) -> Sums | None:
    """The sums of every unit and finest cell, in the order of the units."""
    if gathered.units is None:
        return None
    parts = gathered.units
    order = _order(parts["unit"])
    parts = {name: values[order] for name, values in parts.items()}
    address = np.minimum(made.addresses(gathered.table["cell"]), len(made.finest) - 1)  # of all, used or not
    return Sums(address=address[parts.pop("row")], **{"wx": None, **parts})


@dataclass(frozen=True)
class _Gathered:
    """What the rows sum up to, in columns: `table` has a row for each finest cell and `why`, `units` one for
    each sampling unit and row of the table that is used."""

    prepared: Prepared
    dimensions: tuple[scan.Dimension, ...]
    table: dict[str, np.ndarray]
    units: dict[str, np.ndarray] | None
    sampled: Sampled | None


def _gathered(prepared: Prepared, task: Task, source: Source, named: Collection[str]) -> _Gathered:
    """Sum up all rows by the dimensions named and by sampling unit.

    One pass sums up the rows that are used; only where there are others, a second one counts those.
    """
    adding = _Adding(prepared, task, source.place, named)
    sums = adding.sums
    stream, by = prepared.opened.stream, [*adding.keys, *adding.dimensions]
    used = prepared.used.group_by(*(by or ["left_out"])).agg(**sums)
    for batch in stream(used):
        adding.add(batch, np.full(batch.num_rows, USED, dtype=np.int64))
    if adding.cells.sums[0].sum() < _rows_of(prepared):
        counts = {name: sums[name] for name in ("n", "fpc_least", "fpc_most") if name in sums}
        others = prepared.frame.filter(nw.col("left_out")).group_by(*by, "mark").agg(**counts)
        for batch in stream(others):
            adding.add(batch, numbers(batch, "mark").astype(np.int64))
    return adding.gathered(prepared)


class _Adding:
    """Batches of sums, added up as they come: cells by the numbers of their words, as these are met."""

    def __init__(self, prepared: Prepared, task: Task, place: str, named: Collection[str]):
        self.design, self.place = scan.design_of(task), place
        self.sums, kept = _sums_of(task, self.design)
        units = is_sample(self.design)
        self.keys = [name for name in ("stratum", "psu") if units and getattr(self.design, name)]
        self.dimensions = {
            f"d{at}": each for at, each in enumerate(prepared.dimensions) if each.name in named
        }
        self.words = {name: _Words() for name, each in self.dimensions.items() if not each.known}
        self.moments = [name for name in self.sums if name not in _OF_UNITS]
        self.cells = _Combined(len(self.moments))
        self.sample = _Sample({name: _Words() for name in self.keys}) if units else None
        self.units = {name: [np.zeros(0)] for name in kept}
        self.units |= {name: [np.zeros(0, dtype=np.int32)] for name in ("unit", "row")}

    def add(self, batch: Any, mark: np.ndarray) -> None:
        """Add a batch; all its rows are used, or none is."""
        columns = {name: numbers(batch, name) for name in self.sums if name in batch.schema.names}
        coded = []
        for name, dimension in self.dimensions.items():
            if words := self.words.get(name):
                coded.append(words.numbered(column_of(batch, name)))
                scan.check_number(words.values, dimension.name, dimension.column, self.place)
            else:
                coded.append(numbers(batch, name))
        nothing = np.zeros(len(mark))
        sums = np.stack([columns.get(name, nothing) for name in self.moments])
        row = self.cells.add([*coded, mark - OUTSIDE], sums)
        if self.sample is None:
            return
        unit = self.sample.add(batch, mark, columns)
        if (mark == USED).all():
            for name, values in {**columns, "unit": unit, "row": row}.items():
                if name in self.units:
                    self.units[name].append(values)

    def gathered(self, prepared: Prepared) -> _Gathered:
        """All that was added, now that every word is known."""
        listed = {self.dimensions[name].name: words.listed() for name, words in self.words.items()}
        prepared = scan.with_words(prepared, listed)
        known = {each.name: each for each in prepared.dimensions}
        dimensions = tuple(known[each.name] for each in self.dimensions.values())
        shape = shape_of(dimensions)
        if cubes.size_of(shape) >= 2**62:
            raise refuse("too-many-cells", self.place, most=MOST_CELLS)
        *met, mark = self.cells.columns(len(dimensions) + 1)
        cell = np.zeros(len(mark), dtype=np.int64)
        for dimension, code, stride in zip(dimensions, met, cubes.strides(shape), strict=True):
            words = listed.get(dimension.name)
            cell += (code if words is None else _codes(dimension, words)[code]) * stride
        why = mark + OUTSIDE
        table = {"cell": cell, "why": np.where(why >= UNSAMPLED + OUTSIDE, why - UNSAMPLED, why)}
        table |= {name: self.cells.sums[at] for at, name in enumerate(self.moments)}
        if self.sample is None:
            return _Gathered(prepared, dimensions, table, None, None)
        sampled, number_of = self.sample.sampled(self.design, Origin(self.place))
        units = {name: joined(parts) for name, parts in self.units.items()}
        units["unit"] = number_of[units["unit"]]
        return _Gathered(prepared, dimensions, table, units, sampled)


def coded(prepared: Prepared, found: pa.Table) -> tuple[Prepared, list[np.ndarray]]:
    """(the rows, where every dimension has its words; the codes of those found, one column a dimension)."""
    words = {at: _Words() for at, each in enumerate(prepared.dimensions) if not each.known}
    met = {at: each.numbered(column_of(found, f"d{at}")) for at, each in words.items()}
    listed = {prepared.dimensions[at].name: each.listed() for at, each in words.items()}
    prepared = scan.with_words(prepared, listed)
    return prepared, [
        _codes(dimension, listed[dimension.name])[met[at]]
        if at in met
        else numbers(found, f"d{at}").astype(np.int64)
        for at, dimension in enumerate(prepared.dimensions)
    ]


def _codes(dimension: scan.Dimension, values: Sequence[Any]) -> np.ndarray:
    """The code of every value."""
    return np.array([dimension.code_of[value] for value in values], dtype=np.int64)


def _rows_of(prepared: Prepared) -> int:
    """How many rows the source has."""
    [rows] = scan.one_row(prepared.opened, prepared.opened.frame.select(rows=nw.len()))
    return rows


def is_sample(design: Design) -> bool:
    """Whether the errors come from the sampling units."""
    return design.has_errors and not design.replication


_OF_UNITS = ("wwyy", "wwxy", "wwxx", "fpc_least", "fpc_most")


def _sums_of(task: Task, design: Design) -> tuple[dict[str, nw.Expr], list[str]]:
    """(what is summed up of the rows of a group, which of it is kept for every unit)."""
    w, y, x = nw.col("w"), nw.col("y"), nw.col("x")
    crossed, by_row = _crossed(task), is_sample(design) and not design.psu
    sums = {"n": nw.len(), "w": w.sum(), "wy": (w * y).sum(), "wyy": (w * y * y).sum()}
    kept = ["wy"]
    if task.persons:
        sums["persons"] = nw.col("p").sum()
    if crossed:
        sums |= {"wx": (w * x).sum(), "wxy": (w * y * x).sum(), "wxx": (w * x * x).sum()}
        kept.append("wx")
    if by_row:
        sums["wwyy"] = (w * w * y * y).sum()
        kept += ["n", "wwyy"]
        if crossed:
            sums |= {"wwxy": (w * w * x * y).sum(), "wwxx": (w * w * x * x).sum()}
            kept += ["wwxy", "wwxx"]
    if is_sample(design) and design.fpc:
        sums |= {"fpc_least": nw.col("fpc").min(), "fpc_most": nw.col("fpc").max()}
    return sums, kept


class _Words:
    """Numbers for the values of a column, in the order in which they are met."""

    def __init__(self) -> None:
        self.values: Any = ()

    def numbered(self, column: pa.Array) -> np.ndarray:
        """The number of every cell; a blank one has a number, too."""
        met = column.dictionary_encode("encode")
        if len(self.values):
            self.values = pa.concat_arrays([self.values, met.dictionary]).unique()
        else:
            self.values = met.dictionary
        return _places(met.dictionary, self.values)[_plain(met.indices)]

    def listed(self) -> list[Any]:
        """The values, in the order of their numbers; None also for what is not a number."""
        values = self.values.to_pylist() if len(self.values) else []
        return [None if value != value else value for value in values]  # noqa: PLR0124


class _Combined:
    """Sums for combinations of codes, which are numbered in the order in which they are met."""

    def __init__(self, sums: int):
        self.known: dict[tuple[int, ...], int] = {}
        self.sums = np.zeros((sums, 0))

    def add(self, columns: Sequence[np.ndarray], values: np.ndarray) -> np.ndarray:
        """Add rows, `values` of which has a line for each sum; gives the number of each row's combination."""
        first, place = _distinct(columns, values.shape[1])
        pairs = zip(*(column[first].tolist() for column in columns), strict=True) if columns else [()]
        number = np.fromiter(
            (self.known.setdefault(pair, len(self.known)) for pair in pairs), np.int32, count=len(first)
        )
        self.sums = grown(self.sums, len(self.known), 0.0)
        for line, sums in zip(values, self.sums, strict=True):
            sums[number] += np.bincount(place, weights=line, minlength=len(first))
        return number[place]

    def columns(self, count: int) -> list[np.ndarray]:
        """The codes of the combinations, in the order of their numbers; `count` columns."""
        return list(np.array(list(self.known), dtype=np.int64).reshape(len(self.known), count).T)


def _distinct(columns: Sequence[np.ndarray], rows: int) -> tuple[np.ndarray, np.ndarray]:
    """(one row of each combination of codes, which combination every row has)."""
    place = np.zeros(rows, dtype=np.int64)
    for column in columns:
        place = place * (int(column.max(initial=0)) + 1) + column
        if int(place.max(initial=0)) > 16 * rows:  # too wide for a list of all that could be
            place = np.unique(place, return_inverse=True)[1]
    occurs = np.zeros(int(place.max(initial=-1)) + 1, dtype=bool)
    occurs[place] = True
    place = (np.cumsum(occurs) - 1)[place]
    one = np.zeros(int(occurs.sum()), dtype=np.int64)
    one[place] = np.arange(rows)
    return one, place


def grown(array: np.ndarray, length: int, value: float) -> np.ndarray:
    """The array with as many columns as `length` says; new ones hold the value."""
    new = np.full((*array.shape[:-1], length - array.shape[-1]), value)
    return np.concatenate([array, new], axis=-1) if new.size else array


class _Sample:
    """The sampling units, with their stratum, their rows and what they say of the population."""

    def __init__(self, words: dict[str, _Words]):
        self._words, self._met = words, _Combined(1)
        self.least, self.most = np.zeros(0), np.zeros(0)

    def add(self, batch: Any, mark: np.ndarray, columns: Mapping[str, np.ndarray]) -> np.ndarray:
        """The number of the unit (without units, of the stratum) of every row of a batch; -1 for one that
        does not count in the design, or that says no unit, which is a fault of its own."""
        counts = mark < UNSAMPLED + OUTSIDE
        for name in self._words:
            if column_of(batch, name).null_count:
                counts &= column_of(batch, name).is_valid().to_numpy(zero_copy_only=False)
        chosen = slice(None) if counts.all() else counts
        coded = [words.numbered(column_of(batch, name))[chosen] for name, words in self._words.items()]
        found = self._met.add(coded, columns["n"][chosen][None])
        if "fpc_least" in columns:
            self.least = grown(self.least, len(self._met.known), np.inf)
            self.most = grown(self.most, len(self._met.known), -np.inf)
            np.fmin.at(self.least, found, columns["fpc_least"][chosen])  # a blank one is a fault of its row
            np.fmax.at(self.most, found, columns["fpc_most"][chosen])
        unit = np.full(len(mark), -1, dtype=np.int32)
        unit[chosen] = found
        return unit

    def sampled(self, design: Design, place: Origin) -> tuple[Sampled, np.ndarray]:
        """(the sample, the number that each unit has there, where units are sorted by their stratum)."""
        faults: list[Problem] = []
        columns = dict(zip(self._words, self._met.columns(len(self._words)), strict=True))
        count = len(self._met.known)
        strata, stratum = None, np.zeros(count, dtype=np.int64)
        if design.stratum:
            met, stratum = np.unique(columns["stratum"], return_inverse=True)
            strata = self._words["stratum"].values.take(arrow(met)) if count else arrow(met)
        kinds = len(strata) if strata is not None else 1
        if not design.psu:
            size = np.bincount(stratum, weights=self._met.sums[0], minlength=kinds).astype(np.int64)
            units, number_of = np.arange(kinds), stratum
            psus, psu_of, unit_of = None, {}, None
        else:
            order, psu = np.argsort(stratum, kind="stable"), columns["psu"]
            number_of = np.zeros(count, dtype=np.int64)
            number_of[order] = np.arange(count)
            psus, psu_of = self._words["psu"].values, {}
            if design.nested:
                pairs = zip(stratum.tolist(), psu.tolist(), strict=True)
                psu_of = dict(zip(pairs, number_of.tolist(), strict=True))
            elif shared := int((np.bincount(psu) > 1).sum()):
                details = {"column": design.psu, "stratum": design.stratum, "count": shared}
                faults.append(Problem("psu-in-two-strata", replace(place, column=design.psu), details))
            unit_of = np.zeros(len(psus), dtype=np.int64)
            unit_of[psu] = number_of
            size, units = np.bincount(stratum, minlength=kinds), stratum[order]
        drawn = np.zeros(kinds)
        if design.fpc:
            drawn, wrong = _drawn(design, self, stratum, size, place)
            faults += wrong
        made = Units(units, size, drawn)
        if design.lonely == "refuse" and design.stratum and made.lonely.any():
            details = {"count": int(made.lonely.sum()), "strata": kinds}
            faults.append(Problem("lonely-stratum", place, details))
        return Sampled(made, strata, psus, psu_of, unit_of, tuple(faults)), number_of


def _order(units: np.ndarray) -> np.ndarray:
    if len(units) and int(units.max()) < 2**16:
        units = units.astype(np.uint16)  # numpy sorts such numbers by radix
    return np.argsort(units, kind="stable")


def keys_of(design: Design) -> list[str]:
    """The columns that tell sampling units apart; without units, strata."""
    if design.psu and not design.nested:
        return ["psu"]  # alone it tells them apart, and a group by one column less is quicker
    return [name for name in ("stratum", "psu") if getattr(design, name)]


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
            first = scan.first_row(prepared, nw.col("why") == number)
            origin = Origin(source.place, row=first, column=column)
            faults.append(Problem(code, origin, {"column": column, "count": rows}))
    codes = cubes.codes_of(found["cell"], shape_of(dimensions))
    names = [dimension.name for dimension in prepared.dimensions]
    for axis, dimension in enumerate(dimensions):
        unknown = (codes[:, axis] == len(dimension.categories)) & (why >= USED) & (why < 1000)
        if rows := int(n[unknown].sum()):
            code = nw.col(f"d{names.index(dimension.name)}")
            wanted = (code == len(dimension.categories)) & (nw.col("why") >= USED) & (nw.col("why") < 1000)
            first = scan.first_row(prepared, wanted)
            details = {"column": dimension.column, "dimension": dimension.name, "count": rows}
            faults.append(
                Problem("category-unknown", Origin(source.place, row=first, column=dimension.column), details)
            )
    return faults


def units_of(batch: Any, sampled: Sampled, by_psu: bool) -> np.ndarray:
    """The unit of each row of a batch that is grouped by `keys_of`; without `by_psu` its stratum."""
    if not by_psu:
        if sampled.strata is None:
            return np.zeros(batch.num_rows, dtype=np.int64)
        return _places(column_of(batch, "stratum"), sampled.strata)
    assert sampled.psus is not None and sampled.unit_of is not None
    psu = _places(column_of(batch, "psu"), sampled.psus)
    if not sampled.psu_of:
        return sampled.unit_of[psu]
    assert sampled.strata is not None
    stratum = _places(column_of(batch, "stratum"), sampled.strata)
    pairs = zip(stratum.tolist(), psu.tolist(), strict=True)
    return np.fromiter((sampled.psu_of[pair] for pair in pairs), dtype=np.int64, count=len(psu))


def numbers(table: Any, name: str) -> np.ndarray:
    """A column of an Arrow table or batch as an array."""
    return _plain(column_of(table, name))


def column_of(table: Any, name: str) -> pa.Array:
    """A column of an Arrow table or batch, in one piece."""
    column = table.column(table.schema.names.index(name))
    return column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column


def _plain(array: pa.Array) -> np.ndarray:
    """Arrow numbers as an array; where none is null without a copy (and without looking for pandas)."""
    if array.null_count:
        return array.to_numpy(zero_copy_only=False)
    return np.from_dlpack(array)


def arrow(values: np.ndarray) -> pa.Array:
    """Numbers as Arrow has them. What Arrow offers for it imports pandas where there is one: two seconds."""
    held = np.ascontiguousarray(values)
    return pa.Array.from_buffers(pa.from_numpy_dtype(held.dtype), len(held), [None, pa.py_buffer(held)])


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
        return pa.table({name: arrow(np.zeros(0, dtype=np.int64)) for name in names})
    return pa.Table.from_batches(parts) if isinstance(parts[0], pa.RecordBatch) else pa.concat_tables(parts)
