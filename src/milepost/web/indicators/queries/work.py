"""Figures on their way to the public: what waits for whom, and what would happen to what."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache
from itertools import islice
from typing import Any, NamedTuple

from django.db.models import Count, F, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils import timezone

from milepost import __version__, catalogue, values
from milepost.recipes.incoming import (
    OUTCOMES,
    Current,
    Quantity,
    Record,
    figure_key,
    quantity_key,
    read_cells,
)
from milepost.reports import sentences
from milepost.web.accounts.models import User
from milepost.web.accounts.queries import EVERYWHERE, may, scopes, who_may
from milepost.web.accounts.roles import Permission
from milepost.web.audit.models import Event
from milepost.web.frameworks import queries as frameworks
from milepost.web.indicators.models import (
    DataRequest,
    Dataset,
    Indicator,
    Observation,
    OfficialChoice,
    Release,
    Series,
    Version,
)
from milepost.web.indicators.queries.scoping import WORKING, datasets, indicators
from milepost.web.intake.models import Delivery
from milepost.web.intake.queries import national
from milepost.web.intake.queries import rows as rows_of
from milepost.web.jobs.models import Job
from milepost.web.stakeholders.models import Country, Institution
from milepost.web.stakeholders.queries import countries, within
from milepost.web.traces.models import Edge

BATCH = 5000
"""Keys in one statement."""

OPEN = ("draft", "returned")
"""The states in which the rows of a dataset may still be changed."""

# Deeds that change what a dataset says; whoever did one does not approve it.
_CONTRIBUTIONS = (
    "dataset.started",
    "dataset.submitted",
    "dataset.decided",
    "dataset.described",
    "delivery.received",
    "delivery.mapped",
    "row.edited",
    "row.decided",
    "measurement.started",
    "measurement.explained",
    "measurement.second-brought",
    "measurement.second-sheet-chosen",
    "measurement.sheet-chosen",
    "measurement.sent",
)


# Who --------------------------------------------------------------------------------------------------------


def contributors(dataset: Dataset) -> set[int]:
    """The keys of everybody who had a hand in a dataset: who started, sent, mapped, edited or decided."""
    people = {dataset.started_by_id, dataset.submitted_by_id, dataset.delivery.by.pk}
    people |= set(rows_of(dataset.delivery).exclude(edited_by=None).values_list("edited_by", flat=True))
    below = Edge.objects.filter(source=dataset.address, relation="rests_on").values_list("target", flat=True)
    events = Event.objects.filter(
        address__in=(dataset.address, dataset.delivery.address, *below), verb__in=_CONTRIBUTIONS
    )
    people |= set(events.order_by().values_list("by", flat=True))
    return {pk for pk in people if pk is not None}


def _without_hand_in(user: Any, found: QuerySet[Dataset]) -> list[Dataset]:
    """Those of these datasets in which a person had no hand; the same rule as `contributors`, for many."""
    deeds_done = Event.objects.filter(by=user, verb__in=_CONTRIBUTIONS).order_by()
    touched = set(deeds_done.values_list("address", flat=True))
    above = Edge.objects.filter(target__in=deeds_done.values("address"), relation="rests_on")
    touched |= set(above.values_list("source", flat=True))
    edited = set(found.filter(delivery__rows__edited_by=user).order_by().values_list("pk", flat=True))
    return [
        one
        for one in found
        if user.pk not in (one.started_by_id, one.submitted_by_id, one.delivery.by.pk)
        and one.pk not in edited
        and one.address not in touched
        and one.delivery.address not in touched
    ]


def may_approve(user: Any, dataset: Dataset) -> bool:
    """Whether somebody may review this dataset and had no hand in it."""
    return may(user, Permission.REVIEW_DATA, *dataset.places) and user.pk not in contributors(dataset)


def reviewers(dataset: Dataset) -> list[User]:
    """The people who may approve a dataset: reviewers of its institution or country who had no hand in it."""
    had_a_hand = contributors(dataset)
    return [one for one in who_may(Permission.REVIEW_DATA, *dataset.places) if one.pk not in had_a_hand]


class Waiting(NamedTuple):
    """What a person can do now, by kind of deed, the oldest first."""

    to_finish: list[Dataset]  # drafts, and what was returned
    to_review: list[Dataset]
    to_publish: list[Dataset]  # approved, and the date has come
    two_sources: list[Indicator]


def waiting(user: Any, *, now: datetime) -> Waiting:
    """What waits for a person; what they may not do themselves is left out."""
    mine = datasets(user).order_by("id")
    institution, country = "institution_id", "country__code"
    submit = within(user, Permission.SUBMIT_DATA, institution=institution, country=country)
    review = within(user, Permission.REVIEW_DATA, institution=institution, country=country)
    publish = within(user, Permission.PUBLISH_DATA, institution=institution, country=country)
    return Waiting(
        to_finish=list(mine.filter(submit, state__in=OPEN)),
        to_review=_without_hand_in(
            user, mine.filter(review, state="submitted").select_related("delivery__by")
        ),
        to_publish=list(mine.filter(publish, state="approved", release_at__lte=now)),
        two_sources=list(undecided_for(user)),
    )


def places_for(user: Any, permission: Permission) -> list[tuple[Institution, Country]]:
    """For which institution in which country a person may do something; international ones in all."""
    institutions = (
        Institution.objects.filter(active=True)
        .filter(within(user, permission, institution="pk", country="country__code"))
        .select_related("country")
    )
    known = list(countries(user))
    found = []
    for institution in institutions:
        homes = [institution.country] if institution.country else known
        found += [(institution, country) for country in homes]
    return found


def works_with_data(user: Any) -> bool:
    """Whether there is a place in which somebody uploads, reviews or reads figures that are not public."""
    return any(scopes(user, permission) for permission in WORKING)


def institutions_of(found: QuerySet[Dataset]) -> list[Institution]:
    """The institutions whose datasets these are."""
    return list(Institution.objects.filter(pk__in=found.order_by().values("institution")))


def latest_job(dataset: Dataset) -> Job | None:
    """The last long work on a dataset."""
    return Job.objects.filter(address=dataset.address).first()


def release_of(dataset: Dataset) -> Release | None:
    """The entry of the calendar that a dataset waits for, or came out with."""
    return Release.objects.filter(dataset=dataset).order_by("released_at", "pk").first()


def versions_of(dataset: Dataset) -> list[Version]:
    """The versions that a dataset made, by indicator."""
    return list(
        Version.objects.filter(dataset=dataset)
        .select_related("indicator__country")
        .order_by("indicator", "number")
    )


def deeds(user: Any, dataset: Dataset, *, now: datetime) -> frozenset[str]:
    """What a person can do with a dataset now."""

    def may_do(permission: Permission) -> bool:
        return may(user, permission, *dataset.places)

    found: set[str] = set()
    if dataset.state in OPEN:
        counts = dataset.counts
        if may_do(Permission.UPLOAD_DATA):
            found |= {"describe", "again", "discard"}
            if dataset.delivery.file is not None:
                found.add("mend")
            if counts.get("conflict"):
                found.add("decide")
        if may_do(Permission.SUBMIT_DATA):
            found.add("schedule")
            if counts.get("add", 0) + counts.get("change", 0) and not counts.get("conflict"):
                found.add("submit")
    elif dataset.state == "submitted":
        if may_approve(user, dataset):
            found.add("approve")
        if may_do(Permission.REVIEW_DATA):
            found.add("return")
        if may_do(Permission.SUBMIT_DATA):
            found.add("recall")
    elif dataset.state == "approved":
        if may_do(Permission.REVIEW_DATA):
            found.add("return")
        if may_do(Permission.PUBLISH_DATA):
            found.add("schedule")
            if dataset.release_at is None or dataset.release_at <= now:
                found.add("publish")
    elif dataset.state in ("published", "superseded") and may_do(Permission.WITHDRAW_DATA):
        found.add("withdraw")
    if "schedule" in found and Release.objects.filter(dataset=dataset, released_at=None).exists():
        found.remove("schedule")
    return frozenset(found)


# The rows of a dry run ------------------------------------------------------------------------------------


def tally(delivery: Delivery) -> dict[str, int]:
    """How many rows of a delivery there are of each outcome."""
    counts = dict.fromkeys(OUTCOMES, 0)
    counts.update(rows_of(delivery).order_by().values_list("outcome").annotate(Count("pk")))
    return counts


def rows(dataset: Dataset, outcome: str) -> QuerySet[Any]:
    """The rows of a dataset with one outcome, in the order of the file."""
    return rows_of(dataset.delivery, outcome)


def of_conflict(dataset: Dataset, numbers: Iterable[int] | None = None) -> list[Any]:
    """The rows in conflict, those with one key together."""
    found = rows_of(dataset.delivery, "conflict")
    if numbers is not None:
        found = found.filter(number__in=numbers)
    return list(found.order_by("key", "number"))


class Mended(NamedTuple):
    """Who changed a figure's row by hand, when and why; `by` is None where the account is not known."""

    by: Any
    at: datetime
    why: str


