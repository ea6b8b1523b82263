"""Indicator metadata in Word files (.docx, .docm) that follow the official SDG metadata template.

A row of a table is a field: its first cell names a concept of the SDMX metadata structure ("0.a. Goal"), the
cell beside it holds the content. Keys are the concepts' ids (SDG_GOAL), values the HTML that platforms
publish: paragraphs, headings, lists, tables, links, footnotes, pictures within the text; of the formatting
only what means something (bold, italic, underlined, struck, raised, lowered). What platforms leave out is
left out here, too: formulas, comments, deleted text, headers and footers.

Macros are never run, nothing is fetched. A link that would run a script loses its target.
"""

import base64
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from typing import Any, NamedTuple

from docx.opc.constants import RELATIONSHIP_TYPE
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] - it has no stubs

from milepost.errors import refuse
from milepost.interchange import word

CONCEPTS = {
    "0. Indicator information": "SDG_INDICATOR_INFO",
    "0.a. Goal": "SDG_GOAL",
    "0.b. Target": "SDG_TARGET",
    "0.c. Indicator": "SDG_INDICATOR",
    "0.d. Series": "SDG_SERIES_DESCR",
    "0.e. Metadata update": "META_LAST_UPDATE",
    "0.f. Related indicators": "SDG_RELATED_INDICATORS",
    "0.g. International organisations(s) responsible for global monitoring": "SDG_CUSTODIAN_AGENCIES",
    "1. Data reporter": "CONTACT",
    "1.a. Organisation": "CONTACT_ORGANISATION",
    "1.b. Contact person(s)": "CONTACT_NAME",
    "1.c. Contact organisation unit": "ORGANISATION_UNIT",
    "1.d. Contact person function": "CONTACT_FUNCT",
    "1.e. Contact phone": "CONTACT_PHONE",
    "1.f. Contact mail": "CONTACT_MAIL",
    "1.g. Contact email": "CONTACT_EMAIL",
    "2. Definition, concepts, and classifications": "IND_DEF_CON_CLASS",
    "2.a. Definition and concepts": "STAT_CONC_DEF",
    "2.b. Unit of measure": "UNIT_MEASURE",
    "2.c. Classifications": "CLASS_SYSTEM",
    "3. Data source type and collection method": "SRC_TYPE_COLL_METHOD",
    "3.a. Data sources": "SOURCE_TYPE",
    "3.b. Data collection method": "COLL_METHOD",
    "3.c. Data collection calendar": "FREQ_COLL",
    "3.d. Data release calendar": "REL_CAL_POLICY",
    "3.e. Data providers": "DATA_SOURCE",
    "3.f. Data compilers": "COMPILING_ORG",
    "3.g. Institutional mandate": "INST_MANDATE",
    "4. Other methodological considerations": "OTHER_METHOD",
    "4.a. Rationale": "RATIONALE",
    "4.b. Comment and limitations": "REC_USE_LIM",
    "4.c. Method of computation": "DATA_COMP",
    "4.d. Validation": "DATA_VALIDATION",
    "4.e. Adjustments": "ADJUSTMENT",
    "4.f. Treatment of missing values (i) at country level and (ii) at regional level": "IMPUTATION",
    "4.g. Regional aggregations": "REG_AGG",
    "4.h. Methods and guidance available to countries for the compilation of the data at the national "
    "level": "DOC_METHOD",
    "4.i. Quality management": "QUALITY_MGMNT",
    "4.j. Quality assurance": "QUALITY_ASSURE",
    "4.k. Quality assessment": "QUALITY_ASSMNT",
    "5. Data availability and disaggregation": "COVERAGE",
    "6. Comparability/deviation from international standards": "COMPARABILITY",
    "7. References and Documentation": "OTHER_DOC",
}
"""The concepts of the template, by what its first column calls them."""


def read(path: Path) -> dict[str, str]:
    """{id of a concept: HTML} of the rows that say something, in their order.

    Raises MilepostError for a file that is no Word document, is damaged or locked, unpacks to far too much,
    holds a DOCTYPE, or has no row of the template.
    """
    with word.opened(path) as main:
        body = _body(main)
    rows = list(_rows(body.html))
    if not rows:
        raise refuse("word-no-template", str(path))
    return {key: body.value(cells) for key, cells in rows if _says_something(cells)}


