"""YAML texts to plain values, safely, with the line of every entry at hand for messages."""

import re
from collections.abc import Mapping
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from milepost.errors import MilepostError, refuse
from milepost.values import Origin, Problem, Text

LIMIT = 1_000_000
"""Characters of one text. The largest that ships has a fifth of it."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where libyaml is there
_PLAIN = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("map", "seq", "str", "int", "float", "bool", "null", "timestamp")
)
_DEEPEST = 50
_BRACKET = re.compile(r"[\[\]{}]")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]+)*$")
_INDENT = re.compile(r"^[ ?-]{201}", re.MULTILINE)


class Page:
    """One text read: its data, where each entry stands, and the faults met so far.

    An entry is named by its path, such as ("unit", "name") or ("series", 0, "code"). What was not read from
    YAML has `places` instead of a `root`: {path: where it stands}.
    """

    def __init__(
        self,
        data: Any,
        root: Node | None,
        origin: Origin,
        places: Mapping[tuple[str | int, ...], Origin] | None = None,
    ):
        self.data = data
        self.root = root
        self.origin = origin
        self.places = places or {}
        self.faults: list[Problem] = []

    def place(self, *path: str | int) -> Origin:
        """Where an entry stands; for a missing one, where it should have stood."""
        if self.places:
            nearest = (path[:length] for length in range(len(path), -1, -1))
            return next((self.places[one] for one in nearest if one in self.places), self.origin)
        node = self.root
        for step in path:
            below = _below(node, step)
            if below is None:
                break
            node = below
        line = None if node is None else (self.origin.row or 1) + node.start_mark.line
        return Origin(self.origin.file, self.origin.sheet, line, _named(path) or None)

    def fault(self, code: str, *path: str | int, **details: object) -> None:
        """Note a fault of an entry and go on."""
        place = self.place(*path)
        named = place.column if self.places and place.column else _named(path)
        self.faults.append(Problem(code, place, {"field": named, **details}))

    def fault_at(self, node: Node, code: str, name: str, **details: object) -> None:
        """Note a fault of the entry that a node of the YAML tree stands for."""
        line = (self.origin.row or 1) + node.start_mark.line
        place = Origin(self.origin.file, self.origin.sheet, line, name or None)
        self.faults.append(Problem(code, place, {"field": name, **details}))

    def get(self, *path: str | int) -> Any:
        """The entry at a path, or None."""
        value = self.data
        for step in path:
            if isinstance(value, Mapping) and isinstance(step, str):
                value = value.get(step)
            elif isinstance(value, list) and isinstance(step, int) and step < len(value):
                value = value[step]
            else:
                return None
        return value

    def string(self, *path: str | int) -> str:
        """A text entry, "" where there is none; a number or date there is a fault."""
        value = self.get(*path)
        if value is None:
            return ""
        if not isinstance(value, str):
            self.fault("definition-type", *path, expected='text in quotes, such as "10.7"', found=repr(value))
            return ""
        return value

    def date(self, *path: str | int) -> str | None:
        """A date or part of one ("2021-03"), as text."""
        value = self.get(*path)
        return None if value is None else str(value)

    def number(self, *path: str | int) -> float | None:
        """A number, or None where there is none."""
        value = self.get(*path)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault("definition-type", *path, expected="a number", found=repr(value))
            return None
        return value

    def whole(self, *path: str | int) -> int | None:
        """A whole number from 1, or None where there is none."""
        value = self.get(*path)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.fault("definition-type", *path, expected="a whole number from 1", found=repr(value))
            return None
        return value

    def text(self, *path: str | int) -> Text:
        """Words by language, such as {en: Women, ru: Женщины}; empty where there are none."""
        value = self.get(*path)
        if value is None:
            return Text()
        if not isinstance(value, dict) or not all(
            isinstance(language, str) and _LANGUAGE.match(language) and isinstance(words, str) and words
            for language, words in value.items()
        ):
            self.fault(
                "definition-type", *path, expected="words by language, such as en: Women", found=repr(value)
            )
            return Text()
        return Text(value)

    def mapping(self, *path: str | int) -> dict[str, Any]:
        """Entries by name; empty where there are none."""
        value = self.get(*path)
        if value is None:
            return {}
        if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
            self.fault("definition-type", *path, expected="entries by name", found=repr(value))
            return {}
        return value

    def count(self, *path: str | int) -> int:
        """How many entries a list has; 0 where there is none."""
        value = self.get(*path)
        if value is None:
            return 0
        if not isinstance(value, list):
            self.fault("definition-type", *path, expected="a list", found=repr(value))
            return 0
        return len(value)

    def strings(self, *path: str | int) -> tuple[str, ...]:
        """A list of texts; empty where there is none."""
        return tuple(self.string(*path, position) for position in range(self.count(*path)))

    def refuse_if_faulty(self) -> None:
        """Raise all faults met, if there are any."""
        if self.faults:
            raise MilepostError(sorted(self.faults, key=lambda fault: fault.origin.row or 0))


def read(text: str, origin: Origin | str) -> Page:
    """Read a YAML text that holds entries by name; MilepostError for broken, unsafe or oversized YAML.

    Only plain data is accepted: no tags that make objects, no anchors, no name given twice.
    """
    place = origin if isinstance(origin, Origin) else Origin(origin)
    if len(text) > LIMIT:
        raise refuse("definition-too-large", place, size=len(text), limit=LIMIT)
    try:
        _refuse_deep(text, place)
        loader = _Loader(text)
        try:
            root = loader.get_single_node()
            page = Page(None, root, place)
            _check_nodes(page, root)
            page.refuse_if_faulty()
            page.data = loader.construct_document(root) if root is not None else None
        finally:
            loader.dispose()
    except (yaml.YAMLError, ValueError) as error:
        raise _unreadable(error, place) from None
    if not isinstance(page.data, dict):
        raise refuse("definition-not-entries", place)
    return page


def _refuse_deep(text: str, place: Origin) -> None:
    # Composing recurses: thousands of nested brackets would end the process, not the reading.
    depth = 0
    for bracket in _BRACKET.findall(text):
        depth += 1 if bracket in "[{" else -1
        if depth > _DEEPEST:
            raise refuse("definition-too-deep", place)
    if _INDENT.search(text):
        raise refuse("definition-too-deep", place)


def _check_nodes(page: Page, root: Node | None) -> None:
    """Faults for tags that are not plain data, for anchors used twice, and for names given twice."""
    seen: set[int] = set()
    waiting: list[tuple[Node | None, str]] = [(root, "")]
    while waiting:
        node, name = waiting.pop()
        if node is None:
            continue
        if id(node) in seen:
            page.fault_at(node, "definition-anchor", name)
            continue
        seen.add(id(node))
        if node.tag not in _PLAIN:
            page.fault_at(node, "definition-unsafe", name, tag=node.tag)
        if isinstance(node, MappingNode):
            names: set[str] = set()
            for key, value in node.value:
                if key.tag not in _PLAIN or not isinstance(key, ScalarNode):
                    page.fault_at(key, "definition-unsafe", name, tag=key.tag)
                elif key.value in names:
                    page.fault_at(key, "definition-twice", key.value)
                else:
                    names.add(key.value)
                waiting.append((value, str(key.value)))
        elif isinstance(node, SequenceNode):
            waiting.extend((entry, name) for entry in node.value)


def _unreadable(error: Exception, place: Origin) -> MilepostError:
    mark = getattr(error, "problem_mark", None)
    line = None if mark is None else (place.row or 1) + mark.line
    why = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
    return refuse("definition-unreadable", Origin(place.file, place.sheet, line), why=why)


def _below(node: Node | None, step: str | int) -> Node | None:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            if key.value == step:
                return value
    if isinstance(node, SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


def _named(path: tuple[str | int, ...]) -> str:
    """A path as a person would say it: series 1, code."""
    words: list[str] = []
    for step in path:
        if isinstance(step, int) and words:
            words[-1] += f" {step + 1}"
        else:
            words.append(str(step))
    return ", ".join(words)
