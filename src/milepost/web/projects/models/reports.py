"""Reports on a project, as they are written, approved and sent."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from milepost.values.states import REPORT
from milepost.web.files.models import StoredFile
from milepost.web.projects.models.fields import person
from milepost.web.projects.models.register import Project


class ProjectReport(models.Model):
    """A report on a project from a day to a day, in one language.

    `sections` are the texts that people wrote, {part: {language: words}}; the part "result:12" is what was
    reached of a result. Figures are not kept here: a draft shows them as they are now, and what is approved
    is a `ReportVersion`. `recipient` is an office or a role, never the name of a person.
    """

    class Kind(models.TextChoices):
        """When it is written."""

        INTERIM = "interim", _("Interim report")
        FINAL = "final", _("Final report")

    class Part(models.TextChoices):
        """What it holds."""

        ALL = "all", _("Narrative and financial")
        NARRATIVE = "narrative", _("Narrative")
        FINANCIAL = "financial", _("Financial")

    pk: int
    project_id: int
    typed_by_id: int
    submitted_by_id: int | None
    versions: Any
    get_kind_display: Any
    get_part_display: Any
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="reports")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    part = models.CharField(max_length=10, choices=Part.choices, default=Part.ALL)
    start = models.DateField()
    end = models.DateField()
    due = models.DateField(null=True, blank=True)
    language = models.CharField(max_length=10)
    sections = models.JSONField(default=dict, blank=True)
    state = models.CharField(max_length=10, default="draft")
    reason = models.TextField(blank=True)  # why it was returned, or opened again
    typed_by = person()
    submitted_by = person(unknown=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = person(unknown=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    sent_on = models.DateField(null=True, blank=True)
    recipient = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-end", "-pk")
        constraints = (
            models.UniqueConstraint(
                fields=("project", "kind", "part", "start", "end", "language"), name="projects_report_once"
            ),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="projects_report_ends"),
            models.CheckConstraint(condition=Q(state__in=sorted(REPORT)), name="projects_report_state"),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.start:%Y-%m-%d} – {self.end:%Y-%m-%d}"

    @property
    def address(self) -> str:
        """How others name this report."""
        return f"project-report:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of its project."""
        return self.project.places

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("project-report", args=[self.pk])


class ReportVersion(models.Model):
    """A report as it was approved: its files and its page, which never change again."""

    pk: int
    report_id: int
    report = models.ForeignKey(ProjectReport, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    as_of = models.DateTimeField()  # when the figures were read
    pdf = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    docx = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    html = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    article = models.TextField()  # the same as a part of a page
    by = person()
    sent_on = models.DateField(null=True, blank=True)
    recipient = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=("report", "number"), name="projects_report_version_once"),
        )

    def __str__(self) -> str:
        return f"{self.report}, {self.number}"
