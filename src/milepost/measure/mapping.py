"""The mapping file: what the columns of a file of records mean, so that one task can be made of it.

It is YAML that a person writes, or that the column wizard of the application exports. For an indicator of the
catalogue the definition says how it is measured, and the mapping only which columns hold what; a code of
one's own brings its method along.
"""

import hashlib
import inspect
from collections.abc import Mapping as Entries
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Any

from milepost import catalogue
from milepost.catalogue.definitions import near
from milepost.catalogue.reading import Page, read
from milepost.errors import MilepostError, refuse
from milepost.measure.methods import METHODS, YES_NO
from milepost.measure.task import (
    LONELY,
    REPLICATIONS,
    Band,
    Condition,
    Design,
    Recode,
    Reliability,
    Replication,
    Second,
    Task,
)
from milepost.values import Origin

DESIGN = ("weight", "stratum", "psu", "fpc")
"""The columns of a sampling design."""

FIELDS = (
    "indicator", "series", "title", "unit", "method", "per", "statistic", "share", "reference", "columns",
    "persons", "replicates", "lonely", "nested", "dimensions", "recodes", "migratory_base", "where", "second",
    "confidence", "reliability", "disclosure", "hierarchies",
)  # fmt: skip
"""The fields of a mapping file."""

OPTIONS = ("per", "statistic", "share", "reference")
"""The fields that are options of a method."""

DISCLOSURE = (
    "minimum",
    "p_percent",
    "n_k",
    "rounding",
    "show_empty",
    "unanimous",
    "range_n",
    "range_percent",
)
TAKEN = (
    "indicator", "series", "year", "value", "se", "ci_low", "ci_high", "cv", "deff", "n", "status",
)  # fmt: skip
"""Columns of the result, which no dimension can be called after."""

BASES = ("birth", "citizenship")
"""What migratory status can rest on: the country of birth, or citizenship."""

_PARTS: dict[str, tuple[str, ...]] = {
    "replicates": ("kind", "columns", "prefix", "scale", "rscales"),
    "second": ("file", "columns", "dimensions", "recodes"),
    "reliability": ("minimum_n", "maximum_cv"),
    "disclosure": DISCLOSURE,
}
_AROUND = ("missing", "other")

_Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping file, read: what each column means, and what the office asks of the result.

    `columns` gives the file's columns for a role of the method, a column of the definition, or a part of the
    sampling design. `prefix` is the beginning of the names of replicate weights, where they are not listed.
    `disclosure` holds the settings of disclosure control as they are written; empty where there are none.
    `sha256` is the checksum of the text.
    """

    place: Origin
    columns: Entries[str, str | tuple[str, ...]]
    indicator: str | None = None
    series: str | None = None
    method: str | None = None
    title: str | None = None
    unit: str | None = None
    options: Entries[str, Any] = field(default_factory=dict)
    dimensions: Entries[str, str] = field(default_factory=dict)
    recodes: Entries[str, Recode] = field(default_factory=dict)
    migratory_base: str | None = None
    where: tuple[Condition, ...] = ()
    persons: str | None = None
    replication: Replication | None = None
    prefix: str | None = None
    lonely: str = "refuse"
    nested: bool = False
    second: Second | None = None
    confidence: float = 0.95
    reliability: Reliability = field(default_factory=Reliability)
    disclosure: Entries[str, Any] = field(default_factory=dict)
    hierarchies: Entries[str, Entries[str, tuple[str, ...]]] = field(default_factory=dict)
    sha256: str | None = None
    page: Page | None = field(default=None, compare=False, repr=False)


def parse(text: str, place: Origin | str) -> Mapping:
    """Read a mapping file; MilepostError with every fault of it, each with its line and its remedy."""
    page = read(text, place)
    _check_names(page, (), FIELDS)
    for part, names in _PARTS.items():
        if page.mapping(part):
            _check_names(page, (part,), names)
    replication, prefix = _replication(page)
    found = Mapping(
        place=page.origin,
        columns=_columns(page, ("columns",)),
        indicator=_word(page, "indicator"),
        series=_word(page, "series"),
        method=_method(page),
        title=_word(page, "title"),
        unit=_word(page, "unit"),
        options=_options(page),
        dimensions=_dimensions(page, ("dimensions",)),
        recodes=_recodes(page, ("recodes",)),
        migratory_base=_choice(page, "migratory_base", BASES),
        where=_conditions(page),
        persons=_word(page, "persons"),
        replication=replication,
        prefix=prefix,
        lonely=_choice(page, "lonely", LONELY) or "refuse",
        nested=_yes(page, "nested"),
        second=_second(page),
        confidence=_confidence(page),
        reliability=Reliability(
            page.whole("reliability", "minimum_n"), page.number("reliability", "maximum_cv")
        ),
        disclosure=_disclosure(page),
        hierarchies=_hierarchies(page),
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        page=page,
    )
    page.refuse_if_faulty()
    return found


def task(mapping: Mapping, *, code: str, year: int, by: Sequence[Sequence[str]] = ()) -> Task:
    """The task that a mapping makes of an indicator, for a year and tables by these dimensions.

    `by` gives the dimensions of each table; without any there is only the figure over everything. For a code
    of the catalogue the definition's method and options govern. MilepostError with every fault.
    """
    page = mapping.page or Page({}, None, mapping.place)
    page.faults.clear()
    if mapping.indicator and mapping.indicator != code:
        page.fault("mapping-other-indicator", "indicator", found=mapping.indicator, wanted=code)
    definition = definition_of(code)
    series = _series(page, mapping, definition, code)
    method, given, roles = _method_and_roles(page, mapping, definition, series, code)
    page.refuse_if_faulty()
    columns = _role_columns(page, mapping, method, roles, definition)
    tables = tuple(dict.fromkeys(tuple(_table(page, mapping, names)) for names in by)) or ((),)
    recodes = _recodes_by_role(page, mapping, method, roles)
    second = _second_by_role(mapping, roles)
    _check_design(page, mapping, method, second)
    page.refuse_if_faulty()
    used = {name for table in tables for name in table}
    return Task(
        indicator=code,
        method=method,
        columns=columns,
        year=year,
        options=given,
        series=series,
        dimensions={name: column for name, column in mapping.dimensions.items() if name in used},
        recodes={name: recode for name, recode in recodes.items() if name in {*used, *columns}},
        tables=tables,
        where=mapping.where,
        design=_design(mapping),
        second=second,
        confidence=mapping.confidence,
        reliability=mapping.reliability,
        persons=_persons(mapping, definition, roles),
        largest=_largest(mapping.disclosure),
    )


def completed(task: Task, mapping: Mapping, columns: Sequence[str]) -> Task:
    """The task with the replicate weights of a file by its columns, where only their beginning is given."""
    if mapping.prefix is None or task.design.replication is None:
        return task
    found = tuple(column for column in columns if column.startswith(mapping.prefix))
    if not found:
        raise refuse("mapping-no-replicates", mapping.place, prefix=mapping.prefix)
    replication = replace(task.design.replication, columns=found)
    return replace(task, design=replace(task.design, replication=replication))


def definition_of(code: str) -> catalogue.Indicator | None:
    """The definition that ships for a code, or None for a code of one's own."""
    try:
        return catalogue.indicator(code)
    except MilepostError:
        return None


def minimum_of(mapping: Mapping, code: str) -> int | None:
    """The fewest respondents of a cell, the definition's or the mapping's if that is more; None for neither.

    Refuses a mapping that asks for fewer than the definition does.
    """
    definition = definition_of(code)
    governed = definition.minimum_cell if definition is not None else None
    own = mapping.disclosure.get("minimum")
    if own is None or governed is None:
        return own if governed is None else governed
    if own < governed:
        place = (mapping.page or Page({}, None, mapping.place)).place("disclosure", "minimum")
        raise refuse("mapping-minimum", place, indicator=code, wanted=governed, found=own)
    return own


# The method and its columns


