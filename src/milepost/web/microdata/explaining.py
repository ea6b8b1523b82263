"""What the columns of records mean: the roles there are, a first guess by names, and the mapping file's text.

The mapping file is the one that `milepost measure --mapping` takes; here it is plain data, as YAML has it.
"""

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from typing import Any, NamedTuple

import yaml

from milepost import catalogue
from milepost.disclosure import Rules
from milepost.errors import MilepostError, refuse
from milepost.interchange import safe_yaml
from milepost.measure import METHODS, mapping
from milepost.measure.methods import YES_NO
from milepost.measure.scan import DENOMINATORS
from milepost.recipes.incoming import National
from milepost.values import Origin, Problem, Text

Data = dict[str, Any]
MIGRATORY = "migratory_status"
MISSING = "_U"
MOST_CROSSED = 4
"""Dimensions that are offered crossed all at once."""

_BASES = {
    "NATIVE_BORN": "birth",
    "FOREIGN_BORN": "birth",
    "CITIZEN": "citizenship",
    "NON_CITIZEN": "citizenship",
}
"""What each code of the migratory status rests on."""

NAMES: dict[str, tuple[str, ...]] = {
    "weight": ("weight", "weights", "wt", "wgt", "pweight", "finalweight", "final weight", "вес", "веса"),
    "stratum": ("stratum", "strata", "strat", "страта", "слой"),
    "psu": ("psu", "cluster", "clust", "ea", "primary sampling unit", "кластер", "счётный участок"),
    "fpc": ("fpc", "psus in stratum", "finite population correction"),
    "sex": ("sex", "gender", "пол"),
    "age": ("age", "age years", "возраст"),
    MIGRATORY: (
        "migratory status", "migrant", "migration status", "country of birth", "birth country", "born",
        "citizenship", "nationality", "гражданство", "страна рождения", "миграционный статус",
    ),
    "urbanisation": ("urbanisation", "urban", "residence", "area type", "тип местности", "местность"),
    "education_lev": ("education", "education lev", "educ", "isced", "образование"),
    "occupation": ("occupation", "isco", "профессия", "занятие"),
    "activity": ("activity", "industry", "isic", "branch", "вид деятельности", "отрасль"),
    "disability_status": ("disability", "disability status", "инвалидность"),
    "destination": ("destination", "country of destination", "страна назначения"),
    "cost": ("cost", "recruitment cost", "costs", "затраты", "расходы"),
    "earnings": ("earnings", "wage", "income", "salary", "заработок", "доход", "зарплата"),
    "population": ("pop", "inhabitants", "persons", "people", "население", "численность населения"),
    "workers": ("employed", "employees", "persons", "работники", "занятые", "численность занятых"),
    "gdp": ("gross domestic product", "ввп"),
    "denominator": ("persons", "population", "workers", "знаменатель", "население"),
}  # fmt: skip
"""How columns are usually called, in small letters; a column called as the role itself comes first."""

WORDS: dict[str, dict[str, str]] = {
    "sex": {
        "male": "M", "m": "M", "man": "M", "men": "M", "мужской": "M", "муж": "M", "м": "M", "мужчина": "M",
        "female": "F", "f": "F", "woman": "F", "women": "F", "женский": "F", "жен": "F", "ж": "F",
        "женщина": "F",
    },
    MIGRATORY: {
        "native": "NATIVE_BORN", "native born": "NATIVE_BORN", "foreign": "FOREIGN_BORN",
        "foreign born": "FOREIGN_BORN", "citizen": "CITIZEN", "citizens": "CITIZEN",
        "non citizen": "NON_CITIZEN", "foreigner": "NON_CITIZEN", "гражданин": "CITIZEN",
        "иностранец": "NON_CITIZEN",
    },
    "urbanisation": {"urban": "U", "town": "U", "город": "U", "rural": "R", "country": "R", "село": "R"},
}  # fmt: skip
"""What words of files mean, beside the names and codes of the code lists."""

AGES = (
    ("Y0T14", 0, 14), ("Y15T24", 15, 24), ("Y25T34", 25, 34), ("Y35T44", 35, 44), ("Y45T54", 45, 54),
    ("Y55T64", 55, 64), ("Y_GE65", 65, None),
)  # fmt: skip
"""The bands that are proposed for ages in years."""


class Role(NamedTuple):
    """A column that the method needs: its name in the mapping, what it is, and whether it may be left out."""

    name: str
    what: Text
    required: bool
    answers: bool  # yes or no


