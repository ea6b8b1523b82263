"""What JavaScript adds to pages that work without it."""

import pytest

from tests.web.conftest import accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def fill(tab, finding="Costs fell", reason="Fewer agents"):
    tab.page.fill("#id_finding", finding)
    tab.page.fill("#id_reason", reason)
    tab.page.fill("#id_secret", "never kept")
    tab.page.wait_for_selector("form > .kept")


def kept(tab):
    return tab.page.evaluate("JSON.stringify(localStorage)")


def test_a_dotted_figure_opens_where_it_comes_from_beside_the_page(tab):
    tab.open("/en/components/")
    figure = tab.page.locator("a.traced").first
    figure.click()
    panel = tab.page.get_by_role("dialog", name="Where this comes from")
    panel.get_by_text("The fragment of observation:12@1").wait_for()
    assert accessible(tab.page) == []
    tab.page.keyboard.press("Escape")
    panel.wait_for(state="hidden")
    assert tab.page.evaluate("document.activeElement.matches('a.traced')")
    assert tab.page.url.endswith("/en/components/")
    assert tab.faults == []


def test_without_javascript_a_dotted_figure_is_a_link(browser, live_server):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{live_server.url}/en/components/")
    page.locator("a.traced").first.click()
    assert page.url.endswith("/en/trace/observation:12@1/")
    assert "The page of observation:12@1" in page.content()
    context.close()


def test_what_was_typed_is_offered_again_after_the_page_was_left(tab):
    tab.open("/en/report/")
    fill(tab)
    assert "never kept" not in kept(tab)
    tab.open("/en/work/")
    tab.open("/en/report/")
    assert tab.page.input_value("#id_finding") == ""
    assert accessible(tab.page) == []
    tab.page.get_by_role("button", name="Bring it back").click()
    assert tab.page.input_value("#id_finding") == "Costs fell"
    assert tab.page.input_value("#id_reason") == "Fewer agents"
    assert tab.faults == []


def test_what_the_server_has_is_not_offered_again(tab):
    tab.open("/en/report/")
    fill(tab)
    tab.page.get_by_role("button", name="Save").click()
    tab.page.wait_for_url("**/saved/")
    assert "Costs fell" not in kept(tab)
    tab.open("/en/report/")
    assert tab.page.locator(".keep").count() == 0


def test_what_was_sent_from_a_page_open_too_long_is_offered_on_the_fresh_page(tab):
    tab.open("/en/report/")
    fill(tab)
    tab.page.context.clear_cookies()
    tab.page.get_by_role("button", name="Save").click()
    tab.page.get_by_role("heading", name="The page was open too long").wait_for()
    tab.page.get_by_role("link", name="Open the page again").click()
    tab.page.get_by_role("button", name="Bring it back").click()
    assert tab.page.input_value("#id_reason") == "Fewer agents"


def test_what_was_sent_into_a_dropped_line_is_still_there(tab):
    tab.open("/en/report/")
    fill(tab)
    tab.page.context.set_offline(True)
    tab.page.get_by_text("There is no connection.").wait_for()
    tab.page.get_by_role("button", name="Save").click()
    tab.page.wait_for_timeout(300)
    tab.page.context.set_offline(False)
    tab.open("/en/report/")
    tab.page.get_by_role("button", name="Bring it back").click()
    assert tab.page.input_value("#id_finding") == "Costs fell"


def test_a_form_with_errors_is_left_as_the_server_shows_it(tab):
    tab.open("/en/report/")
    fill(tab)
    tab.page.evaluate("document.querySelector('form.stacked').noValidate = true")
    tab.page.fill("#id_reason", "")
    tab.page.get_by_role("button", name="Save").click()
    tab.page.get_by_role("heading", name="There is something to correct").wait_for()
    assert tab.page.locator(".keep").count() == 0
    assert tab.page.input_value("#id_finding") == "Costs fell"
    assert tab.page.evaluate("document.activeElement.className") == "error-summary"


def test_what_one_person_typed_is_not_offered_to_another(tab, cast):
    tab.sign_in(cast.alice)
    tab.open("/en/report/")
    fill(tab)
    tab.sign_in(cast.bob)
    tab.open("/en/report/")
    assert tab.page.locator(".keep").count() == 0


def test_who_signs_out_leaves_nothing_on_the_device(tab, cast):
    tab.sign_in(cast.alice)
    tab.open("/en/report/")
    fill(tab)
    tab.page.locator(".account summary").click()
    tab.page.get_by_role("button", name="Sign out").click()
    tab.page.get_by_role("link", name="Sign in").wait_for()
    assert "Costs fell" not in kept(tab)


def test_on_a_phone_the_menu_opens_and_leads_on(tab, cast):
    tab.sign_in(cast.alice)
    tab.page.set_viewport_size({"width": 390, "height": 844})
    tab.open("/en/components/")
    link = tab.page.get_by_role("link", name="My work")
    assert not link.is_visible()
    tab.page.get_by_role("button", name="Menu").click()
    assert accessible(tab.page) == []
    assert link.bounding_box()["height"] >= 44
    link.click()
    tab.page.wait_for_url("**/en/work/")
    assert tab.faults == []
