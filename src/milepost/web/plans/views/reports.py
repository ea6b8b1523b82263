"""Consolidated reports on a plan, from a draft to what everybody reads; and the public page of results."""

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.reports import plan as written
from milepost.web.files import queries as files
from milepost.web.plans.actions import reports as actions
from milepost.web.plans.forms import reports as forms
from milepost.web.plans.queries import report_content, reports
from milepost.web.plans.queries import results as public
from milepost.web.plans.views.common import find_plan, page
from milepost.web.stakeholders import queries as stakeholders
from milepost.web.ui.acting import FORM, done, refreshed, said_aloud

if TYPE_CHECKING:
    from milepost.web.plans.models import Plan, PlanReport


def _plan(request: HttpRequest, pk: int) -> "Plan":
    """A plan with whose reports the reader works; else 404."""
    found = find_plan(request, pk)
    if not reports.may_read(request.user, found):
        raise Http404
    return found


def _report(request: HttpRequest, pk: int, *, to_write: bool = False) -> "PlanReport":
    """A report that the reader works with, else 404; 403 where they do not write it."""
    found = get_object_or_404(reports.visible_to(request.user), pk=pk)
    if to_write and not reports.may_write(request.user, found):
        raise PermissionDenied
    return found


def _language() -> str:
    return get_language() or "en"


# Reports ----------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM)
def plan_reports(request: HttpRequest, pk: int) -> HttpResponse:
    """The reports on a plan; whoever writes them begins one here."""
    plan = _plan(request, pk)
    may_write = reports.may_write(request.user, plan)
    form = forms.NewReportForm(request.POST or None, periods=reports.periods(plan))
    if request.method == "POST":
        if not may_write:
            raise PermissionDenied
        if form.is_valid():
            made = done(form, actions.begin, by=request.user, plan=plan, **form.cleaned_data)
            if made:
                messages.success(request, _("The report is drafted from the answers that are here."))
                return redirect(made)
    listed = reports.of_plan(request.user, plan)
    return page(request, plan, "reports", "reports", form=form, reports=listed, may_write=may_write)


@login_required
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """A report: as the data have it, or as it was approved; and what can be done with it."""
    found = _report(request, pk)
    version = reports.latest(found)
    content = report_content.of_version(version) if version else report_content.draft(found)
    banner = report_content.banner(found)
    versions = list(found.versions.select_related("by", "report"))
    may_write = reports.may_write(request.user, found)
    context = {
        "report": found,
        "rounds": reports.rounds_of(found),
        "version": version,
        "versions": versions,
        "public": next((one for one in versions if one.is_public), None),
        "outdated": reports.outdated(found) if not version else [],
        "silent": report_content.silent(found),
        "being_made": reports.being_published(found),
        "not_made": reports.not_published(found),
        "digest": "" if version else report_content.digest(content),
        "may_write": may_write,
        "may_approve": may_write and request.user.pk not in reports.writers(found),
        "article": report_content.article(content, request.user, _language(), banner=banner),
    }
    return page(request, found.plan, "report", "reports", **context)


@login_required
@require_http_methods(FORM)
def report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the lead's own parts, and decide what the report tells."""
    found = _report(request, pk, to_write=True)
    if not found.may_be_changed:
        messages.error(request, _("A report is written as a draft, or once it was returned."))
        return redirect(found)
    initial = {
        **{part: found.sections.get(part, {}) for part in reports.SECTIONS},
        "silent_shown": found.silent_shown,
        "why": found.why,
        "revision": found.revision,
    }
    form = forms.WriteForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if done(form, actions.write, by=request.user, report=found, **form.written()):
            messages.success(request, _("Saved."))
            return redirect(found)
        refreshed(form, found)
    stale = getattr(form, "stale", False)
    return page(request, found.plan, "report_edit", "reports", report=found, form=form, stale=stale)


# The institutions' texts ------------------------------------------------------------------------------------


@login_required
@require_safe
def texts(request: HttpRequest, pk: int) -> HttpResponse:
    """The texts of the institutions as they are printed: which are edited, out of date, not accepted."""
    found = _report(request, pk)
    rows = reports.texts(found)
    context = {
        "report": found,
        "rows": rows,
        "edited": sum(row.edited for row in rows),
        "outdated": sum(row.outdated for row in rows),
        "unprinted": sum(not row.printed for row in rows),
        "may_write": reports.may_write(request.user, found) and found.may_be_changed,
    }
    return page(request, found.plan, "report_texts", "reports", **context)


