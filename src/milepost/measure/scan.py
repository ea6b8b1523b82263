"""Stage 1: rows to sums, on the engine that can hold them. The expressions are the same on every engine.

An engine opens the source (`opened`); what is asked of it is written once, with Narwhals. `prepared` adds to
every row what the method needs of it: y and x, the weight w, the stratum and sampling unit, each dimension,
and `why`, which says whether the row is used. Nothing is filtered out: a row outside the domain still belongs
to the design.

A dimension is a small whole number for each row, or the word that is stored: which words there are is then
seen from the sums, so that the rows need not be read for it. `with_words` tells; after that it is a number.
"""

import math
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from functools import reduce
from operator import add
from typing import Any, NamedTuple

import narwhals as nw

from milepost.errors import MilepostError, refuse
from milepost.measure import duck
from milepost.measure.engine import Lookup, Opened, never
from milepost.measure.methods import ANSWERS, ANY_OF, METHODS, NOT_NEGATIVE, POSITIVE, QUANTILES, YES_NO
from milepost.measure.task import Condition, Design, Recode, Source, Task
from milepost.values import Origin, Problem

USED, OUTSIDE = 0, -1
"""`why` of a row that is used, and of one outside the domain; above 0 it is the number of a reason."""

UNSAMPLED = 20_000
"""What `mark` adds to `why` for a row that does not count in the design: it has no weight."""

MISSING = "_U"
"""The category of a blank cell where no recode names another (SDMX: not known)."""

DENOMINATORS = ("denominator", "population")
"""Roles that a second source can fill."""

MOST_CATEGORIES = 10_000

_FIRST_ROWS = 2 * MOST_CATEGORIES  # in which a column that is no classification shows it


