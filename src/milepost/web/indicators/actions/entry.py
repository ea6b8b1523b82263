"""Figures that are typed in: a form of cells, each saved as it is typed, compared like those of a file."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from django.db import transaction
from django.utils import timezone

from milepost.errors import refuse
from milepost.recipes import incoming
from milepost.web.accounts.roles import Permission
from milepost.web.indicators.actions import datasets
from milepost.web.indicators.actions.conditions import allow
from milepost.web.indicators.models import DataRequest, Dataset, Indicator
from milepost.web.indicators.queries import work
from milepost.web.indicators.queries.entry import NORMAL, seen
from milepost.web.intake import actions as intake
from milepost.web.intake.models import Row
from milepost.web.intake.queries import national
from milepost.web.stakeholders.models import Institution
from milepost.web.ui.revisions import Stale

MOST_CELLS = 2000


class Typed(NamedTuple):
    """What was typed into a cell, and what stood there when the page was made (see `seen`)."""

    number: int
    value: str
    status: str
    seen: str


class Saved(NamedTuple):
    """What became of it: `row` is how the cell is now, None if blank; `by` whose change was in the way."""

    typed: Typed
    row: Row | None
    conflict: bool = False
    by: Any = None


@transaction.atomic
def start_from_cells(
    *,
    by: Any,
    institution: Institution,
    indicator: Indicator,
    cells: Sequence[Mapping[str, str]],
    request: DataRequest | None = None,
) -> Dataset:
    """A draft with a form for these cells ({concept: text} without value), filled with what is current.

    `request` is the data request that asks for them. MilepostError where there are none, or too many.
    """
    allow(by, Permission.UPLOAD_DATA, institution.address, indicator.country.address)
    if not cells or len(cells) > MOST_CELLS:
        raise refuse("request-size", "form", count=len(cells), limit=MOST_CELLS)
    asked = [{**cell, incoming.INDICATOR: indicator.code} for cell in cells]
    delivery = intake.open_form(
        by=by,
        country=indicator.country,
        institution=institution,
        indicator=indicator.code,
        cells=asked,
    )
    title = _title(indicator, asked)
    note = request.note if request is not None else ""
    dataset = datasets.begin(by=by, delivery=delivery, title=title, note=note)
    intake.prefill(delivery, _current(institution, indicator, asked))
    return datasets.compare_again(dataset)


def _title(indicator: Indicator, cells: Iterable[Mapping[str, str]]) -> str:
    """The code and the years, which need no translation."""
    periods = sorted({cell[incoming.PERIOD] for cell in cells if cell.get(incoming.PERIOD)})
    span = "–".join(dict.fromkeys((periods[0], periods[-1]))) if periods else ""
    return f"{indicator.code}, {span}".strip(", ")


def _current(
    institution: Institution, indicator: Indicator, cells: Sequence[Mapping[str, str]]
) -> dict[int, dict[str, str]]:
    """{number of a cell: its cells} for those of which the institution has a figure already."""
    country = indicator.country
    # Without a figure a row has no key: any reason for none will do to learn it.
    rows = ((number, "", number, {**cell, incoming.STATUS: "O"}) for number, cell in enumerate(cells, 1))
    records = incoming.read_cells(
        rows,
        indicators=work.codes(country),
        country_m49=country.m49,
        today=timezone.localdate(),
        national=national(country),
    )
    known = work.current_values(institution, country, records)
    return {
        record.number: {**cells[record.number - 1], **_figure(known[record.key])}
        for record in records
        if record.key in known
    }


def _figure(current: incoming.Current) -> dict[str, str]:
    """A current figure as the cells of a row."""
    numbers = {
        incoming.VALUE: current.value,
        incoming.LOWER: current.lower,
        incoming.UPPER: current.upper,
    }
    found = {name: repr(number) for name, number in numbers.items() if number is not None}
    found = {name: text.removesuffix(".0") for name, text in found.items()}
    status = {} if current.status == NORMAL else {incoming.STATUS: current.status}
    return {**current.attributes, **found, **status}


@transaction.atomic
def save(*, by: Any, dataset: Dataset, typed: Iterable[Typed]) -> list[Saved]:
    """Save what was typed and is not as it was shown; each cell for itself, then all are compared again.

    A cell that somebody else changed meanwhile stays as it is, and is told as a conflict.
    """
    allow(by, Permission.UPLOAD_DATA, *dataset.places)
    results: list[Saved] = []
    for one in typed:
        revision, status, value = _seen(one.seen)
        if (one.value.strip(), one.status) == (value, status):
            continue
        cells = {incoming.VALUE: one.value, incoming.STATUS: one.status}
        try:
            row = intake.fill_in(
                by=by, delivery=dataset.delivery, number=one.number, cells=cells, revision=revision
            )
        except Stale as stale:
            same = seen(stale.now).partition(":")[2] == f"{one.status}:{incoming.plain_number(one.value)}"
            results.append(Saved(one, stale.now, not same, stale.now.edited_by if stale.now else None))
        else:
            results.append(Saved(one, row))
    if any(not result.conflict for result in results):
        datasets.compare_again(dataset, numbers=[result.typed.number for result in results])
    return [_as_judged(dataset, result) for result in results]


def _as_judged(dataset: Dataset, result: Saved) -> Saved:
    row = Row.objects.filter(delivery=dataset.delivery, number=result.typed.number).first()
    return result._replace(row=row)


def _seen(text: str) -> tuple[int, str, str]:
    revision, _, rest = text.partition(":")
    status, _, value = rest.partition(":")
    return (int(revision) if revision.isdecimal() else -1), status, value
