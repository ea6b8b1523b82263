"""Read a backup into an installation: everything or nothing."""

import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.recorder import MigrationRecorder

from milepost.errors import refuse
from milepost.values import Origin
from milepost.web.accounts.models import User
from milepost.web.files import store
from milepost.web.operation import database
from milepost.web.operation.backup import FORMAT, KEY
from milepost.web.operation.tables import LEFT_OUT, Table, tables

ROWS = 5000
NAMED = 5


class Restored(NamedTuple):
    """How much came back."""

    rows: int
    files: int


def read(path: Path, *, force: bool = False) -> Restored:
    """Replace what the installation holds by a backup.

    All hashes are checked before anything is changed. MilepostError where the archive is damaged, its tables
    are of another version, the database holds users (unless `force`), or the rows do not fit together; then
    the database is as it was.
    """
    place = Origin(str(path))
    with _opened(path, place) as archive:
        manifest = _manifest(archive, place)
        _check_tables(archive, manifest, place)
        _check_empty(force)
        database.migrate()
        _check_version(manifest, place)
        with _kept_files(archive, manifest, place) as files:
            with _one_transaction():
                for table in _of(manifest):
                    _fill(archive, table)
                _number_on(manifest)
            _restore_own(archive, manifest)
    return Restored(rows=sum(table["rows"] for table in manifest["tables"]), files=files)


# Before anything is changed ---------------------------------------------------------------------------------


