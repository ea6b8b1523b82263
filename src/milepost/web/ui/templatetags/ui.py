"""Tags and filters of every page."""

import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from babel.dates import format_date, format_datetime
from django import template
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.forms import BaseForm
from django.http import HttpRequest
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.html import escape, format_html
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost.catalogue import Indicator
from milepost.reports import methods, sentences
from milepost.values import Origin, Problem, Text, Verdict
from milepost.web.ui import moments, site

register = template.Library()

NOTHING = "–"
NOTHING_SAID = '<span class="nothing">–<span class="visually-hidden"> ({})</span></span>'


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


# Words ------------------------------------------------------------------------------------------------------


def _best(words: Any) -> tuple[str, str | None]:
    """The text and its language, of {language: text}; a plain string has none."""
    if isinstance(words, Mapping):
        language = _language()
        return Text(words).best(language, language.split("-")[0])
    return ("" if words is None else str(words)), None


@register.filter
def text(words: Any) -> SafeString:
    """Words in the reader's language; else in another one, marked so; else a dash, explained.

    Takes {language: text}, values.Text or a plain string.
    """
    found, language = _best(words)
    if not found:
        return format_html(NOTHING_SAID, _("no text"))
    if language is None or language.split("-")[0] == _language().split("-")[0]:
        return escape(found)
    return format_html(
        '<span lang="{}">{}</span> <span class="untranslated" title="{}">[{}]</span>',
        language,
        found,
        _("Not translated; shown in another language: {language}").format(language=_name(language)),
        _name(language),
    )


@register.filter
def plain(words: Any) -> str:
    """The same without markup, for titles, attributes and options: "Women", "Women [English]" or "–"."""
    found, language = _best(words)
    if not found:
        return NOTHING
    if language is None or language.split("-")[0] == _language().split("-")[0]:
        return found
    return f"{found} [{_name(language)}]"


def _name(language: str) -> str:
    """The name of a language in the reader's own."""
    return sentences.locale(_language()).languages.get(language.partition("-")[0], language)


# Numbers and dates ------------------------------------------------------------------------------------------


@register.filter
def figure(value: Any, digits: int | None = None) -> str:
    """A number as the reader's language writes it, with `digits` decimals; "–" where there is none.

    A thing with `value` and `status` (an observation) without value gives the sign of its status:
    "(s)" suppressed, "…" pending, "–" otherwise.
    """
    if hasattr(value, "value") and hasattr(value, "status"):
        if value.value is None:
            return sentences.NO_VALUE_SIGNS.get(value.status, NOTHING)
        value = value.value
    if value is None or value == "" or (isinstance(value, float) and math.isnan(value)):
        return NOTHING
    if isinstance(value, Decimal):
        value = float(value)
    return sentences.number(value, _language(), digits)


@register.filter
def when(moment: date | datetime | str | None, place: moments.Place | None = None) -> SafeString:
    """A day or a moment as the reader's language writes it: "12 March 2026", "12 March 2026, 14:05 UTC".

    `place` is the country by whose clocks, where that is not the one that the page is about.
    """
    if not moment:
        return format_html(NOTHING_SAID, _("no date"))
    if isinstance(moment, str):
        moment = (
            datetime.fromisoformat(moment) if len(moment) > len("2026-03-12") else date.fromisoformat(moment)
        )
    locale = sentences.locale(_language())
    if not isinstance(moment, datetime):
        return format_html(
            '<time datetime="{}">{}</time>', moment.isoformat(), format_date(moment, _pattern(), locale)
        )
    moment = moments.here(moment, place)
    words = format_datetime(moment, f"{_pattern()}, HH:mm", locale=locale)
    said = f"{words} {moments.zone(moment)}".strip()
    return format_html('<time datetime="{}">{}</time>', moment.isoformat(timespec="minutes"), said)


def _pattern() -> str:
    """Day, month in words, year; the day comes first in English too, as in official statistics."""
    if _language().startswith("en"):
        return "d MMMM y"
    return str(sentences.locale(_language()).date_formats["long"].pattern)


# States -----------------------------------------------------------------------------------------------------


class Mark(NamedTuple):
    """How a state is shown: a shape and its word; `grave` colours it as a warning."""

    shape: str
    word: Promise
    grave: bool = False


