"""Results matrices: what keeps a result from being measured, and figures that contradict one another."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, NamedTuple

from milepost.values import Origin, Problem
from milepost.values.figures import Margin, added, half_of_last, margins, worth
from milepost.values.results import Figure, ReportingPeriod, Result, ResultIndicator

MAY_HAVE_NO_INDICATOR = ("activity",)
"""Levels that the workplan follows, and not an indicator."""


class Scope(NamedTuple):
    """Where the matrix stands, and from when to when its project runs, as far as that is known."""

    origin: Origin
    start: date | None
    end: date | None


def matrix(
    results: Sequence[Result], *, origin: Origin, start: date | None = None, end: date | None = None
) -> list[Problem]:
    """Every fault of a results matrix; `start` and `end` are those of the project. Nothing is changed."""
    scope = Scope(origin, start, end)
    rows = list(_rows(results))
    found = [*_codes(rows, scope)]
    for result in rows:
        found += _structure(result, scope)
        for indicator in result.indicators:
            found += of_indicator(indicator, origin=origin, start=start, end=end)
    return found


def of_indicator(
    indicator: ResultIndicator, *, origin: Origin, start: date | None = None, end: date | None = None
) -> list[Problem]:
    """Every fault of one indicator and its figures."""
    scope = Scope(origin, start, end)
    return [problem for check in CHECKS.values() for problem in check(indicator, scope)]


def _rows(results: Iterable[Result]) -> Iterator[Result]:
    for result in results:
        yield result
        yield from _rows(result.below)


def _problem(code: str, scope: Scope, indicator: ResultIndicator, **details: Any) -> Problem:
    return Problem(code, scope.origin, {"indicator": _name(indicator), **details})


def _name(row: Result | ResultIndicator) -> str:
    return row.code or row.title.best("en")[0]


# The rows of the matrix -------------------------------------------------------------------------------------


def _codes(rows: Sequence[Result], scope: Scope) -> Iterator[Problem]:
    """Codes of two results of the matrix, or of two indicators of a result."""
    of_results = Counter(row.code for row in rows)
    of_indicators = (Counter(one.code for one in row.indicators) for row in rows)
    for codes in (of_results, *of_indicators):
        for code, count in codes.items():
            if code and count > 1:
                yield Problem("result-code-twice", scope.origin, {"name": code, "count": count})


def _structure(result: Result, scope: Scope) -> Iterator[Problem]:
    details = {"result": _name(result)}
    if not result.indicators and result.level not in MAY_HAVE_NO_INDICATOR:
        yield Problem("result-without-indicator", scope.origin, details)
    if result.level == "objective" and not any(below.level == "outcome" for below in result.below):
        yield Problem("objective-without-outcome", scope.origin, details)
    if result.level == "outcome" and not any(below.level == "output" for below in result.below):
        yield Problem("outcome-without-output", scope.origin, details)


# Indicators -------------------------------------------------------------------------------------------------


def _described(indicator: ResultIndicator, scope: Scope) -> Iterator[Problem]:
    if not indicator.means_of_verification:
        yield _problem("no-means-of-verification", scope, indicator)
    if indicator.direction == "maintain" and indicator.tolerance is None:
        yield _problem("maintain-without-tolerance", scope, indicator)
    if indicator.tolerance is not None and indicator.tolerance < 0:
        yield _problem("negative-tolerance", scope, indicator, tolerance=_said(indicator.tolerance))


def _rules(indicator: ResultIndicator, scope: Scope) -> Iterator[Problem]:
    """Rules that cannot hold together: what is counted since the start is not added up once more."""
    if indicator.counting == "reported_cumulatively" and indicator.over_time in ("sum", "mean"):
        yield _problem("rules-contradict", scope, indicator, rule=indicator.over_time)


def _periods(indicator: ResultIndicator, scope: Scope) -> Iterator[Problem]:
    for period in indicator.periods:
        if period.end < period.start:
            yield _problem("period-ends-before-start", scope, indicator, **_dates(period))
        elif (scope.start and period.start < scope.start) or (scope.end and period.end > scope.end):
            project = {"project_start": _day(scope.start), "project_end": _day(scope.end)}
            yield _problem("period-outside-project", scope, indicator, **_dates(period), **project)
    ordered = sorted(
        (period for period in indicator.periods if period.start <= period.end),
        key=lambda period: (period.start, period.end),
    )
    for one, other in pairwise(ordered):
        days = (other.start - one.end).days
        dates = {"first_end": _day(one.end), "next_start": _day(other.start)}
        if days < 1:
            yield _problem("periods-overlap", scope, indicator, **dates)
        elif days > 1:
            yield _problem("gap-between-periods", scope, indicator, **dates, days=days - 1)


def _baseline(indicator: ResultIndicator, scope: Scope) -> Iterator[Problem]:
    baseline = indicator.baseline
    if baseline is None or scope.start is None:
        return
    late = baseline.day > scope.start if baseline.day else (baseline.year or 0) > scope.start.year
    if late:
        when = _day(baseline.day) if baseline.day else baseline.year
        yield _problem("baseline-after-start", scope, indicator, baseline=when, start=_day(scope.start))


def _targets(indicator: ResultIndicator, scope: Scope) -> Iterator[Problem]:
    """Targets against the baseline, the direction and one another."""
    end = _total(indicator.end_target, indicator)
    of_periods = [(period, _total(period.targets, indicator)) for period in _in_time(indicator)]
    if not indicator.end_target and not any(period.targets for period in indicator.periods):
        yield _problem("no-target-at-all", scope, indicator)
    base = _total(indicator.baseline.figures, indicator) if indicator.baseline else None
    if base is not None and indicator.direction != "maintain":
        yield from _against_baseline(indicator, scope, base, end, of_periods)
    reached = [value for _, value in of_periods if value is not None]
    if indicator.counting != "not_cumulative":
        for before, after in pairwise(reached):
            if after < before:
                yield _problem(
                    "cumulative-target-falls", scope, indicator, before=_said(before), after=_said(after)
                )
    adds = indicator.counting == "not_cumulative" and indicator.over_time == "sum"
    if (
        adds
        and indicator.measure == "number"
        and end is not None
        and len(reached) > 1
        and sum(reached) != end
    ):
        total = _said(sum(reached, Decimal(0)))
        yield _problem("end-target-is-no-sum", scope, indicator, end_target=_said(end), total=total)


def _against_baseline(
    indicator: ResultIndicator,
    scope: Scope,
    base: Decimal,
    end: Decimal | None,
    of_periods: Sequence[tuple[ReportingPeriod, Decimal | None]],
) -> Iterator[Problem]:
    sign = 1 if indicator.direction == "up" else -1
    if end == base:
        yield _problem("target-equals-baseline", scope, indicator, target=_said(base))
    elif end is not None and sign * (end - base) < 0:
        figures = {"target": _said(end), "baseline": _said(base), "direction": indicator.direction}
        yield _problem("target-against-direction", scope, indicator, **figures)
    for period, target in of_periods:
        if target == base:
            yield _problem(
                "period-target-equals-baseline", scope, indicator, target=_said(base), **_dates(period)
            )
        elif target is not None and sign * (target - base) < 0:
            figures = {"target": _said(target), "baseline": _said(base), "direction": indicator.direction}
            yield _problem("target-against-direction", scope, indicator, **figures)


def _actuals(indicator: ResultIndicator, scope: Scope) -> Iterator[Problem]:
    """What is reported since the start cannot become less."""
    if indicator.counting != "reported_cumulatively":
        return
    totals = [_total(period.actuals, indicator) for period in _in_time(indicator)]
    for before, after in pairwise(value for value in totals if value is not None):
        if after < before:
            yield _problem("cumulative-falls", scope, indicator, before=_said(before), after=_said(after))


# Figures ----------------------------------------------------------------------------------------------------


def _figures(indicator: ResultIndicator, scope: Scope) -> Iterator[Problem]:
    """Each set of figures: those of the baseline, of the end target, of each period's targets and actuals."""
    counts: Counter[str] = Counter()
    for what, figures in _sets(indicator):
        for figure in figures:
            counts.update(_faults_of(figure, indicator, reported=what == "actual"))
        keys = Counter((figure.breakdown, figure.place) for figure in figures)
        counts["figure-twice"] += sum(count > 1 for count in keys.values())
        whole = any(f.status == "M" and not f.breakdown and not f.place for f in figures)
        if whole and any(f.value is not None for f in figures if f.breakdown or f.place):
            counts["parts-beside-not-applicable"] += 1
    for code, count in counts.items():
        if count:
            yield _problem(code, scope, indicator, count=count)


