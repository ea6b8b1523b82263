import re
import shutil
import zipfile
from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

import docx as python_docx
import pytest
from docx.shared import Pt
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html as read_html

from milepost.errors import MilepostError
from milepost.reports import charts, project
from milepost.reports.document import (
    Cell,
    Chart,
    Column,
    Columns,
    Document,
    Fact,
    Facts,
    Heading,
    List,
    Note,
    PageBreak,
    Paragraph,
    Row,
    Run,
    Source,
    Sources,
    Table,
    shown,
)
from milepost.reports.writers import FORMATS, docx, html, pdf
from milepost.values import Observation, Period, Series, Target
from tests.reports import documents, sandoria

SVG = (
    '<svg viewBox="0 0 300 80" xmlns="http://www.w3.org/2000/svg"><title>t</title>'
    '<text x="5" y="20" font-family="Noto Sans" font-size="12">үө</text></svg>'
)
needs_pdftotext = pytest.mark.skipif(not shutil.which("pdftotext"), reason="pdftotext is not installed")


def everywhere(words: str) -> Document:
    """A document that says the same words in every place it has."""
    run = (Run(words, trace="a:1"), Run(words, strong=True, emphasis=True, language="ru"))
    table = Table(
        (Column(words), Column(words, "right", 2.0)),
        (
            Row((Cell(words, 2),), "group"),
            Row((words, run)),
            Row((words, words), "detail"),
            Row((words, run), "total"),
        ),
        caption=words,
        notes=(words,),
        over=(Cell(words, 2),),
    )
    blocks = (
        Heading(words), Heading(words, 2),
        Paragraph(run), Paragraph(words, "lead"), Paragraph(words, "quiet"),
        List((words, run)), List((words,), ordered=True), Facts((Fact(words, run),)), table,
        Chart(SVG, words, words, (words,), table), Columns((Paragraph(words),), (Note(words), table)),
        Note(words, "warning"), Note(words, "missing"), PageBreak(), Sources((Source(words, ("a:1",)),)),
    )  # fmt: skip
    return Document(
        words, "en", date(2026, 5, 1), blocks, kind=words, subtitle=words, version=words, author=words,
        banner=words, facts=(Fact(words, words),), contents=True,
    )  # fmt: skip


HOSTILE = [
    '#import "x.typ": * #read("/etc/passwd") $x^2$ *b* _i_ <label> @ref \\ ` // /* ]',
    "<script>alert(1)</script> &amp; \"'> {{ 7*7 }} {% raw %}",
    '=HYPERLINK("x") MERGEFIELD {PAGE} \\* ARABIC',
    "a\x00b\x07\x1b[31m \x85 \u202eright \ud800 \ufffe",
    "W" * 400,
    "Ынтымак үчүн көчмөндөр, ңсоңку; Беларусь: ў і",
    "مرحبا שלום",
    "😀👩‍👩‍👧 中文 \ue000",
    "a\nb\r\nc\td",
    "]]>  --> <!-- ",
    " ",
    "\u200b\u00ad",
]


@pytest.mark.parametrize("words", HOSTILE)
@pytest.mark.parametrize("form", FORMATS)
def test_hostile_text_is_shown_as_text(form: str, words: str, tmp_path: Path):
    made = FORMATS[form](everywhere(words))
    wanted = documents.squeezed(shown(words))
    if form == "html":
        assert documents.squeezed(documents.words_of_page(made)).count(wanted) > 20
    elif form == "docx":
        assert documents.squeezed(documents.words_of_word(made)).count(wanted) > 20
    else:
        assert made.startswith(b"%PDF")


any_text = st.text(st.characters(exclude_categories=()), min_size=1, max_size=40)


@given(any_text)
@settings(max_examples=40, deadline=None)
def test_any_text_is_found_in_the_page_and_in_the_word_file(words: str):
    document = Document(
        "T", "en", date(2026, 5, 1), (Paragraph(words), Table((Column("A"),), (Row((words,)),)))
    )
    wanted = documents.squeezed(shown(words))
    assert documents.squeezed(documents.words_of_page(html.render(document))).count(wanted) >= 2
    assert documents.squeezed(documents.words_of_word(docx.render(document))).count(wanted) >= 2


