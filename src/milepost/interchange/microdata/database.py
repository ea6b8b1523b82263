"""A table of PostgreSQL, fetched in pieces through a connection that an administrator has named."""

import os
import re
import time
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from milepost.errors import refuse
from milepost.values import Origin

SCHEME = "postgresql:"
SETTING = "MILEPOST_SOURCE_{}"
ROWS = 100_000
"""Rows that are fetched at once."""

_NAMED = re.compile(r"postgresql:(?P<name>[A-Za-z][A-Za-z0-9_-]*)/(?:(?P<schema>[^/.]+)\.)?(?P<table>[^/.]+)")
_WHOLE, _REAL, _NUMERIC, _BOOLEAN = (20, 21, 23), (700, 701), 1700, 16  # OIDs of PostgreSQL's own types


class Address(NamedTuple):
    """The name of a connection and a table in its database."""

    name: str
    schema: str | None
    table: str


def address(path: str) -> Address:
    """The parts of postgresql:NAME/table or postgresql:NAME/schema.table; refuses a URL."""
    found = _NAMED.fullmatch(path)
    if found is None:
        raise refuse("database-address", Origin(SCHEME))  # what was given may hold a password
    return Address(found["name"], found["schema"], found["table"])


@contextmanager
def connected(path: str) -> Iterator[tuple[Any, Address]]:
    """(a connection that only reads, what it was opened for) for as long as the block runs."""
    import psycopg  # noqa: PLC0415  (only where a database is asked for)

    where = address(path)
    setting = SETTING.format(where.name.upper().replace("-", "_"))
    url = os.environ.get(setting, "").strip()
    if not url:
        raise refuse("database-unknown", Origin(path), name=where.name, setting=setting)
    if not url.startswith(("postgresql://", "postgres://")):
        raise refuse("database-setting", Origin(path), setting=setting)
    try:
        with psycopg.connect(url, connect_timeout=30) as connection:
            connection.read_only = True
            yield connection, where
    except (psycopg.errors.UndefinedTable, psycopg.errors.InsufficientPrivilege):
        table = ".".join(filter(None, (where.schema, where.table)))
        raise refuse("database-no-table", Origin(path), name=where.name, table=table) from None
    except psycopg.ProgrammingError:
        raise refuse("database-setting", Origin(path), setting=setting) from None
    except psycopg.Error as error:
        raise refuse("database-refused", Origin(path), name=where.name, why=type(error).__name__) from None


def columns(connection: Any, where: Address) -> dict[str, int]:
    """{column: number of its type} of a table."""
    from psycopg import sql  # noqa: PLC0415

    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("select * from {} limit 0").format(_table(where)))
        return {column.name: column.type_code for column in cursor.description}


def convert(
    connection: Any,
    where: Address,
    types: dict[str, int],
    wanted: Collection[str],
    aside: Path,
    *,
    progress: Callable[[int, int], None],
    check: Callable[[], None],
) -> tuple[str, ...]:
    """Write the wanted columns as one Parquet file into the folder `aside`; its path.

    The rows come through a cursor that the server keeps, so that a few are held at a time.
    """
    names = [name for name in types if name in wanted] or list(types)[:1]
    schema = pa.schema([(name, _arrow(types[name])) for name in names])
    target = str(aside / "records.parquet")
    done = 0
    with pq.ParquetWriter(target, schema, compression="lz4") as writer:
        for rows in _pieces(connection, where, {name: types[name] for name in names}, ROWS):
            check()
            arrays = [
                pa.array(cells, field.type)
                for cells, field in zip(zip(*rows, strict=True), schema, strict=True)
            ]
            writer.write_table(pa.table(arrays, schema=schema))
            done += len(rows)
            progress(done, 0)
    return (target,)


def sample(connection: Any, where: Address, types: dict[str, int], rows: int) -> dict[str, list[Any]]:
    """The first rows of every column."""
    first = next(_pieces(connection, where, types, rows), [])
    return {name: [row[at] for row in first] for at, name in enumerate(types)}


def counted(
    connection: Any, where: Address, types: Mapping[str, int], *, most: int, seconds: float
) -> dict[str, list[tuple[Any, int]]]:
    """{column: [(value, rows)]} of a table, at most so many for each, counted by the database itself.

    Refuses ("took-too-long") where all of it takes longer than `seconds`.
    """
    import psycopg  # noqa: PLC0415
    from psycopg import sql  # noqa: PLC0415

    until = time.monotonic() + seconds
    found = {}
    try:
        for name, number in types.items():
            left = max(int((until - time.monotonic()) * 1000), 1)
            with connection.cursor() as cursor:
                cursor.execute(sql.SQL("set local statement_timeout = {}").format(sql.Literal(left)))
                cursor.execute(
                    sql.SQL("select {}, count(*) from {} group by 1 limit {}").format(
                        _expression(name, number), _table(where), sql.Literal(most)
                    )
                )
                found[name] = cursor.fetchall()
    except psycopg.errors.QueryCanceled:
        raise refuse("took-too-long", _origin(where), seconds=f"{seconds:g}") from None
    return found


def _origin(where: Address) -> Origin:
    table = ".".join(filter(None, (where.schema, where.table)))
    return Origin(f"{SCHEME}{where.name}/{table}")


def _pieces(
    connection: Any, where: Address, types: dict[str, int], at_once: int
) -> Iterator[list[tuple[Any, ...]]]:
    from psycopg import sql  # noqa: PLC0415

    chosen = sql.SQL(", ").join(_expression(name, number) for name, number in types.items())
    with connection.cursor(name="milepost") as cursor:
        cursor.execute(sql.SQL("select {} from {}").format(chosen, _table(where)))
        while rows := cursor.fetchmany(at_once):
            yield rows


def _expression(name: str, number: int) -> Any:
    """The column as a number or yes/no where it is one, else as text."""
    from psycopg import sql  # noqa: PLC0415

    plain = (*_WHOLE, *_REAL, _BOOLEAN)
    form = "{}" if number in plain else "{}::float8" if number == _NUMERIC else "{}::text"
    return sql.SQL(form).format(sql.Identifier(name))


def _arrow(number: int) -> pa.DataType:
    if number in _WHOLE:
        return pa.int64()
    if number == _BOOLEAN:
        return pa.bool_()
    return pa.float64() if number in (*_REAL, _NUMERIC) else pa.string()


def kind(number: int) -> str:
    """What the wizard calls a column of this type."""
    return "number" if number in (*_WHOLE, *_REAL, _NUMERIC) else "text"


def _table(where: Address) -> Any:
    from psycopg import sql  # noqa: PLC0415

    return sql.Identifier(*filter(None, (where.schema, where.table)))
