"""How columns become SDMX components and back, so that no column and no period is lost.

- A column that names an SDMX concept has the concept's id in upper case: `Year` becomes TIME_PERIOD.
- Any other column keeps its header as its id, case included; what an id cannot hold is written as
  `_xHHHH_`, the number of the character in hexadecimal: `Age group` becomes Age_x0020_group. Reading turns
  it back.
- TIME_PERIOD must have a form that SDMX knows. Where a file says 2018/19, TIME_PERIOD is 2018, TIME_DETAIL
  is 2018/19 (if it was blank), and the attribute TIME_PERIOD_WRITTEN says so: it holds "TIME_DETAIL" where
  the period as written stands there, else the period itself. Reading puts the period back and drops that
  attribute. So it is with a mark beside the period (2019*, 2019 (p), 2019 г.): TIME_PERIOD is 2019.
- A row without any such period has no TIME_PERIOD; `crowded` finds it, and rows that would share a key only
  because 2019* became 2019.
- In a structure of agency MILEPOST.OPEN_SDG the categories are texts. A text that is no code of SDMX is
  written like a header (`All people` as All_x0020_people), in data and in code lists, and read as it was.
"""

import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from functools import lru_cache
from operator import itemgetter
from typing import NamedTuple

from milepost.values import CONCEPTS, Period, Problem, Table, concept

WRITTEN = "TIME_PERIOD_WRITTEN"
"""The attribute that keeps a period as the file wrote it, where SDMX has no such form."""

OF_TEXTS = "MILEPOST.OPEN_SDG"
"""The agency of structures whose categories are texts, written as codes and read as texts again."""

SERIES_ATTRIBUTES = (
    "unit_measure",
    "comment_ts",
    "geo_info_url",
    "geo_info_type",
    "cust_breakdown_lb",
    "data_last_update",
)
"""Attributes that the global SDG data structure attaches to the series; all others stand at the
observation."""

_IDS = {name.upper(): name for name in CONCEPTS}
_TAKEN = {*_IDS, *CONCEPTS, WRITTEN, "type"}  # `type` has a meaning of its own in SDMX-ML
_NOT_IN_AN_ID = re.compile(r"[^A-Za-z0-9_-]|_(?=x[0-9A-F]{4,6}(?:[^A-Za-z0-9-]|$))")
_LEADING_ESCAPE = re.compile(r"x[0-9A-F]{4,6}_")
_ESCAPE = re.compile(r"^x([0-9A-F]{4,6})_|_x([0-9A-F]{4,6})_")
_AGAIN = "_xFFFF_"  # no text of XML holds this character
_CODE = re.compile(r"[A-Za-z0-9_@$-]+")


# Headers and ids


def encoded(header: str) -> str:
    """The id of a column that is no SDMX concept: letters, digits, _ and -, beginning with a letter.

    >>> encoded("Region"), encoded("Age group"), encoded("15-24")
    ('Region', 'Age_x0020_group', 'x0031_5-24')
    """
    id = _with_escapes(header)
    if header and id.startswith("_x") and _NOT_IN_AN_ID.match(header):
        return id[1:]
    if not re.match("[A-Za-z]", id) or _LEADING_ESCAPE.match(id) or id[:3].lower() == "xml":
        return _with_first_escaped(id)
    return id


def _with_escapes(text: str) -> str:
    return _NOT_IN_AN_ID.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def _with_first_escaped(id: str) -> str:
    return f"x{ord(id[0]):04X}_{id[1:]}" if id else "xFFFF_"


def decoded(id: str) -> str:
    """The header that was encoded so.

    >>> decoded("Age_x0020_group"), decoded("REF_AREA")
    ('Age group', 'REF_AREA')
    """
    if "x" not in id:
        return id
    return _ESCAPE.sub(lambda found: _character(found[1] or found[2], found[0]), id)


def _character(number: str, written: str) -> str:
    code = int(number, 16)
    if code == 0xFFFF:
        return ""
    return chr(code) if code <= 0x10FFFF else written


def code(text: str) -> str:
    """The SDMX code that stands for a text: the text itself if it can be one, else what `decoded` turns back.

    >>> code("F"), code("15-24"), code("15 to 24")
    ('F', '15-24', '15_x0020_to_x0020_24')
    """
    if not text or (_CODE.fullmatch(text) and decoded(text) == text):
        return text
    found = _with_escapes(text)
    return _with_first_escaped(found) if _LEADING_ESCAPE.match(found) else found


def ids(table: Table) -> tuple[str, ...]:
    """The id of each column of a table, no two of them alike."""
    found: list[str] = []
    for header, name in zip(table.columns, table.concepts(), strict=True):
        if name in CONCEPTS and concept(header) == name and name.upper() not in found:
            found.append(name.upper())
            continue
        id = encoded(header)
        if id in _TAKEN:
            id = _with_first_escaped(id)
        while id in found:
            id += _AGAIN
        found.append(id)
    return tuple(found)


