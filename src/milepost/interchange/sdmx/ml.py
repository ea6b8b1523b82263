"""SDMX-ML: data messages in and out, one row for every observation; structure messages in.

Read: 2.1 structure-specific and generic data, by series or flat; 2.0 compact and generic; 3.0
structure-specific. No data structure definition is needed. Values are the text of the file; attributes of
the series, group and data set stand in the row of every observation they are about.

Written: 2.1, one DataSet for each table, of one structure or of several; every row an Obs, repeated and
conflicting ones included. Blank cells are left out and nothing is invented for them; a column without any
value leaves no trace. The layout of columns is told in `layout`. What the XSD demands of a header and we do
not have: the structure is the dataset's own if its columns fit it, else one of agency MILEPOST; the sender is
that structure's agency.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from typing import NamedTuple, TextIO

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs

from milepost.errors import MilepostError, refuse
from milepost.interchange import aside, xml
from milepost.interchange.sdmx import layout, structure
from milepost.values import Dataset, Origin, Problem, Structure, Table
from milepost.values.concepts import ATTRIBUTES, DIMENSIONS, MEASURE, concept

SPECIFIC = ("StructureSpecificData", "StructureSpecificTimeSeriesData", "CompactData")
GENERIC = ("GenericData", "GenericTimeSeriesData")

# Attributes of a DataSet in SDMX-ML 2.0 that say something about the file.
_OF_THE_FILE = frozenset(
    {
        "action", "dataProviderID", "dataProviderSchemeAgencyId", "dataProviderSchemeId", "dataflowAgencyID",
        "dataflowID", "datasetID", "keyFamilyURI", "publicationPeriod", "publicationYear",
        "reportingBeginDate", "reportingEndDate", "validFromDate", "validToDate",
    }
)  # fmt: skip
_NO_GROUP = ("DataSet", "Series", "Obs", "Header", "Annotations", "DataProvider", "KeyFamilyRef")


# Reading


def read(path: Path | str) -> Dataset:
    """All observations of a data message, a Table for each DataSet; a structure message as `structure.read`.

    `structure` of the dataset is what the message says of its data structure: its id, and which columns are
    dimensions. Raises MilepostError for other messages, for XML that is not well-formed (with the line) and
    for a DOCTYPE.
    """
    root = xml.root(path)
    if "sdmx" not in root.namespace.lower():
        raise refuse("sdmx-message", str(path), found=root.name)
    if root.name == "Structure":
        return structure.read(path)
    if root.name not in (*SPECIFIC, *GENERIC):
        raise refuse("sdmx-message", str(path), found=root.name)
    problems: list[Problem] = []
    collect = _generic if root.name in GENERIC else _specific
    header, sets = collect(path, root.name, problems)
    tables, structures = [], []
    for rows in sets:
        columns, cells = rows.table()
        said = header.structures.get(rows.reference)
        if said is not None:
            cells = structure.as_texts(columns, cells, said.agency, rows.dimensions)
        tables.append(Table(_code(rows, sets, str(path)), columns, cells, Origin(str(path)), rows.lines))
        structures.append(_structure(tables[-1], rows, said))
        if rows.action.lower() in ("delete", "d"):
            place = Origin(str(path), row=rows.line)
            problems.append(Problem("sdmx-deletion", place, {"count": len(rows.rows)}))
    return Dataset(tables=tuple(tables), structure=_together(structures), problems=tuple(problems))


def _code(rows: "_Rows", sets: Sequence["_Rows"], file: str) -> str:
    """The file's stem; where there are several data sets, what each is called, or the stem and its number."""
    stem = Path(file).stem
    if len(sets) == 1:
        return stem
    number = next(n for n, other in enumerate(sets, start=1) if other is rows)
    codes = [other.code for other in sets]
    return layout.decoded(rows.code) if rows.code and codes.count(rows.code) == 1 else f"{stem}-{number}"


