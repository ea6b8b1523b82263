import pytest
from django.db import transaction

from milepost.web.audit.actions import record
from milepost.web.audit.models import Event
from tests.web.conftest import DESK, PHONE, accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("language", "size"), [("en", DESK), ("ru", PHONE)], ids=["desk", "phone"])
def test_the_audit_and_an_event_can_be_read_by_all(tab, tmp_path, cast, language, size):
    with transaction.atomic():
        for number in range(60):
            record(
                by=cast.alice if number % 3 else None,
                verb="dataset.returned" if number % 2 else "row.decided",
                address=f"dataset:{number}",
                scope=cast.office.address,
                why="The wages of 2024 are those of 2023, as the table of the labour force survey shows.",
                details={"state": ["submitted", "returned"], "rows": 12},
            )
    latest = Event.objects.latest("pk")
    tab.sign_in(cast.bob)
    tab.page.set_viewport_size(size)
    for name, path in (("events", "audit/"), ("wrong", "audit/?address=x"), ("event", f"audit/{latest.pk}/")):
        assert tab.open(f"/{language}/work/{path}").status == 200
        tab.page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
        assert accessible(tab.page) == []
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert tab.faults == []
