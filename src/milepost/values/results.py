"""Results: what an intervention is to change, how that is counted, and what came of it."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal

from milepost.values.observation import Breakdown
from milepost.values.text import Text

Measure = Literal["number", "percentage", "ordinal", "nominal", "qualitative"]
Direction = Literal["up", "down", "maintain"]
OverTime = Literal["sum", "last", "max", "mean", "ratio"]
OverPlaces = Literal["sum", "max", "mean", "ratio", "none"]
Counting = Literal["not_cumulative", "cumulative", "reported_cumulatively"]
Level = Literal["objective", "outcome", "output", "activity"]
Status = Literal["A", "O", "M"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a results matrix: a baseline, a target or an actual, of one breakdown and place.

    `status` says why `value` is None: "O" missing, "M" not applicable (codes of SDMX CL_OBS_STATUS); what was
    never reported is no Figure at all, and zero is a value. A percentage is `numerator` of `denominator`; its
    value is worked out of the two wherever they are known. `text` is the answer of a qualitative indicator.
    """

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    status: Status = "A"
    breakdown: Breakdown = ()
    place: str = ""
    text: str = ""
    comment: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class Baseline:
    """The state before: its year, its day where known, and its figures (the total has no breakdown)."""

    year: int | None
    day: date | None
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class ReportingPeriod:
    """From a day to a day (both within): what was to be reached, and what was."""

    start: date
    end: date
    targets: tuple[Figure, ...] = ()
    actuals: tuple[Figure, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """A code of a vocabulary, such as SDG indicator 10.7.2, or a tag."""

    vocabulary: str
    code: str
    title: Text = field(default_factory=Text)
    uri: str = ""


@dataclass(frozen=True, slots=True)
class ResultIndicator:
    """How a result is counted, and its figures.

    Three rules, each its own: `over_time` makes one figure of several periods, `over_places` one of several
    places, and `counting` says what a reported figure holds: this period alone (not_cumulative), this period
    alone but to be added up (cumulative), or everything since the start (reported_cumulatively).
    `tolerance` is for direction "maintain": how far, in the indicator's unit, a figure may stray from target.
    `end_target` is for the whole project, as entered, never the sum of the periods' targets.
    """

    code: str
    title: Text
    unit: str = ""
    measure: Measure = "number"
    direction: Direction = "up"
    tolerance: Decimal | None = None
    over_time: OverTime = "last"
    over_places: OverPlaces = "sum"
    counting: Counting = "not_cumulative"
    baseline: Baseline | None = None
    end_target: tuple[Figure, ...] = ()
    periods: tuple[ReportingPeriod, ...] = ()
    description: Text = field(default_factory=Text)
    means_of_verification: Text = field(default_factory=Text)
    responsible: str = ""
    dimensions: tuple[tuple[str, ...], ...] = ()
    """Sets of dimensions that are reported crossed, such as (("sex", "age"), ("migratory_status",))."""
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """One row of a results matrix, and the rows below it."""

    code: str
    level: Level
    title: Text
    description: Text = field(default_factory=Text)
    assumptions: Text = field(default_factory=Text)
    indicators: tuple[ResultIndicator, ...] = ()
    references: tuple[Reference, ...] = ()
    below: tuple["Result", ...] = ()
