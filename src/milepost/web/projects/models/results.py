"""The results matrix of a project, and everything reported on it."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from milepost import values
from milepost.values import Text
from milepost.web.projects.cells import COLUMNS, figure_of
from milepost.web.projects.models.fields import figure, person
from milepost.web.projects.models.register import Project


class Result(models.Model):
    """A row of the results matrix: objective, outcome, output or activity."""

    pk: int
    project_id: int
    parent_id: int | None
    below: Any
    indicators: Any
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="results")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="below")
    level = models.CharField(max_length=10)
    code = models.CharField(max_length=20)
    title = models.JSONField(default=dict)
    assumptions = models.JSONField(default=dict, blank=True)
    order = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("order", "pk")
        constraints = (
            models.UniqueConstraint(fields=("project", "code"), name="projects_result_code_once"),
            models.CheckConstraint(
                condition=Q(level__in=["objective", "outcome", "output", "activity"]),
                name="projects_result_level",
            ),
        )

    def __str__(self) -> str:
        return f"{self.code} {self.text.best('en')[0]}"

    @property
    def text(self) -> Text:
        """Its statement in several languages."""
        return Text(self.title)

    @property
    def address(self) -> str:
        """How others name this result."""
        return f"result:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of its project."""
        return self.project.places

    def get_absolute_url(self) -> str:
        """Its place in the results matrix."""
        from django.urls import reverse  # noqa: PLC0415

        return f"{reverse('results', args=[self.project_id])}#result-{self.pk}"


class ResultIndicator(models.Model):
    """How a result is counted. The three rules are explained at values.ResultIndicator."""

    pk: int
    result_id: int
    responsible_id: int | None
    actuals: Any
    contributions: Any
    goals: Any
    engagement_links: Any
    result = models.ForeignKey(Result, on_delete=models.CASCADE, related_name="indicators")
    code = models.CharField(max_length=20)
    title = models.JSONField(default=dict)
    unit = models.CharField(max_length=80, blank=True)
    measure = models.CharField(max_length=12, default="number")
    direction = models.CharField(max_length=10, default="up")
    tolerance = figure()
    over_time = models.CharField(max_length=10, default="last")
    over_places = models.CharField(max_length=10, default="sum")
    counting = models.CharField(max_length=25, default="not_cumulative")
    means_of_verification = models.JSONField(default=dict, blank=True)
    responsible = person(unknown=True)
    dimensions = models.JSONField(default=list, blank=True)  # [["sex", "age"], ["migratory_status"]]
    categories = models.JSONField(default=dict, blank=True)  # {"sex": ["F", "M"], ...}
    baseline_year = models.PositiveSmallIntegerField(null=True, blank=True)
    order = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("order", "pk")
        constraints = (models.UniqueConstraint(fields=("result", "code"), name="projects_indicator_once"),)

    def __str__(self) -> str:
        return f"{self.code} {self.text.best('en')[0]}"

    @property
    def text(self) -> Text:
        """What is counted, in several languages."""
        return Text(self.title)

    @property
    def address(self) -> str:
        """How others name this indicator."""
        return f"result-indicator:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of its project."""
        return self.result.places

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("result-indicator", args=[self.pk])


class Period(models.Model):
    """From a day to a day, both within: what is reported together. A locked one takes no more figures."""

    pk: int
    project_id: int
    actuals: Any
    goals: Any
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="periods")
    start = models.DateField()
    end = models.DateField()
    due = models.DateField(null=True, blank=True)
    locked = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("start",)
        constraints = (
            models.UniqueConstraint(fields=("project", "start"), name="projects_period_once"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="projects_period_ends"),
        )

    def __str__(self) -> str:
        return f"{self.start:%Y-%m-%d} – {self.end:%Y-%m-%d}"


class Cell(models.Model):
    """A figure, or the status that says why there is none; of one breakdown and place."""

    breakdown = models.JSONField(default=dict, blank=True)  # {dimension: category}
    key = models.CharField(max_length=200, blank=True)  # the same as one text, for comparison
    place = models.CharField(max_length=60, blank=True)
    value = figure()
    numerator = figure()
    denominator = figure()
    status = models.CharField(max_length=1, default="A")
    text = models.TextField(blank=True)

    class Meta:
        abstract = True

    def as_value(self) -> values.Figure:
        """The figure, as it is counted with and printed."""
        return figure_of(getattr(self, name) for name in COLUMNS)


class Goal(Cell):
    """A baseline, or a target for a period or for the end; a change is a new row, with its reason."""

    class Kind(models.TextChoices):
        """What the figure is."""

        BASELINE = "baseline", _("Baseline")
        TARGET = "target", _("Target of a period")
        END = "end", _("Target for the end")

    pk: int
    indicator_id: int
    period_id: int | None
    indicator = models.ForeignKey(ResultIndicator, on_delete=models.CASCADE, related_name="goals")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    period = models.ForeignKey(Period, on_delete=models.PROTECT, null=True, blank=True, related_name="goals")
    version = models.PositiveIntegerField(default=1)
    current = models.BooleanField(default=True)
    reason = models.TextField(blank=True)
    by = person()
    at = models.DateTimeField(auto_now_add=True)

    class Meta(Cell.Meta):
        abstract = False
        ordering = ("indicator", "kind", "period", "key", "place", "-version")
        constraints = (
            models.UniqueConstraint(
                fields=("indicator", "kind", "period", "key", "place"),
                condition=Q(current=True, period__isnull=False),
                name="projects_goal_of_a_period",
            ),
            models.UniqueConstraint(
                fields=("indicator", "kind", "key", "place"),
                condition=Q(current=True, period__isnull=True),
                name="projects_goal_of_all",
            ),
            models.CheckConstraint(
                condition=Q(kind="target", period__isnull=False) | (~Q(kind="target") & Q(period=None)),
                name="projects_goal_has_its_period",
            ),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.value}"


class Actual(models.Model):
    """What was reported of an indicator for a period, and where the report stands."""

    pk: int
    indicator_id: int
    period_id: int
    typed_by_id: int
    submitted_by_id: int | None
    cells: Any
    indicator = models.ForeignKey(ResultIndicator, on_delete=models.PROTECT, related_name="actuals")
    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="actuals")
    state = models.CharField(max_length=10, default="draft")
    comment = models.TextField(blank=True)
    evidence = models.TextField(blank=True)  # what shows it, in words; files hang on the address
    typed_by = person()
    submitted_by = person(unknown=True)
    submitted_at = models.DateTimeField(null=True, blank=True)
    reviewed_by = person(unknown=True)
    reviewed_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)  # why it was returned
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("period__start", "indicator")
        constraints = (
            models.UniqueConstraint(fields=("indicator", "period"), name="projects_reported_once"),
        )

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period_id}: {self.state}"

    @property
    def address(self) -> str:
        """How others name this report."""
        return f"actual:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of its project."""
        return self.indicator.places

    def get_absolute_url(self) -> str:
        """Where it is typed and reviewed."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("actual", args=[self.pk])


class ActualCell(Cell):
    """One figure of a report; the total has no breakdown."""

    actual_id: int
    actual = models.ForeignKey(Actual, on_delete=models.CASCADE, related_name="cells")

    class Meta(Cell.Meta):
        abstract = False
        ordering = ("key", "place")
        constraints = (models.UniqueConstraint(fields=("actual", "key", "place"), name="projects_cell_once"),)

    def __str__(self) -> str:
        return f"{self.key} {self.place}: {self.value}"