def name(id: str) -> str:
    """How a Structure calls the component with this id: its concept, else its header, else (if unclear) its
    id.

    >>> name("REF_AREA"), name("Age_x0020_group")
    ('ref_area', 'Age group')
    """
    if id in _IDS:
        return _IDS[id]
    header = decoded(id)
    return header if encoded(header) == id and decoded(header) == header else id


def id(name: str) -> str:
    """The id of a component of a Structure.

    >>> id("ref_area"), id("Age group")
    ('REF_AREA', 'Age_x0020_group')
    """
    if name in CONCEPTS:
        return name.upper()
    if name == WRITTEN or (decoded(name) != name and re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name)):
        return name
    return encoded(name)


# Tables as SDMX has them


class Laid(NamedTuple):
    """A table as SDMX-ML and SDMX-CSV hold it: ids of components, and rows whose periods SDMX knows."""

    ids: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def names(self) -> tuple[str, ...]:
        """What a Structure calls each column."""
        return tuple(map(name, self.ids))

    def column(self, id: str) -> Sequence[str]:
        """The cells of one column; none if there is no such column."""
        return list(map(itemgetter(self.ids.index(id)), self.rows)) if id in self.ids else ()


def laid_out(table: Table) -> Laid:
    """The table with ids for headers and with periods that SDMX knows; as many rows, in the same order."""
    laid = Laid(ids(table), table.rows)
    periods = set(laid.column("TIME_PERIOD"))
    if all(not text or sdmx_period(text) == text for text in periods):
        return laid
    if "TIME_DETAIL" not in laid.ids:
        laid = Laid((*laid.ids, "TIME_DETAIL"), [(*row, "") for row in laid.rows])
    time, detail = laid.ids.index("TIME_PERIOD"), laid.ids.index("TIME_DETAIL")
    rows = []
    for row in laid.rows:
        cells = list(row)
        cells[time], cells[detail], written = _parted(row[time], row[detail])
        rows.append((*cells, written))
    return Laid((*laid.ids, WRITTEN), rows)


def replaced(
    rows: Sequence[tuple[str, ...]], places: Sequence[int], by: Callable[[str], str]
) -> Sequence[tuple[str, ...]]:
    """The rows with the cells at these places replaced; blank cells stay. The same rows if none changes."""
    changed: dict[int, Sequence[str]] = {}
    for place in places:
        cells: list[str] = [row[place] for row in rows]
        new = {cell: by(cell) for cell in set(cells) if cell}
        if any(cell != text for cell, text in new.items()):
            changed[place] = [new.get(cell, cell) for cell in cells]
    if not changed:
        return rows
    columns = list(zip(*rows, strict=True))
    return list(zip(*(changed.get(place, cells) for place, cells in enumerate(columns)), strict=True))


def faults_of_periods(table: Table, laid: Laid) -> list[Problem]:
    """A fault that counts the rows without a period that SDMX knows, and a note that counts those whose
    period carries a mark."""
    if "TIME_PERIOD" in laid.ids:
        blank = [position for position, text in enumerate(laid.column("TIME_PERIOD")) if not text]
    else:
        blank = list(range(len(laid.rows)))
    faults = []
    if blank:
        faults.append(Problem("sdmx-no-period", table.place(blank[0]), {"count": len(blank)}))
    time = table.index("time_period") if WRITTEN in laid.ids else None
    if time is not None:
        marked = [position for position, row in enumerate(table.rows) if _unmarked(row[time]) is not None]
        if marked:
            details = {"count": len(marked), "text": table.rows[marked[0]][time]}
            faults.append(Problem("sdmx-period-marked", table.place(marked[0]), details))
    return faults


class Crowded(NamedTuple):
    """Positions of rows that SDMX cannot tell from others: those without a period, and those whose key and
    period are taken."""

    unknown: list[int]
    taken: list[int]


def crowded(table: Table, dimensions: Collection[str]) -> Crowded:
    """The rows of a table that SDMX cannot hold beside the others, if the key is of these dimensions (names
    of a Structure).

    Of rows that share a key only because the period of one had to be changed (2019* beside 2019), the one
    whose period is as SDMX knows it stays, else the first. Rows that repeat or contradict another under the
    very same period are not meant.
    """
    names = list(map(name, ids(table)))
    if "time_period" not in names:
        return Crowded(list(range(len(table.rows))), [])
    time = names.index("time_period")
    known = {text: sdmx_period(text) if text else None for text in {row[time] for row in table.rows}}
    if all(period == text for text, period in known.items()):
        return Crowded([], [])
    of_key = [place for place, each in enumerate(names) if each in dimensions and place != time]
    keys = [tuple([row[place] for place in of_key]) for row in table.rows]
    holders = {
        (key, row[time]): row[time]
        for key, row in zip(keys, table.rows, strict=True)
        if known[row[time]] == row[time]
    }
    found = Crowded([], [])
    for position, (key, row) in enumerate(zip(keys, table.rows, strict=True)):
        text, period = row[time], known[row[time]]
        if period is None:
            found.unknown.append(position)
        elif period != text and holders.setdefault((key, period), text) != text:
            found.taken.append(position)
    return found


