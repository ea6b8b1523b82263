"""CSV data of an Open SDG repository become tables as the platform's reader takes them apart."""

from pathlib import Path

import pytest

from milepost.errors import MilepostError
from milepost.interchange.open_sdg import derive, open_platform
from milepost.values import Table

CSV = "inputs:\n  - class: InputCsvData\n    path_pattern: data/*.csv\n"


def platform_of(folder: Path, text: str | bytes, name: str = "indicator_1-1-1.csv", configuration: str = ""):
    (folder / "data").mkdir(exist_ok=True)
    (folder / "data" / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    if configuration:
        (folder / "config_data.yml").write_text(configuration)
    return open_platform(folder)


def table_of(folder: Path, text: str | bytes) -> Table:
    return platform_of(folder, text).table("1-1-1")


def faults_of(folder: Path, text: str | bytes) -> list[str]:
    return [problem.code for problem in platform_of(folder, text).problems_of("1-1-1")]


def shown(table: Table) -> list[str]:
    return [",".join(row) for row in (table.columns, *table.rows)]


def published(table: Table) -> list[str]:
    return shown(derive.published(table)[0])


def test_year_comes_first_and_value_last(tmp_path):
    assert shown(table_of(tmp_path, "Value,Sex,Year\n5,F,2020\n")) == ["Year,Sex,Value", "2020,F,5"]


def test_rows_keep_their_lines_and_the_table_names_its_file(tmp_path):
    table = table_of(tmp_path, 'Year,Note,Value\n\n2020,"two\nlines",5\n2021,,6\n')
    assert [str(table.place(n)) for n in (0, 1)] == [
        "data/indicator_1-1-1.csv, row 3",
        "data/indicator_1-1-1.csv, row 5",
    ]


def test_quoted_cells_and_a_byte_order_mark_change_nothing(tmp_path):
    text = '\ufeff"Year","Sex","Value"\r\n"2020","","29.8"\r\n'.encode()
    assert shown(table_of(tmp_path, text)) == ["Year,Sex,Value", "2020,,29.8"]


def test_a_row_of_blank_cells_counts_and_makes_years_decimal(tmp_path):
    table = table_of(tmp_path, "Year,Sex,Value\n2020,,5\n,,\n")
    assert len(table.rows) == 2
    assert published(table) == ["Year,Sex,Value", "2020.0,,5.0", ",,"]


def test_empty_lines_and_lines_of_spaces_do_not_count(tmp_path):
    assert len(table_of(tmp_path, "Year,Value\n2020,5\n\n   \n2021,6\n\n").rows) == 2


def test_a_blank_header_is_called_as_on_the_platform(tmp_path):
    assert table_of(tmp_path, "Year,Sex,,Value\n2020,F,,5\n").columns == (
        "Year",
        "Sex",
        "Unnamed: 2",
        "Value",
    )


def test_a_header_given_twice_is_numbered_and_named_as_a_fault(tmp_path):
    text = "Year,Sex,Sex,Sex.1,Value\n2020,F,M,x,5\n"
    assert table_of(tmp_path, text).columns == ("Year", "Sex", "Sex.2", "Sex.1", "Value")
    assert "duplicate-header" in faults_of(tmp_path, text)


def test_where_the_first_row_is_longer_than_the_header_cells_move_left_as_on_the_platform(tmp_path):
    text = "Year,Units,Value\n2015,per 1,000 uninfected population,1.49\n"
    assert shown(table_of(tmp_path, text)) == ["Year,Units,Value", "per 1,000 uninfected population,1.49"]
    assert faults_of(tmp_path, text) == ["row-labels"]


def test_a_longer_row_further_down_loses_nothing(tmp_path):
    text = "Year,Sex,Value\n2020,F,5\n2021,M,6,seen\n"
    assert shown(table_of(tmp_path, text))[2] == "2021,M,seen,6"
    assert faults_of(tmp_path, text) == ["ragged-row"]


def test_a_short_row_ends_in_blanks(tmp_path):
    assert shown(table_of(tmp_path, "Year,Sex,Value\n2020\n")) == ["Year,Sex,Value", "2020,,"]


def test_years_such_as_2018_19_stay_text(tmp_path):
    assert published(table_of(tmp_path, "Year,Value\n2018/19,5\n2020,6\n")) == [
        "Year,Value",
        "2018/19,5",
        "2020,6",
    ]


@pytest.mark.parametrize("blank", ["", "NA", "N/A", "null", "NaN", "None", "#N/A"])
def test_words_for_nothing_are_blank_on_the_platform(tmp_path, blank):
    table = table_of(tmp_path, f"Year,Sex,Value\n2020,{blank},5\n2020,F,6\n")
    assert [row[0] for row in derive.headline(table, ()).rows] == ["2020"]


def test_a_header_that_is_nearly_year_is_taken_for_it(tmp_path):
    text = "year, Value\n2020,5\n"
    assert shown(table_of(tmp_path, text)) == ["Year,Value", "2020,5"]
    assert faults_of(tmp_path, text) == ["header-meant", "header-meant"]


def test_a_file_without_values_column_is_a_fault_and_the_indicator_has_no_data(tmp_path):
    text = "Date,Amount\n2020,5\n"
    assert faults_of(tmp_path, text) == ["column-missing", "column-missing"]
    assert shown(table_of(tmp_path, text)) == ["Year,Value"]


def test_other_encodings_and_delimiters_are_read_all_the_same(tmp_path):
    text = "Year;Пол;Value\n2020;женщины;5\n2021;мужчины;6\n"
    assert shown(table_of(tmp_path, text.encode("cp1251"))) == [
        "Year,Пол,Value",
        "2020,женщины,5",
        "2021,мужчины,6",
    ]
    assert shown(table_of(tmp_path, text.encode("utf-16"))) == [
        "Year,Пол,Value",
        "2020,женщины,5",
        "2021,мужчины,6",
    ]


def test_an_empty_file_is_a_fault_and_the_other_indicators_are_read(tmp_path):
    platform_of(tmp_path, "Year,Value\n2020,5\n", "indicator_2-2-2.csv")
    platform = platform_of(tmp_path, b"")
    assert shown(platform.table("1-1-1")) == ["Year,Value"]
    assert [problem.code for problem in platform.problems_of("1-1-1")] == ["empty-file"]
    assert len(platform.table("2-2-2").rows) == 1


def test_a_header_alone_is_published_as_it_stands(tmp_path):
    assert shown(table_of(tmp_path, "Year,Sex,Value\n")) == ["Year,Sex,Value"]


# Which indicator a file is about


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("indicator_8-8-1.csv", "8-8-1"),
        ("archived-8-8-1.csv", "archived-8-8-1"),
        ("archived-indicator_8-8-1.csv", "archived-8-8-1"),
        ("8.8.1-a.csv", "8-8-1-a"),
    ],
)
def test_the_file_name_says_the_indicator(tmp_path, name, code):
    platform = platform_of(tmp_path, "Year,Value\n2020,5\n", name)
    assert platform.codes == (code,)
    assert len(platform.table(code).rows) == 1


