import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from milepost import progress
from milepost.values import Target


def judge(points, direction="up", target=None, year=2030, **more):
    return progress.towards(points, "un", direction, None if target is None else Target(target, year), **more)


@pytest.mark.parametrize(
    ("target", "share", "verdict", "score"),
    [  # 10 doubles to 20 in five years, so 80 is expected in 2030
        (80, 1.0, "on_track", 3),  # (80 - 10) / (80 - 10)
        (90, 0.875, "acceleration_needed", 2),  # 70 / 80
        (710, 0.1, "acceleration_needed", 2),  # 70 / 700
        (1410, 0.05, "stagnation_or_regression", 1),  # 70 / 1400
    ],
)
def test_with_a_target_the_share_of_the_way_at_the_present_pace_decides(target, share, verdict, score):
    found = judge([(2015, 10), (2020, 20)], target=target)
    assert (found.verdict, found.score) == (verdict, score)
    assert found.value == pytest.approx(share, abs=1e-12)
    assert found.figures["expected_value"] == pytest.approx(80)


def test_moving_away_from_the_target_is_regression():
    found = judge([(2015, 10), (2020, 5)], target=80)  # 1.25 expected: (1.25 - 10) / 70
    assert found.value == pytest.approx(-0.125)
    assert (found.verdict, found.score) == ("stagnation_or_regression", 1)


def test_a_decrease_towards_a_lower_target_is_progress():
    found = judge([(2015, 80), (2020, 40)], "down", target=10)  # 10 expected
    assert found.value == pytest.approx(1)
    assert found.verdict == "on_track"


@pytest.mark.parametrize(
    ("direction", "last", "verdict", "score"),
    [
        ("up", 102.0, "on_track", 3),
        ("up", 101.9, "acceleration_needed", 2),
        ("up", 100.5, "acceleration_needed", 2),  # exactly 0.5 % a year
        ("up", 100.4, "stagnation_or_regression", 1),
        ("up", 90.0, "stagnation_or_regression", 1),
        ("down", 98.0, "on_track", 3),
        ("down", 98.1, "acceleration_needed", 2),
        ("down", 99.5, "acceleration_needed", 2),
        ("down", 99.6, "stagnation_or_regression", 1),
        ("down", 110.0, "stagnation_or_regression", 1),
    ],
)
def test_without_a_target_two_and_half_a_percent_a_year_are_the_thresholds(direction, last, verdict, score):
    found = judge([(2015, 100.0), (2016, last)], direction)
    assert (found.verdict, found.score) == (verdict, score)
    assert found.value == pytest.approx(last / 100 - 1)


DIRECTIONS = st.sampled_from(["up", "down"])


@given(st.floats(0.1, 1e6), st.floats(0.1, 1e6), st.integers(2016, 2029), st.floats(0.1, 1e6), DIRECTIONS)
def test_the_verdict_agrees_with_the_note_written_out(base, last, year, target, direction):
    found = judge([(2015, base), (year, last)], direction, target, unit="PER_100000_POP")
    if (direction == "up" and last >= target) or (direction == "down" and last <= target):
        assert (found.verdict, found.score) == ("target_met", 3)
    elif (direction == "up" and base >= target) or (direction == "down" and base <= target):
        assert found.reason == "target_lost"
    else:
        cagr = (last / base) ** (1 / (year - 2015)) - 1
        expected = last * (1 + cagr) ** (2030 - year)
        ratio = (expected - base) / (target - base)
        assert found.value == pytest.approx(ratio, rel=1e-9)
        score = 3 if ratio >= 0.95 else 2 if ratio >= 0.10 else 1
        assert found.score == score or min(abs(ratio - 0.95), abs(ratio - 0.10)) < 1e-9


@given(st.floats(0.1, 1e6), st.floats(0.1, 1e6), st.integers(2016, 2030), DIRECTIONS)
def test_growth_without_target_agrees_with_the_note_written_out(base, last, year, direction):
    assume((base, last) != (1, 1))  # nothing but 1 is read as yes or no
    found = judge([(2015, base), (year, last)], direction)
    cagr = (last / base) ** (1 / (year - 2015)) - 1
    assert found.value == pytest.approx(cagr, rel=1e-9)
    if direction == "up":
        score = 3 if cagr >= 0.02 else 2 if cagr >= 0.005 else 1
    else:
        score = 3 if cagr <= -0.02 else 2 if cagr <= -0.005 else 1
    assert found.score == score or min(abs(abs(cagr) - 0.02), abs(abs(cagr) - 0.005)) < 1e-9


# The exceptions of section 2.4


def test_a_target_already_met_is_met_whatever_the_trend():
    found = judge([(2015, 95), (2020, 90)], target=85)
    assert (found.verdict, found.score, found.figures["rule"]) == ("target_met", 3, "already_met")


