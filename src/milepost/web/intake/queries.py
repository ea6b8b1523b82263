"""Everything that reads what came in, for whoever may see it."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from milepost import catalogue
from milepost.recipes import incoming
from milepost.recipes.incoming import Reading, Unknown
from milepost.values import Origin, Problem, Table, Text
from milepost.web.accounts.roles import Permission
from milepost.web.intake import faults
from milepost.web.intake.models import Delivery, Row
from milepost.web.intake.models import Mapping as Remembered
from milepost.web.stakeholders.models import Country, Institution
from milepost.web.stakeholders.queries import within

WORKING = (Permission.UPLOAD_DATA, Permission.REVIEW_DATA, Permission.READ_INTERNAL)
"""Whoever may do one of these in an institution or country sees what it sent in."""

OPEN = ("draft", "returned")
"""The states of a dataset in which rows may be changed."""


def visible_to(user: Any) -> QuerySet[Delivery]:
    """The deliveries of the institutions and countries in which a reader works."""
    return Delivery.objects.filter(_inside(user, country="country__code")).select_related(
        "country", "institution__country", "file", "mapping", "by"
    )


def mappings(user: Any) -> QuerySet[Remembered]:
    """Every revision of the mappings of the institutions in which a reader works."""
    return Remembered.objects.filter(_inside(user, country="institution__country__code")).select_related(
        "institution__country", "by"
    )


def _inside(user: Any, *, country: str) -> Q:
    condition = Q(pk__in=[])
    for permission in WORKING:
        condition |= within(user, permission, institution="institution_id", country=country)
    return condition


def latest_mappings(user: Any) -> QuerySet[Remembered]:
    """The last revision of each mapping that is not forgotten."""
    last = Remembered.objects.values("institution", "signature").annotate(last=Max("pk")).values_list("last")
    return mappings(user).filter(pk__in=last, forgotten=False).order_by("institution", "-at")


def revisions(user: Any, mapping: Remembered) -> QuerySet[Remembered]:
    """All revisions of a mapping, the last first."""
    return mappings(user).filter(institution=mapping.institution, signature=mapping.signature)


def last_mapping(institution: Institution, signature: str) -> Remembered | None:
    """The last revision of an institution's mapping for files with these headers, even a forgotten one."""
    found = Remembered.objects.filter(institution=institution, signature=signature)
    return found.order_by("-revision").first()


def mapping_for(delivery: Delivery, signature: str) -> Remembered | None:
    """The mapping that the institution's last file with these headers was read by; None if forgotten."""
    last = last_mapping(delivery.institution, signature)
    return None if last is None or last.forgotten else last


def last_mapping_of(delivery: Delivery) -> Remembered | None:
    """The last revision of the mapping for files like this one, even a forgotten one."""
    found = sketch(delivery)
    return last_mapping(delivery.institution, incoming.signature(found)) if found else None


def form_of(delivery: Delivery) -> dict[str, Any]:
    """The form of a delivery without file: its cells, and which of them were cleared."""
    return Delivery.objects.get(pk=delivery.pk).tables[0]


def is_open(delivery: Delivery) -> bool:
    """Whether rows and mapping may still be changed: figures that were sent to review stay as they were."""
    dataset = dataset_of(delivery)
    return dataset is None or dataset.state in OPEN


def dataset_of(delivery: Delivery) -> Any | None:
    """The set of figures that a delivery became, which stands a floor above; None before there is one."""
    try:
        return delivery.dataset  # pyright: ignore[reportAttributeAccessIssue]
    except ObjectDoesNotExist:
        return None


# Indicators, which stand a floor above, too -----------------------------------------------------------------


def indicator_codes(country: Country) -> frozenset[str]:
    """The codes of a country's list."""
    return frozenset(country.indicators.values_list("code", flat=True))  # pyright: ignore


def indicator_titles(country: Country) -> list[tuple[str, Text]]:
    """(code, title) of every indicator of a country's list, in its order."""
    listed = country.indicators.order_by("framework", "order").values_list("code", "title")  # pyright: ignore
    return [
        (code, Text(title) if title else catalogue.indicator_title(code) or Text(en=code))
        for code, title in listed
    ]


# What is still to be decided --------------------------------------------------------------------------------


def sketch(delivery: Delivery) -> list[Table]:
    """The tables of a delivery as far as they are described on it: every word of a column once.

    They have the headers and the words of the file, so what must be decided of it can be told from them, but
    no row of it.
    """
    return [_sketched(described) for described in delivery.tables if "columns" in described]


def _sketched(described: Mapping[str, Any]) -> Table:
    columns = tuple(described["columns"])
    texts = [
        described.get("words", {}).get(header) or described["samples"].get(header) or [""]
        for header in columns
    ]
    height = max((len(column) for column in texts), default=0) if described["rows"] else 0
    even = [column + [column[-1]] * (height - len(column)) for column in texts]
    origin = Origin("", described["sheet"] or None)
    return Table(described["code"], columns, list(zip(*even, strict=True)), origin)


def reading(delivery: Delivery) -> tuple[Reading, list[Unknown]]:
    """How a delivery would be read now, and what a person must still decide."""
    found = sketch(delivery)
    codes, m49 = indicator_codes(delivery.country), delivery.country.m49
    remembered = mapping_for(delivery, incoming.signature(found)) if found else None
    if remembered is None:
        return incoming.suggest(found, country_m49=m49, indicators=codes)
    known = Reading(remembered.columns, remembered.codes, remembered.fixed)
    how = incoming.completed(found, known, country_m49=m49)
    return how, incoming.unmapped(found, how, country_m49=m49, indicators=codes)


# Rows and faults --------------------------------------------------------------------------------------------


def rows(delivery: Delivery, outcome: str = "") -> QuerySet[Row]:
    """The rows of a delivery, or those of one outcome, in the order of the file."""
    found = Row.objects.filter(delivery=delivery).order_by("number")
    return found.filter(outcome=outcome) if outcome else found


def counts(delivery: Delivery) -> dict[str, int]:
    """How many rows there are of each outcome."""
    found = Row.objects.filter(delivery=delivery).order_by().values_list("outcome").annotate(Count("pk"))
    return dict.fromkeys(incoming.OUTCOMES, 0) | {outcome: count for outcome, count in found if outcome}


def faulty(delivery: Delivery) -> QuerySet[Row]:
    """The rows of which there is something to say, in the order of the file."""
    return rows(delivery).exclude(problems=[])


def faults_of_file(delivery: Delivery) -> list[Problem]:
    """What is to be said of the file as a whole."""
    return faults.from_json(delivery.problems)


def faults_of_rows(found: QuerySet[Row]) -> Iterator[tuple[Row, Problem]]:
    """Every fault of these rows with its row."""
    for row in found.iterator(chunk_size=2000):
        for problem in faults.from_json(row.problems):
            yield row, problem


def faults_to_show(delivery: Delivery, found: Iterable[Row]) -> list[Problem]:
    """The faults of these rows, with their places."""
    shown = []
    for row in found:
        place = {
            "file": str(delivery) if delivery.file else "",
            "sheet": row.sheet or None,
            "row": row.line or row.number,
        }
        for problem in faults.from_json(row.problems):
            shown.append(replace(problem, origin=Origin(**place, column=problem.origin.column)))
    return shown


def today() -> datetime.date:
    """The day by which years lie in the future."""
    return timezone.localdate()