def signature(columns: Iterable[str]) -> str:
    """The hash of the columns' names, by which the next file with the same columns is known."""
    return hashlib.sha256(json.dumps(sorted(columns)).encode()).hexdigest()


# What the method needs --------------------------------------------------------------------------------------


def computed_series(definition: catalogue.Indicator) -> list[str]:
    """The series of an indicator that are computed from records; none where it has no series."""
    return [entry.code for entry in definition.series if definition.calculation(entry.code)[0]]


def is_computed(definition: catalogue.Indicator | None) -> bool:
    """Whether figures of an indicator can be computed from records at all."""
    return definition is not None and bool(definition.method or computed_series(definition))


def is_whole(definition: catalogue.Indicator) -> bool:
    """Whether the indicator itself is computed, beside its several series: a rate beside its numbers."""
    method, options = definition.calculation(None)
    return (
        len(computed_series(definition)) > 1
        and method is not None
        and set(METHODS[method].roles) <= {*options, *METHODS[method].optional}
    )


def series_of(definition: catalogue.Indicator, data: Mapping[str, Any]) -> str | None:
    """The series that is measured: the one chosen, else the only one; None for the indicator itself."""
    computed = computed_series(definition)
    chosen = data.get("series")
    if chosen in computed or is_whole(definition):
        return chosen if chosen in computed else None
    return computed[0] if computed else None


def first_series(definition: catalogue.Indicator) -> str | None:
    """The series that is proposed: the indicator itself where its own method is another than theirs."""
    computed = computed_series(definition)
    methods = {definition.calculation(code)[0] for code in computed}
    if is_whole(definition) and definition.calculation(None)[0] not in methods:
        return None
    return computed[0] if computed else None


def roles(definition: catalogue.Indicator, series: str | None, *, second: bool = False) -> list[Role]:
    """The columns that the method of a series needs, by the names that the definition gives them.

    With a second file, those of the first: the denominator comes from the other one.
    """
    method, options = definition.calculation(series)
    if method is None:
        return []
    known = {column.name: column.what for column in definition.columns}
    ships = _ships(definition)
    found = []
    for role, kind in METHODS[method].roles.items():
        if second and role in DENOMINATORS:
            continue
        own = options.get(role, role) if ships else role
        for name in [own] if isinstance(own, str) else own:
            required = role not in METHODS[method].optional
            found.append(Role(name, known.get(name, Text()), required, kind == YES_NO))
    return found


def denominator_of(definition: catalogue.Indicator, series: str | None) -> str | None:
    """What the definition calls the denominator that a second file can give; None where it takes no other."""
    method, options = definition.calculation(series)
    if method is None or METHODS[method].alone is None:
        return None
    (role,) = [role for role in METHODS[method].roles if role in DENOMINATORS]
    own = options.get(role, role) if _ships(definition) else role
    return own if isinstance(own, str) else None


def _ships(definition: catalogue.Indicator) -> bool:
    """Whether the mapping knows the definition; of a national one it knows only the method's names."""
    return mapping.definition_of(definition.code) is not None


def takes_statistic(definition: catalogue.Indicator, series: str | None) -> bool:
    """Whether a person chooses the statistic: mean, median or 80th percentile."""
    return definition.calculation(series)[0] == "individual_ratios"


def is_sampled(definition: catalogue.Indicator, series: str | None) -> bool:
    """Whether the records can be a sample, so that weights and errors make sense."""
    method = definition.calculation(series)[0]
    return method is not None and METHODS[method].sampled


# A first guess ----------------------------------------------------------------------------------------------


def suggest(
    columns: Sequence[Mapping[str, Any]], definition: catalogue.Indicator, national: National
) -> Data:
    """A first mapping by the names of columns and the words for them, to be looked at by a person."""
    series = first_series(definition)
    wanted = [role.name for role in roles(definition, series)]
    if is_sampled(definition, series):
        wanted += mapping.DESIGN
    taken: set[str] = set()
    said = {name: _column_for(name, columns, taken) for name in wanted}
    dimensions = {
        name: column
        for name in dict.fromkeys((*definition.breakdowns, MIGRATORY))
        if (column := _column_for(name, columns, taken)) is not None
    }
    data: Data = {
        **governed(definition, series),
        "columns": {name: column for name, column in said.items() if column is not None},
        "dimensions": dimensions,
        "recodes": {},
    }
    by_name = {column["name"]: column for column in columns}
    for name, column in dimensions.items():
        if recode := suggested_recode(name, by_name[column], national):
            data["recodes"][name] = recode
    return tidy(data)


