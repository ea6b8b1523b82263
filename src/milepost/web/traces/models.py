"""The edges of the traced graph."""

from django.db import models


class Edge(models.Model):
    """One thing rests on another: `source` is what is said, `target` what it rests on."""

    source = models.CharField(max_length=120)
    relation = models.CharField(max_length=40)
    target = models.CharField(max_length=120)
    at = models.DateTimeField(auto_now_add=True)
    details = models.JSONField(default=dict)

    class Meta:
        ordering = ("id",)
        constraints = (models.UniqueConstraint(fields=("source", "relation", "target"), name="traces_once"),)
        indexes = (models.Index(fields=("target",), name="traces_what_rests_on_it"),)

    def __str__(self) -> str:
        return f"{self.source} {self.relation} {self.target}"