DONE, UNDERWAY, LATE, EMPTY, IMPOSSIBLE, SILENT = "●", "◐", "▲", "○", "✕", "–"
MARKS: dict[str, Mark] = {
    # deeds
    "done": Mark(DONE, pgettext_lazy("state", "Done")),
    "on_track": Mark(UNDERWAY, pgettext_lazy("state", "On track")),
    "late": Mark(LATE, pgettext_lazy("state", "Late"), True),
    "not_started": Mark(EMPTY, pgettext_lazy("state", "Not started")),
    "cannot": Mark(IMPOSSIBLE, pgettext_lazy("state", "Cannot be done"), True),
    "no_answer": Mark(SILENT, pgettext_lazy("state", "No answer")),
    # women and men in plans
    "specific": Mark(DONE, pgettext_lazy("gender", "Gender-specific")),
    "sensitive": Mark(UNDERWAY, pgettext_lazy("gender", "Gender-sensitive")),
    "neutral": Mark(EMPTY, pgettext_lazy("gender", "Gender-neutral")),
    "blind": Mark(SILENT, pgettext_lazy("gender", "Gender-blind")),
    # datasets
    "draft": Mark(EMPTY, pgettext_lazy("state", "Draft")),
    "submitted": Mark(UNDERWAY, pgettext_lazy("state", "In review")),
    "returned": Mark(LATE, pgettext_lazy("state", "Returned"), True),
    "approved": Mark(UNDERWAY, pgettext_lazy("state", "Approved")),
    "published": Mark(DONE, pgettext_lazy("state", "Published")),
    "superseded": Mark(EMPTY, pgettext_lazy("state", "Superseded")),
    "withdrawn": Mark(IMPOSSIBLE, pgettext_lazy("state", "Withdrawn"), True),
    "discarded": Mark(IMPOSSIBLE, pgettext_lazy("state", "Discarded")),
    # data requests
    "open": Mark(EMPTY, pgettext_lazy("state", "Open")),
    "overdue": Mark(LATE, pgettext_lazy("state", "Overdue"), True),
    "answered": Mark(UNDERWAY, pgettext_lazy("state", "Answered")),
    "closed": Mark(DONE, pgettext_lazy("state", "Closed")),
    "cancelled": Mark(IMPOSSIBLE, pgettext_lazy("state", "Cancelled")),
    # jobs
    "queued": Mark(EMPTY, pgettext_lazy("state", "Waiting")),
    "running": Mark(UNDERWAY, pgettext_lazy("state", "Running")),
    "failed": Mark(IMPOSSIBLE, pgettext_lazy("state", "Failed"), True),
    "lost": Mark(LATE, pgettext_lazy("state", "Interrupted"), True),
    # rows of a dry run
    "add": Mark(DONE, pgettext_lazy("row", "Added")),
    "change": Mark(UNDERWAY, pgettext_lazy("row", "Changed")),
    "same": Mark(SILENT, pgettext_lazy("row", "Same")),
    "conflict": Mark(LATE, pgettext_lazy("row", "Conflict"), True),
    "remove": Mark(IMPOSSIBLE, pgettext_lazy("row", "Removed")),
    "kept": Mark(SILENT, pgettext_lazy("row", "Stays")),
    "refused": Mark(IMPOSSIBLE, pgettext_lazy("row", "Refused"), True),
    # cells of the coverage matrix
    "national": Mark(DONE, pgettext_lazy("coverage", "National figure")),
    "global": Mark(UNDERWAY, pgettext_lazy("coverage", "Global database only")),
    "suppressed": Mark(IMPOSSIBLE, pgettext_lazy("coverage", "Suppressed")),
    "none": Mark(EMPTY, pgettext_lazy("coverage", "No figure")),
    # people and institutions
    "active": Mark(DONE, pgettext_lazy("state", "Active")),
    "inactive": Mark(EMPTY, pgettext_lazy("state", "Not active")),
    "not_assessed": Mark(SILENT, pgettext_lazy("state", "Not assessed")),
    # projects
    "proposal": Mark(EMPTY, pgettext_lazy("state", "Proposal")),
    "endorsed": Mark(EMPTY, pgettext_lazy("state", "Endorsed")),
    "completed": Mark(DONE, pgettext_lazy("state", "Completed")),
    "evaluated": Mark(DONE, pgettext_lazy("state", "Evaluated")),
    "dropped": Mark(IMPOSSIBLE, pgettext_lazy("state", "Dropped")),
    "sent": Mark(DONE, pgettext_lazy("state", "Sent")),
    # plans
    "in_force": Mark(DONE, pgettext_lazy("state", "In force")),
    "accepted": Mark(DONE, pgettext_lazy("state", "Accepted")),
    "not_due": Mark(EMPTY, pgettext_lazy("state", "Not due yet")),
    "off_track": Mark(LATE, pgettext_lazy("state", "Off track"), True),
    "no_milestone": Mark(SILENT, pgettext_lazy("state", "Without milestone")),
    "under_way": Mark(UNDERWAY, pgettext_lazy("state", "Under way")),
    "partly": Mark(UNDERWAY, pgettext_lazy("state", "Carried out in part")),
    "fully": Mark(DONE, pgettext_lazy("state", "Carried out in full")),
    # consultations, comments, laws to amend
    "prepared": Mark(EMPTY, pgettext_lazy("state", "In preparation")),
    "not_accepted": Mark(IMPOSSIBLE, pgettext_lazy("state", "Not accepted")),
    "noted": Mark(SILENT, pgettext_lazy("state", "Noted")),
    "to_prepare": Mark(EMPTY, pgettext_lazy("state", "To be prepared")),
    "drafted": Mark(UNDERWAY, pgettext_lazy("state", "Drafted")),
    "proposed": Mark(UNDERWAY, pgettext_lazy("state", "Submitted")),
    "adopted": Mark(DONE, pgettext_lazy("state", "Adopted")),
}
"""Every state that pages show, by its code: word and shape, colour only helps."""