def edits(dataset: Dataset, numbers: Iterable[int]) -> list[Mended]:
    """The changes by hand of these rows, the last first."""
    found = Event.objects.filter(
        address=dataset.delivery.address, verb="row.edited", details__row__in=list(numbers)
    )
    return [Mended(one.by, one.at, one.why) for one in found.select_related("by").order_by("-pk")]


def changes_by_hand(row: Any) -> list[tuple[str, str, str]]:
    """(concept, as it came, as it is now) of the cells of a row that were changed by hand."""
    came = row.cells if row.as_it_came is None else row.as_it_came
    names = [*came, *(name for name in row.cells if name not in came)]
    pairs = ((name, came.get(name, ""), row.cells.get(name, "")) for name in names)
    return [(name, before, after) for name, before, after in pairs if before != after]


def mended(observation: Observation) -> Mended | None:
    """The last change by hand of the row that a figure came from; None where it came as the file has it."""
    delivery = observation.dataset.delivery
    if delivery.file is None:
        return None
    key = figure_key(observation.series.key, observation.period)
    numbers = rows_of(delivery).filter(key=key).exclude(as_it_came=None).values_list("number", flat=True)
    return next(iter(edits(observation.dataset, numbers)), None) if numbers else None


MOST_LINES = 4
MOST_DRAWN = 400


