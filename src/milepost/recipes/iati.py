"""What an import of IATI would do to the projects that are known: add, overwrite, or leave as it is."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, NamedTuple

from milepost.values.project import Project
from milepost.values.results import Baseline, Figure, ReportingPeriod, Result, ResultIndicator


class Change(NamedTuple):
    """One field, such as "results/1/indicators/1.1/baseline": what is known of it, and what the file says."""

    field: str
    before: Any
    after: Any


class Comparison(NamedTuple):
    """What a file says of one project, beside what is known; `is_new` if nothing is.

    `adds` is not known yet, `overwrites` is known differently, `leaves` names what stays: that which is the
    same, and that of which the file says nothing. What a file does not say never overwrites anything.
    """

    identifier: str
    is_new: bool
    adds: tuple[Change, ...]
    overwrites: tuple[Change, ...]
    leaves: tuple[str, ...]


def compare(projects: Iterable[Project], known: Mapping[str, Project]) -> list[Comparison]:
    """What an import of the projects of a file adds, overwrites and leaves, field by field.

    `known` are the projects of the register by their IATI identifier.
    """
    return [_comparison(project, known.get(project.identifier)) for project in projects]


def _comparison(project: Project, known: Project | None) -> Comparison:
    after = dict(_facts(project))
    before = dict(_facts(known)) if known else {}
    adds = tuple(Change(name, None, value) for name, value in after.items() if name not in before)
    overwrites = tuple(
        Change(name, before[name], value)
        for name, value in after.items()
        if name in before and before[name] != value
    )
    changed = {change.field for change in overwrites}
    leaves = tuple(name for name in before if name not in changed)
    return Comparison(project.identifier, known is None, adds, overwrites, leaves)


# A project as fields that can be compared one by one; what is empty is no field


def _facts(project: Project) -> Iterator[tuple[str, Any]]:
    for field in fields(project):
        value = getattr(project, field.name)
        if field.name not in _OWN_WAY and value:
            yield field.name, value
    for moment, day in project.days:
        yield f"days/{moment}", day
    if project.budgets:  # whose line IATI has no place for
        yield "budgets", tuple(replace(budget, line="") for budget in project.budgets)
    for result in project.results:
        yield from _facts_of_result(result)


_OWN_WAY = ("identifier", "days", "budgets", "results")


def _facts_of_result(result: Result) -> Iterator[tuple[str, Any]]:
    place = f"results/{result.code}"
    for name in ("level", "title", "description", "references"):
        if value := getattr(result, name):
            yield f"{place}/{name}", value
    for indicator in result.indicators:
        for name, value in _facts_of_indicator(indicator):
            yield f"{place}/indicators/{indicator.code}/{name}", value
    for below in result.below:
        yield from _facts_of_result(below)


def _facts_of_indicator(indicator: ResultIndicator) -> Iterator[tuple[str, Any]]:
    """Only what IATI has a place for: our rules of aggregation must not be overwritten by a file."""
    for name in ("title", "description", "measure", "references"):
        if value := getattr(indicator, name):
            yield name, value
    if indicator.direction == "down":  # "up" is also what a file that says nothing is taken for
        yield "direction", indicator.direction
    if indicator.baseline and (figures := _figures(indicator.baseline.figures)):
        year = indicator.baseline.year or (indicator.baseline.day.year if indicator.baseline.day else None)
        yield "baseline", Baseline(year, indicator.baseline.day, figures)
    for period in indicator.periods:
        yield from _facts_of_period(period)


def _facts_of_period(period: ReportingPeriod) -> Iterator[tuple[str, Any]]:
    for name in ("targets", "actuals"):
        if figures := _figures(getattr(period, name)):
            yield f"periods/{period.start} {period.end}/{name}", figures


def _figures(figures: Iterable[Figure]) -> tuple[Figure, ...]:
    """Figures that say something, without numerator and denominator, which IATI has no place for."""
    said = (figure for figure in figures if figure.value is not None or figure.text or figure.comment)
    plain = (replace(figure, numerator=None, denominator=None) for figure in said)
    return tuple(sorted(plain, key=lambda figure: (figure.breakdown, figure.place)))
