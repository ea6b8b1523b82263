"""The formulas of the indicators, in plain Python, on rows: the page that every engine must agree with.

A row is a mapping of column names to numbers or texts, as a file gives them; a blank cell is None or "".
Every formula says how many rows it used, how many it left out and why, and refuses to make up a number:
what cannot be computed is None with a reason, never 0. Beside its formula, a method says what an engine sums
up, so that the same can be measured over millions of rows, with sampling errors.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Row = Mapping[str, Any]

QUANTILES = {"median": 0.5, "p80": 0.8}
"""The statistics of individual ratios beside the mean; "p80" is the source's "4th quintile"."""

ANSWERS = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}
"""What answers mean, in small letters."""


@dataclass(frozen=True, slots=True)
class Result:
    """A value, or None with a reason; how many rows it rests on, and how many were left out, by reason.

    Reasons for no value: "no-rows" (none could be used), "zero-denominator", "incomplete" (a part is
    missing, so that the sum would be too small), "fewer-than-three", "several-corridors".
    Reasons for leaving out a row: "no-<column>", "not-a-number:<column>", "negative:<column>",
    "not-positive:<column>", "not-an-answer:<column>", "other-amount", "not-qualifying", "out-of-age".
    A weight of 0 leaves a row out as "not-positive:<column>".
    `figures` are the numbers that went in, such as the two sums of a ratio.
    """

    value: float | None
    used: int
    excluded: Mapping[str, int] = field(default_factory=dict)
    reason: str | None = None
    figures: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.value is None) != (self.reason is not None):
            raise ValueError("a result has a reason exactly when it has no value")


class _Unusable(Exception):
    """Why one row cannot be used; caught in this file alone."""


def individual_ratios(
    rows: Iterable[Row],
    *,
    numerator: str,
    denominator: str,
    weight: str | None = None,
    statistic: str = "mean",
) -> Result:
    """A statistic of each person's own ratio, such as cost / monthly earnings: "mean", "median" or "p80".

    A row enters with both numbers or not at all; a denominator of 0 or less leaves it out. With `weight`
    the statistic is weighted. This is never the ratio of the two means, which is another number.
    Quantiles: the ratio at which the cumulated weight passes the share wanted; where it meets the share
    exactly, the mean of that ratio and the next (without weights this is the usual median).
    SDG metadata 10.7.1 (2022): RCI = f(C_k / E_k); the convention for quantiles is ours, it names none.
    """
    if statistic != "mean" and statistic not in QUANTILES:
        raise ValueError(f"no such statistic: {statistic!r}")
    pairs: list[tuple[float, float]] = []  # ratio, weight
    excluded: dict[str, int] = {}
    for row in rows:
        try:
            above = _not_negative(row, numerator)
            below = _positive(row, denominator)
            weighs = 1.0 if weight is None else _positive(row, weight)
        except _Unusable as why:
            _count(excluded, why)
            continue
        pairs.append((above / below, weighs))
    if not pairs:
        return Result(None, 0, excluded, "no-rows")
    total = math.fsum(weighs for _, weighs in pairs)
    if statistic == "mean":
        value = math.fsum(ratio * weighs for ratio, weighs in pairs) / total
    else:
        value = _quantile(sorted(pairs), QUANTILES[statistic] * total)
    return Result(value, len(pairs), excluded, figures={"weight": total})


def ratio_of_totals(
    rows: Iterable[Row],
    second: Iterable[Row] | None = None,
    *,
    numerator: str | Sequence[str],
    denominator: str,
    weight: str | None = None,
    per: float = 1,
) -> Result:
    """The total of one or several columns over the total of another, per 1, per 100, per 100,000 and so on.

    In one source, a row enters with all its numbers or not at all, so that both totals cover the same. With
    a `second` source for the denominator (population beside cases, say) nothing may be missing: a gap in
    either makes the ratio "incomplete", because it could not be left out of the other.
    """
    columns = _several(numerator)
    if second is not None:
        above = total(rows, value=columns, weight=weight)
        below = total(second, value=denominator)
        excluded = {**above.excluded, **below.excluded}
        if above.value is None or below.value is None:
            reason = above.reason or below.reason
            return Result(None, 0, excluded, reason)
        return _ratio(above.value, below.value, per, above.used, excluded)
    sums: list[tuple[float, float]] = []
    excluded = {}
    for row in rows:
        try:
            added = math.fsum(_not_negative(row, column) for column in columns)
            beneath = _not_negative(row, denominator)
            weighs = 1.0 if weight is None else _positive(row, weight)
            sums.append((added * weighs, beneath * weighs))
        except _Unusable as why:
            _count(excluded, why)
    if not sums:
        return Result(None, 0, excluded, "no-rows")
    return _ratio(math.fsum(a for a, _ in sums), math.fsum(b for _, b in sums), per, len(sums), excluded)


