"""Two rounds of one questionnaire compared question by question, also where the questionnaire changed."""

from dataclasses import dataclass
from typing import Literal, NamedTuple

from milepost.catalogue.questionnaires import STANDINGS, Question, Questionnaire
from milepost.tally.areas import Answers, standing

Outcome = Literal[
    "gained",
    "lost",
    "same",
    "reworded",
    "answered",
    "silent",
    "unanswered",
    "new",
    "dropped",
    "not_comparable",
]
"""What became of a question from one round to the next.

gained, lost: what is asked for is more or less there than it was. same: as before. reworded: another answer
that says as much, or other words. answered: it had no answer before. silent: it has none any more.
unanswered: in neither round. new, dropped: asked in one round only. not_comparable: the question means
something else now, or one of the answers says neither more nor less.
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One question in two rounds; `before` and `now` are the questions, None where it was not asked."""

    outcome: Outcome
    before: Question | None
    now: Question | None
    said: str
    says: str


class NotOneQuestionnaire(ValueError):
    """Two questionnaires that are not versions of one cannot be compared."""


class Round(NamedTuple):
    """The answers of a round, with the questionnaire that was asked."""

    asked: Questionnaire
    answers: Answers

    def answer(self, item: Question) -> str:
        """What was answered to a question; "" where nothing was."""
        return (self.answers.get(item.code) or "").strip()

    def questions(self, level: str) -> list[Question]:
        """What is put to a level of government."""
        return [item for _domain, item in self.asked if level in item.levels]


def compare(before: Round, now: Round, level: str = "national") -> tuple[Change, ...]:
    """What changed between two rounds, in the order of the later questionnaire, then what is dropped.

    Questions belong together by their code, or as the later questionnaire says in `earlier`. What is not put
    to this level of government is left out. NotOneQuestionnaire where the codes of the two differ.
    """
    if before.asked.code != now.asked.code:
        raise NotOneQuestionnaire(f"{before.asked.code} and {now.asked.code}")
    earlier = now.asked.since(before.asked.version)
    known = {item.code: item for item in before.questions(level)}
    found = []
    for item in now.questions(level):
        there = earlier.questions.get(item.code, item.code)
        old = known.pop(there, None) if there else None
        if old is None:
            found.append(Change("new", None, item, "", now.answer(item)))
            continue
        outcome = (
            "not_comparable" if item.code in earlier.not_comparable else _outcome(before, old, now, item)
        )
        found.append(Change(outcome, old, item, before.answer(old), now.answer(item)))
    dropped = (Change("dropped", item, None, before.answer(item), "") for item in known.values())
    return (*found, *dropped)


def _outcome(before: Round, old: Question, now: Round, item: Question) -> Outcome:
    said, says = before.answer(old), now.answer(item)
    if not said or not says:
        return "silent" if said else "answered" if says else "unanswered"
    if said == says and old.kind == item.kind:
        return "same"
    if old.kind == item.kind == "text":
        return "reworded"
    was, is_now = standing(before.asked, old, said), standing(now.asked, item, says)
    if not was or not is_now:
        return "not_comparable"
    if was == is_now:
        return "reworded"
    return "gained" if STANDINGS.index(is_now) < STANDINGS.index(was) else "lost"
