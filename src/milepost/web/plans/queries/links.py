"""What a measure is linked to, of what a reader may see, and what can be chosen."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from milepost.web.indicators import queries as indicators
from milepost.web.plans.models import Measure, MeasureOrigin
from milepost.web.stakeholders.models import Country
from milepost.web.traces.models import Edge
from milepost.web.traces.nodes import describe
from milepost.web.traces.queries import visible_things
from milepost.web.ui import addresses
from milepost.web.ui.templatetags.ui import figure, plain

RELATION_OF = {
    "project": "served_by",
    "programme": "served_by",
    "engagement": "served_by",
    "indicator": "seen_in",
    "target": "seen_in",
    "policy": "follows",
    "plan": "follows",
}
"""The kinds of thing that a measure can be linked to, and what the link says."""
RELATIONS: dict[str, Promise] = {
    "served_by": _("Projects and events that help"),
    "seen_in": _("Indicators and targets in which it shows"),
    "follows": _("Policies and plans that it carries on"),
}
"""The relations as headings of the page of a measure."""
KINDS: dict[str, Promise] = {
    "project": _("Projects"),
    "programme": _("Programmes"),
    "engagement": _("Trainings, workshops, dialogues"),
    "indicator": _("Indicators"),
    "target": _("Targets"),
    "policy": _("Policies"),
    "plan": _("Plans of action"),
}
"""The kinds in words."""
MOST = 300
"""Things of one kind that a list offers."""


class Linked(NamedTuple):
    """A thing that a measure is linked to, as the reader is told of it."""

    address: str
    title: str
    facts: tuple[tuple[str, str], ...]
    url: str | None


class Group(NamedTuple):
    """The things of one relation."""

    relation: str
    label: Promise
    things: tuple[Linked, ...]


def linked(user: Any, measure: Measure) -> list[Group]:
    """What a measure is linked to: only what the reader may see, and only relations that have something."""
    edges = Edge.objects.filter(source=measure.address, relation__in=list(RELATIONS))
    said = list(edges.values_list("relation", "target"))
    there = visible_things(user, [target for _relation, target in said])
    found: dict[str, list[Linked]] = {relation: [] for relation in RELATIONS}
    for relation, target in said:
        if (thing := there.get(target)) is not None:
            node = describe(user, target, thing)
            found[relation].append(Linked(target, str(node.title), node.facts, node.url))
    return [
        Group(relation, RELATIONS[relation], tuple(things)) for relation, things in found.items() if things
    ]


def origins(measure: Measure) -> QuerySet[MeasureOrigin]:
    """The documents from outside that a measure answers to."""
    return MeasureOrigin.objects.filter(measure=measure)


# What can be chosen -----------------------------------------------------------------------------------------


def _project(one: Any) -> str:
    return " ".join(filter(None, (one.project_code, plain(one.text))))


def _engagement(one: Any) -> str:
    return f"{one.last_day.isoformat()} {plain(one.text)}"


def _indicator(one: Any) -> str:
    return f"{one.code} {plain(indicators.title(one))}"


def _target(one: Any) -> str:
    title = plain(indicators.title(one.indicator))
    return f"{one.indicator.code}: {figure(one.value)} ({one.year}) · {title}"


_NAMED: dict[str, Callable[[Any], str]] = {
    "project": _project,
    "engagement": _engagement,
    "indicator": _indicator,
    "target": _target,
}


def choices(user: Any, measure: Measure, relation: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """(kind, [(address, words)]) of the things that a measure can be linked to, without those that it is."""
    there = set(Edge.objects.filter(source=measure.address).values_list("target", flat=True))
    there.add(measure.plan.address)
    found = []
    for kind in (kind for kind, said in RELATION_OF.items() if said == relation):
        country = measure.plan.policy.country
        pairs = [pair for pair in offered(user, country, kind) if pair[0] not in there]
        if pairs:
            found.append((str(KINDS[kind]), pairs))
    return found


def offered(user: Any, country: Country, kind: str) -> list[tuple[str, str]]:
    """(address, words) of the things of one kind that a person may see; none where nobody knows the kind."""
    entry = addresses.kinds().get(kind)
    if entry is None:
        return []
    seen = entry.visible_to(user)
    if kind == "indicator":
        seen = seen.filter(country=country)
    elif kind == "target":
        seen = seen.filter(indicator__country=country, current=True)
    elif kind == "policy":
        seen = seen.filter(country=country)
    elif kind == "plan":
        seen = seen.filter(policy__country=country)
    name = _NAMED.get(kind, lambda one: plain(one.text))
    return [(f"{kind}:{getattr(one, entry.field)}", name(one)) for one in seen[:MOST]]