class _Rows:
    """The observations of one DataSet while it is read; each row as long as the columns known by then."""

    def __init__(self, line: int, code: str = "", action: str = "", reference: str = ""):
        self.line, self.code, self.action, self.reference = line, code, action, reference
        self.places: dict[str, int] = {}
        self.dimensions: set[str] = set()
        self.rows: list[list[str]] = []
        self.lines: list[int] = []
        self._seen: dict[str, str] = {}

    def begin(self, cells: Mapping[str, str]) -> list[str]:
        """A row with these cells, to which `add` adds those of an observation."""
        row = [""] * len(self.places)
        self._fill(row, cells.items())
        return row

    def add(self, begun: list[str], cells: Iterable[tuple[str, str]], line: int) -> None:
        row = begun.copy()
        self._fill(row, cells)
        self.rows.append(row)
        self.lines.append(max(line, self.lines[-1]) if self.lines else line)

    def _fill(self, row: list[str], cells: Iterable[tuple[str, str]]) -> None:
        places, seen = self.places, self._seen
        for id, value in cells:
            place = places.get(id)
            if place is None:
                if id[0] == "{":
                    continue  # xsi:type and the like
                place = places[id] = len(places)
            if place >= len(row):
                row.extend([""] * (place + 1 - len(row)))
            row[place] = seen.setdefault(value, value)

    def table(self) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
        """Headers (dimensions, OBS_VALUE, attributes; each in the order met) and rows of equal length."""
        if self.rows and "OBS_VALUE" not in self.places:
            self.places["OBS_VALUE"] = len(self.places)
        order = sorted(self.places, key=lambda id: (self._rank(id), self.places[id]))
        width = len(self.places)
        chosen = [self.places[id] for id in order]
        pick = itemgetter(*chosen) if len(chosen) > 1 else lambda row: tuple(row[place] for place in chosen)
        rows = [
            pick(row) if len(row) == width else pick(row + [""] * (width - len(row))) for row in self.rows
        ]
        return layout.as_written(tuple(map(layout.decoded, order)), rows)

    def _rank(self, id: str) -> int:
        name = concept(layout.decoded(id))
        if name and name.upper() != id and name.upper() in self.places:
            return 3  # a column of another name for the same concept comes after the concept itself
        if id == "OBS_VALUE":
            return 1
        return 0 if id in self.dimensions else 2

    def mark_dimensions(self, ids: Iterable[str]) -> None:
        """Take these for dimensions, except what is known to be an attribute."""
        for id in ids:
            if id not in self.dimensions and id.lower() not in ATTRIBUTES and id != "OBS_VALUE":
                self.dimensions.add(id)


class _Header(NamedTuple):
    """By structureID: the data structure, and the dimension that the observations of a series differ in."""

    structures: dict[str, structure.Reference]
    at_observation: dict[str, str]


def _header(element: etree._Element) -> _Header:
    structures, at_observation = {}, {}
    for said in element.iterfind("{*}Structure"):
        id = said.get("structureID", "")
        at_observation[id] = said.get("dimensionAtObservation", "TIME_PERIOD")
        inner = said.find("{*}Structure")
        reference = structure.referred(inner) if inner is not None else None
        if reference and reference.id:
            structures[id] = reference
    return _Header(structures, at_observation)


def _structure(table: Table, rows: _Rows, reference: structure.Reference | None) -> Structure | None:
    """What the message says of its structure; what stands at the series is a dimension if never blank."""
    if reference is None:
        return None
    at_key = {layout.decoded(id) for id in rows.dimensions}
    dimensions, attributes = [], []
    for position, (column, name) in enumerate(zip(table.columns, table.concepts(), strict=True)):
        if name == MEASURE:
            continue
        is_dimension = column in at_key and (name in DIMENSIONS or all(row[position] for row in table.rows))
        (dimensions if is_dimension else attributes).append(name)
    return Structure(reference.id, reference.agency, reference.version, tuple(dimensions), tuple(attributes))


def _together(structures: Sequence[Structure | None]) -> Structure | None:
    """The structure of the first data set, with the columns of the others that are of the same structure."""
    first = structures[0] if structures else None
    if first is None:
        return None
    same = [
        other
        for other in structures
        if other and (other.id, other.agency, other.version) == (first.id, first.agency, first.version)
    ]
    dimensions = dict.fromkeys(name for other in same for name in other.dimensions)
    attributes = dict.fromkeys(name for other in same for name in other.attributes if name not in dimensions)
    return replace(first, dimensions=tuple(dimensions), attributes=tuple(attributes))