def governed(definition: catalogue.Indicator, series: str | None) -> Data:
    """What the definition says and the mapping repeats; of a national one also method, options, minimum."""
    data: Data = {"indicator": definition.code}
    if len(computed_series(definition)) > 1:
        data["series"] = series
    if _ships(definition):
        return data
    method, options = definition.calculation(series)
    data |= {
        "title": definition.title.best("en")[0],
        "unit": definition.unit_of(series).code,
        "method": method,
    }
    data |= {name: setting for name, setting in options.items() if name in mapping.OPTIONS}
    if definition.minimum_cell is not None:
        data["disclosure"] = {"minimum": definition.minimum_cell}
    return data


def _column_for(role: str, columns: Sequence[Mapping[str, Any]], taken: set[str]) -> str | None:
    """The column that is called so, or whose words in the file say so; each column is given once."""
    called = (_plain(role), *NAMES.get(role, ()))
    for word in called:
        for column in columns:
            if column["name"] not in taken and word in (_plain(column["name"]), _plain(column["says"])):
                taken.add(column["name"])
                return column["name"]
    return None


def suggested_recode(dimension: str, column: Mapping[str, Any], national: National) -> Data | None:
    """The codes of values as far as their words tell, or bands for ages; None for neither."""
    if column["values"]:
        found = _codes(dimension, column["values"], national)
        if dimension == MIGRATORY and len({_BASES.get(code) for code in found.values()}) > 1:
            return None
        return found or None
    if dimension == "age" and column["kind"] == "number":
        return {code: [low, high] for code, low, high in AGES}
    return None


def _codes(dimension: str, values: Mapping[str, str], national: National) -> Data:
    """{value: code} as far as the words tell."""
    return {
        value: code for value, label in values.items() if (code := meant(dimension, label or value, national))
    }


def completed(data: Data, columns: Sequence[Mapping[str, Any]], national: National) -> Data:
    """The same with codes for values that were found later, as far as their words tell."""
    by_name = {column["name"]: column for column in columns}
    found = dict(data.get("recodes") or {})
    for name, column in (data.get("dimensions") or {}).items():
        values = by_name[column]["values"] if column in by_name else {}
        said = found.get(name) or {}
        if not said and values and (recode := suggested_recode(name, by_name[column], national)):
            found[name] = recode
        elif said and "other" not in said and not any(isinstance(one, list) for one in said.values()):
            new = {value: label for value, label in values.items() if not {value, label} & {*map(str, said)}}
            found[name] = {**_codes(name, new, national), **said}
    return tidy({**data, "recodes": found})


def looked_through(data: Data, columns: Sequence[Mapping[str, Any]], national: National) -> list[str]:
    """The columns whose values are asked of all rows: those of dimensions that go by values, not by ranges.

    Numbers go by ranges, unless the first rows show a classification, or a code list says what they mean.
    """
    dimensions = data.get("dimensions") or {}
    by_range = {
        column["name"]
        for column in columns
        if column["kind"] == "number"
        and not column["values"]
        and not any(
            name != "age" and national.names(name)
            for name in dimensions
            if dimensions[name] == column["name"]
        )
    }
    answers = [name for name in (data.get("columns") or {}).values() if isinstance(name, str)]
    shown = {column["name"] for column in columns if column["values"]}
    wanted = {*dimensions.values(), *(name for name in answers if name in shown)}
    return [
        column["name"]
        for column in columns
        if column["name"] in wanted - by_range and column.get("whole") is None and column["kind"] != "nested"
    ]


def with_code_list(data: Data, columns: Sequence[str], national: National) -> list[str]:
    """Those of the columns that become a dimension with a code list, such as sex."""
    dimensions = data.get("dimensions") or {}
    return [column for name, column in dimensions.items() if column in columns and national.names(name)]


# The second file --------------------------------------------------------------------------------------------


def suggest_second(
    file: str,
    columns: Sequence[Mapping[str, Any]],
    data: Data,
    definition: catalogue.Indicator,
    national: National,
) -> Data:
    """The mapping with the part for the second file: as it says already, else by the names of columns.

    Where no name tells the denominator, a person says it first, and the mapping stays as it is.
    """
    name = denominator_of(definition, series_of(definition, data))
    said = data.get("second") or {}
    known = {column["name"] for column in columns}
    named = {*(said.get("columns") or {}).values(), *(said.get("dimensions") or {}).values()}
    if not said or not named <= known:
        taken: set[str] = set()
        column = _column_for(name, columns, taken) if name else None
        found = {each: _column_for(each, columns, taken) for each in data.get("dimensions") or {}}
        said = {
            "columns": {name: column} if column else {},
            "dimensions": {each: one for each, one in found.items() if one is not None},
        }
    if not said["columns"]:
        return {entry: data[entry] for entry in data if entry != "second"}
    said = {**said, "file": file, "recodes": _second_recodes(said, columns, data, national)}
    first = {role: column for role, column in (data.get("columns") or {}).items() if role != name}
    return tidy({**data, "columns": first, "second": tidy_second(said)})


