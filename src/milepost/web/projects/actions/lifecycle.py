"""The steps of a project from proposal to closure, and whether it is public."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from milepost.values.states import PROJECT, after
from milepost.web.accounts.roles import Permission
from milepost.web.files import actions as files
from milepost.web.projects.actions.conditions import allow, forget_offers, tell
from milepost.web.projects.models import Project
from milepost.web.projects.queries import lifecycle
from milepost.web.ui.conditions import fault, need_reason, refuse_if, update


@transaction.atomic
def step(*, by: Any, project: Project, deed: str, revision: int, reason: str = "") -> Project:
    """Take the next step; MilepostError names everything that must be there before, and a missing reason."""
    known = lifecycle.DEEDS.get(deed)
    state = after(PROJECT, project.state, deed) if known else None
    if known is None or state is None:
        allow(by, Permission.EDIT_PROJECTS, project)
        refuse_if([fault("no-such-step", state=project.state)])
    assert known is not None
    allow(by, known.permission, project)
    problems = [fault("step-needs", what=what) for what in lifecycle.missing(project, deed)]
    today = timezone.localdate()
    if deed == "complete" and project.last_day is not None and project.last_day > today:
        problems.append(fault("not-yet-over", end=project.end))
    if known.needs_reason and not reason.strip():
        problems.append(fault("reason-missing", "reason"))
    refuse_if(problems)
    fields: dict[str, Any] = {"state": state}
    over = project.last_day is not None and project.last_day < today  # entered long after it was approved
    if deed == "approve" and project.year is None and not over:
        fields["year"] = today.year
    before = project.state
    update(project, revision, fields)
    forget_offers()
    tell(
        by,
        f"project.{deed.replace('_', '-')}",
        project,
        why=reason.strip(),
        details={"state": [before, state]},
    )
    return project


@transaction.atomic
def publish(*, by: Any, project: Project, revision: int) -> Project:
    """Show the project to everybody, with what was approved of its results; not before it is approved."""
    allow(by, Permission.DECIDE_PROJECTS, project)
    if project.state in lifecycle.NOT_FOR_THE_PUBLIC:
        refuse_if([fault("no-such-step", state=project.state)])
    return _show(by, project, revision, public=True, why="")


@transaction.atomic
def hide(*, by: Any, project: Project, revision: int, reason: str) -> Project:
    """Show the project only to those who work with it."""
    allow(by, Permission.DECIDE_PROJECTS, project)
    return _show(by, project, revision, public=False, why=need_reason(reason))


def _show(by: Any, project: Project, revision: int, *, public: bool, why: str) -> Project:
    update(project, revision, {"public": public})
    shown = project.documents.filter(public=True).select_related("file")
    files.open_to_public((document.file for document in shown), public=public)
    if not public:
        forget_offers()
    tell(by, "project.published" if public else "project.hidden", project, why=why)
    return project
