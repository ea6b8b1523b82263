"""Shapes that an office loaded, to be drawn below the points of the map. None ships."""

from typing import Any

from django.db import models

from milepost.values import Shape, Text
from milepost.web.files.models import StoredFile
from milepost.web.projects.models.fields import person


class MapShapes(models.Model):
    """The shapes of one file, simplified as they are drawn; never shown without their disclaimer and source.

    `lines` is a list of [closed, lines], a line being its positions, degrees east and north.
    """

    pk: int
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=300)  # who drew them, and of which day
    disclaimer = models.JSONField(default=dict)
    lines = models.JSONField(default=list)
    by: Any = person()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return self.source

    @property
    def text(self) -> Text:
        """The disclaimer in several languages."""
        return Text(self.disclaimer)

    def as_value(self) -> list[Shape]:
        """The shapes, as they are drawn."""
        return [
            Shape(closed, tuple(tuple((east, north) for east, north in line) for line in lines))
            for closed, lines in self.lines
        ]
