"""The floor of accounts, and what third parties report only by signals."""

from typing import Any

from django.apps import AppConfig


class Accounts(AppConfig):
    """Users, roles, sign-in."""

    name = "milepost.web.accounts"
    label = "accounts"

    def ready(self) -> None:
        """Listen to the second factor: allauth has no other hook for what people do with it."""
        from allauth.mfa import signals  # noqa: PLC0415

        for signal, receiver in (
            (signals.authenticator_added, _added),
            (signals.authenticator_removed, _removed),
            (signals.authenticator_reset, _added),
            (signals.authentication_failed, _refused),
        ):
            signal.connect(receiver, dispatch_uid=f"milepost.accounts{receiver.__name__}")


def _added(sender: Any, user: Any, authenticator: Any, **_: Any) -> None:
    from milepost.web.accounts import actions  # noqa: PLC0415

    actions.second_factor_changed(user=user, what="codes" if _are_codes(authenticator) else "set")


def _removed(sender: Any, user: Any, authenticator: Any, **_: Any) -> None:
    from milepost.web.accounts import actions  # noqa: PLC0415

    if not _are_codes(authenticator):  # recovery codes go with the second factor
        actions.second_factor_changed(user=user, what="removed")


def _refused(sender: Any, request: Any, user: Any, **_: Any) -> None:
    from milepost.web.accounts import actions, lockout  # noqa: PLC0415

    actions.sign_in_failed(email=user.email, caller=lockout.caller(request) or "", step="second")


def _are_codes(authenticator: Any) -> bool:
    return authenticator.type == "recovery_codes"