def as_written(
    columns: tuple[str, ...], rows: list[tuple[str, ...]]
) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Columns and rows with the periods as they were before `laid_out`, and without its additions."""
    if WRITTEN not in columns:
        return columns, rows
    place = {header: position for position, header in enumerate(columns)}
    for needed in ("TIME_PERIOD", "TIME_DETAIL"):
        if needed not in place:
            place[needed] = len(columns)
            columns = (*columns, needed)
            rows = [(*row, "") for row in rows]
    time, detail, written = place["TIME_PERIOD"], place["TIME_DETAIL"], place[WRITTEN]
    restored = []
    for row in rows:
        cells = list(row)
        cells[time], cells[detail] = _joined(row[time], row[detail], row[written])
        restored.append(cells)
    drop = {written} | ({detail} if not any(cells[detail] for cells in restored) else set())
    keep = [position for position in range(len(columns)) if position not in drop]
    return (
        tuple(columns[position] for position in keep),
        [tuple(cells[position] for position in keep) for cells in restored],
    )


def _parted(text: str, detail: str) -> tuple[str, str, str]:
    """TIME_PERIOD, TIME_DETAIL and TIME_PERIOD_WRITTEN for a period as written beside a TIME_DETAIL."""
    period = sdmx_period(text) if text else ""
    if period == text:
        return text, detail, ""
    if period is None:
        return "", detail, text
    return (period, detail, text) if detail else (period, text, "TIME_DETAIL")


def _joined(period: str, detail: str, written: str) -> tuple[str, str]:
    """The period as written, and the TIME_DETAIL it stood beside."""
    if period and written == "TIME_DETAIL":
        return detail, ""
    return written or period, detail


_YEAR = r"(?!0000)\d{4}"
_REPORTING = re.compile(
    rf"{_YEAR}-(?:A1|S[12]|T[1-3]|Q[1-4]|M(?:0[1-9]|1[0-2])|W(?:0[1-9]|[1-4]\d|5[0-3])|D(?:0\d[1-9]|[12]\d\d|3[0-5]\d|36[0-6]))"
)
_MONTH = re.compile(rf"{_YEAR}(?:-(?:0[1-9]|1[0-2]))?")
_MOMENT = re.compile(rf"{_YEAR}-\d\d-\d\d(?:T\d\d:\d\d:\d\d(?:\.\d+)?)?")
_ZONE = re.compile(r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))$")
_DURATION = re.compile(r"P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+S)?)?")
_PART = re.compile(r"(\d{4})((?:Q|S|T|W|M|A)\d+)")
_MARKED = re.compile(
    r"(?P<period>\S.{,30}?)"
    r"(?:\s*[^\W\d_]{1,2}\.?)?"  # 2019 г.
    r"(?:\s*(?:[*†‡#¹²³⁰-⁹]|\([^()]*\)|\[[^][]*\]))*\s*"  # 2019* (p)
)


@lru_cache(maxsize=4096)
def sdmx_period(text: str) -> str | None:
    """The period in a form that SDMX 2.1 knows (ObservationalTimePeriodType); the first year of a span; what
    is left of one with a mark; None if it is none.

    >>> sdmx_period("2018"), sdmx_period("2018Q3"), sdmx_period("2018/19"), sdmx_period("soon")
    ('2018', '2018-Q3', '2018', None)
    >>> sdmx_period("2019*"), sdmx_period("2018/19 (p)"), sdmx_period("2019 or so")
    ('2019', '2018', None)
    """
    return _plain_period(text) or _unmarked(text)


@lru_cache(maxsize=4096)
def _unmarked(text: str) -> str | None:
    """The period in a form that SDMX knows, of a text that is one with a mark beside it; else None."""
    found = _MARKED.fullmatch(text) if _plain_period(text) is None else None
    return _plain_period(found["period"]) if found else None


@lru_cache(maxsize=4096)
def _plain_period(text: str) -> str | None:
    if _is_period(text):
        return text
    try:
        period = Period.parse(text)
    except ValueError:
        return None
    part = _PART.fullmatch(text.strip())
    if part and _is_period(f"{part[1]}-{part[2]}"):
        return f"{part[1]}-{part[2]}"
    year = f"{period.year:04d}"
    return year if _is_period(year) else None


def _is_period(text: str) -> bool:
    if not text.isascii():
        return False
    begin, slash, duration = text.partition("/")
    begin = _ZONE.sub("", begin)
    if not slash and (_MONTH.fullmatch(begin) or _REPORTING.fullmatch(begin)):
        return True
    if not _MOMENT.fullmatch(begin) or (slash and not _DURATION.fullmatch(duration)):
        return False
    try:
        datetime.fromisoformat(begin)
    except ValueError:
        return False
    return True
