"""A delivery's rows become figures, each judged against what is current: it adds, changes, conflicts, or not.

A table is read by a `Reading`: which concept each column is, which code each word, what holds for all rows.
`suggest` makes a first one, `unmapped` says what a person must still decide, `read_rows` reads, `compare`
judges. Nothing is guessed: a total that is spelled out, a comma that may part thousands and a word without
code are for a person, and a fault until then.
"""

import datetime
import gc
import hashlib
import math
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from itertools import repeat
from typing import Any, NamedTuple

from milepost import catalogue
from milepost.checks import cells as check_cells
from milepost.checks import words
from milepost.errors import KINDS
from milepost.recipes.check import definition_of
from milepost.values import MISSING_STATUSES, Origin, Period, Problem, Table, Text, concept
from milepost.values.concepts import ATTRIBUTES, DIMENSIONS, TOTAL

INDICATOR = "indicator"
AREA = "ref_area"
PERIOD, VALUE, STATUS, LOWER, UPPER = "time_period", "obs_value", "obs_status", "lower_bound", "upper_bound"
FIGURE = (PERIOD, VALUE, STATUS, LOWER, UPPER)
"""The concepts that are the figure itself."""
ACROSS = "=time_period"
"""What a column is whose header is a period: each of its cells is the value of that period."""
QUANTITY = ("series", "unit_measure", "unit_mult", "ref_area", "reporting_type", "freq")
"""What tells a series apart, besides the indicator and the breakdown."""
NOTES = tuple(name for name in ATTRIBUTES if name not in (*FIGURE, *QUANTITY))
"""The concepts that tell nothing apart: comments, nature, source."""

CODE_LISTS = {
    "sex": "sex",
    "age": "age",
    "ref_area": "areas",
    "urbanisation": "urbanisation",
    "migratory_status": "migratory_status",
    "composite_breakdown": "policy_domain",
    "unit_measure": "unit",
    "reporting_type": "reporting_type",
    "nature": "nature",
    STATUS: "observation_status",
}
"""Which code list the words of a concept belong to; the words of other concepts stand for themselves."""
_CLOSED = frozenset({"sex", "urbanisation", "reporting_type", "nature"})
"""Lists that are complete; a national structure has codes of its own in the others."""
_CODE = {
    "ref_area": re.compile(r"\d{1,3}|(?=.*[\d_-])[A-Z_][A-Z0-9_-]*"),
    "unit_measure": re.compile(r"[A-Z_][A-Z0-9_]*"),
}
_ANY_CODE = re.compile(r"(?=.*[\d_])[A-Z_][A-Z0-9_]*")
LONGEST = {PERIOD: 20, "unit_mult": 3, "ref_area": 20, "reporting_type": 2, "freq": 2}
"""How many characters the database keeps of a concept; of others 60."""
LONGEST_CATEGORY = 60


class Quantity(NamedTuple):
    """What tells a series apart; `area` "" is the whole country, `breakdown` sorted (dimension, category)."""

    series: str = ""
    unit: str = ""
    unit_mult: str = ""
    area: str = ""
    reporting_type: str = "N"
    frequency: str = ""
    breakdown: tuple[tuple[str, str], ...] = ()


class Record(NamedTuple):
    """One row as it was understood; refused where one of its problems is an error, and then without key."""

    number: int
    sheet: str
    line: int
    cells: dict[str, str]
    indicator: str
    quantity: Quantity | None
    period: str
    year: int | None
    value: float | None
    status: str
    lower: float | None
    upper: float | None
    attributes: dict[str, str]
    problems: tuple[Problem, ...]
    key: str
    column: str = ""  # the header above the cell, where every column is a year


class Current(NamedTuple):
    """What an institution's figure is now."""

    value: float | None
    status: str
    lower: float | None = None
    upper: float | None = None
    attributes: dict[str, str] = {}  # noqa: RUF012 - never changed


class Judged(NamedTuple):
    """What will become of a row: add, change, same, conflict or refused; `before` is what it would change."""

    record: Record
    outcome: str
    before: dict[str, Any] | None
    problems: tuple[Problem, ...]


@dataclass(frozen=True)
class Reading:
    """How tables are read.

    `columns` is {header: concept, "" for a column that is left out, ACROSS for one whose header is a year};
    a header that is absent is undecided;
    `codes` {concept: {word: code}}, TOTAL for a word that means no breakdown; `fixed` {concept: value} holds
    for tables without a column that tells.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)


class Unknown(NamedTuple):
    """Something a person must decide.

    `kind` is "column" for a header without concept, "twice" for a second column of one, "word" for a word
    without code; "indicator", "period" or "value" where nothing tells it. `text` is the header or word,
    `suggestion` a likely answer.
    """

    kind: str
    concept: str = ""
    text: str = ""
    examples: tuple[str, ...] = ()
    suggestion: str = ""


@dataclass(frozen=True)
class National:
    """What a country adds to the catalogue: definitions by indicator, names of codes, titles of lists.

    `codes` is {list: {code: Text}}; a list is one that ships, such as "areas", or called as a dimension.
    """

    definitions: Mapping[str, catalogue.Indicator] = field(default_factory=dict)
    codes: Mapping[str, Mapping[str, Text]] = field(default_factory=dict)
    titles: Mapping[str, Text] = field(default_factory=dict)  # of lists of its own, as {list: title}

    def definition(self, indicator: str) -> catalogue.Indicator | None:
        """The definition in force: the country's own, else the one that ships; None for neither."""
        if indicator in self.definitions:
            return self.definitions[indicator]
        ships = definition_of(indicator)
        return None if ships is None else self.definitions.get(ships.code, ships)  # by another name

    def by_series(self, series: str) -> catalogue.Indicator | None:
        """The indicator that a statistical series belongs to, or None."""
        return self._by_series.get(series.strip().upper()) or catalogue.by_series(series)

    @cached_property
    def _by_series(self) -> dict[str, catalogue.Indicator]:
        return {
            entry.code.upper(): defined for defined in self.definitions.values() for entry in defined.series
        }

    @cached_property
    def dimensions(self) -> tuple[str, ...]:
        """What figures can be broken down by: as `dimensions`, and by what the country adds."""
        own = {name for defined in self.definitions.values() for name in defined.breakdowns}
        own |= self.codes.keys() - set(CODE_LISTS.values())
        known = dimensions()
        return (*known, *sorted(own - {*known, *FIGURE, *QUANTITY, *NOTES, INDICATOR, ""}))

    def own(self, concept: str) -> Mapping[str, Text]:
        """The codes of a concept that the country added, with their names."""
        return self._own.get(concept, {})

    @cached_property
    def _own(self) -> dict[str, Mapping[str, Text]]:
        return {
            concept: {**self.codes.get(CODE_LISTS.get(concept, concept), {}), **self.codes.get(concept, {})}
            for concept in (*CODE_LISTS, *self.codes)
        }

    def names(self, concept: str) -> Mapping[str, Text]:
        """Every code of a concept with its name; none for a concept whose words stand for themselves."""
        ships = catalogue.code_list(CODE_LISTS[concept]).codes if concept in CODE_LISTS else {}
        return {**ships, **self.own(concept)}

    def meant(self, concept: str, word: str) -> str:
        """The code whose name, or code, a word is, whatever its case; "" where none is, or several are."""
        plain = word.casefold()
        found = set(self._called.get((concept, plain), ()))
        if concept in CODE_LISTS and (ships := _labels(CODE_LISTS[concept]).get(plain)):
            found.add(ships)
        return found.pop() if len(found) == 1 else ""

    @cached_property
    def _called(self) -> dict[tuple[str, str], set[str]]:
        """{(concept, name or code without case): codes} of the country's own codes."""
        found: dict[tuple[str, str], set[str]] = {}
        for place, codes in self._own.items():
            for code, text in codes.items():
                for name in (code, *text.values()):
                    found.setdefault((place, name.casefold()), set()).add(code)
        return found