def _faults_of(figure: Figure, indicator: ResultIndicator, *, reported: bool) -> Iterator[str]:
    some = figure.value is not None or figure.numerator is not None or figure.denominator is not None
    if figure.status != "A" and some:
        yield "figure-beside-status"
    if figure.status == "A" and not some and not figure.text:
        yield "figure-without-reason"
    if figure.denominator == 0:
        yield "figure-denominator-zero"
    if figure.numerator is not None and figure.denominator is None:
        yield "percentage-without-denominator"
    elif indicator.measure == "percentage" and figure.value is not None and figure.numerator is None:
        yield "percentage-without-denominator" if reported else "percentage-alone"
    if figure.value is not None and figure.numerator is not None and figure.denominator:
        exact = worth(figure, indicator.measure).value
        if exact is not None and abs(exact - figure.value) > half_of_last(figure.value):
            yield "percentage-differs-from-parts"


def _sums(indicator: ResultIndicator, scope: Scope) -> Iterator[Problem]:
    """Where cells do not add up to what was reported for all of them, or are not all there."""
    known: dict[str, set[str]] = {}
    for _, figures in _sets(indicator):
        for figure in figures:
            for name, code in figure.breakdown:
                known.setdefault(name, set()).add(code)
    wrong: list[Margin] = []
    partial: list[Margin] = []
    for _, figures in _sets(indicator):
        for margin in margins(figures, indicator, known):
            difference = margin.difference
            near = half_of_last(margin.reported.value) if margin.reported and margin.reported.value else 0
            if difference is not None and abs(difference) > near and (margin.complete or difference < 0):
                wrong.append(margin)
            elif not margin.complete and margin.reported is not None:
                partial.append(margin)
    for code, found in (("cells-and-total", wrong), ("cells-incomplete", partial)):
        if found:
            yield _problem(code, scope, indicator, count=len(found), **_first(found[0]))


