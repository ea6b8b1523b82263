"""CSV: read where it lies if it is UTF-8, copied aside as UTF-8 if not."""

from pathlib import Path

import pytest

from milepost.errors import MilepostError
from milepost.interchange import microdata
from tests.interchange.microdata.reading import rows

TEXT = "страна,возраст\nКыргызстан,31\nТаджикистан,44\n"
ROWS = [{"страна": "Кыргызстан", "возраст": "31"}, {"страна": "Таджикистан", "возраст": "44"}]


def write(path, text, encoding="utf-8"):
    path.write_bytes(text.encode(encoding))
    return path


def test_utf_8_stays_where_it_is(tmp_path):
    path = write(tmp_path / "a.csv", TEXT)
    with microdata.opened(path) as source:
        assert source.paths == (str(path),)
        assert source.columns == ("страна", "возраст")
        assert (source.kind, source.place) == ("csv", str(path))
        assert rows(source) == ROWS


def test_a_byte_order_mark_is_no_part_of_the_first_name(tmp_path):
    with microdata.opened(write(tmp_path / "a.csv", TEXT, "utf-8-sig")) as source:
        assert source.columns == ("страна", "возраст")


@pytest.mark.parametrize("encoding", ["cp1251", "utf-16", "utf-16-le", "utf-32"])
def test_other_encodings_are_copied_as_utf_8(tmp_path, encoding):
    path = write(tmp_path / "a.csv", TEXT * 40, encoding)
    with microdata.opened(path) as source:
        assert source.paths != (str(path),)
        assert rows(source)[:2] == ROWS
        copy = Path(source.paths[0])
        assert copy.parent.stat().st_mode & 0o777 == 0o700
    assert not copy.parent.exists()


def test_that_the_encoding_was_guessed_is_told(tmp_path):
    problems = []
    with microdata.opened(write(tmp_path / "a.csv", TEXT, "cp1251"), problems=problems):
        pass
    assert [(p.code, p.details["encoding"]) for p in problems] == [("encoding-guessed", "windows-1251")]


def test_letters_of_another_encoding_far_below_are_found(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"country,age\n" + b"KG,31\n" * 300_000 + "Чад,44\n".encode("cp1251"))
    with microdata.opened(path) as source:
        assert rows(source)[-1] == {"country": "Чад", "age": "44"}


def test_damaged_utf_8_is_named_with_its_row(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes((TEXT * 30).encode() + b"\xd0\xd0,secret\n")
    with pytest.raises(MilepostError) as caught, microdata.opened(path):
        pass
    (fault,) = caught.value.problems
    assert (fault.code, fault.origin.row) == ("not-text", 91)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "delimiter", "decimal"),
    [
        ("a;b\n1,5;x\n2,25;y\n", ";", ","),
        ("a\tb\n1.5\tx\n", "\t", None),
        ("a;b\n1.5;x\n2,25;y\n", ";", None),
        ("a;b\n1,500;x\n2,250;y\n", ";", None),  # may be thousands
        ("sep=;\na;b\n1,5;x\n", ";", ","),
        ("\n \na|b\n1|x\n", "|", None),
    ],
)
def test_delimiter_and_decimal_comma_are_told_from_the_text(tmp_path, text, delimiter, decimal):
    with microdata.opened(write(tmp_path / "a.csv", text)) as source:
        assert source.csv["delimiter"] == delimiter
        assert source.csv.get("decimal") == decimal
        assert source.columns == ("a", "b")
        assert rows(source)[0]["b"] == "x"


def test_two_columns_of_one_name_are_refused_if_they_are_asked_for(tmp_path):
    path = write(tmp_path / "a.csv", "age,sex,sex\n1,2,3\n")
    with microdata.opened(path, wanted=lambda _: ["age"]) as source:
        assert source.columns == ("age", "sex", "sex")
    with (
        pytest.raises(MilepostError, match="Several columns of the file are called sex"),
        microdata.opened(path),
    ):
        pass


def test_a_nul_byte_is_no_text(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" + b"1,2\n" * 2000 + b"\0,3\n")
    with pytest.raises(MilepostError) as caught, microdata.opened(path):
        pass
    assert [(p.code, p.origin.row) for p in caught.value.problems] == [("not-text", 2002)]


def test_a_file_of_blank_lines_has_no_header(tmp_path):
    path = write(tmp_path / "a.csv", "\n\n \n")
    with pytest.raises(MilepostError, match="no row with headers"), microdata.opened(path):
        pass
