"""How people come in and go out: allauth's doors, with sign-up closed and every passage written down."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from milepost.web.accounts import actions, queries
from milepost.web.ui import site


class Adapter(DefaultAccountAdapter):
    """allauth's behaviour: nobody signs up, the lock counts by address, and deeds are audited."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "too_many_login_attempts": _(
            "Too many attempts in a short time. Wait a few minutes, then try again."
        ),
        "enter_current_password": _("Type the password you have now."),
        "incorrect_password": _("The password is not right."),
        "incorrect_code": _("The code is not right. It changes every 30 seconds; type the present one."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Never: an administrator invites."""
        return False

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """Check a password; the lock after wrong ones counts by `login`, the address in lower case."""
        login = str(credentials.get("email", "")).strip().lower()
        return super().authenticate(request, **credentials, login=login)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Write it down, unless the account is locked and nothing was checked."""
        failures = getattr(request, "axes_failures_since_start", None)
        if failures is not None and failures <= settings.AXES_FAILURE_LIMIT:
            actions.sign_in_failed(email=credentials["login"], caller=self.get_client_ip(request))

    def login(self, request: HttpRequest, user: Any) -> None:
        """Sign in, and write it down."""
        super().login(request, user)
        actions.signed_in(user=user, caller=self.get_client_ip(request))

    def logout(self, request: HttpRequest) -> None:
        """Sign out, and write it down."""
        user: Any = request.user
        super().logout(request)
        if user.is_authenticated:
            actions.signed_out(user=user)

    def set_password(self, user: Any, password: str) -> None:
        """Change or reset a password, and write it down."""
        actions.set_password(user=user, password=password)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """Back to one's account, or to the sign-in page, as sessions end with the old password."""
        return self.get_login_redirect_url(request) if request.user.is_authenticated else settings.LOGIN_URL

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The page of a letter on which a new password is set, at the site's public address."""
        return site.whole(urlsplit(super().get_reset_password_from_key_url(key)).path, self.request)

    def format_email_subject(self, subject: str) -> str:
        """The name of the site first."""
        return f"{settings.SITE_NAME}: {subject}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """A letter in the language of the person who gets it."""
        reader = context.get("user") or queries.by_email(email)
        with translation.override(reader.language if reader else translation.get_language()):
            super().send_mail(template_prefix, email, {**context, "site_name": settings.SITE_NAME})
