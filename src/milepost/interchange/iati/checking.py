"""An IATI file becomes the list of its faults: well-formedness, schema, code lists, the standard's rules."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import Any

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs

from milepost.errors import MilepostError
from milepost.interchange import content, limits, xml
from milepost.interchange.iati import codes, rules, schema
from milepost.values import Origin, Problem

KINDS = {
    "iati-activities": ("iati-activity", "iati-identifier"),
    "iati-organisations": ("iati-organisation", "organisation-identifier"),
}
"""The outermost element of each kind of file, what it holds, and the identifier of that."""
_BEFORE = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"
"""Marks and blanks that may stand before the first element of a file."""
_COUNTED = 65_535
"""How many lines libxml2 counts by itself."""


def is_iati(path: Path | str) -> bool:
    """Whether a file is one of IATI by its content, whatever its name; False for what cannot be read."""
    try:
        if content.of_file(path) not in ("xml", "text"):
            return False
        with Path(path).open("rb") as file:
            head = file.read(content.HEAD)
        return head.lstrip(_BEFORE).startswith(b"<") and _is_ours(xml.root(path).name)
    except (MilepostError, OSError):
        return False


def _is_ours(name: str) -> bool:
    return name in KINDS or name in {inner for inner, _ in KINDS.values()}


def check(path: Path | str, *, today: date | None = None) -> list[Problem]:
    """Every fault of an IATI file, with its line; that it cannot be read is one, too, and no error."""
    try:
        limits.check_size(path)
        return limits.guarded(_check, Path(path), today)
    except MilepostError as error:
        return list(error.problems)


def _check(path: Path, today: date | None) -> list[Problem]:
    problems: list[Problem] = []
    root = xml.tree(path, problems, blanks=False)
    file = str(path)
    if root.tag not in KINDS:
        details = {"element": str(root.tag)}
        return [*problems, Problem("iati-root", Origin(file, row=xml.line(root)), details)]
    return [*problems, *faults(root, file, today, _line_in(path))]


def _line_in(path: Path) -> Callable[[etree._Element], int]:
    """The line of an element that was read without blanks; beyond what libxml2 counts so, read it again."""
    whole = cache(partial(xml.tree, path, []))

    def line(element: etree._Element) -> int:
        near = xml.line(element)
        if near < _COUNTED:
            return near
        prefixes = {prefix: uri for prefix, uri in element.nsmap.items() if prefix}
        found = whole().xpath(element.getroottree().getpath(element), namespaces=prefixes)
        return xml.line(found[0]) if found else near

    return line


def faults(
    root: etree._Element,
    file: str,
    today: date | None = None,
    line: Callable[[etree._Element], int] = xml.line,
) -> list[Problem]:
    """Every fault of the tree of an IATI file, in the order of its lines; notes come first."""
    version, notes = _version(root, file)
    edition = version[0]
    places: _Places = {}
    found = [
        problem(code, file, element, attribute, details, line=line, places=places)
        for code, element, attribute, details in (
            *schema.faults(root, version),
            *_code_faults(root, edition),
            *_repeated_identifiers(root, line),
            *_rule_faults(root, edition, today),
        )
    ]
    skipped = rules.needing_the_registry(edition)
    if skipped:
        notes.append(Problem("iati-rules-skipped", Origin(file), {"rules": ", ".join(skipped)}))
    return notes + sorted(found, key=lambda problem: problem.origin.row or 0)


def _version(root: etree._Element, file: str) -> tuple[str, list[Problem]]:
    """The version that a file is judged by, and a note where it is an old one, or not that of the file."""
    said = root.get("version", "")
    origin = Origin(file, row=xml.line(root))
    if said.startswith("1.") and next(root.iter("narrative"), None) is not None:
        return "2.03", [Problem("iati-written-as-2", origin, {"version": said})]
    if said.startswith("1.") or (not said and _is_written_as_1(root)):
        version = said if said in schema.VERSIONS else "1.05"
        return version, [Problem("iati-judged-by-1", origin, {"version": version})]
    return said if said in schema.VERSIONS else "2.03", []


def _is_written_as_1(root: etree._Element) -> bool:
    """Whether titles and names are as before 2.01, without narratives; the version was optional then."""
    named = [*root.iterfind("*/title"), *root.iterfind("*/name")]
    return any((each.text or "").strip() for each in named) and next(root.iter("narrative"), None) is None


_Found = tuple[str, etree._Element, str, dict[str, Any]]
"""The code of a fault, the element, the attribute ("" for none), and particulars."""


def _code_faults(root: etree._Element, edition: str) -> Iterator[_Found]:
    for fault in codes.faults(root, edition):
        code = "iati-code" if fault.complete else "iati-code-unlisted"
        yield code, fault.element, fault.attribute, {"value": fault.value, "list": fault.list}


def _rule_faults(root: etree._Element, edition: str, today: date | None) -> Iterator[_Found]:
    for rule, fault, found in rules.breaches(root, edition, today):
        yield fault, found.element, found.attribute, {"rule": rule, **found.details}


def _repeated_identifiers(root: etree._Element, line: Callable[[etree._Element], int]) -> Iterator[_Found]:
    """Rule 1.1.2 of the standard: an identifier is that of one activity or organisation only."""
    inner, name = KINDS[root.tag]
    first: dict[str, etree._Element] = {}
    for activity in root.iterchildren(inner):
        identifier = (activity.findtext(name) or "").strip()
        if identifier and (before := first.setdefault(identifier, activity)) is not activity:
            yield "iati-identifier-twice", activity, "", {"first": line(before), "rule": "1.1.2"}


def problem(
    code: str,
    file: str,
    element: etree._Element,
    attribute: str,
    details: dict[str, Any],
    *,
    line: Callable[[etree._Element], int] = xml.line,
    places: "_Places | None" = None,
) -> Problem:
    """A Problem of an element or attribute: its line, its activity, and the path within that.

    Who tells of many faults hands over the same `places` each time, so that siblings are counted once.
    """
    activity, path = _place(element, {} if places is None else places)
    if attribute:
        path = f"{path}/@{attribute}"
    said = {"activity": activity, "path": path, **details}
    return Problem(code, Origin(file, row=line(element) or None), {n: _short(v) for n, v in said.items()})


def _short(said: Any) -> Any:
    """Words of a file as a sentence can hold them: a value may be as long as the file."""
    return f"{said[:_LONGEST]}…" if isinstance(said, str) and len(said) > _LONGEST else said


_LONGEST = 300


_Places = dict[tuple[etree._Element | None, Any], dict[etree._Element, int]]
"""The place of each element among those of the same name: {(what holds them, name): {element: place}}."""


def _place(element: etree._Element, places: _Places) -> tuple[str, str]:
    """The identifier of the activity or organisation (else #3 for the third), and the path from it on."""
    steps = [element, *element.iterancestors()]
    names = dict(KINDS.values())
    for depth, step in enumerate(steps):
        if step.tag in names:
            # findtext would look through all that follows for a second one
            found = next((each for each in step if each.tag == names[step.tag]), None)
            identifier = "" if found is None else (found.text or "").strip()
            place = identifier or f"#{_namesakes(step, places)[step]}"
            inside = [_step(each, places) for each in reversed(steps[:depth])]
            return place, "/".join(inside) or str(step.tag)
    return str(element.tag), str(element.tag)


def _step(element: etree._Element, places: _Places) -> str:
    """The name of an element, with its place if it stands several times: budget[2]."""
    namesakes = _namesakes(element, places)
    return f"{element.tag}[{namesakes[element]}]" if len(namesakes) > 1 else str(element.tag)


def _namesakes(element: etree._Element, places: _Places) -> dict[etree._Element, int]:
    """The elements of the same name beside one, and itself, each with its place from 1 on."""
    above = element.getparent()
    key = above, element.tag
    if key not in places:
        beside = [element] if above is None else above.iterchildren(element.tag)
        places[key] = {each: place for place, each in enumerate(beside, 1)}
    return places[key]
