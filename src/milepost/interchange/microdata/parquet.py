"""Parquet: the columns are read, the rows stay where they are."""

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from milepost.errors import refuse
from milepost.interchange import limits
from milepost.values import Origin

Schema = list[tuple[str, str, bool]]
"""(name, type in Arrow's words, whether its cells hold lists or records) of each column."""


def schema(files: tuple[str, ...]) -> Schema:
    """The columns of Parquet files, read with limits on time and memory; refuses files that differ."""
    first = limits.guarded(_schema, files[0])
    for other in files[1:]:
        if limits.guarded(_schema, other) != first:
            raise refuse("parts-differ", Origin(other), first=Path(files[0]).name)
    return first


def _schema(file: str) -> Schema:
    try:
        read = pq.read_schema(file)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise refuse("microdata-damaged", Origin(file), why=_why(error)) from None
    return [(field.name, str(field.type), pa.types.is_nested(field.type)) for field in read]


def _why(error: Exception) -> str:
    """The first sentence of what the library says of a file's frame."""
    return str(error).split("\n", 1)[0].split(". ", 1)[0][:200].rstrip(".") or type(error).__name__
