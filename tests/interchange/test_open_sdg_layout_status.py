"""Reporting and disaggregation status, by indicator and in total."""

import pytest

from milepost.interchange.open_sdg import status
from milepost.values import Origin, Table

ASIDE = ("Year", "Units", "Series", "Value")


def table(*columns: str, rows: int = 1) -> Table:
    return Table("1-1-1", columns, [tuple("x" for _ in columns)] * rows, Origin("x.csv"))


def counts(report: dict) -> dict[str, int]:
    return {each["status"]: each["count"] for each in report["statuses"]}


# One indicator


@pytest.mark.parametrize(
    ("meta", "has_data", "expected"),
    [
        ({"reporting_status": "inprogress"}, True, "inprogress"),
        ({}, True, "complete"),
        ({}, False, "notstarted"),
        ({"data_non_statistical": True}, False, "complete"),
        ({"data_non_statistical": False}, False, "notstarted"),
        ({"reporting_status": None}, True, "status.not_specified"),
    ],
)
def test_the_reporting_status_is_what_the_metadata_say_or_whether_there_are_data(meta, has_data, expected):
    assert status.reporting_status(meta, has_data) == expected


@pytest.mark.parametrize(
    ("wanted", "columns", "expected"),
    [
        (["Sex", "Age"], ("Year", "Sex", "Age", "Value"), "complete"),
        (["Sex", "Age"], ("Year", "Sex", "Region", "Value"), "inprogress"),
        (["Sex", "Age"], ("Year", "Region", "Value"), "notstarted"),
        (["Sex", "Age"], ("Year", "Value"), "notstarted"),
        (["Units"], ("Year", "Units", "Value"), "notstarted"),
        ([], ("Year", "Sex", "Value"), "notapplicable"),
        (None, ("Year", "Sex", "Value"), "notapplicable"),
        ("Sex", ("Year", "Sex", "Value"), "complete"),
    ],
)
def test_the_disaggregation_status_compares_expected_with_actual_columns(wanted, columns, expected):
    assert (
        status.disaggregation_status({"expected_disaggregations": wanted}, table(*columns), ASIDE) == expected
    )


def test_columns_without_a_row_are_no_disaggregation():
    empty = table("Year", "Sex", "Value", rows=0)
    assert status.disaggregation_status({"expected_disaggregations": ["Sex"]}, empty, ASIDE) == "notstarted"


def test_every_indicator_gets_its_numbers_and_a_sortable_order():
    assert status.with_minimum("10-7-3", {}, True) == {
        "indicator_number": "10.7.3",
        "target_number": "10.7",
        "goal_number": "10",
        "reporting_status": "complete",
        "data_non_statistical": False,
        "graph_type": "line",
        "indicator_sort_order": "10-07-03",
        "indicator_name": "global_indicators.10-7-3-title",
        "graph_title": "global_indicators.10-7-3-title",
    }


def test_the_name_that_an_input_gives_is_also_the_title_of_the_graph():
    full = status.with_minimum("10-7-3", {"graph_title": "Deaths"}, True, "Migrants who died")
    assert (full["indicator_name"], full["graph_title"]) == ("Migrants who died", "Deaths")
    assert status.with_minimum("10-7-3", {}, True, "Migrants who died")["graph_title"] == "Migrants who died"


def test_what_the_metadata_already_say_is_kept_even_if_it_is_empty():
    full = status.with_minimum("1-a-2", {"goal_number": "2", "graph_type": None}, False)
    assert full["goal_number"] == "2" and full["graph_type"] is None
    assert full["indicator_sort_order"] == "01-0a-02" and full["reporting_status"] == "notstarted"


def test_a_standalone_indicator_is_its_own_goal_and_target():
    full = status.with_minimum("remittance-cost", {"standalone": True}, True)
    assert (full["indicator_number"], full["target_number"], full["goal_number"]) == ("remittance-cost",) * 3


def test_an_archived_indicator_is_its_own_goal_by_the_first_part_of_its_code():
    assert status.with_minimum("archived-1-1-1", {}, True)["goal_number"] == "archived"


# Reporting


def metas(**statuses: str) -> dict:
    """One indicator for each goal_number: g1a="complete" is an indicator of goal 1."""
    return {
        name: {"reporting_status": value, "goal_number": name[1:].rstrip("abc")}
        for name, value in statuses.items()
    }


