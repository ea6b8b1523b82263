"""What indicators of projects contribute to national targets and to measures of plans."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q

from milepost.web.indicators.models import Target
from milepost.web.plans.models import Measure
from milepost.web.projects.models.results import ResultIndicator


class Contribution(models.Model):
    """An indicator of a project contributes to a target or a measure: wholly, or by a share with its reason.

    `counted_in` is the contribution of another indicator to the same target or measure that holds the same
    people or things; what is counted there is not counted here. That one is never counted in another itself.
    """

    pk: int
    indicator_id: int
    target_id: int | None
    measure_id: int | None
    counted_in_id: int | None
    same: Any
    indicator = models.ForeignKey(ResultIndicator, on_delete=models.PROTECT, related_name="contributions")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, null=True, related_name="contributions")
    measure = models.ForeignKey(Measure, on_delete=models.PROTECT, null=True, related_name="contributions")
    words = models.JSONField(default=dict, blank=True)  # how it contributes
    share = models.DecimalField(max_digits=5, decimal_places=4, default=Decimal(1))
    reason = models.TextField(blank=True)  # why this share, or why it is the same
    counted_in = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="same"
    )
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("indicator", "target"), name="projects_contributes_once"),
            models.UniqueConstraint(fields=("indicator", "measure"), name="projects_serves_a_measure_once"),
            models.CheckConstraint(
                condition=Q(target=None, measure__isnull=False) | Q(target__isnull=False, measure=None),
                name="projects_contributes_to_one_thing",
            ),
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="projects_share"),
        )

    def __str__(self) -> str:
        return f"{self.indicator} → {self.goal}"

    @property
    def goal(self) -> Target | Measure:
        """What it contributes to."""
        found = self.target or self.measure
        assert found is not None  # the table has one of them
        return found

    @property
    def address(self) -> str:
        """How others name this contribution."""
        return f"contribution:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of its project."""
        return self.indicator.places

    def get_absolute_url(self) -> str:
        """The page of the target or measure with all that contributes to it."""
        from django.urls import reverse  # noqa: PLC0415

        kind = "target" if self.target_id else "measure"
        return reverse(f"{kind}-contributions", args=[self.goal.pk])
