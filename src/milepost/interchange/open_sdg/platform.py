"""An Open SDG data repository as its platform sees it: indicators, tables, metadata, translations, schema.

Opening reads the configuration and the names of files; tables and metadata are read when asked for, one
indicator at a time. A Platform can be pickled, so that several processes each read their share.
"""

import os
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from milepost.errors import MilepostError, refuse
from milepost.interchange import limits, safe_yaml
from milepost.interchange.open_sdg import config, git_dates, inputs, metadata, translations
from milepost.interchange.open_sdg.alterations import OF_DATA, OF_METADATA, Alteration, CannotFollow
from milepost.interchange.open_sdg.config import relative, yaml_fault
from milepost.interchange.open_sdg.inputs import CSV_INPUT, META_INPUTS, SDMX_INPUTS, Maps, SdmxReader, Source
from milepost.interchange.open_sdg.translations import Translations
from milepost.values import Origin, Problem, Table


def open_platform(folder: Path | str) -> "Platform":
    """Open an Open SDG data repository; raises MilepostError only if there is no such folder.

    What is wrong with its configuration or inputs is in `problems`; the rest is read.
    """
    path = Path(folder)
    if not path.is_dir():
        raise refuse("not-found", Origin(str(folder)))
    configuration = config.load(path)
    problems = list(configuration.problems)
    sources = tuple(inputs.sources(configuration.options, path, problems))
    return Platform(
        path, configuration.options, sources, configuration.files, tuple(problems), configuration.alterations
    )


class _Place(NamedTuple):
    """A file that holds an indicator: which input it belongs to (from 0), and where it is."""

    number: int
    path: Path


class _Index(NamedTuple):
    """Where the data of each indicator are: the files of one input that count, in the order of inputs, and
    all files."""

    used: dict[str, list[_Place]]
    all: dict[str, list[_Place]]
    readers: dict[int, SdmxReader]
    shared: tuple[Path, ...]
    problems: tuple[Problem, ...]


