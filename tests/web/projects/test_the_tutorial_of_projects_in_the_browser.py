"""The tutorial "Your first project" is walked from its page on a fund's site to the public, by two people."""

import re
from pathlib import Path
from typing import Any

import openpyxl
from django.urls import reverse

from milepost.web.projects.queries import visible_to
from tests.web.conftest import accessible

TUTORIAL = Path(__file__).parents[3] / "docs" / "tutorial" / "first-project.md"
FIRST, SECOND = "2025-01-01/2025-06-30", "2025-07-01/2025-12-31"


class Reader:
    """A person who does what the tutorial says, and nothing else."""

    def __init__(self, tab):
        self.tab, self.page = tab, tab.page

    def press(self, name):
        """Press the first button or link with this name."""
        by = self.page.get_by_role
        by("button", name=name, exact=True).or_(by("link", name=name, exact=True)).first.click()

    def type(self, **typed):
        """Fill in fields by their names; a list is a choice by its words."""
        for name, value in typed.items():
            field = self.page.locator(f"#id_{name}")
            if isinstance(value, list):
                field.select_option(label=value[0])
            elif isinstance(value, bool):
                field.set_checked(value)
            else:
                field.fill(value)

    def add(self, summary, which, **typed):
        """Open a fold of the page, fill in its form, and save."""
        self.page.get_by_text(summary, exact=True).click()
        form = self.page.locator(f"form:has(input[name=form][value={which}])")
        for name, value in typed.items():
            field = form.locator(f"#{which}_{name}")
            _ = field.select_option(label=value[0]) if isinstance(value, list) else field.fill(value)
        form.locator("button[type=submit]").click()
        assert "Saved." in self.said()

    def said(self):
        """What the page answered."""
        return self.page.locator("#messages").inner_text()

    def main(self):
        """What the page says."""
        return self.page.locator("main").inner_text()


def page_of_the_tutorial():
    """The project page that the tutorial prints."""
    return TUTORIAL.read_text().split("```text\n")[1].split("```")[0]


def test_the_tutorial_is_walked_from_a_page_to_the_public(tab, cast, mary, fred, tmp_path):
    """Record, steps, work, engagement, tracking table, reports, IATI, programme, public page."""
    reader = Reader(tab)
    page, press, write = tab.page, reader.press, reader.type
    tab.sign_in(mary)
    project = enter_from_its_page(reader, mary)
    tab.open(reverse("project-edit", args=[project.pk]))
    write(areas="Sandoria", gender_marker=["2a: gender is mainstreamed"], manager=[str(mary)])
    write(fund=["IOM Development Fund"])
    press("Save")
    press("Partners, money, links")
    reader.add("Enter an endorsement", "endorsement", day="2024-09-01", authority="Ministry of Labour")
    for purpose, amount in (("Staff", "25000"), ("Office", "5000"), ("Operational", "47000")):
        reader.add("Add a line", "line", kind=[purpose], title_0=purpose, amount=amount)
    reader.add("Add a line", "line", kind=["Evaluation"], title_0="Evaluation", amount="3000")
    press("Project")
    assert "Staff and office take 37.5 % of the budget; 30 % is the rule" in reader.main()
    matrix(reader, project)
    approve_and_start(reader, project, mary, fred)
    work(reader, project)
    report_from_the_engagement(reader, project, mary, fred)
    bring_the_table_back(reader, project, tmp_path / "table.xlsx")
    give_out(reader, project, mary, fred)
    tab.faults.clear()  # pages that say what IATI lacks answer 409, and the browser notes that
    show_to_the_public(reader, project, fred)
    assert not accessible(page)
    assert not tab.faults


def enter_from_its_page(reader, mary):
    """Steps 2 and 3: pasted, looked at, entered."""
    reader.tab.open(reverse("projects"))
    reader.press("Read project pages")
    reader.type(text=page_of_the_tutorial())
    reader.press("Read the pages")
    assert "Boats land on every coast" in reader.main()
    reader.press("Enter it as a new project")
    reader.press("Enter the project")
    project = visible_to(mary).get()
    assert (project.project_code, project.year, project.state) == ("PO.9100", 2024, "proposal")
    assert "a state that the project is for" in reader.main()
    return project