def test_an_id_pattern_takes_its_parts_off_the_name(tmp_path):
    configuration = CSV + "    indicator_id_pattern: sdg_*_final\n"
    assert platform_of(tmp_path, "Year,Value\n2020,5\n", "sdg_1-1-1_final.csv", configuration).codes == (
        "1-1-1",
    )


def test_files_that_no_input_takes_are_named(tmp_path):
    configuration = "inputs:\n  - class: InputCsvData\n    path_pattern: data/indicator_*.csv\n"
    platform_of(tmp_path, "Year,Value\n2020,5\n", "demo_13.2.csv")
    platform = platform_of(tmp_path, "Year,Value\n2020,5\n", configuration=configuration)
    assert platform.codes == ("1-1-1",)
    unused = next(problem for problem in platform.problems if problem.code == "files-in-no-input")
    assert unused.details == {"count": 1, "files": "data/demo_13.2.csv"}


def test_of_two_files_for_one_indicator_the_last_in_order_counts_and_a_person_is_told(tmp_path):
    configuration = "inputs:\n  - class: InputCsvData\n    path_pattern: data/*/*.csv\n"
    for place, value in (("b", 2), ("a", 1)):
        (tmp_path / "data" / place).mkdir(parents=True)
        (tmp_path / "data" / place / "1-1-1.csv").write_text(f"Year,Value\n2020,{value}\n")
    (tmp_path / "config_data.yml").write_text(configuration)
    platform = open_platform(tmp_path)
    assert shown(platform.table("1-1-1")) == ["Year,Value", "2020,2"]
    several = next(problem for problem in platform.problems if problem.code == "several-files")
    assert several.details["files"] == "data/a/1-1-1.csv, data/b/1-1-1.csv"
    assert several.details["used"] == "data/b/1-1-1.csv"
    assert [path.parent.name for path in platform.sources("1-1-1")] == ["a", "b"]


