"""What the clock does for plans."""

from typing import Any

from django.utils import timezone

from milepost.web.plans.actions import rounds

DAY = 24 * 60 * 60


def escalate(progress: Any) -> dict[str, int]:
    """Tell the heads of institutions of rounds that are overdue by the days that their plan states."""
    return {"rounds": rounds.escalate(timezone.localdate())}


TASKS = {"plans.escalate": escalate}
"""Kind of job -> the function that does it."""

PERIODIC = {"plans.escalate": DAY}
"""What the clock starts: {kind: seconds}."""