def _begun(element: etree._Element) -> _Rows:
    """The rows of a DataSet that begins here."""
    found = {key.rpartition("}")[2]: value for key, value in element.attrib.items()}
    code = found.get("setID") or found.get("datasetID", "")
    return _Rows(xml.line(element), code, found.get("action", ""), found.get("structureRef", ""))


class _Groups:
    """Attributes that a group of series shares, found by the dimensions of the group."""

    def __init__(self):
        self._by_ids: dict[frozenset[str], list[dict[str, str]]] = {}
        self._found: dict[tuple[frozenset[str], tuple[str, ...]], dict[tuple[str, ...], dict[str, str]]] = {}

    def add(self, cells: Mapping[str, str]) -> None:
        self._by_ids.setdefault(frozenset(cells), []).append(dict(cells))
        self._found.clear()

    def of(self, cells: Mapping[str, str]) -> dict[str, str]:
        """The attributes of every group whose dimensions have the values in these cells."""
        attributes: dict[str, str] = {}
        for ids, members in self._by_ids.items():
            shared = tuple(sorted(id for id in ids if id in cells and id.lower() not in ATTRIBUTES))
            known = self._found.get((ids, shared))
            if known is None:
                known = self._found[ids, shared] = {}
                for member in members:
                    known.setdefault(tuple(member[id] for id in shared), {}).update(member)
            attributes.update(known.get(tuple(cells[id] for id in shared), {}))
        return attributes

    def __bool__(self) -> bool:
        return bool(self._by_ids)


def _specific(path: Path | str, message: str, problems: list[Problem]) -> tuple[_Header, list[_Rows]]:
    """Structure-specific messages (2.1, 3.0) and compact ones (2.0): components are XML attributes."""
    header = _Header({}, {})
    sets: list[_Rows] = []
    rows, groups = _Rows(0), _Groups()
    of_set: dict[str, str] = {}
    of_series: dict[str, str] = {}
    begun: list[str] = []
    names = (
        None if message == "CompactData" else ("Header", "DataSet", "Group", "Atts", "Series", "Obs", "Comp")
    )
    for event, element in xml.walk(path, names, problems):
        name = xml.local_name(element)
        if event == "start":
            if name == "DataSet":
                rows, groups = _begun(element), _Groups()
                sets.append(rows)
                of_set = {id: value for id, value in _plain(element).items() if id not in _OF_THE_FILE}
                of_series, begun = {}, rows.begin(of_set)
            elif name == "Series":
                of_series = _plain(element)
                rows.mark_dimensions(of_series)
                begun = rows.begin({**of_set, **of_series})
            elif name == "Comp":
                raise refuse("sdmx-several-values", Origin(str(path), row=xml.line(element)))
        elif name == "Obs":
            attributes = element.attrib
            if groups:
                shared = groups.of({**of_set, **of_series, **attributes})
                cells: Iterable[tuple[str, str]] = {**shared, **of_series, **attributes}.items()
            else:
                cells = attributes.items()
            rows.add(begun, cells, xml.line(element))
        elif name == "Series":
            of_series, begun = {}, rows.begin(of_set)
        elif name == "Header":
            header = _header(element)
        elif sets and name not in _NO_GROUP and _is_in_set(element):
            groups.add(_plain(element))
    for rows in sets:
        at_observation = header.at_observation.get(rows.reference, "TIME_PERIOD")
        rows.mark_dimensions(
            {at_observation, *(id for id in rows.places if id.lower() in DIMENSIONS)} & rows.places.keys()
        )
    return header, sets


def _is_in_set(element: etree._Element) -> bool:
    parent = element.getparent()
    return parent is not None and xml.local_name(parent) == "DataSet"


def _plain(element: etree._Element) -> dict[str, str]:
    """The components among the attributes of a DataSet, a Series or a group: those in no namespace."""
    return {id: value for id, value in element.attrib.items() if id[0] != "{" and id != "type"}


