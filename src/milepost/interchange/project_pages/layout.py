"""The lines of a page taken apart: title, labels with their values, narrative, what stands under no label."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from milepost.interchange.project_pages import labels, rows, values
from milepost.interchange.project_pages.countries import is_connective
from milepost.interchange.project_pages.labels import FACTS, OTHER, Label
from milepost.interchange.project_pages.opening import HEADING, Line

_PARAGRAPH = 120
_LONG = 300
_SEVERAL = 3
"""So many labels that come twice with other values are a second project."""


class Labelled(NamedTuple):
    """A label with the texts under it, each with the number of its line."""

    label: Label
    line: int
    texts: list[tuple[int, str]]


@dataclass
class Layout:
    """What a page holds, as printed."""

    title: str = ""
    labelled: list[Labelled] = field(default_factory=list)
    narrative: list[str] = field(default_factory=list)
    unlabelled: list[Line] = field(default_factory=list)
    strangers: list[Labelled] = field(default_factory=list)
    """Labels that no label file knows."""
    values: list[tuple[str, Line, tuple[str, ...]]] = field(default_factory=list)
    """Values without labels: (field taken, line, fields that it fits)."""
    unplaced: list[Line] = field(default_factory=list)
    """Lines among the values that fit no field."""
    footer: bool = False
    """Whether the footer of the site has begun."""
    second: int | None = None
    """The line on which another project begins."""


def take_apart(lines: list[Line]) -> Layout:
    """The layout of one page; of several projects, the first."""
    lines, notes = _without_notes(lines)
    lines = rows.unfolded(lines)
    found = _labels(lines)
    apart = rows.paired(lines, found)
    strays = apart[1] if apart else []
    if apart:
        lines = apart[0]
        found = _labels(lines)
    facts = {label.field for label in found.values()} & set(FACTS)
    layout = _unlabelled(lines) if len(facts) < 2 else None
    if layout is None or (facts and not layout.values):
        layout = _labelled(lines, found)
    layout.unlabelled[:0] = [*notes, *strays]
    layout.unplaced += strays
    return layout


def _without_notes(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """The page, and the notes that whoever saved it wrote above: lines that begin with #."""
    count = 0
    while count < len(lines) and lines[count].text.startswith("#") and not labels.of(lines[count].text):
        count += 1
    if count < 2 and not any("://" in line.text for line in lines[:count]):
        count = 0
    return lines[count:], lines[:count]


# Pages with labels


def _labels(lines: Sequence[Line]) -> dict[int, Label]:
    """Labels by the position of their line. A doubtful one counts only beside others or a value that fits."""
    found: dict[int, Label] = {}
    sure: dict[int, Label] = {}
    for at, line in enumerate(lines):
        if label := labels.of(line.text):
            found[at] = label
            if label.sure or line.mark:
                sure[at] = label
        elif line.text[-1:] not in ".;" or len(line.text) < 60:
            for label in labels.candidates(line.text):
                if _is_value(label):
                    found[at] = sure[at] = label
                    break
    for at, label in found.items():
        if at not in sure and not _is_beside(at, label, lines, found):
            continue
        sure[at] = label
    return {at: sure[at] for at in sorted(sure)}


def _is_value(label: Label) -> bool:
    """Whether what follows a label, with nothing but a blank between, is its value beyond doubt."""
    if label.field in ("start", "end", "period"):
        return values.is_date(label.rest)
    return label.field not in ("title", "narrative") and values.fits(label.field, label.rest)


def _is_beside(at: int, label: Label, lines: Sequence[Line], found: dict[int, Label]) -> bool:
    """Whether a word such as "Year" on a line of its own is a label: another or a fitting value follows."""
    after = at + 1
    if after < len(lines) and label.field not in (OTHER, "narrative", "title"):
        next_ = found.get(after)
        if next_ is not None and next_.field in FACTS:
            return True
        return values.fits(label.field, lines[after].text) or _is_below(at, lines, found)
    return label.field == "narrative" and _is_below(at, lines, found)


def _is_below(at: int, lines: Sequence[Line], found: dict[int, Label]) -> bool:
    """Whether a label, or a label and its value, stand right above."""
    above = found.get(at - 2)
    return at - 1 in found or (
        above is not None and not above.rest and values.fits(above.field, lines[at - 1].text)
    )


