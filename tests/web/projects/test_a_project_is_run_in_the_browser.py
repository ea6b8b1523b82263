"""From an idea to an approved figure that everybody can read, by two people in a real browser."""

import re

from django.urls import reverse

from milepost.web.projects.queries import visible_to
from tests.web.conftest import PHONE, accessible

HALF = ("2025-01-01", "2025-06-30")


def press(page, name):
    """Press the button or link with this name."""
    page.get_by_role("button", name=name, exact=True).or_(
        page.get_by_role("link", name=name, exact=True)
    ).first.click()


def test_a_project_goes_from_an_idea_to_an_approved_figure(tab, page, cast, mary, fred):
    """Nothing but the pages is used."""
    tab.sign_in(mary)
    tab.open(reverse("projects"))
    press(page, "Enter a project")
    page.locator("#id_title_0").fill("Inspectors for fair recruitment")
    page.locator("#id_narrative_0").fill("Workers pay too much for a job abroad.")
    page.locator("#id_type").select_option("LM")
    page.locator("#id_coverage").select_option("national")
    page.locator("#id_gender_marker").select_option("1")
    page.locator("#id_manager").select_option(str(mary.pk))
    page.locator("#id_project_code").fill("LM.0777")
    page.locator("#id_areas").fill("Sandoria")
    page.locator("#id_start").fill("2025")
    page.locator("#id_end").fill("2026")
    page.locator("#id_budget").fill("60000")
    page.locator("#id_currency").fill("USD")
    press(page, "Save")
    assert "as a proposal" in page.locator("#messages").inner_text()
    project = visible_to(mary).get()
    assert not accessible(page)

    press(page, "Partners, money, links")
    page.get_by_text("Enter an endorsement").click()
    page.locator("#endorsement_day").fill("2024-09-01")
    page.locator("#endorsement_authority").fill("Ministry of Labour of Sandoria")
    page.locator("form:has(#endorsement_day) button[type=submit]").click()
    assert not accessible(page)

    tab.open(reverse("results", args=[project.pk]))
    for button, code, words in (
        ("Write the objective", "O", "Recruitment is fair"),
        ("Add an outcome", "1", "Agencies follow the rules"),
        ("Add an output", "1.1", "Inspectors know the rules"),
    ):
        page.get_by_role("link", name=re.compile(f"^{button}")).first.click()
        page.locator("#id_code").fill(code)
        page.locator("#id_title_0").fill(words)
        press(page, "Save")
    page.get_by_role("link", name="Add an indicator 1.1", exact=True).click()
    page.locator("#id_code").fill("1.1.a")
    page.locator("#id_title_0").fill("Inspectors trained")
    page.locator("#id_unit").fill("persons")
    page.locator("#id_counting").select_option("cumulative")
    page.locator("#id_over_time").select_option("sum")
    page.locator("#id_breakdowns").fill("sex: F, M")
    press(page, "Save")
    for what, number in (("Set Baseline Total", "0"), ("Set Target for the end Total", "40")):
        page.get_by_role("link", name=what, exact=True).click()
        page.locator("#id_value").fill(number)
        press(page, "Save")
    assert not accessible(page)
    tab.open(reverse("period-new", args=[project.pk]))
    page.locator("#id_start").fill(HALF[0])
    page.locator("#id_end").fill(HALF[1])
    press(page, "Save")

    tab.open(project.get_absolute_url())
    press(page, "Hand in as endorsed")
    tab.sign_in(fred)
    tab.open(project.get_absolute_url())
    press(page, "Approve")
    tab.sign_in(mary)
    tab.open(project.get_absolute_url())
    press(page, "Start")
    page.get_by_role("link", name="Reporting", exact=True).click()
    press(page, "Inspectors trained")
    for cell, number in enumerate(("12", "7", "5")):
        page.locator(f"#id_cell-{cell}-value").fill(number)
    page.locator("#id_evidence").fill("List of participants")
    assert not accessible(page)
    press(page, "Send to review")
    assert "Sent to review" in page.locator("#messages").inner_text()

    tab.sign_in(fred)
    tab.open(reverse("reporting", args=[project.pk]))
    press(page, "Inspectors trained")
    press(page, "Approve")
    tab.open(project.get_absolute_url())
    press(page, "Make public")

    page.context.clear_cookies()
    page.set_viewport_size(PHONE)
    tab.open(reverse("results", args=[project.pk]))
    table = page.locator("table.figures").inner_text()
    assert "12" in table
    assert "30.0 %" in table
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert not accessible(page)
    tab.open(reverse("projects"))
    assert "Inspectors for fair recruitment" in page.locator("main").inner_text()
    assert not accessible(page)
    assert not tab.faults
