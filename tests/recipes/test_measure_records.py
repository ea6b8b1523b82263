"""Records become a safe table: from every kind of file the same figures, and faults that quote no cell."""

import json
import os
import signal
import subprocess
import sys

import pandas
import pyreadstat
import pytest

from milepost.errors import MilepostError
from milepost.interchange import estimates
from milepost.measure import METHODS, Cancelled
from milepost.recipes.measure import measure
from tests.recipes import survey

BY = [["sex", "migratory_status"], ["age"]]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A MILEPOST_HOME of this test alone, in which nothing may stay."""
    folder = tmp_path / "home"
    folder.mkdir()
    monkeypatch.setenv("MILEPOST_HOME", str(folder))
    yield folder
    assert list(folder.iterdir()) == []


@pytest.fixture(scope="module")
def records():
    return survey.rows()


@pytest.fixture
def mapping(tmp_path):
    return written(tmp_path / "m.yaml", survey.MAPPING)


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def as_kind(path, records):
    frame = pandas.DataFrame(records)
    labels = {"sex": {1: "Male", 2: "Female"}}
    match path.suffix:
        case ".parquet":
            survey.as_parquet(path, records)
        case ".sav" | ".dta":
            writer = pyreadstat.write_sav if path.suffix == ".sav" else pyreadstat.write_dta
            writer(frame, str(path), variable_value_labels=labels)
        case ".xlsx":
            frame.to_excel(path, index=False)
        case _:
            survey.as_csv(path, records)
    return path


def by_hand(records, keep=lambda row: True):
    """The weighted mean of individual ratios, by the page of plain Python."""
    kept = [row for row in records if keep(row)]
    formula = METHODS["individual_ratios"].formula
    return formula(kept, numerator="cost", denominator="earnings", weight="weight")


@pytest.mark.parametrize("name", ["a.parquet", "a.csv", "a.sav", "a.dta", "a.xlsx"])
def test_every_kind_of_file_gives_the_same_figures(tmp_path, records, mapping, name):
    made = measure("10.7.1", as_kind(tmp_path / name, records), mapping, year=2024, by=BY)
    cells = {tuple(cell.breakdown.values()): cell for cell in made.estimates.cells}
    whole = by_hand(records)
    assert (made.rows, made.used) == (5000, whole.used)
    assert cells["_T", "_T", "_T"].value == pytest.approx(whole.value, rel=1e-11)
    women = by_hand(records, lambda row: row["sex"] == 2 and row["birth"] in ("UZ", "TJ"))
    assert cells["F", "FOREIGN", "_T"].value == pytest.approx(women.value, rel=1e-11)
    assert cells["F", "FOREIGN", "_T"].n == women.used
    old = by_hand(records, lambda row: row["age"] >= 65)
    assert cells["_T", "_T", "Y_GE65"].value == pytest.approx(old.value, rel=1e-11)
    assert ("_T", "_U", "_T") in cells
    assert all(cell.se is not None for cell in made.estimates.cells)


def test_the_table_says_what_it_rests_on(tmp_path, records, mapping):
    path = as_kind(tmp_path / "a.parquet", records)
    found = estimates.as_json(measure("10.7.1", path, mapping, year=2024, by=[["sex"]]).estimates)
    assert found["series"] == "SL_EMP_RCOST"
    assert found["estimator"] == "Mean of each person's own ratio; not the ratio of the two means."
    assert found["unit"]["code"] == "MONTHS_EARNINGS"
    assert (found["design"]["strata"], found["design"]["psus"]) == (10, 80)
    assert found["migratory_base"] == "birth"
    assert found["definition"] == {"code": "10.7.1", "revision": 1}
    assert found["protection"] == {"minimum": 30, "dominance": False}
    assert found["source"]["name"] == "a.parquet"
    assert len(found["source"]["sha256"]) == len(found["mapping"]["sha256"]) == 64
    assert found["excluded"]["by_reason"] == {"not-positive:earnings": 5000 - found["excluded"]["used"]}
    assert json.dumps(found)


def test_a_small_count_of_rows_left_out_is_not_told(tmp_path, records, mapping):
    changed = [{**row, "cost": None if row["person"] < 3 else row["cost"]} for row in records]
    path = as_kind(tmp_path / "a.parquet", changed)
    excluded = measure("10.7.1", path, mapping, year=2024).estimates.about["excluded"]
    assert excluded["by_reason"]["no-cost"] == "fewer than 30"
    assert "rows" not in excluded


def test_cells_below_the_definitions_minimum_are_hidden_and_the_protocol_says_why(tmp_path, records, mapping):
    few = [row for row in records if row["birth"] != "TJ" or row["person"] % 40 == 0]
    text = survey.MAPPING.replace("KG: NATIVE, other: FOREIGN", "KG: KG, UZ: UZ, TJ: TJ")
    path = as_kind(tmp_path / "a.parquet", few)
    made = measure("10.7.1", path, written(mapping, text), year=2024, by=[["sex", "migratory_status"]])
    hidden = [cell for cell in made.estimates.cells if cell.status == "Q"]
    assert len(hidden) >= 2
    assert all((cell.value, cell.se, cell.n, cell.deff) == (None,) * 4 for cell in hidden)
    assert "few-respondents" in made.protocol["counts"]
    assert "protocol" not in made.estimates.about


def test_a_lower_minimum_is_followed_with_a_warning(tmp_path, records, mapping):
    path = as_kind(tmp_path / "a.parquet", records[:600])
    text = survey.MAPPING + "lonely: centre\n"
    made = measure("10.7.1", path, written(mapping, text), year=2024, protect=5)
    assert [note.code for note in made.notes] == ["protection-overridden"]
    made = measure("10.7.1", path, mapping, year=2024, protect="none")
    assert "protection-overridden" in [note.code for note in made.notes]
    assert made.estimates.about["protection"] == "none"
    made = measure("10.7.1", path, mapping, year=2024, protect=50)
    assert made.notes == ()


OWN = """\
method: proportion
title: Insured workers
unit: Per cent
per: 100
columns: {trait: insured, weight: weight, stratum: stratum, psu: psu}
dimensions: {sex: sex}
"""


def test_a_code_of_ones_own_without_settings_is_not_protected_and_says_so(tmp_path, records, mapping):
    path = as_kind(tmp_path / "a.sav", records)
    made = measure("INSURED", path, written(mapping, OWN), year=2024, by=[["sex"]])
    assert [note.code for note in made.notes] == ["nothing-protected"]
    assert made.estimates.about["protection"] == "none"
    assert [cell.breakdown["sex"] for cell in made.estimates.cells] == ["_T", "Female", "Male"]
    assert made.estimates.about["unit"] == {"name": "Per cent"}
    made = measure("INSURED", path, written(mapping, OWN + "disclosure: {minimum: 10}\n"), year=2024)
    assert made.notes == ()


def test_a_second_file_beside_the_mapping_gives_the_denominator(tmp_path):
    cases = [{"sex": "F", "cases": 1}] * 4 + [{"sex": "M", "cases": 1}] * 16
    survey.as_csv(tmp_path / "cases.csv", cases)
    survey.as_csv(
        tmp_path / "workers.csv", [{"sex": "F", "workers": 40_000}, {"sex": "M", "workers": 60_000}]
    )
    text = (
        "series: SL_EMP_INJUR\ncolumns: {nonfatal: cases}\ndimensions: {sex: sex}\n"
        "second: {file: workers.csv, columns: {workers: workers}, dimensions: {sex: sex}}\n"
    )
    mapping = written(tmp_path / "m.yaml", text)
    made = measure("8.8.1", tmp_path / "cases.csv", mapping, year=2024, by=[["sex"]], protect="none")
    assert [cell.value for cell in made.estimates.cells] == pytest.approx([20.0, 10.0, 80 / 3])
    assert made.estimates.series == "SL_EMP_INJUR"
    assert made.estimates.about["second_source"]["name"] == "workers.csv"
    (tmp_path / "other").mkdir()
    elsewhere = (tmp_path / "workers.csv").rename(tmp_path / "other" / "w.csv")
    again = measure(
        "8.8.1", tmp_path / "cases.csv", mapping, year=2024, by=[["sex"]], protect="none", second=elsewhere
    )
    assert again.estimates.cells == made.estimates.cells


def test_what_was_published_before_is_known_to_the_attacker(tmp_path, records, mapping):
    few = [row for row in records if row["birth"] != "TJ" or row["person"] % 40 == 0]
    path = as_kind(tmp_path / "a.parquet", few)
    text = survey.MAPPING.replace("KG: NATIVE, other: FOREIGN", "KG: KG, UZ: UZ, TJ: TJ")
    first = measure("10.7.1", path, written(mapping, text), year=2024, by=[["sex"]])
    estimates.write(first.estimates, tmp_path / "before.csv")
    again = measure("10.7.1", path, mapping, year=2024, by=[["sex"]], previous=tmp_path / "before.csv")
    assert again.estimates.cells == first.estimates.cells


def fault_codes(path, mapping, **options):
    with pytest.raises(MilepostError) as caught:
        measure("10.7.1", path, mapping, year=2024, by=BY, **options)
    assert survey.SECRET.rstrip("0") not in str(caught.value)
    return [problem.code for problem in caught.value.problems]


def test_a_mapping_for_another_file_names_every_column_with_its_neighbours(tmp_path, records, mapping):
    renamed = [
        {{"cost": "costs", "earnings": "earned"}.get(name, name): cell for name, cell in row.items()}
        for row in records
    ]
    for name in ("a.parquet", "a.csv", "a.sav"):
        path = as_kind(tmp_path / name, renamed)
        assert fault_codes(path, mapping) == ["unknown-column", "unknown-column"]
        with pytest.raises(MilepostError, match="costs"):
            measure("10.7.1", path, mapping, year=2024)


@pytest.mark.parametrize("kind", ["csv", "parquet"])
def test_text_in_a_column_of_numbers_is_left_out_and_counted_not_quoted(tmp_path, records, mapping, kind):
    changed = [
        {**row, "cost": "987654,25 som" if row["person"] < 40 else str(row["cost"])} for row in records
    ]
    made = measure("10.7.1", as_kind(tmp_path / f"a.{kind}", changed), mapping, year=2024)
    assert made.estimates.about["excluded"]["by_reason"]["not-a-number:cost"] == 40
    assert "987654" not in json.dumps(estimates.as_json(made.estimates))


def test_an_unknown_category_is_a_fault_that_quotes_nothing(tmp_path, records, mapping):
    text = survey.MAPPING.replace("KG: NATIVE, other: FOREIGN", "KG: NATIVE, UZ: FOREIGN")
    path = as_kind(tmp_path / "a.csv", records)
    with pytest.raises(MilepostError) as caught:
        measure("10.7.1", path, written(mapping, text), year=2024, by=BY)
    assert "birth" in str(caught.value)
    assert "TJ" not in str(caught.value)


def test_a_broken_line_is_named_by_its_row_and_not_quoted(tmp_path, records, mapping):
    path = as_kind(tmp_path / "a.csv", records)
    lines = path.read_text().splitlines()
    lines[2000] = f"{survey.SECRET},1"
    path.write_text("\n".join(lines))
    with pytest.raises(MilepostError) as caught:
        measure("10.7.1", path, mapping, year=2024)
    (fault,) = caught.value.problems
    assert (fault.origin.file, fault.origin.row) == (str(path), 2001)
    assert "987654" not in str(caught.value)


def test_who_cancels_is_obeyed_and_nothing_stays(tmp_path, records, mapping):
    for name in ("a.parquet", "a.sav"):
        with pytest.raises(Cancelled):
            measure("10.7.1", as_kind(tmp_path / name, records), mapping, year=2024, cancelled=lambda: True)


KILLED = """
import sys, os, signal
from milepost.recipes.measure import measure
def progress(step, done, total):
    if step == "measure":
        os.kill(os.getpid(), signal.SIGKILL)
measure("10.7.1", sys.argv[1], sys.argv[2], year=2024, progress=progress)
"""


def test_a_killed_run_leaves_no_records_after_the_next(tmp_path, home, records, mapping):
    path = as_kind(tmp_path / "a.sav", records)
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, str(path), str(mapping)], check=False, env=dict(os.environ)
    )
    assert ended.returncode == -signal.SIGKILL
    left = [file for file in home.rglob("*") if file.is_file()]
    assert left
    measure("10.7.1", path, mapping, year=2024)
    assert list(home.iterdir()) == []


def test_a_file_kept_under_another_name_is_called_by_its_own(tmp_path, records, mapping):
    path = tmp_path / "0a1b2c"
    survey.as_csv(path, records)
    made = measure("10.7.1", path, mapping, year=2024, name="survey.csv")
    assert made.estimates.about["source"]["name"] == "survey.csv"
    assert "0a1b2c" not in json.dumps(estimates.as_json(made.estimates))


def test_a_mapping_that_is_no_text_is_refused(tmp_path, records):
    path = as_kind(tmp_path / "a.parquet", records)
    (tmp_path / "m.yaml").write_bytes(b"columns: {cost: \xff}")
    assert fault_codes(path, tmp_path / "m.yaml") == ["not-text"]
