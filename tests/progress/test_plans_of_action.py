from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.progress import plan as progress
from milepost.values import Text
from milepost.values.plan import DONE, Answer, Deadline, Measure, PlanVersion, Section

ACT = Text(en="Resolution")


def measure(key, start=None, end=None, repeated=""):
    return Measure(key, key, Text(en=f"Measure {key}"), deadline=Deadline("", start, end, repeated))


def version(number, since, *measures, until=None):
    section = Section("s", "1", Text(en="Objective"), measures=measures)
    return PlanVersion(number, ACT, since, since, until, (section,))


def answered(key, until, done, verified=True, ended=None):
    return Answer(key, until, done, verified, ended)


# The rate


FIRST = version(
    1,
    date(2024, 1, 1),
    measure("a", end=date(2025, 6, 30)),
    measure("b", end=date(2025, 12, 31)),
    measure("c", end=date(2025, 3, 31)),
    measure("d", end=date(2024, 9, 30)),
    measure("e", end=date(2026, 1, 1)),
    measure("f", repeated="continuous"),
    measure("g"),
    measure("h", end=date(2024, 12, 31)),
    until=date(2025, 7, 9),
)
SECOND = version(
    2, date(2025, 7, 10), measure("a", end=date(2026, 6, 30)), measure("new", end=date(2025, 12, 31))
)
ANSWERS = [
    answered("h", date(2024, 12, 31), "fully"),
    answered("a", date(2025, 6, 30), "fully"),
    answered("b", date(2025, 12, 31), "fully", verified=False),
    answered("c", date(2025, 6, 30), "fully"),
    answered("c", date(2025, 12, 31), "partly"),  # it turned out that it was not
    answered("d", date(2025, 6, 30), "under_way"),
    answered("new", date(2025, 12, 31), "fully"),
]


def test_the_rate_is_worked_out_by_hand():
    rate = progress.implementation_rate([FIRST, SECOND], ANSWERS, year=2025)
    assert (rate.version, rate.due, rate.fully) == (1, ("a", "b", "c"), ("a", "b"))
    assert round(rate.value, 4) == round(200 / rate.value.__class__(3), 4)  # 2 of 3
    assert (rate.arrears, rate.undated, rate.continuous) == (("d",), ("g",), ("f",))
    assert (rate.later, rate.settled) == (("e",), ("h",))


def test_what_a_reviewer_accepted_is_counted_apart():
    rate = progress.implementation_rate([FIRST, SECOND], ANSWERS, year=2025, verified=True)
    assert rate.fully == ("a",)


def test_whether_arrears_count_is_a_setting():
    rate = progress.implementation_rate([FIRST, SECOND], ANSWERS, year=2025, arrears_count=True)
    assert (rate.due, rate.value) == (("a", "b", "c", "d"), 50)


def test_the_version_in_force_on_the_first_of_january_decides():
    rate = progress.implementation_rate([FIRST, SECOND], ANSWERS, year=2026)
    assert (rate.version, rate.due, rate.arrears) == (2, ("a",), ())
    assert rate.settled == ("new",)


@pytest.mark.parametrize(("year", "reason"), [(2023, "no_version"), (2031, "nothing_due")])
def test_what_cannot_be_computed_says_why_and_is_not_zero(year, reason):
    rate = progress.implementation_rate([FIRST, SECOND], ANSWERS, year=year)
    assert (rate.value, rate.reason) == (None, reason)


DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))


@st.composite
def plans(draw):
    measures = [
        measure(
            str(number),
            end=draw(st.none() | DAYS),
            repeated=draw(st.sampled_from(["", "continuous", "yearly"])),
        )
        for number in range(draw(st.integers(0, 6)))
    ]
    answers = [
        answered(
            draw(st.sampled_from("012345")), draw(DAYS), draw(st.sampled_from(DONE)), draw(st.booleans())
        )
        for _ in range(draw(st.integers(0, 8)))
    ]
    return measures, answers


