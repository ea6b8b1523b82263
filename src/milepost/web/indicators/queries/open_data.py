"""What is published, for programs: the public's own view, whoever asks."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from milepost.web.indicators.models import Coverage, Indicator, Observation, Release, Series, Target, Version
from milepost.web.indicators.queries import scoping
from milepost.web.indicators.queries.figures import definition, public_in
from milepost.web.stakeholders import queries as stakeholders
from milepost.web.stakeholders.models import Country

__all__ = [
    "countries",
    "coverage",
    "definition",
    "indicators",
    "observations",
    "releases",
    "targets",
    "versions",
]

PUBLIC = AnonymousUser()


def countries() -> QuerySet[Country]:
    """The countries that are open, with how many indicators are on their lists."""
    listed = Count("indicators", filter=Q(indicators__listed=True), distinct=True)
    return stakeholders.countries(PUBLIC).annotate(listed=listed).order_by("code")


def indicators(
    *,
    country: str | None = None,
    framework: str | None = None,
    goal: str | None = None,
    with_data: bool | None = None,
) -> QuerySet[Indicator]:
    """The listed indicators, with the date of their latest version."""
    found = scoping.indicators(PUBLIC).order_by("country__code", "framework", "order")
    if country is not None:
        found = found.filter(country__code=country)
    if framework is not None:
        found = found.filter(framework=framework)
    if goal is not None:
        found = found.filter(code__startswith=f"{goal}.")
    if with_data is not None:
        figures = Coverage.objects.filter(indicator=OuterRef("pk"))
        found = found.filter(Exists(figures) if with_data else ~Exists(figures))
    return found.annotate(updated_at=Max("versions__at"))


def versions(indicator: Indicator) -> QuerySet[Version]:
    """Every version of an indicator's figures, the latest first."""
    return Version.objects.filter(indicator=indicator).select_related("institution")


def observations(
    *,
    indicator: Indicator | None = None,
    country: str | None = None,
    code: str | None = None,
    version: int | None = None,
    where: Mapping[str, Any] | None = None,
    breakdown: Sequence[tuple[str, str]] = (),
    from_year: int | None = None,
    to_year: int | None = None,
    status: str | None = None,
    after: int = 0,
) -> QuerySet[Observation]:
    """Published figures by key; `where` narrows their series, `after` is the last key seen."""
    series = Series.objects.filter(**(where or {}))
    if indicator is not None:
        series = series.filter(indicator=indicator)
    else:
        series = series.filter(indicator__in=scoping.indicators(PUBLIC).order_by().values("pk"))
    if country is not None:
        series = series.filter(indicator__country__code=country)
    if code is not None:
        series = series.filter(indicator__code=code)
    for dimension, category in breakdown:
        series = (
            series.filter(breakdown__contains={dimension: category})
            if _contains()
            else series.filter(**{f"breakdown__{dimension}": category})
        )
    found = Observation.objects.filter(
        public_in(version), series__in=series.order_by().values("pk"), pk__gt=after
    )
    if from_year is not None:
        found = found.filter(year__gte=from_year)
    if to_year is not None:
        found = found.filter(year__lte=to_year)
    if status is not None:
        found = found.filter(status=status)
    return found.select_related("series__indicator__country", "institution").order_by("pk")


def _contains() -> bool:
    """Whether the database looks into JSON without a path, in which a dimension's name could be misread."""
    return connection.features.supports_json_field_contains


def coverage(
    *,
    country: str | None = None,
    code: str | None = None,
    dimension: str | None = None,
    year: int | None = None,
) -> QuerySet[Coverage]:
    """Cells of the matrix of what is published."""
    given = {
        "indicator__country__code": country,
        "indicator__code": code,
        "dimension": dimension,
        "year": year,
    }
    wanted = {name: value for name, value in given.items() if value is not None}
    found = Coverage.objects.filter(
        indicator__in=scoping.indicators(PUBLIC).order_by().values("pk"), **wanted
    )
    return found.select_related("indicator__country").order_by(
        "indicator__country__code", "indicator__order", "dimension", "year"
    )


def targets(*, country: str | None = None) -> QuerySet[Target]:
    """Targets in force."""
    found = scoping.targets(PUBLIC).filter(current=True).order_by("indicator__order", "year", "pk")
    return found.filter(indicator__country__code=country) if country is not None else found


def releases(*, country: str | None = None) -> QuerySet[Release]:
    """The release calendar."""
    found = scoping.releases(PUBLIC).prefetch_related("indicators").order_by("planned_at", "pk")
    return found.filter(country__code=country) if country is not None else found
