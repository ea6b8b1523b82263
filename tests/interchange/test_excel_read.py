import datetime
import io
import zipfile

import openpyxl
import pytest
import xlsxwriter

from milepost.errors import KINDS, MilepostError, describe
from milepost.interchange import excel


def workbook(tmp_path, *rows, name="indicator_10-7-4.xlsx", **sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, content in (sheets or {"Sheet": rows}).items():
        sheet = book.create_sheet(title)
        for row in content:
            sheet.append(row)
    book.save(tmp_path / name)
    return tmp_path / name


def changed(path, part, old, new):
    """The same workbook with one part of its archive edited."""
    parts = {}
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            parts[name] = archive.read(name)
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def refused(path):
    with pytest.raises(MilepostError) as error:
        excel.read(path)
    return error.value.problems


def test_cells_become_text_as_a_person_reads_them(tmp_path):
    path = workbook(
        tmp_path,
        ["Year", "Value", "Note"],
        [2015, 3.0, "3.0"],
        [2016, 0.1, True],
        [datetime.date(2017, 1, 31), -1.5e-7, datetime.datetime(2017, 1, 31, 12, 30)],
        [2018, None, " x "],
    )
    (table,) = excel.read(path).tables
    assert table.code == "10-7-4"
    assert table.columns == ("Year", "Value", "Note")
    assert table.rows == [
        ("2015", "3", "3.0"),
        ("2016", "0.1", "TRUE"),
        ("2017-01-31", "-1.5e-07", "2017-01-31T12:30:00"),
        ("2018", "", " x "),
    ]
    assert str(table.place(1, "Value")).endswith("indicator_10-7-4.xlsx, sheet Sheet, row 3, column Value")


def test_titles_and_blank_rows_and_columns_around_the_table_are_passed_over(tmp_path):
    path = workbook(
        tmp_path,
        [],
        [None, "Stock of refugees"],
        [],
        [None, "Year", None, "Value", ""],
        [None, 2015, None, 1],
        [],
        [None, 2016, None, 2],
    )
    (table,) = excel.read(path).tables
    assert table.columns == ("Year", "Value")
    assert table.rows == [("2015", "1"), ("2016", "2")]
    assert table.lines == [5, 7]


def test_a_column_without_header_is_kept_if_it_holds_something(tmp_path):
    (table,) = excel.read(workbook(tmp_path, ["Year", None, "Value"], [2015, "x", 1])).tables
    assert table.columns == ("Year", "Unnamed: 1", "Value")


def test_each_sheet_with_a_header_is_a_table_and_the_others_are_named(tmp_path):
    path = workbook(
        tmp_path,
        **{
            "8.8.1": [["Year", "Value"], [2015, 1]],
            "17.3.2": [["Year", "Value"]],
            "Notes": [["Just words"]],
            "Empty": [],
        },
    )
    found = excel.read(path)
    assert [(table.code, len(table.rows)) for table in found.tables] == [("8.8.1", 1), ("17.3.2", 0)]
    assert [(p.code, p.origin.sheet) for p in found.problems] == [("no-table-in-sheet", "Notes")]


def test_a_header_of_other_words_is_found_too(tmp_path):
    (table,) = excel.read(workbook(tmp_path, ["Country", "Refugees"], ["Belarus", 12])).tables
    assert (table.columns, table.rows) == (("Country", "Refugees"), [("Belarus", "12")])


def test_a_workbook_without_any_table_is_refused(tmp_path):
    assert [problem.code for problem in refused(workbook(tmp_path, ["Just words"]))] == ["no-table"]


def test_duplicate_headers_of_all_sheets_are_named_at_once(tmp_path):
    path = workbook(tmp_path, a=[["Year", "Year", "Value"]], b=[["Year", "Sex", "Value", "Sex"]])
    assert [(p.code, p.origin.sheet, p.details["name"]) for p in refused(path)] == [
        ("duplicate-header", "a", "Year"),
        ("duplicate-header", "b", "Sex"),
    ]


def test_a_merged_cell_counts_for_every_row_that_it_covers(tmp_path):
    path = workbook(tmp_path, ["Sex", "Year", "Value"], ["F", 2015, 1], [None, 2016, 2], ["M", 2015, 3])
    book = openpyxl.load_workbook(path)
    book.active.merge_cells("A2:A3")
    book.save(path)
    found = excel.read(path)
    assert [row[0] for row in found.tables[0].rows] == ["F", "F", "M"]
    assert [(p.code, p.origin.row, p.details["count"]) for p in found.problems] == [("merged-cells", 2, 1)]


def test_a_hidden_sheet_is_read_and_named(tmp_path):
    path = workbook(tmp_path, a=[["Year", "Value"], [2015, 1]], b=[["Year", "Value"], [2015, 2]])
    book = openpyxl.load_workbook(path)
    book["b"].sheet_state = "hidden"
    book.save(path)
    found = excel.read(path)
    assert len(found.tables) == 2
    assert [(p.code, p.origin.sheet) for p in found.problems] == [("hidden-sheet", "b")]


def test_formulas_give_their_last_value_and_are_named(tmp_path):
    path = tmp_path / "formulas.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("Data & more")
        sheet.write_row(0, 0, ["Year", "Value", "Note"])
        sheet.write_row(1, 0, [2015, 1])
        sheet.write_formula(2, 0, "=A2+1", None, 2016)
        sheet.write_formula(2, 1, "=B2*2", None, 2)
        sheet.write_formula(2, 2, "=A1", None, "Year")
    part = "xl/worksheets/sheet1.xml"
    found = excel.read(changed(path, part, b"<v>Year</v>", b"<v></v>"))  # a formula that gives an empty text
    assert found.tables[0].rows == [("2015", "1", ""), ("2016", "2", "")]
    (problem,) = found.problems
    assert (problem.code, problem.origin.sheet, problem.origin.row) == ("formulas", "Data & more", 3)
    assert problem.details["count"] == 3


def test_a_formula_that_was_never_calculated_is_a_fault_not_a_blank(tmp_path):
    found = excel.read(workbook(tmp_path, ["Year", "Value"], [2015, "=1+1"], [2016, 1]))
    places = [(p.code, p.origin.row, p.origin.column) for p in found.problems]
    assert places == [("formula-without-value", 2, "Value"), ("formulas", 2, None)]


def test_an_error_cell_is_a_fault_with_its_place(tmp_path):
    path = tmp_path / "errors.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 1, ["Year", "Value"])
        sheet.write_row(1, 1, [2015, 1])
        sheet.write(2, 1, 2016)
        sheet.write_formula(2, 2, "=1/0", None, "#DIV/0!")
    found = excel.read(path)
    assert found.tables[0].rows[1] == ("2016", "")
    fault = next(problem for problem in found.problems if problem.code == "error-cell")
    assert (fault.origin.row, fault.origin.column, fault.details["what"]) == (3, "Value", "#DIV/0!")


def test_macros_are_named_and_not_run(tmp_path):
    path = workbook(tmp_path, ["Year", "Value"], [2015, 1], name="macro.xlsm")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\0" * 100)
    found = excel.read(path)
    assert found.tables[0].rows == [("2015", "1")]
    assert [problem.code for problem in found.problems] == ["macros"]


def test_links_to_other_workbooks_are_named(tmp_path):
    path = workbook(tmp_path, ["Year", "Value"], [2015, 1])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/externalLinks/externalLink1.xml", "<externalLink/>")
    assert [problem.code for problem in excel.read(path).problems] == ["external-links"]


def test_a_workbook_with_prefixed_elements_is_searched_for_formulas_too(tmp_path):
    path = workbook(tmp_path, ["Year", "Value"], [2015, 1])
    part = "xl/worksheets/sheet1.xml"
    changed(path, part, b'<c r="B2" t="n"><v>1</v></c>', b'<c r="B2"><f>1</f><v>1</v></c>')
    with zipfile.ZipFile(path) as archive:
        text = archive.read(part)
    prefixed = text.replace(b"</", b"\1").replace(b"<", b"<x:").replace(b"\1", b"</x:")
    prefixed = prefixed.replace(b"xmlns=", b"xmlns:x=")
    changed(path, part, text, prefixed)
    found = excel.read(path)
    assert found.tables[0].rows == [("2015", "1")]
    assert [problem.code for problem in found.problems] == ["formulas"]


def test_an_opendocument_sheet_is_read(tmp_path):
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content '
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" office:version="1.2"><office:body>'
        '<office:spreadsheet><table:table table:name="A"><table:table-row>'
        '<table:table-cell office:value-type="string"><text:p>Year</text:p></table:table-cell>'
        '<table:table-cell office:value-type="string"><text:p>Value</text:p></table:table-cell>'
        "</table:table-row><table:table-row>"
        '<table:table-cell office:value-type="float" office:value="2015"><text:p>2015</text:p>'
        "</table:table-cell>"
        '<table:table-cell table:formula="of:=1+1" office:value-type="float" office:value="2">'
        "<text:p>2</text:p></table:table-cell>"
        "</table:table-row></table:table></office:spreadsheet></office:body></office:document-content>"
    )
    path = tmp_path / "sheet.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    found = excel.read(path)
    assert found.tables[0].rows == [("2015", "2")]
    assert [problem.code for problem in found.problems] == ["formulas"]


