"""The results matrix of a project as values: what is counted with, shown and written to files."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from milepost import values
from milepost.values import Text
from milepost.web.projects.cells import plain
from milepost.web.projects.models import Actual, Goal, Period, Project, Result, ResultIndicator


class Matrix(NamedTuple):
    """A results matrix with everything that belongs to it, read by a fixed number of queries.

    `actuals` are those that the reader may see, by (indicator, period); `counted` says whether only approved
    ones stand in `tree`.
    """

    project: Project
    tree: tuple[values.Result, ...]
    rows: dict[str, Result]
    indicators: dict[int, ResultIndicator]
    periods: list[Period]
    goals: dict[int, list[Goal]]
    actuals: dict[tuple[int, int], Actual]

    def indicator(self, result: str, code: str) -> ResultIndicator | None:
        """The row of an indicator by the codes of its result and its own."""
        found = (one for one in self.indicators.values() if one.code == code and one.result.code == result)
        return next(found, None)


def matrix(project: Project, *, drafts: bool = False) -> Matrix:
    """The results matrix; only approved figures are counted, with `drafts` those on their way, too."""
    rows = list(project.results.all())
    by_key = {row.pk: row for row in rows}
    indicators = list(ResultIndicator.objects.filter(result__project=project).select_related("responsible"))
    for one in indicators:
        one.result = by_key[one.result_id]
    periods = list(project.periods.all())
    goals: dict[int, list[Goal]] = defaultdict(list)
    for goal in Goal.objects.filter(indicator__result__project=project, current=True):
        goals[goal.indicator_id].append(goal)
    found = Actual.objects.filter(indicator__result__project=project)
    if not drafts:
        found = found.filter(state="approved")
    found = found.select_related("typed_by", "submitted_by", "reviewed_by").prefetch_related("cells")
    actuals = {(one.indicator_id, one.period_id): one for one in found}
    below: dict[int | None, list[Result]] = defaultdict(list)
    for row in rows:
        below[row.parent_id].append(row)
    of: dict[int, list[ResultIndicator]] = defaultdict(list)
    for one in indicators:
        of[one.result_id].append(one)

    def value(row: Result) -> values.Result:
        return values.Result(
            code=row.code,
            level=row.level,  # type: ignore[arg-type]
            title=row.text,
            assumptions=Text(row.assumptions),
            indicators=tuple(_indicator(one, periods, goals[one.pk], actuals) for one in of[row.pk]),
            below=tuple(value(each) for each in below[row.pk]),
        )

    return Matrix(
        project,
        tuple(value(row) for row in below[None]),
        {row.code: row for row in rows},
        {one.pk: one for one in indicators},
        periods,
        goals,
        actuals,
    )


def _indicator(
    one: ResultIndicator,
    periods: Sequence[Period],
    goals: Iterable[Goal],
    actuals: dict[tuple[int, int], Actual],
) -> values.ResultIndicator:
    by_kind: dict[tuple[str, int | None], list[values.Figure]] = defaultdict(list)
    for goal in goals:
        by_kind[goal.kind, goal.period_id].append(goal.as_value())
    baseline = by_kind[Goal.Kind.BASELINE, None]
    return values.ResultIndicator(
        code=one.code,
        title=one.text,
        unit=one.unit,
        measure=one.measure,  # type: ignore[arg-type]
        direction=one.direction,  # type: ignore[arg-type]
        tolerance=plain(one.tolerance),
        over_time=one.over_time,  # type: ignore[arg-type]
        over_places=one.over_places,  # type: ignore[arg-type]
        counting=one.counting,  # type: ignore[arg-type]
        baseline=values.Baseline(one.baseline_year, None, tuple(baseline)) if baseline else None,
        end_target=tuple(by_kind[Goal.Kind.END, None]),
        periods=tuple(
            values.ReportingPeriod(
                period.start,
                period.end,
                tuple(by_kind[Goal.Kind.TARGET, period.pk]),
                _cells(actuals.get((one.pk, period.pk))),
            )
            for period in periods
        ),
        means_of_verification=Text(one.means_of_verification),
        responsible=str(one.responsible or ""),
        dimensions=tuple(tuple(group) for group in one.dimensions),
    )


def _cells(actual: Actual | None) -> tuple[values.Figure, ...]:
    return tuple(cell.as_value() for cell in actual.cells.all()) if actual else ()


def versions(indicator: ResultIndicator) -> Any:
    """Every version of the baseline and targets of an indicator, the latest first."""
    return indicator.goals.select_related("period", "by").order_by("-at", "-pk")


def waiting(user: Any, found: Any) -> Any:
    """The reports among these that wait for review."""
    return found.filter(state="submitted").order_by("submitted_at")
