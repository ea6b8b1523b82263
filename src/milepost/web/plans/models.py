"""A policy, the plans under it, the versions of a plan, and what each version says of every measure."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from milepost.values import Text
from milepost.web.files.models import StoredFile
from milepost.web.stakeholders.models import Country, Institution


class Policy(models.Model):
    """What a state means to reach, by a legal act, for a period; `institution` is the one in the lead."""

    plans: Any
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="policies")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="policies")
    title = models.JSONField(default=dict)
    act = models.JSONField(default=dict, blank=True)
    vision = models.JSONField(default=dict, blank=True)
    start = models.DateField()
    end = models.DateField(null=True, blank=True)
    public = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-start", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(end=None) | Q(end__gte=F("start")), name="plans_policy_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return self.text.best("en")[0]

    @property
    def text(self) -> Text:
        """Its title in several languages."""
        return Text(self.title)

    @property
    def address(self) -> str:
        """How others name this policy."""
        return f"policy:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: the institution in the lead, and the country."""
        return tuple(dict.fromkeys((*self.institution.places, self.country.address)))

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("policy", args=[self.pk])


class Plan(models.Model):
    """A plan of action under a policy: one stage of it. What it says stands in its versions.

    `arrears_count` says whether measures of earlier years that are still open count as due; `rhythm` is how
    often institutions report.
    """

    class Rhythm(models.TextChoices):
        """How often institutions report."""

        QUARTERLY = "quarterly", _("every quarter")
        HALF_YEARLY = "half-yearly", _("every half-year")

    versions: Any
    measures: Any
    rounds: Any
    policy_id: int
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="plans")
    title = models.JSONField(default=dict)
    start = models.DateField()
    end = models.DateField()
    arrears_count = models.BooleanField(default=False)
    rhythm = models.CharField(max_length=12, choices=Rhythm.choices, default=Rhythm.QUARTERLY)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("start", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="plans_plan_ends_after_it_starts"),
        )

    def __str__(self) -> str:
        return self.text.best("en")[0]

    @property
    def text(self) -> Text:
        """Its title in several languages."""
        return Text(self.title)

    @property
    def address(self) -> str:
        """How others name this plan."""
        return f"plan:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of the policy."""
        return self.policy.places

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("plan", args=[self.pk])


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
    """By what one sees that a measure is carried out or what it changes; `key` stays through versions."""

    class Kind(models.TextChoices):
        """Of the deed itself, or of what comes of it."""

        OUTPUT = "output", _("Output")
        OUTCOME = "outcome", _("Outcome")

    entry_id: int
    entry = models.ForeignKey(Entry, on_delete=models.CASCADE, related_name="indicators")
    key = models.CharField(max_length=60)
    title = models.JSONField(default=dict)
    kind = models.CharField(max_length=10, choices=Kind.choices, default=Kind.OUTPUT)
    unit = models.CharField(max_length=80, blank=True)
    by_sex = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)
        constraints = (models.UniqueConstraint(fields=("entry", "key"), name="plans_indicator_keys"),)

    def __str__(self) -> str:
        return Text(self.title).best("en")[0]


# Rounds -----------------------------------------------------------------------------------------------------


