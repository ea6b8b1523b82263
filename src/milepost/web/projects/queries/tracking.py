"""The indicator tracking table of a project: what stands in it, and what a workbook would change."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milepost import values
from milepost.errors import MilepostError
from milepost.interchange import tracking as tables
from milepost.interchange.tracking import Cells, Change, Column, DryRun, Logged, Row, Span, Update
from milepost.interchange.tracking.rows import OF_TARGET
from milepost.progress import results as progress
from milepost.recipes import tracking as recipe
from milepost.reports import sentences
from milepost.values import Origin, Problem, Text
from milepost.web.accounts.roles import Permission
from milepost.web.files import store
from milepost.web.files.models import StoredFile
from milepost.web.projects.cells import problems_of, worked_out
from milepost.web.projects.models import Actual, Goal, Period, Project
from milepost.web.projects.queries import breakdowns, scoping
from milepost.web.projects.queries.matrix import Matrix, matrix
from milepost.web.projects.queries.standing import KINDS, SHAPES, STATES, written
from milepost.web.ui.templatetags.ui import figure, plain

OPEN = ("draft", "returned")
"""States of a report in which its figures may be typed."""
NO_RIGHT = {"target": "tracking-no-right-target", "actual": "tracking-no-right-actual"}
"""{what a person may not change: fault}."""
UNSAID = "und"
"""The language of a comment of a report, which is not known."""


class Tracked(NamedTuple):
    """The table of a project: its rows and what they were made of; `inside` is more than the public sees."""

    matrix: Matrix
    rows: tuple[Row, ...]
    about: tables.Project
    inside: bool
    language: str


def tracked(project: Project, *, today: date, inside: bool = False, drafts: bool = False) -> Tracked:
    """The table in the reader's language; with `drafts` figures that are not approved count in it, too."""
    language = get_language() or "en"
    found = matrix(project, drafts=drafts)
    tree = tuple(_commented(found, result) for result in found.tree) if inside else found.tree
    rows = recipe.table(
        tree,
        today=today,
        end=project.last_day,
        language=language,
        identities=_identities(found),
        names=breakdowns.words(list(found.indicators.values())),
    )
    about = tables.Project(project.address, plain(project.text), project.project_code)
    return Tracked(found, rows, about, inside, language)


def _identities(found: Matrix) -> dict[tuple[str, str], recipe.Identity]:
    locked = frozenset((period.start, period.end) for period in found.periods if period.locked)
    changes: dict[int, int] = dict.fromkeys(found.indicators, 0)
    for goal in (goal for goals in found.goals.values() for goal in goals):
        changes[goal.indicator_id] += goal.version
    for actual in found.actuals.values():
        changes[actual.indicator_id] += actual.revision
    return {
        (one.result.code, one.code): recipe.Identity(
            id=str(one.pk),
            revision=f"{one.revision}.{changes[one.pk]}",
            locked=locked,
            categories=one.categories,
            comments_on_parts=False,
        )
        for one in found.indicators.values()
    }


def _commented(found: Matrix, result: values.Result) -> values.Result:
    """The same with the comment of each report at its total."""
    indicators = []
    for value in result.indicators:
        one = found.indicator(result.code, value.code)
        periods = [
            replace(span, actuals=_with_comment(span.actuals, found.actuals.get((one.pk, period.pk))))
            if one is not None
            else span
            for span, period in zip(value.periods, found.periods, strict=True)
        ]
        indicators.append(replace(value, periods=tuple(periods)))
    below = tuple(_commented(found, each) for each in result.below)
    return replace(result, indicators=tuple(indicators), below=below)


def _with_comment(figures: Iterable[values.Figure], actual: Actual | None) -> tuple[values.Figure, ...]:
    comment = Text({UNSAID: actual.comment}) if actual is not None and actual.comment else Text()
    return tuple(one if one.breakdown or one.place else replace(one, comment=comment) for one in figures)


# On the page ------------------------------------------------------------------------------------------------

