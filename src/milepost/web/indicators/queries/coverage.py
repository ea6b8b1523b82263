"""What is measured, for whom and when; and which published figures were withdrawn since."""

from collections import Counter
from typing import NamedTuple

from django.db.models import BooleanField, Case, Count, Q, QuerySet, Value, When

from milepost.web.indicators.models import Coverage, Dataset, Indicator, Observation, Version
from milepost.web.indicators.queries.figures import public_in

AREA = "area"
"""The dimension of regions."""

SUPPRESSED = "Q"
NATIONAL = "N"

# From the best to the least: what decides where a cell has several.
_KINDS = (Coverage.Kind.NATIONAL, Coverage.Kind.GLOBAL, Coverage.Kind.SUPPRESSED)


class Cell(NamedTuple):
    """How many public figures of the best kind an indicator has for a dimension and year."""

    dimension: str
    year: int
    kind: str
    cells: int


def counted(indicator: Indicator) -> list[Cell]:
    """The coverage of an indicator, computed from its public figures in one query.

    A figure by sex and age counts for both; a region's counts for "area". A figure without value counts only
    where it was suppressed: there is one, and it may not be shown.
    """
    groups = (
        Observation.objects.filter(public_in(), Q(value__isnull=False) | Q(status=SUPPRESSED))
        .filter(series__indicator=indicator)
        .order_by()
        .annotate(
            hidden=_flag(Q(value__isnull=True)),
            regional=_flag(~Q(series__area="")),
        )
        .values_list("series__dimensions", "regional", "series__reporting_type", "hidden", "year")
        .annotate(cells=Count("pk"))
    )
    found: Counter[tuple[str, int, str]] = Counter()
    for dimensions, regional, reporting_type, hidden, year, cells in groups:
        kind = _kind(reporting_type, hidden=hidden)
        for dimension in _dimensions(dimensions, regional=regional):
            found[dimension, year, kind] += cells
    best: dict[tuple[str, int], Cell] = {}
    for kind in _KINDS:
        for (dimension, year, its_kind), cells in found.items():
            if its_kind == kind:
                best.setdefault((dimension, year), Cell(dimension, year, kind, cells))
    return [best[place] for place in sorted(best)]


def withdrawn_from(version: Version) -> QuerySet[Dataset]:
    """The datasets whose figures were public in a version and were withdrawn: `withdrawn_at`, `reason`."""
    shown = Observation.objects.filter(public_in(version.number), series__indicator=version.indicator)
    return (
        Dataset.objects.filter(state="withdrawn", pk__in=shown.order_by().values("dataset"))
        .select_related("institution")
        .order_by("withdrawn_at")
    )


def _flag(condition: Q) -> Case:
    return Case(When(condition, then=Value(True)), default=Value(False), output_field=BooleanField())


def _kind(reporting_type: str, *, hidden: bool) -> str:
    if hidden:
        return Coverage.Kind.SUPPRESSED
    return Coverage.Kind.NATIONAL if reporting_type == NATIONAL else Coverage.Kind.GLOBAL


def _dimensions(joined: str, *, regional: bool) -> list[str]:
    """The dimensions that a series counts for; "" for the headline."""
    names = joined.split("+") if joined else []
    if regional:
        names.append(AREA)
    return names or [""]
