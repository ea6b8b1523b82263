"""The letter that invites, and whether letters leave this installation at all."""

from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.formats import date_format

from milepost.web.accounts import invitations
from milepost.web.ui import site

KEPT = ("filebased", "console", "dummy")


def leave() -> bool:
    """Whether a mail server is configured; without one, letters are kept as files that nobody gets."""
    return not any(word in settings.EMAIL_BACKEND for word in KEPT)


def link(request: HttpRequest, user: Any) -> str:
    """The whole address of the page on which an invited person sets a password, in the person's language."""
    with translation.override(user.language):
        page = reverse("invitation", args=[invitations.token(user)])
    return site.whole(page, request)


def invite(request: HttpRequest, user: Any) -> None:
    """Send the invitation in the person's language; OSError or SMTPException where the server refuses it."""
    about: dict[str, Any] = {
        "person": user,
        "by": user.invited_by,
        "site_name": settings.SITE_NAME,
        "link": link(request, user),
    }
    with translation.override(user.language):
        about["day"] = date_format(user.invitation_ends_at, "DATE_FORMAT")
        subject = render_to_string("accounts/letters/invitation_subject.txt", about).strip()
        text = render_to_string("accounts/letters/invitation.txt", about).strip() + "\n"
    send_mail(" ".join(subject.split()), text, settings.DEFAULT_FROM_EMAIL, [user.email])
