"""From the table of an act, in Word or Excel, to the sections and measures of a plan."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from milepost.errors import refuse
from milepost.interchange import content, excel, word
from milepost.interchange.plan_table import bodies, costs, deadlines, headings
from milepost.interchange.word import Cell
from milepost.values import Origin, Problem, ResultIndicator, Text
from milepost.values.plan import Funding, Measure, Section

HEADER_WITHIN = 40
"""The headings of a table are looked for in so many rows."""

DOUBTS = {
    "unread": "plan-deadline-unread",
    "ambiguous": "plan-deadline-ambiguous",
    "backwards": "plan-deadline-backwards",
}
"""The fault of each doubt about a deadline."""


COST_DOUBTS = {
    "unread": "plan-cost-unread",
    "currency": "plan-cost-no-currency",
    "source": "plan-cost-no-source",
}
"""The fault of each doubt about money; its text stays as printed, and no amount is taken."""


@dataclass(frozen=True)
class PlanTable:
    """What a file holds: sections with their measures, where each stands, the cells as they were, and faults.

    `columns` is {field: heading as printed}; `places` and `cells` are by the key of a measure.
    """

    file: str
    sections: tuple[Section, ...]
    columns: Mapping[str, str]
    places: Mapping[str, Origin]
    cells: Mapping[str, Mapping[str, str]]
    problems: tuple[Problem, ...]


def read(path: Path | str) -> PlanTable:
    """Read every table of a file whose headings are those of a plan; tables go on from one to the next.

    MilepostError where the file is neither a Word document nor a workbook, cannot be opened, or has no such
    table ("plan-no-table").
    """
    file = str(path)
    found = _Found(file)
    for sheet, grid, first in _grids(path):
        found.take(grid, sheet, first)
    if not found.columns:
        raise refuse("plan-no-table", Origin(file))
    return found.whole()


# The cells --------------------------------------------------------------------------------------------------


def _grids(path: Path | str) -> Iterator[tuple[str | None, list[list[Cell]], int]]:
    """(sheet, rows of cells, number of the first row as a person counts) of every table of a file."""
    content.expect("zip", content.of_file(path), path, "a Word document or an Excel workbook")
    if _is_workbook(path):
        for sheet in excel.look(path).sheets:
            if not sheet.hidden:
                yield sheet.name, _of_sheet(sheet.rows, sheet.merged, sheet.top, sheet.left), sheet.top + 1
    else:
        for number, table in enumerate(word.tables(path), 1):
            yield f"table {number}", table, 1


def _is_workbook(path: Path | str) -> bool:
    return any(name.startswith("xl/") for name in word.limits.check_archive(path))


def _of_sheet(
    rows: Sequence[Sequence[str]],
    merged: Iterable[tuple[tuple[int, int], tuple[int, int]]],
    top: int,
    left: int,
) -> list[list[Cell]]:
    """The cells of a sheet, where merged ones are one cell, and carry on below."""
    width: dict[tuple[int, int], int] = {}
    above: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for (first_row, first_column), (last_row, last_column) in merged:
        start = first_row - top, first_column - left
        for row in range(start[0], min(last_row - top, len(rows) - 1) + 1):
            at = row, start[1]
            width[at] = last_column - first_column + 1
            above[at] = start
            covered |= {(row, start[1] + step) for step in range(1, width[at])}
    found = []
    for number, row in enumerate(rows):
        cells = []
        for column, text in enumerate(row):
            at = number, column
            if at in covered:
                continue
            start = above.get(at, at)
            carried = start[0] != number
            shown = rows[start[0]][start[1]] if carried and start[0] >= 0 else text
            cells.append(Cell(shown.strip(), width.get(at, 1), carried))
        found.append(cells)
    return found


# The rows ---------------------------------------------------------------------------------------------------


@dataclass
class _Open:
    """A section while its measures are still coming in."""

    section: Section
    measures: list[Measure] = field(default_factory=list)
    below: list["_Open"] = field(default_factory=list)

    def closed(self) -> Section:
        below = tuple(one.closed() for one in self.below)
        return replace(self.section, measures=tuple(self.measures), below=below)


PRIORITY = {"en": "Priority", "ru": "Приоритет"}
_PRIORITY = re.compile(
    r"^(?:\w{1,5}[.)]\s*)?(?:приоритет|направлени|раздел|глава|priorit|pillar|direction|part\b|chapter)", re.I
)
_ONLY_SAID = re.compile(rf"^(?:{'|'.join(PRIORITY.values())}):\s+")
_NUMBERED = re.compile(r"^(?P<code>(?:\d{1,3}[.)])*\d{1,3}[.)]?|[IVX]{1,4}[.)])\s+(?=\S)")
_COUNTING = re.compile(r"^\(?\d{1,2}\)?\.?$")


class _Found:
    """What was found so far."""

    def __init__(self, file: str):
        self.file = file
        self.columns: dict[str, str] = {}
        self._tops: list[_Open] = []
        self._priority: _Open | None = None
        self._objective: _Open | None = None
        self._keys: Counter[str] = Counter()
        self._places: dict[str, Origin] = {}
        self._cells: dict[str, dict[str, str]] = {}
        self._problems: list[Problem] = []

    def take(self, grid: list[list[Cell]], sheet: str | None, first: int) -> None:
        """Take in a table, if it is one of a plan."""
        header = _header(grid)
        if header is None:
            return
        at, fields, unknown = header
        texts = [cell.text for cell in grid[at]]
        for column, name in fields.items():
            self.columns.setdefault(name, _at(grid[at], column))
        place = Origin(self.file, sheet, first + at)
        for heading in unknown:
            self._problems.append(
                Problem("plan-heading-unknown", replace(place, column=heading), {"heading": heading})
            )
        for number, row in enumerate(grid[at + 1 :], first + at + 1):
            if [cell.text for cell in row] == texts or _counts_columns(row):
                continue  # the header of a further page, and the line that numbers the columns
            self._row(row, fields, unknown, Origin(self.file, sheet, number))

    def _row(
        self, row: list[Cell], fields: Mapping[int, str], unknown: Mapping[str, int], place: Origin
    ) -> None:
        own = [cell for cell in row if cell.text and not cell.carried]
        if not own:
            return
        if title := _section_title(row, own, fields):
            self._begin(*title)
            return
        cells = {name: _at(row, column) for column, name in fields.items()}
        others = {heading: _at(row, column) for heading, column in unknown.items()}
        for name in ("priority", "objective"):
            if cells.get(name):
                self._within(name, cells[name])
        if not cells.get("measure"):
            said = " · ".join(cell.text for cell in own)[:200]
            self._problems.append(Problem("plan-row-without-measure", place, {"text": said}))
            return
        self._measure(cells, others, place)

    def _begin(self, level: str, text: str) -> None:
        """A section begins with a row of its own."""
        if level == "priority":
            self._priority, self._objective = self._opened("priority", text, self._tops), None
        else:
            self._objective = self._opened("objective", text, self._below_priority())

    def _within(self, level: str, text: str) -> None:
        """The cell of a column says where the measure belongs; the same text again is the same section."""
        current = self._priority if level == "priority" else self._objective
        if current is None or _said(current.section) != " ".join(text.split()):
            self._begin(level, text)

    def _below_priority(self) -> list[_Open]:
        return self._priority.below if self._priority is not None else self._tops

    def _opened(self, level: str, text: str, among: list[_Open]) -> _Open:
        shown = _ONLY_SAID.sub("", " ".join(text.split()))
        numbered = _NUMBERED.match(shown)
        code = numbered["code"].rstrip(".)") if numbered else ""
        title = shown[numbered.end() :] if numbered else shown
        key = self._key(code or f"s{sum(self._keys.values()) + 1}")
        made = _Open(Section(key, code, _text(title), "priority" if level == "priority" else "objective"))
        among.append(made)
        return made

    def _measure(self, cells: Mapping[str, str], others: Mapping[str, str], place: Origin) -> None:
        shown = cells["measure"]
        numbered = _NUMBERED.match(shown) if not cells.get("code") else None
        code = (cells.get("code") or (numbered["code"] if numbered else "")).strip().rstrip(".)")
        key = self._key(code or f"m{sum(self._keys.values()) + 1}")
        if code and key != code:
            self._problems.append(Problem("plan-code-twice", place, {"code": code}))
        due = deadlines.read(cells.get("deadline", ""))
        if due.doubt:
            found = replace(place, column=self.columns.get("deadline"))
            self._problems.append(Problem(DOUBTS[due.doubt], found, {"text": due.deadline.text}))
        who = bodies.named(cells.get("institutions", ""))
        lead = tuple(dict.fromkeys((*who.lead, *_names(cells.get("coordinator", "")))))
        executors = dict.fromkeys((*who.executors, *_names(cells.get("executors", ""))))
        measure = Measure(
            key,
            code,
            _text(shown[numbered.end() :] if numbered else shown),
            _text(cells.get("expected", "")),
            due.deadline,
            cells.get("institutions", ""),
            lead,
            tuple(name for name in executors if name not in lead),
            (*who.partners, *_names(cells.get("partners", ""))),
            funding=self._funding(cells, place),
            funding_text="\n".join(
                text for name in ("funding", "cost", "gap") if (text := cells.get(name, ""))
            ),
            indicators=_indicators(key, cells.get("indicators", "")),
            indicators_text=cells.get("indicators", ""),
            verification=_text(cells.get("verification", "")),
        )
        section = self._objective or self._priority
        if section is None:
            section = self._objective = self._opened("objective", "", self._tops)
        section.measures.append(measure)
        self._places[key] = place
        self._cells[key] = {self.columns[name]: text for name, text in cells.items()} | dict(others)

    def _funding(self, cells: Mapping[str, str], place: Origin) -> tuple[Funding, ...]:
        """The money of a measure: what there is, and what is still sought."""
        found: list[Funding] = []
        sources = cells.get("funding", "")
        for name in ("cost", "gap"):
            heading, text = self.columns.get(name, ""), cells.get(name, "")
            if name == "gap" and not text:
                continue
            got = costs.read(text, sources, heading=heading, sought=name == "gap")
            if got.doubt:
                where = replace(place, column=heading or self.columns.get("funding"))
                self._problems.append(
                    Problem(COST_DOUBTS[got.doubt], where, {"text": (text or sources)[:200]})
                )
            found += got.funding
        return tuple(found)

    def _key(self, wanted: str) -> str:
        self._keys[wanted] += 1
        return wanted if self._keys[wanted] == 1 else f"{wanted}-{self._keys[wanted]}"

    def whole(self) -> PlanTable:
        """All that was found; faults in the order of the file."""
        sections = tuple(one.closed() for one in self._tops)
        return PlanTable(self.file, sections, self.columns, self._places, self._cells, tuple(self._problems))


def _header(grid: list[list[Cell]]) -> tuple[int, Mapping[int, str], dict[str, int]] | None:
    """(row of the headings, {column: field}, {unknown heading: column}), or None for other tables."""
    for at, row in enumerate(grid[:HEADER_WITHIN]):
        named: dict[int, str] = {}
        column = 0
        for cell in row:
            named[column] = cell.text
            column += cell.columns
        fields = headings.fields_of([named.get(number, "") for number in range(column)])
        if headings.is_header(fields):
            unknown = {
                " ".join(text.split()): number
                for number, text in named.items()
                if text and number not in fields
            }
            return at, fields, unknown
    return None


def _at(row: Sequence[Cell], column: int) -> str:
    """The text of the cell that covers a column."""
    at = 0
    for cell in row:
        if at <= column < at + cell.columns:
            return cell.text
        at += cell.columns
    return ""


def _counts_columns(row: Sequence[Cell]) -> bool:
    """Whether a row only numbers the columns: 1, 2, 3, ..."""
    texts = [cell.text for cell in row if cell.text]
    return len(texts) > 1 and all(_COUNTING.match(text) for text in texts)


def _section_title(
    row: Sequence[Cell], own: Sequence[Cell], fields: Mapping[int, str]
) -> tuple[str, str] | None:
    """(level, text) of a row that is a heading: one text over most of the columns, maybe with a number."""
    width = sum(cell.columns for cell in row)
    *before, last = own
    if len(before) > 1 or any(cell.carried and cell.text for cell in row):
        return None
    over_most = last.columns * 2 > width
    alone = (
        not before and len(row) > 1 and _at(row, min(fields)) == last.text and not _COUNTING.match(last.text)
    )
    if before:
        over_most = over_most and _NUMBERED.match(f"{before[0].text} x") is not None
    if not over_most and not alone:
        return None
    text = " ".join(cell.text for cell in own)
    return ("priority" if is_priority(text) else "objective"), text


def is_priority(text: str) -> bool:
    """Whether a heading says by its first words that it is one of a priority."""
    return _PRIORITY.match(text) is not None


def _said(section: Section) -> str:
    title = section.title.best("ru")[0]
    return title if not section.code else f"{section.code} {title}"


def _indicators(key: str, text: str) -> tuple[ResultIndicator, ...]:
    """One indicator for each line, or each part between semicolons; only what it is called is known."""
    parts = [re.sub(r"^[-–—•·*]\s*", "", part.strip()) for part in re.split(r"[\n;]", text)]
    return tuple(
        ResultIndicator(f"{key}.{number}", _text(part))
        for number, part in enumerate((part for part in parts if part), 1)
    )


def _names(text: str) -> tuple[str, ...]:
    found = bodies.named(text)
    return (*found.lead, *found.executors, *found.partners)


def _text(text: str) -> Text:
    """The text under its language, told by its letters."""
    shown = text.strip()
    if not shown:
        return Text()
    return Text({"ru" if re.search("[а-яА-Я]", shown) else "en": shown})
