"""What the build scripts of an Open SDG repository say, found by reading their text; they are never run.

Asked are: which configuration file they name, which functions change data or metadata on the way
(`alterations`), and, in repositories of the old layout, which inputs, translations and languages they
declare. Of values only plain ones are understood: texts, numbers, lists, dictionaries, `os.path.join` of
texts, names given to these, and a loop over `glob`.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from milepost.errors import MilepostError
from milepost.interchange import limits
from milepost.interchange.open_sdg.alterations import Alteration
from milepost.interchange.open_sdg.alterations import found as altered

_CALLS = re.compile(r"\bopen_sdg_(build|check)\s*\(")
_CALLS_BUILD = re.compile(r"\bopen_sdg_build\s*\(")
_CONFIGURATION = re.compile(r"""["']([\w./-]+\.ya?ml)["']""")
_IMPORT = re.compile(r"^from (\w+) import", re.MULTILINE)
_CHANGE_METHOD = re.compile(r"\badd_(data_alteration|meta_alteration|indicator_alteration)\(")
_MANY = 200
_LARGEST = 200_000  # bytes


@dataclass(frozen=True)
class Survey:
    """What the scripts say: configuration files, declared options, and functions that change data or
    metadata.

    `alterations` can be followed; `not_followed` names functions that cannot, with the script that has them.
    """

    configurations: tuple[str, ...] = ()
    declared: Mapping[str, Any] = field(default_factory=dict)
    alterations: Mapping[str, Alteration] = field(default_factory=dict)
    not_followed: tuple[tuple[Path, tuple[str, ...]], ...] = ()
    files: tuple[Path, ...] = ()


def survey(folder: Path) -> Survey:
    """What the scripts in the folder and in its `scripts` say; `build_data.py` is asked first."""
    configurations: dict[str, None] = {}
    declared: dict[str, Any] = {}
    alterations: Mapping[str, Alteration] | None = None
    not_followed: dict[Path, tuple[str, ...]] = {}
    old: dict[Path, tuple[str, ...]] = {}
    files: list[Path] = []
    for path in _scripts(folder):
        text = _text(path)
        if _CALLS.search(text):
            configurations.update(dict.fromkeys(_CONFIGURATION.findall(text)))
            files.append(path)
            if _CALLS_BUILD.search(text) and alterations is None:
                neighbours = {name: path.parent / f"{name}.py" for name in _IMPORT.findall(text)}
                files += [each for each in neighbours.values() if each.is_file()]
                texts = {name: _text(each) for name, each in neighbours.items()}
                alterations, strange = altered(text, texts)
                not_followed[path] = (*strange, *_replaced(text))
        elif "sdg.inputs." in text or "execute_per_language" in text:
            declared = {**_declared(text), **declared}
            old[path] = tuple(dict.fromkeys(_CHANGE_METHOD.findall(text)))
            files.append(path)
    if configurations or "inputs" not in declared:
        declared = {}
    unfollowed = not_followed if not declared else {**not_followed, **old}
    return Survey(
        tuple(configurations),
        declared,
        alterations or {},
        tuple((path, names) for path, names in unfollowed.items() if names),
        tuple(dict.fromkeys(files)),
    )


def _scripts(folder: Path) -> list[Path]:
    found = [*folder.glob("scripts/*.py"), *folder.glob("*.py")]
    own = [path for path in found if path.resolve().is_relative_to(folder.resolve())]
    return sorted(own, key=lambda path: (path.name != "build_data.py", path.as_posix()))[:_MANY]


def _text(path: Path) -> str:
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return ""
        return limits.contents(path).decode("utf-8", "replace")
    except (MilepostError, OSError):
        return ""


def _replaced(text: str) -> tuple[str, ...]:
    """What a script puts in the place of sdg-build's own functions and classes."""
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ()
    of_platform = {"sdg"} | {
        name.asname or name.name
        for each in ast.walk(module)
        if isinstance(each, ast.ImportFrom) and (each.module or "").partition(".")[0] == "sdg"
        for name in each.names
    }
    targets = (target for each in ast.walk(module) if isinstance(each, ast.Assign) for target in each.targets)
    names = [ast.unparse(target) for target in targets if isinstance(target, ast.Attribute)]
    return tuple(dict.fromkeys(name for name in names if name.partition(".")[0] in of_platform))


# Inputs that a script declares


class _Each(str):
    """A glob pattern, standing for each of its files in turn."""

    __slots__ = ()


_UNKNOWN = object()


def _declared(text: str) -> dict[str, Any]:
    """The options that a script of the old layout sets by calls of Open SDG's classes; {} if it is no
    Python."""
    try:
        module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        return {}
    names: dict[str, Any] = {}
    inputs: list[dict[str, Any]] = []
    options: dict[str, Any] = {"inputs": inputs, "translations": []}
    for statement in _statements(module.body):
        if isinstance(statement, ast.For) and isinstance(statement.target, ast.Name):
            names[statement.target.id] = _value(statement.iter, names)
        for call in _own_calls(statement):
            _note(call, names, options)
        if isinstance(statement, ast.Assign) and len(statement.targets) == 1:
            target = statement.targets[0]
            if isinstance(target, ast.Name):
                names[target.id] = _value(statement.value, names)
    unique = [each for n, each in enumerate(inputs) if each not in inputs[:n]]
    fields = names.get("reporting_status_extra_fields")
    if isinstance(fields, list):
        options["reporting_status_extra_fields"] = fields
    return {key: value for key, value in {**options, "inputs": unique}.items() if value}


def _statements(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """All statements in the order of the text, except those inside functions and classes."""
    for statement in body:
        yield statement
        for part in ("body", "orelse", "finalbody"):
            if not isinstance(statement, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef):
                yield from _statements(getattr(statement, part, []))


def _own_calls(statement: ast.stmt) -> Iterator[ast.Call]:
    """The calls in a statement itself, not in statements below it."""
    if isinstance(statement, ast.Assign | ast.Expr | ast.Return | ast.AnnAssign):
        calls = [node for node in ast.walk(statement) if isinstance(node, ast.Call)]
        yield from sorted(calls, key=lambda call: (call.lineno, call.col_offset))


def _note(call: ast.Call, names: Mapping[str, Any], options: dict[str, Any]) -> None:
    path = ast.unparse(call.func).split(".")
    room = path[-2] if len(path) > 1 else ""
    if path[-1] == "execute_per_language" and call.args:
        languages = _value(call.args[0], names)
        if isinstance(languages, list):
            options["languages"] = languages
    elif room == "inputs":
        options["inputs"].append(_as_input(path[-1], _arguments(call, names)))
    elif room == "translations":
        options["translations"].append({"class": path[-1], **_arguments(call, names)})
    elif room == "schemas":
        options["schema"] = [{"class": path[-1], **_arguments(call, names)}]


def _arguments(call: ast.Call, names: Mapping[str, Any]) -> dict[str, Any]:
    given = {word.arg: _value(word.value, names) for word in call.keywords if word.arg}
    return {name: value for name, value in given.items() if value is not _UNKNOWN}


def _as_input(name: str, given: dict[str, Any]) -> dict[str, Any]:
    """An input; one that is made for each file of a pattern is one input of many files."""
    source = given.get("source")
    if isinstance(source, _Each):
        given.pop("source")
        return {"class": "InputSdmxMl_Multiple", "path_pattern": str(source), **given}
    return {"class": name, **given}


def _value(node: ast.expr, names: Mapping[str, Any]) -> Any:
    """The plain value of an expression, or _UNKNOWN."""
    match node:
        case ast.Constant():
            return node.value
        case ast.Name():
            return names.get(node.id, _UNKNOWN)
        case ast.List() | ast.Tuple():
            return [value for each in node.elts if (value := _value(each, names)) is not _UNKNOWN]
        case ast.Dict():
            pairs = [
                (_value(k, names), _value(v, names)) for k, v in zip(node.keys, node.values, strict=True) if k
            ]
            return {k: v for k, v in pairs if isinstance(k, str | int) and v is not _UNKNOWN}
        case ast.Call():
            return _called(node, names)
    return _UNKNOWN


def _called(call: ast.Call, names: Mapping[str, Any]) -> Any:
    function = ast.unparse(call.func)
    arguments = [_value(each, names) for each in call.args]
    if not arguments or not all(isinstance(each, str) for each in arguments):
        return _UNKNOWN
    if function in ("os.path.join", "path.join", "join"):
        return "/".join(each.strip("/") for each in arguments if each)
    if function in ("glob.glob", "glob"):
        return _Each(arguments[0])
    return _UNKNOWN
