"""What answers say: areas well developed and with potential, counted and never graded."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost import catalogue, tally

EXAMPLE = catalogue.questionnaire("example-governance")
ITEMS = [item for _domain, item in EXAMPLE]


def an_answer(item) -> st.SearchStrategy[str]:
    offered = [one.code for one in EXAMPLE.offered(item.code)] or ["In words"]
    return st.sampled_from(["", *offered])


ANSWERS = st.fixed_dictionaries({item.code: an_answer(item) for item in ITEMS})


def test_what_is_there_is_well_developed_and_what_is_partly_there_or_absent_has_potential():
    answers = {"1.1.1": "present", "1.1.2": "partial", "1.1.3": "absent", "1.3.2": "no", "1.4.2": "yes"}
    first = tally.areas(EXAMPLE, answers)[0]
    assert [item.code for item in first.well_developed] == ["1.1.1", "1.4.2"]
    assert [item.code for item in first.with_potential] == ["1.1.2", "1.1.3", "1.3.2"]
    assert [item.code for item in first.unanswered] == ["1.2.1", "1.2.2", "1.3.1", "1.4.1"]
    assert (first.counts.present, first.counts.partial, first.counts.absent) == (2, 1, 2)


def test_a_question_without_answer_is_neither_present_nor_absent():
    for area in tally.areas(EXAMPLE, {}):
        assert area.counts.unanswered == area.counts.questions > 0
        assert area.well_developed == area.with_potential == ()


def test_words_are_an_answer_that_has_no_standing():
    second = tally.areas(EXAMPLE, {"2.3.3": "The survey of 2024"})[1]
    assert (second.counts.in_words, second.counts.answered) == (1, 1)
    assert second.well_developed == second.with_potential == ()


def test_a_graded_answer_counts_by_what_it_says():
    sixth = tally.areas(EXAMPLE, {"6.1.4": "planned"})[5]
    assert [item.code for item in sixth.with_potential] == ["6.1.4"]


def test_a_local_government_is_asked_its_own_questions():
    local = {item.code for area in tally.areas(EXAMPLE, {}, "local") for item in area.unanswered}
    assert "1.1.4" in local
    assert "1.1.1" in local
    assert "1.1.3" not in local


def test_a_domain_without_question_for_a_level_is_left_out():
    asked = catalogue.parse_questionnaire(
        """
        code: small
        version: "1"
        name: {en: Small}
        domains:
        - {code: A, items: [{code: a1, kind: yes_no, name: {en: Here?}}]}
        - {code: B, items: [{code: b1, kind: yes_no, levels: [local], name: {en: There?}}]}
        """,
        "small.yaml",
    )
    assert [area.code for area in tally.areas(asked, {})] == ["A"]
    assert [area.code for area in tally.areas(asked, {}, "local")] == ["B"]


def test_the_instrument_of_the_indicator_has_areas_too():
    asked = catalogue.questionnaire("sdg-10-7-2")
    first = tally.areas(asked, {"1a": "yes", "1b": "legal_only", "1c": "no"})[0]
    assert (first.counts.present, first.counts.partial, first.counts.absent) == (1, 1, 1)


def test_an_answer_that_is_not_offered_is_refused():
    with pytest.raises(ValueError, match=r"1\.1\.1 does not offer yes"):
        tally.areas(EXAMPLE, {"1.1.1": "yes"})


@given(ANSWERS, st.sampled_from(["national", "local"]))
def test_counts_agree_with_a_loop_over_the_answers(answers, level):
    for area in tally.areas(EXAMPLE, answers, level):
        (domain,) = (one for one in EXAMPLE.domains if one.code == area.code)
        said: Counter[str] = Counter()
        for item in domain.items:
            if level in item.levels:
                of = {one.code: one.standing for one in EXAMPLE.offered(item.code)}
                answer = answers[item.code]
                said[of.get(answer, "in_words") if answer else "unanswered"] += 1
        counts = area.counts
        assert (counts.present, counts.partial, counts.absent, counts.in_words, counts.unanswered) == (
            said["present"],
            said["partial"],
            said["absent"],
            said["in_words"],
            said["unanswered"],
        )
        for name in ("present", "partial", "absent", "in_words", "unanswered"):
            assert sum(getattr(part.counts, name) for part in area.parts) == getattr(counts, name)
        assert len(area.well_developed) == counts.present
        assert len(area.with_potential) == counts.partial + counts.absent
        assert len(area.unanswered) == counts.unanswered
