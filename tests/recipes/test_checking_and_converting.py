import datetime

import pytest

from milepost import interchange
from milepost.errors import MilepostError
from milepost.recipes import check, convert, problem_as_dict

TODAY = datetime.date(2026, 1, 1)


def file(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_clean_file_has_no_faults(tmp_path):
    path = file(
        tmp_path,
        "indicator_10-7-2.csv",
        "Year,Policy domain,Value\n2019,Migrant rights,3\n2021,Migrant rights,4\n",
    )
    assert check(path, today=TODAY) == []


def test_the_definition_is_found_by_the_name_of_the_file(tmp_path):
    path = file(tmp_path, "indicator_10-7-2.csv", "Year,Units,Value\n2021,percent,152\n")
    (problem,) = [p for p in check(path, today=TODAY) if p.origin.row == 2]
    said = problem_as_dict(problem)
    assert said["gravity"] == "error"
    assert "152" in said["what"]


def test_the_definition_is_found_by_the_series_and_rows_keep_their_places(tmp_path):
    rows = "series,ref_area,time_period,obs_value,obs_status\n"
    rows += "SM_POP_REFG_OR,417,2019,45.1,A\nSG_CPA_MIGRS,417,2019,7,A\nOTHER,417,2019,1,A\n"
    problems = check(file(tmp_path, "everything.csv", rows), today=TODAY)
    assert [problem.origin.row for problem in problems] == [3]


def test_an_unreadable_file_is_a_fault_and_no_traceback(tmp_path):
    path = tmp_path / "data.csv"
    path.write_bytes(b"%PDF-1.7 ...")
    assert [problem.code for problem in check(path)] == ["wrong-content"]


def test_a_conversion_keeps_one_row_for_each_observation(tmp_path):
    source = file(
        tmp_path, "a.csv", "Year,Region,Value\n2019,North,1\n2019,North,1\n2019,North,2\n2020,North,\n"
    )
    for name in ("b.xlsx", "b.xml", "b.sdmx.csv", "b-folder"):
        target = tmp_path / name
        assert convert(source, target).count() == 4
        back = tmp_path / f"{name}.back.csv"
        convert(target, back)
        table = interchange.csv.read_table(back)
        region, value = table.columns.index("Region"), table.index("obs_value")
        assert [(row[region], row[value]) for row in table.rows] == [
            ("North", v) for v in ("1", "1", "2", "")
        ], name


def test_an_unknown_target_is_refused_before_anything_is_read(tmp_path):
    with pytest.raises(MilepostError, match="format"):
        convert(tmp_path / "missing.csv", tmp_path / "out.docx")
