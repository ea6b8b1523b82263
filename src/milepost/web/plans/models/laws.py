"""The laws that a policy wants amended, and where its measures come from."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from milepost.values import Text
from milepost.web.plans.models.policies import Policy
from milepost.web.plans.models.versions import Measure
from milepost.web.stakeholders.models import Institution


class Law(models.Model):
    """An act that must be amended for the policy: which article, what, why, who prepares it and until when.

    `measure` is the one by which it is done; `reason` says why it was dropped.
    """

    class State(models.TextChoices):
        """How far it is."""

        TO_PREPARE = "to_prepare", pgettext_lazy("law", "To be prepared")
        DRAFTED = "drafted", pgettext_lazy("law", "Drafted")
        PROPOSED = "proposed", pgettext_lazy("law", "Submitted to the lawmaker")
        ADOPTED = "adopted", pgettext_lazy("law", "Adopted")
        DROPPED = "dropped", pgettext_lazy("law", "Dropped")

    pk: int
    policy_id: int
    institution_id: int | None
    measure_id: int | None
    get_state_display: Any
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="laws")
    title = models.JSONField(default=dict)
    number = models.CharField(max_length=60, blank=True)
    adopted = models.DateField(null=True, blank=True)  # the day of the act that is amended
    article = models.CharField(max_length=200, blank=True)
    what = models.JSONField(default=dict)
    why = models.JSONField(default=dict, blank=True)
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    until = models.DateField(null=True, blank=True)
    measure = models.ForeignKey(
        Measure, on_delete=models.SET_NULL, null=True, blank=True, related_name="laws"
    )
    state = models.CharField(max_length=10, choices=State.choices, default=State.TO_PREPARE)
    reason = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("until", "pk")
        constraints = (
            models.CheckConstraint(
                condition=~Q(state="dropped") | ~Q(reason=""), name="plans_dropped_law_has_a_reason"
            ),
        )

    def __str__(self) -> str:
        return self.text.best("en")[0]

    @property
    def text(self) -> Text:
        """The title of the act in several languages."""
        return Text(self.title)

    @property
    def address(self) -> str:
        """How others name this law."""
        return f"law:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of the policy."""
        return self.policy.places

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("law", args=[self.pk])


class MeasureOrigin(models.Model):
    """Where a measure comes from, as a document from outside has it: a gap or a recommendation.

    The words are those of whoever entered it, not of the document.
    """

    class Kind(models.TextChoices):
        """What it is there."""

        GAP = "gap", _("Gap found by an assessment")
        RECOMMENDATION = "recommendation", _("Recommendation")
        COMMITMENT = "commitment", _("Commitment")

    measure_id: int
    get_kind_display: Any
    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="origins")
    kind = models.CharField(max_length=14, choices=Kind.choices)
    document = models.CharField(max_length=300)
    number = models.CharField(max_length=60, blank=True)
    words = models.JSONField(default=dict)
    year = models.PositiveSmallIntegerField(null=True, blank=True)
    link = models.URLField(max_length=500, blank=True)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return " ".join(filter(None, (self.document, self.number)))
