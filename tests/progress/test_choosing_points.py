import math

import pytest

from milepost import progress
from milepost.values import Observation, Period, Series

METHODS = sorted(progress.METHODS)


@pytest.mark.parametrize("method", METHODS)
def test_order_gaps_and_missing_values_do_not_change_the_verdict(method):
    plain = progress.towards([(2015, 50.0), (2020, 60.0)], method, "up")
    untidy = progress.towards([(2020, 60.0), (2018, None), (2015, 50.0), (2019, math.nan)], method, "up")
    assert untidy == plain


def test_without_a_desired_direction_nothing_is_assessed():
    verdict = progress.towards([(2015, 1.0), (2020, 2.0)], "un", None)
    assert (verdict.verdict, verdict.reason) == ("not_assessed", "no_direction")


def test_no_values_and_a_single_year_are_two_different_reasons():
    assert progress.towards([], "un", "up").reason == "no_values"
    assert progress.towards([(2015, None)], "statcan", "up").reason == "no_values"
    for method in METHODS:
        verdict = progress.towards([(2015, 3.0)], method, "up")
        assert (verdict.reason, verdict.figures["count"]) == ("too_few_points", 1)


def test_two_different_values_for_one_year_are_a_conflict_that_names_both():
    verdict = progress.towards([(2015, 0.36), (2020, 1.0), (2015, 14.72)], "un", "up")
    assert verdict.reason == "conflicting_values"
    assert verdict.figures == {"year": 2015, "first": 0.36, "second": 14.72}


def test_the_same_value_twice_for_one_year_is_one_value():
    assert progress.towards([(2015, 10.0), (2015, 10.0), (2020, 20.0)], "un", "up").assessed


def test_an_infinite_value_is_refused_with_its_year():
    verdict = progress.towards([(2015, 1.0), (2020, math.inf)], "un", "up")
    assert (verdict.reason, verdict.figures["year"]) == ("not_finite", 2020)


@pytest.mark.parametrize(
    ("years", "base"),
    [
        ((2010, 2015, 2020), 2015),
        ((2010, 2017, 2019, 2022), 2017),  # the next year available
        ((2023, 2024), 2023),
        ((2010, 2023), 2010),  # 2023 alone would leave one point
        ((2008, 2010, 2012), 2010),  # the latest earlier year
        ((2012, 2014, 2016), 2014),
        ((2012, 2015), 2012),
    ],
)
@pytest.mark.parametrize("method", METHODS)
def test_the_base_is_2015_or_the_next_year_that_leaves_two_points_or_the_latest_earlier(method, years, base):
    verdict = progress.towards([(year, 100.0 + year - 2000) for year in years], method, "up")
    assert verdict.figures["base_year"] == base
    assert verdict.figures["current_year"] == max(years)
    assert verdict.figures["asked_base_year"] == 2015


def test_a_base_year_can_be_asked_for():
    points = [(2010, 10.0), (2015, 20.0), (2020, 30.0)]
    assert progress.towards(points, "statcan", "up", base_year=2010).figures["base_value"] == 10.0


def test_a_series_brings_its_unit_and_its_forecasts_do_not_count():
    def observed(year, value, status="A"):
        return Observation(Period.parse(str(year)), value, status)

    series = Series("X", (observed(2015, 0.0), observed(2018, 1.0), observed(2030, 0.0, "F")), unit="BOOL")
    verdict = progress.towards(series, "un", "up")
    assert (verdict.verdict, verdict.figures["current_year"]) == ("target_met", 2018)


def test_unknown_methods_and_directions_are_mistakes_of_the_programmer():
    with pytest.raises(KeyError):
        progress.towards([(2015, 1.0)], "escap", "up")
    with pytest.raises(ValueError, match="sideways"):
        progress.towards([(2015, 1.0)], "un", "sideways")
