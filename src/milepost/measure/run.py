"""Run a task: open the source, sum it up, and make the estimates of every cell."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import Any

import narwhals as nw
import numpy as np

from milepost.errors import MilepostError, refuse
from milepost.measure import cube as cubes
from milepost.measure import quantiles, sampling, scan
from milepost.measure.counting import (
    Counted,
    Part,
    coded,
    counted_by_unit,
    faults_of,
    numbers,
    parts_of,
    shape_of,
    table_of,
)
from milepost.measure.duck import Cancelled
from milepost.measure.engine import Progress
from milepost.measure.estimates import (
    Estimator,
    Made,
    Values,
    described,
    estimates_of,
    largest_of,
    notes_of,
    ordered,
    ratio,
    ratio_of_sums,
    replicated_by_weights,
    status_of,
    twelve,
)
from milepost.measure.methods import METHODS
from milepost.measure.scan import OUTSIDE, Prepared, share_of
from milepost.measure.task import Measured, Source, Task
from milepost.values import Estimate, Origin, Problem
from milepost.values.estimate import ALL, MISSING

MOST_ROWS = 1_000_000
"""What "rows" methods hold: price tables have a few thousand rows."""


def quiet(step: str, done: int, total: int) -> None:
    """Tell nobody."""


def run(
    task: Task,
    source: Source,
    second: Source | None = None,
    *,
    engine: str = "duckdb",
    progress: Progress = quiet,
    cancelled: Callable[[], bool] = scan.never,
) -> Measured:
    """Measure a task over a source: every cell of its tables with its sampling error, or why it has no value.

    `second` is the source of the denominator, where the task has one. `progress(step, done, total)` is told
    of each step; once `cancelled()` says so, `Cancelled` is raised within a second. MilepostError holds every
    fault of the design and the categories that one reading can find. Values are rounded to 12 digits.
    """
    check(task, source, second)
    if task.second is not None and METHODS[task.method].alone is not None:
        assert second is not None
        return _rate(task, source, second, engine=engine, progress=progress, cancelled=cancelled)
    return _measured(task, source, engine, progress, cancelled)


def check(task: Task, source: Source, second: Source | None = None) -> None:
    """Refuse a task that cannot be measured whatever the rows are; MilepostError with every fault."""
    place, faults = Origin(source.place), []
    method = METHODS.get(task.method)
    if method is None:
        raise refuse("measure-method", place, name=task.method, known=", ".join(METHODS))
    roles = scan.roles_of(task)
    alone = task.second is not None and method.alone is not None
    for role in method.roles:
        needed = role not in method.optional and not (alone and role in ("denominator", "population"))
        if needed and role not in roles:
            faults.append(Problem("role-missing", place, {"role": role, "method": task.method}))
    for name in task.by:
        if name not in task.dimensions:
            known = ", ".join(task.dimensions) or "-"
            faults.append(Problem("dimension-unknown", place, {"dimension": name, "known": known}))
    if alone and second is None:
        faults.append(Problem("second-missing", place, {"file": task.second.file if task.second else ""}))
    replication = scan.design_of(task).replication
    if replication and replication.rscales and len(replication.rscales) != len(replication.columns):
        found = {"columns": len(replication.columns), "factors": len(replication.rscales)}
        faults.append(Problem("replicate-factors", place, found))
    if replication and replication.kind == "stratified-jackknife" and not replication.rscales:
        faults.append(
            Problem("replicate-factors", place, {"columns": len(replication.columns), "factors": 0})
        )
    if not 0 < task.confidence < 1:
        faults.append(Problem("confidence-wrong", place, {"confidence": task.confidence}))
    if (share := share_of(task)) is not None and not 0 < share < 1:
        faults.append(Problem("share-wrong", place, {"share": share}))
    if faults:
        raise MilepostError(faults)


def _measured(
    task: Task,
    source: Source,
    engine: str,
    progress: Progress,
    cancelled: Callable[[], bool],
    *,
    estimator: Estimator = ratio_of_sums,
) -> Measured:
    def step(done: int) -> None:
        if cancelled():
            raise Cancelled
        progress("measure", done, 4)

    with ExitStack() as stack:
        step(0)
        opened = stack.enter_context(scan.opened(task, source, engine, cancelled=cancelled))
        prepared = scan.prepared(opened, task, source)
        step(1)
        if METHODS[task.method].kind == "rows":
            return _by_rows(task, source, prepared, engine)
        if share_of(task) is not None:
            return quantiles.estimate(task, source, prepared, engine=engine, progress=progress)
        parts = []
        for tables in parts_of(task, prepared):
            parts.append(_part(counted_by_unit(prepared, task, source, tables), task, tables, estimator))
            step(3)
        step(4)
    first = parts[0]
    cells = first.cells
    if len(parts) > 1:
        once: dict[Any, Estimate] = {}
        for estimate in (estimate for part in parts for estimate in part.cells):
            once.setdefault(estimate.key, estimate)
        cells = tuple(once.values())
    return Measured(
        task=task,
        cells=cells,
        rows=first.rows,
        used=first.used,
        engine=engine,
        excluded=first.excluded,
        design=described(task, first.sampled),
        notes=notes_of(task, source, first),
    )


def _part(counted: Counted, task: Task, tables: Sequence[Sequence[str]], estimator: Estimator) -> Part:
    design, values, spread = scan.design_of(task), estimator(task, counted), None
    if design.replication:
        spread = replicated_by_weights(task, counted, estimator)
    elif counted.sampled is not None and counted.sums is not None:
        units = counted.sampled.units
        spread = sampling.taylor(counted.cube, units, counted.sums, values.a, values.b, lonely=design.lonely)
    largest = largest_of(task, counted) if task.largest else {}
    return Part(
        cells=estimates_of(task, Made(counted, values, spread, largest), tables),
        rows=counted.rows,
        used=int(counted.n[counted.cube.whole]),
        excluded=counted.excluded_of(counted.cube.whole),
        sampled=counted.sampled,
    )


def _by_rows(task: Task, source: Source, prepared: Prepared, engine: str) -> Measured:
    """Apply the formula itself to the rows of every cell; they are few."""
    roles = scan.roles_of(task)
    at = {column: place for place, column in enumerate(source.columns)}
    columns = dict.fromkeys(column for named in roles.values() for column in named)
    wanted = {f"v{place}": nw.col(f"t{at[column]}") for place, column in enumerate(columns)}
    opened = prepared.opened
    found = table_of(opened, prepared.on(opened.frame, wanted).head(MOST_ROWS + 1))
    if found.num_rows > MOST_ROWS:
        raise refuse("price-list-too-long", source.place, most=MOST_ROWS, method=task.method)
    prepared, keys = coded(prepared, found)
    shape = shape_of(prepared.dimensions)
    finest = np.zeros(found.num_rows, dtype=np.int64)
    for key, stride in zip(keys, cubes.strides(shape), strict=True):
        finest += key * stride
    kept = numbers(found, "why") != OUTSIDE
    counts = {"why": numbers(found, "why"), "cell": finest, "n": np.ones(len(finest), dtype=np.int64)}
    if faults := faults_of(prepared, source, prepared.dimensions, counts):
        raise MilepostError(faults)
    names = [dimension.name for dimension in prepared.dimensions]
    tables = tuple(task.tables) or ((),)
    made = cubes.made(shape, [[names.index(name) for name in table] for table in tables], finest[kept])
    data = [found[name].to_pylist() for name in wanted]
    rows = [
        dict(zip(columns, row, strict=True))
        for row, keep in zip(zip(*data, strict=True), kept.tolist(), strict=True)
        if keep
    ]
    place = np.searchsorted(made.finest, finest[kept])
    members: dict[int, list[int]] = {}
    for target in made.targets:
        for row, cell in enumerate(target[place].tolist()):
            members.setdefault(cell, []).append(row)
    formula, named = METHODS[task.method].formula, {role: columns[0] for role, columns in roles.items()}
    options = {name: value for name, value in task.options.items() if name == "reference"}
    cells, whole = [], None
    for breakdown, cell in ordered(task, made, prepared.dimensions, tables):
        result = formula([rows[row] for row in members.get(cell, ())], **named, **options)
        whole = result if cell == made.whole else whole
        status = MISSING if result.value is None else status_of(task, result.used, None)
        cells.append(
            Estimate(
                breakdown,
                value=None if result.value is None else twelve(result.value),
                n=result.used,
                status=status,
                reason=result.reason,
                excluded=dict(result.excluded),
            )
        )
    assert whole is not None
    part = Part(tuple(cells), found.num_rows, whole.used, dict(whole.excluded), None)
    return Measured(
        task=task,
        cells=part.cells,
        rows=part.rows,
        used=part.used,
        engine=engine,
        excluded=part.excluded,
        design={"method": "none"},
        notes=notes_of(task, source, part),
    )


def _rate(
    task: Task,
    source: Source,
    second: Source,
    *,
    engine: str,
    progress: Progress,
    cancelled: Callable[[], bool],
) -> Measured:
    """The total of one source over the total of another, which has no sampling error of its own."""
    assert task.second is not None
    known = set(task.second.dimensions)
    tables = tuple(dict.fromkeys(tuple(name for name in table if name in known) for table in task.tables))
    column = task.second.columns.get("denominator") or task.second.columns.get("population")
    if column is None:
        raise refuse("role-missing", second.place, role="denominator", method=task.method)
    below = Task(
        indicator=task.indicator,
        method="total",
        columns={"value": column},
        year=task.year,
        dimensions=task.second.dimensions,
        recodes={
            **{name: task.recodes[name] for name in task.recodes if name in known},
            **task.second.recodes,
        },
        tables=tables or ((),),
    )
    people = {_broken(cell): cell for cell in _measured(below, second, engine, quiet, cancelled).cells}
    adds = task.method == "refugee_rate"  # who left is not counted in the population any more

    def over_people(task: Task, counted: Counted) -> Values:
        values = ratio(counted.wy, None, counted.n)
        value, a, reason = values.value.copy(), values.a.copy(), values.reason.astype(object)
        for breakdown, cell in ordered(task, counted.cube, counted.dimensions, task.tables):
            found = people.get(tuple(sorted(pair for pair in breakdown.items() if pair[1] != ALL)))
            if reason[cell]:
                continue
            if found is None or found.value is None:
                reason[cell] = "no-denominator" if found is None else found.reason or "no-denominator"
                continue
            whole = found.value + (value[cell] if adds else 0.0)
            if whole == 0:
                reason[cell] = "zero-denominator"
                continue
            a[cell] = found.value / (whole * whole) if adds else 1 / whole
            value[cell] /= whole
        value[reason != ""] = np.nan
        return Values(value, a, np.zeros(len(a)), reason)

    measured = _measured(task, source, engine, progress, cancelled, estimator=over_people)
    return replace(
        measured, cells=tuple(_with_denominator(cell, people, adds=adds) for cell in measured.cells)
    )


def _broken(cell: Estimate) -> tuple[tuple[str, str], ...]:
    """The dimensions that a cell is broken down by, with its categories: sources name different ones."""
    return tuple(pair for pair in cell.key if pair[1] != ALL)


def _with_denominator(cell: Estimate, people: Mapping[Any, Estimate], *, adds: bool) -> Estimate:
    if cell.value is None:
        return cell
    below = (people[_broken(cell)].value or 0.0) + (cell.sums["numerator"] if adds else 0.0)
    return replace(cell, sums={**cell.sums, "denominator": twelve(below)})
