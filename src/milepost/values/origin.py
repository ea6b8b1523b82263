"""Where a value came from, and what is wrong with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Origin:
    """The place in a file that a value came from.

    `row` counts from 1 as a person opening the file would (in XML: the line); `column` is the header.

    >>> str(Origin("data/indicator_10-7-4.csv", row=12, column="Value"))
    'data/indicator_10-7-4.csv, row 12, column Value'
    """

    file: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        parts = [self.file]
        if self.sheet:
            parts.append(f"sheet {self.sheet}")
        if self.row is not None:
            parts.append(f"row {self.row}")
        if self.column is not None:
            parts.append(f"column {self.column}")
        return ", ".join(parts)


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault: which kind, where, and the particulars its sentence needs.

    `code` is a key of `errors.KINDS`, which says how grave it is, what it is and how to mend it.
    """

    code: str
    origin: Origin
    details: Mapping[str, Any] = field(default_factory=dict)
