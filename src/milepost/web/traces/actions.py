"""Grow the graph, in the transaction of the action that adds to it."""

from typing import Any

from django.db import transaction

from milepost.web.traces.models import Edge

RELATIONS = {
    "rests_on": "the figures or words of the one come from the other",
    "mapped_by": "columns and codes were read by this mapping",
    "decided_by": "a person decided it, and this event says who, when and why",
    "corrects": "it takes the place of figures that were wrong",
    "supersedes": "it takes the place of an earlier version",
    "answers": "it was sent in answer to this request",
    "chosen_over": "of two sources for one quantity this one is official",
    "computed_with": "a method or definition with its revision",
    "measures": "it has figures on this indicator",
    "served_by": "a project or an event helps to carry the measure out",
    "seen_in": "what a measure changes shows in this indicator or target",
    "follows": "a measure carries on what another policy or plan says",
    "discussed_at": "a draft was discussed at this event",
    "contributes_to": "what a project reaches is part of what this target wants",
}
"""What an edge may say."""


def link(source: str, relation: str, target: str, **details: Any) -> None:
    """Say that `source` rests on `target`; said twice it stands once, with the details of the first."""
    if relation not in RELATIONS:
        raise ValueError(f"not a relation: {relation}")
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an edge is written in the transaction of its action")
    Edge.objects.get_or_create(
        source=str(source), relation=relation, target=str(target), defaults={"details": details}
    )


def unlink(source: str, relation: str, target: str) -> None:
    """Take back what a person said and withdrew; the audit keeps that it was said."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an edge is removed in the transaction of its action")
    Edge.objects.filter(source=str(source), relation=relation, target=str(target)).delete()
