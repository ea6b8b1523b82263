"""Every fault of a page is said, at its line, and nothing is made up to mend it."""

import pytest

from milepost.errors import KINDS, PROJECT_PAGES, describe
from milepost.interchange import project_pages
from milepost.reports import sentences


def faults(text):
    page = project_pages.read_text(text, "page.txt")
    return page, {problem.code: problem for problem in page.problems}


def facts(**more):
    lines = {"Project title": "Lakes", "Start Date": "2019", "End Date": "2020", **more}
    return "\n".join(f"{label.replace('_', ' ')}: {text}" for label, text in lines.items())


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("project-label-alone", facts(Coverage="")),
        ("project-label-unknown", facts(Hill_height="12", Coverage="National")),
        ("project-two-values", facts(Status="Active") + "\nProject Status: Completed"),
        ("project-codes-swapped", facts(Prima_ID="LM.0999")),
        ("project-code-shape", facts(Prima_ID="unknown yet")),
        ("project-code-type", facts(Projects_ID="PO.0999", Type="Labour Migration")),
        ("project-word-unknown", facts(Status="Dormant")),
        ("project-date-unreadable", facts(Year="soon")),
        ("project-end-before-start", facts(Start_="x").replace("2019", "2021")),
        ("project-year-after-start", facts(Year="2020")),
        ("project-budget-unreadable", facts(Budget="one hundred thousand")),
        ("project-budget-rounded", facts(Budget="USD 1.5 million")),
        ("project-budget-several", facts(Budget="USD 150,000 / EUR 130,000")),
        ("project-date-ambiguous", facts(End_="x").replace("2019", "01/02/2019")),
        ("project-period-undated", "Project title: Lakes\nProject period: 24 months\nStatus: Active"),
        ("project-page-no-facts", "Lakes\n\nThe lakes of the north are many, and nobody has counted them."),
        ("project-budget-unreadable", facts(Budget="100,000 - 150,000")),
        ("project-budget-points", facts(Budget="150.000")),
        ("project-state-unknown", facts(Country="Kenya, Atlantis")),
        ("project-state-misspelt", facts(Country="Kenya, Kazakzstan")),
        ("project-state-twice", facts(Country="Kenya Uganda Kenya")),
        ("project-state-old", facts(Country="Swaziland")),
        ("project-title-missing", "Start Date: 2019\nEnd Date: 2020"),
        ("project-line-unplaced", "Hills\nHills\nAfrica\nLM.0999\n2015\n1,000\nNational"),
        ("project-page-empty", " \n\t\n"),
    ],
)
def test_a_fault_is_said_with_its_remedy(code, text):
    _, found = faults(text)
    assert code in found
    for language in ("en", "ru"):
        what, remedy = sentences.fault(found[code], language)
        assert what
        assert remedy
        assert "{" not in what
    assert describe(found[code]).startswith("page.txt")


def test_a_fault_names_its_line():
    _, found = faults(facts(Budget="one hundred thousand"))
    assert found["project-budget-unreadable"].origin.row == 4


def test_a_date_of_two_meanings_is_kept_as_printed():
    page, found = faults(facts().replace("2020", "03/04/2021"))
    assert page.record.end == "03/04/2021"
    assert found["project-date-ambiguous"].origin.row == 3


def test_a_date_of_one_meaning_is_no_fault():
    for text in ("13/04/2021", "03.04.2021", "2021-04-03", "03/03/2021"):
        assert "project-date-ambiguous" not in faults(facts().replace("2020", text))[1]


def test_a_length_beside_start_and_end_is_no_fault():
    page, found = faults(facts(Duration="12 months"))
    assert "project-period-undated" not in found
    assert page.raw["Duration"] == "12 months"


def test_of_several_amounts_none_is_taken_and_no_currency():
    page, _ = faults(facts(Budget="USD 150,000 / EUR 130,000"))
    assert (page.record.budget, page.record.currency) == (None, None)


def test_the_currency_of_an_unreadable_budget_is_kept():
    page, _ = faults(facts(Budget="about USD 150,000"))
    assert (page.record.budget, page.record.currency) == (None, "USD")


def test_a_budget_in_words_stays_missing_and_raw():
    page, _ = faults(facts(Budget="one hundred thousand"))
    assert page.record.budget is None
    assert page.raw["Budget"] == "one hundred thousand"


def test_a_misspelt_state_is_kept_as_printed_and_the_likely_name_is_said():
    page, found = faults(facts(Country="Kazakzstan"))
    assert page.record.member_states == ("Kazakzstan",)
    assert found["project-state-misspelt"].details["near"] == "Kazakhstan"


def test_a_code_whose_type_is_only_inferred_is_no_fault():
    _, found = faults(facts(Projects_ID="RM.0999", Type="Labour Migration"))
    assert "project-code-type" not in found


def test_two_labels_of_the_same_value_are_no_fault():
    page, found = faults(facts(Status="Active") + "\nProject Status: ACTIVE")
    assert "project-two-values" not in found
    assert page.record.status == "Active"


def test_a_page_of_two_projects_says_so_and_gives_the_first():
    text = "Lakes\n-\nStart Date\n2019\n-\nEnd Date\n2020\n-\nStatus\nActive\nIt counts lakes.\n"
    page, found = faults(
        text + text.replace("Lakes", "Roads").replace("lakes", "roads").replace("2019", "2018")
    )
    assert (page.record.title, page.record.start) == ("Lakes", "2019")
    assert page.record.narrative == "It counts lakes."
    assert found["project-page-several"].origin.row == 14
    assert KINDS["project-page-several"].gravity == "error"


def test_two_projects_without_labels_are_two():
    text = (
        "Lakes of Kenya\nLakes of Kenya\nAfrica\nLM.0998\n1,000\nNational\nIt counts lakes in all places.\n"
    )
    page, found = faults(text + text.replace("Lakes", "Roads").replace("0998", "0999"))
    assert page.record.title == "Lakes of Kenya"
    assert page.record.project_id == "LM.0998"
    assert page.record.narrative == "It counts lakes in all places."
    assert "project-page-several" in found


def test_marks_for_nothing_are_missing():
    page, _ = faults(facts(Budget="N/A", Coverage="-", Status="TBC"))
    assert (page.record.budget, page.record.coverage, page.record.status) == (None, None, None)


def test_every_kind_of_fault_of_pages_is_warning_error_or_note():
    assert {kind.gravity for kind in PROJECT_PAGES.values()} == {"error", "warning", "note"}