NOTHING_ADDED = National()

OUTCOMES: tuple[str, ...] = ("add", "change", "same", "conflict", "refused")


# A first reading --------------------------------------------------------------------------------------------

_HEADERS = {
    INDICATOR: "indicator|sdg indicator|indicator code|goal indicator|показатель|индикатор|код показателя|"
    "показатель цур|индикатор цур",
    PERIOD: "year|years|period|time|time period|reference year|год|годы|период|отчетный год|отчётный год|жыл",
    VALUE: "value|values|figure|obs value|значение|значения|величина|значение показателя|мааниси",
    STATUS: "status|obs status|observation status|статус|статус наблюдения|статус значения",
    "series": "series|series code|ряд|код ряда|серия|временной ряд",
    "unit_measure": "unit|units|unit of measure|unit of measurement|measure|единица|единицы|ед. изм.|ед.изм.|"
    "единица измерения|единицы измерения|өлчөө бирдиги",
    "unit_mult": "unit multiplier|multiplier|множитель|множитель единицы",
    "ref_area": "area|areas|region|regions|oblast|province|geography|location|reference area|регион|регионы|"
    "область|области|территория|территории|район|аймак",
    "sex": "sex|gender|пол|жынысы",
    "age": "age|age group|age groups|возраст|возрастная группа|возрастные группы",
    "urbanisation": "urbanisation|urbanization|urban rural|urban/rural|degree of urbanisation|residence|"
    "местность|тип местности|городская/сельская местность|город или село|город/село",
    "education_lev": "education|education level|level of education|образование|уровень образования",
    "disability_status": "disability|disability status|инвалидность|наличие инвалидности",
    "income_wealth_quantile": "quintile|wealth quintile|income quintile|квинтиль|квинтиль благосостояния",
    "occupation": "occupation|профессия|занятие|род занятий",
    "activity": "activity|economic activity|industry|sector|вид деятельности|отрасль|"
    "вид экономической деятельности",
    "migratory_status": "migratory status|migration status|migrant status|миграционный статус",
    "destination": "destination|country of destination|страна назначения",
    "reporting_type": "reporting type|тип отчетности|тип отчётности",
    "freq": "frequency|частота|периодичность",
    "nature": "nature|nature of data|характер данных",
    "comment_obs": "comment|comments|note|notes|footnote|footnotes|комментарий|примечание|примечания|сноска",
    "source_detail": "source|data source|sources|источник|источник данных|источники",
    LOWER: "lower|lower bound|lower limit|нижняя граница",
    UPPER: "upper|upper bound|upper limit|верхняя граница",
    "time_detail": "time detail|reference period|отчетный период|отчётный период",
}
_BY_HEADER = {header: name for name, headers in _HEADERS.items() for header in headers.split("|")}
_LEFT_OUT = frozenset(
    {"dataflow", "structure", "structure_id", "structure_name", "action", "series_key", "obs_key"}
)

_WORDS = {
    "unit_measure": {
        "%": "PT",
        "percentage": "PT",
        "per cent": "PT",
        "percents": "PT",
        "проценты": "PT",
        "проц.": "PT",
        "numbers": "NUMBER",
        "количество": "NUMBER",
        "индексы": "IX",
        "us dollars": "USD",
        "доллары сша": "USD",
    },
    "urbanisation": {
        "city": "U",
        "город": "U",
        "городское": "U",
        "городская местность": "U",
        "городское население": "U",
        "село": "R",
        "сельское": "R",
        "сельская местность": "R",
        "сельское население": "R",
    },
}
_AGED = r"(?:aged |от |в возрасте )?"
_AGES = (
    (
        re.compile(_AGED + r"(\d{1,3}) ?(?:[-–—]|to|до) ?(\d{1,3})(?: (?:years?(?: old)?|лет|года?))?"),
        "Y{}T{}",
    ),
    (
        re.compile(_AGED + r"(\d{1,3}) ?(?:\+|(?:years? )?and (?:over|older)|(?:лет )?и (?:старше|более))"),
        "Y_GE{}",
    ),
)
_INDICATOR = re.compile(
    r"(?:sdg|indicator|цур|показатель|индикатор|\s|_|:)*(\d{1,2}[.-][0-9a-z]{1,2}[.-]\d{1,2}[a-z]?)(?![\w.-])",
    re.IGNORECASE,
)


def suggest(
    tables: Sequence[Table],
    *,
    country_m49: str,
    indicators: Collection[str] = (),
    national: National = NOTHING_ADDED,
) -> tuple[Reading, list[Unknown]]:
    """A first reading by what headers and words mean for certain, and what is left for a person to decide."""
    columns: dict[str, str] = {}
    for table in tables:
        columns.update(dict.fromkeys(years_across(table.columns), ACROSS))
        taken = {columns[header] for header in table.columns if columns.get(header)}
        filled = _filled(table)
        for position, header in enumerate(table.columns):
            if header in columns:
                continue
            name = _concept_of(header, national)
            if name == INDICATOR and not _names_indicators(table, position, indicators):
                name = ""  # a title of each row, as some offices call it
            if name and name not in taken:
                columns[header] = name
                taken.add(name)
            elif header.strip().lower() in _LEFT_OUT or header not in filled:
                columns[header] = ""
    reading = completed(tables, Reading(columns), country_m49=country_m49, national=national)
    return reading, unmapped(
        tables, reading, country_m49=country_m49, indicators=indicators, national=national
    )


