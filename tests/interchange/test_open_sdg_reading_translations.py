"""Translations of an Open SDG repository: from its own folders, never from elsewhere."""

from pathlib import Path

from milepost.interchange.open_sdg import open_platform

OWN = "inputs: []\ntranslations:\n  - class: TranslationInputYaml\n    source: translations\n"


def platform_of(folder: Path, files: dict[str, str], configuration: str = OWN):
    for name, text in {"config_data.yml": configuration, **files}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return open_platform(folder)


def test_the_folder_names_the_language_and_the_file_the_group(tmp_path):
    files = {"translations/en/data.yml": "Female: Women\n", "translations/ru/data.yml": "Female: Женщины\n"}
    assert platform_of(tmp_path, files).translations == {
        "en": {"data": {"Female": "Women"}},
        "ru": {"data": {"Female": "Женщины"}},
    }


def test_only_the_languages_of_the_platform_are_read(tmp_path):
    files = {"translations/en/data.yml": "a: b\n", "translations/fr/data.yml": "a: c\n"}
    assert set(platform_of(tmp_path, files, "languages: [fr]\n" + OWN).translations) == {"fr"}


def test_a_later_source_wins(tmp_path):
    configuration = OWN + "  - class: TranslationInputCsv\n    source: more\n"
    files = {"translations/en/data.yml": "a: one\nb: two\n", "more/en/data.csv": "a,three\nc,c\n"}
    assert platform_of(tmp_path, files, configuration).translations == {
        "en": {"data": {"a": "three", "b": "two", "c": "c"}}
    }


def test_translations_elsewhere_are_named_once(tmp_path):
    platform = platform_of(tmp_path, {}, "languages: [en]\n")
    (note,) = [problem for problem in platform.problems if problem.code == "translations-elsewhere"]
    assert note.details["source"] == "https://github.com/open-sdg/sdg-translations.git"


def test_translations_of_a_statistical_database_are_named_too(tmp_path):
    configuration = OWN + "  - class: TranslationInputPx\n    source: indicator_id_map.yml\n"
    (problem,) = platform_of(tmp_path, {}, configuration).problems
    assert (problem.code, problem.details["input"]) == ("input-not-read", "TranslationInputPx")


def test_a_copy_of_the_translations_inside_the_folder_is_used(tmp_path):
    files = {"sdg-translations/translations/en/global_goals.yml": "1-short: No poverty\n"}
    platform = platform_of(tmp_path, files, "languages: [en]\n")
    assert platform.translations == {"en": {"global_goals": {"1-short": "No poverty"}}}
    assert "translations-elsewhere" not in [problem.code for problem in platform.problems]
    assert tmp_path / "sdg-translations/translations/en/global_goals.yml" in platform.shared_sources()


def test_a_broken_file_is_a_fault_and_the_others_are_read(tmp_path):
    files = {
        "translations/en/a.yml": "x: 'open\n",
        "translations/en/b.yml": "y: z\n",
        "translations/en/c.yml": "- list\n",
    }
    platform = platform_of(tmp_path, files)
    assert platform.translations == {"en": {"b": {"y": "z"}}}
    faults = [problem for problem in platform.problems if problem.code == "translations-unreadable"]
    assert {fault.origin.file for fault in faults} == {"translations/en/a.yml", "translations/en/c.yml"}


def test_an_empty_file_holds_no_translations(tmp_path):
    platform = platform_of(tmp_path, {"translations/en/a.yml": "", "translations/en/b.yml": "# nothing\n"})
    assert platform.translations == {}
    assert platform.problems == ()


def test_numbers_are_keys_too(tmp_path):
    assert platform_of(tmp_path, {"translations/en/a.yml": "2020: twenty\n"}).translations["en"]["a"] == {
        "2020": "twenty"
    }


def test_a_folder_that_is_not_there_is_no_fault(tmp_path):
    assert platform_of(tmp_path, {}).problems == ()
