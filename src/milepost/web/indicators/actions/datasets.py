"""The way of a dataset to the public: one action for each transition of `values.states.DATASET`.

What a reviewer approves is what is published: the dry run that was submitted leaves a fingerprint, and where
other figures of the institution were published in between, it is made again and has to be looked at again.
"""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_noop

from milepost.errors import MilepostError, refuse
from milepost.recipes import incoming
from milepost.recipes.incoming import Judged, Record
from milepost.values import Origin, Problem, states
from milepost.web.accounts.roles import Permission
from milepost.web.audit.actions import record
from milepost.web.audit.models import Event
from milepost.web.indicators.actions import calendar, publishing
from milepost.web.indicators.actions.conditions import allow, need_reason
from milepost.web.indicators.actions.publishing import TAKEN, Say, silent
from milepost.web.indicators.models import Dataset, Indicator, Observation, Release
from milepost.web.indicators.queries import work
from milepost.web.intake import actions as intake
from milepost.web.intake import faults
from milepost.web.intake import queries as intake_queries
from milepost.web.intake.models import Delivery
from milepost.web.intake.queries import rows as rows_of
from milepost.web.jobs import actions as jobs
from milepost.web.notices import actions as notices
from milepost.web.stakeholders.models import Country, Institution
from milepost.web.traces.actions import link
from milepost.web.ui import moments
from milepost.web.ui.revisions import Stale

AT_ONCE = 2000
"""Rows that are published while the reviewer waits; more are published by a job, right after."""

LONGEST_TITLE = 200

READING = gettext_noop("Reading the file")
UNDERSTANDING = gettext_noop("Understanding the rows")
COMPARING = gettext_noop("Comparing with what is current")
"""What a job says while it works."""

DONE = {
    "submit": "submitted",
    "recall": "recalled",
    "return": "returned",
    "approve": "approved",
    "publish": "published",
    "supersede": "superseded",
    "withdraw": "withdrawn",
    "discard": "discarded",
}
"""The verb of the event of each deed."""


class Moved(Exception):
    """What a dataset would do now is no longer what its stored dry run says."""


# To the dry run ---------------------------------------------------------------------------------------------


@transaction.atomic
def start(
    *,
    by: Any,
    upload: Any,
    name: str,
    country: Country,
    institution: Institution,
    title: str = "",
    note: str = "",
    correction: bool = False,
    instead_of: Dataset | None = None,
) -> Dataset:
    """Take in a file: it is kept, a draft is made, and its dry run is put into the queue.

    `instead_of` is a draft or returned dataset of the same institution, in whose place this file comes;
    `note` says what was wrong where the file corrects published figures.
    """
    allow(by, Permission.UPLOAD_DATA, institution.address, country.address)
    _need_note(note, correction=correction)
    if instead_of is not None and (instead_of.institution, instead_of.country) != (institution, country):
        raise PermissionDenied
    delivery = intake.receive(by=by, upload=upload, name=name, country=country, institution=institution)
    dataset = begin(by=by, delivery=delivery, title=title, note=note, correction=correction)
    if instead_of is not None:
        _take_the_place(dataset, instead_of, by)
    ask_for_preview(dataset, by=by)
    return dataset


@transaction.atomic
def begin(
    *, by: Any, delivery: Delivery, title: str = "", note: str = "", correction: bool = False
) -> Dataset:
    """A draft of what a delivery holds: a file, or a form that is filled in by hand."""
    allow(by, Permission.UPLOAD_DATA, delivery.institution.address, delivery.country.address)
    dataset = Dataset.objects.create(
        country=delivery.country,
        institution=delivery.institution,
        delivery=delivery,
        title=(title.strip() or str(delivery))[:LONGEST_TITLE],
        note=note.strip(),
        correction=correction,
        started_by=by,
    )
    _tell(dataset, "dataset.started", by, correction=correction)
    link(dataset.address, "rests_on", delivery.address)
    if delivery.file is not None:
        link(delivery.address, "rests_on", delivery.file.address)
    return dataset


def ask_for_preview(dataset: Dataset, *, by: Any) -> Any:
    """Put the dry run of a dataset into the queue."""
    return jobs.start("dataset.preview", by=by, address=dataset.address, arguments={"dataset": dataset.pk})


