"""Write down what happened, in the transaction in which it happens."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from milepost.web.audit.models import Event
from milepost.web.ui.addresses import Address

PROTECTED = frozenset({"value", "values", "obs_value", "password", "token", "lower", "upper"})
"""What the details of an event or a notice never hold: figures that may be protected, and secrets."""


def record(
    *,
    by: Any,
    verb: str,
    address: str,
    scope: str = "",
    why: str = "",
    details: Mapping[str, Any] | None = None,
) -> Event:
    """One event: `verb` is the action, such as "dataset.submitted"; `scope` says who may read of it.

    `address` is "" for the installation itself. `details` hold names, counts and states; ValueError where a
    key is PROTECTED, at any depth, or where `address` is none. Called outside a transaction it is a mistake
    of the program, because the event must stand or fall with the change.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"{verb}: an event is written in the transaction of its change")
    refuse_protected(details)
    return Event.objects.create(
        by=by,
        verb=verb,
        address=str(Address.parse(str(address))) if address else "",
        scope=str(scope),
        why=why,
        details=dict(details or {}),
    )


def refuse_protected(details: Any) -> None:
    """ValueError where details have a PROTECTED key, at any depth."""
    if isinstance(details, Mapping):
        for key, inner in details.items():
            if str(key).lower() in PROTECTED:
                raise ValueError(f"details may not hold {key}")
            refuse_protected(inner)
    elif isinstance(details, list | tuple | set | frozenset):
        for inner in details:
            refuse_protected(inner)


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, list[Any]]:
    """{field: [before, after]} of what differs.

    >>> changes({"due": "2026-03-01", "title": "Visas"}, {"due": "2026-04-01", "title": "Visas"})
    {'due': ['2026-03-01', '2026-04-01']}
    """
    return {name: [before.get(name), value] for name, value in after.items() if before.get(name) != value}
