"""Start long work, ask it to stop, have it done again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction

from milepost.web.audit.actions import record
from milepost.web.jobs import queries
from milepost.web.jobs.models import Job

Status = Job.Status


def start(
    kind: str,
    *,
    by: Any,
    address: str = "",
    arguments: Mapping[str, Any] | None = None,
    run_after: datetime | None = None,
) -> Job:
    """Put work into the queue, in the transaction of the action that needs it done.

    `kind` is a key of settings.JOBS, `arguments` are JSON, `address` is what the work is for. The action that
    starts it checks the permission and writes the event; ValueError where there is no such work.
    """
    if kind not in queries.tasks():
        raise ValueError(f"no such work: {kind}")
    return Job.objects.create(
        kind=kind, by=by, address=str(address), arguments=dict(arguments or {}), run_after=run_after
    )


@transaction.atomic
def ask_to_cancel(job: Job, *, by: Any) -> Job:
    """Have work stop at its next step, or never start; work that has ended stays as it is."""
    _check_may_decide(job, by)
    waiting = Job.objects.filter(pk=job.pk, status__in=(Status.QUEUED, Status.LOST))
    running = Job.objects.filter(pk=job.pk, status=Status.RUNNING, cancel_asked=False)
    ended = waiting.update(status=Status.CANCELLED, cancel_asked=True, finished_at=queries.now())
    if ended or running.update(cancel_asked=True):
        record(by=by, verb="job.cancelled", address=job.address_of_job, details={"kind": job.kind})
    job.refresh_from_db()
    return job


@transaction.atomic
def retry(job: Job, *, by: Any) -> Job:
    """Have work that failed or was cancelled done again, from its checkpoint; other work stays as it is."""
    _check_may_decide(job, by)
    ended = Job.objects.filter(pk=job.pk, status__in=(Status.FAILED, Status.CANCELLED))
    if ended.update(
        status=Status.QUEUED, attempt=0, cancel_asked=False, problems=[], result={}, finished_at=None
    ):
        record(by=by, verb="job.retried", address=job.address_of_job, details={"kind": job.kind})
    job.refresh_from_db()
    return job


def _check_may_decide(job: Job, by: Any) -> None:
    if job.by != by and not queries.operates(by):
        raise PermissionDenied
