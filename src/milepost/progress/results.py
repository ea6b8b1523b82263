"""Figures of a results matrix added up by the indicator's own three rules, and judged against its targets.

Places come first, then time: the figures of one period's places make one figure of the period, the figures of
the periods make one of the project. What was not reported is neither zero nor a part of a mean, and every
answer says how many places or periods it rests on. Nothing that was reported is overwritten: what parts come
to stands beside it.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, NamedTuple

from milepost.values.figures import NOT_REPORTED, Amount, added, half_of_last, margins, ratio, worth
from milepost.values.observation import Breakdown
from milepost.values.results import (
    Direction,
    Figure,
    Measure,
    ReportingPeriod,
    Result,
    ResultIndicator,
)

MARGIN = Decimal("0.15")
"""How far from what was due a figure may be and still be on track: 15 % of the way, the usual margin of
programme monitoring (Mercy Corps' TolaData). An office may choose another."""

ON_TRACK = ("above", "on_track", "reached", "kept")
"""The verdicts that are good news."""
OFF_TRACK = ("below", "away", "not_kept")
"""Those that are not."""


class Note(NamedTuple):
    """Something to know beside an answer: a code of `words.RESULT_NOTES`, and what fills its sentence."""

    code: str
    details: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Total:
    """What several figures come to, and how it came about.

    `amount` is what counts: the figure as entered where there is one with a value, else what the places, the
    cells or the periods come to (`computed`, kept beside it). `reported` of `expected` places or periods had
    a value; `rule` is the rule that made one figure of them, "entered" where none was needed.
    """

    amount: Amount
    rule: str = "entered"
    computed: Amount | None = None
    reported: int = 0
    expected: int = 0
    notes: tuple[Note, ...] = ()


NOTHING = Total(NOT_REPORTED)
NOT_ENTERED = Total(NOT_REPORTED, "cells")


# Rules: several figures to one ------------------------------------------------------------------------------


def _largest(amounts: Sequence[Amount], _: Measure) -> Amount:
    return max(amounts, key=lambda amount: amount.value if amount.value is not None else Decimal("-Infinity"))


def _mean(amounts: Sequence[Amount], _: Measure) -> Amount:
    values = [amount.value for amount in amounts if amount.value is not None]
    return Amount(sum(values, Decimal(0)) / len(values)) if values else amounts[0]


def _last(amounts: Sequence[Amount], _: Measure) -> Amount:
    return amounts[-1]


def _nothing(_amounts: Sequence[Amount], _measure: Measure) -> Amount:
    return Amount(reason="not_added_up")


RULES: dict[str, Callable[[Sequence[Amount], Measure], Amount]] = {
    "sum": added,
    "last": _last,
    "max": _largest,
    "mean": _mean,
    "ratio": ratio,
    "none": _nothing,
}
"""What makes one figure of several. "sum" of percentages is their ratio: percentages are never added."""

_FAULTS = ("conflicting_figures", "value_beside_status", "no_denominator")
"""With one of these among the parts there is no honest total."""

_COMPUTES = ("sum", "mean", "ratio")


def together(amounts: Sequence[Amount], rule: str, measure: Measure) -> Amount:
    """One amount of several by a rule; those without value count for nothing, least of all for zero.

    >>> together([Amount(Decimal(4)), NOT_REPORTED, Amount(Decimal(0))], "mean", "number").value
    Decimal('2')
    """
    for amount in amounts:
        if amount.reason in _FAULTS:
            return amount
    words = measure in ("nominal", "qualitative", "ordinal")
    there = [amount for amount in amounts if _is_given(amount) and (words or amount.reason != "no_number")]
    if not there:
        return _why_none(amounts)
    if len(there) == 1:
        return there[0]
    if measure in ("nominal", "qualitative") and rule not in ("last", "none"):
        return Amount(reason="not_added_up")
    if measure == "ordinal" and (
        rule in _COMPUTES or (rule == "max" and any(a.value is None for a in there))
    ):
        return Amount(reason="order_is_not_added")
    if rule in ("max", "mean", "last") and not words:
        there = [amount for amount in there if amount.value is not None] or there
    return RULES[rule](there, measure)


def _why_none(amounts: Sequence[Amount]) -> Amount:
    """Why none of them has a value: not applicable only if that is so for all; missing if one says so."""
    reasons = {amount.reason for amount in amounts}
    if reasons == {"not_applicable"}:
        return Amount(reason="not_applicable")
    for reason in ("missing", "denominator_zero", "no_number", "no_value"):
        if reason in reasons:
            return Amount(reason=reason)
    return NOT_REPORTED


# Places -----------------------------------------------------------------------------------------------------


def places_of(indicator: ResultIndicator) -> tuple[str, ...]:
    """The places that an indicator has figures of, in the order in which they first occur."""
    sets = [indicator.baseline.figures if indicator.baseline else (), indicator.end_target]
    for period in indicator.periods:
        sets += [period.targets, period.actuals]
    return tuple(dict.fromkeys(figure.place for figures in sets for figure in figures if figure.place))


def total(
    figures: Iterable[Figure],
    indicator: ResultIndicator,
    *,
    breakdown: Breakdown = (),
    places: Collection[str] = (),
    categories: Mapping[str, Collection[str]] | None = None,
) -> Total:
    """The figure of one period (or of a baseline or target) over all its places, for one breakdown.

    `places` are those asked for; a place to which the indicator does not apply is not waited for. Where
    nothing was entered for the whole, its places come to it by the rule over places; where there are none,
    the cells of finer breakdowns do, if they can be added.
    """
    figures = tuple(figures)
    if not places and not any(figure.place or figure.breakdown for figure in figures):
        entered = _entered(figures, indicator, breakdown)  # the usual case, in short
        return NOT_ENTERED if entered is None else Total(entered)
    by_place: dict[str, list[Figure]] = defaultdict(list)
    for figure in figures:
        by_place[figure.place].append(figure)
    whole = by_place.pop("", [])
    entered = _entered(whole, indicator, breakdown)
    asked = dict.fromkeys((*places, *by_place))
    found = {place: _at_a_place(by_place.get(place, []), indicator, breakdown, categories) for place in asked}
    parts = [amount for amount, _ in found.values()]
    waited = [amount for amount in parts if amount.reason != "not_applicable"]
    given = sum(map(_is_given, waited))
    if any(amount.reason != "not_reported" for amount in parts):
        rule, computed = indicator.over_places, together(parts, indicator.over_places, indicator.measure)
        notes = [note for _, of_place in found.values() for note in of_place][:1]
        if 0 < given < len(waited):
            notes.append(Note("places_incomplete", {"reported": given, "expected": len(waited)}))
    else:
        rule, (computed, notes) = "cells", _from_cells(whole, indicator, breakdown, categories)
    if entered is not None and (entered.reason is None or entered.reason in _FAULTS or _is_empty(computed)):
        notes = [*notes, *_differs(entered, computed, complete=not notes)]
        return Total(entered, "entered", computed, given, len(waited), tuple(notes))
    return Total(computed or NOT_REPORTED, rule, computed, given, len(waited), tuple(notes))


def _is_given(amount: Amount) -> bool:
    """Whether something was reported: a number, both parts of a ratio (even 0 of 0), or words."""
    return amount.value is not None or amount.divided or amount.reason == "no_number"


def _is_empty(amount: Amount | None) -> bool:
    return amount is None or amount.value is None


def _entered(figures: Iterable[Figure], indicator: ResultIndicator, breakdown: Breakdown) -> Amount | None:
    """What was entered for a breakdown; two different figures are a conflict that a person decides."""
    amounts = {worth(figure, indicator.measure) for figure in figures if figure.breakdown == breakdown}
    if len(amounts) > 1:
        return Amount(reason="conflicting_figures")
    return next(iter(amounts), None)


def _at_a_place(
    figures: Sequence[Figure],
    indicator: ResultIndicator,
    breakdown: Breakdown,
    categories: Mapping[str, Collection[str]] | None,
) -> tuple[Amount, list[Note]]:
    """What a place reported, or else what its cells come to."""
    entered = _entered(figures, indicator, breakdown)
    if entered is not None and (entered.value is not None or entered.reason in _FAULTS):
        return entered, []
    computed, notes = _from_cells(figures, indicator, breakdown, categories)
    return computed or entered or NOT_REPORTED, notes


def _from_cells(
    figures: Sequence[Figure],
    indicator: ResultIndicator,
    breakdown: Breakdown,
    categories: Mapping[str, Collection[str]] | None,
) -> tuple[Amount | None, list[Note]]:
    """What finer cells come to; of several sets of dimensions the first that is complete."""
    if all(len(figure.breakdown) <= len(breakdown) for figure in figures):
        return None, []
    mine = [margin for margin in margins(figures, indicator, categories) if margin.breakdown == breakdown]
    best = next((margin for margin in mine if margin.complete), mine[0] if mine else None)
    if best is None:
        return None, []
    if best.complete:
        return best.computed, []
    return best.computed, [Note("cells_incomplete", {"cells": best.cells, "expected": best.expected})]


def _differs(entered: Amount, computed: Amount | None, *, complete: bool) -> Iterator[Note]:
    """Both are kept; parts that are not all there differ only if they are already more than the whole."""
    if entered.value is None or computed is None or computed.value is None:
        return
    more = computed.value - entered.value
    if (abs(more) if complete else more) > half_of_last(entered.value):
        yield Note("differs_from_parts", {"entered": entered.value, "computed": computed.value})


# Time -------------------------------------------------------------------------------------------------------


def over_time(totals: Sequence[Total], indicator: ResultIndicator) -> Total:
    """One figure of the periods' totals, which are in the order of time.

    not_cumulative: by the rule over time. cumulative: the sum so far. reported_cumulatively: the last one
    reported with a value, never a sum; where that is lower than an earlier one, a note says so.
    """
    amounts = [one.amount for one in totals]
    rule = indicator.over_time
    if indicator.counting == "reported_cumulatively":
        rule = "last"
    elif indicator.counting == "cumulative":
        rule = "ratio" if rule == "ratio" else "sum"
    amount = together(amounts, rule, indicator.measure)
    waited = [one for one in amounts if one.reason != "not_applicable"]
    given = sum(map(_is_given, waited))
    notes: list[Note] = []
    if given < len(waited):
        notes.append(Note("periods_incomplete", {"reported": given, "expected": len(waited)}))
    if indicator.counting == "reported_cumulatively":
        notes += _falls(amounts)
    if any(note.code == "places_incomplete" for one in totals for note in one.notes):
        notes.append(Note("periods_with_places_missing"))
    return Total(amount, rule, amount, given, len(waited), tuple(notes))


def _falls(amounts: Sequence[Amount]) -> Iterator[Note]:
    """What is counted since the start cannot fall: a warning, for the figures may have been corrected."""
    values = [amount.value for amount in amounts if amount.value is not None]
    highest = values[0] if values else Decimal(0)
    for value in values[1:]:
        if value < highest:
            yield Note("total_falls", {"before": highest, "after": value})
        highest = max(highest, value)


# Progress ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Progress:
    """How far from the baseline to a target a figure is, and whether that is as it should be.

    `share` is (actual - baseline) / (target - baseline), 1 being the target; None where `reason` (a code)
    says why, and for an indicator to be maintained, which is kept or not. `reached` compares the figure with
    the target alone, and is None where that cannot be done. `figures` holds every number that went in.
    """

    verdict: str
    share: Decimal | None = None
    reason: str | None = None
    reached: bool | None = None
    overdue: bool = False
    figures: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.verdict == "not_computable") != (self.reason is not None):
            raise ValueError("progress has a reason exactly when it is not computable")

    @property
    def percent(self) -> Decimal | None:
        """The share in per cent."""
        return None if self.share is None else 100 * self.share


