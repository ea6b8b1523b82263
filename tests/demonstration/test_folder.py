import csv
from collections import Counter

import pytest
import yaml

from milepost import demonstration

FOLDER = demonstration.folder()
TOTALS = {
    "3-c-1": 450,
    "8-7-1": 89,
    "8-8-1": 734,
    "10-2-1": 162,
    "10-7-2": 7,
    "10-7-4": 25,
    "16-2-2": 93,
    "16-9-1": 91,
    "17-3-2": 24,
    "17-18-1": 18,
}
CONFIGURED_WITHOUT_DATA = {"8-8-2", "10-7-1", "10-c-1"}
NOT_BREAKDOWNS = ["Year", "Series", "Units", "REPORTING_TYPE", "OBS_STATUS", "NATURE", "Value"]


def rows(code):
    with (FOLDER / "data" / f"indicator_{code}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def metadata(code):
    return yaml.safe_load((FOLDER / "meta" / f"{code}.yml").read_text(encoding="utf-8"))


def words(language):
    paths = (FOLDER / "translations" / language).glob("*.yml")
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths}


def test_every_observation_is_there():
    assert {code: len(rows(code)) for code in TOTALS} == TOTALS
    assert sum(TOTALS.values()) == 1693
    assert len(list((FOLDER / "data").iterdir())) == len(TOTALS)


def test_every_indicator_has_metadata_and_a_status_as_on_the_platform():
    codes = {path.stem for path in (FOLDER / "meta").iterdir()}
    assert codes == set(TOTALS) | CONFIGURED_WITHOUT_DATA
    assert {
        code for code in codes if metadata(code)["reporting_status"] == "notstarted"
    } == CONFIGURED_WITHOUT_DATA
    assert {metadata(code)["reporting_status"] for code in TOTALS} == {"complete"}


def test_known_figures_stand_where_they_were_published():
    refugees = {row["Year"]: row["Value"] for row in rows("10-7-4")}
    assert (refugees["2015"], refugees["2024"]) == ("41.2417", "46.93006")
    victims = [row for row in rows("16-2-2") if row["Year"] == "2023" and row["Series"] == "VC_HTF_DETV"]
    assert [row["Value"] for row in victims if row["SEX"] == row["AGE"] == row["REF_AREA"] == ""] == ["17"]
    assert {row["SEX"]: row["Value"] for row in victims if row["SEX"]} == {"M": "13", "F": "4"}
    remittances = {row["Year"]: row["Value"] for row in rows("17-3-2")}
    assert remittances["2023"].startswith("20.37")


def test_the_counts_by_breakdown_are_those_of_the_source():
    everything = [row for code in TOTALS for row in rows(code)]
    assert Counter(row.get("SEX", "") for row in everything) == {"": 914, "M": 467, "F": 308, "_U": 4}
    assert Counter(row.get("REF_AREA", "") for row in everything)[""] == 407 + 74
    assert Counter(row["REPORTING_TYPE"] for row in everything) == {"N": 1619, "G": 74}
    assert Counter(row["OBS_STATUS"] for row in everything) == {"A": 1693}
    assert Counter(row["NATURE"] for row in everything) == {"C": 1651, "G": 40, "E": 2}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_code_has_a_name_in_both_languages(language):
    known = words(language)
    for code in TOTALS:
        for row in rows(code):
            for column, cell in row.items():
                if column in ("Year", "Value", "REPORTING_TYPE", "OBS_STATUS", "NATURE"):
                    continue
                assert column in known[column]
                assert not cell or known[column][cell]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_key_in_the_metadata_is_translated(language):
    known = words(language)
    keys = ("indicator_name", "goal_name", "target_name", "computation_units", "computation_definitions")
    for code in set(TOTALS) | CONFIGURED_WITHOUT_DATA:
        found = metadata(code)
        for field in (
            *keys,
            "comments_limitations",
            "source_organisation_1",
            "national_geographical_coverage",
        ):
            if field in found:
                group, key = found[field].split(".", 1)
                assert known[group][key], (code, field)


def test_only_columns_that_break_down_count_as_breakdowns():
    configured = yaml.safe_load((FOLDER / "config_data.yml").read_text(encoding="utf-8"))
    assert configured["indicator_options"]["non_disaggregation_columns"] == NOT_BREAKDOWNS
    assert configured["languages"] == ["en", "ru"]


def test_no_target_is_invented():
    options = {
        code: metadata(code).get("progress_calculation_options", [])
        for code in set(TOTALS) | CONFIGURED_WITHOUT_DATA
    }
    targets = {
        code: option["target"] for code, found in options.items() for option in found if "target" in option
    }
    assert targets == {"10-c-1": 3}


def test_what_has_no_better_direction_is_not_assessed():
    undirected = {code for code in TOTALS if not metadata(code)["auto_progress_calculation"]}
    assert undirected == {"10-7-4", "16-2-2", "17-3-2"}


def test_keys_repeat_only_where_the_readme_says_so():
    for code in TOTALS:
        keys = Counter(tuple(cell for column, cell in row.items() if column != "Value") for row in rows(code))
        repeated = sum(count for count in keys.values() if count > 1)
        assert repeated == (35 if code == "8-7-1" else 0), code
    assert "32 rows" in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_the_source_is_named():
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert "National Statistical Committee of the Kyrgyz Republic" in readme
    assert "August 2025" in readme and "not an official site" in readme