def test_every_letter_that_counts_as_printable_can_be_printed():
    letters = sorted(pdf._letters())
    pieces = [letters[start : start + 200] for start in range(0, len(letters), 200)]
    strong = tuple(Paragraph((Run("a".join(piece), strong=True, emphasis=True),)) for piece in pieces)
    blocks = (*(Paragraph("a".join(piece)) for piece in pieces), *strong)
    assert pdf.render(Document("T", "en", date(2026, 5, 1), blocks)).startswith(b"%PDF")


@given(any_text)
@settings(max_examples=60, deadline=None)
def test_any_text_makes_a_valid_pdf(words: str):
    assert pdf.render(replace(everywhere(words), contents=False)).startswith(b"%PDF")


@needs_pdftotext
@given(
    st.text(st.sampled_from("abcXYZ09 #*_$<>\\@[]{}\"'`~=-+/үөңўіЖяé½№—●◐▲中😀\x00"), min_size=1, max_size=30)
)
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_text_is_found_in_the_pdf(tmp_path: Path, words: str):
    document = Document("T", "en", date(2026, 5, 1), (Paragraph(words),))
    found = documents.squeezed(documents.words_of_pdf(pdf.render(document), tmp_path))
    assert documents.squeezed(pdf.printable(shown(words))) in found


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("language", ["en", "ru"])
def test_the_same_document_gives_the_same_bytes(form: str, language: str):
    document = project.report(sandoria.content(language))
    assert FORMATS[form](document) == FORMATS[form](document)


@pytest.mark.parametrize("form", FORMATS)
def test_the_charts_of_the_house_can_be_shown(form: str):
    values = ((2018, 8.2), (2020, 7.4), (2024, 6.1))
    series = Series("s", tuple(Observation(Period.parse(str(year)), value) for year, value in values))
    drawn = charts.line(series, target=Target(5.0, 2030), title="Cost & time", points=True)
    assert FORMATS[form](Document("T", "en", date(2026, 5, 1), (Chart(drawn, "It fell from 8.2 to 6.1."),)))


@pytest.mark.parametrize("form", FORMATS)
def test_every_writer_writes_to_a_path_and_to_an_open_file(form: str, tmp_path: Path):
    writer = {"html": html, "docx": docx, "pdf": pdf}[form]
    document, held = everywhere("words"), BytesIO()
    writer.write(document, tmp_path / "out")
    writer.write(document, held)
    assert (tmp_path / "out").read_bytes() == held.getvalue() == writer.render(document)


# The page ---------------------------------------------------------------------------------------------------


def test_the_part_of_a_page_holds_neither_style_nor_script():
    tree = read_html.fromstring(html.fragment(everywhere("words"), level=2))
    assert not [e for e in tree.iter() if e.tag in ("style", "script") or "style" in e.attrib]
    assert [e.tag for e in tree.iter("h1", "h2", "h3", "h4")][:3] == ["h2", "h3", "h4"]


def test_headers_of_a_table_say_what_they_head():
    tree = read_html.fromstring(html.render(everywhere("words")))
    assert {e.get("scope") for e in tree.iter("th")} == {"col", "colgroup", "rowgroup", "row"}


def test_a_page_shows_only_the_words_of_its_document():
    said = documents.words_of_page(html.fragment(everywhere("words")))
    rest = set(re.sub(r"words|[^A-Za-z<>/{}%]", " ", said).split())
    assert rest == {"May", "version", "Contents", "Table", "Figure", "of", "values", "t"}


def test_figures_lead_to_their_evidence_where_the_reader_may_go():
    document = Document(
        "T", "en", date(2026, 5, 1),
        (Paragraph((Run("46", trace="observation:3"), Run("7", trace="secret:1"))),
         Sources((Source("S", ("secret:1",)),))),
    )  # fmt: skip
    page = html.fragment(document, resolver=lambda trace: f"/{trace}" if trace[0] == "o" else None)
    assert '<a class="figure" href="/observation:3">46</a>' in page and "secret" not in page
    alone = html.fragment(document)
    assert 'href="#source-1" aria-label="Source 1">[1]</a>' in alone and 'id="source-1"' in alone


@pytest.mark.parametrize(
    "inside",
    [
        "<script>1</script>",
        '<path onload="x"/>',
        "<image href='x'/>",
        '<path style="x"/>',
        '<path fill="url(http://x)"/>',
    ],
)
def test_a_picture_with_more_than_shapes_and_words_is_refused(inside: str):
    svg = f'<svg xmlns="http://www.w3.org/2000/svg">{inside}</svg>'
    with pytest.raises(ValueError, match="a chart must"):
        html.render(Document("T", "en", date(2026, 5, 1), (Chart(svg, "alt"),)))


