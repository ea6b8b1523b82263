"""The one home of every disaggregated number."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import models
from django.db.models import Q

from milepost import catalogue, values
from milepost.values import MISSING_STATUSES, Text
from milepost.web.intake.models import Delivery
from milepost.web.stakeholders.models import Country, Institution

_MISSING = sorted(MISSING_STATUSES)


class Indicator(models.Model):
    """An indicator on a country's list, by its code, with the institution that answers for it.

    Definitions are found by code: national ones in `frameworks`, else those that ship in the catalogue. An
    empty title means the official one.
    """

    country_id: int
    custodian_id: int | None
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="indicators")
    framework = models.CharField(max_length=20, default="sdg")
    code = models.CharField(max_length=40)  # such as 10.7.1
    slug = models.CharField(max_length=60, unique=True)  # such as kg-10.7.1
    title = models.JSONField(default=dict, blank=True)
    custodian = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="indicators"
    )
    metadata = models.JSONField(default=dict, blank=True)  # {field: {language: text}}
    order = models.CharField(max_length=60)  # sorts 10.7.2 before 10.7.10
    listed = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=0)  # of its published figures; 0 before the first
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("country", "framework", "order")
        constraints = (
            models.UniqueConstraint(fields=("country", "framework", "code"), name="indicators_once_per_list"),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def address(self) -> str:
        """How others name this indicator."""
        return f"indicator:{self.slug}"

    @property
    def text(self) -> Text:
        """Its code and its title, the country's or the official one, by which people know it."""
        words = Text(self.title) if self.title else catalogue.indicator_title(self.code)
        return Text({language: f"{self.code} {said}" for language, said in words.items()})

    def get_absolute_url(self) -> str:
        """Its page on the portal."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("indicator", args=[self.country.code, self.code])


class Series(models.Model):
    """One quantity over time: what is measured, in what unit, where, for whom.

    `breakdown` is {dimension: category}; a dimension that is not broken down is absent. `dimensions` joins
    their names with "+", "" for the headline. `key` is the hash of all that tells it apart. `official` is the
    institution whose figures are published; the others stand beside them internally.
    """

    indicator_id: int
    official_id: int | None
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="series")
    key = models.CharField(max_length=64)
    code = models.CharField(max_length=60, blank=True)  # the SDMX series, such as SL_EMP_RCOST
    unit = models.CharField(max_length=60, blank=True)
    unit_mult = models.CharField(max_length=3, blank=True)
    area = models.CharField(max_length=20, blank=True)  # "" is the whole country
    reporting_type = models.CharField(max_length=2, default="N")  # N national, G global, R regional
    frequency = models.CharField(max_length=2, blank=True)
    breakdown = models.JSONField(default=dict)
    dimensions = models.CharField(max_length=250, blank=True)
    official = models.ForeignKey(Institution, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("indicator", "code", "unit", "dimensions", "key")
        constraints = (
            models.UniqueConstraint(fields=("indicator", "key"), name="indicators_one_series_per_key"),
        )
        indexes = (models.Index(fields=("indicator", "dimensions"), name="indicators_by_dimensions"),)

    def __str__(self) -> str:
        return f"{self.indicator} {self.code} {self.dimensions}"

    @property
    def address(self) -> str:
        """How others name this series."""
        return f"series:{self.pk}"

    def as_value(self, observations: Iterable["Observation"]) -> values.Series:
        """The plain value that charts and progress take."""
        found = sorted((o.as_value(self.breakdown) for o in observations), key=lambda o: o.period)
        return values.Series(self.code or self.indicator.code, tuple(found), self.unit or None)


class Dataset(models.Model):
    """A set of figures of one institution on its way to the public, by `values.states.DATASET`."""

    country_id: int
    institution_id: int
    delivery_id: int
    started_by_id: int
    submitted_by_id: int | None
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="datasets")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="datasets")
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="dataset")
    title = models.CharField(max_length=200)
    note = models.TextField(blank=True)  # for the reviewer; for a correction: what was wrong
    state = models.CharField(max_length=12, default="draft")
    correction = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)  # {outcome: rows} of the latest dry run
    fingerprint = models.CharField(max_length=64, blank=True)  # of what was submitted, and is approved
    judged_by = models.CharField(max_length=64, blank=True)  # the hash of all that its dry run rests on
    reason = models.TextField(blank=True)  # why it was returned, discarded or withdrawn
    release_at = models.DateTimeField(null=True, blank=True)  # embargo: not before
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-id",)
        indexes = (
            models.Index(fields=("country", "state", "-id"), name="indicators_datasets_by_state"),
            models.Index(fields=("state", "release_at"), name="indicators_datasets_due"),
        )

    def __str__(self) -> str:
        return self.title

    @property
    def address(self) -> str:
        """How others name this dataset."""
        return f"dataset:{self.pk}"

    @property
    def places(self) -> tuple[str, str, str]:
        """The scopes in which a role covers it."""
        return (self.address, self.institution.address, self.country.address)

    def get_absolute_url(self) -> str:
        """Its page for those who work on it."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("dataset", args=[self.pk])


