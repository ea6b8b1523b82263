"""The data files of an Open SDG repository, and the table that its platform makes of each.

A table has the cells as they stand in the file, Year first and Value last, with the renamings and code maps
of its input applied; how the platform prints numbers is told in `derive`. Faults that the platform publishes
are published here, too, and named: a second "Sex" becomes "Sex.1", and where the first row has a cell more
than the header, all cells move one column to the left. Where the platform's reader would stop (another
encoding or delimiter, a longer row further down, no column called exactly Year), the file is read as well as
can be and the fault named.
"""

import csv as plain_csv
import glob
import io
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs

from milepost.errors import MilepostError
from milepost.interchange import content, csv, limits, xml
from milepost.interchange.open_sdg import sdmx_json
from milepost.interchange.open_sdg.config import SDMX_DATA, relative
from milepost.values import Origin, Problem, Table

CSV_INPUT = "InputCsvData"
SDMX_INPUTS = (
    "InputSdmxMl_Multiple",
    "InputSdmxMl_Structure",
    "InputSdmxMl_StructureSpecific",
    "InputSdmxJson",
)
META_INPUTS = ("InputYamlMdMeta", "InputYamlMeta", "InputExcelMeta", "InputCsvMeta", "InputWordMeta")
NOT_READ = {
    "InputCkan": "it is fetched from a CKAN service",
    "InputPxWebApi": "it is fetched from a PxWeb service",
    "InputPxFile": "it is fetched from a statistical database, in PX",
    "InputJsonStat": "it is fetched from a service, in JSON-stat",
    "InputApi": "it is fetched from a service",
    "InputSdmxMl_UnitedNationsApi": "it is fetched from the United Nations",
    "InputSdmxMeta": "it is fetched from the United Nations' metadata service",
    "InputSdgMetadata": "it is fetched from a repository of metadata",
    "InputCsvDataRemote": "it is fetched from the internet",
    "InputYamlMetaRemote": "it is fetched from the internet",
}
"""Kinds of input that are known but not read, and why: they are there to be fetched from other servers."""
_IN_THE_FOLDER = {
    "InputPxFile": "PX files are not read",
    "InputSdmxMeta": "metadata in SDMX are not read",
}
"""Why not where the folder has the file; no national repository that was looked at had one."""


@dataclass(frozen=True)
class Source:
    """One input of the configuration: its class, its options, and its files in sorted order."""

    kind: str
    options: Mapping[str, Any]
    files: tuple[Path, ...]
    codes: tuple[str, ...] = ()
    """The indicator that each file is about, as its name says."""


def is_remote(place: Any) -> bool:
    """Whether something is to be fetched from the internet."""
    return isinstance(place, str) and bool(re.match(r"(?:https?|ftp|git|ssh)://|git@", place))


def local(folder: Path, place: Any) -> Path | None:
    """A file or folder of the repository, or None; of a remote one the local copy of the same name, if there
    is one."""
    if not isinstance(place, str) or not place:
        return None
    if is_remote(place):
        name = re.split(r"[?#]", place)[0].rstrip("/").rpartition("/")[2]
        return local(folder, name) if "." in name else None
    path = folder / place
    try:
        return path if path.exists() and path.resolve().is_relative_to(folder.resolve()) else None
    except (OSError, ValueError):  # a name that is too long, or has a NUL, is no file's
        return None


def sources(options: Mapping[str, Any], folder: Path, problems: list[Problem]) -> list[Source]:
    """The inputs that can be read; each of the others is a Problem."""
    found = []
    for given in options["inputs"]:
        if not isinstance(given, Mapping) or not isinstance(given.get("class"), str):
            details = {"input": str(given), "why": "it has no class"}
            problems.append(Problem("input-not-read", Origin(str(folder)), details))
            continue
        source = _source(given, options["src_dir"], folder, problems)
        if source is not None:
            found.append(source)
    return found


