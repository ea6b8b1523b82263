"""What an engine does for us: open rows, look up codes, run a frame."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import pyarrow as pa

Progress = Callable[[str, int, int], None]
"""Told of each step: (step, done, total)."""


@dataclass(frozen=True)
class Lookup:
    """Small whole numbers for the values of a stored column: `codes[i]` for `values[i]`, `otherwise` for a
    blank cell. Every value that occurs is listed."""

    column: str
    values: tuple[Any, ...]
    codes: tuple[int, ...]
    otherwise: int


def coded_by_expression(frame: nw.LazyFrame, lookups: Mapping[str, Lookup]) -> nw.LazyFrame:
    """Add a column for every lookup, by an expression that every engine understands."""
    if not lookups:
        return frame
    return frame.with_columns(
        **{
            name: nw.col(lookup.column).replace_strict(
                list(lookup.values),
                list(lookup.codes),
                default=nw.lit(lookup.otherwise, dtype=nw.Int32),
                return_dtype=nw.Int32,
            )
            for name, lookup in lookups.items()
        }
    )


def never() -> bool:
    """Nobody asks to cancel."""
    return False


@dataclass(frozen=True)
class Opened:
    """A source that an engine has opened: `frame` has for the column at place i of the file `t<i>`, as it is
    stored, and `n<i>`, as a number (null where it is none), each where the task needs it.

    `numbered` gives the same frame with `row`, the row's number as a person counts it (the header of a CSV is
    row 1), or is None where an engine cannot say. `stream` runs a frame and yields Arrow tables or batches.
    `aside` computes rows that are read several times once, for as long as the source is open; `table` gives
    the engine a small table of ours. `coded` adds a column for every lookup.
    """

    frame: nw.LazyFrame
    stream: Callable[[nw.LazyFrame], Iterator[Any]]
    aside: Callable[[nw.LazyFrame], nw.LazyFrame]
    table: Callable[[pa.Table], nw.LazyFrame]
    numbered: Callable[[], nw.LazyFrame] | None = None
    coded: Callable[[nw.LazyFrame, Mapping[str, Lookup]], nw.LazyFrame] = coded_by_expression
