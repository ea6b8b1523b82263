"""Points on the globe as SVG, without borders: how much of something is where. Same hand as `reports.charts`.

The projection is Equal Earth, on which areas compare: Bojan Šavrič, Tom Patterson and Bernhard Jenny, "The
Equal Earth map projection", International Journal of Geographical Information Science 33 (2019), pages
454-465, doi:10.1080/13658816.2018.1504949. What is drawn below the points, if anything, is what an office
loaded; nothing ships.
"""

import math
from collections.abc import Iterable, Sequence
from html import escape
from typing import NamedTuple

from milepost.reports import sentences
from milepost.reports.charts import COLOURS, INK, QUIET, RULE
from milepost.values.shape import Position, Shape

_A1, _A2, _A3, _A4 = 1.340264, -0.081106, 0.000893, 0.003796
_M = math.sqrt(3) / 2

_SIZE = 12.0  # of letters
_LETTER = 6.6  # width that a letter is given
_LARGEST = ((12, 26.0), (60, 18.0), (math.inf, 13.0))  # (most points, radius of the largest circle)
_LARGEST_OF_GLOBE = 18.0  # on the whole globe neighbours are near each other
_SMALLEST = 2.5  # radius below which nobody sees a circle
_TARGET = 12.0  # radius that a finger meets
_REGIONAL = 120.0  # degrees of longitude: what spreads further is shown on the whole globe
_FINEST, _ROUGHEST = 0.01, 5.0  # degrees between the positions of simplified shapes
_STEPS = (1, 2, 5, 10, 15, 30)  # degrees between lines


class Point(NamedTuple):
    """A circle: its name, where it stands, how large its area is, what is said of it, and where it leads."""

    name: str
    latitude: float
    longitude: float
    size: float
    words: str
    link: str = ""


def projected(longitude: float, latitude: float) -> tuple[float, float]:
    """Degrees from the middle meridian and from the equator to x (east) and y (north) in radii of the globe.

    >>> [round(each, 4) for each in projected(180, 0)], round(projected(0, 90)[1], 4)
    ([2.7066, 0.0], 1.3174)
    """
    t = math.asin(_M * math.sin(math.radians(latitude)))
    t2 = t * t
    t6 = t2 * t2 * t2
    slope = _A1 + 3 * _A2 * t2 + t6 * (7 * _A3 + 9 * _A4 * t2)
    x = math.radians(longitude) * math.cos(t) / (_M * slope)
    return x, t * (_A1 + _A2 * t2 + t6 * (_A3 + _A4 * t2))


def world(
    points: Sequence[Point],
    *,
    shapes: Iterable[Shape] = (),
    language: str = "en",
    width: int = 760,
    title: str = "",
    description: str = "",
    digits: int | None = 0,
) -> str:
    """Circles whose areas compare, on lines of latitude and longitude; "" where there is no point.

    Points that lie within a third of the globe are shown near, others on the whole of it. `size` must not be
    negative; a circle too small to be seen is drawn as large as it must be. Points with a link are reached
    by the keyboard, the largest first. `digits` are the decimals of the figures beside the circles of the
    scale. The names of places stand where there is room.
    """
    if not points:
        return ""
    frame = _frame(points, width)
    largest = max(point.size for point in points) or 1.0
    whole = next(radius for most, radius in _LARGEST if len(points) <= most and radius <= frame.largest)
    circles = [
        _Circle(
            point,
            *frame.place(point.longitude, point.latitude),
            max(_radius(point.size, largest, whole), _SMALLEST),
        )
        for point in sorted(points, key=lambda one: (-one.size, one.name))
    ]
    height = frame.height + 2 * whole + 14
    role = "group" if any(point.link for point in points) else "img"
    return "".join(
        (
            f'<svg class="chart map" role="{role}" viewBox="0 0 {width} {height:.0f}" '
            f'font-family="Noto Sans, sans-serif" font-size="{_SIZE:g}" fill="none" '
            'xmlns="http://www.w3.org/2000/svg">',
            f"<title>{escape(title, quote=False)}</title>" if title else "",
            f"<desc>{escape(description, quote=False)}</desc>" if description else "",
            f'<svg x="0" y="0" width="{width}" height="{frame.height:.1f}" '
            f'viewBox="0 0 {width} {frame.height:.1f}">',
            _graticule(frame),
            _drawn(frame, shapes),
            "</svg>",
            "" if frame.whole else _degrees(frame, language),
            "".join(_drawn_circle(circle) for circle in circles),
            _names(frame, circles),
            _scale(largest, whole, frame.height + 8, language, digits),
            "</svg>",
        )
    )