class Observation(models.Model):
    """One cell as one institution gave it: a number, or the status that says why there is none.

    Never changed in its value: a correction is another row. `current` is the latest of its institution.
    It is public in the versions of its indicator from `public_from` up to, not including, `public_until`.
    """

    series_id: int
    institution_id: int
    dataset_id: int
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="observations")
    # No index of its own: an institution has thousands of rows, and they are always looked up by series.
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+", db_index=False)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, related_name="observations")
    period = models.CharField(max_length=20)
    year = models.SmallIntegerField()
    value = models.FloatField(null=True)
    status = models.CharField(max_length=1, default="A")
    lower = models.FloatField(null=True)
    upper = models.FloatField(null=True)
    attributes = models.JSONField(default=dict)  # nature, comment, source: {concept: text}
    sheet = models.CharField(max_length=200, blank=True)
    line = models.PositiveIntegerField(default=0)
    column = models.CharField(max_length=200, blank=True)  # where years stand across in the file
    current = models.BooleanField(default=True)
    public_from = models.PositiveIntegerField(null=True)
    public_until = models.PositiveIntegerField(null=True)

    class Meta:
        ordering = ("series", "year", "period", "id")
        constraints = (
            models.UniqueConstraint(
                fields=("series", "institution", "period"),
                condition=Q(current=True),
                name="indicators_one_current_value",
            ),
            models.UniqueConstraint(
                fields=("series", "period"),
                condition=Q(public_from__isnull=False, public_until=None),
                name="indicators_one_public_value",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True, status__in=_MISSING)
                | (Q(value__isnull=False) & ~Q(status__in=_MISSING)),
                name="indicators_nothing_is_not_zero",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | Q(lower=None, upper=None),
                name="indicators_no_bounds_of_nothing",
            ),
        )

    def __str__(self) -> str:
        return f"{self.series} {self.period}"

    @property
    def address(self) -> str:
        """How others name this figure."""
        return f"observation:{self.pk}"

    def as_value(self, breakdown: Mapping[str, str]) -> values.Observation:
        """The plain value, without its origin."""
        return values.Observation(
            values.Period.parse(self.period), self.value, self.status, tuple(sorted(breakdown.items()))
        )


class Version(models.Model):
    """One state of an indicator's published figures: citable, and readable for ever."""

    indicator_id: int

    class Kind(models.TextChoices):
        """Why there is a new version."""

        RELEASE = "release"
        CORRECTION = "correction"
        WITHDRAWAL = "withdrawal"
        SOURCE = "source"  # another institution became the official source

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    at = models.DateTimeField()
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, null=True, related_name="versions")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)  # public: what was wrong, or why figures were withdrawn
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    removed = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("indicator", "-number")
        constraints = (
            models.UniqueConstraint(fields=("indicator", "number"), name="indicators_one_version_per_number"),
        )

    def __str__(self) -> str:
        return f"{self.indicator} version {self.number}"

    @property
    def address(self) -> str:
        """How others name this version."""
        return f"{self.indicator.address}@{self.number}"


