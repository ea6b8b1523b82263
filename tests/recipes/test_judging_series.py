import openpyxl
import pytest

from milepost.errors import MilepostError
from milepost.recipes import progress_of, verdict_as_dict
from milepost.values import Target


def file(tmp_path, text):
    path = tmp_path / "series.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_without_series_gives_one_verdict(tmp_path):
    path = file(tmp_path, "time_period,obs_value\n2015,10\n2020,8\n2023,5\n")
    verdicts = progress_of(path, method="un", direction="down")
    assert verdicts[None].verdict == "on_track"
    assert verdicts[None].figures["current_value"] == 5


def test_columns_win_over_arguments(tmp_path):
    rows = "series,time_period,obs_value,direction,target,target_year\n"
    rows += "a,2015,10,down,5,2025\na,2020,4,down,5,2025\nb,2015,10,,,\nb,2020,14,,,\n"
    verdicts = progress_of(file(tmp_path, rows), method="statcan", direction="up", target=Target(20))
    assert verdicts["a"].verdict == "target_achieved"
    assert verdicts["b"].figures["target"] == 20


def test_years_before_2015_serve_where_there_are_no_two_later_ones(tmp_path):
    path = file(tmp_path, "time_period,obs_value\n2010,4\n2023,3\n")
    assert progress_of(path, method="statcan", direction="down")[None].figures["base_year"] == 2010


def test_not_assessed_says_why(tmp_path):
    path = file(tmp_path, "time_period,obs_value\n2015,0\n2023,3\n")
    found = verdict_as_dict(progress_of(path, method="un", direction="up")[None])
    assert (found["verdict"], found["value"], found["score"]) == ("not_assessed", None, None)
    assert "0" in found["reason"]


def test_every_unusable_cell_is_named_at_once(tmp_path):
    rows = "series,time_period,obs_value,direction,target\n"
    rows += "a,soon,1,up,\na,2016,many,up,\nb,2015,1,sideways,\nb,2016,2,,x\n"
    with pytest.raises(MilepostError) as refused:
        progress_of(file(tmp_path, rows), method="un")
    codes = [problem.code for problem in refused.value.problems]
    assert codes.count("number-unreadable") == 2
    assert {"period-unreadable", "direction-unreadable"} <= set(codes)
    assert {problem.origin.row for problem in refused.value.problems} >= {2, 3}


def test_two_settings_in_one_series_are_a_fault(tmp_path):
    rows = "series,time_period,obs_value,target\na,2015,1,5\na,2016,2,6\n"
    with pytest.raises(MilepostError, match="two of these"):
        progress_of(file(tmp_path, rows), method="un", direction="up")


def test_missing_columns_are_named(tmp_path):
    with pytest.raises(MilepostError, match="obs_value"):
        progress_of(file(tmp_path, "when,what\n2015,1\n"), method="un")


def test_a_direction_may_be_written_in_any_case_and_a_number_in_any_form(tmp_path):
    rows = "series,time_period,obs_value,direction,target\na,2015,1,Up,3\na,2020,2,UP,3.0\n"
    assert progress_of(file(tmp_path, rows), method="un")["a"].figures["target"] == 3


@pytest.mark.parametrize("year", ["2030.7", "1e300", "30", "soon"])
def test_a_target_year_that_is_no_year_is_a_fault(tmp_path, year):
    rows = f"time_period,obs_value,direction,target,target_year\n2015,1,up,3,{year}\n2020,2,up,3,{year}\n"
    with pytest.raises(MilepostError) as error:
        progress_of(file(tmp_path, rows), method="un")
    assert [p.code for p in error.value.problems] == ["period-unreadable"]


def test_numbers_are_read_as_the_checks_read_them(tmp_path):
    with pytest.raises(MilepostError) as error:
        progress_of(file(tmp_path, "time_period,obs_value\n2015,1_000\n2020,inf\n"), method="un")
    assert [p.code for p in error.value.problems] == ["number-unreadable"] * 2


def test_a_forecast_is_no_point(tmp_path):
    rows = "time_period,obs_value,obs_status\n2015,10,A\n2020,9,A\n2030,1,F\n"
    verdict = progress_of(file(tmp_path, rows), method="un", direction="down")[None]
    assert verdict.figures["current_year"] == 2020


def test_sheets_without_a_series_column_are_series_of_their_own(tmp_path):
    book = openpyxl.Workbook()
    for name, latest in (("first", 20), ("second", 5)):
        sheet = book.create_sheet(name)
        for row in (("time_period", "obs_value"), (2015, 10), (2020, latest)):
            sheet.append(row)
    book.remove(book.worksheets[0])
    book.save(tmp_path / "two.xlsx")
    verdicts = progress_of(tmp_path / "two.xlsx", method="un", direction="up")
    assert {name: verdict.figures["current_value"] for name, verdict in verdicts.items()} == {
        "first": 20,
        "second": 5,
    }