def refugee_rate(
    rows: Iterable[Row],
    second: Iterable[Row] | None = None,
    *,
    refugees: str = "refugees",
    population: str = "population",
    per: float = 1,
) -> Result:
    """Refugees from a country over (its population + those refugees); the indicator states it per 100,000.

    The refugees are outside the country, so they are added to its population. Both at the end of the
    year. With a `second` source the population comes from there. SDG metadata 10.7.4 (February 2021).
    """
    plain = ratio_of_totals(rows, second, numerator=refugees, denominator=population, per=per)
    if plain.value is None:
        return plain
    outside, inside = plain.figures["numerator"], plain.figures["denominator"]
    return _ratio(outside, inside + outside, per, plain.used, plain.excluded)


def rate(
    rows: Iterable[Row],
    second: Iterable[Row] | None = None,
    *,
    numerator: str | Sequence[str],
    denominator: str,
    weight: str | None = None,
    per: float = 1,
) -> Result:
    """Cases per so many persons: the total of the rows over a total of a `second` source, such as population.

    A gap in either makes it "incomplete". Where one source holds both it is the ratio of their totals.
    SDG metadata 8.8.1 (January 2021) and 16.2.2 (July 2016).
    """
    return ratio_of_totals(rows, second, numerator=numerator, denominator=denominator, weight=weight, per=per)


def share_of_gdp(
    rows: Iterable[Row],
    second: Iterable[Row] | None = None,
    *,
    numerator: str | Sequence[str] = ("personal_transfers", "compensation"),
    denominator: str = "gdp",
    per: float = 1,
) -> Result:
    """Remittances received, of all kinds, over the gross domestic product in the same currency.

    A kind that is not known leaves the share unknown. SDG metadata 17.3.2 (July 2016).
    """
    return ratio_of_totals(rows, second, numerator=numerator, denominator=denominator, per=per)


def mean(rows: Iterable[Row], *, value: str, weight: str | None = None, per: float = 1) -> Result:
    """The mean of a column, weighted with `weight`; the number may have either sign."""
    pairs, excluded = _weighted(rows, value, weight)
    if not pairs:
        return Result(None, 0, excluded, "no-rows")
    above, below = math.fsum(v * w for v, w in pairs), math.fsum(w for _, w in pairs)
    return _ratio(above, below, per, len(pairs), excluded)


def quantile(rows: Iterable[Row], *, value: str, share: float, weight: str | None = None) -> Result:
    """The value at which the cumulated weight passes a share between 0 and 1; 0.5 is the median.

    Where it meets the share exactly, the mean of that value and the next; so without weights 0.5 is the
    usual median.
    """
    if not 0 < share < 1:
        raise ValueError(f"not a share between 0 and 1: {share!r}")
    pairs, excluded = _weighted(rows, value, weight)
    if not pairs:
        return Result(None, 0, excluded, "no-rows")
    whole = math.fsum(w for _, w in pairs)
    return Result(_quantile(sorted(pairs), share * whole), len(pairs), excluded, figures={"weight": whole})


def proportion(rows: Iterable[Row], *, trait: str, weight: str | None = None, per: float = 1) -> Result:
    """The share of persons who have a trait, one person a row, weighted with `weight`.

    The trait is yes/no, true/false or 1/0. Who did not answer is left out of both sums, and counted.
    """
    having: list[float] = []
    answering: list[float] = []
    excluded: dict[str, int] = {}
    for row in rows:
        try:
            has = _yes(row, trait)
            weighs = 1.0 if weight is None else _positive(row, weight)
        except _Unusable as why:
            _count(excluded, why)
            continue
        answering.append(weighs)
        having.append(weighs if has else 0.0)
    if not answering:
        return Result(None, 0, excluded, "no-rows")
    return _ratio(math.fsum(having), math.fsum(answering), per, len(answering), excluded)