def _source(given: Mapping[str, Any], src_dir: str, folder: Path, problems: list[Problem]) -> Source | None:
    kind = given["class"]
    why = None
    if kind in NOT_READ:
        why = _IN_THE_FOLDER.get(kind, NOT_READ[kind]) if _has_file(given, folder) else NOT_READ[kind]
    elif kind not in (CSV_INPUT, *SDMX_INPUTS, *META_INPUTS):
        why = "its class is not known"
    elif is_remote(given.get("path_pattern")) or (
        is_remote(given.get("source")) and not local(folder, given["source"])
    ):
        why = f"it is fetched from {given.get('path_pattern') or given['source']}"
    if why is not None:
        problems.append(Problem("input-not-read", Origin(str(folder)), {"input": kind, "why": why}))
        return None
    files = tuple(_files(given, src_dir, folder, problems))
    if not files:
        place = str(given.get("path_pattern") or given.get("source") or "no pattern")
        problems.append(Problem("input-empty", Origin(str(folder)), {"input": kind, "place": place}))
    return Source(
        kind,
        given,
        files,
        tuple(code_of_file(kind, path, given.get("indicator_id_pattern")) for path in files),
    )


def _has_file(given: Mapping[str, Any], folder: Path) -> bool:
    """Whether the source of an input, or the first of its map from sources to indicators, is in the
    folder."""
    place = given.get("indicator_id_map")
    named = next(iter(place), None) if isinstance(place, Mapping) else given.get("source")
    return not is_remote(named) and local(folder, named) is not None


def _files(given: Mapping[str, Any], src_dir: str, folder: Path, problems: list[Problem]) -> Iterator[Path]:
    """The files of an input in sorted order, as seen from the folder; never one outside it."""
    if given.get("files"):  # named one by one, for a folder without configuration
        yield from filter(None, (local(folder, name) for name in given["files"]))
        return
    if "path_pattern" not in given and given["class"] in SDMX_INPUTS[1:]:
        source = local(folder, given.get("source"))
        if source is not None:
            yield source
        return
    pattern = os.path.join(src_dir, str(given.get("path_pattern") or ""))  # noqa: PTH118 - it is a pattern
    if not Path(os.path.normpath(folder / pattern)).is_relative_to(os.path.normpath(folder)):
        details = {"input": given["class"], "why": f"{pattern} lies outside the folder"}
        problems.append(Problem("input-not-read", Origin(str(folder)), details))
        return
    root = folder.resolve()
    for name in sorted(glob.glob(pattern, root_dir=folder)):  # noqa: PTH207 - as the platform understands it
        path = folder / name
        if not path.resolve().is_relative_to(root):
            problems.append(Problem("link-outside", Origin(name)))
        elif path.is_file():
            yield path


def code_of_file(kind: str, path: Path, pattern: Any = None) -> str:
    """The indicator that a file is about, from its name; the platform writes dots as dashes."""
    stem = os.path.splitext(path.name)[0]  # noqa: PTH122 - unlike Path.stem, the last dot alone counts
    if isinstance(pattern, str) and "*" in pattern:
        code = stem
        for part in filter(None, pattern.split("*")):
            code = code.replace(part, "")
        stem = code or stem
    elif kind == CSV_INPUT:
        stem = stem.replace("indicator_", "")
    return stem.replace(".", "-")


# Maps of columns and codes


class Maps(NamedTuple):
    """{header: new header} and {column: {cell: new cell}} of an input."""

    columns: Mapping[str, str] = {}
    codes: Mapping[str, Mapping[str, str]] = {}


def maps(source: Source, folder: Path, problems: list[Problem]) -> tuple[Maps, tuple[Path, ...]]:
    """The column map and code map of an input, and their files."""
    columns: dict[str, str] = {}
    codes: dict[str, dict[str, str]] = {}
    files = []
    for option, wanted in (("column_map", ("Text", "Value")), ("code_map", ("Text", "Value", "Dimension"))):
        place = source.options.get(option)
        if not place:
            continue
        path = local(folder, place)
        if path is None:
            problems.append(
                Problem("map-missing", Origin(str(folder)), {"option": option, "place": str(place)})
            )
            continue
        files.append(path)
        for row in _map_rows(path, wanted, folder, problems):
            if option == "column_map":
                columns.setdefault(row[0], row[1])
            else:
                codes.setdefault(row[2], {}).setdefault(row[0], row[1])
    return Maps(columns, codes), tuple(files)


