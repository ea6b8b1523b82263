"""How a plan of action stands: which measures are late, and which part of what was due has been carried out.

Plain values in, plain values out; what is computed says by which rule. An institution answers how far a
measure is, never whether it is late.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from milepost.values.plan import Answer, Done, Measure, PlanVersion

Light = Literal["done", "on_track", "not_started", "late", "cannot", "not_due", "no_answer"]

LIGHTS: tuple[Light, ...] = ("done", "on_track", "not_started", "late", "cannot", "not_due", "no_answer")
"""Every mark that a measure can have; their order is that of a summary."""


# One measure ------------------------------------------------------------------------------------------------


def latest(answers: Iterable[Answer], *, on: date, verified: bool = False) -> dict[str, Answer]:
    """{measure: answer of the last round over by a day}; with `verified`, of the accepted answers only."""
    found: dict[str, Answer] = {}
    for answer in answers:
        if answer.until > on or (verified and not answer.verified):
            continue
        if answer.measure not in found or found[answer.measure].until <= answer.until:
            found[answer.measure] = answer
    return found


def days_late(measure: Measure, answer: Answer | None, *, on: date) -> int | None:
    """By how many days a measure is late on a day, or was when it was carried out; None where it is not.

    A measure without a last day (continuous, or undated) is never late. One that was carried out without
    saying when counts as carried out on the last day of the round that said so.
    """
    end = measure.deadline.end
    if end is None or measure.deadline.repeated == "continuous":
        return None
    if answer is not None and answer.done == "cannot":
        return None
    reached = on
    if answer is not None and answer.done == "fully":
        reached = min(answer.ended or answer.until, on)
    late = (reached - end).days
    return late if late > 0 else None


def light(measure: Measure, answer: Answer | None, *, on: date) -> Light:
    """How a measure is marked on a day; the first rule that holds counts.

    1. carried out in full: done, however late; 2. cannot be done: cannot; 3. its last day is over: late;
    4. answered as begun: on_track; 5. its first day is still to come: not_due; 6. not_started, or no_answer
    where nobody answered.
    """
    done: Done | None = answer.done if answer else None
    if done == "fully":
        return "done"
    if done == "cannot":
        return "cannot"
    if days_late(measure, answer, on=on) is not None:
        return "late"
    if done in ("under_way", "partly"):
        return "on_track"
    if measure.deadline.start is not None and on < measure.deadline.start:
        return "not_due"
    return "no_answer" if done is None else "not_started"


# Shares -----------------------------------------------------------------------------------------------------


def percentages(counts: Sequence[int]) -> tuple[int, ...]:
    """Whole per cents of counts that make up a whole, so that they add up to 100: each is rounded down, and
    what is left goes to the largest remainders, the first ones first. All 0 where nothing is counted.

    >>> percentages([1, 1, 1]), percentages([2, 2, 2, 1]), percentages([0, 0])
    ((34, 33, 33), (29, 29, 28, 14), (0, 0))
    """
    total = sum(counts)
    if not total:
        return tuple(0 for _count in counts)
    found = [100 * count // total for count in counts]
    by_rest = sorted(range(len(counts)), key=lambda place: -(100 * counts[place] % total))
    for place in by_rest[: 100 - sum(found)]:
        found[place] += 1
    return tuple(found)


# The rate of implementation ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Rate:
    """Measures fully implemented ÷ measures due, with every measure accounted for.

    `value` is a percentage, or None with a `reason`: "no_version" (no plan was in force on 1 January) or
    "nothing_due". `due` and `fully` are keys of measures; `arrears` are those that were due before the year
    and not carried out by its beginning: they are among `due` only where the setting says that they count.
    `undated` and `continuous` measures are left out and counted here; `later` are due after the year, and
    `settled` were due before it and carried out in time for it.
    """

    year: int
    value: Decimal | None
    reason: str | None
    version: int | None
    due: tuple[str, ...] = ()
    fully: tuple[str, ...] = ()
    arrears: tuple[str, ...] = ()
    undated: tuple[str, ...] = ()
    continuous: tuple[str, ...] = ()
    later: tuple[str, ...] = ()
    settled: tuple[str, ...] = ()


def in_force(versions: Iterable[PlanVersion], day: date) -> PlanVersion | None:
    """The version of a plan that was in force on a day; of several the one with the highest number."""
    found = [one for one in versions if one.since <= day and (one.until is None or day <= one.until)]
    return max(found, key=lambda one: one.number, default=None)


def implementation_rate(
    versions: Sequence[PlanVersion],
    answers: Sequence[Answer],
    *,
    year: int,
    arrears_count: bool = False,
    verified: bool = False,
) -> Rate:
    """The implementation rate of a year, after SIGMA (Methodological Framework of the Principles of Public
    Administration): activities fully implemented ÷ activities due by the end of the year, using the version
    of the plan in force at the beginning of the year.

    Due are the measures whose last day is in the year, and with `arrears_count` also those whose last day was
    before it and that were not fully carried out then. What counts as fully implemented is the last answer of
    a round that ended by 31 December; with `verified`, the last accepted one. A measure that an amendment
    took out during the year stays due: the version of 1 January decides.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)
    version = in_force(versions, first)
    if version is None:
        return Rate(year, None, "no_version", None)
    then = _full(latest(answers, on=date(year - 1, 12, 31), verified=verified))
    now = _full(latest(answers, on=last, verified=verified))
    kinds: dict[str, list[str]] = {name: [] for name in ("due", "arrears", *_LEFT_OUT)}
    for measure in version.measures:
        kinds[_kind(measure, first, last, then)].append(measure.key)
    due = [*kinds["due"], *(kinds["arrears"] if arrears_count else ())]
    fully = [key for key in due if key in now]
    value = Decimal(100 * len(fully)) / len(due) if due else None
    return Rate(
        year,
        value,
        None if due else "nothing_due",
        version.number,
        due=tuple(due),
        fully=tuple(fully),
        arrears=tuple(kinds["arrears"]),
        **{name: tuple(kinds[name]) for name in _LEFT_OUT},
    )


