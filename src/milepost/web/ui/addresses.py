"""Addresses, `kind:id@revision`: how everything is named, from the lowest floor to the highest.

The low floors store addresses and import nothing from above; `settings.ADDRESSES` names the one dict that
knows, for each kind, the query that says who may see it.
"""

import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from django.db.models import QuerySet

_ADDRESS = re.compile(r"([a-z][a-z-]*):([\w.-]+)(?:@(\d+))?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Address:
    """The name of one thing, and of one revision of it.

    >>> Address.parse("dataset:7@2")
    Address(kind='dataset', id='7', revision=2)
    >>> str(Address("country", "kg"))
    'country:kg'
    """

    kind: str
    id: str
    revision: int | None = None

    @classmethod
    def parse(cls, text: str) -> "Address":
        """Read an address; ValueError where it is none."""
        match = _ADDRESS.fullmatch(text)
        if match is None:
            raise ValueError(f"not an address: {text!r}")
        return cls(match[1], match[2], int(match[3]) if match[3] else None)

    def __str__(self) -> str:
        return f"{self.kind}:{self.id}" + (f"@{self.revision}" if self.revision is not None else "")

    @property
    def whole(self) -> "Address":
        """The thing itself, without revision."""
        return Address(self.kind, self.id)


class Addressed(Protocol):
    """Whatever has an address, a name for people and a page."""

    @property
    def address(self) -> str: ...  # noqa: D102

    def get_absolute_url(self) -> str: ...  # noqa: D102


class Kind(Protocol):
    """One entry of the dict: who may see which things of this kind, and how its id is looked up."""

    def visible_to(self, user: Any) -> "QuerySet[Any]": ...  # noqa: D102

    field: str


@cache
def kinds() -> dict[str, Any]:
    """Every kind by its name."""
    return import_string(settings.ADDRESSES)


def find(user: Any, address: str | Address) -> Any | None:
    """The thing at an address if this user may see it, else None; a revision is the caller's to look at."""
    place = Address.parse(address) if isinstance(address, str) else address
    kind = kinds().get(place.kind)
    if kind is None:
        return None
    try:
        return kind.visible_to(user).filter(**{kind.field: place.id}).first()
    except (ValueError, TypeError):  # an id that is no number
        return None
