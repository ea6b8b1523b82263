"""Pages on which figures are typed in."""

from __future__ import annotations

import datetime
import json
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.indicators.actions import entry as actions
from milepost.web.indicators.forms.entry import GridForm, WhichForm
from milepost.web.indicators.queries import entry as queries
from milepost.web.indicators.queries import names, title
from milepost.web.indicators.queries.standings import quantities
from milepost.web.intake import queries as intake
from milepost.web.ui import moments
from milepost.web.ui.templatetags.ui import plain

if TYPE_CHECKING:
    from milepost.web.indicators.models import Dataset, Indicator

YEARS = 5
"""How many years a new grid offers at first."""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry_new(request: HttpRequest) -> HttpResponse:
    """Choose which figures to type in: first of which indicator, then which cells."""
    institutions = queries.institutions_of(request.user)
    if not institutions:
        raise PermissionDenied
    by_key = {one.pk: one for found in institutions for one in queries.indicators_of(request.user, found)}
    asked = {name: request.GET.get(name) for name in ("institution", "indicator")}
    which = WhichForm(
        asked if all(asked.values()) else None,
        institutions=[(one.pk, plain(one.text)) for one in institutions],
        indicators=[(pk, f"{one.code} {plain(title(one))}"[:140]) for pk, one in by_key.items()],
        initial=asked,
    )
    context: dict[str, Any] = {"which": which}
    if which.is_bound and which.is_valid():
        institution = next(one for one in institutions if str(one.pk) == asked["institution"])
        indicator = by_key[int(which.cleaned_data["indicator"])]
        if institution.country not in (None, indicator.country):
            which.add_error("indicator", _("The institution works in another country."))
        else:
            form = _grid_form(request, indicator)
            if request.method == "POST" and form.is_valid():
                return _start(request, institution, indicator, form)
            context |= {"form": form, "indicator": indicator, "institution": institution}
    return render(request, "indicators/entry/new.html", context)


def _grid_form(request: HttpRequest, indicator: Indicator) -> GridForm:
    this_year = datetime.datetime.now(tz=datetime.UTC).year
    return GridForm(
        request.POST if request.method == "POST" else None,
        quantities=[
            (series, unit, f"{plain(name)} ({unit})" if unit else plain(name))
            for series, unit, name in quantities(indicator)
        ],
        dimensions=queries.dimensions(indicator),
        own=names.own_titles(indicator.country),
        initial={"first_year": this_year - YEARS, "last_year": this_year - 1},
    )


def _start(request: HttpRequest, institution: Any, indicator: Indicator, form: GridForm) -> HttpResponse:
    dataset = actions.start_from_cells(
        by=request.user, institution=institution, indicator=indicator, cells=form.cells(indicator)
    )
    messages.success(request, _("The form is ready. What is current stands in it already."))
    return redirect("entry", dataset.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """The grid; without JavaScript all its cells are saved at once."""
    dataset = _find(request, pk)
    results: list[actions.Saved] = []
    if request.method == "POST":
        _need_change(request, dataset)
        results = actions.save(by=request.user, dataset=dataset, typed=_typed(request.POST))
        conflicts = [one for one in results if one.conflict]
        if not conflicts:
            count = len(results)
            said = ngettext("{count} cell is saved.", "{count} cells are saved.", count)
            messages.success(request, said.format(count=count) if count else _("Nothing had changed."))
            return redirect("entry", pk)
        messages.error(request, _("Somebody else changed some of these cells. Compare, and save again."))
    dataset.refresh_from_db()
    context = {
        "dataset": dataset,
        "indicator": dataset.delivery.tables[0]["code"],
        "grid": queries.grid(dataset),
        "statuses": queries.status_choices(),
        "may_change": _may_change(request, dataset),
        "conflicts": {one.typed.number: _conflict(one) for one in results if one.conflict},
    }
    return render(request, "indicators/entry/grid.html", context)


@login_required
@require_POST
def entry_cells(request: HttpRequest, pk: int) -> JsonResponse:
    """Save cells as they are typed: [{number, value, status, seen}] in, how they are now out."""
    dataset = _find(request, pk)
    _need_change(request, dataset)
    try:
        typed = [
            actions.Typed(int(one["number"]), str(one["value"]), str(one["status"]), str(one["seen"]))
            for one in json.loads(request.body)
        ]
    except (ValueError, TypeError, KeyError):
        return JsonResponse({"error": _("This could not be understood.")}, status=400)
    if len(typed) > actions.MOST_CELLS:
        return JsonResponse({"error": _("These are too many cells at once.")}, status=400)
    results = actions.save(by=request.user, dataset=dataset, typed=typed)
    return JsonResponse({"cells": [_answer(dataset, one) for one in results]})


def _answer(dataset: Dataset, saved: actions.Saved) -> dict[str, Any]:
    """How one cell is now."""
    form = intake.form_of(dataset.delivery)
    cell = queries.cell_of(saved.typed.number, "", "", saved.row, form)
    return {
        "number": cell.number,
        "value": cell.value,
        "status": cell.status,
        "seen": cell.seen,
        "problems": [words for _gravity, words in cell.problems],
        "conflict": _conflict(saved)["words"] if saved.conflict else "",
    }


def _conflict(saved: actions.Saved) -> dict[str, str]:
    """What is said of a cell that somebody else changed meanwhile; what was typed stays in it."""
    now = actions.seen(saved.row).split(":", 2)
    who = saved.by.name if saved.by else _("Somebody")
    words = _("{who} changed this to {value} meanwhile. To keep yours, save it again.")
    shown = " ".join(filter(None, now[:0:-1])) or "–"
    return {
        "words": words.format(who=who, value=shown),
        "value": saved.typed.value,
        "status": saved.typed.status,
    }


def _typed(data: Any) -> list[actions.Typed]:
    """The cells of a form that was sent as a whole."""
    return [
        actions.Typed(int(name[2:]), data[name], data.get(f"s-{name[2:]}", ""), data.get(f"r-{name[2:]}", ""))
        for name in data
        if name.startswith("v-") and name[2:].isdecimal()
    ]


def _find(request: HttpRequest, pk: int) -> Dataset:
    found = queries.find(request.user, pk)
    if found is None:
        raise Http404
    moments.follow(found.country)
    return found


def _may_change(request: HttpRequest, dataset: Dataset) -> bool:
    return may(request.user, Permission.UPLOAD_DATA, *dataset.places) and intake.is_open(dataset.delivery)


def _need_change(request: HttpRequest, dataset: Dataset) -> None:
    if not _may_change(request, dataset):
        raise PermissionDenied