def _generic(path: Path | str, message: str, problems: list[Problem]) -> tuple[_Header, list[_Rows]]:
    """Generic messages: components are Value elements with an id (in 2.0: a concept)."""
    header = _Header({}, {})
    sets: list[_Rows] = []
    rows, groups = _Rows(0), _Groups()
    of_set: dict[str, str] | None = None
    of_series: dict[str, str] = {}
    begun: list[str] | None = None
    at_observation = "TIME_PERIOD"
    for event, element in xml.walk(path, ("Header", "DataSet", "Group", "Series", "Obs"), problems):
        name = xml.local_name(element)
        if event == "start":
            if name == "DataSet":
                rows, groups, of_set, of_series, begun = _begun(element), _Groups(), None, {}, None
                at_observation = header.at_observation.get(rows.reference, "TIME_PERIOD")
                sets.append(rows)
            elif of_set is None and name != "Header":
                of_set = _values_within(element.getparent(), rows, before=element)
            if name == "Series":
                of_series, begun = {}, None
        elif name == "Obs":
            if begun is None:
                of_series = {**(of_set or {}), **_values_within(element.getparent(), rows, before=element)}
                begun = rows.begin(of_series)
            own = _observation(element, rows, at_observation)
            del element[:]  # else its line is not known beyond the 65,535th
            element.text = None
            if groups:
                own = {**groups.of({**of_series, **own}), **of_series, **own}
            rows.add(begun, own.items(), xml.line(element))
        elif name == "Group":
            groups.add(_values_within(element, rows))
        elif name == "Header":
            header = _header(element)
    return header, sets


def _values_within(
    parent: etree._Element | None, rows: _Rows, before: etree._Element | None = None
) -> dict[str, str]:
    """The components in the key and the attributes of a data set, group or series."""
    found: dict[str, str] = {}
    for child in parent if parent is not None else ():
        if child is before:
            break
        name = xml.local_name(child)
        if name in ("SeriesKey", "GroupKey", "ObsKey", "Attributes"):
            values = _values(child)
            found.update(values)
            if name != "Attributes":
                rows.mark_dimensions(values)
    return found


def _observation(element: etree._Element, rows: _Rows, at_observation: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in element:
        name = xml.local_name(child)
        if name == "ObsValue":
            found["OBS_VALUE"] = child.get("value", "")
        elif name == "Attributes":
            found.update(_values(child))
        elif name == "ObsDimension":
            id = child.get("id", at_observation)
            rows.mark_dimensions((id,))
            found[id] = child.get("value", "")
        elif name == "ObsKey":
            values = _values(child)
            rows.mark_dimensions(values)
            found.update(values)
        elif name == "Time":  # 2.0
            rows.mark_dimensions(("TIME_PERIOD",))
            found["TIME_PERIOD"] = child.text or ""
    return found


def _values(element: etree._Element) -> dict[str, str]:
    """{id: text} of the Value elements of a key or a list of attributes."""
    return {value.get("id") or value.get("concept", ""): value.get("value", "") for value in element}


# Writing


def write(
    dataset: Dataset, path: Path | str, *, generic: bool = False, prepared: datetime | None = None
) -> tuple[Problem, ...]:
    """A data message with every row of every table; structure-specific unless `generic`, which needs no
    schema of its own.

    Returns the faults that leave the file complete but not usable to the full: rows without a period that
    SDMX knows, which the schema of the structure demands; and notes on periods with a mark. Raises
    "sdmx-control-character", at every place, for characters that XML cannot hold.
    """
    return write_all((dataset,), path, generic=generic, prepared=prepared)


def write_all(
    datasets: Sequence[Dataset], path: Path | str, *, generic: bool = False, prepared: datetime | None = None
) -> tuple[Problem, ...]:
    """One data message with every row of every dataset, as `write` has it for one; datasets may differ in
    structure."""
    _refuse_control_characters(datasets)
    sets = [(dataset, *structure.laid_out(dataset)) for dataset in datasets]
    structures = _structure_ids([fitted for _, fitted, _ in sets])
    moment = prepared or datetime.now(UTC)
    with aside.file(path) as temporary, temporary.open("w", encoding="utf-8", newline="\n") as out:
        _put_header(out, structures, generic, moment)
        put = _put_generic if generic else _put_specific
        for dataset, fitted, tables in sets:
            for table, laid in zip(dataset.tables, tables, strict=True):
                put(out, structures[_address(fitted)][0], table.code, laid, fitted)
        out.write(f"</message:{GENERIC[0] if generic else SPECIFIC[0]}>\n")
    return tuple(
        problem
        for dataset, _, tables in sets
        for pair in zip(dataset.tables, tables, strict=True)
        for problem in layout.faults_of_periods(*pair)
    )


_Structures = Mapping[structure.Reference, tuple[str, Structure]]


def _structure_ids(structures: Sequence[Structure]) -> _Structures:
    """By address: what the message calls each structure, and the structure."""
    found = {_address(fitted): fitted for fitted in structures}
    if len(found) == 1:
        return {address: ("STRUCTURE", fitted) for address, fitted in found.items()}
    return {
        address: (f"STRUCTURE_{number}", fitted) for number, (address, fitted) in enumerate(found.items(), 1)
    }


def _address(fitted: Structure) -> structure.Reference:
    return structure.Reference(fitted.agency, fitted.id, fitted.version)


def _refuse_control_characters(datasets: Iterable[Dataset]) -> None:
    faults = []
    for table in (table for dataset in datasets for table in dataset.tables):
        for position, row in enumerate(table.rows):
            if xml.forbidden("".join(row)):
                for header, cell in zip(table.columns, row, strict=True):
                    if character := xml.forbidden(cell):
                        details = {"column": header, "character": character}
                        faults.append(
                            Problem("sdmx-control-character", table.place(position, header), details)
                        )
    if faults:
        raise MilepostError(faults)


_ESCAPES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
)


