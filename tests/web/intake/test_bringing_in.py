"""A file comes in as it is, and is read with every limit."""

import io
import zipfile

import pytest
import xlsxwriter
from django.core.exceptions import PermissionDenied

from milepost.errors import MilepostError
from milepost.interchange import limits
from milepost.web.audit.models import Event
from milepost.web.files.queries import open_file
from milepost.web.intake import actions, queries
from tests.web.intake.conftest import FIGURES, archive


def codes(error):
    return [problem.code for problem in error.value.problems]


def test_the_original_is_kept_and_nothing_is_read_yet(bring, office):
    delivery = bring(FIGURES, "ten.csv")
    with open_file(delivery.file) as file:
        assert file.read() == FIGURES.encode()
    assert (delivery.state, delivery.tables, str(delivery)) == ("waiting", [], "ten.csv")
    assert delivery.file.owner == delivery.address
    event = Event.objects.get(verb="delivery.received")
    assert (event.by, event.address, event.scope) == (office.alice, delivery.address, office.office.address)


def test_a_stranger_a_reviewer_and_an_office_abroad_may_not(bring, office):
    for person in (office.charlie, office.bob, office.nobody):
        with pytest.raises(PermissionDenied):
            bring(by=person)
    with pytest.raises(MilepostError):
        bring(by=office.charlie, institution=office.abroad)


def test_deliveries_are_seen_within_the_institution_and_country(bring, office):
    delivery = bring()
    for person in (office.alice, office.bob, office.carol):
        assert delivery in queries.visible_to(person)
    for person in (office.charlie, office.frank, office.nobody):
        assert delivery not in queries.visible_to(person)


def test_the_name_of_a_file_says_what_it_is_about(bring):
    delivery = bring("Year,Value\n2020,5\n", "indicator_10-7-1.csv")
    (table,) = actions.tables(delivery)
    assert (table.code, table.origin.file) == ("10-7-1", "indicator_10-7-1.csv")
    reading = actions.reading_for(delivery, (table,))
    assert reading is not None
    assert reading.columns == {"Year": "time_period", "Value": "obs_value"}


@pytest.mark.parametrize("name", ["../../etc/x.csv", "C:\\data\\x.csv", "/x.csv", "x\u202e.csv\n"])
def test_a_name_cannot_lead_anywhere(bring, name):
    delivery = bring(FIGURES, name)
    assert delivery.file.name == "x.csv"
    assert len(actions.tables(delivery)) == 1


def test_an_empty_file_is_refused_at_once(bring):
    with pytest.raises(MilepostError) as error:
        bring("")
    assert codes(error) == ["empty-file"]


def test_a_file_above_the_limit_is_refused_at_once(bring, monkeypatch):
    monkeypatch.setenv(limits.SIZE_SETTING, "0.001")
    with pytest.raises(MilepostError) as error:
        bring(FIGURES * 20)
    assert codes(error) == ["too-large"]


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", b"<workbook/>")
        made.writestr("xl/worksheets/sheet1.xml", b" " * 50_000_000)
    return out.getvalue()


BROAD = ",".join(f"c{n}" for n in range(5000)) + "\n" + ",".join("1" * 5000) + "\n"
DOCTYPE = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><StructureSpecificData>&a;</StructureSpecificData>'
)


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("figures.xlsx", FIGURES, "wrong-content"),
        ("figures.csv", b"%PDF-1.7 ...", "wrong-content"),
        ("figures.csv", b"Year,Value\n2020,\x00\x01\n", "not-text"),
        ("figures.csv", "Year,Value,Value\n2020,1,2\n", "duplicate-header"),
        ("figures.csv", BROAD, "too-many-columns"),
        ("figures.xml", DOCTYPE, "xml-doctype"),
        ("figures.xlsx", bomb, "zip-bomb"),
        ("figures.docx", archive({"word/document.xml": "x"}), "no-figures"),
        ("figures.json", "{}", "unknown-format"),
    ],
)
def test_what_cannot_be_read_says_why_and_stays_with_the_delivery(bring, name, content, code):
    delivery = bring(content() if callable(content) else content, name)
    with pytest.raises(MilepostError) as error:
        actions.tables(delivery)
    assert codes(error) == [code]
    delivery.refresh_from_db()
    assert delivery.state == "failed"
    assert [problem["code"] for problem in delivery.problems] == codes(error)
    assert "/tmp" not in str(delivery.problems)
    for problem in error.value.problems:
        assert "/" not in problem.origin.file


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16", "utf-8-sig"])
def test_russian_files_of_every_encoding_are_read(bring, encoding):
    content = "Год;Значение;Пол\n2020;8,2;Женщины\n".encode(encoding)
    delivery = bring(content, "10-7-1.csv")
    (table,) = actions.tables(delivery)
    assert table.columns == ("Год", "Значение", "Пол")
    assert actions.reading_for(delivery, (table,)) is not None
    told = [problem["code"] for problem in delivery.problems]
    assert told == (["encoding-guessed"] if encoding == "cp1251" else [])


def test_formulas_give_their_value_and_are_told(bring, tmp_path):
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Data")
        sheet.write_row(0, 0, ["Year", "Value"])
        sheet.write_number(1, 0, 2020)
        sheet.write_formula(1, 1, "=4+4", None, 8)
    delivery = bring(path.read_bytes(), "10-7-1.xlsx")
    (table,) = actions.tables(delivery)
    assert table.rows == [("2020", "8")]
    assert [problem["code"] for problem in delivery.problems] == ["formulas"]


def test_a_folder_comes_as_an_archive(bring):
    content = archive(
        {
            "site/data/indicator_10-7-1.csv": "Year,Value\n2020,8\n",
            "site/data/indicator_17-3-2.csv": "Year,Value\n2020,5\n",
            "site/meta/10-7-1.md": "---\nindicator: 10.7.1\n---\n",
            "__MACOSX/x": "y",
        },
    )
    delivery = bring(content, "platform.zip")
    tables = actions.tables(delivery)
    assert {table.code for table in tables if table.rows} == {"10-7-1", "17-3-2"}
    assert all("/tmp" not in table.origin.file for table in tables)


@pytest.mark.parametrize(
    ("member", "mode", "code"),
    [
        ("../outside.csv", 0, "archive-path"),
        ("/etc/outside.csv", 0, "archive-path"),
        ("C:\\outside.csv", 0, "archive-path"),
        ("data/" + "x" * 300, 0, "archive-path"),
        ("data/link.csv", 0o120777, "archive-link"),
        ("data/device", 0o020666, "archive-link"),
    ],
)
def test_an_archive_cannot_write_outside(bring, member, mode, code):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("data/indicator_10-7-1.csv", "Year,Value\n2020,8\n")
        info = zipfile.ZipInfo(member)
        info.external_attr = mode << 16
        made.writestr(info, "/etc/passwd")
    delivery = bring(out.getvalue(), "platform.zip")
    with pytest.raises(MilepostError) as error:
        actions.tables(delivery)
    assert codes(error) == [code]


def test_an_archive_that_unpacks_to_far_too_much_is_refused(bring):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for number in range(3):
            made.writestr(f"data/indicator_{number}.csv", b"1," * 20_000_000)
    delivery = bring(out.getvalue(), "platform.zip")
    with pytest.raises(MilepostError) as error:
        actions.tables(delivery)
    assert codes(error)[0] in ("zip-bomb", "unknown-format")
