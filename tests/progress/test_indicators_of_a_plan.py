"""The light of an indicator of a plan against a calculation in plain Python."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from milepost.progress import results
from milepost.values.figures import Amount

NUMBERS = st.integers(-1000, 1000)
MARGINS = st.integers(0, 99)


@given(NUMBERS, NUMBERS, NUMBERS, MARGINS)
def test_a_milestone_that_is_over_is_reached_within_the_margin(actual, milestone, baseline, margin):
    direction = "up" if milestone > baseline else "down"
    found = results.towards(
        *(Amount(Decimal(one)) for one in (actual, milestone, baseline)),
        direction=direction,
        margin=Decimal(margin) / 100,
    )
    if milestone == baseline:
        assert (found.verdict, found.reason) == ("not_computable", "target_equals_baseline")
        return
    way, gone = abs(milestone - baseline), actual - baseline if direction == "up" else baseline - actual
    on_track = gone >= 0 and 100 * gone >= (100 - margin) * way
    assert (found.verdict in results.ON_TRACK) == on_track
    assert (found.verdict in results.OFF_TRACK) == (not on_track)


@given(NUMBERS, NUMBERS, NUMBERS, MARGINS)
def test_up_and_down_are_mirrors_of_each_other(actual, milestone, baseline, margin):
    def of(sign, direction):
        amounts = (Amount(Decimal(sign * one)) for one in (actual, milestone, baseline))
        return results.towards(*amounts, direction=direction, margin=Decimal(margin) / 100)

    up, down = of(1, "up"), of(-1, "down")
    assert (up.verdict, up.share, up.reached) == (down.verdict, down.share, down.reached)


@given(NUMBERS, NUMBERS, st.integers(0, 50))
def test_what_is_to_stay_is_kept_within_its_tolerance_on_both_sides(actual, milestone, tolerance):
    found = results.towards(
        Amount(Decimal(actual)),
        Amount(Decimal(milestone)),
        Amount(reason="not_reported"),
        direction="maintain",
        tolerance=Decimal(tolerance),
    )
    assert (found.verdict == "kept") == (milestone - tolerance <= actual <= milestone + tolerance)
    assert found.share is None
