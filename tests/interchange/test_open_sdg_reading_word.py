"""Metadata in Word files that follow the official template become the HTML that platforms publish."""

import zipfile
from html import escape
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milepost.errors import MilepostError
from milepost.interchange.open_sdg import open_platform, word

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
WITH_MACROS = "application/vnd.ms-word.document.macroEnabled"
STYLES = "".join(
    f'<w:style w:type="{kind}" w:styleId="{id}"><w:name w:val="{name}"/></w:style>'
    for kind, id, name in (
        ("paragraph", "MHeader", "M.Header"),
        ("paragraph", "MSub", "M.Sub.Header"),
        ("paragraph", "T1", "heading 1"),
        ("paragraph", "FootnoteText", "footnote text"),
        ("paragraph", "Bulleted", "List Bullet"),
        ("character", "Strong", "Strong"),
    )
)
LEVELS = "".join(
    f'<w:lvl w:ilvl="{n}"><w:numFmt w:val="{kind}"/></w:lvl>' for n, kind in enumerate(["bullet", "decimal"])
)
LISTS = (
    f'<w:abstractNum w:abstractNumId="0">{LEVELS}</w:abstractNum>'
    '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="decimal"/>'
    '<w:pStyle w:val="Bulleted"/></w:lvl></w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>'
    '<w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
)
NOTES = (
    '<w:footnote w:id="1"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>Estimate</w:t></w:r></w:p></w:footnote>'
    '<w:footnote w:id="2"><w:p><w:r><w:b/><w:t>Census &amp; survey</w:t></w:r></w:p></w:footnote>'
)
LINKS = {
    "rId11": "https://unstats.un.org/sdgs?a=1&amp;b=2",
    "rId12": "java\tscript:alert(1)",
    "rId13": "https://example.org/outside.png",
}
RELATIONS = "".join(
    f'<Relationship Id="{id}" Type="{OFFICE}/{kind}" Target="{target}"{mode}/>'
    for id, kind, target, mode in (
        ("rId1", "styles", "styles.xml", ""),
        ("rId2", "numbering", "numbering.xml", ""),
        ("rId3", "footnotes", "footnotes.xml", ""),
        ("rId4", "image", "media/image1.png", ""),
        *(
            (id, "hyperlink" if id != "rId13" else "image", url, ' TargetMode="External"')
            for id, url in LINKS.items()
        ),
    )
)


def related(relations: str) -> str:
    return f'<Relationships xmlns="{PACKAGE}/relationships">{relations}</Relationships>'


def document(path: Path, body: str, *, macros: bool = False, **parts: str | bytes) -> Path:
    """A Word document with this body, and with these parts in place of the usual ones."""
    main = f"{WITH_MACROS}.main+xml" if macros else f"{KIND}.document.main+xml"
    files: dict[str, str | bytes] = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Default Extension="png" ContentType="image/png"/>'
        f'<Override PartName="/word/document.xml" ContentType="{main}"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{KIND}.styles+xml"/>'
        f'<Override PartName="/word/numbering.xml" ContentType="{KIND}.numbering+xml"/></Types>',
        "_rels/.rels": related(
            f'<Relationship Id="rId1" Type="{OFFICE}/officeDocument" Target="word/document.xml"/>'
        ),
        "word/_rels/document.xml.rels": related(RELATIONS),
        "word/document.xml": f"<w:document {SPACES}><w:body>{body}</w:body></w:document>",
        "word/styles.xml": f"<w:styles {SPACES}>{STYLES}</w:styles>",
        "word/numbering.xml": f"<w:numbering {SPACES}>{LISTS}</w:numbering>",
        "word/footnotes.xml": f"<w:footnotes {SPACES}>{NOTES}</w:footnotes>",
        "word/media/image1.png": b"\x89PNG",
        **({"word/vbaProject.bin": b"macro"} if macros else {}),
        **parts,
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


