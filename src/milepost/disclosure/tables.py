"""Cells as one system of linked tables: every figure a column, every margin a row that must add up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from milepost.disclosure.programs import DUAL, Program, Row
from milepost.errors import refuse
from milepost.values import Estimate, Origin
from milepost.values.estimate import ALL, SUPPRESSED

Key = tuple[str, ...]
Crossing = tuple[int, ...]
"""Positions of the dimensions that a cell is broken down by."""
Hierarchies = Mapping[str, Mapping[str, Sequence[str]]]

QUANTITIES = ("n", "numerator", "denominator")
REST = "rest"
"""Denominator less numerator: in a proportion, those without the trait."""
REMAINDER = "\0remainder"
"""The category of what a margin holds beyond its printed parts."""
MOST_FINEST = 5_000
"""More cells than these that nobody prints are not added to what the attacker reasons with."""
_ROUNDED = 1e-9
"""Relative to a margin: figures carry 12 significant digits."""


@dataclass(slots=True)
class Tables:
    """Linked tables: `keys`, `kinds` and `figures` by column, `rows` by quantity.

    The first columns are the cells given, in their order (kind "cell"); then cells that only a previous
    release printed ("previous"), what margins hold beyond their printed parts ("remainder"), and the finest
    cells that nobody prints but that exist ("finest"). A figure that nobody gave is any that fits. `units`
    is the usual size of one respondent's contribution. `unfit` are the totals of relations that do not
    add up, by quantity: nobody can reason with those.
    """

    dimensions: tuple[str, ...]
    keys: list[Key]
    kinds: list[str]
    figures: dict[str, np.ndarray]
    rows: dict[str, list[Row]] = field(default_factory=dict)
    units: dict[str, float] = field(default_factory=dict)
    unfit: dict[str, list[int]] = field(default_factory=dict)
    finest: int = 0

    @property
    def loose(self) -> int:
        """How many relations do not add up."""
        return sum(map(len, self.unfit.values()))

    def breakdown(self, column: int) -> dict[str, str]:
        """The breakdown of a column; a remainder has the margin that it is part of."""
        plain = (ALL if REMAINDER in part else part for part in self.keys[column])
        return dict(zip(self.dimensions, plain, strict=True))

    def crossing(self, column: int) -> Crossing:
        """The dimensions that a column is broken down by."""
        return crossing_of(self.keys[column])

    def scaled(self, quantity: str) -> np.ndarray:
        """A quantity's figures in units of one respondent's contribution."""
        return self.figures[quantity] / self.units[quantity]

    def free(self, quantity: str) -> float:
        """How far up a figure could be at most, scaled: far more than anything in the tables."""
        return 2 * float(np.max(np.abs(self.scaled(quantity)), initial=0)) + 100

    def lowest(self, quantity: str) -> np.ndarray:
        """How far down each figure could be, scaled and relative to itself: to 0, where none is negative."""
        scaled = self.scaled(quantity)
        if scaled.size and scaled.min() < 0:
            return np.full(len(scaled), -self.free(quantity))
        return -scaled


def crossing_of(key: Key) -> Crossing:
    """The positions of the dimensions that a key does not leave at ALL."""
    return tuple(position for position, category in enumerate(key) if category != ALL)


def link(
    cells: Sequence[Estimate],
    hierarchies: Hierarchies,
    previous: Sequence[Estimate] = (),
    slack: Mapping[str, float] | None = None,
) -> Tables:
    """The tables that cells make up, with all relations between them.

    A cell over all of a dimension is the sum over its categories, where any is printed; a category with parts
    in `hierarchies` is the sum of those. What has no row is empty. A margin that holds more than its printed
    parts has a remainder. `slack` is the step that the sums were rounded to, by quantity. Raises
    MilepostError where the cells cannot be one set of tables.
    """
    dimensions = tuple(cells[0].breakdown)
    keys = [_key(cell, dimensions) for cell in cells]
    places = {key: column for column, key in enumerate(keys)}
    if len(places) < len(keys):
        repeated = next(key for column, key in enumerate(keys) if places[key] != column)
        raise refuse("cell-twice", _ORIGIN, cell=_in_words(dimensions, repeated))
    only_before = [
        cell
        for cell in previous
        if set(cell.breakdown) == set(dimensions)
        and cell.status != SUPPRESSED
        and _key(cell, dimensions) not in places
    ]
    keys += [_key(cell, dimensions) for cell in only_before]
    kinds = ["cell"] * len(cells) + ["previous"] * len(only_before)
    tables = Tables(dimensions, keys, kinds, _figures([*cells, *only_before]))
    tables.units = _units(tables.figures)
    families = {position: _Family(hierarchies.get(name, {})) for position, name in enumerate(dimensions)}
    _add_rows(tables, families, slack or {})
    _complete(tables, _with_gaps(tables), strict=True)
    _add_finest(tables, families)
    return tables


def unknown(cell: Estimate) -> bool:
    """Whether a cell came without figures, because somebody hid it before."""
    return cell.status == SUPPRESSED


_ORIGIN = Origin("table")


def _key(cell: Estimate, dimensions: tuple[str, ...]) -> Key:
    if set(cell.breakdown) != set(dimensions):
        raise refuse(
            "dimensions-differ", _ORIGIN, first=", ".join(dimensions), other=", ".join(cell.breakdown)
        )
    return tuple(cell.breakdown[name] for name in dimensions)


def _in_words(dimensions: tuple[str, ...], key: Key) -> str:
    return ", ".join(f"{name} {part}" for name, part in zip(dimensions, key, strict=True)) or ALL


def _figures(cells: Sequence[Estimate]) -> dict[str, np.ndarray]:
    """The figures by quantity, NaN where not given; the same figures under two names count once."""
    empty = np.array([cell.n == 0 for cell in cells])
    found: dict[str, np.ndarray] = {}
    for quantity in QUANTITIES:
        given = [cell.n if quantity == "n" else cell.sums.get(quantity) for cell in cells]
        column = np.array([np.nan if figure is None else figure for figure in given], dtype=float)
        if not np.isnan(column).all():
            column[empty & np.isnan(column)] = 0
            found[quantity] = column
    if "numerator" in found and "denominator" in found:
        rest = found["denominator"] - found["numerator"]
        known = ~np.isnan(rest)
        if known.any() and (found["numerator"][known] >= 0).all() and (rest[known] >= 0).all():
            found[REST] = rest
        if np.array_equal(found["numerator"], found["denominator"], equal_nan=True):
            del found["denominator"]
    return found


def _units(figures: Mapping[str, np.ndarray]) -> dict[str, float]:
    """What one respondent contributes on average, judged by the largest figure; for a count, 1."""
    units = {}
    for quantity, column in figures.items():
        sizes = np.abs(np.nan_to_num(column))
        largest = int(np.argmax(sizes))
        respondents = np.nan_to_num(figures["n"])[largest] if "n" in figures else 100.0
        units[quantity] = 1.0 if quantity == "n" else float(sizes[largest] / max(respondents, 1)) or 1.0
    return units


class _Family:
    """The categories of one dimension: who is part of whom."""

    def __init__(self, parts: Mapping[str, Sequence[str]]):
        self.parts = {parent: tuple(children) for parent, children in parts.items()}
        self.parent = {child: parent for parent, children in parts.items() for child in children}

    def ancestors(self, category: str) -> Iterator[str]:
        if category.endswith(REMAINDER) and category != REMAINDER:
            category = category.removesuffix(REMAINDER)
            yield category
        seen = {category}
        while (category := self.parent.get(category, "")) and category not in seen:
            seen.add(category)
            yield category

    def tops(self, categories: set[str]) -> set[str]:
        """The categories that are part of no other one that is there."""
        return {one for one in categories if categories.isdisjoint(self.ancestors(one))}

    def leaves(self, categories: set[str]) -> set[str]:
        """The categories that no other one that is there is part of."""
        return categories - {above for one in categories for above in self.ancestors(one)}

    def below(self, category: str, categories: set[str]) -> list[str]:
        """The next parts of a category that are there; the parts of a part that is not."""
        found = []
        for part in (*self.parts.get(category, ()), category + REMAINDER):
            if part in categories:
                found.append(part)
            elif part != category and part in self.parts:
                found += self.below(part, categories)
        return found


class _Layout:
    """Which crossings are printed, with which cells and categories."""

    def __init__(self, keys: Iterable[Key]):
        self.places = {key: column for column, key in enumerate(keys)}
        self.cells: dict[Crossing, list[Key]] = defaultdict(list)
        self.categories: dict[tuple[Crossing, int], set[str]] = defaultdict(set)
        for key in self.places:
            crossing = crossing_of(key)
            self.cells[crossing].append(key)
            for position in crossing:
                self.categories[crossing, position].add(key[position])

    def under(self, crossing: Crossing) -> list[Crossing]:
        """The printed crossings just above a finer one: the largest that have fewer of its dimensions."""
        fewer = [other for other in self.cells if other != crossing and set(other) < set(crossing)]
        return [one for one in fewer if not any(set(one) < set(other) for other in fewer)]


def _relations(layout: _Layout, families: Mapping[int, _Family]) -> Iterator[tuple[Key, list[Key], Key]]:
    """(total, parts, key of a remainder) of every relation between printed cells."""
    for crossing, keys in layout.cells.items():
        for coarser in layout.under(crossing):
            summed = [position for position in crossing if position not in coarser]
            tops = {one: families[one].tops(layout.categories[crossing, one]) for one in summed}
            parts: dict[Key, list[Key]] = defaultdict(list)
            for key in keys:
                if all(key[one] in tops[one] for one in summed):
                    total = tuple(ALL if at in summed else part for at, part in enumerate(key))
                    parts[total].append(key)
            for total, found in parts.items():
                if total in layout.places:
                    rest = tuple(REMAINDER if at in summed else part for at, part in enumerate(total))
                    yield total, found, rest
        for position in crossing:
            family = families[position]
            if not family.parts:
                continue
            there = layout.categories[crossing, position]
            for key in keys:
                swapped = [
                    (*key[:position], part, *key[position + 1 :])
                    for part in family.below(key[position], there)
                ]
                found = [part for part in swapped if part in layout.places]
                if found:
                    rest = (*key[:position], key[position] + REMAINDER, *key[position + 1 :])
                    yield key, found, rest


def _add_rows(tables: Tables, families: Mapping[int, _Family], slack: Mapping[str, float]) -> None:
    """Find the relations; give every margin that holds more than its parts a remainder, until all add up."""
    leading = next(iter(tables.figures), None)
    found, missing = _find_rows(tables, families, leading, slack)
    while missing:
        tables.keys += missing
        tables.kinds += ["remainder"] * len(missing)
        for quantity, column in tables.figures.items():
            more = [max(0.0, _left(tables, quantity, *row, slack)) for row in missing.values()]
            tables.figures[quantity] = np.append(column, more)
        found, missing = _find_rows(tables, families, leading, slack)
    for quantity in tables.figures:
        fits = [_left(tables, quantity, *row, slack) == 0 for row in found]
        tables.rows[quantity] = [row for row, fit in zip(found, fits, strict=True) if fit]
        tables.unfit[quantity] = [row[0] for row, fit in zip(found, fits, strict=True) if not fit]


def _find_rows(
    tables: Tables, families: Mapping[int, _Family], leading: str | None, slack: Mapping[str, float]
) -> tuple[list[Row], dict[Key, Row]]:
    """All relations between columns, and those that leave a remainder, by the key it is to have."""
    layout = _Layout(tables.keys)
    found: list[Row] = []
    missing: dict[Key, Row] = {}
    for total, parts, rest in _relations(layout, families):
        row = (layout.places[total], [layout.places[part] for part in parts])
        found.append(row)
        if leading is None or rest in layout.places or _touches_previous(tables, row):
            continue
        if _left(tables, leading, *row, slack) > 0:
            missing[rest] = row
    return found, missing


def _left(
    tables: Tables, quantity: str, total: int, parts: Sequence[int], slack: Mapping[str, float]
) -> float:
    """What a total holds beyond its parts; 0 where they add up, or where a figure is not known."""
    column = tables.figures[quantity]
    figures = column[parts]
    left = float(column[total] - figures.sum())
    size = float(abs(column[total]) + np.abs(figures).sum())
    step = slack.get(quantity, 0.0)
    return 0.0 if np.isnan(left) or abs(left) <= _ROUNDED * size + step * (len(parts) + 1) / 2 else left


def _touches_previous(tables: Tables, row: Row) -> bool:
    return any(tables.kinds[column] == "previous" for column in (row[0], *row[1]))


def _with_gaps(tables: Tables) -> dict[str, np.ndarray]:
    return {quantity: np.isnan(column) for quantity, column in tables.figures.items()}


def _complete(tables: Tables, gaps: Mapping[str, np.ndarray], *, strict: bool) -> set[str]:
    """Put figures that fit where none are known; returns the quantities for which none fit.

    Raises MilepostError with `strict`: then the printed margins contradict each other.
    """
    unfit = set()
    for quantity, missing in gaps.items():
        columns = np.flatnonzero(missing)
        if not columns.size:
            continue
        fitting = _fitting(tables, quantity, columns)
        if fitting is None and strict:
            raise refuse("margins-contradict", _ORIGIN, quantity=quantity)
        if fitting is None:
            unfit.add(quantity)
        else:
            tables.figures[quantity][columns] = fitting
    return unfit


def _fitting(tables: Tables, quantity: str, columns: np.ndarray) -> np.ndarray | None:
    """Figures of 0 or more for these columns with which every row adds up, or None.

    Every row has a column of its own that takes what is missing, at a cost; figures fit if the cost is 0.
    """
    known = np.nan_to_num(tables.scaled(quantity))
    negative = bool(known.min(initial=0) < 0)
    known[columns] = 0
    place = {int(column): at for at, column in enumerate(columns)}
    touched = [
        row for row in tables.rows[quantity] if row[0] in place or any(part in place for part in row[1])
    ]
    nothing, first = len(columns), len(columns) + 1  # a column that cannot move, then one for each row
    width = first + len(touched)
    rows, right = [], np.zeros(len(touched))
    for at, (total, parts) in enumerate(touched):
        right[at] = known[list(parts)].sum() - known[total]
        own = [place[part] for part in parts if part in place]
        rows.append((place.get(total, nothing), [*own, first + at]))
    cost = np.zeros(2 * width)
    cost[first:width] = cost[width + first :] = 1
    upper = np.full(2 * width, np.inf)
    upper[[nothing, width + nothing]] = 0
    if not negative:
        upper[width : width + len(columns)] = 0
    program = Program(rows, np.zeros(2 * width), upper, cost, strategy=DUAL, split=True, right=right)
    moved = program.cheapest()
    if moved is None or cost @ moved > 1e-7 * (1 + np.abs(known).max(initial=0)) * (1 + len(rows)):
        return None
    return (moved[: len(columns)] - moved[width : width + len(columns)]) * tables.units[quantity]


def _add_finest(tables: Tables, families: Mapping[int, _Family]) -> None:
    """Add the finest cells that nobody prints: linked tables are margins of one that exists.

    All dimensions crossed, or, where that is too much, the dimensions of any two tables.
    """
    layout = _Layout(key for key, kind in zip(tables.keys, tables.kinds, strict=True) if kind != "remainder")
    largest = [one for one in layout.cells if not any(set(one) < set(other) for other in layout.cells)]
    if len(largest) < 2:
        return
    everything = tuple(sorted({position for crossing in largest for position in crossing}))
    pairs = {tuple(sorted({*one, *other})) for one in largest for other in largest if one != other}
    for candidates in ([everything], sorted(pairs, key=lambda one: (len(one), one))):
        for crossing in candidates:
            _add_crossing(tables, layout, families, crossing)
        if tables.finest:
            break


def _add_crossing(
    tables: Tables, layout: _Layout, families: Mapping[int, _Family], crossing: Crossing
) -> None:
    """Add the cells of one crossing that nobody prints, where they are few enough and fit all margins."""
    coarser = layout.under(crossing)
    keys = _joined(layout, families, crossing, coarser, MOST_FINEST - tables.finest)
    if not keys:
        return
    first = len(tables.keys)
    parts: dict[int, list[int]] = {}
    for one in coarser:
        leaves = {at: families[at].leaves(layout.categories[one, at]) for at in one}
        for key in layout.cells[one]:
            if all(key[at] in leaves[at] for at in one):
                parts[layout.places[key]] = []
    for at, key in enumerate(keys):
        for one in coarser:
            total = layout.places[tuple(part if place in one else ALL for place, part in enumerate(key))]
            parts[total].append(first + at)
    tables.keys += keys
    tables.kinds += ["finest"] * len(keys)
    gaps = {}
    for quantity, column in tables.figures.items():
        tables.figures[quantity] = np.append(column, np.full(len(keys), np.nan))
        tables.rows[quantity] += parts.items()
        gaps[quantity] = np.isnan(tables.figures[quantity])
    for quantity in _complete(tables, gaps, strict=False):
        tables.figures[quantity][first:] = 0
        del tables.rows[quantity][-len(parts) :]
    tables.finest += len(keys)


def _joined(
    layout: _Layout,
    families: Mapping[int, _Family],
    crossing: Crossing,
    coarser: Sequence[Crossing],
    most: int,
) -> list[Key]:
    """The cells of a crossing none of whose margins is empty; none if they are too many or levels differ."""
    width = len(next(iter(layout.places)))
    joined: list[Key] = [(ALL,) * width]
    leaves: dict[int, set[str]] = {}
    done: set[int] = set()
    for one in coarser:
        for at in one:
            here = families[at].leaves(layout.categories[one, at])
            if leaves.setdefault(at, here) != here and families[at].parts:
                return []
        shared = [at for at in one if at in done]
        by_shared: dict[Key, list[Key]] = defaultdict(list)
        for key in layout.cells[one]:
            if all(key[at] in families[at].leaves(layout.categories[one, at]) for at in one):
                by_shared[tuple(key[at] for at in shared)].append(key)
        longer: list[Key] = []
        for begun in joined:
            for key in by_shared.get(tuple(begun[at] for at in shared), ()):
                longer.append(tuple(key[at] if at in one else begun[at] for at in range(width)))
            if len(longer) > 20 * MOST_FINEST:
                return []
        joined = longer
        done.update(one)
    return joined if len(joined) <= most and done == set(crossing) else []
