"""The whole way in a real browser: a file with a row of each outcome, two people, all doors to the public."""

import csv
import io
import json
import re

import pytest

from milepost.web.indicators.actions import lists
from milepost.web.jobs import work
from tests.web.conftest import accessible

FIRST = """\
Year,Series,Units,Value
2022,SL_EMP_RCOST,MONTHS_EARNINGS,6.8
2023,SL_EMP_RCOST,MONTHS_EARNINGS,6.4
"""
SECOND = """\
Year,Series,Units,Value
2022,SL_EMP_RCOST,MONTHS_EARNINGS,6.8
2023,SL_EMP_RCOST,MONTHS_EARNINGS,6.3
2024,SL_EMP_RCOST,MONTHS_EARNINGS,6.1
2025,SL_EMP_RCOST,MONTHS_EARNINGS,5.6
2025,SL_EMP_RCOST,MONTHS_EARNINGS,5.9
20024,SL_EMP_RCOST,MONTHS_EARNINGS,6.0
"""
PUBLIC = {"2022": 6.8, "2023": 6.3, "2024": 6.1, "2025": 5.6}

pytestmark = pytest.mark.django_db(transaction=True)


def send(tab, user, name, content, *, choice=None):
    """Upload a file as a user, decide what contradicts, submit; the first sentence of the dry run."""
    tab.sign_in(user)
    page = tab.page
    tab.open("/en/work/datasets/new/")
    page.set_input_files(
        "main input[type=file]", {"name": name, "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.fill("main input[name=title]", name)
    page.click("main form.stacked button[type=submit]")
    address = page.url
    work.run_all()
    page.goto(address)
    said = page.inner_text("main .answer")
    if choice:
        page.locator(f"main button[value={choice}]").click()
    page.get_by_role("button", name=re.compile("^(Submit|Send)")).first.click()
    return address, said


def approve(tab, user, address):
    tab.sign_in(user)
    tab.page.goto(address)
    tab.page.get_by_role("button", name=re.compile("^Approve")).first.click()
    assert "published" in tab.page.inner_text("main")


def test_one_file_goes_in_a_second_person_approves_and_every_door_agrees(cast, tab):
    lists.add(by=cast.carol, country=cast.sandoria, code="10.7.1", custodian=cast.office)
    address, said = send(tab, cast.alice, "survey.csv", FIRST)
    assert "2 figures" in said
    assert tab.open("/en/xs/indicators/10.7.1/").ok
    assert "6.8" not in tab.page.inner_text("main")  # nothing is public before
    approve(tab, cast.bob, address)

    address, said = send(tab, cast.alice, "survey-2025.csv", SECOND, choice="first")
    assert "Adds 1 figure, changes 1" in said
    assert "1 row is refused" in said
    assert "2 rows are in conflict" in said
    tab.page.goto(address)
    assert tab.page.get_by_role("button", name=re.compile("^Approve")).count() == 0  # not one's own
    approve(tab, cast.bob, address)

    tab.page.context.clear_cookies()
    tab.open("/en/xs/indicators/10.7.1/")
    rows = tab.page.locator("main table.figures tbody tr").all_inner_texts()
    shown = {row.split()[0]: float(row.split()[1]) for row in rows}
    assert shown == PUBLIC
    assert not accessible(tab.page)

    get = tab.page.context.request.get
    base = f"{tab.server.url}/en/xs/indicators/10.7.1/data"
    assert figures_of_csv(get(f"{base}/csv/").text(), "time_period", "obs_value") == PUBLIC
    assert figures_of_csv(get(f"{base}/sdmx-csv/").text(), "TIME_PERIOD", "OBS_VALUE") == PUBLIC
    assert set(map(str, PUBLIC.values())) <= set(re.findall(r"\d+\.\d+", get(f"{base}/json/").text()))
    found = json.loads(get(f"{tab.server.url}/api/v1/observations?country=xs&indicator=10.7.1").text())
    assert {item["period"]: item["value"] for item in found["items"]} == PUBLIC

    tab.open("/en/xs/indicators/10.7.1/?version=1")
    assert "6.4" in tab.page.inner_text("main table.figures")
    tab.open(f"/en/trace/observation:{found['items'][0]['id']}/")
    words = tab.page.inner_text("main")
    assert "Statistical Office of Sandoria" in words
    for secret in ("Alice", "Bob", "survey.csv", "survey-2025.csv"):
        assert secret not in words
    assert not tab.faults


def figures_of_csv(text, period, value):
    rows = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    return {row[period]: float(row[value]) for row in rows}
