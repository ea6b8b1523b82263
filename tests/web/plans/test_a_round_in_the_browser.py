from datetime import date

import pytest
from django.utils import timezone

from milepost.web.plans.actions import rounds
from tests.web.conftest import DESK, PHONE, accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TOO_WIDE = "Math.max(0, document.documentElement.scrollWidth - innerWidth)"


def looked_at(tab):
    """What is wrong with the page as it stands, on a desk and a phone."""
    found = []
    for size in (DESK, PHONE):
        tab.page.set_viewport_size(size)
        found += accessible(tab.page)
        if tab.page.evaluate(TOO_WIDE):
            found.append(f"wider than {size['width']}: {tab.page.url}")
    return found + tab.faults


def test_a_focal_point_answers_on_a_phone_and_the_lead_accepts(tab, cast, paula, in_force):
    page = tab.page
    one = rounds.open_round(
        by=paula,
        plan=in_force.plan,
        start=date(2026, 1, 1),
        end=date(2026, 3, 31),
        due=timezone.localdate(),
    )
    tab.sign_in(cast.frank)
    tab.open(f"/en/policies/rounds/{one.pk}/")
    assert looked_at(tab) == []
    page.get_by_role("link", name="Answer: 1 measure").click()
    page.get_by_label("Carried out in part").check()
    page.get_by_label("What was done").fill("The law is drafted")
    page.get_by_text("Saved at").wait_for()
    assert one.answers.get(entry__code="1.1").text == "The law is drafted"
    page.get_by_label("Obstacles").fill("No quorum")
    assert looked_at(tab) == []
    page.get_by_role("button", name="Send to review").click()
    assert page.get_by_text("Nothing more of this round is left to you.").is_visible()
    tab.sign_in(paula)
    tab.open(one.answers.get(entry__code="1.1").get_absolute_url())
    assert page.get_by_text("No quorum").is_visible()
    assert looked_at(tab) == []
    page.get_by_role("button", name="Accept").click()
    assert page.get_by_text("Accepted.", exact=True).is_visible()
    tab.open(f"/ru/policies/plans/{in_force.plan.pk}/standing/")
    assert page.get_by_text("Доля выполнения за 2026 год").first.is_visible()
    assert looked_at(tab) == []
