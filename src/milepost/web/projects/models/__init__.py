"""The tables of the project register."""

from milepost.web.projects.models.contributions import Contribution
from milepost.web.projects.models.engagements import (
    Agreement,
    Attendance,
    Engagement,
    EngagementLink,
    EngagementParty,
    Score,
)
from milepost.web.projects.models.reference import ReferenceDocument
from milepost.web.projects.models.register import (
    Beneficiary,
    BudgetLine,
    Continuity,
    Document,
    Party,
    Programme,
    Project,
    SavedView,
    Source,
    Tag,
)
from milepost.web.projects.models.reports import ProjectReport, ReportVersion
from milepost.web.projects.models.results import (
    Actual,
    ActualCell,
    Cell,
    Goal,
    Period,
    Result,
    ResultIndicator,
)
from milepost.web.projects.models.shapes import MapShapes
from milepost.web.projects.models.workplan import (
    Dependency,
    Expenditure,
    Post,
    PostMonth,
    Risk,
    Task,
)

__all__ = [
    "Actual",
    "ActualCell",
    "Agreement",
    "Attendance",
    "Beneficiary",
    "BudgetLine",
    "Cell",
    "Continuity",
    "Contribution",
    "Dependency",
    "Document",
    "Engagement",
    "EngagementLink",
    "EngagementParty",
    "Expenditure",
    "Goal",
    "MapShapes",
    "Party",
    "Period",
    "Post",
    "PostMonth",
    "Programme",
    "Project",
    "ProjectReport",
    "ReferenceDocument",
    "ReportVersion",
    "Result",
    "ResultIndicator",
    "Risk",
    "SavedView",
    "Score",
    "Source",
    "Tag",
    "Task",
]