def _map_rows(
    path: Path, wanted: Sequence[str], folder: Path, problems: list[Problem]
) -> Iterator[list[str]]:
    try:
        table = csv.read_table(path, problems=[])
    except MilepostError as error:
        problems.extend(error.problems)
        return
    missing = [name for name in wanted if name not in table.columns]
    if missing:
        place = Origin(relative(path, folder), row=1)
        problems.append(Problem("column-missing", place, {"column": missing[0]}))
        return
    positions = [table.columns.index(name) for name in wanted]
    for row in table.rows:
        yield [row[position] for position in positions]


def _mapped(
    columns: Sequence[str], rows: list[tuple[str, ...]], known: Maps
) -> tuple[list[str], list[tuple[str, ...]]]:
    names = [known.columns.get(name, name) for name in columns]
    if not known.codes or not known.codes.keys() & set(names):
        return names, rows
    by_column = [
        [known.codes[name].get(cell, cell) for cell in cells] if name in known.codes else cells
        for name, cells in zip(names, zip(*rows, strict=True), strict=True)
    ]
    return names, list(zip(*by_column, strict=True))


# CSV


def csv_table(path: Path, code: str, folder: Path, known: Maps, problems: list[Problem]) -> Table:
    """The table of a CSV file, as the platform's reader takes it apart; raises MilepostError for what is no
    CSV."""
    file = relative(path, folder)
    records, lines = rows_of(path, file, problems)
    columns, rows = _headers(records[0], file, lines[0], problems), records[1:]
    rows = _without_labels(rows, len(columns), Origin(file, row=lines[1] if rows else None), problems)
    columns, rows = _even(columns, rows, lines, file, problems)
    if rows:
        columns, rows = _mapped(columns, rows, known)
    columns = _with_year_and_value(columns, Origin(file, row=lines[0]), problems)
    if rows:  # the platform leaves the header of an empty file as it is
        columns, rows = year_to_value(columns, rows)
    return Table(code, tuple(columns), rows, Origin(file), lines[1:])


def rows_of(path: Path, file: str, problems: list[Problem]) -> tuple[list[tuple[str, ...]], Sequence[int]]:
    """All rows of a CSV file, the header first, and their lines; rows of blank cells count, empty lines do
    not."""
    data = limits.contents(path)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _records_of_others(path, file, problems)
    reader = plain_csv.reader(io.StringIO(text, newline=""))
    try:
        records = list(map(tuple, reader))
    except plain_csv.Error:
        return _records_of_others(path, file, problems)
    lines: Sequence[int] = range(1, len(records) + 1)
    if reader.line_num != len(records):
        lines = _lines(text)
    if any(len(record) < 2 for record in records):
        kept = [(row, line) for row, line in zip(records, lines, strict=True) if not _is_empty_line(row)]
        records, lines = [record for record, _ in kept], [line for _, line in kept]
    if not records or len(records[0]) < 2 or "\0" in text:
        return _records_of_others(path, file, problems)
    return records, lines


def _is_empty_line(record: Sequence[str]) -> bool:
    """Whether a line has nothing, or nothing but spaces; a lone pair of quotation marks is a cell."""
    return not record or (len(record) == 1 and record[0] != "" and not record[0].strip())


def _lines(text: str) -> list[int]:
    """The line on which each record begins, where cells hold line ends."""
    reader = plain_csv.reader(io.StringIO(text, newline=""))
    lines, begin = [], 1
    for _ in reader:
        lines.append(begin)
        begin = reader.line_num + 1
    return lines


