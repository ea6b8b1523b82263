"""Policies and the plans under them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.web.accounts.roles import Permission
from milepost.web.plans.actions import register as actions
from milepost.web.plans.forms import register as forms
from milepost.web.plans.queries import consultations, laws, scoping
from milepost.web.plans.queries import register as queries
from milepost.web.plans.views.common import find_plan, find_policy, page
from milepost.web.ui.acting import FORM, done, number, refreshed, said_aloud


@require_safe
def policies(request: HttpRequest) -> HttpResponse:
    """The policies that the reader may see, with their plans."""
    context = {
        "rows": queries.listed(request.user),
        "consultations": consultations.under_way(request.user),
        "may_enter": request.user.is_authenticated and scoping.leads(request.user).exists(),
    }
    return render(request, "plans/policies.html", context)


@require_safe
def policy(request: HttpRequest, pk: int) -> HttpResponse:
    """One policy: what it is to reach, by which act, and its plans."""
    found = find_policy(request, pk)
    more = {
        "consultations": consultations.of_policy(request.user, found),
        "laws": laws.rows(request.user, found, timezone.localdate()),
    }
    return _policy_page(request, found, "policy", **more)


def _policy_page(request: HttpRequest, found: Any, name: str, **more: Any) -> HttpResponse:
    context = {
        "policy": found,
        "country": found.country,
        "plans": queries.plans_of(request.user, found),
        "inside": scoping.works_with(request.user, found),
        "may_edit": scoping.may_edit(request.user, found),
    }
    return render(request, f"plans/{name}.html", context | more)


@login_required
@require_http_methods(FORM)
def policy_new(request: HttpRequest) -> HttpResponse:
    """Enter a policy."""
    institutions = list(scoping.leads(request.user))
    if not institutions:
        raise PermissionDenied(Permission.EDIT_PLANS)
    form = forms.NewPolicyForm(request.POST or None, institutions=institutions)
    if request.method == "POST" and form.is_valid():
        made = done(form, actions.enter_policy, by=request.user, **form.cleaned_data)
        if made:
            messages.success(request, _("The policy is entered. Nobody else can read it until it is public."))
            return redirect(made)
    return render(request, "plans/policy_form.html", {"form": form})


@login_required
@require_http_methods(FORM)
def policy_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the words or the time of a policy."""
    found = find_policy(request, pk, to_edit=True)
    names = ("title", "act", "vision", "start", "end", "revision")
    form = forms.EditPolicyForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if request.method == "POST" and form.is_valid():
        if done(form, actions.save_policy, by=request.user, policy=found, **form.cleaned_data):
            messages.success(request, _("Saved."))
            return redirect(found)
        refreshed(form, found)
    return _policy_page(request, found, "policy_form", form=form, edited=found)


@login_required
@require_POST
def policy_show(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a policy public, or hide it again."""
    found = find_policy(request, pk, to_edit=True)
    public = request.POST.get("public") == "1"
    if said_aloud(
        request,
        actions.show_policy,
        by=request.user,
        policy=found,
        revision=number(request, "revision"),
        public=public,
        reason=request.POST.get("reason", "")[:2000],
    ):
        words = (
            _("Everybody can read the policy and what is in force of its plans.")
            if public
            else _("The policy is hidden from the public.")
        )
        messages.success(request, words)
    return redirect("policy", pk)


@login_required
@require_http_methods(FORM)
def plan_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter a plan under a policy."""
    found = find_policy(request, pk, to_edit=True)
    form = forms.PlanForm(
        request.POST or None, initial={"start": found.start, "end": found.end, "rhythm": "quarterly"}
    )
    if request.method == "POST" and form.is_valid():
        made = done(form, actions.enter_plan, by=request.user, policy=found, **form.cleaned_data)
        if made:
            messages.success(
                request, _("The plan is entered. Hand in the table of its act, or type it here.")
            )
            return redirect(made)
    return _policy_page(request, found, "plan_form", form=form)


@login_required
@require_http_methods(FORM)
def plan_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the words, the time or the settings of a plan."""
    found = find_plan(request, pk, to_edit=True)
    names = ("title", "start", "end", "rhythm", "arrears_count", "margin", "escalate_after", "revision")
    form = forms.EditPlanForm(request.POST or None, initial={name: getattr(found, name) for name in names})
    if request.method == "POST" and form.is_valid():
        if done(form, actions.save_plan, by=request.user, plan=found, **form.cleaned_data):
            messages.success(request, _("Saved."))
            return redirect(found)
        refreshed(form, found)
    return page(request, found, "plan_form", "edit", form=form, edited=found)
