"""A table made elsewhere becomes a safe table, with the protocol of what was hidden and why."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from milepost import disclosure, interchange
from milepost.disclosure import tables as linked
from milepost.errors import MilepostError, refuse
from milepost.values import MISSING_STATUSES, Estimate, Origin, Problem, Table, concept
from milepost.values.estimate import ALL, MISSING, SUPPRESSED

SHARED_WORDS = frozenset({"", "_t", "total", "all", "всего", "итого"})
"""Cells that stand for all of a dimension."""
_NUMBERS_OF_RESPONDENTS = ("n", "respondents", "unweighted_n")
_SECRET = ("numerator", "denominator")
_FIGURES = ("se", "ci_low", "ci_high", "cv", "deff", "reason", "excluded", "upper_bound", "lower_bound")
_NO_DIMENSIONS = frozenset(
    {"comment_obs", "comment_ts", "source_detail", "unit_measure", "unit_mult", "nature", "obs_status",
     "status", "base_per", "time_detail", "time_coverage", "data_last_update", "geo_info_url",
     "geo_info_type", *_FIGURES, *_SECRET}
)  # fmt: skip
_MOSTLY = 0.5
"""Where more of the margins than this add up, the others are mistakes; else the values are no totals."""


@dataclass(frozen=True, slots=True)
class ProtectedTable:
    """The rows as they may be published, under the table's own headers, and the protocol, which never may.

    Hidden figures are blank and have status Q in the column `status` (the table's own, or a new last one).
    Columns of numerators, denominators and largest contributions are gone. `dimensions` are the columns that
    were taken for dimensions; `problems` is what is worth knowing about the table.
    """

    columns: tuple[str, ...]
    rows: list[dict[str, str]]
    dimensions: tuple[str, ...]
    protocol: disclosure.Protocol
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Columns:
    """Which column of a table holds what, by position."""

    dimensions: tuple[int, ...]
    n: int | None
    value: int | None
    sums: Mapping[str, int]
    largest: tuple[int, ...]
    status: int | None
    figures: tuple[int, ...]


def protect_table(
    path: Path,
    *,
    rules: disclosure.Rules,
    dimensions: Sequence[str] | None = None,
    n: str | None = None,
    value: str | None = None,
    previous: Path | None = None,
    hierarchies: Mapping[str, Mapping[str, Sequence[str]]] | None = None,
    progress: Callable[[str, int, int], None] = lambda step, done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> ProtectedTable:
    """The first table of a file, protected by the rules.

    One row a cell; a blank, _T or "Total" in a dimension is over all of it. Columns not named are found by
    their headers: n or respondents; value; numerator, denominator; largest_1, largest_2 and so on; status.
    What else has a header is a dimension. Values are taken for totals where they add up, and for ratios
    otherwise. Raises MilepostError where figures do not add up to their margins, or nothing can be protected.
    """
    table, problems = _read(path)
    columns = _columns_of(table, dimensions, n, value)
    cells, slack = _cells(table, columns, hierarchies or {})
    before: Sequence[Estimate] = ()
    if previous is not None:
        names = [table.columns[at] for at in columns.dimensions]
        older, _ = _read(previous)
        before, _ = _cells(older, _columns_of(older, names, n, value), hierarchies or {})
    try:
        _check_margins(table, cells, hierarchies or {}, slack)
        protected = disclosure.protect(
            cells, rules, hierarchies=hierarchies, previous=before, slack=slack,
            progress=progress, cancelled=cancelled,
        )  # fmt: skip
    except MilepostError as error:
        raise MilepostError(
            Problem(one.code, table.origin if one.origin.row is None else one.origin, one.details)
            for one in error.problems
        ) from error
    headers, rows = _rows(table, columns, protected.cells, rounded=protected.protocol.rounded)
    names = tuple(table.columns[at] for at in columns.dimensions)
    return ProtectedTable(headers, rows, names, protected.protocol, problems)


def protocol_as_dict(protected: ProtectedTable) -> dict[str, Any]:
    """The protocol of a table ready for JSON; it names what is hidden, so it is never to be published."""
    return {"public": False, "dimensions": list(protected.dimensions), **protected.protocol.as_dict()}


def _read(path: Path) -> tuple[Table, tuple[Problem, ...]]:
    """The first table of a file that has rows, and the faults met."""
    dataset = interchange.read(path)
    filled = [table for table in dataset.tables if table.rows]
    if not filled:
        raise MilepostError(dataset.problems) if dataset.problems else refuse("empty-file", Origin(str(path)))
    return filled[0], dataset.problems


def _columns_of(table: Table, dimensions: Sequence[str] | None, n: str | None, value: str | None) -> _Columns:
    """Which columns are dimensions and which hold figures, as named or by their headers."""
    plain = [header.strip().lower().replace(" ", "_") for header in table.columns]
    concepts = [concept(header) for header in table.columns]

    def named(wanted: str) -> int:
        if wanted not in table.columns:
            raise refuse("column-missing", table.origin, column=wanted)
        return table.columns.index(wanted)

    def first(*names: str) -> int | None:
        return next((plain.index(name) for name in names if name in plain), None)

    respondents = named(n) if n else first(*_NUMBERS_OF_RESPONDENTS)
    measure = named(value) if value else (concepts.index("obs_value") if "obs_value" in concepts else None)
    sums = {name: plain.index(name) for name in _SECRET if name in plain}
    largest = [at for at, name in enumerate(plain) if name.startswith("largest_")]
    status = first("status", "obs_status")
    if status is None and "obs_status" in concepts:
        status = concepts.index("obs_status")
    figures = [at for at, name in enumerate(plain) if name in _FIGURES]
    taken = {respondents, measure, status, *sums.values(), *largest}
    if dimensions is None:
        found = [
            at
            for at, name in enumerate(plain)
            if at not in taken
            and name
            and not {name, concepts[at]} & _NO_DIMENSIONS
            and any(row[at] for row in table.rows)
        ]
    else:
        found = [named(name) for name in dimensions]
    if not found:
        raise refuse("no-dimensions", table.origin)
    if respondents is None and measure is None and "numerator" not in sums:
        raise refuse("nothing-to-protect", table.origin)
    return _Columns(
        tuple(found), respondents, measure, sums, tuple(sorted(largest, key=lambda at: plain[at])), status,
        tuple(figures),
    )  # fmt: skip


def _cells(
    table: Table, columns: _Columns, hierarchies: Mapping[str, Mapping[str, Sequence[str]]]
) -> tuple[list[Estimate], dict[str, float]]:
    """The rows as cells, and the step that each sum was rounded to by whoever wrote the table."""
    names = [table.columns[at] for at in columns.dimensions]
    cells = []
    for position, row in enumerate(table.rows):
        parts = (row[at].strip() for at in columns.dimensions)
        breakdown = {
            name: ALL if part.lower() in SHARED_WORDS else part
            for name, part in zip(names, parts, strict=True)
        }
        cells.append(_cell(table, columns, position, row, breakdown))
    steps = {name: _step(table, at) for name, at in columns.sums.items()}
    if "numerator" not in columns.sums and columns.value is not None:
        step = _step(table, columns.value)
        totals = [_with_total(cell) for cell in cells]
        if _adds_up(table, totals, hierarchies, step):
            return totals, {**steps, "numerator": step}
    return cells, steps


def _cell(
    table: Table, columns: _Columns, position: int, row: Sequence[str], breakdown: Mapping[str, str]
) -> Estimate:
    def number(at: int | None) -> float | None:
        if at is None or not row[at].strip():
            return None
        text = row[at].strip().replace(" ", "").replace("\u00a0", "").replace("\u202f", "")
        try:
            return float(text)
        except ValueError:
            place = table.place(position, table.columns[at])
            raise refuse("number-unreadable", place, text=row[at]) from None

    status = row[columns.status].strip().upper() if columns.status is not None else ""
    if status == SUPPRESSED:
        return Estimate(breakdown, status=SUPPRESSED)
    respondents, figure = number(columns.n), number(columns.value)
    sums = {name: total for name, at in columns.sums.items() if (total := number(at)) is not None}
    if columns.value is None:  # a table of counts
        figure = sums.get("numerator", respondents)
    if figure is None and status not in MISSING_STATUSES:
        status = MISSING
    return Estimate(
        breakdown,
        value=None if status in MISSING_STATUSES else figure,
        n=None if respondents is None else round(respondents),
        status=status or "A",
        sums=sums,
        largest=tuple(one for at in columns.largest if (one := number(at)) is not None),
    )


def _with_total(cell: Estimate) -> Estimate:
    """The cell with its value as the total that it is taken for."""
    if cell.value is None:
        return cell
    return Estimate(
        cell.breakdown, value=cell.value, n=cell.n, status=cell.status,
        sums={**cell.sums, "numerator": cell.value}, largest=cell.largest,
    )  # fmt: skip


def _step(table: Table, at: int) -> float:
    """The last digit that a column's numbers have: 1 for whole numbers, 0.1 for one decimal."""
    decimals = max((len(row[at].strip().partition(".")[2]) for row in table.rows), default=0)
    return 0.0 if decimals == 0 or decimals > 9 else 10.0**-decimals


def _adds_up(
    table: Table,
    totals: Sequence[Estimate],
    hierarchies: Mapping[str, Mapping[str, Sequence[str]]],
    step: float,
) -> bool:
    """Whether the values are totals; where most add up, those that do not are mistakes, and refused."""
    alone = [
        Estimate(cell.breakdown, value=cell.value, status=cell.status, sums=cell.sums) for cell in totals
    ]
    found = linked.link(alone, hierarchies, slack={"numerator": step})
    unfit, fit = found.unfit.get("numerator", []), found.rows.get("numerator", [])
    whole = [row for row in fit if all(found.kinds[column] == "cell" for column in row[1])]
    if unfit and len(whole) > _MOSTLY * (len(fit) + len(unfit)):
        raise _do_not_add(table, "value", unfit)
    return not unfit


def _check_margins(
    table: Table,
    cells: Sequence[Estimate],
    hierarchies: Mapping[str, Mapping[str, Sequence[str]]],
    slack: Mapping[str, float],
) -> None:
    """Refuse a table whose parts are more than their margin."""
    for quantity, unfit in linked.link(cells, hierarchies, slack=slack).unfit.items():
        if unfit and quantity != linked.REST:
            raise _do_not_add(table, quantity, unfit)


def _do_not_add(table: Table, quantity: str, unfit: Sequence[int]) -> MilepostError:
    row = table.line(min(unfit)) if min(unfit) < len(table.rows) else "-"
    return refuse("margins-do-not-add", table.origin, quantity=quantity, count=len(set(unfit)), row=row)


def _rows(
    table: Table, columns: _Columns, cells: Sequence[Estimate], *, rounded: bool
) -> tuple[tuple[str, ...], list[dict[str, str]]]:
    """The rows under their own headers: hidden figures blank, with status Q; what is secret left out."""
    secret = {*columns.sums.values(), *columns.largest}
    figures = {at for at in (columns.n, columns.value, *columns.figures) if at is not None}
    kept = [at for at in range(len(table.columns)) if at not in secret]
    status = "status" if columns.status is None else table.columns[columns.status]
    headers = tuple(table.columns[at] for at in kept)
    rows = []
    for row, cell in zip(table.rows, cells, strict=True):
        written = {table.columns[at]: row[at] for at in kept}
        if cell.status == SUPPRESSED:
            written |= {table.columns[at]: "" for at in figures}
        elif rounded:
            written |= {table.columns[at]: "" for at in columns.figures}
            if columns.value is not None and cell.value is not None:
                written[table.columns[columns.value]] = f"{cell.value:.0f}"
            if columns.n is not None and cell.n is not None:
                written[table.columns[columns.n]] = str(cell.n)
        written[status] = cell.status
        rows.append(written)
    return (headers if columns.status is not None else (*headers, status)), rows
