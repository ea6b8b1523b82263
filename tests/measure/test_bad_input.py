"""Rows and designs that are not as they should be: all faults at once, with their rows, never a cell."""

import re
import tempfile
from pathlib import Path

import duckdb
import pytest

from milepost.errors import MilepostError, describe
from milepost.measure import (
    Band,
    Cancelled,
    Condition,
    Design,
    Recode,
    Replication,
    Source,
    Task,
    duck,
    run,
    scan,
)
from tests.measure import survey

GOOD = """
stratum,psu,weight,cost,earnings,sex,age
1,11,2,10,5,F,20
1,12,3,20,5,M,30
2,21,4,30,10,F,40
2,22,5,40,10,M,50
"""


def task(**changes) -> Task:
    base = {
        "indicator": "x",
        "method": "ratio_of_totals",
        "columns": {"numerator": "cost", "denominator": "earnings"},
        "year": 2024,
        "design": Design("weight", "stratum", "psu"),
    }
    return Task(**{**base, **changes})


def faults(tmp_path, text, **changes):
    source = survey.csv_file(tmp_path / "persons.csv", text)
    with pytest.raises(MilepostError) as caught:
        run(task(**changes), source)
    return {problem.code: problem for problem in caught.value.problems}


def test_good_rows_are_measured(tmp_path):
    [cell] = run(task(), survey.csv_file(tmp_path / "persons.csv", GOOD)).cells
    assert cell.value == pytest.approx(
        (2 * 10 + 3 * 20 + 4 * 30 + 5 * 40) / (2 * 5 + 3 * 5 + 4 * 10 + 5 * 10)
    )


def test_all_faults_of_weights_and_units_come_at_once_with_the_first_row_and_no_cell(tmp_path):
    text = (
        GOOD
        + "1,11,-7.25,10,5,F,20\n1,,3,10,5,F,20\n,12,3,10,5,F,20\n1,11,secret,10,5,F,20\n1,11,-1,1,5,F,2\n"
    )
    found = faults(tmp_path, text)
    assert {code: (p.origin.row, p.details["count"]) for code, p in found.items()} == {
        "weight-negative": (6, 2),
        "psu-missing": (7, 1),
        "stratum-missing": (8, 1),
        "weight-no-number": (9, 1),
    }
    told = " ".join(map(describe, found.values()))
    assert "secret" not in told
    assert "7.25" not in told


def test_zero_and_missing_weights_are_left_out_counted_and_said(tmp_path):
    text = GOOD + "1,11,0,1000,5,F,20\n1,11,,1000,5,F,20\n"
    measured = run(task(), survey.csv_file(tmp_path / "persons.csv", text))
    assert measured.excluded == {"no-weight": 1, "not-positive:weight": 1}
    assert (measured.rows, measured.used) == (6, 4)
    assert {note.code for note in measured.notes} == {"weight-blank", "weight-zero"}


def test_a_zero_weight_keeps_its_unit_in_the_design_and_a_missing_one_does_not(tmp_path):
    text = GOOD + "1,13,0,1000,5,F,20\n1,14,,1000,5,F,20\n"
    measured = run(task(), survey.csv_file(tmp_path / "persons.csv", text))
    assert measured.design["psus"] == 5


def test_a_unit_in_two_strata_is_a_fault_unless_units_are_numbered_anew(tmp_path):
    text = GOOD + "2,11,3,10,5,F,20\n"
    found = faults(tmp_path, text)
    assert found["psu-in-two-strata"].details["count"] == 1
    nested = task(design=Design("weight", "stratum", "psu", nested=True))
    assert run(nested, survey.csv_file(tmp_path / "persons.csv", text)).design["psus"] == 5


def test_a_stratum_of_one_unit_is_refused_unless_a_rule_is_chosen(tmp_path):
    text = GOOD + "3,31,3,10,5,F,20\n"
    assert faults(tmp_path, text)["lonely-stratum"].details == {"count": 1, "strata": 3}
    for rule in ("certainty", "average", "centre"):
        design = Design("weight", "stratum", "psu", lonely=rule)
        measured = run(task(design=design), survey.csv_file(tmp_path / "persons.csv", text))
        assert measured.cells[0].se is not None
        assert (measured.design["lonely"], measured.design["rule"]) == (1, rule)


