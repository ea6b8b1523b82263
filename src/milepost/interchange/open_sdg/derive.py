"""What an Open SDG platform derives from an indicator's table: cells as published, headline, edges.

The platform reads CSV files with a data library that guesses the type of each column and prints numbers its
own way. Its site compares and sorts what is printed, so the same text is produced here, without that library.
"""

import re
from collections.abc import Container, Iterable, Sequence
from itertools import combinations

from milepost.values import Table

NOT_AVAILABLE = frozenset([
    "", "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN", "<NA>", "N/A",
    "NA", "NULL", "NaN", "None", "n/a", "nan", "null",
])  # fmt: skip
"""Cells that the platform takes for blank."""

INTEGER, DECIMAL, TRUTH, TEXT = "integer", "decimal", "truth", "text"
_INTEGER = re.compile(r"[ \t]*[+-]?[0-9]{1,300}[ \t]*")
_DECIMAL = re.compile(
    r"[ \t]*[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?[ \t]*|[+-]?inf(?:inity)?", re.IGNORECASE
)
_TRUTH = {word: word.capitalize() for word in ("True", "TRUE", "true", "False", "FALSE", "false")}


# Published cells


def published(table: Table, text_columns: Container[str] = ()) -> tuple[Table, dict[str, str]]:
    """The table as the platform prints it, Year first and Value last, and the kinds of these two columns.

    A column of whole numbers with a blank among them is printed with decimals (7.0), "007" as 7, "TRUE" as
    True, "N/A" as blank; a column with any other text stays as written. Columns between Year and Value have
    no kind: they are text. `text_columns` are taken for text whatever their cells. No rows and no columns
    give the columns Year and Value.
    """
    names = table.columns or ("Year", "Value")
    if not table.rows:
        return Table(table.code, names, (), table.origin), {}
    by_position = list(zip(*table.rows, strict=True))
    order = _year_to_value(names)
    kinds = {}
    columns = []
    for position in order:
        cells = by_position[position]
        distinct = set(cells)
        kind = TEXT if names[position] in text_columns else column_kind(distinct)
        if names[position] in ("Year", "Value"):
            kinds[names[position]] = kind
        print_as = {cell: published_cell(cell, kind) for cell in distinct}
        columns.append([print_as[cell] for cell in cells])
    rows = list(zip(*columns, strict=True))
    return Table(table.code, tuple(names[p] for p in order), rows, table.origin, table.lines), kinds


def column_kind(distinct: Iterable[str]) -> str:
    """What the platform takes a column for, from its distinct cells: integer, decimal, truth or text.

    Blanks count for nothing, but a column of whole numbers with blanks is decimal; so is one of blanks alone.
    """
    values = set(distinct)
    blank = not values.isdisjoint(NOT_AVAILABLE)
    values -= NOT_AVAILABLE
    if all(map(_INTEGER.fullmatch, values)):
        return DECIMAL if blank else INTEGER
    if all(map(_DECIMAL.fullmatch, values)):
        return DECIMAL
    return TRUTH if values <= _TRUTH.keys() else TEXT


def published_cell(cell: str, kind: str) -> str:
    """One cell as the platform prints it in a column of this kind; "" for blank."""
    if cell in NOT_AVAILABLE:
        return ""
    if kind == INTEGER:
        return str(int(cell))
    if kind == DECIMAL:
        return repr(float(cell))
    return _TRUTH[cell] if kind == TRUTH else cell


def _year_to_value(names: Sequence[str]) -> list[int]:
    positions = list(range(len(names)))
    if "Year" in names and "Value" in names:
        year, value = names.index("Year"), names.index("Value")
        return [year, *(p for p in positions if p not in (year, value)), value]
    return positions


# Headline and edges


def fixed_columns(non_disaggregation_columns: Iterable[str]) -> tuple[str, ...]:
    """The columns that are no breakdown, in the platform's order: Year and Value, then as configured."""
    return tuple(dict.fromkeys(("Year", "Value", *non_disaggregation_columns)))


def disaggregations(columns: Sequence[str], non_disaggregation_columns: Iterable[str]) -> tuple[str, ...]:
    """The columns that break the figures down."""
    fixed = fixed_columns(non_disaggregation_columns)
    return tuple(column for column in columns if column not in fixed)


def headline(table: Table, non_disaggregation_columns: Iterable[str]) -> Table:
    """The rows whose breakdown columns are all blank, with only the columns that are no breakdown.

    Columns come in the order of the platform: Year, Value, then as configured (Units, Series, ...).
    """
    fixed = fixed_columns(non_disaggregation_columns)
    kept, columns = headline_parts(table.columns, presence(table), len(table.rows), fixed)
    rows = [tuple(table.rows[row][column] for column in columns) for row in kept]
    lines = [table.line(row) for row in kept]
    return Table(table.code, tuple(table.columns[c] for c in columns), rows, table.origin, lines)


def edges(table: Table, non_disaggregation_columns: Iterable[str]) -> list[tuple[str, str]]:
    """(parent, child) where the child column is only filled in where its parent is, in the platform's order.

    Two columns always filled in together count as parent and child from left to right; a blank column has no
    part in it; a grandparent is not named as parent.
    """
    return edges_between(table.columns, presence(table), fixed_columns(non_disaggregation_columns))


def presence(table: Table) -> list[int]:
    """For each column a number whose binary digits, one for each row, say which cells are filled in."""
    if not table.rows:
        return [0] * len(table.columns)
    blank = NOT_AVAILABLE
    by_position = zip(*table.rows, strict=True)
    return [int("".join(["0" if cell in blank else "1" for cell in cells]), 2) for cells in by_position]


def headline_parts(
    names: Sequence[str], filled: Sequence[int], row_count: int, fixed: Sequence[str]
) -> tuple[list[int], list[int]]:
    """Positions of the rows and of the columns that make up the headline; `filled` as `presence` gives it."""
    broken_down = 0
    for name, cells in zip(names, filled, strict=True):
        if name not in fixed:
            broken_down |= cells
    digits = format(broken_down, f"0{row_count}b") if row_count else ""
    kept = [row for row, digit in enumerate(digits) if digit == "0"]
    return kept, [names.index(name) for name in fixed if name in names]


def edges_between(names: Sequence[str], filled: Sequence[int], fixed: Sequence[str]) -> list[tuple[str, str]]:
    """Edges of the named columns; `filled` as `presence` gives it."""
    columns = [
        (name, cells) for name, cells in zip(names, filled, strict=True) if name not in fixed and cells
    ]
    found = []
    for (left, in_left), (right, in_right) in combinations(columns, 2):
        left_alone, right_alone = in_left & ~in_right, in_right & ~in_left
        if not right_alone:
            found.append((left, right))
        elif not left_alone:
            found.append((right, left))
    return _without_grandparents(found)


def _without_grandparents(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Leave out an edge from A to C where A is a parent of a parent of C."""
    children: dict[str, set[str]] = {}
    for parent, child in found:
        children.setdefault(parent, set()).add(child)
    return [
        (parent, child)
        for parent, child in found
        if not any(child in children.get(between, ()) for between in children[parent])
    ]
