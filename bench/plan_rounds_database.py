"""Fill the database of the settings with a plan and an open round, or tell what has come of its answers.

Run in a process of its own: `python -m bench.plan_rounds_database fill PEOPLE MEASURES`. What was there is
removed. The output is JSON: {"people": [{"session", "answers": [key of an answer, ...]}, ...]}; two people
who answer for one institution have the same answers. With `told` it is {key: [revision, text]}.
"""

import json
import sys
from datetime import date
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, transaction  # noqa: E402
from django.test import Client  # noqa: E402

from milepost.web.accounts.models import Grant, User  # noqa: E402
from milepost.web.plans import models  # noqa: E402
from milepost.web.plans.actions import rounds  # noqa: E402
from milepost.web.stakeholders.models import Country, Institution  # noqa: E402

EACH = 2
"""Indicators of a measure."""
TOGETHER = 10
"""Of so many institutions one has two people who answer at the same time."""


def main() -> None:
    """Fill, or tell."""
    if sys.argv[1] == "told":
        found = models.Answer.objects.values_list("pk", "revision", "text")
        json.dump({pk: [revision, text] for pk, revision, text in found}, sys.stdout)
        return
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    people, measures = map(int, sys.argv[2:])
    with transaction.atomic():
        _empty()
        filled = _fill(people, measures)
    json.dump({"people": filled}, sys.stdout)


def _empty() -> None:
    tables = ", ".join(model._meta.db_table for model in (Country, User))
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")


def _fill(people: int, measures: int) -> list[dict[str, Any]]:
    """A plan whose measures are shared out evenly among the institutions, and its open round."""
    country = Country.objects.create(code="zz", m49="999", name={"en": "Zedland", "ru": "Зедландия"})
    leading = _institution(country, 0)
    lead = _person("lead", "plan-coordinator", leading)
    count = people - people // TOGETHER
    institutions = [_institution(country, number) for number in range(1, count + 1)]
    plan, version = _version(country, leading)
    _measures(plan, version, institutions, measures)
    opened = rounds.open_round(
        by=lead, plan=plan, start=date(2026, 1, 1), end=date(2026, 3, 31), due=date(2026, 4, 15)
    )
    of: dict[int, list[int]] = {one.pk: [] for one in institutions}
    asked = opened.answers.filter(entry__roles__kind=models.Role.Kind.COORDINATOR)
    for pk, institution in asked.values_list("pk", "entry__roles__institution"):
        of[institution].append(pk)
    return [
        {
            "session": _session(number, institutions[number % count]),
            "answers": of[institutions[number % count].pk],
        }
        for number in range(people)
    ]


def _institution(country: Country, number: int) -> Institution:
    return Institution.objects.create(
        country=country,
        code=f"body-{number}",
        kind="ministry",
        name={"en": f"Institution {number}", "ru": f"Ведомство {number}"},
    )


def _person(name: str, role: str, institution: Institution) -> User:
    user = User.objects.create(email=f"{name}@example.org", name=name)
    Grant.objects.create(user=user, role=role, scope=institution.address)
    return user


def _session(number: int, institution: Institution) -> str:
    client = Client()
    client.force_login(_person(f"focal-{number}", "focal-point", institution))
    return client.cookies[settings.SESSION_COOKIE_NAME].value


def _version(country: Country, leading: Institution) -> tuple[models.Plan, models.PlanVersion]:
    policy = models.Policy.objects.create(
        country=country, institution=leading, title={"en": "Policy"}, start=date(2025, 1, 1)
    )
    plan = models.Plan.objects.create(
        policy=policy, title={"en": "Plan"}, start=date(2025, 1, 1), end=date(2030, 12, 31)
    )
    version = models.PlanVersion.objects.create(
        plan=plan, number=1, state="in_force", since=date(2025, 1, 1), adopted=date(2025, 1, 1)
    )
    return plan, version


def _measures(
    plan: models.Plan, version: models.PlanVersion, institutions: list[Institution], count: int
) -> None:
    section = models.Section.objects.create(
        version=version, level="objective", key="1", code="1", title={"en": "Objective"}, position=0
    )
    for number in range(count):
        measure = models.Measure.objects.create(plan=plan, key=str(number))
        entry = models.Entry.objects.create(
            version=version,
            section=section,
            measure=measure,
            code=f"1.{number}",
            title={"en": f"Measure {number} of the plan", "ru": f"Мера {number} плана"},
            last_day=date(2026, 12, 31),
            position=number,
        )
        for key in range(EACH):
            models.MeasureIndicator.objects.create(
                entry=entry, key=str(key), title={"en": f"People reached {key}"}, unit="persons", by_sex=True
            )
        models.Role.objects.create(
            entry=entry, institution=institutions[number % len(institutions)], kind="coordinator"
        )


if __name__ == "__main__":
    main()
