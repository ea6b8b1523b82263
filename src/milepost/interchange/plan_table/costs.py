"""What the cells on money of an act say: amounts with their currency, from which source; never a guess."""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import NamedTuple

from milepost.values.plan import Funding
from milepost.values.project import Money

UNITS: tuple[tuple[str, int], ...] = (
    (r"тыс(?:\.|яч\w*)?|thousand|k", 10**3),
    (r"млн\.?|миллион\w*|million|mln|mio", 10**6),
    (r"млрд\.?|миллиард\w*|billion|bn", 10**9),
)
CURRENCIES: tuple[tuple[str, str], ...] = (
    (r"kgs|сом(?:ов|а|ы)?", "KGS"),
    (r"usd|us\$|долл?(?:\.|ар\w*)\s*сша", "USD"),
    (r"eur|евро|€|euros?", "EUR"),
    (r"byn|бел(?:\.|орусск\w*)\s*руб(?:\.|л\w*)?", "BYN"),
    (r"rub|рос(?:\.|сийск\w*)\s*руб(?:\.|л\w*)?", "RUB"),
    (r"kzt|тенге", "KZT"),
    (r"gel|лари", "GEL"),
    (r"tjs|сомони", "TJS"),
    (r"uzs", "UZS"),
    (r"chf", "CHF"),
    (r"gbp", "GBP"),
)
"""Words of one currency only: a dollar or a rouble without its country is none of these."""
_UNIT = "|".join(words for words, _factor in UNITS)
_CURRENCY = "|".join(words for words, _code in CURRENCIES)
_SPACED = r"\d{1,3}(?:[ \u00a0\u202f]\d{3})+"
_NUMBER = (
    r"\d{1,3}(?:,\d{3}){2,}(?:\.\d+)?|\d{1,3}(?:\.\d{3}){2,}(?:,\d+)?"
    rf"|(?:{_SPACED}|\d+)(?:[.,]\d+)?"
)
_MONEY = re.compile(
    rf"(?<![\w.,])(?:(?P<before>{_CURRENCY})\s*)?(?P<number>{_NUMBER})(?![\d])"
    rf"(?:\s*(?P<unit>{_UNIT})(?!\w))?\s*(?:(?P<after>{_CURRENCY})(?!\w)\.?)?",
    re.I,
)
_AMBIGUOUS = re.compile(r"^\d{1,3}[.,]\d{3}$")
_SOUGHT = re.compile(
    r"дефицит|не\s*обеспеч|не\s*хвата|недоста|изыск|потребн|\bgap\b|sought|unfunded"
    r"|not (?:yet )?(?:covered|funded|secured)",
    re.I,
)
_ASIDE = re.compile(r"\([^()]*\)")
_RANGE = re.compile(r"\d\s*[-–—]\s*$")
_EDGE = " \t\u00a0–—-:,()"


class Read(NamedTuple):
    """What was read, and "" or why a cell was left as printed: "unread", "currency", "source"."""

    funding: tuple[Funding, ...] = ()
    doubt: str = ""


class _Part(NamedTuple):
    source: str
    money: Money | None
    doubt: str
    sought: bool


def is_gap(heading: str) -> bool:
    """Whether the column of a heading tells the money that is still sought.

    >>> is_gap("Дефицит финансирования"), is_gap("Источники финансирования")
    (True, False)
    """
    return _SOUGHT.search(heading) is not None


def read(cost: str, funding: str, *, heading: str = "", sought: bool = False) -> Read:
    """The money of a measure by source; everything or nothing of it.

    `cost` are the amounts, `funding` names the sources, each on a line of its own or between semicolons;
    `heading` may name the currency and thousands. With `sought` none of it is there yet.

    >>> read("1 200,5 тыс. сомов", "Республиканский бюджет").funding[0].money.value
    Decimal('1200500.0')
    >>> read("500", "Бюджет").doubt, read("1,200 USD", "Budget").doubt, read("5 USD", "A; B").doubt
    ('currency', 'unread', 'source')
    """
    names = _split(funding)
    parts = [_part(text, heading) for text in _split(cost)]
    if not parts:
        return _in_funding(names)
    doubts = [part.doubt or ("unread" if part.money is None else "") for part in parts]
    if any(doubts):
        return Read(doubt=next(filter(None, doubts)))
    if not all(part.source for part in parts):
        if any(part.source for part in parts) or len(names) != len(parts):
            return Read(doubt="source")
        parts = [
            part._replace(source=_bare(name), sought=part.sought or is_gap(name))
            for part, name in zip(parts, names, strict=True)
        ]
    return Read(tuple(Funding(one.source, one.money, not (sought or one.sought)) for one in parts))


def _in_funding(names: Sequence[str]) -> Read:
    """The sources themselves may state their amounts; a year among their words is no amount."""
    parts = [_part(name, "") for name in names]
    if not any(part.money for part in parts):
        return Read()
    found = [
        Funding(part.source, part.money, not part.sought) if part.money else Funding(name)
        for part, name in zip(parts, names, strict=True)
    ]
    return Read(tuple(found)) if all(one.source for one in found) else Read(doubt="source")


def _split(text: str) -> list[str]:
    return [
        part for line in re.split(r"[\n;]", text) if (part := line.strip(" \t\u00a0–—-•*")) and part != "0"
    ]


def _part(text: str, heading: str) -> _Part:
    """One amount with what stands around it."""
    sought = _SOUGHT.search(text) is not None
    shown = _bare(text)
    numbers = list(_MONEY.finditer(shown))
    found = [one for one in numbers if one["unit"] or one["before"] or one["after"]]
    one = found[0] if len(found) == 1 else numbers[0] if not found and len(numbers) == 1 else None
    number = _number(one["number"]) if one is not None else None
    if one is None or number is None or _RANGE.search(shown[: one.start()]):
        return _Part(text, None, "unread", sought)
    said = one["before"] or one["after"] or _only(_CURRENCY, heading)
    if not said:
        return _Part(text, None, "currency", sought)
    amount = number * _factor(one["unit"] or _only(_UNIT, heading))
    around = (shown[: one.start()].strip(_EDGE), shown[one.end() :].strip(_EDGE))
    return _Part(" ".join(filter(None, around)), Money(amount, _code(said)), "", sought)


def _bare(text: str) -> str:
    """The words without a remark in brackets that the money is still sought."""
    return _ASIDE.sub(lambda aside: "" if _SOUGHT.search(aside[0]) else aside[0], text).strip(_EDGE)


def _only(pattern: str, heading: str) -> str:
    found = re.findall(rf"(?<!\w)(?:{pattern})(?!\w)", heading, re.I)
    return found[0] if len(set(found)) == 1 else ""


def _number(text: str) -> Decimal | None:
    """A number as printed; None where a point or comma may part thousands as well as decimals."""
    plain = re.sub(r"[ \u00a0\u202f]", "", text)
    if plain == text and _AMBIGUOUS.match(text):
        return None
    for mark in ",.":
        if plain.count(mark) > 1:
            plain = plain.replace(mark, "")
    return Decimal(plain.replace(",", "."))


def _factor(unit: str) -> int:
    return next((factor for words, factor in UNITS if unit and re.fullmatch(words, unit, re.I)), 1)


def _code(said: str) -> str:
    return next(code for words, code in CURRENCIES if re.fullmatch(words, said, re.I))
