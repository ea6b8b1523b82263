"""The code lists of the IATI Standard, where in a file they hold, and the standard's rules."""

import csv
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

DATA = Path(__file__).parent / "data" / "iati"


class CodeList(NamedTuple):
    """A code list: the official name of each code ("" where not kept), and whether there are no others."""

    complete: bool
    names: Mapping[str, str]


class CodePlace(NamedTuple):
    """The path of an attribute or text, the code list that it takes its codes from, and when (XPath)."""

    path: str
    list: str
    condition: str


@cache
def code_list(name: str) -> CodeList:
    """One code list, such as "ActivityStatus"; KeyError for a name that is none."""
    return _code_lists()[name]


@cache
def code_places(edition: str) -> tuple[CodePlace, ...]:
    """Where codes stand in a file of the edition "2" (2.01 to 2.03) or "1" (1.01 to 1.05)."""
    return tuple(
        CodePlace(row["path"], row["list"], row["condition"]) for row in _rows(_FILES[edition].places)
    )


@cache
def rules(edition: str) -> tuple[Mapping[str, Any], ...]:
    """The cases of the standard's rules for an edition: its number, type, context (XPath) and terms."""
    return tuple(json.loads((DATA / _FILES[edition].rules).read_text("utf-8"))["cases"])


class _Files(NamedTuple):
    places: str
    rules: str


_FILES = {
    "1": _Files("code_places_of_version_1.csv", "rules_of_version_1.json"),
    "2": _Files("code_places.csv", "rules.json"),
}


@cache
def _code_lists() -> dict[str, CodeList]:
    names: dict[str, dict[str, str]] = {}
    for row in _rows("code_lists.csv"):
        names.setdefault(row["list"], {})[row["code"]] = row["name"]
    about = _rows("about_code_lists.csv")
    return {row["list"]: CodeList(row["complete"] == "yes", names[row["list"]]) for row in about}


def _rows(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
