"""The whole way of a consultation: prepared, opened, commented on, answered, read by everybody."""

import pytest

from milepost.web.plans.actions import register
from milepost.web.plans.models import Consultation, DraftComment, Law
from milepost.web.stakeholders.models import Institution
from tests.cast import person
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
    tab.page.set_viewport_size(DESK)
    return found + tab.faults


def test_from_the_draft_to_the_public_table_of_comments(tab, cast, paula, draft, tmp_path):
    society = Institution.objects.create(
        country=cast.sandoria, code="helpers", kind="civil_society", name={"en": "Helpers of Sandoria"}
    )
    nora = person("nora", ("commenter", society.address), works_for=society)
    tab.sign_in(paula)
    prepare(tab, draft.plan, tmp_path)
    one = Consultation.objects.get()
    tab.page.context.clear_cookies()
    tab.sign_in(nora)
    said = speak(tab)
    tab.page.context.clear_cookies()
    tab.sign_in(paula)
    decide(tab, one, said)
    tab.page.context.clear_cookies()
    page = tab.page
    tab.open("/en/policies/")
    page.get_by_role("link", name="Draft of the plan").click()
    assert page.get_by_text("Inspectors need it earlier").is_visible()
    assert page.get_by_text("Only from 2027 on").is_visible()
    assert "Nora" not in page.content() and "Paula" not in page.content()
    assert looked_at(tab) == []
    with page.expect_download() as download:
        page.get_by_role("link", name="Table of comments in Excel").click()
    assert download.value.suggested_filename == f"comments-{one.pk}.xlsx"


def prepare(tab, plan, folder):
    """Enter the consultation, its draft and who is asked; then open it."""
    page = tab.page
    tab.open(f"/en/policies/{plan.policy_id}/")
    page.get_by_role("link", name="Prepare a consultation").click()
    page.locator("#id_title_0").fill("Draft of the plan")
    page.get_by_label("Plan of action").select_option("Plan of action 2026–2027")
    page.get_by_label("First day").fill("2026-03-01")
    page.get_by_label("Last day for comments").fill("2099-03-31")
    assert looked_at(tab) == []
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="Open the consultation").click()
    assert page.get_by_text("There is no draft that could be commented on.").is_visible()
    path = folder / "draft.pdf"
    path.write_bytes(b"%PDF-1.7 the draft")
    page.get_by_role("link", name="Add a draft").click()
    page.get_by_label("Documents").set_input_files(path)
    assert looked_at(tab) == []
    page.get_by_role("button", name="Add the draft").click()
    page.get_by_role("link", name="Who is consulted").click()
    page.get_by_label("Institution of the register").select_option("Helpers of Sandoria")
    page.get_by_label("Kind of stakeholder").select_option("Civil society organisation")
    page.get_by_label("online").check()
    page.get_by_role("button", name="Add", exact=True).click()
    assert looked_at(tab) == []
    page.get_by_role("link", name="To the consultation").click()
    page.get_by_role("button", name="Make public").click()
    page.get_by_role("button", name="Open the consultation").click()
    assert looked_at(tab) == []


def speak(tab):
    """A member finds the consultation in the notices and comments for the own society."""
    page = tab.page
    tab.open("/en/work/")
    assert page.get_by_text("A draft of a policy or plan waits for your comments").first.is_visible()
    tab.open("/en/policies/")
    page.get_by_role("link", name="Draft of the plan").click()
    page.get_by_role("link", name="Comment", exact=True).click()
    page.get_by_label("Section, measure, paragraph").fill("1.2, deadline")
    page.get_by_label("Comment or proposal").fill("Inspectors need it earlier")
    assert looked_at(tab) == []
    page.get_by_role("button", name="Save", exact=True).click()
    assert page.get_by_text("Inspectors need it earlier").is_visible()
    return DraftComment.objects.get()


def decide(tab, one, said):
    """A decision without reason is refused; with one it is kept, and leads to the list of laws."""
    page = tab.page
    tab.open(f"/en{said.get_absolute_url().removeprefix('/en')}")
    page.get_by_label("Accepted in part").check()
    page.get_by_role("button", name="Save the decision").click()
    assert page.get_by_text("There is no reason.").first.is_visible()
    assert looked_at(tab) == []
    page.get_by_label("Reason").first.fill("Only from 2027 on")
    page.get_by_role("button", name="Save the decision").click()
    said.refresh_from_db()
    assert (said.state, said.disposition) == ("answered", "partly")
    assert looked_at(tab) == []


def test_a_law_is_entered_and_goes_its_way(tab, paula, policy, in_force):
    register.show_policy(by=paula, policy=policy, revision=policy.revision, public=True)
    page = tab.page
    tab.sign_in(paula)
    tab.open(f"/en/policies/{policy.pk}/")
    page.get_by_role("link", name="Enter a law to amend").click()
    page.locator("#id_title_0").fill("Law on employment")
    page.locator("#id_what_0").fill("A licence for agencies")
    page.get_by_label("Wanted until").fill("2026-03-31")
    page.get_by_label("Measure by which it is done").select_option(index=1)
    assert looked_at(tab) == []
    page.get_by_role("button", name="Save").click()
    assert page.get_by_text("is due only on").is_visible()
    assert looked_at(tab) == []
    page.get_by_role("button", name="It is drafted").click()
    assert Law.objects.get().state == "drafted"
    page.get_by_role("link", name="1.1 Adopt a law").click()
    assert page.get_by_role("link", name="Law on employment").is_visible()
    page.get_by_role("link", name="Links", exact=True).click()
    assert looked_at(tab) == []
