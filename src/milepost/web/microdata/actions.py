"""Everything that changes a measurement: bring records in, explain, measure, let them go, make a dataset.

The records are in no table, no event and no message; whatever ends a measurement deletes them.
"""

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.files.base import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_noop

from milepost import measure as engines
from milepost.errors import MilepostError, refuse
from milepost.interchange import estimates
from milepost.interchange import microdata as files
from milepost.measure import mapping as mappings
from milepost.recipes import measure as recipe
from milepost.recipes.measure import MeasuredTable
from milepost.values import Origin, Problem, states
from milepost.web.accounts.roles import Permission
from milepost.web.audit.actions import record
from milepost.web.indicators.actions import datasets
from milepost.web.indicators.actions.conditions import allow, need_reason
from milepost.web.indicators.models import Dataset
from milepost.web.intake import faults
from milepost.web.jobs import actions as jobs
from milepost.web.jobs.models import Job
from milepost.web.jobs.work import Cancelled, Stopped, Taken
from milepost.web.microdata import explaining, figures, queries, records
from milepost.web.microdata.models import Measurement
from milepost.web.microdata.states import HOLDING, MEASUREMENT
from milepost.web.stakeholders.models import Country, Institution
from milepost.web.traces.actions import link
from milepost.web.ui.revisions import Stale

SHEET = ("sheet", "columns", "signature", "mapping", "tables", "series", "problems")
"""What changes with the sheet."""
ALONE = timedelta(hours=24)
"""How long records wait for a person."""
MEASURING = gettext_noop("Measuring")
STEPS = {
    "read the table": gettext_noop("Reading the table"),
    "read the records": gettext_noop("Reading the records"),
    "fetch the records": gettext_noop("Fetching the records"),
    "hide": gettext_noop("Hiding what could be disclosed"),
    "attack": gettext_noop("Attacking the protected table"),
}
"""What a job says at each step of the engine."""
PUBLISHED = "published"
"""The file of what is public already, while the rest is measured."""
SPARK = "MILEPOST_SPARK"
"""Where the engine looks for the address of a cluster."""
NOT_MENDED = frozenset(
    {"records-gone", "records-failed", "database-unknown", "database-setting", "connection-not-allowed"}
)
"""Faults that no other mapping can mend."""

DONE = {
    "measure": "sent",
    "cancel": "cancelled",
    "discard": "discarded",
    "finish": "measured",
    "return": "given-back",
    "fail": "failed",
}
"""The verb of the event of each deed; taking up and pausing are the worker's own affair."""


# In ---------------------------------------------------------------------------------------------------------


def start(
    *,
    by: Any,
    country: Country,
    institution: Institution,
    indicator: str,
    year: int,
    title: str = "",
    received: records.Received | None = None,
    table: str = "",
) -> Measurement:
    """Take in records, look at their columns, and make a first guess of what these mean.

    `received` is a file that lies in its private folder, `table` the address of a table such as
    postgresql:NAME/schema.table. MilepostError where they cannot be read; the caller then lets go of the
    folder.
    """
    allow(by, Permission.UPLOAD_DATA, institution.address, country.address)
    if institution.country not in (None, country) or not institution.active:
        raise refuse("institution-elsewhere", Origin("form", column="place"), name=str(institution))
    _need_right_to(institution, table)
    name = received.name or "" if received is not None else table
    one = Measurement(
        country=country,
        institution=institution,
        indicator=indicator,
        year=year,
        title=(title.strip() or f"{indicator}, {year}: {name}")[:200],
        source=Measurement.Source.FILE if received is not None else Measurement.Source.TABLE,
        source_name=name[:255],
        created_by=by,
        touched_at=timezone.now(),
    )
    if received is not None:
        one.folder, one.size, one.sha256 = received.folder, received.size or 0, received.sha256
    definition = queries.definition_of(one)
    if definition is None or not explaining.is_computed(definition):
        raise refuse("mapping-not-computed", Origin("form", column="indicator"), indicator=indicator)
    path = received.path if received is not None else table
    one.sheets = _sheets_of(path, name)
    if not one.sheets:
        _look_first(one, path)
    with transaction.atomic():
        one.save()
        _tell(one, "measurement.started", by, size=one.size, sha256=one.sha256, columns=len(one.columns))
    return one


