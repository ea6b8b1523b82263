"""The tables of policies, plans and rounds."""

from milepost.web.plans.models.consultations import Consultation, Draft, DraftComment, DraftFile, Party
from milepost.web.plans.models.laws import Law, MeasureOrigin
from milepost.web.plans.models.policies import Plan, Policy
from milepost.web.plans.models.reports import PlanReport, PlanReportFile, PlanReportVersion, ReportText
from milepost.web.plans.models.rounds import Answer, AnswerFigure, AnswerSpending, Contribution, Round
from milepost.web.plans.models.versions import (
    Cost,
    Entry,
    Mark,
    Measure,
    MeasureIndicator,
    PlanVersion,
    Role,
    Section,
)

__all__ = [
    "Answer",
    "AnswerFigure",
    "AnswerSpending",
    "Consultation",
    "Contribution",
    "Cost",
    "Draft",
    "DraftComment",
    "DraftFile",
    "Entry",
    "Law",
    "Mark",
    "Measure",
    "MeasureIndicator",
    "MeasureOrigin",
    "Party",
    "Plan",
    "PlanReport",
    "PlanReportFile",
    "PlanReportVersion",
    "PlanVersion",
    "Policy",
    "ReportText",
    "Role",
    "Round",
    "Section",
]
