"""Time the consolidated report of a plan with 300 measures: drafted, as a page, and as each of its files.

A table for people, JSON for machines (bench/plan_report.json). The plan has 15 institutions, 20 objectives,
an amendment and four rounds, of which the report takes two; every answer has texts, figures and evidence.
"""

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

MEASURES, INSTITUTIONS, OBJECTIVES = 300, 15, 20
LIMIT_S = 10.0
"""So many seconds may one file take, from the data to its last byte."""
ROUNDS = (
    (date(2026, 1, 1), date(2026, 3, 31)),
    (date(2026, 4, 1), date(2026, 6, 30)),
    (date(2026, 7, 1), date(2026, 9, 30)),
    (date(2026, 10, 1), date(2026, 12, 31)),
)
DONE = ("under_way", "partly", "fully", "not_started", "cannot", "partly")
SAID = (
    "The working group met in all regions and agreed with employers on the text of the rules; two ministries "
    "asked for changes, which were made. The inspectors who are to apply them were trained in three courses. "
)


def main() -> None:
    """Fill a database of its own, draft and write the report several times, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--measures", type=int, default=MEASURES)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("plan_report.json"))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="milepost-bench-") as home:
        os.environ["MILEPOST_HOME"] = home
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "milepost.web.settings")
        import django  # noqa: PLC0415 - the settings read the home

        django.setup()
        results = _measured(options.measures, options.runs)
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}, SQLite"
    print(f"\n{machine}, {options.measures} measures\n")
    print(f"{'from the data to':<42}{'median s':>10}{'min s':>8}{'max s':>8}")
    for row in results:
        print(f"{row['case']:<42}{row['median_s']:>10.2f}{row['min_s']:>8.2f}{row['max_s']:>8.2f}")
    found = {"machine": machine, "measures": options.measures, "results": results}
    options.out.write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")
    slow = [row["case"] for row in results if row["max_s"] > LIMIT_S]
    if slow:
        sys.exit(f"slower than {LIMIT_S:.0f} s: {', '.join(slow)}")


def _measured(measures: int, runs: int) -> list[dict[str, Any]]:
    from django.core.management import call_command  # noqa: PLC0415
    from django.db import transaction  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415

    from milepost.reports import kept  # noqa: PLC0415
    from milepost.web.plans.actions import reports  # noqa: PLC0415
    from milepost.web.plans.models import PlanReportVersion  # noqa: PLC0415
    from milepost.web.plans.queries import report_content  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    with transaction.atomic():
        lead, plan = _fill(measures)
        report = reports.begin(by=lead, plan=plan, start=date(2026, 1, 1), end=date(2026, 6, 30))
    content = kept.as_json(report_content.draft(report))
    version = PlanReportVersion(report=report, number=1, content=content)
    client = Client(SERVER_NAME="localhost")
    client.force_login(lead)

    def file(ending: str, language: str) -> Callable[[], object]:
        return lambda: report_content.as_file(report_content.draft(report), ending, language)

    def page() -> None:
        answer = client.get(report.get_absolute_url())
        assert answer.status_code == 200, answer.status_code

    cases: dict[str, Callable[[], object]] = {
        "what the report says": lambda: report_content.draft(report),
        "the page of the draft": page,
        **{
            f"{ending}, {language}": file(ending, language)
            for ending in report_content.KINDS
            for language in ("en", "ru")
        },
        "all files of a version, both languages": lambda: list(report_content.public_files(version)),
    }
    return [_timed(name, deed, runs) for name, deed in cases.items()]


def _timed(name: str, deed: Callable[[], object], runs: int) -> dict[str, Any]:
    print(f"measuring {name}", file=sys.stderr)
    seconds = []
    for _run in range(runs):
        start = time.perf_counter()
        deed()
        seconds.append(time.perf_counter() - start)
    return {
        "case": name,
        "median_s": round(statistics.median(seconds), 3),
        "min_s": round(min(seconds), 3),
        "max_s": round(max(seconds), 3),
    }


# The plan ---------------------------------------------------------------------------------------------------


def _fill(count: int) -> tuple[Any, Any]:
    """The person in the lead, and a plan with its versions, rounds and accepted answers."""
    from milepost.web.accounts.models import Grant, User  # noqa: PLC0415
    from milepost.web.plans import models  # noqa: PLC0415
    from milepost.web.stakeholders.models import Country, Institution  # noqa: PLC0415

    country = Country.objects.create(code="zz", m49="999", name={"en": "Zedland", "ru": "Зедландия"})
    bodies = [
        Institution.objects.create(
            country=country,
            code=f"body-{number}",
            kind="ministry",
            name={"en": f"Ministry of matters {number}", "ru": f"Министерство дел {number}"},
        )
        for number in range(INSTITUTIONS)
    ]
    lead = User.objects.create(email="lead@example.org", name="Lead")
    Grant.objects.create(user=lead, role="plan-coordinator", scope=bodies[0].address)
    policy = models.Policy.objects.create(
        country=country,
        institution=bodies[0],
        title={"en": "Policy", "ru": "Политика"},
        start=date(2026, 1, 1),
    )
    plan = models.Plan.objects.create(
        policy=policy,
        title={"en": "Plan of action", "ru": "План действий"},
        start=date(2026, 1, 1),
        end=date(2030, 12, 31),
    )
    keys = [models.Measure.objects.create(plan=plan, key=str(number)) for number in range(count)]
    first, second = (
        models.PlanVersion.objects.create(
            plan=plan, number=number, state="in_force", since=since, act={"en": f"Resolution {number}"}
        )
        for number, since in ((1, date(2026, 1, 1)), (2, date(2026, 5, 1)))
    )
    for version in (first, second):
        _measures(models, version, keys, bodies)
    for number, period in enumerate(ROUNDS):
        _round(models, plan, second if number else first, period, lead)
    return lead, plan


def _measures(models: Any, version: Any, measures: list[Any], bodies: list[Any]) -> None:
    sections = [
        models.Section.objects.create(
            version=version,
            level="objective",
            key=str(at),
            code=str(at + 1),
            title={"en": f"Objective {at + 1} of the plan", "ru": f"Цель {at + 1} плана"},
            position=at,
        )
        for at in range(OBJECTIVES)
    ]
    for at, measure in enumerate(measures):
        last = date(2026, 1 + at % 12, 20 if version.number == 1 and at % 9 == 0 else 28)
        entry = models.Entry.objects.create(
            version=version,
            section=sections[at * OBJECTIVES // len(measures)],
            measure=measure,
            code=f"{at * OBJECTIVES // len(measures) + 1}.{at}",
            title={
                "en": f"Adopt and apply the rules of fair recruitment in district {at}",
                "ru": f"Принять и применять правила честного найма в районе {at}",
            },
            deadline=last.isoformat(),
            last_day=last,
            references=[["sdg", ("10.7", "8.8", "16.7")[at % 3]]],
            position=at,
        )
        models.Role.objects.create(entry=entry, institution=bodies[at % INSTITUTIONS], kind="coordinator")
        models.MeasureIndicator.objects.create(
            entry=entry,
            key="i",
            title={"en": "Persons reached", "ru": "Охвачено лиц"},
            kind="outcome" if at % 5 == 0 else "output",
            by_sex=True,
        )
        models.Cost.objects.create(entry=entry, source="State budget", amount=1000 + at, currency="EUR")


def _round(models: Any, plan: Any, version: Any, period: tuple[date, date], lead: Any) -> None:
    from milepost.web.files.models import StoredFile  # noqa: PLC0415

    start, end = period
    one = models.Round.objects.create(
        plan=plan, version=version, start=start, end=end, due=end, state="closed", opened_by=lead
    )
    for at, entry in enumerate(version.entries.all()):
        if at % 10 == 9:
            continue
        answer = models.Answer.objects.create(
            round=one,
            measure_id=entry.measure_id,
            entry=entry,
            state="accepted",
            done=DONE[at % len(DONE)],
            text=SAID * (1 + at % 3),
            obstacles="The budget was released late." if at % 3 == 0 else "",
            needed="A decision of the council." if at % 4 == 0 else "",
            sent_at=datetime(end.year, end.month, end.day, tzinfo=UTC),
        )
        models.AnswerFigure.objects.create(
            answer=answer, indicator=entry.indicators.get(), total=100 + at, women=40, men=60 + at
        )
        StoredFile.objects.create(
            sha256="0" * 64, name=f"minutes-{at}.pdf", size=1, content_type="x", owner=answer.address
        )


if __name__ == "__main__":
    main()
