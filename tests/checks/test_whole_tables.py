import string
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost import checks
from milepost.errors import CHECKS, describe
from milepost.values import Origin, Table

TODAY = date(2026, 7, 1)


@pytest.mark.parametrize(
    "text",
    [
        """
        Year,Sex,Value
        2015,,10.5
        2015,F,11
        2015,M,10
        """,
        """
        Year,Units,Region,GeoCode,Value
        2015,Number,,,100
        2015,Number,North,KG1,60
        2015,Number,South,KG2,40
        """,
        """
        time_period,obs_value
        2015,14.5
        2023,10.2
        """,
        """
        series,ref_area,sex,time_period,obs_value,obs_status,unit_measure,nature
        SL_EMP_INJUR,KG,_T,2015,10.5,A,PER_100000_EMP,C
        SL_EMP_INJUR,KG,F,2015,,Q,PER_100000_EMP,C
        SL_EMP_INJUR,KG,M,2015,12,A,PER_100000_EMP,C
        """,
        """
        Year,Age,Value
        2018/19,,5
        2018/19,0-14,3
        2018/19,15+,7
        """,
    ],
)
def test_a_clean_table_has_no_faults(faults, text):
    assert faults(text) == {}


def test_every_fault_says_where_what_and_how_to_mend_it(faults):
    found = faults(
        """
        Year,Sex,Unnamed: 2,Value
        2015,Total,,"12,5"
        2099,M ,,..
        later,F,,
        """
    )
    assert {"stray-column", "spelled-total", "decimal-comma", "missing-mark", "year-in-future"} <= set(found)
    for problem in (problem for problems in found.values() for problem in problems):
        line = describe(problem)
        assert line.startswith("data/indicator_1-1-1.csv")
        assert "{" not in line
        assert problem.code in CHECKS


CELLS = st.sampled_from(
    [
        "",
        "2015",
        "2016",
        "F",
        "M",
        "Total",
        "_T",
        "12.5",
        "12,5",
        "1 234",
        "..",
        "<5",
        " x",
        "A",
        "Q",
        "Number",
        "1e999",
    ]
)


@given(
    st.lists(
        st.sampled_from(
            ["Year", "Value", "Sex", "Units", "OBS_STATUS", "Series", "Unnamed: 3", "", " Age", "TIME_PERIOD"]
        ),
        min_size=1,
        max_size=6,
        unique=True,
    ).flatmap(
        lambda columns: st.tuples(
            st.just(columns), st.lists(st.tuples(*[CELLS for _ in columns]), max_size=8)
        )
    )
)
def test_no_table_makes_the_checks_fail_and_every_sentence_has_its_particulars(drawn):
    columns, rows = drawn
    table = Table("1-1-1", tuple(columns), rows, Origin("x.csv"))
    for problem in checks.table(table, today=TODAY):
        kind = CHECKS[problem.code]
        for sentence in (kind.what, kind.remedy):
            places = {name for _, name, _, _ in string.Formatter().parse(sentence) if name}
            assert places <= set(problem.details)
        assert describe(problem)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["2015", "2016"]),
            st.sampled_from(["", "F", "M"]),
            st.sampled_from(["1", "2", "1.0"]),
        ),
        max_size=12,
    )
)
def test_conflicts_and_repeats_are_those_of_a_page_of_plain_python(rows):
    table = Table("x", ("Year", "Sex", "Value"), rows, Origin("x.csv"))
    found = checks.table(table, today=TODAY)
    values = {}
    for year, sex, value in rows:
        values.setdefault((year, sex), []).append(float(value))
    conflicting = [key for key, said in values.items() if len(set(said)) > 1]
    surplus = sum(len(said) - len(set(said)) for said in values.values())
    assert sum(problem.code == "conflicting-values" for problem in found) == len(conflicting)
    repeats = [problem.details["count"] for problem in found if problem.code == "repeated-rows"]
    assert sum(repeats) == surplus


def test_faults_of_one_kind_are_one_problem_with_a_count_and_the_first_rows(read):
    rows = "\n".join(f"{year},Total,{year}" for year in range(1950, 2020))
    found = checks.table(read(f"Year,Sex,Value\n{rows}"), today=TODAY)
    (problem,) = [problem for problem in found if problem.code == "spelled-total"]
    assert problem.details["count"] == 70
    assert problem.details["rows"] == list(range(2, 22))
    assert problem.origin == Origin("data/indicator_1-1-1.csv", None, 2, "Sex")


def test_faults_stand_in_the_lines_of_the_file_where_rows_do_not_follow_each_other():
    table = Table("x", ("Year", "Value"), [("2015", "1"), ("2016", "many")], Origin("x.xlsx", "Data"), [4, 9])
    (problem,) = checks.table(table, today=TODAY)
    assert str(problem.origin) == "x.xlsx, sheet Data, row 9, column Value"
