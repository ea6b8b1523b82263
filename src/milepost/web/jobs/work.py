"""Do the work of the queue: claim it, run it, say how far it is, take up what a dead worker left.

A job is one row, so a worker that is killed leaves a row that says "running" and a heart that no longer
beats. Another worker sees that, marks it lost, and does it again from its checkpoint.
"""

import fcntl
import logging
import math
import os
import platform
import secrets
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, IntegrityError, close_old_connections, connection, transaction

from milepost.errors import MilepostError
from milepost.recipes import problem_as_dict
from milepost.values import Origin, Problem
from milepost.web.audit.actions import record
from milepost.web.jobs.models import Job, Worker
from milepost.web.jobs.queries import due, now, periodic, tasks

HEARTBEAT = 5.0
LOST_AFTER = 30.0
SAID_EVERY = 1.0
LOOK_EVERY = 1.0
"""Seconds."""
ATTEMPTS = 3
KEPT = timedelta(days=30)
"""How long periodic work that went well is remembered."""

Status = Job.Status
log = logging.getLogger(__name__)


class Interrupted(BaseException):
    """Leave the work here; no Exception, so that a task that catches its own faults lets it pass."""


class Cancelled(Interrupted):
    """Somebody asked for it."""


class Stopped(Interrupted):
    """The worker is to end; the work goes back into the queue."""


class Taken(Interrupted):
    """Another worker held this one for dead and does the work now."""


class Progress:
    """What every task is given: `progress(step, done, total)` says how far it is, and stops it when asked.

    `progress.job.checkpoint` is what an earlier attempt kept by `progress.checkpoint(rows=5000)`.
    """

    def __init__(self, job: Job, heart: "Heart | None" = None):
        self.job = job
        self.asked: type[Interrupted] | None = None
        self._heart = heart
        self._told_at = 0.0

    def __call__(self, step: str, done: int = 0, total: int = 0) -> None:
        """Say how far it is; cheap enough for every row. Raises Interrupted where the work has to stop."""
        new = step != self.job.step
        self.job.step, self.job.done, self.job.total = step, done, total
        if self._heart is None and (new or time.monotonic() - self._told_at >= SAID_EVERY):
            self.tell()
        asked = self.asked or (self._heart.asked if self._heart is not None else None)
        if asked is not None:
            raise asked

    @property
    def stopping(self) -> bool:
        """Whether the work is to stop at its next step; may be asked from any thread."""
        return self.asked is not None or (self._heart is not None and self._heart.asked is not None)

    def checkpoint(self, **state: Any) -> None:
        """Keep what a later attempt needs to go on from here, in the transaction of the work itself."""
        self.job.checkpoint = {**self.job.checkpoint, **state}
        if not self.mine().update(checkpoint=self.job.checkpoint):
            raise Taken

    def mine(self):
        """The job, as long as this attempt is the one that counts."""
        return Job.objects.filter(pk=self.job.pk, attempt=self.job.attempt, status=Status.RUNNING)

    def tell(self) -> None:
        """Write down how far it is, and learn whether to stop.

        The row is skipped while the task's own transaction holds it (a checkpoint): the heart must not wait.
        """
        with transaction.atomic():
            row = self.mine().select_for_update(skip_locked=True).values("cancel_asked").first()
            if row is not None:
                job = self.job
                self.mine().update(
                    step=_storable(job.step)[:200], done=job.done, total=job.total, heartbeat_at=now()
                )
        if row is None and not self.mine().exists():
            self.asked = Taken
        elif row is not None and row["cancel_asked"]:
            self.asked = Cancelled
        self._told_at = time.monotonic()


class Heart(threading.Thread):
    """Beats while a worker lives, with a connection of its own, so that long transactions do not stop it."""

    def __init__(self, worker: str):
        super().__init__(name="heart", daemon=True)
        self.worker = worker
        self.progress: Progress | None = None
        self.asked: type[Interrupted] | None = None  # of all work of this worker
        self._ended = threading.Event()
        self._beat_at = 0.0

    def run(self) -> None:
        """Beat until the end; a database that does not answer is tried again."""
        while not self._ended.is_set():
            try:
                self._beat()
            except DatabaseError as error:
                log.warning("%s: the heartbeat could not be written (%s)", self.worker, error)
                connection.close()
            self._ended.wait(SAID_EVERY)
        connection.close()

    def end(self) -> None:
        """Stop beating."""
        self._ended.set()
        self.join()

    def _beat(self) -> None:
        if time.monotonic() - self._beat_at >= HEARTBEAT:
            Worker.objects.filter(name=self.worker).update(heartbeat_at=now())
            self._beat_at = time.monotonic()
        progress = self.progress
        if progress is not None:
            progress.tell()


