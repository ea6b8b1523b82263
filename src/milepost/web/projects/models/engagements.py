"""Trainings, workshops, dialogues: who came, what was learnt and agreed, what they count towards."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from milepost.progress.knowledge import Pair
from milepost.values import Text
from milepost.values.states import AGREEMENT
from milepost.web.projects.models.fields import figure, person
from milepost.web.projects.models.results import ResultIndicator
from milepost.web.stakeholders.models import Institution


class Engagement(models.Model):
    """People were brought together: for one thing, named by its address. No person is named anywhere.

    `institution` is the one that keeps the thing: where it lies says who may work on the engagement. What a
    partner recorded is shown to the public, and counts, once somebody who reports on the thing accepted it.
    """

    class Kind(models.TextChoices):
        """What it was."""

        TRAINING = "training", _("Training")
        WORKSHOP = "workshop", _("Workshop")
        DIALOGUE = "dialogue", _("Dialogue")
        CONSULTATION = "consultation", _("Consultation")
        STUDY_VISIT = "study_visit", _("Study visit")
        OTHER = "other", pgettext_lazy("engagement", "Other")

    pk: int
    institution_id: int
    recorded_by_id: int
    attendance: Any
    parties: Any
    scores: Any
    agreements: Any
    links: Any
    get_kind_display: Any
    about = models.CharField(max_length=120)
    institution = models.ForeignKey(Institution, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    first_day = models.DateField()
    last_day = models.DateField()
    place = models.CharField(max_length=200, blank=True)
    topic = models.JSONField(default=dict)
    notes = models.TextField(blank=True)  # for those who work with it, never for the public
    public = models.BooleanField(default=False)
    maximum_score = figure()
    recorded_by = person()
    accepted_by = person(unknown=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-last_day", "-pk")
        indexes = (
            models.Index(fields=("about",), name="projects_engagement_about"),
            models.Index(fields=("-last_day", "-id"), name="projects_engagement_newest"),
        )
        constraints = (
            models.CheckConstraint(
                condition=Q(last_day__gte=F("first_day")), name="projects_engagement_ends_after_it_began"
            ),
        )

    def __str__(self) -> str:
        return self.text.best("en")[0]

    @property
    def text(self) -> Text:
        """Its topic in several languages."""
        return Text(self.topic)

    @property
    def days(self) -> int:
        """How many days it lasted, the first and the last within."""
        return (self.last_day - self.first_day).days + 1

    @property
    def address(self) -> str:
        """How others name this engagement."""
        return f"engagement:{self.pk}"

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of the institution that keeps what it belongs to."""
        return self.institution.places

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("engagement", args=[self.pk])


class Attendance(models.Model):
    """How many came, of one sex and one kind of institution; a row that is missing was not counted."""

    class Sex(models.TextChoices):
        """As in SDMX's list of sexes; nobody is asked, so that some are not known."""

        F = "F", _("Women")
        M = "M", _("Men")
        U = "U", _("Sex not known")

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="attendance")
    kind = models.CharField(max_length=20)
    sex = models.CharField(max_length=1, choices=Sex.choices)
    number = models.PositiveIntegerField()

    class Meta:
        ordering = ("kind", "sex")
        constraints = (
            models.UniqueConstraint(fields=("engagement", "kind", "sex"), name="projects_attendance_once"),
            models.CheckConstraint(condition=Q(sex__in=["F", "M", "U"]), name="projects_attendance_sex"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.sex}: {self.number}"


class EngagementParty(models.Model):
    """An institution that organised it or took part."""

    class Role(models.TextChoices):
        """What it did."""

        ORGANISER = "organiser", _("Organised it")
        PARTICIPANT = "participant", _("Took part")

    institution_id: int | None
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="parties")
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=200, blank=True)  # of one that the register does not have
    role = models.CharField(max_length=11, choices=Role.choices)

    class Meta:
        ordering = ("role", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=("engagement", "role", "institution"),
                condition=Q(institution__isnull=False),
                name="projects_engagement_party_once",
            ),
            models.CheckConstraint(
                condition=Q(institution__isnull=False, name="") | (Q(institution__isnull=True) & ~Q(name="")),
                name="projects_engagement_party_named",
            ),
        )

    def __str__(self) -> str:
        return str(self.institution or self.name)

    @property
    def text(self) -> Text | str:
        """Its name: that of the institution, where it is one of the register's."""
        return self.institution.text if self.institution else self.name


class Score(models.Model):
    """What one participant knew before and after, under a code that only the participant knows."""

    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="scores")
    code = models.CharField(max_length=20)
    before = figure()
    after = figure()

    class Meta:
        ordering = ("code",)
        constraints = (models.UniqueConstraint(fields=("engagement", "code"), name="projects_score_once"),)

    def __str__(self) -> str:
        return self.code

    def as_value(self) -> Pair:
        """The two scores, without the code."""
        before, after = (None if each is None else float(each) for each in (self.before, self.after))
        return Pair(before, after)


class Agreement(models.Model):
    """What was agreed, which institution does it, by when, and whether it was done."""

    pk: int
    engagement_id: int
    institution_id: int | None
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="agreements")
    what = models.JSONField(default=dict)
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=200, blank=True)  # of one that the register does not have
    due = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, default="open")
    reason = models.TextField(blank=True)  # why it was dropped
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("due", "pk")
        constraints = (
            models.CheckConstraint(condition=Q(state__in=sorted(AGREEMENT)), name="projects_agreement_state"),
        )

    def __str__(self) -> str:
        return self.text.best("en")[0]

    @property
    def text(self) -> Text:
        """What was agreed, in several languages."""
        return Text(self.what)

    @property
    def doer(self) -> Text | str:
        """Which institution does it; "" where that was left open."""
        return self.institution.text if self.institution else self.name

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of its engagement."""
        return self.engagement.places

    def get_absolute_url(self) -> str:
        """Its place on the page of the engagement."""
        return f"{self.engagement.get_absolute_url()}#agreement-{self.pk}"


class EngagementLink(models.Model):
    """An engagement counts towards an indicator of a result; `what` of it is counted."""

    class What(models.TextChoices):
        """What of an engagement an indicator counts."""

        PARTICIPANTS = "participants", _("participants, by sex where the indicator asks for it")
        WOMEN = "women", _("women who took part")
        MEN = "men", _("men who took part")
        EVENTS = "events", _("the engagement itself, as one")
        INSTITUTIONS = "institutions", _("institutions that took part, each once in a period")
        DAYS = "days", _("days that it lasted")

    engagement_id: int
    indicator_id: int
    engagement = models.ForeignKey(Engagement, on_delete=models.CASCADE, related_name="links")
    indicator = models.ForeignKey(ResultIndicator, on_delete=models.CASCADE, related_name="engagement_links")
    what = models.CharField(max_length=12, choices=What.choices)

    class Meta:
        ordering = ("indicator", "engagement")
        constraints = (
            models.UniqueConstraint(fields=("engagement", "indicator"), name="projects_engagement_link_once"),
        )

    def __str__(self) -> str:
        return f"{self.engagement_id} → {self.indicator_id}: {self.what}"
