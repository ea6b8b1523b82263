"""The rules of an office: which cells are unsafe, and how uncertain an attacker must stay."""

from dataclasses import asdict, dataclass
from typing import Any

from milepost.errors import refuse
from milepost.values import Origin


@dataclass(frozen=True, slots=True)
class Rules:
    """What makes a cell unsafe, and what is done about it; a rule that is None is not applied.

    `minimum`: fewer respondents than this are too few (frequency rule). `p_percent`: unsafe where the second
    largest respondent could tell the largest one's contribution to within p %: total - x1 - x2 < p/100 * x1.
    `n_k`: unsafe where the n largest contribute more than k % of the total. `unanimous`: a proportion of
    exactly 0 or 100 % says something about everybody in the group, and is unsafe. `show_empty`: whether cells
    without respondents may be seen to be empty. The rules are those of the Handbook on Statistical Disclosure
    Control (Eurostat, ESSNet SDC, 2010), sections 4.2 and 4.3.

    `range_n` is how far apart the lowest and the highest count must be that an attacker cannot rule out for
    an unsafe cell (default: half the minimum), `range_percent` the same for its totals, in per cent of them.
    `rounding` is the base that figures are rounded to instead of being hidden.
    """

    minimum: int | None = None
    p_percent: float | None = None
    n_k: tuple[int, float] | None = None
    rounding: int | None = None
    show_empty: bool = True
    unanimous: bool = False
    range_n: int | None = None
    range_percent: float = 10.0

    def __post_init__(self) -> None:
        _within("minimum", self.minimum, 1, 1_000_000)
        _within("p", self.p_percent, 0, 100, open_below=True)
        if self.n_k is not None:
            _within("n", self.n_k[0], 1, 10)
            _within("k", self.n_k[1], 0, 100, open_below=True)
        _within("rounding", self.rounding, 2, 1_000_000)
        _within("range_n", self.range_n, 1, 1_000_000)
        _within("range_percent", self.range_percent, 0, 1000)
        if self.rounding is not None and self.minimum is not None and self.rounding < self.minimum:
            raise refuse("rounding-too-fine", _ORIGIN, base=self.rounding, minimum=self.minimum)

    @property
    def any(self) -> bool:
        """Whether there is anything to do."""
        return self.rounding is not None or self.hides

    @property
    def hides(self) -> bool:
        """Whether a rule can find a cell unsafe."""
        wanted = (self.minimum, self.p_percent, self.n_k)
        return any(rule is not None for rule in wanted) or self.unanimous or not self.show_empty

    @property
    def least_range(self) -> int:
        """How far apart the bounds of an unsafe cell's count must be."""
        return self.range_n or max(1, ((self.minimum or 1) + 1) // 2)

    def as_dict(self) -> dict[str, Any]:
        """The rules ready for JSON."""
        return {**asdict(self), "n_k": list(self.n_k) if self.n_k else None, "range_n": self.least_range}


_ORIGIN = Origin("rules of disclosure control")


def _within(
    rule: str, found: float | None, lowest: float, highest: float, *, open_below: bool = False
) -> None:
    """Refuse a setting that is not a number of its kind, or out of its range."""
    if found is None:
        return
    number = isinstance(found, int | float) and not isinstance(found, bool)
    whole = rule in ("minimum", "n", "rounding", "range_n")
    if (
        not number
        or (whole and found != int(found))
        or not lowest <= found <= highest
        or (open_below and found == lowest)
    ):
        raise refuse("rule-out-of-range", _ORIGIN, rule=rule, found=found, lowest=lowest, highest=highest)
