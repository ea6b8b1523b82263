"""What projects contribute to national targets and measures of plans, of what a reader may see; nothing is
counted twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from milepost.progress import results as progress
from milepost.progress.contributions import Claim, contributed
from milepost.values import Text
from milepost.values.figures import NOT_REPORTED, Amount
from milepost.web.indicators import queries as indicators
from milepost.web.indicators.models import Target
from milepost.web.indicators.queries import names, standings
from milepost.web.plans import queries as plans
from milepost.web.plans.queries import measure as measures
from milepost.web.plans.queries import versions as of_versions
from milepost.web.projects.models import Contribution, Project, ResultIndicator
from milepost.web.projects.queries.matrix import of_projects
from milepost.web.projects.queries.scoping import visible_to
from milepost.web.ui.templatetags.ui import figure, plain
from milepost.web.ui.verdicts import written

WHY: dict[str, Promise] = {
    "counted_elsewhere": lazy("counted in another contribution"),
    "not_additive": lazy("such figures are not added"),
    "maintained": lazy("is only to be kept at its level"),
}
"""Why a contribution adds nothing, in words; other reasons say it in place of the figure."""


def contributions(user: Any) -> QuerySet[Contribution]:
    """What a reader may see: the contributions of visible projects to visible targets and measures."""
    seen = Q(target__in=indicators.targets(user)) | Q(measure__in=plans.measures(user))
    return Contribution.objects.filter(seen, indicator__result__project__in=visible_to(user)).select_related(
        "indicator__result__project__institution__country",
        "target__indicator__country",
        "measure__plan__policy__institution",
    )


class Row(NamedTuple):
    """A contribution as a page tells it: what was reached, what it adds, or why it adds nothing.

    `counted_in` is the one in which it is counted, where the reader may see that one; `counted_elsewhere`
    says so also where not.
    """

    contribution: Contribution
    reached: str
    adds: str
    unit: str
    share: str
    why: str
    counted_in: Contribution | None
    counted_elsewhere: bool
    goal: str = ""

    @property
    def indicator(self) -> ResultIndicator:
        """What is counted."""
        return self.contribution.indicator

    @property
    def project(self) -> Project:
        """Whose it is."""
        return self.contribution.indicator.result.project


class Together(NamedTuple):
    """All that contributes to a target or a measure: sums by unit, and every contribution."""

    sums: list[tuple[str, str, int]]
    """(unit, sum in words, how many contributions it has)"""
    rows: list[Row]


def to_target(user: Any, target: Target, *, today: date) -> Together:
    """What the projects that a reader may see contribute to a target, whichever revision they named."""
    revisions = [one.pk for one in standings.revisions(target)]
    return _told(contributions(user).filter(target__in=revisions), today, user)


def to_measure(user: Any, measure: Any, *, today: date) -> Together:
    """What the projects that a reader may see contribute to a measure of a plan."""
    return _told(contributions(user).filter(measure=measure), today, user)


def of_project(user: Any, project: Project, *, today: date) -> list[Row]:
    """What the indicators of one project contribute to."""
    found = contributions(user).filter(indicator__result__project=project)
    return _told(found.order_by("measure", "target__indicator__order", "pk"), today, user).rows


def unit_of(target: Target) -> names.Words:
    """What the figure of a target is counted in."""
    quantity = names.Quantity(target.series_code, target.unit, "", "", names.NATIONAL)
    return names.unit(quantity, indicators.definition(target.indicator))[1]


def _told(found: QuerySet[Contribution], today: date, user: Any) -> Together:
    listed = list(found)
    amounts = _reached((one.indicator.result.project for one in listed), today)
    elsewhere = contributions(user).filter(pk__in={one.counted_in_id for one in listed} - {None})
    seen = {one.pk: one for one in elsewhere}
    claims = {one.pk: _claim(one, amounts) for one in listed}
    whole = contributed(claims.values())
    adds = {each.claim.key: each.value for one in whole.sums for each in one.counted}
    why = {each.claim.key: each.why for each in whole.left_out}
    sums = [(one.unit, figure(one.value.normalize()), len(one.counted)) for one in whole.sums]
    said = goals(user, listed)
    rows = [_row(one, claims[one.pk].amount, adds, why, seen) for one in listed]
    return Together(sums, [row._replace(goal=said[row.contribution.pk]) for row in rows])


def goals(user: Any, listed: Iterable[Contribution]) -> dict[int, str]:
    """{key of a contribution: what it contributes to, in words}."""
    listed = list(listed)
    keys = {one.measure_id for one in listed if one.measure_id is not None}
    entries = measures.last_entries(user, keys) if keys else {}
    return {
        one.pk: measure_named(entries[one.measure_id]) if one.measure_id is not None else _short(one.target)
        for one in listed
    }


def _short(target: Any) -> str:
    return f"{target.indicator.code}: {figure(target.value)} ({target.year})"


def measure_named(entry: Any) -> str:
    """A measure as a choice: its plan, its number and what is to be done."""
    return f"{plain(entry.version.plan.text)}: {entry.code} {plain(entry.text)}"


def _reached(projects: Iterable[Project], today: date) -> dict[int, Amount]:
    """{key of an indicator: what was reached by approved reports}, in a fixed number of queries."""
    each = {project.pk: project for project in projects}
    return {
        one.pk: progress.assess(value, today=today, categories=one.categories).actual.amount
        for some in of_projects(each.values()).values()
        for one, value in some
    }


def _claim(one: Contribution, amounts: Mapping[int, Amount]) -> Claim:
    indicator: Any = one.indicator
    amount = amounts.get(indicator.pk, NOT_REPORTED)
    rules = (indicator.unit, indicator.measure, indicator.direction)
    return Claim(one.pk, *rules, amount, one.share, one.counted_in_id)


def _row(
    one: Contribution,
    amount: Amount,
    adds: Mapping[int, Decimal],
    why: Mapping[int, str],
    seen: Mapping[int, Contribution],
) -> Row:
    return Row(
        contribution=one,
        reached=written(amount),
        adds=figure(adds[one.pk].normalize()) if one.pk in adds else "",
        unit=one.indicator.unit if one.indicator.measure == "number" else "",
        share="" if one.share == 1 else f"{figure((one.share * 100).normalize())} %",
        why=str(WHY.get(why.get(one.pk, ""), "")),
        counted_in=seen.get(one.counted_in_id) if one.counted_in_id else None,
        counted_elsewhere=one.counted_in_id is not None,
    )


# What can be chosen -----------------------------------------------------------------------------------------


def named(target: Target) -> str:
    """A target as a choice: its code, the figure and the year, and the title of the indicator."""
    code, title = target.indicator.code, plain(indicators.title(target.indicator))
    return f"{code}: {figure(target.value)} ({target.year}) · {title}"


def targets_for(user: Any, project: Project) -> list[Target]:
    """The targets in force of the states that benefit, and of the one where the project is kept."""
    codes = {one.area for one in project.beneficiaries.all()}
    if project.institution.country is not None:
        codes.add(project.institution.country.code)
    found = indicators.targets(user).filter(current=True, indicator__country__code__in=codes)
    return list(found.order_by("indicator__country__code", "indicator__order", "year"))


def measures_for(user: Any, project: Project) -> list[Any]:
    """What the plans in force of the states that benefit, and of the one where the project is kept, say of
    their measures."""
    codes = {one.area.lower() for one in project.beneficiaries.all()}
    if project.institution.country is not None:
        codes.add(project.institution.country.code.lower())
    today = timezone.localdate()
    return [
        entry
        for plan in plans.plans(user).filter(policy__country__code__in=codes)
        if (version := of_versions.in_force(plan, today)) is not None
        for entry in of_versions.entries(version)
    ]


def others(user: Any, goals: Sequence[Any], but: Contribution | None = None) -> list[Contribution]:
    """The contributions in which one to these could be counted: those that count by themselves."""
    targets = [one for one in goals if isinstance(one, Target)]
    keys = {one.pk for target in targets for one in standings.revisions(target)}
    rest = {one.pk for one in goals if not isinstance(one, Target)}
    found = contributions(user).filter(Q(target__in=keys) | Q(measure__in=rest), counted_in=None)
    return list(found.exclude(pk=but.pk) if but else found)


def described(user: Any, found: Iterable[Contribution]) -> dict[int, str]:
    """{key: a contribution as a choice: project, indicator, what it contributes to}."""
    found = list(found)
    said = goals(user, found)
    return {one.pk: _described(one, said[one.pk]) for one in found}


def _described(one: Contribution, goal: str) -> str:
    project = one.indicator.result.project
    of = project.project_code or plain(Text(project.title))
    return f"{of}, {one.indicator.code} {plain(one.indicator.title)} → {goal}"


def exported(found: Together) -> tuple[list[str], list[list[Any]]]:
    """(heads, rows) of an export: every contribution, with what it adds or why it adds nothing."""
    heads = [
        _("Project code"), _("Title"), _("Kept by"), _("Indicator"), _("What is counted"), _("Unit"),
        _("Reached"), _("Share"), _("Adds"), _("Why it adds nothing"), _("How it contributes"),
    ]  # fmt: skip
    rows: list[list[Any]] = [
        [
            one.project.project_code,
            plain(one.project.title),
            plain(one.project.institution.name),
            one.indicator.code,
            plain(one.indicator.title),
            one.unit,
            one.reached,
            one.share or "100 %",
            one.adds,
            one.why,
            plain(one.contribution.words),
        ]
        for one in found.rows
    ]
    return heads, rows
