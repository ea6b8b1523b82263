"""Everything that changes a results matrix: its rows, indicators, periods, baselines and targets."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Q

from milepost import values
from milepost.values import Problem
from milepost.web.accounts.roles import Permission
from milepost.web.projects.actions.conditions import allow, in_project, tell
from milepost.web.projects.cells import key_of, problems_of, worked_out
from milepost.web.projects.models import Goal, Period, Project, Result, ResultIndicator
from milepost.web.stakeholders.fields import merged
from milepost.web.ui.conditions import fault, need_reason, refuse_if, update
from milepost.web.ui.revisions import Stale

LEVELS = ("objective", "outcome", "output", "activity")
_WORDS = ("title", "assumptions", "means_of_verification")


# Rows -------------------------------------------------------------------------------------------------------


@transaction.atomic
def add_result(
    *,
    by: Any,
    project: Project,
    level: str,
    code: str,
    title: Mapping[str, str],
    parent: Result | None = None,
    assumptions: Mapping[str, str] | None = None,
) -> Result:
    """A new row of the matrix, below another one; each level stands below the one before."""
    allow(by, Permission.EDIT_PROJECTS, project)
    in_project(project.pk, parent)
    code = code.strip()
    problems = list(_misplaced(level, parent)) + list(_code_taken(project, code))
    refuse_if(problems)
    result = Result.objects.create(
        project=project,
        parent=parent,
        level=level,
        code=code,
        title=dict(title),
        assumptions=dict(assumptions or {}),
        order=project.results.count() + 1,
    )
    tell(by, "result.added", project, result.address, details={"code": code, "level": level})
    return result


@transaction.atomic
def edit_result(
    *,
    by: Any,
    result: Result,
    revision: int,
    code: str,
    title: Mapping[str, str],
    assumptions: Mapping[str, str],
    order: int | None = None,
) -> Result:
    """Other words, another code or another place among its neighbours."""
    allow(by, Permission.EDIT_PROJECTS, result)
    code = code.strip()
    refuse_if(list(_code_taken(result.project, code, but=result)))
    fields: dict[str, Any] = {
        "code": code,
        "title": merged(result.title, title),
        "assumptions": merged(result.assumptions, assumptions),
    }
    if order is not None:
        fields["order"] = order
    update(result, revision, fields)
    tell(by, "result.edited", result.project, result.address, details={"code": code})
    return result


@transaction.atomic
def remove_result(*, by: Any, result: Result) -> None:
    """Take a row out of the matrix, with its indicators; never one that has rows or reports below it."""
    allow(by, Permission.EDIT_PROJECTS, result)
    used = Q(actuals__isnull=False) | Q(contributions__isnull=False)
    if result.below.exists() or result.indicators.filter(used).exists():
        refuse_if([fault("result-in-use")])
    address, details = result.address, {"code": result.code}
    result.delete()
    tell(by, "result.removed", result.project, address, details=details)


def _misplaced(level: str, parent: Result | None) -> Iterable[Problem]:
    place = LEVELS.index(level)
    if (parent is None and place) or (parent is not None and LEVELS.index(parent.level) != place - 1):
        above = parent.level if parent else "–"
        yield fault("result-misplaced", "parent", level=level, parent=above)


def _code_taken(project: Project, code: str, but: Result | None = None) -> Iterable[Problem]:
    others = project.results.filter(code=code)
    if (others.exclude(pk=but.pk) if but else others).exists():
        yield fault("result-code-taken", "code", code=code)


# Indicators -------------------------------------------------------------------------------------------------


@transaction.atomic
def add_indicator(*, by: Any, result: Result, code: str, **fields: Any) -> ResultIndicator:
    """A new indicator of a result; its rules are explained at values.ResultIndicator."""
    allow(by, Permission.EDIT_PROJECTS, result)
    code = code.strip()
    problems = list(_problems_of_rules(fields))
    if _indicators_of(result).filter(code=code).exists():
        problems.append(fault("result-code-taken", "code", code=code))
    refuse_if(problems)
    made = ResultIndicator.objects.create(
        result=result, code=code, order=result.indicators.count() + 1, **fields
    )
    tell(by, "result-indicator.added", result.project, made.address, details={"code": code})
    return made


@transaction.atomic
def edit_indicator(
    *, by: Any, indicator: ResultIndicator, revision: int, reason: str = "", **fields: Any
) -> ResultIndicator:
    """Other words or rules; once something was reported, another rule, unit or direction needs a reason."""
    allow(by, Permission.EDIT_PROJECTS, indicator)
    for name in _WORDS:
        if name in fields:
            fields[name] = merged(getattr(indicator, name), fields[name])
    problems = list(_problems_of_rules(fields))
    code = fields.get("code", indicator.code)
    if _indicators_of(indicator.result).filter(code=code).exclude(pk=indicator.pk).exists():
        problems.append(fault("result-code-taken", "code", code=code))
    rules = ("unit", "measure", "direction", "over_time", "over_places", "counting")
    changed = [
        name for name in rules if fields.get(name, getattr(indicator, name)) != getattr(indicator, name)
    ]
    if changed and indicator.actuals.exists() and not reason.strip():
        problems.append(fault("reason-missing", "reason"))
    refuse_if(problems)
    update(indicator, revision, fields)
    project = indicator.result.project
    tell(by, "result-indicator.edited", project, indicator.address, why=reason, details={"rules": changed})
    return indicator


@transaction.atomic
def remove_indicator(*, by: Any, indicator: ResultIndicator) -> None:
    """Take an indicator out of the matrix, unless something was reported of it."""
    allow(by, Permission.EDIT_PROJECTS, indicator)
    if indicator.actuals.exists() or indicator.contributions.exists():
        refuse_if([fault("result-in-use")])
    project, address, details = indicator.result.project, indicator.address, {"code": indicator.code}
    indicator.delete()
    tell(by, "result-indicator.removed", project, address, details=details)


def _indicators_of(result: Result) -> Any:
    """All indicators of the project: their codes differ, so that a table can name them."""
    return ResultIndicator.objects.filter(result__project=result.project_id)


def _problems_of_rules(fields: Mapping[str, Any]) -> Iterable[Problem]:
    if fields.get("direction") == "maintain" and fields.get("tolerance") is None:
        yield fault("tolerance-missing", "tolerance")


# Periods ----------------------------------------------------------------------------------------------------


@transaction.atomic
def add_period(*, by: Any, project: Project, start: date, end: date, due: date | None = None) -> Period:
    """A period of reporting; periods do not overlap."""
    allow(by, Permission.EDIT_PROJECTS, project)
    Project.objects.select_for_update().get(pk=project.pk)
    problems = []
    if end < start:
        problems.append(fault("ends-before-start", "end", start=str(start), end=str(end)))
    elif other := project.periods.filter(start__lte=end, end__gte=start).first():
        problems.append(fault("period-overlaps", "start", other=str(other)))
    refuse_if(problems)
    period = Period.objects.create(project=project, start=start, end=end, due=due)
    tell(by, "project.period-added", project, details={"period": str(period)})
    return period


@transaction.atomic
def remove_period(*, by: Any, period: Period) -> None:
    """Take a period back, unless there is a target or a report for it."""
    allow(by, Permission.EDIT_PROJECTS, period.project)
    if period.goals.exists() or period.actuals.exists():
        refuse_if([fault("period-in-use")])
    details = {"period": str(period)}
    period.delete()
    tell(by, "project.period-removed", period.project, details=details)


@transaction.atomic
def lock_period(*, by: Any, period: Period, locked: bool, reason: str, revision: int) -> Period:
    """A locked period takes no more figures and no other targets; to unlock it needs a reason."""
    allow(by, Permission.APPROVE_RESULTS, period.project)
    why = reason.strip() if locked else need_reason(reason)
    update(period, revision, {"locked": locked})
    verb = "project.period-locked" if locked else "project.period-unlocked"
    tell(by, verb, period.project, why=why, details={"period": str(period)})
    return period


def locked_now(period: Period) -> list[Problem]:
    """That a period is locked, if it is; until the transaction ends nobody can lock it any more.

    Periods are held before indicators, and several in the order of their keys, so that nobody waits in turn.
    """
    held = Period.objects.select_for_update(no_key=True).get(pk=period.pk)
    return [fault("period-is-locked", "period", period=str(held))] if held.locked else []


# Baselines and targets --------------------------------------------------------------------------------------


@transaction.atomic
def set_goal(
    *,
    by: Any,
    indicator: ResultIndicator,
    kind: str,
    figure: values.Figure,
    period: Period | None = None,
    reason: str = "",
    seen: int = 0,
) -> Goal | None:
    """A baseline or target of one breakdown and place; a change is a new version, and needs a reason.

    `seen` is the version that the person saw, 0 for none. The same figure again changes nothing (None).
    """
    allow(by, Permission.EDIT_PROJECTS, indicator)
    in_project(indicator.result.project_id, period)
    locked = locked_now(period) if period is not None else []
    ResultIndicator.objects.select_for_update().get(pk=indicator.pk)
    before = Goal.objects.filter(
        indicator=indicator,
        kind=kind,
        period=period,
        key=key_of(figure.breakdown),
        place=figure.place,
        current=True,
    ).first()
    if (before.version if before else 0) != seen:
        raise Stale(before)
    figure = worked_out(figure)
    if before is not None and before.as_value() == figure:
        return None
    problems = [*problems_of(figure, indicator.measure)]
    if before is not None and not reason.strip():
        problems.append(fault("reason-missing", "reason"))
    refuse_if([*problems, *locked])
    if before is not None:
        Goal.objects.filter(pk=before.pk).update(current=False)
    made = Goal.objects.create(
        indicator=indicator,
        kind=kind,
        period=period,
        version=seen + 1,
        reason=reason.strip(),
        by=by,
        **cell_fields(figure),
    )
    details = {"kind": kind, "version": made.version, "period": str(period) if period else ""}
    project = indicator.result.project
    tell(by, "result-indicator.goal", project, indicator.address, why=reason.strip(), details=details)
    return made


# Figures ----------------------------------------------------------------------------------------------------


def cell_fields(figure: values.Figure) -> dict[str, Any]:
    """The columns of a figure."""
    return {
        "breakdown": dict(figure.breakdown),
        "key": key_of(figure.breakdown),
        "place": figure.place,
        "value": figure.value,
        "numerator": figure.numerator,
        "denominator": figure.denominator,
        "status": figure.status,
        "text": figure.text,
    }
