"""The tracking table back in: what a workbook would change, cell by cell. Nothing is changed by reading."""

import hmac
import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple

from xlsxwriter.utility import xl_col_to_name

from milepost.errors import refuse
from milepost.interchange import excel
from milepost.interchange.tracking.rows import (
    HIDDEN,
    ID,
    LONG,
    MARK,
    NUMBERS,
    OF_ACTUAL,
    OF_TARGET,
    REASON,
    STATUSES,
    WORDS,
    Column,
    Project,
    Row,
    Span,
    as_number,
    compared,
    dates,
    kept,
    may_change,
    same,
    signature,
)
from milepost.values import Origin, Problem, Text
from milepost.values.results import Figure

# The door in ------------------------------------------------------------------------------------------------

ChangeKind = Literal["add", "change", "remove", "same", "kept", "conflict", "refused"]
FigureKey = tuple[str, Span | None, str]
"""One figure: the row's id, the period (None: the whole time), "target" or "actual"."""
KEEP = 0
"""The decision that a figure stays as it stands in the application; else the line of the sheet to take."""


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that is not as it was written. `name` is its column's, such as "target" or "numerator".

    add, change, remove: what would be done. same: in the application it says so already. conflict: somebody
    else has changed the figure meanwhile; `written` is what the workbook started from, `here` what stands in
    the application now, `typed` what the workbook says; or its row stands twice and says two things. kept: a
    person has decided that it stays. refused: `problem` says why. `span` is None for the whole time.
    """

    kind: ChangeKind
    row: str
    span: Span | None
    name: str
    written: str
    here: str
    typed: str
    sheet: str
    cell: str
    problem: Problem | None = None

    @property
    def column(self) -> str:
        """The hidden name of the column."""
        return f"{_band(self.span)}|{self.name}"


@dataclass(frozen=True, slots=True)
class Conflict:
    """A figure about which a person decides: it was changed here meanwhile, or its row stands twice.

    `here` is what stands in the application, `typed` what each line of the sheet says: {column: text}.
    """

    figure: FigureKey
    here: Mapping[str, str]
    typed: Mapping[int, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Update:
    """A figure as it shall be (None: to be removed), for one row and period (None: the end target)."""

    row: Row
    span: Span | None
    what: Literal["target", "actual"]
    figure: Figure | None
    reason: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """What a workbook would change. Nothing has been changed yet.

    `updates` are the figures of all changes that are neither refused nor in conflict. `conflicts` are all
    that need a decision, those that have one as well. `unchanged` counts the cells that are as written; rows
    that were deleted from the workbook change nothing and are not counted.
    """

    changes: tuple[Change, ...]
    updates: tuple[Update, ...]
    problems: tuple[Problem, ...]
    unchanged: int
    rows: int
    conflicts: tuple[Conflict, ...] = ()


def read(
    path: Path | str,
    rows: Sequence[Row],
    project: Project,
    *,
    words_in: Callable[[str], Mapping[str, str]] = lambda _: WORDS,
    secret: bytes = b"",
    decisions: Mapping[FigureKey, int] | None = None,
) -> DryRun:
    """Compare a workbook that came back with the rows as they are now, and say what it would change.

    Rows and columns are found by their hidden names. A row or column that is gone changes nothing; a cell
    that was emptied removes its figure. `words_in` gives the words of the workbook's language. `decisions`
    say of figures in conflict whether they stay (KEEP) or which line of the sheet counts. Refused as a whole
    (MilepostError) are files that are no tracking table, or one of another project; single cells are refused
    in the answer.
    """
    book, origin = excel.look(path), Origin(str(path))
    written = _read_kept(book, origin, secret)
    if written.project != project.id:
        raise refuse("tracking-other-project", origin, found=written.project, wanted=project.id)
    page = _find(book, origin)
    here = {row.id: row for row in rows}
    found = _Found(page, written, here, words_in(written.language), origin, decisions=decisions or {})
    found.problems += _general(book, page, written, origin)
    for n, cells in enumerate(page.sheet.rows[page.line + 1 :], page.line + 1):
        found.row(n, cells)
    found.compare()
    return found.answer()


# What the workbook says of itself ---------------------------------------------------------------------------


class _WrittenRow(NamedTuple):
    """A row as the hidden sheet keeps it."""

    revision: str
    cells: Mapping[str, str]


class _Written(NamedTuple):
    """What the hidden sheet keeps: of which project, in which language, which columns, and every row."""

    project: str
    language: str
    columns: Mapping[str, Column]
    rows: Mapping[str, _WrittenRow]


class _Page(NamedTuple):
    """The sheet with the table: the row (from 0) that names the columns, each column's place, dead cells."""

    sheet: Any
    line: int
    places: Mapping[str, int]
    without_value: Mapping[tuple[int | None, str | None], str]

    def letters(self, column: Column) -> str:
        """The letters of a column."""
        return xl_col_to_name(self.sheet.left + self.places[column.name])

    def row(self, n: int) -> int:
        """The number of a row as a person sees it."""
        return self.sheet.top + n + 1


