"""A table of answers to the questionnaire of SDG 10.7.2 becomes its points."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from milepost import catalogue, interchange, tally
from milepost.errors import MilepostError
from milepost.tally import DomainPoints, Points
from milepost.values import Origin, Problem, Table

COLUMNS = ("item", "answer")
EMPTY = "empty"
"""How a table may write that there is no answer, beside a blank cell."""


def tally_of(source: Path, sheet: str | None = None) -> Points:
    """The points of a file with a row for each item: columns item (1a … 6e) and answer.

    Answers are yes, legal_only (domain 1 alone), no, or blank; an item that is left out counts as blank.
    MilepostError with every row that cannot be understood: unknown or repeated items and answers.
    """
    dataset = interchange.read(source)
    tables = [table for table in dataset.tables if sheet in (None, table.origin.sheet)]
    if not tables:
        raise MilepostError(dataset.problems or [Problem("empty-file", Origin(source.name))])
    table = next((each for each in tables if _has_columns(each)), tables[0])
    answers, problems = _answers(table)
    try:
        found = tally.points(answers, table.origin)
    except MilepostError as error:
        raise MilepostError([*problems, *(_placed(one, table) for one in error.problems)]) from error
    if problems:
        raise MilepostError(problems)
    return found


def _headers(table: Table) -> list[str]:
    return [header.strip().casefold() for header in table.columns]


def _has_columns(table: Table) -> bool:
    return set(COLUMNS) <= set(_headers(table))


def _answers(table: Table) -> tuple[dict[str, str], list[Problem]]:
    """{item: answer} of the rows that name one, and what is wrong with the table."""
    if not _has_columns(table):
        missing = [name for name in COLUMNS if name not in _headers(table)]
        raise MilepostError([Problem("column-missing", table.origin, {"column": name}) for name in missing])
    item_at, answer_at = (_headers(table).index(name) for name in COLUMNS)
    found: dict[str, str] = {}
    problems = []
    for position, row in enumerate(table.rows):
        item, answer = row[item_at].strip().casefold(), row[answer_at].strip().casefold()
        if not item and not answer:
            continue
        if not item:
            problems.append(Problem("item-missing", table.place(position, table.columns[item_at])))
        elif item in found:
            problems.append(
                Problem("item-twice", table.place(position, table.columns[item_at]), {"item": item})
            )
        else:
            found[item] = "" if answer == EMPTY else answer
    return found, problems


def _placed(problem: Problem, table: Table) -> Problem:
    """The fault of an item, at the row where it stands."""
    item_at = _headers(table).index("item")
    wanted = str(problem.details["item"])
    column = "item" if problem.code == "unknown-item" else "answer"
    name = table.columns[_headers(table).index(column)]
    rows = (n for n, row in enumerate(table.rows) if row[item_at].strip().casefold() == wanted)
    return Problem(problem.code, table.place(next(rows), name), problem.details)


def points_in_words(points: Points) -> list[str]:
    """A line for the whole and one for each domain: per cent, class with its name, items answered."""
    asked = catalogue.questionnaire(tally.QUESTIONNAIRE)
    classes = {entry.code: entry.name.best("en")[0] for entry in asked.classes}
    lines = [_line("Overall", points, classes)]
    for domain in points.domains:
        lines.append(_line(domain.code, domain, classes))
    silent = points.items - points.answered
    if silent:
        lines.append(f"{silent} of {points.items} items are not answered; by the official rule they count 0.")
    return lines


def _line(name: str, one: Points | DomainPoints, classes: Mapping[int, str]) -> str:
    return (
        f"{name}: {one.percent:.1f} %, class {one.category} ({classes[one.category]}), "
        f"{one.answered} of {one.items} answered"
    )


def points_as_dict(points: Points) -> dict[str, Any]:
    """{"domains": {code: {"percent", "class", "answered", "items"}}, "overall": the same, "answer_rate"}.

    Percentages are from 0 to 100.
    """
    return {
        "domains": {domain.code: _as_dict(domain) for domain in points.domains},
        "overall": _as_dict(points),
        "answer_rate": points.answer_rate,
    }


def _as_dict(one: Points | DomainPoints) -> dict[str, Any]:
    return {
        "percent": one.percent,
        "class": one.category,
        "answered": one.answered,
        "items": one.items,
    }
