"""The record of a project, and what stands around it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from milepost.values import Text
from milepost.values.states import PROJECT
from milepost.web.files.models import StoredFile
from milepost.web.projects.models.fields import money, person
from milepost.web.stakeholders.models import Institution


class Programme(models.Model):
    """Projects that belong together, across years and agencies."""

    institution_id: int
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="programmes")
    title = models.JSONField(default=dict)
    description = models.JSONField(default=dict, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.text.best("en")[0]

    @property
    def text(self) -> Text:
        """Its title in several languages."""
        return Text(self.title)

    @property
    def address(self) -> str:
        """How others name this programme."""
        return f"programme:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of the institution that keeps it."""
        return self.institution.places

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("programme", args=[self.pk])


class Project(models.Model):
    """One project: the record of the register. What is not known is empty or null, never zero.

    `start` and `end` are as precise as they are known: "2024", "2024-05" or "2024-05-12"; `first_day` and
    `last_day` are the bounds, by which is sorted and reckoned. `words` is everything that a search may find,
    in small letters.
    """

    pk: int
    institution_id: int
    programme_id: int | None
    beneficiaries: Any
    budget_lines: Any
    documents: Any
    posts: Any
    risks: Any
    tasks: Any
    earlier_links: Any
    later_links: Any
    parties: Any
    periods: Any
    reports: Any
    results: Any
    sources: Any
    tags: Any

    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="projects")
    title = models.JSONField(default=dict)
    narrative = models.JSONField(default=dict, blank=True)
    project_code = models.CharField(max_length=40, blank=True)  # as PO.0218
    prima_code = models.CharField(max_length=40, blank=True)  # as BY10P0518
    iati_identifier = models.CharField(max_length=120, blank=True)
    type = models.CharField(max_length=20, blank=True)
    coverage = models.CharField(max_length=20, blank=True)
    region = models.CharField(max_length=40, blank=True)
    start = models.CharField(max_length=10, blank=True)
    end = models.CharField(max_length=10, blank=True)
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    year = models.PositiveSmallIntegerField(null=True, blank=True)  # in which it was approved
    budget = money(unknown=True)
    currency = models.CharField(max_length=3, blank=True)
    managing_office = models.CharField(max_length=200, blank=True)
    fund = models.CharField(max_length=20, blank=True)  # whose rules it follows
    funding_line = models.CharField(max_length=60, blank=True)
    gender_marker = models.CharField(max_length=5, blank=True)
    gender_checks = models.JSONField(default=dict, blank=True)  # {check: what shows it}
    rights_based = models.JSONField(default=dict, blank=True)
    programme = models.ForeignKey(
        Programme, on_delete=models.PROTECT, null=True, blank=True, related_name="projects"
    )
    manager = person(unknown=True)
    state = models.CharField(max_length=20, default="proposal")
    public = models.BooleanField(default=False)
    words = models.TextField(blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-first_day", "-pk")
        indexes = (
            # everything that lists narrow and add up by: totals read the index and leave the long texts alone
            models.Index(
                fields=(
                    "public",
                    "state",
                    "type",
                    "year",
                    "currency",
                    "region",
                    "coverage",
                    "gender_marker",
                    "first_day",
                    "last_day",
                    "budget",
                    "institution",
                    "programme",
                    "id",
                ),
                name="projects_narrow",
            ),
            models.Index(fields=("-first_day", "-id"), name="projects_newest_first"),
            models.Index(fields=("-budget", "-id"), name="projects_by_budget"),
            models.Index(fields=("last_day", "id"), name="projects_by_end"),
            models.Index(fields=("project_code",), name="projects_by_code"),
            models.Index(fields=("prima_code",), name="projects_by_prima_code"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(first_day=None) | Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="projects_end_after_they_start",
            ),
            models.CheckConstraint(condition=Q(budget=None) | Q(budget__gte=0), name="projects_budget"),
            models.CheckConstraint(condition=Q(state__in=sorted(PROJECT)), name="projects_states"),
        )

    def __str__(self) -> str:
        return self.text.best("en")[0]

    @property
    def text(self) -> Text:
        """Its title in several languages."""
        return Text(self.title)

    @property
    def address(self) -> str:
        """How others name this project."""
        return f"project:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of the institution that manages it."""
        return self.institution.places

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("project", args=[self.pk])


class Beneficiary(models.Model):
    """A state or territory that a project is for, by ISO 3166-1 alpha-2 in small letters; its endorsement."""

    project_id: int
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="beneficiaries")
    area = models.CharField(max_length=2)
    endorsed_on = models.DateField(null=True, blank=True)
    endorsed_by = models.CharField(max_length=200, blank=True)  # the authority, never a person

    class Meta:
        ordering = ("area",)
        constraints = (models.UniqueConstraint(fields=("project", "area"), name="projects_area_once"),)
        indexes = (models.Index(fields=("area", "project"), name="projects_of_an_area"),)

    def __str__(self) -> str:
        return self.area


