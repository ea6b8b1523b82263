"""Rows to observations: the indicator engine."""

from milepost.measure.duck import Cancelled
from milepost.measure.methods import METHODS, Method, Result
from milepost.measure.run import check, run
from milepost.measure.task import (
    Band,
    Condition,
    Design,
    Measured,
    Recode,
    Reliability,
    Replication,
    Second,
    Source,
    Task,
)

__all__ = [
    "METHODS",
    "Band",
    "Cancelled",
    "Condition",
    "Design",
    "Measured",
    "Method",
    "Recode",
    "Reliability",
    "Replication",
    "Result",
    "Second",
    "Source",
    "Task",
    "check",
    "run",
]
