import pytest

from milepost.checks import Context


def test_columns_left_behind_by_spreadsheets_are_told_with_what_they_hold(faults):
    found = faults(
        """
        Year,Unnamed: 1,Sex,,Value
        2015,0,,x,1
        2016,1,,,2
        """
    )
    told = [(problem.details["number"], problem.details["filled"]) for problem in found["stray-column"]]
    assert told == [(2, 2), (4, 1)]
    assert set(found) == {"stray-column", "empty-column"}


def test_a_category_column_with_only_blanks_is_a_note_but_an_attribute_is_not(faults):
    found = faults("Year,Group,COMMENT_OBS,Value\n2015,,,1\n")
    assert [problem.details["column"] for problem in found["empty-column"]] == ["Group"]


def test_blanks_around_headers_and_cells_are_told_by_column(faults):
    found = faults(
        """
        Year, Sex,Region ,Value
        2015,M ,North,1
        2016, M,North\u00a0,2
        2017,M,North, 3
        """
    )
    assert [problem.details["column"] for problem in found["stray-spaces-header"]] == [" Sex", "Region "]
    told = {problem.details["column"]: problem.details["rows"] for problem in found["stray-spaces"]}
    assert told == {" Sex": [2, 3], "Region ": [3], "Value": [4]}


@pytest.mark.parametrize(
    "spelling",
    [
        "total", "Total", "TOTAL", "Insgesamt", "Всего", "итого", "all", "Ensemble", "Total général",
        "Both sexes", "BOTHSEX", "ALL AREA", "All ages", "оба пола", "бардыгы",
        "Total or no breakdown", "Total - Gender", "Total, location", "_T",
    ],
)  # fmt: skip
def test_a_total_that_is_spelled_out_is_told_once_for_each_column_and_spelling(faults, spelling):
    found = faults(f'Year,Group,Value\n2015,"{spelling}",1\n2016,"{spelling}",2\n2015,F,1\n')
    (problem,) = found["spelled-total"]
    assert (problem.details["column"], problem.details["spelling"]) == ("Group", spelling)
    assert problem.details["count"] == 2


@pytest.mark.parametrize(
    "category", ["total (15-49)", "Totally blind", "Total emissions", "partially", "All renewables"]
)
def test_categories_that_only_contain_the_word_are_no_totals(faults, category):
    assert faults(f"Year,Group,Value\n2015,{category},1") == {}


def test_in_sdmx_columns_the_code_for_the_total_is_right_and_the_word_is_not(faults):
    assert faults("time_period,sex,obs_value\n2015,_T,1\n") == {}
    assert set(faults("time_period,sex,obs_value\n2015,Total,1\n")) == {"spelled-total"}


def test_open_sdg_tables_begin_with_the_year_and_end_with_the_value(faults):
    found = faults("Sex,Year,Value,Units\nF,2015,3,percent\n")
    assert found["year-not-first"][0].details["first"] == "Sex"
    assert found["value-not-last"][0].details["last"] == "Units"
    assert faults("sex,time_period,obs_value,unit_measure\nF,2015,3,PT\n") == {}


def test_the_layout_can_be_told(faults):
    text = "sex,time_period,obs_value,unit_measure\nF,2015,3,PT\n"
    assert set(faults(text, context=Context(layout="open-sdg"))) == {"year-not-first", "value-not-last"}


def test_a_table_without_a_year_or_a_value_says_so(faults):
    assert set(faults("Sex,Value\nF,3\n")) == {"no-year-column"}
    assert set(faults("Year,Sex\n2015,F\n")) == {"no-value-column"}


def test_a_table_with_headers_only_is_a_note(faults):
    assert set(faults("Year,Value\n")) == {"no-rows"}


def test_numbers_among_words_beside_a_missing_value_are_shifted_cells(faults):
    found = faults(
        """
        Year,Region,Value
        2015,North,4.5
        2015,South,5.5
        2015,East,6.5
        2016,4.7,
        """
    )
    assert found["shifted-cells"][0].details["cells"] == '"4.7" (row 5)'


def test_ages_and_grades_are_no_shifted_cells(faults):
    assert faults("Year,Age,Value\n2015,15-19,4\n2015,20-24,5\n2015,17,5\n") == {}
    assert faults("Year,Grade,Value\n2015,1,4.5\n2015,2,5.5\n2015,3,5.5\n") == {}
