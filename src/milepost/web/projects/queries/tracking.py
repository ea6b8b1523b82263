"""The indicator tracking table of a project: what stands in it, and what a workbook would change."""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
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
from milepost.interchange.tracking import (
    KEEP,
    Cells,
    Change,
    Column,
    DryRun,
    FigureKey,
    Logged,
    Row,
    Span,
    Update,
)
from milepost.interchange.tracking.rows import OF_TARGET
from milepost.progress import results as progress
from milepost.recipes import tracking as recipe
from milepost.reports import sentences
from milepost.values import Origin, Problem, Text
from milepost.values.figures import Amount
from milepost.web.accounts.roles import Permission
from milepost.web.files import store
from milepost.web.files.models import StoredFile
from milepost.web.projects.cells import key_of, problems_of, worked_out
from milepost.web.projects.models import Actual, Goal, Period, Project
from milepost.web.projects.queries import breakdowns, scoping
from milepost.web.projects.queries.matrix import Matrix, matrix
from milepost.web.projects.queries.standing import KINDS, SHAPES, STATES
from milepost.web.ui.templatetags.ui import figure, plain
from milepost.web.ui.verdicts import written

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

HIDDEN = ("id", "revision")
"""Columns that nobody sees in the workbook either."""
HEADING = ("number", "title")
"""Columns that head each row."""
WORDED = ("level", "unit", "direction", "counting", "measure", "reason", "status", "comment")
"""Columns that hold no numbers."""
PRINTED = 16
"""So many columns of figures can be read across one printed page; the others go to the next one."""


class Shown(NamedTuple):
    """One cell of the page: its words, where they lead, and the state of a report that is not approved."""

    words: str
    address: str = ""
    state: Any = ""
    shape: str = ""
    overdue: bool = False
    number: bool = True


class Line(NamedTuple):
    """One row of the page."""

    row: Row
    cells: list[Shown]


class Band(NamedTuple):
    """The heading above some columns: a period, or the whole time, or nothing."""

    words: str
    width: int


class Head(NamedTuple):
    """The heading of a column."""

    words: str
    number: bool


class Sheet(NamedTuple):
    """Some columns of the table, for all rows."""

    bands: list[Band]
    heads: list[Head]
    lines: list[Line]


class Page(NamedTuple):
    """The table as a page shows it, and cut into sheets that a printed page has room for."""

    heading: list[str]
    whole: Sheet
    printed: list[Sheet]


def page(table: Tracked) -> Page:
    """The table in words: the columns and cells of the workbook."""
    words = recipe.words_in(table.language)
    columns = [one for one in tables.columns_of(table.rows) if one.heading not in (*HIDDEN, *HEADING)]
    periods = {(period.start, period.end): period for period in table.matrix.periods}
    reasons = _reasons(table)
    lines = []
    for row in table.rows:
        cells = [_shown(table, periods, words, row, one) for one in columns]
        if why := reasons.get((row.indicator, key_of(row.breakdown), row.place)):
            place = next(n for n, one in enumerate(columns) if one.heading == tables.REASON)
            cells[place] = cells[place]._replace(words=why)
        lines.append(Line(row, cells))
    return Page(
        [words[name] for name in HEADING],
        _sheet(words, columns, lines, range(len(columns))),
        [_sheet(words, columns, lines, places) for places in _printed(columns)],
    )


def _reasons(table: Tracked) -> dict[tuple[str, str, str], str]:
    """{(indicator, breakdown, place): why its targets were changed last}, for those who work with it."""
    found: dict[tuple[str, str, str], str] = {}
    if table.inside:
        goals = (goal for goals in table.matrix.goals.values() for goal in goals)
        for goal in sorted(goals, key=lambda one: (one.at, one.pk)):
            if goal.reason and goal.kind != Goal.Kind.BASELINE:
                found[str(goal.indicator_id), goal.key, goal.place] = goal.reason
    return found


