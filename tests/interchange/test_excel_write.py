import datetime
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from milepost.errors import MilepostError
from milepost.interchange import excel
from milepost.values import CodeList, Dataset, Origin, Structure, Table, Text

LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufffe\uffff")
CELLS = st.one_of(
    st.text(LETTERS, max_size=6),
    st.sampled_from(
        ["", "=1+1", "http://example.org", "_x0041_", "_xD", "\r\n", " a ", "007", "#N/A", "TRUE"]
    ),
    st.integers(-(10**18), 10**18).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.decimals(-1000, 1000, allow_nan=False, places=3).map(str),
    st.sampled_from(["8.0", "-0", "1e5", "1e999", ".5", "5.", "+5", "1_0", "0.30000000000000004", "nan"]),
)
HEADERS = st.one_of(
    st.text(LETTERS, min_size=1, max_size=6).filter(str.strip),
    st.sampled_from(["Year", "Value", "SERIES", "Sex", "LOWER_BOUND", "indicator", "=1"]),
)
FIELDS = st.text(LETTERS, max_size=5)
VALUES = st.recursive(
    st.one_of(
        st.text(LETTERS, max_size=8),
        st.none(),
        st.booleans(),
        st.integers(-(10**9), 10**9),
        st.dates(),
        st.datetimes(),
        st.dictionaries(st.sampled_from(["en", "ru", "ky"]), st.text(LETTERS, max_size=4), max_size=2).map(
            Text
        ),
        st.text(LETTERS, min_size=1, max_size=3).map(lambda text: text * 20_000),
    ),
    lambda inner: st.dictionaries(FIELDS, inner, max_size=3),
    max_leaves=6,
)


def dataset(*tables, **more):
    given_tables = tuple(Table(code, columns, rows, Origin("in.csv")) for code, columns, rows in tables)
    return Dataset(tables=given_tables, **more)


@st.composite
def a_table(draw):
    columns = tuple(draw(st.lists(HEADERS, min_size=1, max_size=4, unique=True)))
    if len(set(Table("", columns, (), Origin("")).concepts())) < len(columns):
        columns = columns[:1]
    row = st.tuples(*[CELLS] * len(columns)).filter(lambda row: "".join(row).strip())
    code = draw(st.text(LETTERS, min_size=1, max_size=5))
    return Table(code, columns, draw(st.lists(row, max_size=6)), Origin("x"))


@settings(max_examples=300, deadline=None)
@given(
    tables=st.lists(a_table(), min_size=1, max_size=3),
    metadata=st.dictionaries(FIELDS, st.dictionaries(FIELDS, VALUES, max_size=3), max_size=2),
    languages=st.lists(st.sampled_from(["en", "ru", "ky"]), unique=True).map(tuple),
)
def test_what_is_written_is_read_back_exactly(tmp_path_factory, tables, metadata, languages):
    path = tmp_path_factory.mktemp("xlsx") / "x.xlsx"
    excel.write(Dataset(tables=tuple(tables), metadata=metadata, languages=languages), path)
    found = excel.read(path)
    assert [(t.code, t.columns, list(t.rows)) for t in found.tables] == [
        (table.code, table.concepts(), list(table.rows)) for table in tables
    ]
    assert found.metadata == metadata
    assert found.languages == languages
    assert found.problems == ()


def sheets(path):
    book = openpyxl.load_workbook(path)
    return {
        sheet.title: [list(row) for row in sheet.iter_rows(values_only=True)] for sheet in book.worksheets
    }


def test_values_and_years_are_numbers_and_everything_else_is_text(tmp_path):
    rows = [("2015", "1.5", "007"), ("2018/19", "8.0", "=1+1"), ("2020", "", "http://example.org")]
    excel.write(dataset(("10-7-4", ("Year", "Value", "Note"), rows)), tmp_path / "x.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "x.xlsx")["data"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [
        ["time_period", "obs_value", "Note"],
        [2015, 1.5, "007"],
        ["2018/19", 8, "=1+1"],
        [2020, None, "http://example.org"],
    ]
    assert sheet["C3"].data_type == "s"
    assert sheet["C4"].hyperlink is None
    assert sheet["B3"].number_format == "0.0"
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == "A1:C4"


def test_no_part_of_the_archive_holds_a_formula(tmp_path):
    excel.write(
        dataset(("=a", ("Year", "=b"), [("=1+1", "@c")]), metadata={"=m": {"=f": "=v"}}), tmp_path / "x.xlsx"
    )
    with zipfile.ZipFile(tmp_path / "x.xlsx") as archive:
        assert not any(
            b"<f>" in archive.read(name) or b"<f " in archive.read(name) for name in archive.namelist()
        )


def test_the_same_dataset_gives_the_same_bytes(tmp_path):
    made = dataset(("a", ("Year", "Value"), [("2015", "8.0")]), metadata={"a": {"name": "x"}})
    excel.write(made, tmp_path / "1.xlsx")
    excel.write(made, tmp_path / "2.xlsx")
    assert (tmp_path / "1.xlsx").read_bytes() == (tmp_path / "2.xlsx").read_bytes()


