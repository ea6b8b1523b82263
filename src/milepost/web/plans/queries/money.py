"""The money of a plan: planned, there, still sought, spent; by source, objective and institution.

Different currencies are never added, nor a source that states no amount taken as nothing. What is spent is
what the last accepted answer says.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from milepost.web.plans.models import Answer, AnswerSpending, Cost, Entry, Plan, PlanVersion, Role
from milepost.web.plans.queries.standing import objective_of
from milepost.web.plans.queries.versions import entries
from milepost.web.ui.templatetags.ui import plain

Source = tuple[int, str, str]
"""A measure, a source of its money, and a currency: what is known through the versions."""


class Sum(NamedTuple):
    """Money of one name in one currency; `percent` is what was spent of what is planned, where that is known.

    `unstated` sources state no amount; what was spent of them is in `spent`, and is not compared.
    """

    name: str
    currency: str
    planned: Decimal
    committed: Decimal
    sought: Decimal
    spent: Decimal
    unstated: int

    @property
    def percent(self) -> Decimal | None:
        """What was spent, in per cent of what is planned; None where part of it has no amount."""
        return 100 * self.spent / self.planned if self.planned and not self.unstated else None

    @property
    def too_much(self) -> bool:
        """Whether more was spent than is planned."""
        return self.percent is not None and self.percent > 100


class Money(NamedTuple):
    """The money of a version: in all, by source, by objective and by institution that reports."""

    totals: tuple[Sum, ...]
    sources: tuple[Sum, ...]
    objectives: tuple[Sum, ...]
    institutions: tuple[Sum, ...]
    over: tuple[Cost, ...]


def spent(plan: Plan, until: date) -> dict[Source, Decimal]:
    """What was spent by a day of each source of each measure, as last accepted of a round over by then."""
    rows = AnswerSpending.objects.filter(
        answer__round__plan=plan, answer__round__end__lte=until, answer__state=Answer.State.ACCEPTED
    )
    found: dict[Source, tuple[int, Decimal]] = {}
    for one in rows.select_related("answer__round", "cost").order_by("answer__round__end", "pk"):
        key = one.answer.measure_id, one.cost.source, one.cost.currency
        answer, before = found.get(key, (0, Decimal(0)))
        found[key] = one.answer_id, one.amount + (before if answer == one.answer_id else 0)
    return {key: amount for key, (_answer, amount) in found.items()}


def money(plan: Plan, version: PlanVersion, until: date) -> Money:
    """The money of a version of a plan, with what was spent by a day."""
    known = spent(plan, until)
    rows = [(entry, cost) for entry in entries(version) for cost in entry.costs.all()]
    left = dict(known)  # of a source that stands twice, the first cost has what was spent of both
    gone = {cost.pk: left.pop(_key(entry, cost), Decimal(0)) for entry, cost in rows}
    return Money(
        _sums(rows, gone, lambda _entry, _cost: [""]),
        _sums(rows, gone, lambda _entry, cost: [cost.source]),
        _sums(rows, gone, lambda entry, _cost: [objective_of(entry)]),
        _sums(rows, gone, lambda entry, _cost: _reporting(entry)),
        tuple(_over(rows, known)),
    )


def _over(rows: Iterable[tuple[Entry, Cost]], known: dict[Source, Decimal]) -> Iterable[Cost]:
    """The first cost of each source of which more was spent than all its amounts, where they are stated."""
    found: dict[Source, list[Cost]] = defaultdict(list)
    for entry, cost in rows:
        found[_key(entry, cost)].append(cost)
    for key, costs in found.items():
        amounts = [cost.amount for cost in costs if cost.amount is not None]
        if len(amounts) == len(costs) and known.get(key, Decimal(0)) > sum(amounts):
            yield costs[0]


def _key(entry: Entry, cost: Cost) -> Source:
    return entry.measure_id, cost.source, cost.currency


def _reporting(entry: Entry) -> list[str]:
    """The institution that reports; where several are named, the money stands with each of them."""
    roles = [role for role in entry.roles.all() if role.kind == Role.Kind.COORDINATOR]
    return [plain(role.institution.text) for role in roles] or ["–"]


def _sums(
    rows: Iterable[tuple[Entry, Cost]],
    gone: dict[int, Decimal],
    names: Callable[[Entry, Cost], list[str]],
) -> tuple[Sum, ...]:
    """Sums by name and currency, in the order in which names and currencies come."""
    found: dict[tuple[str, str], Sum] = {}
    for entry, cost in rows:
        for name in names(entry, cost):
            before = found.get((name, cost.currency)) or _nothing(name, cost.currency)
            found[name, cost.currency] = _with(before, cost, gone[cost.pk])
    return tuple(one for one in found.values() if one.currency)


def _nothing(name: str, currency: str) -> Sum:
    nothing = Decimal(0)
    return Sum(name, currency, nothing, nothing, nothing, nothing, 0)


def _with(one: Sum, cost: Cost, gone: Decimal) -> Sum:
    amount = cost.amount or Decimal(0)
    return one._replace(
        planned=one.planned + amount,
        committed=one.committed + (amount if cost.committed else 0),
        sought=one.sought + (0 if cost.committed else amount),
        spent=one.spent + gone,
        unstated=one.unstated + (cost.amount is None),
    )
