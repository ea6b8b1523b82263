"""Work to do, and real installations to do it in."""

import pytest

from tests.web.operation.installation import bare, installation, migrated  # noqa: F401


@pytest.fixture(autouse=True)
def _work(settings):
    settings.JOBS = "tests.web.jobs.some_work.TASKS"
    settings.JOB_TITLES = "tests.web.jobs.some_work.TITLES"
    settings.PERIODIC = "tests.web.jobs.some_work.PERIODIC"
