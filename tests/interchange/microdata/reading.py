"""What an engine would find in a source, for the tests."""

import csv
from pathlib import Path

import pyarrow.parquet as pq


def rows(source):
    """All rows of an opened source: [{column: value}]."""
    if source.kind == "parquet":
        return [row for path in source.paths for row in pq.read_table(path).to_pylist()]
    (path,) = source.paths
    with Path(path).open(encoding=source.csv["encoding"], newline="") as file:
        reader = csv.reader(file, delimiter=source.csv["delimiter"])
        next(reader)
        return [dict(zip(source.columns, row, strict=True)) for row in reader]
