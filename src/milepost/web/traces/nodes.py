"""How a thing describes itself in a trace, and how things are called that a reader may not see."""

from dataclasses import dataclass, replace
from typing import Any, Protocol

from django.conf import settings
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.module_loading import import_string
from django.utils.translation import get_language, gettext_lazy, pgettext

from milepost.values import Text
from milepost.web.ui.addresses import Address


@dataclass(frozen=True, slots=True)
class Node:
    """One thing in a trace, told for one reader: `facts` are (label, what is said), `url` its page.

    `rests_on` are (relation, address) that the thing knows of itself, where an edge for each would be too
    many: a figure and its dataset.
    """

    title: str
    facts: tuple[tuple[str, str], ...] = ()
    url: str | None = None
    rests_on: tuple[tuple[str, str], ...] = ()


class Describe(Protocol):
    """A function of `settings.TRACE_WORDS`, one for each kind; it says only what this reader may know."""

    def __call__(self, user: Any, thing: Any, /) -> Node: ...  # noqa: D102


UNSEEN: dict[str, Promise] = {
    "file": gettext_lazy("an internal file"),
    "delivery": gettext_lazy("a file or form sent in by the institution"),
    "dataset": gettext_lazy("figures as the institution sent and reviewed them"),
    "mapping": gettext_lazy("a mapping of columns and codes"),
    "data-request": gettext_lazy("a request from one institution to another"),
    "observation": gettext_lazy("a figure that is not public"),
    "series": gettext_lazy("a series that is not public"),
}
"""What stands for a thing that a reader may not see: its kind only. Kinds not named here are left out."""


def describe(user: Any, address: str, thing: Any) -> Node:
    """What a reader is told of a thing they may see; the revision of the address is named."""
    place = Address.parse(address)
    words: dict[str, Describe] = import_string(settings.TRACE_WORDS)
    node = words[place.kind](user, thing) if place.kind in words else Node(title(thing), url=page(thing))
    version = str(pgettext("trace", "Version"))
    if place.revision is None or any(label == version for label, _said in node.facts):
        return node
    return replace(node, facts=(*node.facts, (version, str(place.revision))))


def title(thing: Any) -> str:
    """The name of a thing in the reader's language where it has several, else as it calls itself."""
    text = getattr(thing, "text", None)
    if isinstance(text, Text):
        language = get_language() or settings.LANGUAGE_CODE
        return text.best(language, language.split("-")[0])[0] or str(thing)
    return str(thing)


def page(thing: Any) -> str | None:
    """The address of its page, if it has one: what it says itself, else the page called after its kind."""
    if hasattr(thing, "get_absolute_url"):
        return thing.get_absolute_url()
    place = Address.parse(thing.address)
    try:
        return reverse(place.kind, args=[place.id])
    except NoReverseMatch:
        return None