_OF_ACTUAL = {"missing": "actual_missing", "not_applicable": "actual_not_applicable"}
_OF_TARGET = {
    "not_reported": "no_target",
    "missing": "target_missing",
    "not_applicable": "target_not_applicable",
}
_OF_BASELINE = {
    "not_reported": "no_baseline",
    "missing": "baseline_missing",
    "not_applicable": "baseline_not_applicable",
}


def towards(
    actual: Amount,
    target: Amount,
    baseline: Amount,
    *,
    direction: Direction = "up",
    measure: Measure = "number",
    tolerance: Decimal | None = None,
    due: date | None = None,
    today: date | None = None,
    margin: Decimal = MARGIN,
) -> Progress:
    """Progress from the baseline to the target, right for falling indicators by the sign alone.

    A target is due once its day is over; without `today` it is judged as due. Before, it is reached, under
    way, or away from it; afterwards above, on track (within the margin), below or away.

    >>> figures = (Amount(Decimal(n)) for n in (5, 0, 20))  # from 20 to 0, and 5 so far
    >>> towards(*figures, direction="down").percent
    Decimal('75.00')
    """
    over = today is None or (due is not None and today > due)
    figures: dict[str, Any] = {
        "actual": actual.value,
        "target": target.value,
        "baseline": baseline.value,
        "direction": direction,
        "due": due,
    }
    reason = _why_not(actual, target, measure)
    if measure in ("nominal", "ordinal") and reason in ("no_number", "no_order"):
        return _in_words(actual, target, figures, over)
    if reason is not None:
        silent = actual.reason in ("not_reported", "missing", "no_value") and target.reason is None
        return Progress("not_computable", reason=reason, overdue=over and silent, figures=figures)
    assert actual.value is not None and target.value is not None
    if direction == "maintain":
        return _maintained(actual.value, target.value, tolerance, figures)
    reached = actual.value >= target.value if direction == "up" else actual.value <= target.value
    reason = _why_no_way(target.value, baseline, direction)
    if reason is not None:
        return Progress("not_computable", None, reason, reached, over and not reached, figures)
    assert baseline.value is not None
    share = (actual.value - baseline.value) / (target.value - baseline.value)
    verdict = _class(share, over, margin)
    figures["margin"] = margin
    return Progress(verdict, share, None, reached, over and verdict in ("below", "away"), figures)