def preview(
    dataset: Dataset, *, by: Any = None, say: Say = silent, drop_mends: bool = False
) -> dict[str, int]:
    """Read what came in and say for each row what would become of it; the tally, {} where a person is needed.

    Rows changed by hand stay so. Where the file is now read as saying something else of one than before, the
    rows stay as they were, and people are asked; `drop_mends` is their word that such changes may go.
    Nothing is half-written: the rows of an earlier dry run are replaced in one transaction. So it can be
    stopped at any moment and done again.
    """
    with incoming.many_rows():
        while True:
            try:
                return _preview(dataset, by, say, drop_mends)
            except Moved:  # somebody changed a row by hand while the file was read
                dataset.delivery.refresh_from_db()


def _preview(dataset: Dataset, by: Any, say: Say, drop_mends: bool) -> dict[str, int]:
    _need_open(dataset)
    judged_by = work.circumstances(dataset)
    delivery = dataset.delivery
    say(READING, 0, 0)
    tables = intake.tables(delivery)
    national = intake_queries.national(dataset.country)
    reading = intake.reading_for(delivery, tables, national)
    if reading is None:
        with transaction.atomic():
            _count(_locked(dataset), {})
        return {}
    say(UNDERSTANDING, 0, 0)
    records = incoming.read_rows(
        tables,
        reading,
        indicators=work.codes(dataset.country),
        country_m49=dataset.country.m49,
        today=timezone.localdate(),
        national=national,
    )
    by_hand = intake_queries.revisions_by_hand(delivery)
    mends = intake_queries.mends_in(delivery, records)
    if mends.lost and not drop_mends:
        with transaction.atomic():
            intake.ask_of_mends(delivery, mends.lost)
            _count(_locked(dataset), {})
        return {}
    records = _mended(dataset, records, mends.kept, national)
    say(COMPARING, 0, len(records))
    current = work.current_values(dataset.institution, dataset.country, records)
    judged = incoming.compare(records, current)
    with transaction.atomic():
        locked = _locked(dataset)
        _need_open(locked)
        if intake_queries.revisions_by_hand(delivery) != by_hand:
            raise Moved
        came = {number: row.as_it_came or {} for number, row in mends.kept.items()}
        intake.replace_rows(delivery, judged, say, came)
        _count(locked, incoming.tally(judged), judged_by)
        if rows_of(delivery).exclude(decision="").exists():  # of an earlier dry run of the same rows
            _judge_again(locked)
        mended = {"mends_kept": len(mends.kept), "mends_dropped": [row.number for row in mends.lost[:50]]}
        _tell(locked, "dataset.read", by, rows=len(judged), counts=locked.counts, **mended)
        if locked.delivery.mapping is not None:
            link(locked.address, "mapped_by", locked.delivery.mapping.address)
    return locked.counts


def _mended(
    dataset: Dataset, records: list[Record], kept: Mapping[int, Any], national: incoming.National
) -> list[Record]:
    """The records, in which rows changed by hand say what they were changed to."""
    if not kept:
        return records
    columns = {record.number: record.column for record in records if record.number in kept}
    by_number = {
        record.number: record
        for record in incoming.read_cells(
            ((number, row.sheet, row.line, row.cells) for number, row in kept.items()),
            indicators=work.codes(dataset.country),
            country_m49=dataset.country.m49,
            today=timezone.localdate(),
            file=dataset.delivery.file.name if dataset.delivery.file else "",
            headers={number: column for number, column in columns.items() if column},
            national=national,
        )
    }
    return [
        record
        if record.number not in by_number
        else by_number[record.number]._replace(cells=kept[record.number].cells)
        for record in records
    ]


# While it is a draft ----------------------------------------------------------------------------------------


@transaction.atomic
def describe(*, by: Any, dataset: Dataset, revision: int, title: str, note: str, correction: bool) -> Dataset:
    """Say what a dataset is, and whether it corrects published figures."""
    allow(by, Permission.UPLOAD_DATA, *dataset.places)
    _need_note(note, correction=correction)
    locked = _at(dataset, revision)
    _need_open(locked)
    locked.title = (title.strip() or locked.title)[:LONGEST_TITLE]
    locked.note, locked.correction = note.strip(), correction
    _save(locked, "title", "note", "correction")
    _tell(locked, "dataset.described", by, correction=correction)
    return locked