def _records_of_others(
    path: Path, file: str, problems: list[Problem]
) -> tuple[list[tuple[str, ...]], Sequence[int]]:
    """The same of a file that the platform could not read: another encoding, another delimiter."""
    faults: list[Problem] = []
    table = csv.read_table(path, problems=faults)
    problems.extend(Problem(each.code, _moved(each.origin, file), each.details) for each in faults)
    first = table.line(0) - 1 if table.rows else 1
    lines = [table.line(position) for position in range(len(table.rows))]
    return [table.columns, *table.rows], [first, *lines]


def _moved(origin: Origin, file: str) -> Origin:
    return Origin(file, origin.sheet, origin.row, origin.column)


def _headers(cells: Sequence[str], file: str, line: int, problems: list[Problem]) -> list[str]:
    """The names as the platform gives them: "Unnamed: 3" for a blank one, "Sex.1" for a second "Sex".

    Blank ones are named last, and no name is given that stands in the header already.
    """
    names = [cell or f"Unnamed: {n}" for n, cell in enumerate(cells)]
    counts: dict[str, int] = {}
    for n in sorted(range(len(names)), key=lambda n: (not cells[n], n)):
        given = name = names[n]
        while count := counts.get(name, 0):
            counts[given] = count + 1
            name = f"{given}.{count}"
            while name in names:
                count += 1
                counts[given] = count + 1
                name = f"{given}.{count}"
        if name != given:
            details = {"first": names.index(given) + 1, "second": n + 1, "name": cells[n]}
            problems.append(Problem("duplicate-header", Origin(file, row=line), details))
        names[n] = name
        counts[name] = counts.get(name, 0) + 1
    return names


def _without_labels(
    rows: list[tuple[str, ...]], width: int, origin: Origin, problems: list[Problem]
) -> list[tuple[str, ...]]:
    """Rows without the cells in front that the platform takes for row labels, if the first has more than the
    header."""
    surplus = len(rows[0]) - width if rows else 0
    if surplus <= 0:
        return rows
    problems.append(Problem("row-labels", origin, {"found": len(rows[0]), "expected": width}))
    return [row[surplus:] for row in rows]


def _even(
    columns: list[str], rows: list[tuple[str, ...]], lines: Sequence[int], file: str, problems: list[Problem]
) -> tuple[list[str], list[tuple[str, ...]]]:
    """Columns and rows of one length: short rows end in blanks, long ones widen the header."""
    expected = len(columns)
    if not {len(row) for row in rows} - {expected}:
        return columns, rows
    width = expected
    for row, line in zip(rows, lines[1:], strict=True):
        if "".join(row[expected:]).strip():
            width = max(width, len(row))
            details = {
                "found": len(row),
                "expected": expected,
                "effect": f"the rest stands in column Unnamed: {expected}",
            }
            problems.append(Problem("ragged-row", Origin(file, row=line), details))
    columns = columns + [f"Unnamed: {n}" for n in range(expected, width)]
    return columns, [(row + ("",) * (width - len(row)))[:width] for row in rows]


def _with_year_and_value(columns: list[str], origin: Origin, problems: list[Problem]) -> list[str]:
    """The columns with Year and Value called so, if one of them is meant by its name."""
    names = list(columns)
    for wanted in ("Year", "Value"):
        if wanted in names:
            continue
        alike = [n for n, name in enumerate(names) if name.strip().casefold() == wanted.casefold()]
        if alike:
            details = {"name": names[alike[0]], "meant": wanted}
            problems.append(Problem("header-meant", origin, details))
            names[alike[0]] = wanted
        else:
            problems.append(Problem("column-missing", origin, {"column": wanted}))
    return names


def year_to_value(
    columns: Sequence[str], rows: list[tuple[str, ...]]
) -> tuple[list[str], list[tuple[str, ...]]]:
    """The same with Year as the first column and Value as the last."""
    first = [n for n, name in enumerate(columns) if name == "Year"]
    last = [n for n, name in enumerate(columns) if name == "Value"]
    order = [*first, *(n for n in range(len(columns)) if n not in (*first, *last)), *last]
    if order == list(range(len(columns))):
        return list(columns), rows
    by_position = list(zip(*rows, strict=True))
    return [columns[n] for n in order], list(zip(*(by_position[n] for n in order), strict=True))