def _need_right_to(institution: Institution, table: str) -> None:
    """Refuse a table of a database whose list does not name the institution; a file needs no list."""
    if table and not queries.may_read(institution, table):
        raise PermissionDenied


def _sheets_of(path: Path | str, name: str) -> list[str]:
    """The sheets of a workbook to choose from; none where there is no choice."""
    with without_cells(name):
        found = files.sheets(path, name=name)
    return list(found) if len(found) > 1 else []


def _look_first(one: Measurement, path: Path | str) -> None:
    """What is known of the columns, and a first guess of what they mean."""
    one.columns = _looked_at(path, one.source_name, one.sheet)
    one.signature = explaining.signature(one.names)
    definition = queries.definition_of(one)
    if definition is not None:
        _explain_first(one, definition)
    data = explaining.data_of(one.mapping)
    if wanted := explaining.looked_through(data, one.columns, queries.national(one.country)):
        few = explaining.with_code_list(data, wanted, queries.national(one.country))
        values, one.problems = _values_of(path, wanted, few, one.sheet, one.source_name)
        one.columns = _with_values(one.columns, wanted, values)
        new = _only(one.columns, wanted)
        _say(one, explaining.completed(data, new, queries.national(one.country)))


def _looked_at(path: Path | str, name: str, sheet: str) -> list[dict[str, Any]]:
    """What is known of the columns, ready for JSON."""
    with without_cells(name):
        found = files.columns(path, sheet=sheet or None, name=name)
    return [
        {
            "name": column.name,
            "kind": column.kind,
            "says": column.says,
            "distinct": column.distinct,
            "values": dict(column.values),
        }
        for column in found
    ]


def _values_of(
    path: Path | str, wanted: Sequence[str], few: Sequence[str], sheet: str, name: str
) -> tuple[dict[str, dict[str, str]] | None, list[dict[str, Any]]]:
    """({column: its values in all rows}, None where they could not be told; why not, ready for JSON).

    That it takes too long is no fault of the records: the page says it of the column.
    """
    try:
        with without_cells(name):
            return files.categories(path, wanted, few=few, sheet=sheet or None, name=name), []
    except MilepostError as error:
        return None, faults.as_json(one for one in error.problems if one.code != "took-too-long")


def _with_values(
    columns: Sequence[dict[str, Any]], wanted: Sequence[str], values: Mapping[str, Any] | None
) -> list[dict[str, Any]]:
    """The columns with the values of all rows; where these are not known, those of the first rows stay."""
    return [
        column
        if column["name"] not in wanted
        else {**column, "whole": False}
        if values is None
        else {**column, "whole": True, "values": values.get(column["name"], {})}
        for column in columns
    ]


def _say(one: Measurement, data: Mapping[str, Any]) -> None:
    """Make it the mapping; the text of one that says the same stays as it was written."""
    if data != explaining.data_of(one.mapping):
        one.mapping = explaining.text_of(data)


def _only(columns: Sequence[dict[str, Any]], names: Sequence[str]) -> list[dict[str, Any]]:
    return [column for column in columns if column["name"] in names]


def _explain_first(one: Measurement, definition: Any) -> None:
    """As the last records with these columns were explained, else by the names of the columns."""
    if before := queries.remembered(one):
        one.mapping, one.tables, one.series = before.mapping, before.tables, before.series
        return
    data = explaining.suggest(one.columns, definition, queries.national(one.country))
    one.mapping = explaining.text_of(data)
    one.series = explaining.series_of(definition, data) or ""
    one.tables = [[name] for name in data.get("dimensions", {})]


