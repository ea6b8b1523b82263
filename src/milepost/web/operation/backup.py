"""Write everything into one file, as it is at one moment, while others work on.

A backup is a zip archive: `manifest.json`, one `tables/<name>.jsonl` for each table with one row a line,
`files/<sha256>` for each content, and from MILEPOST_HOME the key for signatures and the words of the state.
It names no database: what was kept in SQLite can be read into PostgreSQL, and the other way round.
"""

import hashlib
import json
import os
import sqlite3
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings
from django.db import connection

from milepost import __version__
from milepost.errors import describe, refuse
from milepost.values import Origin, Problem
from milepost.web.files import store
from milepost.web.operation.database import sqlite_uri
from milepost.web.operation.tables import Table, tables

FORMAT = 1
ENDING = ".zip"
LEVEL = 3
ROWS = 2000
"""Rows that are fetched at once."""
KEY = "secret-key"


class Made(NamedTuple):
    """What a backup holds, and what it could not."""

    rows: int
    files: int
    with_key: bool
    problems: list[Problem]


def write(path: Path) -> Made:
    """Write a backup; only its owner can read it, and a file of that name is replaced at the very end.

    Files that the store has lost are listed in `problems`; the backup is made without them.
    """
    if path.suffix.lower() != ENDING:
        raise refuse("backup-name", Origin(str(path)))
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            made = _write_archive(file)
            file.flush()
            os.fsync(file.fileno())
        Path(aside).replace(path)
    finally:
        with suppress(FileNotFoundError):
            Path(aside).unlink()
    return made


def complain(made: Made) -> None:
    """Say what could not be kept."""
    for problem in made.problems:
        print(f"warning: {describe(problem)}", file=sys.stderr)


def _write_archive(file: Any) -> Made:
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=LEVEL) as archive,
        snapshot() as seen,
    ):
        kept = [_write_table(archive, seen, table) for table in tables()]
        migrations = sorted(seen.rows("SELECT app, name FROM django_migrations"))
        names = dict(seen.rows("SELECT sha256, min(name) FROM files_storedfile GROUP BY sha256"))
        missing = [sha256 for sha256 in sorted(names) if not _write_file(archive, sha256)]
        home = [_write_own(archive, path) for path in _own_files()]
        manifest = {
            "format": FORMAT,
            "version": __version__,
            "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
            "migrations": [f"{app}.{name}" for app, name in migrations],
            "tables": kept,
            "files": len(names) - len(missing),
            "missing": missing,
            "home": home,
        }
        archive.writestr("manifest.json", json.dumps(manifest, indent=1))
    return Made(
        rows=sum(table["rows"] for table in kept),
        files=len(names) - len(missing),
        with_key=any(each["path"] == KEY for each in home),
        problems=[
            Problem(
                "stored-file-missing", Origin(names[sha256]), {"path": f"files/{sha256[:2]}/{sha256[2:]}"}
            )
            for sha256 in missing
        ],
    )


# One moment of the database ---------------------------------------------------------------------------------


class Snapshot:
    """What the database held at one moment, whatever is written since."""

    def __init__(self, raw: Any):
        self._raw = raw

    def rows(self, query: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a query, without holding them all."""
        for block in self.blocks(query):
            yield from block

    def blocks(self, query: str) -> Iterator[list[tuple[Any, ...]]]:
        """The same in lists of ROWS."""
        large = {"name": "backup"} if connection.vendor == "postgresql" else {}  # a cursor in the server
        cursor = self._raw.cursor(**large)
        try:
            cursor.execute(query)
            while block := cursor.fetchmany(ROWS):
                yield block
        finally:
            cursor.close()


@contextmanager
def snapshot() -> Iterator[Snapshot]:
    """A connection of its own that sees one moment; nobody waits for it."""
    if connection.vendor == "sqlite":
        raw: Any = sqlite3.connect(sqlite_uri(), uri=True, isolation_level=None)
        begin = "BEGIN"
    else:
        fresh = connection.copy()
        fresh.ensure_connection()
        raw = fresh.connection
        begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    try:
        raw.execute(begin)
        raw.execute(
            "SELECT count(*) FROM django_migrations"
        ).fetchone()  # the moment is that of the first read
        yield Snapshot(raw)
    finally:
        raw.close()


# Parts of the archive ---------------------------------------------------------------------------------------


def _write_table(archive: zipfile.ZipFile, seen: Snapshot, table: Table) -> dict[str, Any]:
    encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
    digest, rows = hashlib.sha256(), 0
    with archive.open(f"tables/{table.name}.jsonl", "w", force_zip64=True) as member:
        for block in seen.blocks(table.select()):
            lines = "".join([f"{encode(row)}\n" for row in block]).encode()
            digest.update(lines)
            member.write(lines)
            rows += len(block)
    return {
        "name": table.name,
        "columns": [list(column) for column in table.columns],
        "rows": rows,
        "sha256": digest.hexdigest(),
        "last_number": _last_number(seen, table),
    }


def _last_number(seen: Snapshot, table: Table) -> int:
    """The last number that the database gave: numbers of deleted rows are not given again after a restore."""
    if table.counted is None:
        return 0
    if connection.vendor == "sqlite":
        query = f"SELECT seq FROM sqlite_sequence WHERE name = '{table.name}'"  # noqa: S608  (our own names)
    else:
        query = (
            "SELECT coalesce(pg_sequence_last_value(pg_get_serial_sequence("
            f"'{connection.ops.quote_name(table.name)}', '{table.counted}')::regclass), 0)"
        )
    return next((number for (number,) in seen.rows(query)), 0) or 0


def _write_file(archive: zipfile.ZipFile, sha256: str) -> bool:
    """Put a content into the archive; False where the store has lost or changed it."""
    path = store.path_of(sha256)
    if not path.is_file() or store.hash_of(path) != sha256:
        return False
    archive.write(path, f"files/{sha256}")
    return True


def _own_files() -> list[Path]:
    """What else an installation has of its own in MILEPOST_HOME."""
    home = Path(settings.HOME)
    own = [home / KEY] if _key_is_kept() else []
    return own + sorted(path for path in (home / "locale").rglob("*") if path.is_file())


def _key_is_kept() -> bool:
    """Whether the key is that of MILEPOST_HOME, not one of the environment."""
    path = Path(settings.HOME) / KEY
    return path.is_file() and path.read_text(encoding="utf-8") == settings.SECRET_KEY


def _write_own(archive: zipfile.ZipFile, path: Path) -> dict[str, str]:
    name = path.relative_to(settings.HOME).as_posix()
    content = path.read_bytes()
    archive.writestr(f"home/{name}", content)
    return {"path": name, "sha256": hashlib.sha256(content).hexdigest()}
