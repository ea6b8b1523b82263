"""Structure messages of SDMX-ML: code lists, concepts and data structure definitions, in all their
languages.

Read: 2.1, and 3.0 where it says the same. Written: 2.1. What a value holds is kept through writing and
reading:

- A code's annotations are {label: text}; the label is the annotation's type (or its title, or id), followed
  by `@` and the language of a text that is not English, by `@title` or `@id` where these say something
  else, by `@url`. A second one of the same label is called `label#2`. A code's description is kept as
  "description" (`description@ru`) where it says more than its name; its parent code as "parent".
- A name that SDMX demands and we do not have is the id itself, marked as being in no language ("und"); it
  is not read back.
- Which attributes are attached to the series is the rule of the global SDG data structure
  (layout.SERIES_ATTRIBUTES); every attribute is written as conditional. Not kept: dataflows, constraints,
  descriptions of lists and concepts.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs

from milepost.errors import MilepostError, refuse
from milepost.interchange import aside, xml
from milepost.interchange.sdmx import layout
from milepost.values import CodeList, Dataset, Origin, Problem, Structure, Text
from milepost.values.concepts import ATTRIBUTES, DIMENSIONS, MEASURE

AGENCY = "MILEPOST"
"""The agency of a structure made here from the columns of a file, because none was given or it does not
fit."""

CODED = {*DIMENSIONS, "obs_status", "unit_measure", "unit_mult", "nature", "geo_info_type"} - {"time_period"}
"""Concepts whose values are codes, if they can be: free text never is."""

NOT_A_LANGUAGE = "und"
_OWN_LABELS = ("description", "parent")
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_BASE = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1"
_SPACES = {"mes": f"{_BASE}/message", "str": f"{_BASE}/structure", "com": f"{_BASE}/common"}
_CODE = re.compile(r"[A-Za-z0-9_@$-]+")
_NCNAME = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_AGENCY_ID = re.compile(r"[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z][A-Za-z0-9_-]*)*")
_VERSION = re.compile(r"[0-9]+(\.[0-9]+)*")
_URN = re.compile(r"=([^:=]+):([^(]+)\(([^)]+)\)(?:\.(.+))?$")
_NUMBER = re.compile(r"\s*(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|-?INF|NaN)\s*")

Elements = Sequence[etree._Element]


class Reference(NamedTuple):
    """What a reference of SDMX points at; `item` is the concept or code inside the scheme, if any."""

    agency: str
    id: str
    version: str
    item: str = ""


# The structure of a dataset


def structure_for(dataset: Dataset) -> Structure:
    """The data structure that the dataset's tables fit: its own if all columns are in it, else one made
    from the columns.

    Made here (agency MILEPOST), a dimension is a known one that every row fills, and TIME_PERIOD; all other
    columns are attributes, since SDMX has no optional dimensions and nothing is invented to fill a blank.
    Code lists hold the codes in use, with the names the dataset's own structure knows; a concept whose
    values are no SDMX codes has no list.
    """
    tables = [layout.laid_out(table) for table in dataset.tables]
    components = components_for(dataset, tables)
    if components is dataset.structure:
        return components
    known = dataset.structure.code_lists if dataset.structure else {}
    names = (*components.dimensions, *components.attributes)
    lists = {
        name: _list_for(name, known.get(name), tables) for name in names if name in CODED or name in known
    }
    return replace(components, code_lists={name: codes for name, codes in lists.items() if codes})


def components_for(dataset: Dataset, tables: Sequence[layout.Laid]) -> Structure:
    """The same without code lists, when the tables are laid out already: quicker, and enough to write
    data."""
    given = dataset.structure
    names = list(dict.fromkeys(name for table in tables for name in table.names()))
    if given and _fits(given, names, tables):
        return given
    wanted = dict.fromkeys((*(given.dimensions if given else ()), *DIMENSIONS))
    dimensions = [
        name
        for name in wanted
        if name in names and (name == "time_period" or _is_always_filled(layout.id(name), tables))
    ]
    order = {name: position for position, name in enumerate(ATTRIBUTES)}
    attributes = [name for name in names if name not in dimensions and name != MEASURE]
    return Structure(
        id=given.id if given and _NCNAME.fullmatch(given.id) else "DATA",
        agency=AGENCY,
        version=given.version if given and _VERSION.fullmatch(given.version) else "1.0",
        dimensions=tuple(dimensions),
        attributes=tuple(sorted(attributes, key=lambda name: order.get(name, len(order)))),
        names={name: text for name, text in given.names.items() if name in names} if given else {},
        name=given.name if given else Text(),
    )


def laid_out(dataset: Dataset) -> tuple[Structure, list[layout.Laid]]:
    """The structure that the dataset's tables fit (without code lists of its own making), and its tables as
    SDMX holds them."""
    tables = [layout.laid_out(table) for table in dataset.tables]
    fitted = components_for(dataset, tables)
    return fitted, [as_codes(laid, fitted) for laid in tables]


def is_coded(name: str, dimensions: Collection[str]) -> bool:
    """Whether the values of this component are codes in a structure with these dimensions."""
    return name != "time_period" and (name in dimensions or name in CODED)


def as_codes(laid: layout.Laid, fitted: Structure) -> layout.Laid:
    """The table with codes where this structure's categories are texts (layout.OF_TEXTS); else as it is."""
    if fitted.agency != layout.OF_TEXTS:
        return laid
    places = [n for n, name in enumerate(laid.names()) if is_coded(name, fitted.dimensions)]
    return laid._replace(rows=layout.replaced(laid.rows, places, layout.code))


