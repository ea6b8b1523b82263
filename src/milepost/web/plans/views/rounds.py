"""Rounds of a plan: opened, answered by the institutions, reviewed; and how the plan stands by them."""

import csv
import io
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.interchange.csv import shielded
from milepost.web.plans.actions import rounds as actions
from milepost.web.plans.forms import rounds as forms
from milepost.web.plans.queries import round_forms
from milepost.web.plans.queries import rounds as queries
from milepost.web.plans.queries import standing as standings
from milepost.web.plans.views.common import find_inside, page
from milepost.web.ui.acting import FORM, done, number, said_aloud
from milepost.web.ui.templatetags.ui import plain

if TYPE_CHECKING:
    from milepost.web.plans.models import Answer, Round


def _round(request: HttpRequest, pk: int) -> "Round":
    return get_object_or_404(queries.visible_rounds(request.user), pk=pk)


def _answer(request: HttpRequest, pk: int) -> "Answer":
    return get_object_or_404(queries.answers(request.user), pk=pk)


# A round ----------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM)
def rounds(request: HttpRequest, pk: int) -> HttpResponse:
    """The rounds of a plan; whoever reviews them opens the next one here."""
    plan = find_inside(request, pk)
    may_review = queries.may_review(request.user, plan)
    form = forms.RoundForm(request.POST or None)
    if request.method == "POST":
        if not may_review:
            raise PermissionDenied
        if form.is_valid():
            made = done(form, actions.open_round, by=request.user, plan=plan, **form.cleaned_data)
            if made:
                messages.success(request, _("The round is open, and the institutions are told."))
                return redirect(made)
    listed = queries.of_plan(request.user, plan)
    running = next((one for one in listed if one.is_open), None)
    return page(
        request, plan, "rounds", "rounds", form=form, rounds=listed, running=running, may_review=may_review
    )


