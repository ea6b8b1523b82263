"""What an import of IATI would do to the projects that are known: add, overwrite, or leave as it is."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, replace
from typing import Any, NamedTuple

from milepost.values import Text
from milepost.values.project import Party, Project, Share
from milepost.values.results import Baseline, Figure, Reference, ReportingPeriod, Result, ResultIndicator


class Change(NamedTuple):
    """One field: what is known of it, and what the file says.

    Such as "results/1/indicators/1.1/baseline"; of a list each element is one: "countries/KG", "tags/3/10.7".
    """

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
    before = dict(_facts(known)) if known else {}
    after = {name: _filled(value, before.get(name)) for name, value in _facts(project)}
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
    for name, key in _LISTS.items():
        yield from _elements(name, getattr(project, name), key)
    for moment, day in project.days:
        yield f"days/{moment}", day
    if project.budgets:  # whose line IATI has no place for
        yield "budgets", tuple(replace(budget, line="") for budget in project.budgets)
    for result in project.results:
        yield from _facts_of_result(result)


def _coded(one: Share | Reference) -> str:
    """A code with its vocabulary, if it names one."""
    return f"{one.vocabulary}/{one.code}" if one.vocabulary else one.code


def _sector(one: Share) -> str:
    """A sector without a vocabulary is one of OECD DAC's, by the standard."""
    return f"{one.vocabulary or '1'}/{one.code}"


def _party(one: Party) -> str:
    """An organisation in its role, by its identifier, else by its name."""
    return f"{one.role}/{one.reference or one.name.best('en')[0]}"


_LISTS: dict[str, Callable[[Any], str]] = {
    "parties": _party,
    "countries": _coded,
    "regions": _coded,
    "sectors": _sector,
    "tags": _coded,
}
"""The lists that are compared element by element: {field: what tells its elements apart}."""

_OWN_WAY = ("identifier", "days", "budgets", "results", *_LISTS)


def _elements(name: str, elements: Iterable[Any], key: Callable[[Any], str]) -> Iterator[tuple[str, Any]]:
    """Each element as a field; one that is named again is told from the first by its count."""
    seen = Counter()
    for element in elements:
        field = f"{name}/{key(element)}"
        seen[field] += 1
        yield (field if seen[field] == 1 else f"{field} ({seen[field]})"), element


def _filled(after: Any, before: Any) -> Any:
    """An element of a list with what is known where the file says nothing, such as a percentage."""
    if not isinstance(after, Party | Share | Reference) or type(before) is not type(after):
        return after
    silent = [each.name for each in fields(after) if getattr(after, each.name) in (None, "", Text())]
    return replace(after, **{name: getattr(before, name) for name in silent})


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