def as_texts(
    columns: Sequence[str], rows: list[tuple[str, ...]], agency: str, dimensions: Collection[str]
) -> list[tuple[str, ...]]:
    """Rows as they were before `as_codes`, by the agency of their structure; `dimensions` are ids."""
    if agency != layout.OF_TEXTS:
        return rows
    coded = {layout.decoded(id) for id in dimensions if id != "TIME_PERIOD"} | {
        name.upper() for name in CODED
    }
    places = [n for n, column in enumerate(columns) if column in coded]
    return list(layout.replaced(rows, places, layout.decoded))


def is_series_level(name: str, structure: Structure) -> bool:
    """Whether this component stands at the series in what we write: dimensions but time, and some
    attributes."""
    if all(dimension == "time_period" for dimension in structure.dimensions):
        return False
    if name in structure.dimensions:
        return name != "time_period"
    return name in layout.SERIES_ATTRIBUTES or (name in DIMENSIONS and name != "time_period")


def _fits(structure: Structure, names: Sequence[str], tables: Sequence[layout.Laid]) -> bool:
    if not _can_be_referred_to(structure):
        return False
    if not set(names) <= {*structure.dimensions, *structure.attributes, MEASURE}:
        return False
    if not names:
        return True
    return all(
        name in names and (name == "time_period" or _is_always_filled(layout.id(name), tables))
        for name in structure.dimensions
    )


def _can_be_referred_to(structure: Structure) -> bool:
    patterns = {_NCNAME: structure.id, _AGENCY_ID: structure.agency, _VERSION: structure.version}
    return all(pattern.fullmatch(text) for pattern, text in patterns.items())


def _is_always_filled(id: str, tables: Sequence[layout.Laid]) -> bool:
    return all(not table.rows or (id in table.ids and "" not in table.column(id)) for table in tables)


def _list_for(name: str, known: CodeList | None, tables: Sequence[layout.Laid]) -> CodeList | None:
    used = dict.fromkeys(code for table in tables for code in table.column(layout.id(name)) if code)
    if known and used.keys() <= known.codes.keys():
        return known
    if not used or not all(map(_CODE.fullmatch, used)):
        return None
    codes = {code: Text() for code in used}
    if known:
        codes = {**known.codes, **{code: text for code, text in codes.items() if code not in known.codes}}
    return CodeList(
        id=f"CL_{layout.id(name)}",
        codes=codes,
        name=known.name if known else Text(),
        agency=AGENCY,
        annotations=known.annotations if known else {},
    )


