"""One indicator as the overview shows it and as its JSON file holds it."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from milepost import catalogue
from milepost.interchange.open_sdg import derive, status, translate
from milepost.recipes.indicator import Part, Sheet
from milepost.recipes.words import problem_as_dict, verdict_as_dict
from milepost.reports import sentences
from milepost.reports.overview import Coverage, Entry, Panel
from milepost.values import Period, Table, Text, Verdict

TITLE_FIELDS = ("indicator_name", "indicator_name_national", "graph_title")


def of(
    sheet: Sheet, known: translate.Words, languages: Sequence[str], method: str, downloads: Mapping[str, str]
) -> Entry:
    """The entry of the overview: the first quantity leads, further ones stand beside it as panels."""
    first = sheet.parts[0] if sheet.parts else None
    verdict = first.verdict if first else Verdict(method, "not_assessed", reason="no_values")
    return Entry(
        code=sheet.code,
        number=number(sheet),
        title=title(sheet, known, languages),
        goal=goal(sheet),
        verdict=verdict,
        unit=unit(sheet, first, known, languages),
        headline=first.series if first else None,
        headline_name=_headline_name(sheet, known, languages),
        panels=tuple(_panels(sheet, known, languages)),
        target=first.target if first else None,
        reporting_status=sheet.reporting_status,
        disaggregation_status=sheet.disaggregation_status,
        source=source(sheet, known, languages),
        coverage=coverage(sheet),
        problems=sheet.problems,
        downloads=downloads,
        definition=_in_all(
            lambda language: _words(sheet, "computation_definitions", known, language), languages
        ),
        notes=_in_all(lambda language: _notes(sheet, verdict, known, language), languages),
    )


def _headline_name(sheet: Sheet, known: translate.Words, languages: Sequence[str]) -> Text:
    """What the first quantity is called, where the title does not say it: one of several, or a class."""
    is_class = sheet.definition is not None and bool(sheet.definition.codes)
    if sheet.parts and (len(sheet.parts) > 1 or is_class):
        return name(sheet, sheet.parts[0], known, languages)
    return Text()


def _notes(sheet: Sheet, verdict: Verdict, known: translate.Words, language: str) -> str:
    """What to keep in mind: the platform's own words, else why the definition names no better direction."""
    own = _words(sheet, "comments_limitations", known, language)
    if own or sheet.definition is None or verdict.reason != "no_direction":
        return own
    return sheet.definition.direction_reason.get(language, "")


def as_dict(sheet: Sheet, data: Table, known: translate.Words, language: str) -> dict[str, Any]:
    """The content of the indicator's JSON file in one language; `data` is its table in that language."""
    languages = (language,)
    return {
        "code": sheet.code,
        "indicator": number(sheet),
        "goal": goal(sheet),
        "language": language,
        "title": title(sheet, known, languages).best(language)[0],
        "definition": _definition(sheet),
        "reporting_status": sheet.reporting_status,
        "disaggregation_status": sheet.disaggregation_status,
        "coverage": _coverage_as_dict(coverage(sheet)),
        "source": source(sheet, known, languages).best(language)[0],
        "series": [_part_as_dict(sheet, part, known, language) for part in sheet.parts],
        "headline": _records(derive.headline(data, sheet.fixed)),
        "edges": [{"from": parent, "to": child} for parent, child in derive.edges(data, sheet.fixed)],
        "data": dict(_columns(data)),
        "metadata": translate.metadata(sheet.metadata, language, known),
        "faults": [problem_as_dict(problem, language) for problem in sheet.problems],
        "file": sheet.table.origin.file,
    }


# Names ------------------------------------------------------------------------------------------------------


def number(sheet: Sheet) -> str:
    """The code as people write it: 10.7.4."""
    return sheet.code if status.is_standalone(sheet.metadata) else sheet.code.replace("-", ".")


def goal(sheet: Sheet) -> str:
    """The number of the goal, "" for an indicator that stands outside the goals."""
    found = "" if status.is_standalone(sheet.metadata) else status.goal(sheet.code, sheet.metadata)
    return found if found.isdigit() else ""


def title(sheet: Sheet, known: translate.Words, languages: Sequence[str]) -> Text:
    """What the indicator is called: in the platform's words, else the definition's, else the framework's."""

    official = _official_title(number(sheet))

    def words(language: str) -> str:
        named = (_words(sheet, field, known, language) for field in TITLE_FIELDS)
        return next(filter(None, named), "") or official.get(language, "")

    found = _in_all(words, languages)
    return found or Text(en=number(sheet))


