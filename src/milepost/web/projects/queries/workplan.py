"""The workplan of a project: its tasks as they stand, what looks wrong, and what is due."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.html import strip_tags
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext_lazy

from milepost.progress import workplan
from milepost.values import Origin, Problem
from milepost.web.accounts.models import User
from milepost.web.projects.models import Project, Result, Task
from milepost.web.projects.queries import deadlines
from milepost.web.projects.queries.scoping import worked_with
from milepost.web.ui.templatetags.ui import plain, when

AHEAD = timedelta(days=30)
"""How far the page "My work" looks ahead."""
RUNNING = ("approved", "active")

STATES: dict[str, tuple[str, Promise]] = {
    "done": ("●", pgettext_lazy("task", "Done")),
    "late": ("▲", pgettext_lazy("task", "Late")),
    "begun": ("◐", pgettext_lazy("task", "Begun")),
    "ahead": ("○", pgettext_lazy("task", "Not begun")),
}
"""How a task stands: its shape and its word."""


def said(day: date) -> str:
    """A day in words of the reader's language."""
    return strip_tags(when(day))


def tasks(user: Any) -> QuerySet[Task]:
    """The tasks that a reader may see: those of the projects that they work with."""
    return Task.objects.filter(project__in=worked_with(user)).select_related(
        "project__institution__country", "result", "responsible"
    )


class Row(NamedTuple):
    """A task as it stands; `needs` are the tasks that it waits for."""

    task: Task
    state: str
    needs: list[Task]
    expected: workplan.Expected

    @property
    def shape(self) -> str:
        """The shape of its state."""
        return STATES[self.state][0]

    @property
    def word(self) -> Promise:
        """The word of its state."""
        return STATES[self.state][1]

    @property
    def late(self) -> bool:
        """Whether its planned end is over and it is not done."""
        return self.state == "late"


class Group(NamedTuple):
    """The tasks of one activity; None for those of the project as a whole."""

    activity: Result | None
    rows: list[Row]


class Plan(NamedTuple):
    """A whole workplan."""

    groups: list[Group]
    faults: list[Problem]
    sentence: str

    @property
    def rows(self) -> list[Row]:
        """All tasks, in the order of the page."""
        return [row for group in self.groups for row in group.rows]


def plan(project: Project, *, today: date) -> Plan:
    """The workplan with everything that the page says of it, read by a fixed number of queries."""
    found = list(project.tasks.select_related("result", "responsible").prefetch_related("needs"))
    values = [task.as_value() for task in found]
    by_key = {task.pk: task for task in found}
    when = workplan.expected(values, today=today)
    rows = [
        Row(task, _state(task, value, today), [by_key[key] for key in value.after], when[task.pk])
        for task, value in zip(found, values, strict=True)
    ]
    return Plan(_groups(rows), _faults(project, by_key, values, when), _sentence(rows))


def _state(task: Task, value: workplan.Task, today: date) -> str:
    if task.actual_end is not None:
        return "done"
    if workplan.late(value, today):
        return "late"
    return "begun" if task.actual_start is not None or task.percent else "ahead"


def _groups(rows: Iterable[Row]) -> list[Group]:
    groups: dict[int, Group] = {}
    for row in rows:
        activity = row.task.result
        groups.setdefault(activity.pk if activity else 0, Group(activity, [])).rows.append(row)
    of_project = [groups.pop(0)] if 0 in groups else []
    activities: Any = sorted(groups.values(), key=lambda group: (group.activity.order, group.activity.pk))  # type: ignore[union-attr]
    return [*activities, *of_project]


def _sentence(rows: list[Row]) -> str:
    if not rows:
        return _("No task is planned yet.")
    done, late = (sum(row.state == state for row in rows) for state in ("done", "late"))
    said = ngettext(
        "{done} of {all} task is done; late: {late}.",
        "{done} of {all} tasks are done; late: {late}.",
        len(rows),
    )
    return said.format(done=done, all=len(rows), late=late)


def _faults(
    project: Project,
    by_key: dict[int, Task],
    values: list[workplan.Task],
    when: dict[int, workplan.Expected],
) -> list[Problem]:
    place = Origin(project.project_code or plain(project.title))
    found = []
    for key, before in workplan.too_early(values):
        task, other = by_key[key], by_key[before]
        details = {
            "task": plain(task.title),
            "start": said(task.start),
            "before": plain(other.title),
            "end": said(other.end),
        }
        found.append(Problem("task-starts-early", place, details))
    first, last = project.first_day, project.last_day
    for task in by_key.values():
        if (first is not None and task.start < first) or (last is not None and task.end > last):
            days = f"{said(task.start)} – {said(task.end)}"
            found.append(Problem("task-outside", place, {"task": plain(task.title), "days": days}))
    open_ends = [one.end for one in when.values() if one.slack is not None]
    if last is not None and open_ends and max(open_ends) > last:
        details = {"expected": said(max(open_ends)), "end": said(last)}
        found.append(Problem("plan-passes-the-end", place, details))
    return found


def activities(project: Project) -> QuerySet[Result]:
    """The rows of the results matrix that tasks can belong to."""
    return project.results.filter(level="activity")


def people(project: Project) -> list[User]:
    """Who can be responsible for a task or have a post: active people of the institution that keeps it, and
    those who have one already."""
    of_office = Q(memberships__institution=project.institution, memberships__until=None, is_active=True)
    already = Q(pk__in=project.tasks.values("responsible")) | Q(pk__in=project.posts.values("person"))
    here = Q(pk=project.manager.pk) if project.manager else Q(pk__in=[])
    return list(User.objects.filter(of_office | already | here).distinct().order_by("name", "pk"))


# What is due ------------------------------------------------------------------------------------------------


def due(project: Project) -> list[tuple[str, date]]:
    """The tasks of a running project that are not done, with the days by which they are planned to end."""
    return [
        (_("Task: {task}").format(task=plain(task.title)), task.end)
        for task in project.tasks.filter(actual_end=None).order_by("end")
    ]


class Ahead(NamedTuple):
    """Something that a person is to do by a day, in a project."""

    what: str
    where: str
    day: date
    late: bool
    url: str


def ahead(user: Any, today: date) -> list[Ahead]:
    """The tasks and reports of a person that are late or due within 30 days, in the order of the days."""
    until = today + AHEAD
    found = [
        Ahead(
            plain(task.title), plain(task.project.title), task.end, task.end < today, task.get_absolute_url()
        )
        for task in tasks(user).filter(
            responsible=user, actual_end=None, end__lte=until, project__state__in=RUNNING
        )
    ]
    for one in deadlines.due_for(user):
        if one.day <= until:
            url = reverse("reporting", args=[one.period.project_id])
            where = plain(one.period.project.title)
            found.append(Ahead(one.words_for_me, where, one.day, one.late(today), url))
    return sorted(found, key=lambda one: one.day)
