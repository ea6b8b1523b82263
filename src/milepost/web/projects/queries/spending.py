"""Money spent against the budget and the time, and the risks."""

from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import QuerySet, Sum
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import pgettext_lazy

from milepost.progress import workplan
from milepost.values import Origin, Problem
from milepost.web.projects.models import BudgetLine, Expenditure, Project, Risk
from milepost.web.projects.queries.scoping import worked_with
from milepost.web.ui.templatetags.ui import figure, plain

VERDICTS: dict[str, tuple[str, Promise]] = {
    "ahead": ("▲", lazy("Spending runs ahead of time")),
    "level": ("●", lazy("Spending keeps step with time")),
    "behind": ("▲", lazy("Spending runs behind time")),
    "overspent": ("▲", lazy("More is spent than planned")),
    "unknown": ("–", lazy("Cannot be told")),
}
REASONS: dict[str, Promise] = {
    "no_budget": lazy("no budget is entered"),
    "nothing_entered": lazy("no expenditure is entered"),
    "no_dates": lazy("the start or the end is not known"),
    "not_begun": lazy("the project has not begun"),
    "at_the_end": lazy("it is spent after the end"),
}


def expenditures(user: Any) -> QuerySet[Expenditure]:
    """The expenditures that a reader may see: those of the projects that they work with."""
    return Expenditure.objects.filter(line__project__in=worked_with(user)).select_related(
        "line__project__institution__country"
    )


def risks(user: Any) -> QuerySet[Risk]:
    """The risks that a reader may see: those of the projects that they work with."""
    return Risk.objects.filter(project__in=worked_with(user)).select_related("project__institution__country")


class Line(NamedTuple):
    """A budget line, or the total, with what is spent of it."""

    line: BudgetLine | None
    title: Any
    burn: workplan.Burn
    shape: str
    word: Promise
    why: Promise | str
    grave: bool

    @property
    def percent(self) -> Decimal | None:
        """The part that is spent, in per cent."""
        return None if self.burn.spent_share is None else self.burn.spent_share * 100


class Money(NamedTuple):
    """The money of a project."""

    lines: list[Line]
    total: Line
    sentence: str
    faults: list[Problem]


def money(project: Project, *, today: date) -> Money:
    """What is spent of each line and of all, against the time that elapsed."""
    found = list(project.budget_lines.annotate(spent=Sum("expenditures__amount")))
    lines = [_line(line, line.amount, line.spent, project, today) for line in found]
    known = [line.spent for line in found if line.spent is not None]
    budget = sum((line.amount for line in found), Decimal(0)) if found else project.budget
    spent = sum(known, Decimal(0)) if known else None
    total = _line(None, budget, spent, project, today)
    return Money(lines, total, _sentence(project, total.burn), _faults(project, lines, total))


def _line(
    line: BudgetLine | None, budget: Decimal | None, spent: Decimal | None, project: Project, today: date
) -> Line:
    found = workplan.burn(budget, spent, project.first_day, project.last_day, today=today)
    verdict, why = found.verdict, REASONS.get(found.reason, "")
    if line is not None and line.kind == BudgetLine.Kind.EVALUATION and verdict != "overspent":
        verdict, why = "unknown", REASONS["at_the_end"]
    shape, word = VERDICTS[verdict]
    title = line.title if line else _("All lines")
    return Line(line, title, found, shape, word, why, verdict in ("ahead", "behind", "overspent"))