def test_reporting_counts_statuses_by_goal_in_numerical_order():
    found = status.reporting(metas(g10a="complete", g2a="notstarted", g2b="complete", g2c="complete"))
    assert found == {
        "statuses": [{"value": "complete"}, {"value": "notstarted"}],
        "overall": {
            "statuses": [
                {"status": "complete", "count": 3, "percentage": 75.0},
                {"status": "notstarted", "count": 1, "percentage": 25.0},
            ],
            "totals": {"total": 4},
        },
        "extra_fields": {},
        "goals": [
            {
                "goal": 2,
                "statuses": [
                    {"status": "complete", "count": 2, "percentage": 66.667},
                    {"status": "notstarted", "count": 1, "percentage": 33.333},
                ],
                "totals": {"total": 3},
            },
            {
                "goal": 10,
                "statuses": [
                    {"status": "complete", "count": 1, "percentage": 100.0},
                    {"status": "notstarted", "count": 0, "percentage": 0.0},
                ],
                "totals": {"total": 1},
            },
        ],
    }


def test_standalone_indicators_and_placeholders_are_not_counted_in_reporting():
    all_of_them = metas(g1a="complete", g1b="complete", g1c="complete")
    all_of_them["g1b"]["standalone"] = True
    all_of_them["g1c"]["placeholder"] = "Coming soon"
    assert status.reporting(all_of_them)["overall"]["totals"] == {"total": 1}


def test_an_empty_placeholder_and_standalone_false_are_counted():
    counted = metas(g1a="complete")
    counted["g1a"] |= {"placeholder": "", "standalone": False}
    assert status.reporting(counted)["overall"]["totals"] == {"total": 1}


def test_extra_fields_are_counted_too_and_a_missing_value_is_named_as_such():
    indicators = metas(g1a="complete", g2a="complete")
    indicators["g1a"]["un_designated_tier"] = "2"
    found = status.reporting(indicators, ["un_designated_tier"])["extra_fields"]["un_designated_tier"]
    assert [each["un_designated_tier"] for each in found] == ["2", "status.not_specified"]


def test_goals_are_numbers_only_if_all_of_them_are():
    found = status.reporting({**metas(g10a="complete", g2a="complete"), "x": {"goal_number": "archived"}})
    assert [each["goal"] for each in found["goals"]] == ["10", "2", "archived"]


def test_an_indicator_without_status_counts_in_the_total_only():
    found = status.reporting({**metas(g1a="complete"), "x": {"goal_number": "1"}})
    assert counts(found["overall"]) == {"complete": 1} and found["overall"]["totals"] == {"total": 2}


def test_a_platform_without_indicators_has_nothing_to_report():
    assert status.reporting({})["overall"] == {"statuses": [], "totals": {"total": 0}}


# Disaggregation


def test_disaggregation_counts_each_indicator_once_by_goal_in_natural_order():
    codes = {
        "10-1-1": "complete",
        "2-1-1": "notstarted",
        "archived-2-1-1": "notapplicable",
        "2-1-2": "inprogress",
    }
    found = status.disaggregation({code: {} for code in codes}, codes)
    assert [each["value"] for each in found["statuses"]] == [
        "complete",
        "inprogress",
        "notstarted",
        "notapplicable",
    ]
    assert counts(found["overall"]) == {"complete": 1, "inprogress": 1, "notstarted": 1, "notapplicable": 1}
    assert [each["goal"] for each in found["goals"]] == ["2", "10", "archived"]
    assert counts(found["goals"][0]) == {"complete": 0, "inprogress": 1, "notstarted": 1, "notapplicable": 0}
    assert found["overall"]["statuses"][0]["percentage"] == 25.0


def test_standalone_indicators_and_placeholders_are_not_counted_in_disaggregation():
    codes = dict.fromkeys(("1-1-1", "1-1-2", "1-1-3"), "complete")
    indicators = {"1-1-1": {}, "1-1-2": {"standalone": True}, "1-1-3": {"placeholder": "Soon"}}
    assert status.disaggregation(indicators, codes)["overall"]["totals"] == {"total": 1}


def test_out_of_scope_can_be_left_out_while_its_goal_stays():
    codes = {"1-1-1": "notapplicable", "2-1-1": "complete"}
    found = status.disaggregation({code: {} for code in codes}, codes, ignore_out_of_scope=True)
    assert counts(found["overall"]) == {"complete": 1, "inprogress": 0, "notstarted": 0}
    assert [(each["goal"], each["totals"]["total"]) for each in found["goals"]] == [("1", 0), ("2", 1)]
    assert found["goals"][0]["statuses"][0]["percentage"] == 0.0


def test_extra_fields_of_disaggregation_leave_out_indicators_without_the_field():
    codes = {"1-1-1": "complete", "1-1-2": "complete"}
    found = status.disaggregation({"1-1-1": {"tier": "1"}, "1-1-2": {}}, codes, ["tier"])
    assert [(each["tier"], each["totals"]["total"]) for each in found["extra_fields"]["tier"]] == [("1", 1)]