# SDMX


@dataclass(frozen=True)
class Definitions:
    """What a data structure definition says: {series: {indicator: name}}, names of concepts and of codes."""

    indicators: Mapping[str, Mapping[str, str]]
    concepts: Mapping[str, str]
    codes: Mapping[str, Mapping[str, str]]
    attributes: frozenset[str]


_INDICATOR = ".//Annotation[AnnotationTitle='Indicator']/AnnotationText"
_TITLE = ".//Annotation[AnnotationTitle='IndicatorTitle']/AnnotationText"


def definitions(path: Path, options: Mapping[str, Any], problems: list[Problem]) -> Definitions:
    """Read a structure message as an input with these options does; raises MilepostError if it is none."""
    root = xml.tree(path, problems)
    for element in root.iter("*"):
        element.tag = xml.local_name(element)
    lists = {
        each.get("id", ""): {code.get("id", ""): _first_name(code) for code in each.findall("Code")}
        for each in root.iter("Codelist")
    }
    codes = {}
    for component in root.iter("Dimension", "Attribute"):
        id = component.get("id")
        if id is not None and (used := _list_of(component)) in lists:
            codes.setdefault(id, lists[used])
    series = root.find(".//Codelist[@id='CL_SERIES']")
    return Definitions(
        _indicators([] if series is None else series.findall("Code"), options),
        {each.get("id", ""): _first_name(each) for each in root.iter("Concept")},
        codes,
        frozenset(each.get("id", "") for each in root.iter("Attribute")),
    )


def _first_name(element: etree._Element) -> str:
    return element.findtext(".//Name") or ""


def _list_of(component: etree._Element) -> str | None:
    enumeration = component.find(".//Enumeration")
    if enumeration is None:
        return None
    reference = enumeration.find(".//Ref")
    if reference is not None:
        return reference.get("id")
    urn = re.search(r"Codelist=[^:]+:([^(]+)\(", "".join(enumeration.itertext()))
    return urn[1] if urn else None


