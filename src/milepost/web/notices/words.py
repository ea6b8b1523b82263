"""What a notice says: one dict, kind -> its words."""

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Words(NamedTuple):
    """`sentence` says what is the matter, `deed` stands on the button; what is not `to_do` is only news."""

    sentence: Promise
    deed: Promise
    to_do: bool


_LOOK = pgettext_lazy("notice", "Look at it")

KINDS: dict[str, Words] = {
    "review": Words(_("Figures wait for your review"), pgettext_lazy("notice", "Review"), True),
    "returned": Words(_("Your figures were returned"), pgettext_lazy("notice", "Mend"), True),
    "request": Words(_("Data are asked of your institution"), pgettext_lazy("notice", "Answer"), True),
    "request-answered": Words(_("Your request was answered"), pgettext_lazy("notice", "Check"), True),
    "conflict": Words(_("Two sources differ"), pgettext_lazy("notice", "Decide"), True),
    "release-due": Words(_("A release is due"), pgettext_lazy("notice", "Prepare"), True),
    "round-open": Words(
        _("A round of a plan waits for your answers"), pgettext_lazy("notice", "Answer"), True
    ),
    "round-overdue": Words(_("Answers on a plan are overdue"), _LOOK, False),
    "answer-returned": Words(
        _("Your answer on a measure was returned with a question"), pgettext_lazy("notice", "Answer"), True
    ),
    "round-review": Words(
        _("Answers on a plan wait for your review"), pgettext_lazy("notice", "Review"), True
    ),
    "plan-report-review": Words(
        _("A report on a plan waits for your approval"), pgettext_lazy("notice", "Review"), True
    ),
    "plan-report-returned": Words(
        _("Your report on a plan was returned"), pgettext_lazy("notice", "Mend"), True
    ),
    "consultation-open": Words(
        _("A draft of a policy or plan waits for your comments"), pgettext_lazy("notice", "Comment"), True
    ),
    "consultation-comment": Words(
        _("Comments on a draft wait for your decision"), pgettext_lazy("notice", "Decide"), True
    ),
    "comment-answered": Words(_("Your comment on a draft was answered"), _LOOK, False),
    "approved": Words(_("Your figures were approved"), _LOOK, False),
    "published": Words(_("Your figures were published"), _LOOK, False),
    "withdrawn": Words(_("Published figures were withdrawn"), _LOOK, False),
    "mention": Words(_("You were mentioned in a discussion"), pgettext_lazy("notice", "Read"), False),
    "reply": Words(_("There is a reply for you"), pgettext_lazy("notice", "Read"), False),
    "job-failed": Words(_("Long work failed"), _LOOK, False),
    "job-done": Words(_("Long work is done"), _LOOK, False),
}
"""Every kind of notice."""

TO_DO = frozenset(kind for kind, words in KINDS.items() if words.to_do)
NEWS = frozenset(KINDS) - TO_DO
