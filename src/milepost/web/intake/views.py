"""The pages of deliveries: what the columns mean, what is wrong, what is remembered."""

from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import NoReverseMatch, reverse
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from milepost.errors import MilepostError
from milepost.reports import sentences
from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.intake import actions, copies, queries
from milepost.web.intake.forms import MappingForm
from milepost.web.intake.words import STATES, codes_of, name_of
from milepost.web.ui import moments
from milepost.web.ui.revisions import Stale
from milepost.web.ui.templatetags.ui import plain

PAGE = 50
WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_safe
def deliveries(request: HttpRequest) -> HttpResponse:
    """What came in, the latest first."""
    page = Paginator(queries.visible_to(request.user), PAGE).get_page(request.GET.get("page"))
    rows = [{"delivery": one, "state": STATES[one.state], "href": _home(one)} for one in page]
    return render(request, "intake/deliveries.html", {"page": page, "rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """What the columns and words of a file mean: shown, and said by whoever may upload."""
    found = _find(request, pk)
    if found.file is None:
        return redirect(_home(found))
    may_map = may(request.user, Permission.UPLOAD_DATA, *found.places) and queries.is_open(found)
    if request.method == "POST" and not may_map:
        raise PermissionDenied
    form = _form(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        seen = form.cleaned_data["mapping"] or 0
        try:
            actions.remember(by=request.user, delivery=found, **form.said(), seen=seen)
        except Stale:
            _tell_of_change(found, form)
        except MilepostError as error:
            for problem in error.problems:
                form.add_error(None, " ".join(sentences.fault(problem, get_language() or "en")))
        else:
            return _after_mapping(request, found)
    context = {
        "delivery": found,
        "state": STATES[found.state],
        "form": form,
        "may_map": may_map,
        "href": _home(found),
        "asks_of_mends": queries.asks_of_mends(found),
        "problems": queries.faults_of_file(found),
        "last": queries.last_mapping_of(found),
        "open_count": len(form.unknown),
        "nothing_tells": [
            name_of(u.concept) for u in form.unknown if u.kind in ("period", "value", "indicator")
        ],
        "asked_again": [name_of(u.concept) for u in form.unknown if u.kind == "again"],
    }
    return render(request, "intake/delivery.html", context)


def _form(found: Any, data: Any) -> MappingForm:
    last = queries.last_mapping_of(found)
    return MappingForm(
        data,
        tables=queries.sketch(found),
        described=found.tables,
        how=queries.reading(found),
        indicators=queries.indicator_titles(found.country),
        national=queries.national(found.country),
        last=last.pk if last else 0,
    )


def _tell_of_change(found: Any, form: MappingForm) -> None:
    """Say who said something else of these columns meanwhile; what was chosen stays, to be sent again."""
    last = queries.last_mapping_of(found)
    who = last.by.name if last else ""
    form.add_error(None, _("{who} changed this mapping meanwhile. Compare, and save again.").format(who=who))
    form.data = form.data.copy()
    form.data["mapping"] = str(last.pk if last else 0)


def _after_mapping(request: HttpRequest, found: Any) -> HttpResponse:
    """Have the file read where nothing is left to decide, else ask for the rest."""
    _reading, unknown = queries.reading(found)
    if unknown:
        left = len(unknown)
        messages.info(
            request,
            ngettext(
                "Saved. {count} more thing is to be decided.",
                "Saved. {count} more things are to be decided.",
                left,
            ).format(count=left),
        )
        return redirect("delivery", found.pk)
    actions.read_again(by=request.user, delivery=found)
    messages.success(request, _("Saved and remembered. The file is being read."))
    return redirect(_home(found))


@login_required
@require_POST
def read_again(request: HttpRequest, pk: int) -> HttpResponse:
    """Have a file read once more; changes by hand stay, or go where the reader says that they may."""
    found = _find(request, pk)
    drop = request.POST.get("drop") == "1"
    try:
        actions.read_again(by=request.user, delivery=found, drop_mends=drop)
    except MilepostError as error:
        _say(request, error)
    else:
        mended = queries.mended(found).count()
        said = _("The file is being read again.")
        if mended and not drop:
            words = ngettext(
                "{count} row that was changed by hand stays so.",
                "{count} rows that were changed by hand stay so.",
                mended,
            )
            said += " " + words.format(count=mended)
        messages.success(request, said)
    return redirect(_home(found))


@login_required
@require_safe
def faults(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything that is wrong with a file and its rows."""
    found = _find(request, pk)
    page = Paginator(queries.faulty(found), PAGE).get_page(request.GET.get("page"))
    context = {
        "delivery": found,
        "page": page,
        "of_file": queries.faults_of_file(found),
        "of_rows": queries.faults_to_show(found, page.object_list),
        "counts": queries.counts(found),
        "href": _home(found),
    }
    return render(request, "intake/faults.html", context)


@login_required
@require_safe
def faults_csv(request: HttpRequest, pk: int) -> Any:
    """The same as a file."""
    found = _find(request, pk)
    lines = copies.faults_csv(found, get_language() or "en")
    answer = StreamingHttpResponse((line.encode() for line in lines), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f"attachment; filename*=utf-8''{quote(Path(str(found)).stem)}-faults.csv"
    return answer


@login_required
@require_safe
def marked_copy(request: HttpRequest, pk: int) -> Any:
    """The file as a workbook with every fault marked; a large one is made by a job."""
    found = _find(request, pk)
    if queries.is_large(found):
        known = queries.copy_of(found, get_language() or "en")
        if known is not None and known.file is not None:
            return redirect("file", known.file)
        return redirect("delivery-copy", pk)
    try:
        content = copies.marked_copy(found, get_language() or "en")
    except MilepostError as error:
        _say(request, error)
        return redirect("delivery-faults", pk)
    name = copies.name_of_copy(found)
    return FileResponse(BytesIO(content), as_attachment=True, filename=name, content_type=WORKBOOK)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """The marked copy of a large file: have it made, see how far it is, take it."""
    found = _find(request, pk)
    language = get_language() or "en"
    if request.method == "POST":
        actions.ask_for_copy(by=request.user, delivery=found, language=language)
        return redirect("delivery-copy", pk)
    known = queries.copy_of(found, language)
    context = {
        "delivery": found,
        "copy": known,
        "under_way": known is not None and not known.job.ended,
        "large": queries.is_large(found),
        "href": _home(found),
    }
    answer = render(request, "intake/copy.html", context)
    answer["Cache-Control"] = "no-store"
    return answer


@login_required
@require_safe
def mappings(request: HttpRequest) -> HttpResponse:
    """The mappings that the reader's institutions have."""
    page = Paginator(queries.latest_mappings(request.user), PAGE).get_page(request.GET.get("page"))
    return render(request, "intake/mappings.html", {"page": page})


@login_required
@require_safe
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """One revision of a mapping, and the others."""
    found = _find_mapping(request, pk)
    revisions = list(queries.revisions(request.user, found))
    titles = queries.national_of(found.institution).titles
    context = {
        "mapping": found,
        "columns": [
            (header, name_of(name, titles) if name else "") for header, name in found.columns.items()
        ],
        "codes": [(name_of(name, titles), _named(found, name, words)) for name, words in found.codes.items()],
        "fixed": [(name_of(name), value) for name, value in found.fixed.items()],
        "revisions": revisions,
        "is_last": revisions[0].pk == found.pk,
        "may_forget": revisions[0].pk == found.pk
        and not found.forgotten
        and may(request.user, Permission.UPLOAD_DATA, *found.places),
    }
    return render(request, "intake/mapping.html", context)


def _named(found: Any, name: str, words: dict[str, str]) -> list[tuple[str, str, str]]:
    """(word, code, name of the code)."""
    codes = codes_of(name, queries.national_of(found.institution))
    total = _("total: no breakdown")
    return [
        (word, code, total if code == "_T" else plain(codes[code]) if code in codes else "")
        for word, code in words.items()
    ]


@login_required
@require_POST
def forget(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a mapping, so that the next file is asked for anew."""
    found = _find_mapping(request, pk)
    try:
        actions.forget(by=request.user, mapping=found)
    except Stale:
        messages.error(request, _("Somebody else changed this mapping meanwhile. Look at it again."))
        return redirect("mapping", pk)
    messages.success(request, _("The mapping is forgotten. The next file with these columns asks anew."))
    return redirect("mappings")


def _find(request: HttpRequest, pk: int) -> Any:
    found = queries.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    moments.follow(found.country)
    return found


def _find_mapping(request: HttpRequest, pk: int) -> Any:
    found = queries.mappings(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _home(found: Any) -> str:
    """The page of the figures that a delivery became, else its own."""
    dataset = queries.dataset_of(found)
    if dataset is not None:
        try:
            return reverse("dataset", args=[dataset.pk])
        except NoReverseMatch:
            pass
    return reverse("delivery", args=[found.pk])


def _say(request: HttpRequest, error: MilepostError) -> None:
    for problem in error.problems:
        messages.error(request, " ".join(sentences.fault(problem, get_language() or "en")))
