"""Files of SPSS and Stata, turned into Parquet piece by piece, each in a guarded process of its own."""

import datetime
import math
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq
import pyreadstat

from milepost.errors import refuse
from milepost.interchange import csv, limits
from milepost.interchange.excel import shortest
from milepost.values import Origin

CELLS = 5_000_000
"""Cells that are held at once."""
SECONDS = 600.0
"""Time for one piece; a compressed file is read from its beginning each time."""
_ENCODING_ROWS = 5_000
_FIRST_STATA_IN_UTF_8 = 118

_READERS: dict[str, Callable[..., Any]] = {
    "spss": pyreadstat.read_sav,
    "spss-portable": pyreadstat.read_por,
    "stata": pyreadstat.read_dta,
}


class About(NamedTuple):
    """What a file says of itself: `kinds` by column ("text", "number" or "date"), names and words of values.

    `rows` is None where the file does not say. `encoding` is None where the file tells it rightly itself.
    """

    kinds: dict[str, str]
    names: dict[str, str]
    labels: dict[str, dict[str, str]]
    rows: int | None
    encoding: str | None


def about(path: Path | str, kind: str) -> About:
    """What a file of SPSS or Stata says of its columns, read with limits on time and memory."""
    return limits.guarded(_about, str(path), kind)


def convert(
    path: Path | str,
    kind: str,
    known: About,
    wanted: Collection[str],
    aside: Path,
    *,
    progress: Callable[[int, int], None],
    check: Callable[[], None],
) -> tuple[str, ...]:
    """Write the wanted columns as Parquet files into the folder `aside`; their paths.

    Values that the file declares as missing become blank. `check` is called before each piece and may raise.
    Where none of the columns is wanted, one row of one column is copied.
    """
    names = [name for name in known.kinds if name in wanted]
    at_once = max(CELLS // max(len(names), 1), 10_000)
    if not names:
        part = str(aside / "records.parquet")
        limits.guarded(_convert_part, str(path), kind, known, names, (0, 1, part), seconds=SECONDS)
        return (part,)
    written: list[str] = []
    done = 0
    while True:
        check()
        progress(done, known.rows or 0)
        part = str(aside / f"records-{len(written):05}.parquet")
        count = limits.guarded(
            _convert_part, str(path), kind, known, names, (done, at_once, part), seconds=SECONDS
        )
        done += count
        if count or not written:
            written.append(part)
        if count < at_once:
            progress(done, done)
            return tuple(written)


def sample(path: str, kind: str, known: About, rows: int) -> dict[str, list[Any]]:
    """The first rows of every column; to be called in a guarded process."""
    return _read(path, kind, encoding=known.encoding, row_limit=rows)[0]


def _about(path: str, kind: str) -> About:
    limits.end_with_parent()
    return about_here(path, kind)


def about_here(path: str, kind: str) -> About:
    """The same as `about`, in this process, which is to be a guarded one."""
    encoding = _encoding(path, kind)
    _, found = _read(path, kind, encoding=encoding, metadataonly=True)
    kinds = {
        name: "text" if stored == "string" else _kind(found.original_variable_types.get(name, ""))
        for name, stored in found.readstat_variable_types.items()
    }
    names = {name: label for name, label in found.column_names_to_labels.items() if label}
    labels = {
        name: {_as_text(value): str(word) for value, word in words.items()}
        for name, words in found.variable_value_labels.items()
    }
    rows = found.number_rows if found.number_rows and found.number_rows > 0 else None
    return About(kinds, names, labels, rows, encoding)


def _kind(form: str) -> str:
    """Whether numbers are shown as dates or times: in Stata's formats these begin with %t, %-t or %d."""
    plain = form.upper().lstrip("%-")
    dates = ("DATE", "ADATE", "EDATE", "JDATE", "SDATE", "DATETIME", "YMDHMS", "TIME", "DTIME", "MTIME")
    if plain.startswith(dates):
        return "date"
    return "date" if form.startswith(("%t", "%-t", "%d", "%-d")) else "number"


def _encoding(path: str, kind: str) -> str | None:
    """The encoding that the letters of a file show; None where the file is to be believed."""
    if kind == "stata":
        if _stata_release(path) >= _FIRST_STATA_IN_UTF_8:
            return None
    else:
        try:
            _, found = _tried(path, kind, row_limit=_ENCODING_ROWS)
        except UnicodeDecodeError:
            pass
        else:
            if kind == "spss" and found.file_encoding:
                return None
    cells, found = _read(path, kind, encoding="LATIN1", row_limit=_ENCODING_ROWS)
    return _encoding_of(_words(cells, found), path)


def _encoding_of(text: str, path: str) -> str | None:
    """The encoding of letters that were read as if each byte were one."""
    data = text.encode("latin-1", "ignore")
    if data.isascii():
        return None
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return csv.code_page(data).upper()
    return "UTF-8"


def _words(cells: Mapping[str, list[Any]], found: Any) -> str:
    words = [word for column in cells.values() for word in column if isinstance(word, str)]
    words += [label for label in found.column_names_to_labels.values() if label]
    words += [str(word) for labels in found.variable_value_labels.values() for word in labels.values()]
    return "\n".join([*words, *found.column_names])


def _stata_release(path: str) -> int:
    with Path(path).open("rb") as file:
        head = file.read(64)
    if not head.startswith(b"<"):
        return head[0]
    digits = head.partition(b"<release>")[2][:3]
    return int(digits) if digits.isdigit() else 0


def _convert_part(path: str, kind: str, known: About, names: list[str], piece: tuple[int, int, str]) -> int:
    """Write one piece (first row, count, file) as Parquet; how many rows it has."""
    limits.end_with_parent()
    offset, count, file = piece
    first = next(iter(known.kinds))  # without any column the rows could not be counted
    cells, _ = _read(
        path,
        kind,
        encoding=known.encoding,
        usecols=names or [first],
        row_offset=offset,
        row_limit=count,
    )
    arrays = {name: _array(cells[name], known.kinds[name]) for name in names or [first]}
    table = pa.table(arrays)
    pq.write_table(table, file, compression="lz4")
    return table.num_rows


def _array(cells: list[Any], kind: str) -> pa.Array:
    if kind == "number":
        return pa.array(cells, pa.float64(), from_pandas=True)
    return pa.array([None if cell is None else _as_text(cell) for cell in cells], pa.string())


def _as_text(cell: Any) -> str:
    """A stored value as text: 1 for 1.0, a date as ISO."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, float):
        return "" if math.isnan(cell) else shortest(cell)
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date().isoformat()
    if isinstance(cell, datetime.date | datetime.time):
        return cell.isoformat()
    return str(cell)


def _read(path: str, kind: str, **options: Any) -> tuple[dict[str, list[Any]], Any]:
    """(cells by column, what the file says of itself); refuses a file that the library cannot read."""
    try:
        return _tried(path, kind, **options)
    except UnicodeDecodeError:
        raise refuse("microdata-damaged", Origin(path), why="its letters are of no known encoding") from None


def _tried(path: str, kind: str, **options: Any) -> tuple[dict[str, list[Any]], Any]:
    """The same; UnicodeDecodeError where letters are of another encoding than the file says."""
    given = {name: setting for name, setting in options.items() if setting is not None}
    if kind == "spss-portable":
        given.pop("encoding", None)
    try:
        return _READERS[kind](path, output_format="dict", **given)
    except UnicodeDecodeError:
        raise
    except (OverflowError, pyreadstat.PyreadstatError, pyreadstat.ReadstatError) as error:
        if "invalid byte sequence" in str(error):
            raise UnicodeDecodeError("utf-8", b"", 0, 0, "letters") from None
        why = "a date is out of range" if isinstance(error, OverflowError) else str(error).rstrip(".")
        raise refuse("microdata-damaged", Origin(path), why=why) from None