def matrix(reader, project):
    """Step 5: results, an indicator with its baseline and target, two periods."""
    reader.tab.open(reverse("results", args=[project.pk]))
    for button, code, words in (
        ("Write the objective", "O", "Arrivals are known"),
        ("Add an outcome", "1", "Lighthouses count"),
        ("Add an output", "1.1", "Keepers can count"),
        ("Add an activity", "1.1.1", "Courses"),
    ):
        reader.page.get_by_role("link", name=re.compile(f"^{button}")).first.click()
        reader.type(code=code, title_0=words)
        reader.press("Save")
    reader.press("Add an indicator 1.1")
    reader.type(code="1.1.a", title_0="Keepers trained", unit="persons", breakdowns="sex: F, M")
    reader.type(counting=["this period alone, to be added up"], over_time=["the sum of the periods"])
    reader.press("Save")
    for what, number in (("Set Baseline Total", "0"), ("Set Target for the end Total", "40")):
        reader.press(what)
        reader.type(value=number)
        reader.press("Save")
    for period in (FIRST, SECOND):
        reader.tab.open(reverse("period-new", args=[project.pk]))
        reader.type(start=period[:10], end=period[11:])
        reader.press("Save")


def approve_and_start(reader, project, mary, fred):
    """Step 6: the project waits for the fund manager under My work."""
    tab = reader.tab
    tab.open(project.get_absolute_url())
    reader.press("Hand in as endorsed")
    tab.sign_in(fred)
    tab.open(reverse("work"))
    assert not accessible(reader.page)
    reader.press("Approve a project, or give it back")
    reader.press("Approve")
    tab.sign_in(mary)
    tab.open(project.get_absolute_url())
    reader.press("Start")
    assert "Active" in reader.said()


def work(reader, project):
    """Steps 7 and 8: a task, a milestone, months, money, a risk."""
    reader.tab.open(reverse("workplan", args=[project.pk]))
    reader.press("Plan a task")
    reader.type(title_0="Course", start="2025-03-01", end="2025-03-31", result=["1.1.1 Courses"])
    reader.press("Save")
    reader.press("Plan a task")
    reader.type(title_0="All lighthouses count", end="2026-06-30", milestone=True)
    reader.press("Save")
    assert "The task is planned." in reader.said()
    reader.press("People")
    reader.press("Add a role")
    reader.type(**{"role": "Trainer", "planned-2025-03": "0.5"})
    reader.press("Save")
    reader.page.locator(".tabs").get_by_text("Money", exact=True).click()
    reader.page.get_by_text("Enter an expenditure").click()
    reader.type(line=["Operational"], day="2025-03-20", amount="3000", note="Boat to the lighthouse")
    reader.press("Save")
    assert "Saved." in reader.said()
    reader.press("Risks")
    reader.page.goto(reader.tab.server.url + reverse("risk-new", args=[project.pk]))
    reader.page.locator("#id_likelihood").select_option("3")
    reader.page.locator("#id_impact").select_option("4")
    reader.type(statement_0="Storms close the harbour")
    reader.press("Save")
    assert "Saved." in reader.said()


def report_from_the_engagement(reader, project, mary, fred):
    """Steps 9 and 10: recorded once, counted, sent, approved."""
    tab, page = reader.tab, reader.page
    tab.open(reverse("project-engagements", args=[project.pk]))
    assert "No engagement is recorded yet." in reader.main()
    reader.press("Record an engagement")
    reader.type(kind=["Training"], first_day="2025-03-20", topic_0="Counting arrivals", public=True)
    page.locator("[name=came-ministry-F]").fill("7")
    page.locator("[name=came-ministry-M]").fill("5")
    reader.press("Save")
    page.get_by_text("Let it count towards an indicator").click()
    page.locator("#id_indicator").select_option(label="PO.9100 · 1.1.a Keepers trained")
    page.locator("form:has(#id_indicator) button[type=submit]").click()
    tab.open(reverse("reporting", args=[project.pk]))
    page.get_by_role("link", name="Keepers trained").last.click()
    reader.press("Take 12 from 1 engagement in this period")
    reader.type(evidence="List of participants")
    reader.press("Send to review")
    tab.sign_in(fred)
    tab.open(reverse("work"))
    page.get_by_role("link", name=re.compile("^Approve or return 1 figure reported")).click()
    reader.page.get_by_role("link", name="Keepers trained").last.click()
    reader.press("Approve")
    reader.press("Results")
    assert "30.0 %" in page.locator("table.figures").inner_text()
    tab.sign_in(mary)


