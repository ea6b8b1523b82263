"""What indicators of projects contribute to national targets."""

from decimal import Decimal
from typing import Any

from django.db import models
from django.db.models import Q

from milepost.web.indicators.models import Target
from milepost.web.projects.models.results import ResultIndicator


class Contribution(models.Model):
    """An indicator of a project contributes to a target: wholly, or by a share with its reason.

    `counted_in` is the contribution of another indicator to the same target that holds the same people or
    things; what is counted there is not counted here. That one is never counted in another itself.
    """

    pk: int
    indicator_id: int
    target_id: int
    counted_in_id: int | None
    same: Any
    indicator = models.ForeignKey(ResultIndicator, on_delete=models.PROTECT, related_name="contributions")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="contributions")
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
            models.CheckConstraint(condition=Q(share__gt=0, share__lte=1), name="projects_share"),
        )

    def __str__(self) -> str:
        return f"{self.indicator} → {self.target}"

    @property
    def address(self) -> str:
        """How others name this contribution."""
        return f"contribution:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of its project."""
        return self.indicator.places

    def get_absolute_url(self) -> str:
        """The page of the target with all that contributes to it."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("target-contributions", args=[self.target_id])
