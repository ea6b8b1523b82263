"""Series to inline SVG: small, quiet line charts that say in words what they show.

Colours, sizes and dashes are presentation attributes, so a chart stands alone in any document; a page may
restyle it by its classes (`chart`, `grid`, `note`, `s0` ... `s3`). Nothing rests on colour only: series
differ in dash and marker too.
"""

import math
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from html import escape
from itertools import pairwise

from babel.dates import format_date

from milepost.reports import sentences
from milepost.values import MISSING_STATUSES, Observation, Period, Series, Target

COLOURS = ("#0f5a6e", "#a8480c", "#5b3e8f", "#5c6166")
"""Teal-blue, burnt orange, violet, grey: distinct for colour-blind readers; dashes serve grey print."""

DASHES = ("", "6 3", "2 2.5", "8 2.5 2 2.5")
MOST_LINES = len(COLOURS)
INK, QUIET, RULE = "#1c2326", "#566065", "#d4d9dc"

Intervals = Mapping[str, Mapping[str, tuple[float, float]]]
"""Lower and upper bound of figures: {label of the line: {period as written: (lower, upper)}}."""

_SIZE = 11.0  # of letters, in units of the drawing
_LETTER = 6.7  # width that a letter is given; pages enlarge letters on narrow screens
_ROW = 13.0  # least distance of two labels
_PARTS_OF_YEAR = {"Q": 4, "T": 3, "S": 2, "M": 12, "W": 53}


def line(
    series: Series | Mapping[str, Series],
    *,
    target: Target | None = None,
    language: str = "en",
    width: int = 480,
    height: int = 200,
    title: str = "",
    description: str = "",
    limits: tuple[float, float] | None = None,
    years: tuple[float, float] | None = None,
    digits: int | None = None,
    intervals: Intervals | None = None,
    points: bool = False,
) -> str:
    """A line chart of one series, or of up to four by label; "" where there is no value to draw.

    Years without value are gaps and their reason stands under the chart; a break (status B) interrupts the
    line; figures that are provisional (P) have hollow points. `intervals` are drawn as bands. `limits`
    (values) and `years` are what the axes must reach at least, and `digits` the decimals, for charts that are
    compared. `title` and `description` are the alternative text. With `points` every value has a place that
    says it in words (`data-words`), for a script to show.
    """
    lines = {"": series} if isinstance(series, Series) else dict(series)
    if len(lines) > MOST_LINES:
        raise ValueError(f"{len(lines)} lines in one chart; use multiples()")
    values = [o.value for one in lines.values() for o in one.observations if o.value is not None]
    if not values:
        return ""
    digits = sentences.digits_for(values) if digits is None else digits
    bounds = [bound for one in (intervals or {}).values() for pair in one.values() for bound in pair]
    frame = _frame(
        lines,
        values=values,
        target=target,
        limits=(min(bounds + list(limits or ())), max(bounds + list(limits or ()))) if bounds else limits,
        years=years,
        language=language,
        width=width,
        height=height,
        digits=digits,
    )
    gaps = [note for note in _gap_notes(lines, language) if note]
    parts = [
        f'<svg class="chart" role="img" viewBox="0 0 {width} {height + _ROW * len(gaps):g}" '
        f'font-family="Noto Sans, sans-serif" font-size="{_SIZE:g}" fill="none" xmlns="http://www.w3.org/2000/svg">',
        f"<title>{escape(title, quote=False)}</title>" if title else "",
        f"<desc>{escape(description, quote=False)}</desc>" if description else "",
        _grid(frame, language),
        *(
            _bands(frame, one.observations, (intervals or {}).get(label, {}), position)
            for position, (label, one) in enumerate(lines.items())
        ),
        _target(frame, target, language) if target else "",
    ]
    labels = []
    for position, (label, one) in enumerate(lines.items()):
        drawn, last = _line(frame, one.observations, position)
        parts.append(drawn)
        if last is not None:
            written = sentences.number(last[1], language, digits)
            labels.append((last, f"{label} {written}" if label else written, position, not label))
    parts.append(_labels(frame, labels))
    parts.append(_scattered(frame, lines, digits, language))
    parts += [
        f'<text class="note" x="{frame.left:g}" y="{height + _ROW * row - 3:g}" fill="{QUIET}">'
        f"{escape(note)}</text>"
        for row, note in enumerate(gaps, 1)
    ]
    if points:
        for label, one in lines.items():
            known = (intervals or {}).get(label, {})
            in_words = partial(_in_words, label, bounds=known, language=language, digits=digits)
            parts.append(_places(frame, one.observations, in_words))
    return "".join(parts) + "</svg>"


