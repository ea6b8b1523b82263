"""What somebody sees whose account is locked for a while after wrong passwords."""

import math
from typing import Any

from allauth.account.adapter import get_adapter
from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from milepost.web.accounts import actions


def answer(
    request: HttpRequest, _answer: HttpResponse | None, credentials: dict[str, Any] | None
) -> HttpResponse:
    """A calm page that says how long (settings.AXES_LOCKOUT_CALLABLE), also for addresses not known here."""
    email = (credentials or {}).get("login") or ""
    if getattr(request, "axes_failures_since_start", None) == settings.AXES_FAILURE_LIMIT:
        actions.locked_out(email=email, caller=caller(request) or "")
    seconds = _seconds_left(request, email)
    page = render(request, "accounts/locked.html", {"minutes": max(1, math.ceil(seconds / 60))}, status=429)
    page["Retry-After"] = str(max(1, math.ceil(seconds)))
    page["Cache-Control"] = "no-store"
    return page


def caller(request: HttpRequest) -> str | None:
    """The address of the caller, by the one rule of allauth's limits too; None where there is none."""
    try:
        return get_adapter(request).get_client_ip(request)
    except PermissionDenied:  # a request of no connection
        return None


def _seconds_left(request: HttpRequest, email: str) -> float:
    """How long the lock still lasts: it runs from the last attempt that counted."""
    attempts = AccessAttempt.objects.filter(
        username=email, ip_address=getattr(request, "axes_ip_address", None)
    )
    last = attempts.aggregate(last=Max("attempt_time"))["last"] or timezone.now()
    whole = get_cool_off(request)
    return whole.total_seconds() - (timezone.now() - last).total_seconds() if whole else 0.0