def drawn(dataset: Dataset) -> dict[tuple[str, Quantity], tuple[values.Series, values.Series]]:
    """Few series that a dataset changes: as they are now, and as they would be; {} where there are many.

    Only series of one indicator and unit, which stand in one chart.
    """
    taken = rows_of(dataset.delivery).filter(outcome__in=("add", "change"))
    if not 0 < taken.count() <= MOST_DRAWN:
        return {}
    records = read_cells(
        taken.order_by("number").values_list("number", "sheet", "line", "cells"),
        indicators=codes(dataset.country),
        country_m49=dataset.country.m49,
        today=timezone.localdate(),
        national=national(dataset.country),
    )
    by_quantity: dict[tuple[str, Quantity], dict[str, values.Observation]] = defaultdict(dict)
    for record in records:
        if record.key and record.quantity is not None:
            by_quantity[record.indicator, record.quantity][record.period] = values.Observation(
                values.Period.parse(record.period), record.value, record.status
            )
    frames = {(code, quantity.unit, quantity.unit_mult) for code, quantity in by_quantity}
    if len(frames) > 1 or len(by_quantity) > MOST_LINES:
        return {}
    found = {}
    for (code, quantity), new in by_quantity.items():
        now = Observation.objects.filter(
            series__indicator__country=dataset.country,
            series__key=quantity_key(code, quantity),
            institution=dataset.institution,
            current=True,
        )
        old = {one.period: one.as_value({}) for one in now.order_by("period")}
        name = quantity.series or code
        found[code, quantity] = (_in_order(name, old), _in_order(name, {**old, **new}))
    return found


def _in_order(name: str, observations: dict[str, values.Observation]) -> values.Series:
    return values.Series(name, tuple(sorted(observations.values(), key=lambda one: one.period)))


# What a dry run rests on ------------------------------------------------------------------------------------


def circumstances(dataset: Dataset) -> str:
    """The hash of everything besides its rows by which a dry run is made; while it is the same, so is that.

    What the institution has published and withdrawn, the country's list, definitions and codes, the year,
    and this program.
    """
    of_institution = Dataset.objects.filter(institution=dataset.institution, country=dataset.country)
    said = (
        of_institution.filter(published_at__isnull=False).count(),
        of_institution.filter(withdrawn_at__isnull=False).count(),
        sorted(codes(dataset.country)),
        sorted(frameworks.current_definitions(dataset.country).values_list("pk", flat=True)),
        sorted(frameworks.own_codes(dataset.country).values_list("pk", "revision", "active")),
        timezone.localdate().year,
        __version__,
    )
    return hashlib.sha256(repr(said).encode()).hexdigest()


