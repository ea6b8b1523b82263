"""Metadata of an Open SDG repository: Markdown, YAML, Excel and CSV, merged as on the platform."""

import datetime
from pathlib import Path

import pytest
import xlsxwriter

from milepost.interchange.open_sdg import open_platform


def platform_of(folder: Path, files: dict[str, str], inputs: str = ""):
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    if inputs:
        (folder / "config_data.yml").write_text(f"inputs:\n{inputs}", encoding="utf-8")
    return open_platform(folder)


YAML = "  - class: InputYamlMeta\n    path_pattern: meta/*.yml\n"


def test_markdown_keeps_its_body_as_page_content(tmp_path):
    platform = platform_of(tmp_path, {"meta/1-1-1.md": "---\ntitle: Poverty\n---\nSome *text*.\n\nMore.\n"})
    assert platform.metadata("1-1-1") == {"title": "Poverty", "page_content": "Some *text*.\n\nMore.\n"}


def test_markdown_follows_yaml_1_2(tmp_path):
    text = (
        "a: yes\nb: no\nc: 010\nd: 08\ne: 12:30\nf: true\ng: 'true'\nh: 2020-01-02\ni: 1e3\nj: ~\nk: 0o17\n"
    )
    assert platform_of(tmp_path, {"meta/1-1-1.md": f"---\n{text}---\n"}).metadata("1-1-1") == {
        **{"a": "yes", "b": "no", "c": 10, "d": 8, "e": "12:30", "f": True, "g": True},
        **{"h": datetime.date(2020, 1, 2), "i": 1000.0, "j": None, "k": 15, "page_content": ""},
    }


def test_plain_yaml_follows_yaml_1_1(tmp_path):
    platform = platform_of(tmp_path, {"meta/1-1-1.yml": "a: yes\nb: 'False'\nc: 010\nd: [x, 'true']\n"}, YAML)
    assert platform.metadata("1-1-1") == {"a": True, "b": False, "c": 8, "d": ["x", "true"]}


def test_yaml_with_a_mark_at_its_end_is_read(tmp_path):
    inputs = "  - class: InputYamlMeta\n    path_pattern: meta/*-*.md\n"
    assert platform_of(tmp_path, {"meta/1-1-1.md": "---\na: 1\n---\n"}, inputs).metadata("1-1-1") == {"a": 1}


def test_broken_yaml_is_a_fault_with_its_line_and_the_rest_is_read(tmp_path):
    files = {"meta/1-1-1.md": "---\na: 1\nb: it's: wrong\n---\n", "meta/1-2-1.md": "---\na: 2\n---\n"}
    platform = platform_of(tmp_path, files)
    assert platform.metadata("1-1-1") == {}
    (fault,) = platform.problems_of("1-1-1")
    assert (fault.code, fault.origin.file, fault.origin.row) == ("metadata-unreadable", "meta/1-1-1.md", 3)
    assert platform.metadata("1-2-1")["a"] == 2


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n", "a: !!python/object:os.system x\n"])
def test_yaml_that_is_no_list_of_fields_is_a_fault(tmp_path, text):
    platform = platform_of(tmp_path, {"meta/1-1-1.yml": text}, YAML)
    assert platform.metadata("1-1-1") == {}
    assert [fault.code for fault in platform.problems_of("1-1-1")] == ["metadata-unreadable"]


def test_a_date_that_does_not_exist_is_a_fault(tmp_path):
    platform = platform_of(tmp_path, {"meta/1-1-1.yml": "a: 2020-06-31\n"}, YAML)
    assert platform.metadata("1-1-1") == {}
    assert platform.problems_of("1-1-1")


def test_later_inputs_win_field_by_field(tmp_path):
    files = {
        "indicator-config/1-1-1.yml": "a: 1\nb: {x: 1, y: 1}\n",
        "meta/1-1-1.yml": "a: 2\nb: {y: 2}\nc: 3\n",
    }
    inputs = "  - class: InputYamlMeta\n    path_pattern: indicator-config/*.yml\n" + YAML
    assert platform_of(tmp_path, files, inputs).metadata("1-1-1") == {"a": 2, "b": {"x": 1, "y": 2}, "c": 3}