def _printed(columns: Iterable[Column]) -> list[list[int]]:
    """The columns of each printed page: first those of all time, then period by period."""
    blocks: dict[Span | None, list[int]] = {None: []}
    for place, one in enumerate(columns):
        blocks.setdefault(one.span, []).append(place)
    pages: list[list[int]] = [[]]
    for places in blocks.values():
        if pages[-1] and len(pages[-1]) + len(places) > PRINTED:
            pages.append([])
        pages[-1] += places
    return pages


def _sheet(
    words: Mapping[str, str], columns: Sequence[Column], lines: Iterable[Line], places: Sequence[int]
) -> Sheet:
    bands: list[Band] = []
    last = None
    for one in (columns[place] for place in places):
        if one.band == last and bands:
            bands[-1] = bands[-1]._replace(width=bands[-1].width + 1)
        else:
            named = words["whole"] if one.band == "whole" else one.band.replace("/", " – ")
            bands.append(Band(named, 1))
        last = one.band
    heads = [Head(words[columns[n].heading], columns[n].heading not in WORDED) for n in places]
    return Sheet(bands, heads, [Line(row, [cells[n] for n in places]) for row, cells in lines])


def _shown(
    table: Tracked, periods: Mapping[Span, Period], words: Mapping[str, str], row: Row, column: Column
) -> Shown:
    what = tables.content(row, column, words, table.language)
    if row.kind == "level" or column.heading in WORDED:
        return Shown(str(what or ""), number=column.heading not in WORDED)
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
    return Shown(said, address, state, shape, cells.overdue and column.heading == "met")


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
        kinds = ("add", "change", "remove", "same", "kept", "conflict", "refused")
        return {kind: sum(one.kind == kind for one in self.run.changes) for kind in kinds}


def waiting(user: Any, project: Project) -> Any:
    """The files of a person that were sent in for this project and are not yet confirmed."""
    return StoredFile.objects.filter(by=user, owner=owner(project))


def owner(project: Project) -> str:
    """What a file belongs to as long as it is not confirmed: nobody but who sent it in may have it."""
    return f"tracking:{project.pk}"


def judge(
    user: Any,
    project: Project,
    stored: StoredFile,
    *,
    today: date,
    decisions: Mapping[FigureKey, int] | None = None,
) -> Judged:
    """Hold a workbook against what stands here now, and refuse what this person may not change.

    `decisions` settle figures in conflict: KEEP, or the line of the sheet that counts. MilepostError where it
    is no tracking table of this project, or no safe file.
    """
    table = tracked(project, today=today, inside=True, drafts=True)
    path = store.path_of(stored.sha256)
    try:
        run = recipe.read(path, table.rows, table.about, secret=secret(), decisions=decisions)
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


def _settled(user: Any, table: Tracked, run: DryRun, name: str) -> DryRun:
    """The dry run without what may not be written here, each with its reason."""
    project = table.matrix.project
    periods = {(period.start, period.end): period for period in table.matrix.periods}
    may = {
        "target": scoping.may_do(user, Permission.EDIT_PROJECTS, project),
        "actual": scoping.may_do(user, Permission.REPORT_RESULTS, project),
    }
    wrong: dict[FigureKey, tuple[str, dict[str, Any]]] = {}
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
    problems = (*whole, *_no_way(good, name), *cells)
    return replace(run, changes=changes, updates=tuple(good), problems=problems)


def _no_way(updates: Iterable[Update], name: str) -> Iterable[Problem]:
    """Targets that would be as their baseline: they can be meant, but no progress to them can be told."""
    for one in updates:
        value = one.figure.value if one.what == "target" and one.figure is not None else None
        if value is None or value != one.row.baseline or one.row.direction == "maintain":
            continue
        details: dict[str, Any] = {"indicator": one.row.number, "target": written(Amount(value))}
        code = "target-equals-baseline"
        if one.span is not None:
            code = "period-target-equals-baseline"
            details |= dict(zip(("start", "end"), map(str, one.span), strict=True))
        yield Problem(code, Origin(name), details)


def _judged(
    change: Change, taken: set[FigureKey], wrong: Mapping[FigureKey, tuple[str, dict]], name: str
) -> Change:
    if change.problem is not None:
        return replace(change, problem=_named(change.problem, name))
    what = "target" if change.name in OF_TARGET else "actual"
    key = (change.row, change.span, what)
    if change.kind in ("same", "kept") or key in taken:
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
        "kept": ("○", _("stays as it is here")),
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


