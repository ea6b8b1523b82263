"""What the consolidated report of a plan holds, as plain values, and what is counted of them.

What is approved keeps these values: the document, the workbook of the annex and the public page are made of
them in any language, as often as wanted. Only counts of rows are made here; lights, rates and days come in as
`progress.plan` has them.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from milepost.progress.plan import LIGHTS
from milepost.values import Text

WORDS: Mapping[str, str] = {
    "done": "Carried out",
    "on_track": "On track",
    "not_started": "Not started",
    "late": "Late",
    "cannot": "Cannot be done",
    "not_due": "Not due yet",
    "no_answer": "No accepted answer",
}
"""What a light is called where only accepted answers count."""

ANSWERED: Mapping[str, str] = {
    "not_started": "Not started",
    "under_way": "Under way",
    "partly": "Carried out in part",
    "fully": "Carried out in full",
    "cannot": "Cannot be done",
}
"""How far a measure is, as answered."""

RULES: tuple[tuple[str, str], ...] = (
    ("done", "the accepted answer says that it is carried out in full, however late"),
    ("cannot", "the accepted answer says that it cannot be done"),
    ("late", "its last day is over; a continuous measure, or one without a last day, is never late"),
    ("on_track", "it is under way, or carried out in part"),
    ("not_due", "its first day is still to come"),
    ("not_started", "the accepted answer says that it is not started"),
    ("no_answer", "no answer is accepted yet"),
)
"""When a measure has which light; the first rule that holds counts."""

PARTS: Mapping[str, str] = {
    "summary": "Summary",
    "context": "What happened in the period",
    "next": "What is to be done next",
}
"""What the institution in the lead writes itself, by code."""

# What a report is written from ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Said:
    """A text of an answer as it is printed; `own` is what the institution wrote, where the lead edited it."""

    words: str = ""
    own: str | None = None


@dataclass(frozen=True, slots=True)
class Reached:
    """What an indicator of a measure has reached by a day, with where it began and what it is to reach."""

    title: Text
    kind: str = "output"
    unit: str = ""
    total: Decimal | None = None
    women: Decimal | None = None
    men: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    until: date | None = None
    baseline: Decimal | None = None
    baseline_year: int | None = None
    target: Decimal | None = None
    target_year: int | None = None
    code: str = ""
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A measure with its light, and what was accepted of it; `until` is the last day of that answer's round.

    `reported` is its light by what was answered, accepted or not. `evidence` are names of files, which the
    public does not get; `files` is how many there are.
    """

    trace: str
    code: str
    title: Text
    objective: str
    institutions: tuple[Text, ...] = ()
    deadline: str = ""
    last_day: date | None = None
    repeated: str = ""
    light: str = "no_answer"
    reported: str = "no_answer"
    days: int | None = None
    until: date | None = None
    done: str = ""
    ended: date | None = None
    text: Said = Said()
    obstacles: Said = Said()
    needed: Said = Said()
    reached: tuple[Reached, ...] = ()
    evidence: tuple[str, ...] = ()
    files: int = 0


@dataclass(frozen=True, slots=True)
class Objective:
    """A heading of the plan under which measures stand."""

    key: str
    name: Text


