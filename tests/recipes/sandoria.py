"""A small Open SDG data folder of a country that does not exist."""

from pathlib import Path

CONFIG = """\
languages: [en, ru]
inputs:
  - class: InputCsvData
    path_pattern: data/indicator_*.csv
  - class: InputYamlMeta
    path_pattern: meta/*.yml
translations:
  - class: TranslationInputYaml
    source: translations
"""


def folder(tmp_path) -> Path:
    """Two indicators with data and one with metadata only, in English and Russian."""
    root = tmp_path / "sandoria"
    for name in ("data", "meta", "translations/en", "translations/ru"):
        (root / name).mkdir(parents=True)
    (root / "config_data.yml").write_text(CONFIG, encoding="utf-8")
    (root / "translations/ru/data.yml").write_text(
        "Female: Женщины\nMale: Мужчины\nSex: Пол\n", encoding="utf-8"
    )
    (root / "translations/en/data.yml").write_text("Female: Women\nMale: Men\nSex: Sex\n", encoding="utf-8")
    write(
        root,
        "10-7-4",
        "Year,Sex,Value\n2015,,40\n2024,,50\n2015,Female,41\n2024,Female,52\n2015,Male,39\n2024,Male,48\n",
    )
    write(root, "8-8-1", "Year,Series,Value\n2015,SL_EMP_FTLINJUR,4\n2023,SL_EMP_FTLINJUR,2\n")
    meta(
        root, "10-7-4", "indicator_name: Refugees from Sandoria\nsource_organisation_1: Statistics Sandoria\n"
    )
    meta(root, "8-8-1", "indicator_name: Injuries at work\nexpected_disaggregations: [Sex]\n")
    meta(root, "10-7-1", "indicator_name: Recruitment cost\nreporting_status: notstarted\n")
    return root


def write(root: Path, code: str, text: str) -> Path:
    path = root / "data" / f"indicator_{code}.csv"
    path.write_text(text, encoding="utf-8")
    return path


def meta(root: Path, code: str, text: str) -> Path:
    path = root / "meta" / f"{code}.yml"
    path.write_text(text, encoding="utf-8")
    return path