class Choice(NamedTuple):
    """One answer to a conflict: what is sent with the form, and its words."""

    value: int
    words: str
    chosen: bool


class ToDecide(NamedTuple):
    """A figure in conflict: the name of its field, of what it is, and what can be chosen."""

    name: str
    title: str
    choices: list[Choice]


def to_decide(judged: Judged, decisions: Mapping[FigureKey, int]) -> list[ToDecide]:
    """Every figure in conflict with what can be chosen: what stands here, or a line of the workbook."""
    words = recipe.words_in(judged.table.language)
    found = []
    for one in judged.run.conflicts:
        chosen = decisions.get(one.figure)
        keep = _("Keep what stands here: {figure}").format(figure=_listed(one.here, words))
        choices = [Choice(KEEP, keep, chosen == KEEP)]
        for line, typed in one.typed.items():
            take = _("Take what the file says in row {line}: {figure}")
            take = take.format(line=line, figure=_listed(typed, words))
            choices.append(Choice(line, take, chosen == line))
        found.append(ToDecide(field_of(one.figure), _named_figure(judged, one.figure), choices))
    return found


def _named_figure(judged: Judged, figure: FigureKey) -> str:
    words = recipe.words_in(judged.table.language)
    key, span, what = figure
    row = next(row for row in judged.table.rows if row.id == key)
    days = words["whole"] if span is None else f"{span[0]:%Y-%m-%d} – {span[1]:%Y-%m-%d}"
    return f"{row.number} {row.title}: {words[what]}, {days}"


def decided(judged: Judged, decisions: Mapping[FigureKey, int]) -> dict[str, list[str]]:
    """{"kept" or "taken": the figures about which a person has decided so}."""
    found: dict[str, list[str]] = {}
    for one in judged.run.conflicts:
        decision = decisions.get(one.figure)
        if decision == KEEP or decision in one.typed:
            name = "kept" if decision == KEEP else "taken"
            found.setdefault(name, []).append(_named_figure(judged, one.figure))
    return found


def _listed(cells: Mapping[str, str], words: Mapping[str, str]) -> str:
    """The cells of a figure in words: one by itself, several with their headings."""
    said = {name: words.get(text, text) if name == "status" else text for name, text in cells.items()}
    if len(said) == 1:
        return next(iter(said.values())) or "–"
    return ", ".join(f"{words[name]} {text or '–'}" for name, text in said.items())


def of_all(judged: Judged, *, keep: bool) -> dict[FigureKey, int]:
    """The same decision for every conflict; a row that stands twice has no one line to be taken."""
    if keep:
        return {one.figure: KEEP for one in judged.run.conflicts}
    return {one.figure: next(iter(one.typed)) for one in judged.run.conflicts if len(one.typed) == 1}


DECIDED = "decide:"
"""How the names of fields with decisions begin."""


def field_of(figure: FigureKey) -> str:
    """The name of the field in which a person decides about a figure."""
    row, span, what = figure
    return f"{DECIDED}{row}:{tables.dates(span) if span else ''}:{what}"


def decisions_in(typed: Mapping[str, str]) -> dict[FigureKey, int]:
    """The decisions that came with a form; fields that no form of ours has are left out."""
    found: dict[FigureKey, int] = {}
    for name, value in typed.items():
        if not name.startswith(DECIDED) or not re.fullmatch("[0-9]{1,7}", value, re.ASCII):
            continue
        try:
            row, days, what = name.removeprefix(DECIDED).rsplit(":", 2)
            first, last = map(date.fromisoformat, days.split("/")) if days else (None, None)
        except ValueError:
            continue
        span = (first, last) if first is not None and last is not None else None
        found[row, span, what] = int(value)
    return found


def as_text(decisions: Mapping[FigureKey, int]) -> str:
    """Decisions as one text, to be compared with others."""
    return json.dumps(sorted([field_of(figure), value] for figure, value in decisions.items()))
