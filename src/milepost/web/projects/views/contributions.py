"""What a project contributes to targets and measures, and what all of them contribute to one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from milepost.web.indicators import queries as indicators
from milepost.web.plans import queries as plans
from milepost.web.plans.queries import measure as measures
from milepost.web.projects.actions import contributions as actions
from milepost.web.projects.forms.contributions import (
    EditContributionForm,
    NewContributionForm,
    WithdrawForm,
)
from milepost.web.projects.queries import contributions as queries
from milepost.web.projects.queries import indicators as of_projects
from milepost.web.projects.queries import scoping, table
from milepost.web.projects.views.common import P, find, find_to, page
from milepost.web.ui.acting import FORM, done


@require_safe
def contributions(request: HttpRequest, pk: int) -> HttpResponse:
    """What the indicators of a project contribute to."""
    project = find(request, pk)
    rows = queries.of_project(request.user, project, today=timezone.localdate())
    return page(request, project, "contributions", "contributions", rows=rows)


@login_required
@require_http_methods(FORM)
def contribution_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that an indicator of the project contributes to a target or a measure."""
    project = find_to(request, pk, P.EDIT_PROJECTS)
    targets = queries.targets_for(request.user, project)
    entries = queries.measures_for(request.user, project)
    others = queries.others(request.user, [*targets, *(entry.measure for entry in entries)])
    form = NewContributionForm(
        request.POST or None,
        indicators=of_projects(request.user).filter(result__project=project),
        targets=targets,
        entries=entries,
        others=others,
        named=queries.described(request.user, others),
    )
    sent = request.method == "POST" and form.is_valid()
    if sent and done(form, actions.contribute, by=request.user, **form.values()):
        messages.success(request, _("Saved."))
        return redirect("project-contributions", project.pk)
    context = {"form": form, "possible": form.is_possible}
    return page(request, project, "contribution_form", "contributions", **context)


@login_required
@require_http_methods(FORM)
def contribution_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is said of a contribution."""
    found = _to_edit(request, pk)
    project = found.indicator.result.project
    others = queries.others(request.user, [found.goal], but=found)
    initial = {
        "words": found.words,
        "percent": f"{(found.share * 100).normalize():f}",
        "counted_in": str(found.counted_in_id or ""),
        "reason": found.reason,
        "revision": found.revision,
    }
    form = EditContributionForm(
        request.POST or None,
        initial=initial,
        others=others,
        named=queries.described(request.user, others),
        now=found.counted_in,
    )
    sent = request.method == "POST" and form.is_valid()
    if sent and done(form, actions.change, by=request.user, contribution=found, **form.values()):
        messages.success(request, _("Saved."))
        return redirect("project-contributions", project.pk)
    goal = queries.goals(request.user, [found])[found.pk]
    context: dict[str, Any] = {"form": form, "edited": found, "goal": goal, "possible": True}
    return page(request, project, "contribution_form", "contributions", **context)


@login_required
@require_http_methods(FORM)
def contribution_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that it contributes, with the reason."""
    found = _to_edit(request, pk)
    project = found.indicator.result.project
    form = WithdrawForm(request.POST or None, initial={"revision": found.revision})
    sent = request.method == "POST" and form.is_valid()
    if sent and done(form, actions.withdraw, by=request.user, contribution=found, **form.cleaned_data):
        messages.success(request, _("Removed."))
        return redirect("project-contributions", project.pk)
    context = {"form": form, "edited": found, "goal": queries.goals(request.user, [found])[found.pk]}
    return page(request, project, "contribution_withdraw", "contributions", **context)


@require_safe
def target_contributions(request: HttpRequest, pk: int) -> HttpResponse:
    """What the projects that the reader may see contribute to a target, beside it and never added to it."""
    target = get_object_or_404(indicators.targets(request.user), pk=pk)
    found = queries.to_target(request.user, target, today=timezone.localdate())
    context = {
        "target": target,
        "title": indicators.title(target.indicator),
        "unit": queries.unit_of(target),
        "found": found,
    }
    return render(request, "projects/target_contributions.html", context)


@require_safe
def target_contributions_export(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """Every contribution that the page shows."""
    target = get_object_or_404(indicators.targets(request.user), pk=pk)
    found = queries.to_target(request.user, target, today=timezone.localdate())
    return _exported(found, ending, f"contributions-{target.indicator.slug}-{target.year}")


@require_safe
def measure_contributions(request: HttpRequest, pk: int) -> HttpResponse:
    """What the projects that the reader may see contribute to a measure of a plan."""
    measure = get_object_or_404(plans.measures(request.user), pk=pk)
    found = queries.to_measure(request.user, measure, today=timezone.localdate())
    entry = measures.last_entry(request.user, measure)
    return render(request, "projects/measure_contributions.html", {"entry": entry, "found": found})


@require_safe
def measure_contributions_export(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """Every contribution that the page shows."""
    measure = get_object_or_404(plans.measures(request.user), pk=pk)
    found = queries.to_measure(request.user, measure, today=timezone.localdate())
    return _exported(found, ending, f"contributions-measure-{measure.pk}")


def _exported(found: queries.Together, ending: str, name: str) -> HttpResponse:
    if ending not in table.EXPORTS:
        raise Http404
    kind, write = table.EXPORTS[ending]
    answer = HttpResponse(write(*queries.exported(found), _("Contributions")), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return answer


def _to_edit(request: HttpRequest, pk: int) -> Any:
    found = get_object_or_404(queries.contributions(request.user), pk=pk)
    if not scoping.may_do(request.user, P.EDIT_PROJECTS, found.indicator.result.project):
        raise PermissionDenied(P.EDIT_PROJECTS)
    return found
