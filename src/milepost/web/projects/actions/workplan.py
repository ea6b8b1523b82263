"""Everything that changes the plan of work of a project: tasks, people's months, expenditure, risks."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from milepost.progress import workplan
from milepost.values import Problem
from milepost.web.accounts.roles import Permission
from milepost.web.projects.actions.conditions import allow, tell
from milepost.web.projects.models import (
    BudgetLine,
    Dependency,
    Expenditure,
    Post,
    PostMonth,
    Project,
    Result,
    Risk,
    Task,
)
from milepost.web.stakeholders.fields import merged
from milepost.web.ui.conditions import fault, need_reason, refuse_if, update

# Tasks ------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_task(
    *, by: Any, project: Project, result: Result | None = None, after: Collection[Task] = (), **fields: Any
) -> Task:
    """A new task of an activity or of the project, that waits until the tasks `after` have ended."""
    allow(by, Permission.EDIT_PROJECTS, project)
    found = _task(fields, project, result, after)
    order = project.tasks.count() + 1
    task = Task.objects.create(project=project, order=order, **found)
    Dependency.objects.bulk_create(Dependency(before=one, after=task) for one in after)
    tell(by, "project.task-added", project, details={"task": str(task)})
    return task


@transaction.atomic
def edit_task(
    *,
    by: Any,
    task: Task,
    revision: int,
    result: Result | None = None,
    after: Collection[Task] = (),
    **fields: Any,
) -> Task:
    """Other words, days, people, place in the list, or other tasks to wait for; circles are refused."""
    project = task.project
    allow(by, Permission.EDIT_PROJECTS, project)
    Project.objects.select_for_update().get(pk=project.pk)
    order = fields.pop("order", None)
    found = _task({**fields, "title": merged(task.title, fields["title"])}, project, result, after)
    refuse_if(list(_circles(task, after)))
    update(task, revision, found if order is None else {**found, "order": order})
    task.needs.exclude(before__in=after).delete()
    there = set(task.needs.values_list("before", flat=True))
    Dependency.objects.bulk_create(Dependency(before=one, after=task) for one in after if one.pk not in there)
    days = {"start": str(task.start), "end": str(task.end)}
    tell(by, "project.task-edited", project, details={"task": str(task), **days})
    return task


@transaction.atomic
def report_task(
    *,
    by: Any,
    task: Task,
    revision: int,
    actual_start: date | None,
    actual_end: date | None,
    percent: int | None,
) -> Task:
    """How far a task is: the days that were, and the part that is done. An end makes it 100 %."""
    allow(by, Permission.REPORT_RESULTS, task)
    today = timezone.localdate()
    problems = [
        fault("day-ahead", field, day=str(day))
        for field, day in (("actual_start", actual_start), ("actual_end", actual_end))
        if day is not None and day > today
    ]
    if actual_end is not None and task.milestone:
        actual_start = actual_end
    if actual_end is not None and actual_start is None:
        problems.append(fault("task-never-began", "actual_start"))
    if actual_start and actual_end and actual_end < actual_start:
        problems.append(
            fault("ends-before-start", "actual_end", start=str(actual_start), end=str(actual_end))
        )
    if percent is not None and percent > 100:
        problems.append(fault("percent-above-all", "percent", percent=percent))
    refuse_if(problems)
    percent = 100 if actual_end is not None else percent
    found = {"actual_start": actual_start, "actual_end": actual_end, "percent": percent}
    update(task, revision, found)
    days = {name: str(day) if day else None for name, day in found.items() if name != "percent"}
    tell(by, "project.task-reported", task.project, details={"task": str(task), "percent": percent, **days})
    return task


@transaction.atomic
def remove_task(*, by: Any, task: Task) -> None:
    """Take a task off the plan; what waited for it waits no more."""
    project, details = task.project, {"task": str(task)}
    allow(by, Permission.EDIT_PROJECTS, project)
    task.delete()
    tell(by, "project.task-removed", project, details=details)


def _task(
    fields: Mapping[str, Any], project: Project, result: Result | None, after: Collection[Task]
) -> dict[str, Any]:
    """The columns of a task; MilepostError with every fault. A milestone starts on the day it ends."""
    if result is not None and (result.project_id != project.pk or result.level != "activity"):
        raise ValueError(f"not an activity of this project: {result}")
    if any(one.project_id != project.pk for one in after):
        raise ValueError("a task waits for tasks of its own project only")
    found = {**fields, "result": result}
    if found.get("milestone"):
        found["start"] = found["end"]
    if found["end"] < found["start"]:
        refuse_if([fault("ends-before-start", "end", start=str(found["start"]), end=str(found["end"]))])
    return found


def _circles(task: Task, after: Collection[Task]) -> Iterable[Problem]:
    names = {one.pk: str(one) for one in task.project.tasks.all()}
    links = Dependency.objects.filter(after__project=task.project_id).exclude(after=task)
    waits: dict[int, list[int]] = {}
    for link in links:
        waits.setdefault(link.after_id, []).append(link.before_id)
    for one in after:
        if path := workplan.way(waits, one.pk, task.pk):
            words = " → ".join(names[key] for key in (*reversed(path), task.pk))
            yield fault("task-after-itself", "after", path=words)


# People -----------------------------------------------------------------------------------------------------

Month = tuple[Decimal | None, Decimal | None]
"""Person-months planned and spent."""


@transaction.atomic
def set_post(
    *,
    by: Any,
    project: Project,
    role: str,
    person: Any = None,
    months: Mapping[date, Month] | None = None,
    post: Post | None = None,
    revision: int = 0,
) -> Post:
    """A role in a project with its person-months by month (the first day of each); months not named stay."""
    allow(by, Permission.EDIT_PROJECTS, project)
    fields = {"role": " ".join(role.split()), "person": person}
    if post is None:
        post = Post.objects.create(project=project, **fields)
    else:
        update(post, revision, fields)
    _months(post, months or {})
    tell(by, "project.post", project, details={"role": post.role, "months": len(months or {})})
    return post


def _months(post: Post, months: Mapping[date, Month]) -> None:
    post.months.filter(month__in=months).delete()
    PostMonth.objects.bulk_create(
        PostMonth(post=post, month=month, planned=planned, spent=spent)
        for month, (planned, spent) in sorted(months.items())
        if planned is not None or spent is not None
    )


@transaction.atomic
def remove_post(*, by: Any, post: Post) -> None:
    """A role that the project has no more; one with months spent stays."""
    project, details = post.project, {"role": post.role}
    allow(by, Permission.EDIT_PROJECTS, project)
    if post.months.exclude(spent=None).exists():
        refuse_if([fault("post-in-use")])
    post.delete()
    tell(by, "project.post-removed", project, details=details)


# Money ------------------------------------------------------------------------------------------------------


@transaction.atomic
def spend(
    *,
    by: Any,
    line: BudgetLine,
    day: date,
    amount: Decimal,
    note: str = "",
    reference: str = "",
    expenditure: Expenditure | None = None,
    revision: int = 0,
) -> Expenditure:
    """Money spent on a budget line, or other words, another day or amount of it; below zero it came back."""
    allow(by, Permission.EDIT_PROJECTS, line.project)
    if expenditure is not None and expenditure.project.pk != line.project.pk:
        raise ValueError("money stays in its project")
    problems = [fault("amount-is-zero", "amount")] if not amount else []
    if day > timezone.localdate():
        problems.append(fault("day-ahead", "day", day=str(day)))
    refuse_if(problems)
    fields = {
        "line": line,
        "day": day,
        "amount": amount,
        "note": note.strip(),
        "reference": reference.strip(),
    }
    if expenditure is None:
        verb, expenditure = "project.spent", Expenditure.objects.create(**fields)
    else:
        verb = "project.spent-corrected"
        update(expenditure, revision, fields)
    details = {"line": str(line), "day": str(day), "amount": str(amount), "reference": reference.strip()}
    tell(by, verb, line.project, details=details)
    return expenditure


@transaction.atomic
def remove_expenditure(*, by: Any, expenditure: Expenditure, reason: str) -> None:
    """An expenditure that was entered by mistake; the audit keeps it, with the reason."""
    project = expenditure.project
    allow(by, Permission.EDIT_PROJECTS, project)
    why = need_reason(reason)
    details = {
        "line": str(expenditure.line),
        "day": str(expenditure.day),
        "amount": str(expenditure.amount),
        "reference": expenditure.reference,
    }
    expenditure.delete()
    tell(by, "project.spent-removed", project, why=why, details=details)


# Risks ------------------------------------------------------------------------------------------------------


@transaction.atomic
def set_risk(
    *,
    by: Any,
    project: Project,
    statement: Mapping[str, str],
    likelihood: int,
    impact: int,
    response: Mapping[str, str] | None = None,
    owner: str = "",
    risk: Risk | None = None,
    revision: int = 0,
) -> Risk:
    """A new risk, or other words, another likelihood or impact of one."""
    allow(by, Permission.EDIT_PROJECTS, project)
    fields: dict[str, Any] = {
        "statement": dict(statement),
        "likelihood": likelihood,
        "impact": impact,
        "response": dict(response or {}),
        "owner": owner.strip(),
    }
    if risk is None:
        risk = Risk.objects.create(project=project, **fields)
    else:
        for name in ("statement", "response"):
            fields[name] = merged(getattr(risk, name), fields[name])
        update(risk, revision, fields)
    details = {"risk": str(risk), "likelihood": likelihood, "impact": impact}
    tell(by, "project.risk", project, details=details)
    return risk


@transaction.atomic
def turn_risk(*, by: Any, risk: Risk, state: str, reason: str, revision: int) -> Risk:
    """Close a risk, or open it again, with the reason."""
    allow(by, Permission.EDIT_PROJECTS, risk)
    why = need_reason(reason)
    if risk.state == state:
        refuse_if([fault("no-such-step", state=risk.state)])
    update(risk, revision, {"state": Risk.State(state), "reason": why})
    tell(by, f"project.risk-{state}", risk.project, why=why, details={"risk": str(risk)})
    return risk
