"""Fill the database of the settings with projects and their figures, and count the queries of the portfolio.

Run in a process of its own: `python -m bench.projects_portfolio_database PROJECTS`. What was there is
removed; with "count" for the number it stays. The output is JSON: {"sessions": {reader: key of a session},
"queries": {reader: {address: queries}}, "values": how many figures and amounts there are}.
"""

import itertools
import json
import random
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, cast

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.core.management.color import no_style  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench.projects_portfolio import ADDRESSES, COUNTRIES, WORDS  # noqa: E402
from milepost import catalogue  # noqa: E402
from milepost.catalogue import projects as words  # noqa: E402
from milepost.web.accounts.models import Grant, User  # noqa: E402
from milepost.web.projects import models  # noqa: E402
from milepost.web.stakeholders.models import Country, Institution  # noqa: E402

VOCABULARY = WORDS.split()
PROGRAMMES = 200
LINES = ("staff", "office", "operational")
STATES = (
    "proposal",
    "endorsed",
    "approved",
    "active",
    "active",
    "active",
    "completed",
    "evaluated",
    "closed",
)
HIDDEN = ("proposal", "endorsed")
MOMENT = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)
READERS = {
    "everybody": (),
    "fund manager": (("fund-manager", ""),),
    "reader of a country": (("reader", "country:kg"),),
}
"""Who reads: by which roles, where."""


def main() -> None:
    """Migrate, empty, fill, count."""
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    if sys.argv[1] != "count":
        fill(int(sys.argv[1]))
    clients = {reader: _client(reader) for reader in READERS}
    found = {
        "sessions": {reader: _session(client) for reader, client in clients.items()},
        "queries": {reader: queries(client) for reader, client in clients.items()},
        "values": sum(
            model.objects.count()
            for model in (models.Goal, models.ActualCell, models.BudgetLine, models.Expenditure)
        ),
    }
    json.dump(found, sys.stdout)


def fill(projects: int) -> None:
    """So many projects, with thirty figures and amounts each; everything that was there is removed."""
    with transaction.atomic():
        _empty()
        countries, institutions = _places()
        programmes = models.Programme.objects.bulk_create(
            models.Programme(institution=institutions[n % COUNTRIES], title={"en": f"Programme {n}"})
            for n in range(PROGRAMMES)
        )
        user = User.objects.create(email="bench@example.org", name="Bench")
        _readers()
        codes = [country.code for country in countries]
        keys = [one.pk for one in programmes]
        _copy(
            models.Project,
            (_project(n, institutions[n % COUNTRIES].pk, keys) for n in range(1, projects + 1)),
        )
        _copy(models.Beneficiary, _beneficiaries(projects, codes))
        _copy(models.Tag, _tags(projects))
        _copy(models.Party, _parties(projects))
        _copy(models.Result, _results(projects))
        _copy(models.ResultIndicator, map(_indicator, range(1, projects * 4 + 1)))
        _copy(models.Period, _periods(projects))
        _copy(models.Goal, _goals(projects, user.pk))
        _copy(models.Actual, _actuals(projects, user.pk))
        _copy(models.ActualCell, _cells(projects))
        _copy(models.BudgetLine, _lines(projects))
        _copy(models.Expenditure, _expenditures(projects))
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _empty() -> None:
    tables = [
        model._meta.db_table for model in (Country, Institution, User, models.Programme, models.Project)
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} RESTART IDENTITY CASCADE")


