"""Who does what: institutions × measures, and where nobody, too many, or one that is closed would do it."""

from collections import Counter
from typing import Any, NamedTuple

from milepost.values import Origin, Problem
from milepost.web.plans.models import Entry, PlanVersion, Role
from milepost.web.plans.queries.versions import Group, entries, faults, grouped
from milepost.web.stakeholders.models import Institution
from milepost.web.ui.templatetags.ui import plain

OF_ROLES = (
    "plan-nobody-responsible",
    "plan-no-coordinator",
    "plan-several-coordinators",
    "plan-overloaded",
)
"""Faults of `checks.plan` that are about roles."""
LETTERS = {
    Role.Kind.COORDINATOR: "●",
    Role.Kind.EXECUTOR: "◐",
    Role.Kind.PARTNER: "◇",
    Role.Kind.CONSULTED: "○",
    Role.Kind.INFORMED: "·",
}
"""How a role is drawn in the matrix; the word stands beside it for those who hear the page."""


class Cell(NamedTuple):
    """What one institution has to do with one measure."""

    sign: str
    word: str


class Line(NamedTuple):
    """A measure with a cell for each institution; None where it has nothing to do with it."""

    entry: Entry
    cells: tuple[Cell | None, ...]


class Block(NamedTuple):
    """The lines of a section."""

    group: Group
    lines: tuple[Line, ...]


class Column(NamedTuple):
    """An institution, on how many measures it reports, and in how many it has any role."""

    institution: Institution
    coordinates: int
    takes_part: int


class Matrix(NamedTuple):
    """The whole, with its faults."""

    columns: tuple[Column, ...]
    blocks: tuple[Block, ...]
    problems: tuple[Problem, ...]
    measures: int
    without: int
    signs: tuple[Cell, ...]


def matrix(version: PlanVersion, language: str) -> Matrix:
    """The matrix of a version; institutions that report on most first."""
    found = list(entries(version))
    roles = [role for entry in found for role in entry.roles.all()]
    institutions = {role.institution_id: role.institution for role in roles}
    coordinates = Counter(one.institution_id for one in roles if one.kind == Role.Kind.COORDINATOR)
    takes_part = Counter(one.institution_id for one in roles)
    columns = sorted(
        (Column(one, coordinates[key], takes_part[key]) for key, one in institutions.items()),
        key=lambda column: (-column.coordinates, -column.takes_part, plain(column.institution.text)),
    )
    keys = [column.institution.pk for column in columns]
    blocks = tuple(
        Block(group, tuple(_line(entry, keys) for entry in group.entries)) for group in grouped(found)
    )
    told = [one for one in faults(version, language) if one.code in OF_ROLES]
    return Matrix(
        tuple(columns),
        blocks,
        (*told, *_closed(found), *_without_mandate(columns), *_unmatched(version)),
        len(found),
        sum(not any(role.kind == Role.Kind.COORDINATOR for role in one.roles.all()) for one in found),
        tuple(Cell(sign, str(kind.label)) for kind, sign in LETTERS.items()),
    )


def _line(entry: Entry, keys: list[int]) -> Line:
    by_key = {role.institution_id: role for role in entry.roles.all()}
    return Line(entry, tuple(_cell(by_key.get(key)) for key in keys))


def _cell(role: Role | None) -> Cell | None:
    return Cell(LETTERS[Role.Kind(role.kind)], str(Role.Kind(role.kind).label)) if role else None


def _closed(found: list[Entry]) -> list[Problem]:
    """Institutions that are out of use, dissolved or renamed, and still have measures."""
    there: dict[int, list[Entry]] = {}
    names: dict[int, Any] = {}
    for entry in found:
        for role in entry.roles.all():
            if not role.institution.active:
                there.setdefault(role.institution_id, []).append(entry)
                names[role.institution_id] = role.institution
    return [
        Problem(
            "plan-institution-closed",
            Origin(""),
            {
                "institution": plain(names[key].text),
                "count": len(standing),
                "measures": ", ".join(one.code or named(one) for one in standing[:12]),
            },
        )
        for key, standing in there.items()
    ]


def named(entry: Entry) -> str:
    """A measure without a number, by the beginning of its words."""
    return plain(entry.text)[:40]


def _without_mandate(columns: list[Column]) -> list[Problem]:
    """Coordinators of whom the register says no mandate."""
    names = [
        plain(one.institution.text)
        for one in columns
        if one.coordinates and not any(words.strip() for words in one.institution.mandate.values())
    ]
    details = {"institutions": ", ".join(names)}
    return [Problem("plan-no-mandate", Origin(""), details)] if names else []


def _unmatched(version: PlanVersion) -> list[Problem]:
    """Institutions that the act names and of which a person said that the register has none of them."""
    names = sorted(name for name, key in version.names.items() if key is None)
    return [Problem("plan-names-unmatched", Origin(""), {"names": ", ".join(names)})] if names else []
