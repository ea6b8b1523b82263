"""How the results of a project stand: figures against baseline and targets, in words."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost import values
from milepost.checks import results as checks
from milepost.progress import results as progress
from milepost.reports import sentences
from milepost.values import Origin, Problem
from milepost.web.files.models import StoredFile
from milepost.web.projects.cells import key_of
from milepost.web.projects.models import Actual, Goal, Period, Project, Result, ResultIndicator
from milepost.web.projects.queries import breakdowns, deadlines, vocabulary
from milepost.web.projects.queries.deadlines import Deadline
from milepost.web.projects.queries.matrix import Matrix, of_projects
from milepost.web.ui.templatetags.ui import figure, plain
from milepost.web.ui.verdicts import Verdict, verdict, written

KINDS: dict[str, Promise] = {
    "baseline": lazy("Baseline"),
    "target": lazy("Target of a period"),
    "end": lazy("Target for the end"),
}
STATES: dict[str, Promise] = {
    "": pgettext_lazy("report", "Nothing yet"),
    "draft": pgettext_lazy("report", "Draft"),
    "submitted": pgettext_lazy("report", "In review"),
    "returned": pgettext_lazy("report", "Returned"),
    "approved": pgettext_lazy("report", "Approved"),
}
"""Where a report stands, in words; "" where there is none."""
SHAPES = {"": "–", "draft": "○", "submitted": "◐", "returned": "▲", "approved": "●"}
AT_ONCE = 200
"""Projects whose indicators are read at once."""


class InPeriod(NamedTuple):
    """An indicator in one period."""

    period: values.ReportingPeriod
    target: str
    actual: str
    to_date: str
    verdict: Verdict
    notes: list[str]
    report: Actual | None


class Standing(NamedTuple):
    """An indicator as it stands."""

    indicator: ResultIndicator
    baseline: str
    end_target: str
    actual: str
    verdict: Verdict
    latest: Verdict
    notes: list[str]
    periods: list[InPeriod]


class Line(NamedTuple):
    """A row of the matrix on its page: a result, with its indicators."""

    result: Result
    level: Any
    depth: int
    indicators: list[Standing]
    below: str
    """The level that can be added below it; "" for none."""


LEVELS = {
    "objective": (lazy("Objective"), lazy("Add an outcome")),
    "outcome": (lazy("Outcome"), lazy("Add an output")),
    "output": (lazy("Output"), lazy("Add an activity")),
    "activity": (lazy("Activity"), ""),
}


def lines(matrix: Matrix, *, today: date) -> list[Line]:
    """The rows of the matrix from the top, each with how its indicators stand."""
    return list(_lines(matrix, matrix.tree, 0, today))


def _lines(matrix: Matrix, tree: Any, depth: int, today: date) -> Iterator[Line]:
    for result in tree:
        row = matrix.rows[result.code]
        level, below = LEVELS[row.level]
        found = [one for one in matrix.indicators.values() if one.result_id == row.pk]
        by_code = {one.code: one for one in found}
        standings = [_standing(matrix, by_code[one.code], one, today) for one in result.indicators]
        yield Line(row, level, depth, standings, str(below))
        yield from _lines(matrix, result.below, depth + 1, today)


def of(matrix: Matrix, one: ResultIndicator, *, today: date) -> Standing:
    """How one indicator stands."""
    rows = _rows(matrix)
    found = next(value for key, value in _indicators(matrix.tree) if rows[key] == one)
    return _standing(matrix, one, found, today)


Key = tuple[str, str]
"""The code of a result and that of an indicator of it."""


def _rows(matrix: Matrix) -> dict[Key, ResultIndicator]:
    return {(one.result.code, one.code): one for one in matrix.indicators.values()}


def _indicators(tree: Iterable[values.Result]) -> Iterator[tuple[Key, values.ResultIndicator]]:
    for result in tree:
        yield from (((result.code, one.code), one) for one in result.indicators)
        yield from _indicators(result.below)


def _standing(matrix: Matrix, one: ResultIndicator, value: values.ResultIndicator, today: date) -> Standing:
    found = _assessed(one, value, matrix.project.last_day, today)
    language = get_language() or "en"
    of_periods = [
        InPeriod(
            answer.period,
            written(answer.target.amount),
            written(answer.actual.amount),
            written(answer.to_date.amount),
            verdict(answer.progress),
            [sentences.result_note(note, language) for note in answer.actual.notes],
            matrix.actuals.get((one.pk, period.pk)),
        )
        for period, answer in zip(matrix.periods, found.periods, strict=True)
    ]
    return Standing(
        one,
        written(found.baseline.amount),
        written(found.end_target.amount),
        written(found.actual.amount),
        verdict(found.progress),
        verdict(found.latest(today)),
        [sentences.result_note(note, language) for note in found.actual.notes],
        of_periods,
    )


def _assessed(
    one: ResultIndicator, value: values.ResultIndicator, end: date | None, today: date
) -> progress.Answer:
    return progress.assess(value, today=today, end=end, categories=one.categories)


def rolled_up(projects: Sequence[Project], *, today: date) -> dict[int, progress.RollUp]:
    """{key of a project: of how many indicators how many are on track}, for however many projects.

    For each `AT_ONCE` of them in a fixed number of queries.
    """
    found: dict[int, progress.RollUp] = {}
    for first in range(0, len(projects), AT_ONCE):
        some = projects[first : first + AT_ONCE]
        indicators = of_projects(some)
        for project in some:
            found[project.pk] = progress.roll_up(
                progress.latest(value, today=today, end=project.last_day, categories=one.categories)
                for one, value in indicators[project.pk]
            )
    return found


def sentence(matrix: Matrix, *, today: date) -> str:
    """The first line of the page: of how many indicators how many are on track."""
    rows = _rows(matrix)
    counts = progress.roll_up(
        _assessed(rows[key], value, matrix.project.last_day, today).latest(today)
        for key, value in _indicators(matrix.tree)
    )
    if not counts.indicators:
        return _("No indicator is set yet.")
    if not counts.judged:
        said = ngettext(
            "There is {count} indicator; it cannot be judged yet.",
            "There are {count} indicators; none can be judged yet.",
            counts.indicators,
        )
        return said.format(count=counts.indicators)
    said = ngettext(
        "{good} of {judged} indicator that can be judged is on track or better; {none} cannot be judged.",
        "{good} of {judged} indicators that can be judged are on track or better; {none} cannot be judged.",
        counts.judged,
    )
    return said.format(good=counts.on_track, judged=counts.judged, none=counts.indicators - counts.judged)


def faults(matrix: Matrix) -> list[Problem]:
    """What a person should look at in the matrix."""
    project = matrix.project
    place = Origin(project.project_code or plain(project.title))
    return checks.matrix(matrix.tree, origin=place, start=project.first_day, end=project.last_day)


# Goals ------------------------------------------------------------------------------------------------------


class Set(NamedTuple):
    """A baseline or target that is set, or could be: of the total or of one cell."""

    kind: str
    title: Any
    period: Period | None
    cell: str
    key: str
    goal: Goal | None
    words: str


def goals(matrix: Matrix, one: ResultIndicator) -> list[Set]:
    """Every baseline and target of an indicator: of the total, of each cell, of each period."""
    known = {(goal.kind, goal.period_id, goal.key): goal for goal in matrix.goals.get(one.pk, ())}
    places = [("baseline", None), *(("target", period) for period in matrix.periods), ("end", None)]
    found = []
    for kind, period in places:
        for cell in breakdowns.cells(one):
            goal = known.get((kind, period.pk if period else None, key_of(cell)))
            words = written(progress.worth(goal.as_value(), one.measure)) if goal else ""  # type: ignore[arg-type]
            found.append(Set(kind, KINDS[kind], period, breakdowns.name(cell), key_of(cell), goal, words))
    return found


def current(one: ResultIndicator, kind: str, period: Period | None, key: str) -> Goal | None:
    """The baseline or target in force."""
    return one.goals.filter(kind=kind, period=period, key=key, place="", current=True).first()


def rules(one: ResultIndicator) -> list[tuple[str, str]]:
    """(label, words) of the rules of an indicator."""
    said: list[tuple[Any, Any]] = [
        (_("What a figure is"), dict(vocabulary.MEASURES)[one.measure]),
        (_("Desired direction"), dict(vocabulary.DIRECTIONS)[one.direction]),
        (_("What a reported figure holds"), dict(vocabulary.COUNTING)[one.counting]),
        (_("Of several periods"), dict(vocabulary.OVER_TIME)[one.over_time]),
        (_("Of several places"), dict(vocabulary.OVER_PLACES)[one.over_places]),
    ]
    if one.tolerance is not None:
        said.append((_("Tolerance"), figure(one.tolerance)))
    if one.responsible:
        said.append((_("Responsible"), str(one.responsible)))
    return [(str(label), str(words)) for label, words in said]


# Reporting --------------------------------------------------------------------------------------------------


class ToReport(NamedTuple):
    """A period with each indicator and where its report stands."""

    period: Period
    rows: list[tuple[ResultIndicator, Actual | None, Any, str]]
    deadline: Deadline
    late: bool


def to_report(matrix: Matrix, *, today: date) -> list[ToReport]:
    """What is to be reported, the latest period first."""
    known = _rows(matrix)
    order = [known[key] for key, _value in _indicators(matrix.tree)]
    found = []
    for period in reversed(matrix.periods):
        rows = []
        for one in order:
            actual = matrix.actuals.get((one.pk, period.pk))
            state = actual.state if actual else ""
            rows.append((one, actual, STATES[state], SHAPES[state]))
        deadline = deadlines.of(period, (actual.state if actual else "" for _one, actual, *_rest in rows))
        found.append(ToReport(period, rows, deadline, deadline.late(today)))
    return found


def files(actual: Actual) -> list[StoredFile]:
    """The files that show what was reported."""
    return list(StoredFile.objects.filter(owner=actual.address).order_by("pk"))