def simplified(shapes: Iterable[Shape], most: int = 6_000) -> list[Shape]:
    """The same shapes with at most so many positions, as rough as they must be: for drawing, not measuring.

    Of positions nearer to each other than the tolerance one is kept; what is no larger than it goes. Where
    even the roughest are too many, those with most positions stay.
    """
    found = list(shapes)
    tolerance, thin = _FINEST, found
    while tolerance < _ROUGHEST:
        thin = [each for one in found if (each := _thinned(one, tolerance)).lines]
        if sum(shape.positions for shape in thin) <= most:
            return thin
        tolerance *= 1.6
    kept, left = [], most
    for shape in sorted(thin, key=lambda one: -one.positions):
        if shape.positions <= left:
            kept.append(shape)
            left -= shape.positions
    return kept


def _thinned(shape: Shape, tolerance: float) -> Shape:
    lines = (_thin(line, tolerance) for line in shape.lines)
    return Shape(shape.closed, tuple(line for line in lines if len(line) >= (4 if shape.closed else 2)))


def _thin(line: Sequence[Position], tolerance: float) -> tuple[Position, ...]:
    kept = [line[0]]
    for east, north in line[1:-1]:
        if abs(east - kept[-1][0]) >= tolerance or abs(north - kept[-1][1]) >= tolerance:
            kept.append((east, north))
    kept.append(line[-1])
    return tuple((round(east, 3), round(north, 3)) for east, north in kept)


# The frame --------------------------------------------------------------------------------------------------


