"""Pages of the indicator tracking table: the table, its workbook, and what a workbook would change."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.errors import MilepostError
from milepost.recipes import tracking as recipe
from milepost.reports import sentences
from milepost.web.projects.actions import tracking as actions
from milepost.web.projects.forms import tracking as forms
from milepost.web.projects.queries import scoping
from milepost.web.projects.queries import tracking as queries
from milepost.web.projects.views.common import P, find, page
from milepost.web.ui.acting import FORM, done, said_aloud

if TYPE_CHECKING:
    from milepost.web.projects.models import Project

KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def tracking(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole table."""
    return _table_page(request, find(request, pk), forms.SendInForm())


def _asked(request: HttpRequest, project: "Project") -> queries.Tracked:
    """The table as it was asked for: drafts only for those who work with the project."""
    inside = scoping.works_with(request.user, project)
    drafts = inside and request.GET.get("drafts") == "1"
    return queries.tracked(project, today=timezone.localdate(), inside=inside, drafts=drafts)


def _table_page(request: HttpRequest, project: "Project", form: Any) -> HttpResponse:
    table = _asked(request, project)
    context = {
        "table": queries.page(table) if table.rows else None,
        "drafts": table.inside and request.GET.get("drafts") == "1",
        "form": form,
    }
    return page(request, project, "tracking", "tracking", **context)


@require_safe
def tracking_file(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as a workbook."""
    project = find(request, pk)
    table = _asked(request, project)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tracking.xlsx"
        try:
            recipe.write(
                table.rows,
                table.about,
                path,
                language=table.language,
                log=queries.log(table),
                secret=queries.secret(),
            )
        except MilepostError as error:
            _say(request, error)
            return redirect("tracking", pk)
        return _workbook(path, f"tracking-{pk}.xlsx")


def _workbook(path: Path, name: str) -> HttpResponse:
    answer = HttpResponse(path.read_bytes(), content_type=KIND)
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


# Back in ----------------------------------------------------------------------------------------------------


def _find_to_send(request: HttpRequest, pk: int) -> "Project":
    """A project into which a person may send a table: 404 where it is hidden, 403 where it is not allowed."""
    project = find(request, pk)
    if not any(scoping.may_do(request.user, each, project) for each in (P.EDIT_PROJECTS, P.REPORT_RESULTS)):
        raise PermissionDenied(P.REPORT_RESULTS)
    return project


@login_required
@require_http_methods(FORM)
def tracking_upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Send a filled-in workbook in; the next page says what it would change."""
    project = _find_to_send(request, pk)
    form = forms.SendInForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        stored = done(
            form,
            actions.send_in,
            by=request.user,
            project=project,
            upload=upload,
            name=upload.name,
            today=timezone.localdate(),
        )
        if stored:
            return redirect("tracking-run", pk, stored.pk)
    return _table_page(request, project, form)


@login_required
@require_http_methods(FORM)
def tracking_run(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """What a workbook would change, and what a person decides of it; once it is confirmed, that is done."""
    project = _find_to_send(request, pk)
    stored = get_object_or_404(queries.waiting(request.user, project), pk=file)
    form = forms.ConfirmForm(request.POST or None)
    decisions = queries.decisions_in(request.POST)
    if every := request.POST.get("every"):
        undecided = _judge(request, project, stored)
        if undecided is None:
            return redirect("tracking", pk)
        decisions = queries.of_all(undecided, keep=every == "keep")
    elif request.method == "POST" and "look" not in request.POST and form.is_valid():
        if form.cleaned_data.pop("decided") != queries.as_text(decisions):
            form.add_error(
                None, _("You have decided otherwise since. Look what changes now, and confirm it.")
            )
        else:
            typed = {"project": project, "stored": stored, "today": timezone.localdate()}
            deed = {"by": request.user, "decisions": decisions, **typed, **form.cleaned_data}
            if taken := done(form, actions.take_in, **deed):
                messages.success(request, _said(taken))
                return redirect(_table_address(project, drafts=bool(taken.reports)))
    judged = _judge(request, project, stored, decisions)
    if judged is None:
        return redirect("tracking", pk)
    seen = {
        "digest": judged.digest,
        "decided": queries.as_text(decisions),
        "send": bool(form.data.get("send")),
    }
    context = {
        "stored": stored,
        "form": forms.ConfirmForm(initial=seen),
        "wrong": form.non_field_errors() if form.is_bound else [],
        "counts": judged.counts,
        "run": judged.run,
        "to_decide": queries.to_decide(judged, decisions),
        "changes": queries.told(judged),
        "whole": [
            one for one in judged.run.problems if all(one is not c.problem for c in judged.run.changes)
        ],
        "reports": any(one.what == "actual" for one in judged.run.updates),
    }
    return page(request, project, "tracking_run", "tracking", **context)


def _judge(
    request: HttpRequest, project: "Project", stored: Any, decisions: Any = None
) -> queries.Judged | None:
    """What a workbook would change; None where it cannot be read any more, as the next page then says."""
    today = timezone.localdate()
    try:
        return queries.judge(request.user, project, stored, today=today, decisions=decisions)
    except MilepostError as error:
        _say(request, error)
        return None


def _say(request: HttpRequest, error: MilepostError) -> None:
    for problem in error.problems:
        messages.error(request, " ".join(sentences.fault(problem, get_language() or "en")))


def _said(taken: actions.Taken) -> str:
    targets = ngettext("{count} target is set.", "{count} targets are set.", taken.targets)
    reports = ngettext("{count} report is written.", "{count} reports are written.", taken.reports)
    sent = ngettext("{count} is sent to review.", "{count} are sent to review.", taken.sent)
    return " ".join(
        words.format(count=count)
        for words, count in ((targets, taken.targets), (reports, taken.reports), (sent, taken.sent))
        if count
    )


def _table_address(project: "Project", *, drafts: bool) -> str:
    return reverse("tracking", args=[project.pk]) + ("?drafts=1" if drafts else "")


@login_required
@require_safe
def tracking_marked(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """The workbook with every refused cell marked, and what is wrong with it."""
    project = _find_to_send(request, pk)
    stored = get_object_or_404(queries.waiting(request.user, project), pk=file)
    judged = _judge(request, project, stored)
    if judged is None:
        return redirect("tracking", pk)
    table = judged.table
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "tracking.xlsx"
        try:
            recipe.send_back(
                judged.run,
                table.rows,
                table.about,
                path,
                language=table.language,
                log=queries.log(table),
                secret=queries.secret(),
            )
        except MilepostError as error:
            _say(request, error)
            return redirect("tracking-run", pk, file)
        return _workbook(path, f"tracking-{pk}-marked.xlsx")


@login_required
@require_POST
def tracking_withdraw(request: HttpRequest, pk: int, file: int) -> HttpResponse:
    """Take the file back; nothing is changed."""
    project = _find_to_send(request, pk)
    stored = get_object_or_404(queries.waiting(request.user, project), pk=file)
    if said_aloud(request, actions.withdraw, by=request.user, project=project, stored=stored):
        messages.success(request, _("The file is withdrawn; nothing was changed."))
    return redirect("tracking", pk)