def _read_kept(book: excel.Workbook, origin: Origin, secret: bytes) -> _Written:
    lines = next((sheet.rows for sheet in book.sheets if sheet.name == HIDDEN), [])
    first = (*lines[0], "")[:2] if lines else ("", "")
    if not first[0].startswith(MARK.rstrip("0123456789")):
        raise refuse("tracking-not-ours", origin)
    texts = ["".join(row) for row in lines[1:]]
    right = hmac.compare_digest(first[1].encode(), signature(texts, secret).encode())
    if first[0] != MARK or not right or not texts:
        raise refuse("tracking-altered", origin)
    try:
        return _parsed(texts)
    except (ValueError, KeyError, TypeError, AttributeError) as error:  # forged: the signature needs a secret
        raise refuse("tracking-altered", origin) from error


def _parsed(texts: Sequence[str]) -> _Written:
    head, *rows = map(json.loads, texts)
    names = tuple(map(str, head["columns"]))
    columns = {name: _column(name) for name in names}
    written = {str(row["id"]): _WrittenRow(str(row["revision"]), dict(row["cells"])) for row in rows}
    if not all(isinstance(text, str) for row in written.values() for text in row.cells.values()):
        raise TypeError("a cell that is no text")
    if not _LANGUAGE.fullmatch(head["language"]):
        raise ValueError("no language")
    return _Written(str(head["project"]), head["language"], columns, written)


_LANGUAGE = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*")


def _find(book: excel.Workbook, origin: Origin) -> _Page:
    for sheet in book.sheets:
        for n, cells in enumerate(sheet.rows):
            if {f"row|{ID}", "row|title"} <= set(cells):
                places = {name: place for place, name in reversed([*enumerate(cells)]) if name}
                dead = {
                    (one.row, one.letters): one.what or "="
                    for one in book.peculiar
                    if one.sheet == sheet.name and one.code in ("formula-without-value", "error-cell")
                }
                return _Page(sheet, n, places, dead)
    raise refuse("tracking-no-columns", origin)


def _general(book: excel.Workbook, page: _Page, written: _Written, origin: Origin) -> Iterator[Problem]:
    """What is to be known of the workbook as a whole."""
    place = Origin(origin.file, page.sheet.name)
    yield from (Problem(code, origin) for code in book.general)
    formulas = sum(one.code == "formulas" and one.sheet == page.sheet.name for one in book.peculiar)
    if formulas:
        yield Problem("formulas", place, {"count": formulas})
    if gone := [name for name in written.columns if name not in page.places]:
        yield Problem("tracking-column-gone", place, {"columns": ", ".join(gone)})


def _column(name: str) -> Column:
    """A column by its hidden name."""
    band, _, heading = name.partition("|")
    if band in ("row", "whole"):
        return Column(name, heading, None, "whole" if band == "whole" else "")
    start, _, end = band.partition("/")
    return Column(name, heading, (date.fromisoformat(start), date.fromisoformat(end)), band)


def _band(span: Span | None) -> str:
    return "whole" if span is None else dates(span)


# Comparing --------------------------------------------------------------------------------------------------

_Fault = tuple[str, Mapping[str, Any]]
"""The code of a fault and its details."""


