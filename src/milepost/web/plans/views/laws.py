"""The laws that a policy wants amended, and what a measure is linked to."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.values.states import LAW
from milepost.web.accounts.roles import Permission
from milepost.web.plans.actions import laws as actions
from milepost.web.plans.actions import links as linking
from milepost.web.plans.forms import laws as forms
from milepost.web.plans.queries import laws as queries
from milepost.web.plans.queries import links, scoping
from milepost.web.plans.queries import measures as visible_measures
from milepost.web.plans.queries.measure import last_entry
from milepost.web.plans.views.common import find_measure, find_policy, page
from milepost.web.ui.acting import FORM, done, number, refreshed, said_aloud

if TYPE_CHECKING:
    from milepost.web.plans.models import Law, Policy

STEPS = {
    "draft": pgettext_lazy("law", "It is drafted"),
    "propose": pgettext_lazy("law", "It is submitted to the lawmaker"),
    "adopt": pgettext_lazy("law", "It is adopted"),
    "back": pgettext_lazy("law", "Back one step"),
    "drop": pgettext_lazy("law", "Drop it"),
    "reopen": pgettext_lazy("law", "Take it up again"),
}
"""The steps of an act, as their buttons say."""
NEED_REASON = ("drop", "reopen")


def _find(request: HttpRequest, pk: int, *, to_edit: bool = False) -> "Law":
    found = get_object_or_404(queries.laws(request.user), pk=pk)
    if to_edit and not scoping.may_edit(request.user, found.policy):
        raise PermissionDenied(Permission.EDIT_PLANS)
    return found


def _show(request: HttpRequest, policy: "Policy", name: str, **more: Any) -> HttpResponse:
    context = {
        "policy": policy,
        "country": policy.country,
        "inside": scoping.works_with(request.user, policy),
        "may_edit": scoping.may_edit(request.user, policy),
    }
    return render(request, f"plans/{name}.html", context | more)


def _form(request: HttpRequest, policy: "Policy", kind: Any, law: Any = None, **more: Any) -> Any:
    offered = queries.measures(request.user, policy)
    known = visible_measures(request.user).filter(plan__policy=policy)
    return kind(
        request.POST or None,
        institutions=queries.institutions(policy, law),
        measures=offered,
        known={str(one.pk): one for one in known},
        **more,
    )


@require_safe
def law(request: HttpRequest, pk: int) -> HttpResponse:
    """One act: what must change in it, why, and how far it is."""
    found = _find(request, pk)
    steps = [(deed, STEPS[deed], deed in NEED_REASON) for deed in LAW[found.state]]
    row = queries.row(request.user, found, timezone.localdate())
    return _show(request, found.policy, "law", law=found, row=row, steps=steps)


@login_required
@require_http_methods(FORM)
def law_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Enter an act that must be amended for a policy."""
    policy = find_policy(request, pk, to_edit=True)
    form = _form(request, policy, forms.LawForm, initial={"measure": request.GET.get("measure", "")})
    if request.method == "POST" and form.is_valid():
        made = done(form, actions.enter, by=request.user, policy=policy, **form.cleaned_data)
        if made:
            messages.success(request, _("The law is entered."))
            return redirect(made)
    return _show(request, policy, "law_form", form=form)


@login_required
@require_http_methods(FORM)
def law_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct what is said of an act."""
    found = _find(request, pk, to_edit=True)
    names = ("title", "number", "adopted", "article", "what", "why", "until", "revision")
    initial = {name: getattr(found, name) for name in names}
    initial |= {"institution": found.institution_id, "measure": found.measure_id}
    form = _form(request, found.policy, forms.EditLawForm, found, initial=initial)
    if request.method == "POST" and form.is_valid():
        if done(form, actions.save, by=request.user, law=found, **form.cleaned_data):
            messages.success(request, _("Saved."))
            return redirect(found)
        refreshed(form, found)
    return _show(request, found.policy, "law_form", form=form, law=found)


@login_required
@require_POST
def law_step(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Say that an act is drafted, submitted, adopted; or drop it, with a reason."""
    found = _find(request, pk, to_edit=True)
    if deed not in STEPS:
        raise Http404
    if said_aloud(
        request,
        actions.step,
        by=request.user,
        law=found,
        deed=deed,
        revision=number(request, "revision"),
        reason=request.POST.get("reason", "")[:2000],
    ):
        messages.success(request, _("Saved."))
    return redirect(found)


# What a measure is linked to --------------------------------------------------------------------------------

LABELS = {
    "served_by": lazy("A project or event that helps"),
    "seen_in": lazy("An indicator or target in which it shows"),
    "follows": lazy("A policy or plan that it carries on"),
}
"""What each relation asks for."""


@login_required
@require_http_methods(FORM)
def measure_links(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what helps a measure, in what it shows, what it carries on, and where it comes from."""
    found = find_measure(request, pk, to_edit=True)
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    made: dict[str, Any] = {}
    for relation, label in LABELS.items():
        offered = links.choices(request.user, found, relation)
        typed = request.POST if sent == relation else None
        if offered:
            made[relation] = forms.LinkForm(typed, offered=offered, auto_id=f"{relation}_%s")
            made[relation].fields["address"].label = label
    origin = forms.OriginForm(request.POST if sent == "origin" else None, auto_id="origin_%s")
    form: Any = made.get(sent) or (origin if sent == "origin" else None)
    if form is not None and form.is_valid():
        deed = linking.add_origin if sent == "origin" else linking.add
        if done(form, deed, by=request.user, measure=found, **form.cleaned_data):
            messages.success(request, _("Saved."))
            return redirect("measure-links", pk)
    context = {
        "measure": found,
        "entry": last_entry(request.user, found),
        "groups": links.linked(request.user, found),
        "origins": links.origins(found),
        "link_forms": made,
        "origin_form": origin,
    }
    return page(request, found.plan, "measure_links", "plan", **context)


@login_required
@require_POST
def link_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a link of a measure back."""
    found = find_measure(request, pk, to_edit=True)
    address = request.POST.get("address", "")[:120]
    if said_aloud(request, linking.remove, by=request.user, measure=found, address=address):
        messages.success(request, _("Removed."))
    return redirect("measure-links", pk)


@login_required
@require_POST
def origin_remove(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Take a document from outside off a measure."""
    found = find_measure(request, pk, to_edit=True)
    origin = get_object_or_404(links.origins(found), pk=row)
    if said_aloud(request, linking.remove_origin, by=request.user, origin=origin):
        messages.success(request, _("Removed."))
    return redirect("measure-links", pk)
