"""The catalogue as a country has it: what ships, with what it added, confirmed and rejected."""

import difflib
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet

from milepost import catalogue
from milepost.errors import MilepostError
from milepost.recipes.check import definition_of
from milepost.values import Origin, Text
from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.frameworks.models import Code, Definition, Link, ListTitle, Tag, Tagging
from milepost.web.stakeholders.models import Country
from milepost.web.stakeholders.queries import countries, within
from milepost.web.ui import addresses
from milepost.web.ui.memory import cache

LOOKERS = (Permission.READ_INTERNAL, Permission.EDIT_FRAMEWORKS, Permission.EDIT_INDICATORS)
"""Whoever may do one of these in a country, or in an institution of it, may look at its frameworks."""

INDICATOR = "indicator"
"""The kind of thing that tags are put on."""

KEPT = 60
"""Seconds for which definitions and titles are kept; other processes see a change after that."""


# Who --------------------------------------------------------------------------------------------------------


def readable(user: Any) -> QuerySet[Country]:
    """The countries whose frameworks a reader may look at."""
    held = Q(pk__in=[])
    for permission in LOOKERS:
        held |= within(user, permission, institution="institution", country="code")
    return countries(user).filter(held).distinct()


def may_edit(user: Any, country: Country) -> bool:
    """Whether a reader may edit the frameworks of a country."""
    return may(user, Permission.EDIT_FRAMEWORKS, country.address)


def definitions(user: Any) -> QuerySet[Definition]:
    """National definitions, with every revision, for those who may look at the frameworks of the country."""
    return Definition.objects.filter(country__in=readable(user)).select_related("country", "by")


# Definitions ------------------------------------------------------------------------------------------------


def definition(country: Country, code: str) -> catalogue.Indicator | None:
    """The definition in force in a country: its own, else the one that ships; None where there is neither."""
    own = _own(country)
    if code in own:
        return _parsed(own[code])
    ships = definition_of(code)  # remembered: an unknown code takes long to be refused
    if ships is None:
        return None
    return _parsed(own[ships.code]) if ships.code in own else ships  # 16.b.1 is 10.3.1 by another name


def _own(country: Country) -> dict[str, str]:
    """{code: text} of the country's own definitions; kept for a minute, and forgotten when one changes."""
    found = cache.get(_key(country))
    if found is None:
        mine = Definition.objects.filter(country=country, current=True)
        found = dict(mine.values_list("code", "text"))
        cache.set(_key(country), found, KEPT)
    return found


def forget(country: Country) -> None:
    """A definition of this country, or the title of a list, has changed."""
    cache.delete_many([_key(country), _key_of_titles(country)])


def _key(country: Country) -> str:
    return f"definitions-{country.pk}"


@lru_cache(maxsize=512)
def _parsed(text: str) -> catalogue.Indicator:
    return catalogue.parse(text, Origin("definition"))


class Defined(NamedTuple):
    """An indicator in the list of definitions: the country's own where there is one, and what ships."""

    code: str
    title: Text
    own: Definition | None
    ships: catalogue.Indicator | None


def defined(country: Country) -> list[Defined]:
    """Every indicator that has a definition in a country, in the order in which people count."""
    own = {one.code: one for one in current_definitions(country)}
    ships = {one.code: one for one in catalogue.indicators()}
    codes = [*ships, *sorted(own.keys() - ships.keys())]
    found = []
    for code in codes:
        described = definition(country, code)
        found.append(Defined(code, described.title if described else Text(), own.get(code), ships.get(code)))
    return found


def current_definitions(country: Country) -> QuerySet[Definition]:
    """The country's own definitions in force."""
    return Definition.objects.filter(country=country, current=True).select_related("country", "by")


def definition_in_force(country: Country, code: str) -> Definition | None:
    """The country's own definition of an indicator, if it has one."""
    return current_definitions(country).filter(code=code).first()


def parsed(one: Definition) -> catalogue.Indicator:
    """What a national definition says, read."""
    return _parsed(one.text)


def history(one: Definition) -> list[Definition]:
    """Every revision of a national definition, the latest first."""
    found = Definition.objects.filter(country=one.country, code=one.code).select_related("by")
    return list(found.order_by("-revision"))


def before(one: Definition) -> str:
    """The text that a revision took the place of: the one before it, else the file that ships, else ""."""
    for later, earlier in pairwise(history(one)):
        if later.pk == one.pk:
            return earlier.text
    return catalogue.definition_file(one.code)


