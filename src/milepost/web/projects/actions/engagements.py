"""Everything that changes engagements: who came, what was learnt and agreed, and what they count towards."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from milepost.values import Problem
from milepost.values.states import AGREEMENT, after
from milepost.web.accounts.roles import Permission
from milepost.web.audit.actions import record as record_event
from milepost.web.projects import scores as sheets
from milepost.web.projects.actions import reporting
from milepost.web.projects.actions.conditions import allow
from milepost.web.projects.models import (
    Actual,
    Agreement,
    Attendance,
    Engagement,
    EngagementLink,
    EngagementParty,
    Period,
    ResultIndicator,
    Score,
)
from milepost.web.projects.queries import engagements as queries
from milepost.web.stakeholders.fields import merged
from milepost.web.stakeholders.models import Institution
from milepost.web.traces.actions import link
from milepost.web.ui.conditions import fault, need_reason, refuse_if, update
from milepost.web.ui.revisions import Stale

MOST_PEOPLE = 100_000
"""Participants of one sex and kind of institution; more is a slip of the finger."""
Came = Mapping[tuple[str, str], int]
"""{(kind of institution, sex): how many}."""


class Party(NamedTuple):
    """An institution of the register, or another one by its name, and what it did."""

    role: str
    institution: Institution | None = None
    name: str = ""


@transaction.atomic
def record(
    *,
    by: Any,
    about: Any,
    kind: str,
    first_day: date,
    topic: Mapping[str, str],
    last_day: date | None = None,
    place: str = "",
    came: Came | None = None,
    parties: Sequence[Party] = (),
    notes: str = "",
    public: bool = False,
) -> Engagement:
    """Write down an engagement of a thing that has an address; without a last day it was one day.

    What somebody records who reports on the thing is accepted at once; what a partner records waits for it.
    """
    if not queries.may_record(by, about):
        raise PermissionDenied(Permission.RECORD_ENGAGEMENTS)
    last_day = last_day or first_day
    keeper = _keeper(about)
    problems = _problems(first_day, last_day, came or {}, parties)
    if keeper is None or about.address.partition(":")[0] not in queries.ABOUT:
        problems.append(fault("engagement-of-nothing", address=about.address))
    refuse_if(problems)
    made = Engagement.objects.create(
        about=about.address,
        institution=keeper,
        kind=kind,
        first_day=first_day,
        last_day=last_day,
        place=place.strip(),
        topic=dict(topic),
        notes=notes.strip(),
        public=public,
        recorded_by=by,
        **(_acceptance(by) if queries.may_accept(by, about) else {}),
    )
    _write(made, came or {}, parties)
    link(made.address, "rests_on", about.address)
    _tell(by, "engagement.recorded", made, details={"about": about.address, "kind": kind})
    return made


@transaction.atomic
def edit(
    *,
    by: Any,
    engagement: Engagement,
    revision: int,
    kind: str,
    first_day: date,
    topic: Mapping[str, str],
    last_day: date | None = None,
    place: str = "",
    came: Came | None = None,
    parties: Sequence[Party] = (),
    notes: str = "",
    public: bool = False,
) -> Engagement:
    """Correct an engagement; reports that rest on it stay as they are, and say that they differ."""
    _allow_change(by, engagement)
    last_day = last_day or first_day
    refuse_if(_problems(first_day, last_day, came or {}, parties))
    fields = {
        "kind": kind,
        "first_day": first_day,
        "last_day": last_day,
        "place": place.strip(),
        "topic": merged(engagement.topic, topic),
        "notes": notes.strip(),
        "public": public,
    }
    update(engagement, revision, fields)
    engagement.attendance.all().delete()
    engagement.parties.all().delete()
    _write(engagement, came or {}, parties)
    _tell(by, "engagement.edited", engagement)
    return engagement


@transaction.atomic
def remove(*, by: Any, engagement: Engagement, revision: int) -> None:
    """Take an engagement back, with its scores and agreements; never one that a report rests on, or that
    another person changed meanwhile.
    """
    held = _held(engagement)
    _allow_change(by, held)
    if held.revision != revision:
        raise Stale(held)
    refuse_if([fault("engagement-in-use")] if queries.rests_on(engagement) else [])
    _tell(by, "engagement.removed", engagement, details={"about": engagement.about})
    engagement.delete()


@transaction.atomic
def accept(*, by: Any, engagement: Engagement, revision: int) -> Engagement:
    """Say that an engagement which a partner recorded was so: from now on it counts, and the partner can
    change it no more.
    """
    allow(by, Permission.REPORT_RESULTS, engagement)
    refuse_if([fault("accepted-already")] if engagement.accepted_at is not None else [])
    update(engagement, revision, _acceptance(by))
    _tell(by, "engagement.accepted", engagement, details={"about": engagement.about})
    return engagement


def _acceptance(by: Any) -> dict[str, Any]:
    return {"accepted_by": by, "accepted_at": timezone.now()}


def _allow_change(by: Any, engagement: Engagement) -> None:
    """PermissionDenied for who may not change an engagement, or not any more."""
    if not queries.may_change(by, engagement):
        raise PermissionDenied(Permission.RECORD_ENGAGEMENTS)


def _held(engagement: Engagement) -> Engagement:
    """An engagement as it is now; until the transaction ends nobody accepts, changes or takes it back."""
    now = Engagement.objects.select_for_update(of=("self",)).filter(pk=engagement.pk).first()
    if now is None:
        raise Stale
    return now


def _keeper(about: Any) -> Institution | None:
    keys = [place.split(":")[1] for place in about.places if place.startswith("institution:")]
    return Institution.objects.filter(pk__in=keys[:1]).first()


def _problems(first: date, last: date, came: Came, parties: Sequence[Party]) -> list[Problem]:
    found = []
    if last < first:
        found.append(fault("ends-before-start", "last_day", start=first.isoformat(), end=last.isoformat()))
    for (kind, sex), number in came.items():
        if kind not in queries.KINDS or sex not in queries.SEXES:
            raise ValueError(f"not a kind of institution and sex: {kind}, {sex}")
        if not 0 <= number <= MOST_PEOPLE:
            found.append(fault("attendance-impossible", number=number, most=MOST_PEOPLE))
    if any(one.institution is None and not one.name.strip() for one in parties):
        found.append(fault("party-nameless"))
    named = [(one.role, one.institution.pk if one.institution else one.name.casefold()) for one in parties]
    if len(set(named)) != len(named):
        found.append(fault("party-twice"))
    return found


def _write(engagement: Engagement, came: Came, parties: Iterable[Party]) -> None:
    Attendance.objects.bulk_create(
        Attendance(engagement=engagement, kind=kind, sex=sex, number=number)
        for (kind, sex), number in sorted(came.items())
    )
    EngagementParty.objects.bulk_create(
        EngagementParty(
            engagement=engagement,
            role=one.role,
            institution=one.institution,
            name="" if one.institution else one.name.strip(),
        )
        for one in parties
    )


def _tell(by: Any, verb: str, engagement: Engagement, **more: Any) -> None:
    scope = engagement.institution.address
    record_event(by=by, verb=verb, address=engagement.address, scope=scope, **more)


# Knowledge --------------------------------------------------------------------------------------------------


@transaction.atomic
def write_scores(
    *,
    by: Any,
    engagement: Engagement,
    revision: int,
    maximum: Decimal | None,
    scores: Sequence[sheets.Typed],
) -> Engagement:
    """Write down all scores before and after, in the place of those that are there.

    MilepostError names every code that may be a name or stands twice, and every score beyond the maximum.
    """
    _allow_change(by, engagement)
    refuse_if(_problems_of_scores(maximum, scores))
    update(engagement, revision, {"maximum_score": maximum})
    engagement.scores.all().delete()
    Score.objects.bulk_create(
        Score(engagement=engagement, code=one.code.casefold(), before=one.before, after=one.after)
        for one in scores
    )
    _tell(by, "engagement.scores", engagement, details={"count": len(scores)})
    return engagement


def _problems_of_scores(maximum: Decimal | None, scores: Sequence[sheets.Typed]) -> list[Problem]:
    found, seen = [], set()
    if maximum is not None and maximum <= 0:
        found.append(fault("score-maximum", "maximum"))
    for one in scores:
        if not sheets.is_code(one.code):
            found.append(fault("score-code", "sheet", code=one.code))
        if one.code.casefold() in seen:
            found.append(fault("score-code-twice", "sheet", code=one.code))
        seen.add(one.code.casefold())
        for score in (one.before, one.after):
            if score is not None and (score < 0 or (maximum is not None and score > maximum)):
                most = "–" if maximum is None else f"{maximum:f}"
                found.append(
                    fault("score-out-of-range", "sheet", code=one.code, score=f"{score:f}", most=most)
                )
    return found


# Agreements -------------------------------------------------------------------------------------------------


@transaction.atomic
def agree(
    *,
    by: Any,
    engagement: Engagement,
    what: Mapping[str, str],
    institution: Institution | None = None,
    name: str = "",
    due: date | None = None,
) -> Agreement:
    """Write down what was agreed, which institution does it, and by when."""
    _allow_change(by, _held(engagement))
    made = Agreement.objects.create(
        engagement=engagement,
        what=dict(what),
        institution=institution,
        name="" if institution else name.strip(),
        due=due,
    )
    _tell(by, "agreement.made", engagement, details={"agreement": made.pk})
    return made


@transaction.atomic
def edit_agreement(
    *,
    by: Any,
    agreement: Agreement,
    revision: int,
    what: Mapping[str, str],
    institution: Institution | None = None,
    name: str = "",
    due: date | None = None,
) -> Agreement:
    """Other words, another institution or another day."""
    _allow_change(by, _held(agreement.engagement))
    fields = {
        "what": merged(agreement.what, what),
        "institution": institution,
        "name": "" if institution else name.strip(),
        "due": due,
    }
    update(agreement, revision, fields)
    _tell(by, "agreement.edited", agreement.engagement, details={"agreement": agreement.pk})
    return agreement


@transaction.atomic
def settle(*, by: Any, agreement: Agreement, deed: str, revision: int, reason: str = "") -> Agreement:
    """Say that it was done, drop it with the reason, or open it again."""
    _allow_change(by, _held(agreement.engagement))
    before, state = agreement.state, after(AGREEMENT, agreement.state, deed)
    if state is None:
        refuse_if([fault("no-such-step", state=before)])
    why = need_reason(reason) if deed == "drop" else reason.strip()
    update(agreement, revision, {"state": state, "reason": why if deed == "drop" else ""})
    details = {"agreement": agreement.pk, "state": [before, state]}
    _tell(by, "agreement.settled", agreement.engagement, why=why, details=details)
    return agreement


# What they count towards ------------------------------------------------------------------------------------


@transaction.atomic
def count_for(*, by: Any, engagement: Engagement, indicator: ResultIndicator, what: str) -> EngagementLink:
    """Let an engagement count towards an indicator; all engagements of one indicator count the same thing."""
    allow(by, Permission.REPORT_RESULTS, engagement)
    allow(by, Permission.REPORT_RESULTS, indicator)
    engagement = _held(engagement)
    ResultIndicator.objects.select_for_update().get(pk=indicator.pk)
    there = list(indicator.engagement_links.all())
    problems = []
    if engagement.accepted_at is None:
        problems.append(fault("not-accepted"))
    if indicator.measure != "number":
        problems.append(fault("not-countable", "indicator"))
    if any(one.engagement_id == engagement.pk for one in there):
        problems.append(fault("counted-already", "indicator"))
    if other := next((one for one in there if one.what != what), None):
        problems.append(fault("counted-otherwise", "what", what=str(other.get_what_display())))
    refuse_if(problems)
    made = EngagementLink.objects.create(engagement=engagement, indicator=indicator, what=what)
    _tell(by, "engagement.counted", engagement, details={"indicator": indicator.address, "what": what})
    return made


@transaction.atomic
def count_no_more(*, by: Any, link: EngagementLink) -> None:
    """Let an engagement no longer count towards an indicator; what was reported stays."""
    allow(by, Permission.REPORT_RESULTS, link.engagement)
    _held(link.engagement)
    deleted, _rows = EngagementLink.objects.filter(pk=link.pk).delete()
    if not deleted:
        raise Stale
    _tell(by, "engagement.uncounted", link.engagement, details={"indicator": link.indicator.address})


@transaction.atomic
def take(*, by: Any, indicator: ResultIndicator, period: Period, revision: int) -> Actual:
    """Make a draft, or the figures of one, of what the engagements of a period come to; it rests on them.

    `revision` is 0 where there is no report yet. Comment, evidence and other cells of a draft stay.
    """
    allow(by, Permission.REPORT_RESULTS, indicator)
    _hold_counted(indicator)
    report = Actual.objects.filter(indicator=indicator, period=period).first()
    offered = queries.offer(indicator, period, report)
    if offered is None or not offered.figures:
        refuse_if([fault("nothing-to-take", period=str(period))])
    if report is not None and report.revision != revision:
        raise Stale(report)
    assert offered is not None
    made = reporting.report(
        by=by,
        indicator=indicator,
        period=period,
        figures=[*offered.figures, *queries.kept_beside(report, offered)],
        comment=report.comment if report else "",
        evidence=report.evidence if report else "",
        revision=revision,
    )
    for engagement in offered.counted:
        link(made.address, "rests_on", engagement.address)
    return made


def _hold_counted(indicator: ResultIndicator) -> None:
    """What counts towards an indicator stays as it is until the transaction ends."""
    counted = Engagement.objects.filter(links__indicator=indicator).order_by("pk")
    list(counted.select_for_update(of=("self",)).values_list("pk"))
