"""The look of the pages of sign-in: what they do is tested by accounts."""

import pytest

from tests.cast import PASSWORD
from tests.web.conftest import DESK, PHONE, accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

OUTSIDE = ("login", "password/reset", "password/reset/done", "signup", "inactive")
INSIDE = ("logout", "password/change", "2fa", "reauthenticate")


def look(tab, path, size):
    tab.page.set_viewport_size(size)
    assert tab.open(path).status == 200
    assert accessible(tab.page) == []
    assert tab.page.evaluate("document.documentElement.scrollWidth") <= size["width"]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_pages_before_sign_in(tab, language):
    for path in OUTSIDE:
        for size in (DESK, PHONE):
            look(tab, f"/{language}/account/{path}/", size)
        assert tab.page.locator("header.site .brand").is_visible()
    assert tab.faults == []


@pytest.mark.parametrize("language", ["en", "ru"])
def test_pages_of_the_account(tab, cast, language):
    tab.sign_in(cast.alice)
    for path in INSIDE:
        for size in (DESK, PHONE):
            look(tab, f"/{language}/account/{path}/", size)
    assert tab.faults == []


def test_setting_up_the_second_factor_and_switching_it_off(tab, cast):
    from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time

    tab.open("/en/account/login/?next=/en/account/2fa/")
    tab.page.fill("#id_login", cast.alice.email)
    tab.page.fill("#id_password", PASSWORD)
    tab.page.get_by_role("button", name="Sign in").click()
    tab.page.get_by_role("link", name="Set it up").click()
    tab.page.get_by_role("heading", name="Confirm that it is you").wait_for()
    tab.page.fill("#id_password", PASSWORD)
    tab.page.get_by_role("button", name="Confirm").click()
    tab.page.get_by_role("heading", name="Set up the second factor").wait_for()
    assert accessible(tab.page) == []
    secret = tab.page.input_value("#secret")
    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    tab.page.fill("#id_code", code)
    tab.page.get_by_role("button", name="Switch it on").click()
    tab.page.get_by_role("heading", name="Recovery codes").wait_for()
    assert accessible(tab.page) == []
    for language in ("en", "ru"):
        for path in ("2fa", "2fa/recovery-codes", "2fa/recovery-codes/generate", "2fa/totp/deactivate"):
            look(tab, f"/{language}/account/{path}/", PHONE)
    tab.open("/en/account/2fa/totp/deactivate/")
    tab.page.get_by_role("button", name="Switch it off").click()
    tab.page.get_by_role("link", name="Set it up").wait_for()
    assert tab.faults == []


def test_a_wrong_password_is_said_first_and_leads_on(tab, cast):
    tab.open("/en/account/login/")
    tab.page.fill("#id_login", cast.alice.email)
    tab.page.fill("#id_password", "wrong")
    tab.page.get_by_role("button", name="Sign in").click()
    tab.page.get_by_role("heading", name="There is something to correct").wait_for()
    assert accessible(tab.page) == []