def _second_recodes(
    said: Data, columns: Sequence[Mapping[str, Any]], data: Data, national: National
) -> dict[str, Data]:
    """What is said already; else as the values of the first file are coded, else by their words."""
    by_name = {column["name"]: column for column in columns}
    found = dict(said.get("recodes") or {})
    for name, column in (said.get("dimensions") or {}).items():
        values = by_name[column]["values"] if column in by_name else {}
        first = {str(value): code for value, code in ((data.get("recodes") or {}).get(name) or {}).items()}
        codes = {value: first[value] for value in values if isinstance(first.get(value), str)}
        if name not in found and (codes := {**_codes(name, values, national), **codes}):
            found[name] = codes
    return found


def completed_second(data: Data, columns: Sequence[Mapping[str, Any]], national: National) -> Data:
    """The mapping with codes for values of the second file that were found later."""
    said = data.get("second")
    if not said:
        return data
    recodes = _second_recodes({**said, "recodes": {}}, columns, data, national)
    before = said.get("recodes") or {}
    found = {name: {**recodes.get(name, {}), **(before.get(name) or {})} for name in {**before, **recodes}}
    return tidy({**data, "second": tidy_second({**said, "recodes": found})})


def tidy_second(said: Data) -> Data:
    """The part for the second file without what is empty, in its order."""
    return {name: said[name] for name in ("file", "columns", "dimensions", "recodes") if said.get(name)}


def meant(dimension: str, word: str, national: National) -> str:
    """The code that a word of a file stands for, or ""."""
    return WORDS.get(dimension, {}).get(_plain(word)) or national.meant(dimension, word.strip())


def _plain(words: str) -> str:
    """Words without case, signs and accents of their own: "Birth_Country" is "birth country"."""
    letters = unicodedata.normalize("NFKC", words).casefold()
    return " ".join(re.sub(r"[\W_]+", " ", letters).split())


def tidy(data: Data) -> Data:
    """The same without what is empty, in the order in which the mapping file is written."""
    filled = {name: entry for name, entry in data.items() if entry not in (None, "", {}, [], False)}
    return {name: filled[name] for name in mapping.FIELDS if name in filled}


def crossings(dimensions: Sequence[str]) -> list[tuple[str, ...]]:
    """The tables that can be chosen: each dimension, each pair, each three, and all of a few."""
    found = [one for size in (1, 2, 3) for one in combinations(dimensions, size)]
    if len(dimensions) == MOST_CROSSED:
        found.append(tuple(dimensions))
    return found


# The text of the mapping file -------------------------------------------------------------------------------


def text_of(data: Mapping[str, Any]) -> str:
    """The mapping file of plain data."""
    return yaml.safe_dump(dict(data), allow_unicode=True, sort_keys=False, width=100)


def data_of(text: str) -> Data:
    """The plain data of a mapping file that was read before; {} for an empty one."""
    return safe_yaml.load(text) or {}


def minimum(definition: catalogue.Indicator, lowered: Mapping[str, Any]) -> int | None:
    """The fewest respondents that a cell may have: the definition's, unless somebody lowered it."""
    return lowered["minimum"] if lowered else definition.minimum_cell


def faults(
    text: str,
    *,
    definition: catalogue.Indicator,
    year: int,
    tables: Sequence[Sequence[str]],
    columns: Sequence[Mapping[str, Any]],
    second: Mapping[str, Any],
    lowered: bool,
) -> list[Problem]:
    """Everything that keeps this mapping from being used over these columns, each at its entry.

    `second` is what is known of the second file, {} where there is none.
    """
    place = Origin("mapping")
    try:
        said = mapping.parse(text, place)
    except MilepostError as error:
        return list(error.problems)
    code = definition.code
    found: list[Problem] = []
    try:
        mapping.task(said, code=code, year=year, by=tables)
    except MilepostError as error:
        found += error.problems
    try:
        least = None if lowered else _least(said, definition)
        Rules(minimum=least, **{name: rule for name, rule in said.disclosure.items() if name != "minimum"})
    except MilepostError as error:
        found += [
            Problem(one.code, Origin("mapping", column="disclosure"), one.details) for one in error.problems
        ]
    found += _unknown_columns(said, columns)
    found += _second_faults(said, tables, second)
    used = {name: column for name, column in said.dimensions.items() if any(name in one for one in tables)}
    found += _uncoded(used, said.recodes, columns, "recodes")
    found += _mixed_bases(said)
    return found


