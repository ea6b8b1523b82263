"""What an edge says to a reader: one dict, relation -> how it is told upwards and downwards."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy


class Words(NamedTuple):
    """`upstream` leads from a thing to what it rests on, `downstream` back."""

    upstream: Promise
    downstream: Promise


RELATION_WORDS: dict[str, Words] = {
    "rests_on": Words(pgettext_lazy("trace", "Comes from"), pgettext_lazy("trace", "From it comes")),
    "mapped_by": Words(
        pgettext_lazy("trace", "Columns and codes read by"),
        pgettext_lazy("trace", "Read columns and codes of"),
    ),
    "decided_by": Words(pgettext_lazy("trace", "Decided"), pgettext_lazy("trace", "Decided on")),
    "corrects": Words(pgettext_lazy("trace", "Corrects"), pgettext_lazy("trace", "Corrected by")),
    "supersedes": Words(pgettext_lazy("trace", "Takes the place of"), pgettext_lazy("trace", "Replaced by")),
    "answers": Words(pgettext_lazy("trace", "Sent in answer to"), pgettext_lazy("trace", "Answered by")),
    "chosen_over": Words(
        pgettext_lazy("trace", "Official instead of"), pgettext_lazy("trace", "Not official; instead")
    ),
    "computed_with": Words(
        pgettext_lazy("trace", "Computed with"), pgettext_lazy("trace", "Used to compute")
    ),
    "contributes_to": Words(
        pgettext_lazy("trace", "Contributes to"), pgettext_lazy("trace", "To it contribute")
    ),
    "served_by": Words(pgettext_lazy("trace", "Helped by"), pgettext_lazy("trace", "Helps")),
    "seen_in": Words(pgettext_lazy("trace", "Shows in"), pgettext_lazy("trace", "In it shows")),
    "follows": Words(pgettext_lazy("trace", "Carries on"), pgettext_lazy("trace", "Carried on by")),
    "discussed_at": Words(
        pgettext_lazy("trace", "Discussed at"), pgettext_lazy("trace", "There was discussed")
    ),
    "measures": Words(pgettext_lazy("trace", "Has figures on"), pgettext_lazy("trace", "Figures on it")),
}
"""Every relation of actions.RELATIONS in words."""
