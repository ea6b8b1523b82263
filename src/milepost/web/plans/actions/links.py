"""What a measure is linked to: things of the installation by their address, and documents from outside."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from milepost.web.plans.actions.conditions import allow, tell
from milepost.web.plans.models import Measure, MeasureOrigin
from milepost.web.plans.queries.links import RELATION_OF
from milepost.web.traces.actions import link, unlink
from milepost.web.ui import addresses
from milepost.web.ui.addresses import Address
from milepost.web.ui.conditions import fault, refuse_if


@transaction.atomic
def add(*, by: Any, measure: Measure, address: str) -> None:
    """Say what helps a measure, in what it shows, or what it carries on: a thing that the person may see."""
    allow(by, measure.plan)
    place = _parsed(address)
    thing = addresses.find(by, place) if place is not None and place.kind in RELATION_OF else None
    if place is None or thing is None or address == measure.plan.address:
        refuse_if([fault("link-not-there", "address")])
        return
    link(measure.address, RELATION_OF[place.kind], str(place.whole))
    tell(by, "measure.linked", measure, details={"to": str(place.whole)})


@transaction.atomic
def remove(*, by: Any, measure: Measure, address: str) -> None:
    """Take back what was said; the audit keeps that it was."""
    allow(by, measure.plan)
    place = _parsed(address)
    if place is None or place.kind not in RELATION_OF:
        refuse_if([fault("link-not-there", "address")])
        return
    unlink(measure.address, RELATION_OF[place.kind], str(place.whole))
    tell(by, "measure.unlinked", measure, details={"to": str(place.whole)})


def _parsed(address: str) -> Address | None:
    try:
        return Address.parse(address)
    except ValueError:
        return None


@transaction.atomic
def add_origin(
    *,
    by: Any,
    measure: Measure,
    kind: str,
    document: str,
    words: Mapping[str, str],
    number: str = "",
    year: int | None = None,
    link: str = "",
) -> MeasureOrigin:
    """A gap or recommendation of a document from outside, in own words, that a measure answers to."""
    allow(by, measure.plan)
    made = MeasureOrigin.objects.create(
        measure=measure,
        kind=MeasureOrigin.Kind(kind),
        document=document.strip(),
        number=number.strip(),
        words=dict(words),
        year=year,
        link=link.strip(),
    )
    tell(by, "measure.origin", measure, details={"name": str(made)[:200]})
    return made


@transaction.atomic
def remove_origin(*, by: Any, origin: MeasureOrigin) -> None:
    """Take such a document off a measure; the audit keeps its name."""
    allow(by, origin.measure.plan)
    measure, name = origin.measure, str(origin)[:200]
    origin.delete()
    tell(by, "measure.origin-removed", measure, details={"name": name})
