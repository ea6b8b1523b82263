"""Figures of places, periods and categories become one, and what was not reported stays nothing."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.progress import results
from milepost.values.figures import NOT_REPORTED, Amount, margins, worth
from milepost.values.results import Figure, ReportingPeriod, ResultIndicator
from milepost.values.text import Text

DAY = date(2026, 1, 1)


def indicator(**how) -> ResultIndicator:
    return ResultIndicator("1.1", Text(en="Persons trained"), **how)


def at(place: str, value=None, **how) -> Figure:
    return Figure(None if value is None else Decimal(value), place=place, **how)


def cell(value, **codes) -> Figure:
    return Figure(Decimal(value), breakdown=tuple(sorted(codes.items())))


def share(numerator, denominator, place="") -> Figure:
    return Figure(numerator=Decimal(numerator), denominator=Decimal(denominator), place=place)


def years(*reported) -> tuple[ReportingPeriod, ...]:
    """A period of a year for each set of figures; a number is the figure of the whole."""
    sets = [figures if isinstance(figures, tuple) else (Figure(Decimal(figures)),) for figures in reported]
    return tuple(ReportingPeriod(date(y, 1, 1), date(y, 12, 31), actuals=s) for y, s in enumerate(sets, 2020))


def whole(one: ResultIndicator) -> results.Total:
    return results.assess(one, today=DAY).actual


# Four things that are not the same


def test_zero_missing_not_applicable_and_not_reported_stay_four_things():
    assert worth(Figure(Decimal(0))).value == 0
    assert worth(Figure(status="O")).reason == "missing"
    assert worth(Figure(status="M")).reason == "not_applicable"
    assert worth(None).reason == "not_reported"


def test_a_true_zero_counts_in_the_roll_up():
    total = results.total([at("A", 0), at("B", 8)], indicator(over_places="mean"))
    assert total.amount.value == 4
    assert (total.reported, total.expected) == (2, 2)


def test_a_figure_beside_a_status_is_neither():
    assert worth(Figure(Decimal(5), status="M")).reason == "value_beside_status"
    assert results.total([Figure(Decimal(5), status="M")], indicator()).amount.reason == "value_beside_status"


def test_two_different_figures_of_one_place_are_for_a_person_to_decide():
    figures = [at("A", 5), at("A", 6), at("B", 1)]
    assert results.total(figures, indicator()).amount.reason == "conflicting_figures"
    assert results.total([at("A", 5), at("A", 5), at("B", 1)], indicator()).amount.value == 6


# Places


def test_a_place_that_did_not_report_is_not_zero_and_not_in_the_mean():
    figures = [at("A", 10), at("B", 20), at("C", 30)]
    total = results.total(figures, indicator(over_places="mean"), places=("A", "B", "C", "D"))
    assert total.amount.value == 20
    assert results.Note("places_incomplete", {"reported": 3, "expected": 4}) in total.notes


def test_a_place_to_which_the_indicator_does_not_apply_is_not_waited_for():
    total = results.total([at("A", 10), at("B", status="M")], indicator(), places=("A", "B"))
    assert (total.amount.value, total.reported, total.expected, total.notes) == (10, 1, 1, ())


def test_a_missing_place_is_waited_for():
    total = results.total([at("A", 10), at("B", status="O")], indicator())
    assert (total.amount.value, total.reported, total.expected) == (10, 1, 2)


def test_the_denominator_of_percentages_over_places_does_not_begin_at_one():
    figures = [share(30, 100, "A"), share(60, 100, "B")]
    amount = results.total(figures, indicator(measure="percentage")).amount
    assert (amount.value, amount.numerator, amount.denominator) == (45, 90, 200)


def test_percentages_are_added_by_numerator_and_denominator_even_where_the_rule_says_sum():
    figures = [share(1, 1, "A"), share(0, 99, "B")]
    assert results.total(figures, indicator(measure="percentage", over_places="sum")).amount.value == 1
    assert results.total(figures, indicator(measure="percentage", over_places="mean")).amount.value == 50


def test_a_percentage_without_denominator_cannot_be_put_together_with_another():
    figures = [Figure(Decimal(30), place="A"), share(60, 100, "B")]
    assert results.total(figures, indicator(measure="percentage")).amount.reason == "no_denominator"
    alone = results.total(figures[:1], indicator(measure="percentage"))
    assert alone.amount.value == 30


def test_nobody_of_nobody_adds_nothing_and_is_no_percentage_itself():
    one = indicator(measure="percentage")
    assert results.total([share(0, 0)], one).amount.reason == "denominator_zero"
    assert results.total([share(0, 0, "A"), share(1, 4, "B")], one).amount.value == 25


def test_the_rule_none_puts_nothing_together():
    figures = [at("A", 10), at("B", 20)]
    assert results.total(figures, indicator(over_places="none")).amount.reason == "not_added_up"
    assert results.total(figures[:1], indicator(over_places="none")).amount.value == 10


def test_the_largest_is_the_largest():
    assert results.total([at("A", 10), at("B", 20)], indicator(over_places="max")).amount.value == 20
    assert results.total([at("A", -3), at("B", -7)], indicator(over_places="max")).amount.value == -3


def test_a_reported_total_is_kept_beside_what_its_places_come_to():
    figures = [Figure(Decimal(136)), at("A", 3), at("B", 28), at("C", 20), at("D", 16)]
    total = results.total(figures, indicator())
    assert total.amount.value == 136
    assert total.computed is not None and total.computed.value == 67
    assert [note.code for note in total.notes] == ["differs_from_parts"]


def test_a_rounded_total_does_not_differ_from_its_parts():
    figures = [Figure(Decimal("33.3")), share(1, 3, "A"), share(0, 0, "B")]
    assert results.total(figures, indicator(measure="percentage")).notes == ()


def test_steps_of_an_order_are_not_added():
    one = indicator(measure="ordinal")
    assert results.total([at("A", 1), at("B", 2)], one).amount.reason == "order_is_not_added"
    largest = indicator(measure="ordinal", over_places="max")
    assert results.total([at("A", 1), at("B", 2)], largest).amount.value == 2


# Time


@pytest.mark.parametrize(
    ("rule", "expected"),
    [("sum", 12), ("last", 3), ("max", 5), ("mean", 4)],
    ids=["sum", "last", "max", "mean"],
)
def test_periods_are_put_together_by_the_rule_over_time(rule, expected):
    total = whole(indicator(over_time=rule, periods=years(4, 5, 3)))
    assert (total.amount.value, total.rule) == (expected, rule)


def test_the_ratio_over_time_is_of_all_numerators_and_denominators():
    one = indicator(
        measure="percentage", over_time="ratio", periods=years((share(15, 50),), (share(30, 150),))
    )
    assert whole(one).amount.value == Decimal("22.5")


def test_a_cumulative_indicator_is_the_running_sum_of_its_periods():
    one = indicator(counting="cumulative", periods=years(10, 20, 5))
    answer = results.assess(one, today=DAY)
    assert [period.actual.amount.value for period in answer.periods] == [10, 20, 5]
    assert [period.to_date.amount.value for period in answer.periods] == [10, 30, 35]
    assert answer.actual.amount.value == 35


def test_what_is_reported_since_the_start_is_never_added():
    one = indicator(counting="reported_cumulatively", over_time="sum", periods=years(10, 30, 35))
    assert whole(one).amount.value == 35


def test_the_last_figure_with_a_value_stands_when_the_last_period_has_none():
    one = indicator(counting="reported_cumulatively", periods=years(10, 30, (Figure(status="O"),), ()))
    total = whole(one)
    assert total.amount.value == 30
    assert results.Note("periods_incomplete", {"reported": 2, "expected": 4}) in total.notes


def test_a_period_that_is_not_over_is_not_waited_for():
    one = indicator(over_time="sum", periods=years(4, ()))
    early = results.assess(one, today=date(2021, 6, 1)).actual
    assert (early.amount.value, early.reported, early.expected) == (4, 1, 1)
    late = results.assess(one, today=date(2022, 6, 1)).actual
    assert (late.reported, late.expected) == (1, 2)


def test_a_total_since_the_start_that_falls_is_a_warning_and_no_error():
    total = whole(indicator(counting="reported_cumulatively", periods=years(30, 20)))
    assert total.amount.value == 20
    assert results.Note("total_falls", {"before": Decimal(30), "after": Decimal(20)}) in total.notes


def test_the_running_sum_is_of_periods_and_never_of_persons_who_reported():
    """Each place's figures of each period are added once, whoever sent them and however often."""
    one = indicator(counting="cumulative", periods=years((at("A", 5), at("B", 5)), (at("A", 7), at("B", 1))))
    assert whole(one).amount.value == 18


