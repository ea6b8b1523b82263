"""The configuration of an Open SDG repository: where it is found, and what holds where it says nothing."""

from pathlib import Path

import pytest

from milepost.errors import KINDS, MilepostError, describe
from milepost.interchange.open_sdg import open_platform


def repository(folder: Path, **files: str) -> Path:
    """Files by their paths, written with __ for / and without the dots of `name_yml`."""
    for name, text in files.items():
        stem, _, suffix = name.replace("__", "/").rpartition("_")
        path = folder / f"{stem}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def kinds(problems) -> list[str]:
    return [problem.code for problem in problems]


def test_defaults_hold_where_there_is_no_configuration(tmp_path):
    platform = open_platform(
        repository(
            tmp_path,
            **{"data__indicator_1-1-1_csv": "Year,Value\n2020,1\n", "meta__1-2-1_md": "---\na: 1\n---\n"},
        )
    )
    assert platform.codes == ("1-1-1", "1-2-1")
    assert platform.languages == ()
    assert platform.options["indicator_options"]["series_column"] == "Series"
    assert platform.options["indicator_options"]["observation_attributes"] == ("COMMENT_OBS", "SOURCE_DETAIL")
    assert "no-configuration" in kinds(platform.problems)


def test_every_problem_of_a_repository_has_a_sentence(tmp_path):
    inputs = "inputs:\n  - class: InputCkan\n  - class: InputOfMine\n  - 12\n"
    configuration = f"{inputs}languages: [en]\nschema_file: no.yml\n"
    platform = open_platform(repository(tmp_path, config_data_yml=configuration))
    assert all(describe(problem) for problem in platform.problems)
    assert {"input-not-read", "schema-missing", "translations-elsewhere"} <= set(kinds(platform.problems))
    assert {KINDS[problem.code].gravity for problem in platform.problems} <= {"error", "warning", "note"}


def test_a_folder_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(MilepostError):
        open_platform(tmp_path / "nowhere")


def test_the_script_names_the_configuration(tmp_path):
    platform = open_platform(
        repository(
            tmp_path,
            scripts__build_data_py="import sdg\nconfig='mine.yml'\nsdg.open_sdg_build(config=config)\n",
            mine_yml="languages: [ru, en]\n",
            config_data_yml="languages: [fr]\n",
        )
    )
    assert platform.languages == ("ru", "en")


@pytest.mark.parametrize("name", ["config_data_yml", "data_config_yml", "open_sdg_config_yml", "config_yml"])
def test_the_configuration_is_found_under_its_usual_names(tmp_path, name):
    platform = open_platform(repository(tmp_path, **{name: "languages: [hy]\ninputs: []\n"}))
    assert platform.languages == ("hy",)


def test_a_file_called_config_that_is_about_something_else_is_not_taken(tmp_path):
    platform = open_platform(repository(tmp_path, config_yml="version: 2\njobs: []\n"))
    assert "no-configuration" in kinds(platform.problems)


def test_partial_indicator_options_are_not_filled_up_from_the_defaults(tmp_path):
    configuration = "indicator_options:\n  non_disaggregation_columns: [Value, Year, SERIES]\n"
    options = open_platform(repository(tmp_path, config_data_yml=configuration)).options["indicator_options"]
    assert options["non_disaggregation_columns"] == ("Year", "Value", "SERIES")
    assert options["observation_attributes"] == ()
    assert (options["series_column"], options["unit_column"]) == ("Series", "Units")


def test_norwegian_is_a_language_and_not_a_truth_value(tmp_path):
    assert open_platform(repository(tmp_path, config_data_yml="languages:\n  - no\n  - en\n")).languages == (
        "no",
        "en",
    )


def test_what_stands_before_a_fault_in_the_configuration_still_counts(tmp_path):
    configuration = "languages:\n  - sr\nsrc_dir: ''\n\"Create a new branch for this commit\"\n"
    platform = open_platform(repository(tmp_path, config_data_yml=configuration))
    assert platform.languages == ("sr",)
    fault = next(problem for problem in platform.problems if problem.code == "configuration-unreadable")
    assert fault.origin.file == "config_data.yml"
    assert fault.origin.row is not None


def test_a_configuration_that_is_no_list_of_settings_leaves_the_defaults(tmp_path):
    files = {"config_data_yml": "- just\n- a list\n", "data__indicator_1-1-1_csv": "Year,Value\n2020,1\n"}
    platform = open_platform(repository(tmp_path, **files))
    assert platform.codes == ("1-1-1",)
    assert "configuration-unreadable" in kinds(platform.problems)