@dataclass(frozen=True)
class Dimension:
    """A dimension as stage 1 codes it: code i stands for `categories[i]`, and len(categories) for a cell that
    belongs to no category, which is a fault where it occurs in the domain.

    `code` gives the code of a row; of a dimension whose words are not `known` yet, the word that is stored.
    `code_of` says the same of a value once they are."""

    name: str
    column: str
    categories: tuple[str, ...]
    code: nw.Expr | Lookup
    known: bool = True
    code_of: Mapping[Any, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Prepared:
    """Rows as stage 1 sums them up. `frame` has these columns:

    - `y`, `x`: the method's two quantities, float (x is null where the method has none: a total);
    - `p`: the persons of the row, where the task names their column;
    - `w`: the weight, 1.0 without one; `wr0`, `wr1`, ... the replicate weights, where the design has them;
    - `stratum`, `psu`: as stored, where the design names them; `fpc`: float, where it does;
    - `left_out`: whether the row is not used; `why`: USED, OUTSIDE (the domain), or the number of a reason in
      `reasons` or of a fault; `mark`: the same, with UNSAMPLED more for a row that does not count in the
      design;
    - `d0`, `d1`, ...: the codes of `dimensions`, in the order of `task.by`, or their words as stored.

    Sums are over rows with why == USED; the rest of their y and x may be anything.
    """

    opened: Opened
    columns: Mapping[str, nw.Expr]
    dimensions: tuple[Dimension, ...]
    reasons: Mapping[int, str]
    faults: Mapping[int, tuple[str, str]]
    """{why: (code of errors.MEASURE, column)}: what may not occur at all."""
    meant: Callable[[str, Sequence[Any]], Dimension]
    """A dimension, by its name, that knows the values that occur in its column."""

    @property
    def frame(self) -> nw.LazyFrame:
        """Every row of the source."""
        return self.on(self.opened.frame, {})

    @property
    def used(self) -> nw.LazyFrame:
        """The rows that are used, without the columns that say why others are not."""
        columns = {name: column for name, column in self.columns.items() if name not in ("why", "mark")}
        return replace(self, columns=columns).frame.filter(~nw.col("left_out"))

    def on(self, frame: nw.LazyFrame, beside: Mapping[str, nw.Expr]) -> nw.LazyFrame:
        """The same columns of another opened frame, and columns beside."""
        codes = {f"d{at}": dimension.code for at, dimension in enumerate(self.dimensions)}
        lookups = {name: code for name, code in codes.items() if isinstance(code, Lookup)}
        coded = self.opened.coded(frame, lookups) if lookups else frame
        found = {name: nw.col(name) if isinstance(code, Lookup) else code for name, code in codes.items()}
        return coded.select(**beside, **self.columns, **found)


@contextmanager
def opened(
    task: Task,
    source: Source,
    engine: str = "duckdb",
    *,
    cancelled: Callable[[], bool] = never,
    memory: str = duck.MEMORY,
) -> Iterator[Opened]:
    """The source's rows on an engine, "duckdb" or "spark", for as long as the block runs.

    MilepostError with every column that the task names and the file lacks ("unknown-column"), or where the
    engine cannot read the file, or runs out of memory or disk; `duck.Cancelled` once `cancelled()` says so.
    """
    _check_columns(task, source)
    text, numbers = needed(task)
    if engine == "duckdb":
        with duck.opened(source, text, numbers, cancelled=cancelled, memory=memory) as (
            frame,
            numbered,
            aside,
        ):
            yield Opened(frame, duck.stream, aside.rows, aside.table, numbered, duck.coded)
    elif engine == "spark":
        from milepost.measure import spark  # noqa: PLC0415  # an extra: only asked for where it is wanted

        with spark.opened(source, text, numbers, cancelled=cancelled) as spark_opened:
            yield spark_opened
    else:
        raise refuse("unknown-engine", source.place, name=engine, known="duckdb, spark")


def needed(task: Task) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(columns read as they are stored, columns read as numbers) of a task, each once."""
    method, design = METHODS[task.method], design_of(task)
    text: list[str] = [column for column in (design.stratum, design.psu) if column]
    numbers: list[str] = [column for column in (design.weight, design.fpc) if column]
    for role, columns in roles_of(task).items():
        (text if method.roles[role] == YES_NO or method.kind == "rows" else numbers).extend(columns)
    text += [column for columns in roles_of(task).values() for column in columns]  # to tell blank from wrong
    numbers += [task.persons] if task.persons else []
    text += numbers
    if design.replication:
        numbers += design.replication.columns
    for name in task.by:
        recode = task.recodes.get(name)
        (numbers if recode and recode.bands else text).append(task.dimensions[name])
        text.append(task.dimensions[name])
    for condition in task.where:
        text.append(condition.column)
        if not condition.values:
            numbers.append(condition.column)
    return tuple(dict.fromkeys(text)), tuple(dict.fromkeys(numbers))


def design_of(task: Task) -> Design:
    """The design that counts: none for methods that are no estimation, such as a count of incidents."""
    return task.design if METHODS[task.method].sampled else Design()


def roles_of(task: Task) -> dict[str, tuple[str, ...]]:
    """{role of the method: the file's columns}, in the method's order; roles that the task leaves out are
    absent, and so is the denominator where it comes from a second source."""
    found = {}
    for role in METHODS[task.method].roles:
        if role in DENOMINATORS and task.second is not None:
            continue
        columns = task.columns.get(role)
        if columns:
            found[role] = (columns,) if isinstance(columns, str) else tuple(columns)
    return found


def share_of(task: Task) -> float | None:
    """Which quantile the task asks for, such as 0.5; None where it asks for none."""
    if task.method == "quantile":
        return float(task.options.get("share", 0.5))
    if task.method == "individual_ratios":
        statistic = str(task.options.get("statistic", "mean"))
        if statistic == "mean":
            return None
        if statistic not in QUANTILES:
            known = ", ".join(("mean", *QUANTILES))
            raise refuse("statistic-unknown", task.indicator, name=statistic, known=known)
        return QUANTILES[statistic]
    return None


def prepared(opened: Opened, task: Task, source: Source) -> Prepared:
    """What the method needs of every row.

    The words of a dimension are looked up here where a recode makes one category of many of them, and where
    there are several tables, whose size must be known; others come with the sums. MilepostError
    ("too-many-categories") for a dimension that is no classification.
    """
    cells = _Cells(opened.frame, source)

    def meant(name: str, values: Sequence[Any]) -> Dimension:
        return _worded(cells, task, name, values)

    banded = {name for name, recode in task.recodes.items() if recode.bands}
    recoded = {name for name, recode in task.recodes.items() if recode.codes}
    dimensions = []
    for name in task.by:
        if name in banded:
            dimensions.append(_banded(cells, name, task.dimensions[name], task.recodes[name]))
        elif name in recoded or len(task.tables) > 1:
            dimensions.append(meant(name, _values_of(opened, cells, task, name)))
        else:
            column = task.dimensions[name]
            dimensions.append(Dimension(name, column, (), cells.stored(column), known=False))
    _check_first_words(cells, opened, [dimension for dimension in dimensions if not dimension.known])
    quantities, checks = _quantities(cells, task)
    judged, reasons, faults = _judged(cells, task, checks)
    design = design_of(task)
    columns = {
        "y": quantities["y"],
        "x": quantities["x"],
        "w": cells.number(design.weight) if design.weight else nw.lit(1.0),
        **judged,
    }
    if task.persons:
        columns["p"] = cells.number(task.persons)
    columns |= {name: cells.stored(column) for name, column in _units(design).items()}
    if design.fpc:
        columns["fpc"] = cells.number(design.fpc)
    if design.replication:
        weights = enumerate(design.replication.columns)
        columns |= {f"wr{number}": cells.number(column) for number, column in weights}
    return Prepared(opened, columns, tuple(dimensions), reasons, faults, meant)


def with_words(prepared: Prepared, words: Mapping[str, Sequence[Any]]) -> Prepared:
    """The same rows, where every dimension has a code: `words` gives the values that occur, by dimension."""
    dimensions = tuple(
        dimension if dimension.known else prepared.meant(dimension.name, words[dimension.name])
        for dimension in prepared.dimensions
    )
    return replace(prepared, dimensions=dimensions)


def first_row(prepared: Prepared, wanted: nw.Expr) -> int | None:
    """The number of the first row for which `wanted` holds, an expression on the prepared columns, as a
    person counts rows; None where the engine cannot say."""
    opened = prepared.opened
    if opened.numbered is None:
        return None
    rows = prepared.on(opened.numbered(), {"row": nw.col("row")}).filter(wanted)
    found = [value for part in opened.stream(rows.select(nw.col("row").min())) for value in part.column(0)]
    return found[0].as_py() if found else None


class _Cells:
    """The cells of one row, by the names of the file's columns, as expressions."""

    def __init__(self, frame: nw.LazyFrame, source: Source):
        self.types = frame.collect_schema()
        self.labels = source.labels
        self.file = source.place
        self._at = {column: place for place, column in enumerate(source.columns)}

    def place(self, column: str) -> int:
        return self._at[column]

    def stored(self, column: str) -> nw.Expr:
        return nw.col(f"t{self._at[column]}")

    def number(self, column: str) -> nw.Expr:
        return nw.col(f"n{self._at[column]}")

    def is_text(self, column: str) -> bool:
        return self.types[f"t{self._at[column]}"] == nw.String

    def blank(self, column: str) -> nw.Expr:
        stored = self.stored(column)
        if self.is_text(column):
            return stored.is_null() | (stored.str.strip_chars() == "")
        return stored.is_null()

    def no_number(self, column: str) -> nw.Expr:
        """Whether it is no number that one can count with; of a cell that is not blank."""
        number = self.number(column)
        return number.is_null() | ~number.is_finite()

    def words(self, column: str) -> nw.Expr:
        """The cell's own words: without spaces around, small letters."""
        stored = self.stored(column) if self.is_text(column) else self.stored(column).cast(nw.String)
        return stored.str.strip_chars().str.to_lowercase()


def _check_columns(task: Task, source: Source) -> None:
    text, numbers = needed(task)
    known = set(source.columns)
    missing = [column for column in dict.fromkeys((*text, *numbers)) if column not in known]
    if missing:
        raise MilepostError(
            Problem("unknown-column", Origin(source.place), {"column": column, "near": _near(column, source)})
            for column in missing
        )


def _near(column: str, source: Source) -> str:
    folded = {name.casefold(): name for name in source.columns}
    close = get_close_matches(column.casefold(), list(folded), n=3, cutoff=0.6)
    return ", ".join(folded[name] for name in close) or ", ".join(source.columns[:12])


def _units(design: Design) -> dict[str, str]:
    return {name: column for name in ("stratum", "psu") if (column := getattr(design, name))}


# What a method needs of a row


class _Check(NamedTuple):
    """Why rows cannot be used: (which rows, why), of which the first that holds counts; and the rows that
    none of them holds for, which one comparison can tell where there are several reasons."""

    reasons: tuple[tuple[nw.Expr, str], ...]
    right: nw.Expr


def _check(rows: nw.Expr, why: str) -> _Check:
    """A check with one reason."""
    return _Check(((rows, why),), ~rows.fill_null(value=False))


def _quantities(cells: _Cells, task: Task) -> tuple[dict[str, nw.Expr], list[_Check]]:
    """({"y", "x"}, what keeps a row out) of the method."""
    method = METHODS[task.method]
    values: dict[str, nw.Expr] = {}
    checks: list[_Check] = []
    for role, columns in roles_of(task).items():
        kind = method.roles[role]
        if method.kind == "rows":
            continue
        if kind == YES_NO:
            values[role] = _yes(cells, task, role, columns[0], checks)
        elif kind == ANY_OF:
            values[role] = _any_of(cells, columns, checks)
        else:
            unless = method.unless.get(role)
            skip = unless(values) if unless else None
            for column in columns:
                _check_number(cells, column, kind, checks, skip)
            values[role] = reduce(add, (cells.number(column) for column in columns))
    if task.persons:
        _check_number(cells, task.persons, NOT_NEGATIVE, checks)
    if method.holds is not None:
        checks.append(_check(~method.holds(values), method.else_why))
    nothing = nw.lit(None, dtype=nw.Float64)
    y = method.y(values).cast(nw.Float64) if method.y else nothing
    x = method.x(values) if method.x and not (task.second and method.alone) else None
    if task.second and method.alone:
        y = method.alone(values).cast(nw.Float64)
    if x is None:
        return {"y": y, "x": nothing}, checks
    return {"y": y, "x": nw.lit(float(x)) if isinstance(x, int | float) else x.cast(nw.Float64)}, checks


def _check_number(
    cells: _Cells, column: str, kind: str, checks: list[_Check], skip: nw.Expr | None = None
) -> None:
    number = cells.number(column)
    reasons = [
        (cells.blank(column), f"no-{column}"),
        (cells.no_number(column), f"not-a-number:{column}"),
    ]
    if kind == NOT_NEGATIVE:
        reasons.append((number < 0, f"negative:{column}"))
    elif kind == POSITIVE:
        reasons.append((number <= 0, f"not-positive:{column}"))
    if skip is None:
        checks.append(_Check(tuple(reasons), _within(number, kind)))
    else:
        checks += [_check(rows & ~skip, why) for rows, why in reasons]


def _within(number: nw.Expr, kind: str) -> nw.Expr:
    """Whether it is a finite number of this kind; null where it is none."""
    least = {NOT_NEGATIVE: 0.0, POSITIVE: math.ulp(0.0)}.get(kind, -sys.float_info.max)
    return number.is_between(least, sys.float_info.max)


def _yes(cells: _Cells, task: Task, role: str, column: str, checks: list[_Check]) -> nw.Expr:
    """Whether the cell says yes; cells that say neither yes nor no are left out."""
    words = dict(ANSWERS)
    words |= {f"{word}.0": answer for word, answer in ANSWERS.items() if word.isdigit()}
    for value, label in cells.labels.get(column, {}).items():
        for word in _spellings(value):
            words.pop(word, None)
        if (answer := ANSWERS.get(label.strip().casefold())) is not None:
            words |= dict.fromkeys(_spellings(value), answer)
    if recode := task.recodes.get(role):
        told = {value: ANSWERS.get(answer.strip().casefold()) for value, answer in recode.codes.items()}
        words = {
            spelled: answer
            for value, answer in told.items()
            if answer is not None
            for spelled in _spellings(value)
        }
    cell = cells.words(column)
    yes = sorted(word for word, answer in words.items() if answer)
    checks.append(_check(cells.blank(column), f"no-{column}"))
    checks.append(_check(~cell.is_in(sorted(words)), f"not-an-answer:{column}"))
    return cell.is_in(yes)


def _spellings(value: str) -> tuple[str, ...]:
    plain = value.strip().casefold()
    return (plain, f"{plain}.0") if plain.lstrip("-").isdigit() else (plain,)


def _any_of(cells: _Cells, columns: tuple[str, ...], checks: list[_Check]) -> nw.Expr:
    """The sum of what is stated; a row that states nothing is left out."""
    for column in columns:
        blank = cells.blank(column)
        checks.append(_check(~blank & cells.no_number(column), f"not-a-number:{column}"))
        checks.append(_check(~blank & (cells.number(column) < 0), f"negative:{column}"))
    nothing = reduce(lambda one, other: one & other, (cells.blank(column) for column in columns))
    checks.append(_check(nothing, f"no-{columns[0]}"))
    return reduce(add, (cells.number(column).fill_null(0.0) for column in columns))


def _judged(
    cells: _Cells, task: Task, checks: list[_Check]
) -> tuple[dict[str, nw.Expr], dict[int, str], dict[int, tuple[str, str]]]:
    """({"left_out", "why", "mark"} of a row, {number: reason}, {number: (fault, column)})."""
    design = design_of(task)
    faulty: list[tuple[nw.Expr, str, str]] = []
    right = [check.right for check in checks]
    reasons = [reason for check in checks for reason in check.reasons]
    sampled = ~cells.blank(design.weight) if design.weight else None

    def of_sample(rows: nw.Expr) -> nw.Expr:
        return rows if sampled is None else sampled & rows

    if design.weight:
        weight = cells.number(design.weight)
        faulty.append((of_sample(cells.no_number(design.weight)), "weight-no-number", design.weight))
        faulty.append((weight < 0, "weight-negative", design.weight))
        reasons.append((cells.blank(design.weight), f"no-{design.weight}"))
        reasons.append((weight <= 0, f"not-positive:{design.weight}"))
        right.append(_within(weight, POSITIVE))
    for name, column in _units(design).items():
        code = {"stratum": "stratum-missing", "psu": "psu-missing"}[name]
        faulty.append((of_sample(cells.blank(column)), code, column))
        right.append(~cells.blank(column))
    if design.fpc:
        wrong = cells.no_number(design.fpc) | (cells.number(design.fpc) <= 0)
        faulty.append((of_sample(wrong), "fpc-wrong", design.fpc))
        right.append(_within(cells.number(design.fpc), POSITIVE))
    for column in design.replication.columns if design.replication else ():
        faulty.append((of_sample(cells.no_number(column)), "replicate-weight-wrong", column))
        right.append(_within(cells.number(column), ANY_OF))
    faults = {1000 + number: (code, column) for number, (_, code, column) in enumerate(faulty)}
    branches = [(rows, 1000 + number) for number, (rows, _, _) in enumerate(faulty)]
    if task.where:
        branches.append((~_domain(cells, task.where), OUTSIDE))
        right.append(_domain(cells, task.where))
    branches += [(rows, 1 + number) for number, (rows, _) in enumerate(reasons)]
    why_of = {1 + number: reason for number, (_, reason) in enumerate(reasons)}
    used: Any = nw.lit(USED, dtype=nw.Int16)
    if not branches:
        return {"left_out": nw.lit(value=False), "why": used, "mark": used}, why_of, faults
    left_out = ~reduce(lambda one, other: one & other, right).fill_null(value=False)
    first = used
    for rows, number in reversed(branches):
        first = nw.when(rows).then(nw.lit(number, dtype=nw.Int16)).otherwise(first)
    why = mark = nw.when(left_out).then(first).otherwise(used)
    if sampled is not None:  # a row without a weight is never used
        mark = nw.when(sampled).then(why).otherwise(why + nw.lit(UNSAMPLED, dtype=nw.Int16))
    return {"left_out": left_out, "why": why, "mark": mark}, why_of, faults


def _domain(cells: _Cells, conditions: tuple[Condition, ...]) -> nw.Expr:
    return reduce(lambda one, other: one & other, (_holds(cells, condition) for condition in conditions))


def _holds(cells: _Cells, condition: Condition) -> nw.Expr:
    """Whether the cell has one of the values, or lies in the range; a blank cell does neither."""
    if condition.values:
        labels = cells.labels.get(condition.column, {})
        wanted = {value.strip().casefold() for value in condition.values}
        stored = [value for value, label in labels.items() if label.strip().casefold() in wanted]
        words = {spelled for value in (*wanted, *stored) for spelled in _spellings(value)}
        held = ~cells.blank(condition.column) & cells.words(condition.column).is_in(sorted(words))
        return held.fill_null(value=False)
    number = cells.number(condition.column)
    held = ~number.is_null() & number.is_finite()
    if condition.minimum is not None:
        held = held & (number >= condition.minimum)
    if condition.maximum is not None:
        held = held & (number <= condition.maximum)
    return held.fill_null(value=False)


# Dimensions


def _banded(cells: _Cells, name: str, column: str, recode: Recode) -> Dimension:
    others = [recode.other] if recode.other else []
    names: list[str] = [*(band.code for band in recode.bands), *others, recode.missing]
    categories = tuple(dict.fromkeys(names))
    number = cells.number(column)
    unknown = categories.index(recode.other) if recode.other else len(categories)
    code: Any = nw.lit(unknown, dtype=nw.Int32)
    for band in reversed(recode.bands):
        within = number.is_finite()
        if band.minimum is not None:
            within = within & (number >= band.minimum)
        if band.maximum is not None:
            within = within & (number <= band.maximum)
        code = nw.when(within).then(nw.lit(categories.index(band.code), dtype=nw.Int32)).otherwise(code)
    missing = nw.lit(categories.index(recode.missing), dtype=nw.Int32)
    return Dimension(name, column, categories, nw.when(cells.blank(column)).then(missing).otherwise(code))


def _worded(cells: _Cells, task: Task, name: str, values: Sequence[Any]) -> Dimension:
    """A dimension of words, from the values that occur: they are few, so each is looked up once."""
    column, recode = task.dimensions[name], task.recodes.get(name)
    missing = recode.missing if recode else MISSING
    meant = {value: category_of(value, recode, cells.labels.get(column, {})) for value in values}
    categories = _ordered({category for category in meant.values() if category is not None}, recode, missing)
    code = {category: number for number, category in enumerate(categories)}
    code_of = {
        value: len(categories) if category is None else code[category] for value, category in meant.items()
    }
    words = {value: number for value, number in code_of.items() if _plain(value)}  # a blank has no word
    if not words:
        return Dimension(name, column, categories, nw.lit(0, dtype=nw.Int32), code_of=code_of)
    otherwise = code.get(missing, len(categories))
    lookup = Lookup(f"t{cells.place(column)}", tuple(words), tuple(words.values()), otherwise)
    return Dimension(name, column, categories, lookup, code_of=code_of)


def _values_of(opened: Opened, cells: _Cells, task: Task, name: str) -> list[Any]:
    """The different values of a dimension's column."""
    column = task.dimensions[name]
    words = opened.frame.select(value=cells.stored(column)).group_by("value").agg(rows=nw.len())
    distinct = words.head(MOST_CATEGORIES + 1)
    values = [value for part in opened.stream(distinct) for value in part.column(0).to_pylist()]
    check_number(values, name, column, cells.file)
    return values


def check_number(values: Sequence[Any], name: str, column: str, place: str) -> None:
    """Refuse a dimension of so many different values that it is no classification."""
    if len(values) > MOST_CATEGORIES:
        details = {"column": column, "dimension": name, "most": MOST_CATEGORIES}
        raise refuse("too-many-categories", Origin(place, column=column), **details)


def _check_first_words(cells: _Cells, opened: Opened, dimensions: Sequence[Dimension]) -> None:
    """Refuse what is no classification before all rows are grouped by it, as far as the first rows show."""
    if not dimensions:
        return
    columns = {f"d{at}": cells.stored(each.column).n_unique() for at, each in enumerate(dimensions)}
    counts = one_row(opened, opened.frame.head(_FIRST_ROWS).select(**columns))
    for dimension, count in zip(dimensions, counts, strict=True):
        check_number(range(count), dimension.name, dimension.column, cells.file)


def one_row(opened: Opened, frame: nw.LazyFrame) -> list[int]:
    """The one row of a frame of whole numbers."""
    [found] = [part for part in opened.stream(frame) if part.num_rows]
    return [column[0].as_py() for column in found.columns]


def category_of(value: object, recode: Recode | None, labels: Mapping[str, str]) -> str | None:
    """The category of a stored value: as the recode lists it, else by its label, else its own words.

    None for a word that the recode does not list and has no `other` for.
    """
    word = _plain(value)
    if not word:
        return recode.missing if recode else MISSING
    label = labels.get(word, "").strip()
    if recode is None or not recode.codes:
        return label or word
    for known in (word, label):
        if known and known in recode.codes:
            return recode.codes[known]
    return recode.other


def _plain(value: object) -> str:
    """A stored value as a person writes it: 1 for 1.0, without spaces around; "" for a blank."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        if math.isnan(value):
            return ""
        return str(int(value)) if value.is_integer() else str(value)
    return str(value).strip()


def _ordered(found: set[str], recode: Recode | None, missing: str) -> tuple[str, ...]:
    """Categories in the recode's order, else sorted (numbers as numbers); what is not known comes last."""
    if recode and recode.codes:
        order = [*recode.codes.values(), *([recode.other] if recode.other else []), missing]
        return tuple(category for category in dict.fromkeys(order) if category in found)
    return tuple(sorted(found, key=lambda word: (word == missing, *_as_number(word))))


def _as_number(word: str) -> tuple[float, str]:
    try:
        return (float(word), "") if "_" not in word else (float("inf"), word)
    except ValueError:
        return (float("inf"), word)
