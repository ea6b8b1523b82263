"""Write aside, then rename: an output is whole or not there, even if the run is killed.

The temporary sibling of `out.csv` is called `.out.<random>.aside.csv`. Its writer holds a lock on it, so that
a later run can tell a temporary in use from one that a killed run left behind, and removes the latter.
"""

import os
import re
import secrets
import shutil
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from milepost.errors import MilepostError, refuse
from milepost.values import Origin

if sys.platform != "win32":
    import fcntl

A_DAY = 24 * 60 * 60
_NAME_LIMIT = 100  # of the stem, in letters: a file's name has at most 255 bytes


@contextmanager
def file(path: Path | str) -> Iterator[Path]:
    """A temporary path to write to, that becomes `path` when the block succeeds and vanishes otherwise.

    Refuses ("cannot-write") a place that cannot be written. An existing file keeps its permissions.
    """
    with _plainly(path):
        target = Path(os.path.realpath(path))  # through a link to the file itself
        if target.exists() and not target.is_file():
            raise refuse("cannot-write", Origin(str(path)), why="it is a folder or a device")
        _remove_stale(target)
        temporary, lock = _create(target, _new_file)
    try:
        with _plainly(path):
            yield temporary
            if target.exists():
                temporary.chmod(stat.S_IMODE(target.stat().st_mode))
            _to_disk(temporary)
            temporary.replace(target)
            _to_disk(target.parent)
    finally:
        _discard(temporary, lock)


@contextmanager
def folder(path: Path | str, mark: str | None = None) -> Iterator[Path]:
    """A temporary folder to write into, that becomes `path` when the block succeeds and vanishes otherwise.

    An existing folder is replaced as a whole, but only if it is empty or holds a file called `mark`, by which
    the caller knows its own earlier output; else it is refused ("cannot-write"): it may be somebody's work.
    """
    with _plainly(path):
        target = Path(os.path.realpath(path))
        _remove_stale(target)
        if target.exists() and not _may_be_replaced(target, mark):
            raise refuse("cannot-write", Origin(str(path)), why="something else is there already")
        temporary, lock = _create(target, _new_folder)
    try:
        with _plainly(path):
            yield temporary
            for below in temporary.rglob("*"):
                _to_disk(below)
            _exchange(temporary, target)
            _to_disk(target.parent)
    finally:
        _discard(temporary, lock)


@contextmanager
def additions(path: Path | str) -> Iterator[Path]:
    """A temporary folder whose files are moved into the folder `path` when the block succeeds.

    Until then none of them is there. Files of the same name are replaced, others stay; `path` is made if
    it is missing. Where a folder stands in the place of a file, or a file in that of a folder, nothing is
    moved.
    """
    with _plainly(path):
        target = Path(os.path.realpath(path))
        if target.exists() and not target.is_dir():
            raise refuse("cannot-write", Origin(str(path)), why="it is a file")
        target.parent.mkdir(parents=True, exist_ok=True)
        _remove_stale(target)
        temporary, lock = _create(target, _new_folder)
    try:
        with _plainly(path):
            yield temporary
            _refuse_what_is_in_the_way(temporary, target)
            for folder, _, names in os.walk(temporary):
                place = target / os.path.relpath(folder, temporary)
                place.mkdir(parents=True, exist_ok=True)
                for name in names:
                    Path(folder, name).replace(place / name)
    finally:
        _discard(temporary, lock)


def _refuse_what_is_in_the_way(temporary: Path, target: Path) -> None:
    """Before anything is moved: no folder may stand where a file goes, and no file where a folder goes."""
    for folder, below, names in os.walk(temporary):
        place = target / os.path.relpath(folder, temporary)
        for name in (*below, *names):
            there = place / name
            if there.exists() and there.is_dir() != (name in below):
                kind = "folder" if there.is_dir() else "file"
                raise refuse("cannot-write", Origin(str(there)), why=f"there is a {kind} of this name")


@contextmanager
def private(parent: Path | str, prefix: str) -> Iterator[Path]:
    """A new folder below `parent` that only this user can read; it goes when the block ends, however it ends.

    A run that is killed cannot do that, so folders of this prefix that no living run holds are removed first.
    """
    with _plainly(parent):
        remove_private(parent, prefix)
        temporary, lock = _create(Path(parent, prefix), _new_private_folder, hidden="")
    try:
        yield temporary
    finally:
        _discard(temporary, lock)