@dataclass(frozen=True, slots=True)
class Share:
    """Measures carried out in full ÷ measures due, in per cent; None where it is not computable."""

    full: int
    due: int
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class Rate:
    """The implementation rate of a year: as reported, as accepted, and how it was computed, in words."""

    year: int
    reported: Share
    verified: Share
    sentences: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class Round:
    """A round of the period: how many answers were asked for, sent by now, and accepted."""

    start: date
    end: date
    asked: int
    sent: int
    accepted: int
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Amendment:
    """A version of the plan that came into force in the period, with how many measures it touched."""

    number: int
    act: Text
    since: date
    reason: Text = field(default_factory=Text)
    added: int = 0
    removed: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Slip:
    """A measure whose last day an amendment moved to a later one, by so many days."""

    code: str
    title: Text
    before: date
    after: date
    days: int
    version: int
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Money:
    """Money of one source in one currency: what the plan has, what is still sought, what was spent."""

    source: str
    currency: str
    planned: Decimal | None = None
    sought: Decimal | None = None
    spent: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Gap:
    """What an indicator has reached among women and among men; the difference is women less men."""

    code: str
    title: Text
    unit: str
    until: date | None
    women: Decimal | None
    men: Decimal | None
    difference: Decimal | None = None
    ratio: Decimal | None = None
    trace: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """How many measures have something in common, such as an SDG target, and which lights they have."""

    name: Text
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanReport:
    """All that a consolidated report is written from; `start` and `end` are the period's first and last day.

    `silent` are the institutions that still have an answer to send, None where that is not to be told.
    `narrative` is {code of PARTS: words in one or more languages}. `edition` counts what was approved; `why`
    says what made a further one necessary. `trace` is the report's own address.
    """

    plan: Text
    policy: Text
    country: Text
    author: Text
    start: date
    end: date
    day: date
    act: Text = field(default_factory=Text)
    plan_version: int | None = None
    edition: int = 1
    why: str = ""
    rounds: tuple[Round, ...] = ()
    narrative: Mapping[str, Text] = field(default_factory=dict)
    objectives: tuple[Objective, ...] = ()
    lines: tuple[Line, ...] = ()
    rates: tuple[Rate, ...] = ()
    amendments: tuple[Amendment, ...] = ()
    slips: tuple[Slip, ...] = ()
    money: tuple[Money, ...] = ()
    women_and_men: tuple[Text, ...] = ()
    gaps: tuple[Gap, ...] = ()
    targets: tuple[Counted, ...] = ()
    silent: tuple[Text, ...] | None = None
    trace: str = ""


def for_public(content: PlanReport) -> PlanReport:
    """The same as everybody may have it: without names of files, and without the institutions' own words
    where the lead's are printed."""

    def shown(said: Said) -> Said:
        return said if said.own is None else Said(said.words, "")

    lines = tuple(
        replace(
            line,
            evidence=(),
            text=shown(line.text),
            obstacles=shown(line.obstacles),
            needed=shown(line.needed),
        )
        for line in content.lines
    )
    return replace(content, lines=lines)


# Counts -----------------------------------------------------------------------------------------------------


class Part(NamedTuple):
    """How many measures of an objective or an institution have each light, in the order of LIGHTS."""

    name: Text | None
    counts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All of them."""
        return sum(self.counts)


def lights(content: PlanReport, *, reported: bool = False) -> dict[str, int]:
    """{light: number of measures}, by accepted answers, or by all that were sent."""
    found = Counter(line.reported if reported else line.light for line in content.lines)
    return {light: found[light] for light in LIGHTS}


def by_objective(content: PlanReport) -> list[Part]:
    """Lights of each objective that has measures, in the order of the plan."""
    parts = (
        Part(one.name, _counts(line for line in content.lines if line.objective == one.key))
        for one in content.objectives
    )
    return [part for part in parts if part.total]


def by_institution(content: PlanReport) -> list[Part]:
    """Lights of each reporting institution; None is nobody.

    Where it is not to be told who has not answered, only measures with an accepted answer are counted.
    """
    there: dict[Text | None, list[Line]] = {}
    for line in content.lines:
        if content.silent is None and line.until is None:
            continue
        for name in line.institutions or (None,):
            there.setdefault(name, []).append(line)
    return [Part(name, _counts(lines)) for name, lines in there.items()]


def lights_of(parts: Sequence[Part]) -> list[int]:
    """The positions in LIGHTS of those that a table of these parts shows: those there are, done and late."""
    return [
        position
        for position, light in enumerate(LIGHTS)
        if light in ("done", "late") or any(part.counts[position] for part in parts)
    ]


def _counts(lines: Iterable[Line]) -> tuple[int, ...]:
    found = Counter(line.light for line in lines)
    return tuple(found[light] for light in LIGHTS)


def late(content: PlanReport) -> list[Line]:
    """What is late, the longest first."""
    return sorted(
        (line for line in content.lines if line.light == "late"), key=lambda line: -(line.days or 0)
    )


def impossible(content: PlanReport) -> list[Line]:
    """What cannot be done."""
    return [line for line in content.lines if line.light == "cannot"]


def hindered(content: PlanReport) -> list[Line]:
    """What can be done and has obstacles or needs something."""
    return [
        line
        for line in content.lines
        if line.light != "cannot" and (line.obstacles.words.strip() or line.needed.words.strip())
    ]


def outcomes(content: PlanReport) -> list[tuple[Line, Reached]]:
    """The indicators of what comes of the measures, apart from those of the deeds themselves."""
    return [(line, one) for line in content.lines for one in line.reached if one.kind == "outcome"]
