"""Which file is what, how large it may be, and Parquet, folders and workbooks."""

import zipfile

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from milepost.errors import MilepostError
from milepost.interchange import microdata
from tests.interchange.microdata.reading import rows


def codes_of(path, **options):
    with pytest.raises(MilepostError) as caught, microdata.opened(path, **options):
        pass
    return [problem.code for problem in caught.value.problems]


def parquet(path, **columns):
    pq.write_table(pa.table(columns), path)
    return path


def workbook(path, **sheets):
    with xlsxwriter.Workbook(str(path)) as book:
        for name, grid in sheets.items():
            sheet = book.add_worksheet(name)
            for at, row in enumerate(grid):
                sheet.write_row(at, 0, row)
    return path


def test_parquet_is_read_where_it_lies(tmp_path):
    path = parquet(tmp_path / "a.parquet", sex=[1, 2], w=[1.5, 2.5])
    with microdata.opened(path) as source:
        assert (source.paths, source.kind, source.columns) == ((str(path),), "parquet", ("sex", "w"))


def test_a_folder_of_parquet_files_is_one_source(tmp_path):
    parquet(tmp_path / "part-1.parquet", sex=[1])
    parquet(tmp_path / "part-2.parquet", sex=[2])
    (tmp_path / "_SUCCESS").write_text("")
    with microdata.opened(tmp_path) as source:
        assert [row["sex"] for row in rows(source)] == [1, 2]


def test_files_of_a_folder_must_have_the_same_columns(tmp_path):
    parquet(tmp_path / "part-1.parquet", sex=[1])
    parquet(tmp_path / "part-2.parquet", age=[2])
    assert codes_of(tmp_path) == ["parts-differ"]


def test_a_folder_without_parquet_is_refused(tmp_path):
    assert codes_of(tmp_path) == ["no-parts"]


def test_a_nested_column_is_refused_only_if_it_is_asked_for(tmp_path):
    path = parquet(tmp_path / "a.parquet", sex=[1], jobs=[[1, 2]])
    assert codes_of(path, wanted=lambda names: ["jobs"]) == ["nested-column"]
    with microdata.opened(path, wanted=lambda names: ["sex"]) as source:
        assert "sex" in source.columns


@pytest.mark.parametrize("content", [b"PAR1", b"PAR1" + b"\xff" * 200 + b"PAR1", b"PAR1\x00\x00PAR1"])
def test_a_hostile_parquet_file_is_damaged(tmp_path, content):
    path = tmp_path / "a.parquet"
    path.write_bytes(content)
    assert codes_of(path) == ["microdata-damaged"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.parquet", b"sex,age\n1,2\n"),
        ("a.parquet", b"PARE" + b"\0" * 50),
        ("a.csv", b"PAR1" + b"\0" * 50),
        ("a.csv", b"$FL2@(#) SPSS DATA FILE"),
        ("a.csv", b"<stata_dta><header>"),
        ("a.sav", b"sex,age\n1,2\n"),
        ("a.dta", b"$FL2@(#) SPSS DATA FILE"),
        ("a.por", b"sex,age\n1,2\n"),
        ("a.xlsx", b"sex,age\n1,2\n"),
        ("a.csv", b"<html><body>Log in</body></html>"),
    ],
)
def test_content_that_contradicts_the_name_is_refused(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    assert codes_of(path) == ["wrong-content"]


def test_an_unknown_ending_a_missing_and_an_empty_file_are_refused(tmp_path):
    (tmp_path / "a.docx").write_bytes(b"x")
    (tmp_path / "a.csv").write_bytes(b"")
    assert codes_of(tmp_path / "a.docx") == ["microdata-unknown-kind"]
    assert codes_of(tmp_path / "a.csv") == ["empty-file"]
    assert codes_of(tmp_path / "b.csv") == ["not-found"]


def test_the_setting_limits_every_kind(tmp_path, monkeypatch):
    path = parquet(tmp_path / "a.parquet", sex=list(range(20_000)))
    monkeypatch.setenv(microdata.SIZE_SETTING, "0.01")
    assert codes_of(path) == ["microdata-too-large"]
    monkeypatch.setenv(microdata.SIZE_SETTING, "lots")
    assert codes_of(path) == ["bad-setting"]


def test_faults_name_the_file_as_the_person_does(tmp_path):
    path = tmp_path / "3f2a.upload"
    path.write_bytes(b"PAR1 and nothing else")
    with pytest.raises(MilepostError) as caught, microdata.opened(path, name="survey.parquet"):
        pass
    assert [problem.origin.file for problem in caught.value.problems] == ["survey.parquet"]


def test_a_workbook_is_read_with_numbers_at_their_shortest(tmp_path):
    path = workbook(tmp_path / "a.xlsx", people=[["sex", "cost"], [1, 2.5], [2, None]])
    with microdata.opened(path) as source:
        assert rows(source) == [{"sex": "1", "cost": "2.5"}, {"sex": "2", "cost": ""}]


def test_of_several_sheets_one_must_be_named(tmp_path):
    path = workbook(tmp_path / "a.xlsx", people=[["sex", "age"], [1, 20]], homes=[["home", "rooms"], [9, 2]])
    assert codes_of(path) == ["several-sheets"]
    assert codes_of(path, sheet="flats") == ["unknown-sheet"]
    with microdata.opened(path, sheet="homes") as source:
        assert rows(source) == [{"home": "9", "rooms": "2"}]


def test_only_workbooks_have_sheets(tmp_path):
    path = parquet(tmp_path / "a.parquet", sex=[1])
    assert codes_of(path, sheet="people") == ["no-sheets"]


def test_a_cell_that_shows_an_error_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("people")
        sheet.write_row(0, 0, ["sex", "cost"])
        sheet.write_number(1, 0, 1)
        sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    assert codes_of(path) == ["error-cell"]


def test_a_workbook_that_unpacks_to_far_too_much_is_refused(tmp_path):
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"0" * 300_000_000)
    assert codes_of(path) == ["zip-bomb"]
