"""Open SDG folders as they stand, and written again: one row for each observation, nothing merged."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milepost.errors import MilepostError
from milepost.interchange import open_sdg
from milepost.values import CodeList, Dataset, Origin, Structure, Table, Text


def folder_of(folder: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_every_file_is_a_table_even_one_that_no_input_takes(tmp_path):
    files = {
        "config_data.yml": "inputs:\n  - class: InputCsvData\n    path_pattern: data/indicator_*.csv\n",
        "data/indicator_1-1-1.csv": "Year,Value\n2020,1\n2020,1\n2020,2\n2021,\n",
        "data/demo.csv": "Year,Value\n2020,1\n",
    }
    dataset = open_sdg.read(folder_of(tmp_path, files))
    assert [(table.code, len(table.rows)) for table in dataset.tables] == [("1-1-1", 4), ("demo", 1)]


def test_a_single_file_is_read_as_one_table(tmp_path):
    folder_of(tmp_path, {"indicator_8-8-1.csv": "Year,Value\n2020,1\n"})
    (table,) = open_sdg.read(tmp_path / "indicator_8-8-1.csv").tables
    assert table.code == "8-8-1"


def test_what_cannot_be_read_is_a_fault_and_the_rest_is_read(tmp_path):
    files = {
        "data/indicator_1-1-1.csv": "",
        "data/indicator_1-2-1.csv": "Year,Value\n2020,1\n",
        "meta/1-2-1.md": "---\na: [\n---\n",
    }
    dataset = open_sdg.read(folder_of(tmp_path, files))
    assert dataset.count() == 1
    assert {"empty-file", "metadata-unreadable"} <= {problem.code for problem in dataset.problems}


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(MilepostError):
        open_sdg.read(tmp_path / "nothing.csv")


def table(code: str, text: str) -> Table:
    header, *rows = [tuple(line.strip().split(",")) for line in text.strip().splitlines()]
    return Table(code, header, rows, Origin("made"))


def test_a_written_folder_gives_the_same_rows_and_metadata(tmp_path):
    rows = "Year,Units,Sex,Value\n2020,%,,10\n2020,%,F,11\n2020,%,F,11\n2018/19,%,F,"
    metadata = {
        "1-1-1": {"name": "Бедность", "active": True, "n": 1, "list": ["a"], "en": {"name": "Poverty"}}
    }
    given = Dataset((table("1-1-1", rows),), metadata, ("ru", "en"))
    open_sdg.write(given, tmp_path / "out")
    again = open_sdg.read(tmp_path / "out")
    assert [(t.columns, list(t.rows)) for t in again.tables] == [
        (t.columns, list(t.rows)) for t in given.tables
    ]
    assert again.metadata == metadata
    assert again.languages == ("ru", "en")
    assert again.problems == ()


def test_tidy_columns_become_year_and_value(tmp_path):
    open_sdg.write(Dataset((table("1-1-1", "sex,time_period,obs_value\nF,2020,1"),)), tmp_path)
    assert (tmp_path / "data/indicator_1-1-1.csv").read_text() == "Year,sex,Value\n2020,F,1\n"


def test_tables_of_one_indicator_go_to_one_file_with_every_row(tmp_path):
    first, second = table("1-1-1", "Year,Sex,Value\n2020,F,1"), table("1.1.1", "Year,Age,Value\n2020,0-4,1")
    open_sdg.write(Dataset((first, second)), tmp_path)
    assert (
        tmp_path / "data/indicator_1-1-1.csv"
    ).read_text() == "Year,Sex,Age,Value\n2020,F,,1\n2020,,0-4,1\n"


def test_series_go_to_the_indicators_of_the_structure(tmp_path):
    series = CodeList("CL_SERIES", {"AB": Text(en="x")}, annotations={"AB": {"Indicator": "8.8.1"}})
    structure = Structure("SDG", "X", "1.0", ("series",), (), {"series": series})
    everything = table("all", "series,time_period,obs_value\nAB,2020,1\nZZ,2020,2")
    open_sdg.write(Dataset((everything,), structure=structure), tmp_path)
    assert sorted(path.name for path in (tmp_path / "data").iterdir()) == [
        "indicator_8-8-1.csv",
        "indicator_all.csv",
    ]


def test_no_code_leaves_the_folder(tmp_path):
    open_sdg.write(
        Dataset((table("../../evil", "Year,Value\n2020,1"),), {"../x": {"a": 1}}), tmp_path / "out"
    )
    assert {path.name for path in tmp_path.iterdir()} == {"out"}
    assert open_sdg.read(tmp_path / "out").count() == 1


def test_a_cell_that_would_run_in_a_spreadsheet_is_kept_as_text(tmp_path):
    given = Dataset((table("1-1-1", "Year,Note,Value\n2020,=1+1,-5"),))
    open_sdg.write(given, tmp_path)
    assert "'=1+1" in (tmp_path / "data/indicator_1-1-1.csv").read_text()
    assert list(open_sdg.read(tmp_path).tables[0].rows) == [("2020", "=1+1", "-5")]


def test_a_cell_that_no_file_can_hold_is_refused(tmp_path):
    with pytest.raises(MilepostError):
        open_sdg.write(Dataset((table("1-1-1", "Year,Note,Value\n2020,\0,1"),)), tmp_path)


CELL = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\ufeff"), max_size=6)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(rows=st.lists(st.tuples(st.integers(1990, 2030).map(str), CELL, CELL), min_size=1, max_size=6))
def test_whatever_the_cells_are_they_come_back(tmp_path, rows):
    open_sdg.write(
        Dataset((Table("1-1-1", ("Year", "Note", "Value"), rows, Origin("made")),)), tmp_path / "out"
    )
    assert list(open_sdg.read(tmp_path / "out").tables[0].rows) == rows


WORD = CELL.filter(lambda cell: cell.lower() not in ("true", "false"))
FIELDS = st.dictionaries(
    st.text("abcdefgh_", min_size=1, max_size=8),
    st.one_of(st.integers(), st.booleans(), st.none(), st.lists(CELL, max_size=2), WORD),
    min_size=1,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(fields=FIELDS)
def test_whatever_the_metadata_are_they_come_back(tmp_path, fields):
    open_sdg.write(Dataset((), {"1-1-1": fields}), tmp_path / "out")
    assert open_sdg.read(tmp_path / "out").metadata == {"1-1-1": fields}
