"""Published figures: what portal, downloads, charts, search and API show, and nothing else."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import Q

from milepost import catalogue
from milepost.values import Text
from milepost.web.frameworks import queries as frameworks
from milepost.web.indicators.models import Indicator, Observation, Series, Version
from milepost.web.indicators.queries.scoping import indicators


def find_indicator(user: Any, country: str, code: str) -> Indicator | None:
    """An indicator of a country by its code, such as 10.7.1, if this reader may see it."""
    return indicators(user).filter(country__code=country, code=code).first()


def definition(indicator: Indicator) -> catalogue.Indicator | None:
    """The definition by which it is computed and judged, or None where there is none."""
    return frameworks.definition(indicator.country, indicator.code)


def title(indicator: Indicator) -> Text:
    """The country's title, else the official one of the catalogue."""
    if indicator.title:
        return Text(indicator.title)
    return catalogue.indicator_title(indicator.code) or Text(en=indicator.code)


def version_of(indicator: Indicator, number: int) -> Version | None:
    """One version of an indicator's figures."""
    return Version.objects.filter(indicator=indicator, number=number).select_related("institution").first()


def latest_version(indicator: Indicator) -> Version | None:
    """The version that is public now."""
    return version_of(indicator, indicator.version)


def latest_versions(listed: Sequence[Indicator]) -> dict[int, Version]:
    """The version that is public now, by the key of the indicator."""
    numbers = {one.pk: one.version for one in listed}
    found = Version.objects.filter(indicator__in=numbers)
    return {one.indicator_id: one for one in found if one.number == numbers[one.indicator_id]}


def published(
    indicator: Indicator, *, version: int | None = None, where: Mapping[str, Any] | None = None
) -> list[tuple[Series, list[Observation]]]:
    """The public figures of an indicator by series, now or in an earlier version, in two queries.

    `where` narrows the series by their fields, such as {"dimensions__in": ["", "sex"]}.
    """
    chosen = list(Series.objects.filter(indicator=indicator, **(where or {})))
    by_series: dict[int, list[Observation]] = {}
    found = Observation.objects.filter(public_in(version), series__in=[one.pk for one in chosen])
    for observation in found.order_by("series_id", "year", "period"):
        by_series.setdefault(observation.series_id, []).append(observation)
    return [(one, by_series[one.pk]) for one in chosen if one.pk in by_series]


def public_in(version: int | None = None) -> Q:
    """The condition that a figure is public in a version; now, for None."""
    if version is None:
        return Q(public_from__isnull=False, public_until=None)
    return Q(public_from__lte=version) & (Q(public_until=None) | Q(public_until__gt=version))
