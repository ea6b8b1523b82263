"""Every country and territory that a project can be for has a point on the map."""

from milepost import catalogue
from milepost.catalogue import country_names, places


def test_every_country_of_the_list_of_areas_has_a_point():
    """With the same M49 number under the same ISO code."""
    known = catalogue.code_list("areas").annotations
    wanted = {said["iso2"]: code for code, said in known.items() if said.get("iso2")}
    assert len(wanted) == 195
    assert {iso2: places()[iso2].m49 for iso2 in wanted} == wanted


def test_every_territory_that_project_pages_name_has_a_point():
    """Those that the list of areas does not have go by their ISO code, and have a name beside their point."""
    named = {code for code, _old in country_names().values() if not code.isdigit()}
    assert len(named) == 15
    assert named <= places().keys()
    assert {iso2 for iso2, place in places().items() if place.name} == named
    assert all({"en", "ru"} <= places()[iso2].name.keys() for iso2 in named)


def test_no_number_and_no_point_stands_twice():
    """Two countries on one point would hide each other."""
    found = places().values()
    assert len({one.m49 for one in found}) == len(found)
    assert len({(one.latitude, one.longitude) for one in found}) == len(found)


def test_each_point_is_on_the_globe_and_says_where_it_is_from():
    """In English and Russian."""
    for one in places().values():
        assert -60 < one.latitude < 75
        assert -180 <= one.longitude <= 180
        assert {"en", "ru"} <= one.source.keys()


def test_points_lie_where_everybody_knows_the_country():
    """Signs and order of the two numbers, seen in each quarter of the globe."""
    quarters = {
        iso2: (places()[iso2].latitude > 0, places()[iso2].longitude > 0) for iso2 in ("KG", "MX", "MZ", "PE")
    }
    assert quarters == {
        "KG": (True, True),
        "MX": (True, False),
        "MZ": (False, True),
        "PE": (False, False),
    }
