import itertools
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from milepost.reports import charts
from milepost.values import Observation, Period, Series, Target
from tests.reports.cases import series

SVG = "{http://www.w3.org/2000/svg}"


def draw(data, **given):
    return etree.fromstring(charts.line(data, **given))


def words(svg):
    return ["".join(text.itertext()) for text in svg.iter(f"{SVG}text")]


def lines(svg, group="s0"):
    """The paths through the points of a series, each as its pieces."""
    paths = svg.findall(f".//{SVG}g[@class='{group}']/{SVG}path[@stroke-linejoin]")
    return [piece for path in paths for piece in re.findall(r"M[^M]+", path.get("d"))]


def pieces(svg):
    return [piece.count("L") for piece in lines(svg)]


def test_a_missing_year_is_not_bridged():
    assert pieces(draw(series("2015 1, 2016 2, 2018 3, 2019 4"))) == [1, 1]


def test_survey_years_stand_as_points_with_their_values():
    svg = draw(series("2014 97.7, 2018 98.9, 2023 99.5"))
    assert pieces(svg) == [0, 0, 0]
    assert len(svg.findall(f".//{SVG}circle")) == 3
    assert {"97.7", "98.9", "99.5"} <= set(words(svg))


def test_quarters_are_neighbours():
    assert pieces(draw(series("2023-Q1 1, 2023-Q2 2, 2023-Q3 3, 2024-Q1 4"))) == [2, 0]


def test_a_break_interrupts_the_line_and_is_marked():
    svg = draw(series("2015 1, 2016 2, 2017 8/B, 2018 9"))
    assert pieces(svg) == [1, 1]
    assert len(svg.findall(f".//{SVG}path[@class='break']")) == 1
    assert any("break in the series before 2017" in text for text in words(svg))


def test_a_provisional_figure_has_a_hollow_point():
    svg = draw(series("2015 1, 2016 2/P"))
    assert len(svg.findall(f".//{SVG}circle[@class='hollow']")) == 1
    assert any("provisional" in text for text in words(svg))


def test_a_suppressed_value_is_said_in_words_and_not_drawn():
    svg = draw(series("2015 1, 2016 -/Q, 2017 2"))
    assert any("2016: suppressed" in text for text in words(svg))
    assert pieces(svg) == [0, 0]


def test_several_values_of_a_year_are_points_without_a_line():
    svg = draw(series("2022 1, 2023 5, 2023 7, 2024 2"))
    assert pieces(svg) == [0, 0]
    assert len(svg.findall(f".//{SVG}circle")) == 4


def test_the_target_is_a_line_with_value_and_year():
    svg = draw(series("2015 8, 2020 6"), target=Target(3.0, 2030), language="ru")
    assert any("3 к 2030" in text for text in words(svg))


def test_the_axis_has_few_round_numbers_in_the_signs_of_the_language():
    assert words(draw(series("2015 0, 2016 2000"), language="ru"))[:3] == [
        "0",
        "1\N{NO-BREAK SPACE}000",
        "2\N{NO-BREAK SPACE}000",
    ]


def test_zero_is_on_the_axis_where_it_is_near():
    assert draw(series("2015 3, 2016 9")).find(f".//{SVG}path[@class='zero']") is not None
    assert draw(series("2015 98, 2016 99")).find(f".//{SVG}path[@class='zero']") is None


def test_a_chart_says_what_it_shows():
    svg = draw(series("2015 1, 2016 2"), title="A <chart>", description="2 in 2016, up & away")
    assert svg.get("role") == "img"
    assert svg.findtext(f"{SVG}title") == "A <chart>"
    assert svg.findtext(f"{SVG}desc") == "2 in 2016, up & away"


def test_names_cannot_break_out_of_the_drawing():
    hostile = "</text><script>alert(1)</script>"
    svg = draw({hostile: series("2015 1, 2016 2"), "other": series("2015 3, 2016 4")})
    assert svg.find(f".//{SVG}script") is None
    assert any(hostile in text for text in words(svg))


def test_series_differ_by_dash_and_marker_not_only_by_colour():
    svg = draw({"a": series("2015 1, 2016 2"), "b": series("2015 3, 2016 4"), "c": series("2015 5, 2016 6")})
    groups = [svg.find(f".//{SVG}g[@class='s{n}']") for n in range(3)]
    dashes = [group.find(f"{SVG}path[@stroke-linejoin]").get("stroke-dasharray") for group in groups]
    assert len(set(dashes)) == 3


def test_nothing_to_draw_is_no_chart():
    assert charts.line(series("2015 -/Q")) == ""
    assert charts.spark(None) == ""
    assert charts.spark(series("2015 1")) == ""
    assert charts.multiples({"a": series("2015 -/Q")}) == {}


