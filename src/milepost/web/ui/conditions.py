"""What every action asks before it acts: no fault, a reason, and a row that is as the person saw it."""

from collections.abc import Mapping
from typing import Any

from django.db.models import F

from milepost.errors import MilepostError
from milepost.values import Origin, Problem
from milepost.web.ui.revisions import Stale


def fault(kind: str, field: str = "", /, **details: Any) -> Problem:
    """A fault of one field of what was typed."""
    return Problem(kind, Origin("form", column=field or None), details)


def refuse_if(problems: list[Problem]) -> None:
    """MilepostError with every fault, if there is one."""
    if problems:
        raise MilepostError(problems)


def need_reason(why: str, field: str = "reason") -> str:
    """The reason without the blanks around it; MilepostError where there is none."""
    refuse_if([] if why.strip() else [fault("reason-missing", field)])
    return why.strip()


def update(thing: Any, revision: int, fields: Mapping[str, Any]) -> None:
    """Change a row that is still as the person saw it; Stale with what it has become where it is not.

    It must also be the row of which the action asked who typed it and where it stands: a revision that is yet
    to come is nobody's.
    """
    rows = type(thing).objects.filter(pk=thing.pk, revision=revision)
    if thing.revision != revision or not rows.update(**fields, revision=F("revision") + 1):
        raise Stale(type(thing).objects.filter(pk=thing.pk).first())
    thing.refresh_from_db()
