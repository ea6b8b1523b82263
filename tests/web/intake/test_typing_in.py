"""Figures are typed into a grid: without JavaScript, as one types, by two people at once."""

import json

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from milepost.errors import MilepostError
from milepost.web.indicators.actions import datasets, entry
from milepost.web.indicators.models import Indicator, Observation, Series
from milepost.web.indicators.queries import entry as queries
from milepost.web.intake.models import Row
from tests.cast import person

BASE = {"series": "SL_EMP_RCOST", "unit_measure": "MONTHS_EARNINGS"}
CELLS = [
    {**BASE, **place, "time_period": year}
    for place in ({}, {"sex": "F"}, {"sex": "M"})
    for year in ("2020", "2021")
]


@pytest.fixture
def indicator(office):
    return Indicator.objects.get(code="10.7.1")


@pytest.fixture
def form(office, indicator):
    return entry.start_from_cells(
        by=office.alice, institution=office.office, indicator=indicator, cells=CELLS
    )


@pytest.fixture
def dora(office):
    """Another statistician of the office."""
    return person("dora", ("statistician", office.office.address), works_for=office.office)


def type_in(by, form, number, value, status="", seen="0::"):
    return entry.save(by=by, dataset=form, typed=[entry.Typed(number, value, status, seen)])


def test_a_form_is_a_draft_with_a_cell_for_each_figure(form, office):
    assert (form.state, form.title, form.delivery.format) == ("draft", "10.7.1, 2020–2021", "form")
    grid = queries.grid(form)
    assert grid.periods == ("2020", "2021")
    assert [line.name for line in grid.lines] == ["Total", "Women", "Men"]
    assert (grid.filled, grid.asked) == (0, 6)
    assert [cell.number for cell in grid.lines[1].cells] == [3, 4]


def test_what_is_typed_is_saved_and_compared(form, office):
    (saved,) = type_in(office.alice, form, 3, "9,5")
    assert (saved.conflict, saved.row.outcome, saved.row.cells["obs_value"]) == (False, "add", "9.5")
    assert saved.row.cells["sex"] == "F"
    form.refresh_from_db()
    assert form.counts["add"] == 1
    (saved,) = type_in(office.alice, form, 4, "", "O")
    assert saved.row.outcome == "add"


def test_what_is_no_number_is_kept_and_explained(form, office):
    (saved,) = type_in(office.alice, form, 1, "about 8")
    assert saved.row.cells["obs_value"] == "about 8"
    cell = queries.grid(form).lines[0].cells[0]
    assert cell.value == "about 8"
    assert cell.problems[0][0] == "error"
    (saved,) = type_in(office.alice, form, 1, "8", "", cell.seen)
    assert (saved.row.outcome, saved.row.problems) == ("add", [])


def test_a_cell_that_was_cleared_is_no_row_and_an_old_page_does_not_bring_it_back(form, office):
    (saved,) = type_in(office.alice, form, 1, "8")
    old = entry.seen(saved.row)
    (cleared,) = type_in(office.alice, form, 1, "", "", old)
    assert cleared.row is None
    assert not Row.objects.filter(delivery=form.delivery).exists()
    (late,) = type_in(office.alice, form, 1, "9", "", old)
    assert late.conflict
    now = queries.grid(form).lines[0].cells[0].seen
    (again,) = type_in(office.alice, form, 1, "9", "", now)
    assert not again.conflict
    form.refresh_from_db()
    assert form.counts["add"] == 1


def test_the_second_of_two_people_is_told_and_loses_nothing(form, office, dora):
    type_in(office.alice, form, 1, "8")
    (late,) = type_in(dora, form, 1, "7")
    assert (late.conflict, late.by, late.row.cells["obs_value"]) == (True, office.alice, "8")
    (same,) = type_in(dora, form, 1, "8")
    assert not same.conflict  # both typed the same
    (kept,) = type_in(dora, form, 1, "7", "", entry.seen(late.row))
    assert (kept.conflict, kept.row.cells["obs_value"], kept.row.edited_by) == (False, "7", dora)


def published(indicator, office, dataset, value=8.2):
    series = Series.objects.create(
        indicator=indicator,
        key=key_of(CELLS[0]),
        code="SL_EMP_RCOST",
        unit="MONTHS_EARNINGS",
        official=office.office,
    )
    return Observation.objects.create(
        series=series, institution=office.office, dataset=dataset, period="2020", year=2020, value=value,
        status="E", attributes={"nature": "C"},
    )  # fmt: skip


def key_of(cell):
    from milepost.recipes.incoming import Quantity, quantity_key

    return quantity_key("10.7.1", Quantity(cell["series"], cell["unit_measure"]))


def test_a_new_form_holds_what_is_current(form, office, indicator):
    published(indicator, office, form)
    again = entry.start_from_cells(
        by=office.alice, institution=office.office, indicator=indicator, cells=CELLS
    )
    cell = queries.grid(again).lines[0].cells[0]
    assert (cell.value, cell.status) == ("8.2", "E")
    assert again.counts == {"add": 0, "change": 0, "same": 1, "conflict": 0, "refused": 0}
    (saved,) = type_in(office.alice, again, 1, "8.4", "E", cell.seen)
    assert (saved.row.outcome, saved.row.before["value"]) == ("change", 8.2)
    assert queries.grid(again).lines[0].cells[0].before == "8.2"


