"""The tracking table out: one sheet to fill in, a change log, and a hidden sheet with what was written."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal, NamedTuple

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from milepost.errors import refuse
from milepost.interchange import aside, excel
from milepost.interchange.tracking.rows import (
    BESIDE,
    COMPUTED,
    FIXED,
    HIDDEN,
    ID,
    MARK,
    NUMBERS,
    REASON,
    REVISION,
    STATUSES,
    WORDS,
    Column,
    Content,
    Logged,
    Project,
    Row,
    as_number,
    columns_of,
    content,
    kept,
    may_change,
    signature,
    storable,
)
from milepost.values import Origin

# The door out -----------------------------------------------------------------------------------------------

_TOP = 5
"""Rows above the table: title, note, bands of periods, headings, and the hidden names of the columns."""

_WIDTHS = {"number": 7, "title": 44, "level": 11, "unit": 13, "comment": 26, "status": 14, REASON: 34}
_NARROW = {"direction": 5, "counting": 5, "measure": 5}
_GREYS = ("#BFC7CE", "#D5DBE0", "#E7EBEE", "#F3F5F6")
_COMPUTED_FILL, _LOCKED_FILL, _OVERDUE = "#EEF2F4", "#E3E3E3", "#B4470F"


class Typed(NamedTuple):
    """What somebody typed into a cell, and what is wrong with it ("": nothing), in a workbook sent back."""

    text: str
    words: str


def write(
    rows: Sequence[Row],
    project: Project,
    path: Path | str,
    *,
    words: Mapping[str, str] = WORDS,
    language: str = "en",
    log: Sequence[Logged] = (),
    paper: Literal["A3", "A4"] = "A3",
    secret: bytes = b"",
    typed: Mapping[tuple[str, str], Typed] | None = None,
) -> None:
    """Write the table as a workbook of one landscape page's width.

    `words` are those of WORDS in the reader's language. `secret` keys the signature of the hidden sheet.
    `typed` brings a refused workbook back: {(row's id, column's name): what was typed, and why not}. Cells
    that may not be changed are protected, without password. MilepostError where it cannot be written.
    """
    columns = columns_of(rows)
    if len(rows) + _TOP + 3 > excel.MAX_ROWS or len(columns) > excel.MAX_COLUMNS:
        raise refuse("too-many-rows", Origin(str(path)), rows=f"{len(rows):,}", columns=len(columns))
    options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with aside.file(path) as temporary:
        try:
            with xlsxwriter.Workbook(str(temporary), options) as workbook:
                table = _Table(rows, columns, words, language)
                _Page(workbook, table, typed or {}).fill(project, paper)
                _log(workbook, log, words)
                _keep(workbook, table, project, secret)
        except XlsxWriterException as error:
            raise refuse("cannot-write", Origin(str(path)), why=str(error)) from error


class _Table(NamedTuple):
    """What is to be written, and in which words."""

    rows: Sequence[Row]
    columns: Sequence[Column]
    words: Mapping[str, str]
    language: str


class _Page:
    """The visible sheet while it is written."""

    def __init__(self, workbook: Any, table: _Table, typed: Mapping[tuple[str, str], Typed]):
        self.workbook, self.typed = workbook, typed
        self.rows, self.columns, self.words, self.language = table
        self.sheet = workbook.add_worksheet(self.words["sheet"][:31])
        self.formats: dict[tuple[tuple[str, Any], ...], Any] = {}

    def style(self, **how: Any) -> Any:
        """One format for each look."""
        key = tuple(sorted(how.items()))
        if key not in self.formats:
            self.formats[key] = self.workbook.add_format(
                {"valign": "top", "border": 1, "border_color": "#C9D1D6", **how}
            )
        return self.formats[key]

    def fill(self, project: Project, paper: str) -> None:
        """Everything on the sheet."""
        sheet = self.sheet
        sheet.write_string(
            0, 2, storable(project.title), self.workbook.add_format({"bold": True, "font_size": 14})
        )
        sheet.write_string(1, 2, storable(project.note))
        self._headings()
        for n, row in enumerate(self.rows):
            self._row(_TOP + n, row)
        foot = self.workbook.add_format({"italic": True, "font_color": "#4A5660"})
        sheet.write_string(_TOP + len(self.rows) + 1, 2, self.words["rules"], foot)
        self._validation()
        self._printing(paper)

    def _headings(self) -> None:
        head = self.style(bold=True, text_wrap=True, bg_color="#0B5A73", font_color="#FFFFFF")
        bands: dict[tuple[str, bool], list[int]] = {}
        for n, column in enumerate(self.columns):
            self.sheet.write_string(3, n, self.words.get(column.heading, column.heading), head)
            self.sheet.write_string(4, n, column.name)
            if column.band:
                bands.setdefault((column.band, column.heading in BESIDE), []).append(n)
            width = _WIDTHS.get(column.heading, _NARROW.get(column.heading, 10))
            self.sheet.set_column(n, n, width, None, {"hidden": column.heading in (ID, REVISION)})
        for (band, _), numbers in bands.items():
            words = self.words["whole"] if band == "whole" else band.replace("/", " – ")
            if len(numbers) > 1:
                self.sheet.merge_range(2, numbers[0], 2, numbers[-1], words, head)
            else:
                self.sheet.write_string(2, numbers[0], words, head)
        self.sheet.set_row(4, None, None, {"hidden": True})

    def _row(self, line: int, row: Row) -> None:
        look = self._look(row)
        for n, column in enumerate(self.columns):
            self._cell(line, n, row, column, look)

    def _look(self, row: Row) -> dict[str, Any]:
        if row.kind == "level":
            return {"bg_color": _GREYS[min(row.depth, len(_GREYS) - 1)], "bold": True}
        return {"italic": True} if row.kind == "part" else {}

    def _cell(self, line: int, n: int, row: Row, column: Column, look: Mapping[str, Any]) -> None:
        how = dict(look)
        if row.kind != "level" and not may_change(row, column):
            how["bg_color"] = _COMPUTED_FILL if column.heading in (*COMPUTED, *FIXED) else _LOCKED_FILL
        elif row.kind != "level":
            how["locked"] = False
        if column.heading in ("title", "comment", REASON):
            how["text_wrap"] = True
        what = content(row, column, self.words, self.language)
        if column.heading == "met":
            how |= self._met_look(row, column, what)
        if (
            isinstance(what, Decimal)
            and not may_change(row, column)
            and column.heading in ("actual", "target")
        ):
            how["num_format"] = "0.0" if what != what.to_integral_value() else "#,##0"
        returned = self.typed.get((row.id, column.name))
        if returned is not None:
            if may_change(row, column):
                number = as_number(returned.text) if column.heading in NUMBERS else None
                what = number if isinstance(number, Decimal) else returned.text or None
            if returned.words:
                how |= {"bg_color": "#FCE4D6", "left": 5, "left_color": _OVERDUE}
                self._comment(line, n, returned.words)
        form = self.style(**how)
        if isinstance(what, Decimal):
            self.sheet.write_number(line, n, float(what), form)
        elif what is None:
            self.sheet.write_blank(line, n, None, form)
        else:
            self.sheet.write_string(line, n, storable(what), form)

    def _met_look(self, row: Row, column: Column, what: Content) -> dict[str, Any]:
        cells = row.whole if column.span is None else row.periods.get(column.span)
        look: dict[str, Any] = {"align": "right"}
        if isinstance(what, Decimal):
            look["num_format"] = '0.0"%"'
        if cells is not None and cells.overdue:
            look["font_color"] = _OVERDUE
        return look

    def _comment(self, line: int, n: int, words: str) -> None:
        words = storable(words)[:1500]
        size = {"author": "Milepost", "width": 320, "height": 40 + 18 * (len(words) // 45 + 1)}
        self.sheet.write_comment(line, n, words, size)

    def _validation(self) -> None:
        """Numbers in the columns of numbers, words of the list in those of statuses."""
        last = _TOP + max(len(self.rows), 1) - 1
        numbers = all(row.measure in ("number", "percentage") for row in self.rows)
        for n, column in enumerate(self.columns):
            if column.heading == "status":
                known = [self.words[code] for code in STATUSES]
                self.sheet.data_validation(_TOP, n, last, n, {"validate": "list", "source": known})
            elif column.heading in NUMBERS and column.span is not None and numbers:
                rule = {"validate": "decimal", "criteria": "between", "minimum": -1e15, "maximum": 1e15}
                says = {"error_type": "warning", "error_message": self.words["number_only"][:255]}
                self.sheet.data_validation(_TOP, n, last, n, {**rule, **says})

    def _printing(self, paper: str) -> None:
        sheet, last = self.sheet, _TOP + len(self.rows) + 1
        sheet.set_landscape()
        sheet.set_paper(8 if paper == "A3" else 9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(2, 3)
        printed = [n for n, column in enumerate(self.columns) if column.heading not in (*BESIDE, REASON)]
        sheet.print_area(0, 0, last, printed[-1])
        sheet.set_margins(0.4, 0.4, 0.5, 0.5)
        sheet.set_footer("&L&A&R&P / &N")
        sheet.freeze_panes(_TOP, 4)
        allowed = ("format_columns", "format_rows", "sort", "autofilter", "insert_rows", "delete_rows")
        sheet.protect("", dict.fromkeys(allowed, True))


def _log(workbook: Any, log: Sequence[Logged], words: Mapping[str, str]) -> None:
    sheet = workbook.add_worksheet(words["log"][:31])
    bold = workbook.add_format({"bold": True, "bottom": 1})
    for n, (name, width) in enumerate(
        zip(("day", "what", "before", "after", "why", "by"), (12, 50, 16, 16, 50, 24), strict=True)
    ):
        sheet.set_column(n, n, width)
        sheet.write_string(0, n, words[name], bold)
    for line, entry in enumerate(log[: excel.MAX_ROWS - 1], 1):
        for n, text in enumerate(entry):
            sheet.write_string(line, n, storable(text))
    sheet.freeze_panes(1, 0)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.protect()


# What is kept hidden ----------------------------------------------------------------------------------------


def _keep(workbook: Any, table: _Table, project: Project, secret: bytes) -> None:
    """The hidden sheet: whose table it is, and of every row its revision and what was written into it."""
    rows, columns, words, language = table
    head = {"project": project.id, "language": language, "columns": [column.name for column in columns]}
    lines = [json.dumps(head)]
    for row in rows:
        if row.kind != "level":
            cells = {column.name: kept(row, column, words, language) for column in columns}
            filled = {name: text for name, text in cells.items() if text}
            lines.append(json.dumps({"id": row.id, "revision": row.revision, "cells": filled}))
    sheet = workbook.add_worksheet(HIDDEN)
    sheet.write_string(0, 0, MARK)
    sheet.write_string(0, 1, signature(lines, secret))
    for n, line in enumerate(lines, 1):
        for place, begin in enumerate(range(0, len(line), excel.PART)):
            sheet.write_string(n, place, line[begin : begin + excel.PART])
    sheet.very_hidden()
    sheet.protect()
