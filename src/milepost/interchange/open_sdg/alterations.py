"""The changes that a repository's build script makes to data and metadata, followed without running the
script.

Understood is what such scripts mostly do: copy, drop, rename or fill a column, and set fields of the
metadata from others by plain operations on texts. A function with anything else in it is not followed at all
(`understood` says so), so that a figure is never changed by half. Nothing is imported or called but what is
listed here.

As in sdg-build 2, a function may ask for a second argument, the context: {"indicator_id", "indicator_name"},
and of data also {"meta"}, which is nothing for an input of data. One that asks for more is not followed.
Functions that it calls must stand in the same script and be understood, too.
"""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MOST_STEPS = 20_000
MOST_LETTERS = 1_000_000

Columns = dict[str, list[str]]


class CannotFollow(Exception):
    """The function fails on this indicator, as it would on the platform, or goes on for too long."""


@dataclass(frozen=True)
class Alteration:
    """A function of a build script, and the plain values that it uses from outside."""

    function: ast.FunctionDef
    values: Mapping[str, Any]
    helpers: Mapping[str, ast.FunctionDef] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the script calls it."""
        return self.function.name

    def of_data(self, columns: Columns, context: Mapping[str, Any]) -> Columns:
        """The columns as the function leaves them; blank cells are "". Raises CannotFollow where it fails."""
        changed = self._called({name: list(cells) for name, cells in columns.items()}, context)
        if not isinstance(changed, dict) or len({len(cells) for cells in changed.values()}) > 1:
            raise CannotFollow("it gives back no table")
        return changed

    def of_metadata(self, fields: Mapping[Any, Any], context: Mapping[str, Any]) -> dict[Any, Any]:
        """The fields as the function leaves them. Raises CannotFollow where it fails."""
        changed = self._called(dict(fields), context)
        if not isinstance(changed, dict):
            raise CannotFollow("it gives back no metadata")
        return changed

    def _called(self, argument: Any, context: Mapping[str, Any]) -> Any:
        arguments = [argument, dict(context)][: len(self.function.args.args)]
        return _Run(self.values, self.helpers).begin(self.function, arguments)


# What is understood

_STATEMENTS = (ast.Assign, ast.AugAssign, ast.Delete, ast.If, ast.For, ast.Return, ast.Expr, ast.Pass)
_OPERATIONS = (
    *(ast.Constant, ast.Name, ast.JoinedStr, ast.FormattedValue, ast.List, ast.Tuple, ast.Dict),
    *(ast.BinOp, ast.Add, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not, ast.USub, ast.IfExp),
    *(ast.Compare, ast.Eq, ast.NotEq, ast.In, ast.NotIn, ast.Is, ast.IsNot),
    *(ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.Subscript, ast.Slice, ast.Call, ast.Attribute),
    *(ast.keyword, ast.Load, ast.Store, ast.Del, ast.arguments, ast.arg),
)
_FUNCTIONS: dict[str, Callable[..., Any]] = {
    "len": len,
    "str": str,
    "int": int,
    "range": range,
    "list": list,
    "bool": bool,
    "sorted": sorted,
    "dict": dict,
    "isinstance": isinstance,
    "print": lambda *_: None,
}
_TEXT_METHODS = frozenset(
    (
        "split",
        "strip",
        "lstrip",
        "rstrip",
        "replace",
        "lower",
        "upper",
        "title",
        "startswith",
        "endswith",
        "join",
    )
)
_OTHER_METHODS = frozenset(
    (
        *("get", "keys", "values", "items", "append", "tolist", "to_list"),
        *("drop", "rename", "copy", "assign", "fillna", "astype"),
    )
)
_TOLD = frozenset(("indicator_id", "indicator_name", "meta"))
"""What of the context is known here; the other input's `data` is not."""
_ATTRIBUTES = frozenset(("columns", "str", "nan"))


