"""A table with a column for each year is read as one figure for each cell, which knows its row and column."""

import datetime
import io
import zipfile

import pytest
import xlsxwriter
from hypothesis import given
from hypothesis import strategies as st

from milepost import interchange
from milepost.recipes import incoming
from milepost.recipes.incoming import ACROSS, Reading
from milepost.values import Origin, Table

TODAY = datetime.date(2026, 11, 1)
HEADERS = ("Indicator", "Sex", "2020", "2021", "2022")


def table(*rows, headers=HEADERS, **also):
    return Table("wide", headers, [tuple(row.split("|")) for row in rows], Origin("wide.csv"), **also)


def suggested(one):
    return incoming.suggest([one], country_m49="901", indicators=["8.8.1"])


def read(one, reading=None):
    how = reading or suggested(one)[0]
    return incoming.read_rows([one], how, indicators=["8.8.1"], country_m49="901", today=TODAY)


def test_each_cell_is_a_figure_that_knows_its_row_and_column():
    found = read(table("8.8.1||4.5|4,25|5", "8.8.1|F|3||x", lines=[4, 7]))
    assert [(one.number, one.line, one.column, one.period, one.value) for one in found] == [
        (1, 4, "2020", "2020", 4.5),
        (2, 4, "2021", "2021", None),  # the comma is in doubt: other cells have a point
        (3, 4, "2022", "2022", 5.0),
        (4, 7, "2020", "2020", 3.0),
        (5, 7, "2022", "2022", None),
    ]
    assert [(fault.code, str(fault.origin)) for one in found for fault in one.problems] == [
        ("comma-in-doubt", "wide.csv, row 4, column 2021"),
        ("mark-instead", "wide.csv, row 7, column 2022"),
    ]
    assert found[3].cells == {"indicator": "8.8.1", "sex": "F", "time_period": "2020", "obs_value": "3"}


def test_a_blank_cell_says_nothing_unless_a_status_stands_beside_it():
    headers = ("Indicator", "Status", "2020", "2021")
    found = read(table("8.8.1|Q||", "8.8.1|||5", headers=headers))
    assert [(one.line, one.period, one.value, one.status) for one in found] == [
        (2, "2020", None, "Q"),
        (2, "2021", None, "Q"),
        (3, "2021", 5.0, "A"),
    ]


@pytest.mark.parametrize(
    ("headers", "across"),
    [
        (("Region", "2015", "2016"), ("2015", "2016")),
        (("Region", "2015 г.", "2016 год"), ("2015 г.", "2016 год")),
        (("Region", "2018/19", "2019/20"), ("2018/19", "2019/20")),
        (("Region", "2024-Q1", "2024-Q2"), ("2024-Q1", "2024-Q2")),
        (("Region", "2015.0"), ("2015.0",)),
        (("Year", "2015", "2016"), ()),  # a column says which year
        (("Region", "Value", "2015"), ()),  # or which value
        (("Region", "15", "1000", "3000"), ()),
    ],
)
def test_headers_are_years_where_no_column_tells_year_or_value(headers, across):
    assert incoming.years_across(headers) == across


def test_years_across_tell_year_and_value_and_a_person_can_say_otherwise():
    one = table("8.8.1|F|4|5|6")
    how, unknown = suggested(one)
    assert how.columns["2020"] == ACROSS
    assert unknown == []
    undone = Reading({"Indicator": "indicator", "Sex": "sex"})
    asked = incoming.unmapped([one], undone, country_m49="901", indicators=["8.8.1"])
    assert [(each.kind, each.text) for each in asked] == [
        ("column", "2020"), ("column", "2021"), ("column", "2022"), ("period", ""), ("value", ""),
    ]  # fmt: skip
    assert incoming.completed([one], undone, country_m49="901").columns == undone.columns


def test_the_file_with_a_further_year_is_known():
    later = table("8.8.1|F|4|5|6|7", headers=(*HEADERS, "2023"))
    assert incoming.signature([later]) == incoming.signature([table()])
    how = incoming.completed([later], suggested(table("8.8.1|F|4|5|6"))[0], country_m49="901")
    assert how.columns["2023"] == ACROSS
    assert [one.period for one in read(later, how)] == ["2020", "2021", "2022", "2023"]