def _series(page: Page, mapping: Mapping, definition: catalogue.Indicator | None, code: str) -> str | None:
    """The series to be measured: the one chosen, or the only one that is computed.

    None is the indicator itself, where its definition says all that its method needs.
    """
    if definition is None:
        return mapping.series
    computed = [entry.code for entry in definition.series if definition.calculation(entry.code)[0]]
    if mapping.series is not None:
        if mapping.series not in computed:
            known = ", ".join(computed) or "-"
            page.fault("mapping-series-unknown", "series", indicator=code, found=mapping.series, known=known)
        return mapping.series
    if len(computed) > 1:
        method, options = definition.calculation(None)
        if method is not None and set(METHODS[method].roles) <= {*options, *METHODS[method].optional}:
            return None
        page.fault("mapping-series", "series", indicator=code, known=", ".join(computed))
        return None
    return computed[0] if computed else None


def _method_and_roles(
    page: Page, mapping: Mapping, definition: catalogue.Indicator | None, series: str | None, code: str
) -> tuple[str, dict[str, Any], dict[str, Any]]:
    """(method, its options, the definition's own names of its columns by role)."""
    if definition is None:
        if mapping.method is None:
            page.fault("mapping-method-missing", "method", indicator=code, known=", ".join(METHODS))
            return "", {}, {}
        _check_options(page, mapping, mapping.method)
        return mapping.method, dict(mapping.options), {}
    governs, options = definition.calculation(series)
    if governs is None:
        if not page.faults:
            page.fault("mapping-not-computed", "indicator", indicator=code)
        return "", {}, {}
    if mapping.method not in (None, governs):
        page.fault("mapping-method-governs", "method", indicator=code, method=governs, found=mapping.method)
    roles = {name: names for name, names in options.items() if name in METHODS[governs].roles}
    fixed = {name: setting for name, setting in options.items() if name in OPTIONS}
    free = ("statistic",)  # a choice that the source itself leaves open
    for name, setting in mapping.options.items():
        if name not in free and fixed.get(name, setting) != setting:
            page.fault("mapping-option-governs", name, indicator=code, wanted=fixed[name], found=setting)
    _check_options(page, mapping, governs)
    return governs, {**fixed, **mapping.options}, roles


def _check_options(page: Page, mapping: Mapping, method: str) -> None:
    taken = inspect.signature(METHODS[method].formula).parameters
    known = [name for name in OPTIONS if name in taken]
    for name in mapping.options:
        if name not in taken:
            page.fault("definition-unknown-field", name, field=name, near=", ".join(known) or "-")


def _role_columns(
    page: Page,
    mapping: Mapping,
    method: str,
    named: Entries[str, Any],
    definition: catalogue.Indicator | None,
) -> dict[str, str | tuple[str, ...]]:
    """{role: the file's columns}; a definition's own name of a column stands for its role."""
    roles = METHODS[method].roles
    known = {*roles, *DESIGN, *_flat(named.values())}
    known |= {column.name for column in definition.columns} if definition else set()
    for name in mapping.columns:
        if name not in known:
            details = {"field": name, "near": near(name, known)}
            page.fault("definition-unknown-field", "columns", name, **details)
    second = _second_by_role(mapping, named)
    from_second = set(second.columns) if second else set()
    found: dict[str, str | tuple[str, ...]] = {}
    for role in roles:
        own = [named[role]] if isinstance(named.get(role), str) else list(named.get(role) or [])
        if role in from_second:
            continue
        if role in mapping.columns:
            found[role] = mapping.columns[role]
        elif own and all(name in mapping.columns for name in own):
            columns = _flat(mapping.columns[name] for name in own)
            found[role] = tuple(columns) if len(columns) > 1 else columns[0]
        elif role not in METHODS[method].optional or own:
            missing = [name for name in own if name not in mapping.columns] or [role]
            for name in missing:
                page.fault("mapping-role", "columns", name, method=method, role=name)
    return found


def _flat(names: Any) -> list[str]:
    """Single names of names and lists of names."""
    return [name for entry in names for name in ([entry] if isinstance(entry, str) else entry)]


def _table(page: Page, mapping: Mapping, names: Sequence[str]) -> list[str]:
    for name in names:
        if name not in mapping.dimensions:
            nearest = near(name, mapping.dimensions) or "-"
            page.fault("mapping-dimension", "dimensions", dimension=name, near=nearest)
    return list(dict.fromkeys(names))


