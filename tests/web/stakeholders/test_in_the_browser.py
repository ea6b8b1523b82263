"""Whole ways through the pages in a real browser, and every page looked at by axe."""

import time

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import translation

from milepost.web.accounts import actions as accounts
from milepost.web.accounts import invitations
from milepost.web.accounts.models import User
from milepost.web.stakeholders import actions
from tests.cast import PASSWORD
from tests.web.conftest import DESK, PHONE, accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

CHOSEN = "seven calm storks over the lake"


def press(tab, name):
    tab.page.get_by_role("button", name=name, exact=True).click()


def sign_in(tab, email, password):
    tab.page.fill("#id_login", email)
    tab.page.fill("#id_password", password)
    tab.page.locator("main").get_by_role("button", name="Sign in").click()


def test_a_person_is_invited_chooses_a_password_signs_in_and_sets_a_second_factor(tab, cast, browser):
    tab.sign_in(cast.adam)
    tab.open("/en/work/people/")
    tab.page.get_by_role("link", name="Invite a person").click()
    tab.page.fill("#id_email", "Eve@Example.org")
    tab.page.fill("#id_name", "Eve")
    tab.page.select_option("#id_role", "reviewer")
    tab.page.select_option("#id_scope", cast.sandoria.address)
    tab.page.select_option("#id_institution", str(cast.office.pk))
    press(tab, "Invite")
    tab.page.get_by_text("A letter with the link was sent to eve@example.org").wait_for()
    tab.page.context.clear_cookies()

    (letter,) = mail.outbox
    (link,) = [line for line in letter.body.splitlines() if line.startswith("http")]
    tab.page.goto(link)
    tab.page.fill("#id_password", CHOSEN)
    tab.page.fill("#id_again", CHOSEN)
    press(tab, "Set the password")
    tab.page.get_by_text("Your password is set").wait_for()

    tab.open("/en/account/login/?next=/en/account/")
    sign_in(tab, "eve@example.org", CHOSEN)
    tab.page.get_by_role("link", name="Set the second factor").click()
    tab.page.fill("#id_password", CHOSEN)
    tab.page.locator("main").get_by_role("button").click()
    secret = tab.page.input_value("#secret")
    tab.page.fill("#id_code", format_hotp_value(hotp_value(secret, int(time.time()) // 30)))
    tab.page.locator("main form button[type=submit]").click()
    tab.page.get_by_role("heading", name="Recovery codes").wait_for()
    tab.open("/en/account/")
    assert tab.page.get_by_text("The second factor is set.").is_visible()
    assert tab.faults == []


def test_what_was_typed_survives_the_end_of_the_session(tab, cast):
    tab.sign_in(cast.adam)
    tab.open("/en/work/people/invite/")
    tab.page.locator("#id_name").press_sequentially("Somebody with a long name")
    tab.page.locator("main .kept").wait_for()
    tab.page.fill("#id_email", "somebody@example.org")
    tab.page.select_option("#id_role", "reader")
    tab.page.select_option("#id_scope", cast.sandoria.address)
    accounts.end_sessions(by=cast.adam, user=cast.adam)
    press(tab, "Invite")
    sign_in(tab, cast.adam.email, PASSWORD)
    tab.page.wait_for_url("**/work/people/invite/")
    assert not User.objects.filter(email="somebody@example.org").exists()
    press(tab, "Bring it back")
    assert tab.page.input_value("#id_name") == "Somebody with a long name"


def test_staff_change_is_shown_before_it_is_done(tab, cast):
    tab.sign_in(cast.adam)
    tab.open(f"/en/work/people/{cast.alice.pk}/")
    tab.page.get_by_role("link", name="Hand over and close the account").click()
    tab.page.select_option("#id_to_user", str(cast.frank.pk))
    tab.page.fill("#id_why", "Works in another ministry now.")
    press(tab, "Show what will move")
    tab.page.get_by_role("heading", name="This will go to Frank").wait_for()
    assert accessible(tab.page) == []
    press(tab, "Hand over and close the account of Alice")
    tab.page.get_by_text("The account of Alice is closed.").wait_for()
    assert not User.objects.get(pk=cast.alice.pk).is_active
    assert tab.faults == []


def test_an_edit_that_came_second_shows_both(tab, cast):
    tab.sign_in(cast.adam)
    tab.open(f"/en/work/institutions/{cast.office.pk}/edit/")
    actions.set_active(by=cast.carol, institution=cast.office, revision=1, active=False)
    tab.page.fill("#id_website", "https://office.example")
    press(tab, "Save")
    tab.page.get_by_text("Carol changed this on").wait_for()
    assert tab.page.input_value("#id_website") == "https://office.example"
    assert accessible(tab.page) == []


def pages(cast, eve, closed):
    """People in states in which the walk over all addresses does not meet them."""
    for person in (cast.alice, eve, closed, cast.adam):
        yield reverse("person", args=[person.pk])
    yield reverse("hand-over", args=[cast.alice.pk])
    yield reverse("invitation", args=[invitations.token(eve)])


@pytest.mark.parametrize("language", ["en", "ru"])
def test_people_in_every_state_are_accessible_on_a_desk_and_on_a_phone(tab, cast, language):
    eve = accounts.invite(
        by=cast.adam,
        email="eve@example.org",
        name="Eve",
        language="en",
        role="reader",
        scope=cast.sandoria.address,
    )
    accounts.close(by=cast.adam, user=cast.frank, why="Left.")
    tab.sign_in(cast.adam)
    with translation.override(language):
        found = list(pages(cast, eve, cast.frank))
    for size in (DESK, PHONE):
        tab.page.set_viewport_size(size)
        for path in found:
            assert tab.open(path).status == 200
            for summary in tab.page.locator("main details > summary").all():
                summary.click()
            assert accessible(tab.page) == [], path
    assert tab.faults == []


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_page_of_a_locked_account_is_accessible(tab, cast, language):
    with translation.override(language):
        page = reverse("account_login")
    for _ in range(5):
        Client().post(page, {"login": cast.alice.email, "password": "wrong"})
    tab.open(page)
    tab.page.fill("#id_login", cast.alice.email)
    tab.page.fill("#id_password", PASSWORD)
    tab.page.locator("main form button[type=submit]").click()
    tab.page.get_by_text("15").first.wait_for()
    assert accessible(tab.page) == []
    tab.open(reverse("invitation", args=["x"]))
    assert accessible(tab.page) == []
