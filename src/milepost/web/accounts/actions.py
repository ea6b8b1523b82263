"""Everything that changes people and what they may do."""

from datetime import datetime

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from axes.models import AccessAttempt, AccessLog
from axes.utils import reset as unlock
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from milepost.web.accounts import queries
from milepost.web.accounts.models import Grant, User
from milepost.web.accounts.roles import ROLES, Permission, Role
from milepost.web.audit.actions import changes, record
from milepost.web.ui import addresses

STALE = "stale"
"""The code of the error that says: another person changed this meanwhile."""


# Sign-ins ---------------------------------------------------------------------------------------------------


@transaction.atomic
def forget_sign_ins(*, before: datetime) -> dict[str, int]:
    """Drop who signed in from where before a moment, and sessions that have ended; how many of each.

    What the audit says of sign-ins stays. For the clock; nobody asks for it.
    """
    dropped = {
        "sign-ins": AccessLog.objects.filter(attempt_time__lt=before).delete()[0],
        "attempts": AccessAttempt.objects.filter(attempt_time__lt=before).delete()[0],
        "sessions": Session.objects.filter(expire_date__lt=timezone.now()).delete()[0],
    }
    if any(dropped.values()):
        record(by=None, verb="sign-ins.forgotten", address="", details=dropped)
    return dropped


# People -----------------------------------------------------------------------------------------------------


@transaction.atomic
def first_administrator(*, email: str, name: str, language: str = "en") -> User:
    """The first account of an installation, which may do what an administrator may, everywhere.

    ValidationError where there is one already. The new person still sets a password by the link of
    `invitations.token`.
    """
    if User.objects.exists():
        raise ValidationError(_("There are accounts already; an administrator invites people."))
    user = _new_person(by=None, email=email, name=name, language=language)
    Grant.objects.create(user=user, role="administrator", scope=queries.EVERYWHERE)
    record(
        by=None, verb="role.granted", address=user.address, details={"role": "administrator", "within": ""}
    )
    return user


@transaction.atomic
def invite(*, by: User, email: str, name: str, language: str, role: str, scope: str) -> User:
    """A new account with one role; the person sets a password by a link (see `invitations`).

    Needs MANAGE_PEOPLE over the scope. ValidationError by field where the address is taken or the role cannot
    be given there.
    """
    _role_for(role, scope)
    _require(by, scope)
    user = _new_person(by=by, email=email, name=name, language=language)
    grant(by=by, user=user, role=role, scope=scope)
    return user


@transaction.atomic
def invite_successor(*, by: User, leaver: User, email: str, name: str, language: str) -> User:
    """A new account without a role yet, for somebody who takes over from a person whom `by` looks after."""
    _require_manages(by, leaver)
    return _new_person(by=by, email=email, name=name, language=language)


@transaction.atomic
def invite_again(*, by: User, user: User) -> User:
    """A new link for a person who has not set a password yet; the one before stops to work."""
    _require_manages(by, user)
    if not user.waits:
        raise ValidationError(_("This person has set a password already, or the account is closed."))
    User.objects.filter(pk=user.pk).update(invited_at=timezone.now(), invited_by=by)
    record(by=by, verb="person.invited-again", address=user.address)
    return User.objects.get(pk=user.pk)


@transaction.atomic
def accept_invitation(*, token: str, password: str) -> User:
    """Set the first password by the link; ValidationError where the link has ended."""
    user = queries.invited(token)
    if user is None:
        raise ValidationError(_("This link does not work any more."))
    user.set_password(password)
    user.save(update_fields=["password"])
    record(by=user, verb="person.joined", address=user.address)
    return user


@transaction.atomic
def change_person(
    *, by: User, user: User, revision: int, name: str, language: str, email: str | None = None
) -> User:
    """Correct a person's name and language, or as their administrator the address that they sign in with.

    ValidationError with the code STALE where `revision` is not the present one.
    """
    if by != user or email is not None:
        _require_manages(by, user)
    before = {"name": user.name, "language": user.language, "email": user.email}
    after = {"name": name.strip(), "language": _offered(language), "email": user.email}
    if email is not None:
        after["email"] = _free_address(email, user)
    changed = User.objects.filter(pk=user.pk, revision=revision).update(revision=F("revision") + 1, **after)
    if not changed:
        raise ValidationError(_("Another person changed this meanwhile."), code=STALE)
    if after["email"] != before["email"]:
        EmailAddress.objects.filter(user=user).delete()  # the old address must not sign in any more
    fields = sorted(changes(before, after))
    record(by=by, verb="person.changed", address=user.address, details={"fields": fields})
    return User.objects.get(pk=user.pk)


