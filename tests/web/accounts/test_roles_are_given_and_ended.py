"""Who gives which role to whom, where; and that somebody always looks after the accounts."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from milepost.web.accounts import actions, queries
from milepost.web.accounts.models import Grant
from milepost.web.accounts.roles import Permission
from milepost.web.audit.models import Event
from tests.cast import person

OTHERS = ["alice", "bob", "charlie", "carol", "frank", "nobody"]


def country_administrator(cast, country):
    return person(f"head-{country.code}", ("administrator", country.address))


def holds(user, role, scope):
    return Grant.objects.filter(user=user, role=role, scope=scope, ended_at=None).exists()


def test_an_administrator_gives_a_role_and_it_is_written_down(cast):
    actions.grant(by=cast.adam, user=cast.nobody, role="reader", scope=cast.sandoria.address)
    assert queries.may(cast.nobody, Permission.READ_INTERNAL, *cast.office.places)
    event = Event.objects.get(verb="role.granted")
    assert (event.by, event.address, event.scope) == (cast.adam, cast.nobody.address, "")
    assert event.details == {"role": "reader", "within": "country:xs"}


@pytest.mark.parametrize("name", OTHERS)
def test_those_who_do_not_manage_people_give_and_end_nothing(cast, name):
    by = getattr(cast, name)
    with pytest.raises(PermissionDenied):
        actions.grant(by=by, user=cast.nobody, role="reader", scope=cast.office.address)
    with pytest.raises(PermissionDenied):
        actions.end_grant(by=by, grant=cast.alice.grants.get())
    assert holds(cast.alice, "statistician", cast.office.address)
    assert not Event.objects.exists()


def test_a_country_administrator_gives_roles_in_the_country_and_its_institutions_only(cast):
    head = country_administrator(cast, cast.sandoria)
    actions.grant(by=head, user=cast.nobody, role="coordinator", scope=cast.sandoria.address)
    actions.grant(by=head, user=cast.nobody, role="focal-point", scope=cast.ministry.address)
    actions.grant(by=head, user=cast.nobody, role="administrator", scope=cast.sandoria.address)
    for role, scope in (
        ("reader", cast.norland.address),
        ("reader", cast.abroad.address),
        ("administrator", cast.norland.address),
        ("administrator", ""),
        ("reader", "institution:987654"),
        ("reader", "country:zz"),
    ):
        with pytest.raises(PermissionDenied):
            actions.grant(by=head, user=cast.nobody, role=role, scope=scope)


def test_a_country_administrator_ends_no_role_of_another_country(cast):
    head = country_administrator(cast, cast.sandoria)
    for grant in cast.charlie.grants.all():
        with pytest.raises(PermissionDenied):
            actions.end_grant(by=head, grant=grant)
    actions.end_grant(by=head, grant=cast.bob.grants.get(), why="Has another task.")
    assert not holds(cast.bob, "reviewer", cast.office.address)
    assert Event.objects.get(verb="role.ended").why == "Has another task."


@pytest.mark.parametrize(
    ("role", "scope"),
    [
        ("statistician", ""),
        ("statistician", "country:xs"),
        ("coordinator", "institution:1"),
        ("king", ""),
        ("reader", "?"),
    ],
)
def test_a_role_is_only_given_where_it_makes_sense(cast, role, scope):
    with pytest.raises(ValidationError):
        actions.grant(by=cast.adam, user=cast.nobody, role=role, scope=scope)


def test_nobody_gives_themselves_more_than_they_have(cast):
    with pytest.raises(PermissionDenied):
        actions.grant(by=cast.adam, user=cast.adam, role="reviewer", scope=cast.office.address)
    actions.grant(by=cast.adam, user=cast.adam, role="administrator", scope=cast.sandoria.address)


def test_a_role_is_not_given_twice_nor_to_who_has_left(cast):
    with pytest.raises(ValidationError):
        actions.grant(by=cast.adam, user=cast.alice, role="statistician", scope=cast.office.address)
    actions.close(by=cast.adam, user=cast.alice, why="Retired.")
    with pytest.raises(ValidationError):
        actions.grant(by=cast.adam, user=cast.alice, role="reader", scope=cast.office.address)


def test_a_role_ends_once_and_can_be_given_again(cast):
    grant = cast.bob.grants.get()
    actions.end_grant(by=cast.adam, grant=grant)
    with pytest.raises(ValidationError):
        actions.end_grant(by=cast.adam, grant=grant)
    actions.grant(by=cast.adam, user=cast.bob, role="reviewer", scope=cast.office.address)
    assert holds(cast.bob, "reviewer", cast.office.address)


def test_the_last_administrator_stays(cast):
    with pytest.raises(ValidationError):
        actions.end_grant(by=cast.adam, grant=cast.adam.grants.get())
    with pytest.raises(ValidationError):
        actions.close(by=cast.adam, user=cast.adam, why="Leaves.")
    assert holds(cast.adam, "administrator", "")


def test_somebody_who_never_signed_in_does_not_count_as_an_administrator(cast):
    actions.invite(
        by=cast.adam, email="eve@example.org", name="Eve", language="en", role="administrator", scope=""
    )
    with pytest.raises(ValidationError):
        actions.end_grant(by=cast.adam, grant=cast.adam.grants.get())


def test_with_a_second_administrator_the_first_may_go(cast):
    person("ada", ("administrator", ""))
    actions.end_grant(by=cast.adam, grant=cast.adam.grants.get())
    assert not holds(cast.adam, "administrator", "")


def test_the_first_administrator_of_an_installation_comes_once(db):
    first = actions.first_administrator(email="First@Example.org", name="First", language="ru")
    assert first.email == "first@example.org"
    assert first.waits
    assert holds(first, "administrator", "")
    with pytest.raises(ValidationError):
        actions.first_administrator(email="second@example.org", name="Second")


def test_accounts_that_reach_into_another_country_are_not_a_country_administrators_to_change(cast):
    head = country_administrator(cast, cast.sandoria)
    actions.grant(by=cast.adam, user=cast.alice, role="reader", scope=cast.norland.address)
    assert queries.manages(head, cast.bob)
    for user in (cast.alice, cast.adam, cast.charlie, cast.nobody):
        assert not queries.manages(head, user)
        with pytest.raises(PermissionDenied):
            actions.change_person(
                by=head, user=user, revision=1, name="X", language="en", email="mine@example.org"
            )
        with pytest.raises(PermissionDenied):
            actions.close(by=head, user=user, why="x")
        with pytest.raises(PermissionDenied):
            actions.end_sessions(by=head, user=user)
        with pytest.raises(PermissionDenied):
            actions.remove_second_factor(by=head, user=user, why="x")


@pytest.mark.parametrize("name", OTHERS)
def test_those_who_do_not_manage_people_change_nobody(cast, name):
    by, user = getattr(cast, name), cast.bob if name == "alice" else cast.alice
    more = {"revision": 1, "name": "X", "language": "en"}
    refused = [
        (actions.change_person, {**more, "email": "x@example.org"}),
        (actions.change_person, more),
        (actions.close, {"why": "x"}),
        (actions.reopen, {}),
        (actions.invite_again, {}),
        (actions.end_sessions, {}),
        (actions.remove_second_factor, {"why": "x"}),
    ]
    for deed, arguments in refused:
        with pytest.raises(PermissionDenied):
            deed(by=by, user=user, **arguments)
    with pytest.raises(PermissionDenied):
        actions.invite(
            by=by, email="x@example.org", name="X", language="en", role="reader", scope=cast.office.address
        )
    with pytest.raises(PermissionDenied):
        actions.invite_successor(by=by, leaver=user, email="x@example.org", name="X", language="en")
    assert not Event.objects.exists()


def test_nobody_takes_away_their_own_second_factor_by_the_side_door(cast):
    with pytest.raises(PermissionDenied):
        actions.remove_second_factor(by=cast.adam, user=cast.adam, why="x")
