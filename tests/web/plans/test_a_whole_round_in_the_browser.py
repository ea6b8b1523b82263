"""A whole round, as four people play it in a browser: opened, answered in the web and by Excel, one answer
returned, the plan amended in between, everything accepted, closed, and reported to the public.

The implementation rate that the public reads is the one worked out by hand: version 1, in force on 1 January,
makes three measures due in 2026 (1.1, 1.3 and 1.4); two of them, 1.1 and 1.3, are carried out in full; that
is 2 ÷ 3 = 66.7 %. That the amendment puts 1.4 off to 2027 does not change what was due.
"""

from datetime import date

import openpyxl
import pytest

from milepost.web.jobs import work
from milepost.web.plans.actions import measures, register, versions
from milepost.web.plans.models import PlanReport
from tests.cast import person
from tests.web.conftest import accessible

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def olga(cast):
    """Reviews and approves for the ministry in the lead."""
    return person("olga", ("plan-coordinator", cast.ministry.address), works_for=cast.ministry)


@pytest.fixture
def paul(cast, police):
    """Answers for the border police."""
    return person("paul", ("focal-point", police.address), works_for=police)


@pytest.fixture
def plan_in_force(cast, paula, policy, draft, police):
    """Four measures in force since 1 January 2026, of a public policy."""
    section = draft.sections.get()
    for code, title, deadline in (("1.3", "Open an office", "Q2 2026"), ("1.4", "Link registers", "Q4 2026")):
        entry = measures.add(
            by=paula, version=draft, section=section, code=code, title={"en": title}, deadline=deadline
        )
        measures.choose_coordinator(by=paula, entry=entry, institution=police, revision=entry.revision)
    inspectors = draft.entries.get(code="1.2")
    measures.choose_coordinator(
        by=paula, entry=inspectors, institution=cast.ministry, revision=inspectors.revision
    )
    register.show_policy(by=paula, policy=policy, revision=policy.revision, public=True)
    draft.refresh_from_db()
    act = {"act": {"en": "Resolution"}, "act_number": "1", "adopted": None, "since": date(2026, 1, 1)}
    return versions.put_in_force(by=paula, version=draft, revision=draft.revision, **act).plan


