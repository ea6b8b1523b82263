"""The versions of a plan, and what each version says of every measure."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from milepost.values import Text
from milepost.web.files.models import StoredFile
from milepost.web.plans.models.policies import Plan
from milepost.web.stakeholders.models import Institution


class Mark(models.TextChoices):
    """Whether a measure or an indicator sees women and men; the scale is Milepost's proposal."""

    SPECIFIC = "specific", _("gender-specific")
    SENSITIVE = "sensitive", _("gender-sensitive")
    NEUTRAL = "neutral", _("gender-neutral")
    BLIND = "blind", _("gender-blind")


class PlanVersion(models.Model):
    """A plan as one legal act has it; once it is in force, from `since`, nothing that the act says changes.

    `file` is the table from which it was read; `names` is {institution as printed: its key in the register,
    or null where a person said that it is none of them}.
    """

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", _("Draft")
        IN_FORCE = "in_force", _("In force")

    entries: Any
    sections: Any
    plan_id: int
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    act = models.JSONField(default=dict, blank=True)
    act_number = models.CharField(max_length=60, blank=True)
    adopted = models.DateField(null=True, blank=True)
    since = models.DateField(null=True, blank=True)
    reason = models.JSONField(default=dict, blank=True)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    names = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("plan", "number"), name="plans_version_numbers"),
            models.UniqueConstraint(
                fields=("plan",), condition=Q(state="draft"), name="plans_one_draft_of_a_plan"
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(since__isnull=False), name="plans_in_force_since_a_day"
            ),
        )

    def __str__(self) -> str:
        return f"{self.plan} {self.number}"

    @property
    def address(self) -> str:
        """How its file names this version."""
        return f"plan-version:{self.pk}"

    def get_absolute_url(self) -> str:
        """The page of the plan, with this version."""
        return f"{self.plan.get_absolute_url()}?version={self.number}"

    @property
    def is_draft(self) -> bool:
        """Whether it may still be changed."""
        return self.state == self.State.DRAFT


class Section(models.Model):
    """A priority or an objective of one version; an objective may stand below a priority."""

    below: Any
    entries: Any
    parent_id: int | None
    version_id: int
    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="sections")
    parent = models.ForeignKey("self", on_delete=models.CASCADE, null=True, blank=True, related_name="below")
    level = models.CharField(
        max_length=10, choices=(("priority", _("Priority")), ("objective", _("Objective")))
    )
    key = models.CharField(max_length=60)
    code = models.CharField(max_length=40, blank=True)
    title = models.JSONField(default=dict, blank=True)
    position = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("position",)
        constraints = (models.UniqueConstraint(fields=("version", "key"), name="plans_section_keys"),)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.code, Text(self.title).best("en")[0])))


class Measure(models.Model):
    """A measure through all versions of its plan: what answers, links and discussions hang on.

    What it is called and who carries it out stands in the entries, one for each version that has it.
    """

    entries: Any
    plan_id: int
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="measures")
    key = models.CharField(max_length=60)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("plan", "key"), name="plans_measure_keys"),)

    def __str__(self) -> str:
        return self.key

    @property
    def address(self) -> str:
        """How others name this measure."""
        return f"measure:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of the plan."""
        return self.plan.places

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("measure", args=[self.pk])


class Entry(models.Model):
    """A measure as one version of the plan has it.

    `institutions`, `funding` and `deadline` are as the act prints them, word for word; the days, roles and
    costs are what they were understood to mean. `references` are [framework, code], such as ["sdg", "10.7"].

    No part of the act are `gender` with its reason, `rights` (how the measure rests on human rights) and
    `groups`, codes of whom it concerns.
    """

    class Repeated(models.TextChoices):
        """How often it comes again."""

        CONTINUOUS = "continuous", _("continuous")
        YEARLY = "yearly", _("yearly")
        HALF_YEARLY = "half-yearly", _("every half-year")
        QUARTERLY = "quarterly", _("every quarter")
        MONTHLY = "monthly", _("every month")

    costs: Any
    indicators: Any
    roles: Any
    section_id: int
    version_id: int
    measure_id: int
    version = models.ForeignKey(PlanVersion, on_delete=models.CASCADE, related_name="entries")
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="entries")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="entries")
    code = models.CharField(max_length=40, blank=True)
    title = models.JSONField(default=dict)
    expected = models.JSONField(default=dict, blank=True)
    deadline = models.CharField(max_length=300, blank=True)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    repeated = models.CharField(max_length=12, choices=Repeated.choices, blank=True)
    institutions = models.TextField(blank=True)
    funding = models.TextField(blank=True)
    verification = models.JSONField(default=dict, blank=True)
    references = models.JSONField(default=list, blank=True)
    gender = models.CharField(max_length=10, choices=Mark.choices, blank=True)
    gender_reason = models.JSONField(default=dict, blank=True)
    rights = models.JSONField(default=dict, blank=True)
    groups = models.JSONField(default=list, blank=True)
    position = models.PositiveSmallIntegerField()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("position",)
        verbose_name_plural = "entries"
        constraints = (
            models.UniqueConstraint(fields=("version", "measure"), name="plans_measure_once_a_version"),
            models.CheckConstraint(
                condition=Q(first_day=None) | Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="plans_measure_ends_after_it_starts",
            ),
        )

    def __str__(self) -> str:
        return " ".join(filter(None, (self.code, self.text.best("en")[0])))

    @property
    def text(self) -> Text:
        """What is to be done, in several languages."""
        return Text(self.title)

    @property
    def ranked(self) -> "list[Role]":
        """Who does what: the coordinator first, then in the order of `Role.Kind`."""
        order = [str(kind) for kind in Role.Kind.values]
        return sorted(self.roles.all(), key=lambda role: (order.index(role.kind), role.pk))


