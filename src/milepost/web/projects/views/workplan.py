"""The plan of work of a project: workplan, people, money, risks; and people across projects."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.web.projects.actions import workplan as actions
from milepost.web.projects.forms import workplan as forms
from milepost.web.projects.queries import gantt, scoping, spending, staffing
from milepost.web.projects.queries import workplan as plans
from milepost.web.projects.views.common import P, find, find_to, page
from milepost.web.ui.acting import FORM, done, said_aloud

ON_A_PAGE = 50


def _inside(request: HttpRequest, pk: int) -> Any:
    """A project that the reader works with, else 404: plans, people and money are not for the public."""
    project = find(request, pk)
    if not scoping.works_with(request.user, project):
        raise Http404
    return project


def _of(request: HttpRequest, seen: Callable[[Any], Any], pk: int, permission: P = P.EDIT_PROJECTS) -> Any:
    """A thing of a project with which the reader may do this: 404 where hidden, 403 where not allowed."""
    found = get_object_or_404(seen(request.user), pk=pk)
    if not scoping.may_do(request.user, permission, found.project):
        raise PermissionDenied(permission)
    return found


def _sent(request: HttpRequest, form: Any) -> bool:
    return request.method == "POST" and form.is_valid()


def _rest_on(form: Any, now: dict[str, Any]) -> list[tuple[str, str]]:
    """What a thing says now where it differs from what was typed; the form then rests on the present."""
    if not getattr(form, "stale", False):
        return []
    form.data = form.data.copy()
    form.data["revision"] = now["revision"]
    return [
        (str(form.fields[name].label), _words(form.fields[name], now[name]))
        for name in form.changed_data
        if name in now
        and name != "revision"
        and form.fields[name].has_changed(
            now[name], form.data.getlist(name) if name == "after" else form[name].value()
        )
    ]


def _words(field: Any, value: Any) -> str:
    if hasattr(field, "choices"):
        names = {str(key): str(name) for key, name in field.choices}
        keys = value if isinstance(value, list) else [value]
        return ", ".join(names.get(str(key), "–") for key in keys) or "–"
    if isinstance(value, dict):
        return " · ".join(f"{language}: {words}" for language, words in value.items()) or "–"
    return "–" if value in (None, "") else str(value)


# Workplan ---------------------------------------------------------------------------------------------------


@login_required
@require_safe
def workplan(request: HttpRequest, pk: int) -> HttpResponse:
    """The workplan: a sentence, what looks wrong, the picture, and the same as a table."""
    project = _inside(request, pk)
    today = timezone.localdate()
    plan = plans.plan(project, today=today)
    drawing = gantt.drawn(plan.groups, first=project.first_day, last=project.last_day, today=today)
    return page(request, project, "workplan", "workplan", plan=plan, drawing=drawing)


def _task_form(request: HttpRequest, project: Any, task: Any = None) -> Any:
    others = project.tasks.exclude(pk=task.pk) if task else project.tasks.all()
    kinds = forms.EditTaskForm if task else forms.TaskForm
    return kinds(
        request.POST or None,
        initial=forms.said_of(task) if task else None,
        activities=plans.activities(project),
        people=plans.people(project),
        others=others,
    )


@login_required
@require_http_methods(FORM)
def task_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a task or a milestone."""
    project = find_to(request, pk, P.EDIT_PROJECTS)
    form = _task_form(request, project)
    if _sent(request, form):
        made = done(form, actions.add_task, by=request.user, project=project, **form.cleaned_data)
        if made:
            messages.success(request, _("The task is planned."))
            return redirect(made)
    return page(request, project, "task_form", "workplan", form=form)