# What is current --------------------------------------------------------------------------------------------


def codes(country: Country) -> dict[str, Indicator]:
    """The indicators on a country's list, by code."""
    return {one.code: one for one in Indicator.objects.filter(country=country)}


def current_values(
    institution: Institution, country: Country, records: Iterable[Record]
) -> dict[str, Current]:
    """The institution's current figures for these rows, by key of the row; two queries for 5,000 series."""
    wanted: dict[tuple[str, Quantity], list[Record]] = defaultdict(list)
    for record in records:
        if record.key and record.quantity is not None:
            wanted[record.indicator, record.quantity].append(record)
    by_key = {quantity_key(*place): rows for place, rows in wanted.items()}
    read = cache(json.loads)  # most figures have the same few notes
    found: dict[str, Current] = {}
    keys = iter(by_key)
    while some := list(islice(keys, BATCH)):
        series = Series.objects.filter(indicator__country=country, key__in=some).order_by()
        key_of = dict(series.values_list("pk", "key"))
        rows = Observation.objects.filter(series__in=list(key_of), institution=institution, current=True)
        by_place = {
            (key_of[its], period): Current(value, status, lower, upper, read(attributes))
            for its, period, value, status, lower, upper, attributes in rows.order_by()
            .annotate(text=Cast("attributes", TextField()))
            .values_list("series_id", "period", "value", "status", "lower", "upper", "text")
        }
        if by_place:
            for key in some:
                for record in by_key[key]:
                    current = by_place.get((key, record.period))
                    if current is not None:
                        found[record.key] = current
    return found


# Two sources for one quantity -------------------------------------------------------------------------------


class Compared(NamedTuple):
    """One quantity and period in the figures of several institutions; `spread` is the greatest difference."""

    period: str
    observations: tuple[Observation | None, ...]  # in the order of the institutions
    spread: float | None


class SideBySide(NamedTuple):
    """A series with the current figures of each institution that has some; `chosen` is the last choice."""

    series: Series
    institutions: tuple[Institution, ...]
    rows: tuple[Compared, ...]

    @property
    def differing(self) -> int:
        """For how many periods the figures differ."""
        return sum(bool(row.spread) for row in self.rows)

    @property
    def digits(self) -> int:
        """How many decimals show all of them alike."""
        found = (one.value for row in self.rows for one in row.observations if one is not None)
        return sentences.digits_for(value for value in found if value is not None)


def two_sources(user: Any) -> QuerySet[Indicator]:
    """The indicators of which this reader may choose between institutions' figures, decided or not."""
    return _choosable(user).filter(pk__in=_beside().values("series__indicator"))


def chooses_source(user: Any, indicator: Indicator) -> bool:
    """Whether an indicator has two sources, and this reader may choose the official one."""
    return user.is_authenticated and two_sources(user).filter(pk=indicator.pk).exists()


def undecided_for(user: Any) -> QuerySet[Indicator]:
    """Those of them that have a series for which nobody has chosen yet."""
    return _choosable(user).filter(pk__in=_beside().filter(series__choices=None).values("series__indicator"))


def undecided(indicator: Indicator) -> bool:
    """Whether an indicator has two sources for a series, and nobody has chosen."""
    return _beside().filter(series__indicator=indicator, series__choices=None).exists()


def _choosable(user: Any) -> QuerySet[Indicator]:
    places = within(user, Permission.CHOOSE_OFFICIAL, institution="custodian_id", country="country__code")
    return indicators(user).filter(places)


def _beside() -> QuerySet[Observation]:
    """Current figures that stand beside the official ones."""
    return Observation.objects.filter(current=True).exclude(institution=F("series__official")).order_by()


def side_by_side(indicator: Indicator) -> list[SideBySide]:
    """The series of an indicator for which more than one institution has current figures."""
    several = (
        Series.objects.filter(indicator=indicator)
        .annotate(
            sources=Count("observations__institution", filter=Q(observations__current=True), distinct=True)
        )
        .filter(sources__gt=1)
        .select_related("official")
    )
    rows = Observation.objects.filter(series__in=several.order_by().values("pk"), current=True)
    by_series: dict[int, list[Observation]] = defaultdict(list)
    for one in rows.select_related("institution").order_by("year", "period"):
        by_series[one.series_id].append(one)
    return [_compared(series, by_series[series.pk]) for series in several]


