"""What a country adds to the catalogue."""

from django.conf import settings
from django.db import models

from milepost.values import Text
from milepost.web.stakeholders.models import Country


class Link(models.Model):
    """A country's word on a pair of entries of two frameworks: whether they belong together.

    `origin` and `goal` are "framework/code", such as "sdg/10.7.1" and "gcm/6". A pair without a row is as the
    catalogue proposes it.
    """

    class Status(models.TextChoices):
        """What the country says of a pair."""

        CONFIRMED = "confirmed"
        REJECTED = "rejected"

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    origin = models.CharField(max_length=60)
    goal = models.CharField(max_length=60)
    status = models.CharField(max_length=10, choices=Status.choices)
    reason = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ("country", "origin", "goal")
        constraints = (
            models.UniqueConstraint(
                fields=("country", "origin", "goal"), name="frameworks_one_word_per_pair"
            ),
        )

    def __str__(self) -> str:
        return f"{self.origin} – {self.goal}: {self.status}"


class Definition(models.Model):
    """A country's own definition of an indicator, as a catalogue file; a revision is a new row."""

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=40)
    text = models.TextField()
    reason = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)
    current = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("country", "code", "-revision")
        constraints = (
            models.UniqueConstraint(
                fields=("country", "code"),
                condition=models.Q(current=True),
                name="frameworks_one_definition_in_force",
            ),
            models.UniqueConstraint(
                fields=("country", "code", "revision"), name="frameworks_one_definition_per_revision"
            ),
        )

    def __str__(self) -> str:
        return f"{self.country} {self.code}"

    @property
    def address(self) -> str:
        """How others name this definition."""
        return f"definition:{self.pk}@{self.revision}"

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("definition", args=[self.pk])


class Code(models.Model):
    """A country's own code in a code list of the catalogue, or in one of its own."""

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    list = models.CharField(max_length=60)  # such as "areas", or "destination"
    code = models.CharField(max_length=60)
    name = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("country", "list", "code")
        constraints = (
            models.UniqueConstraint(fields=("country", "list", "code"), name="frameworks_one_code_per_list"),
        )

    def __str__(self) -> str:
        return f"{self.list} {self.code}"

    @property
    def text(self) -> Text:
        """Its name in several languages."""
        return Text(self.name)


class ListTitle(models.Model):
    """What a country calls a code list of its own, and so the dimension whose categories it holds."""

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    list = models.CharField(max_length=60)  # such as "district"
    name = models.JSONField(default=dict)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("country", "list")
        constraints = (
            models.UniqueConstraint(fields=("country", "list"), name="frameworks_one_title_per_list"),
        )

    def __str__(self) -> str:
        return self.list

    @property
    def text(self) -> Text:
        """The title in several languages."""
        return Text(self.name)


class Tag(models.Model):
    """A word of the country's own by which things are found together, such as the name of a programme."""

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    name = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("country", "pk")

    def __str__(self) -> str:
        return self.text.best("en")[0]

    @property
    def text(self) -> Text:
        """Its name in several languages."""
        return Text(self.name)


class Tagging(models.Model):
    """A tag on a thing, named by its address."""

    tag = models.ForeignKey(Tag, on_delete=models.CASCADE, related_name="taggings")
    address = models.CharField(max_length=120)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("tag", "address"), name="frameworks_tagged_once"),)
        indexes = (models.Index(fields=("address",), name="frameworks_tags_of_a_thing"),)

    def __str__(self) -> str:
        return f"{self.tag} {self.address}"
