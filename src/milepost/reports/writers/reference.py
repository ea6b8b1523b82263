"""An office's own Word file, opened with care: its styles, its page, and what stands above and below a page.

The file comes from outside, so it is judged by what it holds, never by its name. What could run, fetch or
hide something is refused, and all such faults are told at once. Nothing else of the file is taken.
"""

import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, NamedTuple

from docx.oxml.ns import qn
from docx.oxml.parser import parse_xml
from lxml import etree  # pyright: ignore[reportAttributeAccessIssue]

from milepost.errors import MilepostError, refuse
from milepost.values import Origin, Problem

MOST_BYTES = 5_000_000
"""Of the file."""
MOST_UNPACKED = 40_000_000
"""Of all that it unpacks to."""
MOST_PARTS = 1_000
MOST_TAGS, MOST_TAGS_OF_A_LINE = 500_000, 20_000
"""In all parts together, and above or below a page: six bytes of a file can become a thousand in memory."""

DOCUMENT = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
"""What the main part of a plain Word document says it is; those with macros, and templates, say otherwise."""

_WHOLE = Origin("reference.docx")

FIELDS = frozenset(
    ("PAGE", "NUMPAGES", "SECTION", "SECTIONPAGES", "TITLE", "SUBJECT", "AUTHOR", "STYLEREF", "DATE")
)
"""Fields that may stand above and below a page: they count, or repeat what the document holds."""

_RUNS = re.compile("vba|macro|activex|oleobject|customui|attachedtoolbars|control|package.binary", re.I)
_PICTURES = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_PACKED = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_REFUSED = tuple(map(qn, ("w:object", "w:control", "w:altChunk", "w:subDoc")))
_LEFT_OUT = tuple(map(qn, ("w:numPr", "w:dataBinding")))
"""They refer to parts that are not taken."""
_SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    etree.LxmlError,
    EOFError,
    OSError,
    ValueError,
    TypeError,
    AttributeError,
    KeyError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Line:
    """What stands above ("header") or below ("footer") a page: "default", "first" or "even" pages.

    `pictures` are by the name that `root` refers to them with.
    """

    place: str
    pages: str
    root: Any
    pictures: dict[str, bytes]


@dataclass(frozen=True, slots=True)
class Reference:
    """What is taken of an office's Word file, as XML; `section` is the page of its last section."""

    styles: Any
    theme: bytes | None
    section: Any
    even: bool
    """Whether even pages have lines of their own."""
    lines: tuple[Line, ...]


