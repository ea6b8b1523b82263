"""Open SDG data folders in and out: every file as it stands, one row for each observation, nothing merged."""

import csv as plain_csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import quote

import yaml

from milepost.errors import MilepostError, refuse
from milepost.interchange import csv, sdmx
from milepost.interchange.open_sdg import sdmx_json
from milepost.interchange.open_sdg.config import INDICATOR_OPTIONS, sdmx_files
from milepost.interchange.open_sdg.inputs import indicator_code, local
from milepost.interchange.open_sdg.platform import Platform, open_platform
from milepost.values import Dataset, Origin, Problem, Structure, Table
from milepost.values.concepts import ATTRIBUTES, concept

CONFIGURATION = "config_data.yml"


# Reading


def read(path: Path | str) -> Dataset:
    """A folder's data files as they stand, with metadata by indicator; or a single CSV file.

    Files that the platform does not use are read, too: the second of two for one indicator, and CSV files
    beside the data that no input takes. What cannot be read is a Problem, and the rest is read. Raises
    MilepostError if there is no such folder, or if a single file cannot be read.
    """
    if not Path(path).is_dir():
        return csv.read(path)
    platform = open_platform(path)
    problems = list(platform.problems)
    tables = tuple(_tables(platform, problems))
    metadata = {code: fields for code in platform.codes if (fields := platform.metadata(code))}
    problems += [fault for code in platform.codes for fault in platform.faults_of_metadata(code)]
    structure, languages = _structure(platform, problems)
    return Dataset(
        tables=tables,
        metadata=metadata,
        languages=platform.languages or languages,
        structure=structure,
        problems=tuple({repr(problem): problem for problem in problems}.values()),
    )


def _tables(platform: Platform, problems: list[Problem]) -> Iterator[Table]:
    """The tables of every data file, named by the indicator that the platform takes the file for."""
    codes = platform.codes_by_file()
    for path in platform.data_files():
        try:
            if path.suffix.lower() == ".xml":
                dataset = sdmx.ml.read(path)
                problems += dataset.problems
                yield from dataset.tables
            elif path.suffix.lower() == ".json":
                yield sdmx_json.table(path, path.stem)
            else:
                yield csv.read_table(path, codes.get(path), problems)
        except MilepostError as error:
            problems += error.problems


def _structure(platform: Platform, problems: list[Problem]) -> tuple[Structure | None, tuple[str, ...]]:
    """The data structure definition that the folder's inputs name, else the last one in it; and its
    languages."""
    named = [local(platform.folder, source.options.get("dsd")) for source in platform.inputs]
    found = [path for path in named if path] or [
        platform.folder / name for name in sdmx_files(platform.folder)[1]
    ]
    if not found:
        return None, ()
    try:
        dataset = sdmx.structure.read(found[-1])
    except MilepostError as error:
        problems += error.problems
        return None, ()
    problems += dataset.problems
    return dataset.structure, dataset.languages


# Writing