# The template


def _rows(html: etree._Element) -> Iterator[tuple[str, list[etree._Element]]]:
    """The concept and the other cells of every row whose first cell names one; those of header rows do not
    count."""
    known = {_normal(name): key for name, key in CONCEPTS.items()}
    for paragraph in html.iterfind(".//table/tr/td/p"):
        cell = paragraph.getparent()
        row = cell.getparent()
        key = known.get(_normal(_text(paragraph)))
        if cell is row[0] and key is not None:
            yield key, row.findall("td")[1:]


def _says_something(cells: Iterable[etree._Element]) -> bool:
    return re.search(r"\w", "".join(map(_text, cells))) is not None


def _normal(name: str) -> str:
    return re.sub(r"[ \t\f\n\r\u200b]+", " ", name).lower().replace(".", "").strip()


def _text(element: etree._Element) -> str:
    parts = [element.text or ""]
    for child in element:
        parts += ["\n" if child.tag == "br" else _text(child), child.tail or ""]
    return "".join(parts)


def _inner(element: etree._Element) -> str:
    parts = [escape(element.text or "", quote=False)]
    return "".join(parts + [etree.tostring(child, encoding="unicode") for child in element])


# The document


class _Document(NamedTuple):
    """The whole text as HTML, and its notes, each by the id that references to it lead to."""

    html: etree._Element
    notes: Mapping[str, etree._Element]

    def value(self, cells: Sequence[etree._Element]) -> str:
        """The content of the first of these cells, and the notes that any of them refers to."""
        references = [link for cell in cells for link in cell.iterfind(".//sup/a[@href]")]
        footnotes = []
        for link in references:
            note = self.notes.get(link.get("href"))
            number = (link.text or "").strip("[]")
            if note is not None:
                sign = f'<sup class="footnote-number" id="footnote-{number}">{number}</sup>'
                footnotes.append(f"<div>{sign}{_inner(note)}</div>")
        below = f'<div class="footnotes">{"".join(footnotes)}</div>' if footnotes else ""
        return _inner(cells[0]) + below


def _body(main: Any) -> _Document:
    root = word.root(main)
    body = root.find(_w("body"))
    if body is None:
        raise KeyError("it has no body")
    styles = _Styles.of(_related(main, RELATIONSHIP_TYPE.STYLES), _related(main, RELATIONSHIP_TYPE.NUMBERING))
    page = _Page(main, styles)
    page.put_all(body, _Place(page.html))
    notes = {
        f"#{kind}-{id}": note
        for kind, relation in (
            ("footnote", RELATIONSHIP_TYPE.FOOTNOTES),
            ("endnote", RELATIONSHIP_TYPE.ENDNOTES),
        )
        for id, note in _notes(main, kind, relation, styles, page.references)
    }
    for each in (page.html, *notes.values()):
        _drop_hidden_bookmarks(each)
    return _Document(page.html, notes)


def _notes(
    main: Any, kind: str, relation: str, styles: "_Styles", wanted: Iterable[tuple[str, str]]
) -> Iterator[tuple[str, etree._Element]]:
    """The notes of a kind that are referred to: what stands in them, and the way back."""
    ids = {id for of, id in wanted if of == kind}
    part = _related_part(main, relation)
    if part is None or not ids:
        return
    for element in word.root(part).findall(_w(kind)):
        id = element.get(_w("id"))
        if id in ids:
            page = _Page(part, styles)
            page.put_all(element, _Place(page.html))
            last = _Place(page.html).inside("p")
            last.write(" ")
            last.inside("a", href=f"#{kind}-ref-{id}").write("↑")
            yield id, page.html


def _related_part(part: Any, relation: str) -> Any:
    found = [each for each in part.rels.values() if each.reltype == relation and not each.is_external]
    return found[0].target_part if found else None


def _related(part: Any, relation: str) -> etree._Element | None:
    found = _related_part(part, relation)
    return None if found is None else word.root(found)


def _drop_hidden_bookmarks(html: etree._Element) -> None:
    """Remove the marks that Word sets for itself; their names begin with _."""
    for link in list(html.iter("a")):
        parent = link.getparent()
        if parent is not None and (link.get("id") or "").startswith("_"):
            if link.tail:
                _append_text(parent, link.tail, before=link)
                link.tail = None
            parent.remove(link)