def _class(share: Decimal, over: bool, margin: Decimal) -> str:
    if share < 0:
        return "away"
    if not over:
        return "reached" if share >= 1 else "under_way"
    if share > 1 + margin:
        return "above"
    return "on_track" if share >= 1 - margin else "below"


def _why_not(actual: Amount, target: Amount, measure: Measure) -> str | None:
    if measure == "qualitative":
        return "qualitative"
    if actual.reason is not None and not (actual.text and actual.reason == "no_number"):
        return _OF_ACTUAL.get(actual.reason, actual.reason)
    if target.reason is not None and not (target.text and target.reason == "no_number"):
        return _OF_TARGET.get(target.reason, target.reason)
    if measure == "nominal" or actual.value is None or target.value is None:
        return "no_order"
    return None


def _in_words(actual: Amount, target: Amount, figures: dict[str, Any], over: bool) -> Progress:
    """Categories without numbers: the target's own category is reached, of any other there is no order."""
    said, wanted = (_category(amount) for amount in (actual, target))
    figures |= {"actual": said, "target": wanted}
    if said == wanted:
        return Progress("reached", reached=True, figures=figures)
    return Progress("not_computable", None, "no_order", False, over, figures)


def _category(amount: Amount) -> str:
    return str(amount.value) if amount.value is not None else amount.text


