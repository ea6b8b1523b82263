"""Every page of the table of addresses, in a browser: axe finds nothing, and no page scrolls sideways.

Each is opened as the one of the cast to whom it shows most. What pages look like in other states (after a
fault, with much in them) stands in the tests of their apps.
"""

import os
from pathlib import Path

import pytest

from tests.web.conftest import DESK, PHONE, accessible
from tests.web.test_who_sees_which_address import ROLES, STRANGERS, addresses, client_of, filled
from tests.web.world import built

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOO_WIDE = "Math.max(0, document.documentElement.scrollWidth - innerWidth)"
UNFOLD = "document.querySelectorAll('main details').forEach(one => { one.open = true })"
WORKERS = [role for role in ROLES if role not in STRANGERS]

ASKS = {
    "crosswalk-pair": "?origin=sdg/10.7.1&goal=gcm/6",
    "definition-new": "?code=10.7.2",
    "engagement-new": "?about=project:{project}",
}
"""Pages that want to know more than their address says."""

CLOSED = {
    "iati-import-decide": "of a file handed in a moment before; looked at by the tests of projects",
    "iati-import-review": "of a file handed in a moment before; looked at by the tests of projects",
    "invitation": "only for an account without password; looked at by the tests of stakeholders",
    "project-pages-decide": "of files handed in a moment before; looked at by the tests of projects",
    "project-pages-review": "of files handed in a moment before; looked at by the tests of projects",
    "project-report-version": "only once a report is approved; a download",
    "round-form-back": "of a form handed in a moment before; looked at by the tests of plans",
    "round-form-marked": "of a form handed in a moment before; a download",
    "tracking-marked": "of a workbook sent in a moment before; a download",
    "tracking-run": "of a workbook sent in a moment before; looked at by the tests of projects",
    "en/account/email/": "closed: accounts are made by invitation",
    "en/account/password/set/": "closed",
    "en/account/login/code/confirm/": "closed",
    "en/account/^confirm-email/": "closed",
}
"""Addresses under which nobody of the world finds anything, and why."""


def pages(cast, world) -> dict[str, list[tuple[str, str]]]:
    """{role: (name, path) of each page that shows this one more than others}."""
    clients = {role: client_of(cast, role) for role in WORKERS}
    found = {role: [] for role in WORKERS}
    for name, place in addresses():
        path = filled(place, world) + ASKS.get(name, "").format(project=world["project"].pk)
        answers = {role: client.get(path) for role, client in clients.items()}
        assert name in CLOSED or {answer.status_code for answer in answers.values()} - {403, 404}, name
        lengths = {role: len(answer.content) for role, answer in answers.items() if _is_page(answer)}
        if lengths:
            found[max(lengths, key=lambda role: lengths[role])].append((name, path))
    return found


def _is_page(answer) -> bool:
    html = answer.headers.get("Content-Type", "").startswith("text/html")
    return answer.status_code == 200 and html and not answer.streaming


def test_every_page_can_be_read_by_all(tab, cast):
    found = []
    for role, listed in pages(cast, built(cast)).items():
        tab.sign_in(getattr(cast, role))
        for name, path in listed:
            found += [f"{name}, as {role}: {fault}" for fault in faults(tab, path)]
            if folder := os.environ.get("MILEPOST_SHOTS"):
                tab.page.screenshot(path=Path(folder, f"{name}.png"), full_page=True)
    assert found == []


def faults(tab, path) -> list[str]:
    """What is wrong with a page: in English on a desk and a phone, in Russian on a phone."""
    tab.page.set_viewport_size(DESK)
    tab.open(path)
    tab.page.evaluate(UNFOLD)
    found = accessible(tab.page)
    tab.page.set_viewport_size(PHONE)
    found += too_wide(tab)
    tab.open(path.replace("/en/", "/ru/", 1))
    tab.page.evaluate(UNFOLD)
    found += [f"in Russian: {fault}" for fault in accessible(tab.page) + too_wide(tab)]
    found += tab.faults
    tab.faults.clear()
    return found


def too_wide(tab) -> list[str]:
    """How far a page scrolls sideways, if it does."""
    over = tab.page.evaluate(TOO_WIDE)
    return [f"{over} px too wide"] if over else []