def child_labour(
    rows: Iterable[Row],
    *,
    age: str = "age",
    hours: str = "hours",
    chores: str | None = None,
    weight: str | None = None,
    per: float = 1,
) -> Result:
    """The share of children of 5 to 17 in child labour, from their age and weekly hours.

    Economic activity of at least 1 hour at 5-11, at least 14 hours at 12-14, more than 43 hours at 15-17;
    with `chores`, also more than 21 hours of household chores at 5-14. SDG metadata 8.7.1. Hazardous work
    is not part of it.
    """
    judged: list[dict[str, Any]] = []
    excluded: dict[str, int] = {}
    for row in rows:
        try:
            years = _not_negative(row, age)
            worked = _not_negative(row, hours)
            at_home = 0.0 if chores is None or years >= 15 else _not_negative(row, chores)
            if not 5 <= years < 18:
                raise _Unusable("out-of-age")
        except _Unusable as why:
            _count(excluded, why)
            continue
        at_work = worked > 43 if years >= 15 else worked >= (14 if years >= 12 else 1)
        judged.append({"labour": at_work or at_home > 21, "weight": 1 if weight is None else row.get(weight)})
    share = proportion(judged, trait="labour", weight="weight", per=per)
    for why, count in share.excluded.items():
        excluded[why.replace("weight", weight or "weight")] = count
    return Result(share.value, share.used, excluded, share.reason, share.figures)


def incidents(rows: Iterable[Row], *, columns: Sequence[str]) -> Result:
    """The persons counted over incidents, one a row: the sum of what each one states; a minimum estimate.

    An incident needs at least one of the columns (dead, missing): a blank one says that none was reported,
    an incident with all of them blank is left out. No incident is "no-rows", not 0: nobody may have looked.
    SDG metadata 10.7.3 (December 2021): a count, without estimation.
    """
    counted: list[float] = []
    excluded: dict[str, int] = {}
    for row in rows:
        try:
            stated = [_not_negative(row, column) for column in columns if not _blank(row.get(column))]
            if not stated:
                raise _Unusable(f"no-{columns[0]}")
        except _Unusable as why:
            _count(excluded, why)
            continue
        counted.append(math.fsum(stated))
    if not counted:
        return Result(None, 0, excluded, "no-rows")
    return Result(math.fsum(counted), len(counted), excluded)


def total(rows: Iterable[Row], *, value: str | Sequence[str], weight: str | None = None) -> Result:
    """The weighted sum of one or several columns; "incomplete" where a cell is missing, as it is too small.

    Only a weight of 0 leaves a row out without harm: it stands for nobody.
    """
    parts: list[float] = []
    excluded: dict[str, int] = {}
    for row in rows:
        try:
            added = math.fsum(_not_negative(row, column) for column in _several(value))
            parts.append(added * (1.0 if weight is None else _positive(row, weight)))
        except _Unusable as why:
            _count(excluded, why)
    if set(excluded) - {f"not-positive:{weight}"}:
        return Result(None, 0, excluded, "incomplete")
    if not parts:
        return Result(None, 0, excluded, "no-rows")
    return Result(math.fsum(parts), len(parts), excluded)


def service_average(
    rows: Iterable[Row],
    *,
    amount: str = "amount",
    fee: str = "fee",
    margin: str = "margin",
    reference: float = 200,
) -> Result:
    """The simple average of the total cost over remittance services, in per cent of the amount sent.

    One service a row: the amount (USD 200 or what stands for it; other amounts are left out), the fee in
    the same currency, the exchange-rate margin in per cent. Every service counts the same, whatever its
    share of the market. SDG metadata 10.c.1 (February 2018).
    """
    costs, excluded = _costs(rows, amount, fee, margin, reference)
    if not costs:
        return Result(None, 0, excluded, "no-rows")
    return Result(math.fsum(cost for cost, _ in costs) / len(costs), len(costs), excluded)


def smart(
    rows: Iterable[Row],
    *,
    amount: str = "amount",
    fee: str = "fee",
    margin: str = "margin",
    corridor: str = "corridor",
    days: str = "days",
    transparent: str = "transparent",
    accessible: str = "accessible",
    reference: float = 200,
) -> Result:
    """SmaRT: the simple average of the three cheapest qualifying services of one corridor, in per cent.

    A service qualifies that is transparent, takes 5 days or fewer and is accessible. Fewer than three give
    no value; rows of several corridors neither. SDG metadata 10.c.1 (February 2018).
    """
    costs, excluded = _costs(rows, amount, fee, margin, reference)
    if len({row.get(corridor) for _, row in costs}) > 1:
        return Result(None, 0, excluded, "several-corridors")
    qualifying: list[float] = []
    for cost, row in costs:
        try:
            if not (_yes(row, transparent) and _yes(row, accessible) and _not_negative(row, days) <= 5):
                raise _Unusable("not-qualifying")
        except _Unusable as why:
            _count(excluded, why)
            continue
        qualifying.append(cost)
    if len(qualifying) < 3:
        return Result(None, len(qualifying), excluded, "fewer-than-three")
    cheapest = sorted(qualifying)[:3]
    return Result(math.fsum(cheapest) / 3, 3, excluded, figures={"qualifying": len(qualifying)})


