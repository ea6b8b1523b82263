"""The first lines of an indicator's page: what changed, and for whom it is high or low.

Messages take written numbers, so that a page can make each of them a link to where it comes from. The unit
stands where each language wants it: behind the number in English, at the end in Russian.
"""

from collections.abc import Mapping

from milepost.reports import sentences
from milepost.reports.sentences import Finding
from milepost.values import Observation, Series

_WITH_UNIT = {
    1: "It rose from {then} ({base}) to {now} {unit} ({year}).",
    -1: "It fell from {then} ({base}) to {now} {unit} ({year}).",
    0: "It is {now} {unit} in {year}, the same as in {base}.",
    None: "It is {now} {unit} in {year}; there is no earlier value to compare with.",
}
_WITHOUT_UNIT = {
    1: "It rose from {then} ({base}) to {now} ({year}).",
    -1: "It fell from {then} ({base}) to {now} ({year}).",
    0: "It is {now} in {year}, the same as in {base}.",
    None: "It is {now} in {year}; there is no earlier value to compare with.",
}
CHANGES = (*_WITH_UNIT.values(), *_WITHOUT_UNIT.values())
"""Every message about a change over time."""

UNITS = {
    "MONTHS_EARNINGS": "months of earnings",
    "USD": "US dollars",
    "CON_USD": "US dollars at constant prices",
    "CUR_LCU": "units of local currency",
    "SCORE": "points",
    "IX": "index points",
}
"""What stands behind a number, by SDMX code; other units say their own name."""

MULTIPLIERS = {"3": "{value} thousand", "6": "{value} million", "9": "{value} billion"}
"""What a number is counted in, by the exponent of 10 of its unit."""

FEW = 4
"""Up to so many categories are all named; of more, the highest and the lowest."""


def written(
    value: float, *, unit: str, multiplier: str = "", language: str, digits: int | None = None
) -> str:
    """A number with all that belongs to it closely: the per cent sign, thousand or million.

    >>> written(8.25, unit="PT", language="en", digits=1)
    '8.2%'
    >>> written(3.0, unit="USD", multiplier="6", language="en")
    '3 million'
    """
    text = sentences.number(value, language, digits)
    if sentences.is_percent(unit):
        text = sentences.percent(text, language)
    message = MULTIPLIERS.get(multiplier)
    return sentences.translator(language)(message, value=text) if message else text


def unit_phrase(unit: str, name: str, language: str) -> str:
    """The unit as it stands behind a number; "" where the number says it, as with per cent.

    `unit` is its code, `name` what it is called in this language.

    >>> unit_phrase("MONTHS_EARNINGS", "Months of earnings", "en")
    'months of earnings'
    >>> unit_phrase("PER_1000_POP", "Per 1,000 population", "en"), unit_phrase("PT", "Percent", "en")
    ('per 1,000 population', '')
    """
    say = sentences.translator(language)
    if unit in UNITS:
        return say(UNITS[unit])
    if sentences.is_percent(unit) or unit in ("NUMBER", "") or not name:
        return ""
    if name.lower().startswith(("per ", "на ")):
        return f"{name[0].lower()}{name[1:]}"
    return say("(unit: {name})", name=name)


def change(
    series: Series | None,
    *,
    unit: str,
    name: str,
    multiplier: str = "",
    language: str,
    base_year: int = 2015,
) -> Finding:
    """What changed from the base year, or the next one with a value, to the latest value.

    >>> from milepost.values import Period
    >>> rows = tuple(Observation(Period.parse(y), v) for y, v in (("2018", 8.2), ("2024", 6.1)))
    >>> found = change(Series("s", rows), unit="MONTHS_EARNINGS", name="", language="en")
    >>> sentences.translator("en")(found.message, **found.values)
    'It fell from 8.2 (2018) to 6.1 months of earnings (2024).'
    """
    found = sentences.finding(series, unit="", language=language, base_year=base_year)
    now, then = found.now, found.then
    if now is None or now.value is None or "count" in found.values:
        return found
    values = [one.value for one in (now, then) if one is not None and one.value is not None]
    digits = sentences.digits_for(values)

    def said(observation: Observation) -> str:
        value = observation.value or 0.0
        return written(value, unit=unit, multiplier=multiplier, language=language, digits=digits)

    phrase = unit_phrase(unit, name, language)
    filling = {"now": said(now), "year": str(now.period), "unit": phrase}
    direction = None
    if then is not None and then.value is not None:
        filling |= {"then": said(then), "base": str(then.period)}
        later, earlier = round(now.value, digits), round(then.value, digits)
        direction = (later > earlier) - (later < earlier)
    messages = _WITH_UNIT if phrase else _WITHOUT_UNIT
    return Finding(messages[direction], filling, now, then)


def by_category(categories: Mapping[str, Series], *, unit: str, multiplier: str = "", language: str) -> str:
    """For whom it is how high, in the latest year that all of several categories have; "" where none has.

    >>> from milepost.values import Period
    >>> values = {"Women": 7.3, "Men": 5.7}
    >>> both = {
    ...     label: Series("s", (Observation(Period.parse("2024"), value),)) for label, value in values.items()
    ... }
    >>> by_category(both, unit="MONTHS_EARNINGS", language="en")
    'In 2024: Women 7.3; Men 5.7.'
    """
    valued = {
        label: {str(o.period): o.value for o in series.observations if o.value is not None}
        for label, series in categories.items()
    }
    common = set.intersection(*map(set, valued.values())) if valued else set()
    if len(valued) < 2 or not common:
        return ""
    year = max(common)
    found = sorted(((of[year], label) for label, of in valued.items()), reverse=True)
    digits = sentences.digits_for([value for value, _ in found])
    say = sentences.translator(language)

    def said(value: float) -> str:
        return written(value, unit=unit, multiplier=multiplier, language=language, digits=digits)

    if len(found) <= FEW:
        parts = [say("{category} {value}", category=label, value=said(value)) for value, label in found]
        return say("In {year}: {parts}.", year=year, parts="; ".join(parts))
    (high, highest), (low, lowest) = found[0], found[-1]
    return say(
        "In {year} it was highest for {highest} ({high}) and lowest for {lowest} ({low}).",
        year=year,
        highest=highest,
        high=said(high),
        lowest=lowest,
        low=said(low),
    )
