"""Walk the traced graph, and tell a trace to one reader."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from django.utils.translation import pgettext

from milepost.web.traces.models import Edge
from milepost.web.traces.nodes import UNSEEN, Node, describe
from milepost.web.traces.words import RELATION_WORDS
from milepost.web.ui import addresses
from milepost.web.ui.addresses import Address

DEPTH = 12
LIMIT = 500
TOLD = 100
"""How many things one trace tells; a longer one says that it goes on."""
_ORDER = {relation: place for place, relation in enumerate(RELATION_WORDS)}


class Link(NamedTuple):
    """One step along an edge, from where one stands to what lies beyond."""

    here: str
    relation: str
    there: str
    details: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Branch:
    """A thing met on the way, by which relation; `again` where it was met before, and not followed twice."""

    address: str
    relation: str
    details: Mapping[str, Any]
    branches: tuple["Branch", ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """All that was met from one address; not `complete` where depth or limit ended the walk."""

    address: str
    branches: tuple[Branch, ...]
    complete: bool

    def addresses(self) -> set[str]:
        """Everything met, without the start."""
        return {branch.address for branch in _all(self.branches)} - {self.address}


@dataclass(frozen=True, slots=True)
class Step:
    """A line of a trace as one reader is told it."""

    relation: str  # in words
    node: Node
    steps: tuple["Step", ...] = ()
    again: bool = False


@dataclass(frozen=True, slots=True)
class Trace:
    """Where a thing comes from, and for people who are signed in what rests on it."""

    address: str
    node: Node
    upstream: tuple[Step, ...]
    downstream: tuple[Step, ...]
    complete: bool


def upstream(address: str, depth: int = DEPTH, limit: int = LIMIT) -> Tree:
    """Everything that a thing rests on: one query for each level, at most `limit` things."""
    return _walk(str(address), _edges_upstream, depth, limit)


def downstream(address: str, depth: int = DEPTH, limit: int = LIMIT) -> Tree:
    """Everything that rests on a thing: one query for each level, at most `limit` things."""
    return _walk(str(address), _edges_downstream, depth, limit)


def for_reader(user: Any, address: str) -> Trace | None:
    """The trace of a thing as this reader may know it, or None where they may not see the thing.

    The walk ends at what the reader may not see; of that, only its kind is said (`nodes.UNSEEN`).
    """
    try:
        start = str(Address.parse(address))
    except ValueError:
        return None
    known = _Known(user)
    known.meet([start])
    if start not in known.nodes:
        return None
    above = _walk(start, known.upstream, DEPTH, TOLD)
    below = _walk(start, known.downstream, DEPTH, TOLD) if user.is_authenticated else Tree(start, (), True)
    known.meet(above.addresses() | below.addresses())
    return Trace(
        start,
        known.nodes[start],
        _told(above.branches, known),
        _told(below.branches, known, upwards=False),
        above.complete and below.complete,
    )


def visible_things(user: Any, wanted: Iterable[str]) -> dict[str, Any]:
    """The things at these addresses that a user may see: one query for each kind."""
    by_kind: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for text in wanted:
        place = Address.parse(text)
        by_kind[place.kind][place.id].append(text)
    found: dict[str, Any] = {}
    for kind, ids in by_kind.items():
        for key, thing in _of_kind(user, kind, list(ids)):
            found.update(dict.fromkeys(ids.get(key, ()), thing))
    return found


def _of_kind(user: Any, kind: str, ids: list[str]) -> list[tuple[str, Any]]:
    """(id, thing) of one kind; asked one by one where an id does not fit its column."""
    entry = addresses.kinds().get(kind)
    if entry is None:
        return []
    try:
        things = list(entry.visible_to(user).filter(**{f"{entry.field}__in": ids}))
        return [(str(getattr(thing, entry.field)), thing) for thing in things]
    except (ValueError, TypeError):
        one_by_one = [(key, addresses.find(user, Address(kind, key))) for key in ids]
        return [(key, thing) for key, thing in one_by_one if thing is not None]


def _edges_upstream(sources: list[str]) -> list[Link]:
    rows = Edge.objects.filter(source__in=sources)[: LIMIT + 1]
    return [Link(edge.source, edge.relation, edge.target, edge.details) for edge in rows]


def _edges_downstream(targets: list[str]) -> list[Link]:
    rows = Edge.objects.filter(target__in=targets)[: LIMIT + 1]
    return [Link(edge.target, edge.relation, edge.source, edge.details) for edge in rows]


def _walk(start: str, links_from: Callable[[list[str]], list[Link]], depth: int, limit: int) -> Tree:
    """Breadth first, so that everything hangs where it is nearest; what was met is not followed again."""
    met = {start}
    links: dict[str, list[tuple[Link, bool]]] = defaultdict(list)
    frontier, complete = [start], True
    while frontier and depth:
        reached: list[str] = []
        found = links_from(frontier)
        complete = complete and len(found) <= LIMIT
        for link in found[:LIMIT]:
            new = link.there not in met
            if new and len(met) > limit:
                complete = False
                continue
            if new:
                met.add(link.there)
                reached.append(link.there)
            links[link.here].append((link, new))
        frontier, depth = reached, depth - 1
    if frontier and links_from(frontier):
        complete = False
    return Tree(start, _branches(start, links), complete)


def _branches(start: str, links: Mapping[str, list[tuple[Link, bool]]]) -> tuple[Branch, ...]:
    """The links from one thing as branches; what was met before is named and not followed."""
    return tuple(
        Branch(
            link.there,
            link.relation,
            link.details,
            _branches(link.there, links) if new else (),
            again=not new,
        )
        for link, new in links.get(start, ())
    )


def _all(branches: Iterable[Branch]) -> Iterable[Branch]:
    for branch in branches:
        yield branch
        yield from _all(branch.branches)


class _Known:
    """What one reader may see of the things met so far, each looked up and described once."""

    def __init__(self, user: Any):
        self.user = user
        self.nodes: dict[str, Node] = {}
        self.asked: set[str] = set()

    def meet(self, wanted: Iterable[str]) -> None:
        new = [address for address in dict.fromkeys(wanted) if address not in self.asked]
        self.asked.update(new)
        for address, thing in visible_things(self.user, new).items():
            self.nodes[address] = describe(self.user, address, thing)

    def upstream(self, frontier: list[str]) -> list[Link]:
        self.meet(frontier)
        seen = [address for address in frontier if address in self.nodes]
        of_themselves = [
            Link(address, relation, target, {})
            for address in seen
            for relation, target in self.nodes[address].rests_on
        ]
        return of_themselves + (_edges_upstream(seen) if seen else [])

    def downstream(self, frontier: list[str]) -> list[Link]:
        self.meet(frontier)
        seen = [address for address in frontier if address in self.nodes]
        return _edges_downstream(seen) if seen else []


def _told(branches: Iterable[Branch], known: _Known, upwards: bool = True) -> tuple[Step, ...]:
    """Branches as lines, in the order of the relations.

    Upwards, several unseen things of one kind and relation are one line, so that nobody can count them;
    downwards they are left out.
    """
    steps: list[Step] = []
    unseen: set[tuple[str, str]] = set()
    for branch in sorted(branches, key=lambda one: _ORDER[one.relation]):
        words = RELATION_WORDS[branch.relation]
        relation = str(words.upstream if upwards else words.downstream)
        kind = Address.parse(branch.address).kind
        if branch.address in known.nodes:
            node = known.nodes[branch.address]
            if known.user.is_authenticated:
                node = replace(node, facts=(*node.facts, *_place(branch.details)))
            steps.append(Step(relation, node, _told(branch.branches, known, upwards), branch.again))
        elif upwards and kind in UNSEEN and (relation, kind) not in unseen:
            unseen.add((relation, kind))
            steps.append(Step(relation, Node(str(UNSEEN[kind]))))
    return tuple(steps)


def _place(details: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Where in a file it stands, as far as the edge says so."""
    labels = {
        "sheet": pgettext("trace", "Sheet"),
        "row": pgettext("trace", "Row"),
        "line": pgettext("trace", "Row"),
        "column": pgettext("trace", "Column"),
    }
    return [(label, str(details[name])) for name, label in labels.items() if details.get(name)]
