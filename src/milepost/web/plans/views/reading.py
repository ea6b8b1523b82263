"""The table of an act is handed in, looked at, decided on and taken as a draft."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from milepost.errors import MilepostError
from milepost.web.plans.actions import reading as actions
from milepost.web.plans.forms import reading as forms
from milepost.web.plans.queries import reading as queries
from milepost.web.plans.views.common import find_plan, page
from milepost.web.ui.acting import FORM, done, said_aloud, say


@login_required
@require_http_methods(FORM)
def hand_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in the table of an act; the next page says what was read."""
    plan = find_plan(request, pk, to_edit=True)
    form = forms.TableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        stored = done(form, actions.hand_in, by=request.user, plan=plan, upload=upload, name=upload.name)
        if stored:
            return redirect("plan-reading", pk, stored.pk)
    return page(request, plan, "hand_in", "plan", form=form)


@login_required
@require_http_methods(FORM)
def reading(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """What was read, and what a person decides of it; confirmed, it is the draft."""
    plan = find_plan(request, pk, to_edit=True)
    stored = get_object_or_404(queries.waiting(request.user, plan), pk=file)
    judged = _judged(request, plan, stored)
    if judged is None:
        return redirect("plan-read", pk)
    offered = queries.offered(plan)
    form = forms.ConfirmForm(
        request.POST or None, judged=judged, offered=offered, initial={"digest": judged.digest}
    )
    if request.method == "POST" and form.is_valid():
        decisions, new = queries.decided(form.cleaned_data, judged)
        if "look" not in request.POST:
            typed: dict[str, Any] = {"plan": plan, "stored": stored, "decisions": decisions, "new": new}
            made = done(form, actions.take_in, by=request.user, digest=form.cleaned_data["digest"], **typed)
            if made:
                messages.success(
                    request, _("The draft is there. Look at it, and put it in force by its act.")
                )
                return redirect(f"{reverse('plan', args=[pk])}?version={made.number}")
        judged = _judged(request, plan, stored, decisions=decisions, new=new) or judged
        if getattr(form, "stale", False):
            form.data = form.data.copy()
            form.data["digest"] = judged.digest
    context = {
        "stored": stored,
        "judged": judged,
        "form": form,
        "names": [(name, form[name.field]) for name in judged.names],
        "lines": [
            (line, form[line.field] if line.doubtful and line.field in form.fields else None)
            for line in judged.lines
        ],
        "problems": queries.told(judged.problems),
    }
    return page(request, plan, "reading", "plan", **context)


def _judged(request: HttpRequest, plan: Any, stored: Any, **decided: Any) -> queries.Judged | None:
    """What was read; None where the file cannot be read any more, as the next page then says."""
    try:
        return queries.judge(plan, stored, **decided)
    except MilepostError as error:
        say(request, error)
        return None


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Take the file back; nothing is changed."""
    plan = find_plan(request, pk, to_edit=True)
    stored = get_object_or_404(queries.waiting(request.user, plan), pk=file)
    if said_aloud(request, actions.withdraw, by=request.user, plan=plan, stored=stored):
        messages.success(request, _("The file is withdrawn; nothing was changed."))
    return redirect("plan", pk)
