"""What figures of a results matrix are worth, and what cells by sex or age come to. Nothing is judged."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations
from math import prod

from milepost.values.observation import Breakdown
from milepost.values.results import Figure, Measure, ResultIndicator


@dataclass(frozen=True, slots=True)
class Amount:
    """What a figure, or several together, come to: a value, or the reason (a code) why there is none.

    `numerator` and `denominator` are those of a percentage or ratio; `text` is the answer in words or codes.
    """

    value: Decimal | None = None
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    reason: str | None = None
    text: str = ""

    def __post_init__(self) -> None:
        if (self.value is None) != (self.reason is not None):
            raise ValueError("an amount has a reason exactly when it has no value")

    @property
    def divided(self) -> bool:
        """Whether numerator and denominator are both known; 0 of 0 is, though it has no value."""
        return self.numerator is not None and self.denominator is not None


NOT_REPORTED = Amount(reason="not_reported")


def worth(figure: Figure | None, measure: Measure = "number") -> Amount:
    """The value of one figure. Zero is a value; missing, not applicable and not reported are three reasons.

    A percentage is worked out of numerator and denominator wherever both are known; one that was entered
    without them keeps its value, but cannot be added to another.

    >>> worth(Figure(numerator=Decimal(15), denominator=Decimal(50)), "percentage").value
    Decimal('30')
    >>> worth(Figure(Decimal(0))).value, worth(Figure(status="O")).reason, worth(None).reason
    (Decimal('0'), 'missing', 'not_reported')
    """
    if figure is None:
        return NOT_REPORTED
    if figure.status != "A":
        if figure.value is not None or figure.numerator is not None or figure.denominator is not None:
            return Amount(reason="value_beside_status")
        return Amount(reason="missing" if figure.status == "O" else "not_applicable", text=figure.text)
    if figure.numerator is not None and figure.denominator is not None:
        return divided(figure.numerator, figure.denominator, measure)
    if figure.value is not None:
        return Amount(figure.value, text=figure.text)
    if figure.numerator is not None or figure.denominator is not None:
        return Amount(reason="no_denominator")
    return Amount(reason="no_number" if figure.text else "no_value", text=figure.text)


def divided(numerator: Decimal, denominator: Decimal, measure: Measure) -> Amount:
    """A ratio, or for a percentage a hundred times that; a denominator of 0 gives no value, never 0."""
    if denominator == 0:
        return Amount(None, numerator, denominator, "denominator_zero")
    factor = 100 if measure == "percentage" else 1
    return Amount(factor * numerator / denominator, numerator, denominator)


def added(amounts: Sequence[Amount], measure: Measure) -> Amount:
    """Numbers are added; of percentages the numerators and the denominators are, and then divided.

    >>> parts = [divided(Decimal(part), Decimal(100), "percentage") for part in (30, 60)]
    >>> added(parts, "percentage").value
    Decimal('45')
    """
    if measure == "percentage":
        return ratio(amounts, measure)
    for amount in amounts:
        if amount.value is None:
            return amount
    return Amount(sum((amount.value for amount in amounts if amount.value is not None), Decimal(0)))


def ratio(amounts: Sequence[Amount], measure: Measure) -> Amount:
    """All numerators of all denominators; a figure without denominator makes it impossible."""
    numerator = denominator = Decimal(0)
    for amount in amounts:
        if amount.numerator is None or amount.denominator is None:
            return Amount(reason="no_denominator")
        numerator += amount.numerator
        denominator += amount.denominator
    return divided(numerator, denominator, measure)


def half_of_last(value: Decimal) -> Decimal:
    """Half a unit of the last decimal that is written; a whole number is exact."""
    exponent = value.as_tuple().exponent
    return Decimal(5).scaleb(exponent - 1) if isinstance(exponent, int) and exponent < 0 else Decimal(0)


# Cells by several dimensions --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Margin:
    """What cells come to over all categories of some dimensions, beside what was reported for it.

    `breakdown` is the margin's own cell, () the total; `dimensions` are those of the cells that were added;
    `cells` of `expected` combinations are there. `reported` is None where nothing was reported for it.
    """

    place: str
    breakdown: Breakdown
    dimensions: tuple[str, ...]
    computed: Amount
    cells: int
    expected: int
    reported: Amount | None

    @property
    def complete(self) -> bool:
        """Whether every combination of the categories is there."""
        return self.cells == self.expected

    @property
    def difference(self) -> Decimal | None:
        """Reported less computed; None where one of the two is no value."""
        if self.reported is None or self.reported.value is None or self.computed.value is None:
            return None
        return self.reported.value - self.computed.value


def adds_up(indicator: ResultIndicator) -> bool:
    """Whether an indicator's cells can be added: counts can, and percentages; averages and maxima cannot."""
    if indicator.measure == "percentage":
        return indicator.over_places not in ("max", "mean")
    return indicator.measure == "number" and indicator.over_places in ("sum", "ratio")


def margins(
    figures: Iterable[Figure],
    indicator: ResultIndicator,
    categories: Mapping[str, Collection[str]] | None = None,
) -> tuple[Margin, ...]:
    """The total and every sub-combination of the crossed cells of each place, computed from them.

    Cells by sex and age give the total, each sex and each age. An "unknown" is a category like any other.
    `categories` are those of each dimension, by default all that occur in the figures: a combination that
    is not there is not taken for zero, and makes the margin incomplete. () where cells do not add up.
    """
    if not adds_up(indicator):
        return ()
    figures = tuple(figures)
    known = _categories(figures) | {name: set(codes) for name, codes in (categories or {}).items()}
    cells: dict[tuple[str, tuple[str, ...]], dict[Breakdown, Figure]] = defaultdict(dict)
    for figure in figures:
        dimensions = tuple(name for name, _ in figure.breakdown)
        cells[figure.place, dimensions].setdefault(figure.breakdown, figure)
    found = []
    for (place, dimensions), crossed in cells.items():
        for size in range(len(dimensions)):
            for kept in combinations(dimensions, size):
                expected = prod(len(known[name]) for name in dimensions if name not in kept)
                beside = cells.get((place, kept), {})
                for breakdown, computed, count in _over(crossed, kept, indicator):
                    own = beside.get(breakdown)
                    reported = None if own is None else worth(own, indicator.measure)
                    found.append(Margin(place, breakdown, dimensions, computed, count, expected, reported))
    return tuple(found)


def _categories(figures: Iterable[Figure]) -> dict[str, set[str]]:
    known: dict[str, set[str]] = defaultdict(set)
    for figure in figures:
        for name, code in figure.breakdown:
            known[name].add(code)
    return known


def _over(
    crossed: Mapping[Breakdown, Figure], kept: tuple[str, ...], indicator: ResultIndicator
) -> Iterator[tuple[Breakdown, Amount, int]]:
    """Each margin of the kept dimensions, what its cells come to, and how many of them there are."""
    groups: dict[Breakdown, list[Amount]] = defaultdict(list)
    for breakdown, figure in crossed.items():
        groups[tuple(pair for pair in breakdown if pair[0] in kept)].append(worth(figure, indicator.measure))
    add = ratio if indicator.over_places == "ratio" else added
    for breakdown, amounts in groups.items():
        there = [amount for amount in amounts if amount.value is not None or amount.divided]
        empty = sum(amount.reason == "not_applicable" for amount in amounts)  # a cell that cannot be filled
        computed = add(there, indicator.measure) if there else NOT_REPORTED
        yield breakdown, computed, len(there) + empty
