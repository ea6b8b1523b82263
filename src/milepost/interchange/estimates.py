"""Measured cells as a table of estimates: CSV, Parquet, JSON or a workbook, by the ending of the name.

The columns are indicator, series (where the definition has several), year, one for each dimension ("_T" where
a row is over all of it), value, se, ci_low, ci_high, cv, deff, n, status. A suppressed row keeps no figure.
Only JSON holds what the figures rest on. Nothing that a cell keeps for disclosure control is ever written.
"""

import csv as standard
import datetime
import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from milepost.errors import MilepostError, refuse
from milepost.interchange import aside, csv, limits
from milepost.values import Estimate, Origin
from milepost.values.estimate import SUPPRESSED

FIGURES = ("value", "se", "ci_low", "ci_high", "cv", "deff", "n")
"""The columns that hold numbers, in their order; `status` comes behind them."""

_BEFORE = ("indicator", "series", "year")


@dataclass(frozen=True, slots=True)
class Estimates:
    """Cells of one measurement: what they are about, by which dimensions, and what they rest on.

    `series` is None where the definition has only one. `about` is what JSON says beside the cells.
    """

    indicator: str
    year: int
    dimensions: tuple[str, ...]
    cells: tuple[Estimate, ...]
    series: str | None = None
    about: Mapping[str, Any] = field(default_factory=dict)

    @property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in their order."""
        series = ("series",) if self.series is not None else ()
        return ("indicator", *series, "year", *self.dimensions, *FIGURES, "status")

    def rows(self) -> list[tuple[Any, ...]]:
        """The rows: words, the year and n as whole numbers, figures as numbers, None where there is none."""
        series = (self.series,) if self.series is not None else ()
        head = (self.indicator, *series, self.year)
        return [
            (
                *head,
                *(cell.breakdown[name] for name in self.dimensions),
                *_figures(cell),
                cell.status,
            )
            for cell in self.cells
        ]


def _figures(cell: Estimate) -> tuple[float | int | None, ...]:
    if cell.status == SUPPRESSED:
        return (None,) * len(FIGURES)
    return tuple(getattr(cell, name) for name in FIGURES)


# Writing

_Row = Sequence[Any]


def write(estimates: Estimates, path: Path | str) -> None:
    """Write the cells, aside and then renamed; refuses a name whose ending is none of ENDINGS."""
    kinds = dict.fromkeys(FIGURES, float) | {"year": int, "n": int}
    _write(estimates.columns, estimates.rows(), kinds, path, as_json(estimates))


def write_rows(
    columns: Sequence[str], rows: Sequence[Sequence[str]], words: Sequence[str], path: Path | str
) -> None:
    """Write rows of text under these headers, by the same endings; CSV keeps numbers as they are written.

    Elsewhere a cell that is a number becomes one, but not in the columns of `words`.
    """
    cells = [
        [_number_or_word(cell, name in words) for name, cell in zip(columns, row, strict=True)]
        for row in rows
    ]
    whole = {"rows": [dict(zip(columns, row, strict=True)) for row in cells]}
    as_written = Path(path).suffix.lower() == ".csv"
    _write(columns, rows if as_written else cells, {}, path, whole)


def _number_or_word(cell: str, is_word: bool) -> Any:
    if is_word or not cell:
        return cell or None
    return float(cell) if _NUMBER.fullmatch(cell) else cell


_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]+)?([eE][-+]?[0-9]{1,2})?")


def check_ending(path: Path | str) -> None:
    """Refuse a name whose ending is none of ENDINGS."""
    if Path(path).suffix.lower() not in ENDINGS:
        known = ", ".join(ENDINGS)
        raise refuse("estimates-ending", Origin(str(path)), name=Path(path).name, known=known)


def _write(
    columns: Sequence[str], rows: Sequence[_Row], kinds: Mapping[str, type], path: Path | str, whole: Any
) -> None:
    check_ending(path)
    with aside.file(path) as temporary:
        match Path(path).suffix.lower():
            case ".csv":
                _write_csv(columns, rows, temporary)
            case ".parquet":
                _write_parquet(columns, rows, kinds, temporary)
            case ".json":
                _write_json(whole, temporary)
            case _:
                _write_workbook(columns, rows, temporary)


ENDINGS = (".csv", ".parquet", ".json", ".xlsx")
"""How cells are written is said by the ending of the file's name."""


def _write_csv(columns: Sequence[str], rows: Sequence[_Row], path: Path) -> None:
    text = [[_as_text(cell) for cell in row] for row in (columns, *rows)]
    plain = all(cell.isascii() for row in text for cell in row)
    # Spreadsheets need the byte order mark to show other letters; other programs take it for a letter.
    with path.open("w", encoding="utf-8" if plain else "utf-8-sig", newline="") as file:
        standard.writer(file).writerows(text)


def _as_text(cell: Any) -> str:
    """Numbers at their shortest; words guarded against formulas."""
    if cell is None:
        return ""
    return csv.shielded(cell) if isinstance(cell, str) else _shortest(cell)


def _shortest(number: float) -> str:
    whole = isinstance(number, int) or (number.is_integer() and abs(number) < 1e15)
    return str(int(number)) if whole else repr(number)


def _write_parquet(
    columns: Sequence[str], rows: Sequence[_Row], kinds: Mapping[str, type], path: Path
) -> None:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    types = {float: pa.float64(), int: pa.int64(), str: pa.string()}
    by_column = list(zip(*rows, strict=True)) if rows else [()] * len(columns)
    arrays = []
    for name, cells in zip(columns, by_column, strict=True):
        kind = kinds.get(name) or _kind_of(cells)
        arrays.append(pa.array([_as_kind(cell, kind) for cell in cells], types[kind]))
    pq.write_table(pa.table(arrays, names=list(columns)), path)


