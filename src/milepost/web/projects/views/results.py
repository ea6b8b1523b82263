"""The results matrix, its indicators, periods and targets, and what is reported of them."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.web.projects import queries
from milepost.web.projects.actions import matrix as actions
from milepost.web.projects.actions import reporting
from milepost.web.projects.cells import key_of
from milepost.web.projects.forms import results as forms
from milepost.web.projects.queries import breakdowns, engagements, people, scoping, standing
from milepost.web.projects.queries import matrix as matrices
from milepost.web.projects.views.common import P, find, find_to, page
from milepost.web.ui.acting import FORM, done, said_aloud


def _to(request: HttpRequest, thing: Any, permission: P) -> None:
    if not scoping.may_do(request.user, permission, thing):
        raise PermissionDenied(permission)


# The matrix -------------------------------------------------------------------------------------------------


@require_safe
def results(request: HttpRequest, pk: int) -> HttpResponse:
    """The results matrix with what was reached: sentence, table, and forms for those who keep it."""
    project = find(request, pk)
    whole = matrices.matrix(project)
    context = {
        "matrix": whole,
        "lines": standing.lines(whole, today=timezone.localdate()),
        "answer": standing.sentence(whole, today=timezone.localdate()),
        "period_form": forms.PeriodForm(auto_id="period_%s"),
        "faults": standing.faults(whole) if scoping.works_with(request.user, project) else [],
    }
    return page(request, project, "results", "results", **context)


@login_required
@require_http_methods(FORM)
def result_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a row to the matrix, below another one."""
    project = find_to(request, pk, P.EDIT_PROJECTS)
    asked = request.GET.get("below", "")
    parent = get_object_or_404(project.results, pk=asked) if asked.isdecimal() and len(asked) < 10 else None
    level = forms.BELOW.get(parent.level if parent else "")
    if level is None:
        raise Http404
    form = forms.ResultForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        typed = {**form.cleaned_data, "level": level, "parent": parent}
        made = done(form, actions.add_result, by=request.user, project=project, **typed)
        if made:
            return redirect(made)
    words = forms.LEVELS[level]
    return page(request, project, "result_form", "results", form=form, level=words, parent=parent)


@login_required
@require_http_methods(FORM)
def result_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a row of the matrix."""
    found = get_object_or_404(queries.results(request.user), pk=pk)
    _to(request, found.project, P.EDIT_PROJECTS)
    initial = {name: getattr(found, name) for name in ("code", "title", "assumptions", "revision")}
    form = forms.EditResultForm(request.POST or None, initial=initial)
    sent = request.method == "POST" and form.is_valid()
    if sent and done(form, actions.edit_result, by=request.user, result=found, **form.cleaned_data):
        messages.success(request, _("Saved."))
        return redirect(found)
    words = forms.LEVELS[found.level]
    return page(
        request,
        found.project,
        "result_form",
        "results",
        form=form,
        level=words,
        edited=found,
        parent=found.parent,
    )


@login_required
@require_POST
def result_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a row out of the matrix."""
    found = get_object_or_404(queries.results(request.user), pk=pk)
    _to(request, found.project, P.EDIT_PROJECTS)
    project = found.project_id
    if said_aloud(request, actions.remove_result, by=request.user, result=found):
        messages.success(request, _("Removed."))
    return redirect("results", project)


# Indicators -------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM)
def indicator_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an indicator to a row of the matrix."""
    result = get_object_or_404(queries.results(request.user), pk=pk)
    project = result.project
    _to(request, project, P.EDIT_PROJECTS)
    form = forms.IndicatorForm(request.POST or None, people=people.managers([project.institution]))
    if request.method == "POST" and form.is_valid():
        made = done(form, actions.add_indicator, by=request.user, result=result, **form.values())
        if made:
            messages.success(request, _("The indicator is added. Now set its baseline and targets."))
            return redirect(made)
    return page(request, project, "indicator_form", "results", form=form, result=result)


@require_safe
def indicator(request: HttpRequest, pk: int) -> HttpResponse:
    """One indicator: how it stands, its figures by period, its rules, every version of its targets."""
    found = get_object_or_404(queries.indicators(request.user), pk=pk)
    project = found.result.project
    inside = scoping.works_with(request.user, project)
    whole = matrices.matrix(project)
    one = whole.indicators[found.pk]
    context = {
        "indicator": one,
        "result": found.result,
        "standing": standing.of(whole, one, today=timezone.localdate()),
        "goals": standing.goals(whole, one),
        "versions": matrices.versions(found) if inside else [],
        "reports": queries.actuals(request.user).filter(indicator=found),
        "breakdowns": [breakdowns.name(cell) for cell in breakdowns.cells(one)[1:]],
        "words": standing.rules(one),
        "periods": whole.periods,
    }
    return page(request, project, "indicator", "results", **context)


@login_required
@require_http_methods(FORM)
def indicator_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an indicator or its rules."""
    found = get_object_or_404(queries.indicators(request.user), pk=pk)
    project = found.result.project
    _to(request, project, P.EDIT_PROJECTS)
    initial: dict[str, Any] = {
        name: getattr(found, name, None) for name in forms.EditIndicatorForm.base_fields
    }
    initial |= {"breakdowns": breakdowns.written(found), "responsible": str(found.responsible_id or "")}
    form = forms.EditIndicatorForm(
        request.POST or None, initial=initial, people=people.managers([project.institution])
    )
    sent = request.method == "POST" and form.is_valid()
    if sent and done(form, actions.edit_indicator, by=request.user, indicator=found, **form.values()):
        messages.success(request, _("Saved."))
        return redirect(found)
    return page(request, project, "indicator_form", "results", form=form, result=found.result, edited=found)


