import datetime

import pytest

from milepost.web.indicators.actions import requests, targets
from milepost.web.indicators.models import DataRequest
from tests.web.conftest import DESK, PHONE, accessible
from tests.web.indicators.steps import listed, publish
from tests.web.indicators.test_requests import CELLS, answered
from tests.web.indicators.test_targets import ACT, FIGURES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def made(cast):
    """A target on the way, one for women, one that ended; a request that is late, one that is answered."""
    indicator, _other = listed(cast, "8.8.1", "10.7.1")
    publish(cast, *FIGURES, "8.8.1,2024,F,NUMBER,3,,")
    common = {"by": cast.carol, "indicator": indicator, "unit": "NUMBER", "source": ACT, "direction": "down"}
    first = targets.set_target(**common, value=5.0, year=2030, baseline_value=25, baseline_year=2015)
    second = targets.revise_target(by=cast.carol, target=first, value=4.0, reason="Decree No. 9 of 2025.")
    targets.set_target(**common, value=2.0, year=2030, breakdown={"sex": "F"})
    over = targets.set_target(**common, value=9.0, year=2027)
    targets.end_target(by=cast.carol, target=over, reason="The programme was closed.")
    reply = answered(cast, indicator)
    late = requests.send(
        by=cast.alice,
        asking=cast.office,
        asked=cast.ministry,
        indicator=indicator,
        cells=CELLS,
        due=datetime.date.today(),
        note="By sex, please; the survey of 2024 asked for it.",
    )
    DataRequest.objects.filter(pk=late.pk).update(due=datetime.date.today() - datetime.timedelta(days=3))
    requests.open_form(by=cast.frank, request=late)
    return {
        "carol": {
            "targets": "targets/",
            "target": f"targets/{second.pk}/",
            "ended": f"targets/{over.pk}/",
            "new": "targets/xs/8.8.1/new/",
            "revise": f"targets/{second.pk}/revise/",
            "end": f"targets/{second.pk}/end/",
            "method": "method/xs/",
            "requests": "requests/",
            "answered": f"requests/{reply.pk}/",
            "ask": "requests/xs/8.8.1/new/",
        },
        "frank": {"asked": "requests/", "late": f"requests/{late.pk}/"},
    }


@pytest.mark.parametrize(("language", "size"), [("en", DESK), ("ru", PHONE)], ids=["desk", "phone"])
def test_targets_and_requests_can_be_read_by_all(tab, tmp_path, cast, made, language, size):
    tab.page.set_viewport_size(size)
    for person, pages in made.items():
        tab.sign_in(getattr(cast, person))
        for name, path in pages.items():
            assert tab.open(f"/{language}/work/{path}").status == 200
            tab.page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
            assert accessible(tab.page) == []
            assert tab.page.evaluate("document.documentElement.scrollWidth") <= size["width"]
    assert tab.faults == []