# What an engine sums up

NUMBER, NOT_NEGATIVE, POSITIVE = "number", "not-negative", "positive"
YES_NO, ANY_OF, WORDS = "yes-no", "any-of", "words"
"""What a role's cells must be: a number; a number of 0 or more; above 0; yes or no; several numbers of which
one is enough; or anything."""

Values = Mapping[str, Any]
"""{role: its cells}, as the engine's expressions: they can be added, divided and compared."""


@dataclass(frozen=True, slots=True)
class Method:
    """A formula, and how an engine that sees rows only as columns comes to the same number.

    `kind` "ratio": the value is the sum of w·y over the sum of w·x (without `x`: the sum of w·y alone), so
    that `y` and `x` say all. "quantile": a quantile of y. "rows": the formula itself is applied to the rows
    of each cell, which are few. `roles` says what a row needs ({role: kind of cell}); `optional` ones may
    be left out. `holds` is what must be true of a row beside that, `else_why` the reason where it is not, and
    `unless` when a role is not looked at. `alone` is y where the denominator comes from a second source.

    `sampled`: rows can be a sample, so weights and errors make sense. `complete`: no row may be left out
    for want of a number. `share`: the value is a proportion, and its interval stays between 0 and 1.
    """

    formula: Callable[..., Result]
    roles: Mapping[str, str]
    kind: str = "ratio"
    y: Callable[[Values], Any] | None = None
    x: Callable[[Values], Any] | None = None
    alone: Callable[[Values], Any] | None = None
    optional: tuple[str, ...] = ()
    holds: Callable[[Values], Any] | None = None
    else_why: str = ""
    unless: Mapping[str, Callable[[Values], Any]] = field(default_factory=dict)
    sampled: bool = True
    complete: bool = False
    share: bool = False


def _labour(v: Values) -> Any:
    """Whether a child is in child labour, as `child_labour` judges it."""
    working = ((v["age"] < 12) & (v["hours"] >= 1)) | ((v["age"] >= 12) & (v["hours"] >= 14))
    at_work = ((v["age"] < 15) & working) | ((v["age"] >= 15) & (v["hours"] > 43))
    if "chores" not in v:
        return at_work
    return at_work | ((v["age"] < 15) & (v["chores"] > 21))


METHODS: dict[str, Method] = {
    "total": Method(total, {"value": NOT_NEGATIVE}, y=lambda v: v["value"], complete=True),
    "mean": Method(mean, {"value": NUMBER}, y=lambda v: v["value"], x=lambda v: 1),
    "quantile": Method(quantile, {"value": NUMBER}, "quantile", y=lambda v: v["value"], x=lambda v: 1),
    "proportion": Method(proportion, {"trait": YES_NO}, y=lambda v: v["trait"], x=lambda v: 1, share=True),
    "ratio_of_totals": Method(
        ratio_of_totals,
        {"numerator": NOT_NEGATIVE, "denominator": NOT_NEGATIVE},
        y=lambda v: v["numerator"],
        x=lambda v: v["denominator"],
        alone=lambda v: v["numerator"],
    ),
    "individual_ratios": Method(
        individual_ratios,
        {"numerator": NOT_NEGATIVE, "denominator": POSITIVE},
        y=lambda v: v["numerator"] / v["denominator"],
        x=lambda v: 1,
    ),
    "rate": Method(
        rate,
        {"numerator": NOT_NEGATIVE, "denominator": NOT_NEGATIVE},
        y=lambda v: v["numerator"],
        x=lambda v: v["denominator"],
        alone=lambda v: v["numerator"],
    ),
    "refugee_rate": Method(
        refugee_rate,
        {"refugees": NOT_NEGATIVE, "population": NOT_NEGATIVE},
        y=lambda v: v["refugees"],
        x=lambda v: v["refugees"] + v["population"],
        alone=lambda v: v["refugees"],
    ),
    "share_of_gdp": Method(
        share_of_gdp,
        {"numerator": NOT_NEGATIVE, "denominator": NOT_NEGATIVE},
        y=lambda v: v["numerator"],
        x=lambda v: v["denominator"],
        alone=lambda v: v["numerator"],
        sampled=False,
    ),
    "child_labour": Method(
        child_labour,
        {"age": NOT_NEGATIVE, "hours": NOT_NEGATIVE, "chores": NOT_NEGATIVE},
        y=_labour,
        x=lambda v: 1,
        optional=("chores",),
        holds=lambda v: (v["age"] >= 5) & (v["age"] < 18),
        else_why="out-of-age",
        unless={"chores": lambda v: v["age"] >= 15},
        share=True,
    ),
    "incidents": Method(incidents, {"columns": ANY_OF}, y=lambda v: v["columns"], sampled=False),
    "service_average": Method(
        service_average, {"amount": WORDS, "fee": WORDS, "margin": WORDS}, "rows", sampled=False
    ),
    "smart": Method(
        smart,
        dict.fromkeys(("amount", "fee", "margin", "corridor", "days", "transparent", "accessible"), WORDS),
        "rows",
        sampled=False,
    ),
}
"""The methods that a definition or a mapping may name."""