class Coverage(models.Model):
    """What is public of an indicator for a dimension and year; kept at each publication, never typed.

    `dimension` is "" for the total, else one dimension of the breakdowns, "area" for regions.
    """

    class Kind(models.TextChoices):
        """From the best to the least."""

        NATIONAL = "national"
        GLOBAL = "global"  # only a global or regional database has it
        SUPPRESSED = "suppressed"

    indicator = models.ForeignKey(Indicator, on_delete=models.CASCADE, related_name="coverage")
    dimension = models.CharField(max_length=60, blank=True)
    year = models.SmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind.choices)
    cells = models.PositiveIntegerField()

    class Meta:
        ordering = ("indicator", "dimension", "year")
        constraints = (
            models.UniqueConstraint(
                fields=("indicator", "dimension", "year"), name="indicators_one_coverage_per_cell"
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator} {self.dimension} {self.year}: {self.kind}"


class OfficialChoice(models.Model):
    """Of several institutions' figures for one quantity, whose are published, and why."""

    institution_id: int
    by_id: int
    series = models.ForeignKey(Series, on_delete=models.PROTECT, related_name="choices")
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-id",)

    def __str__(self) -> str:
        return f"{self.series}: {self.institution}"


class Target(models.Model):
    """A number to be reached by a year, with the act that sets it; a new revision is a new row."""

    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="targets")
    series_code = models.CharField(max_length=60, blank=True)
    unit = models.CharField(max_length=60, blank=True)
    breakdown = models.JSONField(default=dict, blank=True)  # {dimension: category}; {} for the headline
    value = models.FloatField()
    year = models.SmallIntegerField()
    baseline_value = models.FloatField(null=True, blank=True)
    baseline_year = models.SmallIntegerField(null=True, blank=True)
    direction = models.CharField(max_length=4, blank=True)  # up, down, or "" for the definition's
    source = models.JSONField(default=dict)  # {language: name, number and date of the act}
    source_url = models.URLField(blank=True)
    reason = models.TextField(blank=True)  # why this revision
    revision = models.PositiveIntegerField(default=1)
    follows = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="followed_by"
    )
    current = models.BooleanField(default=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("indicator", "year", "id")

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value} by {self.year}"

    @property
    def address(self) -> str:
        """How others name this target."""
        return f"target:{self.pk}@{self.revision}"

    @property
    def text(self) -> Text:
        """The act that sets it, in several languages."""
        return Text(self.source)

    def as_value(self) -> values.Target:
        """The plain value that charts and progress take."""
        return values.Target(self.value, self.year)


class MethodChoice(models.Model):
    """The method by which an office judges progress under a framework; until then verdicts are internal."""

    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="methods")
    framework = models.CharField(max_length=20)
    method = models.CharField(max_length=20)  # a key of progress.METHODS
    reason = models.TextField()
    revision = models.PositiveIntegerField(default=1)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("-revision",)
        constraints = (
            models.UniqueConstraint(
                fields=("country", "framework", "revision"), name="indicators_one_method_per_revision"
            ),
        )

    def __str__(self) -> str:
        return f"{self.country} {self.framework}: {self.method}"


class DataRequest(models.Model):
    """One institution asks another for figures by a date; `values.states.DATA_REQUEST` is its machine."""

    asking_id: int
    asked_id: int
    answer_id: int | None
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="+")
    asking = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="requests_sent")
    asked = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="requests_received")
    indicator = models.ForeignKey(Indicator, on_delete=models.PROTECT, related_name="requests")
    cells = models.JSONField(default=list)  # the form: [{concept: text}] without values
    note = models.TextField(blank=True)
    due = models.DateField()
    state = models.CharField(max_length=10, default="open")
    answer = models.ForeignKey(Dataset, on_delete=models.PROTECT, null=True, related_name="answers")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("due", "id")

    def __str__(self) -> str:
        return f"{self.indicator} by {self.due}"

    @property
    def address(self) -> str:
        """How others name this request."""
        return f"data-request:{self.pk}"

    @property
    def text(self) -> Text:
        """What is asked for: the indicator, by code and title."""
        return self.indicator.text

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes in which a role covers it."""
        return (self.address, self.asking.address, self.asked.address, self.country.address)

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("data-request", args=[self.pk])


class Release(models.Model):
    """An entry of the release calendar: which figures come out when; public."""

    country_id: int
    institution_id: int | None
    dataset_id: int | None
    country = models.ForeignKey(Country, on_delete=models.PROTECT, related_name="releases")
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="releases"
    )
    title = models.JSONField(default=dict)
    indicators = models.ManyToManyField(Indicator, related_name="releases", blank=True)
    planned_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True, blank=True)
    dataset = models.ForeignKey(Dataset, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    postponed_from = models.DateTimeField(null=True, blank=True)  # the date that was announced first
    reason = models.TextField(blank=True)  # of a change of date; public
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("planned_at", "id")

    def __str__(self) -> str:
        return f"{self.country} {self.planned_at:%Y-%m-%d}"

    @property
    def address(self) -> str:
        """How others name this entry."""
        return f"release:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes in which a role covers it."""
        own = (self.institution.address,) if self.institution else ()
        return (self.address, *own, self.country.address)

    @property
    def text(self) -> Text:
        """Its title in several languages."""
        return Text(self.title)

    def get_absolute_url(self) -> str:
        """Its page for those who keep the calendar."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("release", args=[self.pk])