def _official_title(code: str) -> Text:
    """The official name of a global indicator, where the catalogue has it."""
    return _official_titles().get(code, Text())


@lru_cache(maxsize=1)
def _official_titles() -> dict[str, Text]:
    return {item.code: item.name for item in catalogue.framework("sdg").level("indicator")}


def name(sheet: Sheet, part: Part, known: translate.Words, languages: Sequence[str]) -> Text:
    """What one of several quantities is called: its series and unit, in words where there are any."""

    def words(language: str) -> str:
        texts = []
        for column, cell in part.identity:
            text = translate.cell(cell, column, language, known)
            measured = sheet.definition.measured(cell) if sheet.definition else None
            if text == cell and measured is not None and measured.name.get(language):
                text = measured.name[language]
            texts.append(text)
        return ", ".join(texts)

    return _in_all(words, languages)


def unit(sheet: Sheet, part: Part | None, known: translate.Words, languages: Sequence[str]) -> Text:
    """The unit: of the rows, else of the metadata, else of the definition."""

    def words(language: str) -> str:
        if part is not None and part.series.unit:
            for column, cell in part.identity:
                if cell == part.series.unit:
                    text = translate.cell(cell, column, language, known)
                    return text if text != cell else _unit_name(cell, language)
        found = _words(sheet, "computation_units", known, language) or _words(
            sheet, "unit_measurement", known, language
        )
        if not found and sheet.definition is not None:
            found = sheet.definition.unit.name.get(language, "")
        return found

    return _in_all(words, languages)


def _unit_name(code: str, language: str) -> str:
    names = catalogue.code_list("unit").codes.get(code)
    return names.get(language, code) if names else code


def source(sheet: Sheet, known: translate.Words, languages: Sequence[str]) -> Text:
    """The organisations that the metadata name as sources, with the year where there is one."""

    def words(language: str) -> str:
        metadata = translate.metadata(sheet.metadata, language, known)
        found = []
        for n in range(1, 8):
            if metadata.get(f"source_active_{n}") is False:
                continue
            organisation = metadata.get(f"source_organisation_{n}")
            if isinstance(organisation, str) and organisation:
                year = metadata.get(f"source_year_{n}")
                found.append(f"{organisation}, {year}" if year else organisation)
        return "; ".join(dict.fromkeys(found))

    return _in_all(words, languages)


def _words(sheet: Sheet, field: str, known: translate.Words, language: str) -> str:
    """A field of the metadata in words; "" where it is empty or a translation key that nothing translates."""
    own = sheet.metadata.get(language)
    value = own.get(field) if isinstance(own, Mapping) and own.get(field) else sheet.metadata.get(field)
    if not isinstance(value, str) or not value.strip():
        return ""
    found = translate.text(value, language, known, ("data",))
    return "" if found == value and _is_key(value) else found


def _is_key(text: str) -> bool:
    """Whether a text is a translation key, such as global_indicators.10-7-2-title."""
    group, dot, key = text.partition(".")
    return bool(dot and group and key) and " " not in text and not text.endswith(".")


def _in_all(words: Any, languages: Sequence[str]) -> Text:
    return Text({language: text for language in languages if (text := words(language))})


def goals() -> dict[str, Text]:
    """The short names of the goals, by number."""
    return {item.code: item.short or item.name for item in catalogue.framework("sdg").level("goal")}


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


def _panels(sheet: Sheet, known: translate.Words, languages: Sequence[str]) -> list[Panel]:
    """The breakdowns of the first quantity; then the other quantities in the same unit, if there are any."""
    if not sheet.parts:
        return []
    first, *others = sheet.parts

    def label(text: str, column: str) -> Text:
        return _in_all(lambda language: translate.text(text, language, known, (column, "data")), languages)

    panels: list[Panel] = [
        (label(column, column), {label(category, column): series for category, series in categories.items()})
        for column, categories in first.panels.items()
    ]
    alike = [part for part in others if part.series.unit == first.series.unit]
    if alike and sheet.definition is not None:
        further = {name(sheet, part, known, languages): part.series for part in alike}
        panels.append((_in_all(sentences.further_series, languages), further))
    return panels


def _part_as_dict(sheet: Sheet, part: Part, known: translate.Words, language: str) -> dict[str, Any]:
    return {
        "series": part.series.code,
        "name": name(sheet, part, known, (language,)).best(language)[0],
        "unit": unit(sheet, part, known, (language,)).best(language)[0],
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
