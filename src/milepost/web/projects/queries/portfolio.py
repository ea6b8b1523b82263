"""The portfolio: projects by every field of the record, with totals that agree with the list."""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.utils import timezone

from milepost.web.projects.models import Beneficiary, Party, Project, SavedView, Tag
from milepost.web.projects.queries import deadlines
from milepost.web.stakeholders.models import Institution

SORTS = {
    "newest": ("-first_day", "-pk"),
    "oldest": ("first_day", "pk"),
    "budget": ("-budget", "-pk"),
    "code": ("project_code", "pk"),
    "ends": ("last_day", "pk"),
}
"""How a list can be ordered."""
SHOWN = ("title", "project_code", "type", "start", "end", "last_day", "budget", "currency", "state")
"""The columns that the rows of a list show, or are reckoned by."""
DUE = {"late": timedelta(0), "month": timedelta(30)}
"""Reports that are wanted: those of periods whose day is over, or is over this much later."""
EXACT = (
    "state",
    "type",
    "coverage",
    "region",
    "gender_marker",
    "currency",
    "fund",
    "programme",
    "manager",
    "year",
)
"""Fields that are asked for by what stands in them."""
NOT_STATED = "none"
"""Asks for the projects in which such a field is blank."""
PHRASES = ("managing_office", "funding_line")
"""Fields that are asked for by a part of their words."""
OWN_CODES = ("iom", "dac")
"""Frameworks whose codes are typed, not chosen."""


def narrowed(found: QuerySet[Project], wanted: Mapping[str, Any]) -> QuerySet[Project]:
    """The projects that are like this; what is not asked for, or blank, narrows nothing.

    List, totals, map and exports all start from what this finds.
    """
    for name in EXACT:
        if chosen := wanted.get(name):
            found = found.filter(**{name: "" if chosen == NOT_STATED else chosen})
    for word in str(wanted.get("words") or "").casefold().split():
        found = found.filter(words__contains=word)
    for name in PHRASES:
        if phrase := str(wanted.get(name) or "").casefold():
            found = found.filter(**{f"{name}__in": _said(name, phrase)})
    if area := wanted.get("area"):
        found = found.filter(Exists(Beneficiary.objects.filter(project=OuterRef("pk"), area=area)))
    if tag := wanted.get("tag"):
        framework, _, code = tag.partition("/")
        tagged = Tag.objects.filter(project=OuterRef("pk"), framework=framework)
        under = Q(code=code) | Q(code__startswith=f"{code}.")
        found = found.filter(Exists(tagged.filter(under) if code else tagged))
    if code := str(wanted.get("own_code") or "").casefold():
        own = Tag.objects.filter(project=OuterRef("pk"), framework__in=OWN_CODES, code__istartswith=code)
        found = found.filter(Exists(own))
    if institution := wanted.get("institution"):
        part = Party.objects.filter(project=OuterRef("pk"), institution=institution)
        found = found.filter(Q(institution=institution) | Q(Exists(part)))
    role, partner = wanted.get("role"), str(wanted.get("partner") or "").casefold()
    if role or partner:
        found = found.filter(Exists(_partners(role, partner)))
    if due := wanted.get("due"):
        found = found.filter(Exists(deadlines.wanting(timezone.localdate() + DUE[due])), state="active")
    if since := wanted.get("since"):
        found = found.filter(
            Q(last_day__gte=f"{since}-01-01") | Q(last_day=None, first_day__gte=f"{since}-01-01")
        )
    if until := wanted.get("until"):
        found = found.filter(first_day__lte=f"{until}-12-31")
    if (least := wanted.get("least")) is not None:
        found = found.filter(budget__gte=least)
    if (most := wanted.get("most")) is not None:
        found = found.filter(budget__lte=most)
    return found.order_by(*SORTS.get(wanted.get("sort") or "newest", SORTS["newest"]))


def _said(field: str, phrase: str) -> list[str]:
    """What stands in a field with this phrase in it, in whatever case: SQLite knows no case of Cyrillic."""
    said = Project.objects.order_by().values_list(field, flat=True).distinct()
    return [words for words in said if phrase in words.casefold()]