def _labelled(lines: list[Line], found: dict[int, Label]) -> Layout:
    layout = Layout()
    second = _second(lines, found)
    if second is not None:
        before = lines[: _without_title(lines, second, found)]
        kept = {at: label for at, label in found.items() if at < len(before)}
        if any(label.field != "narrative" for label in kept.values()):
            layout.second, lines, found = lines[second].number, before, kept
    facts = _facts(lines, found)
    first, last = facts[0], facts[-1]
    given = {found[at].field for at in facts}
    style = Counter((lines[at].mark, lines[at].lone) for at in facts).most_common(1)[0][0]
    current: Labelled | None = None
    rest: list[int] = []
    for at, line in enumerate(lines):
        label = found.get(at)
        if label and at > last and rest and rest[-1] > last and not _is_further(label, given):
            label = None  # a word of the narrative, which has begun
        if label:
            current = Labelled(label, line.number, [(line.number, label.rest)] if label.rest else [])
            layout.labelled.append(current)
        elif labels.key(line.text) in labels.known().headings:
            current = None
            layout.unlabelled.append(line)
        elif first < at < last and not _awaits(current, line) and (stranger := _stranger(line, style)):
            current = Labelled(stranger, line.number, [(line.number, stranger.rest)] if stranger.rest else [])
            layout.strangers.append(current)
        elif current is not None and _takes(current, at, last, lines, found):
            current.texts.append((line.number, line.text))
        else:
            if at > last:
                current = None  # the facts are over
            rest.append(at)
    _sort_the_rest(layout, lines, rest, first, last)
    return layout


def _facts(lines: Sequence[Line], found: dict[int, Label]) -> list[int]:
    """Where the labels of the facts stand: of the groups that paragraphs part, those of the largest."""
    groups: list[list[int]] = []
    for at, label in found.items():
        if label.field == "narrative":
            continue
        if not groups or _parts(lines, groups[-1][-1], at, found):
            groups.append([])
        groups[-1].append(at)
    return max(groups, key=lambda group: len({found[at].field for at in group} & set(FACTS)))


def _is_further(label: Label, given: set[str]) -> bool:
    """Whether a label below the narrative tells what none of the facts above it does."""
    return label.field in FACTS and label.field not in given and values.fits(label.field, label.rest)


def _parts(lines: Sequence[Line], above: int, below: int, found: dict[int, Label]) -> bool:
    """Whether what stands between two labels is the narrative, not the value of the one above."""
    label = found[above]
    for at in range(above + 1, below):
        text = lines[at].text
        is_value = at == above + 1 and not label.rest
        if _is_story(text) or (_is_sentence(text) and not is_value and not values.fits(label.field, text)):
            return True
    return False


def _awaits(current: Labelled | None, line: Line) -> bool:
    """Whether the label above still wants a value, and the line fits."""
    if current is None or (current.texts and current.label.field != "member_states"):
        return False
    return current.label.field in FACTS and values.fits(current.label.field, line.text)


def _stranger(line: Line, style: tuple[str, bool]) -> Label | None:
    """The label, if a line among the facts is marked as one that no label file knows."""
    if (line.mark, line.lone) == style and line.mark and len(line.text) <= 80 and line.text[-1] != ".":
        return labels.unknown(line.text) or Label(line.text.rstrip(": "), "")
    if not line.mark and style == ("", False) and ("\t" in line.text or ":" in line.text):
        return labels.unknown(line.text)
    return None


def _takes(current: Labelled, at: int, last: int, lines: Sequence[Line], found: dict[int, Label]) -> bool:
    """Whether a line is the value, or more of the value, of the label above it."""
    line, field_ = lines[at], current.label.field
    if field_ == "narrative":
        return not _is_furniture(line)
    if current.texts and field_ == "member_states" and is_connective(line.text):
        return at + 1 < len(lines) and values.fits(field_, lines[at + 1].text)
    if current.texts:
        return field_ == "member_states" and values.fits(field_, line.text)
    if values.fits(field_, line.text) and not (field_ == "title" and line.gap and at > last):
        return True
    if _is_paragraph(line.text):
        return False
    if at < last:
        return not line.gap or next((each for each in found if each > at), None) == at + 1
    label_line = next(each for each in reversed(lines[:at]) if each.number <= current.line)
    if label_line.mark and not label_line.lone and line.indent > label_line.indent and not line.gap:
        return True
    if field_ == "member_states" or line.mark or line.gap:
        return False
    is_short = len(line.text) <= 40 and len(line.text.split()) <= 4 and line.text[-1] not in ".;,"
    return is_short and (at + 1 == len(lines) or _is_paragraph(lines[at + 1].text))


def _is_story(text: str) -> bool:
    return _is_paragraph(text) and not values.fits("member_states", text)  # which can be long, too


