"""Which countries, institutions and people there are, and for whom."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from milepost.web.accounts import queries as accounts
from milepost.web.accounts.models import Grant, User
from milepost.web.accounts.queries import EVERYWHERE, may, scopes
from milepost.web.accounts.roles import ROLES, Permission, Role
from milepost.web.audit import queries as audit
from milepost.web.stakeholders.models import Country, Institution, Membership

WHOLE = "everywhere"  # stands for the scope "" in a list of choices, where "" is no choice
COLLEAGUES = (Permission.MANAGE_PEOPLE, Permission.MANAGE_INSTITUTIONS, Permission.READ_INTERNAL)
"""Who may do one of these at an institution may read who its members are."""


def within(user: Any, permission: Permission, *, institution: str, country: str) -> Q:
    """The condition that a row lies where a user may do this.

    `institution` is the lookup of the institution's key ("institution_id"), `country` that of the country's
    code ("country__code"). Every `visible_to` is made of this. Everywhere is a condition that is always true,
    not an empty one: an empty one is lost beside others ("or").
    """
    held = scopes(user, permission)
    if EVERYWHERE in held:
        return ~Q(pk__in=[])
    keys, codes = _split(held)
    if not keys and not codes:
        return Q(pk__in=[])
    return Q(**{f"{institution}__in": keys}) | Q(**{f"{country}__in": codes})


def _split(held: Iterable[str]) -> tuple[list[int], list[str]]:
    """The keys of institutions and the codes of countries among addresses."""
    keys = [int(scope.split(":")[1]) for scope in held if scope.startswith("institution:")]
    codes = [scope.split(":")[1] for scope in held if scope.startswith("country:")]
    return keys, codes


# Countries and institutions ---------------------------------------------------------------------------------


def any_example() -> bool:
    """Whether any country here is an example."""
    return Country.objects.filter(example=True).exists()


def countries(user: Any) -> QuerySet[Country]:
    """The countries a reader may know of: the public ones, and those in which a role was given."""
    held = {scope for permission in Permission for scope in scopes(user, permission)}
    if EVERYWHERE in held:
        return Country.objects.all()
    keys, codes = _split(held)
    theirs = Institution.objects.filter(pk__in=keys).values("country")
    return Country.objects.filter(Q(open_to_public=True) | Q(code__in=codes) | Q(pk__in=theirs))


def institutions(user: Any) -> QuerySet[Institution]:
    """The institutions a reader may know of: names and mandates are public where their country is."""
    return Institution.objects.filter(
        Q(country=None) | Q(country__in=countries(user).values("pk"))
    ).select_related("country")


def institutions_found(
    readable: QuerySet[Institution],
    *,
    words: str = "",
    country: str = "",
    kind: str = "",
    closed: bool = False,
) -> QuerySet[Institution]:
    """Institutions by words of a name or the code, by country ("everywhere": international) and kind."""
    if not closed:
        readable = readable.filter(active=True)
    if kind:
        readable = readable.filter(kind=kind)
    if country:
        readable = (
            readable.filter(country=None) if country == WHOLE else readable.filter(country__code=country)
        )
    if words:
        wanted = words.casefold()
        rows = readable.values_list("pk", "code", "name", "short_name")
        keys = [pk for pk, *texts in rows if wanted in _letters(*texts)]
        readable = readable.filter(pk__in=keys)
    return readable


def _letters(code: str, *texts: dict[str, str]) -> str:
    """Everything that a search may find, in small letters: SQLite knows no case of Cyrillic letters."""
    return " ".join([code, *(words for text in texts for words in text.values())]).casefold()


def editable_countries(user: Any) -> QuerySet[Country]:
    """The countries whose institutions a person may edit."""
    held = scopes(user, Permission.MANAGE_INSTITUTIONS)
    if EVERYWHERE in held:
        return Country.objects.all()
    return Country.objects.filter(code__in=_split(held)[1])


def may_edit(user: Any, thing: Country | Institution) -> bool:
    """Whether a person may edit this country or institution."""
    return may(user, Permission.MANAGE_INSTITUTIONS, *thing.places)


def last_change(user: Any, thing: Country | Institution | User) -> Any | None:
    """The last event of a thing, to say who changed it meanwhile; None where the reader may not know."""
    return audit.of(user, thing.address).filter(by__isnull=False).exclude(by=user).first()


# People -----------------------------------------------------------------------------------------------------


def people(user: Any) -> QuerySet[User]:
    """The people whom a reader may know of."""
    return accounts.visible_to(user)


class Listed(NamedTuple):
    """A person in the list: who, with which roles, working where, as far as the reader may know."""

    person: User
    roles: list[tuple[Any, Any]]  # (title, place); no place is the whole installation
    institutions: list[Institution]


def listed(user: Any, page: Iterable[User]) -> list[Listed]:
    """Some people with their present roles and institutions, in a fixed number of queries."""
    shown = list(page)
    grants = Grant.objects.filter(user__in=shown, ended_at=None).order_by("granted_at")
    works = _current(Membership.objects.filter(user__in=shown)).select_related("institution__country")
    if EVERYWHERE not in scopes(user, Permission.MANAGE_PEOPLE):
        places = accounts.managed(user)
        grants = grants.filter(Q(scope__in=places) | Q(user=user))
        works = works.filter(Q(institution__in=_split(places)[0]) | Q(user=user))
    held = list(grants)
    where = places_by_address(one.scope for one in held)
    roles: dict[int, list[tuple[Any, Any]]] = {}
    for one in held:
        title = ROLES[one.role].title if one.role in ROLES else one.role
        roles.setdefault(one.user_id, []).append((title, where.get(one.scope)))
    offices: dict[int, list[Institution]] = {}
    for work in works:
        offices.setdefault(work.user_id, []).append(work.institution)
    return [Listed(person, roles.get(person.pk, []), offices.get(person.pk, [])) for person in shown]


def places_by_address(addresses: Iterable[str]) -> dict[str, Country | Institution]:
    """The countries and institutions of these scopes, in two queries; for people who may know of them."""
    keys, codes = _split(set(addresses))
    there: list[Any] = [
        *Country.objects.filter(code__in=codes),
        *Institution.objects.filter(pk__in=keys).select_related("country"),
    ]
    return {thing.address: thing for thing in there}


def found(
    readable: QuerySet[User],
    *,
    words: str = "",
    role: str = "",
    institution: Institution | None = None,
    state: str = "",
) -> QuerySet[User]:
    """People by words of name or address, role, institution, and state: open, invited or closed."""
    if words:
        readable = readable.filter(pk__in=_named(readable, words))
    if role:
        holders = Grant.objects.filter(role=role, ended_at=None).values("user")
        readable = readable.filter(pk__in=holders)
    if institution:
        members = _current(Membership.objects.filter(institution=institution)).values("user")
        readable = readable.filter(pk__in=members)
    if state == "invited":
        readable = readable.filter(accounts.NO_PASSWORD, is_active=True, invited_at__isnull=False)
    elif state:
        readable = readable.filter(is_active=state == "open")
    return readable.order_by("name", "pk")


def _named(readable: QuerySet[User], words: str) -> list[int]:
    """Compared here, because SQLite does not know that Cyrillic letters have two cases."""
    wanted = words.casefold()
    rows = readable.values_list("pk", "name", "email")
    return [pk for pk, name, email in rows if wanted in name.casefold() or wanted in email.casefold()]


def manages(by: Any, user: User) -> bool:
    """Whether `by` may hand over all that a person has: their roles, and their memberships everywhere."""
    if not accounts.manages(by, user):
        return False
    return all(
        may(by, Permission.MANAGE_PEOPLE, *membership.institution.places)
        for membership in current_memberships(user)
    )


def grants_seen(user: Any, person: User) -> list[Grant]:
    """The roles of a person, now and before, that a reader may know of; the present ones first."""
    held = person.grants.select_related("granted_by").order_by("ended_at", "-granted_at")
    if user == person or EVERYWHERE in scopes(user, Permission.MANAGE_PEOPLE):
        known = list(held)
    else:
        known = [one for one in held if accounts.may_within(user, Permission.MANAGE_PEOPLE, one.scope)]
    return sorted(known, key=lambda one: one.ended_at is not None)


def memberships_seen(user: Any, person: User) -> list[Membership]:
    """The memberships of a person, now and before, that a reader may know of; the present ones first."""
    held = (
        Membership.objects.filter(user=person)
        .select_related("institution__country")
        .order_by("-since", "-pk")
    )
    known = [one for one in held if user == person or may_see_members(user, one.institution)]
    return sorted(known, key=lambda one: not one.is_current)


def grants(user: Any) -> QuerySet[Grant]:
    """The roles, now and before, of the people whom a reader may know of."""
    return Grant.objects.filter(user__in=people(user)).select_related("user")


def memberships(user: Any) -> QuerySet[Membership]:
    """The memberships, now and before, of the people whom a reader may know of."""
    return Membership.objects.filter(user__in=people(user)).select_related("user", "institution__country")


def current_memberships(user: User) -> list[Membership]:
    """Where a person works now, or will from a day that is fixed."""
    return list(
        _current(Membership.objects.filter(user=user).select_related("institution__country")).order_by(
            "since", "pk"
        )
    )


def _current(memberships: QuerySet[Membership]) -> QuerySet[Membership]:
    return memberships.filter(Q(until=None) | Q(until__gte=timezone.localdate()))


def may_see_members(user: Any, institution: Institution) -> bool:
    """Whether a reader may know who works for an institution: who manages it, and colleagues."""
    if any(may(user, permission, *institution.places) for permission in COLLEAGUES):
        return True
    return (
        user.is_authenticated
        and _current(Membership.objects.filter(institution=institution, user=user)).exists()
    )


def members(user: Any, institution: Institution) -> list[Membership] | None:
    """Who works for an institution, now and before; None for a reader who may not know."""
    if not may_see_members(user, institution):
        return None
    held = (
        Membership.objects.filter(institution=institution)
        .select_related("user")
        .order_by("user__name", "-since")
    )
    return sorted(held, key=lambda one: not one.is_current)


# What a person who manages people may choose from -----------------------------------------------------------


def places_for_roles(user: Any) -> dict[str, list[Country | Institution]]:
    """Where a person may give roles: active institutions and countries, by kind of scope."""
    held = scopes(user, Permission.MANAGE_PEOPLE)
    offered: dict[str, list[Any]] = {"": []} if EVERYWHERE in held else {}
    countries_there = Country.objects.all()
    if EVERYWHERE not in held:
        countries_there = countries_there.filter(code__in=_split(held)[1])
    offered["country"] = list(countries_there)
    offered["institution"] = list(institutions_managed(user))
    return offered


def roles_offered(user: Any) -> list[Role]:
    """The roles for which there is a place where this person may give them."""
    kinds = {kind for kind, things in places_for_roles(user).items() if things or kind == ""}
    return [role for role in ROLES.values() if kinds.intersection(role.scopes)]


def institutions_managed(user: Any) -> QuerySet[Institution]:
    """The active institutions whose members a person may name."""
    there = within(user, Permission.MANAGE_PEOPLE, institution="pk", country="country__code")
    return Institution.objects.filter(there, active=True).select_related("country")


def may_manage_somebody(user: Any) -> bool:
    """Whether a person looks after accounts anywhere."""
    return bool(scopes(user, Permission.MANAGE_PEOPLE))


def successors(user: Any, leaver: User) -> QuerySet[User]:
    """Those who could take over from a person: everybody with an open account whom the reader knows of."""
    return people(user).filter(is_active=True).exclude(pk=leaver.pk).order_by("name", "pk")