def test_the_page_works_without_javascript(form, office, client):
    client.force_login(office.alice)
    address = reverse("entry", args=[form.pk])
    said = client.get(address).content.decode()
    assert 'name="v-3"' in said
    assert 'aria-label="Women, 2020"' in said
    assert "style=" not in said
    sent = {"v-1": "8,1", "s-1": "P", "r-1": "0::", "v-2": "", "s-2": "", "r-2": "0::"}
    answer = client.post(address, sent, follow=True)
    assert "1 cell is saved." in answer.content.decode()
    assert Row.objects.get(delivery=form.delivery).cells["obs_status"] == "P"


def test_without_javascript_too_the_second_keeps_what_was_typed(form, office, dora, client):
    type_in(dora, form, 1, "8")
    client.force_login(office.alice)
    sent = {"v-1": "7.5", "s-1": "", "r-1": "0::", "v-2": "6", "s-2": "", "r-2": "0::"}
    answer = client.post(reverse("entry", args=[form.pk]), sent)
    said = answer.content.decode()
    assert "Dora changed this to 8 meanwhile" in said
    assert 'name="v-1" value="7.5"' in said
    assert Row.objects.get(delivery=form.delivery, number=1).cells["obs_value"] == "8"
    assert Row.objects.get(delivery=form.delivery, number=2).cells["obs_value"] == "6"


def send(client, form, *cells):
    body = json.dumps([dict(zip(("number", "value", "status", "seen"), cell, strict=True)) for cell in cells])
    return client.post(reverse("entry-cells", args=[form.pk]), body, content_type="application/json")


def test_cells_are_saved_as_they_are_typed(form, office, dora, client):
    client.force_login(office.alice)
    answer = send(client, form, (1, "8,5", "", "0::"), (2, "x", "", "0::"))
    first, second = answer.json()["cells"]
    assert (first["value"], first["seen"], first["problems"], first["conflict"]) == ("8.5", "1::8.5", [], "")
    assert "x" in second["problems"][0]
    client.force_login(dora)
    (late,) = send(client, form, (1, "9", "", "0::")).json()["cells"]
    assert late["conflict"].startswith("Alice changed this to 8.5")
    for broken in ("{", "[1]", '[{"number": "x"}]'):
        assert (
            client.post(
                reverse("entry-cells", args=[form.pk]), broken, content_type="application/json"
            ).status_code
            == 400
        )


def test_which_figures_are_chosen_on_a_page(office, indicator, client):
    client.force_login(office.alice)
    address = reverse("entry-new")
    assert "10.7.1" in client.get(address).content.decode()
    query = f"?institution={office.office.pk}&indicator={indicator.pk}"
    page = client.get(address + query)
    quantity = page.context["form"].fields["quantity"].choices[0][0]
    sent = {"quantity": quantity, "first_year": 2020, "last_year": 2021, "total": "on", "by_sex": ["F", "M"]}
    answer = client.post(address + query, sent)
    dataset = datasets.Dataset.objects.get()
    assert answer.url == reverse("entry", args=[dataset.pk])
    assert [line.name for line in queries.grid(dataset).lines] == ["Total", "Women", "Men"]

    nothing = client.post(address + query, {**sent, "total": "", "by_sex": []})
    assert nothing.context["form"].errors["total"]
    backwards = client.post(address + query, {**sent, "last_year": 2010})
    assert backwards.context["form"].errors["last_year"]
    many = client.post(
        address + query, {**sent, "first_year": 1970, "last_year": 2025, "by_age": _ages(page)}
    )
    assert many.status_code == 200
    assert many.context["form"].non_field_errors()


def _ages(page):
    return [code for code, _name in page.context["form"].fields["by_age"].choices]


def test_strangers_find_no_form_and_reviewers_read_it(form, office, client):
    address, cells = reverse("entry", args=[form.pk]), reverse("entry-cells", args=[form.pk])
    assert client.get(address).status_code == 302
    client.force_login(office.charlie)
    assert client.get(address).status_code == 404
    assert client.post(cells, "[]", content_type="application/json").status_code == 404
    client.force_login(office.nobody)
    assert client.get(reverse("entry-new")).status_code == 403
    client.force_login(office.bob)
    said = client.get(address).content.decode()
    assert "<select" not in said.split("<main", 1)[1]
    assert client.post(address, {}).status_code == 403
    assert client.post(cells, "[]", content_type="application/json").status_code == 403
    with pytest.raises(PermissionDenied):
        type_in(office.bob, form, 1, "1")


def test_figures_in_review_are_not_typed_in(form, office, client):
    form.state = "submitted"
    form.save()
    with pytest.raises(MilepostError):
        type_in(office.alice, form, 1, "1")
    client.force_login(office.alice)
    assert client.post(reverse("entry", args=[form.pk]), {"v-1": "1", "r-1": "0::"}).status_code == 403


def test_a_form_needs_cells_and_no_more_than_a_page_holds(office, indicator):
    for cells in ([], CELLS[:1] * (entry.MOST_CELLS + 1)):
        with pytest.raises(MilepostError):
            entry.start_from_cells(
                by=office.alice, institution=office.office, indicator=indicator, cells=cells
            )
    with pytest.raises(PermissionDenied):
        entry.start_from_cells(by=office.bob, institution=office.office, indicator=indicator, cells=CELLS)
