import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost import progress
from milepost.values import Target, Verdict


def judge(points, direction="up", target=None, limit=None, year=2030):
    target = None if target is None else Target(target, year)
    return progress.towards(points, "statcan", direction, target, limit)


@pytest.mark.parametrize(
    ("last", "direction", "value", "score", "verdict"),
    [
        (110.0, "up", 0.10, 5.0, "substantial_progress"),  # 500 * 0.1 - 5, at most 5
        (101.6, "up", 0.016, 3.0, "substantial_progress"),  # 500 * 0.016 - 5
        (101.0, "up", 0.01, 1.25, "moderate_progress"),  # 250 * 0.01 - 1.25
        (100.4, "up", 0.004, -0.5, "limited_progress"),  # 500 * 0.004 - 2.5
        (100.0, "up", 0.0, -2.5, "limited_progress"),
        (99.0, "up", -0.01, -3.75, "deterioration"),  # 125 * -0.01 - 2.5
        (90.0, "up", -0.10, -5.0, "deterioration"),
        (90.0, "down", 0.10, 5.0, "substantial_progress"),
        (101.0, "down", -0.01, -3.75, "deterioration"),
    ],
)
def test_without_a_target_yearly_growth_in_the_desired_direction_decides(
    last, direction, value, score, verdict
):
    found = judge([(2015, 100.0), (2016, last)], direction)
    assert found.verdict == verdict
    assert found.value == pytest.approx(value)
    assert found.score == pytest.approx(score)


@pytest.mark.parametrize(
    ("last", "value", "score", "verdict"),
    [  # from 16 to 1 in four years is required: half each year, growth -0.5
        (4.0, 1.0, 2.8572, "substantial_progress"),  # 7.1429 - 4.2857
        (6.76, 0.7, 0.71433, "moderate_progress"),  # 0.65 each year; 7.1429 * 0.7 - 4.2857
        (10.24, 0.4, -0.83332, "limited_progress"),  # 0.8 each year; 4.1667 * 0.4 - 2.5
        (17.64, -0.1, -2.91667, "deterioration"),  # 1.05 each year; 4.1667 * -0.1 - 2.5
        (36.0, -1.0, -5.0, "deterioration"),
    ],
)
def test_with_a_target_observed_growth_is_compared_with_the_growth_required(last, value, score, verdict):
    found = judge([(2015, 16.0), (2017, last)], "down", 1.0, year=2019)
    assert found.verdict == verdict
    assert found.value == pytest.approx(value)
    assert found.score == pytest.approx(score)


