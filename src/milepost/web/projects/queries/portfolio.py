"""The portfolio: projects by every field of the record, with totals that agree with the list."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from milepost.web.projects.models import Beneficiary, Party, Project, SavedView, Tag

SORTS = {
    "newest": ("-first_day", "-pk"),
    "oldest": ("first_day", "pk"),
    "budget": ("-budget", "-pk"),
    "code": ("project_code", "pk"),
    "ends": ("last_day", "pk"),
}
"""How a list can be ordered."""
EXACT = ("state", "type", "coverage", "region", "gender_marker", "currency", "funding_line")
"""Fields that are asked for by their code."""


def narrowed(found: QuerySet[Project], wanted: Mapping[str, Any]) -> QuerySet[Project]:
    """The projects that are like this; what is not asked for, or blank, narrows nothing."""
    for name in EXACT:
        if chosen := wanted.get(name):
            found = found.filter(**{f"{name}__in": chosen if isinstance(chosen, list) else [chosen]})
    for word in str(wanted.get("words") or "").casefold().split():
        found = found.filter(words__contains=word)
    if area := wanted.get("area"):
        found = found.filter(Exists(Beneficiary.objects.filter(project=OuterRef("pk"), area=area)))
    if tag := wanted.get("tag"):
        framework, _, code = tag.partition("/")
        tagged = Tag.objects.filter(project=OuterRef("pk"), framework=framework)
        under = Q(code=code) | Q(code__startswith=f"{code}.")
        found = found.filter(Exists(tagged.filter(under) if code else tagged))
    if institution := wanted.get("institution"):
        part = Party.objects.filter(project=OuterRef("pk"), institution=institution)
        found = found.filter(Q(institution=institution) | Q(Exists(part)))
    if programme := wanted.get("programme"):
        found = found.filter(programme=programme)
    if since := wanted.get("since"):
        found = found.filter(
            Q(last_day__gte=f"{since}-01-01") | Q(last_day=None, first_day__gte=f"{since}-01-01")
        )
    if until := wanted.get("until"):
        found = found.filter(first_day__lte=f"{until}-12-31")
    if year := wanted.get("year"):
        found = found.filter(year=year)
    if (least := wanted.get("least")) is not None:
        found = found.filter(budget__gte=least)
    if (most := wanted.get("most")) is not None:
        found = found.filter(budget__lte=most)
    return found.order_by(*SORTS.get(wanted.get("sort") or "newest", SORTS["newest"]))


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


def listed(found: QuerySet[Project]) -> QuerySet[Project]:
    """The projects with what a list shows of them, in a fixed number of queries."""
    return found.select_related("institution__country", "programme").prefetch_related("beneficiaries")


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