@transaction.atomic
def decide(*, by: Any, dataset: Dataset, numbers: Collection[int], decision: str) -> Dataset:
    """Of rows in conflict: use these, or leave these out; the dry run says at once what comes of it."""
    allow(by, Permission.UPLOAD_DATA, *dataset.places)
    locked = _locked(dataset)
    _need_open(locked)
    intake.decide(by=by, delivery=locked.delivery, row_numbers=numbers, decision=decision)
    event = _tell(locked, "dataset.decided", by, decision=decision, rows=len(numbers))
    link(locked.address, "decided_by", event.address_of_event)
    return compare_again(locked, numbers)


@transaction.atomic
def mend(
    *, by: Any, dataset: Dataset, number: int, revision: int, cells: Mapping[str, str], why: str
) -> Dataset:
    """Change cells of one row by hand, with the reason; the dry run says at once what comes of it.

    The file stays as it is. `revision` is that of the row as the person saw it; Stale where somebody
    changed it meanwhile. MilepostError without a reason, and for a dataset that is no draft any more.
    """
    allow(by, Permission.UPLOAD_DATA, *dataset.places)
    locked = _locked(dataset)
    _need_open(locked)
    reason = need_reason(why)
    row = rows_of(locked.delivery).filter(number=number).first()
    if row is None:
        raise Stale
    changed = intake.edit_row(by=by, row=row, cells=cells, revision=revision, why=reason)
    return compare_again(locked, [number]) if changed.revision != revision else locked


@transaction.atomic
def schedule(*, by: Any, dataset: Dataset, revision: int, release_at: datetime | None) -> Dataset:
    """Set the moment before which nothing becomes public, or take it away.

    Whoever submits proposes it with a draft; after that it is for those who publish. A dataset that waits for
    an entry of the calendar follows that.
    """
    locked = _at(dataset, revision)
    is_open = locked.state in work.OPEN
    allow(by, Permission.SUBMIT_DATA if is_open else Permission.PUBLISH_DATA, *locked.places)
    if locked.state in calendar.ENDED:
        raise refuse("deed-not-now", _form())
    if Release.objects.filter(dataset=locked, released_at=None).exists():
        raise refuse("date-of-calendar", _form("release_at"))
    if release_at is not None and release_at <= timezone.now():
        raise refuse("release-past", _form("release_at"), date=moments.day(release_at).isoformat())
    locked.release_at = release_at
    _save(locked, "release_at")
    _tell(locked, "dataset.scheduled", by, release_at=release_at.isoformat() if release_at else "")
    return locked


# From hand to hand ------------------------------------------------------------------------------------------


def submit(*, by: Any, dataset: Dataset, revision: int) -> Dataset:
    """Send a dataset to review; refused while rows are in conflict, or where nothing would become public."""
    try:
        with transaction.atomic():
            return _submit(by, dataset, revision)
    except Moved:
        compare_again(dataset)
        raise refuse("dataset-moved", _form()) from None


def _submit(by: Any, dataset: Dataset, revision: int) -> Dataset:
    allow(by, Permission.SUBMIT_DATA, *dataset.places)
    locked = _at(dataset, revision)
    _need_deed(locked, "submit")
    _need_note(locked.note, correction=locked.correction)
    if not locked.counts:
        raise refuse("dataset-unread", _form())
    _need_unmoved(locked)
    counts = work.tally(locked.delivery)
    if counts["conflict"]:
        raise refuse("conflicts-undecided", _form(), count=counts["conflict"])
    if not counts["add"] and not counts["change"]:
        raise refuse("nothing-to-publish", _form())
    _move(
        locked,
        "submit",
        by,
        fingerprint=fingerprint(locked),
        submitted_by=by,
        submitted_at=timezone.now(),
        reason="",
    )
    notices.done(locked.address, "returned", by)
    notices.tell(work.reviewers(locked), kind="review", address=locked.address, details={"by": by.name})
    return locked


@transaction.atomic
def recall(*, by: Any, dataset: Dataset, revision: int) -> Dataset:
    """Take a dataset back from review, to go on working at it."""
    allow(by, Permission.SUBMIT_DATA, *dataset.places)
    locked = _at(dataset, revision)
    _move(locked, "recall", by, fingerprint="")
    notices.done(locked.address, "review", by)
    return locked


