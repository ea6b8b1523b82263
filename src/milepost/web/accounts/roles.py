"""Roles: readable classes of permissions, each granted within a scope."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Permission(StrEnum):
    """Everything that not everybody may do."""

    READ_INTERNAL = "read internal figures"
    UPLOAD_DATA = "upload data"
    SUBMIT_DATA = "submit data"
    REVIEW_DATA = "review data"
    PUBLISH_DATA = "publish data"
    WITHDRAW_DATA = "withdraw data"
    CHOOSE_OFFICIAL = "choose the official source"
    REQUEST_DATA = "request data"
    ANSWER_REQUEST = "answer a data request"
    SET_TARGETS = "set targets"
    FIX_METHOD = "fix the method of progress"
    EDIT_INDICATORS = "edit the list of indicators"
    EDIT_FRAMEWORKS = "edit crosswalks and tags"
    READ_PLANS = "read plans that are not in force"
    EDIT_PLANS = "edit policies and plans"
    ANSWER_ROUNDS = "answer rounds of a plan"
    REVIEW_ROUNDS = "review rounds of a plan"
    HEAR_OF_DELAYS = "be told when an institution's answers are overdue"
    COMMENT_DRAFTS = "comment on drafts under consultation"
    READ_PROJECTS = "read projects that are not public"
    EDIT_PROJECTS = "edit projects"
    REPORT_RESULTS = "report results"
    RECORD_ENGAGEMENTS = "record engagements"
    APPROVE_RESULTS = "approve results"
    DECIDE_PROJECTS = "decide on projects"
    MANAGE_INSTITUTIONS = "manage institutions"
    MANAGE_PEOPLE = "manage people"
    READ_AUDIT = "read the audit"
    OPERATE = "operate the installation"


P = Permission
DEEDS: dict[Permission, Promise] = {
    P.READ_INTERNAL: _("read figures that are not public yet"),
    P.UPLOAD_DATA: _("bring in figures, by file or by hand"),
    P.SUBMIT_DATA: _("send figures to review"),
    P.REVIEW_DATA: _("review what another person submitted: approve it, or return it with a reason"),
    P.PUBLISH_DATA: _("publish approved figures"),
    P.WITHDRAW_DATA: _("withdraw published figures"),
    P.CHOOSE_OFFICIAL: _("choose which of two sources is official"),
    P.REQUEST_DATA: _("ask another institution for figures"),
    P.ANSWER_REQUEST: _("answer a request for figures"),
    P.SET_TARGETS: _("set targets"),
    P.FIX_METHOD: _("fix the method by which progress is judged"),
    P.EDIT_INDICATORS: _("edit the list of indicators and their metadata"),
    P.EDIT_FRAMEWORKS: _("edit crosswalks, national definitions and tags"),
    P.READ_PLANS: _("read policies and plans of action before they are public"),
    P.EDIT_PLANS: _("keep policies, plans of action and who does what; put a version in force"),
    P.ANSWER_ROUNDS: _("answer on the measures of a plan, and send the answers to review"),
    P.HEAR_OF_DELAYS: _("be told when answers of their institution on a plan are overdue"),
    P.REVIEW_ROUNDS: _("open and close rounds of a plan; accept answers, or return them with a question"),
    P.COMMENT_DRAFTS: _("comment for an institution on drafts of policies and plans that are open to it"),
    P.READ_PROJECTS: _("read projects, and what was reported of them, before they are public"),
    P.EDIT_PROJECTS: _("enter projects, their results matrix, targets and periods"),
    P.REPORT_RESULTS: _("report what was reached, and send it to review"),
    P.RECORD_ENGAGEMENTS: _(
        "record trainings, workshops and dialogues of projects that the institution takes part in"
    ),
    P.APPROVE_RESULTS: _("approve what another person reported, or return it with a reason; lock a period"),
    P.DECIDE_PROJECTS: _("approve, close and drop projects, and make them public"),
    P.MANAGE_INSTITUTIONS: _("edit countries and institutions"),
    P.MANAGE_PEOPLE: _("invite people, give and end roles and memberships, hand over when staff change"),
    P.READ_AUDIT: _("read who did what, and when"),
    P.OPERATE: _("see how the installation runs: jobs, disk, versions"),
}
"""Every permission in words that follow "may"."""
PLACES: dict[str, Promise] = {
    "": _("the whole installation"),
    "country": _("a country"),
    "institution": _("an institution"),
}
"""The kinds of scope in words."""


@dataclass(frozen=True, slots=True)
class Role:
    """What somebody with this role may do within its scope; `scopes` are the kinds of scope it can have."""

    code: str
    title: Promise
    purpose: Promise
    permissions: frozenset[Permission]
    scopes: tuple[str, ...]  # "" is the whole installation
    second_factor: bool = False  # whether a second factor is recommended until it is set

    @property
    def deeds(self) -> list[Promise]:
        """What it allows, in words, in the order of Permission."""
        return [DEEDS[permission] for permission in Permission if permission in self.permissions]

    @property
    def places(self) -> list[Promise]:
        """Where it can be given, in words."""
        return [PLACES[kind] for kind in self.scopes]


ROLES: dict[str, Role] = {
    role.code: role
    for role in (
        Role(
            "administrator",
            _("Administrator"),
            _("Keeps countries, institutions and accounts; sees the audit; decides nothing about figures."),
            frozenset({P.MANAGE_INSTITUTIONS, P.MANAGE_PEOPLE, P.READ_AUDIT, P.OPERATE}),
            ("", "country"),
            second_factor=True,
        ),
        Role(
            "coordinator",
            _("SDG coordinator"),
            _("Answers for a country's indicators: targets, method, requests, official source, calendar."),
            frozenset(
                {
                    P.READ_INTERNAL,
                    P.CHOOSE_OFFICIAL,
                    P.REQUEST_DATA,
                    P.SET_TARGETS,
                    P.FIX_METHOD,
                    P.EDIT_INDICATORS,
                    P.EDIT_FRAMEWORKS,
                    P.READ_PLANS,
                    P.READ_PROJECTS,
                    P.MANAGE_INSTITUTIONS,
                    P.READ_AUDIT,
                }
            ),
            ("country",),
            second_factor=True,
        ),
        Role(
            "statistician",
            _("Statistician"),
            _("Brings in the figures of an institution and sends them to review."),
            frozenset({P.READ_INTERNAL, P.UPLOAD_DATA, P.SUBMIT_DATA, P.ANSWER_REQUEST, P.REQUEST_DATA}),
            ("institution",),
        ),
        Role(
            "reviewer",
            _("Reviewer"),
            _("Reviews what others submitted, approves, publishes and withdraws it."),
            frozenset({P.READ_INTERNAL, P.REVIEW_DATA, P.PUBLISH_DATA, P.WITHDRAW_DATA, P.READ_AUDIT}),
            ("country", "institution"),
            second_factor=True,
        ),
        Role(
            "focal-point",
            _("Focal point"),
            _("Answers the data requests that reach an institution; records engagements of its projects."),
            frozenset(
                {
                    P.UPLOAD_DATA,
                    P.SUBMIT_DATA,
                    P.ANSWER_REQUEST,
                    P.READ_PLANS,
                    P.ANSWER_ROUNDS,
                    P.COMMENT_DRAFTS,
                    P.RECORD_ENGAGEMENTS,
                }
            ),
            ("institution",),
        ),
        Role(
            "plan-coordinator",
            _("Plan coordinator"),
            _("Keeps the policies and plans of action of an institution in the lead, and who does what."),
            frozenset({P.READ_PLANS, P.EDIT_PLANS, P.REVIEW_ROUNDS}),
            ("country", "institution"),
        ),
        Role(
            "head",
            _("Head of an institution"),
            _("Reads policies and plans, and is told when answers of the institution are overdue."),
            frozenset({P.READ_PLANS, P.HEAR_OF_DELAYS}),
            ("institution",),
        ),
        Role(
            "commenter",
            _("Commenter"),
            _("Comments for an institution, such as a civil society organisation, on drafts open to it."),
            frozenset({P.COMMENT_DRAFTS}),
            ("institution",),
        ),
        Role(
            "project-manager",
            _("Project manager"),
            _("Keeps the projects of an institution, and reports what they reach."),
            frozenset({P.READ_PROJECTS, P.EDIT_PROJECTS, P.REPORT_RESULTS}),
            ("institution",),
        ),
        Role(
            "fund-manager",
            _("Fund manager"),
            _("Decides on projects, approves what is reported, makes it public."),
            frozenset({P.READ_PROJECTS, P.DECIDE_PROJECTS, P.APPROVE_RESULTS, P.READ_AUDIT}),
            ("", "institution"),
            second_factor=True,
        ),
        Role(
            "reader",
            _("Reader"),
            _("Reads figures, plans and projects that are not public yet."),
            frozenset({P.READ_INTERNAL, P.READ_PLANS, P.READ_PROJECTS}),
            ("country", "institution"),
        ),
    )
}
"""Every role by its code."""
