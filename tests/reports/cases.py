"""Series and entries for the tests of this room, written as one would say them."""

from datetime import date

from milepost.reports.overview import Coverage, Entry, Overview, fragment
from milepost.values import Observation, Origin, Period, Series, Text, Verdict


def series(text: str, unit: str | None = None, code: str = "s") -> Series:
    """Observations from words such as "2015 41.2, 2016 -/Q, 2017 43/P": period, value or -, status."""
    observations = []
    for row, part in enumerate(text.split(","), 2):
        period, value = part.split()
        number, _, status = value.partition("/")
        observations.append(
            Observation(
                Period.parse(period),
                None if number == "-" else float(number),
                status or "A",
                origin=Origin("data/indicator_10-7-4.csv", row=row, column="Value"),
            )
        )
    return Series(code, tuple(observations), unit)


def entry(code: str = "10-7-4", **given) -> Entry:
    """An indicator with a title in two languages, not assessed."""
    values = {
        "number": code.replace("-", "."),
        "title": Text(en=f"Refugees {code}", ru=f"Беженцы {code}"),
        "goal": code.split("-", maxsplit=1)[0],
        "verdict": Verdict("un", "not_assessed", reason="no_direction"),
        "coverage": Coverage(),
    }
    return Entry(code=code, **(values | given))


def overview(*entries: Entry, languages: tuple[str, ...] = ("en", "ru"), **given) -> Overview:
    """A folder of these entries, made on the Ides of March."""
    values = {
        "title": Text(en="Figures", ru="Данные"),
        "languages": languages,
        "fragments": {
            language: [fragment(one, language, languages) for one in entries] for language in languages
        },
        "made_on": date(2026, 3, 15),
        "source": "folder",
        "method": "un",
    }
    return Overview(**(values | given))
