"""Rounds of a plan: opened, answered by the institutions, reviewed by the one in the lead, closed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from milepost.values import Problem
from milepost.values.states import ANSWER, after
from milepost.web.accounts.queries import may, who_may
from milepost.web.accounts.roles import Permission
from milepost.web.audit.actions import record
from milepost.web.files import actions as files
from milepost.web.files.models import StoredFile
from milepost.web.notices import actions as notices
from milepost.web.plans.actions import evidence
from milepost.web.plans.models import (
    Answer,
    AnswerFigure,
    AnswerSpending,
    Contribution,
    Cost,
    Entry,
    MeasureIndicator,
    Plan,
    Role,
    Round,
)
from milepost.web.plans.queries import rounds as queries
from milepost.web.plans.queries import typed
from milepost.web.plans.queries.typed import NUMBERS
from milepost.web.plans.queries.versions import in_force
from milepost.web.stakeholders.models import Institution
from milepost.web.traces.actions import link
from milepost.web.ui.conditions import fault, need_reason, refuse_if, update
from milepost.web.ui.revisions import Stale

SAID = ("done", "ended", "text", "obstacles", "needed")
"""What can be typed of a measure."""


def _review(by: Any, thing: Any) -> None:
    if not may(by, Permission.REVIEW_ROUNDS, *thing.places):
        raise PermissionDenied(Permission.REVIEW_ROUNDS)


def _answering(by: Any, answer: Answer) -> None:
    if not queries.may_answer(by, answer):
        raise PermissionDenied(Permission.ANSWER_ROUNDS)


def _tell(by: Any, verb: str, thing: Round | Answer, **more: Any) -> None:
    plan = thing.plan if isinstance(thing, Round) else thing.round.plan
    record(by=by, verb=verb, address=thing.address, scope=plan.policy.institution.address, **more)


# A round ----------------------------------------------------------------------------------------------------


@transaction.atomic
def open_round(*, by: Any, plan: Plan, start: date, end: date, due: date) -> Round:
    """Ask the institutions how the measures in force on the last day stand; each coordinator is told.

    Measures that are carried out in full, as accepted, are not asked again unless they come again.
    """
    _review(by, plan)
    Plan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    version = in_force(plan, end)
    problems = list(_faults_of_period(plan, start, end, due))
    if version is None:
        problems.append(fault("round-no-version", "end", day=end.isoformat()))
    refuse_if(problems)
    assert version is not None  # refused above
    before = queries.last_accepted(plan)
    asked = [one for one in version.entries.all() if _is_asked(one, before.get(one.measure_id))]
    refuse_if([] if asked else [fault("round-nothing-to-ask")])
    made = Round.objects.create(plan=plan, version=version, start=start, end=end, due=due, opened_by=by)
    _prefill(made, asked, before)
    link(made.address, "rests_on", plan.address)
    _tell(by, "round.opened", made, details={"period": _days(made), "measures": len(asked)})
    _ask(by, made, queries.silent_institutions(made))
    return made


def _days(one: Round) -> str:
    return f"{one.start} – {one.end}"


def _faults_of_period(plan: Plan, start: date, end: date, due: date) -> Iterable[Problem]:
    if end < start:
        yield fault("round-backwards", "end")
    if due < end:
        yield fault("round-due-early", "due")
    running = plan.rounds.filter(state=Round.State.OPEN).first()
    if running is not None:
        yield fault("round-is-open", start=running.start.isoformat(), end=running.end.isoformat())
        return
    there = plan.rounds.filter(start__lte=end, end__gte=start).first()
    if there is not None:
        yield fault("round-overlaps", "start", start=there.start.isoformat(), end=there.end.isoformat())


def _is_asked(entry: Entry, last: Answer | None) -> bool:
    return last is None or last.done != Answer.Done.FULLY or bool(entry.repeated)


def _prefill(made: Round, asked: Iterable[Entry], before: Mapping[int, Answer]) -> None:
    """An answer of each measure, as it was last accepted, with its figures."""
    answers = []
    for entry in asked:
        last = before.get(entry.measure_id)
        said = {name: getattr(last, name) for name in SAID} if last is not None else {}
        if said.get("done") == Answer.Done.FULLY:  # it comes again: this time it is still to be done
            said |= {"done": "", "ended": None}
        answers.append(Answer(round=made, entry=entry, measure_id=entry.measure_id, **said))
    there = {one.entry_id: one for one in Answer.objects.bulk_create(answers)}
    known: dict[tuple[int, str], AnswerFigure] = {
        (one.answer.measure_id, one.indicator.key): one
        for one in AnswerFigure.objects.filter(answer__in=list(before.values())).select_related(
            "answer", "indicator"
        )
    }
    copies = []
    for indicator in MeasureIndicator.objects.filter(entry__in=list(there)).select_related("entry"):
        last_figure = known.get((indicator.entry.measure_id, indicator.key))
        if last_figure is not None:
            numbers = {name: getattr(last_figure, name) for name in NUMBERS}
            copies.append(AnswerFigure(answer=there[indicator.entry_id], indicator=indicator, **numbers))
    AnswerFigure.objects.bulk_create(copies)
    _prefill_spending(there, before)


def _prefill_spending(there: Mapping[int, Answer], before: Mapping[int, Answer]) -> None:
    """What was spent so far, of the same source in the same currency."""
    known: dict[tuple[int, str, str], Decimal] = defaultdict(Decimal)
    told = AnswerSpending.objects.filter(answer__in=list(before.values()))
    for one in told.select_related("answer", "cost"):
        known[one.answer.measure_id, one.cost.source, one.cost.currency] += one.amount
    filled = []
    for cost in Cost.objects.filter(entry__in=list(there)).select_related("entry").order_by("pk"):
        key = cost.entry.measure_id, cost.source, cost.currency
        if key in known:  # a source that stands twice has all of it at its first cost
            filled.append(AnswerSpending(answer=there[cost.entry_id], cost=cost, amount=known.pop(key)))
    AnswerSpending.objects.bulk_create(filled)


def _ask(by: Any, one: Round, institutions: Iterable[Institution], note: str = "") -> int:
    """Tell the people who answer for these institutions; how many people there were."""
    people = {
        user.pk: user
        for institution in institutions
        for user in who_may(Permission.ANSWER_ROUNDS, institution.address)
    }
    details = {"by": by.name, **({"note": note} if note else {})}
    notices.tell(people.values(), kind="round-open", address=one.address, due=one.due, details=details)
    return len(people)


@transaction.atomic
def remind(*, by: Any, one: Round, note: str = "") -> int:
    """Tell again those whose institutions still have answers to send; how many people."""
    _review(by, one)
    refuse_if([] if one.is_open else [fault("no-such-step", state=one.state)])
    silent = queries.silent_institutions(one)
    said = f"{timezone.localdate().isoformat()}: {note.strip()}" if note.strip() else ""
    count = _ask(by, one, silent, said)
    _tell(by, "round.reminded", one, why=note.strip(), details={"count": len(silent)})
    return count


@transaction.atomic
def escalate(today: date) -> int:
    """Tell the heads of silent institutions, and those in the lead, of rounds that are overdue by the days
    that their plan states; each round once. How many rounds.

    It is the clock's deed, so that nobody stands in its event.
    """
    open_ = Round.objects.select_for_update(of=("self",)).filter(
        state=Round.State.OPEN, escalated_at=None, plan__escalate_after__isnull=False
    )
    told = 0
    for one in open_.select_related("plan__policy__institution"):
        if today <= queries.escalates_on(one):
            continue
        silent = queries.silent_institutions(one)
        people = {
            user.pk: user
            for places, permission in (
                *((each.places, Permission.HEAR_OF_DELAYS) for each in silent),
                (one.places, Permission.REVIEW_ROUNDS),
            )
            for user in who_may(permission, *places)
        }
        if silent:
            notices.tell(people.values(), kind="round-overdue", address=one.address, due=one.due)
            told += 1
        Round.objects.filter(pk=one.pk).update(escalated_at=timezone.now())
        codes = [each.code for each in silent]
        _tell(None, "round.escalated", one, details={"institutions": codes})
    return told


@transaction.atomic
def close(*, by: Any, one: Round, revision: int) -> Round:
    """Ask no more. What was not accepted can still be sent, and is then late."""
    _review(by, one)
    refuse_if([] if one.is_open else [fault("no-such-step", state=one.state)])
    update(one, revision, {"state": Round.State.CLOSED, "closed_by": by, "closed_at": timezone.now()})
    notices.done(one.address, "round-open", by)
    _tell(by, "round.closed", one, details={"period": _days(one)})
    return one


# What an institution answers --------------------------------------------------------------------------------


@transaction.atomic
def save(
    *,
    by: Any,
    answer: Answer,
    revision: int,
    done: str = "",
    ended: date | None = None,
    text: str = "",
    obstacles: str = "",
    needed: str = "",
    figures: Mapping[int, Mapping[str, Decimal | None]] | None = None,
    spending: Mapping[int, Decimal | None] | None = None,
) -> Answer:
    """Keep what was typed so far; `figures` is {indicator's key: {one of NUMBERS: number}}, all of them, and
    `spending` {cost's key: what was spent of it so far}.

    It is called while people type, so that the audit tells only who began; each step tells what was sent.
    What cannot be true is refused; what is still missing is refused when it is sent.
    """
    _answering(by, answer)
    refuse_if([] if answer.may_be_changed else [fault("no-such-step", state=answer.state)])
    indicators = {one.pk: one for one in answer.entry.indicators.all()}
    rows = {key: typed.worked_out(row) for key, row in (figures or {}).items() if key in indicators}
    spent = {key: number for key, number in (spending or {}).items() if number is not None}
    refuse_if([*typed.faults_of(answer, done=done, ended=ended, figures=rows, spending=spent)])
    began = answer.typed_by_id != by.pk
    said = {"done": done, "ended": ended, "text": text, "obstacles": obstacles, "needed": needed}
    update(answer, revision, {**said, "typed_by": by})
    answer.figures.all().delete()
    AnswerFigure.objects.bulk_create(
        AnswerFigure(answer=answer, indicator=indicators[key], **row)
        for key, row in rows.items()
        if any(number is not None for number in row.values())
    )
    answer.spending.all().delete()
    AnswerSpending.objects.bulk_create(
        AnswerSpending(answer=answer, cost=cost, amount=spent[cost.pk])
        for cost in answer.entry.costs.all()
        if cost.pk in spent
    )
    if began:
        _tell(by, "answer.typed", answer)
    return answer


@transaction.atomic
def contribute(
    *, by: Any, answer: Answer, institution: Institution, text: str, revision: int = 0
) -> Contribution:
    """What a co-executor says for the answer; `revision` is 0 where it has said nothing yet."""
    if not may(by, Permission.ANSWER_ROUNDS, *institution.places):
        raise PermissionDenied(Permission.ANSWER_ROUNDS)
    if not answer.entry.roles.filter(institution=institution, kind=Role.Kind.EXECUTOR).exists():
        raise PermissionDenied("no co-executor of the measure")
    problems = [] if text.strip() else [fault("contribution-empty", "text")]
    if answer.state == Answer.State.ACCEPTED:
        problems.append(fault("no-such-step", state=answer.state))
    refuse_if(problems)
    Answer.objects.select_for_update(of=("self",)).get(pk=answer.pk)
    there = answer.contributions.filter(institution=institution).first()
    said = {"text": text.strip(), "typed_by": by, "typed_at": timezone.now(), "taken_at": None}
    if there is None:
        if revision:
            raise Stale
        there = Contribution.objects.create(answer=answer, institution=institution, **said)
    else:
        update(there, revision, said)
    _tell(by, "answer.contributed", answer, details={"institution": institution.address})
    return there


@transaction.atomic
def take_over(*, by: Any, answer: Answer, contribution: Contribution, revision: int) -> Answer:
    """Put what a co-executor says below one's own words."""
    _answering(by, answer)
    refuse_if([] if answer.may_be_changed else [fault("no-such-step", state=answer.state)])
    text = "\n\n".join(filter(None, (answer.text.strip(), contribution.text)))
    update(answer, revision, {"text": text, "typed_by": by})
    Contribution.objects.filter(pk=contribution.pk).update(taken_at=timezone.now())
    _tell(by, "answer.taken-over", answer, details={"institution": contribution.institution.address})
    return answer


@transaction.atomic
def attach(*, by: Any, answer: Answer, upload: Any, name: str) -> StoredFile:
    """Keep a file that shows what was done; only of kinds in `evidence.SHOWS`, and only if it is one."""
    _answering(by, answer)
    refuse_if([] if answer.may_be_changed else [fault("no-such-step", state=answer.state)])
    clean = files.clean_name(name)
    unfit = fault("evidence-kind", "file", name=clean)
    refuse_if(evidence.faults_of(upload, clean, evidence.SHOWS, unfit))
    kept = files.keep(upload, by=by, name=clean, owner=answer.address)
    link(answer.address, "rests_on", kept.address)
    _tell(by, "answer.evidence", answer, details={"file": kept.name})
    return kept


# Steps ------------------------------------------------------------------------------------------------------


@transaction.atomic
def submit(*, by: Any, answer: Answer, revision: int) -> Answer:
    """Send an answer to the institution in the lead; the day on which it is first sent tells whether it is
    late. MilepostError says what is missing."""
    _answering(by, answer)
    refuse_if([*typed.missing(answer)] if answer.may_be_changed else [])
    now = timezone.now()
    fields = {"submitted_by": by, "submitted_at": now, "sent_at": answer.sent_at or now}
    _move(by, answer, "submit", revision, fields)
    notices.done(answer.address, "answer-returned", by)
    _all_sent(by, answer.round)
    others = [one for one in who_may(Permission.REVIEW_ROUNDS, *answer.places) if one.pk != by.pk]
    notices.tell(others, kind="round-review", address=answer.round.address)
    return answer


def _all_sent(by: Any, one: Round) -> None:
    """Nobody is asked any more whose institutions have sent everything."""
    silent = queries.silent_institutions(one)
    still = {user.pk for each in silent for user in who_may(Permission.ANSWER_ROUNDS, each.address)}
    sent = [each for each in queries.coordinators(one) if each not in silent]
    people = {user.pk: user for each in sent for user in who_may(Permission.ANSWER_ROUNDS, each.address)}
    done_with = [user for key, user in people.items() if key not in still]
    notices.done(one.address, "round-open", by, of=done_with)


@transaction.atomic
def recall(*, by: Any, answer: Answer, revision: int) -> Answer:
    """Take an answer back before it is reviewed."""
    _answering(by, answer)
    _move(by, answer, "recall", revision, {})
    _nothing_to_review(by, answer.round)
    return answer


@transaction.atomic
def accept(*, by: Any, answer: Answer, revision: int) -> Answer:
    """The institution in the lead says that an answer holds; never the person who typed or sent it."""
    _review(by, answer)
    if by.pk in (answer.submitted_by_id, answer.typed_by_id):
        raise PermissionDenied("another person must accept")
    _move(by, answer, "accept", revision, {"reviewed_by": by, "reviewed_at": timezone.now(), "question": ""})
    _nothing_to_review(by, answer.round)
    return answer


@transaction.atomic
def give_back(*, by: Any, answer: Answer, revision: int, question: str) -> Answer:
    """Return an answer with a question; the people of its coordinator are told."""
    _review(by, answer)
    why = need_reason(question, "question")
    _move(
        by,
        answer,
        "return",
        revision,
        {"reviewed_by": by, "reviewed_at": timezone.now(), "question": why},
        why=why,
    )
    people = [
        user for each in queries.asked(answer) for user in who_may(Permission.ANSWER_ROUNDS, each.address)
    ]
    notices.tell(people, kind="answer-returned", address=answer.address, details={"by": by.name, "note": why})
    _nothing_to_review(by, answer.round)
    return answer


def _nothing_to_review(by: Any, one: Round) -> None:
    if not one.answers.filter(state=Answer.State.SUBMITTED).exists():
        notices.done(one.address, "round-review", by)


def _move(
    by: Any, answer: Answer, deed: str, revision: int, fields: Mapping[str, Any], *, why: str = ""
) -> None:
    before, state = answer.state, after(ANSWER, answer.state, deed)
    refuse_if([] if state is not None else [fault("no-such-step", state=before)])
    update(answer, revision, {**fields, "state": state})
    details = {"state": [before, state], "done": answer.done, "revision": answer.revision}
    _tell(by, f"answer.{deed}", answer, why=why, details=details)
