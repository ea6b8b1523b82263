"""Limits for files of others: size, time, memory."""

import os
import stat
from pathlib import Path

from milepost.errors import refuse
from milepost.values import Origin

MEGABYTE = 1_000_000
SIZE_SETTING = "MILEPOST_MAX_FILE_MB"
SIZE_DEFAULT = 100


def max_bytes() -> int:
    """The largest file that is read, in bytes: MILEPOST_MAX_FILE_MB times a million, 100 MB unless it is set."""
    text = os.environ.get(SIZE_SETTING, "").strip()
    if not text:
        return SIZE_DEFAULT * MEGABYTE
    try:
        megabytes = float(text)
    except ValueError:
        megabytes = 0.0
    if not 0 < megabytes < 1e9:  # NaN fails too
        raise refuse("bad-setting", Origin(SIZE_SETTING), value=text, wanted="a number of megabytes above 0")
    return int(megabytes * MEGABYTE)


def check_size(path: Path | str) -> int:
    """The size of a file in bytes; refuses one that is missing, no plain file, empty, or above the limit."""
    try:
        status = Path(path).stat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise refuse("not-found", Origin(str(path))) from error
    except (OSError, ValueError) as error:  # no permission, a loop of links, a NUL in the name
        raise refuse("cannot-read", Origin(str(path)), why=str(getattr(error, "strerror", "") or error)) from error
    if not stat.S_ISREG(status.st_mode):
        raise refuse("not-a-file", Origin(str(path)))
    limit = max_bytes()
    if status.st_size == 0:
        raise refuse("empty-file", Origin(str(path)))
    if status.st_size > limit:
        shown = f"{status.st_size / MEGABYTE:.3g}" if status.st_size < 1000 * MEGABYTE else status.st_size // MEGABYTE
        raise refuse("too-large", Origin(str(path)), size=shown, limit=f"{limit / MEGABYTE:g}")
    return status.st_size


def contents(path: Path | str) -> bytes:
    """All bytes of a file within the limit of size."""
    check_size(path)
    try:
        with Path(path).open("rb") as file:
            return file.read(max_bytes())  # never more, even if it grows meanwhile
    except OSError as error:
        raise refuse("cannot-read", Origin(str(path)), why=error.strerror or str(error)) from error
