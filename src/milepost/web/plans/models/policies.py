"""A policy, and the plans under it."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from milepost.progress.results import MARGIN
from milepost.values import Text
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
    often institutions report; `margin` how far from a milestone, as a share of the way to it, an indicator
    may be and still be on track. So many days after answers were wanted (`escalate_after`; None: never) the
    heads of silent institutions are told.
    """

    class Rhythm(models.TextChoices):
        """How often institutions report."""

        QUARTERLY = "quarterly", _("every quarter")
        HALF_YEARLY = "half-yearly", _("every half-year")

    versions: Any
    measures: Any
    rounds: Any
    reports: Any
    policy_id: int
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="plans")
    title = models.JSONField(default=dict)
    start = models.DateField()
    end = models.DateField()
    arrears_count = models.BooleanField(default=False)
    rhythm = models.CharField(max_length=12, choices=Rhythm.choices, default=Rhythm.QUARTERLY)
    margin = models.DecimalField(max_digits=3, decimal_places=2, default=MARGIN)
    escalate_after = models.PositiveSmallIntegerField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("start", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="plans_plan_ends_after_it_starts"),
            models.CheckConstraint(condition=Q(margin__gte=0, margin__lt=1), name="plans_margin"),
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
