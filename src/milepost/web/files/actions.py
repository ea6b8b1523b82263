"""Keep a file as it came."""

import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.files.base import File
from django.db import transaction

from milepost.errors import refuse
from milepost.interchange.limits import check_size
from milepost.values import Origin
from milepost.web.audit.actions import record
from milepost.web.files import store
from milepost.web.files.models import StoredFile

CONTENT_TYPES = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".xml": "application/xml",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".pdf": "application/pdf",
    ".zip": "application/zip",
}
"""What a file says it is, by its ending; everything else is bytes. Nothing is ever shown in the browser."""
OTHER = "application/octet-stream"
LONGEST = 150


@transaction.atomic
def keep(
    upload: File | Path | str, *, by: Any, name: str, owner: str = "", public: bool = False
) -> StoredFile:
    """Keep an upload or a file of this machine; `owner` is the address whose readers may have it.

    The action that keeps it checks the permission. The same content is on the disk once, whatever its names.
    MilepostError where it is empty or larger than MILEPOST_MAX_FILE_MB.
    """
    name = clean_name(name)
    kept = store.write(_chunks(upload, name), Origin(name))
    stored = StoredFile.objects.create(
        sha256=kept.sha256,
        name=name,
        size=kept.size,
        content_type=CONTENT_TYPES.get(Path(name).suffix.lower(), OTHER),
        owner=str(owner),
        public=public,
        by=by,
    )
    record(
        by=by,
        verb="file.kept",
        address=stored.address,
        details={"owner": stored.owner, "size": kept.size, "sha256": kept.sha256},
    )
    return stored


@transaction.atomic
def drop(stored: StoredFile, *, by: Any) -> None:
    """Take away a file that was made here and can be made again; its content goes if no other file has it.

    The action that drops it checks the permission. What came in from outside is never dropped.
    """
    record(
        by=by,
        verb="file.dropped",
        address=stored.address,
        details={"owner": stored.owner, "size": stored.size, "sha256": stored.sha256},
    )
    sha256, kept_at = stored.sha256, stored.at.timestamp()
    stored.delete()
    transaction.on_commit(lambda: _remove_unnamed(sha256, kept_at))


def _remove_unnamed(sha256: str, kept_at: float) -> None:
    if not StoredFile.objects.filter(sha256=sha256).exists():
        store.remove(sha256, kept_at=kept_at)


def open_to_public(kept: Iterable[StoredFile], *, public: bool) -> None:
    """Let everybody have these files, or those who work with their owner; the action checks the right."""
    StoredFile.objects.filter(pk__in=[stored.pk for stored in kept]).update(public=public)


def _chunks(upload: File | Path | str, name: str) -> Iterable[bytes]:
    if isinstance(upload, File):
        return upload.chunks(store.CHUNK)
    try:
        check_size(upload)
    except OSError as error:
        raise refuse("cannot-read", Origin(name), why=error.strerror) from error
    return store.chunks_of(Path(upload))


def clean_name(name: str) -> str:
    """The last part of a name, without signs that command or deceive; its ending is kept when it is too long.

    >>> clean_name("C:\\\\data\\\\visas 2024.xlsx"), clean_name("../../etc/passwd"), clean_name("  ")
    ('visas 2024.xlsx', 'passwd', 'file')
    >>> clean_name("report\\u202efdp.exe")
    'reportfdp.exe'
    """
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    shown = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    shown = " ".join(shown.split()).strip(". ") or "file"
    if len(shown) > LONGEST:
        ending = Path(shown).suffix[:20]
        shown = shown[: LONGEST - len(ending)] + ending
    return shown
