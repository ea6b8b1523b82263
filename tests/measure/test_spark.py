"""Spark gives what DuckDB gives, and says what is wrong in the same words."""

import random
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from milepost import measure
from milepost.errors import MilepostError
from milepost.measure import Band, Condition, Design, Recode, Replication, Source, Task, duck
from milepost.measure import spark as engine
from tests.spark import needs_spark

COLUMNS = ("stratum", "psu", "fpc", "sex", "age", "weight", "cost", "earnings", "trait")
FULL = Design("weight", "stratum", "psu", "fpc")


def persons(count=400, seed=1):
    chance = random.Random(seed)
    return [
        {
            "stratum": f"s{number % 4}",
            "psu": number % 24,
            "fpc": 60,
            "sex": chance.choice(("F", "M", "")),
            "age": chance.randrange(15, 80),
            "weight": round(chance.uniform(1, 9), 3),
            "cost": chance.choice((None, round(chance.lognormvariate(6, 0.8), 2))),
            "earnings": chance.choice((0.0, round(chance.lognormvariate(7, 0.5), 2))),
            "trait": chance.choice(("yes", "No ", "1", "", "perhaps")),
        }
        for number in range(count)
    ]


def parquet(folder, rows, name="rows.parquet"):
    pq.write_table(pa.table({column: [row[column] for row in rows] for column in COLUMNS}), folder / name)
    return Source((str(folder / name),), "parquet", COLUMNS, name)


def text(folder, rows, name="rows.csv", delimiter=",", decimal=".", encoding="utf-8"):
    lines = [delimiter.join(COLUMNS)]
    for row in rows:
        cells = ["" if row[column] is None else str(row[column]) for column in COLUMNS]
        lines.append(delimiter.join(cell.replace(".", decimal) for cell in cells))
    (folder / name).write_text("\n".join(lines) + "\n", encoding=encoding)
    csv = {"delimiter": delimiter, "encoding": encoding, "decimal": decimal}
    return Source((str(folder / name),), "csv", COLUMNS, name, csv=csv)


def task(method, columns, design=FULL, **more):
    return Task(
        "own",
        method,
        columns,
        2024,
        dimensions={"sex": "sex", "age": "age"},
        recodes={"age": Recode(bands=(Band("young", None, 39), Band("old", 40, None)))},
        tables=(("sex", "age"),),
        design=design,
        **more,
    )


METHODS = {
    "ratio of totals": task("ratio_of_totals", {"numerator": "cost", "denominator": "earnings"}),
    "mean of ratios": task("individual_ratios", {"numerator": "cost", "denominator": "earnings"}),
    "proportion": task("proportion", {"trait": "trait"}),
    "median": task("quantile", {"value": "earnings"}, options={"share": 0.5}),
    "median of ratios": task(
        "individual_ratios", {"numerator": "cost", "denominator": "earnings"}, options={"statistic": "median"}
    ),
    "rows as units": task("mean", {"value": "earnings"}, Design("weight", "stratum")),
    "largest": task("total", {"value": "earnings"}, largest=2),
    "domain": task("mean", {"value": "earnings"}, where=(Condition("trait", ("yes", "no")),)),
}


def same(one, other):
    assert [cell.breakdown for cell in one.cells] == [cell.breakdown for cell in other.cells]
    for left, right in zip(one.cells, other.cells, strict=True):
        for name in ("value", "se", "ci_low", "ci_high", "cv", "deff"):
            wanted = getattr(right, name)
            expected = wanted if wanted is None else pytest.approx(wanted, rel=1e-9)
            assert getattr(left, name) == expected, (left.breakdown, name)
        assert (left.n, left.status, left.reason, left.excluded) == (
            right.n,
            right.status,
            right.reason,
            right.excluded,
        )
        assert left.largest == pytest.approx(right.largest, rel=1e-9)


@needs_spark
@pytest.mark.parametrize("name", METHODS)
def test_spark_measures_what_duckdb_measures(tmp_path, spark, name):
    source = parquet(tmp_path, persons())
    same(measure.run(METHODS[name], source, engine="spark"), measure.run(METHODS[name], source))


@needs_spark
@pytest.mark.parametrize(
    "style",
    [{}, {"delimiter": ";", "decimal": ","}, {"delimiter": "\t"}],
    ids=["plain", "comma decimals", "tabs"],
)
def test_text_files_mean_the_same_to_both(tmp_path, spark, style):
    source = text(tmp_path, persons(120), **style)
    for name in ("ratio of totals", "proportion"):
        same(measure.run(METHODS[name], source, engine="spark"), measure.run(METHODS[name], source))