def test_a_round_from_its_opening_to_the_published_report(
    tab, cast, paula, olga, paul, plan_in_force, tmp_path
):
    page, plan = tab.page, plan_in_force
    # the coordinator opens the round
    tab.sign_in(paula)
    tab.open(f"/en/policies/plans/{plan.pk}/rounds/")
    page.get_by_label("First day of the period").fill("2026-01-01")
    page.get_by_label("Last day of the period").fill("2026-06-30")
    page.get_by_label("Answers are wanted by").fill("2026-07-15")
    page.get_by_role("button", name="Open the round").click()
    page.get_by_text("The round is open").wait_for()
    one = plan.rounds.get()

    # the ministry answers in the web
    tab.sign_in(cast.frank)
    for code, done in (("1.1", "Carried out in full"), ("1.2", "Under way")):
        answer = one.answers.get(entry__code=code)
        tab.open(answer.get_absolute_url())
        page.get_by_label(done).check()
        page.get_by_label("What was done").fill(f"What the ministry did for {code}.")
        page.get_by_role("button", name="Send to review").click()
        page.locator(".message.success").wait_for()

    # the police answers by Excel
    tab.sign_in(paul)
    tab.open(f"/en/policies/rounds/{one.pk}/")
    page.get_by_role("link", name="Excel forms").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Form of police (Excel)").click()
    form = tmp_path / "form.xlsx"
    download.value.save_as(form)
    _fill(
        form, {"1.3": ("Carried out in full", "The office is open."), "1.4": ("Carried out in part", "Soon.")}
    )
    page.get_by_label("Filled-in form").set_input_files(form)
    page.get_by_role("button", name="See what it changes").click()
    page.get_by_role("heading", name="Open an office").wait_for()
    assert accessible(page) == []
    page.get_by_label("Send the answers that lack nothing to review at once").check()
    page.get_by_role("button", name="Take it in").click()
    page.get_by_text("2 answers are written. 2 are sent to review.").wait_for()

    # the reviewer asks about one of them, and the police answers the question in the web
    returned = one.answers.get(entry__code="1.4")
    tab.sign_in(olga)
    tab.open(returned.get_absolute_url())
    page.get_by_label("Question").fill("Which registers?")
    page.get_by_role("button", name="Return with the question").click()
    page.get_by_text("Returned").first.wait_for()
    tab.sign_in(paul)
    tab.open(returned.get_absolute_url())
    page.get_by_text("Which registers?").wait_for()
    page.get_by_label("What was done").fill("Border crossings and permits are linked.")
    page.get_by_role("button", name="Send to review").click()
    page.get_by_text("Nothing more of this round is left to you.").wait_for()

    # in between the plan is amended
    tab.sign_in(paula)
    _amend(tab, plan)

    # everything is accepted by another person, and the round is closed
    tab.sign_in(olga)
    for answer in one.answers.all():
        tab.open(answer.get_absolute_url())
        page.get_by_role("button", name="Accept").click()
        page.get_by_text("Accepted.", exact=True).wait_for()
    tab.open(f"/en/policies/rounds/{one.pk}/")
    page.get_by_role("button", name="Close the round").click()
    page.get_by_text("The round is closed.").wait_for()

    # one drafts the report, another one approves and publishes it
    tab.sign_in(paula)
    tab.open(f"/en/policies/plans/{plan.pk}/reports/")
    page.get_by_label("Period").select_option("2026-01-01/2026-06-30")
    page.get_by_role("button", name="Begin").click()
    page.get_by_text("The report is drafted").wait_for()
    report = PlanReport.objects.get()
    tab.open(f"/en/policies/plan-reports/{report.pk}/")
    page.get_by_role("button", name="Send to review").click()
    page.get_by_text("A person who wrote nothing of the report approves it.").wait_for()
    tab.sign_in(olga)
    tab.open(f"/en/policies/plan-reports/{report.pk}/")
    page.get_by_role("button", name="Approve").click()
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("link", name="How far it is, or stop it").wait_for()
    work.run_all()
    page.get_by_role("link", name="Refresh").click()
    page.get_by_role("link", name="To the public page").wait_for()

    # the public reads the rate, worked out by hand above, and what was amended
    page.context.clear_cookies()
    tab.open(f"/en/policies/plans/{plan.pk}/results/")
    assert "66.7" in page.locator("main").inner_text()
    assert "2 ÷ 3" in page.locator("main").inner_text()
    tab.open(f"/en/policies/plans/{plan.pk}/difference/")
    assert "Link registers" in page.locator("main").inner_text()
    assert tab.faults == []


def _fill(path, answers):
    """Type how far each measure is, and what was done."""
    book = openpyxl.load_workbook(path)
    page = book["Answers"]
    names = next(row for row in page.iter_rows() if row[0].value == "#answers")
    column = {cell.value: cell.column for cell in names}
    for row in page.iter_rows(min_row=names[0].row + 1):
        if said := answers.get(row[column["number"] - 1].value):
            page.cell(row[0].row, column["done"]).value, page.cell(row[0].row, column["text"]).value = said
    book.save(path)


def _amend(tab, plan):
    """The last day of 1.4 is put off to 2027 by a second resolution, in force from 1 May."""
    page = tab.page
    tab.open(f"/en/policies/plans/{plan.pk}/")
    page.get_by_role("button", name="Begin an amendment here").click()
    entry = plan.versions.get(state="draft").entries.get(code="1.4")
    tab.open(f"/en/policies/measures/{entry.measure_id}/edit/")
    page.get_by_label("Last day").fill("2027-06-30")
    page.get_by_role("button", name="Save").first.click()
    page.get_by_text("Saved.", exact=True).wait_for()
    tab.open(f"/en/policies/plans/{plan.pk}/in-force/")
    page.get_by_role("group", name="Legal act").get_by_label("English").fill("Second resolution")
    page.get_by_label("In force from").fill("2026-05-01")
    why = page.get_by_role("group", name="Why the plan is amended")
    why.get_by_label("English").fill("The tender is late.")
    page.get_by_role("button", name="Put in force").click()
    page.wait_for_url(f"**/policies/plans/{plan.pk}/")
