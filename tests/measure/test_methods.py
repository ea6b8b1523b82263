"""Rows that formulas meet: blanks, texts, zeros, negative numbers."""

import pytest

from milepost.measure import METHODS, Result

RATIO = {"numerator": "cost", "denominator": "earnings"}


def test_what_cannot_be_computed_is_none_with_a_reason_never_zero():
    for name, options in [
        ("individual_ratios", RATIO),
        ("ratio_of_totals", RATIO),
        ("refugee_rate", {}),
        ("proportion", {"trait": "cost"}),
        ("child_labour", {}),
        ("incidents", {"columns": ["dead", "missing"]}),
        ("total", {"value": "cost"}),
        ("mean", {"value": "cost"}),
        ("quantile", {"value": "cost", "share": 0.5}),
        ("rate", RATIO),
        ("share_of_gdp", {}),
        ("service_average", {}),
        ("smart", {}),
    ]:
        result = METHODS[name].formula([], **options)
        assert (result.value, result.used) == (None, 0), name
        assert result.reason in ("no-rows", "fewer-than-three"), name


def test_a_result_refuses_to_be_both_a_value_and_a_reason():
    with pytest.raises(ValueError, match="a reason exactly when"):
        Result(0.0, 1, reason="no-rows")
    with pytest.raises(ValueError, match="a reason exactly when"):
        Result(None, 0)


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("", "no-earnings"),
        (None, "no-earnings"),
        ("  ", "no-earnings"),
        ("12,5", "not-a-number:earnings"),
        ("1_000", "not-a-number:earnings"),
        ("nan", "not-a-number:earnings"),
        ("about 300", "not-a-number:earnings"),
        (0, "not-positive:earnings"),
        ("-5", "not-positive:earnings"),
    ],
)
def test_a_row_without_usable_earnings_is_left_out_and_counted(cell, why):
    rows = [{"cost": "100", "earnings": "50"}, {"cost": 100, "earnings": cell}]
    result = METHODS["individual_ratios"].formula(rows, **RATIO)
    assert (result.value, result.used, dict(result.excluded)) == (2.0, 1, {why: 1})


def test_a_cost_of_zero_is_a_cost_and_a_negative_one_is_a_fault_of_the_row():
    rows = [{"cost": 0, "earnings": 100}, {"cost": -1, "earnings": 100}]
    result = METHODS["individual_ratios"].formula(rows, **RATIO)
    assert (result.value, dict(result.excluded)) == (0.0, {"negative:cost": 1})


def test_a_statistic_that_does_not_exist_is_the_programmers_mistake():
    with pytest.raises(ValueError, match="no such statistic"):
        METHODS["individual_ratios"].formula([], **RATIO, statistic="mode")


def test_a_quantile_that_meets_the_share_exactly_lies_between_two_ratios():
    rows = [{"cost": cost, "earnings": 1} for cost in (1, 2, 3, 4, 10)]
    assert METHODS["individual_ratios"].formula(rows, **RATIO, statistic="p80").value == 7  # between 4 and 10
    assert METHODS["individual_ratios"].formula(rows[:1], **RATIO, statistic="p80").value == 1


def test_the_mean_of_ratios_is_not_the_ratio_of_means():
    rows = [{"cost": c, "earnings": e} for c, e in ((100, 100), (400, 200), (1200, 300))]
    assert METHODS["individual_ratios"].formula(rows, **RATIO).value == pytest.approx(7 / 3)
    assert METHODS["ratio_of_totals"].formula(rows, **RATIO, per=1).value == pytest.approx(17 / 6)


def test_several_numerators_are_added_and_one_missing_leaves_the_row_out():
    rows = [{"a": 1, "b": 2, "all": 10}, {"a": 1, "b": "", "all": 90}]
    result = METHODS["ratio_of_totals"].formula(rows, numerator=["a", "b"], denominator="all", per=100)
    assert (result.value, dict(result.excluded)) == (30.0, {"no-b": 1})


def test_a_second_source_with_a_gap_makes_the_ratio_incomplete():
    rows, second = [{"cases": 5}], [{"people": 100}, {"people": ""}]
    result = METHODS["ratio_of_totals"].formula(rows, second, numerator="cases", denominator="people")
    assert (result.value, result.reason, dict(result.excluded)) == (None, "incomplete", {"no-people": 1})


def test_refugees_may_come_beside_a_population_from_another_source():
    result = METHODS["refugee_rate"].formula([{"refugees": 3000}], [{"population": 7_000_000}], per=100_000)
    assert result.value == pytest.approx(42.83878, abs=1e-5)


def test_no_population_gives_no_refugee_rate():
    result = METHODS["refugee_rate"].formula([{"refugees": 3000, "population": 0}])
    assert (result.value, result.reason) == (None, "zero-denominator")


@pytest.mark.parametrize("yes", ["yes", "Yes", "1", 1, 1.0, "true", True])
def test_the_usual_ways_to_say_yes_are_understood(yes):
    assert METHODS["proportion"].formula([{"trait": yes}, {"trait": "no"}], trait="trait").value == 0.5


def test_an_answer_that_is_neither_yes_nor_no_is_left_out_and_counted():
    result = METHODS["proportion"].formula([{"trait": "yes"}, {"trait": "perhaps"}], trait="trait")
    assert (result.value, dict(result.excluded)) == (1, {"not-an-answer:trait": 1})


def test_child_labour_can_be_weighted_and_counts_missing_weights():
    rows = [
        {"age": 10, "hours": 5, "w": 1},
        {"age": 10, "hours": 0, "w": 3},
        {"age": 10, "hours": 0, "w": ""},
    ]
    result = METHODS["child_labour"].formula(rows, weight="w", per=100)
    assert (result.value, dict(result.excluded)) == (25, {"no-w": 1})


def test_a_total_with_a_missing_part_is_not_a_total():
    result = METHODS["total"].formula([{"x": 1}, {"x": None}], value="x")
    assert (result.value, result.reason, dict(result.excluded)) == (None, "incomplete", {"no-x": 1})


def test_a_service_that_hides_its_margin_cannot_enter_the_average():
    rows = [{"amount": 200, "fee": 10, "margin": ""}, {"amount": 200, "fee": 10, "margin": -1}]
    result = METHODS["service_average"].formula(rows)
    assert (result.value, dict(result.excluded)) == (4.0, {"no-margin": 1})


def test_smart_is_of_one_corridor():
    rows = [
        {"corridor": c, "amount": 200, "fee": 1, "margin": 0, "days": 1, "transparent": 1, "accessible": 1}
        for c in "AAAB"
    ]
    assert METHODS["smart"].formula(rows).reason == "several-corridors"
    assert METHODS["smart"].formula(rows[:3]).value == 0.5


def test_the_days_of_a_service_not_known_leave_it_out_of_smart():
    row = {
        "corridor": "A",
        "amount": 200,
        "fee": 1,
        "margin": 0,
        "days": "",
        "transparent": 1,
        "accessible": 1,
    }
    result = METHODS["smart"].formula([row] * 3)
    assert (result.reason, dict(result.excluded)) == ("fewer-than-three", {"no-days": 3})
