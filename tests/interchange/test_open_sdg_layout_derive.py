"""Published cells, headline and edges of small tables."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.interchange.open_sdg import derive
from milepost.values import Origin, Table

ASIDE = ("Year", "Units", "Series", "Value", "GeoCode")


def table(text: str) -> Table:
    header, *rows = [tuple(line.strip().split(",")) for line in text.strip().splitlines()]
    return Table("1-1-1", header, rows, Origin("data/indicator_1-1-1.csv"))


def lines(found: Table) -> list[str]:
    return [",".join(row) for row in (found.columns, *found.rows)]


# Headline


def test_the_headline_is_the_rows_without_any_breakdown():
    found = derive.headline(
        table("""
            Year,Sex,Age,Value
            2015,,,10
            2015,Female,,11
            2015,,15-24,12
            2016,,,13
        """),
        ASIDE,
    )
    assert lines(found) == ["Year,Value", "2015,10", "2016,13"]
    assert [found.line(0), found.line(1)] == [2, 5]


def test_the_headline_keeps_units_and_series_after_year_and_value_in_the_configured_order():
    found = derive.headline(
        table("""
            Year,Series,GeoCode,Sex,Units,Value
            2015,Rate,KG02,,percent,10
            2015,Rate,,Male,percent,11
        """),
        ASIDE,
    )
    assert lines(found) == ["Year,Value,Units,Series,GeoCode", "2015,10,percent,Rate,KG02"]


def test_conflicting_rows_both_stay_in_the_headline():
    found = derive.headline(table("Year,Sex,Value\n2015,,10\n2015,,99"), ASIDE)
    assert lines(found) == ["Year,Value", "2015,10", "2015,99"]


def test_a_spelled_total_is_a_breakdown_like_any_other():
    found = derive.headline(table("Year,Sex,Value\n2015,Total,10\n2015,Insgesamt,10"), ASIDE)
    assert lines(found) == ["Year,Value"]


def test_a_comment_on_the_observation_is_a_breakdown_unless_configured_otherwise():
    commented = table("Year,COMMENT_OBS,Value\n2015,estimate,10")
    assert lines(derive.headline(commented, ASIDE)) == ["Year,Value"]
    assert lines(derive.headline(commented, (*ASIDE, "COMMENT_OBS"))) == [
        "Year,Value,COMMENT_OBS",
        "2015,10,estimate",
    ]


def test_without_breakdown_columns_every_row_is_headline():
    assert lines(derive.headline(table("Year,Value\n2015,10\n2016,"), ASIDE)) == [
        "Year,Value",
        "2015,10",
        "2016,",
    ]


@pytest.mark.parametrize("cell", ["", "NA", "N/A", "n/a", "nan", "null", "None"])
def test_a_cell_that_the_platform_takes_for_blank_is_no_breakdown(cell):
    assert lines(derive.headline(table(f"Year,Sex,Value\n2015,{cell},10"), ASIDE)) == [
        "Year,Value",
        "2015,10",
    ]


# Edges


def test_a_column_filled_in_only_where_another_is_becomes_its_child():
    found = derive.edges(
        table("""
            Year,District,Region,Value
            2015,,,1
            2015,,North,2
            2015,Hill,North,3
        """),
        ASIDE,
    )
    assert found == [("Region", "District")]


def test_of_two_columns_always_filled_in_together_the_left_one_is_the_parent():
    assert derive.edges(table("Year,Age,Sex,Value\n2015,,,1\n2015,15-24,Male,2"), ASIDE) == [("Age", "Sex")]


def test_columns_that_also_occur_alone_have_no_edge():
    assert derive.edges(table("Year,Age,Sex,Value\n2015,15-24,,1\n2015,,Male,2"), ASIDE) == []


def test_a_blank_column_is_neither_parent_nor_child():
    assert derive.edges(table("Year,Age,Sex,Value\n2015,,Male,1\n2015,NA,Female,2"), ASIDE) == []


def test_a_grandparent_is_not_named_as_parent():
    found = derive.edges(
        table("""
            Year,Country,Region,District,Value
            2015,A,,,1
            2015,A,North,,2
            2015,A,North,Hill,3
        """),
        ASIDE,
    )
    assert found == [("Country", "Region"), ("Region", "District")]


def test_a_child_can_have_two_parents():
    found = derive.edges(
        table("""
            Year,Region,Age,Sex,Value
            2015,North,,,1
            2015,,15-24,,2
            2015,North,15-24,Male,3
        """),
        ASIDE,
    )
    assert found == [("Region", "Sex"), ("Age", "Sex")]


def test_units_series_and_geocode_have_no_edges():
    assert derive.edges(table("Year,Units,Series,GeoCode,Sex,Value\n2015,%,Rate,KG02,Male,1"), ASIDE) == []


@given(st.lists(st.lists(st.sampled_from(["", "x"]), min_size=5, max_size=5), min_size=1, max_size=6))
def test_edges_are_the_direct_steps_of_being_filled_in_only_where_another_is(rows):
    names = ("A", "B", "C", "D", "E")
    source = Table("1-1-1", ("Year", *names, "Value"), [("2015", *row, "1") for row in rows], Origin("x.csv"))

    def is_above(parent: int, child: int) -> bool:
        only_within = all(row[parent] for row in rows if row[child])
        as_often = only_within and all(row[child] for row in rows if row[parent])
        used = any(row[child] for row in rows)
        return used and parent != child and only_within and (not as_often or parent < child)

    numbers = range(5)
    expected = {
        (names[parent], names[child])
        for parent in numbers
        for child in numbers
        if is_above(parent, child)
        and not any(is_above(parent, between) and is_above(between, child) for between in numbers)
    }
    found = derive.edges(source, ASIDE)
    assert set(found) == expected and len(found) == len(expected)
    assert found == sorted(found, key=lambda edge: tuple(sorted(names.index(end) for end in edge)))


# Published cells


def published(text: str) -> tuple[list[str], dict[str, str]]:
    found, kinds = derive.published(table(text))
    return lines(found), kinds


def test_whole_numbers_are_printed_without_point_and_zeros_in_front():
    assert published("Year,Value\n2015,007\n2016,+5") == (
        ["Year,Value", "2015,7", "2016,5"],
        {"Year": "integer", "Value": "integer"},
    )


def test_whole_numbers_with_a_blank_among_them_are_printed_with_decimals():
    assert published("Year,Value\n2015,7\n2016,")[0] == ["Year,Value", "2015,7.0", "2016,"]


def test_one_decimal_makes_all_numbers_of_the_column_decimal():
    found, kinds = published("Year,Value\n2015,7\n2016,1.50\n2017,1e3")
    assert found == ["Year,Value", "2015,7.0", "2016,1.5", "2017,1000.0"]
    assert kinds["Value"] == "decimal"


def test_one_word_makes_the_column_text_and_leaves_it_as_written():
    found, kinds = published("Year,Value\n2015,7.50\n2016,<5\n2017,NA")
    assert found == ["Year,Value", "2015,7.50", "2016,<5", "2017,"]
    assert kinds["Value"] == "text"


def test_numbers_between_year_and_value_are_printed_alike_but_stay_text():
    found, kinds = published("Year,Grade,Value\n2015,01,1\n2016,,1")
    assert found == ["Year,Grade,Value", "2015,1.0,1", "2016,,1"]
    assert "Grade" not in kinds


def test_year_comes_first_and_value_last():
    assert published("Value,Sex,Year\n1,Male,2015")[0] == ["Year,Sex,Value", "2015,Male,1"]


def test_a_span_of_years_makes_the_year_text():
    found, kinds = published("Year,Value\n2018/19,1\n2020,2")
    assert found == ["Year,Value", "2018/19,1", "2020,2"] and kinds["Year"] == "text"


def test_an_indicator_without_data_has_year_and_value():
    found, kinds = derive.published(Table("1-1-1", (), (), Origin("meta/1-1-1.md")))
    assert found.columns == ("Year", "Value") and not found.rows and not kinds


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "2"], "integer"),
        (["1", ""], "decimal"),
        ([""], "decimal"),
        ([".5", "5.", "-3", " 1e-3 "], "decimal"),
        (["inf", "1"], "decimal"),
        (["TRUE", "false"], "truth"),
        (["TRUE", "1"], "text"),
        (["1,5"], "text"),
        (["1_000"], "text"),
        (["١"], "text"),
        (["9" * 5000], "decimal"),
    ],
)
def test_the_kind_of_a_column_is_told_from_its_cells(cells, kind):
    assert derive.column_kind(cells) == kind
    for cell in cells:
        derive.published_cell(cell, kind)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_published_number_is_the_number_of_the_source(number):
    assert float(derive.published_cell(repr(number), "decimal")) == number
