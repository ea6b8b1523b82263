"""Files as people save them, and files that are no pages."""

import pytest

from milepost.errors import MilepostError
from milepost.interchange import project_pages
from milepost.interchange.project_pages import LIMIT

PAGE = "Lakes of the North\n\nStart Date: 2019\nProject Status: Achevé\n\nIl compte les lacs.\n"


def write(folder, data, name="page.txt"):
    path = folder / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path, encoding):
    page = project_pages.read(write(tmp_path, PAGE.encode(encoding)))
    assert page.record.status == "Achevé"
    assert page.file == "page.txt"
    assert [problem.code for problem in page.problems] == (
        ["encoding-guessed"] if encoding == "cp1252" else []
    )


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"%PDF-1.7\n...", "PDF"),
        (b"PK\x03\x04 docx", "zip"),
        (b"\x89PNG\r\n", "picture"),
        (b'[{"a": 1}]', "JSON"),
        (b"<?xml version='1.0'?><a/>", "XML"),
        (b"Lakes\x00of the North\n", "no text"),
        (b"\x7fELF\x02\x01\x01\x00\x00\x81\x82\xff", "no text"),
    ],
)
def test_what_is_no_page_is_refused_with_a_remedy(tmp_path, data, word):
    with pytest.raises(MilepostError, match=word) as caught:
        project_pages.read(write(tmp_path, data))
    assert caught.value.problems[0].code == "project-page-kind"


def test_missing_empty_and_huge_files_are_refused(tmp_path):
    for path, code in (
        (tmp_path / "none.txt", "not-found"),
        (tmp_path, "not-a-file"),
        (write(tmp_path, b"", "empty.txt"), "empty-file"),
        (write(tmp_path, b"a" * (LIMIT + 1), "huge.txt"), "project-page-large"),
    ):
        with pytest.raises(MilepostError) as caught:
            project_pages.read(path)
        assert caught.value.problems[0].code == code


def test_a_web_page_is_what_a_reader_sees(tmp_path):
    html = """<html><head><style>p {color: red}</style></head><body><nav>Home</nav><h1>Lakes &amp; Roads</h1>
      <table><tr><th>Start Date</th><td>2019</td></tr><tr><th>Coverage</th><td></td></tr>
      <tr><th>Countries</th><td><ul><li>Kenya</li><li>C&ocirc;te d&rsquo;Ivoire</li></ul></td></tr>
      </table>
      <p>It <b>counts</b>&nbsp;lakes.<br>And roads.</p><script>alert("Status: Active")</script>
      </body></html>"""
    record = project_pages.read(write(tmp_path, html.encode(), "page.html")).record
    assert (record.title, record.start, record.coverage) == ("Lakes & Roads", "2019", None)
    assert record.member_states == ("Kenya", "Côte d’Ivoire")
    assert record.narrative == "It counts lakes.\nAnd roads."
    assert record.status is None


def test_a_web_page_fetches_nothing_and_opens_no_file(tmp_path):
    (tmp_path / "secret.txt").write_text("hidden words", encoding="utf-8")
    html = f"""<!DOCTYPE html [<!ENTITY x SYSTEM "file://{tmp_path}/secret.txt">]><html><body><h1>Lakes</h1>
      <p>Start Date: 2019</p><p>&x; end</p><img src="http://example.invalid/a.png"></body></html>"""
    page = project_pages.read(write(tmp_path, html.encode(), "page.html"))
    assert "hidden words" not in repr(page)


def test_a_web_page_nested_without_end_is_read_or_refused(tmp_path):
    html = b"<html><body><h1>Lakes</h1>" + b"<div>" * 100_000 + b"Start Date: 2019"
    try:
        project_pages.read(write(tmp_path, html, "page.html"))
    except MilepostError as error:
        assert error.problems[0].code == "project-page-kind"


@pytest.mark.parametrize(
    "line",
    [
        "Kenya " * 100_000,
        "(" * 200_000,
        "- " * 200_000,
        "1 " * 200_000,
        "a:" * 100_000,
        "Kenya (" * 50_000,
        "Year\n" * 50_000,
        "Year\t" * 50_000,
        "Year: 1; " * 440,
        "| " * 100_000,
        '","' * 50_000,
        '"' + "a" * 200_000 + '","b"',
        '"' + "a" * 200_000 + '","b"',
    ],
)
def test_a_long_line_takes_no_time(line):
    project_pages.read_text(
        f"Lakes\nStart Date: 2019\nBenefiting Member States: {line}\nStatus: Active\n{line}", "x"
    )
