"""Data requests as people work with them."""

import datetime
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from milepost.recipes import incoming
from milepost.web.accounts.queries import EVERYWHERE, scopes
from milepost.web.accounts.roles import Permission
from milepost.web.audit.models import Event
from milepost.web.indicators.models import DataRequest, Dataset
from milepost.web.indicators.queries import entry, names, work
from milepost.web.indicators.queries.figures import definition, title
from milepost.web.indicators.queries.scoping import data_requests, datasets
from milepost.web.intake import queries as intake
from milepost.web.stakeholders.models import Country, Institution
from milepost.web.stakeholders.queries import countries, current_memberships, institutions, within

LIVE = ("open", "answered")
"""The states in which something is still to be done."""

MOST_ANSWERS = 50
"""Sets of figures that are offered as an answer, the latest."""


# Lists ------------------------------------------------------------------------------------------------------


def find(user: Any, pk: int) -> DataRequest | None:
    """One request."""
    return data_requests(user).select_related("answer").filter(pk=pk).first()


def takes_part(user: Any) -> bool:
    """Whether requests are anything to this reader."""
    deeds = (Permission.REQUEST_DATA, Permission.ANSWER_REQUEST, Permission.READ_INTERNAL)
    return any(scopes(user, deed) for deed in deeds)


def received(user: Any) -> QuerySet[DataRequest]:
    """What is asked of the reader's institutions, the earliest due first."""
    mine = within(user, Permission.ANSWER_REQUEST, institution="asked_id", country="country__code")
    return data_requests(user).filter(mine)


def sent(user: Any) -> QuerySet[DataRequest]:
    """What was asked from within the reader's institutions and countries."""
    mine = within(user, Permission.REQUEST_DATA, institution="asking_id", country="country__code")
    return data_requests(user).filter(mine)


def others(user: Any) -> QuerySet[DataRequest]:
    """What the reader may see of, and neither asks nor answers."""
    mine = [*received(user).values_list("pk", flat=True), *sent(user).values_list("pk", flat=True)]
    return data_requests(user).exclude(pk__in=mine)


def days_late(request: DataRequest, today: datetime.date) -> int:
    """By how many days a request is late; 0 where it is not, or needs no answer any more."""
    return max((today - request.due).days, 0) if request.state == "open" else 0


def late(found: QuerySet[DataRequest]) -> int:
    """How many of these requests are late."""
    return found.filter(state="open", due__lt=timezone.localdate()).count()


# Who asks whom ----------------------------------------------------------------------------------------------


def asking_countries(user: Any) -> list[Country]:
    """The countries in which a reader may ask for figures in somebody's name."""
    return [country for country in countries(user) if asking_institutions(user, country).exists()]


def asking_institutions(user: Any, country: Country) -> QuerySet[Institution]:
    """In whose name a reader may ask: where the role was given, or where the reader works in that country."""
    held = scopes(user, Permission.REQUEST_DATA)
    keys = {int(scope.split(":")[1]) for scope in held if scope.startswith("institution:")}
    if EVERYWHERE in held or country.address in held:
        keys |= {one.institution.pk for one in current_memberships(user)}
    return institutions(user).filter(pk__in=keys, country=country, active=True)


def asked_institutions(user: Any, country: Country) -> QuerySet[Institution]:
    """Who can be asked."""
    return institutions(user).filter(Q(country=country) | Q(country=None), active=True)


# One request ------------------------------------------------------------------------------------------------


def history(request: DataRequest) -> list[Event]:
    """What happened to a request, the latest first, for everybody who sees it."""
    return list(Event.objects.filter(address=request.address).select_related("by").order_by("-id"))


def last_deed_of_another(user: Any, request: DataRequest) -> Event | None:
    """Who did the last thing to a request, and when."""
    return next((event for event in history(request) if event.by != user), None)


def answers(user: Any, request: DataRequest) -> list[Dataset]:
    """Figures of the asked institution that can be the answer, the latest first."""
    there = datasets(user).filter(institution=request.asked, country=request.country)
    found = there.exclude(state__in=("discarded", "withdrawn")).order_by("-id")
    return list(found[:MOST_ANSWERS])


def quantities(request: DataRequest) -> list[tuple[names.Words, names.Words]]:
    """(name, unit) of what is asked for."""
    described = definition(request.indicator)
    asked = {(cell.get("series", ""), cell.get("unit_measure", "")): None for cell in request.cells}
    wanted = [names.Quantity(code, unit, "", "", names.NATIONAL) for code, unit in asked]
    return [
        (names.quantity_name(one, described) or title(request.indicator), names.unit(one, described)[1])
        for one in wanted
    ]


class Cell(NamedTuple):
    """A figure that is asked for: the row of the answer, None as long as there is none."""

    row: Any | None


class Line(NamedTuple):
    """What is asked for a group of people: its name, and a cell for each period, None where none is asked."""

    name: str
    cells: tuple[Cell | None, ...]


class Sheet(NamedTuple):
    """What was asked, with what was answered: periods across, groups down."""

    periods: tuple[str, ...]
    lines: tuple[Line, ...]
    answered: int
    asked: int


def sheet(request: DataRequest) -> Sheet:
    """The figures that were asked for; those of the answer once it was sent, to whoever sees the request."""
    rows = _rows(request) if request.state != "open" else {}
    own = names.own_codes(request.country)
    periods = tuple(sorted({cell.get(incoming.PERIOD, "") for cell in request.cells}))
    places: dict[tuple[tuple[str, str], ...], dict[str, Cell]] = {}
    for number, cell in enumerate(request.cells, 1):
        place = tuple((name, text) for name, text in cell.items() if name != incoming.PERIOD)
        places.setdefault(place, {})[cell.get(incoming.PERIOD, "")] = Cell(rows.get(number))
    lines = tuple(
        Line(entry.name_of(dict(place), own), tuple(cells.get(period) for period in periods))
        for place, cells in places.items()
    )
    return Sheet(periods, lines, len(rows), len(request.cells))


def _rows(request: DataRequest) -> dict[int, Any]:
    """{number of an asked cell: the row of the answer that is about it}."""
    if request.answer is None:
        return {}
    asked = (  # without a figure a row has no key: any reason for none will do to learn it
        (number, "", number, {**cell, incoming.INDICATOR: request.indicator.code, incoming.STATUS: "O"})
        for number, cell in enumerate(request.cells, 1)
    )
    country = request.country
    records = incoming.read_cells(
        asked,
        indicators=work.codes(country),
        country_m49=country.m49,
        today=timezone.localdate(),
        national=intake.national(country),
    )
    numbers = {record.key: record.number for record in records if record.key}
    there = intake.rows(request.answer.delivery).filter(key__in=list(numbers))
    return {numbers[row.key]: row for row in there}
