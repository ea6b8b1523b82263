"""The configuration of an Open SDG data repository, with the defaults that Open SDG fills in.

The file is the one that the repository's build script names, else one under a usual name. Scripts are read,
never run: where there is no such file, the inputs that a script of the old layout declares are taken from
its text (`scripts`). Without any of these, Open SDG's defaults hold; they are widened to what the folder
really has (metadata as YAML beside Markdown, CSV files at the top, or nothing but SDMX files with their data
structure definition).
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from milepost.errors import MilepostError
from milepost.interchange import limits, safe_yaml, xml
from milepost.interchange.open_sdg import scripts
from milepost.interchange.open_sdg.alterations import Alteration
from milepost.values import Origin, Problem
from milepost.values.concepts import ATTRIBUTES

USUAL_NAMES = (
    "config_data.yml",
    "config_data.yaml",
    "data_config.yml",
    "open_sdg_config.yml",
    "open_sdg_config_sdmx.yml",
    "config.yml",
    "_config.yml",
)
SDG_TRANSLATIONS = "https://github.com/open-sdg/sdg-translations.git"
INDICATOR_OPTIONS = {
    "non_disaggregation_columns": (
        "Year",
        "Value",
        "Units",
        "Series",
        "GeoCode",
        "Observation status",
        "Unit multiplier",
        "Unit measure",
        "UNIT_MEASURE",
        "SERIES",
        "COMMENT_TS",
        "DATA_LAST_UPDATE",
    ),
    "observation_attributes": ("COMMENT_OBS", "SOURCE_DETAIL"),
    "series_column": "Series",
    "unit_column": "Units",
    "progress_column": "Progress",
}
"""What holds where the configuration has no `indicator_options`; a partial one is not filled up from here."""

_LANGUAGE = re.compile(r"[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*")
SDMX_DATA = (
    "StructureSpecificData",
    "StructureSpecificTimeSeriesData",
    "GenericData",
    "GenericTimeSeriesData",
)
_META_PATTERNS = (
    ("InputYamlMdMeta", "*-*.md"),
    ("InputYamlMeta", "*-*.yml"),
    ("InputYamlMeta", "*-*.yaml"),
    ("InputCsvMeta", "*-*.csv"),
    ("InputExcelMeta", "*-*.xlsx"),
    ("InputWordMeta", "*-*.docm"),
    ("InputWordMeta", "*-*.docx"),
)
_BEFORE = 20  # lines
_SIGNS = {"inputs", "languages", "translations", "schema_file", "src_dir", "indicator_options", "site_dir"}


@dataclass(frozen=True)
class Configuration:
    """Options with every default filled in, the files they come from, the faults met, and what the script
    changes."""

    options: Mapping[str, Any]
    files: tuple[Path, ...]
    problems: tuple[Problem, ...]
    alterations: Mapping[str, Alteration]


def load(folder: Path) -> Configuration:
    """The configuration of a data repository; a fault in it leaves the defaults in force and is named in
    `problems`."""
    problems: list[Problem] = []
    build = scripts.survey(folder)
    path = _file(folder, build.configurations)
    given: dict[str, Any] = {}
    files = list(build.files)
    if path is not None:
        files.append(path)
        given = _parsed(path, relative(path, folder), problems)
    elif build.declared:
        given = dict(build.declared)
        details = {"file": relative(build.files[0], folder)}
        problems.append(Problem("configuration-in-script", Origin(details["file"]), details))
    if build.alterations:
        names = ", ".join(build.alterations)
        problems.append(
            Problem("script-followed", Origin(relative(build.files[0], folder)), {"names": names})
        )
    for file, names in build.not_followed:
        details = {"names": ", ".join(names)}
        problems.append(Problem("script-not-followed", Origin(relative(file, folder)), details))
    if not given:
        given = _guessed(folder)
        if path is None:
            problems.append(Problem("no-configuration", Origin(str(folder))))
    problems += _no_languages(given, folder)
    return Configuration(filled(given), tuple(files), tuple(problems), build.alterations)


def relative(path: Path, folder: Path) -> str:
    """The path as seen from the folder, with slashes; unchanged if it lies elsewhere."""
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else str(path)


# The file


def _file(folder: Path, named: Sequence[str]) -> Path | None:
    """The configuration file: as the build script names it, else by its usual name, else by what is in it."""
    for name in named:
        path = folder / name
        if path.is_file() and path.resolve().is_relative_to(folder.resolve()):
            return path
    others = sorted(path.name for path in folder.glob("*config*.y*ml"))
    for name in dict.fromkeys((*USUAL_NAMES, *others)):
        path = folder / name
        if path.is_file() and (name in USUAL_NAMES[:4] or _looks_like_one(path)):
            return path
    return None


def _looks_like_one(path: Path) -> bool:
    try:
        keys = re.findall(r"^(\w+):", limits.contents(path).decode("utf-8", "replace"), re.MULTILINE)
    except MilepostError:
        return False
    return len(_SIGNS.intersection(keys)) > 1


def _parsed(path: Path, file: str, problems: list[Problem]) -> dict[str, Any]:
    """The options in a file; what stands in front of a fault still counts."""
    try:
        text = limits.contents(path).decode("utf-8-sig", "replace")
    except MilepostError as error:
        problems.extend(error.problems)
        return {}
    try:
        options = safe_yaml.load(text)
    except yaml.YAMLError as error:
        problems.append(yaml_fault("configuration-unreadable", error, file))
        options = _before_fault(text, error)
    if options is None or isinstance(options, dict):
        return options or {}
    problems.append(
        Problem("configuration-unreadable", Origin(file), {"why": "it is not a list of settings"})
    )
    return {}


def _before_fault(text: str, error: yaml.YAMLError) -> Any:
    """The options up to the fault, which is at its line or little before."""
    mark = getattr(error, "problem_mark", None)
    lines = text.splitlines(keepends=True)
    for end in range(mark.line if mark else 0, max(0, (mark.line if mark else 0) - _BEFORE), -1):
        try:
            options = safe_yaml.load("".join(lines[:end]))
        except yaml.YAMLError:
            continue
        if isinstance(options, dict):
            return options
    return {}


def yaml_fault(code: str, error: yaml.YAMLError, file: str) -> Problem:
    """A fault of YAML with its line and, in plain words, what is wrong there."""
    mark = getattr(error, "problem_mark", None)
    why = getattr(error, "problem", None) or str(error).partition("\n")[0]
    return Problem(code, Origin(file, row=None if mark is None else mark.line + 1), {"why": why})


# Defaults


def _no_languages(given: Mapping[str, Any], folder: Path) -> list[Problem]:
    """A fault for each configured language that is none."""
    named = [each for each in _listed(given.get("languages")) if each is not False]
    return [
        Problem("no-language", Origin(str(folder)), {"text": str(each)})
        for each in named
        if not _LANGUAGE.fullmatch(str(each))
    ]


def filled(given: Mapping[str, Any]) -> dict[str, Any]:
    """The given options, with Open SDG's defaults for what is missing."""
    options: dict[str, Any] = {
        "src_dir": "",
        "site_dir": "_site",
        "schema_file": "_prose.yml",
        "languages": None,
        "translations": default_translations(),
        "schema": None,
        "map_layers": [],
        "reporting_status_extra_fields": [],
        "inputs": default_inputs(),
        "indicator_options": None,
        "indicator_downloads": None,
        "indicator_export_filename": "all_indicators",
        "datapackage": None,
        "csvw": None,
        "data_schema": None,
        "docs_metadata_fields": [],
        "ignore_out_of_scope_disaggregation_stats": False,
        "logging": ["warn"],
    }
    options |= {name: value for name, value in given.items() if value is not None or name not in options}
    options["src_dir"] = str(options["src_dir"] or "")
    options["languages"] = _languages(options["languages"])
    options["reporting_status_extra_fields"] = _listed(options["reporting_status_extra_fields"])
    options["schema"] = _listed(options["schema"]) or [
        {"class": "SchemaInputOpenSdg", "schema_path": options["schema_file"]}
    ]
    options["inputs"] = _listed(options["inputs"])
    options["translations"] = [_translation(each) for each in _listed(options["translations"])]
    options["indicator_options"] = _indicator_options(options["indicator_options"])
    return options


