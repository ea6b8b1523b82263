"""A workbook with several sheets, and categories that come late: a person decides before anything runs."""

import io

import pytest
import xlsxwriter
import yaml
from django.urls import reverse

from milepost.interchange.microdata import looking
from milepost.recipes.measure import measure
from milepost.web.jobs import work as jobs
from milepost.web.microdata.models import Measurement
from tests.web.microdata import steps, survey

PERSONS = [survey.HEADERS, *survey.records(900)]


def page(one, name="columns"):
    return reverse(f"measurement-{name}", args=[one.pk])


def workbook(**sheets):
    """A workbook as bytes: {sheet: [headers, *rows]}."""
    content = io.BytesIO()
    made = xlsxwriter.Workbook(content)
    for name, rows in sheets.items():
        sheet = made.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    made.close()
    return content.getvalue()


SEVERAL = workbook(Notes=[["note", "n"], *[[f"n{at}", at] for at in range(20)]], Persons=PERSONS)


def test_of_several_sheets_a_person_says_which(alice, cast, tmp_path):
    answer = steps.brought_in(alice, cast, SEVERAL, name="workers.xlsx")
    one = steps.last()
    assert answer["Location"] == page(one, "sheet")
    assert (one.columns, one.mapping) == ([], "")
    assert alice.get(page(one))["Location"] == page(one, "sheet")
    assert "Several sheets of workers.xlsx" in alice.get(page(one, "sheet")).content.decode()
    answer = alice.post(page(one, "sheet"), {"revision": one.revision, "sheet": "Elsewhere"})
    assert answer.context["form"].errors["sheet"]
    alice.post(page(one, "sheet"), {"revision": one.revision, "sheet": "Persons"})
    one = steps.last()
    assert (one.sheet, tuple(one.names)) == ("Persons", survey.HEADERS)
    assert yaml.safe_load(one.mapping)["columns"]["cost"] == "cost"
    assert "--sheet Persons" in alice.get(page(one)).content.decode()
    answer = alice.post(page(one), {**steps.explained(alice, one, tables=["sex"]), "measure": "1"})
    assert answer.status_code == 302, answer.context["form"].errors
    jobs.run_all()
    one = steps.last()
    assert (one.state, one.problems, steps.folders()) == ("measured", [], [])
    (tmp_path / "workers.xlsx").write_bytes(SEVERAL)
    (tmp_path / "mapping.yaml").write_text(one.mapping)
    path, mapping = tmp_path / "workers.xlsx", tmp_path / "mapping.yaml"
    found = measure("10.7.1", path, mapping, year=2025, by=[["sex"]], sheet="Persons")
    assert [cell.value for cell in found.estimates.cells] == [cell.get("value") for cell in one.cells]


def test_another_sheet_is_explained_anew(alice, cast):
    steps.brought_in(alice, cast, SEVERAL, name="workers.xlsx")
    one = steps.last()
    alice.post(page(one, "sheet"), {"revision": one.revision, "sheet": "Notes"})
    one = steps.last()
    assert one.names == ["note", "n"]
    alice.post(page(one, "sheet"), {"revision": one.revision, "sheet": "Persons"})
    assert steps.last().names == list(survey.HEADERS)
    alice.post(page(one, "sheet"), {"revision": one.revision, "sheet": "Notes"})
    assert steps.last().sheet == "Persons"  # somebody was quicker


def test_of_one_sheet_nobody_is_asked(alice, cast):
    answer = steps.brought_in(alice, cast, workbook(Persons=PERSONS), name="workers.xlsx")
    assert answer["Location"] == page(steps.last())
    assert alice.get(page(steps.last(), "sheet")).status_code == 302


@pytest.fixture
def many():
    """60,000 workers; two who were born elsewhere come behind the first 50,000."""
    rows = [list(row) for row in survey.records(1000) * 60]
    rows[55_000][6] = rows[59_999][6] = "Atlantis"
    return survey.as_csv(rows)


def test_a_category_that_comes_late_is_given_its_code_in_the_wizard(alice, cast, many):
    steps.brought_in(alice, cast, many)
    one = steps.last()
    form = alice.get(page(one)).context["form"]
    values = {each.name: [line.value for line in each.values] for each in form.breakdowns}
    assert values["migratory_status"] == ["here", "abroad", "Atlantis"]
    typed = steps.explained(alice, one)
    late = steps.field_of(form, "migratory_status", "Atlantis")
    typed[late] = ""
    answer = alice.post(page(one), {**typed, "measure": "1"})
    assert "Give it a code" in str(answer.context["form"].errors[late])
    typed |= {late: "_U", "revision": steps.last().revision, "psu": "", "tables": ["migratory_status"]}
    answer = alice.post(page(one), {**typed, "measure": "1"})
    assert answer.status_code == 302, answer.context["form"].errors
    jobs.run_all()
    one = steps.last()
    assert (one.state, one.problems) == ("measured", [])
    found = {cell["breakdown"]["migratory_status"]: cell["status"] for cell in one.cells}
    assert set(found) == {"_T", "NATIVE_BORN", "FOREIGN_BORN", "_U"}
    assert found["_U"] == "Q"  # two persons


def test_a_column_that_becomes_a_dimension_is_looked_through_when_it_is_chosen(alice, cast):
    rows = [(*row, f"d{at % 120}") for at, row in enumerate(survey.records(3000))]
    content = survey.as_csv(rows).replace(b"earnings\n", b"earnings,district\n", 1)
    steps.brought_in(alice, cast, content)
    one = steps.last()
    before = {column["name"]: column for column in one.columns}
    assert (before["district"]["values"], before["district"].get("whole")) == ({}, None)
    own = {"own_0": "cust_breakdown", "own_by_0": "district", "own_1": "who", "own_by_1": "person"}
    alice.post(page(one), steps.typed(alice, one, **own))
    after = {column["name"]: column for column in steps.last().columns}
    assert len(after["district"]["values"]) == 120
    assert after["district"]["whole"] is after["person"]["whole"] is True
    assert after["person"]["values"] == {}  # three thousand persons are no classification


def test_where_the_rows_are_too_many_the_page_says_so(alice, cast, monkeypatch):
    monkeypatch.setattr(looking, "SECONDS", 0.001)
    steps.brought_in(alice, cast)
    one = steps.last()
    assert {column["name"]: column.get("whole") for column in one.columns}["sex"] is False
    assert one.problems == []
    assert "too many rows to look through" in alice.get(page(one)).content.decode()


def test_codes_of_values_that_this_file_does_not_have_stay_in_the_mapping(alice, cast):
    first = steps.measured(alice, cast)
    text = yaml.safe_load(first.mapping)
    text["recodes"]["sex"]["9"] = "_U"
    Measurement.objects.filter(pk=first.pk).update(mapping=yaml.safe_dump(text))
    steps.brought_in(alice, cast, year=2026)
    one = steps.last()
    alice.post(page(one), steps.typed(alice, one))
    assert yaml.safe_load(steps.last().mapping)["recodes"]["sex"] == {"1": "M", "2": "F", "9": "_U"}
