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