def test_places_come_first_then_time():
    one = indicator(
        over_places="max", over_time="sum", periods=years((at("A", 1), at("B", 9)), (at("A", 8),))
    )
    assert whole(one).amount.value == 17  # 9 + 8; time first would give max(9, 9) = 9


def test_periods_are_taken_in_the_order_of_time_not_of_entry():
    periods = years(1, 2, 3)
    assert whole(indicator(periods=periods[::-1])).amount.value == 3


# Categories


def test_a_total_is_computed_from_its_cells_where_none_was_reported():
    total = results.total([cell(12, sex="F"), cell(18, sex="M")], indicator())
    assert (total.amount.value, total.rule, total.notes) == (30, "cells", ())


def test_cells_that_are_not_all_there_are_flagged():
    figures = [cell(1, sex="F", age="15"), cell(2, sex="M", age="15"), cell(3, sex="F", age="25")]
    total = results.total(figures, indicator())
    assert total.amount.value == 6
    assert [note.code for note in total.notes] == ["cells_incomplete"]
    known = {"sex": ["F", "M", "unknown"]}
    total = results.total([cell(12, sex="F"), cell(18, sex="M")], indicator(), categories=known)
    assert total.notes == (results.Note("cells_incomplete", {"cells": 2, "expected": 3}),)


