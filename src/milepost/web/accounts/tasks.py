"""What the clock does with accounts."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext_noop

from milepost.web.accounts import actions


def forget(progress: Any) -> dict[str, int]:
    """Drop what is kept no longer: who signed in from where, sessions that ended, locks that were lifted."""
    progress(gettext_noop("Dropping old sign-ins and sessions"))
    return actions.forget_sign_ins(before=timezone.now() - timedelta(days=settings.SIGN_IN_DAYS))
