"""The metadata of an indicator in an Open SDG repository: YAML, Markdown with YAML in front, Excel, CSV or
Word (`word`).

Types come out as the platform's: Markdown is read by YAML 1.2 (`yes` is a word, `08` a number), plain YAML
by YAML 1.1 (`yes` is true), and the words true and false are truth values wherever they stand.
"""

import datetime
import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import python_calamine as calamine
import yaml

from milepost.errors import MilepostError, refuse
from milepost.interchange import content, limits, safe_yaml
from milepost.interchange.open_sdg.config import relative, yaml_fault
from milepost.interchange.open_sdg.derive import NOT_AVAILABLE
from milepost.interchange.open_sdg.inputs import Source, local, rows_of
from milepost.values import Origin, Problem

Meta = dict[Any, Any]


def read(
    source: Source,
    path: Path,
    mapping: Mapping[str, str],
    folder: Path,
    problems: list[Problem],
    *,
    dates: Mapping[str, str] = MappingProxyType({}),
) -> Meta:
    """The fields of one metadata file, with the files of the same name in language folders under their
    language.

    In these, a field without value takes that of the source language. `mapping` gives fields their proper
    names. `dates` are those of the last change in git, which take the place of the file's own.
    """
    meta = _fields(source, path, folder, problems)
    for translated in language_files(path):
        language = translated.parent.name
        own = _renamed(_fields(source, translated, folder, problems), mapping)
        own = {field: meta[field] if not value and field in meta else value for field, value in own.items()}
        meta[language] = own
    meta = _renamed({**meta, **dates}, mapping)
    suffix = source.options.get("meta_suffix")
    return {f"{field}{suffix}": value for field, value in meta.items()} if suffix else meta


def language_files(path: Path) -> list[Path]:
    """The same indicator's metadata in the language folders beside a file."""
    beside = (place / path.name for place in _subfolders(path.parent, path.parent.stat().st_mtime_ns))
    return [found for found in beside if found.is_file()]


@lru_cache(maxsize=64)
def _subfolders(folder: Path, _changed: int) -> tuple[Path, ...]:
    """The folders in a folder; asked once for each of its files, so kept until it changes."""
    with os.scandir(folder) as entries:
        return tuple(sorted(folder / entry.name for entry in entries if entry.is_dir()))


def merged(earlier: Meta, later: Mapping[Any, Any]) -> Meta:
    """Both together; the later one wins, field by field also in fields that have fields."""
    both = dict(earlier)
    for field, value in later.items():
        before = both.get(field)
        if isinstance(value, Mapping):
            both[field] = merged(before if isinstance(before, dict) else {}, value)
        else:
            both[field] = value
    return both


def mapping(source: Source, folder: Path, problems: list[Problem]) -> tuple[dict[str, str], tuple[Path, ...]]:
    """The proper names of fields that an input's `metadata_mapping` gives, and its file if it is one."""
    given = source.options.get("metadata_mapping")
    if isinstance(given, Mapping):
        return {str(name): str(field) for name, field in given.items()}, ()
    if not given:
        return {}, ()
    path = local(folder, given)
    if path is None or path.suffix.lower() != ".csv":
        details = {"option": "metadata_mapping", "place": str(given)}
        problems.append(Problem("map-missing", Origin(str(folder)), details))
        return {}, ()
    try:
        pairs = _pairs(path)
    except MilepostError as error:
        problems.extend(error.problems)
        return {}, (path,)
    return {name: field for name, field in pairs if field not in NOT_AVAILABLE}, (path,)


def _renamed(meta: Meta, mapping: Mapping[str, str]) -> Meta:
    """Fields under their proper names, at the end as on the platform; words for truth values become these."""
    renamed = dict(meta)
    for name, field in mapping.items():
        if name in renamed and name != field:
            renamed[field] = renamed.pop(name)
    return {field: _truth(value) for field, value in renamed.items()}


def _truth(value: Any) -> Any:
    words = {"true": True, "false": False}
    return words.get(value.lower(), value) if isinstance(value, str) else value


# One file


def _fields(source: Source, path: Path, folder: Path, problems: list[Problem]) -> Meta:
    """What a file holds; {} if it cannot be read, which is a Problem."""
    file = relative(path, folder)
    try:
        found = READERS[source.kind](path, file, source.options)
    except yaml.YAMLError as error:
        problems.append(yaml_fault("metadata-unreadable", error, file))
        return {}
    except MilepostError as error:
        problems += [
            Problem(each.code, Origin(file, each.origin.sheet, each.origin.row), each.details)
            for each in error.problems
        ]
        return {}
    if not isinstance(found, dict):
        problems.append(Problem("metadata-unreadable", Origin(file), {"why": "it is not a list of fields"}))
        return {}
    return found


