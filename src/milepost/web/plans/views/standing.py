"""Pages of how a plan stands: lights and rate, indicators, money; for those who work with it."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from milepost.web.plans.queries import dashboard, slipped
from milepost.web.plans.queries import money as moneys
from milepost.web.plans.queries import outcomes as indicators
from milepost.web.plans.queries import standing as standings
from milepost.web.plans.queries.versions import in_force
from milepost.web.plans.views.common import find_inside, page


@login_required
@require_safe
def standing(request: HttpRequest, pk: int) -> HttpResponse:
    """Lights by stated rules, the implementation rate of a year, what is late and why, what was put off."""
    plan = find_inside(request, pk)
    today = timezone.localdate()
    offered = standings.years(plan, today)
    typed = request.GET.get("year", "")
    year = int(typed) if typed in {str(one) for one in offered} else offered[-1]
    found = standings.standing(plan, today)
    context = {
        "standing": found,
        "rules": standings.RULES,
        "lights": standings.LIGHTS,
        "rate": standings.rate(plan, year),
        "years": offered,
        "late": slipped.late(plan, found, today) if found else [],
        "put_off": slipped.put_off(plan, plan.start, today),
        "today": today,
        "part": "standing",
    }
    return page(request, plan, "standing", "standing", **context)


@login_required
@require_safe
def timeline(request: HttpRequest, pk: int) -> HttpResponse:
    """The measures in force over the months of the plan, as a picture and as a table in the same order."""
    plan = find_inside(request, pk)
    today = timezone.localdate()
    found = standings.standing(plan, today)
    lines = found.lines if found else ()
    drawing = dashboard.timeline(plan, lines, today)
    return page(
        request, plan, "timeline", "standing", part="timeline", lines=lines, drawing=drawing, today=today
    )


@login_required
@require_safe
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Which institution answered in which round."""
    plan = find_inside(request, pk)
    found = dashboard.answered(request.user, plan, timezone.localdate())
    return page(request, plan, "answered", "standing", part="answers", answered=found)


@login_required
@require_safe
def outcomes(request: HttpRequest, pk: int) -> HttpResponse:
    """What the indicators have reached against their milestones: outcomes first, apart from outputs."""
    return _of_version(
        request,
        pk,
        "outcomes",
        lambda plan, version, today: {
            "outcomes": indicators.lines(plan, version, today, "outcome"),
            "outputs": indicators.lines(plan, version, today, "output"),
            "margin": int(plan.margin * 100),
        },
    )


@login_required
@require_safe
def money(request: HttpRequest, pk: int) -> HttpResponse:
    """What is planned, there, still sought and spent."""
    return _of_version(
        request, pk, "money", lambda plan, version, today: {"money": moneys.money(plan, version, today)}
    )


def _of_version(request: HttpRequest, pk: int, name: str, ask: Any) -> HttpResponse:
    """A page on the version in force today, or one that says that there is none."""
    plan = find_inside(request, pk)
    today = timezone.localdate()
    version = in_force(plan, today)
    found = ask(plan, version, today) if version is not None else {}
    return page(request, plan, name, "standing", part=name, valid=version, today=today, **found)
