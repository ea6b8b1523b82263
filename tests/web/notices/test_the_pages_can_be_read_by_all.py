from datetime import timedelta

import pytest
from django.utils import timezone

from milepost.web.notices import actions
from tests.web.conftest import DESK, PHONE, accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "size"), [("en", DESK), ("ru", PHONE)], ids=["desk", "phone"])
def test_my_work_can_be_read_by_all(tab, tmp_path, cast, language, size):
    today = timezone.localdate()
    office, ministry = cast.office.address, cast.ministry.address
    note = {"by": "Alice", "note": "Please compare 2024 with the yearbook: women and men seem to be swapped."}
    actions.tell([cast.bob], kind="review", address=office, due=today - timedelta(days=2), details=note)
    actions.tell([cast.bob], kind="request", address=ministry, due=today + timedelta(days=3))
    actions.tell([cast.bob], kind="conflict", address=office)
    actions.tell([cast.bob], kind="published", address=office, details={"by": "Carol"})
    actions.tell([cast.bob], kind="reply", address=ministry, details={"by": "Frank"})
    tab.page.set_viewport_size(size)
    for name, user, path in (
        ("work", cast.bob, ""),
        ("quiet", cast.nobody, ""),
        ("letters", cast.bob, "notices/letters/"),
    ):
        tab.sign_in(user)
        assert tab.open(f"/{language}/work/{path}").status == 200
        tab.page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        assert accessible(tab.page) == []
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert tab.faults == []