_LEFT_OUT = ("undated", "continuous", "later", "settled")


def _full(answers: Mapping[str, Answer]) -> set[str]:
    return {key for key, answer in answers.items() if answer.done == "fully"}


def _kind(measure: Measure, first: date, last: date, full_before: set[str]) -> str:
    """Where a measure belongs in the count of a year."""
    end = measure.deadline.end
    if measure.deadline.repeated == "continuous":
        return "continuous"
    if end is None:
        return "undated"
    if end > last:
        return "later"
    if end >= first:
        return "due"
    return "settled" if measure.key in full_before else "arrears"


# Several measures -------------------------------------------------------------------------------------------


def tally(measures: Iterable[Measure], answers: Mapping[str, Answer], *, on: date) -> Counter[str]:
    """How many measures have each light on a day; `answers` are those of `latest`."""
    return Counter(light(measure, answers.get(measure.key), on=on) for measure in measures)


@dataclass(frozen=True, slots=True)
class Slipped:
    """A measure whose last day an amendment moved: by how many days (later is positive)."""

    key: str
    before: date | None
    after: date | None
    days: int | None


def slipped(before: PlanVersion, after: PlanVersion) -> list[Slipped]:
    """Measures of both versions whose last day differs, those moved furthest first."""
    ends = {measure.key: measure.deadline.end for measure in before.measures}
    moved = [
        Slipped(one.key, ends[one.key], one.deadline.end, _days(ends[one.key], one.deadline.end))
        for one in after.measures
        if one.key in ends and ends[one.key] != one.deadline.end
    ]
    return sorted(moved, key=lambda one: (one.days is None, -(one.days or 0)))


def _days(before: date | None, after: date | None) -> int | None:
    return (after - before).days if before is not None and after is not None else None