def opened(content: bytes) -> Reference:
    """What a Word document gives for the look of others; MilepostError with all that speaks against it."""
    if len(content) > MOST_BYTES:
        raise refuse("reference-large", _WHOLE, limit=MOST_BYTES // 1_000_000)
    try:
        return _Package(content).reference()
    except _DAMAGED as error:
        raise refuse("reference-unreadable", _WHOLE) from error


class _Relation(NamedTuple):
    kind: str
    target: str
    outside: bool


class _Package:
    """The parts of one file."""

    def __init__(self, content: bytes):
        self.parts = _unpacked(content)
        self.trees: dict[str, Any] = {}
        self.problems: list[Problem] = []

    def reference(self) -> Reference:
        for name in self.parts:
            if name.lower().endswith((".xml", ".rels")):
                self.tree(name)
        main = self.main()
        self.judge_kind(main)
        self.judge_relations()
        if self.problems:
            raise MilepostError(self.problems)
        related = self.relations(main)
        section = self.tree(main).find(f"{qn('w:body')}/{qn('w:sectPr')}")
        lines = tuple(self.lines(section, related)) if section is not None else ()
        if self.problems:
            raise MilepostError(self.problems)
        theme, settings = self.of_kind(related, "theme"), self.of_kind(related, "settings")
        even = settings is not None and self.tree(settings).find(qn("w:evenAndOddHeaders")) is not None
        if theme is not None and self.relations(theme):
            theme = None  # its pictures would be missing
        return Reference(self.styles(related), self.parts[theme] if theme else None, section, even, lines)

    def tree(self, name: str) -> Any:
        """A part as XML without entities; a document type is refused."""
        if name not in self.trees:
            if name not in self.parts:
                raise refuse("reference-unreadable", Origin(name))
            parsed = etree.fromstring(self.parts[name], etree.XMLParser(**_SAFE))
            if parsed.getroottree().docinfo.doctype or parsed.getroottree().docinfo.internalDTD is not None:
                raise refuse("reference-doctype", Origin(name), part=name)
            self.trees[name] = parsed
        return self.trees[name]

    # What it is ---------------------------------------------------------------------------------------------

    def main(self) -> str:
        for relation in self.relations("").values():
            known = relation.kind == "officeDocument" and relation.target in self.parts
            if known and etree.QName(self.tree(relation.target)).localname == "document":
                return relation.target
        raise refuse("reference-unreadable", _WHOLE)

    def judge_kind(self, main: str) -> None:
        """Documents only: no macros, no template, nothing that runs, whatever the file is called."""
        kinds = {
            one.get("PartName", "").lstrip("/") or f"*.{one.get('Extension', '')}": one.get("ContentType", "")
            for one in self.tree("[Content_Types].xml")
        }
        if kinds.get(main, "") != DOCUMENT:
            macros = "macro" in kinds.get(main, "").lower()
            self.problems.append(
                Problem("reference-macros", Origin(main), {})
                if macros
                else Problem("reference-template", Origin(main), {})
            )
        running = sorted(
            {name for name, kind in kinds.items() if _RUNS.search(kind) and name != main}
            | {name for name in self.parts if _RUNS.search(name) or "/embeddings/" in name.lower()}
        )
        if running:
            self.problems.append(Problem("reference-runs", _WHOLE, {"what": ", ".join(running[:5])}))

    def judge_relations(self) -> None:
        """Nothing that leads out of the file: no templates, links, pictures or frames of elsewhere."""
        outside: dict[str, None] = {}
        for name in self.parts:
            if name.lower().endswith(".rels"):
                for one in self.tree(name).iter(_PACKED):
                    target = one.get("Target", "")
                    if one.get("TargetMode", "").lower() == "external" or _leads_out(target):
                        outside[f"{_kind(one)} {target}"[:120]] = None
        if outside:
            self.problems.append(Problem("reference-outside", _WHOLE, {"what": "; ".join([*outside][:5])}))

    def relations(self, name: str) -> dict[str, _Relation]:
        """{id: where it leads} of a part; of the whole file for ""."""
        folder, last = posixpath.split(name)
        rels = posixpath.join(folder, "_rels", f"{last}.rels")
        if rels not in self.parts:
            return {}
        return {
            one.get("Id", ""): _Relation(
                _kind(one),
                posixpath.normpath(posixpath.join("/", folder, one.get("Target", ""))).lstrip("/"),
                one.get("TargetMode", "").lower() == "external",
            )
            for one in self.tree(rels).iter(_PACKED)
        }

    def of_kind(self, related: dict[str, _Relation], kind: str) -> str | None:
        return next(
            (one.target for one in related.values() if one.kind == kind and one.target in self.parts), None
        )

    def styles(self, related: dict[str, _Relation]) -> Any:
        name = self.of_kind(related, "styles")
        if name is None or etree.QName(self.tree(name)).localname != "styles":
            raise refuse("reference-unreadable", Origin(name or ""))
        return self.tree(name)

    # Above and below a page ---------------------------------------------------------------------------------

    def lines(self, section: Any, related: dict[str, _Relation]) -> Iterator[Line]:
        for place in ("header", "footer"):
            for one in section.findall(qn(f"w:{place}Reference")):
                found = related.get(one.get(f"{_RELATED}id", ""))
                if found is not None and found.target in self.parts:
                    line = self.line(place, one.get(qn("w:type"), "default"), found.target)
                    if line is not None:
                        yield line

    def line(self, place: str, pages: str, name: str) -> Line | None:
        """One line; None where it holds neither words nor pictures."""
        if _tags(self.parts, name) > MOST_TAGS_OF_A_LINE:
            raise refuse("reference-crowded", Origin(name), limit=MOST_TAGS_OF_A_LINE)
        root = parse_xml(etree.tostring(self.tree(name)))
        for left_out in [element for tag in _LEFT_OUT for element in root.iter(tag)]:
            left_out.getparent().remove(left_out)
        strange = [field for field in _fields(root) if field not in FIELDS]
        strange += [etree.QName(element).localname for tag in _REFUSED for element in root.iter(tag)]
        strange += [
            etree.QName(attribute).localname
            for element in root.iter(etree.Element)
            for attribute, value in element.attrib.items()
            if etree.QName(attribute).localname in ("href", "src") and value
        ]
        if strange:
            details = {"what": ", ".join(dict.fromkeys(strange))}
            self.problems.append(Problem("reference-field", Origin(name), details))
        pictures = self.pictures(root, name)
        says = "".join(root.itertext()).strip() or pictures
        return Line(place, pages, root, pictures) if says else None

    def pictures(self, root: Any, name: str) -> dict[str, bytes]:
        """{name in the line: PNG or JPEG}; every other thing that the line refers to is a fault."""
        related, found = self.relations(name), {}
        names = [
            value
            for element in root.iter(etree.Element)
            for attribute, value in element.attrib.items()
            if attribute.startswith(_RELATED) and value
        ]
        for value in dict.fromkeys(names):
            relation = related.get(value, _Relation("", "", outside=False))
            content = self.parts.get(relation.target, b"")
            if relation.kind == "image" and content.startswith(_PICTURES):
                found[value] = content
            else:
                what = relation.target or value
                self.problems.append(Problem("reference-picture", Origin(name), {"what": what}))
        return found


def _kind(relation: Any) -> str:
    return relation.get("Type", "").rpartition("/")[2]


def _leads_out(target: str) -> bool:
    return ":" in target or "\\" in target or target.startswith("//")


def _unpacked(content: bytes) -> dict[str, bytes]:
    """{name: bytes} of every part; refuses what is locked, named twice, or unpacks to far too much."""
    with zipfile.ZipFile(BytesIO(content)) as package:
        members = [member for member in package.infolist() if not member.is_dir()]
        size = sum(member.file_size for member in members)
        if len(members) > MOST_PARTS or size > MOST_UNPACKED:
            raise refuse("reference-large", _WHOLE, limit=MOST_UNPACKED // 1_000_000)
        if any(member.flag_bits & 1 for member in members):
            raise refuse("reference-locked", _WHOLE)
        if len({member.filename.lower() for member in members}) != len(members):
            raise refuse("reference-unreadable", _WHOLE)
        parts, left, tags = {}, MOST_UNPACKED, 0
        for member in members:
            with package.open(member) as held:
                parts[member.filename] = held.read(left + 1)
            left -= len(parts[member.filename])
            if left < 0:
                raise refuse("reference-large", _WHOLE, limit=MOST_UNPACKED // 1_000_000)
            tags += _tags(parts, member.filename)
            if tags > MOST_TAGS:
                raise refuse("reference-crowded", Origin(member.filename), limit=MOST_TAGS)
        return parts


def _tags(parts: dict[str, bytes], name: str) -> int:
    """How many tags a part has at most."""
    return parts[name].count(b"<") if name.lower().endswith((".xml", ".rels")) else 0


def _fields(root: Any) -> list[str]:
    """The first word of every field, also of one whose words are scattered over several runs."""
    found = [one.get(qn("w:instr"), "") for one in root.iter(qn("w:fldSimple"))]
    open_fields: list[str] = []
    for element in root.iter(qn("w:fldChar"), qn("w:instrText"), qn("w:delInstrText")):
        if element.tag != qn("w:fldChar"):
            if open_fields:
                open_fields[-1] += element.text or ""
            else:
                found.append(element.text or "")
        elif element.get(qn("w:fldCharType")) == "begin":
            open_fields.append("")
        elif element.get(qn("w:fldCharType")) == "end" and open_fields:
            found.append(open_fields.pop())
    return [(words.split() or ["?"])[0].upper() for words in (*found, *open_fields)]
