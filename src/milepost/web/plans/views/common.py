"""What the pages of policies and plans have in common: find, act, or show the faults."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milepost.errors import MilepostError
from milepost.reports import sentences
from milepost.web.accounts.roles import Permission
from milepost.web.plans.queries import measures, plans, scoping, visible_to
from milepost.web.ui.forms import show_faults
from milepost.web.ui.revisions import Stale

if TYPE_CHECKING:
    from milepost.web.plans.models import Measure, Plan, PlanVersion, Policy

FORM = ["GET", "HEAD", "POST"]


def find_policy(request: HttpRequest, pk: int, *, to_edit: bool = False) -> "Policy":
    """A policy that the reader may see, else 404; 403 where it may not be edited."""
    return _to(request, get_object_or_404(visible_to(request.user), pk=pk), to_edit)


def find_plan(request: HttpRequest, pk: int, *, to_edit: bool = False) -> "Plan":
    """A plan that the reader may see, else 404; 403 where it may not be edited."""
    return _to(request, get_object_or_404(plans(request.user), pk=pk), to_edit)


def find_measure(request: HttpRequest, pk: int, *, to_edit: bool = False) -> "Measure":
    """A measure that the reader may see, else 404; 403 where it may not be edited."""
    return _to(request, get_object_or_404(measures(request.user), pk=pk), to_edit)


def _to(request: HttpRequest, thing: Any, to_edit: bool) -> Any:
    if to_edit and not scoping.may_edit(request.user, thing):
        raise PermissionDenied(Permission.EDIT_PLANS)
    return thing


def find_draft(plan: "Plan", user: Any) -> "PlanVersion":
    """The draft of a plan, else 404."""
    return get_object_or_404(scoping.versions(user).filter(plan=plan), state="draft")


def asked_version(request: HttpRequest, plan: "Plan") -> "PlanVersion | None":
    """The version that the address asks for (`?version=2`), else the one that holds; 404 for one unseen."""
    typed = request.GET.get("version", "")
    number = int(typed) if typed.isdecimal() and len(typed) < 5 else None
    found = scoping.shown_version(request.user, plan, number=number, today=timezone.localdate())
    if found is None and typed:
        raise Http404
    return found


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
        say(request, error)
    except Stale:
        messages.error(request, _("Another person changed this meanwhile. Look again."))
    else:
        return True
    return False


def say(request: HttpRequest, error: MilepostError) -> None:
    """Let the next page tell what was refused."""
    for problem in error.problems:
        messages.error(request, " ".join(sentences.fault(problem, get_language() or "en")))


def number(request: HttpRequest, name: str) -> int:
    """A whole number that was sent, else 0."""
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def refreshed(form: Any, thing: Any) -> None:
    """Let a form that was refused as stale rest on what the thing is now, so that it can be sent again."""
    if getattr(form, "stale", False):
        thing.refresh_from_db()
        form.data = form.data.copy()
        form.data["revision"] = thing.revision


def page(request: HttpRequest, plan: "Plan", name: str, tab: str, **more: Any) -> HttpResponse:
    """A page of one plan, with its tabs."""
    context = {
        "plan": plan,
        "policy": plan.policy,
        "country": plan.policy.country,
        "tab": tab,
        "inside": scoping.works_with(request.user, plan.policy),
        "may_edit": scoping.may_edit(request.user, plan),
    }
    return render(request, f"plans/{name}.html", context | more)
