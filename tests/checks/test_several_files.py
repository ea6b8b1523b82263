from milepost import checks
from milepost.errors import describe

FIRST = """
    series,sex,time_period,obs_value,unit_measure
    VC_DSR_MORT,_T,2021,0.5,PER_100000_POP
    VC_DSR_MORT,_T,2022,0.7,PER_100000_POP
    """
SECOND = """
    time_period,series,obs_value,unit_measure,nature
    2022,VC_DSR_MORT,0.70,PER_100000_POP,C
    2021,VC_DSR_MORT,0.6,PER_100000_POP,C
    2024,VC_DSR_MORT,0.9,PER_100000_POP,C
    """


def test_an_indicator_in_two_files_is_a_warning_and_other_values_in_them_an_error(read):
    tables = [read(FIRST, "13.1.1", "13.1.1.xml"), read(SECOND, "13.1.1", "13.1.1_bis.xml")]
    twice, conflict = checks.folder(tables)
    assert twice.code == "indicator-twice"
    assert "13.1.1.xml (2 rows), 13.1.1_bis.xml (3 rows)" in describe(twice)
    assert (conflict.code, conflict.details["count"]) == ("files-conflict", 1)
    assert "0.5 (13.1.1.xml, row 2), 0.6 (13.1.1_bis.xml, row 3)" in conflict.details["examples"]


def test_one_series_under_two_indicators_must_say_the_same(read):
    same = [read(FIRST, "1.5.1", "a.xml"), read(FIRST, "13.1.1", "b.xml")]
    assert checks.folder(same) == []
    other = [read(FIRST, "1.5.1", "a.xml"), read(SECOND, "13.1.1", "b.xml")]
    assert [problem.code for problem in checks.folder(other)] == ["files-conflict"]


def test_words_in_a_series_column_of_open_sdg_are_no_codes(read):
    text = "Year,Series,Value\n2015,Rate,{}\n"
    tables = [read(text.format(1), "1-1-1", "a.csv"), read(text.format(2), "1-2-1", "b.csv")]
    assert checks.folder(tables) == []


def test_different_indicators_in_different_files_are_no_fault(read):
    tables = [read("Year,Value\n2015,1", "1-1-1", "a.csv"), read("Year,Value\n2015,2", "1-2-1", "b.csv")]
    assert checks.folder(tables) == []


def test_a_file_without_values_conflicts_with_nothing(read):
    tables = [read("Year,Note\n2015,x", "1-1-1", "a.csv"), read("Year,Value\n2015,", "1-1-1", "b.csv")]
    assert [problem.code for problem in checks.folder(tables)] == ["indicator-twice"]