def _append_text(parent: etree._Element, text: str, before: etree._Element | None = None) -> None:
    last = before.getprevious() if before is not None else (parent[-1] if len(parent) else None)
    if last is None:
        parent.text = (parent.text or "") + text
    else:
        last.tail = (last.tail or "") + text


# Names of elements, and properties

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_WORD_2010 = "http://schemas.microsoft.com/office/word/2010/wordml"
_PREFIXES = {
    _WORD: "w",
    _WORD_2010: "w14",
    "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing": "wp",
    "http://schemas.openxmlformats.org/markup-compatibility/2006": "mc",
    "urn:schemas-microsoft-com:vml": "v",
}
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_TITLE = "{urn:schemas-microsoft-com:office:office}title"


def _w(name: str) -> str:
    return f"{{{_WORD}}}{name}"


def _name(element: etree._Element) -> str:
    """The element's name with the usual prefix; "" for one of another kind, and for what is no element."""
    if not isinstance(element.tag, str):
        return ""
    space, _, name = element.tag.removeprefix("{").rpartition("}")
    return f"{_PREFIXES[space]}:{name}" if space in _PREFIXES else ""


def _value(properties: etree._Element | None, *names: str) -> str | None:
    """The `val` of a property, found by the names of elements that lead to it."""
    for name in names:
        if properties is None:
            return None
        properties = properties.find(_w(name))
    return None if properties is None else properties.get(_w("val"))


def _is_on(properties: etree._Element | None, name: str) -> bool:
    if properties is None or properties.find(_w(name)) is None:
        return False
    return _value(properties, name) not in ("false", "0")


class _Level(NamedTuple):
    """How deep in a list (from 0), and whether the list is numbered."""

    depth: int
    ordered: bool


@dataclass(frozen=True)
class _Styles:
    """What a document says of its styles and lists: names by id, and levels by list or by style."""

    paragraphs: Mapping[str, str] = field(default_factory=dict)
    runs: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[tuple[str, str], _Level] = field(default_factory=dict)
    levels_by_style: Mapping[str, _Level] = field(default_factory=dict)

    @classmethod
    def of(cls, styles: etree._Element | None, numbering: etree._Element | None) -> "_Styles":
        names: dict[str, dict[str, str]] = {"paragraph": {}, "character": {}}
        linked: dict[str, str | None] = {}
        for style in () if styles is None else styles.findall(_w("style")):
            kind, id = style.get(_w("type")), style.get(_w("styleId"), "")
            if kind == "numbering":
                linked.setdefault(id, _value(style, "pPr", "numPr", "numId"))
            elif kind in names:
                names[kind].setdefault(id, _value(style, "name") or "")
        by_list, by_style = _levels(numbering, linked)
        return cls(names["paragraph"], names["character"], by_list, by_style)

    def level(self, properties: etree._Element | None, style: str | None) -> _Level | None:
        """The level of a paragraph in a list, if it is in one."""
        number, depth = _value(properties, "numPr", "numId"), _value(properties, "numPr", "ilvl")
        if number is not None and depth is not None:
            return self.levels.get((number, depth))
        if style is not None and style in self.levels_by_style:
            return self.levels_by_style[style]
        return None if number is None else self.levels.get((number, "0"))


def _levels(
    numbering: etree._Element | None, linked: Mapping[str, str | None]
) -> tuple[dict[tuple[str, str], _Level], dict[str, _Level]]:
    """{(list, level): ...} and {style of paragraph: ...}; a list that points to a style has the levels of the
    list that this style points to."""
    if numbering is None:
        return {}, {}
    kinds: dict[str | None, dict[str, _Level]] = {}
    links: dict[str | None, str | None] = {}
    by_style: dict[str, _Level] = {}
    for kind in numbering.findall(_w("abstractNum")):
        levels: dict[str, _Level] = {}
        for each in kind.findall(_w("lvl")):
            depth = each.get(_w("ilvl"), "0")
            if depth.isdecimal():
                level = _Level(int(depth), _value(each, "numFmt") != "bullet")
                levels.setdefault(depth, level)
                style = _value(each, "pStyle")
                if style is not None:
                    by_style[style] = level
        id = kind.get(_w("abstractNumId"))
        kinds[id], links[id] = levels, _value(kind, "numStyleLink")
    lists = {
        each.get(_w("numId"), ""): _value(each, "abstractNumId") for each in numbering.findall(_w("num"))
    }
    found: dict[tuple[str, str], _Level] = {}
    for number in lists:
        at, seen = number, set()
        while at in lists and at not in seen and links.get(lists[at]) is not None:
            seen.add(at)
            at = linked.get(links[lists[at]] or "") or ""
        if at in lists and at not in seen:
            found.update({(number, depth): level for depth, level in kinds.get(lists[at], {}).items()})
    return found, by_style