def _least(said: mapping.Mapping, definition: catalogue.Indicator) -> int | None:
    """The fewest respondents of a cell; refuses fewer than the definition, shipped or national, asks for."""
    least, own = definition.minimum_cell, said.disclosure.get("minimum")
    if least is not None and (own or least) < least:
        details = {"indicator": definition.code, "wanted": least, "found": own}
        raise refuse("mapping-minimum", Origin("mapping"), **details)
    return mapping.minimum_of(said, definition.code)


def _unknown_columns(said: mapping.Mapping, columns: Sequence[Mapping[str, Any]]) -> list[Problem]:
    """Columns that the file does not have: a mapping for another file."""
    named = {f"columns, {role}": each for role, each in said.columns.items()}
    named |= {f"dimensions, {name}": column for name, column in said.dimensions.items()}
    named |= {f"where, {one.column}": one.column for one in said.where}
    return _not_among(named, columns)


def _not_among(
    named: Mapping[str, str | Sequence[str]], columns: Sequence[Mapping[str, Any]]
) -> list[Problem]:
    known = {column["name"] for column in columns}
    return [
        Problem("mapping-other-file", Origin("mapping", column=place), {"column": column})
        for place, entry in named.items()
        for column in ([entry] if isinstance(entry, str) else entry)
        if column not in known
    ]


def _second_faults(
    said: mapping.Mapping, tables: Sequence[Sequence[str]], second: Mapping[str, Any]
) -> list[Problem]:
    """What is missing of the second file, or of the words about it."""
    place = Origin("mapping", column="second")
    if said.second is None:
        return [Problem("second-unused", place, {"file": second["name"]})] if second else []
    if not second:
        return [Problem("second-missing", place, {"file": said.second.file})]
    named: dict[str, str | Sequence[str]] = {
        f"second, columns, {role}": column for role, column in said.second.columns.items()
    }
    named |= {f"second, dimensions, {name}": column for name, column in said.second.dimensions.items()}
    used = dict.fromkeys(name for names in tables for name in names)
    lacking = [
        Problem(
            "second-dimension", Origin("mapping", column=f"second, dimensions, {name}"), {"dimension": name}
        )
        for name in used
        if name not in said.second.dimensions
    ]
    shared = {name: column for name, column in said.second.dimensions.items() if name in used}
    recodes = {**said.recodes, **said.second.recodes}
    uncoded = _uncoded(shared, recodes, second["columns"], "second, recodes")
    return [*_not_among(named, second["columns"]), *lacking, *uncoded]


def _uncoded(
    dimensions: Mapping[str, str],
    recodes: Mapping[str, Any],
    columns: Sequence[Mapping[str, Any]],
    part: str,
) -> list[Problem]:
    """Dimensions of which some values have a code, and others none."""
    by_name = {column["name"]: column for column in columns}
    found = []
    for name, column in dimensions.items():
        count = len(uncoded_values(recodes.get(name), by_name[column])) if column in by_name else 0
        if count:
            place = Origin("mapping", column=f"{part}, {name}")
            found.append(Problem("values-uncoded", place, {"column": column, "count": count}))
    return found


def uncoded_values(recode: Any, column: Mapping[str, Any]) -> list[str]:
    """The values of a column, of all its rows, that a recode leaves out: they would stop the measurement."""
    if recode is None or not recode.codes or recode.other or not column.get("whole"):
        return []
    return [
        value
        for value, label in column["values"].items()
        if value not in recode.codes and not (label and label in recode.codes)
    ]


def _mixed_bases(said: mapping.Mapping) -> list[Problem]:
    """One migratory status rests on the country of birth or on citizenship, never on both."""
    recode = said.recodes.get(MIGRATORY)
    bases = {_BASES[code] for code in (recode.codes.values() if recode else ()) if code in _BASES}
    if len(bases) < 2:
        return []
    return [Problem("migratory-bases-mixed", Origin("mapping", column=f"recodes, {MIGRATORY}"), {})]


def base_of(codes: Iterable[str]) -> str | None:
    """What a migratory status with these codes rests on; None where it is not said, or not one."""
    bases = {_BASES[code] for code in codes if code in _BASES}
    return bases.pop() if len(bases) == 1 else None
