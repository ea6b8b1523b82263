"""`milepost protect` as a person uses it: a table made elsewhere, made safe."""

import json
import subprocess
import sys

import openpyxl
import pyarrow.parquet as pq
import pytest

TABLE = """\
sex,region,n,value
_T,_T,100,100.0
F,_T,57,57.0
M,_T,43,43.0
_T,A,60,60.0
_T,B,40,40.0
F,A,55,55.0
F,B,2,2.0
M,A,5,5.0
M,B,38,38.0
"""


def protect(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "milepost", "protect", *map(str, arguments)],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "table.csv").write_text(TABLE, encoding="utf-8")
    return tmp_path


def test_an_unsafe_cell_is_hidden_with_what_would_give_it_away(desk):
    result = protect(desk, "table.csv", "--minimum", 5, "--out", "safe.csv", "--protocol", "why.json")
    assert result.returncode == 0, result.stderr
    lines = (desk / "safe.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "sex,region,n,value,status"
    assert lines[1] == "_T,_T,100,100.0,A"
    assert "F,B,,,Q" in lines
    assert sum(line.endswith(",Q") for line in lines) == 4
    assert "4 hidden" in result.stderr
    assert json.loads((desk / "why.json").read_text())["public"] is False
    assert (desk / "why.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("ending", ["json", "parquet", "xlsx"])
def test_other_endings_hold_numbers_as_numbers(desk, ending):
    assert protect(desk, "table.csv", "--minimum", 5, "--out", f"safe.{ending}").returncode == 0
    path = desk / f"safe.{ending}"
    if ending == "json":
        rows = [list(row.values()) for row in json.loads(path.read_text())["rows"]]
    elif ending == "parquet":
        rows = [list(row.values()) for row in pq.read_table(path).to_pylist()]
    else:
        rows = [[cell.value for cell in row] for row in openpyxl.load_workbook(path).active.iter_rows()][1:]
    assert rows[0] == ["_T", "_T", 100, 100, "A"]
    assert rows[6] == ["F", "B", None, None, "Q"]


def test_without_a_file_the_table_goes_to_the_terminal(desk):
    result = protect(desk, "table.csv", "--round", 5)
    assert result.returncode == 0, result.stderr
    assert result.stdout.splitlines()[0].split() == ["sex", "region", "n", "value", "status"]


def test_without_a_rule_there_is_nothing_to_do(desk):
    result = protect(desk, "table.csv", "--out", "safe.csv")
    assert result.returncode == 2
    assert "--minimum" in result.stderr
    assert not (desk / "safe.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--minimum", "5", "--out", "table.csv"), 1),
        (("--minimum", "5", "--dimensions", "sex,place"), 1),
        (("--minimum", "0"), 1),
        (("--n-k", "three"), 2),
        (("--n-k", "2,75", "--minimum", "5"), 1),  # no largest contributions in the table
    ],
)
def test_what_cannot_be_done_is_said(desk, arguments, code):
    result = protect(desk, "table.csv", *arguments)
    assert result.returncode == code, result.stderr
    assert "Traceback" not in result.stderr
    assert (desk / "table.csv").read_text(encoding="utf-8") == TABLE
