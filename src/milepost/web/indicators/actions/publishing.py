"""What becomes public and what leaves the public: whole sets at a time, in the transaction of the caller.

Everything here keeps one rule: **a figure is public exactly when it is the current one of its institution and
that institution is the official one of its series.** Each change makes one new version of every indicator of
which something public changed; what only stands beside the official figures makes none.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.utils.translation import gettext_noop

from milepost.recipes.incoming import Judged, Quantity, Record, quantity_key
from milepost.web.indicators.models import Coverage, Dataset, Indicator, Observation, Series, Version
from milepost.web.indicators.queries.coverage import counted
from milepost.web.indicators.queries.figures import public_in
from milepost.web.stakeholders.models import Country, Institution

TAKEN = frozenset({"add", "change"})
"""The outcomes of rows that become figures."""

BATCH = 5000
"""Rows in one statement."""

LOOKING_UP = gettext_noop("Looking up the series")
WRITING = gettext_noop("Writing the figures")
COUNTING = gettext_noop("Counting what is covered")
"""What a job says while it works."""

Say = Callable[[str, int, int], Any]
Quantities = dict[tuple[str, Quantity], Series]  # by code of the indicator and quantity


def silent(_step: str, _done: int = 0, _total: int = 0) -> None:
    """Say nothing of how far it is."""


@dataclass(frozen=True, slots=True)
class Published:
    """What came of it: new versions, datasets that lost figures to this one, indicators with two sources."""

    versions: tuple[Version, ...] = ()
    replaced: frozenset[int] = frozenset()  # keys of datasets
    beside: tuple[Indicator, ...] = ()  # another institution's figures are the official ones


@dataclass(slots=True)
class _Change:
    """What changes in the public figures of one indicator; `ended` are the figures that leave the public."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    ended: list[int] = field(default_factory=list)

    @property
    def any(self) -> bool:
        return bool(self.added or self.changed or self.removed)


class _Former(NamedTuple):
    """The current figure of the institution, which is to be replaced."""

    pk: int
    dataset: int
    public: bool


def publish(judged: Iterable[Judged], *, dataset: Dataset, at: datetime, say: Say = silent) -> Published:
    """Make figures of the rows that add or change something; public where the institution is the source.

    The first institution with figures of a series becomes its official one.
    """
    _in_transaction()
    taken = [one.record for one in judged if one.outcome in TAKEN]
    indicators = _locked(dataset.country, {record.indicator for record in taken})
    series = _series(taken, indicators, dataset.institution, say)
    former = _former(series.values(), dataset.institution)
    changes: dict[Indicator, _Change] = {indicator: _Change() for indicator in indicators.values()}
    internal: list[int] = []
    replaced: set[int] = set()
    rows: list[_Row] = []
    for record in taken:
        indicator, its = indicators[record.indicator], series[_quantity(record)]
        change, before = changes[indicator], former.get((its.pk, record.period))
        official = its.official_id == dataset.institution_id
        if before is not None:
            replaced.add(before.dataset)
            (change.ended if before.public else internal).append(before.pk)
        if official and before is not None and before.public:
            change.changed += 1
        elif official:
            change.added += 1
        rows.append(_figure(record, its.pk, dataset, indicator.version + 1 if official else None))
    versions = _versions(
        changes,
        kind=Version.Kind.CORRECTION if dataset.correction else Version.Kind.RELEASE,
        note=dataset.note if dataset.correction else "",
        institution=dataset.institution,
        dataset=dataset,
        at=at,
    )
    _end(changes, current=False)
    for pks in batches(internal):
        Observation.objects.filter(pk__in=pks).update(current=False)
    _insert(rows, say)
    _cover([version.indicator for version in versions], say)
    beside = {its.indicator_id for its in series.values() if its.official_id != dataset.institution_id}
    return Published(
        versions=tuple(versions),
        replaced=frozenset(replaced - {dataset.pk}),
        beside=tuple(indicator for indicator in indicators.values() if indicator.pk in beside),
    )


def withdraw(dataset: Dataset, *, reason: str, at: datetime) -> list[Version]:
    """Take all that is left of a dataset out of the public, and out of what is current."""
    _in_transaction()
    left = Observation.objects.filter(dataset=dataset, current=True)
    touched = left.order_by().values("series__indicator")
    changes = {}
    for indicator in Indicator.objects.select_for_update().filter(pk__in=touched).order_by("pk"):
        public = left.filter(public_in(), series__indicator=indicator)
        ended = list(public.order_by().values_list("pk", flat=True))
        changes[indicator] = _Change(removed=len(ended), ended=ended)
    versions = _versions(
        changes,
        kind=Version.Kind.WITHDRAWAL,
        note=reason,
        institution=dataset.institution,
        dataset=dataset,
        at=at,
    )
    _end(changes, current=False)
    left.update(current=False)
    _cover([version.indicator for version in versions])
    return versions