def completed(
    tables: Sequence[Table], reading: Reading, *, country_m49: str, national: National = NOTHING_ADDED
) -> Reading:
    """The reading with what is certain of these tables: codes of further words, and further years across."""
    columns = dict(reading.columns)
    if ACROSS in columns.values():
        for table in tables:
            columns = dict.fromkeys(years_across(table.columns), ACROSS) | columns
    codes = {name: dict(known) for name, known in reading.codes.items()}
    for name, texts in _words(tables, columns, national).items():
        known = codes.get(name, {})
        meant = {
            word: code
            for word in texts
            if word not in known and (code := _meant(name, word, country_m49, national))
        }
        if meant:
            codes[name] = {**meant, **known}
    return Reading(columns, codes, reading.fixed)


def unmapped(
    tables: Sequence[Table],
    reading: Reading,
    *,
    country_m49: str = "",
    indicators: Collection[str] = (),
    national: National = NOTHING_ADDED,
) -> list[Unknown]:
    """What a person must still decide before the tables can be read."""
    found: dict[tuple[str, str, str], Unknown] = {}
    for table in tables:
        for unknown in _undecided(table, reading, indicators, national):
            found.setdefault((unknown.kind, unknown.concept, unknown.text), unknown)
    for name, texts in _words(tables, reading.columns, national).items():
        for word in texts:
            _, fault = _coded(name, word, reading, country_m49, national)
            if fault:
                suggestion = TOTAL if fault == "total-in-words" else ""
                found[("word", name, word)] = Unknown("word", name, word, suggestion=suggestion)
    return list(found.values())


def _undecided(
    table: Table, reading: Reading, indicators: Collection[str], national: National
) -> Iterator[Unknown]:
    """Columns without concept that hold something, second columns for one concept, and what nothing tells."""
    roles = [reading.columns.get(header, "") for header in table.columns]
    filled = _filled(table)
    for position, (header, role) in enumerate(zip(table.columns, roles, strict=True)):
        if header not in reading.columns and header in filled:
            yield Unknown("column", "", header, _examples(table, position))
        if twice(roles, position):
            yield Unknown("twice", role, header, _examples(table, position))
    if not table.rows:
        return
    for name, kind in ((PERIOD, "period"), (VALUE, "value")):
        if name not in roles and ACROSS not in roles and name not in reading.fixed:
            yield Unknown(kind, name)
    if not _tells_indicator(table, roles, reading, indicators, national):
        yield Unknown("indicator", INDICATOR, table.code)


def twice(roles: Sequence[str], position: int) -> bool:
    """Whether a column says what another one says: the same concept before it, or a year beside years across.

    >>> twice(["sex", "sex"], 1), twice([ACROSS, ACROSS], 1), twice([PERIOD, ACROSS], 0)
    (True, False, True)
    """
    role = roles[position]
    if role in (PERIOD, VALUE) and ACROSS in roles:
        return True
    return role not in ("", ACROSS) and role in roles[:position]


def _tells_indicator(
    table: Table,
    roles: Sequence[str],
    reading: Reading,
    indicators: Collection[str],
    national: National,
) -> bool:
    if reading.fixed.get(INDICATOR) or indicator_code(table.code, indicators):
        return True
    telling = [position for position, role in enumerate(roles) if role in (INDICATOR, "series")]
    series = reading.fixed.get("series", "")
    if not telling:
        return national.by_series(series) is not None
    distinct = {tuple(row[position] for position in telling) for row in table.rows}
    return all(
        any(
            indicator_code(cell, indicators) if roles[position] == INDICATOR else national.by_series(cell)
            for position, cell in zip(telling, cells, strict=True)
        )
        for cells in distinct
    )


def signature(tables: Iterable[Table]) -> str:
    """The hash of the headers of all tables, in any order: the next file with the same finds its mapping.

    Years across count as one header, so that the file with a further year is known.

    >>> one = Table("a", ("Year", "Value"), (), Origin("a.csv"))
    >>> other = Table("b", ("Value", "Year"), (), Origin("b.xlsx"))
    >>> signature([one]) == signature([other, other])
    True
    """
    headers: set[str] = set()
    for table in tables:
        years = years_across(table.columns)
        headers |= {header.strip() for header in table.columns if header not in years}
        headers |= {ACROSS} if years else set()
    return _digest(*sorted(headers))


_YEAR = re.compile(r"(.*\d)\s*(?:г\.|год|ж\.|жыл)", re.IGNORECASE)
FIRST_YEAR, LAST_YEAR = check_cells.FIRST_PLAUSIBLE_YEAR, 2150


def is_year(header: str) -> bool:
    """Whether a header is a year or another period, so that its column can hold the figures of it.

    >>> [is_year(header) for header in ("2015", "2015.0", "2018/19", "2015 г.", "2024-Q1", "15", "1000")]
    [True, True, True, True, True, False, False]
    """
    when = _period(header)[1]
    return when is not None and FIRST_YEAR <= when.year <= when.last_year <= LAST_YEAR


def years_across(headers: Sequence[str]) -> tuple[str, ...]:
    """The headers that are years, of a table in which no column names the year or the value; else none.

    >>> years_across(["Region", "2015", "2016"]), years_across(["Year", "2015", "2016"])
    (('2015', '2016'), ())
    """
    years = tuple(header for header in headers if is_year(header))
    told = {_concept_of(header) for header in headers} if years else set()
    return () if told & {PERIOD, VALUE} else years


def indicator_code(text: str, indicators: Collection[str] = ()) -> str:
    """The indicator's code that a text names or begins with, "" where there is none.

    >>> indicator_code("10-7-4"), indicator_code("SDG indicator 10.C.1: remittances"), indicator_code("2020")
    ('10.7.4', '10.c.1', '')
    >>> indicator_code("n-1: Permits", {"N-1"})
    'N-1'
    """
    plain = " ".join(text.split()).removeprefix("indicator_")
    for begun in (plain, plain.partition(" ")[0].rstrip(".,:;")):
        for candidate in (begun, begun.upper(), begun.lower()):
            for written in (candidate, candidate.replace("-", ".")):
                if written and written in indicators:
                    return written
    match = _INDICATOR.match(plain)
    return match[1].lower().replace("-", ".") if match else ""


