"""The form of a round: a workbook that an institution fills in and sends back, one row for each measure.

Three sheets: answers, indicators, money; what the act says stands grey beside what is to be typed. Rows and
columns have hidden names, so that they may be sorted, moved and deleted, and sheets may be renamed. A hidden
sheet keeps, signed, of which round and institution the form is and what stood in it when it was written, so
that what somebody typed can be told from what others changed meanwhile. Reading changes nothing.
"""

import hmac
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException
from xlsxwriter.utility import xl_col_to_name

from milepost.errors import refuse
from milepost.interchange import aside, excel
from milepost.interchange.tracking.rows import as_number, signature, storable
from milepost.values import Origin, Problem

Kind = Literal["choice", "day", "text", "number"]
Key = tuple[str, str, str]
"""A cell that may be typed into: sheet, id of the row, name of the column."""

SHEETS: tuple[str, ...] = ("answers", "indicators", "money")
FIXED: dict[str, tuple[str, ...]] = {
    "answers": ("number", "measure", "deadline", "expected"),
    "indicators": ("number", "indicator", "unit"),
    "money": ("number", "source", "planned"),
}
"""The columns that say what a row is about, by sheet."""
TYPED: dict[str, dict[str, Kind]] = {
    "answers": {"done": "choice", "ended": "day", "text": "text", "obstacles": "text", "needed": "text"},
    "indicators": {
        "total": "number",
        "women": "number",
        "men": "number",
        "numerator": "number",
        "denominator": "number",
    },
    "money": {"spent": "number"},
}
"""The columns that are typed, by sheet, in their order, and what is typed into them."""

WORDS = {
    "answers": "Answers",
    "indicators": "Indicators",
    "money": "Money",
    "how_to": "How to fill it in",
    "number": "No.",
    "measure": "Measure",
    "deadline": "Deadline",
    "expected": "Expected result",
    "indicator": "Indicator",
    "unit": "Unit",
    "source": "Source of funding",
    "planned": "Planned",
    "done": "How far is it?",
    "ended": "Carried out on",
    "text": "What was done",
    "obstacles": "Obstacles",
    "needed": "What is needed",
    "total": "Reached by the end of the period",
    "women": "of these women",
    "men": "of these men",
    "numerator": "Numerator",
    "denominator": "Denominator",
    "spent": "Spent from the beginning to the end of the period",
    "rule_white": "Type into the white cells only; grey ones show what the act says and what does not apply.",
    "rule_done": "How far a measure is, is chosen from the list. Whether it is late is computed.",
    "rule_total": "Figures are what was reached from the beginning to the end of the period. Where women and "
    "men are given, the total may stay blank. A share is typed as numerator and denominator.",
    "rule_back": "Save the file and hand it in on the page of the round. First you see what it changes.",
}
"""What the workbook says; recipes translate it."""

HIDDEN = "_milepost"
MARK = "Milepost form of a round 1"
_TOP = 5  # the first row of what is typed
_NAMES = 4  # the hidden row that names the columns
_GREY, _WRONG = "#EEF1F3", "#FCE4D6"
_WIDTHS = {"measure": 44, "expected": 30, "indicator": 44, "text": 48, "obstacles": 34, "needed": 34,
           "source": 34, "deadline": 18, "done": 24, "number": 8, "planned": 18}  # fmt: skip


class Line(NamedTuple):
    """A row of a sheet: what it is about, what stands in it, and into which columns may be typed.

    Cells are texts: the code of a choice, a day as 2026-03-31, a number with all its digits.
    """

    sheet: str
    id: str
    fixed: tuple[str, ...]
    cells: Mapping[str, str]
    open: tuple[str, ...]


class Form(NamedTuple):
    """The form of an institution: `round` and `institution` are addresses, `heads` the lines on top of it."""

    round: str
    institution: str
    heads: tuple[str, ...]
    lines: tuple[Line, ...]


class Note(NamedTuple):
    """What was typed into a cell of a form that is sent back, and what is wrong with it ("": nothing)."""

    text: str
    words: str = ""


# Out --------------------------------------------------------------------------------------------------------


