"""What waits for somebody, and how often they want letters about it."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Notice(models.Model):
    """Something that one person has to do or to know, about the thing at an address; open until it is done.

    `reminded` is the last reminder: days before it is due, 0 for overdue. `seen_at` and `mailed_at` are empty
    while it is new to them, on the page and by letter.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notices")
    address = models.CharField(max_length=120)
    kind = models.CharField(max_length=40)  # a key of words.KINDS
    due = models.DateField(null=True, blank=True)
    details = models.JSONField(
        default=dict
    )  # "by" who caused it, "note" what they said, "anchor" in its page
    created_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    mailed_at = models.DateTimeField(null=True, blank=True)
    reminded = models.PositiveSmallIntegerField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    user_id: int

    class Meta:
        ordering = ("due", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "kind", "address"),
                condition=Q(done_at=None),
                name="notices_open_once",
            ),
        )
        indexes = (
            models.Index(fields=("user", "done_at"), name="notices_open_of_a_user"),
            models.Index(fields=("address", "kind"), name="notices_of_one_thing"),
            models.Index(fields=("done_at", "due"), name="notices_by_due"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.address}"


class Letters(models.Model):
    """How often a person gets a letter about what is open, and when the last one went."""

    class Often(models.TextChoices):
        """From the most to the least."""

        DAILY = "daily"
        WEEKLY = "weekly"
        NEVER = "never"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="letters")
    often = models.CharField(max_length=6, choices=Often.choices, default=Often.DAILY)
    mailed_on = models.DateField(null=True, blank=True)
    mailed_before = models.DateField(null=True, blank=True)  # the letter before, should the last one fail

    def __str__(self) -> str:
        return f"{self.user} {self.often}"
