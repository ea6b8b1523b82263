"""What actions ask before they act: may this person, is there a reason."""

from typing import Any

from django.core.exceptions import PermissionDenied

from milepost.errors import MilepostError
from milepost.values import Origin, Problem
from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission


def allow(by: Any, permission: Permission, *places: str) -> None:
    """PermissionDenied where a person may not do this in any of these places."""
    if not may(by, permission, *places):
        raise PermissionDenied(permission)


def fault(kind: str, field: str, /, **details: Any) -> Problem:
    """A fault of one field of what was typed."""
    return Problem(kind, Origin("form", column=field), details)


def faults_of_reason(why: str, field: str = "why") -> list[Problem]:
    """That there is no reason, for an action that tells all faults at once; nothing where there is one."""
    return [] if why.strip() else [fault("reason-missing", field)]


def need_reason(why: str, field: str = "why") -> str:
    """The reason as it was typed, without the blanks around it; MilepostError where there is none."""
    if faults := faults_of_reason(why, field):
        raise MilepostError(faults)
    return why.strip()
