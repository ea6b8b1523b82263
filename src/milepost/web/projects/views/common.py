"""What the pages of projects have in common: find, act, or show the faults."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milepost.errors import MilepostError
from milepost.reports import sentences
from milepost.web.accounts.roles import Permission
from milepost.web.projects.queries import lifecycle, scoping, visible_to
from milepost.web.ui.forms import show_faults
from milepost.web.ui.revisions import Stale

if TYPE_CHECKING:
    from milepost.web.projects.models import Project

FORM = ["GET", "HEAD", "POST"]
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


def done(form: Any, deed: Callable[..., Any], /, **typed: Any) -> Any:
    """What a deed returns, or True; False where it was refused, as the form then says at its fields."""
    try:
        return deed(**typed) or True
    except MilepostError as error:
        show_faults(form, error)
    except Stale:
        form.add_error(
            None,
            _("Another person changed this meanwhile. Nothing of yours is lost: compare, and save again."),
        )
        form.stale = True
    return False


def said_aloud(request: HttpRequest, deed: Callable[..., Any], /, **typed: Any) -> bool:
    """Whether a deed without a form was done; where it was refused, the next page says why."""
    try:
        deed(**typed)
    except MilepostError as error:
        for problem in error.problems:
            messages.error(request, " ".join(sentences.fault(problem, get_language() or "en")))
    except Stale:
        messages.error(request, _("Another person changed this meanwhile. Look again."))
    else:
        return True
    return False


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