def _text(path: Path) -> str:
    data = limits.contents(path)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        broken = data[error.start : error.start + 1].hex()
        raise refuse("not-text", Origin(str(path), row=line), why=f"byte {broken} cannot be UTF-8") from error


def _yaml(path: Path, file: str, options: Mapping[str, Any]) -> Any:
    loaded = safe_yaml.load(_text(path))
    return {} if loaded is None else loaded


def _markdown(path: Path, file: str, options: Mapping[str, Any]) -> Any:
    text = _text(path)
    loaded = safe_yaml.load(text, _Yaml12)
    if loaded is not None and not isinstance(loaded, dict):
        return loaded
    lines = text.splitlines(keepends=True)
    marks = [n for n, line in enumerate(lines) if line.startswith("---")]
    body = "".join(lines[marks[1] + 1 :]) if len(marks) > 1 else ""
    return {**(loaded or {}), "page_content": body}


def _csv(path: Path, file: str, options: Mapping[str, Any]) -> Any:
    return {name: value for name, value in _pairs(path) if value not in NOT_AVAILABLE}


def _pairs(path: Path) -> list[tuple[str, str]]:
    """The first two cells of every row; there is no header."""
    rows, _ = rows_of(path, str(path), [])
    return [(row[0], row[1]) for row in rows if len(row) > 1 and row[0]]


def _excel(path: Path, file: str, options: Mapping[str, Any]) -> Any:
    """Field and value in the first two columns of a sheet, the first one unless `sheet_number` (from 0) says
    otherwise."""
    if content.of_file(path) == "zip":
        limits.check_archive(path)
    try:
        workbook = calamine.CalamineWorkbook.from_path(str(path))
        number = options.get("sheet_number") or 0
        rows = workbook.get_sheet_by_index(int(number)).to_python(skip_empty_area=False)
    except (calamine.CalamineError, OSError, ValueError, TypeError) as error:
        raise refuse("damaged", Origin(str(path)), why=str(error)) from error
    pairs = [(row[0], _plain(row[1])) for row in rows if len(row) > 1 and row[0] != ""]
    return {str(name): value for name, value in pairs if value not in NOT_AVAILABLE}


def _word(path: Path, file: str, options: Mapping[str, Any]) -> Any:
    return dict(_word_fields(path, path.stat().st_mtime_ns))


@lru_cache(maxsize=8)
def _word_fields(path: Path, _changed: int) -> dict[str, str]:
    """A document takes long to read, and the same indicator is asked for again at once: its name, its
    metadata."""
    from milepost.interchange.open_sdg import word  # noqa: PLC0415 - few repositories need its library

    return word.read(path)


def _plain(cell: Any) -> Any:
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, datetime.datetime) and cell.time() == datetime.time():
        return cell.date()
    return cell


READERS = {
    "InputYamlMdMeta": _markdown,
    "InputYamlMeta": _yaml,
    "InputCsvMeta": _csv,
    "InputExcelMeta": _excel,
    "InputWordMeta": _word,
}
"""How each kind of metadata input is read."""


# YAML 1.2


class _Yaml12(yaml.CSafeLoader):
    """Plain data by YAML 1.2: only true and false are truth values, 010 is ten, 12:30 is text."""

    yaml_implicit_resolvers = {}  # noqa: RUF012 - of the class, in place of those of YAML 1.1

    def construct_number(self, node: yaml.ScalarNode) -> int:
        """A whole number, also in base 2, 8 or 16."""
        text = str(self.construct_scalar(node)).replace("_", "").lower()
        sign = -1 if text.startswith("-") else 1
        digits = text.lstrip("+-")
        base = {"0b": 2, "0o": 8, "0x": 16}.get(digits[:2], 10)
        return sign * int(digits if base == 10 else digits[2:], base)


_TAG = "tag:yaml.org,2002:"
_RESOLVED = (
    ("bool", "true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", "[-+]?0b[0-1_]+|[-+]?0o?[0-7_]+|[-+]?[0-9_]+|[-+]?0x[0-9a-fA-F_]+", "-+0123456789"),
    (
        "float",
        r"[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+"
        r"|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "-+0123456789.",
    ),
    ("null", "~|null|Null|NULL|", "~nN\0"),
    (
        "timestamp",
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[Tt]|[ \t]+)"
        r"[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?"
        r"(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::?[0-9]{2})?))?",
        "0123456789",
    ),
    ("merge", "<<", "<"),
)
for _name, _pattern, _first in _RESOLVED:
    _letters = ["" if letter == "\0" else letter for letter in _first]
    _Yaml12.add_implicit_resolver(_TAG + _name, re.compile(rf"^(?:{_pattern})$"), _letters)
_Yaml12.add_constructor(_TAG + "int", _Yaml12.construct_number)
