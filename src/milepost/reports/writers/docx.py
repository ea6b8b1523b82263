"""A Document as a Word file, in the house's styles or in those of an office's reference document.

Of a reference document its styles, its theme, the size of its page and what stands above and below its pages
are taken (see `reference`): no text, no macros, no links. An office may restyle everything by the names of
the styles (see `STYLES`).
"""

import zipfile
from collections.abc import Iterator, Sequence
from contextlib import suppress
from copy import deepcopy
from datetime import datetime, time
from io import BytesIO
from itertools import count
from pathlib import Path
from typing import Any, BinaryIO

import docx as python_docx
from docx.enum.style import WD_STYLE_TYPE
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement, parse_xml
from docx.shared import Emu, Pt, RGBColor
from docx.styles import BabelFish
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from milepost.reports.document import (
    Block,
    Cell,
    Chart,
    Columns,
    Document,
    Facts,
    Furniture,
    Heading,
    List,
    Note,
    PageBreak,
    Paragraph,
    Run,
    Sources,
    Table,
    Words,
    cells,
    furniture,
    headings,
    plain,
    resolved,
    runs,
)
from milepost.reports.writers import pdf
from milepost.reports.writers import reference as reference_document

LETTERS = "Noto Sans"
INK, GREY, ACCENT, WARNING = "1C2326", "566065", "0B5468", "9A3608"

STYLES: dict[str, dict[str, Any]] = {
    "Title": {"size": 2.1, "bold": True, "before": 6, "after": 6},
    "Subtitle": {"size": 1.15, "after": 6},
    "Heading 1": {"size": 1.5, "bold": True, "before": 20, "after": 6, "keep": True},
    "Heading 2": {"size": 1.2, "bold": True, "before": 12, "after": 5, "keep": True},
    "Heading 3": {"size": 1.05, "bold": True, "before": 10, "after": 4, "keep": True},
    "Heading 4": {"size": 1.0, "bold": True, "before": 8, "after": 4, "keep": True},
    "Caption": {"size": 0.86, "before": 10, "after": 4, "keep": True},
    "Header": {"size": 0.78, "colour": GREY},
    "Footer": {"size": 0.78, "colour": GREY},
    "List Bullet": {"after": 3},
    "List Number": {"after": 3},
    "Milepost Kind": {"colour": GREY, "after": 3, "line": "bottom"},
    "Milepost Lead": {"size": 1.15, "after": 6},
    "Milepost Quiet": {"size": 0.86, "colour": GREY, "after": 4},
    "Milepost Cell": {"size": 0.86, "before": 1.5, "after": 1.5},
    "Milepost Note": {"before": 6, "after": 6, "line": "left"},
    "Milepost Warning": {"before": 6, "after": 6, "line": "left", "line_colour": WARNING},
    "Milepost Missing": {
        "before": 6,
        "after": 6,
        "line": "left",
        "line_colour": WARNING,
        "colour": WARNING,
        "italic": True,
    },
    "Milepost Contents": {"size": 0.9, "after": 2},
    "Milepost Source": {"size": 0.86, "after": 3},
}
"""Every paragraph style in use, by name; sizes are multiples of the document's, spaces are points.

Tables have the style "Milepost Table"."""

TABLE_STYLE = "Milepost Table"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_MARGIN = 1247  # twentieths of a point: 22 mm
_LETTER = 105  # about the width of a letter of a table, in twentieths of a point
_NUMBERS = {False: "bullet", True: "decimal"}


def render(document: Document, *, reference: bytes | None = None) -> bytes:
    """The document as a .docx file; the same bytes for the same document.

    `reference` is an office's own Word file, whose look is used. MilepostError where `reference.opened`
    refuses it.
    """
    return _Writer(resolved(document), reference).file()


def write(document: Document, out: Path | BinaryIO, *, reference: bytes | None = None) -> None:
    """Write the Word file to a path or an open file."""
    content = render(document, reference=reference)
    out.write_bytes(content) if isinstance(out, Path) else out.write(content)


