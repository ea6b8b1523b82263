"""One measure: what each version says of it, who does what; and the sections of a draft."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.web.plans.actions import measures as actions
from milepost.web.plans.forms import measures as forms
from milepost.web.plans.queries import gender, laws, links, references
from milepost.web.plans.queries import measure as queries
from milepost.web.plans.queries import versions as texts
from milepost.web.plans.views.common import asked_version, find_draft, find_measure, find_plan, page
from milepost.web.ui.acting import FORM, done, number, refreshed, said_aloud

if TYPE_CHECKING:
    from milepost.web.plans.models import Entry, Measure


@require_safe
def measure(request: HttpRequest, pk: int) -> HttpResponse:
    """What the version that holds, or the one asked for, says of a measure; and how that came about."""
    found = find_measure(request, pk)
    entry = _entry(request, found)
    more = {
        "origins": links.origins(found),
        "groups": links.linked(request.user, found),
        "laws": laws.of_measure(request.user, found),
        "concerned": gender.groups_of(entry),
    }
    return page(request, found.plan, "measure", "plan", **_context(request, found, entry), **more)


def _entry(request: HttpRequest, found: "Measure") -> "Entry":
    """What the version asked for says, else the one that holds, else the last that has the measure."""
    version = asked_version(request, found.plan)
    entry = texts.entry_of(version, found) if version is not None else None
    if entry is None and "version" in request.GET:
        raise Http404
    return entry or queries.last_entry(request.user, found)


def _context(request: HttpRequest, found: "Measure", entry: "Entry") -> dict[str, Any]:
    return {
        "measure": found,
        "entry": entry,
        "shown": entry.version,
        "references": references.told(entry.references),
        "costs": queries.costs(entry),
        "history": queries.history(request.user, found),
    }


def _open(request: HttpRequest, pk: int) -> "Entry":
    """What the draft says of a measure that may be edited; 404 where no draft has it."""
    found = find_measure(request, pk, to_edit=True)
    entry = texts.entry_of(find_draft(found.plan, request.user), found)
    if entry is None:
        raise Http404
    return entry


@login_required
@require_http_methods(FORM)
def measure_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a measure to the draft."""
    found = find_plan(request, pk, to_edit=True)
    draft = find_draft(found, request.user)
    form = forms.EntryForm(
        request.POST or None, sections=draft.sections.all(), initial={"section": request.GET.get("section")}
    )
    if request.method == "POST" and form.is_valid():
        made = done(form, actions.add, by=request.user, version=draft, **form.values())
        if made:
            messages.success(request, _("The measure is added. Now say who reports on it."))
            return redirect("measure-edit", made.measure_id)
    return page(request, found, "measure_form", "plan", form=form, shown=draft)


@login_required
@require_http_methods(FORM)
def measure_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what the draft says of a measure, its costs and indicators."""
    entry = _open(request, pk)
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    made: dict[str, Any] = {
        "measure": forms.EditEntryForm(
            _typed(request, sent, "measure"),
            sections=entry.version.sections.all(),
            initial=forms.said(entry),
        ),
        "cost": forms.CostForm(_typed(request, sent, "cost"), auto_id="cost_%s"),
        "indicator": forms.IndicatorForm(_typed(request, sent, "indicator"), auto_id="indicator_%s"),
    }
    form = made.get(sent)
    if form is not None and form.is_valid():
        typed = form.values() if sent == "measure" else form.cleaned_data
        deed = {"measure": actions.save, "cost": actions.add_cost, "indicator": actions.add_indicator}[sent]
        if done(form, deed, by=request.user, entry=entry, **typed):
            messages.success(request, _("Saved."))
            return redirect(_in_draft(entry) if sent == "measure" else reverse("measure-edit", args=[pk]))
        refreshed(form, entry)
    context = _context(request, entry.measure, entry)
    return page(
        request, entry.version.plan, "measure_form", "plan", form=made["measure"], forms=made, **context
    )


@login_required
@require_http_methods(FORM)
def indicator_edit(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Change what the draft says of an indicator: its words, baseline and milestones."""
    entry = _open(request, pk)
    indicator = get_object_or_404(entry.indicators.select_related("entry__measure"), pk=row)
    form = forms.EditIndicatorForm(request.POST or None, initial=forms.said_of_indicator(indicator))
    if request.method == "POST" and form.is_valid():
        if done(form, actions.change_indicator, by=request.user, indicator=indicator, **form.cleaned_data):
            messages.success(request, _("Saved."))
            return redirect("measure-edit", pk)
        refreshed(form, entry)
    context = {**_context(request, entry.measure, entry), "form": form, "indicator": indicator}
    return page(request, entry.version.plan, "indicator_form", "plan", **context)