def _is_paragraph(text: str) -> bool:
    return len(text) > _LONG or (len(text) > _PARAGRAPH and text[-1:] in '.!?»”"')


def _is_sentence(text: str) -> bool:
    return len(text) > 40 and text[-1] in ".!?" and not labels.is_of_the_site(text)


def _sort_the_rest(layout: Layout, lines: list[Line], rest: list[int], first: int, last: int) -> None:
    """Title and narrative from the lines that belong to no label."""
    before = [at for at in rest if at < first]
    title = None
    wrapped: list[int] = []
    if not any(each.label.field == "title" for each in layout.labelled):
        quoted = _quoted_name(lines) if _is_of_an_evaluation(layout) else ""
        layout.title = quoted
        title = None if quoted else _title(lines, before, rest)
        if title is not None:
            wrapped = _wrapped(lines, title, before)
            layout.title = " ".join(lines[at].text.strip(HEADING + "\t# ") for at in wrapped)
    of_an_evaluation = _is_of_an_evaluation(layout)
    stated = of_an_evaluation and any(each.label.field == "narrative" for each in layout.labelled)
    for at in rest:
        line = lines[at]
        if at in wrapped or _plain(line) == layout.title:
            continue
        below_title = title is not None and title < at
        told = below_title and not of_an_evaluation and (_is_paragraph(line.text) or _is_sentence(line.text))
        if (at > last and not stated) or told:
            if _is_of_the_story(layout, line):
                layout.narrative.append(_as_printed(line))
                continue
        elif first < at < last:
            layout.unplaced.append(line)
        layout.unlabelled.append(line)


def _is_of_an_evaluation(layout: Layout) -> bool:
    return any(labels.key(each.label.printed) in labels.known().of_an_evaluation for each in layout.labelled)


def _quoted_name(lines: Sequence[Line]) -> str:
    """The name in quotation marks after the word project; one in small letters, if there is one."""
    words = "|".join(labels.known().project)
    pattern = re.compile(rf"\b(?:{words})\s*[:,]?\s*[“\"«„]\s*([^”\"»“]{{8,400}}?)\s*[”\"»“]", re.IGNORECASE)
    names = [found[1] for line in lines for found in pattern.finditer(line.text)]
    return next((name for name in names if not name.isupper()), names[0] if names else "")


def _title(lines: Sequence[Line], before: list[int], others: Sequence[int] = ()) -> int | None:
    """The line that is the title: the web page's heading, else the last before the facts that can be one.

    Menus, addresses, dates and paragraphs are none; a sentence is one only if nothing else is.
    """
    for among in (before[::-1], others):
        for at in among:
            if lines[at].text.startswith(HEADING) and not _is_furniture(lines[at]):
                return at
    sentence = None
    for at in reversed(before):
        line = lines[at]
        if line.mark == "-":
            break
        if _is_furniture(line) or (len(line.text) < 20 and values.moment(line.text)):  # "Share", a date
            continue
        if (
            _is_paragraph(line.text)
            or line.text.startswith(("http://", "https://"))
            or "\t" in line.text.strip()
        ):
            continue
        if line.text[-1] not in ".;:!":
            return at
        sentence = at if sentence is None else sentence
    return sentence


_GOES_ON = frozenset(
    [
        "a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "through", "to", "with",
        "à", "au", "aux", "de", "des", "du", "en", "et", "la", "le", "les", "pour", "sur", "del", "el", "los",
        "para", "por", "y", "в", "для", "и", "к", "на", "о", "от", "по", "с",
    ]
)  # fmt: skip


def _wrapped(lines: Sequence[Line], title: int, before: Sequence[int]) -> list[int]:
    """The lines of a title that was broken: those above it end in a word that cannot be a title's last."""
    found = [title]
    while (
        (above := found[0] - 1) in before
        and not lines[found[0]].gap
        and len(lines[above].text) > 40
        and lines[above].text.rsplit(" ", 1)[-1] in _GOES_ON
    ):
        found.insert(0, above)
    return found


def _is_furniture(line: Line) -> bool:
    """Whether a line belongs to the site, not to the project: its menus, its footer."""
    return labels.is_of_the_site(line.text.strip(HEADING))


def _is_of_the_story(layout: Layout, line: Line) -> bool:
    """Whether a line belongs to the narrative: it is no menu, and the site's footer has not begun."""
    begun = layout.narrative or any(
        each.label.field == "narrative" and each.texts for each in layout.labelled
    )
    ends = line.text.startswith("©") or labels.key(line.text) in labels.known().ends
    layout.footer = layout.footer or (bool(begun) and ends)
    if layout.footer:
        return False
    return not _is_furniture(line)


