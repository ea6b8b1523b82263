"""A folder as SDMX: every row, keys that hold, labels in all languages, and readable by others."""

import json
import warnings
from collections import Counter

import pysdmx.io
import pytest
import sdmx as sdmx1
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from milepost import interchange
from milepost.interchange import open_sdg
from milepost.interchange.open_sdg import translate
from milepost.interchange.sdmx import layout, ml
from milepost.recipes import build, exchange
from milepost.values import Dataset, Origin, Table
from tests.interchange.schemas import OFFICIAL, faults, schema_for
from tests.recipes.sandoria import write

INJURIES = """\
Year,Series,Units,Sex,Age group,Region,GeoCode,Observation status,COMMENT_OBS,Value
2015,Fatal injuries,"per 100,000",,,,,,,4
2015,Fatal injuries,"per 100,000",Female,15 to 24,Ош шаары,KG21,Normal value,a_x0020_b: see there,5.0
2015,Fatal injuries,"per 100,000",Female,15 to 24,Ош шаары,KG21,Normal value,,6
2015,Fatal injuries,"per 100,000",Female,15 to 24,Ош шаары,KG21,Normal value,,6
2015,Fatal injuries,number,Female,15 to 24,Ош шаары,KG21,Normal value,,600
2018/19,Fatal injuries,"per 100,000",Male,"25+, all",100 %,,Missing,,
2020,All injuries,number,N/A,,_x0041_,,,,9e-05
"""
ROWS = 7
ALL_ROWS = 6 + ROWS


@pytest.fixture
def folder(folder):
    """Sandoria with an indicator in which everything happens that does not fit a code."""
    write(folder, "8-8-1", INJURIES)
    for language, texts in {
        "en": "15 to 24: From 15 to 24\nNormal value: Normal\nUnits: Unit\nnumber: Number\n",
        "ru": "15 to 24: От 15 до 24 лет\nAge group: Возраст\nNormal value: Обычное\nnumber: Число\n",
    }.items():
        with (folder / f"translations/{language}/data.yml").open("a", encoding="utf-8") as file:
            file.write(texts)
    return folder


@pytest.fixture
def out(folder, tmp_path):
    build(folder, tmp_path / "out", sdmx=True, jobs=1)
    return tmp_path / "out" / "sdmx"


def datasets(folder) -> tuple[Dataset, ...]:
    platform = open_sdg.open_platform(folder)
    known = translate.words(platform.translations, platform.languages)
    tables = [platform.table(code) for code in platform.codes]
    return exchange.datasets(platform, tables, known=known, languages=platform.languages)


def rows(path, code: str) -> list[dict[str, str]]:
    """The rows of one indicator as {tidy column: cell}, blanks left out."""
    found = [row for _, _, row in interchange.read(path).rows() if row["INDICATOR"] == code]
    return [{name: cell for name, cell in row.items() if cell} for row in found]


both_forms = pytest.mark.parametrize("name", ["data.xml", "data.csv"])


# Rows and keys


@both_forms
def test_there_are_as_many_rows_as_in_the_folder(out, name):
    assert interchange.read(out / name).count() == ALL_ROWS


@both_forms
def test_categories_units_and_values_are_read_as_the_folder_has_them(out, name):
    found = rows(out / name, "8-8-1")
    assert Counter(
        (r["series"], r["unit_measure"], r["sex"], r["Age group"], r["Region"]) for r in found
    ) == {
        ("Fatal injuries", "per 100,000", "_T", "_T", "_T"): 1,
        ("Fatal injuries", "per 100,000", "Female", "15 to 24", "Ош шаары"): 3,
        ("Fatal injuries", "number", "Female", "15 to 24", "Ош шаары"): 1,
        ("Fatal injuries", "per 100,000", "Male", "25+, all", "100 %"): 1,
        ("All injuries", "number", "_T", "_T", "_x0041_"): 1,
    }
    assert sorted(r.get("obs_value", "") for r in found) == ["", "4", "5.0", "6", "6", "600", "9e-05"]
    assert {r.get("obs_status") for r in found} == {None, "Normal value", "Missing"}


@both_forms
def test_conflicting_and_repeated_rows_all_stay(out, name):
    found = [
        r["obs_value"]
        for r in rows(out / name, "8-8-1")
        if r["unit_measure"] == "per 100,000" and r["sex"] == "Female"
    ]
    assert found == ["5.0", "6", "6"]


@both_forms
def test_periods_comments_and_own_columns_are_read_as_they_were(out, name):
    found = rows(out / name, "8-8-1")
    assert {r["time_period"] for r in found} == {"2015", "2018/19", "2020"}
    assert [r["comment_obs"] for r in found if "comment_obs" in r] == ["a_x0020_b: see there"]
    assert Counter(r.get("GeoCode", "") for r in found) == {"KG21": 4, "": 3}


