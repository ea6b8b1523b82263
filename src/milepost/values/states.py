"""The states that things of the application go through: data, one action for each transition.

A machine is {state: {deed: next state}}. What a deed needs (a permission, another person, a reason) is said
where the deed is done.
"""

from collections.abc import Mapping

Machine = Mapping[str, Mapping[str, str]]

DATASET: Machine = {
    "draft": {"submit": "submitted", "discard": "discarded"},
    "submitted": {"return": "returned", "approve": "approved", "recall": "draft"},
    "returned": {"submit": "submitted", "discard": "discarded"},
    "approved": {"publish": "published", "return": "returned"},
    "published": {"withdraw": "withdrawn", "supersede": "superseded"},
    "superseded": {"withdraw": "withdrawn"},
    "withdrawn": {},
    "discarded": {},
}
"""A set of figures on its way to the public; `approved` waits for its release date."""

DATA_REQUEST: Machine = {
    "open": {"answer": "answered", "cancel": "cancelled"},
    "answered": {"accept": "closed", "reopen": "open"},
    "closed": {},
    "cancelled": {},
}
"""A question for figures from one institution to another."""

PROJECT: Machine = {
    "proposal": {"endorse": "endorsed", "drop": "dropped"},
    "endorsed": {"approve": "approved", "back": "proposal", "drop": "dropped"},
    "approved": {"start": "active", "drop": "dropped"},
    "active": {"complete": "completed", "end_early": "completed"},
    "completed": {"evaluate": "evaluated", "reopen": "active", "close": "closed"},
    "evaluated": {"close": "closed"},
    "closed": {},
    "dropped": {"back": "proposal"},
}
"""A project from the proposal to its end; `dropped` was never begun."""

ACTUAL: Machine = {
    "draft": {"submit": "submitted"},
    "submitted": {"return": "returned", "approve": "approved", "recall": "draft"},
    "returned": {"submit": "submitted"},
    "approved": {"return": "returned"},
}
"""What was reported of an indicator for a period; only what is approved counts."""

REPORT: Machine = {
    "draft": {"submit": "submitted"},
    "submitted": {"return": "returned", "approve": "approved", "recall": "draft"},
    "returned": {"submit": "submitted"},
    "approved": {"send": "sent", "reopen": "draft"},
    "sent": {"reopen": "draft"},
}
"""A report on a project to those who pay for it; what is approved is kept as it is, whatever comes after."""

AGREEMENT: Machine = {
    "open": {"do": "done", "drop": "dropped"},
    "done": {"reopen": "open"},
    "dropped": {"reopen": "open"},
}
"""What was agreed at a training, workshop or dialogue."""

ANSWER: Machine = {
    "draft": {"submit": "submitted"},
    "submitted": {"return": "returned", "accept": "accepted", "recall": "draft"},
    "returned": {"submit": "submitted"},
    "accepted": {"return": "returned"},
}
"""What an institution answers of a measure in a round of a plan; accepted by another person."""

CONSULTATION: Machine = {
    "prepared": {"open": "open"},
    "open": {"close": "closed"},
    "closed": {"reopen": "open"},
}
"""A consultation on a draft of a policy or plan; comments are answered while it is open and after."""

COMMENT: Machine = {
    "open": {"answer": "answered", "withdraw": "withdrawn"},
    "answered": {"answer": "answered", "withdraw": "withdrawn"},
    "withdrawn": {},
}
"""A comment on a draft; what became of it can be decided anew."""

LAW: Machine = {
    "to_prepare": {"draft": "drafted", "drop": "dropped"},
    "drafted": {"propose": "proposed", "back": "to_prepare", "drop": "dropped"},
    "proposed": {"adopt": "adopted", "back": "drafted", "drop": "dropped"},
    "adopted": {},
    "dropped": {"reopen": "to_prepare"},
}
"""An act that a policy wants amended."""

PLAN_REPORT: Machine = {
    "draft": {"submit": "submitted", "withdraw": "draft"},
    "submitted": {
        "return": "returned",
        "approve": "approved",
        "recall": "draft",
        "withdraw": "submitted",
    },
    "returned": {"submit": "submitted", "withdraw": "returned"},
    "approved": {"publish": "published", "reopen": "draft", "withdraw": "approved"},
    "published": {"withdraw": "approved", "reopen": "draft"},
}
"""A consolidated report on a plan; what is approved is kept. What is public stays so until a newer version is
or until it is withdrawn, while the next one is written, too."""

MACHINES: Mapping[str, Machine] = {
    "dataset": DATASET,
    "data-request": DATA_REQUEST,
    "project": PROJECT,
    "actual": ACTUAL,
    "project-report": REPORT,
    "agreement": AGREEMENT,
    "round-answer": ANSWER,
    "plan-report": PLAN_REPORT,
    "consultation": CONSULTATION,
    "draft-comment": COMMENT,
    "law": LAW,
}


def after(machine: Machine, state: str, deed: str) -> str | None:
    """The state that a deed leads to, or None where it cannot be done now.

    >>> after(DATASET, "submitted", "approve")
    'approved'
    >>> after(DATASET, "draft", "approve") is None
    True
    """
    return machine[state].get(deed)
