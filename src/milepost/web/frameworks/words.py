"""What levels, statuses and wordings of the catalogue are called."""

from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy, pgettext_lazy


class Mark(NamedTuple):
    """The shape and word of a status."""

    shape: str
    word: Promise


PAIRS: dict[str, Mark] = {
    "proposal": Mark("○", pgettext_lazy("pair", "Proposal of Milepost")),
    "published": Mark("◐", pgettext_lazy("pair", "Published by its source")),
    "confirmed": Mark("●", pgettext_lazy("pair", "Confirmed")),
    "rejected": Mark("✕", pgettext_lazy("pair", "Rejected")),
}
"""What is said of a pair of the crosswalk."""

LEVELS: dict[str, Any] = {
    "goal": ngettext_lazy("%(count)s goal", "%(count)s goals", "count"),
    "target": ngettext_lazy("%(count)s target", "%(count)s targets", "count"),
    "indicator": ngettext_lazy("%(count)s indicator", "%(count)s indicators", "count"),
    "principle": ngettext_lazy("%(count)s principle", "%(count)s principles", "count"),
    "objective": ngettext_lazy("%(count)s objective", "%(count)s objectives", "count"),
    "domain": ngettext_lazy("%(count)s policy domain", "%(count)s policy domains", "count"),
    "criterion": ngettext_lazy("%(count)s criterion", "%(count)s criteria", "count"),
}
"""How many entries a framework has of a level."""

WORDINGS: dict[str, Promise] = {
    "ours": _("worded by Milepost"),
    "national": _("worded by a national office"),
    "community": _("worded by an open translation project"),
}
"""Who worded a name that is not official."""

DIRECTIONS: dict[str, Promise] = {
    "up": _("more is better"),
    "down": _("less is better"),
    "none": _("no direction: it is not assessed"),
}
"""What counts as progress."""
