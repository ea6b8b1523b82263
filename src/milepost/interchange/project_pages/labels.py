"""Labels of every language that has a file: what stands before a value, around a project, below it."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import yaml

from milepost.catalogue.projects import folded
from milepost.interchange import safe_yaml

FOLDER = Path(__file__).parent / "labels"
OTHER = "other"
"""The field of labels that are known, but have no place in the record."""
_CURRENCY = re.compile(r"\(\s*([A-Z]{3})\s*\)")
_PLURAL = re.compile(r"\(e?s\)", re.IGNORECASE)
_LONGEST = 10


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


@cache
def known() -> Labels:
    """All labels of all languages."""
    fields: dict[str, str] = {}
    sets: dict[str, set[str]] = {"headings": set(), "furniture": set(), "ends": set(), "evaluation": set()}
    project: list[str] = []
    for path in sorted(FOLDER.glob("*.yaml")):
        data = safe_yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        for field, texts in (*data["labels"].items(), (OTHER, data["other"])):
            for text in texts:
                fields.setdefault(key(text), field)
        sets["headings"].update(map(key, data["headings"]))
        sets["furniture"].update(map(key, data["furniture"]))
        sets["ends"].update(map(key, data["ends"]))
        sets["evaluation"].update(map(key, data["one_of_an_evaluation"]))
        project += data["project"]
    return Labels(
        fields,
        frozenset(sets["headings"]),
        frozenset(sets["furniture"]),
        frozenset(sets["ends"]),
        frozenset(sets["evaluation"]),
        tuple(project),
        frozenset(each.split(" ", 1)[0] for each in fields),
    )


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
def of(text: str) -> Label | None:
    """The label that a line consists of, or begins with before a colon, a tab or a bar; None for neither."""
    whole = len(text) < 100 and (text[-1:] != "." or text.endswith("No."))
    if whole and (field := known().fields.get(key(text))):
        bare = text.rstrip(": \t")
        return Label(bare, field, "", _currency(bare), sure=bare != text or " " in bare)
    for sign in ("\t", "|", ":", "：", "="):
        if sign not in text:
            continue
        printed, _, rest = text.partition(sign)
        if len(printed) < 100 and (field := known().fields.get(key(printed))):
            printed = printed.strip().rstrip(":")
            return Label(printed, field, rest.strip("\t|:： "), _currency(printed))
    return None


def candidates(text: str) -> list[Label]:
    """Labels that a line may begin with, with nothing but a blank before the value; the longest first."""
    if len(text) > 400:
        return []
    first = folded(text.split(" ", 1)[0])
    if _word(first.split(" ", 1)[0]) not in known().beginnings:
        return []
    words = text.split(" ")
    found = []
    for count in range(min(len(words) - 1, _LONGEST), 0, -1):
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


def _currency(printed: str) -> str | None:
    found = _CURRENCY.search(printed) or re.search(r"\b(USD|EUR|CHF|GBP)\b", printed)
    return found[1] if found else None
