"""Plans of action: the table of an act to sections and measures, and the rate of what was implemented."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any

from milepost import interchange
from milepost.checks import plan as checks
from milepost.errors import MilepostError
from milepost.interchange import plan_table
from milepost.interchange.plan_table import PlanTable
from milepost.progress import plan as progress
from milepost.progress.plan import Rate
from milepost.recipes.words import problem_as_dict
from milepost.values import Origin, Problem, Table, Text
from milepost.values.plan import Answer, Done, Measure, PlanVersion, Section


@dataclass(frozen=True)
class PlanFile:
    """A plan as its file has it, and every fault: of the file, then of the plan."""

    table: PlanTable
    problems: tuple[Problem, ...]

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Every measure, in the order of the file."""
        return tuple(measure for section in self.table.sections for measure in section.all_measures)


def read(path: Path, *, start: date | None = None, end: date | None = None) -> PlanFile:
    """Read and check a plan; `start` and `end` are its first and last day, where they are known.

    MilepostError where the file holds no table of a plan.
    """
    table = plan_table.read(path)
    found = checks.plan(table.sections, origin=Origin(table.file), places=table.places, start=start, end=end)
    return PlanFile(table, (*table.problems, *found))


def as_dict(found: PlanFile, language: str = "en") -> dict[str, Any]:
    """A plan ready for JSON: columns as printed, sections with their measures, faults; nothing is merged."""
    return {
        "file": found.table.file,
        "columns": dict(found.table.columns),
        "sections": [_section(section, found.table) for section in found.table.sections],
        "problems": [problem_as_dict(problem, language) for problem in found.problems],
    }


def _section(section: Section, table: PlanTable) -> dict[str, Any]:
    return {
        "level": section.level,
        "code": section.code,
        "title": dict(section.title),
        "measures": [_measure(measure, table) for measure in section.measures],
        "below": [_section(below, table) for below in section.below],
    }


def _measure(measure: Measure, table: PlanTable) -> dict[str, Any]:
    due = measure.deadline
    place = table.places[measure.key]
    return {
        "key": measure.key,
        "code": measure.code,
        "title": dict(measure.title),
        "expected": dict(measure.expected),
        "deadline": {
            "text": due.text,
            "start": str(due.start) if due.start else None,
            "end": str(due.end) if due.end else None,
            "repeated": due.repeated or None,
        },
        "institutions": measure.institutions,
        "coordinators": list(measure.coordinators),
        "executors": list(measure.executors),
        "partners": list(measure.partners),
        "funding": measure.funding_text,
        "indicators": [dict(indicator.title) for indicator in measure.indicators],
        "verification": dict(measure.verification),
        "sheet": place.sheet,
        "row": place.row,
        "cells": dict(table.cells[measure.key]),
    }


def write(found: PlanFile, path: Path, *, title: str = "", language: str = "en") -> None:
    """Write a plan as the table of an act, .docx or .xlsx by the ending."""
    plan_table.write(title or Path(found.table.file).stem, found.table.sections, path, language)


def as_lines(found: PlanFile) -> list[str]:
    """A plan as lines that one can read through."""
    return [line for section in found.table.sections for line in _lines(section, "")]


def _lines(section: Section, indent: str) -> Iterator[str]:
    title = " ".join(filter(None, (section.code, section.title.best("en")[0])))
    if title:
        yield f"{indent}{title}"
    for measure in section.measures:
        due, who = measure.deadline, ", ".join((*measure.coordinators, *measure.executors))
        last = str(due.end) if due.end else due.repeated or "no last day"
        title = f"{measure.code or '-'}  {measure.title.best('en')[0]}"
        yield f"{indent}  {title} | {last} | {who or 'nobody named'}"
    for below in section.below:
        yield from _lines(below, f"{indent}  ")


# The rate of implementation ---------------------------------------------------------------------------------

WORDS: Mapping[str, Done] = {
    "not started": "not_started", "не начато": "not_started",
    "under way": "under_way", "in progress": "under_way", "выполняется": "under_way",
    "partly": "partly", "partially": "partly", "частично": "partly", "выполнено частично": "partly",
    "fully": "fully", "done": "fully", "implemented": "fully", "выполнено": "fully", "исполнено": "fully",
    "cannot": "cannot", "cannot be done": "cannot", "невозможно": "cannot",
}  # fmt: skip
"""How an answer may be written in a table of answers."""

_YES = frozenset(["yes", "true", "1", "x", "да", "+"])
_NO = frozenset(["", "no", "false", "0", "-", "нет"])
_NEEDED = ("measure", "until", "done")


