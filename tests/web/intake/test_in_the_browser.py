"""The pages in a real browser: the grid saves as one types, and every page is accessible."""

import os
from pathlib import Path

import pytest
from django.urls import reverse

from milepost.web.indicators.actions import datasets
from milepost.web.indicators.models import Indicator
from milepost.web.intake import actions, queries
from milepost.web.intake.models import Row
from tests.cast import person
from tests.web.conftest import DESK, PHONE, accessible
from tests.web.intake.conftest import OWN_WORDS
from tests.web.intake.test_marked_copy import DECIDED, FAULTY
from tests.web.intake.test_typing_in import CELLS
from tests.web.intake.test_years_across import WIDE, WOMEN

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def form(office):
    from milepost.web.indicators.actions import entry

    indicator = Indicator.objects.get(code="10.7.1")
    return entry.start_from_cells(
        by=office.alice, institution=office.office, indicator=indicator, cells=CELLS
    )


def cell(tab, number):
    return tab.page.locator(f'[name="v-{number}"]')


def wait_saved(tab, words):
    tab.page.wait_for_function(
        "words => document.querySelector('[data-said]').textContent.includes(words)", arg=words
    )


def values(form):
    rows = Row.objects.filter(delivery=form.delivery)
    return {row.number: row.cells.get("obs_value", "") + row.cells.get("obs_status", "") for row in rows}


def test_each_cell_is_saved_as_it_is_typed_and_the_keys_move(tab, office, form):
    tab.sign_in(office.alice)
    tab.open(f"/en/work/entry/{form.pk}/")
    tab.page.keyboard.press("Tab")
    cell(tab, 1).fill("8,2")
    cell(tab, 1).press("Enter")
    wait_saved(tab, "Total, 2020: 8.2")
    assert tab.page.evaluate("document.activeElement.name") == "v-3"
    tab.page.keyboard.press("ArrowRight")
    assert tab.page.evaluate("document.activeElement.name") == "v-4"
    tab.page.keyboard.type("9")
    tab.page.keyboard.press("ArrowUp")
    wait_saved(tab, "Women, 2021: 9")
    assert tab.page.evaluate("document.activeElement.name") == "v-2"
    tab.page.locator('[name="s-6"]').select_option("O")
    wait_saved(tab, "Men, 2021: O")
    assert values(form) == {1: "8.2", 4: "9", 6: "O"}
    assert tab.page.locator("[data-filled]").inner_text() == "3"
    tab.page.reload()
    assert cell(tab, 1).input_value() == "8.2"
    assert tab.faults == []


def test_a_block_of_a_spreadsheet_is_pasted(tab, office, form):
    tab.sign_in(office.alice)
    tab.open(f"/en/work/entry/{form.pk}/")
    cell(tab, 1).focus()
    tab.page.evaluate(
        """text => {
            const clipboardData = new DataTransfer();
            clipboardData.setData("text/plain", text);
            const paste = new ClipboardEvent("paste", {clipboardData, bubbles: true, cancelable: true});
            document.activeElement.dispatchEvent(paste);
        }""",
        "8,2\t7,9\r\n9\t8,8\r\n7,7\tx\t99\r\n1\t2\r\n",
    )
    tab.page.wait_for_selector(".cell.wrong")
    assert values(form) == {1: "8.2", 2: "7.9", 3: "9", 4: "8.8", 5: "7.7", 6: "x"}
    assert "x" in tab.page.locator("#e-6").inner_text()
    assert tab.faults == []


def test_the_second_of_two_people_is_told_in_the_cell(tab, office, form):
    tab.sign_in(office.alice)
    tab.open(f"/en/work/entry/{form.pk}/")
    dora = person("dora", ("statistician", office.office.address), works_for=office.office)
    actions.fill_in(
        by=dora, delivery=form.delivery, number=1, cells={"obs_value": "8", "obs_status": ""}, revision=0
    )
    cell(tab, 1).fill("7")
    cell(tab, 1).press("Enter")
    tab.page.wait_for_selector(".cell.wrong")
    assert "Dora changed this to 8" in tab.page.locator("#e-1").inner_text()
    assert cell(tab, 1).input_value() == "7"
    assert values(form) == {1: "8"}
    cell(tab, 1).fill("7.0")
    cell(tab, 1).press("Enter")
    wait_saved(tab, "Total, 2020: 7.0")
    assert values(form) == {1: "7.0"}


def test_without_a_connection_what_is_typed_waits(tab, office, form):
    tab.sign_in(office.alice)
    tab.open(f"/en/work/entry/{form.pk}/")
    tab.page.context.set_offline(True)
    cell(tab, 1).fill("8")
    cell(tab, 1).press("Enter")
    wait_saved(tab, "Not saved yet")
    assert values(form) == {}
    tab.page.context.set_offline(False)
    wait_saved(tab, "Total, 2020: 8")
    assert values(form) == {1: "8"}


def test_pages_in_every_state_are_accessible_on_desk_and_phone(tab, office, form, draft, monkeypatch):
    asked = draft(OWN_WORDS, "bericht.csv", {**DECIDED, "codes": {}}).delivery
    faulty = draft(FAULTY, "kosten.csv", DECIDED).delivery
    again = draft(OWN_WORDS, "andere.csv").delivery  # what was said of all rows is asked again
    wide = draft(WIDE + WOMEN, "wide.csv")
    refused = wide.delivery.rows.get(outcome="refused")
    actions.fill_in(
        by=office.alice, delivery=form.delivery, number=1, cells={"obs_value": "many"}, revision=0
    )
    datasets.compare_again(form)
    mend = {"number": 5, "revision": 1, "cells": {"obs_value": "8.5"}, "why": "As the letter says."}
    datasets.mend(by=office.alice, dataset=wide, **mend)
    monkeypatch.setattr(queries, "MOST_AT_ONCE", 2)
    actions.ask_for_copy(by=office.alice, delivery=wide.delivery, language="ru")
    indicator = Indicator.objects.get(code="10.7.1")
    pages = {
        "delivery": reverse("delivery", args=[asked.pk]),
        "again": reverse("delivery", args=[again.pk]),
        "wide": reverse("delivery", args=[wide.delivery_id]),
        "copy": reverse("delivery-copy", args=[wide.delivery_id]),
        "rows": f"{wide.get_absolute_url()}?show=add",
        "refused": f"{wide.get_absolute_url()}?show=refused",
        "row": reverse("dataset-row", args=[wide.pk, refused.number]),
        "mended": reverse("dataset-row", args=[wide.pk, 5]),
        "faults": reverse("delivery-faults", args=[faulty.pk]),
        "entry": reverse("entry", args=[form.pk]),
        "new": f"{reverse('entry-new')}?institution={office.office.pk}&indicator={indicator.pk}",
    }
    tab.sign_in(office.alice)
    found = []
    for language, size in (("en", DESK), ("ru", PHONE)):
        tab.page.set_viewport_size(size)
        for name, address in pages.items():
            tab.open(address.replace("/en/", f"/{language}/", 1))
            found += [f"{language} {name} {size['width']}: {fault}" for fault in accessible(tab.page)]
            over = tab.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if over > 0:
                found.append(f"{language} {name} {size['width']}: {over} px too wide")
            if folder := os.environ.get("MILEPOST_SHOTS"):
                shot = Path(folder, f"{name}-{language}-{size['width']}.png")
                tab.page.screenshot(path=shot, full_page=True)
    assert found == []
    assert tab.faults == []
