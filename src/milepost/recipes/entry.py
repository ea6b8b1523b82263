"""One indicator as the overview shows it and as its JSON file holds it."""

from collections.abc import Mapping
from typing import Any

from milepost.interchange.open_sdg import derive, translate
from milepost.recipes import naming
from milepost.recipes.indicator import Part, Sheet
from milepost.recipes.naming import Vocabulary
from milepost.recipes.words import problem_as_dict, verdict_as_dict
from milepost.reports import sentences
from milepost.reports.overview import Coverage, Entry, Panel
from milepost.values import Period, Table, Text, Verdict


def of(sheet: Sheet, words: Vocabulary, method: str, downloads: Mapping[str, str]) -> Entry:
    """The entry of the overview: the first quantity leads, further ones stand beside it as panels."""
    first = sheet.parts[0] if sheet.parts else None
    verdict = first.verdict if first else Verdict(method, "not_assessed", reason="no_values")
    return Entry(
        code=sheet.code,
        number=naming.number(sheet.code, sheet.metadata),
        title=naming.title(sheet.code, sheet.metadata, words),
        goal=naming.goal(sheet.code, sheet.metadata),
        verdict=verdict,
        unit=_unit(sheet, first, words),
        headline=first.series if first else None,
        headline_name=_headline_name(sheet, words),
        panels=tuple(_panels(sheet, words)),
        target=first.target if first else None,
        reporting_status=sheet.reporting_status,
        disaggregation_status=sheet.disaggregation_status,
        source=naming.source(sheet.metadata, words),
        coverage=coverage(sheet),
        problems=sheet.problems,
        downloads=downloads,
        definition=words.field(sheet.metadata, "computation_definitions"),
        notes=_notes(sheet, verdict, words),
    )


def as_dict(sheet: Sheet, data: Table, known: translate.Words, language: str) -> dict[str, Any]:
    """The content of the indicator's JSON file in one language; `data` is its table in that language."""
    words = Vocabulary(known, (language,))
    return {
        "code": sheet.code,
        "indicator": naming.number(sheet.code, sheet.metadata),
        "goal": naming.goal(sheet.code, sheet.metadata),
        "language": language,
        "title": naming.title(sheet.code, sheet.metadata, words).best(language)[0],
        "definition": _definition(sheet),
        "reporting_status": sheet.reporting_status,
        "disaggregation_status": sheet.disaggregation_status,
        "coverage": _coverage_as_dict(coverage(sheet)),
        "source": naming.source(sheet.metadata, words).best(language)[0],
        "series": [_part_as_dict(sheet, part, words, language) for part in sheet.parts],
        "headline": _records(derive.headline(data, sheet.fixed)),
        "edges": [{"from": parent, "to": child} for parent, child in derive.edges(data, sheet.fixed)],
        "data": dict(_columns(data)),
        "metadata": translate.metadata(sheet.metadata, language, known),
        "faults": [problem_as_dict(problem, language) for problem in sheet.problems],
        "file": sheet.table.origin.file,
    }


def _headline_name(sheet: Sheet, words: Vocabulary) -> Text:
    """What the first quantity is called, where the title does not say it: one of several, or a class."""
    is_class = sheet.definition is not None and bool(sheet.definition.codes)
    for first in sheet.parts[:1]:
        if len(sheet.parts) > 1 or is_class:
            return naming.quantity(first.identity, sheet.definition, words)
    return Text()


def _unit(sheet: Sheet, part: Part | None, words: Vocabulary) -> Text:
    code, identity = (part.series.unit, part.identity) if part else (None, ())
    return naming.unit(code, identity, sheet.metadata, sheet.definition, words)


def _notes(sheet: Sheet, verdict: Verdict, words: Vocabulary) -> Text:
    """What to keep in mind: the platform's own words, else why the definition names no better direction."""
    own = words.field(sheet.metadata, "comments_limitations")
    if own or sheet.definition is None or verdict.reason != "no_direction":
        return own
    return sheet.definition.direction_reason


def _panels(sheet: Sheet, words: Vocabulary) -> list[Panel]:
    """The breakdowns of the first quantity; then the other quantities in the same unit, if there are any."""
    if not sheet.parts:
        return []
    first, *others = sheet.parts
    panels: list[Panel] = []
    for column, categories in first.panels.items():
        named = {words.label(category, column): series for category, series in categories.items()}
        panels.append((words.label(column, column), named))
    alike = [part for part in others if part.series.unit == first.series.unit]
    if alike and sheet.definition is not None:
        further = {naming.quantity(part.identity, sheet.definition, words): part.series for part in alike}
        panels.append((words.each(sentences.further_series), further))
    return panels


# Figures ----------------------------------------------------------------------------------------------------


def coverage(sheet: Sheet) -> Coverage:
    """First and last year with a value, how many values, how many breakdown columns."""
    period_at, value_at = sheet.table.index("time_period"), sheet.table.index("obs_value")
    if period_at is None or value_at is None:
        return Coverage()
    years = []
    values = 0
    for row in sheet.table.rows:
        if row[value_at]:
            values += 1
            years.append(row[period_at])
    known = sorted(_years(set(years)))
    return Coverage(
        known[0] if known else None, known[-1] if known else None, values, len(sheet.breakdowns())
    )


def _years(texts: set[str]) -> list[int]:
    found = []
    for text in texts:
        try:
            found.append(Period.parse(text).year)
        except ValueError:  # a fault, and listed as such
            continue
    return found


def _part_as_dict(sheet: Sheet, part: Part, words: Vocabulary, language: str) -> dict[str, Any]:
    return {
        "series": part.series.code,
        "name": naming.quantity(part.identity, sheet.definition, words).best(language)[0],
        "unit": _unit(sheet, part, words).best(language)[0],
        "observations": [
            {"period": o.period.text, "value": o.value, "status": o.status} for o in part.series.observations
        ],
        "target": {"value": part.target.value, "year": part.target.year} if part.target else None,
        "verdict": verdict_as_dict(part.verdict, language),
    }


def _definition(sheet: Sheet) -> dict[str, Any] | None:
    found = sheet.definition
    if found is None:
        return None
    return {
        "code": found.code,
        "revision": found.revision,
        "source": found.source.title,
        "url": found.source.url,
    }


def _coverage_as_dict(found: Coverage) -> dict[str, Any]:
    return {
        "first": found.first,
        "last": found.last,
        "observations": found.observations,
        "breakdowns": found.breakdowns,
    }


def _records(table: Table) -> list[dict[str, str]]:
    return [dict(zip(table.columns, row, strict=True)) for row in table.rows]


def _columns(table: Table) -> list[tuple[str, list[str]]]:
    if not table.rows:
        return [(column, []) for column in table.columns]
    return [
        (name, list(cells)) for name, cells in zip(table.columns, zip(*table.rows, strict=True), strict=True)
    ]