def rate(
    files: Sequence[Path],
    since: Sequence[date],
    answers: Path,
    *,
    year: int,
    arrears_count: bool = False,
    verified: bool = False,
) -> Rate:
    """The implementation rate of a year; `files` are the versions of a plan, each in force from a day of
    `since` until the next. `answers` is a table with the columns measure (its number), until (the last day of
    the round), done, and maybe verified and ended.

    MilepostError where a plan cannot be read, and with every fault of the answers.
    """
    if len(files) != len(since):
        raise ValueError("one day for each file")
    dated = sorted(zip(since, files, strict=True))
    ends = [*(day for day, _file in dated[1:]), None]
    versions = [
        PlanVersion(
            number,
            Text(en=file.name),
            None,
            day,
            date.fromordinal(end.toordinal() - 1) if end else None,
            plan_table.read(file).sections,
        )
        for number, ((day, file), end) in enumerate(zip(dated, ends, strict=True), 1)
    ]
    known = {measure.key for version in versions for measure in version.measures}
    found = _answers(answers, known)
    return progress.implementation_rate(
        versions, found, year=year, arrears_count=arrears_count, verified=verified
    )


def rate_as_dict(found: Rate) -> dict[str, Any]:
    """A rate ready for JSON: the percentage, or null with its reason, and every measure counted."""
    return {**asdict(found), "value": None if found.value is None else float(found.value)}


def _answers(path: Path, known: Collection[str]) -> list[Answer]:
    dataset = interchange.read(path)
    problems = [problem for problem in dataset.problems if not dataset.tables]
    found: dict[tuple[str, date], Answer] = {}
    for table in dataset.tables:
        names = [header.strip().casefold() for header in table.columns]
        if missing := [name for name in _NEEDED if name not in names]:
            details = {"columns": ", ".join(missing)}
            problems.append(Problem("plan-answers-columns", table.origin, details))
            continue
        for number, row in enumerate(table.rows):
            cells = dict(zip(names, (cell.strip() for cell in row), strict=True))
            place = _place(table, number)
            answer = _answer(cells, place, known, problems)
            if answer is None:
                continue
            if found.setdefault((answer.measure, answer.until), answer) != answer:
                details = {"measure": answer.measure, "until": str(answer.until)}
                problems.append(Problem("plan-answered-twice", place, details))
    if problems:
        raise MilepostError(problems)
    return list(found.values())


def _place(table: Table, number: int) -> Origin:
    line = table.lines[number] if table.lines else number + 2
    return Origin(table.origin.file, table.origin.sheet, line)


def _answer(
    cells: Mapping[str, str], place: Origin, known: Collection[str], problems: list[Problem]
) -> Answer | None:
    """One row; None with a fault added where it cannot be used."""
    before = len(problems)
    measure = cells["measure"].rstrip(".")
    if measure not in known:
        problems.append(Problem("plan-answer-unknown", place, {"measure": measure}))
    days = {name: _day(cells.get(name, ""), name, place, problems) for name in ("until", "ended")}
    done = cells["done"].casefold().replace("_", " ")
    verified = cells.get("verified", "").casefold()
    for name, text, good in (("done", done, done in WORDS), ("verified", verified, verified in _YES | _NO)):
        if not good:
            problems.append(Problem("plan-answer-unreadable", place, {"column": name, "text": text}))
    if days["until"] is None and cells["until"] == "":
        problems.append(Problem("plan-answer-unreadable", place, {"column": "until", "text": ""}))
    if len(problems) > before or days["until"] is None:
        return None
    return Answer(measure, days["until"], WORDS[done], verified in _YES, days["ended"])


def _day(text: str, column: str, place: Origin, problems: list[Problem]) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        problems.append(Problem("plan-answer-unreadable", place, {"column": column, "text": text}))
        return None


def rate_as_lines(found: Rate) -> list[str]:
    """A rate in words, with every measure that it counts or leaves out."""
    if found.value is None:
        why = {
            "no_version": f"no plan was in force on 1 January {found.year}",
            "nothing_due": f"no measure was due in {found.year}",
        }[found.reason or ""]
        lines = [f"Implementation rate {found.year}: not computable; {why}."]
    else:
        lines = [
            f"Implementation rate {found.year}: {found.value:.1f} % "
            f"({len(found.fully)} of {len(found.due)} measures due were fully implemented by 31 December)."
        ]
    if found.version is not None:
        lines.append(f"Version {found.version}, in force on 1 January, decides what was due.")
    told = {
        "fully implemented": found.fully,
        "not fully implemented": tuple(key for key in found.due if key not in found.fully),
        "due before and still open"
        + ("" if set(found.arrears) & set(found.due) else ", not counted"): found.arrears,
        "due before and implemented in time for the year": found.settled,
        "due later": found.later,
        "continuous, not counted": found.continuous,
        "without a last day, not counted": found.undated,
    }
    lines += [f"  {name}: {len(keys)} ({', '.join(keys)})" for name, keys in told.items() if keys]
    return lines
