"""The records while they are worked on: one private folder for each upload, held by a lock, and then gone.

They lie in MILEPOST_HOME/microdata, beside everything that is kept: no backup, no store of files and no
table has them. A folder that nobody holds and no open measurement names is what a killed process left.
"""

import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, SkipFile, StopFutureHandlers

from milepost.errors import refuse
from milepost.interchange.limits import MEGABYTE
from milepost.values import Origin
from milepost.web.files.actions import clean_name

NAME, SECOND = "records", "second"
"""What the files are called in their folder, with the endings that the person's files have."""


def home() -> Path:
    """The folder of all of them."""
    return Path(settings.HOME) / "microdata"


def path_of(folder: str, name: str, stem: str = NAME) -> Path:
    """Where the records of a folder lie, or by the stem SECOND the second file; `name` is the file's own."""
    return home() / folder / f"{stem}{Path(name).suffix.lower()}"


def exist(folder: str) -> bool:
    """Whether the folder is still there."""
    return bool(folder) and (home() / folder).is_dir()


def remove(folder: str) -> None:
    """Delete the records; nothing where they are gone already."""
    if folder:
        shutil.rmtree(home() / folder, ignore_errors=True)


def remove_second(folder: str) -> None:
    """Delete the second file; nothing where there is none."""
    if folder:
        for path in (home() / folder).glob(f"{SECOND}.*"):
            path.unlink(missing_ok=True)


@contextmanager
def held(folder: str) -> Iterator[Path]:
    """Hold a folder while the block runs, so that nobody takes it for left; refuses one that is gone."""
    if not exist(folder):
        raise refuse("records-gone", Origin(""))
    descriptor = os.open(home() / folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield home() / folder
    finally:
        os.close(descriptor)


def is_held(folder: str) -> bool:
    """Whether a living process works on the folder."""
    if not exist(folder):
        return False
    descriptor = os.open(home() / folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    else:
        return False
    finally:
        os.close(descriptor)


def remove_left(named: Collection[str]) -> int:
    """Delete the folders that no open measurement names and no living process holds; how many."""
    removed = 0
    with suppress(FileNotFoundError):
        for folder in home().iterdir():
            if folder.name not in named and not is_held(folder.name):
                remove(folder.name)
                removed += 1
    return removed


# Coming in --------------------------------------------------------------------------------------------------


class Received(UploadedFile):
    """A file of records that came in: where it lies, how large it is, its hash."""

    def __init__(self, name: str, folder: str, size: int, sha256: str):
        super().__init__(name=name, size=size)
        self.folder = folder
        self.sha256 = sha256

    @property
    def path(self) -> Path:
        """The file itself."""
        return path_of(self.folder, self.name or "")

    def move_beside(self, folder: str) -> None:
        """Make it the second file of a folder, or of its own; an earlier one is deleted."""
        remove_second(folder)
        self.path.rename(path_of(folder, self.name or "", SECOND))


class Receiver(FileUploadHandler):
    """Writes an upload of records straight into a private folder, which it holds until `close`.

    Only the field `field` is taken. `too_large` says that the limit was passed: the file is then deleted at
    once, and the rest of what comes is not read into anything.
    """

    def __init__(self, request: Any, field: str):
        super().__init__(request)
        self.field = field
        self.folder = ""
        self.kept = False
        self.too_large = False
        self.limit = settings.MICRODATA_MEGABYTES * MEGABYTE
        self._lock = -1
        self._file: Any = None

    def new_file(self, field_name: str, file_name: str, *args: Any, **kwargs: Any) -> None:
        """Open the file in a folder of its own."""
        super().new_file(field_name, file_name, *args, **kwargs)
        if field_name != self.field or self.folder:
            raise SkipFile
        self.name = clean_name(file_name)
        self.folder = make()
        self._lock = os.open(home() / self.folder, os.O_RDONLY)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        descriptor = os.open(path_of(self.folder, self.name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._digest, self._size = hashlib.sha256(), 0
        raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        """Write a piece; what is above the limit is given up."""
        self._size += len(raw_data)
        if self._size > self.limit:
            self.too_large = True
            self._end()
            raise SkipFile
        self._digest.update(raw_data)
        self._file.write(raw_data)

    def file_complete(self, file_size: int) -> Received | None:
        """The file, once all of it has come."""
        if self._file is None or self._file.closed:
            return None
        self._file.close()
        return Received(self.name, self.folder, self._size, self._digest.hexdigest())

    def upload_interrupted(self) -> None:
        """The reader went away in the middle."""
        self.close()

    def keep(self) -> None:
        """The records belong to a measurement now."""
        self.kept = True

    def close(self) -> None:
        """Let go of the folder, and delete it unless it was kept."""
        self._end()

    def _end(self) -> None:
        if self._file is not None:
            self._file.close()
        if not self.kept:
            remove(self.folder)
        if self._lock != -1:
            os.close(self._lock)
            self._lock = -1


def make() -> str:
    """A new folder that only this user can read; its name."""
    home().mkdir(mode=0o700, parents=True, exist_ok=True)
    folder = secrets.token_hex(16)
    (home() / folder).mkdir(mode=0o700)
    return folder
