"""Open a source with DuckDB, which may read nothing else and leaves nothing behind."""

import os
import re
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import duckdb
import narwhals as nw
import pyarrow as pa

from milepost.errors import MilepostError, refuse
from milepost.measure.engine import Lookup, coded_by_expression
from milepost.measure.task import Source
from milepost.values import Origin

MEMORY = "1GB"
"""What DuckDB keeps in memory before it goes to disk; a process needs a few hundred megabytes beside."""

_BATCH = 500_000  # rows of a result that are held at a time
_WIDE = 10_000  # the widest range of whole numbers that are looked up in a list
ASIDE = "milepost-measure-"


class Cancelled(Exception):
    """Somebody asked to stop a measurement, and it stopped; nothing is left of it."""


@contextmanager
def opened(
    source: Source,
    text: Sequence[str],
    numbers: Sequence[str],
    *,
    cancelled: Callable[[], bool],
    memory: str = MEMORY,
    disk: str | None = None,
) -> Iterator[tuple[nw.LazyFrame, Callable[[], nw.LazyFrame], "Aside"]]:
    """(rows, the same rows with their numbers in `row`, what can be put aside) of Parquet or CSV files, while
    the block runs.

    A CSV is written aside as Parquet first, because it is read several times; that folder is private and goes
    when the block ends, or at the next start after a crash. MilepostError where the file cannot be read
    ("microdata-unreadable"), or memory or disk (`disk` limits it) run out; Cancelled once `cancelled()`
    says so.
    """
    _remove_stale()
    with tempfile.TemporaryDirectory(prefix=f"{ASIDE}{os.getpid()}-") as folder:
        connection = _connect(source, Path(folder), memory, disk)
        stop = threading.Event()
        watcher = threading.Thread(target=_watch, args=(connection, cancelled, stop), daemon=True)
        watcher.start()
        try:
            if cancelled():
                raise Cancelled
            relation, header = _relation(connection, source, (*text, *numbers), Path(folder))
            columns = _projection(source, relation, text, numbers)
            rows = nw.from_native(relation.project(columns))
            counted = f"row_number() over () + {header} as row, {columns}"
            yield rows, lambda: nw.from_native(relation.project(counted)), Aside(connection, Path(folder))
        except duckdb.InterruptException as error:
            raise Cancelled from error
        except duckdb.Error as error:
            if cancelled():
                raise Cancelled from error
            raise _told(error, source) from None
        finally:
            stop.set()
            watcher.join()
            connection.close()


class Aside:
    """What a measurement puts aside while it runs: files in its folder, and small tables in memory."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, folder: Path):
        self._connection, self._folder, self._count = connection, folder, 0

    def rows(self, frame: nw.LazyFrame) -> nw.LazyFrame:
        """The same rows, computed once and written to the folder: they are read several times."""
        self._count += 1
        path = str(self._folder / f"aside-{self._count}.parquet")
        nw.to_native(frame).write_parquet(path, compression="lz4")
        return nw.from_native(self._connection.read_parquet(path))

    def table(self, table: pa.Table) -> nw.LazyFrame:
        """A small table of ours, so that rows can be joined to it."""
        self._count += 1
        name = f"aside_{self._count}"
        self._connection.from_arrow(table).create(name)
        return nw.from_native(self._connection.table(name))


def stream(frame: nw.LazyFrame) -> Iterator[Any]:
    """Run a frame, and yield its rows as Arrow batches that are held one at a time."""
    native = nw.to_native(frame)
    yield from native.to_arrow_reader(_BATCH)


def coded(frame: nw.LazyFrame, lookups: Mapping[str, Lookup]) -> nw.LazyFrame:
    """`frame` with a column more for every lookup; several times quicker than what all engines understand."""
    relation = nw.to_native(frame)
    types = dict(zip(relation.columns, (str(kind) for kind in relation.types), strict=True))
    quick = {name: _code(lookup, types[lookup.column]) for name, lookup in lookups.items()}
    parts = [f"{code} as {name}" for name, code in quick.items() if code is not None]
    slow = {name: lookup for name, lookup in lookups.items() if quick[name] is None}
    return coded_by_expression(nw.from_native(relation.project(", ".join(["*", *parts]))), slow)


def _code(lookup: Lookup, kind: str) -> str | None:
    """The code of a word, as SQL: by the word's place in an enumeration, or the number's place in a list."""
    values, codes = lookup.values, lookup.codes
    if not values:
        return str(lookup.otherwise)
    if kind == "VARCHAR":
        by_code = dict(zip(codes, values, strict=True))
        if sorted(by_code) == list(range(len(values))):  # one word for each category: its place is its code
            words = [by_code[code] for code in range(len(values))]
            found = f"enum_code(try_cast({lookup.column} as {_enumeration(words)}))"
        else:
            place = f"enum_code(try_cast({lookup.column} as {_enumeration(values)}))"
            found = f"list_extract({list(codes)!r}, {place}::bigint + 1)"
        return f"coalesce({found}::integer, {lookup.otherwise})"
    if all(isinstance(value, int | float) and value == int(value) for value in values):
        least, most = int(min(values)), int(max(values))
        if most - least < _WIDE:
            row = [lookup.otherwise] * (most - least + 1)
            for value, code in zip(values, codes, strict=True):
                row[int(value) - least] = code
            place = f"try_cast({lookup.column} as bigint) - ({least}) + 1"
            return f"coalesce(list_extract({row!r}, {place})::integer, {lookup.otherwise})"
    return None


def _enumeration(words: Iterable[str]) -> str:
    return f"enum({', '.join(map(_quoted, words))})"


def _connect(source: Source, folder: Path, memory: str, disk: str | None) -> duckdb.DuckDBPyConnection:
    """A connection that can read the source's files and its own folder, and nothing else."""
    connection = duckdb.connect(
        ":memory:",
        config={
            "memory_limit": memory,
            "threads": str(os.cpu_count() or 1),
            "temp_directory": str(folder / "spill"),
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "python_enable_replacements": "false",
        },
    )
    connection.execute("set enable_progress_bar = false")
    if disk:
        connection.execute("set max_temp_directory_size = ?", [disk])
    connection.execute("set allowed_paths = ?", [[os.path.realpath(path) for path in source.paths]])
    connection.execute("set allowed_directories = ?", [[f"{folder}{os.sep}"]])
    connection.execute("set enable_external_access = false")
    connection.execute("set lock_configuration = true")
    return connection


