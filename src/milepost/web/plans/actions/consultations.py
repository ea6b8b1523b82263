"""A draft is shown to those concerned: prepared, opened, commented on, answered and closed."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from milepost.values import Problem
from milepost.values.states import COMMENT, CONSULTATION, after
from milepost.web.accounts.queries import may, who_may
from milepost.web.accounts.roles import Permission
from milepost.web.audit.actions import record
from milepost.web.files import actions as files
from milepost.web.files.models import StoredFile
from milepost.web.notices import actions as notices
from milepost.web.plans.actions import evidence
from milepost.web.plans.actions.conditions import allow
from milepost.web.plans.models import (
    Consultation,
    Draft,
    DraftComment,
    DraftFile,
    Measure,
    Party,
    Plan,
    Policy,
)
from milepost.web.plans.queries import consultations as queries
from milepost.web.stakeholders.fields import merged
from milepost.web.stakeholders.models import Institution
from milepost.web.traces.actions import link, unlink
from milepost.web.ui import addresses
from milepost.web.ui.conditions import fault, need_reason, refuse_if, update

DOCUMENTS = (".pdf", ".docx", ".odt", ".xlsx", ".ods")
"""The endings of files that a draft can have."""


def tell_of(by: Any, verb: str, thing: Consultation | DraftComment, **more: Any) -> None:
    """Write the event of a change of a consultation or a comment."""
    record(by=by, verb=verb, address=thing.address, scope=thing.institution.address, **more)


# A consultation ---------------------------------------------------------------------------------------------


@transaction.atomic
def enter(
    *,
    by: Any,
    policy: Policy,
    title: Mapping[str, str],
    start: date,
    end: date,
    about: Mapping[str, str] | None = None,
    plan: Plan | None = None,
    open_call: bool = False,
) -> Consultation:
    """A consultation on drafts of a policy, or of one of its plans; nobody outside sees it until it opens."""
    allow(by, policy)
    refuse_if([*_backwards(start, end), *_foreign(policy, plan)])
    made = Consultation.objects.create(
        policy=policy,
        plan=plan,
        title=dict(title),
        about=dict(about or {}),
        start=start,
        end=end,
        open_call=open_call,
    )
    tell_of(by, "consultation.entered", made, details={"about": (plan or policy).address})
    return made


@transaction.atomic
def save(
    *,
    by: Any,
    consultation: Consultation,
    revision: int,
    title: Mapping[str, str],
    about: Mapping[str, str],
    start: date,
    end: date,
    plan: Plan | None,
    open_call: bool,
) -> Consultation:
    """Other words, days or rules for a consultation; who is asked is told again where the last day moved."""
    allow(by, consultation)
    refuse_if([*_backwards(start, end), *_foreign(consultation.policy, plan), *_bound(consultation, plan)])
    moved = end != consultation.end
    words = {"title": merged(consultation.title, title), "about": merged(consultation.about, about)}
    fields = {**words, "start": start, "end": end, "plan": plan, "open_call": open_call}
    update(consultation, revision, fields)
    tell_of(by, "consultation.edited", consultation)
    if consultation.is_open and moved:
        _invite(consultation, consultation.parties.all())
    return consultation


def _backwards(start: date, end: date) -> list[Problem]:
    return [fault("ends-before-start", "end", start=str(start), end=str(end))] if end < start else []


def _foreign(policy: Policy, plan: Plan | None) -> list[Problem]:
    return [fault("not-of-policy", "plan")] if plan is not None and plan.policy_id != policy.pk else []


def _bound(consultation: Consultation, plan: Plan | None) -> list[Problem]:
    """That comments are about measures of the plan that would be another one."""
    about = consultation.comments.filter(measure__isnull=False)
    other = (plan.pk if plan else None) != consultation.plan_id
    return [fault("consultation-plan-fixed", "plan")] if other and about.exists() else []


@transaction.atomic
def show(
    *, by: Any, consultation: Consultation, revision: int, public: bool, reason: str = ""
) -> Consultation:
    """Let everybody read a consultation, from its opening on; or hide it again, for a reason."""
    allow(by, consultation)
    why = reason.strip() if public else need_reason(reason)
    update(consultation, revision, {"public": public})
    _files_for_readers(consultation)
    tell_of(by, "consultation.shown" if public else "consultation.hidden", consultation, why=why)
    return consultation


def _files_for_readers(consultation: Consultation) -> None:
    """The files of the drafts are for everybody exactly while the consultation is."""
    begun = consultation.state != Consultation.State.PREPARED
    kept = StoredFile.objects.filter(
        pk__in=DraftFile.objects.filter(draft__consultation=consultation).values("file")
    )
    files.open_to_public(kept, public=consultation.public and begun)


@transaction.atomic
def step(*, by: Any, consultation: Consultation, deed: str, revision: int) -> Consultation:
    """Open it ("open"), end it ("close") or take it up again ("reopen"). Listed institutions are told when it
    opens; it needs a draft by then."""
    allow(by, consultation)
    before, state = consultation.state, after(CONSULTATION, consultation.state, deed)
    refuse_if([] if state is not None else [fault("no-such-step", state=before)])
    bare = deed == "open" and not consultation.drafts.exists()
    refuse_if([fault("consultation-without-draft")] if bare else [])
    update(consultation, revision, {"state": state})
    _files_for_readers(consultation)
    tell_of(by, f"consultation.{deed}", consultation, details={"state": [before, state]})
    if consultation.is_open:
        _invite(consultation, consultation.parties.all())
    else:
        notices.done(consultation.address, "consultation-open", by)
    return consultation


def _invite(consultation: Consultation, parties: Iterable[Party]) -> None:
    """Tell the people of these institutions that a draft waits for their comments."""
    listed = [one.institution for one in parties if one.institution is not None]
    people = {user.pk: user for each in listed for user in who_may(Permission.COMMENT_DRAFTS, each.address)}
    notices.tell(
        people.values(), kind="consultation-open", address=consultation.address, due=consultation.end
    )


# Drafts -----------------------------------------------------------------------------------------------------


@transaction.atomic
def add_draft(
    *,
    by: Any,
    consultation: Consultation,
    uploads: Sequence[tuple[Any, str]],
    note: Mapping[str, str] | None = None,
    version: int | None = None,
) -> Draft:
    """The next draft with its documents, given as (content, name); earlier ones stay as they were.

    `version` is the number of the version of the plan that it shows.
    """
    allow(by, consultation)
    now = _locked(consultation)
    refuse_if([*_unfit(uploads), *_no_version(now, version)])
    last = now.drafts.aggregate(last=Max("number"))["last"] or 0
    draft = Draft.objects.create(
        consultation=now, number=last + 1, version=version, note=dict(note or {}), by=by
    )
    for upload, name in uploads:
        kept = files.keep(upload, by=by, name=files.clean_name(name), owner=draft.address)
        DraftFile.objects.create(draft=draft, file=kept)
        link(now.address, "rests_on", kept.address, version=draft.number)
    _files_for_readers(now)
    tell_of(by, "consultation.draft", now, details={"version": draft.number, "count": len(uploads)})
    return draft


def _locked(consultation: Consultation) -> Consultation:
    """The consultation as it is now, kept from others until the action is over."""
    found = Consultation.objects.select_for_update(of=("self",)).select_related(
        "policy__institution__country", "policy__country", "plan"
    )
    return found.get(pk=consultation.pk)


def _unfit(uploads: Sequence[tuple[Any, str]]) -> list[Problem]:
    if not uploads:
        return [fault("draft-without-file", "documents")]
    return [
        problem
        for upload, clean in ((upload, files.clean_name(name)) for upload, name in uploads)
        for problem in evidence.faults_of(
            upload, clean, DOCUMENTS, fault("draft-kind", "documents", name=clean)
        )
    ]


def _no_version(consultation: Consultation, version: int | None) -> list[Problem]:
    plan = consultation.plan
    if version is None or (plan is not None and plan.versions.filter(number=version).exists()):
        return []
    return [fault("not-of-policy", "version")]


# Who is consulted -------------------------------------------------------------------------------------------


@transaction.atomic
def add_party(
    *,
    by: Any,
    consultation: Consultation,
    kind: str,
    institution: Institution | None = None,
    name: str = "",
    how: Sequence[str] = (),
    role: str = "",
) -> Party:
    """List a stakeholder: an institution of the register, whose people are told, or another one by name."""
    allow(by, consultation)
    now = _locked(consultation)
    refuse_if(_misnamed(now, institution, name.strip()))
    made = _listed(now, institution, name=name, kind=kind, how=how, role=role)
    tell_of(by, "consultation.party", now, details={"name": str(made), "kind": kind})
    if now.is_open:
        _invite(now, [made])
    return made


def _listed(
    consultation: Consultation,
    institution: Institution | None,
    *,
    name: str = "",
    kind: str,
    how: Sequence[str] = (),
    role: str = "",
) -> Party:
    return Party.objects.create(
        consultation=consultation,
        institution=institution,
        name="" if institution else name.strip(),
        kind=Party.Kind(kind),
        how=[way for way in Party.How.values if way in how],
        role=role.strip(),
    )


def _misnamed(consultation: Consultation, institution: Institution | None, name: str) -> list[Problem]:
    if institution is None and not name:
        return [fault("party-nameless", "name")]
    there = consultation.parties
    if institution is not None:
        twice = there.filter(institution=institution).exists()
    else:
        twice = name.casefold() in (one.casefold() for one in there.values_list("name", flat=True))
    return [fault("party-listed", "institution" if institution else "name")] if twice else []


@transaction.atomic
def save_party(
    *, by: Any, party: Party, revision: int, kind: str, how: Sequence[str] = (), role: str = ""
) -> Party:
    """Say otherwise what sort of stakeholder it is, how it was consulted, and who spoke for it."""
    allow(by, party.consultation)
    ways = [way for way in Party.How.values if way in how]
    update(party, revision, {"kind": Party.Kind(kind), "how": ways, "role": role.strip()})
    tell_of(by, "consultation.party", party.consultation, details={"name": str(party), "kind": kind})
    return party


@transaction.atomic
def remove_party(*, by: Any, party: Party) -> None:
    """Take a stakeholder off the list that said nothing; its people are asked no more."""
    allow(by, party.consultation)
    now = _locked(party.consultation)
    refuse_if([fault("party-in-use", name=str(party))] if party.comments.exists() else [])
    name, institution = str(party), party.institution
    party.delete()
    if institution is not None:
        people = who_may(Permission.COMMENT_DRAFTS, institution.address)
        notices.done(now.address, "consultation-open", by, of=people)
    tell_of(by, "consultation.party-removed", now, details={"name": name})


# Where it was discussed -------------------------------------------------------------------------------------


@transaction.atomic
def link_event(*, by: Any, consultation: Consultation, address: str) -> None:
    """Say that the draft was discussed at an engagement that the person may see."""
    allow(by, consultation)
    refuse_if([] if _is_event(by, address) else [fault("link-not-there", "address")])
    link(consultation.address, queries.EVENT, address)
    tell_of(by, "consultation.event", consultation, details={"to": address})


@transaction.atomic
def unlink_event(*, by: Any, consultation: Consultation, address: str) -> None:
    """Take that back."""
    allow(by, consultation)
    unlink(consultation.address, queries.EVENT, address)
    tell_of(by, "consultation.event-removed", consultation, details={"to": address})


def _is_event(by: Any, address: str) -> bool:
    try:
        place = addresses.Address.parse(address)
    except ValueError:
        return False
    return place.kind == "engagement" and addresses.find(by, place) is not None


# Comments ---------------------------------------------------------------------------------------------------


@transaction.atomic
def comment(
    *,
    by: Any,
    consultation: Consultation,
    text: str,
    party: Party | None = None,
    institution: Institution | None = None,
    draft: Draft | None = None,
    place: str = "",
    measure: Measure | None = None,
) -> DraftComment:
    """What a stakeholder says: `party` where it came by letter or in a meeting and whoever keeps the
    consultation enters it; `institution` where its own people type it, while the consultation is open.

    Without a draft it is on the last one. Whoever keeps the consultation is told of what others type, and
    who has typed something is asked no more.
    """
    now = _locked(consultation)
    speaker = _party_of(by, now, institution) if institution is not None else _entered(by, now, party)
    refuse_if(_unfit_comment(now, text, draft, measure))
    made = _write(
        by, now, speaker, text=text, draft=draft, place=place, measure=measure, own=institution is not None
    )
    tell_of(by, "draft-comment.made", made, details={"name": str(speaker)})
    if made.own:
        keepers = [user for user in who_may(Permission.EDIT_PLANS, *now.places) if user.pk != by.pk]
        notices.tell(keepers, kind="consultation-comment", address=now.address)
        notices.done(now.address, "consultation-open", by, of=[by])
    return made


def _entered(by: Any, consultation: Consultation, party: Party | None) -> Party:
    """The stakeholder whose words a person who keeps the consultation enters."""
    allow(by, consultation)
    if party is None or party.consultation_id != consultation.pk:
        refuse_if([fault("party-nameless", "who")])
    assert party is not None
    return party


def _party_of(by: Any, consultation: Consultation, institution: Institution) -> Party:
    """The stakeholder for which a person comments, listed now where the call is open."""
    if not may(by, Permission.COMMENT_DRAFTS, *institution.places):
        raise PermissionDenied(Permission.COMMENT_DRAFTS)
    refuse_if([] if consultation.is_open else [fault("no-such-step", state=consultation.state)])
    there = consultation.parties.filter(institution=institution).first()
    of_country = institution.country == consultation.policy.country
    if there is None and not (consultation.open_call and of_country):
        raise PermissionDenied("not consulted")
    kind = queries.KIND_OF.get(institution.kind, Party.Kind.OTHER)
    return there or _listed(consultation, institution, kind=kind, how=[Party.How.ONLINE])


def _unfit_comment(
    consultation: Consultation, text: str, draft: Draft | None, measure: Measure | None
) -> list[Problem]:
    problems = [] if text.strip() else [fault("comment-empty", "text")]
    if draft is not None and draft.consultation_id != consultation.pk:
        problems.append(fault("not-of-policy", "draft"))
    if measure is not None and measure.plan_id != consultation.plan_id:
        problems.append(fault("not-of-policy", "measure"))
    return problems


def _write(by: Any, consultation: Consultation, party: Party, *, text: str, **more: Any) -> DraftComment:
    """The next comment of a consultation that is kept from others meanwhile."""
    last = consultation.comments.aggregate(last=Max("number"))["last"] or 0
    fields = {
        **more,
        "draft": more.get("draft") or consultation.drafts.last(),
        "place": _place(str(more.get("place") or ""), more.get("measure")),
    }
    return DraftComment.objects.create(
        consultation=consultation,
        number=last + 1,
        party=party,
        text=text.strip(),
        typed_by=by,
        typed_at=timezone.now(),
        **fields,
    )


def _place(typed: str, measure: Measure | None) -> str:
    """The place as it was typed, else the measure as it is called now: the words stay if it goes."""
    entry = measure.entries.order_by("version__number").last() if measure is not None else None
    return (typed.strip() or (str(entry) if entry else ""))[:300]


@transaction.atomic
def edit_comment(
    *,
    by: Any,
    comment: DraftComment,
    revision: int,
    text: str,
    place: str = "",
    draft: Draft | None = None,
    measure: Measure | None = None,
) -> DraftComment:
    """Correct the words of a comment of which nothing was decided yet."""
    if not queries.may_change(by, comment):
        raise PermissionDenied("another's comment")
    refuse_if(_unfit_comment(comment.consultation, text, draft, measure))
    fields = {"text": text.strip(), "place": _place(place, measure), "draft": draft, "measure": measure}
    update(comment, revision, fields)
    tell_of(by, "draft-comment.edited", comment)
    return comment


@transaction.atomic
def answer(
    *, by: Any, comment: DraftComment, revision: int, disposition: str, reason: str = "", changed: str = ""
) -> DraftComment:
    """Decide what became of a comment, with the reason unless it was accepted; who typed it is told."""
    allow(by, comment)
    became = DraftComment.Disposition(disposition)
    why = reason.strip() if became == DraftComment.Disposition.ACCEPTED else need_reason(reason)
    before, earlier = comment.state, comment.disposition
    state = after(COMMENT, before, "answer")
    refuse_if([] if state is not None else [fault("no-such-step", state=before)])
    fields = {
        "state": state,
        "disposition": became,
        "reason": why,
        "changed": changed.strip(),
        "decided_by": by,
        "decided_at": timezone.now(),
    }
    update(comment, revision, fields)
    tell_of(by, "draft-comment.answer", comment, why=why, details={"disposition": [earlier, str(became)]})
    if comment.own:
        notices.tell([comment.typed_by], kind="comment-answered", address=comment.address)
    _nothing_to_decide(by, comment.consultation)
    return comment


@transaction.atomic
def withdraw(*, by: Any, comment: DraftComment, revision: int, reason: str) -> DraftComment:
    """Take a comment back, for a reason; it stays readable for those who work with the policy."""
    if not queries.may_withdraw(by, comment):
        raise PermissionDenied("another's comment")
    why = need_reason(reason)
    before, state = comment.state, after(COMMENT, comment.state, "withdraw")
    refuse_if([] if state is not None else [fault("no-such-step", state=before)])
    update(comment, revision, {"state": state, "withdrawal": why})
    tell_of(by, "draft-comment.withdraw", comment, why=why, details={"state": [before, state]})
    _nothing_to_decide(by, comment.consultation)
    return comment


def _nothing_to_decide(by: Any, consultation: Consultation) -> None:
    if not consultation.comments.filter(state=DraftComment.State.OPEN).exists():
        notices.done(consultation.address, "consultation-comment", by)
