"""A file of IATI is handed in, looked at beside the register, and taken in activity by activity."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_safe

from milepost.errors import MilepostError
from milepost.reports import sentences
from milepost.web.projects.actions import iati_import as actions
from milepost.web.projects.forms import iati_import as forms
from milepost.web.projects.forms.pages import told
from milepost.web.projects.forms.register import RecordForm
from milepost.web.projects.queries import iati_import as queries
from milepost.web.projects.queries import scoping
from milepost.web.projects.queries.iati_import import Came
from milepost.web.projects.queries.pages import Offer, handed_in
from milepost.web.projects.views.common import P
from milepost.web.ui.acting import FORM, done

FAULTS = 50
"""Faults of a file that are told; the number of the others is."""
REFUSED: dict[str, Promise] = {
    "no-identifier": lazy("It has no identifier, so that nobody could find it again. Add one in the file."),
    "long-identifier": lazy("Its identifier has more than 120 letters."),
    "twice": lazy("The file holds this identifier more than once. Leave one in the file."),
    "no-title": lazy("It has no title that the register can keep. Add one in the file."),
    "not-yours": lazy("The identifier is known already, but the project is not yours to change."),
}
BESIDES: dict[str, Promise] = {
    "results": lazy("results"),
    "parties": lazy("organisations that take part"),
    "transactions": lazy("transactions"),
    "budgets": lazy("budgets, which are not one for the whole project"),
    "sectors": lazy("sectors"),
    "tags": lazy("tags"),
    "shares": lazy("shares of states"),
    "documents": lazy("documents"),
    "related": lazy("related activities"),
}
"""What stays in the file, in words."""


@login_required
@require_http_methods(FORM)
def hand_in(request: HttpRequest) -> HttpResponse:
    """Hand in a file; nothing becomes of it before it was looked at."""
    form = forms.SendInForm(request.POST or None, request.FILES or None, institutions=_institutions(request))
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        kept = done(
            form,
            actions.hand_in,
            by=request.user,
            institution=typed["institution"],
            upload=typed["upload"],
        )
        if kept:
            return redirect(f"{reverse('iati-import-review')}?file={kept.pk}")
    return render(request, "projects/iati_hand_in.html", {"form": form})


def _institutions(request: HttpRequest) -> list[Any]:
    found = list(scoping.kept_by(request.user))
    if not found:
        raise PermissionDenied(P.EDIT_PROJECTS)
    return found


def _asked(request: HttpRequest, name: str) -> int:
    """A whole number of the address; 404 where it is none."""
    typed = request.GET.get(name, "")
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
        raise Http404
    return int(typed)


def _read(request: HttpRequest) -> tuple[Any, list[Came], list[str]]:
    """The file that the address names, its activities and its faults; 404 for one of another person."""
    _institutions(request)
    kept = handed_in(request.user, [_asked(request, "file")])
    if not kept:
        raise Http404
    try:
        rows, problems = queries.read(request.user, kept[0])
    except MilepostError as error:
        rows, problems = [], error.problems
    faults = [" ".join(sentences.fault(problem, get_language() or "en")) for problem in problems]
    return kept[0], rows, faults


@login_required
@require_safe
def review(request: HttpRequest) -> HttpResponse:
    """What each activity would add and overwrite; nothing is entered yet."""
    file, rows, faults = _read(request)
    context = {
        "file": file,
        "rows": [_row(one) for one in rows],
        "faults": faults[:FAULTS],
        "more_faults": max(0, len(faults) - FAULTS),
    }
    return render(request, "projects/iati_review.html", context)


def _row(one: Came) -> dict[str, Any]:
    changes = [(offers[0], name, _("adds")) for name, offers in one.adds.items()]
    changes += [(offers[0], name, _("overwrites")) for name, offers in one.overwrites.items()]
    return {
        "came": one,
        "refused": REFUSED[one.refused] if one.refused else "",
        "changes": [
            {
                "field": RecordForm.base_fields[name].label,
                "outcome": _("refused: no value of the register") if offer.value is None else outcome,
                "before": before,
                "after": after,
            }
            for offer, name, outcome in changes
            for before, after in [_beside(one, name, offer)]
        ],
        "same": [RecordForm.base_fields[name].label for name in one.same],
        "besides": [(BESIDES[name], number) for name, number in one.besides.items()],
    }


def _beside(one: Came, name: str, offer: Offer) -> tuple[str, str]:
    """What the register says and what the file says, in words."""
    stands = queries.now(one.project, name)
    if isinstance(offer.value, dict):
        return queries.beside(stands, offer.value)
    before = "" if stands is None else told(name, stands)
    return before, offer.words if offer.value is None else told(name, offer.value)


@login_required
@require_http_methods(FORM)
def decide(request: HttpRequest) -> HttpResponse:
    """One activity, field by field: a new project, or what an existing one takes over."""
    file, rows, _faults = _read(request)
    place = _asked(request, "activity")
    came = next((one for one in rows if one.place == place and not one.refused and one.offers), None)
    owner = next((one for one in _institutions(request) if one.address == file.owner), None)
    if came is None or owner is None:
        raise Http404
    form = forms.ActivityForm(
        request.POST or None,
        offers=came.offers,
        project=came.project,
        initial={"revision": came.project.revision if came.project else 0},
    )
    back = f"{reverse('iati-import-review')}?file={file.pk}"
    if request.method == "POST" and form.is_valid():
        made = done(
            form,
            actions.take,
            by=request.user,
            project=came.project,
            institution=owner,
            revision=form.cleaned_data["revision"] or 0,
            identifier=came.activity.identifier.strip(),
            chosen=form.chosen(),
            file=file,
        )
        if made:
            messages.success(request, _("Taken in from the file; the project says which words are its."))
            return redirect(back)
    context = {"form": form, "came": came, "file": file, "back": back}
    return render(request, "projects/iati_decide.html", context)