# From Word to HTML


class _Place:
    """Where the next thing goes: an element, or one that is made only when something comes to stand in it.

    Of two neighbours of the same kind one is made, unless the place is a fresh one.
    """

    def __init__(
        self,
        element: etree._Element | None = None,
        above: "_Place | None" = None,
        tags: Sequence[str] = (),
        attributes: Mapping[str, str] | None = None,
        fresh: bool = False,
    ):
        self._element, self._above, self._tags = element, above, tags
        self._attributes, self._fresh = attributes or {}, fresh

    def inside(self, *tags: str, fresh: bool = False, **attributes: str) -> "_Place":
        """A place within this one: an element of any of these kinds, or else a new one of the first."""
        return _Place(None, self, tags, attributes, fresh)

    def element(self) -> etree._Element:
        """The element, made now if it is not there."""
        if self._element is not None:
            return self._element
        assert self._above is not None
        parent = self._above.element()
        if self._fresh:
            self._element = etree.SubElement(parent, self._tags[0], self._attributes)
            return self._element
        last = parent[-1] if len(parent) else None
        if last is not None and not last.tail and last.tag in self._tags and last.attrib == self._attributes:
            return last
        return etree.SubElement(parent, self._tags[0], self._attributes)

    def write(self, text: str) -> None:
        """Add a text."""
        if text:
            _append_text(self.element(), text)

    def add(self, tag: str, **attributes: str) -> etree._Element:
        """Add an element, whatever its neighbour is."""
        return etree.SubElement(self.element(), tag, attributes)


class _Field(NamedTuple):
    """A field that has begun; `link` says where it leads once its instruction is known to be a link's."""

    begin: etree._Element
    link: str | None = None


_THROUGH = {
    "w:customXml", "w:ins", "w:moveTo", "w:object", "w:smartTag", "w:drawing", "w:txbxContent",
    "v:group", "v:rect", "v:roundrect", "v:shape", "v:textbox",
}  # fmt: skip
"""Elements that only hold others."""

_TAGS = {
    "M.HEADER": "h1",
    "M.SUB.HEADER": "h2",
    "HEADING": "h1",
    **{f"HEADING {n}": f"h{n}" for n in range(1, 7)},
    **dict.fromkeys(("FOOTNOTE TEXT", "ENDNOTE TEXT", "ANNOTATION TEXT", "FOOTNOTE", "ENDNOTE"), "p"),
}
"""Names of styles, in capitals, whose paragraphs are written so even in a list."""
_TAGS_BY_ID = {"Heading": "h1", **{f"Heading{n}": f"h{n}" for n in range(1, 7)}}
_DEEPEST = 5  # levels of lists that are shown as lists
_RUNS_SCRIPT = re.compile(r"(?:javascript|vbscript|data):", re.IGNORECASE)


