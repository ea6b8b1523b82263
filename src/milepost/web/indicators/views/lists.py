"""Pages of a country's list of indicators."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from milepost.errors import MilepostError
from milepost.web.indicators.actions import lists as actions
from milepost.web.indicators.forms.lists import AddForm, IndicatorForm
from milepost.web.indicators.queries import find_indicator, title, work
from milepost.web.ui.forms import show_faults
from milepost.web.ui.revisions import Stale

if TYPE_CHECKING:
    from milepost.web.stakeholders.models import Country


@login_required
@require_GET
def lists(request: HttpRequest) -> HttpResponse:
    """The lists that a person keeps."""
    countries = work.listed_countries(request.user)
    if not countries:
        raise PermissionDenied
    shown = next((one for one in countries if one.code == request.GET.get("country")), countries[0])
    context = {
        "shown": shown,
        "countries": countries,
        "indicators": [(one, title(one)) for one in work.list_of(shown)],
    }
    return render(request, "indicators/datasets/lists.html", context)


@login_required
def add(request: HttpRequest, country: str) -> HttpResponse:
    """Put an indicator on a list."""
    found = _country(request, country)
    form = AddForm(request.POST or None, custodians=work.custodians(found), known=work.not_listed_yet(found))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        known = said["code"].strip() in form.known
        try:
            indicator = actions.add(
                by=request.user,
                country=found,
                code=said["code"],
                framework="sdg" if known else "national",
                title=said["title"],
                custodian=form.custodian_chosen(),
            )
        except MilepostError as error:
            show_faults(form, error)
        else:
            messages.success(request, _("{code} is on the list.").format(code=indicator.code))
            return redirect("indicator-edit", found.code, indicator.code)
    return render(request, "indicators/datasets/list_add.html", {"form": form, "shown": found})


@login_required
def edit(request: HttpRequest, country: str, code: str) -> HttpResponse:
    """How an indicator stands on its list."""
    _country(request, country)
    found = find_indicator(request.user, country, code)
    if found is None:
        raise Http404
    custodians = work.custodians(found.country)
    form = IndicatorForm(request.POST or None, initial=IndicatorForm.initial_of(found), custodians=custodians)
    status = 200
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        try:
            actions.edit(
                by=request.user,
                indicator=found,
                revision=said["revision"] or 0,
                title=said["title"],
                custodian=form.custodian_chosen(),
                listed=said["listed"],
                metadata=form.metadata(found.metadata),
            )
        except Stale as stale:
            status = 409
            form = _renewed(form, stale.now, custodians)
            messages.warning(
                request,
                _("Somebody else changed it meanwhile. What you typed is still here: look, and save again."),
            )
        except MilepostError as error:
            show_faults(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("indicator-lists")
    context = {"form": form, "indicator": found, "title": title(found), "shown": found.country}
    return render(request, "indicators/datasets/list_edit.html", context, status=status)


def _renewed(form: Any, now: Any, custodians: Any) -> IndicatorForm:
    data = form.data.copy()
    data["revision"] = str(now.revision)
    return IndicatorForm(data, custodians=custodians)


def _country(request: HttpRequest, code: str) -> Country:
    """A country whose list this person keeps; one that they may know of but not edit is a refusal."""
    found = next((one for one in work.listed_countries(request.user) if one.code == code), None)
    if found is None:
        if work.knows(request.user, code):
            raise PermissionDenied
        raise Http404
    return found
