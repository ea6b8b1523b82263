"""The pages of discussions; most of the time they are a part of the page of the thing."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST

from milepost.web.discussions import actions, queries
from milepost.web.discussions.forms import CommentForm, EditForm, ReplyForm
from milepost.web.traces.nodes import page, title
from milepost.web.ui.revisions import Stale

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@PAGE
def discussion(request: HttpRequest, address: str) -> HttpResponse:
    """All that was said about a thing; a comment that is sent opens a discussion."""
    thing = queries.thing_for(request.user, address)
    if thing is None:
        raise Http404
    form = CommentForm(request.POST, auto_id="comment_%s") if request.method == "POST" else None
    if form is not None and form.is_valid():
        said = actions.comment(address=address, text=form.cleaned_data["text"], by=request.user)
        return _back(request, said)
    context = {"address": address, "thing_title": title(thing), "thing_url": page(thing), "form": form}
    return render(request, "discussions/discussion.html", context)


@login_required
@PAGE
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """Answer a comment."""
    comment = _comment(request, pk)
    form = ReplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _back(request, actions.reply(to=comment, text=form.cleaned_data["text"], by=request.user))
    return _words(request, comment, form, _("Reply"))


@login_required
@PAGE
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Correct one's own words."""
    comment = _comment(request, pk)
    if not queries.is_own(request.user, comment):
        raise PermissionDenied
    start = {"text": comment.text, "revision": comment.revision, "back": request.GET.get("back", "")}
    form = EditForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        try:
            actions.edit(
                comment=comment,
                text=form.cleaned_data["text"],
                revision=form.cleaned_data["revision"],
                by=request.user,
            )
            return _back(request, comment)
        except Stale:
            form = _again(form, comment)
    return _words(request, comment, form, pgettext("comment", "Edit the comment"))


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back one's own words."""
    return _done(request, pk, actions.withdraw)


@login_required
@require_POST
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Settle a discussion."""
    return _done(request, pk, actions.resolve)


@login_required
@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a settled discussion up again."""
    return _done(request, pk, actions.reopen)


def _comment(request: HttpRequest, pk: int) -> Any:
    comment = queries.comment_for(request.user, pk)
    if comment is None:
        raise Http404
    return comment


def _done(request: HttpRequest, pk: int, deed: Any) -> HttpResponse:
    comment = _comment(request, pk)
    try:
        deed(comment=comment, by=request.user)
    except Stale:
        messages.error(request, _("The comment was changed meanwhile; look at it again."))
    return _back(request, comment)


def _words(request: HttpRequest, comment: Any, form: CommentForm, heading: str) -> HttpResponse:
    """The page on which one comment is answered or corrected."""
    context = {"comment": comment, "form": form, "heading": heading}
    return render(request, "discussions/words.html", context)


def _again(sent: Any, comment: Any) -> EditForm:
    """The form with what was typed and the present revision; it says who changed the comment, and to what."""
    form = EditForm({**sent.data.dict(), "revision": comment.revision})
    form.add_error(
        "text",
        _("{name} changed this comment meanwhile. It now says: {text}").format(
            name=comment.by.name, text=comment.text
        ),
    )
    return form


def _back(request: HttpRequest, comment: Any) -> HttpResponse:
    """To the comment on the page one came from, else on the page of its discussion."""
    place = request.POST.get("back", "")
    if not url_has_allowed_host_and_scheme(
        place, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    ):
        place = reverse("discussion", args=[comment.address])
    return redirect(f"{place.partition('#')[0]}#{comment.anchor}")