# While it is a draft ----------------------------------------------------------------------------------------


def explain(
    *,
    by: Any,
    measurement: Measurement,
    revision: int,
    text: str,
    tables: Sequence[Sequence[str]],
    engine: str | None = None,
) -> Measurement:
    """Say what the columns mean, by the text of a mapping file, what is crossed, and where it is computed.

    `engine` is the name of a cluster, "" for this machine, None for what was said before. All rows are looked
    through for the values of what became a dimension. What is not yet right may be saved;
    `queries.mapping_faults` says what that is. MilepostError where the text is no mapping file at all.
    """
    allow(by, Permission.UPLOAD_DATA, *measurement.places)
    if engine and engine not in queries.clusters(measurement.institution):
        raise PermissionDenied
    said = mappings.parse(text, Origin("mapping"))
    with transaction.atomic():
        locked = _at(measurement, revision)
        _need(locked, "measure")
        definition = queries.definition_of(locked)
        locked.mapping = text
        locked.tables = [list(names) for names in tables if set(names) <= set(said.dimensions)]
        locked.series = (
            explaining.series_of(definition, {"series": said.series}) if definition else None
        ) or ""
        locked.engine = locked.engine if engine is None else engine
        locked.said_by, locked.problems, locked.touched_at = by, [], timezone.now()
        _save(locked, "mapping", "tables", "series", "engine", "said_by", "problems", "touched_at")
        dimensions = sorted(said.dimensions)
        _tell(locked, "measurement.explained", by, dimensions=dimensions, tables=len(locked.tables))
    return _looked_through(locked)


def _looked_through(one: Measurement) -> Measurement:
    """The values of what became a dimension, in all rows of both files; what these words mean is filled in.

    It takes seconds, so the measurement is not locked meanwhile; what changed in between is not touched.
    """
    data, national = explaining.data_of(one.mapping), queries.national(one.country)
    wanted = explaining.looked_through(data, one.columns, national)
    wanted_second = explaining.looked_through(
        data.get("second") or {}, one.second.get("columns", []), national
    )
    if not wanted and not wanted_second:
        return one
    values, second_values = None, None
    told: list[dict[str, Any]] = []
    if wanted:
        few = explaining.with_code_list(data, wanted, national)
        values, told = _values_of(_path_of(one), wanted, few, one.sheet, one.source_name)
    if wanted_second:
        path, second, every = _second_path_of(one), one.second, wanted_second
        second_values, more = _values_of(path, wanted_second, every, second["sheet"], second["name"])
        told = [*told, *more]
    with transaction.atomic():
        locked = _locked(one)
        if locked.revision != one.revision:
            return locked
        locked.problems = told
        if wanted:
            locked.columns = _with_values(locked.columns, wanted, values)
            data = explaining.completed(data, _only(locked.columns, wanted), national)
        if wanted_second:
            known = _with_values(locked.second["columns"], wanted_second, second_values)
            locked.second = {**locked.second, "columns": known}
            data = explaining.completed_second(data, _only(known, wanted_second), national)
        _say(locked, data)
        _save(locked, "columns", "second", "mapping", "problems")
    return locked


def _path_of(one: Measurement) -> Path | str:
    """Where the records are read: their file, or the address of their table."""
    if one.source == Measurement.Source.TABLE:
        return one.source_name
    return records.path_of(one.folder, one.source_name)


def _second_path_of(one: Measurement) -> Path | str:
    """The same of the second file or table."""
    if one.second["source"] == Measurement.Source.TABLE:
        return one.second["name"]
    return records.path_of(one.folder, one.second["name"], records.SECOND)