def run(text: str, properties: str = "") -> str:
    marks = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{marks}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def p(*runs: str, style: str = "", list: tuple[int, int] | None = None) -> str:
    properties = f'<w:pStyle w:val="{style}"/>' if style else ""
    if list:
        properties += f'<w:numPr><w:ilvl w:val="{list[1]}"/><w:numId w:val="{list[0]}"/></w:numPr>'
    inside = "".join(each if each.startswith("<") else run(each) for each in runs)
    return f"<w:p><w:pPr>{properties}</w:pPr>{inside}</w:p>"


def row(*cells: str, properties: str = "") -> str:
    return (
        f"<w:tr><w:trPr>{properties}</w:trPr>" + "".join(f"<w:tc>{each}</w:tc>" for each in cells) + "</w:tr>"
    )


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(rows)}</w:tbl>"


def of(path: Path, *content: str) -> str | None:
    """What a platform publishes of such a content of the cell beside "0.a. Goal"."""
    body = table(row(p("0.c. Indicator"), p("i")), row(p("0.a. Goal"), "".join(content)))
    return word.read(document(path / "a.docx", body)).get("SDG_GOAL")


def refusal(path: Path) -> str:
    with pytest.raises(MilepostError) as caught:
        word.read(path)
    (problem,) = caught.value.problems
    return problem.code


# Fields


WORD = "inputs:\n  - class: InputWordMeta\n    path_pattern: meta/*-*.docm\n    git: false\n"


def test_word_files_are_the_metadata_of_the_indicators_that_they_are_named_after(tmp_path):
    body = table(row(p("0.a. Goal"), p("Goal 10")), row(p("2.b. Unit of measure"), p("Per cent")))
    document(tmp_path / "meta/10-7-4.docm", body, macros=True)
    document(tmp_path / "meta/ru/10-7-4.docm", table(row(p("0.a. Goal"), p("Цель 10"))), macros=True)
    (tmp_path / "config_data.yml").write_text(WORD)
    platform = open_platform(tmp_path)
    assert {problem.code for problem in platform.problems} == {"translations-elsewhere"}
    assert platform.metadata("10-7-4") == {
        "SDG_GOAL": "<p>Goal 10</p>",
        "UNIT_MEASURE": "<p>Per cent</p>",
        "ru": {"SDG_GOAL": "<p>Цель 10</p>"},
    }
    assert platform.problems_of("10-7-4") == ()


def test_a_folder_without_configuration_finds_them_too(tmp_path):
    document(tmp_path / "meta/10-7-4.docx", table(row(p("0.a. Goal"), p("Goal 10"))))
    assert open_platform(tmp_path).metadata("10-7-4") == {"SDG_GOAL": "<p>Goal 10</p>"}


def test_names_of_concepts_may_differ_in_case_dots_and_spaces(tmp_path):
    rows = [row(p("0a GOAL"), p("a")), row(p(" 0.b.  Target "), p("b")), row(p("Notes"), p("c"))]
    assert word.read(document(tmp_path / "a.docx", table(*rows))) == {
        "SDG_GOAL": "<p>a</p>",
        "SDG_TARGET": "<p>b</p>",
    }


def test_a_field_without_words_is_left_out_and_the_last_of_two_counts(tmp_path):
    rows = [row(p("0.a. Goal"), p("first")), row(p("0.b. Target"), p(" - ")), row(p("0.a. Goal"), p("last"))]
    assert word.read(document(tmp_path / "a.docx", table(*rows))) == {"SDG_GOAL": "<p>last</p>"}


def test_any_paragraph_of_the_first_cell_may_name_the_field_and_a_heading_names_none(tmp_path):
    rows = [
        row(p("Please fill in") + p("0.a. Goal"), p("10")),
        row(p("0.b. Target", style="MHeader"), p("10.7")),
        row(p("x"), p("0.c. Indicator"), p("not the first cell")),
    ]
    assert word.read(document(tmp_path / "a.docx", table(*rows))) == {"SDG_GOAL": "<p>10</p>"}


def test_a_table_with_a_header_row_holds_no_fields(tmp_path):
    body = table(row(p("Concept"), p("Content"), properties="<w:tblHeader/>"), row(p("0.a. Goal"), p("10")))
    path = document(tmp_path / "a.docx", body + table(row(p("0.b. Target"), p("10.7"))))
    assert word.read(path) == {"SDG_TARGET": "<p>10.7</p>"}


