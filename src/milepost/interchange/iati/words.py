"""The codes of IATI beside the words of the house, for reading and for writing."""

from collections.abc import Mapping

from milepost.values.project import Moment
from milepost.values.results import Level, Measure

MOMENTS: Mapping[str, Moment] = {
    "1": "planned_start",
    "2": "actual_start",
    "3": "planned_end",
    "4": "actual_end",
}
"""ActivityDateType."""

LEVELS: Mapping[str, Level] = {"1": "output", "2": "outcome", "3": "objective", "9": "activity"}
"""ResultType: output, outcome, impact (here the objective), other."""

MEASURES: Mapping[str, Measure] = {
    "1": "number",
    "2": "percentage",
    "3": "nominal",
    "4": "ordinal",
    "5": "qualitative",
}
"""IndicatorMeasure."""

PLACE = "place"
"""The dimension that holds the place of a figure: IATI's own location needs a gazetteer."""

OWN = "urn:milepost:results"
"""The namespace of two attributes of ours, which the standard allows: the code of a result or indicator, and
the code of the result that it is part of."""
CODE, PART_OF = f"{{{OWN}}}code", f"{{{OWN}}}part-of"
LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"

OLD_CODES: Mapping[str, Mapping[str, str]] = {
    "activity-date": {"start-planned": "1", "start-actual": "2", "end-planned": "3", "end-actual": "4"},
    "participating-org": {"Funding": "1", "Accountable": "2", "Extending": "3", "Implementing": "4"},
    "transaction-type": {
        "IF": "1",
        "C": "2",
        "D": "3",
        "E": "4",
        "IR": "5",
        "LR": "6",
        "R": "7",
        "QP": "8",
        "QS": "9",
        "CG": "10",
    },
}
"""What codes of versions 1.01 to 1.05 are called since 2.01."""
