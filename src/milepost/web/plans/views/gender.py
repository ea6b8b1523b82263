"""Pages of women and men in a plan: how it is marked, what is missing, how far figures are apart."""

import csv
import io
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.interchange.csv import shielded
from milepost.reports import charts
from milepost.web.plans.actions import gender as actions
from milepost.web.plans.forms import gender as forms
from milepost.web.plans.queries import gender as queries
from milepost.web.plans.queries import measure as measures
from milepost.web.plans.queries import scoping, versions
from milepost.web.plans.views.common import asked_version, find_draft, find_measure, find_plan, page
from milepost.web.ui.acting import FORM, done, refreshed, said_aloud
from milepost.web.ui.templatetags.ui import plain

if TYPE_CHECKING:
    from milepost.web.plans.models import Entry


@require_safe
def gender(request: HttpRequest, pk: int) -> HttpResponse:
    """How a version is marked, what it hides of women and men, and their figures over the rounds."""
    plan = find_plan(request, pk)
    shown = asked_version(request, plan)
    context: dict[str, Any] = {"shown": shown, "marks": queries.MARKS}
    if shown is not None:
        whole = queries.whole(shown)
        told = queries.lines(plan, timezone.localdate())
        if not scoping.works_with(request.user, plan.policy):
            told = queries.for_the_public(told)
        context |= {
            "whole": whole,
            "headline": queries.headline_of(whole.gender, [one.gaps for one in told]),
            "lines": [{"line": one, "chart": _chart(one)} for one in told],
        }
    return page(request, plan, "gender", "gender", **context)


def _chart(line: queries.Line) -> Any:
    drawn = charts.line(
        line.series,
        language=get_language() or "en",
        width=380,
        height=170,
        title=plain(line.indicator),
        description=line.sentence,
    )
    return mark_safe(drawn)  # noqa: S308  (charts escapes every word)


@require_safe
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """The marks of a version as a table."""
    plan = find_plan(request, pk)
    shown = asked_version(request, plan)
    if shown is None:
        raise Http404
    out = io.StringIO()
    csv.writer(out).writerows([shielded(cell) for cell in row] for row in queries.table(shown))
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="gender-{plan.pk}-{shown.number}.csv"'
    return answer


# To mark ----------------------------------------------------------------------------------------------------


def _entry(request: HttpRequest, pk: int) -> "Entry":
    """What the version asked for, else the last one, says of a measure that may be edited."""
    found = find_measure(request, pk, to_edit=True)
    version = asked_version(request, found.plan)
    entry = versions.entry_of(version, found) if version is not None else None
    if entry is None and "version" in request.GET:
        raise Http404
    return entry or measures.last_entry(request.user, found)


def _to(entry: "Entry") -> str:
    return f"{reverse('measure-gender', args=[entry.measure_id])}?version={entry.version.number}"


@login_required
@require_http_methods(FORM)
def measure_gender(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether a measure sees women and men, and why; its indicators; candidates for a draft."""
    entry = _entry(request, pk)
    form = forms.MeasureMarkForm(request.POST or None, initial=forms.said(entry))
    if request.method == "POST" and form.is_valid():
        if done(form, actions.mark_measure, by=request.user, entry=entry, **form.cleaned_data):
            messages.success(request, _("Saved."))
            return redirect(_to(entry))
        refreshed(form, entry)
    context = {
        "form": form,
        "entry": entry,
        "measure": entry.measure,
        "shown": entry.version,
        "suggested": queries.suggested_of(entry),
        "definitions": queries.definitions(),
        "indicators": [(one, queries.suggested(one)) for one in entry.indicators.all()],
        "offered": queries.offered([entry]) if entry.version.is_draft else [],
    }
    return page(request, entry.version.plan, "gender_measure", "gender", **context)


@login_required
@require_http_methods(FORM)
def indicator_gender(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """The same of one indicator of a measure."""
    measure = find_measure(request, pk, to_edit=True)
    seen = scoping.versions(request.user).filter(plan=measure.plan)
    indicator = get_object_or_404(
        queries.indicators_of(measure).filter(entry__version__in=seen.values("pk")), pk=row
    )
    entry = indicator.entry
    form = forms.IndicatorMarkForm(request.POST or None, initial=forms.said_of_indicator(indicator))
    if request.method == "POST" and form.is_valid():
        if done(form, actions.mark_indicator, by=request.user, indicator=indicator, **form.cleaned_data):
            messages.success(request, _("Saved."))
            return redirect(_to(entry))
        refreshed(form, entry)
    context = {
        "form": form,
        "entry": entry,
        "measure": measure,
        "shown": entry.version,
        "indicator": indicator,
        "suggested": queries.suggested(indicator),
        "definitions": queries.definitions(),
    }
    return page(request, entry.version.plan, "gender_indicator", "gender", **context)


@login_required
@require_POST
def add_candidate(request: HttpRequest, pk: int) -> HttpResponse:
    """Add an indicator of the catalogue to the measure in the draft."""
    measure = find_measure(request, pk, to_edit=True)
    entry = versions.entry_of(find_draft(measure.plan, request.user), measure)
    candidate = queries.candidates().get(request.POST.get("candidate", ""))
    if entry is None or candidate is None:
        raise Http404
    deed, language = actions.add_candidate, get_language() or "en"
    if said_aloud(request, deed, by=request.user, entry=entry, candidate=candidate, language=language):
        messages.success(request, _("The indicator is added. Say now how it is marked, and why."))
    return redirect(_to(entry))