@login_required
@require_http_methods(FORM)
def task_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what is planned of a task."""
    task = _of(request, plans.tasks, pk)
    form = _task_form(request, task.project, task)
    if _sent(request, form) and done(
        form, actions.edit_task, by=request.user, task=task, **form.cleaned_data
    ):
        messages.success(request, _("Saved."))
        return redirect(task)
    stale = _rest_on(form, forms.said_of(_of(request, plans.tasks, pk)))
    return page(request, task.project, "task_form", "workplan", form=form, edited=task, stale=stale)


@login_required
@require_http_methods(FORM)
def task_report(request: HttpRequest, pk: int) -> HttpResponse:
    """Say how far a task is."""
    task = _of(request, plans.tasks, pk, P.REPORT_RESULTS)
    names = ("actual_start", "actual_end", "percent", "revision")
    form = forms.TaskReportForm(request.POST or None, initial={name: getattr(task, name) for name in names})
    if _sent(request, form) and done(
        form, actions.report_task, by=request.user, task=task, **form.cleaned_data
    ):
        messages.success(request, _("Saved."))
        return redirect(task)
    now = _of(request, plans.tasks, pk, P.REPORT_RESULTS)
    stale = _rest_on(form, {name: getattr(now, name) for name in names})
    return page(request, task.project, "task_report", "workplan", form=form, task=task, stale=stale)


@login_required
@require_POST
def task_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a task off the plan."""
    task = _of(request, plans.tasks, pk)
    if said_aloud(request, actions.remove_task, by=request.user, task=task):
        messages.success(request, _("Removed."))
    return redirect("workplan", task.project_id)


# People -----------------------------------------------------------------------------------------------------


@login_required
@require_safe
def staff(request: HttpRequest, pk: int) -> HttpResponse:
    """The person-months of a project by role and month, with overload over all projects."""
    project = _inside(request, pk)
    found = staffing.staff(request.user, project, today=timezone.localdate())
    return page(request, project, "staff", "staff", staff=found)


def _post_form(request: HttpRequest, project: Any, post: Any = None) -> Any:
    months = set(staffing.months_of(project, today=timezone.localdate()))
    if post:
        months |= {one.month for one in post.months.all()}
    kinds = forms.EditPostForm if post else forms.PostForm
    return kinds(
        request.POST or None,
        initial=forms.said_of_post(post) if post else None,
        people=plans.people(project),
        months=sorted(months),
    )


@login_required
@require_http_methods(FORM)
def post_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a role with its person-months."""
    project = find_to(request, pk, P.EDIT_PROJECTS)
    form = _post_form(request, project)
    if _sent(request, form) and done(form, actions.set_post, by=request.user, project=project, **form.values):
        messages.success(request, _("Saved."))
        return redirect("staff", pk)
    return page(request, project, "post_form", "staff", form=form)


@login_required
@require_http_methods(FORM)
def post_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a role, its person, or its person-months."""
    post = _of(request, staffing.posts, pk)
    project = post.project
    form = _post_form(request, project, post)
    if _sent(request, form) and done(
        form, actions.set_post, by=request.user, project=project, post=post, **form.values
    ):
        messages.success(request, _("Saved."))
        return redirect("staff", project.pk)
    stale = _rest_on(form, forms.said_of_post(_of(request, staffing.posts, pk)))
    return page(request, project, "post_form", "staff", form=form, edited=post, stale=stale)


@login_required
@require_POST
def post_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a role off a project."""
    post = _of(request, staffing.posts, pk)
    if said_aloud(request, actions.remove_post, by=request.user, post=post):
        messages.success(request, _("Removed."))
    return redirect("staff", post.project_id)


@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody with months in the projects that the reader works with, over all of them."""
    if not staffing.works_with_any(request.user):
        raise PermissionDenied(P.READ_PROJECTS)
    months = staffing.window(timezone.localdate())
    over = request.GET.get("over") == "1"
    shown = Paginator(staffing.people(request.user, months, over=over), ON_A_PAGE)
    page_obj = shown.get_page(request.GET.get("page"))
    context = {
        "months": months,
        "over": over,
        "page_obj": page_obj,
        "query": "over=1" if over else "",
        "people": staffing.across(request.user, page_obj.object_list, months),
        "unfilled": [] if over else staffing.unfilled(request.user, months),
        "roles": [] if over else staffing.roles(request.user, months),
    }
    return render(request, "projects/people.html", context)


