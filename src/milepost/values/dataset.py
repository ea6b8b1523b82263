"""Rows as files give them, before anything is judged: tables, and what one file or folder holds."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from milepost.values.concepts import concept
from milepost.values.origin import Origin, Problem
from milepost.values.text import Text


@dataclass(frozen=True, slots=True)
class Table:
    """Cells as text under the file's own headers, one row per input observation, nothing merged or dropped.

    `code` names what the rows are about (an indicator such as "10-7-4", or the file's stem). A blank cell
    is "". `rows` are tuples as long as `columns`. `lines` gives the place of each row in the file, counted
    as `Origin.row` counts.
    """

    code: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    origin: Origin
    lines: Sequence[int] = ()

    def concepts(self) -> tuple[str, ...]:
        """The name of each column in tidy data: its SDMX concept, or its own header.

        A concept is given to the first column that names it; a second one keeps its own header, with a
        number where that is taken too.
        """
        names: dict[str, None] = {}  # in order; a list would be searched again for each of 100,000 columns
        numbers: dict[str, int] = {}  # the next one for a header that comes again
        for header in self.columns:
            name = concept(header) or header
            if name in names:
                name = header
            number = numbers.get(header, 2)
            while name in names:
                name, number = f"{header} ({number})", number + 1
            numbers[header] = number
            names[name] = None
        return tuple(names)

    def index(self, name: str) -> int | None:
        """The position of the column for a concept such as "obs_value", or None."""
        names = self.concepts()
        return names.index(name) if name in names else None

    def line(self, position: int) -> int:
        """Where in the file the row at this position (from 0) stands."""
        return self.lines[position] if self.lines else position + 2  # row 1 holds the headers

    def place(self, position: int, column: str | None = None) -> Origin:
        """The origin of a row, or of one cell of it."""
        return Origin(self.origin.file, self.origin.sheet, self.line(position), column)


@dataclass(frozen=True, slots=True)
class CodeList:
    """Codes of one dimension or attribute with their names: {code: Text}."""

    id: str
    codes: Mapping[str, Text]
    name: Text = field(default_factory=Text)
    agency: str = ""
    version: str = "1.0"
    annotations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Structure:
    """A data structure definition: which concepts are dimensions or attributes, and their code lists.

    `code_lists` is keyed by concept in lower case ("sex"); `names` gives the concepts' own names.
    """

    id: str
    agency: str
    version: str
    dimensions: tuple[str, ...]
    attributes: tuple[str, ...]
    code_lists: Mapping[str, CodeList] = field(default_factory=dict)
    names: Mapping[str, Text] = field(default_factory=dict)
    name: Text = field(default_factory=Text)


@dataclass(frozen=True, slots=True)
class Dataset:
    """What a file or folder holds: tables, metadata by indicator, languages, structure, faults met."""

    tables: tuple[Table, ...] = ()
    metadata: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    structure: Structure | None = None
    problems: tuple[Problem, ...] = ()

    def count(self) -> int:
        """How many observations there are."""
        return sum(len(table.rows) for table in self.tables)

    def rows(self) -> Iterator[tuple[Table, int, dict[str, str]]]:
        """Every row as (table, position, {tidy column: cell}), in file order."""
        for table in self.tables:
            names = table.concepts()
            for position, row in enumerate(table.rows):
                yield table, position, dict(zip(names, row, strict=True))
