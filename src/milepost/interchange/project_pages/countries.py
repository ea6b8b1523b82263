"""Lists of countries as pages print them: parted by commas, by line, or by nothing but a blank."""

import re
from difflib import get_close_matches
from functools import cache
from typing import Any, NamedTuple

from milepost.catalogue import projects

_TOKEN = re.compile(r"[,;/|\n(]|[\w’'.&]+(?:[’'][\w]+)*")
_SEPARATORS = frozenset(",;/|\n(")
_GLUED = re.compile(r"(?<=[a-zà-ÿа-яё])(?=[A-ZÀ-ÞА-ЯЁ])")
_CONNECTIVES = frozenset(["and", "et", "y", "и", "as", "well", "the", "les", "la", "le", "los"])
_END = ""


class Country(NamedTuple):
    """One name as printed; its code in the list "areas" ("" for an unknown name); whether the name is old."""

    printed: str
    code: str
    old: bool = False


def countries_in(text: str) -> list[Country]:
    """The countries of a list, in its order; words that name none come out together, without a code.

    >>> [c.printed for c in countries_in("Democratic Republic of the Congo Eswatini")]
    ['Democratic Republic of the Congo', 'Eswatini']
    >>> [c.printed for c in countries_in("Moldova, Republic of; ChileUruguay")]
    ['Moldova, Republic of', 'Chile', 'Uruguay']
    """
    tokens = [(_folded(found[0]), found.start(), found.end()) for found in _TOKEN.finditer(text)]
    listed: list[Country] = []
    stray: tuple[int, int] | None = None
    at = 0
    while at < len(tokens):
        word, start, end = tokens[at]
        length, known = _longest(tokens, at)
        if known is None and word not in _SEPARATORS and not (stray is None and word in _CONNECTIVES):
            stray = (stray[0] if stray else start, end)
        elif stray and (known is not None or word in _SEPARATORS):
            listed += _unknown(text[stray[0] : stray[1]])
            stray = None
        if known is not None:
            printed = text[start : tokens[at + length - 1][2]]
            listed.append(Country(_closed(printed), *known))
        at += length
    if stray:
        listed += _unknown(text[stray[0] : stray[1]])
    return listed


def are_countries(text: str) -> bool:
    """Whether a line is a list of countries, perhaps one misspelt, and not a sentence that names some."""
    if len(text) > 6000 or not text:
        return False
    listed = countries_in(text)
    known = sum(len(country.printed) for country in listed if country.code)
    strange = sum(len(country.printed) for country in listed if not country.code)
    if known:
        return known > 2 * strange
    return len(listed) == 1 and bool(near(listed[0].printed))


@cache
def near(name: str) -> str:
    """The country whose name most resembles an unknown one; "" where none does.

    >>> near("Kazakzstan")
    'Kazakhstan'
    """
    if len(name) > 60:
        return ""
    found = get_close_matches(_folded(name), _by_words(), n=1, cutoff=0.8)
    return _by_words()[found[0]] if found else ""


def country_code(name: str) -> str:
    """The code of one country by its name; "" for an unknown one."""
    found = countries_in(name)
    return found[0].code if len(found) == 1 else ""


def _longest(tokens: list[tuple[str, int, int]], at: int) -> tuple[int, tuple[str, bool] | None]:
    """(tokens used, what they name) of the longest name that begins here; (1, None) where none does."""
    node: Any = _tree().get(tokens[at][0])
    best: tuple[int, tuple[str, bool] | None] = (1, None)
    used = 1
    while node is not None:
        if _END in node:
            best = (used, node[_END])
        if at + used == len(tokens):
            break
        node = node.get(tokens[at + used][0])
        used += 1
    return best


def _unknown(printed: str) -> list[Country]:
    """Words that name no country; where two names were glued together, those two."""
    words = printed.split(" ")
    while words and _folded(words[-1]) in _CONNECTIVES:
        words.pop()
    printed = " ".join(words)
    if not printed:
        return []
    parts = _GLUED.split(printed)
    if len(parts) > 1 and " " not in printed:
        listed = [country_code(part) for part in parts]
        if all(listed):
            return [Country(part, code) for part, code in zip(parts, listed, strict=True)]
    return [Country(printed, "")]


def _closed(printed: str) -> str:
    """The name with the bracket closed that its last word stood before."""
    return printed + ")" if printed.count("(") > printed.count(")") else printed


@cache
def _folded(printed: str) -> str:
    if printed in _SEPARATORS:
        return printed
    if printed == "&":
        return "and"
    plain = projects.folded(printed)
    return "saint" if plain == "st" else plain


@cache
def _tree() -> dict[str, Any]:
    """Names of countries word by word: {first: {second: {"": (code, old)}}}."""
    root: dict[str, Any] = {}
    names = projects.country_names()
    for name, known in names.items():
        words = [_folded(found[0]) for found in _TOKEN.finditer(name)]
        _plant(root, words, known)
        before, bracket, _ = name.partition(" (")
        if (
            bracket and names.get(before, known) == known
        ):  # else "Congo Democratic Republic of the" is one, not two
            _plant(root, [word for word in words if word != "("], known)
    return root


def _plant(root: dict[str, Any], words: list[str], known: tuple[str, bool]) -> None:
    node = root
    for word in words:
        node = node.setdefault(word, {})
    node[_END] = known


@cache
def _by_words() -> dict[str, str]:
    return {projects.folded(name): name for name in projects.country_names()}