def _concept_of(header: str, national: National = NOTHING_ADDED) -> str:
    """The concept that a header names for certain, "" for none."""
    plain = " ".join(header.replace("_", " ").split()).casefold()
    if found := _BY_HEADER.get(plain) or concept(header):
        return found
    name = plain.replace(" ", "_")
    return next((known for known in national.dimensions if known.casefold() == name), "")


@cache
def dimensions() -> tuple[str, ...]:
    """What figures can be broken down by: the dimensions of the global structure and of the definitions."""
    own = {name for entry in catalogue.indicators() for name in entry.breakdowns} | {"migratory_status"}
    known = [name for name in DIMENSIONS if name not in (*FIGURE, *QUANTITY)]
    return (*known, *sorted(own - {*known, *QUANTITY, ""}))


def _names_indicators(table: Table, position: int, indicators: Collection[str]) -> bool:
    """Whether the filled cells of a column name indicators."""
    texts = {row[position] for row in table.rows} - {""}
    return all(indicator_code(text, indicators) for text in texts if text.strip())


def _filled(table: Table) -> set[str]:
    """The headers of columns that hold something."""
    columns = zip(*table.rows, strict=True) if table.rows else ()
    return {
        header
        for header, cells in zip(table.columns, columns, strict=False)
        if any(cell and not cell.isspace() for cell in set(cells))
    }


def _examples(table: Table, position: int) -> tuple[str, ...]:
    """The first three different texts of a column."""
    found: dict[str, None] = {}
    for row in table.rows:
        if row[position].strip():
            found[row[position].strip()] = None
            if len(found) == 3:
                break
    return tuple(found)


def _words(tables: Iterable[Table], columns: Mapping[str, str], national: National) -> dict[str, list[str]]:
    """The distinct words of every column whose cells are codes of a list or categories of a dimension."""
    found: dict[str, dict[str, None]] = {}
    for table in tables:
        for position, header in enumerate(table.columns):
            name = columns.get(header, "")
            if name in CODE_LISTS or name in national.dimensions:
                texts = found.setdefault(name, {})
                for text in dict.fromkeys(row[position] for row in table.rows):
                    if word := " ".join(text.split()):
                        texts[word] = None
    return {name: list(texts) for name, texts in found.items()}


def _meant(name: str, word: str, country_m49: str, national: National) -> str:
    """The code that a word means for certain, "" where it is one already, or where a person must say."""
    _, fault = _coded(name, word, Reading(), country_m49, national)
    if fault != "word-without-code":
        return ""
    plain = word.casefold()
    if name == "sex":
        return "F" if words.is_female(word) else "M" if words.is_male(word) else national.meant(name, word)
    if name == "age":
        for form, code in _AGES:
            if match := form.fullmatch(plain):
                return code.format(*(str(int(part)) for part in match.groups()))
    return _WORDS.get(name, {}).get(plain) or national.meant(name, word)


@cache
def _labels(code_list: str) -> dict[str, str]:
    """{name in any language: code}, without names that several codes have."""
    found: dict[str, str] = {}
    several: set[str] = set()
    for code, names in catalogue.code_list(code_list).codes.items():
        for name in {name.casefold() for name in names.values()}:
            if name in found:
                several.add(name)
            found[name] = code
    return {name: code for name, code in found.items() if name not in several}


# Cells ------------------------------------------------------------------------------------------------------


def _coded(name: str, text: str, reading: Reading, country_m49: str, national: National) -> tuple[str, str]:
    """(code, fault) of a word of a concept: code "" for no breakdown; the fault is a kind, "" for none."""
    word = " ".join(text.split())
    code = reading.codes.get(name, {}).get(word)
    chosen = code is not None
    code = word if code is None else code
    if name == STATUS:
        found = catalogue.observation_status(code) if code else ""
        return (found, "") if found is not None else (code, "word-without-code")
    own = national.own(name)
    if name == "ref_area" and code not in own:
        code = _area(code, country_m49)
    if code in ("", TOTAL):
        return "", ""
    if name in {"unit_mult", "freq"}:
        return _normal(name, code), ""
    if chosen or code in own:
        return code, ""
    if words.spells_total(word) and (name in national.dimensions or name == "ref_area"):
        return code, "total-in-words"
    if name in CODE_LISTS and code in catalogue.code_list(CODE_LISTS[name]).codes:
        return code, ""
    if name not in CODE_LISTS and not own:
        return code, ""  # the words stand for themselves
    if name not in _CLOSED and _CODE.get(name, _ANY_CODE).fullmatch(code):
        return code, ""  # a national structure has codes of its own
    return code, "word-without-code"


def _area(code: str, country_m49: str) -> str:
    """The code of an area; "" for the country itself, by its number, its ISO code or its name."""
    own = country_m49.lstrip("0")
    known = catalogue.area_code(code) or _labels("areas").get(code.casefold(), "")
    plain = code.lstrip("0") if code.isdigit() else code
    if own and own in (known, plain):
        return ""
    return catalogue.area_code(code) or plain


def _normal(name: str, code: str) -> str:
    """A multiplier of 10 to the power of 0 and a yearly frequency are what holds where nothing is said."""
    return "" if code == {"unit_mult": "0", "freq": "A"}[name] else code


_FORMS = {
    "decimal-comma": "comma-in-doubt",
    "thousands-separator": "comma-in-doubt",
    "ambiguous-comma": "comma-of-two-kinds",
    "missing-mark": "mark-instead",
    "censored-value": "bound-instead",
    "percent-sign": "percent-beside",
    "footnote-mark": "mark-beside",
    "not-a-number": "number-unreadable",
}
"""The kinds by which the checks count such cells of a whole table, and the kind for one of them."""
_PLAIN = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:[ \u00a0\u2009\u202f]\d{3})+([.,]\d+)?", re.ASCII)
_WITH_COMMA = re.compile(r"[+-]?(\d*),(\d+)", re.ASCII)
_BLANKS = str.maketrans("", "", " \u00a0\u2009\u202f")