def _maintained(
    actual: Decimal, target: Decimal, tolerance: Decimal | None, figures: dict[str, Any]
) -> Progress:
    figures["tolerance"] = tolerance
    if tolerance is None:
        return Progress("not_computable", reason="no_tolerance", figures=figures)
    kept = abs(actual - target) <= tolerance
    return Progress("kept" if kept else "not_kept", reached=kept, figures=figures)


def _why_no_way(target: Decimal, baseline: Amount, direction: Direction) -> str | None:
    if baseline.value is None:
        return _OF_BASELINE.get(baseline.reason or "", baseline.reason)
    if target == baseline.value:
        return "target_equals_baseline"
    return None if (target > baseline.value) == (direction == "up") else "target_against_direction"


# An indicator as a whole ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PeriodAnswer:
    """One period: its target, what was reported for it, what that comes to since the start, and progress."""

    period: ReportingPeriod
    target: Total
    actual: Total
    to_date: Total
    progress: Progress


@dataclass(frozen=True, slots=True)
class Answer:
    """An indicator, or one breakdown or place of it: its periods, and all of them against the end target."""

    baseline: Total
    end_target: Total
    actual: Total
    progress: Progress
    periods: tuple[PeriodAnswer, ...]

    def latest(self, today: date) -> Progress:
        """Progress as of a day: in the last period that is over and has a target, else to the end target."""
        for answer in reversed(self.periods):
            if answer.period.end < today and answer.target.amount.value is not None:
                return answer.progress
        return self.progress


