"""Of several institutions' figures for one quantity: whose are published."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from milepost.errors import refuse
from milepost.values import Origin
from milepost.web.accounts.roles import Permission
from milepost.web.audit.actions import record
from milepost.web.indicators.actions import publishing
from milepost.web.indicators.actions.conditions import allow, need_reason
from milepost.web.indicators.models import Observation, OfficialChoice, Series, Version
from milepost.web.indicators.queries import work
from milepost.web.notices import actions as notices
from milepost.web.stakeholders.models import Institution
from milepost.web.traces.actions import link


@transaction.atomic
def choose(*, by: Any, series: Iterable[Series], institution: Institution, reason: str) -> list[Version]:
    """Publish this institution's figures of these series from now on, and say why; the reason is public.

    To confirm the source that is official already is a decision too, but makes no new version. MilepostError
    where the institution has no figures of one of the series.
    """
    chosen = list(
        Series.objects.select_for_update(of=("self",))
        .filter(pk__in=[its.pk for its in series])
        .select_related("indicator__country", "official")
        .order_by("pk")
    )
    indicators = {its.indicator_id: its.indicator for its in chosen}
    for indicator in indicators.values():
        allow(by, Permission.CHOOSE_OFFICIAL, indicator.address, indicator.country.address)
    why = need_reason(reason)
    current = _current(chosen)
    _need_figures(chosen, institution, current)
    changed = [its for its in chosen if its.official_id != institution.pk]
    versions = publishing.choose(changed, institution=institution, reason=why, at=timezone.now())
    OfficialChoice.objects.bulk_create(
        OfficialChoice(series=its, institution=institution, reason=why, by=by) for its in chosen
    )
    made = {version.indicator_id: version for version in versions}
    for indicator in indicators.values():
        its_series = [its for its in chosen if its.indicator_id == indicator.pk]
        event = record(
            by=by,
            verb="official.chosen",
            address=indicator.address,
            scope=indicator.country.address,
            why=why,
            details={
                "institution": institution.address,
                "instead_of": sorted({its.official.address for its in its_series if its.official}),
                "series": len(its_series),
            },
        )
        _link(its_series, institution, current, made.get(indicator.pk), event.address_of_event)
        if not work.undecided(indicator):
            notices.done(indicator.address, kind="conflict", by=by)
    return versions


def _current(series: Sequence[Series]) -> dict[int, dict[int, set[int]]]:
    """The datasets of the current figures: {series: {institution: datasets}}."""
    found: dict[int, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
    for some in publishing.batches([its.pk for its in series]):
        rows = Observation.objects.filter(series__in=some, current=True).order_by()
        for its, institution, dataset in rows.values_list("series", "institution", "dataset").distinct():
            found[its][institution].add(dataset)
    return found


def _need_figures(
    series: Sequence[Series], institution: Institution, current: dict[int, dict[int, set[int]]]
) -> None:
    without = [its for its in series if institution.pk not in current[its.pk]]
    if without:
        raise refuse(
            "source-without-figures",
            Origin("form", column="institution"),
            name=str(institution),
            count=len(without),
        )


def _link(
    series: Sequence[Series],
    institution: Institution,
    current: dict[int, dict[int, set[int]]],
    version: Version | None,
    event: str,
) -> None:
    """The new version rests on what the institution gave, and that was chosen over what the others gave."""
    chosen = {dataset for its in series for dataset in current[its.pk][institution.pk]}
    others = {
        dataset
        for its in series
        for other, datasets in current[its.pk].items()
        if other != institution.pk
        for dataset in datasets
    }
    if version is not None:
        link(version.address, "decided_by", event)
        for dataset in sorted(chosen):
            link(version.address, "rests_on", f"dataset:{dataset}")
    for dataset in sorted(chosen):
        for other in sorted(others - chosen):
            link(f"dataset:{dataset}", "chosen_over", f"dataset:{other}", event=event)
