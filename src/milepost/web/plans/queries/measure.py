"""One measure: its words through all versions, its money, and who could take part in it."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, NamedTuple

from milepost.web.plans.models import Cost, Entry, Measure, Role
from milepost.web.plans.queries.difference import Changed, difference_of
from milepost.web.plans.queries.scoping import participants, versions
from milepost.web.stakeholders.models import Institution


def last_entry(user: Any, measure: Measure) -> Entry:
    """What the last version says that has the measure and that the reader may see."""
    seen = versions(user).filter(plan=measure.plan)
    found = (
        measure.entries.filter(version__in=seen.values("pk"))
        .select_related("version__plan__policy__country", "section__parent", "measure")
        .prefetch_related("roles__institution__country", "indicators", "costs")
        .order_by("version__number")
        .last()
    )
    assert found is not None  # the scoping rule of measures asks for one
    return found


def latest(user: Any) -> list[Entry]:
    """What the last version says of every measure that a reader may see; each measure once."""
    found = (
        Entry.objects.filter(version__in=versions(user).values("pk"))
        .select_related("measure", "version__plan")
        .order_by("version__number")
    )
    return list({one.measure_id: one for one in found}.values())


def last_entries(user: Any, measures: Iterable[int]) -> dict[int, Entry]:
    """{measure: what the last version says that has it and that the reader may see}, in one query."""
    found = (
        Entry.objects.filter(measure__in=list(measures), version__in=versions(user).values("pk"))
        .select_related("measure", "version__plan")
        .order_by("version__number")
    )
    return {one.measure_id: one for one in found}


class Step(NamedTuple):
    """What a version did with a measure: "added", "changed", "same" or "removed"."""

    version: Any
    what: str
    changes: tuple[Changed, ...]
    days: int | None


def history(user: Any, measure: Measure) -> list[Step]:
    """The measure through the versions that a reader may see, the earliest first."""
    entries = {
        one.version_id: one
        for one in measure.entries.select_related("section__parent", "measure").prefetch_related(
            "roles__institution__country", "indicators", "costs"
        )
    }
    steps: list[Step] = []
    before: Entry | None = None
    for version in versions(user).filter(plan=measure.plan).order_by("number"):
        entry = entries.get(version.pk)
        row = difference_of(before, entry)
        if row is not None:
            steps.append(Step(version, row.kind, row.changes, row.days))
        elif entry is not None:
            steps.append(Step(version, "same", (), None))
        before = entry
    return steps


class Total(NamedTuple):
    """Money in one currency: what there is, and what is still sought."""

    currency: str
    committed: Decimal
    sought: Decimal


class Costs(NamedTuple):
    """The money of a measure by source, and together by currency."""

    rows: tuple[Cost, ...]
    totals: tuple[Total, ...]
    without_amount: int


def costs(entry: Entry) -> Costs:
    """What a measure costs by source, and the gap; sources without an amount are counted, not taken as 0."""
    rows = tuple(entry.costs.all())
    found: dict[str, list[Decimal]] = {}
    for one in rows:
        if one.amount is not None:
            sums = found.setdefault(one.currency, [Decimal(0), Decimal(0)])
            sums[0 if one.committed else 1] += one.amount
    totals = tuple(Total(currency, *sums) for currency, sums in sorted(found.items()))
    return Costs(rows, totals, sum(one.amount is None for one in rows))


def institutions(entry: Entry) -> list[Institution]:
    """Who can have a role in a measure, and who has one although it is out of use."""
    there = {one.pk: one for one in participants(entry.version.plan.policy)}
    there |= {role.institution_id: role.institution for role in entry.roles.all()}
    return list(there.values())


def likely(entry: Entry) -> int | None:
    """The institution that would report: who does, else who is named first in the act."""
    roles = list(entry.roles.all())
    first = [role for role in roles if role.kind == Role.Kind.COORDINATOR] or [
        role for role in roles if role.kind == Role.Kind.EXECUTOR
    ]
    return first[0].institution_id if first else None
