"""Who may see which policy, plan, version and measure: the one rule that every page and download uses."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from milepost.web.accounts.queries import EVERYWHERE, may, scopes
from milepost.web.accounts.roles import Permission
from milepost.web.plans.models import Entry, Measure, Plan, PlanVersion, Policy, Role
from milepost.web.stakeholders.models import Institution
from milepost.web.stakeholders.queries import within

READERS = (Permission.READ_PLANS, Permission.EDIT_PLANS)
"""Whoever may do one of these for the institution in the lead, or its country, may read drafts."""


def visible_to(user: Any) -> QuerySet[Policy]:
    """The policies that a reader may see: public ones, and those that the reader works with."""
    return _policies().filter(Q(public=True) | _inside(user))


def worked_with(user: Any) -> QuerySet[Policy]:
    """The policies of which a reader sees drafts, too: of the institution in the lead or its country, and
    those in whose plans an institution has a role for which the reader reads plans.
    """
    return _policies().filter(_inside(user))


def _policies() -> QuerySet[Policy]:
    return Policy.objects.select_related("country", "institution__country")


def _inside(user: Any) -> Q:
    mine = Q(pk__in=[])
    for permission in READERS:
        mine |= within(user, permission, institution="institution_id", country="country__code")
    if scopes(user, Permission.READ_PLANS):
        here = within(
            user, Permission.READ_PLANS, institution="institution_id", country="institution__country__code"
        )
        mine |= Q(Exists(Role.objects.filter(here, entry__version__plan__policy=OuterRef("pk"))))
    return mine


def plans(user: Any) -> QuerySet[Plan]:
    """The plans that a reader may see: those of which the reader may see a version, or works with."""
    in_force = PlanVersion.objects.filter(plan=OuterRef("pk"), state=PlanVersion.State.IN_FORCE)
    shown = Q(policy__public=True) & Q(Exists(in_force))
    return Plan.objects.select_related("policy__country", "policy__institution__country").filter(
        shown | Q(policy__in=worked_with(user).values("pk"))
    )


def versions(user: Any) -> QuerySet[PlanVersion]:
    """The versions that a reader may see: those in force, or that were, of public policies; drafts only for
    those who work with the policy.
    """
    shown = Q(state=PlanVersion.State.IN_FORCE, plan__policy__public=True)
    return PlanVersion.objects.select_related(
        "plan__policy__country", "plan__policy__institution__country"
    ).filter(shown | Q(plan__policy__in=worked_with(user).values("pk")))


def worked_versions(user: Any) -> QuerySet[PlanVersion]:
    """The versions of whose policies a reader sees more than the public: their files are for these."""
    return versions(user).filter(plan__policy__in=worked_with(user).values("pk"))


def measures(user: Any) -> QuerySet[Measure]:
    """The measures that a reader may see: with an entry in a version that the reader may see."""
    seen = Entry.objects.filter(measure=OuterRef("pk"), version__in=versions(user).values("pk"))
    return Measure.objects.select_related(
        "plan__policy__country", "plan__policy__institution__country"
    ).filter(Exists(seen))


def works_with(user: Any, policy: Policy) -> bool:
    """Whether a reader sees more of a policy than the public: drafts, faults, who does what next."""
    return worked_with(user).filter(pk=policy.pk).exists()


def may_edit(user: Any, thing: Any) -> bool:
    """Whether a person may edit this policy, plan or measure."""
    return may(user, Permission.EDIT_PLANS, *thing.places)


def leads(user: Any) -> QuerySet[Institution]:
    """The institutions of a country whose policies a person may enter."""
    held = scopes(user, Permission.EDIT_PLANS)
    found = Institution.objects.filter(active=True, country__isnull=False).select_related("country")
    if EVERYWHERE in held:
        return found
    return found.filter(within(user, Permission.EDIT_PLANS, institution="pk", country="country__code"))


def participants(policy: Policy) -> QuerySet[Institution]:
    """The institutions that can have a role: active ones of the country, and international ones."""
    found = Institution.objects.filter(Q(country=policy.country) | Q(country=None), active=True)
    return found.select_related("country").order_by("country__code", "code")


def shown_version(user: Any, plan: Plan, *, number: int | None, today: date) -> PlanVersion | None:
    """The version asked for; else the one in force today, else the last in force, else the draft."""
    seen = versions(user).filter(plan=plan)
    if number is not None:
        return seen.filter(number=number).first()
    in_force = seen.filter(state=PlanVersion.State.IN_FORCE)
    return in_force.filter(since__lte=today).last() or in_force.first() or seen.first()


def coordinating(plan: Plan) -> QuerySet[Institution]:
    """The institutions that report on a measure of a plan, in any version, in use or not."""
    roles = Role.objects.filter(entry__version__plan=plan, kind=Role.Kind.COORDINATOR)
    return Institution.objects.filter(pk__in=roles.values("institution")).select_related("country")
