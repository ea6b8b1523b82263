"""Everything that reads: who may see which indicators, datasets and figures."""

from milepost.web.indicators.queries.figures import (
    definition,
    find_indicator,
    latest_version,
    published,
    title,
)
from milepost.web.indicators.queries.scoping import (
    data_requests,
    datasets,
    indicators,
    observations,
    releases,
    series,
    targets,
)

__all__ = [
    "data_requests",
    "datasets",
    "definition",
    "find_indicator",
    "indicators",
    "latest_version",
    "observations",
    "published",
    "releases",
    "series",
    "targets",
    "title",
]