@login_required
@require_safe
def round_(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a round is: by institution, then measure by measure."""
    one = _round(request, pk)
    found = queries.lines(request.user, one, timezone.localdate())
    shares = queries.shares(found)
    offered = [
        (str(share.institution.pk), plain(share.institution.text)) for share in shares if share.institution
    ]
    form = forms.FilterForm(request.GET or None, institutions=offered)
    mine = set(queries.answered_by(request.user).filter(round=one).values_list("pk", flat=True))
    context = {
        "round": one,
        "shares": shares,
        "lines": queries.narrowed(found, **form.wanted),
        "of": len(found),
        "sent": sum(line.answer.state in standings.COUNTED for line in found),
        "escalates_on": queries.escalates_on(one),
        "has_forms": bool(round_forms.own(request.user, one)),
        "accepted": sum(line.answer.state == "accepted" for line in found),
        "late": sum(line.late for line in found),
        "form": form,
        "to_send": [line for line in found if line.answer.pk in mine and line.answer.may_be_changed],
        "may_review": queries.may_review(request.user, one),
    }
    return page(request, one.plan, "round", "rounds", **context)


COLUMNS = (
    lazy("Number"),
    lazy("Measure"),
    lazy("Institution"),
    lazy("How far it is"),
    lazy("Carried out on"),
    lazy("What was done"),
    lazy("Obstacles"),
    lazy("What is needed"),
    lazy("State"),
    lazy("Late"),
)
"""The headings of a round as a table."""


@login_required
@require_safe
def table(request: HttpRequest, pk: int) -> HttpResponse:
    """The answers of a round that the reader may see, as a table."""
    one = _round(request, pk)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(map(str, COLUMNS))
    for line in queries.lines(request.user, one, timezone.localdate()):
        row = line.answer
        shown = queries.may_read(request.user, row)
        cells = (
            row.entry.code,
            plain(row.entry.text),
            "; ".join(plain(each.text) for each in line.institutions),
            row.get_done_display() if shown else "",  # type: ignore[attr-defined]
            row.ended or "" if shown else "",
            row.text if shown else "",
            row.obstacles if shown else "",
            row.needed if shown else "",
            row.get_state_display(),  # type: ignore[attr-defined]
            _("yes") if line.late else "",
        )
        writer.writerow([shielded(str(cell)) for cell in cells])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="round-{one.pk}.csv"'
    answer["Cache-Control"] = "private, no-store"
    return answer


@login_required
@require_POST
def remind(request: HttpRequest, pk: int) -> HttpResponse:
    """Tell again those who have something to send."""
    one = _round(request, pk)
    note = request.POST.get("note", "")[:1000]
    if said_aloud(request, actions.remind, by=request.user, one=one, note=note):
        messages.success(request, _("Those who still have answers to send are reminded."))
    return redirect(one)


@login_required
@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask no more."""
    one = _round(request, pk)
    if said_aloud(request, actions.close, by=request.user, one=one, revision=number(request, "revision")):
        messages.success(request, _("The round is closed. What was not accepted can still be sent, as late."))
    return redirect(one)


# An answer --------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM)
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer on a measure; or read and review what was answered.

    The same form saves as one types (HTMX asks for `answer_saved.html` then) and by its buttons.
    """
    found = _answer(request, pk)
    may_answer = queries.may_answer(request.user, found)
    if request.method == "POST" and not may_answer:
        raise PermissionDenied
    indicators = list(found.entry.indicators.all())
    editing = may_answer and found.may_be_changed
    form = forms.AnswerForm(
        request.POST or None,
        indicators=indicators,
        costs=found.entry.costs.all(),
        initial=forms.said(found),
    )
    kept = None
    if request.method == "POST" and form.is_valid():
        kept = done(form, actions.save, by=request.user, answer=found, **form.values())
    if request.headers.get("HX-Request"):
        return _saved(request, found, form, bool(kept))
    if kept:
        if gone := _sent(request, found, form):
            return gone
    elif getattr(form, "stale", False):
        _rest_on_now(form, found)
    return _page(request, found, form if editing else None, may_answer)


def _saved(request: HttpRequest, found: "Answer", form: Any, kept: bool) -> HttpResponse:
    """What a save while one types answers: the new revision, or why it was not kept."""
    found.refresh_from_db()
    stale = getattr(form, "stale", False)
    context = {"answer": found, "form": form, "kept": kept, "stale": stale, "now": timezone.now()}
    return render(request, "plans/answer_saved.html", context)


def _sent(request: HttpRequest, found: "Answer", form: Any) -> HttpResponse | None:
    """Where to go after a save by a button; None where sending was refused."""
    if "send" not in request.POST:
        messages.success(request, _("Saved. It is not sent yet."))
        return redirect(found)
    if not done(form, actions.submit, by=request.user, answer=found, revision=found.revision):
        form.data = form.data.copy()
        form.data["revision"] = found.revision
        return None
    following = queries.next_to_send(request.user, found)
    if following is None:
        messages.success(request, _("Sent. Nothing more of this round is left to you."))
        return redirect(found.round)
    messages.success(request, _("Sent. Here is the next measure."))
    return redirect(following)


def _rest_on_now(form: Any, found: "Answer") -> None:
    """Let the form rest on what the answer is now, which the page shows beside it."""
    found.refresh_from_db()
    form.data = form.data.copy()
    form.data["revision"] = found.revision


def _page(request: HttpRequest, found: "Answer", form: Any, may_answer: bool, **more: Any) -> HttpResponse:
    user = request.user
    contributing = queries.contributing(user, found)
    said = queries.contributions(found)
    context = {
        "round": found.round,
        "answer": found,
        "entry": found.entry,
        "institutions": queries.asked(found),
        "form": form,
        "file_form": forms.FileForm(auto_id="file_%s"),
        "may_answer": may_answer,
        "may_read": queries.may_read(user, found),
        "may_accept": queries.may_accept(user, found),
        "may_review": queries.may_review(user, found),
        "late": queries.is_late(found, timezone.localdate()),
        "figures": list(found.figures.select_related("indicator")),
        "spending": list(found.spending.select_related("cost")),
        "files": queries.evidence(found),
        "contributions": said,
        "before": queries.before(found),
        "own": [_contribution(institution, said) for institution in contributing],
    }
    return page(request, found.round.plan, "answer", "rounds", **context | more)


def _contribution(institution: Any, said: Any) -> tuple[Any, forms.ContributionForm]:
    there = next((one for one in said if one.institution_id == institution.pk), None)
    initial = {"text": there.text if there else "", "revision": there.revision if there else 0}
    return institution, forms.ContributionForm(initial=initial, auto_id=f"contribution_{institution.pk}_%s")


STEPS = {
    "submit": (actions.submit, lazy("Sent.")),
    "recall": (actions.recall, lazy("Taken back.")),
    "accept": (actions.accept, lazy("Accepted.")),
    "return": (actions.give_back, lazy("Returned with the question.")),
}
"""What can be done with an answer: word in the address -> (the deed, what is said when it is done)."""


@login_required
@require_POST
def step(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Send, take back, accept or return an answer."""
    found = _answer(request, pk)
    if deed not in STEPS:
        raise Http404
    action, words = STEPS[deed]
    more = {"question": request.POST.get("question", "")[:2000]} if deed == "return" else {}
    if said_aloud(
        request, action, by=request.user, answer=found, revision=number(request, "revision"), **more
    ):
        messages.success(request, str(words))
    return redirect(found)


@login_required
@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a file that shows what was done."""
    found = _answer(request, pk)
    if not queries.may_answer(request.user, found):
        raise PermissionDenied
    form = forms.FileForm(request.POST, request.FILES)
    upload = request.FILES.get("file")
    if not form.is_valid() or upload is None:
        messages.error(request, _("Choose a file that is not empty."))
    elif said_aloud(
        request, actions.attach, by=request.user, answer=found, upload=upload, name=upload.name or ""
    ):
        messages.success(request, _("The file is added."))
    return redirect(found)


@login_required
@require_POST
def contribute(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something as a co-executor."""
    found = _answer(request, pk)
    wanted = number(request, "institution")
    institution = next((one for one in queries.contributing(request.user, found) if one.pk == wanted), None)
    if institution is None:
        raise PermissionDenied
    typed = {"text": request.POST.get("text", "")[: forms.LONGEST], "revision": number(request, "revision")}
    if said_aloud(
        request, actions.contribute, by=request.user, answer=found, institution=institution, **typed
    ):
        messages.success(request, _("Saved. The institution that reports sees it."))
    return redirect(found)


@login_required
@require_POST
def take_over(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Put what a co-executor says below one's own words."""
    found = _answer(request, pk)
    if not queries.may_answer(request.user, found):
        raise PermissionDenied
    said = get_object_or_404(queries.contributions(found), pk=row)
    typed = {"contribution": said, "revision": number(request, "revision")}
    if said_aloud(request, actions.take_over, by=request.user, answer=found, **typed):
        messages.success(request, _("Taken over; read it once more before you send it."))
    return redirect(found)
