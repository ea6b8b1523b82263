"""An invited person sets a password by a link that works once, for seven days."""

from datetime import timedelta

import pytest
from django.core import mail
from django.core.exceptions import ValidationError
from django.test import Client, RequestFactory
from django.urls import reverse

from milepost.web.accounts import actions, invitations, letters, queries
from milepost.web.accounts.models import User
from milepost.web.audit.models import Event

GOOD = "a sentence nobody knows"


@pytest.fixture
def eve(cast):
    return actions.invite(
        by=cast.adam,
        email=" Eve@Example.ORG ",
        name="Eve",
        language="ru",
        role="reader",
        scope=cast.sandoria.address,
    )


def page_of(user):
    return reverse("invitation", args=[invitations.token(user)])


def choose(client, user, password=GOOD, again=None):
    return client.post(page_of(user), {"password": password, "again": again or password})


def test_the_invited_person_sets_a_password_and_signs_in(client, eve):
    assert "Eve" in client.get(page_of(eve)).text
    assert choose(client, eve).url == reverse("account_login")
    assert (
        client.post(reverse("account_login"), {"login": "eve@example.org", "password": GOOD}).status_code
        == 302
    )
    verbs = Event.objects.filter(address=eve.address).order_by("id").values_list("verb", flat=True)
    assert list(verbs) == ["person.invited", "role.granted", "person.joined", "person.signed-in"]


def test_the_address_is_kept_in_small_letters_so_that_sign_in_finds_it(eve):
    assert eve.email == "eve@example.org"


def test_the_link_works_once(client, eve):
    link = page_of(eve)
    choose(client, eve)
    assert client.get(link).status_code == 410
    assert client.post(link, {"password": "taken over by me", "again": "taken over by me"}).status_code == 410
    assert User.objects.get(pk=eve.pk).check_password(GOOD)


def test_the_link_ends_after_seven_days(client, eve):
    def ago(**time):
        User.objects.filter(pk=eve.pk).update(invited_at=eve.invited_at - timedelta(**time))
        return page_of(User.objects.get(pk=eve.pk))

    assert client.get(ago(days=6, hours=23)).status_code == 200
    assert client.get(ago(days=7)).status_code == 410


def test_a_new_link_ends_the_one_before(client, cast, eve):
    before = page_of(eve)
    after = actions.invite_again(by=cast.adam, user=eve)
    assert client.get(before).status_code == 410
    assert client.get(page_of(after)).status_code == 200


def test_a_corrected_address_ends_the_link_that_went_to_the_wrong_one(client, cast, eve):
    before = page_of(eve)
    actions.change_person(
        by=cast.adam, user=eve, revision=1, name="Eve", language="ru", email="eva@example.org"
    )
    assert client.get(before).status_code == 410


def test_a_closed_account_cannot_be_entered_by_its_link(client, cast, eve):
    before = page_of(eve)
    actions.close(by=cast.adam, user=eve, why="Did not come.")
    assert client.get(before).status_code == 410


@pytest.mark.parametrize("change", ["", "x", "WzEsIng"])
def test_a_link_that_was_not_made_here_opens_nothing(client, eve, change):
    token = invitations.token(eve)
    for wrong in (f"{change or 'y'}{token}", token[:-1], token.split(":")[1], f"{change}:{change}"):
        assert client.get(f"/en/account/invitation/{wrong}/").status_code == 410


def test_a_link_is_for_one_person_only(cast, eve):
    assert not invitations.opens(invitations.token(eve), cast.alice)
    assert queries.invited(invitations.token(cast.alice)) is None


@pytest.mark.parametrize("weak", ["short", "password1234", "1234567890123", "eve@example.org"])
def test_the_rules_of_passwords_hold_here_too(client, eve, weak):
    answer = choose(client, eve, weak)
    assert answer.status_code == 200
    assert answer.context["form"].errors["password"]
    assert not User.objects.get(pk=eve.pk).has_usable_password()


def test_two_different_passwords_are_not_taken(client, eve):
    assert choose(client, eve, GOOD, "something else here").status_code == 200
    assert not User.objects.get(pk=eve.pk).has_usable_password()


def test_before_a_password_is_set_nobody_signs_in(client, eve):
    for password in ("", "!", eve.password, GOOD):
        client.post(reverse("account_login"), {"login": eve.email, "password": password})
    assert "_auth_user_id" not in client.session


def test_an_address_that_is_taken_is_refused_in_whatever_case(cast):
    for email in ("alice@example.org", "ALICE@EXAMPLE.ORG", "no address"):
        with pytest.raises(ValidationError) as refused:
            actions.invite(
                by=cast.adam, email=email, name="X", language="en", role="reader", scope=cast.office.address
            )
        assert "email" in refused.value.error_dict


def test_a_refused_invitation_leaves_nothing_behind(cast):
    people = User.objects.count()
    with pytest.raises(ValidationError):
        actions.invite(by=cast.adam, email="x@example.org", name="X", language="en", role="reader", scope="")
    assert User.objects.count() == people


def test_the_letter_is_in_the_persons_language_and_its_link_works(client, eve):
    letters.invite(RequestFactory().get("/en/", headers={"host": "testserver"}), eve)
    (letter,) = mail.outbox
    assert letter.to == ["eve@example.org"]
    assert "Здравствуйте, Eve!" in letter.body
    assert "&" not in letter.body
    (link,) = [line for line in letter.body.splitlines() if line.startswith("http")]
    assert link.startswith("http://testserver/ru/account/invitation/")
    assert client.get(link.replace("http://testserver", "")).status_code == 200


def test_a_link_used_in_another_window_meanwhile_is_told_so(eve):
    first, second = Client(), Client()
    assert second.get(page_of(eve)).status_code == 200
    link = page_of(eve)
    choose(first, eve)
    assert second.post(link, {"password": "another sentence", "again": "another sentence"}).status_code == 410
    with pytest.raises(ValidationError):
        actions.accept_invitation(token=invitations.token(eve), password="another sentence")


def test_who_comes_back_gets_a_new_link_and_none_of_the_old_roles(client, cast):
    actions.close(by=cast.adam, user=cast.alice, why="Moved away.")
    back = actions.reopen(by=cast.adam, user=cast.alice)
    assert back.waits
    assert queries.active_grants(back) == []
    assert choose(client, back).status_code == 302
