"""The indicator tracking table: a workbook that goes out, is filled in, and comes back as a list of changes.

One row for each indicator and, below it, for each breakdown and place; grey rows for the levels of the
matrix; a target, an actual and the per cent met for the whole time and for each period. Rows and columns have
hidden names, so that they may be sorted, moved and deleted. A hidden sheet keeps what was written, so that a
change can be told from what others changed meanwhile. Reading changes nothing: it says what would change.
"""

from milepost.interchange.tracking.reading import (
    KEEP,
    Change,
    ChangeKind,
    Conflict,
    DryRun,
    FigureKey,
    Update,
    read,
)
from milepost.interchange.tracking.rows import (
    REASON,
    WORDS,
    Cells,
    Column,
    Content,
    Logged,
    Project,
    Row,
    Span,
    columns_of,
    content,
    dates,
    may_change,
    met,
    spans,
)
from milepost.interchange.tracking.writing import Typed, write

__all__ = [
    "KEEP",
    "REASON",
    "WORDS",
    "Cells",
    "Change",
    "ChangeKind",
    "Column",
    "Conflict",
    "Content",
    "DryRun",
    "FigureKey",
    "Logged",
    "Project",
    "Row",
    "Span",
    "Typed",
    "Update",
    "columns_of",
    "content",
    "dates",
    "may_change",
    "met",
    "read",
    "spans",
    "write",
]
