"""The list of faults, and the copy of the file in which they are marked, mended and sent again."""

import csv
import io
import re
import zipfile

import pytest
import xlsxwriter
from django.core.files.base import ContentFile
from django.urls import reverse

from milepost import interchange
from milepost.web.indicators.actions import datasets
from milepost.web.intake import actions, copies, queries

FAULTY = """Jahr,Wert,Geschlecht,Bemerkung
2020,8.2,Insgesamt,=1+1
2020,many,weiblich,"004"
soon,,männlich,-5
"""
DECIDED = {
    "columns": {"Jahr": "time_period", "Wert": "obs_value", "Geschlecht": "sex", "Bemerkung": "comment_obs"},
    "codes": {"sex": {"Insgesamt": "_T"}},
    "fixed": {"indicator": "10.7.1"},
}


@pytest.fixture
def faulty(draft):
    return draft(FAULTY, "bericht.csv", DECIDED).delivery


def members(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist() if name.endswith("xml")}


def test_every_fault_is_a_comment_and_a_line_of_the_list(faulty):
    parts = members(copies.marked_copy(faulty, "en"))
    comments = "".join(text for name, text in parts.items() if "comments" in name)
    assert "many" in comments
    assert "is not a year or period" in comments
    assert set(re.findall(r'<comment ref="(\w+)"', comments)) == {"B3", "A4", "B4"}
    assert "<f>" not in "".join(parts.values())
    assert "Faults of bericht.csv" in parts["xl/sharedStrings.xml"]


def test_faults_are_said_in_the_readers_language(faulty):
    parts = members(copies.marked_copy(faulty, "ru"))
    comments = "".join(text for name, text in parts.items() if "comments" in name)
    assert re.search("[а-я]{4}", comments)


def test_the_copy_is_read_like_the_original_and_needs_no_mapping_again(faulty, office, tmp_path):
    content = copies.marked_copy(faulty, "en")
    assert copies.name_of_copy(faulty) == "bericht.xlsx"
    path = tmp_path / "bericht.xlsx"
    path.write_bytes(content)
    (table,) = interchange.read(path).tables
    assert table.columns == ("Jahr", "Wert", "Geschlecht", "Bemerkung")
    assert table.rows == [
        ("2020", "8.2", "Insgesamt", "=1+1"),
        ("2020", "many", "weiblich", "004"),
        ("soon", "", "männlich", "-5"),
    ]
    assert list(table.lines) == [2, 3, 4]
    again = datasets.start(
        by=office.alice,
        upload=ContentFile(content),
        name="bericht.xlsx",
        country=office.sandoria,
        institution=office.office,
        instead_of=faulty.dataset,
    )
    datasets.preview(again)
    again.refresh_from_db()
    assert (again.delivery.state, again.delivery.mapping) == ("read", faulty.mapping)
    assert again.counts == faulty.dataset.counts
    assert again.delivery.problems == []


def test_a_workbook_of_several_sheets_keeps_sheets_and_lines(draft, tmp_path):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        for name, value in (("10.7.1", "x"), ("17.3.2", "5")):
            sheet = book.add_worksheet(name)
            sheet.write(0, 0, "A title")
            sheet.write_row(3, 0, ["Year", "Value"])
            sheet.write_row(4, 0, ["2020", value])
    dataset = draft(path.read_bytes(), "book.xlsx")
    assert (dataset.counts["add"], dataset.counts["refused"]) == (1, 1)
    copy = tmp_path / "copy.xlsx"
    copy.write_bytes(copies.marked_copy(dataset.delivery, "en"))
    found = interchange.read(copy).tables
    assert [(table.origin.sheet, list(table.lines)) for table in found] == [("10.7.1", [5]), ("17.3.2", [5])]
    again = draft(copy.read_bytes(), "copy.xlsx")
    assert again.counts == dataset.counts


def test_what_was_mended_here_stands_in_the_copy(faulty, office, tmp_path):
    row = queries.rows(faulty).get(number=2)
    actions.edit_row(by=office.alice, row=row, cells={"obs_value": "9,5"}, revision=row.revision)
    path = tmp_path / "copy.xlsx"
    path.write_bytes(copies.marked_copy(faulty, "en"))
    (table,) = interchange.read(path).tables
    assert table.rows[1] == ("2020", "9.5", "weiblich", "004")
    assert table.rows[0] == ("2020", "8.2", "Insgesamt", "=1+1")


def test_the_list_of_faults_is_a_page_and_a_file(faulty, office, client):
    client.force_login(office.bob)
    said = client.get(reverse("delivery-faults", args=[faulty.pk])).content.decode()
    assert "bericht.csv, row 3, column Wert" in said
    assert said.count('class="what"') == 3
    answer = client.get(reverse("delivery-faults-csv", args=[faulty.pk]))
    lines = list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [(line["row"], line["column"], line["code"]) for line in lines] == [
        ("3", "Wert", "number-unreadable"),
        ("4", "Jahr", "period-unreadable"),
        ("4", "Wert", "nothing-given"),
    ]
    answer = client.get(reverse("delivery-marked", args=[faulty.pk]))
    assert answer["Content-Disposition"] == 'attachment; filename="bericht.xlsx"'


def test_a_file_that_cannot_be_read_is_explained_on_its_pages(bring, office, client):
    delivery = bring(b"%PDF-1.7", "figures.csv")
    with pytest.raises(Exception, match="PDF"):
        actions.tables(delivery)
    client.force_login(office.alice)
    said = client.get(reverse("delivery", args=[delivery.pk])).content.decode()
    assert "could not be read" in said
    assert "PDF" in said
    answer = client.get(reverse("delivery-marked", args=[delivery.pk]), follow=True)
    assert answer.redirect_chain[0][0] == reverse("delivery-faults", args=[delivery.pk])
