"""Bars as SVG: how much of each part is used, and when each step runs. Same hand as `reports.charts`.

What is planned is an outline and what happened is filled, so that grey print shows it too.
"""

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

from milepost.reports import sentences
from milepost.reports.charts import COLOURS, INK, QUIET, RULE

_SIZE = 11.0
_LETTER = 6.2
_ROW = 24.0
_STEP = 19.0
_LINE = 12.5


@dataclass(frozen=True, slots=True)
class Bar:
    """A part: its name, how much of it is used in per cent (None: not known), and what stands behind it."""

    label: str
    percent: float | None
    words: str


@dataclass(frozen=True, slots=True)
class Span:
    """A step: its name, from when to when it was planned, and from when to when it ran, as far as it did."""

    label: str
    planned: tuple[date | None, date | None] = (None, None)
    actual: tuple[date | None, date | None] = (None, None)
    milestone: bool = False


def used(
    bars: Sequence[Bar], *, mark: tuple[float, str] | None = None, width: int = 560, title: str = ""
) -> str:
    """Bars on one scale from 0 to 100 per cent, or as far as the longest; `mark` is a line with its words.

    "" where nothing is known of any.
    """
    known = [bar.percent for bar in bars if bar.percent is not None]
    if not known:
        return ""
    names = min(max(len(bar.label) for bar in bars) * _LETTER + 8, width * 0.34)
    row = _ROW + (_LINE - 6 if any(len(_lines(bar.label, names)) > 1 for bar in bars) else 0)
    words = min(max(len(bar.words) for bar in bars) * _LETTER + 16, width * 0.36)
    left, right = names, width - words
    most = max(100.0, *known, mark[0] if mark else 0.0)
    top = _SIZE + 6 if mark else 2.0
    height = top + row * len(bars) + 4
    parts = [_open(width, height, title)]
    for position, bar in enumerate(bars):
        y = top + row * position + (row - 14) / 2
        share = max(bar.percent or 0.0, 0.0) / most
        whole = 100.0 / most * (right - left)
        parts.append(
            f"{_label(bar.label, names, y + 10)}"
            f'<rect x="{left:.1f}" y="{y:g}" width="{whole:.1f}" height="13" '
            f'stroke="{QUIET}" stroke-width="0.8"/>'
            f'<rect x="{left:.1f}" y="{y:g}" width="{share * (right - left):.1f}" height="13" '
            f'fill="{COLOURS[0]}"/>'
            f'<text x="{right + 8:.1f}" y="{y + 10:.1f}" fill="{INK}">{escape(bar.words)}</text>'
        )
    if mark:
        place, said = mark
        x = left + min(max(place, 0.0) / most, 1.0) * (right - left)
        half = len(said) * _LETTER / 2
        x_of_words = min(max(x, left + half), width - half)
        parts.append(
            f'<path d="M{x:.1f} {top - 1:g}V{height - 2:g}" stroke="{COLOURS[1]}" '
            f'stroke-width="1.4" stroke-dasharray="4 2"/>'
            f'<text x="{x_of_words:.1f}" y="{_SIZE:g}" text-anchor="middle" '
            f'fill="{COLOURS[1]}">{escape(said)}</text>'
        )
    return "".join(parts) + "</svg>"


def schedule(
    spans: Sequence[Span], *, today: tuple[date, str] | None = None, width: int = 640, title: str = ""
) -> str:
    """When each step was planned (outline) and ran (filled), over quarters of years; "" without any date.

    A step that has begun but not ended is filled up to `today`; a milestone is a diamond.
    """
    days = [day for span in spans for day in (*span.planned, *span.actual) if day]
    if not days:
        return ""
    if today:
        days.append(today[0])
    first, last = min(days), max(days)
    left, right = width * 0.36, float(width - 4)
    top = 2 * _SIZE + 8
    two = any(len(_lines(span.label, left - 8)) > 1 for span in spans)
    step = _STEP + (_LINE - 3 if two else 0)
    height = top + step * len(spans) + 4
    total = max((last - first).days, 1)

    def x(day: date) -> float:
        return left + min(max((day - first).days / total, 0.0), 1.0) * (right - left)

    parts = [_open(width, height, title), _quarters(first, last, x, top, height)]
    for position, span in enumerate(spans):
        y = top + step * position + (step - 13) / 2
        parts.append(_label(span.label, left - 8, y + 10))
        parts.append(_step(span, x, y, today[0] if today else None))
    if today and first <= today[0]:
        place = x(today[0])
        half = len(today[1]) * _LETTER / 2
        parts.append(
            f'<path d="M{place:.1f} {top - 3:g}V{height:g}" stroke="{COLOURS[1]}" stroke-dasharray="4 2"/>'
            f'<text x="{min(max(place, left + half), width - half):.1f}" y="{_SIZE - 1:g}" '
            f'text-anchor="middle" '
            f'fill="{COLOURS[1]}">{escape(today[1])}</text>'
        )
    return "".join(parts) + "</svg>"