# HTML


@given(
    text=st.text(
        st.characters(exclude_categories=("Cs", "Cc"), exclude_characters="\ufffe\uffff"), min_size=1
    )
)
def test_whatever_the_text_is_it_is_escaped_and_kept(tmp_path_factory, text):
    place = tmp_path_factory.mktemp("word")
    assert of(place, p("a" + text)) == f"<p>a{escape(text, quote=False)}</p>"


def test_neighbours_of_the_same_kind_are_one(tmp_path):
    bold, both = "<w:b/>", "<w:b/><w:i/>"
    assert of(tmp_path, p(run("a", bold), run("b", both), run("c", both), "d")) == (
        "<p><strong>a<em>bc</em></strong>d</p>"
    )


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ('<w:b w:val="0"/>', "<p>a</p>"),
        ("<w:strike/>", "<p><s>a</s></p>"),
        ('<w:u w:val="single"/>', "<p><u>a</u></p>"),
        ('<w:u w:val="none"/>', "<p>a</p>"),
        ('<w:vertAlign w:val="superscript"/>', "<p><sup>a</sup></p>"),
        ('<w:vertAlign w:val="subscript"/><w:i/>', "<p><em><sub>a</sub></em></p>"),
        ('<w:rStyle w:val="Strong"/>', "<p><strong>a</strong></p>"),
        ('<w:color w:val="FF0000"/><w:sz w:val="40"/>', "<p>a</p>"),
    ],
)
def test_formatting_is_kept_where_it_means_something(tmp_path, properties, expected):
    assert of(tmp_path, p(run("a", properties))) == expected


def test_headings_of_the_template_and_of_word(tmp_path):
    content = [p("a", style="MHeader"), p("b", style="MSub"), p("c", style="T1"), p("d", style="Other")]
    assert of(tmp_path, *content) == "<h1>a</h1><h2>b</h2><h1>c</h1><p>d</p>"


def test_lists_within_lists(tmp_path):
    content = [
        p("a", list=(1, 0)),
        p("b", list=(1, 1)),
        p("c", list=(1, 0)),
        p("d"),
        p("e", style="Bulleted"),
    ]
    assert (
        of(tmp_path, *content)
        == "<ul><li>a<ol><li>b</li></ol></li><li>c</li></ul><p>d</p><ol><li>e</li></ol>"
    )


def test_empty_paragraphs_are_left_out_and_signs_between_words_kept(tmp_path):
    signs = (
        '<w:r><w:t>a</w:t><w:br/><w:t>b</w:t><w:tab/><w:noBreakHyphen/><w:sym w:font="Symbol" w:char="F0B3"/>'
        '<w:sym w:font="Wingdings" w:char="F0FC"/><w:sym w:font="Nobody" w:char="F0FC"/>'
        '<w:br w:type="page"/></w:r>'
    )
    assert of(tmp_path, p(), p(signs), p("")) == "<p>a<br/>b\t\u2011≥✓</p>"


def test_links_lead_where_they_led_unless_they_run_a_script(tmp_path):
    content = [
        p(f'<w:hyperlink r:id="rId11" w:anchor="top">{run("a")}</w:hyperlink>'),
        p(f'<w:hyperlink r:id="rId12">{run("b")}</w:hyperlink>'),
        p(f'<w:hyperlink w:anchor="here" w:tgtFrame="_blank">{run("c")}</w:hyperlink>'),
        p(f'<w:hyperlink r:id="rId99">{run("d")}</w:hyperlink>'),
    ]
    assert of(tmp_path, *content) == (
        '<p><a href="https://unstats.un.org/sdgs?a=1&amp;b=2#top">a</a></p><p>b</p>'
        '<p><a href="#here" target="_blank">c</a></p><p>d</p>'
    )