@transaction.atomic
def return_(*, by: Any, dataset: Dataset, revision: int, reason: str) -> Dataset:
    """Give a dataset back to those who sent it, and say what is to be mended."""
    allow(by, Permission.REVIEW_DATA, *dataset.places)
    why = need_reason(reason)
    locked = _at(dataset, revision)
    _move(locked, "return", by, why=why, reason=why, fingerprint="")
    notices.done(locked.address, "review", by)
    notices.tell(
        _senders(locked), kind="returned", address=locked.address, details={"by": by.name, "note": why}
    )
    return locked


@transaction.atomic
def discard(*, by: Any, dataset: Dataset, revision: int, reason: str = "") -> Dataset:
    """Give a draft up; file and rows stay as a record."""
    allow(by, Permission.UPLOAD_DATA, *dataset.places)
    locked = _at(dataset, revision)
    _move(locked, "discard", by, why=reason.strip(), reason=reason.strip())
    intake.drop_copies(locked.delivery, by=by)
    notices.done(locked.address, "returned", by)
    return locked


def approve(*, by: Any, dataset: Dataset, revision: int) -> Dataset:
    """Approve what was submitted, as another person than all who had a hand in it; it is then published.

    Published at once where there is no date to wait for; many rows by a job. MilepostError where other
    figures were published since it was submitted: the dry run is then made again, to be looked at again.
    """
    try:
        with transaction.atomic():
            return _approve(by, dataset, revision)
    except Moved:
        _review_again(dataset)
        raise refuse("dataset-moved", _form()) from None


def _approve(by: Any, dataset: Dataset, revision: int) -> Dataset:
    locked = _at(dataset, revision)
    _need_deed(locked, "approve")
    if not work.may_approve(by, locked):
        raise PermissionDenied(Permission.REVIEW_DATA)
    _need_unmoved(locked)
    counts = work.tally(locked.delivery)
    taken = sum(counts[outcome] for outcome in TAKEN)
    if not taken:  # others published the same meanwhile
        raise refuse("nothing-to-publish", _form())
    now = timezone.now()
    _move(locked, "approve", by, approved_by=by, approved_at=now)
    notices.done(locked.address, "review", by)
    if locked.release_at is not None and locked.release_at > now:
        notices.tell(_senders(locked), kind="approved", address=locked.address, details={"by": by.name})
    elif taken > AT_ONCE:
        jobs.start("dataset.publish", by=by, address=locked.address, arguments={"dataset": locked.pk})
    else:
        _publish(locked, _judged_as_submitted(locked), by=by, at=now)
    return locked


# To the public ----------------------------------------------------------------------------------------------


def publish(*, by: Any, dataset: Dataset, revision: int, say: Say = silent) -> Dataset:
    """Publish what was approved; refused before its date.

    Where other figures were published since it was approved, it goes back to those who sent it.
    """
    allow(by, Permission.PUBLISH_DATA, *dataset.places)
    try:
        with transaction.atomic():
            locked = _at(dataset, revision)
            _need_deed(locked, "publish")
            if locked.release_at is not None and locked.release_at > timezone.now():
                raise refuse("release-not-yet", _form(), date=moments.day(locked.release_at).isoformat())
            _publish(locked, _judged_as_submitted(locked), by=by, at=timezone.now(), say=say)
            return locked
    except Moved:
        _overtaken(dataset)
        raise refuse("dataset-moved", _form()) from None


def publish_when_due(dataset: Dataset, *, say: Say = silent) -> bool:
    """Publish what is approved and due, in the name of who approved it; whether it was.

    Left alone where it is not approved, or not due, any more: another worker or a person was first.
    """
    try:
        with transaction.atomic():
            locked = _locked(dataset)
            now = timezone.now()
            if locked.state != "approved" or (locked.release_at is not None and locked.release_at > now):
                return False
            _publish(locked, _judged_as_submitted(locked), by=locked.approved_by, at=now, say=say)
            return True
    except Moved:
        _overtaken(dataset)
        return False


def due(now: datetime) -> list[Dataset]:
    """What is approved, and whose date has come."""
    waiting = Dataset.objects.filter(state="approved").exclude(release_at__gt=now)
    return list(waiting.order_by("release_at", "pk"))