# Published by Statistics Canada in the progress data of its SDG Data Hub.
PUBLISHED = {  # base, latest, direction, target, limit; value, score, verdict
    "1.2.1, poverty, to be halved": (
        ((2015, 14.5), (2023, 10.2), "down", 7.25, None),
        (0.9525901792032172, 2.5185563910306596, "substantial_progress"),
    ),
    "3.b.1, vaccine coverage, limit 100": (
        ((2015, 80.3), (2021, 85.1), "up", None, 100),
        (0.009723201903344858, 2.810019550190604, "substantial_progress"),
    ),
    "3.3.5, base before 2015": (
        ((2010, 4.0), (2023, 3.0), "down", 0.4, None),
        (0.20125535865133842, -1.6614292971074682, "limited_progress"),
    ),
    "3.1.1, maternal mortality, target long met": (
        ((2015, 7.05), (2024, 12.58), "down", 70.0, None),
        (-0.40189193878221646, 5.0, "target_achieved"),
    ),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_figures_are_reproduced(name):
    (base, last, direction, target, limit), (value, score, verdict) = PUBLISHED[name]
    found = judge([base, last], direction, target, limit)
    assert found.verdict == verdict
    assert found.value == pytest.approx(value, rel=1e-9)
    assert found.score == pytest.approx(score, abs=1e-6)


def reference(base, last, years, direction, limit):
    """The document's words, without a target."""
    growth = (last / base) ** (1 / years) - 1
    sign = -1 if base < 0 else 1
    value = sign * (1 if direction == "up" else -1) * growth
    c = 1
    if limit is not None:
        if abs(base) >= 2 * limit:
            c = 1
        elif base <= limit:
            c = 1 - (base / limit) ** 4.44
        else:
            c = 1 - ((2 * limit - base) / limit) ** 4.44
    if value < 0:
        return value, max(125 * value - 2.5, -5), "deterioration"
    if c == 0:
        return value, 5, "substantial_progress"
    if value >= 0.015 * c:
        return value, min(500 * value / c - 5, 5), "substantial_progress"
    if value >= 0.005 * c:
        return value, 250 * value / c - 1.25, "moderate_progress"
    return value, 500 * value / c - 2.5, "limited_progress"


@given(
    st.floats(0.1, 500),
    st.floats(0.9, 1.1),
    st.integers(1, 14),
    st.sampled_from(["up", "down"]),
    st.one_of(st.none(), st.floats(1, 200)),
)
def test_growth_agrees_with_the_document_written_out(base, ratio, years, direction, limit):
    found = judge([(2015, base), (2015 + years, base * ratio)], direction, limit=limit)
    value, score, verdict = reference(base, base * ratio, years, direction, limit)
    assert found.value == pytest.approx(value, rel=1e-9, abs=1e-15)
    assert found.score == pytest.approx(score, abs=1e-6)
    assert found.verdict == verdict


DIRECTIONS = st.sampled_from(["up", "down"])


@given(st.floats(0.1, 500), st.floats(0.1, 500), st.floats(0.1, 500), st.integers(1, 14), DIRECTIONS)
def test_a_target_agrees_with_the_document_written_out(base, last, target, years, direction):
    found = judge([(2015, base), (2015 + years, last)], direction, target)
    met = last >= target if direction == "up" else last <= target
    if met:
        assert (found.verdict, found.score) == ("target_achieved", 5)
    if base == target:
        assert found.verdict in ("target_achieved", "not_assessed")
        return
    observed = (last / base) ** (1 / years) - 1
    required = (target / base) ** (1 / 15) - 1
    value = (1 if direction == "up" else -1) * observed / abs(required)
    assert found.value == pytest.approx(value, rel=1e-9, abs=1e-15)
    if not met:
        score = min(7.1429 * value - 4.2857, 5) if value >= 0.6 else max(4.1667 * value - 2.5, -5)
        assert found.score == pytest.approx(score, abs=1e-6)


def test_a_negative_base_turns_the_sign_so_that_minus_5_to_minus_4_is_an_increase():
    found = judge([(2015, -5.0), (2016, -4.0)])  # growth (4/5) - 1 = -0.2, sign -1
    assert (found.value, found.verdict) == (pytest.approx(0.2), "substantial_progress")


def test_the_thresholds_shrink_near_a_natural_limit_and_vanish_at_it():
    near = judge([(2015, 90.0), (2016, 90.5)], limit=100)  # c = 1 - 0.9 ** 4.44 = 0.3736
    assert near.figures["threshold_factor"] == pytest.approx(0.3736, abs=1e-4)
    assert near.figures["thresholds"][:2] == pytest.approx([0.0056, 0.00187], abs=1e-4)
    assert near.verdict == "moderate_progress"  # growth 0.00556
    at = judge([(2015, 100.0), (2016, 100.0)], limit=100)
    assert (at.verdict, at.score) == ("substantial_progress", 5)
    far = judge([(2015, 250.0), (2016, 251.0)], limit=100)
    assert far.figures["threshold_factor"] == 1


@pytest.mark.parametrize(
    ("points", "target", "limit", "reason"),
    [
        ([(2015, 0), (2020, 5)], None, None, "base_zero"),
        ([(2015, 0), (2020, 5)], 3, None, "base_zero"),
        ([(2015, 5), (2020, 6)], 0, None, "target_zero"),
        ([(2015, 5), (2020, -1)], None, None, "opposite_signs"),
        ([(2015, -5), (2020, 1)], None, None, "opposite_signs"),
        ([(2015, 5), (2020, 6)], -3, None, "target_opposite_sign"),
        ([(2015, -5), (2020, -4)], None, 100, "negative_base_with_limit"),
        ([(2015, 5), (2020, 4)], 5, None, "target_equals_base"),
    ],
)
def test_what_cannot_be_computed_is_not_assessed_and_says_why(points, target, limit, reason):
    found = judge(points, "up", target, limit)
    assert (found.verdict, found.reason) == ("not_assessed", reason)
    template, numbers = progress.explain(found)
    assert template.format(**numbers)


def test_a_target_year_up_to_the_base_is_not_assessed():
    assert judge([(2018, 5), (2020, 6)], target=9, year=2018).reason == "target_year_not_after_base"


def test_a_value_that_fell_to_zero_can_be_assessed():
    found = judge([(2015, 4.0), (2020, 0.0)], "down")
    assert (found.value, found.score) == (1.0, 5.0)


def test_extremes_are_not_assessed_instead_of_failing():
    assert judge([(2015, 1e-300), (2016, 1e300)]).reason == "too_extreme"
    assert judge([(2015, 1e-300), (2016, 2e-300)], target=1e300, year=2016).reason == "too_extreme"


def test_an_indicator_is_the_mean_score_of_its_assessed_series():
    def series(verdict, score):
        return Verdict("statcan", verdict, 0.0, score)

    skipped = Verdict("statcan", "not_assessed", reason="base_zero")
    both = progress.together([series("substantial_progress", 4.0), series("limited_progress", -1.0), skipped])
    assert (both.verdict, both.score, both.figures["assessed"]) == ("moderate_progress", 1.5, 2)
    assert progress.together([series("deterioration", -5.0)]).verdict == "deterioration"
    assert progress.together([series("target_achieved", 5.0)] * 2).verdict == "target_achieved"
    mixed = progress.together([series("target_achieved", 5.0), series("substantial_progress", 5.0)])
    assert mixed.verdict == "substantial_progress"
    assert progress.together([skipped]).reason == "no_series_assessed"
