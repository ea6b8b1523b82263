"""Programmes: the list, a programme across its projects, and its words."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from milepost.web.projects.actions import register as actions
from milepost.web.projects.forms import register as forms
from milepost.web.projects.queries import of_programmes, portfolio, scoping, standing, table
from milepost.web.projects.views.common import P
from milepost.web.ui.acting import FORM, done

ON_A_PAGE = 50


@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """The programmes that the reader may see, each with what the reader may see of it."""
    shown = Paginator(of_programmes.listed(request.user), ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": shown,
        "rows": of_programmes.rows(request.user, shown.object_list),
        "may_enter": request.user.is_authenticated and scoping.kept_by(request.user).exists(),
    }
    return render(request, "projects/programmes.html", context)


@require_safe
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    """A programme with the projects of it that the reader may see, across years and agencies."""
    user, today = request.user, timezone.localdate()
    found = get_object_or_404(scoping.programmes(user), pk=pk)
    inside = of_programmes.inside(user, found)
    projects = list(portfolio.listed(inside))
    context = {
        "programme": found,
        "rows": table.rows(projects, standing.rolled_up(projects, today=today)),
        "totals": table.told(portfolio.totals(inside)),
        "timeline": of_programmes.timeline(projects, of_programmes.neighbours(user, projects), today=today),
        "budgets": of_programmes.budgets(projects),
        "results": of_programmes.results(projects, today=today),
        "people": of_programmes.people(user, of_programmes.engaged(user, found, projects)),
        "may_edit": scoping.may_do(user, P.EDIT_PROJECTS, found),
    }
    return render(request, "projects/programme.html", context)


@login_required
@require_http_methods(FORM)
def programme_new(request: HttpRequest) -> HttpResponse:
    """Add a programme."""
    institutions = list(scoping.kept_by(request.user))
    if not institutions:
        raise PermissionDenied(P.EDIT_PROJECTS)
    form = forms.NewProgrammeForm(request.POST or None, institutions=institutions)
    if request.method == "POST" and form.is_valid():
        made = done(form, actions.save_programme, by=request.user, **form.cleaned_data)
        if made:
            messages.success(request, _("The programme is added."))
            return redirect(made)
    return render(request, "projects/programme_form.html", {"form": form})


@login_required
@require_http_methods(FORM)
def programme_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the words of a programme."""
    found = get_object_or_404(scoping.programmes(request.user), pk=pk)
    if not scoping.may_do(request.user, P.EDIT_PROJECTS, found):
        raise PermissionDenied(P.EDIT_PROJECTS)
    initial = {"title": found.title, "description": found.description, "revision": found.revision}
    form = forms.EditProgrammeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = {**form.cleaned_data, "programme": found, "institution": found.institution}
        if done(form, actions.save_programme, by=request.user, **typed):
            messages.success(request, _("Saved."))
            return redirect(found)
    return render(request, "projects/programme_form.html", {"form": form, "edited": found})
