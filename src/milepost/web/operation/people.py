"""The first account: somebody must be there who can invite the others."""

from django.core.exceptions import ValidationError
from django.urls import reverse
from django.utils import translation

from milepost.errors import MilepostError
from milepost.values import Origin, Problem
from milepost.web.accounts import actions, invitations
from milepost.web.ui import site


def invite_administrator(*, email: str, name: str, language: str) -> str:
    """Make the account; the address of the page on which its password is set, to be opened within a week.

    MilepostError where there are accounts already, or the address or language is refused.
    """
    try:
        user = actions.first_administrator(email=email, name=name, language=language)
    except ValidationError as error:
        faults = [Problem("settings-refused", Origin(email), {"what": words}) for words in error.messages]
        raise MilepostError(faults) from error
    with translation.override(user.language):
        return site.whole(reverse("invitation", args=[invitations.token(user)]))
