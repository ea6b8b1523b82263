"""A look at the columns of a file, for the person who says what they mean: values of classifications only.

The first rows tell what the columns are; of those that become dimensions, all rows tell which values occur.
"""

import csv as standard
import math
import tempfile
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from milepost.errors import refuse
from milepost.interchange import limits
from milepost.interchange.microdata import database, kinds, opening
from milepost.values import Origin

ROWS = 50_000
"""So many rows are looked at."""
MOST = 50
"""Distinct values are counted up to so many."""
MOST_CATEGORIES = 300
"""Of a column that becomes a dimension so many values are shown."""
ROWS_A_VALUE = 10
"""A column without labels is a classification where a value stands for so many rows on average."""
SECONDS = 60.0
"""How long all rows are looked through for the values of dimensions."""
MEGABYTES = 6_000

Sample = dict[str, list[Any]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a file of records.

    `kind` is "number", "text", "date", "yes-no" or "nested" (not to be used), `says` the file's own words for
    it. `distinct` counts the values among the first rows, None for more than 50. `values` gives those of a
    classification, with the file's words for them, "" where there are none: {value as text: words}.
    """

    name: str
    kind: str
    says: str = ""
    distinct: int | None = None
    values: Mapping[str, str] = field(default_factory=dict)


def columns(path: Path | str, *, sheet: str | None = None, name: str | None = None) -> tuple[Column, ...]:
    """The columns of a file of records or a table of a named database, from its first rows.

    Values are shown of columns that are classifications only. Raises MilepostError as `opened` does.
    """
    with opening.called(path, name or str(path)):
        if opening.is_database(path):
            return _of_database(str(path))
        kind = kinds.kind_of(path, name)
        if sheet is not None and kind != "workbook":
            raise refuse("no-sheets", Origin(str(path)))
        return limits.guarded(_LOOKS[kind], str(path), kind, sheet, seconds=600.0, megabytes=MEGABYTES)


def sheets(path: Path | str, *, name: str | None = None) -> tuple[str, ...]:
    """The sheets of a workbook that hold a table, in their order; none of any other file."""
    with opening.called(path, name or str(path)):
        if opening.is_database(path) or kinds.kind_of(path, name) != "workbook":
            return ()
        from milepost.interchange.microdata import workbook  # noqa: PLC0415

        return limits.guarded(
            workbook.sheets, str(path), seconds=workbook.SECONDS, megabytes=workbook.MEGABYTES
        )


def categories(
    path: Path | str,
    wanted: Collection[str],
    *,
    few: Collection[str] = (),
    sheet: str | None = None,
    name: str | None = None,
    seconds: float | None = None,
) -> dict[str, dict[str, str]]:
    """{column: {value as text: the file's words for it}} of the wanted columns: the values that occur.

    {} for a column with more than 300 values, or with so many for its rows that it is no classification,
    unless it is one of the `few`: a table of totals has few rows, and yet its columns are classifications.
    Raises MilepostError ("took-too-long" after `seconds`, 60 where none are given) as `opened` does.
    """
    seconds = SECONDS if seconds is None else seconds
    with opening.called(path, name or str(path)):
        if opening.is_database(path):
            found = _counted_by_database(str(path), wanted, seconds)
            return {column: _shown(counts, {}, few=column in few) for column, counts in found.items()}
        with opening.folder_aside() as folder:
            return limits.guarded(
                _categories,
                str(path),
                tuple(wanted),
                tuple(few),
                sheet,
                name,
                folder,
                seconds=seconds,
                megabytes=MEGABYTES,
            )


def _categories(  # noqa: PLR0917  (as `guarded` hands it over)
    path: str,
    wanted: Collection[str],
    few: Collection[str],
    sheet: str | None,
    name: str | None,
    folder: Path,
) -> dict[str, dict[str, str]]:
    """In a guarded process: whatever is written aside lies in the folder, which the caller lets go of."""
    from milepost.measure import duck  # noqa: PLC0415
    from milepost.measure.engine import never  # noqa: PLC0415

    limits.end_with_parent()
    tempfile.tempdir = str(folder)
    source = opening.opened_in(folder, path, sheet=sheet, name=name, wanted=lambda _: wanted)
    known = [column for column in wanted if column in source.columns]
    with duck.opened(source, known, (), cancelled=never) as (rows, _, _):
        found = {}
        for column in known:
            counts = _counted(rows, f"t{source.columns.index(column)}")
            found[column] = _shown(counts, source.labels.get(column, {}), few=column in few)
        return found


def _counted(rows: Any, column: str) -> list[tuple[Any, int]]:
    """(value, rows) of a column; one more than are shown, where there are more."""
    import narwhals as nw  # noqa: PLC0415

    from milepost.measure import duck  # noqa: PLC0415

    counts = rows.select(value=nw.col(column)).group_by("value").agg(rows=nw.len())
    filled = counts.filter(~nw.col("value").is_null())
    found: list[tuple[Any, int]] = []
    for part in duck.stream(filled.head(MOST_CATEGORIES + 1)):
        found += zip(part.column(0).to_pylist(), part.column(1).to_pylist(), strict=True)
    return found


def _counted_by_database(path: str, wanted: Collection[str], seconds: float) -> dict[str, Any]:
    with database.connected(path) as (connection, where):
        types = database.columns(connection, where)
        known = {name: types[name] for name in wanted if name in types}
        return database.counted(connection, where, known, most=MOST_CATEGORIES + 1, seconds=seconds)


def _shown(counts: list[tuple[Any, int]], labels: Mapping[str, str], *, few: bool) -> dict[str, str]:
    """The values with their words, of a classification that is short enough; else none."""
    rows: dict[str, int] = {}
    for value, count in counts:
        word = "" if value is None or _is_nan(value) else _as_text(value)
        if word:
            rows[word] = rows.get(word, 0) + count
    is_classification = few or bool(labels) or sum(rows.values()) >= ROWS_A_VALUE * len(rows)
    if len(counts) > MOST_CATEGORIES or not is_classification:
        return {}
    return {word: labels.get(word, "") for word in _in_order(rows)}


def _in_order(values: Collection[str]) -> list[str]:
    return sorted(values, key=lambda value: (len(value), value))


def _of_database(path: str) -> tuple[Column, ...]:
    with database.connected(path) as (connection, where):
        types = database.columns(connection, where)
        sample = database.sample(connection, where, types, ROWS)
    found = {name: database.kind(number) for name, number in types.items()}
    return tuple(_column(name, found[name], cells) for name, cells in sample.items())


def _of_parquet(path: str, _kind: str, _sheet: str | None) -> tuple[Column, ...]:
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    first = opening.parts(path)[0]
    try:
        with pq.ParquetFile(first) as file:
            schema = file.schema_arrow
            flat = [column.name for column in schema if not pa.types.is_nested(column.type)]
            batch = next(file.iter_batches(batch_size=ROWS, columns=flat), None)
    except (pa.ArrowException, OSError, ValueError):
        raise refuse("microdata-damaged", Origin(path), why="it is no whole Parquet file") from None
    cells = {name: batch.column(name).to_pylist() for name in flat} if batch is not None else {}
    return tuple(
        _column(column.name, _arrow_kind(column.type), cells.get(column.name, [])) for column in schema
    )


def _arrow_kind(kind: Any) -> str:
    import pyarrow as pa  # noqa: PLC0415

    if pa.types.is_nested(kind):
        return "nested"
    if pa.types.is_boolean(kind):
        return "yes-no"
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return "number"
    return "date" if pa.types.is_temporal(kind) else "text"


def _of_text(path: str, _kind: str, _sheet: str | None) -> tuple[Column, ...]:
    from milepost.interchange.microdata import text  # noqa: PLC0415

    with opening.folder_aside() as folder:
        found = text.read(path, folder, [])
        with Path(found.file).open(encoding="utf-8-sig", newline="") as file:
            reader = standard.reader(file, delimiter=found.settings["delimiter"])
            rows = list(islice(reader, 1, ROWS + 1))
    width = len(found.columns)
    even = [[cell.strip() or None for cell in row] + [None] * (width - len(row)) for row in rows if row]
    cells = {name: [row[at] for row in even] for at, name in enumerate(found.columns)}
    comma = found.settings.get("decimal") == ","
    return tuple(_column(name, _text_kind(column, comma), column) for name, column in cells.items())


def _of_workbook(path: str, _kind: str, sheet: str | None) -> tuple[Column, ...]:
    from milepost.interchange.microdata import workbook  # noqa: PLC0415

    sample = workbook.sample(path, sheet, ROWS)
    return tuple(_column(name, _text_kind(cells, False), cells) for name, cells in sample.items())


def _of_package(path: str, kind: str, _sheet: str | None) -> tuple[Column, ...]:
    from milepost.interchange.microdata import packages  # noqa: PLC0415

    known = packages.about_here(path, kind)
    sample = packages.sample(path, kind, known, ROWS)
    return tuple(
        _column(name, stored, sample.get(name, []), known.names.get(name, ""), known.labels.get(name, {}))
        for name, stored in known.kinds.items()
    )


_LOOKS = {
    "parquet": _of_parquet,
    "csv": _of_text,
    "workbook": _of_workbook,
    "spss": _of_package,
    "spss-portable": _of_package,
    "stata": _of_package,
}


def _column(
    name: str, kind: str, cells: list[Any], says: str = "", labels: Mapping[str, str] | None = None
) -> Column:
    """The column with its count of values, and with the values themselves where it is a classification."""
    if kind == "nested":
        return Column(name, kind, says)
    filled = [cell for cell in cells if cell not in (None, "") and not _is_nan(cell)]
    values = _in_order({_as_text(cell) for cell in filled})
    distinct = len(values) if len(values) <= MOST else None
    if labels:
        shown = dict(labels) if distinct is None else {**labels, **{v: labels.get(v, "") for v in values}}
        return Column(name, kind, says, distinct, shown)
    is_classification = distinct is not None and len(filled) >= ROWS_A_VALUE * distinct and kind != "date"
    return Column(name, kind, says, distinct, dict.fromkeys(values, "") if is_classification else {})


def _is_nan(cell: Any) -> bool:
    return isinstance(cell, float) and math.isnan(cell)


def _as_text(cell: Any) -> str:
    if isinstance(cell, bool):
        return "1" if cell else "0"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def _text_kind(cells: list[Any], comma: bool) -> str:
    """ "number" where every cell that is filled is one."""
    filled = {cell for cell in cells if cell}
    for cell in filled:
        try:
            float(cell.replace(",", ".") if comma else cell)
        except ValueError:
            return "text"
    return "number" if filled else "text"