def _publish(dataset: Dataset, judged: Sequence[Judged], *, by: Any, at: datetime, say: Say = silent) -> None:
    with incoming.many_rows():
        done = publishing.publish(judged, dataset=dataset, at=at, say=say)
    _move(
        dataset,
        "publish",
        by,
        published_at=at,
        details={
            "indicators": [version.indicator.slug for version in done.versions],
            "counts": dataset.counts,
        },
    )
    for version in done.versions:
        link(version.address, "rests_on", dataset.address)
    for former in Dataset.objects.filter(pk__in=done.replaced).order_by("pk"):
        if dataset.correction:
            link(dataset.address, "corrects", former.address)
        _supersede(former, dataset, by)
    calendar.released(dataset, by=by, at=at)
    intake.drop_copies(dataset.delivery, by=by)
    notices.done(dataset.address, "approved", by)
    notices.tell(_senders(dataset), kind="published", address=dataset.address)
    for indicator in done.beside:
        if work.undecided(indicator):
            people = work.who_may(Permission.CHOOSE_OFFICIAL, indicator.address, dataset.country.address)
            notices.tell(people, kind="conflict", address=indicator.address)


def _supersede(former: Dataset, dataset: Dataset, by: Any) -> None:
    """A dataset none of whose figures is current any more has been replaced as a whole."""
    if Observation.objects.filter(dataset=former, current=True).exists():
        return
    locked = _locked(former)
    if states.after(states.DATASET, locked.state, "supersede") is not None:
        _move(locked, "supersede", by, details={"by_dataset": dataset.address})
        link(dataset.address, "supersedes", former.address)


@transaction.atomic
def withdraw(*, by: Any, dataset: Dataset, revision: int, reason: str) -> Dataset:
    """Take what is left of a dataset out of the public at once; the reason is public.

    Earlier versions stay readable and say that it was withdrawn, and why.
    """
    allow(by, Permission.WITHDRAW_DATA, *dataset.places)
    why = need_reason(reason)
    locked = _at(dataset, revision)
    _need_deed(locked, "withdraw")
    now = timezone.now()
    versions = publishing.withdraw(locked, reason=why, at=now)
    event = _move(
        locked,
        "withdraw",
        by,
        why=why,
        reason=why,
        withdrawn_at=now,
        details={"indicators": [version.indicator.slug for version in versions]},
    )
    for version in versions:
        link(version.address, "decided_by", event.address_of_event)
    _tell_of_withdrawal(locked, [version.indicator for version in versions], by=by, why=why)
    return locked


def _tell_of_withdrawal(dataset: Dataset, indicators: Sequence[Indicator], *, by: Any, why: str) -> None:
    """News for those who sent the figures, who keep the country's list, and who asked for such figures."""
    said = {"by": by.name, "note": why}
    people = {one.pk: one for one in _senders(dataset)}
    people |= work.who_may(Permission.EDIT_INDICATORS, dataset.country.address).in_bulk()
    others = [one for one in people.values() if one.pk != by.pk]
    notices.tell(others, kind="withdrawn", address=dataset.address, details=said)
    for request in work.requests_about(dataset, indicators):
        if request.by != by:
            notices.tell([request.by], kind="withdrawn", address=request.address, details=said)


# What would happen now --------------------------------------------------------------------------------------


def compare_again(dataset: Dataset, numbers: Collection[int] | None = None) -> Dataset:
    """Make the dry run again from the rows as they stand; the dataset with its new counts.

    `numbers` are the rows that were decided or mended: then only they, the rows with their keys and those in
    conflict are looked at, which is quick in a large file.
    """
    with transaction.atomic():
        locked = _locked(dataset)
        _judge_again(locked, numbers)
    return locked


def _judge_again(dataset: Dataset, numbers: Collection[int] | None = None) -> None:
    _hold(dataset)
    judged_by = dataset.judged_by if numbers is not None else work.circumstances(dataset)
    _store(dataset, _judge(dataset, _around(dataset, numbers)))
    _count(dataset, work.tally(dataset.delivery), judged_by)


