import pytest

from milepost.checks.cells import form_of


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("12,5", "decimal-comma"),
        (",5", "decimal-comma"),
        ("-0,25", "decimal-comma"),
        ("1 234,5", "thousands-separator"),
        ("1\u00a0234", "thousands-separator"),
        ("1\u202f234\u202f567", "thousands-separator"),
        ("1'234", "thousands-separator"),
        ("1,234", "ambiguous-comma"),
        ("1,234,567.8", "ambiguous-comma"),
        ("..", "missing-mark"),
        ("х", "missing-mark"),  # Cyrillic
        ("N/A", "missing-mark"),
        ("nan", "missing-mark"),
        ("нет данных", "missing-mark"),
        ("-", "missing-mark"),
        ("<5", "censored-value"),
        ("> 95 %", "censored-value"),
        ("менее 5", "censored-value"),
        ("12.5%", "percent-sign"),
        ("12.5*", "footnote-mark"),
        ("12.5 (p)", "footnote-mark"),
        ("12e", "footnote-mark"),
        ("000 uninfected population", "not-a-number"),
        ("1_000", "not-a-number"),
        ("inf", "not-a-number"),
        ("1e999", "not-a-number"),
        ("1-2", "not-a-number"),
    ],
)
def test_each_form_of_a_value_that_is_no_number_is_its_own_fault(faults, cell, code):
    found = faults(f'Year,Value\n2015,"{cell}"\n2016,3\n')
    assert set(found) == {code}
    assert found[code][0].details["cells"] == f'"{cell}" (row 2)'


@pytest.mark.parametrize("cell", ["0", "-1.5", "+2", "1e3", "1.5E-3", ".5", "5."])
def test_numbers_are_numbers(faults, cell):
    assert faults(f"Year,Value\n2015,{cell}") == {}


def test_a_form_of_fault_is_told_whatever_its_blanks():
    assert form_of(" 12,5 ") == "decimal-comma"


# Years


@pytest.mark.parametrize("text", ["2019*", "20222", "last year", "", "2015-2013"])
def test_a_year_that_cannot_be_read_is_an_error_with_its_text(faults, text):
    found = faults(f"Year,Value\n{text},1\n2016,3\n")
    assert set(found) == {"year-unreadable"}
    assert f'"{text}" (row 2)' in found["year-unreadable"][0].details["cells"]


@pytest.mark.parametrize("text", ["2015", "2018/19", "2010-2015", "2020-Q1", "2020-05", "2015.0", "2026"])
def test_years_spans_and_parts_of_years_can_be_read(faults, text):
    assert faults(f"Year,Value\n{text},1") == {}


def test_a_future_year_is_an_error_unless_a_forecast_or_a_target(faults):
    found = faults(
        """
        Year,Series,OBS_STATUS,Value
        2026,Rate,A,1
        2027,Rate,A,2
        2028,Rate,F,3
        2030,Target for 2030,A,4
        2035,Прогноз,A,5
        """
    )
    (future,) = found["year-in-future"]
    assert future.details["rows"] == [3]


def test_a_place_kept_for_a_coming_year_is_no_figure_of_the_future(faults):
    assert set(faults("Year,Sex,Value\n2015,F,3\n2029,F,\n")) == {"placeholder-rows"}


def test_a_year_before_1900_is_looked_at(faults):
    assert set(faults("Year,Value\n0215,1\n2015,3\n")) == {"year-implausible"}


# Statuses


def test_rows_without_value_and_status_are_placeholders_listed_once(faults):
    found = faults(
        """
        Year,Sex,Value
        2015,F,
        2015,M,
        2016,F,3
        """
    )
    (note,) = found["placeholder-rows"]
    assert (note.details["count"], note.details["rows"]) == (2, [2, 3])


def test_a_missing_value_with_a_status_that_says_why_is_no_fault(faults):
    assert faults("Year,OBS_STATUS,Value\n2015,O,\n2016,M,\n2017,Q,\n2018,L,\n2019,H,\n") == {}


def test_a_missing_value_whose_status_does_not_say_why_is_a_warning(faults):
    assert set(faults("Year,OBS_STATUS,Value\n2015,A,\n2016,A,3\n")) == {"no-value-no-reason"}


def test_a_value_beside_a_status_that_says_there_is_none_is_an_error_for_each_status(faults):
    found = faults("Year,OBS_STATUS,Value\n2015,Q,3\n2016,M,0\n2017,Q,5\n2018,A,5\n")
    told = [(problem.details["status"], problem.details["rows"]) for problem in found["value-beside-status"]]
    assert told == [("M", [3]), ("Q", [2, 4])]


def test_a_status_outside_the_code_list_is_told(faults):
    found = faults("Year,OBS_STATUS,Value\n2015,normal,3\n2016,A,3\n2017,,3\n")
    assert found["unknown-status"][0].details["rows"] == [2]


def test_a_status_may_be_given_by_its_name(faults):
    assert faults("Year,Observation status,Value\n2015,Normal value,1\n2016,Estimated value,2\n") == {}
    found = faults("Year,Observation status,Value\n2015,Rather good,1\n")
    assert set(found) == {"unknown-status"}
