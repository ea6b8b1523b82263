"""What a country adds to the catalogue counts when its figures come in: definitions, areas, categories."""

import datetime

import pytest

from milepost import catalogue
from milepost.recipes import incoming
from milepost.recipes.incoming import National
from milepost.values import Origin, Table, Text

TODAY = datetime.date(2026, 11, 1)
OURS = catalogue.parse(
    catalogue.definition_file("10.7.1")
    .replace("code: 10.7.1", "code: N-1")
    .replace("SL_EMP_RCOST", "XS_PERMITS")
    .replace("minimum: 0", "minimum: 2"),
    Origin("ours.yaml"),
)
NATIONAL = National(
    {"N-1": OURS},
    {
        "areas": {"NORTH": Text(en="Northern district", ru="Северный округ"), "901-1": Text(en="South")},
        "sex": {"X": Text(en="Third")},
        "permit": {"SEAS": Text(en="Seasonal"), "PERM": Text(en="Permanent")},
    },
)
LISTED = {"N-1", "8.8.1"}


def table(*rows, headers):
    return Table("t", headers.split("|"), [tuple(row.split("|")) for row in rows], Origin("t.csv"))


def understood(one, national=NATIONAL):
    return incoming.suggest([one], country_m49="901", indicators=LISTED, national=national)


def read(one, reading, national=NATIONAL):
    return incoming.read_rows(
        [one], reading, indicators=LISTED, country_m49="901", today=TODAY, national=national
    )


def test_a_national_region_is_known_by_its_name_in_every_language_and_by_its_code():
    one = table(
        "8.8.1|2024|Северный округ|1", "8.8.1|2024|north|2", "8.8.1|2024|901-1|3", "8.8.1|2024|South|4",
        headers="Indicator|Year|Region|Value",
    )  # fmt: skip
    how, unknown = understood(one)
    assert unknown == []
    found = read(one, how)
    assert [each.quantity.area for each in found] == ["NORTH", "NORTH", "901-1", "901-1"]
    assert not any(each.problems for each in found)


def test_without_the_country_a_national_name_is_asked_for():
    one = table("8.8.1|2024|Northern district|1", headers="Indicator|Year|Region|Value")
    _how, unknown = understood(one, National())
    assert [(each.kind, each.text) for each in unknown] == [("word", "Northern district")]


def test_a_category_that_the_country_added_to_a_closed_list_is_accepted():
    one = table("8.8.1|2024|third|1", "8.8.1|2024|X|2", headers="Indicator|Year|Sex|Value")
    how, unknown = understood(one)
    assert unknown == []
    assert {each.cells["sex"] for each in read(one, how)} == {"X"}
    assert "word-without-code" in {fault.code for fault in read(one, how, National())[1].problems}


def test_a_list_of_its_own_is_a_dimension_whose_words_are_looked_up():
    one = table(
        "8.8.1|2024|seasonal|1", "8.8.1|2024|PERM|2", "8.8.1|2024|weekly|3",
        headers="Indicator|Year|Permit|Value",
    )  # fmt: skip
    how, unknown = understood(one)
    assert how.columns["Permit"] == "permit"
    assert [(each.concept, each.text) for each in unknown] == [("permit", "weekly")]
    found = read(one, how)
    assert [dict(each.quantity.breakdown) for each in found[:2]] == [{"permit": "SEAS"}, {"permit": "PERM"}]
    assert [fault.code for fault in found[2].problems] == ["word-without-code"]


def test_a_name_that_two_codes_have_is_for_a_person():
    ours = National(codes={"areas": {"A-1": Text(en="Centre"), "A-2": Text(en="centre", ru="Центр")}})
    one = table("8.8.1|2024|Centre|1", "8.8.1|2024|Центр|1", headers="Indicator|Year|Region|Value")
    _how, unknown = understood(one, ours)
    assert [each.text for each in unknown] == ["Centre"]


def test_a_national_indicator_is_told_by_its_code_and_by_its_series():
    one = table("n-1: Permits|2024|5", headers="Indicator|Year|Value")
    (found,) = read(one, understood(one)[0])
    assert (found.indicator, found.problems) == ("N-1", ())
    two = table("XS_PERMITS|2024|5", headers="Series|Year|Value")
    how, unknown = understood(two)
    assert unknown == []
    assert read(two, how)[0].indicator == "N-1"


@pytest.mark.parametrize(("value", "faults"), [("1", ["value-impossible"]), ("3", [])])
def test_the_limits_of_the_national_definition_hold(value, faults):
    one = table(f"N-1|2024|{value}", headers="Indicator|Year|Value")
    (found,) = read(one, understood(one)[0])
    assert [fault.code for fault in found.problems] == faults


def test_a_national_definition_takes_the_place_of_the_one_that_ships_also_under_another_code():
    ours = catalogue.parse(catalogue.definition_file("10.3.1"), Origin("ours.yaml"))
    national = National({"10.3.1": ours})
    assert national.definition("16.b.1") is ours
    assert national.definition("8.8.1") is catalogue.indicator("8.8.1")
    assert national.definition("N-9") is None


def test_rows_are_understood_the_same_when_they_are_judged_again():
    one = table(
        "8.8.1|2024|Northern district|seasonal|third|1", headers="Indicator|Year|Region|Permit|Sex|Value"
    )
    (first,) = read(one, understood(one)[0])
    (again,) = incoming.read_cells(
        [(1, "", 2, first.cells)], indicators=LISTED, country_m49="901", today=TODAY, national=NATIONAL
    )
    assert (again.key, again.problems) == (first.key, ())
    assert first.key


def test_a_bound_beside_no_value_is_refused():
    one = table("8.8.1|2024||Q|1|", "8.8.1|2025||O||9", "8.8.1|2023|5|A|4|6",
                headers="Indicator|Year|Value|Status|Lower|Upper")  # fmt: skip
    found = read(one, understood(one)[0])
    assert [[(fault.code, fault.origin.column) for fault in each.problems] for each in found] == [
        [("bound-without-value", "Lower")],
        [("bound-without-value", "Upper")],
        [],
    ]
    assert [bool(each.key) for each in found] == [False, False, True]
