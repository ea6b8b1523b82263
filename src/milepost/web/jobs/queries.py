"""What work there is, for whom, and who does it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from milepost.values import Origin, Problem
from milepost.web.jobs.models import Job, Worker

now = timezone.now
OPERATE = "operate the installation"
"""The permission by its words: the enumeration is on a higher floor."""
EVERYWHERE = ""


def tasks() -> dict[str, Callable[..., Any]]:
    """Every kind of work and the function that does it."""
    return import_string(settings.JOBS)


def periodic() -> dict[str, int]:
    """The kinds of work that the clock starts: {kind: seconds from one start to the next}."""
    return import_string(settings.PERIODIC)


def operates(user: Any) -> bool:
    """Whether a user looks after the whole installation."""
    return EVERYWHERE in import_string(settings.PLACES)(user, OPERATE)


def visible_to(user: Any) -> QuerySet[Job]:
    """One's own work; all of it for whoever operates the installation."""
    if not getattr(user, "is_authenticated", False):
        return Job.objects.none()
    if operates(user):
        return Job.objects.all()
    return Job.objects.filter(by=user)


def workers(user: Any) -> QuerySet[Worker]:
    """The processes that do the work, for whoever operates the installation."""
    found = Worker.objects.order_by("started_at")
    return found if operates(user) else found.none()


def due() -> QuerySet[Job]:
    """Work that a worker may take up now, first come first."""
    open_now = Q(run_after=None) | Q(run_after__lte=now())
    return Job.objects.filter(open_now, status__in=(Job.Status.QUEUED, Job.Status.LOST)).order_by("pk")


def last_heartbeat() -> datetime | None:
    """When a worker was last known to live; None where there is none."""
    return Worker.objects.order_by("-heartbeat_at").values_list("heartbeat_at", flat=True).first()


def title(job: Job) -> str:
    """What the work is, in the reader's language."""
    return str(import_string(settings.JOB_TITLES).get(job.kind, job.kind))


def elapsed(job: Job) -> timedelta | None:
    """How long the last attempt took, or takes already; None before it began."""
    if job.started_at is None:
        return None
    return (job.finished_at or now()) - job.started_at


def problems(job: Job) -> list[Problem]:
    """Why it failed."""
    return [
        Problem(
            each["code"],
            Origin(each["file"] or "", each["sheet"], each["row"], each["column"]),
            each["details"],
        )
        for each in job.problems
    ]
