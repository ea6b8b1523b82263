"""Lines that hold several facts, taken apart: rows of tables, "A: 1; B: 2", all labels before all values."""

import csv
import re
from collections.abc import Callable, Sequence
from itertools import pairwise

from milepost.interchange.project_pages import labels, values
from milepost.interchange.project_pages.labels import FACTS, OTHER, Label
from milepost.interchange.project_pages.opening import Line

_FEWEST, _MOST = 3, 40
"""So many labels below each other without a value are looked at together."""
_MOST_STATES = 250
_WORDS = ("status", "type", "coverage", "region")
_NUMBERED = re.compile(r"\(?\d{1,2}[.)]\s+")
_SIGNS = ("\t", "|", ";", ",")
_BETWEEN = " \t;,|·•/–—-"


# One line, several facts


def unfolded(lines: Sequence[Line]) -> list[Line]:
    """The lines, each with one fact at most; of a table with labels above, each row fact by fact."""
    found: list[Line] = []
    header: list[str] = []
    sign = ""
    waiting = False  # whether the header has no values yet
    for line in lines:
        if header:
            cells = _parted(line.text, sign)
            if len(cells) == len(header) and not _are_labels(cells):
                found += _beside(line, header, cells)
                waiting = False
                continue
            if waiting:
                found += _beside(_before(line, found), header, [""] * len(header))
        if (numbered := _NUMBERED.match(line.text)) and labels.of(line.text[numbered.end() :]):
            line = line._replace(mark=numbered[0].strip(), text=line.text[numbered.end() :])  # noqa: PLW2901
        cells, sign = _cells(line.text)
        header = cells if _are_labels(cells) else []
        waiting = bool(header)
        if not header:
            found += _facts(line, cells, sign)
    if waiting:
        found += _beside(_before(lines[-1], found), header, [""] * len(header))
    return found


def _facts(line: Line, cells: list[str], sign: str) -> list[Line]:
    """The facts of one line that is no row of labels."""
    if len(cells) > 2 and _are_pairs(cells):
        return _beside(line, cells[::2], [*cells[1::2], ""])
    if line.text.count(":") > 1 and len(line.text) < 4_000:
        return _several(line)
    known = labels.of(cells[0])
    if len(cells) == 2 and sign != "\t" and known and (known.field in FACTS or line.text[0] == '"'):
        return _beside(line, cells[:1], cells[1:])
    return [line]


def _before(line: Line, found: Sequence[Line]) -> Line:
    """A line where the row of labels stood that ended just before `line`."""
    return line._replace(number=max(line.number - 1, found[-1].number if found else 1), mark="", lone=False)


def _cells(text: str) -> tuple[list[str], str]:
    """(cells of a row that begins with a label, the sign that parts them); one cell for what is no row."""
    for sign in _SIGNS:
        if sign in text and (text[0] == '"' or _is_label(text.partition(sign)[0])):
            cells = _parted(text, sign)
            if len(cells) > 1 and _is_label(cells[0]):
                return cells, sign
    return [text], ""


def _parted(text: str, sign: str) -> list[str]:
    if sign in ",;" and '"' in text and len(text) < 10_000:
        return [cell.strip() for cell in next(csv.reader([text], delimiter=sign), [])]
    return [cell.strip() for cell in text.split(sign)]


def _is_label(cell: str) -> bool:
    found = labels.of(cell) if 0 < len(cell) < 100 else None
    return found is not None and not found.rest


def _are_labels(cells: Sequence[str]) -> bool:
    """Whether a row is one of labels, with their values in the rows below it."""
    return len(cells) > 1 and all(map(_is_label, cells))


def _are_pairs(cells: Sequence[str]) -> bool:
    """Whether a row is label, value, label, value."""
    named = [cell for cell in cells[::2] if cell]
    return (
        len(named) > 1 and all(map(_is_label, named)) and not any(map(labels.of, filter(None, cells[1::2])))
    )


def _beside(line: Line, names: Sequence[str], texts: Sequence[str]) -> list[Line]:
    return [line._replace(text=f"{name}\t{text}") for name, text in zip(names, texts, strict=False) if name]


