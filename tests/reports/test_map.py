"""Points on the globe: where they stand, how large they are, and who can read them."""

import math
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.reports import map as maps
from milepost.reports.map import Point, projected
from milepost.values import Shape

SVG = "{http://www.w3.org/2000/svg}"
KYRGYZSTAN = Point("Kyrgyzstan", 41.5, 74.5, 4, "Kyrgyzstan: 4 projects", "/en/projects/?type=LM&area=kg")
TAJIKISTAN = Point("Tajikistan", 38.5, 71, 1, "Tajikistan: 1 project")
MEXICO = Point("Mexico", 23.5, -102, 1, "Mexico: 1 project")
FIJI = Point("Fiji", -18, 178, 1, "Fiji: 1 project")
SAMOA = Point("Samoa", -13.6, -172.5, 1, "Samoa: 1 project")


def circles(svg):
    return {
        element.find(f"{SVG}title").text: element.find(f"{SVG}circle[@class='point']")
        for element in ElementTree.fromstring(svg).iter()
        if element.tag in (f"{SVG}a", f"{SVG}g") and element.find(f"{SVG}circle[@class='point']") is not None
    }


def test_the_projection_has_its_published_proportions():
    """Of Equal Earth: 2.05 times as wide as high, with poles drawn 0.59 times as long as the equator."""
    east, north = projected(180, 0)[0], projected(0, 90)[1]
    assert round(east / north, 2) == 2.05
    assert round(projected(180, 90)[0] / east, 2) == 0.59


@given(st.floats(-179, 179), st.floats(-85, 85))
def test_areas_on_the_map_are_as_on_the_globe(longitude, latitude):
    """A small rectangle of degrees has the area that it has on a sphere, wherever it lies."""
    step = 0.01
    corners = [
        projected(longitude + a * step, latitude + b * step) for a, b in ((0, 0), (1, 0), (1, 1), (0, 1))
    ]
    area = 0.5 * abs(
        sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(corners, corners[1:] + corners[:1], strict=True))
    )
    bands = math.sin(math.radians(latitude + step)) - math.sin(math.radians(latitude))
    assert math.isclose(area, math.radians(step) * bands, rel_tol=1e-3)


def test_without_a_point_there_is_no_map():
    """A page says so in words."""
    assert maps.world([]) == ""


def test_four_times_as_much_is_four_times_the_area():
    """The radius is twice as long."""
    found = circles(maps.world([KYRGYZSTAN, TAJIKISTAN]))
    radii = {words: float(circle.get("r")) for words, circle in found.items()}
    assert radii["Kyrgyzstan: 4 projects"] == pytest.approx(2 * radii["Tajikistan: 1 project"])


def test_a_very_small_circle_can_still_be_seen():
    """And nothing at all, too: a state whose projects tell no budget."""
    found = circles(maps.world([KYRGYZSTAN._replace(size=100_000), TAJIKISTAN._replace(size=0)]))
    assert float(found["Tajikistan: 1 project"].get("r")) == 2.5


def test_neighbours_are_shown_near_and_continents_on_the_whole_globe():
    """The degrees stand beside the lines only where the globe cannot be seen."""
    near, far = maps.world([KYRGYZSTAN, TAJIKISTAN]), maps.world([KYRGYZSTAN, MEXICO])
    assert "75° E" in near
    assert "° E" not in far
    distance = {
        name: abs(
            float(circles(svg)["Kyrgyzstan: 4 projects"].get("cx"))
            - float(circles(svg)[other.words].get("cx"))
        )
        for name, svg, other in (("near", near, TAJIKISTAN), ("far", far, MEXICO))
    }
    assert distance["near"] > 50
    assert distance["far"] > 300


def test_islands_on_both_sides_of_the_date_line_stand_side_by_side():
    """Fiji is west of Samoa."""
    found = circles(maps.world([FIJI, SAMOA]))
    fiji, samoa = (float(found[one.words].get("cx")) for one in (FIJI, SAMOA))
    assert fiji < samoa < fiji + 700


@given(
    st.lists(st.tuples(st.floats(-60, 75), st.floats(-180, 180), st.floats(0, 1e9)), min_size=1, max_size=12)
)
def test_every_point_stands_within_the_picture(places):
    """Wherever on the globe they are."""
    svg = maps.world([Point("", *place, f"{number}") for number, place in enumerate(places)])
    width, height = (float(each) for each in ElementTree.fromstring(svg).get("viewBox").split()[2:])
    for circle in circles(svg).values():
        assert -0.1 <= float(circle.get("cx")) <= width + 0.1
        assert -0.1 <= float(circle.get("cy")) <= height + 0.1