def differences(old: str, new: str) -> list[tuple[str, str]]:
    """What differs between two texts, as ("-" | "+" | " ", line), with the line around each difference."""
    lines = difflib.unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=1)
    return [(line[0], line[1:]) for line in lines if not line.startswith(("---", "+++", "@@"))]


# Crosswalks -------------------------------------------------------------------------------------------------


class Pair(NamedTuple):
    """Two entries that belong together, who says so, and in which revision."""

    origin: str
    goal: str
    status: str  # proposal or published, as it ships; confirmed or rejected by the country
    reason: str = ""
    revision: int = 0
    by: Any = None
    at: datetime | None = None


class Crosswalk(NamedTuple):
    """Two frameworks that are linked in a country, and how many pairs there are of each status."""

    origin: catalogue.Framework
    goal: catalogue.Framework
    ships: catalogue.Crosswalk | None
    counts: dict[str, int]


def in_order(one: str, other: str) -> tuple[str, str]:
    """Two frameworks, or entries "framework/code", in the order in which a pair of them is kept.

    As the crosswalk that ships goes, else by name.
    """
    first, second = one.partition("/")[0], other.partition("/")[0]
    ships = {(each.origin, each.goal) for each in catalogue.crosswalks()}
    if (first, second) in ships or ((second, first) not in ships and first <= second):
        return one, other
    return other, one


def pairs(country: Country, origin: str, goal: str) -> list[Pair]:
    """Every pair of two frameworks, such as "sdg" and "gcm": proposed, confirmed and rejected ones."""
    first, second = in_order(origin, goal)
    found = {(pair.origin, pair.goal): pair for pair in _ships(first, second)}
    for one in _links(country).filter(origin__startswith=f"{first}/", goal__startswith=f"{second}/"):
        found[one.origin, one.goal] = _said(one)
    turned = found.values() if first == origin else map(_turned, found.values())
    return sorted(turned, key=lambda pair: (_place(pair.origin), _place(pair.goal)))


def find_pair(country: Country, origin: str, goal: str) -> Pair | None:
    """One pair of entries "framework/code"; None where nobody has named it."""
    frameworks = (entry.partition("/")[0] for entry in (origin, goal))
    wanted = (pair for pair in pairs(country, *frameworks) if (pair.origin, pair.goal) == (origin, goal))
    return next(wanted, None)


def towards(country: Country, origin: str, goal: str) -> dict[str, list[tuple[str, str]]]:
    """{code of the first framework: [(code of the other, status)]} without what the country rejected."""
    found: dict[str, list[tuple[str, str]]] = {}
    for pair in pairs(country, origin, goal):
        if pair.status != Link.Status.REJECTED:
            code = pair.origin.partition("/")[2]
            found.setdefault(code, []).append((pair.goal.partition("/")[2], pair.status))
    return found


def crosswalks(country: Country) -> list[Crosswalk]:
    """The crosswalks that ship, and those that the country made."""
    known = {(one.origin, one.goal): one for one in catalogue.crosswalks()}
    made = {
        (one.origin.partition("/")[0], one.goal.partition("/")[0]): None
        for one in _links(country).order_by("origin", "goal")
    }
    return [
        Crosswalk(
            catalogue.framework(origin),
            catalogue.framework(goal),
            known.get((origin, goal)),
            dict(Counter(str(pair.status) for pair in pairs(country, origin, goal))),
        )
        for origin, goal in {**dict.fromkeys(known), **made}
    ]


def _links(country: Country) -> QuerySet[Link]:
    return Link.objects.filter(country=country).select_related("by")


def _ships(origin: str, goal: str) -> Iterator[Pair]:
    for one in catalogue.crosswalks():
        if (one.origin, one.goal) == (origin, goal):
            for left, right in one.pairs:
                yield Pair(f"{origin}/{left}", f"{goal}/{right}", one.status)


def _said(one: Link) -> Pair:
    return Pair(one.origin, one.goal, one.status, one.reason, one.revision, one.by, one.at)


def _turned(pair: Pair) -> Pair:
    return pair._replace(origin=pair.goal, goal=pair.origin)


def _place(entry: str) -> int:
    """Where an entry stands in its framework."""
    framework, _, code = entry.partition("/")
    return _places(framework)[code]


@lru_cache(maxsize=64)
def _places(framework: str) -> dict[str, int]:
    return {item.code: place for place, item in enumerate(in_tree(catalogue.framework(framework)))}