def _kind_of(cells: Sequence[Any]) -> type:
    """Numbers where every cell that is filled is one."""
    filled = [cell for cell in cells if cell is not None]
    return float if filled and all(isinstance(cell, float) for cell in filled) else str


def _as_kind(cell: Any, kind: type) -> Any:
    if cell is None:
        return None
    return _shortest(cell) if kind is str and not isinstance(cell, str) else cell


def as_json(estimates: Estimates) -> dict[str, Any]:
    """The table ready for JSON: what the figures are about and what they rest on, then the cells."""
    cells = [
        {
            **{name: cell.breakdown[name] for name in estimates.dimensions},
            **dict(zip(FIGURES, _figures(cell), strict=True)),
            "status": cell.status,
            **({"reason": cell.reason} if cell.reason and cell.status != SUPPRESSED else {}),
        }
        for cell in estimates.cells
    ]
    return {
        "indicator": estimates.indicator,
        "series": estimates.series,
        "year": estimates.year,
        "dimensions": list(estimates.dimensions),
        **estimates.about,
        "cells": cells,
    }


def _write_json(whole: Any, path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        json.dump(whole, file, ensure_ascii=False, indent=1, allow_nan=False)
        file.write("\n")


def _write_workbook(columns: Sequence[str], rows: Sequence[_Row], path: Path) -> None:
    import xlsxwriter  # noqa: PLC0415

    from milepost.interchange import excel  # noqa: PLC0415

    if len(rows) >= excel.MAX_ROWS or len(columns) > excel.MAX_COLUMNS:
        raise refuse("too-many-rows", str(path), rows=f"{len(rows):,}", columns=len(columns))
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    with xlsxwriter.Workbook(str(path), options) as workbook:
        workbook.set_properties({"created": datetime.datetime(2000, 1, 1)})  # same cells, same bytes
        sheet = workbook.add_worksheet("estimates")
        sheet.freeze_panes(1, 0)
        bold = workbook.add_format({"bold": True})
        for at, name in enumerate(columns):
            sheet.write_string(0, at, name, bold)
        for line, row in enumerate(rows, 1):
            for at, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(line, at, cell)
                elif cell is not None:
                    sheet.write_number(line, at, cell)


# Reading what was written, as the release that came before


def read(path: Path | str) -> Estimates:
    """The cells of a file that `write` wrote; MilepostError where it is no such file."""
    check_ending(path)
    limits.check_size(path)
    return limits.guarded(_read, str(path))


def _read(path: str) -> Estimates:
    columns, rows = _READERS[Path(path).suffix.lower()](path)
    missing = [name for name in ("indicator", "year", *FIGURES, "status") if name not in columns]
    if missing:
        raise _no_table(path, f"it has no column {', '.join(missing)}")
    if not rows:
        raise _no_table(path, "it has no rows")
    dimensions = tuple(name for name in columns if name not in (*_BEFORE, *FIGURES, "status"))
    try:
        cells = tuple(_cell(dict(zip(columns, row, strict=True)), dimensions) for row in rows)
        first = dict(zip(columns, rows[0], strict=True))
        return Estimates(
            str(first["indicator"]), int(first["year"]), dimensions, cells, _word(first.get("series"))
        )
    except (ValueError, TypeError) as error:
        raise _no_table(path, str(error)) from None


def _no_table(path: str, why: str) -> MilepostError:
    return refuse("estimates-unreadable", Origin(path), why=why)


def _cell(row: Mapping[str, Any], dimensions: Sequence[str]) -> Estimate:
    n = _number(row["n"])
    return Estimate(
        {name: str(row[name] or "") for name in dimensions},
        value=_number(row["value"]),
        se=_number(row["se"]),
        ci_low=_number(row["ci_low"]),
        ci_high=_number(row["ci_high"]),
        cv=_number(row["cv"]),
        deff=_number(row["deff"]),
        n=None if n is None else int(n),
        status=str(row["status"] or "A"),
    )


def _word(cell: Any) -> str | None:
    return None if cell in (None, "") else str(cell)


def _number(cell: Any) -> float | None:
    if cell in (None, ""):
        return None
    number = float(cell)
    if not math.isfinite(number):
        raise ValueError(f"{cell!r} is no number")
    return number


_Grid = tuple[Sequence[str], Sequence[Sequence[Any]]]


def _read_csv(path: str) -> _Grid:
    table = csv.read_table(path)
    return table.columns, table.rows


def _read_parquet(path: str) -> _Grid:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    try:
        table = pq.read_table(path, use_threads=False)
    except (pa.ArrowException, OSError, ValueError):
        raise _no_table(path, "it is no Parquet file") from None
    return table.column_names, [tuple(row.values()) for row in table.to_pylist()]


def _read_json(path: str) -> _Grid:
    try:
        whole = json.loads(limits.contents(path).decode("utf-8-sig"))
        head = {name: whole[name] for name in _BEFORE if name in whole}
        rows = [{**head, **{k: v for k, v in cell.items() if k != "reason"}} for cell in whole["cells"]]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _no_table(path, "it is no JSON with cells") from None
    columns = list(rows[0]) if rows else []
    return columns, [tuple(row.get(name) for name in columns) for row in rows]


def _read_workbook(path: str) -> _Grid:
    from milepost.interchange import excel  # noqa: PLC0415

    tables = excel.read(path).tables
    if len(tables) != 1:
        raise _no_table(path, "it has several sheets")
    return tables[0].columns, tables[0].rows


_READERS: dict[str, Callable[[str], _Grid]] = {
    ".csv": _read_csv,
    ".parquet": _read_parquet,
    ".json": _read_json,
    ".xlsx": _read_workbook,
}
