"""What a value looks like: codes, dates, amounts of money, words of the fund's vocabularies."""

import re
import unicodedata
from decimal import Decimal
from typing import NamedTuple

from milepost.catalogue.projects import project_word
from milepost.interchange.project_pages.countries import are_countries

PRIMA_ID = re.compile(r"[A-Z]{2}\d{2}[A-Z]\d{4}")
PROJECT_ID = re.compile(r"[A-Z]{2}\.\d{4}|[A-Z]{1,3}\d{1,3}-\d{3}")
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
MISSING = frozenset(
    [
        "", "-", "–", "—", "...", "…", "n/a", "na", "n.a.", "n/d", "tbc", "tbd", "null", "none",
        "not available", "not applicable", "not specified", "to be confirmed", "to be determined",
        "non disponible", "non précisé", "sans objet", "s/o", "à déterminer", "no disponible", "no aplica",
        "нет данных",
    ]
)  # fmt: skip
"""What people write where there is nothing."""

_SYMBOLS = {"US$": "USD", "USD$": "USD", "$US": "USD", "$": "$", "€": "EUR", "£": "GBP", "₽": "RUB"}
_NAMES = {
    "us dollars": "USD", "us dollar": "USD", "dollars us": "USD", "dollars eu": "USD", "dollar us": "USD",
    "dollars americains": "USD", "united states dollars": "USD", "american dollars": "USD",
    "долларов сша": "USD", "долл сша": "USD", "dolares eeuu": "USD", "dolares estadounidenses": "USD",
    "dollars": "dollars", "euros": "EUR", "euro": "EUR", "евро": "EUR", "swiss francs": "CHF",
    "francs suisses": "CHF", "рублей": "RUB", "руб": "RUB", "fcfa": "FCFA", "f cfa": "FCFA", "fr": "Fr.",
}  # fmt: skip
_MILLION = re.compile(
    r"(?<=[\d\s])(?:millions?|mln|mio|million[se]n|mill[oó]n(?:es)?|миллион(?:а|ов)?|млн)\b\.?(?:\s+(?:de|d['’])\s*)?",
    re.IGNORECASE,
)
_AMOUNT = re.compile(r"(?P<before>[^\d\-−+]*)(?P<digits>\d[\d.,' ’]*)(?P<after>[^\d]*)")
_PLAIN = re.compile(r"\d+(?:\.\d{1,2}|,\d{1,2})?|\d+\.\d{4,}")
_ENGLISH = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_FRENCH = re.compile(r"\d{1,3}(?: \d{3})+(?:[.,]\d{1,2})?")
_SWISS = re.compile(r"\d{1,3}(?:['’]\d{3})+(?:\.\d{1,2})?")
_GERMAN = re.compile(r"\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?")


class Amount(NamedTuple):
    """An amount of money; `value` is None where the text is none.

    `points`: points part its thousands; `rounded`: it is written in millions.
    """

    value: Decimal | None
    currency: str | None = None
    points: bool = False
    rounded: bool = False


def amount(text: str) -> Amount:
    """The amount that a text states in digits, or in digits and the word million, with its currency.

    >>> amount("USD 37,887"), amount("one million").value
    (Amount(value=Decimal('37887'), currency='USD', points=False, rounded=False), None)
    >>> amount("1,5 million €").value
    Decimal('1500000')
    """
    plain, millions = text.strip(), 0
    if "m" in plain.casefold() or "м" in plain.casefold():
        plain, millions = _MILLION.subn(" ", plain)
    found = _AMOUNT.fullmatch(plain.strip())
    if not found or millions > 1:
        return Amount(None)
    before, after = _currency(found["before"]), _currency(found["after"])
    if before is None or after is None:
        return Amount(None)
    if "$" in (before, after) and len({before, after} - {"$", ""}) == 1:  # "$ 5,000 USD"
        before, after = max(before, after), ""
    if before and after and before != after:
        return Amount(None)
    digits = found["digits"].strip(" .,'’")
    if millions:
        return _in_millions(digits, before or after)
    value, points = _number(digits)
    return Amount(value, before or after or None, points)


def amounts(text: str) -> list[str]:
    """The amounts of a text that states several, as printed, such as "USD 5,000 / EUR 4,500"."""
    parts = [part.strip() for part in re.split(r"\s*[/;\n|+]\s*|\s+(?:and|or|et|ou|y|и)\s+", text)]
    parts = [part for part in parts if part]
    found = [amount(part) for part in parts]
    return parts if len(parts) > 1 and all(each.value is not None for each in found) else []


def currency_in(text: str) -> str | None:
    """The currency that a text names beside what is no amount; None where it names none, or several."""
    found = set(re.findall(r"\b(USD|EUR|CHF|GBP)\b", text))
    return found.pop() if len(found) == 1 else None


def _in_millions(digits: str, currency: str) -> Amount:
    if not re.fullmatch(r"\d{1,4}(?:[.,]\d{1,6})?", digits):
        return Amount(None)
    value = Decimal(digits.replace(",", ".")) * 1_000_000
    return Amount(value.to_integral_value(), currency or None, rounded=True)


def _currency(text: str) -> str | None:
    """The code of a currency, "" for no text, None for words that name none."""
    plain = text.strip(" ():,.-;=")
    if not plain:
        return ""
    if re.fullmatch(r"[A-Z]{3}", plain):
        return plain
    return _SYMBOLS.get(re.sub(r"[\s.]", "", plain)) or _NAMES.get(_spelt(plain))


