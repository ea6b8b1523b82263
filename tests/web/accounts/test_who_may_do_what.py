"""`may` agrees with a plain reading of the grants, whatever they are; roles are readable."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milepost.web.accounts import queries
from milepost.web.accounts.models import Grant, User
from milepost.web.accounts.roles import DEEDS, PLACES, ROLES, Permission

SCOPES = ["", "country:xs", "country:xn", "institution:1", "institution:2"]
held = st.lists(
    st.tuples(st.sampled_from([*ROLES, "a-role-of-former-times"]), st.sampled_from(SCOPES), st.booleans()),
    max_size=6,
)


def plainly(grants, permission, places):
    """The reference: read the list of grants from the top, and stop at the first that allows it."""
    for role, scope, ended in grants:
        if ended or role not in ROLES:
            continue
        if permission in ROLES[role].permissions and (scope == "" or scope in places):
            return True
    return False


@pytest.fixture
def reader(db):
    return User.objects.create(email="reader@example.org", name="Reader")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(grants=held, places=st.lists(st.sampled_from(SCOPES[1:]), max_size=3, unique=True))
def test_may_agrees_with_a_plain_reading_of_the_grants(reader, grants, places):
    Grant.objects.all().delete()
    Grant.objects.bulk_create(
        [
            Grant(user=reader, role=role, scope=scope, ended_at=timezone.now() if ended else None)
            for role, scope, ended in {
                (role, scope): (role, scope, ended) for role, scope, ended in grants
            }.values()
        ]
    )
    unique = list({(role, scope): (role, scope, ended) for role, scope, ended in grants}.values())
    queries.forget_grants(reader)
    for permission in Permission:
        allowed = plainly(unique, permission, places)
        assert queries.may(reader, permission, *places) == allowed, (unique, permission, places)


def test_nobody_who_is_not_signed_in_or_has_left_may_do_anything(cast):
    cast.adam.is_active = False
    for user in (AnonymousUser(), cast.adam):
        assert not any(queries.may(user, permission, *SCOPES) for permission in Permission)


def test_grants_are_read_once_for_a_request(cast, django_assert_num_queries):
    with django_assert_num_queries(1):
        for permission in Permission:
            queries.may(cast.alice, permission, cast.office.address)


def test_every_permission_has_words_and_belongs_to_a_role():
    assert set(DEEDS) == set(Permission)
    assert set(Permission) == {permission for role in ROLES.values() for permission in role.permissions}


def test_every_role_says_where_it_can_be_given():
    assert all(role.scopes and set(role.scopes) <= set(PLACES) for role in ROLES.values())


def test_nobody_may_both_submit_and_approve_by_one_role():
    for role in ROLES.values():
        assert not {Permission.SUBMIT_DATA, Permission.REVIEW_DATA} <= role.permissions, role.code