def _recodes_by_role(
    page: Page, mapping: Mapping, method: str, named: Entries[str, Any]
) -> dict[str, Recode]:
    """The recodes by dimension, or by the role whose cells they turn into yes and no."""
    answers = {role: role for role, kind in METHODS[method].roles.items() if kind == YES_NO}
    answers |= {own: role for role, own in named.items() if role in answers and isinstance(own, str)}
    found = {}
    for name, recode in mapping.recodes.items():
        if name in mapping.dimensions:
            found[name] = recode
        elif name in answers:
            found[answers[name]] = recode
        else:
            nearest = near(name, [*mapping.dimensions, *answers]) or "-"
            page.fault("mapping-dimension", "recodes", name, dimension=name, near=nearest)
    return found


def _second_by_role(mapping: Mapping, named: Entries[str, Any]) -> Second | None:
    """The second source with its column under the method's role, if it is named as in the definition."""
    if mapping.second is None:
        return None
    roles = {own: role for role, own in named.items() if isinstance(own, str)}
    columns = {roles.get(name, name): column for name, column in mapping.second.columns.items()}
    return replace(mapping.second, columns=columns)


def _check_design(page: Page, mapping: Mapping, method: str, second: Second | None) -> None:
    """Faults for parts of a design, or a second source, that mean nothing to the method."""
    if mapping.persons and METHODS[method].kind != "ratio":
        page.fault("mapping-not-of-groups", "persons", method=method)
    if not METHODS[method].sampled:
        for role in (*DESIGN, "replicates"):
            if role in mapping.columns or (role == "replicates" and mapping.replication):
                path = ("replicates",) if role == "replicates" else ("columns", role)
                page.fault("mapping-not-a-sample", *path, method=method, role=role)
    if second and METHODS[method].alone is None:
        page.fault("mapping-no-second", "second", method=method)
    elif second and not {"denominator", "population"} & set(second.columns):
        page.fault("mapping-role", "second", "columns", method=method, role="denominator")


def _persons(
    mapping: Mapping, definition: catalogue.Indicator | None, named: Entries[str, Any]
) -> str | None:
    """The file's column that counts the persons of a row: the mapping's, else what the definition names."""
    if mapping.persons or definition is None or definition.persons is None:
        return mapping.persons
    roles = [role for role, own in named.items() if own == definition.persons]
    names = dict.fromkeys((definition.persons, *roles))
    columns = _flat(mapping.columns[name] for name in names if name in mapping.columns)
    return columns[0] if len(columns) == 1 else None


def _design(mapping: Mapping) -> Design:
    named = {role: _flat([mapping.columns[role]])[0] for role in DESIGN if role in mapping.columns}
    return Design(**named, replication=mapping.replication, lonely=mapping.lonely, nested=mapping.nested)


def _largest(disclosure: Entries[str, Any]) -> int:
    """How many of the largest contributions the rules of dominance look at."""
    wanted = [2] if disclosure.get("p_percent") is not None else []
    if disclosure.get("n_k"):
        wanted.append(int(disclosure["n_k"][0]))
    return max(wanted, default=0)


# Reading the entries


def _check_names(page: Page, path: _Path, known: Sequence[str]) -> None:
    for name in page.mapping(*path) if path else page.data:
        if name not in known:
            details = {"field": str(name), "near": near(str(name), known)}
            page.fault("definition-unknown-field", *path, str(name), **details)


def _word(page: Page, *path: str | int) -> str | None:
    """A word, or a whole number as a word; None where there is none."""
    value = page.get(*path)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return page.string(*path) or None


def _choice(page: Page, name: str, known: Sequence[str]) -> str | None:
    found = _word(page, name)
    if found is not None and found not in known:
        page.fault("definition-choice", name, found=found, known=", ".join(known))
    return found


def _yes(page: Page, *path: str | int) -> bool:
    value = page.get(*path)
    if value is not None and not isinstance(value, bool):
        page.fault("definition-type", *path, expected="yes or no", found=repr(value))
    return value is True


