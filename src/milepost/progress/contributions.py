"""What several projects bring to one national target, each thing counted once."""

from collections.abc import Iterable
from decimal import Decimal
from typing import NamedTuple

from milepost.values.figures import Amount
from milepost.values.results import Direction, Measure

WHOLE = Decimal(1)


class Claim(NamedTuple):
    """That an indicator of a project contributes to a target.

    `share`, above 0 and at most 1, is the part of its figure that does; `counted_in` is the key of another
    claim of the same target that holds the same people or things.
    """

    key: int
    unit: str
    measure: Measure
    direction: Direction
    amount: Amount
    share: Decimal = WHOLE
    counted_in: int | None = None


class Counted(NamedTuple):
    """A claim with what it adds."""

    claim: Claim
    value: Decimal


class LeftOut(NamedTuple):
    """A claim that adds nothing, and why (a code)."""

    claim: Claim
    why: str


class Sum(NamedTuple):
    """What all claims of one unit come to; `unit` is as the first of them prints it."""

    unit: str
    value: Decimal
    counted: tuple[Counted, ...]


class Contributed(NamedTuple):
    """Sums by unit, in the order in which units are met, and what was left out of them."""

    sums: tuple[Sum, ...]
    left_out: tuple[LeftOut, ...]


def contributed(claims: Iterable[Claim]) -> Contributed:
    """Add up claims of one target by unit.

    Left out are those counted in another one ("counted_elsewhere"), figures that cannot be added
    ("not_additive": percentages, ratios, answers in words; "maintained": what is only to be kept), and those
    without a value, with its reason. Units are the same whatever their capitals and blanks.

    >>> trained = Claim(1, "persons", "number", "up", Amount(Decimal(40)))
    >>> half = Claim(2, "Persons ", "number", "up", Amount(Decimal(30)), share=Decimal("0.5"))
    >>> same = Claim(3, "persons", "number", "up", Amount(Decimal(25)), counted_in=1)
    >>> found = contributed([trained, half, same])
    >>> [(one.unit, one.value) for one in found.sums], [one.why for one in found.left_out]
    ([('persons', Decimal('55.0'))], ['counted_elsewhere'])
    """
    by_unit: dict[str, list[Counted]] = {}
    left_out = []
    for claim in claims:
        why, value = _left_out_for(claim), claim.amount.value
        if why or value is None:
            left_out.append(LeftOut(claim, why))
        else:
            by_unit.setdefault(_unit(claim.unit), []).append(Counted(claim, value * claim.share))
    sums = (
        Sum(" ".join(some[0].claim.unit.split()), sum((one.value for one in some), Decimal(0)), tuple(some))
        for some in by_unit.values()
    )
    return Contributed(tuple(sums), tuple(left_out))


def _left_out_for(claim: Claim) -> str:
    if claim.counted_in is not None:
        return "counted_elsewhere"
    if claim.measure != "number":
        return "not_additive"
    if claim.direction == "maintain":
        return "maintained"
    return claim.amount.reason or ""


def same_unit(one: str, other: str) -> bool:
    """Whether two units as they are printed are one: capitals and blanks make no difference."""
    return _unit(one) == _unit(other)


def _unit(unit: str) -> str:
    return " ".join(unit.split()).casefold()
