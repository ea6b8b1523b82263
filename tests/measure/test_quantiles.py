"""Quantiles with their errors: the engine against a page of plain Python, and against svy."""

import math
import random
from itertools import combinations

import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import svy
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from milepost import measure
from milepost.measure import Condition, Design, Reliability, Replication, Source, Task, methods, quantiles
from milepost.measure.intervals import t_quantile

COLUMNS = ("stratum", "psu", "fpc", "sex", "origin", "w", "y")
FULL = Design("w", "stratum", "psu")


def measured(folder, rows, task, columns=COLUMNS):
    """{(sex, origin): estimate} of rows written to a Parquet file."""
    path = folder / "rows.parquet"
    kinds = {"y": pa.float64(), "w": pa.float64()}
    pq.write_table(
        pa.table({name: pa.array([row.get(name) for row in rows], kinds.get(name)) for name in columns}), path
    )
    found = measure.run(task, Source((str(path),), "parquet", tuple(columns), "rows.parquet"))
    return {tuple(cell.breakdown.values()): cell for cell in found.cells}


def task_of(share=0.5, design=FULL, by=("sex", "origin"), **more):
    return Task(
        "own",
        "quantile",
        {"value": "y"},
        2024,
        options={"share": share},
        dimensions={name: name for name in by},
        tables=(tuple(by),),
        design=design,
        **more,
    )


# The page of plain Python


def plain(rows, share, design=FULL, confidence=0.95):
    """{(sex, origin): (quantile, low, high, se)} of all cells, "_T" for all; nan where there is none."""
    found = {}
    for kept in [kept for length in range(3) for kept in combinations((0, 1), length)]:
        cells = {}
        for row in rows:
            whole = (row["sex"], row["origin"])
            cells.setdefault(tuple(whole[i] if i in kept else "_T" for i in (0, 1)), []).append(row)
        for key, members in cells.items():
            found[key] = plain_cell(rows, members, share, design, confidence)
    return found


def plain_cell(rows, members, share, design, confidence):
    def at(p):
        if not -1e-12 <= p <= 1 + 1e-12:
            return math.nan
        pairs = sorted((row["y"], row["w"]) for row in members)
        if p <= 0:
            return pairs[0][0]
        return methods._quantile(pairs, min(p, 1) * math.fsum(w for _, w in pairs))

    quantile = at(share)
    whole = math.fsum(row["w"] for row in members)
    p = math.fsum(row["w"] for row in members if row["y"] <= quantile) / whole
    inside = {id(row) for row in members}
    units = {}
    for number, row in enumerate(rows):
        unit = row["psu"] if design.psu else number
        z = row["w"] * ((row["y"] <= quantile) - p) / whole if id(row) in inside else 0.0
        stratum = units.setdefault(row["stratum"] if design.stratum else "", {})
        stratum[unit] = stratum.get(unit, 0.0) + z
    variance = 0.0
    for name, totals in units.items():
        n = len(totals)
        mean = math.fsum(totals.values()) / n
        about = math.fsum((z - mean) ** 2 for z in totals.values())
        drawn = n / next(row["fpc"] for row in rows if row["stratum"] == name) if design.fpc else 0.0
        variance += (1 - drawn) * n / (n - 1) * about
    held = {
        (row["stratum"] if design.stratum else "", row["psu"] if design.psu else id(row)) for row in members
    }
    freedom = len(held) - len({stratum for stratum, _ in held})
    if freedom < 1:
        return quantile, math.nan, math.nan, math.nan
    t = t_quantile((1 + confidence) / 2, freedom)
    half = t * math.sqrt(variance)
    low, high = at(p - half), at(p + half)
    return quantile, low, high, (high - low) / (2 * t)


def same(cells, expected, tolerance=1e-9):
    assert set(cells) == set(expected)
    for key, numbers in expected.items():
        cell = cells[key]
        for found, wanted in zip((cell.value, cell.ci_low, cell.ci_high, cell.se), numbers, strict=True):
            if math.isnan(wanted):
                assert found is None, (key, found, wanted)
            else:
                assert found == pytest.approx(wanted, rel=tolerance, abs=1e-12), (key, found, wanted)


