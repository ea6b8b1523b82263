"""The reference document of an institution: what it gives, a look at it, loading and removing it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.errors import MilepostError
from milepost.web.projects.actions import reference as actions
from milepost.web.projects.forms.reference import ReferenceForm
from milepost.web.projects.queries import documents, reference
from milepost.web.projects.views.common import P
from milepost.web.projects.views.reports import attachment
from milepost.web.ui.acting import FORM, done, said_aloud


def _institution(request: HttpRequest, pk: int) -> Any:
    """An institution that the reader may know of, and keeps: else 404, or 403."""
    found = get_object_or_404(reference.places(request.user), pk=pk)
    if not reference.may_change(request.user, found):
        raise PermissionDenied(P.MANAGE_INSTITUTIONS)
    return found


@login_required
@require_http_methods(FORM)
def word(request: HttpRequest, pk: int) -> HttpResponse:
    """The reference document of an institution, with the styles it lacks, and a form to load one."""
    institution = _institution(request, pk)
    kept = reference.of(institution)
    form = ReferenceForm(
        request.POST or None, request.FILES or None, initial={"revision": kept.revision if kept else 0}
    )
    if request.method == "POST" and form.is_valid():
        if "look" in request.POST:
            held = form.cleaned_data["upload"].read(documents.MOST_REFERENCE)
            specimen = done(form, _specimen, institution=institution, held=held)
            if specimen:
                return specimen
        elif done(form, actions.keep, by=request.user, institution=institution, **form.cleaned_data):
            messages.success(request, _("Word documents are made in the look of this file from now on."))
            return redirect("institution-word", pk)
    kept, missing, lost = reference.of(institution), [], False
    try:
        missing = reference.missing(reference.content(kept) or b"") if kept else []
    except MilepostError:
        lost = True
    if getattr(form, "stale", False):
        form.data = form.data.copy()
        form.data["revision"] = kept.revision if kept else 0  # type: ignore[index]
    context = {"institution": institution, "kept": kept, "missing": missing, "lost": lost, "form": form}
    return render(request, "projects/word.html", context)


@login_required
@require_safe
def word_specimen(request: HttpRequest, pk: int) -> HttpResponse:
    """A specimen in the look that the Word documents of an institution have now."""
    institution = _institution(request, pk)
    try:
        held = reference.content(reference.of(institution))
    except MilepostError:
        return redirect("institution-word", pk)  # that page says that the file is lost
    return _specimen(institution=institution, held=held)


def _specimen(*, institution: Any, held: bytes | None) -> HttpResponse:
    made = documents.specimen(institution, get_language() or "en", timezone.localdate(), held)
    return attachment(made, "docx", f"specimen-{get_language() or 'en'}.docx")


@login_required
@require_POST
def word_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Use the house's look again."""
    institution = _institution(request, pk)
    revision = request.POST.get("revision", "")
    number = int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else 0
    if said_aloud(request, actions.remove, by=request.user, institution=institution, revision=number):
        messages.success(request, _("Word documents are made in the look of Milepost again."))
    return redirect("institution-word", pk)
