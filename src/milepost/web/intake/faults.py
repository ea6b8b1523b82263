"""Faults as rows and deliveries keep them, and what to say of them."""

from collections.abc import Iterable, Mapping
from typing import Any

from milepost.values import Origin, Problem


def as_json(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Faults ready for a JSON field: {code, origin, details}; what the place does not say is left out."""
    return [
        {"code": problem.code, "origin": _place(problem.origin), "details": _plain(problem.details)}
        for problem in problems
    ]


def _place(origin: Origin) -> dict[str, Any]:
    place = {"file": origin.file, "sheet": origin.sheet, "row": origin.row, "column": origin.column}
    return {name: value for name, value in place.items() if value is not None}


def _plain(value: Any) -> Any:
    """Details as JSON can hold them."""
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(entry) for entry in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def from_json(kept: Iterable[Mapping[str, Any]]) -> list[Problem]:
    """The faults again."""
    return [
        Problem(fault["code"], Origin(**{"file": "", **fault.get("origin", {})}), fault.get("details") or {})
        for fault in kept
    ]