class _Page:
    """Writes what stands in a part of a document as HTML; `references` are the notes met, in their order."""

    def __init__(self, part: Any, styles: _Styles):
        self.html = etree.Element("body")
        self.references: list[tuple[str, str]] = []
        self._part, self._styles = part, styles
        self._fields: list[_Field] = []
        self._instruction: list[str] = []
        self._deleted: list[etree._Element] = []  # content of paragraphs whose end is deleted
        self._boxes: list[etree._Element] = []  # text boxes of a paragraph, which come after it

    def put_all(self, elements: Iterable[etree._Element], place: _Place) -> None:
        """Write what these elements hold, one after the other."""
        for element in elements:
            self._put(element, place)

    def _put(self, element: etree._Element, place: _Place) -> None:
        name = _name(element)
        if name in _THROUGH:
            self.put_all(element, place)
            return
        match name:
            case "w:p":
                self._put_paragraph(element, place)
            case "w:r":
                self._put_run(element, place)
            case "w:t":
                place.write("".join(element.itertext()))
            case "w:tab":
                place.write("\t")
            case "w:noBreakHyphen":
                place.write("\u2011")
            case "w:softHyphen":
                place.write("\u00ad")
            case "w:sym":
                place.write(_symbol(element))
            case "w:br":
                if element.get(_w("type")) in (None, "", "textWrapping"):
                    place.add("br")
            case "w:tbl":
                self._put_table(element, place)
            case "w:hyperlink":
                self.put_all(element, self._link(element, place))
            case "w:bookmarkStart":
                if element.get(_w("name")) not in (None, "_GoBack"):
                    place.inside("a", id=element.get(_w("name"), "")).element()
            case "w:footnoteReference" | "w:endnoteReference":
                self._put_reference(name.removeprefix("w:").removesuffix("Reference"), element, place)
            case "wp:inline" | "wp:anchor":
                self._put_picture(element, place)
            case "v:imagedata":
                self._put_image(element.get(f"{_RELATION}id"), element.get(_TITLE), place)
            case "w:pict":
                self._boxes += element
            case "mc:AlternateContent":
                self.put_all(_children(element, "mc:Fallback"), place)
            case "w:sdt":
                self._put_control(element, place)

    # Paragraphs

    def _put_paragraph(self, element: etree._Element, place: _Place) -> None:
        properties = element.find(_w("pPr"))
        if properties is not None and properties.find(f"{_w('rPr')}/{_w('del')}") is not None:
            self._deleted += element
            return
        elements, self._deleted = [*self._deleted, *element], []
        outer, self._boxes = self._boxes, []
        self.put_all(elements, self._paragraph(properties, place))
        boxes, self._boxes = self._boxes, outer
        self.put_all(boxes, place)

    def _paragraph(self, properties: etree._Element | None, place: _Place) -> _Place:
        """The place of a paragraph: a heading, an item of a list, or plain."""
        style = _value(properties, "pStyle")
        name = self._styles.paragraphs.get(style or "", "").upper()
        tag = _TAGS.get(name) or _TAGS_BY_ID.get(style or "")
        level = None if tag else self._styles.level(properties, style)
        if level is None or level.depth >= _DEEPEST:
            return place.inside(tag or "p", fresh=True)
        for _ in range(level.depth):
            place = place.inside("ul", "ol").inside("li")
        return place.inside("ol" if level.ordered else "ul").inside("li", fresh=True)

    def _put_run(self, element: etree._Element, place: _Place) -> None:
        properties = element.find(_w("rPr"))
        if self._styles.runs.get(_value(properties, "rStyle") or "", "").upper() == "STRONG":
            place = place.inside("strong")
        place = place.inside("strong") if _is_on(properties, "b") else place
        place = place.inside("em") if _is_on(properties, "i") else place
        position = _value(properties, "vertAlign")
        if position in ("superscript", "subscript"):
            place = place.inside(position[:3])
        if _value(properties, "u") not in (None, "false", "0", "none"):
            place = place.inside("u")
        place = place.inside("s") if _is_on(properties, "strike") else place
        boxes = {child: ticked for child in element if (ticked := self._heed_field(child)) is not None}
        link = next((each.link for each in reversed(self._fields) if each.link is not None), None)
        place = place if link is None else place.inside("a", href=link)
        for child in element:
            if child in boxes:
                _put_checkbox(boxes[child], place)
            else:
                self._put(child, place)

    # Fields: what a run says of where one begins, what it does, and where it ends

    def _heed_field(self, element: etree._Element) -> bool | None:
        """Note what is said of a field; where it is a box to tick and ends here, whether it is ticked."""
        name, kind = _name(element), element.get(_w("fldCharType"))
        if name == "w:instrText":
            self._instruction.append("".join(element.itertext()))
        elif name == "w:fldChar" and kind == "begin":
            self._fields.append(_Field(element))
            self._instruction.clear()
        elif name == "w:fldChar" and kind == "separate" and self._fields:
            self._fields[-1] = _Field(self._fields[-1].begin, self._target_of_instruction())
        elif name == "w:fldChar" and kind == "end" and self._fields:
            box = self._fields.pop().begin.find(f"{_w('ffData')}/{_w('checkBox')}")
            if box is not None:
                return _is_on(box, "checked" if box.find(_w("checked")) is not None else "default")
        return None

    def _target_of_instruction(self) -> str | None:
        found = re.match(
            r'\s*HYPERLINK\s+(\\l\s+)?(?:"(.*)"|([^\\]\S*))', "".join(self._instruction), re.DOTALL
        )
        if found is None:
            return None
        place = found[2] if found[2] is not None else found[3]
        return f"#{place}" if found[1] else _harmless(place)

    # Links, notes, pictures

    def _link(self, element: etree._Element, place: _Place) -> _Place:
        target = self._target(element.get(f"{_RELATION}id"))
        anchor = element.get(_w("anchor"))
        if anchor is not None:
            target = f"{(target or '').partition('#')[0]}#{anchor}"
        if target is None:
            return place
        frame = element.get(_w("tgtFrame"))
        return place.inside("a", href=target, **({"target": frame} if frame else {}))

    def _target(self, relation: str | None) -> str | None:
        found = self._part.rels.get(relation)
        return None if found is None else _harmless(found.target_ref)

    def _put_reference(self, kind: str, element: etree._Element, place: _Place) -> None:
        id = element.get(_w("id"), "")
        self.references.append((kind, id))
        link = etree.SubElement(place.add("sup"), "a", {"href": f"#{kind}-{id}", "id": f"{kind}-ref-{id}"})
        link.text = f"[{len(self.references)}]"

    def _put_picture(self, element: etree._Element, place: _Place) -> None:
        about = next(iter(_children(element, "wp:docPr", inside=False)), None)
        described = "" if about is None else about.get("descr", "")
        text = described if described.strip() else (None if about is None else about.get("title"))
        link = None if about is None else about.find(f"{_DRAWING}hlinkClick")
        target = None if link is None else self._target(link.get(f"{_RELATION}id"))
        place = place if target is None else place.inside("a", href=target)
        for picture in element.iter(f"{_DRAWING}blip"):
            self._put_image(picture.get(f"{_RELATION}embed"), text, place)

    def _put_image(self, relation: str | None, text: str | None, place: _Place) -> None:
        """A picture of the document itself; one that is elsewhere is not fetched."""
        found = self._part.rels.get(relation)
        if found is None or found.is_external:
            return
        image = found.target_part
        source = f"data:{image.content_type};base64,{base64.b64encode(image.blob).decode('ascii')}"
        place.add("img", **({"alt": text} if text else {}), src=source)

    def _put_control(self, element: etree._Element, place: _Place) -> None:
        """A control of a form: what stands in it, or whether it is ticked."""
        box = element.find(f"{_w('sdtPr')}/{{{_WORD_2010}}}checkbox")
        if box is None:
            self.put_all(_children(element, "w:sdtContent"), place)
            return
        mark = box.find(f"{{{_WORD_2010}}}checked")
        ticked = mark is not None and mark.get(f"{{{_WORD_2010}}}val") not in ("false", "0")
        paragraph = element.find(f"{_w('sdtContent')}/{_w('p')}")
        if paragraph is not None:
            place = self._paragraph(paragraph.find(_w("pPr")), place)
        _put_checkbox(ticked, place)

    # Tables

    def _put_table(self, element: etree._Element, place: _Place) -> None:
        table = place.add("table")
        items = [item for item in _unwrapped(element) if not _is_deleted_row(item)]
        rows = [(item, list(_unwrapped(item))) for item in items]
        spans = _spans(rows)
        head = 0
        while head < len(items) and _is_header_row(items[head]):
            head += 1
        parts = [(table, "td", rows)]
        if head:
            parts = [(etree.SubElement(table, "thead"), "th", rows[:head])]
            if rows[head:]:
                parts.append((etree.SubElement(table, "tbody"), "td", rows[head:]))
        for part, tag, its_rows in parts:
            for item, cells in its_rows:
                if _name(item) != "w:tr":
                    self._put(item, _Place(part))
                    continue
                row = etree.SubElement(part, "tr")
                for cell in cells:
                    if _name(cell) != "w:tc":
                        self._put(cell, _Place(row))
                    elif spans.get(cell, 1):
                        attributes = {"colspan": _columns(cell), "rowspan": spans.get(cell, 1)}
                        given = {name: str(count) for name, count in attributes.items() if count != 1}
                        self.put_all(cell, _Place(etree.SubElement(row, tag, given)))