# Reading


def read(path: Path | str) -> Dataset:
    """A dataset whose `structure` holds the code lists, concepts and (the first) data structure of a
    structure message.

    Code lists are keyed by the concept they are for; a list that no component uses by its own id (CL_AGE as
    "age").
    """
    problems: list[Problem] = []
    root = xml.tree(path, problems)
    if xml.local_name(root) != "Structure" or "sdmx" not in root.tag.lower():
        raise refuse("sdmx-message", str(path), found=xml.local_name(root))
    if "/v2_0/" in root.tag or "/v1_0/" in root.tag:
        raise refuse("sdmx-version", str(path))
    lists = _code_lists(root, str(path), problems)
    concepts = _concepts(root)
    definitions = root.findall(".//{*}DataStructures/{*}DataStructure")
    if len(definitions) > 1:
        others = ", ".join(_address(element) for element in definitions[1:])
        details = {"used": _address(definitions[0]), "others": others}
        problems.append(
            Problem("sdmx-several-structures", Origin(str(path), row=definitions[1].sourceline), details)
        )
    structure = _structure(definitions[0] if definitions else None, lists, concepts)
    languages = dict.fromkeys(
        element.get(_LANG, "en") for element in root.iter("{*}Name", "{*}AnnotationText")
    )
    languages.pop(NOT_A_LANGUAGE, None)
    return Dataset(structure=structure, languages=tuple(languages), problems=tuple(problems))


def _code_lists(root: etree._Element, file: str, problems: list[Problem]) -> dict[Reference, CodeList]:
    found = {}
    for element in root.iterfind(".//{*}Codelists/{*}Codelist"):
        reference = _own_reference(element)
        codes: dict[str, Text] = {}
        annotations: dict[str, dict[str, str]] = {}
        for code in element.iterfind("{*}Code"):
            id = code.get("id", "")
            if reference.agency == layout.OF_TEXTS:
                id = layout.decoded(id)
            if id in codes:
                details = {"code": id, "list": reference.id}
                problems.append(Problem("sdmx-repeated-code", Origin(file, row=code.sourceline), details))
                continue
            codes[id] = _name(code)
            if remarks := _annotations(code, codes[id]):
                annotations[id] = remarks
        found[reference] = CodeList(
            reference.id, codes, _name(element), reference.agency, reference.version, annotations
        )
    return found


def _concepts(root: etree._Element) -> dict[Reference, tuple[Text, Reference | None]]:
    """Every concept's name and the code list it has by itself."""
    found = {}
    for scheme in root.iterfind(".//{*}ConceptScheme"):
        whole = _own_reference(scheme)
        for element in scheme.iterfind("{*}Concept"):
            enumeration = element.find("{*}CoreRepresentation/{*}Enumeration")
            reference = whole._replace(item=element.get("id", ""))
            found[reference] = (_name(element), None if enumeration is None else referred(enumeration))
    return found


def _structure(
    definition: etree._Element | None,
    lists: Mapping[Reference, CodeList],
    concepts: Mapping[Reference, tuple[Text, Reference | None]],
) -> Structure:
    used: dict[str, CodeList] = {}
    names: dict[str, Text] = {}

    def taken(components: Elements) -> tuple[str, ...]:
        for component in components:
            name = layout.name(_component_id(component))
            identity = component.find("{*}ConceptIdentity")
            text, core = (
                concepts.get(referred(identity), (Text(), None)) if identity is not None else (Text(), None)
            )
            enumeration = component.find("{*}LocalRepresentation/{*}Enumeration")
            local = referred(enumeration) if enumeration is not None else core
            if local is not None and local in lists:
                used[name] = lists[local]
            if text:
                names[name] = text
        return tuple(layout.name(_component_id(component)) for component in components)

    dimensions = attributes = ()
    if definition is not None:
        parts = "{*}DataStructureComponents/{*}"
        listed = definition.findall(f"{parts}DimensionList/*")
        listed.sort(key=lambda element: int(element.get("position", 1_000)))
        dimensions = taken([element for element in listed if xml.local_name(element).endswith("Dimension")])
        attributes = taken(definition.findall(f"{parts}AttributeList/{{*}}Attribute"))
        taken(definition.findall(f"{parts}MeasureList/*"))
    for reference, codes in lists.items():
        if codes not in used.values():
            used[_key_of_list(reference, used)] = codes
    for reference, (text, _) in concepts.items():
        if text:
            names.setdefault(layout.name(reference.item), text)
    if definition is None:
        return Structure("", "", "1.0", (), (), used, names)
    own = _own_reference(definition)
    return Structure(own.id, own.agency, own.version, dimensions, attributes, used, names, _name(definition))


