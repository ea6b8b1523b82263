"""The portfolio, a project's record, and everything around it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.web.projects.actions import lifecycle as steps
from milepost.web.projects.actions import register as actions
from milepost.web.projects.forms import register as forms
from milepost.web.projects.queries import (
    engagements,
    lifecycle,
    people,
    portfolio,
    programmes,
    scoping,
    standing,
    table,
    visible_to,
)
from milepost.web.projects.views.common import P, find, find_to, page
from milepost.web.ui.acting import FORM, done, said_aloud

ON_A_PAGE = 25


# The portfolio ----------------------------------------------------------------------------------------------


@require_safe
def projects(request: HttpRequest) -> HttpResponse:
    """The projects that the reader may see: filter, totals, chart, list; the export is of exactly this."""
    form, found = chosen(request)
    totals = portfolio.totals(found)
    pages = portfolio.Pages(portfolio.in_short(found), ON_A_PAGE, totals)
    shown = pages.get_page(request.GET.get("page"))
    projects = list(shown.object_list)
    context = {
        "form": form,
        "page_obj": shown,
        "rows": table.rows(projects, standing.rolled_up(projects, today=timezone.localdate())),
        "totals": table.told(totals),
        "may_enter": form.offered.may_enter,
        "views": portfolio.views_of(request.user),
        "view_form": forms.ViewForm(initial={"query": request.GET.urlencode()}, auto_id="view_%s"),
        "query": _without_page(request),
    }
    return render(request, "projects/projects.html", context)


def chosen(request: HttpRequest) -> tuple[forms.PortfolioForm, Any]:
    """The form with what is asked for, and the projects that are like it: of list, export and map alike."""
    user = request.user
    form = forms.PortfolioForm(
        request.GET or None,
        offered=people.offered(user, request.GET),
        for_the_public=not user.is_authenticated,
    )
    seen = scoping.worked_with(user) if form.asks_inside else visible_to(user)
    return form, portfolio.narrowed(seen, form.wanted)


def _without_page(request: HttpRequest) -> str:
    asked = request.GET.copy()
    asked.pop("page", None)
    return asked.urlencode()


@require_safe
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """Exactly the projects that the page shows with the same choice, all pages of it, as CSV or workbook."""
    if ending not in table.EXPORTS:
        raise Http404
    _form, found = chosen(request)
    kind, write = table.EXPORTS[ending]
    projects = list(portfolio.listed(found))
    standings = standing.rolled_up(projects, today=timezone.localdate())
    inside = set(scoping.worked_with(request.user).values_list("pk", flat=True))
    answer = HttpResponse(write(*table.exported(projects, standings, inside=inside)), content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="projects.{ending}"'
    return answer


@login_required
@require_POST
def view_keep(request: HttpRequest) -> HttpResponse:
    """Keep the present choice under a name."""
    form = forms.ViewForm(request.POST)
    query = request.POST.get("query", "")
    if form.is_valid():
        actions.keep_view(by=request.user, **form.cleaned_data)
        messages.success(request, _("Kept."))
    return redirect(f"{reverse('projects')}?{query}")


@login_required
@require_POST
def view_forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a choice."""
    view = get_object_or_404(portfolio.views_of(request.user), pk=pk)
    actions.forget_view(by=request.user, view=view)
    return redirect("projects")


# One project ------------------------------------------------------------------------------------------------


@require_safe
def project(request: HttpRequest, pk: int) -> HttpResponse:
    """One project: what it is, what it reached, what is due, what it rests on."""
    found = find(request, pk)
    inside = scoping.works_with(request.user, found)
    documents = found.documents.select_related("file")
    context = {
        "facts": table.facts(found, inside=inside),
        "parties": found.parties.select_related("institution"),
        "areas": table.areas(found),
        "tags": table.tags(found),
        "continuity": portfolio.continuity(request.user, found, visible_to(request.user)),
        "documents": documents if inside else documents.filter(public=True),
        "money": table.money(found),
    }
    if inside:
        today = timezone.localdate()
        context |= {
            "steps": lifecycle.steps(request.user, found),
            "due": lifecycle.due(found, today),
            "agreed": engagements.agreed_for(request.user, found, today),
            "warnings": table.warnings(found, today),
            "sources": found.sources.select_related("file", "by"),
            "step_form": forms.StepForm(initial={"revision": found.revision}),
        }
    return page(request, found, "project", "project", **context)


