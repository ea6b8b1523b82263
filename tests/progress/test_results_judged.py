"""Progress of an indicator against its targets: by one definition, whatever the direction."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.progress import results, words
from milepost.progress.results import Contribution, counted_once, towards
from milepost.values.figures import NOT_REPORTED, Amount, divided
from milepost.values.results import Baseline, Figure, ReportingPeriod, Result, ResultIndicator
from milepost.values.text import Text

TODAY, BEFORE, AFTER = date(2024, 6, 30), date(2025, 1, 1), date(2024, 1, 1)
"""A day, a due day that lies ahead of it, and one that is over."""


def amount(value) -> Amount:
    return Amount(Decimal(value))


def judged(actual, target, baseline, **how) -> results.Progress:
    figures = [one if isinstance(one, Amount) else amount(one) for one in (actual, target, baseline)]
    return towards(*figures, **how)


# The way from the baseline to the target


def test_a_falling_indicator_is_right_by_the_sign_alone():
    found = judged(5, 0, 20, direction="down")
    assert found.percent == 75
    assert found.verdict == "below"


def test_progress_of_a_decreasing_indicator_is_not_always_zero():
    assert judged(15, 10, 20, direction="down").share == Decimal("0.5")
    assert judged(10, 10, 20, direction="down").reached is True


def test_the_baseline_counts():
    assert judged(60, 80, 40).share == Decimal("0.5")  # actual / target would say 75 %


def test_an_actual_of_zero_is_progress_of_a_falling_indicator():
    assert judged(0, 0, 20, direction="down").share == 1


def test_away_from_the_target_is_below_zero():
    found = judged(3, 10, 5)
    assert (found.verdict, found.share) == ("away", Decimal("-0.4"))


@given(
    st.integers(-1000, 1000),
    st.integers(-1000, 1000),
    st.integers(-1000, 1000).filter(bool),
    st.integers(-500, 500),
)
def test_turning_the_scale_around_changes_nothing(actual, target, way, shift):
    baseline = target - way
    direction = "up" if way > 0 else "down"
    other = "down" if way > 0 else "up"
    one = judged(actual, target, baseline, direction=direction)
    turned = judged(shift - actual, shift - target, shift - baseline, direction=other)
    assert (one.share, one.verdict, one.reached) == (turned.share, turned.verdict, turned.reached)
    assert one.reached == (one.share is not None and one.share >= 1)


# What is due, and the margin


@pytest.mark.parametrize(
    ("actual", "verdict"),
    [(84, "below"), (85, "on_track"), (100, "on_track"), (115, "on_track"), (116, "above"), (-1, "away")],
)
def test_on_track_is_within_fifteen_per_cent_of_what_was_due(actual, verdict):
    found = judged(actual, 100, 0, due=AFTER, today=TODAY)
    assert found.verdict == verdict
    assert found.overdue == (verdict in ("below", "away"))


def test_the_margin_can_be_changed_and_stands_among_the_figures():
    found = judged(85, 100, 0, margin=Decimal("0.05"))
    assert (found.verdict, found.figures["margin"]) == ("below", Decimal("0.05"))


@pytest.mark.parametrize(
    ("actual", "verdict"), [(1, "under_way"), (100, "reached"), (130, "reached"), (-1, "away")]
)
def test_before_it_is_due_nothing_is_below(actual, verdict):
    found = judged(actual, 100, 0, due=BEFORE, today=TODAY)
    assert (found.verdict, found.overdue) == (verdict, False)


def test_a_target_is_due_when_its_day_is_over():
    assert judged(1, 100, 0, due=TODAY, today=TODAY).verdict == "under_way"


def test_what_was_not_reported_in_time_is_overdue():
    assert judged(NOT_REPORTED, 100, 0, due=AFTER, today=TODAY).overdue is True
    assert judged(NOT_REPORTED, 100, 0, due=BEFORE, today=TODAY).overdue is False
    assert judged(Amount(reason="not_applicable"), 100, 0, due=AFTER, today=TODAY).overdue is False


# Where there is no percentage


@pytest.mark.parametrize(
    ("actual", "target", "baseline", "reason"),
    [
        (NOT_REPORTED, 1, 0, "not_reported"),
        (Amount(reason="missing"), 1, 0, "actual_missing"),
        (Amount(reason="not_applicable"), 1, 0, "actual_not_applicable"),
        (1, NOT_REPORTED, 0, "no_target"),
        (1, Amount(reason="not_applicable"), 0, "target_not_applicable"),
        (1, 2, NOT_REPORTED, "no_baseline"),
        (1, 2, Amount(reason="missing"), "baseline_missing"),
        (1, 2, Amount(reason="not_applicable"), "baseline_not_applicable"),
        (5, 5, 5, "target_equals_baseline"),
        (5, 3, 4, "target_against_direction"),
        (divided(Decimal(0), Decimal(0), "percentage"), 5, 5, "denominator_zero"),
    ],
)
def test_every_missing_answer_has_its_own_reason(actual, target, baseline, reason):
    found = judged(actual, target, baseline)
    assert (found.verdict, found.reason, found.share) == ("not_computable", reason, None)
    assert words.RESULT_REASONS[reason]


def test_without_baseline_one_still_sees_whether_the_target_was_reached():
    assert judged(7, 5, NOT_REPORTED).reached is True


def test_what_is_to_be_maintained_is_kept_or_not_and_has_no_percentage():
    found = judged(97, 95, 95, direction="maintain", tolerance=Decimal(2))
    assert (found.verdict, found.share) == ("kept", None)
    assert judged(98, 95, 95, direction="maintain", tolerance=Decimal(2)).verdict == "not_kept"
    assert judged(97, 95, 95, direction="maintain").reason == "no_tolerance"


def test_words_have_no_percentage():
    assert judged(1, 2, 0, measure="qualitative").reason == "qualitative"
    assert judged(2, 2, 0, measure="nominal").verdict == "reached"
    assert judged(1, 2, 0, measure="nominal").reason == "no_order"


def test_an_order_is_measured_in_steps_where_its_codes_are_numbers():
    assert judged(2, 3, 1, measure="ordinal").share == Decimal("0.5")
    said = [Amount(reason="no_number", text=text) for text in ("good", "good", "poor")]
    assert towards(*said, measure="ordinal").verdict == "reached"
    said[0] = said[2]
    assert towards(*said, measure="ordinal").reason == "no_order"


# An indicator with its periods


def indicator(**how) -> ResultIndicator:
    settings = {"baseline": Baseline(2023, None, (Figure(Decimal(0)),))} | how
    return ResultIndicator("1", Text(en="Persons trained"), **settings)


def period(year: int, target=None, actual=None) -> ReportingPeriod:
    sets = [() if value is None else (Figure(Decimal(value)),) for value in (target, actual)]
    return ReportingPeriod(date(year, 1, 1), date(year, 12, 31), *sets)


def test_the_end_target_is_the_one_entered_never_the_sum_of_the_periods():
    one = indicator(
        over_time="sum",
        end_target=(Figure(Decimal(500)),),
        periods=(period(2022, 100, 90), period(2023, 100, 60)),
    )
    answer = results.assess(one, today=TODAY, end=date(2025, 12, 31))
    assert answer.end_target.amount.value == 500
    assert answer.progress.share == Decimal("0.3")
    assert [one.progress.share for one in answer.periods] == [Decimal("0.9"), Decimal("0.6")]
    without = results.assess(indicator(periods=one.periods), today=TODAY)
    assert without.progress.reason == "no_target"


def test_a_cumulative_indicator_is_held_against_its_target_by_what_was_reached_so_far():
    one = indicator(counting="cumulative", periods=(period(2022, 50, 50), period(2023, 100, 40)))
    answer = results.assess(one, today=TODAY)
    assert answer.periods[1].progress.share == Decimal("0.9")
    assert answer.latest(TODAY).verdict == "on_track"


def test_a_period_target_is_not_multiplied_by_the_number_of_figures_reported():
    year = period(2022, 40)
    parts = tuple(Figure(Decimal(10), place=place) for place in "ABC")
    answer = results.assess(indicator(periods=(replace(year, actuals=parts),)), today=TODAY)
    assert answer.periods[0].target.amount.value == 40
    assert answer.periods[0].progress.share == Decimal("0.75")


def test_a_breakdown_or_place_is_judged_like_the_whole():
    women = (("sex", "F"),)
    year = ReportingPeriod(
        date(2022, 1, 1),
        date(2022, 12, 31),
        (Figure(Decimal(50), breakdown=women), Figure(Decimal(10), place="A")),
        (Figure(Decimal(25), breakdown=women), Figure(Decimal(9), place="A")),
    )
    zeros = (Figure(Decimal(0)), Figure(Decimal(0), breakdown=women), Figure(Decimal(0), place="A"))
    one = indicator(periods=(year,), baseline=Baseline(2021, None, zeros))
    assert results.assess(one, today=TODAY, breakdown=women).periods[0].progress.share == Decimal("0.5")
    assert results.assess(one, today=TODAY, place="A").periods[0].progress.share == Decimal("0.9")


MAYBE = st.none() | st.integers(0, 100)


@given(
    st.lists(st.tuples(st.integers(2019, 2026), MAYBE, MAYBE), max_size=5, unique_by=lambda one: one[0]),
    st.sampled_from(["not_cumulative", "cumulative", "reported_cumulatively"]),
    st.sampled_from(["sum", "last", "max", "mean"]),
    MAYBE,
)
def test_the_latest_verdict_alone_is_that_of_the_whole_answer(periods, counting, rule, target):
    one = indicator(
        counting=counting,
        over_time=rule,
        end_target=() if target is None else (Figure(Decimal(target)),),
        periods=tuple(period(*each) for each in periods),
    )
    for end in (None, BEFORE, AFTER):
        whole = results.assess(one, today=TODAY, end=end).latest(TODAY)
        assert results.latest(one, today=TODAY, end=end) == whole


# Several indicators and projects


def test_a_roll_up_counts_and_averages_no_percentage():
    answers = [judged(100, 100, 0), judged(10, 100, 0), judged(NOT_REPORTED, 100, 0, due=AFTER, today=TODAY)]
    found = results.roll_up(answers)
    assert (found.on_track, found.judged, found.indicators) == (1, 2, 3)
    assert (found.reached, found.overdue, dict(found.reasons)) == (1, 2, {"not_reported": 1})


def test_a_result_counts_the_indicators_below_it():
    output = Result("1.1", "output", Text(en="Output"), indicators=(indicator(), indicator()))
    outcome = Result("1", "outcome", Text(en="Outcome"), indicators=(indicator(),), below=(output,))
    found = results.by_result([outcome], lambda one: results.assess(one, today=TODAY).progress)
    assert (found["1"].indicators, found["1.1"].indicators) == (3, 2)


def test_the_same_training_of_two_projects_is_counted_once():
    found = counted_once(
        [
            Contribution("indicator:1", "engagement:7", amount(30)),
            Contribution("indicator:2", "engagement:7", amount(30)),
            Contribution("indicator:2", "engagement:8", amount(12)),
            Contribution("indicator:3", "", amount(5)),
            Contribution("indicator:4", "", amount(5)),
            Contribution("indicator:5", "engagement:9", NOT_REPORTED),
        ]
    )
    assert found.amount.value == 52
    assert [one.of for one in found.repeated] == ["indicator:2"]
    assert len(found.without_evidence) == 2
    assert [one.of for one in found.without_value] == ["indicator:5"]


def test_the_same_evidence_with_two_values_is_for_a_person_to_decide():
    found = counted_once(
        [
            Contribution("a", "e:1", amount(30)),
            Contribution("b", "e:1", amount(20)),
            Contribution("b", "e:2", amount(1)),
        ]
    )
    assert found.amount.reason == "conflicting_contributions"
    assert found.least is not None and found.most is not None
    assert (found.least.value, found.most.value, found.conflicts) == (21, 31, ("e:1",))


def test_nothing_contributed_is_not_zero():
    assert counted_once([]).amount.reason == "not_reported"


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.integers(0, 9)), max_size=12))
def test_counting_once_agrees_with_a_dict(pairs):
    values = dict(reversed(pairs))  # the first of each evidence
    contributions = [Contribution(f"i{n}", e, amount(values[e])) for n, (e, _) in enumerate(pairs)]
    found = counted_once(contributions).amount
    assert found.value == (sum(values.values()) if values else None)


def test_every_code_has_its_sentence():
    assert {*results.ON_TRACK, "below", "away", "under_way", "not_kept", "not_computable"} == {
        *words.RESULT_VERDICTS
    }
