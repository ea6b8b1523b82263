"""Tables and metadata of an Open SDG platform in one of its languages, by keys such as `data.female`."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from milepost.interchange.open_sdg.derive import fixed_columns
from milepost.values import Table

Words = Mapping[str, Mapping[str, str]]
"""{"group.key": {language: text}}; a key known in other languages only has no text."""


def words(translations: Mapping[str, Mapping[str, Mapping[str, str]]], languages: Iterable[str]) -> Words:
    """{language: {group: {key: text}}} as {"group.key": {language: text}}, with texts of `languages` only."""
    wanted = frozenset(languages)
    found: dict[str, dict[str, str]] = {}
    for language, groups in translations.items():
        for group, keys in groups.items():
            for key, text in keys.items():
                texts = found.setdefault(f"{group}.{key}", {})
                if language in wanted and text is not None:
                    texts[language] = text
    return found


def text(value: Any, language: str, known: Words, groups: Sequence[str]) -> Any:
    """The translation of a text that is a key, or a key in the first of `groups` to know it; else itself."""
    if not isinstance(value, str):
        return value
    return texts(value, known, groups).get(language, value)


def texts(value: str, known: Words, groups: Sequence[str]) -> Mapping[str, str]:
    """{language: translation} of a text, found as `text` finds it; empty where none knows it."""
    found = known.get(value)
    for group in groups:
        if found is not None:
            break
        found = known.get(f"{group}.{value}")
    return {} if found is None else found


def header(name: str, language: str, known: Words, non_disaggregation_columns: Iterable[str]) -> str:
    """A column's name; the platform's own columns keep theirs, and so does COMPOSITE_BREAKDOWN."""
    if name in fixed_columns(non_disaggregation_columns) or name == "COMPOSITE_BREAKDOWN":
        return name
    return text(name, language, known, (name, "data"))


def cell(value: str, column: str, language: str, known: Words) -> str:
    """A cell, by the group of its column (named as in the untranslated table), then by the group `data`."""
    return text(value, language, known, (column, "data")) if value else value


def table(
    source: Table,
    language: str,
    known: Words,
    non_disaggregation_columns: Iterable[str],
    kinds: Mapping[str, str],
) -> Table:
    """The table with its headers and texts translated; columns that `kinds` says are numbers stay.

    A table without rows becomes one with the columns Year and Value, as on the platform.
    """
    if not source.rows:
        return Table(source.code, ("Year", "Value"), (), source.origin)
    columns = []
    for name, cells in zip(source.columns, zip(*source.rows, strict=True), strict=True):
        if kinds.get(name, "text") != "text":
            columns.append(cells)
        else:
            translated = {value: cell(value, name, language, known) for value in set(cells)}
            columns.append([translated[value] for value in cells])
    fixed = fixed_columns(non_disaggregation_columns)
    names = tuple(header(name, language, known, fixed) for name in source.columns)
    return Table(source.code, names, list(zip(*columns, strict=True)), source.origin, source.lines)


def metadata(meta: Mapping[str, Any], language: str, known: Words) -> dict[str, Any]:
    """Metadata in a language: what stands under the language's own key wins; then every text, by `data`."""
    own = meta.get(language)
    if isinstance(own, Mapping):
        meta = {key: value for key, value in {**meta, **own}.items() if key != language}
    return {key: _anywhere(value, language, known) for key, value in meta.items()}


def _anywhere(value: Any, language: str, known: Words) -> Any:
    if isinstance(value, list | tuple):
        return [_anywhere(each, language, known) for each in value]
    if isinstance(value, Mapping):
        return {key: _anywhere(each, language, known) for key, each in value.items()}
    return text(value, language, known, ("data",))
