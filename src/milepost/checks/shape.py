"""The shape of a table: its columns, stray spaces, totals that are spelled out, cells out of place."""

from milepost.checks import words
from milepost.checks.sheet import Sheet, number
from milepost.values import Problem
from milepost.values.concepts import CONCEPTS


def columns(sheet: Sheet) -> list[Problem]:
    """Missing, stray, empty and misplaced columns."""
    problems = []
    if sheet.time is None:
        problems.append(Problem("no-year-column", sheet.place(), {}))
    if sheet.value is None:
        problems.append(Problem("no-value-column", sheet.place(), {}))
    for column in sheet.stray:
        filled = sum(1 for cell in sheet.columns[column] if cell.strip())
        problems.append(_at_header("stray-column", sheet, column, number=column + 1, filled=filled))
    if not sheet.table.rows:
        return [*problems, Problem("no-rows", sheet.table.origin, {})]
    for column in sheet.breakdowns:  # elsewhere a blank dimension of SDMX is as good as _T
        matters = sheet.is_open_sdg or sheet.names[column] not in CONCEPTS
        if matters and not any(cell.strip() for cell in sheet.distinct[column]):
            problems.append(_at_header("empty-column", sheet, column))
    if sheet.is_open_sdg:
        problems += _order(sheet)
    return problems


def _order(sheet: Sheet) -> list[Problem]:
    """Open SDG reads the year from the first column and the value from the last."""
    headers = sheet.table.columns
    stray = frozenset(sheet.stray)
    own = [i for i in range(len(headers)) if i not in stray]
    problems = []
    if sheet.time is not None and own[0] != sheet.time:
        problems.append(_at_header("year-not-first", sheet, sheet.time, first=headers[own[0]]))
    if sheet.value is not None and own[-1] != sheet.value:
        problems.append(_at_header("value-not-last", sheet, sheet.value, last=headers[own[-1]]))
    return problems


def _at_header(code: str, sheet: Sheet, column: int, **details: object) -> Problem:
    return Problem(code, sheet.place(column), {"column": sheet.table.columns[column], **details})


def spaces(sheet: Sheet) -> list[Problem]:
    """Blanks before or after a header or a cell: software reads "M " and "M" as two categories."""
    problems = []
    judged = {*sheet.key, sheet.value, sheet.index("obs_status")}
    for column, header in enumerate(sheet.table.columns):
        if header != header.strip() and header.strip():
            problems.append(_at_header("stray-spaces-header", sheet, column))
        if column not in judged:
            continue  # comments and sources may look as they like
        stray = [cell for cell in sheet.distinct[column] if cell[:1].isspace() or cell[-1:].isspace()]
        if stray:
            positions = list(sheet.rows_with(column, stray))
            problems.append(sheet.problem("stray-spaces", positions, column))
    return problems


def spelled_totals(sheet: Sheet) -> list[Problem]:
    """Totals spelled out, which platforms take for one more category; one fault by column and spelling."""
    problems = []
    for column in sheet.breakdowns:
        own = sheet.is_open_sdg and sheet.names[column] not in CONCEPTS
        for cell in sorted(sheet.distinct[column]):
            if words.spells_total(cell) or (own and cell.strip() == "_T"):
                positions = list(sheet.rows_with(column, [cell]))
                problems.append(sheet.problem("spelled-total", positions, column, spelling=cell.strip()))
    return problems


def shifted_cells(sheet: Sheet) -> list[Problem]:
    """Numbers in a column of words that look like values: cells have moved to a neighbouring column.

    A whole number alone says little (an age, a grade): it must have decimals, or its row no value.
    """
    problems = []
    for column in sheet.breakdowns:
        distinct = [cell for cell in sheet.distinct[column] if cell.strip()]
        numeric = [cell for cell in distinct if number(cell) is not None]
        if not numeric or 2 * len(numeric) > len(distinct):
            continue
        positions = [
            position
            for position in sheet.rows_with(column, numeric)
            if sheet.values[position] is None or "." in sheet.columns[column][position]
        ]
        if positions:
            problems.append(sheet.problem("shifted-cells", positions, column))
    return problems