@login_required
@require_POST
def indicator_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an indicator out of the matrix."""
    found = get_object_or_404(queries.indicators(request.user), pk=pk)
    _to(request, found.result.project, P.EDIT_PROJECTS)
    if said_aloud(request, actions.remove_indicator, by=request.user, indicator=found):
        messages.success(request, _("Removed."))
    return redirect("results", found.result.project_id)


@login_required
@require_http_methods(FORM)
def goal(request: HttpRequest, pk: int, kind: str) -> HttpResponse:
    """Set or change the baseline, the target for the end or of a period; of the total or of a cell."""
    found = get_object_or_404(queries.indicators(request.user), pk=pk)
    project = found.result.project
    _to(request, project, P.EDIT_PROJECTS)
    if kind not in ("baseline", "target", "end"):
        raise Http404
    period = get_object_or_404(project.periods, pk=_number(request, "period")) if kind == "target" else None
    cell = next((c for c in breakdowns.cells(found) if key_of(c) == request.GET.get("cell", "")), None)
    if cell is None:
        raise Http404
    now = standing.current(found, kind, period, key_of(cell))
    initial = {**forms.typed_of(now.as_value() if now else None), "seen": now.version if now else 0}
    form = forms.GoalForm(request.POST or None, measure=found.measure, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = {"reason": form.cleaned_data["reason"], "seen": form.cleaned_data["seen"]}
        figure = form.figure(cell)
        if done(
            form,
            actions.set_goal,
            by=request.user,
            indicator=found,
            kind=kind,
            figure=figure,
            period=period,
            **typed,
        ):
            messages.success(request, _("Saved."))
            return redirect(found)
    context = {
        "form": form,
        "indicator": found,
        "kind": standing.KINDS[kind],
        "period": period,
        "cell": breakdowns.name(cell) if cell else "",
        "now": now,
    }
    return page(request, project, "goal_form", "results", **context)


def _number(request: HttpRequest, name: str) -> int:
    typed = request.GET.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


# Periods ----------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM)
def period_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a period of reporting."""
    project = find_to(request, pk, P.EDIT_PROJECTS)
    form = forms.PeriodForm(request.POST or None)
    sent = request.method == "POST" and form.is_valid()
    if sent and done(form, actions.add_period, by=request.user, project=project, **form.cleaned_data):
        messages.success(request, _("The period is added."))
        return redirect("results", pk)
    return page(request, project, "period_form", "results", form=form)


