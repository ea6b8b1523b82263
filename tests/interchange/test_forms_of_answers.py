"""The form of an assessment goes out with its questions, and comes back with answers and evidence."""

from datetime import date

import openpyxl
import pytest

from milepost import catalogue
from milepost.errors import MilepostError
from milepost.interchange import answers
from milepost.values.assessment import Assessment, Evidence, Reply

EXAMPLE = catalogue.questionnaire("example-governance")
CODE = "example-governance@2"
LAW = Evidence(
    "Law on foreigners",
    "law",
    "article 12, paragraph 2",
    date(2019, 5, 17),
    "https://laws.example.org/12",
    "Children are taught.\nAll of them.",
    date(2025, 1, 1),
)
FULL = Assessment(
    CODE,
    "Sandoria",
    "national",
    "2026",
    "Ministry of the Interior",
    {
        "1.1.1": Reply("present", "In practice, too", (LAW, Evidence("Report 2024", "statistics"))),
        "1.3.2": Reply("no"),
        "2.3.3": Reply("=The survey of 2024", evidence=(Evidence("Survey"),)),
        "6.1.4": Reply("some", "From spring on"),
        "4.1.1": Reply("", "To be asked", (Evidence("Talk with employers", "interview"),)),
    },
)


@pytest.fixture
def form(tmp_path):
    """A form that somebody filled in: {(code of the question, number of the column): what was typed}."""

    def made(changes: dict[tuple[str, int], object], assessment: Assessment = FULL, rows=()) -> str:
        path = str(tmp_path / "form.xlsx")
        answers.write(EXAMPLE, assessment, path)
        book = openpyxl.load_workbook(path)
        page = book["Answers"]
        for row in page.iter_rows(min_row=5):
            for (code, column), value in changes.items():
                if row[1].value == code:
                    row[column - 1].value = value
        for row in rows:
            page.append(row)
        book.save(path)
        return path

    return made


def faults(path: str) -> list[tuple[str, str | None]]:
    return [(one.code, one.origin.column) for one in answers.read(path, EXAMPLE).problems]


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_goes_out_comes_back_in_either_language(tmp_path, language):
    answers.write(EXAMPLE, FULL, tmp_path / "form.xlsx", language)
    found = answers.read(tmp_path / "form.xlsx", EXAMPLE)
    assert found.assessment == FULL
    assert found.problems == ()


@pytest.mark.parametrize("asked", catalogue.questionnaires(), ids=lambda one: f"{one.code}@{one.version}")
def test_every_answer_of_every_questionnaire_comes_back(tmp_path, asked):
    offered = {item.code: asked.offered(item.code) for _domain, item in asked if "national" in item.levels}
    replies = {code: Reply(some[-1].code if some else "In words") for code, some in offered.items()}
    sent = Assessment(f"{asked.code}@{asked.version}", replies=replies)
    answers.write(asked, sent, tmp_path / "form.xlsx")
    assert answers.read(tmp_path / "form.xlsx", asked).assessment == sent


def test_a_form_for_local_government_has_its_questions_alone(tmp_path):
    answers.write(EXAMPLE, Assessment(CODE, level="local"), tmp_path / "form.xlsx")
    page = openpyxl.load_workbook(tmp_path / "form.xlsx")["Answers"]
    codes = [row[1].value for row in page.iter_rows(min_row=5)]
    assert codes == [item.code for _domain, item in EXAMPLE if "local" in item.levels]


def test_a_blank_form_has_no_answers_and_no_faults(tmp_path):
    answers.write(EXAMPLE, Assessment(CODE), tmp_path / "form.xlsx")
    found = answers.read(tmp_path / "form.xlsx", EXAMPLE)
    assert found.assessment.replies == {}
    assert found.problems == ()


def test_answers_are_typed_as_codes_or_words_in_any_language_and_case(form):
    path = form({("1.1.1", 5): "ОТСУТСТВУЕТ", ("1.1.2", 5): "Partial", ("1.1.3", 5): " absent "})
    found = answers.read(path, EXAMPLE).assessment.answers
    assert (found["1.1.1"], found["1.1.2"], found["1.1.3"]) == ("absent", "partial", "absent")


def test_a_cell_is_never_a_formula(tmp_path):
    answers.write(EXAMPLE, FULL, tmp_path / "form.xlsx")
    page = openpyxl.load_workbook(tmp_path / "form.xlsx")["Answers"]
    assert {cell.data_type for row in page.iter_rows() for cell in row} <= {"s", "n", "d"}


def test_faults_have_their_cell_and_leave_the_rest(form):
    path = form(
        {
            ("1.1.2", 5): "maybe",
            ("1.1.3", 7): "gossip",
            ("1.1.3", 8): "Somebody",
            ("1.2.1", 9): "article 5",
            ("1.2.2", 8): "Act",
            ("1.2.2", 10): "soon",
            ("1.3.1", 5): "present",
            ("1.3.1", 2): "9.9",
        }
    )
    assert faults(path) == [
        ("answers-not-offered", "Answer"),
        ("answers-kind", "Kind of evidence"),
        ("evidence-without-title", "Law, document or source"),
        ("round-form-day", "Date"),
        ("answers-unknown-question", "Code"),
    ]
    found = answers.read(path, EXAMPLE).assessment
    assert found.replies["1.2.2"].evidence == (Evidence("Act"),)
    assert found.answers["6.1.4"] == "some"


def test_a_question_answered_twice_keeps_its_first_answer_and_is_told(form):
    path = form({}, rows=[["", "1.3.2", "", "", "yes"], ["", "6.1.4", "", "", "some"]])
    assert faults(path) == [("answers-twice", "Answer")]
    assert answers.read(path, EXAMPLE).assessment.answers["1.3.2"] == "no"


def test_rows_may_be_sorted_and_deleted(form):
    path = form({})
    book = openpyxl.load_workbook(path)
    page = book["Answers"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=5)]
    page.delete_rows(5, len(rows))
    for row in sorted((row for row in rows if any(row[4:])), key=str, reverse=True):
        page.append(row)
    book.save(path)
    found = answers.read(path, EXAMPLE).assessment
    assert set(found.replies) == set(FULL.replies)
    assert set(found.replies["1.1.1"].evidence) == set(FULL.replies["1.1.1"].evidence)


def test_a_form_of_another_version_or_questionnaire_is_refused(tmp_path):
    former = catalogue.questionnaire("example-governance", "1")
    answers.write(former, Assessment("example-governance@1"), tmp_path / "form.xlsx")
    with pytest.raises(MilepostError, match="example-governance@1, not of example-governance@2"):
        answers.read(tmp_path / "form.xlsx", EXAMPLE)


@pytest.mark.parametrize("sheet", ["About", "Answers"])
def test_a_workbook_that_lacks_a_sheet_is_no_form(form, sheet):
    path = form({})
    book = openpyxl.load_workbook(path)
    del book[sheet]
    book.save(path)
    with pytest.raises(MilepostError, match="no form of answers"):
        answers.read(path, EXAMPLE)


def test_a_form_without_its_last_columns_is_refused(form):
    path = form({})
    book = openpyxl.load_workbook(path)
    book["Answers"].delete_cols(12, 2)
    book.save(path)
    with pytest.raises(MilepostError, match="Quotation"):
        answers.read(path, EXAMPLE)
