"""The code lists of IATI: every code of a file must be in the list of its place."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs

from milepost.catalogue import iati as standard


class Fault(NamedTuple):
    """A code that is not in its list."""

    element: etree._Element
    attribute: str
    value: str
    list: str
    complete: bool


class _Place(NamedTuple):
    """Where codes stand: the names of the elements above, the attribute ("" is the text), and the list.

    `vocabulary` is the one whose codes are in the list (None: any); by `default` it need not be named.
    """

    above: tuple[str, ...]
    attribute: str
    list: str
    codes: Mapping[str, str]
    vocabulary: str | None
    default: bool


def faults(root: etree._Element, edition: str) -> Iterator[Fault]:
    """Every code of a file that is not in the list of its place, by the places of the edition "1" or "2"."""
    places = _places(edition)
    for element in root.iter(*places):
        for place in places[element.tag]:
            value = element.get(place.attribute) if place.attribute else element.text
            if value is not None and value not in place.codes and _is_at(element, place):
                complete = standard.code_list(place.list).complete
                yield Fault(element, place.attribute, value, place.list, complete)
    yield from _languages(root)


def _is_at(element: etree._Element, place: _Place) -> bool:
    """Whether an element is at the place: below those elements, and of that vocabulary."""
    if place.vocabulary is not None:
        vocabulary = element.get("vocabulary", "")
        if vocabulary != place.vocabulary and not (place.default and vocabulary == ""):
            return False
    return all(
        above is not None and above.tag == name
        for above, name in zip(_above(element, len(place.above)), place.above, strict=True)
    )


def _above(element: etree._Element, count: int) -> Iterator[etree._Element | None]:
    for _ in range(count):
        element = element.getparent() if element is not None else None
        yield element


def _languages(root: etree._Element) -> Iterator[Fault]:
    known = standard.code_list("Language")
    for value in sorted(set(_LANGUAGES(root)) - known.names.keys()):
        for element in _IN_LANGUAGE(root, value=value):
            yield Fault(element, "xml:lang", value, "Language", known.complete)


_LANGUAGES = etree.XPath("//@xml:lang", smart_strings=False)
_IN_LANGUAGE = etree.XPath("//*[@xml:lang = $value]")
_VOCABULARY = re.compile(r"@vocabulary = '([^']*)'( or not\(@vocabulary\))?")


@cache
def _places(edition: str) -> Mapping[str, tuple[_Place, ...]]:
    """The places by the name of the element that holds the code."""
    found: dict[str, list[_Place]] = {}
    for place in standard.code_places(edition):
        *names, last = place.path.removeprefix("//").split("/")
        if not names:  # the language of any element
            continue
        condition = _VOCABULARY.match(place.condition)
        found.setdefault(names[-1], []).append(
            _Place(
                tuple(reversed(names[:-1])),
                "" if last == "text()" else last.removeprefix("@"),
                place.list,
                standard.code_list(place.list).names,
                condition[1] if condition else None,
                bool(condition and condition[2]),
            )
        )
    return {name: tuple(places) for name, places in found.items()}
