"""What is typed of a measure in a round: numbers worked out of others, and what cannot be true."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils import timezone

from milepost.values import Problem
from milepost.web.plans.models import Answer
from milepost.web.ui.conditions import fault

NUMBERS = ("total", "women", "men", "numerator", "denominator")
"""What can be typed of an indicator."""

Figures = Mapping[int, Mapping[str, Decimal | None]]
"""{key of an indicator: {one of NUMBERS: number}}."""


def faults_of(
    answer: Answer,
    *,
    done: str,
    ended: date | None,
    figures: Figures,
    spending: Mapping[int, Decimal | None],
    **_words: Any,
) -> Iterable[Problem]:
    """Everything that cannot be true of an answer; what is only missing is no fault until it is sent."""
    yield from _faults_of_day(answer, done, ended)
    for key, row in figures.items():
        yield from _faults_of_figure(worked_out(row), key)
    for key, number in spending.items():
        if number is not None and number < 0:
            yield fault("figure-negative", f"spent-{key}")


def worked_out(row: Mapping[str, Decimal | None]) -> dict[str, Decimal | None]:
    """The numbers of an indicator with the total, where the others give it."""
    found = {name: row.get(name) for name in NUMBERS}
    over, under, women, men = (found[name] for name in ("numerator", "denominator", "women", "men"))
    if over is not None and under is not None and under > 0:
        found["total"] = (over / under * 100).quantize(Decimal("0.0001"))
    elif found["total"] is None and women is not None and men is not None:
        found["total"] = women + men
    return found


def _faults_of_day(answer: Answer, done: str, ended: date | None) -> Iterable[Problem]:
    if ended is None:
        return
    if done != Answer.Done.FULLY:
        yield fault("answer-ended-of-open", "ended")
    elif ended > min(answer.round.end, timezone.localdate()):
        day = min(answer.round.end, timezone.localdate())
        yield fault("answer-ended-late", "ended", day=day.isoformat())


def _faults_of_figure(row: Mapping[str, Decimal | None], key: int) -> Iterable[Problem]:
    """What cannot be true of the numbers of one indicator."""
    field = f"total-{key}"
    total, women, men, under = (row[name] for name in ("total", "women", "men", "denominator"))
    if any(number is not None and number < 0 for number in row.values()):
        yield fault("figure-negative", field)
    elif under is not None and under == 0:
        yield fault("denominator-not-positive", f"denominator-{key}")
    elif total is None:
        return
    elif women is not None and men is not None:
        if women + men != total:
            yield fault("women-men-total", field, women=f"{women:f}", men=f"{men:f}", total=f"{total:f}")
    elif (women or 0) > total or (men or 0) > total:
        yield fault("women-men-above-total", field, total=f"{total:f}")


def missing(answer: Answer) -> Iterable[Problem]:
    """What an answer lacks to be sent."""
    if not answer.done:
        yield fault("answer-not-said", "done")
    elif answer.done == Answer.Done.CANNOT and not answer.obstacles.strip():
        yield fault("answer-without-obstacle", "obstacles")
    elif answer.done in ("under_way", "partly", "fully") and not answer.text.strip():
        yield fault("answer-without-words", "text")
    for figure in answer.figures.all():
        if (figure.numerator is None) != (figure.denominator is None):
            yield fault("percentage-needs-both", f"numerator-{figure.indicator_id}")