@login_required
@require_http_methods(FORM)
def text(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """The texts of one answer, the institution's own beside what the report prints."""
    found = _report(request, pk)
    shown = next((one for one in reports.texts(found) if one.answer.pk == row), None)
    if shown is None:
        raise Http404
    may_write = reports.may_write(request.user, found) and found.may_be_changed
    asked = request.POST.get("part") if request.method == "POST" else None
    bound = None
    if asked is not None:
        if not reports.may_write(request.user, found):
            raise PermissionDenied
        bound = forms.TextForm(request.POST, auto_id=f"{asked}_%s")
        if bound.is_valid() and _keep(request, found, shown, bound):
            return redirect("plan-report-texts", found.pk)
        shown = next((one for one in reports.texts(found) if one.answer.pk == row), shown)
        _rest_on_now(bound, shown)
    context = {
        "report": found,
        "row": shown,
        "stale": getattr(bound, "stale", False),
        "may_write": may_write,
        "forms": [(one, bound if one.part == asked else _form(one)) for one in shown.words],
    }
    return page(request, found.plan, "report_text", "reports", **context)


def _keep(request: HttpRequest, found: "PlanReport", shown: Any, bound: Any) -> bool:
    """Save the edited text, or print the institution's own again; the form says why it could not be."""
    typed = bound.cleaned_data
    there = next(one.edited for one in shown.words if one.part == typed["part"])
    if "drop" in request.POST and there is not None:
        kept = done(
            bound,
            actions.drop_text,
            by=request.user,
            report=found,
            text=there,
            revision=typed["revision"],
        )
        words = _("The institution's own text is printed again.")
    else:
        kept = done(bound, actions.edit_text, by=request.user, report=found, answer=shown.answer, **typed)
        words = _("Saved. Both texts are kept.")
    if kept:
        messages.success(request, words)
    return bool(kept)


def _form(one: Any) -> forms.TextForm:
    edited = one.edited
    initial = {
        "part": one.part,
        "revision": edited.revision if edited else 0,
        "words": edited.words if edited else one.own,
    }
    return forms.TextForm(initial=initial, auto_id=f"{one.part}_%s")


def _rest_on_now(bound: Any, shown: Any) -> None:
    """Let a form that was refused as stale rest on the text as it is now, so that it can be sent again."""
    if getattr(bound, "stale", False):
        edited = next(one.edited for one in shown.words if one.part == bound.cleaned_data["part"])
        bound.data = bound.data.copy()
        bound.data["revision"] = edited.revision if edited else 0


# Steps and files --------------------------------------------------------------------------------------------

STEPS = {
    "submit": (actions.submit, ()),
    "recall": (actions.recall, ()),
    "return": (actions.give_back, ("reason",)),
    "approve": (actions.approve, ("digest",)),
    "publish": (actions.ask_to_publish, ()),
    "withdraw": (actions.withdraw, ("reason",)),
    "reopen": (actions.reopen, ("reason",)),
}
"""What can be done with a report: word in the address -> (the deed, what else it takes)."""


@login_required
@require_POST
def step(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Send, take back, return, approve, publish, withdraw a report, or open it again."""
    if deed not in STEPS:
        raise Http404
    found = _report(request, pk, to_write=True)
    action, more = STEPS[deed]
    form = forms.StepForm(request.POST)
    if form.is_valid():
        typed = {name: form.cleaned_data[name] for name in more}
        revision = form.cleaned_data["revision"]
        if said_aloud(request, action, by=request.user, report=found, revision=revision, **typed):
            said = {"publish": _("The documents are being made; then the report is public.")}
            messages.success(request, said.get(deed) or _("Done."))
    return redirect(found)


@login_required
@require_safe
def report_file(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """A report as a file in the reader's language, for those who work with it: with names of evidence.

    `?version=2` asks for a version that was approved; without it, it is the one in force, else the draft.
    """
    if ending not in report_content.KINDS:
        raise Http404
    found = _report(request, pk)
    asked = request.GET.get("version", "")
    version = reports.latest(found)
    if asked:
        wanted = int(asked) if asked.isdecimal() and len(asked) < 5 else 0
        version = get_object_or_404(reports.versions(request.user), report=found, number=wanted)
    content = report_content.of_version(version) if version else report_content.draft(found)
    banner = "" if version else report_content.banner(found)
    made = report_content.as_file(content, ending, _language(), banner=banner)
    name = report_content.file_name(found, ending, _language(), version.number if version else None)
    answer = HttpResponse(made, content_type=report_content.KINDS[ending])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


# What is public ---------------------------------------------------------------------------------------------


@require_safe
def plan_results(request: HttpRequest, pk: int) -> HttpResponse:
    """The results of a plan as published: of the last period, or of the report that is asked for."""
    plan = find_plan(request, pk)
    there = reports.results(plan)
    asked = request.GET.get("report", "")
    chosen = next((one for one in there if not asked or str(one.report_id) == asked), None)
    if asked and chosen is None:
        raise Http404
    shown = public.results(chosen) if chosen is not None else None
    return page(request, plan, "results", "results", shown=shown, published=there)


@require_safe
def results_file(request: HttpRequest, pk: int, language: str, ending: str) -> HttpResponseBase:
    """A file of a published report, as everybody may have it."""
    found = reports.public_file(pk, language, ending)
    if found is None:
        raise Http404
    try:
        content = files.open_file(found.file)
    except FileNotFoundError:
        raise Http404 from None
    return FileResponse(
        content, as_attachment=True, filename=found.file.name, content_type=report_content.KINDS[ending]
    )


@require_safe
def country_results(request: HttpRequest, country: str) -> HttpResponse:
    """What is published of the plans of a country; of a single plan, its page."""
    found = get_object_or_404(stakeholders.countries(request.user), code=country)
    there = reports.results_of_country(found)
    if len(there) == 1:
        return redirect("plan-results", there[0].report.plan_id)
    rows = [(one, written.answer(report_content.of_version(one), _language())) for one in there]
    return render(request, "plans/country_results.html", {"country": found, "rows": rows})