@login_required
@require_http_methods(FORM)
def project_new(request: HttpRequest) -> HttpResponse:
    """Enter a project."""
    institutions = list(scoping.kept_by(request.user))
    if not institutions:
        raise PermissionDenied(P.EDIT_PROJECTS)
    form = forms.NewProjectForm(
        request.POST or None,
        institutions=institutions,
        programmes=programmes(request.user),
        managers=people.managers(institutions),
    )
    if request.method == "POST" and form.is_valid():
        typed = {**form.values(), "institution": form.cleaned_data["institution"]}
        made = done(form, actions.enter, by=request.user, **typed)
        if made:
            messages.success(request, _("The project is entered, as a proposal."))
            return redirect(made)
    return render(request, "projects/project_form.html", {"form": form})


@login_required
@require_http_methods(FORM)
def project_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the record."""
    found = find_to(request, pk, P.EDIT_PROJECTS)
    form = forms.EditProjectForm(
        request.POST or None,
        initial=forms.said(found),
        programmes=programmes(request.user),
        managers=people.managers([found.institution]),
    )
    if request.method == "POST" and form.is_valid():
        revision = form.cleaned_data["revision"]
        if done(form, actions.save, by=request.user, project=found, revision=revision, **form.values()):
            messages.success(request, _("Saved."))
            return redirect(found)
    stale = _differs(form, found.pk, request) if getattr(form, "stale", False) else None
    return page(request, found, "project_form", "edit", form=form, edited=found, stale=stale)


def _differs(form: Any, pk: int, request: HttpRequest) -> list[tuple[str, str]]:
    """What the record says now where it differs from what was typed; the form then rests on the present."""
    now = forms.said(find(request, pk))
    form.data = form.data.copy()
    form.data["revision"] = now["revision"]
    return [
        (str(form.fields[name].label), table.said(now[name]))
        for name in form.changed_data
        if name in now
        and name != "revision"
        and form.fields[name].has_changed(now[name], form.cleaned_data.get(name))
    ]


@login_required
@require_POST
def project_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the next step of a project."""
    found = find(request, pk)
    if not any(scoping.may_do(request.user, each, found) for each in (P.EDIT_PROJECTS, P.DECIDE_PROJECTS)):
        raise PermissionDenied
    form = forms.StepForm(request.POST)
    if form.is_valid() and said_aloud(
        request, steps.step, by=request.user, project=found, **form.cleaned_data
    ):
        messages.success(
            request, _("Done. The project is now: {state}.").format(state=lifecycle.STATES[found.state])
        )
    return redirect("project", pk)


