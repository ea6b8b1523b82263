"""Rounds of the demonstration's plan: six are closed, with the amendment between, and the seventh is open.

What is answered stands in a table, made up like everything of Sandoria.
"""

import csv
from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from milepost import demonstration
from milepost.web.plans.actions import rounds
from milepost.web.plans.models import Answer, MeasureIndicator, Plan
from milepost.web.plans.queries import rounds as queries
from milepost.web.plans.queries.typed import NUMBERS
from milepost.web.stakeholders.models import Institution

PERIODS: dict[str, tuple[date, date]] = {
    "2024H1": (date(2024, 1, 1), date(2024, 6, 30)),
    "2024H2": (date(2024, 7, 1), date(2024, 12, 31)),
    "2025H1": (date(2025, 1, 1), date(2025, 6, 30)),
    "2025H2": (date(2025, 7, 1), date(2025, 12, 31)),
    "2026Q1": (date(2026, 1, 1), date(2026, 3, 31)),
    "2026Q2": (date(2026, 4, 1), date(2026, 6, 30)),
    "2026Q3": (date(2026, 7, 1), date(2026, 9, 30)),
}
"""The first and the last day of each round; the last one is open."""
WANTED = timedelta(days=15)
"""So long after the end of a period are answers wanted."""
SHOWN = ("2025H2", "2026Q2")
"""Rounds in which an answer with women and men rests on the list of those who came."""
QUESTION = "By when will the last part be done, and what did women and men get of the first two?"

Said = Mapping[str, str]


def load(*, plans: Mapping[str, Plan], by: Any, person: Callable[[Institution], Any]) -> None:
    """The rounds of the stages that begin in these years; `by` opens and reviews them, and `person` gives who
    answers for an institution."""
    told = _told()
    for number, (name, (start, end)) in enumerate(PERIODS.items(), start=1):
        stage = "2022" if start.year < 2026 else "2026"
        one = rounds.open_round(by=by, plan=plans[stage], start=start, end=end, due=end + WANTED)
        for answer in one.answers.select_related("entry", "round__plan__policy"):
            if said := told.get((stage, name, answer.entry.code)):
                _answer(answer, said, by=by, person=person)
        one.refresh_from_db()
        if number < len(PERIODS):
            rounds.close(by=by, one=one, revision=one.revision)


def _told() -> dict[tuple[str, str, str], Said]:
    """{(stage, round, code of the measure): its line}."""
    with (demonstration.plan_folder() / "answers.csv").open(encoding="utf-8", newline="") as file:
        return {(row["stage"], row["round"], row["code"]): row for row in csv.DictReader(file)}


def _answer(answer: Answer, said: Said, *, by: Any, person: Callable[[Institution], Any]) -> None:
    """What the institution that reports says, sent some days after the period, and what becomes of it."""
    speaker = person(queries.asked(answer)[0])
    day = date.fromisoformat(said["ended"]) if said["ended"] else None
    ended = day if day and day <= timezone.localdate() else None  # nothing ends in the days to come
    rounds.save(
        by=speaker,
        answer=answer,
        revision=answer.revision,
        done=said["done"],
        ended=ended,
        text=said["text"],
        obstacles=said["obstacles"],
        needed=said["needed"],
        figures=_figures(answer, said),
        spending={cost.pk: Decimal(said["spent"]) for cost in answer.entry.costs.all()[:1] if said["spent"]},
    )
    if said["women"] and said["men"] and said["round"] in SHOWN:
        rounds.attach(by=speaker, answer=answer, upload=_list(said), name="participants.csv")
    rounds.submit(by=speaker, answer=answer, revision=answer.revision)
    _dated(answer, answer.round.end + timedelta(days=int(said["sent"])))
    if said["review"] == "accepted":
        rounds.accept(by=by, answer=answer, revision=answer.revision)
    elif said["review"] == "returned":
        rounds.give_back(by=by, answer=answer, revision=answer.revision, question=QUESTION)


def _list(said: Said) -> ContentFile:
    """A small table with the same women and men."""
    return ContentFile(f"period,women,men\r\n{said['round']},{said['women']},{said['men']}\r\n".encode())


def _figures(answer: Answer, said: Said) -> dict[int, dict[str, Decimal | None]]:
    numbers: dict[str, Decimal | None] = {
        name: Decimal(said[name]) if said[name] else None for name in NUMBERS
    }
    first = MeasureIndicator.objects.filter(entry=answer.entry).first()
    return {first.pk: numbers} if first is not None and any(numbers.values()) else {}


def _dated(answer: Answer, day: date) -> None:
    """As if it had been sent on a day."""
    noon = datetime.combine(day, time(12), timezone.get_current_timezone())
    Answer.objects.filter(pk=answer.pk).update(sent_at=noon, submitted_at=noon)
