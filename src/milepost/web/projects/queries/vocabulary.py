"""The words of the register: states, types, regions, markers and tags, in the reader's language."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from milepost import catalogue
from milepost.catalogue import iati, projects
from milepost.values import Text
from milepost.web.stakeholders.models import Country
from milepost.web.ui.memory import cache
from milepost.web.ui.templatetags.ui import plain

GENDER_MARKERS: dict[str, Promise] = {
    "2b": _("2b: gender equality is the purpose"),
    "2a": _("2a: gender is mainstreamed"),
    "1": _("1: some of the standards are met"),
    "0": _("0: none is met"),
    "N/A": _("N/A: not applicable"),
}
"""The five codes of IOM's gender marker."""
GENDER_CHECKS: dict[str, Promise] = {
    "assessment": _("Needs assessment"),
    "outputs": _("Outputs"),
    "activities": _("Activities"),
}
"""Where the marker asks for minimum standards."""


MEASURES = (
    ("number", _("a number")),
    ("percentage", _("a percentage: numerator and denominator")),
    ("ordinal", _("a step of an order")),
    ("nominal", _("a word of a list")),
    ("qualitative", _("a description")),
)
DIRECTIONS = (
    ("up", _("more is better")),
    ("down", _("less is better")),
    ("maintain", _("it is to be maintained")),
)
OVER_TIME = (
    ("sum", _("the sum of the periods")),
    ("last", _("the last one reported")),
    ("max", _("the largest")),
    ("mean", _("the mean")),
    ("ratio", _("sum of numerators by sum of denominators")),
)
OVER_PLACES = (
    ("sum", _("the sum of the places")),
    ("max", _("the largest")),
    ("mean", _("the mean")),
    ("ratio", _("sum of numerators by sum of denominators")),
    ("none", _("places are not added up")),
)
COUNTING = (
    ("not_cumulative", _("this period alone, not added up")),
    ("cumulative", _("this period alone, to be added up")),
    ("reported_cumulatively", _("everything since the start")),
)
"""The rules of indicators in words; what they mean is said at values.ResultIndicator."""


MADE_UP = "made-up-countries"


class Framework(NamedTuple):
    """A framework by whose codes projects are tagged; `level` is that of the codes."""

    code: str
    title: Promise
    level: str


FRAMEWORKS = (
    Framework("sdg", _("Sustainable Development Goals"), "target"),
    Framework("gcm", _("Global Compact for Migration"), "objective"),
    Framework("domains", _("Policy domains"), "domain"),
)
OWN = "iom"
"""Codes of IOM's Strategic Results Framework, such as 3c4b: typed, because no list of them is published."""

DAC = "dac"
"""Purpose codes of OECD DAC, five digits: the main purpose of a project, as IATI asks for it."""


def dac_name(code: str) -> Text:
    """What a purpose code of DAC stands for; an empty text for one that is not in the list."""
    found = iati.code_list("Sector").names.get(code)
    return Text(en=found) if found else Text()


def names(kind: str) -> dict[str, Text]:
    """{code: name} of the register's words of one kind: "type", "coverage" or "region"."""
    return {word.code: word.name for word in projects.project_words(kind)}


def name(kind: str, code: str) -> Text:
    """What a code of the register stands for; the code itself where it is none that is known."""
    return names(kind).get(code) or Text(en=code)


# States and territories -------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _areas() -> dict[str, Text]:
    """{ISO 3166-1 alpha-2 in small letters: its name in several languages}."""
    known = catalogue.code_list("areas")
    territories = {code.lower(): place.name for code, place in catalogue.places().items() if place.name}
    return territories | {
        said["iso2"].lower(): known.codes[code]
        for code, said in known.annotations.items()
        if said.get("iso2")
    }


def area(code: str) -> Text:
    """The name of a state or territory; its code, where it is none that is known."""
    return _areas().get(code) or Text(_made_up().get(code) or {"en": code.upper()})


def areas(codes: Iterable[str]) -> list[Text]:
    """Names, in the reader's alphabetical order."""
    return sorted((area(code) for code in codes), key=lambda name: plain(name).casefold())


def area_of(name: str) -> str | None:
    """The code of a state or territory by its name in any language that is known, or by its code."""
    wanted = " ".join(name.split()).casefold()
    own = {words.casefold(): code for code, names in _made_up().items() for words in (code, *names.values())}
    return _area_names().get(wanted) or own.get(wanted)


def _made_up() -> dict[str, dict[str, str]]:
    """{code: name in several languages} of countries here that no list has; kept for a minute."""
    found = cache.get(MADE_UP)
    if found is None:
        rows = Country.objects.exclude(code__in=_areas()).values_list("code", "name")
        found = dict(rows)
        cache.set(MADE_UP, found, 60)
    return found


@lru_cache(maxsize=1)
def _area_names() -> dict[str, str]:
    """{name in small letters, of today or of old: code}, and the codes themselves."""
    known = catalogue.code_list("areas").annotations
    names = {}
    for name, (code, _old) in projects.country_names().items():
        names[name.casefold()] = (known[code]["iso2"] if code in known else code).lower()
    return {**names, **{code: code for code in _areas()}}


# Tags -------------------------------------------------------------------------------------------------------


def tag_choices(framework: Framework) -> list[tuple[str, str]]:
    """(code, words) of the entries that a project can be tagged with."""
    return [
        (item.code, f"{item.code} {plain(item.short or item.name)}")
        for item in catalogue.framework(framework.code).items
        if item.level == framework.level
    ]


@lru_cache(maxsize=8)
def all_tag_choices(language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """(title, [("framework/code", words)]) of every framework, in a language."""
    with override(language):
        return [
            (str(one.title), [(f"{one.code}/{code}", words) for code, words in tag_choices(one)])
            for one in FRAMEWORKS
        ]


def tag_name(framework: str, code: str) -> Text:
    """What a tag stands for; an empty text for a code of one's own or an unknown one."""
    if framework == OWN:
        return Text()
    if framework == DAC:
        return dac_name(code)
    found = next((item for item in catalogue.framework(framework).items if item.code == code), None)
    return (found.short or found.name) if found else Text()
