"""Limits for files of others: size, time, memory, and what an archive unpacks to."""

import faulthandler
import gc
import math
import os
import pickle
import select
import signal
import stat
import sys
import threading
import time
import traceback
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn, TypeVar

from milepost.errors import MilepostError, refuse
from milepost.values import Origin

if sys.platform != "win32":
    import resource

Result = TypeVar("Result")

MEGABYTE = 1_000_000
SIZE_SETTING = "MILEPOST_MAX_FILE_MB"
SIZE_DEFAULT = 100
SECONDS = 120.0
MEGABYTES = 2048
"""Time and memory for reading one file."""

UNPACKED = 10
"""How many times the limit of size an archive may unpack to."""
RATIO = 200
"""How many times its own size an archive may unpack to, once that is above a tenth of the limit of size."""
MEMBERS = 10_000


def max_bytes() -> int:
    """The largest file that is read, in bytes: MILEPOST_MAX_FILE_MB times a million; 100 MB if not set."""
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
    except (OSError, ValueError) as error:  # no permission, a circle of links, a NUL in the name
        raise _unreadable(path, error) from error
    if not stat.S_ISREG(status.st_mode):
        raise refuse("not-a-file", Origin(str(path)))
    limit = max_bytes()
    if status.st_size == 0:
        raise refuse("empty-file", Origin(str(path)))
    if status.st_size > limit:
        size = f"{status.st_size / MEGABYTE:,.1f}".removesuffix(".0")
        raise refuse("too-large", Origin(str(path)), size=size, limit=f"{limit / MEGABYTE:g}")
    return status.st_size


def contents(path: Path | str) -> bytes:
    """All bytes of a file within the limit of size."""
    check_size(path)
    try:
        with Path(path).open("rb") as file:
            return file.read(max_bytes())  # never more, even if it grows meanwhile
    except OSError as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path | str, error: Exception) -> MilepostError:
    return refuse("cannot-read", Origin(str(path)), why=getattr(error, "strerror", None) or str(error))


def check_archive(path: Path | str) -> list[str]:
    """The names inside a zip archive; refuses one that is damaged, locked, or unpacks to far too much."""
    size = check_size(path)
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError) as error:
        raise refuse("damaged", Origin(str(path)), why=str(error) or "not a zip archive") from error
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    small = unpacked <= max_bytes() / 10
    if (
        len(members) > MEMBERS
        or unpacked > UNPACKED * max_bytes()
        or packed > size  # members that overlap
        or (not small and unpacked > RATIO * size)
    ):
        megabytes = f"{unpacked / MEGABYTE:,.1f}"
        raise refuse("zip-bomb", Origin(str(path)), members=len(members), megabytes=megabytes)
    if any(member.flag_bits & 1 for member in members):
        raise refuse("password", Origin(str(path)))
    return [member.filename for member in members]


# Time and memory


def guarded(
    function: Callable[..., Result], *args: Any, seconds: float = SECONDS, megabytes: int = MEGABYTES
) -> Result:
    """What the function returns, worked out in a forked child with so much time and memory and no more.

    Raises the child's MilepostError, or one that says that it took too long, needed too much memory or died;
    any other exception of the child is raised as it is, with its traceback as a note. The first argument is
    taken for the place of the fault. Where a system cannot fork, the function runs in place, without limits.
    """
    if sys.platform == "win32":
        return function(*args)
    place = Origin(str(args[0]) if args else function.__name__)
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receive)
        _answer(send, function, args, seconds, megabytes)
    os.close(send)
    message: bytearray | None = None
    in_time = False
    try:
        message = _message(receive, time.monotonic() + seconds)
        in_time = True
    except TimeoutError as error:
        raise refuse("took-too-long", place, seconds=f"{seconds:g}") from error
    finally:  # also when this process is told to stop
        os.close(receive)
        if message is not None or not in_time:
            os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
    if message is None:
        raise _death(status, place, seconds)
    kind, answer = pickle.loads(message)  # noqa: S301  (written by our own child)
    if kind == "result":
        return answer
    if kind == "faults":
        raise MilepostError(answer)
    if kind == "memory":
        raise refuse("out-of-memory", place)
    raise answer


