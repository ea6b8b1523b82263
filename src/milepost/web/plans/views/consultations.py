"""Consultations on drafts: the public page, who keeps them, comments and what became of them."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.interchange import comment_table
from milepost.web.accounts.roles import Permission
from milepost.web.plans.actions import consultations as actions
from milepost.web.plans.forms import consultations as forms
from milepost.web.plans.queries import consultations as queries
from milepost.web.plans.queries import laws as laws_of
from milepost.web.plans.queries import links, measures, scoping, visible_to
from milepost.web.plans.views.common import find_policy
from milepost.web.ui.acting import FORM, done, number, refreshed, said_aloud
from milepost.web.ui.templatetags.ui import plain

if TYPE_CHECKING:
    from milepost.web.plans.models import Consultation, DraftComment

MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The endings in which the table of comments goes out."""
STEPS = {
    "open": lazy("The consultation is open, and the listed institutions are told."),
    "close": lazy("The consultation is closed. Comments can still be answered."),
    "reopen": lazy("The consultation is open again."),
}
"""What is said when a step is done."""


def find(request: HttpRequest, pk: int, *, to_keep: bool = False) -> "Consultation":
    """A consultation that the reader may see, else 404; 403 where the reader does not keep it."""
    found = get_object_or_404(queries.consultations(request.user), pk=pk)
    if to_keep and not queries.may_keep(request.user, found):
        raise PermissionDenied(Permission.EDIT_PLANS)
    return found


def show(request: HttpRequest, found: "Consultation", name: str, **more: Any) -> HttpResponse:
    """A page of one consultation."""
    user = request.user
    context = {
        "consultation": found,
        "policy": found.policy,
        "country": found.policy.country,
        "policy_seen": visible_to(user).filter(pk=found.policy_id).exists(),
        "plan_seen": found.plan is not None and scoping.plans(user).filter(pk=found.plan_id).exists(),
        "inside": queries.inside(user, found),
        "may_keep": queries.may_keep(user, found),
    }
    return render(request, f"plans/{name}.html", context | more)


# A consultation ---------------------------------------------------------------------------------------------


@require_safe
def consultation(request: HttpRequest, pk: int) -> HttpResponse:
    """One consultation: what was shown, who was asked, what was said and what became of it."""
    found = find(request, pk)
    user = request.user
    voices, drafts = queries.voices(found), queries.shown_drafts(found)
    form = forms.FilterForm(
        request.GET or None,
        parties=[(str(one.party.pk), plain(one.party.text)) for one in voices],
        drafts=[one.number for one in drafts],
    )
    comments = queries.listed(user, found, form.wanted)
    context = {
        "drafts": drafts,
        "voices": voices,
        "events": queries.events(user, found),
        "counts": queries.counts(found),
        "comments": comments,
        "form": form,
        "speaking": queries.speaking(user, found),
    }
    return show(request, found, "consultation", **context)


