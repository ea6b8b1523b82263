"""What people knew before and after a training: the mean change of pairs, with its confidence interval."""

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import NamedTuple

FEW = 30
"""Below so many pairs the interval rests on differences that spread as a normal distribution does."""


class Pair(NamedTuple):
    """The scores of one participant; None where a test was not taken."""

    before: float | None
    after: float | None

    @property
    def whole(self) -> bool:
        """Whether both tests were taken."""
        return self.before is not None and self.after is not None


@dataclass(frozen=True, slots=True)
class Change:
    """How a score changed in the mean of `pairs` participants; `incomplete` ones took one test only.

    `before`, `after`, `mean` and the bounds are in points of the test. Without bounds `reason` says why:
    "no_pairs", "one_pair" or "no_spread" (everybody changed by the same, which says nothing of others).
    `few` says that the bounds are to be read with care.
    """

    pairs: int
    incomplete: int
    before: float | None = None
    after: float | None = None
    mean: float | None = None
    lower: float | None = None
    upper: float | None = None
    reason: str | None = None

    @property
    def few(self) -> bool:
        """Whether there are bounds, of fewer pairs than FEW."""
        return self.lower is not None and self.pairs < FEW

    @property
    def told_from_none(self) -> bool:
        """Whether the interval leaves out zero: a change that chance alone would hardly make."""
        return self.lower is not None and self.upper is not None and (self.lower > 0 or self.upper < 0)


def change(
    pairs: Iterable[Pair], quantile: Callable[[float, int], float], confidence: float = 0.95
) -> Change:
    """The mean of the differences of complete pairs, and its interval by Student's t with n - 1 degrees.

    `quantile(share, freedom)` is that of Student's t, such as `measure.intervals.t_quantile`. Student (1908),
    The Probable Error of a Mean, section IX (paired differences).

    >>> found = change([Pair(4, 7), Pair(5, 6), Pair(3, 8), Pair(6, None)], lambda share, freedom: 4.302653)
    >>> found.pairs, found.incomplete, found.mean, round(found.lower, 3), round(found.upper, 3)
    (3, 1, 3.0, -1.968, 7.968)
    """
    known, incomplete = [], 0
    for pair in pairs:
        if pair.before is None or pair.after is None:
            incomplete += 1
        else:
            known.append((pair.before, pair.after))
    n = len(known)
    if not n:
        return Change(0, incomplete, reason="no_pairs")
    before = math.fsum(first for first, _last in known) / n
    after = math.fsum(last for _first, last in known) / n
    differences = [last - first for first, last in known]
    mean = math.fsum(differences) / n
    found = (n, incomplete, before, after, mean)
    if n == 1:
        return Change(*found, reason="one_pair")
    if min(differences) == max(differences):
        return Change(*found, reason="no_spread")
    variance = math.fsum((each - mean) ** 2 for each in differences) / (n - 1)
    half = quantile((1 + confidence) / 2, n - 1) * math.sqrt(variance / n)
    return Change(*found, lower=mean - half, upper=mean + half)