def _spelt(name: str) -> str:
    """Small letters without accents, points and dashes."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return " ".join("".join(one for one in letters if one.isalpha() or one.isspace()).split())


def _number(digits: str) -> tuple[Decimal | None, bool]:
    if _PLAIN.fullmatch(digits):
        return Decimal(digits.replace(",", ".")), False
    if _ENGLISH.fullmatch(digits):
        return Decimal(digits.replace(",", "")), False
    if _FRENCH.fullmatch(digits):
        return Decimal(digits.replace(" ", "").replace(",", ".")), False
    if _SWISS.fullmatch(digits):
        return Decimal(digits.replace("'", "").replace("’", "")), False
    if _GERMAN.fullmatch(digits):
        return Decimal(digits.replace(".", "").replace(",", ".")), True
    return None, False


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan ene янв", "feb fev fév фев", "mar мар", "apr avr abr апр", "may mai май мая", "jun juin июн",
            "jul juil июл", "aug aou aoû ago авг", "sep set сен", "oct окт", "nov ноя", "dec déc dic дек",
        ),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_ISO = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_DAY_FIRST = re.compile(r"(\d{1,2})[./](\d{1,2})[./](\d{4})")
_MONTH_WORD = re.compile(r"[^\W\d_]{3,}")
_LETTERS = re.compile(r"[^\W\d_]+")
_BESIDE = frozenset(
    [
        "of", "to", "from", "until", "by", "the", "end", "early", "mid", "late", "since", "q", "st", "nd",
        "rd", "th", "present", "ongoing", "month", "months", "de", "du", "le", "la", "au", "à", "er",
        "ère", "depuis", "début", "fin", "mois", "el", "del", "al", "hasta", "meses", "с", "по", "до", "г",
        "год", "года", "месяца", "месяцев",
    ]
)  # fmt: skip
"""Words that stand in dates beside the names of months."""


def moment(text: str) -> tuple[int, ...] | None:
    """(year), (year, month) or (year, month, day) of a date as people write it; None where no year is.

    A date such as 03/04/2021, whose day and month cannot be told apart, is taken as its year.

    >>> moment("October 21, 2019"), moment("2024"), moment("soon")
    ((2019, 10, 21), (2024,), None)
    """
    if found := _ISO.search(text):
        return tuple(int(part) for part in found.groups() if part)
    if found := _DAY_FIRST.search(text):
        day, month, year = map(int, found.groups())
        return (year, month, day) if day > 12 >= month or "." in found[0] else (year,)
    years = YEAR.findall(text)
    if not years:
        return None
    year = int(years[-1])
    words = (word.casefold() for word in _MONTH_WORD.findall(text))
    month = next((_MONTHS[part] for word in words for part in (word[:4], word[:3]) if part in _MONTHS), None)
    if month is None:
        return (year,)
    days = [int(day) for day in re.findall(r"(?<!\d)\d{1,2}(?!\d)", text) if 1 <= int(day) <= 31]
    return (year, month, days[0]) if days else (year, month)


def is_ambiguous(text: str) -> bool:
    """Whether day and month of a date cannot be told apart, as in 01/02/2019; not where they are the same."""
    found = _DAY_FIRST.search(text)
    return (
        bool(found) and "/" in found[0] and found[1] != found[2] and max(int(found[1]), int(found[2])) <= 12
    )


def is_date(text: str) -> bool:
    """Whether a text is a date or a period, and nothing else.

    >>> is_date("1er août 2020"), is_date("planned: 2020")
    (True, False)
    """
    if not YEAR.search(text) or len(text) > 60:
        return False
    words = (word.casefold() for word in _LETTERS.findall(text))
    return all(word in _BESIDE or word[:4] in _MONTHS or word[:3] in _MONTHS for word in words)


def is_before(one: str, other: str) -> bool:
    """Whether a date lies before another, as far as both say: 2019 is not before March 2019."""
    first, second = moment(one), moment(other)
    if first is None or second is None:
        return False
    common = min(len(first), len(second))
    return first[:common] < second[:common]


def fits(field: str, text: str) -> bool:
    """Whether a text can be the value of a field, by its pattern or its vocabulary."""
    if field == "member_states":
        return are_countries(text)
    if len(text) > 160:
        return field in ("title", "narrative")
    match field:
        case "prima_id":
            return PRIMA_ID.fullmatch(text) is not None
        case "project_id":
            return PROJECT_ID.fullmatch(text) is not None
        case "year":
            return re.fullmatch(r"(19|20)\d\d", text) is not None
        case "start" | "end" | "period":
            return len(text) < 60 and len(text.split()) <= 9 and YEAR.search(text) is not None
        case "budget":
            return len(text) < 40 and amount(text).value is not None
        case "status" | "type" | "coverage" | "region":
            return project_word(field, text) is not None
    return field in ("title", "narrative")


def kinds(text: str) -> tuple[str, ...]:
    """The fields whose value a line without a label can be, the likeliest first."""
    if len(text) > 160:
        return ()
    if PRIMA_ID.fullmatch(text):
        return ("prima_id",)
    if PROJECT_ID.fullmatch(text):
        return ("project_id",)
    if re.fullmatch(r"(19|20)\d\d", text):
        return ("year", "start", "end")
    if text[-1:].isdigit() or text[:1].isdigit():
        return ("budget",) if len(text) < 30 and amount(text).value is not None else ()
    words = tuple(field for field in ("coverage", "region", "status", "type") if project_word(field, text))
    if words:
        return words
    if len(text) < 30 and any(letter.isdigit() for letter in text) and amount(text).value is not None:
        return ("budget",)
    return ("member_states",) if are_countries(text) else ()
