"""What the schema of an IATI version says of a file, in words of the house."""

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs

_FOLDER = Path(__file__).parent / "schemas"
VERSIONS = ("1.01", "1.02", "1.03", "1.04", "1.05", "2.01", "2.02", "2.03")
"""The versions of the standard; a file is judged by the official schema of its own."""


class Fault(NamedTuple):
    """A fault that the schema finds: its code, the element, the attribute ("" for none), particulars."""

    code: str
    element: etree._Element
    attribute: str
    details: dict[str, Any]


def faults(root: etree._Element, version: str) -> Iterator[Fault]:
    """Every fault of a file by the schema of a version, such as "2.03".

    libxml2 leaves an element at the first child that must not stand there. So such children are taken out,
    what is left is judged again, and they are put back.
    """
    schema, names = _schema(version, root.tag.removeprefix("iati-")), _element_names(version)
    found: dict[tuple[etree._Element, str, str], Fault] = {}
    taken: list[tuple[etree._Element, int, etree._Element]] = []
    for _ in range(_ROUNDS):
        if schema.validate(root):
            break
        parents = {parent for parent, _, element in taken if element.tag in names}
        new = [_fault(entry.message, _at(root, entry.path or "")) for entry in schema.error_log]
        for fault in new:
            if not _is_echo(fault, parents, names):
                found.setdefault((fault.element, fault.code, str(fault.details)), fault)
        misplaced = [fault.element for fault in new if fault.code == "iati-element-unexpected"]
        if not misplaced:
            break
        taken += [_taken_out(element) for element in dict.fromkeys(misplaced) if element is not root]
    for parent, place, element in reversed(taken):
        parent.insert(place, element)
    yield from found.values()


_ROUNDS = 6
"""How often a file is judged again at most: what stands in disorder would take one for each element."""


def _taken_out(element: etree._Element) -> tuple[etree._Element, int, etree._Element]:
    parent = element.getparent()
    place = parent.index(element)
    parent.remove(element)
    return parent, place, element


def _is_echo(fault: Fault, parents: set[etree._Element], names: frozenset[str]) -> bool:
    """Whether a fault of order only follows from what was taken out of the parents.

    A name that nobody knows never does, and what was taken out without a known name leaves the order whole.
    """
    if fault.code == "iati-element-missing":
        return fault.element in parents
    if fault.code == "iati-element-unexpected":
        return fault.element.getparent() in parents and fault.element.tag in names
    return False


@cache
def _element_names(version: str) -> frozenset[str]:
    """The names of all elements of a version."""
    return frozenset(
        name
        for path in _FOLDER.glob(f"*-{version}.xsd")
        for name in etree.parse(str(path)).xpath("//@name[parent::*[local-name() = 'element']]")
    )


def _at(root: etree._Element, path: str) -> etree._Element:
    """The element at a path of libxml2, which has the prefixes of the file; else the outermost."""
    prefixes: dict[str, str] = {}
    if ":" in path:  # an element of a namespace of the publisher's own
        for element in root.iter():
            prefixes |= {prefix: uri for prefix, uri in element.nsmap.items() if prefix}
    found = root.xpath(path, namespaces=prefixes) if path else []
    return found[0] if found else root


@cache
def _schema(version: str, kind: str) -> etree.XMLSchema:
    return etree.XMLSchema(file=str(_FOLDER / f"{kind}-{version}.xsd"))


# The sentences of libxml2, by what they tell

_QUOTED = r"'((?:[^']|'(?! ))*)'"
_SENTENCES: tuple[tuple[re.Pattern[str], str, Callable[[re.Match[str]], dict[str, str]]], ...] = (
    (
        re.compile(r"Element '([^']+)': This element is not expected\.(?: Expected is (.*)\.)?"),
        "iati-element-unexpected",
        lambda m: {"element": m[1], "expected": _names(m[2])},
    ),
    (
        re.compile(r"Element '[^']+': Missing child element\(s\)\.(?: Expected is (.*)\.)?"),
        "iati-element-missing",
        lambda m: {"expected": _names(m[1])},
    ),
    (
        re.compile(r"Element '[^']+': The attribute '([^']+)' is required but missing"),
        "iati-attribute-missing",
        lambda m: {"attribute": m[1]},
    ),
    (
        re.compile(r"Element '[^']+', attribute '([^']+)': The attribute '[^']+' is not allowed"),
        "iati-attribute-unknown",
        lambda m: {"attribute": m[1]},
    ),
    (
        re.compile(rf"Element '[^']+', attribute '([^']+)': {_QUOTED} is not a valid value of .*'([^']+)'"),
        "iati-value-type",
        lambda m: {"attribute": m[1], "value": m[2], "type": m[3]},
    ),
    (
        re.compile(rf"Element '[^']+': {_QUOTED} is not a valid value of .*'([^']+)'", re.DOTALL),
        "iati-value-type",
        lambda m: {"value": m[1], "type": m[2]},
    ),
    (
        re.compile(r"Element '[^']+': (?:Character content|Element content) .*not allowed"),
        "iati-text-unexpected",
        lambda m: {},
    ),
)


def _fault(message: str, element: etree._Element) -> Fault:
    for pattern, code, particulars in _SENTENCES:
        if found := pattern.match(message):
            details = particulars(found)
            attribute = details.get("attribute", "") if code == "iati-value-type" else ""
            return Fault(code, element, attribute, details)
    return Fault("iati-schema", element, "", {"why": message.rstrip(".")})


def _names(text: str | None) -> str:
    """The names of "one of ( title, ##other{*}* )" as a list; "-" where there are none."""
    names = re.sub(r"^one of|[()]", " ", text or "")
    kept = [name.strip() for name in names.split(",") if name.strip() and "##other" not in name]
    return ", ".join(kept) or "-"