def numbers(texts: Iterable[str]) -> dict[str, tuple[float | None, str, str]]:
    """{text: (number, the same in plain digits, fault)} of a column's cells; the fault is a kind, or "".

    A comma parts decimals only where the whole column leaves no doubt: some cell can be read in no other
    way, none has a decimal point, none several commas. Blanks between groups of three digits are no doubt.

    >>> numbers(["12,5", "1 234"])["1 234"], numbers(["1,234"])["1,234"], numbers(["1.5", "2,5"])["2,5"]
    ((1234.0, '1234', ''), (None, '1,234', 'comma-of-two-kinds'), (None, '2,5', 'comma-in-doubt'))
    """
    found: dict[str, tuple[float | None, str, str]] = {}
    others: dict[str, str] = {}
    points = False
    for text in set(texts):
        plain = text.strip().replace("\u2212", "-")
        if not plain:
            continue
        points = points or "." in plain
        if _PLAIN.fullmatch(plain) and math.isfinite(number := float(plain)):
            found[text] = (number, plain, "")
        else:
            others[text] = plain
    comma = not points and _comma_parts_decimals(others.values())
    for text, plain in others.items():
        digits = plain.translate(_BLANKS) if _GROUPED.fullmatch(plain) else plain
        if comma and _WITH_COMMA.fullmatch(digits):
            digits = digits.replace(",", ".")
        number = float(digits) if _PLAIN.fullmatch(digits) else math.inf
        if math.isfinite(number):
            found[text] = (number, digits, "")
        else:
            found[text] = (None, plain, _FORMS[check_cells.form_of(plain)])
    return found


def _comma_parts_decimals(texts: Iterable[str]) -> bool:
    proven = False
    for text in texts:
        match = _WITH_COMMA.fullmatch(text.translate(_BLANKS) if _GROUPED.fullmatch(text) else text)
        if match:
            whole, decimals = match[1], match[2]
            proven = proven or len(decimals) != 3 or not 1 <= len(whole) <= 3 or whole.startswith("0")
        elif text.count(",") > 1:
            return False
    return proven


_SPAN_MARK = re.compile(r"^(\d{4})-?(Q[1-4]|S[12]|T[1-3]|W\d\d|M\d\d|A1)$")


def _period(text: str) -> tuple[str, Period | None]:
    """A period in one way of writing, so that 2018/19 and 2018-2019 are the same; None where it is none.

    >>> [_period(text)[0] for text in ("2018/19", "2018-2019", "2024Q1", "2024-M05", "2021.0", "2020 г.")]
    ['2018/2019', '2018/2019', '2024-Q1', '2024-05', '2021', '2020']
    """
    plain = " ".join(text.split())
    if match := _YEAR.fullmatch(plain):
        plain = match[1]
    try:
        period = Period.parse(plain)
    except ValueError:
        return text.strip(), None
    if period.last_year != period.year:
        return f"{period.year}/{period.last_year}", period
    if match := _SPAN_MARK.match(period.text):
        year, part = match[1], match[2]
        return year if part == "A1" else f"{year}-{part.removeprefix('M')}", period
    return period.text.removesuffix("T00:00:00"), period


# Rows -------------------------------------------------------------------------------------------------------


@contextmanager
def many_rows() -> Iterator[None]:
    """Work on many rows without the search for circles of objects: there are none, and it takes a third."""
    searches = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if searches:
            gc.enable()


class _Rules(NamedTuple):
    """What all rows of a delivery are read by."""

    reading: Reading
    indicators: frozenset[str]
    m49: str
    today: datetime.date
    national: National

    def coded(self, name: str, text: str) -> tuple[str, str]:
        """(code, fault) of a word of a concept."""
        return _coded(name, text, self.reading, self.m49, self.national)


_Fault = tuple[str, str, dict[str, Any]]  # kind, concept of the cell, details


class _About(NamedTuple):
    """What rows with the same cells, apart from the figure, have in common."""

    indicator: str
    quantity: Quantity
    series_key: str
    cells: dict[str, str]
    faults: tuple[_Fault, ...]
    judge: Callable[[float], _Fault | None] | None


def read_rows(
    tables: Iterable[Table],
    reading: Reading,
    *,
    indicators: Collection[str],
    country_m49: str,
    today: datetime.date,
    national: National = NOTHING_ADDED,
) -> list[Record]:
    """Every row of the tables as a record, in their order, numbered from 1; none is left out.

    Of a table with years across every cell that says something is a row, see `places`. `indicators` are the
    codes of the country's list; `country_m49` its number, by which figures of the whole country are known; a
    year after `today` is a fault unless it is a forecast; `national` is what the country adds.
    """
    rules = _Rules(reading, frozenset(indicators), country_m49, today, national)
    records: list[Record] = []
    for table in tables:
        tall, roles, headers = _tall(table, reading)
        records += _records(tall, roles, rules, len(records) + 1, headers)
    return records


def places(tables: Iterable[Table], reading: Reading) -> Iterator[tuple[int, int, str]]:
    """Of each row that `read_rows` makes: its table and row by position, and the header of its year or ""."""
    for number, table in enumerate(tables):
        cells = _cells_across(table, reading)
        if cells is None:
            yield from ((number, position, "") for position in range(len(table.rows)))
        else:
            yield from ((number, position, table.columns[column]) for position, column in cells)


def _cells_across(table: Table, reading: Reading) -> Iterator[tuple[int, int]] | None:
    """(row, column) of the cells that are figures of a table with years across; None for another table.

    A blank cell says nothing, so it is no row, unless a status stands beside it.
    """
    roles = [reading.columns.get(header, "") for header in table.columns]
    if ACROSS not in roles:
        return None
    across = [column for column, role in enumerate(roles) if role == ACROSS]
    status = roles.index(STATUS) if STATUS in roles else None
    return (
        (position, column)
        for position, row in enumerate(table.rows)
        for column in across
        if row[column].strip() or (status is not None and row[status].strip())
    )


def _tall(table: Table, reading: Reading) -> tuple[Table, list[str], Sequence[str]]:
    """(table with one figure in a row, concept of each column, header above each figure of years across)."""
    roles = [reading.columns.get(header, "") for header in table.columns]
    cells = _cells_across(table, reading)
    if cells is None:
        return table, roles, ()
    beside = [column for column, role in enumerate(roles) if role != ACROSS]
    kept = [tuple([row[column] for column in beside]) for row in table.rows]
    rows: list[tuple[str, ...]] = []
    lines: list[int] = []
    headers: list[str] = []
    for position, column in cells:
        rows.append((*kept[position], table.columns[column], table.rows[position][column]))
        lines.append(table.line(position))
        headers.append(table.columns[column])
    columns = (*(table.columns[column] for column in beside), PERIOD, VALUE)
    tall = Table(table.code, columns, rows, table.origin, lines)
    return tall, [*(roles[column] for column in beside), PERIOD, VALUE], headers