# Word -------------------------------------------------------------------------------------------------------


def test_a_word_file_is_accessible():
    made = docx.render(project.report(sandoria.content("ru")))
    word = python_docx.Document(BytesIO(made))
    body = documents.part(made)
    styles = {p.style.name for p in word.paragraphs if p.style}
    assert {"Title", "Heading 1", "Heading 2", "Caption"} <= styles
    captioned = [
        t for t in body.iter(f"{documents.W}tbl") if t.find(f".//{documents.W}tblHeader") is not None
    ]
    assert len(captioned) == 6
    assert all(
        p.get("descr")
        for p in body.iter("{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr")
    )
    language = documents.part(made, "word/styles.xml").find(f".//{documents.W}docDefaults//{documents.W}lang")
    assert language is not None and language.get(f"{documents.W}val") == "ru"
    properties = word.core_properties
    assert (properties.title, properties.language) == (
        "Справедливый найм и признание навыков в Сандории",
        "ru",
    )


def test_links_inside_a_word_file_lead_somewhere():
    body = documents.part(docx.render(project.report(sandoria.content())))
    marks = {e.get(f"{documents.W}name") for e in body.iter(f"{documents.W}bookmarkStart")}
    wanted = {e.get(f"{documents.W}anchor") for e in body.iter(f"{documents.W}hyperlink")} - {None}
    assert wanted and wanted <= marks


def office_file(tmp_path: Path) -> bytes:
    """An office's own document, with text and a style."""
    word = python_docx.Document()
    word.add_paragraph("Secret words of the office")
    word.styles["Heading 1"].font.size = Pt(33)
    word.styles["Heading 1"].font.name = "Office Sans"
    word.save(str(tmp_path / "office.docx"))
    return (tmp_path / "office.docx").read_bytes()


def test_of_a_reference_document_only_the_look_is_taken(tmp_path: Path):
    made = docx.render(everywhere("words"), reference=office_file(tmp_path))
    assert python_docx.Document(BytesIO(made)).styles["Heading 1"].font.size == Pt(33)
    with zipfile.ZipFile(BytesIO(made)) as package:
        held = b"".join(package.read(name) for name in package.namelist())
    assert b"Office Sans" in held and b"Secret" not in held


def with_part(package: bytes, name: str, content: bytes) -> bytes:
    held = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as old, zipfile.ZipFile(held, "w") as new:
        for other in old.namelist():
            new.writestr(other, content if other == name else old.read(other))
    return held.getvalue()


def test_a_reference_document_that_is_none_is_refused(tmp_path: Path):
    office = office_file(tmp_path)
    bad = [
        b"",
        b"PK",
        b"%PDF-1.7",
        with_part(office, "word/styles.xml", b"<a/>"),
    ]
    for reference in bad:
        with pytest.raises(MilepostError) as caught:
            docx.render(everywhere("words"), reference=reference)
        assert [p.code for p in caught.value.problems] == ["reference-unreadable"]


# PDF --------------------------------------------------------------------------------------------------------


def test_a_pdf_says_that_it_is_accessible_and_made_to_last():
    made = pdf.render(project.report(sandoria.content("ru")))
    assert re.search(rb"pdfuaid:part>1<", made) and re.search(rb"pdfaid:part>2<", made)
    assert b"/Lang(ru)" in made and b"/StructTreeRoot" in made
    assert b"/MarkInfo" in made and b"/DisplayDocTitle true" in made and b"/Title" in made


def test_a_character_without_a_letter_is_printed_as_its_number():
    assert pdf.printable("中 ү ● ◐ ▲ ○ ✕ →") == "[U+4E2D] ү ● ◐ ▲ ○ ✕ →"


def test_a_document_that_is_too_long_is_made_smaller_but_never_cut():
    long = Document(
        "T", "en", date(2026, 5, 1), tuple(Paragraph("words " * 60) for _ in range(16)), layout="sheet"
    )
    fitting, pages = pdf.fitted(long, most=1)
    assert pages == 2 and fitting.size == 9.0 and fitting.blocks == long.blocks
    short, pages = pdf.fitted(replace(long, blocks=long.blocks[:3]), most=1)
    assert (short.size, pages) == (9.5, 1)


def test_pages_can_be_looked_at():
    images = pdf.images(project.report(sandoria.content()))
    assert len(images) == pdf.pages(project.report(sandoria.content()))
    assert all(re.match(rb"\x89PNG", image) for image in images)