@login_required
@require_POST
def period_remove(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Take a period back."""
    project = find_to(request, pk, P.EDIT_PROJECTS)
    period = get_object_or_404(project.periods.select_related("project__institution__country"), pk=row)
    if said_aloud(request, actions.remove_period, by=request.user, period=period):
        messages.success(request, _("Removed."))
    return redirect("results", pk)


@login_required
@require_POST
def period_lock(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Lock a period, or unlock it with a reason."""
    project = find_to(request, pk, P.APPROVE_RESULTS)
    period = get_object_or_404(project.periods.select_related("project__institution__country"), pk=row)
    form = forms.LockForm(request.POST)
    if form.is_valid() and said_aloud(
        request, actions.lock_period, by=request.user, period=period, **form.cleaned_data
    ):
        messages.success(
            request, _("The period is locked.") if period.locked else _("The period is open again.")
        )
    return redirect("reporting", pk)


# Reporting --------------------------------------------------------------------------------------------------


@login_required
@require_safe
def reporting_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What is to be reported, by period: each indicator with where its report stands."""
    project = find(request, pk)
    user = request.user
    if not any(scoping.may_do(user, each, project) for each in (P.REPORT_RESULTS, P.APPROVE_RESULTS)):
        raise PermissionDenied(P.REPORT_RESULTS)
    whole = matrices.matrix(project, drafts=True)
    context = {"matrix": whole, "periods": standing.to_report(whole, today=timezone.localdate())}
    return page(request, project, "reporting", "reporting", **context)


@login_required
@require_http_methods(FORM)
def report(request: HttpRequest, pk: int, period: int, indicator: int) -> HttpResponse:
    """Type what was reached in a period: the total, the cells, what shows it; save or send to review."""
    project = find_to(request, pk, P.REPORT_RESULTS)
    of = get_object_or_404(project.periods, pk=period)
    one = get_object_or_404(queries.indicators(request.user).filter(result__project=project), pk=indicator)
    there = queries.actuals(request.user).filter(indicator=one, period=of).first()
    if there is not None and there.state not in ("draft", "returned"):
        return redirect(there)
    said = {key_of(cell.as_value().breakdown): cell.as_value() for cell in there.cells.all()} if there else {}
    asked = breakdowns.cells(one)
    rows = [
        (
            cell,
            forms.FigureForm(
                request.POST or None,
                measure=one.measure,
                prefix=f"cell-{number}",
                initial=forms.typed_of(said.get(key_of(cell))),
            ),
        )
        for number, cell in enumerate(asked)
    ]
    initial = {
        "comment": there.comment if there else "",
        "evidence": there.evidence if there else "",
        "revision": there.revision if there else 0,
    }
    form = forms.ReportForm(request.POST or None, request.FILES or None, initial=initial)
    wrong = [each for each in (*(each for _cell, each in rows), form) if not each.is_valid()]
    if request.method == "POST" and not wrong and (kept := _typed(request, form, rows, one, of)):
        return redirect("actual", kept.pk)
    context = {
        "indicator": one,
        "period": of,
        "actual": there,
        "form": form,
        "rows": [(breakdowns.name(cell), each) for cell, each in rows],
        "offer": engagements.offer(one, of, there),
        "standing": standing.of(matrices.matrix(project), one, today=timezone.localdate()),
    }
    return page(request, project, "report_form", "reporting", **context)


def _typed(request: HttpRequest, form: Any, rows: Any, one: Any, of: Any) -> Any:
    """Keep what was typed as a draft, and its file; send it where that was asked; None where refused."""
    filled = [(cell, each) for cell, each in rows if not each.is_empty]
    if not filled:
        form.add_error(None, _("Type a figure, or choose why there is none."))
        return None
    typed = form.cleaned_data
    kept = done(
        form,
        reporting.report,
        by=request.user,
        indicator=one,
        period=of,
        figures=[each.figure(cell) for cell, each in filled],
        comment=typed["comment"],
        evidence=typed["evidence"],
        revision=typed["revision"],
    )
    if not kept:
        return None
    if upload := typed["file"]:
        done(form, reporting.attach_evidence, by=request.user, actual=kept, upload=upload, name=upload.name)
    if "send" in request.POST:
        done(form, reporting.submit, by=request.user, actual=kept, revision=kept.revision)
        messages.success(request, _("Sent to review."))
    else:
        messages.success(request, _("Saved as a draft."))
    return kept


@login_required
@require_safe
def actual(request: HttpRequest, pk: int) -> HttpResponse:
    """One report: its figures, what shows them, and what can be done with it."""
    found = get_object_or_404(queries.actuals(request.user), pk=pk)
    project = found.indicator.result.project
    user = request.user
    inside = scoping.works_with(user, project)
    mine = user.pk in (found.submitted_by_id, found.typed_by_id)
    context = {
        "actual": found,
        "indicator": found.indicator,
        "cells": [(breakdowns.name(cell.as_value().breakdown), cell) for cell in found.cells.all()],
        "files": standing.files(found) if inside else [],
        "status": standing.STATES[found.state],
        "status_shape": standing.SHAPES[found.state],
        "may_type": scoping.may_do(user, P.REPORT_RESULTS, project) and found.state in ("draft", "returned"),
        "may_recall": scoping.may_do(user, P.REPORT_RESULTS, project) and found.state == "submitted",
        "may_review": scoping.may_do(user, P.APPROVE_RESULTS, project) and not mine,
        "words": dict(forms.STATUSES),
        "offer": engagements.offer(found.indicator, found.period, found) if inside else None,
    }
    return page(request, project, "actual", "reporting", **context)


DEEDS = {
    "submit": (reporting.submit, P.REPORT_RESULTS),
    "recall": (reporting.recall, P.REPORT_RESULTS),
    "approve": (reporting.approve, P.APPROVE_RESULTS),
    "return": (reporting.give_back, P.APPROVE_RESULTS),
}


@login_required
@require_POST
def actual_step(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Submit, recall, approve or return a report."""
    found = get_object_or_404(queries.actuals(request.user), pk=pk)
    if deed not in DEEDS:
        raise Http404
    action, permission = DEEDS[deed]
    _to(request, found.indicator.result.project, permission)
    form = forms.ReviewForm(request.POST)
    if form.is_valid():
        more = {"reason": form.cleaned_data["reason"]} if deed == "return" else {}
        revision = form.cleaned_data["revision"]
        if said_aloud(request, action, by=request.user, actual=found, revision=revision, **more):
            messages.success(request, _("Done."))
    return redirect("actual", pk)
