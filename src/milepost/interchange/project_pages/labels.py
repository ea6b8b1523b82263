"""Labels of every language that has a file: what stands before a value, around a project, below it."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from milepost.catalogue.projects import folded
from milepost.errors import MilepostError, refuse
from milepost.interchange import limits, safe_yaml
from milepost.values import Problem

FOLDER = Path(__file__).parent / "labels"
FACTS = ("start", "end", "period", "status", "type", "budget", "coverage", "year", "region", "prima_id",
         "project_id", "member_states")  # fmt: skip
"""Fields of the short facts of a project; title and narrative stand around them."""
OTHER = "other"
"""The field of labels that are known, but have no place in the record."""
_SETS = ("headings", "furniture", "ends", "one_of_an_evaluation")
_COOKIES = re.compile(r"\b(?:cookies?|куки)\b", re.IGNORECASE)
_CURRENCY = re.compile(r"\(\s*([A-Z]{3})\s*\)")
_PLURAL = re.compile(r"\(e?s\)", re.IGNORECASE)
_NOTE = re.compile(r"\s*\([^()]*\)")
LONGEST = 10
"""Words of the longest label that is looked for within a line."""


class Label(NamedTuple):
    """A label as printed: its field, what follows on its line, and the currency that it names."""

    printed: str
    field: str
    rest: str = ""
    currency: str | None = None
    sure: bool = True
    """Whether a sign (colon, tab) or several words make it a label beyond doubt."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The label files put together, every text by its `key`."""

    fields: dict[str, str]
    headings: frozenset[str]
    furniture: frozenset[str]
    ends: frozenset[str]
    of_an_evaluation: frozenset[str]
    project: tuple[str, ...]
    beginnings: frozenset[str]


_more: list[Path] = []


def use(files: Iterable[Path | str]) -> None:
    """Know the labels of further files, such as those of another language, beside the ones that ship.

    They hold for all pages that are read from now on in this process, until `use` is called again. Raises
    MilepostError, one fault for each file that is missing or not made like the files in `labels/`.
    """
    files = [Path(file) for file in files]
    problems: list[Problem] = []
    for file in files:
        try:
            _load(file)
        except MilepostError as error:
            problems += error.problems
    if problems:
        raise MilepostError(problems)
    _more[:] = files
    for kept in (known, of, is_of_the_site):
        kept.cache_clear()


@cache
def known() -> Labels:
    """All labels of all languages. Where two files disagree, the files that ship are right."""
    fields: dict[str, str] = {}
    sets: dict[str, set[str]] = {name: set() for name in _SETS}
    project: list[str] = []
    for path in (*sorted(FOLDER.glob("*.yaml")), *_more):
        data = _load(path)
        for field, texts in (*data["labels"].items(), (OTHER, data.get("other", []))):
            for text in texts:
                fields.setdefault(key(text), field)
        for name, texts in sets.items():
            texts.update(map(key, data.get(name, [])))
        project += data.get("project", [])
    return Labels(
        fields,
        headings=frozenset(sets["headings"]),
        furniture=frozenset(sets["furniture"]),
        ends=frozenset(sets["ends"]),
        of_an_evaluation=frozenset(sets["one_of_an_evaluation"]),
        project=tuple(map(re.escape, project)),
        beginnings=frozenset(each.split(" ", 1)[0] for each in fields),
    )