def multiples(
    series: Mapping[str, Series],
    *,
    language: str = "en",
    width: int = 200,
    height: int = 104,
    title: str = "",
    target: Target | None = None,
    intervals: Intervals | None = None,
    points: bool = False,
) -> dict[str, str]:
    """One small chart for each label, all on one axis of values and years, so that they can be compared."""
    values = [o.value for one in series.values() for o in one.observations if o.value is not None]
    if not values:
        return {}
    bounds = [bound for one in (intervals or {}).values() for pair in one.values() for bound in pair]
    places = [_place(o) for one in series.values() for o in one.observations]
    return {
        label: line(
            one,
            target=target,
            language=language,
            width=width,
            height=height,
            title=f"{title}: {label}" if title else label,
            description=sentences.finding_in_words(one, unit="", language=language),
            limits=(min(values + bounds), max(values + bounds)),
            years=(min(places), max(places)),
            digits=sentences.digits_for(values),
            intervals={"": (intervals or {}).get(label, {})},
            points=points,
        )
        for label, one in series.items()
    }


def spark(series: Series | None, *, width: int = 64, height: int = 16) -> str:
    """The shape of a series in the size of a word, for a table that gives the numbers; not read out."""
    places = [] if series is None else [_place(o) for o in series.observations if o.value is not None]
    if series is None or len(places) < 2 or len(set(places)) < len(places):
        return ""
    values = [o.value for o in series.observations if o.value is not None]
    x = _scale(min(places), max(places), 1.5, width - 3)
    y = _scale(min(values), max(values), height - 3, 3)
    drawn = _path([(x(p), y(v), p) for p, v in zip(places, values, strict=True)], _step(places), ())
    end = f'<circle cx="{x(places[-1]):.1f}" cy="{y(values[-1]):.1f}" r="2" fill="{COLOURS[0]}"/>'
    dots = "".join(
        f'<circle cx="{x(p):.1f}" cy="{y(v):.1f}" r="1" fill="{COLOURS[0]}"/>'
        for p, v in zip(places[:-1], values[:-1], strict=True)
    )
    return (
        f'<svg class="spark" viewBox="0 0 {width} {height}" width="{width}" height="{height}" '
        f'aria-hidden="true" fill="none"><path d="{drawn}" stroke="{COLOURS[0]}" stroke-width="1.25"/>'
        f"{end if 'L' in drawn else dots + end}</svg>"
    )


# The frame --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where things stand: the edges of the plot, its scales, and what is written on its axes."""

    left: float
    right: float
    top: float
    bottom: float
    low: float
    high: float
    first: float
    last: float
    step: float
    ticks: tuple[float, ...]
    digits: int
    names: Mapping[float, str]  # of parts of years, by place

    def x(self, place: float) -> float:
        """Across, by year."""
        if self.last == self.first:
            return (self.left + self.right) / 2
        return self.left + 6 + (place - self.first) / (self.last - self.first) * (self.right - self.left - 10)

    def y(self, value: float) -> float:
        """Up, by value."""
        return self.bottom - (value - self.low) / (self.high - self.low) * (self.bottom - self.top)


def _frame(
    lines: Mapping[str, Series],
    *,
    values: Sequence[float],
    target: Target | None,
    limits: tuple[float, float] | None,
    years: tuple[float, float] | None,
    language: str,
    width: int,
    height: int,
    digits: int,
) -> _Frame:
    shown = [*values, *(limits or ()), *([target.value] if target else ())]
    low, high, step = _rounded(min(shown), max(shown), 2 if height < 130 else 3)
    ticks = tuple(low + step * n for n in range(round((high - low) / step) + 1))
    tick_digits = next((n for n in range(10) if abs(step * 10**n - round(step * 10**n)) < 1e-6), 0)
    widest = max(len(sentences.number(tick, language, tick_digits)) for tick in ticks)
    if any(lines):
        ends = [f"{label} {sentences.number(values[0], language, digits)}" for label in lines]
        room = min(max(len(end) for end in ends) * _LETTER + 14, width * 0.45)
    else:
        room = max(len(sentences.number(value, language, digits)) for value in values[-1:]) * _LETTER + 16
    places = [_place(o) for one in lines.values() for o in one.observations] + list(years or ())
    return _Frame(
        left=widest * _LETTER + 6,
        right=width - room,
        top=_SIZE + 4,
        bottom=height - _SIZE - 9,
        low=low,
        high=high,
        first=min(places),
        last=max(places),
        step=_step(places),
        ticks=ticks,
        digits=tick_digits,
        names=_names(lines, language),
    )


