"""Everything that changes what came in: receive, read, map, judge, mend, decide."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied
from django.core.files.base import ContentFile
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from milepost import interchange
from milepost.errors import MilepostError, refuse
from milepost.recipes import incoming
from milepost.recipes.incoming import Judged, National, Reading
from milepost.values import Origin, Problem, Table
from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.audit.actions import record
from milepost.web.files import actions as files
from milepost.web.intake import faults, queries, reading
from milepost.web.intake.models import Delivery, Row
from milepost.web.intake.models import Mapping as Remembered
from milepost.web.jobs import actions as jobs
from milepost.web.stakeholders.models import Country, Institution
from milepost.web.traces.actions import link
from milepost.web.ui.revisions import Stale

FORM = "form"
"""The format of a delivery without file."""

PREVIEW = "dataset.preview"
"""The job that reads a delivery and says what would become of its rows."""

MARK = queries.MARK
"""The job that makes the marked copy of a large file."""

Say = Callable[[str, int, int], None]


# In ---------------------------------------------------------------------------------------------------------


@transaction.atomic
def receive(
    *,
    by: Any,
    upload: Any,
    name: str,
    country: Country,
    institution: Institution,
    format: str | None = None,
) -> Delivery:
    """Take in a file as it is: the original is kept, nothing is read yet.

    `upload` is an uploaded file or a path, `format` a key of interchange.FORMATS if the name does not tell.
    MilepostError where the file is empty or too large.
    """
    delivery = _delivery(by, country, institution, format or "")
    original = files.keep(upload, by=by, name=name, owner=delivery.address)
    delivery.file = original
    delivery.save(update_fields=["file"])
    _tell(by, "delivery.received", delivery, size=original.size, sha256=original.sha256)
    return delivery


@transaction.atomic
def open_form(
    *,
    by: Any,
    country: Country,
    institution: Institution,
    indicator: str,
    cells: Sequence[Mapping[str, str]],
) -> Delivery:
    """A delivery without file: a form with these cells ({concept: text} without value), to be filled in."""
    delivery = _delivery(by, country, institution, FORM)
    delivery.tables = [{"code": indicator, "cells": [dict(cell) for cell in cells], "cleared": {}}]
    delivery.state = Delivery.State.READ
    delivery.save(update_fields=["tables", "state"])
    _tell(by, "delivery.received", delivery, cells=len(cells))
    return delivery


def _delivery(by: Any, country: Country, institution: Institution, format: str) -> Delivery:
    _allow(by, Permission.UPLOAD_DATA, institution.address, country.address)
    if institution.country not in (None, country) or not institution.active:
        raise refuse("institution-elsewhere", "institution", name=str(institution))
    if format and format != FORM and format not in interchange.FORMATS:
        raise refuse("unknown-format", "", name=format, known=", ".join(interchange.FORMATS))
    return Delivery.objects.create(country=country, institution=institution, format=format, by=by)


# Reading ----------------------------------------------------------------------------------------------------


def tables(delivery: Delivery) -> tuple[Table, ...]:
    """The tables of a delivery, read with every limit; what they look like and their faults are noted on it.

    MilepostError where nothing can be read: the delivery then is failed, and keeps the faults. Of a form, the
    cells that were filled in.
    """
    if delivery.file is None:
        return (reading.form(delivery),)
    try:
        found = reading.read(delivery)
        reading.refuse_unfit(found)
    except MilepostError as error:
        _note(delivery, Delivery.State.FAILED, problems=error.problems)
        raise
    _note(delivery, delivery.State.READ, problems=found.problems, tables=reading.describe(found.tables))
    return found.tables


def reading_for(
    delivery: Delivery, found: Sequence[Table], national: National | None = None
) -> Reading | None:
    """How the tables are read: as the institution's last file with these columns, else as is certain.

    None where a person must decide something first: the delivery then waits for its mapping. How it was read
    is remembered and noted on the delivery, also where nobody had to be asked.
    """
    if delivery.file is None:
        return Reading({name: name for table in found for name in table.columns})
    delivery.refresh_from_db(fields=["mapping"])  # a person may have said it meanwhile
    how, unknown = queries.reading(delivery, found, national)
    _note(delivery, delivery.State.MAPPING if unknown else delivery.State.READ)
    if unknown:
        return None
    remembered = queries.mapping_for(delivery, incoming.signature(found))
    if remembered is None:  # so that every figure leads back to how it was read
        _keep(delivery, found, how, by=delivery.by)
    else:
        _use(delivery, remembered)
    return how


@transaction.atomic
def _use(delivery: Delivery, mapping: Remembered) -> None:
    if delivery.mapping != mapping:
        delivery.mapping = mapping
        delivery.save(update_fields=["mapping"])
    link(delivery.address, "mapped_by", mapping.address)


@transaction.atomic
def read_as(delivery: Delivery, former: Delivery) -> None:
    """Have a mended file read as the one in whose place it comes: what was said of all rows still holds."""
    if former.mapping is not None:
        delivery.mapping = former.mapping
        delivery.save(update_fields=["mapping"])


def _note(
    delivery: Delivery,
    state: str,
    *,
    problems: Iterable[Problem] | None = None,
    tables: list[dict[str, Any]] | None = None,
) -> None:
    """Write down how far reading is, and what was found."""
    delivery.state = state
    changed = ["state"]
    if problems is not None:
        delivery.problems = faults.as_json(problems)
        changed.append("problems")
    if tables is not None:
        delivery.tables = tables
        changed.append("tables")
    delivery.save(update_fields=changed)


# Mappings ---------------------------------------------------------------------------------------------------


@transaction.atomic
def remember(
    *,
    by: Any,
    delivery: Delivery,
    columns: Mapping[str, str],
    codes: Mapping[str, Mapping[str, str]],
    fixed: Mapping[str, str],
    seen: int | None = None,
) -> Remembered:
    """Keep how a person said that these columns and words are read; the institution's next file finds it.

    A new revision only if something changed. `seen` is the key of the mapping that the person saw, 0 for
    none: Stale where somebody changed it since. MilepostError where a table has two columns for one concept.
    """
    _allow(by, Permission.UPLOAD_DATA, *delivery.places)
    _need_open(delivery)
    _refuse_twice(delivery, columns)
    how = Reading(dict(columns), {name: dict(words) for name, words in codes.items()}, dict(fixed))
    return _keep(delivery, queries.sketch(delivery), how, by=by, seen=seen)


@transaction.atomic
def _keep(
    delivery: Delivery, found: Sequence[Any], how: Reading, *, by: Any, seen: int | None = None
) -> Remembered:
    """Remember a reading, as a new revision only if something changed, and note it on the delivery."""
    Institution.objects.select_for_update(of=("self",)).get(pk=delivery.institution.pk)
    said = {
        "columns": dict(how.columns),
        "codes": {name: dict(words) for name, words in how.codes.items() if words},
        "fixed": {name: text for name, text in how.fixed.items() if text},
    }
    signature = incoming.signature(found)
    last = queries.last_mapping(delivery.institution, signature)
    if seen is not None and seen != (last.pk if last else 0):
        raise Stale
    if last is not None and not last.forgotten and said == _said(last):
        if delivery.mapping != last:
            _use(delivery, last)
            _tell(by, "delivery.mapped", delivery, mapping=last.address, columns=len(how.columns))
        return last
    mapping = Remembered.objects.create(
        institution=delivery.institution,
        signature=signature,
        revision=last.revision + 1 if last else 1,
        headers=sorted({header for table in found for header in table.columns}),
        by=by,
        **said,
    )
    _use(delivery, mapping)
    _tell(by, "delivery.mapped", delivery, mapping=mapping.address, columns=len(how.columns))
    return mapping


def _said(mapping: Remembered) -> dict[str, Any]:
    return {"columns": mapping.columns, "codes": mapping.codes, "fixed": mapping.fixed}


def _refuse_twice(delivery: Delivery, columns: Mapping[str, str]) -> None:
    twice = []
    for table in queries.sketch(delivery):
        roles = [columns.get(header, "") for header in table.columns]
        for position, (header, name) in enumerate(zip(table.columns, roles, strict=True)):
            if incoming.twice(roles, position):
                other = roles.index(incoming.ACROSS if name not in roles[:position] else name)
                details = {"concept": name, "first": table.columns[other], "second": header}
                twice.append(Problem("column-twice", replace(table.origin, column=header), details))
    if twice:
        raise MilepostError(twice)


@transaction.atomic
def forget(*, by: Any, mapping: Remembered) -> Remembered:
    """Have the next file with these columns asked for anew; files read by the mapping stay as they are."""
    _allow(by, Permission.UPLOAD_DATA, *mapping.places)
    last = queries.last_mapping(mapping.institution, mapping.signature)
    if last is None or last.pk != mapping.pk or last.forgotten:
        raise Stale
    forgotten = Remembered.objects.create(
        institution=last.institution,
        signature=last.signature,
        revision=last.revision + 1,
        headers=last.headers,
        forgotten=True,
        by=by,
        **_said(last),
    )
    record(
        by=by,
        verb="mapping.forgotten",
        address=forgotten.address,
        scope=mapping.institution.address,
        details={"columns": len(last.columns)},
    )
    return forgotten


@transaction.atomic
def read_again(*, by: Any, delivery: Delivery, drop_mends: bool = False) -> Any:
    """Have a delivery read once more, as its mapping now says; the job, None where it has no figures yet.

    Rows that were changed by hand stay as they are. Where the file now says of one something else than it
    did, people are asked first; `drop_mends` is their word that such changes may go.
    """
    _allow(by, Permission.UPLOAD_DATA, *delivery.places)
    _need_open(delivery)
    dataset = queries.dataset_of(delivery)
    if dataset is None:
        return None
    _tell(by, "delivery.read-again", delivery, drop_mends=drop_mends)
    arguments = {"dataset": dataset.pk, **({"drop_mends": True} if drop_mends else {})}
    return jobs.start(PREVIEW, by=by, address=dataset.address, arguments=arguments)


@transaction.atomic
def ask_of_mends(delivery: Delivery, lost: Iterable[Row]) -> None:
    """Say which changes by hand would go if the file were read as its mapping now says; nothing goes yet."""
    faults_found = [_of_mend(delivery, row) for row in lost]
    _note(
        delivery,
        Delivery.State.MAPPING,
        problems=[*queries.faults_of_file(delivery), *faults_found],
    )


def _of_mend(delivery: Delivery, row: Row) -> Problem:
    """Which change of which row; the cells that were changed, and how."""
    came = row.as_it_came or {}
    names = sorted(name for name in {*came, *row.cells} if came.get(name) != row.cells.get(name))
    changed = "; ".join(f"{name}: {came.get(name) or '–'} → {row.cells.get(name) or '–'}" for name in names)
    place = Origin(str(delivery), row.sheet or None, row.line or row.number, row.column or None)
    return Problem(queries.MEND_LOST, place, {"changed": changed})


# The marked copy --------------------------------------------------------------------------------------------


@transaction.atomic
def ask_for_copy(*, by: Any, delivery: Delivery, language: str) -> Any:
    """Have the marked copy of a large file made; the job, which is the one under way where there is one."""
    if not any(may(by, permission, *delivery.places) for permission in queries.WORKING):
        raise PermissionDenied
    Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    known = queries.copy_of(delivery, language)
    if known is not None and not known.failed:
        return known.job
    _tell(by, "delivery.copy-asked", delivery, language=language)
    arguments = {"delivery": delivery.pk, "language": language, "state": queries.last_change(delivery)}
    return jobs.start(MARK, by=by, address=delivery.address, arguments=arguments)


@transaction.atomic
def keep_copy(delivery: Delivery, content: bytes, *, name: str, language: str, by: Any) -> Any:
    """Keep a marked copy beside the file, for those who may have that; the stored file.

    Earlier copies go: those in this language, and those of rows as they are no more.
    """
    state = queries.last_change(delivery)
    for said, earlier in queries.copies_made(delivery):
        if said["language"] == language or said["state"] != state:
            files.drop(earlier, by=by)
    return files.keep(ContentFile(content), by=by, name=name, owner=delivery.address)


@transaction.atomic
def drop_copies(delivery: Delivery, *, by: Any) -> None:
    """Take away the marked copies of a file whose rows will not be mended any more; the original stays."""
    for _said_of_it, made in queries.copies_made(delivery):
        files.drop(made, by=by)


# Rows -------------------------------------------------------------------------------------------------------

_COLUMNS = (
    "delivery_id",
    "number",
    "sheet",
    "line",
    "column",
    "cells",
    "key",
    "outcome",
    "decision",
    "before",
    "problems",
    "as_it_came",
    "edited_by_id",
    "revision",
)
BATCH = 5000
NOTHING_MENDED: Mapping[int, Mapping[str, str]] = {}
# Made once: json.dumps with these settings would make a new encoder for each of 100,000 rows.
_encode = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False).encode


def _silent(step: str, done: int, total: int) -> None:
    """Say nothing."""


@transaction.atomic
def replace_rows(
    delivery: Delivery,
    judged: Sequence[Judged],
    say: Say = _silent,
    came: Mapping[int, Mapping[str, str]] = NOTHING_MENDED,
) -> None:
    """Put these rows in the place of the delivery's; decisions stay with rows that say what they said before.

    `came` are the cells of the file, by number, of rows that stay as somebody has mended them. Written past
    the ORM, which would need ten times as long for 100,000 rows.
    """
    stored = Row.objects.filter(delivery=delivery).order_by()
    names = ("sheet", "line", "column", "number", "cells", "decision", "edited_by_id", "revision")
    before = {queries.place(*values[:4]): values[4:] for values in stored.values_list(*names)}
    rows: Any = Row.objects.filter(delivery=delivery)
    rows._raw_delete(using=connection.alias)  # nothing hangs on rows, so nothing needs to be collected
    insert = _copy if connection.vendor == "postgresql" else _insert
    step = "Writing the rows"
    say(step, 0, len(judged))
    insert(_lines(delivery, judged, before, came), lambda done: say(step, done, len(judged)))


def _lines(
    delivery: Delivery,
    judged: Sequence[Judged],
    before: Mapping[tuple[str, int, str], Sequence[Any]],
    came: Mapping[int, Mapping[str, str]],
) -> Iterator[tuple[Any, ...]]:
    """The rows as the database takes them, in the order of _COLUMNS."""
    for one in judged:
        row = one.record
        decision, edited_by, revision = "", None, 1
        known = before.get(queries.place_of(row)) if before else None
        if known is not None:
            cells, decision, edited_by, revision = known
            if cells != row.cells:
                decision, edited_by, revision = "", None, revision + 1
        yield (
            delivery.pk,
            row.number,
            row.sheet[:200],
            row.line,
            row.column[:200],
            _encode(row.cells),
            row.key,
            one.outcome,
            decision,
            None if one.before is None else _encode(one.before),
            _encode(faults.as_json(one.problems)) if one.problems else "[]",
            _encode(came[row.number]) if row.number in came else None,
            edited_by,
            revision,
        )


def _quoted() -> str:
    return ", ".join(map(connection.ops.quote_name, _COLUMNS))


def _insert(lines: Iterable[tuple[Any, ...]], done: Callable[[int], None]) -> None:
    places = ", ".join(["%s"] * len(_COLUMNS))
    statement = f"INSERT INTO {Row._meta.db_table} ({_quoted()}) VALUES ({places})"  # noqa: S608
    with connection.cursor() as cursor:
        for count, batch in _batches(lines):
            cursor.executemany(statement, batch)
            done(count)


def _copy(lines: Iterable[tuple[Any, ...]], done: Callable[[int], None]) -> None:
    statement = f"COPY {Row._meta.db_table} ({_quoted()}) FROM STDIN"
    cursor: Any  # of psycopg
    with connection.cursor() as cursor:
        for count, batch in _batches(lines):
            with cursor.copy(statement) as copy:
                copy.write("".join(map(_copied, batch)))
            done(count)  # who is told may ask this same connection, which has to be free again


_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


def _copied(line: tuple[Any, ...]) -> str:
    r"""One line of PostgreSQL's text format: tabs between, \N for nothing."""
    cells = ("\\N" if cell is None else str(cell).translate(_ESCAPES) for cell in line)
    return "\t".join(cells) + "\n"


