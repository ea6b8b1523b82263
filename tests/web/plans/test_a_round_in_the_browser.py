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


def until(page, holds):
    """Wait for what the server does by itself, such as saving as one types."""
    for _moment in range(200):
        if holds():
            return
        page.wait_for_timeout(100)
    raise AssertionError("it never came to that")


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
    until(page, lambda: one.answers.get(entry__code="1.1").text == "The law is drafted")
    page.get_by_label("Obstacles").fill("No quorum")
    assert looked_at(tab) == []
    page.get_by_role("button", name="Send to review").click()
    page.get_by_text("Nothing more of this round is left to you.").wait_for()
    tab.sign_in(paula)
    tab.open(one.answers.get(entry__code="1.1").get_absolute_url())
    assert page.get_by_text("No quorum").is_visible()
    assert looked_at(tab) == []
    page.get_by_role("button", name="Accept").click()
    page.get_by_text("Accepted.", exact=True).wait_for()
    tab.open(f"/ru/policies/plans/{in_force.plan.pk}/standing/")
    assert page.get_by_text("Доля выполнения за 2026 год").first.is_visible()
    assert looked_at(tab) == []


def test_an_answer_is_sent_while_its_last_save_is_on_its_way(tab, cast, paula, in_force):
    page, on_their_way, free = tab.page, [], []
    today = timezone.localdate()
    one = rounds.open_round(
        by=paula, plan=in_force.plan, start=date(2026, 1, 1), end=date(2026, 3, 31), due=today
    )
    answer = one.answers.get(entry__code="1.1")

    def slowly(route):
        if "hx-request" not in route.request.headers:
            route.continue_()
            return
        response = route.fetch()  # the server has kept it; its word is still to come
        if free:
            route.fulfill(response=response)
        else:
            on_their_way.append((route, response))

    tab.sign_in(cast.frank)
    tab.open(answer.get_absolute_url())
    page.route("**/policies/answers/**", slowly)
    page.get_by_label("Carried out in part").check()
    with page.expect_request(lambda request: "hx-request" in request.headers):
        page.get_by_label("What was done").fill("The law is drafted")
    page.wait_for_function("document.querySelector('form.htmx-request') !== null")
    page.get_by_role("button", name="Send to review").click()
    until(page, lambda: on_their_way)
    free.append(True)
    for route, response in on_their_way:
        route.fulfill(response=response)
    page.get_by_text("Nothing more of this round is left to you.").wait_for()
    answer.refresh_from_db()
    assert (answer.state, answer.text) == ("submitted", "The law is drafted")