def bring_the_table_back(reader, project, path):
    """Steps 11 and 12: a target with its reason and an actual, typed into the workbook."""
    page = reader.page
    reader.tab.open(reverse("tracking", args=[project.pk]))
    with page.expect_download() as coming:
        reader.press("Download as Excel")
    coming.value.save_as(path)
    book = openpyxl.load_workbook(path)
    sheet: Any = book.worksheets[0]
    columns = {cell.value: cell.column for cell in sheet[5]}
    line = next(row[0].row for row in sheet.iter_rows(min_row=6) if row[2].value == "1.1.a")
    for column, value in (("whole|target", 50), ("row|reason", "More keepers"), (f"{SECOND}|actual", 9)):
        sheet.cell(line, columns[column]).value = value
    book.save(path)
    page.locator("#id_file").set_input_files(path)
    reader.press("See what it would change")
    assert "Cells added: 1, changed: 1, removed: 0" in reader.main()
    reader.press("Take these changes in")
    assert "1 target is set. 1 report is written." in reader.said()


def give_out(reader, project, mary, fred):
    """Steps 13 to 15: the interim report in three forms, the file of IATI, the programme."""
    tab, page = reader.tab, reader.page
    tab.open(reverse("project-reports", args=[project.pk]))
    reader.press("Begin a report")
    reader.type(kind=["Interim report"], part=["Narrative and financial"])
    page.locator("#id_period").select_option(index=1)
    page.locator("main form button[type=submit]").click()
    for part in page.locator("main textarea").all():
        part.fill("The keepers count.")
    reader.press("Save")
    reader.press("Send to review")
    tab.sign_in(fred)
    tab.open(reverse("work"))
    reader.press("Approve or return: Interim report")
    reader.press("Approve")
    for name, begins in (("PDF", b"%PDF"), ("Word", b"PK"), ("Web page", b"<!do")):
        address = page.get_by_role("link", name=name, exact=True).first.get_attribute("href")
        assert page.request.get(tab.server.url + address).body().startswith(begins)

    tab.sign_in(mary)
    file = tab.server.url + reverse("project-iati", args=[project.pk])
    page.goto(file)
    assert "Under Partners, money, links add who reports" in reader.main()
    tab.open(reverse("programme-new"))
    reader.type(title_0="Arrivals by sea")
    reader.press("Save")
    tab.open(reverse("project-edit", args=[project.pk]))
    reader.type(iati_identifier="XM-DAC-00000-PO.9100", programme=["Arrivals by sea"])
    reader.press("Save")
    reader.press("Partners, money, links")
    reader.add(
        "Add an organisation",
        "party",
        role=["Lead, accountable"],
        institution=["Ministry of Labour of Sandoria"],
        reference="XM-DAC-00000",
    )
    reader.add("Add an organisation", "party", role=["Donor"], name_0="A fund")
    page.goto(file)
    assert "Under Edit enter the main purpose by the codes of OECD DAC." in reader.main()
    tab.open(reverse("project-edit", args=[project.pk]))
    reader.type(dac="15190")
    reader.press("Save")
    page.goto(file)
    [fault] = page.locator(".faults li").all_inner_texts()
    assert "'XS' is not in the list Country" in fault  # Sandoria is made up


def show_to_the_public(reader, project, fred):
    """Step 16: made public, and read by somebody who is not signed in."""
    tab, page = reader.tab, reader.page
    tab.sign_in(fred)
    tab.open(project.get_absolute_url())
    reader.press("Make public")
    page.context.clear_cookies()
    tab.open(project.get_absolute_url())
    seen = set(page.locator(".tabs li").all_inner_texts())
    assert {"Project", "Results", "Tracking table", "Engagements"} <= seen
    assert not {"Reporting", "Reports", "Workplan", "People", "Money", "Risks", "Edit"} & seen
    tab.open(reverse("tracking", args=[project.pk]))
    table = page.locator(".scroll table.tracking").inner_text()
    assert "50" in table
    assert "12" in table
    assert "9" not in {cell.strip() for cell in table.split()}  # a draft
    tab.open(reverse("programmes"))
    reader.press("Arrivals by sea")
    assert "Keepers trained" in reader.main()
