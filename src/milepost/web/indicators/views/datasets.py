"""Pages of figures on their way to the public: upload, dry run, review, release, withdrawal."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.safestring import mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from milepost.errors import MilepostError
from milepost.recipes.incoming import OUTCOMES
from milepost.reports import charts, sentences
from milepost.web.accounts.roles import Permission
from milepost.web.audit import queries as audit
from milepost.web.indicators.actions import datasets as actions
from milepost.web.indicators.forms.datasets import (
    AgainForm,
    DecideForm,
    DeedForm,
    DescribeForm,
    FilterForm,
    ReasonForm,
    RowForm,
    ScheduleForm,
    UploadForm,
    WithdrawForm,
)
from milepost.web.indicators.queries import datasets as visible
from milepost.web.indicators.queries import entry, names, work
from milepost.web.indicators.templatetags.datasets import what
from milepost.web.ui import moments
from milepost.web.ui.forms import attempt, show_faults
from milepost.web.ui.revisions import Stale
from milepost.web.ui.templatetags.ui import when

if TYPE_CHECKING:
    from milepost.web.indicators.models import Dataset

PER_PAGE = 50
BEFORE = ("draft", "returned", "submitted", "approved")
"""The states before anything is public."""
FIRST_SHOWN = ("conflict", "refused", "change", "add", "same")
"""Which rows a reader is shown first: those that need a person."""


@login_required
@require_GET
def datasets(request: HttpRequest) -> HttpResponse:
    """The sets of figures that a person works on or reviews."""
    if not work.works_with_data(request.user):
        raise PermissionDenied
    found = visible(request.user)
    form = FilterForm(request.GET or None, institutions=work.institutions_of(found))
    if form.is_valid():
        wanted = form.cleaned_data
        if wanted["state"]:
            found = found.filter(state=wanted["state"])
        if wanted["institution"]:
            found = found.filter(institution=wanted["institution"])
        if wanted["mine"]:
            found = found.filter(started_by=request.user)
    context = {
        "form": form,
        "page": Paginator(found, PER_PAGE).get_page(request.GET.get("page")),
        "may_upload": bool(work.places_for(request.user, Permission.UPLOAD_DATA)),
        "waiting": work.waiting(request.user, now=timezone.now()),
    }
    return render(request, "indicators/datasets/list.html", context)


@login_required
def new(request: HttpRequest) -> HttpResponse:
    """Upload a file."""
    places = work.places_for(request.user, Permission.UPLOAD_DATA)
    if not places:
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None, places=places)
    tried = attempt(form, lambda: _start(request, form), show=partial(show_faults, field="file"))
    if tried.done:
        return redirect(tried.made)
    return render(request, "indicators/datasets/new.html", {"form": form})


def _start(request: HttpRequest, form: UploadForm) -> Dataset:
    said = form.cleaned_data
    institution, country = said["place"]
    return actions.start(
        by=request.user,
        upload=said["file"],
        name=said["file"].name,
        country=country,
        institution=institution,
        title=said["title"],
        note=said["note"],
        correction=said["correction"],
    )


@login_required
@require_GET
def dataset(request: HttpRequest, pk: int) -> HttpResponse:
    """The dry run of a dataset, what is said of it, and the one thing to do next."""
    return _page(request, _find(request, pk))


def _page(request: HttpRequest, found: Dataset, *, status: int = 200, **forms: Any) -> HttpResponse:
    deeds = work.deeds(request.user, found, now=timezone.now())
    counts = {outcome: found.counts.get(outcome, 0) for outcome in OUTCOMES}
    shown = _chosen(request, counts)
    job = work.latest_job(found)
    begun = {"revision": found.revision}
    context = {
        "dataset": found,
        "deeds": deeds,
        "main": _main(found, deeds),
        "counts": counts,
        "own": names.own_codes(found.country),
        "shown": shown,
        "page": Paginator(work.rows(found, shown), PER_PAGE).get_page(request.GET.get("page")),
        "reading": job is not None and not job.ended and not found.counts,
        "stopped": job is not None
        and job.status in ("failed", "cancelled")
        and not found.counts
        and found.delivery.state not in ("failed", "mapping"),
        "job": job,
        "chart": _chart(found) if found.state in BEFORE else "",
        "events": audit.of(request.user, found.address)[:50],
        "contributed": request.user.pk in work.contributors(found),
        "release": work.release_of(found),
        "versions": work.versions_of(found),
        "deed_form": DeedForm(initial=begun),
        "return_form": ReasonForm(initial=begun, auto_id="return_%s"),
        "withdraw_form": WithdrawForm(initial=begun, auto_id="withdraw_%s"),
        "discard_form": DeedForm(initial=begun, auto_id="discard_%s"),
        "schedule_form": ScheduleForm(
            initial={**begun, "release_at": found.release_at}, auto_id="schedule_%s"
        ),
        "describe_form": DescribeForm(
            initial={
                **begun,
                "title": found.title,
                "note": found.note,
                "correction": found.correction,
            },
            auto_id="describe_%s",
        ),
        "again_form": AgainForm(auto_id="again_%s"),
        **forms,
    }
    return render(request, "indicators/datasets/dataset.html", context, status=status)


def _chosen(request: HttpRequest, counts: dict[str, int]) -> str:
    """The rows to show: those asked for, else the first kind that there is."""
    asked = request.GET.get("show", "")
    if asked in OUTCOMES:
        return asked
    return next((outcome for outcome in FIRST_SHOWN if counts[outcome]), "add")


def _main(found: Dataset, deeds: frozenset[str]) -> str:
    """The one deed that stands out."""
    if found.delivery.state == "mapping" and "again" in deeds:
        return "map"
    return next((deed for deed in ("decide", "submit", "approve", "publish") if deed in deeds), "")


def _chart(found: Dataset) -> str:
    """The figures as they would be, drawn, where their series are few; what is current now stands beside."""
    series = work.drawn(found)
    if not series:
        return ""
    language = get_language() or "en"
    own = names.own_codes(found.country)
    labels = {key: what(dict(key[1].breakdown) | {"ref_area": key[1].area}, own) for key in series}
    if len(set(labels.values())) < len(labels):
        labels = {key: f"{key[1].series} {label}".strip() for key, label in labels.items()}
    lines = {labels[key]: after for key, (_before, after) in series.items()}
    title = _("The figures as they would be published")
    words = "; ".join(
        f"{label}: {sentences.finding_in_words(one, unit='', language=language)}"
        for label, one in lines.items()
    )
    drawn = charts.line(lines, language=language, title=title, description=words)
    return mark_safe(drawn)  # noqa: S308 - our own drawing, which escapes what it is told


# Deeds ------------------------------------------------------------------------------------------------------


@login_required
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Send to review."""
    return _do(request, pk, _deed(actions.submit), _("It was sent to review."))


