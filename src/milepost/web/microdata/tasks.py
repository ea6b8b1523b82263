"""Long work on records."""

from typing import Any

from django.utils.translation import gettext_noop

from milepost.web.microdata import actions
from milepost.web.microdata.models import Measurement

TIDYING = gettext_noop("Deleting records that are needed no more")


def measure(progress: Any, *, measurement: int) -> dict[str, Any]:
    """Measure an indicator from records."""
    found = Measurement.objects.select_related("country", "institution").get(pk=measurement)
    return actions.run(found, progress)


def tidy(progress: Any) -> dict[str, int]:
    """Delete the records that nobody went on with, and what killed processes left."""
    progress(TIDYING)
    return actions.tidy()


TASKS = {"microdata.measure": measure, "microdata.tidy": tidy}
"""Kind of job -> the function that does it."""

PERIODIC = {"microdata.tidy": 10 * 60}
"""What the clock starts: {kind: seconds}."""
