import pytest
from django.db import transaction

from milepost.web.files.models import StoredFile
from milepost.web.traces.actions import link
from tests.web.conftest import DESK, PHONE, accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def words(settings):
    settings.TRACE_WORDS = "tests.web.traces.words.DESCRIBE"


@pytest.mark.parametrize(("language", "size"), [("en", DESK), ("ru", PHONE)], ids=["desk", "phone"])
def test_a_trace_can_be_read_by_all(tab, tmp_path, cast, language, size):
    with transaction.atomic():
        file = StoredFile.objects.create(
            sha256="0" * 64, name="a.xlsx", size=1, content_type="x", by=cast.alice
        )
        link(cast.office.address, "rests_on", cast.ministry.address, row=12, sheet="Wages")
        link(cast.office.address, "rests_on", file.address)
        link(cast.ministry.address, "computed_with", cast.abroad.address)
        link(cast.ministry.address, "rests_on", cast.office.address)
    tab.page.set_viewport_size(size)
    for user in (None, cast.alice):
        if user is not None:
            tab.sign_in(user)
        assert tab.open(f"/{language}/trace/{cast.office.address}/").status == 200
        tab.page.screenshot(path=tmp_path / f"{user}.png", full_page=True)
        assert accessible(tab.page) == []
        assert tab.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert tab.faults == []
