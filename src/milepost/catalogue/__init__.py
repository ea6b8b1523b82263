"""The definitions that ship, one file each with its worked example."""

from milepost.catalogue.definitions import (
    Crosswalk,
    Example,
    Framework,
    Indicator,
    IndicatorList,
    Item,
    Questionnaire,
    Range,
    Unit,
)
from milepost.catalogue.parsing import parse
from milepost.catalogue.shipped import (
    area_code,
    by_series,
    code_list,
    code_lists,
    crosswalks,
    framework,
    frameworks,
    indicator,
    indicator_lists,
    indicators,
    questionnaire,
    questionnaires,
)

__all__ = [
    "Crosswalk",
    "Example",
    "Framework",
    "Indicator",
    "IndicatorList",
    "Item",
    "Questionnaire",
    "Range",
    "Unit",
    "area_code",
    "by_series",
    "code_list",
    "code_lists",
    "crosswalks",
    "framework",
    "frameworks",
    "indicator",
    "indicator_lists",
    "indicators",
    "parse",
    "questionnaire",
    "questionnaires",
]
