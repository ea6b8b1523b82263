"""One value for every document: what stands in it, in which order, and what each figure rests on.

A `Document` is plain data in one language. Its three writers (`writers.html`, `writers.docx`, `writers.pdf`)
show the same content in the same order; none of them computes, fetches or translates anything.

Words are a string, or runs where a part is strong, leads somewhere, or rests on something. A run's `trace` is
the address of its evidence ("project:12", "observation:345"): on a web page it becomes a link, in print the
number of an entry of the block `Sources`, which says where each figure comes from.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import count
from typing import Literal

from babel.dates import format_date

from milepost.reports import sentences

RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ps", "ur"})
"""Languages that are written from right to left."""

NO_WORDS = "–"
"""What stands for a title or heading without words: it must not be empty."""

Align = Literal["left", "right", "center"]


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one appearance. `language` only where it is not the document's.

    `trace` is the address of what the words rest on; `mark` says whether print shows its number here.
    `number` is that number: `resolved` fills it in.
    """

    text: str
    strong: bool = False
    emphasis: bool = False
    link: str = ""
    trace: str = ""
    mark: bool = True
    language: str = ""
    number: int | None = None


Words = str | tuple[Run, ...]
"""A plain string, or runs."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 4, below the document's title. `anchor` is filled in by `resolved`."""

    words: Words
    level: int = 1
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text; "lead" opens a document or section, "quiet" stands back."""

    words: Words
    style: Literal["body", "lead", "quiet"] = "body"


@dataclass(frozen=True, slots=True)
class List:
    """Points, in an order that matters or not."""

    items: tuple[Words, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """A label and what is known under it."""

    label: str
    words: Words


@dataclass(frozen=True, slots=True)
class Facts:
    """Labels with their values, one under the other; a box where `boxed`."""

    rows: tuple[Fact, ...]
    boxed: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a table: how its cells stand, and its part of the width (None: as its cells need)."""

    title: Words
    align: Align = "left"
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell over `span` columns."""

    words: Words
    span: int = 1


@dataclass(frozen=True, slots=True)
class Row:
    """A row of as many cells as fill the columns; a plain string or runs is a cell of one column.

    "group" names what the rows below it have in common and stands over all columns; "detail" is a part of the
    row above it, such as women of all; "total" closes a table.
    """

    cells: tuple[Words | Cell, ...]
    kind: Literal["body", "group", "detail", "total"] = "body"


@dataclass(frozen=True, slots=True)
class Table:
    """A numbered table with a header that repeats on each page; `notes` stand at its foot.

    `over` is a row above the column titles: words and how many columns they stand over. With `row_headers`
    the first column names the rows. Without a caption the table has no number.
    """

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    caption: Words = ""
    notes: tuple[Words, ...] = ()
    over: tuple[Cell, ...] = ()
    row_headers: bool = True
    label: str = ""

    def __post_init__(self) -> None:
        for row in (*self.rows, *([Row(self.over)] if self.over else ())):
            if (width := sum(cell.span for cell in cells(row))) != len(self.columns):
                raise ValueError(f"a row of {width} cells in a table of {len(self.columns)} columns")


@dataclass(frozen=True, slots=True)
class Chart:
    """A numbered picture: SVG as `reports.charts` draws it, the words that replace it, and its figures.

    `data` is printed under the picture unless `data_in_print` is False, because the figures stand nearby.
    """

    svg: str
    alternative: str
    caption: Words = ""
    notes: tuple[Words, ...] = ()
    data: Table | None = None
    data_in_print: bool = True
    label: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """Two columns side by side, as a brief has them; `weights` are their parts of the width."""

    left: tuple["Block", ...]
    right: tuple["Block", ...]
    weights: tuple[float, float] = (1.0, 1.0)


@dataclass(frozen=True, slots=True)
class Note:
    """Words set apart: a remark, a warning, or what is still missing."""

    words: Words
    kind: Literal["note", "warning", "missing"] = "note"


@dataclass(frozen=True, slots=True)
class PageBreak:
    """A new page in print."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where figures come from, in words; `traces` are the addresses of the runs that rest on it."""

    words: Words
    traces: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sources:
    """The appendix "where each figure comes from": numbered entries, to which the runs refer."""

    entries: tuple[Source, ...]


