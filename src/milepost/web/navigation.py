"""What stands on every page: the pages of the navigation, for whom, and the banner of an example."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from milepost.web.accounts.queries import scopes
from milepost.web.accounts.roles import Permission as P
from milepost.web.notices import actions as notices
from milepost.web.projects.actions import handover
from milepost.web.stakeholders import queries as stakeholders
from milepost.web.ui.memory import cache


class Page(NamedTuple):
    """A link: the name of its address, its words, and for whom it is."""

    name: str
    title: Promise
    permissions: frozenset[P] = frozenset()  # one of them, anywhere; none: everybody who is signed in

    def shown_to(self, user: Any) -> bool:
        """Whether this reader has a use for it."""
        if not getattr(user, "is_authenticated", False):  # pages of errors may know of no user
            return False
        return not self.permissions or any(scopes(user, each) for each in self.permissions)


_DATA = frozenset({P.UPLOAD_DATA, P.SUBMIT_DATA, P.REVIEW_DATA, P.READ_INTERNAL})
_PROJECTS = frozenset(
    {
        P.READ_PROJECTS,
        P.EDIT_PROJECTS,
        P.REPORT_RESULTS,
        P.RECORD_ENGAGEMENTS,
        P.APPROVE_RESULTS,
        P.DECIDE_PROJECTS,
    }
)
PAGES: tuple[Page, ...] = (
    Page("work", _("My work")),
    Page("datasets", _("Figures"), _DATA),
    Page("data-requests", _("Data requests"), frozenset({P.REQUEST_DATA, P.ANSWER_REQUEST})),
    Page("policies", _("Policies and plans"), frozenset({P.READ_PLANS, P.EDIT_PLANS})),
    Page("projects", _("Projects"), _PROJECTS),
    Page("targets", _("Targets and progress"), frozenset({P.SET_TARGETS, P.FIX_METHOD, P.READ_INTERNAL})),
    Page("frameworks", _("Frameworks"), frozenset({P.EDIT_FRAMEWORKS, P.READ_INTERNAL})),
    Page("institutions", _("Institutions"), frozenset({P.MANAGE_INSTITUTIONS, P.READ_INTERNAL})),
    Page("people", _("People"), frozenset({P.MANAGE_PEOPLE})),
    Page("audit", _("Audit"), frozenset({P.READ_AUDIT})),
)

HANDOVERS: dict[str, Callable[..., int]] = {
    gettext_noop("Notices of what is to be done"): notices.reassign,
    gettext_noop("Projects managed"): handover.projects,
    gettext_noop("Indicators to report on"): handover.indicators,
    gettext_noop("Tasks in projects"): handover.tasks,
    gettext_noop("Posts in projects"): handover.posts,
}
"""What goes on with another person when somebody leaves: name -> function(from_user, to_user, by)."""


def banner() -> bool:
    """Whether any country of this installation is an example; asked once a minute."""
    found = cache.get("any-example")
    if found is None:
        found = stakeholders.any_example()
        cache.set("any-example", found, 60)
    return found
