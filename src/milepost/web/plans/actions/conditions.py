"""What actions ask before they act, and how they tell of it."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import F

from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.audit.actions import record
from milepost.web.plans.models import Entry, Plan, PlanVersion, Policy
from milepost.web.ui.conditions import fault, refuse_if
from milepost.web.ui.revisions import Stale


def allow(by: Any, thing: Any) -> None:
    """PermissionDenied where a person may not edit plans there."""
    if not may(by, Permission.EDIT_PLANS, *thing.places):
        raise PermissionDenied(Permission.EDIT_PLANS)


def locked(version: PlanVersion) -> PlanVersion:
    """The version as it is now, kept from others until the action is over."""
    found = PlanVersion.objects.select_for_update(of=("self",)).select_related(
        "plan__policy__institution__country", "plan__policy__country"
    )
    now = found.filter(pk=version.pk).first()
    if now is None:
        raise Stale
    return now


def draft(version: PlanVersion) -> PlanVersion:
    """The same, refused where it is in force: then what the act says is not changed any more."""
    now = locked(version)
    refuse_if([] if now.is_draft else [fault("plan-version-fixed", number=now.number)])
    return now


def editing(version: PlanVersion) -> PlanVersion:
    """A draft that is about to change: who looked at it before cannot put it in force as it is now."""
    now = draft(version)
    _count(now)
    return now


def _count(version: PlanVersion) -> None:
    PlanVersion.objects.filter(pk=version.pk).update(revision=F("revision") + 1)


def assigning(version: PlanVersion) -> PlanVersion:
    """A version in which it is about to change who does what: a draft or one in force."""
    now = locked(version)
    if now.is_draft:
        _count(now)
    return now


def touched(entry: Entry) -> None:
    """Count a change of what hangs on a measure as one of the measure."""
    Entry.objects.filter(pk=entry.pk).update(revision=F("revision") + 1)


def tell(
    by: Any,
    verb: str,
    thing: Policy | Plan | Any,
    *,
    why: str = "",
    details: Mapping[str, Any] | None = None,
) -> None:
    """Write the event of a change of a policy, a plan or a measure."""
    policy = thing if isinstance(thing, Policy) else (thing if isinstance(thing, Plan) else thing.plan).policy
    record(
        by=by,
        verb=verb,
        address=thing.address,
        scope=policy.institution.address,
        why=why,
        details=details or {},
    )
