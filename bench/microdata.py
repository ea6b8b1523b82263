"""Persons of a survey, made up: 60 strata, 3,000 sampling units, six dimensions, money in two columns.

The same seed gives the same file, whatever the number of processors: every figure of a person comes from a
hash of the person's number, not from a generator that threads share. The rows stand as offices have them, one
sampling unit after the other; shuffled, each row belongs to another unit than the one before, which is the
hardest case for an engine.
"""

# ruff: noqa: S608  # the SQL is made of names of our own

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb

STRATA, UNITS = 60, 50
"""Strata, and sampling units in each."""

DIMENSIONS: dict[str, dict[str, int]] = {
    "sex": {"F": 51, "M": 49},
    "age": {"Y15T24": 22, "Y25T34": 25, "Y35T44": 20, "Y45T54": 16, "Y55T64": 11, "Y_GE65": 6},
    "migratory_status": {"NATIVE": 86, "FOREIGN": 12, "_U": 2},
    "education": {"ISCED0T1": 15, "ISCED2": 25, "ISCED3T4": 38, "ISCED5T8": 22},
}
"""{dimension: {category: per cent of persons}}; region and urbanisation belong to the stratum."""

BY = ("sex", "age", "migratory_status", "urbanisation", "education", "region")
COLUMNS = ("stratum", "psu", "fpc", *BY, "weight", "earnings", "cost", "trait")
"""As the file has them."""

REGIONS = 8
DESIGN = {"weight": "weight", "stratum": "stratum", "psu": "psu", "fpc": "fpc"}


def mapping(method: str, columns: dict[str, str], by: tuple[str, ...] = BY) -> dict[str, Any]:
    """The mapping, as a file of `milepost measure` would state it, of a method over these persons."""
    return {
        "indicator": "bench",
        "method": method,
        "columns": {**columns, **DESIGN},
        "dimensions": {dimension: dimension for dimension in by},
    }


def write(path: Path, rows: int, seed: int = 1, *, shuffled: bool = False) -> None:
    """Write so many persons to a Parquet file, a part at a time."""
    with tempfile.TemporaryDirectory(dir=path.parent) as spill:
        connection = duckdb.connect(":memory:", config={"memory_limit": "1GB", "temp_directory": spill})
        connection.execute("set preserve_insertion_order = false")
        connection.execute("set enable_progress_bar = false")
        made = "format parquet, compression zstd, compression_level 1"
        connection.execute(f"copy ({_persons(rows, seed, shuffled)}) to '{path}' ({made})")
        connection.close()


def _persons(rows: int, seed: int, shuffled: bool) -> str:
    unit = f"hash(i, {seed}, 'psu') % {STRATA * UNITS}" if shuffled else f"i * {STRATA * UNITS} // {rows}"
    categories = ", ".join(f"{_drawn(place, name)} as {name}" for place, name in enumerate(DIMENSIONS))
    return f"""
    with drawn as (
        select i, ({unit})::int as psu_number, {categories},
            sqrt(-2 * ln({_share("u1", seed)})) * cos(2 * pi() * {_share("u2", seed)}) as ability,
            sqrt(-2 * ln({_share("u3", seed)})) * cos(2 * pi() * {_share("u4", seed)}) as luck,
            {_share("weight", seed)} as nonresponse, {_share("trait", seed)} as tendency
        from range({rows}) as persons(i)
    ), placed as (
        select *, psu_number // {UNITS} as stratum_number,
            (hash(psu_number, {seed}, 'place') % 1000) / 1000.0 as wealth
        from drawn
    )
    select 's' || stratum_number as stratum, psu_number as psu, (200 + stratum_number * 10)::smallint as fpc,
        sex, age, migratory_status,
        case when (stratum_number // {REGIONS}) % 2 = 0 then 'U' else 'R' end as urbanisation,
        education, 'R' || (stratum_number % {REGIONS} + 1) as region,
        round((100 + 3 * stratum_number) * (0.8 + 0.4 * nonresponse + 0.2 * wealth), 3) as weight,
        round(exp(6.2 + 0.25 * (education = 'ISCED5T8')::int - 0.15 * (sex = 'F')::int
            + 0.10 * (migratory_status = 'FOREIGN')::int + 0.3 * wealth + 0.6 * ability), 2) as earnings,
        round(exp(6.9 + 0.35 * (migratory_status = 'FOREIGN')::int - 0.2 * wealth + 0.2 * ability
            + 0.7 * luck), 2) as cost,
        case when tendency < 0.10 + 0.08 * (migratory_status = 'FOREIGN')::int + 0.06 * wealth
            then 'yes' else 'no' end as trait
    from placed
    """


def _share(what: str, seed: int) -> str:
    """A number above 0 and below 1 that depends on the person, the seed and what it is for, as SQL."""
    return f"((hash(i, {seed}, '{what}') >> 11)::double + 0.5) / 9007199254740992.0"


def _drawn(place: int, name: str) -> str:
    """A category of a dimension, drawn by its share, as SQL."""
    limit, branches = 0, []
    for category, percent in DIMENSIONS[name].items():
        limit += percent
        branches.append(f"when r{place} < {limit} then '{category}'")
    drawn = f"(hash(i, {place}, 'category') % 100)"
    return f"case {' '.join(branches)} end".replace(f"r{place}", drawn)


def main() -> None:
    """Write a file of persons, and beside it the mapping for the ratio of cost to earnings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=50_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shuffled", action="store_true", help="rows in no order")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    start = time.perf_counter()
    write(options.out, options.rows, options.seed, shuffled=options.shuffled)
    beside = options.out.with_suffix(".mapping.json")  # JSON is YAML, too
    roles = {"numerator": "cost", "denominator": "earnings"}
    beside.write_text(json.dumps(mapping("ratio_of_totals", roles), indent=2) + "\n", encoding="utf-8")
    size = options.out.stat().st_size / 2**20
    print(
        f"{options.rows:,} persons, {size:,.0f} MiB, {time.perf_counter() - start:.1f} s; mapping: {beside}",
        file=sys.stderr,
    )


if __name__ == "__main__":
    main()
