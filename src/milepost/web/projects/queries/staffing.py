"""People's months: of a project, and of everybody across all projects that the reader works with."""

from collections import defaultdict
from collections.abc import Hashable, Iterable
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, Sum
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from milepost.progress import workplan
from milepost.values import Origin, Problem
from milepost.web.accounts.models import User
from milepost.web.accounts.queries import scopes
from milepost.web.projects.models import Post, PostMonth, Project
from milepost.web.projects.queries.scoping import READERS, worked_with
from milepost.web.projects.queries.workplan import said
from milepost.web.ui.templatetags.ui import figure, plain

NOT_COUNTED = ("proposal", "dropped")
"""Projects in these states bind nobody: their months are in no sum but their own."""
OVER = ("completed", "evaluated", "closed", "dropped")
LONGEST = 120
"""Months of a project that its page shows."""
BEFORE, AFTER = 2, 12
"""Months before and after the present one on the page across projects."""


def posts(user: Any) -> QuerySet[Post]:
    """The posts that a reader may see: those of the projects that they work with."""
    return Post.objects.filter(project__in=worked_with(user)).select_related(
        "project__institution__country", "person"
    )


def works_with_any(user: Any) -> bool:
    """Whether a reader has a role that lets them see the people of some project."""
    return any(scopes(user, permission) for permission in READERS)


class Cell(NamedTuple):
    """The months of one row in one month; `over` where it is more than one person has."""

    planned: Decimal | None
    spent: Decimal | None
    over: bool = False


class Row(NamedTuple):
    """A post, a person or a role, month by month, with its sums."""

    name: str
    role: str
    post: Post | None
    project: Project | None
    cells: list[Cell]
    planned: Decimal | None
    spent: Decimal | None


class Staff(NamedTuple):
    """The people of a project: rows by post, the sum of all, and what looks wrong."""

    months: list[date]
    rows: list[Row]
    total: Row
    faults: list[Problem]


def months_of(project: Project, *, today: date) -> list[date]:
    """The months of a project, the earliest first; of one without end, a year from its start or from now."""
    first = project.first_day or project.last_day or today
    last = project.last_day or date(first.year + 1, first.month, 1)
    return workplan.months(first, last)[:LONGEST]


def staff(user: Any, project: Project, *, today: date) -> Staff:
    """The months of each post; overload is judged over all projects that the reader works with."""
    mine = list(project.posts.select_related("person").prefetch_related("months"))
    efforts = {post.pk: list(_efforts(post)) for post in mine}
    used = {one.month for found in efforts.values() for one in found}
    months = sorted({*months_of(project, today=today), *used})
    everywhere = _across(user, project, mine)
    loads = workplan.loads(effort for _project, effort in everywhere)
    rows = []
    for post in mine:
        own = workplan.loads(efforts[post.pk]).get(key_of(post), {})
        over = loads.get(key_of(post), {}) if post.person_id else own
        rows.append(_row(str(post.person or ""), own, months, over=over, role=post.role, post=post))
    all_of_it = workplan.loads(effort._replace(post="") for found in efforts.values() for effort in found)
    total = _row("", all_of_it.get("", {}), months)
    faults = [*_overloads(project, mine, loads), *_outside(project, mine, efforts)]
    if project.state not in OVER and project.last_day is not None and project.last_day >= today:
        faults += _misfits(project, mine, efforts, everywhere, today)
    return Staff(months, rows, total, faults)


def key_of(post: Post) -> Hashable:
    """Whose months they are: a person's, else those of the role in the institution that keeps the project."""
    return post.person_id or (post.project.institution_id, post.role.casefold())


def _efforts(post: Post) -> Iterable[workplan.Effort]:
    for one in post.months.all():
        yield workplan.Effort(key_of(post), one.month, one.planned, one.spent)