def default_inputs() -> list[dict[str, Any]]:
    """The inputs of a repository that names none."""
    return [
        {"class": "InputCsvData", "path_pattern": "data/*-*.csv"},
        {"class": "InputYamlMdMeta", "path_pattern": "meta/*-*.md", "git": True, "git_data_dir": "data"},
    ]


def default_translations() -> list[dict[str, Any]]:
    """The translations of a repository that names none."""
    return [
        {"class": "TranslationInputSdgTranslations", "source": SDG_TRANSLATIONS, "tag": "master"},
        {"class": "TranslationInputYaml", "source": "translations"},
    ]


def _listed(value: Any) -> list[Any]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _languages(value: Any) -> list[str]:
    """Language codes; YAML reads the code `no` as a truth value. Anything else is left out."""
    codes = ["no" if each is False else str(each) for each in _listed(value)]
    return [code for code in codes if _LANGUAGE.fullmatch(code)]


def _translation(given: Any) -> Any:
    """One source of translations; until 2020 it was written as an address, with its tag after an @."""
    if not isinstance(given, str):
        return given
    source, _, tag = given.rpartition("@") if "@" in given.rpartition("/")[2] else (given, "", "")
    return {"class": "TranslationInputSdgTranslations", "source": source, "tag": tag or None}