@register.simple_tag
def status_mark(state: str, word: str = "") -> SafeString:
    """The shape and word of a state; `word` says it otherwise: {% status_mark "late" "Late by 3 days" %}."""
    mark = MARKS[str(state)]
    return status_as(mark.shape, word or str(mark.word), mark.grave)


@register.simple_tag
def status_as(shape: str, word: str, grave: bool = False) -> SafeString:
    """A shape and a word of one's own, for instance a verdict's."""
    return format_html(
        '<span class="status{}"><span class="shape" aria-hidden="true">{}</span> {}</span>',
        " grave" if grave else "",
        shape,
        word,
    )


_VERDICTS = {
    "target_met": (DONE, False),
    "on_track": (DONE, False),
    "acceleration_needed": (UNDERWAY, False),
    "stagnation_or_regression": (LATE, True),
    "target_achieved": (DONE, False),
    "substantial_progress": (DONE, False),
    "moderate_progress": (UNDERWAY, False),
    "limited_progress": (EMPTY, False),
    "deterioration": (LATE, True),
    "not_assessed": (SILENT, False),
}
"""The shape of each verdict and whether it is grave; its words come from the reports."""


@register.simple_tag
def verdict_mark(verdict: Verdict) -> SafeString:
    """The shape and words of a verdict on progress, as the reports say it."""
    shape, grave = _VERDICTS[verdict.verdict]
    return status_as(shape, sentences.verdict(verdict, _language()), grave)


@register.filter
def computed(definition: Indicator) -> str:
    """How the value of an indicator is computed, in a sentence; for one that a method of ours computes."""
    assert definition.method is not None
    return methods.in_words(definition.method, definition.options, _language())


# Traces -----------------------------------------------------------------------------------------------------


@register.simple_tag
def traced(value: Any, address: Any, digits: int | None = None) -> SafeString:
    """A figure that leads home: a link, dotted below, to what it rests on.

    `value` is a number, an observation or words already written; `address` is "kind:id@revision".
    """
    shown = value if isinstance(value, str) else figure(value, digits)
    return format_html(
        '<a class="traced" href="{}" data-trace title="{}">{}</a>',
        f"/{_language()}/trace/{address}/",
        _("Where this comes from"),
        shown,
    )


# Faults -----------------------------------------------------------------------------------------------------

GRAVITIES: dict[str, Mark] = {
    "error": Mark(IMPOSSIBLE, lazy("Error"), True),
    "warning": Mark(LATE, lazy("Warning"), True),
    "note": Mark(SILENT, lazy("Note")),
}


@register.inclusion_tag("ui/faults.html")
def faults(problems: Iterable[Problem | Mapping[str, Any]]) -> dict[str, Any]:
    """The list of faults: how grave, where, what, how to mend it.

    Takes values.Problem, or the same as JSON: {code, origin: {file, sheet, row, column}, details}.
    """
    return {"faults": [_fault(problem) for problem in problems]}


def _fault(problem: Problem | Mapping[str, Any]) -> dict[str, Any]:
    if not isinstance(problem, Problem):
        place: Any = problem.get("origin") or {"file": ""}
        problem = Problem(problem["code"], Origin(**place), problem.get("details") or {})
    what, remedy = sentences.fault(problem, _language())
    return {
        "gravity": GRAVITIES[sentences.KINDS[problem.code].gravity],
        "what": what,
        "remedy": remedy,
        "place": _place(problem.origin),
    }