def _typed(request: HttpRequest, sent: str, name: str) -> Any:
    return request.POST if sent == name else None


def _in_draft(entry: "Entry") -> str:
    return f"{reverse('measure', args=[entry.measure_id])}?version={entry.version.number}"


PARTS = {"cost": ("costs", actions.remove_cost), "indicator": ("indicators", actions.remove_indicator)}
"""What can be taken off a measure of a draft: name -> (its rows, the deed)."""


@login_required
@require_POST
def part_remove(request: HttpRequest, pk: int, what: str, row: int) -> HttpResponse:
    """Take a cost or an indicator off a measure of the draft."""
    entry = _open(request, pk)
    if what not in PARTS:
        raise Http404
    rows, deed = PARTS[what]
    part: Any = get_object_or_404(getattr(entry, rows), pk=row)
    if said_aloud(request, deed, by=request.user, **{what: part}):
        messages.success(request, _("Removed."))
    return redirect("measure-edit", pk)


@login_required
@require_POST
def measure_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a measure out of the draft; earlier versions keep it."""
    entry = _open(request, pk)
    plan = entry.version.plan
    address = f"{reverse('plan', args=[plan.pk])}?version={entry.version.number}"
    if said_aloud(
        request,
        actions.remove,
        by=request.user,
        entry=entry,
        revision=number(request, "revision"),
        reason=request.POST.get("reason", "")[:2000],
    ):
        messages.success(request, _("The measure is taken out of the draft."))
        return redirect(address)
    return redirect("measure-edit", pk)


# Who does what ----------------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM)
def roles(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose who reports on a measure, and what other institutions have to do with it."""
    found = find_measure(request, pk, to_edit=True)
    entry = _entry(request, found)
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    offered = queries.institutions(entry)
    start = {"revision": entry.revision, "kind": "executor"}
    made: dict[str, Any] = {
        "coordinator": forms.CoordinatorForm(
            _typed(request, sent, "coordinator"),
            institutions=offered,
            initial=start | {"institution": queries.likely(entry)},
            auto_id="coordinator_%s",
        ),
        "role": forms.RoleForm(
            _typed(request, sent, "role"), institutions=offered, initial=start, auto_id="role_%s"
        ),
    }
    form = made.get(sent)
    if form is not None and form.is_valid():
        deed = actions.choose_coordinator if sent == "coordinator" else actions.set_role
        if done(form, deed, by=request.user, entry=entry, **form.cleaned_data):
            messages.success(request, _("Saved."))
            return redirect(f"{reverse('measure-roles', args=[pk])}?version={entry.version.number}")
        refreshed(form, entry)
    context = _context(request, found, entry)
    return page(request, found.plan, "roles", "plan", forms=made, **context)


# Sections ---------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM)
def sections(request: HttpRequest, pk: int) -> HttpResponse:
    """The priorities and objectives of the draft, and a further one."""
    found = find_plan(request, pk, to_edit=True)
    draft = find_draft(found, request.user)
    there = list(draft.sections.all())
    form = forms.SectionForm(
        request.POST or None, priorities=[one for one in there if one.level == "priority"]
    )
    sent = request.method == "POST" and form.is_valid()
    if sent and done(form, actions.add_section, by=request.user, version=draft, **form.cleaned_data):
        messages.success(request, _("Saved."))
        return redirect("plan-sections", pk)
    return page(request, found, "sections", "plan", form=form, shown=draft, sections=there)


@login_required
@require_http_methods(FORM)
def section_edit(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Other words for a section of the draft."""
    found = find_plan(request, pk, to_edit=True)
    section = get_object_or_404(find_draft(found, request.user).sections, pk=row)
    names = ("code", "title", "revision")
    form = forms.EditSectionForm(
        request.POST or None, initial={name: getattr(section, name) for name in names}
    )
    if request.method == "POST" and form.is_valid():
        if done(form, actions.save_section, by=request.user, section=section, **form.cleaned_data):
            messages.success(request, _("Saved."))
            return redirect("plan-sections", pk)
        refreshed(form, section)
    return page(request, found, "section_form", "plan", form=form, section=section)


@login_required
@require_POST
def section_remove(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Remove a section in which no measure stands."""
    found = find_plan(request, pk, to_edit=True)
    section = get_object_or_404(find_draft(found, request.user).sections, pk=row)
    if said_aloud(request, actions.remove_section, by=request.user, section=section):
        messages.success(request, _("Removed."))
    return redirect("plan-sections", pk)
