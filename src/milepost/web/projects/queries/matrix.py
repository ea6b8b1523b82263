"""The results matrix of a project as values: what is counted with, shown and written to files."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db.models import Case, F, JSONField, QuerySet, Value, When

from milepost import values
from milepost.values import Text
from milepost.web.projects.cells import COLUMNS, figure_of, plain
from milepost.web.projects.models import (
    Actual,
    ActualCell,
    Goal,
    Period,
    Project,
    Result,
    ResultIndicator,
)

Goals = dict[tuple[str, int | None], list[values.Figure]]
"""{(kind, key of the period): baseline and targets of an indicator}."""
Actuals = dict[tuple[int, int], list[values.Figure]]
"""{(key of the indicator, key of the period): what was reported}."""

WORDS = ("title", "means_of_verification")
"""Columns of an indicator that nothing is reckoned with."""
NO_WORDS = {"title": Text()}


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
    figures = {key: [cell.as_value() for cell in one.cells.all()] for key, one in actuals.items()}
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
            indicators=tuple(
                _indicator(one, periods, _goals(goals[one.pk]), figures, _words(one)) for one in of[row.pk]
            ),
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


def of_projects(
    projects: Iterable[Project],
) -> dict[int, list[tuple[ResultIndicator, values.ResultIndicator]]]:
    """{key of a project: its indicators, as row and as value}; only approved figures are counted.

    Of however many projects, in four queries, for reckoning: titles and other words are left out.
    """
    found: dict[int, list[tuple[ResultIndicator, values.ResultIndicator]]]
    found = {project.pk: [] for project in projects}
    rows: dict[int, Any] = {
        one.pk: one
        for one in ResultIndicator.objects.filter(result__project__in=found)
        .defer(*WORDS)
        .annotate(project=F("result__project"))
    }
    periods: dict[int, list[Any]] = defaultdict(list)
    between = Period.objects.filter(project__in=found)
    for period in between.values_list("project", "pk", "start", "end", named=True):
        periods[period.project].append(period)
    goals: dict[int, Goals] = defaultdict(dict)
    current = Goal.objects.filter(indicator__in=rows, current=True).order_by("pk")
    for one, kind, in_period, *cell in _cells(current, "indicator", "kind", "period"):
        goals[one].setdefault((kind, in_period), []).append(figure_of(cell))
    actuals: Actuals = {}
    approved = ActualCell.objects.filter(actual__indicator__in=rows, actual__state="approved")
    in_order = approved.order_by("key", "place")
    for one, in_period, *cell in _cells(in_order, "actual__indicator", "actual__period"):
        actuals.setdefault((one, in_period), []).append(figure_of(cell))
    for one in rows.values():
        found[one.project].append((one, _indicator(one, periods[one.project], goals[one.pk], actuals)))
    return found


def _cells(found: QuerySet[Any], *about: str) -> Iterable[tuple[Any, ...]]:
    """Columns of cells and those of their figures; the blank breakdown of a total needs no reading."""
    breakdown = Case(When(key="", then=Value(None)), default=F("breakdown"), output_field=JSONField())
    columns = ("of" if name == "breakdown" else name for name in COLUMNS)
    return found.annotate(of=breakdown).values_list(*about, *columns)


def _goals(found: Iterable[Goal]) -> Goals:
    by_kind: Goals = defaultdict(list)
    for goal in found:
        by_kind[goal.kind, goal.period_id].append(goal.as_value())
    return by_kind


def _indicator(
    one: ResultIndicator,
    periods: Sequence[Any],
    goals: Goals,
    actuals: Actuals,
    words: Mapping[str, Any] = NO_WORDS,
) -> values.ResultIndicator:
    baseline = goals.get((Goal.Kind.BASELINE, None))
    return values.ResultIndicator(
        code=one.code,
        unit=one.unit,
        measure=one.measure,  # type: ignore[arg-type]
        direction=one.direction,  # type: ignore[arg-type]
        tolerance=plain(one.tolerance),
        over_time=one.over_time,  # type: ignore[arg-type]
        over_places=one.over_places,  # type: ignore[arg-type]
        counting=one.counting,  # type: ignore[arg-type]
        baseline=values.Baseline(one.baseline_year, None, tuple(baseline)) if baseline else None,
        end_target=tuple(goals.get((Goal.Kind.END, None), ())),
        periods=tuple(
            values.ReportingPeriod(
                period.start,
                period.end,
                tuple(goals.get((Goal.Kind.TARGET, period.pk), ())),
                tuple(actuals.get((one.pk, period.pk), ())),
            )
            for period in periods
        ),
        dimensions=tuple(tuple(group) for group in one.dimensions),
        **words,
    )


def _words(one: ResultIndicator) -> dict[str, Any]:
    return {
        "title": one.text,
        "means_of_verification": Text(one.means_of_verification),
        "responsible": str(one.responsible or ""),
    }


def versions(indicator: ResultIndicator) -> Any:
    """Every version of the baseline and targets of an indicator, the latest first."""
    return indicator.goals.select_related("period", "by").order_by("-at", "-pk")


def waiting(user: Any, found: Any) -> Any:
    """The reports among these that wait for review."""
    return found.filter(state="submitted").order_by("submitted_at")
