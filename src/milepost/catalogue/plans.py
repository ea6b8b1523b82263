"""Words of plans of action that ship: the scale of gender marks, groups of people, candidate indicators.

All of them are proposals of Milepost, not official standards.
"""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from milepost.catalogue.reading import read
from milepost.catalogue.shipped import DATA
from milepost.values import Text


@dataclass(frozen=True, slots=True)
class Candidate:
    """An indicator by which a plan could see women and men; it fits measures with one of these references.

    `indicator` is the code of a shipped indicator that says how it is computed, "" where none does.
    """

    code: str
    name: Text
    mark: str
    kind: str
    measured: str
    by_sex: bool
    of_people: bool
    targets: tuple[str, ...]
    objectives: tuple[str, ...]
    unit: Text = field(default_factory=Text)
    indicator: str = ""

    @property
    def references(self) -> frozenset[tuple[str, str]]:
        """(framework, code) of everything that it fits."""
        return frozenset(
            [*(("sdg", code) for code in self.targets), *(("gcm", code) for code in self.objectives)]
        )


@cache
def gender_marks() -> dict[str, Text]:
    """{mark: what it means}, in the order of the scale."""
    return {one["code"]: Text(one["definition"]) for one in _page()["marks"]}


@cache
def groups() -> dict[str, Text]:
    """{code: name} of the groups of people whom a measure may concern."""
    return {one["code"]: Text(one["name"]) for one in _page()["groups"]}


@cache
def gender_candidates() -> tuple[Candidate, ...]:
    """The candidate indicators, in the order of their file."""
    return tuple(
        Candidate(
            code=one["code"],
            name=Text(one["name"]),
            mark=one["mark"],
            kind=one["kind"],
            measured=one["measured"],
            by_sex=one["by_sex"],
            of_people=one.get("of_people", True),
            targets=tuple(one["targets"]),
            objectives=tuple(one["objectives"]),
            unit=Text(one.get("unit", {})),
            indicator=one.get("indicator", ""),
        )
        for one in _page()["candidates"]
    )


@cache
def _page() -> dict[str, Any]:
    path = DATA / "plans" / "gender.yaml"
    return read(path.read_text(encoding="utf-8"), "plans/gender.yaml").data