def _key_of_list(reference: Reference, used: Mapping[str, CodeList]) -> str:
    for key in (layout.name(reference.id.removeprefix("CL_")), reference.id):
        if key not in used:
            return key
    return f"{reference.agency}:{reference.id}({reference.version})"


def _component_id(component: etree._Element) -> str:
    """The component's id; a component without one has the id of its concept."""
    identity = component.find("{*}ConceptIdentity")
    fixed = {"TimeDimension": "TIME_PERIOD", "PrimaryMeasure": "OBS_VALUE"}.get(xml.local_name(component), "")
    return component.get("id") or fixed or (referred(identity).item if identity is not None else "")


def _own_reference(element: etree._Element) -> Reference:
    return Reference(element.get("agencyID", ""), element.get("id", ""), element.get("version", "1.0"))


def _address(element: etree._Element) -> str:
    return "{}:{}({})".format(*_own_reference(element))


def referred(element: etree._Element) -> Reference:
    """What an element refers to, by its Ref, its URN or (3.0) its text."""
    ref = element.find("{*}Ref")
    if ref is not None:
        agency = ref.get("agencyID", "")
        if scheme := ref.get("maintainableParentID"):
            return Reference(agency, scheme, ref.get("maintainableParentVersion", "1.0"), ref.get("id", ""))
        return Reference(agency, ref.get("id", ""), ref.get("version", "1.0"))
    urn = _URN.search("".join(element.itertext()).strip())
    return Reference(urn[1], urn[2], urn[3], urn[4] or "") if urn else Reference("", "", "")


def _name(element: etree._Element) -> Text:
    return Text(_texts(element, "Name"))


def _texts(element: etree._Element, name: str) -> dict[str, str]:
    """{language: text} of the children with this name; empty ones, and ids in place of names, are left
    out."""
    found: dict[str, str] = {}
    for child in element.iterfind(f"{{*}}{name}"):
        text = "".join(child.itertext()).strip()
        language = child.get(_LANG, "en")
        if text and not (language == NOT_A_LANGUAGE and text == element.get("id")):
            found.setdefault(language, text)
    return found


def _annotations(code: etree._Element, name: Text) -> dict[str, str]:
    found: dict[str, str] = {}
    for annotation in code.iterfind("{*}Annotations/{*}Annotation"):
        of = {
            key: annotation.findtext(f"{{*}}Annotation{key}", "").strip() for key in ("Type", "Title", "URL")
        }
        id = annotation.get("id", "")
        base = (of["Type"] or of["Title"] or id).replace("@", "") or "annotation"
        number = 0 if base in _OWN_LABELS else 1
        label = base
        while label in found or label in _OWN_LABELS:
            number += 1
            label = f"{base}#{number}"
        texts = {
            text.get(_LANG, "en"): "".join(text.itertext()).strip()
            for text in annotation.iterfind("{*}AnnotationText")
        }
        found[label] = texts.pop("en", "")
        found.update({f"{label}@{language}": text for language, text in texts.items()})
        if of["Title"] and of["Title"] != base:
            found[f"{label}@title"] = of["Title"]
        if of["URL"]:
            found[f"{label}@url"] = of["URL"]
        if id and id != base:
            found[f"{label}@id"] = id
    for language, text in _texts(code, "Description").items():
        if text != name.get(language):
            found["description" if language == "en" else f"description@{language}"] = text
    parent = code.find("{*}Parent")
    if parent is not None:
        ref = parent.find("{*}Ref")
        found["parent"] = ref.get("id", "") if ref is not None else "".join(parent.itertext()).strip()
    return found


