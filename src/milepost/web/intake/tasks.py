"""Long work on what came in."""

from typing import Any

from milepost.web.intake import actions, copies
from milepost.web.intake.models import Delivery


def mark(progress: Any, *, delivery: int, language: str, **_asked: Any) -> dict[str, Any]:
    """Make the copy of a large file in which its faults are marked."""
    found = Delivery.objects.select_related("file", "country", "institution", "mapping").get(pk=delivery)
    content = copies.marked_copy(found, language, progress)
    name, by = copies.name_of_copy(found), progress.job.by
    kept = actions.keep_copy(found, content, name=name, language=language, by=by)
    return {"address": kept.address}


TASKS = {actions.MARK: mark}
"""Kind of job -> the function that does it."""