def read_cells(
    rows: Iterable[tuple[int, str, int, Mapping[str, str]]],
    *,
    indicators: Collection[str],
    country_m49: str,
    today: datetime.date,
    file: str = "",
    headers: Mapping[int, str] | None = None,
    national: National = NOTHING_ADDED,
) -> list[Record]:
    """Records again from (number, sheet, line, cells), as typed into a grid or mended in one.

    Each number is read by itself, so that "12,5" in one row does not depend on the others. `headers` are
    those above the figures of a table with years across, by number.
    """
    found = list(rows)
    above = headers or {}
    reading = Reading(codes=_kept(found, national))
    rules = _Rules(reading, frozenset(indicators), country_m49, today, national)
    roles = list(dict.fromkeys(name for _, _, _, cells in found for name in cells))
    records: list[Record] = []
    by_sheet: dict[str, list[tuple[int, str, int, Mapping[str, str]]]] = {}
    for row in found:
        by_sheet.setdefault(row[1], []).append(row)
    for sheet, members in by_sheet.items():
        texts = [_alone(tuple(cells.get(name, "") for name in roles), roles) for _, _, _, cells in members]
        origin = Origin(file, sheet or None)
        table = Table("", tuple(roles), texts, origin, [line for _, _, line, _ in members])
        for (number, *_), record in zip(members, _records(table, roles, rules, 1), strict=True):
            records.append(record._replace(number=number, column=above.get(number, "")))
    return sorted(records, key=lambda record: record.number)


def _kept(
    rows: Iterable[tuple[int, str, int, Mapping[str, str]]], national: National
) -> dict[str, dict[str, str]]:
    """The words of open code lists, which stand as somebody chose to have them."""
    opened = {*CODE_LISTS, *national.codes} - _CLOSED - {STATUS}
    kept: dict[str, dict[str, str]] = {}
    for _, _, _, cells in rows:
        for name, text in cells.items():
            if name in opened:
                word = " ".join(text.split())
                if not words.spells_total(word):
                    kept.setdefault(name, {})[word] = word
    return kept


def _alone(cells: tuple[str, ...], roles: Sequence[str]) -> tuple[str, ...]:
    return tuple(
        plain_number(text) if role in (VALUE, LOWER, UPPER) and text else text
        for text, role in zip(cells, roles, strict=True)
    )


def plain_number(text: str) -> str:
    """A number in plain digits where one cell alone leaves no doubt, else the text as it is.

    >>> plain_number("1 234,5"), plain_number("1,234"), plain_number("many")
    ('1234.5', '1,234', 'many')
    """
    return numbers([text]).get(text, (None, text, ""))[1]


def _records(
    table: Table, roles: Sequence[str], rules: _Rules, first: int, above: Sequence[str] = ()
) -> list[Record]:
    """The records of one table; work is done once for each distinct text, so that many rows are quick.

    `above` are the headers over the figures, where they stood in columns of years.
    """
    count = len(table.rows)
    if not count:
        return []
    columns = list(zip(*table.rows, strict=True))
    at: dict[str, int] = {}
    for position, role in enumerate(roles):
        if role:
            at.setdefault(role, position)
    headers = {role: table.columns[position] for role, position in at.items()}

    def cells_of(role: str) -> Sequence[str]:
        if role in at:
            return columns[at[role]]
        return (rules.reading.fixed.get(role, ""),) * count

    telling = [role for role in at if role not in FIGURE and role not in NOTES]
    elsewhere = (INDICATOR, *FIGURE, *NOTES)  # the fixed indicator counts only where nothing tells it
    telling += [role for role in rules.reading.fixed if role not in at and role not in elsewhere]
    noting = [role for role in NOTES if role in at or role in rules.reading.fixed]
    periods = {text: _period(text) for text in set(cells_of(PERIOD))}
    figures = {role: numbers(cells_of(role)) for role in (VALUE, LOWER, UPPER)}
    statuses = {text: rules.coded(STATUS, text)[0] for text in set(cells_of(STATUS))}
    codes = set(catalogue.code_list("observation_status").codes)
    abouts: dict[tuple[str, ...], _About] = {}
    notes: dict[tuple[str, ...], dict[str, str]] = {}
    about_cells = zip(*map(cells_of, telling), strict=True) if telling else repeat((), count)
    note_cells = zip(*map(cells_of, noting), strict=True) if noting else repeat((), count)
    nothing = (None, "", "")
    sheet, lines = table.origin.sheet or "", table.lines or range(2, count + 2)
    values, lowers, uppers = figures[VALUE], figures[LOWER], figures[UPPER]
    records: list[Record] = []
    append = records.append
    for (
        number,
        line,
        telling_texts,
        noting_texts,
        period_text,
        value_text,
        status_text,
        lower_text,
        upper_text,
        header,
    ) in zip(
        range(first, first + count),
        lines,
        about_cells,
        note_cells,
        cells_of(PERIOD),
        cells_of(VALUE),
        cells_of(STATUS),
        cells_of(LOWER),
        cells_of(UPPER),
        above or repeat("", count),
        strict=True,
    ):
        about = abouts.get(telling_texts)
        if about is None:
            about = abouts[telling_texts] = _about(
                dict(zip(telling, telling_texts, strict=True)), table, rules
            )
        noted = notes.get(noting_texts)
        if noted is None:
            noted = notes[noting_texts] = _noted(dict(zip(noting, noting_texts, strict=True)), rules)
        period, when = periods[period_text]
        value, value_plain, value_fault = values.get(value_text, nothing)
        lower, lower_plain, lower_fault = lowers.get(lower_text, nothing)
        upper, upper_plain, upper_fault = uppers.get(upper_text, nothing)
        status = statuses[status_text] or ("A" if value is not None else "")
        cells = {**about.cells, **noted}
        if period:
            cells[PERIOD] = period
        if value_plain:
            cells[VALUE] = value_plain
        if statuses[status_text]:
            cells[STATUS] = statuses[status_text]
        if lower_plain:
            cells[LOWER] = lower_plain
        if upper_plain:
            cells[UPPER] = upper_plain
        fine = (
            not about.faults
            and when is not None
            and when.year >= check_cells.FIRST_PLAUSIBLE_YEAR
            and (when.year <= rules.today.year or status == "F")
            and status in codes
            and (value is None) == (status in MISSING_STATUSES)
            and not (value_fault or lower_fault or upper_fault)
            and lower is None
            and upper is None
            and (value is None or about.judge is None or about.judge(value) is None)
            and len(period) <= LONGEST[PERIOD]
        )
        problems: tuple[Problem, ...] = ()
        if not fine:
            faults = (value_fault, lower_fault, upper_fault)
            found = _faults(
                about,
                cells,
                when=when,
                value=value,
                status=status,
                lower=lower,
                upper=upper,
                unreadable=faults,
                today=rules.today,
                codes=codes,
            )
            problems = tuple(
                Problem(
                    kind,
                    Origin(
                        table.origin.file,
                        table.origin.sheet,
                        line,
                        header if header and name in (PERIOD, VALUE) else headers.get(name),
                    ),
                    details,
                )
                for kind, name, details in found
            )
        refused = bool(problems) and _refuses(problems)
        append(
            Record(
                number,
                sheet,
                line,
                cells,
                about.indicator,
                about.quantity if about.indicator else None,
                period,
                when.year if when is not None else None,
                value,
                status,
                lower,
                upper,
                noted,
                problems,
                "" if refused else _figure_key(about.series_key, period),
                header,
            )
        )
    return records