@login_required
@require_http_methods(FORM)
def consultation_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Prepare a consultation on drafts of a policy or of one of its plans."""
    policy = find_policy(request, pk, to_edit=True)
    form = forms.ConsultationForm(request.POST or None, plans=queries.plans_of(policy))
    if request.method == "POST" and form.is_valid():
        made = done(form, actions.enter, by=request.user, policy=policy, **form.cleaned_data)
        if made:
            messages.success(
                request,
                _("The consultation is prepared. Add the draft and who is asked; then open it."),
            )
            return redirect(made)
    context = {"policy": policy, "country": policy.country, "form": form}
    return render(request, "plans/consultation_new.html", context)


@login_required
@require_http_methods(FORM)
def consultation_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the words, days or rules of a consultation."""
    found = find(request, pk, to_keep=True)
    names = ("title", "about", "start", "end", "open_call", "revision")
    initial = {name: getattr(found, name) for name in names} | {"plan": found.plan_id}
    form = forms.EditConsultationForm(
        request.POST or None, plans=queries.plans_of(found.policy), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        if done(form, actions.save, by=request.user, consultation=found, **form.cleaned_data):
            messages.success(request, _("Saved."))
            return redirect(found)
        refreshed(form, found)
    return show(request, found, "consultation_edit", form=form)


@login_required
@require_POST
def consultation_show(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a consultation public, or hide it again."""
    found = find(request, pk, to_keep=True)
    public = request.POST.get("public") == "1"
    if said_aloud(
        request,
        actions.show,
        by=request.user,
        consultation=found,
        revision=number(request, "revision"),
        public=public,
        reason=request.POST.get("reason", "")[:2000],
    ):
        words = (
            _("Everybody can read the consultation once it is open.")
            if public
            else _("The consultation is hidden from the public.")
        )
        messages.success(request, words)
    return redirect(found)


@login_required
@require_POST
def consultation_step(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Open, close or reopen a consultation."""
    found = find(request, pk, to_keep=True)
    if deed not in STEPS:
        raise Http404
    if said_aloud(
        request,
        actions.step,
        by=request.user,
        consultation=found,
        deed=deed,
        revision=number(request, "revision"),
    ):
        messages.success(request, str(STEPS[deed]))
    return redirect(found)


@login_required
@require_http_methods(FORM)
def draft_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add the next draft with its documents."""
    found = find(request, pk, to_keep=True)
    versions = scoping.versions(request.user).filter(plan=found.plan) if found.plan is not None else []
    form = forms.DraftForm(
        request.POST or None, request.FILES or None, versions=[one.number for one in versions]
    )
    if request.method == "POST" and form.is_valid():
        made = done(form, actions.add_draft, by=request.user, consultation=found, **form.typed())
        if made:
            messages.success(request, _("Draft {number} is added.").format(number=made.number))
            return redirect(found)
    return show(request, found, "consultation_draft", form=form)


# Who is consulted, and where --------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM)
def consulted(request: HttpRequest, pk: int) -> HttpResponse:
    """Who is consulted, and the events at which the draft was discussed."""
    found = find(request, pk, to_keep=True)
    user = request.user
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    offered = links.offered(user, found.policy.country, "engagement")
    there = queries.events(user, found)
    party = forms.NewPartyForm(
        request.POST if sent == "party" else None, institutions=queries.register(found), auto_id="party_%s"
    )
    event = forms.EventForm(
        request.POST if sent == "event" else None,
        offered=[pair for pair in offered if pair[0] not in {one.address for one in there}],
        auto_id="event_%s",
    )
    form: Any = {"party": party, "event": event}.get(sent)
    if form is not None and form.is_valid():
        deed = actions.add_party if sent == "party" else actions.link_event
        if done(form, deed, by=user, consultation=found, **form.cleaned_data):
            messages.success(request, _("Saved."))
            return redirect("consultation-consulted", pk)
    context = {
        "voices": queries.voices(found),
        "events": there,
        "party_form": party,
        "event_form": event,
        "offered": offered,
    }
    return show(request, found, "consultation_consulted", **context)


@login_required
@require_http_methods(FORM)
def party_edit(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Say otherwise how a stakeholder was consulted."""
    found = find(request, pk, to_keep=True)
    party = get_object_or_404(found.parties, pk=row)
    initial = {name: getattr(party, name) for name in ("kind", "how", "role", "revision")}
    form = forms.EditPartyForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        if done(form, actions.save_party, by=request.user, party=party, **form.cleaned_data):
            messages.success(request, _("Saved."))
            return redirect("consultation-consulted", pk)
        refreshed(form, party)
    return show(request, found, "consultation_party", form=form, party=party)


@login_required
@require_POST
def party_remove(request: HttpRequest, pk: int, row: int) -> HttpResponse:
    """Take a stakeholder that said nothing off the list."""
    found = find(request, pk, to_keep=True)
    party = get_object_or_404(found.parties, pk=row)
    if said_aloud(request, actions.remove_party, by=request.user, party=party):
        messages.success(request, _("Removed."))
    return redirect("consultation-consulted", pk)


@login_required
@require_POST
def event_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that the draft was discussed at an event."""
    found = find(request, pk, to_keep=True)
    address = request.POST.get("address", "")[:120]
    if said_aloud(request, actions.unlink_event, by=request.user, consultation=found, address=address):
        messages.success(request, _("Removed."))
    return redirect("consultation-consulted", pk)


# Comments ---------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM)
def comment_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Comment for one's own institution, or enter what a stakeholder said."""
    found = find(request, pk)
    voices = _voices(request, found)
    if not voices and not queries.may_keep(request.user, found):
        raise PermissionDenied(Permission.COMMENT_DRAFTS)
    form = forms.NewCommentForm(
        request.POST or None,
        voices=voices,
        initial={"measure": request.GET.get("measure", "")},
        **_offered(request, found),
    )
    if request.method == "POST" and form.is_valid():
        made = done(form, actions.comment, by=request.user, consultation=found, **form.typed())
        if made:
            messages.success(request, _("Comment {number} is kept.").format(number=made.number))
            return redirect("comment-new", pk) if "another" in request.POST else redirect(found)
    return show(request, found, "consultation_comment_new", form=form, voices=voices)


def _voices(request: HttpRequest, found: "Consultation") -> list[tuple[str, Any, str]]:
    """(key, institution or stakeholder, words) of those whose words a person may enter."""
    own = queries.speaking(request.user, found)
    listed = [(f"institution-{one.pk}", one, plain(one.text)) for one in own]
    if queries.may_keep(request.user, found):
        keys = {one.pk for one in own}
        there = [one for one in queries.parties(found) if one.institution_id not in keys]
        listed += [(f"party-{one.pk}", one, plain(one.text)) for one in there]
    return listed


def _offered(request: HttpRequest, found: "Consultation") -> dict[str, Any]:
    places = queries.places(request.user, found)
    keys = [key for key, _words in places]
    return {
        "drafts": queries.shown_drafts(found),
        "places": places,
        "measures": measures(request.user).filter(pk__in=keys) if keys else [],
    }


def _comment(request: HttpRequest, pk: int) -> "DraftComment":
    return get_object_or_404(queries.comments(request.user), pk=pk)


@require_http_methods(FORM)
def comment(request: HttpRequest, pk: int) -> HttpResponse:
    """One comment; whoever keeps the consultation decides here what becomes of it."""
    found = _comment(request, pk)
    user, one = request.user, found.consultation
    rights = {
        "edit": queries.may_change(user, found),
        "answer": queries.may_keep(user, one) and found.state != "withdrawn",
        "withdraw": queries.may_withdraw(user, found),
    }
    sent = request.POST.get("form", "") if request.method == "POST" else ""
    if request.method == "POST" and not rights.get(sent):
        raise PermissionDenied
    made = {name: _form(request, found, name, sent) for name, right in rights.items() if right}
    form = made.get(sent)
    if form is not None and form.is_valid():
        typed = form.typed() if sent == "edit" else form.cleaned_data
        deed = {"edit": actions.edit_comment, "answer": actions.answer, "withdraw": actions.withdraw}[sent]
        if done(form, deed, by=user, comment=found, **typed):
            messages.success(request, _("Saved."))
            return redirect(found if sent != "withdraw" else one)
        refreshed(form, found)
    entry = laws_of.entries(user, filter(None, [found.measure_id])).get(found.measure_id or 0)
    context = {
        "comment": found,
        "forms": made,
        "late": queries.late(found),
        "entry": entry,
        "place": found.place if found.place != str(entry or "") else "",
        **_neighbours(user, found),
    }
    return show(request, one, "consultation_comment", **context)


def _form(request: HttpRequest, found: "DraftComment", name: str, sent: str) -> Any:
    typed = request.POST if sent == name else None
    said = {field: getattr(found, field) for field in ("revision", "place", "text", "reason", "changed")}
    if name == "edit":
        initial = said | {"draft": found.draft_id, "measure": found.measure_id}
        return forms.EditCommentForm(
            typed, initial=initial, auto_id="edit_%s", **_offered(request, found.consultation)
        )
    if name == "answer":
        return forms.AnswerForm(typed, initial=said | {"disposition": found.disposition}, auto_id="answer_%s")
    return forms.WithdrawForm(typed, initial={"revision": found.revision}, auto_id="withdraw_%s")


def _neighbours(user: Any, found: "DraftComment") -> dict[str, Any]:
    """The comments before and after it, and the next one that is open."""
    listed = queries.listed(user, found.consultation)
    at = next(place for place, one in enumerate(listed) if one.pk == found.pk)
    waiting = [one for one in (*listed[at + 1 :], *listed[:at]) if one.state == "open"]
    return {
        "before": listed[at - 1] if at else None,
        "after": listed[at + 1] if at + 1 < len(listed) else None,
        "waiting": waiting[0] if waiting else None,
    }


@require_safe
def table(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The table of comments that the reader may read, as CSV or workbook."""
    found = find(request, pk)
    if ending not in MEDIA:
        raise Http404
    language = get_language() or "en"
    rows = queries.table(queries.listed(request.user, found), language)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"comments.{ending}"
        comment_table.write(plain(found.text), rows, path, language)
        answer = HttpResponse(path.read_bytes(), content_type=MEDIA[ending])
    answer["Content-Disposition"] = f'attachment; filename="comments-{pk}.{ending}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def back_to_comments(pk: int) -> str:
    """The comments on the page of a consultation."""
    return f"{reverse('consultation', args=[pk])}#comments"