def test_faults_of_rows_and_of_the_design_come_together(tmp_path):
    text = GOOD + "3,31,3,10,5,F,20\n2,22,-1,10,5,F,20\n"
    assert set(faults(tmp_path, text)) == {"lonely-stratum", "weight-negative"}


@pytest.mark.parametrize(
    ("units", "code"),
    [("10,10,10,", "fpc-wrong"), ("10,12,10,10", "fpc-varies"), ("10,10,1.5,1.5", "fpc-too-small")],
)
def test_numbers_of_units_in_the_population_must_fit(tmp_path, units, code):
    lines = GOOD.strip().splitlines()
    ends = ["units", *units.split(",")]
    text = "\n".join(f"{line},{end}" for line, end in zip(lines, ends, strict=True))
    found = faults(tmp_path, text, design=Design("weight", "stratum", "psu", "units"))
    assert code in found


def test_a_share_of_units_is_a_finite_population_too(tmp_path):
    lines = GOOD.strip().splitlines()
    shares = "\n".join(f"{line},{end}" for line, end in zip(lines, ["f", *[0.2] * 4], strict=True))
    counts = "\n".join(f"{line},{end}" for line, end in zip(lines, ["f", *[10] * 4], strict=True))
    design = Design("weight", "stratum", "psu", "f")
    [one] = run(task(design=design), survey.csv_file(tmp_path / "a.csv", shares)).cells
    [other] = run(task(design=design), survey.csv_file(tmp_path / "b.csv", counts)).cells
    assert one.se == other.se


def test_text_in_a_number_column_at_a_late_row_is_left_out_and_counted(tmp_path):
    rows = "".join(f"1,{11 + n % 2},1,10,5,F,20\n" for n in range(60_000))
    text = GOOD + rows + "1,11,1,about 300,5,F,20\n1,11,1,10,n/a,F,20\n"
    measured = run(task(), survey.csv_file(tmp_path / "persons.csv", text))
    assert measured.excluded == {"not-a-number:cost": 1, "not-a-number:earnings": 1}


def test_an_unknown_category_is_a_fault_with_its_row_and_other_takes_it(tmp_path):
    text = GOOD + "1,11,2,10,5,X,20\n1,11,2,10,5,X,20\n"
    by_sex = {"dimensions": {"sex": "sex"}, "tables": (("sex",),)}
    codes = {"F": "F", "M": "M"}
    found = faults(tmp_path, text, **by_sex, recodes={"sex": Recode(codes=codes)})
    problem = found["category-unknown"]
    assert (problem.origin.row, problem.details["count"]) == (6, 2)
    source = survey.csv_file(tmp_path / "persons.csv", text)
    cells = run(task(**by_sex, recodes={"sex": Recode(codes=codes, other="_O")}), source).cells
    assert [cell.breakdown["sex"] for cell in cells] == ["_T", "F", "M", "_O"]


def test_a_number_outside_every_band_is_an_unknown_category(tmp_path):
    by_age = {"dimensions": {"age": "age"}, "tables": (("age",),)}
    recode = Recode(bands=(Band("young", 15, 29), Band("old", 40, None)))
    found = faults(tmp_path, GOOD, **by_age, recodes={"age": recode})
    assert found["category-unknown"].origin.row == 3


def test_an_unknown_category_outside_the_domain_is_nobodys_business(tmp_path):
    text = GOOD + "1,11,2,10,5,X,90\n"
    by_sex = {"dimensions": {"sex": "sex"}, "tables": (("sex",),), "where": (Condition("age", maximum=60),)}
    source = survey.csv_file(tmp_path / "persons.csv", text)
    cells = run(task(**by_sex, recodes={"sex": Recode(codes={"F": "F", "M": "M"})}), source).cells
    assert [cell.breakdown["sex"] for cell in cells] == ["_T", "F", "M"]