def test_a_blank_breakdown_is_all_and_nothing_else_is_filled(folder):
    second, first = datasets(folder)
    assert first.tables[0].columns == ("INDICATOR", "Year", "Sex", "Value")
    assert first.tables[0].rows[0] == ("10-7-4", "2015", "_T", "40")
    assert second.tables[0].rows[0] == (
        "8-8-1", "2015", "Fatal injuries", "per 100,000", "_T", "_T", "_T", "", "", "", "4",
    )  # fmt: skip


def test_breakdowns_and_what_tells_rows_apart_are_dimensions(folder):
    injuries, refugees = (each.structure for each in datasets(folder))
    assert refugees is not None
    assert injuries is not None
    assert refugees.id == "INDICATOR_10-7-4"
    assert refugees.dimensions == ("INDICATOR", "sex", "time_period")
    assert refugees.attributes == ()
    assert injuries.dimensions == (
        "INDICATOR", "series", "unit_measure", "sex", "Age group", "Region", "time_period",
    )  # fmt: skip
    assert injuries.attributes == (
        "GeoCode",
        "obs_status",
        "comment_obs",
        "time_detail",
        "TIME_PERIOD_WRITTEN",
    )


def test_one_unit_for_all_is_an_attribute_and_so_is_a_series_that_some_rows_lack(folder):
    write(folder, "8-8-1", "Year,Series,Units,Value\n2015,A,PT,1\n2016,,PT,2\n")
    structure = datasets(folder)[0].structure
    assert structure is not None
    assert (structure.dimensions, structure.attributes) == (
        ("INDICATOR", "time_period"),
        ("series", "unit_measure"),
    )


def test_attributes_are_no_breakdowns_even_where_the_configuration_forgets_them(folder):
    with (folder / "config_data.yml").open("a", encoding="utf-8") as file:
        file.write("indicator_options: {non_disaggregation_columns: [Year, Value]}\n")
    write(folder, "8-8-1", "Year,OBS_STATUS,Note,Value\n2015,,,1\n2016,E,n,2\n")
    structure = datasets(folder)[0].structure
    assert structure is not None
    assert structure.dimensions == ("INDICATOR", "Note", "time_period")
    assert structure.attributes == ("obs_status",)


def test_a_column_indicator_of_the_folders_own_is_kept_and_its_blanks_are_the_code():
    table = Table(
        "1-1", ("Year", "INDICATOR", "Value"), [("2015", "1.1", "1"), ("2016", "", "2")], Origin("a")
    )
    found = exchange.filled(table, ())
    assert found.columns == ("INDICATOR", "Year", "Value")
    assert found.rows == [("1.1", "2015", "1"), ("1-1", "2016", "2")]


TEXT = st.text(st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), max_size=12)


@settings(deadline=None, max_examples=50)
@given(cells=st.lists(st.tuples(TEXT, TEXT), min_size=1, max_size=6))
def test_whatever_the_categories_are_they_are_read_again(tmp_path_factory, cells):
    place = tmp_path_factory.mktemp("texts")
    platform = open_sdg.open_platform(place)
    table = Table(
        "1-1", ("Year", "Sex", "Жер", "Value"), [("2015", *pair, "1") for pair in cells], Origin("a")
    )
    found = exchange.datasets(platform, [table], known={}, languages=("en",))
    ml.write_all(found, place / "data.xml")
    expected = exchange.filled(table, ("Sex", "Жер"))
    assert Counter((row["sex"], row["Жер"]) for _, _, row in ml.read(place / "data.xml").rows()) == Counter(
        (sex, place) for _, _, sex, place, _ in expected.rows
    )


# Labels


def lists(out) -> dict:
    structure = interchange.read(out / "structure.xml").structure
    assert structure is not None
    return {
        name: {code: dict(text) for code, text in codes.codes.items()}
        for name, codes in structure.code_lists.items()
    }


def test_labels_are_in_all_languages_of_the_platform(out):
    found = lists(out)
    assert found["sex"]["Female"] == {"en": "Women", "ru": "Женщины"}
    assert found["Age group"]["15 to 24"] == {
        "en": "From 15 to 24",
        "ru": "От 15 до 24 лет",
        "und": "15 to 24",
    }
    assert found["unit_measure"]["number"] == {"en": "Number", "ru": "Число"}
    assert found["obs_status"]["Normal value"] == {"en": "Normal", "ru": "Обычное", "und": "Normal value"}
    assert interchange.read(out / "structure.xml").languages == ("en", "ru")