class _Escaped(dict[str, str]):
    """The text of an XML attribute for each cell; made once for each text."""

    def __missing__(self, cell: str) -> str:
        text = self[cell] = cell.translate(_ESCAPES)
        return text


class _Parts(NamedTuple):
    """Where in a row the cells of each part of a message stand: (id, position)."""

    key: list[tuple[str, int]]
    of_series: list[tuple[str, int]]
    of_obs: list[tuple[str, int]]
    time: int | None
    value: int | None


def _parts(laid: layout.Laid, fitted: Structure) -> _Parts:
    key, of_series, of_obs = [], [], []
    time = value = None
    for position, (id, name) in enumerate(zip(laid.ids, laid.names(), strict=True)):
        if name == "time_period":
            time = position
        elif name == "obs_value":
            value = position
        elif not structure.is_series_level(name, fitted):
            of_obs.append((id, position))
        elif name in fitted.dimensions:
            key.append((id, position))
        else:
            of_series.append((id, position))
    return _Parts(key, of_series, of_obs, time, value)


def _series(laid: layout.Laid, parts: _Parts) -> Iterator[list[tuple[str, ...]]]:
    """The rows of each series: those alike in all that stands at the series, in the order of the table."""
    positions = [position for _, position in (*parts.key, *parts.of_series)]
    if not positions:
        yield list(laid.rows)
        return
    pick = itemgetter(*positions)
    together: dict[object, list[tuple[str, ...]]] = {}
    for row in laid.rows:
        together.setdefault(pick(row), []).append(row)
    yield from together.values()


_BASE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
_SET_ID = re.compile(r"[A-Za-z0-9_@$-]+")


def namespace(fitted: Structure) -> str:
    """The namespace of the schema that a structure-specific message of this structure has."""
    address = f"{fitted.agency}:{fitted.id}({fitted.version}):ObsLevelDim:{_at_observation(fitted)}"
    return f"urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure={address}"


def _at_observation(fitted: Structure) -> str:
    return "AllDimensions" if _is_flat(fitted) else "TIME_PERIOD"


def _is_flat(fitted: Structure) -> bool:
    return all(name == "time_period" for name in fitted.dimensions)


def _set_id(code: str) -> str:
    return code if _SET_ID.fullmatch(code) and layout.decoded(code) == code else layout.encoded(code)