def test_an_emptied_domain_has_no_value_and_says_so(tmp_path):
    measured = run(
        task(where=(Condition("age", minimum=200),), dimensions={"sex": "sex"}, tables=(("sex",),)),
        survey.csv_file(tmp_path / "persons.csv", GOOD),
    )
    [cell] = measured.cells
    assert (cell.value, cell.status, cell.reason, cell.n) == (None, "O", "no-rows", 0)
    assert "domain-empty" in {note.code for note in measured.notes}


def test_a_cell_whose_rows_were_all_left_out_is_there_with_its_reason(tmp_path):
    text = GOOD + "1,11,2,,5,X,20\n"
    measured = run(
        task(dimensions={"sex": "sex"}, tables=(("sex",),)), survey.csv_file(tmp_path / "p.csv", text)
    )
    cell = measured.cells[-1]
    assert (cell.breakdown, cell.status, cell.reason) == ({"sex": "X"}, "O", "no-rows")
    assert cell.excluded == {"no-cost": 1}


def test_a_denominator_of_zero_gives_no_value(tmp_path):
    text = "cost,earnings\n1,0\n2,0\n"
    [cell] = run(task(design=Design()), survey.csv_file(tmp_path / "p.csv", text)).cells
    assert (cell.value, cell.reason) == (None, "zero-denominator")


def test_a_mapping_for_another_file_is_told_column_by_column_with_near_names(tmp_path):
    source = survey.csv_file(
        tmp_path / "persons.csv", GOOD.replace("weight", "Weigth").replace("psu", "cluster")
    )
    with pytest.raises(MilepostError) as caught:
        run(task(dimensions={"sex": "gender"}, tables=(("sex",),)), source)
    problems = {problem.details["column"]: problem for problem in caught.value.problems}
    assert set(problems) == {"weight", "psu", "gender"}
    assert problems["weight"].details["near"] == "Weigth"


def test_a_column_of_too_many_values_is_no_dimension(tmp_path, monkeypatch):
    monkeypatch.setattr(scan, "MOST_CATEGORIES", 3)
    found = faults(tmp_path, GOOD, dimensions={"age": "age"}, tables=(("age",),))
    assert found["too-many-categories"].details["column"] == "age"


def test_replicate_weights_that_are_no_numbers_are_a_fault(tmp_path):
    lines = GOOD.strip().splitlines()
    text = "\n".join(f"{a},{b}" for a, b in zip(lines, ["r1", "1", "2", "x", "2"], strict=True))
    design = Design("weight", replication=Replication("jackknife", ("r1",)))
    assert faults(tmp_path, text, design=design)["replicate-weight-wrong"].origin.row == 4


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"method": "guess"}, "measure-method"),
        ({"columns": {"numerator": "cost"}}, "role-missing"),
        ({"tables": (("sex",),)}, "dimension-unknown"),
        ({"confidence": 95}, "confidence-wrong"),
        ({"method": "quantile", "columns": {"value": "cost"}, "options": {"share": 50}}, "share-wrong"),
        ({"method": "individual_ratios", "options": {"statistic": "mode"}}, "statistic-unknown"),
        (
            {"design": Design("weight", replication=Replication("stratified-jackknife", ("psu",)))},
            "replicate-factors",
        ),
    ],
)
def test_a_task_that_cannot_be_measured_is_refused_before_any_row_is_read(tmp_path, changes, code):
    assert code in faults(tmp_path, GOOD, **changes)


def test_an_engine_that_does_not_exist_is_refused(tmp_path):
    with pytest.raises(MilepostError, match="no engine abacus"):
        run(task(), survey.csv_file(tmp_path / "p.csv", GOOD), engine="abacus")


def test_a_damaged_file_is_told_without_its_cells(tmp_path):
    source = survey.csv_file(tmp_path / "persons.csv", GOOD + 'secret,"12,1\n')
    with pytest.raises(MilepostError) as caught:
        run(task(), source)
    [problem] = caught.value.problems
    assert problem.code == "microdata-unreadable"
    assert "secret" not in str(caught.value)


