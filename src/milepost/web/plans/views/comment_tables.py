"""A table of comments is handed in, looked at, decided on and taken."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from milepost.errors import MilepostError
from milepost.web.plans.actions import comment_tables as actions
from milepost.web.plans.forms import consultations as forms
from milepost.web.plans.queries import comment_tables as queries
from milepost.web.plans.views.consultations import back_to_comments, find, show
from milepost.web.ui.acting import FORM, done, said_aloud, say


@login_required
@require_http_methods(FORM)
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in a table of comments; the next page says what was read."""
    found = find(request, pk, to_keep=True)
    form = forms.TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        kept = done(
            form, actions.hand_in, by=request.user, consultation=found, upload=upload, name=upload.name
        )
        if kept:
            return redirect("comments-reading", pk, kept.pk)
    return show(request, found, "consultation_hand_in", form=form)


@login_required
@require_http_methods(FORM)
def reading(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """What was read, and what a person decides of it; confirmed, the comments are entered."""
    found = find(request, pk, to_keep=True)
    stored = get_object_or_404(queries.waiting(request.user, found), pk=file)
    try:
        judged = queries.judge(found, stored)
    except MilepostError as error:
        say(request, error)
        return redirect("comments-read", pk)
    form = forms.ConfirmForm(
        request.POST or None, judged=judged, consultation=found, initial={"digest": judged.digest}
    )
    if request.method == "POST" and form.is_valid():
        decisions = queries.decided(form.cleaned_data, judged)
        typed: dict[str, Any] = {"consultation": found, "stored": stored, "decisions": decisions}
        counts = done(form, actions.take_in, by=request.user, digest=form.cleaned_data["digest"], **typed)
        if counts:
            messages.success(
                request,
                _("Entered: {add} new comments, {answer} answers.").format(
                    add=counts["add"], answer=counts["answer"]
                ),
            )
            return redirect(back_to_comments(pk))
        if getattr(form, "stale", False):
            form.data = form.data.copy()
            form.data["digest"] = judged.digest
    context = {
        "stored": stored,
        "judged": judged,
        "form": form,
        "names": [(name, form[name.field] if name.field in form.fields else None) for name in judged.names],
    }
    return show(request, found, "consultation_reading", **context)


@login_required
@require_POST
def give_up(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Take the file back; nothing is changed."""
    found = find(request, pk, to_keep=True)
    stored = get_object_or_404(queries.waiting(request.user, found), pk=file)
    if said_aloud(request, actions.give_up, by=request.user, consultation=found, stored=stored):
        messages.success(request, _("The file is withdrawn; nothing was changed."))
    return redirect(found)