# Writing


def write(dataset: Dataset, path: Path | str, *, prepared: datetime | None = None) -> None:
    """A structure message: the structure that the dataset's tables fit, or the dataset's own if it has no
    tables.

    Raises "sdmx-bad-id" for codes and ids that SDMX cannot hold, all at once; "sdmx-no-structure" if there
    is nothing.
    """
    write_all((dataset,), path, prepared=prepared)


def write_all(datasets: Sequence[Dataset], path: Path | str, *, prepared: datetime | None = None) -> None:
    """A structure message with the structure of each dataset, as `write` has it for one.

    They share one scheme of concepts; a code list that several of them use is written once.
    """
    found = [
        (dataset, structure_for(dataset) if dataset.tables else dataset.structure) for dataset in datasets
    ]
    written = [
        (dataset, replace(structure, agency=structure.agency or AGENCY))
        for dataset, structure in found
        if structure is not None
    ]
    if len(written) < max(len(found), 1):
        raise refuse("sdmx-no-structure", str(path))
    wanted = [structure for _, structure in written]
    _check(wanted, str(path))
    root = etree.Element(f"{{{_SPACES['mes']}}}Structure", nsmap=_SPACES)
    _header(root, wanted[0].agency, prepared or datetime.now(UTC))
    structures = _add(root, "mes:Structures")
    _write_lists(structures, wanted)
    scheme = _scheme(wanted)
    _write_concepts(structures, wanted, scheme)
    defined = [(dataset, structure) for dataset, structure in written if structure.id]
    if defined:
        parent = _add(structures, "str:DataStructures")
        for dataset, structure in defined:
            _write_definition(parent, structure, scheme, _measure_type(dataset))
    with aside.file(path) as temporary:
        etree.ElementTree(root).write(temporary, encoding="UTF-8", xml_declaration=True, pretty_print=True)


def _check(structures: Sequence[Structure], file: str) -> None:
    """Refuse ids and texts that cannot be written, all at once."""
    faults = []

    def ids(pattern: re.Pattern[str], found: Mapping[str, str]) -> None:
        wrong = {what: id for what, id in found.items() if not pattern.fullmatch(id)}
        faults.extend(
            Problem("sdmx-bad-id", Origin(file), {"id": id, "what": what}) for what, id in wrong.items()
        )

    def texts(found: Mapping[str, str], what: str) -> None:
        for text in found.values():
            if character := xml.forbidden(text):
                details = {"column": what, "character": character}
                faults.append(Problem("sdmx-control-character", Origin(file), details))

    for structure in structures:
        if structure.id:
            ids(_NCNAME, {"the data structure": structure.id})
            ids(_VERSION, {"the version": structure.version})
        ids(_AGENCY_ID, {"the agency": structure.agency})
        texts(structure.name, structure.id)
        for name, text in structure.names.items():
            texts(text, name)
    for key, lists in _lists(structures).items():
        faults += [Problem("sdmx-two-lists", Origin(file), {"list": "{}:{}({})".format(*key)})] * (
            len(lists) - 1
        )
        for codes in lists:
            ids(_NCNAME, {"a code list": codes.id})
            ids(_VERSION, {f"the version of {codes.id}": codes.version})
            ids(_AGENCY_ID, {f"the agency of {codes.id}": key[0]})
            wrong = [code for code in codes.codes if not _CODE.fullmatch(_code_id(code, key[0]))]
            faults += [Problem("sdmx-bad-id", Origin(file), {"id": code, "what": codes.id}) for code in wrong]
            texts(codes.name, codes.id)
            for code, text in codes.codes.items():
                texts(text, f"{codes.id} {code}")
                texts(codes.annotations.get(code, {}), f"{codes.id} {code}")
    if faults:
        raise MilepostError(faults)


