"""The settings of a real worker that knows the work of the tests."""

from milepost.web.settings import *  # noqa: F403

JOBS = "tests.web.jobs.some_work.TASKS"
JOB_TITLES = "tests.web.jobs.some_work.TITLES"
PERIODIC = "tests.web.jobs.some_work.PERIODIC"
