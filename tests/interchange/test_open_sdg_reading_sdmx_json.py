"""SDMX-JSON data in an Open SDG repository become the same tables as SDMX-ML."""

import json
from pathlib import Path
from typing import Any

import pytest

from milepost.interchange.open_sdg import open_platform, read
from tests.interchange.test_open_sdg_reading_sdmx import STRUCTURE, shown

CONFIGURATION = """\
inputs:
  - class: InputSdmxJson
    source: data/figures.json
    dsd: dsd.xml
    import_codes: true
    drop_singleton_dimensions: false
"""


def component(id: str, *codes: Any) -> dict[str, Any]:
    return {"id": id, "values": [{"id": each, "name": f"{id} {each}"} for each in codes]}


TIME = {"id": "TIME_PERIOD", "values": [{"id": "2020-01", "name": "2020"}, {"id": "2021", "name": "2021"}]}
BY_SERIES = {
    "header": {"id": "x"},
    "dataSets": [
        {
            "action": "Information",
            "series": {
                "0:0": {"attributes": [0], "observations": {"0": [5.10, 0], "1": [None, 1]}},
                "0:1": {"attributes": [None], "observations": {"1": [7, None]}},
                "1:0": {"observations": {"0": [8]}},
            },
        }
    ],
    "structure": {
        "dimensions": {
            "dataSet": [],
            "series": [component("SERIES", "AB", "CD"), component("SEX", "_T", "F")],
            "observation": [TIME],
        },
        "attributes": {
            "series": [component("UNIT_MEASURE", "PT")],
            "observation": [component("OBS_STATUS", "A", "O")],
        },
    },
}
FLAT = {
    "meta": {},
    "data": {
        "dataSets": [{"structure": 0, "observations": {"0:0": [5.1, "see there"], "1:1": [7, None]}}],
        "structures": [
            {
                "dimensions": {
                    "dataSet": [component("SERIES", "AB")],
                    "observation": [
                        component("SEX", "_T", "F"),
                        {"id": "TIME_PERIOD", "values": [{"value": "2020"}, {"value": "2021"}]},
                    ],
                },
                "attributes": {"observation": [{"id": "COMMENT_OBS", "values": []}]},
            }
        ],
    },
}


def platform_of(folder: Path, message: Any):
    (folder / "data").mkdir()
    text = message if isinstance(message, str) else json.dumps(message)
    (folder / "data/figures.json").write_text(text, encoding="utf-8")
    (folder / "dsd.xml").write_text(STRUCTURE, encoding="utf-8")
    (folder / "config_data.yml").write_text(CONFIGURATION)
    return open_platform(folder)


def test_series_become_the_tables_of_their_indicators(tmp_path):
    platform = platform_of(tmp_path, BY_SERIES)
    assert platform.codes == ("1-1-1", "1-2-1")
    assert shown(platform.table("1-1-1")) == [
        "Year,OBS_STATUS,SERIES,SEX,UNIT_MEASURE,Value",
        "2020,A,AB,,PT,5.1",
        "2021,O,AB,,PT,",
        "2021,,AB,F,,7",
    ]
    assert shown(platform.table("1-2-1")) == ["Year,SERIES,Value", "2020,CD,8"]
    assert platform.name("1-1-1") == "Poverty"


def test_observations_by_themselves_and_the_second_version_are_read(tmp_path):
    platform = platform_of(tmp_path, FLAT)
    assert shown(platform.table("1-1-1")) == [
        "Year,COMMENT_OBS,SERIES,SEX,Value",
        "2020,see there,AB,,5.1",
        "2021,,AB,F,7",
    ]


def test_all_rows_stand_in_the_data_set_of_the_folder(tmp_path):
    platform_of(tmp_path, BY_SERIES)
    (table,) = read(tmp_path).tables
    assert table.columns == ("SERIES", "SEX", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "OBS_STATUS")
    assert table.rows == [
        ("AB", "_T", "2020", "5.1", "PT", "A"),
        ("AB", "_T", "2021", "", "PT", "O"),
        ("AB", "F", "2021", "7", "", ""),
        ("CD", "_T", "2020", "8", "", ""),
    ]


def test_numbers_stay_as_they_are_written(tmp_path):
    text = json.dumps(BY_SERIES).replace("5.1,", "5.100000000000000000001,")
    assert platform_of(tmp_path, text).table("1-1-1").rows[0][-1] == "5.100000000000000000001"


def wrong(**series: Any) -> dict[str, Any]:
    return {"dataSets": [{"series": series}], "structure": BY_SERIES["structure"]}


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("{", "damaged"),
        ("", "empty-file"),
        ({"nothing": 1}, "sdmx-message"),
        ([1], "sdmx-message"),
        (wrong(**{"0:9": {"observations": {"0": [1]}}}), "damaged"),
        (wrong(**{"0:0": 1}), "damaged"),
        ("[" * 100_000, "damaged"),
    ],
)
def test_what_is_no_message_is_a_fault(tmp_path, message, expected):
    platform = platform_of(tmp_path, message)
    assert platform.codes == ()
    faults = {problem.code: problem.origin.file for problem in platform.problems}
    assert faults.get(expected) == "data/figures.json"


def test_a_message_that_is_elsewhere_is_not_fetched(tmp_path):
    (tmp_path / "config_data.yml").write_text(
        CONFIGURATION.replace("data/figures.json", "https://example.org/figures")
    )
    assert "input-not-read" in {problem.code for problem in open_platform(tmp_path).problems}
