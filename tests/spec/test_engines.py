"""The same small tables, by plain Python and by every engine."""

import csv
import math

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milepost import catalogue
from milepost.measure import METHODS, Condition, Design, Second, Source, Task, run
from tests.spark import needs_spark
from tests.spec import plain

ENGINES = ["duckdb", pytest.param("spark", marks=needs_spark)]
SMALL = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def source(path, rows, kind="parquet"):
    """A file of rows, as text in CSV and with types in Parquet, where every column is of one type."""
    columns = tuple(dict.fromkeys(name for row in rows for name in row)) or ("nothing",)
    if kind == "csv":
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(
                [["" if row.get(name) is None else row[name] for name in columns] for row in rows]
            )
    else:
        pq.write_table(pa.table({name: [row.get(name) for row in rows] for name in columns}), path)
    return Source((str(path),), kind, columns, path.name, csv={"delimiter": ","} if kind == "csv" else {})


FEW = settings(SMALL, max_examples=3)  # Spark takes seconds for each

EXAMPLES = [
    pytest.param(indicator, example, id=f"{indicator.code} {example.title}")
    for indicator in catalogue.indicators()
    if indicator.method
    for example in indicator.examples
    if indicator.calculation(example.series)[0]
]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(("indicator", "example"), EXAMPLES)
def test_a_worked_example_comes_out_as_its_source_says(tmp_path, engine, indicator, example):
    method, options = indicator.calculation(example.series)
    options = {**options, **example.options}
    known = {name for row in example.rows for name in row}
    columns = {}
    for role in METHODS[method].roles:
        named = options.get(role, role)
        named = (named,) if isinstance(named, str) else tuple(named)
        if set(named) <= known:
            columns[role] = named
    second, below = None, None
    if example.second is not None:
        denominator = options.get("denominator") or options.get("population")
        second = Second("second.csv", {"denominator": denominator})
        below = source(tmp_path / "second.csv", example.second, "csv")
        columns.pop("denominator", None)
    task = Task(
        indicator.code,
        method,
        columns,
        2024,
        options={
            name: options[name] for name in ("per", "statistic", "reference", "share") if name in options
        },
        design=Design(weight=options.get("weight")),
        second=second,
    )
    measured = run(task, source(tmp_path / "rows.csv", example.rows, "csv"), below, engine=engine)
    [cell] = measured.cells
    expected = example.result
    if expected["value"] is None:
        assert (cell.value, cell.reason, cell.status) == (None, expected["reason"], "O")
    else:
        assert cell.value == pytest.approx(expected["value"], abs=0.5 * 10**-example.digits)
    if expected.get("reason") != "incomplete":
        assert cell.n == expected["used"]
    assert dict(cell.excluded) == expected.get("excluded", {})


numbers = st.one_of(st.none(), st.integers(0, 50), st.floats(0, 1000).map(lambda x: round(x, 3)))
persons = st.lists(
    st.fixed_dictionaries(
        {
            "stratum": st.sampled_from(["north", "south"]),
            "unit": st.integers(1, 4),
            "weight": st.floats(0.5, 20).map(lambda x: round(x, 2)),
            "y": numbers,
            "x": st.one_of(st.none(), st.floats(0.1, 50).map(lambda x: round(x, 3))),
            "sex": st.sampled_from(["F", "M", ""]),
            "age": st.sampled_from(["young", "old"]),
            "worker": st.sampled_from(["yes", "yes", "yes", "no"]),
        }
    ),
    min_size=1,
    max_size=40,
)


@pytest.mark.parametrize("method", ["ratio_of_totals", "mean", "total"])
@pytest.mark.parametrize("lonely", ["certainty", "average", "centre"])
@pytest.mark.parametrize("clustered", [True, False])
@SMALL
@given(rows=persons)
def test_every_cell_is_what_plain_loops_make_of_it(tmp_path_factory, method, lonely, clustered, rows):
    compared(tmp_path_factory.mktemp("rows"), "duckdb", method, lonely, clustered, rows)


