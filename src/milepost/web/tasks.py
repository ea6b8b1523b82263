"""The long work there is: one dict, kind of job -> the function that does it."""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from milepost.web.accounts import tasks as accounts
from milepost.web.files import tasks as files
from milepost.web.indicators import tasks as indicators
from milepost.web.intake import tasks as intake
from milepost.web.microdata import tasks as microdata
from milepost.web.notices import tasks as notices
from milepost.web.plans import tasks as plans
from milepost.web.projects import tasks as projects

TASKS: dict[str, Callable[..., Any]] = {
    **indicators.TASKS,
    **microdata.TASKS,
    **intake.TASKS,
    "accounts.forget": accounts.forget,
    "files.check": files.check_files,
    **plans.TASKS,
    **projects.TASKS,
    "notices.digest": notices.digest,
    "notices.remind": notices.remind,
}

TITLES: dict[str, Promise] = {
    "accounts.forget": _("Dropping old sign-ins"),
    "dataset.preview": _("Reading a file and saying what it would change"),
    "dataset.publish": _("Publishing figures"),
    "datasets.release": _("Publishing what is due"),
    "delivery.mark": _("Making a copy of a file with its faults marked"),
    "microdata.measure": _("Measuring an indicator from records"),
    "microdata.tidy": _("Deleting records that are needed no more"),
    "files.check": _("Checking that every file is as it came"),
    "plans.escalate": _("Telling the heads of institutions what is overdue"),
    "plans.publish-report": _("Publishing a consolidated report"),
    "projects.tidy": _("Deleting tracking tables that nobody confirmed"),
    "notices.digest": _("Writing the daily letters"),
    "notices.remind": _("Reminding of what is due"),
}
"""What each kind of work is called on its page."""

HOUR, DAY = 60 * 60, 24 * 60 * 60
PERIODIC: dict[str, int] = {
    **indicators.PERIODIC,
    **microdata.PERIODIC,
    **plans.PERIODIC,
    **projects.PERIODIC,
    "accounts.forget": DAY,
    "files.check": 7 * DAY,
    "notices.digest": DAY,
    "notices.remind": HOUR,
}
"""The work that the clock starts: kind of job -> seconds from one start to the next."""
