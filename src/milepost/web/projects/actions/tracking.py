"""The tracking table that comes back: kept until its sender confirms the changes, then taken in at once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from milepost import values
from milepost.errors import MilepostError
from milepost.interchange.tracking import FigureKey, Span, Update
from milepost.values import Text
from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.files import actions as files
from milepost.web.files.models import StoredFile
from milepost.web.projects.actions import matrix, reporting
from milepost.web.projects.actions.conditions import tell
from milepost.web.projects.cells import key_of
from milepost.web.projects.models import Actual, Goal, Period, Project
from milepost.web.projects.queries import tracking as queries
from milepost.web.traces.actions import link
from milepost.web.ui.revisions import Stale

KEPT = timedelta(days=1)
"""How long a file waits for its sender to confirm it."""


class Taken(NamedTuple):
    """How many targets were set, how many reports were written, and how many of these were sent to review."""

    targets: int
    reports: int
    sent: int


def _allow(by: Any, project: Project) -> None:
    rights = (Permission.EDIT_PROJECTS, Permission.REPORT_RESULTS)
    if not any(may(by, right, *project.places) for right in rights):
        raise PermissionDenied(Permission.REPORT_RESULTS)


def send_in(*, by: Any, project: Project, upload: Any, name: str, today: date) -> StoredFile:
    """Keep a workbook until it is confirmed; one that is no tracking table of this project is not kept.

    No single transaction: a refused file is dropped again, with its content.
    """
    _allow(by, project)
    drop_left(by=by)
    kept = files.keep(upload, by=by, name=name, owner=queries.owner(project))
    try:
        queries.judge(by, project, kept, today=today)
    except MilepostError:
        files.drop(kept, by=by)
        raise
    return kept


@transaction.atomic
def withdraw(*, by: Any, project: Project, stored: StoredFile) -> None:
    """Take a file back that was not confirmed; nothing of it stays."""
    _allow(by, project)
    if stored.by != by or stored.owner != queries.owner(project):
        raise PermissionDenied("another person's file")
    files.drop(stored, by=by)


@transaction.atomic
def drop_left(*, by: Any = None) -> int:
    """Take away every file that waited for more than a day; how many."""
    left = StoredFile.objects.filter(owner__startswith="tracking:", at__lt=timezone.now() - KEPT)
    for stored in (found := list(left)):
        files.drop(stored, by=by)
    return len(found)


@transaction.atomic
def take_in(
    *,
    by: Any,
    project: Project,
    stored: StoredFile,
    digest: str,
    send: bool,
    today: date,
    decisions: Mapping[FigureKey, int] | None = None,
) -> Taken:
    """Write what the dry run said, all of it or nothing; Stale where it would say something else by now.

    Targets become new versions, actuals drafts, which are sent to review with `send`. `decisions` are those
    about figures in conflict with which the dry run was made.
    """
    _allow(by, project)
    Project.objects.select_for_update().get(pk=project.pk)
    list(project.periods.select_for_update(no_key=True).order_by("pk"))  # held until all of it is written
    kept = StoredFile.objects.select_for_update().filter(pk=stored.pk, by=by, owner=queries.owner(project))
    if not kept.exists():
        raise Stale
    judged = queries.judge(by, project, stored, today=today, decisions=decisions)
    if judged.digest != digest or not judged.run.updates:
        raise Stale
    kept.update(owner=project.address)
    periods = {(period.start, period.end): period for period in judged.table.matrix.periods}
    targets = [one for one in judged.run.updates if one.what == "target"]
    for update in targets:
        _set(by, judged.table.matrix, periods, update)
    reports: dict[tuple[int, Span], list[Update]] = defaultdict(list)
    for one in judged.run.updates:
        if one.what == "actual" and one.span is not None:
            reports[int(one.row.indicator), one.span].append(one)
    sent = 0
    for (indicator, span), updates in reports.items():
        written = _report(by, judged.table.matrix, indicator, periods[span], updates)
        link(written.address, "rests_on", stored.address)
        if send and written.cells.exists():
            reporting.submit(by=by, actual=written, revision=written.revision)
            sent += 1
    found = Taken(len(targets), len(reports), sent)
    details = {"file": stored.address, **found._asdict()}
    if decided := queries.decided(judged, decisions or {}):
        details["decided"] = decided
    tell(by, "project.tracking-taken", project, details=details)
    return found


def _set(by: Any, whole: Any, periods: Mapping[Span, Period], update: Update) -> None:
    indicator = whole.indicators[int(update.row.indicator)]
    period = periods[update.span] if update.span is not None else None
    kind = Goal.Kind.TARGET if period is not None else Goal.Kind.END
    assert update.figure is not None  # the dry run refuses to remove a target
    key, place = key_of(update.row.breakdown), update.row.place
    seen = (
        goal.version
        for goal in whole.goals[indicator.pk]
        if (goal.kind, goal.key, goal.place) == (kind, key, place)
        and goal.period_id == (period.pk if period else None)
    )
    matrix.set_goal(
        by=by,
        indicator=indicator,
        kind=kind,
        figure=update.figure,
        period=period,
        reason=update.reason,
        seen=next(seen, 0),
    )


def _report(by: Any, whole: Any, indicator: int, period: Period, updates: Sequence[Update]) -> Actual:
    there = whole.actuals.get((indicator, period.pk))
    figures: dict[tuple[str, str], values.Figure] = {}
    for cell in there.cells.all() if there else ():
        figures[cell.key, cell.place] = cell.as_value()
    comment = there.comment if there else ""
    for update in updates:
        key = key_of(update.row.breakdown), update.row.place
        if key == ("", ""):
            comment = _comment(comment, update, had=key in figures)
        if update.figure is None:
            figures.pop(key, None)
        else:
            figures[key] = update.figure
    return reporting.report(
        by=by,
        indicator=whole.indicators[indicator],
        period=period,
        figures=list(figures.values()),
        comment=comment,
        evidence=there.evidence if there else "",
        revision=there.revision if there else 0,
    )


def _comment(before: str, update: Update, *, had: bool) -> str:
    """The comment of a report: what was typed, else what stood there; one that was shown can be emptied."""
    words = update.figure.comment if update.figure is not None else Text()
    typed = [text for language, text in words.items() if language != queries.UNSAID]
    if typed:
        return typed[0]
    return words.get(queries.UNSAID, "") if had else before