def _as_printed(line: Line) -> str:
    return f"{line.mark} {_plain(line)}" if line.mark else _plain(line)


def _plain(line: Line) -> str:
    return line.text.strip(HEADING + "\t")


def _second(lines: Sequence[Line], found: dict[int, Label]) -> int | None:
    """Where a second project begins: at the first label that comes again, if enough do."""
    seen: set[str] = set()
    again: list[int] = []
    for at, label in found.items():
        if label.field in FACTS:
            if label.field in seen:
                again.append(at)
            seen.add(label.field)
    return again[0] if len({found[at].field for at in again}) >= _SEVERAL else None


def _without_title(lines: Sequence[Line], second: int, found: dict[int, Label]) -> int:
    """The position before the title that stands above the second project's facts."""
    at = second
    above = found.get(at - 1)
    if above and above.field != "title" and above.rest:
        return at  # no title
    while at > 1 and lines[at - 1].text == lines[at - 2].text:
        at -= 1
    return at - 1 if at > 1 else at


# Pages without labels


def _unlabelled(lines: list[Line]) -> Layout:
    layout = Layout()
    kinds = [() if _is_menu(line) else values.kinds(line.text) for line in lines]
    start, end = _block(lines, kinds, 0)
    second, beyond = _block(lines, kinds, end)
    if beyond - second >= _SEVERAL and end - start >= _SEVERAL:
        layout.second = lines[second].number
        lines = lines[: _without_title(lines, second, {})]
    if start == end:
        start = end = _after_doubled(lines) or 0
    title = start - 1 if start else None
    if title is None or _is_menu(lines[title]):
        title = _title(lines, list(range(start if start else min(1, len(lines)))))
    if title is not None:
        layout.title = lines[title].text.strip(HEADING + "\t# ")
    taken: set[str] = set()
    for at, line in enumerate(lines):
        if at < start:
            if at != title and _plain(line) != layout.title:
                layout.unlabelled.append(line)
        elif at < end:
            layout.unlabelled.append(line)
            field_ = _field(kinds[at], taken, kinds[start:end])
            if field_:
                taken.add(field_)
                layout.values.append((field_, line, kinds[at]))
            else:
                layout.unplaced.append(line)
        elif at != title and _plain(line) != layout.title:
            if _is_of_the_story(layout, line):
                layout.narrative.append(_as_printed(line))
            else:
                layout.unlabelled.append(line)
    return layout


def _is_menu(line: Line) -> bool:
    return line.mark == "-" or _is_furniture(line)


def _field(fitting: tuple[str, ...], taken: set[str], all_kinds: Sequence[tuple[str, ...]]) -> str:
    """The field that a value without a label belongs to; "" where none is left or it cannot be told.

    "Global" can be a coverage or a region: it is the coverage, unless another line says that.
    """
    if fitting[:1] == ("year",):
        return ""
    if fitting == ("member_states",):
        return "member_states"
    left = [each for each in fitting if each not in taken]
    if len(left) > 1:
        elsewhere = {kind[0] for kind in all_kinds if len(kind) == 1}
        left = [each for each in left if each not in elsewhere] or left
    return left[0] if left else ""


def _block(lines: Sequence[Line], kinds: Sequence[tuple[str, ...]], start: int) -> tuple[int, int]:
    """From where to where values stand without labels: a run of lines that fit, with one stranger at most.

    A single line that fits is a block only below a title that is printed twice.
    """
    at = start
    while at < len(lines):
        if kinds[at] and not _is_title_of_next(lines, at):
            end = at + 1
            while end < len(lines):
                if kinds[end]:
                    end += 1
                elif end + 1 < len(lines) and kinds[end + 1] and len(lines[end].text) <= 80:
                    end += 2
                else:
                    break
            if end - at >= 2 or (at >= 2 and lines[at - 1].text == lines[at - 2].text):
                return at, end
            at = end
        else:
            at += 1
    return len(lines), len(lines)


def _is_title_of_next(lines: Sequence[Line], at: int) -> bool:
    """Whether a line is half of a title printed twice, which may look like a value ("Labour Migration")."""
    text = lines[at].text
    return (at + 1 < len(lines) and lines[at + 1].text == text) or (at > 0 and lines[at - 1].text == text)


def _after_doubled(lines: Sequence[Line]) -> int | None:
    """The position after a title that is printed twice, where a page has no values at all."""
    for at in range(1, len(lines)):
        if lines[at].text == lines[at - 1].text and not _is_menu(lines[at]) and len(lines[at].text) > 20:
            return at + 1
    return None