def write(
    form: Form,
    path: Path | str,
    *,
    language: str,
    words: Mapping[str, str],
    choices: Mapping[str, str],
    secret: bytes,
    notes: Mapping[Key, Note] | None = None,
) -> None:
    """Write the form; with `notes` what was typed stands in it again, marked where it is wrong.

    `choices` is {code: word} of how far a measure can be. Grey cells are protected, without password.
    MilepostError where it cannot be written.
    """
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with aside.file(path) as temporary:
        try:
            with xlsxwriter.Workbook(str(temporary), options) as book:
                style = _Style(_Looks(book), words, choices, notes or {})
                for sheet in SHEETS:
                    if lines := [line for line in form.lines if line.sheet == sheet]:
                        _Page(book, sheet, style).fill(form.heads, lines)
                _instructions(book, words)
                _keep(book, form, language, secret)
        except XlsxWriterException as error:
            raise refuse("cannot-write", Origin(str(path)), why=str(error)) from error


class _Looks:
    """One format for each look of a cell."""

    def __init__(self, book: Any):
        self.book = book
        self.made: dict[tuple[tuple[str, Any], ...], Any] = {}

    def __call__(self, **how: Any) -> Any:
        key = tuple(sorted(how.items()))
        if key not in self.made:
            basis = {"valign": "top", "border": 1, "border_color": "#C9D1D6", "text_wrap": True}
            self.made[key] = self.book.add_format({**basis, **how})
        return self.made[key]


class _Style(NamedTuple):
    """What all sheets have in common."""

    looks: _Looks
    words: Mapping[str, str]
    choices: Mapping[str, str]
    notes: Mapping[Key, Note]


