"""Shapes of maps from GeoJSON (RFC 7946): read with suspicion, and only what is drawn of it.

Names and other properties are not read. There is no way out: what is drawn was loaded from such a file.
"""

import json
import math
from collections.abc import Iterator
from typing import Any, NoReturn

from milepost.errors import MilepostError, refuse
from milepost.values import Origin, Problem, Shape

MOST_BYTES = 10_000_000
MOST_POSITIONS = 300_000
MOST_FAULTS = 50
"""Faults that are told one by one; how many more there are is told beside them."""
_KINDS = ("Polygon", "MultiPolygon", "LineString", "MultiLineString")
_JSON = {dict: "object", list: "array", int: "number", float: "number", bool: "true or false"}
_DEGREES = ("urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:OGC::CRS84", "urn:ogc:def:crs:EPSG::4326")


def read(content: bytes, name: str) -> tuple[Shape, ...]:
    """The areas and lines of a file; MilepostError with every fault, each with its place in the file.

    Positions are degrees east and north (WGS 84), as the RFC says; heights are left out.
    """
    if len(content) > MOST_BYTES:
        size, limit = f"{len(content) / 1e6:.1f}", f"{MOST_BYTES / 1e6:g}"
        raise refuse("shapes-too-large", name, size=size, limit=limit)
    data = _parsed(content, name)
    reading = _Reading(name)
    shapes = tuple(reading.shapes(data))
    if not shapes and not reading.faults:
        reading.fault("shapes-none", "")
    if reading.faults:
        if reading.further:
            further = Problem("shapes-more-faults", Origin(name), {"count": reading.further})
            reading.faults.append(further)
        raise MilepostError(reading.faults)
    return shapes


def _parsed(content: bytes, name: str) -> Any:
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except RecursionError:
        raise refuse("shapes-not-json", name, why="it is nested too deeply") from None
    except ValueError as error:  # JSON, UTF-8, or a number of thousands of digits
        raise refuse("shapes-not-json", name, why=str(error)[:120]) from error


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


class _Reading:
    """One file: its faults, `further` ones that are only counted, and how many positions and parts it has."""

    def __init__(self, name: str):
        self.name = name
        self.faults: list[Problem] = []
        self.further = 0
        self.positions = 0

    def fault(self, code: str, place: str, **details: object) -> None:
        """Note a fault and go on."""
        if len(self.faults) == MOST_FAULTS:
            self.further += 1
            return
        said = {"at": f"{place}: " if place else "", **details}
        self.faults.append(Problem(code, Origin(self.name, column=place or None), said))

    def too_many(self, more: int, place: str) -> bool:
        """Whether these are more positions and parts than are read; told once."""
        before = self.positions
        self.positions += more
        if before <= MOST_POSITIONS < self.positions:
            self.fault("shapes-too-many", place, limit=MOST_POSITIONS)
        return self.positions > MOST_POSITIONS

    def shapes(self, data: Any) -> Iterator[Shape]:
        """What a whole file holds: a collection, a feature or a geometry."""
        if not isinstance(data, dict):
            self.fault("shapes-kind", "", found=_kind(data))
            return
        crs = data.get("crs")
        named = crs.get("properties") if isinstance(crs, dict) else None
        if crs is not None and (not isinstance(named, dict) or named.get("name") not in _DEGREES):
            self.fault("shapes-crs", "crs")
        if data.get("type") != "FeatureCollection":
            yield from self.geometry(data, "")
            return
        features = data.get("features")
        if not isinstance(features, list):
            self.fault("shapes-kind", "features", found=_kind(features))
            return
        if self.too_many(len(features), "features"):
            return
        for number, feature in enumerate(features):
            yield from self.geometry(feature, f"features[{number}]")

    def geometry(self, data: Any, place: str) -> Iterator[Shape]:
        """The shapes of a feature or a geometry; a feature without place has none."""
        if isinstance(data, dict) and data.get("type") == "Feature":
            data, place = data.get("geometry"), f"{place}.geometry".lstrip(".")
            if data is None:
                return
        kind = data.get("type") if isinstance(data, dict) else None
        if not isinstance(kind, str) or kind not in _KINDS:
            self.fault("shapes-kind", place, found=_kind(kind))
            return
        place = f"{place}.coordinates".lstrip(".")
        found = data.get("coordinates")
        closed = kind.endswith("Polygon")
        parts = [(found, place)] if kind in ("Polygon", "LineString") else list(self.parts(found, place))
        for part, at in parts:
            rings = list(self.parts(part, at)) if closed else [(part, at)]
            lines = [self.line(ring, there, closed=closed) for ring, there in rings]
            if lines and all(lines):
                yield Shape(closed, tuple(lines))  # type: ignore[arg-type]

    def parts(self, found: Any, place: str) -> Iterator[tuple[Any, str]]:
        """The parts of a list, each with its place."""
        if not isinstance(found, list) or not found:
            self.fault("shapes-list", place)
            return
        if self.too_many(len(found), place):
            return
        for number, part in enumerate(found):
            yield part, f"{place}[{number}]"

    def line(self, found: Any, place: str, *, closed: bool) -> tuple[tuple[float, float], ...] | None:
        """The positions of one line or ring, or None where one of them is wrong."""
        if not isinstance(found, list):
            self.fault("shapes-list", place)
            return None
        if self.too_many(len(found), place):
            return None
        for number, position in enumerate(found):
            if code := _wrong(position):
                self.fault(code, f"{place}[{number}]", found=_told(position))
                return None
        line = tuple((float(position[0]), float(position[1])) for position in found)
        if closed and (len(line) < 4 or line[0] != line[-1]):
            self.fault("shapes-open", place)
            return None
        if len(line) < 2:
            self.fault("shapes-short", place)
            return None
        return line


def _wrong(position: Any) -> str:
    """Which fault a position has; "" for none."""
    if not isinstance(position, list) or not 2 <= len(position) <= 4:
        return "shapes-position"
    east, north = position[:2]
    if type(east) not in (int, float) or type(north) not in (int, float):
        return "shapes-position"
    if abs(east) > 180 or abs(north) > 90 or not (math.isfinite(east) and math.isfinite(north)):
        return "shapes-no-degrees"
    return ""


def _kind(found: Any) -> str:
    """What was met, in few words."""
    if isinstance(found, str):
        return found[:40]
    return _JSON.get(type(found), "nothing")


def _told(position: Any) -> str:
    """A position as it stands in the file, shortened."""
    if not isinstance(position, list):
        return _kind(position)
    said = ", ".join(
        f"{each:.15g}" if type(each) is float else str(each)[:20] if type(each) is int else _kind(each)
        for each in position[:3]
    )
    return f"[{said}]"
