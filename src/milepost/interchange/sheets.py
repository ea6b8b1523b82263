"""A workbook of plain tables, to read and to sort: text stays text, numbers are numbers, days are days."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import xlsxwriter

from milepost.interchange.excel import MAX_LETTERS

WIDEST = 60
"""Letters of the widest column; longer texts break."""
_FORBIDDEN = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


class Sheet(NamedTuple):
    """A table: the name of its sheet, its headings, its rows."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[object]]


def write(title: str, sheets: Iterable[Sheet], path: Path) -> None:
    """Write the tables, each with the title above and headings that stay when one scrolls."""
    options = {"strings_to_formulas": False, "strings_to_urls": False, "default_date_format": "yyyy-mm-dd"}
    with xlsxwriter.Workbook(str(path), options) as book:
        large = book.add_format({"bold": True, "font_size": 14})
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top", "bottom": 1})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        days = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top", "align": "left"})
        for one in sheets:
            page = book.add_worksheet(one.name.translate(_FORBIDDEN)[:31])
            page.write_string(0, 0, title, large)
            for column, heading in enumerate(one.headings):
                page.write_string(2, column, heading, bold)
                page.set_column(column, column, _width(heading, [row[column] for row in one.rows]))
            for number, row in enumerate(one.rows, 3):
                for column, cell in enumerate(row):
                    if isinstance(cell, date):
                        page.write_datetime(number, column, datetime(cell.year, cell.month, cell.day), days)
                    else:
                        _cell(page, (number, column), cell, plain)
            page.freeze_panes(3, 1)
            page.set_landscape()
            page.fit_to_pages(1, 0)
            page.repeat_rows(2)


def _cell(page: Any, place: tuple[int, int], cell: object, look: Any) -> None:
    if isinstance(cell, int | float | Decimal) and not isinstance(cell, bool):
        page.write_number(*place, float(cell), look)
    elif cell is not None and cell != "":
        page.write_string(*place, str(cell)[:MAX_LETTERS], look)


def _width(heading: str, cells: Iterable[object]) -> int:
    longest = max((len(line) for cell in cells for line in str(cell or "").split("\n")), default=0)
    return min(max(longest, *(len(word) for word in heading.split() or [""]), 8), WIDEST)