def _relation(
    connection: duckdb.DuckDBPyConnection, source: Source, wanted: Sequence[str], folder: Path
) -> tuple[duckdb.DuckDBPyRelation, int]:
    """(the rows, how many lines stand above the first)."""
    paths = [os.path.realpath(path) for path in source.paths]
    if source.kind == "parquet":
        return connection.read_parquet(paths), 0
    if source.kind != "csv":
        raise refuse("unknown-source", source.place, kind=source.kind)
    columns = {f"c{place}": "VARCHAR" for place in range(len(source.columns))}
    read = {
        "delim": source.csv.get("delimiter", ","),
        "quote": source.csv.get("quote", '"'),
        "escape": source.csv.get("quote", '"'),
        "encoding": source.csv.get("encoding", "utf-8"),
    }
    options = ", ".join(f"{name} = {_quoted(value)}" for name, value in read.items())
    named = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in columns)
    kept = ", ".join(f"c{place}" for place, column in enumerate(source.columns) if column in set(wanted))
    aside = folder / "rows.parquet"
    read_csv = f"read_csv({paths!r}, auto_detect = false, header = true, columns = {{{named}}}, {options})"
    rows = connection.sql(f"from {read_csv}")
    rows.project(kept or "c0").write_parquet(str(aside), compression="lz4")
    return connection.read_parquet(str(aside)), 1


def _projection(
    source: Source, relation: duckdb.DuckDBPyRelation, text: Sequence[str], numbers: Sequence[str]
) -> str:
    """`t<place>` for every column as it is stored, `n<place>` for every one as a number, as SQL."""
    names = _names(source, relation)
    types = dict(zip(relation.columns, relation.types, strict=True))
    parts = []
    for column in text:
        place, name = names[column]
        parts.append(f"{name} as t{place}")
    for column in numbers:
        place, name = names[column]
        kind = str(types[relation.columns[_where(relation, name)]])
        if kind == "DOUBLE":
            parts.append(f"{name} as n{place}")
        elif kind == "VARCHAR":
            plain = f"trim({name})"
            if source.csv.get("decimal") == ",":
                plain = f"replace({plain}, ',', '.')"
            parts.append(
                f"case when contains({name}, '_') then null else try_cast({plain} as double) end as n{place}"
            )
        else:
            parts.append(f"try_cast({name} as double) as n{place}")
    return ", ".join(parts) or "1 as nothing"


def _names(source: Source, relation: duckdb.DuckDBPyRelation) -> dict[str, tuple[int, str]]:
    """{column: (its place in the file, its quoted name in the relation)}: DuckDB takes no notice of capitals,
    so columns that differ in nothing else are told apart by their places."""
    if source.kind == "csv":
        return {column: (place, f"c{place}") for place, column in enumerate(source.columns)}
    same_order = len(relation.columns) == len(source.columns)
    return {
        column: (place, _identifier(relation.columns[place] if same_order else column))
        for place, column in enumerate(source.columns)
    }


def _where(relation: duckdb.DuckDBPyRelation, name: str) -> int:
    return [_identifier(column) for column in relation.columns].index(
        name if name.startswith('"') else _identifier(name)
    )


def _identifier(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _watch(
    connection: duckdb.DuckDBPyConnection, cancelled: Callable[[], bool], stop: threading.Event
) -> None:
    while not stop.wait(0.2):
        if cancelled():
            connection.interrupt()  # again and again: the next query may have begun meanwhile


def _told(error: duckdb.Error, source: Source) -> MilepostError:
    """What a person can do about an engine's error, whose own words may quote cells and are not passed on."""
    said = str(error)
    if isinstance(error, duckdb.OutOfMemoryException) and "temp_directory" not in said:
        return refuse("engine-memory", source.place)
    if re.search(r"No space left|max_temp_directory_size|temp_directory|temporary", said, re.I):
        return refuse("engine-disk", source.place, folder=tempfile.gettempdir())
    line = re.search(r"\bLine: (\d+)", said)
    return refuse("microdata-unreadable", Origin(source.place, row=int(line[1]) if line else None))


def _remove_stale() -> None:
    """Remove the folders of runs that were killed: their process is no more."""
    if os.name != "posix":
        return
    for folder in Path(tempfile.gettempdir()).glob(f"{ASIDE}*-*"):
        number = folder.name.removeprefix(ASIDE).split("-")[0]
        if number.isdigit() and not _runs(int(number)):
            shutil.rmtree(folder, ignore_errors=True)


def _runs(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
