"""Pages of records: bring them in, explain their columns, measure, look at what may be told, hand it over."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from milepost.errors import MilepostError, refuse
from milepost.reports import sentences
from milepost.values import Origin, Problem
from milepost.web.audit import queries as audit
from milepost.web.microdata import actions, explaining, queries, records, results
from milepost.web.microdata.forms import (
    ColumnsForm,
    DatasetForm,
    DeedForm,
    LowerForm,
    MappingForm,
    NewForm,
)
from milepost.web.ui.forms import show_faults
from milepost.web.ui.revisions import Stale

PER_PAGE = 50
CELLS_PER_PAGE = 200
LONGEST_MAPPING = 1_000_000

View = Callable[..., HttpResponse]


def offered(view: View) -> View:
    """The page is there only where the administrator has turned these pages on."""

    @wraps(view)
    def inner(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        if not settings.MICRODATA:
            raise Http404
        return view(request, *arguments, **named)

    return inner


@offered
@login_required
@require_GET
def measurements(request: HttpRequest) -> HttpResponse:
    """The measurements of the institutions in which a person works."""
    if not queries.measures(request.user):
        raise PermissionDenied
    page = Paginator(queries.visible_to(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "may_start": bool(queries.places(request.user))}
    return render(request, "microdata/list.html", context)


# In ---------------------------------------------------------------------------------------------------------


@offered
@csrf_exempt  # until it is known who asks: the form is read only then, and `_new` looks at its token
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Bring in records: the file goes straight into a private folder, never among temporary files."""
    places = queries.places(request.user)
    if not places:
        raise PermissionDenied
    receiver = records.Receiver(request, "file")
    setattr(request, "upload_handlers", [receiver])  # noqa: B010  (its type is told wrong)
    try:
        return _new(request, places, receiver)
    finally:
        receiver.close()


@csrf_protect
def _new(request: HttpRequest, places: list[Any], receiver: records.Receiver) -> HttpResponse:
    form = NewForm(
        request.POST if request.method == "POST" else None,
        request.FILES if request.method == "POST" else None,
        initial={name: request.GET[name] for name in ("indicator", "year", "place") if name in request.GET},
        places=places,
        indicators=queries.computable([country for _institution, country in places]),
        connections=settings.MICRODATA_SOURCES,
        megabytes=settings.MICRODATA_MEGABYTES,
    )
    if request.method == "POST":
        valid = form.is_valid()
        if receiver.too_large:
            form.errors.pop("file", None)
            limit = f"{settings.MICRODATA_MEGABYTES:g}"
            show_faults(
                form,
                refuse("microdata-too-large", Origin("form"), size=f"> {limit}", limit=limit),
                field="file",
            )
        elif valid and (made := _started(request, form, receiver)) is not None:
            return redirect("measurement-columns", made.pk)
    context = {"form": form, "limit": settings.MICRODATA_MEGABYTES}
    return render(request, "microdata/new.html", context)


def _started(request: HttpRequest, form: NewForm, receiver: records.Receiver) -> Any:
    """The measurement, or None where the form says what is wrong."""
    said = form.cleaned_data
    institution, country = said["place"]
    try:
        made = actions.start(
            by=request.user,
            country=country,
            institution=institution,
            indicator=said["indicator"],
            year=said["year"],
            title=said["title"],
            received=said.get("file") or None,
            table=form.address_of_table,
        )
    except MilepostError as error:
        show_faults(form, error, field="table" if form.address_of_table else "file")
        return None
    receiver.keep()
    return made


# The columns ------------------------------------------------------------------------------------------------


