"""Grids in which figures are typed: what can be asked for, and how a form stands."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from milepost import catalogue
from milepost.errors import MilepostError
from milepost.recipes import incoming
from milepost.reports import sentences
from milepost.values import MISSING_STATUSES, Text
from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.indicators.models import Dataset, Indicator, Series
from milepost.web.indicators.queries import names
from milepost.web.indicators.queries.figures import definition
from milepost.web.indicators.queries.scoping import datasets, indicators
from milepost.web.intake import faults
from milepost.web.intake import queries as intake
from milepost.web.intake.models import Row
from milepost.web.stakeholders.models import Institution
from milepost.web.stakeholders.queries import institutions, within

MOST_CATEGORIES = 60
"""A breakdown with more categories is for a file, apart from those that have figures."""
AREA = "ref_area"
NORMAL = "A"
STATUSES = ("", "E", "P", "F", "B", "D", "U", *sorted(MISSING_STATUSES, key="OLMQH".index))
"""The statuses that a grid offers, those that come first in practice first; "" is a normal value."""


def find(user: Any, pk: int) -> Dataset | None:
    """A set of figures that is typed in, if this reader may see it."""
    return datasets(user).filter(pk=pk, delivery__file=None).first()


def institutions_of(user: Any) -> list[Institution]:
    """The institutions in whose name a reader may bring in figures."""
    held = within(user, Permission.UPLOAD_DATA, institution="pk", country="country__code")
    return list(institutions(user).filter(held, active=True))


def indicators_of(user: Any, institution: Institution) -> list[Indicator]:
    """The indicators that an institution can bring in figures of: those of its country, or of every one."""
    found = indicators(user)
    if institution.country is not None:
        return list(found.filter(country=institution.country))
    return [
        one for one in found if may(user, Permission.UPLOAD_DATA, institution.address, one.country.address)
    ]


def dimensions(indicator: Indicator) -> list[tuple[str, list[tuple[str, names.Words]]]]:
    """(dimension, [(category, name)]) by which a grid can be broken down: defined, or with figures."""
    described, added = definition(indicator), intake.national(indicator.country)
    own = names.own_codes(indicator.country)
    known: dict[str, dict[str, None]] = {name: {} for name in (described.breakdowns if described else ())}
    known |= {name: {} for name in added.dimensions if added.own(name)}
    for breakdown in Series.objects.filter(indicator=indicator).values_list("breakdown", flat=True):
        for name, code in breakdown.items():
            known.setdefault(name, {})[code] = None
    known.pop(AREA, None)
    areas = _areas(indicator, added)
    found = [(AREA, areas)] if areas else []
    for name, used in known.items():
        codes = {**used, **dict.fromkeys(_listed(name)), **dict.fromkeys(added.own(name))}
        if codes:
            found.append((name, [(code, names.category(name, code, own)) for code in codes]))
    return found


def _listed(dimension: str) -> Sequence[str]:
    """The categories of a code list, if it is short enough for a page."""
    try:
        codes = catalogue.code_list(incoming.CODE_LISTS.get(dimension, dimension)).codes
    except MilepostError:
        return ()
    listed = [code for code in codes if not code.startswith("_")]
    return listed if len(listed) <= MOST_CATEGORIES else ()


def _areas(indicator: Indicator, added: incoming.National) -> list[tuple[str, names.Words]]:
    """The regions of the country: those of the code list, its own, and those that have figures."""
    areas = catalogue.code_list("areas")
    m49 = indicator.country.m49.lstrip("0")
    own = [code for code, known in areas.annotations.items() if m49 and known.get("parent") == m49]
    used = Series.objects.filter(indicator=indicator).exclude(area="").values_list("area", flat=True)
    named = added.own(AREA)
    codes = dict.fromkeys([*own, *named, *used.order_by("area").distinct()])
    return [(code, named.get(code) or areas.codes.get(code, code)) for code in codes]


# A grid -----------------------------------------------------------------------------------------------------


def seen(row: Row | None, cleared: int = 0) -> str:
    """What a page must know of a cell to change it: revision, status and value.

    `cleared` is the revision of a cell that was cleared.

    >>> seen(None)
    '0::'
    """
    if row is None:
        return f"{cleared}::"
    status = row.cells.get(incoming.STATUS, "")
    status = "" if status == NORMAL else status
    return f"{row.revision}:{status}:{row.cells.get(incoming.VALUE, '')}"


class Cell(NamedTuple):
    """One cell of a grid, as the page shows it."""

    number: int
    label: str
    value: str
    status: str
    seen: str
    before: str
    problems: tuple[tuple[str, str], ...]  # (gravity, words)


class Line(NamedTuple):
    """A row of a grid: what it is called, and a cell for each period, None where the form asks for none."""

    name: str
    group: str  # series and unit; "" where the line above has the same
    cells: tuple[Cell | None, ...]


class Grid(NamedTuple):
    """Periods across, categories down."""

    periods: tuple[str, ...]
    lines: tuple[Line, ...]
    filled: int
    asked: int


def grid(dataset: Dataset) -> Grid:
    """The form of a dataset as it stands."""
    form = intake.form_of(dataset.delivery)
    rows = {row.number: row for row in intake.rows(dataset.delivery).select_related("edited_by")}
    periods = tuple(dict.fromkeys(sorted(cell.get(incoming.PERIOD, "") for cell in form["cells"])))
    own = names.own_codes(dataset.country)
    places: dict[tuple[tuple[str, str], ...], dict[str, int]] = {}
    for number, cell in enumerate(form["cells"], 1):
        place = tuple((name, text) for name, text in cell.items() if name != incoming.PERIOD)
        places.setdefault(place, {})[cell.get(incoming.PERIOD, "")] = number
    lines = []
    group = ""
    for place, numbers in places.items():
        name, quantity = name_of(dict(place), own), _quantity(dataset, dict(place))
        cells = tuple(
            cell_of(numbers[period], name, period, rows.get(numbers[period]), form)
            if period in numbers
            else None
            for period in periods
        )
        lines.append(Line(name, "" if quantity == group else quantity, cells))
        group = quantity
    return Grid(periods, tuple(lines), len(rows), len(form["cells"]))


def cell_of(number: int, name: str, period: str, row: Row | None, form: Mapping[str, Any]) -> Cell:
    """One cell, with what is wrong with it."""
    shown = seen(row, form["cleared"].get(str(number), 0))
    status, _colon, value = shown.partition(":")[2].partition(":")
    problems = faults.from_json(row.problems) if row is not None else []
    language = get_language() or "en"
    return Cell(
        number,
        f"{name}, {period}",
        value,
        status,
        shown,
        _before(row),
        tuple(
            (sentences.KINDS[problem.code].gravity, " ".join(sentences.fault(problem, language)))
            for problem in problems
        ),
    )


def _before(row: Row | None) -> str:
    """The figure that a row would change, in words."""
    if row is None or not row.before:
        return ""
    value = row.before.get("value")
    language = get_language() or "en"
    return sentences.number(value, language) if value is not None else str(row.before.get("status", ""))


def name_of(cell: Mapping[str, str], own: names.Own | None = None) -> str:
    """What a line is called: its categories, or the total; `own` are the names that the country gave."""
    language = get_language() or "en"
    said = [
        names.said(names.category(names.AREA if name == AREA else name, code, own), language)
        for name, code in cell.items()
        if name == AREA or name not in (incoming.INDICATOR, *incoming.QUANTITY, *incoming.NOTES)
    ]
    return ", ".join(said) or _("Total")


def _quantity(dataset: Dataset, cell: Mapping[str, str]) -> str:
    """What is measured, and in which unit."""
    language = get_language() or "en"
    series, unit = cell.get("series", ""), cell.get("unit_measure", "")
    described = intake.national(dataset.country).by_series(series) if series else None
    measured = described.measured(series) if described else None
    name = measured.name if measured else Text(en=series)
    unit_name = catalogue.code_list("unit").codes.get(unit) or unit
    return ", ".join(filter(None, (names.said(name, language), names.said(unit_name, language))))


def status_choices() -> dict[str, str]:
    """{code: name} of the statuses that a grid offers."""
    codes = catalogue.code_list("observation_status").codes
    language = get_language() or "en"
    return {code: names.said(codes[code], language) if code else _("Normal value") for code in STATUSES}


# A row of a file --------------------------------------------------------------------------------------------


def row_of(dataset: Dataset, number: int) -> Row | None:
    """One row of the file of a dataset; None where it has no such row, or no file."""
    if dataset.delivery.file is None:
        return None
    return intake.rows(dataset.delivery).filter(number=number).select_related("edited_by").first()


def choices_of(dataset: Dataset, row: Row) -> list[tuple[str, list[tuple[str, names.Words]]]]:
    """(dimension, [(category, name)]) of what a row can be broken down by, with what it says now."""
    indicator = Indicator.objects.filter(
        country=dataset.country, code=row.cells.get(incoming.INDICATOR, "")
    ).first()
    known = dict(dimensions(indicator)) if indicator is not None else {}
    own = names.own_codes(dataset.country)
    found = []
    for name in {**known, **dict.fromkeys(dimensions_in(row.cells))}:
        codes = dict(known.get(name, []))
        codes = codes or {code: names.category(name, code, own) for code in _listed(name)}
        if (said := row.cells.get(name)) and said not in codes:
            codes[said] = names.category(names.AREA if name == AREA else name, said, own)
        found.append((name, list(codes.items())))
    return found


def dimensions_in(cells: Mapping[str, str]) -> list[str]:
    """The dimensions by which the cells of a row are broken down, the area as the last."""
    told = (incoming.INDICATOR, *incoming.FIGURE, *incoming.QUANTITY, *incoming.NOTES)
    found = sorted(name for name in cells if name not in told)
    return [*found, AREA] if AREA in cells else found
