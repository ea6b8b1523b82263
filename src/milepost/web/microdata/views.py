"""Pages of records: bring them in, explain their columns, measure, look at what may be told, hand it over."""

import shlex
from collections.abc import Callable, Iterator
from contextlib import contextmanager
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
from milepost.interchange.limits import MEGABYTE
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
    SecondSourceForm,
    SheetForm,
)
from milepost.web.microdata.second import SecondForm
from milepost.web.ui.forms import show_faults
from milepost.web.ui.revisions import Stale

PER_PAGE = 50
CELLS_PER_PAGE = 200
LONGEST_MAPPING = 1_000_000
FORM = 1_000_000
"""Bytes that the other fields of a form may have beside a file."""

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
    if _declares_too_much(request):
        context = {"form": _new_form(request, None, places), "problems": [_too_large()]}
        return render(request, "microdata/new.html", context, status=413)
    with _receiving(request) as receiver:
        return _new(request, places, receiver)


@csrf_protect
def _new(request: HttpRequest, places: list[Any], receiver: records.Receiver) -> HttpResponse:
    form = _new_form(request, request.POST if request.method == "POST" else None, places)
    if request.method == "POST":
        valid = form.is_valid()
        if receiver.too_large:
            _say_too_large(form)
        elif valid and (made := _started(request, form, receiver)) is not None:
            return redirect("measurement-sheet" if made.waits_for_sheet else "measurement-columns", made.pk)
    return render(request, "microdata/new.html", {"form": form})


def _new_form(request: HttpRequest, data: Any, places: list[Any]) -> NewForm:
    return NewForm(
        data,
        request.FILES if data is not None else None,
        initial={name: request.GET[name] for name in ("indicator", "year", "place") if name in request.GET},
        places=places,
        indicators=queries.computable([country for _institution, country in places]),
        connections={institution.pk: queries.databases(institution) for institution, _country in places},
        megabytes=settings.MICRODATA_MEGABYTES,
    )


@contextmanager
def _receiving(request: HttpRequest) -> Iterator[records.Receiver]:
    """What takes the upload; unless it is told to keep the records, they go with the block."""
    receiver = records.Receiver(request, "file")
    setattr(request, "upload_handlers", [receiver])  # noqa: B010  (its type is told wrong)
    try:
        yield receiver
    finally:
        receiver.close()


def _declares_too_much(request: HttpRequest) -> bool:
    """Whether the upload says of itself that it is above the limit: then nothing of it is read."""
    size = request.META.get("CONTENT_LENGTH") or "0"
    return size.isdigit() and int(size) > settings.MICRODATA_MEGABYTES * MEGABYTE + FORM


def _too_large() -> Problem:
    limit = f"{settings.MICRODATA_MEGABYTES:g}"
    return Problem("microdata-too-large", Origin(""), {"size": f"> {limit}", "limit": limit})


def _say_too_large(form: Any) -> None:
    form.errors.pop("file", None)
    show_faults(form, MilepostError([_too_large()]), field="file")


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


# The sheet of a workbook ------------------------------------------------------------------------------------


@offered
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Which sheet of the workbook holds the records."""
    found = _draft(request, pk)
    if found is None or not found.sheets:
        return redirect("measurement-columns", pk)
    return _sheet(request, found, found.sheets, found.sheet, actions.choose_sheet, "measurement-columns")


@offered
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def second_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Which sheet of the second workbook holds the denominator."""
    found = _draft(request, pk)
    if found is None or not found.second.get("sheets"):
        return redirect("measurement-columns", pk)
    second = found.second
    deed = actions.choose_second_sheet
    return _sheet(request, found, second["sheets"], second["sheet"], deed, "measurement-second")


def _sheet(  # noqa: PLR0917  (whose sheets, which is chosen, what chooses one, and what comes then)
    request: HttpRequest, found: Any, sheets: list[str], chosen: str, deed: Callable[..., Any], then: str
) -> HttpResponse:
    initial = {"revision": found.revision, "sheet": chosen}
    form = SheetForm(request.POST if request.method == "POST" else None, initial=initial, sheets=sheets)
    if request.method == "POST" and form.is_valid():
        try:
            deed(by=request.user, measurement=found, **form.cleaned_data)
        except MilepostError as error:
            show_faults(form, error, field="sheet")
        except Stale as stale:
            _tell_of_change(request, form, stale)
        else:
            return redirect(then, found.pk)
    name = found.second["name"] if then == "measurement-second" else found.source_name
    return render(request, "microdata/sheet.html", {"one": found, "form": form, "name": name})


# The second file --------------------------------------------------------------------------------------------