def _put_header(out: TextIO, structures: _Structures, generic: bool, moment: datetime) -> None:
    spaces = {"message": f"{_BASE}/message", "common": f"{_BASE}/common"}
    if generic:
        spaces["generic"] = f"{_BASE}/data/generic"
    else:
        spaces["ss"] = f"{_BASE}/data/structurespecific"
        spaces["xsi"] = "http://www.w3.org/2001/XMLSchema-instance"
    declared = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in spaces.items())
    agency = next(iter(structures)).agency
    out.write(
        f"""<?xml version="1.0" encoding="UTF-8"?>
<message:{GENERIC[0] if generic else SPECIFIC[0]}{declared}>
  <message:Header>
    <message:ID>DATA{moment:%Y%m%d%H%M%S}</message:ID>
    <message:Test>false</message:Test>
    <message:Prepared>{moment.isoformat(timespec="seconds")}</message:Prepared>
    <message:Sender id="{agency.replace(".", "_")}"/>
"""
    )
    for id, fitted in structures.values():
        space = "" if generic else f' namespace="{namespace(fitted)}"'
        dimension = _at_observation(fitted)
        out.write(
            f"""    <message:Structure structureID="{id}"{space} dimensionAtObservation="{dimension}">
      <common:Structure>
        <Ref agencyID="{fitted.agency}" id="{fitted.id}" version="{fitted.version}"/>
      </common:Structure>
    </message:Structure>
"""
        )
    out.write(
        """    <message:DataSetAction>Information</message:DataSetAction>
  </message:Header>
"""
    )


def _put_specific(out: TextIO, id: str, code: str, laid: layout.Laid, fitted: Structure) -> None:
    escaped, parts, flat = _Escaped(), _parts(laid, fitted), _is_flat(fitted)
    at_series = (*parts.key, *parts.of_series)
    at_obs = list(parts.of_obs)
    if parts.value is not None:
        at_obs.insert(0, ("OBS_VALUE", parts.value))
    if parts.time is not None:
        at_obs.insert(0, ("TIME_PERIOD", parts.time))

    def components(row: tuple[str, ...], where: Iterable[tuple[str, int]]) -> str:
        return "".join([f' {id}="{escaped[row[place]]}"' for id, place in where if row[place]])

    out.write(
        f'  <message:DataSet xmlns:ns1="{namespace(fitted)}" xsi:type="ns1:DataSetType" '
        f'ss:structureRef="{id}" ss:dataScope="DataStructure" ss:setID="{_set_id(code)}" '
        'ss:action="Information">\n'
    )
    for rows in _series(laid, parts):
        if not flat:
            out.write(f"    <Series{components(rows[0], at_series)}>\n")
        out.writelines([f"      <Obs{components(row, at_obs)}/>\n" for row in rows])
        if not flat:
            out.write("    </Series>\n")
    out.write("  </message:DataSet>\n")


def _put_generic(out: TextIO, id: str, code: str, laid: layout.Laid, fitted: Structure) -> None:
    escaped, parts, flat = _Escaped(), _parts(laid, fitted), _is_flat(fitted)

    def values(element: str, row: tuple[str, ...], where: Iterable[tuple[str, int]]) -> str:
        inner = [
            f'<generic:Value id="{id}" value="{escaped[row[place]]}"/>' for id, place in where if row[place]
        ]
        return f"<generic:{element}>{''.join(inner)}</generic:{element}>" if inner else ""

    def observation(row: tuple[str, ...]) -> str:
        period = escaped[row[parts.time]] if parts.time is not None else ""
        value = escaped[row[parts.value]] if parts.value is not None else ""
        key = f'<generic:ObsDimension value="{period}"/>'
        if flat:
            key = f'<generic:ObsKey><generic:Value id="TIME_PERIOD" value="{period}"/></generic:ObsKey>'
        measured = f'<generic:ObsValue value="{value}"/>' if value else ""
        return f"      <generic:Obs>{key}{measured}{values('Attributes', row, parts.of_obs)}</generic:Obs>\n"

    out.write(f'  <message:DataSet structureRef="{id}" setID="{_set_id(code)}" action="Information">\n')
    for rows in _series(laid, parts):
        if not flat:
            key, attributes = (
                values("SeriesKey", rows[0], parts.key),
                values("Attributes", rows[0], parts.of_series),
            )
            out.write(f"    <generic:Series>{key}{attributes}\n")
        out.writelines(map(observation, rows))
        if not flat:
            out.write("    </generic:Series>\n")
    out.write("  </message:DataSet>\n")
