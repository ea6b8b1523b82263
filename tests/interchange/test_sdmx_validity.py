"""What we write is valid by the official XSDs, and by the schema of the data structure that goes with it."""

import pytest
from lxml import etree

from milepost.interchange.sdmx import ml, structure
from milepost.values import CodeList, Dataset, Origin, Structure, Table, Text
from tests.interchange.schemas import OFFICIAL, faults, schema_for


@pytest.fixture(scope="module")
def official() -> etree.XMLSchema:
    return etree.XMLSchema(etree.parse(OFFICIAL))


SDG = ("SERIES", "REF_AREA", "SEX", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "OBS_STATUS", "COMMENT_OBS")
OWN = Structure(
    "SDG",
    "KG_NSC",
    "1.8",
    ("series", "ref_area", "sex", "time_period"),
    ("unit_measure", "obs_status", "comment_obs", "nature"),
    {
        "series": CodeList(
            "CL_SERIES",
            {"A": Text(en="a", ru="а"), "B": Text()},
            agency="KG_NSC",
            annotations={"A": {"Indicator": "1.1.1"}},
        ),
        "sex": CodeList(
            "CL_SEX", {"F": Text(en="Women"), "_T": Text(en="Total")}, agency="SDMX", version="2.1"
        ),
    },
    {"series": Text(en="Series")},
    Text(en="SDG"),
)


def one(columns: tuple[str, ...], *rows: tuple[str, ...], own: Structure | None = None) -> Dataset:
    return Dataset((Table("10.7.4", columns, rows, Origin("a")),), structure=own)


PERIODS = [
    "2018", "2018-05", "2018-05-31", "2018-A1", "2018-S2", "2018-T3",
    "2018-Q4", "2018-M12", "2018-W53", "2018-D365", "2018-D366Z", "2018-05-31T10:00:00",
    "2018-01-01/P2Y", "2018-02-30", "2018/19", "2018Q2", "2018M13",
]  # fmt: skip
DATASETS = {
    "data that fit their structure": one(
        SDG,
        ("A", "417", "F", "2020", "1", "PT", "A", "<&>\"'\n"),
        ("B", "417", "_T", "2021-Q1", "", "PT", "O", ""),
        own=OWN,
    ),
    "two units and a conflict in one series": one(
        SDG,
        ("A", "1", "F", "2020", "1", "PT", "A", ""),
        ("A", "1", "F", "2020", "2", "NUMBER", "A", ""),
        ("A", "1", "F", "2020", "3", "PT", "A", ""),
    ),
    "an Open SDG table with blanks and own columns": one(
        ("Year", "Sex", "Age group", "Жыныс", "GeoCode", "Units", "Series", "Value"),
        ("2018/19", "", "15 to 24", "а", "KG05", "%", "All people", "1,5"),
        ("2019", "Female", "", "", "", "%", "All people", ""),
    ),
    "nothing but years and values": one(
        ("Year", "Value"), ("2020", "1"), ("2021", "NaN"), ("2022", "-3.5e-7")
    ),
    "values that are no numbers": one(
        ("Year", "Series", "Value"), ("2020", "S", "n/a"), ("2021", "S", "1,5")
    ),
    "tables of different columns": Dataset(
        (
            Table("a", ("Year", "SERIES", "Region", "Value"), [("2020", "S", "r", "1")], Origin("a")),
            Table("b", ("Year", "SERIES", "SEX", "Value"), [("2020", "S", "F", "1")], Origin("b")),
            Table("c", ("Year", "SERIES", "Value"), [], Origin("c")),
        )
    ),
    "odd periods": one(
        ("TIME_PERIOD", "SERIES", "TIME_DETAIL", "Value"), *((period, "S", "", "1") for period in PERIODS)
    ),
}
every_dataset = pytest.mark.parametrize("dataset", DATASETS.values(), ids=DATASETS)


@every_dataset
def test_structure_specific_data_are_valid_by_the_official_and_their_own_schema(tmp_path, dataset):
    ml.write(dataset, tmp_path / "data.xml")
    structure.write(dataset, tmp_path / "structure.xml")
    schema = schema_for(tmp_path / "structure.xml", structure.structure_for(dataset))
    assert faults(schema, tmp_path / "data.xml") == []


@every_dataset
def test_generic_data_are_valid_by_the_official_schema(tmp_path, official, dataset):
    ml.write(dataset, tmp_path / "data.xml", generic=True)
    assert faults(official, tmp_path / "data.xml") == []


@every_dataset
def test_structures_are_valid_by_the_official_schema(tmp_path, official, dataset):
    structure.write(dataset, tmp_path / "structure.xml")
    assert faults(official, tmp_path / "structure.xml") == []


@every_dataset
def test_the_data_refer_to_the_structure_that_is_written_beside_them(tmp_path, dataset):
    ml.write(dataset, tmp_path / "data.xml")
    structure.write(dataset, tmp_path / "structure.xml")
    said, defined = (
        ml.read(tmp_path / "data.xml").structure,
        structure.read(tmp_path / "structure.xml").structure,
    )
    assert said is not None
    assert defined is not None
    assert (said.id, said.agency, said.version) == (defined.id, defined.agency, defined.version)


def test_a_structure_with_everything_in_it_is_valid(tmp_path, official):
    from tests.interchange.test_sdmx_structure import OWN as full

    structure.write(Dataset(structure=full), tmp_path / "a.xml")
    assert faults(official, tmp_path / "a.xml") == []


def test_an_empty_message_is_valid(tmp_path, official):
    ml.write(Dataset(), tmp_path / "a.xml")
    assert faults(official, tmp_path / "a.xml") == []


def test_our_own_schema_would_notice_a_wrong_code(tmp_path):
    dataset = DATASETS["data that fit their structure"]
    ml.write(dataset, tmp_path / "data.xml")
    structure.write(dataset, tmp_path / "structure.xml")
    path = tmp_path / "data.xml"
    path.write_text(path.read_text().replace('SEX="F"', 'SEX="X"'))
    assert faults(schema_for(tmp_path / "structure.xml", OWN), path) != []