def choose_sheet(*, by: Any, measurement: Measurement, revision: int, sheet: str) -> Measurement:
    """Say which sheet of the workbook holds the records; what was said of another sheet's columns goes."""
    allow(by, Permission.UPLOAD_DATA, *measurement.places)
    if sheet not in measurement.sheets:
        raise refuse("unknown-sheet", Origin("form"), sheet=sheet, sheets=", ".join(measurement.sheets))
    one = measurement
    one.sheet, one.tables, one.series, one.mapping = sheet, [], "", ""
    _look_first(one, _path_of(one))
    with transaction.atomic():
        locked = _at(measurement, revision)
        _need(locked, "measure")
        for name in SHEET:
            setattr(locked, name, getattr(one, name))
        locked.said_by, locked.touched_at = None, timezone.now()
        _save(locked, *SHEET, "said_by", "touched_at")
        _tell(locked, "measurement.sheet-chosen", by, sheet=sheet, columns=len(locked.columns))
    return locked


# The second file --------------------------------------------------------------------------------------------


def bring_second(
    *,
    by: Any,
    measurement: Measurement,
    revision: int,
    received: records.Received | None = None,
    table: str = "",
) -> Measurement:
    """Take in the file or table of the denominator, and make a first guess of what its columns mean.

    A file is moved beside the records, and goes with them; of a table's measurement its folder is kept.
    """
    allow(by, Permission.UPLOAD_DATA, *measurement.places)
    _need_right_to(measurement.institution, table)
    name = received.name or "" if received is not None else table
    path = received.path if received is not None else table
    sheets = _sheets_of(path, name)
    second = {
        "source": Measurement.Source.FILE if received is not None else Measurement.Source.TABLE,
        "name": name[:255],
        "size": (received.size or 0) if received is not None else 0,
        "sha256": received.sha256 if received is not None else "",
        "sheets": sheets,
        "sheet": "",
        "columns": [] if sheets else _looked_at(path, name, ""),
    }
    with transaction.atomic():
        locked = _at(measurement, revision)
        _need(locked, "measure")
        if not queries.takes_second(locked):
            raise refuse("mapping-no-second", Origin("mapping", column="second"), method=locked.indicator)
        if received is not None:
            locked.folder = locked.folder or received.folder
            received.move_beside(locked.folder)
        else:
            _let_go_of_second(locked)
        _second_is(locked, second, by)
        _tell(locked, "measurement.second-brought", by, size=second["size"], sha256=second["sha256"])
    return _looked_through(locked)


def choose_second_sheet(*, by: Any, measurement: Measurement, revision: int, sheet: str) -> Measurement:
    """Say which sheet of the second workbook holds the denominator."""
    allow(by, Permission.UPLOAD_DATA, *measurement.places)
    sheets = measurement.second.get("sheets", [])
    if sheet not in sheets:
        raise refuse("unknown-sheet", Origin("form"), sheet=sheet, sheets=", ".join(sheets))
    columns = _looked_at(_second_path_of(measurement), measurement.second["name"], sheet)
    with transaction.atomic():
        locked = _at(measurement, revision)
        _need(locked, "measure")
        _second_is(locked, {**locked.second, "sheet": sheet, "columns": columns}, by)
        _tell(locked, "measurement.second-sheet-chosen", by, sheet=sheet, columns=len(columns))
    return _looked_through(locked)


def _second_is(one: Measurement, second: dict[str, Any], by: Any) -> None:
    """Keep what is known of the second file, and guess what its columns mean."""
    definition = queries.definition_of(one)
    if second["columns"] and definition is not None:
        national = queries.national(one.country)
        data = explaining.suggest_second(
            second["name"], second["columns"], explaining.data_of(one.mapping), definition, national
        )
        one.mapping = explaining.text_of(data)
    one.second, one.said_by, one.problems, one.touched_at = second, by, [], timezone.now()
    _save(one, "second", "folder", "mapping", "said_by", "problems", "touched_at")


