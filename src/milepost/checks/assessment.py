"""What to look at before an assessment is validated: evidence that is missing, repealed or old."""

from collections.abc import Iterator
from datetime import date

from milepost.catalogue.questionnaires import Questionnaire
from milepost.values import Origin, Problem
from milepost.values.assessment import Assessment, Reply

OLD = 5
"""Years after which evidence is called old, unless the office says otherwise."""


def faults(
    asked: Questionnaire, assessment: Assessment, *, today: date, old: int = OLD, place: str = "answers"
) -> tuple[Problem, ...]:
    """Questions without answer, answers without evidence, evidence repealed or older than `old` years.

    All of them may stand in a draft; validation lists them. An answer that says that something is absent
    needs no evidence.
    """
    found = []
    for _domain, item in asked:
        if assessment.level not in item.levels:
            continue
        origin = Origin(place, column=item.code)
        reply = assessment.replies.get(item.code, Reply())
        if not reply.answer:
            found.append(Problem("question-unanswered", origin, {"question": item.code}))
            continue
        standing = {one.code: one.standing for one in asked.offered(item.code)}.get(reply.answer, "")
        if not reply.evidence and standing != "absent":
            found.append(Problem("answer-without-evidence", origin, {"question": item.code}))
        found += _evidence(item.code, reply, origin, today, old)
    return tuple(found)


def _evidence(code: str, reply: Reply, origin: Origin, today: date, old: int) -> Iterator[Problem]:
    for one in reply.evidence:
        details = {"question": code, "title": one.title}
        if one.repealed is not None and one.repealed <= today:
            yield Problem("evidence-repealed", origin, {**details, "day": one.repealed.isoformat()})
        elif one.dated is not None and one.dated > today:
            yield Problem("evidence-ahead", origin, {**details, "day": one.dated.isoformat()})
        elif one.dated is not None and one.kind != "law" and _years(one.dated, today) >= old:
            yield Problem("evidence-old", origin, {**details, "day": one.dated.isoformat(), "years": old})


def _years(day: date, today: date) -> int:
    """Whole years between two days."""
    return today.year - day.year - ((today.month, today.day) < (day.month, day.day))
