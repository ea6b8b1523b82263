import math

import pytest

from milepost.values import MISSING_STATUSES, Observation, Period, Target, Text, Verdict

YEAR = Period.parse("2020")


@pytest.mark.parametrize("status", sorted(MISSING_STATUSES))
def test_no_value_needs_a_status_that_says_why(status):
    assert Observation(YEAR, None, status=status).value is None


@pytest.mark.parametrize("status", ["A", "E", "P", "U", ""])
def test_no_value_beside_another_status_is_refused(status):
    with pytest.raises(ValueError, match="does not say why"):
        Observation(YEAR, None, status=status)


def test_a_value_beside_a_status_that_says_there_is_none_is_refused():
    with pytest.raises(ValueError, match="says there is none"):
        Observation(YEAR, 12.0, status="Q")


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_only_finite_numbers_are_values(value):
    with pytest.raises(ValueError, match="finite"):
        Observation(YEAR, value)


def test_zero_is_a_value():
    assert Observation(YEAR, 0.0).value == 0


def test_a_verdict_that_is_not_assessed_says_why():
    with pytest.raises(ValueError, match="reason"):
        Verdict("un", "not_assessed")
    with pytest.raises(ValueError, match="reason"):
        Verdict("un", "on_track", reason="too_few_points")


def test_a_target_is_for_2030_unless_said_otherwise():
    assert Target(3.0).year == 2030


def test_a_missing_translation_stays_visible():
    name = Text(ru="Женщины")
    assert name.get("ky") is None
    assert name.best("ky") == ("Женщины", "ru")
    assert Text().best("en") == ("", None)