def _store(dataset: Dataset, judged: Sequence[Judged]) -> None:
    """Write the new judgement of rows where it differs; the faults of reading stay as the file had them."""
    rows = rows_of(dataset.delivery)
    stored = {
        number: (pk, outcome, key, before)
        for pk, number, outcome, key, before in rows.values_list("pk", "number", "outcome", "key", "before")
    }
    changed = []
    for one in judged:
        pk, *said = stored[one.record.number]
        if said != [one.outcome, one.record.key, one.before]:
            before = None if one.before is None else json.dumps(one.before, sort_keys=True)
            problems = json.dumps(faults.as_json(one.problems), sort_keys=True)
            changed.append((one.outcome, one.record.key, before, problems, pk))
    table = connection.ops.quote_name(rows.model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET outcome = %s, key = %s, before = %s, problems = %s WHERE id = %s",  # noqa: S608
            changed,
        )


_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True).encode


def fingerprint(dataset: Dataset) -> str:
    """The hash of every row that would become a figure, and of what it would replace."""
    digest = hashlib.sha256()
    rows = rows_of(dataset.delivery).filter(outcome__in=TAKEN)
    said = rows.annotate(text=Cast("cells", TextField()), former=Cast("before", TextField()))
    with incoming.many_rows():
        for outcome, key, cells, before in said.values_list("outcome", "key", "text", "former"):
            parts = (outcome, key, json.loads(cells), json.loads(before) if before else None)
            digest.update(_encode(parts).encode())
    return digest.hexdigest()


def _hold(dataset: Dataset) -> None:
    """Lock the institution, so that nobody publishes its figures meanwhile."""
    Institution.objects.select_for_update(no_key=True, of=("self",)).get(pk=dataset.institution_id)


def _around(dataset: Dataset, numbers: Collection[int] | None) -> QuerySet[Any]:
    """The rows to be judged again where these were decided or mended; all of them for None."""
    rows = rows_of(dataset.delivery)
    if numbers is None:
        return rows
    keys = set(rows.filter(number__in=numbers).values_list("key", flat=True))
    keys |= {one.key for one in _records(dataset, rows.filter(number__in=numbers))}
    return rows.filter(Q(number__in=numbers) | Q(key__in=keys - {""}) | Q(outcome="conflict"))


def _judge(dataset: Dataset, rows: QuerySet[Any]) -> list[Judged]:
    """What would become of stored rows now; the caller holds the institution."""
    with incoming.many_rows():
        records = _records(dataset, rows)
        current = work.current_values(dataset.institution, dataset.country, records)
        decisions = dict(rows.exclude(decision="").values_list("number", "decision"))
        return incoming.compare(records, current, decisions)


def _records(dataset: Dataset, rows: QuerySet[Any]) -> list[Record]:
    """Stored rows as they are understood today."""
    return incoming.read_cells(
        rows.order_by("number").values_list("number", "sheet", "line", "cells"),
        indicators=work.codes(dataset.country),
        country_m49=dataset.country.m49,
        today=timezone.localdate(),
        file=dataset.delivery.file.name if dataset.delivery.file else "",
        headers=dict(rows.exclude(column="").values_list("number", "column")),
        national=intake_queries.national(dataset.country),
    )


def _need_unmoved(dataset: Dataset) -> None:
    """Moved where the stored dry run is not what would happen now.

    While all that it rests on is as it was, it is not made again: that would take seconds of many rows.
    """
    _hold(dataset)
    now = work.circumstances(dataset)
    if dataset.judged_by != now:
        _as_stored(dataset, rows_of(dataset.delivery))
        dataset.judged_by = now
        dataset.save(update_fields=["judged_by"])


def _as_stored(dataset: Dataset, rows: QuerySet[Any]) -> list[Judged]:
    """What would become of these rows now; Moved where the stored dry run says something else."""
    judged = _judge(dataset, rows)
    stored = {number: said for number, *said in rows.values_list("number", "outcome", "key", "before")}
    if any(stored[one.record.number] != [one.outcome, one.record.key, one.before] for one in judged):
        raise Moved
    return judged


def _judged_as_submitted(dataset: Dataset) -> list[Judged]:
    """What would become figures now; Moved where that is not what was submitted."""
    _need_unmoved(dataset)
    if fingerprint(dataset) != dataset.fingerprint:
        raise Moved
    return _as_stored(dataset, rows_of(dataset.delivery).filter(outcome__in=TAKEN))


