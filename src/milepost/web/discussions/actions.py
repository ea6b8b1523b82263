"""Say something about a thing, answer, correct or withdraw one's own words, and settle a discussion."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from milepost.web.audit.actions import record
from milepost.web.discussions import queries
from milepost.web.discussions.models import Comment
from milepost.web.notices.actions import tell
from milepost.web.ui.addresses import Address
from milepost.web.ui.revisions import Stale


@transaction.atomic
def comment(*, address: str, text: str, by: Any) -> Comment:
    """Open a discussion about a thing; people named by @ who take part are told."""
    place = str(Address.parse(address).whole)
    _thing_or_denied(by, place)
    said = Comment.objects.create(address=place, text=text, by=by)
    _record(said, "comment.added", by=by)
    _tell_mentioned(said, by=by)
    return said


@transaction.atomic
def reply(*, to: Comment, text: str, by: Any) -> Comment:
    """Answer a comment; a reply to a reply stands below the same opening. Those who spoke there are told."""
    _thing_or_denied(by, to.address)
    opening = to.parent or to
    said = Comment.objects.create(address=opening.address, parent=opening, text=text, by=by)
    _record(said, "comment.added", by=by, reply_to=opening.pk)
    told = {user.pk for user in _tell_mentioned(said, by=by)}
    replies = Comment.objects.filter(parent=opening).select_related("by")
    earlier = [opening, *replies.exclude(pk=said.pk)]
    spoke = {one.by_id: one.by for one in earlier if one.by_id not in told and one.by_id != by.pk}
    _tell(
        [user for user in spoke.values() if queries.thing_for(user, said.address) is not None],
        "reply",
        said,
        by=by,
    )
    return said


@transaction.atomic
def edit(*, comment: Comment, text: str, revision: int, by: Any) -> None:
    """Correct one's own words; Stale where they were changed since `revision` was read."""
    _own_or_denied(comment, by)
    now = timezone.now()
    _change(comment, revision, text=text, edited_at=now)
    _record(comment, "comment.edited", by=by)
    comment.text, comment.edited_at = text, now
    _tell_mentioned(comment, by=by)


@transaction.atomic
def withdraw(*, comment: Comment, by: Any) -> None:
    """Take back one's own words: they are shown no more, and kept for the audit."""
    _own_or_denied(comment, by)
    _change(comment, comment.revision, withdrawn_at=timezone.now())
    _record(comment, "comment.withdrawn", by=by)


@transaction.atomic
def resolve(*, comment: Comment, by: Any) -> None:
    """Settle a discussion; done twice it stays with the first."""
    _thing_or_denied(by, comment.address)
    open_one = Comment.objects.filter(pk=comment.pk, parent=None, resolved_at=None)
    if open_one.update(resolved_at=timezone.now(), resolved_by=by, revision=F("revision") + 1):
        _record(comment, "comment.resolved", by=by)


@transaction.atomic
def reopen(*, comment: Comment, by: Any) -> None:
    """Take a settled discussion up again."""
    _thing_or_denied(by, comment.address)
    settled = Comment.objects.filter(pk=comment.pk, parent=None, resolved_at__isnull=False)
    if settled.update(resolved_at=None, resolved_by=None, revision=F("revision") + 1):
        _record(comment, "comment.reopened", by=by)


def _thing_or_denied(by: Any, address: str) -> Any:
    thing = queries.thing_for(by, address)
    if thing is None:
        raise PermissionDenied
    return thing


def _own_or_denied(comment: Comment, by: Any) -> None:
    _thing_or_denied(by, comment.address)
    if not queries.is_own(by, comment):
        raise PermissionDenied


def _change(comment: Comment, revision: int, **fields: Any) -> None:
    mine = Comment.objects.filter(pk=comment.pk, revision=revision, withdrawn_at=None)
    if not mine.update(revision=F("revision") + 1, **fields):
        raise Stale(Comment.objects.get(pk=comment.pk))


def _record(comment: Comment, verb: str, *, by: Any, **details: Any) -> None:
    """The event says that somebody spoke, not what: words may hold figures that are protected."""
    thing = _thing_or_denied(by, comment.address)
    record(
        by=by,
        verb=verb,
        address=comment.address,
        scope=queries.scope_of(thing),
        details={"comment": comment.pk, **details},
    )


def _tell_mentioned(comment: Comment, *, by: Any) -> list[Any]:
    people = [user for user in queries.mentioned(comment.text, comment.address) if user.pk != by.pk]
    _tell(people, "mention", comment, by=by)
    return people


def _tell(people: list[Any], kind: str, comment: Comment, *, by: Any) -> None:
    tell(people, kind=kind, address=comment.address, details={"by": by.name, "anchor": comment.anchor})
