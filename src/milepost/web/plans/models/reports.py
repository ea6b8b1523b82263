"""Consolidated reports on a plan: what the lead writes and edits, and what was approved and published."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from milepost.values.states import PLAN_REPORT
from milepost.web.files.models import StoredFile
from milepost.web.plans.models.policies import Plan
from milepost.web.plans.models.rounds import Answer


class PlanReport(models.Model):
    """A report on a plan from a day to a day, over the rounds that lie in this time.

    A draft shows the figures as they are now; what is approved is a `PlanReportVersion`. `sections` is
    {part: {language: words}} of what the institution in the lead writes. `silent_shown` is its decision that
    the report tells who has not answered; `why` says what made a further version necessary.
    """

    versions: Any
    texts: Any
    plan_id: int
    typed_by_id: int
    submitted_by_id: int | None
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="reports")
    start = models.DateField()
    end = models.DateField()
    sections = models.JSONField(default=dict, blank=True)
    silent_shown = models.BooleanField(default=False)
    state = models.CharField(max_length=10, default="draft")
    reason = models.TextField(blank=True)  # why it was returned, or opened again
    why = models.TextField(blank=True)
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-end", "start", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("plan", "start", "end"), name="plans_one_report_of_a_period"),
            models.CheckConstraint(
                condition=Q(end__gte=F("start")), name="plans_report_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(state__in=sorted(PLAN_REPORT)), name="plans_state_of_a_report"
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan} {self.start} – {self.end}"

    @property
    def address(self) -> str:
        """How others name this report."""
        return f"plan-report:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of the plan."""
        return self.plan.places

    @property
    def may_be_changed(self) -> bool:
        """Whether people still write it."""
        return self.state in ("draft", "returned")

    def get_absolute_url(self) -> str:
        """Its page, for those who work on it."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("plan-report", args=[self.pk])


class ReportText(models.Model):
    """A text of an answer as the report prints it: `own` is what the institution had written then.

    Where the institution's text is another one by now, the edited text is out of date.
    """

    class Part(models.TextChoices):
        """Which text of the answer."""

        TEXT = "text", _("What was done")
        OBSTACLES = "obstacles", _("Obstacles")
        NEEDED = "needed", _("What is needed")

    report_id: int
    answer_id: int
    by_id: int
    report = models.ForeignKey(PlanReport, on_delete=models.CASCADE, related_name="texts")
    answer = models.ForeignKey(Answer, on_delete=models.PROTECT, related_name="edited_texts")
    part = models.CharField(max_length=10, choices=Part.choices)
    own = models.TextField(blank=True)
    words = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("answer", "part")
        constraints = (
            models.UniqueConstraint(fields=("report", "answer", "part"), name="plans_text_edited_once"),
        )

    def __str__(self) -> str:
        return f"{self.answer}: {self.part}"


class PlanReportVersion(models.Model):
    """A report as it was approved: `content` holds its values, and never changes, whatever comes after.

    It is public from `published_at` on, unless it was withdrawn.
    """

    report_id: int
    files: Any
    report = models.ForeignKey(PlanReport, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    as_of = models.DateTimeField()  # when the figures were read
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)
    why = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("report", "number"), name="plans_numbers_of_report_versions"),
        )

    def __str__(self) -> str:
        return f"{self.report}, {self.number}"

    @property
    def address(self) -> str:
        """How its files name this version."""
        return f"plan-report-version:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of the report."""
        return self.report.places

    @property
    def is_public(self) -> bool:
        """Whether everybody may read it."""
        return self.published_at is not None and self.withdrawn_at is None

    def get_absolute_url(self) -> str:
        """The public page of the results, with this version."""
        from django.urls import reverse  # noqa: PLC0415

        return f"{reverse('plan-results', args=[self.report.plan_id])}?report={self.report_id}"


class PlanReportFile(models.Model):
    """A published version as a file in one language, as everybody may have it."""

    version_id: int
    version = models.ForeignKey(PlanReportVersion, on_delete=models.PROTECT, related_name="files")
    language = models.CharField(max_length=10)
    ending = models.CharField(max_length=5)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("language", "ending")
        constraints = (
            models.UniqueConstraint(
                fields=("version", "language", "ending"), name="plans_one_file_of_a_kind"
            ),
        )

    def __str__(self) -> str:
        return f"{self.version}: {self.language}, {self.ending}"