def _lists(structures: Sequence[Structure]) -> dict[tuple[str, str, str], list[CodeList]]:
    """{(agency, id, version): code lists}; more than one where the lists differ."""
    found: dict[tuple[str, str, str], list[CodeList]] = {}
    for structure in structures:
        for codes in structure.code_lists.values():
            same = found.setdefault((codes.agency or structure.agency, codes.id, codes.version), [])
            if not any(codes is other or codes == other for other in same):
                same.append(codes)
    return found


def _code_id(code: str, agency: str) -> str:
    return layout.code(code) if agency == layout.OF_TEXTS else code


def _measure_type(dataset: Dataset) -> str:
    """Double, unless a value in the tables is no number."""
    for table in dataset.tables:
        position = table.index(MEASURE)
        if position is not None:
            texts = {row[position] for row in table.rows}
            if not all(_NUMBER.fullmatch(text) for text in texts if text):
                return "String"
    return "Double"


def _add(parent: etree._Element, tag: str, text: str | None = None, **attributes: str) -> etree._Element:
    prefix, colon, local = tag.partition(":")
    child = etree.SubElement(parent, f"{{{_SPACES[prefix]}}}{local}" if colon else tag, attributes)
    child.text = text
    return child


def _header(root: etree._Element, agency: str, prepared: datetime) -> None:
    header = _add(root, "mes:Header")
    _add(header, "mes:ID", f"STR{prepared:%Y%m%d%H%M%S}")
    _add(header, "mes:Test", "false")
    _add(header, "mes:Prepared", prepared.isoformat(timespec="seconds"))
    _add(header, "mes:Sender", id=agency.replace(".", "_"))


def _write_names(parent: etree._Element, texts: Mapping[str, str], id: str) -> None:
    for language, text in (texts or {NOT_A_LANGUAGE: id}).items():
        _add(parent, "com:Name", text).set(_LANG, language)


def _write_lists(structures: etree._Element, wanted: Sequence[Structure]) -> None:
    lists = _lists(wanted)
    if not lists:
        return
    parent = _add(structures, "str:Codelists")
    for (agency, id, version), (codes,) in lists.items():
        element = _add(parent, "str:Codelist", id=id, agencyID=agency, version=version)
        _write_names(element, codes.name, id)
        for code, text in codes.codes.items():
            _write_code(element, _code_id(code, agency), text, codes.annotations.get(code, {}))


def _write_code(parent: etree._Element, code: str, text: Text, annotations: Mapping[str, str]) -> None:
    element = _add(parent, "str:Code", id=code)
    labels = [label for label in annotations if "@" not in label and label not in _OWN_LABELS]
    if labels:
        group = _add(element, "com:Annotations")
        for label in labels:
            _write_annotation(group, label, annotations)
    _write_names(element, text, code)
    for key, description in annotations.items():
        label, _, language = key.partition("@")
        if label == "description" and description:
            _add(element, "com:Description", description).set(_LANG, language or "en")
    if "parent" in annotations:
        _add(_add(element, "str:Parent"), "Ref", id=annotations["parent"])


def _write_annotation(parent: etree._Element, label: str, annotations: Mapping[str, str]) -> None:
    base = re.sub(r"#\d+$", "", label)
    kind = base if base in annotations or base in _OWN_LABELS else label
    id = annotations.get(f"{label}@id")
    element = _add(parent, "com:Annotation", **({"id": id} if id else {}))
    _add(element, "com:AnnotationTitle", annotations.get(f"{label}@title", kind))
    _add(element, "com:AnnotationType", kind)
    if url := annotations.get(f"{label}@url"):
        _add(element, "com:AnnotationURL", url)
    if annotations[label]:
        _add(element, "com:AnnotationText", annotations[label]).set(_LANG, "en")
    for key, text in annotations.items():
        base, at, language = key.rpartition("@")
        if at and base == label and language not in ("id", "title", "url"):
            _add(element, "com:AnnotationText", text).set(_LANG, language)


