"""Projects by the states that they are for: the map and the table that agree with the list."""

from collections import defaultdict
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from milepost import catalogue
from milepost.reports import map as maps
from milepost.values import Text
from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.projects.models import Beneficiary, MapShapes, Project
from milepost.web.projects.queries import vocabulary
from milepost.web.ui.templatetags.ui import figure, plain

MEASURES = ("projects", "budget")
"""What the area of a circle can show."""
MOST_NAMED = 50
"""Projects that name no state are listed up to here."""


class Row(NamedTuple):
    """A state: projects for it `alone` and for it `with_others`, and the budget of the former.

    `budget` is None where none of them states one, and where budgets are not added up; `place` is its point.
    """

    code: str
    name: Text
    alone: int
    with_others: int
    budget: Decimal | None
    place: catalogue.Place | None
    link: str = ""

    @property
    def projects(self) -> int:
        """All projects that are for it."""
        return self.alone + self.with_others


class Part(NamedTuple):
    """Some of the projects: how many, what they cost together, and how many of them state no budget."""

    projects: int
    budget: Decimal | None
    unstated: int


class Spread(NamedTuple):
    """The projects of a list by state. Those for one state, for several and for none make up the total.

    `currency` is that of all budgets; "" where there are several, or none, and then nothing is added up.
    """

    rows: list[Row]
    one: Part
    several: Part
    none: Part
    total: Part
    currency: str
    currencies: list[str]

    @property
    def off_the_map(self) -> list[Row]:
        """The states without a point."""
        return [row for row in self.rows if row.place is None]


def spread(found: QuerySet[Project]) -> Spread:
    """The projects of a list by the states that they are for, in two queries."""
    listed = found.order_by()
    budgets = {
        pk: (currency, budget) for pk, currency, budget in listed.values_list("pk", "currency", "budget")
    }
    areas: dict[int, list[str]] = defaultdict(list)
    rows = Beneficiary.objects.filter(project__in=listed.values("pk")).order_by("project", "area")
    for pk, area in rows.values_list("project_id", "area"):
        areas[pk].append(area)
    currencies = sorted({currency for currency, budget in budgets.values() if budget is not None})
    currency = currencies[0] if len(currencies) == 1 else ""

    def part(keys: list[int]) -> Part:
        stated = [budget for pk in keys if (budget := budgets[pk][1]) is not None]
        together = sum(stated, Decimal(0)) if stated and currency else None
        return Part(len(keys), together, len(keys) - len(stated))

    of_one: dict[str, list[int]] = defaultdict(list)
    of_several: dict[str, int] = defaultdict(int)
    for pk, codes in areas.items():
        if len(codes) == 1:
            of_one[codes[0]].append(pk)
        else:
            for code in codes:
                of_several[code] += 1
    points = catalogue.places()
    found_rows = [
        Row(
            code,
            vocabulary.area(code),
            len(of_one[code]),
            of_several[code],
            part(of_one[code]).budget,
            points.get(code.upper()),
        )
        for code in {*of_one, *of_several}
    ]
    return Spread(
        sorted(found_rows, key=lambda row: (-row.projects, plain(row.name).casefold())),
        part([pk for keys in of_one.values() for pk in keys]),
        part([pk for pk, codes in areas.items() if len(codes) > 1]),
        part([pk for pk in budgets if pk not in areas]),
        part(list(budgets)),
        currency,
        currencies,
    )


def nowhere(found: QuerySet[Project]) -> QuerySet[Project]:
    """The projects of a list that name no state."""
    return found.filter(~Exists(Beneficiary.objects.filter(project=OuterRef("pk"))))


def linked(found: Spread, asked: QueryDict, area: str) -> Spread:
    """The same, each state with the list of its projects; `area` is the state that was asked for, or "".

    Where one was asked for, another state's row holds only the projects for both, which no list shows: that
    row leads nowhere.
    """
    rows = []
    for row in found.rows:
        if area and row.code != area:
            rows.append(row)
            continue
        query = asked.copy()
        for name in ("page", "measure"):
            query.pop(name, None)
        query["area"] = row.code
        rows.append(row._replace(link=f"{reverse('projects')}?{query.urlencode()}"))
    return found._replace(rows=rows)


def measure_of(found: Spread, wanted: str) -> str:
    """What the circles show: what is wanted, if it can be shown."""
    return "budget" if wanted == "budget" and found.currency else "projects"


def drawn(found: Spread, measure: str, shapes: list[MapShapes]) -> SafeString:
    """The map as SVG; "" where no state of these projects has a point."""
    points = []
    for row in found.rows:
        size = float(row.budget or 0) if measure == "budget" else row.projects
        if row.place is not None and size:
            words = f"{plain(row.name)}: {_said(row, measure, found.currency)}"
            point = maps.Point(
                plain(row.name), row.place.latitude, row.place.longitude, size, words, row.link
            )
            points.append(point)
    svg = maps.world(
        points,
        shapes=[shape for one in shapes for shape in one.as_value()],
        language=get_language() or "en",
        title=_("Map of the projects by state"),
        description=_description(found, measure),
    )
    return mark_safe(svg)  # noqa: S308 - our own drawing, which escapes what it is told


def _said(row: Row, measure: str, currency: str) -> str:
    if measure == "budget":
        return f"{figure(row.budget)} {currency}"
    words = ngettext("{number} project", "{number} projects", row.projects)
    return words.format(number=figure(row.projects))


def _description(found: Spread, measure: str) -> str:
    """The finding, for those who do not see the map: where there is most."""
    key = (lambda row: row.budget or 0) if measure == "budget" else (lambda row: row.projects)
    most = sorted((row for row in found.rows if row.place and key(row)), key=key, reverse=True)[:3]
    named = "; ".join(f"{plain(row.name)}, {_said(row, measure, found.currency)}" for row in most)
    return _("Most is in: {named}. The table below the map has all figures.").format(named=named)


# Shapes below the points ------------------------------------------------------------------------------------


def shapes() -> QuerySet[MapShapes]:
    """The shapes that an office loaded: everybody sees them, with their disclaimer."""
    return MapShapes.objects.select_related("file")


def may_load(user: Any) -> bool:
    """Whether a person may load shapes for the map, which belongs to the whole installation."""
    return may(user, Permission.MANAGE_INSTITUTIONS)