def assess(
    indicator: ResultIndicator,
    *,
    today: date | None = None,
    end: date | None = None,
    breakdown: Breakdown = (),
    place: str = "",
    places: Collection[str] = (),
    categories: Mapping[str, Collection[str]] | None = None,
    margin: Decimal = MARGIN,
) -> Answer:
    """Everything that an indicator's figures say, for the whole or for one breakdown or place.

    `end` is the day on which the end target is due, by default the end of the last period. The end target is
    the one entered, never the sum of the periods' targets. Baseline, targets and actuals are on one scale:
    a cumulative indicator's targets are what is to be reached since the start.
    """
    reckoned = _Reckoned(
        indicator,
        today,
        end,
        breakdown=breakdown,
        place=place,
        places=places,
        categories=categories,
        margin=margin,
    )
    return Answer(
        reckoned.baseline,
        reckoned.end_target,
        reckoned.whole,
        reckoned.to_the_end(),
        tuple(reckoned.period(n) for n in range(len(reckoned.periods))),
    )


def latest(
    indicator: ResultIndicator,
    *,
    today: date,
    end: date | None = None,
    categories: Mapping[str, Collection[str]] | None = None,
) -> Progress:
    """The same as `assess(...).latest(today)`, without working out the periods that it does not rest on."""
    reckoned = _Reckoned(indicator, today, end, categories=categories)
    for n in reversed(range(len(reckoned.periods))):
        if reckoned.periods[n].end < today and reckoned.target(n).amount.value is not None:
            return reckoned.period(n).progress
    return reckoned.to_the_end()


class _Reckoned:
    """The totals of an indicator's figures, each worked out once, and only if it is asked for."""

    def __init__(self, indicator: ResultIndicator, today: date | None, end: date | None, **asked: Any):
        self.indicator, self.today = indicator, today
        self.place: str = asked.pop("place", "")
        self.places: Collection[str] = asked.pop("places", ()) or places_of(indicator)
        self.margin: Decimal = asked.pop("margin", MARGIN)
        self.asked = asked
        self.periods = sorted(indicator.periods, key=lambda period: (period.start, period.end))
        self.end = end or (self.periods[-1].end if self.periods else None)
        self.targets: dict[int, Total] = {}
        self.actuals: dict[int, Total] = {}

    def _of(self, figures: Iterable[Figure]) -> Total:
        places = self.places
        if self.place:
            figures = (replace(figure, place="") for figure in figures if figure.place == self.place)
            places = ()
        return total(figures, self.indicator, places=places, **self.asked)

    def _judged(self, actual: Total, target: Total, due: date | None) -> Progress:
        return towards(
            actual.amount,
            target.amount,
            self.baseline.amount,
            direction=self.indicator.direction,
            measure=self.indicator.measure,
            tolerance=self.indicator.tolerance,
            due=due,
            today=self.today,
            margin=self.margin,
        )

    @cached_property
    def baseline(self) -> Total:
        return self._of(self.indicator.baseline.figures) if self.indicator.baseline else NOTHING

    @cached_property
    def end_target(self) -> Total:
        return self._of(self.indicator.end_target)

    @cached_property
    def whole(self) -> Total:
        due = [n for n, one in enumerate(self.periods) if _is_due(one, self.today) or one.actuals]
        return over_time([self.actual(n) for n in due], self.indicator)

    def target(self, n: int) -> Total:
        """The target of the n-th period."""
        if n not in self.targets:
            self.targets[n] = self._of(self.periods[n].targets)
        return self.targets[n]

    def actual(self, n: int) -> Total:
        """What was reported for the n-th period."""
        if n not in self.actuals:
            self.actuals[n] = self._of(self.periods[n].actuals)
        return self.actuals[n]

    def to_date(self, n: int) -> Total:
        """What the n-th period's figure stands for: the sum so far, or it alone."""
        own = self.actual(n)
        if self.indicator.counting != "cumulative" or (own.amount.value is None and not own.amount.divided):
            return own
        return over_time([self.actual(earlier) for earlier in range(n + 1)], self.indicator)

    def period(self, n: int) -> PeriodAnswer:
        """The n-th period, judged by its own target."""
        period, target, to_date = self.periods[n], self.target(n), self.to_date(n)
        progress = self._judged(to_date, target, period.end)
        return PeriodAnswer(period, target, self.actual(n), to_date, progress)

    def to_the_end(self) -> Progress:
        """All periods, judged by the end target."""
        return self._judged(self.whole, self.end_target, self.end)


def _is_due(period: ReportingPeriod, today: date | None) -> bool:
    return today is None or period.end < today


