"""Knowledge before and after: the mean change of pairs with its interval, against tables and a plain page."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.measure.intervals import t_quantile
from milepost.progress.knowledge import Pair, change


@pytest.mark.parametrize(
    ("freedom", "printed"),
    [(1, 12.706), (2, 4.303), (4, 2.776), (9, 2.262), (15, 2.131), (29, 2.045), (60, 2.000), (120, 1.980)],
)
def test_the_quantile_is_that_of_the_printed_tables(freedom, printed):
    """Two-sided 95 %, as every textbook prints it."""
    assert round(t_quantile(0.975, freedom), 3) == printed


def test_student_1908_the_two_soporifics():
    """Student's own ten patients: hours of sleep won by the second drug more than by the first."""
    first = (0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0)
    second = (1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4)
    found = change([Pair(*pair) for pair in zip(first, second, strict=True)], t_quantile)
    assert (found.pairs, found.incomplete, found.few, found.told_from_none) == (10, 0, True, True)
    assert found.mean == pytest.approx(1.58)
    assert (found.lower, found.upper) == pytest.approx((0.7001142, 2.4598858))


def test_who_took_one_test_only_is_counted_but_not_reckoned():
    """Neither a missing score before nor one after is a zero."""
    found = change([Pair(4, 7), Pair(5, 6), Pair(None, 9), Pair(6, None), Pair(None, None)], t_quantile)
    assert (found.pairs, found.incomplete, found.mean, found.before) == (2, 3, 2, 4.5)


def test_a_score_of_zero_is_a_score():
    """Who knew nothing before counts with everything learnt."""
    assert change([Pair(0, 10), Pair(0, 8)], t_quantile).mean == 9


@pytest.mark.parametrize(
    ("pairs", "reason", "mean"),
    [
        ([], "no_pairs", None),
        ([Pair(3, None)], "no_pairs", None),
        ([Pair(3, 5)], "one_pair", 2),
        ([Pair(3, 5), Pair(6, 8), Pair(1, 3)], "no_spread", 2),
    ],
)
def test_without_an_interval_the_reason_is_said(pairs, reason, mean):
    """One pair has no spread, and the same change of all is no certainty."""
    found = change(pairs, t_quantile)
    assert (found.reason, found.mean, found.lower, found.upper) == (reason, mean, None, None)
    assert not found.few and not found.told_from_none


def test_thirty_pairs_are_no_longer_few():
    """The note goes away."""
    pairs = [Pair(n % 5, n % 7) for n in range(30)]
    assert not change(pairs, t_quantile).few and change(pairs[:29], t_quantile).few


SCORES = st.one_of(st.none(), st.integers(0, 400).map(lambda quarter: quarter / 4))


@given(st.lists(st.builds(Pair, SCORES, SCORES), max_size=60))
def test_it_agrees_with_a_plain_page(pairs):
    """The same by the standard library's statistics."""
    found = change(pairs, t_quantile)
    whole = [(pair.before, pair.after) for pair in pairs if None not in pair]
    assert found.pairs + found.incomplete == len(pairs) and found.pairs == len(whole)
    if not whole:
        assert found.mean is None
        return
    differences = [after - before for before, after in whole]
    assert found.mean == pytest.approx(statistics.fmean(differences), abs=1e-9)
    assert found.mean == pytest.approx(found.after - found.before, abs=1e-9)
    if len(set(differences)) == 1:
        assert found.lower is None and found.reason is not None
        return
    error = statistics.stdev(differences) / len(differences) ** 0.5
    half = t_quantile(0.975, len(differences) - 1) * error
    assert (found.lower, found.upper) == pytest.approx((found.mean - half, found.mean + half), abs=1e-9)


@given(st.lists(st.builds(Pair, SCORES, SCORES), min_size=2, max_size=30), st.integers(-50, 50))
def test_a_harder_test_for_all_moves_nothing(pairs, shift):
    """Adding the same to both scores of everybody leaves the change and its interval."""
    moved = [Pair(*(None if score is None else score + shift for score in pair)) for pair in pairs]
    here, there = change(pairs, t_quantile), change(moved, t_quantile)
    assert (here.mean, here.lower, here.reason) == pytest.approx((there.mean, there.lower, there.reason))
