"""Which points a method looks at: one value a year, a base and the latest."""

import math
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple


class Span(NamedTuple):
    """The two observations between which growth is measured."""

    base_year: int
    base_value: float
    current_year: int
    current_value: float

    @property
    def years(self) -> int:
        """How many years lie between them."""
        return self.current_year - self.base_year


def by_year(
    points: Iterable[tuple[int, float | None]],
) -> tuple[dict[int, float], str | None, dict[str, Any]]:
    """One value a year in the order of years, or the reason why there is none, with its figures.

    None and NaN are no values. The same value twice in a year is one value; two different ones are a
    conflict that no method may decide.
    """
    values: dict[int, float] = {}
    for year, value in points:
        if value is None or math.isnan(value):
            continue
        if math.isinf(value):
            return {}, "not_finite", {"year": year}
        if values.setdefault(year, value) != value:
            return {}, "conflicting_values", {"year": year, "first": values[year], "second": value}
    if not values:
        return {}, "no_values", {}
    return dict(sorted(values.items())), None, {}


def span(values: Mapping[int, float], base_year: int) -> Span:
    """The base and the latest observation of at least two years' values.

    The base is the year asked for, or the next one with a value that leaves two points; where there is
    none, the latest earlier one. (Eustat: the first year available after or before 2015 that leaves two
    values. Statistics Canada publishes bases of 2010, 2012 and 2014 in that case.)

    >>> span({2010: 4.0, 2023: 3.0}, 2015)
    Span(base_year=2010, base_value=4.0, current_year=2023, current_value=3.0)
    """
    current = max(values)
    candidates = [year for year in values if year != current]
    later = [year for year in candidates if year >= base_year]
    base = min(later) if later else max(candidates)
    return Span(base, values[base], current, values[current])


def growth(first: float, last: float, years: int) -> float:
    """Compound annual growth rate between two values of one sign, as a share: 0.02 is 2 % a year."""
    return (last / first) ** (1 / years) - 1
