"""A table of answers becomes the points of SDG 10.7.2, or says all that is wrong with it."""

import json
import subprocess
import sys

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost import catalogue, recipes
from milepost.errors import MilepostError

DOMAINS = catalogue.questionnaire("sdg-10-7-2").domains
ITEMS = [item.code for domain in DOMAINS for item in domain.items]
WORTH = {"yes": 2, "legal_only": 1, "no": 0, "": 0}


def table(folder, *rows, name="answers.csv"):
    path = folder / name
    path.write_text("\n".join(["item,answer", *rows]) + "\n", encoding="utf-8")
    return path


def faults(path):
    with pytest.raises(MilepostError) as refused:
        recipes.tally_of(path)
    return {(one.code, one.origin.row, one.origin.column) for one in refused.value.problems}


@st.composite
def filled_in(draw):
    first = st.sampled_from(list(WORTH))
    other = st.sampled_from(["yes", "no", ""])
    return {item: draw(first if item.startswith("1") else other) for item in ITEMS}


@given(answers=filled_in())
def test_points_equal_plain_arithmetic(answers, tmp_path_factory):
    path = table(tmp_path_factory.mktemp("a"), *(f"{item},{answer}" for item, answer in answers.items()))
    found = recipes.points_as_dict(recipes.tally_of(path))
    for number, (code, domain) in enumerate(found["domains"].items(), 1):
        mine = [answer for item, answer in answers.items() if item.startswith(str(number))]
        assert code == f"PD_{number}"
        assert domain["percent"] == pytest.approx(sum(WORTH[answer] for answer in mine) * 10)
        assert (domain["answered"], domain["items"]) == (sum(map(bool, mine)), 5)
    percent = sum(WORTH[answer] for answer in answers.values()) * 100 / 60
    assert found["overall"]["percent"] == pytest.approx(percent)
    assert found["overall"]["class"] == 1 + (percent >= 40) + (percent >= 80) + (percent >= 100)
    assert found["answer_rate"] == pytest.approx(100 * sum(map(bool, answers.values())) / 30)


def test_items_left_out_blank_or_called_empty_count_nothing(tmp_path):
    found = recipes.tally_of(table(tmp_path, "1a,YES", "1b,empty", "1c,", " 2A , yes "))
    assert (found.answered, found.domain("PD_1").percent, found.domain("PD_2").percent) == (2, 20, 20)


def test_every_fault_is_named_at_its_row(tmp_path):
    path = table(tmp_path, "1a,yes", "1a,no", "2a,legal_only", "9z,no", ",yes", "3a,maybe", ",")
    assert faults(path) == {
        ("item-twice", 3, "item"),
        ("answer-not-offered", 4, "answer"),
        ("unknown-item", 5, "item"),
        ("item-missing", 6, "item"),
        ("unknown-answer", 7, "answer"),
    }


def test_both_columns_are_needed(tmp_path):
    path = tmp_path / "other.csv"
    path.write_text("code,value\n1a,yes\n", encoding="utf-8")
    with pytest.raises(MilepostError) as refused:
        recipes.tally_of(path)
    assert [one.details["column"] for one in refused.value.problems] == ["item", "answer"]


def test_a_workbook_is_read_from_the_sheet_with_the_columns(tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["Notes", "of the working group"])
    sheet = book.create_sheet("Answers")
    for row in (["Item", "Answer"], ["5a", "yes"], ["5b", "no"]):
        sheet.append(row)
    book.save(tmp_path / "answers.xlsx")
    assert recipes.tally_of(tmp_path / "answers.xlsx").domain("PD_5").percent == 20


def run(*arguments):
    command = [sys.executable, "-m", "milepost", "tally", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_the_command_prints_json_or_sentences(tmp_path):
    path = table(tmp_path, *(f"{item},yes" for item in ITEMS[:24]))
    found = json.loads(run(path, "--json").stdout)
    assert found["overall"] == {"percent": 80, "class": 3, "answered": 24, "items": 30}
    assert found["domains"]["PD_6"] == {"percent": 0, "class": 1, "answered": 0, "items": 5}
    said = run(path)
    assert said.returncode == 0
    assert "Overall: 80.0 %, class 3 (Meets), 24 of 30 answered" in said.stdout
    assert "6 of 30 items are not answered" in said.stdout


def test_the_command_ends_with_1_where_an_answer_cannot_be(tmp_path):
    refused = run(table(tmp_path, "2a,legal_only"))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "row 2" in refused.stderr
