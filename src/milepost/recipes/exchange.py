"""A platform's figures as SDMX for exchange: every row, and structures with labels in all languages.

**Each indicator has a structure of its own**, with the dimensions that its table has. One structure for all
would put every breakdown column of the folder into every key, and could take neither Series nor the unit for
a dimension once a single indicator lacks it, so that rows that differ only in these would share a key. Code
lists and concepts are shared by all structures, so that the same column means the same everywhere.

- INDICATOR, the indicator's code, is the first dimension: keys of different indicators differ.
- A breakdown column is a dimension. Where it is blank the figure is for all: SDMX's code for that is _T.
- A column that names a dimension of SDMX (Series, REPORTING_TYPE) is one where every row fills it; a unit is
  one where every row has one and they differ, since it tells rows apart. All other columns are attributes.
- Nothing is invented: no FREQ, no REF_AREA, nothing for a blank cell in any other column.
- Categories are codes. A text that cannot be a code is encoded (`layout.code`) and is its own label.
- SDMX demands a period of every row. A mark beside it stands in TIME_DETAIL (`layout`); a row without any, or
  one that its mark alone tells from another (2019* beside 2019), is in without-period.csv: every row of the
  folder is in one file or the other, and data.xml is valid.
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from milepost import catalogue
from milepost.interchange import csv as tidy_csv
from milepost.interchange.open_sdg import Platform, derive, translate
from milepost.interchange.sdmx import csv, layout, ml, structure
from milepost.recipes import naming
from milepost.recipes.naming import Vocabulary
from milepost.values import CodeList, Dataset, Problem, Structure, Table, Text, concept
from milepost.values.concepts import ATTRIBUTES, DIMENSIONS, MEASURE, TOTAL

INDICATOR = "INDICATOR"
STRUCTURE, DATA, DATA_AS_CSV, WITHOUT_PERIOD = "structure.xml", "data.xml", "data.csv", "without-period.csv"
FILES = (STRUCTURE, DATA, DATA_AS_CSV, WITHOUT_PERIOD)
"""Every file that `write` may write."""

_INDICATOR = Text(en="Indicator", ru="Показатель")
_TOTAL = Text(en="Total", ru="Всего")
_CATALOGUE = {
    "sex": "sex",
    "age": "age",
    "urbanisation": "urbanisation",
    "unit_measure": "unit",
    "obs_status": "observation_status",
    "nature": "nature",
    "reporting_type": "reporting_type",
    "ref_area": "areas",
}
"""The code list that ships for a concept."""


def write(
    platform: Platform,
    tables: Sequence[Table],
    folder: Path,
    *,
    known: translate.Words,
    languages: Sequence[str],
    progress: Callable[[str, int, int], None] = lambda step, done, total: None,
) -> tuple[Problem, ...]:
    """Write structure.xml, data.xml (SDMX-ML 2.1) and data.csv (SDMX-CSV 2.0) of a platform's tables, and as
    tidy CSV the rows that they cannot hold.

    Returns a fault for the latter, and notes on periods with a mark. An indicator without rows is left out;
    nothing is written where none has any. MilepostError, with every place, for characters that XML cannot
    hold.
    """
    parts = [_parted(table, platform.options["indicator_options"]) for table in tables if table.rows]
    if not parts:
        return ()
    found = _datasets(platform, [part.shown for part in parts], known=known, languages=languages)
    apart = tuple(part.apart for part in parts if part.apart.rows)
    step = "Writing SDMX"
    folder.mkdir(exist_ok=True)
    progress(step, 0, 3)
    if apart:
        tidy_csv.write(Dataset(apart), folder / WITHOUT_PERIOD)
    if not found:
        return tuple(fault for part in parts for fault in part.faults)
    structure.write_all(found, folder / STRUCTURE)
    progress(step, 1, 3)
    notes = ml.write_all(found, folder / DATA)
    progress(step, 2, 3)
    csv.write_all(found, folder / DATA_AS_CSV)
    progress(step, 3, 3)
    return (*(fault for part in parts for fault in part.faults), *notes)


def datasets(
    platform: Platform, tables: Sequence[Table], *, known: translate.Words, languages: Sequence[str]
) -> tuple[Dataset, ...]:
    """A dataset for each table that has rows: the rows that SDMX can hold, and the structure they fit, with
    code lists."""
    parts = [_parted(table, platform.options["indicator_options"]) for table in tables if table.rows]
    return _datasets(platform, [part.shown for part in parts], known=known, languages=languages)


def _datasets(
    platform: Platform, tables: Sequence["_Shown"], *, known: translate.Words, languages: Sequence[str]
) -> tuple[Dataset, ...]:
    words = Vocabulary(known, languages)
    shown = [each for each in tables if each.table.rows]
    codes = [each.table.code for each in shown]
    titles = {code: naming.title(code, platform.metadata(code), words) for code in codes}
    names = _names(shown, words)
    lists = _code_lists(shown, titles, names, words)
    return tuple(
        Dataset((each.table,), structure=_structure(each, titles[each.table.code], lists, names))
        for each in shown
    )


# Tables -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shown:
    """A table for exchange: what a Structure calls its columns, and which are dimensions."""

    table: Table
    names: tuple[str, ...]  # of the table's columns, then of those that SDMX needs for odd periods
    dimensions: tuple[str, ...]

    def coded(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """(header, name, cells) of each column of codes."""
        for header, name, cells in zip(self.table.columns, self.names, _columns(self.table), strict=False):
            if structure.is_coded(name, self.dimensions):
                yield header, name, cells


class _Parts(NamedTuple):
    """A table for exchange, the rows that SDMX cannot hold, and the faults that say so."""

    shown: _Shown
    apart: Table
    faults: tuple[Problem, ...]


def _parted(source: Table, options: Mapping[str, Any]) -> _Parts:
    shown = _shown(source, options)
    table = shown.table
    found = layout.crowded(table, shown.dimensions)
    out = {*found.unknown, *found.taken}
    if not out:
        return _Parts(shown, replace(table, rows=(), lines=()), ())
    held = _only(table, [position for position in range(len(table.rows)) if position not in out])
    faults = [
        Problem(code, table.place(positions[0]), _details(table, positions))
        for code, positions in (("sdmx-period-unknown", found.unknown), ("sdmx-period-taken", found.taken))
        if positions
    ]
    names = layout.laid_out(held).names()
    return _Parts(replace(shown, table=held, names=names), _only(table, sorted(out)), tuple(faults))


def _only(table: Table, positions: Sequence[int]) -> Table:
    """The table with the rows at these positions alone."""
    rows = [table.rows[position] for position in positions]
    return replace(table, rows=rows, lines=[table.line(position) for position in positions])


def _details(table: Table, positions: Sequence[int]) -> dict[str, Any]:
    time = table.index("time_period")
    text = "" if time is None else table.rows[positions[0]][time]
    return {"count": len(positions), "text": text, "file": WITHOUT_PERIOD}


def _columns(table: Table) -> Iterator[tuple[str, ...]]:
    return zip(*table.rows, strict=True)


def _shown(source: Table, options: Mapping[str, Any]) -> _Shown:
    breakdowns = _breakdowns(source.columns, options)
    table = filled(source, breakdowns)
    names = layout.laid_out(table).names()
    dimensions = [
        name
        for header, name, cells in zip(table.columns, names, _columns(table), strict=False)
        if header == INDICATOR or header in breakdowns or _tells_rows_apart(name, cells)
    ]
    dimensions.sort(key=lambda name: name != INDICATOR)
    if "time_period" in names:
        dimensions.append("time_period")
    return _Shown(table, names, tuple(dimensions))


def _breakdowns(columns: Sequence[str], options: Mapping[str, Any]) -> tuple[str, ...]:
    """The columns that break figures down; what SDMX or the platform has for an attribute does not."""
    attributes = {INDICATOR, *options.get("observation_attributes", ())}
    return tuple(
        column
        for column in derive.disaggregations(columns, options["non_disaggregation_columns"])
        if column not in attributes and concept(column) not in (*ATTRIBUTES, MEASURE, "time_period")
    )


def _tells_rows_apart(name: str, cells: Sequence[str]) -> bool:
    """Whether a column that is no breakdown is a dimension all the same."""
    if name == "unit_measure":
        return all(cells) and len(set(cells)) > 1
    return name in DIMENSIONS and name != "time_period" and all(cells)


def filled(table: Table, breakdowns: Collection[str]) -> Table:
    """The table with the column INDICATOR, and with _T where the platform takes a breakdown for blank."""
    indicator: Sequence[str] = [table.code] * len(table.rows)
    headers, columns = [], []
    for header, cells in zip(table.columns, _columns(table), strict=True):
        if header == INDICATOR:
            indicator = [cell or table.code for cell in cells]
            continue
        headers.append(header)
        if header in breakdowns and not derive.NOT_AVAILABLE.isdisjoint(cells):
            columns.append([TOTAL if cell in derive.NOT_AVAILABLE else cell for cell in cells])
        else:
            columns.append(cells)
    rows = list(zip(indicator, *columns, strict=True))
    return Table(table.code, (INDICATOR, *headers), rows, table.origin, table.lines)


# Structures -------------------------------------------------------------------------------------------------


def _structure(
    shown: _Shown, name: Text, lists: Mapping[str, CodeList], names: Mapping[str, Text]
) -> Structure:
    attributes = [name for name in shown.names if name not in (*shown.dimensions, MEASURE)]
    return Structure(
        id=layout.encoded(f"{INDICATOR}_{shown.table.code}"),
        agency=layout.OF_TEXTS,
        version="1.0",
        dimensions=shown.dimensions,
        attributes=tuple(attributes),
        code_lists={name: lists[name] for _, name, _ in shown.coded() if name in lists},
        names={name: names[name] for name in shown.names if name in names},
        name=name,
    )


def _code_lists(
    tables: Sequence[_Shown], titles: Mapping[str, Text], names: Mapping[str, Text], words: Vocabulary
) -> dict[str, CodeList]:
    """By name of the column: its categories in all tables, in the order met, with their labels."""
    headers: dict[str, dict[str, dict[str, None]]] = {}  # {name: {category: {header of its column}}}
    for shown in tables:
        for header, name, cells in shown.coded():
            for category in filter(None, dict.fromkeys(cells)):
                headers.setdefault(name, {}).setdefault(category, {})[header] = None
    return {
        name: CodeList(
            id=f"CL_{layout.id(name)}",
            codes={
                category: titles[category]
                if name == INDICATOR and category in titles
                else _label(category, name, tuple(of), words)
                for category, of in categories.items()
            },
            name=names.get(name, Text()),
            agency=layout.OF_TEXTS,
        )
        for name, categories in headers.items()
    }


# Words ------------------------------------------------------------------------------------------------------


def _label(category: str, name: str, headers: Sequence[str], words: Vocabulary) -> Text:
    """A category in the platform's words, else in official ones."""
    own: dict[str, str] = {}
    for header in headers:
        own = {**translate.texts(category, words.known, (header, "data")), **own}
    found = _with_official(own, _official(category, name), words.languages)
    return _with_itself(found, category, layout.code(category))