def _several(line: Line) -> list[Line]:
    """A line such as "Start Date: 2019; Status: Active" in parts; as it is, if it begins with no label."""
    text, starts = line.text, []
    first = labels.of(text)
    if first is None or not first.rest:
        return [line]
    since = 0
    for end in (found.start() for found in re.finditer(":", text)):
        since = max(since, text.rfind("|", 0, end) + 1, text.rfind(";", 0, end) + 1)
        words = [since + word.start() for word in re.finditer(r"\S+", text[since:end])]
        begins = (at for at in words[-labels.LONGEST :] if labels.key(text[at:end]) in labels.known().fields)
        starts += [at for at in [next(begins, None)] if at is not None]
        since = end + 1
    if len(starts) < 2 or starts[0] > 2:
        return [line]
    return [
        line._replace(text=text[one:next_].strip(_BETWEEN)) for one, next_ in pairwise([*starts, len(text)])
    ]


# All labels, then all values


def paired(lines: Sequence[Line], found: dict[int, Label]) -> tuple[list[Line], list[Line]] | None:
    """(lines with each value below its label, values whose label cannot be told); None for other pages.

    Where labels stand in a block and values in a block below it, a value goes to a label only if every way of
    handing them out in their order, each to a label that it fits, gives it to that one.
    """
    ordered: list[Line] = []
    strays: list[Line] = []
    any_placed = False
    at = 0
    while at < len(lines):
        run = _run(at, found)
        placed = _placed(lines, at, run, found) if _FEWEST <= run <= _MOST else None
        if placed is None:
            step = max(run, 1)
            ordered += lines[at : at + step]
            at += step
            continue
        any_placed = True
        below: dict[int, list[Line]] = {}
        for line, place in zip(lines[at + run :], placed, strict=False):
            if place is None:
                strays.append(line)
            else:
                below.setdefault(place, []).append(line._replace(gap=False))
        for place in range(run):
            label = lines[at + place]
            ordered += [label._replace(text=label.text + "\t"), *below.get(place, ())]
        at += run + len(placed)
    return (ordered, strays) if any_placed else None


def _run(at: int, found: dict[int, Label]) -> int:
    """How many labels without a value stand below each other from here."""
    count = 0
    while (label := found.get(at + count)) and not label.rest and label.field not in ("title", "narrative"):
        count += 1
    return count


def _placed(lines: Sequence[Line], at: int, run: int, found: dict[int, Label]) -> list[int | None] | None:
    """For each line below a run of labels the place of its label; None where they are no values."""
    fields = [found[at + place].field for place in range(run)]
    texts: list[str] = []
    for position in range(at + run, min(len(lines), at + run + run + _MOST_STATES)):
        text = lines[position].text
        states = values.fits("member_states", text)
        if position in found or (len(text) > 100 and not states) or (len(texts) >= run and not states):
            break
        texts.append(text)
    for fit in (_fits, _may_be):
        for count in range(len(texts), 1, -1):
            places = _alignment(fields, texts[:count], fit)
            if places and (None in places or len(set(places)) > 1):
                return places
    return None


def _fits(field: str, text: str) -> bool:
    """Whether a text can be the value of a field; a year is no budget here."""
    return values.fits(field, text) and not (field == "budget" and values.fits("year", text))


def _may_be(field: str, text: str) -> bool:
    """Whether a text can be the value of a field, perhaps in a word that no vocabulary holds."""
    if _fits(field, text):
        return True
    return field in _WORDS and len(text) < 60 and text[-1] not in ".;:" and not values.kinds(text)


def _alignment(
    fields: Sequence[str], texts: Sequence[str], fit: Callable[[str, str], bool]
) -> list[int | None] | None:
    """The place of each text among the fields, None where several are possible; None if no order fits."""
    if len(fields) == len(texts) and all(map(fit, fields, texts)):
        return list(range(len(fields)))
    can = [[field == OTHER or fit(field, text) for field in fields] for text in texts]
    ahead = _reached(can, [field == "member_states" for field in fields])
    back = _reached(
        [row[::-1] for row in can[::-1]], [field == "member_states" for field in reversed(fields)]
    )
    places: list[int | None] = []
    for one, other in zip(ahead, back[::-1], strict=True):
        possible = [place for place, (a, b) in enumerate(zip(one, other[::-1], strict=True)) if a and b]
        if not possible:
            return None
        places.append(possible[0] if len(possible) == 1 else None)
    return places


def _reached(can: Sequence[Sequence[bool]], again: Sequence[bool]) -> list[list[bool]]:
    """Whether the text of a row can be at a place, with all texts before it at places before."""
    rows: list[list[bool]] = []
    for row in can:
        before = rows[-1] if rows else None
        rows.append(
            [
                fits and (before is None or any(before[:place]) or (again[place] and before[place]))
                for place, fits in enumerate(row)
            ]
        )
    return rows
