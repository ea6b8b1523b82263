"""Project pages to records, each beside others that tell of the same project; and one record of several."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from milepost.catalogue.projects import WORD_KINDS, folded, project_word
from milepost.errors import MilepostError
from milepost.interchange import project_pages
from milepost.interchange.project_pages import Page
from milepost.recipes.words import problem_as_dict
from milepost.values import Origin, Problem, ProjectRecord

MOST_BYTES = project_pages.LIMIT
"""Bytes of the largest page that is read."""
FIELDS = tuple(each.name for each in fields(ProjectRecord))


@dataclass(frozen=True, slots=True)
class Entry:
    """One page with its merge candidates: base names of other pages that tell of the same project.

    `page` is None where the file could not be read; then `problems` say why. `same_by` says of each candidate
    which fields are the same.
    """

    file: str
    page: Page | None
    problems: tuple[Problem, ...]
    same_as: tuple[str, ...] = ()
    same_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Merged:
    """One record of several pages, with the page that each value is from, and where pages disagree."""

    record: ProjectRecord
    provenance: Mapping[str, str]
    conflicts: tuple[Problem, ...]


def use_labels(files: Iterable[Path]) -> None:
    """Know the labels of further files, for all pages read from now on; MilepostError for a bad one."""
    project_pages.use_labels(files)


def read(files: Sequence[Path], pasted: Mapping[Path, bytes] | None = None) -> list[Entry]:
    """Every file read, in the order given and unmerged; `pasted` are the bytes of what is no file."""
    read = [_read(file, (pasted or {}).get(file)) for file in files]
    candidates = same_by([page.record if page else ProjectRecord() for page, _ in read])
    names = [project_pages.file_name(str(file)) for file in files]
    return [
        Entry(
            file=name,
            page=page,
            problems=problems,
            same_as=tuple(names[other] for other in others),
            same_by={names[other]: shared for other, shared in others.items()},
        )
        for name, (page, problems), others in zip(names, read, candidates, strict=True)
    ]


def _read(file: Path, data: bytes | None) -> tuple[Page | None, tuple[Problem, ...]]:
    try:
        page = project_pages.read(file) if data is None else project_pages.read_bytes(data, str(file))
    except MilepostError as error:
        return None, error.problems
    return page, page.problems


def as_dict(entry: Entry, language: str = "en") -> dict[str, Any]:
    """An entry ready for JSON: file, record, raw, problems, same_as, same_by; what is missing is null."""
    page = entry.page
    raw: dict[str, Any] = {**page.raw, "unlabelled": list(page.unlabelled)} if page else {}
    return {
        "file": entry.file,
        "record": record_as_dict(page.record if page else ProjectRecord()),
        "raw": raw,
        "problems": [problem_as_dict(problem, language) for problem in entry.problems],
        "same_as": list(entry.same_as),
        "same_by": {file: list(shared) for file, shared in entry.same_by.items()},
    }


def record_as_dict(record: ProjectRecord) -> dict[str, Any]:
    """A record ready for JSON: words as printed, the budget a number, the member states a list."""
    found: dict[str, Any] = {name: getattr(record, name) for name in FIELDS}
    if record.budget is not None:
        whole = record.budget == record.budget.to_integral_value()
        found["budget"] = int(record.budget) if whole else float(record.budget)
    if record.member_states is not None:
        found["member_states"] = list(record.member_states)
    return found


# Which pages tell of the same project


def same_projects(records: Sequence[ProjectRecord]) -> list[list[int]]:
    """For each record, the positions of others that may be of the same project; `same_by` says why."""
    return [list(others) for others in same_by(records)]


def same_by(records: Sequence[ProjectRecord]) -> list[dict[int, tuple[str, ...]]]:
    """For each record, {position of another that may be of the same project: the fields that are the same}.

    One code in common is enough, whatever its signs and capitals; so is the same title, where neither codes
    nor member states contradict.
    """
    meanings = [_identity(record) for record in records]
    alike: dict[tuple[str, str], list[int]] = {}
    for position, record in enumerate(records):
        for name in _SHARED:
            text = getattr(record, name)
            if text and (same := _same(name, text)):
                alike.setdefault((name, same), []).append(position)
    found: list[dict[int, tuple[str, ...]]] = [{} for _ in records]
    for wanted in _SHARED:
        for positions in (positions for (name, _), positions in alike.items() if name == wanted):
            for one in positions:
                for other in positions:
                    agree = other in found[one] or wanted != "title"
                    if other != one and (agree or not _contradict(meanings[one], meanings[other])):
                        found[one][other] = (*found[one].get(other, ()), wanted)
    return [dict(sorted(others.items())) for others in found]


_SHARED = ("prima_id", "project_id", "title")


def _same(name: str, text: str) -> str:
    plain = folded(text)
    return plain if name == "title" else plain.replace(" ", "")


def _identity(record: ProjectRecord) -> tuple[Any, ...]:
    """What tells projects of the same title apart, each None where it is missing."""
    named = ((name, getattr(record, name)) for name in ("prima_id", "project_id", "member_states"))
    return tuple(None if value is None else _meaning(name, value) for name, value in named)


def _contradict(one: tuple[Any, ...], other: tuple[Any, ...]) -> bool:
    pairs = zip(one, other, strict=True)
    return any(first is not None and second is not None and first != second for first, second in pairs)


# One record of several


def merge(records: Iterable[tuple[str, ProjectRecord]]) -> Merged:
    """One record of several, given as (file, record): each field from the first file that has it.

    Values that mean the same, such as "Achevé" and "Completed", are no conflict; others are, with the value
    of every file in the problem's details (`given`).
    """
    given = list(records)
    values: dict[str, Any] = {}
    provenance: dict[str, str] = {}
    conflicts: list[Problem] = []
    for name in FIELDS:
        having = [
            (file, getattr(record, name)) for file, record in given if getattr(record, name) is not None
        ]
        if not having:
            continue
        provenance[name], values[name] = having[0]
        if len({_meaning(name, value) for _, value in having}) > 1:
            conflicts.append(_conflict(name, having))
    return Merged(ProjectRecord(**values), provenance, tuple(conflicts))


def _conflict(name: str, having: list[tuple[str, Any]]) -> Problem:
    printed = {file: ", ".join(value) if isinstance(value, tuple) else str(value) for file, value in having}
    values = "; ".join(f"{_short(text)} ({file})" for file, text in printed.items())
    return Problem(
        "project-sources-differ", Origin(having[0][0]), {"field": name, "values": values, "given": printed}
    )


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= 60 else plain[:59] + "…"


def _meaning(name: str, value: Any) -> Any:
    """What a value says, whatever its language and spelling."""
    if name == "member_states":
        return frozenset(project_pages.country_code(state) or folded(state) for state in value)
    if name in ("prima_id", "project_id"):
        return _same(name, value)
    if name in WORD_KINDS:
        word = project_word(name, value)
        return word.code if word else folded(value)
    return folded(value) if isinstance(value, str) else value
