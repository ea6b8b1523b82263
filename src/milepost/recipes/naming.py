"""What an indicator and its quantities are called: in the platform's words, else in official ones."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from milepost import catalogue
from milepost.interchange.open_sdg import status, translate
from milepost.values import Text

TITLE_FIELDS = ("indicator_name", "indicator_name_national", "graph_title")
UNIT_FIELDS = ("computation_units", "unit_measurement")
MOST_SOURCES = 8

Metadata = Mapping[str, Any]
Identity = tuple[tuple[str, str], ...]
"""(column, cell) of the columns that tell quantities apart: series and unit."""


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A platform's translations, and the languages that are wanted."""

    known: translate.Words
    languages: Sequence[str]

    def each(self, words: Callable[[str], str]) -> Text:
        """The words in every language that has any."""
        return Text({language: found for language in self.languages if (found := words(language))})

    def label(self, text: str, column: str) -> Text:
        """A column's header, or a category in it, in every language."""
        return self.each(lambda language: translate.text(text, language, self.known, (column, "data")))

    def field(self, metadata: Metadata, name: str) -> Text:
        """A field of the metadata in words; nothing where it is empty or a key that nothing translates."""
        return self.each(lambda language: self._field(metadata, name, language))

    def _field(self, metadata: Metadata, name: str, language: str) -> str:
        own = metadata.get(language)
        value = own.get(name) if isinstance(own, Mapping) and own.get(name) else metadata.get(name)
        if not isinstance(value, str) or not value.strip():
            return ""
        found = translate.text(value, language, self.known, ("data",))
        return "" if found == value and _is_key(value) else found


def number(code: str, metadata: Metadata) -> str:
    """The code as people write it: 10.7.4."""
    return code if status.is_standalone(metadata) else code.replace("-", ".")


def goal(code: str, metadata: Metadata) -> str:
    """The number of the goal, "" for an indicator that stands outside the goals."""
    found = "" if status.is_standalone(metadata) else status.goal(code, metadata)
    return found if found.isdigit() else ""


def goals() -> dict[str, Text]:
    """The short names of the goals, by number."""
    return {item.code: item.short or item.name for item in catalogue.goals()}


def title(code: str, metadata: Metadata, words: Vocabulary) -> Text:
    """What the indicator is called: in the platform's words, else officially, else its number."""
    own = _first([words.field(metadata, name) for name in TITLE_FIELDS], words)
    if len(own) == len(words.languages):
        return own
    official = catalogue.indicator_title(number(code, metadata))
    return _first([own, official], words) or official or Text(en=number(code, metadata))


def quantity(identity: Identity, definition: catalogue.Indicator | None, words: Vocabulary) -> Text:
    """What one of several quantities is called: its series and unit, in words where there are any."""

    def named(column: str, cell: str, language: str) -> str:
        text = translate.cell(cell, column, language, words.known)
        measured = definition.measured(cell) if definition is not None else None
        return measured.name.get(language, text) if text == cell and measured is not None else text

    return words.each(lambda language: ", ".join(named(column, cell, language) for column, cell in identity))


def unit(
    code: str | None,
    identity: Identity,
    metadata: Metadata,
    definition: catalogue.Indicator | None,
    words: Vocabulary,
) -> Text:
    """The unit: of the rows, else of the metadata, else of the definition."""
    column = next((column for column, cell in identity if cell == code), None)
    if code and column:
        return words.each(lambda language: _unit(code, column, language, words.known))
    texts = [words.field(metadata, name) for name in UNIT_FIELDS]
    return _first([*texts, definition.unit.name if definition is not None else Text()], words)


def _unit(cell: str, column: str, language: str, known: translate.Words) -> str:
    text = translate.cell(cell, column, language, known)
    names = catalogue.code_list("unit").codes.get(cell)
    return names.get(language, cell) if text == cell and names else text


def source(metadata: Metadata, words: Vocabulary) -> Text:
    """The organisations that the metadata name as sources, with the year where there is one."""

    def listed(language: str) -> str:
        found = []
        for place in range(1, MOST_SOURCES):
            organisation = words.field(metadata, f"source_organisation_{place}").get(language)
            if organisation and metadata.get(f"source_active_{place}") is not False:
                year = metadata.get(f"source_year_{place}")
                found.append(f"{organisation}, {year}" if year else organisation)
        return "; ".join(dict.fromkeys(found))

    return words.each(listed)


def _first(texts: Sequence[Text], words: Vocabulary) -> Text:
    """In each language the first of the texts that has it."""
    return words.each(lambda language: next((text[language] for text in texts if text.get(language)), ""))


def _is_key(text: str) -> bool:
    """Whether a text is a translation key, such as global_indicators.10-7-2-title."""
    group, dot, key = text.partition(".")
    return bool(dot and group and key) and " " not in text and not text.endswith(".")
