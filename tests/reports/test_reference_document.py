"""An office's Word file: what of it is taken, and what is refused, by content and all at once."""

import re
import zipfile
from datetime import date
from io import BytesIO
from typing import Any

import docx as python_docx
import pytest
from docx.oxml import parse_xml
from docx.shared import Cm, Pt

from milepost.errors import MilepostError
from milepost.reports import specimen
from milepost.reports.writers import docx, pdf, reference

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
DRAWN = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="4"><rect width="10" height="4"/></svg>'


def office(*, logo: bool = True) -> bytes:
    """A letterhead: a page of its own, a picture and words above, an address below, a style, and text."""
    word: Any = python_docx.Document()
    word.add_paragraph("Secret words of the office")
    word.styles["Normal"].font.name = "Office Sans"
    word.styles["Heading 1"].font.size = Pt(33)
    section = word.sections[0]
    section.page_width, section.left_margin = Cm(20), Cm(4)
    head = section.header.paragraphs[0]
    if logo:
        head.add_run().add_picture(BytesIO(pdf.picture(LOGO, width=20)))
    head.add_run("Ministry of Letters")
    section.footer.paragraphs[0].text = "12 Main Street"
    held = BytesIO()
    word.save(held)
    return held.getvalue()


def changed(package: bytes, parts: dict[str, bytes | tuple[bytes, bytes]]) -> bytes:
    """The package with parts added, or with bytes in a part put in the place of others."""
    held = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as old, zipfile.ZipFile(held, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            match parts.get(name):
                case (before, after):
                    assert before in content
                    content = content.replace(before, after, 1)
                case bytes() as whole:
                    content = whole
            new.writestr(name, content)
        for name in parts.keys() - set(old.namelist()):
            content = parts[name]
            assert isinstance(content, bytes)
            new.writestr(name, content)
    return held.getvalue()


def codes(content: bytes) -> list[str]:
    with pytest.raises(MilepostError) as caught:
        reference.opened(content)
    return [problem.code for problem in caught.value.problems]


def made(content: bytes | None) -> bytes:
    return docx.render(specimen.document("en", date(2026, 5, 1), author="Office"), reference=content)


# What is taken ----------------------------------------------------------------------------------------------


def test_page_styles_header_and_footer_are_taken_and_text_is_not():
    found: Any = python_docx.Document(BytesIO(made(office())))
    section = found.sections[0]
    assert "Ministry of Letters" in section.header.paragraphs[0].text
    assert section.footer.paragraphs[0].text == "12 Main Street"
    widths = (section.page_width or 0, section.left_margin or 0)
    assert [round(width / Cm(1), 1) for width in widths] == [20.0, 4.0]
    assert found.styles["Heading 1"].font.size == Pt(33)
    with zipfile.ZipFile(BytesIO(made(office()))) as package:
        held = b"".join(package.read(name) for name in package.namelist())
    assert b"Secret" not in held and b"Office Sans" in held


def test_the_picture_in_the_header_comes_with_it():
    part: Any = python_docx.Document(BytesIO(made(office()))).sections[0].header.part
    pictures = [one.target_part.blob for one in part.rels.values() if one.reltype.endswith("/image")]
    assert pictures == [pdf.picture(LOGO, width=20)]
    assert all(rel in part.blob.decode() for rel in part.rels)


def test_a_draft_says_so_below_every_page_of_an_office_too():
    footer = python_docx.Document(BytesIO(made(office()))).sections[0].footer
    assert [paragraph.text for paragraph in footer.paragraphs][1].startswith("These words are an example")


def test_without_lines_of_an_office_ours_stand():
    plain = BytesIO()
    python_docx.Document().save(plain)
    section = python_docx.Document(BytesIO(made(plain.getvalue()))).sections[0]
    assert "Specimen of a document" in section.header.paragraphs[0].text
    assert section.different_first_page_header_footer


def test_every_missing_style_is_named_and_takes_the_letters_of_the_office():
    missing = docx.missing_styles(office())
    assert "Milepost Table" in missing and "Milepost Lead" in missing and "Heading 1" not in missing
    lead: Any = python_docx.Document(BytesIO(made(office()))).styles["Milepost Lead"]
    assert lead.font.name is None and lead.base_style.font.name == "Office Sans"


def test_the_same_reference_gives_the_same_bytes():
    assert made(office()) == made(office())


def test_page_numbers_may_stand_in_a_footer():
    word = python_docx.Document(BytesIO(office()))
    field = f'<w:fldSimple xmlns:w="{W}" w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    word.sections[0].footer.paragraphs[0]._p.append(parse_xml(field))
    held = BytesIO()
    word.save(held)
    assert b"PAGE" in python_docx.Document(BytesIO(made(held.getvalue()))).sections[0].footer.part.blob


def test_it_stays_accessible_in_the_look_of_an_office():
    """Headings, header rows, the words for a picture, and the language are ours, whatever the look."""
    content = docx.render(specimen.document("ru", date(2026, 5, 1), author="Office"), reference=office())
    word: Any = python_docx.Document(BytesIO(content))
    styles = [paragraph.style.name for paragraph in word.paragraphs]
    assert {"Title", "Heading 1", "Heading 2", "Heading 3", "Heading 4", "Caption"} <= set(styles)
    body, look = word.element.body, word.styles.element
    assert len(list(body.iter(f"{{{W}}}tblHeader"))) == 1
    assert all(picture.get("descr") for picture in body.iter(DRAWN))
    languages = [one.get(f"{{{W}}}val") for one in look.iterfind(f"{{{W}}}docDefaults//{{{W}}}lang")]
    assert languages == ["ru"] and word.core_properties.language == "ru"
    assert word.core_properties.title == "Пример документа"


# What is refused --------------------------------------------------------------------------------------------

PLAIN = b"wordprocessingml.document.main+xml"
MACROS = b"application/vnd.ms-word.document.macroEnabled.main+xml"
WHOLE = b"application/vnd.openxmlformats-officedocument." + PLAIN
RELS = "word/_rels/document.xml.rels"
OUTSIDE = (
    b'<Relationship Id="rIdX" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    b'%s" Target="https://example.org/x" TargetMode="External"/></Relationships>'
)


def test_what_is_no_word_file_is_refused():
    word = office()
    bad = [b"", b"PK", b"%PDF-1.7", word[:500], changed(word, {"word/document.xml": b"<a/>"})]
    bad.append(changed(word, {"word/styles.xml": b"<a/>"}))
    bad.append(changed(word, {"word/styles.xml": b"<broken"}))
    assert [codes(content) for content in bad] == [["reference-unreadable"]] * len(bad)


def test_documents_with_macros_and_templates_are_refused_by_what_they_hold():
    word = office()
    with_macros = changed(word, {"[Content_Types].xml": (WHOLE, MACROS)})
    template = changed(word, {"[Content_Types].xml": (PLAIN, b"wordprocessingml.template.main+xml")})
    assert codes(with_macros) == ["reference-macros"]
    assert codes(template) == ["reference-template"]


@pytest.mark.parametrize(
    "name", ["word/vbaProject.bin", "word/embeddings/oleObject1.bin", "word/activeX/activeX1.xml"]
)
def test_what_can_run_is_refused(name):
    assert codes(changed(office(), {name: b"<a/>"})) == ["reference-runs"]


@pytest.mark.parametrize("kind", [b"attachedTemplate", b"image", b"hyperlink", b"frame", b"oleObject"])
def test_what_leads_out_of_the_file_is_refused(kind):
    outside = changed(office(), {RELS: (b"</Relationships>", OUTSIDE % kind)})
    assert codes(outside) == ["reference-outside"]


def test_everything_that_speaks_against_a_file_is_told_at_once():
    bad = changed(
        office(),
        {
            "[Content_Types].xml": (WHOLE, MACROS),
            "word/vbaProject.bin": b"x",
            RELS: (b"</Relationships>", OUTSIDE % b"attachedTemplate"),
        },
    )
    assert codes(bad) == ["reference-macros", "reference-runs", "reference-outside"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("part", ["word/styles.xml", "word/settings.xml", "docProps/app.xml"])
def test_entities_are_refused_in_every_part_and_encoding(part, encoding):
    entity = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'.encode(encoding)
    assert codes(changed(office(), {part: entity})) == ["reference-doctype"]


def test_what_unpacks_to_far_too_much_is_refused():
    held = BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("word/document.xml", bytes(reference.MOST_UNPACKED + 1))
    assert len(held.getvalue()) < 100_000
    assert codes(held.getvalue()) == ["reference-large"]
    assert codes(bytes(reference.MOST_BYTES + 1)) == ["reference-large"]


def test_few_bytes_that_become_much_in_memory_are_refused():
    crowded = b"<a>" + b"<b/>" * (reference.MOST_TAGS + 1) + b"</a>"
    assert codes(changed(office(), {"docProps/app.xml": crowded})) == ["reference-crowded"]


def test_a_target_on_another_machine_is_refused_however_it_is_written():
    elsewhere = OUTSIDE.replace(b' TargetMode="External"', b"") % b"attachedTemplate"
    for target in (b"//server/share/a.dotm", b"file:///a.dotm", rb"\\server\a.dotm"):
        relation = re.sub(rb'Target="[^"]*"', lambda _found, to=target: b'Target="' + to + b'"', elsewhere)
        assert codes(changed(office(), {RELS: (b"</Relationships>", relation)})) == ["reference-outside"]


def test_a_part_that_is_there_twice_is_refused():
    held = BytesIO(office())
    with zipfile.ZipFile(held, "a") as package:
        package.writestr("Word/Styles.xml", b"<a/>")
    assert codes(held.getvalue()) == ["reference-unreadable"]


@pytest.mark.parametrize(
    "field",
    [
        "<w:fldSimple w:instr=' INCLUDEPICTURE \"https://example.org/x.png\" '/>",
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DD</w:instrText></w:r>'
        '<w:r><w:instrText>EAUTO cmd</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
        "<w:object/>",
        '<v:rect xmlns:v="urn:schemas-microsoft-com:vml" href="https://example.org"/>',
    ],
    ids=["a picture from elsewhere", "a command in two halves", "an object", "a link"],
)
def test_what_fetches_or_runs_is_refused_in_a_header(field):
    word = python_docx.Document(BytesIO(office()))
    paragraph = parse_xml(f'<w:p xmlns:w="{W}">{field}</w:p>')
    word.sections[0].header.paragraphs[0]._p.extend(list(paragraph))
    held = BytesIO()
    word.save(held)
    assert codes(held.getvalue()) == ["reference-field"]


def test_a_picture_that_is_no_png_or_jpeg_is_refused():
    word = office()
    with zipfile.ZipFile(BytesIO(word)) as package:
        name = next(name for name in package.namelist() if name.startswith("word/media/"))
    assert codes(changed(word, {name: b"<svg onload='x'/>"})) == ["reference-picture"]
