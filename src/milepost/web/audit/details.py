"""The details of an event in words: what the parts are called, and how each kind of answer is told."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from milepost.web.ui import addresses
from milepost.web.ui.templatetags.ui import MARKS

NAMES: dict[str, Promise] = {
    "about": lazy("About"),
    "act_number": lazy("Number of the act"),
    "amount": lazy("Amount"),
    "arrears_count": lazy("Arrears count as due"),
    "cells": lazy("Cells"),
    "code": lazy("Code"),
    "columns": lazy("Columns"),
    "correction": lazy("A correction"),
    "count": lazy("How many"),
    "counts": lazy("Rows by outcome"),
    "day": lazy("Day"),
    "decided": lazy("Decided"),
    "decision": lazy("Decision"),
    "disposition": pgettext_lazy("comment", "What became of it"),
    "due": lazy("Due"),
    "fields": lazy("Fields changed"),
    "file": lazy("File"),
    "framework": lazy("Framework"),
    "gender": lazy("Gender mark"),
    "from": lazy("From"),
    "indicator": lazy("Indicator"),
    "indicators": lazy("Indicators"),
    "institution": lazy("Institution"),
    "kept": lazy("Kept as it was"),
    "kind": lazy("Kind"),
    "level": lazy("Level"),
    "line": lazy("Line"),
    "mapping": lazy("Mapping"),
    "mends_dropped": lazy("Mends dropped"),
    "mends_kept": lazy("Mends kept"),
    "measures": lazy("Measures"),
    "method": lazy("Method"),
    "months": lazy("Months"),
    "name": lazy("Name"),
    "owner": lazy("Belongs to"),
    "parts": lazy("Parts"),
    "percent": lazy("Percent"),
    "period": lazy("Period"),
    "person": lazy("Person"),
    "planned_at": lazy("Planned for"),
    "rhythm": lazy("Rhythm of reporting"),
    "role": lazy("Role"),
    "rows": lazy("Rows"),
    "series": lazy("Series"),
    "reference": lazy("SHA-256 of the Word file whose look was used"),
    "sha256": lazy("SHA-256 of the file"),
    "since": lazy("In force from"),
    "size": lazy("Bytes"),
    "state": lazy("State"),
    "taken": lazy("Taken from the file"),
    "task": lazy("Task"),
    "to": lazy("To"),
    "version": lazy("Version"),
    "what": lazy("What"),
    "within": lazy("Within"),
    "year": lazy("Year"),
}
"""What a part of the details is called; one without a name here is shown by its key."""

BEFORE_AND_AFTER = frozenset({"disposition", "method", "state"})
"""What a list of two tells as it was and as it is."""


class Detail(NamedTuple):
    """One line: what it is called, whether that is only its key, and what it says."""

    name: str
    is_key: bool
    says: SafeString | str


def of(user: Any, details: Mapping[str, Any]) -> list[Detail]:
    """The details of an event, for a reader: what they may see is linked, states have their words."""
    return [
        Detail(str(NAMES.get(key, key)), key not in NAMES, _said(user, key, inner))
        for key, inner in sorted(details.items())
    ]


def _said(user: Any, key: str, inner: Any) -> SafeString | str:
    if isinstance(inner, bool):
        return _("yes") if inner else _("no")
    if inner is None or inner in ("", [], {}):
        return "–"
    if isinstance(inner, Mapping):
        pairs = [(NAMES.get(name, _state(name)), _said(user, name, one)) for name, one in inner.items()]
        return format_html_join("; ", "{}: {}", pairs)
    if isinstance(inner, list):
        return _listed(user, key, inner)
    if key in ("state", "disposition", "gender"):
        return _state(inner)
    if isinstance(inner, str) and (thing := _found(user, inner)) is not None:
        return format_html('<a href="{}">{}</a>', thing.get_absolute_url(), thing)
    return str(inner)


def _listed(user: Any, key: str, inner: list[Any]) -> SafeString | str:
    if key == "rows" and all(isinstance(one, int) for one in inner):
        return ", ".join(_runs(sorted(set(inner))))
    between = " → " if key in BEFORE_AND_AFTER else ", "
    return format_html_join(between, "{}", ((_said(user, key, one),) for one in inner))


def _runs(numbers: list[int]) -> Iterator[str]:
    """Whole numbers in order, those that follow one another as a range: 1, 2, 3, 58 -> "1–3", "58"."""
    for _gap, run in groupby(enumerate(numbers), lambda pair: pair[1] - pair[0]):
        first, *others = (number for _at, number in run)
        yield f"{first}–{others[-1]}" if others else str(first)


def _state(word: Any) -> str:
    return str(MARKS[word].word) if word in MARKS else str(word)


def _found(user: Any, text: str) -> Any:
    """The thing that an address names, if the reader may see it and it has a page."""
    try:
        thing = addresses.find(user, text)
    except ValueError:
        return None
    return thing if hasattr(thing, "get_absolute_url") else None