class _Found:
    """What has been found so far in one workbook."""

    def __init__(
        self,
        page: _Page,
        written: _Written,
        here: Mapping[str, Row],
        words: Mapping[str, str],
        origin: Origin,
        *,
        decisions: Mapping[FigureKey, int],
    ):
        self.page, self.written, self.here, self.words, self.origin = page, written, here, words, origin
        self.decisions = decisions
        self.columns = [column for name, column in written.columns.items() if name in page.places]
        said = [{words[code]: code, WORDS[code]: code, code: code} for code in STATUSES]
        self.codes = {word.casefold(): code for one in said for word, code in one.items()}
        self.changes: list[Change] = []
        self.updates: list[Update] = []
        self.problems: list[Problem] = []
        self.unchanged = 0
        self.lines: dict[str, list[_Line]] = {}
        self.conflicts: list[Conflict] = []

    def answer(self) -> DryRun:
        """All that was found."""
        problems = [*self.problems, *(one.problem for one in self.changes if one.problem is not None)]
        return DryRun(
            tuple(self.changes),
            tuple(self.updates),
            tuple(problems),
            self.unchanged,
            len(self.lines),
            tuple(self.conflicts),
        )

    def row(self, n: int, cells: Sequence[str]) -> None:
        """One row below the names of the columns; without hidden number it must not hold figures."""
        id_ = cells[self.page.places[f"row|{ID}"]].strip()
        if not id_:
            if any(self._is_figure(column, cells) for column in self.columns):
                self._fault(n, "tracking-row-without-id")
            return
        written = self.written.rows.get(id_)
        if written is None:
            return self._fault(n, "tracking-unknown-row", id=id_)
        belongs = " ".join(filter(None, (written.cells.get(name) for name in ("row|number", "row|title"))))
        says = self._label(cells)
        if says is not None and says != belongs:
            return self._fault(n, "tracking-row-moved", says=says, belongs=belongs)
        lines = self.lines.setdefault(id_, [])
        if lines:
            self._fault(n, "tracking-row-twice", row=belongs)
        return lines.append(_Line(self, n, cells, written, id_))

    def compare(self) -> None:
        """The changes of every row, figure by figure; where it stands twice, of all its lines together."""
        for lines in self.lines.values():
            changed = [line.changed() for line in lines]
            for key in dict.fromkeys(key for each in changed for key in each):
                columns = list(dict.fromkeys(column for each in changed for column in each.get(key, ())))
                self._figure(lines, *key, columns)

    def _figure(
        self, lines: Sequence["_Line"], span: Span | None, group: str, columns: Sequence[Column]
    ) -> None:
        first, *others = lines
        if group == "fixed" or first.now is None:
            for line in lines:
                line.refuse(columns)
        elif all(line.says_as(first, columns) for line in others):
            first.settle(first.now, span, group, columns)
        else:
            self._twice(lines, span, group, columns)

    def _twice(
        self, lines: Sequence["_Line"], span: Span | None, group: str, columns: Sequence[Column]
    ) -> None:
        """A figure of a row that stands twice and says two things: one line counts, or none of them."""
        first = lines[0]
        conflict = first.conflict(span, group, columns)
        typed = {line.number: line.said(columns) for line in lines}
        self.conflicts.append(replace(conflict, typed=typed))
        decision = self.decisions.get(conflict.figure)
        chosen = next((line for line in lines if line.number == decision), None)
        if chosen is not None and first.now is not None:
            chosen.settle(first.now, span, group, columns, chosen=True)
        elif decision == KEEP:
            first.keep(columns)
        else:
            said = "; ".join(f"{number}: {_listed(cells)}" for number, cells in typed.items())
            for line in lines:
                line.clash(columns, "tracking-cell-twice", says=said)

    def _is_figure(self, column: Column, cells: Sequence[str]) -> bool:
        return column.heading in NUMBERS and as_number(cells[self.page.places[column.name]]) is not None

    def _label(self, cells: Sequence[str]) -> str | None:
        places = [self.page.places.get(name) for name in ("row|number", "row|title")]
        if None in places:
            return None
        return " ".join(filter(None, (compared(cells[place]) for place in places if place is not None)))

    def _fault(self, n: int, code: str, **details: Any) -> None:
        self.problems.append(Problem(code, self.place(n), details))

    def place(self, n: int, column: Column | None = None) -> Origin:
        """Where a row or cell stands, with its heading and period."""
        heading = None
        if column is not None:
            heading = self.words.get(column.heading, column.heading)
            if column.span is not None:
                heading = f"{heading} {dates(column.span).replace('/', ' – ')}"
        return Origin(self.origin.file, self.page.sheet.name, self.page.row(n), heading)


