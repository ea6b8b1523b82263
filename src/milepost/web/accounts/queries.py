"""Who may do what, where."""

from typing import Any

from allauth.mfa.models import Authenticator
from axes.models import AccessLog
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Q, QuerySet

from milepost.web.accounts import invitations
from milepost.web.accounts.models import Grant, User
from milepost.web.accounts.roles import ROLES, Permission, Role
from milepost.web.ui import addresses

EVERYWHERE = ""
NO_PASSWORD = Q(password="") | Q(password__startswith=UNUSABLE_PASSWORD_PREFIX)
RECENT = 5


def scopes(user: Any, permission: Permission) -> frozenset[str]:
    """The addresses within which a user may do this; EVERYWHERE for the whole installation.

    Asked once per request and user: the grants are kept on the user object.
    """
    if not getattr(user, "is_authenticated", False) or not user.is_active:
        return frozenset()
    if not hasattr(user, "_grants"):
        user._grants = list(Grant.objects.filter(user=user, ended_at=None).values_list("role", "scope"))
    return frozenset(
        scope for role, scope in user._grants if role in ROLES and permission in ROLES[role].permissions
    )


def may(user: Any, permission: Permission, *places: str) -> bool:
    """Whether a user may do this in one of these places: the thing's, its institution's, its country's."""
    held = scopes(user, permission)
    return EVERYWHERE in held or not held.isdisjoint(str(place) for place in places)


def who_may(permission: Permission, *places: str) -> QuerySet[User]:
    """The people who may do something in one of these places, by their roles."""
    roles = [role.code for role in ROLES.values() if permission in role.permissions]
    held = Grant.objects.filter(role__in=roles, scope__in=(EVERYWHERE, *places), ended_at=None)
    return User.objects.filter(is_active=True, pk__in=held.values("user"))


def forget_grants(user: Any) -> None:
    """Let the next question about this user object read its grants again."""
    if hasattr(user, "_grants"):
        del user._grants


def places(user: Any, scope: str) -> tuple[str, ...]:
    """The addresses a scope lies in, itself first; none for the whole installation or what is hidden."""
    thing = addresses.find(user, scope) if scope != EVERYWHERE else None
    return tuple(thing.places) if thing is not None else ()


def may_within(user: Any, permission: Permission, scope: str) -> bool:
    """Whether a user may do this in all of a scope; for "" only who may do it everywhere."""
    return may(user, permission, *places(user, scope))


def held_within(user: Any, scope: str) -> frozenset[Permission]:
    """Everything that a user may do in all of a scope."""
    inside = places(user, scope)
    return frozenset(permission for permission in Permission if may(user, permission, *inside))


def visible_to(user: Any) -> QuerySet[User]:
    """The people whom a reader may know of: those with a role or membership, now or before, where the reader
    manages people; and oneself.
    """
    if not getattr(user, "is_authenticated", False):
        return User.objects.none()
    if EVERYWHERE in scopes(user, Permission.MANAGE_PEOPLE):
        return User.objects.all()
    there = managed(user)
    granted = Grant.objects.filter(scope__in=there).values("user")
    keys = [place.split(":")[1] for place in there if place.startswith("institution:")]
    return User.objects.filter(
        Q(pk=user.pk) | Q(pk__in=granted) | Q(memberships__institution__in=keys)
    ).distinct()


def managed(user: Any) -> list[str]:
    """The addresses of all places where a person manages people: as granted, and the institutions in them.

    Institutions are on the floor above, so they are asked for by the directory of addresses.
    """
    held = scopes(user, Permission.MANAGE_PEOPLE)
    codes = [scope.split(":")[1] for scope in held if scope.startswith("country:")]
    there = addresses.kinds()["institution"].visible_to(user).filter(country__code__in=codes)
    return [*held, *(institution.address for institution in there)]


def manages(by: Any, user: User) -> bool:
    """Whether `by` looks after this account: manages people wherever the person has a role now.

    So nobody who manages one country can take over an account that reaches into another. For a person without
    any role it is whoever manages a place where there was one.
    """
    if EVERYWHERE in scopes(by, Permission.MANAGE_PEOPLE):
        return True
    now = active_grants(user)
    asked = [grant.scope for grant in now or user.grants.all()]
    allowed = [may_within(by, Permission.MANAGE_PEOPLE, scope) for scope in asked]
    return all(allowed) and bool(allowed) if now else any(allowed)


def active_grants(user: User) -> list[Grant]:
    """The roles that a person has now, in the order of ROLES."""
    order = list(ROLES)
    found = user.grants.filter(ended_at=None).select_related("granted_by")
    return sorted(
        found, key=lambda grant: (order.index(grant.role) if grant.role in ROLES else -1, grant.scope)
    )


def administrators() -> QuerySet[User]:
    """Those who manage people in the whole installation and have signed in, or could: a password is set."""
    roles = [role.code for role in ROLES.values() if Permission.MANAGE_PEOPLE in role.permissions]
    everywhere = Grant.objects.filter(role__in=roles, scope=EVERYWHERE, ended_at=None)
    people = User.objects.filter(is_active=True, pk__in=everywhere.values("user"))
    return people.exclude(NO_PASSWORD)


def by_email(email: str) -> User | None:
    """The person with this address, in whatever case it is written."""
    return User.objects.filter(email__iexact=email.strip()).first()


def revision(user: User) -> int:
    """The present revision of what people edit of a person."""
    return User.objects.values_list("revision", flat=True).get(pk=user.pk)


def invited(token: str) -> User | None:
    """The person to whom a link was given, as long as it works: once, within a week."""
    pk = invitations.person(token)
    user = User.objects.filter(pk=pk).first() if pk is not None else None
    return user if user is not None and invitations.opens(token, user) else None


def second_factor(user: User) -> bool:
    """Whether sign-in asks this person for a code of an app."""
    return Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists()


def recommended_for(user: User) -> list[Role]:
    """The roles for which this person should set a second factor, and has not."""
    roles = {
        ROLES[grant.role].code: ROLES[grant.role] for grant in active_grants(user) if grant.role in ROLES
    }
    found = [role for role in roles.values() if role.second_factor]
    return [] if not found or second_factor(user) else found


def recent_sign_ins(user: User) -> QuerySet[AccessLog]:
    """The last times this person signed in, newest first: when, from which address, with which browser."""
    return AccessLog.objects.filter(username=user.email).order_by("-attempt_time")[:RECENT]