def _method(page: Page) -> str | None:
    found = (_word(page, "method") or "").replace("-", "_")
    if found and found not in METHODS:
        page.fault("mapping-method", "method", found=found, known=", ".join(METHODS))
        return None
    return found or None


def _options(page: Page) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name in OPTIONS:
        setting = _word(page, name) if name == "statistic" else page.number(name)
        if setting is not None:
            found[name] = setting
    return found


def _confidence(page: Page) -> float:
    found = page.number("confidence")
    if found is not None and not 0 < found < 1:
        page.fault("definition-type", "confidence", expected="a share such as 0.95", found=repr(found))
    return 0.95 if found is None else float(found)


def _columns(page: Page, path: _Path) -> dict[str, str | tuple[str, ...]]:
    """{what: column, or several columns}."""
    found: dict[str, str | tuple[str, ...]] = {}
    for name in page.mapping(*path):
        if isinstance(page.get(*path, name), list):
            names = tuple(_word(page, *path, name, at) or "" for at in range(page.count(*path, name)))
            found[name] = names
        else:
            found[name] = _word(page, *path, name) or ""
        if "" in _flat([found[name]]) or not found[name]:
            page.fault("definition-missing", *path, name)
    return found


def _dimensions(page: Page, path: _Path) -> dict[str, str]:
    found = {}
    for name in page.mapping(*path):
        found[name] = _word(page, *path, name) or ""
        if not found[name]:
            page.fault("definition-missing", *path, name)
        if name in TAKEN:
            page.fault("mapping-dimension-name", *path, name, dimension=name)
    return found


def _recodes(page: Page, path: _Path) -> dict[str, Recode]:
    return {name: _recode(page, (*path, name)) for name in page.mapping(*path)}


def _recode(page: Page, path: _Path) -> Recode:
    """Ranges by category ([from, to]), or categories by the column's values; missing and other beside."""
    entries = page.get(*path)
    if not isinstance(entries, dict):
        page.fault("definition-type", *path, expected='entries such as "1": M', found=repr(entries))
        return Recode()
    missing = _code(page, (*path, "missing"), entries["missing"]) if "missing" in entries else "_U"
    other = _code(page, (*path, "other"), entries["other"]) if "other" in entries else None
    rest = {key: entry for key, entry in entries.items() if key not in _AROUND}
    ranges = {key: entry for key, entry in rest.items() if isinstance(entry, list)}
    if ranges and len(ranges) < len(rest):
        page.fault("mapping-mixed-recode", *path)
        return Recode()
    if ranges:
        bands = tuple(_band(page, path, str(key), entry) for key, entry in ranges.items())
        _check_overlaps(page, path, bands)
        return Recode(bands=bands, missing=missing, other=other)
    codes = {_key(page, path, key): _code(page, (*path, str(key)), entry) for key, entry in rest.items()}
    return Recode(codes=codes, missing=missing, other=other)


def _key(page: Page, path: _Path, key: Any) -> str:
    """A stored value as it is compared; what YAML takes for something else needs quotes."""
    if isinstance(key, bool) or not isinstance(key, str | int | float):
        expected = 'the value in quotes, such as "yes" or "1"'
        page.fault("definition-type", *path, expected=expected, found=repr(key))
    return str(int(key)) if isinstance(key, float) and key.is_integer() else str(key)


def _code(page: Page, path: _Path, entry: Any) -> str:
    if isinstance(entry, str) and entry:
        return entry
    if isinstance(entry, int) and not isinstance(entry, bool):
        return str(entry)
    page.fault("definition-type", *path, expected="a category in quotes", found=repr(entry))
    return ""


def _band(page: Page, path: _Path, code: str, entry: list[Any]) -> Band:
    numbers = [end for end in entry if isinstance(end, int | float) and not isinstance(end, bool)]
    if (
        len(entry) != 2
        or len(numbers) + entry.count(None) != 2
        or (len(numbers) == 2 and entry[0] > entry[1])
    ):
        page.fault("mapping-band", *path, code, band=code)
        return Band(code)
    return Band(code, *(None if end is None else float(end) for end in entry))


