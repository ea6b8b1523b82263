"""A table with a column for each year: seen, undone and remembered on the page; each cell keeps its place."""

from django.urls import reverse

from milepost.interchange import read
from milepost.web.indicators.actions import datasets
from milepost.web.indicators.models import Observation
from milepost.web.intake import copies, queries
from tests.web.intake.test_mapping_columns import fields, page

WIDE = "Indicator,Series,Units,SEX,2020,2021,2022\n10.7.1,SL_EMP_RCOST,MONTHS_EARNINGS,,8.2,7.9,\n"
WOMEN = "10.7.1,SL_EMP_RCOST,MONTHS_EARNINGS,F,9,many,8\n"


def test_each_cell_becomes_a_row_that_keeps_row_and_column_to_the_public(draft, office, client):
    dataset = draft(WIDE + WOMEN, "wide.csv")
    assert (dataset.counts["add"], dataset.counts["refused"]) == (4, 1)
    found = [
        (row.line, row.column, row.cells["time_period"], row.outcome)
        for row in queries.rows(dataset.delivery)
    ]
    assert found == [
        (2, "2020", "2020", "add"), (2, "2021", "2021", "add"),
        (3, "2020", "2020", "add"), (3, "2021", "2021", "refused"), (3, "2022", "2022", "add"),
    ]  # fmt: skip
    client.force_login(office.alice)
    said = client.get(reverse("delivery-faults", args=[dataset.delivery_id])).content.decode()
    assert "row 3, column 2021" in said
    sent = datasets.submit(by=office.alice, dataset=dataset, revision=dataset.revision)
    datasets.approve(by=office.bob, dataset=sent, revision=sent.revision)
    figure = Observation.objects.get(value=8)
    assert (figure.line, figure.column, figure.period) == (3, "2022", "2022")
    inside = client.get(reverse("trace", args=[figure.address])).content.decode()
    assert "row 3, column 2022" in inside
    client.logout()
    assert "column 2022" not in client.get(reverse("trace", args=[figure.address])).content.decode()


def test_the_file_with_a_further_year_needs_no_work(draft):
    first = draft(WIDE, "wide.csv")
    later = draft(WIDE.replace("2022\n", "2022,2023\n").replace("7.9,\n", "7.9,,8\n"), "wide.csv")
    assert (later.delivery.state, later.delivery.mapping) == ("read", first.delivery.mapping)
    assert [row.column for row in queries.rows(later.delivery)] == ["2020", "2021", "2023"]


def test_a_person_sees_it_undoes_it_and_takes_it_back(draft, office, client):
    dataset = draft(WIDE, "wide.csv")
    delivery = dataset.delivery
    client.force_login(office.alice)
    answer = client.get(page(delivery))
    form = answer.context["form"]
    assert "2020, 2021, 2022" in answer.content.decode()
    assert (form["years"].value(), "column_4" in form.fields) == ("=time_period", False)

    answer = client.post(page(delivery), fields(form) | {"years": "each"}, follow=True)
    form = answer.context["form"]
    assert form["years"].value() == "each"
    asked = {(unknown.kind, unknown.text) for unknown in form.unknown}
    assert asked == {("column", "2020"), ("column", "2021"), ("period", ""), ("value", "")}
    assert datasets.preview(dataset, by=office.alice) == {}  # it waits for the person

    answer = client.post(page(delivery), fields(form) | {"years": "=time_period"})
    assert answer.url == dataset.get_absolute_url()
    assert datasets.preview(dataset, by=office.alice)["add"] == 2


def test_one_of_the_years_can_be_left_out(draft, office, client):
    dataset = draft(WIDE, "wide.csv")
    delivery = dataset.delivery
    client.force_login(office.alice)
    form = client.get(page(delivery)).context["form"]
    form = client.post(page(delivery), fields(form) | {"years": "each"}, follow=True).context["form"]
    labels = {form[name].label: name for name in form.fields}
    chosen = {labels["2020"]: "-", labels["2021"]: "=time_period", labels["2022"]: "=time_period"}
    answer = client.post(page(delivery), fields(form) | chosen)
    assert answer.url == dataset.get_absolute_url()
    datasets.preview(dataset, by=office.alice)
    assert [row.column for row in queries.rows(delivery)] == ["2021"]


def test_the_marked_copy_stays_wide_with_the_fault_at_its_cell_and_what_was_mended(draft, office, tmp_path):
    dataset = draft(WIDE + WOMEN, "wide.csv")
    row = dataset.delivery.rows.get(line=3, column="2022")
    datasets.mend(
        by=office.alice, dataset=dataset, number=row.number, revision=1, cells={"obs_value": "8.5"}, why="x"
    )
    path = tmp_path / "wide.xlsx"
    path.write_bytes(copies.marked_copy(dataset.delivery, "en"))
    (table,) = read(path).tables
    assert table.columns[4:] == ("2020", "2021", "2022")
    assert table.rows[1][4:] == ("9", "many", "8.5")
    import zipfile

    with zipfile.ZipFile(path) as archive:
        comments = "".join(archive.read(name).decode() for name in archive.namelist() if "comments" in name)
    assert 'ref="F3"' in comments
    assert comments.count("<comment ") == 1


def test_mending_a_cell_leads_back_to_its_column(draft, office):
    dataset = draft(WIDE + WOMEN, "wide.csv")
    row = dataset.delivery.rows.get(outcome="refused")
    datasets.mend(
        by=office.alice, dataset=dataset, number=row.number, revision=1, cells={"obs_value": "8.7"}, why="x"
    )
    dataset.refresh_from_db()
    assert dataset.counts["add"] == 5
    sent = datasets.submit(by=office.alice, dataset=dataset, revision=dataset.revision)
    datasets.approve(by=office.bob, dataset=sent, revision=sent.revision)
    assert Observation.objects.get(value=8.7).column == "2021"
