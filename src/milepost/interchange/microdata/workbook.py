"""Workbooks: the table of one sheet, written aside as CSV."""

import csv as standard
from pathlib import Path
from typing import Any

from milepost.errors import KINDS, MilepostError, refuse
from milepost.interchange import excel, limits
from milepost.interchange.microdata.text import Text
from milepost.values import Dataset, Origin, Problem, Table

SECONDS = 600.0
MEGABYTES = 6_000
"""Time and memory for a whole workbook; a sheet holds a million rows."""

_TOLD = ("formulas", "macros", "external-links", "merged-cells")


def convert(path: Path | str, sheet: str | None, aside: Path, problems: list[Problem]) -> Text:
    """The sheet's table as a CSV in the folder `aside`; refuses several tables if `sheet` names none.

    What was taken as it is (formulas, merged cells) goes to `problems`.
    """
    target = str(aside / "records.csv")
    columns, told = limits.guarded(_convert, str(path), sheet, target, seconds=SECONDS, megabytes=MEGABYTES)
    problems.extend(told)
    return Text(target, columns, {"delimiter": ",", "encoding": "utf-8", "quote": '"'})


def sheets(path: str) -> tuple[str, ...]:
    """The names of the sheets that hold a table; to be called in a guarded process."""
    return tuple(_tables(excel.read(path)))


def sample(path: str, sheet: str | None, rows: int) -> dict[str, list[Any]]:
    """The first rows of every column; to be called in a guarded process."""
    table, _ = _table(path, sheet)
    return {name: [row[at] or None for row in table.rows[:rows]] for at, name in enumerate(table.columns)}


def _convert(path: str, sheet: str | None, target: str) -> tuple[tuple[str, ...], list[Problem]]:
    limits.end_with_parent()
    table, told = _table(path, sheet)
    with Path(target).open("w", encoding="utf-8", newline="") as file:
        writer = standard.writer(file, lineterminator="\n")
        writer.writerow(table.columns)
        writer.writerows(table.rows)
    return tuple(table.columns), told


def _table(path: str, sheet: str | None) -> tuple[Table, list[Problem]]:
    """The one table, and what is worth knowing about it; cells that have no value are refused."""
    dataset = excel.read(path)
    tables = _tables(dataset)
    if sheet is not None and sheet not in tables:
        raise refuse("unknown-sheet", Origin(path), sheet=sheet, sheets=", ".join(tables))
    if sheet is None and len(tables) > 1:
        raise refuse("several-sheets", Origin(path), sheets=", ".join(tables))
    if not tables:
        raise refuse("no-table", Origin(path))
    name = sheet if sheet is not None else next(iter(tables))
    about = [problem for problem in dataset.problems if problem.origin.sheet in (None, name)]
    if faults := [problem for problem in about if KINDS[problem.code].gravity == "error"]:
        raise MilepostError(faults)
    return tables[name], [problem for problem in about if problem.code in _TOLD]


def _tables(dataset: Dataset) -> dict[str, Table]:
    """{sheet: its table}."""
    return {table.origin.sheet or table.code: table for table in dataset.tables}
