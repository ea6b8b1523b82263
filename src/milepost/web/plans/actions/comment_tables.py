"""A table of comments: kept until the person who handed it in confirms it, then taken at once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from milepost.errors import MilepostError
from milepost.web.files import actions as files
from milepost.web.files.models import StoredFile
from milepost.web.plans.actions import consultations
from milepost.web.plans.actions.conditions import allow
from milepost.web.plans.models import Consultation, Party
from milepost.web.plans.queries import comment_tables as queries
from milepost.web.plans.queries.comment_tables import Judged
from milepost.web.plans.queries.consultations import KIND_OF
from milepost.web.plans.queries.reading import folded
from milepost.web.stakeholders.models import Institution
from milepost.web.traces.actions import link
from milepost.web.ui.conditions import fault, refuse_if
from milepost.web.ui.revisions import Stale

KEPT = timedelta(days=1)
"""How long a file waits to be confirmed."""


def hand_in(*, by: Any, consultation: Consultation, upload: Any, name: str) -> StoredFile:
    """Keep a table of comments until it is confirmed; a file that holds none is not kept.

    No single transaction: a refused file is dropped again, with its content.
    """
    allow(by, consultation)
    _drop_left(by)
    kept = files.keep(upload, by=by, name=name, owner=queries.owner(consultation))
    try:
        queries.judge(consultation, kept)
    except MilepostError:
        files.drop(kept, by=by)
        raise
    return kept


@transaction.atomic
def give_up(*, by: Any, consultation: Consultation, stored: StoredFile) -> None:
    """Take a file back that was not confirmed; nothing of it stays."""
    allow(by, consultation)
    if stored.by != by or stored.owner != queries.owner(consultation):
        raise PermissionDenied("another person's file")
    files.drop(stored, by=by)


@transaction.atomic
def _drop_left(by: Any) -> None:
    """Take away every table that waited for more than a day."""
    left = StoredFile.objects.filter(owner__startswith=queries.OWNERS, at__lt=timezone.now() - KEPT)
    for stored in list(left):
        files.drop(stored, by=by)


@transaction.atomic
def take_in(
    *,
    by: Any,
    consultation: Consultation,
    stored: StoredFile,
    digest: str,
    decisions: Mapping[str, str],
) -> dict[str, int]:
    """Enter the comments and answers that the preview showed; how many of each kind.

    Refused lines stay out, and those there already stay as they are. Stale where it would be something else
    by now; every name must be of somebody listed, or decided.
    """
    allow(by, consultation)
    now = Consultation.objects.select_for_update(of=("self",)).get(pk=consultation.pk)
    kept = StoredFile.objects.select_for_update(of=("self",)).filter(
        pk=stored.pk, by=by, owner=queries.owner(now)
    )
    if not kept.exists():
        raise Stale
    judged = queries.judge(now, stored, decisions=decisions)
    if judged.digest != digest:
        raise Stale
    refuse_if([fault("comment-party-undecided", name=one.printed or "–") for one in judged.undecided])
    _write(by, now, judged)
    kept.update(owner=now.address)
    link(now.address, "rests_on", stored.address)
    details = {"file": stored.address, "counts": judged.counts}
    consultations.tell_of(by, "consultation.taken", now, details=details)
    return judged.counts


def _write(by: Any, consultation: Consultation, judged: Judged) -> None:
    parties = {one.printed: one.value for one in judged.names}
    made: dict[str, Party] = {}
    for line in judged.lines:
        if line.kind not in ("add", "answer"):
            continue
        comment = line.before
        if comment is None:
            name = line.row.party
            party = made.get(name) or _party(by, consultation, name, parties[name])
            made[name] = party
            comment = consultations.comment(
                by=by,
                consultation=consultation,
                party=party,
                text=line.row.text,
                draft=line.draft,
                place=line.row.place,
            )
        if line.disposition:
            consultations.answer(
                by=by,
                comment=comment,
                revision=comment.revision,
                disposition=line.disposition,
                reason=line.row.reason,
                changed=line.row.changed,
            )


def _party(by: Any, consultation: Consultation, name: str, value: str) -> Party:
    """The stakeholder that a name was decided to be, listed now where it is a further one."""
    if value.startswith(queries.NEW):
        others = consultation.parties.filter(institution=None)
        there = next((one for one in others if folded(one.name) == folded(name[:300])), None)
        kind = value.removeprefix(queries.NEW)
        return there or consultations.add_party(by=by, consultation=consultation, kind=kind, name=name[:300])
    if value.startswith(queries.REGISTER):
        institution = Institution.objects.get(pk=value.removeprefix(queries.REGISTER))
        there = consultation.parties.filter(institution=institution).first()
        kind = KIND_OF.get(institution.kind, Party.Kind.OTHER)
        return there or consultations.add_party(
            by=by, consultation=consultation, kind=kind, institution=institution
        )
    return consultation.parties.get(pk=value)
