"""Time the indicator engine on made-up persons, beside what one would write by hand and beside svy.

A table for people, JSON for machines (bench/measuring.json). Each case runs in a process of its own; seconds
are wall clock from its start to its end (for disclosure control: of that step alone), memory is that of all
its processes together at its peak.
"""

# ruff: noqa: S608  # the SQL is made of names of our own

import argparse
import gc
import json
import os
import platform
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

from bench import microdata
from bench.run import _tree_memory

ROWS = 50_000_000
GROWTH = (1_000_000, 5_000_000, 10_000_000)
SVY_ROWS = 10_000_000
LARGE = 200_000_000
SURVEY = 6_000
TWO = ("sex", "migratory_status")
NINE_HUNDRED = ("sex", "age", "education", "region")
"""Dimensions whose table has 945 cells with its totals."""

RATIO = {"numerator": "cost", "denominator": "earnings"}


# The cases, each in a process of its own


def ratio(path: Path) -> dict[str, Any]:
    """Cost over earnings with errors, in all 64 combinations of the six dimensions."""
    return _measured(path, "ratio_of_totals", RATIO, microdata.BY)


def ratio_of_two(path: Path) -> dict[str, Any]:
    """The same by sex and migratory status."""
    return _measured(path, "ratio_of_totals", RATIO, TWO)


def medians(path: Path) -> dict[str, Any]:
    """Medians of earnings with Woodruff intervals, in all 64 combinations."""
    return _measured(path, "quantile", {"value": "earnings"}, microdata.BY)


def spark(path: Path) -> dict[str, Any]:
    """The ratio with errors in all 64 combinations, on Spark with two threads of this machine."""
    return _measured(path, "ratio_of_totals", RATIO, microdata.BY, engine="spark")


def by_hand(path: Path) -> dict[str, Any]:
    """The ratio with errors in all 64 combinations, as an expert would write it in DuckDB's SQL."""
    by = ", ".join(microdata.BY)
    same = " and ".join(f"u.{name} is not distinct from t.{name}" for name in microdata.BY)
    connection = _connection(path)
    connection.execute(f"""
        create temp table finest as
        select stratum, psu, any_value(fpc) as fpc, {by},
            sum(weight * cost) as y, sum(weight * earnings) as x, count(*) as n
        from '{path}' group by stratum, psu, {by}""")
    connection.execute("""
        create temp table strata as
        select stratum, count(distinct psu) as units, 1 - count(distinct psu) / any_value(fpc) as kept
        from finest group by stratum""")
    connection.execute(f"""
        create temp table totals as
        select {by}, sum(y) as y, sum(x) as x, sum(n) as n, sum(y) / sum(x) as ratio
        from finest group by cube ({by})""")
    found = connection.execute(f"""
        with units as (
            select stratum, psu, {by}, sum(y) as y, sum(x) as x
            from finest group by stratum, psu, cube ({by})
        ), linear as (
            select u.stratum, {", ".join(f"t.{name}" for name in microdata.BY)}, t.ratio, t.n,
                (u.y - t.ratio * u.x) / t.x as z
            from units u join totals t on {same}
        ), by_stratum as (
            select stratum, {by}, any_value(ratio) as ratio, any_value(n) as n, sum(z) as z, sum(z * z) as zz
            from linear group by stratum, {by}
        )
        select {by}, any_value(ratio), any_value(n),
            sqrt(sum(kept * units / (units - 1) * greatest(zz - z * z / units, 0))) as se
        from by_stratum join strata using (stratum) group by {by}""").fetchall()
    [whole] = [row for row in found if all(part is None for part in row[: len(microdata.BY)])]
    return {"cells": len(found), "value": whole[-3], "se": whole[-1]}


def bare_scan(path: Path) -> dict[str, Any]:
    """The ratio in all 64 combinations without errors, by one CUBE in DuckDB's SQL: the limit of the scan."""
    by = ", ".join(microdata.BY)
    found = (
        _connection(path)
        .execute(f"""
        select {by}, sum(weight * cost) / sum(weight * earnings), count(*)
        from '{path}' group by cube ({by})""")
        .fetchall()
    )
    [whole] = [row for row in found if all(part is None for part in row[: len(microdata.BY)])]
    return {"cells": len(found), "value": whole[-2]}


