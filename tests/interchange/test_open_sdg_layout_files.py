"""The static files for existing sites: their places, their content, and when they are written."""

import csv
import io
import json
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.errors import MilepostError, describe
from milepost.interchange.open_sdg import computed, layout
from milepost.interchange.open_sdg.platform import open_platform
from milepost.values import Origin, Table

CONFIG = """
languages: [en, ru]
translations:
  - class: TranslationInputYaml
    source: translations
"""
SCHEMA = """
prose:
  metadata:
    meta:
      - name: reporting_status
        field:
          element: select
          label: Reporting status
          options:
            - {name: Complete, value: complete, translation_key: status.complete}
            - {name: Not started, value: notstarted}
      - name: graph_type
        field:
          element: select
          label: Chart
          options: [{name: Line, value: line}]
      - name: data_non_statistical
        field: {element: checkbox, help: No figures, label: Not statistical, value: false, scope: data}
"""
FILES = {
    "config_data.yml": CONFIG,
    "_prose.yml": SCHEMA,
    "data/indicator_1-1-1.csv": (
        "Year,Units,Sex,Value\n2015,percent,,10\n2015,percent,female,11.5\n2015,percent,,99\n"
    ),
    "data/archived-1-1-1.csv": "Year,Sex,Value\n2015,Insgesamt,3\n2015,female,\n",
    "meta/1-1-1.md": "---\nindicator_name: names.poverty\nreporting_status: complete\n---\n",
    "meta/1-2-1.md": "---\nindicator_name: B\n---\n",
    "translations/en/names.yml": "poverty: Poverty\n",
    "translations/ru/names.yml": "poverty: Бедность\n",
    "translations/ru/data.yml": "Sex: Пол\nfemale: Женщины\npercent: процент\n",
}


def folder(place: Path, **changes: str) -> Path:
    for name, text in {**FILES, **changes}.items():
        path = place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return place


@pytest.fixture
def site(tmp_path) -> Path:
    """The static files of a small platform."""
    layout.write(open_platform(folder(tmp_path / "source")), tmp_path / "site")
    return tmp_path / "site"


def text(path: Path) -> str:
    return path.read_bytes().decode()


def content(path: Path):
    return json.loads(text(path))


# What is there


def test_every_indicator_has_every_file_untranslated_and_in_every_language(site):
    found = {path.relative_to(site).as_posix() for path in site.rglob("*") if path.is_file()}
    expected = {
        f"{language}/{name}"
        for language in ("untranslated", "en", "ru")
        for name in (
            *(
                f"{kind}/{code}.{extension}"
                for code in ("1-1-1", "1-2-1", "archived-1-1-1")
                for kind, extensions in {
                    "data": ("csv", "json"),
                    "headline": ("csv", "json"),
                    "edges": ("csv", "json"),
                    "comb": ("json",),
                    "meta": ("json",),
                }.items()
                for extension in extensions
            ),
            "headline/all.json",
            "meta/all.json",
            "meta/schema.json",
            "stats/reporting.json",
            "stats/disaggregation.json",
            "translations/translations.json",
            "zip/all_indicators.zip",
            "zip/all_indicators.json",
        )
    }
    assert found == expected


# One indicator


def test_data_are_published_as_csv_and_by_column_as_json(site):
    assert text(site / "untranslated/data/1-1-1.csv") == (
        "Year,Units,Sex,Value\n2015,percent,,10.0\n2015,percent,female,11.5\n2015,percent,,99.0\n"
    )
    assert text(site / "untranslated/data/1-1-1.json") == (
        '{"Year":[2015,2015,2015],"Units":["percent","percent","percent"],'
        '"Sex":[null,"female",null],"Value":[10.0,11.5,99.0]}'
    )


def test_the_headline_is_published_by_row_with_conflicting_rows(site):
    assert text(site / "ru/headline/1-1-1.csv") == "Year,Value,Units\n2015,10.0,процент\n2015,99.0,процент\n"
    assert content(site / "ru/headline/1-1-1.json") == [
        {"Year": 2015, "Value": 10.0, "Units": "процент"},
        {"Year": 2015, "Value": 99.0, "Units": "процент"},
    ]


def test_breakdowns_are_translated_with_their_headers(site):
    assert text(site / "ru/data/1-1-1.csv").splitlines()[:3] == [
        "Year,Units,Пол,Value",
        "2015,процент,,10.0",
        "2015,процент,Женщины,11.5",
    ]
    assert text(site / "ru/data/1-1-1.json").isascii()


