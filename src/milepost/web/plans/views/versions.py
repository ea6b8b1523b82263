"""A plan: its measures, its versions and what differs between them, who does what, its table as a file."""

import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.interchange import plan_table
from milepost.web.plans.actions import measures, versions
from milepost.web.plans.forms import versions as forms
from milepost.web.plans.queries import difference as differences
from milepost.web.plans.queries import matrix as matrices
from milepost.web.plans.queries import scoping
from milepost.web.plans.queries import versions as queries
from milepost.web.plans.views.common import asked_version, find_draft, find_plan, page
from milepost.web.ui.acting import FORM, done, number, refreshed, said_aloud
from milepost.web.ui.templatetags.ui import plain

KINDS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
"""The endings in which the table of a plan goes out."""


@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """The measures of the version that holds, or of the one that is asked for."""
    found = find_plan(request, pk)
    version = asked_version(request, found)
    context: dict[str, Any] = {
        "shown": version,
        "periods": queries.history(request.user, found),
        "draft": scoping.versions(request.user).filter(plan=found, state="draft").first(),
    }
    if version is not None:
        whole = list(queries.entries(version))
        form = forms.FilterForm(request.GET or None, offered=queries.choices(version, whole))
        shown = queries.narrowed(whole, form.wanted)
        inside = scoping.works_with(request.user, found.policy)
        context |= {
            "form": form,
            "groups": queries.grouped(shown),
            "count": len(shown),
            "of": len(whole),
            "standing": queries.standing(whole, timezone.localdate()),
            "problems": queries.faults(version, get_language() or "en") if inside else [],
        }
    return page(request, found, "plan", "plan", **context)


@require_safe
def table(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The version as the table of an act, in Word or Excel."""
    if ending not in KINDS:
        raise Http404
    found = find_plan(request, pk)
    version = asked_version(request, found)
    if version is None:
        raise Http404
    language = get_language() or "en"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"plan.{ending}"
        plan_table.write(plain(found.text), queries.as_value(version, language).sections, path, language)
        answer = HttpResponse(path.read_bytes(), content_type=KINDS[ending])
    answer["Content-Disposition"] = f'attachment; filename="plan-{pk}-{version.number}.{ending}"'
    if version.is_draft:
        answer["Cache-Control"] = "private, no-store"
    return answer


@require_safe
def difference(request: HttpRequest, pk: int) -> HttpResponse:
    """Two versions side by side: those that are asked for, else the last two."""
    found = find_plan(request, pk)
    periods = queries.history(request.user, found)
    by_number = {str(one.version.number): one.version for one in periods}
    after = by_number.get(request.GET.get("after", "")) or (periods[-1].version if periods else None)
    earlier = [one.version for one in periods if after is not None and one.version.number < after.number]
    before = by_number.get(request.GET.get("before", "")) or (earlier[-1] if earlier else None)
    context: dict[str, Any] = {"periods": periods, "before": before, "after": after, "found": None}
    if before is not None and after is not None and before != after:
        context["found"] = differences.difference(before, after)
    return page(request, found, "difference", "difference", **context)


@require_safe
def matrix(request: HttpRequest, pk: int) -> HttpResponse:
    """Institutions × measures, and where nobody, too many or one that is closed would do it."""
    found = find_plan(request, pk)
    version = asked_version(request, found)
    made = matrices.matrix(version, get_language() or "en") if version is not None else None
    return page(request, found, "matrix", "matrix", shown=version, matrix=made)


# Versions ---------------------------------------------------------------------------------------------------


@login_required
@require_POST
def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a draft: the first version, or an amendment of the version in force."""
    found = find_plan(request, pk, to_edit=True)
    if said_aloud(request, versions.begin, by=request.user, plan=found):
        messages.success(
            request, _("The draft is begun. Nobody else but those who work with it can read it.")
        )
        draft = find_draft(found, request.user)
        return redirect(f"{reverse('plan', args=[pk])}?version={draft.number}")
    return redirect("plan", pk)


@login_required
@require_http_methods(FORM)
def in_force(request: HttpRequest, pk: int) -> HttpResponse:
    """Put the draft in force by a legal act."""
    found = find_plan(request, pk, to_edit=True)
    draft = find_draft(found, request.user)
    form = forms.InForceForm(
        request.POST or None, first=draft.number == 1, initial={"revision": draft.revision}
    )
    if request.method == "POST" and form.is_valid():
        if done(form, versions.put_in_force, by=request.user, version=draft, **form.cleaned_data):
            messages.success(
                request, _("The version is in force. What the act says is not changed any more.")
            )
            return redirect(found)
        refreshed(form, draft)
    problems = queries.faults(draft, get_language() or "en")
    return page(request, found, "in_force", "plan", form=form, shown=draft, problems=problems)


@login_required
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw the draft away."""
    found = find_plan(request, pk, to_edit=True)
    draft = find_draft(found, request.user)
    if said_aloud(
        request,
        versions.discard,
        by=request.user,
        version=draft,
        revision=number(request, "revision"),
        reason=request.POST.get("reason", "")[:2000],
    ):
        messages.success(request, _("The draft is thrown away."))
    return redirect("plan", pk)


@login_required
@require_http_methods(FORM)
def hand_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Let another institution report on what one reported on."""
    found = find_plan(request, pk, to_edit=True)
    form = forms.HandOverForm(
        request.POST or None,
        giving=scoping.coordinating(found),
        taking=scoping.participants(found.policy),
        initial={"giving": request.GET.get("giving", "")},
    )
    if request.method == "POST" and form.is_valid():
        try_ = done(form, _counted, by=request.user, plan=found, **form.cleaned_data)
        if try_:
            count = try_[0]
            words = ngettext("{count} measure went over.", "{count} measures went over.", count)
            messages.success(request, words.format(count=count))
            return redirect("plan-matrix", pk)
    return page(request, found, "hand_over", "matrix", form=form)


def _counted(**typed: Any) -> tuple[int]:
    """How many went over; none is an answer, too."""
    return (measures.hand_over(**typed),)
