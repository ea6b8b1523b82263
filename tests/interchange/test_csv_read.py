import pytest

from milepost.errors import KINDS, MilepostError, describe
from milepost.interchange import csv
from milepost.values import Origin


def written(tmp_path, content, name="indicator_10-7-4.csv"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def table(tmp_path, content):
    return csv.read_table(written(tmp_path, content))


def refused(tmp_path, content):
    with pytest.raises(MilepostError) as error:
        csv.read(written(tmp_path, content))
    return error.value.problems


def faults(tmp_path, content):
    return [(problem.code, problem.origin.row) for problem in csv.read(written(tmp_path, content)).problems]


def test_cells_stay_as_they_are_written(tmp_path):
    found = table(tmp_path, 'Year, Sex ,Value\n2015, F ,1.50\n2016,"M, or F",\n')
    assert found.columns == ("Year", " Sex ", "Value")
    assert found.rows == [("2015", " F ", "1.50"), ("2016", "M, or F", "")]


def test_a_table_is_named_after_its_file_or_as_told(tmp_path):
    path = written(tmp_path, "Year,Value\n2015,1\n")
    assert csv.read_table(path).code == "10-7-4"
    assert csv.read_table(path, code="x").code == "x"
    assert csv.read(path).tables[0].origin == Origin(str(path))


def test_a_file_with_only_a_header_is_a_table_without_rows(tmp_path):
    found = table(tmp_path, "Year,Value")
    assert (found.columns, list(found.rows)) == (("Year", "Value"), [])


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_by_the_header(tmp_path, delimiter):
    text = "Year;Units;Value\n2015;per 1,000;1,5\n2016;per 1,000;2,5\n".replace(";", delimiter)
    if delimiter == ",":
        text = 'Year,Units,Value\n2015,"per 1,000","1,5"\n2016,"per 1,000","2,5"\n'
    found = table(tmp_path, text)
    assert found.columns == ("Year", "Units", "Value")
    assert found.rows[0] == ("2015", "per 1,000", "1,5")


def test_semicolons_inside_cells_are_no_delimiter(tmp_path):
    found = table(tmp_path, "Year,Units;Region;Sex,Value\n2015,a;b;c,1\n")
    assert found.columns == ("Year", "Units;Region;Sex", "Value")


def test_a_first_line_that_declares_the_delimiter_is_followed_and_counted(tmp_path):
    found = table(tmp_path, "sep=|\r\nYear,x|Value\r\n2015|1\r\n")
    assert found.columns == ("Year,x", "Value")
    assert found.lines == [3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_every_unicode_encoding_is_read(tmp_path, encoding):
    found = table(tmp_path, "Year,Пол,Value\n2015,Женщины,1\n".encode(encoding))
    assert found.columns == ("Year", "Пол", "Value")
    assert found.rows == [("2015", "Женщины", "1")]


def test_a_double_byte_order_mark_is_taken_off(tmp_path):
    assert table(tmp_path, "\ufeff\ufeffYear,Value\n2015,1\n").columns == ("Year", "Value")


def test_a_quoted_header_behind_a_byte_order_mark_is_read(tmp_path):
    found = table(tmp_path, '\ufeff"Year","Units","Value"\r\n"2015","per 1","16.8"\r\n')
    assert found.columns == ("Year", "Units", "Value")


def test_windows_1251_is_read_and_the_guess_is_named(tmp_path):
    path = written(tmp_path, "Year,Пол,Value\n2015,Женщины,1\n".encode("cp1251"))
    found = csv.read(path)
    assert found.tables[0].rows == [("2015", "Женщины", "1")]
    (guess,) = found.problems
    assert guess.code == "encoding-guessed"
    assert "windows-1251" in describe(guess)


def test_accents_in_latin_words_are_read_as_windows_1252(tmp_path):
    found = csv.read(
        written(tmp_path, "Year,Région,Value\n2015,Québec,1\n2016,Besançon,1\n".encode("cp1252"))
    )
    assert found.tables[0].columns == ("Year", "Région", "Value")
    assert found.problems[0].details == {"encoding": "windows-1252"}


def test_damaged_utf8_is_not_mistaken_for_another_encoding(tmp_path):
    content = "Year,Пол,Value\n2015,Женщины,1\n2016,Мужчины,2\n".encode()
    (problem,) = refused(tmp_path, content.replace("Мужчины".encode(), b"\xd0\xd0\xbc"))
    assert (problem.code, problem.origin.row) == ("not-text", 3)


def test_bytes_that_are_no_text_in_any_encoding_are_refused_with_their_row(tmp_path):
    (problem,) = refused(tmp_path, b"Year,Value\n2015,\x98\xe4\n")
    assert (problem.code, problem.origin.row) == ("not-text", 2)


def test_a_nul_byte_is_refused_with_its_row(tmp_path):
    (problem,) = refused(tmp_path, "Year,Value\n2015,1\n" + "2016,1\n" * 2000 + "2017,\0\n")
    assert (problem.code, problem.origin.row) == ("not-text", 2003)


@pytest.mark.parametrize("content", [b"\xef\xbb\xbf", b"\n\n \r\n", " \t \n"])
def test_a_file_of_nothing_but_blanks_is_empty(tmp_path, content):
    assert [problem.code for problem in refused(tmp_path, content)] == ["empty-file"]


def test_all_duplicate_headers_are_named_at_once(tmp_path):
    problems = refused(tmp_path, "Year,Sex,Year,Age,Sex,Value\n")
    assert [(p.details["first"], p.details["second"], p.details["name"]) for p in problems] == [
        (1, 3, "Year"),
        (2, 5, "Sex"),
    ]
    assert "Columns 1 and 3 are both called 'Year'." in describe(problems[0])


def test_stray_columns_without_header_are_kept_under_the_name_that_platforms_know(tmp_path):
    found = table(tmp_path, ",Year,,Value,Unnamed: 7\n0,2015,x,1,\n")
    assert found.columns == ("Unnamed: 0", "Year", "Unnamed: 2", "Value", "Unnamed: 7")


def test_short_and_long_rows_are_faults_each_and_lose_no_cell(tmp_path):
    content = "Year,Sex,Value\n2015,F,1\n2016,F\n2017,F,3,4,5\n2018,F,4,,\n"
    found = csv.read(written(tmp_path, content))
    assert [(p.code, p.origin.row) for p in found.problems] == [("ragged-row", 3), ("ragged-row", 4)]
    assert found.tables[0].columns == ("Year", "Sex", "Value", "Unnamed: 3", "Unnamed: 4")
    assert found.tables[0].rows == [
        ("2015", "F", "1", "", ""),
        ("2016", "F", "", "", ""),
        ("2017", "F", "3", "4", "5"),
        ("2018", "F", "4", "", ""),
    ]


def test_blanks_beyond_the_header_are_no_fault(tmp_path):
    found = csv.read(written(tmp_path, "Year,Value\n2015,1,\n2016,2, ,\n"))
    assert found.problems == ()
    assert found.tables[0].rows == [("2015", "1"), ("2016", "2")]


def test_without_a_list_for_faults_the_grave_ones_are_raised(tmp_path):
    path = written(tmp_path, "Year,Value\n2015\n")
    with pytest.raises(MilepostError):
        csv.read_table(path)
    problems = []
    assert csv.read_table(path, problems=problems).rows == [("2015", "")]
    assert [problem.code for problem in problems] == ["ragged-row"]


def test_blank_lines_are_skipped_and_rows_of_blanks_are_counted(tmp_path):
    content = "\n\nYear,Value\n\n2015,1\n   \n,\n , \n2016,2\n"
    found = csv.read(written(tmp_path, content))
    assert found.tables[0].rows == [("2015", "1"), ("2016", "2")]
    assert found.tables[0].lines == [5, 9]
    assert [(p.code, p.origin.row, p.details["count"]) for p in found.problems] == [("blank-rows", 7, 2)]


def test_a_row_is_placed_on_the_line_where_it_begins(tmp_path):
    found = table(tmp_path, 'Year,Note,Value\r\n2015,"a\r\nb\nc",1\r\n\r\n2016,,2\r\n')
    assert found.rows == [("2015", "a\r\nb\nc", "1"), ("2016", "", "2")]
    assert found.lines == [2, 6]
    assert str(found.place(1, "Value")).endswith("indicator_10-7-4.csv, row 6, column Value")


def test_a_quotation_mark_that_is_never_closed_is_refused_with_its_place(tmp_path):
    (problem,) = refused(tmp_path, 'Year,Note,Value\n2015,a,1\n2016,"b,2\n2017,c,3\n')
    assert (problem.code, problem.origin.row) == ("quote-not-closed", 3)


def test_a_quotation_mark_closed_rows_later_does_not_swallow_them(tmp_path):
    (problem,) = refused(tmp_path, 'Year,Note,Value\n2015,"a,1\n2016,b,2\n2017,"c",3\n')
    assert (problem.code, problem.origin.row) == ("quote-not-closed", 2)


def test_a_stray_quotation_mark_is_named_and_the_rows_around_it_stay(tmp_path):
    content = 'Year,Note,Value\n2015,a,1\n2016,"b"c"d",2\n2017,"e\nf",3\n'
    found = csv.read(written(tmp_path, content))
    assert [row[1] for row in found.tables[0].rows] == ["a", 'bc"d"', "e\nf"]
    assert found.tables[0].lines == [2, 3, 4]
    assert [(p.code, p.origin.row) for p in found.problems] == [("stray-quote", 3)]


def test_very_long_lines_and_cells_are_read(tmp_path):
    long = "x" * 1_000_000
    assert table(tmp_path, f"Year,Note,Value\n2015,{long},1\n").rows == [("2015", long, "1")]


def test_the_apostrophe_before_a_formula_is_taken_off_and_no_other(tmp_path):
    found = table(tmp_path, "Year,Note\n2015,'=1+1\n2016,'s-Gravenhage\n2017,'-1.5\n2018,''=1\n")
    assert [row[1] for row in found.rows] == ["=1+1", "'s-Gravenhage", "'-1.5", "'=1"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"PK\x03\x04rest", "a zip archive"),
        (b"%PDF-1.7\n", "a PDF document"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest", "an old or password-protected Office file"),
        (b"<!DOCTYPE html><html><body>Sign in</body></html>", "a web page"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><a/>', "an XML document"),
        ('<?xml version="1.0"?><a/>'.encode("utf-16"), "an XML document"),
        (b'{"data": []}', "a JSON document"),
    ],
)
def test_another_format_under_the_name_of_csv_is_called_what_it_is(tmp_path, content, words):
    (problem,) = refused(tmp_path, content)
    assert problem.code == "wrong-content"
    assert words in describe(problem)


def test_a_header_in_angle_brackets_is_still_csv(tmp_path):
    assert table(tmp_path, "<5 years,>60 years\n1,2\n").columns == ("<5 years", ">60 years")


def test_every_fault_has_a_sentence(tmp_path):
    for content in ("Year,Value\n2015\n,\n", 'Year,Value\n2015,"a"b\n', "Year,Язык\n1,Ы\n".encode("cp1251")):
        for problem in csv.read(written(tmp_path, content)).problems:
            assert KINDS[problem.code].gravity in ("error", "warning", "note")
            assert "{" not in describe(problem)