def _several(columns: str | Sequence[str]) -> list[str]:
    return [columns] if isinstance(columns, str) else list(columns)


def _weighted(
    rows: Iterable[Row], value: str, weight: str | None
) -> tuple[list[tuple[float, float]], dict[str, int]]:
    """((value, weight) of every row that can be used, how many could not, by reason)."""
    pairs: list[tuple[float, float]] = []
    excluded: dict[str, int] = {}
    for row in rows:
        try:
            number = _number(row, value)
            pairs.append((number, 1.0 if weight is None else _positive(row, weight)))
        except _Unusable as why:
            _count(excluded, why)
    return pairs, excluded


def _costs(
    rows: Iterable[Row], amount: str, fee: str, margin: str, reference: float
) -> tuple[list[tuple[float, Row]], dict[str, int]]:
    """(cost in per cent of the amount, row) of every service that was asked about the reference amount."""
    costs: list[tuple[float, Row]] = []
    excluded: dict[str, int] = {}
    for row in rows:
        try:
            sent = _positive(row, amount)
            if sent != reference:
                raise _Unusable("other-amount")
            costs.append((_not_negative(row, fee) / sent * 100 + _number(row, margin), row))
        except _Unusable as why:
            _count(excluded, why)
    return costs, excluded


def _ratio(above: float, below: float, per: float, used: int, excluded: Mapping[str, int]) -> Result:
    figures = {"numerator": above, "denominator": below}
    if below == 0:
        return Result(None, used, excluded, "zero-denominator", figures)
    return Result(above * per / below, used, excluded, figures=figures)


def _quantile(pairs: list[tuple[float, float]], wanted: float) -> float:
    """The value at which the cumulated weight of sorted (value, weight) pairs reaches the weight wanted."""
    reached = 0.0
    for position, (value, weighs) in enumerate(pairs):
        reached += weighs
        if math.isclose(reached, wanted, rel_tol=1e-12) and position + 1 < len(pairs):
            return (value + pairs[position + 1][0]) / 2
        if reached > wanted:
            return value
    return pairs[-1][0]


def _blank(cell: object) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def _number(row: Row, column: str) -> float:
    cell = row.get(column)
    if _blank(cell):
        raise _Unusable(f"no-{column}")
    try:
        value = float(cell)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        raise _Unusable(f"not-a-number:{column}") from None
    if not math.isfinite(value) or (
        isinstance(cell, str) and ("_" in cell or not cell.isascii())
    ):  # 1_000, １０
        raise _Unusable(f"not-a-number:{column}")
    return value


def _not_negative(row: Row, column: str) -> float:
    value = _number(row, column)
    if value < 0:
        raise _Unusable(f"negative:{column}")
    return value


def _positive(row: Row, column: str) -> float:
    value = _number(row, column)
    if value <= 0:
        raise _Unusable(f"not-positive:{column}")
    return value


def _yes(row: Row, column: str) -> bool:
    cell = row.get(column)
    if _blank(cell):
        raise _Unusable(f"no-{column}")
    answer = ANSWERS.get(str(cell).strip().lower().removesuffix(".0"))
    if answer is None:
        raise _Unusable(f"not-an-answer:{column}")
    return answer


def _count(excluded: dict[str, int], why: _Unusable) -> None:
    excluded[str(why)] = excluded.get(str(why), 0) + 1
