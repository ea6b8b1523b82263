"""What the clock does for projects."""

from typing import Any

from milepost.web.projects.actions import tracking

DAY = 24 * 60 * 60


def tidy(progress: Any) -> dict[str, int]:
    """Delete the tracking tables that were sent in and that nobody confirmed within a day."""
    return {"files": tracking.drop_left()}


TASKS = {"projects.tidy": tidy}
"""Kind of job -> the function that does it."""

PERIODIC = {"projects.tidy": DAY}
"""What the clock starts: {kind: seconds}."""
