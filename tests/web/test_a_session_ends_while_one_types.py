"""A session that ends while one types: after signing in again, what was typed is still there."""

import pytest
from django.contrib.sessions.models import Session

from milepost.web.indicators.actions import entry
from milepost.web.indicators.models import DataRequest, Target
from milepost.web.intake.models import Row
from tests.cast import PASSWORD
from tests.web.conftest import accessible
from tests.web.indicators.steps import listed
from tests.web.indicators.test_requests import ask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
CELLS = [
    {"indicator": "8.8.1", "unit_measure": "NUMBER", "time_period": "2023"},
    {"indicator": "8.8.1", "unit_measure": "NUMBER", "time_period": "2024"},
]


def sign_in(page, user):
    """On the page that one was led to."""
    page.fill("[name=login]", user.email)
    page.fill("[name=password]", PASSWORD)
    page.click("main button[type=submit]")


def wait_said(page, words):
    said = "words => document.querySelector('[data-said]').textContent.includes(words)"
    page.wait_for_function(said, arg=words)


def kept_on_this_device(page):
    """Wait until another window of the browser sees what was kept: it is written by a process of its own."""
    page.wait_for_function("() => Object.keys(localStorage).some((name) => name.includes('cells'))")


def end_sessions():
    Session.objects.all().delete()


def test_a_long_form_is_offered_again_where_it_was_typed(tab, cast):
    listed(cast, "8.8.1")
    tab.sign_in(cast.carol)
    tab.open("/en/work/targets/xs/8.8.1/new/")
    page = tab.page
    page.fill("[name=value]", "3.5")
    page.fill("[name=year]", "2030")
    page.fill("[name=source-en]", "Decree 7 of 2024")
    end_sessions()
    page.click("main form.stacked button[type=submit]")
    assert "Your session has ended" in page.locator("#messages").inner_text()
    assert not accessible(page)
    sign_in(page, cast.carol)
    assert page.url.endswith("/en/work/targets/xs/8.8.1/new/")
    page.get_by_role("button", name="Bring it back").click()
    assert page.input_value("[name=value]") == "3.5"
    assert page.input_value("[name=source-en]") == "Decree 7 of 2024"
    page.click("main form.stacked > .actions button[type=submit]")
    page.wait_for_url("**/en/work/targets/*/")
    assert Target.objects.get().value == 3.5


def test_a_form_that_only_takes_what_is_sent_leads_back_to_its_page(tab, cast):
    (indicator,) = listed(cast, "8.8.1")
    request = ask(cast, indicator, by=cast.carol)
    tab.sign_in(cast.carol)
    tab.open(f"/en/work/requests/{request.pk}/")
    page = tab.page
    form = page.locator(f'form[action$="/{request.pk}/cancel/"]')
    form.locator("[name=why]").fill("The survey was moved to the next year.")
    end_sessions()
    form.locator("button").click()
    sign_in(page, cast.carol)
    assert page.url.endswith(f"/en/work/requests/{request.pk}/")
    page.get_by_role("button", name="Bring it back").click()
    assert form.locator("[name=why]").input_value() == "The survey was moved to the next year."
    form.locator("button", has_text="Cancel").click()
    page.wait_for_load_state()
    assert DataRequest.objects.get().state == "cancelled"


@pytest.mark.parametrize("why", ["session", "window closed without a connection"])
def test_cells_of_the_grid_come_back_and_are_saved(tab, cast, why):
    (indicator,) = listed(cast, "8.8.1")
    dataset = entry.start_from_cells(by=cast.alice, institution=cast.office, indicator=indicator, cells=CELLS)
    tab.sign_in(cast.alice)
    place = f"/en/work/entry/{dataset.pk}/"
    tab.open(place)
    page, later = tab.page, tab.page.context.new_page()
    later.goto(f"{tab.server.url}/en/")
    if why == "session":
        end_sessions()
    else:
        page.context.set_offline(True)
    page.fill('[name="v-1"]', "4.5")
    page.press('[name="v-1"]', "Enter")
    wait_said(page, "Not saved")
    kept_on_this_device(later)
    page.once("dialog", lambda asked: asked.accept())
    page.close(run_before_unload=False)
    page.context.set_offline(False)
    page = later
    page.goto(tab.server.url + place)
    if why == "session":
        sign_in(page, cast.alice)
    wait_said(page, "Total, 2023: 4.5")
    rows = Row.objects.filter(delivery=dataset.delivery, number=1)
    assert rows.get().cells["obs_value"] == "4.5"
    page.reload()
    assert page.input_value('[name="v-1"]') == "4.5"
    assert page.evaluate("Object.keys(localStorage).filter((name) => name.includes('cells')).length") == 0


def test_a_cell_changed_by_another_meanwhile_is_not_overwritten_by_what_was_kept(tab, cast):
    (indicator,) = listed(cast, "8.8.1")
    dataset = entry.start_from_cells(by=cast.alice, institution=cast.office, indicator=indicator, cells=CELLS)
    tab.sign_in(cast.alice)
    place = f"/en/work/entry/{dataset.pk}/"
    tab.open(place)
    page, later = tab.page, tab.page.context.new_page()
    later.goto(f"{tab.server.url}/en/")
    end_sessions()
    page.fill('[name="v-1"]', "4.5")
    page.press('[name="v-1"]', "Enter")
    wait_said(page, "Not saved")
    seen = page.input_value('[name="r-1"]')
    entry.save(by=cast.alice, dataset=dataset, typed=[entry.Typed(1, "9", "", seen)])
    kept_on_this_device(later)
    page.close(run_before_unload=False)
    page = later
    page.goto(tab.server.url + place)
    sign_in(page, cast.alice)
    page.wait_for_selector(".cell.wrong")
    assert page.input_value('[name="v-1"]') == "4.5"
    assert Row.objects.get(delivery=dataset.delivery, number=1).cells["obs_value"] == "9"
