"""The one-time link by which an invited person sets a password.

It is signed, holds no secret of the person, and stops to work when it was used, when another one was made,
when the address was changed, when the account was closed, and a week after the invitation.
"""

from typing import TYPE_CHECKING, Any

from django.core import signing
from django.utils import timezone
from django.utils.crypto import constant_time_compare, salted_hmac

if TYPE_CHECKING:
    from milepost.web.accounts.models import User

SALT = "milepost.invitation"
_signer: Any = signing.Signer(salt=SALT)
_hmac: Any = salted_hmac


def token(user: "User") -> str:
    """The part of the link that stands for this invitation of this person."""
    return _signer.sign_object([user.pk, _state(user)])


def person(text: str) -> int | None:
    """The key of the person whom a token names; None where it was not made here."""
    try:
        return int(_signer.unsign_object(text)[0])
    except (signing.BadSignature, ValueError, TypeError, IndexError):
        return None


def opens(text: str, user: "User") -> bool:
    """Whether this token, once made for this person, still works."""
    end = user.invitation_ends_at
    if not user.waits or end is None or timezone.now() >= end:
        return False
    return constant_time_compare(text, token(user))


def _state(user: "User") -> str:
    """What must not have changed since the link was made."""
    moment = user.invited_at.isoformat() if user.invited_at else ""
    state = f"{user.password} {moment} {user.email} {user.is_active}"
    return _hmac(SALT, state, algorithm="sha256").hexdigest()[:32]