HIDDEN = (
    "id", "revision", "level", "direction", "counting", "measure", "number", "title",
    "reason", "comment", "status",
)  # fmt: skip
"""Columns of the workbook that the page has no cells for: some stand in its first column."""


class Shown(NamedTuple):
    """One cell of the page: its words, where they lead, and the state of a report that is not approved."""

    words: str
    address: str
    state: Any
    shape: str
    overdue: bool
    number: bool


class Line(NamedTuple):
    """One row of the page; `level` is that of a grey band."""

    row: Row
    level: str
    address: str
    cells: list[Shown]


class Band(NamedTuple):
    """The heading above some columns: a period, or the whole time, or nothing."""

    words: str
    width: int


class Page(NamedTuple):
    """The table as a page shows it."""

    bands: list[Band]
    heads: list[str]
    lines: list[Line]


def page(table: Tracked) -> Page:
    """The table in words: the same cells as in the workbook."""
    words = recipe.words_in(table.language)
    columns = [one for one in tables.columns_of(table.rows) if one.heading not in HIDDEN]
    bands: list[Band] = []
    last = None
    for one in columns:
        if one.band == last and bands:
            bands[-1] = bands[-1]._replace(width=bands[-1].width + 1)
        else:
            named = words["whole"] if one.band == "whole" else one.band.replace("/", " – ")
            bands.append(Band(named, 1))
        last = one.band
    heads = [words[one.heading] for one in columns]
    periods = {(period.start, period.end): period for period in table.matrix.periods}
    lines = []
    for row in table.rows:
        if row.kind == "level":
            lines.append(Line(row, row.level, "", []))
            continue
        cells = [_shown(table, periods, words, row, one) for one in columns]
        lines.append(Line(row, "", f"result-indicator:{row.indicator}", cells))
    return Page(bands, heads, lines)


def _shown(
    table: Tracked, periods: Mapping[Span, Period], words: Mapping[str, str], row: Row, column: Column
) -> Shown:
    what = tables.content(row, column, words, table.language)
    cells = row.whole if column.span is None else row.periods.get(column.span, Cells())
    digits = 1 if column.heading == "met" else None
    said = (
        figure(what.quantize(Decimal("0.1")) if digits else _short(what))
        if isinstance(what, Decimal)
        else what
    )
    said = f"{said} %" if column.heading == "met" and isinstance(what, Decimal) else said or ""
    address, state, shape = "", "", ""
    if column.heading in ("actual", "numerator", "denominator") and column.span is not None:
        actual = table.matrix.actuals.get((int(row.indicator), periods[column.span].pk))
        if column.heading == "actual" and not said and cells.actual is not None:
            said = words.get(cells.actual.status, "")
        if actual is not None and said:
            address = actual.address
            if actual.state != "approved" and column.heading == "actual":
                state, shape = STATES[actual.state], SHAPES[actual.state]
    elif said and column.heading in ("baseline", "target", "actual"):
        address = f"result-indicator:{row.indicator}"
    overdue = cells.overdue and column.heading == "met"
    return Shown(said, address, state, shape, overdue, column.heading not in ("unit",))


def _short(number: Decimal) -> Decimal:
    """A number with at most ten decimals: as many as are kept."""
    return round(number, 10) if number.as_tuple().exponent < -10 else number  # type: ignore[operator]


# As a file --------------------------------------------------------------------------------------------------


def secret() -> bytes:
    """The key of the hidden sheet's signature: of this installation, and for nothing else."""
    return hmac.digest(settings.SECRET_KEY.encode(), b"milepost.web.projects.tracking", "sha256")


def log(table: Tracked) -> list[Logged]:
    """The change log: every version of a baseline or target, and each report; nothing for the public."""
    if not table.inside:
        return []
    found = [*_goals(table), *_reports(table)]
    return [line for _at, line in sorted(found, key=lambda pair: pair[0], reverse=True)]


