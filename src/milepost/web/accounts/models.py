"""People and what they may do."""

from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy as _

_hmac: Any = salted_hmac
INVITATION_LASTS = timedelta(days=7)


class Users(BaseUserManager["User"]):
    """Users by their e-mail address."""

    def get_by_natural_key(self, username: str | None) -> "User":
        """The user who signs in with this e-mail address, in whatever case it is typed."""
        return self.get(email__iexact=username)


class User(AbstractBaseUser):
    """A person who signs in by e-mail address; never deleted, so that what they did keeps its author."""

    email = models.EmailField(_("e-mail address"), unique=True)  # kept in lower case: sign-in looks it up so
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=10, default="en")
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(auto_now_add=True)
    left_at = models.DateTimeField(null=True, blank=True)
    demonstration = models.BooleanField(default=False)
    invited_at = models.DateTimeField(null=True, blank=True)
    invited_by = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    session_round = models.PositiveIntegerField(default=0)  # raised by one to end every session at once
    revision = models.PositiveIntegerField(default=1)

    grants: "models.Manager[Grant]"

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: Any = ("name",)
    objects = Users()

    class Meta:
        constraints = (models.UniqueConstraint(Lower("email"), name="accounts_one_user_per_email"),)

    def __str__(self) -> str:
        return self.name

    @property
    def address(self) -> str:
        """How audit and traces name this person; never shown to the public."""
        return f"user:{self.pk}"

    def get_absolute_url(self) -> str:
        """The page for those who look after accounts."""
        from django.urls import reverse  # noqa: PLC0415

        return reverse("person", args=[self.pk])

    @property
    def waits(self) -> bool:
        """Whether the person was invited and has not set a password yet."""
        return self.is_active and self.invited_at is not None and not self.has_usable_password()

    @property
    def invitation_ends_at(self) -> datetime | None:
        """When the link of the last invitation stops working."""
        return self.invited_at + INVITATION_LASTS if self.invited_at else None

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Django compares this at every request: a new password or round ends the sessions before it."""
        state = f"{self.password} {self.session_round}"
        return _hmac("milepost.session", state, secret=secret, algorithm="sha256").hexdigest()


class Grant(models.Model):
    """A role of a user within a scope, for as long as it lasts."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="grants")
    user_id: int
    role = models.CharField(max_length=40)
    scope = models.CharField(max_length=120, blank=True)  # an address; "" is the whole installation
    granted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=("user", "role", "scope"),
                condition=models.Q(ended_at=None),
                name="accounts_a_role_is_granted_once",
            ),
        )
        indexes = (models.Index(fields=("scope",), name="accounts_who_in_a_scope"),)

    def __str__(self) -> str:
        return f"{self.role} {self.scope or 'everywhere'}"