@given(plans(), st.integers(2024, 2028), st.booleans(), st.booleans())
def test_the_rate_agrees_with_counting_one_by_one(drawn, year, arrears, verified):
    measures, answers = drawn
    rate = progress.implementation_rate(
        [version(1, date(2024, 1, 1), *measures)],
        answers,
        year=year,
        arrears_count=arrears,
        verified=verified,
    )

    def is_full(key, day):
        of_it = [a for a in answers if a.measure == key and a.until <= day and (a.verified or not verified)]
        last = None
        for answer in of_it:
            if last is None or answer.until >= last.until:
                last = answer
        return last is not None and last.done == "fully"

    due = full = 0
    for one in measures:
        end = one.deadline.end
        if one.deadline.repeated == "continuous" or end is None or end.year > year:
            continue
        if end.year == year or (arrears and not is_full(one.key, date(year - 1, 12, 31))):
            due += 1
            full += is_full(one.key, date(year, 12, 31))
    assert (len(rate.due), len(rate.fully)) == (due, full)
    assert (rate.value is None) == (due == 0)
    if due:
        assert round(float(rate.value), 9) == round(100 * full / due, 9)
    counted = rate.due + rate.undated + rate.continuous + rate.later + rate.settled
    assert len(counted) + (0 if arrears else len(rate.arrears)) == len(measures)


# Lights


@pytest.mark.parametrize(
    ("done", "on", "light"),
    [
        (None, date(2025, 2, 1), "not_due"),
        (None, date(2025, 5, 1), "no_answer"),
        ("not_started", date(2025, 2, 1), "not_due"),
        ("not_started", date(2025, 5, 1), "not_started"),
        ("under_way", date(2025, 2, 1), "on_track"),
        ("partly", date(2025, 6, 30), "on_track"),
        ("partly", date(2025, 7, 1), "late"),
        (None, date(2025, 7, 1), "late"),
        ("cannot", date(2025, 7, 1), "cannot"),
        ("fully", date(2025, 7, 1), "done"),
    ],
)
def test_a_measure_is_marked_by_stated_rules(done, on, light):
    one = measure("a", date(2025, 4, 1), date(2025, 6, 30))
    answer = answered("a", date(2025, 3, 31), done) if done else None
    assert progress.light(one, answer, on=on) == light


def test_what_has_no_last_day_is_never_late():
    for one in (measure("a"), measure("b", end=date(2024, 1, 1), repeated="continuous")):
        assert progress.light(one, None, on=date(2030, 1, 1)) == "no_answer"


def test_lateness_is_counted_in_days_and_stays_once_a_measure_is_done():
    one = measure("a", end=date(2025, 6, 30))
    assert progress.days_late(one, None, on=date(2025, 7, 10)) == 10
    done = answered("a", date(2025, 9, 30), "fully", ended=date(2025, 7, 4))
    assert progress.days_late(one, done, on=date(2026, 1, 1)) == 4
    assert progress.days_late(one, answered("a", date(2025, 9, 30), "fully"), on=date(2026, 1, 1)) == 92
    assert progress.days_late(one, answered("a", date(2025, 6, 30), "fully"), on=date(2026, 1, 1)) is None
    assert progress.days_late(one, answered("a", date(2025, 6, 30), "cannot"), on=date(2026, 1, 1)) is None


@given(plans(), DAYS)
def test_every_measure_has_one_light(drawn, day):
    measures, answers = drawn
    tally = progress.tally(measures, progress.latest(answers, on=day), on=day)
    assert sum(tally.values()) == len(measures)
    assert set(tally) <= set(progress.LIGHTS)


# Versions


def test_what_slipped_is_told_with_its_days_the_furthest_first():
    before = version(1, date(2024, 1, 1), *(measure(key, end=date(2025, 6, 30)) for key in "abcd"))
    after = version(
        2,
        date(2025, 1, 1),
        measure("a", end=date(2025, 7, 10)),
        measure("b", end=date(2025, 6, 30)),
        measure("c", end=None),
        measure("d", end=date(2025, 6, 30) + timedelta(days=30)),
        measure("new", end=date(2026, 1, 1)),
    )
    assert [(one.key, one.days) for one in progress.slipped(before, after)] == [
        ("d", 30),
        ("a", 10),
        ("c", None),
    ]


def test_of_two_versions_in_force_the_later_counts():
    one, two = version(1, date(2024, 1, 1)), version(2, date(2024, 6, 1))
    assert progress.in_force([two, one], date(2024, 7, 1)) is two
    assert progress.in_force([two, one], date(2024, 5, 1)) is one
    assert progress.in_force([two, one], date(2023, 5, 1)) is None
