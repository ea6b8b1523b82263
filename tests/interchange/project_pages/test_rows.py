"""Facts that share a line, stand in tables, or stand apart from their labels."""

import pytest

from milepost.interchange import project_pages

STORY = "It counts the lakes of the north, and those who move from one to the next."


def read(*lines, file="page.txt"):
    return project_pages.read_text("\n".join(["Lakes of the North", "", *lines, "", STORY]), file)


def facts(page):
    record = page.record
    return record.start, record.end, record.status, record.coverage, record.member_states


ALL = ("2021", "2023", "Active", "National", ("Kenya",))


@pytest.mark.parametrize(
    "lines",
    [
        ["Start Date: 2021; End Date: 2023; Status: Active; Coverage: National; Country: Kenya"],
        ["Start Date: 2021 End Date: 2023 Status: Active Coverage: National Country: Kenya"],
        ["Start Date;2021", "End Date;2023", "Status;Active", "Coverage;National", "Country;Kenya"],
        ["Start Date;End Date;Status;Coverage;Country", "2021;2023;Active;National;Kenya"],
        ["Start Date,End Date,Status,Coverage,Country", '2021,2023,Active,National,"Kenya"'],
        ["Start Date\tEnd Date", "2021\t2023", "Status\tCoverage\tCountry", "Active\tNational\tKenya"],
        ["Field | Value", "---|---", "Start Date | 2021", "End Date | 2023", "Status | Active",
         "Coverage | National", "Country | Kenya"],
        ["| Field | Value | Field | Value |", "|:--|--:|---|---|", "| Start Date | 2021 | End Date | 2023 |",
         "| Status | Active | Coverage | National |", "| Country | Kenya | | |"],
        ["1. Start Date: 2021", "2. End Date: 2023", "3) Status: Active", "4) Coverage: National",
         "(5) Country: Kenya"],
        ["o Start Date: 2021", "o End Date: 2023", "o Status: Active", "o Coverage: National",
         "o Country: Kenya"],
        ["<b>Start Date</b>: 2021", "<b>End Date</b>: 2023", "<b>Status</b>: Active", "Coverage → National",
         "Country → Kenya"],
        ["Start Date", "End Date", "Status", "Coverage", "Country",
         "2021", "2023", "Active", "National", "Kenya"],
        ["• Start Date", "• End Date", "• Status", "• Coverage", "• Country",
         "", "• 2021", "• 2023", "• Active", "• National", "• Kenya"],
    ],
)  # fmt: skip
def test_facts_are_told_however_they_share_lines(lines):
    page = read(*lines)
    assert facts(page) == ALL
    assert (page.record.title, page.record.narrative) == ("Lakes of the North", STORY)


def test_of_labels_first_a_value_that_fits_two_labels_is_taken_by_none():
    page = read("Start Date", "End Date", "Status", "Coverage", "2021", "Active", "National")
    assert facts(page) == (None, None, "Active", "National", None)
    (fault,) = [one for one in page.problems if one.code == "project-line-unplaced"]
    assert (fault.origin.row, fault.details["text"]) == (7, "2021")


def test_of_labels_first_a_word_of_no_vocabulary_goes_to_the_only_label_left():
    page = read("Start Date", "Status", "Coverage", "2021", "Dormant", "National")
    assert (page.record.start, page.record.status, page.record.coverage) == ("2021", "Dormant", "National")
    assert "project-word-unknown" in [problem.code for problem in page.problems]


def test_of_labels_first_the_states_may_take_several_lines():
    page = read("Coverage", "Year", "Member States", "Regional", "2019", "Kenya", "Uganda")
    assert page.record.member_states == ("Kenya", "Uganda")
    assert (page.record.coverage, page.record.year) == ("Regional", "2019")


def test_empty_labels_above_a_list_of_states_stay_empty():
    page = read("• Coverage", "• Year", "• Member States", "    Kenya", "    Uganda")
    assert (page.record.coverage, page.record.year) == (None, None)
    assert page.record.member_states == ("Kenya", "Uganda")


def test_a_table_of_several_projects_is_several_projects():
    page = read("Title\tStatus\tPrima ID\tCountry", "Lakes\tActive\tKE10P0998\tKenya",
                "Roads\tCompleted\tKE10P0999\tUganda")  # fmt: skip
    assert (page.record.title, page.record.status, page.record.prima_id) == ("Lakes", "Active", "KE10P0998")
    assert page.record.member_states == ("Kenya",)
    assert "project-page-several" in [problem.code for problem in page.problems]


def test_sentences_with_colons_commas_and_bars_stay_as_they_are():
    story = "Summary of the lakes: there are 3: big, small | and none; Year after year, Status or no status."
    page = read("Start Date: 2021", "Status: Active", "", story)
    assert page.record.narrative == f"{story}\n{STORY}"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("January 2019 - December 2020", "January 2019", "December 2020"),
        ("2019-2020", "2019", "2020"),
        ("2019/2020", "2019", "2020"),
        ("2019-01-01/2020-12-31", "2019-01-01", "2020-12-31"),
        ("01.02.2019-31.12.2020", "01.02.2019", "31.12.2020"),
        ("24 months (January 2019 – December 2020)", "January 2019", "December 2020"),
        ("January 2019 to December 2020 (24 months)", "January 2019", "December 2020"),
        ("du 1er janvier 2019 au 31 décembre 2020", "1er janvier 2019", "31 décembre 2020"),
        ("January - December 2020", "January", "December 2020"),
        ("since 2019", "2019", None),
        ("2019 - ongoing", "2019", None),
        ("24 months", None, None),
    ],
)
def test_a_period_is_a_start_and_an_end(text, start, end):
    record = read("Status: Active", f"Project Period: {text}", "Coverage: National").record
    assert (record.start, record.end) == (start, end)


@pytest.mark.parametrize(
    ("label", "currency"),
    [
        ("Budget (in US$)", "USD"), ("Budget Amount (US$)", "USD"), ("Total budget (EUR)", "EUR"),
        ("Budget (en dollars É.-U.)", "USD"), ("Montant du budget", None),
    ],
)  # fmt: skip
def test_the_label_may_name_the_currency(label, currency):
    record = read(f"{label}: 5,000", "Status: Active").record
    assert (record.budget, record.currency) == (5_000, currency)


def test_a_title_that_a_code_in_brackets_follows_is_no_label():
    record = read("Status: Active", "Prima ID: (KE10P0999)", "Member States (Kenya)", "Year: 2019").record
    assert (record.prima_id, record.year) == ("KE10P0999", "2019")


def test_states_may_be_parted_by_a_word_on_a_line_of_its_own():
    record = read("Status: Active", "Year: 2019", "Member States:", "Kenya", "and", "Uganda").record
    assert record.member_states == ("Kenya", "Uganda")
