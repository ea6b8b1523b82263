"""Every fault of a results matrix is found, and a sound matrix has none."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from milepost.checks import results
from milepost.errors import KINDS, describe
from milepost.values import Origin
from milepost.values.results import Baseline, Figure, ReportingPeriod, Result, ResultIndicator
from milepost.values.text import Text

START, END = date(2024, 1, 1), date(2024, 12, 31)
HERE = Origin("project X")


def n(value, **how) -> Figure:
    return Figure(Decimal(value), **how)


def half(number: int, target=None, *actuals: Figure) -> ReportingPeriod:
    dates = (date(2024, 1, 1), date(2024, 6, 30)) if number == 1 else (date(2024, 7, 1), END)
    return ReportingPeriod(*dates, () if target is None else (n(target),), actuals)


SOUND = ResultIndicator(
    "1.1.a",
    Text(en="Persons trained"),
    over_time="sum",
    baseline=Baseline(2023, None, (n(0),)),
    end_target=(n(100),),
    periods=(
        half(1, 40, n(30), n(12, breakdown=(("sex", "F"),)), n(18, breakdown=(("sex", "M"),))),
        half(2, 60, n(0), n(0, breakdown=(("sex", "F"),)), n(0, breakdown=(("sex", "M"),))),
    ),
    means_of_verification=Text(en="Lists of participants"),
)


def codes(**changed) -> list[str]:
    found = results.of_indicator(replace(SOUND, **changed), origin=HERE, start=START, end=END)
    for problem in found:
        assert describe(problem)  # its sentence can be filled
        assert KINDS[problem.code].gravity in ("error", "warning", "note")
    return [problem.code for problem in found]


def test_a_sound_indicator_has_no_fault():
    assert codes() == []


def test_figures_of_zero_are_no_fault():
    assert codes(periods=(half(1, 40, n(0)), half(2, 60, n(0)))) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"means_of_verification": Text()}, "no-means-of-verification"),
        ({"direction": "maintain"}, "maintain-without-tolerance"),
        ({"tolerance": Decimal(-1)}, "negative-tolerance"),
        ({"counting": "reported_cumulatively", "periods": (half(1, 40), half(2, 60))}, "rules-contradict"),
        ({"periods": (ReportingPeriod(END, START),)}, "period-ends-before-start"),
        ({"periods": (ReportingPeriod(date(2023, 12, 1), END),)}, "period-outside-project"),
        ({"periods": (half(1), replace(half(2), start=date(2024, 6, 30)))}, "periods-overlap"),
        ({"periods": (half(1), replace(half(2), start=date(2024, 7, 3)))}, "gap-between-periods"),
        ({"baseline": Baseline(2025, None, (n(0),))}, "baseline-after-start"),
        ({"baseline": Baseline(2024, date(2024, 1, 2), (n(0),))}, "baseline-after-start"),
        ({"end_target": (), "periods": (half(1),)}, "no-target-at-all"),
        ({"baseline": Baseline(2023, None, (n(100),)), "periods": ()}, "target-equals-baseline"),
        ({"direction": "down", "periods": ()}, "target-against-direction"),
        ({"end_target": (n(-5),), "periods": ()}, "target-against-direction"),
        ({"periods": (half(1, 0), half(2, 100))}, "period-target-equals-baseline"),
        ({"counting": "cumulative", "periods": (half(1, 60), half(2, 40))}, "cumulative-target-falls"),
        ({"end_target": (n(120),)}, "end-target-is-no-sum"),
        ({"end_target": (n(100, status="M"),), "periods": ()}, "figure-beside-status"),
        ({"periods": (half(1, 40, n(0, status="O")), half(2, 60))}, "figure-beside-status"),
        ({"periods": (half(1, 40, Figure()), half(2, 60))}, "figure-without-reason"),
        ({"periods": (half(1, 40, n(1), n(2)), half(2, 60))}, "figure-twice"),
        (
            {"periods": (half(1, 40, Figure(status="M"), n(2, place="A")), half(2, 60))},
            "parts-beside-not-applicable",
        ),
        (
            {
                "periods": (
                    half(1, 40, n(9), n(1, breakdown=(("sex", "F"),)), n(2, breakdown=(("sex", "M"),))),
                    half(2, 60),
                )
            },
            "cells-and-total",
        ),
        (
            {
                "periods": (
                    half(1, 40, n(9), n(1, breakdown=(("sex", "F"),))),
                    half(2, 60, n(2, breakdown=(("sex", "M"),))),
                )
            },
            "cells-incomplete",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_fault_is_found_alone(changed, code):
    assert codes(**changed) == [code]


PERCENT = {
    "measure": "percentage",
    "over_time": "ratio",
    "baseline": Baseline(2023, None, (Figure(numerator=Decimal(20), denominator=Decimal(100)),)),
    "end_target": (Figure(numerator=Decimal(90), denominator=Decimal(100)),),
}


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        (Figure(numerator=Decimal(1), denominator=Decimal(3)), []),
        (Figure(Decimal("33.3"), Decimal(1), Decimal(3)), []),
        (Figure(Decimal("33.4"), Decimal(1), Decimal(3)), ["percentage-differs-from-parts"]),
        (n(33), ["percentage-without-denominator"]),
        (Figure(numerator=Decimal(1)), ["percentage-without-denominator"]),
        (Figure(numerator=Decimal(0), denominator=Decimal(0)), ["figure-denominator-zero"]),
        (Figure(status="O"), []),
    ],
)
def test_a_percentage_is_numerator_and_denominator(figure, expected):
    assert codes(**PERCENT, periods=(half(1, None, figure),)) == expected


def test_a_target_in_per_cent_may_stand_alone_and_is_named():
    assert codes(**(PERCENT | {"end_target": (n(90),), "periods": ()})) == ["percentage-alone"]


def test_a_target_equal_to_the_baseline_is_right_where_it_is_to_be_maintained():
    same = Baseline(2023, None, (n(100),))
    assert codes(baseline=same, direction="maintain", tolerance=Decimal(2), periods=()) == []


def test_what_is_reported_since_the_start_must_not_fall():
    periods = (half(1, 40, n(30)), half(2, 100, n(20)))
    assert codes(counting="reported_cumulatively", over_time="last", periods=periods) == ["cumulative-falls"]


def test_cells_that_are_more_than_the_total_are_wrong_even_if_some_are_missing():
    known = half(2, 60, n(1, breakdown=(("sex", "M"),)), n(1, breakdown=(("sex", "F"),)))
    periods = (half(1, 40, n(9), n(10, breakdown=(("sex", "F"),))), known)
    assert codes(periods=periods) == ["cells-and-total"]


# The rows


def matrix(*rows: Result) -> list[str]:
    found = results.matrix(rows, origin=HERE, start=START, end=END)
    assert all(describe(problem) for problem in found)
    return [problem.code for problem in found]


OUTPUT = Result("1.1", "output", Text(en="Staff are trained"), indicators=(SOUND,))
OUTCOME = Result(
    "1", "outcome", Text(en="Services"), indicators=(replace(SOUND, code="1.a"),), below=(OUTPUT,)
)
GOAL = Result("0", "objective", Text(en="Goal"), indicators=(replace(SOUND, code="0.a"),), below=(OUTCOME,))


def test_a_sound_matrix_has_no_fault():
    assert matrix(GOAL) == []


def test_activities_need_no_indicator_and_outputs_do():
    activity = Result("1.1.1", "activity", Text(en="Training"))
    assert matrix(replace(OUTPUT, below=(activity,))) == []
    assert matrix(replace(OUTPUT, indicators=())) == ["result-without-indicator"]


def test_an_objective_needs_outcomes_and_an_outcome_outputs():
    assert matrix(replace(GOAL, below=())) == ["objective-without-outcome"]
    assert matrix(replace(OUTCOME, below=())) == ["outcome-without-output"]


def test_a_code_stands_for_one_row():
    assert matrix(OUTPUT, OUTPUT) == ["result-code-twice"]
    assert matrix(replace(OUTPUT, indicators=(SOUND, SOUND))) == ["result-code-twice"]
    assert matrix(OUTPUT, replace(OUTPUT, code="1.2")) == []  # indicators a, b and so on of each result
