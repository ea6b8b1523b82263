"""A made-up survey of 5,000 persons for tests, the same at every run, and how to write rows to a file."""

import csv
from functools import cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from milepost.measure import Source


@cache
def persons(count: int = 5000) -> dict[str, np.ndarray]:
    """Columns of persons in 12 strata of 3 to 6 sampling units; one region is missing in some of them."""
    random = np.random.default_rng(20240607)
    stratum = random.integers(0, 12, count)
    psu = stratum * 10 + random.integers(0, 3 + stratum % 4, count)
    earnings = np.round(random.uniform(50, 900, count), 2)
    region = random.integers(0, 4, count)
    region[(stratum < 4) & (region == 2)] = 1
    return {
        "stratum": stratum,
        "psu": psu,
        "units": 10 + stratum,
        "weight": np.round(random.uniform(5, 80, count), 3),
        "earnings": earnings,
        "cost": np.round(np.abs(earnings * 2 + random.normal(size=count) * 80 + stratum * 30), 2),
        "felt": (random.uniform(size=count) < 0.3).astype(int),
        "region": region,
        "age": random.integers(15, 90, count),
    }


def parquet(path: Path, columns, place: str | None = None, labels=None) -> Source:
    """Write columns as Parquet, and the source that they are."""
    pq.write_table(pa.table(columns), path)
    return Source((str(path),), "parquet", tuple(columns), place or path.name, labels=labels or {})


def csv_file(path: Path, text: str) -> Source:
    """Write the lines of a table given as text, and the source that they are."""
    lines = [line.strip() for line in text.strip().splitlines()]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    columns = tuple(next(csv.reader(lines[:1])))
    return Source((str(path),), "csv", columns, path.name, csv={"delimiter": ",", "encoding": "utf-8"})
