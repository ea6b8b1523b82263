"""What came out, in words for the page: cells, design, what was left out, what was hidden."""

import math
from collections import Counter
from collections.abc import Mapping
from typing import Any, NamedTuple

from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from milepost.reports import methods
from milepost.values import Origin, Problem
from milepost.web.indicators.queries import names
from milepost.web.microdata.models import Measurement


class Line(NamedTuple):
    """One cell on the page."""

    words: str  # its categories, without those over all
    cell: Mapping[str, Any]
    is_total: bool


class HiddenLine(NamedTuple):
    """One hidden cell of the protocol."""

    categories: str
    why: str
    already_published: bool


def dimensions(one: Measurement) -> list[str]:
    """What the breakdowns are called."""
    return [names.dimension(name) for name in one.summary.get("dimensions", [])]


def lines(one: Measurement) -> list[Line]:
    """The cells in their order, with their categories in words."""
    own = names.own_codes(one.country)
    found = []
    for cell in one.cells:
        found.append(Line(_words(cell["breakdown"], own), cell, set(cell["breakdown"].values()) <= {"_T"}))
    return found


def _words(breakdown: Mapping[str, str], own: Any) -> str:
    """ "Women, 15 to 24 years old"; "all" for the cell over everything."""
    parts = [category(name, code, own) for name, code in breakdown.items() if code != "_T"]
    return ", ".join(parts) or _("all")


def digits(one: Measurement) -> int:
    """Decimals with which the figures of a table are told apart: four digits of the largest that count."""
    largest = max((abs(cell["value"]) for cell in one.cells if cell.get("value") is not None), default=0)
    if largest == 0:
        return 1
    return min(max(3 - math.floor(math.log10(largest)), 0), 6)


def category(dimension: str, code: str, own: Any) -> str:
    """What a category is called, with a word for unknown."""
    if code == "_U":
        return _("unknown")
    return names.said(names.category(dimension, code, own), get_language() or "en")


def facts(one: Measurement) -> list[tuple[str, Any]]:
    """What the figures rest on: method, design, rules, engine."""
    about = one.summary.get("about", {})
    if not about:
        return []
    design, language = about.get("design", {}), get_language() or "en"
    found: list[tuple[str, Any]] = [
        (_("Method"), methods.in_words(about["method"], about.get("options", {}), language))
    ]
    for label, key in (
        (_("Strata"), "strata"),
        (_("Sampling units"), "psus"),
        (_("Replicates"), "replicates"),
    ):
        if design.get(key):
            found.append((label, design[key]))
    protection = about.get("protection")
    if protection == "none":
        found.append((_("Protection"), _("none: nothing was hidden")))
    elif protection:
        found.append((_("Fewest respondents of a cell"), protection.get("minimum", "–")))
    if one.lowered:
        said = _("lowered to {minimum} by {who}: {why}")
        found.append(
            (
                _("Protection"),
                said.format(minimum=one.lowered["minimum"], who=one.lowered["by"], why=one.lowered["reason"]),
            )
        )
    base = {"birth": _("country of birth"), "citizenship": _("citizenship")}.get(
        about.get("migratory_base") or ""
    )
    if base:
        found.append((_("Migratory status by"), base))
    found.append((_("Computed with"), f"{about.get('engine', '')}, Milepost {about.get('milepost', '')}"))
    return found


def left_out(one: Measurement) -> list[tuple[str, Any]]:
    """(reason in words, rows) of what did not enter the figure over everything."""
    excluded = one.summary.get("about", {}).get("excluded", {})
    return [(why_left_out(why), _count(count)) for why, count in excluded.get("by_reason", {}).items()]


def _count(count: Any) -> Any:
    """A small count is not told; the recipe says "fewer than 30" instead."""
    if isinstance(count, str):
        return _("fewer than {number}").format(number=count.rpartition(" ")[2])
    return count


def rows(one: Measurement) -> tuple[int, int] | None:
    """(rows read, rows used), where that tells no small count."""
    excluded = one.summary.get("about", {}).get("excluded", {})
    return (excluded["rows"], excluded["used"]) if "rows" in excluded else None


def why_left_out(why: str) -> str:
    """A reason for leaving out a row, in words; its column behind the colon."""
    kind, _colon, column = why.partition(":")
    if kind.startswith("no-"):
        return _("nothing in {column}").format(column=kind.removeprefix("no-"))
    words = {
        "not-a-number": _("no number in {column}"),
        "negative": _("below 0 in {column}"),
        "not-positive": _("0 or less in {column}"),
        "not-an-answer": _("neither yes nor no in {column}"),
        "other-amount": _("another amount"),
        "not-qualifying": _("a service that does not qualify"),
        "out-of-age": _("outside the ages"),
        "outside": _("outside the conditions"),
    }
    return words.get(kind, why).format(column=column)


def notes(one: Measurement) -> list[Problem]:
    """What is worth knowing of the result, without small counts."""
    return [
        Problem(
            note["code"], Origin(note["file"] or "", row=note["row"], column=note["column"]), note["details"]
        )
        for note in one.summary.get("about", {}).get("notes", [])
    ]


def counts(one: Measurement) -> dict[str, int]:
    """How many cells there are by status."""
    return dict(Counter(cell["status"] for cell in one.cells))


def protocol(one: Measurement) -> list[HiddenLine] | None:
    """What was hidden and why; None where there was nothing to protect."""
    if not one.protocol:
        return None
    own = names.own_codes(one.country)
    found = []
    for entry in one.protocol.get("hidden", []):
        why = "; ".join(_reason(reason) for reason in entry["reasons"])
        if entry.get("complement_of"):
            others = len(entry["complement_of"])
            why += " " + ngettext("({count} cell)", "({count} cells)", others).format(count=others)
        found.append(HiddenLine(_words(entry["breakdown"], own), why, bool(entry.get("already_published"))))
    return found


def _reason(reason: str) -> str:
    words = {
        "few-respondents": _("too few respondents"),
        "dominance-p": _("one respondent could be told too exactly (p % rule)"),
        "dominance-nk": _("few respondents give most of it ((n, k) rule)"),
        "unanimous": _("says something about everybody in the group"),
        "empty": _("nobody is in the group"),
        "difference": _("could be told by subtracting published tables"),
        "complement": _("hidden so that others cannot be worked out"),
        "hidden-before": _("came without figures"),
    }
    return words.get(reason, reason)