@transaction.atomic
def drop_second(*, by: Any, measurement: Measurement, revision: int) -> Measurement:
    """Take the second file away: it is deleted, and the denominator is a column of the first again."""
    allow(by, Permission.UPLOAD_DATA, *measurement.places)
    locked = _at(measurement, revision)
    _need(locked, "measure")
    data = {name: entry for name, entry in explaining.data_of(locked.mapping).items() if name != "second"}
    locked.mapping, locked.touched_at = explaining.text_of(data), timezone.now()
    _let_go_of_second(locked)
    _save(locked, "second", "folder", "mapping", "touched_at")
    _tell(locked, "measurement.second-dropped", by)
    return locked


def _let_go_of_second(one: Measurement) -> None:
    """No second file any more: it is deleted once the change stands, with its folder where that is all."""
    folder, one.second = one.folder, {}
    if one.has_files:
        transaction.on_commit(lambda: records.remove_second(folder))
    else:
        one.folder = ""
        transaction.on_commit(lambda: records.remove(folder))


def take_mapping(*, by: Any, measurement: Measurement, revision: int, text: str) -> Measurement:
    """Take over a mapping file in the place of what was said; its dimensions become a table each."""
    said = mappings.parse(text, Origin("mapping"))
    before = [names for names in measurement.tables if set(names) <= set(said.dimensions)]
    new = [[name] for name in said.dimensions if not any(name in names for names in before)]
    return explain(by=by, measurement=measurement, revision=revision, text=text, tables=[*before, *new])


@transaction.atomic
def lower_protection(
    *, by: Any, measurement: Measurement, revision: int, minimum: int, reason: str
) -> Measurement:
    """Let cells of fewer respondents through than the definition does, with the reason; 0 hides nothing.

    For those who answer for what is published.
    """
    allow(by, Permission.PUBLISH_DATA, *measurement.places)
    why = need_reason(reason, "reason")
    locked = _at(measurement, revision)
    _need(locked, "measure")
    locked.lowered = {"minimum": minimum, "reason": why, "by": by.name}
    _save(locked, "lowered")
    _tell(locked, "measurement.protection-lowered", by, why=why, minimum=minimum)
    return locked


@transaction.atomic
def measure(*, by: Any, measurement: Measurement, revision: int) -> Measurement:
    """Put the measurement into the queue; MilepostError with every fault of the mapping."""
    allow(by, Permission.UPLOAD_DATA, *measurement.places)
    locked = _at(measurement, revision)
    _need(locked, "measure")
    if found := [*queries.mapping_faults(locked), *queries.connections_refused(locked)]:
        raise MilepostError(found)
    if locked.has_files and not records.exist(locked.folder):
        raise refuse("records-gone", Origin("form"))
    locked.job = jobs.start(
        "microdata.measure", by=by, address=locked.address, arguments={"measurement": locked.pk}
    )
    if locked.said_by is None:
        locked.said_by = by
    locked.problems, locked.touched_at = [], timezone.now()
    _move(locked, "measure", by, "job", "said_by", "problems", "touched_at")
    return locked


@transaction.atomic
def cancel(*, by: Any, measurement: Measurement) -> Measurement:
    """Stop measuring, and let the records go; one that has ended stays as it is."""
    allow(by, Permission.UPLOAD_DATA, *measurement.places)
    locked = _locked(measurement)
    if locked.job is not None and not locked.job.ended:
        if locked.job.by != by:
            raise PermissionDenied
        job = jobs.ask_to_cancel(locked.job, by=by)
        if job.ended and states.after(MEASUREMENT, locked.state, "cancel"):
            _end(locked, "cancel", by)
    return locked


@transaction.atomic
def discard(*, by: Any, measurement: Measurement, revision: int) -> Measurement:
    """Give it up: the records are deleted at once, what was said of them stays as a record."""
    allow(by, Permission.UPLOAD_DATA, *measurement.places)
    locked = _at(measurement, revision)
    _need(locked, "discard")
    if locked.dataset is not None:
        raise refuse("deed-not-now", Origin("form"))
    locked.cells, locked.protocol = [], {}
    _end(locked, "discard", by, "cells", "protocol")
    return locked