def test_an_empty_file_of_a_later_input_does_not_hide_the_data_of_an_earlier_one(tmp_path):
    for place, text in (("first", "Year,Value\n2020,1\n"), ("second", "Year,Value\n")):
        (tmp_path / place).mkdir()
        (tmp_path / place / "1-1-1.csv").write_text(text)
    (tmp_path / "config_data.yml").write_text(
        "inputs:\n  - {class: InputCsvData, path_pattern: first/*.csv}\n"
        "  - {class: InputCsvData, path_pattern: second/*.csv}\n"
    )
    assert shown(open_platform(tmp_path).table("1-1-1")) == ["Year,Value", "2020,1"]


# Maps


def test_column_map_and_code_map_rename(tmp_path):
    (tmp_path / "columns.csv").write_text("Text,Value\nGeschlecht,SEX\n")
    (tmp_path / "codes.csv").write_text("Text,Dimension,Value\nweiblich,SEX,F\nweiblich,Other,X\n")
    configuration = (
        "inputs:\n  - class: InputCsvData\n    path_pattern: data/*.csv\n"
        "    column_map: columns.csv\n    code_map: codes.csv\n"
    )
    text = "Year,Geschlecht,Other2,Value\n2020,weiblich,weiblich,5\n"
    platform = platform_of(tmp_path, text, configuration=configuration)
    assert shown(platform.table("1-1-1")) == ["Year,SEX,Other2,Value", "2020,F,weiblich,5"]
    assert {path.name for path in platform.shared_sources()} >= {
        "columns.csv",
        "codes.csv",
        "config_data.yml",
    }


def test_a_map_that_is_missing_or_unlike_one_is_a_fault(tmp_path):
    (tmp_path / "codes.csv").write_text("From,To\na,b\n")
    configuration = (
        "inputs:\n  - class: InputCsvData\n    path_pattern: data/*.csv\n"
        "    column_map: nowhere.csv\n    code_map: codes.csv\n"
    )
    platform = platform_of(tmp_path, "Year,Value\n2020,5\n", configuration=configuration)
    assert {"map-missing", "column-missing"} <= {problem.code for problem in platform.problems}
    assert len(platform.table("1-1-1").rows) == 1


def test_columns_declared_as_text_are_told(tmp_path):
    configuration = (
        "inputs:\n  - class: InputCsvData\n    path_pattern: data/*.csv\n    dtype:\n      GeoCode: str\n"
    )
    platform = platform_of(tmp_path, "Year,GeoCode,Value\n2020,01,5\n", configuration=configuration)
    assert platform.text_columns("1-1-1") == frozenset({"GeoCode"})
    assert platform.table("1-1-1").rows[0][1] == "01"


def test_a_binary_file_called_csv_is_a_fault(tmp_path):
    assert faults_of(tmp_path, b"PK\x03\x04" + b"\0" * 50) == ["wrong-content"]
    with pytest.raises(MilepostError):
        from milepost.interchange.open_sdg import read

        read(tmp_path / "data" / "indicator_1-1-1.csv")