class _Writer:
    """Builds one Word file from a resolved document."""

    def __init__(self, document: Document, reference: bytes | None):
        self.document = document
        self.phrases: Furniture = furniture(document)
        self.word = python_docx.Document()
        self.part = self.word.part
        self.bookmarks, self.tables = count(1), count(1)
        self.office = reference_document.opened(reference) if reference is not None else None
        if self.office is not None:
            _take_styles(self.word, self.office)
        _add_styles(self.word, document.size, restyle=self.office is None)
        self.style_of = {style.name: style.style_id for style in self.word.styles}
        section = self.word.sections[0]
        if self.office is None:
            section.page_width, section.page_height = Emu(7560310), Emu(10692130)
            section.left_margin = section.right_margin = Emu(_MARGIN * 635)
            section.top_margin = section.bottom_margin = Emu(_MARGIN * 635)
        page, left, right = section.page_width, section.left_margin, section.right_margin
        self.width = int(((page or 7560310) - (left or 0) - (right or 0)) / 635)

    # The whole ----------------------------------------------------------------------------------------------

    def file(self) -> bytes:
        document = self.document
        self.set_language()
        self.set_properties()
        body = self.part.element.body
        end = body.sectPr if hasattr(body, "sectPr") else body[-1]
        for element in (*self.cover(), *self.blocks(document.blocks, self.width)):
            end.addprevious(element)
        self.running_lines()
        held = BytesIO()
        self.word.save(held)
        return _same_bytes(held.getvalue(), document)

    def set_language(self) -> None:
        styles = self.word.styles.element
        defaults = _below(_below(_below(styles, "w:docDefaults", first=True), "w:rPrDefault"), "w:rPr")
        for old in defaults.findall(qn("w:lang")):
            defaults.remove(old)
        language = self.document.language
        defaults.append(
            _el(
                "w:lang",
                val=language,
                eastAsia=language,
                bidi=language if self.document.right_to_left else "ar-SA",
            )
        )

    def set_properties(self) -> None:
        document, properties = self.document, self.word.core_properties
        moment = datetime.combine(document.day, time())
        properties.title, properties.subject = document.title[:255], document.kind[:255]
        properties.author = properties.last_modified_by = document.author[:255]
        properties.language, properties.version = document.language, document.version[:255]
        properties.created = properties.modified = moment
        properties.comments, properties.keywords, properties.revision = document.banner[:255], "", 1
        package = self.part.package
        assert package is not None
        for key, relationship in list(package.rels.items()):
            if relationship.reltype.endswith("/thumbnail"):
                del package.rels[key]

    def cover(self) -> Iterator[Any]:
        document = self.document
        if document.kind:
            yield self.paragraph(document.kind, "Milepost Kind")
        yield self.paragraph(document.title, "Title")
        if document.subtitle:
            yield self.paragraph(document.subtitle, "Subtitle")
        edition = ". ".join(words for words in (document.author, self.phrases.edition) if words)
        yield self.paragraph(edition, "Milepost Quiet")
        if document.banner:
            yield self.paragraph(document.banner, "Milepost Warning")
        if document.facts:
            yield from self.facts(Facts(document.facts), self.width)
        if document.contents:
            yield from self.contents()

    def contents(self) -> Iterator[Any]:
        """A table of contents without page numbers: it is right without a program that lays out pages."""
        found = headings(self.document)
        if not found:
            return
        yield self.paragraph(self.phrases.contents, "Milepost Quiet")
        for position, heading in enumerate(found):
            paragraph = self.paragraph("", "Milepost Contents")
            if heading.level > 1:
                _properties(paragraph).append(_el("w:ind", left=str(280 * (heading.level - 1))))
            if position == 0:
                for part in _field_start(' TOC \\o "1-2" \\n \\h \\z '):
                    paragraph.append(part)
            link = _el("w:hyperlink", anchor=_bookmark_name(heading.anchor))
            link.append(_run(Run(plain(heading.words))))
            paragraph.append(link)
            if position == len(found) - 1:
                paragraph.append(_field_mark("end"))
            yield paragraph

    def running_lines(self) -> None:
        """What stands above and below the pages: the office's own lines where it has them, else ours.

        Ours are title and kind above every page but the first, edition and page number below every page. A
        warning such as "Draft" stands below every page in any case.
        """
        lines = self.office.lines if self.office else ()
        section = self.word.sections[0]
        section.different_first_page_header_footer = True
        theirs = {line.place for line in lines}
        if self.office and theirs and self.office.section.find(qn("w:titlePg")) is None:
            section.different_first_page_header_footer = False
        if self.office and self.office.even and any(line.pages == "even" for line in lines):
            self.word.settings.odd_and_even_pages_header_footer = True
        if "header" not in theirs:
            self.own_head(section)
        if "footer" not in theirs:
            self.own_foot(section)
        places = {
            ("header", "default"): section.header,
            ("header", "first"): section.first_page_header,
            ("header", "even"): section.even_page_header,
            ("footer", "default"): section.footer,
            ("footer", "first"): section.first_page_footer,
            ("footer", "even"): section.even_page_footer,
        }
        for line in lines:
            if (line.place, line.pages) in places:
                self.take_line(places[line.place, line.pages], line)

    def take_line(self, place: Any, line: reference_document.Line) -> None:
        """Put an office's line, with its pictures, above or below the pages."""
        place.is_linked_to_previous = False
        part = place.part
        named = {name: part.get_or_add_image(BytesIO(held))[0] for name, held in line.pictures.items()}
        root = deepcopy(line.root)
        for element in root.iter(etree.Element):
            for attribute, value in element.attrib.items():
                if value in named and attribute.startswith(_RELATED):
                    element.set(attribute, named[value])
        if line.place == "footer" and self.document.banner:
            root.append(self.paragraph(self.document.banner[:110], "Footer"))
        part._element = root

    def own_head(self, section: Any) -> None:
        document = self.document
        title = document.title if len(document.title) <= 80 else f"{document.title[:79]}…"
        head = self.paragraph(f"{title}\t{document.kind}", "Header")
        self.tabbed(head)
        self.put(section.header, head)

    def own_foot(self, section: Any) -> None:
        document = self.document
        for footer in (section.footer, section.first_page_footer):
            foot = self.paragraph((document.banner[:110] or self.phrases.edition) + "\t", "Footer")
            self.tabbed(foot)
            before, between, after = self.phrases.page
            for words, field in ((before, "PAGE"), (between, "NUMPAGES"), (after, "")):
                if words:
                    foot.append(_run(Run(words)))
                if field:
                    for part in (*_field_start(f" {field} "), _run(Run("1")), _field_mark("end")):
                        foot.append(part)
            self.put(footer, foot)

    def put(self, place: Any, paragraph: Any) -> None:
        place.is_linked_to_previous = False
        for old in list(place._element):
            place._element.remove(old)
        place._element.append(paragraph)

    def tabbed(self, paragraph: Any) -> None:
        tabs = _el("w:tabs")
        for position in ("4513", "4680", "8640", "9026", "9360"):  # what header styles commonly set
            if abs(int(position) - self.width) > 5:
                tabs.append(_el("w:tab", val="clear", pos=position))
        tabs.append(_el("w:tab", val="right", pos=str(self.width)))
        _properties(paragraph).append(tabs)

    # Blocks -------------------------------------------------------------------------------------------------

    def blocks(self, blocks: Sequence[Block], width: int) -> Iterator[Any]:
        for block in blocks:
            match block:
                case Heading():
                    yield self.heading(block)
                case Paragraph():
                    style = {"body": "Normal", "lead": "Milepost Lead", "quiet": "Milepost Quiet"}
                    yield self.paragraph(block.words, style[block.style])
                case List():
                    yield from self.points(block)
                case Facts():
                    yield from self.facts(block, width)
                case Table():
                    yield from self.table(block, width)
                case Chart():
                    yield from self.chart(block, width)
                case Columns():
                    yield from self.columns(block, width)
                case Note():
                    style = {"note": "Note", "warning": "Warning", "missing": "Missing"}
                    yield self.paragraph(block.words, f"Milepost {style[block.kind]}")
                case PageBreak():
                    paragraph = self.paragraph("", "Normal")
                    run = _el("w:r")
                    run.append(_el("w:br", type="page"))
                    paragraph.append(run)
                    yield paragraph
                case Sources():
                    yield from self.sources(block)

    def heading(self, heading: Heading) -> Any:
        paragraph = self.paragraph("", f"Heading {heading.level}")
        self.marked(paragraph, heading.anchor, self.inline(heading.words))
        return paragraph

    def points(self, block: List) -> Iterator[Any]:
        number = self.numbering(block.ordered)
        for item in block.items:
            paragraph = self.paragraph(item, "List Number" if block.ordered else "List Bullet")
            numbered = _el("w:numPr")
            numbered.append(_el("w:ilvl", val="0"))
            numbered.append(_el("w:numId", val=number))
            properties = _properties(paragraph)
            properties.append(numbered)
            properties.append(_el("w:ind", left="360", hanging="360"))
            yield paragraph

    def numbering(self, ordered: bool) -> str:
        """A numbering of its own for each list, so that each ordered one begins with 1."""
        element = self.part.numbering_part.element
        number = str(
            max((int(found.get(qn("w:numId"))) for found in element.findall(qn("w:num"))), default=0) + 1
        )
        abstract = str(1000 + int(number))
        text = "%1." if ordered else "–"
        definition = parse_xml(
            f'<w:abstractNum xmlns:w="{_W}" w:abstractNumId="{abstract}">'
            '<w:multiLevelType w:val="singleLevel"/>'
            f'<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="{_NUMBERS[ordered]}"/>'
            f'<w:lvlText w:val="{text}"/><w:lvlJc w:val="left"/>'
            '<w:pPr><w:ind w:left="360" w:hanging="360"/></w:pPr></w:lvl></w:abstractNum>'
        )
        first = element.find(qn("w:num"))
        if first is not None:
            first.addprevious(definition)
        else:
            element.append(definition)
        instance = _el("w:num", numId=number)
        instance.append(_el("w:abstractNumId", val=abstract))
        element.append(instance)
        return number

    def facts(self, block: Facts, width: int) -> Iterator[Any]:
        widths = [int(width * 0.27), width - int(width * 0.27)]
        table = self.frame(widths, "Milepost Table", header=False)
        for fact in block.rows:
            row = _el("w:tr")
            row.append(_row_properties())
            label = self.cell((Run(fact.label),), widths[0], colour=GREY)
            row.append(label)
            row.append(self.cell(runs(fact.words), widths[1]))
            table.append(row)
        if block.rows:
            yield table
            yield self.paragraph("", "Milepost Quiet")

    def table(self, block: Table, width: int) -> Iterator[Any]:
        if block.caption:
            yield self.caption(block.label, block.caption)
        widths = _widths(block, width)
        table = self.frame(widths, "Milepost Table", header=True, describe=plain(block.caption))
        if block.over:
            table.append(self.header_row(block, block.over, widths, over=True))
        table.append(self.header_row(block, [Cell(column.title) for column in block.columns], widths))
        for given in block.rows:
            row = _el("w:tr")
            row.append(_row_properties())
            place = 0
            for cell in cells(given):
                across = sum(widths[place : place + cell.span])
                align = "left" if given.kind == "group" else block.columns[place].align
                row.append(
                    self.cell(
                        runs(cell.words),
                        across,
                        span=cell.span,
                        align=align,
                        bold=given.kind in ("group", "total"),
                        colour=GREY if given.kind == "detail" else None,
                        indent=200 if given.kind == "detail" and place == 0 else 0,
                        keep=given.kind == "group",
                        line_above=given.kind == "total",
                    )
                )
                place += cell.span
            table.append(row)
        yield table
        for note in block.notes:
            yield self.paragraph(note, "Milepost Quiet")
        yield self.paragraph("", "Milepost Quiet")

    def header_row(
        self, block: Table, titles: Sequence[Cell], widths: Sequence[int], *, over: bool = False
    ) -> Any:
        row = _el("w:tr")
        row.append(_row_properties(header=True))
        place = 0
        for cell in titles:
            row.append(
                self.cell(
                    runs(cell.words),
                    sum(widths[place : place + cell.span]),
                    span=cell.span,
                    align="center" if over else block.columns[place].align,
                    colour=GREY,
                    keep=True,
                    line_below=not over,
                    at_bottom=True,
                )
            )
            place += cell.span
        return row

    def frame(self, widths: Sequence[int], style: str, *, header: bool, describe: str = "") -> Any:
        """An empty table of columns of these widths, in twentieths of a point."""
        table, properties = _el("w:tbl"), _el("w:tblPr")
        properties.append(_el("w:tblStyle", val=self.style_of[style]))
        if self.document.right_to_left:
            properties.append(_el("w:bidiVisual"))
        properties.append(_el("w:tblW", w=str(sum(widths)), type="dxa"))
        properties.append(_el("w:tblLayout", type="fixed"))
        look = {"firstRow": "1" if header else "0", "firstColumn": "1", "lastRow": "0", "lastColumn": "0"}
        properties.append(_el("w:tblLook", **look, noHBand="1", noVBand="1"))
        if describe:
            properties.append(_el("w:tblCaption", val=describe[:255]))
        grid = _el("w:tblGrid")
        for width in widths:
            grid.append(_el("w:gridCol", w=str(width)))
        table.append(properties)
        table.append(grid)
        return table

    def cell(
        self,
        words: Sequence[Run],
        width: int,
        *,
        span: int = 1,
        align: str = "left",
        bold: bool = False,
        colour: str | None = None,
        indent: int = 0,
        keep: bool = False,
        line_above: bool = False,
        line_below: bool = False,
        at_bottom: bool = False,
    ) -> Any:
        cell, properties = _el("w:tc"), _el("w:tcPr")
        properties.append(_el("w:tcW", w=str(width), type="dxa"))
        if span > 1:
            properties.append(_el("w:gridSpan", val=str(span)))
        if line_above or line_below:
            borders = _el("w:tcBorders")
            side = "w:top" if line_above else "w:bottom"
            borders.append(_el(side, val="single", sz="6", space="0", color=INK))
            properties.append(borders)
        if at_bottom:
            properties.append(_el("w:vAlign", val="bottom"))
        cell.append(properties)
        paragraph = self.paragraph("", "Milepost Cell")
        own = _properties(paragraph)
        if keep:
            own.append(_el("w:keepNext"))
        if indent:
            own.append(_el("w:ind", left=str(indent)))
        if align != "left":
            own.append(_el("w:jc", val=align))
        for part in self.inline(tuple(words), bold=bold, colour=colour):
            paragraph.append(part)
        cell.append(paragraph)
        return cell

    def chart(self, block: Chart, width: int) -> Iterator[Any]:
        if block.caption:
            yield self.caption(block.label, block.caption)
        png = pdf.picture(block.svg, width=width / 20)
        inline = self.part.new_pic_inline(BytesIO(png), width=Emu(width * 635))
        inline.docPr.set("descr", block.alternative)
        inline.docPr.set("title", plain(block.caption)[:255])
        paragraph = self.paragraph("", "Normal")
        if block.data or block.notes:
            _properties(paragraph).append(_el("w:keepNext"))
        run, drawing = _el("w:r"), _el("w:drawing")
        drawing.append(inline)
        run.append(drawing)
        paragraph.append(run)
        yield paragraph
        for note in block.notes:
            yield self.paragraph(note, "Milepost Quiet")
        if block.data and block.data_in_print:
            yield from self.table(block.data, width)

    def caption(self, label: str, words: Words) -> Any:
        """ "Table 3. What it shows": the number is a field, so that Word can list tables and figures."""
        paragraph = self.paragraph("", "Caption")
        name, _, number = label.rpartition(" ")
        paragraph.append(_run(Run(f"{name} ", strong=True)))
        for part in (
            *_field_start(f" SEQ {name} \\* ARABIC "),
            _run(Run(number, strong=True)),
            _field_mark("end"),
            _run(Run(". ", strong=True)),
            *self.inline(words),
        ):
            paragraph.append(part)
        return paragraph

    def columns(self, block: Columns, width: int) -> Iterator[Any]:
        gap = 360
        share = block.weights[0] / sum(block.weights)
        widths = [int((width - gap) * share) + gap, width - gap - int((width - gap) * share)]
        table = self.frame(widths, "Normal Table", header=False)
        row = _el("w:tr")
        for side, across, room in ((block.left, widths[0], gap), (block.right, widths[1], 0)):
            cell, properties = _el("w:tc"), _el("w:tcPr")
            properties.append(_el("w:tcW", w=str(across), type="dxa"))
            margins = _el("w:tcMar")
            margins.append(_el("w:left", w="0", type="dxa"))
            margins.append(_el("w:right", w=str(room), type="dxa"))
            properties.append(margins)
            cell.append(properties)
            content = list(self.blocks(side, across - room))
            if not content or content[-1].tag != qn("w:p"):
                content.append(self.paragraph("", "Normal"))
            cell.extend(content)
            row.append(cell)
        table.append(row)
        yield table
        yield self.paragraph("", "Milepost Quiet")

    def sources(self, block: Sources) -> Iterator[Any]:
        for number, entry in enumerate(block.entries, 1):
            paragraph = self.paragraph("", "Milepost Source")
            _properties(paragraph).append(_el("w:ind", left="480", hanging="480"))
            self.marked(paragraph, f"source-{number}", [_run(Run(f"[{number}]"))])
            for part in (_run(Run("\t")), *self.inline(entry.words)):
                paragraph.append(part)
            yield paragraph

    # Words --------------------------------------------------------------------------------------------------

    def paragraph(self, words: Words, style: str) -> Any:
        paragraph, properties = _el("w:p"), _el("w:pPr")
        if style != "Normal":
            properties.append(_el("w:pStyle", val=self.style_of[style]))
        if self.document.right_to_left:
            properties.append(_el("w:bidi"))
        paragraph.append(properties)
        for part in self.inline(words):
            paragraph.append(part)
        return paragraph

    def inline(self, words: Words, *, bold: bool = False, colour: str | None = None) -> list[Any]:
        parts = []
        for run in runs(words):
            drawn = _run(
                run,
                bold=bold,
                colour=ACCENT if run.link else colour,
                right_to_left=self.document.right_to_left,
            )
            if run.link and not run.link.startswith("#"):
                outside = _el("w:hyperlink")
                related = self.part.relate_to(run.link, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
                outside.set(qn("r:id"), related)
                outside.append(drawn)
                drawn = outside
            parts.append(drawn)
            if run.number and run.mark:
                mark = _el("w:hyperlink", anchor=_bookmark_name(f"source-{run.number}"))
                mark.append(_run(Run(f"[{run.number}]"), colour=ACCENT, raised=True))
                parts.append(mark)
        return parts

    def marked(self, paragraph: Any, name: str, content: Sequence[Any]) -> None:
        """Content that links can lead to."""
        number = str(next(self.bookmarks))
        paragraph.append(_el("w:bookmarkStart", id=number, name=_bookmark_name(name)))
        for part in content:
            paragraph.append(part)
        paragraph.append(_el("w:bookmarkEnd", id=number))


# XML --------------------------------------------------------------------------------------------------------

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_PARAGRAPH_ORDER = tuple(
    qn(f"w:{name}")
    for name in ("pStyle", "keepNext", "numPr", "pBdr", "tabs", "bidi", "spacing", "ind", "jc")
)


def _el(tag: str, **attributes: str) -> Any:
    element = OxmlElement(tag)
    for name, value in attributes.items():
        element.set(qn(f"w:{name}"), value)
    return element


def _below(parent: Any, tag: str, *, first: bool = False) -> Any:
    """The child of this name, made if it is missing."""
    found = parent.find(qn(tag))
    if found is None:
        found = OxmlElement(tag)
        parent.insert(0, found) if first else parent.append(found)
    return found


class _Ordered:
    """Adds properties of a paragraph where the format wants them."""

    def __init__(self, element: Any):
        self.element = element

    def append(self, child: Any) -> None:
        place = _PARAGRAPH_ORDER.index(child.tag)
        after = next((other for other in self.element if _PARAGRAPH_ORDER.index(other.tag) > place), None)
        self.element.append(child) if after is None else after.addprevious(child)


def _properties(paragraph: Any) -> _Ordered:
    return _Ordered(paragraph.find(qn("w:pPr")))


def _row_properties(*, header: bool = False) -> Any:
    properties = _el("w:trPr")
    properties.append(_el("w:cantSplit"))
    if header:
        properties.append(_el("w:tblHeader"))
    return properties


def _run(
    run: Run,
    *,
    bold: bool = False,
    colour: str | None = None,
    raised: bool = False,
    right_to_left: bool = False,
) -> Any:
    element, properties = _el("w:r"), _el("w:rPr")
    if bold or run.strong:
        properties.append(_el("w:b"))
        properties.append(_el("w:bCs"))
    if run.emphasis:
        properties.append(_el("w:i"))
        properties.append(_el("w:iCs"))
    if colour:
        properties.append(_el("w:color", val=colour))
    if raised:
        properties.append(_el("w:vertAlign", val="superscript"))
    if right_to_left:
        properties.append(_el("w:rtl"))
    if run.language:
        properties.append(_el("w:lang", val=run.language, eastAsia=run.language, bidi=run.language))
    if len(properties):
        element.append(properties)
    for number, line in enumerate(run.text.split("\n")):
        if number:
            element.append(_el("w:br"))
        for position, part in enumerate(line.split("\t")):
            if position:
                element.append(_el("w:tab"))
            if part:
                words = _el("w:t")
                words.text = part
                words.set(_SPACE, "preserve")
                element.append(words)
    return element


def _field_mark(kind: str) -> Any:
    run = _el("w:r")
    run.append(_el("w:fldChar", fldCharType=kind))
    return run


def _field_start(instruction: str) -> list[Any]:
    run, text = _el("w:r"), _el("w:instrText")
    text.text = instruction
    text.set(_SPACE, "preserve")
    run.append(text)
    return [_field_mark("begin"), run, _field_mark("separate")]


def _bookmark_name(anchor: str) -> str:
    return anchor.replace("-", "_")


def _widths(table: Table, width: int) -> list[int]:
    """Widths of columns: those without weight as their longest word needs, the rest by weight."""
    needed = []
    for place, column in enumerate(table.columns):
        texts = [plain(column.title)] + [
            plain(row.cells[place].words)  # type: ignore[union-attr]
            for row in table.rows
            if len(row.cells) == len(table.columns)
        ]
        marked = any(run.number for row in table.rows for cell in cells(row) for run in runs(cell.words))
        longest = max((len(word) for text in texts for word in text.split()), default=1)
        needed.append(min(longest + 2 * marked, 18) * _LETTER + 230)
    weights = [column.weight or 0.0 for column in table.columns]
    if not any(weights):
        return [int(width * one / sum(needed)) for one in needed]
    fixed = [0 if weight else min(one, width // 4) for weight, one in zip(weights, needed, strict=True)]
    rest = max(width - sum(fixed), width // 3)
    return [
        int(rest * weight / sum(weights)) if weight else one
        for weight, one in zip(weights, fixed, strict=True)
    ]


# Styles -----------------------------------------------------------------------------------------------------


def missing_styles(reference: bytes) -> list[str]:
    """The styles in use that an office's Word file has not: the house's look of them is used instead."""
    styles = reference_document.opened(reference).styles
    known = {
        BabelFish.internal2ui(name.get(qn("w:val"), "")) for name in styles.iterfind(f".//{qn('w:name')}")
    }
    return [name for name in (*STYLES, TABLE_STYLE) if name not in known]


def _take_styles(word: Any, office: reference_document.Reference) -> None:
    """Put the styles, theme and page of another Word file in the place of those of `word`."""
    styles = deepcopy(office.styles)
    for numbering in styles.findall(f".//{qn('w:pPr')}/{qn('w:numPr')}"):
        numbering.getparent().remove(numbering)  # it would refer to numberings that are not taken
    own = word.styles.element
    own[:] = list(parse_xml(etree.tostring(styles)))
    if office.theme is not None:
        for relationship in word.part.rels.values():
            if relationship.reltype.endswith("/theme"):
                relationship.target_part._blob = office.theme
    section = word.sections[0]._sectPr
    for name in ("w:pgSz", "w:pgMar"):
        found = office.section.find(qn(name)) if office.section is not None else None
        if found is not None:
            new = OxmlElement(name)
            for key, value in found.attrib.items():
                if value.lstrip("-").isdigit() or value in ("portrait", "landscape"):
                    new.set(key, value)
            old = section.find(qn(name))
            section.replace(old, new)


def _add_styles(word: Any, size: float, *, restyle: bool) -> None:
    """The styles in use: all in the house's look where `restyle`, else only those that are missing."""
    known = {style.name for style in word.styles}
    if restyle:
        normal = word.styles["Normal"]
        _style_letters(normal, size, INK)
        normal.paragraph_format.space_after = Pt(6)
        normal.paragraph_format.line_spacing = 1.15
    for name, look in STYLES.items():
        if name not in known:
            style = word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
            style.base_style = word.styles["Normal"] if "Normal" in known else None
        elif restyle:
            style = word.styles[name]
        else:
            continue
        _style(style, look, size if restyle else _size_of(word, size), own_letters=restyle)
    names = {style.name for style in word.styles}
    if "Normal Table" not in names:
        word.styles.element.append(parse_xml(_NORMAL_TABLE))
    if TABLE_STYLE not in names:
        word.styles.element.append(parse_xml(_TABLE_STYLE))


def _size_of(word: Any, size: float) -> float:
    with suppress(KeyError):
        found = word.styles["Normal"].font.size
        return found.pt if found else size
    return size


def _style(style: Any, look: dict[str, Any], size: float, *, own_letters: bool) -> None:
    """The house's look of a style; in an office's file in the letters of its "Normal"."""
    if own_letters:
        for linked in style.element.findall(qn("w:link")):
            style.element.remove(linked)  # its letters are not restyled
        _style_letters(style, size * look.get("size", 1.0), look.get("colour", INK))
    else:
        style.font.size = Pt(round(size * look.get("size", 1.0) * 2) / 2)
        if "colour" in look:
            style.font.color.rgb = RGBColor.from_string(look["colour"])
    style.font.bold, style.font.italic = look.get("bold", False), look.get("italic", False)
    space = style.paragraph_format
    space.space_before, space.space_after = Pt(look.get("before", 0)), Pt(look.get("after", 0))
    space.keep_with_next = look.get("keep", False)
    properties = style.element.get_or_add_pPr()
    for old in properties.findall(qn("w:pBdr")):
        properties.remove(old)
    if "line" in look:
        border = _el("w:pBdr")
        side = "w:left" if look["line"] == "left" else "w:bottom"
        thick = "16" if look["line"] == "left" else "6"
        colour = look.get("line_colour", "D4D9DC" if look["line"] == "left" else INK)
        border.append(_el(side, val="single", sz=thick, space="6", color=colour))
        after = next(
            (
                child
                for child in properties
                if child.tag in (qn("w:spacing"), qn("w:ind"), qn("w:jc"), qn("w:outlineLvl"))
            ),
            None,
        )
        properties.append(border) if after is None else after.addprevious(border)


def _style_letters(style: Any, size: float, colour: str) -> None:
    font = style.font
    font.name, font.size, font.color.rgb = LETTERS, Pt(round(size * 2) / 2), RGBColor.from_string(colour)
    fonts = style.element.get_or_add_rPr().find(qn("w:rFonts"))
    for name in ("asciiTheme", "hAnsiTheme", "cstheme", "eastAsiaTheme"):
        fonts.attrib.pop(qn(f"w:{name}"), None)
    for name in ("ascii", "hAnsi", "cs", "eastAsia"):
        fonts.set(qn(f"w:{name}"), LETTERS)


_NORMAL_TABLE = (
    f'<w:style xmlns:w="{_W}" w:type="table" w:default="1" w:styleId="TableNormal">'
    '<w:name w:val="Normal Table"/><w:uiPriority w:val="99"/><w:semiHidden/>'
    '<w:tblPr><w:tblInd w:w="0" w:type="dxa"/></w:tblPr></w:style>'
)
_TABLE_STYLE = (
    f'<w:style xmlns:w="{_W}" w:type="table" w:customStyle="1" w:styleId="MilepostTable">'
    '<w:name w:val="Milepost Table"/><w:basedOn w:val="TableNormal"/><w:uiPriority w:val="99"/>'
    '<w:tblPr><w:tblBorders><w:top w:val="single" w:sz="6" w:space="0" w:color="1C2326"/>'
    '<w:bottom w:val="single" w:sz="4" w:space="0" w:color="D4D9DC"/>'
    '<w:insideH w:val="single" w:sz="4" w:space="0" w:color="D4D9DC"/></w:tblBorders>'
    '<w:tblCellMar><w:left w:w="0" w:type="dxa"/><w:right w:w="115" w:type="dxa"/>'
    "</w:tblCellMar></w:tblPr></w:style>"
)


# The file ---------------------------------------------------------------------------------------------------


def _same_bytes(package: bytes, document: Document) -> bytes:
    """The package with the document's day in place of the moment of writing."""
    day = (max(document.day.year, 1980), document.day.month, document.day.day, 0, 0, 0)
    held = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as old, zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            entry = zipfile.ZipInfo(name, day)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o600 << 16
            new.writestr(entry, old.read(name))
    return held.getvalue()
