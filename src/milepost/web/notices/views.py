"""My work, and how often letters come."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.web.notices import actions, queries
from milepost.web.notices.forms import LettersForm


@login_required
@require_safe
def work(request: HttpRequest) -> HttpResponse:
    """What is mine to do, by when, and what is new."""
    context = {
        "to_do": queries.to_do(request.user),
        "ahead": queries.ahead(request.user, timezone.localdate()),
        "news": queries.news(request.user),
    }
    return render(request, "notices/work.html", context)


@login_required
@require_safe
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Go where a notice leads; it is new no more."""
    found = get_object_or_404(queries.visible_to(request.user), pk=pk)
    place = queries.place(found)
    actions.mark_seen(found, by=request.user)
    if place is None:
        messages.info(request, _("What this was about has no page that you may see any more."))
        return redirect("work")
    return redirect(place)


@login_required
@require_POST
def read(request: HttpRequest, pk: int) -> HttpResponse:
    """One piece of news was read."""
    actions.mark_seen(get_object_or_404(queries.visible_to(request.user), pk=pk), by=request.user)
    return redirect("work")


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """All news were read."""
    actions.read_all(by=request.user)
    return redirect("work")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def letters(request: HttpRequest) -> HttpResponse:
    """Choose how often letters come."""
    kept = queries.letters_of(request.user)
    form = LettersForm(request.POST or None, initial={"often": kept.often})
    if request.method == "POST" and form.is_valid():
        actions.choose_letters(often=form.cleaned_data["often"], by=request.user)
        messages.success(request, _("Saved."))
        return redirect("letters")
    return render(request, "notices/letters.html", {"form": form})
