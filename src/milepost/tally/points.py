"""Points, per cent and class of each policy domain and of the whole."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from milepost import catalogue
from milepost.catalogue import Questionnaire
from milepost.errors import MilepostError
from milepost.values import Origin, Problem

QUESTIONNAIRE = "sdg-10-7-2"


@dataclass(frozen=True, slots=True)
class DomainPoints:
    """What the answers in one domain come to: points, per cent of the items asked, a class from 1 to 4.

    A missing answer has no points, which is the official rule; `answered` of `items` stands beside it, so
    that silence is not read as "no policy".
    """

    code: str
    points: float
    percent: float
    category: int
    answered: int
    items: int

    @property
    def answer_rate(self) -> float:
        """The share of items answered, in per cent."""
        return 100 * self.answered / self.items


@dataclass(frozen=True, slots=True)
class Points:
    """What all answers come to, and the same for each domain."""

    points: float
    percent: float
    category: int
    answered: int
    items: int
    domains: tuple[DomainPoints, ...]

    @property
    def answer_rate(self) -> float:
        """The share of items answered, in per cent."""
        return 100 * self.answered / self.items

    def domain(self, code: str) -> DomainPoints:
        """One domain by its code, such as "PD_1"; KeyError for another."""
        return {domain.code: domain for domain in self.domains}[code]


def points(answers: Mapping[str, str | None], origin: Origin | str = "answers") -> Points:
    """The official points of SDG 10.7.2 from answers by item: {"1a": "yes" | "legal_only" | "no" | ""}.

    A domain is the mean of its five items, the whole the mean of all thirty, in per cent; classes are cut at
    40, 80 and 100, and a value on a cut belongs to the upper class. Items left out or blank count 0. An
    unknown item or answer, or one that its domain does not offer, is a fault: MilepostError with all of
    them. SDG metadata 10.7.2 (March 2021), sections 4.c and 4.f.
    """
    asked = catalogue.questionnaire(QUESTIONNAIRE)
    given = {item.strip().lower(): (answer or "").strip() for item, answer in answers.items()}
    faults = _faults(asked, given, origin if isinstance(origin, Origin) else Origin(origin))
    if faults:
        raise MilepostError(faults)
    worth = {answer.code: Fraction(answer.points or 0) for answer in asked.answers}
    domains = []
    total, answered, items = Fraction(0), 0, 0
    for domain in asked.domains:
        replies = [given.get(item.code, "") for item in domain.items]
        earned = sum((worth[reply] for reply in replies if reply), Fraction(0))
        replied = sum(map(bool, replies))
        percent = 100 * earned / len(replies)
        domains.append(
            DomainPoints(
                domain.code, float(earned), float(percent), _category(asked, percent), replied, len(replies)
            )
        )
        total, answered, items = total + earned, answered + replied, items + len(replies)
    percent = 100 * total / items
    return Points(float(total), float(percent), _category(asked, percent), answered, items, tuple(domains))


def _category(asked: Questionnaire, percent: Fraction) -> int:
    return max(entry.code for entry in asked.classes if percent >= entry.lower)


def _faults(asked: Questionnaire, given: Mapping[str, str], origin: Origin) -> list[Problem]:
    home = {item.code: domain.code for domain in asked.domains for item in domain.items}
    offered = {
        domain.code: [a.code for a in asked.answers if not a.only_in or domain.code in a.only_in]
        for domain in asked.domains
    }
    every = {answer.code for answer in asked.answers}
    codes = list(home)
    faults = []
    for item, answer in given.items():
        place = Origin(origin.file, origin.sheet, origin.row, item)
        if item not in home:
            details = {"item": item, "first": codes[0], "last": codes[-1]}
            faults.append(Problem("unknown-item", place, details))
        elif answer and answer not in offered[home[item]]:
            kind = "answer-not-offered" if answer in every else "unknown-answer"
            known = ", ".join(offered[home[item]])
            details = {"item": item, "answer": answer, "domain": home[item], "known": known}
            faults.append(Problem(kind, place, details))
    return faults
