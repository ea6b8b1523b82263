"""Deadlines as acts write them, in Russian and English: "II квартал 2023 г.", "2022-2025 гг.", "постоянно".

What a text means is told only where it can mean one thing: "до 2025 года" may or may not take in the year
itself, so its last day stays open and somebody has to say.
"""

import calendar
import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Literal, NamedTuple

from milepost.values.plan import Deadline, Repeated

Doubt = Literal["", "unread", "ambiguous", "backwards"]

LONGEST = 300
"""Letters of a deadline; a longer text is none, and takes long to look through."""


class Reading(NamedTuple):
    """A deadline, and what is doubtful about it: nothing, that it was not understood, that it can mean two
    days, or that it ends before it starts."""

    deadline: Deadline
    doubt: Doubt = ""


_MONTHS = (
    ("январ", "jan"), ("феврал", "feb"), ("март", "mar"), ("апрел", "apr"), ("ма[йяе]", "may"),
    ("июн", "jun"), ("июл", "jul"), ("август", "aug"), ("сентябр", "sep"), ("октябр", "oct"),
    ("ноябр", "nov"), ("декабр", "dec"),
)  # fmt: skip
_MONTH = "|".join(
    f"(?P<m{number}>{russian}[а-я]*|{english}[a-z]*)" for number, (russian, english) in enumerate(_MONTHS, 1)
)
_ORDINALS = {
    "1": 1, "i": 1, "first": 1, "перв": 1, "2": 2, "ii": 2, "second": 2, "втор": 2,
    "3": 3, "iii": 3, "third": 3, "трет": 3, "4": 4, "iv": 4, "fourth": 4, "четверт": 4,
}  # fmt: skip
_NUMBER = r"(?:iv|iii|ii|i|[1-4])(?:[- ]?(?:й|ый|ой|ий|го|ое|е|м|st|nd|rd|th))?"
_WORD = r"(?:first|second|third|fourth|перв[а-я]+|втор[а-я]+|трет[а-я]+|четв[её]рт[а-я]+)"
_ORDINAL = rf"(?:{_NUMBER}|{_WORD})"
_SEVERAL = rf"{_ORDINAL}(?:\s*(?:,|-|и|and|to)\s*{_ORDINAL})*"
_YEARS = r"(?:19|20)\d\d"

_PARTS = re.compile(
    rf"""
    (?P<iso>\b{_YEARS}-\d\d-\d\d\b)
  | (?P<day>\b\d\d?\.\d\d?\.{_YEARS}\b)
  | (?P<quarters>(?<!\w){_SEVERAL})\s*(?:кварт\w*|кв\b\.?|quarters?\b)
  | (?<!\w)q(?P<q>[1-4])(?:\s*-\s*q?(?P<q_last>[1-4]))?\b
  | (?P<halves>(?<!\w){_SEVERAL})\s*(?:полугоди\w*|half\b)
  | (?<!\w)h(?P<h>[12])\b
  | (?:(?P<of_day>\b\d\d?)(?:st|nd|rd|th)?\s+(?:of\s+)?)?(?<!\w)(?:{_MONTH})(?!\w)
        (?:\s+(?P<day_after>\d\d?)(?:st|nd|rd|th)?,?(?=\s+{_YEARS}))?
  | (?P<span>\b{_YEARS}\s*-\s*(?:{_YEARS}|\d\d)\b)
  | (?P<year>\b{_YEARS}\b)
    """,
    re.VERBOSE,
)

