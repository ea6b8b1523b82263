"""What the pages of policies and plans have in common: find, act, or show the faults."""

from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone

from milepost.web.accounts.roles import Permission
from milepost.web.plans.queries import measures, plans, reports, scoping, visible_to

if TYPE_CHECKING:
    from milepost.web.plans.models import Measure, Plan, PlanVersion, Policy


def find_policy(request: HttpRequest, pk: int, *, to_edit: bool = False) -> "Policy":
    """A policy that the reader may see, else 404; 403 where it may not be edited."""
    return _to(request, get_object_or_404(visible_to(request.user), pk=pk), to_edit)


def find_plan(request: HttpRequest, pk: int, *, to_edit: bool = False) -> "Plan":
    """A plan that the reader may see, else 404; 403 where it may not be edited."""
    return _to(request, get_object_or_404(plans(request.user), pk=pk), to_edit)


def find_inside(request: HttpRequest, pk: int) -> "Plan":
    """A plan with which the reader works; 404 for others: rounds and how it stands are not public."""
    found = find_plan(request, pk)
    if not scoping.works_with(request.user, found.policy):
        raise Http404
    return found


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


def page(request: HttpRequest, plan: "Plan", name: str, tab: str, **more: Any) -> HttpResponse:
    """A page of one plan, with its tabs."""
    context = {
        "plan": plan,
        "policy": plan.policy,
        "country": plan.policy.country,
        "tab": tab,
        "inside": scoping.works_with(request.user, plan.policy),
        "may_edit": scoping.may_edit(request.user, plan),
        "may_read_reports": reports.may_read(request.user, plan),
        "has_results": reports.has_results(plan),
    }
    return render(request, f"plans/{name}.html", context | more)
