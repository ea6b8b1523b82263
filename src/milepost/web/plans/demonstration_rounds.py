"""Rounds on the second stage of the demonstration's plan: the first quarter is closed, the second is open."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone

from milepost.web.plans.actions import rounds
from milepost.web.plans.models import Answer, Plan, Round
from milepost.web.plans.queries import rounds as queries
from milepost.web.stakeholders.models import Institution

SAID: tuple[dict[str, Any], ...] = (
    {"done": "under_way", "text": "A working group met twice; the draft is with the other ministries."},
    {"done": "partly", "text": "Two of three parts are done.", "obstacles": "The budget was released late."},
    {"done": "not_started", "obstacles": "The post of the person in charge is vacant."},
    {"done": "fully", "text": "Carried out as planned; the report is attached to the file of the ministry."},
)
"""What institutions answer in turn, made up."""
QUESTION = "By when will the last part be done, and what did women and men get of the first two?"


def load(*, plan: Plan, by: Any, people: Mapping[Institution, Any]) -> None:
    """The rounds; `by` opens and reviews them, `people` answer for their institutions."""
    first = rounds.open_round(
        by=by, plan=plan, start=date(2026, 1, 1), end=date(2026, 3, 31), due=date(2026, 4, 15)
    )
    for number, (answer, person) in enumerate(_asked(first, people)):
        said = SAID[number % len(SAID)]
        _sent(person, answer, said)
        rounds.accept(by=by, answer=answer, revision=answer.revision)
        _dated(answer, date(2026, 4, 20 if number % 5 == 4 else 9))
    rounds.close(by=by, one=first, revision=first.revision)
    second = rounds.open_round(
        by=by, plan=plan, start=date(2026, 4, 1), end=date(2026, 6, 30), due=date(2026, 7, 15)
    )
    for number, (answer, person) in enumerate(_asked(second, people)):
        if number % 3 == 2:
            continue  # still to be sent
        _sent(person, answer, SAID[(number + 1) % len(SAID)])
        _dated(answer, date(2026, 7, 10))
        if number % 4 == 0:
            rounds.accept(by=by, answer=answer, revision=answer.revision)
        elif number % 4 == 1:
            rounds.give_back(by=by, answer=answer, revision=answer.revision, question=QUESTION)


def _asked(one: Round, people: Mapping[Institution, Any]) -> list[tuple[Answer, Any]]:
    """The answers for which somebody of the demonstration can speak."""
    found = [(answer, queries.asked(answer)) for answer in one.answers.select_related("entry", "round__plan")]
    return [
        (answer, people[institutions[0]])
        for answer, institutions in found
        if institutions and institutions[0] in people
    ]


def _sent(person: Any, answer: Answer, said: Mapping[str, Any]) -> None:
    rounds.save(by=person, answer=answer, revision=answer.revision, **said)
    rounds.submit(by=person, answer=answer, revision=answer.revision)


def _dated(answer: Answer, day: date) -> None:
    """As if it had been sent on a day."""
    noon = datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_current_timezone())
    Answer.objects.filter(pk=answer.pk).update(sent_at=noon, submitted_at=noon)