def field(instruction: str, inside: str, begin: str = "") -> str:
    return (
        f'<w:r><w:fldChar w:fldCharType="begin">{begin}</w:fldChar></w:r>'
        f"<w:r><w:instrText>{instruction}</w:instrText></w:r>"
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{inside}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )


def test_fields_are_links_boxes_or_the_text_they_show(tmp_path):
    box = '<w:ffData><w:checkBox><w:default w:val="0"/><w:checked/></w:checkBox></w:ffData>'
    ticked = (
        '<w:sdt><w:sdtPr><w14:checkbox><w14:checked w14:val="0"/></w14:checkbox></w:sdtPr>'
        f"<w:sdtContent>{run('☐')}</w:sdtContent></w:sdt>"
    )
    content = [
        p(field(' HYPERLINK "https://un.org/" ', run("a", "<w:b/>"))),
        p(field(' HYPERLINK \\l "here" ', run("b"))),
        p(field(" HYPERLINK javascript:alert(1) ", run("c"))),
        p(field(" PAGE ", run("d"))),
        p(field(" FORMCHECKBOX ", "", box), ticked, "e"),
    ]
    assert of(tmp_path, *content) == (
        '<p><strong><a href="https://un.org/">a</a></strong></p><p><a href="#here">b</a></p><p>c</p><p>d</p>'
        '<p><input checked="checked" type="checkbox"/><input type="checkbox"/>e</p>'
    )


def test_what_is_deleted_is_gone_and_what_is_inserted_is_there(tmp_path):
    merged = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + run("one ") + "</w:p>"
    content = [p(f"<w:del>{run('x')}</w:del><w:ins>{run('y')}</w:ins>"), merged, p("two")]
    assert of(tmp_path, *content) == "<p>y</p><p>one two</p>"


def test_marks_that_word_sets_for_itself_are_removed(tmp_path):
    marks = (
        '<w:bookmarkStart w:name="_Hlk1"/>',
        '<w:bookmarkStart w:name="_GoBack"/>',
        '<w:bookmarkStart w:name="here"/>',
    )
    assert of(tmp_path, p("a", marks[0], "b", marks[1], "c", marks[2], "d")) == '<p>abc<a id="here"/>d</p>'


def test_tables_with_merged_cells_stand_in_the_text(tmp_path):
    wide = '<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>' + p("wide")
    high = '<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>' + p("high")
    below = "<w:tcPr><w:vMerge/></w:tcPr>" + p("")
    inner = table(row(wide), row(high, p("a")), row(below, p("b")))
    headed = table(row(p("h"), properties="<w:tblHeader/>"), row(p("c")))
    assert of(tmp_path, inner, p("x"), headed) == (
        '<table><tr><td colspan="2"><p>wide</p></td></tr>'
        '<tr><td rowspan="2"><p>high</p></td><td><p>a</p></td></tr><tr><td><p>b</p></td></tr></table><p>x</p>'
        "<table><thead><tr><th><p>h</p></th></tr></thead><tbody><tr><td><p>c</p></td></tr></tbody></table>"
    )


def test_footnotes_stand_below_the_text_that_refers_to_them(tmp_path):
    note = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    assert of(tmp_path, p("a", note), p('<w:r><w:footnoteReference w:id="9"/></w:r>')) == (
        '<p>a<sup><a href="#footnote-2" id="footnote-ref-2">[1]</a></sup></p>'
        '<p><sup><a href="#footnote-9" id="footnote-ref-9">[2]</a></sup></p>'
        '<div class="footnotes"><div><sup class="footnote-number" id="footnote-1">1</sup>'
        '<p>Census &amp; survey <a href="#footnote-ref-2">↑</a></p></div></div>'
    )


def picture(relation: str) -> str:
    return (
        '<w:r><w:drawing><wp:inline><wp:docPr id="1" descr="A map"/><a:graphic><a:graphicData>'
        f'<a:blip r:embed="{relation}"/></a:graphicData></a:graphic></wp:inline></w:drawing></w:r>'
    )


def test_pictures_stand_in_the_text_and_none_is_fetched(tmp_path):
    assert of(tmp_path, p("a", picture("rId4"), picture("rId13"), picture("rId99"))) == (
        '<p>a<img alt="A map" src="data:image/png;base64,iVBORw=="/></p>'
    )


