"""Trainings, workshops, dialogues: their list, their page, and what is typed of them."""

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

from milepost.web.projects import queries
from milepost.web.projects.actions import engagements as actions
from milepost.web.projects.cells import plain
from milepost.web.projects.forms import engagements as forms
from milepost.web.projects.queries import engagements as found_by
from milepost.web.projects.queries import people, table
from milepost.web.projects.views.common import P, find, find_to, page
from milepost.web.ui.acting import FORM, done, number, said_aloud

ON_A_PAGE = 50


def _show(request: HttpRequest, name: str, project: Any, **context: Any) -> HttpResponse:
    """A page of engagements: with the tabs of the project that they belong to, or without."""
    if project is not None:
        return page(request, project, name, "engagements", **context)
    return render(request, f"projects/{name}.html", {"project": None, **context})


def _find(request: HttpRequest, pk: int) -> Any:
    return get_object_or_404(found_by.visible_to(request.user), pk=pk)


def _find_to_change(request: HttpRequest, pk: int) -> Any:
    found = _find(request, pk)
    if not found_by.may_change(request.user, found):
        raise PermissionDenied(P.RECORD_ENGAGEMENTS)
    return found


def _find_to_accept(request: HttpRequest, pk: int) -> Any:
    found = _find(request, pk)
    if not found_by.may_accept(request.user, found):
        raise PermissionDenied(P.REPORT_RESULTS)
    return found


# Lists ------------------------------------------------------------------------------------------------------


@require_safe
def engagements(request: HttpRequest) -> HttpResponse:
    """The engagements that the reader may see: filter, totals, chart, list; the export is of exactly this."""
    return _list(request, None)


@require_safe
def of_project(request: HttpRequest, pk: int) -> HttpResponse:
    """The engagements of one project, and what was agreed there."""
    return _list(request, find(request, pk))


def _list(request: HttpRequest, project: Any) -> HttpResponse:
    form, found = _chosen(request, project)
    shown = Paginator(found_by.listed(found), ON_A_PAGE).get_page(request.GET.get("page"))
    user = request.user
    asked = request.GET.copy()
    asked.pop("page", None)
    if project is not None:
        asked["about"] = project.address
    context = {
        "form": form,
        "page_obj": shown,
        "rows": found_by.rows(user, shown.object_list),
        "totals": found_by.totals(found),
        "sexes": found_by.SEXES.values(),
        "reach": found_by.reach(user, found),
        "agreed": found_by.agreed(found_by.agreements(user, found), timezone.localdate()),
        "query": asked.urlencode(),
        "may_record": project is not None and found_by.may_record(user, project),
    }
    return _show(request, "engagements", project, **context)


def _chosen(request: HttpRequest, project: Any = None) -> tuple[forms.FilterForm, Any]:
    seen = found_by.visible_to(request.user)
    if project is not None:
        seen = seen.filter(about=project.address)
    about = {} if project is not None else found_by.belongs_to(request.user, seen)
    form = forms.FilterForm(request.GET or None, years=found_by.years(seen), about=about)
    return form, found_by.narrowed(seen, form.wanted)


@require_safe
def export(request: HttpRequest, ending: str) -> HttpResponse:
    """Exactly the engagements that the page shows with the same choice, all pages of it."""
    if ending not in table.EXPORTS:
        raise Http404
    _form, found = _chosen(request)
    kind, write = table.EXPORTS[ending]
    content = write(*found_by.exported(request.user, found_by.listed(found)), _("Engagements"))
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="engagements.{ending}"'
    return answer


# One engagement ---------------------------------------------------------------------------------------------


