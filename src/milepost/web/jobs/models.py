"""Work that takes longer than a page, and the processes that do it."""

from django.conf import settings
from django.db import models


class Job(models.Model):
    """One piece of long work: what, for what, how far it is, and what came of it."""

    class Status(models.TextChoices):
        """Where it stands; `lost` is a worker that died, which another one takes up again."""

        QUEUED = "queued"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"
        LOST = "lost"

    kind = models.CharField(max_length=60)
    arguments = models.JSONField(default=dict)
    address = models.CharField(max_length=120, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.QUEUED)
    step = models.CharField(max_length=200, blank=True)
    done = models.BigIntegerField(default=0)
    total = models.BigIntegerField(default=0)
    checkpoint = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    attempt = models.PositiveSmallIntegerField(default=0)
    cancel_asked = models.BooleanField(default=False)
    run_after = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    worker = models.CharField(max_length=100, blank=True)
    periodic = models.BooleanField(default=False)  # started by the clock, not by a person

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("kind",),
                condition=models.Q(periodic=True, status__in=("queued", "running", "lost")),
                name="jobs_periodic_work_once_at_a_time",
            ),
        )
        indexes = (
            models.Index(fields=("status", "id"), name="jobs_next"),
            models.Index(fields=("address", "-id"), name="jobs_of_one_thing"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.status}"

    @property
    def address_of_job(self) -> str:
        """How others name this job."""
        return f"job:{self.pk}"

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.status in (self.Status.DONE, self.Status.FAILED, self.Status.CANCELLED)

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("job", args=[self.pk])


class Worker(models.Model):
    """A process that does the work of the queue; its heartbeat says that it lives."""

    name = models.CharField(max_length=100, unique=True)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField(auto_now_add=True)
    heartbeat_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return self.name
