"""The catalogue in words."""

from collections import Counter
from typing import Any

from django import template
from django.utils.safestring import SafeString

from milepost.values import Text
from milepost.web.frameworks import queries
from milepost.web.frameworks.words import DIRECTIONS, LEVELS, PAIRS, WORDINGS
from milepost.web.ui.templatetags.ui import plain, status_as

register = template.Library()


@register.simple_tag
def pair_mark(status: str) -> SafeString:
    """The shape and word of what is said of a pair."""
    mark = PAIRS[str(status)]
    return status_as(mark.shape, str(mark.word))


@register.filter
def pair_counts(counts: dict[str, int]) -> str:
    """How many pairs there are of each status: "Confirmed: 4 · Proposal of Milepost: 11"."""
    return " · ".join(
        f"{mark.word}: {counts[status]}" for status, mark in PAIRS.items() if counts.get(status)
    )


@register.filter
def has(framework: Any) -> str:
    """What a framework consists of: "17 goals, 169 targets, 251 indicators"."""
    counts = Counter(item.level for item in framework.items)
    return ", ".join(str(LEVELS[level] % {"count": count}) for level, count in counts.items())


@register.filter
def in_language(name: Text, language: str) -> str:
    """The words in just this language, or nothing."""
    return name.get(language, "")


@register.filter
def worded(item: Any, language: str) -> str:
    """Who worded a name that is not official; nothing for an official one."""
    return str(WORDINGS.get(item.wording.get(language, ""), ""))


@register.filter
def code_worded(code_list: Any, code: str) -> str:
    """Who worded the Russian name of a code, or that of another language, where it is not official."""
    said = code_list.annotations.get(code, {}) if code_list is not None else {}
    who = dict.fromkeys(said[key] for key in sorted(said) if key.startswith("wording:"))
    return ", ".join(str(WORDINGS[one]) for one in who if one in WORDINGS)


@register.filter
def entry(place: str) -> str:
    """An entry "framework/code" as one says it: its code and name."""
    return f"{code(place)} {plain(queries.name_of(place))}"


@register.filter
def code(place: str) -> str:
    """The code of an entry "framework/code"."""
    return place.partition("/")[2]


@register.filter
def name(place: str) -> Text:
    """The name of an entry "framework/code" in several languages."""
    return queries.name_of(place)


@register.filter
def direction(code: str) -> str:
    """What counts as progress."""
    return str(DIRECTIONS[code])


@register.filter
def title(thing: Any) -> str:
    """What an indicator is called."""
    return plain(queries.title_of(thing))