def _names(lines: Mapping[str, Series], language: str) -> dict[float, str]:
    """How the axis calls months and quarters: {where they stand: "Q2 2026"}; a year is its number."""
    found = {}
    for period in {o.period for one in lines.values() for o in one.observations}:
        place, tail = _place_of(period), period.text[4:].lstrip("-")
        locale = sentences.days(language)
        if tail[:1] == "Q":
            found[place] = format_date(date(period.year, int(tail[1]) * 3, 1), "QQQ y", locale=locale)
        elif tail[:1] == "M" or (len(tail) == 2 and tail.isdigit()):
            month = int(tail.lstrip("M")[:2])
            found[place] = format_date(date(period.year, month, 1), "LLL y", locale=locale)
        elif place != int(place) or tail[:1] in _PARTS_OF_YEAR:
            found[place] = period.text
    return found


def _rounded(least: float, greatest: float, pieces: int) -> tuple[float, float, float]:
    """Round bounds and step that hold the values; zero is included where it is near enough to matter."""
    if least > 0 and least < 0.5 * greatest:
        least = 0.0
    elif greatest < 0 and greatest > 0.5 * least:
        greatest = 0.0
    if least == greatest:
        least, greatest = (min(least, 0.0), max(greatest, 0.0)) if least else (0.0, 1.0)
    rough = (greatest - least) / pieces
    power = 10.0 ** math.floor(math.log10(rough))
    steps = (1, 2, 2.5, 5, 10) if pieces > 2 else (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10)
    step = next(factor * power for factor in steps if factor * power >= rough * 0.999)
    low = math.floor(least / step + 1e-9) * step
    high = math.ceil(greatest / step - 1e-9) * step
    return low, max(high, low + step), step


def _scale(least: float, greatest: float, start: float, end: float):
    if greatest == least:
        return lambda value: (start + end) / 2
    return lambda value: start + (value - least) / (greatest - least) * (end - start)


def _place(observation: Observation) -> float:
    return _place_of(observation.period)


def _place_of(period: Period) -> float:
    """The year, and how far into it a quarter or month begins."""
    tail = period.text[4:].lstrip("-")
    if tail and period.year == period.last_year:
        letter, digits = (tail[0], tail[1:3]) if tail[0].isalpha() else ("M", tail[:2])
        if letter in _PARTS_OF_YEAR and digits.isdigit():
            return period.year + (int(digits) - 1) / _PARTS_OF_YEAR[letter]
    return float(period.year)


def _step(places: Sequence[float]) -> float:
    """The longest step between neighbours that is not a gap: a year, or less for parts of years."""
    ordered = sorted(set(places))
    shortest = min((later - earlier for earlier, later in pairwise(ordered)), default=1.0)
    return min(shortest, 1.0) + 1e-6


# The drawing ------------------------------------------------------------------------------------------------


def _grid(frame: _Frame, language: str) -> str:
    parts = [f'<g class="grid" stroke="{RULE}" fill="{QUIET}">']
    for tick in frame.ticks:
        y = frame.y(tick)
        zero = f' class="zero" stroke="{QUIET}"' if abs(tick) < 1e-12 else ""
        parts.append(
            f'<path d="M{frame.left:g} {y:.1f}H{frame.right:g}"{zero}/>'
            f'<text x="{frame.left - 5:g}" y="{y + 3.8:.1f}" text-anchor="end" stroke="none">'
            f"{sentences.number(tick, language, frame.digits)}</text>"
        )
    y = frame.bottom + _SIZE + 5
    ends = (
        [(frame.first, "start"), (frame.last, "end")]
        if frame.last > frame.first
        else [(frame.first, "middle")]
    )
    for place, anchor in ends:
        x = frame.x(place) + {"start": -6, "end": 6, "middle": 0}[anchor]
        written = escape(frame.names.get(place) or str(int(place)))
        parts.append(f'<text x="{x:.1f}" y="{y:g}" text-anchor="{anchor}" stroke="none">{written}</text>')
    return "".join(parts) + "</g>"


def _target(frame: _Frame, target: Target, language: str) -> str:
    y = frame.y(target.value)
    say = sentences.translator(language)
    words = say(
        "target {value} by {year}", value=sentences.number(float(target.value), language), year=target.year
    )
    above = y - 4 if y - 4 > frame.top else y + _SIZE + 1
    return (
        f'<g class="target"><path d="M{frame.left:g} {y:.1f}H{frame.right:g}" stroke="{INK}" '
        f'stroke-width="0.8" stroke-dasharray="1.5 2"/>'
        f'<text x="{frame.left + 6:g}" y="{above:.1f}" fill="{INK}">{escape(words)}</text></g>'
    )