class _Frame(NamedTuple):
    """What of the globe is shown: the middle meridian, the edges in radii, and how large a radius is."""

    middle: float
    left: float
    top: float
    scale: float
    width: float
    height: float
    whole: bool

    @property
    def largest(self) -> float:
        """The largest radius of a circle."""
        return _LARGEST_OF_GLOBE if self.whole else math.inf

    def place(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Where a point of the globe stands in the drawing."""
        x, y = projected(_turned(longitude - self.middle), latitude)
        return (x - self.left) * self.scale, (self.top - y) * self.scale


def _turned(degrees: float) -> float:
    """The same meridian, from -180 to below 180."""
    return (degrees + 180) % 360 - 180


def _frame(points: Sequence[Point], width: float) -> _Frame:
    middle, spread = _middle(points)
    east, north = projected(180, 0)[0], projected(0, 90)[1]
    if spread > _REGIONAL:
        edge = _LARGEST_OF_GLOBE  # so that no circle is cut
        scale = (width - 2 * edge) / (2 * east)
        return _Frame(0.0, -east - edge / scale, north, scale, width, 2 * north * scale, whole=True)
    places = [projected(_turned(point.longitude - middle), point.latitude) for point in points]
    low, high = min(y for _, y in places), max(y for _, y in places)
    left, right = min(x for x, _ in places), max(x for x, _ in places)
    across, up = max((right - left) * 1.4, 0.5), max((high - low) * 1.5, 0.28)
    across = max(across, up / 0.62)
    up = min(max(up, across * 0.46), 2 * north)
    scale = width / across
    top = min((low + high) / 2 + up / 2, north)
    top = max(top, up - north)
    return _Frame(middle, (left + right - across) / 2, top, scale, width, up * scale, whole=False)


def _middle(points: Sequence[Point]) -> tuple[float, float]:
    """The middle of the shortest arc of longitude that holds all points, and how many degrees it spans."""
    found = sorted({_turned(point.longitude) for point in points})
    gaps = [
        (after - before, after) for before, after in zip(found, [*found[1:], found[0] + 360], strict=True)
    ]
    gap, end = max(gaps)
    spread = 360 - gap
    return _turned(end + spread / 2), spread


# Below the points -------------------------------------------------------------------------------------------


def _graticule(frame: _Frame) -> str:
    """Lines of latitude and longitude, and the edge of the globe."""
    step = _step(frame)
    paths = []
    for degrees in range(-180, 181, step):
        if frame.whole or abs(_turned(degrees - frame.middle)) < _REGIONAL:
            paths.append(_line(frame, [(degrees, latitude) for latitude in range(-90, 91, 5)]))
    for degrees in range(-90 + 90 % step, 91, step):
        ends = [(frame.middle + side, float(degrees)) for side in (-179.999, 179.999)]
        paths.append(_line(frame, ends))
    edges = [
        _line(frame, [(frame.middle + side, latitude) for latitude in range(-90, 91, 5)])
        for side in (-179.999, 179.999)
    ]
    return (
        f'<path class="grid" d="{"".join(paths)}" stroke="{RULE}" stroke-width="0.7"/>'
        f'<path class="grid" d="{"".join(edges)}" stroke="{QUIET}" stroke-width="0.8"/>'
    )


def _step(frame: _Frame) -> int:
    """Degrees between lines, so that there are about six across."""
    if frame.whole:
        return 30
    across = math.degrees(frame.width / frame.scale) / _A1
    return next((step for step in _STEPS if across / step <= 8), 30)


def _line(frame: _Frame, places: Sequence[tuple[float, float]], close: str = "") -> str:
    drawn = [frame.place(longitude, latitude) for longitude, latitude in places]
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in drawn) + close


def _degrees(frame: _Frame, language: str) -> str:
    """How many degrees the lines are: at the left and the lower edge."""
    step = _step(frame)
    parts = []
    for degrees in range(-90 + 90 % step, 91, step):
        y = frame.place(frame.middle, degrees)[1]
        if _SIZE < y < frame.height - 2 * _SIZE:
            parts.append((2.0, y - 3, _latitude(degrees, language), "start"))
    bottom = frame.top - frame.height / frame.scale
    lowest = next((n for n in range(-90, 91) if projected(0, n)[1] >= bottom), 90)
    for degrees in range(-180, 180, step):
        if abs(_turned(degrees - frame.middle)) < _REGIONAL:
            x = frame.place(degrees, lowest)[0]
            if 80 < x < frame.width - 30:
                parts.append((x, frame.height - 4, _longitude(degrees, language), "middle"))
    texts = "".join(
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(words)}</text>'
        for x, y, words, anchor in parts
    )
    return f'<g class="note" aria-hidden="true" fill="{QUIET}" font-size="10">{texts}</g>'


def _latitude(degrees: int, language: str) -> str:
    say = sentences.translator(language)
    if degrees == 0:
        return say("Equator")
    return say("{degrees}° N", degrees=degrees) if degrees > 0 else say("{degrees}° S", degrees=-degrees)


def _longitude(degrees: int, language: str) -> str:
    say = sentences.translator(language)
    if degrees in (0, -180):
        return f"{abs(degrees)}°"
    return say("{degrees}° E", degrees=degrees) if degrees > 0 else say("{degrees}° W", degrees=-degrees)


def _drawn(frame: _Frame, shapes: Iterable[Shape]) -> str:
    """What an office loaded, in thin lines; what lies outside of the picture is left out."""
    areas, lines = [], []
    for shape in shapes:
        paths = [path for ring in shape.lines if (path := _ring(frame, ring, closed=shape.closed))]
        (areas if shape.closed else lines).append("".join(paths))
    filled, open_ = "".join(areas), "".join(lines)
    return "".join(
        (
            f'<path class="land" d="{filled}" fill="{RULE}" fill-opacity="0.35" fill-rule="evenodd" '
            f'stroke="{QUIET}" stroke-width="0.5" stroke-linejoin="round"/>'
            if filled
            else "",
            f'<path class="border" d="{open_}" stroke="{QUIET}" stroke-width="0.7" stroke-dasharray="3 2"/>'
            if open_
            else "",
        )
    )


def _ring(frame: _Frame, ring: Sequence[tuple[float, float]], *, closed: bool) -> str:
    """One line of a shape; it goes on over the edge of the globe where the shape does, rather than back."""
    start = _turned(ring[0][0] - frame.middle)
    drawn, before, at = [], ring[0][0], start
    for longitude, latitude in ring:
        at += _turned(longitude - before)
        before = longitude
        x, y = projected(at, latitude)
        drawn.append(((x - frame.left) * frame.scale, (frame.top - y) * frame.scale))
    if (
        max(x for x, _ in drawn) < 0
        or min(x for x, _ in drawn) > frame.width
        or max(y for _, y in drawn) < 0
        or min(y for _, y in drawn) > frame.height
    ):
        return ""
    texts = list(dict.fromkeys(f"{x:.1f} {y:.1f}" for x, y in drawn))
    return "M" + "L".join(texts) + ("Z" if closed else "") if len(texts) > 1 else ""


# Circles ----------------------------------------------------------------------------------------------------


class _Circle(NamedTuple):
    point: Point
    x: float
    y: float
    radius: float


def _radius(size: float, largest: float, whole: float) -> float:
    """The area of a circle is as its size; `whole` is the radius of the largest."""
    return whole * math.sqrt(size / largest)


def _drawn_circle(circle: _Circle) -> str:
    point, place = circle.point, f'cx="{circle.x:.1f}" cy="{circle.y:.1f}"'
    words = escape(point.words)
    drawn = (
        f"<title>{words}</title>"
        f'<circle class="point" {place} r="{circle.radius:.2f}" fill="{COLOURS[0]}" fill-opacity="0.78" '
        'stroke="#fff" stroke-width="1"/>'
    )
    if not point.link:
        return f"<g>{drawn}</g>"
    finger = (
        f'<circle {place} r="{_TARGET:g}" fill="#fff" fill-opacity="0"/>' if circle.radius < _TARGET else ""
    )
    return f'<a href="{escape(point.link)}" aria-label="{words}">{drawn}{finger}</a>'


_Box = tuple[float, float, float, float]  # left, top, right, bottom


def _names(frame: _Frame, circles: Sequence[_Circle]) -> str:
    """The names of places, the largest first, where they meet no other name and no circle."""
    taken: list[_Box] = [
        (one.x - one.radius, one.y - one.radius, one.x + one.radius, one.y + one.radius) for one in circles
    ]
    found = []
    for circle in circles:
        long = len(circle.point.name) * _LETTER
        gap = circle.radius + 3
        for x, y, anchor, left in (
            (circle.x + gap, circle.y, "start", 0.0),
            (circle.x - gap, circle.y, "end", long),
            (circle.x, circle.y - gap - _SIZE / 2, "middle", long / 2),
            (circle.x, circle.y + gap + _SIZE / 2, "middle", long / 2),
        ):
            box = (x - left, y - _SIZE / 2, x - left + long, y + _SIZE / 2)
            if box[0] < 0 or box[2] > frame.width or box[1] < 0 or box[3] > frame.height:
                continue
            if not any(_meet(box, other) for other in taken):
                taken.append(box)
                place = f'x="{x:.1f}" y="{y + 4:.1f}" text-anchor="{anchor}"'
                found.append(f"<text {place}>{escape(circle.point.name)}</text>")
                break
    return f'<g class="name" aria-hidden="true" fill="{INK}">{"".join(found)}</g>'


def _meet(one: _Box, other: _Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _scale(largest: float, whole: float, top: float, language: str, digits: int | None) -> str:
    """Up to three circles with what their areas mean."""
    x, y, parts = 2.0, top + whole, []
    for size in _round_sizes(largest):
        radius = _radius(size, largest, whole)
        if radius < _SMALLEST:
            continue
        words = escape(sentences.number(size, language, digits))
        parts.append(
            f'<circle cx="{x + radius:.1f}" cy="{y:.1f}" r="{radius:.2f}" stroke="{QUIET}"/>'
            f'<text x="{x + 2 * radius + 6:.1f}" y="{y + 4:.1f}" fill="{QUIET}">{words}</text>'
        )
        x += 2 * radius + len(words) * _LETTER + 26
    return f'<g class="scale" aria-hidden="true">{"".join(parts)}</g>'


def _round_sizes(largest: float) -> list[float]:
    """Up to three sizes for the scale: one, two or five times a power of ten, but never below one.

    >>> _round_sizes(37), _round_sizes(4), _round_sizes(1), _round_sizes(318_000)
    ([20, 5, 1], [4, 1], [1], [200000, 50000, 10000])
    """
    found = [largest if largest < 10 else _rounded_down(largest)]
    while len(found) < 3 and found[-1] > 1:
        found.append(max(_rounded_down(found[-1] / 4), 1.0))
    return [int(size) if size == int(size) else size for size in found]


def _rounded_down(size: float) -> float:
    power = 10.0 ** math.floor(math.log10(size))
    return next(factor * power for factor in (5, 2, 1) if factor * power <= size * 1.000001)
