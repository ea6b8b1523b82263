"""axes and allauth's form together: five wrong passwords lock one account for a while."""

import re
from datetime import timedelta

from axes.models import AccessAttempt
from django.core.cache import cache
from django.db.models import F
from django.urls import reverse

from milepost.web.accounts import actions, lockout
from milepost.web.audit.models import Event
from tests.cast import PASSWORD


def try_(client, email, password):
    return client.post(reverse("account_login"), {"login": email, "password": password})


def lock(client, email):
    answers = [try_(client, email, "wrong password") for _ in range(5)]
    assert [answer.status_code for answer in answers[:4]] == [200] * 4
    return answers[-1]


def signed_in(client):
    return "_auth_user_id" in client.session


def test_five_wrong_passwords_lock_and_the_right_one_is_then_refused(client, cast):
    answer = lock(client, cast.alice.email)
    assert answer.status_code == 429
    assert "15 minutes" in answer.text
    assert 0 < int(answer["Retry-After"]) <= 900
    assert try_(client, cast.alice.email, PASSWORD).status_code == 429
    assert not signed_in(client)


def test_the_address_in_capitals_is_the_same_account(client, cast):
    for email in (
        "alice@example.org",
        "ALICE@example.org",
        "Alice@Example.org",
        " alice@example.org",
        "aLICE@example.org",
    ):
        answer = try_(client, email, "wrong password")
    assert answer.status_code == 429


def test_after_the_pause_the_right_password_signs_in(client, cast):
    lock(client, cast.alice.email)
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=16))
    answer = try_(client, cast.alice.email, PASSWORD)
    assert answer.status_code == 302
    assert signed_in(client)


def test_the_page_says_how_long_is_left(client, cast):
    lock(client, cast.alice.email)
    AccessAttempt.objects.update(attempt_time=F("attempt_time") - timedelta(minutes=10))
    request = client.get(reverse("account_login")).wsgi_request
    request.axes_ip_address = "127.0.0.1"
    answer = lockout.answer(request, None, {"login": cast.alice.email})
    assert "5 minutes" in answer.content.decode()


def test_other_accounts_are_not_touched(client, cast):
    lock(client, cast.alice.email)
    assert try_(client, cast.bob.email, PASSWORD).status_code == 302


def test_a_right_password_forgets_the_wrong_ones_before_it(client, cast):
    for _ in range(4):
        try_(client, cast.alice.email, "wrong password")
    assert try_(client, cast.alice.email, PASSWORD).status_code == 302
    client.logout()
    assert try_(client, cast.alice.email, "wrong password").status_code == 200
    assert try_(client, cast.alice.email, PASSWORD).status_code == 302


def test_an_unknown_address_looks_like_a_wrong_password(client, cast):
    def seen(answer, email):
        return answer.status_code, answer.text.replace(email, "…").split("<main")[1]

    def without_token(page):
        return re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page[1])

    known = [seen(try_(client, cast.alice.email, "wrong password"), cast.alice.email) for _ in range(5)]
    cache.clear()
    unknown = [
        seen(try_(client, "ghost@example.org", "wrong password"), "ghost@example.org") for _ in range(5)
    ]
    assert [page[0] for page in known] == [page[0] for page in unknown] == [200] * 4 + [429]
    assert [without_token(page) for page in known] == [without_token(page) for page in unknown]


def test_failures_and_the_lock_are_written_down_once_and_no_unknown_address(client, cast):
    lock(client, cast.alice.email)
    try_(client, cast.alice.email, PASSWORD)
    cache.clear()
    try_(client, "ghost@example.org", "wrong password")
    told = list(Event.objects.order_by("id").values_list("verb", "address", "by", "scope"))
    assert told == [
        *[("person.sign-in-failed", cast.alice.address, None, "")] * 5,
        ("person.locked-out", cast.alice.address, None, ""),
        ("person.sign-in-failed", "", None, ""),
    ]
    assert "ghost" not in str(list(Event.objects.values()))


def test_the_limit_by_caller_stops_guessing_over_many_addresses(client, cast):
    for number in range(10):
        assert try_(client, f"ghost{number}@example.org", "wrong password").status_code == 200
    answer = try_(client, cast.alice.email, PASSWORD)
    assert answer.status_code == 200
    assert "Too many attempts" in answer.text
    assert not signed_in(client)


def test_thirty_attempts_a_minute_from_one_caller_are_too_many(client, cast, settings):
    answers = [try_(client, "not an address", "x") for _ in range(31)]
    assert [answer.status_code for answer in answers] == [200] * 30 + [429]


def test_behind_a_proxy_the_caller_is_the_one_the_proxy_names(client, cast, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.AXES_CLIENT_IP_CALLABLE = "milepost.web.accounts.lockout.caller"
    for _ in range(5):
        client.post(
            reverse("account_login"),
            {"login": cast.alice.email, "password": "wrong"},
            headers={"x-forwarded-for": "203.0.113.5"},
        )
    here = client.post(
        reverse("account_login"),
        {"login": cast.alice.email, "password": PASSWORD},
        headers={"x-forwarded-for": "203.0.113.5"},
    )
    assert here.status_code == 429
    elsewhere = client.post(
        reverse("account_login"),
        {"login": cast.alice.email, "password": PASSWORD},
        headers={"x-forwarded-for": "198.51.100.7"},
    )
    assert elsewhere.status_code == 302


def test_a_new_password_ends_the_lock(client, cast):
    lock(client, cast.alice.email)
    actions.set_password(user=cast.alice, password="another long enough one")
    assert try_(client, cast.alice.email, "another long enough one").status_code == 302