@transaction.atomic
def close(*, by: User, user: User, why: str) -> None:
    """End an account with its roles, password and second factor; its sessions end at once.

    The row stays, as the author of what was done. Refused for the last administrator.
    """
    _require_manages(by, user)
    if not user.is_active:
        raise ValidationError(_("This account is closed already."))
    _keep_an_administrator(without=user)
    now = timezone.now()
    for held in queries.active_grants(user):
        _end(held, by=by, why=why)
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    User.objects.filter(pk=user.pk).update(
        is_active=False,
        left_at=now,
        invited_at=None,
        password=user.password,
        session_round=F("session_round") + 1,
        revision=F("revision") + 1,
    )
    user.refresh_from_db()
    queries.forget_grants(user)
    record(by=by, verb="person.closed", address=user.address, why=why)


@transaction.atomic
def reopen(*, by: User, user: User) -> User:
    """Open a closed account again, without any role; the person sets a new password by a new link."""
    _require_manages(by, user)
    if user.is_active:
        raise ValidationError(_("This account is open."))
    User.objects.filter(pk=user.pk).update(
        is_active=True, left_at=None, invited_at=timezone.now(), invited_by=by, revision=F("revision") + 1
    )
    record(by=by, verb="person.reopened", address=user.address)
    return User.objects.get(pk=user.pk)


@transaction.atomic
def end_sessions(*, by: User, user: User) -> None:
    """Sign a person out everywhere, this browser included: one's own sessions, or as their administrator."""
    if by != user:
        _require_manages(by, user)
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.refresh_from_db(fields=["session_round"])
    record(by=by, verb="person.sessions-ended", address=user.address)


@transaction.atomic
def remove_second_factor(*, by: User, user: User, why: str) -> None:
    """Take away the second factor of somebody who lost the device and the recovery codes."""
    if by == user:
        raise PermissionDenied
    _require_manages(by, user)
    removed, _kinds = Authenticator.objects.filter(user=user).delete()
    if not removed:
        raise ValidationError(_("This person has no second factor."))
    record(by=by, verb="person.second-factor-removed", address=user.address, why=why)


# Roles ------------------------------------------------------------------------------------------------------


@transaction.atomic
def grant(*, by: User, user: User, role: str, scope: str) -> Grant:
    """Give a person a role within a scope: the address of a country or institution, or "" for everywhere.

    Needs MANAGE_PEOPLE over the scope; nobody gives themselves more than they may do there already.
    """
    chosen = _role_for(role, scope)
    _require(by, scope)
    if by == user and not chosen.permissions <= queries.held_within(by, scope):
        raise PermissionDenied
    if not user.is_active:
        raise ValidationError(_("This account is closed."))
    if Grant.objects.filter(user=user, role=role, scope=scope, ended_at=None).exists():
        raise ValidationError({"role": _("This person has this role there already.")})
    given = Grant.objects.create(user=user, role=role, scope=scope, granted_by=by)
    queries.forget_grants(user)
    details = {"role": role, "within": scope}
    record(by=by, verb="role.granted", address=user.address, details=details)
    return given


@transaction.atomic
def end_grant(*, by: User, grant: Grant, why: str = "") -> None:
    """Take a role away, from now on; needs MANAGE_PEOPLE over its scope. The last administrator stays one."""
    _require(by, grant.scope)
    if grant.ended_at is not None:
        raise ValidationError(_("This role was ended already."))
    if _administers(grant):
        _keep_an_administrator(without=grant.user)
    _end(grant, by=by, why=why)


# What the doors of sign-in report ---------------------------------------------------------------------------


@transaction.atomic
def signed_in(*, user: User, caller: str) -> None:
    """Write down a sign-in; and drop the copy of the address that allauth makes when a letter is asked for.

    User.email is the only home of the address: the copy would count as one to be confirmed, and keep the
    person from setting a second factor.
    """
    EmailAddress.objects.filter(user=user).delete()
    record(by=user, verb="person.signed-in", address=user.address, details={"from": caller})