def _load(path: Path) -> dict[str, Any]:
    """A label file as it stands; refuses one that is not made like the others."""
    limits.check_size(path)
    try:
        data = safe_yaml.load(limits.contents(path).decode("utf-8-sig"), yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise refuse("project-labels", str(path), why=" ".join(str(error).split())) from error
    if why := _fault(data):
        raise refuse("project-labels", str(path), why=why)
    return data


def _fault(data: Any) -> str:
    """What is wrong with a label file; "" for nothing."""
    if not isinstance(data, dict) or not isinstance(data.get("labels"), dict):
        return "it has no labels"
    lists = {**data["labels"], **{name: data[name] for name in (OTHER, "project", *_SETS) if name in data}}
    if strange := [
        str(name) for name in data if name not in ("language", "labels", OTHER, "project", *_SETS)
    ]:
        return f"{strange[0]} is not known here"
    if strange := [str(name) for name in data["labels"] if name not in (*FACTS, "title", "narrative")]:
        return f"{strange[0]} is no field of a project"
    wrong = [name for name, texts in lists.items() if not _are_texts(texts)]
    return f"{wrong[0]} is no list of texts" if wrong else ""


def _are_texts(texts: Any) -> bool:
    return isinstance(texts, list) and all(isinstance(text, str) and text.strip() for text in texts)


@cache
def _word(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") else word


@lru_cache(maxsize=16_384)
def key(text: str) -> str:
    """What makes two labels the same.

    >>> key("Benefiting Member State(s):") == key("BENEFITING MEMBER STATES")
    True
    """
    if "(" in text:
        text = _CURRENCY.sub("", _PLURAL.sub("", text))
    return " ".join(map(_word, folded(text).split()))


@lru_cache(maxsize=16_384)
def is_of_the_site(text: str) -> bool:
    """Whether a line belongs to the site, not to the project: menus, footer, what it says of cookies."""
    if len(text) < 300 and _COOKIES.search(text):
        return True
    plain = key(text)
    return not plain or plain in known().furniture or plain in known().ends


@lru_cache(maxsize=16_384)
def of(text: str) -> Label | None:
    """The label that a line consists of, or begins with before a colon, a tab or a bar; None for neither."""
    text = text.lstrip("# ") if text[:1] == "#" else text  # a heading of Markdown
    whole = len(text) < 100 and (text[-1:] != "." or text.endswith("No."))
    if whole and (field := known().fields.get(key(text)) or _with_currency(text)):
        bare = text.rstrip(": \t")
        return Label(bare, field, "", _currency(bare), sure=bare != text or " " in bare)
    for sign in ("\t", "|", ":", "：", "=", "→", ";"):
        if sign not in text:
            continue
        printed, _, rest = text.partition(sign)
        if len(printed) < 100 and (field := _field(printed)):
            printed = printed.strip().rstrip(":")
            return Label(printed, field, rest.strip("\t|:： "), _currency(printed))
    return None


def _with_currency(text: str) -> str | None:
    """The field of a label that ends in a currency in brackets, such as "Budget (in US$)"."""
    note = _NOTE.search(text)
    return _field(text) if note and _currency(note[0]) and not any(map(str.isdigit, note[0])) else None


def _field(text: str) -> str | None:
    """The field of a label; a note in brackets, such as "(in US$)", makes no difference."""
    fields = known().fields
    found = fields.get(key(text))
    if found is None and "(" in text and text[:1] != "(":
        found = fields.get(key(_NOTE.sub("", text)))
    return found


def candidates(text: str) -> list[Label]:
    """Labels that a line may begin with, with nothing but a blank before the value; the longest first."""
    if len(text) > 400:
        return []
    first = folded(text.split(" ", 1)[0])
    if _word(first.split(" ", 1)[0]) not in known().beginnings:
        return []
    words = text.split(" ")
    found = []
    for count in range(min(len(words) - 1, LONGEST), 0, -1):
        printed = " ".join(words[:count])
        if field := known().fields.get(key(printed)):
            printed = printed.rstrip(" :–—-")
            rest = " ".join(words[count:]).lstrip(" :–—-")
            found.append(Label(printed, field, rest, _currency(printed)))
    return found


def unknown(text: str) -> Label | None:
    """What looks like a label that no file knows: a few words before a colon or a tab."""
    for sign in ("\t", ":"):
        printed, found, rest = text.partition(sign)
        if found and 1 <= len(printed.split()) <= 6 and len(printed) <= 60 and not printed.startswith("http"):
            return Label(printed.strip(), "", rest.strip("\t: "))
    return None


_CURRENCIES = (
    (re.compile(r"US\s?\$|\$\s?US\b|U\.S\.|dollars? (?:É|E)|dollars? américain|долл\S* США|EE\. ?UU"), "USD"),
    (re.compile("€|euros?", re.IGNORECASE), "EUR"),
    (re.compile("£"), "GBP"),
)


def _currency(printed: str) -> str | None:
    found = _CURRENCY.search(printed) or re.search(r"\b(USD|EUR|CHF|GBP)\b", printed)
    if found:
        return found[1]
    return next((code for pattern, code in _CURRENCIES if pattern.search(printed)), None)
