"""Everything the machine says in words, in the reader's language.

Messages are English sentences; `locale/<language>/LC_MESSAGES/milepost.po` translates them. A sentence
without translation stays English. Numbers follow the reader's language either way.
"""

import gettext
import math
import string
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from milepost import progress
from milepost.errors import KINDS
from milepost.progress import results, words
from milepost.values import MISSING_STATUSES, Observation, Problem, Series, Verdict

LOCALE = Path(__file__).parent.parent / "locale"

OBSERVATION_STATUSES = {
    "A": "as published",
    "B": "break in the series",
    "D": "definition differs",
    "E": "estimated",
    "F": "forecast",
    "G": "experimental",
    "H": "not measured: holiday",
    "I": "imputed",
    "J": "derogation",
    "K": "included in another category",
    "L": "not collected",
    "M": "cannot exist",
    "N": "not significant",
    "O": "missing",
    "P": "provisional",
    "Q": "suppressed",
    "S": "strike",
    "U": "low reliability",
    "V": "not validated",
    "W": "includes another category",
}
"""What each code of SDMX CL_OBS_STATUS 2.1 says of a figure."""

STATUSES = {
    "complete": "complete",
    "inprogress": "in progress",
    "notstarted": "not started",
    "notapplicable": "not applicable",
}
"""Reporting status, in the codes of Open SDG."""

BREAKDOWN_STATUSES = {
    "complete": "all that are asked for",
    "inprogress": "some of those asked for",
    "notstarted": "none of those asked for",
    "notapplicable": "none are asked for",
}
"""Disaggregation status, in the same codes."""

GRAVITIES = {"error": "error", "warning": "warning", "note": "note"}

NO_VALUE_SIGNS = {"Q": "(s)", "O": "…"}
"""Signs for a missing value by status; any other is "–"."""

_PERCENT = {
    "%",
    "pt",
    "percent",
    "per cent",
    "percentage",
    "percentage (%)",
    "процент",
    "проценты",
    "процентов",
}
_PLAIN_NUMBER = {"", "number", "count", "число", "units", "единиц"}
_LEADING = ("per ", "на ")


# Translation ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Catalogue:
    """One language's messages: {English: (translation, plural forms ...)}."""

    messages: Mapping[str, tuple[str, ...]]
    form: Callable[[int], int]


_ENGLISH = _Catalogue({}, lambda count: int(count != 1))


@lru_cache(maxsize=64)
def _catalogue(language: str) -> _Catalogue | None:
    for name in (language.replace("-", "_"), language.replace("_", "-").split("-")[0]):
        path = LOCALE / name / "LC_MESSAGES" / "milepost.po"
        if path.is_file():
            with path.open("rb") as file:
                read = read_po(file, locale=name.split("_")[0], abort_invalid=True)
            messages = {}
            for message in read:
                forms = message.string if isinstance(message.string, (tuple, list)) else (message.string,)
                key = message.id[0] if isinstance(message.id, (tuple, list)) else message.id
                if key and all(forms) and not message.fuzzy:
                    messages[key] = tuple(forms)
            return _Catalogue(messages, gettext.c2py(read.plural_expr))  # type: ignore[attr-defined]
    return None


class _Fill(string.Formatter):
    """Fills `{name}` with values; numbers as the language writes them."""

    def __init__(self, language: str):
        self.language = language

    def format_field(self, value: Any, format_spec: str) -> str:
        if format_spec:
            text = format(value, format_spec)
            return _localised(text, self.language) if isinstance(value, (int, float)) else text
        if isinstance(value, float):
            return number(value, self.language)
        if isinstance(value, (list, tuple, set, frozenset)):
            items = sorted(value, key=str) if isinstance(value, (set, frozenset)) else value
            return ", ".join(self.format_field(item, "") for item in items)
        return str(value)


