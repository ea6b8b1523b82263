"""Pages on which two institutions' figures for one quantity stand side by side."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from milepost.errors import MilepostError
from milepost.web.accounts.queries import scopes
from milepost.web.accounts.roles import Permission
from milepost.web.indicators.actions import official
from milepost.web.indicators.forms.official import ChooseForm
from milepost.web.indicators.queries import title, work
from milepost.web.indicators.templatetags.datasets import what
from milepost.web.ui import moments
from milepost.web.ui.forms import show_faults


@login_required
@require_GET
def sources(request: HttpRequest) -> HttpResponse:
    """The indicators with two sources, those first of which nobody has decided yet."""
    if not scopes(request.user, Permission.CHOOSE_OFFICIAL):
        raise PermissionDenied
    open_ones = set(work.undecided_for(request.user).values_list("pk", flat=True))
    found = [(one, title(one), one.pk in open_ones) for one in work.two_sources(request.user)]
    found.sort(key=lambda entry: not entry[2])
    return render(request, "indicators/datasets/sources.html", {"found": found, "open": len(open_ones)})


@login_required
def source(request: HttpRequest, country: str, code: str) -> HttpResponse:
    """One indicator: the figures of its institutions beside each other, and the choice."""
    found = work.two_sources(request.user).filter(country__code=country, code=code).first()
    if found is None:
        raise Http404
    moments.follow(found.country)
    compared = work.side_by_side(found)
    institutions = list({one.pk: one for side in compared for one in side.institutions}.values())
    named = [(side, _named(side)) for side in compared]
    form = ChooseForm(
        request.POST or None,
        institutions=institutions,
        series=[(side.series.pk, words) for side, words in named],
    )
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        picked = set(said.get("series") or ())
        try:
            official.choose(
                by=request.user,
                series=[side.series for side in compared if not picked or str(side.series.pk) in picked],
                institution=next(one for one in institutions if str(one.pk) == said["institution"]),
                reason=said["reason"],
            )
        except MilepostError as error:
            show_faults(form, error)
        else:
            messages.success(request, _("The official source was chosen."))
            return redirect("sources")
    context: dict[str, Any] = {
        "indicator": found,
        "title": title(found),
        "compared": named,
        "differing": sum(side.differing for side in compared),
        "choices": work.choices_of(found),
        "form": form,
    }
    return render(request, "indicators/datasets/source.html", context)


def _named(side: work.SideBySide) -> str:
    series = side.series
    words = what({**series.breakdown, "ref_area": series.area})
    return f"{series.code} {words}".strip()
