"""Answers to the thirty items become points, per cent and classes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost import catalogue, tally
from milepost.errors import MilepostError

ITEMS = [item.code for domain in catalogue.questionnaire("sdg-10-7-2").domains for item in domain.items]


def answers_of(text: str) -> dict[str, str]:
    """Answers from a table: an item and its answer on each line."""
    return dict(line.split() for line in text.strip().splitlines())


def test_there_are_thirty_items_in_six_domains_of_five():
    domains = catalogue.questionnaire("sdg-10-7-2").domains
    assert [len(domain.items) for domain in domains] == [5] * 6
    assert [domain.code for domain in domains] == [f"PD_{number}" for number in range(1, 7)]
    assert ITEMS[0] == "1a"
    assert ITEMS[-1] == "6e"


def test_all_yes_is_fully_meets_everywhere():
    outcome = tally.points(dict.fromkeys(ITEMS, "yes"))
    assert (outcome.percent, outcome.category, outcome.answer_rate) == (100, 4, 100)
    assert {domain.category for domain in outcome.domains} == {4}


def test_no_answer_at_all_is_zero_points_and_an_answer_rate_of_zero():
    outcome = tally.points({})
    assert (outcome.percent, outcome.category, outcome.answered, outcome.answer_rate) == (0, 1, 0, 0)


def test_legal_only_is_half_a_point_in_domain_one():
    outcome = tally.points(
        answers_of("""
            1a yes
            1b legal_only
            1c yes
            1d legal_only
            1e yes
        """)
    )
    domain = outcome.domain("PD_1")
    assert (domain.points, domain.percent, domain.category) == (4, 80, 3)


@pytest.mark.parametrize(
    ("halves", "percent", "category"),
    [
        (23, 23 * 100 / 60, 1),
        (24, 40, 2),
        (47, 47 * 100 / 60, 2),
        (48, 80, 3),
        (59, 59 * 100 / 60, 3),
        (60, 100, 4),
    ],
)
def test_a_value_on_a_cut_belongs_to_the_upper_class(halves, percent, category):
    answers = dict.fromkeys(ITEMS[-(halves // 2) :], "yes")
    if halves % 2:
        answers["1a"] = "legal_only"
    outcome = tally.points(answers)
    assert outcome.percent == pytest.approx(percent)
    assert outcome.category == category


def test_a_blank_counts_zero_but_is_told_from_a_no():
    said_no = tally.points({"3a": "no", "3b": "yes"}).domain("PD_3")
    left_blank = tally.points({"3a": "", "3b": "yes", "3c": None}).domain("PD_3")
    assert (said_no.percent, said_no.answered, said_no.answer_rate) == (20, 2, 40)
    assert (left_blank.percent, left_blank.answered) == (20, 1)


def test_every_fault_is_reported_at_once_with_its_item_and_remedy():
    with pytest.raises(MilepostError) as caught:
        tally.points({"2a": "legal_only", "7a": "yes", "1b": "maybe", "1a": "yes"}, "answers.csv")
    faults = {fault.origin.column: fault.code for fault in caught.value.problems}
    assert faults == {"2a": "answer-not-offered", "7a": "unknown-item", "1b": "unknown-answer"}
    assert "answers.csv" in str(caught.value)
    assert "yes, no; or leave it empty" in str(caught.value)
    assert "1a to 6e" in str(caught.value)


def test_a_domain_that_does_not_exist_is_the_programmers_mistake():
    with pytest.raises(KeyError):
        tally.points({}).domain("PD_7")


@given(st.fixed_dictionaries({item: st.sampled_from(["yes", "no", "", None]) for item in ITEMS}))
def test_the_whole_is_the_mean_of_the_six_domains(answers):
    outcome = tally.points(answers)
    assert outcome.percent == pytest.approx(sum(domain.percent for domain in outcome.domains) / 6)
    assert outcome.points == sum(domain.points for domain in outcome.domains)
    assert outcome.answered == sum(bool(answer) for answer in answers.values())
    assert outcome.items == 30
