"""The translations of an Open SDG repository: {language: {group: {key: text}}}, from its own folders and
files.

A repository of translations elsewhere is never fetched; a copy of it inside the folder is used.
"""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from milepost.errors import MilepostError
from milepost.interchange import limits, safe_yaml, xml
from milepost.interchange.open_sdg.config import SDG_TRANSLATIONS, relative, yaml_fault
from milepost.interchange.open_sdg.inputs import NOT_READ, is_remote, local, rows_of
from milepost.values import Origin, Problem

Translations = dict[str, dict[str, dict[str, Any]]]
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"


def read(
    options: Mapping[str, Any], folder: Path, languages: Iterable[str], problems: list[Problem]
) -> tuple[Translations, tuple[Path, ...]]:
    """All translations in the order of the configuration, a later one in place of an earlier; and their
    files.

    Of local folders only `languages` are read, unless there are none. What is not there is a Problem.
    """
    found: Translations = {}
    files: list[Path] = []
    for given in options["translations"]:
        if isinstance(given, Mapping) and given.get("class") == "TranslationInputPx":
            details = {"input": given["class"], "why": NOT_READ["InputPxFile"]}
            problems.append(Problem("input-not-read", Origin(str(folder)), details))
            continue
        if not isinstance(given, Mapping) or given.get("class") not in PLACES:
            name = given.get("class", "-") if isinstance(given, Mapping) else str(given)
            details = {"input": name, "why": "its class is not known"}
            problems.append(Problem("input-not-read", Origin(str(folder)), details))
            continue
        place = PLACES[given["class"]](given, options["src_dir"], folder)
        if place is None:
            source = str(given.get("source") or SDG_TRANSLATIONS)
            if is_remote(source) or given["class"] == "TranslationInputSdmx":
                problems.append(Problem("translations-elsewhere", Origin(str(folder)), {"source": source}))
            continue
        for path, texts in _texts(given, place, folder, frozenset(languages), problems):
            files.append(path)
            for language, group, key, text in texts:
                found.setdefault(language, {}).setdefault(group, {})[key] = text
    return found, tuple(dict.fromkeys(files))


_Text = tuple[str, str, str, Any]


def _texts(
    given: Mapping[str, Any], place: Path, folder: Path, languages: frozenset[str], problems: list[Problem]
) -> Iterator[tuple[Path, list[_Text]]]:
    if given["class"] == "TranslationInputSdmx":
        yield place, list(_of_structure(place, given, folder, problems))
        return
    suffix = ".csv" if given["class"] == "TranslationInputCsv" else ".yml"
    for language, path in _language_files(place, suffix):
        if languages and language not in languages:
            continue
        pairs = _csv(path, folder, problems) if suffix == ".csv" else _yaml(path, folder, problems)
        yield path, [(language, path.stem, key, text) for key, text in pairs]


# Places


def _own(given: Mapping[str, Any], src_dir: str, folder: Path) -> Path | None:
    return local(folder, os.path.join(src_dir, str(given.get("source") or "translations")))  # noqa: PTH118


def _copy(given: Mapping[str, Any], src_dir: str, folder: Path) -> Path | None:
    """The copy of a repository of translations inside the folder, under its own name or as the platform's
    scripts keep it."""
    source = str(given.get("source") or SDG_TRANSLATIONS)
    name = source.rstrip("/").rpartition("/")[2].removesuffix(".git")
    for place in (source if not is_remote(source) else name, name, "temp"):
        for inside in (f"{place}/translations", place):
            copy = local(folder, inside)
            if copy is not None and any(copy.glob("*/*.yml")):
                return copy
    return None


def _structure(given: Mapping[str, Any], src_dir: str, folder: Path) -> Path | None:
    return local(folder, given.get("source"))


PLACES = {
    "TranslationInputYaml": _own,
    "TranslationInputCsv": _own,
    "TranslationInputSdgTranslations": _copy,
    "TranslationInputSdmx": _structure,
}
"""Where each kind of translations is found in the folder."""


# Files


def _language_files(place: Path, suffix: str) -> Iterator[tuple[str, Path]]:
    """(language, file) of every file below a folder with one folder for each language, in order."""
    for at, folders, names in os.walk(place):
        folders.sort()
        if Path(at) != place:
            yield from ((Path(at).name, Path(at, name)) for name in sorted(names) if name.endswith(suffix))


def _yaml(path: Path, folder: Path, problems: list[Problem]) -> list[tuple[str, Any]]:
    file = relative(path, folder)
    try:
        loaded = safe_yaml.load(limits.contents(path).decode("utf-8-sig"))
    except (yaml.YAMLError, ValueError) as error:
        fault = error if isinstance(error, yaml.YAMLError) else yaml.YAMLError(str(error))
        problems.append(yaml_fault("translations-unreadable", fault, file))
        return []
    except MilepostError as error:
        problems += [each for each in error.problems if each.code != "empty-file"]
        return []
    if loaded is None or isinstance(loaded, Mapping):
        return [(str(key), text) for key, text in (loaded or {}).items()]
    problems.append(Problem("translations-unreadable", Origin(file), {"why": "it is not a list of keys"}))
    return []


def _csv(path: Path, folder: Path, problems: list[Problem]) -> list[tuple[str, Any]]:
    try:
        rows, _ = rows_of(path, relative(path, folder), problems)
    except MilepostError as error:
        problems += [each for each in error.problems if each.code != "empty-file"]
        return []
    return [(row[0], row[1]) for row in rows if len(row) > 1]


def _of_structure(
    path: Path, given: Mapping[str, Any], folder: Path, problems: list[Problem]
) -> Iterator[_Text]:
    """Names of dimensions, attributes and codes in all languages; the group is the dimension, the key the
    code."""
    renamed = given.get("dimension_map")
    renamed = renamed if isinstance(renamed, Mapping) else {}
    try:
        root = xml.tree(path, problems)
    except MilepostError as error:
        problems.extend(error.problems)
        return
    concepts = {each.get("id"): each for each in root.iter("{*}Concept")}
    lists = {each.get("id"): each for each in root.iter("{*}Codelist")}
    for component in root.iter("{*}Dimension", "{*}Attribute"):
        id = component.get("id")
        group = str(renamed.get(id, id) or "")
        if not id or not group:
            continue
        identity = component.find("{*}ConceptIdentity//{*}Ref")
        concept = concepts.get(id if identity is None else identity.get("id"))
        yield from ((language, group, group, name) for language, name in _names(concept, ".//{*}Name"))
        used = component.find("{*}LocalRepresentation/{*}Enumeration/{*}Ref")
        codes = lists.get(used.get("id")) if used is not None else None
        for code in () if codes is None else codes.iterfind("{*}Code"):
            key = renamed.get(f"{group}|{code.get('id')}", code.get("id"))
            if key:
                yield from ((language, group, str(key), name) for language, name in _names(code, "{*}Name"))


def _names(element: Any, path: str) -> Iterator[tuple[str, str]]:
    for name in () if element is None else element.iterfind(path):
        if name.get(_LANGUAGE):
            yield name.get(_LANGUAGE), name.text or ""
