"""Long work on plans, and what the clock does for them."""

from typing import Any

from django.utils import timezone

from milepost.web.plans.actions import reports, rounds
from milepost.web.plans.models import PlanReport

DAY = 24 * 60 * 60


def escalate(progress: Any) -> dict[str, int]:
    """Tell the heads of institutions of rounds that are overdue by the days that their plan states."""
    return {"rounds": rounds.escalate(timezone.localdate())}


def publish_report(progress: Any, *, report: int, revision: int) -> dict[str, Any]:
    """Make the documents of an approved report and publish it, for the person who asked for it."""
    found = PlanReport.objects.select_related("plan__policy__institution__country").get(pk=report)
    reports.publish(by=progress.job.by, report=found, revision=revision, say=progress)
    return {"address": found.address}


TASKS = {"plans.escalate": escalate, reports.PUBLISH: publish_report}
"""Kind of job -> the function that does it."""

PERIODIC = {"plans.escalate": DAY}
"""What the clock starts: {kind: seconds}."""