def _goals(table: Tracked) -> Iterable[tuple[Any, Logged]]:
    seen: dict[tuple, str] = {}
    versions = Goal.objects.filter(indicator__result__project=table.matrix.project)
    for goal in versions.select_related("period", "by").order_by("version", "pk"):
        one = table.matrix.indicators[goal.indicator_id]
        key = (goal.indicator_id, goal.kind, goal.period_id, goal.key, goal.place)
        after = _number(goal.as_value(), one.measure)
        what = " · ".join(filter(None, (one.code, str(KINDS[goal.kind]), str(goal.period or ""), goal.key)))
        day = goal.at.date().isoformat()
        yield goal.at, Logged(day, what, seen.get(key, ""), after, goal.reason, str(goal.by))
        seen[key] = after


def _reports(table: Tracked) -> Iterable[tuple[Any, Logged]]:
    for actual in table.matrix.actuals.values():
        at = actual.reviewed_at or actual.submitted_at
        if at is None:
            continue
        one = table.matrix.indicators[actual.indicator_id]
        period = next(each for each in table.matrix.periods if each.pk == actual.period_id)
        total = next(
            (cell.as_value() for cell in actual.cells.all() if not cell.key and not cell.place), None
        )
        what = f"{one.code} · {period} · {STATES[actual.state]}"
        after = _number(total, one.measure) if total else ""
        by = actual.reviewed_by or actual.submitted_by
        yield at, Logged(at.date().isoformat(), what, "", after, actual.reason, str(by or ""))


def _number(one: values.Figure, measure: str) -> str:
    return written(progress.worth(one, measure))  # type: ignore[arg-type]


# What comes back --------------------------------------------------------------------------------------------


class Judged(NamedTuple):
    """What a workbook would change, by what the person may do; `digest` names exactly this answer."""

    table: Tracked
    run: DryRun
    digest: str

    @property
    def counts(self) -> dict[str, int]:
        """How many cells of each kind."""
        kinds = ("add", "change", "remove", "same", "conflict", "refused")
        return {kind: sum(one.kind == kind for one in self.run.changes) for kind in kinds}


def waiting(user: Any, project: Project) -> Any:
    """The files of a person that were sent in for this project and are not yet confirmed."""
    return StoredFile.objects.filter(by=user, owner=owner(project))


def owner(project: Project) -> str:
    """What a file belongs to as long as it is not confirmed: nobody but who sent it in may have it."""
    return f"tracking:{project.pk}"


def judge(user: Any, project: Project, stored: StoredFile, *, today: date) -> Judged:
    """Hold a workbook against what stands here now, and refuse what this person may not change.

    MilepostError where it is no tracking table of this project, or no safe file.
    """
    table = tracked(project, today=today, inside=True, drafts=True)
    path = store.path_of(stored.sha256)
    try:
        run = recipe.read(path, table.rows, table.about, secret=secret())
    except MilepostError as error:
        raise MilepostError([_named(one, stored.name) for one in error.problems]) from error
    run = _settled(user, table, run, stored.name)
    return Judged(table, run, _digest(stored, run))


def _named(problem: Problem, name: str) -> Problem:
    """A fault with the name that the file has for people."""
    return replace(problem, origin=replace(problem.origin, file=name))


def _digest(stored: StoredFile, run: DryRun) -> str:
    said = [[one.kind, one.row, one.column, one.written, one.here, one.typed] for one in run.changes]
    reasons = [one.reason for one in run.updates]
    return hashlib.sha256(json.dumps([stored.sha256, said, reasons]).encode()).hexdigest()


_Key = tuple[str, Span | None, str]
"""What one figure is: the row, the period, target or actual."""


