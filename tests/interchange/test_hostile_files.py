import struct
import zipfile

import openpyxl
import pytest

from milepost import interchange
from milepost.errors import MilepostError, describe
from milepost.interchange import excel, limits
from milepost.values import Origin, Table


def refused(path, **options):
    with pytest.raises(MilepostError) as error:
        interchange.read(path, **options)
    (problem,) = error.value.problems
    assert str(path) in describe(problem)
    return problem.code


def bomb(path, megabytes):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        with archive.open("xl/worksheets/sheet1.xml", "w") as part:
            for _ in range(megabytes):
                part.write(b" " * 1_000_000)
    return path


def test_a_zip_bomb_is_refused_before_it_is_opened(tmp_path):
    path = bomb(tmp_path / "bomb.xlsx", megabytes=40)
    assert path.stat().st_size < 100_000
    assert refused(path) == "zip-bomb"


def test_an_archive_that_unpacks_to_more_than_ten_times_the_limit_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("MILEPOST_MAX_FILE_MB", "0.1")
    path = bomb(tmp_path / "book.xlsx", megabytes=2)
    assert refused(path) == "zip-bomb"


def test_an_archive_of_very_many_parts_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "many.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(limits.MEMBERS):
            archive.writestr(str(number), "")
    assert refused(tmp_path / "many.xlsx") == "zip-bomb"


def test_an_archive_whose_parts_overlap_is_refused(tmp_path):
    path = tmp_path / "overlap.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", b"x" * 50_000)
    data = path.read_bytes()
    start = data.index(b"PK\x01\x02")
    entry, end = data[start : data.index(b"PK\x05\x06")], bytearray(data[data.index(b"PK\x05\x06") :])
    struct.pack_into("<HHII", end, 8, 9, 9, 9 * len(entry), start)
    path.write_bytes(data[:start] + entry * 9 + end)
    with pytest.raises(MilepostError) as error:
        limits.check_archive(path)
    assert error.value.problems[0].code == "zip-bomb"


def test_a_part_that_is_larger_than_it_says_does_not_pass(tmp_path):
    path = bomb(tmp_path / "liar.xlsx", megabytes=40)
    honest = struct.pack("<I", 40_000_000)
    data = path.read_bytes()
    path.write_bytes(data.replace(honest, struct.pack("<I", 1000)))
    assert refused(path) in ("damaged", "zip-bomb")


def test_an_archive_with_a_password_is_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    data = bytearray((tmp_path / "a.xlsx").read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    (tmp_path / "a.xlsx").write_bytes(data)
    assert refused(tmp_path / "a.xlsx") == "password"


def test_a_sheet_with_one_cell_in_the_farthest_corner_harms_nobody(tmp_path):
    book = openpyxl.Workbook()
    book.active["XFD1048576"] = "far"
    book.save(tmp_path / "far.xlsx")
    assert refused(tmp_path / "far.xlsx") == "no-table"


def test_a_sheet_that_spans_from_corner_to_corner_is_stopped_by_the_limit_of_memory(tmp_path):
    book = openpyxl.Workbook()
    book.active["A1"] = "Year"
    book.active["B1"] = "Value"
    book.active["XFD1048576"] = "far"
    book.save(tmp_path / "wide.xlsx")
    assert refused(tmp_path / "wide.xlsx") in ("out-of-memory", "reader-died")


def test_a_csv_above_the_limit_is_refused_in_every_format(tmp_path, monkeypatch):
    monkeypatch.setenv("MILEPOST_MAX_FILE_MB", "0.00001")
    (tmp_path / "large.csv").write_text("Year,Value\n2015,1\n")
    for format in (None, "csv", "xlsx", "sdmx-csv", "sdmx-ml"):
        assert refused(tmp_path / "large.csv", format=format) == "too-large"


def test_a_wide_header_over_many_rows_is_stopped_by_the_limit_of_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(limits, "MEGABYTES", 100)
    (tmp_path / "wide.csv").write_text("a\n" * 20_000 + "x," * 20_000 + "y\n")
    with pytest.raises(MilepostError) as error:
        limits.guarded(interchange.csv.read, tmp_path / "wide.csv", megabytes=200)
    assert error.value.problems[0].code == "out-of-memory"


def test_text_that_names_a_formula_is_text_in_every_output(tmp_path):
    (tmp_path / "in.csv").write_text('Year,Note,Value\n2015,"=HYPERLINK(""http://example.org"")",1\n')
    dataset = interchange.read(tmp_path / "in.csv")
    interchange.write(dataset, tmp_path / "out.xlsx")
    interchange.write(dataset, tmp_path / "out.csv")
    cell = openpyxl.load_workbook(tmp_path / "out.xlsx")["data"]["C2"]
    assert (cell.data_type, cell.value) == ("s", '=HYPERLINK("http://example.org")')
    assert "'=HYPERLINK" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert excel.read(tmp_path / "out.xlsx").tables[0].rows[0][1] == '=HYPERLINK("http://example.org")'


@pytest.mark.parametrize("encoding", ["hex", "rot13", "zip", "idna", "punycode", "undefined", "klingon"])
def test_xml_in_an_encoding_that_is_none_for_documents_is_refused(tmp_path, encoding):
    path = tmp_path / "a.xml"
    path.write_text(f"<?xml version='1.0' encoding='{encoding}'?><a b='Ж'/>", encoding="utf-8")
    assert refused(path) in ("xml-malformed", "wrong-content")
    assert refused(path, format="sdmx-ml") == "xml-malformed"


@pytest.mark.parametrize(
    "data", [b"\0\1", b"Year,Value\n2015,1\0\n2016,2\n", b"Year,Value\n2015,1\n" + b"\0" * 999]
)
def test_a_nul_byte_does_not_make_a_file_utf_16(tmp_path, data):
    (tmp_path / "a.csv").write_bytes(data)
    assert refused(tmp_path / "a.csv") == "not-text"


def test_text_that_is_half_utf_8_half_windows_1251_is_refused_not_garbled(tmp_path):
    rows = ["Year,Sex,Value\n2015,Женщины,1\n".encode(), "2016,Мужчины,1\n".encode("cp1251")]
    (tmp_path / "a.csv").write_bytes(b"".join(rows))
    assert refused(tmp_path / "a.csv") == "not-text"


def test_a_hundred_thousand_columns_are_named_once_each():
    headers = tuple(f"c{number}" for number in range(100_000))
    assert Table("t", (*headers, "c0"), (), Origin("t")).concepts() == (*headers, "c0 (2)")
    same = Table("t", ("a",) * 100_000, (), Origin("t")).concepts()
    assert (same[:3], same[-1], len(set(same))) == (("a", "a (2)", "a (3)"), "a (100000)", 100_000)
