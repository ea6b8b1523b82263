"""One institution asks another for figures, by a date."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from milepost.errors import MilepostError
from milepost.values import Problem, states
from milepost.web.accounts.roles import Permission
from milepost.web.audit.actions import record
from milepost.web.indicators.actions import datasets, entry
from milepost.web.indicators.actions.conditions import allow, fault, faults_of_reason
from milepost.web.indicators.models import DataRequest, Dataset, Indicator
from milepost.web.indicators.queries import work
from milepost.web.notices import actions as notices
from milepost.web.stakeholders.models import Country, Institution
from milepost.web.traces.actions import link
from milepost.web.ui.revisions import Stale

NO_ANSWER = ("discarded", "withdrawn")
"""The states in which figures answer nothing."""


@transaction.atomic
def send(
    *,
    by: Any,
    asking: Institution,
    asked: Institution,
    indicator: Indicator,
    cells: Sequence[Mapping[str, str]],
    due: datetime.date,
    note: str = "",
) -> DataRequest:
    """Ask for the figures of `cells` ({concept: text} without value); those who answer are told."""
    country = indicator.country
    allow(by, Permission.REQUEST_DATA, asking.address, country.address)
    problems = [
        fault("institution-elsewhere", field, name=str(institution))
        for field, institution in (("asking", asking), ("asked", asked))
        if not _works_in(institution, country)
    ]
    problems += _problems_of_date(due)
    if not cells or len(cells) > entry.MOST_CELLS:
        problems.append(fault("request-size", "cells", count=len(cells), limit=entry.MOST_CELLS))
    if problems:
        raise MilepostError(problems)
    request = DataRequest.objects.create(
        country=country,
        asking=asking,
        asked=asked,
        indicator=indicator,
        cells=[dict(cell) for cell in cells],
        note=note.strip(),
        due=due,
        by=by,
    )
    _tell(by, "request.sent", request, cells=len(cells))
    link(request.address, "measures", indicator.address)
    _ask(request, by, note=request.note)
    return request


@transaction.atomic
def open_form(*, by: Any, request: DataRequest) -> Dataset:
    """The form of a request as a draft to be filled in; the one that was begun, where there is one."""
    allow(by, Permission.ANSWER_REQUEST, request.asked.address)
    # Locked, else two people would begin one form each.
    locked: Any = DataRequest.objects.select_for_update().get(pk=request.pk)
    _next(locked, "answer")
    begun = Dataset.objects.filter(pk=locked.answer_id, state__in=work.OPEN).first()
    if begun is not None:
        return begun
    dataset = entry.start_from_cells(
        by=by,
        institution=request.asked,
        indicator=request.indicator,
        cells=request.cells,
        request=request,
    )
    DataRequest.objects.filter(pk=request.pk).update(answer=dataset)
    request.refresh_from_db()
    return dataset


def answer(*, by: Any, request: DataRequest, dataset: Dataset, revision: int) -> DataRequest:
    """The figures that were asked for are in this dataset, by form or by file.

    One that is still a draft is sent to review with it; MilepostError where that cannot be.
    """
    allow(by, Permission.ANSWER_REQUEST, request.asked.address)
    _next(request, "answer")
    if (dataset.institution, dataset.country) != (request.asked, request.country):
        raise MilepostError([fault("answer-of-another", "dataset")])
    if dataset.state in NO_ANSWER:
        raise MilepostError([fault("deed-not-now", "dataset", state=dataset.state)])
    if dataset.state in work.OPEN:
        datasets.submit(by=by, dataset=dataset, revision=dataset.revision)
    return _answer(by, request, dataset, revision)


@transaction.atomic
def _answer(by: Any, request: DataRequest, dataset: Dataset, revision: int) -> DataRequest:
    _move(by, request, "answer", revision, answer=dataset)
    link(dataset.address, "answers", request.address)
    notices.done(request.address, kind="request", by=by)
    people = work.who_may(Permission.REQUEST_DATA, request.asking.address, request.country.address)
    notices.tell(people, kind="request-answered", address=request.address, details={"by": by.name})
    return request


@transaction.atomic
def accept(*, by: Any, request: DataRequest, revision: int) -> DataRequest:
    """The answer will do."""
    _allow_asking(by, request)
    _move(by, request, "accept", revision)
    notices.done(request.address, kind="request-answered", by=by)
    return request


@transaction.atomic
def reopen(*, by: Any, request: DataRequest, revision: int, why: str, due: datetime.date) -> DataRequest:
    """The answer will not do, and why; until when another is awaited."""
    _allow_asking(by, request)
    if problems := [*faults_of_reason(why), *_problems_of_date(due)]:
        raise MilepostError(problems)
    _move(by, request, "reopen", revision, why=why.strip(), due=due)
    notices.done(request.address, kind="request-answered", by=by)
    _ask(request, by, note=why.strip())
    return request


@transaction.atomic
def cancel(*, by: Any, request: DataRequest, revision: int, why: str) -> DataRequest:
    """The figures are not needed any more, and why."""
    _allow_asking(by, request)
    if problems := faults_of_reason(why):
        raise MilepostError(problems)
    _move(by, request, "cancel", revision, why=why.strip())
    notices.done(request.address, kind="request", by=by)
    return request


def _allow_asking(by: Any, request: DataRequest) -> None:
    allow(by, Permission.REQUEST_DATA, request.asking.address, request.country.address)


def _works_in(institution: Institution, country: Country) -> bool:
    return institution.active and institution.country in (None, country)


def _problems_of_date(due: datetime.date) -> Iterable[Problem]:
    if due < timezone.localdate():
        yield fault("due-past", "due", date=due.isoformat())


def _ask(request: DataRequest, by: Any, *, note: str) -> None:
    """Tell the people of the institution that is asked."""
    people = work.who_may(Permission.ANSWER_REQUEST, request.asked.address)
    details = {"by": by.name, **({"note": note} if note else {})}
    notices.tell(people, kind="request", address=request.address, due=request.due, details=details)


def _next(request: DataRequest, deed: str) -> str:
    state = states.after(states.DATA_REQUEST, request.state, deed)
    if state is None:
        raise Stale(request)
    return state


def _move(by: Any, request: DataRequest, deed: str, revision: int, *, why: str = "", **fields: Any) -> None:
    """To the next state, unless somebody else changed the request meanwhile."""
    before, state = request.state, _next(request, deed)
    moved = DataRequest.objects.filter(pk=request.pk, revision=revision, state=before).update(
        state=state, revision=revision + 1, **fields
    )
    if not moved:
        raise Stale(DataRequest.objects.get(pk=request.pk))
    request.refresh_from_db()
    _tell(by, f"request.{state}", request, why=why, state=[before, state])


def _tell(by: Any, verb: str, request: DataRequest, *, why: str = "", **details: Any) -> None:
    record(
        by=by,
        verb=verb,
        address=request.address,
        scope=request.country.address,
        why=why,
        details={"indicator": request.indicator.slug, "due": request.due.isoformat(), **details},
    )