def write(dataset: Dataset, folder: Path | str) -> None:
    """Write an Open SDG data repository: data, metadata and configuration; reading it gives the same rows
    and metadata.

    Each indicator has one CSV file from Year to Value, all other columns under their own names. A table
    about several series, annotated with indicators in the dataset's structure, becomes one file for each
    indicator. Metadata texts "true" and "false" come back as truth values, which is the platform's rule.
    """
    target = Path(folder)
    try:
        for place in ("data", "meta"):
            (target / place).mkdir(parents=True, exist_ok=True)
        for code, (columns, rows) in _by_indicator(dataset).items():
            (target / "data" / f"indicator_{_file_name(code)}.csv").write_bytes(
                _as_csv(columns, rows, folder)
            )
        for code, fields in dataset.metadata.items():
            text = yaml.dump(_plain(fields), Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
            (target / "meta" / f"{_file_name(code)}.yml").write_text(text, encoding="utf-8")
        (target / CONFIGURATION).write_text(_configuration(dataset), encoding="utf-8")
    except OSError as error:
        raise refuse("cannot-write", Origin(str(folder)), why=error.strerror or str(error)) from error


_Rows = list[dict[str, str]]


def _by_indicator(dataset: Dataset) -> dict[str, tuple[list[str], _Rows]]:
    """{code: (columns, rows)}: the tables of one indicator together, one row for each of theirs."""
    found: dict[str, tuple[list[str], _Rows]] = {}
    for table in dataset.tables:
        names = _headers(table)
        for row, code in zip(table.rows, _codes(table, dataset.structure), strict=True):
            columns, rows = found.setdefault(code, ([], []))
            columns += [name for name in names if name not in columns]
            rows.append(dict(zip(names, row, strict=True)))
        if not table.rows:
            found.setdefault(indicator_code(table.code), (list(names), []))
    return found


def _headers(table: Table) -> list[str]:
    """The table's own headers, but Year and Value for the columns that are these."""
    names = list(table.columns)
    for concept_name, header in (("time_period", "Year"), ("obs_value", "Value")):
        position = table.index(concept_name)
        if position is not None and header not in names:
            names[position] = header
    return names


def _codes(table: Table, structure: Structure | None) -> Iterator[str]:
    """The indicator of each row: the table's code if it is one, else that of the row's series, if it is
    annotated."""
    own = table.code.replace(".", "-")
    position = table.index("series")
    series = structure.code_lists.get("series") if structure else None
    if re.match(r"[0-9]+-[0-9a-z]+-", own) or position is None or series is None:
        yield from (own for _ in table.rows)
        return
    known = {
        code: indicator_code(remarks.get("Indicator", "")) for code, remarks in series.annotations.items()
    }
    yield from (known.get(row[position]) or own for row in table.rows)


def _file_name(code: str) -> str:
    """The code as a file name: what no file name should hold is written as %XX."""
    return quote(code.replace(".", "-"), safe=" ()[]{}+,;=@!~&'$")


def _as_csv(columns: list[str], rows: _Rows, folder: Path | str) -> bytes:
    between = [name for name in columns if name not in ("Year", "Value")]
    header = ["Year", *between, "Value"]
    text = io.StringIO(newline="")
    writer = plain_csv.writer(text)  # lines end in CRLF, so that a lone CR in a cell is quoted
    writer.writerow(map(csv.shielded, header))
    writer.writerows([csv.shielded(row.get(name, "")) for name in header] for row in rows)
    whole = text.getvalue()
    try:
        if "\0" in whole:
            raise refuse("cannot-write", Origin(str(folder)), why="a cell holds a NUL, which no CSV file can")
        return whole.encode("utf-8")
    except UnicodeEncodeError as error:
        raise refuse("cannot-write", Origin(str(folder)), why="a cell holds half a letter") from error


def _plain(value: Any) -> Any:
    """Metadata as plain data that YAML can hold."""
    if isinstance(value, Mapping):
        return {_plain(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(each) for each in value]
    return value if value is None or isinstance(value, bool | int | float | str | date) else str(value)


def _configuration(dataset: Dataset) -> str:
    headers = dict.fromkeys(name for table in dataset.tables for name in table.columns)
    attributes = [name for name in headers if concept(name) in ATTRIBUTES]
    fixed = INDICATOR_OPTIONS["non_disaggregation_columns"]
    options = {
        "languages": list(dataset.languages) or ["en"],
        "inputs": [
            {"class": "InputCsvData", "path_pattern": "data/indicator_*.csv"},
            {"class": "InputYamlMeta", "path_pattern": "meta/*.yml", "git": False},
        ],
        "translations": [{"class": "TranslationInputYaml", "source": "translations"}],
        "indicator_options": {
            "non_disaggregation_columns": list(dict.fromkeys((*fixed, *attributes))),
            "observation_attributes": list(INDICATOR_OPTIONS["observation_attributes"]),
            "series_column": "Series",
            "unit_column": "Units",
        },
    }
    return yaml.dump(options, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False)