@login_required
@require_POST
def recall(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back from review."""
    return _do(request, pk, _deed(actions.recall), _("It is a draft again."))


@login_required
@require_POST
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """Approve; it is published at once, or at its date."""

    def said(found: Dataset) -> str:
        if found.state == "published":
            return _("It was approved and published.")
        if found.release_at is not None and found.release_at > timezone.now():
            return _("It was approved. It will be published on {date}.").format(date=when(found.release_at))
        return _("It was approved and is being published.")

    return _do(request, pk, _deed(actions.approve), said)


@login_required
@require_POST
def publish(request: HttpRequest, pk: int) -> HttpResponse:
    """Publish what is approved and due."""
    return _do(request, pk, _deed(actions.publish), _("It was published."))


@login_required
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a draft up."""
    return _do(request, pk, _deed(actions.discard), _("It was discarded; the file stays as a record."))


@login_required
@require_POST
def send_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return with a reason."""
    form = ReasonForm(request.POST, auto_id="return_%s")
    return _do(request, pk, _deed(actions.return_), _("It was returned."), form=form, name="return_form")


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out of the public."""
    form = WithdrawForm(request.POST, auto_id="withdraw_%s")
    said = _("The figures were withdrawn.")
    return _do(request, pk, _deed(actions.withdraw), said, form=form, name="withdraw_form")


@login_required
@require_POST
def schedule(request: HttpRequest, pk: int) -> HttpResponse:
    """Set the date of release."""
    form = ScheduleForm(request.POST, auto_id="schedule_%s")
    said = _("The date was set.")
    return _do(request, pk, _deed(actions.schedule), said, form=form, name="schedule_form")


@login_required
@require_POST
def describe(request: HttpRequest, pk: int) -> HttpResponse:
    """Title, note, correction."""
    form = DescribeForm(request.POST, auto_id="describe_%s")
    revision = DeedForm(request.POST)

    def deed(by: Any, found: Dataset, cleaned: dict[str, Any]) -> Dataset:
        if not revision.is_valid():
            raise Stale(found)
        return actions.describe(by=by, dataset=found, revision=revision.cleaned_data["revision"], **cleaned)

    return _do(request, pk, deed, _("Saved."), form=form, name="describe_form")


@login_required
@require_POST
def decide(request: HttpRequest, pk: int) -> HttpResponse:
    """Of rows in conflict, say which count."""
    found = _find(request, pk)
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Nothing was decided: press one of the buttons of a row."))
        return redirect(found)
    try:
        for decision, numbers in _decisions(found, form.cleaned_data["choice"]).items():
            found = actions.decide(by=request.user, dataset=found, numbers=numbers, decision=decision)
    except MilepostError as error:
        _say(request, error)
        return redirect(found)
    messages.success(request, _("Decided."))
    return redirect(found)


def _decisions(found: Dataset, choice: str) -> dict[str, list[int]]:
    """{decision: numbers of rows} of the button that was pressed."""
    if ":" in choice:
        decision, number = choice.split(":")
        return {decision: [int(number)]}
    by_key: dict[str, list[int]] = {}
    for row in work.of_conflict(found):
        by_key.setdefault(row.key, []).append(row.number)
    if choice == "none":
        return {"leave": [number for numbers in by_key.values() for number in numbers]}
    return {"use": [numbers[0 if choice == "first" else -1] for numbers in by_key.values()]}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def row(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """One row of the file: as it came, as it is now, and a form to mend it while it is a draft."""
    found = _find(request, pk)
    one = entry.row_of(found, number)
    if one is None:
        raise Http404
    if "mend" not in work.deeds(request.user, found, now=timezone.now()):
        if request.method == "POST" or found.state in work.OPEN:
            raise PermissionDenied
        return _row_page(request, found, one, None)
    if request.method != "POST":
        return _row_page(request, found, one, _row_form(found, one))
    form = _row_form(found, one, request.POST)
    if not form.is_valid():
        return _row_page(request, found, one, form, status=422)
    cleaned = form.cleaned_data
    try:
        found = actions.mend(
            by=request.user,
            dataset=found,
            number=number,
            revision=cleaned["revision"],
            cells=form.changes(),
            why=cleaned["why"],
        )
    except Stale as stale:
        if stale.now is None:
            raise Http404 from stale
        data = request.POST.copy()
        data["revision"] = str(stale.now.revision)
        form = _row_form(found, stale.now, data)
        who = stale.now.edited_by.name if stale.now.edited_by else _("Somebody")
        words = _("{who} changed this row meanwhile. Compare with what stands there now, and save again.")
        form.add_error(None, words.format(who=who))
        return _row_page(request, found, stale.now, form, status=409)
    except MilepostError as error:
        show_faults(form, error)
        return _row_page(request, found, one, form, status=422)
    mended = entry.row_of(found, number)
    outcome = mended.outcome if mended is not None else ""
    messages.success(request, MENDED[outcome])
    return redirect(f"{found.get_absolute_url()}?{urlencode({'show': outcome})}#row-{number}")


MENDED = {
    "add": lazy("Saved: the row adds a figure."),
    "change": lazy("Saved: the row changes a figure."),
    "same": lazy("Saved: the row says what is current already."),
    "conflict": lazy("Saved: the row is in conflict with another one."),
    "refused": lazy("Saved, but the row is still refused: see what is wrong with it."),
}
"""What became of a row that was mended."""


def _row_form(found: Dataset, one: Any, data: Any = None) -> RowForm:
    return RowForm(
        data,
        initial={"revision": one.revision},
        cells=one.cells,
        dimensions=entry.choices_of(found, one),
        own=names.own_titles(found.country),
        statuses=entry.status_choices(),
    )


def _row_page(
    request: HttpRequest, found: Dataset, one: Any, form: RowForm | None, *, status: int = 200
) -> HttpResponse:
    context = {
        "dataset": found,
        "row": one,
        "own": names.own_codes(found.country),
        "form": form,
        "changes": work.changes_by_hand(one),
        "edits": work.edits(found, [one.number]),
    }
    return render(request, "indicators/datasets/row.html", context, status=status)


@login_required
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """A mended file in the place of this one."""
    found = _find(request, pk)
    form = AgainForm(request.POST, request.FILES, auto_id="again_%s")
    tried = attempt(
        form,
        lambda: actions.start(
            by=request.user,
            upload=form.cleaned_data["file"],
            name=form.cleaned_data["file"].name,
            country=found.country,
            institution=found.institution,
            title=found.title,
            note=found.note,
            correction=found.correction,
            instead_of=found,
        ),
        show=partial(show_faults, field="file"),
    )
    if tried.done:
        return redirect(tried.made)
    return _page(request, found, status=422, again_form=form)


Deed = Callable[[Any, "Dataset", dict[str, Any]], "Dataset"]


def _deed(action: Any) -> Deed:
    """An action that takes the fields of its form."""

    def do(by: Any, found: Dataset, cleaned: dict[str, Any]) -> Dataset:
        return action(by=by, dataset=found, **cleaned)

    return do


def _do(
    request: HttpRequest,
    pk: int,
    deed: Deed,
    said: str | Callable[[Dataset], str],
    *,
    form: Any = None,
    name: str = "",
) -> HttpResponse:
    """Do it and go back to the page; where it cannot be done, the page says why and keeps what was typed."""
    found = _find(request, pk)
    form = DeedForm(request.POST) if form is None else form
    if not form.is_valid():
        if not name:  # a page that was tampered with
            raise Http404
        return _page(request, found, status=422, **{name: form})
    try:
        done = deed(request.user, found, form.cleaned_data)
    except Stale as stale:
        messages.warning(request, _meanwhile(request, stale.now))
        return _page(
            request, _find(request, pk), status=409, **({name: _renewed(form, stale.now)} if name else {})
        )
    except MilepostError as error:
        if not name:
            _say(request, error)
            return redirect(found)
        show_faults(form, error)
        return _page(request, _find(request, pk), status=422, **{name: form})
    messages.success(request, said if isinstance(said, str) else said(done))
    return redirect(done)


def _renewed(form: Any, now: Any) -> Any:
    """The form with what was typed, for the thing as it is now."""
    data = form.data.copy()
    data["revision"] = str(now.revision)
    return type(form)(data, auto_id=form.auto_id)


def _meanwhile(request: HttpRequest, now: Any) -> str:
    """Who was first."""
    last = audit.of(request.user, now.address).exclude(by=None).first()
    if last is None or last.by is None:
        return _("Somebody else changed it meanwhile. Look again before you decide; what you typed is kept.")
    words = _("Meanwhile: {what} ({who}). Look again before you decide; what you typed is kept.")
    return words.format(what=last.sentence, who=last.by.name)


def _find(request: HttpRequest, pk: int) -> Dataset:
    found = visible(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    moments.follow(found.country)
    return found


def _say(request: HttpRequest, error: MilepostError) -> None:
    for problem in error.problems:
        messages.error(request, " ".join(sentences.fault(problem, get_language() or "en")))