def _answer(
    send: int, function: Callable[..., Any], args: tuple[Any, ...], seconds: float, megabytes: int
) -> NoReturn:
    """Work in the child and write the pickled answer, its length first; never returns."""
    try:
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        faulthandler.disable()
        os.dup2(
            os.open(os.devnull, os.O_WRONLY), 2
        )  # a library's last words: the fault that is raised says it
        worker_limits(seconds=seconds, megabytes=megabytes)
        gc.freeze()  # what the parent holds is none of the child's garbage
        message = _pickled(function, args)
        with os.fdopen(send, "wb") as pipe:
            pipe.write(len(message).to_bytes(8, "big"))
            pipe.write(message)
    finally:
        os._exit(0)  # no clean-up that is the parent's: open files, exit handlers


def _pickled(function: Callable[..., Any], args: tuple[Any, ...]) -> bytes:
    try:
        return pickle.dumps(("result", function(*args)), 5)
    except MilepostError as error:
        return pickle.dumps(("faults", error.problems), 5)
    except MemoryError:
        return pickle.dumps(("memory", None), 5)
    except Exception as error:
        report = traceback.format_exc()
        error.add_note(report)
        try:
            message = pickle.dumps(("crash", error), 5)
            pickle.loads(message)  # noqa: S301  (some exceptions pickle only one way)
        except Exception:
            message = pickle.dumps(("crash", RuntimeError(report)), 5)
        return message


def _message(receive: int, until: float) -> bytearray | None:
    """The child's whole message, or None if it died before the end; TimeoutError when time is up."""
    length = _exactly(receive, 8, until)
    return None if length is None else _exactly(receive, int.from_bytes(length, "big"), until)


def _exactly(receive: int, size: int, until: float) -> bytearray | None:
    buffer = bytearray(size)
    view, have = memoryview(buffer), 0
    poll = select.poll()
    poll.register(receive, select.POLLIN)
    while have < size:
        left = until - time.monotonic()
        if left <= 0 or not poll.poll(left * 1000):
            raise TimeoutError
        got = os.readv(receive, [view[have:]])
        if got == 0:
            return None
        have += got
    return buffer


def _death(status: int, place: Origin, seconds: float) -> MilepostError:
    number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if number == signal.SIGXCPU:
        return refuse("took-too-long", place, seconds=f"{seconds:g}")
    return refuse("reader-died", place, why=signal.Signals(number).name if number else "no answer")


def worker_limits(seconds: float | None = None, megabytes: int = MEGABYTES) -> None:
    """Limit this process for good: memory beyond what it holds now and, if given, processor time.

    For the first call of a pool's worker, which then uses `deadline` for each file.
    """
    if sys.platform == "win32":
        return
    _limit(resource.RLIMIT_AS, _address_space() + megabytes * 1024 * 1024)
    _limit(resource.RLIMIT_CORE, 0)
    if seconds is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        _limit(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + seconds))


def end_with_parent() -> None:
    """Have this process end soon after its parent, even if that is killed: a pool's worker would wait on.

    An orphan keeps the parent's locks, too, so that what the parent left would never count as stale.
    """
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _limit(which: int, amount: int) -> None:
    _, hard = resource.getrlimit(which)
    if hard != resource.RLIM_INFINITY:
        amount = min(amount, hard)
    with suppress(ValueError, OSError):  # a system that knows no such limit
        resource.setrlimit(which, (amount, hard))


def _address_space() -> int:
    """Bytes of address space this process holds; 0 where the system does not say."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    return 0


@contextmanager
def deadline(place: Origin | str, seconds: float = SECONDS) -> Iterator[None]:
    """Stop the block with a MilepostError for this place when its time is up or memory runs out.

    Time is kept by an alarm, so only in the main thread of a process, and not while a library computes
    without returning to Python: in a pool, `worker_limits` and the parent's own patience stand behind it.
    """

    def ring(_signal: int, _frame: FrameType | None) -> NoReturn:
        raise refuse("took-too-long", place, seconds=f"{seconds:g}")

    try:
        if sys.platform == "win32" or threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGALRM, ring)
        outer, _ = signal.setitimer(signal.ITIMER_REAL, seconds)
        began = time.monotonic()
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, before)
            if outer:
                signal.setitimer(signal.ITIMER_REAL, max(outer - (time.monotonic() - began), 0.001))
    except MemoryError as error:
        raise refuse("out-of-memory", place) from error
