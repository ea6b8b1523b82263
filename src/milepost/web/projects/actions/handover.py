"""What goes on with another person when somebody leaves: projects, indicators, tasks, posts.

Risks and agreements name a role or an institution, never a person: they stay as they are. What was typed,
sent or approved keeps its author. What the successor may not see or do stays where it is.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from milepost.web.accounts.queries import forget_grants, may
from milepost.web.accounts.roles import Permission
from milepost.web.projects.actions.conditions import forget_offers, tell
from milepost.web.projects.models import Post, PostMonth, Project, ResultIndicator, Task
from milepost.web.projects.queries.scoping import worked_with
from milepost.web.stakeholders.queries import manages

OVER = ("closed", "dropped")
"""States of a project in which there is nothing to take over."""


@transaction.atomic
def projects(*, from_user: Any, to_user: Any, by: Any) -> int:
    """The projects that a person manages, to a successor who may edit them; how many.

    Needs MANAGE_PEOPLE wherever the person has a role, as all of this page does; one may hand over one's own.
    """
    found = _open(from_user, to_user, by).filter(manager=from_user).select_for_update(of=("self",))
    mine = [one for one in found if may(to_user, Permission.EDIT_PROJECTS, *one.places)]
    _give(Project, mine, manager=to_user)
    return _told(by, to_user, "projects", mine)


@transaction.atomic
def indicators(*, from_user: Any, to_user: Any, by: Any) -> int:
    """The indicators of results for which a person is responsible; how many."""
    mine = ResultIndicator.objects.select_related("result").filter(
        responsible=from_user, result__project__in=_open(from_user, to_user, by).order_by()
    )
    return _handed(by, to_user, "indicators", mine, lambda one: one.result.project_id, responsible=to_user)


@transaction.atomic
def tasks(*, from_user: Any, to_user: Any, by: Any) -> int:
    """The tasks of a person that have not ended; how many."""
    mine = Task.objects.filter(
        responsible=from_user, actual_end=None, project__in=_open(from_user, to_user, by).order_by()
    )
    return _handed(by, to_user, "tasks", mine, lambda one: one.project_id, responsible=to_user)


@transaction.atomic
def posts(*, from_user: Any, to_user: Any, by: Any) -> int:
    """The posts of a person in projects; how many. Months that were spent stay with the person who worked."""
    mine = Post.objects.filter(person=from_user, project__in=_open(from_user, to_user, by).order_by())
    this_month = timezone.localdate().replace(day=1)
    moved = [post for post in mine.select_for_update() if _take_over(post, to_user, this_month)]
    return _told(by, to_user, "posts", _projects_of(post.project_id for post in moved))


def _take_over(post: Post, to_user: Any, this_month: date) -> bool:
    """Give a post, or of one in which somebody has worked the months ahead; False where none are left."""
    if not post.months.exclude(spent=None).exists():
        _give(Post, [post], person=to_user)
        return True
    ahead = post.months.filter(spent=None, month__gte=this_month)
    if not ahead.exists():
        return False
    new = Post.objects.create(project_id=post.project_id, role=post.role, person=to_user)
    PostMonth.objects.filter(pk__in=list(ahead.values_list("pk", flat=True))).update(post=new)
    _give(Post, [post])
    return True


def _open(from_user: Any, to_user: Any, by: Any) -> Any:
    """The projects that are not over and that the successor works with; PermissionDenied for who may not."""
    if by.pk != from_user.pk and not manages(by, from_user):
        raise PermissionDenied(Permission.MANAGE_PEOPLE)
    forget_grants(to_user)  # they may have been given a moment ago
    return worked_with(to_user).exclude(state__in=OVER)


def _give(model: Any, rows: Iterable[Any], **fields: Any) -> None:
    """Another person, and another revision: who has the row open in a form is told so."""
    model.objects.filter(pk__in=[row.pk for row in rows]).update(**fields, revision=F("revision") + 1)


def _handed(
    by: Any, to_user: Any, what: str, rows: Any, project_of: Callable[[Any], int], **fields: Any
) -> int:
    mine = list(rows.select_for_update(of=("self",)))
    _give(rows.model, mine, **fields)
    return _told(by, to_user, what, _projects_of(project_of(row) for row in mine))


def _projects_of(keys: Iterable[int]) -> list[Project]:
    """The project of each key, as often as it comes."""
    found = list(keys)
    known = Project.objects.select_related("institution__country").in_bulk(set(found))
    return [known[key] for key in found]


def _told(by: Any, to_user: Any, what: str, of: list[Project]) -> int:
    """One event for each project; how many things were moved."""
    forget_offers()
    counts = Counter(one.pk for one in of)
    for project in {one.pk: one for one in of}.values():
        details = {"what": what, "count": counts[project.pk], "to": to_user.address}
        tell(by, "project.handed-over", project, details=details)
    return len(of)
