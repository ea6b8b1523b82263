"""The lists of policies and plans, with what a list shows of them."""

from typing import Any, NamedTuple

from django.db.models import Count, QuerySet
from django.utils import timezone

from milepost.web.plans.models import Plan, PlanVersion, Policy
from milepost.web.plans.queries import scoping
from milepost.web.plans.queries.scoping import plans, visible_to


class Stage(NamedTuple):
    """A plan with the version that a reader is shown, and how many measures that has."""

    plan: Plan
    version: PlanVersion | None
    measures: int


class Listed(NamedTuple):
    """A policy with its plans."""

    policy: Policy
    stages: list[Stage]


def listed(user: Any) -> list[Listed]:
    """The policies that a reader may see, the newest first."""
    return [Listed(one, plans_of(user, one)) for one in visible_to(user)]


def plans_of(user: Any, policy: Policy) -> list[Stage]:
    """The plans under a policy that a reader may see, in the order of their time."""
    found: QuerySet[Plan] = plans(user).filter(policy=policy)
    return [_stage(user, one) for one in found]


def _stage(user: Any, plan: Plan) -> Stage:
    version = scoping.shown_version(user, plan, number=None, today=timezone.localdate())
    count = version.entries.aggregate(count=Count("pk"))["count"] if version else 0
    return Stage(plan, version, count)
