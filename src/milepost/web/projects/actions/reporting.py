"""What is reported of an indicator for a period: draft, submitted, returned, approved by another person."""

from collections.abc import Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from milepost import values
from milepost.values.states import ACTUAL, after
from milepost.web.accounts.roles import Permission
from milepost.web.files import actions as files
from milepost.web.files.models import StoredFile
from milepost.web.projects.actions.conditions import allow, in_project, tell
from milepost.web.projects.actions.matrix import cell_fields, locked_now
from milepost.web.projects.cells import problems_of, worked_out
from milepost.web.projects.models import Actual, ActualCell, Period, ResultIndicator
from milepost.web.traces.actions import link
from milepost.web.ui.conditions import fault, need_reason, refuse_if, update
from milepost.web.ui.revisions import Stale


@transaction.atomic
def report(
    *,
    by: Any,
    indicator: ResultIndicator,
    period: Period,
    figures: Sequence[values.Figure],
    comment: str = "",
    evidence: str = "",
    revision: int = 0,
) -> Actual:
    """Write down what was reached in a period, as a draft; `revision` is 0 where there is no report yet.

    MilepostError names every fault; an approved report is changed only after it was returned.
    """
    allow(by, Permission.REPORT_RESULTS, indicator)
    in_project(indicator.result.project_id, period)
    problems = locked_now(period)
    ResultIndicator.objects.select_for_update().get(pk=indicator.pk)
    figures = [worked_out(figure) for figure in figures]
    for number, figure in enumerate(figures):
        problems += problems_of(figure, indicator.measure, f"cell-{number}")
    actual = Actual.objects.filter(indicator=indicator, period=period).first()
    if actual is not None and actual.state not in ("draft", "returned"):
        problems.append(fault("no-such-step", state=actual.state))
    refuse_if(problems)
    said = {"comment": comment.strip(), "evidence": evidence.strip(), "typed_by": by}
    if actual is None and revision:
        raise Stale
    if actual is None:
        actual = Actual.objects.create(indicator=indicator, period=period, **said)
    else:
        update(actual, revision, said)
    actual.cells.all().delete()
    ActualCell.objects.bulk_create(ActualCell(actual=actual, **cell_fields(figure)) for figure in figures)
    link(actual.address, "rests_on", indicator.address)
    _tell(by, "actual.typed", actual, details={"cells": len(figures)})
    return actual


@transaction.atomic
def attach_evidence(*, by: Any, actual: Actual, upload: Any, name: str) -> StoredFile:
    """Keep a file that shows what was reported."""
    allow(by, Permission.REPORT_RESULTS, actual)
    _need_open(actual)
    kept = files.keep(upload, by=by, name=name, owner=actual.address)
    link(actual.address, "rests_on", kept.address)
    _tell(by, "actual.evidence", actual, details={"file": kept.name})
    return kept


@transaction.atomic
def submit(*, by: Any, actual: Actual, revision: int) -> Actual:
    """Send a report to review; one without any figure, or word why there is none, stays a draft."""
    allow(by, Permission.REPORT_RESULTS, actual)
    _need_open(actual)
    refuse_if([] if actual.cells.exists() else [fault("nothing-reported")])
    fields = {"submitted_by": by, "submitted_at": timezone.now(), "reason": ""}
    return _move(by, actual, "submit", revision, fields)


@transaction.atomic
def recall(*, by: Any, actual: Actual, revision: int) -> Actual:
    """Take a report back before it is reviewed."""
    allow(by, Permission.REPORT_RESULTS, actual)
    return _move(by, actual, "recall", revision, {})


@transaction.atomic
def approve(*, by: Any, actual: Actual, revision: int) -> Actual:
    """Another person than the one who submitted or typed it says that it holds."""
    allow(by, Permission.APPROVE_RESULTS, actual)
    if by.pk in (actual.submitted_by_id, actual.typed_by_id):
        raise PermissionDenied("another person must approve")
    _need_open(actual)
    fields = {"reviewed_by": by, "reviewed_at": timezone.now()}
    return _move(by, actual, "approve", revision, fields)


@transaction.atomic
def give_back(*, by: Any, actual: Actual, revision: int, reason: str) -> Actual:
    """Return a report with the reason."""
    allow(by, Permission.APPROVE_RESULTS, actual)
    why = need_reason(reason)
    _need_open(actual)
    fields = {"reviewed_by": by, "reviewed_at": timezone.now(), "reason": why}
    return _move(by, actual, "return", revision, fields)


def _need_open(actual: Actual) -> None:
    refuse_if(locked_now(actual.period))


def _move(by: Any, actual: Actual, deed: str, revision: int, fields: dict[str, Any]) -> Actual:
    before, state = actual.state, after(ACTUAL, actual.state, deed)
    if state is None:
        refuse_if([fault("no-such-step", state=before)])
    update(actual, revision, {**fields, "state": state})
    _tell(by, f"actual.{deed}", actual, why=fields.get("reason", ""), details={"state": [before, state]})
    return actual


def _tell(by: Any, verb: str, actual: Actual, **more: Any) -> None:
    tell(by, verb, actual.indicator.result.project, actual.address, **more)
