"""Targets, and the verdict on progress towards them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Target:
    """A number to be reached by the end of a year."""

    value: float
    year: int = 2030


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a published method says of a series, with the figures it used.

    `verdict` is a code of the method, or "not_assessed" with a `reason` code; `value` and `score` are the
    method's own numbers (None where it has none); `figures` holds every number that went in.
    """

    method: str
    verdict: str
    value: float | None = None
    score: float | None = None
    reason: str | None = None
    figures: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if (self.verdict == "not_assessed") != (self.reason is not None):
            raise ValueError("a verdict has a reason exactly when it is not_assessed")

    @property
    def assessed(self) -> bool:
        """Whether the method could judge at all."""
        return self.verdict != "not_assessed"