def remove_private(parent: Path | str, prefix: str) -> None:
    """Remove the private folders of this prefix that killed runs of this user left below `parent`."""
    pattern = re.compile(rf"{re.escape(prefix)}\.[0-9a-f]{{12}}\.aside")
    for entry in sorted(Path(parent).iterdir()):
        found = pattern.fullmatch(entry.name)
        if found and entry.is_dir() and not entry.is_symlink() and _is_ours(entry) and _is_stale(entry):
            _remove(entry)


def _is_ours(folder: Path) -> bool:
    with suppress(OSError):
        return sys.platform == "win32" or folder.lstat().st_uid == os.getuid()
    return False


def remove(folder: Path | str, names: Iterable[str]) -> None:
    """Remove files below a folder by their names; one that leads out of it, or is gone, is passed over."""
    root = Path(os.path.realpath(folder))
    for name in names:
        path = Path(os.path.realpath(root / name))
        if root in path.parents:
            path.unlink(missing_ok=True)


def _may_be_replaced(target: Path, mark: str | None) -> bool:
    if not target.is_dir():
        return False
    return not any(target.iterdir()) or (mark is not None and (target / mark).is_file())


def _exchange(temporary: Path, target: Path) -> None:
    """Put the new folder in the place of the old; `_remove_stale` mends it if killed in between."""
    if not target.exists():
        temporary.rename(target)
        return
    before = temporary.with_name(temporary.name.replace(".aside", ".before"))
    target.rename(before)
    try:
        temporary.rename(target)
    except OSError:
        before.rename(target)
        raise
    shutil.rmtree(before, ignore_errors=True)  # else the next run removes it


@contextmanager
def _plainly(path: Path | str) -> Iterator[None]:
    """Say what the operating system refuses in the words of this house."""
    try:
        yield
    except MilepostError:
        raise
    except OSError as error:
        raise refuse("cannot-write", Origin(str(path)), why=error.strerror or str(error)) from error


# Temporaries and their locks


def _create(target: Path, new: Callable[[Path], int], hidden: str = ".") -> tuple[Path, int]:
    while True:
        name = f"{hidden}{target.stem[:_NAME_LIMIT]}.{secrets.token_hex(6)}.aside{target.suffix}"
        temporary = target.with_name(name)
        lock = new(temporary)
        if _lock(lock) and temporary.exists():  # else another run took it for stale before the lock was held
            return temporary, lock
        os.close(lock)


def _new_file(temporary: Path) -> int:
    return os.open(temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o666)


def _new_folder(temporary: Path, mode: int = 0o777) -> int:
    temporary.mkdir(mode)
    return os.open(temporary, os.O_RDONLY) if sys.platform != "win32" else os.open(os.devnull, os.O_RDONLY)


def _new_private_folder(temporary: Path) -> int:
    return _new_folder(temporary, 0o700)


def _lock(descriptor: int) -> bool:
    """Whether this run now holds the lock; where there are no locks, it is taken as held."""
    if sys.platform == "win32":
        return True
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a file system without locks
        return True
    return True


def _discard(temporary: Path, lock: int) -> None:
    with suppress(OSError):
        os.close(lock)
    _remove(temporary)


def _remove(temporary: Path) -> None:
    if temporary.is_dir():
        shutil.rmtree(temporary, ignore_errors=True)
    else:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)


def _remove_stale(target: Path) -> None:
    """Remove what killed runs left; if one was killed between two renames, undo the first."""
    if not target.parent.is_dir():
        return
    pattern = re.compile(
        rf"\.{re.escape(target.stem[:_NAME_LIMIT])}\.[0-9a-f]{{12}}\.(aside|before){re.escape(target.suffix)}"
    )
    for sibling in sorted(target.parent.iterdir()):
        found = pattern.fullmatch(sibling.name)
        if found and _is_stale(sibling):
            if found[1] == "before" and not target.exists():
                sibling.rename(target)
            else:
                _remove(sibling)


def _is_stale(temporary: Path) -> bool:
    """Whether no living run holds it; without locks, whether it is older than a day."""
    if sys.platform == "win32":
        return time.time() - temporary.stat().st_mtime > A_DAY
    try:
        descriptor = os.open(temporary, os.O_RDONLY)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    else:
        return True
    finally:
        os.close(descriptor)


def _to_disk(path: Path) -> None:
    """Have the operating system write it out, so that the rename never overtakes the content."""
    if path.is_dir() and sys.platform == "win32":
        return
    descriptor = os.open(path, os.O_RDONLY if sys.platform != "win32" else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
