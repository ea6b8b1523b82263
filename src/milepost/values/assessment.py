"""An assessment of the governance of migration: the answers of a round, and their evidence."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

EvidenceKind = Literal["law", "document", "statistics", "interview", "other"]
EVIDENCE_KINDS: tuple[EvidenceKind, ...] = ("law", "document", "statistics", "interview", "other")


@dataclass(frozen=True, slots=True)
class Evidence:
    """What proves an answer.

    `place` is the article, page or paragraph; `quotation` is word for word. `repealed` is the day since when
    a law is not in force any more.
    """

    title: str
    kind: EvidenceKind = "document"
    place: str = ""
    dated: date | None = None
    link: str = ""
    quotation: str = ""
    repealed: date | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What was answered to one question: the code of an answer, or words where the question takes words."""

    answer: str = ""
    comment: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Assessment:
    """The answers of a round; `questionnaire` is code@version, `replies` are by the question's code."""

    questionnaire: str
    area: str = ""
    level: str = "national"
    held: str = ""
    agency: str = ""
    replies: Mapping[str, Reply] = field(default_factory=dict)

    @property
    def answers(self) -> dict[str, str]:
        """{code of a question: answer}, of those that have one."""
        return {code: reply.answer for code, reply in self.replies.items() if reply.answer}
