"""What a person sees and changes of the own account."""

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from milepost.web.accounts import actions
from milepost.web.accounts.models import User
from milepost.web.accounts.roles import ROLES
from milepost.web.audit.models import Event
from tests.cast import PASSWORD

PAGES = ["my-account", "roles"]


def save(client, **typed):
    return client.post(reverse("my-account"), {"name": "Alice A.", "language": "ru", "revision": 1, **typed})


@pytest.mark.parametrize("name", PAGES)
def test_somebody_who_is_not_signed_in_is_led_to_the_sign_in_page(client, db, name):
    answer = client.get(reverse(name))
    assert answer.url == f"{reverse('account_login')}?next={reverse(name)}"


def test_ending_sessions_needs_a_signed_in_person_and_a_button(client, cast):
    assert client.post(reverse("sessions-end")).status_code == 302
    client.force_login(cast.alice)
    assert client.get(reverse("sessions-end")).status_code == 405


@pytest.mark.parametrize("name", ["alice", "bob", "charlie", "carol", "frank", "adam", "nobody"])
def test_everybody_sees_the_own_roles_and_what_they_allow(client, cast, name):
    user = getattr(cast, name)
    client.force_login(user)
    page = client.get(reverse("my-account")).text
    for grant in user.grants.all():
        for deed in ROLES[grant.role].deeds:
            assert str(escape(deed)) in page
    assert user.email in page
    assert ("No role has been given" in page) == (name == "nobody")


def test_name_and_language_are_saved(client, cast):
    client.force_login(cast.alice)
    assert save(client).status_code == 302
    alice = User.objects.get(pk=cast.alice.pk)
    assert (alice.name, alice.language, alice.revision) == ("Alice A.", "ru", 2)
    assert Event.objects.get(verb="person.changed").details == {"fields": ["language", "name"]}


def test_the_address_cannot_be_changed_here(client, cast):
    client.force_login(cast.alice)
    save(client, email="mine@example.org")
    assert User.objects.get(pk=cast.alice.pk).email == "alice@example.org"


def test_what_was_changed_meanwhile_is_not_overwritten_and_what_was_typed_stays(client, cast):
    client.force_login(cast.alice)
    actions.change_person(
        by=cast.adam, user=cast.alice, revision=1, name="Alice B.", language="en", email="alice@example.org"
    )
    answer = save(client)
    assert answer.status_code == 200
    assert "Another person changed this meanwhile" in answer.text
    assert 'value="Alice A."' in answer.text
    assert User.objects.get(pk=cast.alice.pk).name == "Alice B."
    assert save(client, revision=2).status_code == 302


def test_a_language_that_is_not_offered_is_refused(client, cast):
    client.force_login(cast.alice)
    assert save(client, language="xx").status_code == 200
    assert User.objects.get(pk=cast.alice.pk).language == "en"


def test_the_last_sign_ins_are_shown_to_their_person_only(cast):
    alice, bob = Client(), Client()
    login = reverse("account_login")
    alice.post(login, {"login": cast.alice.email, "password": PASSWORD}, headers={"user-agent": "Lynx/2.9"})
    bob.post(login, {"login": cast.bob.email, "password": PASSWORD}, headers={"user-agent": "Netscape"})
    page = alice.get(reverse("my-account")).text
    assert "Lynx/2.9" in page
    assert "Netscape" not in page


def test_after_a_corrected_address_only_the_new_one_signs_in(cast):
    EmailAddress.objects.create(user=cast.alice, email="alice@example.org", primary=True)
    actions.change_person(
        by=cast.adam, user=cast.alice, revision=1, name="Alice", language="en", email="New@Example.org"
    )
    login = reverse("account_login")
    assert Client().post(login, {"login": "alice@example.org", "password": PASSWORD}).status_code == 200
    assert Client().post(login, {"login": "new@example.org", "password": PASSWORD}).status_code == 302


def test_a_closed_account_is_out_at_once_and_cannot_come_in(cast):
    client = Client()
    login = reverse("account_login")
    client.post(login, {"login": cast.alice.email, "password": PASSWORD})
    actions.close(by=cast.adam, user=cast.alice, why="Left.")
    assert client.get(reverse("my-account")).status_code == 302
    Client().post(login, {"login": cast.alice.email, "password": PASSWORD})
    assert "_auth_user_id" not in Client().session
    User.objects.filter(pk=cast.alice.pk).update(is_active=True)
    assert client.get(reverse("my-account")).status_code == 302


def test_the_page_of_roles_says_everything_about_every_role(client, cast):
    client.force_login(cast.nobody)
    page = client.get(reverse("roles")).text
    for role in ROLES.values():
        for words in (role.title, role.purpose, *role.deeds):
            assert str(escape(words)) in page
