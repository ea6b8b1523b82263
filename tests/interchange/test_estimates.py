"""Cells as CSV, Parquet, JSON and workbook: the same figures everywhere, and none of a suppressed row."""

import csv
import json

import openpyxl
import pyarrow.parquet as pq
import pytest

from milepost.errors import MilepostError
from milepost.interchange import estimates
from milepost.interchange.estimates import Estimates
from milepost.values import Estimate

CELLS = (
    Estimate(
        {"sex": "_T", "region": "_T"},
        value=12.5, se=0.25, ci_low=12.0, ci_high=13.0, cv=0.02, deff=1.5, n=100,
        sums={"numerator": 4321.5}, largest=(987.25,), excluded={"no-cost": 3},
    ),
    Estimate({"sex": "F", "region": "_T"}, value=1e-7, n=40, status="U"),
    Estimate({"sex": "M", "region": "=1+1"}, status="Q"),
    Estimate({"sex": "M", "region": "Чүй"}, status="O", n=0, reason="no-rows"),
)  # fmt: skip
TABLE = Estimates(
    "10.7.1", 2024, ("sex", "region"), CELLS, series="SL_EMP_RCOST", about={"method": "individual_ratios"}
)
HEADER = "indicator,series,year,sex,region,value,se,ci_low,ci_high,cv,deff,n,status"
ENDINGS = list(estimates.ENDINGS)


def written(tmp_path, ending, table=TABLE):
    path = tmp_path / f"out{ending}"
    estimates.write(table, path)
    return path


def test_csv_has_a_row_for_each_cell_and_no_figure_of_a_suppressed_one(tmp_path):
    text = written(tmp_path, ".csv").read_text(encoding="utf-8-sig")
    assert text.splitlines() == [
        HEADER,
        "10.7.1,SL_EMP_RCOST,2024,_T,_T,12.5,0.25,12,13,0.02,1.5,100,A",
        "10.7.1,SL_EMP_RCOST,2024,F,_T,1e-07,,,,,,40,U",
        "10.7.1,SL_EMP_RCOST,2024,M,'=1+1,,,,,,,,Q",
        "10.7.1,SL_EMP_RCOST,2024,M,Чүй,,,,,,,0,O",
    ]


def test_without_series_there_is_no_such_column(tmp_path):
    table = Estimates("X.1", 2024, (), (Estimate({}, value=1.0),))
    first, row = written(tmp_path, ".csv", table).read_text().splitlines()
    assert first == "indicator,year,value,se,ci_low,ci_high,cv,deff,n,status"
    assert row == "X.1,2024,1,,,,,,,A"


def test_plain_letters_need_no_byte_order_mark(tmp_path):
    plain = Estimates("X.1", 2024, ("sex",), (Estimate({"sex": "F"}, value=1.0),))
    assert written(tmp_path, ".csv", plain).read_bytes().startswith(b"indicator,")
    assert written(tmp_path, ".csv").read_bytes().startswith(b"\xef\xbb\xbfindicator,")


def test_parquet_has_typed_columns(tmp_path):
    table = pq.read_table(written(tmp_path, ".parquet"))
    assert table.column_names == HEADER.split(",")
    assert [str(table.schema.field(name).type) for name in ("year", "value", "n", "status")] == [
        "int64", "double", "int64", "string",
    ]  # fmt: skip
    assert table.column("value").to_pylist() == [12.5, 1e-7, None, None]


def test_a_workbook_holds_numbers_and_no_formula(tmp_path):
    sheet = openpyxl.load_workbook(written(tmp_path, ".xlsx")).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert rows[0] == HEADER.split(",")
    assert rows[1][5] == 12.5
    assert rows[3][4] == "=1+1"
    assert sheet["E4"].data_type == "s"
    assert rows[3][5:12] == [None] * 7


def test_json_says_what_the_figures_rest_on(tmp_path):
    found = json.loads(written(tmp_path, ".json").read_text(encoding="utf-8"))
    assert found["method"] == "individual_ratios"
    assert found["cells"][0] == {
        "sex": "_T", "region": "_T", "value": 12.5, "se": 0.25, "ci_low": 12.0, "ci_high": 13.0,
        "cv": 0.02, "deff": 1.5, "n": 100, "status": "A",
    }  # fmt: skip
    assert found["cells"][3]["reason"] == "no-rows"


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_a_cell_keeps_for_disclosure_control_is_never_written(tmp_path, ending):
    path = written(tmp_path, ending)
    text = (
        repr(pq.read_table(path).to_pylist()) if ending == ".parquet" else path.read_bytes().decode("latin-1")
    )
    for secret in ("4321", "987.25", "no-cost"):
        assert secret not in text


@pytest.mark.parametrize("ending", ENDINGS)
def test_what_is_written_can_be_read(tmp_path, ending):
    back = estimates.read(written(tmp_path, ending))
    assert (back.indicator, back.year, back.dimensions, back.series) == (
        "10.7.1",
        2024,
        ("sex", "region"),
        TABLE.series,
    )
    for one, other in zip(back.cells, CELLS, strict=True):
        assert one.breakdown == other.breakdown
        assert (one.value, one.se, one.ci_low, one.cv, one.n, one.status) == (
            other.value, other.se, other.ci_low, other.cv, other.n, other.status,
        )  # fmt: skip


def test_an_ending_that_says_nothing_is_refused(tmp_path):
    with pytest.raises(MilepostError, match=r"End it in one of: \.csv, \.parquet, \.json, \.xlsx"):
        estimates.write(TABLE, tmp_path / "out.txt")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.csv", "sex,value\nF,1\n"),
        ("a.csv", HEADER + "\n"),
        ("a.csv", HEADER + "\n10.7.1,S,2024,F,_T,twelve,,,,,,,A\n"),
        ("a.csv", HEADER + "\n10.7.1,S,2024,F,_T,inf,,,,,,,A\n"),
        ("a.csv", HEADER + "\n10.7.1,S,2024,F,_T,5,,,,,,,Q\n"),
        ("a.json", "[]"),
        ("a.json", '{"cells": [1]}'),
        ("a.parquet", "PAR1"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path, name, content):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(MilepostError, match=r"a\.(csv|json|parquet)"):
        estimates.read(path)


def test_a_table_without_rows_is_written_whole(tmp_path):
    path = written(tmp_path, ".csv", Estimates("X.1", 2024, ("sex",), ()))
    with path.open(encoding="utf-8", newline="") as file:
        assert len(list(csv.reader(file))) == 1
    assert pq.read_table(written(tmp_path, ".parquet", Estimates("X.1", 2024, ("sex",), ()))).num_rows == 0
