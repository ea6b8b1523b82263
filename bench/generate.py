"""A synthetic Open SDG data folder of any size; the same arguments give the same bytes."""

import csv
import itertools
import random
from collections.abc import Iterator
from pathlib import Path

SEXES = ("", "Female", "Male")
AGES = ("", "0-14", "15-24", "25-64", "65+")
REGIONS = ("", "North", "South", "East", "West", "Capital")
YEARS = range(2005, 2025)
META = """\
indicator_name: Synthetic indicator {number}
graph_title: Synthetic indicator {number}
indicator: '{number}'
target_id: '{target}'
sdg_goal: '{goal}'
reporting_status: complete
data_non_statistical: false
graph_type: line
computation_units: Percent
national_geographical_coverage: Synthetic country
source_active_1: true
source_organisation_1: Synthetic statistical office
source_periodicity_1: annual
expected_disaggregations: [Sex, Age, Region]
progress_calculation_options: [{{direction: positive}}]
"""
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
RUSSIAN = {
    "data": {"Female": "Женщины", "Male": "Мужчины", "North": "Север", "South": "Юг", "East": "Восток",
             "West": "Запад", "Capital": "Столица", "Sex": "Пол", "Age": "Возраст", "Region": "Область"},
}  # fmt: skip


def codes(indicators: int) -> list[str]:
    """The codes of that many indicators, spread over seventeen goals."""
    return [f"{n % 17 + 1}-{n // 170 + 1}-{n // 17 % 10 + 1}" for n in range(indicators)]


def platform(folder: Path, *, indicators: int = 270, observations: int = 150_000, seed: int = 10) -> Path:
    """Write the folder and return it; the observations are spread evenly over the indicators."""
    chance = random.Random(seed)  # noqa: S311
    for name in ("data", "meta", "translations/en", "translations/ru"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    (folder / "config_data.yml").write_text(CONFIG, encoding="utf-8")
    for group, words in RUSSIAN.items():
        lines = "".join(f"{key}: {word}\n" for key, word in words.items())
        (folder / "translations" / "ru" / f"{group}.yml").write_text(lines, encoding="utf-8")
        lines = "".join(f"{key}: {key}\n" for key in words)
        (folder / "translations" / "en" / f"{group}.yml").write_text(lines, encoding="utf-8")
    for position, code in enumerate(codes(indicators)):
        share = observations // indicators + (position < observations % indicators)
        number = code.replace("-", ".")
        goal, target = code.split("-")[0], ".".join(code.split("-")[:2])
        meta = META.format(number=number, goal=goal, target=target)
        (folder / "meta" / f"{code}.yml").write_text(meta, encoding="utf-8")
        with (folder / "data" / f"indicator_{code}.csv").open("w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(("Year", "Series", "Sex", "Age", "Region", "Units", "Value"))
            writer.writerows(itertools.islice(_rows(chance), share))
    return folder


def _rows(chance: random.Random) -> Iterator[tuple]:
    """Endless rows: series after series, in each the total first, then broken-down cells in any order."""
    total, *parts = itertools.product(SEXES, AGES, REGIONS)
    for series in itertools.count(1):
        level = chance.uniform(10, 60)
        chance.shuffle(parts)
        for sex, age, region in (total, *parts):
            for year in YEARS:
                value = round(level * 1.01 ** (year - 2005) * chance.uniform(0.97, 1.03), 2)
                yield year, f"Series {series}", sex, age, region, "Percent", value
