"""What to look at before an assessment is validated."""

from datetime import date

import pytest

from milepost import catalogue
from milepost.checks.assessment import faults
from milepost.values.assessment import Assessment, Evidence, Reply

EXAMPLE = catalogue.questionnaire("example-governance")
TODAY = date(2026, 6, 30)
ALL = {
    item.code: Reply(EXAMPLE.offered(item.code)[0].code if EXAMPLE.offered(item.code) else "Words")
    for _domain, item in EXAMPLE
}


def found(reply: Reply, code: str = "1.1.1", **how) -> list[str]:
    """The codes of the faults of one question, all others being answered with what needs no evidence."""
    replies = ALL | {"2.3.3": Reply("Survey", evidence=(Evidence("Survey"),)), code: reply}
    told = faults(EXAMPLE, Assessment("example-governance@2", replies=replies), today=TODAY, **how)
    assert {one.origin.column for one in told} <= {code}
    return [one.code for one in told]


def test_what_is_absent_needs_no_evidence_and_what_is_there_does():
    assert found(Reply("absent")) == []
    assert found(Reply("partial")) == ["answer-without-evidence"]
    assert found(Reply("present")) == ["answer-without-evidence"]
    assert found(Reply("present", evidence=(Evidence("Act"),))) == []
    assert found(Reply("some"), "6.1.4") == ["answer-without-evidence"]


def test_words_need_evidence_too():
    assert found(Reply("A survey"), "2.3.3") == ["answer-without-evidence"]


def test_a_comment_is_no_answer():
    assert found(Reply("", "To be asked")) == ["question-unanswered"]


@pytest.mark.parametrize(
    ("evidence", "codes"),
    [
        (Evidence("Act", "law", repealed=date(2026, 6, 30)), ["evidence-repealed"]),
        (Evidence("Act", "law", repealed=date(2026, 7, 1)), []),
        (Evidence("Report", dated=date(2021, 6, 30)), ["evidence-old"]),
        (Evidence("Report", dated=date(2021, 7, 1)), []),
        (Evidence("Act", "law", dated=date(1995, 1, 1)), []),  # a law in force does not grow old
        (Evidence("Report", dated=date(2026, 7, 1)), ["evidence-ahead"]),
        (Evidence("Report"), []),
    ],
)
def test_evidence_may_be_repealed_old_or_of_a_day_to_come(evidence, codes):
    assert found(Reply("present", evidence=(evidence,))) == codes


def test_an_office_says_itself_what_is_old():
    report = Evidence("Report", dated=date(2023, 1, 1))
    assert found(Reply("present", evidence=(report,)), old=3) == ["evidence-old"]
    assert found(Reply("present", evidence=(report,)), old=4) == []


def test_only_what_is_put_to_a_level_of_government_is_looked_at():
    local = faults(EXAMPLE, Assessment("example-governance@2", level="local"), today=TODAY)
    wanted = {item.code for _domain, item in EXAMPLE if "local" in item.levels}
    assert {one.origin.column for one in local} == wanted
