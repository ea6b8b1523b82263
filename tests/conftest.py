"""What tests of several rooms share."""

import shutil

import pytest
from hypothesis import HealthCheck, settings
from playwright.sync_api import sync_playwright

from tests.cast import cast  # noqa: F401

STEADY = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("steady", derandomize=True, **STEADY)
settings.register_profile("exploring", max_examples=2000, **STEADY)
settings.load_profile("steady")
"""What Hypothesis tries is the same in every run and on every machine, however slow; it looks further with
`pytest --hypothesis-profile=exploring`."""

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]


@pytest.fixture(scope="session")
def browser():
    """Headless Chromium: the system's own where there is one, else the one that Playwright keeps."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=QUIET)
        yield launched
        launched.close()


def pytest_addoption(parser):
    """`--write-table` writes the table of addresses and roles anew."""
    parser.addoption("--write-table", action="store_true", help="write who_sees_which_address.txt anew")
