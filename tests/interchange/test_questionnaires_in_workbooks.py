"""A questionnaire goes out as a workbook, is changed, and comes back; what is wrong has its cell."""

import pytest
import xlsxwriter

from milepost import catalogue
from milepost.errors import MilepostError
from milepost.interchange import questionnaire as files

ABOUT = [["Field", "Value"], ["Code", "own"], ["Version", "1"], ["Name [en]", "Own"], ["Name [ru]", "Свой"]]
DOMAINS = [["Code", "Name [en]"], ["A", "First"], ["B", "Second"]]
QUESTIONS = [
    ["Domain", "Code", "Question [en]", "Question (RU)", "Kind of answer", "Levels", "References"],
    ["A", "a1", "Is it there?", "Имеется ли это?", "presence", "national, local", "gcm/15; sdg/10.7"],
    ["B", "b1", "=1+1", "", "text", "", ""],
]


def workbook(path, **pages):
    """A workbook that somebody typed: {sheet: rows}."""
    names = {"about": "About", "domains": "Domains", "questions": "Questions"}
    shown = {"about": ABOUT, "domains": DOMAINS, "questions": QUESTIONS} | pages
    with xlsxwriter.Workbook(str(path), {"strings_to_formulas": False}) as book:
        for name, rows in shown.items():
            if rows:
                page = book.add_worksheet(names.get(name, name))
                for at, row in enumerate(rows):
                    page.write_row(at, 0, row)
    return path


def faults(path) -> list[tuple[str, str | None, int | None, str | None]]:
    with pytest.raises(MilepostError) as caught:
        files.read(path)
    return [(one.code, one.origin.sheet, one.origin.row, one.origin.column) for one in caught.value.problems]


@pytest.mark.parametrize("ending", [".xlsx", ".yaml"])
@pytest.mark.parametrize("shipped", catalogue.questionnaires(), ids=lambda one: f"{one.code}@{one.version}")
def test_what_goes_out_comes_back(tmp_path, shipped, ending):
    files.write(shipped, tmp_path / f"out{ending}")
    found = files.read(tmp_path / f"out{ending}")
    assert found.questionnaire == shipped
    assert found.problems == ()


def test_a_workbook_that_somebody_typed_is_read(tmp_path):
    own = files.read(workbook(tmp_path / "own.xlsx")).questionnaire
    assert (own.code, own.version, own.name["ru"]) == ("own", "1", "Свой")
    (first, second) = (item for _domain, item in own)
    assert first.name["ru"] == "Имеется ли это?"
    assert first.levels == ("national", "local")
    assert first.references == (("gcm", "15"), ("sdg", "10.7"))
    assert second.name["en"] == "=1+1"  # text, not a formula
    assert not own.example


def test_the_mapping_to_a_former_version_stands_beside_the_questions(tmp_path):
    heads, first, second = QUESTIONS
    rows = [
        [*heads, "Code in version 0", "Comparable with version 0"],
        [*first, "–", ""],
        [*second, "b9", "no"],
    ]
    since = files.read(workbook(tmp_path / "own.xlsx", questions=rows)).questionnaire.since("0")
    assert since.questions == {"a1": None, "b1": "b9"}
    assert since.not_comparable == ("b1",)


def test_every_fault_has_its_sheet_row_and_column(tmp_path):
    rows = [
        QUESTIONS[0],
        ["A", "a1", "Is it there?", "", "presnce", "town", "gcm/99"],
        ["C", "c1", "Where?", "", "text", "", ""],
        ["B", "a1", "", "", "text", "", ""],
        ["B", "b 2", "What?", "", "graded", "", ""],
    ]
    assert sorted(faults(workbook(tmp_path / "own.xlsx", questions=rows)), key=str) == sorted(
        [
            ("definition-choice", "Questions", 2, "Kind of answer"),
            ("definition-choice", "Questions", 2, "Levels"),
            ("questionnaire-reference", "Questions", 2, "References"),
            ("definition-choice", "Questions", 3, "Domain"),
            ("definition-missing", "Questions", 4, "Question"),
            ("questionnaire-code-twice", "Questions", 4, "Code"),
            ("questionnaire-code", "Questions", 5, "Code"),
            ("questionnaire-without-answers", "Questions", 5, "Kind of answer"),
        ],
        key=str,
    )


def test_words_for_points_are_a_fault(tmp_path):
    answers = [["Code", "Answer [en]", "Says", "Points"], ["half", "Half", "partial", "many"]]
    found = faults(workbook(tmp_path / "own.xlsx", Answers=answers))
    assert found == [("definition-type", "Answers", 2, "Points")]


def test_a_decimal_comma_is_a_number(tmp_path):
    answers = [["Code", "Answer [en]", "Says", "Points"], ["half", "Half", "partial", "0,5"]]
    own = files.read(workbook(tmp_path / "own.xlsx", Answers=answers)).questionnaire
    assert own.answers[0].points == 0.5


@pytest.mark.parametrize("sheet", ["about", "domains", "questions"])
def test_a_workbook_without_one_of_its_sheets_is_refused(tmp_path, sheet):
    found = faults(workbook(tmp_path / "own.xlsx", **{sheet: None}))
    assert [one[0] for one in found] == ["questionnaire-sheet"]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.yaml", b"", "empty-file"),
        ("broken.xlsx", b"PK\x03\x04" + b"\x00" * 100, None),
        ("latin.yaml", "code: приложение".encode("cp1251"), "definition-unreadable"),
        ("picture.yaml", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50, None),
        ("list.yaml", b"- a\n- b\n", "definition-not-entries"),
        ("unsafe.yaml", b"code: !!python/object/apply:os.system ['true']\n", "definition-unsafe"),
    ],
)
def test_a_file_of_another_kind_is_refused(tmp_path, name, content, code):
    path = tmp_path / name
    path.write_bytes(content)
    found = [one[0] for one in faults(path)]
    assert found
    if code:
        assert code in found


def test_it_is_written_by_its_ending_only(tmp_path):
    with pytest.raises(MilepostError, match=r"out\.pdf"):
        files.write(catalogue.questionnaire("sdg-10-7-2"), tmp_path / "out.pdf")
    assert not list(tmp_path.iterdir())
