"""What the clock does: letters and reminders."""

import logging
from datetime import date
from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext_noop, ngettext, override

from milepost.errors import refuse
from milepost.web.notices import actions, queries
from milepost.web.ui import site

STEPS = (gettext_noop("Reminders"), gettext_noop("Letters"))
"""Where this work is, as the page of jobs says it."""
log = logging.getLogger(__name__)


def remind(progress: Any) -> dict[str, int]:
    """Remind people of what is due soon or overdue."""
    progress(STEPS[0])
    return {"reminders": actions.remind()}


def digest(progress: Any) -> dict[str, int]:
    """Send people letters about what waits for them.

    One letter a day to a person at most, in their language. A letter that cannot be sent does not stop the
    others; MilepostError says at the end how many there were, and what they held waits for the next one.
    """
    today = timezone.localdate()
    waiting = queries.people_waited_for()
    sent, failures = 0, []
    for number, user in enumerate(waiting, start=1):
        progress(STEPS[1], number, len(waiting))
        try:
            sent += _write_to(user, today)
        except (SMTPException, OSError) as error:
            log.warning("the letter to user %s could not be sent: %s", user.pk, error)
            failures.append(str(error) or type(error).__name__)
    if failures:
        raise refuse("letters-not-sent", "", count=len(failures), why=failures[0])
    return {"letters": sent}


def _write_to(user: Any, today: date) -> int:
    """Send one person's letter if one is due and there is something to say; how many were sent."""
    with override(_language(user)):
        entries = queries.for_letter(user, today)
        if not entries or not actions.claim_letter(user, today):
            return 0
        try:
            letter(user, entries).send()
        except Exception:
            actions.give_back_letter(user)
            raise
    actions.mark_mailed([entry.notice for entry in entries])
    return 1


def _language(user: Any) -> str:
    return user.language if user.language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def letter(user: Any, entries: list[queries.Entry]) -> EmailMessage:
    """What is open, as plain text in the language that is active."""
    count = len(entries)
    subject = ngettext("{site}: {count} thing waits for you", "{site}: {count} things wait for you", count)
    context = {
        "user": user,
        "to_do": [entry for entry in entries if entry.words.to_do],
        "news": [entry for entry in entries if not entry.words.to_do],
        "site": site.address(),
    }
    return EmailMessage(
        subject.format(site=settings.SITE_NAME, count=count),
        render_to_string("notices/letter.txt", context).strip() + "\n",
        to=[user.email],
    )
