"""Words of project pages that ship: types, regions, coverage, status, and further names of countries."""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from milepost.catalogue.reading import read
from milepost.catalogue.shipped import DATA, code_list
from milepost.values import Text

WORD_KINDS = ("type", "region", "coverage", "status")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a vocabulary: its code, its name by language, and other spellings that pages print.

    `inferred` says of a type that no source shows its code, the prefix of project codes, beside its name.
    """

    code: str
    name: Text
    also: tuple[str, ...] = ()
    inferred: bool = False

    def spellings(self) -> tuple[str, ...]:
        """Every way in which the word is written."""
        return (*self.name.values(), *self.also)


@cache
def project_words(kind: str) -> tuple[Word, ...]:
    """The vocabulary of one kind (of WORD_KINDS), in the order of its file."""
    return _vocabularies()[kind]


def project_word(kind: str, text: str) -> Word | None:
    """The word that a page prints, in any language and spelling; None for an unknown one.

    >>> project_word("type", "migration de main-d'oeuvre").code, project_word("status", "Somehow")
    ('LM', None)
    """
    return _by_spelling()[kind].get(folded(text))


@cache
def country_names() -> Mapping[str, tuple[str, bool]]:
    """{name: (code, whether the name is old)}; the code is that of the list "areas", else of ISO 3166-1."""
    areas = code_list("areas")
    countries = {code for code, known in areas.annotations.items() if known.get("kind") == "country"}
    names = {
        name: (code, False)
        for code in areas.codes
        if code in countries
        for language, name in areas.codes[code].items()
        if language != "ky"  # its names are never on such pages, and some are another country's elsewhere
    }
    by_iso = {areas.annotations[code]["iso2"]: code for code in countries}
    more_names: dict[str, dict[str, list[str]]] = _page("country_names")["names"]
    for iso, more in more_names.items():
        code: str = by_iso.get(iso, iso)  # a territory that is not in the list keeps its own code
        names.update((name, (code, False)) for name in more.get("also", ()))
        names.update((name, (code, True)) for name in more.get("old", ()))
    return names


_NO_WORD = re.compile(r"[\W_]+")


@lru_cache(maxsize=16_384)  # menus, labels and words come again on every page
def folded(text: str) -> str:
    """Letters and digits only, without accents and capitals, so that spellings of one word compare equal.

    >>> folded("Migration de main-d’œuvre") == folded("MIGRATION DE MAIN-D'OEUVRE")
    True
    """
    plain = text.casefold().replace("œ", "oe").replace("&", " and ")
    if not plain.isascii():
        parts = unicodedata.normalize("NFKD", plain)
        plain = "".join(letter for letter in parts if not unicodedata.combining(letter))
    return _NO_WORD.sub(" ", plain).strip()


@cache
def _vocabularies() -> dict[str, tuple[Word, ...]]:
    data = _page("vocabulary")
    return {kind: tuple(_words(data[kind])) for kind in WORD_KINDS}


def _words(entries: list[dict[str, Any]]) -> Iterator[Word]:
    for entry in entries:
        yield Word(
            entry["code"], Text(entry["name"]), tuple(entry.get("also", ())), entry.get("inferred", False)
        )


@cache
def _by_spelling() -> dict[str, dict[str, Word]]:
    return {
        kind: {folded(spelling): word for word in words for spelling in word.spellings()}
        for kind, words in _vocabularies().items()
    }


def _page(stem: str) -> dict[str, Any]:
    path = DATA / "projects" / f"{stem}.yaml"
    return read(path.read_text(encoding="utf-8"), f"projects/{stem}.yaml").data
