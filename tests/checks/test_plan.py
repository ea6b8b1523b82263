from datetime import date

import pytest

from milepost.checks import plan as checks
from milepost.values import Origin, ResultIndicator, Text
from milepost.values.plan import Deadline, Measure, Section

DUE = Deadline("2026", date(2026, 1, 1), date(2026, 12, 31))


def indicator(title, *dimensions):
    return ResultIndicator("1", Text(en=title), dimensions=dimensions)


BY_SEX = indicator("Returnees in work, by sex")


def measure(key="1", **changed):
    usual = {
        "expected": Text(en="Done"),
        "deadline": DUE,
        "coordinators": ("Labour Office",),
        "indicators": (BY_SEX,),
    }
    return Measure(key, key, Text(en="Train"), **(usual | changed))


def faults(*measures, start=None, end=None):
    section = Section("s", "1", Text(en="Work"), measures=measures)
    found = checks.plan([section], origin=Origin("plan.docx"), start=start, end=end)
    return [problem.code for problem in found]


def test_a_plan_in_order_has_no_fault():
    assert faults(measure(), start=date(2026, 1, 1), end=date(2030, 12, 31)) == []


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"coordinators": ()}, "plan-nobody-responsible"),
        ({"coordinators": (), "executors": ("A", "B")}, "plan-no-coordinator"),
        ({"coordinators": ("A", "B")}, "plan-several-coordinators"),
        ({"deadline": Deadline()}, "plan-no-deadline"),
        ({"expected": Text()}, "plan-no-expected-result"),
        ({"indicators": (BY_SEX, indicator("Number of officials trained"))}, "plan-persons-without-sex"),
    ],
)
def test_each_gap_is_a_fault_of_its_own(changed, code):
    assert faults(measure(**changed)) == [code]


def test_a_continuous_measure_needs_no_day():
    assert faults(measure(deadline=Deadline("always", repeated="continuous"))) == []


def test_a_deadline_outside_the_plan_is_said():
    assert faults(measure(), start=date(2026, 2, 1), end=date(2030, 12, 31)) == ["plan-deadline-outside"]
    assert faults(measure(), end=date(2026, 6, 30)) == ["plan-deadline-outside"]


def test_an_objective_that_never_tells_of_women_and_men_is_said_once():
    counts_things = measure(indicators=(indicator("Number of centres"),))
    assert faults(counts_things, counts_things) == ["plan-objective-without-gender"]
    assert faults(measure(indicators=(indicator("Number of centres"),), gender="specific")) == []


@pytest.mark.parametrize(
    ("one", "persons", "by_sex"),
    [
        (indicator("Number of centres"), False, False),
        (indicator("Number of returnees"), True, False),
        (indicator("Number of returnees", ("sex", "age")), True, True),
        (indicator("Share of women among officials"), True, True),
        (indicator("Число обученных сотрудников"), True, False),
        (indicator("Число пострадавших, по полу"), True, True),
    ],
)
def test_indicators_of_people_are_told_by_their_words(one, persons, by_sex):
    assert (checks.counts_persons(one), checks.is_by_sex(one)) == (persons, by_sex)


def test_an_institution_with_more_than_its_share_is_named():
    many = [measure(f"a{number}", coordinators=("Labour Office",)) for number in range(9)]
    others = [measure(f"b{number}", coordinators=(f"Office {number}",)) for number in range(5)]
    assert faults(*many, *others) == ["plan-overloaded"]
    assert faults(*many) == []  # alone it has its share