def archive_of(**parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (b"", "empty-file", "empty"),
        (b"Year,Value\n2015,1\n", "wrong-content", "plain text"),
        (b"<html><table></table></html>", "wrong-content", "web page"),
        (archive_of(readme="no workbook"), "wrong-content", "an archive that is no workbook"),
        (OLE, "wrong-content", "an old or password-protected Office file"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "password", "password"),
        (OLE + "Workbook".encode("utf-16-le"), "damaged", "damaged"),
        (b"PK\x03\x04" + b"x" * 100, "damaged", "damaged"),
    ],
)
def test_what_is_no_workbook_is_called_what_it_is(tmp_path, content, code, words):
    path = tmp_path / "book.xlsx"
    path.write_bytes(content)
    (problem,) = refused(path)
    assert problem.code == code
    assert words in describe(problem)


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95, 0.999])
def test_a_workbook_cut_short_is_damaged(tmp_path, share):
    path = workbook(tmp_path, ["Year", "Value"], [2015, 1])
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])
    assert [problem.code for problem in refused(path)] == ["damaged"]


def test_a_broken_sheet_inside_an_archive_is_damaged(tmp_path):
    path = workbook(tmp_path, ["Year", "Value"], [2015, 1])
    changed(path, "xl/worksheets/sheet1.xml", b"</row></sheetData>", b"</row><")
    assert [problem.code for problem in refused(path)] == ["damaged"]


def test_every_fault_of_a_workbook_has_a_sentence():
    named = (
        "no-table",
        "no-table-in-sheet",
        "hidden-sheet",
        "merged-cells",
        "formulas",
        "formula-without-value",
    )
    for code in (*named, "error-cell", "macros", "external-links", "too-many-rows"):
        assert KINDS[code].remedy