@dataclass(frozen=True)
class Translator:
    """Says messages in one language: `say("Goal {number}", number=10)`."""

    language: str

    @cached_property
    def speaks(self) -> str:
        """The language of the sentences: the one asked for where a catalogue exists, else English."""
        return self.language if self.language.startswith("en") or _catalogue(self.language) else "en"

    def __call__(self, msgid: str, /, **values: Any) -> str:
        """The message in the reader's language, filled with values."""
        return self.fill(self.template(msgid), values)

    def template(self, msgid: str) -> str:
        """The message in the reader's language, not yet filled."""
        catalogue = _catalogue(self.language)
        return catalogue.messages.get(msgid, (msgid,))[0] if catalogue else msgid

    def plural(self, one: str, many: str, count: int, /, **values: Any) -> str:
        """The message in the form that the language uses with this count, which fills `{count}`."""
        catalogue = _catalogue(self.language)
        if catalogue and one in catalogue.messages:
            template = catalogue.messages[one][catalogue.form(count)]
        else:
            template = (one, many)[_ENGLISH.form(count)]
        return self.fill(template, {"count": number(count, self.language), **values})

    def fill(self, template: str, values: Mapping[str, Any]) -> str:
        """The template with its values in place."""
        return _Fill(self.language).vformat(template, (), values) if "{" in template else template

    def has(self, msgid: str) -> bool:
        """Whether the catalogue of this language holds the message."""
        catalogue = _catalogue(self.language)
        return catalogue is not None and msgid in catalogue.messages


@lru_cache(maxsize=64)
def translator(language: str) -> Translator:
    """The translator for a language such as "ru" or "ru-KG"; English where no catalogue ships."""
    return Translator(language)


# Numbers ----------------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def locale(language: str) -> Locale:
    """Babel's locale for a language; English where Babel does not know it."""
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale("en")


def days(language: str) -> Locale:
    """Babel's locale for the days of a document: in English the day comes first, as on the pages.

    >>> from datetime import date
    >>> from babel.dates import format_date
    >>> format_date(date(2026, 5, 1), "long", days("en"))
    '1 May 2026'
    """
    return Locale("en", "GB") if language == "en" else locale(language)


@lru_cache(maxsize=64)
def _signs(language: str) -> tuple[str, str, int] | None:
    """Decimal sign, group sign and least digits before grouping, where the language groups by thousands."""
    found = locale(language)
    if found.default_numbering_system != "latn" or found.decimal_formats[None].grouping != (3, 3):
        return None
    symbols = found.number_symbols["latn"]
    return (
        symbols["decimal"],
        symbols["group"],
        5 if found.language in ("es", "pl", "pt", "bg", "hu", "ka") else 4,
    )


def number(value: float, language: str, digits: int | None = None) -> str:
    """A number as the language writes it, with exactly `digits` decimals, or with those it has (at most 6).

    >>> number(1234.5, "en"), number(-0.25, "en", 1)
    ('1,234.5', '−0.2')
    >>> number(1234.5, "ru").replace(chr(160), "_")
    '1_234,5'
    """
    if digits is None:
        text = f"{value:,.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
    else:
        text = f"{value:,.{digits}f}"
    if not text.strip("-0.,"):
        text = text.lstrip("-")  # no negative zero
    return _localised(text, language)


def _localised(text: str, language: str) -> str:
    """An English number such as "-1,234.5" in the signs of the language."""
    signs = _signs(language)
    if signs is None:
        decimals = len(text.partition(".")[2].rstrip("%"))
        plain = float(text.replace(",", "").rstrip("%"))
        return format_decimal(plain, f"#,##0.{'0' * decimals}" if decimals else "#,##0", locale(language))
    decimal, group, least = signs
    whole, dot, fraction = text.partition(".")
    if least == 5 and len(whole.lstrip("-")) == 5:
        whole = whole.replace(",", "")
    return whole.replace(",", group).replace("-", "−") + (decimal if dot else "") + fraction