def _batches(lines: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, list[tuple[Any, ...]]]]:
    """(how many so far, the next of them)."""
    batch: list[tuple[Any, ...]] = []
    count = 0
    for line in lines:
        batch.append(line)
        if len(batch) == BATCH:
            count += BATCH
            yield count, batch
            batch = []
    if batch:
        yield count + len(batch), batch


@transaction.atomic
def edit_row(*, by: Any, row: Row, cells: Mapping[str, str], revision: int, why: str = "") -> Row:
    """Change cells of a row ({concept: text}, "" takes one out); what becomes of it is judged afterwards.

    `revision` is that of the row as the person saw it; Stale where somebody changed it meanwhile. How the row
    came is kept with it, and the file stays as it is.
    """
    delivery = row.delivery
    _allow(by, Permission.UPLOAD_DATA, *delivery.places)
    _need_open(delivery)
    now = Row.objects.select_for_update().filter(pk=row.pk).first()
    if now is None or now.revision != revision:
        raise Stale(now)
    changed = _mended(now.cells, cells)
    if changed == now.cells:
        return now
    came = {} if now.as_it_came is not None or delivery.file is None else {"as_it_came": now.cells}
    Row.objects.filter(pk=row.pk, revision=revision).update(
        cells=changed, outcome="", decision="", edited_by=by, revision=F("revision") + 1, **came
    )
    names = sorted(name for name in {*changed, *now.cells} if changed.get(name) != now.cells.get(name))
    _tell(by, "row.edited", delivery, why=why, row=now.number, concepts=names)
    now.refresh_from_db()
    return now