def _with_itself(found: Mapping[str, str], text: str, id: str) -> Text:
    """The same with the text itself, in no language, where neither its id nor a label shows it."""
    shown = text == id or text in found.values()
    return Text(found if shown else {**found, structure.NOT_A_LANGUAGE: text})


def _official(category: str, name: str) -> Mapping[str, str]:
    """What the catalogue calls a code."""
    if name == "series":
        indicator = catalogue.by_series(category)
        measured = indicator.measured(category) if indicator else None
        return measured.name if measured else {}
    listed = catalogue.code_list(_CATALOGUE[name]).codes if name in _CATALOGUE else {}
    code = _area(category) if name == "ref_area" else category
    return listed.get(code) or (_TOTAL if category == TOTAL else {})


def _area(category: str) -> str:
    """The catalogue's code for an area; none for a small number, which a country's own numbering may mean."""
    return "" if category.isdigit() and len(category) < 3 else catalogue.area_code(category) or ""


def _with_official(
    own: Mapping[str, str], official: Mapping[str, str], languages: Sequence[str]
) -> dict[str, str]:
    """The platform's words; official ones in those of its languages that lack them, or in any if all do."""
    own = {language: text for language, text in own.items() if text}
    more = {language: text for language, text in official.items() if language in languages}
    return {**more, **own} or dict(official)


def _names(tables: Sequence[_Shown], words: Vocabulary) -> dict[str, Text]:
    """What each column is called, by its name in a Structure."""
    found: dict[str, Text] = {}
    for shown in tables:
        for header, name in zip(shown.table.columns, shown.names, strict=False):
            if not found.get(name):
                own = translate.texts(header, words.known, (header, "data"))
                official = _INDICATOR if name == INDICATOR else _name_in_catalogue(name)
                text = _with_official(own, official, words.languages)
                is_concept = concept(header) == name
                found[name] = Text(text) if is_concept else _with_itself(text, header, layout.id(name))
    return found


def _name_in_catalogue(name: str) -> Text:
    return catalogue.code_list(_CATALOGUE[name]).name if name in _CATALOGUE else Text()
