"""Measurements: what was computed from records, and how. The records themselves are in no table."""

from django.conf import settings
from django.db import models

from milepost.web.indicators.models import Dataset
from milepost.web.jobs.models import Job
from milepost.web.stakeholders.models import Country, Institution


class Measurement(models.Model):
    """One indicator of one year, measured from the records of one file or table, or over those of a second.

    `columns` is what is known of the columns: [{name, kind, says, distinct, values, whole}], with the values
    of classifications only; `whole` says that all rows were looked through for them, false that this took
    too long. `sheets` are those of a workbook, where there are several. `second` is the file or table of the
    denominator: {source, name, size, sha256, sheets, sheet, columns}, {} for none. `mapping` is the text of
    the mapping file, `tables` the breakdowns that are crossed. `cells` are the protected figures, never the
    others. `protocol` says what was hidden and why; it is never public. `folder` names the private folder of
    the records below MILEPOST_HOME/microdata, "" once they are
    gone.
    """

    institution_id: int
    country_id: int
    dataset_id: int | None
    job_id: int | None
    created_by_id: int

    class Source(models.TextChoices):
        """Where the records are read."""

        FILE = "file"
        TABLE = "table"  # of a database that an administrator has named

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="measurements")
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    indicator = models.CharField(max_length=40)  # its code
    series = models.CharField(max_length=60, blank=True)
    year = models.SmallIntegerField()
    title = models.CharField(max_length=200)
    state = models.CharField(max_length=10, default="draft")
    source = models.CharField(max_length=5, choices=Source.choices, default=Source.FILE)
    source_name = models.CharField(max_length=255)  # of the file as given, or postgresql:NAME/table
    size = models.BigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    folder = models.CharField(max_length=40, blank=True)
    sheets = models.JSONField(default=list)
    sheet = models.CharField(max_length=200, blank=True)
    second = models.JSONField(default=dict)
    touched_at = models.DateTimeField()  # by a person or a worker: a day later the records go
    gone_at = models.DateTimeField(null=True)
    columns = models.JSONField(default=list)
    signature = models.CharField(max_length=64)  # of the columns' names
    mapping = models.TextField(blank=True)
    tables = models.JSONField(default=list)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )  # who explained the columns last
    engine = models.CharField(max_length=60, blank=True)  # the cluster's name, "" for this machine
    lowered = models.JSONField(default=dict)  # {minimum, reason, by}: protection below the definition's
    summary = models.JSONField(default=dict)  # rows, used, excluded, design, engine, unit, notes
    cells = models.JSONField(default=list)
    protocol = models.JSONField(default=dict)
    problems = models.JSONField(default=list)  # why it could not be measured
    dataset = models.OneToOneField(Dataset, on_delete=models.PROTECT, null=True, related_name="measurement")
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    measured_at = models.DateTimeField(null=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("institution", "indicator", "signature"), name="microdata_same_columns"),
            models.Index(fields=("state", "touched_at"), name="microdata_left_alone"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def address(self) -> str:
        """How others name this measurement."""
        return f"measurement:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes in which a role covers it."""
        return (self.address, self.institution.address, self.country.address)

    @property
    def names(self) -> list[str]:
        """The names of its columns, in their order."""
        return [column["name"] for column in self.columns]

    @property
    def has_files(self) -> bool:
        """Whether records of it lie in its folder, until it ends."""
        return self.source == self.Source.FILE or self.second.get("source") == self.Source.FILE

    @property
    def waits_for_sheet(self) -> bool:
        """Whether nobody has said yet which sheet holds the records."""
        return bool(self.sheets) and not self.sheet

    @property
    def second_waits_for_sheet(self) -> bool:
        """The same of the second file."""
        return bool(self.second.get("sheets")) and not self.second["sheet"]

    def get_absolute_url(self) -> str:
        """Its page for those who work on it."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("measurement", args=[self.pk])
