"""Project pages that somebody pasted into Word."""

import docx
import pytest

from milepost.errors import MilepostError
from milepost.interchange import project_pages

FACTS = {"Start Date": "2021", "Project Status": "Active", "Benefiting Member States": "Kenya"}
STORY = "It counts the lakes of the north."


def saved(document, folder):
    document.save(str(folder / "page.docx"))
    return project_pages.read(folder / "page.docx")


def check(page):
    record = page.record
    assert (record.title, record.start, record.status) == ("Lakes", "2021", "Active")
    assert (record.member_states, record.narrative) == (("Kenya",), STORY)
    assert page.raw == FACTS


def test_a_table_of_labels_and_values(tmp_path):
    document = docx.Document()
    document.add_heading("Lakes", 1)
    table = document.add_table(rows=0, cols=2)
    for label, text in FACTS.items():
        cells = table.add_row().cells
        cells[0].text, cells[1].text = label, text
    document.add_paragraph(STORY)
    check(saved(document, tmp_path))


def test_a_table_with_labels_above_values(tmp_path):
    document = docx.Document()
    document.add_paragraph("Lakes", style="Title")
    table = document.add_table(rows=2, cols=len(FACTS))
    for column, (label, text) in enumerate(FACTS.items()):
        table.rows[0].cells[column].text, table.rows[1].cells[column].text = label, text
    document.add_paragraph(STORY)
    check(saved(document, tmp_path))


def test_bold_labels_in_paragraphs(tmp_path):
    document = docx.Document()
    document.add_paragraph("Lakes")
    for label, text in FACTS.items():
        paragraph = document.add_paragraph(style="List Bullet")
        paragraph.add_run(f"{label}: ").bold = True
        paragraph.add_run(text)
    document.add_paragraph(STORY)
    check(saved(document, tmp_path))


def test_a_damaged_document_is_refused_by_its_own_name(tmp_path):
    document = docx.Document()
    document.add_paragraph("Lakes")
    document.save(str(tmp_path / "page.docx"))
    path = tmp_path / "half.docx"
    path.write_bytes((tmp_path / "page.docx").read_bytes()[:-500])
    with pytest.raises(MilepostError) as caught:
        project_pages.read(path)
    (problem,) = caught.value.problems
    assert (problem.code, problem.origin.file) == ("damaged", str(path))
