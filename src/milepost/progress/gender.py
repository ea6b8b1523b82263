"""Women and men in a plan: what a mark would be, and how far figures of women and men are apart.

Plain values in, plain values out. The scale of marks is a proposal of Milepost, not an official standard.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Mark = Literal["specific", "sensitive", "neutral", "blind"]
Towards = Literal["women", "men", "equal", ""]
Moved = Literal["closer", "apart", "same", ""]

MARKS: tuple[Mark, ...] = ("specific", "sensitive", "neutral", "blind")
"""Every mark, in the order of the pages."""


# What a mark would be ---------------------------------------------------------------------------------------


def suggested(of_people: bool | None, by_sex: bool) -> Mark | Literal[""]:
    """The mark that fits an indicator by what it counts; "" where nobody has said whether it counts people.

    Proposal of Milepost. Whether something is gender-specific, only a person can tell.

    >>> suggested(True, True), suggested(True, False), suggested(False, False), suggested(None, False)
    ('sensitive', 'blind', 'neutral', '')
    """
    if by_sex:
        return "sensitive"
    if of_people is None:
        return ""
    return "blind" if of_people else "neutral"


def suggested_of(indicators: Iterable[str]) -> Mark | Literal[""]:
    """The mark that fits a measure by the marks that fit its indicators; "" where one of them is open.

    One indicator of people that hides women and men makes the measure blind to them.

    >>> suggested_of(["neutral", "sensitive"]), suggested_of(["sensitive", "blind"]), suggested_of([])
    ('sensitive', 'blind', '')
    """
    found = set(indicators)
    if not found or "" in found:
        return ""
    if "blind" in found:
        return "blind"
    return "sensitive" if found & {"specific", "sensitive"} else "neutral"


# How far figures are apart ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Gap:
    """Women beside men: the difference is women less men, the ratio is women per man.

    Both are None where one of the figures is not known; a ratio is None also where there are no men.
    `towards` says of whom there are more, and is "" where it is not known.
    """

    women: Decimal | None
    men: Decimal | None
    difference: Decimal | None
    ratio: Decimal | None
    towards: Towards


def gap(women: Decimal | None, men: Decimal | None) -> Gap:
    """How far two figures are apart; zero is a figure, and nothing is not zero.

    >>> gap(Decimal(30), Decimal(40)).ratio, gap(Decimal(3), Decimal(0)).ratio, gap(None, Decimal(4)).towards
    (Decimal('0.75'), None, '')
    """
    if women is None or men is None:
        return Gap(women, men, None, None, "")
    towards: Towards = "equal" if women == men else "women" if women > men else "men"
    return Gap(women, men, women - men, women / men if men else None, towards)


def moved(first: Gap, last: Gap) -> Moved:
    """Whether women and men have come closer: how far the share of women is from one half decides.

    "" where a share is not known, or where nobody is counted. The figures themselves cannot tell, since most
    of them are sums that only grow.

    >>> moved(gap(Decimal(1), Decimal(3)), gap(Decimal(40), Decimal(60)))
    'closer'
    """
    before, after = _from_half(first), _from_half(last)
    if before is None or after is None:
        return ""
    if before == after:
        return "same"
    return "closer" if after < before else "apart"


def _from_half(one: Gap) -> Decimal | None:
    if one.women is None or one.men is None or one.women + one.men <= 0:
        return None
    return abs(one.women / (one.women + one.men) - Decimal("0.5"))