def _children(element: etree._Element, name: str, inside: bool = True) -> Iterator[etree._Element]:
    """The children of this name, or all that is inside them."""
    for child in element:
        if _name(child) == name:
            yield from child if inside else (child,)


def _unwrapped(element: etree._Element) -> Iterator[etree._Element]:
    """The rows of a table or the cells of a row, and marks between them."""
    for child in element:
        name = _name(child)
        if name in ("w:tr", "w:tc") or (
            name == "w:bookmarkStart" and child.get(_w("name")) not in (None, "_GoBack")
        ):
            yield child
        elif name in ("w:customXml", "w:ins", "w:moveTo", "w:smartTag"):
            yield from _unwrapped(child)
        elif name == "w:sdt":
            yield from (each for held in child.findall(_w("sdtContent")) for each in _unwrapped(held))
        elif name == "mc:AlternateContent":
            yield from (each for held in child if _name(held) == "mc:Fallback" for each in _unwrapped(held))


def _is_deleted_row(item: etree._Element) -> bool:
    return item.find(f"{_w('trPr')}/{_w('del')}") is not None


def _is_header_row(item: etree._Element) -> bool:
    return item.find(f"{_w('trPr')}/{_w('tblHeader')}") is not None


def _columns(cell: etree._Element) -> int:
    count = _value(cell, "tcPr", "gridSpan") or "1"
    return int(count) if count.isdecimal() and len(count) < 4 else 1


