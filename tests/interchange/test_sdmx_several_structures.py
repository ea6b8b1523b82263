"""Several structures in one message, and structures whose categories are texts."""

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import etree

from milepost.errors import MilepostError
from milepost.interchange.sdmx import csv, layout, ml, structure
from milepost.values import CodeList, Dataset, Origin, Structure, Table, Text
from tests.interchange.schemas import OFFICIAL, faults, schema_for

SEX = CodeList(
    "CL_SEX",
    {
        "_T": Text(en="Total"),
        "All people": Text(en="All people", ru="Все люди"),
        "Женщины": Text(ru="Женщины"),
    },
    Text(en="Sex", ru="Пол"),
    layout.OF_TEXTS,
)
UNITS = CodeList("CL_UNIT_MEASURE", {"%": Text(und="%"), "PT": Text(en="Percent")}, Text(), layout.OF_TEXTS)


def dataset(code: str, columns: str, *rows: str, dimensions: str, attributes: str = "") -> Dataset:
    """A dataset of one table; columns and cells are separated by bars."""
    table = Table(code, tuple(columns.split("|")), [tuple(row.split("|")) for row in rows], Origin(code))
    own = Structure(
        f"INDICATOR_{code}",
        layout.OF_TEXTS,
        "1.0",
        tuple(dimensions.split()),
        tuple(attributes.split()),
        {"sex": SEX} | ({"unit_measure": UNITS} if "Units" in columns else {}),
        {"sex": Text(en="Sex", ru="Пол")},
        Text(en=f"Indicator {code}", ru=f"Показатель {code}"),
    )
    return Dataset((table,), structure=own)


DATASETS = (
    dataset(
        "1-1-1",
        "SEX|Region|Year|Value|Units|COMMENT_OBS",
        "All people|Ош шаары|2020|1|%|a_x0020_b",
        "All people|Ош шаары|2020|2|%|",
        "Женщины|_x0041_|2021||PT|All people",
        dimensions="sex Region time_period",
        attributes="unit_measure comment_obs",
    ),
    dataset(
        "1-2-1",
        "SEX|Units|Year|Value",
        "_T|PT|2020|1",
        "_T|%|2020|2",
        "_T|%|2018/19|3",
        dimensions="sex unit_measure time_period",
        attributes="time_detail TIME_PERIOD_WRITTEN",
    ),
)
FORMS = {
    "structure-specific": (ml.write_all, ml.read),
    "generic": (lambda datasets, path: ml.write_all(datasets, path, generic=True), ml.read),
    "SDMX-CSV": (csv.write_all, csv.read),
}
every_form = pytest.mark.parametrize(("write", "read"), FORMS.values(), ids=FORMS)


def bag(*datasets: Dataset) -> Counter:
    """The rows of each table as a multiset of {tidy column: cell}, blanks left out."""
    return Counter(
        tuple(sorted((name, cell) for name, cell in row.items() if cell))
        for each in datasets
        for _, _, row in each.rows()
    )


@every_form
def test_every_row_of_every_dataset_is_read_with_the_texts_it_had(tmp_path, write, read):
    assert write(DATASETS, tmp_path / "a.xml") == ()
    again = read(tmp_path / "a.xml")
    assert [len(table.rows) for table in again.tables] == [3, 3]
    assert bag(again) == bag(*DATASETS)


@every_form
def test_a_table_has_the_columns_of_its_own_structure_only(tmp_path, write, read):
    write(DATASETS, tmp_path / "a.xml")
    first, second = read(tmp_path / "a.xml").tables
    assert set(first.columns) == {"SEX", "Region", "TIME_PERIOD", "OBS_VALUE", "UNIT_MEASURE", "COMMENT_OBS"}
    assert set(second.columns) == {"SEX", "UNIT_MEASURE", "TIME_PERIOD", "OBS_VALUE"}


