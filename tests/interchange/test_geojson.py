"""Shapes are read with suspicion: every fault with its place, and nothing but positions is taken."""

import json

import pytest

from milepost.errors import MilepostError
from milepost.interchange import geojson

SQUARE = [[70, 39], [76, 39], [76, 43], [70, 43], [70, 39]]
HOLE = [[72, 40], [73, 40], [73, 41], [72, 40]]


def file(*geometries, **more) -> bytes:
    features = [
        {"type": "Feature", "properties": {"name": "<script>"}, "geometry": each} for each in geometries
    ]
    return json.dumps({"type": "FeatureCollection", "features": features, **more}).encode()


def faults(content: bytes) -> list[tuple[str, str | None]]:
    with pytest.raises(MilepostError) as refused:
        geojson.read(content, "shapes.geojson")
    return [(one.code, one.origin.column) for one in refused.value.problems]


def test_areas_and_lines_are_read():
    """With holes; each part of a multiple one is a shape of its own; heights are left out."""
    shapes = geojson.read(
        file(
            {"type": "Polygon", "coordinates": [SQUARE, HOLE]},
            {"type": "MultiPolygon", "coordinates": [[SQUARE], [HOLE]]},
            {"type": "LineString", "coordinates": [[1, 2, 300], [3, 4, 300]]},
            None,
        ),
        "shapes.geojson",
    )
    assert [(shape.closed, [len(line) for line in shape.lines]) for shape in shapes] == [
        (True, [5, 4]),
        (True, [5]),
        (True, [4]),
        (False, [2]),
    ]
    assert shapes[3].lines == (((1.0, 2.0), (3.0, 4.0)),)


def test_a_lone_geometry_and_a_lone_feature_are_files_too():
    """As the RFC has it, with or without the mark of UTF-8."""
    line = {"type": "LineString", "coordinates": [[1, 2], [3, 4]]}
    for data in (line, {"type": "Feature", "geometry": line}):
        assert len(geojson.read(b"\xef\xbb\xbf" + json.dumps(data).encode(), "one.json")) == 1


@pytest.mark.parametrize(
    ("kind", "coordinates", "code", "place"),
    [
        ("Point", [1, 2], "shapes-kind", ""),
        ("GeometryCollection", None, "shapes-kind", ""),
        (["Polygon"], [SQUARE], "shapes-kind", ""),
        ("Polygon", None, "shapes-list", ".coordinates"),
        ("Polygon", [], "shapes-list", ".coordinates"),
        ("MultiLineString", {"0": 1}, "shapes-list", ".coordinates"),
        ("Polygon", [SQUARE[:-1]], "shapes-open", ".coordinates[0]"),
        ("Polygon", [[[0, 0], [1, 1], [0, 0]]], "shapes-open", ".coordinates[0]"),
        ("LineString", [[0, 0]], "shapes-short", ".coordinates"),
        ("LineString", [[0, 0], ["1", 2]], "shapes-position", ".coordinates[1]"),
        ("LineString", [[0, 0], [True, 2]], "shapes-position", ".coordinates[1]"),
        ("LineString", [[0, 0], None], "shapes-position", ".coordinates[1]"),
        ("LineString", [[0, 0], [8e6, 5e6]], "shapes-no-degrees", ".coordinates[1]"),
        ("LineString", [[0, 0], [41, 100]], "shapes-no-degrees", ".coordinates[1]"),
    ],
)
def test_what_cannot_be_drawn_is_named_with_its_place(kind, coordinates, code, place):
    """One fault each, in an otherwise sound file."""
    found = faults(file({"type": kind, "coordinates": coordinates}))
    assert found == [(code, f"features[0].geometry{place}")]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "shapes-not-json"),
        (b"PK\x03\x04\xff", "shapes-not-json"),
        (b"<svg onload='alert(1)'/>", "shapes-not-json"),
        (b"[" * 200_000, "shapes-not-json"),
        (b'{"type": "LineString", "coordinates": [[NaN, 0], [1, 1]]}', "shapes-not-json"),
        (b'{"type": "LineString", "coordinates": [[1' + b"0" * 5000 + b", 0], [1, 1]]}", "shapes-not-json"),
        (b'{"type": "LineString", "coordinates": [[1e999, 0], [1, 1]]}', "shapes-no-degrees"),
        (b"[]", "shapes-kind"),
        (b'{"type": "FeatureCollection", "features": {}}', "shapes-kind"),
        (b'{"type": "FeatureCollection", "features": []}', "shapes-none"),
        (b'{"type": "Topology", "arcs": []}', "shapes-kind"),
    ],
)
def test_hostile_files_are_refused(content, code):
    """None of them is a crash."""
    assert [found for found, _place in faults(content)] == [code]


def test_a_file_in_another_system_says_so():
    """Beside whatever else is wrong; WGS 84 by its names is welcome."""
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3857"}}
    metres = {"type": "LineString", "coordinates": [[8000000, 5000000], [1, 1]]}
    assert faults(file(metres, crs=crs)) == [
        ("shapes-crs", "crs"),
        ("shapes-no-degrees", "features[0].geometry.coordinates[0]"),
    ]
    crs["properties"]["name"] = "urn:ogc:def:crs:OGC:1.3:CRS84"
    good = {"type": "LineString", "coordinates": [[8, 5], [1, 1]]}
    assert len(geojson.read(file(good, crs=crs), "good.json")) == 1


def test_too_much_is_refused_before_it_is_read():
    """Bytes first, then positions."""
    assert faults(b" " * (geojson.MOST_BYTES + 1)) == [("shapes-too-large", None)]
    long = {"type": "LineString", "coordinates": [[0, 0]] * (geojson.MOST_POSITIONS + 1)}
    assert faults(file(long, long)) == [("shapes-too-many", "features[0].geometry.coordinates")]


def test_of_a_thousand_faults_fifty_are_told():
    """And how many more there are."""
    found = faults(file(*[{"type": "Point"}] * 1000))
    assert len(found) == 51
    assert found[-1][0] == "shapes-more-faults"
