"""Consultations: who may see which, who may comment for whom, what was said and what became of it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet
from django.utils import timezone

from milepost.interchange.comment_table import DISPOSITIONS, Row
from milepost.web.accounts.queries import may
from milepost.web.accounts.roles import Permission
from milepost.web.plans.models import Consultation, Draft, DraftComment, Party, Plan, Policy
from milepost.web.plans.queries.scoping import participants, versions, worked_with, works_with
from milepost.web.stakeholders.models import Institution
from milepost.web.stakeholders.queries import within
from milepost.web.traces.models import Edge
from milepost.web.traces.queries import visible_things
from milepost.web.ui.templatetags.ui import plain

KIND_OF: Mapping[str, str] = {
    "statistical_office": Party.Kind.MINISTRY,
    "ministry": Party.Kind.MINISTRY,
    "agency": Party.Kind.MINISTRY,
    "regional": Party.Kind.LOCAL,
    "international": Party.Kind.INTERNATIONAL,
    "civil_society": Party.Kind.CIVIL_SOCIETY,
    "academia": Party.Kind.ACADEMIA,
    "private": Party.Kind.EMPLOYERS,
}
"""What sort of stakeholder an institution of the register is, by its kind there."""
EVENT = "discussed_at"
"""The relation of a consultation to an engagement at which it was discussed."""


# Who may see which ------------------------------------------------------------------------------------------


def consultations(user: Any) -> QuerySet[Consultation]:
    """Those that a reader may see: of policies that the reader works with; once they are open, those for
    whose institution the reader comments, and the public ones.
    """
    begun = ~Q(state=Consultation.State.PREPARED)
    seen = Q(policy__in=worked_with(user).values("pk"))
    seen |= begun & Q(public=True)
    seen |= begun & Q(pk__in=Party.objects.filter(_for_institution(user)).values("consultation"))
    seen |= begun & Q(open_call=True, policy__country__in=_commenting(user).values("country"))
    return Consultation.objects.select_related(
        "policy__country", "policy__institution__country", "plan__policy"
    ).filter(seen)


def _for_institution(user: Any) -> Q:
    return within(
        user,
        Permission.COMMENT_DRAFTS,
        institution="institution_id",
        country="institution__country__code",
    )


def _commenting(user: Any) -> QuerySet[Institution]:
    """The institutions for which a person may comment."""
    there = within(user, Permission.COMMENT_DRAFTS, institution="pk", country="country__code")
    return Institution.objects.filter(there, active=True)


def drafts(user: Any) -> QuerySet[Draft]:
    """The drafts of consultations that a reader may see: their files are for these."""
    return Draft.objects.select_related("consultation").filter(
        consultation__in=consultations(user).order_by().values("pk")
    )


def comments(user: Any) -> QuerySet[DraftComment]:
    """What a reader may read: all where the reader works with the policy, those of the reader's institution,
    and of public consultations what was answered: until then nobody has looked whether it names a person.
    """
    seen = Q(consultation__policy__in=worked_with(user).values("pk"))
    own = Party.objects.filter(_for_institution(user)).values("pk")
    seen |= Q(party__in=own) & ~Q(consultation__state=Consultation.State.PREPARED)
    seen |= Q(state=DraftComment.State.ANSWERED, consultation__public=True) & ~Q(
        consultation__state=Consultation.State.PREPARED
    )
    return DraftComment.objects.select_related(
        "consultation__policy__country",
        "consultation__policy__institution__country",
        "consultation__plan",
        "party__institution__country",
        "draft",
        "measure",
    ).filter(seen)


def inside(user: Any, one: Consultation) -> bool:
    """Whether a reader sees more than the public: every comment, who typed and decided it."""
    return works_with(user, one.policy)


def may_keep(user: Any, one: Consultation) -> bool:
    """Whether a person keeps a consultation: who edits the plans of the institution in the lead."""
    return may(user, Permission.EDIT_PLANS, *one.places)


def of_policy(user: Any, policy: Policy) -> QuerySet[Consultation]:
    """The consultations on drafts of a policy and its plans that a reader may see, the newest first."""
    return consultations(user).filter(policy=policy)


def under_way(user: Any) -> QuerySet[Consultation]:
    """The consultations that are open and that a reader may see, whether or not the policy is hidden."""
    return consultations(user).filter(state=Consultation.State.OPEN)


# Who comments for whom --------------------------------------------------------------------------------------


def speaking(user: Any, one: Consultation) -> list[Institution]:
    """The institutions for which a person may comment now: listed ones, and any of the country where the
    call is open."""
    if not one.is_open:
        return []
    listed = Q(pk__in=one.parties.exclude(institution=None).values("institution"))
    if one.open_call:
        listed |= Q(country=one.policy.country)
    return list(_commenting(user).filter(listed).select_related("country"))


def may_change(user: Any, comment: DraftComment) -> bool:
    """Whether a person may correct a comment that is open: what an institution typed only itself, while the
    consultation is; what came by letter whoever keeps the consultation."""
    if comment.state != DraftComment.State.OPEN:
        return False
    if comment.own:
        return comment.consultation.is_open and speaks_for(user, comment.party)
    return may_keep(user, comment.consultation)


def may_withdraw(user: Any, comment: DraftComment) -> bool:
    """Whether a person may take a comment back: who keeps the consultation, and whose it is."""
    if comment.state == DraftComment.State.WITHDRAWN:
        return False
    return may_keep(user, comment.consultation) or (comment.own and speaks_for(user, comment.party))


def speaks_for(user: Any, party: Party) -> bool:
    """Whether a person may comment for a stakeholder."""
    institution = party.institution
    return institution is not None and may(user, Permission.COMMENT_DRAFTS, *institution.places)


# One consultation -------------------------------------------------------------------------------------------


class Counted(NamedTuple):
    """How many comments there are; `by` are (code, words, how many) of what became of them."""

    all: int
    open: int
    withdrawn: int
    by: tuple[tuple[str, Any, int], ...]

    @property
    def answered(self) -> int:
        """Those of which it was decided what became of them."""
        return sum(count for _code, _words, count in self.by)


class Voice(NamedTuple):
    """A stakeholder with the number of its comments that were not withdrawn."""

    party: Party
    comments: int


def counts(one: Consultation) -> Counted:
    """All comments by state and disposition: numbers are no secret, whoever reads."""
    rows = list(one.comments.values_list("state", "disposition"))
    states = Counter(state for state, _disposition in rows)
    became = Counter(said for state, said in rows if state == DraftComment.State.ANSWERED)
    by = tuple((code, words, became[code]) for code, words in DraftComment.Disposition.choices)
    return Counted(len(rows), states[DraftComment.State.OPEN], states[DraftComment.State.WITHDRAWN], by)


def voices(one: Consultation) -> list[Voice]:
    """Who was consulted, by kind, then by name."""
    said = Counter(one.comments.exclude(state=DraftComment.State.WITHDRAWN).values_list("party", flat=True))
    order = list(Party.Kind.values)
    parties = one.parties.select_related("institution__country")
    ranked = sorted(parties, key=lambda each: (order.index(each.kind), plain(each.text), each.pk))
    return [Voice(each, said[each.pk]) for each in ranked]


def shown_drafts(one: Consultation) -> list[Draft]:
    """The drafts with their files, the newest first."""
    return list(one.drafts.prefetch_related("files__file").order_by("-number"))


def events(user: Any, one: Consultation) -> list[Any]:
    """The engagements at which it was discussed, of those that a reader may see."""
    wanted = Edge.objects.filter(source=one.address, relation=EVENT).values_list("target", flat=True)
    return list(visible_things(user, wanted).values())


class Wanted(NamedTuple):
    """Which comments a list shows."""

    party: str = ""
    state: str = ""
    disposition: str = ""
    draft: str = ""


def listed(user: Any, one: Consultation, wanted: Wanted = Wanted()) -> list[DraftComment]:  # noqa: B008
    """The comments that a reader may read, by number, narrowed."""
    found = comments(user).filter(consultation=one)
    for field in ("state", "disposition"):
        if value := getattr(wanted, field):
            found = found.filter(**{field: value})
    if wanted.party.isdecimal():
        found = found.filter(party=int(wanted.party))
    if wanted.draft.isdecimal():
        found = found.filter(draft__number=int(wanted.draft))
    return list(found)


def table(found: Iterable[DraftComment], language: str) -> list[Row]:
    """The comments as lines of the table of comments; texts as they are."""
    return [
        Row(
            number=str(one.number),
            party=_said(one.party, language),
            kind=str(one.party.get_kind_display()),
            draft=str(one.draft.number) if one.draft else "",
            place=one.place,
            text=one.text,
            disposition=_became(one, language),
            reason=one.reason,
            changed=one.changed,
        )
        for one in found
        if one.state != DraftComment.State.WITHDRAWN
    ]


def _said(party: Party, language: str) -> str:
    return party.institution.text.best(language)[0] if party.institution else party.name


def _became(one: DraftComment, language: str) -> str:
    words = DISPOSITIONS.get(one.disposition, {})
    return words.get(language, words.get("en", "")) if one.state == DraftComment.State.ANSWERED else ""


# What can be chosen -----------------------------------------------------------------------------------------


def register(one: Consultation) -> list[Institution]:
    """The institutions that can be consulted and are not listed yet."""
    there = set(one.parties.values_list("institution", flat=True))
    return [each for each in participants(one.policy) if each.pk not in there]


def parties(one: Consultation) -> list[Party]:
    """Who is listed, by name."""
    return sorted(one.parties.select_related("institution__country"), key=lambda each: plain(each.text))


def places(user: Any, one: Consultation) -> list[tuple[str, str]]:
    """(key, words) of the measures that a comment can be about: of the last version of the plan that the
    reader may see."""
    version = versions(user).filter(plan=one.plan).last() if one.plan is not None else None
    if version is None:
        return []
    return [
        (str(entry.measure_id), f"{entry.code} {plain(entry.text)}".strip())
        for entry in version.entries.order_by("position")
    ]


def plans_of(policy: Policy) -> list[Plan]:
    """The plans of which a draft can be shown."""
    return list(policy.plans.all())


def late(comment: DraftComment) -> bool:
    """Whether a comment came after the last day."""
    return timezone.localdate(comment.typed_at) > comment.consultation.end