_REPEATED: tuple[tuple[re.Pattern[str], Repeated], ...] = (
    (re.compile(r"постоянн|на регулярной основе|continu|ongoing|permanent|regularly"), "continuous"),
    (
        re.compile(
            r"раз в полугодие|(?:два|2) раза в год|half-?yearly|every half-year|semi-?annual"
            r"|twice a year|every six months"
        ),
        "half-yearly",
    ),
    (re.compile(r"ежегодн|каждый год|раз в год|annual|yearly|every year|once a year"), "yearly"),
    (re.compile(r"ежеквартальн|раз в квартал|quarterly|every quarter|once a quarter"), "quarterly"),
    (re.compile(r"ежемесячн|раз в месяц|monthly|every month|once a month"), "monthly"),
)
_UNTIL = re.compile(
    r"(?:\b(?:не позднее|не позже|в срок до|до|by|before|until|not later than|no later than)\s+)"
    r"(?P<end>(?:the\s+)?(?:конца|end(?:\s+of)?)\s+)?(?:the\s+)?$"
)
_BEFORE = re.compile(r"\b(?:с|начиная с|from|since|starting|as of)\s+(?:the\s+)?$")
_DASHES = re.compile(r"\s*[‐-―−]\s*")
_FILLERS = re.compile(
    r"\b(?:г\.?г\.?|г\.?|гг\.?|год\w*|лет|в течение|течени\w+|за|с|по|до|к|конца|конце?|и|на|"
    r"начиная|не позднее|не позже|в|срок\w*|период\w*|основе|регулярной|каждый|"
    r"of|the|in|by|from|to|until|end|during|within|and|year|years|not|no|later|than|as|since|starting|on|"
    r"basis|every|once|twice|a)\b|[.,;:()/-]"
)


@lru_cache(maxsize=4096)
def read(text: str) -> Reading:
    """What a deadline means.

    >>> read("II квартал 2023 г.").deadline.end, read("2022-2025 гг.").deadline.start
    (datetime.date(2023, 6, 30), datetime.date(2022, 1, 1))
    >>> read("постоянно").deadline.repeated, read("до 2025 года").doubt, read("by agreement").doubt
    ('continuous', 'ambiguous', 'unread')
    """
    shown = " ".join(text.split())
    if not shown:
        return Reading(Deadline())
    if len(shown) > LONGEST:
        return Reading(Deadline(shown), "unread")
    plain = _DASHES.sub("-", shown.casefold().replace("ё", "е").replace("і", "i"))
    repeated = _repeated(plain)
    try:
        found = list(_parts(plain))
    except ValueError:  # no such day, or a quarter of no year
        has_no_year = re.search(_YEARS, plain) is None
        return Reading(Deadline(shown, repeated=repeated), "" if repeated and has_no_year else "unread")
    if not _is_all(plain, found) or not (found or repeated):
        return Reading(Deadline(shown, repeated=repeated), "unread")
    if not found:
        return Reading(Deadline(shown, repeated=repeated))
    if any(part.open_end for part in found):
        return Reading(Deadline(shown, _first_day(found), None, repeated), "ambiguous")
    if len(found) == 1 and found[0].since:
        return Reading(Deadline(shown, found[0].first, None, repeated))
    start, end = _first_day(found), max(part.last for part in found)
    if _is_range(plain, found):
        start, end = found[0].first, found[1].last
    elif len(found) == 1 and found[0].last < found[0].first:
        start = found[0].first
    doubt: Doubt = "backwards" if start is not None and end < start else ""
    return Reading(Deadline(shown, start, end, repeated), doubt)


def _repeated(plain: str) -> Repeated:
    for pattern, name in _REPEATED:
        if pattern.search(plain):
            return name
    return ""


class _Part(NamedTuple):
    """A day or a time that the text names, from where to where it stands there."""

    first: date
    last: date
    begins: int
    ends: int
    until: bool = False
    since: bool = False
    open_end: bool = False


def _parts(plain: str) -> Iterator[_Part]:
    """The times that a text names; a quarter, half or month has the year that follows it, or went before.

    ValueError for a day that there is not, and for a part of a year that is nowhere named.
    """
    matches = list(_PARTS.finditer(plain))
    year_of = _years_of(matches)
    lent = {at for match, at in year_of.items() if match != at}
    for number, match in enumerate(matches):
        if number in lent and match["year"]:
            continue
        if number not in year_of:
            raise ValueError(match[0])
        year = int(_first_year(matches[year_of[number]]))
        yield _part(plain, match, year)


def _years_of(matches: list[re.Match[str]]) -> dict[int, int]:
    """{number of a part: number of the part that names its year}."""
    naming = [number for number, match in enumerate(matches) if _first_year(match)]
    found = {}
    for number in range(len(matches)):
        after = next((at for at in naming if at >= number), None)
        before = next((at for at in reversed(naming) if at < number), None)
        nearest = after if after is not None else before
        if nearest is not None:
            found[number] = nearest
    return found