def test_all_is_called_so_in_every_list_by_the_catalogue_where_it_knows_the_list(out):
    assert lists(out)["Region"]["_T"] == {"en": "Total", "ru": "Всего"}
    assert lists(out)["sex"]["_T"]["ru"] == "Оба пола или нет разбивки по полу"


def test_a_text_that_is_no_code_and_has_no_translation_is_its_own_label(out):
    assert lists(out)["Region"]["Ош шаары"] == {"und": "Ош шаары"}
    codes = [element.get("id", "") for element in etree.parse(out / "structure.xml").iter("{*}Code")]
    assert [code for code in codes if code.startswith("_x041E__x0448__x0020_")]


def test_official_codes_have_official_labels_where_the_platform_has_none(folder, tmp_path):
    write(
        folder,
        "8-8-1",
        "Year,Series,Units,SEX,REF_AREA,NATURE,Value\n2015,SL_EMP_FTLINJUR,PT,F,KG05,C,1\n2016,SL_EMP_FTLINJUR,PT,F,1,C,1\n",
    )
    build(folder, tmp_path / "out", sdmx=True, jobs=1)
    found = lists(tmp_path / "out/sdmx")
    assert found["sex"]["F"] == {"en": "Female", "ru": "Женщины"}
    assert set(found["series"]["SL_EMP_FTLINJUR"]) == {"en", "ru"}
    assert found["unit_measure"]["PT"]["en"] == "Percent"
    assert set(found["ref_area"]["KG05"]) == {"en", "ru"}
    assert found["ref_area"]["1"] == {}, "a small number may be a country's own"


def test_indicators_and_columns_are_called_as_the_platform_calls_them(out):
    structure = interchange.read(out / "structure.xml").structure
    assert structure is not None
    assert structure.name == {"en": "Injuries at work", "ru": "Injuries at work"}
    assert structure.code_lists["INDICATOR"].codes["10-7-4"]["ru"] == "Refugees from Sandoria"
    assert structure.names["sex"] == {"en": "Sex", "ru": "Пол"}
    assert structure.code_lists["Age group"].name == {"ru": "Возраст", "und": "Age group"}


# Validity, and other readers


def test_data_and_structure_are_valid_by_the_official_and_their_own_schemas(folder, out):
    made = [each.structure for each in datasets(folder) if each.structure]
    assert faults(schema_for(out / "structure.xml", *made), out / "data.xml") == []
    assert faults(etree.XMLSchema(etree.parse(OFFICIAL)), out / "structure.xml") == []


def test_the_same_as_generic_data_is_valid_by_the_official_schema(folder, tmp_path):
    ml.write_all(datasets(folder), tmp_path / "a.generic.xml", generic=True)
    assert faults(etree.XMLSchema(etree.parse(OFFICIAL)), tmp_path / "a.generic.xml") == []
    assert interchange.read(tmp_path / "a.generic.xml").count() == ALL_ROWS


def test_sdmx1_reads_every_observation_and_every_label(out):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        data, structure = sdmx1.read_sdmx(out / "data.xml"), sdmx1.read_sdmx(out / "structure.xml")
    assert sorted(len(each.obs) for each in data.data) == [6, ROWS]
    assert set(structure.structure) == {"INDICATOR_10-7-4", "INDICATOR_8-8-1"}
    assert structure.codelist["CL_SEX"]["Female"].name["ru"] == "Женщины"


@both_forms
def test_pysdmx_reads_every_observation_with_its_structure(out, name):
    found = pysdmx.io.get_datasets(out / name, out / "structure.xml")
    assert sorted(len(each.data) for each in found) == [6, ROWS]


# Periods that SDMX does not know

ODD = """\
Year,Sex,Value
2019,,1
2019*,,2
2019*,Female,3
2020 (p),Female,4
2020,Female,5
soon,,6
,,7
2021*,,8
2021*,,8
2021 г.,,9
2018/19,,10
"""


@pytest.fixture
def odd(folder, tmp_path):
    """Where the SDMX of Sandoria is, with an indicator of odd periods."""
    write(folder, "8-8-1", ODD)
    build(folder, tmp_path / "out", sdmx=True, jobs=1)
    return tmp_path / "out/sdmx"


def periods(path) -> list[tuple[str | None, str | None]]:
    return [(row.get("time_period"), row["obs_value"]) for row in rows(path, "8-8-1")]


@both_forms
def test_a_mark_beside_a_period_is_read_back_as_written(odd, name):
    assert Counter(periods(odd / name)) == {
        ("2019", "1"): 1, ("2019*", "3"): 1, ("2020", "5"): 1,
        ("2021*", "8"): 2, ("2018/19", "10"): 1,
    }  # fmt: skip