def _line(
    frame: _Frame, observations: Sequence[Observation], position: int
) -> tuple[str, tuple[float, float] | None]:
    """The line with its points, and (year, value) of its end; a year with several values is not joined."""
    valued = [(_place(o), o.value, o.status) for o in observations if o.value is not None]
    if not valued:
        return "", None
    counts = Counter(place for place, _, _ in valued)
    breaks = {place for place, _, status in valued if status == "B" and counts[place] == 1}
    # One value a year: only then is there a line. A year with several values interrupts it.
    points = [(frame.x(place), frame.y(value), place) for place, value, _ in valued if counts[place] == 1]
    crossed = {place for place, count in counts.items() if count > 1}
    drawn = _path(points, frame.step, breaks, crossed)
    colour = COLOURS[position]
    dash = f' stroke-dasharray="{DASHES[position]}"' if DASHES[position] else ""
    parts = [f'<g class="s{position}" stroke="{colour}" fill="{colour}">']
    if drawn:
        parts.append(f'<path d="{drawn}" fill="none" stroke-width="2" stroke-linejoin="round"{dash}/>')
    marked = crossed | _lonely(points, drawn) | {valued[-1][0]}
    for place, value, status in valued:
        if len(valued) <= 12 or place in marked or status == "P":
            parts.append(_marker(frame.x(place), frame.y(value), position, hollow=status == "P"))
    parts.append("</g>")
    for place in sorted(breaks):
        before = max((p for _, _, p in points if p < place), default=None)
        if before is not None:
            x = frame.x((before + place) / 2)
            parts.append(
                f'<path class="break" d="M{x:.1f} {frame.top:g}V{frame.bottom:g}" stroke="{QUIET}" '
                f'stroke-dasharray="3 3"/>'
            )
    place, value, _ = valued[-1]
    return "".join(parts), (place, value) if counts[place] == 1 else None


def _path(
    points: Sequence[tuple[float, float, float]],
    step: float,
    breaks: Collection[float],
    crossed: Collection[float] = (),
) -> str:
    """Lines through neighbours only: a missing year, a break or a year in doubt interrupts."""
    drawn, previous = [], None
    for x, y, place in points:
        joined = (
            previous is not None
            and place - previous <= step
            and place not in breaks
            and not any(previous < other < place for other in crossed)
        )
        drawn.append(f"{'L' if joined else 'M'}{x:.1f} {y:.1f}")
        previous = place
    return "".join(drawn)


def _bands(
    frame: _Frame,
    observations: Sequence[Observation],
    bounds: Mapping[str, tuple[float, float]],
    position: int,
) -> str:
    """The interval of each figure: a band where the line goes through, a bar where a point stands alone."""
    counts = Counter(_place(o) for o in observations if o.value is not None)
    known = [
        (_place(o), bounds[o.period.text], o.status)
        for o in observations
        if o.value is not None and o.period.text in bounds and counts[_place(o)] == 1
    ]
    runs: list[list[tuple[float, tuple[float, float]]]] = []
    for place, pair, status in known:
        if runs and status != "B" and place - runs[-1][-1][0] <= frame.step:
            runs[-1].append((place, pair))
        else:
            runs.append([(place, pair)])
    drawn = "".join(_band(frame, run, COLOURS[position]) for run in runs)
    return f'<g class="band b{position}">{drawn}</g>' if drawn else ""


def _band(frame: _Frame, run: Sequence[tuple[float, tuple[float, float]]], colour: str) -> str:
    if len(run) == 1:
        ((place, (lower, upper)),) = run
        return (
            f'<path d="M{frame.x(place):.1f} {frame.y(lower):.1f}V{frame.y(upper):.1f}" stroke="{colour}" '
            f'stroke-opacity="0.45" stroke-width="2"/>'
        )
    above = [f"{frame.x(place):.1f} {frame.y(upper):.1f}" for place, (_, upper) in run]
    below = [f"{frame.x(place):.1f} {frame.y(lower):.1f}" for place, (lower, _) in reversed(run)]
    return f'<path d="M{"L".join((*above, *below))}Z" fill="{colour}" fill-opacity="0.15"/>'


def _places(frame: _Frame, observations: Sequence[Observation], words: Callable[[Observation], str]) -> str:
    """Where each value stands, with the words that say it; nothing that can be seen."""
    return "".join(
        f'<circle class="point" cx="{frame.x(_place(o)):.1f}" cy="{frame.y(o.value):.1f}" r="9" '
        f'fill="transparent" stroke="none" data-words="{escape(words(o))}"/>'
        for o in observations
        if o.value is not None
    )