def _settled(user: Any, table: Tracked, run: DryRun, name: str) -> DryRun:
    """The dry run without what may not be written here, each with its reason."""
    project = table.matrix.project
    periods = {(period.start, period.end): period for period in table.matrix.periods}
    may = {
        "target": scoping.may_do(user, Permission.EDIT_PROJECTS, project),
        "actual": scoping.may_do(user, Permission.REPORT_RESULTS, project),
    }
    wrong: dict[_Key, tuple[str, dict[str, Any]]] = {}
    good: list[Update] = []
    for update in run.updates:
        why = why_not(update, table, periods, may)
        if why is None:
            good.append(update)
        else:
            wrong[update.row.id, update.span, update.what] = why
    taken = {(one.row.id, one.span, one.what) for one in good}
    changes = tuple(_judged(change, taken, wrong, name) for change in run.changes)
    cells = [one.problem for one in changes if one.problem is not None]
    known = {id(one.problem) for one in run.changes if one.problem is not None}
    whole = [_named(one, name) for one in run.problems if id(one) not in known]
    return replace(run, changes=changes, updates=tuple(good), problems=(*whole, *cells))


def _judged(change: Change, taken: set[_Key], wrong: Mapping[_Key, tuple[str, dict]], name: str) -> Change:
    if change.problem is not None:
        return replace(change, problem=_named(change.problem, name))
    what = "target" if change.name in OF_TARGET else "actual"
    key = (change.row, change.span, what)
    if change.kind == "same" or key in taken:
        return change
    code, details = wrong.get(key, ("tracking-figure-refused", {}))
    place = Origin(name, change.sheet, int(re.sub(r"\D", "", change.cell)), change.cell)
    return replace(change, kind="refused", problem=Problem(code, place, details))


def why_not(
    update: Update, table: Tracked, periods: Mapping[Span, Period], may: Mapping[str, bool]
) -> tuple[str, dict[str, Any]] | None:
    """Why a figure cannot be written here: the person, the report's state, or the figure itself."""
    if not may[update.what]:
        return NO_RIGHT[update.what], {}
    one = table.matrix.indicators[int(update.row.indicator)]
    if update.what == "target" and update.figure is None:
        return "tracking-target-stays", {}
    if update.what == "actual" and update.span is not None:
        actual = table.matrix.actuals.get((one.pk, periods[update.span].pk))
        if actual is not None and actual.state not in OPEN:
            return "tracking-report-closed", {"state": str(STATES[actual.state])}
    if update.figure is None:
        return None
    for number in (update.figure.value, update.figure.numerator, update.figure.denominator):
        if number is not None and not _fits(number):
            return "tracking-number-too-long", {"text": f"{number:f}"[:40]}
    figure = worked_out(update.figure)
    if figure.value is not None and not _fits(figure.value):
        return "tracking-number-too-long", {"text": f"{figure.value:f}"[:40]}
    for problem in problems_of(figure, one.measure):
        return problem.code, dict(problem.details)
    return None


def _fits(number: Decimal) -> bool:
    """Whether a number can be kept as it is: 20 digits before the point and 10 after it."""
    return abs(number) < Decimal(10) ** 20 and number == round(number, 10)


class Told(NamedTuple):
    """One changed cell in words."""

    change: Change
    kind: Any
    shape: str
    title: str
    column: str
    what: str
    remedy: str


def told(judged: Judged) -> list[Told]:
    """The changes in words, those that need a person first."""
    language = judged.table.language
    words = recipe.words_in(language)
    rows = {row.id: row for row in judged.table.rows}
    kinds = {
        "conflict": ("▲", _("conflict")),
        "refused": ("▲", _("refused")),
        "remove": ("○", _("is removed")),
        "change": ("◐", _("is changed")),
        "add": ("●", _("is added")),
        "same": ("–", _("stands here already")),
    }
    order = list(kinds)
    found = []
    for one in sorted(judged.run.changes, key=lambda each: order.index(each.kind)):
        shape, kind = kinds[one.kind]
        row = rows.get(one.row)
        what, remedy = sentences.fault(one.problem, language) if one.problem else ("", "")
        span = "" if one.span is None else f", {one.span[0]:%Y-%m-%d} – {one.span[1]:%Y-%m-%d}"
        title = f"{row.number} {row.title}" if row else one.row
        found.append(Told(one, kind, shape, title, f"{words.get(one.name, one.name)}{span}", what, remedy))
    return found
