"""What came in: deliveries, the mappings they were read by, and their rows."""

from django.conf import settings
from django.db import models

from milepost.web.files.models import StoredFile
from milepost.web.stakeholders.models import Country, Institution


class Mapping(models.Model):
    """How an institution's columns and codes are read; never changed: a new revision is a new row.

    `columns` is {header: concept, or "" for a column that is left out}, `codes` {concept: {word of the file:
    code}}, `fixed` {concept: value for every row}. `signature` is the hash of the headers, by which the next
    file with the same columns finds it. The last revision counts; one that is `forgotten` has the next file
    asked for anew.
    """

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="mappings")
    signature = models.CharField(max_length=64)
    revision = models.PositiveIntegerField(default=1)
    columns = models.JSONField(default=dict)
    codes = models.JSONField(default=dict)
    fixed = models.JSONField(default=dict)
    headers = models.JSONField(default=list)  # of the files it is for, sorted
    forgotten = models.BooleanField(default=False)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)
        constraints = (
            models.UniqueConstraint(
                fields=("institution", "signature", "revision"), name="intake_one_mapping_per_revision"
            ),
        )

    def __str__(self) -> str:
        return self.address

    @property
    def address(self) -> str:
        """How others name this revision of a mapping."""
        return f"mapping:{self.pk}@{self.revision}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes in which a role covers it."""
        country = (self.institution.country.address,) if self.institution.country else ()
        return (self.institution.address, *country)

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("mapping", args=[self.pk])


class Delivery(models.Model):
    """One file that came in, or one form that was filled in by hand; the original is kept as it was."""

    class State(models.TextChoices):
        """How far reading is."""

        WAITING = "waiting"  # for the reader
        MAPPING = "mapping"  # columns or codes need a person
        READ = "read"
        FAILED = "failed"  # nothing could be read

    file_id: int | None
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="deliveries")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, null=True, related_name="+")
    format = models.CharField(max_length=20, blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    tables = models.JSONField(default=list)  # what `actions.describe` says of each; of a form, its cells
    mapping = models.ForeignKey(Mapping, on_delete=models.PROTECT, null=True, related_name="+")
    problems = models.JSONField(default=list)  # of the file as a whole; those of rows stand with the rows
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return self.file.name if self.file else f"form {self.pk}"

    @property
    def address(self) -> str:
        """How others name this delivery."""
        return f"delivery:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes in which a role covers it."""
        return (self.institution.address, self.country.address)

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("delivery", args=[self.pk])


class Row(models.Model):
    """One row of a delivery, read by its mapping: {concept: text}, and what the dry run says of it."""

    class Outcome(models.TextChoices):
        """What will become of the row."""

        ADD = "add"
        CHANGE = "change"
        SAME = "same"
        CONFLICT = "conflict"
        REFUSED = "refused"

    class Decision(models.TextChoices):
        """What a person decided of a row in conflict."""

        USE = "use"
        LEAVE = "leave"

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="rows", db_index=False)
    number = models.PositiveIntegerField()  # from 1, over all tables
    sheet = models.CharField(max_length=200, blank=True)
    line = models.PositiveIntegerField(default=0)  # as a person opening the file counts
    column = models.CharField(max_length=200, blank=True)  # the header of its year, where years stand across
    cells = models.JSONField(default=dict)
    as_it_came = models.JSONField(null=True)  # the cells of the file, once a person has mended the row
    # Of the quantity and the period; "" for a refused row. No index: writing rows would take twice as long.
    key = models.CharField(max_length=64, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, blank=True)
    decision = models.CharField(max_length=5, choices=Decision.choices, blank=True)
    before = models.JSONField(null=True)  # what is current where the row would change it
    problems = models.JSONField(default=list)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("delivery", "number")
        constraints = (
            models.UniqueConstraint(fields=("delivery", "number"), name="intake_one_row_per_number"),
        )
        indexes = (models.Index(fields=("delivery", "outcome", "number"), name="intake_rows_by_outcome"),)

    def __str__(self) -> str:
        return f"{self.delivery} row {self.number}"