@offered
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest, pk: int) -> HttpResponse:
    """The file of the denominator: brought in here, and what its columns mean."""
    found = _draft(request, pk)
    if found is None:
        return redirect("measurement", pk)
    if found.second_waits_for_sheet:
        return redirect("measurement-second-sheet", pk)
    if not found.second:
        if not queries.takes_second(found):
            return redirect("measurement-columns", pk)
        return _second_page(request, found, bring=_bring_form(found, None, None))
    form = _second_form(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.explain(
                by=request.user,
                measurement=found,
                revision=form.cleaned_data["revision"],
                text=explaining.text_of(form.data_said()),
                tables=found.tables,
            )
        except MilepostError as error:
            form.show(error.problems, _words)
        except Stale as stale:
            _tell_of_change(request, form, stale)
        else:
            messages.success(request, _("Saved."))
            return redirect("measurement-second", pk)
    return _second_page(request, found, form=form)


def _second_form(found: Any, data: Any) -> SecondForm:
    definition = queries.definition_of(found)
    if definition is None:
        raise Http404
    return SecondForm(
        data, measurement=found, definition=definition, national=queries.national(found.country)
    )


def _bring_form(found: Any, data: Any, files: Any) -> SecondSourceForm:
    return SecondSourceForm(
        data,
        files,
        connections=queries.databases(found.institution),
        megabytes=settings.MICRODATA_MEGABYTES,
    )


def _second_page(request: HttpRequest, found: Any, *, status: int = 200, **more: Any) -> HttpResponse:
    faults = [one for one in queries.mapping_faults(found) if (one.origin.column or "").startswith("second")]
    context = {"one": found, "remaining": faults if found.second else [], "begun": found.revision, **more}
    return render(request, "microdata/second.html", context, status=status)


@offered
@csrf_exempt  # as for `new`
@login_required
@require_POST
def bring_second(request: HttpRequest, pk: int) -> HttpResponse:
    """Take in the file of the denominator."""
    found = _draft(request, pk)
    if found is None:
        return redirect("measurement", pk)
    if _declares_too_much(request):
        bring = _bring_form(found, None, None)
        return _second_page(request, found, bring=bring, problems=[_too_large()], status=413)
    with _receiving(request) as receiver:
        return _bring_second(request, found, receiver)


@csrf_protect
def _bring_second(request: HttpRequest, found: Any, receiver: records.Receiver) -> HttpResponse:
    form = _bring_form(found, request.POST, request.FILES)
    valid = form.is_valid()
    revision = request.POST.get("revision", "")
    if receiver.too_large:
        _say_too_large(form)
    elif valid and revision.isdigit():
        table = form.address_of_table
        try:
            made = actions.bring_second(
                by=request.user,
                measurement=found,
                revision=int(revision),
                received=form.cleaned_data.get("file") or None,
                table=table,
            )
        except MilepostError as error:
            show_faults(form, error, field="table" if table else "file")
        except Stale as stale:
            _tell_of_change(request, form, stale)
        else:
            if made.folder == receiver.folder:
                receiver.keep()
            return redirect("measurement-second", found.pk)
    return _second_page(request, _find(request, found.pk), bring=form, status=422)


@offered
@login_required
@require_POST
def drop_second(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the second file away."""
    return _do(
        request,
        pk,
        DeedForm(request.POST),
        "deed_form",
        actions.drop_second,
        _("The second file was deleted."),
    )


def _draft(request: HttpRequest, pk: int) -> Any:
    """The measurement whose columns a person may explain; None where it is none any more."""
    found = _find(request, pk)
    if not queries.may_edit(request.user, found):
        raise PermissionDenied
    if found.state == "draft":
        return found
    if request.method == "POST":
        messages.error(request, _("This cannot be changed any more."))
    return None


# The columns ------------------------------------------------------------------------------------------------


@offered
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """What the columns mean: shown with what is still wrong, saved, and sent to be measured."""
    found = _draft(request, pk)
    if found is None:
        return redirect("measurement", pk)
    if found.waits_for_sheet:
        return redirect("measurement-sheet", pk)
    form = _columns_form(found, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            saved = actions.explain(
                by=request.user,
                measurement=found,
                revision=form.cleaned_data["revision"],
                text=explaining.text_of(form.data_said()),
                tables=form.tables_said(),
                engine=form.cleaned_data.get("engine", ""),
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
        data,
        measurement=found,
        definition=definition,
        national=queries.national(found.country),
        clusters=queries.clusters(found.institution),
    )


def _columns_page(request: HttpRequest, found: Any, form: ColumnsForm) -> HttpResponse:
    remaining = [] if form.is_bound else [*queries.mapping_faults(found), *queries.connections_refused(found)]
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
    words = [f"milepost measure {found.indicator} FILE --year {found.year}"]
    words += [f"--by {','.join(names)}" for names in found.tables]
    words.append("--mapping mapping.yaml")
    words += [f"--sheet {shlex.quote(found.sheet)}"] if found.sheet else []
    words += [f"--second-sheet {shlex.quote(found.second['sheet'])}"] if found.second.get("sheet") else []
    words += ["--engine spark"] if found.engine else []
    return " ".join(words)


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
