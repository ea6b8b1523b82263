"""The consolidated report from the draft to the page that everybody reads, in a browser."""

from datetime import date

import pytest

from milepost.web.jobs import work
from milepost.web.plans.actions import register, rounds
from milepost.web.plans.models import PlanReport
from tests.cast import person
from tests.web.conftest import DESK, PHONE, accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TOO_WIDE = "Math.max(0, document.documentElement.scrollWidth - innerWidth)"
UNFOLD = "document.querySelectorAll('main details').forEach(one => { one.open = true })"
WORDS = "The law was drafted; three ministries agreed, and one asked for changes."


def looked_at(tab):
    """What is wrong with the page as it stands, on a desk and a phone."""
    found = []
    tab.page.evaluate(UNFOLD)
    for size in (DESK, PHONE):
        tab.page.set_viewport_size(size)
        found += accessible(tab.page)
        if tab.page.evaluate(TOO_WIDE):
            found.append(f"wider than {size['width']}: {tab.page.url}")
    return found + tab.faults


@pytest.fixture
def olga(cast):
    return person("olga", ("plan-coordinator", cast.ministry.address), works_for=cast.ministry)


@pytest.fixture
def closed(cast, paula, policy, in_force):
    register.show_policy(by=paula, policy=policy, revision=policy.revision, public=True)
    days = {"start": date(2026, 1, 1), "end": date(2026, 6, 30), "due": date(2026, 7, 15)}
    one = rounds.open_round(by=paula, plan=in_force.plan, **days)
    answer = one.answers.get(entry__code="1.1")
    rounds.save(by=cast.frank, answer=answer, revision=answer.revision, done="partly", text=WORDS)
    rounds.submit(by=cast.frank, answer=answer, revision=answer.revision)
    rounds.accept(by=paula, answer=answer, revision=answer.revision)
    rounds.close(by=paula, one=one, revision=one.revision)
    return one


def test_a_report_is_drafted_edited_approved_and_published(tab, paula, olga, closed):
    page = tab.page
    tab.sign_in(paula)
    tab.open(f"/en/policies/plans/{closed.plan_id}/reports/")
    assert looked_at(tab) == []
    page.get_by_label("Period").select_option("2026-01-01/2026-06-30")
    page.get_by_role("button", name="Begin").click()
    page.get_by_text("The report is drafted").wait_for()
    assert looked_at(tab) == []
    page.get_by_role("link", name="Edit the institutions' texts").click()
    assert looked_at(tab) == []
    page.get_by_role("link", name="Adopt a law").click()
    page.get_by_label("As the report prints it").fill("The law was drafted.")
    assert looked_at(tab) == []
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Both texts are kept").wait_for()
    report = PlanReport.objects.get()
    tab.open(f"/en/policies/plan-reports/{report.pk}/edit/")
    assert looked_at(tab) == []
    page.get_by_role("group", name="Summary").get_by_label("English").fill("A good half-year.")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("Saved.", exact=True).wait_for()
    page.get_by_role("button", name="Send to review").click()
    page.get_by_text("A person who wrote nothing of the report approves it.").wait_for()
    tab.sign_in(olga)
    tab.open(f"/en/policies/plan-reports/{report.pk}/")
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="Publish").wait_for()
    assert looked_at(tab) == []
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("link", name="How far it is, or stop it").wait_for()
    assert looked_at(tab) == []
    work.run_all()
    page.get_by_role("link", name="Refresh").click()
    page.get_by_role("link", name="To the public page").wait_for()
    tab.page.context.clear_cookies()
    for language, heading in (("en", "Results"), ("ru", "Результаты")):
        tab.open(f"/{language}/policies/plans/{closed.plan_id}/results/")
        assert page.get_by_role("heading", name=heading, level=1).is_visible()
        assert looked_at(tab) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="PDF").first.click()
    assert download.value.suggested_filename.endswith("-v1-ru.pdf")