def test_a_place_may_report_by_category_only():
    figures = [
        Figure(Decimal(2), breakdown=(("sex", "F"),), place="A"),
        Figure(Decimal(3), breakdown=(("sex", "M"),), place="A"),
        at("B", 10),
    ]
    assert results.total(figures, indicator()).amount.value == 15


def test_a_place_whose_cells_are_not_all_there_is_flagged():
    women = Figure(Decimal(2), breakdown=(("sex", "F"),), place="A")
    total = results.total([women, at("B", 10)], indicator(), categories={"sex": ["F", "M"]})
    assert total.amount.value == 12
    assert [note.code for note in total.notes] == ["cells_incomplete"]


def test_a_numerator_without_denominator_is_a_fault_and_not_silence():
    figures = [Figure(numerator=Decimal(3), place="A")]
    assert results.total(figures, indicator(measure="percentage")).amount.reason == "no_denominator"


def test_every_margin_of_sex_age_and_status_is_computed_and_unknown_is_a_category():
    figures = [
        cell(n, sex=sex, age=age, status=status)
        for n, (sex, age, status) in enumerate(
            ((s, a, m) for s in ("F", "M", "unknown") for a in ("15", "25") for m in ("mig", "non")), 1
        )
    ]
    found = {margin.breakdown: margin for margin in margins(figures, indicator())}
    assert found[()].computed.value == sum(range(1, 13))
    assert found[("sex", "unknown"),].computed.value == 9 + 10 + 11 + 12
    assert found[("age", "15"), ("sex", "F")].computed.value == 1 + 2
    assert len(found) == 1 + (3 + 2 + 2) + (6 + 6 + 4)
    assert all(margin.complete for margin in found.values())


def test_a_reported_margin_that_differs_is_kept_with_its_difference():
    figures = [Figure(Decimal(32)), cell(10, sex="F"), cell(21, sex="M")]
    (margin,) = margins(figures, indicator())
    assert (margin.computed.value, margin.difference) == (31, 1)


def test_averages_by_category_are_not_added():
    assert margins([cell(10, sex="F"), cell(21, sex="M")], indicator(over_places="mean")) == ()


# A plain reference

NUMBERS = st.one_of(st.none(), st.integers(-1000, 1000))


@given(st.lists(NUMBERS, max_size=6), st.sampled_from(["sum", "last", "max", "mean"]))
def test_rules_agree_with_plain_fractions(values, rule):
    amounts = [NOT_REPORTED if value is None else Amount(Decimal(value)) for value in values]
    there = [Fraction(value) for value in values if value is not None]
    found = results.together(amounts, rule, "number")
    if not there:
        assert found.reason == "not_reported"
        return
    plain = {
        "sum": sum(there),
        "last": there[-1],
        "max": max(there),
        "mean": Fraction(sum(there), len(there)),
    }
    assert found.value is not None
    assert abs(Fraction(found.value) - plain[rule]) < Fraction(1, 10**18)


@given(st.lists(st.lists(NUMBERS, min_size=1, max_size=3), min_size=1, max_size=4))
def test_the_running_sum_agrees_with_a_loop(periods):
    sets = [
        tuple(at(f"p{n}", value) for n, value in enumerate(values) if value is not None) for values in periods
    ]
    answer = results.assess(indicator(counting="cumulative", periods=years(*sets)), today=DAY)
    so_far = 0
    for values, found in zip(periods, answer.periods, strict=True):
        so_far += sum(value for value in values if value is not None)
        if any(value is not None for value in values):
            assert found.to_date.amount.value == so_far
        else:
            assert found.to_date.amount.reason == "not_reported"
    if any(value is not None for values in periods for value in values):
        assert answer.actual.amount.value == so_far


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 100)), min_size=1, max_size=6))
def test_a_ratio_agrees_with_plain_fractions(parts):
    figures = [share(min(n, d), d, f"p{i}") for i, (n, d) in enumerate(parts)]
    found = results.total(figures, indicator(measure="percentage")).amount.value
    plain = Fraction(100 * sum(min(n, d) for n, d in parts), sum(d for _, d in parts))
    assert found is not None
    assert abs(Fraction(found) - plain) < Fraction(1, 10**18)


@given(
    st.dictionaries(st.tuples(st.sampled_from("FMU"), st.sampled_from("123")), st.integers(0, 99), min_size=1)
)
def test_margins_agree_with_a_loop(cells):
    figures = [cell(value, sex=sex, age=age) for (sex, age), value in cells.items()]
    found = {margin.breakdown: margin for margin in margins(figures, indicator())}
    ages, sexes = {age for _, age in cells}, {sex for sex, _ in cells}
    for sex in sexes:
        mine = [value for (other, _), value in cells.items() if other == sex]
        margin = found[("sex", sex),]
        assert (margin.computed.value, margin.complete) == (sum(mine), len(mine) == len(ages))
    assert found[()].computed.value == sum(cells.values())