def _review_again(dataset: Dataset) -> None:
    """Show the reviewer what would happen now, in place of what was submitted."""
    with transaction.atomic():
        again = _locked(dataset)
        _judge_again(again)
        if again.state == "submitted":
            again.fingerprint = fingerprint(again)
            _save(again, "fingerprint")
            _tell(again, "dataset.overtaken", None, counts=again.counts)


def _overtaken(dataset: Dataset) -> None:
    """Give an approved dataset back, because what was approved is not what would happen any more."""
    with transaction.atomic():
        again = compare_again(dataset)
        if again.state == "approved":
            _tell(again, "dataset.overtaken", None, counts=again.counts)
            _move(again, "return", None, reason="", fingerprint="")
            notices.tell(_senders(again), kind="returned", address=again.address)


# Helpers of all ---------------------------------------------------------------------------------------------


def _locked(dataset: Dataset) -> Dataset:
    """The dataset as it is now, so that nobody else changes it until the transaction ends."""
    found = Dataset.objects.select_for_update(of=("self",)).select_related(
        "country", "institution", "delivery__file", "delivery__mapping", "approved_by"
    )
    return found.get(pk=dataset.pk)


def _at(dataset: Dataset, revision: int) -> Dataset:
    """The same, where it still is as the person saw it; else Stale."""
    locked = _locked(dataset)
    if locked.revision != revision:
        raise Stale(locked)
    return locked


def _move(
    dataset: Dataset,
    deed: str,
    by: Any,
    *,
    why: str = "",
    details: dict[str, Any] | None = None,
    **fields: Any,
) -> Event:
    """One step of the state machine with its event; `dataset` is locked by the caller."""
    before = dataset.state
    after = _need_deed(dataset, deed)
    for name, value in fields.items():
        setattr(dataset, name, value)
    dataset.state = after
    _save(dataset, "state", *fields)
    return _tell(dataset, f"dataset.{DONE[deed]}", by, why=why, state=[before, after], **(details or {}))


def _save(dataset: Dataset, *fields: str) -> None:
    dataset.revision += 1
    dataset.save(update_fields=[*fields, "revision"])


def _count(dataset: Dataset, counts: dict[str, int], judged_by: str = "") -> None:
    """Note the tally of a dry run, and by what it was made."""
    if judged_by != dataset.judged_by:
        dataset.judged_by = judged_by
        dataset.save(update_fields=["judged_by"])
    if counts != dataset.counts:
        dataset.counts = counts
        _save(dataset, "counts")


def _need_deed(dataset: Dataset, deed: str) -> str:
    after = states.after(states.DATASET, dataset.state, deed)
    if after is None:
        raise refuse("deed-not-now", _form())
    return after


def _need_open(dataset: Dataset) -> None:
    if dataset.state not in work.OPEN:
        raise refuse("deed-not-now", _form())


def _need_note(note: str, *, correction: bool) -> None:
    if correction and not note.strip():
        raise MilepostError([Problem("correction-unexplained", _form("note"))])


def _take_the_place(dataset: Dataset, former: Dataset, by: Any) -> None:
    """A mended file comes in the place of a draft: that one is discarded, and its date passes on."""
    locked = _locked(former)
    _move(locked, "discard", by, details={"by_dataset": dataset.address})
    notices.done(locked.address, "returned", by)
    link(dataset.address, "supersedes", locked.address)
    intake.read_as(dataset.delivery, locked.delivery)
    dataset.release_at = locked.release_at
    dataset.save(update_fields=["release_at"])
    Release.objects.filter(dataset=locked, released_at=None).update(dataset=dataset)


def _senders(dataset: Dataset) -> list[Any]:
    """Those who wait for what becomes of a dataset."""
    people = {one.pk: one for one in (dataset.started_by, dataset.submitted_by) if one is not None}
    return list(people.values())


def _tell(dataset: Dataset, verb: str, by: Any, *, why: str = "", **details: Any) -> Event:
    return record(
        by=by,
        verb=verb,
        address=dataset.address,
        scope=dataset.institution.address,
        why=why,
        details=details,
    )


def _form(column: str | None = None) -> Origin:
    return Origin("form", column=column)
