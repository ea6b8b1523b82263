"""Sign-in leads back to where one wanted to be and is written down; sessions end when they should."""

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from milepost.web.accounts import actions
from milepost.web.accounts.models import User
from milepost.web.audit.models import Event
from tests.cast import PASSWORD

NEW = "quite another password"


def sign_in(client, user, password=PASSWORD, **more):
    return client.post(reverse("account_login"), {"login": user.email, "password": password, **more})


def told(user):
    return list(Event.objects.filter(address=user.address).order_by("id").values_list("verb", flat=True))


def test_sign_in_leads_to_the_page_that_was_asked_for(client, cast):
    wanted = reverse("institution", args=[cast.office.pk])
    answer = client.get(wanted)
    assert answer.status_code == 302
    page = client.get(answer.url)
    assert re.search(rf'name="next"[^>]*value="{wanted}"', page.text)
    assert sign_in(client, cast.alice, next=wanted).url == wanted


def test_sign_in_never_leads_to_another_site(client, cast):
    answer = sign_in(client, cast.alice, next="https://elsewhere.example/")
    assert "elsewhere" not in answer.url


def test_a_form_sent_after_the_session_ended_leads_through_sign_in_back_to_its_page(client, cast):
    client.force_login(cast.adam)
    page = reverse("invite")
    assert client.get(page).status_code == 200
    actions.end_sessions(by=cast.adam, user=cast.adam)
    answer = client.post(page, {"email": "new@example.org"})
    assert answer.status_code == 302
    assert answer.url == f"{reverse('account_login')}?next={page}"


def test_signing_in_and_out_is_written_down(client, cast):
    sign_in(client, cast.alice)
    client.post(reverse("account_logout"))
    assert told(cast.alice) == ["person.signed-in", "person.signed-out"]
    assert Event.objects.latest("id").by == cast.alice


def test_signing_out_needs_a_button_not_a_link(client, cast):
    client.force_login(cast.alice)
    assert client.get(reverse("account_logout")).status_code == 200
    assert "_auth_user_id" in client.session


def test_signing_out_everywhere_ends_every_session_of_this_person_only(cast):
    desk, phone, other = Client(), Client(), Client()
    for client, user in ((desk, cast.alice), (phone, cast.alice), (other, cast.bob)):
        sign_in(client, user)
    answer = desk.post(reverse("sessions-end"))
    assert answer.url == reverse("account_login")
    page = reverse("my-account")
    assert [client.get(page).status_code for client in (desk, phone, other)] == [302, 302, 200]
    assert "person.sessions-ended" in told(cast.alice)


def test_a_new_password_ends_the_other_sessions_and_is_written_down(cast):
    here, there = Client(), Client()
    sign_in(here, cast.alice)
    sign_in(there, cast.alice)
    answer = here.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    )
    assert answer.status_code == 302
    assert there.get(reverse("my-account")).status_code == 302
    assert "person.password-set" in told(cast.alice)
    assert sign_in(Client(), cast.alice, NEW).status_code == 302


@pytest.mark.parametrize(
    "weak",
    ["short", "password1234", "123456789012345", "alice@example.org"],
    ids=["short", "common", "digits", "similar"],
)
def test_weak_passwords_are_refused(client, cast, weak):
    sign_in(client, cast.alice)
    answer = client.post(
        reverse("account_change_password"), {"oldpassword": PASSWORD, "password1": weak, "password2": weak}
    )
    assert answer.status_code == 200
    cast.alice.refresh_from_db()
    assert cast.alice.check_password(PASSWORD)


def test_a_forgotten_password_is_set_anew_by_a_letter_in_the_persons_language(client, cast):
    actions.change_person(by=cast.alice, user=cast.alice, revision=1, name="Alice", language="ru")
    client.post(reverse("account_reset_password"), {"email": "Alice@Example.org"})
    (letter,) = mail.outbox
    assert letter.to == ["alice@example.org"]
    assert letter.subject == "Milepost: Новый пароль"
    assert "Здравствуйте, Alice!" in letter.body
    link = re.search(r"https?://\S+", letter.body)[0].replace("http://testserver", "")
    page = client.get(link, follow=True)
    answer = client.post(page.redirect_chain[-1][0], {"password1": NEW, "password2": NEW})
    assert answer.status_code == 302
    assert sign_in(Client(), cast.alice, NEW).status_code == 302
    assert client.get(link, follow=True).context["token_fail"]


def test_asking_for_an_unknown_address_shows_the_same_page(client, cast):
    known = client.post(reverse("account_reset_password"), {"email": cast.alice.email})
    unknown = client.post(reverse("account_reset_password"), {"email": "ghost@example.org"})
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)
    assert [letter.to for letter in mail.outbox] == [["alice@example.org"], ["ghost@example.org"]]
    assert "there is no account with it" in mail.outbox[1].body


@pytest.mark.parametrize(
    "path", ["email/", "confirm-email/", "confirm-email/abc/", "password/set/", "login/code/confirm/"]
)
def test_doors_of_sign_up_are_closed(client, cast, path):
    client.force_login(cast.alice)
    assert client.get(f"/en/account/{path}").status_code == 404
    assert client.post(f"/en/account/{path}", {"email": "x@example.org", "action_add": ""}).status_code == 404


def test_nobody_signs_up(client, db):
    form = {"email": "me@example.org", "password1": NEW, "password2": NEW}
    answer = client.post(reverse("account_signup"), form)
    assert answer.status_code == 200
    assert not User.objects.exists()
