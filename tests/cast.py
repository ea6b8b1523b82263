"""Who plays in the tests: Alice owns, Bob is in her institution, Charlie is in another country.

Sandoria (xs) and Norland (xn) are made up.
"""

from dataclasses import dataclass
from datetime import date

import pytest

from milepost.web.accounts.models import Grant, User
from milepost.web.stakeholders.models import Country, Institution, Membership

PASSWORD = "a long enough password"


@dataclass(frozen=True)
class Cast:
    """The people, countries and institutions of the tests."""

    sandoria: Country
    norland: Country
    office: Institution  # statistical office of Sandoria
    ministry: Institution  # of labour, in Sandoria
    abroad: Institution  # statistical office of Norland
    alice: User  # statistician in the office
    bob: User  # reviewer in the office
    charlie: User  # statistician and reviewer in Norland
    carol: User  # coordinator of Sandoria
    frank: User  # focal point of the ministry
    mary: User  # project manager of the ministry
    fred: User  # fund manager of the ministry
    adam: User  # administrator of the installation
    nobody: User  # signed in, without any role


def person(name: str, *grants: tuple[str, str], works_for: Institution | None = None) -> User:
    """A user with these (role, scope) grants."""
    user = User(email=f"{name}@example.org", name=name.title())
    user.set_password(PASSWORD)
    user.save()
    for role, scope in grants:
        Grant.objects.create(user=user, role=role, scope=scope)
    if works_for is not None:
        Membership.objects.create(user=user, institution=works_for, since=date(2026, 1, 1))
    return user


@pytest.fixture
def cast(db) -> Cast:
    """Everybody, in a fresh database."""
    sandoria = Country.objects.create(
        code="xs", name={"en": "Sandoria", "ru": "Сандория"}, fictional=True, m49="901"
    )
    norland = Country.objects.create(
        code="xn", name={"en": "Norland", "ru": "Норландия"}, fictional=True, m49="902"
    )
    office = Institution.objects.create(
        country=sandoria,
        code="statistics",
        kind="statistical_office",
        name={"en": "Statistical Office of Sandoria", "ru": "Статистическая служба Сандории"},
    )
    ministry = Institution.objects.create(
        country=sandoria,
        code="labour",
        kind="ministry",
        name={"en": "Ministry of Labour of Sandoria", "ru": "Министерство труда Сандории"},
    )
    abroad = Institution.objects.create(
        country=norland, code="statistics", kind="statistical_office", name={"en": "Statistics Norland"}
    )
    return Cast(
        sandoria=sandoria,
        norland=norland,
        office=office,
        ministry=ministry,
        abroad=abroad,
        alice=person("alice", ("statistician", office.address), works_for=office),
        bob=person("bob", ("reviewer", office.address), works_for=office),
        charlie=person(
            "charlie", ("statistician", abroad.address), ("reviewer", abroad.address), works_for=abroad
        ),
        carol=person("carol", ("coordinator", sandoria.address), works_for=office),
        frank=person("frank", ("focal-point", ministry.address), works_for=ministry),
        mary=person("mary", ("project-manager", ministry.address), works_for=ministry),
        fred=person("fred", ("fund-manager", ministry.address), works_for=ministry),
        adam=person("adam", ("administrator", "")),
        nobody=person("nobody"),
    )