def _indicators(codes: Iterable[etree._Element], options: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """The indicators of every series: as the configuration says, else as the series is annotated."""
    given = options.get("indicator_id_map")
    given = given if isinstance(given, Mapping) else {}
    by_id = options.get("indicator_id_xpath") or _INDICATOR
    by_name = options.get("indicator_name_xpath") or _TITLE
    found = {}
    for code in codes:
        series = code.get("id", "")
        if series in given:
            ids = given[series] if isinstance(given[series], list) else [given[series]]
        else:
            ids = [each.text or "" for each in _selected(code, by_id)]
        ids = [indicator_code(str(id)) for id in ids]
        names = [each.text or "" for each in _selected(code, by_name)] or [""]
        names += names[:1] * (len(ids) - len(names))
        found[series] = {id: _without_number(name, id) for id, name in zip(ids, names, strict=False) if id}
    return found


def _selected(code: etree._Element, path: str) -> list[etree._Element]:
    try:
        return list(code.findall(str(path)))
    except (SyntaxError, KeyError, ValueError):  # a path that is none selects nothing
        return []


def indicator_code(text: str) -> str:
    """The code of an indicator as the platform writes it: the first word, with dashes.

    >>> indicator_code("8.8.1 Injuries"), indicator_code("10-7-4")
    ('8-8-1', '10-7-4')
    """
    return text.split(" ", maxsplit=1)[0].replace(".", "-").strip("-")


def _without_number(name: str, code: str) -> str:
    return name.replace(code, "").replace(code.replace("-", "."), "").strip()


class Series(NamedTuple):
    """One SDMX series: its dimensions and attributes, and of each observation the year, value, attributes
    and line."""

    keys: dict[str, str]
    attributes: dict[str, str]
    observations: list[tuple[str, str, dict[str, str], int]]


def sdmx_series(path: Path, problems: list[Problem]) -> list[Series]:
    """All series of a data message (XML or JSON), in the order of the file; an observation outside a series
    is one by itself."""
    if path.suffix.lower() == ".json" or content.of_file(path) == "json":
        return [Series(*each) for each in sdmx_json.series(path)]
    root = xml.root(path)
    if root.name not in SDMX_DATA:
        raise MilepostError([Problem("sdmx-message", Origin(str(path)), {"found": root.name})])
    return _generic(path, problems) if root.name.startswith("Generic") else _specific(path, problems)


def _specific(path: Path, problems: list[Problem]) -> list[Series]:
    found: list[Series] = []
    inside = False
    for event, element in xml.walk(path, ("Series", "Obs"), problems):
        is_series = xml.local_name(element) == "Series"
        if is_series:
            inside = event == "start"
        if event != "start":
            continue
        cells = {id: value for id, value in element.attrib.items() if not id.startswith("{")}
        if is_series:
            found.append(Series(cells, {}, []))
            continue
        year, value = cells.pop("TIME_PERIOD", ""), cells.pop("OBS_VALUE", "")
        if not inside:
            found.append(Series(cells, {}, []))
            cells = {}
        found[-1].observations.append((year, value, cells, element.sourceline or 0))
    return found


_GENERIC = ("Series", "SeriesKey", "ObsKey", "Attributes", "Obs", "ObsDimension", "ObsValue", "Value")


def _generic(path: Path, problems: list[Problem]) -> list[Series]:
    found: list[Series] = []
    series: Series | None = None
    key: dict[str, str] = {}
    remarks: dict[str, str] = {}
    cells: dict[str, str] = {}
    year = value = ""
    in_observation = False
    for event, element in xml.walk(path, _GENERIC, problems):
        name, given = xml.local_name(element), element.attrib
        if event == "start":
            match name:
                case "Series":
                    series = Series({}, {}, [])
                    found.append(series)
                case "SeriesKey" if series is not None:
                    cells = series.keys
                case "ObsKey":
                    cells = key
                case "Attributes":
                    cells = remarks if in_observation or series is None else series.attributes
                case "Obs":
                    in_observation, key, remarks, year, value = True, {}, {}, "", ""
                case "ObsDimension":
                    year = given.get("value", "")
                case "ObsValue":
                    value = given.get("value", "")
                case "Value" if "id" in given:
                    cells[given["id"]] = given.get("value", "")
        elif name == "Obs":
            in_observation = False
            year = key.pop("TIME_PERIOD", year)
            home = series
            if home is None:
                home = Series(key, {}, [])
                found.append(home)
            home.observations.append((year, value, remarks, element.sourceline or 0))
        elif name == "Series":
            series = None
    return found


@dataclass
class SdmxReader:
    """Reads the files of one SDMX input; keeps the last file taken apart, for one file often holds many
    indicators."""

    source: Source
    folder: Path
    known: Definitions | None
    maps: Maps
    blank: Mapping[str, str] = field(default_factory=dict)
    _kept: tuple[Path, dict[str, list[Series]]] | None = None

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_kept": None}

    def by_indicator(self, path: Path, problems: list[Problem]) -> dict[str, list[Series]]:
        """The series of a file by indicator; what belongs to none is a Problem."""
        if self._kept is None or self._kept[0] != path:
            found: dict[str, list[Series]] = {}
            homeless: dict[str, int] = {}
            for series in sdmx_series(path, problems):
                id = series.keys.get("SERIES", "")
                codes = self._indicators(id, path)
                if not codes:
                    homeless[id] = homeless.get(id, 0) + len(series.observations)
                for code in codes:
                    found.setdefault(code, []).append(series)
            place = Origin(relative(path, self.folder))
            for id, count in homeless.items():
                problems.append(
                    Problem("series-without-indicator", place, {"series": id or "-", "count": count})
                )
            self._kept = (path, found)
        return self._kept[1]

    def _indicators(self, series: str, path: Path) -> Iterable[str]:
        own_map = self.source.options.get("indicator_id_map")
        if self.known is not None:
            codes = self.known.indicators.get(series)
            if codes:
                return codes
        elif isinstance(own_map, Mapping) and series in own_map:
            ids = own_map[series] if isinstance(own_map[series], list) else [own_map[series]]
            return [indicator_code(str(id)) for id in ids]
        if self.known is None or self.source.options.get("by_file_name"):
            return [indicator_code(path.stem)]
        return ()

    def name(self, code: str) -> str | None:
        """What the data structure definition calls an indicator."""
        if self.known is None or self.source.options.get("import_names") is False:
            return None
        return next((names[code] for names in self.known.indicators.values() if names.get(code)), None)

    def table(self, path: Path, code: str, problems: list[Problem]) -> Table:
        """The table that the platform makes of an indicator's series in a file."""
        rows: list[dict[str, str | None]] = []
        lines = []
        options = self.source.options
        dropped = options.get("drop_dimensions")
        dropped = dropped if isinstance(dropped, list | str) else ()
        with_series = options.get("import_series_attributes", True)
        with_observations = options.get("import_observation_attributes", True)
        attributes = self.known.attributes if self.known else frozenset()
        for series in self.by_indicator(path, problems).get(code, ()):
            cells = {**series.keys, **series.attributes}
            if not with_series:
                cells = {
                    id: cell
                    for id, cell in cells.items()
                    if id not in attributes and id not in series.attributes
                }
            shared = self._named(cells, dropped)
            for year, value, remarks, line in series.observations:
                own = self._named(remarks, dropped) if with_observations else {}
                rows.append({"Year": year, **own, **shared, "Value": value})
                lines.append(line)
        columns = self._columns(rows)
        cells_of = [tuple([row.get(name) or "" for name in columns]) for row in rows]
        names = columns
        if cells_of:
            names, cells_of = year_to_value(*_mapped(columns, cells_of, self.maps))
        return Table(code, tuple(names), cells_of, Origin(relative(path, self.folder)), lines)

    def _named(self, cells: Mapping[str, str], dropped: Sequence[str]) -> dict[str, str | None]:
        return {self._header(id): self._cell(id, cell) for id, cell in cells.items() if id not in dropped}

    def _header(self, id: str) -> str:
        own = self._dimension_map
        if id in own:
            return str(own[id])
        return id if self._keeps_codes or not self.known else self.known.concepts.get(id) or id

    def _cell(self, id: str, cell: str) -> str | None:
        own = self._dimension_map
        key = f"{id}|{cell}"
        if key in own:
            return str(own[key] or "")
        if key in self.blank:
            return self.blank[key]
        if cell == "_T":
            return None
        if self._keeps_codes or not self.known:
            return cell
        return self.known.codes.get(id, {}).get(cell) or cell

    @property
    def _dimension_map(self) -> Mapping[str, Any]:
        given = self.source.options.get("dimension_map")
        return given if isinstance(given, Mapping) else {}

    @property
    def _keeps_codes(self) -> bool:
        options = self.source.options
        return bool(options.get("import_codes") or options.get("import_translation_keys"))

    def _columns(self, rows: Sequence[Mapping[str, str | None]]) -> list[str]:
        """Columns in order of appearance, without those that are blank, or (if so set) the same in every
        row."""
        kept = []
        names = dict.fromkeys(name for row in rows for name in row)
        single = self.source.options.get("drop_singleton_dimensions", True)
        for name in names:
            cells = {row.get(name) for row in rows}
            if name not in ("Year", "Value") and (cells == {None} or (single and len(cells) == 1)):
                continue
            kept.append(name)
        return kept or ["Year", "Value"]


def countries(areas: Iterable[str]) -> dict[str, str]:
    """{"REF_AREA|KG": ""} for the codes of the whole country, if the areas are of one country alone."""
    seen = set(areas)
    whole = [each for each in seen if re.fullmatch(r"[A-Z]{2}|[0-9]{1,3}", each)]
    letters = [each for each in whole if each.isalpha()]
    if len(letters) > 1 or len(whole) - len(letters) > 1:
        return {}
    return {f"REF_AREA|{each}": "" for each in whole}