@offered
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What the columns mean: shown with what is still wrong, saved, and sent to be measured."""
    found = _find(request, pk)
    if not queries.may_edit(request.user, found):
        raise PermissionDenied
    if found.state != "draft":
        if request.method == "POST":
            messages.error(request, _("This cannot be changed any more."))
        return redirect(found)
    form = _columns_form(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.explain(
                by=request.user,
                measurement=found,
                revision=form.cleaned_data["revision"],
                text=explaining.text_of(form.data_said()),
                tables=form.tables_said(),
            )
            if "measure" not in request.POST:
                messages.success(request, _("Saved."))
                return redirect("measurement-columns", pk)
            return _send(request, saved)
        except MilepostError as error:
            form.show(error.problems, _words)
        except Stale as stale:
            _tell_of_change(request, form, stale)
    return _columns_page(request, found, form)


def _send(request: HttpRequest, saved: Any) -> HttpResponse:
    """Have it measured; where the mapping has faults, the saved form with each at its field."""
    try:
        actions.measure(by=request.user, measurement=saved, revision=saved.revision)
    except MilepostError as error:
        form = _columns_form(saved, None)
        form.is_bound, form.data = True, _as_typed(form)
        form.full_clean()
        form.show(error.problems, _words)
        return _columns_page(request, saved, form)
    return redirect(saved)


def _as_typed(form: ColumnsForm) -> Any:
    """What a browser would send for the form as it is shown."""
    from django.http import QueryDict  # noqa: PLC0415

    data = QueryDict(mutable=True)
    for name in form.fields:
        value = form[name].value()
        if isinstance(value, list | tuple):
            data.setlist(name, [str(one) for one in value])
        elif value is not None and value is not False and value != "":
            data[name] = "on" if value is True else str(value)
    return data


def _columns_form(found: Any, data: Any) -> ColumnsForm:
    definition = queries.definition_of(found)
    if definition is None:
        raise Http404
    return ColumnsForm(
        data, measurement=found, definition=definition, national=queries.national(found.country)
    )


def _columns_page(request: HttpRequest, found: Any, form: ColumnsForm) -> HttpResponse:
    remaining = [] if form.is_bound else queries.mapping_faults(found)
    context = {
        "one": found,
        "form": form,
        "definition": form.definition,
        "remaining": remaining,
        "before": queries.remembered(found) if found.said_by is None else None,
        "mapping_form": MappingForm(initial={"revision": found.revision}, auto_id="mapping_%s"),
        "problems": queries.problems_of(found),
        "command": _command(found),
    }
    return render(request, "microdata/columns.html", context)


def _command(found: Any) -> str:
    """The same on the command line."""
    by = "".join(f" --by {','.join(names)}" for names in found.tables)
    return f"milepost measure {found.indicator} FILE --year {found.year}{by} --mapping mapping.yaml"


@offered
@login_required
@require_GET
def mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """The mapping file, which the command line takes too."""
    found = _find(request, pk)
    answer = HttpResponse(found.mapping.encode(), content_type="application/yaml; charset=utf-8")
    name = quote(f"{found.indicator}-{found.year}-mapping.yaml")
    answer["Content-Disposition"] = f"attachment; filename*=utf-8''{name}"
    return answer


@offered
@login_required
@require_POST
def take_mapping(request: HttpRequest, pk: int) -> HttpResponse:
    """A mapping file instead of what the form says."""
    found = _find(request, pk)
    form = MappingForm(request.POST, request.FILES, auto_id="mapping_%s")
    if not form.is_valid():
        messages.error(request, _("Choose a mapping file."))
        return redirect("measurement-columns", pk)
    try:
        actions.take_mapping(
            by=request.user,
            measurement=found,
            revision=form.cleaned_data["revision"],
            text=_text_of(form.cleaned_data["mapping"]),
        )
    except MilepostError as error:
        for problem in error.problems:
            messages.error(request, _words(problem))
    except Stale:
        messages.error(request, _("Somebody else changed this meanwhile. Look at it again."))
    else:
        messages.success(request, _("The mapping file was taken over. Look at it, then measure."))
    return redirect("measurement-columns", pk)


def _text_of(upload: Any) -> str:
    """The text of a mapping file; refuses one that is too large, or none."""
    if upload.size > LONGEST_MAPPING:
        raise refuse("definition-too-large", upload.name, size=upload.size, limit=LONGEST_MAPPING)
    try:
        return upload.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refuse("not-text", Origin(upload.name), why="it is not in UTF-8") from None


# One measurement --------------------------------------------------------------------------------------------


@offered
@login_required
@require_GET
def measurement(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is, or what came out: the protected table, what it rests on, what was left out."""
    found = _find(request, pk)
    explains = found.state == "draft" and queries.may_edit(request.user, found)
    if explains and not queries.may_lower(request.user, found):
        return redirect("measurement-columns", pk)
    return _page(request, found)