# Several indicators, several projects -----------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class RollUp:
    """Progress of several indicators as counts, never as an average of percentages."""

    indicators: int
    verdicts: Mapping[str, int]
    reasons: Mapping[str, int]
    reached: int
    overdue: int

    @property
    def judged(self) -> int:
        """How many could be judged: the denominator of every share."""
        return self.indicators - self.verdicts.get("not_computable", 0)

    @property
    def on_track(self) -> int:
        """How many are on track, above, reached or kept; `judged` is their denominator."""
        return sum(self.verdicts.get(verdict, 0) for verdict in ON_TRACK)

    @property
    def off_track(self) -> int:
        """How many are below what was due, away from the target or not kept."""
        return sum(self.verdicts.get(verdict, 0) for verdict in OFF_TRACK)

    @property
    def under_way(self) -> int:
        """How many are between the baseline and a target that is not due yet."""
        return self.verdicts.get("under_way", 0)

    @property
    def not_reported(self) -> int:
        """How many cannot be judged because nothing was reported."""
        return self.reasons.get("not_reported", 0)

    @property
    def not_judged(self) -> int:
        """How many cannot be judged for another reason, such as a baseline or target that is missing."""
        return self.indicators - self.judged - self.not_reported


def roll_up(answers: Iterable[Progress]) -> RollUp:
    """Counts of verdicts and reasons."""
    answers = tuple(answers)
    return RollUp(
        len(answers),
        Counter(answer.verdict for answer in answers),
        Counter(answer.reason for answer in answers if answer.reason is not None),
        sum(answer.reached is True for answer in answers),
        sum(answer.overdue for answer in answers),
    )


def by_result(results: Iterable[Result], judge: Callable[[ResultIndicator], Progress]) -> dict[str, RollUp]:
    """For each result, by its code, its own indicators and those of all results below it."""
    found: dict[str, RollUp] = {}
    for result in results:
        _roll(result, judge, found)
    return found


def _roll(
    result: Result, judge: Callable[[ResultIndicator], Progress], found: dict[str, RollUp]
) -> list[Progress]:
    own = [judge(indicator) for indicator in result.indicators]
    for below in result.below:
        own += _roll(below, judge, found)
    found[result.code] = roll_up(own)
    return own


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one output brings to a target: `of` is its address, `evidence` that of the deed it rests on."""

    of: str
    evidence: str
    amount: Amount


@dataclass(frozen=True, slots=True)
class Counted:
    """What contributions come to, each deed once.

    `repeated` are those left out because their evidence was counted before. Where the same evidence has two
    values, `amount` has none ("conflicting_contributions"): it lies between `least` and `most`.
    """

    amount: Amount
    counted: tuple[Contribution, ...]
    repeated: tuple[Contribution, ...]
    without_value: tuple[Contribution, ...]
    without_evidence: tuple[Contribution, ...]
    conflicts: tuple[str, ...] = ()
    least: Amount | None = None
    most: Amount | None = None


def counted_once(contributions: Iterable[Contribution], measure: Measure = "number") -> Counted:
    """Add up what several projects bring to one target; the same evidence is not added twice.

    A contribution without evidence cannot be told from another: it is counted, and named. Percentages are
    added by numerator and denominator.
    """
    by_evidence: dict[str, list[Contribution]] = defaultdict(list)
    silent, unproved = [], []
    for number, one in enumerate(contributions):
        if one.amount.value is None and not one.amount.divided:
            silent.append(one)
            continue
        if not one.evidence:
            unproved.append(one)
        by_evidence[one.evidence or f"\0{number}"].append(one)
    counted = tuple(same[0] for same in by_evidence.values())
    repeated = tuple(one for same in by_evidence.values() for one in same[1:])
    conflicts = tuple(name for name, same in by_evidence.items() if len({one.amount for one in same}) > 1)
    rest = (counted, repeated, tuple(silent), tuple(unproved), conflicts)
    if not counted:
        return Counted(_why_none([one.amount for one in silent]), *rest)
    if not conflicts:
        return Counted(added([one.amount for one in counted], measure), *rest)
    least, most = (
        added([choose((one.amount for one in same), key=_size) for same in by_evidence.values()], measure)
        for choose in (min, max)
    )
    return Counted(Amount(reason="conflicting_contributions"), *rest, least, most)


def _size(amount: Amount) -> Decimal:
    return amount.value if amount.value is not None else Decimal(0)
