"""Long work on figures."""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop

from milepost.web.indicators.actions import calendar, datasets
from milepost.web.indicators.models import Dataset
from milepost.web.ui import moments

PUBLISHING = gettext_noop("Publishing")


def preview(progress: Any, *, dataset: int, drop_mends: bool = False) -> dict[str, Any]:
    """Read a file and say what it would change."""
    found = Dataset.objects.select_related("delivery__file", "country", "institution").get(pk=dataset)
    with moments.inside(found.country):
        return datasets.preview(found, by=progress.job.by, say=progress, drop_mends=drop_mends)


def publish(progress: Any, *, dataset: int) -> dict[str, Any]:
    """Publish a dataset of many rows."""
    return {"published": datasets.publish_when_due(Dataset.objects.get(pk=dataset), say=progress)}


def release_due(progress: Any) -> dict[str, Any]:
    """Publish what is due, and remind of what is announced."""
    now = timezone.now()
    published = 0
    for done, dataset in enumerate(waiting := datasets.due(now)):
        progress(PUBLISHING, done, len(waiting))
        published += datasets.publish_when_due(dataset, say=progress)
    return {"published": published, "reminded": calendar.remind(now)}


TASKS = {
    "dataset.preview": preview,
    "dataset.publish": publish,
    "datasets.release": release_due,
}
"""Kind of job -> the function that does it."""

PERIODIC = {"datasets.release": 60}
"""What the clock starts: {kind: seconds}."""
