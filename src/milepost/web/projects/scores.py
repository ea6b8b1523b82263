"""Sheets of scores before and after a training: one participant a line, under a code of their own."""

import csv
import io
import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from milepost.errors import MilepostError
from milepost.values import Origin, Problem

_CODE = re.compile(r"(?=.*\d)\w(?:[\w-]{0,18}\w)")
_WORDS = {
    "code": "code", "код": "code",
    "before": "before", "до": "before", "pre": "before",
    "after": "after", "после": "after", "post": "after",
}  # fmt: skip
MOST = 1000
"""Participants of one engagement."""


class Typed(NamedTuple):
    """The scores of one participant; None where a test was not taken."""

    code: str
    before: Decimal | None
    after: Decimal | None


def read(text: str) -> list[Typed]:
    """The lines of a sheet: code, before, after; by a comma, semicolon or tab; a header is not needed.

    A decimal comma is read where commas do not part the cells. MilepostError names every line at fault.
    """
    lines = [(number, line) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
    if not lines:
        return []
    mark = next((each for each in "\t;" if each in lines[0][1]), ",")
    cells = [
        (number, [cell.strip() for cell in next(csv.reader(io.StringIO(line), delimiter=mark))])
        for number, line in lines
    ]
    order = _header(cells[0][1])
    if order is not None:
        cells = cells[1:]
    problems: list[Problem] = []
    found = [_line(number, row, order or ("code", "before", "after"), problems) for number, row in cells]
    if len(found) > MOST:
        problems.append(Problem("scores-too-many", Origin("scores"), {"count": len(found), "most": MOST}))
    if problems:
        raise MilepostError(problems)
    return [one for one in found if one.before is not None or one.after is not None]


def _header(cells: Sequence[str]) -> tuple[str, ...] | None:
    """What each column is, if the first line says so."""
    names = tuple(_WORDS.get(cell.casefold(), "") for cell in cells)
    return names if {"code", "before", "after"} <= set(names) else None


def _line(number: int, cells: Sequence[str], order: Sequence[str], problems: list[Problem]) -> Typed:
    by_name = dict(zip(order, cells, strict=False))
    scores: dict[str, Decimal | None] = {}
    for name in ("before", "after"):
        try:
            scores[name] = score(by_name.get(name, ""))
        except ValueError:
            details = {"row": number, "text": by_name[name]}
            problems.append(Problem("score-unreadable", Origin("scores", row=number), details))
            scores[name] = None
    return Typed(by_name.get("code", ""), scores["before"], scores["after"])


def score(text: str) -> Decimal | None:
    """A score as it was typed; None for a blank; ValueError for what is no number."""
    written = text.strip().replace(",", ".")
    if written in ("", "-", "–"):
        return None
    try:
        number = Decimal(written)
    except InvalidOperation:
        raise ValueError(text) from None
    if not number.is_finite():
        raise ValueError(text)
    return number


def is_code(text: str) -> bool:
    """Whether this can be a code: letters, digits and dashes with a digit among them, so never a mere name.

    >>> is_code("K7-31"), is_code("Ivanov"), is_code("i7@example.org"), is_code("7")
    (True, False, False, False)
    """
    return _CODE.fullmatch(text) is not None
