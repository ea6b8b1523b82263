"""The pages of the audit."""

import csv
import json
from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from milepost.interchange.csv import shielded
from milepost.web.audit import details, queries
from milepost.web.audit.forms import EventsForm
from milepost.web.ui import addresses

PAGE = 50
HEADER = ("at", "by", "verb", "what", "address", "scope", "why", "details")


@login_required
@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """What happened, newest first, a page at a time."""
    visible = queries.visible_to(request.user)
    form = EventsForm(request.GET, events=visible)
    found: list[Any] = []
    if form.is_valid():
        wanted = queries.narrowed(visible, **_asked(form))
        if form.cleaned_data["before"]:
            wanted = wanted.filter(pk__lt=form.cleaned_data["before"])
        found = list(wanted[: PAGE + 1])
    asked = request.GET.copy()
    asked.pop("before", None)
    context = {
        "form": form,
        "events": found[:PAGE],
        "asked": asked.urlencode(),
        "older": found[PAGE - 1].pk if len(found) > PAGE else None,
        "newest": not request.GET.get("before"),
    }
    return render(request, "audit/events.html", context)


@login_required
@require_safe
def events_csv(request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
    """The same events as a file, all pages."""
    visible = queries.visible_to(request.user)
    form = EventsForm(request.GET, events=visible)
    if not form.is_valid():
        return HttpResponseBadRequest(form.errors.as_text(), content_type="text/plain; charset=utf-8")
    found = queries.narrowed(visible, **_asked(form)).iterator(chunk_size=1000)
    answer = StreamingHttpResponse(
        (line.encode() for line in _lines(found)), content_type="text/csv; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="audit.csv"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


@login_required
@require_safe
def event(request: HttpRequest, pk: int) -> HttpResponse:
    """One event with its details."""
    found = get_object_or_404(queries.known_to(request.user), pk=pk)
    thing = addresses.find(request.user, found.address) if found.address else None
    context = {"event": found, "thing": thing, "details": details.of(request.user, found.details)}
    return render(request, "audit/event.html", context)


def _asked(form: EventsForm) -> dict[str, Any]:
    return {name: form.cleaned_data[name] for name in ("by", "verb", "address", "since", "until")}


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def _lines(found: Any) -> Iterator[str]:
    """A table in CSV line by line; no cell runs as a formula in a spreadsheet."""
    writer = csv.writer(_Echo())
    yield "\ufeff"  # spreadsheets read UTF-8 by it
    for row in chain([HEADER], map(_row, found)):
        yield writer.writerow([shielded(cell) for cell in row])


def _row(one: Any) -> tuple[str, ...]:
    return (
        one.at.isoformat(timespec="seconds"),
        one.by.name if one.by else "",
        one.verb,
        one.sentence,
        one.address,
        one.scope,
        one.why,
        json.dumps(one.details, ensure_ascii=False, sort_keys=True) if one.details else "",
    )