@needs_spark
@pytest.mark.parametrize(
    ("engine", "method", "lonely", "clustered"),
    [("spark", "ratio_of_totals", "average", True), ("spark", "total", "centre", False)],
)
@FEW
@given(rows=persons)
def test_on_spark_too_every_cell_is_what_plain_loops_make_of_it(
    tmp_path_factory, engine, method, lonely, clustered, rows
):
    compared(tmp_path_factory.mktemp("rows"), engine, method, lonely, clustered, rows)


def compared(folder, engine, method, lonely, clustered, rows):
    """Measure the rows with an engine, and by plain loops; both must say the same of every cell."""
    columns = {"numerator": "y", "denominator": "x"} if method == "ratio_of_totals" else {"value": "y"}
    design = Design("weight", "stratum", "unit" if clustered else None, lonely=lonely, nested=clustered)
    task = Task(
        "x",
        method,
        columns,
        2024,
        dimensions={"sex": "sex", "age": "age"},
        tables=(("sex", "age"),),
        where=(Condition("worker", ("yes",)),),
        design=design,
    )
    measured = run(task, source(folder / "rows.csv", rows, "csv"), engine=engine)
    sample = [
        {
            **row,
            "w": row["weight"],
            "x": row["x"] if method == "ratio_of_totals" else 1.0,
            **({"psu": (row["stratum"], row["unit"])} if clustered else {}),
        }
        for row in rows
    ]
    cells = plain.cube([row for row in sample if row["worker"] == "yes"], ("sex", "age"))
    assert {tuple(cell.breakdown.values()) for cell in measured.cells} == set(cells)
    for cell in measured.cells:
        inside = cells[tuple(cell.breakdown.values())]
        used = [row for row in inside if row["y"] is not None and row["x"] is not None]
        assert cell.n == len(used)
        assert sum(cell.excluded.values()) == len(inside) - len(used)
        total = method == "total"
        if not used or (total and len(used) < len(inside)):
            assert cell.reason == ("incomplete" if total and inside else "no-rows")
            continue
        value = math.fsum(row["w"] * row["y"] for row in used) if total else plain.ratio(used)
        assert cell.value == pytest.approx(value, rel=1e-9, abs=1e-300)
        expected = plain.variance(sample, used, value=value, total=total, lonely=lonely)
        if cell.se is None:
            assert expected is None or plain.freedom(used) < 1
        else:
            scale = max(abs(value), 1e-6)
            assert cell.se == pytest.approx(math.sqrt(expected), rel=1e-6, abs=1e-6 * scale)


@pytest.mark.parametrize(
    ("method", "options", "columns"),
    [
        ("mean", {"value": "y"}, {"value": "y"}),
        ("quantile", {"value": "y", "share": 0.5}, {"value": "y"}),
        ("proportion", {"trait": "t"}, {"trait": "t"}),
        ("individual_ratios", {"numerator": "y", "denominator": "x"}, {"numerator": "y", "denominator": "x"}),
        (
            "individual_ratios",
            {"numerator": "y", "denominator": "x", "statistic": "p80"},
            {"numerator": "y", "denominator": "x"},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
@SMALL
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "y": st.sampled_from(["1", "2.5", "-3", "", "twelve", "1_000", "40", " 7 ", "1e2"]),
                "x": st.sampled_from(["1", "2", "0", "", "-1", "4.5"]),
                "t": st.sampled_from(["yes", "No", "1", "0", "", "perhaps", "1.0"]),
                "w": st.sampled_from(["1", "2", "0", "", "3.5"]),
            }
        ),
        min_size=1,
        max_size=25,
    )
)
def test_cells_of_text_are_judged_as_the_formula_judges_them(
    tmp_path_factory, method, options, columns, rows
):
    path = tmp_path_factory.mktemp("rows") / "rows.csv"
    kept = {name: value for name, value in options.items() if name in ("share", "statistic")}
    task = Task("x", method, columns, 2024, options=kept, design=Design(weight="w"))
    [cell] = run(task, source(path, rows, "csv")).cells
    result = METHODS[method].formula(rows, weight="w", **options)
    assert (cell.n, cell.reason, dict(cell.excluded)) == (
        result.used,
        result.reason,
        dict(result.excluded),
    )
    assert cell.value == (None if result.value is None else pytest.approx(result.value, rel=1e-9, abs=1e-12))