@dataclass
class Platform:
    """An open data repository. `options` is the configuration with every default filled in."""

    folder: Path
    options: Mapping[str, Any]
    inputs: tuple[Source, ...]
    configuration_files: tuple[Path, ...] = ()
    opening_problems: tuple[Problem, ...] = ()
    alterations: Mapping[str, Alteration] = field(default_factory=dict)
    last_commit: int | None = None
    """When the folder's commit was made, in seconds since 1970; known after `ask_git`."""
    _dates: dict[Path, dict[str, str]] = field(default_factory=dict)
    _met: dict[str, list[Problem]] = field(default_factory=dict)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages that the platform is published in, as configured."""
        return tuple(self.options["languages"])

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """The indicators that have data or metadata, in natural order: 1-2-1 before 1-10-1, 1-a-1 after
        both."""
        return tuple(sorted({*self._data.all, *self._meta_places}, key=natural))

    # Data

    def table(self, code: str) -> Table:
        """An indicator's table with the cells of its file, Year first and Value last; without data just
        these two.

        Of several files the one that the platform uses; a file that cannot be read is named in
        `problems_of`.
        """
        problems = self._begin(code, "table")
        table = None
        for place in reversed(self._data.used.get(code, ())):
            found = self._read(place, code, problems)
            if found is None or not {"Year", "Value"} <= set(found.columns):
                continue  # the fault is named
            if found.rows:
                return found
            table = found
        if table is not None:
            return table
        files = self._data.all.get(code) or self._meta_places.get(code) or [_Place(0, self.folder)]
        return Table(code, ("Year", "Value"), (), Origin(relative(files[-1].path, self.folder)))

    def _read(self, place: _Place, code: str, problems: list[Problem]) -> Table | None:
        try:
            if place.number in self._data.readers:
                table = self._data.readers[place.number].table(
                    place.path, code, []
                )  # its faults are in the index
            else:
                table = inputs.csv_table(place.path, code, self.folder, self._maps[place.number], problems)
            return self._altered(table, place, problems)
        except MilepostError as error:
            problems.extend(self._here(error.problems, place.path))
            return None

    def _altered(self, table: Table, place: _Place, problems: list[Problem]) -> Table:
        """The table as the build script's function changes it."""
        change = self.alterations.get(OF_DATA)
        if change is None or not table.rows:
            return table
        columns = {
            name: list(cells)
            for name, cells in zip(table.columns, zip(*table.rows, strict=True), strict=True)
        }
        try:
            changed = change.of_data(columns, {**self._context(table.code, place), "meta": None})
        except CannotFollow as error:
            details = {"name": change.name, "why": str(error)}
            problems.append(Problem("script-fails", table.origin, details))
            return table
        rows = list(zip(*changed.values(), strict=True))
        names, rows = inputs.year_to_value(tuple(changed), rows)
        return Table(table.code, tuple(names), rows, table.origin, table.lines)

    def text_columns(self, code: str) -> frozenset[str]:
        """Columns whose cells are text on the platform even where all of them look like numbers.

        These are all but Value in SDMX files, and those that the configuration declares as text (`dtype`).
        """
        if any(place.number in self._data.readers for place in self._data.used.get(code, ())[-1:]):
            return frozenset(self.table(code).columns) - {"Value"}
        found: set[str] = set()
        for place in self._data.used.get(code, ())[-1:]:
            declared = self.inputs[place.number].options.get("dtype")
            if isinstance(declared, str) and declared in _TEXT_TYPES:
                return frozenset(self.table(code).columns)
            if isinstance(declared, Mapping):
                found |= {str(name) for name, kind in declared.items() if str(kind) in _TEXT_TYPES}
        return frozenset(found)

    def name(self, code: str) -> str | None:
        """What the last input to name an indicator calls it: its metadata (a text or a translation key)
        before a script changes them, or its data structure definition."""
        named = (
            self._name_in(code, place, self._own_fields(place, [])) for place in reversed(self._places(code))
        )
        return next((each for each in named if each is not None), None)

    def _name_in(self, code: str, place: _Place, fields: Mapping[Any, Any]) -> str | None:
        if place.number in self._data.readers:
            return self._data.readers[place.number].name(code)
        name = fields.get("indicator_name")
        return None if name is None else str(name)

    def _context(self, code: str, place: _Place, fields: Mapping[Any, Any] | None = None) -> dict[str, Any]:
        """What a build script's function is told of the indicator."""
        return {"indicator_id": code, "indicator_name": self._name_in(code, place, fields or {})}

    # Metadata

    def metadata(self, code: str) -> dict[Any, Any]:
        """An indicator's metadata of all inputs in their order, before translation.

        Fields of language folders stand under their language.
        """
        problems = self._begin(code, "metadata")
        found: dict[Any, Any] = {}
        changing = self.alterations.get(OF_METADATA)
        for place in self._places(code) if changing else self._meta_places.get(code, ()):
            fields = self._own_fields(place, problems)
            if changing:
                fields = self._altered_fields(changing, code, place, fields, problems)
            found = metadata.merged(found, fields)
        return found

    def _places(self, code: str) -> list[_Place]:
        """The files of an indicator that count, of data and of metadata, in the order of the inputs."""
        return sorted([*self._data.used.get(code, ()), *self._meta_places.get(code, ())])

    def _own_fields(self, place: _Place, problems: list[Problem]) -> dict[Any, Any]:
        """The metadata in a file; none in one of data."""
        source = self.inputs[place.number]
        if source.kind not in META_INPUTS:
            return {}
        mapping = self._mappings[place.number]
        dates = self._dates.get(place.path, {})
        return metadata.read(source, place.path, mapping, self.folder, problems, dates=dates)

    def ask_git(self) -> None:
        """Put the dates of the last change of data and metadata into the metadata from now on, where the
        inputs are configured so (`git`) and git knows the files."""
        files = {
            place.path: self._data_file(code, place)
            for code, places in self._meta_places.items()
            for place in places
            if self.inputs[place.number].options.get("git", True)
        }
        changes = git_dates.last_changes(path for pair in files.items() for path in pair if path is not None)
        self.last_commit = git_dates.last_commit(self.folder)
        self._dates = {}
        for path, data in files.items():
            found = {
                "national_metadata_updated_date": changes.get(path),
                "national_data_updated_date": changes.get(data) if data is not None else None,
            }
            self._dates[path] = {name: date for name, date in found.items() if date is not None}

    def _data_file(self, code: str, place: _Place) -> Path | None:
        """The data file whose last change a metadata file tells of, if it is in the folder."""
        options = self.inputs[place.number].options
        name = str(options.get("git_data_filemask") or "indicator_*.csv").replace("*", code)
        with suppress(MilepostError):  # one that cannot be read is said to be so elsewhere
            if b"data_filename" in limits.contents(place.path):
                name = str(self._own_fields(place, []).get("data_filename", name))
        pattern = os.path.join(self.options["src_dir"], str(options.get("path_pattern") or ""))  # noqa: PTH118
        beside = Path(pattern).parent.parent
        return inputs.local(self.folder, str(beside / str(options.get("git_data_dir") or "data") / name))

    def dates(self, code: str) -> tuple[str, ...]:
        """The dates of an indicator that git was asked for."""
        places = self._meta_places.get(code, ())
        return tuple(date for place in places for date in self._dates.get(place.path, {}).values())

    def _altered_fields(
        self,
        change: Alteration,
        code: str,
        place: _Place,
        fields: dict[Any, Any],
        problems: list[Problem],
    ) -> dict[Any, Any]:
        """The metadata as the build script's function changes them.

        It is asked for inputs of data, too, which have none; sdg-build 1 did not, and a function written for
        it that fails there leaves them so.
        """
        try:
            return change.of_metadata(fields, self._context(code, place, fields))
        except CannotFollow as error:
            if fields:
                details = {"name": change.name, "why": str(error)}
                problems.append(Problem("script-fails", Origin(relative(place.path, self.folder)), details))
            return fields

    # What all indicators share

    @property
    def translations(self) -> Translations:
        """{language: {group: {key: text}}} of the folder's own translations."""
        return self._translated[0]

    @property
    def schema(self) -> list[dict[str, Any]]:
        """The fields that metadata may have, each {"name": ..., "field": {...}}."""
        return self._schema[0]

    @property
    def problems(self) -> tuple[Problem, ...]:
        """The faults of the platform as a whole; those of one indicator are in `problems_of`."""
        return (
            *self.opening_problems,
            *self._shared_problems,
            *self._data.problems,
            *self._translated[2],
            *self._schema[2],
            *self._unused,
        )

    def problems_of(self, code: str) -> tuple[Problem, ...]:
        """The faults met in reading an indicator's table and metadata."""
        if f"table {code}" not in self._met:
            self.table(code)
        return (*self._met[f"table {code}"], *self.faults_of_metadata(code))

    def faults_of_metadata(self, code: str) -> tuple[Problem, ...]:
        """The faults met in reading an indicator's metadata."""
        if f"metadata {code}" not in self._met:
            self.metadata(code)
        return tuple(self._met[f"metadata {code}"])

    def _begin(self, code: str, kind: str) -> list[Problem]:
        self._met[f"{kind} {code}"] = found = []
        return found

    # Files

    def sources(self, code: str) -> tuple[Path, ...]:
        """All files that an indicator depends on but for the shared ones; the unused of several, too."""
        data = [place.path for place in self._data.all.get(code, ())]
        meta = [place.path for place in self._meta_places.get(code, ())]
        translated = [each for path in meta for each in metadata.language_files(path)]
        return tuple(dict.fromkeys((*data, *meta, *translated)))

    def shared_sources(self) -> tuple[Path, ...]:
        """The files that every indicator depends on: configuration, scripts, maps, definitions,
        translations, schema."""
        shared = (*self.configuration_files, *self._shared_files, *self._data.shared)
        return tuple(dict.fromkeys((*shared, *self._translated[1], *self._schema[1])))

    # Found once

    @cached_property
    def _data(self) -> _Index:
        used: dict[str, list[_Place]] = {}
        everywhere: dict[str, list[_Place]] = {}
        readers: dict[int, SdmxReader] = {}
        shared: list[Path] = []
        problems: list[Problem] = []
        for number, source in enumerate(self.inputs):
            found: dict[str, list[Path]] = {}
            if source.kind == CSV_INPUT:
                for path, code in zip(source.files, source.codes, strict=True):
                    found.setdefault(code, []).append(path)
            elif source.kind in SDMX_INPUTS:
                readers[number] = reader = self._reader(source, number, shared, problems)
                found = self._scan(reader, problems)
            for code, paths in found.items():
                everywhere.setdefault(code, []).extend(_Place(number, path) for path in paths)
                used.setdefault(code, []).append(_Place(number, paths[-1]))
        problems += self._several(everywhere, used)
        return _Index(used, everywhere, readers, tuple(shared), tuple(problems))

    def _reader(self, source: Source, number: int, shared: list[Path], problems: list[Problem]) -> SdmxReader:
        """The reader of an SDMX input, with its data structure definition or the best one that is in the
        folder."""
        wanted = source.options.get("dsd")
        path = inputs.local(self.folder, wanted)
        if path is None:
            there = config.sdmx_files(self.folder)[1]
            path = self.folder / there[-1] if there else None
            details = {"wanted": str(wanted or "the global one"), "used": there[-1] if there else "none"}
            if wanted or not there:
                problems.append(Problem("structure-elsewhere", Origin(str(self.folder)), details))
        known = None
        if path is not None:
            shared.append(path)
            try:
                known = inputs.definitions(path, source.options, problems)
            except MilepostError as error:
                problems.extend(self._here(error.problems, path))
        return SdmxReader(source, self.folder, known, self._maps[number])

    def _scan(self, reader: SdmxReader, problems: list[Problem]) -> dict[str, list[Path]]:
        """The files of an SDMX input by indicator."""
        found: dict[str, list[Path]] = {}
        areas: set[str] = set()
        for path in reader.source.files:
            try:
                met: list[Problem] = []
                by_indicator = reader.by_indicator(path, met)
                problems += self._here(met, path)
            except MilepostError as error:
                problems.extend(self._here(error.problems, path))
                continue
            for code, series in by_indicator.items():
                areas.update(each.keys.get("REF_AREA", "") for each in series)
                if any(each.observations for each in series):
                    found.setdefault(code, []).append(path)
        if reader.source.options.get("blank_countries"):
            reader.blank = inputs.countries(areas)
        return found

    def _several(
        self, everywhere: Mapping[str, list[_Place]], used: Mapping[str, list[_Place]]
    ) -> Iterable[Problem]:
        for code in sorted(everywhere, key=natural):
            places = everywhere[code]
            if len(places) > 1:
                names = [relative(place.path, self.folder) for place in places]
                chosen = relative(used[code][-1].path, self.folder)
                details = {"indicator": code, "count": len(names), "files": ", ".join(names), "used": chosen}
                yield Problem("several-files", Origin(chosen), details)

    @cached_property
    def _meta_places(self) -> dict[str, list[_Place]]:
        """The metadata files of each indicator, one of each input: the last in sorted order."""
        found: dict[str, list[_Place]] = {}
        for number, source in enumerate(self.inputs):
            if source.kind in META_INPUTS:
                for code, path in dict(zip(source.codes, source.files, strict=True)).items():
                    found.setdefault(code, []).append(_Place(number, path))
        return found

    @cached_property
    def _prepared(
        self,
    ) -> tuple[dict[int, Maps], dict[int, dict[str, str]], tuple[Path, ...], tuple[Problem, ...]]:
        known: dict[int, Maps] = {}
        mappings: dict[int, dict[str, str]] = {}
        files: list[Path] = []
        problems: list[Problem] = []
        for number, source in enumerate(self.inputs):
            known[number], its_files = inputs.maps(source, self.folder, problems)
            files += its_files
            if source.kind in META_INPUTS:
                mappings[number], its_files = metadata.mapping(source, self.folder, problems)
                files += its_files
        return known, mappings, tuple(files), tuple(problems)

    @property
    def _maps(self) -> dict[int, Maps]:
        return self._prepared[0]

    @property
    def _mappings(self) -> dict[int, dict[str, str]]:
        return self._prepared[1]

    @property
    def _shared_files(self) -> tuple[Path, ...]:
        return self._prepared[2]

    @property
    def _shared_problems(self) -> tuple[Problem, ...]:
        return self._prepared[3]

    @cached_property
    def _translated(self) -> tuple[Translations, tuple[Path, ...], tuple[Problem, ...]]:
        problems: list[Problem] = []
        found, files = translations.read(self.options, self.folder, self.languages, problems)
        return found, files, tuple(problems)

    @cached_property
    def _schema(self) -> tuple[list[dict[str, Any]], tuple[Path, ...], tuple[Problem, ...]]:
        fields: list[dict[str, Any]] = []
        files: list[Path] = []
        problems: list[Problem] = []
        for given in self.options["schema"]:
            if isinstance(given, Mapping) and given.get("class") == "SchemaInputOpenSdg":
                place = str(given.get("schema_path") or "_prose.yml")
                where = place if inputs.is_remote(place) else str(Path(self.options["src_dir"], place))
                path = inputs.local(self.folder, where)
                if path is not None:
                    files.append(path)
                    fields += self._fields(path, problems)
                elif place != "_prose.yml":
                    problems.append(Problem("schema-missing", Origin(str(self.folder)), {"place": place}))
            else:
                name = given.get("class", "-") if isinstance(given, Mapping) else str(given)
                details = {"input": name, "why": "schemas of this class are not read"}
                problems.append(Problem("input-not-read", Origin(str(self.folder)), details))
        return fields, tuple(files), tuple(problems)

    def _fields(self, path: Path, problems: list[Problem]) -> list[dict[str, Any]]:
        file = relative(path, self.folder)
        try:
            loaded = safe_yaml.load(limits.contents(path).decode("utf-8-sig", "replace"))
            return [each for each in loaded["prose"]["metadata"]["meta"] if each["name"] is not None]
        except yaml.YAMLError as error:
            problems.append(yaml_fault("schema-unreadable", error, file))
        except MilepostError as error:
            problems.extend(self._here(error.problems, path))
        except (TypeError, KeyError):
            details = {"why": "it has no list of fields under prose, metadata, meta"}
            problems.append(Problem("schema-unreadable", Origin(file), details))
        return []

    @cached_property
    def _unused(self) -> tuple[Problem, ...]:
        """CSV files beside the data that no input takes."""
        taken = {path for source in self.inputs for path in source.files}
        beside = [path for path in self.data_files() if path not in taken]
        if not beside:
            return ()
        names = [relative(path, self.folder) for path in beside]
        return (
            Problem("files-in-no-input", Origin(names[0]), {"count": len(names), "files": ", ".join(names)}),
        )

    def data_files(self) -> tuple[Path, ...]:
        """Every data file: those of the inputs in their order, then CSV files beside them that no input
        takes."""
        taken = [
            path
            for source in self.inputs
            if source.kind in (CSV_INPUT, *SDMX_INPUTS)
            for path in source.files
        ]
        of_csv = [path.parent for source in self.inputs if source.kind == CSV_INPUT for path in source.files]
        beside = [
            path
            for parent in dict.fromkeys(of_csv)
            if parent != self.folder
            for path in sorted(parent.glob("*.csv"))
        ]
        return tuple(dict.fromkeys((*taken, *beside)))

    def codes_by_file(self) -> dict[Path, str]:
        """The indicator that each CSV file is about, by its name where no input takes it."""
        known = {path: inputs.code_of_file(CSV_INPUT, path) for path in self.data_files()}
        for source in self.inputs:
            if source.kind == CSV_INPUT:
                known.update(zip(source.files, source.codes, strict=True))
        return known

    def _here(self, problems: Iterable[Problem], path: Path) -> list[Problem]:
        """The same faults, with the file as seen from the folder."""
        file = relative(path, self.folder)
        return [
            Problem(
                each.code, Origin(file, each.origin.sheet, each.origin.row, each.origin.column), each.details
            )
            for each in problems
        ]


_TEXT_TYPES = ("str", "string", "object")


def natural(code: str) -> list[tuple[int, int, str]]:
    """The place of an indicator among others: numbers by size, then letters.

    >>> sorted(["1-10-1", "1-a-1", "1-2-1"], key=natural)
    ['1-2-1', '1-10-1', '1-a-1']
    """
    parts = re.findall(r"[0-9]+|[^0-9-]+", code)
    return [(0, int(part), part) if part.isdigit() else (1, 0, part) for part in parts]
