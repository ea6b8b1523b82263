"""The fact sheet of a project, and its reports: from a draft to what was sent."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.errors import MilepostError
from milepost.reports import sentences
from milepost.web.files import queries as files
from milepost.web.projects.actions import reports as actions
from milepost.web.projects.forms import reports as forms
from milepost.web.projects.queries import documents, reports, scoping
from milepost.web.projects.views.common import P, find, find_to, page
from milepost.web.ui.acting import FORM, done, said_aloud


def attachment(content: bytes, ending: str, name: str) -> HttpResponse:
    """A document as a file to keep."""
    answer = HttpResponse(content, content_type=documents.KINDS[ending])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _known(ending: str) -> None:
    if ending not in documents.KINDS:
        raise Http404


def _look(request: HttpRequest, project: Any, ending: str) -> bytes | HttpResponse | None:
    """The Word file in whose look a document is made; back to the project where it is lost, as that says."""
    try:
        return documents.look(project, ending)
    except MilepostError as error:
        for problem in error.problems:
            messages.error(request, " ".join(sentences.fault(problem, get_language() or "en")))
        return redirect(project)


def _root(request: HttpRequest) -> str:
    return f"{request.scheme}://{request.get_host()}"


# The fact sheet ---------------------------------------------------------------------------------------------


@require_safe
def fact_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The fact sheet in the reader's language; every figure leads to where it comes from."""
    project = find(request, pk)
    sheet = documents.article(documents.fact_sheet(project), request.user)
    return page(request, project, "document_sheet", "project", article=sheet)


@require_safe
def fact_sheet_file(request: HttpRequest, pk: int, ending: str) -> HttpResponse:
    """The fact sheet as a file."""
    _known(ending)
    project = find(request, pk)
    look = _look(request, project, ending)
    if isinstance(look, HttpResponse):
        return look
    sheet = documents.fact_sheet(project)
    made = documents.as_file(sheet, ending, user=request.user, root=_root(request), reference=look)
    return attachment(made, ending, documents.sheet_name(project, ending))


# Reports ----------------------------------------------------------------------------------------------------


@login_required
@require_safe
def project_reports(request: HttpRequest, pk: int) -> HttpResponse:
    """The reports on a project, for those who work with it."""
    project = find(request, pk)
    if not scoping.works_with(request.user, project):
        raise Http404
    rows = [
        (one, reports.STATES[one.state], reports.SHAPES[one.state])
        for one in reports.visible_to(request.user).filter(project=project)
    ]
    return page(request, project, "documents", "reports", reports=rows)


