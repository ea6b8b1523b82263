"""What monitoring talks about: periods, observations, series, targets, verdicts, and where they come from."""

from milepost.values.concepts import CONCEPTS, concept
from milepost.values.dataset import CodeList, Dataset, Structure, Table
from milepost.values.estimate import Estimate
from milepost.values.observation import MISSING_STATUSES, Breakdown, Observation, Series
from milepost.values.origin import Origin, Problem
from milepost.values.period import Period
from milepost.values.project import Money, Party, Project, ProjectRecord
from milepost.values.results import (
    Baseline,
    Figure,
    Reference,
    ReportingPeriod,
    Result,
    ResultIndicator,
)
from milepost.values.shape import Shape
from milepost.values.text import Text
from milepost.values.verdict import Target, Verdict

__all__ = [
    "CONCEPTS",
    "MISSING_STATUSES",
    "Baseline",
    "Breakdown",
    "CodeList",
    "Dataset",
    "Estimate",
    "Figure",
    "Money",
    "Observation",
    "Origin",
    "Party",
    "Period",
    "Problem",
    "Project",
    "ProjectRecord",
    "Reference",
    "ReportingPeriod",
    "Result",
    "ResultIndicator",
    "Series",
    "Shape",
    "Structure",
    "Table",
    "Target",
    "Text",
    "Verdict",
    "concept",
]
