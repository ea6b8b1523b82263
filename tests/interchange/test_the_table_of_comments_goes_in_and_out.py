"""The table of comments on a draft: what is written is read again, whatever language and format."""

import pytest

from milepost.errors import MilepostError
from milepost.interchange import comment_table
from milepost.interchange.comment_table import Row, disposition_of, field_of

ROWS = [
    Row("1", "Helpers", "Civil", "2", "3.2", 'Add "shelters", two;\nin the south', "Accepted in part", "One"),
    Row("2", "Союз", "Профсоюз", "", "", "=SUM(A1)", "Не принято", "-1"),
    Row("3", "Союз", "Профсоюз", "", "", "Ещё замечание", "", ""),
]  # fmt: skip


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
@pytest.mark.parametrize("language", ["en", "ru", "ky"])
def test_what_is_written_is_read_again(tmp_path, ending, language):
    path = tmp_path / f"comments.{ending}"
    comment_table.write("Draft: the second / stage", ROWS, path, language)
    read = comment_table.read(path).rows
    assert [row._replace(origin=ROWS[0].origin) for row in read] == ROWS


def test_headings_are_understood_in_both_languages():
    russian = ("№ п/п", "Организация", "Пункт проекта", "Замечания, предложения")
    assert [field_of(words) for words in russian] == ["number", "party", "place", "text"]
    english = ("From whom", "Article", "Comment", "Decision", "Colour")
    assert [field_of(words) for words in english] == ["party", "place", "text", "disposition", None]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Учтено", "accepted"),
        ("Принято частично", "partly"),
        ("Не учтено", "not_accepted"),
        ("отклонено", "not_accepted"),
        ("Принято к сведению", "noted"),
        ("NOT ACCEPTED", "not_accepted"),
        ("Partially accepted", "partly"),
        ("—", ""),
        ("perhaps", None),
    ],
)
def test_decisions_are_understood(words, code):
    assert disposition_of(words) == code


def test_a_file_without_a_column_of_comments_is_refused(tmp_path):
    path = tmp_path / "figures.csv"
    path.write_text("Year,Value\n2024,1\n", encoding="utf-8")
    with pytest.raises(MilepostError) as caught:
        comment_table.read(path)
    assert caught.value.problems[0].code == "comments-no-table"
    with pytest.raises(MilepostError):
        comment_table.write("x", ROWS, tmp_path / "x.docx")