class _Line:
    """One row of the workbook, beside what was written into it and what stands in the application now."""

    def __init__(self, found: _Found, n: int, cells: Sequence[str], written: _WrittenRow, id_: str):
        self.found, self.n, self.cells, self.written, self.id = found, n, cells, written, id_
        self.now = found.here.get(id_)
        self.number = found.page.row(n)

    def changed(self) -> dict[tuple[Span | None, str], list[Column]]:
        """{(period, target or actual or fixed): the columns that are not as written}."""
        groups: dict[tuple[Span | None, str], list[Column]] = {}
        for column in self.found.columns:
            if not self._differs(column):
                self.found.unchanged += 1
            elif column.heading != REASON:
                groups.setdefault((column.span, _group(column)), []).append(column)
        return groups

    def refuse(self, columns: Sequence[Column]) -> None:
        """Refuse those of the columns that differ: they are not for change, or the row is gone."""
        for column in filter(self._differs, columns):
            gone = _group(column) != "fixed"
            self._refuse(
                column, ("tracking-unknown-row", {"id": self.id}) if gone else self._why_fixed(column)
            )

    def says_as(self, other: "_Line", columns: Sequence[Column]) -> bool:
        """Whether two lines of one row say the same in these columns."""
        return all(
            same(self._typed(column), other._typed(column), column)
            and self._dead(column) == other._dead(column)
            for column in columns
        )

    # What the cell says, said and says now

    def _raw(self, column: Column) -> str:
        return self.cells[self.found.page.places[column.name]].strip()

    def _typed(self, column: Column) -> str:
        """What was typed, in the form in which it is kept: the code of a status, else the text."""
        typed = compared(self._raw(column))
        return self.found.codes.get(typed.casefold(), typed) if column.heading == "status" else typed

    def _written(self, column: Column) -> str:
        return self.written.cells.get(column.name, "")

    def _here(self, column: Column) -> str:
        if self.now is None:
            return ""
        return kept(self.now, column, self.found.words, self.found.written.language)

    def _dead(self, column: Column) -> str | None:
        page = self.found.page
        return page.without_value.get((self.number, page.letters(column)))

    def _differs(self, column: Column) -> bool:
        return self._dead(column) is not None or not same(self._typed(column), self._written(column), column)

    # One figure

    def settle(
        self, row: Row, span: Span | None, group: str, columns: Sequence[Column], *, chosen: bool = False
    ) -> None:
        """A figure that was changed in some of its cells: its numbers are one thing, its comment another.

        With `chosen` a person has said that this line counts, whatever stands in the application.
        """
        wrong = {column.name: why for column in columns if (why := self._why_not(row, column)) is not None}
        for column in columns:
            if column.name in wrong:
                self._refuse(column, wrong[column.name])
        left: list[Column] = []
        clashing: list[Column] = []
        for comment in (False, True):
            part = [c for c in columns if c.name not in wrong and (c.heading == "comment") == comment]
            if all(same(self._typed(column), self._here(column), column) for column in part):
                for column in part:
                    self._add("same", column)
                continue
            left += part
            if not chosen and self._was_changed_here(group, span, comment):
                clashing += part
        if clashing:
            self._meanwhile(row, span, group, left, clashing, alone=not wrong)
        elif left:
            self._write(row, span, group, left, alone=not wrong)

    def _meanwhile(
        self,
        row: Row,
        span: Span | None,
        group: str,
        columns: Sequence[Column],
        clashing: Sequence[Column],
        *,
        alone: bool,
    ) -> None:
        """A figure that somebody has changed here meanwhile: what is typed counts if a person says so."""
        conflict = self.conflict(span, group, columns)
        self.found.conflicts.append(conflict)
        decision = self.found.decisions.get(conflict.figure)
        if decision == self.number:
            self._write(row, span, group, columns, alone=alone)
        elif decision == KEEP:
            self.keep(columns)
        else:
            for column in clashing:
                self._conflict(column)
            if left := [column for column in columns if column not in clashing]:
                self._write(row, span, group, left, alone=False)

    def conflict(self, span: Span | None, group: str, columns: Sequence[Column]) -> Conflict:
        """What a person has to decide between."""
        here = {column.heading: _shown(self._here(column)) for column in columns}
        return Conflict((self.id, span, _what(group)), here, {self.number: self.said(columns)})

    def said(self, columns: Sequence[Column]) -> dict[str, str]:
        """{heading: what was typed}."""
        return {column.heading: self._raw(column) for column in columns}

    def keep(self, columns: Sequence[Column]) -> None:
        """Leave a figure as it stands in the application: a person has decided so."""
        for column in columns:
            self._add("kept", column)

    def _was_changed_here(self, group: str, span: Span | None, comment: bool) -> bool:
        """Whether somebody has changed the numbers, or the comment, since the workbook was written."""
        for name in OF_TARGET if group == "target" else OF_ACTUAL:
            column = Column(f"{_band(span)}|{name}", name, span)
            known = column.name in self.found.written.columns and (name == "comment") == comment
            if known and not same(self._here(column), self._written(column), column):
                return True
        return False

    def _why_not(self, row: Row, column: Column) -> _Fault | None:
        """Why a cell by itself cannot be taken: locked, computed, or not readable as what it has to be."""
        dead = self._dead(column)
        if dead is not None:
            return "tracking-no-value", {"what": dead}
        cells = row.whole if column.span is None else row.periods.get(column.span)
        if cells is not None and cells.locked and column.span is not None:
            start, end = dates(column.span).split("/")
            return "tracking-locked-period", {"start": start, "end": end}
        if not may_change(row, column):
            is_percentage = row.measure == "percentage" and column.heading in ("target", "actual")
            return ("tracking-percentage-parts", {}) if is_percentage else self._why_fixed(column)
        typed = self._typed(column)
        if column.heading == "status" and typed not in ("", *STATUSES):
            known = ", ".join(self.found.words[code] for code in STATUSES)
            return "tracking-status-unknown", {"text": typed, "known": known}
        if column.heading not in NUMBERS or not typed or self._is_absence(column):
            return None
        return _why_no_number(typed, row, column)

    def _is_absence(self, column: Column) -> bool:
        """Whether a target is said to be missing or not applicable in words; an actual has its status."""
        return column.heading == "target" and self._typed(column).casefold() in self.found.codes

    def _why_fixed(self, column: Column) -> _Fault:
        before, after = self._written(column), self._typed(column)
        return "tracking-not-for-change", {"before": before or "–", "after": after or "–"}

    def _write(
        self, row: Row, span: Span | None, group: str, columns: Sequence[Column], *, alone: bool
    ) -> None:
        """The figure as it shall be, or why it cannot be so; `alone`: nothing of it was refused."""
        before = _figure_of(row, span, group)
        figure = self._made(row, before, columns)
        why = None if figure is None else _why_no_figure(row, figure, before)
        place = self.found.page.places.get(f"row|{REASON}")
        reason = "" if place is None or group != "target" else self.cells[place].strip()
        if why is None and group == "target" and before is not None and not reason:
            why = "tracking-no-reason", {"before": _said(before), "after": _said(figure)}
        for column in columns:
            if why is not None:
                self._refuse(column, why)
            elif not self._here(column):
                self._add("add", column)
            else:
                self._add("change" if self._typed(column) else "remove", column)
        if why is None and alone:
            self.found.updates.append(Update(row, span, _what(group), figure, reason))

    def _made(self, row: Row, before: Figure | None, columns: Sequence[Column]) -> Figure | None:
        """The figure as it stands now, with what was typed in its place; None if nothing is left of it."""
        figure = before or Figure(breakdown=row.breakdown, place=row.place)
        if any(column.heading in OF_TARGET for column in columns):
            figure = replace(figure, status="A")  # it has no column of its own
        if any(
            column.heading in NUMBERS and column.heading not in ("target", "actual") for column in columns
        ):
            figure = replace(figure, value=None)  # worked out of the two
        for column in columns:
            figure = self._with(figure, column)
        numbers = (figure.value, figure.numerator, figure.denominator)
        shown = figure.comment.best(self.found.written.language)[0]
        empty = all(number is None for number in numbers) and not figure.text and figure.status == "A"
        return None if empty and not shown else figure

    def _with(self, figure: Figure, column: Column) -> Figure:
        typed = self._typed(column)
        if column.heading == "status":
            return replace(figure, status=typed or "A")
        if column.heading == "comment":
            language = self.found.written.language
            _, shown = figure.comment.best(language)
            words = {**figure.comment, (language if typed else shown or language): self._raw(column)}
            return replace(figure, comment=Text({name: text for name, text in words.items() if text}))
        if self._is_absence(column):
            return replace(figure, value=None, text="", status=self.found.codes[typed.casefold()])
        number = _as_shown(typed)
        if column.heading in ("target", "actual"):
            return replace(figure, value=number, text="" if number is not None else self._raw(column))
        return replace(figure, **{column.heading.removeprefix("target_"): number})

    # Answers

    def _add(self, kind: ChangeKind, column: Column, problem: Problem | None = None) -> None:
        page = self.found.page
        self.found.changes.append(
            Change(
                kind,
                self.id,
                column.span,
                column.heading,
                written=_shown(self._written(column)),
                here=_shown(self._here(column)),
                typed=self._raw(column),
                sheet=page.sheet.name,
                cell=f"{page.letters(column)}{page.row(self.n)}",
                problem=problem,
            )
        )

    def _refuse(self, column: Column, why: _Fault) -> None:
        self._add("refused", column, Problem(why[0], self.found.place(self.n, column), why[1]))

    def _conflict(self, column: Column) -> None:
        details = {
            "typed": self._raw(column) or "–",
            "before": _shown(self._written(column)) or "–",
            "here": _shown(self._here(column)) or "–",
        }
        self.clash([column], "tracking-conflict", **details)

    def clash(self, columns: Sequence[Column], code: str, /, **details: Any) -> None:
        """Say of cells that they are in conflict."""
        for column in columns:
            self._add("conflict", column, Problem(code, self.found.place(self.n, column), details))