# Measuring, by a worker -------------------------------------------------------------------------------------


def run(measurement: Measurement, progress: Any) -> dict[str, Any]:
    """Measure what waits, keep the protected figures, and let the records go, however it ends.

    Only a worker that is stopped in good order leaves them, for the next one. Faults of the mapping give it
    back to the person with the records, so that it can be mended and tried again.
    """
    by = progress.job.by
    try:
        with _place(measurement) as place, _temporary_files_in(place):
            one = _begun(measurement)
            with without_cells(one.source_name):
                found = _measured(one, place, progress)
            _finished(one, found, by)
    except Stopped:
        _paused(measurement)
        raise
    except Taken:
        raise
    except Cancelled:
        _ended(measurement, "cancel", by)
        raise
    except MilepostError as error:
        _ended(measurement, "return" if _can_be_mended(error) else "fail", by, error.problems)
        raise
    return {"address": one.address, "cells": len(found.estimates.cells)}


def _begun(measurement: Measurement) -> Measurement:
    """The measurement, taken up; refused where it was ended meanwhile."""
    with transaction.atomic():
        locked = _locked(measurement)
        if states.after(MEASUREMENT, locked.state, "begin") is None:
            raise refuse("records-gone", Origin(locked.source_name))
        if refused := queries.connections_refused(locked):
            raise MilepostError(refused)
        locked.state = "measuring"
        locked.touched_at = timezone.now()
        _save(locked, "state", "touched_at")
    return locked


@contextmanager
def _place(one: Measurement) -> Iterator[Path]:
    """The folder of the records, held; for tables of databases an empty one for what is read aside."""
    if one.has_files:
        with records.held(one.folder) as place:
            yield place
        return
    folder = records.make()
    try:
        with records.held(folder) as place:
            yield place
    finally:
        records.remove(folder)


@contextmanager
def _temporary_files_in(place: Path) -> Iterator[None]:
    """Whatever the engine writes aside goes where the records are, and away with them."""
    before, tempfile.tempdir = tempfile.tempdir, str(place)
    try:
        yield
    finally:
        tempfile.tempdir = before


@contextmanager
def without_cells(name: str) -> Iterator[None]:
    """Nothing that a library says of records comes through: it may quote what a cell holds."""
    try:
        yield
    except (MilepostError, engines.Cancelled):
        raise
    except Exception as error:
        raise refuse("records-failed", Origin(name), why=type(error).__name__) from None


def _known(one: Measurement, place: Path) -> Path | None:
    """What was published of the same records before, as a table beside them; None for nothing."""
    dimensions = tuple(dict.fromkeys(name for names in one.tables for name in names))
    earlier = (before.cells for before in queries.published_before(one))
    cells = figures.known(earlier, dimensions)
    if not cells:
        return None
    path = place / f"{PUBLISHED}.csv"
    estimates.write(estimates.Estimates(one.indicator, one.year, dimensions, tuple(cells)), path)
    return path


def _measured(one: Measurement, place: Path, progress: Any) -> MeasuredTable:
    lowered = one.lowered.get("minimum") if one.lowered else None
    try:
        with _cluster(one):
            return recipe.measure(
                one.indicator,
                _path_of(one),
                mappings.parse(one.mapping, Origin("mapping")),
                year=one.year,
                by=one.tables,
                engine="spark" if one.engine else "duckdb",
                previous=_known(one, place),
                protect=None if lowered is None else (lowered or "none"),
                sheet=one.sheet or None,
                second=_second_path_of(one) if one.second else None,
                second_sheet=one.second.get("sheet") or None,
                name=one.source_name,
                second_name=one.second.get("name"),
                progress=lambda step, done, total: progress(STEPS.get(step, MEASURING), done, total),
                cancelled=lambda: progress.stopping,
            )
    except engines.Cancelled:
        progress(MEASURING)  # says whether it was cancelled, or the worker is to end
        raise


