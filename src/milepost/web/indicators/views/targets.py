"""Pages for targets and for the method by which progress is judged."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from milepost.reports import sentences
from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.indicators.actions import targets as actions
from milepost.web.indicators.forms.targets import EndForm, MethodForm, TargetForm
from milepost.web.indicators.queries import find_indicator, names
from milepost.web.indicators.queries import standings as queries
from milepost.web.ui import moments
from milepost.web.ui.forms import attempt
from milepost.web.ui.templatetags.ui import figure, plain

if TYPE_CHECKING:
    from milepost.web.indicators.models import Indicator, Target
    from milepost.web.stakeholders.models import Country

FORM = ["GET", "HEAD", "POST"]
READERS = (Permission.SET_TARGETS, Permission.FIX_METHOD, Permission.READ_INTERNAL)
_REVISED = ("value", "year", "baseline_value", "baseline_year", "direction", "source", "source_url")


@login_required
@require_safe
def targets(request: HttpRequest) -> HttpResponse:
    """The targets in force of a country, and how far it is to each."""
    countries = list(queries.working_countries(request.user, *READERS))
    if not countries:
        raise PermissionDenied
    wanted = request.GET.get("country", countries[0].code)
    chosen = next((each for each in countries if each.code == wanted), None)
    if chosen is None:
        raise Http404
    method, choices = _method(request, chosen)
    found = queries.in_force(request.user, chosen)
    context = {
        "country": chosen,
        "countries": countries,
        "standings": queries.standings(found, method),
        "indicators": queries.choosable(request.user, chosen),
        "methods": choices,
        "method": method,
        "method_names": _method_names(),
        "may_set": may(request.user, Permission.SET_TARGETS, chosen.address),
        "may_fix": may(request.user, Permission.FIX_METHOD, chosen.address),
    }
    return render(request, "indicators/targets/list.html", context)


@login_required
@require_safe
def target(request: HttpRequest, pk: int) -> HttpResponse:
    """One target, how far it is, and its revisions."""
    found = _find(request, pk)
    country = found.indicator.country
    method, choices = _method(request, country)
    inside = country in queries.working_countries(request.user, *READERS)
    context = {
        "target": found,
        "standing": queries.standings([found], method)[0],
        "judged": found.current and (bool(choices) or inside),
        "public": bool(choices),
        "method": method,
        "revisions": queries.revisions(found),
        "ended": "" if found.current else queries.why_ended(found),
        "may_set": _may_set(request, found.indicator),
        "country": country,
    }
    return render(request, "indicators/targets/detail.html", context)


@login_required
@require_http_methods(FORM)
def new(request: HttpRequest, country: str, code: str) -> HttpResponse:
    """Set a target for an indicator."""
    indicator = find_indicator(request.user, country, code)
    if indicator is None:
        raise Http404
    _need_set(request, indicator)
    form = TargetForm(
        request.POST or None,
        quantities=queries.quantities(indicator),
        groups=queries.groups(indicator),
        own=names.own_titles(indicator.country),
        revision=False,
    )
    tried = attempt(form, lambda: actions.set_target(by=request.user, indicator=indicator, **form.values()))
    if tried.done:
        messages.success(request, _("The target is set."))
        return redirect("target", tried.made.pk)
    return _form(request, form, indicator, title=_("Set a target"), key=f"target-{indicator.slug}")


@login_required
@require_http_methods(FORM)
def revise(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a new revision in the place of a target."""
    found = _find(request, pk)
    _need_set(request, found.indicator)
    if not found.current and request.method != "POST":
        return redirect("target", pk)
    initial = {name: getattr(found, name) for name in _REVISED}
    form = TargetForm(request.POST or None, initial=initial, quantities=(), revision=True)
    tried = attempt(form, lambda: actions.revise_target(by=request.user, target=found, **form.values()))
    if tried.done:
        messages.success(request, _("The target is revised."))
        return redirect("target", tried.made.pk)
    stale = tried.stale and _stale(tried.stale.now)
    return _form(
        request,
        form,
        found.indicator,
        title=_("Revise the target"),
        key=f"target-{pk}",
        stale=stale,
        again="target-revise",
    )


