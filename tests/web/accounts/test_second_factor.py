"""The second factor with real codes: set up, asked for at sign-in, lost, recommended."""

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse

from milepost.web.accounts import actions, second_factor
from milepost.web.audit.models import Event
from tests.cast import PASSWORD


def code_of(secret):
    """The code that an app on the phone shows now (RFC 6238, 30 seconds, 6 digits)."""
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30))


def password_step(client, user):
    return client.post(reverse("account_login"), {"login": user.email, "password": PASSWORD})


def set_up(client, user):
    """Sign in and set a second factor; its secret and one recovery code."""
    password_step(client, user)
    asked = client.get(reverse("mfa_activate_totp"))
    page = client.post(asked.url, {"password": PASSWORD}, follow=True)
    secret = page.context["form"].secret
    answer = client.post(reverse("mfa_activate_totp"), {"code": code_of(secret)})
    assert answer.status_code == 302, answer.text
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]
    return secret, codes


def signed_in(client):
    return "_auth_user_id" in client.session


@pytest.mark.django_db(transaction=True)  # allauth tells of it after the commit
def test_the_code_of_the_app_is_asked_after_the_password(cast):
    secret, _codes = set_up(Client(), cast.bob)
    client = Client()
    answer = password_step(client, cast.bob)
    assert answer.url == reverse("mfa_authenticate")
    assert not signed_in(client)
    assert client.post(reverse("mfa_authenticate"), {"code": "000000"}).status_code == 200
    assert not signed_in(client)
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert signed_in(client)
    verbs = list(Event.objects.filter(address=cast.bob.address).order_by("id").values_list("verb", flat=True))
    assert verbs == [
        "person.signed-in",
        "person.second-factor-set",
        "person.codes-made",
        "person.sign-in-failed",
        "person.signed-in",
    ]


def test_the_wanted_page_is_kept_over_both_steps(cast):
    secret, _codes = set_up(Client(), cast.bob)
    client, wanted = Client(), reverse("roles")
    client.post(reverse("account_login"), {"login": cast.bob.email, "password": PASSWORD, "next": wanted})
    assert client.post(reverse("mfa_authenticate"), {"code": code_of(secret)}).url == wanted


def test_a_recovery_code_signs_in_once(cast):
    _secret, codes = set_up(Client(), cast.bob)
    first, second = Client(), Client()
    password_step(first, cast.bob)
    first.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert signed_in(first)
    password_step(second, cast.bob)
    second.post(reverse("mfa_authenticate"), {"code": codes[0]})
    assert not signed_in(second)


def test_guessing_codes_is_stopped(cast):
    secret, _codes = set_up(Client(), cast.bob)
    client = Client()
    password_step(client, cast.bob)
    for number in range(12):
        client.post(reverse("mfa_authenticate"), {"code": f"{number:06}"})
    client.post(reverse("mfa_authenticate"), {"code": code_of(secret)})
    assert not signed_in(client)


def test_switching_it_off_is_written_down(cast):
    client = Client()
    set_up(client, cast.bob)
    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.filter(user=cast.bob, type="totp").exists()
    assert Event.objects.filter(address=cast.bob.address, verb="person.second-factor-removed").exists()


@pytest.mark.parametrize(
    ("name", "recommended"), [("bob", True), ("adam", True), ("carol", True), ("alice", False)]
)
def test_it_is_recommended_where_much_depends_on_the_account_until_it_is_set(cast, name, recommended):
    user = getattr(cast, name)
    client = Client()
    password_step(client, user)
    assert ("second-factor-recommended" in client.get(reverse("my-account")).text) == recommended
    set_up(client, user)
    assert "second-factor-recommended" not in client.get(reverse("my-account")).text


def test_an_administrator_takes_it_away_from_somebody_who_lost_it(cast):
    set_up(Client(), cast.bob)
    actions.remove_second_factor(by=cast.adam, user=cast.bob, why="Lost the phone; called back.")
    client = Client()
    password_step(client, cast.bob)
    assert signed_in(client)
    event = Event.objects.get(verb="person.second-factor-removed")
    assert (event.by, event.why) == (cast.adam, "Lost the phone; called back.")


def test_it_can_be_set_after_a_forgotten_password(cast):
    client = Client()
    client.post(reverse("account_reset_password"), {"email": cast.bob.email})
    set_up(client, cast.bob)


def test_what_is_kept_of_it_is_encrypted(cast):
    secret, codes = set_up(Client(), cast.bob)
    kept = " ".join(str(one.data) for one in Authenticator.objects.filter(user=cast.bob))
    assert secret not in kept
    assert not any(code in kept for code in codes)
    totp = Authenticator.objects.get(user=cast.bob, type="totp")
    assert second_factor.Adapter().decrypt(totp.data["secret"]) == secret


def test_with_another_secret_key_no_code_is_right_and_nothing_breaks(cast, settings):
    secret, codes = set_up(Client(), cast.bob)
    settings.SECRET_KEY = "another key, as after the loss of the first one: k" * 2
    client = Client()
    password_step(client, cast.bob)
    for code in (code_of(secret), codes[0], code_of("")):
        assert client.post(reverse("mfa_authenticate"), {"code": code}).status_code == 200
    assert not signed_in(client)
    actions.remove_second_factor(by=cast.adam, user=cast.bob, why="The key was lost.")
    again = Client()
    password_step(again, cast.bob)
    assert signed_in(again)