def _listed(cells: Mapping[str, str]) -> str:
    return ", ".join(text or "–" for text in cells.values())


def _group(column: Column) -> str:
    if column.heading in OF_TARGET:
        return "target"
    return "actual" if column.heading in OF_ACTUAL and column.span is not None else "fixed"


def _what(group: str) -> Literal["target", "actual"]:
    return "target" if group == "target" else "actual"


def _figure_of(row: Row, span: Span | None, group: str) -> Figure | None:
    cells = row.whole if span is None else row.periods.get(span)
    if cells is None:
        return None
    return cells.target if group == "target" else cells.actual


def _shown(text: str) -> str:
    """A kept text to be shown; of a long one only its hash is kept."""
    return "…" if text.startswith(LONG) else text


def _as_shown(typed: str) -> Decimal | None:
    """A typed number with the 15 digits that a spreadsheet shows: =1/3 gives 0.333333333333333."""
    number = as_number(typed)
    if not isinstance(number, Decimal) or len(number.as_tuple().digits) <= 15:
        return number if isinstance(number, Decimal) else None
    return Decimal(f"{number:.15g}")


def _why_no_number(typed: str, row: Row, column: Column) -> _Fault | None:
    number = as_number(typed)
    if isinstance(number, tuple):
        return "tracking-ambiguous-number", {"text": typed, "first": number[0], "second": number[1]}
    in_words = row.measure not in ("number", "percentage") and column.heading in ("target", "actual")
    if number is None:
        return None if in_words else ("tracking-not-a-number", {"text": typed})
    if column.heading.endswith("denominator") and number <= 0:
        return "tracking-denominator", {"text": typed}
    return None


def _why_no_figure(row: Row, figure: Figure, before: Figure | None) -> _Fault | None:
    """What is wrong with a figure as a whole."""
    numbers = (figure.value, figure.numerator, figure.denominator)
    some = any(number is not None for number in numbers) or bool(figure.text)
    if figure.status != "A":
        return ("tracking-figure-beside-status", {}) if some else None
    if not some:
        return "tracking-comment-alone", {}
    was_alone = before is not None and before.value is not None and before.numerator is None
    if (figure.numerator is None) != (figure.denominator is None):
        return "tracking-percentage-parts", {}
    if row.measure == "percentage" and figure.numerator is None and not was_alone:
        return "tracking-percentage-parts", {}
    return None


def _said(figure: Figure | None) -> str:
    if figure is None:
        return "–"
    if figure.numerator is not None and figure.denominator is not None:
        return f"{figure.numerator:f} / {figure.denominator:f}"
    return f"{figure.value:f}" if figure.value is not None else figure.text or "–"