# One job ----------------------------------------------------------------------------------------------------


def run_next(worker: str, heart: Heart | None = None) -> bool:
    """Do the next work of the queue to its end; False where there is none."""
    job = claim(worker)
    if job is None:
        return False
    progress = Progress(job, heart)
    if heart is not None:
        heart.progress = progress
    try:
        _do(progress)
    finally:
        if heart is not None:
            heart.progress = None
    return True


def run_all(worker: str = "here") -> None:
    """Do everything that is due, in this process; for tests and demonstrations."""
    while run_next(worker):
        pass


def claim(worker: str) -> Job | None:
    """Take the next work, so that no other worker does; None where there is none."""
    if not due().exists():  # a look without a transaction, which on SQLite would stop all who write
        return None
    with transaction.atomic():
        job = due().select_for_update(skip_locked=True).first()
        if job is None:
            return None
        moment = now()
        taken = Job.objects.filter(pk=job.pk, status=job.status, attempt=job.attempt).update(
            status=Status.RUNNING,
            attempt=job.attempt + 1,
            worker=worker,
            started_at=moment,
            heartbeat_at=moment,
            finished_at=None,
            step="",
            done=0,
            total=0,
        )
    if not taken:
        return None
    job.refresh_from_db()
    return job


def _do(progress: Progress) -> None:
    """Run the task and write down how it ended."""
    job = progress.job
    log.debug("job %s: %s begins, attempt %s", job.pk, job.kind, job.attempt)
    try:
        result = tasks()[job.kind](progress, **job.arguments)
    except Cancelled:
        _end(progress, Status.CANCELLED)
    except Stopped:
        progress.mine().update(status=Status.QUEUED, attempt=job.attempt - 1, worker="")
    except Taken:
        log.warning("job %s: another worker has taken it up", job.pk)
    except MilepostError as error:
        _end(progress, Status.FAILED, problems=error.problems)
    except Exception:
        log.exception("job %s: %s failed", job.pk, job.kind)
        _end(progress, Status.FAILED, problems=[Problem("job-crashed", Origin(""), {"number": job.pk})])
    else:
        _end(progress, Status.DONE, result=result or {})


def _end(
    progress: Progress,
    status: str,
    *,
    result: Mapping[str, Any] | None = None,
    problems: Iterable[Problem] = (),
) -> None:
    job, moment = progress.job, now()
    ended = progress.mine().update(
        status=status,
        result=_storable(result or {}),
        problems=_as_dicts(problems),
        heartbeat_at=moment,
        finished_at=moment,
        **_place(job),
    )
    if ended:
        log.info("job %s: %s %s", job.pk, job.kind, status)
    else:
        log.warning("job %s: ended here, but another worker has taken it up", job.pk)


def _place(job: Job) -> dict[str, Any]:
    return {"step": _storable(job.step)[:200], "done": job.done, "total": job.total}


