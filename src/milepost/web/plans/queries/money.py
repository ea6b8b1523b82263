"""The money of a plan: planned, there, still sought, spent; by source, objective and institution.

Different currencies are never added, nor a source that states no amount taken as nothing. What is spent is
what the last answer given says: accepted, or still in review.
"""

from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from milepost.web.plans.models import AnswerSpending, Cost, Entry, Plan, PlanVersion, Role
from milepost.web.plans.queries.standing import COUNTED, objective_of
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
    """What was spent by a day of each source of each measure, as last told in a round over by then."""
    rows = AnswerSpending.objects.filter(
        answer__round__plan=plan, answer__round__end__lte=until, answer__state__in=COUNTED
    )
    told = rows.select_related("answer__round", "cost").order_by("answer__round__end")
    return {(one.answer.measure_id, one.cost.source, one.cost.currency): one.amount for one in told}


def money(plan: Plan, version: PlanVersion, until: date) -> Money:
    """The money of a version of a plan, with what was spent by a day."""
    known = spent(plan, until)
    rows = [(entry, cost) for entry in entries(version) for cost in entry.costs.all()]
    return Money(
        _sums(rows, known, lambda _entry, _cost: [""]),
        _sums(rows, known, lambda _entry, cost: [cost.source]),
        _sums(rows, known, lambda entry, _cost: [objective_of(entry)]),
        _sums(rows, known, lambda entry, _cost: _reporting(entry)),
        tuple(
            cost
            for entry, cost in rows
            if cost.amount is not None and known.get(_key(entry, cost), Decimal(0)) > cost.amount
        ),
    )


def _key(entry: Entry, cost: Cost) -> Source:
    return entry.measure_id, cost.source, cost.currency


def _reporting(entry: Entry) -> list[str]:
    """The institution that reports; where several are named, the money stands with each of them."""
    roles = [role for role in entry.roles.all() if role.kind == Role.Kind.COORDINATOR]
    return [plain(role.institution.text) for role in roles] or ["–"]


def _sums(
    rows: Iterable[tuple[Entry, Cost]],
    known: dict[Source, Decimal],
    names: Callable[[Entry, Cost], list[str]],
) -> tuple[Sum, ...]:
    """Sums by name and currency, in the order in which names and currencies come."""
    found: dict[tuple[str, str], Sum] = {}
    for entry, cost in rows:
        for name in names(entry, cost):
            before = found.get((name, cost.currency)) or _nothing(name, cost.currency)
            found[name, cost.currency] = _with(before, cost, known.get(_key(entry, cost), Decimal(0)))
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
