"""Plain values as JSON and back, for what is kept word for word: a report that was approved never changes.

Days are ISO, decimals text, texts in several languages an object. What was kept before a field came into
being has the field's default when it is read.
"""

import types
import typing
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Literal, TypeVar

from milepost.values import Text

T = TypeVar("T")


def as_json(value: Any) -> Any:
    """A plain value (dataclasses, tuples, texts, days, decimals) as JSON.

    >>> as_json((date(2026, 6, 30), Decimal("0.50"), Text(en="Women")))
    ['2026-06-30', '0.50', {'en': 'Women'}]
    """
    if is_dataclass(value):
        return {field.name: as_json(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: as_json(inner) for key, inner in value.items()}
    if isinstance(value, tuple | list):
        return [as_json(inner) for inner in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def from_json(kind: type[T], kept: Any) -> T:
    """The value that was kept, of the kind that it had.

    >>> from_json(date, "2026-06-30"), from_json(Decimal, "0.50")
    (datetime.date(2026, 6, 30), Decimal('0.50'))
    """
    return _read(kind, kept)


def _read(kind: Any, kept: Any) -> Any:
    if is_dataclass(kind):
        kinds, made = _kinds(kind), typing.cast("Any", kind)
        return made(**{name: _read(kinds[name], inner) for name, inner in kept.items() if name in kinds})
    origin = typing.get_origin(kind)
    if origin in (typing.Union, types.UnionType):
        return None if kept is None else _read(_without_none(kind), kept)
    if origin is tuple:
        parts = typing.get_args(kind)
        if parts[-1] is Ellipsis:
            return tuple(_read(parts[0], inner) for inner in kept)
        return tuple(_read(part, inner) for part, inner in zip(parts, kept, strict=True))
    if origin is not None and origin is not Literal and issubclass(origin, Mapping):
        return {key: _read(typing.get_args(kind)[1], inner) for key, inner in kept.items()}
    return _simple(kind, kept)


def _simple(kind: Any, kept: Any) -> Any:
    if kind is date:
        return date.fromisoformat(kept)
    return kind(kept) if kind in (Decimal, Text) else kept


def _without_none(kind: Any) -> Any:
    return next(one for one in typing.get_args(kind) if one is not type(None))


@lru_cache(maxsize=64)
def _kinds(kind: Any) -> dict[str, Any]:
    return typing.get_type_hints(kind)