def test_a_spelled_total_is_not_made_a_headline_and_a_missing_value_is_null(site):
    assert text(site / "en/headline/archived-1-1-1.csv") == "Year,Value\n"
    assert text(site / "en/headline/archived-1-1-1.json") == "[]"
    assert content(site / "en/data/archived-1-1-1.json")["Value"] == [3.0, None]


def test_an_indicator_with_metadata_only_has_empty_files(site):
    for name, expected in {
        "data/1-2-1.csv": "Year,Value\n",
        "data/1-2-1.json": "[]",
        "headline/1-2-1.csv": "Year,Value\n",
        "headline/1-2-1.json": "[]",
        "edges/1-2-1.csv": "From,To\n",
        "edges/1-2-1.json": "[]",
        "comb/1-2-1.json": '{"data":[],"edges":[]}',
    }.items():
        assert text(site / "untranslated" / name) == text(site / "ru" / name) == expected


def test_edges_name_translated_columns_and_comb_has_data_and_edges(tmp_path):
    layout.write(
        open_platform(
            folder(
                tmp_path / "source",
                **{"data/indicator_1-1-1.csv": "Year,Sex,Age,Value\n2015,female,,1\n2015,female,15-24,2\n"},
            )
        ),
        tmp_path / "site",
    )
    assert text(tmp_path / "site/ru/edges/1-1-1.csv") == "From,To\nПол,Age\n"
    assert content(tmp_path / "site/ru/edges/1-1-1.json") == {"From": ["Пол"], "To": ["Age"]}
    assert content(tmp_path / "site/ru/comb/1-1-1.json") == {
        "data": {"Year": [2015, 2015], "Пол": ["Женщины"] * 2, "Age": [None, "15-24"], "Value": [1, 2]},
        "edges": {"From": ["Пол"], "To": ["Age"]},
    }


def test_metadata_are_translated_and_have_the_minimum(site):
    meta = content(site / "ru/meta/1-1-1.json")
    assert meta["indicator_name"] == "Бедность"
    assert (meta["indicator_number"], meta["goal_number"], meta["reporting_status"]) == (
        "1.1.1",
        "1",
        "complete",
    )
    assert content(site / "untranslated/meta/1-2-1.json")["reporting_status"] == "notstarted"


def test_quotes_commas_and_line_breaks_survive(tmp_path):
    chosen = layout.Settings((), computed.Columns(("Year", "Value")), {})
    cell = 'say "a, b"\nand \\ / é 😀'
    rows = [("2015", cell, "1")]
    layout.write_indicator(
        tmp_path, chosen, "x", Table("x", ("Year", "Note", "Value"), rows, Origin("x.csv")), {}
    )
    read = list(csv.reader(io.StringIO(text(tmp_path / "untranslated/data/x.csv"), newline="")))
    assert read == [["Year", "Note", "Value"], ["2015", cell, "1"]]
    assert content(tmp_path / "untranslated/data/x.json")["Note"] == [cell]


def test_columns_declared_as_text_stay_as_written(tmp_path):
    chosen = layout.Settings((), computed.Columns(("Year", "Value")), {})
    table = Table("x", ("Year", "Value"), [("2015", "1")], Origin("x.csv"))
    layout.write_indicator(tmp_path, chosen, "x", table, {}, text_columns={"Year"}, name="Remittances")
    assert text(tmp_path / "untranslated/data/x.json") == '{"Year":["2015"],"Value":[1]}'
    assert content(tmp_path / "untranslated/meta/x.json")["indicator_name"] == "Remittances"


# All indicators


def test_the_collected_files_hold_every_indicator(site):
    assert set(content(site / "en/meta/all.json")) == {"1-1-1", "1-2-1", "archived-1-1-1"}
    assert content(site / "en/meta/all.json")["1-1-1"] == content(site / "en/meta/1-1-1.json")
    assert content(site / "en/headline/all.json")["1-1-1"] == content(site / "en/headline/1-1-1.json")


def test_statistics_count_the_indicators(site):
    reporting = content(site / "en/stats/reporting.json")
    assert {each["status"]: each["count"] for each in reporting["overall"]["statuses"]} == {
        "complete": 2,
        "notstarted": 1,
    }
    disaggregation = content(site / "ru/stats/disaggregation.json")
    assert [each["goal"] for each in disaggregation["goals"]] == ["1", "archived"]
    assert disaggregation["overall"]["totals"]["total"] == 3


