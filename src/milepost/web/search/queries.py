"""What a reader finds: words against the names of all that they may see, in every language at once.

There is no index: names are few (indicators, institutions, sets of figures), and what is read here
is what `visible_to` gives, so that nothing can be found that may not be seen.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from milepost import catalogue
from milepost.values import Text
from milepost.web.indicators import queries as indicators
from milepost.web.plans import queries as plans
from milepost.web.plans.queries import consultations, laws
from milepost.web.plans.queries import measure as measures
from milepost.web.projects import queries as projects
from milepost.web.stakeholders import queries as stakeholders

MOST_WORDS = 8
MOST_DATASETS = 5000
MOST_PROJECTS = 10_000
_WORD = re.compile(r"\w+(?:[.]\w+)*")
_SHORTEST_STEM = 4


class Found(NamedTuple):
    """Something that fits: its kind, its name, its page, and what is said of it."""

    kind: str
    title: Text
    url: str
    note: Text


class _Candidate(NamedTuple):
    found: Found
    code: str
    others: Sequence[str]  # further words by which it can be found


KINDS: dict[str, Promise] = {
    "indicator": _("Indicators"),
    "country": _("Countries"),
    "policy": _("Policies and plans"),
    "measure": _("Measures of plans"),
    "consultation": _("Consultations on drafts"),
    "law": _("Laws to amend"),
    "project": _("Projects"),
    "institution": _("Institutions"),
    "dataset": _("Sets of figures"),
}
"""What can be found, in the order in which it is shown."""


def search(user: Any, words: str) -> dict[str, list[Found]]:
    """{kind: what fits, the best first}; every word must fit, by its beginning, in any language."""
    wanted = [fold(word) for word in _WORD.findall(words)[:MOST_WORDS]]
    if not wanted:
        return {}
    found: dict[str, list[tuple[int, Found]]] = {}
    for candidates in SOURCES.values():
        for candidate in candidates(user):
            if rank := _rank(candidate, wanted):
                found.setdefault(candidate.found.kind, []).append((rank, candidate.found))
    return {
        kind: [one for _rank, one in sorted(found[kind], key=lambda pair: -pair[0])]
        for kind in KINDS
        if kind in found
    }


def fold(text: str) -> str:
    """Without case, accents and the difference of е and ё.

    >>> fold("Ёлка É")
    'елка e'
    """
    apart = unicodedata.normalize("NFD", text.casefold())
    kept = "".join(letter for letter in apart if letter == "\u0306" or not unicodedata.combining(letter))
    return unicodedata.normalize("NFC", kept)


def stem(word: str) -> str:
    """A word without the ending that declension changes; codes and short words stay whole.

    >>> stem("мигрантов"), stem("migrants"), stem("10.7.1"), stem("cost")
    ('мигрант', 'migran', '10.7.1', 'cost')
    """
    if not word.isalpha() or len(word) <= _SHORTEST_STEM + 1:
        return word
    return word[: max(_SHORTEST_STEM, len(word) - 2)]


def _rank(candidate: _Candidate, wanted: Sequence[str]) -> int:
    """How well it fits; 0 where a word does not."""
    code = fold(candidate.code)
    title = _words(candidate.found.title.values())
    others = _words(candidate.others)
    total = 0
    for word in wanted:
        if code and (word == code or code.startswith(f"{word}.")):
            total += 100 if word == code else 50
        elif any(each.startswith(word) for each in title):
            total += 10
        elif any(each.startswith(stem(word)) for each in title):
            total += 6
        elif any(each.startswith(stem(word)) for each in others):
            total += 2
        else:
            return 0
    return total


def _words(texts: Iterable[str]) -> set[str]:
    return {word for text in texts for word in _WORD.findall(fold(text))}


def _indicators(user: Any) -> Iterator[_Candidate]:
    for one in indicators.indicators(user):
        title, described = indicators.title(one), indicators.definition(one)
        others = [] if described is None else [*described.label.values(), *_names(described)]
        note = Text(one.country.name)
        yield _Candidate(Found("indicator", title, one.get_absolute_url(), note), one.code, others)


def _names(described: catalogue.Indicator) -> Iterator[str]:
    for one in described.series:
        yield one.code
        yield from one.name.values()


def _countries(user: Any) -> Iterator[_Candidate]:
    for one in stakeholders.countries(user):
        yield _Candidate(Found("country", one.text, one.get_absolute_url(), Text()), one.code, [])


def _projects(user: Any) -> Iterator[_Candidate]:
    for one in projects.visible_to(user)[:MOST_PROJECTS]:
        found = Found("project", one.text, one.get_absolute_url(), one.institution.text)
        yield _Candidate(
            found, one.project_code, [one.prima_code, one.iati_identifier, *one.narrative.values()]
        )


def _policies(user: Any) -> Iterator[_Candidate]:
    for one in plans.visible_to(user):
        found = Found("policy", one.text, one.get_absolute_url(), Text(one.country.name))
        yield _Candidate(found, "", [*one.act.values(), *one.vision.values()])
    for one in plans.plans(user):
        yield _Candidate(Found("policy", one.text, one.get_absolute_url(), one.policy.text), "", [])


def _measures(user: Any) -> Iterator[_Candidate]:
    for one in measures.latest(user):
        found = Found("measure", one.text, one.measure.get_absolute_url(), one.version.plan.text)
        yield _Candidate(found, one.code, [*one.expected.values(), one.institutions])


def _consultations(user: Any) -> Iterator[_Candidate]:
    known = set(plans.visible_to(user).values_list("pk", flat=True))
    for one in consultations.consultations(user):
        note = one.policy.text if one.policy_id in known else Text()  # the policy may still be hidden
        found = Found("consultation", one.text, one.get_absolute_url(), note)
        yield _Candidate(found, "", [*one.about.values()])


def _laws(user: Any) -> Iterator[_Candidate]:
    for one in laws.laws(user):
        found = Found("law", one.text, one.get_absolute_url(), one.policy.text)
        yield _Candidate(found, one.number, [one.article, *one.what.values()])


def _institutions(user: Any) -> Iterator[_Candidate]:
    if not user.is_authenticated:  # their pages are for those who work with them
        return
    for one in stakeholders.institutions(user):
        note = Text(one.country.name) if one.country else Text()
        found = Found("institution", one.text, one.get_absolute_url(), note)
        yield _Candidate(found, "", [*one.short_name.values(), *one.mandate.values()])


def _datasets(user: Any) -> Iterator[_Candidate]:
    if not user.is_authenticated:
        return
    for one in indicators.datasets(user)[:MOST_DATASETS]:
        url = reverse("dataset", args=[one.pk])
        yield _Candidate(Found("dataset", Text({"": one.title}), url, one.institution.text), "", [one.note])


SOURCES: dict[str, Callable[[Any], Iterator[_Candidate]]] = {
    "indicator": _indicators,
    "country": _countries,
    "policy": _policies,
    "measure": _measures,
    "consultation": _consultations,
    "law": _laws,
    "project": _projects,
    "institution": _institutions,
    "dataset": _datasets,
}
"""Where each kind comes from; each asks the query that says what the reader may see."""