def test_the_code_lists_stand_in_a_sheet_with_all_languages(tmp_path):
    sex = CodeList("CL_SEX", {"F": Text(en="Female", ru="Женский"), "_T": Text(en="Total")})
    structure = Structure("SDG", "IAEG", "1.8", ("sex",), (), {"sex": sex})
    excel.write(dataset(("a", ("sex", "obs_value"), [("F", "1")]), structure=structure), tmp_path / "x.xlsx")
    assert sheets(tmp_path / "x.xlsx")["codes"] == [
        ["concept", "code list", "code", "en", "ru"],
        ["sex", "CL_SEX", "F", "Female", "Женский"],
        ["sex", "CL_SEX", "_T", "Total", None],
    ]


def test_metadata_is_one_row_for_each_field_and_language(tmp_path):
    metadata = {
        "10-7-4": {
            "name": Text(en="Refugees", ru="Беженцы"),
            "en": {"source": "a"},
            "revised": datetime.date(2024, 5, 1),
        }
    }
    excel.write(Dataset(metadata=metadata), tmp_path / "x.xlsx")
    assert sheets(tmp_path / "x.xlsx")["metadata"][1:] == [
        ["10-7-4", "name", "en", "Refugees", "words"],
        ["10-7-4", "name", "ru", "Беженцы", "words"],
        ["10-7-4", "en/source", None, "a", "text"],
        ["10-7-4", "revised", None, "2024-05-01", "date"],
    ]


def changed(path, change):
    book = openpyxl.load_workbook(path)
    change(book)
    book.save(path)
    return excel.read(path)


@pytest.fixture
def two_tables(tmp_path):
    path = tmp_path / "x.xlsx"
    excel.write(
        dataset(
            ("a", ("Year", "Value"), [("2015", "8.0"), ("2016", "9.0")]),
            ("b", ("Year", "Region", "Value"), [("2015", "Osh", "3")]),
        ),
        path,
    )
    return path


def test_a_number_changed_by_hand_is_the_one_that_is_read(two_tables):
    found = changed(two_tables, lambda book: book["data"].__setitem__("C2", 8.5))
    assert [list(table.rows) for table in found.tables] == [
        [("2015", "8.5"), ("2016", "9.0")],
        [("2015", "Osh", "3")],
    ]


def test_rows_and_columns_added_by_hand_are_read(two_tables):
    def change(book):
        sheet = book["data"]
        sheet["E1"] = "Note"
        sheet["E4"] = "new"
        sheet.append(["a", 2017, 10])
        sheet.append(["c", 2017, 11, "Talas"])

    found = changed(two_tables, change)
    assert [(table.code, table.columns, list(table.rows)) for table in found.tables] == [
        (
            "a",
            ("time_period", "obs_value", "Note"),
            [("2015", "8.0", ""), ("2016", "9.0", ""), ("2017", "10", "")],
        ),
        ("b", ("time_period", "Region", "obs_value", "Note"), [("2015", "Osh", "3", "new")]),
        ("c", ("time_period", "obs_value", "Region", "Note"), [("2017", "11", "Talas", "")]),
    ]


def test_the_place_of_a_row_is_its_row_in_the_sheet(two_tables):
    found = excel.read(two_tables)
    assert str(found.tables[1].place(0, "obs_value")) == f"{two_tables}, sheet data, row 4, column obs_value"


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("a\0b", "character"),
        ("\ud800", "character"),
        ("\uffff", "character"),
        ("x" * 32_768, "32767 letters"),
    ],
)
def test_what_a_cell_cannot_hold_is_refused_with_its_place(tmp_path, cell, words):
    with pytest.raises(MilepostError) as error:
        excel.write(dataset(("a", ("Year", "Note"), [("2015", ""), ("2016", cell)])), tmp_path / "x.xlsx")
    (problem,) = error.value.problems
    assert (problem.code, problem.origin.row, problem.origin.column) == ("not-storable", 3, "Note")
    assert words in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_the_longest_text_that_fits_is_kept(tmp_path):
    excel.write(dataset(("a", ("Year", "Note"), [("2015", "x" * 32_767)])), tmp_path / "x.xlsx")
    assert len(excel.read(tmp_path / "x.xlsx").tables[0].rows[0][1]) == 32_767


def test_more_rows_than_a_sheet_holds_are_refused(tmp_path):
    with pytest.raises(MilepostError) as error:
        excel.write(dataset(("a", ("Year",), [("2015",)] * 1_048_576)), tmp_path / "x.xlsx")
    assert error.value.problems[0].code == "too-many-rows"


def test_a_dataset_with_nothing_in_it_is_refused(tmp_path):
    with pytest.raises(MilepostError) as error:
        excel.write(Dataset(), tmp_path / "x.xlsx")
    assert error.value.problems[0].code == "no-tables"
