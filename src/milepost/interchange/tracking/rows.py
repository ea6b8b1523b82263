"""What stands in the rows and columns of a tracking table, and how a cell is compared with another."""

import hashlib
import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from milepost.interchange import excel
from milepost.values.figures import Amount
from milepost.values.observation import Breakdown
from milepost.values.results import Figure

Span = tuple[date, date]
"""The first and the last day of a period."""

Kind = Literal["level", "indicator", "part"]
"""A level of the matrix, an indicator, or a breakdown or place of the indicator above it."""

STATUSES = ("O", "M")
"""What may stand in the column of statuses: missing, not applicable."""

WORDS: dict[str, str] = {
    "sheet": "Tracking table",
    "log": "Change log",
    "number": "No.",
    "title": "Indicator",
    "level": "Level",
    "unit": "Unit",
    "direction": "Direction",
    "counting": "C / NC",
    "measure": "# / %",
    "baseline": "Baseline",
    "whole": "Whole project",
    "target": "Target",
    "target_numerator": "Target numerator",
    "target_denominator": "Target denominator",
    "actual": "Actual",
    "numerator": "Numerator",
    "denominator": "Denominator",
    "to_date": "Since the start",
    "met": "% met",
    "status": "Status",
    "comment": "Comment",
    "reason": "Reason for a changed target",
    "O": "missing",
    "M": "not applicable",
    "objective": "Objective",
    "outcome": "Outcome",
    "output": "Output",
    "activity": "Activity",
    "kept": "kept",
    "not_kept": "not kept",
    "reached": "reached",
    "up": "+",
    "down": "−",
    "maintain": "=",
    "day": "Date",
    "what": "What was changed",
    "before": "Before",
    "after": "After",
    "why": "Reason",
    "by": "Changed by",
    "number_only": "A number, please. Missing or not applicable is said in the column of statuses.",
    "rules": (
        "% met is (actual − baseline) / (target − baseline), rounded to one decimal; "
        "what was entered is never rounded. "
        "– is not computable. C: counted since the start; NC: each period by itself. "
        "What was not reported is blank, and is not zero. White cells may be filled in; "
        "statuses and comments stand to the right of the printed page."
    ),
}
"""Every word of the workbook, in English."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The figures of one row for one period, or for the whole time.

    `target` and `actual` are what was entered, None where nothing was; `target_shown` and `actual_shown` then
    are what the parts come to, if they have a value; `to_date` is a cumulative indicator's sum so far.
    `met` is the share of the way as computed, `verdict` and `reason` are codes of `progress.results`.
    """

    target: Figure | None = None
    actual: Figure | None = None
    actual_shown: Amount | None = None
    target_shown: Amount | None = None
    to_date: Decimal | None = None
    met: Decimal | None = None
    verdict: str = ""
    reason: str | None = None
    overdue: bool = False
    notes: tuple[str, ...] = ()
    locked: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the table. `id` is the same for ever, `revision` that of its figures; words are as printed.

    `indicator` (an id), `breakdown` and `place` say what it holds, for whoever takes the changes in;
    `commented`: whether its figures have comments of their own.
    """

    id: str
    kind: Kind
    number: str
    title: str
    level: str = ""
    unit: str = ""
    direction: str = ""
    counting: str = ""
    measure: str = "number"
    depth: int = 0
    revision: str = ""
    baseline: Decimal | str | None = None
    whole: Cells = field(default_factory=Cells)
    periods: Mapping[Span, Cells] = field(default_factory=dict)
    indicator: str = ""
    breakdown: Breakdown = ()
    place: str = ""
    commented: bool = True


class Logged(NamedTuple):
    """A line of the change log: what was changed, from what to what, why and by whom."""

    day: str
    what: str
    before: str
    after: str
    why: str
    by: str


@dataclass(frozen=True, slots=True)
class Project:
    """Whose table it is: an id that never changes, and words for the heading."""

    id: str
    title: str
    note: str = ""


# Columns ----------------------------------------------------------------------------------------------------


class Column(NamedTuple):
    """A column: its hidden name, the key of its heading, its period (None: the whole time or the row)."""

    name: str
    heading: str
    span: Span | None
    band: str = ""


ID, REVISION, REASON = "id", "revision", "reason"
FIXED = ("number", "title", "level", "unit", "direction", "counting", "measure", "baseline")
NUMBERS = ("target", "target_numerator", "target_denominator", "actual", "numerator", "denominator")
OF_TARGET = ("target", "target_numerator", "target_denominator")
OF_ACTUAL = ("actual", "numerator", "denominator", "status", "comment")
COMPUTED = ("to_date", "met")
WORDED = (
    ID,
    REVISION,
    "number",
    "title",
    "level",
    "unit",
    "direction",
    "counting",
    "measure",
    "status",
    "comment",
)
"""Columns of words: what looks like a number there is none."""
BESIDE = ("status", "comment")
"""Columns to the right of the printed page."""


def columns_of(rows: Sequence[Row]) -> list[Column]:
    """The columns that these rows need: numerators only where there are percentages, and so on."""
    divided = any(_divided(row) for row in rows)
    cumulative = any(row.counting == "cumulative" for row in rows)
    ratio = ("target_numerator", "target_denominator") if divided else ()
    parts = ("numerator", "denominator") if divided else ()
    found = [Column(f"row|{name}", name, None) for name in (ID, REVISION, *FIXED)]
    found += [Column(f"whole|{name}", name, None, "whole") for name in ("target", *ratio, "actual", "met")]
    since = ("to_date",) if cumulative else ()
    for span in spans(rows):
        for name in ("target", *ratio, "actual", *parts, *since, "met"):
            found.append(Column(f"{dates(span)}|{name}", name, span, dates(span)))
    found.append(Column(f"row|{REASON}", REASON, None))
    beside = [(span, name) for span in spans(rows) for name in BESIDE]
    return [*found, *(Column(f"{dates(span)}|{name}", name, span, dates(span)) for span, name in beside)]


def _divided(row: Row) -> bool:
    figures = [
        figure for cells in (row.whole, *row.periods.values()) for figure in (cells.target, cells.actual)
    ]
    return row.measure == "percentage" or any(
        one is not None and one.denominator is not None for one in figures
    )


def spans(rows: Iterable[Row]) -> list[Span]:
    """All periods of these rows, in the order of time."""
    return sorted({span for row in rows for span in row.periods})


def dates(span: Span) -> str:
    """A period as the names of its columns begin: 2024-01-01/2024-06-30."""
    return f"{span[0].isoformat()}/{span[1].isoformat()}"


# What stands in a cell --------------------------------------------------------------------------------------

Content = Decimal | str | None


def content(row: Row, column: Column, words: Mapping[str, str], language: str = "en") -> Content:
    """What stands in a cell of the table: a number, words, or nothing."""
    if column.heading in (ID, REVISION):
        return None if row.kind == "level" else getattr(row, column.heading) or None
    if column.heading in FIXED:
        return _fixed(row, column.heading, words)
    if column.heading == REASON or row.kind == "level":
        return None
    cells = _cells_of(row, column)
    return None if cells is None else _of_cells(row, cells, column.heading, words, language)


def _fixed(row: Row, name: str, words: Mapping[str, str]) -> Content:
    if name == "measure" and row.kind != "level":
        return "%" if row.measure == "percentage" else "#" if row.measure == "number" else "abc"
    if row.kind == "level" and name not in ("number", "title", "level"):
        return None
    if name == "counting":
        return {"": None, "not_cumulative": "NC"}.get(row.counting, "C")
    if name == "direction":
        return words.get(row.direction) or None
    if name == "title":
        return "    " * row.depth + row.title
    return getattr(row, name) if getattr(row, name) != "" else None


def _of_cells(row: Row, cells: Cells, name: str, words: Mapping[str, str], language: str) -> Content:
    of_target = name in OF_TARGET
    figure, shown = (cells.target, cells.target_shown) if of_target else (cells.actual, cells.actual_shown)
    if name in NUMBERS and figure is None:
        return None if shown is None else getattr(shown, _PART.get(name, "value"))
    if name in NUMBERS and figure is not None:
        if name in _PART:
            return getattr(figure, _PART[name])
        if figure.status == "A":
            return _value(figure, row)
        return words[figure.status] if of_target else None  # an actual has a column for its status
    if name == "to_date":
        return cells.to_date if row.counting == "cumulative" else None
    if name == "met":
        return met(cells, words)
    if figure is None:
        return None
    return words.get(figure.status) if name == "status" else figure.comment.best(language)[0] or None


_PART = {
    "target_numerator": "numerator",
    "target_denominator": "denominator",
    "numerator": "numerator",
    "denominator": "denominator",
}


def _value(figure: Figure, row: Row) -> Content:
    if figure.numerator is not None and figure.denominator:
        return (100 if row.measure == "percentage" else 1) * figure.numerator / figure.denominator
    return figure.value if figure.value is not None else figure.text or None


def met(cells: Cells, words: Mapping[str, str]) -> Content:
    """Per cent met, rounded to one decimal; kept or not; "–" where it cannot be told; else nothing."""
    if cells.met is not None:
        return Decimal(f"{100 * cells.met:.1f}")
    if cells.verdict in ("kept", "not_kept", "reached"):
        return words[cells.verdict]
    return "–" if cells.verdict and cells.reason not in ("not_reported", "no_target") else None


def may_change(row: Row, column: Column) -> bool:
    """Whether a cell is for people to fill in."""
    if row.kind == "level" or column.heading in (ID, REVISION, *FIXED, *COMPUTED):
        return False
    if column.heading == REASON:
        return True
    cells = _cells_of(row, column)
    if cells is None or cells.locked or (column.span is None and column.heading not in OF_TARGET):
        return False
    figure, shown = (
        (cells.target, cells.target_shown)
        if column.heading in OF_TARGET
        else (cells.actual, cells.actual_shown)
    )
    if figure is None and shown is not None:  # computed from the rows below
        return False
    if column.heading == "comment":
        return row.commented
    ratio = row.measure == "percentage" or (figure is not None and figure.denominator is not None)
    if column.heading in ("target", "actual"):  # a percentage that was entered as such stays one
        return not ratio or (figure is not None and figure.value is not None and figure.numerator is None)
    return ratio or column.heading in BESIDE


def _cells_of(row: Row, column: Column) -> Cells | None:
    return row.whole if column.span is None else row.periods.get(column.span)


# Comparing cells --------------------------------------------------------------------------------------------

_INVALID = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
LONG = "sha256:"
"""How the hash of a long text begins."""


def storable(text: str) -> str:
    """A text without signs that a workbook cannot hold, and not longer than a cell."""
    return _INVALID.sub("\ufffd", text)[: excel.MAX_LETTERS]


def as_text(what: Content) -> str:
    """The content of a cell as a text: a number with all its digits."""
    if what is None:
        return ""
    return f"{what:f}" if isinstance(what, Decimal) else storable(what)


def kept(row: Row, column: Column, words: Mapping[str, str], language: str) -> str:
    """What stands in a cell, to be compared: exact numbers, the code of a status, long texts by a hash."""
    if column.heading == "status":
        cells = _cells_of(row, column)
        status = cells.actual.status if cells is not None and cells.actual is not None else ""
        return status if status in STATUSES else ""
    return compared(as_text(content(row, column, words, language)))


def compared(text: str) -> str:
    """A text without what a spreadsheet may change of itself; a long one by its hash."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip()
    return text if len(text) <= 300 else f"{LONG}{hashlib.sha256(text.encode()).hexdigest()}"