@login_required
@require_http_methods(FORM)
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a target out of force."""
    found = _find(request, pk)
    _need_set(request, found.indicator)
    if not found.current and request.method != "POST":
        return redirect("target", pk)
    form = EndForm(request.POST or None)
    tried = attempt(form, lambda: actions.end_target(by=request.user, target=found, **form.cleaned_data))
    if tried.done:
        messages.success(request, _("The target holds no longer."))
        return redirect("target", found.pk)
    stale = tried.stale and _stale(tried.stale.now)
    return _form(
        request,
        form,
        found.indicator,
        title=_("End the target"),
        key=f"target-end-{pk}",
        stale=stale,
        again="target-end",
    )


@login_required
@require_http_methods(FORM)
def method(request: HttpRequest, country: str) -> HttpResponse:
    """Fix the one method for a framework, with its reason."""
    chosen = get_object_or_404(queries.working_countries(request.user, *READERS), code=country)
    if not may(request.user, Permission.FIX_METHOD, chosen.address):
        raise PermissionDenied
    moments.follow(chosen)
    made = queries.method_choices(chosen)
    initial = {"revision": made[0].revision if made else 0, "method": made[0].method if made else None}
    form: Any = MethodForm(request.POST or None, initial=initial, known=_method_names())
    tried = attempt(
        form,
        lambda: actions.fix_method(
            by=request.user, country=chosen, framework=queries.FRAMEWORK, **form.cleaned_data
        ),
    )
    if tried.done:
        messages.success(request, _("The method is fixed; verdicts are public from now on."))
        return redirect(_list(chosen))
    stale = None
    if tried.stale is not None:
        form.data = {**form.data.dict(), "revision": tried.stale.now.revision if tried.stale.now else 0}
        stale = _stale_method(tried.stale.now)
    language = get_language() or "en"
    found = list(queries.in_force(request.user, chosen))
    context = {
        "form": form,
        "country": chosen,
        "choices": made,
        "stale": stale,
        "codes": list(_method_names()),
        "compared": list(zip(*(queries.standings(found, code) for code in _method_names()), strict=True)),
        "weaknesses": {code: sentences.weaknesses(code, language) for code in _method_names()},
    }
    return render(request, "indicators/targets/method.html", context)


def _method(request: HttpRequest, country: Country) -> tuple[str, list[Any]]:
    """By which method verdicts are shown: the one that is fixed; before, the one asked for."""
    choices = queries.method_choices(country)
    asked = request.GET.get("method", "")
    known = queries.method_sources()
    return choices[0].method if choices else asked if asked in known else next(iter(known)), choices


def _find(request: HttpRequest, pk: int) -> Target:
    found = queries.find(request.user, pk)
    if found is None:
        raise Http404
    moments.follow(found.indicator.country)
    return found


def _may_set(request: HttpRequest, indicator: Indicator) -> bool:
    return may(request.user, Permission.SET_TARGETS, indicator.address, indicator.country.address)


def _need_set(request: HttpRequest, indicator: Indicator) -> None:
    if not _may_set(request, indicator):
        raise PermissionDenied


def _method_names() -> dict[str, str]:
    language = get_language() or "en"
    return {code: sentences.method(code, language) for code in queries.method_sources()}


def _stale(now: Target) -> dict[str, Any]:
    """Who changed a target meanwhile, and what it says now."""
    facts = [(_("Target"), f"{figure(now.value)} ({now.year})"), (_("Act"), plain(now.text))]
    if now.reason:
        facts.append((_("Reason"), now.reason))
    if not now.current:
        facts.append((_("State"), _("It holds no longer.")))
    return {"by": now.by, "at": now.at, "now": facts, "target": now}


def _stale_method(now: Any) -> dict[str, Any]:
    if now is None:
        return {"by": None, "at": None, "now": []}
    facts = [(_("Method"), sentences.method(now.method, get_language() or "en")), (_("Reason"), now.reason)]
    return {"by": now.by, "at": now.at, "now": facts}


def _list(country: Country) -> str:
    return f"{reverse('targets')}?country={country.code}"


def _form(
    request: HttpRequest,
    form: Any,
    indicator: Indicator,
    *,
    title: str,
    key: str,
    stale: dict[str, Any] | None = None,
    again: str = "",
) -> HttpResponse:
    """The page of a form; where somebody was first it goes to the revision that is there now."""
    now = stale["target"] if stale else None
    context = {
        "form": form,
        "indicator": indicator,
        "title": title,
        "key": key,
        "country": indicator.country,
        "stale": stale,
        "gone": now is not None and not now.current,
        "action": reverse(again, args=[now.pk]) if now is not None and again else "",
    }
    return render(request, "indicators/targets/form.html", context)