def _page(request: HttpRequest, found: Any, *, status: int = 200, **forms: Any) -> HttpResponse:
    begun = {"revision": found.revision}
    may_edit = queries.may_edit(request.user, found)
    cells = Paginator(results.lines(found), CELLS_PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "one": found,
        "job": found.job,
        "may_edit": may_edit,
        "may_stop": may_edit and found.job is not None and found.job.by == request.user,
        "may_lower": found.state == "draft" and queries.may_lower(request.user, found),
        "waits": found.state in ("waiting", "measuring"),
        "problems": queries.problems_of(found),
        "dimensions": results.dimensions(found),
        "page": cells,
        "digits": results.digits(found),
        "facts": results.facts(found),
        "rows": results.rows(found),
        "left_out": results.left_out(found),
        "notes": results.notes(found),
        "counts": results.counts(found),
        "protocol": results.protocol(found) if queries.may_read_protocol(request.user, found) else None,
        "events": audit.of(request.user, found.address)[:50],
        "deed_form": DeedForm(initial=begun),
        "lower_form": LowerForm(
            initial={**begun, "minimum": found.lowered.get("minimum")}, auto_id="lower_%s"
        ),
        "dataset_form": DatasetForm(initial={**begun, "title": found.title}, auto_id="dataset_%s"),
        **forms,
    }
    return render(request, "microdata/measurement.html", context, status=status)


@offered
@login_required
@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop measuring."""
    found = _find(request, pk)
    actions.cancel(by=request.user, measurement=found)
    messages.success(request, _("It stops at its next step; the records are deleted."))
    return redirect("measurement", pk)


@offered
@login_required
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it up, and delete the records."""
    return _do(
        request,
        pk,
        DeedForm(request.POST),
        "deed_form",
        actions.discard,
        _("It was discarded, and the records were deleted."),
    )


@offered
@login_required
@require_POST
def lower(request: HttpRequest, pk: int) -> HttpResponse:
    """Less protection, with a reason."""
    form = LowerForm(request.POST, auto_id="lower_%s")
    return _do(request, pk, form, "lower_form", actions.lower_protection, _("Saved."))


@offered
@login_required
@require_POST
def dataset(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a dataset of the protected figures."""
    form = DatasetForm(request.POST, auto_id="dataset_%s")
    return _do(request, pk, form, "dataset_form", actions.make_dataset, _("The dataset was made."))


def _do(  # noqa: PLR0917  (what, with which form, and what is said of it)
    request: HttpRequest, pk: int, form: Any, name: str, deed: Callable[..., Any], said: str
) -> HttpResponse:
    """One deed with its form; refused, the page is shown again with what was typed."""
    found = _find(request, pk)
    if form.is_valid():
        try:
            done = deed(by=request.user, measurement=found, **form.cleaned_data)
        except MilepostError as error:
            show_faults(form, error)
        except Stale as stale:
            _tell_of_change(request, form, stale)
        else:
            messages.success(request, said)
            return redirect(done)
    if name == "deed_form":
        for words in form.non_field_errors() or [_("Nothing was done.")]:
            messages.error(request, words)
        return redirect(found)
    return _page(request, _find(request, pk), status=422, **{name: form})


def _tell_of_change(request: HttpRequest, form: Any, stale: Stale) -> None:
    """Say who changed it meanwhile; what was typed stays, to be sent again."""
    last = audit.of(request.user, stale.now.address).exclude(by=None).first()
    who = str(last.by) if last is not None else _("Somebody else")
    form.add_error(None, _("{who} changed this meanwhile. Compare, and save again.").format(who=who))
    form.data = form.data.copy()
    form.data["revision"] = str(stale.now.revision)


def _words(problem: Problem) -> str:
    return " ".join(sentences.fault(problem, get_language() or "en"))


def _find(request: HttpRequest, pk: int) -> Any:
    found = queries.visible_to(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