def bands(svg):
    return [path.get("d") for path in svg.findall(f".//{SVG}g[@class='band b0']/{SVG}path")]


def test_an_interval_is_a_band_around_the_line():
    drawn = draw(series("2015 5, 2016 6"), intervals={"": {"2015": (4, 6), "2016": (5, 7)}})
    assert len(bands(drawn)) == 1
    assert bands(drawn)[0].endswith("Z")


def test_a_band_is_not_drawn_over_a_gap_or_a_break():
    intervals = {"": {str(year): (year - 2011, year - 2009) for year in range(2015, 2020)}}
    drawn = draw(series("2015 5, 2016 6, 2018 8/B, 2019 9"), intervals=intervals)
    assert [path.count("L") for path in bands(drawn)] == [3, 3]


def test_the_interval_of_a_point_that_stands_alone_is_a_bar():
    drawn = draw(series("2015 5"), intervals={"": {"2015": (4, 6)}})
    assert len(bands(drawn)) == 1
    assert "V" in bands(drawn)[0]


def test_the_axis_holds_the_intervals_too():
    plain = draw(series("2015 50, 2016 60"))
    banded = draw(series("2015 50, 2016 60"), intervals={"": {"2015": (10, 90)}})
    assert words(plain)[:2] != words(banded)[:2]
    assert "100" in words(banded)


def test_an_interval_of_a_figure_that_is_not_there_is_not_drawn():
    drawn = draw(series("2015 5, 2016 -/Q"), intervals={"": {"2016": (4, 6)}})
    assert bands(drawn) == []


def test_every_value_has_a_place_that_says_it():
    drawn = draw(series("2015 5, 2016 6/P"), points=True, intervals={"": {"2015": (4, 6)}})
    said = [place.get("data-words") for place in drawn.iter(f"{SVG}circle") if place.get("data-words")]
    assert said == ["2015: 5 (4–6)", "2016: 6, provisional"]


def test_the_words_of_a_place_cannot_break_out_of_their_attribute():
    drawn = draw({'"><script>': series("2015 1"), "b": series("2015 2")}, points=True)
    assert drawn.find(f".//{SVG}script") is None


def test_small_multiples_share_the_target_and_the_room_for_intervals():
    many = {name: series("2015 50, 2016 60") for name in "abcdef"}
    drawn = charts.multiples(many, target=Target(40, 2030), intervals={"a": {"2015": (10, 90)}}, points=True)
    svgs = [etree.fromstring(one) for one in drawn.values()]
    assert len({tuple(words(svg)[:2]) for svg in svgs}) == 1
    assert all(svg.find(f".//{SVG}g[@class='target']") is not None for svg in svgs)


def test_twelve_lines_belong_into_small_multiples():
    many = {f"region {n}": series(f"2015 {n}, 2016 {n + 1}") for n in range(12)}
    with pytest.raises(ValueError, match="multiples"):
        charts.line(many)
    drawn = charts.multiples(many)
    assert list(drawn) == list(many)
    assert len({tuple(words(etree.fromstring(one))[:3]) for one in drawn.values()}) == 1  # one axis for all


values = st.floats(-1e9, 1e9, allow_nan=False).map(lambda value: round(value, 4))


@given(st.lists(values, min_size=1, max_size=30), st.integers(2, 3))
def test_the_axis_holds_every_value_in_a_few_steps(found, count):
    low, high, step = charts._rounded(min(found), max(found), count)
    tolerance = 1e-6 * max(abs(low), abs(high), 1)
    assert low - tolerance <= min(found) and max(found) <= high + tolerance
    assert 1 <= round((high - low) / step) <= count + 2


@given(st.dictionaries(st.sampled_from("abcd"), st.lists(values, min_size=1, max_size=5), min_size=1))
def test_no_label_covers_another(found):
    data = {
        label: Series(
            label, tuple(Observation(Period.parse(str(2015 + n)), value) for n, value in enumerate(numbers))
        )
        for label, numbers in found.items()
    }
    svg = draw(data)
    heights = sorted(
        float(text.get("y")) for text in svg.iter(f"{SVG}text") if (text.get("class") or "").startswith("t")
    )
    assert all(below - above >= 12.8 for above, below in itertools.pairwise(heights))


def test_the_axis_names_months_and_quarters_and_years_by_their_number():
    assert {"Q1 2023", "Q2 2023"} <= set(words(draw(series("2023-Q1 1, 2023-Q2 2"))))
    assert {"Mar 2026", "Jun 2026"} <= set(words(draw(series("2026-03 1, 2026-06 2"))))
    assert {"2022", "2023"} <= set(words(draw(series("2022 1, 2023 2"))))
