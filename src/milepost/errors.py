"""What stops the work: the errors a person can mend, and every kind of fault with its remedy."""

from collections.abc import Iterable
from typing import NamedTuple

from milepost.values import Origin, Problem


class Kind(NamedTuple):
    """A kind of fault: how grave it is, what it is, how to mend it (English; `{name}` is filled from details)."""

    gravity: str  # "error": cannot be published so; "warning": a person must decide; "note": worth knowing
    what: str
    remedy: str


# One section for each room that finds faults of the kind. Sentences are translated in `locale/`.
FILES = {
    "not-found": Kind("error", "There is no such file or folder.", "Check the name."),
    "empty-file": Kind("error", "The file is empty.", "Export it again; at least a header row is needed."),
    "too-large": Kind(
        "error",
        "The file has {size} MB; {limit} MB is the limit.",
        "Split it, for example one file per indicator, or raise MILEPOST_MAX_FILE_MB.",
    ),
    "unknown-format": Kind(
        "error",
        "The format cannot be told from the name {name}.",
        "Rename the file, or name the format; known are: {known}.",
    ),
    "cannot-write": Kind("error", "The output cannot be written: {why}.", "Choose another place, or free it."),
}
SERIES = {
    "column-missing": Kind(
        "error", "There is no column {column}.", "Name it {column}, or check that the first row holds the headers."
    ),
    "period-unreadable": Kind("error", "{text!r} is not a year or period.", "Write 2024, 2024/25, 2024-Q1 or 2024-05."),
    "number-unreadable": Kind("error", "{text!r} is not a number.", "Write digits with a decimal point, or leave it blank."),
    "direction-unreadable": Kind("error", "{text!r} is not a direction.", "Write up or down."),
    "setting-varies": Kind(
        "error", "The series {series} has two of these: {first} and {second}.", "Repeat the same in every row of a series."
    ),
}
CHECKS: dict[str, Kind] = {}
TABULAR: dict[str, Kind] = {  # CSV and workbooks, and what holds for every file
    "bad-setting": Kind("error", "The setting is {value!r}, not {wanted}.", "Correct it, or leave it out."),
    "cannot-read": Kind("error", "It cannot be read: {why}.", "Check who may read it."),
    "not-a-file": Kind("error", "This is a folder or a device, not a file.", "Name a file."),
    "wrong-content": Kind(
        "error",
        "The name says {expected}, but the content is {found}.",
        "Rename the file after what it is, or export it again.",
    ),
    "not-text": Kind(
        "error", "The file holds bytes that are no text: {why}.", "Export it again as CSV with UTF-8."
    ),
    "encoding-guessed": Kind(
        "warning",
        "The text is not UTF-8; it was read as {encoding}.",
        "Check the letters; save the file as UTF-8 to be sure.",
    ),
    "no-header": Kind("error", "There is no row with headers.", "Put the names of the columns in the first row."),
    "duplicate-header": Kind(
        "error",
        "Columns {first} and {second} are both called {name!r}.",
        "Rename or remove one of them.",
    ),
    "ragged-row": Kind(
        "error",
        "The row has {found} cells, the header has {expected}; {effect}.",
        "Correct the row; a cell that holds the delimiter needs quotes around it.",
    ),
    "blank-rows": Kind(
        "warning", "{count} rows are blank; the first is this one. They were left out.", "Delete them."
    ),
    "stray-quote": Kind(
        "warning",
        'A quotation mark stands inside a cell without being doubled; the cell was read as {cell!r}.',
        "Check the cell; write two quotation marks where one is meant.",
    ),
    "quote-not-closed": Kind(
        "error",
        "A quotation mark is opened here and not closed in its place.",
        "Close the quotation mark, or remove it.",
    ),
}
SDMX: dict[str, Kind] = {}
OPEN_SDG: dict[str, Kind] = {}
PROGRESS: dict[str, Kind] = {}
CATALOGUE: dict[str, Kind] = {}

KINDS: dict[str, Kind] = {
    **FILES, **SERIES, **CHECKS, **TABULAR, **SDMX, **OPEN_SDG, **PROGRESS, **CATALOGUE,
}  # fmt: skip


def describe(problem: Problem) -> str:
    """One line: where, what, how to mend it."""
    kind = KINDS[problem.code]
    details = dict(problem.details)
    return f"{problem.origin}: {kind.what.format(**details)} {kind.remedy.format(**details)}"


class MilepostError(Exception):
    """Something a person can mend. Holds every fault found, not only the first."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = tuple(problems)
        super().__init__("\n".join(describe(problem) for problem in self.problems))


def refuse(code: str, origin: Origin | str, **details: object) -> MilepostError:
    """The error for a single fault, to be raised by the caller."""
    place = origin if isinstance(origin, Origin) else Origin(str(origin))
    return MilepostError([Problem(code, place, details)])