def people(count, seed=1, draw=None, strata=4, units=3, weight=None):
    chance = random.Random(seed)
    rows = []
    for number in range(count):
        stratum = number % strata
        rows.append(
            {
                "stratum": f"s{stratum}",
                "psu": stratum * 100 + (number // strata) % units,
                "fpc": 20 + stratum,
                "sex": chance.choice("FM"),
                "origin": chance.choices(("home", "abroad"), (4, 1))[0],
                "w": weight if weight is not None else chance.uniform(1, 9),
                "y": draw(chance) if draw else chance.lognormvariate(6, 0.8),
            }
        )
    return rows


@pytest.mark.parametrize("share", [0.5, 0.8, 0.05])
def test_every_cell_has_the_quantile_and_the_interval_of_the_plain_page(tmp_path, share):
    rows = people(900)
    same(measured(tmp_path, rows, task_of(share)), plain(rows, share))


def test_with_the_size_of_the_population_intervals_are_shorter(tmp_path):
    rows = people(900)
    design = Design("w", "stratum", "psu", "fpc")
    cells = measured(tmp_path, rows, task_of(design=design))
    same(cells, plain(rows, 0.5, design))
    assert cells["_T", "_T"].se < measured(tmp_path, rows, task_of())["_T", "_T"].se


def test_rows_can_be_units_of_their_own(tmp_path):
    rows = people(300)
    for design in (Design("w", "stratum"), Design("w")):
        same(measured(tmp_path, rows, task_of(design=design)), plain(rows, 0.5, design))


@pytest.mark.parametrize(
    "draw",
    [
        lambda chance: float(chance.randrange(4)),
        lambda chance: chance.choice((-3.0, -2.5, 0.0, 1e-9, 4.0)),
        lambda chance: chance.gauss(0, 1) * 10 ** chance.randrange(-12, 12),
        lambda chance: 2e12 + chance.randrange(1000),
        lambda chance: 7.25,
    ],
    ids=["few values", "with a zero", "all sizes", "far from zero", "one value"],
)
@pytest.mark.parametrize("weight", [None, 1.0, 833.3])
def test_values_of_every_kind_are_found_exactly(tmp_path, monkeypatch, draw, weight):
    monkeypatch.setattr(quantiles, "FEW_ROWS", 60)  # so that bins are split many times
    monkeypatch.setattr(quantiles, "MOST_BINS", 64)
    rows = people(400, draw=draw, weight=weight)
    same(measured(tmp_path, rows, task_of()), plain(rows, 0.5))


def test_without_weights_the_median_of_an_even_number_lies_between_the_two_in_the_middle(tmp_path):
    rows = [{**row, "w": None, "y": float(y)} for row, y in zip(people(4), (1, 2, 4, 9), strict=True)]
    [cell] = measured(tmp_path, rows, task_of(design=Design(), by=())).values()
    assert (cell.value, cell.se, cell.n) == (3.0, None, 4)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_rows_give_what_the_plain_page_gives(tmp_path, monkeypatch, data):
    monkeypatch.setattr(quantiles, "FEW_ROWS", data.draw(st.sampled_from([0, 20, 8_000_000])))
    monkeypatch.setattr(quantiles, "MOST_BINS", data.draw(st.sampled_from([2, 32, 2**21])))
    monkeypatch.setattr(quantiles, "_AT_ONCE", data.draw(st.sampled_from([1, 3, 64])))
    number = st.one_of(
        st.integers(-3, 3).map(float),
        st.floats(-1e6, 1e6, allow_subnormal=False).filter(lambda y: y == 0 or abs(y) > 1e-9),
    )
    row = st.fixed_dictionaries(
        {
            "stratum": st.sampled_from(["s0", "s1"]),
            "unit": st.integers(0, 2),
            "sex": st.sampled_from("FM"),
            "origin": st.sampled_from(["home", "abroad"]),
            "w": st.sampled_from([1.0, 2.0, 2.5, 7.0]),
            "y": number,
        }
    )
    rows = data.draw(st.lists(row, min_size=1, max_size=40))
    base = {"sex": "F", "origin": "home", "w": 1.0, "y": 0.0}
    rows += [{**base, "stratum": s, "unit": unit} for s in ("s0", "s1") for unit in (0, 1)]
    rows = [{**row, "psu": row["unit"] + (10 if row["stratum"] == "s1" else 0), "fpc": 9} for row in rows]
    share = data.draw(st.sampled_from([0.1, 0.25, 0.5, 0.8]))
    design = data.draw(st.sampled_from([FULL, Design("w", "stratum", "psu", "fpc"), Design("w")]))
    same(measured(tmp_path, rows, task_of(share, design)), plain(rows, share, design), tolerance=1e-8)


# Against svy


def by_svy(rows, share, **domain):
    frame = polars.DataFrame(rows)
    sample = svy.Sample(frame, svy.Design(stratum="stratum", psu="psu", wgt="w"))
    return sample.estimation.quantile("y", p=share, **domain).estimates


@pytest.mark.parametrize("share", [0.5, 0.8])
def test_standard_errors_and_intervals_equal_those_of_svy(tmp_path, share):
    rows = people(2000)
    cells = measured(tmp_path, rows, task_of(share))
    for wanted in by_svy(rows, share, by="sex"):
        cell = cells[wanted.by_level[0], "_T"]
        assert cell.value == pytest.approx(wanted.est, rel=1e-9)
        assert cell.se == pytest.approx(wanted.se, rel=1e-9)
        assert (cell.ci_low, cell.ci_high) == pytest.approx((wanted.lci, wanted.uci), rel=1e-9)
    [wanted] = by_svy(rows, share)
    assert cells["_T", "_T"].se == pytest.approx(wanted.se, rel=1e-9)


# Replicate weights


def test_with_replicate_weights_the_share_below_the_quantile_is_replicated(tmp_path):
    rows = people(400)
    units = sorted({row["psu"] for row in rows})
    for number, left in enumerate(units):
        for row in rows:
            row[f"r{number}"] = 0.0 if row["psu"] == left else row["w"] * len(units) / (len(units) - 1)
    names = tuple(f"r{number}" for number in range(len(units)))
    design = Design("w", replication=Replication("jackknife", names))
    cells = measured(tmp_path, rows, task_of(design=design), (*COLUMNS, *names))
    cell = cells["F", "_T"]
    women = [row for row in rows if row["sex"] == "F"]

    def below(weight):
        above = math.fsum(row[weight] for row in women if row["y"] <= cell.value)
        return above / math.fsum(row[weight] for row in women)

    shares = [below(name) for name in names]
    mean = math.fsum(shares) / len(shares)
    error = math.sqrt((len(shares) - 1) / len(shares) * math.fsum((share - mean) ** 2 for share in shares))
    t = t_quantile(0.975, len(shares) - 1)
    pairs = sorted((row["y"], row["w"]) for row in women)
    whole = math.fsum(w for _, w in pairs)
    low = methods._quantile(pairs, (below("w") - t * error) * whole)
    high = methods._quantile(pairs, (below("w") + t * error) * whole)
    assert (cell.ci_low, cell.ci_high) == pytest.approx((low, high), rel=1e-9)
    assert cell.se == pytest.approx((high - low) / (2 * t), rel=1e-9)


# What cannot be said


def test_a_limit_beyond_all_values_does_not_exist_and_leaves_no_standard_error(tmp_path):
    rows = people(60)
    cells = measured(tmp_path, rows, task_of(0.95))
    whole = cells["_T", "_T"]
    assert whole.value is not None
    assert (whole.ci_high, whole.se, whole.cv) == (None, None, None)
    assert whole.ci_low is not None


def test_a_cell_nobody_can_be_used_in_has_no_quantile_and_says_why(tmp_path):
    rows = people(200)
    for row in rows:
        if row["origin"] == "abroad":
            row["y"] = None
    cells = measured(tmp_path, rows, task_of())
    cell = cells["_T", "abroad"]
    assert (cell.value, cell.status, cell.reason, cell.n) == (None, "O", "no-rows", 0)
    assert cell.excluded == {"no-y": sum(row["origin"] == "abroad" for row in rows)}
    assert cells["_T", "home"].se is not None


def test_where_nobody_is_in_the_domain_every_cell_says_so(tmp_path):
    where = (Condition("origin", ("moon",)),)
    cells = measured(tmp_path, people(50), task_of(where=where))
    assert {(cell.value, cell.reason) for cell in cells.values()} == {(None, "no-rows")}


def test_rows_outside_the_domain_stay_in_the_design(tmp_path):
    rows = people(600)
    where = (Condition("origin", ("home",)),)
    cells = measured(tmp_path, rows, task_of(by=("sex",), where=where))
    expected = plain(rows, 0.5)
    same({("_T", "home"): cells[("_T",)]}, {("_T", "home"): expected["_T", "home"]})


def test_thresholds_of_the_office_flag_quantiles_too(tmp_path):
    cells = measured(tmp_path, people(300), task_of(reliability=Reliability(minimum_n=100)))
    assert cells["_T", "_T"].status == "A"
    assert {cell.status for cell in cells.values() if cell.n and cell.n < 100} == {"U"}


def test_the_median_of_individual_ratios_is_none_of_the_means(tmp_path):
    rows = people(500)
    for row in rows:
        row["cost"] = row["y"] * 2 + 5
    task = Task(
        "10.7.1",
        "individual_ratios",
        {"numerator": "cost", "denominator": "y"},
        2024,
        options={"statistic": "median"},
        design=FULL,
    )
    [cell] = measured(tmp_path, rows, task, (*COLUMNS, "cost")).values()
    formula = methods.individual_ratios(
        rows, numerator="cost", denominator="y", weight="w", statistic="median"
    )
    assert cell.value == pytest.approx(formula.value, rel=1e-11)
    ratios = [{**row, "y": row["cost"] / row["y"]} for row in rows]
    same({("_T", "_T"): cell}, {("_T", "_T"): plain(ratios, 0.5)["_T", "_T"]})