@contextmanager
def _opened(path: Path, place: Origin) -> Iterator[zipfile.ZipFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            yield archive
    except FileNotFoundError as error:
        raise refuse("not-found", place) from error
    except (zipfile.BadZipFile, EOFError, KeyError) as error:
        raise refuse("backup-damaged", place, what=str(error).strip("'\"").rstrip(".")) from error


def _manifest(archive: zipfile.ZipFile, place: Origin) -> dict[str, Any]:
    try:
        manifest = json.loads(archive.read("manifest.json"))
        if manifest["format"] != FORMAT:
            raise refuse("backup-of-another-version", place, version=manifest["version"], names="the format")
        return manifest
    except (ValueError, TypeError) as error:
        raise refuse("backup-damaged", place, what="the manifest cannot be read") from error


def _check_tables(archive: zipfile.ZipFile, manifest: dict[str, Any], place: Origin) -> None:
    """Read every table once and compare its hash."""
    for table in manifest["tables"]:
        digest = hashlib.sha256()
        with archive.open(f"tables/{table['name']}.jsonl") as member:
            while chunk := member.read(store.CHUNK):
                digest.update(chunk)
        if digest.hexdigest() != table["sha256"]:
            raise refuse("backup-damaged", place, what=f"the table {table['name']} is not as it was written")


def _check_empty(force: bool) -> None:
    if force:
        return
    try:
        if User._meta.db_table not in connection.introspection.table_names():
            return
        count = User.objects.count()
    except DatabaseError as error:
        raise database.no_answer(error) from error
    if count:
        raise refuse("database-not-empty", database.PLACE, count=count)


def _check_version(manifest: dict[str, Any], place: Origin) -> None:
    """The tables must be made by the same migrations, and have the same columns."""
    here = {f"{app}.{name}" for app, name in MigrationRecorder(cast(Any, connection)).applied_migrations()}
    differing = sorted(here.symmetric_difference(manifest["migrations"]))
    if not differing:
        ours = {table.name: [list(column) for column in table.columns] for table in tables()}
        theirs = {table["name"]: table["columns"] for table in manifest["tables"]}
        differing = sorted(name for name in ours.keys() | theirs if ours.get(name) != theirs.get(name))
    if differing:
        names = ", ".join(differing[:NAMED]) + (" …" if len(differing) > NAMED else "")
        raise refuse("backup-of-another-version", place, version=manifest["version"], names=names)


# Files ------------------------------------------------------------------------------------------------------


@contextmanager
def _kept_files(archive: zipfile.ZipFile, manifest: dict[str, Any], place: Origin) -> Iterator[int]:
    """Put the contents into the store, and take the new ones out again if the block fails."""
    names = [name for name in archive.namelist() if name.startswith("files/")]
    if len(names) != manifest["files"]:
        raise refuse("backup-damaged", place, what="files are missing")
    added: list[Path] = []
    try:
        for name in names:
            sha256 = name.removeprefix("files/")
            target = store.path_of(sha256)
            if target.is_file() and store.hash_of(target) == sha256:
                continue
            with archive.open(name) as member:
                kept = store.write(iter(lambda m=member: m.read(store.CHUNK), b""), place, limit=2**63)
            added.append(store.path_of(kept.sha256))
            if kept.sha256 != sha256:
                raise refuse("backup-damaged", place, what=f"{name} is not as it was written")
        yield len(names)
    except BaseException:
        for path in added:
            path.unlink(missing_ok=True)
        raise


def _restore_own(archive: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """The key for signatures and the words of the state, each written aside and renamed."""
    home = Path(settings.HOME).resolve()
    for each in manifest["home"]:
        target = (home / each["path"]).resolve()
        if not target.is_relative_to(home) or (each["path"] == KEY and _key_is_given()):
            continue
        target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        aside = target.with_name(f".{target.name}.{os.getpid()}")
        with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(archive.read(f"home/{each['path']}"))
        aside.replace(target)


def _key_is_given() -> bool:
    return "MILEPOST_SECRET_KEY" in os.environ or "MILEPOST_SECRET_KEY_FILE" in os.environ


# Rows -------------------------------------------------------------------------------------------------------


@contextmanager
def _one_transaction() -> Iterator[None]:
    """Empty all tables and run the block; all of it holds, and fits together, or none of it does."""
    connection.disable_constraint_checking()
    try:
        with transaction.atomic():
            _empty()
            yield
            connection.check_constraints()
    except IntegrityError as error:
        why = str(error).splitlines()[0].rstrip(".")
        raise refuse("database-inconsistent", database.PLACE, why=why) from error
    except DatabaseError as error:
        raise database.no_answer(error) from error
    finally:
        connection.enable_constraint_checking()


def _empty() -> None:
    quote = connection.ops.quote_name
    names = [quote(table.name) for table in tables()] + [quote(name) for name in LEFT_OUT]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"TRUNCATE {', '.join(names)}")
        else:
            for name in names:
                cursor.execute(f"DELETE FROM {name}")  # noqa: S608  (our own names)


def _of(manifest: dict[str, Any]) -> list[Table]:
    """Our tables, in the order of the manifest, whose columns are the same."""
    ours = {table.name: table for table in tables()}
    return [ours[table["name"]] for table in manifest["tables"]]


def _fill(archive: zipfile.ZipFile, table: Table) -> None:
    decode = json.JSONDecoder().decode
    name = connection.ops.quote_name(table.name)
    with archive.open(f"tables/{table.name}.jsonl") as member, connection.cursor() as found:
        cursor: Any = found
        rows = map(decode, io.TextIOWrapper(member, encoding="utf-8", newline="\n"))
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {name} ({table.names()}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(table.columns))
            cursor.executemany(f"INSERT INTO {name} ({table.names()}) VALUES ({marks})", rows)  # noqa: S608


def _number_on(manifest: dict[str, Any]) -> None:
    """Have the database go on numbering where it was, not where the rows end."""
    ours = {table.name: table for table in tables()}
    with connection.cursor() as cursor:
        for each in manifest["tables"]:
            table = ours[each["name"]]
            if table.counted is None:
                continue
            quoted, column = connection.ops.quote_name(table.name), connection.ops.quote_name(table.counted)
            cursor.execute(f"SELECT max({column}) FROM {quoted}")  # noqa: S608  (our own names)
            ((highest,),) = cursor.fetchall()
            last = max(highest or 0, each["last_number"])
            if connection.vendor == "postgresql":
                cursor.execute(
                    "SELECT setval(pg_get_serial_sequence(%s, %s), %s, %s)",
                    [quoted, table.counted, max(last, 1), last > 0],
                )
            else:
                cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table.name])
                cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table.name, last])