def by_svy(path: Path) -> dict[str, Any]:
    """The ratio with errors by sex and migratory status, and its margins, by svy."""
    import polars  # noqa: PLC0415
    import svy  # noqa: PLC0415

    frame = polars.read_parquet(path, columns=["stratum", "psu", "fpc", "weight", "cost", "earnings", *TWO])
    design = svy.Design(stratum="stratum", psu="psu", wgt="weight", pop_size="fpc")
    sample = svy.Sample(frame, design)
    found, whole = 0, None
    for by in (None, TWO[0], TWO[1], TWO):
        estimates = sample.estimation.ratio("cost", x="earnings", by=by).estimates
        found += len(estimates)
        whole = whole or estimates[0]
    assert whole is not None
    return {"cells": found, "value": whole.est, "se": whole.se}


def suppression(path: Path) -> dict[str, Any]:
    """Hide the unsafe cells of a table of about 1,000 (fewer than 10 respondents, p 10 %), and attack it."""
    from milepost import disclosure  # noqa: PLC0415

    cells = _cells(path, "total", {"value": "cost"}, NINE_HUNDRED, largest=2)
    start = time.perf_counter()
    protected = disclosure.protect(cells, disclosure.Rules(minimum=10, p_percent=10))
    seconds = time.perf_counter() - start
    hidden = sum(cell.status == "Q" for cell in protected.cells)
    return {"cells": len(cells), "hidden": hidden, "seconds": seconds}


CASES: dict[str, Callable[[Path], dict[str, Any]]] = {
    "ratio, 64 combinations": ratio,
    "ratio, 64 combinations, SQL by hand": by_hand,
    "ratio, 64 combinations, no errors: bare scan": bare_scan,
    "ratio, sex x migratory status": ratio_of_two,
    "ratio, sex x migratory status, svy": by_svy,
    "medians, 64 combinations": medians,
    "ratio, 64 combinations, Spark on this machine": spark,
    "suppression with audit": suppression,
}


def _measured(
    path: Path, method: str, columns: dict[str, str], by: tuple[str, ...], engine: str = "duckdb"
) -> dict[str, Any]:
    cells = _cells(path, method, columns, by, engine=engine)
    return {"cells": len(cells), "value": cells[0].value, "se": cells[0].se}


def _cells(
    path: Path,
    method: str,
    columns: dict[str, str],
    by: tuple[str, ...],
    *,
    engine: str = "duckdb",
    largest: int = 0,
):
    from milepost import measure  # noqa: PLC0415

    task = measure.Task(
        "bench",
        method,
        columns,
        2024,
        dimensions={name: name for name in by},
        tables=(by,),
        design=measure.Design("weight", "stratum", "psu", "fpc"),
        largest=largest,
    )
    source = measure.Source((str(path),), "parquet", microdata.COLUMNS, path.name)
    return measure.run(task, source, engine=engine).cells


def _connection(path: Path):
    import duckdb  # noqa: PLC0415

    spill = tempfile.mkdtemp(dir=path.parent)
    return duckdb.connect(":memory:", config={"memory_limit": "1GB", "temp_directory": spill})


# The figures


