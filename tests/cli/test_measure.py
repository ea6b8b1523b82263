"""`milepost measure` as a person uses it: a table out, notes beside it, nothing half-written."""

import csv
import json
import os
import signal
import subprocess
import sys

import pytest
import xlsxwriter

from tests.recipes import survey

MILEPOST = [sys.executable, "-m", "milepost"]


def milepost(*arguments, cwd):
    return subprocess.run(
        [*MILEPOST, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, check=False
    )


@pytest.fixture
def office(tmp_path):
    """A folder with the survey and its mapping."""
    survey.as_parquet(tmp_path / "survey.parquet", survey.rows())
    (tmp_path / "mapping.yaml").write_text(survey.MAPPING, encoding="utf-8")
    return tmp_path


MEASURE = ("measure", "10.7.1", "survey.parquet", "--year", "2024", "--mapping", "mapping.yaml")


def test_a_table_is_written_with_a_row_for_each_cell(office):
    result = milepost(*MEASURE, "--by", "sex,migratory_status", "--by", "age", "--out", "out.csv", cwd=office)
    assert result.returncode == 0, result.stderr
    with (office / "out.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert ",".join(rows[0]) == (
        "indicator,year,sex,migratory_status,age,value,se,ci_low,ci_high,cv,deff,n,status"
    )
    assert len(rows) == 3 * 4 + 3
    assert {row["indicator"] for row in rows} == {"10.7.1"}
    assert (rows[0]["sex"], rows[0]["migratory_status"], rows[0]["age"]) == ("_T", "_T", "_T")
    assert "15 cells of 10.7.1" in result.stderr


@pytest.mark.parametrize("name", ["out.json", "out.parquet", "out.xlsx"])
def test_the_ending_says_how_it_is_written(office, name):
    assert milepost(*MEASURE, "--out", name, cwd=office).returncode == 0
    assert (office / name).stat().st_size > 100


def test_without_a_file_the_table_goes_to_the_terminal(office):
    result = milepost(*MEASURE, "--by", "sex", cwd=office)
    lines = result.stdout.splitlines()
    assert " ".join(lines[0].split()) == "indicator year sex value se ci_low ci_high cv deff n status"
    assert len(lines) == 4
    found = json.loads(milepost(*MEASURE, "--by", "sex", "--json", cwd=office).stdout)
    assert found["method"] == "individual_ratios"
    assert len(found["cells"]) == 3


def test_that_nothing_is_protected_is_said(office):
    own = "method: mean\ncolumns: {value: cost, weight: weight}\n"
    (office / "own.yaml").write_text(own, encoding="utf-8")
    result = milepost(
        "measure", "X.1", "survey.parquet", "--year", 2024, "--mapping", "own.yaml", "--out", "out.json",
        cwd=office,
    )  # fmt: skip
    assert result.returncode == 0
    assert "--protect none" in result.stderr
    assert json.loads((office / "out.json").read_text())["protection"] == "none"


def test_overriding_the_definitions_minimum_is_said_loudly(office):
    result = milepost(*MEASURE, "--protect", "none", cwd=office)
    assert result.returncode == 0
    assert "warning:" in result.stderr and "--protect none" in result.stderr


def test_the_protocol_is_for_its_owner_alone_and_only_where_it_is_asked_for(office):
    milepost(*MEASURE, "--by", "sex", "--protect", 2450, "--out", "out.csv", cwd=office)
    assert sorted(path.name for path in office.iterdir()) == ["mapping.yaml", "out.csv", "survey.parquet"]
    assert ",Q" in (office / "out.csv").read_text()
    result = milepost(
        *MEASURE, "--by", "sex", "--protect", 2450, "--out", "out.csv", "--protocol", "why.json", cwd=office
    )
    assert result.returncode == 0, result.stderr
    assert (office / "why.json").stat().st_mode & 0o777 == 0o600
    assert json.loads((office / "why.json").read_text())["rules"]["minimum"] == 2450


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--out", "out.txt"), "End it in one of"),
        (("--out", "nowhere/out.csv"), "its folder does not exist"),
        (("--out", "survey.parquet"), "one of the files that are read"),
        (("--out", "a.json", "--protocol", "a.json"), "the name of the table, too"),
        (("--by", "sex,status"), "The mapping has no dimension status"),
        (("--previous", "mapping.yaml"), "End it in one of"),
        (("--sheet", "people"), "Only workbooks have sheets"),
    ],
)
def test_what_cannot_be_done_is_said_before_the_work_and_nothing_is_written(office, arguments, said):
    before = sorted(path.name for path in office.iterdir())
    result = milepost(*MEASURE, *arguments, cwd=office)
    assert result.returncode == 1
    assert said in result.stderr
    assert "Traceback" not in result.stderr
    assert sorted(path.name for path in office.iterdir()) == before