def digits_for(values: Iterable[float]) -> int:
    """How many decimals show these values to three or four significant figures, and no more than they have.

    >>> digits_for([41.242, 46.93]), digits_for([17.0, 4.0]), digits_for([0.0312]), digits_for([3390.2])
    (1, 0, 4, 0)
    """
    sizes = [abs(value) for value in values if math.isfinite(value)]
    largest = max(sizes, default=0.0)
    if largest == 0:
        return 0
    wanted = next((digits for limit, digits in ((1000, 0), (10, 1), (1, 2), (0.1, 3)) if largest >= limit), 4)
    owned = 0
    for size in sizes:
        owned = max(owned, len(f"{size:.{wanted}f}".rstrip("0").partition(".")[2]))
        if owned == wanted:
            break
    return owned


def percent(text: str, language: str) -> str:
    """A written number as a percentage.

    >>> percent("12.3", "en"), percent("12,3", "ru").replace(chr(160), "_")
    ('12.3%', '12,3_%')
    """
    pattern = locale(language).percent_formats[None].suffix[1]
    return text + pattern


def is_percent(unit: str) -> bool:
    """Whether a unit, as a folder or an SDMX code writes it, is per cent."""
    return unit.strip().lower() in _PERCENT


def measured(text: str, unit: str, language: str) -> str:
    """A written number with its unit.

    >>> measured("34.1", "per 100,000 population", "en"), measured("12.3", "%", "en")
    ('34.1 per 100,000 population', '12.3%')
    >>> measured("66.6", "Index", "en"), measured("17", "number", "en")
    ('66.6 (Index)', '17')
    """
    unit = unit.strip()
    if is_percent(unit):
        return percent(text, language)
    if unit.lower() in _PLAIN_NUMBER:
        return text
    if unit.lower().startswith(_LEADING):
        return f"{text} {unit[0].lower()}{unit[1:]}"
    return f"{text} ({unit})"


# The finding ------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Finding:
    """What a series says: a message and what fills it; it rests on the observations `now` and `then`."""

    message: str
    values: Mapping[str, Any]
    now: Observation | None = None
    then: Observation | None = None


def finding(series: Series | None, *, unit: str, language: str, base_year: int = 2015) -> Finding:
    """What changed between the base year (or the next one with a value) and the latest value."""
    valued = [] if series is None else [o for o in series.observations if o.value is not None]
    if not valued:
        return Finding("No value is published.", {})
    now = valued[-1]
    rivals = {o.value for o in valued if o.period == now.period}
    if len(rivals) > 1:
        return Finding(
            "{count} different values are published for {year}: a person has to decide which one holds.",
            {"count": number(len(rivals), language), "year": str(now.period)},
            now,
        )
    earlier = [o for o in valued if o.period < now.period]
    since = [o for o in earlier if o.period.year >= base_year]
    then = (since or earlier or [None])[0]
    digits = digits_for([o.value for o in (now, then) if o is not None and o.value is not None])
    values = {"now": measured(value(now, language, digits), unit, language), "year": str(now.period)}
    if then is None:
        return Finding("{now} in {year}; there is no earlier value to compare with.", values, now)
    values |= {"then": value(then, language, digits), "base": str(then.period)}
    if is_percent(unit):
        values["then"] = percent(values["then"], language)
    return Finding(_CHANGES[_change(now, then, digits)], values, now, then)


_CHANGES = {
    1: "{now} in {year}, up from {then} in {base}.",
    -1: "{now} in {year}, down from {then} in {base}.",
    0: "{now} in {year}, the same as in {base}.",
}


def _change(now: Observation, then: Observation, digits: int) -> int:
    """The sign of the change, after rounding to what is shown."""
    later, earlier = round(now.value or 0.0, digits), round(then.value or 0.0, digits)
    return (later > earlier) - (later < earlier)


def value(observation: Observation, language: str, digits: int | None = None) -> str:
    """The number as written, or the sign for none: "(s)" suppressed, "…" missing, "–" otherwise."""
    if observation.value is None:
        return NO_VALUE_SIGNS.get(observation.status, "–")
    return number(observation.value, language, digits)