@require_safe
def engagement(request: HttpRequest, pk: int) -> HttpResponse:
    """One engagement: who came, what was learnt, what was agreed, what it counts towards."""
    found = _find(request, pk)
    user = request.user
    inside = found_by.works_with(user, found)
    may_change = found_by.may_change(user, found)
    may_accept = found_by.may_accept(user, found)
    context = {
        "engagement": found,
        "about": found_by.thing(user, found.about),
        "inside": inside,
        "may_change": may_change,
        "may_accept": may_accept,
        "may_count": may_accept and found.accepted_at is not None,
        "parties": found_by.parties(found),
        "lines": found_by.table(found),
        "people": found_by.people(found.attendance.all()),
        "sexes": found_by.SEXES.values(),
        "learnt": found_by.learnt(found, inside=inside),
        "links": found_by.links(user, found),
    }
    if inside:
        context["agreed"] = found_by.agreed(_agreements(request, found), timezone.localdate())
    if context["may_count"]:
        context["count_form"] = forms.CountForm(indicators=found_by.countable(user, found))
    if may_change:
        context["agreement_form"] = forms.AgreementForm(institutions=people.institutions(user))
    return _show(request, "engagement", found_by.project_of(user, found), **context)


def _agreements(request: HttpRequest, found: Any) -> Any:
    return found_by.agreements(request.user, found_by.visible_to(request.user).filter(pk=found.pk))


@login_required
@require_http_methods(FORM)
def engagement_new(request: HttpRequest) -> HttpResponse:
    """Record an engagement of the thing that `about` names."""
    about = found_by.thing(request.user, request.GET.get("about", ""))
    if about is None:
        raise Http404
    if not found_by.may_record(request.user, about):
        raise PermissionDenied(P.RECORD_ENGAGEMENTS)
    form = forms.EngagementForm(request.POST or None, institutions=people.institutions(request.user))
    if request.method == "POST" and form.is_valid():
        made = done(form, actions.record, by=request.user, about=about, **form.values())
        if made:
            messages.success(request, _recorded(made))
            return redirect(made)
    project = queries.visible_to(request.user).filter(pk=_key(about, "project")).first()
    return _show(request, "engagement_form", project, form=form, about=about)


def _recorded(made: Any) -> str:
    if made.accepted_at is not None:
        return _("The engagement is recorded.")
    return _(
        "The engagement is recorded. Who reports on the project accepts it; until then you can change it."
    )


@login_required
@require_POST
def engagement_accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept an engagement that a partner recorded."""
    found = _find_to_accept(request, pk)
    form = forms.RevisionForm(request.POST)
    if form.is_valid() and said_aloud(
        request, actions.accept, by=request.user, engagement=found, **form.cleaned_data
    ):
        messages.success(request, _("The engagement is accepted."))
    return redirect(found)


def _key(about: Any, kind: str) -> Any:
    known, _colon, key = about.address.partition(":")
    return key if known == kind else None


@login_required
@require_http_methods(FORM)
def engagement_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct an engagement."""
    found = _find_to_change(request, pk)
    form = forms.EditEngagementForm(
        request.POST or None, initial=forms.said(found), institutions=people.institutions(request.user)
    )
    if request.method == "POST" and form.is_valid():
        typed = form.values()
        if done(form, actions.edit, by=request.user, engagement=found, **typed):
            messages.success(request, _("Saved."))
            return redirect(found)
    project = found_by.project_of(request.user, found)
    return _show(request, "engagement_form", project, form=form, edited=found)