@needs_spark
def test_replicate_weights_too(tmp_path, spark):
    rows = [{**row, "r0": row["weight"] * 1.1, "r1": row["weight"] * 0.9, "r2": 1.0} for row in persons(200)]
    columns = (*COLUMNS, "r0", "r1", "r2")
    pq.write_table(pa.table({name: [row[name] for row in rows] for name in columns}), tmp_path / "r.parquet")
    source = Source((str(tmp_path / "r.parquet"),), "parquet", columns, "r.parquet")
    design = Design("weight", replication=Replication("bootstrap", ("r0", "r1", "r2")))
    for method in ("mean", "quantile"):
        asked = task(method, {"value": "earnings"}, design)
        same(measure.run(asked, source, engine="spark"), measure.run(asked, source))


@needs_spark
@pytest.mark.parametrize("cell", ["1_000", "12d", "0x1p3", "1,5", "１０", "NaN", "Infinity", "- 3", "n/a"])
def test_what_is_no_number_for_one_engine_is_none_for_the_other(tmp_path, spark, cell):
    rows = [{**row, "earnings": str(row["earnings"])} for row in persons(60)]
    rows[7]["earnings"] = cell
    source = parquet(tmp_path, rows)
    asked = task("mean", {"value": "earnings"})
    found = measure.run(asked, source, engine="spark")
    assert found.excluded == {"not-a-number:earnings": 1}
    same(found, measure.run(asked, source))


@needs_spark
@pytest.mark.parametrize("cell", [" 12 ", "+5", "1e3", ".5", "7.", "-0"])
def test_numbers_in_all_their_spellings_are_numbers_for_both(tmp_path, spark, cell):
    rows = [{**row, "earnings": str(row["earnings"])} for row in persons(60)]
    rows[7]["earnings"] = cell
    source = parquet(tmp_path, rows)
    asked = task("mean", {"value": "earnings"})
    found = measure.run(asked, source, engine="spark")
    assert found.used == 60
    same(found, measure.run(asked, source))


@needs_spark
def test_a_file_whose_name_has_signs_of_a_pattern_is_one_file(tmp_path, spark):
    parquet(tmp_path, persons(30), "rows a.parquet")
    source = parquet(tmp_path, persons(50), "rows [a]{b}*.parquet")
    found = measure.run(METHODS["proportion"], source, engine="spark")
    assert found.rows == 50


@needs_spark
def test_faults_of_the_rows_are_counted_on_spark_too(tmp_path, spark):
    rows = persons(80)
    rows[3]["weight"] = -1.0
    rows[9]["stratum"] = None
    with pytest.raises(MilepostError) as raised:
        measure.run(METHODS["proportion"], parquet(tmp_path, rows), engine="spark")
    assert {problem.code for problem in raised.value.problems} == {"weight-negative", "stratum-missing"}


@needs_spark
def test_a_damaged_file_is_named_by_its_own_name_and_no_cell_is_quoted(tmp_path, spark):
    source = text(tmp_path, persons(20))
    with (tmp_path / "rows.csv").open("a", encoding="utf-8") as file:
        file.write("a,secret,too,many,cells,stand,in,this,line,here,and,there\n")
    with pytest.raises(MilepostError) as raised:
        measure.run(METHODS["proportion"], source, engine="spark")
    [problem] = raised.value.problems
    assert (problem.code, problem.origin.file) == ("microdata-unreadable", "rows.csv")
    assert "secret" not in str(raised.value)


@needs_spark
def test_whoever_cancels_gets_no_result(tmp_path, spark):
    source = parquet(tmp_path, persons(50))
    with pytest.raises(duck.Cancelled):
        measure.run(METHODS["proportion"], source, engine="spark", cancelled=lambda: True)


def test_without_java_the_fault_says_what_is_missing(tmp_path, monkeypatch):
    pytest.importorskip("pyspark", reason="pyspark is not installed")
    from pyspark.sql import SparkSession

    monkeypatch.setattr(SparkSession, "getActiveSession", classmethod(lambda cls: None))
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    with pytest.raises(MilepostError, match="Java") as raised:
        measure.run(METHODS["proportion"], parquet(tmp_path, persons(20)), engine="spark")
    assert [problem.code for problem in raised.value.problems] == ["spark-no-java"]


def test_without_pyspark_the_fault_names_the_extra(tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "pyspark"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "pyspark", None)
    with pytest.raises(MilepostError, match=r"milepost\[spark\]"):
        measure.run(METHODS["proportion"], parquet(tmp_path, persons(20)), engine="spark")


def test_a_setting_that_is_no_spark_is_refused_before_anything_starts(tmp_path, monkeypatch):
    monkeypatch.setenv(engine.SETTING, "http://example.org")
    with pytest.raises(MilepostError, match="MILEPOST_SPARK"):
        measure.run(METHODS["proportion"], parquet(tmp_path, persons(20)), engine="spark")
