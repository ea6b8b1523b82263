"""Pages become records, each beside those of the same project, and several records become one."""

from decimal import Decimal

import pytest

from milepost.errors import describe
from milepost.recipes import projects
from milepost.values import ProjectRecord

ENGLISH = """\
Lakes of the North

  • Start Date
    2019
  • Project Status
    Completed
  • Projects ID
    LM.0999
  • Benefiting Member States
    Kenya

It counts lakes.
"""
OLD_SITE = """\
Lakes of the North
Lakes of the North
Africa
LM.0999
KE10P0999
150,000
Kenya
National
Active
It counts.
"""
ROADS = ENGLISH.replace("Lakes", "Roads").replace("LM.0999", "LM.0998")


@pytest.fixture
def write(tmp_path):
    def to(name, text):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return to


def test_entries_come_in_the_order_given_each_with_its_candidates(write):
    files = [write("a.txt", OLD_SITE), write("b.txt", ROADS), write("c.txt", ENGLISH)]
    entries = projects.read(files)
    assert [entry.file for entry in entries] == ["a.txt", "b.txt", "c.txt"]
    assert [entry.same_as for entry in entries] == [("c.txt",), (), ("a.txt",)]


def test_a_candidate_says_which_fields_are_the_same(write):
    first, _, third = projects.read(
        [write("a.txt", OLD_SITE), write("b.txt", ROADS), write("c.txt", ENGLISH)]
    )
    assert first.same_by == {"c.txt": ("project_id", "title")}
    assert projects.as_dict(third)["same_by"] == {"a.txt": ["project_id", "title"]}


def test_a_file_that_cannot_be_read_is_an_entry_that_says_why(write, tmp_path):
    bad, good = projects.read([tmp_path / "none.txt", write("a.txt", ENGLISH)])
    assert bad.page is None
    assert [problem.code for problem in bad.problems] == ["not-found"]
    assert good.page is not None
    assert projects.as_dict(bad)["record"]["title"] is None


def test_an_entry_as_json_has_numbers_lists_and_null(write):
    (entry,) = projects.read([write("a.txt", OLD_SITE)])
    found = projects.as_dict(entry)
    assert found["record"]["budget"] == 150_000
    assert found["record"]["member_states"] == ["Kenya"]
    assert found["record"]["start"] is None
    assert found["record"]["currency"] is None
    assert found["raw"]["unlabelled"][:2] == ["Africa", "LM.0999"]


def test_cents_are_kept():
    assert projects.record_as_dict(ProjectRecord(budget=Decimal("37450.25")))["budget"] == 37450.25


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (ProjectRecord(prima_id="KE10P0999", title="A"), ProjectRecord(prima_id="KE10P0999"), True),
        (ProjectRecord(project_id="LM.0999"), ProjectRecord(project_id="lm.0999"), True),
        (ProjectRecord(prima_id="KE10P0999"), ProjectRecord(prima_id="KE 10P 0999"), True),
        (ProjectRecord(title="Lakes"), ProjectRecord(title="LAKES", prima_id="KE10P0999"), True),
        (ProjectRecord(title="Lakes", year="2019"), ProjectRecord(title="Lakes", year="2020"), True),
        (ProjectRecord(title="A", prima_id="KE10P0999"), ProjectRecord(title="A", prima_id="KE10P0998"),
         False),
        (ProjectRecord(title="Lakes", member_states=("Kenya",)),
         ProjectRecord(title="Lakes", member_states=("Uganda",)), False),
        (ProjectRecord(title="Lakes", member_states=("Bénin",)),
         ProjectRecord(title="Lakes", member_states=("Benin",)), True),
        (ProjectRecord(title="Lakes"), ProjectRecord(title="Roads"), False),
        (ProjectRecord(), ProjectRecord(), False),
    ],
)  # fmt: skip
def test_what_makes_two_pages_candidates(one, other, same):
    assert projects.same_projects([one, other]) == ([[1], [0]] if same else [[], []])


def test_a_merge_takes_each_field_from_the_first_page_that_has_it():
    one = ProjectRecord(title="Lakes", status="Achevé", member_states=("Bénin",))
    other = ProjectRecord(
        title="LAKES", start="2019", status="Completed", member_states=("Benin",), budget=Decimal(5)
    )
    merged = projects.merge([("a.txt", one), ("b.txt", other)])
    assert merged.record == ProjectRecord(
        title="Lakes", start="2019", status="Achevé", member_states=("Bénin",), budget=Decimal(5)
    )
    assert merged.provenance == {
        "title": "a.txt", "status": "a.txt", "member_states": "a.txt", "start": "b.txt", "budget": "b.txt",
    }  # fmt: skip
    assert merged.conflicts == ()


def test_pages_that_disagree_are_a_conflict_with_both_values():
    one = ProjectRecord(status="Active", budget=Decimal("150000.00"))
    other = ProjectRecord(status="Completed", budget=Decimal(150_000))
    merged = projects.merge([("a.txt", one), ("b.txt", other)])
    (conflict,) = merged.conflicts
    assert merged.record.status == "Active"
    assert conflict.details["given"] == {"a.txt": "Active", "b.txt": "Completed"}
    assert "Active (a.txt); Completed (b.txt)" in describe(conflict)


def test_a_merge_of_nothing_is_an_empty_record():
    assert projects.merge([]) == projects.Merged(ProjectRecord(), {}, ())


def test_a_merge_of_one_is_that_one():
    record = ProjectRecord(title="Lakes", year="2019")
    assert projects.merge([("a.txt", record)]).record == record
