"""Observations: a number, or the reason why there is none."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from milepost.values.origin import Origin
from milepost.values.period import Period

MISSING_STATUSES = frozenset("HLMOQ")
"""Codes of SDMX CL_OBS_STATUS (2.1) that say why there is no value: holiday, not collected, cannot exist,
missing, suppressed."""

Breakdown = tuple[tuple[str, str], ...]
"""(dimension, category) pairs, sorted; a dimension that is not broken down is absent."""


@dataclass(frozen=True, slots=True)
class Observation:
    """One cell: a finite number, or None with a status that says why. Nothing is not zero.

    >>> Observation(Period.parse("2020"), None, status="Q").value is None
    True
    >>> Observation(Period.parse("2020"), None)
    Traceback (most recent call last):
    ValueError: no value, but status 'A' does not say why
    """

    period: Period
    value: float | None
    status: str = "A"
    breakdown: Breakdown = ()
    origin: Origin | None = None

    def __post_init__(self) -> None:
        if self.value is None:
            if self.status not in MISSING_STATUSES:
                raise ValueError(f"no value, but status {self.status!r} does not say why")
        elif self.status in MISSING_STATUSES:
            raise ValueError(f"a value beside status {self.status!r}, which says there is none")
        elif not math.isfinite(self.value):
            raise ValueError(f"not a finite number: {self.value!r}")


@dataclass(frozen=True, slots=True)
class Series:
    """Observations of one quantity over time, in the order of their periods."""

    code: str
    observations: tuple[Observation, ...]
    unit: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)

    def points(self) -> list[tuple[int, float]]:
        """(year, value) of every observation that has a value; a span of years counts as its first year."""
        return [(o.period.year, o.value) for o in self.observations if o.value is not None]
