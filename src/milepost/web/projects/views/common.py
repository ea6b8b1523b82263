"""What the pages of projects have in common: find, act, or show the faults."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from milepost.web.accounts.roles import Permission
from milepost.web.projects.queries import lifecycle, scoping, visible_to

if TYPE_CHECKING:
    from milepost.web.projects.models import Project

P = Permission


def find(request: HttpRequest, pk: int) -> "Project":
    """A project that the reader may see, else 404."""
    return get_object_or_404(visible_to(request.user), pk=pk)


def find_to(request: HttpRequest, pk: int, permission: Permission) -> "Project":
    """A project with which the reader may do this: 404 where it is hidden, 403 where it is not allowed."""
    project = find(request, pk)
    if not scoping.may_do(request.user, permission, project):
        raise PermissionDenied(permission)
    return project


def page(request: HttpRequest, project: "Project", name: str, tab: str, **more: Any) -> HttpResponse:
    """A page of one project, with its tabs."""
    user = request.user
    inside = scoping.works_with(user, project)
    context = {
        "project": project,
        "tab": tab,
        "inside": inside,
        "may_edit": scoping.may_do(user, P.EDIT_PROJECTS, project),
        "may_be_public": project.state not in lifecycle.NOT_FOR_THE_PUBLIC,
        "may_decide": scoping.may_do(user, P.DECIDE_PROJECTS, project),
        "may_report": scoping.may_do(user, P.REPORT_RESULTS, project),
        "may_approve": scoping.may_do(user, P.APPROVE_RESULTS, project),
        "state": lifecycle.STATES[project.state],
        "shape": lifecycle.SHAPES[project.state],
    }
    return render(request, f"projects/{name}.html", context | more)