def _across(user: Any, project: Project, mine: list[Post]) -> list[tuple[int, workplan.Effort]]:
    """(project, effort) of the people of this project in all projects, and of its roles without a person."""
    people = {post.person_id for post in mine if post.person_id}
    roles = {post.role for post in mine if not post.person_id}
    counted = worked_with(user).exclude(state__in=NOT_COUNTED).exclude(pk=project.pk)
    same_role = Q(post__person=None, post__role__in=roles, post__project__institution=project.institution)
    others = PostMonth.objects.filter(Q(post__person__in=people) | same_role, post__project__in=counted)
    found = [
        (
            one.post.project_id,
            workplan.Effort(key_of(one.post), one.month, one.planned, one.spent),
        )
        for one in others.select_related("post__project")
    ]
    return found + [(project.pk, effort) for post in mine for effort in _efforts(post)]


def _row(
    name: str,
    own: dict[date, workplan.Load],
    months: list[date],
    *,
    over: dict[date, workplan.Load] | None = None,
    role: str = "",
    post: Post | None = None,
    project: Project | None = None,
) -> Row:
    cells = []
    planned = spent = None
    for month in months:
        load = own.get(month, workplan.Load(None, None))
        planned, spent = workplan.plus(planned, load.planned), workplan.plus(spent, load.spent)
        too_much = bool(over) and month in own and over.get(month, load).over
        cells.append(Cell(*load, too_much))
    return Row(name, role, post, project, cells, planned, spent)


# What looks wrong -------------------------------------------------------------------------------------------


def _place(project: Project) -> Origin:
    return Origin(project.project_code or plain(project.title))


def month_named(month: date) -> str:
    """A month in words of the reader's language."""
    return date_format(month, "YEAR_MONTH_FORMAT")


def _overloads(
    project: Project, mine: list[Post], loads: dict[Hashable, dict[date, workplan.Load]]
) -> Iterable[Problem]:
    """More than one person-month, planned or spent, in a month in which this project has a part."""
    here = {(key_of(post), one.month) for post in mine for one in post.months.all()}
    for key, name in _names(mine).items():
        for month, load in sorted(loads.get(key, {}).items()):
            if load.over and (key, month) in here:
                kind = "person-overloaded" if isinstance(key, int) else "role-overloaded"
                most = max(each for each in load if each is not None)
                details = {"who": name, "month": month_named(month), "months": figure(most)}
                yield Problem(kind, _place(project), details)


def _names(mine: Iterable[Post]) -> dict[Hashable, str]:
    return {key_of(post): str(post.person or post.role) for post in mine}


def _outside(
    project: Project, mine: list[Post], efforts: dict[int, list[workplan.Effort]]
) -> Iterable[Problem]:
    if project.first_day is None or project.last_day is None:
        return
    inside = set(workplan.months(project.first_day, project.last_day))
    for post in mine:
        outside = [one.month for one in efforts[post.pk] if one.month not in inside]
        if outside:
            months = ", ".join(month_named(month) for month in outside)
            yield Problem("months-outside", _place(project), {"who": str(post), "months": months})


def _misfits(
    project: Project,
    mine: list[Post],
    efforts: dict[int, list[workplan.Effort]],
    everywhere: list[tuple[int, workplan.Effort]],
    today: date,
) -> Iterable[Problem]:
    assert project.last_day is not None
    elsewhere: dict[Hashable, dict[date, Decimal]] = defaultdict(dict)
    for key, one in everywhere:
        if key != project.pk and one.planned is not None:
            months = elsewhere[one.post]
            months[one.month] = months.get(one.month, Decimal(0)) + one.planned
    of: dict[Hashable, list[workplan.Effort]] = defaultdict(list)
    for post in mine:
        of[key_of(post)] += efforts[post.pk]
    for key, name in _names(mine).items():
        found = workplan.fit(of[key], elsewhere[key], today=today, last_day=project.last_day)
        if not found.fits:
            details = {
                "who": name,
                "months": figure(found.to_do),
                "room": figure(found.room),
                "end": said(project.last_day),
            }
            yield Problem("months-do-not-fit", _place(project), details)


