"""What monitoring talks about: periods, observations, series, targets, verdicts, and where they come from."""

from milepost.values.concepts import CONCEPTS, concept
from milepost.values.dataset import CodeList, Dataset, Structure, Table
from milepost.values.estimate import Estimate
from milepost.values.observation import MISSING_STATUSES, Breakdown, Observation, Series
from milepost.values.origin import Origin, Problem
from milepost.values.period import Period
from milepost.values.text import Text
from milepost.values.verdict import Target, Verdict

__all__ = [
    "CONCEPTS",
    "MISSING_STATUSES",
    "Breakdown",
    "CodeList",
    "Dataset",
    "Estimate",
    "Observation",
    "Origin",
    "Period",
    "Problem",
    "Series",
    "Structure",
    "Table",
    "Target",
    "Text",
    "Verdict",
    "concept",
]