@contextmanager
def _cluster(one: Measurement) -> Iterator[None]:
    """The Spark of the measurement is the one that the engine finds, for as long as the block runs."""
    if not one.engine:
        yield
        return
    before = os.environ.get(SPARK)
    os.environ[SPARK] = settings.MICRODATA_CLUSTERS[one.engine]
    try:
        yield
    finally:
        if before is None:
            del os.environ[SPARK]
        else:
            os.environ[SPARK] = before


def _can_be_mended(error: MilepostError) -> bool:
    """Whether another mapping could help, rather than other records or another machine."""
    return not {problem.code for problem in error.problems} & NOT_MENDED


def _paused(one: Measurement) -> None:
    with transaction.atomic():
        locked = _locked(one)
        if after := states.after(MEASUREMENT, locked.state, "pause"):
            locked.state = after
            _save(locked, "state")


def _ended(one: Measurement, deed: str, by: Any, problems: Sequence[Problem] = ()) -> None:
    with transaction.atomic():
        locked = _locked(one)
        if states.after(MEASUREMENT, locked.state, deed) is None:
            return
        locked.problems = faults.as_json(problems)
        if deed == "return":
            locked.touched_at = timezone.now()
            _move(locked, deed, by, "problems", "touched_at", faults=len(problems))
        else:
            _end(locked, deed, by, "problems", faults=len(problems))


def _finished(one: Measurement, found: MeasuredTable, by: Any) -> None:
    """Keep what may be kept: protected cells, protocol, what the figures rest on."""
    table = found.estimates
    with transaction.atomic():
        locked = _locked(one)
        locked.series = found.task.series or ""
        locked.cells = figures.kept(table.cells)
        locked.protocol = dict(found.protocol or {})
        locked.summary = {
            "dimensions": list(table.dimensions),
            "about": dict(table.about),  # no small count is in it
        }
        locked.measured_at = timezone.now()
        locked.problems = []
        hidden = sum(cell.status == "Q" for cell in table.cells)
        _end(
            locked,
            "finish",
            by,
            "series",
            "cells",
            "protocol",
            "summary",
            "measured_at",
            "problems",
            cells=len(locked.cells),
            hidden=hidden,
            engine=table.about.get("engine", ""),
        )
        indicator = queries.indicator_of(locked)
        if indicator is not None:
            definition = queries.definition_of(locked)
            revision = definition.revision if definition is not None else 0
            link(locked.address, "computed_with", indicator.address, revision=revision)


# Letting go -------------------------------------------------------------------------------------------------


def tidy() -> dict[str, int]:
    """Delete the records of ended work, what nobody went on with for a day, and what was left by a kill."""
    settled = sum(_settled(one) for one in Measurement.objects.filter(state__in=HOLDING))
    files.remove_stale()
    return {"ended": settled, "folders": records.remove_left(queries.open_folders())}


def _settled(one: Measurement) -> bool:
    """Whether it was ended here, because its time or its work is over or its records are gone."""
    with transaction.atomic():
        locked = _locked(one)
        why = _over(locked)
        if why is None:
            return False
        deed = "cancel" if why == "cancelled" else "fail"
        if states.after(MEASUREMENT, locked.state, deed) is None:
            return False
        problems = [] if why == "cancelled" else [Problem(why, Origin(locked.source_name), {})]
        locked.problems = faults.as_json(problems)
        _end(locked, deed, None, "problems")
    return True


