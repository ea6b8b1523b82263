"""The plan of work of a project: tasks, people's months, expenditure and risks."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from milepost.progress import workplan
from milepost.values import Text
from milepost.web.projects.models.fields import money, person
from milepost.web.projects.models.register import BudgetLine, Project
from milepost.web.projects.models.results import Result


class Task(models.Model):
    """Something to be done, for an activity of the results matrix or for the project as a whole.

    `percent` is what those who do it say, null where they said nothing. A milestone lasts one day.
    """

    pk: int
    project_id: int
    result_id: int | None
    responsible_id: int | None
    needs: Any
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tasks")
    result = models.ForeignKey(Result, on_delete=models.SET_NULL, null=True, blank=True, related_name="tasks")
    title = models.JSONField(default=dict)
    start = models.DateField()
    end = models.DateField()
    actual_start = models.DateField(null=True, blank=True)
    actual_end = models.DateField(null=True, blank=True)
    percent = models.PositiveSmallIntegerField(null=True, blank=True)
    milestone = models.BooleanField(default=False)
    responsible = person(unknown=True)
    role = models.CharField(max_length=80, blank=True)
    order = models.PositiveIntegerField(default=0)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("order", "start", "pk")
        indexes = (models.Index(fields=("responsible", "actual_end", "end"), name="projects_tasks_due"),)
        constraints = (
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="projects_task_ends"),
            models.CheckConstraint(
                condition=Q(actual_end=None) | Q(actual_start=None) | Q(actual_end__gte=F("actual_start")),
                name="projects_task_ended",
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__lte=100), name="projects_task_percent"
            ),
            models.CheckConstraint(
                condition=Q(milestone=False) | Q(start=F("end")), name="projects_milestone_is_a_day"
            ),
        )

    def __str__(self) -> str:
        return self.text.best("en")[0]

    @property
    def text(self) -> Text:
        """What is to be done, in several languages."""
        return Text(self.title)

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of its project."""
        return self.project.places

    def get_absolute_url(self) -> str:
        """Its place in the workplan."""
        from django.urls import reverse  # noqa: PLC0415

        return f"{reverse('workplan', args=[self.project_id])}#task-{self.pk}"

    def as_value(self) -> workplan.Task:
        """Its days and what it waits for, as they are reckoned with."""
        after = tuple(sorted(one.before_id for one in self.needs.all()))
        return workplan.Task(self.pk, self.start, self.end, self.actual_start, self.actual_end, after)


class Dependency(models.Model):
    """A task waits until another one has ended."""

    before_id: int
    after_id: int
    before = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="needed_by")
    after = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="needs")

    class Meta:
        ordering = ("before",)
        constraints = (
            models.UniqueConstraint(fields=("before", "after"), name="projects_waits_once"),
            models.CheckConstraint(condition=~Q(before=F("after")), name="projects_waits_not_for_itself"),
        )

    def __str__(self) -> str:
        return f"{self.before_id} → {self.after_id}"


class Post(models.Model):
    """A role in a project, with the person who has it where that is known."""

    pk: int
    project_id: int
    person_id: int | None
    months: Any
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="posts")
    role = models.CharField(max_length=80)
    person = person(unknown=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("role", "pk")
        indexes = (models.Index(fields=("person", "project"), name="projects_posts_of_a_person"),)

    def __str__(self) -> str:
        return f"{self.role}: {self.person}" if self.person_id else self.role

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of its project."""
        return self.project.places


class PostMonth(models.Model):
    """The person-months of a post in one month, planned and spent; null is not said, never zero."""

    post_id: int
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="months")
    month = models.DateField()  # its first day
    planned = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)
    spent = models.DecimalField(max_digits=5, decimal_places=2, null=True, blank=True)

    class Meta:
        ordering = ("month",)
        constraints = (
            models.UniqueConstraint(fields=("post", "month"), name="projects_post_month_once"),
            models.CheckConstraint(
                condition=(Q(planned=None) | Q(planned__gte=0)) & (Q(spent=None) | Q(spent__gte=0)),
                name="projects_person_months",
            ),
        )

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.planned}/{self.spent}"


class Expenditure(models.Model):
    """Money spent on a budget line; below zero it came back."""

    pk: int
    line_id: int
    line = models.ForeignKey(BudgetLine, on_delete=models.PROTECT, related_name="expenditures")
    day = models.DateField()
    amount = money()
    note = models.CharField(max_length=300, blank=True)
    reference = models.CharField(max_length=80, blank=True)  # of the voucher
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-day", "-pk")
        constraints = (models.CheckConstraint(condition=~Q(amount=0), name="projects_expenditure"),)

    def __str__(self) -> str:
        return f"{self.day:%Y-%m-%d} {self.amount}"

    @property
    def project(self) -> Project:
        """Whose money it was."""
        return self.line.project

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of its project."""
        return self.project.places


class Risk(models.Model):
    """What may happen, how likely and how grave from 1 to 5, and what is done about it."""

    class State(models.TextChoices):
        """Whether it may still happen."""

        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    pk: int
    project_id: int
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="risks")
    statement = models.JSONField(default=dict)
    likelihood = models.PositiveSmallIntegerField()
    impact = models.PositiveSmallIntegerField()
    response = models.JSONField(default=dict, blank=True)
    owner = models.CharField(max_length=80, blank=True)  # a role, never a person
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    reason = models.TextField(blank=True)  # why it was closed, or opened again
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-state", "-likelihood", "-impact", "pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(likelihood__range=(1, 5), impact__range=(1, 5)), name="projects_risk_scale"
            ),
            models.CheckConstraint(condition=Q(state__in=["open", "closed"]), name="projects_risk_state"),
        )

    def __str__(self) -> str:
        return self.text.best("en")[0]

    @property
    def text(self) -> Text:
        """What may happen, in several languages."""
        return Text(self.statement)

    @property
    def score(self) -> int:
        """Likelihood times impact, from 1 to 25."""
        return self.likelihood * self.impact

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of its project."""
        return self.project.places
