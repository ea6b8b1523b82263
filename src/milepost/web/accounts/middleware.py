"""Where people come back to who have to sign in again."""

from collections.abc import Callable
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _


class SignInAgainMiddleware:
    """A form sent after the session has ended leads, after sign-in, to the page on which it was typed.

    Where it was sent to may answer to a form only; and the page of the form offers what was typed once more.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]):
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer, or the way to sign in with another way back."""
        answer = self.get_response(request)
        if request.method != "POST" or not _asks_to_sign_in(answer):
            return answer
        page = request.META.get("HTTP_REFERER", "")
        if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
            return answer
        messages.info(
            request,
            _("Your session has ended. Sign in again: what you typed is kept on this device and offered."),
        )
        parts = urlsplit(page)
        return redirect_to_login(parts.path + (f"?{parts.query}" if parts.query else ""))


def _asks_to_sign_in(answer: HttpResponse) -> bool:
    if answer.status_code != 302:
        return False
    there = urlsplit(answer["Location"])
    return there.path == resolve_url(settings.LOGIN_URL) and "next=" in there.query
