"""The tables of policies, plans and rounds."""

from milepost.web.plans.models.policies import Plan, Policy
from milepost.web.plans.models.rounds import Answer, AnswerFigure, Contribution, Round
from milepost.web.plans.models.versions import (
    Cost,
    Entry,
    Measure,
    MeasureIndicator,
    PlanVersion,
    Role,
    Section,
)

__all__ = [
    "Answer",
    "AnswerFigure",
    "Contribution",
    "Cost",
    "Entry",
    "Measure",
    "MeasureIndicator",
    "Plan",
    "PlanVersion",
    "Policy",
    "Role",
    "Round",
    "Section",
]
