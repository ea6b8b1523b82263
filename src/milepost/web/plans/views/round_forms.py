"""Pages of a round's Excel forms: download, hand in, see what it changes, confirm."""

import io
import tempfile
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.errors import MilepostError
from milepost.interchange import round_form as room
from milepost.recipes import round_form as recipe
from milepost.web.plans.actions import round_forms as actions
from milepost.web.plans.forms import round_forms as forms
from milepost.web.plans.queries import round_forms as queries
from milepost.web.plans.queries import rounds
from milepost.web.plans.views.common import page
from milepost.web.ui.acting import FORM, done, said_aloud, say

if TYPE_CHECKING:
    from milepost.web.plans.models import Round
    from milepost.web.stakeholders.models import Institution

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _round(request: HttpRequest, pk: int) -> "Round":
    return get_object_or_404(rounds.visible_rounds(request.user), pk=pk)


@login_required
@require_http_methods(FORM)
def round_forms(request: HttpRequest, pk: int) -> HttpResponse:
    """The forms that a person may download, and the place where one is handed in."""
    one = _round(request, pk)
    offered = queries.own(request.user, one)
    answers = queries.answers_for(request.user, one)
    if not offered:
        raise PermissionDenied
    form = forms.HandInForm(request.POST or None, request.FILES or None)
    if request.method == "POST":
        if not answers:
            raise PermissionDenied
        if form.is_valid():
            upload = form.cleaned_data["file"]
            typed = {"one": one, "upload": upload, "name": upload.name}
            if stored := done(form, actions.hand_in, by=request.user, **typed):
                return redirect("round-form-back", pk, stored.pk)
    context = {
        "round": one,
        "offered": offered,
        "form": form if answers else None,
        "may_review": rounds.may_review(request.user, one),
        "waiting": queries.waiting(request.user, one),
    }
    return page(request, one.plan, "round_forms", "rounds", **context)


@login_required
@require_safe
def round_form(request: HttpRequest, pk: int, institution: int) -> HttpResponse:
    """The form of one institution."""
    one = _round(request, pk)
    found = next((each for each in queries.own(request.user, one) if each.pk == institution), None)
    if found is None:
        raise Http404
    return _file(_workbook(one, found), f"round-{one.pk}-{found.code}.xlsx", KIND)


@login_required
@require_safe
def round_forms_zip(request: HttpRequest, pk: int) -> HttpResponse:
    """The forms of all institutions, for the one in the lead."""
    one = _round(request, pk)
    if not rounds.may_review(request.user, one):
        raise PermissionDenied
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for each in queries.own(request.user, one):
            archive.writestr(f"round-{one.pk}-{each.code}.xlsx", _workbook(one, each))
    return _file(out.getvalue(), f"round-{one.pk}-forms.zip", "application/zip")


def _workbook(one: "Round", institution: "Institution", notes: Any = None) -> bytes:
    language = get_language() or "en"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "form.xlsx"
        room.write(
            queries.form_of(one, institution),
            path,
            language=language,
            words=recipe.words_in(language),
            choices=queries.choices(),
            secret=queries.secret(),
            notes=notes,
        )
        return path.read_bytes()


def _file(content: bytes, name: str, kind: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


# Back -------------------------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM)
def round_form_back(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """What a form changes; once it is confirmed, that is done."""
    one = _round(request, pk)
    stored = get_object_or_404(queries.waiting(request.user, one), pk=file)
    try:
        judged = queries.judge(request.user, one, stored)
    except MilepostError as error:
        say(request, error)
        return redirect("round-forms", pk)
    form = forms.ConfirmForm(request.POST or None, initial={"digest": judged.digest})
    if request.method == "POST" and form.is_valid():
        decisions = queries.decided(judged, request.POST.getlist("take"))
        deed = {"one": one, "stored": stored, "decisions": decisions, **form.cleaned_data}
        if taken := done(form, actions.take_in, by=request.user, **deed):
            _tell(request, taken)
            return redirect(one)
        form = forms.ConfirmForm(initial={"digest": judged.digest, "send": form.cleaned_data["send"]})
        messages.error(request, _("It would change something else by now. Look again, and confirm it."))
    context = {
        "round": one,
        "stored": stored,
        "judged": judged,
        "loose": [one.problem for one in judged.loose if one.problem is not None],
        "rows": [(row, queries.told(row)) for row in judged.rows],
        "form": form,
        "may_take": any(row.is_taken for row in judged.rows) or "conflict" in judged.counts,
    }
    return page(request, one.plan, "round_form_back", "rounds", **context)


def _tell(request: HttpRequest, taken: actions.Taken) -> None:
    written = ngettext("{count} answer is written.", "{count} answers are written.", taken.answers)
    sent = ngettext("{count} is sent to review.", "{count} are sent to review.", taken.sent)
    said = f"{written.format(count=taken.answers)} {sent.format(count=taken.sent)}"
    messages.success(request, said)
    if taken.lacking:
        lacking = _("Not sent, because something is missing: {names}.")
        messages.warning(request, lacking.format(names="; ".join(taken.lacking)))


@login_required
@require_safe
def round_form_marked(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """The same form with every fault marked where it stands, to be mended and handed in again."""
    one = _round(request, pk)
    stored = get_object_or_404(queries.waiting(request.user, one), pk=file)
    try:
        judged = queries.judge(request.user, one, stored)
    except MilepostError as error:
        say(request, error)
        return redirect("round-forms", pk)
    content = _workbook(one, judged.institution, queries.notes(judged))
    return _file(content, f"round-{one.pk}-marked.xlsx", KIND)


@login_required
@require_POST
def round_form_withdraw(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Take a form back; nothing is changed."""
    one = _round(request, pk)
    stored = get_object_or_404(queries.waiting(request.user, one), pk=file)
    if said_aloud(request, actions.withdraw, by=request.user, one=one, stored=stored):
        messages.success(request, _("The form is withdrawn; nothing was changed."))
    return redirect("round-forms", pk)
