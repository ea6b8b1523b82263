"""Who may take which step of a project, what must be complete before, and what is due next."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from milepost.values.states import PROJECT
from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.projects.models import Document, Project
from milepost.web.projects.queries import deadlines, engagements, reports, workplan
from milepost.web.ui.templatetags.ui import MARKS, UNDERWAY

NOT_FOR_THE_PUBLIC = ("proposal", "endorsed", "dropped")

STATES: dict[str, Promise] = {
    "active": pgettext_lazy("project", "Active"),
    **{
        state: MARKS[state].word
        for state in ("proposal", "endorsed", "approved", "completed", "evaluated", "closed", "dropped")
    },
}
"""Every state in words."""
SHAPES = {**{state: MARKS[state].shape for state in STATES}, "active": UNDERWAY}


class Deed(NamedTuple):
    """A step: what the button says, who may take it, and whether it needs a reason."""

    title: Promise
    permission: Permission
    needs_reason: bool = False
    grave: bool = False


P = Permission
DEEDS: dict[str, Deed] = {
    "endorse": Deed(lazy("Hand in as endorsed"), P.EDIT_PROJECTS),
    "approve": Deed(lazy("Approve"), P.DECIDE_PROJECTS),
    "back": Deed(lazy("Give back"), P.DECIDE_PROJECTS, needs_reason=True),
    "start": Deed(lazy("Start"), P.EDIT_PROJECTS),
    "complete": Deed(lazy("Complete"), P.EDIT_PROJECTS),
    "end_early": Deed(lazy("End early"), P.DECIDE_PROJECTS, needs_reason=True, grave=True),
    "evaluate": Deed(lazy("Mark as evaluated"), P.DECIDE_PROJECTS),
    "reopen": Deed(lazy("Reopen"), P.DECIDE_PROJECTS, needs_reason=True),
    "close": Deed(lazy("Close"), P.DECIDE_PROJECTS, needs_reason=True),
    "drop": Deed(lazy("Drop"), P.DECIDE_PROJECTS, needs_reason=True, grave=True),
}


class Step(NamedTuple):
    """A step that a person may take now, and what must be there before."""

    deed: str
    title: Promise
    needs_reason: bool
    grave: bool
    missing: list[str]


def steps(user: Any, project: Project) -> list[Step]:
    """The steps that lead on from the state of a project and that this person may take."""
    return [
        Step(deed, known.title, known.needs_reason, known.grave, missing(project, deed))
        for deed in PROJECT[project.state]
        if may(user, (known := DEEDS[deed]).permission, *project.places)
    ]


def missing(project: Project, deed: str) -> list[str]:
    """What must be there before a step, in the reader's language."""
    found = []
    if deed == "endorse":
        found = [
            (_("a title"), project.title),
            (_("a narrative"), project.narrative),
            (_("the type of project"), project.type),
            (_("the coverage"), project.coverage),
            (_("the start"), project.start),
            (_("the end"), project.end),
            (_("the budget"), project.budget is not None),
            (_("the currency"), project.currency),
            (_("a state that the project is for"), project.beneficiaries.exists()),
            (
                _("the endorsement of a state that the project is for"),
                project.beneficiaries.exclude(endorsed_on=None).exists(),
            ),
        ]
    elif deed == "approve":
        levels = set(project.results.values_list("level", flat=True))
        found = [
            (_("the gender marker"), project.gender_marker),
            (_("an objective in the results matrix"), "objective" in levels),
            (_("an outcome in the results matrix"), "outcome" in levels),
            (_("an output in the results matrix"), "output" in levels),
            (
                _("an indicator of a result"),
                project.results.filter(indicators__isnull=False).exists(),
            ),
        ]
    elif deed == "start":
        found = [
            (_("a manager"), project.manager),
            (_("periods of reporting"), project.periods.exists()),
        ]
    elif deed == "evaluate":
        kinds = project.documents.values_list("kind", flat=True)
        found = [(_("the evaluation among the documents"), Document.Kind.EVALUATION in kinds)]
    return [what for what, there in found if not there]


class Due(NamedTuple):
    """Something that is to be done by a day."""

    what: str
    day: date
    late: bool


MONTH = timedelta(days=30)
HALF_A_YEAR, YEAR = timedelta(days=183), timedelta(days=365)


def due(project: Project, today: date) -> list[Due]:
    """What comes next for a project, in the order of the days: reports, tasks, extension, evaluation."""
    found: list[tuple[str, date]] = []
    if project.state == "active":
        found += [(one.words, one.day) for one in deadlines.due(project)]
        found += workplan.due(project)
        if project.last_day is not None:
            found.append((_("Last day to ask for an extension"), project.last_day - MONTH))
            found.append((_("End of the project"), project.last_day))
    elif project.state == "completed" and project.last_day is not None:
        words = _("Evaluation: from six to twelve months after the end")
        found.append((words, project.last_day + YEAR))
    found += engagements.due(project)
    found += reports.due(project)
    return [Due(what, day, day < today) for what, day in sorted(found, key=lambda one: one[1])]
