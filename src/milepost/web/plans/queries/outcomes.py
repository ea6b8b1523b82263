"""What the indicators of a plan's measures have reached against their milestones, apart from what was done.

Only accepted figures count, of rounds that are over. A milestone is what the act wants by the end of a year;
it is judged once that year is over, by the margin of the plan. Nothing is reckoned here that
`progress.results` does not reckon.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from milepost import values
from milepost.progress import results as progress
from milepost.values import Figure
from milepost.values.figures import NOT_REPORTED, Amount, worth
from milepost.web.plans.models import Answer, AnswerFigure, Entry, MeasureIndicator, Plan, PlanVersion
from milepost.web.plans.queries.versions import entries
from milepost.web.ui.verdicts import Verdict, verdict, written

Key = tuple[int, str]
"""A measure and the key of an indicator of it, which stay the same through the versions."""


class Line(NamedTuple):
    """An indicator with what it is to reach and what it has reached.

    `year` is that of the milestone it is judged by: the last one that is over, else the next. `light` is
    "on_track", "off_track", "not_due" (no milestone is over yet), "no_answer" (nothing was accepted for the
    year), or "no_milestone".
    """

    entry: Entry
    indicator: MeasureIndicator
    year: int | None
    milestone: str
    actual: str
    until: date | None
    light: str
    verdict: Verdict


def accepted(plan: Plan, until: date) -> dict[Key, list[AnswerFigure]]:
    """Every accepted figure of the rounds that were over by a day, by indicator, the earliest first."""
    found: dict[Key, list[AnswerFigure]] = defaultdict(list)
    rows = AnswerFigure.objects.filter(
        answer__round__plan=plan, answer__round__end__lte=until, answer__state=Answer.State.ACCEPTED
    )
    for row in rows.select_related("answer__round", "indicator").order_by("answer__round__end"):
        found[row.answer.measure_id, row.indicator.key].append(row)
    return found


def lines(plan: Plan, version: PlanVersion, today: date, kind: str = "") -> list[Line]:
    """The indicators of a version, of one kind or all, as they stand on a day."""
    figures = accepted(plan, today)
    return [
        _line(plan, entry, indicator, figures.get((entry.measure_id, indicator.key), []), today)
        for entry in entries(version)
        for indicator in entry.indicators.all()
        if not kind or indicator.kind == kind
    ]


def _line(
    plan: Plan, entry: Entry, indicator: MeasureIndicator, figures: list[AnswerFigure], today: date
) -> Line:
    value = as_value(indicator, figures)
    wanted = indicator.wanted
    over = [year for year in wanted if date(year, 12, 31) < today]
    year = over[-1] if over else min(wanted, default=None)
    last = date(max(wanted), 12, 31) if wanted else None
    answer = progress.assess(value, today=today, end=last, margin=plan.margin)
    of_year = next((one for one in answer.periods if one.period.end.year == year), None)
    judged = of_year.progress if of_year is not None else answer.progress
    row = _of_year(figures, year) if over else (figures[-1] if figures else None)
    return Line(
        entry,
        indicator,
        year,
        written(Amount(wanted[year])) if year is not None else "–",
        written(of_year.actual.amount if of_year is not None and over else _amount(value)),
        row.answer.round.end if row is not None else None,
        _light(judged, bool(wanted), bool(over)),
        verdict(judged),
    )


def _of_year(figures: Iterable[AnswerFigure], year: int | None) -> AnswerFigure | None:
    return next((one for one in reversed(list(figures)) if one.answer.round.end.year == year), None)


def _amount(value: values.ResultIndicator) -> Amount:
    """The last figure there is."""
    given = [period.actuals for period in value.periods if period.actuals]
    return worth(given[-1][0], value.measure) if given else NOT_REPORTED


def _light(found: progress.Progress, wanted: bool, over: bool) -> str:
    if not wanted:
        return "no_milestone"
    if not over:
        return "not_due"
    if found.verdict == "not_computable":
        return "no_answer" if (found.reason or "").startswith(("not_reported", "actual")) else "not_assessed"
    return "off_track" if found.verdict in progress.OFF_TRACK else "on_track"


def as_value(indicator: MeasureIndicator, figures: Iterable[AnswerFigure]) -> values.ResultIndicator:
    """An indicator with its milestones, and the last figure of each year, as what is reckoned with."""
    of_year: dict[int, AnswerFigure] = {one.answer.round.end.year: one for one in figures}
    wanted = indicator.wanted
    return values.ResultIndicator(
        indicator.key,
        indicator.text,
        indicator.unit,
        measure=indicator.measured,  # type: ignore[arg-type]
        direction=indicator.direction,  # type: ignore[arg-type]
        tolerance=indicator.tolerance,
        counting="reported_cumulatively",
        baseline=_baseline(indicator),
        end_target=(Figure(wanted[max(wanted)]),) if wanted else (),
        periods=tuple(
            values.ReportingPeriod(
                date(year, 1, 1),
                date(year, 12, 31),
                (Figure(wanted[year]),) if year in wanted else (),
                (_figure(of_year[year]),) if year in of_year else (),
            )
            for year in sorted({*wanted, *of_year})
        ),
    )


def _baseline(indicator: MeasureIndicator) -> values.Baseline | None:
    if indicator.baseline is None:
        return None
    return values.Baseline(indicator.baseline_year, None, (Figure(indicator.baseline),))


def _figure(row: AnswerFigure) -> Figure:
    return Figure(row.total, row.numerator, row.denominator)


def counts(found: Iterable[Line]) -> Mapping[str, int]:
    """{light: how many indicators have it}, in the order in which they are told."""
    lights = [line.light for line in found]
    return {light: lights.count(light) for light in LIGHTS if light in lights}


LIGHTS = ("on_track", "off_track", "no_answer", "not_due", "not_assessed", "no_milestone")
"""Every light of an indicator, in the order of a summary."""
