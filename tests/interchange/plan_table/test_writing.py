from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import docx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from milepost.errors import MilepostError
from milepost.interchange import plan_table
from milepost.values import ResultIndicator, Text
from milepost.values.plan import Deadline, Measure, Section
from tests.interchange.plan_table import plans


def told(section):
    """What a plan says, without what only its file knows."""
    return (
        section.level,
        section.code,
        dict(section.title),
        [
            (
                one.code,
                dict(one.title),
                dict(one.expected),
                one.deadline,
                set(one.coordinators),
                set(one.executors),
                [dict(indicator.title) for indicator in one.indicators],
                one.funding_text,
            )
            for one in section.measures
        ],
        [told(below) for below in section.below],
    )


@pytest.mark.parametrize("ending", [".docx", ".xlsx"])
@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("made", [plans.in_word, plans.in_excel])
def test_what_was_read_is_written_and_read_again_as_the_same(tmp_path, ending, language, made):
    first = plan_table.read(made(tmp_path / ("a.docx" if made is plans.in_word else "a.xlsx")))
    plan_table.write("Plan", first.sections, tmp_path / f"b{ending}", language)
    again = plan_table.read(tmp_path / f"b{ending}")
    assert [told(section) for section in again.sections] == [told(section) for section in first.sections]


WORDS = st.sampled_from(["Open", "Train", "Pay", "центр", "реестр", "grant"])
TITLES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)


def _text(title):
    return Text({"ru" if any("а" <= letter <= "я" for letter in title) else "en": title})


@st.composite
def sections(draw):
    number = iter(range(1, 100))

    def measure():
        start, end = sorted([draw(st.dates(date(2020, 1, 1), date(2035, 1, 1))) for _ in "ab"])
        due = draw(
            st.sampled_from(
                [
                    Deadline("", start, end),
                    Deadline("", None, end),
                    Deadline("", start, None),
                    Deadline("", None, None, "continuous"),
                    Deadline("", start, end, "yearly"),
                ]
            )
        )
        code = str(next(number))
        lead, *others = draw(st.lists(st.sampled_from("ABCDE"), unique=True, min_size=1, max_size=3))
        titles = draw(st.lists(TITLES, max_size=2))
        return Measure(
            code,
            code,
            _text(draw(TITLES)),
            deadline=due,
            coordinators=(lead,),
            executors=tuple(others),
            indicators=tuple(ResultIndicator(str(at), _text(title)) for at, title in enumerate(titles)),
        )

    return [
        Section(
            f"p{at}",
            "",
            _text(draw(TITLES)),
            "priority",
            below=tuple(
                Section(f"o{at}", f"{at}.{of}", _text(draw(TITLES)), measures=(measure(), measure()))
                for of in range(1, draw(st.integers(1, 2)) + 1)
            ),
        )
        for at in range(1, draw(st.integers(1, 3)) + 1)
    ]


@given(sections(), st.sampled_from([".docx", ".xlsx"]), st.sampled_from(["en", "ru"]))
@settings(max_examples=25, deadline=None)
def test_any_plan_comes_back_with_its_days_and_institutions(made, ending, language):
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"plan{ending}"
        plan_table.write("Plan", made, path, language)
        found = plan_table.read(path)
    assert not found.problems

    def days(section):
        said = told(section)
        measures = [(*one[:3], (one[3].start, one[3].end, one[3].repeated), *one[4:]) for one in said[3]]
        return (*said[:3], measures, [days(below) for below in section.below])

    assert [days(section) for section in found.sections] == [days(section) for section in made]


def test_no_cell_runs_as_a_formula_and_what_no_document_may_hold_is_left_out(tmp_path):
    made = [Section("s", "", Text(), measures=(Measure("1", "1", Text(en="=1+1"), institutions="A\x00B"),))]
    plan_table.write("Plan", made, tmp_path / "plan.xlsx")
    sheet = load_workbook(tmp_path / "plan.xlsx")["Plan"]
    assert (sheet["B4"].value, sheet["B4"].data_type) == ("=1+1", "s")
    plan_table.write("Plan", made, tmp_path / "plan.docx")
    assert docx.Document(str(tmp_path / "plan.docx")).tables[0].rows[1].cells[3].text == "AB"


def test_another_ending_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(MilepostError) as found:
        plan_table.write("Plan", [], tmp_path / "plan.pdf")
    assert [problem.code for problem in found.value.problems] == ["unknown-format"]
    assert list(tmp_path.iterdir()) == []
