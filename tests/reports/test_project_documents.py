import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from milepost.reports import project
from milepost.reports.document import Heading, Note, Table, in_order, plain
from milepost.reports.writers import docx, html, pdf
from tests.reports import documents, sandoria


def tables(document) -> list[Table]:
    return [block for block in in_order(document.blocks) if isinstance(block, Table)]


def row(document, words: str) -> list[str]:
    for table in tables(document):
        for one in table.rows:
            cells = [plain(getattr(cell, "words", cell)) for cell in one.cells]
            if words in cells[0]:
                return cells
    raise AssertionError(words)


def test_zero_missing_not_reported_and_not_applicable_stay_four_things():
    document = project.report(sandoria.content())
    assert row(document, "Agencies trained")[1] == "0 (2023)"
    complaints = row(document, "Complaints decided")
    assert (complaints[1], complaints[3]) == ("…", "–")
    given = sandoria.content()
    none = tuple(
        replace(one, target=sandoria.figure(None, status="M")) if one.indicator == "1.1.2.b" else one
        for one in given.achieved
    )
    assert row(project.report(replace(given, achieved=none)), "Complaints decided")[2] == "n/a"


def test_a_percentage_shows_what_it_is_a_part_of():
    assert row(project.report(sandoria.content()), "1.1.a")[3] == "58.3%\n(1,458 of 2,501)"


def test_what_nobody_wrote_is_said_to_be_missing():
    document = project.report(sandoria.content())
    blocks = list(in_order(document.blocks))
    after = {
        plain(block.words): blocks[place + 1]
        for place, block in enumerate(blocks)
        if isinstance(block, Heading) and place + 1 < len(blocks)
    }
    for heading in ("Visibility", "Partnerships and coordination", "Next steps", "Output 1.1.2"):
        note = after[heading]
        assert isinstance(note, Note) and note.kind == "missing"
    assert not isinstance(after["Lessons"], Note)


def test_a_final_report_asks_for_other_parts_than_an_interim_one():
    def headings(kind: str) -> set[str]:
        return {
            plain(b.words)
            for b in project.report(sandoria.content(kind=kind)).blocks
            if isinstance(b, Heading)
        }

    assert headings("final") - headings("interim") == {"Sustainability", "Conclusion"}
    assert headings("interim") - headings("final") == {"Next steps"}


def test_an_empty_project_still_makes_a_report():
    given = sandoria.content()
    bare = replace(
        given, project=replace(given.project, results=(), parties=(), days=()), narrative={}, explained={},
        achieved=(), workplan=(), people=(), spending=None, engagements=(), risks=(), sources=(), facts=(),
    )  # fmt: skip
    document = project.report(bare)
    missing = [plain(b.words) for b in document.blocks if isinstance(b, Note)]
    assert {"The project has no results matrix.", "There is no workplan.", "No budget is recorded."} <= set(
        missing
    )
    assert pdf.pages(document) == 2
    assert docx.render(document) and html.render(project.fact_sheet(bare))


@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_fact_sheet_fits_one_page_and_says_what_it_leaves_out(language: str):
    document, pages = pdf.fitted(project.fact_sheet(sandoria.content(language)), most=1)
    assert pages == 1 and document.size >= 9
    said = {
        "en": "1 more indicator is in the full report.",
        "ru": "Ещё 1 показатель приведён в полном отчёте.",
    }
    assert said[language] in documents.words_of_page(html.render(document))


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")
def test_every_figure_of_a_table_stands_in_all_three_documents(language: str, tmp_path: Path):
    document = project.report(sandoria.content(language))
    texts = [
        documents.squeezed(text)
        for text in (
            documents.words_of_page(html.render(document)),
            documents.words_of_word(docx.render(document)),
            documents.words_of_pdf(pdf.render(document), tmp_path),
        )
    ]
    figures = {
        part
        for table in tables(document)
        for one in table.rows
        for cell in one.cells
        for part in plain(getattr(cell, "words", cell)).split("\n")
        if any(letter.isdigit() for letter in part) and len(part) < 20
    }
    assert len(figures) > 40
    missing = [
        (figure, place)
        for figure in figures
        for place, text in enumerate(texts)
        if documents.squeezed(figure) not in text
    ]
    assert missing == []


def test_amounts_are_not_changed_by_being_written():
    given = sandoria.content()
    assert given.spending
    total = replace(given.spending.total, budget=Decimal("1234567890.50"))
    document = project.report(replace(given, spending=replace(given.spending, total=total)))
    assert row(document, "Total")[1] == "1,234,567,890"
