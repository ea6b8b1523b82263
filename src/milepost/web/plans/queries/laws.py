"""The laws that a policy wants amended: who may see them, and what to look at."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet

from milepost.values import Origin, Problem
from milepost.web.plans.models import Entry, Law, Measure, Policy
from milepost.web.plans.queries.scoping import participants, versions, visible_to
from milepost.web.stakeholders.models import Institution
from milepost.web.ui.templatetags.ui import plain

OVER = (Law.State.ADOPTED, Law.State.DROPPED)
"""States in which nothing is to be done any more."""


class Row(NamedTuple):
    """An act with what the last version says of the measure by which it is amended, if the reader may see
    one; and hints."""

    law: Law
    entry: Entry | None
    hints: tuple[Problem, ...]


def laws(user: Any) -> QuerySet[Law]:
    """The acts that a reader may see: those of the policies that the reader may see."""
    seen = visible_to(user).order_by().values("pk")
    return Law.objects.select_related(
        "policy__country", "policy__institution__country", "institution__country", "measure__plan__policy"
    ).filter(policy__in=seen)


def rows(user: Any, policy: Policy, today: date) -> list[Row]:
    """The acts of a policy by the day until which they are wanted; those without a day last."""
    found = sorted(laws(user).filter(policy=policy), key=lambda one: (one.until or date.max, one.pk))
    return _told(user, found, today)


def row(user: Any, law: Law, today: date) -> Row:
    """One act with its measure and its hints."""
    return _told(user, [law], today)[0]


def of_measure(user: Any, measure: Measure) -> list[Law]:
    """The acts that are amended by a measure."""
    return list(laws(user).filter(measure=measure))


def _told(user: Any, found: Iterable[Law], today: date) -> list[Row]:
    listed = list(found)
    said = entries(user, {one.measure_id for one in listed if one.measure_id is not None})
    return [
        Row(one, entry, tuple(_hints(one, entry, today)))
        for one, entry in ((one, said.get(one.measure_id or 0)) for one in listed)
    ]


def entries(user: Any, keys: Iterable[int]) -> Mapping[int, Entry]:
    """{key of a measure: what the last version says of it that the reader may see}."""
    found = (
        Entry.objects.filter(measure__in=list(keys), version__in=versions(user).order_by().values("pk"))
        .select_related("measure", "version")
        .prefetch_related("roles")
        .order_by("version__number")
    )
    return {one.measure_id: one for one in found}


def _hints(law: Law, entry: Entry | None, today: date) -> Iterable[Problem]:
    """What somebody should look at; nothing of it keeps anybody from going on."""
    if law.state in OVER:
        return
    place = Origin(plain(law.text))
    if law.until is None:
        yield Problem("law-without-day", place)
    elif law.until < today:
        yield Problem("law-overdue", place, {"day": law.until.isoformat()})
    if law.institution is None:
        yield Problem("law-without-institution", place)
    if law.measure_id is None:
        yield Problem("law-without-measure", place)
    if entry is None:
        return
    if law.until is not None and entry.last_day is not None and entry.last_day > law.until:
        days = {"measure": entry.code, "day": entry.last_day.isoformat(), "until": law.until.isoformat()}
        yield Problem("law-before-measure", place, days)
    roles = {role.institution_id for role in entry.roles.all()}
    if law.institution is not None and law.institution_id not in roles:
        yield Problem(
            "law-institution-apart", place, {"name": plain(law.institution.text), "measure": entry.code}
        )


# What can be chosen -----------------------------------------------------------------------------------------


def institutions(policy: Policy, law: Law | None = None) -> list[Institution]:
    """Who can be responsible: institutions of the country, and the one that is, even if it is closed."""
    there = {one.pk: one for one in participants(policy)}
    if law is not None and law.institution is not None:
        there[law.institution.pk] = law.institution
    return list(there.values())


def measures(user: Any, policy: Policy) -> list[tuple[str, str]]:
    """(key, words) of the measures of a policy's plans, as their last versions say."""
    found = (
        Entry.objects.filter(version__plan__policy=policy, version__in=versions(user).order_by().values("pk"))
        .select_related("version__plan")
        .order_by("version__plan__start", "version__number", "position")
    )
    last = {one.measure_id: one for one in found}
    return [
        (str(key), f"{plain(one.version.plan.text)}: {one.code} {plain(one.text)}")
        for key, one in last.items()
    ]