def test_what_is_no_parquet_is_told(tmp_path):
    path = tmp_path / "persons.parquet"
    path.write_bytes(b"PAR1 but no more")
    source = Source((str(path),), "parquet", ("cost", "earnings"), "persons.parquet")
    with pytest.raises(MilepostError, match="cannot read the file"):
        run(task(design=Design()), source)


def test_the_engine_reads_nothing_but_the_input(tmp_path):
    source = survey.csv_file(tmp_path / "persons.csv", GOOD)
    other = survey.parquet(tmp_path / "other.parquet", {"x": [1]})
    with duck.opened(source, ("cost",), (), cancelled=scan.never) as (frame, _, aside):
        connection = aside._connection
        for statement in (
            f"select * from '{other.paths[0]}'",
            f"select * from read_csv('{tmp_path}/*.csv')",
            f"copy (select 1) to '{tmp_path}/out.csv'",
            "install httpfs",
            "load httpfs",
            "set enable_external_access = true",
            "set allowed_directories = ['/']",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(statement)
        assert len(frame.collect()) == 4


def test_nothing_of_a_run_stays_on_disk_and_a_killed_runs_folder_goes_at_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "spill"))
    (tmp_path / "spill").mkdir()
    killed = tmp_path / "spill" / "milepost-measure-999999999-x"
    killed.mkdir()
    (killed / "rows.parquet").write_bytes(b"persons")
    run(task(), survey.csv_file(tmp_path / "persons.csv", GOOD))
    assert list((tmp_path / "spill").iterdir()) == []


def test_too_little_memory_and_disk_are_told_as_such(tmp_path):
    source = survey.csv_file(tmp_path / "persons.csv", GOOD)
    with (
        pytest.raises(MilepostError, match="more memory") as caught,
        scan.opened(task(), source, memory="1MB"),
    ):
        raise duckdb.OutOfMemoryException("could not allocate block of size 256.0 KiB (0 bytes/1.0 MiB used)")
    assert caught.value.problems[0].code == "engine-memory"
    full = "IO Error: Could not write file: No space left on device"
    with pytest.raises(MilepostError, match="not enough room"), scan.opened(task(), source):
        raise duckdb.IOException(full)


def test_a_sort_that_does_not_fit_goes_to_disk_and_a_full_disk_is_told(tmp_path):
    source = survey.parquet(tmp_path / "p.parquet", survey.persons())
    with (
        pytest.raises(MilepostError) as caught,
        duck.opened(source, ("cost",), (), cancelled=scan.never, memory="20MB", disk="1MB") as (_, _, aside),
    ):
        aside._connection.execute(
            "create table t as select hash(i) a, hash(i + 1) b from range(20000000) r(i)"
        )
    assert caught.value.problems[0].code in ("engine-disk", "engine-memory")


def test_a_run_stops_when_somebody_asks(tmp_path):
    source = survey.parquet(tmp_path / "persons.parquet", survey.persons())
    asked = iter([False, False])
    with pytest.raises(Cancelled):
        run(task(), source, cancelled=lambda: next(asked, True))


def test_a_long_query_is_interrupted(tmp_path):
    source = survey.parquet(tmp_path / "persons.parquet", survey.persons())
    asked: list[bool] = []
    with (
        pytest.raises(Cancelled),
        duck.opened(source, ("cost",), (), cancelled=lambda: bool(asked)) as (_, _, aside),
    ):
        asked.append(True)
        aside._connection.execute("select count(*) from range(1e12::bigint) where hash(range) = 1")


def test_no_fault_quotes_a_cell(tmp_path):
    text = GOOD + "7,71,zzz1,zzz2,zzz3,zzz4,zzz5\n"
    found = faults(
        tmp_path,
        text,
        dimensions={"sex": "sex", "age": "age"},
        tables=(("sex", "age"),),
        recodes={"sex": Recode(codes={"F": "F", "M": "M"}), "age": Recode(bands=(Band("all", 0, 99),))},
    )
    assert not re.search("zzz", " ".join(map(describe, found.values())))
    assert Path(tmp_path / "persons.csv").exists()