@every_form
def test_texts_are_codes_in_the_file_and_free_text_stays(tmp_path, write, read):
    write(DATASETS, tmp_path / "a.xml")
    text = (tmp_path / "a.xml").read_text(encoding="utf-8")
    assert "All_x0020_people" in text
    assert "_x0025_" in text
    assert "a_x0020_b" in text
    assert "Ош" not in text


def test_data_of_several_structures_are_valid_by_the_schema_of_each(tmp_path):
    structure.write_all(DATASETS, tmp_path / "structure.xml")
    ml.write_all(DATASETS, tmp_path / "data.xml")
    made = [each.structure for each in DATASETS if each.structure]
    assert faults(schema_for(tmp_path / "structure.xml", *made), tmp_path / "data.xml") == []
    path = tmp_path / "data.xml"
    path.write_text(path.read_text().replace("All_x0020_people", "All"))
    assert faults(schema_for(tmp_path / "structure.xml", *made), path) != []


@pytest.mark.parametrize("name", ["structure.xml", "data.generic.xml"])
def test_structures_and_generic_data_are_valid_by_the_official_schema(tmp_path, name):
    structure.write_all(DATASETS, tmp_path / "structure.xml")
    ml.write_all(DATASETS, tmp_path / "data.generic.xml", generic=True)
    assert faults(etree.XMLSchema(etree.parse(OFFICIAL)), tmp_path / name) == []


def test_a_code_list_that_several_structures_use_is_written_once_and_read_with_its_texts(tmp_path):
    structure.write_all(DATASETS, tmp_path / "a.xml")
    message = etree.parse(tmp_path / "a.xml")
    ids = [element.get("id") for element in message.iter("{*}Codelist")]
    assert ids == ["CL_SEX", "CL_UNIT_MEASURE"]
    assert [element.get("id") for element in message.iter("{*}ConceptScheme")] == ["CS_CONCEPTS"]
    assert [element.get("id") for element in message.iter("{*}DataStructure")] == [
        "INDICATOR_1-1-1",
        "INDICATOR_1-2-1",
    ]
    found = structure.read(tmp_path / "a.xml")
    assert found.structure is not None
    assert found.structure.code_lists == {"sex": SEX, "unit_measure": UNITS}
    assert found.languages == ("en", "ru")


def test_two_lists_of_one_id_that_differ_are_refused(tmp_path):
    other = dataset("1-3-1", "SEX|Year|Value", "_T|2020|1", dimensions="sex time_period")
    assert other.structure is not None
    lists = {"sex": CodeList("CL_SEX", {"_T": Text(en="Everybody")}, Text(), layout.OF_TEXTS)}
    differing = Dataset(other.tables, structure=replace(other.structure, code_lists=lists))
    with pytest.raises(MilepostError) as error:
        structure.write_all((*DATASETS, differing), tmp_path / "a.xml")
    assert [problem.code for problem in error.value.problems] == ["sdmx-two-lists"]


def test_structures_of_other_agencies_keep_their_codes_as_they_are(tmp_path):
    own = Structure("SDG", "XX", "1.0", ("series", "time_period"), ())
    table = Table("a", ("SERIES", "TIME_PERIOD", "OBS_VALUE"), [("A_x0020_B", "2020", "1")], Origin("a"))
    ml.write(Dataset((table,), structure=own), tmp_path / "a.xml")
    assert ml.read(tmp_path / "a.xml").tables[0].rows == [("A_x0020_B", "2020", "1")]


@given(st.text())
@example("_x0020_")
@example("x0041_")
@example("x0041 a")
@example("All people")
@example("_T")
@example("15-24")
def test_every_text_has_a_code_that_sdmx_can_hold_and_that_gives_the_text_again(text):
    assert layout.decoded(layout.code(text)) == text
    assert set(layout.code(text)) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_@$-")


@given(st.lists(st.text(alphabet="aB_x0041-@$ %Ж", min_size=1), min_size=2, unique=True))
def test_different_texts_have_different_codes(texts):
    assert len(set(map(layout.code, texts))) == len(texts)