class Role(models.Model):
    """What an institution has to do with a measure. One coordinator reports for all."""

    class Kind(models.TextChoices):
        """What it does."""

        COORDINATOR = "coordinator", _("Reporting coordinator")
        EXECUTOR = "executor", _("Co-executor")
        PARTNER = "partner", _("Partner by agreement")
        CONSULTED = "consulted", _("Consulted")
        INFORMED = "informed", _("Informed")

    institution_id: int
    entry_id: int
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="roles")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="plan_roles")
    kind = models.CharField(max_length=12, choices=Kind.choices)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("entry", "institution"), name="plans_one_role_in_a_measure"),
        )
        indexes = (models.Index(fields=("institution", "kind"), name="plans_roles_of_institutions"),)

    def __str__(self) -> str:
        return f"{self.institution}: {self.kind}"


class Cost(models.Model):
    """Money for a measure from one source; no amount where the act states none.

    What is not committed is still sought: the gap.
    """

    entry_id: int
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="costs")
    source = models.CharField(max_length=300)
    amount = models.DecimalField(max_digits=20, decimal_places=2, null=True, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    committed = models.BooleanField(default=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="plans_cost"),
            models.CheckConstraint(
                condition=Q(amount=None) | ~Q(currency=""), name="plans_cost_has_a_currency"
            ),
        )

    def __str__(self) -> str:
        return self.source


class MeasureIndicator(models.Model):
    """By what one sees that a measure is carried out or what it changes; `key` stays through versions.

    `milestones` are what the act wants reached by the end of a year, {"2027": "45.5"}: the last one is the
    target. One that is to be maintained may stray from them by `tolerance`, in its own unit. `of_people` says
    whether people are counted; None where nobody has said. `gender` and its reason are no part of the act.
    """

    class Kind(models.TextChoices):
        """Of the deed itself, or of what comes of it."""

        OUTPUT = "output", _("Output")
        OUTCOME = "outcome", _("Outcome")

    class Measured(models.TextChoices):
        """What is typed of it."""

        NUMBER = "number", _("A number")
        SHARE = "percentage", _("A share: numerator and denominator")

    class Direction(models.TextChoices):
        """Where it is to go."""

        UP = "up", _("up")
        DOWN = "down", _("down")
        MAINTAIN = "maintain", _("to stay as it is")

    entry_id: int
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="indicators")
    key = models.CharField(max_length=60)
    title = models.JSONField(default=dict)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OUTPUT)
    unit = models.CharField(max_length=80, blank=True)
    by_sex = models.BooleanField(default=False)
    of_people = models.BooleanField(null=True, blank=True)
    gender = models.CharField(max_length=10, choices=Mark.choices, blank=True)
    gender_reason = models.JSONField(default=dict, blank=True)
    measured = models.CharField(max_length=12, choices=Measured.choices, default=Measured.NUMBER)
    direction = models.CharField(max_length=8, choices=Direction.choices, default=Direction.UP)
    tolerance = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    baseline = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    baseline_year = models.PositiveSmallIntegerField(null=True, blank=True)
    milestones = models.JSONField(default=dict, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("entry", "key"), name="plans_indicator_keys"),
            models.CheckConstraint(
                condition=Q(tolerance=None) | Q(tolerance__gte=0), name="plans_tolerance_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(baseline=None, baseline_year=None)
                | Q(baseline__isnull=False, baseline_year__isnull=False),
                name="plans_baseline_has_a_year",
            ),
        )

    def __str__(self) -> str:
        return Text(self.title).best("en")[0]

    @property
    def text(self) -> Text:
        """What is counted, in several languages."""
        return Text(self.title)

    @property
    def is_share(self) -> bool:
        """Whether it has a numerator and a denominator."""
        return self.measured == self.Measured.SHARE

    @property
    def wanted(self) -> dict[int, Decimal]:
        """{year: what is to be reached by its end}, the earliest first."""
        return {int(year): Decimal(number) for year, number in sorted(self.milestones.items())}
