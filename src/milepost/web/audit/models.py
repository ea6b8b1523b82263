"""The events: never changed, never deleted."""

from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from milepost.web.audit.words import VERBS


class Events(models.QuerySet["Event"]):
    """Events can be added and read; whatever else a program tries with them is its mistake."""

    def update(self, **_kwargs: Any) -> NoReturn:
        """Refused."""
        raise RuntimeError("an event is never changed")

    def delete(self) -> NoReturn:
        """Refused."""
        raise RuntimeError("an event is never deleted")

    def bulk_create(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused, because it can overwrite what is there."""
        raise RuntimeError("an event is written by audit.actions.record")


class Event(models.Model):
    """One thing that somebody did: who, when, what, to what, and why."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    verb = models.CharField(max_length=60)
    address = models.CharField(max_length=120, db_index=True)
    scope = models.CharField(max_length=120, blank=True)
    why = models.TextField(blank=True)
    details = models.JSONField(default=dict)

    objects = Events.as_manager()

    class Meta:
        ordering = ("-id",)
        indexes = (models.Index(fields=("scope", "-id"), name="audit_of_a_scope"),)

    def __str__(self) -> str:
        return self.sentence

    @property
    def sentence(self) -> str:
        """What was done, in the reader's language; a verb without words shows itself."""
        return str(VERBS.get(self.verb, self.verb))

    @property
    def address_of_event(self) -> str:
        """How others name this event; `address` is the thing it happened to."""
        return f"event:{self.pk}"

    def get_absolute_url(self) -> str:
        """Its page for those who may read it."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("event", args=[self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write a new event; an old one is refused."""
        if not self._state.adding:
            raise RuntimeError("an event is never changed")
        super().save(*args, **kwargs)

    def delete(self, *_args: Any, **_kwargs: Any) -> NoReturn:
        """Refused."""
        raise RuntimeError("an event is never deleted")