def _over(one: Measurement) -> str | None:
    """Why nothing more will come of it: a fault's code, or "cancelled"; None where it goes on."""
    is_file = one.has_files
    if is_file and not records.exist(one.folder):
        return "records-gone"
    if one.state == "measuring" and is_file and not records.is_held(one.folder):
        return "measuring-killed"
    if one.job is not None and one.state != "draft" and one.job.ended:
        return "cancelled" if one.job.status == Job.Status.CANCELLED else "measuring-killed"
    if one.state != "measuring" and one.touched_at < timezone.now() - ALONE:
        return "records-alone"
    return None


# Onwards ----------------------------------------------------------------------------------------------------


@transaction.atomic
def make_dataset(
    *,
    by: Any,
    measurement: Measurement,
    revision: int,
    title: str = "",
    source: str = "",
    comment: str = "",
    note: str = "",
    correction: bool = False,
) -> Dataset:
    """Hand the protected figures over as a file, to go the way of every dataset from here.

    `source` and `comment` stand with every figure in public; `note` is for the reviewer.
    """
    allow(by, Permission.UPLOAD_DATA, *measurement.places)
    locked = _at(measurement, revision)
    if locked.state != "measured" or locked.dataset is not None:
        raise refuse("deed-not-now", Origin("form"))
    definition = queries.definition_of(locked)
    if definition is None or queries.indicator_of(locked) is None:
        raise refuse("indicator-off-list", Origin("form"), indicator=locked.indicator)
    content = figures.tidy_file(
        locked.cells,
        indicator=locked.indicator,
        series=locked.series,
        year=locked.year,
        dimensions=locked.summary["dimensions"],
        unit=definition.unit_of(locked.series or None).code,
        source=source.strip(),
        comment=comment.strip(),
    )
    name = f"{locked.indicator} {locked.year}.csv"
    dataset = datasets.start(
        by=by,
        upload=File(BytesIO(content), name=name),
        name=name,
        country=locked.country,
        institution=locked.institution,
        title=title.strip() or locked.title,
        note=note,
        correction=correction,
    )
    locked.dataset = dataset
    _save(locked, "dataset")
    _tell(locked, "measurement.handed-over", by, dataset=dataset.address)
    link(dataset.address, "rests_on", locked.address)
    return dataset


# Helpers of all ---------------------------------------------------------------------------------------------


def _locked(measurement: Measurement) -> Measurement:
    """The measurement as it is now, so that nobody else changes it until the transaction ends."""
    found = Measurement.objects.select_for_update(of=("self",)).select_related(
        "country", "institution", "job", "dataset"
    )
    return found.get(pk=measurement.pk)


def _at(measurement: Measurement, revision: int) -> Measurement:
    """The same, where it still is as the person saw it; else Stale."""
    locked = _locked(measurement)
    if locked.revision != revision:
        raise Stale(locked)
    return locked


def _need(one: Measurement, deed: str) -> str:
    after = states.after(MEASUREMENT, one.state, deed)
    if after is None:
        raise refuse("deed-not-now", Origin("form"))
    return after


def _end(one: Measurement, deed: str, by: Any, *fields: str, **details: Any) -> None:
    """A deed after which no records are needed: they are deleted once the change is sure to stand."""
    folder, one.folder, one.gone_at = one.folder, "", timezone.now()
    transaction.on_commit(lambda: records.remove(folder))
    _move(one, deed, by, "folder", "gone_at", *fields, **details)


def _move(one: Measurement, deed: str, by: Any, *fields: str, **details: Any) -> None:
    """One step of the state machine with its event; `one` is locked by the caller."""
    before, one.state = one.state, _need(one, deed)
    _save(one, "state", *fields)
    _tell(one, f"measurement.{DONE[deed]}", by, state=[before, one.state], **details)


def _save(one: Measurement, *fields: str) -> None:
    one.revision += 1
    one.save(update_fields=[*fields, "revision"])


def _tell(one: Measurement, verb: str, by: Any, *, why: str = "", **details: Any) -> None:
    record(by=by, verb=verb, address=one.address, scope=one.institution.address, why=why, details=details)
