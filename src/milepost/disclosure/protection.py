"""Cells to safe cells: find the unsafe ones, hide or round, attack the result, and mend until it holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from milepost.disclosure import audit, rounding
from milepost.disclosure.primary import Unsafe, unsafe
from milepost.disclosure.protocol import Hidden, Protocol
from milepost.disclosure.rules import Rules
from milepost.disclosure.secondary import Pattern
from milepost.disclosure.tables import Hierarchies, Tables, link, unknown
from milepost.errors import MilepostError, refuse
from milepost.values import Estimate, Origin
from milepost.values.estimate import ALL, SUPPRESSED

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Protected:
    """The cells as they may be published, in their order, and the protocol, which never may."""

    cells: tuple[Estimate, ...]
    protocol: Protocol


def protect(
    cells: Sequence[Estimate],
    rules: Rules,
    *,
    hierarchies: Hierarchies | None = None,
    previous: Sequence[Estimate] = (),
    slack: Mapping[str, float] | None = None,
    progress: Progress = lambda step, done, total: None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Protected:
    """The cells made safe by the rules, all tables and margins at once, and the protocol.

    A hidden cell has status SUPPRESSED and keeps no figure at all. `hierarchies` gives the parts of
    categories ({dimension: {category: [parts]}}). `previous` are the cells of the same quantity and period
    that were published before: nothing can hide those again, and what they say is known when others are
    protected. `slack` is the step that sums were rounded to before they came, by quantity. `progress` hears
    (step, done, total), `cancelled` is asked between programs. The same input gives the same output.
    Raises MilepostError where the cells do not fit together, a rule lacks the figures that it needs, or no
    pattern can protect a cell.
    """
    if not cells or not rules.any:
        return Protected(tuple(cells), Protocol(rules, len(cells)))
    check = _checking(cancelled)
    tables = link(cells, hierarchies or {}, previous, slack)
    wanted = unsafe(cells, tables, rules)
    if rules.rounding is not None:
        rounded, protocol = rounding.protect(cells, tables, wanted, rules, check)
        return Protected(rounded, protocol)
    came_hidden = [column for column, cell in enumerate(cells) if unknown(cell)]
    if not wanted and (not came_hidden or not tables.figures):
        return Protected(tuple(cells), Protocol(rules, len(cells), finest=tables.finest, loose=tables.loose))
    released = _released(tables, len(cells), previous)
    pattern = Pattern(tables, [*came_hidden, *(column for column in wanted if column < len(cells))], released)
    to_protect = {column: reason for column, reason in wanted.items() if column not in released}
    demand = audit.Demand(tables, to_protect, rules)
    _hide(demand, pattern, progress, check)
    published, found, attacks = _until_it_holds(
        cells, demand, pattern, known=released, progress=progress, check=check
    )
    hidden = _entries(pattern, wanted, found, came_hidden=set(came_hidden), released=released)
    programs = pattern.solved + found.programs
    protocol = Protocol(
        rules, len(cells), hidden, programs, attacks, len(previous), tables.finest, tables.loose
    )
    return Protected(published, protocol)


def _checking(cancelled: Callable[[], bool]) -> Callable[[], None]:
    def check() -> None:
        if cancelled():
            raise refuse("protection-stopped", Origin("table"))

    return check


def _released(tables: Tables, count: int, previous: Sequence[Estimate]) -> frozenset[int]:
    """The columns of cells that an earlier release gave figures for."""
    before = {cell.key for cell in previous if not unknown(cell)}
    keys = (tuple(sorted(tables.breakdown(column).items())) for column in range(count))
    return frozenset(column for column, key in enumerate(keys) if key in before)


def _hide(demand: audit.Demand, pattern: Pattern, progress: Progress, check: Callable[[], None]) -> None:
    """A first pattern by the leading figure, margins first: what protects them protects finer cells, too."""
    tables, wanted = demand.tables, demand.wanted
    leading = next(iter(tables.figures))
    order = sorted(wanted, key=lambda column: (len(tables.crossing(column)), column))
    first = list(pattern.protects)
    gaps = []
    for done, column in enumerate(order):
        check()
        progress("hide", done, len(order))
        gap = demand.gap(column, leading)
        if not pattern.protect(gap):
            raise _cannot(tables, column)
        gaps.append(gap)
    pattern.thin_out(gaps, first, check)


def _until_it_holds(
    cells: Sequence[Estimate],
    demand: audit.Demand,
    pattern: Pattern,
    *,
    known: frozenset[int],
    progress: Progress,
    check: Callable[[], None],
) -> tuple[tuple[Estimate, ...], audit.Found, int]:
    """Attack what would be published; hide more where the attack comes too near; until it fails everywhere.

    The last attack is thorough: it finds the bounds themselves.
    """
    attacks, programs, thorough = 0, 0, False
    while True:
        check()
        progress("attack", attacks, 0)
        published = tuple(
            _emptied(cell) if column in pattern.protects else cell for column, cell in enumerate(cells)
        )
        found = audit.attack(published, demand, known=known, thorough=thorough, check=check)
        attacks, programs = attacks + 1, programs + found.programs
        gaps = audit.gaps(demand, found)
        if not gaps and thorough:
            found.programs = programs
            return published, found, attacks
        before = len(pattern.protects)
        for gap in gaps:
            check()
            if not pattern.protect(gap):
                raise _cannot(demand.tables, gap.column)
        if gaps and len(pattern.protects) == before:
            raise _cannot(demand.tables, gaps[0].column)
        thorough = not gaps


def _emptied(cell: Estimate) -> Estimate:
    """The cell without any figure."""
    return Estimate(cell.breakdown, status=SUPPRESSED)


def _cannot(tables: Tables, column: int) -> MilepostError:
    """The refusal, with the breakdown whose categories are to be put together: that with the most of them."""
    breakdown = tables.breakdown(column)
    used = [name for name, category in breakdown.items() if category != ALL] or list(breakdown)
    positions = {name: tables.dimensions.index(name) for name in used}
    sizes = {name: len({key[at] for key in tables.keys}) for name, at in positions.items()}
    coarsen = max(used, key=lambda name: sizes[name], default="-")
    words = ", ".join(f"{name} {category}" for name, category in breakdown.items()) or ALL
    return refuse("cannot-protect", Origin("table"), cell=words, dimension=coarsen)


def _entries(
    pattern: Pattern,
    wanted: Mapping[int, Unsafe],
    found: audit.Found,
    *,
    came_hidden: set[int],
    released: frozenset[int],
) -> tuple[Hidden, ...]:
    """The protocol's entry for each hidden cell and each remainder that had to be protected, in order."""
    tables = pattern.tables
    entries = []
    for column in sorted({*pattern.protects, *wanted}):
        if column in wanted:
            reasons = wanted[column].reasons
        else:
            reasons = ("hidden-before",) if column in came_hidden else ("complement",)
        bounds = {quantity: limits[column] for quantity, limits in found.bounds.items() if column in limits}
        entries.append(
            Hidden(
                tables.breakdown(column),
                reasons,
                tuple(tables.breakdown(one) for one in pattern.protects.get(column, ()))
                if reasons == ("complement",)
                else (),
                bounds,
                all(column in found.exact[quantity] for quantity in bounds),
                column in released,
            )
        )
    return tuple(entries)
