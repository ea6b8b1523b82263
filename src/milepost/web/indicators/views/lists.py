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

from milepost.web.indicators.actions import lists as actions
from milepost.web.indicators.forms.lists import AddForm, IndicatorForm
from milepost.web.indicators.queries import find_indicator, title, work
from milepost.web.ui.forms import attempt

if TYPE_CHECKING:
    from milepost.web.indicators.models import Indicator
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
    tried = attempt(form, lambda: _add(request, found, form))
    if tried.done:
        messages.success(request, _("{code} is on the list.").format(code=tried.made.code))
        return redirect("indicator-edit", found.code, tried.made.code)
    return render(request, "indicators/datasets/list_add.html", {"form": form, "shown": found})


def _add(request: HttpRequest, country: Country, form: AddForm) -> Indicator:
    said = form.cleaned_data
    known = said["code"].strip() in form.known
    return actions.add(
        by=request.user,
        country=country,
        code=said["code"],
        framework="sdg" if known else "national",
        title=said["title"],
        custodian=form.custodian_chosen(),
    )


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
    tried = attempt(
        form,
        lambda: actions.edit(
            by=request.user,
            indicator=found,
            revision=form.cleaned_data["revision"] or 0,
            title=form.cleaned_data["title"],
            custodian=form.custodian_chosen(),
            listed=form.cleaned_data["listed"],
            metadata=form.metadata(found.metadata),
        ),
    )
    if tried.done:
        messages.success(request, _("Saved."))
        return redirect("indicator-lists")
    if tried.stale is not None:
        status = 409
        form = _renewed(form, tried.stale.now, custodians)
        messages.warning(
            request,
            _("Somebody else changed it meanwhile. What you typed is still here: look, and save again."),
        )
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
