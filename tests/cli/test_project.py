"""`milepost project read` as a person uses it: pages saved from a fund's site, read into records."""

import json
import subprocess
import sys

import pytest

PAGE = """\
Lakes of the North
-
Start Date
2021
-
End Date
2020
-
Budget Amount (USD)
150000.00
-
Projects ID
LM.0999
It counts lakes.
"""


def project(folder, *arguments, given=""):
    return subprocess.run(
        [sys.executable, "-m", "milepost", "project", *map(str, arguments)],
        cwd=folder, capture_output=True, text=True, check=False, input=given,
    )  # fmt: skip


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "a.txt").write_text(PAGE, encoding="utf-8")
    (tmp_path / "b.txt").write_text(PAGE.replace("2020", "2022"), encoding="utf-8")
    return tmp_path


def test_json_is_a_list_with_one_entry_for_each_file_in_order(desk):
    result = project(desk, "read", "b.txt", "a.txt", "--json")
    assert result.returncode == 0, result.stderr
    second, first = json.loads(result.stdout)
    assert (second["file"], first["file"]) == ("b.txt", "a.txt")
    assert first["record"]["budget"] == 150_000
    assert first["record"]["start"] == "2021"
    assert first["record"]["member_states"] is None
    assert first["raw"]["Budget Amount (USD)"] == "150000.00"
    assert first["same_as"] == ["b.txt"]
    (problem,) = first["problems"]
    assert (problem["code"], problem["row"]) == ("project-end-before-start", 7)
    assert problem["remedy"]


def test_the_readable_report_says_what_is_missing_and_faults_go_to_standard_error(desk):
    result = project(desk, "read", "a.txt")
    assert result.returncode == 0
    assert "title:         Lakes of the North" in result.stdout
    assert "coverage:      missing" in result.stdout
    assert "ends (2020) before it starts (2021)" in result.stderr
    assert "1 project page read." in result.stderr


def test_a_page_may_come_from_standard_input(desk):
    result = project(desk, "read", "-", "a.txt", "--json", given=PAGE)
    assert result.returncode == 0, result.stderr
    pasted, saved = json.loads(result.stdout)
    assert pasted["file"] == "-"
    assert pasted["record"] == saved["record"]


def test_a_file_that_cannot_be_read_ends_with_one_and_the_others_are_read(desk):
    (desk / "c.pdf").write_bytes(b"%PDF-1.7\n")
    result = project(desk, "read", "c.pdf", "a.txt", "--json")
    assert result.returncode == 1
    refused, read = json.loads(result.stdout)
    assert refused["problems"][0]["code"] == "project-page-kind"
    assert read["record"]["title"] == "Lakes of the North"
    assert "copy its text into a .txt file" in result.stderr


def test_a_call_without_files_or_with_another_deed_is_a_wrong_call(desk):
    assert project(desk, "read").returncode == 2
    assert project(desk, "write", "a.txt").returncode == 2


def test_another_language_comes_by_a_label_file(desk):
    (desk / "pt.yaml").write_text("language: pt\nlabels:\n  end: [Data de fim]\n", encoding="utf-8")
    (desk / "d.txt").write_text("Lagos\nStart Date: 2019\nData de fim: 2021\n", encoding="utf-8")
    result = project(desk, "read", "d.txt", "--labels", "pt.yaml", "--json")
    assert result.returncode == 0, result.stderr
    assert json.loads(result.stdout)[0]["record"]["end"] == "2021"
    missing = project(desk, "read", "d.txt", "--labels", "none.yaml")
    assert missing.returncode == 1
    assert "none.yaml" in missing.stderr


def test_folders_and_missing_files_are_entries_and_the_same_file_twice_is_two(desk):
    result = project(desk, "read", "a.txt", ".", "none.txt", "a.txt", "--json")
    assert result.returncode == 1
    entries = json.loads(result.stdout)
    assert [[fault["code"] for fault in entry["problems"]] for entry in entries[1:3]] == [
        ["not-a-file"], ["not-found"],
    ]  # fmt: skip
    assert entries[0]["record"] == entries[3]["record"]
    assert entries[0]["same_by"] == {"a.txt": ["project_id", "title"]}


def test_the_readable_report_says_why_two_pages_may_be_one_project(desk):
    result = project(desk, "read", "a.txt", "b.txt")
    assert "perhaps the same project: b.txt (same project id, title)" in result.stdout
