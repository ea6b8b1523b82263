"""Everything that changes countries, institutions and memberships, and what happens when staff change."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, NamedTuple
from zoneinfo import available_timezones

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from milepost.web.accounts import actions as accounts
from milepost.web.accounts.models import User
from milepost.web.accounts.queries import EVERYWHERE, active_grants, may
from milepost.web.accounts.roles import Permission
from milepost.web.audit.actions import changes, record
from milepost.web.stakeholders import queries
from milepost.web.stakeholders.fields import merged
from milepost.web.stakeholders.models import Country, Institution, Membership

STALE = accounts.STALE
Words = Mapping[str, str]


# Countries --------------------------------------------------------------------------------------------------


@transaction.atomic
def add_country(
    *,
    by: User,
    code: str,
    m49: str,
    name: Words,
    open_to_public: bool,
    example: bool,
    time_zone: str = "",
    fictional: bool = False,
) -> Country:
    """A country that this installation serves; needs MANAGE_INSTITUTIONS everywhere."""
    _require(by, Permission.MANAGE_INSTITUTIONS)
    code = code.strip().lower()
    if len(code) != 2 or not (code.isascii() and code.isalpha()):
        raise ValidationError({"code": _("Two letters, as in ISO 3166-1, such as kg.")})
    if Country.objects.filter(code=code).exists():
        raise ValidationError({"code": _("This country is here already.")})
    country = Country.objects.create(
        code=code,
        m49=_m49(m49),
        name=dict(name),
        open_to_public=open_to_public,
        example=example,
        time_zone=_time_zone(time_zone),
        fictional=fictional,
    )
    record(by=by, verb="country.added", address=country.address, scope=country.address)
    return country


@transaction.atomic
def edit_country(
    *,
    by: User,
    country: Country,
    revision: int,
    name: Words,
    m49: str,
    open_to_public: bool,
    example: bool,
    time_zone: str,
) -> Country:
    """Change what is said of a country; ValidationError with the code STALE for another revision."""
    _require(by, Permission.MANAGE_INSTITUTIONS, *country.places)
    after = {
        "name": merged(country.name, name),
        "m49": _m49(m49),
        "open_to_public": open_to_public,
        "example": example,
        "time_zone": _time_zone(time_zone),
    }
    fields = _changed(country, after)
    _update(Country, country.pk, revision, after)
    record(
        by=by,
        verb="country.edited",
        address=country.address,
        scope=country.address,
        details={"fields": fields},
    )
    return Country.objects.get(pk=country.pk)


def _time_zone(name: str) -> str:
    name = name.strip()
    if name and name not in available_timezones():
        raise ValidationError({"time_zone": _("A time zone such as Asia/Bishkek, or nothing.")})
    return name


def _m49(code: str) -> str:
    code = code.strip()
    if code and not (len(code) == 3 and code.isascii() and code.isdigit()):
        raise ValidationError({"m49": _("Three digits of the M49 standard, such as 417, or nothing.")})
    return code


# Institutions -----------------------------------------------------------------------------------------------


@transaction.atomic
def add_institution(
    *,
    by: User,
    country: Country | None,
    code: str,
    kind: str,
    name: Words,
    short_name: Words,
    mandate: Words,
    website: str,
) -> Institution:
    """An institution of a country; or without one an international one, which needs the right everywhere."""
    _require(by, Permission.MANAGE_INSTITUTIONS, *(country.places if country else ()))
    if Institution.objects.filter(country=country, code=code).exists():
        raise ValidationError({"code": _("Another institution has this code.")})
    institution = Institution.objects.create(
        country=country,
        code=code,
        kind=_kind(kind),
        name=dict(name),
        short_name=dict(short_name),
        mandate=dict(mandate),
        website=website,
    )
    _tell(by, "institution.added", institution)
    return institution


@transaction.atomic
def edit_institution(
    *,
    by: User,
    institution: Institution,
    revision: int,
    kind: str,
    name: Words,
    short_name: Words,
    mandate: Words,
    website: str,
) -> Institution:
    """Change what is said of an institution; ValidationError with the code STALE for another revision.

    Its country and code stay, because roles and figures go by them.
    """
    _require(by, Permission.MANAGE_INSTITUTIONS, *institution.places)
    after = {
        "kind": _kind(kind),
        "name": merged(institution.name, name),
        "short_name": merged(institution.short_name, short_name),
        "mandate": merged(institution.mandate, mandate),
        "website": website,
    }
    fields = _changed(institution, after)
    _update(Institution, institution.pk, revision, after)
    _tell(by, "institution.edited", institution, fields=fields)
    return Institution.objects.get(pk=institution.pk)


@transaction.atomic
def set_active(*, by: User, institution: Institution, revision: int, active: bool) -> Institution:
    """Take an institution out of use, or back: it is no longer offered, but stays wherever it was used."""
    _require(by, Permission.MANAGE_INSTITUTIONS, *institution.places)
    _update(Institution, institution.pk, revision, {"active": active})
    _tell(by, "institution.reopened" if active else "institution.closed", institution)
    return Institution.objects.get(pk=institution.pk)


def _kind(kind: str) -> str:
    if kind not in Institution.Kind.values:
        raise ValidationError({"kind": _("Choose one of the kinds.")})
    return kind


# Memberships ------------------------------------------------------------------------------------------------


@transaction.atomic
def add_member(
    *, by: User, institution: Institution, user: User, position: str, since: date, until: date | None = None
) -> Membership:
    """Say that a person works for an institution; needs MANAGE_PEOPLE there. It gives no rights."""
    _require(by, Permission.MANAGE_PEOPLE, *institution.places)
    if not user.is_active:
        raise ValidationError(_("This account is closed."))
    if Membership.objects.filter(institution=institution, user=user, until=None).exists():
        raise ValidationError({"institution": _("This person is a member there already.")})
    _require_order(since, until)
    membership = Membership.objects.create(
        institution=institution, user=user, position=position.strip(), since=since, until=until
    )
    _tell(by, "membership.began", institution, person=user.address)
    return membership


@transaction.atomic
def end_membership(*, by: User, membership: Membership, until: date) -> None:
    """The last day on which a person works for an institution; roles are ended for themselves."""
    _require(by, Permission.MANAGE_PEOPLE, *membership.institution.places)
    _require_order(membership.since, until)
    Membership.objects.filter(pk=membership.pk).update(until=until)
    membership.refresh_from_db(fields=["until"])
    _tell(by, "membership.ended", membership.institution, person=membership.user.address)


def _require_order(since: date, until: date | None) -> None:
    if until is not None and until < since:
        raise ValidationError({"until": _("The last day is before the first.")})


# People -----------------------------------------------------------------------------------------------------


@transaction.atomic
def invite(
    *,
    by: User,
    email: str,
    name: str,
    language: str,
    role: str,
    scope: str,
    institution: Institution | None = None,
    position: str = "",
    since: date | None = None,
) -> User:
    """A new account with a role and, where an institution is named, a membership from a day on, or today."""
    user = accounts.invite(by=by, email=email, name=name, language=language, role=role, scope=scope)
    if institution is not None:
        since = since or timezone.localdate()
        add_member(by=by, institution=institution, user=user, position=position, since=since)
    return user


class Moved(NamedTuple):
    """What a hand-over moves: (role, scope), institutions, roles the successor had already, open work."""

    roles: list[tuple[str, str]]
    institutions: list[str]
    kept_roles: list[tuple[str, str]]
    work: dict[str, int]


@transaction.atomic
def hand_over(*, by: User, from_user: User, to_user: User | None, why: str) -> Moved:
    """End a person's memberships, roles and sessions, and give the same, and the open work, to another.

    Without a successor everything ends and open work stays where it is. Needs MANAGE_PEOPLE wherever the
    person has a role or membership; nobody gives themselves more than they have; an administrator who can
    sign in must remain. The account is closed; its row stays, as the author of what was done.
    """
    if not queries.manages(by, from_user):
        raise PermissionDenied
    if to_user == from_user:
        raise ValidationError({"to_user": _("Choose another person.")})
    if to_user is not None and not to_user.is_active:
        raise ValidationError({"to_user": _("This account is closed.")})
    roles = [(held.role, held.scope) for held in active_grants(from_user)]
    memberships = queries.current_memberships(from_user)
    kept = _give(by, roles, memberships, to_user) if to_user else []
    work = _move_work(by, from_user, to_user) if to_user else {}
    today = timezone.localdate()
    for membership in memberships:
        end_membership(by=by, membership=membership, until=max(today, membership.since))
    accounts.close(by=by, user=from_user, why=why)
    record(
        by=by,
        verb="person.handed-over",
        address=from_user.address,
        why=why,
        details={"to": to_user.address if to_user else "", "work": work},
    )
    institutions = [membership.institution.address for membership in memberships]
    return Moved([role for role in roles if role not in kept], institutions, kept, work)


@transaction.atomic
def hand_over_as(
    *,
    by: User,
    from_user: User,
    how: str,
    why: str,
    to_user: User | None = None,
    email: str = "",
    name: str = "",
    language: str = "",
) -> tuple[Moved, User | None]:
    """Hand over to a "person" (`to_user`), to a "new" one who is invited with it, or to "nobody"."""
    if how == "new":
        to_user = accounts.invite_successor(
            by=by, leaver=from_user, email=email, name=name, language=language
        )
    elif how == "nobody":
        to_user = None
    return hand_over(by=by, from_user=from_user, to_user=to_user, why=why), to_user


def preview(**asked: Any) -> Moved:
    """What `hand_over_as` would move: the deed itself, taken back. The same arguments, the same refusals."""
    with transaction.atomic():
        moved, _successor = hand_over_as(**asked)
        transaction.set_rollback(True)
    asked["from_user"].refresh_from_db()
    return moved


def _give(
    by: User, roles: list[tuple[str, str]], memberships: list[Membership], to_user: User
) -> list[tuple[str, str]]:
    """Roles and memberships for the successor; returns the roles held already."""
    has = {(held.role, held.scope) for held in active_grants(to_user)}
    for role, scope in roles:
        if (role, scope) not in has:
            accounts.grant(by=by, user=to_user, role=role, scope=scope)
    works_for = {membership.institution.pk for membership in queries.current_memberships(to_user)}
    for membership in memberships:
        if membership.institution.pk not in works_for:
            since = max(timezone.localdate(), membership.since)
            add_member(
                by=by,
                institution=membership.institution,
                user=to_user,
                position=membership.position,
                since=since,
            )
    return [role for role in roles if role in has]


def _move_work(by: User, from_user: User, to_user: User) -> dict[str, int]:
    """Let each floor above move what is open: settings.HANDOVERS names the dict name -> function."""
    movers: dict[str, Callable[..., int]] = import_string(settings.HANDOVERS)
    return {name: move(from_user=from_user, to_user=to_user, by=by) for name, move in movers.items()}


# Parts ------------------------------------------------------------------------------------------------------


def _require(by: User, permission: Permission, *places: str) -> None:
    if not may(by, permission, *places):
        raise PermissionDenied


def _changed(thing: Country | Institution, after: Mapping[str, Any]) -> list[str]:
    return sorted(changes({name: getattr(thing, name) for name in after}, after))


def _update(model: Any, pk: int, revision: int, after: Mapping[str, Any]) -> None:
    """Write, unless another person did so since `revision`."""
    if not model.objects.filter(pk=pk, revision=revision).update(revision=F("revision") + 1, **after):
        raise ValidationError(_("Another person changed this meanwhile."), code=STALE)


def _tell(by: User, verb: str, institution: Institution, **details: Any) -> None:
    scope = institution.country.address if institution.country else EVERYWHERE
    record(by=by, verb=verb, address=institution.address, scope=scope, details=details)
