"""Countries, institutions and their mandates, memberships."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from milepost.values import Text


class Country(models.Model):
    """A country that this installation serves; `code` is ISO 3166-1 alpha-2 in lower case."""

    code = models.CharField(max_length=2, unique=True)
    m49 = models.CharField(max_length=3, blank=True)
    name = models.JSONField(default=dict)
    example = models.BooleanField(default=False)  # made for a demonstration: a banner says so everywhere
    fictional = models.BooleanField(default=False)
    open_to_public = models.BooleanField(default=True)
    time_zone = models.CharField(max_length=60, blank=True)  # such as Asia/Bishkek; "" for that of the site
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("code",)

    def __str__(self) -> str:
        return self.text.best("en")[0]

    @property
    def text(self) -> Text:
        """Its name in several languages."""
        return Text(self.name)

    @property
    def address(self) -> str:
        """How others name this country, and the scope of its roles."""
        return f"country:{self.code}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in, for `accounts.queries.may`."""
        return (self.address,)

    def get_absolute_url(self) -> str:
        """Its page on the portal."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("country", args=[self.code])


class Institution(models.Model):
    """A ministry, an office, an organisation: of a country, or international (no country)."""

    class Kind(models.TextChoices):
        """What sort of institution it is."""

        STATISTICAL_OFFICE = "statistical_office", _("Statistical office")
        MINISTRY = "ministry", _("Ministry")
        AGENCY = "agency", _("Agency or service")
        REGIONAL = "regional", _("Regional or local authority")
        INTERNATIONAL = "international", _("International organisation")
        CIVIL_SOCIETY = "civil_society", _("Civil society organisation")
        ACADEMIA = "academia", _("University or research institute")
        PRIVATE = "private", _("Business")

    country = models.ForeignKey(Country, on_delete=models.PROTECT, null=True, blank=True)
    code = models.SlugField(max_length=40)
    kind = models.CharField(max_length=20, choices=Kind.choices)
    name = models.JSONField(default=dict)
    short_name = models.JSONField(default=dict)
    mandate = models.JSONField(default=dict)  # what it is responsible for, and by which act
    website = models.URLField(blank=True)
    active = models.BooleanField(default=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("country__code", "code")
        constraints = (
            models.UniqueConstraint(fields=("country", "code"), name="stakeholders_one_code_per_country"),
            models.UniqueConstraint(
                fields=("code",), condition=models.Q(country=None), name="stakeholders_one_code_worldwide"
            ),
        )

    def __str__(self) -> str:
        return self.text.best("en")[0]

    @property
    def text(self) -> Text:
        """Its name in several languages."""
        return Text(self.name)

    @property
    def address(self) -> str:
        """How others name this institution, and the scope of its roles."""
        return f"institution:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in, for `accounts.queries.may`: itself and its country."""
        return (self.address, self.country.address) if self.country else (self.address,)

    def get_absolute_url(self) -> str:
        """Its page for members."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("institution", args=[self.pk])


class Membership(models.Model):
    """A person works for an institution, from a day to a day."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships")
    user_id: int
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="memberships")
    position = models.CharField(max_length=200, blank=True)
    since = models.DateField()
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "institution"),
                condition=models.Q(until=None),
                name="stakeholders_a_member_once",
            ),
            models.CheckConstraint(
                condition=models.Q(until=None) | models.Q(until__gte=models.F("since")),
                name="stakeholders_a_membership_ends_after_it_began",
            ),
        )

    def __str__(self) -> str:
        return f"{self.user} at {self.institution}"

    @property
    def is_current(self) -> bool:
        """Whether it lasts today."""
        today = timezone.localdate()
        return self.since <= today and (self.until is None or self.until >= today)
