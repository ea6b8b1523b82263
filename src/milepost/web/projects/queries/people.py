"""Who can be chosen: institutions, managers, and another project by its code."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from milepost.web.accounts.models import User
from milepost.web.accounts.roles import ROLES, Permission
from milepost.web.projects.models import Continuity, Project
from milepost.web.stakeholders.models import Institution
from milepost.web.stakeholders.queries import institutions as readable


def keepers(seen: QuerySet[Project]) -> QuerySet[Institution]:
    """The institutions that keep one of these projects."""
    return Institution.objects.filter(pk__in=seen.order_by().values("institution")).order_by("pk")


def institutions(user: Any) -> QuerySet[Institution]:
    """The institutions that can take part in a project."""
    return readable(user).filter(active=True)


def managers(institutions: Iterable[Institution]) -> QuerySet[User]:
    """The people who may edit projects of these institutions, by a role there, in their country, anywhere."""
    roles = [role.code for role in ROLES.values() if Permission.EDIT_PROJECTS in role.permissions]
    scopes = {"", *(place for one in institutions for place in one.places)}
    held = Q(grants__role__in=roles, grants__scope__in=scopes, grants__ended_at=None)
    return User.objects.filter(held, is_active=True).distinct().order_by("name")


def by_code(seen: QuerySet[Project], typed: str) -> Project | None:
    """The one project with this code, Prima ID, IATI identifier or number; None for none or several."""
    code = typed.strip()
    wanted = Q(project_code__iexact=code) | Q(prima_code__iexact=code) | Q(iati_identifier__iexact=code)
    if code.isdecimal() and len(code) < 10:
        wanted |= Q(pk=int(code))
    found = list(seen.filter(wanted)[:2])
    return found[0] if len(found) == 1 else None


def link_of(project: Project, pk: int) -> Continuity | None:
    """A link between this project and another one."""
    mine = Q(first=project) | Q(second=project)
    return Continuity.objects.select_related("first", "second").filter(mine, pk=pk).first()
