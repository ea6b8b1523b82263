"""Which measurements there are, and for whom."""

from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet

from milepost import catalogue
from milepost.values import Origin, Problem
from milepost.web.accounts.queries import may, scopes
from milepost.web.accounts.roles import Permission
from milepost.web.frameworks import queries as frameworks
from milepost.web.indicators.models import Dataset, Indicator
from milepost.web.indicators.queries import figures, scoping, work
from milepost.web.intake import faults
from milepost.web.intake.queries import national
from milepost.web.microdata import explaining
from milepost.web.microdata.models import Measurement
from milepost.web.microdata.states import HOLDING
from milepost.web.stakeholders.models import Country, Institution
from milepost.web.stakeholders.queries import within

__all__ = ["national", "visible_to"]

PROTOCOL = (Permission.UPLOAD_DATA, Permission.SUBMIT_DATA, Permission.REVIEW_DATA)
"""Whoever may do one of these for the institution reads what was hidden and why."""


def visible_to(user: Any) -> QuerySet[Measurement]:
    """Measurements of the institutions whose figures on their way a person sees."""
    condition = Q(pk__in=[])
    for permission in scoping.WORKING:
        condition |= within(user, permission, institution="institution_id", country="country__code")
    return Measurement.objects.filter(condition).select_related("institution", "country", "dataset", "job")


def measures(user: Any) -> bool:
    """Whether a person has a use for these pages at all."""
    return settings.MICRODATA and any(scopes(user, permission) for permission in scoping.WORKING)


def places(user: Any) -> list[tuple[Institution, Country]]:
    """For which institutions a person may bring in records."""
    return work.places_for(user, Permission.UPLOAD_DATA)


def may_edit(user: Any, one: Measurement) -> bool:
    """Whether a person may explain, measure and discard this."""
    return may(user, Permission.UPLOAD_DATA, *one.places)


def may_lower(user: Any, one: Measurement) -> bool:
    """Whether a person answers for what is published, and so may lower the protection of a table."""
    return may(user, Permission.PUBLISH_DATA, *one.places)


def may_read_protocol(user: Any, one: Measurement) -> bool:
    """Whether a person may read what was hidden and why."""
    return any(may(user, permission, *one.places) for permission in PROTOCOL)


# Connections ------------------------------------------------------------------------------------------------


def databases(institution: Institution) -> list[str]:
    """The databases whose tables an institution may measure, by the names that an administrator has set."""
    return [name for name in settings.MICRODATA_SOURCES if _is_allowed(name, institution)]


def clusters(institution: Institution) -> list[str]:
    """The clusters on which an institution may measure, by name."""
    return [name for name in settings.MICRODATA_CLUSTERS if _is_allowed(name, institution)]


def may_read(institution: Institution, table: str) -> bool:
    """Whether an institution may measure a table "postgresql:NAME/table"."""
    name = table.removeprefix("postgresql:").partition("/")[0]
    return name.lower().replace("-", "_") in databases(institution)


def _is_allowed(name: str, institution: Institution) -> bool:
    """Whether the administrator's list has it; nobody is on a list that was not set."""
    country = f"{institution.country.code}/" if institution.country else ""
    return f"{country}{institution.code}" in settings.MICRODATA_INSTITUTIONS.get(name, ())


def connections_refused(one: Measurement) -> list[Problem]:
    """Databases and the cluster of a measurement that its institution may not use, or not any more."""
    tables = [one.source_name] if one.source == Measurement.Source.TABLE else []
    tables += [one.second["name"]] if one.second.get("source") == Measurement.Source.TABLE else []
    found = []
    for table in tables:
        if not may_read(one.institution, table):
            name = table.removeprefix("postgresql:").partition("/")[0]
            details = {"name": name, "setting": name.upper().replace("-", "_")}
            found.append(Problem("connection-not-allowed", Origin(table), details))
    if one.engine and one.engine not in clusters(one.institution):
        details = {"name": one.engine, "setting": one.engine.upper()}
        found.append(Problem("cluster-not-allowed", Origin("mapping", column="engine"), details))
    return found


# Indicators -------------------------------------------------------------------------------------------------


def computable(countries: list[Country]) -> list[Indicator]:
    """The indicators on these countries' lists that can be computed from records."""
    listed = Indicator.objects.filter(country__in=countries).select_related("country")
    return [one for one in listed if explaining.is_computed(figures.definition(one))]


def indicator_of(one: Measurement) -> Indicator | None:
    """The indicator on the country's list, None where it was taken off."""
    return Indicator.objects.filter(country=one.country, code=one.indicator).first()


def definition_of(one: Measurement) -> catalogue.Indicator | None:
    """The definition in force by which it is measured."""
    return frameworks.definition(one.country, one.indicator)


# What is known of one ---------------------------------------------------------------------------------------


def remembered(one: Measurement) -> Measurement | None:
    """The last measurement of the same indicator over the same columns that somebody explained."""
    same = Measurement.objects.filter(
        institution=one.institution, indicator=one.indicator, signature=one.signature
    )
    return same.exclude(pk=one.pk).exclude(said_by=None).exclude(mapping="").first()


def problems_of(one: Measurement) -> list[Problem]:
    """Why it could not be measured."""
    return faults.from_json(one.problems)


def published_before(one: Measurement) -> list[Measurement]:
    """Other measurements of the same records, explained the same way, whose figures are public, oldest first.

    What their tables tell is known to everybody who looks at the next one.
    """
    if not one.sha256:
        return []
    same = Measurement.objects.filter(
        institution=one.institution,
        indicator=one.indicator,
        year=one.year,
        sha256=one.sha256,
        mapping=one.mapping,
        dataset__state__in=("approved", "published", "superseded"),
    )
    return list(same.exclude(pk=one.pk).order_by("pk"))


def mapping_faults(one: Measurement) -> list[Problem]:
    """Everything that still keeps it from being measured."""
    definition = definition_of(one)
    if definition is None:
        return []
    return explaining.faults(
        one.mapping,
        definition=definition,
        year=one.year,
        tables=one.tables,
        columns=one.columns,
        second=one.second,
        lowered=bool(one.lowered),
    )


def takes_second(one: Measurement) -> bool:
    """Whether its denominator can come from another file."""
    definition = definition_of(one)
    series = explaining.series_of(definition, explaining.data_of(one.mapping)) if definition else None
    return definition is not None and explaining.denominator_of(definition, series) is not None


def open_folders() -> set[str]:
    """The folders of records that a measurement still needs."""
    return set(
        Measurement.objects.filter(state__in=HOLDING).exclude(folder="").values_list("folder", flat=True)
    )


def of_dataset(user: Any, dataset: Dataset) -> Measurement | None:
    """The measurement that a dataset's figures come from, for those who may see it."""
    return visible_to(user).filter(dataset=dataset).first()


def is_measured(dataset: int) -> bool:
    """Whether the figures of a dataset were computed here from records."""
    return Measurement.objects.filter(dataset=dataset).exists()
