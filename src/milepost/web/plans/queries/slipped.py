"""What slipped: measures that an amendment put off, and measures that are late without one.

`late` answers the question of whoever answers for the whole: what is late, by how much, and why.
"""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from milepost.web.plans.models import Answer, Entry, Plan, PlanVersion
from milepost.web.plans.queries.standing import Line, Standing
from milepost.web.plans.queries.versions import entries


class PutOff(NamedTuple):
    """A measure whose last day an amendment moved later, by so many days."""

    entry: Entry
    before: date
    after: date
    days: int
    version: PlanVersion


class Late(NamedTuple):
    """A measure past its last day, with what was last accepted of what stands in the way."""

    line: Line
    days: int
    obstacles: str
    needed: str
    until: date | None


def put_off(plan: Plan, since: date, until: date) -> list[PutOff]:
    """Measures that versions coming into force from a day to a day put off, in the order of the versions."""
    versions = plan.versions.filter(state=PlanVersion.State.IN_FORCE).order_by("number")
    found: list[PutOff] = []
    before: dict[int, date] = {}
    for version in versions:
        there = list(entries(version))
        if version.since is not None and since <= version.since <= until:
            found += _moved(there, before, version)
        before = {one.measure_id: one.last_day for one in there if one.last_day is not None}
    return found


def _moved(there: Iterable[Entry], before: dict[int, date], version: PlanVersion) -> Iterable[PutOff]:
    for entry in there:
        was, now = before.get(entry.measure_id), entry.last_day
        if was is not None and now is not None and now > was:
            yield PutOff(entry, was, now, (now - was).days, version)


def late(plan: Plan, standing: Standing, today: date) -> list[Late]:
    """The measures past their last day, the latest first, each with what was last accepted as the reason."""
    lines = [line for line in standing.lines if line.light == "late"]
    said = last_accepted(plan, [line.entry.measure_id for line in lines], today)
    found = []
    for line in lines:
        answer = said.get(line.entry.measure_id)
        found.append(
            Late(
                line,
                line.days or 0,
                answer.obstacles if answer else "",
                answer.needed if answer else "",
                answer.round.end if answer else None,
            )
        )
    return sorted(found, key=lambda one: -one.days)


def last_accepted(plan: Plan, measures: Iterable[int], until: date) -> dict[int, Answer]:
    """The last accepted answer of each of these measures in a round that was over by a day."""
    found = Answer.objects.filter(
        round__plan=plan, round__end__lte=until, state=Answer.State.ACCEPTED, measure__in=list(measures)
    )
    return {one.measure_id: one for one in found.select_related("round").order_by("round__end")}