def choose(series: Sequence[Series], *, institution: Institution, reason: str, at: datetime) -> list[Version]:
    """Show one institution's figures of these series instead of another's, all periods of a series alike."""
    _in_transaction()
    by_indicator: dict[int, list[int]] = defaultdict(list)
    for its in series:
        by_indicator[its.indicator_id].append(its.pk)
    changes: dict[Indicator, _Change] = {}
    begun: dict[Indicator, list[Observation]] = {}
    for indicator in Indicator.objects.select_for_update().filter(pk__in=by_indicator).order_by("pk"):
        changes[indicator], begun[indicator] = _Change(), []
        for pks in batches(by_indicator[indicator.pk]):
            _swap(pks, institution, changes[indicator], begun[indicator])
            Series.objects.filter(pk__in=pks).update(official=institution)
    versions = _versions(changes, kind=Version.Kind.SOURCE, note=reason, institution=institution, at=at)
    _end(changes)
    for indicator, observations in begun.items():
        _begin(observations, indicator.version)
    _cover([version.indicator for version in versions])
    return versions


def _swap(series: Sequence[int], institution: Institution, change: _Change, begun: list[Observation]) -> None:
    """Note which figures of these series leave the public, and which come in their place."""
    theirs = Observation.objects.filter(public_in(), series__in=series).exclude(institution=institution)
    ours = list(Observation.objects.filter(series__in=series, institution=institution, current=True))
    before = {(one.series_id, one.period): one.pk for one in theirs.only("series_id", "period")}
    after = {(one.series_id, one.period) for one in ours}
    change.ended += before.values()
    change.changed += len(after & before.keys())
    change.added += len(after - before.keys())
    change.removed += len(before.keys() - after)
    begun += ours


# The intervals ----------------------------------------------------------------------------------------------


def _versions(
    changes: Mapping[Indicator, _Change],
    *,
    kind: str,
    note: str,
    institution: Institution,
    at: datetime,
    dataset: Dataset | None = None,
) -> list[Version]:
    """One new version of each indicator of which something public changes."""
    touched = [indicator for indicator, change in changes.items() if change.any]
    for indicator in touched:
        indicator.version += 1
    Indicator.objects.bulk_update(touched, ["version"], batch_size=400)
    return Version.objects.bulk_create(
        Version(
            indicator=indicator,
            number=indicator.version,
            kind=kind,
            at=at,
            dataset=dataset,
            institution=institution,
            note=note,
            added=changes[indicator].added,
            changed=changes[indicator].changed,
            removed=changes[indicator].removed,
        )
        for indicator in touched
    )


def _end(changes: Mapping[Indicator, _Change], **fields: Any) -> None:
    """Take figures out of the public with the version that was just made."""
    for indicator, change in changes.items():
        for pks in batches(change.ended):
            Observation.objects.filter(pk__in=pks).update(public_until=indicator.version, **fields)


def _begin(observations: Sequence[Observation], number: int) -> None:
    """Make figures public from a version on; a copy of those that were before: an interval begins once."""
    fresh = [one.pk for one in observations if one.public_from is None]
    again = [one for one in observations if one.public_from is not None]
    for pks in batches(fresh):
        Observation.objects.filter(pk__in=pks).update(public_from=number)
    for pks in batches([one.pk for one in again]):
        Observation.objects.filter(pk__in=pks).update(current=False)
    for one in again:
        one.pk, one.public_from, one.public_until = None, number, None
    Observation.objects.bulk_create(again, batch_size=BATCH)


def _cover(indicators: Collection[Indicator], say: Say = silent) -> None:
    """Count again what is public of these indicators."""
    for done, indicator in enumerate(indicators):
        say(COUNTING, done, len(indicators))
        Coverage.objects.filter(indicator=indicator).delete()
        Coverage.objects.bulk_create(
            Coverage(indicator=indicator, **cell._asdict()) for cell in counted(indicator)
        )


# Rows to figures --------------------------------------------------------------------------------------------


