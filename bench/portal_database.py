"""Fill the database of the settings with a country's published figures, and count the queries of its pages.

Run in a process of its own: `python -m bench.portal_database OBSERVATIONS`. What was there is removed; with
"count" for the number it stays. The output is JSON: {address: queries}.
"""

import itertools
import json
import random
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from bench import generate  # noqa: E402
from bench.portal import CHOICES, COUNTRY, INDICATORS, MATRICES  # noqa: E402
from milepost.web.accounts.models import User  # noqa: E402
from milepost.web.indicators import models  # noqa: E402
from milepost.web.intake.models import Delivery  # noqa: E402
from milepost.web.stakeholders.models import Country, Institution  # noqa: E402

SEXES = ("", "F", "M")
AGES = ("", "Y0T14", "Y15T24", "Y25T64", "Y_GE65")
AREAS = ("", "KG02", "KG03", "KG04", "KG05", "KG06")
YEARS = range(2005, 2025)
MOMENT = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


def main() -> None:
    """Migrate, empty, fill, count."""
    call_command("migrate", verbosity=0)
    if sys.argv[1] != "count":
        fill(int(sys.argv[1]))
    json.dump(queries(), sys.stdout)


def fill(observations: int) -> None:
    """So many figures, spread evenly over the indicators; everything that was there is removed."""
    _empty()
    country = Country.objects.create(code=COUNTRY, m49="999", name={"en": "Zedland", "ru": "Зедландия"})
    office = Institution.objects.create(
        country=country, code="statistics", kind="statistical_office", name={"en": "Office", "ru": "Служба"}
    )
    user = User.objects.create(email="bench@example.org", name="Bench")
    delivery = Delivery.objects.create(country=country, institution=office, by=user)
    dataset = models.Dataset.objects.create(
        country=country,
        institution=office,
        delivery=delivery,
        title="Bench",
        started_by=user,
        state="published",
    )
    indicators = models.Indicator.objects.bulk_create(_indicators(country, office))
    models.Version.objects.bulk_create(
        models.Version(
            indicator=one, number=1, kind="release", at=MOMENT, institution=office, dataset=dataset
        )
        for one in indicators
    )
    models.MethodChoice.objects.create(country=country, framework="sdg", method="un", reason="Bench", by=user)
    each = observations // len(indicators)
    series = models.Series.objects.bulk_create(_series(indicators, office, each), batch_size=5000)
    by_indicator: dict[int, list[models.Series]] = {}
    for one in series:
        by_indicator.setdefault(one.indicator_id, []).append(one)  # type: ignore[attr-defined]
    _copy(_rows(by_indicator, office.pk, dataset.pk, each))
    models.Coverage.objects.bulk_create(_coverage(indicators), batch_size=5000)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _empty() -> None:
    tables = [
        model._meta.db_table
        for model in (Country, Institution, User, Delivery, models.Dataset, models.Indicator, models.Version)
    ]
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(tables)} CASCADE")


def _indicators(country: Country, office: Institution) -> Iterator[models.Indicator]:
    for code in generate.codes(INDICATORS):
        number = code.replace("-", ".")
        yield models.Indicator(
            country=country,
            code=number,
            slug=f"{country.code}-{number}",
            title={"en": f"Synthetic indicator {number}", "ru": f"Показатель {number}"},
            order=".".join(part.zfill(3) for part in number.split(".")),
            custodian=office,
            version=1,
        )


def _series(
    indicators: list[models.Indicator], office: Institution, observations: int
) -> Iterator[models.Series]:
    """As many series as the figures need: of each quantity the total first, then every breakdown."""
    for indicator in indicators:
        for quantity, sex, age, area in itertools.islice(_places(), -(-observations // len(YEARS))):
            breakdown = {name: code for name, code in (("age", age), ("sex", sex)) if code}
            yield models.Series(
                indicator=indicator,
                key=f"{quantity}-{sex}-{age}-{area}",
                code=f"S{quantity}",
                unit="PT",
                area=area,
                breakdown=breakdown,
                dimensions="+".join(breakdown),
                official=office,
            )


def _places() -> Iterator[tuple[int, str, str, str]]:
    """Endless (quantity, sex, age, area)."""
    for quantity in itertools.count(1):
        for place in itertools.product(SEXES, AGES, AREAS):
            yield quantity, *place


def _rows(
    by_indicator: dict[int, list[models.Series]], office: int, dataset: int, each: int
) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(10)  # noqa: S311
    for series in by_indicator.values():
        places = ((one, year) for one in series for year in YEARS)
        for one, year in itertools.islice(places, each):
            value = round(40 * 1.01 ** (year - 2005) * chance.uniform(0.9, 1.1), 2)
            bounds = round(value * 0.95, 2), round(value * 1.05, 2)
            figure = (str(year), year, value, "A", *bounds, '{"nature": "C"}')
            yield (one.pk, office, dataset, *figure, "data", year, "Value", True, 1)


_COLUMNS = (
    "series_id", "institution_id", "dataset_id", "period", "year", "value", "status", "lower", "upper",
    "attributes", "sheet", "line", '"column"', "current", "public_from",
)  # fmt: skip


def _copy(rows: Iterator[tuple[Any, ...]]) -> None:
    table = models.Observation._meta.db_table
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(_COLUMNS)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)


def _coverage(indicators: list[models.Indicator]) -> Iterator[models.Coverage]:
    """What the figures cover; every series of this bench has every year."""
    for indicator in indicators:
        for dimension, year in itertools.product(("", "age", "area", "sex"), YEARS):
            yield models.Coverage(
                indicator=indicator, dimension=dimension, year=year, kind="national", cells=5
            )


def queries() -> dict[str, int]:
    """How many queries each page needs, once what is asked once a minute has been asked."""
    client = Client(headers={"host": "localhost"})
    code = generate.codes(INDICATORS)[9].replace("-", ".")
    pages = [f"indicators/{code}/{choice}" for choice in CHOICES]
    pages += [f"coverage/{choice}" for choice in MATRICES]
    found = {}
    for page in pages:
        address = f"/en/{COUNTRY}/{page}"
        client.get(address)
        with CaptureQueriesContext(connection) as asked:
            answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address}: {answer.status_code}")
        found[page] = len(asked)
    return found


if __name__ == "__main__":
    main()