def main() -> None:
    """Make the persons, measure each case, report; everything made is removed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument(
        "--svy-rows", type=int, default=SVY_ROWS, help="persons for svy, which holds them all"
    )
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--large", action="store_true", help=f"also {LARGE:,} persons")
    parser.add_argument(
        "--folder", type=Path, help="where the files go (default: the system's temporary folder)"
    )
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("measuring.json"))
    parser.add_argument("--case", help=argparse.SUPPRESS)
    parser.add_argument("--file", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.case:
        json.dump(CASES[options.case](options.file), sys.stdout)
        gc.collect()
        return
    folder = Path(tempfile.mkdtemp(prefix="milepost-bench-", dir=options.folder))
    try:
        results = _results(folder, options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}"
    _report(machine, results)
    options.out.write_text(
        json.dumps({"machine": machine, "results": results}, indent=2) + "\n", encoding="utf-8"
    )


def _results(folder: Path, options: argparse.Namespace) -> list[dict[str, Any]]:
    results = []

    def take(path: Path, rows: int, name: str, runs: int = options.runs, order: str = "by unit") -> None:
        results.append({"case": name, "rows": rows, "order": order, **_median(path, rows, name, runs)})

    path = _persons(folder, SURVEY)
    take(path, SURVEY, "suppression with audit")
    for rows in sorted({*GROWTH, options.svy_rows}):
        if rows >= options.rows:
            continue
        path = _persons(folder, rows)
        take(path, rows, "ratio, 64 combinations")
        if rows == options.svy_rows:
            take(path, rows, "ratio, sex x migratory status")
            take(path, rows, "ratio, sex x migratory status, svy", 1)
            take(path, rows, "ratio, 64 combinations, Spark on this machine", 1)
        path.unlink()
    path = _persons(folder, options.rows)
    for name in list(CASES)[:4]:
        take(path, options.rows, name)
    take(path, options.rows, "medians, 64 combinations", 1)
    path.unlink()
    path = _persons(folder, options.rows, shuffled=True)
    for name in list(CASES)[:3]:
        take(path, options.rows, name, 1, "shuffled")
    path.unlink()
    if options.large:
        path = _persons(folder, LARGE)
        take(path, LARGE, "ratio, 64 combinations", 1)
    return results


def _persons(folder: Path, rows: int, *, shuffled: bool = False) -> Path:
    path = folder / f"persons-{rows}.parquet"
    print(f"making {rows:,} persons{', shuffled' if shuffled else ''}", file=sys.stderr)
    microdata.write(path, rows, shuffled=shuffled)
    return path


def _median(path: Path, rows: int, name: str, runs: int) -> dict[str, Any]:
    print(f"measuring {name}, {rows:,} persons", file=sys.stderr)
    measured = [_once(path, name) for _ in range(runs)]
    seconds = [run.seconds for run in measured]
    return {
        "runs": runs,
        "median_s": round(statistics.median(seconds), 2),
        "min_s": round(min(seconds), 2),
        "max_s": round(max(seconds), 2),
        "processor_s": round(statistics.median(run.processor for run in measured), 2),
        "peak_mb": round(max(run.memory for run in measured)),
        **{key: value for key, value in measured[-1].found.items() if key != "seconds"},
    }


class _Run(NamedTuple):
    """One case once: seconds of wall clock and of all processors, peak memory in MB, and what came out."""

    seconds: float
    processor: float
    memory: float
    found: dict[str, Any]


def _once(path: Path, name: str) -> _Run:
    command = [sys.executable, "-m", "bench.measuring", "--case", name, "--file", str(path)]
    start, peak, before = time.perf_counter(), 0.0, _processor()
    with tempfile.TemporaryFile() as said, tempfile.TemporaryFile() as complained:
        process = subprocess.Popen(command, stdout=said, stderr=complained, env=_environment())  # noqa: S603
        while process.returncode is None:
            peak = max(peak, _tree_memory(process.pid))
            with suppress(subprocess.TimeoutExpired):
                process.wait(0.25)  # asking for memory is not free
        seconds = time.perf_counter() - start
        if process.returncode != 0:
            complained.seek(0)
            raise SystemExit(complained.read().decode()[-2000:])
        said.seek(0)
        found = json.loads(said.read())
    return _Run(found.get("seconds", seconds), _processor() - before, peak, found)


def _environment() -> dict[str, str]:
    """The environment, in which Python keeps what it compiled: that is not measured each time."""
    kept = str(Path(tempfile.gettempdir()) / "milepost-bench-compiled")
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**plain, "PYTHONPYCACHEPREFIX": kept}


def _processor() -> float:
    """Seconds of all processors that finished cases took; they vary less than the wall on a busy machine."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _report(machine: str, results: list[dict[str, Any]]) -> None:
    print(f"\n{machine}\n")
    titles = f"{'median s':>10}{'min s':>8}{'max s':>8}{'processor s':>13}{'peak MB':>9}"
    print(f"{'case':<46}{'rows':>12}  {'order':<9}{'cells':>7}{titles}")
    for row in results:
        print(
            f"{row['case']:<46}{row['rows']:>12,}  {row['order']:<9}{row['cells']:>7,}"
            f"{row['median_s']:>10.2f}"
            f"{row['min_s']:>8.2f}{row['max_s']:>8.2f}{row['processor_s']:>13.2f}{row['peak_mb']:>9,}"
        )


if __name__ == "__main__":
    main()
