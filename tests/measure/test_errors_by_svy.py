"""Sampling errors are those of an independent implementation: svy."""

import numpy as np
import polars as pl
import pytest
import svy

from milepost.measure import Design, Replication, Task, run
from tests.measure import survey

COLUMNS = {
    "mean": {"value": "cost"},
    "total": {"value": "cost"},
    "ratio_of_totals": {"numerator": "cost", "denominator": "earnings"},
    "proportion": {"trait": "felt"},
}
THEIRS = {
    "mean": ("mean", ("cost",)),
    "total": ("total", ("cost",)),
    "ratio_of_totals": ("ratio", ("cost", "earnings")),
    "proportion": ("prop", ("felt",)),
}


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return survey.parquet(tmp_path_factory.mktemp("survey") / "persons.parquet", survey.persons())


def ours(source, method, design, where=()):
    task = Task(
        "x",
        method,
        COLUMNS[method],
        2024,
        dimensions={"region": "region"},
        tables=(("region",),),
        design=design,
    )
    return {cell.breakdown["region"]: cell for cell in run(task, source).cells}


def theirs(data, method, *, deff="wr", **design):
    sample = svy.Sample(data, svy.Design(wgt="weight", **design))
    estimate = getattr(sample.estimation, THEIRS[method][0])
    found = {}
    for by in (None, "region"):
        extra = {"deff": deff} if deff else {"method": "replication"}
        rows = estimate(*THEIRS[method][1], by=by, **extra).to_polars().to_dicts()
        for row in rows:
            if row.get("felt", 1) in (1, 1.0):
                found[str(row["region"]) if by else "_T"] = row
    return found


def assert_same(cells, rows, names=("value", "se", "ci_low", "ci_high", "cv", "deff", "n")):
    of_theirs = {"value": "est", "ci_low": "lci", "ci_high": "uci"}
    assert set(cells) == set(rows)
    for key, cell in cells.items():
        for name in names:
            expected = rows[key][of_theirs.get(name, name)]
            assert getattr(cell, name) == pytest.approx(expected, rel=1e-9), (key, name)


@pytest.mark.parametrize("method", COLUMNS)
@pytest.mark.parametrize(
    ("design", "other"),
    [
        (Design("weight", "stratum", "psu"), {"stratum": "stratum", "psu": "psu"}),
        (
            Design("weight", "stratum", "psu", "units"),
            {"stratum": "stratum", "psu": "psu", "pop_size": "units"},
        ),
        (Design("weight", None, "psu"), {"psu": "psu"}),
        (Design("weight", "stratum"), {"stratum": "stratum"}),
        (Design("weight"), {}),
    ],
    ids=["strata and units", "finite population", "units", "strata", "weights"],
)
def test_values_errors_intervals_and_design_effects_are_those_of_svy(source, method, design, other):
    data = pl.DataFrame(survey.persons())
    assert_same(ours(source, method, design), theirs(data, method, **other))


@pytest.mark.parametrize("method", COLUMNS)
@pytest.mark.parametrize(
    ("rule", "named"), [("certainty", "skip"), ("average", "scale"), ("centre", "center")]
)
def test_a_stratum_of_one_unit_is_treated_as_svy_does_by_each_rule(tmp_path, method, rule, named):
    everybody = survey.persons()
    kept = (everybody["stratum"] != 11) | (everybody["psu"] == 110)
    columns = {name: values[kept] for name, values in everybody.items()}
    source = survey.parquet(tmp_path / "persons.parquet", columns)
    cells = ours(source, method, Design("weight", "stratum", "psu", lonely=rule))
    rows = theirs(pl.DataFrame(columns), method, stratum="stratum", psu="psu", singleton=named)
    assert_same(cells, rows)


@pytest.mark.parametrize("method", COLUMNS)
@pytest.mark.parametrize(
    ("kind", "weights"),
    [("jackknife", svy.JackknifeWgts), ("bootstrap", svy.BootstrapWgts), ("brr", svy.BrrWgts)],
)
def test_replicate_weights_give_the_errors_of_svy(tmp_path, method, kind, weights):
    random = np.random.default_rng(7)
    columns = dict(survey.persons())
    count = 24
    for number in range(1, count + 1):
        columns[f"r{number}"] = columns["weight"] * random.uniform(0.5, 1.5, len(columns["weight"]))
    source = survey.parquet(tmp_path / "persons.parquet", columns)
    replication = Replication(kind, tuple(f"r{number}" for number in range(1, count + 1)))
    cells = ours(source, method, Design("weight", replication=replication))
    data = pl.DataFrame(columns)
    rows = theirs(data, method, deff=None, rep_wgts=weights(prefix="r", n_reps=count))
    assert_same(cells, rows, ("value", "se", "ci_low", "ci_high", "n"))


def test_units_numbered_anew_in_each_stratum_are_told_apart_by_both(tmp_path):
    columns = dict(survey.persons())
    columns["psu"] = columns["psu"] % 10
    source = survey.parquet(tmp_path / "persons.parquet", columns)
    cells = ours(source, "mean", Design("weight", "stratum", "psu", nested=True))
    rows = theirs(pl.DataFrame(columns), "mean", stratum="stratum", psu="psu")
    assert_same(cells, rows)


def test_a_condition_makes_a_domain_and_takes_nobody_out_of_the_design(source):
    from milepost.measure import Condition

    task = Task(
        "x",
        "mean",
        {"value": "cost"},
        2024,
        where=(Condition("age", minimum=70),),
        design=Design("weight", "stratum", "psu"),
    )
    [cell] = run(task, source).cells
    sample = svy.Sample(
        pl.DataFrame(survey.persons()), svy.Design(wgt="weight", stratum="stratum", psu="psu")
    )
    [row] = sample.estimation.mean("cost", where=svy.col("age") >= 70, deff="wr").to_polars().to_dicts()
    assert_same({"_T": cell}, {"_T": row})
