"""Consultations on drafts of policies and plans: who was asked, what was said, and what became of it."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from milepost.values import Text
from milepost.web.files.models import StoredFile
from milepost.web.plans.models.policies import Plan, Policy
from milepost.web.plans.models.versions import Measure
from milepost.web.stakeholders.models import Institution

LONGEST = 8000
"""Letters of a comment, and of the reason of what became of it."""


class Consultation(models.Model):
    """A draft is shown to those concerned: of a policy, or of one of its plans where `plan` says so.

    Nobody outside sees it while it is prepared. `open_call` lets any institution of the country comment, not
    only those that are listed. `public` lets everybody read it and what became of the comments.
    """

    class State(models.TextChoices):
        """Where it stands."""

        PREPARED = "prepared", pgettext_lazy("consultation", "In preparation")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    pk: int
    policy_id: int
    plan_id: int | None
    drafts: Any
    parties: Any
    comments: Any
    get_state_display: Any
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, related_name="consultations")
    plan = models.ForeignKey(
        Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="consultations"
    )
    title = models.JSONField(default=dict)
    about = models.JSONField(default=dict, blank=True)  # what is asked, and how to comment
    start = models.DateField()
    end = models.DateField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.PREPARED)
    open_call = models.BooleanField(default=False)
    public = models.BooleanField(default=False)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("-start", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=Q(end__gte=F("start")), name="plans_consultation_ends_after_it_starts"
            ),
        )

    def __str__(self) -> str:
        return self.text.best("en")[0]

    @property
    def text(self) -> Text:
        """Its title in several languages."""
        return Text(self.title)

    @property
    def address(self) -> str:
        """How others name this consultation."""
        return f"consultation:{self.pk}"

    @property
    def institution(self) -> Institution:
        """The institution that asks: the one in the lead of the policy."""
        return self.policy.institution

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes that this lies in: those of the policy."""
        return self.policy.places

    @property
    def is_open(self) -> bool:
        """Whether comments are asked for now."""
        return self.state == self.State.OPEN

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("consultation", args=[self.pk])


class Draft(models.Model):
    """One state of the text that was shown, with its files; draft 2 takes the place of draft 1.

    `version` is the number of the version of the plan that it shows, where it shows one. It has no `places`:
    whoever sees the consultation may have its files.
    """

    pk: int
    files: Any
    consultation_id: int
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="drafts")
    number = models.PositiveSmallIntegerField()
    version = models.PositiveSmallIntegerField(null=True, blank=True)
    note = models.JSONField(default=dict, blank=True)  # what differs from the draft before
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("number",)
        constraints = (
            models.UniqueConstraint(fields=("consultation", "number"), name="plans_draft_numbers"),
        )

    def __str__(self) -> str:
        return f"{self.consultation} {self.number}"

    @property
    def address(self) -> str:
        """How its files name this draft."""
        return f"policy-draft:{self.pk}"

    def get_absolute_url(self) -> str:
        """Its place on the page of the consultation."""
        return f"{self.consultation.get_absolute_url()}#draft-{self.number}"


class DraftFile(models.Model):
    """A document of a draft, as it came."""

    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.file.name


