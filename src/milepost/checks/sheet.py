"""A table prepared for checking: by column, with its numbers, years and units read once."""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from operator import itemgetter
from typing import Any

from milepost import catalogue
from milepost.catalogue import Indicator
from milepost.checks import words
from milepost.values import Origin, Period, Problem, Table
from milepost.values.concepts import ATTRIBUTES, MEASURE

SHOWN = 5
"""How many cells a fault quotes."""
LISTED = 20
"""How many rows the details of a fault list."""

_STRAY = re.compile(r"unnamed:? ?_?\d+(_level_\d+)?", re.IGNORECASE)
_NOT_A_PLAIN_NUMBER = re.compile(r"[^0-9.+\-\n]")
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")
_NOT_IN_KEY = (frozenset(ATTRIBUTES) | {MEASURE, "progress", "Progress"}) - {"unit_measure"}
_NO_BREAKDOWN = frozenset({"time_period", "freq", "reporting_type", "series", "ref_area", "geocode"})


@dataclass(frozen=True, slots=True)
class Context:
    """What a table does not say itself: its unit, and its layout ("open-sdg" or "tidy")."""

    layout: str | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Sheet:
    """The cells of a table by column; positions of rows and columns count from 0."""

    table: Table
    names: tuple[str, ...]
    columns: Sequence[tuple[str, ...]]
    distinct: Sequence[frozenset[str]]
    today: date
    context: Context = field(default_factory=Context)
    indicator: Indicator | None = None

    @classmethod
    def of(cls, table: Table, indicator: Indicator | None, *, today: date, context: Context) -> "Sheet":
        """Turn the rows into columns."""
        columns = list(zip(*table.rows, strict=True)) if table.rows else [()] * len(table.columns)
        return cls(
            table, table.concepts(), columns, [frozenset(c) for c in columns], today, context, indicator
        )

    def __len__(self) -> int:
        return len(self.table.rows)

    # Which column is what

    def index(self, name: str) -> int | None:
        """The position of a column by its tidy name, or None."""
        return self.names.index(name) if name in self.names else None

    @cached_property
    def time(self) -> int | None:
        """The column of the year or period."""
        return self.index("time_period")

    @cached_property
    def value(self) -> int | None:
        """The column of the values."""
        return self.index(MEASURE)

    @cached_property
    def stray(self) -> tuple[int, ...]:
        """Columns without a name of their own."""
        headers = enumerate(self.table.columns)
        return tuple(i for i, header in headers if not header.strip() or _STRAY.fullmatch(header.strip()))

    @cached_property
    def key(self) -> tuple[int, ...]:
        """The columns that say what a value is about: all but value, attributes and stray ones."""
        stray = frozenset(self.stray)
        return tuple(i for i, name in enumerate(self.names) if name not in _NOT_IN_KEY and i not in stray)

    @cached_property
    def varied(self) -> tuple[int, ...]:
        """The key columns whose cells are not all the same."""
        return tuple(i for i in self.key if len(self.distinct[i]) > 1)

    @cached_property
    def breakdowns(self) -> tuple[int, ...]:
        """The category columns."""
        return tuple(i for i in self.key if i != self.unit and self.names[i].lower() not in _NO_BREAKDOWN)

    @cached_property
    def is_open_sdg(self) -> bool:
        """Whether the table is in Open SDG's layout, where a blank cell means "all"."""
        if self.context.layout is not None:
            return self.context.layout == "open-sdg"
        headers = {header.strip() for header in self.table.columns}
        return "Year" in headers or "Value" in headers

    # What the cells say

    @cached_property
    def values(self) -> list[float | None]:
        """The number in each row's value cell; None for a blank cell and for a cell that is no number."""
        if self.value is None:
            return [None] * len(self)
        cells = self.columns[self.value]
        if not _NOT_A_PLAIN_NUMBER.search("\n".join(cells)):
            try:
                return [float(cell) if cell else None for cell in cells]
            except ValueError:
                pass  # a cell such as "1-2": look at each
        return [number(cell) for cell in cells]

    @cached_property
    def blank(self) -> list[int]:
        """The rows without a value."""
        if self.value is None:
            return []
        cells = self.columns[self.value]
        return [p for p, n in enumerate(self.values) if n is None and not cells[p].strip()]

    @cached_property
    def statuses(self) -> Sequence[str]:
        """Each row's observation status as a code, "" where it has none, as written where it is not known."""
        column = self.index("obs_status")
        if column is None:
            return [""] * len(self)
        codes = {cell: catalogue.observation_status(cell) or cell.strip() for cell in self.distinct[column]}
        return [codes[cell] for cell in self.columns[column]]

    @cached_property
    def periods(self) -> dict[str, Period | None]:
        """The period that each distinct time cell says; None where it says none."""
        return {text: period(text) for text in self.distinct[self.time]} if self.time is not None else {}

    def years(self) -> list[int | None]:
        """Each row's year."""
        if self.time is None:
            return [None] * len(self)
        by_text = {text: found.year if found else None for text, found in self.periods.items()}
        return [by_text[text] for text in self.columns[self.time]]

    @cached_property
    def unit(self) -> int | None:
        """The column of the unit."""
        headers = (header.strip().casefold() for header in self.table.columns)
        own = (i for i, header in enumerate(headers) if header in words.UNIT_HEADERS)
        found = self.index("unit_measure")
        return found if found is not None else next(own, None)

    @cached_property
    def units(self) -> Sequence[str]:
        """Each row's unit: its cell, or what the context says; "" where it is not known."""
        known = self.context.unit or ""
        if self.unit is None:
            return [known] * len(self)
        return [cell.strip() or known for cell in self.columns[self.unit]]

    @cached_property
    def kinds_of_unit(self) -> dict[str, str]:
        """What kind of thing each distinct unit measures."""
        return {unit: words.kind_of_unit(unit) for unit in set(self.units)}

    def is_total(self, cell: str) -> bool:
        """Whether a category cell says "no breakdown": blank, _T, or the word for it."""
        return not cell.strip() or cell == "_T" or words.spells_total(cell)

    # Keys and faults

    def keys(self, columns: Sequence[int]) -> list[Any]:
        """Each row's cells in these columns; rows with equal ones are about the same thing."""
        if not columns:
            return [()] * len(self)
        if len(columns) == 1:
            return list(self.columns[columns[0]])
        return list(zip(*itemgetter(*columns)(self.columns), strict=True))

    def groups(self, columns: Sequence[int], rows: Iterable[int] | None = None) -> dict[Any, list[int]]:
        """{key: rows} over these columns, for all rows or some."""
        keys = self.keys(columns)
        found: dict[Any, list[int]] = {}
        for position in range(len(self)) if rows is None else rows:
            found.setdefault(keys[position], []).append(position)
        return found

    def about(self, position: int) -> str:
        """What a row is about, in words: every key cell that is not blank."""
        told = (i for i in self.key if i in self.varied or self.names[i] not in ("freq", "reporting_type"))
        cells = ((self.table.columns[i].strip(), self.columns[i][position].strip()) for i in told)
        text = ", ".join(f"{header} {cell}" for header, cell in cells if cell and cell != "_T")
        return text if len(text) <= 300 else text[:297] + "..."

    def quote(self, positions: Sequence[int], column: int | None) -> str:
        """The first few of these cells with their rows: "12,5" (row 3)."""
        shown = (f'"{self.cell(p, column)}" (row {self.table.line(p)})' for p in positions[:SHOWN])
        return ", ".join(shown) + (", ..." if len(positions) > SHOWN else "")

    def cell(self, position: int, column: int | None) -> str:
        """One cell."""
        return self.columns[column][position] if column is not None else ""

    def problem(self, code: str, positions: Sequence[int], column: int | None, **details: object) -> Problem:
        """A fault of these rows: it stands at the first, tells how many, and lists the first of them."""
        header = self.table.columns[column] if column is not None else None
        listed = [self.table.line(p) for p in positions[:LISTED]]
        return Problem(
            code,
            self.table.place(positions[0], header),
            {
                "count": len(positions),
                "rows": listed,
                "row_list": ", ".join(map(str, listed)) + (", ..." if len(positions) > LISTED else ""),
                "column": header,
                "cells": self.quote(positions, column),
                **details,
            },
        )

    def place(self, column: int | None = None) -> Origin:
        """The header row, or one header of it."""
        header = self.table.columns[column] if column is not None else None
        return Origin(self.table.origin.file, self.table.origin.sheet, 1, header)

    def rows_with(self, column: int, wanted: Iterable[str]) -> Iterator[int]:
        """The rows whose cell in a column is one of these."""
        wanted = frozenset(wanted)
        return (p for p, cell in enumerate(self.columns[column]) if cell in wanted)


def number(cell: str) -> float | None:
    """The finite number that a cell says in digits and a decimal point, or None.

    >>> number(" 12.5 "), number("1e3"), number("12,5"), number("nan"), number("1_000")
    (12.5, 1000.0, None, None, None)
    """
    text = cell.strip()
    if not _NUMBER.fullmatch(text):
        return None
    found = float(text)
    return found if math.isfinite(found) else None


def period(text: str) -> Period | None:
    """The period that a cell says, or None."""
    try:
        return Period.parse(text)
    except ValueError:
        return None
