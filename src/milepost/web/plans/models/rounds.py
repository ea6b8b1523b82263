"""Rounds: what institutions answer of the measures of a plan, period by period."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from milepost.values import Text
from milepost.web.accounts.roles import Permission
from milepost.web.plans.models.policies import Plan
from milepost.web.plans.models.versions import Cost, Entry, Measure, MeasureIndicator, PlanVersion, Role
from milepost.web.stakeholders.models import Institution


class Round(models.Model):
    """A period of a plan on which the institutions answer, measure by measure.

    `version` is the one in force on the last day, as it was known when the round was opened: an amendment
    that comes later counts from the next round on. `due` is the day by which answers are wanted;
    `escalated_at` is when the heads of institutions were told that it was over.
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
    escalated_at = models.DateTimeField(null=True, blank=True)
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
    spending: Any
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
    def files_open_to(self) -> list[tuple[str, tuple[str, ...]]]:
        """Who may have its evidence: whoever answers for an institution that reports on the measure or
        carries it out; once it was sent, those in the lead as well. (permission, places)."""
        kinds = (Role.Kind.COORDINATOR, Role.Kind.EXECUTOR)
        roles = self.entry.roles.filter(kind__in=kinds).select_related("institution__country")
        own = tuple(place for one in roles for place in one.institution.places)
        leading = (Permission.REVIEW_ROUNDS, Permission.READ_PLANS) if self.state != self.State.DRAFT else ()
        return [(Permission.ANSWER_ROUNDS, own), *((one, self.places) for one in leading)]

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


class AnswerSpending(models.Model):
    """What of the money of a measure was spent from its start to the end of a round, from one source."""

    answer_id: int
    cost_id: int
    answer = models.ForeignKey(Answer, on_delete=models.CASCADE, related_name="spending")
    cost = models.ForeignKey(Cost, on_delete=models.PROTECT, related_name="spending")
    amount = models.DecimalField(max_digits=20, decimal_places=2)

    class Meta:
        ordering = ("cost__pk",)
        constraints = (
            models.UniqueConstraint(fields=("answer", "cost"), name="plans_spent_once_a_source"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="plans_spent"),
        )

    def __str__(self) -> str:
        return f"{self.cost}: {self.amount}"


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
