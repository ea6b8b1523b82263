"""Plans of action: what keeps a plan from being followed, and where women and men would not be seen."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from statistics import mean
from typing import NamedTuple

from milepost.values import Origin, Problem, ResultIndicator
from milepost.values.plan import Measure, Section

OVERLOADED = 2.0
"""An institution that coordinates more than so many times the mean of all of them, ...

Proposal of Milepost, like MANY.
"""
MANY = 8
"""... and at least so many measures, has more than its share."""

PERSONS = re.compile(
    r"\b(?:persons?|people|women|men|migrants?|returnees?|workers?|children|youth|officials?|participants?|"
    r"victims?|beneficiaries|families|households|refugees?|students?|trainees?|counsellors?|graduates)\b"
    r"|граждан|лиц\b|человек|мигрант|женщин|мужчин|дет(?:ей|и)\b|молод[её]ж|работник|сотрудник|участник|слушател|"
    r"возвращенц|беженц|жертв|пострадавш|семей|студент|обучен",
    re.IGNORECASE,
)
"""Words by which an indicator is taken to count people. Proposal of Milepost; it only asks."""

BY_SEX = re.compile(
    r"\b(?:by|and) (?:sex|gender)\b|\bsex-disaggregated\b|по полу|в разрезе пола|гендер", re.IGNORECASE
)

ONE_SEX = re.compile(
    r"\b(?:women|girls|men|boys|female|male|gender)\b|женщин|девоч|девуш|мужчин|гендер", re.IGNORECASE
)


class Scope(NamedTuple):
    """What the plan is checked against: where each measure stands, and the plan's own time."""

    file: Origin
    places: Mapping[str, Origin]
    start: date | None
    end: date | None

    def of(self, key: str) -> Origin:
        """Where a measure stands."""
        return self.places.get(key, self.file)


def plan(
    sections: Sequence[Section],
    *,
    origin: Origin,
    places: Mapping[str, Origin] | None = None,
    start: date | None = None,
    end: date | None = None,
) -> list[Problem]:
    """Every fault of a plan. `places` says where each measure stands, by its key; nothing is changed."""
    scope = Scope(origin, places or {}, start, end)
    found: list[Problem] = []
    for section in _all(sections):
        found += _of_section(section, scope)
        for measure in section.measures:
            found += [problem for check in CHECKS.values() for problem in check(measure, scope)]
    return [*found, *_overloaded([one for section in _all(sections) for one in section.measures], scope)]


def _all(sections: Iterable[Section]) -> Iterator[Section]:
    """Every section, each before those below it."""
    for section in sections:
        yield section
        yield from _all(section.below)


def _named(measure: Measure) -> str:
    return measure.code or measure.title.best("en")[0][:80]


# One measure ------------------------------------------------------------------------------------------------


def _coordinator(measure: Measure, scope: Scope) -> Iterator[Problem]:
    details = {"measure": _named(measure)}
    if not measure.coordinators:
        first = next(iter(measure.executors), "")
        code = "plan-no-coordinator" if first else "plan-nobody-responsible"
        yield Problem(code, scope.of(measure.key), {**details, "first": first})
    elif len(measure.coordinators) > 1:
        names = ", ".join(measure.coordinators)
        yield Problem("plan-several-coordinators", scope.of(measure.key), {**details, "names": names})


def _deadline(measure: Measure, scope: Scope) -> Iterator[Problem]:
    due, details = measure.deadline, {"measure": _named(measure)}
    if due.start is not None and due.end is not None and due.end < due.start:
        return  # said where it was read, as is a deadline that was not understood
    if not due.text and due.end is None and not due.repeated:
        yield Problem("plan-no-deadline", scope.of(measure.key), details)
    for day in (due.start, due.end):
        outside = (scope.start is not None and day is not None and day < scope.start) or (
            scope.end is not None and day is not None and day > scope.end
        )
        if outside:
            found = {**details, "day": str(day), "start": str(scope.start), "end": str(scope.end)}
            yield Problem("plan-deadline-outside", scope.of(measure.key), found)
            return


def _measurable(measure: Measure, scope: Scope) -> Iterator[Problem]:
    details = {"measure": _named(measure)}
    if not measure.expected:
        yield Problem("plan-no-expected-result", scope.of(measure.key), details)
    if not measure.indicators:
        yield Problem("plan-no-indicator", scope.of(measure.key), details)


def _persons(measure: Measure, scope: Scope) -> Iterator[Problem]:
    for indicator in measure.indicators:
        title = indicator.title.best("en")[0]
        if counts_persons(indicator) and not is_by_sex(indicator):
            yield Problem(
                "plan-persons-without-sex",
                scope.of(measure.key),
                {"measure": _named(measure), "indicator": title},
            )


def counts_persons(indicator: ResultIndicator) -> bool:
    """Whether an indicator seems to count people, by its words."""
    return any(PERSONS.search(text) for text in indicator.title.values())


def is_by_sex(indicator: ResultIndicator) -> bool:
    """Whether an indicator is broken down by sex, or is about one of them."""
    if any("sex" in dimensions for dimensions in indicator.dimensions):
        return True
    return any(BY_SEX.search(text) or ONE_SEX.search(text) for text in indicator.title.values())


CHECKS: dict[str, Callable[[Measure, Scope], Iterator[Problem]]] = {
    "coordinator": _coordinator,
    "deadline": _deadline,
    "measurable": _measurable,
    "persons": _persons,
}


# The whole --------------------------------------------------------------------------------------------------


def _of_section(section: Section, scope: Scope) -> Iterator[Problem]:
    """An objective of whose indicators none is about the sexes, whatever its measures say of them."""
    measures = section.measures
    if not measures:
        return
    indicators = [*section.indicators, *(one for measure in measures for one in measure.indicators)]
    marked = any(measure.gender == "specific" for measure in measures)
    if not marked and not any(is_by_sex(one) for one in indicators):
        name = " ".join(filter(None, (section.code, section.title.best("en")[0]))) or "–"
        yield Problem("plan-objective-without-gender", scope.of(measures[0].key), {"objective": name[:120]})


def _overloaded(measures: Sequence[Measure], scope: Scope) -> Iterator[Problem]:
    coordinated = Counter(name for measure in measures for name in measure.coordinators)
    if not coordinated:
        return
    usual = mean(coordinated.values())
    for name, count in coordinated.most_common():
        if count >= MANY and count > OVERLOADED * usual:
            details = {"institution": name, "count": count, "of": len(measures)}
            yield Problem("plan-overloaded", scope.file, details)