def _copy(model: Any, rows: Iterable[dict[str, Any]]) -> None:
    """Write rows by COPY, 1, 2, 3… being their keys; a column that is not named has its default."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names = ", ".join(f'"{field.column}"' for field in fields)
    with (
        connection.cursor() as cursor,
        cast("Any", cursor).copy(f'COPY {model._meta.db_table} ("id", {names}) FROM STDIN') as copy,
    ):
        for key, row in enumerate(rows, start=1):
            found = ((field, row.get(field.attname, field.get_default())) for field in fields)
            copy.write_row([key, *(field.get_db_prep_save(value, connection) for field, value in found)])
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [model]):
            cursor.execute(statement)


# Places and people ------------------------------------------------------------------------------------------


def _places() -> tuple[list[Country], list[Institution]]:
    """Countries, and in each an institution that keeps projects; Kyrgyzstan is among them."""
    codes = sorted(catalogue.places(), key=lambda code: (code != "KG", code))[:COUNTRIES]
    names = {
        said["iso2"]: catalogue.code_list("areas").codes[code]
        for code, said in catalogue.code_list("areas").annotations.items()
        if said.get("iso2")
    }
    countries = Country.objects.bulk_create(
        Country(code=code.lower(), name=dict(names.get(code, {"en": code}))) for code in codes
    )
    institutions = Institution.objects.bulk_create(
        Institution(country=country, code="mission", kind="ministry", name={"en": f"Mission in {country}"})
        for country in countries
    )
    return countries, institutions


def _readers() -> None:
    for number, grants in enumerate(READERS.values()):
        if grants:
            user = User.objects.create(email=f"reader{number}@example.org", name=f"Reader {number}")
            Grant.objects.bulk_create(Grant(user=user, role=role, scope=scope) for role, scope in grants)


def _client(reader: str) -> Client:
    client = Client(headers={"host": "localhost"})
    if READERS[reader]:
        number = list(READERS).index(reader)
        client.force_login(
            User.objects.get(email=f"reader{number}@example.org"), settings.AUTHENTICATION_BACKENDS[-1]
        )
    return client


def _session(client: Client) -> str:
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return cookie.value if cookie else ""


# Projects: what the n-th has, follows from n alone ----------------------------------------------------------


def _project(n: int, institution: int, programmes: list[int]) -> dict[str, Any]:
    chance = random.Random(n)  # noqa: S311
    types, regions = ([word.code for word in words.project_words(kind)] for kind in ("type", "region"))
    kind, state = types[n % len(types)], STATES[n % len(STATES)]
    about = chance.sample(VOCABULARY, 4)
    title = {"en": f"{' '.join(about)} {n}".capitalize(), "ru": f"Проект {n}: {about[0]}"}
    narrative = {"en": " ".join(chance.choices(VOCABULARY, k=80))}
    year = 2012 + n % 14
    first = date(year, 1 + n % 12, 1)
    last = first + timedelta(days=chance.choice((365, 540, 730, 1095)))
    code, prima = f"{kind}.{n:05}", f"XX10P{n:05}"
    texts = (code, prima, f"Office {n % 40}", *title.values(), *narrative.values(), f"Partner {n % 500}")
    return {
        "institution_id": institution,
        "title": title,
        "narrative": narrative,
        "project_code": code,
        "prima_code": prima,
        "type": kind,
        "coverage": "regional" if n % 5 == 0 else "national",
        "region": regions[n % len(regions)],
        "start": first.isoformat(),
        "end": last.isoformat(),
        "first_day": first,
        "last_day": last,
        "year": year,
        "budget": None if n % 20 == 0 else Decimal(chance.randrange(50, 3000) * 1000),
        "currency": "EUR" if n % 7 == 0 else "USD",
        "managing_office": f"Office {n % 40}",
        "fund": "idf" if n % 2 else "",
        "gender_marker": ("0", "1", "2a", "2b", "N/A", "")[n % 6],
        "programme_id": programmes[n % len(programmes)] if n % 3 == 0 else None,
        "state": state,
        "public": state not in HIDDEN,
        "words": " ".join(texts).casefold(),
    }


def _beneficiaries(projects: int, codes: list[str]) -> Iterator[dict[str, Any]]:
    for n in range(1, projects + 1):
        for more in range(3 if n % 5 == 0 else 1):
            yield {"project_id": n, "area": codes[(n + 7 * more) % len(codes)]}


def _tags(projects: int) -> Iterator[dict[str, Any]]:
    targets = [item.code for item in catalogue.framework("sdg").items if item.level == "target"]
    objectives = [item.code for item in catalogue.framework("gcm").items if item.level == "objective"]
    for n in range(1, projects + 1):
        yield {"project_id": n, "framework": "sdg", "code": targets[n % len(targets)]}
        yield {"project_id": n, "framework": "gcm", "code": objectives[n % len(objectives)]}


def _parties(projects: int) -> Iterator[dict[str, Any]]:
    for n in range(1, projects + 1):
        yield {"project_id": n, "institution_id": n % COUNTRIES + 1, "role": "2"}
        yield {"project_id": n, "name": {"en": f"Partner {n % 500}"}, "role": "4"} | {
            "words": f"partner {n % 500}"
        }


def _results(projects: int) -> Iterator[dict[str, Any]]:
    """An objective, an outcome, two outputs."""
    for n in range(1, projects + 1):
        first = 4 * (n - 1) + 1
        for place, (level, code, parent) in enumerate(
            (
                ("objective", "O", None),
                ("outcome", "1", first),
                ("output", "1.1", first + 1),
                ("output", "1.2", first + 1),
            )
        ):
            title = {"en": f"Result {code} of project {n}", "ru": f"Результат {code}"}
            yield {"project_id": n, "level": level, "code": code, "parent_id": parent, "title": title} | {
                "order": place
            }


def _indicator(key: int) -> dict[str, Any]:
    """One of each result; the fourth falls, the third is a percentage."""
    place = key % 4
    return {
        "result_id": key,
        "code": "a",
        "title": {"en": f"Indicator {key}", "ru": f"Показатель {key}"},
        "unit": "persons",
        "measure": "percentage" if place == 3 else "number",
        "direction": "down" if place == 0 else "up",
        "counting": "cumulative" if place == 1 else "not_cumulative",
        "over_time": "sum" if place == 1 else "ratio" if place == 3 else "last",
        "means_of_verification": {"en": "Records of the partners, looked through twice a year."},
    }


def _periods(projects: int) -> Iterator[dict[str, Any]]:
    for n in range(1, projects + 1):
        year = 2012 + n % 14
        for more in range(2):
            yield {"project_id": n, "start": date(year + more, 1, 1), "end": date(year + more, 12, 31)}


def _of(projects: int) -> Iterator[tuple[int, int, random.Random]]:
    """(project, key of an indicator, chance) of every indicator."""
    for n in range(1, projects + 1):
        chance = random.Random(n)  # noqa: S311
        for key in range(4 * (n - 1) + 1, 4 * n + 1):
            yield n, key, chance


def _figure(key: int, number: int) -> dict[str, Any]:
    if key % 4 == 3:
        return {"numerator": Decimal(number), "denominator": Decimal(200), "value": Decimal(number) / 2}
    return {"value": Decimal(number)}


def _goals(projects: int, by: int) -> Iterator[dict[str, Any]]:
    """A baseline, a target of each of two periods, one for the end."""
    for n, key, _chance in _of(projects):
        falls = key % 4 == 0
        aims = (180, 120, 60, 60) if falls else (10, 60, 120, 120)
        periods = (None, 2 * n - 1, 2 * n, None)
        for kind, period, aim in zip(("baseline", "target", "target", "end"), periods, aims, strict=True):
            about = {"indicator_id": key, "kind": kind, "period_id": period, "by_id": by, "at": MOMENT}
            yield about | _figure(key, aim)


def _actuals(projects: int, by: int) -> Iterator[dict[str, Any]]:
    """Every fifth is not approved yet."""
    for (n, key, _chance), more in itertools.product(_of(projects), range(2)):
        state = "submitted" if (key + more) % 5 == 0 else "approved"
        yield {
            "indicator_id": key,
            "period_id": 2 * n - 1 + more,
            "state": state,
            "typed_by_id": by,
            "comment": "As the partners reported.",
        }


def _cells(projects: int) -> Iterator[dict[str, Any]]:
    """One figure of each report; every tenth says that it is missing."""
    number = 0
    for _n, key, chance in _of(projects):
        for _more in range(2):
            number += 1
            missing = number % 10 == 0
            figure = {"status": "O"} if missing else _figure(key, chance.randrange(20, 190))
            yield {"actual_id": number} | figure


def _lines(projects: int) -> Iterator[dict[str, Any]]:
    for n in range(1, projects + 1):
        for kind in LINES:
            yield {
                "project_id": n,
                "kind": kind,
                "title": {"en": kind},
                "amount": Decimal(n % 90 + 10) * 1000,
            }


def _expenditures(projects: int) -> Iterator[dict[str, Any]]:
    for line in range(1, projects * len(LINES) + 1):
        yield {"line_id": line, "day": date(2012 + line % 14, 6, 1), "amount": Decimal(line % 900 + 100)}


# Queries ----------------------------------------------------------------------------------------------------


def queries(client: Client) -> dict[str, int]:
    """How many queries each address needs, once what is asked once a minute has been asked."""
    found = {}
    for address in ADDRESSES:
        client.get(f"/en/projects/{address}")
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(f"/en/projects/{address}")
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        found[address] = len(asked)
    return found


if __name__ == "__main__":
    main()