@pytest.mark.parametrize(
    "arguments", [("--by", "sex,,age"), ("--protect", "0"), ("--engine", "excel"), ("--year", "24")]
)
def test_a_wrong_call_ends_with_2(office, arguments):
    assert milepost(*MEASURE, *arguments, cwd=office).returncode == 2


def test_a_database_is_never_opened_by_its_address(office):
    address = "postgresql://somebody:hidden@host/base"
    result = milepost("measure", "10.7.1", address, *MEASURE[3:], cwd=office)
    assert result.returncode == 1
    assert "name of a connection that an administrator has set" in result.stderr
    assert "hidden" not in result.stderr


def test_ctrl_c_leaves_nothing(office):
    records = survey.rows(20_000)
    survey.as_csv(office / "survey.csv", [row for _ in range(15) for row in records])
    home = office / "home"
    home.mkdir()
    arguments = [*MILEPOST, *MEASURE[:2], "survey.csv", *MEASURE[3:], "--by", "sex,age", "--out", "out.csv"]
    process = subprocess.Popen(
        arguments, cwd=office, stderr=subprocess.PIPE, text=True, start_new_session=True,
        env={**os.environ, "MILEPOST_HOME": str(home), "TMPDIR": str(home)},
    )  # fmt: skip
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("measure"):
            break
    os.killpg(process.pid, signal.SIGINT)
    rest = process.stderr.read()
    assert process.wait() == 130, rest
    assert "Cancelled" in rest
    assert not (office / "out.csv").exists()
    assert list(home.iterdir()) == []


def test_the_denominator_comes_from_a_sheet_of_another_file(tmp_path):
    survey.as_csv(tmp_path / "cases.csv", [{"sex": "F", "cases": 1}] * 4 + [{"sex": "M", "cases": 1}] * 16)
    book = xlsxwriter.Workbook(str(tmp_path / "workers.xlsx"))
    for name, rows in (
        ("Notes", [["n", "m"], [1, 2]]),
        ("Year", [["who", "n"], ["men", 60_000], ["women", 40_000]]),
    ):
        sheet = book.add_worksheet(name)
        for at, row in enumerate(rows):
            sheet.write_row(at, 0, row)
    book.close()
    (tmp_path / "mapping.yaml").write_text(
        "series: SL_EMP_INJUR\ncolumns: {nonfatal: cases}\ndimensions: {sex: sex}\n"
        "second:\n  file: population.xlsx\n  columns: {workers: n}\n  dimensions: {sex: who}\n"
        "  recodes: {sex: {men: M, women: F}}\n",
        encoding="utf-8",
    )
    said = ("measure", "8.8.1", "cases.csv", "--year", "2024", "--mapping", "mapping.yaml", "--by", "sex")
    missing = milepost(*said, cwd=tmp_path)
    assert missing.returncode == 1
    assert "population.xlsx" in missing.stderr
    several = milepost(*said, "--second", "workers.xlsx", cwd=tmp_path)
    assert "Notes, Year" in several.stderr
    more = ("--second", "workers.xlsx", "--second-sheet", "Year", "--protect", "none", "--json")
    found = json.loads(milepost(*said, *more, cwd=tmp_path).stdout)
    assert [cell["value"] for cell in found["cells"]] == pytest.approx([20.0, 10.0, 80 / 3])
    assert found["second_source"]["name"] == "workers.xlsx"