def _refuses(problems: Iterable[Problem]) -> bool:
    return any(KINDS[problem.code].gravity == "error" for problem in problems)


def _noted(cells: Mapping[str, str], rules: _Rules) -> dict[str, str]:
    """The cells that are no part of the key and no figure, blank ones left out."""
    found = {}
    for name, text in cells.items():
        coded = rules.coded(name, text)[0] if name in CODE_LISTS else text.strip()
        if coded:
            found[name] = coded
    return found


def _about(texts: Mapping[str, str], table: Table, rules: _Rules) -> _About:
    """What the cells of a row say it is about, with the faults that all such rows share."""
    cells: dict[str, str] = {}
    faults: list[_Fault] = []
    for name, text in texts.items():
        if name in (INDICATOR, "series"):
            continue
        code, fault = rules.coded(name, text)
        if code:
            cells[name] = code
        if fault == "total-in-words":
            faults.append((fault, name, {"text": text.strip()}))
        elif fault:
            faults.append((fault, name, {"text": text.strip(), "concept": name}))
        if len(code) > LONGEST.get(name, LONGEST_CATEGORY):
            limit = LONGEST.get(name, LONGEST_CATEGORY)
            faults.append(("text-too-long", name, {"length": len(code), "limit": limit}))
    series = rules.reading.codes.get("series", {}).get(
        texts.get("series", "").strip(), texts.get("series", "").strip()
    )
    if series:
        cells["series"] = series
    indicator, fault = _indicator(texts.get(INDICATOR, ""), series, table.code, rules)
    if fault:
        faults.append((fault, INDICATOR, {"indicator": indicator}))
    if indicator:
        cells = {INDICATOR: indicator, **cells}
    breakdown = sorted((name, code) for name, code in cells.items() if name not in (INDICATOR, *QUANTITY))
    quantity = Quantity(
        series,
        cells.get("unit_measure", ""),
        cells.get("unit_mult", ""),
        cells.get("ref_area", ""),
        cells.get("reporting_type", "N"),
        cells.get("freq", ""),
        tuple(breakdown),
    )
    key = quantity_key(indicator, quantity) if indicator else ""
    judge = _judge(rules.national.definition(indicator), quantity) if indicator else None
    return _About(indicator, quantity, key, cells, tuple(faults), judge)


def _indicator(text: str, series: str, code: str, rules: _Rules) -> tuple[str, str]:
    """(code, fault): what the column says, else the series, else what names the table, else what is fixed."""
    text = rules.reading.codes.get(INDICATOR, {}).get(" ".join(text.split()), text)
    named = indicator_code(text, rules.indicators) or text.strip()
    if named:
        return (named, "") if named in rules.indicators else (named, "indicator-not-listed")
    by_series = rules.national.by_series(series) if series else None
    of_series = by_series.code if by_series else ""
    of_table = indicator_code(code, rules.indicators)
    fixed = rules.reading.fixed.get(INDICATOR, "")
    candidates = [candidate for candidate in (of_series, of_table, fixed) if candidate]
    for candidate in candidates:
        if candidate in rules.indicators:
            return candidate, ""
    return (candidates[0], "indicator-not-listed") if candidates else ("", "no-indicator")


def _judge(
    definition: catalogue.Indicator | None, quantity: Quantity
) -> Callable[[float], _Fault | None] | None:
    """What says whether a value is possible for the quantity; None where nothing is known of it.

    Limits hold in the definition's unit; a quantity that names another unit is not held against them.
    """
    counted = words.kind_of_unit(quantity.unit) in ("count", "number")
    if definition is None:
        return _count if counted else None
    limits, plausible, classes = definition.bounds(quantity.series or None)
    unit = definition.unit_of(quantity.series or None).code
    in_unit = quantity.unit in ("", unit) and quantity.unit_mult == ""

    def judge(value: float) -> _Fault | None:
        if classes:
            return None if value in classes else _not_a_class(definition, classes, value)
        if in_unit and not limits.holds(value):
            return _outside("value-impossible", definition, unit, limits, value)
        if counted and value < 0:
            return _count(value)
        if in_unit and not plausible.holds(value):
            return _outside("value-unlikely", definition, unit, plausible, value)
        return None

    return judge


def _count(value: float) -> _Fault | None:
    return ("count-below-zero", VALUE, {"text": f"{value:g}"}) if value < 0 else None


def _not_a_class(definition: catalogue.Indicator, classes: Sequence[float], value: float) -> _Fault:
    kind = "no-such-class-10-7-2" if definition.code == "10.7.2" else "no-such-class"
    listed = ", ".join(f"{number:g}" for number in classes)
    return kind, VALUE, {"text": f"{value:g}", "indicator": definition.code, "classes": listed}


def _outside(
    kind: str, definition: catalogue.Indicator, unit: str, bounds: catalogue.Range, value: float
) -> _Fault:
    ends = [f"≥ {bounds.minimum:g}"] if bounds.minimum is not None else []
    ends += [f"≤ {bounds.maximum:g}"] if bounds.maximum is not None else []
    details = {"text": f"{value:g}", "indicator": definition.code, "unit": unit, "bounds": ", ".join(ends)}
    return kind, VALUE, details


