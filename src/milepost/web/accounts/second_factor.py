"""The second factor as it is kept: encrypted, so that a copy of the database opens nothing."""

import base64
import logging
import secrets
from typing import Any

from allauth.mfa.adapter import DefaultMFAAdapter
from cryptography.fernet import Fernet, InvalidToken
from django.utils.crypto import salted_hmac

_hmac: Any = salted_hmac
log = logging.getLogger(__name__)


class Adapter(DefaultMFAAdapter):
    """allauth's second factor, with what it keeps encrypted by a key of the installation's secret key."""

    def encrypt(self, text: str) -> str:
        """A secret of an app or of recovery codes, as the database keeps it."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The same as allauth needs it.

        Where the secret key is another one by now, a secret that nobody has: no code is right, and whoever
        looks after accounts removes the second factor, so that the person can set it anew.
        """
        try:
            return _cipher().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.warning("a second factor was set with another secret key; no code of it is right any more")
            return base64.b32encode(secrets.token_bytes(20)).decode()


def _cipher() -> Fernet:
    key = _hmac("milepost.second-factor", "", algorithm="sha256").digest()
    return Fernet(base64.urlsafe_b64encode(key))