def _step(span: Span, x, y: float, today: date | None) -> str:
    start, end = span.planned
    begun, ended = span.actual
    parts = []
    if span.milestone:
        for day, fill in ((end or start, "none"), (ended or begun, COLOURS[0])):
            if day:
                parts.append(
                    f'<path d="M{x(day):.1f} {y:.1f}l6 6-6 6-6-6z" fill="{fill}" '
                    f'stroke="{QUIET}" stroke-width="1"/>'
                )
        return "".join(parts)
    if start and end:
        parts.append(
            f'<rect x="{x(start):.1f}" y="{y:g}" width="{max(x(end) - x(start), 2):.1f}" height="12" '
            f'stroke="{QUIET}" stroke-width="0.9"/>'
        )
    until = ended or today
    if begun and until and until >= begun:
        parts.append(
            f'<rect x="{x(begun):.1f}" y="{y + 3:g}" width="{max(x(until) - x(begun), 2):.1f}" height="6" '
            f'fill="{COLOURS[0]}"/>'
        )
    return "".join(parts)


def _quarters(first: date, last: date, x, top: float, height: float) -> str:
    """A line at each new year with its number, a faint one at each quarter where there is room."""
    parts = [f'<g stroke="{RULE}" fill="{QUIET}">']
    months = (1,) if (last - first).days > 6 * 366 else (1, 4, 7, 10)
    years = range(first.year, last.year + 1)
    for day in (date(year, month, 1) for year in years for month in months):
        if first < day <= last:
            up = top - 2 if day.month > 1 else top - 8
            parts.append(f'<path d="M{x(day):.1f} {up:g}V{height:g}" stroke-width="0.8"/>')
    for year in years:
        begin, end = max(date(year, 1, 1), first), min(date(year, 12, 31), last)
        if x(end) - x(begin) > 30:
            parts.append(f'<text x="{x(begin) + 3:.1f}" y="{top - 5:g}" stroke="none">{year}</text>')
    return "".join(parts) + "</g>"


def _open(width: int, height: float, title: str) -> str:
    return (
        f'<svg class="chart bars" role="img" viewBox="0 0 {width} {height:g}" '
        'font-family="Noto Sans, sans-serif" '
        f'font-size="{_SIZE:g}" fill="none" xmlns="http://www.w3.org/2000/svg">'
        + (f"<title>{escape(title, quote=False)}</title>" if title else "")
    )


def _label(label: str, room: float, y: float) -> str:
    """The label on one line or two, around the height `y` of a single one."""
    lines = _lines(label, room)
    first = y - (len(lines) - 1) * _LINE / 2
    return "".join(
        f'<text x="0" y="{first + number * _LINE:.1f}" fill="{INK}">{escape(line)}</text>'
        for number, line in enumerate(lines)
    )


def _lines(label: str, room: float) -> list[str]:
    """The label on two lines at most, as far as it fits; the table beside the chart has it whole."""
    most = max(int(room / _LETTER), 4)
    if len(label) <= most:
        return [label]
    first, *others = textwrap.wrap(label, most, break_long_words=True) or [label]
    rest = " ".join(others)
    return [first, rest if len(rest) <= most else f"{rest[: most - 1].rstrip()}…"]


def percent(value: float, language: str) -> str:
    """A share in whole per cent, as the language writes it.

    >>> percent(58.3, "en")
    '58%'
    """
    return sentences.percent(sentences.number(float(value), language, 0), language)


def stacked(
    rows: Sequence[tuple[str, Sequence[int]]], kinds: Sequence[str], *, width: int = 560, title: str = ""
) -> str:
    """Rows of counts, each count a piece of its row, on one scale; `kinds` names the pieces.

    The first kind is filled, the last has a broken outline, those between grow lighter: grey print shows it.
    "" where nothing is counted.
    """
    most = max((sum(counts) for _label, counts in rows), default=0)
    if not most:
        return ""
    names = min(max(len(label) for label, _counts in rows) * _LETTER + 8, width * 0.42)
    row = _ROW + (_LINE - 6 if any(len(_lines(label, names)) > 1 for label, _counts in rows) else 0)
    top = _SIZE + 14
    parts = [_open(width, top + row * len(rows) + 4, title)]
    x = names
    for position, kind in enumerate(kinds):
        look = _piece(position, len(kinds))
        parts.append(f'<rect x="{x:.1f}" y="2" width="12" height="10" {look}/>')
        parts.append(f'<text x="{x + 17:.1f}" y="{_SIZE:g}" fill="{INK}">{escape(kind)}</text>')
        x += len(kind) * _LETTER + 32
    for position, (label, counts) in enumerate(rows):
        y = top + row * position + (row - 14) / 2
        parts.append(_label(label, names, y + 10))
        x = names
        for place, number in enumerate(counts):
            if not number:
                continue
            length = number / most * (width - names - 4)
            inside = "#ffffff" if place == 0 else INK
            parts.append(
                f'<rect x="{x:.1f}" y="{y:g}" width="{length:.1f}" height="14" {_piece(place, len(kinds))}/>'
                f'<text x="{x + length / 2:.1f}" y="{y + 11:.1f}" text-anchor="middle" '
                f'fill="{inside}">{number}</text>'
            )
            x += length
    return "".join(parts) + "</svg>"


def _piece(place: int, kinds: int) -> str:
    """How a piece of a row looks."""
    outline = f'stroke="{QUIET}" stroke-width="0.9"'
    if place == 0:
        return f'fill="{COLOURS[0]}" {outline}'
    if place == kinds - 1:
        return f'fill="none" {outline} stroke-dasharray="3 2"'
    lighter = ("#9cc3d5", "#e3edf2", "#f4f7f9")[min(place - 1, 2)]
    return f'fill="{lighter}" {outline}'