Block = Heading | Paragraph | List | Facts | Table | Chart | Columns | Note | PageBreak | Sources


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document in one language.

    `kind` is what it is called ("Interim report"); `banner` warns that it is an example or a draft; `author`
    is the office that issues it; `version` its edition. A "sheet" is short: no contents, narrow margins.
    `size` is the height of the letters in points.
    """

    title: str
    language: str
    day: date
    blocks: tuple[Block, ...]
    kind: str = ""
    subtitle: str = ""
    version: str = ""
    author: str = ""
    banner: str = ""
    facts: tuple[Fact, ...] = ()
    layout: Literal["report", "sheet"] = "report"
    contents: bool = False
    size: float = 9.5

    @property
    def right_to_left(self) -> bool:
        """Whether the language is written from right to left."""
        return self.language.split("-")[0] in RIGHT_TO_LEFT


# Reading a document -----------------------------------------------------------------------------------------


def runs(words: Words) -> tuple[Run, ...]:
    """Words as runs.

    >>> runs("Sandoria")[0].text, runs("")
    ('Sandoria', ())
    """
    if isinstance(words, str):
        return (Run(words),) if words else ()
    return words


def plain(words: Words) -> str:
    """Words without their appearance."""
    return "".join(run.text for run in runs(words))


def cells(row: Row) -> tuple[Cell, ...]:
    """The cells of a row."""
    return tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row.cells)


def in_order(blocks: Sequence[Block]) -> Iterator[Block]:
    """Every block, those in columns too."""
    for block in blocks:
        yield block
        if isinstance(block, Columns):
            yield from in_order(block.left)
            yield from in_order(block.right)


def headings(document: Document, deepest: int = 2) -> list[Heading]:
    """The headings for a table of contents."""
    found = [block for block in in_order(document.blocks) if isinstance(block, Heading)]
    return [heading for heading in found if heading.level <= deepest]


# Text that every writer can show ----------------------------------------------------------------------------

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")
_OVERRIDES = "\u202a\u202b\u202d\u202e"
_BROKEN = {"Cc", "Cs"}
_LINKS = re.compile(r"(?:https?://|mailto:|#)\S+", re.IGNORECASE)


def shown(text: str) -> str:
    """The text with what no document can hold replaced by "\N{REPLACEMENT CHARACTER}".

    That are control characters, halves of surrogate pairs, non-characters, and marks that reverse the order
    of what follows. Line ends of every kind become one.

    >>> shown("a" + chr(0) + "b") == "a" + chr(0xFFFD) + "b", shown("plain")
    (True, 'plain')
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if _cannot_be_held(letter) else letter
        for letter in _LINE_ENDS.sub("\n", text)
    )


def _cannot_be_held(letter: str) -> bool:
    if letter in "\n\t":
        return False
    code = ord(letter)
    return (
        letter in _OVERRIDES
        or unicodedata.category(letter) in _BROKEN
        or code & 0xFFFE == 0xFFFE
        or 0xFDD0 <= code <= 0xFDEF
    )


def safe_link(address: str) -> str:
    """The address if it leads to a page, a mailbox or a place in the document; else "".

    >>> safe_link("https://example.org/a"), safe_link("javascript:alert(1)")
    ('https://example.org/a', '')
    """
    return address if _LINKS.fullmatch(address) else ""


# Numbers and references -------------------------------------------------------------------------------------


def resolved(document: Document) -> Document:
    """The document with its tables and figures numbered, its headings anchored and its traces referred.

    Every text in it is as `shown`. This is the first step of every writer, so that all three agree.
    """
    return _Resolver(document).document()