def _faults(
    about: _About,
    cells: Mapping[str, str],
    *,
    when: Period | None,
    value: float | None,
    status: str,
    lower: float | None,
    upper: float | None,
    unreadable: tuple[str, str, str],
    today: datetime.date,
    codes: Collection[str],
) -> Iterator[_Fault]:
    """Everything that is wrong with one row."""
    yield from about.faults
    yield from _faults_of_period(cells.get(PERIOD, ""), when, status, today)
    for kind, name in zip(unreadable, (VALUE, LOWER, UPPER), strict=True):
        if kind:
            yield kind, name, {"text": cells[name]}
    if status and status not in codes:
        yield "status-unreadable", STATUS, {"text": status}
    elif value is None and not unreadable[0]:
        if not status:
            yield "nothing-given", VALUE, {}
        elif status not in MISSING_STATUSES:
            yield "status-without-reason", STATUS, {"status": status}
    elif value is not None and status in MISSING_STATUSES:
        yield "value-with-status", VALUE, {"text": cells[VALUE], "status": status}
    if value is None and not unreadable[0]:
        for name, bound in ((LOWER, lower), (UPPER, upper)):
            if bound is not None:
                yield "bound-without-value", name, {"text": cells[name]}
    if lower is not None and upper is not None and lower > upper:
        yield "bounds-reversed", LOWER, {"lower": f"{lower:g}", "upper": f"{upper:g}"}
    elif value is not None and (
        (lower is not None and value < lower) or (upper is not None and value > upper)
    ):
        ends = ["–" if end is None else f"{end:g}" for end in (lower, upper)]
        yield "outside-own-bounds", VALUE, {"value": f"{value:g}", "lower": ends[0], "upper": ends[1]}
    if value is not None and about.judge is not None and (fault := about.judge(value)):
        yield fault


def _faults_of_period(text: str, when: Period | None, status: str, today: datetime.date) -> Iterator[_Fault]:
    if not text:
        yield "no-period", PERIOD, {}
    elif when is None or len(text) > LONGEST[PERIOD]:
        yield "period-unreadable", PERIOD, {"text": text}
    elif when.year < check_cells.FIRST_PLAUSIBLE_YEAR:
        yield "year-long-past", PERIOD, {"text": text, "first_year": check_cells.FIRST_PLAUSIBLE_YEAR}
    elif when.year > today.year and status != check_cells.FORECAST:
        yield "year-to-come", PERIOD, {"text": text}


# Keys -------------------------------------------------------------------------------------------------------


def quantity_key(indicator: str, quantity: Quantity) -> str:
    """The hash of what tells a series apart, which the database keeps with it."""
    flat = (part for pair in quantity.breakdown for part in pair)
    return _digest(indicator, *quantity[:-1], *flat)


def row_key(indicator: str, quantity: Quantity, period: str) -> str:
    """The hash of what tells a figure apart: its series and its period."""
    return figure_key(quantity_key(indicator, quantity), period)


def figure_key(series_key: str, period: str) -> str:
    """The same as `row_key`, from the key of a series that is known already."""
    return _figure_key(series_key, period)


def _figure_key(series_key: str, period: str) -> str:
    return hashlib.sha256(f"{series_key}\x1f{period}".encode()).hexdigest()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


# Judging ----------------------------------------------------------------------------------------------------


def compare(
    records: Sequence[Record], current: Mapping[str, Current], decisions: Mapping[int, str] | None = None
) -> list[Judged]:
    """What would become of each record, given the institution's current figures by key.

    `decisions` are what people decided of rows by their numbers, "use" or "leave". Rows of one key that say
    the same count once; where they differ all are in conflict, until a person uses one and leaves the others.
    """
    decided = decisions or {}
    first: dict[str, Record] = {}
    several: dict[str, list[Record]] = {}
    for record in records:
        if record.key:
            before = first.setdefault(record.key, record)
            if before is not record:
                several.setdefault(record.key, [before]).append(record)
    settled = {
        judged.record.number: judged
        for group in several.values()
        for judged in _group(group, current, decided)
    }
    judged = []
    for record in records:
        if not record.key:
            judged.append(Judged(record, "refused", None, record.problems))
        elif record.key in several:
            judged.append(settled[record.number])
        else:
            judged.append(_one_of(record, current, decided))
    return judged


def _one_of(record: Record, current: Mapping[str, Current], decided: Mapping[int, str]) -> Judged:
    """The judgement of a record whose key no other has."""
    if decided and decided.get(record.number) == "leave":
        return _left(record)
    now = current.get(record.key)
    if now is None:
        return Judged(record, "add", None, record.problems)
    if now == record[8:13]:
        return Judged(record, "same", None, record.problems)
    return Judged(record, "change", now._asdict(), record.problems)


def _left(record: Record) -> Judged:
    note = Problem("left-by-decision", _place(record))
    return Judged(record, "same", None, (*record.problems, note))


def _group(
    records: Sequence[Record], current: Mapping[str, Current], decided: Mapping[int, str]
) -> Iterator[Judged]:
    """The judgements of records with one key."""
    staying = [record for record in records if decided.get(record.number) != "leave"]
    used = [record for record in staying if decided.get(record.number) == "use"]
    if not staying or (_agree(staying) and (used or _agree(records))):
        yield from (_left(record) for record in records if record not in staying)
        yield from _agreed(staying, current, decided)
        return
    values = ", ".join(f"{_said(record)} (row {_row(record)})" for record in records[:12])
    details = {"lines": ", ".join(_row(record) for record in records[:12]), "values": values}
    for record in records:
        fault = Problem("figures-conflict", _place(record), details)
        yield Judged(record, "conflict", None, (*record.problems, fault))


def _agreed(
    records: Sequence[Record], current: Mapping[str, Current], decided: Mapping[int, str]
) -> Iterator[Judged]:
    """Records that say the same: the first counts, the others repeat it."""
    for position, record in enumerate(records):
        if position == 0:
            yield _one_of(record, current, decided)
        else:
            note = Problem("same-figure-twice", _place(record), {"line": _row(records[0])})
            yield Judged(record, "same", None, (*record.problems, note))


def _agree(records: Sequence[Record]) -> bool:
    return all(record[8:13] == records[0][8:13] for record in records[1:])


def _said(record: Record) -> str:
    return record.cells.get(VALUE) or record.status


def _row(record: Record) -> str:
    """Where a record stands, in few words."""
    return f"{record.line}/{record.column}" if record.column else str(record.line)


def _place(record: Record) -> Origin:
    """The file is not named: a record knows its sheet and line, and its delivery the file."""
    file = record.problems[0].origin.file if record.problems else ""
    return Origin(file, record.sheet or None, record.line, record.column or None)


def tally(judged: Iterable[Judged]) -> dict[str, int]:
    """How many rows there are of each outcome; every outcome is named."""
    counts: dict[str, int] = dict.fromkeys(OUTCOMES, 0)
    for one in judged:
        counts[one.outcome] += 1
    return counts