class _Page:
    """A sheet while it is written."""

    def __init__(self, book: Any, sheet: str, style: "_Style"):
        self.name, self.looks = sheet, style.looks
        self.words, self.choices, self.notes = style.words, style.choices, style.notes
        self.page = book.add_worksheet(style.words[sheet][:31])
        self.large = book.add_format({"bold": True, "font_size": 14})
        self.columns = ["id", *FIXED[sheet], *TYPED[sheet]]

    def fill(self, heads: Sequence[str], lines: Sequence[Line]) -> None:
        """Everything on the sheet."""
        for n, text in enumerate(heads[:3]):
            self.page.write_string(n, 1, storable(text), *([self.large] if n == 0 else []))
        head = self.looks(bold=True, bg_color="#0B5A73", font_color="#FFFFFF")
        for n, name in enumerate(self.columns):
            self.page.write_string(3, n, "" if name == "id" else self.words[name], head)
            self.page.write_string(_NAMES, n, f"#{self.name}" if name == "id" else name)
            self.page.set_column(n, n, _WIDTHS.get(name, 14), None, {"hidden": name == "id"})
        self.page.set_row(_NAMES, None, None, {"hidden": True})
        for n, line in enumerate(lines, _TOP):
            self._line(n, line)
        self._rules(_TOP, _TOP + len(lines) - 1)
        self.page.freeze_panes(_TOP, 3)
        self.page.set_landscape()
        self.page.fit_to_pages(1, 0)
        self.page.repeat_rows(3)
        allowed = ("format_columns", "format_rows", "sort", "autofilter", "delete_rows")
        self.page.protect("", dict.fromkeys(allowed, True))

    def _line(self, n: int, line: Line) -> None:
        self.page.write_string(n, 0, line.id)
        for column, text in enumerate(line.fixed, 1):
            self.page.write_string(n, column, storable(text), self.looks(bg_color=_GREY))
        for column, (name, kind) in enumerate(TYPED[self.name].items(), 1 + len(line.fixed)):
            if name not in line.open:
                self.page.write_blank(n, column, None, self.looks(bg_color=_GREY))
                continue
            note = self.notes.get((self.name, line.id, name))
            how: dict[str, Any] = {"locked": False}
            if note is not None and note.words:
                how["bg_color"] = _WRONG
                size = {"author": "Milepost", "width": 320, "height": 40 + 18 * (len(note.words) // 45 + 1)}
                self.page.write_comment(n, column, storable(note.words)[:1500], size)
            text = line.cells.get(name, "") if note is None else note.text
            self._cell((n, column), kind, text, how)

    def _cell(self, place: tuple[int, int], kind: Kind, text: str, how: dict[str, Any]) -> None:
        number = as_number(text) if kind == "number" and text else None
        day = _day(text) if kind == "day" else None
        if isinstance(number, Decimal):
            self.page.write_number(*place, float(number), self.looks(num_format="#,##0.####", **how))
        elif day is not None:
            moment = datetime(day.year, day.month, day.day)
            self.page.write_datetime(*place, moment, self.looks(num_format="yyyy-mm-dd", **how))
        elif text:
            said = self.choices.get(text, text) if kind == "choice" else text
            self.page.write_string(*place, storable(said), self.looks(**how))
        else:
            pattern = {"num_format": "yyyy-mm-dd"} if kind == "day" else {}
            self.page.write_blank(*place, None, self.looks(**pattern, **how))

    def _rules(self, first: int, last: int) -> None:
        """A list to choose from, and what is no number or day is asked about."""
        for column, name in enumerate(self.columns):
            kind = TYPED[self.name].get(name)
            if kind == "choice":
                rule: dict[str, Any] = {"validate": "list", "source": list(self.choices.values())}
            elif kind == "number":
                rule = {"validate": "decimal", "criteria": ">=", "value": 0, "error_type": "warning"}
            elif kind == "day":
                rule = {
                    "validate": "date",
                    "criteria": ">=",
                    "value": date(1990, 1, 1),
                    "error_type": "warning",
                }
            else:
                continue
            self.page.data_validation(first, column, last, column, rule)


def _instructions(book: Any, words: Mapping[str, str]) -> None:
    page = book.add_worksheet(words["how_to"][:31])
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    page.set_column(0, 0, 100)
    for n, name in enumerate(name for name in words if name.startswith("rule_")):
        page.write_string(n, 0, words[name], wrapped)
    page.protect()


def _keep(book: Any, form: Form, language: str, secret: bytes) -> None:
    """The hidden sheet: whose form it is, and what stood in every cell that may be typed into."""
    lines = [json.dumps({"round": form.round, "institution": form.institution, "language": language})]
    for line in form.lines:
        cells = {name: line.cells[name] for name in line.open if line.cells.get(name)}
        lines.append(json.dumps({"sheet": line.sheet, "id": line.id, "cells": cells}))
    page = book.add_worksheet(HIDDEN)
    page.write_string(0, 0, MARK)
    page.write_string(0, 1, signature(lines, secret))
    for n, text in enumerate(lines, 1):
        for place, begin in enumerate(range(0, len(text), excel.PART)):
            page.write_string(n, place, text[begin : begin + excel.PART])
    page.very_hidden()
    page.protect()


# Back -------------------------------------------------------------------------------------------------------


class Cell(NamedTuple):
    """A cell as it came back: the text as `Line.cells` has it, or as it was typed with what is wrong."""

    text: str
    origin: Origin
    problem: Problem | None = None


class Sent(NamedTuple):
    """A form that came back. `written` is what stood in it when it went out, {sheet, id, column: text}.

    `cells` are all that are there; a row or column that was deleted has none. `problems` are of whole rows.
    """

    round: str
    institution: str
    language: str
    written: Mapping[Key, str]
    cells: Mapping[Key, Cell]
    problems: tuple[Problem, ...]


def read(path: Path | str, *, secret: bytes, choices: Mapping[str, str]) -> Sent:
    """What stands in a form that came back; `choices` is {word in any language, case folded: code}.

    MilepostError for a file that is no form of a round, or whose hidden sheet was changed.
    """
    book, origin = excel.look(path), Origin(Path(path).name)
    about, written = _kept(book, origin, secret)
    cells: dict[Key, Cell] = {}
    problems: list[Problem] = []
    for page in book.sheets:
        for key, cell in _cells(page, origin, choices):
            if key in cells:
                problems.append(Problem("round-form-row-twice", cell.origin, {"name": key[1]}))
            else:
                cells[key] = cell
    unknown = {key[:2] for key in cells} - {key[:2] for key in written}
    problems += [
        Problem("round-form-row-unknown", Origin(origin.file, sheet, None, row), {"name": row})
        for sheet, row in sorted(unknown)
    ]
    return Sent(
        about["round"],
        about["institution"],
        about["language"],
        written,
        {key: cell for key, cell in cells.items() if key in written},
        tuple({(one.code, one.details["name"]): one for one in problems}.values()),
    )


def _kept(book: excel.Workbook, origin: Origin, secret: bytes) -> tuple[dict[str, str], dict[Key, str]]:
    rows = next((sheet.rows for sheet in book.sheets if sheet.name == HIDDEN), [])
    first = (*rows[0], "")[:2] if rows else ("", "")
    if first[0] != MARK:
        raise refuse("round-form-not-ours", origin)
    texts = ["".join(row) for row in rows[1:]]
    if not texts or not hmac.compare_digest(first[1].encode(), signature(texts, secret).encode()):
        raise refuse("round-form-altered", origin)
    written: dict[Key, str] = {}
    for text in texts[1:]:
        line = json.loads(text)
        for name in TYPED[line["sheet"]]:
            written[line["sheet"], line["id"], name] = line["cells"].get(name, "")
    return json.loads(texts[0]), written


def _cells(page: Any, origin: Origin, choices: Mapping[str, str]) -> Iterator[tuple[Key, Cell]]:
    """The cells of a sheet that is a table of the form, whatever it is called now."""
    for n, row in enumerate(page.rows):
        sheet = next((text[1:] for text in row if text[:1] == "#" and text[1:] in TYPED), None)
        if sheet is None:
            continue
        at = row.index(f"#{sheet}")
        places = {name: row.index(name) for name in TYPED[sheet] if name in row}
        for below, cells in enumerate(page.rows[n + 1 :], n + 1):
            if not cells[at].strip():
                continue
            for name, column in places.items():
                letters = xl_col_to_name(page.left + column)
                where = Origin(origin.file, page.name, page.top + below + 1, letters)
                yield (
                    (sheet, cells[at].strip(), name),
                    _read(TYPED[sheet][name], cells[column], where, choices),
                )
        return


def _read(kind: Kind, typed: str, where: Origin, choices: Mapping[str, str]) -> Cell:
    text = typed.replace("\r\n", "\n").replace("\r", "\n").strip()
    if not text or kind == "text":
        return Cell(text, where)
    if kind == "choice":
        code = choices.get(" ".join(text.casefold().split()))
        return Cell(code, where) if code else _wrong("round-form-choice", text, where)
    if kind == "day":
        day = _day(text)
        return Cell(day.isoformat(), where) if day else _wrong("round-form-day", text, where)
    number = as_number(text)
    if not isinstance(number, Decimal):
        return _wrong("round-form-number", text, where)
    return Cell(canonical(number), where)


def _wrong(code: str, text: str, where: Origin) -> Cell:
    return Cell(text, where, Problem(code, where, {"text": text[:80]}))


_DAY = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")


def _day(text: str) -> date | None:
    """A day as 2026-03-31 or 31.03.2026.

    >>> _day("2026-03-31"), _day("31.3.2026"), _day("31.2.2026"), _day("soon")
    (datetime.date(2026, 3, 31), datetime.date(2026, 3, 31), None, None)
    """
    said = _DAY.fullmatch(text)
    try:
        return date(int(said[3]), int(said[2]), int(said[1])) if said else date.fromisoformat(text[:10])
    except ValueError:
        return None


def canonical(number: Decimal) -> str:
    """A number as the form keeps it: without zeros at its end, of the digits that a workbook keeps.

    >>> canonical(Decimal("12.500")), canonical(Decimal("0.0")), canonical(Decimal("1200"))
    ('12.5', '0', '1200')
    """
    plain = f"{Decimal(f'{float(number):.15G}'):f}"
    return plain.rstrip("0").rstrip(".") if "." in plain else plain