def in_tree(framework: catalogue.Framework) -> list[catalogue.Item]:
    """The entries of a framework, each with what stands below it: a goal, its targets, their indicators."""
    below: dict[str | None, list[catalogue.Item]] = {}
    for item in framework.items:
        below.setdefault(item.parent, []).append(item)

    def branch(item: catalogue.Item) -> Iterator[catalogue.Item]:
        yield item
        for one in below.get(item.code, ()):
            yield from branch(one)

    return [one for root in below.get(None, ()) for one in branch(root)]


def entry_exists(entry: str) -> bool:
    """Whether "framework/code" is in the catalogue."""
    framework, _, code = entry.partition("/")
    try:
        catalogue.framework(framework).item(code)
    except MilepostError:
        return False
    return True


def name_of(entry: str) -> Text:
    """What "framework/code" is called."""
    framework, _, code = entry.partition("/")
    return catalogue.framework(framework).item(code).name


def find_framework(code: str) -> catalogue.Framework | None:
    """A framework of the catalogue by its code."""
    return next((one for one in catalogue.frameworks() if one.code == code), None)


# Code lists -------------------------------------------------------------------------------------------------


def codes(country: Country, name: str) -> dict[str, Text]:
    """The codes of a list as the country has it: those that ship and its own; retired ones are left out."""
    own = own_codes(country).filter(list=name, active=True)
    return shipped_codes(name) | {one.code: one.text for one in own}


def shipped_codes(name: str) -> dict[str, Text]:
    """The codes of a list that ship; none for a list that is the country's own."""
    found = find_code_list(name)
    return dict(found.codes) if found is not None else {}


def find_code_list(name: str) -> Any | None:
    """A code list of the catalogue, as values.CodeList; None for one of a country's own."""
    try:
        return catalogue.code_list(name)
    except MilepostError:
        return None


def own_codes(country: Country) -> QuerySet[Code]:
    """The codes that a country added, retired ones too."""
    return Code.objects.filter(country=country).select_related("country")


def list_titles(country: Country) -> dict[str, Text]:
    """{list: title} of the country's own code lists; kept for a minute, and forgotten when one changes."""
    found = cache.get(_key_of_titles(country))
    if found is None:
        found = {one.list: one.text for one in ListTitle.objects.filter(country=country)}
        cache.set(_key_of_titles(country), found, KEPT)
    return found


def list_title(country: Country, name: str) -> ListTitle | None:
    """What a country calls one of its own lists, if it has said so."""
    return ListTitle.objects.filter(country=country, list=name).first()


def _key_of_titles(country: Country) -> str:
    return f"list-titles-{country.pk}"


class Listed(NamedTuple):
    """A code list in a country: its name, what it is called, and how many codes ship and are its own."""

    name: str
    title: Text
    ships: int
    own: int


def code_lists(country: Country) -> list[Listed]:
    """The lists that ship, and the country's own."""
    own, titles = Counter(own_codes(country).values_list("list", flat=True)), list_titles(country)
    found = [Listed(one.id, one.name, len(one.codes), own.pop(one.id, 0)) for one in catalogue.code_lists()]
    return found + [Listed(one, titles.get(one, Text()), 0, count) for one, count in sorted(own.items())]


# Tags -------------------------------------------------------------------------------------------------------


def tags(country: Country) -> QuerySet[Tag]:
    """The tags of a country."""
    return Tag.objects.filter(country=country).select_related("country")


def tags_of(address: str) -> QuerySet[Tag]:
    """The tags that stand on a thing."""
    return Tag.objects.filter(taggings__address=address, active=True)


def tagged(tag: Tag) -> set[str]:
    """The addresses of the things that a tag stands on."""
    return set(Tagging.objects.filter(tag=tag).values_list("address", flat=True))


def tag_counts(country: Country) -> dict[int, int]:
    """On how many things each tag of a country stands, by the key of the tag."""
    return Counter(Tagging.objects.filter(tag__country=country).values_list("tag_id", flat=True))


def taggable(user: Any, country: Country) -> list[Any]:
    """The indicators of a country that a reader may see, which tags can be put on.

    They live on the floor above; so they are asked for by their kind, as everything is named there.
    """
    kind = addresses.kinds().get(INDICATOR)
    return list(kind.visible_to(user).filter(country=country)) if kind is not None else []


def title_of(thing: Any) -> Text:
    """What an indicator is called: by the country, else officially."""
    return Text(thing.title) if thing.title else catalogue.indicator_title(thing.code)