def _place(origin: Origin) -> str:
    """The place in a file, in words."""
    parts = [origin.file] if origin.file else []
    if origin.sheet:
        parts.append(_("sheet {name}").format(name=origin.sheet))
    if origin.row is not None:
        parts.append(_("row {number}").format(number=origin.row))
    if origin.column is not None:
        parts.append(_("column {name}").format(name=origin.column))
    return ", ".join(parts)


# The frame --------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def navigation(context: Context) -> list[dict[str, Any]]:
    """The pages of settings.NAVIGATION that this reader is shown: title, href, current."""
    request = context.get("request")
    if request is None:
        return []
    user, country = getattr(request, "user", None), context.get("country")
    entries = []
    for page in import_string(settings.NAVIGATION):
        href = _href(page.name, country)
        if href and page.shown_to(user):
            entries.append({"title": page.title, "href": href, "current": ""})
    around = [entry for entry in entries if request.path.startswith(entry["href"])]
    if around:
        nearest = max(around, key=lambda entry: len(entry["href"]))
        nearest["current"] = _current(nearest["href"], request.path)
    return entries


def _href(name: str, country: Any) -> str | None:
    """The page of this name, or its page for the country one looks at; None where there is neither."""
    code = getattr(country, "code", None)
    for arguments in ([], [code] if code else None):
        if arguments is not None:
            try:
                return reverse(name, args=arguments)
            except NoReverseMatch:
                continue
    return None


def _current(href: str, path: str) -> str:
    """The value of aria-current: this very page, a page below it, or neither."""
    if path == href:
        return "page"
    return "true" if href.count("/") > 2 and path.startswith(href) else ""


def _whole(request: HttpRequest, path: str) -> str:
    """The address with the host; without it where the host itself is what was refused."""
    try:
        return site.whole(path, request)
    except DisallowedHost:
        return path


@register.simple_tag(takes_context=True)
def languages(context: Context) -> list[dict[str, str]]:
    """This page in every language: code, name, href, and the whole address for search engines."""
    request = context.get("request")
    if request is None:
        return []
    query = request.META.get("QUERY_STRING", "")
    return [
        {
            "code": code,
            "name": name,
            "href": _in_language(request.path, code) + (f"?{query}" if query else ""),
            "address": _whole(request, _in_language(request.path, code)),
        }
        for code, name in settings.LANGUAGES
    ]


def _in_language(path: str, code: str) -> str:
    """The same page in another language: all our addresses differ by their first part only.

    A page that does not exist has no route to translate, but is said in every language too.
    """
    first, _slash, rest = path.lstrip("/").partition("/")
    if first in dict(settings.LANGUAGES):
        return f"/{code}/{rest}"
    return f"/{code}/"


# Forms ------------------------------------------------------------------------------------------------------


@register.inclusion_tag("ui/error_summary.html")
def error_summary(*forms: BaseForm) -> dict[str, Any]:
    """All errors of these forms at the top, each leading to its field; the forms then do not repeat it."""
    found: list[dict[str, str]] = []
    for form in forms:
        found += _errors(form)
        form.summarised = True  # type: ignore[attr-defined]
    return {"errors": found}


def _errors(form: BaseForm) -> list[dict[str, str]]:
    """Every error of a form: its words, and the field's place on the page."""
    if not form.is_bound:
        return []
    listed = [{"words": str(error), "href": ""} for error in form.non_field_errors()]
    for field in form.hidden_fields():
        listed += [{"words": f"{field.label}: {error}", "href": ""} for error in field.errors]
    for field in form.visible_fields():
        place = f"#{_first_input(field)}"
        listed += [{"words": f"{field.label}: {error}", "href": place} for error in field.errors]
    return listed


def _first_input(field: Any) -> str:
    """The id of what is to be filled in; of several (dates, choices) the first."""
    return field.id_for_label or (f"{field.auto_id}_0" if field.auto_id else "")


@register.filter
def is_checkbox(field: Any) -> bool:
    """Whether a field is one box to tick, whose label stands behind it."""
    return getattr(field.field.widget, "input_type", "") == "checkbox" and not field.use_fieldset


@register.filter
def page_numbers(paginator: Any, number: int) -> list[int | None]:
    """The numbers of the pages to offer; None stands for those left out."""
    return [
        page if isinstance(page, int) else None
        for page in paginator.get_elided_page_range(number, on_each_side=1, on_ends=1)
    ]