def _indicator_options(given: Any) -> dict[str, Any]:
    if not isinstance(given, Mapping):
        return dict(INDICATOR_OPTIONS)
    columns = [str(each) for each in _listed(given.get("non_disaggregation_columns"))]
    return {
        "non_disaggregation_columns": tuple(dict.fromkeys(("Year", "Value", *columns))),
        "observation_attributes": tuple(map(str, _listed(given.get("observation_attributes")))),
        "series_column": given.get("series_column") or "Series",
        "unit_column": given.get("unit_column") or "Units",
        "progress_column": given.get("progress_column") or "Progress",
    }


# A folder without configuration


def _guessed(folder: Path) -> dict[str, Any]:
    """The options for what the folder holds; without data they are Open SDG's own."""
    inputs: list[dict[str, Any]] = []
    guessed: dict[str, Any] = {}
    sdmx, structures = sdmx_files(folder)
    data = next(
        (each for each in ("data/*-*.csv", "data/*.csv", "indicator_*.csv") if any(folder.glob(each))), None
    )
    if sdmx:
        guessed = _sdmx_options(folder, sdmx, structures)
        inputs = guessed["inputs"]
    elif data is None and any(folder.glob("*.csv")):
        data = "*.csv"
    if data is not None or not inputs:
        inputs.append({"class": "InputCsvData", "path_pattern": data or "data/*-*.csv"})
    if not (folder / "_prose.yml").exists() and (folder / "metadata_schema.yml").exists():
        guessed["schema_file"] = "metadata_schema.yml"
    return {**guessed, "inputs": [*inputs, *_meta_inputs(folder)]}


def sdmx_files(folder: Path) -> tuple[list[str], list[str]]:
    """The SDMX-ML data files and the structure files at the top of a folder and one step below, in order."""
    data, structures = [], []
    found = [*folder.glob("*.xml"), *folder.glob("*/*.xml")]
    for name in sorted(relative(path, folder) for path in found):
        try:
            root = xml.root(folder / name)
        except MilepostError:
            continue
        if root.name in SDMX_DATA:
            data.append(name)
        elif root.name == "Structure" and "sdmx" in root.namespace.lower():
            structures.append(name)
    return data, structures


def _sdmx_options(folder: Path, files: Sequence[str], structures: Sequence[str]) -> dict[str, Any]:
    """Options for a folder of SDMX files alone: codes are kept, and only true dimensions break figures down.

    The whole country's code is blank in REF_AREA, so that there is a headline.
    """
    source: dict[str, Any] = {
        "class": "InputSdmxMl_Multiple",
        "files": list(files),
        "import_codes": True,
        "by_file_name": True,
        "blank_countries": True,
    }
    translations = [{"class": "TranslationInputYaml", "source": "translations"}]
    languages: list[str] = []
    if structures:
        languages = _languages_of(folder / structures[-1])
        source["dsd"] = structures[-1]
        translations.insert(0, {"class": "TranslationInputSdmx", "source": structures[-1]})
    aside = ["SERIES", "UNIT_MEASURE", "FREQ", "REPORTING_TYPE", *(name.upper() for name in ATTRIBUTES)]
    return {
        "languages": languages,
        "inputs": [source],
        "translations": translations,
        "indicator_options": {
            "non_disaggregation_columns": aside,
            "observation_attributes": ["COMMENT_OBS", "SOURCE_DETAIL"],
            "series_column": "SERIES",
            "unit_column": "UNIT_MEASURE",
        },
    }


def _languages_of(structure: Path) -> list[str]:
    """The languages that most names of a structure message are in, by their frequency in its text."""
    try:
        found = re.findall(rb"""xml:lang\s*=\s*["']([A-Za-z-]+)["']""", limits.contents(structure))
    except MilepostError:
        return []
    counts = Counter(each.decode() for each in found)
    most = max(counts.values(), default=0)
    return [language for language, count in counts.items() if count * 5 >= most]


def _meta_inputs(folder: Path) -> Iterator[dict[str, Any]]:
    """The metadata that the usual folders hold, in any of their formats."""
    for place in ("indicator-config", "indicator_settings", "meta"):
        for name, pattern in _META_PATTERNS:
            if any(folder.glob(f"{place}/{pattern}")):
                yield {"class": name, "path_pattern": f"{place}/{pattern}", "git": place == "meta"}