def _spans(rows: Sequence[tuple[etree._Element, list[etree._Element]]]) -> dict[etree._Element, int]:
    """How many rows each cell covers, 0 for a covered one; not worked out where marks stand between cells."""
    if any(_name(item) != "w:tr" or any(_name(cell) != "w:tc" for cell in cells) for item, cells in rows):
        return {}
    spans: dict[etree._Element, int] = {}
    above: dict[int, etree._Element] = {}
    for _, cells in rows:
        column = 0
        for cell in cells:
            merged = cell.find(f"{_w('tcPr')}/{_w('vMerge')}")
            if merged is not None and merged.get(_w("val"), "continue") == "continue" and column in above:
                spans[above[column]] += 1
                spans[cell] = 0
            else:
                above[column], spans[cell] = cell, 1
            column += _columns(cell)
    return spans


def _put_checkbox(ticked: bool, place: _Place) -> None:
    place.add("input", **({"checked": "checked"} if ticked else {}), type="checkbox")


def _harmless(target: str) -> str | None:
    """Where a link leads, unless it would run a script."""
    return None if _RUNS_SCRIPT.match(re.sub(r"[\x00-\x20]", "", target)) else target


_SYMBOLS = dict(
    enumerate(
        " !∀#∃%&∍()*+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}~",
        start=0x20,
    )
) | dict(
    enumerate(
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\uf8ff〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
        start=0xA0,
    )
)
"""Letters and signs of the font Symbol."""
_WINGDINGS = {0x6C: "⚫", 0xA7: "▪", 0xD8: "⮚", 0xDF: "🡨", 0xE0: "🡪", 0xE8: "🡺", 0xFB: "🗶", 0xFC: "✓"}
"""Of the font Wingdings the bullets, arrows, cross and tick."""


def _symbol(element: etree._Element) -> str:
    """A sign of a font that has its own numbers; "" for one that is not known."""
    known = {"Symbol": _SYMBOLS, "Wingdings": _WINGDINGS}.get(element.get(_w("font"), ""), {})
    number = element.get(_w("char"), "")
    if not re.fullmatch(r"[0-9A-Fa-f]{1,4}", number):
        return ""
    code = int(number, 16)
    return known.get(code) or known.get(code & 0xFF if code & 0xFF00 == 0xF000 else code, "")
