"""What actions ask before they act, and how they tell of it."""

import uuid
from collections.abc import Mapping
from typing import Any

from django.core.cache import cache as shared
from django.core.exceptions import PermissionDenied
from django.db import transaction

from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.audit.actions import record
from milepost.web.projects.models import Project
from milepost.web.projects.queries.people import SINCE_HIDDEN
from milepost.web.ui.conditions import fault, refuse_if


def allow(by: Any, permission: Permission, thing: Any) -> None:
    """PermissionDenied where a person may not do this with a thing."""
    if not may(by, permission, *thing.places):
        raise PermissionDenied(permission)


def in_project(project_id: int, *rows: Any) -> None:
    """MilepostError where a row belongs to another project."""
    strays = [row for row in rows if row is not None and row.project_id != project_id]
    refuse_if([fault("row-of-another-project", row=str(row)) for row in strays])


def tell(
    by: Any, verb: str, project: Project, address: str = "", *, why: str = "", details: Mapping | None = None
) -> None:
    """Write the event of a change of a project or of something in it."""
    record(
        by=by,
        verb=verb,
        address=address or project.address,
        scope=project.institution.address,
        why=why,
        details=details or {},
    )


def forget_offers() -> None:
    """What the portfolio offers is read anew by every process: somebody may no longer see a part of it.

    Said when the transaction has ended, so that nobody waits for another's transaction to say it too.
    """
    transaction.on_commit(lambda: shared.set(SINCE_HIDDEN, uuid.uuid4().hex, None), robust=True)