def test_translations_are_of_one_language_or_of_all(site):
    assert content(site / "ru/translations/translations.json")["names"] == {"poverty": "Бедность"}
    assert content(site / "untranslated/translations/translations.json")["en"]["names"] == {
        "poverty": "Poverty"
    }


def test_the_schema_lists_fields_and_options(site):
    assert content(site / "en/meta/schema.json") == [
        {
            "name": "reporting_status",
            "field": {
                "label": "Reporting status",
                "element": "select",
                "options": [
                    {"name": "Complete", "value": "complete", "translation_key": "status.complete"},
                    {"name": "Not started", "value": "notstarted", "translation_key": "Not started"},
                ],
            },
        },
        {
            "name": "graph_type",
            "field": {
                "label": "Chart",
                "element": "select",
                "options": [
                    {"name": "Line", "value": "line", "translation_key": "Line"},
                    {"name": "Null", "value": None},
                ],
            },
        },
        {
            "name": "data_non_statistical",
            "field": {
                "help": "No figures",
                "label": "Not statistical",
                "value": False,
                "scope": "data",
                "element": "text",
            },
        },
    ]


def test_the_archive_holds_the_data_of_complete_statistical_indicators(site):
    path = site / "ru/zip/all_indicators.zip"
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["1-1-1.csv", "archived-1-1-1.csv"]
        assert archive.read("1-1-1.csv") == (site / "ru/data/1-1-1.csv").read_bytes()
    size = path.stat().st_size
    assert content(site / "ru/zip/all_indicators.json") == {
        "size_bytes": size,
        "size_human": f"{size} Bytes",
        "filename": "all_indicators.zip",
    }


def test_the_archive_can_have_another_name_and_a_time(tmp_path):
    source = folder(
        tmp_path / "source", **{"config_data.yml": CONFIG + "indicator_export_filename: figures\n"}
    )
    platform = open_platform(source)
    layout.write(platform, tmp_path / "site")
    platform.last_commit = 1700000000
    layout.write_totals(tmp_path / "site", layout.settings(platform), platform)
    info = content(tmp_path / "site/en/zip/all_indicators.json")
    assert (tmp_path / "site/en/zip/figures.zip").is_file()
    assert info["filename"] == "figures.zip" and info["timestamp"] == 1700000000


def test_downloads_offered_by_the_platform_are_copied_and_listed(tmp_path):
    downloads = """
indicator_downloads:
  - {button_label: Source, source_pattern: data/indicator_*.csv, output_folder: csv}
  - {button_label: Secret, source_pattern: ../*.csv, output_folder: x}
"""
    source = folder(tmp_path / "source", **{"config_data.yml": CONFIG + downloads})
    (tmp_path / "indicator_secret.csv").write_text("secret")
    layout.write(open_platform(source), tmp_path / "site")
    assert content(tmp_path / "site/en/downloads/indicator-downloads.json") == {
        "1.1.1": {"Source": {"href": "downloads/csv/indicator_1-1-1.csv"}}
    }
    assert text(tmp_path / "site/en/downloads/csv/indicator_1-1-1.csv") == FILES["data/indicator_1-1-1.csv"]
    assert not (tmp_path / "site/en/downloads/x").exists()


@pytest.mark.parametrize(
    "download",
    [
        "{button_label: Source, source_pattern: /etc/*.csv, output_folder: csv}",
        "{button_label: Source, source_pattern: data/*.csv}",
        "{button_label: Source, source_pattern: data/*.csv, output_folder: csv, indicator_id_pattern: '('}",
        "{button_label: Source, source_pattern: data/*.csv, output_folder: csv, indicator_id_pattern: 'x*'}",
        "{button_label: Source, source_pattern: data/*.csv, output_folder: ../../csv}",
        "data/*.csv",
    ],
)
def test_a_download_that_cannot_be_offered_is_named_and_the_rest_is_written(tmp_path, download):
    source = folder(
        tmp_path / "source", **{"config_data.yml": f"{CONFIG}\nindicator_downloads: [{download}]\n"}
    )
    problems = layout.write(open_platform(source), tmp_path / "site")
    assert [problem.code for problem in problems] == ["download-not-offered"]
    assert describe(problems[0])
    assert content(tmp_path / "site/en/downloads/indicator-downloads.json") == {}