def _scheme(structures: Sequence[Structure]) -> Reference:
    """The scheme that holds the concepts of these structures."""
    first = structures[0]
    id = f"CS_{first.id}" if len(structures) == 1 and first.id else "CS_CONCEPTS"
    return Reference(first.agency, id, first.version)


def _write_concepts(structures: etree._Element, wanted: Sequence[Structure], scheme: Reference) -> None:
    names: dict[str, Text] = {}
    for structure in wanted:
        own = (*structure.dimensions, MEASURE, *structure.attributes) if structure.id else ()
        for name in (*own, *structure.names):
            names[name] = names.get(name) or structure.names.get(name) or Text()
    if not names:
        return
    parent = _add(structures, "str:Concepts")
    element = _add(parent, "str:ConceptScheme", id=scheme.id, agencyID=scheme.agency, version=scheme.version)
    _write_names(element, {}, scheme.id)
    for name, text in names.items():
        concept = _add(element, "str:Concept", id=layout.id(name))
        _write_names(concept, text, layout.id(name))


def _write_definition(
    parent: etree._Element, structure: Structure, scheme: Reference, measure_type: str
) -> None:
    definition = _add(
        parent, "str:DataStructure", id=structure.id, agencyID=structure.agency, version=structure.version
    )
    _write_names(definition, structure.name, structure.id)
    components = _add(definition, "str:DataStructureComponents")
    dimensions = _add(components, "str:DimensionList", id="DimensionDescriptor")
    for position, name in enumerate(structure.dimensions, start=1):
        tag = "str:TimeDimension" if name == "time_period" else "str:Dimension"
        element = _add(dimensions, tag, id=layout.id(name), position=str(position))
        _identity(element, name, scheme)
        _representation(
            element, name, structure, "ObservationalTimePeriod" if name == "time_period" else "String"
        )
    if structure.attributes:
        attributes = _add(components, "str:AttributeList", id="AttributeDescriptor")
        for name in structure.attributes:
            element = _add(attributes, "str:Attribute", id=layout.id(name), assignmentStatus="Conditional")
            _identity(element, name, scheme)
            _representation(element, name, structure, "String")
            _relationship(element, name, structure)
    measures = _add(components, "str:MeasureList", id="MeasureDescriptor")
    measure = _add(measures, "str:PrimaryMeasure", id="OBS_VALUE")
    _identity(measure, MEASURE, scheme)
    _representation(measure, MEASURE, structure, measure_type)


def _identity(component: etree._Element, name: str, scheme: Reference) -> None:
    _add(
        _add(component, "str:ConceptIdentity"),
        "Ref",
        id=layout.id(name),
        maintainableParentID=scheme.id,
        maintainableParentVersion=scheme.version,
        agencyID=scheme.agency,
        package="conceptscheme",
        **{"class": "Concept"},
    )


def _representation(component: etree._Element, name: str, structure: Structure, text_type: str) -> None:
    representation = _add(component, "str:LocalRepresentation")
    codes = structure.code_lists.get(name)
    if codes is None or name == "time_period":
        _add(representation, "str:TextFormat", textType=text_type)
        return
    _add(
        _add(representation, "str:Enumeration"),
        "Ref",
        id=codes.id,
        agencyID=codes.agency or structure.agency,
        version=codes.version,
        package="codelist",
        **{"class": "Codelist"},
    )


def _relationship(attribute: etree._Element, name: str, structure: Structure) -> None:
    relationship = _add(attribute, "str:AttributeRelationship")
    if is_series_level(name, structure):
        for dimension in structure.dimensions:
            if dimension != "time_period":
                _add(_add(relationship, "str:Dimension"), "Ref", id=layout.id(dimension))
    else:
        _add(_add(relationship, "str:PrimaryMeasure"), "Ref", id="OBS_VALUE")
