"""Two rounds compared question by question, also when the questionnaire changed in between."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost import catalogue
from milepost.catalogue import Questionnaire
from milepost.tally import NotOneQuestionnaire, Round, compare

OLD, NEW = (catalogue.questionnaire("example-governance", version) for version in ("1", "2"))


def changes(before: dict[str, str], now: dict[str, str], level: str = "national"):
    found = compare(Round(OLD, before), Round(NEW, now), level)
    return {(one.now or one.before).code: one for one in found}


@pytest.mark.parametrize(
    ("said", "says", "outcome"),
    [
        ("absent", "partial", "gained"),
        ("absent", "present", "gained"),
        ("partial", "present", "gained"),
        ("present", "absent", "lost"),
        ("present", "present", "same"),
        ("", "present", "answered"),
        ("present", "", "silent"),
        ("", "", "unanswered"),
        (" ", "absent", "answered"),
    ],
)
def test_an_answer_is_gained_lost_the_same_or_new(said, says, outcome):
    assert changes({"1.1.1": said}, {"1.1.1": says})["1.1.1"].outcome == outcome


def test_a_question_that_got_another_code_is_compared_with_itself():
    one = changes({"4.1.4": "absent"}, {"4.1.3": "present"})["4.1.3"]
    assert (one.outcome, one.before.code, one.said, one.says) == ("gained", "4.1.4", "absent", "present")


def test_a_question_that_means_something_else_now_is_not_comparable():
    one = changes({"1.1.3": "absent"}, {"1.1.3": "present"})["1.1.3"]
    assert (one.outcome, one.said, one.says) == ("not_comparable", "absent", "present")


def test_a_new_question_and_a_dropped_one_are_told():
    found = changes({"6.2.3": "yes"}, {"2.2.2": "present"})
    assert (found["2.2.2"].outcome, found["2.2.2"].before) == ("new", None)
    assert (found["6.2.3"].outcome, found["6.2.3"].now, found["6.2.3"].said) == ("dropped", None, "yes")


def test_another_grade_that_says_as_much_is_neither_gain_nor_loss():
    assert changes({"6.1.4": "none"}, {"6.1.4": "planned"})["6.1.4"].outcome == "reworded"
    assert changes({"6.1.4": "planned"}, {"6.1.4": "some"})["6.1.4"].outcome == "gained"


def test_other_words_are_other_words():
    assert changes({"2.3.3": "A"}, {"2.3.3": "B"})["2.3.3"].outcome == "reworded"
    assert changes({"2.3.3": "A"}, {"2.3.3": "A"})["2.3.3"].outcome == "same"


def test_a_local_round_has_the_questions_for_local_government():
    found = changes({}, {}, "local")
    assert "1.1.4" in found
    assert "1.1.3" not in found


def test_two_questionnaires_that_are_not_versions_of_one_cannot_be_compared():
    other = catalogue.questionnaire("sdg-10-7-2")
    with pytest.raises(NotOneQuestionnaire):
        compare(Round(other, {}), Round(NEW, {}))


def answers(asked: Questionnaire) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(
        {
            item.code: st.sampled_from(["", *(one.code for one in asked.offered(item.code))])
            for _domain, item in asked
        }
    )


@given(answers(OLD), answers(NEW))
def test_every_question_of_both_rounds_is_told_once_and_turning_them_round_turns_gains_into_losses(old, new):
    there = compare(Round(OLD, old), Round(NEW, new))
    before = [one.before.code for one in there if one.before]
    now = [one.now.code for one in there if one.now]
    assert sorted(before) == sorted(item.code for _d, item in OLD if "national" in item.levels)
    assert now == [item.code for _d, item in NEW if "national" in item.levels]
    same = compare(Round(NEW, new), Round(NEW, new | {"1.1.1": "absent"}))
    back = compare(Round(NEW, new | {"1.1.1": "absent"}), Round(NEW, new))
    turned = {"gained": "lost", "lost": "gained", "answered": "silent", "silent": "answered"}
    assert [turned.get(one.outcome, one.outcome) for one in same] == [one.outcome for one in back]


@given(answers(NEW))
def test_nothing_changes_between_a_round_and_itself(new):
    assert {one.outcome for one in compare(Round(NEW, new), Round(NEW, new))} <= {"same", "unanswered"}