@transaction.atomic
def prefill(delivery: Delivery, found: Mapping[int, Mapping[str, str]]) -> None:
    """Put what is known already into the cells of a new form: {number: {concept: text}}."""
    Row.objects.bulk_create(
        Row(delivery=delivery, number=number, line=number, cells=dict(cells))
        for number, cells in found.items()
    )


@transaction.atomic
def fill_in(
    *, by: Any, delivery: Delivery, number: int, cells: Mapping[str, str], revision: int
) -> Row | None:
    """Fill in a cell of a form that is blank, change it, or clear it; None where it is blank afterwards.

    `number` counts the form's cells from 1; `revision` is that of the cell as the person saw it, 0 for one
    that was never filled in. Stale where somebody changed it meanwhile.
    """
    _allow(by, Permission.UPLOAD_DATA, *delivery.places)
    delivery = Delivery.objects.select_for_update().get(pk=delivery.pk)
    _need_open(delivery)
    form = delivery.tables[0]
    if not 1 <= number <= len(form["cells"]):
        raise BadRequest(number)
    row = Row.objects.filter(delivery=delivery, number=number).first()
    now = row.revision if row else form["cleared"].get(str(number), 0)
    if now != revision:
        raise Stale(row)
    filled = _mended({**form["cells"][number - 1], **(row.cells if row else {})}, cells)
    if not filled.get(incoming.VALUE) and not filled.get(incoming.STATUS):
        return _clear(by, delivery, row)
    if row is not None:
        return edit_row(by=by, row=row, cells=cells, revision=revision)
    try:
        with transaction.atomic():
            row = Row.objects.create(
                delivery=delivery,
                number=number,
                line=number,
                cells=filled,
                edited_by=by,
                revision=revision + 1,
            )
    except IntegrityError as error:
        raise Stale(Row.objects.filter(delivery=delivery, number=number).first()) from error
    _tell(by, "row.edited", delivery, row=number, concepts=sorted(cells))
    return row


