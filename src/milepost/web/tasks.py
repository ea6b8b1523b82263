"""The long work there is: one dict, kind of job -> the function that does it."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from milepost.web.files import tasks as files
from milepost.web.indicators import tasks as indicators
from milepost.web.notices import tasks as notices

TASKS: dict[str, Callable[..., Any]] = {
    **indicators.TASKS,
    "files.check": files.check_files,
    "notices.digest": notices.digest,
    "notices.remind": notices.remind,
}

TITLES: dict[str, Promise] = {
    "dataset.preview": _("Reading a file and saying what it would change"),
    "dataset.publish": _("Publishing figures"),
    "datasets.release": _("Publishing what is due"),
    "files.check": _("Checking that every file is as it came"),
    "notices.digest": _("Writing the daily letters"),
    "notices.remind": _("Reminding of what is due"),
}
"""What each kind of work is called on its page."""

HOUR, DAY = 60 * 60, 24 * 60 * 60
PERIODIC: dict[str, int] = {
    **indicators.PERIODIC,
    "files.check": 7 * DAY,
    "notices.digest": DAY,
    "notices.remind": HOUR,
}
"""The work that the clock starts: kind of job -> seconds from one start to the next."""
