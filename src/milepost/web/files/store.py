"""The folder of the files: each under its SHA-256, written aside and renamed, never changed."""

import hashlib
import os
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from milepost.errors import refuse
from milepost.interchange.limits import MEGABYTE, max_bytes
from milepost.values import Origin

CHUNK = 1024 * 1024
LEFTOVER = 24 * 60 * 60
"""Seconds after which a file that was being written will not be finished any more."""


class Kept(NamedTuple):
    """What is known of a content once it is kept."""

    sha256: str
    size: int


def path_of(sha256: str) -> Path:
    """Where a content is kept: files/ab/cdef…"""
    return Path(settings.MEDIA_ROOT) / sha256[:2] / sha256[2:]


def write(chunks: Iterable[bytes], origin: Origin, *, limit: int | None = None) -> Kept:
    """Keep a content; one that is kept already, whole, is not written again.

    MilepostError where it is empty or above `limit` (in bytes; by default MILEPOST_MAX_FILE_MB). Nobody else
    on the machine can read it.
    """
    limit = max_bytes() if limit is None else limit
    folder = Path(settings.MEDIA_ROOT) / "incoming"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, aside = tempfile.mkstemp(dir=folder)  # 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            digest, size = hashlib.sha256(), 0
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise refuse(
                        "too-large", origin, size=f"> {limit / MEGABYTE:g}", limit=f"{limit / MEGABYTE:g}"
                    )
                digest.update(chunk)
                file.write(chunk)
            if size == 0:
                raise refuse("empty-file", origin)
            file.flush()
            os.fsync(file.fileno())
        kept = Kept(digest.hexdigest(), size)
        target = path_of(kept.sha256)
        if not target.is_file() or target.stat().st_size != size:
            target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            Path(aside).replace(target)
            _settle(target.parent)
        else:
            os.utime(target)  # so that nobody who drops the same content now takes it away
        return kept
    finally:
        with suppress(FileNotFoundError):
            Path(aside).unlink()


def remove(sha256: str, *, kept_at: float) -> None:
    """Remove a content that nothing names any more, unless it came in again after `kept_at` (epoch, s)."""
    target = path_of(sha256)
    with suppress(FileNotFoundError):
        if target.stat().st_mtime <= kept_at:
            target.unlink()


def _settle(folder: Path) -> None:
    """Have the new name survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def chunks_of(path: Path) -> Iterable[bytes]:
    """The content of a file, piece by piece."""
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def remove_leftovers() -> int:
    """Remove what a killed process was writing a day ago; how many files."""
    before, removed = time.time() - LEFTOVER, 0
    for path in (Path(settings.MEDIA_ROOT) / "incoming").glob("*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                path.unlink()
                removed += 1
    return removed