def test_a_schema_may_have_plain_options_and_dates():
    schema = [
        {"name": "tier", "field": {"element": "select", "options": ["I", {"value": 2}]}},
        {"name": "note"},
    ]
    tier, note = layout.published_schema(schema)
    assert [(option["name"], option["value"]) for option in tier["field"]["options"]] == [
        ("I", "I"),
        (2, 2),
        ("Null", None),
    ]
    assert note == {"name": "note", "field": {"element": "text"}}


# Writing again


def test_the_second_time_no_file_is_touched(tmp_path):
    platform = open_platform(folder(tmp_path / "source"))
    site = tmp_path / "site"
    layout.write(platform, site)
    before = {path: path.stat().st_ino for path in site.rglob("*")}
    layout.write(platform, site)
    assert {path: path.stat().st_ino for path in site.rglob("*")} == before


def test_the_files_of_a_removed_indicator_and_leftovers_of_a_killed_run_go_away(tmp_path):
    source, site = folder(tmp_path / "source"), tmp_path / "site"
    layout.write(open_platform(source), site)
    (site / "en/data/1-1-1.csv.aside").write_text("half")
    (source / "meta/1-2-1.md").unlink()
    platform = open_platform(source)
    layout.write_totals(site, layout.settings(platform), platform)
    assert not list(site.rglob("1-2-1.*")) and not list(site.rglob("*.aside"))
    assert "1-2-1" not in content(site / "en/meta/all.json")
    assert (site / "en/data/1-1-1.csv").is_file()


def test_it_is_known_whether_an_indicator_is_written_in_full(tmp_path):
    platform = open_platform(folder(tmp_path / "source"))
    site, chosen = tmp_path / "site", layout.settings(platform)
    assert not layout.is_written(site, chosen, "1-1-1")
    layout.write(platform, site)
    assert layout.is_written(site, chosen, "1-1-1")
    (site / "ru/comb/1-1-1.json").unlink()
    assert not layout.is_written(site, chosen, "1-1-1")


# Bad input


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    (tmp_path / "site").write_text("a file")
    with pytest.raises(MilepostError) as caught:
        layout.write(open_platform(folder(tmp_path / "source")), tmp_path / "site")
    assert caught.value.problems[0].code == "cannot-write"


def test_a_configuration_cannot_lead_out_of_the_output(tmp_path):
    setting = "indicator_export_filename: ../../out"
    source = folder(tmp_path / "source", **{"config_data.yml": f"{CONFIG}\n{setting}"})
    with pytest.raises(MilepostError) as caught:
        layout.write(open_platform(source), tmp_path / "site")
    assert caught.value.problems[0].code == "cannot-write"
    assert not list(tmp_path.glob("*.zip"))


def test_a_language_that_is_a_path_is_none(tmp_path):
    source = folder(tmp_path / "source", **{"config_data.yml": "languages: ['../en', en]"})
    layout.write(open_platform(source), tmp_path / "site")
    assert {path.name for path in (tmp_path / "site").iterdir()} == {"untranslated", "en"}
    assert not (tmp_path / "en").exists()


# JSON


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (59.6, "59.6"),
        (53.0, "53.0"),
        (-0.0, "0.0"),
        (-1.5, "-1.5"),
        (1 / 3, "0.3333333333"),
        (0.99999999996, "1.0"),
        (123456789.123, "123456789.1229999959"),
        (1e-5, "0.00001"),
        (1e-12, "0.0"),
        (1e16, "10000000000000000.0"),
        (1.5e16, "1.5e+16"),
        (5e-16, "5e-16"),
        (float("inf"), "null"),
    ],
)
def test_decimal_numbers_in_json_have_ten_places_at_most(number, expected):
    assert layout.json_number(number) == expected


@given(st.floats(min_value=-1e5, max_value=1e5))
def test_a_number_in_json_is_within_ten_places_of_the_figure(number):
    assert float(layout.json_number(number)) == pytest.approx(number, abs=1e-10)


def test_dates_and_odd_keys_of_metadata_become_text():
    import datetime

    value = {"date": datetime.date(2020, 1, 2), 7: [True, None, 1.0, float("nan")], "a/b": "é"}
    assert layout.json_value(value) == '{"date":"2020-01-02","7":[true,null,1.0,null],"a/b":"\\u00e9"}'
