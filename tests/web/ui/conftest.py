import pytest


@pytest.fixture(autouse=True)
def little_site(settings):
    """The frame is tested without the apps that stand on it."""
    settings.ROOT_URLCONF = "tests.web.ui.pages"