def _compared(series: Series, observations: Sequence[Observation]) -> SideBySide:
    found = {one.institution_id: one.institution for one in observations}
    institutions = sorted(found.values(), key=lambda one: (one.pk != series.official_id, one.pk))
    by_place = {(one.institution_id, one.period): one for one in observations}
    rows = []
    for period in dict.fromkeys(one.period for one in observations):
        row = tuple(by_place.get((one.pk, period)) for one in institutions)
        values = [one.value for one in row if one is not None and one.value is not None]
        rows.append(Compared(period, row, max(values) - min(values) if len(values) > 1 else None))
    return SideBySide(series, tuple(institutions), tuple(rows))


# The calendar -----------------------------------------------------------------------------------------------


def calendar_of(user: Any) -> QuerySet[Release]:
    """The entries of the release calendar that this reader keeps."""
    held = within(user, Permission.EDIT_INDICATORS, institution="institution_id", country="country__code")
    held |= within(user, Permission.PUBLISH_DATA, institution="institution_id", country="country__code")
    return (
        Release.objects.filter(held)
        .select_related("country", "institution", "dataset")
        .prefetch_related("indicators")
    )


def calendar_places(user: Any) -> list[tuple[Institution, Country]]:
    """For which institutions a person keeps the release calendar."""
    both = places_for(user, Permission.EDIT_INDICATORS) + places_for(user, Permission.PUBLISH_DATA)
    return list({(one.pk, country.pk): (one, country) for one, country in both}.values())


def tieable(user: Any, release: Release | None = None) -> list[Dataset]:
    """The datasets that can wait for an entry of the calendar."""
    waiting = datasets(user).filter(state__in=("draft", "submitted", "returned", "approved"))
    taken = Release.objects.filter(released_at=None).exclude(dataset=None)
    if release is not None:
        taken = taken.exclude(pk=release.pk)
        waiting = waiting.filter(country=release.country)
        if release.institution is not None:
            waiting = waiting.filter(institution=release.institution)
    return list(waiting.exclude(pk__in=taken.values("dataset")))


def tied(user: Any, release: Release) -> Dataset | None:
    """The dataset of an entry, if this reader may see it."""
    return datasets(user).filter(pk=release.dataset_id).first()


# The lists --------------------------------------------------------------------------------------------------


def listed_countries(user: Any) -> list[Country]:
    """The countries whose list of indicators a person keeps."""
    held = scopes(user, Permission.EDIT_INDICATORS)
    if EVERYWHERE in held:
        return list(countries(user))
    return list(
        countries(user).filter(code__in=[one.split(":")[1] for one in held if one.startswith("country:")])
    )


def knows(user: Any, code: str) -> bool:
    """Whether a reader may know of a country."""
    return countries(user).filter(code=code).exists()


def list_of(country: Country) -> QuerySet[Indicator]:
    """Every indicator of a country's list, unlisted ones too."""
    return Indicator.objects.filter(country=country).select_related("country", "custodian")


def indicators_of(found: Iterable[Country]) -> list[Indicator]:
    """The listed indicators of these countries."""
    return list(Indicator.objects.filter(country__in=list(found), listed=True))


def custodians(country: Country) -> QuerySet[Institution]:
    """The institutions that can answer for an indicator of a country."""
    return Institution.objects.filter(Q(country=country) | Q(country=None), active=True)


def not_listed_yet(country: Country) -> list[str]:
    """The codes of the Goals that are not on a country's list."""
    listed = set(codes(country))
    goals = (item.code for item in catalogue.framework("sdg").items if item.level == "indicator")
    return [code for code in goals if code not in listed]


def choices_of(indicator: Indicator) -> list[OfficialChoice]:
    """What was chosen before between an indicator's sources, the last first, each decision once."""
    found = OfficialChoice.objects.filter(series__indicator=indicator).select_related("institution", "by")
    by_decision: dict[tuple[int, str, int], OfficialChoice] = {}
    for one in found:
        by_decision.setdefault((one.institution_id, one.reason, one.by_id), one)
    return list(by_decision.values())


def requests_about(dataset: Dataset, indicators: Iterable[Indicator]) -> QuerySet[DataRequest]:
    """The requests that a dataset answers, or that ask for figures of these indicators."""
    about = Q(answer=dataset) | Q(indicator__in=[one.pk for one in indicators], country=dataset.country)
    return DataRequest.objects.filter(about).exclude(state="cancelled").select_related("by").order_by("pk")