def test_translations_of_the_old_form_name_their_repository(tmp_path):
    configuration = "translations:\n  - https://github.com/open-sdg/translations-un-sdg.git@1.0.0-rc1\n"
    platform = open_platform(repository(tmp_path, config_data_yml=configuration))
    details = [problem.details for problem in platform.problems if problem.code == "translations-elsewhere"]
    assert details == [{"source": "https://github.com/open-sdg/translations-un-sdg.git"}]


def test_inputs_are_relative_to_the_source_directory(tmp_path):
    files = {
        "config_data_yml": "src_dir: tests\n",
        "tests__data__indicator_3-1-1_csv": "Year,Value\n2020,1\n",
    }
    assert open_platform(repository(tmp_path, **files)).codes == ("3-1-1",)


@pytest.mark.parametrize(
    "given",
    [
        "class: InputCkan\n    endpoint: https://example.org",
        "class: InputPxWebApi",
        "class: InputSdmxMeta\n    meta_suffix: __GLOBAL",
        "class: InputCsvData\n    path_pattern: https://example.org/data/*.csv",
        "class: InputSdmxMl_Structure\n    source: https://example.org/rest/data",
    ],
)
def test_an_input_that_must_be_fetched_is_a_problem_and_the_rest_is_read(tmp_path, given):
    configuration = f"inputs:\n  - {given}\n  - class: InputCsvData\n    path_pattern: data/*-*.csv\n"
    files = {"config_data_yml": configuration, "data__indicator_1-1-1_csv": "Year,Value\n2020,1\n"}
    platform = open_platform(repository(tmp_path, **files))
    assert platform.codes == ("1-1-1",)
    assert kinds(platform.problems).count("input-not-read") == 1


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("InputSdmxMeta", "it is fetched from the United Nations' metadata service"),
        ("InputSdmxMeta\n    source: meta.xml", "metadata in SDMX are not read"),
        (
            "InputPxFile\n    indicator_id_map: {'https://example.org/sq/1': [1.1.1]}",
            "it is fetched from a statistical database, in PX",
        ),
        (
            "InputPxFile\n    indicator_id_map: indicator_id_map.yml",
            "it is fetched from a statistical database, in PX",
        ),
        ("InputPxFile\n    indicator_id_map: {a.px: [1.1.1]}", "PX files are not read"),
        ("InputJsonStat\n    endpoint: https://example.org", "it is fetched from a service, in JSON-stat"),
    ],
)
def test_why_an_input_is_not_read_depends_on_where_its_file_is(tmp_path, given, why):
    files = {"config_data_yml": f"inputs:\n  - class: {given}\n", "meta_xml": "<a/>", "a_px": "VALUES="}
    problems = open_platform(repository(tmp_path, **files)).problems
    assert [each.details["why"] for each in problems if each.code == "input-not-read"] == [why]


@pytest.mark.parametrize("pattern", ["../*.csv", "{outside}/*.csv", "data/../../*.csv"])
def test_files_outside_the_folder_are_never_read(tmp_path, pattern):
    (tmp_path / "secret-1.csv").write_text("Year,Value\n2020,1\n")
    pattern = pattern.format(outside=tmp_path)
    folder = tmp_path / "repository"
    configuration = (
        f"inputs:\n  - class: InputCsvData\n    path_pattern: '{pattern}'\n    files: [../secret-1.csv]\n"
    )
    (folder / "data").mkdir(parents=True)
    platform = open_platform(repository(folder, config_data_yml=configuration))
    assert platform.codes == ()


def test_a_link_that_leads_outside_the_folder_is_not_followed(tmp_path):
    (tmp_path / "secret.csv").write_text("Year,Value\n2020,1\n")
    folder = tmp_path / "repository"
    (folder / "data").mkdir(parents=True)
    (folder / "data" / "indicator_1-1-1.csv").symlink_to(tmp_path / "secret.csv")
    platform = open_platform(folder)
    assert platform.codes == ()
    assert "link-outside" in kinds(platform.problems)


def test_metadata_in_other_formats_are_found_without_a_configuration(tmp_path):
    files = {
        "data__indicator_1-1-1_csv": "Year,Value\n2020,1\n",
        "indicator-config__1-1-1_yml": "graph_type: line\n",
        "meta__1-1-1_yml": "source: survey\n",
    }
    assert open_platform(repository(tmp_path, **files)).metadata("1-1-1") == {
        "graph_type": "line",
        "source": "survey",
    }
