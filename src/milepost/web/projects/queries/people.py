"""Who can be chosen: institutions, managers, and another project by its code."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.core.cache import cache as shared
from django.db.models import Exists, OuterRef, Q, QuerySet

from milepost.web.accounts.models import User
from milepost.web.accounts.queries import scopes
from milepost.web.accounts.roles import ROLES, Permission
from milepost.web.projects.models import Continuity, Project
from milepost.web.projects.queries.scoping import (
    READERS,
    kept_by,
    programmes,
    visible_to,
    worked_with,
)
from milepost.web.stakeholders.models import Institution
from milepost.web.stakeholders.queries import institutions as readable
from milepost.web.ui.memory import cache


def keepers(seen: QuerySet[Project]) -> QuerySet[Institution]:
    """The institutions that keep one of these projects."""
    kept = seen.order_by().filter(institution=OuterRef("pk"))
    return Institution.objects.filter(Exists(kept)).order_by("pk")


SINCE_HIDDEN = "portfolio-since"
"""Where all processes find when something was last hidden: a name that is another one each time."""


class Offered(NamedTuple):
    """What a reader can choose of in the portfolio: (key, name) of each.

    `rights` names whose offer it is, and since when.
    """

    rights: str
    institutions: list[tuple[int, dict[str, str]]]
    programmes: list[tuple[int, dict[str, str]]]
    managers: list[tuple[int, str]]
    may_enter: bool
    """Whether the reader may enter a project somewhere."""

    def has(self, asked: Mapping[str, str]) -> bool:
        """Whether everything that is asked for is among it."""
        known = {"institution": self.institutions, "programme": self.programmes, "manager": self.managers}
        return all(
            asked[name] in {str(key) for key, _name in offers}
            for name, offers in known.items()
            if asked.get(name)
        )


def offered(user: Any, asked: Mapping[str, str]) -> Offered:
    """The institutions that keep, and the programmes that hold, a project that a reader may see; the managers
    of those that a reader works with.

    Kept for a minute for all who have the same rights: what is offered to them, not what they see. What was
    kept before something was hidden (`actions.conditions.forget_offers`) is not offered, by no process. What
    is asked for and not offered is looked for anew.
    """
    held = sorted((one, sorted(scopes(user, one))) for one in (*READERS, Permission.RECORD_ENGAGEMENTS))
    since = shared.get(SINCE_HIDDEN)  # before the offers are read: who hides meanwhile is noticed next time
    rights = hashlib.sha256(repr((held, user.is_authenticated, since)).encode()).hexdigest()
    key = f"portfolio-offers:{rights}"
    found = cache.get(key)
    if found is None or not found.has(asked):
        found = Offered(
            rights,
            list(keepers(visible_to(user)).values_list("pk", "name")),
            list(programmes(user).values_list("pk", "title")),
            list(managing(worked_with(user)).values_list("pk", "name")),
            user.is_authenticated and kept_by(user).exists(),
        )
        cache.set(key, found, 60)
    return found


def institutions(user: Any) -> QuerySet[Institution]:
    """The institutions that can take part in a project."""
    return readable(user).filter(active=True)


def managers(institutions: Iterable[Institution]) -> QuerySet[User]:
    """The people who may edit projects of these institutions, by a role there, in their country, anywhere."""
    roles = [role.code for role in ROLES.values() if Permission.EDIT_PROJECTS in role.permissions]
    scopes = {"", *(place for one in institutions for place in one.places)}
    held = Q(grants__role__in=roles, grants__scope__in=scopes, grants__ended_at=None)
    return User.objects.filter(held, is_active=True).distinct().order_by("name")


def managing(projects: QuerySet[Project]) -> QuerySet[User]:
    """The people who manage one of these projects."""
    theirs = projects.order_by().filter(manager=OuterRef("pk"))
    return User.objects.filter(Exists(theirs)).order_by("name")


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