class Round(models.Model):
    """A period of a plan on which the institutions answer, measure by measure.

    `version` is the one in force on the last day, as it was known when the round was opened: an amendment
    that comes later counts from the next round on. `due` is the day by which answers are wanted.
    """

    class State(models.TextChoices):
        """Whether answers are still asked for."""

        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    answers: Any
    plan_id: int
    version_id: int
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, related_name="rounds")
    version = models.ForeignKey(PlanVersion, on_delete=models.PROTECT, related_name="rounds")
    start = models.DateField()
    end = models.DateField()
    due = models.DateField()
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField(auto_now_add=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-end", "-pk")
        constraints = (
            models.UniqueConstraint(fields=("plan", "start", "end"), name="plans_round_periods"),
            models.UniqueConstraint(
                fields=("plan",), condition=Q(state="open"), name="plans_one_open_round_of_a_plan"
            ),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="plans_round_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(due__gte=F("start")), name="plans_round_due_after_it_starts"),
        )

    def __str__(self) -> str:
        return f"{self.plan} {self.start} – {self.end}"

    @property
    def text(self) -> Text:
        """How a notice names it: the plan, and the period by its days."""
        return Text({key: f"{words}, {self.start} – {self.end}" for key, words in self.plan.title.items()})

    @property
    def address(self) -> str:
        """How others name this round."""
        return f"round:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of the plan."""
        return self.plan.places

    @property
    def is_open(self) -> bool:
        """Whether answers are still asked for."""
        return self.state == self.State.OPEN

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("round", args=[self.pk])


class Answer(models.Model):
    """What is answered of one measure in a round; `entry` is what the round's version says of the measure.

    It is there from the opening of the round, filled with the last accepted answer. `done` is how far the
    measure is; whether it is late is computed. `sent_at` is when it was first sent, which does not change
    when it is returned and sent again. `question` is what the reviewer asked when it was returned.
    """

    class Done(models.TextChoices):
        """How far a measure is."""

        NOT_STARTED = "not_started", _("Not started")
        UNDER_WAY = "under_way", _("Under way")
        PARTLY = "partly", _("Carried out in part")
        FULLY = "fully", _("Carried out in full")
        CANNOT = "cannot", _("Cannot be done")

    class State(models.TextChoices):
        """Where it stands."""

        DRAFT = "draft", _("Not sent yet")
        SUBMITTED = "submitted", _("In review")
        RETURNED = "returned", _("Returned with a question")
        ACCEPTED = "accepted", _("Accepted")

    figures: Any
    contributions: Any
    round_id: int
    measure_id: int
    entry_id: int
    typed_by_id: int | None
    submitted_by_id: int | None
    round = models.ForeignKey(Round, on_delete=models.PROTECT, related_name="answers")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, related_name="answers")
    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="answers")
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)
    done = models.CharField(max_length=12, choices=Done.choices, blank=True)
    ended = models.DateField(null=True, blank=True)
    text = models.TextField(blank=True)
    obstacles = models.TextField(blank=True)
    needed = models.TextField(blank=True)
    question = models.TextField(blank=True)
    typed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    sent_at = models.DateTimeField(null=True, blank=True)
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
        ordering = ("entry__position", "pk")
        constraints = (
            models.UniqueConstraint(fields=("round", "measure"), name="plans_one_answer_of_a_measure"),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(done=""), name="plans_answers_say_how_far_it_is"
            ),
        )
        indexes = (models.Index(fields=("round", "state"), name="plans_answers_by_state"),)

    def __str__(self) -> str:
        return f"{self.entry} ({self.round.start} – {self.round.end})"

    @property
    def text_of_measure(self) -> Text:
        """What is to be done, in several languages."""
        return self.entry.text

    @property
    def address(self) -> str:
        """How others name this answer."""
        return f"round-answer:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes in which it is reviewed: those of the plan."""
        return self.round.places

    @property
    def may_be_changed(self) -> bool:
        """Whether it is still to be sent."""
        return self.state in (self.State.DRAFT, self.State.RETURNED)

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("round-answer", args=[self.pk])


class AnswerFigure(models.Model):
    """What an indicator of the measure has reached by the end of a round.

    A share has numerator and denominator, and `total` is worked out of them; `women` and `men` are parts of
    `total` where the indicator counts people by sex.
    """

    answer_id: int
    indicator_id: int
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="figures")
    indicator = models.ForeignKey(MeasureIndicator, on_delete=models.PROTECT, related_name="figures")
    total = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    women = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    men = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    numerator = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)
    denominator = models.DecimalField(max_digits=20, decimal_places=4, null=True, blank=True)

    class Meta:
        ordering = ("indicator__pk",)
        constraints = (
            models.UniqueConstraint(fields=("answer", "indicator"), name="plans_one_figure_of_an_indicator"),
            models.CheckConstraint(
                condition=Q(denominator=None) | Q(denominator__gt=0), name="plans_denominator_above_zero"
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator}: {self.total}"


class Contribution(models.Model):
    """What a co-executor says for the answer of a measure; the coordinator sees it and may take it over."""

    institution_id: int
    answer_id: int
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="contributions")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    text = models.TextField()
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    typed_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("answer", "institution"), name="plans_one_contribution"),
        )

    def __str__(self) -> str:
        return f"{self.institution}: {self.text[:40]}"
