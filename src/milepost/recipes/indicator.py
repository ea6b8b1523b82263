"""One indicator of a platform: its table checked, derived and judged."""

import datetime
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from milepost import catalogue, progress
from milepost.interchange.open_sdg import derive, status
from milepost.recipes.check import definition_of, faults_of
from milepost.values import (
    MISSING_STATUSES,
    Observation,
    Origin,
    Period,
    Problem,
    Series,
    Table,
    Target,
    Verdict,
    concept,
)

MOST_CATEGORIES = 8
"""More lines than these are not drawn for one breakdown."""
MOST_PANELS = 3

_DIRECTIONS = {"positive": "up", "negative": "down"}


@dataclass(frozen=True, slots=True)
class Part:
    """One quantity of an indicator: its headline series, the verdict on it, its breakdowns."""

    identity: tuple[tuple[str, str], ...]  # (column, cell) of Series and Units
    series: Series
    target: Target | None
    verdict: Verdict
    panels: Mapping[str, Mapping[str, Series]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """An indicator with all that was found about it, untranslated."""

    code: str
    definition: catalogue.Indicator | None
    table: Table
    kinds: Mapping[str, str]
    metadata: Mapping[str, Any]
    fixed: tuple[str, ...]
    parts: tuple[Part, ...]
    reporting_status: str
    disaggregation_status: str
    problems: tuple[Problem, ...]

    def breakdowns(self) -> tuple[str, ...]:
        """The columns that break the figures down and have a cell that is not blank."""
        filled = derive.presence(self.table)
        return tuple(
            name
            for name, cells in zip(self.table.columns, filled, strict=True)
            if cells and name not in self.fixed
        )


def sheet(
    code: str,
    table: Table,
    metadata: Mapping[str, Any],
    *,
    options: Mapping[str, Any],
    method: str,
    today: datetime.date,
    text_columns: Collection[str] = (),
    problems: Iterable[Problem] = (),
) -> Sheet:
    """Check, derive and judge one indicator.

    `options` are the platform's `indicator_options`; `text_columns` those whose cells stay text; `problems`
    what was found on reading.
    """
    fixed = derive.fixed_columns(options["non_disaggregation_columns"])
    published, kinds = derive.published(table, text_columns)
    definition = definition_of(code)
    quantities = _quantities(published, fixed, _identifying(published.columns, options))
    parts = _parts(published, quantities, definition, metadata, method)
    found = [*problems, *(faults_of(table, today=today) if table.rows else ())]
    return Sheet(
        code=code,
        definition=definition,
        table=published,
        kinds=kinds,
        metadata=metadata,
        fixed=fixed,
        parts=tuple(sorted(parts, key=_rank(definition))),
        reporting_status=status.reporting_status(metadata, bool(table.rows)),
        disaggregation_status=status.disaggregation_status(metadata, published, fixed),
        problems=tuple(found),
    )


def _rank(definition: catalogue.Indicator | None) -> Callable[[Part], int]:
    """The order of quantities: as the definition lists its series, then as the rows do."""
    listed = [entry.code for entry in definition.series] if definition else []
    return lambda part: listed.index(part.series.code) if part.series.code in listed else len(listed)


def _identifying(columns: Sequence[str], options: Mapping[str, Any]) -> tuple[str, ...]:
    named = {options.get("series_column", "Series"), options.get("unit_column", "Units")}
    return tuple(c for c in columns if c in named or concept(c) in ("series", "unit_measure"))


@dataclass(slots=True)
class _Rows:
    """The rows of one quantity: without breakdown, and by the one column and category they have."""

    headline: list[int] = field(default_factory=list)
    broken_down: dict[str, dict[str, list[int]]] = field(default_factory=dict)


def _quantities(
    table: Table, fixed: Sequence[str], identifying: Sequence[str]
) -> dict[tuple[tuple[str, str], ...], _Rows]:
    """The rows of each quantity, which its cells in the identifying columns tell apart."""
    names = table.columns
    breaking = [position for position, name in enumerate(names) if name not in fixed]
    telling = [names.index(name) for name in identifying]
    found: dict[tuple[tuple[str, str], ...], _Rows] = {}
    for number, row in enumerate(table.rows):
        filled = [position for position in breaking if row[position]]
        if len(filled) > 1:
            continue
        identity = tuple((names[position], row[position]) for position in telling if row[position])
        rows = found.setdefault(identity, _Rows())
        if filled:
            categories = rows.broken_down.setdefault(names[filled[0]], {})
            categories.setdefault(row[filled[0]], []).append(number)
        else:
            rows.headline.append(number)
    return found


def _parts(
    table: Table,
    quantities: Mapping[tuple[tuple[str, str], ...], _Rows],
    definition: catalogue.Indicator | None,
    metadata: Mapping[str, Any],
    method: str,
) -> Iterable[Part]:
    """The quantities that have a headline; breakdowns only where a definition says what they mean."""
    for identity, rows in quantities.items():
        series = _series(table, rows.headline, identity)
        if not series.observations:
            continue
        settings = _settings(definition, metadata, identity)
        verdict = progress.towards(series, method=method, **settings)
        shown = list(rows.broken_down.items())[:MOST_PANELS] if definition is not None else []
        panels = {
            column: {category: _series(table, of, identity) for category, of in categories.items()}
            for column, categories in shown
            if 1 < len(categories) <= MOST_CATEGORIES
        }
        yield Part(identity, series, settings["target"], verdict, panels)


def _series(table: Table, rows: Sequence[int], identity: tuple[tuple[str, str], ...]) -> Series:
    """The observations of these rows by period; exact repeats count once, conflicting ones stay."""
    columns = [table.index(name) for name in ("time_period", "obs_value", "obs_status")]
    found: dict[tuple[Period, float | None, str], Observation] = {}
    for number in rows:
        row = table.rows[number]
        period, value, status_code = ("" if column is None else row[column] for column in columns)
        observation = _observation(period, value, status_code, table.place(number, "Value"))
        if observation is not None:
            found.setdefault((observation.period, observation.value, observation.status), observation)
    unit = next((cell for column, cell in identity if concept(column) == "unit_measure"), None)
    code = next((cell for column, cell in identity if concept(column) == "series"), table.code)
    observations = sorted(found.values(), key=lambda observation: observation.period)
    return Series(code, tuple(observations), unit)


def _observation(period: str, value: str, status_code: str, origin: Origin) -> Observation | None:
    """The observation of a row, or None where the row cannot be one; the faults name those rows."""
    code = catalogue.observation_status(status_code) or status_code or "A"
    try:
        when = Period.parse(period)
        if not value:
            return Observation(when, None, code, (), origin) if code in MISSING_STATUSES else None
        return Observation(when, float(value), code, (), origin)
    except ValueError:
        return None


def _settings(
    definition: catalogue.Indicator | None, metadata: Mapping[str, Any], identity: tuple[tuple[str, str], ...]
) -> dict[str, Any]:
    """The definition's direction, else the platform's; the platform's target and limit, else the former's."""
    own = _own_settings(metadata, identity)
    direction, target, limit = _DIRECTIONS.get(str(own.get("direction"))), None, _number(own.get("limit"))
    if definition is not None:
        direction = None if definition.direction == "none" else definition.direction
        target = definition.target
        series = next((cell for column, cell in identity if concept(column) == "series"), None)
        limit = limit if limit is not None else definition.bounds(series)[0].maximum
    value = _number(own.get("target"))
    if value is not None:
        target = Target(value, int(_number(own.get("target_year")) or 2030))
    base_year = _number(own.get("base_year"))
    settings = {"direction": direction, "target": target, "limit": limit}
    return settings | ({"base_year": int(base_year)} if base_year else {})


def _own_settings(metadata: Mapping[str, Any], identity: tuple[tuple[str, str], ...]) -> Mapping[str, Any]:
    """The platform's `progress_calculation_options` for this series; one without series is for all."""
    listed = metadata.get("progress_calculation_options")
    cells = {cell for _, cell in identity}
    for entry in listed if isinstance(listed, list) else ():
        if isinstance(entry, Mapping) and (not entry.get("series") or entry["series"] in cells):
            return entry
    return {}


def _number(value: Any) -> float | None:
    """The finite number that a field of the metadata gives, or None."""
    try:
        found = None if value in (None, "") or isinstance(value, bool) else float(value)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if found is not None and math.isfinite(found) else None
