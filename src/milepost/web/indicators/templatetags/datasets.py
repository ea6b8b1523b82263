"""The dry run in words."""

from typing import Any

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost.recipes.incoming import FIGURE, INDICATOR, NOTES, QUANTITY
from milepost.reports import sentences
from milepost.web.accounts.queries import scopes
from milepost.web.accounts.roles import Permission
from milepost.web.indicators.queries import names
from milepost.web.indicators.queries.scoping import WORKING
from milepost.web.intake.faults import from_json
from milepost.web.intake.words import name_of
from milepost.web.ui.templatetags.ui import figure, plain

register = template.Library()

ENDED = ("published", "superseded", "withdrawn")


@register.simple_tag
def dry_run(dataset: Any) -> str:
    """One sentence: what a dataset would do, or did."""
    counts = dataset.counts
    if not counts:
        return _("It has not been read yet.")
    did = dataset.state in ENDED
    said = _did(counts) if did else _does(counts)
    rest = [
        _count(counts, "same", _same(counts)),
        _count(counts, "refused", _refused(counts)),
        _count(counts, "conflict", _conflict(counts)),
    ]
    rest = [sentence for sentence in rest if sentence]
    return said + (" " + "; ".join(rest) + "." if rest else "")


def _does(counts: dict[str, int]) -> str:
    add, change = counts.get("add", 0), counts.get("change", 0)
    if add and change:
        return ngettext(
            "Adds {add} figure, changes {change} and overwrites nothing else.",
            "Adds {add} figures, changes {change} and overwrites nothing else.",
            add,
        ).format(add=figure(add), change=figure(change))
    if add:
        return ngettext(
            "Adds {add} figure and overwrites nothing.", "Adds {add} figures and overwrites nothing.", add
        ).format(add=figure(add))
    if change:
        return ngettext(
            "Changes {change} figure and overwrites nothing else.",
            "Changes {change} figures and overwrites nothing else.",
            change,
        ).format(change=figure(change))
    return _("Adds nothing and changes nothing.")


def _did(counts: dict[str, int]) -> str:
    add, change = counts.get("add", 0), counts.get("change", 0)
    if add and change:
        return ngettext(
            "Added {add} figure and changed {change}.", "Added {add} figures and changed {change}.", add
        ).format(add=figure(add), change=figure(change))
    if add:
        return ngettext("Added {add} figure.", "Added {add} figures.", add).format(add=figure(add))
    return ngettext("Changed {change} figure.", "Changed {change} figures.", change).format(
        change=figure(change)
    )


def _count(counts: dict[str, int], outcome: str, words: str) -> str:
    return words.format(count=figure(counts[outcome])) if counts.get(outcome) else ""


def _same(counts: dict[str, int]) -> str:
    return ngettext(
        "{count} row says what is current already",
        "{count} rows say what is current already",
        counts.get("same", 0),
    )


def _refused(counts: dict[str, int]) -> str:
    return ngettext("{count} row is refused", "{count} rows are refused", counts.get("refused", 0))


def _conflict(counts: dict[str, int]) -> str:
    return ngettext("{count} row is in conflict", "{count} rows are in conflict", counts.get("conflict", 0))


PAGES: tuple[tuple[str, Promise, tuple[Permission, ...]], ...] = (
    ("datasets", lazy("Datasets"), WORKING),
    ("measurements", lazy("Measurements"), WORKING),
    ("releases", lazy("Release calendar"), (Permission.EDIT_INDICATORS, Permission.PUBLISH_DATA)),
    ("sources", lazy("Two sources"), (Permission.CHOOSE_OFFICIAL,)),
    ("indicator-lists", lazy("List of indicators"), (Permission.EDIT_INDICATORS,)),
)
"""The pages around figures on their way: name of the address, words, and for whom."""


@register.simple_tag(takes_context=True)
def data_pages(context: template.Context) -> list[tuple[str, str, bool]]:
    """(href, title, current) of those of these pages that the reader has a use for."""
    request = context["request"]
    return [
        (reverse(name), str(title), reverse(name) == request.path)
        for name, title, permissions in PAGES
        if (name != "measurements" or settings.MICRODATA)
        and any(scopes(request.user, permission) for permission in permissions)
    ]


@register.filter
def what(cells: dict[str, str], own: names.Own | None = None) -> str:
    """For whom and where a row's figure is: "Women, 15 to 24 years", or that it is the total.

    `own` are the names that the country gave to codes of its own.
    """
    parts = [
        plain(names.category(name, code, own))
        for name, code in cells.items()
        if name not in (INDICATOR, *FIGURE, *QUANTITY, *NOTES)
    ]
    if cells.get("ref_area"):
        parts.append(plain(names.category(names.AREA, cells["ref_area"], own)))
    return ", ".join(parts) or _("total")


@register.filter
def concept_name(concept: str, own: names.Own | None = None) -> str:
    """What a column of a file is called: "Lower bound", "Sex"; `own` are the names that the country gave."""
    return plain(own[concept, ""]) if own and (concept, "") in own else name_of(concept)


@register.filter
def said(cells: dict[str, Any]) -> str:
    """The figure of a row or of what is current: number, status, bounds."""
    value = cells.get("obs_value", cells.get("value"))
    status = cells.get("obs_status", cells.get("status")) or ""
    shown = _number(value) if value not in (None, "") else "–"
    lower, upper = (
        cells.get("lower_bound", cells.get("lower")),
        cells.get("upper_bound", cells.get("upper")),
    )
    if lower not in (None, "") or upper not in (None, ""):
        shown += f" [{_number(lower)}; {_number(upper)}]"
    return f"{shown} {status}" if status not in ("", "A") else shown


def _number(text: Any) -> str:
    try:
        return figure(float(text))
    except (TypeError, ValueError):
        return "–" if text in (None, "") else str(text)


@register.filter
def added_notes(row: Any) -> list[tuple[str, str, str]]:
    """What changes beside the number: (name, before, after) of comments, nature and source."""
    if row.before is None:
        return []
    before = row.before.get("attributes", {})
    after = {name: text for name, text in row.cells.items() if name in NOTES}
    return [
        (plain(name_of(name)), before.get(name, "–"), after.get(name, "–"))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]


@register.filter
def remarks(row: Any) -> list[tuple[str, str]]:
    """What is to be said of a row, and how to mend it; its place and its outcome are seen anyway."""
    language = get_language() or "en"
    found = from_json(row.problems)
    return [sentences.fault(problem, language) for problem in found if problem.code != "figures-conflict"]