def _locked(country: Country, codes: Collection[str]) -> dict[str, Indicator]:
    """The indicators of a country by code, locked in one order, so that two publications never block."""
    found = Indicator.objects.select_for_update(of=("self",)).filter(country=country, code__in=codes)
    return {indicator.code: indicator for indicator in found.select_related("country").order_by("pk")}


def _series(
    taken: Sequence[Record], indicators: Mapping[str, Indicator], institution: Institution, say: Say
) -> Quantities:
    """The series of these rows, found by their keys or made."""
    wanted: dict[tuple[str, Quantity], str] = {}
    for record in taken:
        place = _quantity(record)
        if place not in wanted:
            wanted[place] = quantity_key(*place)
    say(LOOKING_UP, 0, len(wanted))
    pks = [indicator.pk for indicator in indicators.values()]
    known: dict[tuple[int, str], Series] = {}
    for keys in batches(list(wanted.values())):
        for its in Series.objects.filter(indicator__in=pks, key__in=keys):
            known[its.indicator_id, its.key] = its
    without = [its.pk for its in known.values() if its.official_id is None]
    for some in batches(without):
        Series.objects.filter(pk__in=some).update(official=institution)
    found: Quantities = {}
    new: list[Series] = []
    for (code, quantity), key in wanted.items():
        its = known.get((indicators[code].pk, key))
        if its is None:
            its = _new_series(indicators[code], quantity, key, institution)
            new.append(its)
        elif its.official_id is None:
            its.official = institution
        found[code, quantity] = its
    Series.objects.bulk_create(new, batch_size=BATCH)
    return found


def _new_series(indicator: Indicator, quantity: Quantity, key: str, institution: Institution) -> Series:
    return Series(
        indicator=indicator,
        key=key,
        code=quantity.series,
        unit=quantity.unit,
        unit_mult=quantity.unit_mult,
        area=quantity.area,
        reporting_type=quantity.reporting_type,
        frequency=quantity.frequency,
        breakdown=dict(quantity.breakdown),
        dimensions="+".join(dimension for dimension, _category in quantity.breakdown),
        official=institution,
    )


def _former(series: Iterable[Series], institution: Institution) -> dict[tuple[int, str], _Former]:
    """The institution's current figures of these series, by series and period."""
    found: dict[tuple[int, str], _Former] = {}
    for pks in batches([its.pk for its in series]):
        rows = Observation.objects.filter(series__in=pks, institution=institution, current=True).order_by()
        for pk, its, period, dataset, begun, ended in rows.values_list(
            "pk", "series_id", "period", "dataset_id", "public_from", "public_until"
        ):
            found[its, period] = _Former(pk, dataset, begun is not None and ended is None)
    return found


_COLUMNS = (
    "series_id", "institution_id", "dataset_id", "period", "year", "value", "status", "lower", "upper",
    "attributes", "sheet", "line", "column", "current", "public_from",
)  # fmt: skip
_Row = tuple[Any, ...]


def _figure(record: Record, series: int, dataset: Dataset, number: int | None) -> _Row:
    """A new current figure, in the order of _COLUMNS."""
    return (
        series,
        dataset.institution_id,
        dataset.pk,
        record.period,
        record.year,
        record.value,
        record.status,
        record.lower,
        record.upper,
        json.dumps(record.attributes, ensure_ascii=False, sort_keys=True),
        record.sheet,
        record.line,
        record.column[:200],
        True,
        number,
    )


def _insert(rows: Sequence[_Row], say: Say) -> None:
    """Write new figures as plain rows: a model instance for each would take three times as long."""
    name = connection.ops.quote_name
    table, columns = name(Observation._meta.db_table), ", ".join(map(name, _COLUMNS))
    places = ", ".join(["%s"] * len(_COLUMNS))
    cursor: Any  # of psycopg or sqlite3
    with connection.cursor() as cursor:
        for done, some in enumerate(batches(rows)):
            say(WRITING, done * BATCH, len(rows))
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in some:
                        copy.write_row(row)
            else:
                cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({places})", some)  # noqa: S608


def _quantity(record: Record) -> tuple[str, Quantity]:
    """Where a row belongs; a row without quantity was refused and never comes here."""
    assert record.quantity is not None
    return record.indicator, record.quantity


def batches(things: Sequence[Any]) -> Iterator[Sequence[Any]]:
    """The things in portions that fit into one statement."""
    for start in range(0, len(things), BATCH):
        yield things[start : start + BATCH]


def _in_transaction() -> None:
    if not connection.in_atomic_block:
        raise RuntimeError("figures become public in the transaction of the action that makes them so")
