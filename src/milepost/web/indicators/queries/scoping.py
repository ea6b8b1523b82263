"""The one scoping rule of each noun, for lists, details, charts, exports, search and API."""

from typing import Any

from django.db.models import Q, QuerySet

from milepost.web.accounts.roles import Permission
from milepost.web.indicators.models import (
    DataRequest,
    Dataset,
    Indicator,
    Observation,
    Release,
    Series,
    Target,
)
from milepost.web.stakeholders.queries import countries, within

WORKING = (Permission.UPLOAD_DATA, Permission.SUBMIT_DATA, Permission.REVIEW_DATA, Permission.READ_INTERNAL)
"""Whoever may do one of these within an institution or country sees its work there."""


def indicators(user: Any) -> QuerySet[Indicator]:
    """The indicators on the lists of the countries a reader may know of; unlisted ones for insiders."""
    inside = _inside(user, institution="custodian_id", country="country__code")
    return (
        Indicator.objects.filter(Q(country__in=countries(user)), Q(listed=True) | inside)
        .select_related("country", "custodian")
        .distinct()
    )


def datasets(user: Any) -> QuerySet[Dataset]:
    """Sets of figures on their way: for those who work in the institution or review in the country."""
    return Dataset.objects.filter(
        _inside(user, institution="institution_id", country="country__code")
    ).select_related("country", "institution", "delivery__file")


def series(user: Any) -> QuerySet[Series]:
    """Series that have a public figure, or any figure of a place in which the reader works."""
    inside = _inside(
        user,
        institution="observations__institution_id",
        country="indicator__country__code",
    )
    public = Q(observations__public_from__isnull=False, indicator__in=indicators(user))
    return Series.objects.filter(public | inside).select_related("indicator__country").distinct()


def observations(user: Any) -> QuerySet[Observation]:
    """Figures that are or were public, and those of places in which the reader works."""
    inside = _inside(user, institution="institution_id", country="series__indicator__country__code")
    public = Q(public_from__isnull=False, series__indicator__in=indicators(user))
    return Observation.objects.filter(public | inside).select_related("series__indicator__country")


def targets(user: Any) -> QuerySet[Target]:
    """Targets stand in public acts: whoever sees the indicator sees them, with every revision."""
    return Target.objects.filter(indicator__in=indicators(user)).select_related("indicator__country")


def data_requests(user: Any) -> QuerySet[DataRequest]:
    """Requests of or to the institutions in which the reader works; a country's readers see all of its."""
    asking = _inside(user, institution="asking_id", country="country__code")
    asked = within(user, Permission.ANSWER_REQUEST, institution="asked_id", country="country__code")
    return DataRequest.objects.filter(asking | asked).select_related(
        "country", "asking", "asked", "indicator__country"
    )


def releases(user: Any) -> QuerySet[Release]:
    """The calendar is public where the country is."""
    return Release.objects.filter(country__in=countries(user)).select_related("country", "dataset")


def _inside(user: Any, *, institution: str, country: str) -> Q:
    """Within a place where the reader works."""
    condition = Q(pk__in=[])
    for permission in WORKING:
        condition |= within(user, permission, institution=institution, country=country)
    return condition
