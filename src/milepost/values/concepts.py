"""The concepts of the SDG data structure, and the column headers that name them."""

from functools import lru_cache

DIMENSIONS = (
    "freq",
    "reporting_type",
    "series",
    "ref_area",
    "sex",
    "age",
    "urbanisation",
    "income_wealth_quantile",
    "education_lev",
    "occupation",
    "cust_breakdown",
    "composite_breakdown",
    "disability_status",
    "activity",
    "product",
    "time_period",
)
MEASURE = "obs_value"
ATTRIBUTES = (
    "obs_status",
    "unit_measure",
    "unit_mult",
    "nature",
    "comment_obs",
    "time_coverage",
    "upper_bound",
    "lower_bound",
    "base_per",
    "time_detail",
    "source_detail",
    "comment_ts",
    "geo_info_url",
    "geo_info_type",
    "cust_breakdown_lb",
    "data_last_update",
)
CONCEPTS = (*DIMENSIONS, MEASURE, *ATTRIBUTES)
"""Dimensions, measure and attributes of the global SDG data structure, in its order."""

TOTAL = "_T"
"""The SDMX code for "no breakdown by this dimension"."""

# Open SDG's own words for some of the concepts.
_OPEN_SDG = {
    "year": "time_period",
    "value": "obs_value",
    "unit": "unit_measure",
    "units": "unit_measure",
    "observation_status": "obs_status",
    "unit_multiplier": "unit_mult",
}
_KNOWN = {name: name for name in CONCEPTS} | _OPEN_SDG


@lru_cache(maxsize=4096)
def concept(header: str) -> str | None:
    """The SDMX concept a column header names, in lower case; None for a header of the file's own.

    >>> concept("TIME_PERIOD"), concept("Year"), concept("Sex"), concept("Region")
    ('time_period', 'time_period', 'sex', None)
    """
    return _KNOWN.get(header.strip().lower().replace(" ", "_").replace("-", "_"))