def test_language_folders_stand_under_their_language_and_fall_back(tmp_path):
    files = {
        "meta/1-1-1.yml": "title: Бедность\nnote: Примечание\n",
        "meta/en/1-1-1.yml": "title: Poverty\nnote:\n",
    }
    platform = platform_of(tmp_path, files, YAML)
    assert platform.metadata("1-1-1") == {
        "title": "Бедность",
        "note": "Примечание",
        "en": {"title": "Poverty", "note": "Примечание"},
    }
    assert [path.parent.name for path in platform.sources("1-1-1")] == ["meta", "en"]


def test_a_suffix_is_put_on_every_field(tmp_path):
    assert platform_of(tmp_path, {"meta/1-1-1.yml": "a: 1\n"}, YAML + "    meta_suffix: __GLOBAL\n").metadata(
        "1-1-1"
    ) == {"a__GLOBAL": 1}


def test_csv_metadata_are_read_and_renamed(tmp_path):
    files = {
        "meta/1-1-1.csv": 'Name,Poverty\nSame,Same\nActive,TRUE\nNothing,\nNothing too,NA\n"Long","a, b"\n',
        "mapping.csv": "Name,indicator_name\nActive,source_active_1\n",
    }
    inputs = "  - class: InputCsvMeta\n    path_pattern: meta/*.csv\n    metadata_mapping: mapping.csv\n"
    platform = platform_of(tmp_path, files, inputs)
    assert platform.metadata("1-1-1") == {
        "Same": "Same",
        "Long": "a, b",
        "indicator_name": "Poverty",
        "source_active_1": True,
    }
    assert platform.name("1-1-1") == "Poverty"
    assert "mapping.csv" in {path.name for path in platform.shared_sources()}


def workbook(path: Path, *sheets: list[list[object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        for rows in sheets:
            sheet = book.add_worksheet()
            for n, row in enumerate(rows):
                sheet.write_row(n, 0, row)


EXCEL = "  - class: InputExcelMeta\n    path_pattern: meta/*-*.xlsx\n"


def test_excel_metadata_are_read(tmp_path):
    workbook(
        tmp_path / "meta/1-1-1.xlsx",
        [["Goal", 1], ["Name", "Poverty"], ["Blank", ""], ["Rate", 1.5], ["Is", "true"]],
    )
    platform = platform_of(tmp_path, {}, EXCEL + "    metadata_mapping: {Name: indicator_name}\n")
    assert platform.metadata("1-1-1") == {"Goal": 1, "Rate": 1.5, "Is": True, "indicator_name": "Poverty"}


def test_the_sheet_of_excel_metadata_can_be_chosen(tmp_path):
    workbook(tmp_path / "meta/1-1-1.xlsx", [["a", "first"]], [["a", "second"]])
    assert platform_of(tmp_path, {}, EXCEL + "    sheet_number: 1\n").metadata("1-1-1") == {"a": "second"}


@pytest.mark.parametrize("content", [b"PK\x03\x04 not really", b"<html>", b""])
def test_a_workbook_that_is_none_is_a_fault(tmp_path, content):
    (tmp_path / "meta").mkdir()
    (tmp_path / "meta" / "1-1-1.xlsx").write_bytes(content)
    platform = platform_of(tmp_path, {}, EXCEL)
    assert platform.metadata("1-1-1") == {}
    assert platform.problems_of("1-1-1")[0].origin.file == "meta/1-1-1.xlsx"


def test_metadata_that_are_not_utf8_are_a_fault_with_the_line(tmp_path):
    platform_of(tmp_path, {"meta/1-1-1.yml": "a: 1\n"}, YAML)
    (tmp_path / "meta" / "1-1-1.yml").write_bytes("a: 1\nb: Пол\n".encode("cp1251"))
    platform = open_platform(tmp_path)
    assert platform.metadata("1-1-1") == {}
    assert [(fault.code, fault.origin.row) for fault in platform.problems_of("1-1-1")] == [("not-text", 2)]


def test_an_indicator_without_metadata_has_none(tmp_path):
    platform = platform_of(tmp_path, {"data/indicator_1-1-1.csv": "Year,Value\n2020,1\n"})
    assert platform.metadata("1-1-1") == {}
    assert platform.name("1-1-1") is None