@login_required
@require_POST
def project_show(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a project public, or hide it again."""
    found = find_to(request, pk, P.DECIDE_PROJECTS)
    typed: dict[str, Any] = {"by": request.user, "project": found, "revision": _number(request, "revision")}
    if request.POST.get("public") == "1":
        if said_aloud(request, steps.publish, **typed):
            messages.success(request, _("Everybody can read the project now."))
    elif said_aloud(request, steps.hide, **typed, reason=request.POST.get("reason", "")):
        messages.success(request, _("The project is hidden from the public."))
    return redirect("project", pk)


def _number(request: HttpRequest, name: str) -> int:
    typed = request.POST.get(name, "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


@login_required
@require_http_methods(FORM)
def project_extend(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the end of a running project."""
    found = find_to(request, pk, P.DECIDE_PROJECTS)
    form = forms.ExtensionForm(request.POST or None, initial={"revision": found.revision})
    sent = request.method == "POST" and form.is_valid()
    if sent and done(form, actions.extend, by=request.user, project=found, **form.cleaned_data):
        messages.success(request, _("The project is extended."))
        return redirect(found)
    return page(request, found, "extend", "project", form=form)


# Around a project: partners, money, endorsements, links, documents ------------------------------------------


@login_required
@require_http_methods(FORM)
def around(request: HttpRequest, pk: int) -> HttpResponse:
    """Partners, budget lines, endorsements, links and documents, each with a form of its own."""
    found = find_to(request, pk, P.EDIT_PROJECTS)
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    areas = list(found.beneficiaries.values_list("area", flat=True))
    institutions = people.institutions(request.user)
    made: dict[str, Any] = {
        "party": forms.PartyForm(
            _typed(request, sent, "party"), institutions=institutions, auto_id="party_%s"
        ),
        "line": forms.BudgetLineForm(_typed(request, sent, "line"), auto_id="line_%s"),
        "endorsement": forms.EndorsementForm(
            _typed(request, sent, "endorsement"), areas=areas, auto_id="endorsement_%s"
        ),
        "link": forms.ContinuityForm(_typed(request, sent, "link"), auto_id="link_%s"),
        "document": forms.DocumentForm(
            _typed(request, sent, "document"),
            request.FILES if sent == "document" else None,
            auto_id="document_%s",
        ),
    }
    form = made.get(sent)
    if form is not None and form.is_valid() and _kept(request, found, sent, form):
        messages.success(request, _("Saved."))
        return redirect("project-around", pk)
    return page(
        request,
        found,
        "around",
        "around",
        forms=made,
        parties=found.parties.select_related("institution"),
        lines=found.budget_lines.all(),
        endorsements=table.endorsements(found),
        continuity=portfolio.continuity(request.user, found, visible_to(request.user)),
        documents=found.documents.select_related("file"),
    )


def _typed(request: HttpRequest, sent: str, name: str) -> Any:
    return request.POST if sent == name else None


def _kept(request: HttpRequest, found: Any, sent: str, form: Any) -> Any:
    typed: dict[str, Any] = {"by": request.user, "project": found, **form.cleaned_data}
    if sent == "party":
        return done(form, actions.add_party, **typed)
    if sent == "line":
        return done(form, actions.set_budget_line, **typed)
    if sent == "endorsement":
        return done(form, actions.endorse_for, **typed)
    if sent == "document":
        upload = typed.pop("file")
        return done(form, actions.attach, **typed, upload=upload, name=upload.name)
    other = people.by_code(visible_to(request.user), form.cleaned_data["other"])
    if other is None:
        form.add_error("other", _("No project that you may see has this code."))
        return False
    kind = form.cleaned_data["kind"]
    first, second = (found, other) if kind == "after" else (other, found)
    kind = "beside" if kind == "beside" else "after"
    return done(form, actions.connect, by=request.user, first=first, second=second, kind=kind)


REMOVED = {
    "party": ("parties", actions.remove_party, "party"),
    "line": ("budget_lines", actions.remove_budget_line, "line"),
    "document": ("documents", actions.detach, "document"),
}


@login_required
@require_POST
def around_remove(request: HttpRequest, pk: int, what: str, row: int) -> HttpResponse:
    """Take a partner, a budget line, a link or a document off a project."""
    found = find_to(request, pk, P.EDIT_PROJECTS)
    if what == "link":
        link = people.link_of(found, row)
        if link is None:
            raise Http404
        actions.disconnect(by=request.user, continuity=link)
    elif what in REMOVED:
        rows, deed, name = REMOVED[what]
        typed = {"by": request.user, name: get_object_or_404(getattr(found, rows), pk=row)}
        if not said_aloud(request, deed, **typed):
            return redirect("project-around", pk)
    else:
        raise Http404
    messages.success(request, _("Removed."))
    return redirect("project-around", pk)