@login_required
@require_http_methods(FORM)
def report_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a report."""
    project = find_to(request, pk, P.REPORT_RESULTS)
    form = forms.NewReportForm(
        request.POST or None, periods=list(project.periods.all()), initial={"language": get_language()}
    )
    if request.method == "POST" and form.is_valid():
        made = done(form, actions.begin, by=request.user, project=project, **form.cleaned_data)
        if made:
            messages.success(request, _("The report is begun, with the figures that are here."))
            return redirect("project-report-edit", made.pk)
    return page(request, project, "document_new", "reports", form=form)


def _report(request: HttpRequest, pk: int, permission: P | None = None) -> Any:
    """A report that the reader may see, and may do this with: else 404, or 403."""
    found = get_object_or_404(reports.visible_to(request.user), pk=pk)
    if permission is not None and not scoping.may_do(request.user, permission, found.project):
        raise PermissionDenied(permission)
    return found


@login_required
@require_safe
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """A report: as it stands, or as it was approved; and what can be done with it."""
    found = _report(request, pk)
    version = reports.latest(found)
    mine = request.user.pk in (found.submitted_by_id, found.typed_by_id)
    context = {
        "report": found,
        "status": reports.STATES[found.state],
        "status_shape": reports.SHAPES[found.state],
        "language": get_language_info(found.language)["name_translated"],
        "version": version,
        "earlier": [one for one in found.versions.select_related("pdf", "docx", "html") if one != version],
        "missing": reports.missing(found) if found.state in reports.OPEN else [],
        "open": found.state in reports.OPEN,
        "may_review": scoping.may_do(request.user, P.APPROVE_RESULTS, found.project) and not mine,
        "send_form": forms.SendForm(initial={"revision": found.revision, "sent_on": timezone.localdate()}),
        "article": documents.kept_article(version)
        if version
        else documents.article(documents.report(found), request.user, level=2),
    }
    return page(request, found.project, "document_report", "reports", **context)


@login_required
@require_http_methods(FORM)
def report_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the parts of a report."""
    found = _report(request, pk, P.REPORT_RESULTS)
    if found.state not in reports.OPEN:
        messages.error(request, _("A report is written as a draft, or once it was returned."))
        return redirect(found)
    parts = reports.parts(found)
    initial = {part: reports.words(found, part) for part in parts} | {"revision": found.revision}
    form = forms.PartsForm(request.POST or None, parts=parts, language=found.language, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = {"by": request.user, "report": found, "words": form.words()}
        if done(form, actions.write, **typed, revision=form.cleaned_data["revision"]):
            messages.success(request, _("Saved."))
            return redirect(found)
    stale = _differs(form, _report(request, pk), parts) if getattr(form, "stale", False) else None
    return page(request, found.project, "document_edit", "reports", form=form, report=found, stale=stale)


def _differs(form: Any, now: Any, parts: dict[str, str]) -> list[tuple[str, str]]:
    """What the parts say now where that differs from what was typed; the form then rests on the present."""
    form.data = form.data.copy()
    form.data["revision"] = now.revision
    typed = form.words()
    return [
        (title, reports.words(now, part) or "–")
        for part, title in parts.items()
        if reports.words(now, part) != typed[part]
    ]


DEEDS = {
    "submit": (actions.submit, P.REPORT_RESULTS, False),
    "recall": (actions.recall, P.REPORT_RESULTS, False),
    "return": (actions.give_back, P.APPROVE_RESULTS, True),
    "approve": (actions.approve, P.APPROVE_RESULTS, False),
    "reopen": (actions.reopen, P.APPROVE_RESULTS, True),
}


@login_required
@require_POST
def report_step(request: HttpRequest, pk: int, deed: str) -> HttpResponse:
    """Submit, recall, return, approve or open a report again."""
    if deed not in DEEDS:
        raise Http404
    action, permission, reasoned = DEEDS[deed]
    found = _report(request, pk, permission)
    form = forms.StepForm(request.POST)
    if form.is_valid():
        more = {"reason": form.cleaned_data["reason"]} if reasoned else {}
        typed = {"by": request.user, "report": found, "revision": form.cleaned_data["revision"]}
        if said_aloud(request, action, **typed, **more):
            messages.success(request, _("Done."))
    return redirect(found)


@login_required
@require_POST
def report_send(request: HttpRequest, pk: int) -> HttpResponse:
    """Say that a report was sent."""
    found = _report(request, pk, P.REPORT_RESULTS)
    form = forms.SendForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Type the day and to whom the report was sent."))
    elif said_aloud(request, actions.send, by=request.user, report=found, **form.cleaned_data):
        messages.success(request, _("Done."))
    return redirect(found)


@login_required
@require_safe
def report_file(request: HttpRequest, pk: int, ending: str) -> HttpResponseBase:
    """A report as a file: as it was approved, or a draft as it stands now."""
    _known(ending)
    found = _report(request, pk)
    version = reports.latest(found)
    if version is not None:
        return _kept(version, ending)
    look = _look(request, found.project, ending)
    if isinstance(look, HttpResponse):
        return look
    made = documents.as_file(documents.report(found), ending, reference=look)
    return attachment(made, ending, documents.file_name(found, ending))


@login_required
@require_safe
def report_version(request: HttpRequest, pk: int, ending: str) -> HttpResponseBase:
    """A file of an approved version, as it was."""
    _known(ending)
    return _kept(get_object_or_404(reports.versions(request.user), pk=pk), ending)


def _kept(version: Any, ending: str) -> FileResponse:
    stored = getattr(version, ending)
    try:
        content = files.open_file(stored)
    except FileNotFoundError:
        raise Http404 from None
    answer = FileResponse(
        content, as_attachment=True, filename=stored.name, content_type=documents.KINDS[ending]
    )
    answer["Cache-Control"] = "private, no-store"
    return answer
