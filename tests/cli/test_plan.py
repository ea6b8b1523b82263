"""`milepost plan read` as a person uses it: the table of an act, read into measures."""

import json
import subprocess
import sys

import pytest

from tests.interchange.plan_table import plans


def plan(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "milepost", "plan", *map(str, arguments)],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    plans.in_word(tmp_path / "plan.docx")
    plans.in_excel(tmp_path / "plan.xlsx")
    return tmp_path


def test_json_has_the_sections_with_their_measures(desk):
    result = plan(desk, "read", "plan.docx", "--json")
    assert result.returncode == 0, result.stderr
    found = json.loads(result.stdout)
    first, second = found["sections"][0]["below"][0]["measures"]
    assert first["deadline"] == {
        "text": "II квартал 2023 г.", "start": "2023-04-01", "end": "2023-06-30", "repeated": None,
    }  # fmt: skip
    assert first["coordinators"] == ["Ведомство труда"]
    assert second["deadline"]["repeated"] == "continuous"
    assert [problem["code"] for problem in found["problems"]] == ["plan-no-coordinator"]


def test_people_read_lines_and_faults_with_their_place(desk):
    result = plan(desk, "read", "plan.xlsx", "--end", "2026-06-30")
    assert "1  Train counsellors | 2026-12-31 | Labour Office" in result.stdout
    assert "row 5, column Deadline: The deadline by 2027 can mean" in result.stderr
    assert "reaches 2026-12-31, outside the plan" in result.stderr
    assert "2 measures read." in result.stderr


def test_a_file_without_a_plan_is_refused_and_so_is_a_day_that_is_none(desk):
    (desk / "text.docx").write_text("x")
    assert plan(desk, "read", "text.docx").returncode == 1
    wrong = plan(desk, "read", "plan.docx", "--start", "soon")
    assert wrong.returncode == 2
    assert "'soon' is no day" in wrong.stderr


def test_a_plan_goes_from_word_to_excel_and_says_the_same(desk):
    assert plan(desk, "read", "plan.docx", "--out", "out.xlsx", "--language", "ru").returncode == 0
    titles = []
    for name in ("plan.docx", "out.xlsx"):
        found = json.loads(plan(desk, "read", name, "--json").stdout)
        titles.append([one["title"] for one in found["sections"][0]["below"][0]["measures"]])
    assert titles[0] == titles[1]
    assert len(titles[0]) == 2


ANSWERS = """\
measure,until,done,verified,ended
1.1.1,2023-06-30,under way,no,
1.1.1,2023-12-31,выполнено,да,2023-09-10
"""


def rate(folder, *arguments, answers=ANSWERS):
    (folder / "answers.csv").write_text(answers, encoding="utf-8")
    return plan(folder, "rate", "plan.docx", "--since", "2023-01-01", "--answers", "answers.csv", *arguments)


def test_the_rate_of_a_year_is_said_with_every_measure(desk):
    result = rate(desk, "--year", "2023")
    assert result.returncode == 0, result.stderr
    assert "Implementation rate 2023: 100.0 % (1 of 1 measures due" in result.stdout
    assert "continuous, not counted: 1 (1.1.2)" in result.stdout
    found = json.loads(rate(desk, "--year", "2024", "--json").stdout)
    assert (found["value"], found["reason"], found["settled"]) == (None, "nothing_due", ["1.1.1"])


def test_every_fault_of_the_answers_is_said_at_once(desk):
    wrong = "1.1.1,2023-12-31,under way,no,\n9.9,2023-12-31,fully,no,\n1.1.2,soon,perhaps,maybe,\n"
    result = rate(desk, "--year", "2023", answers=ANSWERS + wrong)
    assert result.returncode == 1
    assert "row 4: Measure 1.1.1 has two different answers" in result.stderr
    assert "row 5: No version of the plan has a measure 9.9" in result.stderr
    for column in ("until", "done", "verified"):
        assert f"row 6: In the column {column} this cannot be read" in result.stderr
    lacking = rate(desk, "--year", "2023", answers="measure,done\n1.1.1,fully\n")
    assert "lacks: until" in lacking.stderr


def test_a_version_without_its_day_is_a_wrong_call(desk):
    result = rate(desk, "--year", "2023", "--since", "2024-01-01")
    assert result.returncode == 2
    assert "once for each file" in result.stderr
