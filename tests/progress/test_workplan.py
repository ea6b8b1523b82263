"""Dates, people's months and money of a plan of work, each against a plain reference."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from milepost.progress import workplan
from milepost.progress.workplan import Effort, Task, burn, expected, fit, loads, months, too_early, way

TODAY = date(2026, 3, 10)
DAYS = st.integers(-60, 60).map(lambda days: TODAY + timedelta(days=days))


@st.composite
def plans(draw, begun=True):
    """Tasks without a circle: each waits for some of those before it, and they stand in any order."""
    tasks: list[Task] = []
    for key in range(draw(st.integers(1, 7))):
        start = draw(DAYS)
        end = start + timedelta(days=draw(st.integers(0, 30)))
        actual_start = draw(st.none() | DAYS) if begun else None
        actual_end = None
        if actual_start is not None and draw(st.booleans()):
            actual_end = actual_start + timedelta(days=draw(st.integers(0, 30)))
        after = tuple(sorted(draw(st.sets(st.sampled_from(range(key)))))) if key else ()
        tasks.append(Task(key, start, end, actual_start, actual_end, after))
    return draw(st.permutations(tasks))


def end_by_recursion(tasks, key, today):
    """The expected end of a task, straight from the words of the definition."""
    task = next(one for one in tasks if one.key == key)
    if task.actual_end:
        return task.actual_end
    length = (task.end - task.start).days
    if task.actual_start:
        return max(task.actual_start + timedelta(days=length), today)
    start = max([task.start, today, *(end_by_recursion(tasks, one, today) for one in task.after)])
    return start + timedelta(days=length)


@given(plans())
def test_the_expected_end_is_that_of_the_definition(tasks):
    found = expected(tasks, today=TODAY)
    assert {key: one.end for key, one in found.items()} == {
        task.key: end_by_recursion(tasks, task.key, TODAY) for task in tasks
    }


@given(plans(begun=False), st.data())
def test_slack_is_exactly_the_delay_that_the_plan_bears(tasks, data):
    found = expected(tasks, today=TODAY)
    finish = max(one.end for one in found.values())
    one = data.draw(st.sampled_from(tasks))
    slack = found[one.key].slack
    assert slack is not None and slack >= 0

    def end_if_later_by(days):
        late = one._replace(start=found[one.key].start, end=found[one.key].end + timedelta(days=days))
        others = [late if task.key == one.key else task for task in tasks]
        return max(end_by_recursion(others, task.key, TODAY) for task in others)

    assert end_if_later_by(slack) == finish
    assert end_if_later_by(slack + 1) > finish


@given(plans(begun=False))
def test_some_task_that_is_not_done_is_critical(tasks):
    assert any(one.critical for one in expected(tasks, today=TODAY).values())


def test_what_is_done_has_no_slack_and_keeps_its_days():
    done = Task(1, date(2026, 1, 1), date(2026, 1, 31), date(2026, 1, 5), date(2026, 2, 3))
    assert expected([done], today=TODAY)[1] == (date(2026, 1, 5), date(2026, 2, 3), None)


def test_tasks_in_a_circle_are_refused():
    circle = [Task(1, TODAY, TODAY, after=(2,)), Task(2, TODAY, TODAY, after=(1,))]
    with pytest.raises(ValueError, match="circle"):
        expected(circle, today=TODAY)


def test_an_empty_plan_expects_nothing():
    assert expected([], today=TODAY) == {}


@given(st.dictionaries(st.integers(0, 6), st.sets(st.integers(0, 6))), st.integers(0, 6), st.integers(0, 6))
def test_a_way_is_found_exactly_where_there_is_one(after, first, last):
    reached = {first}
    for _step in range(8):
        reached |= {key for one in reached for key in after.get(one, ())}
    found = way(after, first, last)
    assert (found is not None) == (last in reached)
    if found:
        assert (found[0], found[-1]) == (first, last)
        assert all(key in after[one] for one, key in pairwise(found))


def test_a_task_may_start_on_the_day_on_which_the_one_before_ends():
    first = Task(1, date(2026, 1, 1), date(2026, 1, 10))
    same_day = Task(2, date(2026, 1, 10), date(2026, 1, 12), after=(1,))
    earlier = Task(3, date(2026, 1, 9), date(2026, 1, 12), after=(1,))
    assert too_early([first, same_day, earlier]) == [(3, 1)]


def test_a_task_is_late_from_the_day_after_its_planned_end_until_it_is_done():
    task = Task(1, date(2026, 1, 1), date(2026, 1, 10))
    assert [workplan.late(task, date(2026, 1, day)) for day in (10, 11)] == [False, True]
    assert not workplan.late(task._replace(actual_end=date(2026, 2, 1)), TODAY)


# People

PARTS = st.none() | st.decimals(0, 2, places=2)
MONTHS = st.integers(0, 5).map(lambda number: date(2026, number + 1, 1))
EFFORTS = st.lists(st.builds(Effort, st.sampled_from("ab"), MONTHS, PARTS, PARTS), max_size=20)


@given(EFFORTS)
def test_a_load_is_the_sum_of_what_is_known(efforts):
    found = loads(efforts)
    for post in "ab":
        for month in months(date(2026, 1, 1), date(2026, 6, 1)):
            here = [one for one in efforts if (one.post, one.month) == (post, month)]
            load = found.get(post, {}).get(month)
            assert (load is None) == (not here)
            for name in ("planned", "spent"):
                known = [getattr(one, name) for one in here if getattr(one, name) is not None]
                assert load is None or getattr(load, name) == (sum(known) if known else None)


def test_two_projects_that_fill_a_month_to_the_brim_are_no_overload():
    march = date(2026, 3, 1)
    brim = [Effort("Aida", march, Decimal("0.6")), Effort("Aida", march, Decimal("0.4"))]
    assert not loads(brim)["Aida"][march].over
    assert loads([*brim, Effort("Aida", march, Decimal("0.01"))])["Aida"][march].over


@given(DAYS, DAYS)
def test_months_are_those_of_the_days_between(first, last):
    start = first.replace(day=1)
    days = [start + timedelta(days=day) for day in range((last - start).days + 1)]
    reference = sorted({day.replace(day=1) for day in days})
    assert months(first, last) == reference


def test_months_that_remain_must_hold_what_is_still_to_be_worked():
    efforts = [Effort("a", date(2026, month, 1), Decimal("0.5")) for month in (3, 4, 5)]
    at = {"today": date(2026, 3, 1), "last_day": date(2026, 5, 31)}
    assert fit(efforts, {}, **at) == (Decimal("1.5"), Decimal(3), 0)
    busy = dict.fromkeys(months(date(2026, 3, 1), date(2026, 5, 1)), Decimal("0.6"))
    assert fit(efforts, busy, **at).room == Decimal("1.2")
    assert not fit(efforts, busy, **at).fits


def test_of_a_month_only_the_days_that_remain_count():
    found = fit([], {}, today=date(2026, 4, 16), last_day=date(2026, 5, 31))
    assert found.room == Decimal("1.5")
    april = [Effort("a", date(2026, 4, 1), Decimal("0.8"))]
    assert fit(april, {}, today=date(2026, 4, 16), last_day=date(2026, 5, 31)).to_do == Decimal("0.4")
    assert fit([], {}, today=date(2026, 6, 1), last_day=date(2026, 5, 31)).room == 0


def test_what_was_planned_and_not_spent_is_still_to_be_worked_and_silence_is_counted():
    efforts = [
        Effort("a", date(2026, 1, 1), Decimal(1), Decimal("0.2")),
        Effort("a", date(2026, 2, 1), Decimal(1)),
    ]
    assert fit(efforts, {}, today=TODAY, last_day=TODAY)[::2] == (Decimal("0.8"), 1)


# Money

AMOUNTS = st.decimals(0, 10_000, places=2)


@given(AMOUNTS, AMOUNTS, DAYS, st.integers(1, 200))
def test_money_is_judged_against_the_days_that_elapsed(budget, spent, start, length):
    assume(budget > 0)
    end = start + timedelta(days=length - 1)
    days = [start + timedelta(days=day) for day in range(length)]
    elapsed = Fraction(sum(day <= TODAY for day in days), length)
    points = (Fraction(spent) / Fraction(budget) - elapsed) * 100
    assume(abs(abs(points) - 15) > Fraction(1, 1000))
    found = burn(budget, spent, start, end, today=TODAY)
    if spent > budget:
        assert found.verdict == "overspent"
    elif not elapsed:
        assert (found.verdict, found.reason) == ("unknown", "not_begun")
    else:
        assert found.verdict == ("ahead" if points > 15 else "behind" if points < -15 else "level")
        assert abs(Fraction(found.points or 0) - points) < Fraction(1, 1000)


@pytest.mark.parametrize(
    ("budget", "spent", "first", "reason"),
    [
        (None, Decimal(5), TODAY, "no_budget"),
        (Decimal(100), None, TODAY, "nothing_entered"),
        (Decimal(100), Decimal(5), None, "no_dates"),
    ],
)
def test_what_is_missing_gives_no_percentage(budget, spent, first, reason):
    found = burn(budget, spent, first, TODAY, today=TODAY)
    assert (found.verdict, found.reason) == ("unknown", reason)
    assert found.points is None


def test_a_budget_of_zero_has_no_share_but_can_be_overspent():
    assert burn(Decimal(0), Decimal(0), TODAY, TODAY, today=TODAY).reason == "no_budget"
    found = burn(Decimal(0), Decimal(1), TODAY, TODAY, today=TODAY)
    assert (found.verdict, found.spent_share, found.left) == ("overspent", None, Decimal(-1))


def test_a_spent_sum_of_zero_is_a_known_zero():
    found = burn(Decimal(100), Decimal(0), TODAY, TODAY, today=TODAY)
    assert (found.spent_share, found.verdict) == (0, "behind")
