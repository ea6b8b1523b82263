"""What was hidden and why: for the office's own files, never for the public."""

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from milepost.disclosure.rules import Rules


@dataclass(frozen=True, slots=True)
class Hidden:
    """One cell that is hidden, or a figure that nobody prints but that margins would give away.

    `reasons` are codes: "few-respondents", "dominance-p", "dominance-nk", "unanimous", "empty", "difference",
    or "complement" with the unsafe cells it protects, or "hidden-before" for a cell that came without
    figures. `bounds` is what the attack is left with: (lowest, highest) by quantity, inf for no limit; where
    not `exact`, the figure can be at least that far away.
    """

    breakdown: Mapping[str, str]
    reasons: tuple[str, ...]
    protects: tuple[Mapping[str, str], ...] = ()
    bounds: Mapping[str, tuple[float, float]] | None = None
    exact: bool = True
    already_published: bool = False

    def as_dict(self) -> dict[str, Any]:
        """The entry ready for JSON; no limit is null."""
        bounds = {
            quantity: [low, None if math.isinf(high) else high]
            for quantity, (low, high) in (self.bounds or {}).items()
        }
        return {
            "breakdown": dict(self.breakdown),
            "reasons": list(self.reasons),
            "complement_of": [dict(breakdown) for breakdown in self.protects],
            "bounds": bounds,
            "bounds_exact": self.exact,
            "already_published": self.already_published,
        }


@dataclass(frozen=True, slots=True)
class Protocol:
    """How a table was made safe: the rules, every hidden cell, and what the attack on the result found.

    `programs` counts the linear programs solved, `attacks` how often the result was attacked until it held,
    `previous` the cells of an earlier release that the attacker was taken to know, `finest` the cells nobody
    prints that it reasoned with, `loose` the relations that do not add up and were left out. With `rounded`
    nothing is hidden: `hidden` lists the unsafe cells, and figures were rounded to the base of the rules.
    """

    rules: Rules
    cells: int
    hidden: tuple[Hidden, ...] = ()
    programs: int = 0
    attacks: int = 0
    previous: int = 0
    finest: int = 0
    loose: int = 0
    rounded: bool = False

    def counts(self) -> dict[str, int]:
        """How many cells there are for each reason; one with several counts for each."""
        return dict(Counter(reason for cell in self.hidden for reason in cell.reasons))

    def as_dict(self) -> dict[str, Any]:
        """The protocol ready for JSON."""
        return {
            "rules": self.rules.as_dict(),
            "cells": self.cells,
            "hidden": [cell.as_dict() for cell in self.hidden],
            "counts": self.counts(),
            "programs": self.programs,
            "attacks": self.attacks,
            "previous": self.previous,
            "finest": self.finest,
            "loose": self.loose,
            "rounded": self.rounded,
        }
