"""Pages for those who keep the release calendar; the public one is on the portal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from milepost.web.audit import queries as audit
from milepost.web.indicators.actions import calendar as actions
from milepost.web.indicators.forms.calendar import PlanForm, PostponeForm, ReleaseForm
from milepost.web.indicators.queries import releases as visible
from milepost.web.indicators.queries import work
from milepost.web.ui import moments
from milepost.web.ui.forms import attempt
from milepost.web.ui.revisions import Stale

if TYPE_CHECKING:
    from milepost.web.indicators.models import Release


@login_required
@require_GET
def releases(request: HttpRequest) -> HttpResponse:
    """The entries that a person keeps: what is to come, and what has come out."""
    places = work.calendar_places(request.user)
    if not places:
        raise PermissionDenied
    found = work.calendar_of(request.user)
    context = {
        "coming": found.filter(released_at=None),
        "past": found.exclude(released_at=None).order_by("-released_at")[:50],
    }
    return render(request, "indicators/datasets/releases.html", context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Plan a release."""
    places = work.calendar_places(request.user)
    if not places:
        raise PermissionDenied
    countries = {country.pk: country for _institution, country in places}
    form = PlanForm(
        request.POST or None,
        places=places,
        indicators=work.indicators_of(countries.values()),
        datasets=work.tieable(request.user),
    )
    tried = attempt(form, lambda: _plan(request, form))
    if tried.done:
        messages.success(request, _("The release is planned."))
        return redirect(tried.made)
    return render(request, "indicators/datasets/release_new.html", {"form": form})


def _plan(request: HttpRequest, form: PlanForm) -> Release:
    institution, country = form.cleaned_data["place"]
    return actions.plan(
        by=request.user,
        country=country,
        institution=institution,
        planned_at=form.cleaned_data["planned_at"],
        **form.announced(),
    )


@login_required
@require_GET
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry; who does not keep the calendar reads it in the public one."""
    found = _visible(request, pk)
    if not actions.may_keep(request.user, found.country, found.institution):
        calendar = reverse("release-calendar", args=[found.country.code])
        return redirect(f"{calendar}#release-{found.pk}")
    return _page(request, found)


@login_required
@require_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What is announced, and the dataset that waits."""
    found = _find(request, pk)
    form = _edit_form(request, found, request.POST)
    tried = attempt(
        form,
        lambda: actions.edit(
            by=request.user, release=found, revision=form.cleaned_data["revision"], **form.announced()
        ),
    )
    if tried.done:
        messages.success(request, _("Saved."))
        return redirect(found)
    if tried.stale is not None:
        again = _edit_form(request, found, _renewed(request, tried.stale))
        return _stale(request, tried.stale, edit_form=again)
    return _page(request, found, status=422, edit_form=form)


@login_required
@require_POST
def postpone(request: HttpRequest, pk: int) -> HttpResponse:
    """Another date, with a reason."""
    found = _find(request, pk)
    form = PostponeForm(request.POST, auto_id="postpone_%s")
    tried = attempt(form, lambda: actions.postpone(by=request.user, release=found, **form.cleaned_data))
    if tried.done:
        messages.success(request, _("The release was moved; the reason stands in the public calendar."))
        return redirect(found)
    if tried.stale is not None:
        again = PostponeForm(_renewed(request, tried.stale), auto_id="postpone_%s")
        return _stale(request, tried.stale, postpone_form=again)
    return _page(request, found, status=422, postpone_form=form)


def _page(request: HttpRequest, found: Release, *, status: int = 200, **forms: Any) -> HttpResponse:
    keeps = actions.may_keep(request.user, found.country, found.institution)
    context = {
        "release": found,
        "keeps": keeps and found.released_at is None,
        "edit_form": _edit_form(request, found) if keeps else None,
        "postpone_form": PostponeForm(
            initial={"revision": found.revision, "planned_at": found.planned_at}, auto_id="postpone_%s"
        ),
        "events": audit.of(request.user, found.address)[:50],
        "tied": work.tied(request.user, found),
        **forms,
    }
    return render(request, "indicators/datasets/release.html", context, status=status)


def _edit_form(request: HttpRequest, found: Release, data: Any = None) -> ReleaseForm:
    initial = {
        "revision": found.revision,
        "title": found.title,
        "indicators": [str(pk) for pk in found.indicators.values_list("pk", flat=True)],
        "dataset": str(found.dataset_id or ""),
    }
    return ReleaseForm(
        data,
        initial=initial,
        auto_id="edit_%s",
        indicators=work.indicators_of([found.country]),
        datasets=work.tieable(request.user, found),
    )


def _renewed(request: HttpRequest, stale: Stale) -> Any:
    data = request.POST.copy()
    data["revision"] = str(stale.now.revision)
    return data


def _stale(request: HttpRequest, stale: Stale, **forms: Any) -> HttpResponse:
    said = _("Somebody else changed it meanwhile. What you typed is still here: look, and save again.")
    messages.warning(request, said)
    return _page(request, _find(request, stale.now.pk), status=409, **forms)


def _find(request: HttpRequest, pk: int) -> Release:
    """An entry for who works with it; to others who may know of it the page is refused."""
    found = _visible(request, pk)
    if not actions.may_keep(request.user, found.country, found.institution):
        raise PermissionDenied
    return found


def _visible(request: HttpRequest, pk: int) -> Release:
    found = visible(request.user).select_related("institution").filter(pk=pk).first()
    if found is None:
        raise Http404
    moments.follow(found.country)
    return found