def test_a_column_of_values_beside_years_across_is_one_too_many():
    one = table("8.8.1|F|4|5|6")
    how = Reading({**suggested(one)[0].columns, "Sex": "obs_value"})
    asked = incoming.unmapped([one], how, country_m49="901", indicators=["8.8.1"])
    assert ("twice", "obs_value", "Sex") in [(each.kind, each.concept, each.text) for each in asked]


def test_two_cells_that_differ_for_one_year_are_named_by_row_and_column():
    found = incoming.compare(read(table("8.8.1|F|4|5|6", "8.8.1|F|4|7|")), {})
    said = {one.record.number: (one.outcome, one.problems) for one in found}
    assert [said[number][0] for number in sorted(said)] == ["add", "conflict", "add", "same", "conflict"]
    assert said[2][1][0].details["lines"] == "2/2021, 3/2021"
    assert said[4][1][0].details["line"] == "2/2020"


@pytest.mark.parametrize("ending", ["csv", "xlsx", "ods"])
def test_every_format_brings_years_across(tmp_path, ending):
    rows = [["Region", "Sex", 2015, 2016], ["North", "F", 1.5, 2], ["South", "M", 3, None]]
    path = tmp_path / f"wide.{ending}"
    if ending == "csv":
        text = "\n".join(";".join("" if cell is None else str(cell) for cell in row) for row in rows)
        path.write_text(text + "\n")
    elif ending == "xlsx":
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet("Data")
            sheet.write(0, 0, "Table 1")
            for line, row in enumerate(rows, 3):
                sheet.write_row(line, 0, row)
    else:
        path.write_bytes(_ods(rows))
    (one,) = interchange.read(path).tables
    assert incoming.years_across(one.columns) == ("2015", "2016")
    how = Reading({"Region": "ref_area", "Sex": "sex", "2015": ACROSS, "2016": ACROSS})
    found = read(one, how)
    assert [(each.cells["ref_area"], each.period, each.value) for each in found] == [
        ("North", "2015", 1.5), ("North", "2016", 2.0), ("South", "2015", 3.0),
    ]  # fmt: skip


def _ods(rows):
    """A spreadsheet of OpenDocument with these cells."""

    def cell(value):
        if value is None:
            return "<table:table-cell/>"
        if isinstance(value, str):
            return f'<table:table-cell office:value-type="string"><text:p>{value}</text:p></table:table-cell>'
        return (
            f'<table:table-cell office:value-type="float" office:value="{value}">'
            f"<text:p>{value}</text:p></table:table-cell>"
        )

    lines = "".join(f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in rows)
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{space}office:1.0" xmlns:table="{space}table:1.0" '
        f'xmlns:text="{space}text:1.0"><office:body><office:spreadsheet><table:table table:name="Data">'
        f"{lines}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
        archive.writestr("META-INF/manifest.xml", manifest)
    return out.getvalue()


CELLS = st.lists(
    st.lists(st.sampled_from(["", "1", "2.5", "-3"]), min_size=3, max_size=3), min_size=1, max_size=6
)


@given(CELLS)
def test_wide_and_tall_tables_of_the_same_figures_are_read_alike(cells):
    years = HEADERS[2:]
    areas = [f"XS-{number}" for number in range(len(cells))]
    wide = Table(
        "w",
        ("Indicator", "Region", *years),
        [("8.8.1", area, *row) for area, row in zip(areas, cells, strict=True)],
        Origin("w.csv"),
    )
    tall = Table(
        "t",
        ("Indicator", "Region", "Year", "Value"),
        [
            ("8.8.1", area, year, text)
            for area, row in zip(areas, cells, strict=True)
            for year, text in zip(years, row, strict=True)
            if text
        ],
        Origin("t.csv"),
    )
    assert [(one.key, one.value) for one in read(wide)] == [(one.key, one.value) for one in read(tall)]