def test_text_boxes_come_after_their_paragraph(tmp_path):
    text = f"<v:textbox><w:txbxContent>{p('box')}</w:txbxContent></v:textbox>"
    box = f"<w:pict><v:shape>{text}</v:shape></w:pict>"
    choice = f"<mc:AlternateContent><mc:Choice/><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent>"
    assert of(tmp_path, p("a", f"<w:r>{choice}</w:r>", "b")) == "<p>ab</p><p>box</p>"


# Hostile and damaged files


ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("part", ["word/styles.xml", "word/footnotes.xml", "word/_rels/document.xml.rels"])
def test_a_document_type_is_refused_in_every_part(tmp_path, part):
    path = document(tmp_path / "a.docx", table(row(p("0.a. Goal"), p("10"))), **{part: ENTITY + "<x>&b;</x>"})
    assert refusal(path) == "xml-doctype"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_in_the_text_in_any_encoding(tmp_path, encoding):
    text = f'<?xml version="1.0" encoding="{encoding}"?>{ENTITY}<w:document {SPACES}><w:body/></w:document>'
    path = document(tmp_path / "a.docx", "", **{"word/document.xml": text.encode(encoding)})
    assert refusal(path) == "xml-doctype"


def test_a_zip_bomb_is_refused(tmp_path, monkeypatch):
    monkeypatch.setenv("MILEPOST_MAX_FILE_MB", "1")
    path = document(
        tmp_path / "a.docx", table(row(p("0.a. Goal"), p("10"))), **{"word/media/b.png": bytes(20_000_000)}
    )
    assert refusal(path) == "zip-bomb"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "empty-file"),
        (b"<html><body>0.a. Goal</body></html>", "wrong-content"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 an old .doc", "wrong-content"),
        (b"PK\x03\x04 cut off", "damaged"),
    ],
)
def test_what_is_no_word_document_is_refused(tmp_path, content, expected):
    (tmp_path / "a.docx").write_bytes(content)
    assert refusal(tmp_path / "a.docx") == expected


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("word/document.xml", "<w:document"),
        ("word/document.xml", f"<w:document {SPACES}/>"),
        ("[Content_Types].xml", "<Types/>"),
        ("_rels/.rels", related("")),
        ("word/_rels/document.xml.rels", "not XML"),
    ],
)
def test_a_damaged_document_is_refused(tmp_path, part, content):
    path = document(tmp_path / "a.docx", table(row(p("0.a. Goal"), p("10"))), **{part: content})
    assert refusal(path) == "damaged"


def test_parts_that_lead_in_a_circle_do_no_harm(tmp_path):
    back = related(f'<Relationship Id="rId1" Type="{OFFICE}/x" Target="document.xml"/>')
    body = table(row(p("0.a. Goal"), p("10")))
    path = document(tmp_path / "a.docx", body, **{"word/_rels/styles.xml.rels": back})
    assert word.read(path) == {"SDG_GOAL": "<p>10</p>"}


def test_a_document_without_the_template_is_a_fault_and_the_rest_of_the_folder_is_read(tmp_path):
    document(tmp_path / "meta/1-1-1.docm", p("0.a. Goal"), macros=True)
    document(tmp_path / "meta/1-2-1.docm", table(row(p("0.a. Goal"), p("1"))), macros=True)
    (tmp_path / "config_data.yml").write_text(WORD)
    platform = open_platform(tmp_path)
    assert platform.metadata("1-1-1") == {}
    assert [(each.code, each.origin.file) for each in platform.problems_of("1-1-1")] == [
        ("word-no-template", "meta/1-1-1.docm")
    ]
    assert platform.metadata("1-2-1") == {"SDG_GOAL": "<p>1</p>"}


def test_deep_nesting_is_refused_and_does_not_break_the_reader(tmp_path):
    body = "<w:ins>" * 5000 + "</w:ins>" * 5000
    assert refusal(document(tmp_path / "a.docx", body)) == "damaged"