def _partners(role: str | None, name: str) -> QuerySet[Party]:
    """The parties of a project (the row around) in this role, with this in the name or identifier."""
    found = Party.objects.filter(project=OuterRef("pk"))
    if role:
        found = found.filter(role=role)
    if not name:
        return found
    names = Institution.objects.values_list("pk", "name", "short_name")
    known = [
        pk for pk, *said in names if any(name in words.casefold() for each in said for words in each.values())
    ]
    return found.filter(Q(words__contains=name) | Q(institution__in=known))


class Money(NamedTuple):
    """What projects cost together in one currency, and how many of them say so."""

    currency: str
    total: Decimal
    projects: int


class Totals(NamedTuple):
    """How many projects there are, their money by currency, and how they spread."""

    projects: int
    money: list[Money]
    without_budget: int
    by_state: list[tuple[str, int]]
    by_type: list[tuple[str, int]]
    by_year: list[tuple[int, int]]
    by_area: list[tuple[str, int]]


def totals(found: QuerySet[Project]) -> Totals:
    """The totals of the projects of a list; a project for two states counts once in each."""
    plain = found.order_by()
    rows = plain.values("state", "type", "year", "currency").annotate(
        count=Count("pk"), amount=Sum("budget"), stated=Count("budget")
    )
    by_state: dict[str, int] = {}
    by_type: dict[str, int] = {}
    by_year: dict[int, int] = {}
    money: dict[str, tuple[Decimal, int]] = {}
    projects = stated = 0
    for row in rows:
        projects += row["count"]
        stated += row["stated"]
        by_state[row["state"]] = by_state.get(row["state"], 0) + row["count"]
        by_type[row["type"]] = by_type.get(row["type"], 0) + row["count"]
        if row["year"] is not None:
            by_year[row["year"]] = by_year.get(row["year"], 0) + row["count"]
        if row["amount"] is not None:
            total, count = money.get(row["currency"], (Decimal(0), 0))
            money[row["currency"]] = (total + row["amount"], count + row["stated"])
    areas = Beneficiary.objects.filter(project__in=plain.values("pk"))
    by_area = areas.values_list("area").annotate(count=Count("project")).order_by("-count", "area")
    return Totals(
        projects,
        [Money(currency, total, count) for currency, (total, count) in sorted(money.items())],
        projects - stated,
        sorted(by_state.items()),
        sorted(by_type.items(), key=lambda one: (-one[1], one[0])),
        sorted(by_year.items()),
        list(by_area),
    )


class Pages(Paginator):
    """A list in pages; how long it is, its totals know."""

    def __init__(self, found: QuerySet[Project], on_a_page: int, totals: Totals):
        super().__init__(found, on_a_page)
        self.totals = totals

    @property
    def count(self) -> int:
        """How many projects there are."""
        return self.totals.projects


def listed(found: QuerySet[Project]) -> QuerySet[Project]:
    """The projects with what is told of them, in a fixed number of queries."""
    return found.select_related("institution__country", "programme").prefetch_related("beneficiaries")


def in_short(found: QuerySet[Project]) -> QuerySet[Project]:
    """The projects with what the rows of a list show: the long texts stay where they are."""
    return found.select_related(None).only(*SHOWN).prefetch_related("beneficiaries")


def views_of(user: Any) -> QuerySet[SavedView]:
    """The choices that a person kept."""
    if not getattr(user, "is_authenticated", False):
        return SavedView.objects.none()
    return SavedView.objects.filter(user=user)


def continuity(
    user: Any, project: Project, visible: QuerySet[Project]
) -> dict[str, list[tuple[Any, Project]]]:
    """{"before", "beside", "after"}: (the link, the other project) of those that the reader may see."""
    found: dict[str, list[tuple[Any, Project]]] = {"before": [], "beside": [], "after": []}
    links = [
        *project.earlier_links.select_related("first__institution__country"),
        *project.later_links.select_related("second__institution__country"),
    ]
    others = {one.first.pk if one.second_id == project.pk else one.second.pk for one in links}
    seen = set(visible.filter(pk__in=others).values_list("pk", flat=True))
    for one in links:
        ours_is_second = one.second_id == project.pk
        other = one.first if ours_is_second else one.second
        if other.pk not in seen:
            continue
        if one.kind == "beside":
            found["beside"].append((one, other))
        else:
            found["before" if ours_is_second else "after"].append((one, other))
    return found