def test_rows_that_sdmx_cannot_hold_are_in_a_file_of_their_own(odd):
    assert periods(odd / "without-period.csv") == [
        ("2019*", "2"), ("2020 (p)", "4"), ("soon", "6"), (None, "7"), ("2021 г.", "9"),
    ]  # fmt: skip


def test_every_row_is_in_the_data_or_in_the_file_beside_them(odd):
    for name in ("data.xml", "data.csv"):
        assert len(periods(odd / name)) + len(periods(odd / "without-period.csv")) == 11


def test_the_mark_stands_in_time_detail(odd):
    text = (odd / "data.xml").read_text(encoding="utf-8")
    assert 'TIME_PERIOD="2019" OBS_VALUE="3" TIME_DETAIL="2019*"' in text


def test_data_with_odd_periods_are_valid_by_their_own_schema(folder, odd):
    made = [each.structure for each in datasets(folder) if each.structure]
    assert faults(schema_for(odd / "structure.xml", *made), odd / "data.xml") == []


def test_what_was_done_about_odd_periods_is_told_with_place(odd):
    said = json.loads((odd.parent / "faults.json").read_text(encoding="utf-8"))["faults"]
    found = {
        fault["code"]: (fault["row"], fault["what"]) for fault in said if fault["code"].startswith("sdmx-")
    }
    assert {code: row for code, (row, _) in found.items()} == {
        "sdmx-period-unknown": 7,
        "sdmx-period-taken": 3,
        "sdmx-period-marked": 4,
    }
    assert all("without-period.csv" in found[code][1] for code in list(found)[:2])


def test_a_period_as_sdmx_knows_it_keeps_its_place_wherever_it_stands(folder):
    write(folder, "8-8-1", "Year,Value\n2019*,1\n2019,2\n")
    injuries, _ = datasets(folder)
    assert [row[1] for row in injuries.tables[0].rows] == ["2019"]
    assert injuries.tables[0].lines == [3]


def test_a_folder_whose_rows_all_lack_a_period_gives_only_the_file_beside(folder, tmp_path):
    write(folder, "8-8-1", "Year,Value\nsoon,1\n")
    write(folder, "10-7-4", "Year,Value\nlater,1\n")
    build(folder, tmp_path / "out", sdmx=True, jobs=1)
    assert [path.name for path in (tmp_path / "out/sdmx").iterdir()] == ["without-period.csv"]


def test_the_file_beside_is_gone_once_every_row_has_a_period(folder, odd, tmp_path):
    write(folder, "8-8-1", "Year,Value\n2019,1\n")
    build(folder, tmp_path / "out", sdmx=True, jobs=1)
    assert sorted(path.name for path in odd.iterdir()) == ["data.csv", "data.xml", "structure.xml"]


PERIOD = st.sampled_from(["2019", "2019*", "2019 (p)", "2020", "2020-Q1", "2018/19", "soon", "", "2019"])


@settings(deadline=None, max_examples=50)
@given(cells=st.lists(st.tuples(PERIOD, st.sampled_from("ab")), min_size=1, max_size=8))
def test_no_row_is_lost_and_no_key_is_shared_that_was_not_shared_before(cells):
    table = Table(
        "1-1", ("Year", "Sex", "Value"), [(*pair, str(n)) for n, pair in enumerate(cells)], Origin("a")
    )
    found = layout.crowded(table, ("sex", "time_period"))
    out = {*found.unknown, *found.taken}
    assert len(out) == len(found.unknown) + len(found.taken)
    held = [pair for position, pair in enumerate(cells) if position not in out]
    by_key = {(layout.sdmx_period(period), sex): period for period, sex in held}
    assert all(by_key[layout.sdmx_period(period), sex] == period for period, sex in held)
    for position in found.taken:
        period, sex = cells[position]
        assert by_key[layout.sdmx_period(period), sex] != period


# The build


def test_a_folder_without_rows_has_nothing_to_exchange(folder, tmp_path):
    for path in (folder / "data").iterdir():
        path.unlink()
    build(folder, tmp_path / "out", sdmx=True, jobs=1)
    assert not (tmp_path / "out/sdmx").exists()


def test_progress_is_told_for_each_file(folder, tmp_path):
    told = []
    build(folder, tmp_path / "out", sdmx=True, jobs=1, progress=lambda *step: told.append(step))
    assert told[-4:] == [("Writing SDMX", done, 3) for done in range(4)]


def test_the_workbook_keeps_the_tables_of_the_folder(folder, tmp_path):
    build(folder, tmp_path / "out", sdmx=True, workbook=True, jobs=1)
    found = interchange.read(tmp_path / "out/data.xlsx")
    assert found.count() == ALL_ROWS
    assert not any("INDICATOR" in table.columns for table in found.tables)
