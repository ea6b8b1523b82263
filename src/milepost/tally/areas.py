"""Answers to areas well developed and areas with potential: counts and lists, never a grade or rank."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from milepost.catalogue.questionnaires import Question, QuestionDomain, Questionnaire, Standing

Answers = Mapping[str, str | None]
"""{code of a question: code of an answer, or words where the question takes words}; blank is no answer."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many questions have an answer of each standing.

    `in_words` are answered, but by words or by an answer that says neither; the five add up to the questions.
    """

    present: int = 0
    partial: int = 0
    absent: int = 0
    in_words: int = 0
    unanswered: int = 0

    @property
    def questions(self) -> int:
        """How many questions were asked."""
        return self.answered + self.unanswered

    @property
    def answered(self) -> int:
        """How many of them have an answer."""
        return self.present + self.partial + self.absent + self.in_words


@dataclass(frozen=True, slots=True)
class Part:
    """A sub-domain, its counts and its questions; `code` is "" for questions that stand in none."""

    code: str
    counts: Counts


@dataclass(frozen=True, slots=True)
class Area:
    """A domain: its counts, those of its sub-domains, and its questions by what their answers say."""

    code: str
    counts: Counts
    parts: tuple[Part, ...]
    well_developed: tuple[Question, ...]
    with_potential: tuple[Question, ...]
    unanswered: tuple[Question, ...]


def areas(asked: Questionnaire, answers: Answers, level: str = "national") -> tuple[Area, ...]:
    """What the answers say, by domain, of the questions that are put to this level of government.

    Well developed is what is present; with potential is what is partly there or absent. A question without
    answer is neither. Domains without a question for this level are left out.
    """
    found = []
    for domain in asked.domains:
        items = [item for item in domain.items if level in item.levels]
        if items:
            found.append(_area(asked, domain, items, answers))
    return tuple(found)


def _area(asked: Questionnaire, domain: QuestionDomain, items: list[Question], answers: Answers) -> Area:
    said: dict[str, Standing | None]
    said = {item.code: standing(asked, item, answers.get(item.code)) for item in items}
    parts = dict.fromkeys(item.subdomain for item in items)
    return Area(
        domain.code,
        _counts(said.values()),
        tuple(
            Part(part, _counts(said[item.code] for item in items if item.subdomain == part)) for part in parts
        ),
        tuple(item for item in items if said[item.code] == "present"),
        tuple(item for item in items if said[item.code] in ("partial", "absent")),
        tuple(item for item in items if said[item.code] is None),
    )


def standing(asked: Questionnaire, item: Question, answer: str | None) -> Standing | None:
    """What one answer says of the thing asked for; None where there is no answer.

    ValueError for an answer that the question does not offer.
    """
    answer = (answer or "").strip()
    if not answer:
        return None
    if item.kind == "text":
        return ""
    for offered in asked.offered(item.code):
        if offered.code == answer:
            return offered.standing
    raise ValueError(f"{item.code} does not offer {answer}")


def _counts(said: Iterable[Standing | None]) -> Counts:
    of = Counter(said)
    return Counts(of["present"], of["partial"], of["absent"], of[""], of[None])