def _as_dicts(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    return [_storable(problem_as_dict(problem)) for problem in problems]


def _storable(value: Any) -> Any:
    """The same as JSON that both databases take: cells of others hold what PostgreSQL refuses."""
    if isinstance(value, Mapping):
        return {_storable(str(key)): _storable(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_storable(each) for each in value]
    if value is None or isinstance(value, bool | int) or (isinstance(value, float) and math.isfinite(value)):
        return value
    return str(value).encode("utf-8", "replace").decode("utf-8").replace("\0", "\ufffd")


# The whole queue --------------------------------------------------------------------------------------------


def take_up_lost(worker: str = "") -> int:
    """Find the work of dead workers, have it done again, or say that it failed; how much there was.

    `worker` is the one who asks, between two jobs: what runs in its name was lost too.
    """
    silent = now() - timedelta(seconds=LOST_AFTER)
    beating = Worker.objects.filter(heartbeat_at__gte=silent).exclude(name=worker).values("name")
    running = Job.objects.filter(status=Status.RUNNING)
    return sum(
        _lose(job)
        for job in running.exclude(worker__in=beating)
        if job.worker == worker or (_silent(job, silent) and not lives(job.worker))
    )


def _silent(job: Job, since: datetime) -> bool:
    return job.heartbeat_at is None or job.heartbeat_at < since


@transaction.atomic
def _lose(job: Job) -> bool:
    status = Status.LOST if job.attempt < ATTEMPTS else Status.FAILED
    if job.cancel_asked:
        status = Status.CANCELLED
    changes: dict[str, Any] = {"status": status}
    if status != Status.LOST:
        changes["finished_at"] = now()
    if status == Status.FAILED:
        changes["problems"] = _as_dicts([Problem("job-lost", Origin(""), {"count": job.attempt})])
    same = Job.objects.filter(
        pk=job.pk, status=Status.RUNNING, attempt=job.attempt, heartbeat_at=job.heartbeat_at
    )
    if not same.update(**changes):
        return False  # it is alive after all, or another worker was first
    log.warning("job %s: worker %s died in attempt %s", job.pk, job.worker, job.attempt)
    record(
        by=None,
        verb="job.lost",
        address=job.address_of_job,
        details={"kind": job.kind, "attempt": job.attempt, "worker": job.worker, "status": str(status)},
    )
    return True


def start_periodic() -> int:
    """Start the work whose time has come; how much there was.

    The constraint on Job keeps two workers from starting the same.
    """
    started = 0
    for kind, seconds in periodic().items():
        since = now() - timedelta(seconds=seconds)
        of_kind = Job.objects.filter(kind=kind, periodic=True)
        of_kind.filter(status=Status.DONE, finished_at__lt=now() - KEPT).delete()
        if of_kind.filter(created_at__gt=since).exists():
            continue
        if of_kind.filter(status__in=(Status.QUEUED, Status.RUNNING, Status.LOST)).exists():
            continue
        try:
            with transaction.atomic():
                Job.objects.create(kind=kind, periodic=True)
        except IntegrityError:
            continue
        started += 1
    return started


class Ending:
    """The wish that a worker end; the work it has goes back into the queue at its next step."""

    def __init__(self) -> None:
        self.wished = threading.Event()
        self.heart: Heart | None = None

    def __call__(self, *_: Any) -> None:
        """Wish it; a signal may."""
        self.wished.set()
        if self.heart is not None:
            self.heart.asked = Stopped


def work_until(ending: Ending) -> None:
    """Be a worker until the end is wished: do what is due, look for lost and for periodic work."""
    with _registered() as name:
        ending.heart = heart = Heart(name)
        heart.start()
        looked_at = -HEARTBEAT
        try:
            while not ending.wished.is_set():
                close_old_connections()
                try:
                    if time.monotonic() - looked_at >= HEARTBEAT:
                        take_up_lost(name)
                        start_periodic()
                        looked_at = time.monotonic()
                    busy = run_next(name, heart)
                except DatabaseError:
                    log.exception("%s: the database did not answer; trying again", name)
                    connection.close()
                    busy = False
                if not busy:
                    ending.wished.wait(LOOK_EVERY)
        finally:
            heart.end()


# Who lives --------------------------------------------------------------------------------------------------


@contextmanager
def _registered() -> Iterator[str]:
    """The name of a worker of this process, known to all while the block runs.

    It holds a lock on a file of its name: the system lets go of it however the process ends. On SQLite one
    long transaction of a task keeps the heart from writing; the lock still says that the worker lives.
    """
    name = f"{platform.node()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
    path = _lock_of(name)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _forget_dead(path.parent)
    with path.open("w") as file:
        fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        Worker.objects.create(name=name, pid=os.getpid(), heartbeat_at=now())
        try:
            yield name
        finally:
            path.unlink(missing_ok=True)
            Worker.objects.filter(name=name).delete()


def _forget_dead(locks: Path) -> None:
    """Forget workers that were killed: their locks, and their rows a day after their last heartbeat."""
    for path in locks.iterdir():
        if path.stat().st_mtime < time.time() - LOST_AFTER:  # one that is just starting is not locked yet
            lives(path.name)
    Worker.objects.filter(heartbeat_at__lt=now() - timedelta(days=1)).delete()


def lives(worker: str) -> bool:
    """Whether a worker of this machine lives; False for a dead one, and for one of another machine."""
    path = _lock_of(worker)
    try:
        with path.open("r+") as file:
            fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink(missing_ok=True)
            return False
    except FileNotFoundError:
        return False
    except (BlockingIOError, PermissionError):  # locked by its owner
        return True


def _lock_of(worker: str) -> Path:
    return settings.HOME / "workers" / worker.replace("/", "_")