def _check_overlaps(page: Page, path: _Path, bands: Sequence[Band]) -> None:
    """Faults for ranges that share a number."""
    low, high = float("-inf"), float("inf")
    ends = sorted(
        (low if band.minimum is None else band.minimum, high if band.maximum is None else band.maximum, at)
        for at, band in enumerate(bands)
    )
    for (_, end, first), (begin, _, second) in pairwise(ends):
        if begin <= end:
            names = {"first": bands[first].code, "second": bands[second].code}
            page.fault("mapping-bands-overlap", *path, bands[second].code, **names)


def _conditions(page: Page) -> tuple[Condition, ...]:
    found = []
    for column in page.mapping("where"):
        entry = page.get("where", column)
        if isinstance(entry, dict):
            _check_names(page, ("where", column), ("from", "to"))
            low, high = page.number("where", column, "from"), page.number("where", column, "to")
            if low is not None and high is not None and low > high:
                page.fault("mapping-band", "where", column, band=column)
            if low is None and high is None:
                page.fault("definition-missing", "where", column, "from")
            found.append(Condition(column, minimum=low, maximum=high))
        else:
            values = entry if isinstance(entry, list) else [entry]
            words = tuple(_key(page, ("where", column), value) for value in values if value is not None)
            if not words:
                page.fault("definition-missing", "where", column)
            found.append(Condition(column, words))
    return tuple(found)


def _replication(page: Page) -> tuple[Replication | None, str | None]:
    """(replicate weights, the beginning of their columns' names where they are not listed)."""
    if not page.mapping("replicates"):
        return None, None
    kind = _word(page, "replicates", "kind")
    if kind not in REPLICATIONS:
        page.fault("definition-choice", "replicates", "kind", found=kind or "", known=", ".join(REPLICATIONS))
    listed = isinstance(page.get("replicates", "columns"), list)
    columns = page.strings("replicates", "columns") if listed else ()
    prefix = _word(page, "replicates", "prefix") or (None if listed else _word(page, "replicates", "columns"))
    if not columns and not prefix:
        page.fault("definition-missing", "replicates", "columns")
    numbers = [page.number("replicates", "rscales", at) for at in range(page.count("replicates", "rscales"))]
    rscales = tuple(float(number) for number in numbers if number is not None)
    replication = Replication(kind or "", columns, page.number("replicates", "scale"), rscales)
    return replication, prefix


def _second(page: Page) -> Second | None:
    if not page.mapping("second"):
        return None
    file = _word(page, "second", "file")
    if not file:
        page.fault("definition-missing", "second", "file")
    columns = {
        name: _flat([column])[0] for name, column in _columns(page, ("second", "columns")).items() if column
    }
    if not columns:
        page.fault("definition-missing", "second", "columns")
    return Second(
        file or "",
        columns,
        _dimensions(page, ("second", "dimensions")),
        _recodes(page, ("second", "recodes")),
    )


def _disclosure(page: Page) -> dict[str, Any]:
    """The settings as they are written; whether they are within bounds is known in the room of disclosure."""
    found = dict(page.mapping("disclosure"))
    for name in ("minimum", "rounding", "range_n"):
        page.whole("disclosure", name)
    for name in ("p_percent", "range_percent"):
        page.number("disclosure", name)
    for name in ("show_empty", "unanimous"):
        _yes(page, "disclosure", name)
    if (pair := found.get("n_k")) is not None:
        numbers = isinstance(pair, list) and [isinstance(part, int | float) for part in pair] == [True, True]
        if not numbers:
            page.fault("definition-type", "disclosure", "n_k", expected="[n, k]", found=repr(pair))
        else:
            found["n_k"] = tuple(pair)
    return {name: setting for name, setting in found.items() if setting is not None}


def _hierarchies(page: Page) -> dict[str, dict[str, tuple[str, ...]]]:
    """{dimension: {category: its parts}}."""
    return {
        dimension: {
            whole: page.strings("hierarchies", dimension, whole)
            for whole in page.mapping("hierarchies", dimension)
        }
        for dimension in page.mapping("hierarchies")
    }