def _sentence(project: Project, found: workplan.Burn) -> str:
    """Spent share and elapsed share with their numbers; no percentage where something is missing."""
    parts = []
    currency = project.currency or _("(no currency)")
    if found.budget is None:
        parts.append(_("No budget is entered."))
    elif found.spent is None:
        said = _("Of {budget} {currency} no expenditure is entered yet.")
        parts.append(said.format(budget=figure(found.budget), currency=currency))
    elif found.spent_share is None:
        said = _("{spent} {currency} are spent; the budget is {budget}.")
        parts.append(said.format(spent=figure(found.spent), currency=currency, budget=figure(found.budget)))
    else:
        said = _("Of {budget} {currency}, {spent} are spent: {percent} %.")
        percent = figure(found.spent_share * 100, 1)
        parts.append(
            said.format(
                budget=figure(found.budget), currency=currency, spent=figure(found.spent), percent=percent
            )
        )
    if found.elapsed_share is None:
        parts.append(_("How much of the time has passed cannot be told: the start or the end is not known."))
    else:
        said = _("{days} of {all} days have passed: {percent} %.")
        percent = figure(found.elapsed_share * 100, 1)
        parts.append(
            said.format(days=figure(found.elapsed_days), all=figure(found.all_days), percent=percent)
        )
    return " ".join(parts)


UNEVEN = {"ahead": "spending-ahead", "behind": "spending-behind"}
"""{verdict of the burn rate: fault}."""


def _faults(project: Project, lines: list[Line], total: Line) -> list[Problem]:
    place = Origin(project.project_code or plain(project.title))
    found = []
    for line in lines:
        if line.burn.verdict == "overspent":
            details = {
                "line": plain(line.title),
                "spent": figure(line.burn.spent),
                "budget": figure(line.burn.budget),
                "currency": project.currency,
            }
            found.append(Problem("line-overspent", place, details))
    points = total.burn.points
    if total.burn.verdict in ("ahead", "behind") and points is not None:
        details = {"points": figure(abs(points), 1), "limit": workplan.TOLERANCE}
        found.append(Problem(UNEVEN[total.burn.verdict], place, details))
    return found


# Risks ------------------------------------------------------------------------------------------------------

LIKELIHOOD: dict[int, Promise] = {
    1: pgettext_lazy("likelihood", "rare"),
    2: pgettext_lazy("likelihood", "unlikely"),
    3: pgettext_lazy("likelihood", "possible"),
    4: pgettext_lazy("likelihood", "likely"),
    5: pgettext_lazy("likelihood", "almost certain"),
}
IMPACT: dict[int, Promise] = {
    1: pgettext_lazy("impact", "slight"),
    2: pgettext_lazy("impact", "minor"),
    3: pgettext_lazy("impact", "moderate"),
    4: pgettext_lazy("impact", "major"),
    5: pgettext_lazy("impact", "severe"),
}


class Scale(NamedTuple):
    """A step of the scale of likelihood, with the open risks of each impact from 1 to 5."""

    number: int
    word: Promise
    cells: list[tuple[int, list[tuple[int, Risk]]]]


class Risks(NamedTuple):
    """The risks of a project: numbered rows, the most urgent first, and the open ones as a matrix."""

    rows: list[tuple[int, Risk, Promise, Promise]]
    matrix: list[Scale]
    impacts: list[tuple[int, Promise]]
    sentence: str


def risks_of(project: Project) -> Risks:
    """The open risks by their score, the closed ones after them."""
    found = sorted(project.risks.all(), key=lambda risk: (risk.state != "open", -risk.score, risk.pk))
    numbered = list(enumerate(found, start=1))
    matrix = [
        Scale(
            likelihood,
            word,
            [
                (
                    likelihood * impact,
                    [
                        (number, risk)
                        for number, risk in numbered
                        if (risk.state, risk.likelihood, risk.impact) == ("open", likelihood, impact)
                    ],
                )
                for impact in IMPACT
            ],
        )
        for likelihood, word in reversed(LIKELIHOOD.items())
    ]
    rows = [(number, risk, LIKELIHOOD[risk.likelihood], IMPACT[risk.impact]) for number, risk in numbered]
    return Risks(rows, matrix, list(IMPACT.items()), _risks_in_words(found))


def _risks_in_words(found: list[Risk]) -> str:
    opened = [risk for risk in found if risk.state == "open"]
    if not opened:
        return _("No risk is open.") if found else _("No risk is entered yet.")
    said = _("Open risks: {count}. The gravest: {risk} ({score} of 25).")
    return said.format(count=len(opened), risk=plain(opened[0].statement), score=opened[0].score)
