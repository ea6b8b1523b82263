import pytest

from milepost.catalogue import Indicator, Range, Unit
from milepost.catalogue.definitions import Measured, Source
from milepost.errors import describe
from milepost.values import Text


def define(code, unit="PT", **more):
    return Indicator(
        code=code,
        framework="sdg",
        title=Text(en=code),
        unit=Unit(unit, Text()),
        custodians=(),
        direction="up",
        source=Source("made up"),
        revision=1,
        examples=(),
        **more,
    )


POLICY = define(
    "10.7.2",
    "NUMBER",
    codes=(1.0, 2.0, 3.0, 4.0),
    series=(Measured("SG_CPA_MIGRP", Text(), unit=Unit("PT", Text()), codes=(), limits=Range(0, 100)),),
)
SHARE = define("16.9.1", limits=Range(0, 100), plausible=Range(20, None))


def test_152_percent_under_10_7_2_is_a_fault_with_the_explanation(faults):
    found = faults("Year,Units,Value\n2021,percent,152\n2022,percent,152\n2023,percent,3\n", POLICY)
    (problem,) = found["not-a-class-10-7-2"]
    assert problem.details["rows"] == [2, 3]
    line = describe(problem)
    for words in ('"152" (row 2)', "class", "six policy domains", "4 fully meets", "number of countries"):
        assert words in line


def test_classes_from_1_to_4_for_each_domain_are_right(faults):
    assert faults("Year,Policy area,Value\n2019,Domain 1,3\n2019,Domain 2,4\n2019,,3\n", POLICY) == {}


def test_a_class_is_a_whole_one(faults):
    assert set(faults("Year,Value\n2019,2.5\n", POLICY)) == {"not-a-class-10-7-2"}


def test_a_series_of_the_indicator_has_its_own_bounds(faults):
    text = "series,time_period,obs_value,unit_measure\nSG_CPA_MIGRP,2019,{},PT\n"
    assert faults(text.format("56"), POLICY) == {}
    assert set(faults(text.format("156"), POLICY)) == {"outside-limits"}


def test_other_indicators_in_classes_name_theirs(faults):
    found = faults("Year,Value\n2019,3\n", define("1.b.1", "NUMBER", codes=(0.0, 1.0)))
    assert "has only 0, 1" in describe(found["not-a-class"][0])


@pytest.mark.parametrize("unit", ["percent", "%", "PT", ""])
def test_a_share_outside_0_to_100_is_an_error_where_the_definition_says_so(faults, unit):
    found = faults(f"Year,Units,Value\n2019,{unit},101.5\n2020,{unit},-0.1\n2021,{unit},100\n", SHARE)
    assert found["outside-limits"][0].details["rows"] == [2, 3]
    assert found["outside-limits"][0].details["bounds"] == "0 … 100"
    assert "implausible" not in found


def test_rows_in_another_unit_are_not_held_against_the_definition(faults):
    assert faults("Year,Units,Value\n2019,Number,5000\n2019,percent,99\n", SHARE) == {}
    rate = define("8.8.1", "PER_100000_POP", limits=Range(0, 100))
    assert faults("Year,Units,Value\n2019,per 1 000 000 population,500\n", rate) == {}
    assert set(faults('Year,Units,Value\n2019,"per 100,000 population",500\n', rate)) == {"outside-limits"}


def test_a_value_outside_the_plausible_range_is_a_warning(faults):
    found = faults("Year,Value\n2019,5\n2020,50\n", SHARE)
    assert found["implausible"][0].details["rows"] == [2]
    assert found["implausible"][0].details["bounds"] == "≥ 20"


def test_without_a_definition_percentages_may_exceed_100(faults):
    assert faults("Year,Units,Value\n2019,percent,104.5\n") == {}


@pytest.mark.parametrize("unit", ["Number", "NUMBER", "persons", "тыс. человек", "Number of cases"])
def test_a_count_below_zero_is_an_error(faults, unit):
    found = faults(f"Year,Units,Value\n2019,{unit},-5\n2020,{unit},5\n")
    assert found["negative-count"][0].details["rows"] == [2]


def test_a_balance_below_zero_in_another_unit_is_no_fault(faults):
    assert faults("Year,Units,Value\n2019,percent,-5\n") == {}
    assert faults("Year,Units,Value\n2019,Number per 1000 population,-5\n") == {}


def test_a_value_a_hundred_times_its_neighbours_is_looked_at(faults):
    found = faults("Year,Value\n2015,10\n2016,11\n2017,1200\n2018,12\n")
    assert found["jump"][0].details["rows"] == [4]
    at_the_end = faults("Year,Value\n2015,10\n2016,11\n2017,0.1\n")
    assert at_the_end["jump"][0].details["rows"] == [4]


@pytest.mark.parametrize(
    "values",
    [
        (0.5, 2, 9, 35),  # steady growth
        (10, 1, 800, 9),  # neighbours that do not agree
        (10, 0, 11, 12),  # nothing is no small number
        (10, 11, 1050, 1100),  # a new level
        (10, 1500),  # two values say nothing
    ],
)
def test_growth_zeros_and_new_levels_are_no_jumps(faults, values):
    rows = "\n".join(f"{2015 + i},{value}" for i, value in enumerate(values))
    assert faults(f"Year,Value\n{rows}") == {}


def test_jumps_are_looked_for_within_each_breakdown(faults):
    rows = "\n".join(
        f"{year},{sex},{value}" for sex, value in (("F", 5), ("M", 900)) for year in (2015, 2016, 2017)
    )
    assert faults(f"Year,Sex,Value\n{rows}") == {}


def test_two_values_in_one_year_are_a_conflict_not_a_jump(faults):
    assert set(faults("Year,Value\n2015,10\n2015,5000\n2016,11\n2017,12\n")) == {"conflicting-values"}
