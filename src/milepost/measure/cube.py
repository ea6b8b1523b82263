"""All breakdowns of the finest cells: every subset of the dimensions of every table.

A cell has a position: its codes, one for each dimension, read as one number, where the code after the last
category of a dimension stands for all of it. So the finest cells and all their totals lie in one array.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

DENSE = 200_000
"""Up to so many positions, totals are made axis by axis; above, where most are empty, cell by cell."""

Floats = np.ndarray


@dataclass(frozen=True)
class Cube:
    """The cells of one measurement: `shape` has one more than the categories of each dimension, `cells` are
    the positions that are wanted and `finest` the finest ones that occur, both in ascending order.
    `targets` says for every subset of dimensions to which cell each of the finest belongs."""

    shape: tuple[int, ...]
    finest: np.ndarray
    cells: np.ndarray
    targets: tuple[np.ndarray, ...]

    @property
    def size(self) -> int:
        """The number of positions, occupied or not."""
        return size_of(self.shape)

    @property
    def whole(self) -> int:
        """The place, among `cells`, of the cell over everything."""
        return int(np.searchsorted(self.cells, self.size - 1))

    def codes(self) -> np.ndarray:
        """The codes of every wanted cell: one row a cell, one column a dimension."""
        return codes_of(self.cells, self.shape)

    @property
    def dense(self) -> bool:
        """Whether totals are made in an array of all positions."""
        return self.size <= DENSE

    def addresses(self, finest: np.ndarray) -> np.ndarray:
        """The places of finest cells among all of them, as `totals` wants them."""
        return np.searchsorted(self.finest, finest)

    def totals(
        self, rows: np.ndarray, addresses: np.ndarray, values: np.ndarray | None, count: int
    ) -> Floats:
        """An array of one row a wanted cell and `count` columns: `values` (or 1 each) added up where the
        column (`rows`) and the finest cell (`addresses`) say, and over all breakdowns."""
        if self.dense:
            flat = self.finest[addresses] * count + rows
            flat = np.bincount(flat, weights=values, minlength=count * self.size)
            if values is not None:
                flat = flat.astype(float, copy=False)  # of no rows at all numpy makes whole numbers
            block = flat.reshape(*self.shape, count)
            for axis, length in enumerate(self.shape):
                inner = [slice(None)] * block.ndim
                inner[axis] = slice(0, length - 1)
                outer = [slice(None)] * block.ndim
                outer[axis] = slice(length - 1, length)
                np.sum(block[tuple(inner)], axis=axis, keepdims=True, out=block[tuple(outer)])
            block = block.reshape(self.size, count)
            return block if len(self.cells) == self.size else block[self.cells]
        width = len(self.cells)
        total = np.zeros(count * width, dtype=float if values is not None else int)
        for target in self.targets:
            flat = target[addresses] * count + rows
            total += np.bincount(flat, weights=values, minlength=count * width)
        return total.reshape(width, count)

    def narrowed(self, addresses: np.ndarray) -> "Narrowed":
        """The part of the cube that these finest cells belong to: a stratum has few regions of all."""
        occurs = np.zeros(len(self.finest), dtype=bool)
        occurs[addresses] = True
        here = np.flatnonzero(occurs)
        places = np.zeros(len(self.finest), dtype=np.int64)
        places[here] = np.arange(len(here))
        codes = codes_of(self.finest[here], self.shape)
        present = [np.unique(codes[:, axis]) for axis in range(len(self.shape))]
        shape = tuple(len(kept) + 1 for kept in present)
        if size_of(shape) > DENSE:
            cells = np.unique(np.concatenate([target[here] for target in self.targets]))
            targets = tuple(np.searchsorted(cells, target[here]) for target in self.targets)
            return Narrowed(Cube(self.shape, self.finest[here], self.cells[cells], targets), cells, places)
        finest, wide = np.zeros(len(here), dtype=np.int64), np.zeros(1, dtype=np.int64)
        for axis, kept in enumerate(present):
            finest = finest * shape[axis] + np.searchsorted(kept, codes[:, axis])
            every = np.append(kept, self.shape[axis] - 1)
            wide = (wide[:, None] * self.shape[axis] + every).ravel()
        cells = np.minimum(np.searchsorted(self.cells, wide), len(self.cells) - 1)
        wanted = np.flatnonzero(self.cells[cells] == wide)
        return Narrowed(Cube(shape, finest, wanted, ()), cells[wanted], places)

    def blocks(self, count: int, limit: int = 2_000_000) -> Iterator[tuple[int, int]]:
        """(first, last) of groups of rows, so small that one array of totals stays below `limit` numbers."""
        width = self.size if self.dense else len(self.cells)
        step = max(1, limit // max(1, width))
        for first in range(0, count, step):
            yield first, min(count, first + step)


@dataclass(frozen=True)
class Narrowed:
    """A part of a cube: its own `cube`, which of the whole's `cells` its cells are, and the `places` that the
    whole's finest cells have in it."""

    cube: Cube
    cells: np.ndarray
    places: np.ndarray


def made(shape: tuple[int, ...], tables: Sequence[Sequence[int]], finest: np.ndarray) -> Cube:
    """The cube of the tables (each a set of dimensions, by number) over the finest cells that occur."""
    subsets = tuple(
        dict.fromkeys(
            kept
            for table in ((), *tables)
            for length in range(len(table) + 1)
            for kept in combinations(sorted(table), length)
        )
    )
    finest = np.unique(np.asarray(finest, dtype=np.int64))
    moved = [positions(finest, shape, kept) for kept in subsets]
    whole = np.array([size_of(shape) - 1], dtype=np.int64)
    cells = np.unique(np.concatenate([whole, *(np.unique(places) for places in moved)]))
    return Cube(shape, finest, cells, tuple(np.searchsorted(cells, places) for places in moved))


def size_of(shape: Sequence[int]) -> int:
    """The number of positions of a shape, as a whole number without limit."""
    size = 1
    for length in shape:
        size *= length
    return size


def strides(shape: Sequence[int]) -> tuple[int, ...]:
    """What one step in each dimension adds to a position."""
    return tuple(size_of(shape[axis + 1 :]) for axis in range(len(shape)))


def codes_of(cells: np.ndarray, shape: Sequence[int]) -> np.ndarray:
    """The codes of cells by position, one column a dimension."""
    columns = [cells // stride % length for stride, length in zip(strides(shape), shape, strict=True)]
    return np.stack(columns, axis=1) if columns else np.zeros((len(cells), 0), dtype=np.int64)


def positions(finest: np.ndarray, shape: Sequence[int], kept: Sequence[int]) -> np.ndarray:
    """Where finest cells go when only the dimensions `kept` are told apart."""
    codes = codes_of(np.asarray(finest, dtype=np.int64), shape)
    place = np.zeros(len(codes), dtype=np.int64)
    for axis, (stride, length) in enumerate(zip(strides(shape), shape, strict=True)):
        place += stride * (codes[:, axis] if axis in kept else length - 1)
    return place