class Party(models.Model):
    """An organisation that takes part, with its role: a donor is one that funds."""

    class Role(models.TextChoices):
        """What it does; the codes are those of IATI's list OrganisationRole."""

        FUNDING = "1", _("Donor")
        ACCOUNTABLE = "2", _("Lead, accountable")
        EXTENDING = "3", _("Passes funds on")
        IMPLEMENTING = "4", _("Carries it out")

    institution_id: int | None
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="parties")
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.JSONField(default=dict, blank=True)
    reference = models.CharField(max_length=80, blank=True)  # as XM-DAC-47066
    words = models.TextField(blank=True)  # its own name and reference in small letters, for the search
    role = models.CharField(max_length=1, choices=Role.choices)

    class Meta:
        ordering = ("role", "pk")
        constraints = (
            models.UniqueConstraint(fields=("project",), condition=Q(role="2"), name="projects_one_lead"),
            models.UniqueConstraint(
                fields=("project", "institution", "role"),
                condition=Q(institution__isnull=False),
                name="projects_party_once",
            ),
        )

    def __str__(self) -> str:
        return self.text.best("en")[0]

    @property
    def text(self) -> Text:
        """Its name: that of the institution, where it is one of the register's."""
        return self.institution.text if self.institution else Text(self.name)


class Tag(models.Model):
    """What a project is about, as a code of a framework: "sdg" 10.7, "gcm" 5, "domains" 2, "iom" 3c4b."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="tags")
    framework = models.CharField(max_length=20)
    code = models.CharField(max_length=40)

    class Meta:
        ordering = ("framework", "code")
        constraints = (
            models.UniqueConstraint(fields=("project", "framework", "code"), name="projects_tag_once"),
        )
        indexes = (models.Index(fields=("framework", "code"), name="projects_by_tag"),)

    def __str__(self) -> str:
        return f"{self.framework} {self.code}"


class Continuity(models.Model):
    """One project goes on from another ("after"), or stands beside it ("beside"; the lower key is first)."""

    class Kind(models.TextChoices):
        """How the second stands to the first."""

        AFTER = "after", _("goes on from it")
        BESIDE = "beside", _("runs beside it")

    first = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="later_links")
    second = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="earlier_links")
    kind = models.CharField(max_length=6, choices=Kind.choices)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(fields=("first", "second"), name="projects_linked_once"),
            models.CheckConstraint(condition=~Q(first=F("second")), name="projects_not_after_itself"),
        )

    def __str__(self) -> str:
        return f"{self.first} – {self.second}: {self.kind}"


class Document(models.Model):
    """A document of a project; a public one may be had by everybody as long as the project is public."""

    class Kind(models.TextChoices):
        """What it is."""

        PROPOSAL = "proposal", _("Proposal")
        ENDORSEMENT = "endorsement", _("Letter of endorsement")
        AGREEMENT = "agreement", _("Agreement")
        REPORT = "report", _("Report")
        EVALUATION = "evaluation", _("Evaluation")
        PAGE = "page", _("Project page")
        OTHER = "other", _("Other")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="documents")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.JSONField(default=dict, blank=True)
    public = models.BooleanField(default=False)

    class Meta:
        ordering = ("kind", "pk")

    def __str__(self) -> str:
        return self.file.name


class Source(models.Model):
    """From which file a field of the record came, in the words of the file."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="sources")
    field = models.CharField(max_length=40)
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    words = models.TextField(blank=True)
    by = person()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("field", "-at")

    def __str__(self) -> str:
        return f"{self.field}: {self.file}"


class BudgetLine(models.Model):
    """Money planned for one purpose."""

    expenditures: Any

    class Kind(models.TextChoices):
        """What it is for; the fund's rules count staff and office together."""

        STAFF = "staff", _("Staff")
        OFFICE = "office", _("Office")
        OPERATIONAL = "operational", _("Operational")
        EVALUATION = "evaluation", _("Evaluation")

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="budget_lines")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    title = models.JSONField(default=dict)
    amount = money()
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("kind", "pk")
        constraints = (models.CheckConstraint(condition=Q(amount__gte=0), name="projects_budget_line"),)

    def __str__(self) -> str:
        return Text(self.title).best("en")[0]


class SavedView(models.Model):
    """A choice of the portfolio that a person wants to see again."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=1000)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(fields=("user", "name"), name="projects_view_names"),)

    def __str__(self) -> str:
        return self.name