def _first_year(match: re.Match[str]) -> str:
    """The year that a part names by itself; "" where it takes that of a neighbour."""
    found = match["iso"] or match["day"] or match["span"] or match["year"]
    return re.search(_YEARS, found)[0] if found else ""  # pyright: ignore[reportOptionalSubscript]


def _part(plain: str, match: re.Match[str], year: int) -> _Part:
    first, last, is_day = _days(match, year)
    head = plain[: match.start()]
    until, since = _UNTIL.search(head), _BEFORE.search(head)
    open_end = until is not None and not until["end"] and not is_day
    return _Part(first, last, match.start(), match.end(), until is not None, since is not None, open_end)


def _days(match: re.Match[str], year: int) -> tuple[date, date, bool]:
    """(first day, last day, whether it is a single day that the text names)."""
    if match["iso"]:
        day = date.fromisoformat(match["iso"])
        return day, day, True
    if match["day"]:
        number, month, of_year = (int(part) for part in match["day"].split("."))
        day = date(of_year, month, number)
        return day, day, True
    if match["span"]:
        one, other = re.split(r"\s*-\s*", match["span"])
        if len(other) < len(one) and int(other) <= 12:  # ISO 8601: a month
            return date(int(one), int(other), 1), _month_end(int(one), int(other)), False
        last_year = int(other) if len(other) == len(one) else int(one[:2] + other)
        return date(int(one), 1, 1), date(last_year, 12, 31), False
    if match["year"]:
        return date(year, 1, 1), date(year, 12, 31), False
    if months := _months_of(match):
        first, last = months
        return date(year, first, 1), _month_end(year, last), False
    number = next(at for at in range(1, 13) if match[f"m{at}"])
    in_month = match["of_day"] or match["day_after"]
    if in_month:
        return date(year, number, int(in_month)), date(year, number, int(in_month)), True
    return date(year, number, 1), _month_end(year, number), False


def _months_of(match: re.Match[str]) -> tuple[int, int] | None:
    """(first month, last month) of quarters or halves."""
    for several, one, last, length in (("quarters", "q", "q_last", 3), ("halves", "h", "", 6)):
        if match[several]:
            numbers = [_ordinal(word) for word in re.findall(_ORDINAL, match[several])]
        elif match[one]:
            numbers = [int(match[one]), int((last and match[last]) or match[one])]
        else:
            continue
        if max(numbers) * length > 12:  # a third half-year
            raise ValueError(match[0])
        return (min(numbers) - 1) * length + 1, max(numbers) * length
    return None


def _ordinal(word: str) -> int:
    plain = re.match(r"iv|i{1,3}|\d|[a-z]+|(?:перв|втор|трет|четверт)", word)
    assert plain is not None
    return _ORDINALS[plain[0]]


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _first_day(parts: list[_Part]) -> date | None:
    """The first day, unless only the last one is named."""
    days = [part.first for part in parts if not part.until]
    return min(days) if days and (len(parts) > 1 or not _is_one_day(parts[0])) else None


def _is_one_day(part: _Part) -> bool:
    return part.first == part.last and not part.since


def _is_range(plain: str, parts: list[_Part]) -> bool:
    """Whether the text says "from ... to ...", and no list of times."""
    if len(parts) != 2:
        return False
    between = plain[parts[0].ends : parts[1].begins]
    return re.search(r"-|\b(?:по|до|to|until)\b", between) is not None


def _is_all(plain: str, parts: list[_Part]) -> bool:
    """Whether the text says nothing beside its times and the small words around them."""
    rest = list(plain)
    for part in parts:
        rest[part.begins : part.ends] = " " * (part.ends - part.begins)
    left = "".join(rest)
    for pattern, _name in _REPEATED:
        left = re.sub(rf"(?:{pattern.pattern})\w*", " ", left)
    left = re.sub(rf"\b{_YEARS}\b", " ", left)
    return not _FILLERS.sub(" ", left).strip()
