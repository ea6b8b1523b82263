"""The release calendar: which figures are announced for when, and that they then come out."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from milepost.errors import MilepostError
from milepost.values import Origin, Problem
from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.audit.actions import record
from milepost.web.indicators.actions.conditions import need_reason
from milepost.web.indicators.models import Dataset, Indicator, Release
from milepost.web.indicators.queries import work
from milepost.web.notices import actions as notices
from milepost.web.stakeholders.models import Country, Institution
from milepost.web.traces.actions import link
from milepost.web.ui import moments
from milepost.web.ui.revisions import Stale

SOON = timedelta(days=7)
"""How long before an entry those who publish are reminded."""

ENDED = ("published", "superseded", "withdrawn", "discarded")
"""The states in which a dataset has no date to wait for any more."""


@transaction.atomic
def plan(
    *,
    by: Any,
    country: Country,
    title: Mapping[str, str],
    planned_at: datetime,
    institution: Institution | None = None,
    indicators: Iterable[Indicator] = (),
    dataset: Dataset | None = None,
) -> Release:
    """Announce figures for a moment to come; a dataset that is tied to it is not published before."""
    _allow(by, country, institution)
    announced = list(indicators)
    problems = list(_problems(country, title, planned_at, institution, announced))
    if problems:
        raise MilepostError(problems)
    release = Release.objects.create(
        country=country,
        institution=institution,
        title=_filled(title),
        planned_at=planned_at,
    )
    release.indicators.set(announced)
    _tell(by, "release.planned", release, planned_at=planned_at.isoformat())
    if dataset is not None:
        _tie(release, dataset)
    return release


@transaction.atomic
def postpone(*, by: Any, release: Release, revision: int, planned_at: datetime, reason: str) -> Release:
    """Move an entry to another moment, and say publicly why; the date announced first stays shown."""
    _allow(by, release.country, release.institution)
    why = need_reason(reason)
    problems = list(_problems(release.country, release.title, planned_at, release.institution))
    if problems:
        raise MilepostError(problems)
    _change(
        release,
        revision,
        planned_at=planned_at,
        postponed_from=release.postponed_from or release.planned_at,
        reason=why,
    )
    if release.dataset_id is not None:
        Dataset.objects.filter(pk=release.dataset_id).exclude(state__in=ENDED).update(release_at=planned_at)
    _tell(by, "release.postponed", release, why=why, planned_at=planned_at.isoformat())
    return release


@transaction.atomic
def edit(
    *,
    by: Any,
    release: Release,
    revision: int,
    title: Mapping[str, str],
    indicators: Iterable[Indicator],
    dataset: Dataset | None,
) -> Release:
    """Change what an entry announces, and which dataset waits for it; its date is changed by `postpone`."""
    _allow(by, release.country, release.institution)
    announced = list(indicators)
    problems = list(_problems(release.country, title, None, release.institution, announced))
    if problems:
        raise MilepostError(problems)
    before = release.dataset
    _change(release, revision, title=_filled(title), dataset=None)
    release.indicators.set(indicators)
    if before is not None and before != dataset:
        Dataset.objects.filter(pk=before.pk).exclude(state__in=ENDED).update(release_at=None)
    _tell(by, "release.edited", release, dataset=dataset.address if dataset else "")
    if dataset is not None:
        _tie(release, dataset)
    return release


def released(dataset: Dataset, *, by: Any, at: datetime) -> None:
    """Mark the entries that waited for a dataset as released; in the transaction of its publication."""
    for release in Release.objects.select_for_update().filter(dataset=dataset, released_at=None):
        release.released_at = at
        release.revision += 1
        release.save(update_fields=["released_at", "revision"])
        link(release.address, "rests_on", dataset.address)
        notices.done(release.address, "release-due", by)


def remind(now: datetime) -> int:
    """Tell those who publish of entries that are near and have no approved dataset yet; of how many."""
    near = Release.objects.filter(released_at=None, planned_at__gt=now, planned_at__lte=now + SOON).exclude(
        dataset__state__in=("approved", *ENDED)
    )
    for release in near.select_related("institution", "country"):
        places = [release.institution.address] if release.institution else []
        people = work.who_may(Permission.PUBLISH_DATA, *places, release.country.address)
        due = moments.day(release.planned_at, release.country)
        notices.tell(people, kind="release-due", address=release.address, due=due)
    return len(near)


def may_keep(user: Any, country: Country, institution: Institution | None) -> bool:
    """Whether somebody keeps a calendar: the coordinator, or who publishes for the institution."""
    places = [country.address] + ([institution.address] if institution else [])
    return may(user, Permission.EDIT_INDICATORS, *places) or may(user, Permission.PUBLISH_DATA, *places)


def _allow(by: Any, country: Country, institution: Institution | None) -> None:
    if not may_keep(by, country, institution):
        raise PermissionDenied(Permission.PUBLISH_DATA)


def _tie(release: Release, dataset: Dataset) -> None:
    """Let a dataset wait for an entry."""
    strange = dataset.country_id != release.country_id or (
        release.institution_id is not None and dataset.institution_id != release.institution_id
    )
    if strange or dataset.state in ENDED:
        raise MilepostError([_problem("release-dataset", "dataset", title=dataset.title)])
    taken = Release.objects.filter(dataset=dataset, released_at=None).exclude(pk=release.pk)
    if taken.exists():
        raise MilepostError([_problem("release-dataset-twice", "dataset", title=dataset.title)])
    release.dataset = dataset
    release.save(update_fields=["dataset"])
    Dataset.objects.filter(pk=dataset.pk).update(release_at=release.planned_at)


def _change(release: Release, revision: int, **fields: Any) -> None:
    found = Release.objects.filter(pk=release.pk, revision=revision, released_at=None)
    if not found.update(revision=revision + 1, **fields):
        raise Stale(Release.objects.get(pk=release.pk))
    release.refresh_from_db()


def _problems(
    country: Country,
    title: Mapping[str, str],
    planned_at: datetime | None,
    institution: Institution | None,
    indicators: Iterable[Indicator] = (),
) -> Iterator[Problem]:
    if not _filled(title):
        yield _problem("title-missing", "title")
    if planned_at is not None and planned_at <= timezone.now():
        yield _problem("release-past", "planned_at", date=moments.day(planned_at).isoformat())
    if institution is not None and institution.country not in (None, country):
        yield _problem("institution-elsewhere", "institution", name=str(institution))
    elsewhere = [indicator.code for indicator in indicators if indicator.country_id != country.pk]
    if elsewhere:
        yield _problem("release-indicator", "indicators", codes=elsewhere)


def _filled(title: Mapping[str, str]) -> dict[str, str]:
    return {language: text.strip() for language, text in sorted(title.items()) if text.strip()}


def _problem(kind: str, column: str, /, **details: Any) -> Problem:
    return Problem(kind, Origin("form", column=column), details)


def _tell(by: Any, verb: str, release: Release, *, why: str = "", **details: Any) -> None:
    scope = release.institution or release.country
    record(by=by, verb=verb, address=release.address, scope=scope.address, why=why, details=details)