def finding_in_words(series: Series | None, *, unit: str, language: str, base_year: int = 2015) -> str:
    """The finding as a plain sentence.

    >>> from milepost.values import Observation, Period
    >>> rows = tuple(Observation(Period.parse(y), v) for y, v in (("2015", 41.242), ("2024", 46.93)))
    >>> finding_in_words(Series("s", rows), unit="%", language="en")
    '46.9% in 2024, up from 41.2% in 2015.'
    """
    found = finding(series, unit=unit, language=language, base_year=base_year)
    return translator(language)(found.message, **found.values)


def status(code: str, language: str) -> str:
    """What the code of an observation's status says; an unknown code stays as it is."""
    return translator(language)(OBSERVATION_STATUSES[code]) if code in OBSERVATION_STATUSES else code


def gaps(observations: Sequence[Observation], language: str) -> str:
    """Years without value and why: "2016: suppressed; 2018: not collected"; "" if there is none."""
    missing = [o for o in observations if o.status in MISSING_STATUSES]
    return "; ".join(f"{o.period}: {status(o.status, language)}" for o in missing)


# Verdicts ---------------------------------------------------------------------------------------------------


def verdict(found: Verdict, language: str) -> str:
    """The verdict in a few words."""
    return translator(language)(progress.VERDICTS[found.verdict])


def reason(found: Verdict, language: str) -> str | None:
    """Why there is no verdict, as a sentence; None if there is one."""
    if found.reason is None:
        return None
    return translator(language)(progress.REASONS[found.reason], **_rounded(found.figures, language))


def explanation(found: Verdict, language: str) -> str:
    """What the verdict rests on: the rule and the numbers that went in."""
    template, numbers = progress.explain(found)
    return translator(language)(template, **_rounded(numbers, language))


def _rounded(figures: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Numbers rounded as a sentence needs them: rates to two decimals, values to what shows them."""

    def written(name: str, figure: float) -> str:
        if name.endswith("_percent"):
            return number(round(figure, 2), language)
        return number(figure, language, digits_for([figure]))

    return {
        name: written(name, figure) if isinstance(figure, float) else figure
        for name, figure in figures.items()
    }


def method(code: str, language: str) -> str:
    """The name of a method and where it is published."""
    return translator(language)(progress.SOURCES[code])


def weaknesses(code: str, language: str) -> list[str]:
    """The weak points of a method, which stand beside each of its verdicts."""
    say = translator(language)
    return [say(sentence) for sentence in progress.WEAKNESSES[code]]


# Results matrices -------------------------------------------------------------------------------------------


def result_verdict(found: results.Progress, language: str) -> str:
    """How a result stands, in a few words."""
    return translator(language)(words.RESULT_VERDICTS[found.verdict])


def result_reason(found: results.Progress, language: str) -> str | None:
    """Why there is no progress to tell, as a sentence; None if there is."""
    if found.reason is None:
        return None
    return translator(language)(words.RESULT_REASONS[found.reason], **_decimals(found.figures, language))


def result_note(note: results.Note, language: str) -> str:
    """What is to be known beside a figure, such as "3 of 4 places reported."."""
    return translator(language)(words.RESULT_NOTES[note.code], **_decimals(note.details, language))


def _decimals(figures: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Exact figures as the language writes them, with at most six decimals."""
    return {
        name: number(float(figure), language) if isinstance(figure, Decimal) else figure
        for name, figure in figures.items()
    }


# Faults -----------------------------------------------------------------------------------------------------


def further_series(language: str) -> str:
    """The heading of what an indicator measures besides its first series."""
    say = translator(language)
    return say("Further series")


def fault(problem: Problem, language: str) -> tuple[str, str]:
    """What is wrong, and how to mend it."""
    kind, say = KINDS[problem.code], translator(language)
    return say(kind.what, **problem.details), say(kind.remedy, **problem.details)