@pytest.mark.parametrize(
    ("points", "target", "unit", "verdict"),
    [
        ([(2015, 99.9), (2020, 99.0)], 100, None, "target_met"),
        ([(2015, 99.9), (2020, 99.0)], 100, "PT", "target_met"),
        ([(2015, 99.9), (2020, 98.9)], 100, "PT", "stagnation_or_regression"),
        ([(2015, 99.9), (2020, 99.0)], 100, "NUMBER", "stagnation_or_regression"),
        ([(2015, 99.9), (2016, 120.0), (2020, 99.0)], 100, None, "stagnation_or_regression"),  # no share
    ],
)
def test_within_one_point_of_a_hundred_percent_counts_as_met(points, target, unit, verdict):
    assert judge(points, "up", target, unit=unit).verdict == verdict


def test_within_one_point_of_a_target_of_zero_percent_counts_as_met_where_the_unit_says_percent():
    points = [(2015, 5.0), (2020, 0.8)]
    assert judge(points, "down", 0, unit="PT").verdict == "target_met"
    assert judge(points, "down", 0).reason == "target_zero"
    assert judge(points, "down", 0, unit="PER_100000_POP").reason == "target_zero"


def test_a_base_of_zero_is_not_assessed_with_or_without_target():
    assert judge([(2015, 0), (2020, 4)]).reason == "base_zero"
    assert judge([(2015, 0), (2020, 4)], target=10).reason == "base_zero"


def test_a_target_of_zero_is_not_assessed():
    assert judge([(2015, 10), (2020, 5)], "down", target=0).reason == "target_zero"


def test_a_target_year_that_has_passed_is_assessed_with_the_values_up_to_it():
    found = judge([(2015, 10), (2018, 20), (2020, 30), (2022, 15)], target=50, year=2020)
    assert found.figures["current_year"] == 2020
    assert found.value == pytest.approx(0.5)  # 20 of 40
    assert found.verdict == "acceleration_needed"


def test_a_target_met_in_its_year_stays_met_though_it_was_lost_later():
    found = judge([(2015, 10), (2020, 60), (2022, 15)], target=50, year=2020)
    assert (found.verdict, found.figures["rule"]) == ("target_met", "met_in_time")


def test_a_passed_target_year_with_one_value_before_it_is_not_assessed():
    found = judge([(2015, 10), (2021, 20), (2022, 30)], target=50, year=2020)
    assert (found.reason, found.figures["count"]) == ("target_year_passed", 1)


def test_a_passed_target_year_may_move_the_base_to_an_earlier_year():
    found = judge([(2012, 10), (2014, 30), (2016, 20)], target=50, year=2014, base_year=2014)
    assert (found.figures["base_year"], found.value) == (2012, pytest.approx(0.5))


def test_an_earlier_base_of_zero_is_not_assessed_either():
    found = judge([(2012, 0), (2016, 5), (2018, 6)], target=9, year=2016)
    assert (found.reason, found.figures["base_year"]) == ("base_zero", 2012)


def test_a_target_year_not_after_the_base_is_not_assessed():
    assert judge([(2018, 10), (2019, 20)], target=50, year=2017).reason == "target_year_passed"
    assert judge([(2031, 10), (2032, 20)], target=50, year=2031).reason == "target_year_passed"


@pytest.mark.parametrize(
    ("last", "verdict", "score"), [(1, "target_met", 3), (0, "stagnation_or_regression", 1)]
)
def test_binary_indicators_are_met_if_yes_and_stagnant_if_no(last, verdict, score):
    found = judge([(2015, 0), (2020, last)])
    assert (found.verdict, found.score, found.figures["rule"]) == (verdict, score, "binary")
    assert judge([(2020, last)], unit="BOOL").verdict == verdict


def test_zeros_and_ones_of_a_counted_thing_are_not_answers():
    assert judge([(2015, 0), (2020, 1)], unit="NUMBER").reason == "base_zero"
    assert judge([(2015, 0), (2020, 1)], "down").reason == "base_zero"
    assert judge([(2015, 0), (2020, 1)], target=5).reason == "base_zero"


def test_growth_from_below_zero_is_not_defined():
    assert judge([(2015, -2), (2020, 4)]).reason == "negative_base"
    assert judge([(2015, 2), (2020, -4)]).reason == "opposite_signs"
    assert judge([(2015, -2), (2020, 4)], target=10).reason == "negative_base"
    assert judge([(2015, -2), (2020, 12)], target=10).verdict == "target_met"


def test_a_target_lost_since_the_base_year_is_not_called_progress():
    assert judge([(2015, 50), (2020, 40)], target=50).reason == "target_lost"
    assert judge([(2015, 60), (2020, 40)], target=50).reason == "target_lost"


def test_values_too_far_apart_to_compute_with_are_not_assessed():
    assert judge([(2015, 1e-300), (2016, 1e300)], target=1e301).reason == "too_extreme"
    assert judge([(2015, 1e-300), (2016, 1e300)]).reason == "too_extreme"
    assert judge([(2015, 1e-5), (2016, 1e300)], "down", target=1e-6).reason == "too_extreme"
