"""A policy's plan of action: what is to be done, by whom, until when, for how much, and what was answered."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from milepost.values.project import Money
from milepost.values.results import Reference, ResultIndicator
from milepost.values.text import Text

Repeated = Literal["", "continuous", "yearly", "half-yearly", "quarterly", "monthly"]
Gender = Literal["", "specific", "sensitive", "neutral", "blind"]
Done = Literal["not_started", "under_way", "partly", "fully", "cannot"]

DONE: tuple[Done, ...] = ("not_started", "under_way", "partly", "fully", "cannot")
"""What an institution may answer of a measure; whether it is late is computed, never answered."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a measure is to be carried out: `text` as the act has it, and the days that it means, both within.

    `repeated` is "continuous" for a measure without end ("постоянно") and yearly, quarterly ... for one that
    comes again. `end` is None where the act gives none, or where nobody can tell which day it means.
    """

    text: str = ""
    start: date | None = None
    end: date | None = None
    repeated: Repeated = ""


@dataclass(frozen=True, slots=True)
class Funding:
    """Money for a measure from one source, as the act names it; `money` is None where it states no amount.

    `committed` tells what there is from what is still sought: their difference is the gap.
    """

    source: str
    money: Money | None = None
    committed: bool = True


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure of a plan.

    `key` stays the same through all versions of a plan; `code` is its number in this one. `institutions` is
    what the act says, word for word; `coordinators` are those chosen from it to report (there should be one),
    beside co-executors and partners, each by its key or name.
    """

    key: str
    code: str
    title: Text
    expected: Text = field(default_factory=Text)
    deadline: Deadline = Deadline()
    institutions: str = ""
    coordinators: tuple[str, ...] = ()
    executors: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    funding: tuple[Funding, ...] = ()
    funding_text: str = ""
    indicators: tuple[ResultIndicator, ...] = ()
    indicators_text: str = ""
    verification: Text = field(default_factory=Text)
    gender: Gender = ""
    gender_reason: Text = field(default_factory=Text)
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """A priority or an objective of a plan, with what stands below it."""

    key: str
    code: str
    title: Text
    level: Literal["priority", "objective"] = "objective"
    indicators: tuple[ResultIndicator, ...] = ()
    measures: tuple[Measure, ...] = ()
    below: tuple["Section", ...] = ()

    @property
    def all_measures(self) -> tuple[Measure, ...]:
        """Its measures and those of the sections below, in the plan's order."""
        return (*self.measures, *(measure for below in self.below for measure in below.all_measures))


@dataclass(frozen=True, slots=True)
class PlanVersion:
    """A plan as one legal act made it, in force from a day until the next act (`until` is the last day)."""

    number: int
    act: Text
    adopted: date | None
    since: date
    until: date | None
    sections: tuple[Section, ...] = ()

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure, in the plan's order."""
        return tuple(measure for section in self.sections for measure in section.all_measures)


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered of a measure in a round: how far it is on the round's last day.

    `verified` once a reviewer has accepted it; `ended` is the day on which it was carried out, as answered.
    """

    measure: str
    until: date
    done: Done
    verified: bool = False
    ended: date | None = None