def _in_words(
    label: str,
    observation: Observation,
    *,
    bounds: Mapping[str, tuple[float, float]],
    language: str,
    digits: int,
) -> str:
    """ "Women, 2024: 7.3 (6.6–8.1), provisional"."""
    words = sentences.value(observation, language, digits)
    if observation.period.text in bounds:
        lower, upper = (sentences.number(one, language, digits) for one in bounds[observation.period.text])
        words += f" ({lower}–{upper})"
    if observation.status != "A":
        words += f", {sentences.status(observation.status, language)}"
    return f"{label}, {observation.period}: {words}" if label else f"{observation.period}: {words}"


def _lonely(points: Sequence[tuple[float, float, float]], drawn: str) -> set[float]:
    """Places of points that no line touches, `drawn` being the path through them."""
    letters = [letter for letter in drawn if letter in "ML"] + ["M"]
    alone = (here == following == "M" for here, following in pairwise(letters))
    return {place for (_, _, place), lonely in zip(points, alone, strict=True) if lonely}


def _marker(x: float, y: float, position: int, *, hollow: bool) -> str:
    fill = ' fill="#fff" class="hollow" stroke-width="1.5"' if hollow else ""
    if position == 0:
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3"{fill}/>'
    shapes = ("", "m-3-3h6v6h-6z", "m0-3.8l3.6 6.4h-7.2z", "m0-4l4 4-4 4-4-4z")
    return f'<path d="M{x:.1f} {y:.1f}{shapes[position]}"{fill}/>'


def _labels(frame: _Frame, labels: Sequence[tuple[tuple[float, float], str, int, bool]]) -> str:
    """Labels at the ends of lines, pushed apart until none covers another."""
    ordered = sorted(labels, key=lambda label: -label[0][1])
    heights: list[float] = []
    for (_, value), _, _, _ in ordered:
        wanted = min(frame.y(value) + 3.8, frame.bottom + 1)
        heights.append(max(wanted, heights[-1] + _ROW) if heights else wanted)
    overflow = heights[-1] - (frame.bottom + 6) if heights else 0
    if overflow > 0:  # push back up from the bottom
        for position in range(len(heights) - 1, -1, -1):
            below = heights[position + 1] - _ROW if position + 1 < len(heights) else frame.bottom + 6
            heights[position] = min(heights[position], below)
    parts = []
    for ((place, _), words, position, bold), y in zip(ordered, heights, strict=True):
        x = frame.x(place) + 8 if len(ordered) == 1 else frame.right + 6
        weight = ' font-weight="600"' if bold else ""
        parts.append(
            f'<text class="t{position}" x="{x:.1f}" y="{y:.1f}" fill="{COLOURS[position]}"{weight}>'
            f"{escape(words)}</text>"
        )
    return "".join(parts)


def _scattered(frame: _Frame, lines: Mapping[str, Series], digits: int, language: str) -> str:
    """Values at the points of a single series that is too short of neighbours to be read along a line."""
    if len(lines) != 1 or frame.bottom - frame.top < 100:
        return ""
    (series,) = lines.values()
    valued = [o for o in series.observations if o.value is not None]
    if not 1 < len(valued) <= 6 or len({o.period for o in valued}) < len(valued):
        return ""
    return "".join(
        f'<text class="note" x="{frame.x(_place(o)):.1f}" y="{frame.y(o.value) - 8:.1f}" '
        f'text-anchor="middle" fill="{QUIET}">'
        f"{sentences.number(o.value, language, digits)}</text>"
        for o in valued[:-1]
        if o.value is not None
    )


def _gap_notes(lines: Mapping[str, Series], language: str) -> list[str]:
    say = sentences.translator(language)
    notes = []
    for label, one in lines.items():
        words = sentences.gaps(one.observations, language)
        if words and len(words) < 80:
            notes.append(f"{label}: {words}" if label else words)
        elif words:
            missing = sum(o.status in MISSING_STATUSES for o in one.observations)
            more = say.plural("{count} year has no value", "{count} years have no value", missing)
            notes.append(f"{label}: {more}" if label else more)
    for one in lines.values():
        broken = [str(o.period) for o in one.observations if o.status == "B"]
        if broken:
            notes.append(say("Dashed line: break in the series before {years}", years=", ".join(broken)))
            break
    if any(o.status == "P" for one in lines.values() for o in one.observations):
        notes.append(say("Hollow points are provisional"))
    return notes