# Across projects --------------------------------------------------------------------------------------------


class Person(NamedTuple):
    """A person, or a role that nobody has yet, with the sum over all projects and a row for each."""

    name: str
    total: Row
    rows: list[Row]


def window(today: date) -> list[date]:
    """The months that the page across projects shows."""
    number = today.year * 12 + today.month - 1
    return [date(one // 12, one % 12 + 1, 1) for one in range(number - BEFORE, number + AFTER + 1)]


def _counted(user: Any, months: list[date]) -> QuerySet[PostMonth]:
    seen = worked_with(user).exclude(state__in=NOT_COUNTED)
    return PostMonth.objects.filter(
        post__project__in=seen, month__gte=months[0], month__lte=months[-1]
    ).order_by()


def people(user: Any, months: list[date], *, over: bool = False) -> QuerySet[User]:
    """The people with months in these; with `over` those who have more than one person-month in one."""
    found = _counted(user, months).exclude(post__person=None)
    if over:
        found = (
            found.values("post__person", "month")
            .annotate(plan=Sum("planned"), work=Sum("spent"))
            .filter(Q(plan__gt=workplan.FULL) | Q(work__gt=workplan.FULL))
        )
    return User.objects.filter(pk__in=found.values("post__person")).order_by("name", "pk")


def across(user: Any, shown: Iterable[User], months: list[date]) -> list[Person]:
    """These people with their months in every project."""
    found = _counted(user, months).filter(post__person__in=list(shown))
    return [_person(str(rows[0].post.person), rows, months) for rows in _by(found, "post__person__name")]


def unfilled(user: Any, months: list[date]) -> list[Person]:
    """The roles that nobody has yet, by the institution that keeps the projects."""
    found = _counted(user, months).filter(post__person=None)
    return [
        _person(f"{rows[0].post.role} · {plain(rows[0].post.project.institution.name)}", rows, months)
        for rows in _by(found, "post__role")
    ]


def _by(found: QuerySet[PostMonth], order: str) -> list[list[PostMonth]]:
    """The months of each person or role."""
    groups: dict[Hashable, list[PostMonth]] = defaultdict(list)
    listed = found.select_related("post__person", "post__project__institution")
    for one in listed.order_by(order, "post__project", "post", "month"):
        groups[key_of(one.post)].append(one)
    return list(groups.values())


def _person(name: str, rows: list[PostMonth], months: list[date]) -> Person:
    by_post: dict[int, list[PostMonth]] = defaultdict(list)
    for one in rows:
        by_post[one.post_id].append(one)
    total = _sum(rows)
    parts = [
        _row("", _sum(found), months, role=found[0].post.role, project=found[0].post.project)
        for found in by_post.values()
    ]
    return Person(name, _row(_("All projects"), total, months, over=total), parts)


def _sum(rows: Iterable[PostMonth]) -> dict[date, workplan.Load]:
    efforts = (workplan.Effort("", one.month, one.planned, one.spent) for one in rows)
    return workplan.loads(efforts).get("", {})


class Role(NamedTuple):
    """A role over all its projects and people."""

    name: str
    people: int
    planned: Decimal | None
    spent: Decimal | None


def roles(user: Any, months: list[date]) -> list[Role]:
    """Person-months by role, planned and spent, of all these months and projects."""
    found: dict[str, tuple[str, set[int], Decimal | None, Decimal | None]] = {}
    rows = (
        _counted(user, months)
        .values("post__role", "post__person")
        .annotate(plan=Sum("planned"), work=Sum("spent"))
        .order_by("post__role")
    )
    for one in rows:
        key = one["post__role"].casefold()
        name, who, planned, spent = found.get(key, (one["post__role"], set(), None, None))
        if one["post__person"]:
            who = who | {one["post__person"]}
        found[key] = (name, who, workplan.plus(planned, one["plan"]), workplan.plus(spent, one["work"]))
    return [Role(name, len(who), planned, spent) for name, who, planned, spent in found.values()]