class Party(models.Model):
    """Who was consulted: an institution of the register, or another one by its name; never a person by name.

    `role` says who spoke for it, such as "head of the migration division".
    """

    class Kind(models.TextChoices):
        """What sort of stakeholder it is."""

        MINISTRY = "ministry", pgettext_lazy("stakeholder", "Ministry or agency")
        LOCAL = "local", pgettext_lazy("stakeholder", "Local authority")
        CIVIL_SOCIETY = "civil_society", pgettext_lazy("stakeholder", "Civil society organisation")
        MIGRANTS = "migrants", pgettext_lazy("stakeholder", "Association of migrants or diaspora")
        EMPLOYERS = "employers", pgettext_lazy("stakeholder", "Employers, business")
        UNIONS = "unions", pgettext_lazy("stakeholder", "Trade union")
        ACADEMIA = "academia", pgettext_lazy("stakeholder", "Academia, experts")
        INTERNATIONAL = "international", pgettext_lazy("stakeholder", "International organisation")
        OTHER = "other", pgettext_lazy("stakeholder", "Other")

    class How(models.TextChoices):
        """In which way it was consulted."""

        MEETING = "meeting", pgettext_lazy("consulted", "in a meeting")
        WRITTEN = "written", pgettext_lazy("consulted", "in writing")
        ONLINE = "online", pgettext_lazy("consulted", "online")

    pk: int
    institution_id: int | None
    consultation_id: int
    comments: Any
    get_kind_display: Any
    consultation = models.ForeignKey(Consultation, on_delete=models.CASCADE, related_name="parties")
    institution = models.ForeignKey(
        Institution, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    name = models.CharField(max_length=300, blank=True)  # of one that the register does not have
    kind = models.CharField(max_length=13, choices=Kind.choices)
    how = models.JSONField(default=list, blank=True)
    role = models.CharField(max_length=200, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("pk",)
        verbose_name_plural = "parties"
        constraints = (
            models.UniqueConstraint(
                fields=("consultation", "institution"),
                condition=Q(institution__isnull=False),
                name="plans_institution_consulted_once",
            ),
            models.UniqueConstraint(
                fields=("consultation", "name"), condition=~Q(name=""), name="plans_name_consulted_once"
            ),
            models.CheckConstraint(
                condition=Q(institution__isnull=False, name="") | (Q(institution__isnull=True) & ~Q(name="")),
                name="plans_party_named",
            ),
        )

    def __str__(self) -> str:
        return str(self.institution or self.name)

    @property
    def text(self) -> Text | str:
        """Its name: that of the institution, where it is one of the register's."""
        return self.institution.text if self.institution else self.name

    @property
    def ways(self) -> list[Any]:
        """How it was consulted, in words."""
        return [self.How(one).label for one in self.how if one in self.How.values]


class DraftComment(models.Model):
    """What one stakeholder said on a draft, and what became of it; nothing is deleted.

    `own` says that the stakeholder's own people typed it here; `place` is the section, measure or paragraph
    as they name it. A withdrawn comment stays, with the reason.
    """

    class State(models.TextChoices):
        """Where it stands."""

        OPEN = "open", _("Open")
        ANSWERED = "answered", _("Answered")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Disposition(models.TextChoices):
        """What became of it."""

        ACCEPTED = "accepted", pgettext_lazy("disposition", "Accepted")
        PARTLY = "partly", pgettext_lazy("disposition", "Accepted in part")
        NOT_ACCEPTED = "not_accepted", pgettext_lazy("disposition", "Not accepted")
        NOTED = "noted", pgettext_lazy("disposition", "Noted")

    pk: int
    consultation_id: int
    party_id: int
    draft_id: int | None
    measure_id: int | None
    typed_by_id: int
    get_state_display: Any
    get_disposition_display: Any
    consultation = models.ForeignKey(Consultation, on_delete=models.PROTECT, related_name="comments")
    number = models.PositiveIntegerField()
    party = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="comments")
    draft = models.ForeignKey(Draft, on_delete=models.PROTECT, null=True, blank=True, related_name="comments")
    place = models.CharField(max_length=300, blank=True)
    measure = models.ForeignKey(
        Measure, on_delete=models.SET_NULL, null=True, blank=True, related_name="comments"
    )
    text = models.TextField(max_length=LONGEST)
    own = models.BooleanField(default=False)
    typed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    typed_at = models.DateTimeField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.OPEN)
    disposition = models.CharField(max_length=12, choices=Disposition.choices, blank=True)
    reason = models.TextField(max_length=LONGEST, blank=True)
    changed = models.TextField(max_length=LONGEST, blank=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    withdrawal = models.TextField(max_length=2000, blank=True)
    revision = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ("number",)
        indexes = (models.Index(fields=("consultation", "state"), name="plans_comments_by_state"),)
        constraints = (
            models.UniqueConstraint(fields=("consultation", "number"), name="plans_comment_numbers"),
            models.CheckConstraint(
                condition=~Q(state="answered") | ~Q(disposition=""), name="plans_answered_says_what_became"
            ),
            models.CheckConstraint(
                condition=Q(disposition__in=["", "accepted"]) | ~Q(reason=""),
                name="plans_disposition_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="withdrawn") | ~Q(withdrawal=""), name="plans_withdrawn_has_a_reason"
            ),
        )

    def __str__(self) -> str:
        return f"{self.number}. {self.text[:60]}"

    @property
    def address(self) -> str:
        """How others name this comment."""
        return f"draft-comment:{self.pk}"

    @property
    def institution(self) -> Institution:
        """The institution that asked."""
        return self.consultation.institution

    @property
    def places(self) -> tuple[str, ...]:
        """The scopes in which it is answered: those of the policy."""
        return self.consultation.places

    def get_absolute_url(self) -> str:
        """Its page."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("draft-comment", args=[self.pk])
