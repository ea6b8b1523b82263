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
_FORM = re.compile(
    r"(?:the )?(?:(?:(?:islamic|federal|democratic|united|plurinational|socialist) )?republic|kingdom|"
    r"state|commonwealth|principality|grand duchy|sultanate|union|federation) of(?: the)?|"
    r"(?:la |le |l )?(?:republique|royaume|etat|principaute|federation)(?: \w+)? (?:du|de la|de l|de|des|d)|"
    r"(?:la |el )?(?:republica|reino|estado)(?: \w+)? (?:de la|del|de los|de)|республика|королевство"
)
_LONGEST_NOTE = 60
_ORDINAL = re.compile(r"\W*\d{1,3}\W*|[*†]+")
_FORMERLY = re.compile(r"\b(?:formerly|former|previously|ex|anciennement|бывш\w*)\b[- ]?", re.IGNORECASE)


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
    starts = at = 0
    while at < len(tokens):
        word, start, end = tokens[at]
        length, known = _longest(tokens, at)
        if known is None and word == "(" and (note := _note(text, tokens, at, listed, stray)):
            stop, at = note
            if stray:
                stray = (stray[0], stop)
            else:
                listed[-1] = listed[-1]._replace(printed=text[starts:stop])
            continue
        if known is None and word not in _SEPARATORS and not (stray is None and word in _CONNECTIVES):
            stray = (stray[0] if stray else start, end)
        elif stray and known is not None and _is_form(text[stray[0] : start]):
            start, stray = stray[0], None  # "Republic of Kenya"
        elif stray and (known is not None or word in _SEPARATORS):
            listed += _unknown(text[stray[0] : stray[1]])
            stray = None
        if known is not None:
            printed = text[start : tokens[at + length - 1][2]].replace("\n", " ")
            listed.append(Country(_closed(printed), *known))
            starts = start
        at += length
    if stray:
        listed += _unknown(text[stray[0] : stray[1]])
    return listed


def _is_form(words: str) -> bool:
    """Whether words before a name are its form of state, such as "Republic of"."""
    return _FORM.fullmatch(projects.folded(words)) is not None


def _note(
    text: str,
    tokens: list[tuple[str, int, int]],
    at: int,
    listed: list[Country],
    stray: tuple[int, int] | None,
) -> tuple[int, int] | None:
    """(where a note in brackets ends, the token after it) for one that belongs to the name before it.

    "Kenya (lead)", "Eswatini (formerly Swaziland)"; but not "Africa (Kenya, Uganda)".
    """
    close = text.find(")", tokens[at][1], tokens[at][1] + _LONGEST_NOTE)
    inside = text[tokens[at][2] : close]
    if close < 0 or (not listed and not stray):
        return None
    if projects.project_word("coverage", inside):  # "Fiji (national)" says two things
        return None
    named = [country.code for country in countries_in(_FORMERLY.sub("", inside))]
    same = "" if stray else listed[-1].code
    if any(code and code != same for code in named):
        return None
    if not stray and any(map(str.isdigit, inside)):  # "Kenya (2019)" is no name
        return None
    after = at + 1
    while after < len(tokens) and tokens[after][1] < close:
        after += 1
    return close + 1, after


def are_countries(text: str) -> bool:
    """Whether a line is a list of countries, perhaps one misspelt, and not a sentence that names some."""
    if len(text) > 6000 or not text:
        return False
    listed = countries_in(text)
    known = sum(len(country.printed) for country in listed if country.code)
    strange = sum(len(country.printed) for country in listed if not country.code)
    if known:
        return known > 2 * strange
    return len(listed) == 1 and not projects.project_word("region", text) and bool(near(listed[0].printed))


def is_connective(text: str) -> bool:
    """Whether a line is a word between two countries, such as "and"."""
    return _folded(text) in _CONNECTIVES


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
        while best[1] is None and at + used < len(tokens) and tokens[at + used][0] == "\n":
            used += 1  # what names nothing yet may go on in the next line
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
    if not projects.folded(printed) or _ORDINAL.fullmatch(printed):
        return []
    parts = _GLUED.split(printed)
    if len(parts) > 1 and " " not in printed:
        listed = [country_code(part) for part in parts]
        if all(listed):
            return [Country(part, code) for part, code in zip(parts, listed, strict=True)]
    return [Country(printed, "")]


def _closed(printed: str) -> str:
    """The name without the end of its sentence, with the bracket closed that its last word stood before."""
    if printed[-1] == "." and printed not in projects.country_names():
        printed = printed[:-1]
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