def _first(margin: Margin) -> dict[str, Any]:
    reported, computed = (a.value if a is not None else None for a in (margin.reported, margin.computed))
    return {
        "dimensions": " × ".join(margin.dimensions),
        "reported": _said(reported) if reported is not None else "–",
        "computed": _said(computed) if computed is not None else "–",
        "cells": margin.cells,
        "expected": margin.expected,
    }


def _sets(indicator: ResultIndicator) -> Iterator[tuple[str, tuple[Figure, ...]]]:
    """Figures that are reported together, and what they are."""
    if indicator.baseline:
        yield "baseline", indicator.baseline.figures
    yield "target", indicator.end_target
    for period in indicator.periods:
        yield "target", period.targets
        yield "actual", period.actuals


def _in_time(indicator: ResultIndicator) -> list[ReportingPeriod]:
    return sorted(indicator.periods, key=lambda period: (period.start, period.end))


def _total(figures: Iterable[Figure], indicator: ResultIndicator) -> Decimal | None:
    """The figure of the whole; of several places their sum where that is the rule, else none."""
    own = [figure for figure in figures if not figure.breakdown]
    for figure in own:
        if not figure.place:
            return worth(figure, indicator.measure).value
    amounts = [worth(figure, indicator.measure) for figure in own]
    if len(amounts) == 1 or (amounts and indicator.over_places == "sum"):
        return added(amounts, indicator.measure).value if len(amounts) > 1 else amounts[0].value
    return None


def _said(value: Decimal) -> str:
    """A figure as it is written, without the zeros of a division."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _day(day: date | None) -> str:
    return day.isoformat() if day else "…"


def _dates(period: ReportingPeriod) -> Mapping[str, str]:
    return {"start": _day(period.start), "end": _day(period.end)}


CHECKS: dict[str, Callable[[ResultIndicator, Scope], Iterator[Problem]]] = {
    "described": _described,
    "rules": _rules,
    "periods": _periods,
    "baseline": _baseline,
    "targets": _targets,
    "actuals": _actuals,
    "figures": _figures,
    "sums": _sums,
}
"""Every check of one indicator, in the order in which its faults are listed."""