@login_required
@require_POST
def engagement_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an engagement back."""
    found = _find_to_change(request, pk)
    project = found_by.project_of(request.user, found)
    revision = number(request, "revision")
    if not said_aloud(request, actions.remove, by=request.user, engagement=found, revision=revision):
        return redirect(found)
    messages.success(request, _("Removed."))
    return redirect("project-engagements", project.pk) if project else redirect("engagements")


@login_required
@require_http_methods(FORM)
def knowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """Type, paste or bring in scores before and after, under the codes of the participants."""
    found = _find_to_change(request, pk)
    initial = {
        "maximum": plain(found.maximum_score),
        "grid": forms.grid(found.scores.all()),
        "revision": found.revision,
    }
    form = forms.KnowledgeForm(request.POST or None, request.FILES or None, initial=initial)
    if request.method == "POST" and form.is_valid() and _keep_scores(request, found, form):
        messages.success(request, _("Saved."))
        return redirect(found)
    project = found_by.project_of(request.user, found)
    return _show(request, "engagement_knowledge", project, form=form, engagement=found)


def _keep_scores(request: HttpRequest, found: Any, form: forms.KnowledgeForm) -> Any:
    typed = form.cleaned_data

    def keep() -> Any:
        return actions.write_scores(
            by=request.user,
            engagement=found,
            revision=typed["revision"],
            maximum=typed["maximum"],
            scores=form.scores(),
        )

    return done(form, keep)


# What was agreed, what it counts towards --------------------------------------------------------------------


@login_required
@require_http_methods(FORM)
def agreement_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down what was agreed."""
    found = _find_to_change(request, pk)
    form = forms.AgreementForm(request.POST or None, institutions=people.institutions(request.user))
    sent = request.method == "POST" and form.is_valid()
    if sent and done(form, actions.agree, by=request.user, engagement=found, **form.cleaned_data):
        messages.success(request, _("Saved."))
        return redirect(found)
    project = found_by.project_of(request.user, found)
    return _show(request, "engagement_agreement", project, form=form, engagement=found)


@login_required
@require_http_methods(FORM)
def agreement_edit(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Change what was agreed."""
    found = _find_to_change(request, pk)
    one = get_object_or_404(_agreements(request, found), pk=row)
    initial = {
        "what": one.what,
        "institution": one.institution_id,
        "name": one.name,
        "due": one.due,
        "revision": one.revision,
    }
    form = forms.EditAgreementForm(
        request.POST or None, initial=initial, institutions=people.institutions(request.user)
    )
    sent = request.method == "POST" and form.is_valid()
    if sent and done(form, actions.edit_agreement, by=request.user, agreement=one, **form.cleaned_data):
        messages.success(request, _("Saved."))
        return redirect(one)
    project = found_by.project_of(request.user, found)
    return _show(request, "engagement_agreement", project, form=form, engagement=found, edited=one)


@login_required
@require_POST
def agreement_settle(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Say that it was done, drop it with the reason, or open it again."""
    found = _find_to_change(request, pk)
    one = get_object_or_404(_agreements(request, found), pk=row)
    form = forms.SettleForm(request.POST)
    if form.is_valid() and said_aloud(
        request, actions.settle, by=request.user, agreement=one, **form.cleaned_data
    ):
        messages.success(request, _("Done."))
    return redirect(one)


@login_required
@require_POST
def count_for(request: HttpRequest, pk: int) -> HttpResponse:
    """Let an engagement count towards an indicator."""
    found = _find_to_accept(request, pk)
    form = forms.CountForm(request.POST, indicators=found_by.countable(request.user, found))
    if not form.is_valid():
        messages.error(request, _("Choose an indicator of the list."))
    elif said_aloud(request, actions.count_for, by=request.user, engagement=found, **form.cleaned_data):
        messages.success(request, _("It counts towards the indicator."))
    return redirect(found)


@login_required
@require_POST
def count_no_more(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Let an engagement no longer count towards an indicator."""
    found = _find_to_accept(request, pk)
    link = found_by.link_of(found, row)
    if link is None:
        raise Http404
    if said_aloud(request, actions.count_no_more, by=request.user, link=link):
        messages.success(request, _("Removed."))
    return redirect(found)


@login_required
@require_POST
def take(request: HttpRequest, pk: int, period: int, indicator: int) -> HttpResponse:
    """Fill a report with what the engagements of the period come to; it stays a draft to be looked at."""
    project = find_to(request, pk, P.REPORT_RESULTS)
    of = get_object_or_404(project.periods, pk=period)
    one = get_object_or_404(queries.indicators(request.user).filter(result__project=project), pk=indicator)
    form = forms.RevisionForm(request.POST)
    if form.is_valid() and said_aloud(
        request,
        actions.take,
        by=request.user,
        indicator=one,
        period=of,
        revision=form.cleaned_data["revision"],
    ):
        messages.success(request, _("The figures of the engagements are in the draft. Look, and send it."))
    return redirect("report", pk, period, indicator)