# Money ------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM)
def money(request: HttpRequest, pk: int) -> HttpResponse:
    """What is spent against budget and time; and a form for those who keep the project."""
    project = _inside(request, pk)
    if request.method == "POST":
        find_to(request, pk, P.EDIT_PROJECTS)
    form = forms.ExpenditureForm(request.POST or None, lines=project.budget_lines.all())
    if _sent(request, form) and done(form, actions.spend, by=request.user, **form.cleaned_data):
        messages.success(request, _("Saved."))
        return redirect("money", pk)
    spent = spending.expenditures(request.user).filter(line__project=project)
    shown = Paginator(spent, ON_A_PAGE).get_page(request.GET.get("page"))
    found = spending.money(project, today=timezone.localdate())
    return page(request, project, "money", "money", money=found, page_obj=shown, form=form, query="")


@login_required
@require_http_methods(FORM)
def expenditure_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an expenditure."""
    found = _of(request, spending.expenditures, pk)
    project = found.project
    form = forms.EditExpenditureForm(
        request.POST or None, initial=forms.said_of_expenditure(found), lines=project.budget_lines.all()
    )
    if _sent(request, form) and done(
        form, actions.spend, by=request.user, expenditure=found, **form.cleaned_data
    ):
        messages.success(request, _("Saved."))
        return redirect("money", project.pk)
    now = _of(request, spending.expenditures, pk)
    stale = _rest_on(form, forms.said_of_expenditure(now))
    return page(request, project, "expenditure_form", "money", form=form, edited=found, stale=stale)


@login_required
@require_POST
def expenditure_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove an expenditure that was entered by mistake."""
    found = _of(request, spending.expenditures, pk)
    reason = request.POST.get("reason", "")
    if said_aloud(request, actions.remove_expenditure, by=request.user, expenditure=found, reason=reason):
        messages.success(request, _("Removed."))
    return redirect("money", found.project.pk)


# Risks ------------------------------------------------------------------------------------------------------


@login_required
@require_safe
def risks(request: HttpRequest, pk: int) -> HttpResponse:
    """The risks of a project, as a list and as a matrix."""
    project = _inside(request, pk)
    return page(request, project, "risks", "risks", risks=spending.risks_of(project))


@login_required
@require_http_methods(FORM)
def risk_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a risk."""
    project = find_to(request, pk, P.EDIT_PROJECTS)
    form = forms.RiskForm(request.POST or None)
    if _sent(request, form) and done(
        form, actions.set_risk, by=request.user, project=project, **form.cleaned_data
    ):
        messages.success(request, _("Saved."))
        return redirect("risks", pk)
    return page(request, project, "risk_form", "risks", form=form)


@login_required
@require_http_methods(FORM)
def risk_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a risk."""
    risk = _of(request, spending.risks, pk)
    project = risk.project
    form = forms.EditRiskForm(request.POST or None, initial=forms.said_of_risk(risk))
    if _sent(request, form) and done(
        form, actions.set_risk, by=request.user, project=project, risk=risk, **form.cleaned_data
    ):
        messages.success(request, _("Saved."))
        return redirect("risks", project.pk)
    stale = _rest_on(form, forms.said_of_risk(_of(request, spending.risks, pk)))
    return page(request, project, "risk_form", "risks", form=form, edited=risk, stale=stale)


TURNS = {"close": "closed", "open": "open"}


@login_required
@require_POST
def risk_turn(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Close a risk, or open it again, with a reason."""
    risk = _of(request, spending.risks, pk)
    if deed not in TURNS:
        raise Http404
    form = forms.RiskStepForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("A reason is needed."))
    elif said_aloud(
        request, actions.turn_risk, by=request.user, risk=risk, state=TURNS[deed], **form.cleaned_data
    ):
        messages.success(request, _("Saved."))
    return redirect("risks", risk.project_id)
