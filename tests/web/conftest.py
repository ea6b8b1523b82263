"""What tests of the web share: a page in a real browser, and its accessibility."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.cache import cache, caches
from django.utils import translation

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = (
    "true"  # Playwright's loop runs in the thread that uses the database
)

DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


@pytest.fixture(autouse=True)
def _alone():
    """A test finds nothing of the test before it: neither what the process remembered nor its language."""
    caches["memory"].clear()
    with translation.override("en"):
        yield


class Tab:
    """A browser's tab on the live server: `open("/en/")`, `sign_in(user)`, `page`, `faults`."""

    def __init__(self, page, server):
        self.page, self.server = page, server
        self.faults: list[str] = []  # errors of the console, breaches of the CSP, requests to other hosts
        page.on("console", lambda said: said.type == "error" and self.faults.append(said.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", self._asked)

    def _asked(self, request):
        if not request.url.startswith((self.server.url, "data:", "blob:")):
            self.faults.append(f"request to another host: {request.url}")

    def open(self, path):
        """Go to a page of the live server; the browser's answer."""
        return self.page.goto(self.server.url + path)

    def sign_in(self, user):
        """Sign in without the form."""
        from django.conf import settings
        from django.test import Client

        client = Client()
        client.force_login(user)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME]
        self.page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": self.server.url}])


@pytest.fixture
def tab(browser, live_server, transactional_db):
    """A tab at 1440 px in light colours; `tab.page.set_viewport_size(PHONE)` makes it a phone."""
    cache.clear()  # the limits of sign-in are in a table that no test empties
    context = browser.new_context(viewport=DESK, color_scheme="light", locale="en")
    yield Tab(context.new_page(), live_server)
    context.close()


@pytest.fixture
def page(tab):
    """Playwright's page of the tab."""
    return tab.page


def accessible(page) -> list[str]:
    """What axe finds wrong on a page, in words: empty where nothing."""
    found = Axe().run(page)
    return [
        f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
        for violation in found.response["violations"]
        for node in violation["nodes"]
    ]


def pytest_collection_modifyitems(config, items):
    """On PostgreSQL the pages are not driven in a browser once more: what a browser sees is the same."""
    if os.environ.get("MILEPOST_TEST_DATABASE") == "postgresql":
        driven = [item for item in items if "browser" in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=driven)
        items[:] = [item for item in items if item not in driven]
