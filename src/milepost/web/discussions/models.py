"""What people say to each other about a thing."""

from django.conf import settings
from django.db import models
from django.db.models import Q

LONGEST = 5000


class Comment(models.Model):
    """A comment on the thing at an address, or a reply to one, in plain text; a withdrawn one is kept.

    `resolved_at` is of a comment that opens a discussion, never of a reply.
    """

    address = models.CharField(max_length=120)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replies"
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="comments")
    at = models.DateTimeField(auto_now_add=True)
    text = models.TextField(max_length=LONGEST)
    edited_at = models.DateTimeField(null=True, blank=True)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)
    by_id: int
    parent_id: int | None

    class Meta:
        ordering = ("id",)
        indexes = (models.Index(fields=("address", "id"), name="discussions_of_one_thing"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(parent=None) | Q(resolved_at=None), name="discussions_a_reply_is_not_resolved"
            ),
        )

    def __str__(self) -> str:
        return f"comment {self.pk}"

    @property
    def anchor(self) -> str:
        """Its place in a page."""
        return f"comment-{self.pk}"
