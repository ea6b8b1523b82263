import pytest

from milepost.errors import describe


def test_women_and_men_that_do_not_add_up_to_the_total_are_told_with_all_numbers(faults):
    found = faults(
        """
        Year,Units,Sex,Value
        2022,Number,,17
        2022,Number,M,13
        2022,Number,F,4
        2023,Number,,20
        2023,Number,M,13
        2023,Number,F,4
        """
    )
    (problem,) = found["parts-and-total"]
    details = problem.details
    assert (details["breakdown"], details["count"], details["groups"]) == ("Sex", 1, 2)
    assert (details["parts"], details["sum"], details["total"]) == ("M 13 + F 4", "17", "20")
    assert (details["rows"], details["part_rows"], details["tolerance"]) == ([5], [6, 7], "0")
    assert "Both are kept" in describe(problem)


def test_sdmx_totals_are_checked_by_the_same_rule(faults):
    found = faults(
        """
        series,sex,age,time_period,obs_value,unit_measure
        VC_HTF_DETV,_T,_T,2023,20,NUMBER
        VC_HTF_DETV,F,_T,2023,4,NUMBER
        VC_HTF_DETV,M,_T,2023,13,NUMBER
        VC_HTF_DETV,F,Y0T17,2023,1,NUMBER
        VC_HTF_DETV,F,Y_GE18,2023,3,NUMBER
        """
    )
    (problem,) = found["parts-and-total"]
    assert problem.details["breakdown"] == "sex"


def test_each_breakdown_is_checked_within_the_others(faults):
    found = faults(
        """
        Year,Units,Sex,Region,Value
        2022,persons,,,100
        2022,persons,F,,60
        2022,persons,M,,40
        2022,persons,,North,70
        2022,persons,,South,30
        2022,persons,F,North,45
        2022,persons,F,South,16
        """
    )
    (problem,) = found["parts-and-total"]
    assert problem.details["key"] == "Year 2022, Units persons, Sex F"
    assert (problem.details["breakdown"], problem.details["groups"]) == ("Region", 2)


@pytest.mark.parametrize(
    ("total", "parts", "adds_up"),
    [
        ("100", ("60", "40"), True),
        ("100", ("60", "39"), False),  # people are counted exactly
        ("233930", ("158372", "75557"), True),  # large numbers within rounding
        ("233930", ("158372", "69548"), False),
        ("10.1", ("5.0", "5.0"), True),  # half a unit of the last decimal each
        ("10.3", ("5.0", "5.0"), False),
        ("0", ("0", "0"), True),
    ],
)
def test_rounding_is_allowed_for_and_nothing_more(faults, total, parts, adds_up):
    text = f"Year,Units,Sex,Value\n2022,Number,,{total}\n2022,Number,F,{parts[0]}\n2022,Number,M,{parts[1]}\n"
    assert ("parts-and-total" not in faults(text)) is adds_up


@pytest.mark.parametrize("unit", ["percent", "PT", "per 100,000 population", "на 1000 населения", "ratio"])
def test_shares_and_rates_are_not_added(faults, unit):
    text = f'Year,Units,Sex,Value\n2022,"{unit}",,50\n2022,"{unit}",F,48\n2022,"{unit}",M,53\n'
    assert faults(text) == {}


def test_without_a_unit_an_average_is_told_from_a_count_by_its_figures(faults):
    assert faults("Year,Sex,Value\n2022,,50\n2022,F,48\n2022,M,53\n") == {}
    assert set(faults("Year,Sex,Value\n2022,,100\n2022,F,60\n2022,M,30\n")) == {"parts-and-total"}


def test_average_wages_are_amounts_that_are_not_added(faults):
    assert faults("Year,Units,Sex,Value\n2022,dram,,171615\n2022,dram,F,135492\n2022,dram,M,203657\n") == {}


def test_hours_that_are_called_a_number_are_told_from_counts_by_their_figures_series_by_series(faults):
    found = faults(
        """
        series,sex,time_period,obs_value,unit_measure
        SL_DOM_TSPDCW,_T,2017,21.4,NUMBER
        SL_DOM_TSPDCW,M,2017,14.6,NUMBER
        SL_DOM_TSPDCW,F,2017,26.0,NUMBER
        VC_HTF_DETV,_T,2017,20,NUMBER
        VC_HTF_DETV,M,2017,13,NUMBER
        VC_HTF_DETV,F,2017,4,NUMBER
        """
    )
    assert found["parts-and-total"][0].details["rows"] == [5]


def test_persons_cannot_be_fewer_in_all_than_in_one_part(faults):
    found = faults("Year,Units,Sex,Value\n2022,persons,,50\n2022,persons,F,48\n2022,persons,M,53\n")
    assert set(found) == {"parts-and-total"}


def test_groups_with_a_missing_part_or_total_are_left_alone(faults):
    text = """
        Year,Units,Sex,OBS_STATUS,Value
        2022,Number,,A,20
        2022,Number,F,Q,
        2022,Number,M,A,13
        2023,Number,F,A,4
        2023,Number,M,A,13
        2024,Number,,A,20
        2024,Number,M,A,13
        """
    assert faults(text) == {}


def test_overlapping_age_groups_are_no_parts(faults):
    text = """
        Year,Units,Age,Value
        2022,Number,,100
        2022,Number,0-14,30
        2022,Number,0-17,40
        2022,Number,18+,60
        """
    assert faults(text) == {}


def test_age_groups_side_by_side_are_parts(faults):
    text = """
        Year,Units,Age,Value
        2022,Number,,100
        2022,Number,under 15,30
        2022,Number,15-64,40
        2022,Number,65 and over,20
        """
    assert faults(text)["parts-and-total"][0].details["sum"] == "90"


def test_categories_far_from_the_total_are_no_division_of_it(faults):
    text = """
        Year,Units,Group,Value
        2022,Number,,100
        2022,Number,employed,90
        2022,Number,urban,70
        2022,Number,disabled,10
        """
    assert faults(text) == {}


def test_geocodes_beside_regions_do_not_hide_the_total(faults):
    text = """
        Year,Units,Region,GeoCode,Value
        2022,Number,,,100
        2022,Number,North,KG1,60
        2022,Number,South,KG2,30
        """
    assert faults(text)["parts-and-total"][0].details["breakdown"] == "Region"


def test_a_total_that_is_spelled_out_is_a_total_here_too(faults):
    found = faults("Year,Units,Sex,Value\n2022,Number,Total,20\n2022,Number,F,4\n2022,Number,M,13\n")
    assert set(found) == {"spelled-total", "parts-and-total"}
