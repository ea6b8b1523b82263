"""Rounds of a plan: who may see and answer what, how far a round is, what waits for a person."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from milepost.web.accounts.queries import may, scopes
from milepost.web.accounts.roles import Permission
from milepost.web.files.models import StoredFile
from milepost.web.notices.models import Notice
from milepost.web.plans.models import Answer, Contribution, Plan, Role, Round
from milepost.web.plans.queries.scoping import worked_with
from milepost.web.stakeholders.models import Institution
from milepost.web.stakeholders.queries import within
from milepost.web.ui.templatetags.ui import plain

LEADING = (Permission.READ_PLANS, Permission.EDIT_PLANS, Permission.REVIEW_ROUNDS)
"""Whoever may do one of these for the institution in the lead, or its country, sees every answer."""
TO_SEND = (Answer.State.DRAFT, Answer.State.RETURNED)


# Who may ----------------------------------------------------------------------------------------------------


def visible_rounds(user: Any) -> QuerySet[Round]:
    """The rounds that a reader may see: of plans with which the reader works. None is public."""
    found = Round.objects.select_related(
        "plan__policy__country", "plan__policy__institution__country", "version"
    )
    return found.filter(plan__policy__in=worked_with(user).values("pk"))


def answers(user: Any) -> QuerySet[Answer]:
    """The answers that a reader may see: all for those who work for the institution in the lead; else those
    of measures that an institution reports on or carries out for which the reader answers."""
    mine = Q(pk__in=[])
    for permission in LEADING:
        mine |= within(
            user,
            permission,
            institution="round__plan__policy__institution_id",
            country="round__plan__policy__country__code",
        )
    return _answers().filter(mine | _with_role(user, Role.Kind.COORDINATOR, Role.Kind.EXECUTOR))


def answered_by(user: Any) -> QuerySet[Answer]:
    """The answers that a person may type: of measures on which an institution of theirs reports."""
    return _answers().filter(_with_role(user, Role.Kind.COORDINATOR))


def _answers() -> QuerySet[Answer]:
    return Answer.objects.select_related(
        "entry__section__parent",
        "measure",
        "round__version",
        "round__plan__policy__country",
        "round__plan__policy__institution__country",
        "typed_by",
        "submitted_by",
        "reviewed_by",
    )


def _with_role(user: Any, *kinds: str) -> Q:
    if not scopes(user, Permission.ANSWER_ROUNDS):
        return Q(pk__in=[])
    here = within(
        user, Permission.ANSWER_ROUNDS, institution="institution_id", country="institution__country__code"
    )
    return Q(Exists(Role.objects.filter(here, kind__in=kinds, entry=OuterRef("entry"))))


def asked(answer: Answer) -> list[Institution]:
    """The institutions that report on a measure: one, where it was chosen well."""
    return _of_kind(answer, Role.Kind.COORDINATOR)


def _of_kind(answer: Answer, kind: str) -> list[Institution]:
    roles = answer.entry.roles.select_related("institution__country").filter(kind=kind)
    return [role.institution for role in roles]


def may_answer(user: Any, answer: Answer) -> bool:
    """Whether a person answers for the institution that reports on the measure."""
    return any(may(user, Permission.ANSWER_ROUNDS, *one.places) for one in asked(answer))


def may_review(user: Any, thing: Plan | Round | Answer) -> bool:
    """Whether a person opens rounds, accepts and returns answers, for the institution in the lead."""
    return may(user, Permission.REVIEW_ROUNDS, *thing.places)


def may_accept(user: Any, answer: Answer) -> bool:
    """The same, and another person typed and sent the answer."""
    return may_review(user, answer) and user.pk not in (answer.submitted_by_id, answer.typed_by_id)


def may_read(user: Any, answer: Answer) -> bool:
    """Whether a person reads what is answered: once it was sent; before, who types or contributes to it."""
    kinds = (Role.Kind.COORDINATOR, Role.Kind.EXECUTOR)
    own = [one for kind in kinds for one in _of_kind(answer, kind)]
    return answer.state != Answer.State.DRAFT or any(
        may(user, Permission.ANSWER_ROUNDS, *one.places) for one in own
    )


def contributing(user: Any, answer: Answer) -> list[Institution]:
    """The co-executors of a measure for which a person may say something."""
    found = _of_kind(answer, Role.Kind.EXECUTOR)
    return [one for one in found if may(user, Permission.ANSWER_ROUNDS, *one.places)]


# What is there ----------------------------------------------------------------------------------------------


def of_plan(user: Any, plan: Plan) -> list[Round]:
    """The rounds of a plan that a reader may see, the last first."""
    return list(visible_rounds(user).filter(plan=plan))


def last_accepted(plan: Plan) -> dict[int, Answer]:
    """{measure: the last answer that was accepted}."""
    found = Answer.objects.filter(round__plan=plan, state=Answer.State.ACCEPTED).order_by("round__end")
    return {one.measure_id: one for one in found}


def coordinators(one: Round) -> list[Institution]:
    """The institutions that are asked in a round."""
    roles = Role.objects.filter(entry__answers__round=one, kind=Role.Kind.COORDINATOR)
    return list(Institution.objects.filter(pk__in=roles.values("institution")).order_by("code"))


def silent_institutions(one: Round) -> list[Institution]:
    """Those of them that still have an answer to send."""
    unsent = Answer.objects.filter(round=one, state__in=TO_SEND)
    roles = Role.objects.filter(entry__in=unsent.values("entry"), kind=Role.Kind.COORDINATOR)
    return list(Institution.objects.filter(pk__in=roles.values("institution")).order_by("code"))


def escalates_on(one: Round) -> date:
    """The last day on which silent institutions are left alone; after it their heads are told."""
    return one.due + timedelta(days=one.plan.escalate_after or 0)


def is_late(answer: Answer, today: date) -> bool:
    """Whether an answer was first sent after the day on which it was wanted, or is still to be sent."""
    day = timezone.localdate(answer.sent_at) if answer.sent_at else today
    return day > answer.round.due


def evidence(answer: Answer) -> QuerySet[StoredFile]:
    """The files that show what was done."""
    return StoredFile.objects.filter(owner=answer.address).order_by("pk")


def contributions(answer: Answer) -> QuerySet[Contribution]:
    """What the co-executors say."""
    return answer.contributions.select_related("institution", "typed_by")


def before(answer: Answer) -> Answer | None:
    """What was accepted of the measure in an earlier round."""
    found = Answer.objects.filter(
        measure=answer.measure, state=Answer.State.ACCEPTED, round__end__lt=answer.round.end
    )
    return found.select_related("round").order_by("round__end").last()


def next_to_send(user: Any, answer: Answer) -> Answer | None:
    """The next measure of the round on which a person has still to answer."""
    left = answered_by(user).filter(round=answer.round, state__in=TO_SEND).exclude(pk=answer.pk)
    later = left.filter(entry__position__gt=answer.entry.position)
    return later.first() or left.first()


# A round as a table -----------------------------------------------------------------------------------------


class Line(NamedTuple):
    """An answer, who is asked for it, whether it is late, whether it has been begun to be answered."""

    answer: Answer
    institutions: tuple[Institution, ...]
    late: bool


class Share(NamedTuple):
    """How far an institution is in a round."""

    institution: Institution | None
    asked: int
    sent: int
    returned: int
    accepted: int
    late: int

    @property
    def left(self) -> int:
        """How many answers it has still to send."""
        return self.asked - self.sent - self.accepted


def lines(user: Any, one: Round, today: date) -> list[Line]:
    """The answers of a round that a reader may see, in the order of the plan."""
    return _lines(answers(user).filter(round=one), today)


def lines_of_plan(user: Any, plan: Plan, today: date) -> list[Line]:
    """The answers of all rounds of a plan that a reader may see."""
    return _lines(answers(user).filter(round__plan=plan), today)


def _lines(found: QuerySet[Answer], today: date) -> list[Line]:
    return [
        Line(
            answer,
            tuple(
                role.institution for role in answer.entry.roles.all() if role.kind == Role.Kind.COORDINATOR
            ),
            is_late(answer, today),
        )
        for answer in found.prefetch_related("entry__roles__institution__country")
    ]


def shares(found: Iterable[Line]) -> list[Share]:
    """How far each institution is, by name; measures on which nobody reports stand last, under None."""
    standing: dict[int | None, list[Line]] = {}
    named: dict[int | None, Institution | None] = {None: None}
    for line in found:
        for institution in line.institutions or (None,):
            key = institution.pk if institution else None
            named[key] = institution
            standing.setdefault(key, []).append(line)
    made = [_share(named[key], there) for key, there in standing.items()]
    return sorted(made, key=lambda one: (one.institution is None, _name(one.institution)))


def _name(institution: Institution | None) -> str:
    return plain(institution.text) if institution is not None else ""


def _share(institution: Institution | None, there: list[Line]) -> Share:
    states = [line.answer.state for line in there]
    return Share(
        institution,
        len(there),
        states.count(Answer.State.SUBMITTED),
        states.count(Answer.State.RETURNED),
        states.count(Answer.State.ACCEPTED),
        sum(line.late for line in there),
    )


def narrowed(found: Iterable[Line], *, institution: str = "", state: str = "") -> list[Line]:
    """The answers of an institution, or in a state ("late" is one, too)."""
    return [
        line
        for line in found
        if (not institution or any(str(one.pk) == institution for one in line.institutions))
        and (not state or line.answer.state == state or (state == "late" and line.late))
    ]


# What waits for a person ------------------------------------------------------------------------------------


class Ahead(NamedTuple):
    """A round in which a person has something to send, for the page of their work."""

    what: str
    where: str
    day: date
    late: bool
    url: str


def ahead(user: Any, today: date) -> list[Ahead]:
    """The rounds in which a person has answers to send and of which no notice tells them already."""
    if not scopes(user, Permission.ANSWER_ROUNDS):
        return []
    left: dict[int, list[Answer]] = {}
    for answer in answered_by(user).filter(round__state=Round.State.OPEN, state__in=TO_SEND):
        left.setdefault(answer.round_id, []).append(answer)
    places = {there[0].round.address: there for there in left.values()}
    told = Notice.objects.filter(user=user, done_at=None, kind="round-open", address__in=list(places))
    known = set(told.values_list("address", flat=True))
    found = [
        Ahead(
            ngettext("{count} answer to send", "{count} answers to send", len(there)).format(
                count=len(there)
            ),
            plain(there[0].round.plan.text),
            there[0].round.due,
            there[0].round.due < today,
            reverse("round", args=[there[0].round_id]),
        )
        for address, there in places.items()
        if address not in known
    ]
    return sorted(found, key=lambda one: one.day)