@transaction.atomic
def signed_out(*, user: User) -> None:
    """Write down a sign-out."""
    record(by=user, verb="person.signed-out", address=user.address)


@transaction.atomic
def sign_in_failed(*, email: str, caller: str, step: str = "first") -> None:
    """Write down a failed sign-in: to which account, but never an address that is not known here."""
    user = queries.by_email(email)
    address = user.address if user else ""
    record(by=None, verb="person.sign-in-failed", address=address, details={"from": caller, "step": step})


@transaction.atomic
def locked_out(*, email: str, caller: str) -> None:
    """Write down that an account is locked for a while after wrong passwords."""
    user = queries.by_email(email)
    record(by=None, verb="person.locked-out", address=user.address if user else "", details={"from": caller})


@transaction.atomic
def set_password(*, user: User, password: str) -> None:
    """Give a new password, which ends every session and every lock of the account."""
    user.set_password(password)
    user.save(update_fields=["password"])
    unlock(username=user.email)
    record(by=user, verb="person.password-set", address=user.address)


SECOND_FACTOR = {
    "set": "person.second-factor-set",
    "removed": "person.second-factor-removed",
    "codes": "person.codes-made",
}


@transaction.atomic
def second_factor_changed(*, user: User, what: str) -> None:
    """Write down what a person did to the own second factor: a key of SECOND_FACTOR."""
    record(by=user, verb=SECOND_FACTOR[what], address=user.address)


# Parts ------------------------------------------------------------------------------------------------------


def _new_person(*, by: User | None, email: str, name: str, language: str) -> User:
    user = User(
        email=_free_address(email),
        name=name.strip(),
        language=_offered(language),
        invited_at=timezone.now(),
        invited_by=by,
    )
    user.set_unusable_password()
    user.save()
    record(by=by, verb="person.invited", address=user.address)
    return user


def _free_address(email: str, of: User | None = None) -> str:
    """The address in lower case; ValidationError where it is none, or another person's."""
    address = email.strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise ValidationError({"email": " ".join(error.messages)}) from error
    owner = queries.by_email(address)
    if owner is not None and owner != of:
        raise ValidationError({"email": _("A person with this address has an account already.")})
    return address


def _offered(language: str) -> str:
    if language not in dict(settings.LANGUAGES):
        raise ValidationError({"language": _("Choose one of the languages of this site.")})
    return language


def _role_for(role: str, scope: str) -> Role:
    """The role; ValidationError where there is none, or where it is not given for such a place."""
    chosen = ROLES.get(role)
    if chosen is None:
        raise ValidationError({"role": _("There is no such role.")})
    try:
        kind = addresses.Address.parse(scope).kind if scope != queries.EVERYWHERE else ""
    except ValueError as error:
        raise ValidationError({"scope": _("There is no such place.")}) from error
    if kind not in chosen.scopes:
        where = ", ".join(str(place) for place in chosen.places)
        words = _("This role is given for: {places}.").format(places=where)
        raise ValidationError({"scope": words})
    return chosen


def _require(by: User, scope: str) -> None:
    if not queries.may_within(by, Permission.MANAGE_PEOPLE, scope):
        raise PermissionDenied


def _require_manages(by: User, user: User) -> None:
    if not queries.manages(by, user):
        raise PermissionDenied


def _administers(grant: Grant) -> bool:
    role = ROLES.get(grant.role)
    return (
        grant.scope == queries.EVERYWHERE
        and role is not None
        and Permission.MANAGE_PEOPLE in role.permissions
    )


def _keep_an_administrator(*, without: User) -> None:
    """ValidationError where nobody else could look after the accounts; no other grant can end meanwhile."""
    everywhere = Grant.objects.select_for_update().filter(scope=queries.EVERYWHERE, ended_at=None)
    held = [one.user_id for one in everywhere if _administers(one)]
    if without.pk in held and not queries.administrators().exclude(pk=without.pk).exists():
        raise ValidationError(
            _("This is the last administrator who can sign in. Give the role to another person first.")
        )


def _end(grant: Grant, *, by: User, why: str) -> None:
    Grant.objects.filter(pk=grant.pk, ended_at=None).update(ended_at=timezone.now())
    grant.refresh_from_db()
    queries.forget_grants(grant.user)
    details = {"role": grant.role, "within": grant.scope}
    record(by=by, verb="role.ended", address=grant.user.address, why=why, details=details)
