"""Project pages are handed in, looked at, and become projects or parts of one."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from milepost.errors import MilepostError
from milepost.reports import sentences
from milepost.web.projects.actions import pages as actions
from milepost.web.projects.forms import pages as forms
from milepost.web.projects.queries import pages as queries
from milepost.web.projects.queries import scoping
from milepost.web.projects.queries.pages import PageFile
from milepost.web.projects.views.common import P, find_to
from milepost.web.ui.acting import FORM, done


@login_required
@require_http_methods(FORM)
def hand_in(request: HttpRequest) -> HttpResponse:
    """Hand in project pages: files, or the text of one."""
    form = forms.HandInForm(request.POST or None, request.FILES or None, institutions=_institutions(request))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        kept = done(
            form,
            actions.hand_in,
            by=request.user,
            institution=typed["institution"],
            uploads=typed["uploads"],
            text=typed["text"],
        )
        if kept:
            return redirect(f"{reverse('project-pages-review')}?{_asked(kept)}")
    return render(request, "projects/intake.html", {"form": form})


def _institutions(request: HttpRequest) -> list[Any]:
    found = list(scoping.kept_by(request.user))
    if not found:
        raise PermissionDenied(P.EDIT_PROJECTS)
    return found


def _asked(kept: Any) -> str:
    return urlencode([("file", one.pk) for one in kept])


@login_required
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """What was read of every page, and which project it may be."""
    pages, faults = _read(request)
    rows = [
        {
            "page": one,
            "said": _said(one),
            "narrative": queries.parted(one.record.narrative or ""),
            "faults": [_sentence(problem) for problem in one.entry.problems],
            "candidates": queries.candidates(request.user, [one]),
        }
        for one in pages
    ]
    return render(request, "projects/intake_review.html", {"rows": rows, "faults": faults})


def _said(page: PageFile) -> list[tuple[str, str]]:
    """Every label with its words; the narrative stands below them on its own."""
    raw = page.entry.page.raw.items() if page.entry.page else ()
    told = (page.record.narrative or "").split()
    return [(label, words) for label, words in raw if words and words.split() != told]


def _sentence(problem: Any) -> str:
    return " ".join(sentences.fault(problem, get_language() or "en"))


def _read(request: HttpRequest) -> tuple[list[PageFile], list[str]]:
    """The pages that the address names, of those that the reader handed in; 404 where one is none."""
    _institutions(request)
    keys = {int(key) for key in request.GET.getlist("file") if key.isdecimal() and len(key) < 10}
    kept = queries.handed_in(request.user, keys)
    if not kept or len(kept) != len(keys):
        raise Http404
    try:
        return queries.read(kept), []
    except MilepostError as error:
        return [], [_sentence(problem) for problem in error.problems]


@login_required
@require_http_methods(FORM)
def decide(request: HttpRequest) -> HttpResponse:
    """Field by field: a new project of these pages, or what of them an existing one takes over."""
    pages, faults = _read(request)
    project = None
    key = request.GET.get("project", "")
    if key:
        if not (key.isdecimal() and len(key) < 10):
            raise Http404
        project = find_to(request, int(key), P.EDIT_PROJECTS)
    form = forms.DecideForm(
        request.POST or None,
        offers=queries.offers(pages),
        project=project,
        initial={"revision": project.revision if project else 0},
    )
    if request.method == "POST" and not faults and form.is_valid():
        made = _taken(request, form, pages, project)
        if made:
            messages.success(request, _("Taken over from the pages; the project says which words are whose."))
            return redirect(made)
    context = {
        "form": form,
        "project": project,
        "pages": pages,
        "faults": faults,
        "statuses": [(one.file.name, one.record.status) for one in pages if one.record.status],
        "back": f"{reverse('project-pages-review')}?{_asked([one.file for one in pages])}",
    }
    return render(request, "projects/intake_decide.html", context)


def _taken(request: HttpRequest, form: Any, pages: list[PageFile], project: Any) -> Any:
    kept = {one.address: one for one in _institutions(request)}
    return done(
        form,
        actions.take,
        by=request.user,
        project=project,
        institution=kept[pages[0].file.owner],
        revision=form.cleaned_data["revision"] or 0,
        chosen=form.chosen(),
        title=form.cleaned_data.get("typed", ""),
        language=form.cleaned_data["language"],
        pages=[one.file for one in pages],
    )
