"""`milepost assessment` as a person uses it: the form, what its answers come to, two rounds compared."""

import json
import subprocess
import sys

import openpyxl
import pytest


def milepost(folder, *arguments):
    return subprocess.run(
        [sys.executable, "-m", "milepost", *map(str, arguments)],
        cwd=folder, capture_output=True, text=True, check=False,
    )  # fmt: skip


def assessment(folder, *arguments):
    return milepost(folder, "assessment", *arguments)


def fill(path, cells: dict[str, dict[int, str]]) -> None:
    """Type into the form: {code of a question: {number of the column: what is typed}}."""
    book = openpyxl.load_workbook(path)
    for row in book["Answers"].iter_rows(min_row=5):
        for column, text in cells.get(row[1].value, {}).items():
            row[column - 1].value = text
    book.save(path)


@pytest.fixture
def rounds(tmp_path):
    """Two rounds of the example, of its two versions."""
    for version, name in (("1", "first.xlsx"), ("2", "second.xlsx")):
        done = assessment(
            tmp_path, "form", f"example-governance@{version}", "--out", name, "--area", "Sandoria"
        )
        assert done.returncode == 0, done.stderr
    fill(tmp_path / "first.xlsx", {"1.1.1": {5: "Absent"}, "4.1.4": {5: "Present"}, "6.2.3": {5: "No"}})
    fill(
        tmp_path / "second.xlsx",
        {
            "1.1.1": {5: "Partial", 8: "Health act", 9: "article 4"},
            "4.1.3": {5: "Absent"},
            "2.2.2": {5: "Present"},
        },
    )
    return tmp_path


def test_people_read_counts_by_domain_and_what_evidence_lacks(rounds):
    result = assessment(rounds, "read", "second.xlsx")
    assert result.returncode == 0
    assert "Migrants' rights: 0 present, 1 partial, 0 absent, 8 unanswered" in result.stdout
    assert "The answer to question 2.2.2 has no evidence." in result.stderr
    assert "The answer to question 1.1.1 has no evidence." not in result.stderr


def test_json_has_answers_evidence_areas_and_no_points_of_another_questionnaire(rounds):
    found = json.loads(assessment(rounds, "read", "second.xlsx", "--json").stdout)
    assert (found["questionnaire"], found["version"], found["area"]) == (
        "example-governance",
        "2",
        "Sandoria",
    )
    assert found["areas"]["PD_1"]["with_potential"] == ["1.1.1"]
    assert found["areas"]["PD_2"]["well_developed"] == ["2.2.2"]
    assert found["answers"]["1.1.1"]["evidence"][0]["title"] == "Health act"
    assert found["points"] is None
    assert found["problems"] == []


def test_the_instrument_of_the_indicator_has_its_points_as_tally_has_them(tmp_path):
    assert assessment(tmp_path, "form", "sdg-10-7-2", "--out", "form.xlsx").returncode == 0
    fill(tmp_path / "form.xlsx", {"1a": {5: "Yes, regardless of immigration status"}, "2a": {5: "no"}})
    (tmp_path / "items.csv").write_text("item,answer\n1a,yes\n2a,no\n")
    found = json.loads(assessment(tmp_path, "read", "form.xlsx", "--json").stdout)
    assert found["points"] == json.loads(milepost(tmp_path, "tally", "items.csv", "--json").stdout)


def test_two_rounds_are_compared_across_versions(rounds):
    result = assessment(rounds, "compare", "first.xlsx", "second.xlsx")
    assert "1.1.1: gained, absent → partial" in result.stdout
    assert "4.1.3 (was 4.1.4): lost, present → absent" in result.stdout
    assert "2.2.2: new, – → present" in result.stdout
    assert "6.2.3: dropped, no → –" in result.stdout
    found = json.loads(assessment(rounds, "compare", "first.xlsx", "second.xlsx", "--json").stdout)
    moved = next(one for one in found if one["question"] == "4.1.3")
    assert moved == {
        "outcome": "lost", "question": "4.1.3", "before": "4.1.4", "said": "present", "says": "absent",
    }  # fmt: skip


def test_a_fault_of_the_form_ends_with_1_and_the_rest_is_read(rounds):
    fill(rounds / "second.xlsx", {"1.1.2": {5: "Perhaps"}})
    result = assessment(rounds, "read", "second.xlsx")
    assert result.returncode == 1
    assert "column Answer: Question 1.1.2 does not offer the answer Perhaps." in result.stderr
    assert "1 partial" in result.stdout


def test_an_own_questionnaire_is_named_beside_the_form(tmp_path):
    (tmp_path / "own.yaml").write_text(
        'code: own\nversion: "1"\nname: {en: Own}\ndomains:\n- {code: A, name: {en: First}, items: '
        "[{code: a1, kind: yes_no, name: {en: Is it there?}}]}\n"
    )
    assert assessment(tmp_path, "form", "own.yaml", "--out", "form.xlsx").returncode == 0
    fill(tmp_path / "form.xlsx", {"a1": {5: "yes", 8: "Act"}})
    without = assessment(tmp_path, "read", "form.xlsx")
    assert without.returncode == 1
    assert "There is no questionnaire own@1" in without.stderr
    found = assessment(tmp_path, "read", "form.xlsx", "--questionnaire", "own.yaml")
    assert found.stdout == "First: 1 present, 0 partial, 0 absent, 0 unanswered\n"


def test_rounds_of_two_questionnaires_are_not_compared(rounds):
    assert assessment(rounds, "form", "sdg-10-7-2", "--out", "other.xlsx").returncode == 0
    result = assessment(rounds, "compare", "other.xlsx", "second.xlsx")
    assert result.returncode == 1
    assert "The rounds are of two questionnaires" in result.stderr


@pytest.mark.parametrize("ending", ["docx", "pdf", "html"])
def test_the_report_is_written_by_its_ending(rounds, ending):
    result = assessment(
        rounds, "report", "second.xlsx", "--before", "first.xlsx", "--out", f"report.{ending}"
    )
    assert result.returncode == 0, result.stderr
    assert (rounds / f"report.{ending}").stat().st_size > 1000


def test_a_report_of_another_kind_of_file_is_refused(rounds):
    result = assessment(rounds, "report", "second.xlsx", "--out", "report.odt")
    assert result.returncode == 1
    assert not (rounds / "report.odt").exists()