def understood(
    function: ast.FunctionDef, values: Mapping[str, Any], helpers: Mapping[str, ast.FunctionDef]
) -> bool:
    """Whether everything in the function is understood, and in the functions that it calls."""
    if not 1 <= len(function.args.args) <= 2:
        return False
    return _is_understood(function, frozenset(values), helpers, frozenset()) and _asks_for_what_is_told(
        function
    )


def _is_understood(
    function: ast.FunctionDef,
    outside: frozenset[str],
    helpers: Mapping[str, ast.FunctionDef],
    above: frozenset[str],
) -> bool:
    taken = function.args
    if taken.defaults or taken.vararg or taken.kwonlyargs or taken.kwarg or taken.posonlyargs:
        return False
    if function.decorator_list or function.name in above:
        return False
    nodes = [node for statement in function.body for node in ast.walk(statement)]
    known = {*outside, *_FUNCTIONS, *helpers, "np", "numpy", *(each.arg for each in taken.args)}
    known |= {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    for node in nodes:
        if not isinstance(node, (*_STATEMENTS, *_OPERATIONS)):
            return False
        if isinstance(node, ast.Name) and node.id not in known:
            return False
        if isinstance(node, ast.Attribute) and node.attr not in (
            *_TEXT_METHODS,
            *_OTHER_METHODS,
            *_ATTRIBUTES,
        ):
            return False
        if isinstance(node, ast.Call) and not isinstance(node.func, ast.Attribute | ast.Name):
            return False
    called = {node.id for node in nodes if isinstance(node, ast.Name)} & helpers.keys()
    return all(
        _is_understood(helpers[name], outside, helpers, above | {function.name}) for name in sorted(called)
    )


def _asks_for_what_is_told(function: ast.FunctionDef) -> bool:
    """Whether a function with a context takes only parts of it that are known here."""
    if len(function.args.args) < 2:
        return True
    context = function.args.args[1].arg
    taken = []
    uses = 0
    for node in ast.walk(function):
        uses += isinstance(node, ast.Name) and node.id == context
        if isinstance(node, ast.Subscript) and ast.unparse(node.value) == context:
            taken.append(node.slice)
    return len(taken) == uses and all(
        isinstance(each, ast.Constant) and each.value in _TOLD for each in taken
    )


# Following it


class _Column(list[str]):
    """The cells of one column."""


class _Texts:
    """The cells of a column, on which a method of texts is called: `column.str`."""

    def __init__(self, cells: list[str]):
        self.cells = cells


class _Return(Exception):
    """A value is given back."""


class _Run:
    """One call of a function."""

    def __init__(self, values: Mapping[str, Any], helpers: Mapping[str, ast.FunctionDef]):
        self.values = {**values, "np": None, "numpy": None}
        self.helpers = helpers
        self.names: dict[str, Any] = {}
        self.steps = 0

    def begin(self, function: ast.FunctionDef, arguments: list[Any]) -> Any:
        try:
            return self.call(function, arguments)
        except (KeyError, IndexError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise CannotFollow(f"{type(error).__name__}: {error}") from error

    def call(self, function: ast.FunctionDef, arguments: list[Any]) -> Any:
        outer = self.names
        taken = [each.arg for each in function.args.args]
        self.names = {**self.values, **dict(zip(taken, arguments, strict=True))}
        try:
            self.body(function.body)
        except _Return as given:
            return given.args[0]
        finally:
            self.names = outer
        return None

    def body(self, statements: list[ast.stmt]) -> None:
        for statement in statements:
            self.statement(statement)

    def statement(self, statement: ast.stmt) -> None:
        self.step()
        match statement:
            case ast.Assign():
                value = self.value(statement.value)
                for target in statement.targets:
                    self.assign(target, value)
            case ast.AugAssign():
                self.assign(
                    statement.target, self.added(self.value(statement.target), self.value(statement.value))
                )
            case ast.Delete():
                for target in statement.targets:
                    if not isinstance(target, ast.Subscript):
                        raise TypeError("only fields and columns can be deleted")
                    del self.value(target.value)[self.value(target.slice)]
            case ast.If():
                self.body(statement.body if self.value(statement.test) else statement.orelse)
            case ast.For():
                for each in list(self.value(statement.iter)):
                    self.assign(statement.target, each)
                    self.body(statement.body)
            case ast.Return():
                raise _Return(None if statement.value is None else self.value(statement.value))
            case ast.Expr():
                self.value(statement.value)

    def step(self) -> None:
        self.steps += 1
        if self.steps > MOST_STEPS:
            raise CannotFollow("it goes on for too long")

    def assign(self, target: ast.expr, value: Any) -> None:
        if isinstance(target, ast.Name):
            self.names[target.id] = value
        elif isinstance(target, ast.Tuple):
            for each, part in zip(target.elts, value, strict=True):
                self.assign(each, part)
        elif isinstance(target, ast.Subscript):
            owner = self.value(target.value)
            key = self.value(target.slice)
            owner[key] = _filled(value, owner) if _is_table(owner) else value
        else:
            raise TypeError("cannot be assigned to")

    def value(self, node: ast.expr) -> Any:
        self.step()
        match node:
            case ast.Constant():
                return node.value
            case ast.Name():
                return self.names[node.id] if node.id in self.names else _FUNCTIONS[node.id]
            case ast.JoinedStr():
                text = ""
                for each in node.values:
                    text = self.added(text, str(self.value(each)))
                return text
            case ast.FormattedValue():
                return self.value(node.value)
            case ast.List() | ast.Tuple():
                return [self.value(each) for each in node.elts]
            case ast.Dict():
                return {
                    self.value(k): self.value(v) for k, v in zip(node.keys, node.values, strict=True) if k
                }
            case ast.BinOp():
                return self.added(self.value(node.left), self.value(node.right))
            case ast.BoolOp():
                return self.either(node)
            case ast.UnaryOp():
                value = self.value(node.operand)
                return not value if isinstance(node.op, ast.Not) else -value
            case ast.Compare():
                return self.compared(node)
            case ast.IfExp():
                return self.value(node.body if self.value(node.test) else node.orelse)
            case ast.Subscript():
                return self.part(node)
            case ast.Attribute():
                return self.attribute(node)
            case ast.Call():
                return self.called(node)
        raise TypeError(type(node).__name__)

    def added(self, left: Any, right: Any) -> Any:
        total = left + right
        if isinstance(total, str | list) and len(total) > MOST_LETTERS:
            raise CannotFollow("it makes too long a text")
        return total

    def either(self, node: ast.BoolOp) -> Any:
        value: Any = None
        for each in node.values:
            value = self.value(each)
            if bool(value) != isinstance(node.op, ast.And):
                break
        return value

    def compared(self, node: ast.Compare) -> bool:
        left = self.value(node.left)
        for operator, other in zip(node.ops, node.comparators, strict=True):
            right = self.value(other)
            if not _COMPARED[type(operator)](left, right):
                return False
            left = right
        return True

    def part(self, node: ast.Subscript) -> Any:
        owner = self.value(node.value)
        if isinstance(node.slice, ast.Slice):
            bounds = [
                None if each is None else self.value(each) for each in (node.slice.lower, node.slice.upper)
            ]
            return owner[bounds[0] : bounds[1]]
        part = owner[self.value(node.slice)]
        return _Column(part) if _is_table(owner) else part

    def attribute(self, node: ast.Attribute) -> Any:
        if node.attr == "nan":
            return None
        owner = self.value(node.value)
        if node.attr == "columns" and _is_table(owner):
            return list(owner)
        if node.attr == "str" and isinstance(owner, _Column):
            return _Texts(owner)
        raise TypeError(f"no {node.attr} here")

    def called(self, node: ast.Call) -> Any:
        arguments = [self.value(each) for each in node.args]
        named = {each.arg: self.value(each.value) for each in node.keywords if each.arg}
        if isinstance(node.func, ast.Name) and node.func.id in self.helpers:
            if named:
                raise TypeError("its arguments are named")
            return self.call(self.helpers[node.func.id], arguments)
        if isinstance(node.func, ast.Name):
            function = _FUNCTIONS[node.func.id]
            if function is range and max(map(abs, arguments), default=0) > MOST_STEPS:
                raise CannotFollow("it goes on for too long")
            return function(*arguments)
        if not isinstance(node.func, ast.Attribute):
            raise TypeError("cannot be called")
        owner, name = self.value(node.func.value), node.func.attr
        if isinstance(owner, str):
            if name not in _TEXT_METHODS:
                raise TypeError(f"no {name} of a text")
            return _of_text(owner, name, arguments)
        if isinstance(owner, _Texts):
            if name not in _TEXT_METHODS:
                raise TypeError(f"no {name} of texts")
            return _Column(_of_text(cell, name, arguments) if cell else cell for cell in owner.cells)
        if isinstance(owner, _Column):
            changed = _of_column(owner, name, arguments)
            if not named.get("inplace"):
                return changed
            return self.assign(node.func.value, changed)
        if _is_table(owner) and name in ("drop", "rename", "copy", "assign"):
            return _of_table(owner, name, arguments, named)
        if isinstance(owner, dict | list) and name in (
            "get",
            "keys",
            "values",
            "items",
            "append",
            "copy",
            "tolist",
            "to_list",
        ):
            return list(owner) if name in ("tolist", "to_list") else getattr(owner, name)(*arguments)
        raise TypeError(f"no {name} here")


_COMPARED: dict[type, Callable[[Any, Any], bool]] = {
    ast.Eq: lambda left, right: left == right,
    ast.NotEq: lambda left, right: left != right,
    ast.In: lambda left, right: left in right,
    ast.NotIn: lambda left, right: left not in right,
    ast.Is: lambda left, right: left is right,
    ast.IsNot: lambda left, right: left is not right,
    ast.Lt: lambda left, right: left < right,
    ast.LtE: lambda left, right: left <= right,
    ast.Gt: lambda left, right: left > right,
    ast.GtE: lambda left, right: left >= right,
}


def _is_table(value: Any) -> bool:
    return isinstance(value, dict) and {"Year", "Value"} <= value.keys() and isinstance(value["Year"], list)


def _of_text(text: str, name: str, arguments: list[Any]) -> Any:
    """A method of texts; one that could make a text too long is not followed."""
    sizes = [len(each) for each in arguments if isinstance(each, str | list)]
    longest = sum(map(len, filter(None, arguments[0]))) if name == "join" and arguments else 0
    if (len(text) + 1) * (max(sizes, default=0) + 1) + longest > MOST_LETTERS:
        raise CannotFollow("it makes too long a text")
    return getattr(text, name)(*arguments)


def _of_column(cells: _Column, name: str, arguments: list[Any]) -> _Column:
    match name, arguments:
        case "replace", [dict() as known]:
            return _Column(_cell(known[cell]) if cell in known else cell for cell in cells)
        case "replace", [old, new]:
            return _Column(_cell(new) if cell == _cell(old) else cell for cell in cells)
        case "fillna", [new]:
            return _Column(cell or _cell(new) for cell in cells)
        case (("astype" | "copy"), _):
            return cells
    raise TypeError(f"no {name} of a column")


def _filled(value: Any, columns: Columns) -> list[str]:
    """The cells of a new column: as many as the others have, all the same unless there are several given."""
    if isinstance(value, list):
        return list(value)
    return [_cell(value) if isinstance(value, str | None) else str(value)] * len(next(iter(columns.values())))


def _cell(value: Any) -> str:
    return "" if value is None else str(value)


def _of_table(columns: Columns, name: str, arguments: list[Any], named: Mapping[str, Any]) -> Columns | None:
    """`drop` and `rename` of columns, in place or not; `copy`, and `assign` of new ones to a copy."""
    if name in ("copy", "assign"):
        return dict(columns) | {header: _filled(value, columns) for header, value in named.items()}
    if name == "drop":
        of_columns = (
            "columns" in named or named.get("axis") in (1, "columns") or arguments[1:] in ([1], ["columns"])
        )
        gone = named.get("columns", arguments[0] if arguments else None)
        if not of_columns or gone is None:
            raise TypeError("rows are dropped")
        gone = [gone] if isinstance(gone, str) else gone
        if named.get("errors") != "ignore" and set(gone) - columns.keys():
            raise KeyError(", ".join(set(gone) - columns.keys()))
        changed = {header: cells for header, cells in columns.items() if header not in gone}
    else:
        new = named["columns"]
        changed = {new.get(header, header): cells for header, cells in columns.items()}
    if not named.get("inplace"):
        return changed
    columns.clear()
    columns.update(changed)
    return None


# Finding it

OF_DATA, OF_METADATA = "alter_data", "alter_meta"
_NOT_FOLLOWED = ("alter_indicator", "alter_indicator_id", "alter_indicator_name", "indicator_callback")


def found(text: str, neighbours: Mapping[str, str]) -> tuple[dict[str, Alteration], tuple[str, ...]]:
    """The functions that the last call of open_sdg_build in a script is given, and the names of those not
    understood.

    `neighbours` gives the texts of other scripts by their names.
    """
    module = _parsed(text)
    if module is None:
        named = re.findall(r"\b(alter_data|alter_meta|alter_indicator\w*)\s*=\s*(?!None\b)\w", text)
        return {}, tuple(dict.fromkeys(named))
    calls = [each for each in ast.walk(module) if isinstance(each, ast.Call)]
    builds = [each for each in calls if ast.unparse(each.func).rpartition(".")[2] == "open_sdg_build"]
    followed: dict[str, Alteration] = {}
    strange = []
    last = max(builds, key=lambda call: call.lineno, default=None)
    for given in last.keywords if last else ():
        if given.arg not in (OF_DATA, OF_METADATA, *_NOT_FOLLOWED):
            continue
        if isinstance(given.value, ast.Constant):
            continue
        alteration = _function(module, ast.unparse(given.value), neighbours)
        if alteration is None or given.arg not in (OF_DATA, OF_METADATA):
            strange.append(given.arg)
        else:
            followed[given.arg] = alteration
    return followed, tuple(strange)


def _parsed(text: str) -> ast.Module | None:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def _function(module: ast.Module, name: str, neighbours: Mapping[str, str]) -> Alteration | None:
    """The function of this name, defined here or imported from a neighbour; None if it is not understood."""
    own = [each for each in module.body if isinstance(each, ast.FunctionDef) and each.name == name]
    if not own:
        for each in module.body:
            if isinstance(each, ast.ImportFrom) and any((a.asname or a.name) == name for a in each.names):
                there = _parsed(neighbours.get((each.module or "").rpartition(".")[2], ""))
                original = next(a.name for a in each.names if (a.asname or a.name) == name)
                return None if there is None else _function(there, original, {})
        return None
    values = dict(_values(module))
    helpers = {each.name: each for each in module.body if isinstance(each, ast.FunctionDef)}
    return Alteration(own[-1], values, helpers) if understood(own[-1], values, helpers) else None


def _values(module: ast.Module) -> Iterator[tuple[str, Any]]:
    """The plain values that a script gives names to."""
    for each in module.body:
        if isinstance(each, ast.Assign) and len(each.targets) == 1 and isinstance(each.targets[0], ast.Name):
            try:
                yield each.targets[0].id, ast.literal_eval(each.value)
            except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
                continue
