"""Pages for data requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.errors import MilepostError
from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.indicators.actions import requests as actions
from milepost.web.indicators.forms.datasets import DeedForm
from milepost.web.indicators.forms.requests import AnswerForm, ReopenForm, RequestForm, WhyForm
from milepost.web.indicators.forms.targets import labelled
from milepost.web.indicators.queries import entry, find_indicator, names, standings
from milepost.web.indicators.queries import requests as queries
from milepost.web.ui import moments
from milepost.web.ui.forms import attempt, show_faults
from milepost.web.ui.revisions import Stale

if TYPE_CHECKING:
    from milepost.web.indicators.models import DataRequest

PAGE = 50
YEARS = 5
"""How many years a new request asks for at first."""


@login_required
@require_safe
def data_requests(request: HttpRequest) -> HttpResponse:
    """What is asked of me, what I asked, and where to ask; what is ended stands on pages of its own."""
    if not queries.takes_part(request.user):
        raise PermissionDenied
    received, sent = queries.received(request.user), queries.sent(request.user)
    others = queries.others(request.user)
    ended = (received | sent | others).exclude(state__in=queries.LIVE).order_by("-due", "-id")
    waiting = received.filter(state="open")
    context: dict[str, Any] = {
        "page": Paginator(ended, PAGE).get_page(request.GET.get("page")) if "ended" in request.GET else None,
        "ended": ended.count(),
        "received": received.filter(state__in=queries.LIVE),
        "sent": sent.filter(state__in=queries.LIVE),
        "others": others.filter(state__in=queries.LIVE),
        "waiting": waiting.count(),
        "late": queries.late(waiting),
        "countries": [
            (country, standings.choosable(request.user, country))
            for country in queries.asking_countries(request.user)
        ],
    }
    return render(request, "indicators/requests/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, country: str, code: str) -> HttpResponse:
    """Ask an institution for figures of an indicator."""
    indicator: Any = find_indicator(request.user, country, code)
    if indicator is None:
        raise Http404
    moments.follow(indicator.country)
    asking = queries.asking_institutions(request.user, indicator.country)
    if not asking.exists():
        raise PermissionDenied
    this_year = timezone.localdate().year
    form = RequestForm(
        request.POST or None,
        asking=asking,
        asked=queries.asked_institutions(request.user, indicator.country),
        quantities=labelled(standings.quantities(indicator)),
        dimensions=entry.dimensions(indicator),
        own=names.own_titles(indicator.country),
        initial={
            "asked": indicator.custodian_id,
            "first_year": this_year - YEARS,
            "last_year": this_year - 1,
            "total": True,
        },
    )
    tried = attempt(
        form,
        lambda: actions.send(
            by=request.user,
            asking=form.institution("asking"),
            asked=form.institution("asked"),
            indicator=indicator,
            cells=form.cells(indicator),
            due=form.cleaned_data["due"],
            note=form.cleaned_data["note"],
        ),
    )
    if tried.done:
        messages.success(request, _("The request is sent."))
        return redirect(tried.made)
    context = {"form": form, "indicator": indicator, "country": indicator.country}
    return render(request, "indicators/requests/new.html", context)


@login_required
@require_safe
def data_request(request: HttpRequest, pk: int) -> HttpResponse:
    """One request: what is asked, by when, what was answered, and what may be done now."""
    return _page(request, _find(request, pk))


@login_required
@require_POST
def open_form(request: HttpRequest, pk: int) -> HttpResponse:
    """Open the form of a request as a draft."""
    found = _find(request, pk)
    try:
        dataset = actions.open_form(by=request.user, request=found)
    except Stale:
        messages.error(request, _("The request is not open any more."))
        return redirect(found)
    return redirect("entry", dataset.pk)


@login_required
@require_POST
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Say which figures answer a request."""
    found = _find(request, pk)
    form = AnswerForm(request.POST, datasets=queries.answers(request.user, found), auto_id="answer_%s")
    return _do(request, found, form, actions.answer, _("The answer is sent."), name="answer_form")


@login_required
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer will do."""
    form = DeedForm(request.POST, auto_id="accept_%s")
    return _do(
        request, _find(request, pk), form, actions.accept, _("The request is closed."), name="accept_form"
    )


@login_required
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """The answer will not do."""
    form = ReopenForm(request.POST, auto_id="reopen_%s")
    return _do(
        request, _find(request, pk), form, actions.reopen, _("The request is open again."), name="reopen_form"
    )


@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """The figures are not needed any more."""
    form = WhyForm(request.POST, auto_id="cancel_%s")
    return _do(
        request, _find(request, pk), form, actions.cancel, _("The request is cancelled."), name="cancel_form"
    )


def _asks(request: HttpRequest, found: DataRequest) -> bool:
    return may(request.user, Permission.REQUEST_DATA, found.asking.address, found.country.address)


def _answers(request: HttpRequest, found: DataRequest) -> bool:
    return may(request.user, Permission.ANSWER_REQUEST, found.asked.address)


def _find(request: HttpRequest, pk: int) -> Any:
    found = queries.find(request.user, pk)
    if found is None:
        raise Http404
    moments.follow(found.country)
    return found


def _do(
    request: HttpRequest,
    found: DataRequest,
    form: Any,
    action: Callable[..., Any],
    done: str,
    *,
    name: str,
) -> HttpResponse:
    """Do one deed; what cannot be done is said beside its form, with what was typed."""
    if not (_answers if action is actions.answer else _asks)(request, found):
        raise PermissionDenied
    if not form.is_valid():
        return _page(request, found, status=422, **{name: form})
    try:
        action(by=request.user, request=found, **form.cleaned_data)
    except Stale:
        now = _find(request, found.pk)
        form.data = {**form.data.dict(), "revision": now.revision}
        context = {"stale": _stale(request, now), "typed": form.cleaned_data.get("why", ""), name: form}
        return _page(request, now, status=409, **context)
    except MilepostError as error:
        show_faults(form, error)
        return _page(request, _find(request, found.pk), status=422, **{name: form})
    messages.success(request, done)
    return redirect(found)


def _stale(request: HttpRequest, now: DataRequest) -> dict[str, Any]:
    """Who changed a request meanwhile; what was done stands in its history below."""
    event = queries.last_deed_of_another(request.user, now)
    return {"by": event.by if event else None, "at": event.at if event else None, "now": []}


def _page(request: HttpRequest, found: Any, *, status: int = 200, **shown: Any) -> HttpResponse:
    """The page of a request; `shown` are forms to show again."""
    now = {"revision": found.revision}
    answers = _answers(request, found)
    offered = queries.answers(request.user, found) if answers and found.state == "open" else []
    context = {
        "request_": found,
        "country": found.country,
        "asks": _asks(request, found),
        "answers": answers,
        "quantities": queries.quantities(found),
        "sheet": queries.sheet(found),
        "events": queries.history(found),
        "begun": found.answer if found.answer in offered else None,
        "offered": offered,
        "answer_form": AnswerForm(
            initial={**now, "dataset": found.answer_id}, datasets=offered, auto_id="answer_%s"
        ),
        "accept_form": DeedForm(initial=now, auto_id="accept_%s"),
        "reopen_form": ReopenForm(initial=now, auto_id="reopen_%s"),
        "cancel_form": WhyForm(initial=now, auto_id="cancel_%s"),
        **shown,
    }
    return render(request, "indicators/requests/detail.html", context, status=status)
