"""An Excel form of a round: kept until the person who handed it in confirms it, then taken at once."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from milepost.errors import MilepostError
from milepost.interchange.round_form import Key
from milepost.web.audit.actions import record
from milepost.web.files import actions as files
from milepost.web.files.models import StoredFile
from milepost.web.plans.actions import rounds
from milepost.web.plans.models import Round
from milepost.web.plans.queries import round_forms as queries
from milepost.web.traces.actions import link
from milepost.web.ui.revisions import Stale

KEPT = timedelta(days=1)
"""How long a form waits to be confirmed."""


class Taken(NamedTuple):
    """How many answers were written, how many of them sent, and the names of those that lack something."""

    answers: int
    sent: int
    lacking: tuple[str, ...]


def hand_in(*, by: Any, one: Round, upload: Any, name: str) -> StoredFile:
    """Keep a form until it is confirmed; a file that is no form of this round and person is not kept.

    No single transaction: a refused file is dropped again, with its content.
    """
    _allow(by, one)
    _drop_left(by)
    kept = files.keep(upload, by=by, name=name, owner=queries.owner(one))
    try:
        queries.judge(by, one, kept)
    except MilepostError:
        files.drop(kept, by=by)
        raise
    return kept


def _allow(by: Any, one: Round) -> None:
    if not queries.answers_for(by, one):
        raise PermissionDenied("no institution of the round")


@transaction.atomic
def withdraw(*, by: Any, one: Round, stored: StoredFile) -> None:
    """Take a form back that was not confirmed; nothing of it stays."""
    if stored.by != by or stored.owner != queries.owner(one):
        raise PermissionDenied("another person's file")
    files.drop(stored, by=by)


@transaction.atomic
def _drop_left(by: Any) -> None:
    """Take away every form that waited for more than a day."""
    left = StoredFile.objects.filter(owner__startswith=queries.OWNERS, at__lt=timezone.now() - KEPT)
    for stored in list(left):
        files.drop(stored, by=by)


@transaction.atomic
def take_in(
    *,
    by: Any,
    one: Round,
    stored: StoredFile,
    digest: str,
    send: bool = False,
    decisions: Mapping[Key, bool] | None = None,
) -> Taken:
    """Write what the preview said, all of it or nothing; Stale where it would say something else by now.

    The answers are drafts of whoever confirms; with `send` those that lack nothing go to review. What is
    refused or undecided stays as it is.
    """
    now = Round.objects.select_for_update(of=("self",)).get(pk=one.pk)
    list(now.answers.select_for_update(of=("self",)).order_by("pk"))  # held until all of it is written
    kept = StoredFile.objects.select_for_update(of=("self",)).filter(
        pk=stored.pk, by=by, owner=queries.owner(now)
    )
    if not kept.exists():
        raise Stale
    judged = queries.judge(by, now, stored, decisions)
    taken = [row for row in judged.rows if row.is_taken]
    if judged.digest != digest or not taken:
        raise Stale
    kept.update(owner=now.address)
    sent, lacking = 0, []
    for row in taken:
        rounds.save(by=by, answer=row.answer, revision=row.answer.revision, **row.typed)
        link(row.answer.address, "rests_on", stored.address)
        if send:
            if queries.lacks(row.answer):
                lacking.append(str(row.answer.entry))
            else:
                rounds.submit(by=by, answer=row.answer, revision=row.answer.revision)
                sent += 1
    found = Taken(len(taken), sent, tuple(lacking))
    details = {"file": stored.address, "institution": judged.institution.address, "counts": judged.counts}
    scope = now.plan.policy.institution.address
    record(by=by, verb="round.form-taken", address=now.address, scope=scope, details=details)
    return found