def _clear(by: Any, delivery: Delivery, row: Row | None) -> None:
    """Take a row out of a form; its cell keeps counting revisions, so that no old page brings it back."""
    if row is None:
        return
    delivery.tables[0]["cleared"][str(row.number)] = row.revision + 1
    delivery.save(update_fields=["tables"])
    Row.objects.filter(pk=row.pk).delete()
    _tell(by, "row.edited", delivery, row=row.number, cleared=True)


def _mended(cells: Mapping[str, str], changes: Mapping[str, str]) -> dict[str, str]:
    """The cells with the changes, numbers in plain digits where one cell leaves no doubt."""
    mended = dict(cells)
    for name, text in changes.items():
        plain = " ".join(text.split())
        if name in (incoming.VALUE, incoming.LOWER, incoming.UPPER):
            plain = incoming.plain_number(plain)
        if plain:
            mended[name] = plain
        else:
            mended.pop(name, None)
    return mended


@transaction.atomic
def decide(*, by: Any, delivery: Delivery, row_numbers: Iterable[int], decision: str) -> int:
    """Say of rows that they are to be used or left, or ("") that it is open again; how many rows changed.

    Of several rows for one figure one is used: the others are left. What becomes of the rows is judged
    afterwards.
    """
    _allow(by, Permission.UPLOAD_DATA, *delivery.places)
    _need_open(delivery)
    if decision not in ("", *Row.Decision.values):
        raise ValueError(f"no decision: {decision!r}")
    chosen = list(
        Row.objects.select_for_update()
        .filter(delivery=delivery, number__in=list(row_numbers))
        .exclude(outcome=Row.Outcome.REFUSED)
    )
    if decision == Row.Decision.USE:
        keys = {row.key for row in chosen}
        Row.objects.filter(delivery=delivery, key__in=keys).exclude(key="").update(
            decision=Row.Decision.LEAVE, revision=F("revision") + 1
        )
        first = {row.key: row.pk for row in reversed(chosen)}
        chosen = [row for row in chosen if first[row.key] == row.pk]
    Row.objects.filter(pk__in=[row.pk for row in chosen]).update(
        decision=decision, revision=F("revision") + 1
    )
    numbers = [row.number for row in chosen]
    event = _tell(by, "row.decided", delivery, rows=numbers[:50], count=len(numbers), decision=decision)
    link(delivery.address, "decided_by", event.address_of_event)
    return len(numbers)


# Conditions -------------------------------------------------------------------------------------------------


def _allow(by: Any, permission: Permission, *places: str) -> None:
    if not may(by, permission, *places):
        raise PermissionDenied(permission)


def _need_open(delivery: Delivery) -> None:
    """Rows and mapping of figures that were sent to review stay as they were sent."""
    if not queries.is_open(delivery):
        raise refuse("rows-closed", str(delivery))


def _tell(by: Any, verb: str, delivery: Delivery, *, why: str = "", **details: Any) -> Any:
    return record(
        by=by,
        verb=verb,
        address=delivery.address,
        scope=delivery.institution.address,
        why=why,
        details=details,
    )