class _Resolver:
    """Numbers tables, figures, headings and sources in the order in which they stand."""

    def __init__(self, document: Document):
        self.given = document
        self.say = sentences.translator(document.language)
        self.tables, self.figures, self.sections = count(1), count(1), count(1)
        self.level = 0
        entries = [
            entry
            for block in in_order(document.blocks)
            if isinstance(block, Sources)
            for entry in block.entries
        ]
        self.source_of: Mapping[str, int] = {
            trace: number for number, entry in reversed(list(enumerate(entries, 1))) for trace in entry.traces
        }

    def document(self) -> Document:
        given = self.given
        return replace(
            given,
            title=shown(given.title) if given.title.strip() else NO_WORDS,
            kind=shown(given.kind),
            subtitle=shown(given.subtitle),
            version=shown(given.version),
            author=shown(given.author),
            banner=shown(given.banner),
            facts=self.facts(given.facts),
            blocks=self.blocks(given.blocks),
        )

    def blocks(self, blocks: Sequence[Block]) -> tuple[Block, ...]:
        return tuple(self.block(block) for block in blocks)

    def block(self, block: Block) -> Block:
        words = self.words
        match block:
            case Heading():
                return self.heading(block)
            case Paragraph() | Note():
                return replace(block, words=words(block.words))
            case List():
                return replace(block, items=tuple(words(item) for item in block.items))
            case Facts():
                return replace(block, rows=self.facts(block.rows))
            case Table():
                return self.table(block)
            case Chart():
                return self.chart(block)
            case Columns():
                return replace(block, left=self.blocks(block.left), right=self.blocks(block.right))
            case Sources():
                entries = (replace(entry, words=words(entry.words)) for entry in block.entries)
                return replace(block, entries=tuple(entries))
            case PageBreak():
                return block

    def heading(self, heading: Heading) -> Heading:
        """One level below the last at most: readers of screens step through headings."""
        self.level = min(heading.level, self.level + 1)
        anchor = f"section-{next(self.sections)}"
        words = self.words(heading.words) if plain(heading.words).strip() else (Run(NO_WORDS),)
        return replace(heading, words=words, level=self.level, anchor=anchor)

    def table(self, table: Table) -> Table:
        return replace(
            table,
            columns=tuple(replace(column, title=self.words(column.title)) for column in table.columns),
            rows=tuple(self.row(row) for row in table.rows),
            over=tuple(replace(cell, words=self.words(cell.words)) for cell in table.over),
            caption=self.words(table.caption),
            notes=tuple(self.words(note) for note in table.notes),
            label=self.say("Table {number}", number=next(self.tables)) if table.caption else "",
        )

    def row(self, row: Row) -> Row:
        return replace(row, cells=tuple(replace(cell, words=self.words(cell.words)) for cell in cells(row)))

    def chart(self, chart: Chart) -> Chart:
        return replace(
            chart,
            svg=shown(chart.svg),
            alternative=shown(chart.alternative),
            caption=self.words(chart.caption),
            notes=tuple(self.words(note) for note in chart.notes),
            data=self.table(replace(chart.data, caption="")) if chart.data else None,
            label=self.say("Figure {number}", number=next(self.figures)) if chart.caption else "",
        )

    def facts(self, facts: Sequence[Fact]) -> tuple[Fact, ...]:
        return tuple(Fact(shown(fact.label), self.words(fact.words)) for fact in facts)

    def words(self, words: Words) -> tuple[Run, ...]:
        return tuple(
            replace(
                run,
                text=shown(run.text),
                link=safe_link(run.link),
                number=self.source_of.get(run.trace) if run.trace else None,
            )
            for run in runs(words)
        )


# Words that stand in every document -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Furniture:
    """What a writer adds to a document, in its language."""

    contents: str
    values: str
    """Heading of the figures of a chart."""
    edition: str
    """Day and version."""
    source: Callable[[int], str]
    """What a mark says to a screen reader: "Source 3"."""
    page: tuple[str, str, str]
    """Before the number of the page, between it and the number of pages, and after."""


def furniture(document: Document) -> Furniture:
    """The writer's own words, in the language of the document."""
    say = sentences.translator(document.language)
    day = format_date(document.day, "long", sentences.days(document.language))
    edition = say("{day}, version {version}", day=day, version=document.version) if document.version else day
    before, between, after = re.split("[{}][a-z]+[}]", say.template("Page {page} of {pages}"))
    return Furniture(
        contents=say("Contents"),
        values=say("Table of values"),
        edition=shown(edition),
        source=lambda number: say("Source {number}", number=number),
        page=(before, between, after),
    )
