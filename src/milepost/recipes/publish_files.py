"""Published figures become files that say themselves where they come from and how to cite them."""

import json
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from milepost import catalogue, interchange
from milepost.errors import MilepostError
from milepost.interchange import aside
from milepost.interchange.sdmx import layout, structure
from milepost.values import CodeList, Dataset, Origin, Problem, Structure, Table, Text
from milepost.values.concepts import DIMENSIONS, MEASURE, TOTAL

INDICATOR = "indicator"
NOTES = ("nature", "comment_obs", "time_coverage", "base_per", "time_detail", "source_detail")
"""Attributes of a figure that go into files; whatever else came with it stays inside."""

BOUNDS = ("lower_bound", "upper_bound")

_CODE_LISTS = {
    "sex": "sex",
    "age": "age",
    "urbanisation": "urbanisation",
    "migratory_status": "migratory_status",
    "reporting_type": "reporting_type",
    "ref_area": "areas",
    "unit_measure": "unit",
    "obs_status": "observation_status",
    "nature": "nature",
}
"""The code list that ships for a column."""


class Kind(NamedTuple):
    """A format that is offered: its name, what browsers call it, the ending of its files."""

    name: str
    content_type: str
    ending: str


KINDS: dict[str, Kind] = {
    "csv": Kind("CSV", "text/csv; charset=utf-8", ".csv"),
    "xlsx": Kind("XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    "sdmx-csv": Kind("SDMX-CSV", "application/vnd.sdmx.data+csv; version=2.0.0", ".sdmx.csv"),
    "sdmx-ml": Kind("SDMX-ML", "application/vnd.sdmx.structurespecificdata+xml; version=2.1", ".xml"),
    "json": Kind("JSON", "application/json", ".json"),
}
"""What is offered, by the codes of interchange, and JSON."""


class PublishedFigure(NamedTuple):
    """One public figure."""

    period: str
    value: float | None
    status: str
    lower: float | None
    upper: float | None
    attributes: Mapping[str, str]
    source: str


class PublishedSeries(NamedTuple):
    """One quantity for one group in one place, with its public figures."""

    code: str
    unit: str
    unit_mult: str
    area: str
    reporting_type: str
    frequency: str
    breakdown: Mapping[str, str]
    figures: Sequence[PublishedFigure]


@dataclass(frozen=True, slots=True)
class Publication:
    """One version of an indicator's public figures, and all that a file must say of them."""

    code: str
    name: str  # of files, such as kg-10.7.1-v3
    title: Text
    country: Text
    country_code: str
    m49: str
    version: int
    at: datetime
    note: str  # why there is this version, "" for an ordinary release
    sources: Sequence[str]
    citation: str
    address: str
    notice: str  # that it is an example, "" if it is none
    series: Sequence[PublishedSeries]
    definition: catalogue.Indicator | None = None
    metadata: Mapping[str, Any] = field(default_factory=dict)


def write(publication: Publication, path: Path, kind: str) -> tuple[Problem, ...]:
    """Write a publication in a format of KINDS; returns what the format could not hold well."""
    if kind == "json":
        with aside.file(path) as temporary:
            temporary.write_text(as_json(publication) + "\n", encoding="utf-8")
        return ()
    return interchange.write(as_dataset(publication, kind), path, kind)


def content(publication: Publication, kind: str) -> bytes:
    """The same as bytes, for an answer."""
    with TemporaryDirectory(prefix="milepost-") as folder:
        path = Path(folder) / f"figures{KINDS[kind].ending}"
        write(publication, path, kind)
        return path.read_bytes()


def write_all(
    publications: Iterable[Publication],
    path: Path,
    kind: str,
    *,
    readme: str,
    progress: Callable[[str, int, int], Any] = lambda step, done, total: None,
    count: int = 0,
) -> int:
    """Write a zip with one file for each publication and README.txt; returns how many there are.

    With SDMX-ML the structures are in structure.xml. A publication whose characters the format cannot hold
    is named in the README instead.
    """
    left_out: list[str] = []
    structures: list[Structure] = []
    written = 0
    with (
        aside.file(path) as temporary,
        zipfile.ZipFile(temporary, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive,
    ):
        for publication in publications:
            progress("Writing files", written, count)
            try:
                archive.writestr(f"{publication.name}{KINDS[kind].ending}", content(publication, kind))
            except MilepostError as error:
                left_out.append(f"{publication.code}: {', '.join(sorted({p.code for p in error.problems}))}")
                continue
            written += 1
            if kind == "sdmx-ml":
                structures.append(_structure(publication, _table(publication, total=TOTAL)))
        if structures:
            archive.writestr("structure.xml", _structures(structures))
        archive.writestr("README.txt", "\n".join([readme, *left_out]) + "\n")
    return written


def _structures(found: Sequence[Structure]) -> bytes:
    """One message with all structures; a code list is shared by them, so it holds the codes of all."""
    codes: dict[str, dict[str, Text]] = {}
    for one in found:
        for listed in one.code_lists.values():
            codes.setdefault(listed.id, {}).update(listed.codes)
    datasets = [
        Dataset(
            structure=replace(
                one,
                code_lists={
                    name: replace(listed, codes=dict(sorted(codes[listed.id].items())))
                    for name, listed in one.code_lists.items()
                },
            )
        )
        for one in found
    ]
    with TemporaryDirectory(prefix="milepost-") as folder:
        path = Path(folder) / "structure.xml"
        structure.write_all(datasets, path)
        return path.read_bytes()


# JSON -------------------------------------------------------------------------------------------------------


def as_json(publication: Publication) -> str:
    """A publication as JSON: what it is, how to cite it, and its series with their figures."""
    return json.dumps(_plain(publication), ensure_ascii=False, allow_nan=False, indent=1)


def _plain(publication: Publication) -> dict[str, Any]:
    definition = publication.definition
    return {
        "indicator": {
            "code": publication.code,
            "title": dict(publication.title),
            "definition_revision": definition.revision if definition is not None else None,
        },
        "country": {
            "code": publication.country_code,
            "m49": publication.m49,
            "name": dict(publication.country),
        },
        "version": {
            "number": publication.version,
            "at": publication.at.isoformat(),
            "note": publication.note,
        },
        "sources": list(publication.sources),
        "citation": publication.citation,
        "address": publication.address,
        "notice": publication.notice,
        "series": [
            {
                "series": one.code,
                "unit_measure": one.unit,
                "unit_mult": one.unit_mult,
                "ref_area": one.area or publication.m49,
                "reporting_type": one.reporting_type,
                "freq": one.frequency,
                "breakdown": dict(one.breakdown),
                "observations": [_figure(figure) for figure in one.figures],
            }
            for one in publication.series
        ],
    }


def _figure(figure: PublishedFigure) -> dict[str, Any]:
    found = {
        "time_period": figure.period,
        "obs_value": figure.value,
        "obs_status": figure.status,
        "source_detail": figure.source,
        **_notes(figure),
    }
    if figure.value is not None:
        found |= {"lower_bound": figure.lower, "upper_bound": figure.upper}
    return {name: value for name, value in found.items() if value is not None or name == "obs_value"}


def _notes(figure: PublishedFigure) -> dict[str, str]:
    """What was said of a figure; of one that was suppressed nothing, for it could tell the value."""
    if figure.value is None:
        return {}
    return {name: figure.attributes[name] for name in NOTES if figure.attributes.get(name)}


# Tables -----------------------------------------------------------------------------------------------------


def as_dataset(publication: Publication, kind: str) -> Dataset:
    """A publication as rows under the SDMX concepts, one for each figure.

    In SDMX a breakdown that is the total has the code _T, in the other formats it is blank.
    """
    table = _table(publication, total=TOTAL if kind.startswith("sdmx") else "")
    metadata = {}
    if kind == "xlsx":
        metadata = {publication.code: {**_about(publication), **publication.metadata}}
    return Dataset(
        tables=(table,),
        metadata=metadata,
        languages=tuple(publication.title),
        structure=_structure(publication, table) if kind in _WITH_STRUCTURE else None,
    )


def _about(publication: Publication) -> dict[str, Any]:
    return {
        "title": publication.title,
        "country": publication.country,
        "version": str(publication.version),
        "published": publication.at.date().isoformat(),
        "note": publication.note,
        "source": "; ".join(publication.sources),
        "citation": publication.citation,
        "address": publication.address,
        "notice": publication.notice,
    }


def _table(publication: Publication, *, total: str) -> Table:
    dimensions = sorted({name for one in publication.series for name in one.breakdown})
    notes = [
        name
        for name in NOTES
        if name != "source_detail"
        and any(figure.attributes.get(name) for one in publication.series for figure in one.figures)
    ]
    bounded = any(
        figure.lower is not None or figure.upper is not None
        for one in publication.series
        for figure in one.figures
    )
    columns = (
        INDICATOR if not total else INDICATOR.upper(),
        *("freq", "reporting_type", "series", "ref_area"),
        *dimensions,
        *("time_period", "obs_value", "obs_status", "unit_measure", "unit_mult"),
        *(BOUNDS if bounded else ()),
        *notes,
        *("source_detail", "comment_ts", "data_last_update"),
    )
    # The citation in every row, for a table is soon without the page that it came from.
    said = " ".join(filter(None, (publication.citation, publication.notice)))
    day = publication.at.date().isoformat()
    rows: list[tuple[str, ...]] = []
    for one in publication.series:
        key = (
            publication.code,
            one.frequency,
            one.reporting_type,
            one.code,
            one.area or publication.m49,
            *(one.breakdown.get(name, total) for name in dimensions),
        )
        for figure in one.figures:
            shown = figure.value is not None
            own = _notes(figure)
            bounds = (_number(figure.lower if shown else None), _number(figure.upper if shown else None))
            rows.append(
                (
                    *key,
                    figure.period,
                    _number(figure.value),
                    figure.status,
                    one.unit,
                    one.unit_mult,
                    *(bounds if bounded else ()),
                    *(own.get(name, "") for name in notes),
                    own.get("source_detail") or figure.source,
                    said,
                    day,
                )
            )
    filled = [n for n, name in enumerate(columns) if name in _ALWAYS or any(row[n] for row in rows)]
    return Table(
        publication.code,
        tuple(columns[n] for n in filled),
        [tuple([row[n] for n in filled]) for row in rows],
        Origin(publication.name),
    )


_WITH_STRUCTURE = ("xlsx", "sdmx-csv", "sdmx-ml")
_ALWAYS = {INDICATOR, INDICATOR.upper(), "time_period", "obs_value", "obs_status"}


def _number(value: float | None) -> str:
    """The shortest text that is this number; "" for none."""
    if value is None:
        return ""
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def _structure(publication: Publication, table: Table) -> Structure:
    """The structure that the rows fit: every breakdown is a dimension, national ones too."""
    breakdowns = {name for one in publication.series for name in one.breakdown}
    names = layout.laid_out(table).names()
    columns = dict(zip(table.columns, zip(*table.rows, strict=True), strict=True)) if table.rows else {}
    telling = {
        INDICATOR,
        INDICATOR.upper(),
        *breakdowns,
        *(name for name in columns if _tells_apart(name, columns[name])),
    }
    dimensions = [name for name in names if name in telling and name != "time_period"]
    return Structure(
        id=layout.encoded(f"INDICATOR_{publication.code}"),
        agency=layout.OF_TEXTS,
        version="1.0",
        dimensions=(*dimensions, "time_period"),
        attributes=tuple(name for name in names if name not in (*dimensions, "time_period", MEASURE)),
        code_lists={
            name: _code_list(name, cells)
            for name, cells in columns.items()
            if name in _CODE_LISTS or name in breakdowns
        },
        names={name: catalogue.code_list(of).name for name, of in _CODE_LISTS.items() if name in columns},
        name=publication.title,
    )


def _tells_apart(name: str, cells: Sequence[str]) -> bool:
    """Whether a column that is no breakdown is a dimension: filled in every row, a unit if there are two."""
    if name in ("unit_measure", "unit_mult"):
        return all(cells) and len(set(cells)) > 1
    return name in DIMENSIONS and all(cells)


def _code_list(name: str, cells: Iterable[str]) -> CodeList:
    """The codes of a column that are in use, with their names where a code list that ships has them."""
    known = catalogue.code_list(_CODE_LISTS[name]).codes if name in _CODE_LISTS else {}
    used = sorted({cell for cell in cells if cell})
    codes = {
        code: known.get(code)
        or known.get(catalogue.area_code(code) or "" if name == "ref_area" else "")
        or Text({structure.NOT_A_LANGUAGE: code})
        for code in used
    }
    if TOTAL in codes and TOTAL not in known:
        codes[TOTAL] = Text(en="Total", ru="Всего")
    return CodeList(f"CL_{layout.id(name)}", codes, agency=layout.OF_TEXTS)
