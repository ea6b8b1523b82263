"""SDMX-CSV, both versions: every row in and out."""

import pytest

from milepost.errors import MilepostError
from milepost.interchange.sdmx import csv
from milepost.values import Dataset, Origin, Structure, Table


def saved(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def test_version_1_0_with_its_dataflow(tmp_path):
    text = (
        "DATAFLOW,SERIES,SEX,TIME_PERIOD,OBS_VALUE,COMMENT_OBS\n"
        'XX:DF(1.0),A,F,2020,1.50,"a, b"\n'
        "XX:DF(1.0),A,M,2020,,\n"
    )
    table = csv.read(saved(tmp_path / "a.csv", text)).tables[0]
    assert table.code == "a"
    assert table.columns == ("SERIES", "SEX", "TIME_PERIOD", "OBS_VALUE", "COMMENT_OBS")
    assert table.rows == [("A", "F", "2020", "1.50", "a, b"), ("A", "M", "2020", "", "")]
    assert list(table.lines) == [2, 3]


def test_version_2_0_says_of_which_structure_the_rows_are(tmp_path):
    text = (
        "STRUCTURE;STRUCTURE_ID;ACTION;SERIES;TIME_PERIOD;OBS_VALUE;OBS_STATUS\n"
        "datastructure;XX:SDG(1.0);I;A;2020;1;A\n"
    )
    dataset = csv.read(saved(tmp_path / "a.csv", text))
    assert dataset.tables[0].columns == ("SERIES", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS")
    assert dataset.structure == Structure("SDG", "XX", "1.0", ("series", "time_period"), ("obs_status",))


def test_rows_of_several_dataflows_are_several_tables(tmp_path):
    text = "DATAFLOW,TIME_PERIOD,OBS_VALUE\nXX:ONE(1.0),2020,1\nXX:TWO(1.0),2020,2\nXX:ONE(1.0),2021,3\n"
    dataset = csv.read(saved(tmp_path / "a.csv", text))
    assert [(table.code, table.rows, table.lines) for table in dataset.tables] == [
        ("ONE", [("2020", "1"), ("2021", "3")], [2, 4]),
        ("TWO", [("2020", "2")], [3]),
    ]


def test_names_beside_codes_become_the_names_of_codes_and_free_text_stays_whole(tmp_path):
    text = (
        "DATAFLOW,SEX: Sex,TIME_PERIOD: Time,OBS_VALUE: Value,COMMENT_OBS: Comment\n"
        "XX:DF(1.0): Goal 10,F: Female,2020,1,Note: see above\n"
        "XX:DF(1.0): Goal 10,M: Male,2020,2,Note: none\n"
    )
    dataset = csv.read(saved(tmp_path / "a.csv", text))
    assert dataset.tables[0].rows == [("F", "2020", "1", "Note: see above"), ("M", "2020", "2", "Note: none")]
    assert dataset.structure is not None
    assert dict(dataset.structure.code_lists["sex"].codes["F"]) == {"und": "Female"}


def test_rows_to_be_deleted_read_and_are_reported(tmp_path):
    text = (
        "STRUCTURE,STRUCTURE_ID,ACTION,TIME_PERIOD,OBS_VALUE\n"
        "dataflow,XX:A(1.0),D,2020,1\n"
        "dataflow,XX:A(1.0),I,2020,2\n"
    )
    dataset = csv.read(saved(tmp_path / "a.csv", text))
    assert dataset.count() == 2
    assert [(problem.code, problem.origin.row) for problem in dataset.problems] == [("sdmx-deletion", 2)]


def test_cells_that_begin_like_formulas_are_not_changed(tmp_path):
    rows = [("=1+1", "2020", "-1"), ("@x", "2020", "+2"), ("'=q", "2020", "3")]
    csv.write(
        Dataset((Table("a", ("SERIES", "TIME_PERIOD", "OBS_VALUE"), rows, Origin("a")),)), tmp_path / "a.csv"
    )
    assert csv.read(tmp_path / "a.csv").tables[0].rows == rows
    assert b"'=1" not in (tmp_path / "a.csv").read_bytes()


def test_tables_with_different_columns_share_one_file(tmp_path):
    one = Table("1", ("SERIES", "TIME_PERIOD", "OBS_VALUE"), [("A", "2020", "1")], Origin("a"))
    two = Table(
        "2", ("SERIES", "Region", "TIME_PERIOD", "OBS_VALUE"), [("B", "Osh", "2020", "2")], Origin("a")
    )
    csv.write(Dataset((one, two)), tmp_path / "a.csv")
    table = csv.read(tmp_path / "a.csv").tables[0]
    assert table.columns == ("SERIES", "TIME_PERIOD", "OBS_VALUE", "Region")
    assert table.rows == [("A", "2020", "1", ""), ("B", "2020", "2", "Osh")]


def test_a_file_without_rows_is_a_table_without_rows(tmp_path):
    csv.write(Dataset((Table("a", ("TIME_PERIOD", "OBS_VALUE"), [], Origin("a")),)), tmp_path / "a.csv")
    assert csv.read(tmp_path / "a.csv").tables[0].rows == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_unicode_encodings_read(tmp_path, encoding):
    path = saved(tmp_path / "a.csv", "DATAFLOW,Жыл,TIME_PERIOD,OBS_VALUE\nA:B(1.0),ө,2020,1\n", encoding)
    assert csv.read(path).tables[0].rows == [("ө", "2020", "1")]


def test_undecodable_bytes_read_and_are_reported(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"DATAFLOW,COMMENT_OBS,OBS_VALUE\nA:B(1.0),ok,1\nA:B(1.0),\xff\xfe,2\n")
    dataset = csv.read(path)
    assert dataset.count() == 2
    assert [(problem.code, problem.origin.row) for problem in dataset.problems] == [("xml-undecodable", 3)]


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("Year,Value\n2020,1\n", "sdmx-no-columns", 1),
        ("DATAFLOW,TIME_PERIOD\nA:B(1.0),2020\n", "sdmx-no-columns", 1),
        ("DATAFLOW,OBS_VALUE\nA:B(1.0),1,2\n", "ragged-row", 2),
        ('DATAFLOW,OBS_VALUE\nA:B(1.0),1\nA:B(1.0),"2\n', "quote-not-closed", 3),
        ("<?xml version='1.0'?><a/>", "wrong-content", None),
        ("", "empty-file", None),
    ],
)
def test_what_would_lose_something_is_refused_with_its_place(tmp_path, text, code, row):
    with pytest.raises(MilepostError) as refused:
        csv.read(saved(tmp_path / "a.csv", text))
    assert [(problem.code, problem.origin.row) for problem in refused.value.problems] == [(code, row)]
