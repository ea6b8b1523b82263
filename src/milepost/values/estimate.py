"""Estimates: one cell of a measured table with its sampling error, or the reason why it has no value."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from milepost.values.observation import MISSING_STATUSES

ALL = "_T"
"""The category that stands for all of a dimension (SDMX)."""

UNRELIABLE = "U"
SUPPRESSED = "Q"
MISSING = "O"


@dataclass(frozen=True, slots=True)
class Estimate:
    """One cell of a measured table: the value, its sampling error, and what it rests on.

    `breakdown` names every dimension of the measurement; ALL where the cell is over all its categories.
    `status` is "A", or UNRELIABLE (kept, flagged), SUPPRESSED, or MISSING with a `reason` such as
    "zero-denominator". `se`, `ci_low`, `ci_high` have the unit of the value, `cv` and `deff` none; each is
    None where it cannot be said. `n` counts the respondents used, `excluded` those left out, by reason.

    `sums` are the weighted totals the value was made of ("numerator", "denominator"), and `largest` the
    largest contributions of single respondents to the numerator, largest first: disclosure control works on
    both. Neither is ever written to a file or shown.

    >>> Estimate({"sex": "F"}, status="Q").value is None
    True
    >>> Estimate({"sex": "F"}, value=1.0, status="Q")
    Traceback (most recent call last):
    ValueError: a value beside status 'Q', which says there is none
    """

    breakdown: Mapping[str, str]
    value: float | None = None
    se: float | None = None
    ci_low: float | None = None
    ci_high: float | None = None
    cv: float | None = None
    deff: float | None = None
    n: int | None = None
    status: str = "A"
    reason: str | None = None
    excluded: Mapping[str, int] = field(default_factory=dict)
    sums: Mapping[str, float] = field(default_factory=dict)
    largest: tuple[float, ...] = ()

    def __post_init__(self) -> None:
        if self.value is None and self.status not in MISSING_STATUSES:
            raise ValueError(f"no value, but status {self.status!r} does not say why")
        if self.value is not None and self.status in MISSING_STATUSES:
            raise ValueError(f"a value beside status {self.status!r}, which says there is none")
        numbers = (self.value, self.se, self.ci_low, self.ci_high, self.cv, self.deff)
        if any(number is not None and not math.isfinite(number) for number in numbers):
            raise ValueError("not a finite number")
        if self.status == SUPPRESSED and any(figure is not None for figure in (*numbers, self.n)):
            raise ValueError("a suppressed cell keeps no figure")

    @property
    def key(self) -> tuple[tuple[str, str], ...]:
        """(dimension, category) pairs, sorted: what tells the cells of one table apart."""
        return tuple(sorted(self.breakdown.items()))
