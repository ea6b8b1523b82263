"""Single cells: years, numbers, observation statuses."""

import re

from milepost import catalogue
from milepost.checks import words
from milepost.checks.sheet import Sheet
from milepost.values import MISSING_STATUSES, Problem

FIRST_PLAUSIBLE_YEAR = 1900
FORECAST = "F"

_BLANKS = r"[ \u00a0\u2009\u202f']"  # also no-break and thin ones
_FORMS = {
    "thousands-separator": re.compile(rf"[+-]?\d{{1,3}}({_BLANKS}\d{{3}})+([.,]\d+)?"),
    "ambiguous-comma": re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?"),
    "decimal-comma": re.compile(r"[+-]?\d*,\d+"),
    "censored-value": re.compile(
        r"(<|>|≤|≥|&lt;|&gt;|less than|more than|under|over|менее|более|до|unter|über)\s*[\d.,]+ ?%?"
    ),
    "percent-sign": re.compile(r"[+-]?[\d.,]+\s*%"),
    "footnote-mark": re.compile(
        r"[+-]?\d+([.,]\d+)?\s*(\*+|[a-zа-я†‡¹²³⁴⁵]|\([^)]*\)|\[[^\]]*\])+", re.IGNORECASE
    ),
}


def years(sheet: Sheet) -> list[Problem]:
    """Cells of the time column that are no year or period, or no plausible one; years that have not been."""
    if sheet.time is None:
        return []
    unreadable = [text for text, period in sheet.periods.items() if period is None]
    early = [text for text, p in sheet.periods.items() if p is not None and p.year < FIRST_PLAUSIBLE_YEAR]
    late = [text for text, p in sheet.periods.items() if p is not None and p.year > sheet.today.year]
    problems = []
    if unreadable:
        positions = list(sheet.rows_with(sheet.time, unreadable))
        problems.append(sheet.problem("year-unreadable", positions, sheet.time))
    if early:
        positions = list(sheet.rows_with(sheet.time, early))
        problems.append(
            sheet.problem("year-implausible", positions, sheet.time, first_year=FIRST_PLAUSIBLE_YEAR)
        )
    future = [p for p in sheet.rows_with(sheet.time, late) if _is_figure(sheet, p)] if late else []
    if future:
        problems.append(sheet.problem("year-in-future", future, sheet.time, this_year=sheet.today.year))
    return problems


def _is_figure(sheet: Sheet, position: int) -> bool:
    """Whether a row says that something was observed: no forecast, target, or place without value."""
    if sheet.statuses[position] == FORECAST:
        return False
    if sheet.value is not None and not sheet.columns[sheet.value][position].strip():
        return False
    return not any(words.says_target(sheet.columns[column][position]) for column in sheet.key)


def numbers(sheet: Sheet) -> list[Problem]:
    """Value cells that hold something, but no number: each form with its own remedy."""
    if sheet.value is None:
        return []
    cells = sheet.columns[sheet.value]
    by_form: dict[str, list[int]] = {}
    for position, value in enumerate(sheet.values):
        if value is None and (cell := cells[position].strip()):
            by_form.setdefault(form_of(cell), []).append(position)
    return [sheet.problem(code, positions, sheet.value) for code, positions in by_form.items()]


def form_of(cell: str) -> str:
    """What kind of fault a cell is that should be a number.

    >>> [form_of(cell) for cell in ("12,5", "1 234,5", "1,234", "..", "<5")]
    ['decimal-comma', 'thousands-separator', 'ambiguous-comma', 'missing-mark', 'censored-value']
    >>> [form_of(cell) for cell in ("12 %", "12.3*", "many")]
    ['percent-sign', 'footnote-mark', 'not-a-number']
    """
    if words.says_no_value(cell):
        return "missing-mark"
    text = cell.strip().lower()
    return next((code for code, form in _FORMS.items() if form.fullmatch(text)), "not-a-number")


def statuses(sheet: Sheet) -> list[Problem]:
    """Rows without a value or a reason, values beside a status that says there is none, unknown statuses."""
    placeholders = [p for p in sheet.blank if not sheet.statuses[p]]
    problems = [sheet.problem("placeholder-rows", placeholders, sheet.value)] if placeholders else []
    column = sheet.index("obs_status")
    if column is None:
        return problems
    codes = set(sheet.statuses) - {""}
    if unreasoned := [
        p for p in sheet.blank if sheet.statuses[p] and sheet.statuses[p] not in MISSING_STATUSES
    ]:
        problems.append(sheet.problem("no-value-no-reason", unreasoned, column))
    for status in sorted(codes & MISSING_STATUSES):
        blank = set(sheet.blank)
        beside = [p for p, found in enumerate(sheet.statuses) if found == status and p not in blank]
        if beside and sheet.value is not None:
            problems.append(sheet.problem("value-beside-status", beside, sheet.value, status=status))
    if unknown := codes - set(catalogue.code_list("observation_status").codes):
        positions = [p for p, found in enumerate(sheet.statuses) if found in unknown]
        problems.append(sheet.problem("unknown-status", positions, column))
    return problems
