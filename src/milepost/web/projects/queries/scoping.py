"""Who may see which project: the one rule that list, page, export, chart, search and trace use."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from milepost.web.accounts.queries import EVERYWHERE, may, scopes
from milepost.web.accounts.roles import Permission
from milepost.web.projects.models import (
    Actual,
    Beneficiary,
    Party,
    Programme,
    Project,
    Result,
    ResultIndicator,
)
from milepost.web.stakeholders.models import Country, Institution
from milepost.web.stakeholders.queries import within

READERS = (
    Permission.READ_PROJECTS,
    Permission.EDIT_PROJECTS,
    Permission.REPORT_RESULTS,
    Permission.APPROVE_RESULTS,
    Permission.DECIDE_PROJECTS,
)
"""Whoever may do one of these where a project is kept may read it."""


def visible_to(user: Any) -> QuerySet[Project]:
    """The projects that a reader may see: public ones, those kept where the reader works with projects, and,
    once they are more than a proposal, those for a country whose projects the reader may read, and those in
    which an institution takes part for which the reader records engagements.
    """
    found = Project.objects.select_related("institution__country")
    return found.filter(Q(public=True) | _inside(user) | _taken_part_in(user))


def worked_with(user: Any) -> QuerySet[Project]:
    """The projects of which a reader sees more than the public: those for which `works_with` is true."""
    return Project.objects.select_related("institution__country").filter(_inside(user))


def _inside(user: Any) -> Q:
    mine = Q(pk__in=[])
    for permission in READERS:
        mine |= within(user, permission, institution="institution_id", country="institution__country__code")
    codes = _countries(user)
    if codes:
        for_them = Beneficiary.objects.filter(project=OuterRef("pk"), area__in=codes)
        mine |= ~Q(state="proposal") & Q(Exists(for_them))
    return mine


def _taken_part_in(user: Any) -> Q:
    if not scopes(user, Permission.RECORD_ENGAGEMENTS):
        return Q(pk__in=[])
    here = within(
        user,
        Permission.RECORD_ENGAGEMENTS,
        institution="institution_id",
        country="institution__country__code",
    )
    partners = Party.objects.filter(here, project=OuterRef("pk"), institution__isnull=False)
    return ~Q(state__in=("proposal", "dropped")) & (here | Q(Exists(partners)))


def taken_part_in(user: Any) -> QuerySet[Project]:
    """The projects of whose engagements a person keeps record: those that an institution for which the person
    does so keeps or is a partner of, once they are more than a proposal.
    """
    return Project.objects.filter(_taken_part_in(user))


def _countries(user: Any) -> list[str]:
    held = scopes(user, Permission.READ_PROJECTS)
    return [scope.split(":")[1] for scope in held if scope.startswith("country:")]


def for_country_of(user: Any) -> QuerySet[Project]:
    """The projects, once they are more than a proposal, for a country whose projects a reader may read."""
    codes = _countries(user)
    if not codes:
        return Project.objects.none()
    for_them = Beneficiary.objects.filter(project=OuterRef("pk"), area__in=codes)
    return Project.objects.exclude(state="proposal").filter(Exists(for_them))


def works_with(user: Any, project: Project) -> bool:
    """Whether a reader sees more of a project than the public: drafts, returned reports, warnings."""
    if any(may(user, permission, *project.places) for permission in READERS):
        return True
    codes = _countries(user)
    return project.state != "proposal" and project.beneficiaries.filter(area__in=codes).exists()


def may_do(user: Any, permission: Permission, project: Project | Programme) -> bool:
    """Whether a person may do this with a project: where it is kept."""
    return may(user, permission, *project.places)


def kept_by(user: Any) -> QuerySet[Institution]:
    """The institutions whose projects a person may enter."""
    held = scopes(user, Permission.EDIT_PROJECTS)
    found = Institution.objects.filter(active=True).select_related("country")
    if EVERYWHERE in held:
        return found
    keys = [int(scope.split(":")[1]) for scope in held if scope.startswith("institution:")]
    codes = [scope.split(":")[1] for scope in held if scope.startswith("country:")]
    return found.filter(Q(pk__in=keys) | Q(country__code__in=codes))


def programmes(user: Any) -> QuerySet[Programme]:
    """The programmes that a reader may see: with a project to be seen, or kept where the reader works."""
    with_one = Exists(visible_to(user).filter(programme=OuterRef("pk")))
    mine = Q(with_one)
    for permission in READERS:
        mine |= within(user, permission, institution="institution_id", country="institution__country__code")
    return Programme.objects.filter(mine).select_related("institution__country")


def results(user: Any) -> QuerySet[Result]:
    """The rows of results matrices that a reader may see: those of the projects."""
    return Result.objects.filter(project__in=visible_to(user)).select_related("project__institution__country")


def indicators(user: Any) -> QuerySet[ResultIndicator]:
    """The indicators of results that a reader may see."""
    return ResultIndicator.objects.filter(result__project__in=visible_to(user)).select_related(
        "result__project__institution__country", "responsible"
    )


def actuals(user: Any) -> QuerySet[Actual]:
    """What was reported: approved figures with the project; the rest for those who work with it."""
    inside = Q()
    mine = Q(pk__in=[])
    for permission in READERS:
        mine |= within(
            user,
            permission,
            institution="indicator__result__project__institution_id",
            country="indicator__result__project__institution__country__code",
        )
    seen = Q(indicator__result__project__in=visible_to(user))
    codes = _countries(user)
    for_them = Beneficiary.objects.filter(project=OuterRef("indicator__result__project"), area__in=codes)
    inside = mine | Q(Exists(for_them)) if codes else mine
    return Actual.objects.filter(seen & (Q(state="approved") | inside)).select_related(
        "indicator__result__project__institution__country", "period"
    )


def country(user: Any, code: str) -> Country | None:
    """A country of this installation by its code."""
    return Country.objects.filter(code=code).first()