def same(one: str, other: str, column: Column) -> bool:
    """Whether two cells say the same: letter by letter, or as numbers of the digits that a workbook keeps."""
    if one == other:
        return True
    if column.heading in WORDED:
        return False
    first, second = as_number(one), as_number(other)
    if not isinstance(first, Decimal) or not isinstance(second, Decimal):
        return False
    return f"{float(first):.15G}" == f"{float(second):.15G}"


# The hidden sheet -------------------------------------------------------------------------------------------

HIDDEN = "_milepost"
MARK = "Milepost tracking table 1"
"""The name of the hidden sheet, and its first cell, which ends with the version of the layout."""


def signature(lines: Sequence[str], secret: bytes) -> str:
    """What shows that the lines of the hidden sheet are as they were written (HMAC with SHA-256)."""
    return hmac.new(secret, "\n".join(lines).encode(), hashlib.sha256).hexdigest()


# Numbers as people write them -------------------------------------------------------------------------------

_NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d{1,2})?", re.ASCII | re.IGNORECASE)
_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(?P<sign>[,.])\d{3}((?P=sign)\d{3})*", re.ASCII)
LONGEST = 40
"""No figure has more signs."""
_BLANKS = re.compile("[\u0020\u00a0\u2009\u202f]")


def as_number(text: str) -> Decimal | tuple[str, str] | None:
    """The number that a text is; two readings where it has two; None where it is none.

    >>> as_number("12,5"), as_number("1 234,5"), as_number("1,234.5"), as_number("about 5")
    (Decimal('12.5'), Decimal('1234.5'), Decimal('1234.5'), None)
    >>> as_number("1,234")
    ('1234', '1.234')
    """
    text = _BLANKS.sub("", text).replace("−", "-")
    if len(text) > LONGEST:
        return None
    if "," not in text:
        return Decimal(text) if _NUMBER.fullmatch(text) else None
    if "." in text:
        whole, sign, rest = (
            text.rpartition(".") if text.rindex(".") > text.rindex(",") else text.rpartition(",")
        )
        grouped = _GROUPS.fullmatch(whole)
        if grouped is None or grouped["sign"] == sign:
            return None
        text = f"{whole.replace(grouped['sign'], '')}.{rest}"
    elif _GROUPS.fullmatch(text):
        if text.count(",") == 1:
            return text.replace(",", ""), text.replace(",", ".")
        text = text.replace(",", "")
    else:
        text = text.replace(",", ".", 1)
    return Decimal(text) if _NUMBER.fullmatch(text) else None


def as_decimal(text: str) -> Decimal | None:
    """The number that a text is, if it is one."""
    found = as_number(text) if text else None
    return found if isinstance(found, Decimal) else None