def test_no_circle_is_cut_at_the_edge_of_the_globe():
    """Fiji and Samoa are at its two ends once Mexico is shown with them."""
    svg = maps.world([FIJI, SAMOA, MEXICO])
    width = float(ElementTree.fromstring(svg).get("viewBox").split()[2])
    for circle in circles(svg).values():
        radius = float(circle.get("r"))
        assert radius <= float(circle.get("cx")) <= width - radius


def test_points_with_a_link_are_reached_by_the_keyboard():
    """Each says its words; a picture without links is one picture."""
    root = ElementTree.fromstring(maps.world([TAJIKISTAN, KYRGYZSTAN], title="Projects", description="Two"))
    assert root.get("role") == "group"
    assert [root.find(f"{SVG}title").text, root.find(f"{SVG}desc").text] == ["Projects", "Two"]
    (link,) = root.iter(f"{SVG}a")
    assert link.get("href") == "/en/projects/?type=LM&area=kg"
    assert link.get("aria-label") == "Kyrgyzstan: 4 projects"
    assert ElementTree.fromstring(maps.world([TAJIKISTAN])).get("role") == "img"


def test_names_never_become_markup():
    """Whoever thought of them."""
    svg = maps.world([Point('<a href="x">"&', 0, 0, 1, "<script>'\"&", '"><b>')], title="</title>")
    assert "<script" not in svg
    assert "<b>" not in svg
    assert ElementTree.fromstring(svg).find(f"{SVG}title").text == "</title>"


def test_names_do_not_lie_on_each_other():
    """Where there is no room the name is left to the table."""
    crowd = [Point(f"Country {n}", 40 + n / 10, 70 + n / 10, 1, f"{n}") for n in range(30)]
    svg = maps.world([*crowd, Point("Alone", 60, 100, 1, "alone")])
    root = ElementTree.fromstring(svg)
    names = list(root.find(f"{SVG}g[@class='name']"))
    assert "Alone" in [text.text for text in names]
    assert 1 < len(names) < 31
    places = [(float(text.get("x")), float(text.get("y"))) for text in names]
    assert len(set(places)) == len(places)


def test_shapes_are_drawn_below_the_points_and_only_where_they_are_seen():
    """An area is closed, a line is not; what lies elsewhere costs nothing."""
    square = Shape(True, (((70, 39), (76, 39), (76, 43), (70, 43), (70, 39)),))
    line = Shape(False, (((70, 39), (76, 43)),))
    elsewhere = Shape(True, (((-60, -10), (-50, -10), (-50, -20), (-60, -10)),))
    svg = maps.world([KYRGYZSTAN, TAJIKISTAN], shapes=[square, line, elsewhere])
    land, border = re.findall(r'class="(?:land|border)" d="([^"]*)"', svg)
    assert land.count("M") == 1
    assert land.endswith("Z")
    assert border.count("L") == 1
    assert svg.index('class="land"') < svg.index('class="point"')
    assert 'class="land"' not in maps.world([KYRGYZSTAN])


def test_a_shape_across_the_date_line_does_not_run_back_over_the_globe():
    """Its positions stay near each other."""
    strip = Shape(True, (((178, -17), (-178, -17), (-178, -19), (178, -19), (178, -17)),))
    svg = maps.world([FIJI, SAMOA], shapes=[strip])
    (path,) = re.findall(r'class="land" d="([^"]*)"', svg)
    across = [float(x) for x in re.findall(r"[ML]([-\d.]+) ", path)]
    assert max(across) - min(across) < 300


def test_the_scale_shows_round_numbers_in_the_reader_s_language():
    """And the degrees, too."""
    svg = maps.world([KYRGYZSTAN._replace(size=3700), TAJIKISTAN], language="ru")
    assert ">2\u00a0000<" in svg
    assert "75° в. д." in svg


def test_shapes_are_as_rough_as_they_must_be():
    """An area stays closed and keeps its place; an islet that nobody would see goes first."""
    round_ = [
        (70 + 5 * math.cos(math.radians(a / 10)), 40 + 5 * math.sin(math.radians(a / 10)))
        for a in range(3600)
    ]
    area = Shape(True, ((*round_, round_[0]),))
    islet = Shape(True, (((10, 10), (10.001, 10), (10.001, 10.001), (10, 10)),))
    fine = maps.simplified([area, islet])
    assert [shape.closed for shape in fine] == [True]
    (rough,) = maps.simplified([area], most=50)
    assert 20 < rough.positions <= 50 < fine[0].positions
    assert rough.lines[0][0] == rough.lines[0][-1] == (75, 40)
    assert all(math.isclose(math.dist(place, (70, 40)), 5, abs_tol=0.01) for place in rough.lines[0])


def test_shapes_that_cannot_be_made_rougher_are_left_out():
    """However many there are, it comes to an end."""
    lines = [Shape(False, (((0, n / 1000), (50, n / 1000)),)) for n in range(4000)]
    assert sum(shape.positions for shape in maps.simplified(lines)) == 6000
