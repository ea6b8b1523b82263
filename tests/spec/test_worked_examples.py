"""Every definition's worked example comes out as its source says."""

import inspect
import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost import catalogue, tally
from milepost.catalogue import Indicator
from milepost.measure import METHODS, Result

EXAMPLES = [(indicator, example) for indicator in catalogue.indicators() for example in indicator.examples]
COMPUTED = [case for case in EXAMPLES if case[0].method]
TALLIED = [case for case in EXAMPLES if case[0].questionnaire]
RECORDED = [case for case in EXAMPLES if case[0].not_computed]

GENERAL = {"mean", "quantile"}
"""Methods for indicators of one's own; no definition that ships needs them."""


def name(value) -> str:
    return value.code if isinstance(value, Indicator) else value.title


def compute(indicator, example) -> Result:
    method, options = indicator.calculation(example.series)
    second = {} if example.second is None else {"second": example.second}
    return METHODS[method].formula(example.rows, **second, **{**options, **example.options})


@pytest.mark.parametrize(("indicator", "example"), COMPUTED, ids=name)
def test_a_computed_example_gives_what_it_says(indicator, example):
    result = compute(indicator, example)
    expected = example.result
    if expected["value"] is None:
        assert (result.value, result.reason) == (None, expected["reason"])
    else:
        assert result.value == pytest.approx(expected["value"], abs=0.5 * 10**-example.digits)
    assert result.used == expected["used"]
    assert dict(result.excluded) == expected.get("excluded", {})


@pytest.mark.parametrize(("indicator", "example"), TALLIED, ids=name)
def test_a_tallied_example_gives_what_it_says(indicator, example):
    outcome = tally.points(example.answers)
    judged = outcome.domain(example.result["domain"]) if "domain" in example.result else outcome
    got = {"percent": judged.percent, "category": judged.category, "answered": judged.answered}
    assert got == {key: value for key, value in example.result.items() if key != "domain"}


@pytest.mark.parametrize(("indicator", "example"), RECORDED, ids=name)
def test_a_recorded_example_is_a_value_that_the_definition_allows(indicator, example):
    limits, plausible, _ = indicator.bounds(example.series)
    assert indicator.calculation(example.series)[0] is None
    assert limits.holds(example.result["value"])
    assert plausible.holds(example.result["value"])


def test_the_labour_rights_score_of_the_source_follows_by_plain_arithmetic():
    [example] = catalogue.indicator("8.8.2").examples
    [row] = example.rows
    assert round(min(row["sum_of_weights"], 95) * 10 / 95, 2) == example.result["value"]


def test_every_indicator_has_an_example_of_one_of_the_three_kinds():
    assert {indicator.code for indicator, _ in COMPUTED + TALLIED + RECORDED} == {
        indicator.code for indicator in catalogue.indicators()
    }


def test_every_method_is_used_by_an_example_and_every_method_named_exists():
    used = {indicator.calculation(example.series)[0] for indicator, example in COMPUTED}
    assert used | GENERAL == set(METHODS)


def test_every_calculation_of_a_series_fits_the_method_it_names():
    for indicator in catalogue.indicators():
        for series in indicator.series:
            method, options = indicator.calculation(series.code)
            if method is not None:
                inspect.signature(METHODS[method].formula).bind([], **options)


def test_every_column_that_an_option_names_is_described():
    for indicator in catalogue.indicators():
        described = {column.name for column in indicator.columns}
        for series in indicator.series:
            _, options = indicator.calculation(series.code)
            for name in (
                "value",
                "numerator",
                "denominator",
                "trait",
                "columns",
                "refugees",
                "population",
                "chores",
            ):
                named = options.get(name, ())
                assert set([named] if isinstance(named, str) else named) <= described, indicator.code


amounts = st.floats(0, 1e6)
earnings = st.floats(0.01, 1e6)


@given(st.lists(st.tuples(amounts, earnings), min_size=1, max_size=30))
def test_unweighted_statistics_of_ratios_are_those_of_the_standard_library(pairs):
    rows = [{"cost": cost, "earnings": earned} for cost, earned in pairs]
    ratios = [cost / earned for cost, earned in pairs]
    options = {"numerator": "cost", "denominator": "earnings"}
    mean = METHODS["individual_ratios"].formula(rows, **options)
    median = METHODS["individual_ratios"].formula(rows, **options, statistic="median")
    assert mean.value == pytest.approx(statistics.fmean(ratios))
    assert median.value == pytest.approx(statistics.median(ratios))


@given(st.lists(st.tuples(amounts, earnings, st.integers(1, 5)), min_size=1, max_size=15))
def test_a_whole_weight_counts_as_that_many_persons(rows):
    weighted = [{"cost": c, "earnings": e, "weight": w} for c, e, w in rows]
    repeated = [row for row in weighted for _ in range(row["weight"])]
    for statistic in ("mean", "median", "p80"):
        options = {"numerator": "cost", "denominator": "earnings", "statistic": statistic}
        one = METHODS["individual_ratios"].formula(weighted, **options, weight="weight")
        other = METHODS["individual_ratios"].formula(repeated, **options)
        assert one.value == pytest.approx(other.value)


@given(st.lists(st.tuples(st.integers(0, 10**6), st.integers(0, 10**6)), max_size=20))
def test_the_ratio_of_sums_is_a_division_or_no_value_at_all(pairs):
    rows = [{"cases": cases, "people": people} for cases, people in pairs]
    result = METHODS["ratio_of_totals"].formula(rows, numerator="cases", denominator="people", per=100_000)
    cases, people = (sum(column) for column in zip(*pairs, strict=True)) if pairs else (0, 0)
    if people:
        assert result.value == pytest.approx(cases / people * 100_000)
    else:
        assert result.value is None
        assert result.reason == ("zero-denominator" if pairs else "no-rows")


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_the_refugee_rate_never_passes_its_limit_and_lies_below_the_plain_rate(refugees, population):
    rows = [{"refugees": refugees, "population": population}]
    value = METHODS["refugee_rate"].formula(rows, per=100_000).value
    assert value == pytest.approx(refugees / (population + refugees) * 100_000)
    assert value is not None
    assert 0 <= value <= 100_000
